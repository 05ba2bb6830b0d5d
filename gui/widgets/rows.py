"""Rows: a small editable table."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem


class Rows(QTableWidget):
    """A small editable table; there is always an empty row at its end."""

    changed = Signal()

    def __init__(self, name: str, heads: Sequence[str], widths: Sequence[int], tip: str) -> None:
        super().__init__(1, len(heads))
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setHorizontalHeaderLabels(list(heads))
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        header = self.horizontalHeader()
        for column, width in enumerate(widths):
            mode = QHeaderView.ResizeMode
            header.setSectionResizeMode(column, mode.Interactive if width else mode.Stretch)
            if width:
                header.resizeSection(column, width)
        self.itemChanged.connect(self._changed)
        self._fit()

    @property
    def texts(self) -> list[tuple[str, ...]]:
        """The non-empty rows."""
        rows = [
            tuple(
                item.text() if (item := self.item(row, column)) is not None else ""
                for column in range(self.columnCount())
            )
            for row in range(self.rowCount())
        ]
        return [row for row in rows if any(text.strip() for text in row)]

    def fill(self, rows: Sequence[Sequence[str]]) -> None:
        """Show these rows and an empty one, without emitting a signal."""
        self.blockSignals(True)
        self.setRowCount(0)
        self.setRowCount(len(rows) + 1)
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                self.setItem(number, column, QTableWidgetItem(text))
        self.blockSignals(False)
        self._fit()

    def _changed(self) -> None:
        last = self.rowCount() - 1
        items = (self.item(last, column) for column in range(self.columnCount()))
        if any(item is not None and item.text().strip() for item in items):
            self.setRowCount(last + 2)
            self._fit()
        self.changed.emit()

    def _fit(self) -> None:
        shown = min(max(self.rowCount(), 2), 6)
        self.setFixedHeight(26 * shown + self.horizontalHeader().sizeHint().height() + 4)
