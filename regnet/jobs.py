"""Jobs: run a function in a process of its own, see how it gets on, and stop it at once.

Slow work never runs in a thread: solvers hold the interpreter lock and cannot be interrupted. A
`Job` is one process; what it does arrives as events, the last of which is `Done`, `Failed` or
`Cancelled`, exactly once. Whatever happens to either side, no process is left behind: a job leads a
process group that is killed with it, and the system kills it when the process that started it dies.
Nothing here prints, and only this module starts processes. It is long because it holds both ends of
each pipe: what one side sends and the other expects is read together.
"""

from __future__ import annotations

import _thread
import atexit
import inspect
import io
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
import traceback
import types
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.reduction import ForkingPickler
from typing import Any, Self, TypeAlias, TypeVar

from regnet.deadline import Deadline
from regnet.errors import JobError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of the job: a fraction (None if unknown) and a short text."""

    fraction: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Partial:
    """One of the values that a generator yielded on its way."""

    value: Any


@dataclass(frozen=True, slots=True)
class Done:
    """The job ended and returned `value`."""

    value: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """The job raised `error`, ran out of time (`TimeoutError`) or died (`JobError`)."""

    error: BaseException


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The job was stopped by `Job.cancel`."""


Event: TypeAlias = Progress | Partial | Done | Failed | Cancelled


