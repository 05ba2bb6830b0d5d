"""The attractors panel: one answer, two views of it, and what they paint on the network."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from gui.model.document import Document
from gui.model.runner import Runner
from gui.model.selection import Painting, Selection
from gui.panels.attractors.panel import AttractorsPanel
from gui.panels.attractors.table import filter_of
from gui.widgets import exports
from gui.widgets.describe import changing
from regnet.analysis.attractors import Attractors, find_attractors
from regnet.figures.heatmap import MISSING, level_cell
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project
from regnet.records import to_csv
from regnet.records.attractors import attractors_to_rows
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space


@pytest.fixture
def panel(
    qtbot: QtBot, document: Document, selection: Selection, runner: Runner
) -> AttractorsPanel:
    """The panel, with nothing to show."""
    made = AttractorsPanel(document, selection, runner)
    qtbot.addWidget(made)
    made.resize(700, 600)
    made.show()
    return made


@pytest.fixture
def found(document: Document, liver: Project) -> Attractors:
    """The attractors of the liver model under every input, as the newest result."""
    document.replace(liver)
    found = find_attractors(liver.network, phenotypes=liver.phenotypes)
    document.add_result("Attractors, wild type", found)
    return found


def _answer(document: Document, scenario: Scenario) -> Attractors:
    project = document.project
    found = find_attractors(project.network, scenario, phenotypes=project.phenotypes)
    document.add_result(f"Attractors, {scenario.name}", found)
    return found


def test_that_an_empty_panel_says_why(
    panel: AttractorsPanel, document: Document, toggle: Project
) -> None:
    assert "open a model" in panel._empty.text()
    document.replace(toggle)
    assert "Ctrl+R" in panel._empty.text()
    assert panel._find.text() == "Find the attractors of wild type"
    assert panel._find.isVisible()
    assert not panel.export.isEnabled()


def test_that_the_button_finds_attractors_and_shows_them(
    qtbot: QtBot, panel: AttractorsPanel, document: Document, toggle: Project
) -> None:
    document.replace(toggle)
    with qtbot.waitSignal(document.results_changed, timeout=20_000):
        panel._find.click()
        assert "Looking" in panel._empty.text()
    assert panel.found is not None
    assert panel.model.rows == list(range(len(panel.found.attractors)))
    assert panel.badge.text() == "exact"


def test_that_attractors_are_grouped_by_the_inputs(
    panel: AttractorsPanel, found: Attractors
) -> None:
    conditions = {a.condition for a in found.attractors}
    assert len(panel.model.groups) == len(conditions) == 12
    assert panel.model.groups[0].title == "LIF_dose = 0, Insult = 0, LSEC = 0"
    assert panel.table.isColumnHidden(5)
    QAbstractItemModelTester(panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for grouping in ("By phenotype", "By kind", "No groups"):
        panel.grouping.setCurrentText(grouping)
        assert sorted(panel.model.rows) == list(range(len(found.attractors)))
    assert panel.model.is_flat
    assert not panel.table.isColumnHidden(5)


def test_that_nothing_is_painted_until_an_attractor_is_chosen(
    panel: AttractorsPanel, found: Attractors, selection: Selection
) -> None:
    assert selection.painting is None


def test_that_arrow_keys_walk_the_attractors_in_both_views(
    panel: AttractorsPanel, found: Attractors, selection: Selection
) -> None:
    panel.grouping.setCurrentText("No groups")
    panel.map.setFocus()
    QTest.keyClick(panel.map, Qt.Key.Key_Down)
    assert panel.chosen == [0]
    QTest.keyClick(panel.map, Qt.Key.Key_Down)
    assert panel.chosen == [1]
    assert panel.map.chosen_key == 1
    painting = selection.painting
    assert painting is not None
    assert painting.levels == found.attractors[1].space
    assert painting.caption == "A2, failed, unperturbed with LIF_dose, Insult, LSEC open"
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    assert panel.map.chosen_key == 2
    panel.transpose.trigger()
    QTest.keyClick(panel.map, Qt.Key.Key_Left)
    assert panel.chosen == [1]


def test_that_two_chosen_attractors_are_painted_as_a_difference(
    panel: AttractorsPanel, found: Attractors, selection: Selection
) -> None:
    panel.choose(0)
    model = panel.table.selectionModel()
    index = panel.model.index_of(2)
    model.setCurrentIndex(index, model.SelectionFlag.Select | model.SelectionFlag.Rows)
    painting = selection.painting
    assert painting is not None
    assert painting.caption == "A3 against A1, unperturbed with LIF_dose, Insult, LSEC open"
    assert (painting.levels, painting.before) == (
        found.attractors[2].space,
        found.attractors[0].space,
    )


def test_that_paint_of_others_takes_the_choice_away(
    panel: AttractorsPanel, found: Attractors, selection: Selection
) -> None:
    panel.choose(3)
    selection.paint(Painting(Space({"LIF": 1}), "something else"))
    assert panel.chosen == []
    assert panel.map.chosen_key is None


def test_that_a_click_on_a_square_chooses_attractor_and_component(
    panel: AttractorsPanel, found: Attractors, selection: Selection
) -> None:
    panel.grouping.setCurrentText("No groups")
    heat = panel.map
    at = QPoint(int(heat._left + 2.5 * 27), int(heat._top + 1.5 * 22))
    QTest.mouseClick(heat.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert panel.chosen == [1]
    assert selection.component == found.origin.components[2]
    assert heat.tip_at(at).endswith("LSEC = 0")


def test_that_a_filter_takes_words_and_conditions(
    panel: AttractorsPanel, found: Attractors
) -> None:
    panel.filter.setText("healthy quiescent")
    assert {found.attractors[i].phenotypes for i in panel.model.rows} == {("healthy quiescent",)}
    panel.filter.setText("Mass:2 & LIF:2")
    expected = [i for i, a in enumerate(found.attractors)
                if a.space["Mass"] == (2, 2) and a.space["LIF"] == (2, 2)]  # fmt: skip
    assert sorted(panel.model.rows) == expected != []
    panel.filter.setText("Mass:")
    assert panel.filter.toolTip() != ""
    panel.filter.clear()
    assert len(panel.model.rows) == len(found.attractors)


def test_that_both_views_follow_one_order(panel: AttractorsPanel, found: Attractors) -> None:
    panel.grouping.setCurrentText("No groups")
    panel.choose(5)
    panel.table.header().setSortIndicator(3, Qt.SortOrder.DescendingOrder)
    sizes = [found.attractors[i].size or 0 for i in panel.model.rows]
    assert sizes == sorted(sizes, reverse=True)
    assert [line.key for line in panel.map.content.lines] == panel.model.rows
    assert panel.chosen == [5]
    assert panel.map.chosen_key == 5
    panel.map.column_sorted.emit("Mass")
    levels = [sum(found.attractors[i].space["Mass"]) for i in panel.model.rows]
    assert levels == sorted(levels, reverse=True)
    panel.map.column_sorted.emit("Mass")
    assert [sum(found.attractors[i].space["Mass"]) for i in panel.model.rows] == levels[::-1]


def test_that_squares_tell_zero_from_missing_and_change_from_inputs(
    panel: AttractorsPanel, found: Attractors
) -> None:
    chronic = next(a for a in found.attractors if a.kind != "fixed point")
    assert "Mass" in changing(chronic)
    assert level_cell((0, 2), 2).look == "free"
    assert level_cell((0, 2), 2, varies=True).look == "varies"
    assert level_cell(None, 2) is MISSING is not level_cell((0, 0), 2)
    assert level_cell((1, 1), 2, before=(0, 0)).mark == "up"


def test_that_rows_are_copied_as_the_command_line_writes_them(
    panel: AttractorsPanel, found: Attractors
) -> None:
    panel.copy.trigger()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert [line.split("\t") for line in lines] == [
        ["" if c is None else str(c) for c in row] for row in attractors_to_rows(found)
    ]
    panel.choose(4)
    panel.copy_as_csv.trigger()
    copied = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text())))
    assert [row[0] for row in copied] == ["attractor", "A5"]


def test_that_exports_hold_what_is_shown(
    panel: AttractorsPanel, found: Attractors, document: Document, tmp_path: Path
) -> None:
    panel.filter.setText("failed")
    assert exports.save(document, tmp_path / "a.csv", panel.contents)
    assert len((tmp_path / "a.csv").read_text().splitlines()) == len(panel.model.rows) + 1
    assert exports.save(document, tmp_path / "a.svg", panel.contents)
    texts = {t.text for t in ElementTree.parse(tmp_path / "a.svg").iter() if t.text}
    assert {
        "Attractors of lif_lifr, unperturbed with LIF_dose, Insult, LSEC open",
        "HepProlif",
        "A2  failed",
        "level 0 to highest",
    } <= texts
    assert exports.save(document, tmp_path / "a.png", panel.contents)
    assert QImage(str(tmp_path / "a.png")).width() >= 2 * panel.map.export().width - 2


def test_that_an_export_that_fails_is_said(
    panel: AttractorsPanel, found: Attractors, document: Document, tmp_path: Path
) -> None:
    said: list[str] = []
    document.said.connect(lambda sentence, _kind: said.append(sentence))
    assert not exports.save(document, tmp_path / "none" / "a.csv", panel.contents)
    assert not exports.save(document, tmp_path / "a.docx", panel.contents)
    assert "cannot be written" in said[0]
    assert ".svg" in said[1]


def test_that_a_changed_network_marks_the_answer_as_stale(
    panel: AttractorsPanel, found: Attractors, document: Document, selection: Selection
) -> None:
    assert not panel._note.isVisible()
    document.change("Edit", _with_rule(document.project, "Mass", Rule.constant(1)))
    assert panel.note_text.text().startswith("Stale")
    assert panel._note.isVisible()
    panel.choose(0)
    assert selection.painting is not None
    document.stack.undo()
    assert not panel._note.isVisible()


def _with_rule(project: Project, name: str, rule: Rule) -> Project:
    from dataclasses import replace

    return replace(project, network=project.network.with_rule(name, rule))


def test_that_a_stale_attractor_paints_only_what_is_still_there(
    panel: AttractorsPanel, found: Attractors, document: Document, selection: Selection
) -> None:
    from dataclasses import replace

    project = document.project
    document.change("Delete", replace(project, network=project.network.without("Angio")))
    panel.choose(0)
    assert selection.painting is not None
    assert "Angio" not in selection.painting.levels
    assert "HGF" in selection.painting.levels


def test_that_the_answer_of_the_current_scenario_is_shown(
    panel: AttractorsPanel, found: Attractors, document: Document, selection: Selection
) -> None:
    phx = _answer(document, document.project.scenario("PHx"))
    assert panel.found is phx
    selection.choose("")
    assert panel.found is phx  # nothing changed: the wild type was current all along
    selection.choose("PHx")
    selection.choose("healthy")
    assert panel.found is phx
    assert panel.note_text.text() == "These are of PHx; the current scenario is healthy."
    selection.choose("")
    assert panel.found is found
    panel.results.activated.emit(0)
    assert panel.found is phx


def test_that_free_inputs_do_not_count_as_change(document: Document, toggle: Project) -> None:
    scenario = Scenario(perturbation=Perturbation(Space({"A": 0})))
    (attractor,) = find_attractors(toggle.network, scenario).attractors
    assert attractor.condition == Space({"S": (0, 2)})
    assert changing(attractor) == []


def test_that_a_filter_keeps_what_holds_in_every_state_and_drops_what_does_not() -> None:
    # A and B turn round together: A=1 B=0 never is, though the ranges of both are 0 to 1.
    network = LogicalNetwork((Component("A", Rule.of("!A")), Component("B", Rule.of("!B"))))
    scenario = Scenario(start=Space({"A": 0, "B": 0}), update="synchronous")
    answer = find_attractors(network, scenario)
    (tied,) = answer.attractors
    for text, kept in (
        ("A & B | !A & !B", True),
        ("A & B", False),
        ("A | !A", True),
        ("A=0 | A=1", True),
    ):
        keeps, problem = filter_of(text, network, answer.origin.scenario)
        assert (keeps(tied), problem) == (kept, ""), text


def test_that_a_filter_keeps_what_it_cannot_decide() -> None:
    network = LogicalNetwork((Component("A", Rule.of("!A")), Component("B", Rule.of("!B"))))
    (tied,) = find_attractors(
        network, Scenario(start=Space({"A": 0, "B": 0}), update="synchronous")
    ).attractors
    keeps, _ = filter_of("A & B | !A & !B", network)
    assert keeps(tied)


def test_that_a_hidden_panel_hands_out_the_rows_of_the_newest_answer(
    panel: AttractorsPanel, document: Document, liver: Project
) -> None:
    document.replace(liver)
    _answer(document, liver.scenario("PHx"))
    panel.hide()
    found = _answer(document, liver.scenario("overdose at PHx"))
    expected = attractors_to_rows(found)
    assert len(expected) > 2
    panel.copy_csv()
    assert QGuiApplication.clipboard().text() == to_csv(expected)
    _answer(document, liver.scenario("PHx"))
    panel.copy_text()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 2
    _answer(document, liver.scenario("overdose at PHx"))
    assert panel.contents[".csv"]() == to_csv(expected)


def test_that_an_export_says_how_many_attractors_the_filter_left(
    panel: AttractorsPanel, document: Document, found: Attractors, tmp_path: Path
) -> None:
    heard: list[str] = []
    document.said.connect(lambda sentence, _kind: heard.append(sentence))
    panel.filter.setText("Mass=2")
    shown = len(panel.model.rows)
    assert 0 < shown < len(found.attractors)
    assert exports.save(document, tmp_path / "a.csv", panel.contents, panel._share)
    assert f"{shown} of {len(found.attractors)} attractors" in heard[-1]
