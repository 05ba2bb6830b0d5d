"""The runner: processes that tell the window how they get on."""

from __future__ import annotations

import math
import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from gui.model.runner import AT_ONCE, Runner
from regnet.errors import NetworkError


def _counting(count: int) -> Iterator[int]:
    yield from range(count)


def _forever() -> Iterator[int]:
    yield os.getpid()
    while True:
        time.sleep(0.01)


def _told(progress: Callable[[float | None, str], None]) -> str:
    progress(0.5, "half")
    return "done"


def _keeping(progress: Callable[[float | None, str], None]) -> str:
    try:
        while True:
            progress(None, "on and on")
            time.sleep(0.01)
    except KeyboardInterrupt:
        return "a part"


def _wrong() -> None:
    raise NetworkError("the rule names nobody")


def _broken() -> None:
    raise ZeroDivisionError("of ours")


def test_that_a_result_arrives(runner: Runner, qtbot: QtBot) -> None:
    task = runner.submit("Factorial", math.factorial, 5)
    with qtbot.waitSignal(task.finished) as done:
        pass
    assert done.args == [120]
    assert task.state == "done"
    assert runner.active == ()


def test_that_progress_arrives_before_the_end(runner: Runner, qtbot: QtBot) -> None:
    heard: list[object] = []
    task = runner.submit("Told", _told)
    task.progress.connect(lambda fraction, words: heard.append((fraction, words)))
    task.finished.connect(heard.append)
    with qtbot.waitSignal(task.ended):
        pass
    assert heard == [(0.5, "half"), "done"]


def test_that_every_partial_value_arrives_in_order(runner: Runner, qtbot: QtBot) -> None:
    heard: list[int] = []
    task = runner.submit("Counting", _counting, 2000)
    task.partial.connect(heard.extend)
    with qtbot.waitSignal(task.ended, timeout=20000):
        pass
    assert heard == list(range(2000))


def test_that_an_error_of_the_user_is_one_sentence(runner: Runner, qtbot: QtBot) -> None:
    task = runner.submit("Wrong", _wrong)
    with qtbot.waitSignal(task.failed) as failed:
        pass
    assert failed.args == ["the rule names nobody", ""]


def test_that_an_error_of_ours_keeps_its_details(runner: Runner, qtbot: QtBot) -> None:
    task = runner.submit("Broken", _broken)
    with qtbot.waitSignal(task.failed) as failed:
        pass
    assert failed.args is not None
    assert "ZeroDivisionError" in failed.args[0]
    assert "_broken" in failed.args[1]


def test_that_stop_ends_a_task_at_once(runner: Runner, qtbot: QtBot) -> None:
    task = runner.submit("Forever", _forever)
    with qtbot.waitSignal(task.partial):
        pass
    started = time.monotonic()
    with qtbot.waitSignal(task.cancelled):
        task.stop()
    assert time.monotonic() - started < 1
    assert task.state == "stopped"


def test_that_a_task_can_be_stopped_before_it_begins(runner: Runner, qtbot: QtBot) -> None:
    tasks = [runner.submit(f"Task {i}", _forever) for i in range(AT_ONCE + 1)]
    assert tasks[-1].state == "waiting"
    with qtbot.waitSignal(tasks[-1].cancelled):
        tasks[-1].stop()
    with qtbot.waitSignals([t.cancelled for t in tasks[:-1]]):
        runner.stop_all()
    assert [t.state for t in tasks] == ["stopped"] * len(tasks)


def test_that_waiting_tasks_start_when_there_is_room(runner: Runner, qtbot: QtBot) -> None:
    tasks = [runner.submit(f"Factorial {i}", math.factorial, i) for i in range(AT_ONCE + 2)]
    with qtbot.waitSignals([t.finished for t in tasks]):
        pass


def test_that_a_worker_that_is_killed_is_told(runner: Runner, qtbot: QtBot) -> None:
    task = runner.submit("Forever", _forever)
    with qtbot.waitSignal(task.partial) as begun:
        pass
    assert begun.args is not None
    with qtbot.waitSignal(task.failed) as failed:
        os.kill(begun.args[0][0], signal.SIGKILL)
    assert failed.args is not None
    assert "died" in failed.args[0]


def test_that_a_task_that_keeps_what_it_has_is_stopped_with_that(
    runner: Runner, qtbot: QtBot
) -> None:
    task = runner.submit("Keep", _keeping, keeps=True)
    with qtbot.waitSignal(task.progress):
        pass
    with qtbot.waitSignal(task.finished) as done:
        task.stop()
    assert done.args == ["a part"]
    assert task.state == "done"


def test_that_a_second_stop_waits_for_nothing(runner: Runner, qtbot: QtBot) -> None:
    task = runner.submit("Run", _forever, keeps=True)
    with qtbot.waitSignal(task.partial):
        pass
    with qtbot.waitSignal(task.cancelled):
        task.stop()
        task.stop()
    assert task.state == "stopped"


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="reads /proc")
def test_that_tasks_that_are_over_hold_no_files_and_no_data(runner: Runner, qtbot: QtBot) -> None:
    kept = []

    def run() -> None:
        task = runner.submit("Factorial", math.factorial, 5)
        with qtbot.waitSignal(task.ended):
            pass
        kept.append(task)
        qtbot.wait(0)

    run()
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(6):
        run()
    qtbot.waitUntil(lambda: len(os.listdir("/proc/self/fd")) == before)
    assert runner.tasks == []
    assert {(task.state, task._job) for task in kept} == {("done", None)}
