"""Runner: work in separate processes, reported to the window by Qt signals.

Nothing slow runs in the process of the window. A `Task` is one function call in a
`regnet.jobs.Job`; a waiting thread reads its events and passes them to the window, where they
become signals. Solvers are imported in the worker processes only.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from regnet.errors import RegnetError
from regnet.jobs import Cancelled, Done, Event, Failed, Job, Partial, Progress

AT_ONCE = 2
"""Number of tasks that run at a time; the others are queued."""


class Task(QObject):
    """One function call in a separate process, created by `Runner.submit`."""

    progress = Signal(object, str)
    """The fraction done (None if unknown) and a short text."""

    partial = Signal(object)
    """A tuple of the values that a generator function has yielded since the last signal."""

    finished = Signal(object)
    """The return value of the function."""

    failed = Signal(str, str)
    """One sentence, and further details (empty for an error of the user)."""

    cancelled = Signal()

    ended = Signal()
    """Emitted after `finished`, `failed` or `cancelled`."""

    _woken = Signal()

    def __init__(
        self,
        title: str,
        call: Callable[[], Job],
        *,
        quiet: bool,
        keeps: bool,
        parent: QObject | None,
    ) -> None:
        super().__init__(parent)
        self.title = title
        self.quiet = quiet
        self._keeps = keeps
        self.state = "waiting"
        self.fraction: float | None = None
        self.words = ""
        self.started_at = 0.0
        self.seconds = 0.0
        self._call = call
        self._job: Job | None = None
        self._unwanted = False
        self._lock = threading.Lock()
        self._events: deque[Event] = deque()
        self._thread: threading.Thread | None = None
        self._woken.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def is_over(self) -> bool:
        """Whether it has finished, failed or been stopped."""
        return self.state not in ("waiting", "running")

    @property
    def is_waiting(self) -> bool:
        """Whether it is queued."""
        return self.state == "waiting" and not self._unwanted

    def stop(self, *, at_once: bool = False) -> None:
        """Stop the task; the values yielded so far are still delivered.

        A task that keeps partial results is asked to finish with those; the second time, or with
        `at_once`, it is stopped like any other.
        """
        if self.is_over:
            return
        with self._lock:
            job = self._job
            asks, self._keeps = self._keeps and job is not None and not at_once, False
            self._unwanted = not asks
        if asks and job is not None:
            self.words = "finishing with partial results"
            self.progress.emit(self.fraction, self.words)
            job.interrupt()
            return
        if job is not None:
            job.cancel()
        elif self.state == "waiting":
            self._receive(Cancelled())

    def _start(self) -> None:
        self.state = "running"
        self.started_at = time.monotonic()
        self._thread = threading.Thread(target=self._read, name=self.title, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        """Read the events of the job; runs in the thread of the task."""
        try:
            job = self._call()
        except Exception as error:  # noqa: BLE001 - whatever pickle or the system raises
            self._receive(Failed(error))
            return
        with self._lock:
            self._job = job
            unwanted = self._unwanted
        if unwanted:
            job.cancel()
        for event in job:
            self._receive(event)

    def _receive(self, event: Event) -> None:
        self._events.append(event)
        if len(self._events) == 1 or not isinstance(event, Partial):
            try:
                self._woken.emit()
            except RuntimeError:  # the window is gone
                return

    def _deliver(self) -> None:
        """Turn received events into signals; runs in the thread of the window."""
        values: list[Any] = []
        while self._events and not self.is_over:
            event = self._events[0]
            if isinstance(event, Partial):
                values.append(event.value)
                self._events.popleft()
                continue
            if values:
                self.partial.emit(tuple(values))
                values = []
            self._events.popleft()
            self._tell(event)
        if values:
            self.partial.emit(tuple(values))

    def _tell(self, event: Event) -> None:
        match event:
            case Progress(fraction, words):
                self.fraction, self.words = fraction, words
                self.progress.emit(fraction, words)
            case Done(value) if not self._unwanted:
                self._end("done")
                self.finished.emit(value)
                self.ended.emit()
            case Failed(error) if not self._unwanted:
                self._end("failed")
                sentence, details = _explained(error)
                self.words = sentence
                self.failed.emit(sentence, details)
                self.ended.emit()
            case _:
                self._end("stopped")
                self.cancelled.emit()
                self.ended.emit()

    def _end(self, state: str) -> None:
        if self.started_at:
            self.seconds = time.monotonic() - self.started_at
        self.state = state
        with self._lock:  # lists keep tasks for a long time: release the arguments
            self._job = None
            self._call = _nothing_to_call


class Runner(QObject):
    """Runs tasks, a few at a time, and signals when one starts and ends."""

    submitted = Signal(object)
    ended = Signal(object)
    changed = Signal()
    """A task started, progressed or ended."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tasks: list[Task] = []  # those that run or wait

    def submit(
        self,
        title: str,
        function: Callable[..., Any],
        /,
        *args: Any,
        quiet: bool = False,
        keeps: bool = False,
        **kwargs: Any,
    ) -> Task:
        """Run a function in a separate process, as soon as one is free.

        Connect to the signals of the returned task; none is emitted before the event loop runs.

        Parameters
        ----------
        title
            What lists call it.
        function, *args, **kwargs
            As for `regnet.jobs.Job`: importable by name, everything picklable.
        quiet
            For work of the window itself, such as drawing: not listed, and not ended by Stop.
        keeps
            Whether the function returns partial results when interrupted, so that Stop loses
            nothing.
        """

        def call() -> Job:
            return Job(function, *args, **kwargs)

        task = Task(title, call, quiet=quiet, keeps=keeps, parent=self)
        task.progress.connect(self._progress)
        task.ended.connect(lambda: self._end(task))
        self.tasks.append(task)
        self.submitted.emit(task)
        self._pump()
        return task

    @property
    def active(self) -> tuple[Task, ...]:
        """The running and queued tasks, without those of the window itself."""
        return tuple(t for t in self.tasks if not t.is_over and not t.quiet)

    def stop_all(self) -> None:
        """Stop every task that the user started."""
        for task in self.active:
            task.stop()

    def close(self) -> None:
        """Stop all tasks and wait until their processes have ended."""
        for task in self.tasks:
            task.stop(at_once=True)
        for task in self.tasks:
            if task._thread is not None:
                task._thread.join(5)

    def _progress(self) -> None:
        self.changed.emit()

    def _pump(self) -> None:
        running = sum(t.state == "running" and not t.quiet for t in self.tasks)
        for task in self.tasks:
            if task.is_waiting and (task.quiet or running < AT_ONCE):
                running += not task.quiet
                task._start()
        self.changed.emit()

    def _end(self, task: Task) -> None:
        self.tasks.remove(task)
        self.ended.emit(task)
        self._pump()


def _nothing_to_call() -> Job:
    raise AssertionError("the task is over")


def _explained(error: BaseException) -> tuple[str, str]:
    """Return one sentence about an error, and its details unless it is an error of the user."""
    import traceback

    if isinstance(error, RegnetError):
        return str(error), ""
    if isinstance(error, TimeoutError):
        return str(error) or "the time ran out", ""
    return (
        f"internal error: {type(error).__name__}: {error}",
        "".join(traceback.format_exception(error)),
    )
