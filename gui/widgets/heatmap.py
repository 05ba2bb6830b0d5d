"""HeatMap: levels as a grid of coloured squares, each with its level printed.

The content is given as lines, columns and a function of their cells, of which only the visible ones
are requested: ten thousand attractors scroll as smoothly as ten. It is exported as reports draw it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from PySide6.QtCore import (
    QEvent,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    QSizeF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from gui.widgets import exports, marks
from gui.widgets.style import drawing_font, style, theme
from regnet.figures.heatmap import MISSING, Cell, Matrix, square
from regnet.figures.marks import Drawing

FONT = 11.0
WIDTH, HEIGHT = 27.0, 22.0  # of a cell
_GROUP = 22.0  # height of the title of a group of lines
_GAP = 8.0  # between groups
_MARGIN = 8.0
_MOST_LABEL = 230.0  # maximum width of labels at the side; exports show them in full
_MOST_HEADER = 150.0
_SHORTEST_TITLE = 60.0  # minimum width of a title

_MEANING = {
    "level": "",
    "free": ": it keeps changing",
    "varies": ": it follows the inputs",
    "missing": ": there is no value",
}
"""What tips say of each look."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of squares: its key, its label and its group."""

    key: int
    label: str
    group: str = ""


@dataclass(frozen=True)
class HeatMapContent:
    """The content of a heat map.

    Parameters
    ----------
    lines, columns
        The two axes; lines of one group are adjacent.
    cell
        A function that returns the cell of a line and a column.
    caption
        Caption of an export.
    tips, line_tips
        Functions that return the tool tips of columns and lines.
    """

    lines: Sequence[Line] = ()
    columns: Sequence[str] = ()
    cell: Callable[[Line, str], Cell] = lambda _line, _column: MISSING
    caption: str = ""
    tips: Callable[[str], str] = str
    line_tips: Callable[[Line], str] = lambda line: line.label


@dataclass(slots=True)
class _Axis:
    """The offsets of the cells along one axis, and their groups."""

    labels: list[str]
    starts: list[float]
    size: float
    length: float
    groups: list[tuple[str, float, float]] = field(default_factory=list)
    widest: float | None = None  # width of the widest label, once known

    @property
    def is_upright(self) -> bool:
        """Whether all labels are short enough to be printed without rotation."""
        return self.widest is not None and self.widest <= self.size - 2

    def at(self, place: float) -> int | None:
        """Return the index of the cell at a coordinate, or None in a gap."""
        number = bisect_right(self.starts, place) - 1
        if number < 0 or place >= self.starts[number] + self.size:
            return None
        return number

    def between(self, first: float, last: float) -> range:
        """Return the indices of the cells between two coordinates."""
        return range(max(bisect_right(self.starts, first) - 1, 0), bisect_left(self.starts, last))


