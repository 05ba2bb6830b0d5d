"""Chart: a scrollable drawing of `regnet.figures`, with spots for mouse and keyboard.

Its header stays visible when it is scrolled vertically, its side when it is scrolled horizontally.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip

from gui.widgets import exports, marks
from gui.widgets.style import style, theme
from regnet.figures.marks import Drawing, Mark

_ROOM = 8.0  # margin around a spot that is scrolled to


class Chart(QAbstractScrollArea):
    """Shows the drawing that `draw` returns; subclasses define clicks and tool tips."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.drawing: Drawing | None = None
        style().changed.connect(self.repaint_all)

    # --- for subclasses ---

    def draw(self, width: float) -> Drawing | None:
        """Return the drawing for an available width."""
        raise NotImplementedError

    def cursor_marks(self) -> Sequence[Mark]:
        """Return the marks of the cursor, painted over the drawing."""
        return ()

    def export(self) -> Drawing | None:
        """Return the drawing to export."""
        return self.drawing

    def tip_at(self, point: QPointF) -> str:
        """Return the tool tip of a point of the drawing."""
        return ""

    def press_at(self, point: QPointF) -> None:
        """Follow a click, or a drag, at a point of the drawing."""

    def open_at(self, point: QPointF) -> None:
        """Follow a double click at a point of the drawing."""

    def contents(self) -> exports.Contents:
        """Return the exports as SVG and PNG."""
        drawing = self.export()
        return marks.contents(drawing) if drawing is not None else {}

    # --- display ---

    def redraw(self) -> None:
        """Update the drawing."""
        self.drawing = self.draw(self.viewport().width())
        self._set_bars()
        self.repaint_all()

    def repaint_all(self) -> None:
        """Repaint the drawing in the colours of the theme."""
        self.viewport().update()

    def _set_bars(self) -> None:
        room, drawing = self.viewport().size(), self.drawing
        for bar, needed, there in (
            (self.horizontalScrollBar(), drawing.width if drawing else 0, room.width()),
            (self.verticalScrollBar(), drawing.height if drawing else 0, room.height()),
        ):
            bar.setRange(0, max(0, round(needed - there)))
            bar.setPageStep(there)
            bar.setSingleStep(40)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the drawing to the available size."""
        super().resizeEvent(event)
        self.redraw()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the visible part."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.viewport().rect())
        painter.fillRect(room, theme()["paper"])
        drawing = self.drawing
        if drawing is not None:
            x, y = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
            left, top = drawing.kept
            for shown, clip, dx, dy in (
                ((*drawing.marks, *self.cursor_marks()), room.adjusted(left, top, 0, 0), x, y),
                (drawing.side, room.adjusted(0, top, 0, 0), 0, y),
                (drawing.head, room.adjusted(left, 0, 0, 0), x, 0),
            ):
                painter.save()
                painter.setClipRect(clip)
                painter.translate(-dx, -dy)
                marks.paint(painter, shown)
                painter.restore()
        painter.end()

    # --- coordinates ---

    def point_at(self, place: QPoint | QPointF) -> QPointF:
        """Return the point of the drawing at a point of the viewport."""
        bars = self.horizontalScrollBar(), self.verticalScrollBar()
        return QPointF(place) + QPointF(*(bar.value() for bar in bars))

    def spot_at(self, point: QPointF) -> Hashable | None:
        """Return the spot at a point of the drawing."""
        spots = self.drawing.spots if self.drawing is not None else {}
        return next((key for key, box in spots.items() if QRectF(*box).contains(point)), None)

    def box_of(self, spot: Hashable) -> QRectF:
        """Return the rectangle of a spot, in the viewport."""
        assert self.drawing is not None
        return QRectF(*self.drawing.spots[spot]).translated(-self.point_at(QPointF()))

    def reveal(self, spot: Hashable) -> None:
        """Scroll until a spot is visible."""
        assert self.drawing is not None
        box, room = self.box_of(spot), self.viewport().rect()
        left, top = self.drawing.kept
        for bar, first, last, start, end in (
            (self.horizontalScrollBar(), box.left(), box.right(), left, room.right()),
            (self.verticalScrollBar(), box.top(), box.bottom() + 4 * _ROOM, top, room.bottom()),
        ):
            if first < start:
                bar.setValue(round(bar.value() + first - start - _ROOM))
            elif last > end:
                bar.setValue(round(bar.value() + last - end + _ROOM))
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Follow a click."""
        if not self._is_kept(event.position()):
            self.press_at(self.point_at(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Follow a double click."""
        if not self._is_kept(event.position()):
            self.open_at(self.point_at(event.position()))

    def viewportEvent(self, event: QEvent) -> bool:
        """Show the tool tip at the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = QPointF(event.pos())
            text = "" if self._is_kept(place) else self.tip_at(self.point_at(place))
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().viewportEvent(event)

    def _is_kept(self, place: QPointF) -> bool:
        """Return whether a point of the viewport belongs to the header or the side."""
        left, top = self.drawing.kept if self.drawing is not None else (0.0, 0.0)
        return place.x() < left or place.y() < top
