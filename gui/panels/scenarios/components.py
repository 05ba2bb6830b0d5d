"""Components: every component as a row, a keyboard-accessible equivalent of the drawing."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
)
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gui.model import edits
from gui.model.document import Document
from gui.model.runner import Runner
from gui.model.selection import Selection
from gui.widgets.actions import add_action
from gui.widgets.controls import Empty
from gui.widgets.menus import component_menu
from gui.widgets.style import theme
from gui.widgets.table import Titled
from regnet.network import Component
from regnet.project import Project

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
COLUMNS = ("Name", "Levels", "Held", "Now")
HELD, NOW = 2, 3
_TIPS = (
    "Name of the component",
    "Its levels; “in” marks an input",
    "The level at which the current scenario holds it",
    "Its level in the painted state",
)


class ComponentTable(Titled, QAbstractTableModel):
    """A table model of the components that match a filter."""

    titles, tips = COLUMNS, _TIPS

    def __init__(self, document: Document, selection: Selection) -> None:
        super().__init__()
        self._document, self._selection = document, selection
        self._filter = ""
        self.rows: tuple[Component, ...] = ()
        document.changed.connect(self._follow)
        selection.scenario_changed.connect(self._refresh)
        selection.painting_changed.connect(self._refresh)
        self._rebuild()

    def set_filter(self, text: str) -> None:
        """Show the components whose name, compartment or note contains a text."""
        self._filter = text.strip().casefold()
        self._rebuild()

    def row_of(self, name: str) -> int | None:
        """Return the row of a component, or None if it is filtered out."""
        return next((i for i, c in enumerate(self.rows) if c.name == name), None)

    def _follow(self, before: Project, after: Project) -> None:
        if before.network is not after.network:
            self._rebuild()

    def _rebuild(self) -> None:
        self.beginResetModel()
        wanted = self._filter
        self.rows = tuple(
            c
            for c in self._document.network.components
            if not wanted or wanted in f"{c.name}\n{c.compartment}\n{c.note}".casefold()
        )
        self.endResetModel()

    def _refresh(self) -> None:
        if self.rows:
            last = self.index(len(self.rows) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, HELD), last)

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Return how many components are shown."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        component = self.rows[index.row()]
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(component, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(
                p for p in (component.name, component.compartment, component.note) if p
            )
        if role == Qt.ItemDataRole.FontRole and column >= HELD:
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.TextAlignmentRole and column:
            return Qt.AlignmentFlag.AlignCenter
        paper, ink = Qt.ItemDataRole.BackgroundRole, Qt.ItemDataRole.ForegroundRole
        if column == NOW and role in (paper, ink):
            return self._colour(component, paper=role == paper)
        return None

    def _text(self, c: Component, column: int) -> str:
        if column == 0:
            return c.name
        if column == 1:
            return f"0–{c.top}" + (" in" if c.is_input else "")
        if column == HELD:
            held = self._selection.scenario.perturbation.clamps.get(c.name)
            if held is None:
                return ""
            return edits.held_text(c.name, held, self._document.network)[len(c.name) + 1 :]
        painting = self._selection.painting
        levels = painting.levels.get(c.name) if painting else None
        if levels is None:
            return ""
        return str(levels[0]) if levels[0] == levels[1] else f"{levels[0]}–{levels[1]}"

    def _colour(self, c: Component, *, paper: bool) -> Any:
        painting = self._selection.painting
        levels = painting.levels.get(c.name) if painting else None
        if levels is None:
            return None
        colours = theme()
        if levels[0] != levels[1]:
            return colours["free" if paper else "free-ink"]
        return colours.level(levels[0], c.top)[0 if paper else 1]


class ComponentsPanel(QWidget):
    """The table with its filter."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection = document, selection
        self._following = False
        self.setMinimumWidth(230)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter by name, compartment or note")
        self.filter.setAccessibleName("Filter components")
        self.filter.setClearButtonEnabled(True)
        self.model = ComponentTable(document, selection)
        self.table = QTableView()
        self.table.setAccessibleName("Components")
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setTabKeyNavigation(False)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # names often begin alike
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(24)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._open_menu)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(36)
        header.setResizeContentsPrecision(60)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._empty = Empty("There are no components yet.\nDouble-click the canvas to add one.")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 2, 6, 6)
        column.addWidget(self.filter)
        column.addWidget(self._stack)
        self.filter.textChanged.connect(self._set_filter)
        self.table.selectionModel().selectionChanged.connect(self._choose)
        self.table.doubleClicked.connect(lambda _: selection.ask("inspector", "rule"))
        self.knock_out = add_action(self, "Knock out or free", self._knock_out, shortcut="K")
        selection.components_changed.connect(self._show_selection)
        self.model.modelReset.connect(self._show)
        selection.scenario_changed.connect(self._show_columns)
        selection.painting_changed.connect(self._show_columns)
        self._show_columns()
        self._show()

    def _set_filter(self, text: str) -> None:
        self.model.set_filter(text)

    def _show_columns(self) -> None:
        """Hide empty columns, so that names have more room."""
        held = bool(self._selection.scenario.perturbation.clamps)
        self.table.setColumnHidden(HELD, not held)
        self.table.setColumnHidden(NOW, self._selection.painting is None)

    def _show(self) -> None:
        if self._document.is_empty:
            self._empty.setText("There are no components yet.\nDouble-click the canvas to add one.")
        elif not self.model.rows:
            self._empty.setText(f"No component matches “{self.filter.text()}”.")
        self._stack.setCurrentIndex(0 if self.model.rows else 1)
        self._show_selection()

    def _choose(self) -> None:
        if not self._following:
            rows = self.table.selectionModel().selectedRows()
            self._selection.select(self.model.rows[index.row()].name for index in rows)

    def _show_selection(self) -> None:
        chosen = QItemSelection()
        last = None
        for name in self._selection.components:
            row = self.model.row_of(name)
            if row is not None:
                last = self.model.index(row, 0)
                chosen.select(last, self.model.index(row, len(COLUMNS) - 1))
        self._following = True
        try:
            model = self.table.selectionModel()
            model.select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            if last is not None:
                model.setCurrentIndex(last, QItemSelectionModel.SelectionFlag.NoUpdate)
                self.table.scrollTo(last)
        finally:
            self._following = False

    def _knock_out(self) -> None:
        for name in self._selection.components:
            edits.toggle_knock_out(self._document, self._selection, name)

    def _open_menu(self, point: QPoint) -> None:
        index = self.table.indexAt(point)
        if index.isValid():
            self.menu = component_menu(
                self, self._document, self._selection, self.model.rows[index.row()].name
            )
            self.menu.popup(self.table.viewport().mapToGlobal(point))
