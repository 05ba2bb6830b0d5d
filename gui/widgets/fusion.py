"""The Fusion style, with check boxes that are visible in the dark theme.

Fusion draws the frame of a check box as a darker shade of the window, which makes an unticked box
invisible on a dark window.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QProxyStyle, QStyle, QStyleOption, QWidget

from gui.widgets.style import theme

_CHECKS = (
    QStyle.PrimitiveElement.PE_IndicatorCheckBox,
    QStyle.PrimitiveElement.PE_IndicatorItemViewItemCheck,
)
_TICK = ((0.22, 0.52), (0.42, 0.72), (0.78, 0.28))


class Look(QProxyStyle):
    """The widget style of the app."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw a part of a widget."""
        if element in _CHECKS:
            _draw_check(option, painter)
        else:
            super().drawPrimitive(element, option, painter, widget)


def _draw_check(option: QStyleOption, painter: QPainter) -> None:
    """Draw a box, filled and with a tick if it is on."""
    colours = theme()
    states = QStyle.StateFlag
    state = option.state
    box = QRectF(option.rect)
    side = min(box.width(), box.height(), 14.0)
    place = QRectF(0, 0, side - 1, side - 1)
    place.moveCenter(box.center())
    is_on = bool(state & (states.State_On | states.State_NoChange))
    is_enabled = bool(state & states.State_Enabled)
    fill = colours["selected"] if is_on else colours["node"]
    frame = colours["selected"] if is_on else colours["muted"]
    if not is_enabled:
        fill = colours["faint-ink"] if is_on else colours["faint"]
        frame = colours["faint-ink"]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    width = 2.0 if state & states.State_HasFocus else 1.0
    painter.setPen(QPen(colours["ink"] if width > 1 else frame, width))
    painter.setBrush(fill)
    painter.drawRoundedRect(place, 2.5, 2.5)
    if is_on:
        corners = ((0.25, 0.5), (0.75, 0.5)) if state & states.State_NoChange else _TICK
        points = [
            QPointF(place.x() + x * place.width(), place.y() + y * place.height())
            for x, y in corners
        ]
        pen = QPen(colours["paper"], 1.8)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF(points))
    painter.restore()
