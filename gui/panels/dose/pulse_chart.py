"""DosePulseChart: how readouts follow the time for which a dose is given, a chart for each.

The drawing is the figure of the report (`regnet.figures.pulses`) in the colours that are on; the
cursor that walks through the amounts lies over it.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip

from gui.widgets import exports
from gui.widgets.style import style, theme
from regnet.analysis.dose.pulses import PulseResponse
from regnet.analysis.dose.words import amount, late_title, pulse_verdict
from regnet.figures import PulseChart, Theme, pulse_charts, pulse_figure
from regnet.figures.pulses import HEIGHT, pitch


@dataclass(frozen=True)
class Content:
    """What is shown: a response, and what it is called."""

    answer: PulseResponse
    title: str


class DosePulseChart(QAbstractScrollArea):
    """Shows `Content`; arrow keys walk through amounts and readouts."""

    point_chosen = Signal(int)
    """The person went to an amount: its place in the list of amounts."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Readouts over the time for which the dose is given")
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.content: Content | None = None
        self.cursor_at: tuple[int, int] | None = None
        """Chart and place in the list of amounts where the person is."""
        self.charts: tuple[PulseChart, ...] = ()
        self._columns = 1
        self._drawing = QSvgRenderer(self)
        style().changed.connect(self._draw)

    def show_content(self, content: Content | None) -> None:
        """Show a response, or nothing."""
        self.content, self.cursor_at = content, None
        self._draw()
        self.verticalScrollBar().setValue(0)

    def _draw(self) -> None:
        """Draw anew, in as many columns as there is room for."""
        content = self.content
        self.charts = ()
        if content is not None:
            self._columns = max(1, int(self.viewport().width() // pitch()))
            self.charts = pulse_charts(content.answer, self._columns)
            colours = Theme({role: colour.name() for role, colour in theme().colours.items()})
            text = pulse_figure(content.answer, columns=self._columns, theme=colours)
            self._drawing.load(QByteArray(text.encode()))
        self._fit()
        self.viewport().update()

    def _fit(self) -> None:
        room, size = self.viewport().size(), self._drawing.defaultSize()
        for bar, needed, there in (
            (self.horizontalScrollBar(), size.width(), room.width()),
            (self.verticalScrollBar(), size.height(), room.height()),
        ):
            bar.setRange(0, max(0, needed - there) if self.content else 0)
            bar.setPageStep(there)
            bar.setSingleStep(40)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put as many charts side by side as there is room for."""
        super().resizeEvent(event)
        if self.content is not None and self._columns != max(
            1, int(self.viewport().width() // pitch())
        ):
            self._draw()
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the drawing, and the cursor over it."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.viewport().rect(), theme()["paper"])
        if self.content is not None:
            painter.translate(self._corner())
            self._drawing.render(painter, QRectF(QPointF(), QSizeF(self._drawing.defaultSize())))
            if self.cursor_at is not None:
                self._paint_cursor(painter, self.content.answer, *self.cursor_at)
        painter.end()

    def _paint_cursor(
        self, painter: QPainter, answer: PulseResponse, number: int, place: int
    ) -> None:
        """Paint a line at the amount in every chart, and a ring in the one with the cursor."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for i, chart in enumerate(self.charts):
            x = chart.across(answer.amounts[place])
            painter.setPen(QPen(theme()["selected"], 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, chart.y), QPointF(x, chart.y + HEIGHT))
            if i == number:
                painter.setPen(QPen(theme()["selected"], 2.5 if self.hasFocus() else 1.5))
                at = QPointF(x, chart.down(chart.curve.values[place].value))
                painter.drawEllipse(at, 6.5, 6.5)

    def _corner(self) -> QPointF:
        return -QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    # --- the person ---

    def point_of(self, number: int, place: int) -> QPointF:
        """Return where a number is drawn, in the viewport."""
        assert self.content is not None
        chart = self.charts[number]
        at = chart.across(self.content.answer.amounts[place])
        return QPointF(at, chart.down(chart.curve.values[place].value)) + self._corner()

    def _at(self, point: QPoint) -> tuple[int, int] | None:
        """Return the chart at a point, and the amount that is nearest to it."""
        if self.content is None:
            return None
        at = QPointF(point) - self._corner()
        amounts = self.content.answer.amounts
        for number, chart in enumerate(self.charts):
            ends = chart.across(0) - 12, chart.across(chart.last) + 12
            if ends[0] <= at.x() <= ends[1] and chart.y - 12 <= at.y() <= chart.y + HEIGHT + 12:
                places = range(len(amounts))
                return number, min(places, key=lambda p: abs(chart.across(amounts[p]) - at.x()))
        return None

    def go_to(self, number: int, place: int) -> None:
        """Put the cursor on an amount of a readout, bring it into sight, and tell."""
        if self.content is None or not self.charts:
            return
        self.cursor_at = number, place
        bar, chart = self.verticalScrollBar(), self.charts[number]
        room = self.viewport().height()
        if chart.y - 50 < bar.value():
            bar.setValue(round(chart.y - 50))
        elif chart.y + HEIGHT + 40 > bar.value() + room:
            bar.setValue(round(chart.y + HEIGHT + 40 - room))
        self.setAccessibleDescription(self.tip_of(number, place))
        self.viewport().update()
        self.point_chosen.emit(place)

    def leave(self) -> None:
        """Take the cursor away."""
        self.cursor_at = None
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrow keys."""
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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the amount that is clicked."""
        place = self._at(event.position().toPoint())
        if place is not None:
            self.go_to(*place)

    def viewportEvent(self, event: QEvent) -> bool:
        """Say more about the amount under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._at(event.pos())
            QToolTip.showText(event.globalPos(), self.tip_of(*place) if place else "", self)
            return True
        return super().viewportEvent(event)

    def tip_of(self, number: int, place: int) -> str:
        """Return what there is to say about an amount of a readout."""
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

    # --- export ---

    def to_svg(self) -> bytes:
        """Return everything as SVG, on white paper."""
        content = self.content
        return pulse_figure(content.answer).encode() if content else b""

    def to_png(self) -> bytes:
        """Return everything as PNG, on white paper."""
        drawing = QSvgRenderer(QByteArray(self.to_svg()))
        return exports.as_png(QSizeF(drawing.defaultSize()), drawing.render)
