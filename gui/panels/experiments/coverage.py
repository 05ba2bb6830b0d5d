"""CoverageView: which changes of the rules the experiments detect, and unprotected edges."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui.widgets.controls import Empty, TallRows, empty_page
from gui.widgets.linked import Linked, link, written
from gui.widgets.style import style, theme
from regnet.analysis.sensitivity import MUTATION_KINDS, Notice, Sensitivity

COLUMNS = ("In the rule of", "Change", "Noticed by")
_NUMBER = Qt.ItemDataRole.UserRole
_COUNT = Qt.ItemDataRole.UserRole + 1


class CoverageView(QWidget):
    """A row for each change of a rule, and links to the edges that no experiment protects."""

    chosen = Signal(object)
    """The `Mutation` of the chosen row."""

    wanted = Signal()
    """Request to compute it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Sensitivity | None = None
        self.words = Linked()
        self.words.followed.connect(self._follow)
        self.run = QPushButton("Check again which changes are noticed")
        self.first = QPushButton("Find out what they protect")
        for button in (self.run, self.first):
            button.setToolTip(
                "Change every rule in one place at a time, and check which experiments fail"
            )
            button.clicked.connect(self.wanted)
        self.only_alone = QCheckBox("Only what no experiment notices")
        self.only_alone.toggled.connect(self._fill)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("Changes of the rules")
        self.tree.setHeaderLabels(COLUMNS)
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setAlternatingRowColors(True)
        self.tree.setItemDelegate(TallRows(self.tree))
        self.tree.setSortingEnabled(True)
        self.tree.header().setSortIndicator(
            -1, Qt.SortOrder.AscendingOrder
        )  # in the order of arrival
        self.tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.tree.header()
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(0, 130)
        header.resizeSection(2, 260)
        header.setStretchLastSection(False)
        self.tree.currentItemChanged.connect(self._choose)
        row = QHBoxLayout()
        row.addWidget(self.words, 1)
        row.addWidget(self.run, 0, Qt.AlignmentFlag.AlignTop)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 6, 0, 0)
        column.addLayout(row)
        column.addWidget(self.only_alone)
        column.addWidget(self.tree, 1)
        empty = Empty(
            "Would an experiment notice a missing edge, another threshold, or an OR in place of an "
            "AND? Each rule is changed in one place at a time and checked against all experiments."
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(page)
        self._stack.addWidget(empty_page(empty, self.first))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        style().changed.connect(self._fill)

    def show_coverage(self, found: Sensitivity | None, *, is_stale: bool) -> None:
        """Show an answer, which may be out of date, or a notice that there is none."""
        is_other = found is not self.found
        self.found = found
        self._stack.setCurrentIndex(1 if found is None else 0)
        old = "<b>Stale: the model has changed since.</b> " if is_stale else ""
        self.words.setText("" if found is None else old + _html(found))
        if is_other:
            self._fill()

    def show_ready(self, ready: bool) -> None:
        """Enable or disable the button that computes it."""
        for button in (self.run, self.first):
            button.setEnabled(ready)

    def _fill(self) -> None:
        self.tree.blockSignals(True)
        self.tree.clear()
        for number, row in enumerate(self.found.rows if self.found else ()):
            if self.only_alone.isChecked() and (row.noticed or row.undecided):
                continue
            item = _Item([row.mutation.component, row.mutation.change, _noticed(row)])
            item.setData(0, _NUMBER, number)
            item.setData(2, _COUNT, len(row.noticed))
            item.setToolTip(1, f"{row.mutation.change}\n{MUTATION_KINDS[row.mutation.kind]}")
            item.setToolTip(2, " ".join(row.noticed) or "No experiment notices it")
            if not row.noticed:
                item.setForeground(2, theme()["warning"])
            self.tree.addTopLevelItem(item)
        self.tree.blockSignals(False)

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        if item is not None and self.found is not None:
            self.chosen.emit(self.found.rows[item.data(0, _NUMBER)].mutation)

    def _follow(self, number: str) -> None:
        if self.found is not None:
            self.chosen.emit(self.found.rows[int(number)].mutation)


class _Item(QTreeWidgetItem):
    """A row that sorts by the number of experiments, not by its text."""

    def __lt__(self, other: QTreeWidgetItem) -> bool:
        tree = self.treeWidget()
        if tree is not None and tree.sortColumn() == 2:
            return int(self.data(2, _COUNT)) < int(other.data(2, _COUNT))
        column = tree.sortColumn() if tree is not None else 0
        return self.text(column) < other.text(column)


def _noticed(row: Notice) -> str:
    more = f" ({len(row.undecided)} open)" if row.undecided else ""
    if not row.noticed:
        return f"? open{more}" if row.undecided else "? none"
    return f"{len(row.noticed)}: {' '.join(row.noticed)}{more}"


def _html(found: Sensitivity) -> str:
    noticed = sum(bool(row.noticed) for row in found.rows)
    head = (
        f"The {len(found.experiments)} experiments that hold notice {noticed} of "
        f"{len(found.rows)} changes of the rules."
    )
    alone = [
        link(str(number), row.mutation.change.removesuffix(" cut"))
        for number, row in enumerate(found.rows)
        if row.mutation.kind == "edge" and not row.noticed and not row.undecided
    ]
    so_far = "" if found.complete else " so far"
    edges = f"Edges that no experiment protects{so_far}: {', '.join(alone) or 'none'}."
    missing = f"<br>{written(f'Incomplete: {found.missing}.')}" if found.missing else ""
    return f"{written(head)} {edges}{missing}"
