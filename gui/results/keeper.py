"""Keeper: stores results, and restores them when their model is opened again.

Results are stored in the data folder of the user, one folder per model file, and never in the model
file itself. Each holds the digest of its network, so that one older than the model is marked as
stale when it is restored.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDateTime, QObject, QStandardPaths, QTimer, Signal

from gui.model.document import Document, Result
from gui.model.runner import Runner, Task
from regnet.analysis.screen import Screen, ScreenRow
from regnet.errors import RegnetError
from regnet.formats import write_file
from regnet.saved import UNFINISHED, Kept, append_rows, begin_rows, drop_kept, read_kept, writing
from regnet.screens import Rows
from regnet.screens.setup import Setup

MAX_KEPT = 50
"""Maximum number of results kept of one model; the oldest are dropped first."""

_SLICE = 0.01
"""Seconds of writing per turn of the event loop; a small result is written in one go."""

_FORGOTTEN = 24 * 3600.0
"""Seconds after which an unfinished file counts as abandoned."""


class Keeper(QObject):
    """Writes each new result of a document, and restores those of earlier sessions."""

    restored = Signal(object)
    """Results of an earlier session were restored: a tuple of them."""

    def __init__(self, document: Document, runner: Runner) -> None:
        super().__init__(document)
        self._document, self._runner = document, runner
        self._path: Path | None = None
        self._stems: dict[int, str] = {}  # number of a result -> its files
        self._draft: tuple[Setup, str, int] | None = None  # with the files and rows written for it
        self._task: Task | None = None
        self._last = ""
        self._has_failed = False
        self._writing: dict[Path, Generator[None, None, None]] = {}  # by folder and stem
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._go_on)
        document.reset.connect(self._forget)
        document.file_changed.connect(self._on_file)
        document.results_changed.connect(self._on_results)
        document.drafted.connect(self._on_draft)

    @property
    def folder(self) -> Path | None:
        """The folder of the results of the open file; None if it was never saved."""
        return None if self._path is None else folder_of(self._path)

    def _forget(self) -> None:
        if self._task is not None:
            self._task.stop()
            self._task = None
        self._stems.clear()
        self._draft = None
        self._path = None

    # --- restoring ---

    def _on_file(self) -> None:
        """Follow the document to another file: read its results, or copy those of the session."""
        path = self._document.path
        if path is None or path == self._path:
            return
        self._path = path
        if self._document.results:
            self._stems.clear()
            self._on_results()
            return
        folder = folder_of(path)
        if not folder.is_dir():
            return
        self.finish()
        task = self._runner.submit(
            "Earlier results", read_kept, str(folder), self._document.network, quiet=True
        )
        task.finished.connect(partial(self._restore, task))
        self._task = task

    def _restore(self, task: Task, found: tuple[tuple[Kept, ...], int]) -> None:
        if self._task is not task:
            return
        self._task = None
        kept, unread = found
        results = [(k.title, k.value, k.asked) for k in kept]
        blocked = self._document.blockSignals(True)
        listed = self._document.restore_results(results)
        self._document.blockSignals(blocked)
        self._stems.update({r.number: k.stem for r, k in zip(listed, kept, strict=True)})
        self._document.results_changed.emit()
        if listed:
            self.restored.emit(listed)
        if unread:
            self._document.say(
                f"{unread} earlier result{'s' * (unread > 1)} could not be read: "
                "another version of regnet wrote them",
                "info",
            )

    # --- writing ---

    def _on_results(self) -> None:
        folder = self.folder
        if folder is None or self._task is not None:
            return
        there = {result.number: result for result in self._document.results}
        for number in [n for n in self._stems if n not in there]:
            self._drop(folder, self._stems.pop(number))
        for number, result in there.items():
            if number not in self._stems:
                self._keep(folder, result)

    def _keep(self, folder: Path, result: Result) -> None:
        stem = self._new_stem()
        if self._draft is not None and self._draft[0] is result.asked:
            _, stem, written = self._draft
            self._draft = None
            if not isinstance(result.value.rows, Rows):
                self._guarded(append_rows, folder, stem, result.value.rows[written:])
        self._stems[result.number] = stem
        steps = self._steps(folder, self._path, stem, result)
        self._writing[folder / stem] = steps
        self._go_on()

    def _steps(
        self, folder: Path, path: Path | None, stem: str, result: Result
    ) -> Generator[None, None, None]:
        """Write a result, in steps as it may be large, and tidy the folder."""
        with self._guard():
            yield from writing(folder, stem, result.title, result.value, result.asked)
            _write_about(folder, path)
            _drop_old(folder)

    def _go_on(self) -> None:
        """Write for a short time; the rest waits for the next turn of the event loop."""
        until = time.thread_time() + _SLICE
        while self._writing:
            place, steps = next(iter(self._writing.items()))
            for _ in steps:
                if time.thread_time() > until:
                    self._turn.start()
                    return
            self._writing.pop(place, None)
        self._turn.stop()

    @property
    def is_writing(self) -> bool:
        """Whether a result is still being written."""
        return bool(self._writing)

    def finish(self) -> None:
        """Write all pending results, before the window closes."""
        while self._writing:
            self._go_on()

    def _drop(self, folder: Path, stem: str) -> None:
        steps = self._writing.pop(folder / stem, None)
        if steps is not None:
            steps.close()
        drop_kept(folder, stem)

    def _on_draft(self, setup: Setup, rows: list[ScreenRow] | Rows) -> None:
        """Write the rows of a screen that are new since the last time."""
        folder = self.folder
        if folder is None or not setup.targets:
            return
        if isinstance(rows, Rows):  # they are already on disk and only need a reference
            if self._draft is None or self._draft[0] is not setup:
                self._draft = setup, self._new_stem(), 0
                title = "Screen, unfinished"
                self._guarded(begin_rows, folder, self._draft[1], title, setup)
                self._guarded(_write_about, folder, self._path)
            return
        if self._draft is None or self._draft[0] is not setup:
            self._draft = setup, self._new_stem(), 0
            if not self._guarded(begin_rows, folder, self._draft[1], "Screen, unfinished", setup):
                return
            self._guarded(_write_about, folder, self._path)
        _, stem, written = self._draft
        if self._guarded(append_rows, folder, stem, rows[written:]):
            self._draft = setup, stem, len(rows)

    def _new_stem(self) -> str:
        """Return a file stem that sorts after all earlier ones."""
        now = QDateTime.currentDateTimeUtc().toString("yyyyMMdd-HHmmss-zzz")
        number = 0
        while f"{now}-{number:03}" <= self._last:
            number += 1
        self._last = f"{now}-{number:03}"
        return self._last

    def _guarded(self, write: Any, *arguments: Any) -> bool:
        """Run a write step, and return whether it succeeded."""
        with self._guard():
            write(*arguments)
            return True
        return False

    @contextmanager
    def _guard(self) -> Iterator[None]:
        """Report once that results cannot be stored; skip kinds that are never stored."""
        try:
            yield
        except TypeError:
            return
        except (OSError, RegnetError) as error:
            if not self._has_failed:
                self._document.say(f"results could not be stored: {error}", "warning")
            self._has_failed = True


def unfinished(results: tuple[Result, ...]) -> Result | None:
    """Return the newest screen that can be resumed, or None."""
    for result in reversed(results):
        value = result.value
        if isinstance(value, Screen):
            setup = result.asked
            can_go_on = isinstance(setup, Setup) and len(value.rows) < setup.runs
            return result if can_go_on else None
    return None


def folder_of(path: Path) -> Path:
    """Return the folder of the results of a model file."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    key = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]
    return Path(place) / "regnet" / "results" / key


def screens_folder() -> Path:
    """Return the folder of large screens, each of which has a folder of its own."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    return Path(place) / "regnet" / "screens"


def _drop_old(folder: Path) -> None:
    """Delete the oldest results above the limit, and files left by a killed window."""
    for path in folder.glob(f"*{UNFINISHED}"):
        with suppress(OSError):  # another window may have finished it just now
            if time.time() - path.stat().st_mtime > _FORGOTTEN:
                path.unlink()
    stems = sorted(path.stem for path in folder.glob("2*.json"))
    for stem in stems[:-MAX_KEPT]:
        drop_kept(folder, stem)


def _write_about(folder: Path, path: Path | None) -> None:
    about = folder / "about.json"
    if not about.is_file() and path is not None:
        write_file(about, json.dumps({"path": str(path.resolve())}))
