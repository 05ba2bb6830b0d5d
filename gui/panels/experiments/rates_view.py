"""RatesView: for which share of random rates what is expected of time holds, and what is proved."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHeaderView,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui.widgets.controls import Empty, TallRows, empty_page
from regnet.analysis.robustness import Robustness
from regnet.records.check import (
    PROOFS,
    proved_words,
    robust_by_kind,
    robustness_summary,
    share_words,
)

COLUMNS = ("Experiment", "Kind", "Expected", "Holds for", "For all rates")


class RatesView(QWidget):
    """A row for each expectation about time."""

    wanted = Signal()
    """Request to compute it."""

    chosen = Signal(str)
    """The id of the experiment that was double-clicked."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Robustness | None = None
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.run = QPushButton("Vary the rates again")
        self.first = QPushButton("Vary the rates")
        for button in (self.run, self.first):
            button.setToolTip(
                "Judge what is expected of time under random rates, each up to ten times smaller "
                "or larger"
            )
            button.clicked.connect(self.wanted)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("Expectations under random rates")
        self.tree.setHeaderLabels(COLUMNS)
        self.tree.setRootIsDecorated(False)
        self.tree.setAlternatingRowColors(True)
        self.tree.setItemDelegate(TallRows(self.tree))
        header = self.tree.header()
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        for place, width in ((0, 90), (1, 100), (3, 200), (4, 200)):
            header.resizeSection(place, width)
        header.setStretchLastSection(False)
        self.tree.itemDoubleClicked.connect(lambda item: self.chosen.emit(item.text(0)))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 6, 0, 0)
        column.addWidget(self.words)
        column.addWidget(self.run, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.tree, 1)
        empty = Empty(
            "Do expectations about time hold for other rates? They are tested under sets of random "
            "rates, with statements proved for all rates."
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(page)
        self._stack.addWidget(empty_page(empty, self.first))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def show_robustness(self, found: Robustness | None, *, is_stale: bool) -> None:
        """Show an answer, which may be out of date, or a notice that there is none."""
        is_other = found is not self.found
        self.found = found
        self._stack.setCurrentIndex(1 if found is None else 0)
        if found is None:
            return
        old = "Stale: the network has changed since. " if is_stale else ""
        self.words.setText(
            f"{old}{robustness_summary(found)}. Each rate is from 1/{found.factor:g} to "
            f"{found.factor:g} times that of {found.rates}. A share of all is no proof; bands are "
            "95 %."
        )
        if is_other:
            self.tree.clear()
            for _, rows in robust_by_kind(found.rows):
                for row in rows:
                    told = row.missing or share_words(row)
                    told += ", random runs" if row.sampled else ""
                    words = (row.experiment, row.kind, str(row.expectation), told,
                             proved_words(row))  # fmt: skip
                    item = QTreeWidgetItem(list(words))
                    for place, text in enumerate(words):
                        item.setToolTip(place, text)
                    item.setToolTip(4, PROOFS if row.proved_by else "")
                    self.tree.addTopLevelItem(item)

    def show_ready(self, ready: bool) -> None:
        """Enable or disable the button that computes it."""
        for button in (self.run, self.first):
            button.setEnabled(ready)
