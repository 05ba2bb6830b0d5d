"""Results: all answers, their guarantees, and whether they are up to date."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QStackedWidget,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui.model.document import Document, Result
from gui.model.runner import Runner
from gui.model.selection import Selection
from gui.results.again import can_run_again, run_again
from gui.widgets.actions import add_action
from gui.widgets.controls import Empty, TallRows
from gui.widgets.style import style, theme
from regnet.analysis import GUARANTEES
from regnet.questions import question_of, summary_of

COLUMNS = ("Result", "Summary", "State")
_NUMBER = Qt.ItemDataRole.UserRole


class ResultsPanel(QWidget):
    """The list of results, the newest first."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection, self._runner = document, selection, runner
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("Results")
        self.tree.setHeaderLabels(COLUMNS)
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setAlternatingRowColors(True)
        self.tree.setItemDelegate(TallRows(self.tree))
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(0, 300)
        header.resizeSection(2, 90)
        self.show_action = add_action(
            self, "Show the &result", self.show_chosen, menu="Analyse", icon_name="show",
            tip="Bring the panel that shows the selected result to the front",
        )  # fmt: skip
        self.again = add_action(
            self, "Compute a&gain", self.run_chosen, menu="Analyse", icon_name="run",
            tip="Run again on the current network; the old answer is kept",
        )  # fmt: skip
        self.stale = add_action(
            self, "Re-run &stale results", self.run_stale, menu="Analyse", icon_name="redo",
            shortcut="Ctrl+Shift+R", everywhere=True,
            tip="Compute all stale results again",
        )  # fmt: skip
        self.drop = add_action(
            self, "Delete result", self.drop_chosen, menu="Analyse", icon_name="delete",
            shortcut="Delete", tip="Delete the selected results; this cannot be undone",
        )  # fmt: skip
        buttons = QHBoxLayout()
        buttons.setSpacing(2)
        for action in (self.show_action, self.again, self.stale, self.drop):
            button = QToolButton()
            button.setAutoRaise(True)
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setAccessibleName(action.text().replace("&", ""))
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.tree)
        self._stack.addWidget(Empty("No results yet. Press Ctrl+R to find the attractors."))
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 2, 6, 6)
        column.addLayout(buttons)
        column.addWidget(self._stack)
        self.tree.itemSelectionChanged.connect(self._enable)
        self.tree.itemActivated.connect(lambda *_: self.show_chosen())
        self.tree.customContextMenuRequested.connect(self._open_menu)
        document.results_changed.connect(self._fill)
        document.changed.connect(self._fill)
        style().changed.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        chosen = {r.number for r in self.chosen()}
        self.tree.blockSignals(True)
        self.tree.clear()
        for result in reversed(self._document.results):
            is_stale = self._document.is_stale(result)
            says = summary_of(result.value)
            item = QTreeWidgetItem([result.title, says, "stale" if is_stale else "up to date"])
            item.setData(0, _NUMBER, result.number)
            origin = result.origin
            tip = f"{origin.guarantee}: {GUARANTEES.get(origin.guarantee, '')}\n{origin.engine}"
            item.setToolTip(1, f"{says}\n{tip}")
            item.setToolTip(0, result.title)
            if is_stale:
                item.setToolTip(2, "The model has changed since this was computed")
                for part in range(len(COLUMNS)):
                    item.setForeground(part, theme()["warning" if part == 2 else "muted"])
            self.tree.addTopLevelItem(item)
            item.setSelected(result.number in chosen)
        self.tree.blockSignals(False)
        self._stack.setCurrentIndex(0 if self._document.results else 1)
        self._enable()

    def _enable(self) -> None:
        chosen = self.chosen()
        self.show_action.setEnabled(len(chosen) == 1 and bool(_panel_of(chosen[0])))
        self.again.setEnabled(any(map(can_run_again, chosen)))
        self.drop.setEnabled(bool(chosen))
        self.stale.setEnabled(bool(self._document.stale_results()))

    def chosen(self) -> list[Result]:
        """Return the selected results."""
        numbers = {item.data(0, _NUMBER) for item in self.tree.selectedItems()}
        return [result for result in self._document.results if result.number in numbers]

    def show_chosen(self) -> None:
        """Bring the panel of the selected result to the front."""
        for result in self.chosen()[:1]:
            panel = _panel_of(result)
            if panel:
                self._selection.ask(panel, str(result.number))

    def run_chosen(self) -> None:
        """Compute the selected results again."""
        run_again(self._document, self._runner, self.chosen())

    def run_stale(self) -> None:
        """Compute all stale results again."""
        run_again(self._document, self._runner, self._document.stale_results())

    def drop_chosen(self) -> None:
        """Delete the selected results."""
        for result in self.chosen():
            self._document.drop_result(result)

    def _open_menu(self, point: object) -> None:
        self.menu = QMenu(self)
        self.menu.addActions([self.show_action, self.again, self.drop])
        self.menu.popup(self.tree.viewport().mapToGlobal(point))  # type: ignore[call-overload]


def _panel_of(result: Result) -> str:
    """Return the key of the panel that shows a result, or an empty string."""
    question = question_of(result.value)
    return question.panel if question else ""
