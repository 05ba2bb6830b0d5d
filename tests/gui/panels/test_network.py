"""The network view: what is drawn, what the mouse and the keys do, what is exported."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from gui.model.document import Document
from gui.model.marks import MARKS
from gui.model.selection import Painting, Trace
from gui.panels.network.edge_item import EdgeItem
from gui.panels.network.node_item import NodeItem
from gui.panels.network.panel import NetworkPanel
from gui.shell.main_window import MainWindow
from regnet.errors import RegnetError
from regnet.project import Project
from regnet.scenario import Cut
from regnet.space import Space


@pytest.fixture
def window(small_window: MainWindow) -> MainWindow:
    return small_window


@pytest.fixture
def panel(window: MainWindow, liver: Project, qtbot: QtBot) -> NetworkPanel:
    """The view of the liver model."""
    found = window.panels["network"]
    assert isinstance(found, NetworkPanel)
    window.document.replace(liver)
    qtbot.waitUntil(lambda: found.view.zoom != 1)
    return found


def _place(panel: NetworkPanel, name: str) -> QPoint:
    return panel.view.mapFromScene(panel.scene.nodes[name].pos())


def _drag(panel: NetworkPanel, start: QPoint, end: QPoint) -> None:
    view = panel.view.viewport()
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for kind, place, button, buttons in (
        (QEvent.Type.MouseButtonPress, start, left, left),
        (QEvent.Type.MouseMove, (start + end) / 2, none, left),
        (QEvent.Type.MouseMove, end, none, left),
        (QEvent.Type.MouseButtonRelease, end, left, none),
    ):
        where = QPointF(place)
        event = QMouseEvent(
            kind, where, view.mapToGlobal(where), button, buttons, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(view, event)


def test_that_every_component_and_edge_is_drawn(panel: NetworkPanel, liver: Project) -> None:
    assert set(panel.scene.nodes) == set(liver.network.names)
    assert {("Cachexia", "HepProlif"), ("LIF", "LIFR"), ("Mass", "Mass")} <= {
        (e.edge.source, e.edge.target) for e in panel.scene.edges
    }
    assert set(panel.scene.bands) == {c.compartment for c in liver.network.components}


def test_that_no_two_components_overlap(panel: NetworkPanel) -> None:
    boxes = [n.body.translated(n.pos()) for n in panel.scene.nodes.values()]
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_that_a_click_selects_and_a_second_with_ctrl_adds(
    panel: NetworkPanel, window: MainWindow, qtbot: QtBot
) -> None:
    view = panel.view.viewport()
    left = Qt.MouseButton.LeftButton
    qtbot.mouseClick(view, left, pos=_place(panel, "LIFR"))
    assert window.selection.components == ("LIFR",)
    qtbot.mouseClick(view, left, Qt.KeyboardModifier.ControlModifier, _place(panel, "STAT3"))
    assert window.selection.components == ("LIFR", "STAT3")
    qtbot.mouseClick(view, left, Qt.KeyboardModifier.ShiftModifier, _place(panel, "LIFR"))
    assert window.selection.components == ("STAT3",)


def test_that_dragging_moves_one_component_in_one_step(
    panel: NetworkPanel, window: MainWindow, liver: Project
) -> None:
    before = dict(panel.scene.places())
    start = _place(panel, "LIFR")
    _drag(panel, start, start - QPoint(60, 20))
    layout = window.document.project.layout
    assert layout["LIFR"][0] < before["LIFR"][0] - 30
    for name, place in panel.scene.places().items():
        assert name == "LIFR" or place == pytest.approx(before[name], abs=0.1)
    assert window.document.stack.count() == 1
    window.document.stack.undo()
    assert window.document.project is liver
    assert panel.scene.places() == before


def test_that_a_rubber_band_selects(panel: NetworkPanel, window: MainWindow) -> None:
    _drag(panel, QPoint(3, 3), QPoint(panel.view.width() - 3, panel.view.height() - 3))
    assert set(window.selection.components) == set(window.document.network.names)


def test_that_hovering_fades_what_is_far(panel: NetworkPanel) -> None:
    panel.scene.hover("STAT3")
    assert not panel.scene.nodes["LIFR"].is_faded
    assert panel.scene.nodes["Insult"].is_faded
    panel.scene.hover("")
    assert not panel.scene.nodes["Insult"].is_faded


def test_that_paint_shows_levels_and_says_so(panel: NetworkPanel, window: MainWindow) -> None:
    levels = Space({"LIF": 2, "Mass": (0, 2), "LIFR": 0})
    window.selection.paint(Painting(levels, "A1"))
    assert panel.scene.nodes["LIF"].levels == (2, 2)
    assert panel.banner.label.text() == "Painted with A1"
    idle = {(e.edge.source, e.edge.target) for e in panel.scene.edges if e.is_idle}
    assert ("LIFR", "STAT3") in idle
    assert ("LIF", "LIFR") not in idle
    words = [e.words for e in panel.legend.keys]
    assert "changes or is free" in words
    panel.clear_paint.trigger()
    assert window.selection.painting is None
    assert panel.banner.isHidden()


def test_that_a_comparison_marks_what_changed(panel: NetworkPanel, window: MainWindow) -> None:
    levels = Space(dict.fromkeys(window.document.network.names, 0))
    window.selection.paint(Painting(levels, "B", before=levels.with_({"LIF": 1})))
    assert panel.scene.nodes["LIF"].has_changed
    assert panel.scene.nodes["HGF"].is_faded


def test_that_k_knocks_out_and_undo_takes_it_back(
    panel: NetworkPanel, window: MainWindow, liver: Project
) -> None:
    window.selection.select("LIFR")
    panel.knock_out.trigger()
    assert panel.scene.nodes["LIFR"].held == (0, 0)
    assert window.selection.scenario_title == "LIFR KO"
    assert "knocked out" in [e.words for e in panel.legend.keys]
    window.document.stack.undo()
    assert window.document.project is liver
    assert panel.scene.nodes["LIFR"].held is None


def test_that_the_menu_of_a_component_holds_it_at_a_level(
    panel: NetworkPanel, window: MainWindow, qtbot: QtBot
) -> None:
    panel.view.asked_menu.emit(panel.scene.nodes["LIF"], QPoint(5, 5))
    menu = panel.menu
    texts = [a.text() for a in menu.actions() if a.text()]
    assert texts[:4] == [
        "Knock out LIF",
        "Hold LIF at 1  (physiological)",
        "Hold LIF at 2  (overdose)",
        "Free LIF",
    ]
    menu.actions()[2].trigger()
    assert window.selection.scenario.perturbation.clamps == Space({"LIF": 2})
    menu.close()


def test_that_the_menu_of_an_edge_cuts_it(panel: NetworkPanel, window: MainWindow) -> None:
    edge = next(e for e in panel.scene.edges if (e.edge.source, e.edge.target) == ("LIF", "LIFR"))
    panel.view.asked_menu.emit(edge, QPoint(5, 5))
    panel.menu.actions()[0].trigger()
    assert window.selection.scenario.perturbation.cuts == {Cut("LIF", "LIFR")}
    edge = next(e for e in panel.scene.edges if (e.edge.source, e.edge.target) == ("LIF", "LIFR"))
    assert edge.is_cut
    panel.menu.close()


def test_that_the_menu_of_the_paper_offers_the_view(panel: NetworkPanel) -> None:
    panel.view.asked_menu.emit(None, QPoint(5, 5))
    assert isinstance(panel.menu, QMenu)
    assert panel.fit_all in panel.menu.actions()
    panel.menu.close()


def test_that_searching_emphasises_and_enter_selects(
    panel: NetworkPanel, window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.keyClicks(panel.search, "stat")
    assert panel.scene.nodes["STAT3"].is_found
    assert panel.scene.nodes["Insult"].is_faded
    qtbot.keyClick(panel.search, Qt.Key.Key_Return)
    assert window.selection.component == "STAT3"
    qtbot.keyClick(panel.search, Qt.Key.Key_Escape)
    assert panel.search.text() == ""
    assert not panel.scene.nodes["Insult"].is_faded


def test_that_searching_knows_what_is_held_and_what_is_an_input(panel: NetworkPanel) -> None:
    assert set(panel.matches("in:")) == {"LIF_dose", "Insult", "LSEC"}
    assert panel.matches("ko:") == []


def test_that_components_are_added_renamed_and_deleted_in_steps_of_one(
    panel: NetworkPanel, window: MainWindow, liver: Project, qtbot: QtBot
) -> None:
    panel.add_component(QPointF(10, 10))
    assert window.selection.component == "X15"
    assert "X15" in panel.scene.nodes
    panel.delete.trigger()
    assert "X15" not in window.document.network
    window.selection.select("LIFR")
    panel.delete.trigger()
    assert "LIFR" not in panel.scene.nodes
    assert all("LIFR" not in s.perturbation.clamps for s in window.document.project.scenarios)
    for _ in range(3):
        window.document.stack.undo()
    assert window.document.project is liver
    assert "LIFR" in panel.scene.nodes


def test_that_others_can_be_hidden(panel: NetworkPanel, window: MainWindow) -> None:
    window.selection.select("STAT3")
    panel.hide_others.trigger()
    shown = {n for n, item in panel.scene.nodes.items() if item.isVisible()}
    assert shown == {"STAT3", "LIFR", "Angio", "HGF"}
    panel.show_all.trigger()
    assert all(item.isVisible() for item in panel.scene.nodes.values())


def test_that_arrows_walk_from_component_to_component(
    panel: NetworkPanel, window: MainWindow, qtbot: QtBot
) -> None:
    window.selection.select("LIFR")
    qtbot.keyClick(panel.view, Qt.Key.Key_Down)
    assert window.selection.component == "STAT3"


def test_that_zooming_stays_within_reason(panel: NetworkPanel) -> None:
    for _ in range(60):
        panel.larger.trigger()
    assert panel.view.zoom <= 6.01
    for _ in range(120):
        panel.smaller.trigger()
    assert panel.view.zoom >= 0.029
    panel.fit_all.trigger()
    seen = panel.view.mapToScene(panel.view.viewport().rect()).boundingRect()
    assert seen.contains(panel.scene.drawing_rect)


@pytest.mark.parametrize(
    ("ending", "start"), [("svg", b"<?xml"), ("pdf", b"%PDF"), ("png", b"\x89P")]
)
def test_that_drawings_are_exported(
    panel: NetworkPanel, tmp_path: Path, ending: str, start: bytes
) -> None:
    path = tmp_path / f"liver.{ending}"
    panel.export(path)
    assert path.read_bytes().startswith(start)
    if ending == "svg":
        text = path.read_text()
        for words in ("HepProlif", "hepatocyte", "inhibits", "wild type"):
            assert words in text


def test_that_an_unknown_kind_of_drawing_is_refused(panel: NetworkPanel, tmp_path: Path) -> None:
    with pytest.raises(RegnetError, match="svg"):
        panel.export(tmp_path / "liver.docx")


def test_that_a_large_network_is_planned_in_a_worker(
    window: MainWindow, models: Path, qtbot: QtBot
) -> None:
    panel = window.panels["network"]
    assert isinstance(panel, NetworkPanel)
    with qtbot.waitSignal(panel.drawn, timeout=20000):
        window.open(models / "lif_lifr_extended.toml")
    assert len(panel.scene.nodes) == 42


def test_that_a_network_too_large_to_draw_says_so(window: MainWindow) -> None:
    from regnet.network import Component, LogicalNetwork

    many = LogicalNetwork(tuple(Component(f"G{i}") for i in range(2000)))
    window.document.replace(Project(many))
    panel = window.panels["network"]
    assert isinstance(panel, NetworkPanel)
    assert "2,000 components" in panel._empty.text()
    assert panel._stack.currentWidget() is panel._empty


def test_that_the_whole_body_of_a_component_can_be_hit(panel: NetworkPanel) -> None:
    item = panel.view.item_at(_place(panel, "Mass"))
    assert isinstance(item, NodeItem)
    assert item.name == "Mass"
    middle = next(e for e in panel.scene.edges if e.edge.source == "LSEC").path()
    found = panel.view.item_at(panel.view.mapFromScene(middle.pointAtPercent(0.5)))
    assert isinstance(found, EdgeItem)


def test_that_an_empty_document_says_how_to_begin(window: MainWindow) -> None:
    panel = window.panels["network"]
    assert isinstance(panel, NetworkPanel)
    assert isinstance(window.document, Document)
    assert "Ctrl+O" in panel._empty.text()


def test_that_a_trace_marks_its_edges_and_fades_the_rest_until_esc(
    panel: NetworkPanel, window: MainWindow
) -> None:
    window.selection.trace(Trace({("HGF", "HepProlif"): "leads"}, "a way"))
    items = {(e.edge.source, e.edge.target): e for e in panel.scene.edges}
    assert [ends for ends, e in items.items() if e.is_lit] == [("HGF", "HepProlif")]
    assert not panel.scene.nodes["HGF"].is_faded
    assert panel.scene.nodes["LIF"].is_faded
    assert panel.banner.label.text() == "Traced: a way"
    panel.clear_paint.trigger()
    assert window.selection.traced is None
    assert not any(e.is_faded for e in panel.scene.edges)
    assert not panel.banner.isVisible()


def test_that_what_evidence_says_of_edges_is_a_letter_and_dashes_and_in_the_legend(
    panel: NetworkPanel, window: MainWindow
) -> None:
    marks = {("HGF", "HepProlif"): "pass", ("LIF", "LIFR"): "fail", ("Angio", "HGF"): "untested"}
    window.selection.trace(Trace(marks, "edges by experiments", is_alone=False))
    items = {(e.edge.source, e.edge.target): e for e in panel.scene.edges}
    assert not any(e.is_faded for e in panel.scene.edges)
    dashes = {tuple(items[ends].pen().dashPattern()) for ends in marks}
    assert len(dashes) == 3
    words = [key.words for key in panel._legend_keys()]
    assert {MARKS[mark].words for mark in marks.values()} <= set(words)
    assert "assumption" not in words
