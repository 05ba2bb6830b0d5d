"""Network: the drawing of who acts on whom, painted with levels and marked with what is done.

It is planned in a worker unless it is small, keeps the places that a person gave, and is the widest
way into everything else: selecting, knocking out, editing and exporting start here.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import (
    QEvent,
    QMarginsF,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPageSize,
    QPainter,
    QPaintEvent,
    QPdfWriter,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGraphicsView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui import edits, legend
from gui.actions import add_action
from gui.canvas import EdgeItem, NetworkScene, NodeItem
from gui.controls import Empty
from gui.document import Document
from gui.jobs import Runner, Task
from gui.menus import component_menu, edge_menu, hold
from gui.plan import QUICK, Plan, make_plan, same_plan, with_places
from gui.selection import Selection
from gui.style import drawing_font, lent, style, theme
from regnet.errors import RegnetError
from regnet.formats import write_file
from regnet.network import Component, LogicalNetwork
from regnet.project import Project

MAX_DRAWN = 1500
"""Networks with more components are not drawn as a whole: nobody could read them."""

_LARGEST, _SMALLEST, _READABLE = 6.0, 0.03, 0.6


class NetworkView(QGraphicsView):
    """The part of the drawing that is on the screen: zooms, pans, selects."""

    asked_menu = Signal(object, QPoint)
    """A menu is wanted for an item (or None for the paper), at a place on the screen."""

    opened = Signal(object, QPointF)
    """An item (or None) was double-clicked, at a place in the drawing."""

    looked = Signal()
    """Another part of the drawing is shown, or at another scale."""

    def __init__(self, scene: NetworkScene) -> None:
        super().__init__(scene)
        self._scene = scene
        self.setAccessibleName("Network drawing")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setDragMode(QGraphicsView.DragMode.RubberBandDrag)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._pan_from: QPointF | None = None
        self._is_fitted = False
        self.left_margin = 0
        self._smooth_later = QTimer(self)
        self._smooth_later.setSingleShot(True)
        self._smooth_later.setInterval(150)
        self._smooth_later.timeout.connect(self._be_smooth)
        self.horizontalScrollBar().valueChanged.connect(self.looked)
        self.verticalScrollBar().valueChanged.connect(self.looked)

    @property
    def zoom(self) -> float:
        """The scale of the drawing; 1 is its own size."""
        return self.transform().m11()

    @property
    def is_fitted(self) -> bool:
        """Whether the whole drawing is shown, and nobody has looked elsewhere since."""
        return self._is_fitted

    def zoom_by(self, factor: float) -> None:
        """Show the drawing larger or smaller."""
        self._is_fitted = False
        wanted = min(max(self.zoom * factor, _SMALLEST), _LARGEST)
        self._be_quick()
        self.scale(wanted / self.zoom, wanted / self.zoom)
        self.looked.emit()

    def fit(self, box: QRectF | None = None) -> None:
        """Show the whole drawing, or a part of it, no larger than is comfortable to read."""
        target = self._scene.drawing_rect if box is None else box
        if target.isEmpty():
            return
        self.fitInView(target.adjusted(-12, -12, 12, 12), Qt.AspectRatioMode.KeepAspectRatio)
        if self.zoom > 1.25:
            self.scale(1.25 / self.zoom, 1.25 / self.zoom)
        # Stay clear of what lies over the left side, as far as there is room at the right.
        spare = self.viewport().width() - target.width() * self.zoom
        aside = min(self.left_margin / 2, max(spare / 2 - 12, 0))
        self.centerOn(target.center() - QPointF(aside / self.zoom, 0))
        self._is_fitted = box is None
        self.looked.emit()

    def fit_readable(self) -> None:
        """Show the whole drawing, or if names were too small to read then its upper part."""
        self.fit()
        box = self._scene.drawing_rect
        if 0 < self.zoom < _READABLE and self.zoom * box.height() > 0:
            self.scale(_READABLE / self.zoom, _READABLE / self.zoom)
            half = self.viewport().height() / 2 / _READABLE - 12
            self.centerOn(box.center().x(), max(box.top() + half, box.top()))
            self._is_fitted = False
            self.looked.emit()

    def bring(self, node: NodeItem) -> None:
        """Scroll to a component if it is out of sight."""
        seen = self.mapToScene(self.viewport().rect()).boundingRect()
        if not seen.contains(node.body.translated(node.pos())):
            self._is_fitted = False
            self.centerOn(node)

    def item_at(self, place: QPoint) -> NodeItem | EdgeItem | None:
        """Return the component or edge at a place of the view."""
        for item in self.items(QRect(place - QPoint(2, 2), QSize(5, 5))):
            if isinstance(item, NodeItem):
                return item
            top = item.parentItem() or item
            if isinstance(top, EdgeItem):
                return top
        return None

    def _be_quick(self) -> None:
        if len(self._scene.edges) > 150:
            self.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            self._smooth_later.start()

    def _be_smooth(self) -> None:
        self.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the mouse."""
        self.zoom_by(1.0015 ** event.angleDelta().y())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pan with the middle button; shift adds to the selection, as ctrl does."""
        if event.button() == Qt.MouseButton.MiddleButton:
            self._pan_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            return
        item = self.item_at(event.position().toPoint())
        if (
            event.button() == Qt.MouseButton.LeftButton
            and event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            and isinstance(item, NodeItem)
        ):
            item.setSelected(not item.isSelected())
            return
        if event.button() == Qt.MouseButton.RightButton:
            return  # the menu leaves the selection alone
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan."""
        if self._pan_from is None:
            super().mouseMoveEvent(event)
            return
        way = event.position() - self._pan_from
        self._pan_from = event.position()
        self._is_fitted = False
        self._be_quick()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() - round(way.x()))
        down.setValue(down.value() - round(way.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End panning."""
        if event.button() == Qt.MouseButton.MiddleButton and self._pan_from is not None:
            self._pan_from = None
            self.unsetCursor()
            return
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open what is there."""
        if event.button() == Qt.MouseButton.LeftButton:
            place = event.position().toPoint()
            self.opened.emit(self.item_at(place), self.mapToScene(place))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu; the keyboard asks for that of the selected component."""
        place = event.pos()
        item: object = self.item_at(place)
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            chosen = [i for i in self._scene.selectedItems() if isinstance(i, NodeItem)]
            item = chosen[0] if chosen else None
            place = self.mapFromScene(chosen[0].pos()) if chosen else place
        self.asked_menu.emit(item, self.viewport().mapToGlobal(place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pan with the space bar held; walk from component to component with the arrows."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
            self.setInteractive(False)
            return
        ways = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        key = Qt.Key(event.key())
        if key in ways and not event.modifiers():
            self._walk(*ways[key])
            return
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Select again when the space bar is let go."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.setDragMode(QGraphicsView.DragMode.RubberBandDrag)
            self.setInteractive(True)
            return
        super().keyReleaseEvent(event)

    def _walk(self, right: int, down: int) -> None:
        """Select the nearest component in a direction."""
        nodes = [n for n in self._scene.nodes.values() if n.isVisible()]
        chosen = [n for n in nodes if n.isSelected()]
        if not nodes:
            return
        if not chosen:
            target = min(nodes, key=lambda n: (n.pos().y(), n.pos().x()))
        else:
            at = chosen[-1].pos()
            ahead = []
            for node in nodes:
                way = node.pos() - at
                along = way.x() * right + way.y() * down
                aside = abs(way.x() * down) + abs(way.y() * right)
                if along > 1 and node is not chosen[-1]:
                    ahead.append((along + 2 * aside, node.name, node))
            if not ahead:
                return
            target = min(ahead)[2]
        self._scene.clearSelection()
        target.setSelected(True)
        self.bring(target)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell that another part is shown."""
        super().resizeEvent(event)
        if self._is_fitted:
            self.fit()
        self.looked.emit()


class _Overlay(QWidget):
    """A small sheet over the drawing that can be dragged about."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._grabbed: QPoint | None = None
        self.was_moved = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of it."""
        self._grabbed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it, but not out of sight."""
        if self._grabbed is not None:
            place = self.mapToParent(event.position().toPoint() - self._grabbed)
            around = self.parentWidget()
            assert around is not None
            room = around.rect().adjusted(0, 0, -self.width(), -self.height())
            self.move(
                min(max(place.x(), room.left()), room.right()),
                min(max(place.y(), room.top()), room.bottom()),
            )
            self.was_moved = True

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let it go."""
        self._grabbed = None

    def _paint_sheet(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme()["grid"], 1))
        painter.setBrush(theme()["paper"])
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)


