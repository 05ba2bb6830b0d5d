"""DoseChart: how readouts follow a dose, one row for each; the same without components beside it.

A bar is as high as the readout's level; what is hatched is a range, within or between attractors.
The window is shaded, and the verdict stands below as a word.

This module is long because screen, export, mouse and keys share one set of measures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip

from gui.widgets import exports, legend
from gui.widgets.style import drawing_font, lent, style, theme
from regnet.analysis.dose import DoseResponse, Panel
from regnet.analysis.dose.curves import Curve
from regnet.analysis.dose.words import verdict, window
from regnet.figures import level_text

_SLOT, _SMALL = 44.0, 28.0  # width of one dose, in the first column and in the others
_HIGH, _LOW = 76.0, 34.0  # height of the bars of a component, and of a phenotype
_ABOVE, _BELOW = 22.0, 46.0  # room for the number on a bar; for the dose and the verdict
_GAP, _MARGIN = 22.0, 10.0
_HEAD = 34.0
_MOST_NAME = 130.0
_WHOLE_NAME = 600.0
_MOST_COUNTED = 99  # attractors; of more the share is printed


@dataclass(frozen=True)
class Content:
    """What a chart shows.

    Parameters
    ----------
    answer
        The response.
    titles
        What each column is called: the scenario, and what is done on top of it.
    tops
        Highest level of each readout that is a component.
    caption
        What an export says above it.
    """

    answer: DoseResponse
    titles: tuple[str, ...]
    tops: Mapping[str, int]
    caption: str

    @property
    def panels(self) -> tuple[Panel, ...]:
        """The columns."""
        return (self.answer.reference, *self.answer.knock_outs)

    @property
    def levels(self) -> int:
        """How many levels the dose has."""
        return len(self.answer.reference.curves[0].ranges)


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    y: float  # where the bars end
    height: float


class DoseChart(QAbstractScrollArea):
    """Shows `Content`; arrow keys walk through doses, readouts and columns."""

    point_chosen = Signal(int, int)
    """The person went to a dose: number of the column, and level."""

    opened = Signal(int, int)
    """The person wants to go on from a dose: number of the column, and level."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Levels of the readouts at each dose")
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.content: Content | None = None
        self.cursor_at: tuple[int, int, int] | None = None
        """Column, row and level where the person is."""
        self._rows: list[_Row] = []
        self._columns: list[tuple[float, float]] = []  # where the bars begin, width of a dose
        self._size = QSizeF()
        self._left = 0.0
        style().changed.connect(self._repaint)

    def show_content(self, content: Content | None) -> None:
        """Show a response, or nothing."""
        self.content, self.cursor_at = content, None
        self._arrange()
        self._scrolled()
        self.horizontalScrollBar().setValue(0)
        self.verticalScrollBar().setValue(0)
        self._repaint()

    @property
    def readouts(self) -> list[str]:
        """The readouts that are drawn; phenotypes that never come are not."""
        return [row.name for row in self._rows]

    @property
    def never(self) -> list[str]:
        """The phenotypes that no attractor has."""
        if self.content is None:
            return []
        shown = set(self.readouts)
        return [c.readout for c in self.content.answer.reference.curves if c.readout not in shown]

    # --- where things are ---

    def _arrange(self, most_name: float = _MOST_NAME) -> None:
        content = self.content
        self._rows, self._columns, self._size = [], [], QSizeF()
        if content is None:
            return
        y = _ABOVE
        for curve in sorted(content.answer.reference.curves, key=partial(_rank, content)):
            name = curve.readout
            if name not in content.tops and not any(
                r not in ((0, 0), None)
                for panel in content.panels
                for r in _curve(panel, name).ranges
            ):
                continue
            height = _HIGH if name in content.tops else _LOW
            self._rows.append(_Row(name, y + height, height))
            y += height + _BELOW + _ABOVE
        bold, plain = QFontMetricsF(drawing_font(12, bold=True)), QFontMetricsF(drawing_font(11))
        names = [min(bold.horizontalAdvance(row.name), most_name) for row in self._rows]
        x = self._left = max(names, default=0.0) + 2 * _MARGIN
        for number, panel in enumerate(content.panels):
            slot = _SLOT if number == 0 else _SMALL
            told = [_told(content, number, _curve(panel, row.name)) for row in self._rows]
            bars = content.levels * slot
            width = max(
                bars,
                bold.horizontalAdvance(content.titles[number]),
                *(plain.horizontalAdvance(text) for text in told),
                0.0,
            )
            self._columns.append((x + (width - bars) / 2, slot))
            x += width + _GAP
        self._size = QSizeF(x, y - _ABOVE + _MARGIN)

    def _scrolled(self) -> None:
        room = self.viewport().size()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setRange(0, max(0, round(self._size.width() - room.width())))
        across.setPageStep(room.width())
        across.setSingleStep(40)
        down.setRange(0, max(0, round(self._size.height() + _HEAD - room.height())))
        down.setPageStep(room.height())
        down.setSingleStep(40)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set the scroll bars."""
        super().resizeEvent(event)
        self._scrolled()

    def box_of(self, column: int, row: int, level: int) -> QRectF:
        """Return where a dose of a readout is drawn, in the viewport."""
        x, slot = self._columns[column]
        place = self._rows[row]
        return QRectF(
            x + level * slot - self.horizontalScrollBar().value(),
            place.y - place.height - _ABOVE + 4 + _HEAD - self.verticalScrollBar().value(),
            slot,
            place.height + _ABOVE + 14,
        )

    def _at(self, point: QPoint) -> tuple[int, int, int] | None:
        if self.content is None or point.y() < _HEAD:
            return None
        for column in range(len(self._columns)):
            for row in range(len(self._rows)):
                for level in range(self.content.levels):
                    if self.box_of(column, row, level).contains(QPointF(point)):
                        return column, row, level
        return None

    # --- painting ---

    def _repaint(self) -> None:
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what can be seen; names and titles stay where they are."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, room = theme(), QRectF(self.viewport().rect())
        painter.fillRect(room, colours["paper"])
        x, y = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        painter.save()
        painter.setClipRect(room.adjusted(self._left, _HEAD, 0, 0))
        painter.translate(-x, _HEAD - y)
        self._paint_charts(painter)
        painter.restore()
        if self.cursor_at is not None:
            painter.save()
            painter.setClipRect(room.adjusted(self._left - 2, _HEAD, 0, 0))
            painter.setPen(QPen(colours["selected"], 2 if self.hasFocus() else 1))
            painter.drawRoundedRect(self.box_of(*self.cursor_at).adjusted(1, 1, -1, -1), 4, 4)
            painter.restore()
        painter.save()
        painter.setClipRect(room.adjusted(0, _HEAD, 0, 0))
        painter.translate(0, _HEAD - y)
        self._paint_names(painter, _MOST_NAME)
        painter.restore()
        painter.save()
        painter.setClipRect(QRectF(self._left, 0, room.width(), _HEAD))
        painter.translate(-x, 0)
        self._paint_titles(painter)
        painter.restore()
        painter.end()

    def _paint_titles(self, painter: QPainter) -> None:
        if self.content is None:
            return
        painter.setFont(drawing_font(12, bold=True))
        painter.setPen(theme()["ink"])
        for (x, slot), title in zip(self._columns, self.content.titles, strict=True):
            middle = x + self.content.levels * slot / 2
            box = QRectF(middle - 400, 6, 800, _HEAD - 8)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, title)

    def _paint_names(self, painter: QPainter, most: float) -> None:
        painter.setPen(theme()["ink"])
        font = drawing_font(12, bold=True)
        painter.setFont(font)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for row in self._rows:
            text = QFontMetricsF(font).elidedText(row.name, Qt.TextElideMode.ElideRight, most)
            painter.drawText(QRectF(_MARGIN, row.y - row.height, 900, row.height), left, text)

    def _paint_charts(self, painter: QPainter) -> None:
        content = self.content
        if content is None:
            return
        for number, panel in enumerate(content.panels):
            for row in self._rows:
                self._paint_chart(painter, content, number, panel, row)

    def _paint_chart(
        self, painter: QPainter, content: Content, number: int, panel: Panel, row: _Row
    ) -> None:
        colours = theme()
        x, slot = self._columns[number]
        curve = _curve(panel, row.name)
        reference = _curve(content.answer.reference, row.name)
        best = curve.reaching(reference) if reference.shape in ("window", "dip") else ()
        top = row.y - row.height
        for level in best:  # neighbours join, with a line at each bound
            box = QRectF(x + level * slot, top - _ABOVE + 6, slot, row.height + _ABOVE - 6)
            painter.fillRect(box, colours["info-paper"])
            painter.setPen(QPen(colours["info"], 1.2, Qt.PenStyle.DashLine))
            if level - 1 not in best:
                painter.drawLine(box.topLeft(), box.bottomLeft())
            if level + 1 not in best:
                painter.drawLine(box.topRight(), box.bottomRight())
        painter.setPen(QPen(colours["line"], 1))
        painter.drawLine(QPointF(x, row.y), QPointF(x + content.levels * slot, row.y))
        points = {point.level: point for point in panel.points}
        for level, levels in enumerate(curve.ranges):
            box = QRectF(x + (level + 0.22) * slot, top, 0.56 * slot, row.height)
            painter.setPen(colours["muted"])
            painter.setFont(drawing_font(10))
            _text(painter, box.center().x(), row.y + 9, str(level))
            text = _value(panel, row.name, level, content)
            high = 0.0
            if levels is not None and row.name in content.tops:
                high = _bar(painter, box, levels, content.tops[row.name])
            elif levels is not None:
                point = points[level]
                share = point.phenotypes[row.name] / max(point.attractors, 1)
                high = _share(painter, box, share)
            painter.setPen(colours["ink"])
            painter.setFont(drawing_font(11))
            _text(painter, box.center().x(), row.y - high - 9, text)
        painter.setPen(colours["muted"])
        painter.setFont(drawing_font(11))
        middle = x + content.levels * slot / 2
        _text(painter, middle, row.y + 27, _told(content, number, curve))

    # --- the person ---

    def go_to(self, column: int, row: int, level: int) -> None:
        """Put the cursor on a dose of a readout, bring it into sight, and tell."""
        if self.content is None or not self._rows:
            return
        self.cursor_at = column, row, level
        box, room = self.box_of(column, row, level), self.viewport().rect()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        if box.left() < self._left:
            across.setValue(round(across.value() - (self._left - box.left())))
        elif box.right() > room.right():
            across.setValue(round(across.value() + box.right() - room.right() + 4))
        if box.top() < _HEAD:
            down.setValue(round(down.value() - (_HEAD - box.top())))
        elif box.bottom() + _BELOW > room.bottom():
            down.setValue(round(down.value() + box.bottom() + _BELOW - room.bottom()))
        self._repaint()
        self.setAccessibleDescription(self.tip_of(column, row, level))
        self.point_chosen.emit(column, level)

    def leave(self) -> None:
        """Take the cursor away."""
        self.cursor_at = None
        self._repaint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrow keys; Enter goes on from a dose."""
        content, key = self.content, event.key()
        if content is None or not self._rows:
            super().keyPressEvent(event)
            return
        steps = {
            Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
        }  # fmt: skip
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.cursor_at is not None:
            self.opened.emit(self.cursor_at[0], self.cursor_at[2])
        elif self.cursor_at is None and key in (*steps, Qt.Key.Key_Home):
            self.go_to(0, 0, 0)
        elif key in steps and self.cursor_at is not None:
            across, down = steps[Qt.Key(key)]
            column, row, level = self.cursor_at
            place = column * content.levels + level + across
            place = min(max(place, 0), len(self._columns) * content.levels - 1)
            row = min(max(row + down, 0), len(self._rows) - 1)
            self.go_to(place // content.levels, row, place % content.levels)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the dose that is clicked."""
        place = self._at(event.position().toPoint())
        if place is not None:
            self.go_to(*place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go on from the dose that is double-clicked."""
        place = self._at(event.position().toPoint())
        if place is not None:
            self.opened.emit(place[0], place[2])

    def viewportEvent(self, event: QEvent) -> bool:
        """Say more about the dose under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._at(event.pos())
            text = self.tip_of(*place) if place else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().viewportEvent(event)

    def tip_of(self, column: int, row: int, level: int) -> str:
        """Return what there is to say about a dose of a readout."""
        content = self.content
        if content is None:
            return ""
        panel, name = content.panels[column], self._rows[row].name
        value = _value(panel, name, level, content)
        where = f"{content.titles[column]}, {content.answer.dose} = {level}"
        point = next((p for p in panel.points if p.level == level), None)
        if point is None or point.missing:
            return f"{where}\n{point.missing if point else 'not computed'}"
        number = f"{point.attractors:,} attractor{'' if point.attractors == 1 else 's'}"
        said = f"{name} = {value}" if name in content.tops else f"{name}: {value}"
        return f"{where}\n{said}\n{number}"

    # --- export ---

    def _keys(self) -> list[legend.Entry]:
        content = self.content
        if content is None:
            return []
        curves = [_curve(p, name) for p in content.panels for name in self.readouts]
        keys = [legend.Entry("level, or share of the attractors", _draw_bar)]
        if any(r is not None and r[0] < r[1] for c in curves for r in c.ranges):
            keys.append(legend.Entry("several levels, or some attractors", _draw_range))
        if any(c.shape in ("window", "dip") for c in curves[: len(self._rows)]):
            keys.append(legend.Entry("the window: as good as its best", _draw_window))
        return keys

    def extent(self) -> QSizeF:
        """Return how large an export is."""
        with self._for_export():
            return self._extent()

    def _extent(self) -> QSizeF:
        caption = self.content.caption if self.content else ""
        metrics = QFontMetricsF(drawing_font(12, bold=True))
        width = max(self._size.width(), metrics.horizontalAdvance(caption) + 2 * _MARGIN, 420)
        keys = legend.extent(self._keys(), width - 2 * _MARGIN)
        return QSizeF(width, 30 + _HEAD + self._size.height() + keys.height() + 2 * _MARGIN)

    def paint_export(self, painter: QPainter) -> None:
        """Paint everything with its caption and legend, on white paper."""
        if self.content is None:
            return
        with lent("light"), self._for_export():
            size = self._extent()
            painter.fillRect(QRectF(QPointF(), size), theme()["paper"])
            painter.setPen(theme()["ink"])
            painter.setFont(drawing_font(12, bold=True))
            painter.drawText(QPointF(_MARGIN, 22), self.content.caption)
            painter.translate(0, 30)
            self._paint_titles(painter)
            painter.translate(0, _HEAD)
            self._paint_names(painter, _WHOLE_NAME)
            self._paint_charts(painter)
            at = QPointF(_MARGIN, self._size.height())
            legend.paint(painter, self._keys(), at, size.width() - 2 * _MARGIN)

    @contextmanager
    def _for_export(self) -> Iterator[None]:
        """Have room for whole names for a while."""
        self._arrange(_WHOLE_NAME)
        try:
            yield
        finally:
            self._arrange()

    def to_svg(self) -> bytes:
        """Return everything as SVG."""
        caption = self.content.caption if self.content else ""
        return exports.as_svg(self.extent(), caption, self.paint_export)

    def to_png(self) -> bytes:
        """Return everything as PNG."""
        return exports.as_png(self.extent(), self.paint_export)


# --- parts -------------------------------------------------------------------------------------


def _curve(panel: Panel, name: str) -> Curve:
    return next(curve for curve in panel.curves if curve.readout == name)


def _rank(content: Content, curve: Curve) -> tuple[bool, bool, bool]:
    """Return the place of a row: windows first, phenotypes last."""
    is_window = curve.shape in ("window", "dip")
    return curve.readout not in content.tops, not is_window, curve.shape == "none"


def _told(content: Content, number: int, curve: Curve) -> str:
    """Return the verdict on a curve; beside the first column, what became of its window."""
    reference = _curve(content.answer.reference, curve.readout)
    if number and reference.shape in ("window", "dip"):
        return f"{reference.shape}: {window(curve, reference)}"
    return verdict(curve)


def _value(panel: Panel, name: str, level: int, content: Content) -> str:
    levels = _curve(panel, name).ranges[level]
    if levels is None:
        return "?"
    if name in content.tops:
        return level_text(levels)
    point = next(point for point in panel.points if point.level == level)
    number = point.phenotypes[name]
    if number in (0, point.attractors):
        return "all" if number else "–"
    if point.attractors > _MOST_COUNTED:
        return f"{number / point.attractors:.0%}"
    return f"{number}/{point.attractors}"


def _text(painter: QPainter, x: float, y: float, text: str) -> None:
    painter.drawText(QRectF(x - 300, y - 10, 600, 20), Qt.AlignmentFlag.AlignCenter, text)


def _bar(painter: QPainter, box: QRectF, levels: tuple[int, int], top: int) -> float:
    """Paint a level or a range, and return how high it is."""
    low, high = (box.height() * at / top for at in levels)
    if levels[0]:
        painter.setPen(QPen(theme()["line"], 0.8))
        painter.setBrush(theme().level(levels[0], top)[0])
        painter.drawRect(QRectF(box.left(), box.bottom() - low, box.width(), low))
    if high > low:
        _hatch(painter, QRectF(box.left(), box.bottom() - high, box.width(), high - low))
    return high


def _share(painter: QPainter, box: QRectF, share: float) -> float:
    high = box.height() * share
    bar = QRectF(box.left(), box.bottom() - high, box.width(), high)
    if share == 1:
        painter.setPen(QPen(theme()["line"], 0.8))
        painter.setBrush(theme().level(1, 1)[0])
        painter.drawRect(bar)
    elif share:
        _hatch(painter, bar)
    return high


def _hatch(painter: QPainter, box: QRectF) -> None:
    colours = theme()
    painter.fillRect(box, colours["free"])
    painter.save()
    painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(colours["hatch"], 0.9))
    offset = 5.0
    while offset < box.width() + box.height():
        start = QPointF(box.left() + offset, box.top())
        painter.drawLine(start, QPointF(start.x() - box.height(), box.bottom()))
        offset += 6.0
    painter.restore()
    painter.setPen(QPen(colours["line"], 0.8))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)


def _draw_bar(painter: QPainter, box: QRectF) -> None:
    _bar(painter, box.adjusted(9, 2, -9, -2), (1, 1), 1)


def _draw_range(painter: QPainter, box: QRectF) -> None:
    _hatch(painter, box.adjusted(9, 2, -9, -2))


def _draw_window(painter: QPainter, box: QRectF) -> None:
    inside = box.adjusted(2, 2, -2, -2)
    painter.fillRect(inside, theme()["info-paper"])
    painter.setPen(QPen(theme()["info"], 1.2, Qt.PenStyle.DashLine))
    painter.drawLine(inside.topLeft(), inside.bottomLeft())
    painter.drawLine(inside.topRight(), inside.bottomRight())
