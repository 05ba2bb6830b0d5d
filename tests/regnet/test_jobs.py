"""Jobs end in exactly one way, and leave nothing behind."""

from __future__ import annotations

import itertools
import math
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from regnet.errors import JobError, ParseError
from regnet.jobs import (
    Cancelled,
    Done,
    Failed,
    Job,
    Partial,
    Progress,
    parallel_map,
    run_in_process,
    warm_up,
)

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


# What jobs run has to be importable by name, so these are module-level functions.


def count_up(to: int, progress: Callable[[float | None, str], None]) -> int:
    for step in range(to):
        progress(step / to, f"step {step}")
        time.sleep(0.02)
    return to


def yield_squares(count: int) -> Iterator[int]:
    for number in range(count):
        yield number * number
    return "that is all"


def refuse() -> None:
    raise ParseError("this is no rule", file="a.bnet", line=3, column=7, expected="a name")


def stumble() -> None:
    raise ZeroDivisionError("a bug")


def count_until_interrupted(progress: Callable[[float | None, str], None]) -> int:
    count = 0
    try:
        while True:
            count += 1
            progress(None, str(count))
            time.sleep(0.01)
    except KeyboardInterrupt:
        return count


class OddError(Exception):
    """An error that cannot be pickled back."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__("odd")


def raise_odd() -> None:
    raise OddError(1, 2)


def start_a_child_and_wait(file: str) -> None:
    with Job(write_pid_and_wait, file) as inner:
        list(inner)


def start_a_program_and_wait(file: str) -> None:
    program = subprocess.Popen(["sleep", "300"])
    Path(file).write_text(str(program.pid))
    program.wait()


def write_pid_and_wait(file: str) -> None:
    Path(file).write_text(str(os.getpid()))
    time.sleep(300)


def hold_the_interpreter_lock(file: str) -> None:
    Path(file).write_text(str(os.getpid()))
    sum(itertools.repeat(0))


def a_lambda() -> object:
    return lambda: 0


class Slow:
    """Takes half a second to go, during which an interrupt is lost."""

    def __init__(self, progress: Callable[[float | None, str], None]) -> None:
        self.progress = progress

    def __del__(self) -> None:
        self.progress(None, "going")
        end = time.perf_counter() + 0.5
        while time.perf_counter() < end:
            pass


def delete_slowly(progress: Callable[[float | None, str], None]) -> None:
    Slow(progress)
    for _ in range(3_000):
        time.sleep(0.01)


def ignore_interrupts() -> bool:
    return signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def slow_square(number: int) -> int:
    time.sleep(0.3 if number == 0 else 0)
    return number * number


def negative_fails(number: int) -> int:
    if number < 0:
        raise ValueError(f"{number} is negative")
    return number


def dies_at_three(number: int) -> int:
    if number == 3:
        os._exit(9)
    return number


def double_bytes(block: bytes) -> bytes:
    return block + block


def pid_of(_: object) -> int:
    time.sleep(0.01)
    return os.getpid()


def eventually(holds: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.01)
    return holds()


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def pid_in(file: Path) -> int:
    assert eventually(lambda: file.exists() and file.read_text() != "")
    return int(file.read_text())


# --- one job ---


def test_that_a_job_returns_what_its_function_returns() -> None:
    assert list(Job(math.factorial, 5)) == [Done(120)]
    assert Job(math.factorial, 6).result() == 720


def test_that_progress_arrives_before_the_last_event() -> None:
    *before, last = Job(count_up, 10)
    assert last == Done(10)
    assert Progress(0.0, "step 0") in before
    assert all(isinstance(event, Progress) for event in before)


def test_that_a_generator_sends_each_value() -> None:
    assert list(Job(yield_squares, 3)) == [
        Partial(0),
        Partial(1),
        Partial(4),
        Done("that is all"),
    ]


def test_that_a_user_error_arrives_as_it_was_raised() -> None:
    with pytest.raises(ParseError, match="line 3, column 7") as caught:
        run_in_process(refuse)
    assert caught.value.expected == "a name"


def test_that_a_bug_keeps_the_traceback_of_the_worker() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        run_in_process(stumble)
    assert "in stumble" in "".join(caught.value.__notes__)


def test_that_an_error_that_cannot_be_pickled_still_arrives() -> None:
    with pytest.raises(JobError, match="OddError: odd"):
        run_in_process(raise_odd)


def test_that_work_that_cannot_be_pickled_is_refused_at_once() -> None:
    with pytest.raises((AttributeError, pickle.PicklingError)):
        Job(lambda: 0)


def test_that_a_result_that_cannot_be_pickled_is_an_error() -> None:
    with pytest.raises(JobError, match="cannot leave its process"):
        run_in_process(a_lambda)


def test_that_a_dead_process_is_a_failure_that_says_how_it_died() -> None:
    (last,) = Job(os._exit, 7)
    assert isinstance(last, Failed)
    assert "exit code 7" in str(last.error)
    (last,) = Job(os.abort)
    assert isinstance(last, Failed)
    assert "SIGABRT" in str(last.error)


def test_that_a_job_stops_when_its_time_is_over() -> None:
    before = time.monotonic()
    with pytest.raises(TimeoutError, match=r"0\.1 s"):
        run_in_process(time.sleep, 300, timeout=0.1)
    assert time.monotonic() - before < 5


@pytest.mark.skipif(sys.platform != "linux", reason="limits of address space")
def test_that_a_job_that_needs_too_much_memory_fails() -> None:
    with pytest.raises(JobError, match="memory"):
        run_in_process(bytearray, 2 * 10**9, memory=10**9)


def test_that_run_in_process_passes_progress_on() -> None:
    heard: list[str] = []
    run_in_process(count_up, 5, progress=lambda fraction, words: heard.append(words))
    assert heard[0] == "step 0"


def test_that_ctrl_c_does_not_reach_workers() -> None:
    assert run_in_process(ignore_interrupts)


# --- stopping ---


def test_that_a_cancelled_job_ends_at_once_and_says_so() -> None:
    job = Job(time.sleep, 300)
    before = time.monotonic()
    job.cancel()
    assert list(job) == [Cancelled()]
    assert time.monotonic() - before < 2
    job.cancel()
    assert list(job) == []
    with pytest.raises(JobError, match="cancelled"):
        job.result()


def test_that_another_thread_can_cancel() -> None:
    job = Job(time.sleep, 300)
    timer = threading.Timer(0.1, job.cancel)
    timer.start()
    assert list(job) == [Cancelled()]
    timer.join()


def test_that_cancelling_a_finished_job_changes_nothing() -> None:
    job = Job(math.factorial, 5)
    assert list(job) == [Done(120)]
    job.cancel()
    assert job.result() == 120


@linux
@pytest.mark.parametrize(
    "function", [write_pid_and_wait, hold_the_interpreter_lock, start_a_program_and_wait]
)
def test_that_cancel_ends_the_process_and_the_programs_it_started(
    function: Callable[[str], None], tmp_path: Path
) -> None:
    job = Job(function, str(tmp_path / "pid"))
    pid = pid_in(tmp_path / "pid")
    job.cancel()
    assert eventually(lambda: not is_running(pid))


@linux
def test_that_a_job_started_by_a_job_ends_with_it(tmp_path: Path) -> None:
    job = Job(start_a_child_and_wait, str(tmp_path / "pid"))
    pid = pid_in(tmp_path / "pid")
    job.cancel()
    assert eventually(lambda: not is_running(pid))


@linux
def test_that_forgetting_a_job_ends_it(tmp_path: Path) -> None:
    job = Job(write_pid_and_wait, str(tmp_path / "pid"))
    pid = pid_in(tmp_path / "pid")
    del job
    assert eventually(lambda: not is_running(pid))


SCRIPT = """
    import sys
    sys.path.insert(0, {folder!r})
    from test_jobs import hold_the_interpreter_lock
    from regnet.jobs import Job

    print("running")
    job = Job(hold_the_interpreter_lock, {file!r})
    print("started", flush=True)
    for event in job:
        print(event)
