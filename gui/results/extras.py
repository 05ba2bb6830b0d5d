"""Extras: additional answers for a report, requested in the report panel.

They are those of ``regnet report --with``, with the same questions. Answers of other panels, which
offer more options, can be included in the report as well.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from gui.model.document import Document
from gui.model.runner import Runner, Task
from gui.model.selection import WILD_TYPE, Selection
from regnet.analysis import Progress, silent
from regnet.errors import RegnetError
from regnet.project import Project
from regnet.questions import EXTRAS, Extra, scenarios_of
from regnet.scenario import Scenario
from regnet.temporal import parse_query

_ABOUT = {"X": "A component", "FORMULA": "A formula", "CONDITION": "A condition"}
"""The subject of a question: its key in `EXTRAS` -> its text in the window."""


class Extras(QWidget):
    """A question, its subject, and a button that computes the answer."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection, self._runner = document, selection, runner
        self.what = QComboBox()
        self.what.setAccessibleName("Further question for the report")
        self.what.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.what.setMinimumContentsLength(12)
        for extra, _ in EXTRAS.values():
            text = _text(extra)
            self.what.addItem(text, extra)
            self.what.setItemData(self.what.count() - 1, text, Qt.ItemDataRole.ToolTipRole)
        self.what.currentIndexChanged.connect(self._show)
        self.of = QLineEdit()
        self.of.setAccessibleName("Subject of the question")
        self.of.textChanged.connect(self._show_button)
        self.of.returnPressed.connect(self.ask)
        self._names = QStringListModel(self)
        self._completer = QCompleter(self._names, self)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.button = QPushButton("Add")
        self.button.setToolTip("Compute the answer in the current scenario and include it")
        self.button.clicked.connect(self.ask)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(QLabel("<b>Ask further</b>"), 0, 0, 1, 2)
        grid.addWidget(self.what, 1, 0, 1, 2)
        grid.addWidget(self.of, 2, 0)
        grid.addWidget(self.button, 2, 1)
        grid.setColumnStretch(0, 1)
        document.changed.connect(self._follow)
        self._follow()
        self._show()

    def _follow(self) -> None:
        """Update completion with the names of the network."""
        self._names.setStringList(sorted(self._document.network.names))

    @property
    def extra(self) -> Extra:
        """The chosen question."""
        chosen: Extra = self.what.currentData()
        return chosen

    def _show(self) -> None:
        extra = self.extra
        self.what.setToolTip(_text(extra))
        self.of.setEnabled(bool(extra.about))
        self.of.setPlaceholderText(_ABOUT.get(extra.about, ""))
        self.of.setCompleter(self._completer if extra.about == "X" else None)  # type: ignore[arg-type]
        self._show_button()

    def _show_button(self) -> None:
        self.button.setEnabled(not self.extra.about or bool(self.of.text().strip()))

    def ask(self) -> Task | None:
        """Compute the answer in the current scenario, as a result."""
        if not self.button.isEnabled():
            return None
        extra, project = self.extra, self._document.project
        about, scenario = self.of.text().strip() if extra.about else "", self._selection.scenario
        try:
            scenario.check(project.network)
            scenario, *_ = scenarios_of(project, scenario, extra.key)
            match extra.about:
                case "FORMULA":
                    parse_query(about, project.network, project.phenotypes)
                case "CONDITION" if about not in [p.name for p in project.phenotypes]:
                    project.network.parse(about)
                case "X":
                    project.network[about]
        except RegnetError as error:
            self._document.say(error)
            return None
        title = f"{extra.title.format(about)}, {scenario.name or WILD_TYPE}"
        task = self._runner.submit(title, answer, project, scenario, extra.key, about)
        task.finished.connect(partial(self._document.add_result, title))
        return task


def _text(extra: Extra) -> str:
    """Return the text of a question in the list."""
    text = extra.words.format(_ABOUT.get(extra.about, "").lower())
    return text[:1].upper() + text[1:]


def answer(
    project: Project, scenario: Scenario, what: str, about: str = "", *, progress: Progress = silent
) -> Any:
    """Return the answer that ``regnet report --with`` includes; runs in a worker process."""
    from regnet.report.extras import find_extra

    return find_extra(project, scenario, what, about, progress=progress)
