"""ScreenRun: the computation of a screen: run, pause, stop, resume, retry.

Small screens send their rows as they are computed. Large ones are stored in a folder of their own,
which is read from time to time. Either way the rows are shown in the `ScreenTable`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from gui.model.runner import Runner, Task
from gui.panels.screen.table import ScreenTable
from regnet.analysis.screen import ScreenRow
from regnet.errors import FormatError
from regnet.screens import Rows, open_screen
from regnet.screens.setup import Setup, duration, into_folder, retry, rows, workers_for

_FLUSH, _LONGEST_FLUSH = 150, 1000  # milliseconds between updates of the table
RESTING = ("paused", "stopped", "broken")
"""States in which an incomplete screen can be resumed."""


class ScreenRun(QObject):
    """Computes the rows of a screen into a table."""

    changed = Signal()
    """The state has changed."""

    grew = Signal(bool)
    """Rows were added; whether they are the first."""

    moved = Signal()
    """The progress may have changed."""

    ended = Signal()
    """The run has ended, complete or stopped: its rows are now a result."""

    replaced = Signal(object)
    """Rows were computed again: all rows, with the new ones in their places."""

    def __init__(self, runner: Runner, table: ScreenTable) -> None:
        super().__init__()
        self._runner, self._table = runner, table
        self.state = "idle"
        """``idle``, ``running``, ``paused``, ``stopped``, ``broken`` or ``done``."""
        self.setup: Setup | None = None
        self.seconds = 0.0
        self.task: Task | None = None
        self._wish = "stopped"  # meaning of the end of the task: paused or stopped
        self._trouble = ""
        self._pending: list[ScreenRow] = []
        self._retried: dict[int, ScreenRow] = {}
        self._started = 0.0
        self._first = 0
        self._flushing = QTimer(self)
        self._flushing.setSingleShot(True)
        self._flushing.setInterval(_FLUSH)
        self._flushing.timeout.connect(self._flush)

    # --- state ---

    @property
    def is_running(self) -> bool:
        """Whether rows are being computed."""
        return self.state == "running"

    def take(self, setup: Setup | None, state: str = "idle", seconds: float = 0.0) -> None:
        """Switch to another screen, whose rows are in the table and which is not running."""
        if self.task is not None and not self.task.is_over:
            self.task.blockSignals(True)
            self.task.stop(at_once=True)
        self.task = None
        self._pending.clear()
        self.setup, self.state, self.seconds = setup, state, seconds

    def failed(self) -> list[tuple[int, ScreenRow]]:
        """Return the rows that are not exact, with their numbers."""
        if isinstance(self._table.rows, Rows):
            return []  # each had the full time limit of one run
        return [(n, row) for n, row in enumerate(self._table.rows) if row.status != "exact"]

    def told(self) -> tuple[float, str]:
        """Return the progress, as a fraction and in words."""
        setup = self.setup
        if setup is None or not setup.targets or not setup.runs:
            return 1.0, ""
        done = len(self._table.rows)
        text = f"{done:,} of {setup.runs:,}"
        if self.is_running and done > self._first:
            each = (time.monotonic() - self._started) / (done - self._first)
            text += f", {duration(each * (setup.runs - done))} left"
        elif self.state in ("paused", "stopped"):
            text += f", {self.state}"
        elif self.state == "broken":
            text = f"{self._trouble}; the rows computed so far are kept"
        return done / setup.runs, text

    # --- control ---

    def go(self, estimated: float | None) -> None:
        """Compute the missing rows, in about `seconds`."""
        setup = self.setup
        assert setup is not None
        self._first = len(self._table.rows)
        self._started = time.monotonic()
        self._wish = "stopped"
        title = f"Screen of {setup.width - 1:,} perturbations in {_contexts(setup)}"
        if setup.is_large:
            task = self._runner.submit(title, into_folder, setup, keeps=True)
            task.progress.connect(self._look)
            task.finished.connect(self._finish_large)
        else:
            task = self._runner.submit(title, rows, setup, self._first, workers_for(estimated))
            task.partial.connect(self._receive)
            task.finished.connect(self._finish)
        task.cancelled.connect(self._cancelled)
        task.failed.connect(self._break)
        self.task = task
        self._put("running")

    def pause(self) -> None:
        """Pause; `go` resumes."""
        self._halt("paused")

    def stop(self) -> None:
        """End with partial results."""
        if self.is_running:
            self._halt("stopped")
        elif self.state in ("paused", "broken"):
            self._end("stopped")

    def _halt(self, wish: str) -> None:
        self._wish = wish
        assert self.task is not None
        self.task.stop()

    def retry_failed(self, timeout: float | None) -> None:
        """Compute the rows that are not exact once more, with a time limit for each."""
        if self.setup is None or self.is_running:
            return
        failed = self.failed()
        self._retried = {}
        title = f"Retry of {len(failed):,} row{'' if len(failed) == 1 else 's'}"
        task = self._runner.submit(title, retry, replace(self.setup, timeout=timeout), failed)
        task.partial.connect(self._receive_retried)
        task.ended.connect(partial(self._end_retry, task, self._table.rows))

    def _receive_retried(self, new: tuple[tuple[int, ScreenRow], ...]) -> None:
        self._retried.update(new)

    def _end_retry(self, task: Task, before: Sequence[ScreenRow]) -> None:
        """Replace the failed rows by the new ones, as another result."""
        setup = self.setup
        if isinstance(before, Rows):
            return
        if not self._retried or setup is None or self._table.rows is not before:
            return
        new = [self._retried.get(number, row) for number, row in enumerate(before)]
        self.replaced.emit(new)
        self.seconds += task.seconds
        was = self.state
        self._end("done" if len(new) == setup.runs else "stopped")
        if was in ("paused", "broken"):
            self._put(was)

    # --- new rows ---

    def _receive(self, new: tuple[ScreenRow, ...]) -> None:
        self._pending.extend(new)
        self._look()

    def _look(self, *_: object) -> None:
        """Schedule an update of the table."""
        if not self._flushing.isActive():
            self._flushing.start()

    def _flush(self) -> None:
        started = time.perf_counter()
        self._read_folder()
        if self._pending:
            new, self._pending = self._pending, []
            is_first = not self._table.rows
            self._table.add(new)
            self.grew.emit(is_first)
        self.moved.emit()
        took = round(1000 * (time.perf_counter() - started))
        # The window stays free; the first time takes long by itself, because NumPy is imported.
        self._flushing.setInterval(min(max(_FLUSH, 8 * took), _LONGEST_FLUSH))

    def _read_folder(self) -> None:
        """Show the rows of a large screen that are on disk."""
        setup = self.setup
        if setup is None or not setup.is_large:
            return
        known = self._table.rows
        try:
            folder = known.folder if isinstance(known, Rows) else open_screen(setup.folder)
            folder.look()
            new = Rows(folder)
            if len(new) == len(known):
                return
            is_first = not known
            self._table.follow(new)
        except (FormatError, OSError):
            return  # it is being created; or it is gone, which the worker reports
        self.grew.emit(is_first)

    # --- end ---

    def _finish(self) -> None:
        self._end("done")

    def _finish_large(self) -> None:
        self._read_folder()
        if self.setup is not None and len(self._table.rows) == self.setup.runs:
            self._finish()
        else:
            self._cancelled()

    def _cancelled(self) -> None:
        if self._wish == "paused":
            self._rest("paused")
        else:
            self._end("stopped")

    def _break(self, sentence: str, _details: str) -> None:
        self._trouble = sentence
        self._rest("broken")

    def _rest(self, state: str) -> None:
        self._flush()
        self.seconds += time.monotonic() - self._started
        self._put(state)

    def _end(self, state: str) -> None:
        if self.is_running:
            self._rest(state)
        self.state = state
        self.ended.emit()
        self.changed.emit()

    def _put(self, state: str) -> None:
        self.state = state
        self.changed.emit()


def _contexts(setup: Setup) -> str:
    count = len(setup.contexts)
    return f"{count:,} context{'' if count == 1 else 's'}"
