"""AnswerHead: the answer a panel shows, its guarantee, and whether it is stale."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.model.document import Document, Result
from gui.model.runner import Runner
from gui.results.again import run_again
from gui.widgets.controls import ElidedLabel
from gui.widgets.icons import icon
from gui.widgets.style import style, theme
from regnet.analysis import GUARANTEES
from regnet.exchange.dynamics import caveats_of
from regnet.project import Project


class AnswerHead(QWidget):
    """A selector of the answers of one kind; a new answer is shown at once.

    Parameters
    ----------
    document, runner
        The document and the runner.
    kind
        The type of the answers, or several types.
    summary
        A function that returns a short summary of an answer.
    """

    shown = Signal()
    """Another answer, or none, is shown."""

    def __init__(
        self,
        document: Document,
        runner: Runner,
        kind: type | tuple[type, ...],
        summary: Callable[[Any], str],
    ) -> None:
        super().__init__()
        self._document, self._runner = document, runner
        self._kind, self._summary = kind, summary
        self.result: Result | None = None
        self.results = QComboBox()
        self.results.setAccessibleName("Answer to show")
        self.results.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.results.setMinimumContentsLength(18)
        self.badge = QLabel()
        self.badge.setObjectName("badge")
        self.badge.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.summary = ElidedLabel("")
        self._row = QHBoxLayout()
        self._row.addWidget(self.results)
        self._row.addWidget(self.badge)
        self._row.addWidget(self.summary, 1)
        self.note = QWidget()
        self.note.setObjectName("note")
        self.note.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.note_text = QLabel()
        self.note_text.setTextFormat(Qt.TextFormat.PlainText)
        self.note_text.setWordWrap(True)
        self.again = QPushButton("Run again")
        self.again.setToolTip("Run again on the current network; the old answer is kept")
        self.again.clicked.connect(self._run_again)
        line = QHBoxLayout(self.note)
        line.setContentsMargins(8, 3, 4, 3)
        line.addWidget(self.note_text, 1)
        line.addWidget(self.again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._row)
        column.addWidget(self.note)
        self.results.activated.connect(self._choose)
        document.results_changed.connect(self._list)
        document.changed.connect(self._follow)
        style().changed.connect(self._restyle)
        self._list()

    def add_button(self, action: QAction) -> None:
        """Add the button of an action at the end of the row."""
        button = QToolButton()
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        button.setAccessibleName(action.text().replace("&", ""))
        self._row.addWidget(button)

    def answers(self) -> list[Result]:
        """Return the answers of this kind, the newest first."""
        return [r for r in reversed(self._document.results) if isinstance(r.value, self._kind)]

    def show_number(self, number: str) -> None:
        """Show the answer with this number, if there is one."""
        for result in self.answers():
            if str(result.number) == number:
                self._show(result)

    def _follow(self, before: Project, after: Project) -> None:
        if before.network is not after.network:
            self._list()

    def _list(self) -> None:
        answers = self.answers()
        known = {self.results.itemData(i) for i in range(self.results.count())}
        self.results.clear()
        for result in answers:
            stale = " (stale)" if self._document.is_stale(result) else ""
            self.results.addItem(f"{result.number}: {result.title}{stale}", result.number)
            tip = Qt.ItemDataRole.ToolTipRole
            self.results.setItemData(self.results.count() - 1, result.title, tip)
        newest = answers[0] if answers else None
        keeps = self.result in answers and newest is not None and newest.number in known
        self._show(self.result if keeps else newest)

    def _choose(self, place: int) -> None:
        self.show_number(str(self.results.itemData(place)))

    def _show(self, result: Result | None) -> None:
        is_other = result is not self.result
        self.result = result
        self.setVisible(result is not None)
        if result is not None:
            self.results.setCurrentIndex(self.results.findData(result.number))
            self.results.setToolTip(result.title)
            origin = result.origin
            self.badge.setText(origin.guarantee)
            self.badge.setToolTip(
                f"{GUARANTEES.get(origin.guarantee, '')}\n{origin.engine}: {origin.why}"
            )
            said = self._summary(result.value)
            self.summary.setText(said)
            self.summary.setToolTip(said)
            is_stale = self._document.is_stale(result)
            missing = result.value.missing
            told = list(caveats_of(self._document.project, result.value))
            if is_stale:
                told.insert(0, "Stale: the model has changed since this was computed.")
            elif missing:
                told.insert(0, f"Incomplete: {missing}.")
            self.note_text.setText(" ".join(told))
            self.note.setVisible(bool(told))
        self._restyle()
        if is_other:
            self.shown.emit()

    def _run_again(self) -> None:
        if self.result is not None:
            run_again(self._document, self._runner, [self.result])

    def _restyle(self) -> None:
        colours = theme()
        sure = self.result is not None and self.result.origin.guarantee == "exact"
        ink = colours["good" if sure else "warning"].name()
        self.badge.setStyleSheet(
            f"#badge {{ color: {ink}; border: 1px solid {ink}; border-radius: 4px;"
            f" padding: 1px 6px; font-weight: 600; }}"
        )
        self.note.setStyleSheet(
            f"#note {{ background: {colours['warning-paper'].name()}; border-radius: 4px; }}"
            f"#note QLabel {{ color: {colours['ink'].name()}; }}"
        )
        for button in self.findChildren(QToolButton):
            action = button.defaultAction()
            if action is not None and action.property("icon_name"):
                action.setIcon(icon(str(action.property("icon_name"))))


def scenario_title(result: Result) -> str:
    """Return the name of the scenario that an answer is about."""
    return result.origin.title
