"""The compare panel: two scenarios, one sentence, and what became of each state."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from gui.model import edits
from gui.model.document import Document
from gui.model.runner import Runner
from gui.model.selection import Painting, Selection
from gui.panels.compare.pair_table import sides
from gui.panels.compare.panel import ComparePanel
from gui.widgets import exports
from regnet.analysis.compare import Comparison, compare_scenarios
from regnet.network import Rule
from regnet.project import Project
from regnet.space import Space


@pytest.fixture
def panel(
    qtbot: QtBot, document: Document, selection: Selection, runner: Runner, liver: Project
) -> ComparePanel:
    """The panel on the liver model, with nothing compared yet."""
    made = ComparePanel(document, selection, runner)
    made.setObjectName("compare")
    qtbot.addWidget(made)
    made.resize(800, 700)
    made.show()
    document.replace(liver)
    return made


@pytest.fixture
def found(panel: ComparePanel, document: Document, selection: Selection) -> Comparison:
    """What the loss of LIFR changes under every input, as it is shown."""
    edits.hold(document, selection, "LIFR", 0)
    project = document.project
    value = compare_scenarios(project.network, *panel.question, phenotypes=project.phenotypes)
    document.add_result("Compare", value)
    assert panel.found is value
    return value


def test_that_an_empty_panel_says_why(
    panel: ComparePanel, document: Document, toggle: Project
) -> None:
    assert panel._empty.text() == "Choose two scenarios that differ."
    document.replace(toggle)
    assert "only the wild type" in panel._empty.text()
    assert not panel._run_button.isVisible()
    panel.compare.trigger()
    assert panel._task is None


def test_that_a_choice_is_compared_at_once(
    qtbot: QtBot, panel: ComparePanel, document: Document
) -> None:
    with qtbot.waitSignal(document.results_changed, timeout=20_000):
        panel.choose_scenarios("PHx", "LIFR lost in LSEC")
        assert panel._empty.text() == "Comparing…"
    assert panel.sentence.text() == (
        "Knocking out LIFR: “healthy quiescent” is lost; “partial recovery” is gained."
    )
    assert [panel.model.text(pair, 0) for pair in panel.model.rows] == ["▼ lost", "▲ gained"]
    with qtbot.waitSignal(document.results_changed, timeout=20_000):
        panel.swap.trigger()
    assert panel.sentence.text().startswith("From LIFR lost in LSEC to PHx")
    count = len(document.results)
    panel.swap.trigger()  # the answer is still there
    assert len(document.results) == count
    assert panel.sentence.text().startswith("Knocking out LIFR")


def test_that_the_current_scenario_is_compared_with_the_wild_type(
    qtbot: QtBot, panel: ComparePanel, document: Document, selection: Selection
) -> None:
    said: list[str] = []
    document.said.connect(lambda sentence, _kind: said.append(sentence))
    panel.compare.trigger()
    assert "choose a scenario first" in said[0].casefold()
    edits.hold(document, selection, "STAT3", 0)
    with qtbot.waitSignals([selection.asked, document.results_changed], timeout=20_000):
        panel.compare.trigger()
    assert panel.before.currentText() == "wild type"
    assert panel.after.currentText() == "STAT3 KO"
    assert panel.sentence.text().startswith("Knocking out STAT3")


def test_that_what_stays_the_same_can_be_left_out(panel: ComparePanel, found: Comparison) -> None:
    QAbstractItemModelTester(panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert all(pair.kind != "same" for pair in panel.model.rows)
    panel.changed_only.setChecked(False)
    assert panel.model.rows == found.pairs
    few = panel.map.content.columns
    panel.few_columns.setChecked(False)
    assert panel.map.content.columns == found.origin.components
    assert set(few) < set(found.origin.components)
    assert "LIFR" in few


def test_that_a_row_paints_what_it_changes(
    panel: ComparePanel, found: Comparison, selection: Selection
) -> None:
    assert selection.painting is None
    for row, pair in enumerate(panel.model.rows):
        panel.choose(row)
        painting = selection.painting
        before, after = sides(found, pair)
        assert painting is not None
        assert before is not None
        assert after is not None
        assert (painting.before, painting.levels) == (pair.levels_before, pair.levels_after)
        assert before.space.contains(painting.before or {})
        assert after.space.contains(painting.levels)
        assert painting.caption.endswith("LSEC open → LIFR KO")
    assert panel.map.chosen_key is not None
    selection.paint(Painting(Space({"LIF": 1}), "something else"))
    assert panel.map.chosen_key is None


def test_that_both_views_are_walked_together(
    panel: ComparePanel, found: Comparison, selection: Selection
) -> None:
    panel.map.setFocus()
    QTest.keyClick(panel.map, Qt.Key.Key_Down)
    assert panel.table.currentIndex().row() == 0
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    assert panel.map.chosen_key in (2, 3)


def test_that_changed_levels_are_framed_and_held_ones_are_not(
    panel: ComparePanel, found: Comparison
) -> None:
    for line in panel.map.content.lines:
        pair = panel.model.rows[line.key // 2]
        for name in panel.map.content.columns:
            mark = panel.map.content.cell(line, name).mark
            assert bool(mark) == (line.key % 2 == 1 and name in pair.changed)


def test_that_an_edited_scenario_or_network_marks_the_answer_as_old(
    panel: ComparePanel, found: Comparison, document: Document, selection: Selection
) -> None:
    assert not panel._again.isVisible()
    scenario = replace(selection.scenario, update="synchronous")
    document.change("Edit", document.project.with_scenario(scenario))
    assert "edited" in panel.note.text()
    assert panel._again.isVisible()
    document.stack.undo()
    assert not panel._again.isVisible()
    network = document.network.with_rule("Mass", Rule.constant(1))
    document.change("Edit", replace(document.project, network=network))
    assert panel.note.text().startswith("Stale")


def test_that_a_renamed_scenario_stays_chosen(
    panel: ComparePanel, found: Comparison, document: Document, selection: Selection
) -> None:
    edits.rename(document, selection, "LIFR KO", "no receptor")
    assert panel.after.currentText() == "no receptor"
    assert document.project.scenario("no receptor") == panel.question[1]


def test_that_rows_are_copied_and_exported(
    panel: ComparePanel, found: Comparison, document: Document, tmp_path: Path
) -> None:
    panel.copy.trigger()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == found.sentence
    assert len(lines) == 2 + len(panel.model.rows)
    for ending in panel.contents:
        assert exports.save(document, tmp_path / f"c{ending}", panel.contents)
    rows = list(csv.DictReader((tmp_path / "c.csv").read_text().splitlines()))
    assert [row["state"] for row in rows] == [pair.kind for pair in panel.model.rows]
    assert "STAT3 1 → 0" in rows[0]["changes"]
    assert found.sentence in (tmp_path / "c.svg").read_text()
