"""Journeys: what people come for, from one end to the other, through real widgets.

Each ends with undo giving back the very project that was opened.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.selection import WILD_TYPE, Painting
from gui.views.network import NetworkPanel
from gui.views.scenario_bar import ScenarioBar
from regnet.formats import load
from regnet.formats.toml import to_toml
from regnet.project import Project


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
    assert window.messages.text == ""
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


def test_that_a_component_is_found_and_its_neighbours_stand_out(
    opened: MainWindow, qtbot: QtBot
) -> None:
    network = _network(opened)
    network.fit_all.trigger()
    network.find_action.trigger()
    qtbot.keyClicks(network.search, "STAT3")
    qtbot.keyClick(network.search, Qt.Key.Key_Return)
    assert opened.selection.component == "STAT3"
    lit = {(e.edge.source, e.edge.target) for e in network.scene.edges if e.is_lit}
    qtbot.keyClick(network.search, Qt.Key.Key_Escape)
    lit = {(e.edge.source, e.edge.target) for e in network.scene.edges if e.is_lit}
    assert lit == {("LIFR", "STAT3"), ("STAT3", "Angio"), ("STAT3", "HGF")}


def test_that_attractors_are_found_and_painted(opened: MainWindow, qtbot: QtBot) -> None:
    before = opened.document.project
    bar = opened.panels["scenario-bar"]
    assert isinstance(bar, ScenarioBar)
    bar.names.setCurrentText("PHx")
    bar.names.activated.emit(bar.names.currentIndex())
    with qtbot.waitSignal(opened.document.results_changed, timeout=20000):
        opened._run.trigger()
    assert opened.selection.painting is None, "the first attractor is not painted by itself"
    (result,) = opened.document.results
    attractor = result.value.attractors[0]
    opened.selection.paint(Painting(attractor.space, "A1, fixed point, PHx"))
    network = _network(opened)
    assert network.scene.nodes["Mass"].levels == (2, 2)
    assert "A1, fixed point, PHx" in network.banner.label.text()
    assert "exact ✓ 1 attractor" in opened._status.answer.text()
    _undo_all(opened, before)


def test_that_a_knock_out_changes_where_it_ends_up(opened: MainWindow, qtbot: QtBot) -> None:
    before = opened.document.project
    opened.selection.choose("PHx")
    network = _network(opened)
    opened.selection.select("STAT3")
    network.knock_out.trigger()
    assert opened.selection.scenario_title == "PHx + STAT3 KO"
    assert before.scenario("PHx") == opened.document.project.scenario("PHx")
    with qtbot.waitSignal(opened.document.results_changed, timeout=20000):
        opened._run.trigger()
    masses = {a.space["Mass"] for a in opened.document.results[-1].value.attractors}
    assert masses != {(2, 2)}, "without STAT3 the liver is not restored"
    _undo_all(opened, before)
    assert opened.selection.scenario_title in (WILD_TYPE, "PHx")


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
