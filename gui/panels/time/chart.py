"""CourseChart: what changes in time, a small chart for each quantity, one line for each answer.

Lines are told apart by their dashes and by a number at their end, never by colour alone. Estimates
have a band; exact lines have none, and the legend says which are which.

This module is long because screen, export, mouse and keys share one set of measures.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea

from gui.widgets import exports, legend
from gui.widgets.style import drawing_font, lent, style, theme
from regnet.analysis.simulate import Courses
from regnet.analysis.simulate.estimate import Band, Estimate
from regnet.logic import Expr, evaluate, variables

LINES: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("dual", ()),
    ("minus", (5, 2.5)),
    ("plus", (1.5, 2)),
    ("ink", (7, 2, 1.5, 2)),
)
"""Colour and dashes of each answer; their number is that of the answers in an overlay."""

PATTERNS = (
    Qt.BrushStyle.SolidPattern, Qt.BrushStyle.BDiagPattern, Qt.BrushStyle.Dense5Pattern,
    Qt.BrushStyle.FDiagPattern, Qt.BrushStyle.HorPattern, Qt.BrushStyle.VerPattern,
    Qt.BrushStyle.CrossPattern, Qt.BrushStyle.DiagCrossPattern, Qt.BrushStyle.Dense3Pattern,
)  # fmt: skip
"""Fillings of stacked phenotypes, one after the other."""

_NARROWEST, _HEIGHT = 300.0, 96.0
_LEFT, _RIGHT, _TITLE, _BELOW, _MARGIN = 34.0, 22.0, 24.0, 26.0, 10.0
_EXPORTED = 2  # columns of charts in an export
_MOST_TRIED = 20_000  # states
_STILL = 1e-3  # what changes by less is not worth a chart


@dataclass(frozen=True)
class Content:
    """What a chart shows.

    Parameters
    ----------
    answers
        The answers, at most as many as there are `LINES`.
    titles
        What each is called.
    caption
        What an export says above them.
    """

    answers: tuple[Courses, ...]
    titles: tuple[str, ...]
    caption: str


@dataclass(frozen=True)
class Quantity:
    """Something that is drawn: its name, the highest value, a band for each answer that has it.

    Of a phenotype, `measure` says what its probability counts.
    """

    name: str
    top: int
    bands: tuple[Band | None, ...]
    measure: str = ""

    @property
    def is_phenotype(self) -> bool:
        """Whether it is a phenotype, and no component."""
        return bool(self.measure)

    @property
    def title(self) -> str:
        """What stands above it."""
        return f"{self.name}, {self.measure}" if self.measure else self.name


@dataclass(frozen=True)
class _Stack:
    """Phenotypes of one answer, one above the other."""

    name: str
    shares: tuple[tuple[str, Band], ...]
    answer: int


class CourseChart(QAbstractScrollArea):
    """Shows `Content`; the left and right keys move the cursor through time."""

    time_chosen = Signal(float)
    """The person went to a time."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Time courses")
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.content: Content | None = None
        self.point: int | None = None
        """The time point of the first answer at which the cursor is."""
        self.is_stacked = False
        self.overlapping: list[str] = []
        """Phenotypes that are drawn as lines beside the stack: they can hold with one in it."""
        self._words: tuple[str, ...] = ()
        self._charts: list[Quantity | _Stack] = []
        style().changed.connect(self._repaint)

    def show_content(self, content: Content | None) -> None:
        """Show answers, or nothing."""
        self.content, self.point = content, None
        self.setAccessibleDescription("")
        self._arrange()

    def set_filter(self, text: str) -> None:
        """Show the quantities whose names contain one of these words."""
        self._words = tuple(text.replace(",", " ").casefold().split())
        self._arrange()

    def set_stacked(self, stacked: bool) -> None:
        """Show phenotypes one above the other instead of as lines."""
        self.is_stacked = stacked
        self._arrange()

    @property
    def shown(self) -> list[str]:
        """The names of what is drawn."""
        return [chart.name for chart in self._charts]

    # --- what is drawn, and where ---

    def _arrange(self) -> None:
        self._charts, self.overlapping = [], []
        if self.content is not None:
            found = quantities(self.content.answers)
            wanted = [q for q in found if self._is_wanted(q.name)]
            stacks = self._stacks(self.content, wanted) if self.is_stacked else []
            stacked = {name for stack in stacks for name, _ in stack.shares}
            lines = [q for q in wanted if _moves(q) and not (q.is_phenotype and q.name in stacked)]
            self._charts = [*stacks, *lines]
        self._scrolled()
        self.viewport().update()

    def _is_wanted(self, name: str) -> bool:
        return not self._words or any(word in name.casefold() for word in self._words)

    def _stacks(self, content: Content, found: Sequence[Quantity]) -> list[_Stack]:
        """Return a stack for each answer, of phenotypes of which no two can hold together."""
        conditions = {s.name: s.condition for answer in content.answers for s in answer.shares}
        taken: list[str] = []
        self.overlapping = []
        for quantity in sorted(filter(_is_seen, found), key=_area, reverse=True):
            condition = conditions[quantity.name]
            alone = all(exclude(condition, conditions[other]) for other in taken)
            if alone:
                taken.append(quantity.name)
            elif _moves(quantity):  # what does not is not drawn at all
                self.overlapping.append(quantity.name)
        stacks = []
        for number, title in enumerate(content.titles):
            own = {q.name: q.bands[number] for q in found if q.is_phenotype and q.name in taken}
            shares = tuple((name, band) for name, band in own.items() if band is not None)
            if shares:
                stacks.append(_Stack(f"phenotypes, {title}", shares, number))
        return stacks

    def _columns(self, width: float) -> int:
        return max(1, int((width - _MARGIN) // (_NARROWEST + _LEFT + _RIGHT)))

    def _box(self, number: int, columns: int, width: float) -> QRectF:
        """Return where a chart's lines are drawn, without the scroll position."""
        each = (width - _MARGIN) / columns
        row, column = divmod(number, columns)
        high = _TITLE + _HEIGHT + _BELOW
        return QRectF(
            _MARGIN + column * each + _LEFT,
            _MARGIN + row * high + _TITLE,
            each - _LEFT - _RIGHT,
            _HEIGHT,
        )

    def _height(self, columns: int) -> float:
        rows = -(-len(self._charts) // columns)
        return rows * (_TITLE + _HEIGHT + _BELOW) + 2 * _MARGIN

    def _legend_height(self, width: float) -> float:
        return legend.extent(self._keys(), width - 2 * _MARGIN).height() + 8

    def _scrolled(self) -> None:
        room = self.viewport().size()
        whole = self._height(self._columns(room.width())) + self._legend_height(room.width())
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, round(whole - room.height())))
        bar.setPageStep(room.height())
        bar.setSingleStep(40)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the charts in as many columns as fit."""
        super().resizeEvent(event)
        self._scrolled()

    @property
    def last(self) -> float:
        """The end of the time axis."""
        answers = self.content.answers if self.content else ()
        return max((answer.times[-1] for answer in answers), default=1.0)

    # --- painting ---

    def _repaint(self) -> None:
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the charts that can be seen; the legend stays above them."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.viewport().rect())
        painter.fillRect(room, theme()["paper"])
        if self.content is not None:
            high = self._legend_height(room.width())
            legend.paint(painter, self._keys(), QPointF(_MARGIN, 6), room.width() - 2 * _MARGIN)
            painter.setClipRect(room.adjusted(0, high, 0, 0))
            painter.translate(0, high - self.verticalScrollBar().value())
            seen = room.translated(0, self.verticalScrollBar().value() - high)
            self._paint_charts(painter, room.width(), self._columns(room.width()), seen)
        painter.end()

    def _paint_charts(
        self, painter: QPainter, width: float, columns: int, seen: QRectF | None = None
    ) -> None:
        for number, chart in enumerate(self._charts):
            box = self._box(number, columns, width)
            if seen is not None and not seen.intersects(box.adjusted(-40, -_TITLE, 40, _BELOW)):
                continue
            if isinstance(chart, Quantity):
                self._paint_frame(painter, box, chart.title, chart.top)
                self._paint_lines(painter, box, chart)
            else:
                self._paint_frame(painter, box, chart.name, 1)
                self._paint_stack(painter, box, chart)
            self._paint_cursor(painter, box, chart)

    def _paint_frame(self, painter: QPainter, box: QRectF, name: str, top: int) -> None:
        assert self.content is not None
        colours, metrics = theme(), QFontMetricsF(drawing_font(12, bold=True))
        painter.setFont(drawing_font(12, bold=True))
        painter.setPen(colours["ink"])
        room = box.width() * (0.55 if self.point is not None else 1)
        title = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(box.left(), box.top() - _TITLE, room, _TITLE - 4), left, title)
        painter.setFont(drawing_font(10))
        for level in range(top + 1):
            y = box.bottom() - box.height() * level / top
            painter.setPen(QPen(colours["grid"], 1))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            painter.setPen(colours["muted"])
            label = QRectF(box.left() - _LEFT, y - 8, _LEFT - 6, 16)
            painter.drawText(label, _RIGHT_MIDDLE, str(level))
        for time in ticks(self.last):
            x = box.left() + box.width() * time / self.last
            painter.setPen(QPen(colours["line"], 1))
            painter.drawLine(QPointF(x, box.bottom()), QPointF(x, box.bottom() + 4))
            painter.setPen(colours["muted"])
            label = QRectF(x - 40, box.bottom() + 4, 80, 14)
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, f"{time:g}")
        painter.setPen(QPen(colours["muted"], 1, Qt.PenStyle.DotLine))
        moments = {change.time for answer in self.content.answers for change in answer.schedule}
        for time in moments:
            x = box.left() + box.width() * time / self.last
            painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))

    def _paint_lines(self, painter: QPainter, box: QRectF, chart: Quantity) -> None:
        assert self.content is not None
        colours = theme()
        ends: list[tuple[float, int]] = []
        for number, band in enumerate(chart.bands):
            if band is None:
                continue
            role, dashes = LINES[number]
            times = self.content.answers[number].times
            if band.low != band.high:
                around = _places(box, times, band.low, chart.top, self.last)
                around += _places(box, times, band.high, chart.top, self.last)[::-1]
                shade = QColor(colours[role])
                shade.setAlphaF(0.25)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(shade)
                painter.drawPolygon(QPolygonF(around))
            painter.setPen(_pen(role, dashes))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            line = _places(box, times, band.values, chart.top, self.last)
            painter.drawPolyline(QPolygonF(line))
            ends.append((line[-1].y(), number))
        if len(self.content.answers) < 2:
            return
        painter.setFont(drawing_font(10, bold=True))
        y = box.bottom() + 7
        for wished, number in sorted(ends, reverse=True):  # numbers keep apart where lines meet
            y = min(wished, y - 11)
            painter.setPen(colours[LINES[number][0]])
            painter.drawText(QRectF(box.right() + 4, y - 8, 16, 16), _LEFT_MIDDLE, str(number + 1))

    def _paint_stack(self, painter: QPainter, box: QRectF, chart: _Stack) -> None:
        assert self.content is not None
        times = self.content.answers[chart.answer].times
        below = [0.0] * len(times)
        names = _phenotypes(self.content.answers)
        for name, band in chart.shares:
            above = [a + b for a, b in zip(below, band.values, strict=True)]
            area = _places(box, times, below, 1, self.last)
            area += _places(box, times, above, 1, self.last)[::-1]
            _fill(painter, QPolygonF(area), names.index(name))
            below = above

    def _paint_cursor(self, painter: QPainter, box: QRectF, chart: Quantity | _Stack) -> None:
        if self.point is None or self.content is None:
            return
        colours = theme()
        time = self.content.answers[0].times[self.point]
        x = box.left() + box.width() * time / self.last
        painter.setPen(QPen(colours["selected"], 1.4))
        painter.drawLine(QPointF(x, box.top() - 2), QPointF(x, box.bottom() + 3))
        if isinstance(chart, _Stack):
            return
        told = []
        for number, band in enumerate(chart.bands):
            if band is None:
                continue
            value = self._at(band, number, time)
            y = box.bottom() - box.height() * value.value / chart.top
            painter.setPen(QPen(colours["paper"], 1))
            painter.setBrush(colours[LINES[number][0]])
            painter.drawEllipse(QPointF(x, y), 3.5, 3.5)
            told.append(f"{value.value:.2f}")
        painter.setPen(colours["ink"])
        painter.setFont(drawing_font(11))
        place = QRectF(box.left(), box.top() - _TITLE, box.width(), _TITLE - 4)
        painter.drawText(place, _RIGHT_MIDDLE, " · ".join(told))

    def _at(self, band: Band, number: int, time: float) -> Estimate:
        assert self.content is not None
        times = self.content.answers[number].times
        return band[min(bisect_left(times, time - 1e-9), len(times) - 1)]

    def _keys(self) -> list[legend.Entry]:
        content = self.content
        if content is None:
            return []
        keys = []
        stacked = [chart for chart in self._charts if isinstance(chart, _Stack)]
        if any(isinstance(chart, Quantity) for chart in self._charts) or not stacked:
            for number, (answer, title) in enumerate(
                zip(content.answers, content.titles, strict=True)
            ):
                sure = (
                    f"{answer.trajectories:,} runs, 95 % band" if answer.trajectories else "exact"
                )
                words = f"{number + 1}  {title} ({sure})"
                keys.append(legend.Entry(words, _line_key(number)))
        names = _phenotypes(content.answers)
        drawn = {name for chart in stacked for name, _ in chart.shares}
        keys += [legend.Entry(n, _area_key(i)) for i, n in enumerate(names) if n in drawn]
        changes = {change for answer in content.answers for change in answer.schedule}
        ordered = sorted(changes, key=lambda change: (change.time, str(change)))
        keys += [legend.Entry(str(change), _draw_change) for change in ordered[:6]]
        return keys

    # --- the person ---

    def go_to(self, point: int) -> None:
        """Put the cursor on a time point of the first answer, and tell."""
        if self.content is None:
            return
        times = self.content.answers[0].times
        self.point = min(max(point, 0), len(times) - 1)
        self.viewport().update()
        self.setAccessibleDescription(self.told())
        self.time_chosen.emit(times[self.point])

    def leave(self) -> None:
        """Take the cursor away."""
        self.point = None
        self.viewport().update()

    def told(self) -> str:
        """Return what the cursor shows, in words."""
        if self.content is None or self.point is None:
            return ""
        time = self.content.answers[0].times[self.point]
        lines = [f"time {time:g}"]
        for chart in self._charts:
            if isinstance(chart, Quantity):
                values = [
                    f"{self._at(band, number, time).value:.2f} in {self.content.titles[number]}"
                    for number, band in enumerate(chart.bands)
                    if band is not None
                ]
                lines.append(f"{chart.title}: {', '.join(values)}")
        return "; ".join(lines[:12])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk through time: arrow keys by one point, with Shift by ten; Home and End."""
        if self.content is None:
            super().keyPressEvent(event)
            return
        end = len(self.content.answers[0].times) - 1
        step = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        now = -1 if self.point is None else self.point
        match event.key():
            case Qt.Key.Key_Left:
                self.go_to(now - step)
            case Qt.Key.Key_Right:
                self.go_to(now + step)
            case Qt.Key.Key_Home:
                self.go_to(0)
            case Qt.Key.Key_End:
                self.go_to(end)
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the time under the mouse."""
        self._look(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag through time."""
        self._look(event)

    def _look(self, event: QMouseEvent) -> None:
        if self.content is None:
            return
        width = self.viewport().width()
        columns, at = self._columns(width), event.position()
        high = self._legend_height(width) - self.verticalScrollBar().value()
        for number in range(len(self._charts)):
            box = self._box(number, columns, width).translated(0, high)
            if box.adjusted(-8, -_TITLE, 8, _BELOW - 6).contains(at):
                time = (at.x() - box.left()) / box.width() * self.last
                times = self.content.answers[0].times
                self.go_to(round(time / times[-1] * (len(times) - 1)))
                return

    # --- export ---

    def extent(self) -> QSizeF:
        """Return how large an export is."""
        columns = max(1, min(_EXPORTED, len(self._charts)))
        metrics = QFontMetricsF(drawing_font(12, bold=True))
        caption = self.content.caption if self.content else ""
        width = max(
            columns * (_NARROWEST + _LEFT + _RIGHT) + _MARGIN,
            metrics.horizontalAdvance(caption) + 2 * _MARGIN,
        )
        return QSizeF(width, 34 + self._height(columns) + self._legend_height(width))

    def paint_export(self, painter: QPainter) -> None:
        """Paint everything with its caption and legend, on white paper, without the cursor."""
        if self.content is None:
            return
        kept, self.point = self.point, None
        with lent("light"):
            size = self.extent()
            painter.fillRect(QRectF(QPointF(), size), theme()["paper"])
            painter.setPen(theme()["ink"])
            painter.setFont(drawing_font(12, bold=True))
            painter.drawText(QPointF(_MARGIN, 22), self.content.caption)
            painter.translate(0, 34)
            columns = max(1, min(_EXPORTED, len(self._charts)))
            self._paint_charts(painter, size.width(), columns)
            at = QPointF(_MARGIN, self._height(columns) - 6)
            legend.paint(painter, self._keys(), at, size.width() - 2 * _MARGIN)
        self.point = kept

    def to_svg(self) -> bytes:
        """Return everything as SVG."""
        caption = self.content.caption if self.content else ""
        return exports.as_svg(self.extent(), caption, self.paint_export)

    def to_png(self) -> bytes:
        """Return everything as PNG."""
        return exports.as_png(self.extent(), self.paint_export)


# --- parts -------------------------------------------------------------------------------------

_RIGHT_MIDDLE = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def quantities(answers: Sequence[Courses]) -> list[Quantity]:
    """Return phenotypes and components with a band for each answer that has them."""
    found: dict[tuple[str, str], tuple[int, list[Band | None]]] = {}
    for number, answer in enumerate(answers):
        own = [(share.name, 1, share.band, share.measure) for share in answer.shares]
        own += [(c.name, len(c.levels) - 1, c.mean, "") for c in answer.readouts]
        for name, top, band, measure in own:
            bands: list[Band | None] = [None] * len(answers)
            found.setdefault((name, measure), (max(top, 1), bands))[1][number] = band
    return [
        Quantity(name, top, tuple(bands), measure)
        for (name, measure), (top, bands) in found.items()
    ]


def ticks(last: float) -> list[float]:
    """Return about five round times from 0 on.

    >>> ticks(20)
    [0.0, 5.0, 10.0, 15.0, 20.0]
    """
    raw = last / 5
    unit = 10 ** math.floor(math.log10(raw))
    step = next(unit * m for m in (1, 2, 5, 10) if unit * m >= raw * 0.999)
    return [float(step * k) for k in range(int(last / step + 1e-9) + 1)]


def exclude(first: Expr, second: Expr) -> bool:
    """Return whether two conditions can never hold together; False where that takes too long.

    >>> from regnet.logic import parse
    >>> exclude(parse("A & B"), parse("!A")), exclude(parse("A"), parse("B"))
    (True, False)
    """
    tops: dict[str, int] = {}
    for variable in (*variables(first), *variables(second)):
        tops[variable.name] = max(variable.level, tops.get(variable.name, 0))
    if math.prod(top + 1 for top in tops.values()) > _MOST_TRIED:
        return False
    states = product(*(range(top + 1) for top in tops.values()))
    tried = (dict(zip(tops, levels, strict=True)) for levels in states)
    return not any(evaluate(first, state) and evaluate(second, state) for state in tried)


def _is_seen(quantity: Quantity) -> bool:
    return quantity.is_phenotype and _area(quantity) > 0


def _area(quantity: Quantity) -> float:
    """Return how likely a phenotype is over time, in the answer in which it is likeliest."""
    return max(math.fsum(b.values) / len(b.values) for b in quantity.bands if b is not None)


def _moves(quantity: Quantity) -> bool:
    values = [value for band in quantity.bands if band is not None for value in band.values]
    return bool(values) and max(values) - min(values) > _STILL


def _phenotypes(answers: Sequence[Courses]) -> list[str]:
    return list(dict.fromkeys(share.name for answer in answers for share in answer.shares))


def _places(
    box: QRectF, times: Sequence[float], values: Sequence[float], top: int, last: float
) -> list[QPointF]:
    return [
        QPointF(
            box.left() + box.width() * time / last,
            box.bottom() - box.height() * min(max(value / top, 0.0), 1.0),
        )
        for time, value in zip(times, values, strict=True)
    ]


def _pen(role: str, dashes: Sequence[float]) -> QPen:
    pen = QPen(theme()[role], 1.9)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dashes:
        pen.setDashPattern(dashes)
    return pen


def _fill(painter: QPainter, area: QPolygonF, number: int) -> None:
    colours = theme()
    role = ("dual", "minus", "plus", "info")[number % 4]
    painter.setPen(QPen(colours["paper"], 1))
    tint = QColor(colours[role])
    tint.setAlphaF(0.22)
    painter.setBrush(tint)
    painter.drawPolygon(area)
    pattern = PATTERNS[number % len(PATTERNS)]
    if pattern != Qt.BrushStyle.SolidPattern:
        painter.setBrush(QBrush(colours[role], pattern))
        painter.drawPolygon(area)


def _line_key(number: int) -> legend.Draw:
    def draw(painter: QPainter, box: QRectF) -> None:
        painter.setPen(_pen(*LINES[number]))
        middle = box.center().y()
        painter.drawLine(QPointF(box.left(), middle), QPointF(box.right(), middle))

    return draw


def _area_key(number: int) -> legend.Draw:
    def draw(painter: QPainter, box: QRectF) -> None:
        _fill(painter, QPolygonF(box.adjusted(2, 2, -2, -2)), number)

    return draw


def _draw_change(painter: QPainter, box: QRectF) -> None:
    painter.setPen(QPen(theme()["muted"], 1, Qt.PenStyle.DotLine))
    x = box.center().x()
    painter.drawLine(QPointF(x, box.top() + 1), QPointF(x, box.bottom() - 1))
