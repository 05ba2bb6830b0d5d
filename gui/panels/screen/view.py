"""ScreenView: the rows of a screen as a table, or as a matrix of perturbations and contexts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.panels.screen.table import COUNT, OUTCOME, TOGETHER, ScreenMatrix, ScreenTable
from gui.widgets.controls import Empty, Flow
from gui.widgets.icons import icon
from gui.widgets.style import style, theme
from regnet.analysis.screen import ScreenRow
from regnet.screens.setup import Setup

_MANY_COLUMNS = 60  # matrices with more columns do not adapt their widths
TABLE, MATRIX, PAIRS = "Table", "Matrix", "Pairs"
"""Forms in which a screen is shown."""


class ScreenView(QWidget):
    """The rows, their filter and their number.

    Parameters
    ----------
    table
        The rows.
    before
        A widget at the left of the filter.
    exports
        The actions of the export button.
    """

    chosen = Signal()
    """The current row has changed."""

    opened = Signal()
    """The user pressed Enter on a row."""

    menu_wanted = Signal(QPoint)
    """Request for a menu of the current row, at a point of the screen."""

    def __init__(self, table: ScreenTable, before: QWidget, exports: Sequence[QAction]) -> None:
        super().__init__()
        self.table = table
        self.matrix = ScreenMatrix(table)
        self._waiting = ""
        self._make_head()
        self.view = self._view(self.table, "Rows of the screen")
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSortingEnabled(True)
        self.view.horizontalHeader().setSortIndicatorClearable(True)
        self.view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.view.verticalHeader().hide()
        self.grid = self._view(self.matrix, "Perturbations by contexts")
        self.grid.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._nothing = Empty("")
        self._body = QStackedWidget()
        for page in (self.view, self.grid, self._nothing):
            self._body.addWidget(page)
        self.count = QLabel()
        self.count.setWordWrap(True)
        self._lay_out(before, exports)
        self.filter.textChanged.connect(self._set_filter)
        self.form.currentIndexChanged.connect(self._show_form)
        self.quantity.textActivated.connect(self.show_quantity)
        self.context.currentTextChanged.connect(self._show_form)
        self.table.shown_changed.connect(self.show_rows)
        style().changed.connect(self.show_rows)

    # --- construction ---

    def _make_head(self) -> None:
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter: a word, or changed=yes   attractors>1")
        self.filter.setToolTip(
            "Words are searched in all texts; changed=yes or Mass<2 filters one column.\n"
            'Put names with spaces in quotation marks: "low dose at PHx"'
        )
        self.filter.setAccessibleName("Filter rows")
        self.filter.setClearButtonEnabled(True)
        self.form = QComboBox()
        self.form.setAccessibleName("Table or matrix")
        self.form.addItems([TABLE, MATRIX])
        self.context = QComboBox()
        self.context.setAccessibleName("Context of the pairs")
        self.quantity = QComboBox()
        self.quantity.setAccessibleName("Quantity shown in the matrix")
        for box in (self.context, self.quantity):
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(12)
            box.setVisible(False)

    def _lay_out(self, before: QWidget, exports: Sequence[QAction]) -> None:
        export = QToolButton()
        export.setText("Export")
        export.setProperty("icon_name", "export")
        export.setIcon(icon("export"))
        export.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        export.setAutoRaise(True)
        export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(export)
        menu.addActions(exports)
        export.setMenu(menu)
        top = QHBoxLayout()
        top.addWidget(before)
        top.addWidget(self.filter, 1)
        shown = Flow()  # two lines where the window is narrow
        for widget in (self.form, self.context, self.quantity, export):
            shown.addWidget(widget)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(top)
        self._column.addLayout(shown)
        self._column.addWidget(self._body, 1)

    def put_notice(self, notice: QWidget) -> None:
        """Put a notice right above the rows."""
        self._column.insertWidget(2, notice)

    def _view(self, model: ScreenTable | ScreenMatrix, name: str) -> QTableView:
        view = QTableView()
        view.setAccessibleName(name)
        view.setModel(model)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setAlternatingRowColors(True)
        view.setTabKeyNavigation(False)
        view.setWordWrap(False)
        view.verticalHeader().setDefaultSectionSize(24)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setResizeContentsPrecision(50)
        header.setMinimumSectionSize(48)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._ask_menu)
        view.activated.connect(self.opened)
        view.selectionModel().currentChanged.connect(self.chosen)
        return view

    def _ask_menu(self, point: QPoint) -> None:
        view = self._body.currentWidget()
        if isinstance(view, QTableView) and self.current_row() is not None:
            self.menu_wanted.emit(view.viewport().mapToGlobal(point))

    # --- rows ---

    def begin(self, setup: Setup, done: Sequence[ScreenRow] = ()) -> None:
        """Show the rows of another screen that are available."""
        self.matrix.clear()
        self.table.begin(setup)
        self.table.add(done)
        self.view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        has_pairs = "pairs" in setup.kinds
        if has_pairs != (self.form.count() == 3):
            self.form.clear()
            self.form.addItems([TABLE, MATRIX, PAIRS] if has_pairs else [TABLE, MATRIX])
        self.context.clear()
        self.context.addItems([c.name for c in setup.contexts])
        self.quantity.clear()
        self.quantity.addItems(setup.readouts)
        self.quantity.addItems([TOGETHER] if has_pairs else [])
        self.quantity.addItems([OUTCOME] if setup.phenotypes else [])
        self.quantity.addItem(COUNT)
        first = OUTCOME if setup.phenotypes and not setup.readouts else self.quantity.itemText(0)
        self.quantity.setCurrentText(first)
        self.matrix.show_quantity(first)
        self.fit_columns()

    def clear(self) -> None:
        """Show nothing."""
        self.matrix.clear()
        self.table.setup = None
        self.table.rows = []
        self.table.reset(())

    def say_empty(self, text: str) -> None:
        """Show a text while there are no rows."""
        self._waiting = text
        self.show_rows()

    # --- appearance ---

    def fit_columns(self) -> None:
        """Fit the widths of columns to their content, within limits."""
        self.view.resizeColumnsToContents()
        for column in range(self.table.columnCount()):
            self.view.setColumnWidth(column, min(self.view.columnWidth(column) + 8, 260))
        if self._body.currentWidget() is self.grid and self.matrix.columnCount() <= _MANY_COLUMNS:
            self.grid.resizeColumnsToContents()

    def _show_form(self) -> None:
        form = self.form.currentText()
        self.quantity.setVisible(form != TABLE)
        self.context.setVisible(form == PAIRS)
        self.matrix.show_pairs(self.context.currentText() if form == PAIRS else "")
        self.show_rows()
        self.fit_columns()

    def show_quantity(self, quantity: str) -> None:
        """Show another quantity in the matrix."""
        self.quantity.setCurrentText(quantity)
        self.matrix.show_quantity(quantity)
        self.show_rows()
        self.fit_columns()

    def show_rows(self) -> None:
        """Show the rows that pass the filter, and their number."""
        shown = self.table.rowCount()
        is_matrix = self.form.currentText() != TABLE
        if is_matrix and shown:
            self.matrix.refresh()
        has_rows = bool(self.table.rows)
        none = f"No row matches “{self.filter.text()}”."
        self._nothing.setText(none if has_rows else self._waiting)
        self._body.setCurrentWidget(
            self._nothing if not shown else self.grid if is_matrix else self.view
        )
        self.count.setText(" · ".join(self._counted(shown, is_matrix=is_matrix)))
        self.view.viewport().update()

    def _counted(self, shown: int, *, is_matrix: bool) -> list[str]:
        table = self.table
        parts = []
        if table.total:
            parts.append(f"{table.total:,} row{'' if table.total == 1 else 's'}")
        if table.is_filtered:
            parts = [f"{shown:,} of {table.total:,} rows shown, including the wild type"]
            if not shown:
                parts = [f"none of {table.total:,} rows shown"]
        if table.total:
            parts.append(f"{table.changed:,} differ from the wild type")
        if table.failed:
            parts.append(f"{table.failed:,} failed")
        if is_matrix and shown and self.matrix.quantity in self.matrix.readouts:
            parts.append("▲ ▼ higher or lower than the wild type, yellow: several levels")
        if is_matrix and shown and self.matrix.quantity == TOGETHER:
            parts.append("+ gained, − lost, or the component whose change neither causes alone")
        return parts

    def _set_filter(self, text: str) -> None:
        wrong = self.table.set_filter(text)
        self.filter.setToolTip(wrong or self.filter.placeholderText())
        self.filter.setStyleSheet(f"color: {theme()['error'].name()};" if wrong else "")

    # --- the current row ---

    def current_row(self) -> ScreenRow | None:
        """Return the row that is selected in the table or the matrix."""
        view = self._body.currentWidget()
        index = view.currentIndex() if isinstance(view, QTableView) else QModelIndex()
        if not index.isValid():
            return None
        source = self.table.source(index.row()) if view is self.view else self.matrix.source(index)
        return None if source is None else self.table.rows[source]

    def select_row(self, number: int) -> None:
        """Select a row of the table."""
        self.view.selectionModel().setCurrentIndex(
            self.table.index(number, 0),
            QItemSelectionModel.SelectionFlag.ClearAndSelect
            | QItemSelectionModel.SelectionFlag.Rows,
        )
