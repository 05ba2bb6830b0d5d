"""The inspector: live rules, properties, evidence and reasons."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from gui.model.ledger import ledger, support_of
from gui.model.selection import Painting
from gui.panels.inspector.panel import InspectorPanel
from gui.panels.network.panel import NetworkPanel
from gui.shell.main_window import MainWindow
from gui.widgets.linked import Linked
from regnet.analysis import structure
from regnet.analysis.attractors import Attractor, find_attractors
from regnet.analysis.check import confront
from regnet.analysis.explain import Explanation
from regnet.analysis.explain.several import Explained, Explanations
from regnet.cli import main
from regnet.errors import EngineError
from regnet.formats import loads
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project
from regnet.records.explain import explanations_to_json
from regnet.scenario import Scenario


@pytest.fixture
def window(small_window: MainWindow) -> MainWindow:
    return small_window


@pytest.fixture
def panel(window: MainWindow, liver: Project) -> InspectorPanel:
    window.document.replace(liver)
    window.selection.select("LIFR")
    found = window.panels["inspector"]
    assert isinstance(found, InspectorPanel)
    return found


def test_that_it_says_what_to_do_when_nothing_is_selected(
    panel: InspectorPanel, window: MainWindow
) -> None:
    window.selection.select()
    assert panel._stack.currentWidget() is panel._empty


def test_that_a_rule_is_taken_with_enter_and_undone(
    panel: InspectorPanel, window: MainWindow, liver: Project, qtbot: QtBot
) -> None:
    editor = panel.properties.rule.editors[1]
    assert editor.toPlainText() == "LSEC & LIF"
    editor.setPlainText("LSEC & LIF:2")
    assert "+ LIF" in panel.properties.rule.verdict.text()
    assert window.document.project is liver, "not before Enter"
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert window.document.network["LIFR"].rule == Rule.parse(
        {1: "LSEC & LIF:2"}, window.document.network.tops
    )
    assert window.document.stack.undoText() == "Rule of LIFR"
    window.document.stack.undo()
    assert window.document.project is liver
    assert panel.properties.rule.editors[1].toPlainText() == "LSEC & LIF"


@pytest.mark.parametrize(
    ("text", "words", "column"),
    [("LSEC & & LIF", "Column 8", 8), ("LSEC & LIFT", "LIFT", 8), ("(LSEC", "parenthesis", 1)],
)
def test_that_a_wrong_rule_is_marked_where_it_is_wrong_and_not_taken(
    panel: InspectorPanel,
    window: MainWindow,
    liver: Project,
    qtbot: QtBot,
    text: str,
    words: str,
    column: int,
) -> None:
    editor = panel.properties.rule.editors[1]
    editor.setPlainText(text)
    assert words in panel.properties.rule.verdict.text()
    assert editor._wrong == column
    assert len(editor.extraSelections()) == 1
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert window.document.project is liver


def test_that_esc_gives_a_rule_up(panel: InspectorPanel, liver: Project, qtbot: QtBot) -> None:
    editor = panel.properties.rule.editors[1]
    editor.setPlainText("nonsense &")
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert editor.toPlainText() == "LSEC & LIF"
    assert "✓" in panel.properties.rule.verdict.text()


def test_that_a_rule_of_several_levels_has_a_line_for_each(
    panel: InspectorPanel, window: MainWindow
) -> None:
    window.selection.select("HGF")
    assert list(panel.properties.rule.editors) == [2, 1]
    panel.properties.rule.editors[2].setPlainText("Angio:2")
    panel.properties.rule.editors[2].accepted.emit()
    rule = window.document.network["HGF"].rule
    assert rule is not None
    assert [level for _, level in rule.cases] == [2, 1]


def test_that_names_are_completed(panel: InspectorPanel, window: MainWindow, qtbot: QtBot) -> None:
    editor = panel.properties.rule.editors[1]
    editor.setPlainText("LSEC & sta")
    editor.moveCursor(editor.textCursor().MoveOperation.End)
    editor._complete("STAT3")
    assert editor.toPlainText() == "LSEC & STAT3"


def test_that_a_component_becomes_an_input_and_back(
    panel: InspectorPanel, window: MainWindow, liver: Project
) -> None:
    panel.properties.rule.is_input.click()
    assert window.document.network["LIFR"].is_input
    assert panel.properties.rule.editors == {}
    window.document.stack.undo()
    assert window.document.project is liver
    assert list(panel.properties.rule.editors) == [1]


def test_that_renaming_follows_everywhere(
    panel: InspectorPanel, window: MainWindow, liver: Project
) -> None:
    panel.properties.name.setText("LIF receptor")
    panel.properties.name.editingFinished.emit()
    project = window.document.project
    assert "LIFR" not in str(project.network["STAT3"].rule)
    assert any("LIF receptor" in s.perturbation.clamps for s in project.scenarios) == any(
        "LIFR" in s.perturbation.clamps for s in liver.scenarios
    )
    assert window.selection.component == "LIF receptor"
    panel.properties.name.setText("STAT3")
    panel.properties.name.editingFinished.emit()
    assert "already" in window.messages.text
    assert panel.properties.name.text() == "LIF receptor"
    window.document.stack.undo()
    assert window.document.project is liver


def test_that_levels_meanings_place_and_note_are_edited(
    panel: InspectorPanel, window: MainWindow, liver: Project
) -> None:
    tab = panel.properties
    tab.top.setValue(2)
    assert window.document.network["LIFR"].top == 2
    assert len(tab.meanings) == 3
    tab.meanings[2].setText("very active")
    tab.meanings[2].editingFinished.emit()
    assert window.document.network["LIFR"].meanings[2] == "very active"
    tab.compartment.setCurrentText("membrane")
    tab._set_compartment()
    tab.note.setPlainText("A note")
    tab._set_note()
    component = window.document.network["LIFR"]
    assert (component.compartment, component.note) == ("membrane", "A note")
    for _ in range(4):
        window.document.stack.undo()
    assert window.document.project is liver


def test_that_a_level_that_others_ask_for_cannot_go(
    panel: InspectorPanel, window: MainWindow, liver: Project
) -> None:
    window.selection.select("LIF")
    panel.properties.top.setValue(1)
    assert "LIF" in window.messages.text
    assert window.document.project is liver
    assert panel.properties.top.value() == 2


def test_that_references_are_added_and_taken_away(
    panel: InspectorPanel, window: MainWindow, liver: Project, qtbot: QtBot
) -> None:
    panel.tabs.setCurrentIndex(1)
    tab = panel.evidence
    tab.entry.setCurrentText("Someone 2020, doi 10.1000/182")
    tab._add()
    key = window.document.network["LIFR"].refs[-1]
    added = next(r for r in window.document.project.references if r.key == key)
    assert added.doi == "10.1000/182"
    remove = next(
        b
        for b in tab.findChildren(QToolButton)
        if b.accessibleName() == f"Remove reference {key}" and not b.isHidden()
    )
    remove.click()
    assert key not in window.document.network["LIFR"].refs
    window.document.stack.undo()
    window.document.stack.undo()
    assert window.document.project is liver


def test_that_an_edge_has_evidence_of_its_own(
    panel: InspectorPanel, window: MainWindow, liver: Project
) -> None:
    window.selection.ask("inspector", "evidence LIF")
    tab = panel.evidence
    assert tab.about.currentText() == "LIF → LIFR"
    claim = next(c for c in liver.network.claims if (c.source, c.target) == ("LIF", "LIFR"))
    assert tab.kind.currentData() == claim.kind
    references = [label.words() for label in tab.findChildren(Linked)]
    assert any("10.64898/2026.02.24.707802" in words for words in references)
    tab.confidence.setCurrentIndex(tab.confidence.findData("medium"))
    tab.confidence.activated.emit(tab.confidence.currentIndex())
    changed = {(c.source, c.target): c for c in window.document.network.claims}
    assert changed["LIF", "LIFR"].confidence == "medium"
    assert tab.about.currentText() == "LIF → LIFR", "the edge stays in view"
    assert window.document.stack.undoText() == "Confidence in LIF → LIFR"
    window.document.stack.undo()
    assert window.document.project is liver


def test_that_an_edge_without_a_claim_gets_one_when_it_is_cited(
    panel: InspectorPanel, window: MainWindow, toggle: Project
) -> None:
    window.document.replace(toggle)
    window.selection.select("A")
    window.selection.ask("inspector", "evidence B")
    panel.evidence.entry.setCurrentText("PMID 12345678")
    panel.evidence._add()
    (claim,) = window.document.network.claims
    assert (claim.source, claim.target, claim.sign) == ("B", "A", "-")
    assert claim.refs == ("R1",)
    assert window.document.project.references[0].pmid == "12345678"
    window.document.stack.undo()
    assert window.document.project is toggle


def test_that_evidence_names_the_experiments_with_their_verdicts(
    panel: InspectorPanel, window: MainWindow, liver: Project
) -> None:
    window.selection.ask("inspector", "evidence LIF")
    words = panel.evidence.experiments.words()
    assert "– not checked C04" in words
    assert "cites EV01" in words
    verdicts = confront(liver, only=["C04", "C05"])
    window.document.add_result("Experiments", verdicts)
    words = panel.evidence.experiments.words()
    assert "✓ holds C04 LIF neutralisation impairs recovery" in words
    window.selection.select("Mass")
    window.selection.ask("inspector", "evidence Mass")
    rests = support_of(liver, ledger(liver, window.document.results), None, "Mass", "Mass")
    assert panel.evidence.experiments.words().count("cites") == len(rests)


def _paint_first(window: MainWindow, scenario: str) -> Attractor:
    """Choose a scenario and paint its first attractor, as the table of attractors does."""
    window.selection.choose(scenario)
    project = window.document.project
    found = find_attractors(
        project.network, project.scenario(scenario), phenotypes=project.phenotypes
    )
    first = found.attractors[0]
    window.selection.paint(
        Painting(first.space, "A1", attractor=first, scenario=window.selection.scenario)
    )
    return first


def _explained(panel: InspectorPanel, name: str, qtbot: QtBot, *, size: int = 0) -> Explanation:
    def is_there() -> bool:
        answer = panel.why.answer
        return answer is not None and answer.component == name and answer.size >= size

    qtbot.waitUntil(is_there, timeout=30_000)
    assert panel.why.answer is not None
    return panel.why.answer


def test_that_it_says_why_as_the_command_line_does(
    panel: InspectorPanel,
    window: MainWindow,
    models: Path,
    qtbot: QtBot,
    capsys: pytest.CaptureFixture[str],
) -> None:
    panel.tabs.setCurrentIndex(2)
    assert "paint" in panel.why.words.words()
    attractor = _paint_first(window, "overdose at PHx")
    window.selection.select("HepProlif")
    answer = _explained(panel, "HepProlif", qtbot, size=1)
    words = panel.why.words.words()
    assert "Cachexia=1 and HepArrest=1 block it, although HGF=2" in words
    assert "LIF_dose=2: the scenario holds it there" in words
    arguments = ["HepProlif", "--scenario", "overdose at PHx", "--attractor", "1"]
    path = str(models / "lif_lifr.toml")
    assert main(["why", path, *arguments, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    whole = Explanations(
        origin=answer.origin, component="HepProlif", found=(Explained(1, attractor, answer),)
    )
    shown = explanations_to_json(whole, window.document.network)
    for data in (told, shown):
        data["seconds"] = data["asked"] = None
    assert told == json.loads(json.dumps(shown))


def test_that_a_reason_is_a_link_to_its_component(
    panel: InspectorPanel, window: MainWindow, qtbot: QtBot
) -> None:
    panel.tabs.setCurrentIndex(2)
    _paint_first(window, "overdose at PHx")
    window.selection.select("HepProlif")
    _explained(panel, "HepProlif", qtbot)
    panel.why.words.linkActivated.emit("Cachexia")
    assert window.selection.component == "Cachexia"
    _explained(panel, "Cachexia", qtbot)
    assert "LIF=2 drives it" in panel.why.words.words()


def test_that_the_chain_is_traced_on_the_network_and_taken_off(
    panel: InspectorPanel, window: MainWindow, qtbot: QtBot
) -> None:
    panel.tabs.setCurrentIndex(2)
    _paint_first(window, "overdose at PHx")
    window.selection.select("HepProlif")
    _explained(panel, "HepProlif", qtbot)
    panel.why.show_chain.click()
    trace = window.selection.traced
    assert trace is not None
    assert trace.marks["Cachexia", "HepProlif"] == "leads"
    assert trace.marks["HGF", "HepProlif"] == "against"
    assert ("Injury", "Mass") not in trace.marks
    window.selection.trace(None)
    assert not panel.why.show_chain.isChecked()


def test_that_a_change_becomes_a_scenario_in_one_step(
    panel: InspectorPanel, window: MainWindow, liver: Project, qtbot: QtBot
) -> None:
    panel.tabs.setCurrentIndex(2)
    _paint_first(window, "overdose at PHx")
    window.selection.select("HepProlif")
    _explained(panel, "HepProlif", qtbot, size=1)
    tries = [b for b in panel.why.findChildren(QToolButton) if "HepArrest=0 and" in
             b.accessibleName() and not b.isHidden()]  # fmt: skip
    tries[0].click()
    clamps = window.selection.scenario.perturbation.clamps
    assert (clamps["HepArrest"], clamps["Mass"], clamps["LIF_dose"]) == ((0, 0), (0, 0), (2, 2))
    window.document.stack.undo()
    assert window.document.project is liver


def test_that_what_goes_up_and_down_is_told_phase_by_phase(
    panel: InspectorPanel, window: MainWindow, toggle: Project, qtbot: QtBot
) -> None:
    ring = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("A"))))
    window.document.replace(Project(ring, scenarios=(Scenario("free"),)))
    panel.tabs.setCurrentIndex(2)
    _paint_first(window, "free")
    window.selection.select("A")
    _explained(panel, "A", qtbot)
    words = panel.why.words.words()
    assert "negative circuit" in words
    assert "At 0, about to rise (1 of 4 states): when B=0" in words


def test_that_a_rule_too_complex_for_signs_hides_neither_the_network_nor_itself(
    small_window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(structure, "TABLE_BITS", 0)

    def give_up(*_: object) -> None:
        raise EngineError("too complex")

    monkeypatch.setattr(structure, "_effects_by_diagram", give_up)
    rules = "A, A\nB, B\nC, C\nD, (A & !B) | (B & !C) | (C & !A)\nE, D"
    window = small_window
    window.document.replace(loads(rules, "complex.bnet").project)
    panel = window.panels["network"]
    assert isinstance(panel, NetworkPanel)
    qtbot.waitUntil(lambda: len(panel.scene.nodes) == 5)
    drawn = {(e.edge.source, e.edge.target, e.edge.sign) for e in panel.scene.edges}
    assert drawn >= {("A", "D", "±"), ("D", "E", "+")}
    assert window.messages.text.startswith("The rule of D is too complex")
    window.selection.select("D")
    inspector = window.panels["inspector"]
    assert isinstance(inspector, InspectorPanel)
    verdict = inspector.properties.rule.verdict.text()
    assert verdict == "✓ too complex to determine who activates and who inhibits"