class HeatMap(QAbstractScrollArea):
    """Shows `HeatMapContent`; arrow keys move through its lines and columns."""

    line_chosen = Signal(int)
    """The key of the line at the cursor."""

    column_chosen = Signal(str)
    """The column at the cursor."""

    column_sorted = Signal(str)
    """The name of a column was double-clicked: sort by it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.content = HeatMapContent()
        self.is_transposed = False
        self._line: int | None = None  # number, not key
        self._columns: frozenset[str] = frozenset()
        self._cursor = 0
        self._across = self._down = _Axis([], [], WIDTH, 0)
        self._left = self._top = 0.0
        self._pixmaps: dict[tuple[Cell, float], QPixmap] = {}
        self.setMinimumSize(180, 110)
        style().changed.connect(self._restyle)

    # --- display ---

    def show_content(self, content: HeatMapContent) -> None:
        """Show other content; the chosen line stays chosen if it still exists."""
        key = self.chosen_key
        self.content = content
        self._line = self._number_of(key)
        self._cursor = min(self._cursor, max(len(content.columns) - 1, 0))
        self._measure()

    def set_transposed(self, transposed: bool) -> None:
        """Transpose the heat map, or undo that."""
        self.is_transposed = transposed
        self._measure()

    @property
    def chosen_key(self) -> int | None:
        """The key of the chosen line."""
        return None if self._line is None else self.content.lines[self._line].key

    def choose_line(self, key: int | None) -> None:
        """Show a line as chosen without emitting a signal."""
        self._line = self._number_of(key)
        if self._line is not None:
            self._reveal(self._line, None)
        self.viewport().update()

    def choose_columns(self, names: Sequence[str]) -> None:
        """Show columns as chosen without emitting a signal."""
        self._columns = frozenset(names)
        self.viewport().update()

    def show_column(self, number: int) -> None:
        """Scroll to a column, and move the cursor there."""
        self._cursor = number
        self._reveal(None, number)

    def _number_of(self, key: int | None) -> int | None:
        if key is None:
            return None
        return next((i for i, line in enumerate(self.content.lines) if line.key == key), None)

    # --- geometry ---

    def _axes(self) -> tuple[_Axis, _Axis]:
        """Return the axes across and down."""
        lines = self.content.lines
        size = WIDTH if self.is_transposed else HEIGHT
        title = 0.0 if self.is_transposed else _GROUP
        starts: list[float] = []
        groups: list[tuple[str, float, float]] = []
        at = 0.0
        for number, line in enumerate(lines):
            if line.group and (number == 0 or lines[number - 1].group != line.group):
                at += _GAP if number else 0.0
                groups.append((line.group, at, at + title + size))
                at += title
            elif line.group:
                groups[-1] = (*groups[-1][:2], at + size)
            starts.append(at)
            at += size
        along = _Axis([line.label for line in lines], starts, size, at, groups)
        other = HEIGHT if self.is_transposed else WIDTH
        count = len(self.content.columns)
        names = list(self.content.columns)
        across = _Axis(names, [i * other for i in range(count)], other, count * other)
        return (along, across) if self.is_transposed else (across, along)

    def _room(self) -> tuple[float, float]:
        """Return the width of the labels at the side and the height of those above."""
        metrics = QFontMetricsF(drawing_font(FONT, bold=True))

        def widest(axis: _Axis, limit: float) -> float:
            if axis.widest is None:
                widths = (metrics.horizontalAdvance(text) for text in axis.labels)
                axis.widest = max(widths, default=0.0)
            return min(axis.widest, limit) + 14

        high = max(min(_MOST_HEADER, 0.4 * self.viewport().height()), 40)
        top = widest(self._across, high)
        if self._across.is_upright:
            top = metrics.height() + 8
        top += _GROUP if self._across.groups else 0.0
        return widest(self._down, _MOST_LABEL), top

    def _measure(self) -> None:
        self._across, self._down = self._axes()
        self._set_bars()
        self.viewport().update()

    def _set_bars(self) -> None:
        self._left, self._top = self._room()
        view = self.viewport().size()
        for bar, axis, room in (
            (self.horizontalScrollBar(), self._across, view.width() - self._left - _MARGIN),
            (self.verticalScrollBar(), self._down, view.height() - self._top - _MARGIN),
        ):
            bar.setPageStep(max(int(room), 1))
            bar.setSingleStep(int(axis.size))
            bar.setRange(0, max(0, round(axis.length - room)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the scroll bars."""
        self._set_bars()

    def sizeHint(self) -> QSize:
        """Return the size of the whole content, within limits."""
        wide = self._left + self._across.length + 2 * _MARGIN
        high = self._top + self._down.length + 2 * _MARGIN
        return QSize(int(min(wide, 900)), int(min(high, 600)))

    # --- painting ---

    def _restyle(self) -> None:
        self._pixmaps.clear()
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what can be seen."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.fillRect(self.viewport().rect(), theme()["paper"])
        size = QSizeF(self.viewport().size())
        x, y = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        left, top = self._left, self._top
        across = self._across.between(x, x + size.width() - left)
        down = self._down.between(y, y + size.height() - top)
        origin = QPointF(left - x, top - y)
        painter.save()
        painter.setClipRect(QRectF(left, top, size.width() - left, size.height() - top))
        scale = self.devicePixelRatioF()
        for v in down:
            for h in across:
                at = origin + QPointF(self._across.starts[h], self._down.starts[v])
                painter.drawPixmap(at, self._pixmap(self._cell(h, v), scale))
        self._paint_chosen(painter, origin)
        painter.restore()
        self._paint_side(painter, down, origin, size)
        self._paint_header(painter, across, origin, size)

    def _cell(self, across: int, down: int) -> Cell:
        line, column = (across, down) if self.is_transposed else (down, across)
        content = self.content
        return content.cell(content.lines[line], content.columns[column])

    def _pixmap(self, cell: Cell, scale: float) -> QPixmap:
        key = (cell, scale)
        if key not in self._pixmaps:
            size = QSizeF(self._across.size, self._down.size)
            pixmap = QPixmap((size * scale).toSize())
            pixmap.setDevicePixelRatio(scale)
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
            marks.paint(painter, square(cell, 0, 0, size.width(), size.height()))
            painter.end()
            self._pixmaps[key] = pixmap
        return self._pixmaps[key]

    def _paint_chosen(self, painter: QPainter, origin: QPointF) -> None:
        """Frame the chosen line."""
        if self._line is None:
            return
        axis = self._across if self.is_transposed else self._down
        start = axis.starts[self._line]
        if self.is_transposed:
            box = QRectF(origin.x() + start, origin.y(), axis.size, self._down.length)
        else:
            box = QRectF(origin.x(), origin.y() + start, self._across.length, axis.size)
        painter.setPen(QPen(theme()["selected"], 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(1, 1, -1, -1))

    def _paint_side(self, painter: QPainter, down: range, origin: QPointF, size: QSizeF) -> None:
        axis, colours = self._down, theme()
        painter.save()
        painter.setClipRect(QRectF(0, self._top, size.width(), size.height() - self._top))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for number in down:
            box = QRectF(4, origin.y() + axis.starts[number], self._left - 10, axis.size)
            self._paint_label(painter, box, right, number, is_line=not self.is_transposed)
        painter.setFont(drawing_font(FONT, bold=True))
        painter.setPen(colours["ink"])
        for title, start, _ in axis.groups:
            box = QRectF(6, origin.y() + start, size.width() - 12, _GROUP)
            text = _elided(painter, title, box.width())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _paint_header(
        self, painter: QPainter, across: range, origin: QPointF, size: QSizeF
    ) -> None:
        axis, colours = self._across, theme()
        painter.save()
        painter.setClipRect(QRectF(self._left, 0, size.width() - self._left, self._top))
        band = _GROUP if axis.groups else 0.0
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for number in across:
            if axis.is_upright:
                place = QRectF(origin.x() + axis.starts[number], band, axis.size, self._top - band)
                centre = Qt.AlignmentFlag.AlignCenter
                self._paint_label(painter, place, centre, number, is_line=self.is_transposed)
                continue
            painter.save()
            painter.translate(origin.x() + axis.starts[number], self._top - 4)
            painter.rotate(-90)
            box = QRectF(0, 0, self._top - band - 6, axis.size)
            self._paint_label(painter, box, left, number, is_line=self.is_transposed)
            painter.restore()
        painter.setFont(drawing_font(FONT, bold=True))
        for title, start, stop in axis.groups:
            box = QRectF(origin.x() + start, 2, stop - start, _GROUP - 4)
            painter.setPen(colours["line"])
            painter.drawLine(box.bottomLeft(), box.bottomRight())
            painter.setPen(colours["ink"])
            if box.width() > _SHORTEST_TITLE:
                painter.drawText(box, left, _elided(painter, title, box.width()))
        painter.restore()

    def _paint_label(
        self, painter: QPainter, box: QRectF, flags: Qt.AlignmentFlag, number: int, *, is_line: bool
    ) -> None:
        colours = theme()
        if is_line:
            text, chosen = self.content.lines[number].label, number == self._line
        else:
            text = self.content.columns[number]
            chosen = text in self._columns
        painter.setFont(drawing_font(FONT, bold=chosen))
        painter.setPen(colours["selected" if chosen else "ink"])
        painter.drawText(box, flags, _elided(painter, text, box.width()))

    # --- mouse and keyboard ---

    def _under(self, point: QPoint) -> tuple[int | None, int | None]:
        """Return the indices of the line and the column at a point; labels belong to them."""
        x = point.x() - self._left + self.horizontalScrollBar().value()
        y = point.y() - self._top + self.verticalScrollBar().value()
        across = self._across.at(x) if point.x() >= self._left else None
        down = self._down.at(y) if point.y() >= self._top else None
        return (across, down) if self.is_transposed else (down, across)

    def _choose(self, line: int | None, column: int | None) -> None:
        if line is not None:
            self._line = line
            self._reveal(line, None)
            self.viewport().update()
            self.line_chosen.emit(self.content.lines[line].key)
        if column is not None:
            self._cursor = column
            self._reveal(None, column)
            self.column_chosen.emit(self.content.columns[column])

    def _reveal(self, line: int | None, column: int | None) -> None:
        across, down = (line, column) if self.is_transposed else (column, line)
        for number, axis, bar, room in (
            (across, self._across, self.horizontalScrollBar(),
             self.viewport().width() - self._left),
            (down, self._down, self.verticalScrollBar(), self.viewport().height() - self._top),
        ):  # fmt: skip
            if number is not None and axis.starts:
                start = axis.starts[number]
                title = _GROUP if axis.groups and axis is self._down else 0.0
                if start - title < bar.value():
                    bar.setValue(int(start - title))
                elif start + axis.size > bar.value() + room - _MARGIN:
                    bar.setValue(int(start + axis.size - room + _MARGIN) + 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the line and the column that were clicked."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(*self._under(event.position().toPoint()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Sort by a column whose name was double-clicked."""
        line, column = self._under(event.position().toPoint())
        if line is None and column is not None:
            self.column_sorted.emit(self.content.columns[column])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move through lines and columns."""
        key, keys = event.key(), Qt.Key
        down, across = (1, 0) if not self.is_transposed else (0, 1)
        steps = {
            keys.Key_Down: (down, across), keys.Key_Up: (-down, -across),
            keys.Key_Right: (across, down), keys.Key_Left: (-across, -down),
        }  # fmt: skip
        count = len(self.content.lines)
        if key in (keys.Key_Home, keys.Key_End) and count:
            self._choose(0 if key == keys.Key_Home else count - 1, None)
            return
        if key not in steps or not count:
            super().keyPressEvent(event)
            return
        line_step, column_step = steps[keys(key)]
        if line_step:
            at = -1 if self._line is None and line_step > 0 else self._line or 0
            self._choose(min(max(at + line_step, 0), count - 1), None)
        elif self.content.columns:
            last = len(self.content.columns) - 1
            self._choose(None, min(max(self._cursor + column_step, 0), last))

    def viewportEvent(self, event: QEvent) -> bool:
        """Show the tool tip at the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos()), self)
            return True
        return super().viewportEvent(event)

    def tip_at(self, point: QPoint) -> str:
        """Return the tool tip of the square or label at a point."""
        line, column = self._under(point)
        content = self.content
        said = [] if line is None else [content.line_tips(content.lines[line])]
        if column is not None:
            said.append(content.tips(content.columns[column]))
        if line is not None and column is not None:
            cell = content.cell(content.lines[line], content.columns[column])
            said.append(f"{content.columns[column]} = {cell.text}{_MEANING[cell.look]}")
        return "\n".join(said)

    # --- export ---

    def export(self) -> Drawing:
        """Return everything with its caption and its legend, as reports draw it."""
        content = self.content
        lines = content.lines
        cells = [[content.cell(line, column) for column in content.columns] for line in lines]
        groups = [(title, len(list(some))) for title, some in groupby(lines, lambda li: li.group)]
        matrix = Matrix(
            content.caption, [line.label for line in lines], content.columns, cells,
            row_groups=groups if any(title for title, _ in groups) else (),
        )  # fmt: skip
        if self.is_transposed:
            matrix = matrix.transposed()
        return matrix.drawing(matrix.keys()).below(content.caption)

    def contents(self) -> exports.Contents:
        """Return what is exported as SVG and PNG."""
        return marks.contents(self.export())


def _elided(painter: QPainter, text: str, width: float) -> str:
    metrics = QFontMetricsF(painter.font())
    if metrics.horizontalAdvance(text) <= width:
        return text
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
