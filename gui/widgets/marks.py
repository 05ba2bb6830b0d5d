"""Marks of figures painted with Qt, the counterpart of `regnet.figures.svg`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from gui.widgets import exports
from gui.widgets.style import drawing_font, lent, theme
from regnet.figures.marks import Area, Curve, Dot, Drawing, Group, Line, Mark, Rect, Text
from regnet.figures.network import edge_shape
from regnet.figures.svg import to_svg
from regnet.layout import Point


def paint(painter: QPainter, marks: Iterable[Mark]) -> None:
    """Paint marks in the colours of the current theme."""
    for mark in marks:
        match mark:
            case Rect():
                _paint_rect(painter, mark)
            case Line():
                painter.setPen(_pen(mark.stroke, mark.weight, mark.dashes))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawPolyline(_polygon(mark.points))
            case Curve():
                painter.setPen(_pen(mark.stroke, mark.weight, mark.dashes))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawPath(_curve(mark.points))
            case Area():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(_tinted(mark.fill, mark.opacity))
                painter.drawPolygon(_polygon(mark.points))
            case Dot():
                painter.setPen(_pen(mark.stroke, mark.weight))
                painter.setBrush(_tinted(mark.fill))
                painter.drawEllipse(QPointF(mark.x, mark.y), mark.radius, mark.radius)
            case Text():
                _paint_text(painter, mark)
            case Group():
                opacity = painter.opacity()
                painter.setOpacity(opacity * mark.opacity)
                painter.translate(mark.x, mark.y)
                paint(painter, mark.marks)
                painter.translate(-mark.x, -mark.y)
                painter.setOpacity(opacity)


def _paint_rect(painter: QPainter, mark: Rect) -> None:
    box = QRectF(mark.x, mark.y, mark.width, mark.height)
    painter.setPen(_pen(mark.stroke, mark.weight))
    painter.setBrush(_tinted(mark.fill, mark.opacity))
    if mark.corner:
        painter.drawRoundedRect(box, mark.corner, mark.corner)
    else:
        painter.drawRect(box)


def _paint_text(painter: QPainter, mark: Text) -> None:
    font = drawing_font(mark.size, bold=mark.bold)
    width = QFontMetricsF(font).horizontalAdvance(mark.text)
    back = {"start": 0.0, "middle": width / 2, "end": width}[mark.anchor]
    painter.setFont(font)
    painter.setPen(theme()[mark.role])
    if not mark.turned:
        painter.drawText(QPointF(mark.x - back, mark.y + mark.size * 0.36), mark.text)
        return
    painter.save()
    painter.translate(mark.x + mark.size * 0.36, mark.y)
    painter.rotate(-90)
    painter.drawText(QPointF(-back, 0), mark.text)
    painter.restore()


def _tinted(role: str, opacity: float = 1.0) -> QColor:
    colour = QColor(theme()[role]) if role else QColor(Qt.GlobalColor.transparent)
    if role and opacity < 1:
        colour.setAlphaF(opacity)
    return colour


def _pen(role: str, weight: float, dashes: Iterable[float] = ()) -> QPen:
    if not role:
        return QPen(Qt.PenStyle.NoPen)
    pen = QPen(theme()[role], weight)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if lengths := [length / weight for length in dashes]:  # Qt counts in multiples of the pen width
        pen.setDashPattern(lengths)
    return pen


def _curve(points: Sequence[Point]) -> QPainterPath:
    """Return the path of a `Curve`."""
    path = QPainterPath(QPointF(*points[0]))
    for i in range(1, len(points), 3):
        path.cubicTo(*(QPointF(*point) for point in points[i : i + 3]))
    return path


def _polygon(points: Iterable[tuple[float, float]]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in points])


def edge_paths(route: Sequence[Point], sign: str) -> tuple[QPainterPath, QPainterPath]:
    """Return the line and the head of an edge, which items paint in colours of their own."""
    line, heads = edge_shape(route, sign)
    head = QPainterPath()
    head.setFillRule(Qt.FillRule.WindingFill)
    for points in heads:
        head.addPolygon(_polygon(points))
    return _curve(line), head


def contents(drawing: Drawing) -> exports.Contents:
    """Return the exports of a drawing as SVG and PNG, in the light colours of a report."""

    def picture(painter: QPainter) -> None:
        with lent("light"):
            painter.fillRect(QRectF(0, 0, drawing.width, drawing.height), theme()["paper"])
            paint(painter, (*drawing.marks, *drawing.side, *drawing.head))

    size = QSizeF(drawing.width, drawing.height)
    return {
        ".svg": lambda: to_svg(drawing).encode(),
        ".png": lambda: exports.as_png(size, picture),
    }