class LegendSheet(_Overlay):
    """What shapes and colours mean, over the drawing."""

    _EDGE = 10

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("legend")
        self.setToolTip("Legend; drag it out of the way")
        self.entries: list[legend.Entry] = []

    def show_entries(self, shown: list[legend.Entry]) -> None:
        """Show these keys, one below the other."""
        self.entries = shown
        self.setAccessibleName("Legend: " + ", ".join(e.words for e in shown))
        size = legend.extent(shown, 0)
        self.resize(round(size.width()) + 2 * self._EDGE, round(size.height()) + 2 * self._EDGE)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the keys."""
        painter = QPainter(self)
        self._paint_sheet(painter)
        legend.paint(painter, self.entries, QPointF(self._EDGE, self._EDGE), 0)
        painter.end()


class MiniMap(QWidget):
    """The whole drawing, small, with a frame around what the view shows."""

    def __init__(self, view: NetworkView, scene: NetworkScene, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("minimap")
        self.setAccessibleName("Overview of the network")
        self.setToolTip("Overview: click or drag to look elsewhere")
        self._view, self._scene = view, scene
        view.looked.connect(self.update)
        self.resize(160, 120)

    def fit_drawing(self) -> None:
        """Take the shape of the drawing."""
        box = self._scene.drawing_rect
        if box.isEmpty():
            return
        scale = min(170 / box.width(), 150 / box.height())
        self.resize(
            max(round(box.width() * scale), 40) + 12, max(round(box.height() * scale), 40) + 12
        )

    def _scale(self) -> tuple[float, QPointF]:
        """Return the scale, and where the corner of the drawing is."""
        box = self._scene.drawing_rect
        room = QRectF(self.rect()).adjusted(6, 6, -6, -6)
        scale = min(room.width() / max(box.width(), 1), room.height() / max(box.height(), 1))
        rest = QPointF(room.width() - box.width() * scale, room.height() - box.height() * scale)
        return scale, room.topLeft() + rest / 2

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint bands, components and the frame."""
        colours = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours["grid"], 1))
        painter.setBrush(colours["paper"])
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        scale, corner = self._scale()
        first = self._scene.drawing_rect.topLeft()

        def small(box: QRectF) -> QRectF:
            return QRectF((box.topLeft() - first) * scale + corner, box.size() * scale)

        painter.setPen(Qt.PenStyle.NoPen)
        for band in self._scene.bands.values():
            painter.fillRect(small(band.frame), colours["band"])
        for node in self._scene.nodes.values():
            if node.isVisible():
                role = "selected" if node.isSelected() else "line"
                painter.fillRect(small(node.body.translated(node.pos())), colours[role])
        seen = self._view.mapToScene(self._view.viewport().rect()).boundingRect()
        painter.setClipRect(self.rect().adjusted(2, 2, -2, -2))
        painter.setPen(QPen(colours["selected"], 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(small(seen))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Look there."""
        scale, corner = self._scale()
        place = (event.position() - corner) / scale + self._scene.drawing_rect.topLeft()
        self._view.centerOn(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Look along."""
        self.mousePressEvent(event)


class Banner(QFrame):
    """Says what the drawing is painted with."""

    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self._clear = QToolButton()
        self._clear.setText("Clear")
        self._clear.setAutoRaise(True)
        self._clear.setAccessibleName("Take the paint off")
        self._clear.setToolTip("Take the paint off (Esc)")
        self._clear.clicked.connect(self.cleared)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 8, 3)
        row.addWidget(self.label, 1)
        row.addWidget(self._clear)
        style().changed.connect(self._paint)
        self._paint()
        self.hide()

    def show_caption(self, caption: str) -> None:
        """Say what is painted; an empty text hides the banner."""
        self.label.setText(f"Painted with {caption}" if caption else "")
        self.setVisible(bool(caption))

    def _paint(self) -> None:
        colours = theme()
        self.setStyleSheet(
            f"#banner {{ background: {colours['info-paper'].name()}; border: 0;"
            f" border-bottom: 1px solid {colours['grid'].name()}; }}"
        )


class NetworkPanel(QWidget):
    """The drawing with its tools."""

    drawn = Signal()
    """The drawing of the present network is on the screen."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection, self._runner = document, selection, runner
        self._plan: Plan | None = None
        self._network: LogicalNetwork | None = None  # that the plan is of
        self._task: Task | None = None
        self._fit_next = True
        self._following = False
        self.scene = NetworkScene(self)
        self.view = NetworkView(self.scene)
        self.banner = Banner()
        self.legend = LegendSheet(self.view)
        self.minimap = MiniMap(self.view, self.scene, self.view)
        self.search = QLineEdit()
        self._empty = Empty("")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._empty)
        self._make_actions()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._make_tools())
        column.addWidget(self.banner)
        column.addWidget(self._stack, 1)
        self._follow()
        self._replan()

    # --- putting it together ---

    def _make_actions(self) -> None:
        act = partial(add_action, self)
        key = partial(add_action, self.view)  # not while something is typed into the search
        self.find_action = act("&Find component…", self.search.setFocus, menu="Edit",
                        shortcut="Ctrl+F", icon_name="find", everywhere=True,
                        tip="Look for a component by name, place or note")  # fmt: skip
        self.select_all = key("Select &all", self._select_all, menu="Edit", shortcut="Ctrl+A")
        self.add = key("&Add component", self.add_component, menu="Model", shortcut="N",
                       icon_name="add", tip="Add a component to the network")  # fmt: skip
        self.delete = key("&Delete components", self.delete_selected, menu="Model",
                          shortcut=["Del", "Backspace"], icon_name="delete",
                          tip="Delete the selected components; this can be undone")  # fmt: skip
        self.rename = key("&Rename component", lambda: self._selection.ask("inspector", "name"),
                          menu="Model", shortcut="F2", icon_name="rename",
                          tip="Give the selected component another name")  # fmt: skip
        self.edit_rule = key("&Edit rule", lambda: self._selection.ask("inspector", "rule"),
                             menu="Model", shortcut=["F", "Return"],
                             tip="Edit the rule of the selected component")  # fmt: skip
        self.knock_out = key("&Knock out or free", self._knock_out, menu="Perturb", shortcut="K",
                             icon_name="knock-out",
                             tip="Knock the selected components out, or free them")  # fmt: skip
        self.fit_all = key("&Fit network", self.view.fit, menu="View", icon_name="fit",
                           shortcut=["Ctrl+0", "*"], tip="Show the whole network")  # fmt: skip
        self.fit_selected = key("Fit &selection", self._fit_selected, menu="View",
                                shortcut="Ctrl+9", tip="Show what is selected")  # fmt: skip
        self.larger = key("Zoom &in", partial(self.view.zoom_by, 1.25), menu="View",
                          shortcut=["Ctrl++", "Ctrl+=", "+"])  # fmt: skip
        self.smaller = key("Zoom &out", partial(self.view.zoom_by, 0.8), menu="View",
                           shortcut=["Ctrl+-", "-"])  # fmt: skip
        self.hide_others = act("&Hide others", self._hide_others, menu="View", icon_name="hide",
                               tip="Show what is selected, and its neighbours, only")  # fmt: skip
        self.show_all = act("Sho&w all", self._show_all, menu="View", icon_name="show",
                            tip="Show every component")  # fmt: skip
        self.relayout = act("&Lay out again", self.lay_out_again, menu="View", icon_name="layout",
                            tip="Forget where components were dragged to")  # fmt: skip
        self.toggle_legend = act("&Legend", menu="View", icon_name="legend", checkable=True,
                                 tip="Show what shapes and colours mean")  # fmt: skip
        self.toggle_map = act("&Overview map", menu="View", icon_name="map", checkable=True,
                              tip="Show the whole network in a corner")  # fmt: skip
        self.export_action = act("&Export drawing…", self.ask_export, menu="File",
                                 icon_name="export", shortcut="Ctrl+Shift+E", everywhere=True,
                                 tip="Save the drawing as SVG, PDF or PNG")  # fmt: skip
        self.clear_paint = act("&Take the paint off", self._escape, menu="View", shortcut="Esc",
                               icon_name="clear",
                               tip="Show the network without levels")  # fmt: skip
        for action, is_on in ((self.toggle_legend, True), (self.toggle_map, False)):
            action.setChecked(is_on)
            action.toggled.connect(self._place_sheets)

    def _make_tools(self) -> QHBoxLayout:
        self.search.setPlaceholderText("Find a component (Ctrl+F)")
        self.search.setAccessibleName("Find a component")
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(260)
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(2)
        row.addWidget(self.search, 1)
        row.addStretch(1)
        for action in (self.add, self.hide_others, self.show_all, self.relayout, self.fit_all,
                       self.toggle_legend, self.toggle_map, self.export_action):  # fmt: skip
            button = QToolButton()
            button.setDefaultAction(action)
            button.setAutoRaise(True)
            button.setIconSize(QSize(18, 18))
            button.setAccessibleName(action.text().replace("&", ""))
            row.addWidget(button)
        return row

    def _follow(self) -> None:
        document, selection = self._document, self._selection
        document.changed.connect(self._on_change)
        document.reset.connect(self._on_reset)
        selection.components_changed.connect(self._show_selection)
        selection.painting_changed.connect(self._show_painting)
        selection.scenario_changed.connect(self._show_scenario)
        self.scene.selectionChanged.connect(self._choose)
        self.scene.moved.connect(self._on_moved)
        self.view.asked_menu.connect(self._open_menu)
        self.view.opened.connect(self._open)
        self.banner.cleared.connect(self._escape)
        self.search.textChanged.connect(self._search)
        self.search.returnPressed.connect(self._search_next)
        self.search.installEventFilter(self)
        self.view.installEventFilter(self)
        style().changed.connect(self._recolour)

    # --- planning ---

    def _on_reset(self) -> None:
        self._fit_next = True
        self.scene.hide(())
        self.search.clear()

    def _on_change(self, before: Project, after: Project) -> None:
        if self._network is None or not same_plan(self._network, after.network):
            self._replan()
        elif self._plan is not None and after.network is not self._network:
            self._network = after.network  # notes and claims only
            self._redraw()
        elif before.layout != after.layout and self._plan is not None:
            self.scene.place(with_places(self._plan, after.network, after.layout))
            self.view.looked.emit()

    def _replan(self) -> None:
        """Draw the network of the document, planned here or by a worker."""
        network = self._document.network
        if self._task is not None:
            self._task.stop()
            self._task = None
        if not len(network):
            self._plan, self._network = None, network
            self._empty.setText(
                "No model is open.\n\nOpen one with Ctrl+O, drop a file here,"
                " or press N to add a component."
            )
            self._stack.setCurrentWidget(self._empty)
            return
        if len(network) > MAX_DRAWN:
            self._plan, self._network = None, network
            self._empty.setText(
                f"This network has {len(network):,} components: too many to draw as a whole.\n\n"
                "Everything else works: components, inputs, scenarios, analyses."
            )
            self._stack.setCurrentWidget(self._empty)
            return
        if len(network) <= QUICK:
            self._show_plan(network, make_plan(network))
            return
        if self._plan is None:
            self._empty.setText(f"Drawing {len(network):,} components…")
            self._stack.setCurrentWidget(self._empty)
        task = self._runner.submit("Drawing", make_plan, network, quiet=True)
        task.finished.connect(partial(self._show_plan, network))
        task.failed.connect(self._on_failure)
        self._task = task

    def _on_failure(self, sentence: str, _details: str) -> None:
        self._empty.setText(f"The network could not be drawn: {sentence}.")
        self._stack.setCurrentWidget(self._empty)

    def _show_plan(self, network: LogicalNetwork, plan: Plan) -> None:
        if not same_plan(network, self._document.network):
            return  # the network changed meanwhile, and another plan is on its way
        self._plan, self._network = plan, self._document.network
        self._stack.setCurrentWidget(self.view)
        self._redraw()
        if self._fit_next:
            self._fit_next = False
            QTimer.singleShot(0, self._look_first)
        self.drawn.emit()

    def _look_first(self) -> None:
        """Show a network that was just opened; the overview helps where it is too large."""
        self.view.fit_readable()
        seen = self.view.mapToScene(self.view.viewport().rect()).boundingRect()
        self.toggle_map.setChecked(not seen.contains(self.scene.drawing_rect))

    def _redraw(self) -> None:
        assert self._plan is not None
        network = self._document.network
        self._following = True
        try:
            places = self._document.project.layout
            self.scene.show_plan(network, with_places(self._plan, network, places))
        finally:
            self._following = False
        self._show_scenario()
        self._show_painting()
        self._show_selection()
        self.view.looked.emit()

    # --- showing ---

    def _show_painting(self) -> None:
        painting = self._selection.painting
        self.scene.set_painting(painting)
        self.banner.show_caption(painting.caption if painting else "")
        self._show_legend()

    def _show_scenario(self) -> None:
        self.scene.set_perturbation(self._selection.scenario.perturbation)
        self._show_legend()

    def _show_legend(self) -> None:
        self.legend.show_entries(self._legend_entries())
        self._place_sheets()

    def _legend_entries(self) -> list[legend.Entry]:
        if self._plan is None or self._network is not self._document.network:
            return []
        return legend.entries(
            self._document.network,
            self._plan.edges,
            self._selection.painting,
            self._selection.scenario.perturbation,
        )

    def _show_selection(self) -> None:
        if self._following:
            return
        self._following = True
        try:
            chosen = set(self._selection.components)
            for name, node in self.scene.nodes.items():
                if node.isSelected() != (name in chosen):
                    node.setSelected(name in chosen)
        finally:
            self._following = False
        self.scene.selection_changed()
        self.minimap.update()
        last = self.scene.nodes.get(self._selection.component)
        if last is not None and len(self._selection.components) == 1 and not self.view.hasFocus():
            self.view.bring(last)

    def _choose(self) -> None:
        if self._following:
            return
        self._following = True
        try:
            before = self._selection.components
            chosen = {n.name for n in self.scene.selectedItems() if isinstance(n, NodeItem)}
            kept = [n for n in before if n in chosen]
            self._selection.select([*kept, *sorted(chosen - set(before))])
        finally:
            self._following = False
        self.scene.selection_changed()
        self.minimap.update()

    def _recolour(self) -> None:
        self.scene.recolour()
        self.legend.update()
        self.minimap.update()

    def _place_sheets(self) -> None:
        """Put legend and overview into their corners."""
        height, width = self.view.height(), self.view.width()
        has_plan = self._plan is not None
        before = self.view.left_margin
        self.minimap.fit_drawing()
        roomy = self.legend.height() < 0.7 * height and self.legend.width() < 0.35 * width
        self.legend.setVisible(has_plan and roomy and self.toggle_legend.isChecked())
        self.minimap.setVisible(has_plan and height > 320 and self.toggle_map.isChecked())
        beside = self.legend.isVisibleTo(self.view) and not self.legend.was_moved
        self.view.left_margin = self.legend.width() + 24 if beside else 0
        if before != self.view.left_margin and self.view.is_fitted:
            self.view.fit()
        if not self.legend.was_moved:
            self.legend.move(12, height - self.legend.height() - 12)
        self.minimap.move(width - self.minimap.width() - 12, height - self.minimap.height() - 12)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Keep the sheets in their corners, and let Esc end a search."""
        if watched is self.view and event.type() == QEvent.Type.Resize:
            self._place_sheets()
        if (
            watched is self.search
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            self._escape()
            return True
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    # --- searching ---

    def matches(self, text: str) -> list[str]:
        """Return the components that a search finds, those whose name begins with it first."""
        wanted = text.strip().casefold()
        done = self._selection.scenario.perturbation
        if wanted in ("ko:", "held:"):
            return [n for n in self._document.network.names if n in done.clamps]
        if wanted in ("in:", "input:"):
            return list(self._document.network.inputs)
        if wanted == "ev:none":
            return [c.name for c in self._document.network.components if not c.refs]
        found = [
            c
            for c in self._document.network.components
            if wanted in f"{c.name}\n{c.compartment}\n{c.note}".casefold()
        ]
        found.sort(key=lambda c: (not c.name.casefold().startswith(wanted),
                                  wanted not in c.name.casefold()))  # fmt: skip
        return [c.name for c in found]

    def _search(self, text: str) -> None:
        self.scene.find(self.matches(text) if text.strip() else None)

    def _search_next(self) -> None:
        names = self.matches(self.search.text()) if self.search.text().strip() else []
        if not names:
            self._document.say(f"no component matches “{self.search.text()}”", "info")
            return
        at = names.index(self._selection.component) + 1 if self._selection.component in names else 0
        name = names[at % len(names)]
        self._selection.select(name)
        self.view.centerOn(self.scene.nodes[name])

    def _escape(self) -> None:
        """End the search, or stop what runs, or take the paint off, or select nothing."""
        if self.search.text():
            self.search.clear()
            self.view.setFocus()
        elif self._runner.active:
            self._runner.stop_all()
        elif self._selection.painting is not None:
            self._selection.paint(None)
        else:
            self._selection.select()

    # --- editing ---

    def add_component(self, place: QPointF | None = None) -> None:
        """Add a component without a rule, at a place of the drawing."""
        project = self._document.project
        number = len(project.network) + 1
        while f"X{number}" in project.network:
            number += 1
        name = f"X{number}"
        network = project.network.with_component(Component(name))
        layout = dict(project.layout)
        if place is not None and self._plan is not None:
            layout = {**self.scene.places(), name: (round(place.x(), 1), round(place.y(), 1))}
        self._document.change(f"Add {name}", replace(project, network=network, layout=layout))
        self._selection.select(name)
        self._selection.ask("inspector", "name")

    def delete_selected(self) -> None:
        """Delete the selected components; rules then see them at level 0."""
        names = self._selection.components
        if names:
            text = f"Delete {names[0] if len(names) == 1 else f'{len(names)} components'}"
            self._document.change(text, self._document.project.without(*names))

    def _knock_out(self) -> None:
        for name in self._selection.components:
            edits.toggle_knock_out(self._document, self._selection, name)

    def _on_moved(self, moved: dict[str, tuple[float, float]]) -> None:
        project = self._document.project
        layout = {n: (round(x, 1), round(y, 1)) for n, (x, y) in self.scene.places().items()}
        names = list(moved)
        text = f"Move {names[0] if len(names) == 1 else f'{len(names)} components'}"
        self._document.change(text, replace(project, layout=layout))

    def lay_out_again(self) -> None:
        """Forget where components were dragged to."""
        self._document.change("Lay out again", replace(self._document.project, layout={}))
        self.view.fit()

    def _select_all(self) -> None:
        self._selection.select(self._document.network.names)

    def _fit_selected(self) -> None:
        nodes = [self.scene.nodes[n] for n in self._selection.components if n in self.scene.nodes]
        box = QRectF()
        for node in nodes:
            box = box.united(node.sceneBoundingRect())
        self.view.fit(box.adjusted(-60, -60, 60, 60) if nodes else None)

    def _hide_others(self) -> None:
        chosen = set(self._selection.components)
        if not chosen:
            self._document.say("select the components to keep, then hide the others", "info")
            return
        kept = set(chosen)
        for name in chosen & self.scene.nodes.keys():
            kept |= self.scene.neighbours(name)
        self.scene.hide(set(self.scene.nodes) - kept)
        self.minimap.update()

    def _show_all(self) -> None:
        self.scene.hide(())
        self.minimap.update()

    # --- menus ---

    def _open(self, item: NodeItem | EdgeItem | None, place: QPointF) -> None:
        if isinstance(item, NodeItem):
            self._selection.select(item.name)
            self._selection.ask("inspector", "rule")
        elif isinstance(item, EdgeItem):
            self._selection.select(item.target.name)
            self._selection.ask("inspector", "rule")
        else:
            self.add_component(place)

    def _open_menu(self, item: NodeItem | EdgeItem | None, place: QPoint) -> None:
        if isinstance(item, NodeItem):
            self.menu = component_menu(self, self._document, self._selection, item.name)
            self._add_node_entries(self.menu, item.name)
        elif isinstance(item, EdgeItem):
            self.menu = edge_menu(
                self, self._document, self._selection, item.source.name, item.target.name
            )
        else:
            self.menu = QMenu(self)
            self.menu.addActions([self.add, self.fit_all, self.show_all, self.relayout])
            self.menu.addSeparator()
            self.menu.addActions([self.toggle_legend, self.toggle_map, self.export_action])
        self.menu.popup(place)

    def _add_node_entries(self, menu: QMenu, name: str) -> None:
        menu.addSeparator()

        def add(text: str, panel: str, what: str) -> None:
            def do() -> None:
                self._selection.select(name)
                self._selection.ask(panel, what)

            menu.addAction(text).triggered.connect(do)

        add("Edit rule…", "inspector", "rule")
        add("Rename…", "inspector", "name")
        add("Why this level?", "inspector", "why")
        menu.addSeparator()

        def choose(*, incoming: bool, outgoing: bool) -> None:
            near = self.scene.neighbours(name, incoming=incoming, outgoing=outgoing)
            self._selection.select([*sorted(near), name])

        for text, incoming, outgoing in (
            ("Select what acts on it", True, False),
            ("Select what it acts on", False, True),
        ):
            action = menu.addAction(text)
            action.triggered.connect(partial(choose, incoming=incoming, outgoing=outgoing))

        def delete() -> None:
            self._selection.select(name)
            self.delete_selected()

        menu.addSeparator()
        menu.addAction(f"Delete {name}").triggered.connect(delete)

    def hold(self, name: str, level: int | None) -> None:
        """Hold a component at a level in the current scenario, or free it."""
        hold(self._document, self._selection, name, level)

    # --- exporting ---

    def ask_export(self) -> None:
        """Ask for a file and save the drawing there."""
        if self._plan is None:
            self._document.say("there is no drawing to export", "info")
            return
        name, _ = QFileDialog.getSaveFileName(
            self,
            "Export the drawing",
            f"{self._document.network.name or 'network'}.svg",
            "SVG drawing (*.svg);;PDF (*.pdf);;PNG picture (*.png)",
        )
        if name:
            try:
                self.export(Path(name))
            except RegnetError as error:
                self._document.say(error)

    def export(self, path: Path) -> None:
        """Save the drawing, with its caption and legend, as the ending of the file says.

        Raises
        ------
        RegnetError
            If the file cannot be written or its ending is none of .svg, .pdf and .png.
        """
        ending = path.suffix.lower()
        if ending not in (".svg", ".pdf", ".png"):
            raise RegnetError(f"{path.name}: a drawing is saved as .svg, .pdf or .png")
        try:
            with lent("safe" if theme().name.startswith("safe") else "light"):
                self.scene.recolour(on_paper=True)
                data = _rendered(self.scene, self._caption(), self._legend_entries(), ending)
        finally:
            self.scene.recolour()
        write_file(path, data)

    def _caption(self) -> str:
        painting = self._selection.painting
        shown = painting.caption if painting else self._selection.scenario_title
        return f"{self._document.title}: {shown}"


def _rendered(scene: NetworkScene, caption: str, shown: list[legend.Entry], ending: str) -> bytes:
    """Return a drawing with its caption above and its legend below, as the bytes of a file."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice

    box = scene.drawing_rect
    width = max(box.width(), 420.0)
    keys = legend.extent(shown, width - 24)
    size = QRectF(0, 0, width, box.height() + 34 + keys.height() + 20)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image: QImage | None = None
    device: QSvgGenerator | QPdfWriter | QImage
    scale = 1.0
    if ending == ".svg":
        device = QSvgGenerator()
        device.setOutputDevice(buffer)
        device.setSize(size.size().toSize())
        device.setViewBox(size)
        device.setTitle(caption)
    elif ending == ".pdf":
        device = QPdfWriter(buffer)
        device.setResolution(72)
        device.setPageSize(QPageSize(size.size(), QPageSize.Unit.Point))
        device.setPageMargins(QMarginsF(0, 0, 0, 0))
        device.setTitle(caption)
    else:
        scale = min(2.0, 12000 / max(size.width(), size.height()))
        image = device = QImage((size.size() * scale).toSize(), QImage.Format.Format_RGB32)
        image.fill(theme()["paper"])
    painter = QPainter(device)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.scale(scale, scale)
    painter.setPen(theme()["ink"])
    painter.setFont(drawing_font(13, bold=True))
    painter.drawText(QRectF(12, 6, width - 24, 24), Qt.AlignmentFlag.AlignVCenter, caption)
    place = QRectF((width - box.width()) / 2, 34, box.width(), box.height())
    scene.render(painter, place, box)
    legend.paint(painter, shown, QPointF(12, box.height() + 44), width - 24)
    painter.end()
    if image is not None:
        image.save(buffer, "PNG")  # type: ignore[call-overload]
    buffer.close()
    return bytes(data.data())
