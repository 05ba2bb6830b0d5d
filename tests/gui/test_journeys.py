"""Journeys: what people come for, from one end to the other, through real widgets.

Each ends with undo giving back the very project that was opened, and numbers in the window are
those that the command line prints. Screens and reports (J5 to J7) are in ``test_workbench``,
mending a model (J8) is in ``test_mending``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from gui.model.selection import WILD_TYPE
from gui.panels.attractors.panel import AttractorsPanel
from gui.panels.compare.panel import ComparePanel
from gui.panels.network.panel import NetworkPanel
from gui.panels.scenarios.bar import ScenarioBar
from gui.shell.main_window import MainWindow
from gui.shell.tour import OVERDOSE, RELEASE, RESCUE, STEPS
from gui.shell.welcome import WelcomePanel
from regnet.analysis.attractors import Attractors
from regnet.cli import main
from regnet.formats import load
from regnet.formats.toml import to_toml
from regnet.project import Project
from regnet.records.attractors import attractors_to_json

WAIT = 30_000


@pytest.fixture
def opened(
    window: MainWindow, models: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> MainWindow:
    """J1: Ctrl+O, a file, and the network is there."""
    path = models / "lif_lifr.toml"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    network = _network(window)
    window._open.trigger()
    qtbot.waitUntil(lambda: len(network.scene.nodes) == 14)
    assert window._status.extent.text() == "14 components, 3 inputs"
    assert "14 components" in window.messages.text
    assert "3 inputs" in window.messages.text
    return window


def _network(window: MainWindow) -> NetworkPanel:
    panel = window.panels["network"]
    assert isinstance(panel, NetworkPanel)
    return panel


def _undo_all(window: MainWindow, before: Project) -> None:
    while window.document.stack.canUndo():
        window._undo.trigger()
    assert to_toml(window.document.project) == to_toml(before)
    assert not window.document.is_dirty


def _asked_of_the_command_line(
    window: MainWindow, capsys: pytest.CaptureFixture[str], *arguments: str
) -> Any:
    """Return what the command line answers about the file that is open, without its time."""
    command, *options = arguments
    capsys.readouterr()
    model = str(window.document.path or "lif_lifr")  # the tour works in a copy without a file
    assert main([command, model, *options, "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    answer["seconds"] = None
    return answer


def test_that_a_file_is_opened_and_told_about(
    opened: MainWindow, capsys: pytest.CaptureFixture[str]
) -> None:
    """J1."""
    path = opened.document.path
    assert path is not None
    assert opened.document.project == load(path)
    assert opened.settings.recent()[0] == path.resolve()
    drawn = {(e.edge.source, e.edge.sign, e.edge.target) for e in _network(opened).scene.edges}
    told = _asked_of_the_command_line(opened, capsys, "info")
    assert drawn == {(e["source"], e["sign"], e["target"]) for e in told["edges"]}
    assert not opened.document.stack.canUndo(), "opening is no edit"


def test_that_a_component_is_found_and_its_neighbours_stand_out(
    opened: MainWindow, qtbot: QtBot
) -> None:
    network = _network(opened)
    network.fit_all.trigger()
    network.find_action.trigger()
    qtbot.keyClicks(network.search, "STAT3")
    qtbot.keyClick(network.search, Qt.Key.Key_Return)
    assert opened.selection.component == "STAT3"
    qtbot.keyClick(network.search, Qt.Key.Key_Escape)
    lit = {(e.edge.source, e.edge.target) for e in network.scene.edges if e.is_lit}
    assert lit == {("LIFR", "STAT3"), ("STAT3", "Angio"), ("STAT3", "HGF")}


def test_that_looking_around_leaves_the_project_alone(opened: MainWindow) -> None:
    """J2: compartments are collapsed and expanded, neighbours kept, the rest hidden."""
    network, before = _network(opened), opened.document.project
    opened.selection.select("STAT3")
    network.hide_others.trigger()
    network.collapse.trigger()
    assert "STAT3" not in network.scene.nodes
    network.expand.trigger()
    network.show_all.trigger()
    assert set(network.scene.nodes) == set(before.network.names)
    assert opened.document.project is before


def test_that_attractors_are_found_and_painted(
    opened: MainWindow, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    """J3."""
    before = opened.document.project
    bar, panel = opened.panels["scenario-bar"], opened.panels["attractors"]
    assert isinstance(bar, ScenarioBar)
    assert isinstance(panel, AttractorsPanel)
    bar.names.setCurrentText("PHx")
    bar.names.activated.emit(bar.names.currentIndex())
    with qtbot.waitSignal(opened.document.results_changed, timeout=WAIT):
        opened._run.trigger()
    assert opened.selection.painting is None, "the first attractor is not painted by itself"
    opened.show_panel("attractors")
    panel.table.setFocus()
    qtbot.keyClick(panel.table, Qt.Key.Key_Down)
    network = _network(opened)
    assert network.scene.nodes["Mass"].levels == (2, 2)
    assert "A1, " in network.banner.label.text()
    assert network.banner.label.text().endswith("PHx")
    assert "exact ✓ 1 attractor" in opened._status.answer.text()
    (result,) = opened.document.results
    told = _asked_of_the_command_line(opened, capsys, "attractors", "--scenario", "PHx")
    assert attractors_to_json(result.value, timed=False) == told
    _undo_all(opened, before)


def test_that_a_knock_out_changes_where_it_ends_up(
    opened: MainWindow, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    """J4."""
    before = opened.document.project
    opened.selection.choose("PHx")
    network, panel = _network(opened), opened.panels["compare"]
    assert isinstance(panel, ComparePanel)
    opened.selection.select("STAT3")
    network.knock_out.trigger()
    assert opened.selection.scenario_title == "PHx + STAT3 KO"
    assert network.scene.nodes["STAT3"].held == (0, 0)
    assert before.scenario("PHx") == opened.document.project.scenario("PHx")
    with qtbot.waitSignal(opened.document.results_changed, timeout=WAIT):
        opened._run.trigger()
    masses = {a.space["Mass"] for a in opened.document.results[-1].value.attractors}
    assert masses != {(2, 2)}, "without STAT3 the liver is not restored"
    told = _asked_of_the_command_line(
        opened, capsys, "attractors", "--scenario", "PHx", "--clamp", "STAT3=0"
    )
    found = attractors_to_json(opened.document.results[-1].value, timed=False)
    assert found["attractors"] == told["attractors"]
    with qtbot.waitSignal(opened.document.results_changed, timeout=WAIT):
        panel.choose_scenarios("PHx", "PHx + STAT3 KO")
    assert "shifted" in panel.table.model().index(0, 0).data() or "lost" in (
        panel.table.model().index(0, 0).data()
    )
    panel.choose(0)
    assert network.scene.nodes["Mass"].has_changed
    assert "PHx → PHx + STAT3 KO" in network.banner.label.text()
    _undo_all(opened, before)
    assert opened.selection.scenario_title in (WILD_TYPE, "PHx")
    assert opened.selection.components == ("STAT3",)


def test_that_the_tour_shows_what_the_command_line_says(
    opened: MainWindow, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    """J9, from the welcome page on; no step makes the window wider."""
    opened.resize(1100, 700)
    page = opened.panels["welcome"]
    assert isinstance(page, WelcomePanel)
    page.start_tour()
    before = opened.document.project
    tour = page.tour
    assert tour is not None
    for number in range(len(STEPS)):
        tour.go_to(number)
        qtbot.waitUntil(lambda: not opened.runner.active, timeout=WAIT)
        assert opened.width() == 1100
    tour.leave()
    rescued = next(
        r for r in reversed(opened.document.results)
        if isinstance(r.value, Attractors) and r.origin.scenario.name == RESCUE
    )  # fmt: skip
    told = _asked_of_the_command_line(
        opened, capsys, "attractors", "--scenario", OVERDOSE, "--clamp", f"{RELEASE}=0"
    )
    found = attractors_to_json(rescued.value, timed=False)
    assert [a["space"] for a in found["attractors"]] == [a["space"] for a in told["attractors"]]
    assert not opened.document.is_dirty, "the tour leaves nothing to be saved"
    while opened.document.stack.canUndo():
        opened._undo.trigger()
    assert to_toml(opened.document.project) == to_toml(before)


def test_that_what_was_dragged_is_there_again_after_saving(
    opened: MainWindow, tmp_path: Path
) -> None:
    network = _network(opened)
    node = network.scene.nodes["LIF"]
    node.setPos(node.pos().x() + 50, node.pos().y())
    network.scene.moved.emit({"LIF": (node.pos().x(), node.pos().y())})
    opened.document.save(tmp_path / "moved.toml")
    again = load(tmp_path / "moved.toml")
    for name, place in network.scene.places().items():
        assert again.layout[name] == pytest.approx(place, abs=0.5)
