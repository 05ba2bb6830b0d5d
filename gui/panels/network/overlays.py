"""Overlays of the network drawing: legend, overview and banner."""

from __future__ import annotations

from PySide6.QtCore import (
    QPoint,
    QPointF,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QWidget,
)

from gui.panels.network.canvas import NetworkScene
from gui.panels.network.view import NetworkView
from gui.widgets.marks import paint
from gui.widgets.style import style, theme
from regnet.figures.marks import Key, key_size, legend


class _Overlay(QWidget):
    """A small sheet over the drawing that can be moved with the mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._grabbed: QPoint | None = None
        self.was_moved = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start dragging."""
        self._grabbed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move it within the visible area."""
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
        """Stop dragging."""
        self._grabbed = None

    def _paint_sheet(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme()["grid"], 1))
        painter.setBrush(theme()["paper"])
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)


class LegendSheet(_Overlay):
    """The legend of shapes and colours, over the drawing."""

    _EDGE = 10

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("legend")
        self.setToolTip("Legend; drag to move it")
        self.keys: list[Key] = []

    def show_keys(self, keys: list[Key]) -> None:
        """Show these keys, one below the other."""
        self.keys = keys
        self.setAccessibleName("Legend: " + ", ".join(key.words for key in keys))
        width = max(map(key_size, keys), default=0.0)
        self.resize(round(width) + 2 * self._EDGE, round(legend(keys, 0, 0, 0)[1]))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the keys."""
        painter = QPainter(self)
        self._paint_sheet(painter)
        paint(painter, legend(self.keys, self._EDGE, 0, 0)[0])
        painter.end()


class MiniMap(QWidget):
    """A small overview of the drawing, with a frame around the visible part."""

    def __init__(self, view: NetworkView, scene: NetworkScene, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("minimap")
        self.setAccessibleName("Overview of the network")
        self.setToolTip("Overview: click or drag to show another part")
        self._view, self._scene = view, scene
        view.looked.connect(self.update)
        self.resize(160, 120)

    def fit_drawing(self) -> None:
        """Adopt the aspect ratio of the drawing."""
        box = self._scene.drawing_rect
        if box.isEmpty():
            return
        scale = min(170 / box.width(), 150 / box.height())
        self.resize(
            max(round(box.width() * scale), 40) + 12, max(round(box.height() * scale), 40) + 12
        )

    def _scale(self) -> tuple[float, QPointF]:
        """Return the scale, and the position of the corner of the drawing."""
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
        """Show the clicked part."""
        scale, corner = self._scale()
        place = (event.position() - corner) / scale + self._scene.drawing_rect.topLeft()
        self._view.centerOn(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse."""
        self.mousePressEvent(event)


class Banner(QFrame):
    """A banner with the caption of the painted levels."""

    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self._clear = QToolButton()
        self._clear.setText("Clear")
        self._clear.setAutoRaise(True)
        self._clear.setAccessibleName("Clear colouring")
        self._clear.setToolTip("Clear colouring (Esc)")
        self._clear.clicked.connect(self.cleared)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 8, 3)
        row.addWidget(self.label, 1)
        row.addWidget(self._clear)
        style().changed.connect(self._paint)
        self._paint()
        self.hide()

    def show_caption(self, painted: str, traced: str = "") -> None:
        """Show the captions of the painting and the trace; hide the banner if there are none."""
        parts = [f"Painted with {painted}"] if painted else []
        parts += [f"Traced: {traced}"] if traced else []
        self.label.setText("  ·  ".join(parts))
        self.setVisible(bool(parts))

    def _paint(self) -> None:
        colours = theme()
        self.setStyleSheet(
            f"#banner {{ background: {colours['info-paper'].name()}; border: 0;"
            f" border-bottom: 1px solid {colours['grid'].name()}; }}"
        )


def place_sheets(
    view: NetworkView, legend: LegendSheet, minimap: MiniMap, wants_legend: bool, wants_map: bool
) -> None:
    """Place legend and overview in their corners, if there is room."""
    height, width = view.height(), view.width()
    before = view.left_margin
    minimap.fit_drawing()
    roomy = legend.height() < 0.7 * height and legend.width() < 0.35 * width
    legend.setVisible(wants_legend and roomy)
    minimap.setVisible(wants_map and height > 320)
    beside = legend.isVisibleTo(view) and not legend.was_moved
    view.left_margin = legend.width() + 24 if beside else 0
    if before != view.left_margin and view.is_fitted:
        view.fit()
    if not legend.was_moved:
        legend.move(12, height - legend.height() - 12)
    minimap.move(width - minimap.width() - 12, height - minimap.height() - 12)