class Job:
    """A function that runs in its own process, from now on.

    Iterate to get its events as they come; the last one is `Done`, `Failed` or `Cancelled`.
    A parameter named ``progress`` of the function is filled with a callable that sends `Progress`
    (at most one every 50 ms arrives); a generator function sends each value as a `Partial`. Leaving
    a ``with`` block cancels what still runs, and so does losing the last reference to the job.

    Parameters
    ----------
    function
        Importable by name (not a lambda, not nested); it, the arguments and the result are pickled.
    *args, **kwargs
        Passed on.

    Examples
    --------
    >>> import math
    >>> list(Job(math.factorial, 5))
    [Done(value=120)]
    """

    def __init__(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> None:
        self._worker = _Worker(_run, function, args, kwargs)
        self._cancelled = threading.Event()
        self._interrupted = threading.Event()
        self._last: Event | None = None

    def __iter__(self) -> Iterator[Event]:
        return self.events()

    def events(self, *, timeout: float | None = None) -> Iterator[Event]:
        """Yield the events that have not been read yet, waiting for each.

        After `timeout` seconds the job is stopped and the last event is `Failed` with a
        `TimeoutError`. One thread at a time may read.
        """
        deadline = Deadline(timeout)
        while self._last is None:
            event = self._next(deadline, timeout)
            if isinstance(event, Done | Failed | Cancelled):
                self._last = event
                self._worker.close()
            yield event

    def _next(self, deadline: Deadline, timeout: float | None) -> Event:
        try:
            event: Event = self._worker.receive(deadline)
        except TimeoutError:
            event = Failed(TimeoutError(f"stopped after {timeout:g} s"))
        except JobError as error:
            event = Failed(error)
        match event:
            case Failed(KeyboardInterrupt()) if self._interrupted.is_set():
                return Cancelled()  # it had nothing to keep
        return Cancelled() if self._cancelled.is_set() else event

    def result(self, *, timeout: float | None = None) -> Any:
        """Wait, and return what the function returned.

        Raises
        ------
        TimeoutError
            If it was not done after `timeout` seconds; it is stopped.
        JobError
            If the process died or was cancelled.
        Exception
            Whatever the function raised, with the traceback of the worker as its cause.
        """
        with self:
            for _ in self.events(timeout=timeout):
                pass
        match self._last:
            case Done(value):
                return value
            case Failed(error):
                raise error
            case _:
                raise JobError("the job was cancelled")

    def cancel(self) -> None:
        """Stop the job and everything it started, now; harmless when it has ended."""
        if self._last is None:
            self._cancelled.set()
        self._worker.kill()

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the function, so that it can return partial results.

        It then ends with `Done`, or with `Cancelled` if it lets the interrupt through. A function
        that does not return to Python is not reached: `cancel` ends that.
        """
        self._interrupted.set()
        self._worker.interrupt()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.cancel()


def run_in_process(
    function: Callable[..., T],
    /,
    *args: Any,
    timeout: float | None = None,
    memory: int | None = None,
    progress: Callable[[float | None, str], None] | None = None,
) -> T:
    """Return ``function(*args)``, computed in a process of its own.

    Parameters
    ----------
    function, *args
        As for `Job`.
    timeout
        Seconds after which it is stopped.
    memory
        Bytes of address space it may use; only where the system can limit it (not on Windows).
    progress
        Called with the progress of `function`, if that has a parameter of this name.

    Raises
    ------
    TimeoutError
        If the time ran out.
    JobError
        If the process died or needed more memory.
    Exception
        Whatever the function raised.

    Examples
    --------
    >>> import math
    >>> run_in_process(math.factorial, 5, timeout=60)
    120
    """
    with Job(_limited, memory, function, args) as job:
        for event in job.events(timeout=timeout):
            if isinstance(event, Progress) and progress is not None:
                progress(event.fraction, event.words)
        result: T = job.result()
        return result


def parallel_map(
    workers: int | None = None, *, timeout: float | None = None
) -> Callable[[Callable[[Any], T], Iterable[Any]], Iterator[T]]:
    """Return a drop-in for `map` that computes in this many processes.

    Results come in order and as soon as available; arguments are taken from the iterable as needed,
    so it may be infinite. The first error ends the map and is raised. Closing the iterator, or an
    error in the loop around it, stops the processes.

    Parameters
    ----------
    workers
        Number of processes; by default one for each available processor. With one, and
        without `timeout`, it is `map` itself.
    timeout
        Seconds from now after which the map ends with a TimeoutError, and its processes with it.

    Examples
    --------
    >>> import math
    >>> list(parallel_map(2)(math.factorial, range(5)))
    [1, 1, 2, 6, 24]
    """
    count = _processors() if workers is None else workers
    if count < 1:
        raise JobError(f"cannot compute in {count} processes")
    if count == 1 and timeout is None:
        return map
    deadline = Deadline(timeout)

    def parallel(function: Callable[[Any], T], arguments: Iterable[Any]) -> Iterator[T]:
        return _mapped(function, iter(arguments), count, deadline)

    return parallel


def warm_up(*modules: str) -> None:
    """Get ready to start jobs, so that the first one does not wait; returns at once.

    Parameters
    ----------
    *modules
        Names of modules that jobs will need. Every later job finds them imported (where the system
        can fork; elsewhere this does nothing). Only the first call can choose them.
    """
    if sys.platform != "win32":
        from multiprocessing import forkserver

        forkserver.set_forkserver_preload(["regnet.jobs", *modules])
        forkserver.ensure_running()


# --- this side -------------------------------------------------------------------------------

if sys.platform == "win32":
    _context = multiprocessing.get_context("spawn")
else:
    _context = multiprocessing.get_context("forkserver")
_INTERRUPT = "interrupt"
_AHEAD = 4096  # results that a parallel map keeps while an earlier one is still computed
_start_lock = threading.Lock()


class _Worker:
    """A process that runs ``main(connection, *args)`` and is never left behind."""

    def __init__(self, main: Callable[..., None], *args: Any) -> None:
        self._pid: int | None = None
        self._is_closed = False
        self._owner = os.getpid()
        self._lock = threading.Lock()
        work = bytes(ForkingPickler.dumps((main, args)))
        needs_main = b"__main__" in work and _needs_main((main, args))
        self.connection, theirs = _context.Pipe()
        self._process = _context.Process(target=_enter, args=(theirs, work))
        try:
            with _start_lock, nullcontext() if needs_main else _main_hidden():
                self._process.start()
        except BaseException:
            self.connection.close()
            raise
        finally:
            theirs.close()
        self._pid = self._process.pid
        _running.add(self)

    def receive(self, deadline: Deadline) -> Any:
        """Return the next message; raise `TimeoutError`, or `JobError` when there is none left."""
        try:
            ready = wait([self.connection, self._process.sentinel], deadline.left())
            if not ready:
                raise TimeoutError
            if self.connection.poll():
                return self.connection.recv()
        except (EOFError, OSError, ValueError) as error:
            if isinstance(error, TimeoutError):
                raise
        raise JobError(f"the worker process {self._fate()}")

    def outcome(self) -> Done | Failed:
        """Return the next message of a worker that only answers."""
        try:
            answer: Done | Failed = self.receive(Deadline())
        except JobError as error:
            return Failed(error)
        return answer

    def send(self, message: object) -> None:
        """Send a message; a worker that died is noticed by `receive`."""
        with suppress(OSError):
            self.connection.send(message)

    def interrupt(self) -> None:
        """Ask the function to finish with what it has; harmless when it has ended."""
        with self._lock:  # the number of a pipe that was closed may be another file by now
            if not self._is_closed:
                self.send(_INTERRUPT)

    def kill(self) -> None:
        """End the process and its group; wait until it is gone."""
        with self._lock:
            if self._pid is None or self._owner != os.getpid():  # a fork is not the owner
                return
            _kill_group(self._pid, self._process)
            self._process.join()
            self._pid = None
            _running.discard(self)

    def close(self) -> None:
        """End the process, and give its pipes back; only the thread that reads may do this.

        A job that is over may be kept for long, in a list of jobs, and must hold no files.
        """
        self.kill()
        with self._lock:
            if not self._is_closed and self._owner == os.getpid():
                self._is_closed = True
                self.connection.close()
                self._process.close()

    def _fate(self) -> str:
        self._process.join(1)
        code = self._process.exitcode
        if code is not None and code < 0:
            with suppress(ValueError):
                return f"died ({signal.Signals(-code).name})"
        return "died" if not code else f"died (exit code {code})"

    def __del__(self) -> None:
        if getattr(self, "_pid", None) is not None:
            self.kill()


_running: weakref.WeakSet[_Worker] = weakref.WeakSet()


@atexit.register
def _stop_all() -> None:
    for worker in tuple(_running):
        worker.kill()


def _kill_group(pid: int, process: multiprocessing.process.BaseProcess) -> None:
    if sys.platform != "win32":
        # Until the worker leads its own group there is no group of that number, and no child.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
    process.kill()


class _MainFinder(ForkingPickler):
    """Notices whether what it pickles has a function or class of the main script in it."""

    found = False

    def reducer_override(self, thing: Any) -> Any:
        """Look at a thing, and pickle it as always."""
        self.found |= getattr(thing, "__module__", None) == "__main__"
        return NotImplemented


def _needs_main(work: object) -> bool:
    """Return whether work can only be unpickled where the main script was imported.

    A text that happens to hold the name of the main script does not count.
    """
    finder = _MainFinder(io.BytesIO())
    finder.dump(work)
    return finder.found


@contextmanager
def _main_hidden() -> Iterator[None]:
    """Keep a worker from running the user's script again.

    `multiprocessing` imports the main script in every worker, so a script without the
    ``if __name__ == "__main__"`` guard would start itself over and over.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _mapped(
    function: Callable[[Any], T], arguments: Iterator[Any], count: int, deadline: Deadline
) -> Iterator[T]:
    idle: list[_Worker] = []
    busy: dict[_Worker, deque[int]] = {}
    outcomes: dict[int, Done | Failed] = {}
    taken = turn = 0
    size = 1  # of a batch, so that one takes a few hundredths of a second
    sent_at: dict[_Worker, float] = {}
    try:
        while True:
            # Only idle workers are sent to: one that computes does not read, and both sides could
            # end up waiting for the other to read.
            while (idle or len(busy) < count) and taken - turn < _AHEAD:
                batch = list(islice(arguments, size))
                if not batch:
                    break
                worker = idle.pop() if idle else _Worker(_serve, function)
                busy[worker] = deque(range(taken, taken + len(batch)))
                taken += len(batch)
                sent_at[worker] = time.monotonic()
                worker.send(batch)
            if not busy:
                return
            left = deadline.left()
            ready = wait([worker.connection for worker in busy], left)
            if not ready or left == 0.0:
                raise TimeoutError("timed out")
            for worker in [worker for worker in busy if worker.connection in ready]:
                outcomes[busy[worker].popleft()] = worker.outcome()
                if not busy[worker]:
                    del busy[worker]
                    idle.append(worker)
                    seconds = time.monotonic() - sent_at[worker]
                    if seconds < 0.02:
                        size = min(2 * size, 64)
                    elif seconds > 0.1:
                        size = max(1, size // 2)
            while turn in outcomes:
                match outcomes.pop(turn):
                    case Failed(error):
                        raise error
                    case Done(value):
                        yield value
                turn += 1
    finally:
        for worker in (*idle, *busy):
            worker.close()


def _processors() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# --- the worker's side -----------------------------------------------------------------------


def _enter(connection: Connection, work: bytes) -> None:
    """Be a worker, from the first moment of a new process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started us; we are killed
    if sys.platform != "win32":
        os.setsid()
    _die_with_parent()
    with suppress(OSError):  # what a solver prints must not land among the results
        os.dup2(2, 1)
    try:
        main, args = pickle.loads(work)
    except Exception as error:  # noqa: BLE001 - whatever the import of its module raises
        connection.send(Failed(_portable(error)))
        return
    with suppress(BrokenPipeError, EOFError):
        main(connection, *args)


def _die_with_parent() -> None:
    """Have this process and its group killed when the process that started it ends.

    On Linux the kernel does it, because a solver that holds the interpreter lock lets no thread
    run: the pipe whose other end only the parent holds sends SIGKILL when it closes.
    """
    parent = multiprocessing.parent_process()
    assert parent is not None
    if sys.platform == "linux":
        import fcntl

        pipe = parent.sentinel
        fcntl.fcntl(pipe, fcntl.F_SETOWN, -os.getpgrp())
        fcntl.fcntl(pipe, 10, signal.SIGKILL)  # F_SETSIG
        fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
        if wait([pipe], 0):  # it ended before we were listening
            os._exit(1)
        return

    def watch() -> None:
        parent.join()
        if sys.platform != "win32":
            os.killpg(os.getpgrp(), signal.SIGKILL)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _run(
    connection: Connection,
    function: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> None:
    """Run one function and send its events."""
    interrupts = _Interrupts(connection)

    def call() -> Any:
        with interrupts.taken():
            if "progress" not in kwargs and _takes_progress(function):
                kwargs["progress"] = _reporter(report)
            outcome = function(*args, **kwargs)
        return last_of(outcome) if inspect.isgenerator(outcome) else outcome

    def report(event: Event) -> None:
        with interrupts.held():
            connection.send(event)

    def last_of(values: types.GeneratorType[Any, Any, Any]) -> Any:
        go_on: Callable[[], Any] = partial(next, values)
        while True:
            try:
                with interrupts.taken():
                    value = go_on()
                go_on = partial(next, values)
                connection.send(Partial(value))
            except StopIteration as stop:
                return stop.value
            except KeyboardInterrupt as interrupt:
                if values.gi_frame is None:  # it has let the interrupt through
                    raise
                go_on = partial(values.throw, interrupt)

    _answer(connection, call)


class _Interrupts:
    """Turns a message of the other side, or SIGTERM, into a KeyboardInterrupt of the function.

    Only of the function: an interrupt that comes before it has begun waits for it, one that comes
    while an event is being sent waits until it is sent whole, and one that comes when the answer is
    on its way is too late. The handler runs in the main thread, between two of its instructions, so
    its flags need no lock.
    """

    def __init__(self, connection: Connection) -> None:
        self._may_raise = self._has_come = False
        signal.signal(signal.SIGTERM, self._handle)
        sys.unraisablehook = self._raise_again

        def listen() -> None:
            with suppress(EOFError, OSError):
                if connection.recv() == _INTERRUPT:
                    _thread.interrupt_main(signal.SIGTERM)

        threading.Thread(target=listen, daemon=True).start()

    def _handle(self, _number: int, _frame: object) -> None:
        self._has_come = True
        self._raise()

    def _raise(self) -> None:
        if self._may_raise and self._has_come:
            self._has_come = False
            raise KeyboardInterrupt

    def _raise_again(self, lost: sys.UnraisableHookArgs) -> None:
        """Repeat an interrupt that came while a destructor ran, from which nothing can rise."""
        if issubclass(lost.exc_type, KeyboardInterrupt):
            again = threading.Timer(0.01, _thread.interrupt_main, (signal.SIGTERM,))
            again.daemon = True
            again.start()
        else:
            sys.__unraisablehook__(lost)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Let interrupts through while the function runs, and one that has come before."""
        try:
            self._may_raise = True
            self._raise()
            yield
        finally:
            self._may_raise = False

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep interrupts back for a moment."""
        self._may_raise = False
        try:
            yield
        finally:
            self._may_raise = True
        self._raise()


def _serve(connection: Connection, function: Callable[[Any], Any]) -> None:
    """Apply one function to every argument that arrives, batch by batch."""
    while True:
        for argument in connection.recv():
            _answer(connection, partial(function, argument))


def _answer(connection: Connection, call: Callable[[], Any]) -> None:
    try:
        event: Done | Failed = Done(call())
    except BaseException as error:  # noqa: BLE001 - whatever it is, the other side must know
        event = Failed(_portable(error))
    try:
        connection.send(event)
    except Exception as error:  # noqa: BLE001 - pickle raises many kinds
        connection.send(Failed(JobError(f"the result cannot leave its process: {error}")))


def _portable(error: BaseException) -> BaseException:
    """Return the error as it can be sent, with the traceback as a note."""
    if isinstance(error, MemoryError):
        return JobError("it needs more memory than it may use")
    note = "in the worker process:\n" + "".join(traceback.format_exception(error)).rstrip()
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # noqa: BLE001 - pickle raises many kinds
        error = JobError(f"{type(error).__name__}: {error}")
    error.add_note(note)
    return error


def _takes_progress(function: Callable[..., Any]) -> bool:
    try:
        return "progress" in inspect.signature(function).parameters
    except (TypeError, ValueError):
        return False


def _reporter(send: Callable[[Event], None]) -> Callable[[float | None, str], None]:
    last = -1.0

    def progress(fraction: float | None, words: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= 0.05:
            last = now
            send(Progress(fraction, words))

    return progress


def _limited(
    memory: int | None,
    function: Callable[..., T],
    args: tuple[Any, ...],
    progress: Callable[[float | None, str], None],
) -> T:
    if memory is not None and sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (memory, most))
    return function(*args, progress=progress) if _takes_progress(function) else function(*args)