"""


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Programs that we start can be interrupted, even where we cannot be (in the background)."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def script(tmp_path: Path, interruptible: None) -> Iterator[subprocess.Popen[str]]:
    """A script without a guard that starts a job which lets no thread run."""
    path = tmp_path / "script.py"
    names = {"folder": str(Path(__file__).parent), "file": str(tmp_path / "pid")}
    path.write_text(textwrap.dedent(SCRIPT.format(**names)))
    with subprocess.Popen(
        [sys.executable, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        yield process
        process.kill()


@linux
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_that_no_worker_outlives_the_process_that_started_it(
    script: subprocess.Popen[str], tmp_path: Path, how: signal.Signals
) -> None:
    pid = pid_in(tmp_path / "pid")
    script.send_signal(how)
    script.wait(10)
    assert eventually(lambda: not is_running(pid))


@linux
def test_that_a_script_without_a_guard_is_not_run_again(
    script: subprocess.Popen[str], tmp_path: Path
) -> None:
    pid_in(tmp_path / "pid")
    script.send_signal(signal.SIGINT)
    out, _ = script.communicate(timeout=10)
    assert out == "running\nstarted\n"


@linux
def test_that_a_guarded_script_can_run_its_own_functions(tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    path.write_text(
        "from functools import partial\n"
        "from regnet.jobs import parallel_map, run_in_process\n"
        "def add(a, b): return a + b\n"
        "if __name__ == '__main__':\n"
        "    print(run_in_process(add, 1, 2), *parallel_map(2)(partial(add, 1), [1, 2]))\n"
    )
    command = [sys.executable, str(path)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout == "3 2 3\n"


@linux
def test_that_a_text_that_names_the_main_script_does_not_run_it_again(tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    path.write_text(
        "from regnet.jobs import run_in_process\n"
        "print('started', flush=True)\n"
        "print(run_in_process(len, 'if __name__ == \"__main__\":'))\n"
    )
    command = [sys.executable, str(path)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout == "started\n26\n"


# --- many ---


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_that_a_parallel_map_equals_map(workers: int) -> None:
    numbers = range(200)
    assert list(parallel_map(workers)(math.isqrt, numbers)) == list(map(math.isqrt, numbers))
    assert list(parallel_map(workers)(math.isqrt, [])) == []


def test_that_results_keep_their_order() -> None:
    assert list(parallel_map(2)(slow_square, range(50))) == [n * n for n in range(50)]


def test_that_a_parallel_map_takes_arguments_only_as_needed() -> None:
    squares = parallel_map(2)(math.isqrt, itertools.count())
    assert list(itertools.islice(squares, 10)) == [0, 1, 1, 1, 2, 2, 2, 2, 2, 3]
    squares.close()  # type: ignore[attr-defined]


def test_that_a_parallel_map_uses_several_processes() -> None:
    pids = set(parallel_map(2)(pid_of, range(50)))
    assert len(pids) == 2
    assert os.getpid() not in pids


def test_that_the_first_error_of_a_parallel_map_is_raised_in_its_turn() -> None:
    results = parallel_map(2)(negative_fails, [1, 2, -3, 4, -5])
    assert next(results) == 1
    assert next(results) == 2
    with pytest.raises(ValueError, match="-3 is negative"):
        next(results)


def test_that_a_worker_that_dies_is_an_error() -> None:
    with pytest.raises(JobError, match="died"):
        list(parallel_map(2)(dies_at_three, range(10)))


def test_that_large_arguments_and_results_do_not_block() -> None:
    blocks = [bytes([n]) * 2_000_000 for n in range(8)]
    assert list(parallel_map(2)(double_bytes, blocks)) == [b + b for b in blocks]


@linux
def test_that_closing_a_parallel_map_ends_its_processes() -> None:
    pids = parallel_map(2)(pid_of, itertools.count())
    seen = {next(pids) for _ in range(20)}
    pids.close()  # type: ignore[attr-defined]
    assert eventually(lambda: not any(is_running(pid) for pid in seen))


def test_that_zero_processes_are_refused() -> None:
    with pytest.raises(JobError, match="0 processes"):
        parallel_map(0)


def test_that_a_warm_job_starts_fast() -> None:
    warm_up()
    run_in_process(math.factorial, 3)

    def seconds() -> float:
        before = time.monotonic()
        run_in_process(math.factorial, 3)
        return time.monotonic() - before

    assert any(seconds() < 0.2 for _ in range(20))  # a busy machine may need several


def test_that_an_interrupted_function_can_return_what_it_has() -> None:
    job = Job(count_until_interrupted)
    events = iter(job)
    assert isinstance(next(events), Progress)
    job.interrupt()
    *_, last = events
    assert isinstance(last, Done)
    assert last.value > 0


def test_that_an_interrupt_that_comes_in_a_destructor_is_not_lost(
    capfd: pytest.CaptureFixture[str],
) -> None:
    job = Job(delete_slowly)
    events = iter(job)
    assert next(events) == Progress(None, "going")
    began = time.perf_counter()
    job.interrupt()
    assert list(events) == [Cancelled()]
    assert time.perf_counter() - began < 10
    assert "KeyboardInterrupt" not in capfd.readouterr().err


def test_that_a_function_that_keeps_nothing_is_cancelled_by_an_interrupt() -> None:
    job = Job(count_up, 1_000)
    events = iter(job)
    next(events)
    job.interrupt()
    *_, last = events
    assert isinstance(last, Cancelled)


@linux
def test_that_a_job_that_is_over_holds_no_files() -> None:
    def ended() -> Job:
        job = Job(math.factorial, 5)
        list(job)
        return job

    kept = [ended()]
    before = len(os.listdir("/proc/self/fd"))
    kept += [ended() for _ in range(5)]
    list(parallel_map(2)(math.factorial, range(5)))
    assert len(os.listdir("/proc/self/fd")) == before


@linux
@pytest.mark.parametrize("wait", [0.0, 0.004, 0.012])
def test_that_a_job_that_is_interrupted_early_is_cancelled_and_has_not_died(wait: float) -> None:
    for _ in range(3):
        job = Job(sleep_in_short_turns)
        time.sleep(wait)
        job.interrupt()
        assert list(job.events(timeout=30)) == [Cancelled()]


def test_that_events_arrive_whole_when_a_job_is_interrupted_while_it_sends_them() -> None:
    for _ in range(5):
        job = Job(_yield_large)
        events = iter(job)
        next(events)
        job.interrupt()
        *partial, last = events
        assert all(event == Partial(LARGE) for event in partial)
        assert last == Done("a part")


def sleep_in_short_turns() -> None:
    while True:
        time.sleep(0.01)


LARGE = b"x" * 300_000


def _yield_large() -> Iterator[bytes]:
    try:
        while True:
            yield LARGE
    except KeyboardInterrupt:
        return "a part"
