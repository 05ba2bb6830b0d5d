"""Legend: the shapes and colours of a drawing; on the screen and in every export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from gui.model.marks import CLAIMED, MARKS, Mark
from gui.model.selection import Painting, Trace
from gui.widgets.style import drawing_font, theme
from regnet.analysis.structure import Edge
from regnet.figures.network import SIGN_ROLES, SIGN_WORDS, edge_shape
from regnet.layout import Point
from regnet.network import LogicalNetwork
from regnet.scenario import Perturbation

KEY_WIDTH, ROW = 34.0, 20.0
_GAP, _COLUMN_GAP = 8.0, 22.0

Draw = Callable[[QPainter, QRectF], None]


@dataclass(frozen=True)
class Entry:
    """A key, drawn in a box, and its meaning."""

    words: str
    draw: Draw


def entries(
    network: LogicalNetwork,
    edges: Sequence[Edge],
    painting: Painting | None,
    done: Perturbation,
    *,
    claimed: bool = False,
    trace: Trace | None = None,
) -> list[Entry]:
    """Return the keys of a drawing, with only those that occur."""
    found = [
        Entry(SIGN_WORDS[sign], _edge(sign))
        for sign in SIGN_WORDS
        if any(e.sign == sign for e in edges)
    ]
    marks = [MARKS[key] for key in MARKS if trace is not None and key in trace.marks.values()]
    if trace is not None and (len(marks) > 1 or any(mark.letter for mark in marks)):
        found += [Entry(mark.words, _marked(mark)) for mark in marks]
    judged = bool(marks)  # dashes then have another meaning
    if any(c.kind == "assumption" for c in network.claims) and not judged:
        found.append(Entry("assumed", _edge("+", dashes=(4, 3))))
    if claimed and not (trace is not None and trace.is_alone):
        found.append(Entry("claimed, but in no rule", _edge("+", dashes=CLAIMED)))
    if any(c.top == 1 and not c.is_input for c in network.components):
        found.append(Entry("levels 0 and 1", _node(12)))
    if not network.is_boolean:
        found.append(Entry("more levels", _node(2)))
    if network.inputs:
        found.append(Entry("input", _node(12, double=True)))
    clamps = done.clamps
    if any(levels == (0, 0) and not network[n].is_input for n, levels in clamps.items()):
        found.append(Entry("knocked out", _badge("KO", filled=False)))
    if any(levels != (0, 0) or network[n].is_input for n, levels in clamps.items()):
        found.append(Entry("held at a level", _badge("= 1", filled=True)))
    if done.cuts:
        found.append(Entry("cut", _edge("+", dashes=(4, 3), cut=True)))
    if painting is not None:
        top = max((c.top for c in network.components), default=1)
        found += [
            Entry("off" if level == 0 else "highest level" if level == top else f"level {level}",
                  _level(level, top))
            for level in sorted({0, top // 2 if top > 1 else 0, top})
        ]  # fmt: skip
        if any(low != high for low, high in painting.levels.values()):
            found.append(Entry("changes or is free", _free()))
        if painting.before is not None:
            found += [Entry("rose", _mark("▲", "gained")), Entry("fell", _mark("▼", "lost"))]
        else:
            found.append(Entry("source below its threshold", _edge("+", idle=True)))
    return found


def extent(shown: Sequence[Entry], width: float) -> QSizeF:
    """Return the size of a legend of at most this width."""
    columns = _columns(shown, width)
    wide = sum(columns) + _COLUMN_GAP * max(len(columns) - 1, 0)
    rows = -(-len(shown) // len(columns)) if columns else 0
    return QSizeF(wide, rows * ROW)


def paint(painter: QPainter, shown: Sequence[Entry], at: QPointF, width: float) -> None:
    """Paint a legend with its top left corner at a point, in columns."""
    columns = _columns(shown, width)
    if not columns:
        return
    rows = -(-len(shown) // len(columns))
    x = at.x()
    for column, wide in enumerate(columns):
        for row, entry in enumerate(shown[column * rows : (column + 1) * rows]):
            box = QRectF(x, at.y() + row * ROW, KEY_WIDTH, ROW)
            painter.save()
            entry.draw(painter, box)
            painter.restore()
            painter.setPen(theme()["ink"])
            painter.setFont(drawing_font(11))
            words = QRectF(x + KEY_WIDTH + _GAP, box.top(), wide, ROW)
            left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(words, left, entry.words)
        x += wide + _COLUMN_GAP


def _columns(shown: Sequence[Entry], width: float) -> list[float]:
    """Return the widths of as many columns as fit."""
    metrics = QFontMetricsF(drawing_font(11))
    widths = [KEY_WIDTH + _GAP + metrics.horizontalAdvance(e.words) + 2 for e in shown]
    for count in range(len(shown), 0, -1):
        rows = -(-len(shown) // count)
        columns = [max(widths[i : i + rows]) for i in range(0, len(shown), rows)]
        if count == 1 or sum(columns) + _COLUMN_GAP * (len(columns) - 1) <= width:
            return columns
    return []


# --- keys ------------------------------------------------------------------------------------


def _edge(
    sign: str, *, dashes: Sequence[float] = (), cut: bool = False, idle: bool = False
) -> Draw:
    def draw(painter: QPainter, box: QRectF) -> None:
        role = "faint-ink" if cut or idle else SIGN_ROLES[sign]
        colour = theme()[role]
        middle = box.center().y()
        tip = (box.right() - 1, middle)
        head, stop = edge_head(sign, tip, (box.left(), middle))
        pen = QPen(colour, 1.4)
        if dashes:
            pen.setDashPattern(dashes)
        painter.setPen(pen)
        painter.drawLine(QPointF(box.left(), middle), stop)
        painter.fillPath(head, colour)
        if cut:
            path = QPainterPath()
            for side in (-1, 1):
                path.moveTo(box.center() + QPointF(-5, -5 * side))
                path.lineTo(box.center() + QPointF(5, 5 * side))
            painter.setPen(QPen(theme()["lost"], 2.2))
            painter.drawPath(path)

    return draw


def _marked(mark: Mark) -> Draw:
    def draw(painter: QPainter, box: QRectF) -> None:
        colour = theme()[mark.role or "ink"]
        pen = QPen(colour, 1.8)
        if mark.dashes:
            pen.setDashPattern(mark.dashes)
        painter.setPen(pen)
        middle = box.center()
        painter.drawLine(QPointF(box.left(), middle.y()), QPointF(box.right(), middle.y()))
        if mark.letter:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme()["paper"])
            painter.drawEllipse(middle, 6.5, 6.5)
            painter.setPen(colour)
            painter.setFont(drawing_font(11, bold=True))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, mark.letter)

    return draw


def _node(corner: float, *, double: bool = False) -> Draw:
    def draw(painter: QPainter, box: QRectF) -> None:
        body = box.adjusted(1, 3, -1, -3)
        radius = min(corner, body.height() / 2)
        painter.setPen(QPen(theme()["ink"], 1.2))
        painter.setBrush(theme()["node"])
        painter.drawRoundedRect(body, radius, radius)
        if double:
            painter.setPen(QPen(theme()["ink"], 0.8))
            painter.drawRoundedRect(body.adjusted(3, 3, -3, -3), radius - 3, radius - 3)

    return draw


def _level(level: int, top: int) -> Draw:
    def draw(painter: QPainter, box: QRectF) -> None:
        fill, ink = theme().level(level, top)
        body = box.adjusted(1, 3, -1, -3)
        painter.setPen(QPen(theme()["ink"], 1))
        painter.setBrush(fill)
        painter.drawRect(body)
        painter.setPen(ink)
        painter.setFont(drawing_font(10, bold=True))
        painter.drawText(body, Qt.AlignmentFlag.AlignCenter, str(level))

    return draw


def _free() -> Draw:
    def draw(painter: QPainter, box: QRectF) -> None:
        body = box.adjusted(1, 3, -1, -3)
        painter.setPen(QPen(theme()["ink"], 1))
        painter.setBrush(theme()["free"])
        painter.drawRect(body)
        painter.setPen(theme()["free-ink"])
        painter.setFont(drawing_font(10, bold=True))
        painter.drawText(body, Qt.AlignmentFlag.AlignCenter, "0–1")

    return draw


def _badge(text: str, *, filled: bool) -> Draw:
    def draw(painter: QPainter, box: QRectF) -> None:
        painter.setPen(QPen(theme()["badge"], 1.2))
        painter.setBrush(theme()["badge" if filled else "paper"])
        painter.drawRoundedRect(box.adjusted(4, 3, -4, -3), 3, 3)
        painter.setPen(theme()["badge-ink" if filled else "badge"])
        painter.setFont(drawing_font(9, bold=True))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    return draw


def _mark(mark: str, role: str) -> Draw:
    def draw(painter: QPainter, box: QRectF) -> None:
        painter.setPen(theme()[role])
        painter.setFont(drawing_font(12, bold=True))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, mark)

    return draw


def edge_head(sign: str, tip: Point, before: Point) -> tuple[QPainterPath, QPointF]:
    """Return the head of an edge that comes from `before` to `tip`, and where its line stops."""
    line, heads = edge_shape((before, tip), sign)
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for head in heads:
        path.addPolygon(QPolygonF([QPointF(*point) for point in head]))
    return path, QPointF(*line[-1])
