"""Edges drawn with the mouse, claims that no rule has, and compartments as one box."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from gui.panels.inspector.panel import InspectorPanel
from gui.panels.network.node_item import GroupItem
from gui.panels.network.panel import NetworkPanel
from gui.panels.network.plan import group_key, make_plan
from gui.shell.main_window import MainWindow
from regnet.formats.toml import to_toml
from regnet.network import Claim, Rule
from regnet.project import Project


@pytest.fixture
def panel(small_window: MainWindow, toggle: Project) -> NetworkPanel:
    small_window.document.replace(toggle)
    made = small_window.panels["network"]
    assert isinstance(made, NetworkPanel)
    return made


def _place(panel: NetworkPanel, name: str) -> QPoint:
    return panel.view.mapFromScene(panel.scene.nodes[name].pos())


def _drag(panel: NetworkPanel, qtbot: QtBot, stops: list[QPoint]) -> None:
    """Press at the first place, move over the others, and let go at the last."""
    port = panel.view.viewport()
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=stops[0])
    for stop in stops[1:]:
        qtbot.mouseMove(port, stop)
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=stops[-1])


def _mode(panel: NetworkPanel, sign: str) -> None:
    (mode,) = [action for action in panel.modes.actions() if action.data() == sign]
    mode.trigger()


@pytest.mark.parametrize("sign", ["+", "-", "±"])
def test_that_dragging_from_one_component_to_another_claims_an_edge(
    panel: NetworkPanel, small_window: MainWindow, toggle: Project, qtbot: QtBot, sign: str
) -> None:
    before = {name: node.pos() for name, node in panel.scene.nodes.items()}
    _mode(panel, sign)
    _drag(panel, qtbot, [_place(panel, "S"), _place(panel, "B")])
    network = small_window.document.network
    assert network.claims == (Claim("S", "B", sign),)
    assert network.digest == toggle.network.digest, "rules alone are the truth"
    (drawn,) = [e for e in panel.scene.edges if e.is_claimed]
    assert (drawn.source.name, drawn.target.name, drawn.edge.sign) == ("S", "B", sign)
    assert "claimed, but in no rule" in [e.words for e in panel.legend.keys]
    for name, place in before.items():
        assert (panel.scene.nodes[name].pos() - place).manhattanLength() < 1
    small_window.document.stack.undo()
    assert to_toml(small_window.document.project) == to_toml(toggle)
    assert not [e for e in panel.scene.edges if e.is_claimed]


def test_that_a_drawn_edge_is_put_into_the_rule_with_one_click_and_enter(
    panel: NetworkPanel, small_window: MainWindow, toggle: Project, qtbot: QtBot
) -> None:
    _mode(panel, "-")
    _drag(panel, qtbot, [_place(panel, "S"), _place(panel, "B")])
    inspector = small_window.panels["inspector"]
    assert isinstance(inspector, InspectorPanel)
    (button,) = [b for b in inspector.findChildren(QPushButton) if b.text() == "… and !S"]
    button.click()
    editor = inspector.properties.rule.editors[1]
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert small_window.document.network["B"].rule == Rule.of("!A & !S")
    assert not [e for e in panel.scene.edges if e.is_claimed]
    assert {e.edge.sign for e in panel.scene.edges if e.source.name == "S"} == {"+", "-"}
    small_window.document.stack.undo()
    small_window.document.stack.undo()
    assert small_window.document.project is toggle


def test_that_a_click_draws_nothing_but_a_loop_does(
    panel: NetworkPanel, small_window: MainWindow, toggle: Project, qtbot: QtBot
) -> None:
    _mode(panel, "+")
    here = _place(panel, "A")
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=here)
    assert small_window.document.project is toggle
    _drag(panel, qtbot, [here, here + QPoint(0, 60), here])
    assert small_window.document.network.claims == (Claim("A", "A", "+"),)


def test_that_escape_goes_back_to_selecting(panel: NetworkPanel, qtbot: QtBot) -> None:
    _mode(panel, "+")
    panel.clear_paint.trigger()
    assert panel.view.sign == ""
    assert panel.modes.checkedAction().data() == ""


def test_that_a_claim_is_taken_away(
    panel: NetworkPanel, small_window: MainWindow, toggle: Project
) -> None:
    network = toggle.network.with_claims([Claim("S", "B", "+")])
    small_window.document.replace(replace(toggle, network=network))
    (drawn,) = [e for e in panel.scene.edges if e.is_claimed]
    panel._open_menu(drawn, QPoint())
    (away,) = [a for a in panel.menu.actions() if a.text() == "Remove the claim"]
    away.trigger()
    panel.menu.close()
    assert small_window.document.network.claims == ()


def test_that_a_double_click_on_the_paper_adds_a_component_there(
    panel: NetworkPanel, small_window: MainWindow, toggle: Project, qtbot: QtBot
) -> None:
    corner = QPoint(panel.view.width() - 60, 60)
    assert panel.view.item_at(corner) is None
    qtbot.mouseDClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=corner)
    network = small_window.document.network
    (new,) = set(network.names) - set(toggle.network.names)
    assert network[new].is_input
    wanted: QPointF = panel.view.mapToScene(corner)
    x, y = small_window.document.project.layout[new]
    assert (abs(x - wanted.x()), abs(y - wanted.y())) < (60, 60)
    small_window.document.stack.undo()
    assert small_window.document.project is toggle


# --- compartments ----------------------------------------------------------------------------


@pytest.fixture
def folded(small_window: MainWindow, liver: Project) -> NetworkPanel:
    small_window.document.replace(liver)
    made = small_window.panels["network"]
    assert isinstance(made, NetworkPanel)
    return made


def test_that_a_compartment_becomes_one_box_and_opens_again(
    folded: NetworkPanel, small_window: MainWindow, liver: Project
) -> None:
    place = liver.network["STAT3"].compartment
    members = [c.name for c in liver.network.components if c.compartment == place]
    small_window.selection.select("STAT3")
    folded.collapse.trigger()
    box = folded.scene.nodes[group_key(place)]
    assert isinstance(box, GroupItem)
    assert box.label.endswith(f"({len(members)})")
    assert not set(members) & set(folded.scene.nodes)
    ends = {n for e in folded.scene.edges for n in (e.source.name, e.target.name)}
    assert ends <= set(folded.scene.nodes)
    assert small_window.document.project is liver, "looking is no edit"
    assert small_window.selection.components == ("STAT3",)
    folded.view.opened.emit(box, QPointF())
    assert set(folded.scene.nodes) == set(liver.network.names)


def test_that_places_inside_a_box_are_not_forgotten(
    folded: NetworkPanel, small_window: MainWindow, liver: Project
) -> None:
    layout = {n: (40.0 * i, 60.0 * i) for i, n in enumerate(liver.network.names)}
    small_window.document.replace(replace(liver, layout=layout))
    folded.collapse_selected()
    assert all(isinstance(node, GroupItem) for node in folded.scene.nodes.values())
    folded.expand.trigger()
    small_window.selection.select("STAT3")
    folded.collapse.trigger()
    other = next(n for n in folded.scene.nodes if n in liver.network)
    folded.scene.nodes[other].setPos(500, 500)
    folded.scene.moved.emit({other: (500.0, 500.0)})
    now = small_window.document.project.layout
    assert now[other] == (500, 500)
    assert now["STAT3"] == layout["STAT3"]
    assert set(now) == set(layout)


def test_that_searching_opens_the_box_that_holds_what_is_found(
    folded: NetworkPanel, small_window: MainWindow, qtbot: QtBot
) -> None:
    folded.collapse_selected()
    qtbot.keyClicks(folded.search, "STAT3")
    qtbot.keyClick(folded.search, Qt.Key.Key_Return)
    assert "STAT3" in folded.scene.nodes
    assert small_window.selection.component == "STAT3"


def test_that_edges_of_a_box_have_the_sign_on_which_all_agree(liver: Project) -> None:
    everything = frozenset(c.compartment for c in liver.network.components)
    whole, plan = make_plan(liver.network), make_plan(liver.network, everything)
    home = {c.name: group_key(c.compartment) for c in liver.network.components}
    signs: dict[tuple[str, str], set[str]] = {}
    for edge in whole.edges:
        ends = home[edge.source], home[edge.target]
        if ends[0] != ends[1]:
            signs.setdefault(ends, set()).add(edge.sign)
    assert {(e.source, e.target): e.sign for e in plan.edges} == {
        ends: found.copy().pop() if len(found) == 1 else "±" for ends, found in signs.items()
    }
