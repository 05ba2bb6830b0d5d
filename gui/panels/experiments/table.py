"""ExperimentTable: the experiments as rows, with the verdict on each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from gui.model.ledger import ROLES, Entry, done_words, expected_words, given_words, observed_words
from gui.widgets.style import theme
from gui.widgets.table import Titled
from regnet.network import LogicalNetwork

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

COLUMNS = ("Verdict", "Key", "Kind", "Experiment", "Given", "Do", "Expected", "Observed")
_TIPS = (
    "The verdict of the model",
    "The key of the experiment",
    "The kind of source; a known disagreement is expected to fail",
    "What it is about",
    "Where the network starts",
    "What is held and cut",
    "The expected outcome",
    "The outcome in the model, and how it is known",
)


class ExperimentTable(Titled, QAbstractTableModel):
    """The visible experiments, one row each."""

    titles, tips = COLUMNS, _TIPS

    def __init__(self) -> None:
        super().__init__()
        self.entries: tuple[Entry, ...] = ()
        self._cells: list[tuple[str, ...]] = []

    def show_entries(self, entries: Sequence[Entry], network: LogicalNetwork) -> None:
        """Show these experiments; views keep their current row if the experiments are the same."""
        new = tuple(entries)
        cells = [_cells(entry, network) for entry in new]
        same = [e.experiment.id for e in new] == [e.experiment.id for e in self.entries]
        if same and new:
            self.entries, self._cells = new, cells
            last = self.index(len(new) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self.entries, self._cells = new, cells
        self.endResetModel()

    def row_of(self, identifier: str) -> int | None:
        """Return the row of an experiment, or None if it is not shown."""
        ids = [entry.experiment.id for entry in self.entries]
        return ids.index(identifier) if identifier in ids else None

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Return how many experiments are shown."""
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        entry, column = self.entries[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cells[index.row()][column]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._cells[index.row()][column].replace("; ", "\n")
        if role == Qt.ItemDataRole.ForegroundRole:
            if column == 0 and entry.verdict is not None:
                return theme()[ROLES[entry.state] if entry.is_current else "muted"]
            if not entry.is_current and column in (0, 7):
                return theme()["muted"]
        if role == Qt.ItemDataRole.FontRole and column == 0 and entry.is_current:
            font = QFont()
            font.setBold(True)
            return font
        return None


def _cells(entry: Entry, network: LogicalNetwork) -> tuple[str, ...]:
    experiment = entry.experiment
    return (
        entry.words,
        experiment.id,
        experiment.kind,
        experiment.title,
        given_words(experiment, network),
        done_words(experiment, network, brief=True),
        expected_words(experiment),
        observed_words(entry),
    )
