"""What a file says of updates and answers leave, told wherever the window shows an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from gui.model.document import Document
from gui.model.runner import Runner
from gui.model.selection import Painting, Selection
from gui.panels.experiments.panel import ExperimentsPanel
from gui.panels.inspector.panel import InspectorPanel
from gui.panels.run.panel import StatesPanel
from gui.panels.screen.panel import ScreenPanel
from gui.shell.main_window import MainWindow
from regnet.evidence import Expectation, Experiment
from regnet.project import Kept, Project
from regnet.scenario import Scenario
from regnet.space import Space

WAIT = 60_000
TOLD = "ranks of rules"


@pytest.fixture
def ranked(toggle: Project) -> Project:
    """A model whose file ranks its rules, which no answer uses."""
    start = Scenario("start", start=Space({"S": 2, "A": 0, "B": 0}))
    expected = Expectation("attractors", count=2)
    return replace(
        toggle,
        scenarios=(start,),
        experiments=(Experiment("E", "Two ends", start, (expected,)),),
        kept=(Kept("booleannet", "rank", "2", "B"),),
    )


def test_that_run_tells_it_at_every_step_and_where_it_can_end(
    qtbot: QtBot,
    document: Document,
    selection: Selection,
    runner: Runner,
    ranked: Project,
    toggle: Project,
) -> None:
    panel = StatesPanel(document, selection, runner)
    qtbot.addWidget(panel)
    document.replace(ranked)
    selection.choose("start")
    panel.show()
    panel.step_on()
    assert TOLD in panel.said.text()
    panel.ends.box.setChecked(True)
    qtbot.waitUntil(lambda: TOLD in panel.ends.words.text(), timeout=WAIT)
    document.replace(toggle)
    panel.step_on()
    assert TOLD not in panel.said.text()


def test_that_a_screen_tells_it(
    qtbot: QtBot, document: Document, selection: Selection, runner: Runner, ranked: Project
) -> None:
    panel = ScreenPanel(document, selection, runner)
    qtbot.addWidget(panel)
    document.replace(ranked)
    assert panel.notice.isHidden()
    panel.run_button.click()
    qtbot.waitUntil(lambda: panel.state == "done", timeout=WAIT)
    assert TOLD in panel.notice_text.text()
    assert not panel.notice.isHidden()
    assert panel.again_button.isHidden(), "nothing is stale"


def test_that_experiments_tell_it(
    qtbot: QtBot, document: Document, selection: Selection, runner: Runner, ranked: Project
) -> None:
    panel = ExperimentsPanel(document, selection, runner)
    qtbot.addWidget(panel)
    document.replace(ranked)
    panel.show()
    qtbot.waitUntil(lambda: TOLD in panel.note_words.text(), timeout=WAIT)
    assert not panel.note.isHidden()


def test_that_an_explanation_tells_it(
    small_window: MainWindow, qtbot: QtBot, ranked: Project
) -> None:
    small_window.document.replace(ranked)
    panel = small_window.panels["inspector"]
    assert isinstance(panel, InspectorPanel)
    small_window.selection.choose("start")
    small_window.selection.paint(Painting(Space({"S": 2, "A": 1, "B": 0}), "a state"))
    panel.tabs.setCurrentIndex(2)
    small_window.selection.select("A")
    qtbot.waitUntil(lambda: TOLD in panel.why.words.words(), timeout=WAIT)
