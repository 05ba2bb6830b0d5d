"""Extras: further answers that a report can have, asked for in the report panel itself.

They are those of ``regnet report --with``, each with the same question behind it. What another
panel asks in more detail becomes a result there, and goes into the report as well.
"""

from __future__ import annotations

from dataclasses import dataclass
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

from gui.document import Document
from gui.jobs import Runner, Task
from gui.selection import Selection
from regnet.analysis import Progress, silent
from regnet.errors import RegnetError
from regnet.project import Project
from regnet.scenario import Scenario
from regnet.temporal import parse_query


@dataclass(frozen=True, slots=True)
class Extra:
    """A question for the report.

    Parameters
    ----------
    key
        As on the command line.
    text
        What the list says.
    title
        What the result is called, but for the scenario.
    hint
        What is to be typed; empty if nothing is.
    """

    key: str
    text: str
    title: str
    hint: str = ""


_COMPONENT = "A component"
EXTRAS = (
    Extra("why", "Why a component is at its level", "Why {}", _COMPONENT),
    Extra("commitment", "What a random run gives up", "Points of no return of a random run"),
    Extra("query", "Whether a query holds", "{}", "A query, such as EF A:1"),
    Extra("time", "Time courses", "Time courses"),
    Extra("dose", "What follows from a dose", "Dose of {}", _COMPONENT),
    Extra("duration", "How long it has to be given", "Duration of {}", _COMPONENT),
    Extra("share", "What share of the time it has to be given", "Share of time of {}", _COMPONENT),
)


class Extras(QWidget):
    """A question, what it is about, and a button that has it answered."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection, self._runner = document, selection, runner
        self.what = QComboBox()
        self.what.setAccessibleName("Further question for the report")
        self.what.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.what.setMinimumContentsLength(12)
        for extra in EXTRAS:
            self.what.addItem(extra.text, extra)
            self.what.setItemData(self.what.count() - 1, extra.text, Qt.ItemDataRole.ToolTipRole)
        self.what.currentIndexChanged.connect(self._show)
        self.of = QLineEdit()
        self.of.setAccessibleName("What the question is about")
        self.of.textChanged.connect(self._show_button)
        self.of.returnPressed.connect(self.ask)
        self._names = QStringListModel(self)
        self._completer = QCompleter(self._names, self)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.button = QPushButton("Add")
        self.button.setToolTip("Compute the answer in the current scenario and put it in")
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
        """Offer the names of the network."""
        self._names.setStringList(sorted(self._document.network.names))

    @property
    def extra(self) -> Extra:
        """The question that is chosen."""
        chosen: Extra = self.what.currentData()
        return chosen

    def _show(self) -> None:
        extra = self.extra
        self.what.setToolTip(extra.text)
        self.of.setEnabled(bool(extra.hint))
        self.of.setPlaceholderText(extra.hint)
        self.of.setCompleter(self._completer if extra.hint == _COMPONENT else None)  # type: ignore[arg-type]
        self._show_button()

    def _show_button(self) -> None:
        self.button.setEnabled(not self.extra.hint or bool(self.of.text().strip()))

    def ask(self) -> Task | None:
        """Have the question answered in the current scenario; the answer becomes a result."""
        if not self.button.isEnabled():
            return None
        extra, project = self.extra, self._document.project
        about, scenario = self.of.text().strip() if extra.hint else "", self._selection.scenario
        try:
            scenario.check(project.network)
            if extra.key == "query":
                parse_query(about, project.network, project.phenotypes)
            elif extra.hint:
                project.network[about]
        except RegnetError as error:
            self._document.say(error)
            return None
        title = f"{extra.title.format(about)}, {self._selection.scenario_title}"
        task = self._runner.submit(title, answer, project, scenario, extra.key, about)
        task.finished.connect(partial(self._document.add_result, title))
        return task


def answer(
    project: Project, scenario: Scenario, what: str, about: str = "", *, progress: Progress = silent
) -> Any:
    """Return what ``regnet report --with`` puts in; runs in a worker, which may load a report."""
    from regnet.report.extras import find_extra

    return find_extra(project, scenario, what, about, progress=progress)
