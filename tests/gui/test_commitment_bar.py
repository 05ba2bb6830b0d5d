"""Where a run can still end, told in Run while it goes on."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from gui.model.document import Document
from gui.model.runner import Runner
from gui.model.selection import Selection
from gui.model.walk import Walk
from gui.panels.run.panel import StatesPanel
from regnet.analysis.commitment import find_commitment
from regnet.project import Project


@pytest.fixture
def panel(qtbot: QtBot, document: Document, selection: Selection, runner: Runner,
          liver: Project) -> StatesPanel:  # fmt: skip
    """Run, with the liver model in a scenario that can end in three ways."""
    made = StatesPanel(document, selection, runner)
    made.setObjectName("states")
    qtbot.addWidget(made)
    document.replace(liver)
    selection.choose("overdose at PHx")
    made.show()
    return made


def walk_of(panel: StatesPanel) -> Walk:
    assert panel.walk is not None
    return panel.walk


def settled(panel: StatesPanel, qtbot: QtBot) -> None:
    task = panel.ends._task
    while task is not None and not task.is_over:
        with qtbot.waitSignal(task.ended, timeout=60_000):
            pass
        task = panel.ends._task


def test_that_nothing_is_asked_before_it_is_wanted(panel: StatesPanel, runner: Runner) -> None:
    panel.step_on()
    assert not runner.tasks
    assert not panel.ends.words.isVisible()


def test_that_each_step_says_where_it_can_end_and_what_it_closes(
    panel: StatesPanel, qtbot: QtBot, liver: Project
) -> None:
    panel.ends.box.setChecked(True)
    settled(panel, qtbot)
    assert "3 of 3 attractors can still be reached (exact)" in panel.ends.words.text()
    while panel.step.isEnabled():
        panel.step_on()
    settled(panel, qtbot)
    assert "ommitted to" in panel.ends.words.text()
    walk = walk_of(panel)
    scenario = liver.scenario("overdose at PHx")
    expected = find_commitment(liver.network, scenario, walk.states, phenotypes=liver.phenotypes)
    assert panel.ends.turns() == expected.turns != {}
    step, closed = next(iter(expected.turns.items()))
    panel.ends.wanted.emit(step)
    assert walk_of(panel).at == step
    settled(panel, qtbot)
    assert panel.ends.words.text().startswith("Point of no return: ")
    assert panel.ends.name(closed[0]) in panel.ends.words.text()
    rows = panel.chart.rows()
    assert rows[0][2] == "closes"
    assert panel.ends.name(closed[0]) in str(rows[step + 1][2])


def test_that_a_next_step_that_closes_an_attractor_is_marked(
    panel: StatesPanel, qtbot: QtBot
) -> None:
    panel.ends.box.setChecked(True)
    for _ in range(40):
        settled(panel, qtbot)
        texts = [panel.next.item(row).text() for row in range(panel.next.count())]
        marked = [row for row, text in enumerate(texts) if "point of no return" in text]
        if marked:
            break
        panel.step_on()
    assert marked
    panel.take(marked[0])
    settled(panel, qtbot)
    assert walk_of(panel).at in panel.ends.turns()


def test_that_a_level_set_by_hand_begins_anew(panel: StatesPanel, qtbot: QtBot) -> None:
    panel.ends.box.setChecked(True)
    panel.step_on()
    panel.set_level("Mass", 2)
    settled(panel, qtbot)
    assert panel.ends.found is not None
    assert panel.ends.found.path[0] == walk_of(panel).state
    assert walk_of(panel).at not in panel.ends.turns()


def test_that_an_open_attractor_can_be_painted(
    panel: StatesPanel, qtbot: QtBot, selection: Selection
) -> None:
    panel.ends.box.setChecked(True)
    settled(panel, qtbot)
    item = panel.ends._flow.itemAt(0)
    assert item is not None
    button = item.widget()
    assert isinstance(button, QToolButton)
    button.click()
    assert selection.painting is not None
    assert "can still be reached" in selection.painting.caption
