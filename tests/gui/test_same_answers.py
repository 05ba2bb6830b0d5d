"""What a panel shows is what the command line says to the same question about the same model."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.model import edits
from gui.model.selection import Painting
from gui.panels.experiments.panel import ExperimentsPanel
from gui.panels.inspector.panel import InspectorPanel
from gui.panels.interventions.panel import InterventionsPanel
from gui.panels.queries.panel import QueriesPanel
from gui.shell.main_window import MainWindow
from gui.shell.panels import PANELS
from regnet.analysis.attractors import find_attractors
from regnet.cli import main
from regnet.formats import load
from regnet.formats.toml import to_toml
from regnet.network import Rule
from regnet.project import Project
from regnet.scenario import Perturbation
from regnet.space import Space

P = TypeVar("P", bound=QWidget)
WAIT = 60_000
_SHOWN = ("scenario-bar", "network", "inspector", "experiments", "interventions", "queries")


@pytest.fixture
def window(qtbot: QtBot, liver: Project) -> MainWindow:
    """The liver model, with the panels that are asked here."""
    made = MainWindow(panels=[panel for panel in PANELS if panel.key in _SHOWN])
    qtbot.addWidget(made, before_close_func=lambda _: made.document.stack.setClean())
    made.show()
    made.document.replace(liver)
    return made


def _panel(window: MainWindow, key: str, kind: type[P]) -> P:
    window.show_panel(key)
    found = window.panels[key]
    assert isinstance(found, kind)
    return found


@pytest.fixture
def told(models: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Ask on the command line, of the liver model or of another file; the answer as JSON."""

    def ask(command: str, *arguments: str, path: Path | None = None) -> Any:
        main([command, str(path or models / "lif_lifr.toml"), *arguments, "--format", "json"])
        return json.loads(capsys.readouterr().out)

    return ask


def test_that_experiments_hold_and_fail_as_the_command_line_says(
    window: MainWindow, liver: Project, told: Any, tmp_path: Path, qtbot: QtBot
) -> None:
    arrest = replace(liver.network["HepArrest"], rule=Rule.of("LIF"))  # too low a dose arrests
    changed = replace(liver, network=liver.network.with_component(arrest))
    path = tmp_path / "changed.toml"
    path.write_text(to_toml(changed))
    window.document.replace(load(path))
    panel = _panel(window, "experiments", ExperimentsPanel)
    panel.check_all.trigger()
    qtbot.waitUntil(lambda: all(entry.is_current for entry in panel.entries), timeout=WAIT)
    expected = told("check", path=path)["experiments"]
    verdicts = {True: "✓ holds", False: "✗ fails"}
    rows = range(panel.model.rowCount())
    assert {panel.model.index(r, 1).data(): panel.model.index(r, 0).data() for r in rows} == {
        one["id"]: verdicts[one["holds"]] for one in expected
    }
    fails = sum(not one["holds"] for one in expected)
    assert 0 < fails < len(expected)
    assert panel.summary.text().startswith(f"{len(expected)} experiments: ")
    assert f"{fails} fail" in panel.summary.text()
    for one in expected:
        panel.choose(one["id"])
        words = panel.details.words.words()
        for expectation in one["expectations"]:
            assert expectation["expected"] in words
            assert expectation["argument"] in words


@pytest.mark.parametrize(
    ("scenario", "target", "size", "allow"),
    [
        ("LIF high", "Mass:2", 2, ()),
        ("overdose before PHx", "Mass:2 & !Cachexia", 1, ("LIF_dose", "LIF", "LIFR", "Injury")),
    ],
)
def test_that_interventions_are_those_of_the_command_line(
    window: MainWindow, told: Any, qtbot: QtBot, scenario: str, target: str, size: int,
    allow: tuple[str, ...],
) -> None:  # fmt: skip
    panel = _panel(window, "interventions", InterventionsPanel)
    window.selection.choose(scenario)
    panel.setup.wanted.setCurrentIndex(panel.setup.wanted.count() - 1)
    panel.setup.condition.set_text(target)
    panel.setup.most.setValue(size)
    if allow:
        panel.setup.allowed.tick(allow)
    task = panel.run()
    assert task is not None
    with qtbot.waitSignal(task.ended, timeout=WAIT):
        pass
    where = ("--target", target, "--scenario", scenario, "--max-size", str(size))
    answer = told("control", *where, *(("--allow", ",".join(allow)) if allow else ()))
    sets = answer["interventions"]
    assert sets
    network = window.document.network
    shown = [
        [panel.table.text(row, column) for column in (0, 1, 4)]
        for row in range(panel.table.rowCount())
    ]
    assert shown == [
        [
            edits.perturbation_text(Perturbation(Space(one["perturbation"])), network),
            str(len(one["perturbation"])),
            one["why"],
        ]
        for one in sets
    ]
    assert f"{answer['candidates']} single interventions" in panel.proof.text()
    for name, shows in answer["before"].items():
        assert (f"{name} ({shows})" in panel.proof.text()) == (shows != "no attractor")
    assert panel.head.badge.text() == answer["guarantee"]


@pytest.mark.parametrize(
    "formula", ["EF (Mass:2 & !Cachexia)", "AF Mass:2", 'AG !"overdose (wasting)"', "EG !Mass"]
)
def test_that_an_answer_is_that_of_the_command_line(
    window: MainWindow, told: Any, qtbot: QtBot, formula: str
) -> None:
    panel = _panel(window, "queries", QueriesPanel)
    window.selection.choose("overdose at PHx")
    panel.formula.set_text(formula)
    task = panel.run()
    assert task is not None
    with qtbot.waitSignal(task.ended, timeout=WAIT):
        pass
    answer = told("query", formula, "--scenario", "overdose at PHx")
    verdict = "✓" if answer["holds"] else "✗"
    assert panel.verdict.text().startswith(f"{verdict} {answer['query']}")
    assert answer["argument"] in panel.known.text().lower() + panel.known.text()
    assert answer["guarantee"] in panel.known.text()
    steps = len(answer["path"] or ()) - 1
    if steps > 0:
        assert f"A run of {steps} step" in panel.run_words.text()
        before, after = answer["path"][0], answer["path"][1]
        (moved,) = [name for name in before if before[name] != after[name]]
        assert f"{moved}={after[moved]}" in panel.run_words.text()


def test_that_why_says_each_step_of_the_command_line(
    window: MainWindow, liver: Project, told: Any, qtbot: QtBot
) -> None:
    scenario = liver.scenario("LIF high")
    window.selection.choose(scenario.name)
    found = find_attractors(liver.network, scenario, phenotypes=liver.phenotypes)
    first = found.attractors[0]
    window.selection.paint(Painting(first.space, "A1", attractor=first, scenario=scenario))
    window.selection.select("HGF")
    panel = _panel(window, "inspector", InspectorPanel)
    window.selection.ask("inspector", "why")
    qtbot.waitUntil(lambda: panel.why.answer is not None, timeout=WAIT)
    (answer,) = told("why", "HGF", "--scenario", "LIF high")["explanations"]
    words = panel.why.words.words()
    assert answer["words"] in words
    reasons = [one["words"] for one in answer["chain"][1:] if not one["in_vain"]]
    assert reasons
    for reason in reasons:
        assert reason in words
