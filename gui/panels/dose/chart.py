"""DoseChart: readouts against dose, one row each, with the responses under knock-outs beside it.

The drawing is the figure of the report (`regnet.figures.dose`); the cursor lies over it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent

from gui.widgets.chart import Chart
from regnet.analysis.dose import DoseResponse, Panel
from regnet.figures.dose import Row, dose_drawing, rows_of
from regnet.figures.marks import Drawing, Mark, Rect

_NAME_WIDTH = 130.0

Place = tuple[int, int, int]
"""Column, row and level."""


@dataclass(frozen=True)
class DoseContent:
    """What a chart shows.

    Parameters
    ----------
    answer
        The response.
    titles
        Title of each column: the scenario, and the changes added to it.
    tops
        Highest level of each readout that is a component.
    caption
        Caption of an export.
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
        """Number of levels of the dose."""
        return len(self.answer.reference.curves[0].ranges)


class DoseChart(Chart):
    """Shows `DoseContent`; arrow keys walk through doses, readouts and columns."""

    point_chosen = Signal(int, int)
    """The cursor was moved to a dose: column number and level."""

    opened = Signal(int, int)
    """Request to open a dose as a scenario: column number and level."""

    def __init__(self) -> None:
        super().__init__("Levels of the readouts at each dose")
        self.content: DoseContent | None = None
        self.cursor_at: Place | None = None
        """Column, row and level of the cursor."""
        self.rows: list[Row] = []
        """The drawn rows; phenotypes that never occur are left out."""

    def show_content(self, content: DoseContent | None) -> None:
        """Show a response, or nothing."""
        self.content, self.cursor_at = content, None
        self.rows = rows_of(content.answer, content.tops) if content is not None else []
        self.redraw()
        self.horizontalScrollBar().setValue(0)
        self.verticalScrollBar().setValue(0)

    @property
    def never(self) -> list[str]:
        """The phenotypes that no attractor has."""
        curves = self.content.answer.reference.curves if self.content is not None else ()
        drawn = [row.name for row in self.rows]
        return [c.readout for c in curves if c.readout not in drawn]

    def draw(self, width: float) -> Drawing | None:
        """Return all columns side by side, and rows as well where there is room."""
        content = self.content
        if content is None:
            return None
        return dose_drawing(
            content.answer, content.tops, titles=content.titles, across=len(content.panels),
            room=width, name_width=_NAME_WIDTH,
        )  # fmt: skip

    def export(self) -> Drawing | None:
        """Return the drawing with its caption and full names."""
        content = self.content
        if content is None:
            return None
        return dose_drawing(content.answer, content.tops, titles=content.titles).below(
            content.caption
        )

    def cursor_marks(self) -> Sequence[Mark]:
        """Return a frame around the dose at the cursor."""
        if self.cursor_at is None or self.drawing is None:
            return ()
        x, y, width, height = self.drawing.spots[self.cursor_at]
        weight = 2.0 if self.hasFocus() else 1.0
        return [Rect(x + 1, y + 1, width - 2, height - 2, "", "selected", weight, 4)]

    def _at(self, point: QPointF) -> Place | None:
        return cast("Place | None", self.spot_at(point))

    # --- mouse and keyboard ---

    def go_to(self, column: int, row: int, level: int) -> None:
        """Move the cursor to a dose of a readout, scroll to it, and emit a signal."""
        if self.content is None or not self.rows:
            return
        self.cursor_at = column, row, level
        self.reveal((column, row, level))
        self.setAccessibleDescription(self.tip_of(column, row, level))
        self.point_chosen.emit(column, level)

    def leave(self) -> None:
        """Hide the cursor."""
        self.cursor_at = None
        self.repaint_all()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrow keys; Enter opens a dose as a scenario."""
        content, key = self.content, event.key()
        if content is None or not self.rows:
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
            place = min(max(place, 0), len(content.panels) * content.levels - 1)
            row = min(max(row + down, 0), len(self.rows) - 1)
            self.go_to(place // content.levels, row, place % content.levels)
        else:
            super().keyPressEvent(event)

    def press_at(self, point: QPointF) -> None:
        """Go to the dose that is clicked."""
        place = self._at(point)
        if place is not None:
            self.go_to(*place)

    def open_at(self, point: QPointF) -> None:
        """Open the double-clicked dose as a scenario."""
        place = self._at(point)
        if place is not None:
            self.opened.emit(place[0], place[2])

    def tip_at(self, point: QPointF) -> str:
        """Return what there is to say about the dose at a point."""
        place = self._at(point)
        return self.tip_of(*place) if place is not None else ""

    def tip_of(self, column: int, row: int, level: int) -> str:
        """Return what there is to say about a dose of a readout."""
        content = self.content
        if content is None:
            return ""
        panel, shown = content.panels[column], self.rows[row]
        value, name = shown.bars[column][level].text, shown.name
        where = f"{content.titles[column]}, {content.answer.dose} = {level}"
        point = next((p for p in panel.points if p.level == level), None)
        if point is None or point.missing:
            return f"{where}\n{point.missing if point else 'not computed'}"
        number = f"{point.attractors:,} attractor{'' if point.attractors == 1 else 's'}"
        said = f"{name} = {value}" if name in content.tops else f"{name}: {value}"
        return f"{where}\n{said}\n{number}"
