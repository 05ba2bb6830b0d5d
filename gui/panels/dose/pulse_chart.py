"""DosePulseChart: readouts against the duration or duty cycle of a dose, one chart each.

The drawing is the figure of the report (`regnet.figures.pulses`); the cursor lies over it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent

from gui.widgets.chart import Chart
from regnet.analysis.dose.dose_text import amount, late_title, pulse_verdict
from regnet.analysis.dose.pulses import PulseResponse
from regnet.figures.marks import Dot, Drawing, Line, Mark
from regnet.figures.pulses import PulseChart, pitch, pulse_charts, pulse_drawing

_NEAR = 12.0  # pixels around the axes in which a click belongs to a chart


@dataclass(frozen=True)
class PulseContent:
    """The content of a pulse chart: a response and its title."""

    answer: PulseResponse
    title: str


class DosePulseChart(Chart):
    """Shows `PulseContent`; arrow keys walk through amounts and readouts."""

    point_chosen = Signal(int)
    """The cursor was moved to an amount: its index in the list of amounts."""

    def __init__(self) -> None:
        super().__init__("Readouts over the time for which the dose is given")
        self.content: PulseContent | None = None
        self.cursor_at: tuple[int, int] | None = None
        """Chart, and index in the list of amounts, of the cursor."""
        self.charts: tuple[PulseChart, ...] = ()

    def show_content(self, content: PulseContent | None) -> None:
        """Show a response, or nothing."""
        self.content, self.cursor_at = content, None
        self.redraw()
        self.verticalScrollBar().setValue(0)

    def draw(self, width: float) -> Drawing | None:
        """Return the charts in as many columns as fit."""
        if self.content is None:
            self.charts = ()
            return None
        answer = self.content.answer
        self.charts = pulse_charts(answer, max(1, int(width // pitch())))
        return pulse_drawing(answer, self.charts)

    def export(self) -> Drawing | None:
        """Return the figure that a report shows."""
        content = self.content
        if content is None:
            return None
        return pulse_drawing(content.answer, pulse_charts(content.answer)).below(content.title)

    def cursor_marks(self) -> Sequence[Mark]:
        """Return a line at the amount in every chart, and a ring in the one with the cursor."""
        if self.cursor_at is None or self.content is None:
            return ()
        number, place = self.cursor_at
        chosen = self.charts[number]
        amounts = self.content.answer.amounts
        marks: list[Mark] = []
        for axes in (chart.axes for chart in self.charts):
            x = axes.across(amounts[place])
            marks.append(Line(((x, axes.y), (x, axes.bottom)), "selected", 1, (4, 3)))
        x = chosen.axes.across(amounts[place])
        y = chosen.axes.down(chosen.curve.values[place].value)
        weight = 2.5 if self.hasFocus() else 1.5
        return [*marks, Dot(x, y, 6.5, stroke="selected", weight=weight)]

    # --- mouse and keyboard ---

    def point_of(self, number: int, place: int) -> QPointF:
        """Return the point of a value, in the viewport."""
        assert self.content is not None
        chart = self.charts[number]
        x = chart.axes.across(self.content.answer.amounts[place])
        y = chart.axes.down(chart.curve.values[place].value)
        return QPointF(x, y) - self.point_at(QPointF())

    def _at(self, point: QPointF) -> tuple[int, int] | None:
        """Return the chart at a point, and the amount that is nearest to it."""
        if self.content is None:
            return None
        amounts = self.content.answer.amounts
        for number, chart in enumerate(self.charts):
            axes = chart.axes
            beside = max(axes.x - point.x(), point.x() - axes.x - axes.width)
            if max(beside, axes.y - point.y(), point.y() - axes.bottom) <= _NEAR:
                places = range(len(amounts))
                nearest = min(places, key=lambda p: abs(axes.across(amounts[p]) - point.x()))
                return number, nearest
        return None

    def go_to(self, number: int, place: int) -> None:
        """Move the cursor to an amount of a readout, scroll to it, and emit a signal."""
        if self.content is None or not self.charts:
            return
        self.cursor_at = number, place
        self.reveal(number)
        self.setAccessibleDescription(self.tip_of(number, place))
        self.point_chosen.emit(place)

    def leave(self) -> None:
        """Hide the cursor."""
        self.cursor_at = None
        self.repaint_all()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrow keys."""
        steps = {
            Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0),
        }  # fmt: skip
        key = event.key()
        if self.content is None or not self.charts or key not in (*steps, Qt.Key.Key_Home):
            super().keyPressEvent(event)
        elif self.cursor_at is None or key == Qt.Key.Key_Home:
            self.go_to(0, 0)
        else:
            down, across = steps[Qt.Key(key)]
            number, place = self.cursor_at
            last = len(self.content.answer.amounts) - 1
            self.go_to(
                min(max(number + down, 0), len(self.charts) - 1), min(max(place + across, 0), last)
            )

    def press_at(self, point: QPointF) -> None:
        """Go to the amount that is clicked."""
        place = self._at(point)
        if place is not None:
            self.go_to(*place)

    def tip_at(self, point: QPointF) -> str:
        """Return the tool tip of the amount at a point."""
        place = self._at(point)
        return self.tip_of(*place) if place is not None else ""

    def tip_of(self, number: int, place: int) -> str:
        """Return the tool tip of an amount of a readout."""
        if self.content is None:
            return ""
        answer, chart = self.content.answer, self.charts[number]
        value = chart.curve.values[place]
        band = f" ({value.low:.3f}–{value.high:.3f})" if value.low < value.high else ""
        how = "for" if answer.by == "duration" else "for a share of"
        late = ""
        if chart.curve.late:
            late = f"\n{late_title(answer)}: {chart.curve.late[place].value:.3f}"
        return (
            f"{answer.dose}={answer.level} {how} {amount(answer.amounts[place], answer.by)}\n"
            f"{chart.curve.readout}, {chart.curve.measure} {value.value:.3f}{band}{late}\n"
            f"{pulse_verdict(chart.curve, answer.by)}"
        )
