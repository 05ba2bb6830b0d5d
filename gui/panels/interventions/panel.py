"""Interventions: the minimal sets of interventions that reach a target.

The left side holds the target and the allowed interventions; the right side lists the sets with
their side effects, and says up to which size the list is complete. Choosing a set paints its effect
on the network; it can be opened as a scenario.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QTableView,
    QWidget,
)

from gui.model import edits
from gui.model.document import Document
from gui.model.runner import Runner, Task
from gui.model.selection import WILD_TYPE, Painting, Selection
from gui.panels.interventions.setup import InterventionSetup
from gui.panels.interventions.table import NOTHING, InterventionTable
from gui.results.answer_head import AnswerHead
from gui.widgets import exports
from gui.widgets.actions import add_action
from gui.widgets.controls import Empty, Words
from gui.widgets.question import (
    ProgressRow,
    answer_column,
    fill,
    run_button,
    setup_column,
    side_by_side,
)
from regnet.analysis.attractors import Attractors
from regnet.analysis.control import SHOWS, Intervention, Interventions, find_interventions
from regnet.analysis.control.intervention_text import (
    proof_words,
    scope_words,
    size_of,
    target_words,
)
from regnet.errors import RegnetError
from regnet.project import Project
from regnet.records import to_csv
from regnet.records.control import interventions_to_rows
from regnet.screens.setup import find_effect, span

_WIDTHS = (52, 52, 300)  # pixels of the columns size, cost and side effects


class InterventionsPanel(QWidget):
    """The question, the sets found and what was proved."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection, self._runner = document, selection, runner
        self._task: Task | None = None
        self._painting: Task | None = None
        self.setup = InterventionSetup(document, selection)
        self.head = AnswerHead(document, runner, Interventions, summary)
        self.table = InterventionTable()
        self._make_actions()
        self.run_button = run_button("Find interventions", self.run)
        splitter = side_by_side(setup_column(self.setup, self.run_button), self._make_right())
        self._whole = fill(
            self, splitter, "Open a model to search for interventions that reach a target."
        )
        self._follow()

    # --- construction ---

    def _make_actions(self) -> None:
        self.show_action = add_action(
            self, "&Interventions…", lambda: self._selection.ask("interventions"), menu="Perturb",
            tip="Find the minimal sets of interventions that reach a target",
        )  # fmt: skip
        self.open_action = add_action(
            self, "Open intervention as scenario", self.open_row, menu="Perturb", icon_name="show",
            tip="Make a scenario of the chosen set, and switch to it",
        )  # fmt: skip
        self.export_action = add_action(
            self, "Export interventions…",
            lambda: exports.ask(self, self._document, "interventions", self.contents),
            menu="File", icon_name="export", tip="Save every set as a table",
        )  # fmt: skip
        self.head.results.setMinimumContentsLength(6)  # the question is already shown at the left
        self.head.add_button(self.open_action)
        self.head.add_button(self.export_action)

    def _make_right(self) -> QWidget:
        self.proof = Words()
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter: a word, or size=1   cost<3")
        self.filter.setToolTip("Words are searched in all texts; size=1 filters one column")
        self.filter.setAccessibleName("Filter interventions")
        self.filter.setClearButtonEnabled(True)
        self.view = QTableView()
        self.view.setModel(self.table)
        self.view.setAccessibleName("Sets of interventions")
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setAlternatingRowColors(True)
        self.view.setTabKeyNavigation(False)
        self.view.setWordWrap(False)
        self.view.setSortingEnabled(True)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(26)
        header = self.view.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(40)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setStretchLastSection(True)
        header.setResizeContentsPrecision(50)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._empty = Empty("")
        self._body = QStackedWidget()
        self._body.addWidget(self.view)
        self._body.addWidget(self._empty)
        self.progress = ProgressRow(
            "Progress of the search", self.stop, "Stop here, and keep what was found and proved"
        )
        self.progress.show_progress(None, "")
        return answer_column(self.head, self._body, self.progress, self.proof, self.filter)

    def _follow(self) -> None:
        self.head.shown.connect(self._show_answer)
        self.setup.changed.connect(self._show_state)
        self.setup.condition.entered.connect(self.run)
        self.filter.textChanged.connect(self._set_filter)
        self.table.shown_changed.connect(self._show_rows)
        self.view.activated.connect(self.open_row)
        self.view.selectionModel().currentRowChanged.connect(self._paint_row)
        self.view.customContextMenuRequested.connect(self._open_menu)
        self._document.changed.connect(self._project_changed)
        self._selection.scenario_changed.connect(self._show_state)
        self._selection.asked.connect(self._on_asked)
        self._show_answer()

    def _project_changed(self, before: Project, after: Project) -> None:
        if before.network is not after.network:
            self._show_state()

    def _on_asked(self, panel: str, what: str) -> None:
        if panel == self.objectName() and what:
            self.head.show_number(what)

    # --- running ---

    def run(self) -> Task | None:
        """Run the setup in the current scenario; the answer becomes a result."""
        if self._task is not None and not self._task.is_over:
            return None
        try:
            asked = self.setup.asked()
            asked.scenario.check(self._document.network)
        except RegnetError as error:
            self._document.say(error)
            return None
        self._task = task = self._runner.submit(
            asked.title,
            find_interventions,
            self._document.network,
            asked.scenario,
            asked.target,
            keeps=True,
            **asked.options,
        )
        task.finished.connect(partial(self._finished, asked.title))
        task.progress.connect(self.progress.show_progress)
        task.ended.connect(self._show_state)
        self._show_state()
        return task

    def _finished(self, title: str, found: Interventions) -> None:
        self._document.add_result(title, found)

    def stop(self) -> None:
        """Stop, and keep what was found and proved."""
        if self._task is not None:
            self._task.stop()

    # --- display ---

    @property
    def answer(self) -> Interventions | None:
        """The displayed answer."""
        result = self.head.result
        return result.value if result is not None else None

    def _show_answer(self) -> None:
        found = self.answer
        self.filter.clear()
        self.table.show_answer(found, self._document.network)
        self.view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        compares = found is not None and bool(found.before)
        self.view.setColumnHidden(3, not compares)
        self.view.resizeColumnToContents(0)
        self.view.setColumnWidth(0, min(self.view.columnWidth(0) + 10, 300 if compares else 480))
        for column, width in enumerate(_WIDTHS, start=1):
            self.view.setColumnWidth(column, width)
        costly = found is not None and any(one.cost != size_of(one.perturbation) for one in
                                           found.found)  # fmt: skip
        self.view.setColumnHidden(2, not costly)
        self._show_state()

    def _show_state(self) -> None:
        busy = self._task is not None and not self._task.is_over
        found = self.answer
        self._whole.setCurrentIndex(1 if self._document.is_empty else 0)
        self.progress.setVisible(busy)
        self.run_button.setEnabled(self.setup.is_ready and not busy)
        for action in (self.open_action, self.export_action):
            action.setEnabled(found is not None and bool(found.found))
        self.proof.setVisible(found is not None)
        self.filter.setVisible(found is not None and len(found.found) > 1)
        if found is not None:
            every = "attractor that is reached" if found.origin.scenario.start else "attractor"
            shows = f"every {every} shows {target_words(found)}"
            self.proof.setText(
                f"{'After each of these, ' + shows if found.found else 'Wanted: ' + shows}. "
                f"Proved: {proof_words(found)}. {scope_words(found)}{_before_words(found)}"
            )
        self._show_rows()

    def _show_rows(self) -> None:
        found = self.answer
        busy = self._task is not None and not self._task.is_over
        shown = self.table.rowCount()
        self._body.setCurrentIndex(0 if shown else 1)
        if shown:
            return
        if found is not None and found.found:
            text = f"No set matches “{self.filter.text()}”."
        elif found is not None:
            text = (
                f"No set of up to {found.proved} interventions reaches the target.\n"
                "Allow larger sets, more components, or cuts of edges."
                if found.proved >= 0
                else "The search was stopped before anything was found or excluded."
            )
        elif busy:
            text = "Searching for the smallest sets…"
        else:
            text = (
                "Choose what every attractor is to show, then press “Find interventions”.\n"
                "All minimal sets are listed, with their side effects."
            )
        self._empty.setText(text)

    def _set_filter(self, text: str) -> None:
        wrong = self.table.set_filter(text)
        self.filter.setToolTip(wrong or self.filter.placeholderText())

    # --- one set ---

    def current(self) -> Intervention | None:
        """Return the chosen set."""
        index = self.view.currentIndex()
        return self.table.found[self.table.source(index.row())] if index.isValid() else None

    def choose(self, row: int) -> None:
        """Choose a row of the table."""
        self.view.selectionModel().setCurrentIndex(
            self.table.index(row, 0),
            QItemSelectionModel.SelectionFlag.ClearAndSelect
            | QItemSelectionModel.SelectionFlag.Rows,
        )

    def _is_stale(self) -> bool:
        result = self.head.result
        return result is None or self._document.is_stale(result)

    def _paint_row(self) -> None:
        """Paint the effect of the set on the network."""
        one, found = self.current(), self.answer
        if self._painting is not None:
            self._painting.stop()
            self._painting = None
        if one is None or found is None or self._is_stale():
            return
        scenario = found.origin.scenario
        name = f"{self.table.name(one)}, {scenario.name or WILD_TYPE}"
        self._painting = task = self._runner.submit(
            f"Effect of {name}", find_effect, self._document.network, scenario, one.perturbation,
            quiet=True,
        )  # fmt: skip
        task.finished.connect(partial(self._paint, name, bool(one.perturbation)))

    def _paint(self, name: str, has_before: bool, both: tuple[Attractors, Attractors]) -> None:
        before, after = both
        more = "" if after.complete else "at least "
        caption = f"{name}: levels over {more}{after.count:,} attractor{'s'[: after.count != 1]}"
        self._selection.paint(Painting(span(after), caption, span(before) if has_before else None))

    def open_row(self) -> None:
        """Make a scenario of the chosen set, and switch to it."""
        one, found = self.current(), self.answer
        if one is None or found is None or self.table.name(one) == NOTHING:
            self._document.say("choose a set of interventions first", "info")
            return
        asked = found.origin.scenario
        base = asked.name.removesuffix(", from anywhere") if asked.name != WILD_TYPE else ""
        wanted = f"{base} + {self.table.name(one)}" if base else self.table.name(one)
        name = edits.free_name(wanted, self._document.project)
        scenario = replace(asked.perturbed(one.perturbation), name=name, note="")
        try:
            scenario.check(self._document.network)
        except RegnetError as error:
            self._document.say(error)
            return
        project = self._document.project.with_scenario(scenario)
        self._document.change(f"Open {name} as scenario", project)
        self._selection.choose(name)

    def _open_menu(self, point: QPoint) -> None:
        if self.current() is not None:
            self.menu = QMenu(self)
            self.menu.addActions([self.open_action, self.export_action])
            self.menu.popup(self.view.viewport().mapToGlobal(point))

    @property
    def contents(self) -> exports.Contents:
        """Return the exports of the sets."""
        found = self.answer
        return {".csv": lambda: to_csv(interventions_to_rows(found) if found else [])}


def _before_words(found: Interventions) -> str:
    """Return the phenotypes without any intervention, as a sentence."""
    lasting = [f"{n} ({shown})" for n, shown in found.before.items() if shown != SHOWS[2]]
    return f" Without any: {', '.join(lasting)}." if lasting else ""


def summary(found: Interventions) -> str:
    """Return a short summary of the answer."""
    if found.found and not found.found[0].perturbation:
        return "no intervention is needed"
    sets = len(found.found)
    return f"{sets:,} set{'' if sets == 1 else 's'}"
