"""Settings and unsaved work that persist between sessions.

`Settings` are choices of the user: recent files, theme, layout of the panels. `Recovery` keeps a
copy of unsaved work, so that a crash loses nothing.
"""

from __future__ import annotations

import json
import shutil
import uuid
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QLockFile, QObject, QSettings, QStandardPaths, QTimer

from gui.model.document import Document
from regnet import formats
from regnet.errors import RegnetError
from regnet.project import Project

RECENT = 10
AUTOSAVE_AFTER = 1500  # milliseconds without a change


class Settings:
    """Choices of the user, stored by QSettings."""

    def __init__(self) -> None:
        self._store = QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "regnet", "regnet"
        )

    def get(self, key: str, default: str = "") -> str:
        """Return a stored text."""
        return str(self._store.value(key, default))

    def put(self, key: str, value: str) -> None:
        """Store a text."""
        self._store.setValue(key, value)

    def get_bytes(self, key: str) -> QByteArray:
        """Return stored bytes; empty if there are none."""
        value: Any = self._store.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def put_bytes(self, key: str, value: QByteArray) -> None:
        """Store bytes."""
        self._store.setValue(key, value)

    def forget(self, key: str) -> None:
        """Remove a stored value."""
        self._store.remove(key)

    def recent(self) -> list[Path]:
        """Return the recent files that still exist, the latest first."""
        return [path for path in self._recent() if path.is_file()]

    def _recent(self) -> list[Path]:
        try:
            return [Path(text) for text in json.loads(self.get("recent", "[]"))]
        except (ValueError, TypeError):
            return []

    def add_recent(self, path: Path) -> None:
        """Add a file to the recent files."""
        first = path.resolve()
        paths = [first, *(p for p in self._recent() if p != first)][:RECENT]
        self.put("recent", json.dumps([str(p) for p in paths]))


@dataclass(frozen=True, slots=True)
class Lost:
    """Unsaved work of a crashed session."""

    project: Project
    path: Path | None
    folder: Path
    stamp: str = ""
    """What its file held when it was last read or written."""


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
        """Write the copy now, if there are unsaved changes."""
        if not self._document.is_dirty:
            return
        try:
            if self._lock is None:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._lock = QLockFile(str(self._folder / "lock"))
                self._lock.setStaleLockTime(0)
                self._lock.tryLock(0)
            text, _ = formats.dumps(self._document.project, "toml")  # anew: editing takes longer
            formats.write_file(self._folder / "model.toml", text)
            path = self._document.path
            about = json.dumps(
                {
                    "path": str(path.resolve()) if path else "",
                    "name": self._document.network.name,
                    "stamp": self._document.stamp,
                }
            )
            formats.write_file(self._folder / "about.json", about)
        except (OSError, RegnetError) as error:
            self._document.say(f"unsaved changes could not be backed up: {error}", "warning")

    def discard(self) -> None:
        """Delete the copy, as there are no unsaved changes."""
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
                project = formats.load(folder / "model.toml")
                network = replace(project.network, name=about.get("name", project.network.name))
                project = replace(project, network=network)
                return Lost(project, path, folder, about.get("stamp", ""))
            except (OSError, ValueError, KeyError, TypeError, RegnetError):
                continue
            finally:
                lock.unlock()
        return None

    def forget(self, lost: Lost) -> None:
        """Delete the copy of a crashed session."""
        shutil.rmtree(lost.folder, ignore_errors=True)


def _recovery_home() -> Path:
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    return Path(place) / "regnet" / "recovery"
