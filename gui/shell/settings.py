"""Memory: what the app remembers from one session to the next.

`Settings` are choices of the person: recent files, theme, where the panels are. `Recovery` keeps a
copy of unsaved work, so that a crash loses nothing.
"""

from __future__ import annotations

import json
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QLockFile, QObject, QSettings, QStandardPaths, QTimer

from gui.model.document import Document
from regnet import formats
from regnet.errors import RegnetError
from regnet.project import Project

RECENT = 10
AUTOSAVE_AFTER = 1500  # milliseconds of peace


class Settings:
    """Choices of the person, kept in the place where the desktop keeps such things."""

    def __init__(self) -> None:
        self._store = QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "regnet", "regnet"
        )

    def get(self, key: str, default: str = "") -> str:
        """Return a text that was put."""
        return str(self._store.value(key, default))

    def put(self, key: str, value: str) -> None:
        """Remember a text."""
        self._store.setValue(key, value)

    def get_bytes(self, key: str) -> QByteArray:
        """Return bytes that were put; empty if there are none."""
        value: Any = self._store.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def put_bytes(self, key: str, value: QByteArray) -> None:
        """Remember bytes."""
        self._store.setValue(key, value)

    def forget(self, key: str) -> None:
        """Forget one thing."""
        self._store.remove(key)

    def recent(self) -> list[Path]:
        """Return the files that were open lately and still exist, the latest first."""
        return [path for path in self._recent() if path.is_file()]

    def _recent(self) -> list[Path]:
        try:
            return [Path(text) for text in json.loads(self.get("recent", "[]"))]
        except (ValueError, TypeError):
            return []

    def add_recent(self, path: Path) -> None:
        """Remember that a file was open just now."""
        first = path.resolve()
        paths = [first, *(p for p in self._recent() if p != first)][:RECENT]
        self.put("recent", json.dumps([str(p) for p in paths]))


@dataclass(frozen=True, slots=True)
class Lost:
    """Unsaved work of a session that did not end well."""

    project: Project
    path: Path | None
    folder: Path


class Recovery(QObject):
    """Keeps a copy of a document's unsaved changes, and finds those of sessions that crashed."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document
        self._home = _recovery_home()
        self._folder = self._home / uuid.uuid4().hex
        self._lock: QLockFile | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AUTOSAVE_AFTER)
        self._timer.timeout.connect(self.keep)
        document.changed.connect(self._on_change)
        document.file_changed.connect(self._on_file)

    def _on_change(self) -> None:
        self._timer.start()

    def _on_file(self) -> None:
        if not self._document.is_dirty:
            self._timer.stop()
            self.discard()

    def keep(self) -> None:
        """Write the copy now, if there is anything to lose."""
        if not self._document.is_dirty:
            return
        try:
            if self._lock is None:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._lock = QLockFile(str(self._folder / "lock"))
                self._lock.setStaleLockTime(0)
                self._lock.tryLock(0)
            formats.save(self._document.project, self._folder / "model.toml")
            path = self._document.path
            about = json.dumps({"path": str(path.resolve()) if path else ""})
            formats.write_file(self._folder / "about.json", about)
        except (OSError, RegnetError) as error:
            self._document.say(f"unsaved work could not be kept safe: {error}", "warning")

    def discard(self) -> None:
        """Delete the copy: there is nothing to lose any more."""
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None
            shutil.rmtree(self._folder, ignore_errors=True)

    def find(self) -> Lost | None:
        """Return the unsaved work of a session that crashed, if there is any."""
        if not self._home.is_dir():
            return None
        for folder in sorted(self._home.iterdir()):
            if folder == self._folder or not (folder / "model.toml").is_file():
                continue
            lock = QLockFile(str(folder / "lock"))
            lock.setStaleLockTime(0)
            if not lock.tryLock(0):  # its session is still running
                continue
            try:
                about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
                path = Path(about["path"]) if about["path"] else None
                return Lost(formats.load(folder / "model.toml"), path, folder)
            except (OSError, ValueError, KeyError, TypeError, RegnetError):
                continue
            finally:
                lock.unlock()
        return None

    def forget(self, lost: Lost) -> None:
        """Delete what a crashed session left."""
        shutil.rmtree(lost.folder, ignore_errors=True)


def _recovery_home() -> Path:
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    return Path(place) / "regnet" / "recovery"
