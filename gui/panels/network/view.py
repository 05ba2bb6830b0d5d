"""NetworkView: the view of the drawing, with zooming, panning, selecting and drawing."""

from __future__ import annotations

from PySide6.QtCore import (
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
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsView,
)

from gui.panels.network.canvas import NetworkScene
from gui.panels.network.edge_item import EdgeItem
from gui.panels.network.node_item import GroupItem, NodeItem
from gui.widgets.marks import edge_paths
from gui.widgets.style import theme
from regnet.figures.network import SIGN_ROLES

_LARGEST, _SMALLEST, _READABLE = 6.0, 0.03, 0.6


class NetworkView(QGraphicsView):
    """The view of the drawing, with zooming, panning, selecting and drawing."""

    asked_menu = Signal(object, QPoint)
    """Request for a menu of an item (or None for the background), at a point of the screen."""

    opened = Signal(object, QPointF)
    """An item (or None) was double-clicked, at a point of the drawing."""

    joined = Signal(str, str)
    """An edge was drawn from a component to another one, or to itself."""

    looked = Signal()
    """The visible part of the drawing or its scale has changed."""

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
        self.sign = ""
        """Sign of the edges that the mouse draws; empty in selection mode."""
        self._joining: tuple[NodeItem, QPointF] | None = None  # start point and mouse position
        self._has_left = False  # source of the edge being drawn
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
        """Whether the whole drawing is shown, without panning or zooming since."""
        return self._is_fitted

    def zoom_by(self, factor: float) -> None:
        """Zoom in or out."""
        self._is_fitted = False
        wanted = min(max(self.zoom * factor, _SMALLEST), _LARGEST)
        self._be_quick()
        self.scale(wanted / self.zoom, wanted / self.zoom)
        self.looked.emit()

    def fit(self, box: QRectF | None = None) -> None:
        """Fit the whole drawing, or a part of it, into the view, up to a comfortable scale."""
        target = self._scene.drawing_rect if box is None else box
        if target.isEmpty():
            return
        self.fitInView(target.adjusted(-12, -12, 12, 12), Qt.AspectRatioMode.KeepAspectRatio)
        if self.zoom > 1.25:
            self.scale(1.25 / self.zoom, 1.25 / self.zoom)
        # Keep clear of overlays at the left, as far as there is room at the right.
        spare = self.viewport().width() - target.width() * self.zoom
        aside = min(self.left_margin / 2, max(spare / 2 - 12, 0))
        self.centerOn(target.center() - QPointF(aside / self.zoom, 0))
        self._is_fitted = box is None
        self.looked.emit()

    def fit_readable(self) -> None:
        """Fit the whole drawing, or only its upper part if names would be illegible."""
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
        """Return the component or edge at a point of the view."""
        for item in self.items(QRect(place - QPoint(2, 2), QSize(5, 5))):
            if isinstance(item, NodeItem):
                return item
            top = item.parentItem() or item
            if isinstance(top, EdgeItem):
                return top
        return None

    def draw_edges(self, sign: str) -> None:
        """Switch to drawing edges of a sign; an empty sign switches back to selecting."""
        self.sign = sign
        self._joining = None
        ways = QGraphicsView.DragMode
        self.setDragMode(ways.NoDrag if sign else ways.RubberBandDrag)
        if sign:
            self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.viewport().unsetCursor()
        self.viewport().update()

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Paint the edge that is being drawn."""
        if self._joining is None:
            return
        node, end = self._joining
        colour = theme()[SIGN_ROLES[self.sign]]
        pen = QPen(colour, 2.0, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLine(node.pos(), end)
        start, tip = node.pos().toTuple(), end.toTuple()
        _, head = edge_paths((start, start, tip, tip), self.sign)
        painter.fillPath(head, colour)

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
        """Pan with the middle button; Shift adds to the selection, as Ctrl does."""
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
            return  # the menu does not change the selection
        if self.sign and isinstance(item, NodeItem) and not isinstance(item, GroupItem):
            self._joining = item, self.mapToScene(event.position().toPoint())
            self._has_left = False
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan."""
        if self._joining is not None:
            source, place = self._joining[0], event.position().toPoint()
            self._joining = source, self.mapToScene(place)
            self._has_left |= self.item_at(place) is not source
            self.viewport().update()
            return
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
        """End panning, or drawing an edge."""
        if self._joining is not None and event.button() == Qt.MouseButton.LeftButton:
            source, target = self._joining[0], self.item_at(event.position().toPoint())
            self._joining = None
            self.viewport().update()
            is_node = isinstance(target, NodeItem) and not isinstance(target, GroupItem)
            if isinstance(target, NodeItem) and is_node and self._has_left:
                self.joined.emit(source.name, target.name)
            return
        if event.button() == Qt.MouseButton.MiddleButton and self._pan_from is not None:
            self._pan_from = None
            self.unsetCursor()
            return
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the item at the mouse."""
        if event.button() == Qt.MouseButton.LeftButton:
            place = event.position().toPoint()
            self.opened.emit(self.item_at(place), self.mapToScene(place))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Request a menu; from the keyboard, that of the selected component."""
        place = event.pos()
        item: object = self.item_at(place)
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            chosen = [i for i in self._scene.selectedItems() if isinstance(i, NodeItem)]
            item = chosen[0] if chosen else None
            place = self.mapFromScene(chosen[0].pos()) if chosen else place
        self.asked_menu.emit(item, self.viewport().mapToGlobal(place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pan with the space bar held; move between components with the arrow keys."""
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
        """Return to selecting when the space bar is released."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            ways = QGraphicsView.DragMode
            self.setDragMode(ways.NoDrag if self.sign else ways.RubberBandDrag)
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
        """Emit a signal that another part is visible."""
        super().resizeEvent(event)
        if self._is_fitted:
            self.fit()
        self.looked.emit()
