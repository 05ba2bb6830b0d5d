"""The jobs panel."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from gui.model.document import Document
from gui.model.runner import Runner
from gui.model.selection import Selection
from gui.results.jobs import JobsPanel


def _forever(progress: Callable[[float | None, str], None]) -> None:
    progress(0.25, "a quarter")
    while True:
        time.sleep(0.01)


def _broken() -> None:
    raise ZeroDivisionError("of ours")


@pytest.fixture
def panel(qtbot: QtBot, document: Document, selection: Selection, runner: Runner) -> JobsPanel:
    made = JobsPanel(document, selection, runner)
    qtbot.addWidget(made)
    return made


def texts(panel: JobsPanel) -> list[tuple[str, str]]:
    items = [panel.tree.topLevelItem(row) for row in range(panel.tree.topLevelItemCount())]
    return [(item.text(0), item.text(1)) for item in items if item is not None]


def test_that_an_empty_list_says_so(panel: JobsPanel) -> None:
    assert panel._stack.currentIndex() == 1
    assert not panel.stop.isEnabled()


def test_that_jobs_are_listed_with_how_they_ended(
    panel: JobsPanel, runner: Runner, qtbot: QtBot
) -> None:
    runner.submit("of the window itself", math.factorial, 3, quiet=True)
    good, bad = runner.submit("Factorial", math.factorial, 5), runner.submit("Broken", _broken)
    with qtbot.waitSignals([good.ended, bad.ended], timeout=20_000):
        pass
    assert texts(panel) == [("Broken", "failed"), ("Factorial", "done")]
    assert "ZeroDivisionError" in panel.log.toPlainText()
    assert "Traceback" in panel.log.toPlainText()
    panel.clear.trigger()
    assert texts(panel) == []


def test_that_a_running_job_shows_its_progress_and_stops(
    panel: JobsPanel, runner: Runner, qtbot: QtBot
) -> None:
    task = runner.submit("Endless", _forever)
    with qtbot.waitSignal(task.progress, timeout=20_000):
        pass
    assert texts(panel) == [("Endless", "running")]
    assert panel._lines[task].bar.value() == 250
    assert "a quarter" in panel.log.toPlainText()
    started = time.monotonic()
    with qtbot.waitSignal(task.cancelled, timeout=5_000):
        panel.stop.trigger()
    assert time.monotonic() - started < 1
    assert texts(panel) == [("Endless", "stopped")]
