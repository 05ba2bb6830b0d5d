"""CourseChart: time courses, with a small chart for each quantity and a line for each answer.

The drawing is the figure of the report (`regnet.figures.courses`); the cursor lies over it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from gui.widgets.chart import Chart
from regnet.analysis.simulate import Courses
from regnet.analysis.simulate.estimate import Band, Estimate
from regnet.figures.axes import Axes
from regnet.figures.courses import (
    LINES,
    Quantity,
    Stack,
    courses_drawing,
    place,
    quantities,
    stacks,
)
from regnet.figures.marks import Dot, Drawing, Line, Mark, Rect, Text
from regnet.layout import text_width

_MAX_READ = 12  # maximum number of quantities reported to a screen reader


@dataclass(frozen=True)
class TimeContent:
    """What a chart shows.

    Parameters
    ----------
    answers
        The answers, at most as many as there are `LINES`.
    titles
        Title of each answer.
    caption
        Caption of an export.
    """

    answers: tuple[Courses, ...]
    titles: tuple[str, ...]
    caption: str


class CourseChart(Chart):
    """Shows `TimeContent`; the left and right keys move the cursor through time."""

    time_chosen = Signal(float)
    """The cursor was moved to a time."""

    def __init__(self) -> None:
        super().__init__("Time courses")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(False)
        self.content: TimeContent | None = None
        self.point: int | None = None
        """The time point of the first answer at which the cursor is."""
        self.is_stacked = False
        self.overlapping: list[str] = []
        """Phenotypes drawn as lines beside the stack, as they can hold together with one in it."""
        self.charts: list[Quantity | Stack] = []
        self._words: tuple[str, ...] = ()
        self._placed: list[tuple[Quantity | Stack, Axes]] = []

    def show_content(self, content: TimeContent | None) -> None:
        """Show answers, or nothing."""
        self.content, self.point = content, None
        self.setAccessibleDescription("")
        self._choose()

    def set_filter(self, text: str) -> None:
        """Show the quantities whose names contain one of these words."""
        self._words = tuple(text.replace(",", " ").casefold().split())
        self._choose()

    def set_stacked(self, stacked: bool) -> None:
        """Show phenotypes one above the other instead of as lines."""
        self.is_stacked = stacked
        self._choose()

    @property
    def shown(self) -> list[str]:
        """The names of the drawn quantities."""
        return [chart.name for chart in self.charts]

    def _choose(self) -> None:
        self.charts, self.overlapping = [], []
        content = self.content
        if content is not None:
            wanted = [q for q in quantities(content.answers) if self._is_wanted(q.name)]
            made: list[Stack] = []
            if self.is_stacked:
                made, self.overlapping = stacks(content.answers, content.titles, wanted)
            stacked = {name for stack in made for name, _ in stack.shares}
            lines = [q for q in wanted if q.moves and not (q.measure and q.name in stacked)]
            self.charts = [*made, *lines]
        self.redraw()

    def _is_wanted(self, name: str) -> bool:
        return not self._words or any(word in name.casefold() for word in self._words)

    # --- drawing ---

    def draw(self, width: float) -> Drawing | None:
        """Return the charts in as many columns as fit."""
        if self.content is None:
            self._placed = []
            return None
        answers = self.content.answers
        self._placed = place(answers, self.charts, width)
        drawing = courses_drawing(answers, self._placed, self.content.titles)
        self._placed = [(chart, axes.moved(drawing.kept[1])) for chart, axes in self._placed]
        return drawing

    def export(self) -> Drawing | None:
        """Return the charts as a report shows them, without the cursor."""
        content = self.content
        if content is None:
            return None
        placed = place(content.answers, self.charts)
        return courses_drawing(content.answers, placed, content.titles).below(content.caption)

    def cursor_marks(self) -> Sequence[Mark]:
        """Return a line at the time of the cursor in every chart, and the values there."""
        if self.point is None or self.content is None:
            return ()
        time = self.content.answers[0].times[self.point]
        marks: list[Mark] = []
        for chart, axes in self._placed:
            x = axes.across(time)
            marks.append(Line(((x, axes.y - 2), (x, axes.bottom + 3)), "selected", 1.4))
            if isinstance(chart, Stack):
                continue
            values = []
            for number, band in enumerate(chart.bands):
                if band is not None:
                    value = self._at(band, number, time).value
                    values.append(f"{value:.2f}")
                    marks.append(Dot(x, axes.down(value), 3.5, LINES[number][0], "paper"))
            told, right = " · ".join(values), axes.x + axes.width
            wide = text_width(told, 11) + 8
            marks.append(Rect(right - wide, axes.y - 23, wide, 18, "paper"))
            marks.append(Text(right, axes.y - 14, told, anchor="end"))
        return marks

    def _at(self, band: Band, number: int, time: float) -> Estimate:
        assert self.content is not None
        times = self.content.answers[number].times
        return band[min(bisect_left(times, time - 1e-9), len(times) - 1)]

    # --- mouse and keyboard ---

    def go_to(self, point: int) -> None:
        """Move the cursor to a time point of the first answer, and emit a signal."""
        if self.content is None:
            return
        times = self.content.answers[0].times
        self.point = min(max(point, 0), len(times) - 1)
        self.repaint_all()
        self.setAccessibleDescription(self.told())
        self.time_chosen.emit(times[self.point])

    def leave(self) -> None:
        """Hide the cursor."""
        self.point = None
        self.repaint_all()

    def told(self) -> str:
        """Return the values at the cursor, in words."""
        if self.content is None or self.point is None:
            return ""
        time = self.content.answers[0].times[self.point]
        lines = [f"time {time:g}"]
        for chart in self.charts:
            if isinstance(chart, Quantity):
                values = [
                    f"{self._at(band, number, time).value:.2f} in {self.content.titles[number]}"
                    for number, band in enumerate(chart.bands)
                    if band is not None
                ]
                lines.append(f"{chart.title}: {', '.join(values)}")
        return "; ".join(lines[:_MAX_READ])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move through time: arrow keys by one point, with Shift by ten; Home and End."""
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

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag through time."""
        self.press_at(self.point_at(event.position()))

    def press_at(self, point: QPointF) -> None:
        """Go to the clicked time."""
        number = self.spot_at(point)
        if self.content is None or not isinstance(number, int):
            return
        axes, times = self._placed[number][1], self.content.answers[0].times
        time = (point.x() - axes.x) / axes.width * axes.last
        self.go_to(round(time / times[-1] * (len(times) - 1)))
