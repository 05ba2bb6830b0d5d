"""AttractorView: the view of the table of attractors, with groups and a selected row."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView

from gui.panels.attractors.table import GROUPS, AttractorTable
from gui.widgets.controls import TallRows


class AttractorView(QTreeView):
    """A view of an `AttractorTable`; a row is identified by its index in the answer."""

    def __init__(self, table: AttractorTable) -> None:
        super().__init__()
        self._table = table
        self.setAccessibleName("Attractors")
        self.setModel(table)
        self.setItemDelegate(TallRows(self))
        self.setUniformRowHeights(True)
        self.setAlternatingRowColors(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setAllColumnsShowFocus(True)
        self.setSortingEnabled(True)
        header = self.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setResizeContentsPrecision(50)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(5, QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(False)
        header.resizeSection(5, 280)
        header.setSortIndicator(0, Qt.SortOrder.AscendingOrder)

    def show_groups(self) -> None:
        """Expand all groups, and show the columns that hold information."""
        table = self._table
        grouped = not table.is_flat
        self.setRootIsDecorated(grouped)
        self.expandAll()
        for number in range(len(table.groups) if grouped else 0):
            self.setFirstColumnSpanned(number, QModelIndex(), True)
        conditional = any(a.condition for a in table.found)
        self.setColumnHidden(1, not any(a.phenotypes for a in table.found))
        self.setColumnHidden(5, not conditional or table.grouping == GROUPS[1])

    def choose(self, row: int) -> bool:
        """Choose an attractor, as a click does; return whether it is shown."""
        index = self._table.index_of(row)
        flags = QItemSelectionModel.SelectionFlag
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.scrollTo(index)
        return index.isValid()

    @property
    def chosen(self) -> list[int]:
        """The attractors that are chosen."""
        rows = (self._table.row_of(i) for i in self.selectionModel().selectedRows())
        return [row for row in rows if row is not None]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the first arrow key choose the first attractor, where Qt would only move on."""
        is_arrow = event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up)
        if is_arrow and self._table.rows and not self.chosen:
            self.choose(self._table.rows[0])
        else:
            super().keyPressEvent(event)
