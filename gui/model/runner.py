"""Runner: work in processes of its own, told to the window by Qt signals.

Nothing slow ever runs in the window. A `Task` is one function call in a `regnet.jobs.Job`; a thread
that does nothing but wait reads its events and wakes the window up, where they become signals.
Solvers are imported in the worker processes only.
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
"""How many tasks run at a time; the others wait their turn."""


class Task(QObject):
    """One function call in a process of its own. Made by `Runner.submit`."""

    progress = Signal(object, str)
    """The fraction done (None where it is not known) and a few words."""

    partial = Signal(object)
    """A tuple of values that a generator function has yielded since the last time."""

    finished = Signal(object)
    """What the function returned."""

    failed = Signal(str, str)
    """One sentence, and the details for those who want them (empty for an error of the user)."""

    cancelled = Signal()

    ended = Signal()
    """After `finished`, `failed` or `cancelled`."""

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
        """Whether it waits for its turn."""
        return self.state == "waiting" and not self._unwanted

    def stop(self, *, at_once: bool = False) -> None:
        """Stop it; what it has yielded until now was delivered or still will be.

        A task that keeps what it has is asked to finish with that; the second time, or `at_once`,
        it is stopped like any other.
        """
        if self.is_over:
            return
        with self._lock:
            job = self._job
            asks, self._keeps = self._keeps and job is not None and not at_once, False
            self._unwanted = not asks
        if asks and job is not None:
            self.words = "finishing with what it has"
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
        """Turn the events that came into signals; runs in the thread of the window."""
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
        with self._lock:  # lists keep tasks for long: let go of what it worked on
            self._job = None
            self._call = _nothing_to_call


class Runner(QObject):
    """Runs tasks, a few at a time, and says when one starts and ends."""

    submitted = Signal(object)
    ended = Signal(object)
    changed = Signal()
    """Some task started, ended or got on."""

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
        """Run a function in a process of its own, as soon as there is room.

        Connect to the signals of the task that is returned; none comes before the event loop runs.

        Parameters
        ----------
        title
            What lists call it.
        function, *args, **kwargs
            As for `regnet.jobs.Job`: importable by name, everything picklable.
        quiet
            For work of the window itself, such as drawing: lists leave it out, and Stop spares it.
        keeps
            Whether the function answers an interrupt with what it has, so that Stop loses nothing.
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
        """The tasks that run or wait, without those of the window itself."""
        return tuple(t for t in self.tasks if not t.is_over and not t.quiet)

    def stop_all(self) -> None:
        """Stop every task that a person started."""
        for task in self.active:
            task.stop()

    def close(self) -> None:
        """Stop everything and wait until no process is left."""
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
    """Return one sentence about an error, and its details unless the person can act on it."""
    import traceback

    if isinstance(error, RegnetError):
        return str(error), ""
    if isinstance(error, TimeoutError):
        return str(error) or "the time ran out", ""
    return (
        f"internal error: {type(error).__name__}: {error}",
        "".join(traceback.format_exception(error)),
    )
