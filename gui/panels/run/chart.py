"""RunChart: the levels of a run at each of its steps, with the points of no return marked."""

from __future__ import annotations

from PySide6.QtCore import Signal

from gui.model.document import Document
from gui.model.walk import Walk
from gui.panels.run.commitment_bar import CommitmentBar
from gui.widgets.heatmap import HeatMap, HeatMapContent, Line
from regnet.figures.heatmap import Cell, level_cell
from regnet.records import Rows

TURN = "▾"
"""Marks a point of no return."""


class RunChart(HeatMap):
    """A heat map with a line for each component and a column for each step."""

    step_chosen = Signal(int)
    """Request to go to a step."""

    component_chosen = Signal(str)

    def __init__(self, document: Document, ends: CommitmentBar) -> None:
        super().__init__("Levels over time")
        self._document, self._ends = document, ends
        self._walk: Walk | None = None
        self.column_chosen.connect(lambda column: self.step_chosen.emit(_step_of(column)))
        self.line_chosen.connect(self._name_line)

    def show_walk(self, walk: Walk, scenario: str) -> None:
        """Show a run of a scenario, including steps taken back."""
        self._walk = walk
        lines = [Line(i, name) for i, name in enumerate(walk.dynamics.names)]
        turns = self._ends.turns()
        columns = [
            f"{i}{'*' if m.by_hand else TURN if i in turns else ''}"
            for i, m in enumerate(walk.moments)
        ]
        title = f"{self._document.title}, {scenario}: levels at each step"
        self.show_content(HeatMapContent(lines, columns, self._level, title, self._told))
        self.choose_columns([columns[walk.at]])
        self.show_column(walk.at)

    def _name_line(self, key: int) -> None:
        if self._walk is not None:
            self.component_chosen.emit(self._walk.dynamics.names[key])

    def _level(self, line: Line, column: str) -> Cell:
        assert self._walk is not None
        at = _step_of(column)
        moments = self._walk.moments
        level = moments[at].state[line.key]
        before = moments[at - 1].state[line.key] if at else level
        top = self._document.network[line.label].top if line.label in self._document.network else 1
        return level_cell((level, level), top, before=(before, before))

    def _told(self, column: str) -> str:
        step = _step_of(column)
        closed = ", ".join(map(self._ends.name, self._ends.turns().get(step, ())))
        more = f", point of no return: {closed} can no longer be reached" if closed else ""
        return f"step {step}" + (", set by hand" if column.endswith("*") else more)

    def rows(self) -> Rows:
        """Return a heading and a row for each step of the run that is shown."""
        walk = self._walk
        if walk is None:
            return []
        turns = self._ends.turns()
        closes = ["closes"] if turns else []
        rows: Rows = [["step", "set by hand", *closes, *walk.dynamics.names]]
        for number, moment in enumerate(walk.moments):
            closed = "; ".join(map(self._ends.name, turns.get(number, ())))
            told = [closed] if turns else []
            rows.append([number, "yes" if moment.by_hand else "", *told, *moment.state])
        return rows


def _step_of(column: str) -> int:
    """Return the step of a column of the chart."""
    return int(column.rstrip(f"*{TURN}"))
