"""The panel that asks temporal questions, in plain words or as formulas."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

import regnet
import regnet.analysis.query
import regnet.temporal
from gui.model.document import Document, Result
from gui.model.runner import Runner
from gui.model.selection import Selection
from gui.panels.queries.panel import QueriesPanel
from gui.panels.queries.templates import TEMPLATES
from gui.panels.run.panel import StatesPanel
from gui.results.scripting import result_statements
from gui.shell.main_window import MainWindow
from regnet.analysis.query import Answer, query
from regnet.project import Project
from regnet.temporal import parse_query


@pytest.fixture
def panel(qtbot: QtBot, document: Document, selection: Selection, runner: Runner,
          liver: Project) -> QueriesPanel:  # fmt: skip
    """The panel with the liver model, after a resection."""
    made = QueriesPanel(document, selection, runner)
    made.setObjectName("queries")
    qtbot.addWidget(made)
    document.replace(liver)
    selection.choose("PHx")
    made.show()
    return made


def answered(panel: QueriesPanel, qtbot: QtBot) -> Answer:
    task = panel.run()
    assert task is not None
    with qtbot.waitSignal(task.ended, timeout=60_000):
        pass
    assert panel.answer is not None
    return panel.answer


@pytest.mark.parametrize("number", range(len(TEMPLATES)))
def test_that_plain_words_become_a_formula_that_is_read(number: int, liver: Project) -> None:
    formula = TEMPLATES[number].fill("Mass:2 | HGF", '"overdose (wasting)"')
    parse_query(formula, liver.network, [p for p in liver.phenotypes if not p.kind])


def test_that_a_question_in_plain_words_is_answered_as_on_the_command_line(
    panel: QueriesPanel, qtbot: QtBot, liver: Project
) -> None:
    panel.first.editor.setPlainText("Mass:2 & !Cachexia")
    assert panel.formula.text == "EF (Mass:2 & !Cachexia)"
    answer = answered(panel, qtbot)
    formula = parse_query("EF (Mass:2 & !Cachexia)", liver.network)
    expected = query(liver.network, liver.scenario("PHx"), formula)
    assert (answer.holds, answer.argument, answer.path) == (
        expected.holds, expected.argument, expected.path,
    )  # fmt: skip
    assert panel.verdict.text() == "✓ EF (Mass:2 & !Cachexia) holds in PHx"
    assert panel.asked.topLevelItemCount() == 1


def test_that_two_gaps_are_shown_where_a_question_has_two(panel: QueriesPanel) -> None:
    assert not panel.second.isVisible()
    panel.choose_template(next(t for t in TEMPLATES if t.gaps == 2))
    assert panel.second.isVisible()


def test_that_a_fault_is_told_with_its_column(panel: QueriesPanel, document: Document) -> None:
    panel.formula.set_text("EF (Mass:2 & ")
    assert "column" in panel.formula.complaint.text().lower()
    assert panel.run() is None


def test_that_the_run_of_an_answer_plays(qtbot: QtBot, window: MainWindow, liver: Project) -> None:
    window.document.replace(liver)
    window.selection.choose("PHx")
    panel, run = window.panels["queries"], window.panels["states"]
    assert isinstance(panel, QueriesPanel)
    assert isinstance(run, StatesPanel)
    window.show_panel("queries")
    panel.formula.set_text("EF Mass:2")
    answer = answered(panel, qtbot)
    window.selection.choose("healthy")
    panel.play_button.click()
    assert window.selection.scenario_title == "PHx"
    assert window.tabs.currentWidget() is run
    assert run.walk is not None
    assert answer.path is not None
    names = liver.network.names
    states = [tuple(space[name][0] for name in names) for space in answer.path]
    assert [moment.state for moment in run.walk.moments] == states


def test_that_an_answer_is_kept_and_told_as_python(
    panel: QueriesPanel, qtbot: QtBot, liver: Project
) -> None:
    panel.formula.set_text("AG EF (Mass:2 & !HepProlif)")
    answer = answered(panel, qtbot)
    (call, _) = result_statements(Result(1, "x", answer), liver)
    names: dict[str, object] = {"regnet": regnet, "project": liver}
    exec(call, names)
    again = names["answer_1"]
    assert isinstance(again, Answer)
    assert (again.holds, again.path) == (answer.holds, answer.path)


def test_that_an_older_answer_can_be_chosen_again(panel: QueriesPanel, qtbot: QtBot) -> None:
    for text in ("EF Mass:2", "AG Mass:2"):
        panel.formula.set_text(text)
        answered(panel, qtbot)
    assert str(panel.answer.formula) == "AG Mass:2" if panel.answer else False
    panel.show_number("1")
    assert str(panel.answer.formula) == "EF Mass:2" if panel.answer else False
