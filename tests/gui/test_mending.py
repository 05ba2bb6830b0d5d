"""Journey J8: a claim that no rule uses is put into the rule, and stale answers are run again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from gui.model.claims import doubts, unused_claims, with_term
from gui.panels.inspector.panel import InspectorPanel
from gui.panels.scenarios.history import HistoryPanel
from gui.results.results import ResultsPanel
from gui.shell.main_window import MainWindow
from regnet.analysis.attractors import find_attractors
from regnet.analysis.structure import edges_into
from regnet.formats import save
from regnet.formats.toml import to_toml
from regnet.network import Claim, Component, LogicalNetwork, Rule
from regnet.project import Project

WAIT = 30_000


@pytest.fixture
def claimed(tmp_path: Path, liver: Project) -> Path:
    """The liver model with a claim that no rule uses."""
    network = liver.network
    network = network.with_claims([*network.claims, Claim("STAT3", "VEGF", "+", note="a paper")])
    path = tmp_path / "claimed.toml"
    save(replace(liver, network=network), path)
    return path


def _pressed(widget: InspectorPanel, text: str) -> None:
    (button,) = [b for b in widget.findChildren(QPushButton) if b.text() == text]
    button.click()


def test_that_a_claim_is_put_into_the_rule_and_stale_answers_are_run_again(
    window: MainWindow, claimed: Path, qtbot: QtBot
) -> None:
    assert window.open(claimed)
    before = window.document.project
    inspector, results = window.panels["inspector"], window.panels["results"]
    history = window.panels["history"]
    assert isinstance(inspector, InspectorPanel)
    assert isinstance(results, ResultsPanel)
    assert isinstance(history, HistoryPanel)
    assert window.messages.text.endswith(
        "STAT3 → VEGF is claimed, but the rule of VEGF never uses it."
    )
    for name in ("PHx", "LIF high", ""):
        window.selection.choose(name)
        with qtbot.waitSignal(window.document.results_changed, timeout=WAIT):
            window._run.trigger()
    window._show_rule("VEGF")
    rule = inspector.properties.rule
    editor = next(iter(rule.editors.values()))
    written = [e.toPlainText() for e in rule.editors.values()]
    _pressed(inspector, "… or STAT3")
    assert [e.toPlainText() for e in rule.editors.values()] == [
        f"{text} | STAT3" for text in written if text
    ]
    assert editor.extraSelections(), "what was put in is underlined"
    assert window.document.project is before, "nothing is taken before Enter"
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert unused_claims(window.document.network) == ()
    edges = {(e.source, e.sign) for e in edges_into(window.document.network, "VEGF")}
    assert ("STAT3", "+") in edges
    assert window.messages.text == "3 results are older than the network."
    states = [results.tree.topLevelItem(row).text(2) for row in range(3)]
    assert states == ["stale"] * 3
    assert "stale" in window._status.answer.text()
    window._undo.trigger()
    assert window.document.project is before
    assert window.messages.text == ""
    assert window.document.stale_results() == ()
    window._redo.trigger()
    assert history.list.model().rowCount() == 2
    results.stale.trigger()
    qtbot.waitUntil(lambda: not window.document.stale_results(), timeout=WAIT)
    assert len(window.document.results) == 6, "old answers are kept"
    for result in window.document.results[3:]:
        found = find_attractors(
            window.document.network,
            result.origin.scenario,
            phenotypes=window.document.project.phenotypes,
        )
        assert result.value.attractors == found.attractors
    while window.document.stack.canUndo():
        window._undo.trigger()
    assert to_toml(window.document.project) == to_toml(before)
    assert len(window.document.stale_results()) == 3, "now the newer answers are about another one"


def test_that_one_click_in_the_message_runs_stale_answers_again(
    window: MainWindow, claimed: Path, qtbot: QtBot
) -> None:
    window.open(claimed)
    with qtbot.waitSignal(window.document.results_changed, timeout=WAIT):
        window._run.trigger()
    network = window.document.network.with_rule("VEGF", Rule.of("STAT3"))
    window.document.change("Rule", replace(window.document.project, network=network))
    assert window.messages.text == "1 result is older than the network."
    assert window.messages.button.text() == "Re-run stale"
    with qtbot.waitSignal(window.document.results_changed, timeout=WAIT):
        window.messages.button.click()
    assert window.document.stale_results() == ()


def test_that_a_drawn_edge_into_an_input_makes_its_rule(
    window: MainWindow, toggle: Project
) -> None:
    network = toggle.network.with_claims([Claim("A", "S", "-")])
    window.document.replace(replace(toggle, network=network))
    window._show_rule("S")
    inspector = window.panels["inspector"]
    assert isinstance(inspector, InspectorPanel)
    _pressed(inspector, "!A")
    assert window.document.network["S"].rule == Rule.of("!A")
    window._undo.trigger()
    assert window.document.network is network


@pytest.mark.parametrize(
    ("text", "sign", "joint", "result"),
    [
        ("A", "+", "&", "A & C"),
        ("A | B", "-", "&", "(A | B) & !C"),
        ("A & B", "-", "|", "A & B | !C"),
        ("", "-", "&", "!C"),
    ],
)
def test_that_a_term_is_joined_as_it_is_meant(
    text: str, sign: str, joint: str, result: str
) -> None:
    assert with_term(text, Claim("C", "X", sign), joint) == result


def test_that_claims_are_compared_with_what_the_rule_does() -> None:
    network = LogicalNetwork(
        (
            Component("A"),
            Component("B"),
            Component("C"),
            Component("X", Rule.of("A & (B | !B)")),
        ),
        claims=(
            Claim("A", "X", "-"),
            Claim("B", "X", "+"),
            Claim("C", "X", "+"),
        ),
    )
    found = doubts(network, "X", edges_into(network, "X"))
    assert [(d.claim.source, d.can_add) for d in found] == [("A", False), ("B", False), ("C", True)]
    assert "in the rule it activates" in found[0].words
