"""Experiments: the findings a model has to reproduce, the verdict on each, and what they protect.

After an edit the model is checked again automatically if that is fast (`checker`); otherwise a
button offers it.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QTableView,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.model.document import Document
from gui.model.ledger import (
    RATES,
    Entry,
    coverage,
    ledger,
    robustness,
    summary_words,
)
from gui.model.runner import Runner
from gui.model.selection import Painting, Selection, Trace
from gui.panels.experiments.checker import Checker
from gui.panels.experiments.coverage import CoverageView
from gui.panels.experiments.details import ExperimentDetails
from gui.panels.experiments.edits import (
    free_id,
    scenario_to_open,
    seen_condition,
    telling,
    with_experiment,
    without_experiment,
)
from gui.panels.experiments.form import ExperimentForm
from gui.panels.experiments.rates_view import RatesView
from gui.panels.experiments.table import ExperimentTable
from gui.panels.experiments.trace import EvidenceTrace
from gui.widgets.actions import add_action
from gui.widgets.controls import ElidedLabel, Empty, Flow, empty_page
from gui.widgets.linked import scrolled
from gui.widgets.question import stacked
from gui.widgets.style import style, theme
from regnet.analysis.check import Finding
from regnet.analysis.robustness import Robustness
from regnet.analysis.sensitivity import Mutation, Sensitivity
from regnet.errors import RegnetError
from regnet.evidence import Experiment
from regnet.exchange.dynamics import caveats
from regnet.project import Project
from regnet.space import Space

_NONE = {
    "Not as expected": "differs from what is expected",
    "Open or not checked": "is open",
    "Holding": "holds",
    "Known disagreements": "is a known disagreement",
}
FILTERS = {
    "All": (),
    "Not as expected": ("fails", "holds now"),
    "Open or not checked": ("open",),
    "Holding": ("holds",),
    "Known disagreements": ("disagrees", "holds now"),
}


class ExperimentsPanel(QWidget):
    """The table of experiments, the details of one of them, and what they protect."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection, self._runner = document, selection, runner
        self.entries: tuple[Entry, ...] = ()
        """Every experiment of the project with what is known of it."""
        self._chosen = ""  # id of the experiment shown in detail
        self.checker = Checker(document, runner, self)
        self._is_old = True
        self._make_actions()
        self._make_ledger()
        self._make_whole()
        self._follow()
        self._renew()

    # --- construction ---

    def _make_actions(self) -> None:
        act = partial(add_action, self, menu="Analyse")
        self.check_all = act("Check all e&xperiments", self.checker.check, icon_name="run",
                             shortcut="Ctrl+Shift+X", everywhere=True,
                             tip="Check the model against every experiment")  # fmt: skip
        self.check_one = act("Check this experiment", self.check_chosen, icon_name="step",
                             tip="Check the model against the chosen experiment")  # fmt: skip
        self.add = act("Add e&xperiment from here…", self.add_from_here, icon_name="add",
                       shortcut="Ctrl+Shift+N", everywhere=True,
                       tip="Make the scenario and the painted levels an experiment")  # fmt: skip
        self.edit = act("Edit the experiment…", self.edit_chosen, icon_name="rename",
                        tip="Change the perturbation or the expectations")  # fmt: skip
        self.delete = act("Delete the experiment", self.delete_chosen, icon_name="delete",
                          tip="Remove the experiment; this can be undone")  # fmt: skip
        self.protect = act("What the experiments protect", self.run_coverage,
                           tip="Find which experiments detect a change of each rule")  # fmt: skip
        self.vary = act("Experiments under other rates", self.run_rates,
                        tip="Judge what is expected of time under random rates")  # fmt: skip
        self.by_evidence = EvidenceTrace(self, self._document, self._selection).action

    def _make_ledger(self) -> None:
        self.filter = QComboBox()
        self.filter.setAccessibleName("Experiments to show")
        self.filter.addItems(list(FILTERS))
        self.filter.activated.connect(self._show_table)
        self.summary = ElidedLabel("")
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Progress of the check")
        self.bar.setMaximumWidth(120)
        self.bar.setTextVisible(False)
        self.stop = QPushButton("Stop")
        self.stop.clicked.connect(self.checker.stop)
        self._head = QHBoxLayout()
        self._head.addWidget(self.filter)
        self._head.addWidget(self.summary, 1)
        self._head.addWidget(self.bar)
        self._head.addWidget(self.stop)
        self._tools = Flow()  # two lines where the window is narrow
        for action in (self.check_all, self.check_one, self.add, self.edit, self.delete,
                       self.by_evidence):  # fmt: skip
            button = QToolButton()
            button.setAutoRaise(True)
            button.setDefaultAction(action)
            button.setAccessibleName(action.text().replace("&", ""))
            if action is self.check_all:
                button.setText("Check all")
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            self._tools.addWidget(button)
        self.note = QWidget()
        self.note.setObjectName("note")
        self.note.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.note_words = QLabel()
        self.note_words.setWordWrap(True)
        self.again = QPushButton("Check again")
        self.again.clicked.connect(lambda: self.checker.check_what_is_old())
        row = QHBoxLayout(self.note)
        row.setContentsMargins(8, 3, 4, 3)
        row.addWidget(self.note_words, 1)
        row.addWidget(self.again)
        self.model = ExperimentTable()
        self.table = QTableView()
        self.table.setAccessibleName("Experiments")
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(24)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in enumerate((104, 44, 84, 184, 80, 104, 126)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, width)
        header.setStretchLastSection(True)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._open_menu)
        self.details = ExperimentDetails()
        self.details.asked.connect(self._on_link)
        self.form = ExperimentForm()
        self.form.taken.connect(self._take_form)
        self.form.given_up.connect(self._show_details)
        self._below = QStackedWidget()
        self._below.addWidget(scrolled(self.details))
        self._below.addWidget(scrolled(self.form))

    def _make_whole(self) -> None:
        views = stacked(self.table, self._below, [380, 300])
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 6, 0, 0)
        column.addWidget(self.note)
        column.addWidget(views, 1)
        self.coverage = CoverageView()
        self.coverage.wanted.connect(self.run_coverage)
        self.coverage.chosen.connect(self._show_mutation)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setAccessibleName("About the experiments")
        self.tabs.addTab(page, "Ledger")
        self.tabs.addTab(self.coverage, "What they protect")
        self.rates = RatesView()
        self.rates.wanted.connect(self.run_rates)
        self.rates.chosen.connect(self._choose_listed)
        self.tabs.addTab(self.rates, RATES)
        self._empty = Empty("")
        self._first = QPushButton("Add an experiment from here")
        self._first.clicked.connect(self.add.trigger)
        filled = QWidget()
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._head)
        column.addLayout(self._tools)
        column.addWidget(self.tabs, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(filled)
        self._stack.addWidget(empty_page(self._empty, self._first))
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.addWidget(self._stack)

    def _follow(self) -> None:
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self._document.changed.connect(self._on_change)
        self._document.reset.connect(self._forget)
        self.checker.changed.connect(self._show_state)
        self._document.results_changed.connect(self._outdate)
        self._selection.asked.connect(self._on_asked)
        style().changed.connect(self._paint)
        self._paint()

    # --- following the document ---

    def _forget(self) -> None:
        self._chosen = ""
        self.filter.setCurrentIndex(0)
        self._show_details()

    def _on_change(self, before: Project, after: Project) -> None:
        if before.network is not after.network or before.experiments is not after.experiments:
            self._outdate()

    def _outdate(self) -> None:
        """Update now, or when the panel is next shown."""
        self._is_old = True
        if self.isVisible():
            self._renew()

    def showEvent(self, event: QShowEvent) -> None:
        """Show changes made while hidden."""
        super().showEvent(event)
        if self._is_old:
            self._renew()

    def _renew(self) -> None:
        self._is_old = False
        project = self._document.project
        self.entries = ledger(project, self._document.results)
        is_editing = self._below.currentIndex() == 1
        self._stack.setCurrentIndex(0 if self.entries or is_editing else 1)
        self._empty.setText(
            "There is no network yet: open a model, or add a component."
            if self._document.is_empty
            else "No experiments yet. Turn any observation into one: what was done, and what was "
            "observed. From then on every edit is checked against it."
        )
        self._first.setVisible(not self._document.is_empty)
        self._show_table()
        found = coverage(self._document.results)
        is_stale = found is not None and found.origin.digest != project.network.digest
        self.coverage.show_coverage(found, is_stale=is_stale)
        robust = robustness(self._document.results)
        is_stale = robust is not None and robust.origin.digest != project.network.digest
        self.rates.show_robustness(robust, is_stale=is_stale)

    def _show_table(self) -> None:
        wanted = self.filter.currentText()
        states = FILTERS[wanted]
        shown = [entry for entry in self.entries if not states or entry.state in states]
        self.model.show_entries(shown, self._document.network)
        row = self.model.row_of(self._chosen)
        if row is None and shown:
            row = 0
        if row is not None:
            flags = QItemSelectionModel.SelectionFlag
            index = self.model.index(row, 0)
            self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self._chosen = self.model.entries[row].experiment.id
        else:
            self._chosen = ""
        none = (
            f"No experiment is shown: none of {len(self.entries)} {_NONE.get(wanted, 'is there')}."
        )
        self.details.show_entry(self.chosen, self._document.project, none)
        self._show_state()

    def _show_state(self) -> None:
        task, running = self.checker.task, self.checker.is_running
        has_any, chosen = bool(self.entries), self.chosen is not None
        self.check_all.setEnabled(has_any and not running)
        self.check_one.setEnabled(chosen and not running)
        self.protect.setEnabled(has_any and not running)
        self.coverage.show_ready(has_any and not running)
        timed = any(x.is_timed for entry in self.entries for x in entry.experiment.expect)
        self.vary.setEnabled(timed and not running)
        self.rates.show_ready(timed and not running)
        self.add.setEnabled(not self._document.is_empty)
        self.edit.setEnabled(chosen)
        self.delete.setEnabled(chosen)
        self.by_evidence.setEnabled(not self._document.is_empty)
        for widget in (self.bar, self.stop):
            widget.setVisible(running)
        words = summary_words(self.entries)
        if running and task is not None:
            words = task.words or "Checking…"
            fraction = task.fraction
            self.bar.setRange(0, 0 if fraction is None else 1000)
            self.bar.setValue(round(1000 * (fraction or 0)))
        self.summary.setText(words)
        old = len(self._old())
        asks_again = bool(old) and not running and not self.checker.is_about_to
        self.again.setVisible(asks_again)
        self.again.setText("Check again" if self._was_checked else "Check them")
        if not asks_again:
            self.note_words.setText("")
        elif self._was_checked:
            self.note_words.setText(
                f"{old} verdict{'s are' if old > 1 else ' is'} from before the last edit. "
                "Only experiments that the edit may have affected are run again."
            )
        else:
            self.note_words.setText("The experiments have not been checked yet.")
        told = caveats(self._document.project, "check") if self.entries else ()
        self.note_words.setText(" ".join((self.note_words.text(), *told)).strip())
        self.note.setVisible(bool(self.note_words.text()))

    @property
    def chosen(self) -> Entry | None:
        """The experiment shown in detail."""
        return next((e for e in self.entries if e.experiment.id == self._chosen), None)

    @property
    def _was_checked(self) -> bool:
        return any(entry.verdict is not None for entry in self.entries)

    def _old(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.is_current]

    def choose(self, identifier: str) -> None:
        """Show one experiment in detail, as a click on its row does."""
        if self._is_old:
            self._renew()
        if self.model.row_of(identifier) is None:
            self.filter.setCurrentIndex(0)
        self._chosen = identifier
        self._show_table()
        self.table.scrollTo(self.table.currentIndex())

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid() and index.row() < len(self.model.entries):
            self._chosen = self.model.entries[index.row()].experiment.id
            self.details.show_entry(self.chosen, self._document.project)
            self._show_state()

    def _on_asked(self, panel: str, what: str) -> None:
        """Show an experiment, or the tab of a result."""
        if panel != self.objectName() or not what:
            return
        for result in self._document.results:
            if str(result.number) == what:
                tabs: dict[type, int] = {Sensitivity: 1, Robustness: 2}
                self.tabs.setCurrentIndex(tabs.get(type(result.value), 0))
                return
        self.tabs.setCurrentIndex(0)
        self.choose(what)

    def _open_menu(self, point: object) -> None:
        self.menu = QMenu(self)
        self.menu.addActions([self.check_one, self.edit, self.delete, self.add])
        self.menu.popup(self.table.viewport().mapToGlobal(point))  # type: ignore[call-overload]

    # --- checking ---

    def check_chosen(self) -> None:
        """Check the chosen experiment."""
        if self._chosen:
            self.checker.check(self._chosen)

    def run_coverage(self) -> None:
        """Find which experiments detect a change of each rule."""
        if self.checker.find_coverage() is not None:
            self._selection.ask(self.objectName())
            self.tabs.setCurrentIndex(1)

    def run_rates(self) -> None:
        """Find for which share of random rates what is expected of time holds."""
        if self.checker.vary_rates() is not None:
            self._selection.ask(self.objectName())
            self.tabs.setCurrentIndex(2)

    def _choose_listed(self, identifier: str) -> None:
        self.tabs.setCurrentIndex(0)
        self.choose(identifier)

    # --- witnesses ---

    def _on_link(self, target: str) -> None:
        entry = self.chosen
        if entry is None:
            return
        if target == "scenario":
            self._open_scenario(entry.experiment)
            return
        act, _, place = target.partition(":")
        assert entry.verdict is not None
        finding = entry.verdict.findings[int(place)]
        if act == "play" and finding.path:
            start = finding.path[0] if entry.experiment.settle is not None else None
            if self._open_scenario(entry.experiment, start):
                self._selection.follow(finding.path)
        else:
            self._paint_finding(entry.experiment, finding)

    def _open_scenario(self, experiment: Experiment, start: Space | None = None) -> bool:
        """Make the scenario of an experiment the current one; an unnamed one gets a name."""
        try:
            project, name = scenario_to_open(self._document.project, experiment, start)
        except RegnetError as error:
            self._document.say(error)
            return False
        self._document.change(f"Open the scenario of {experiment.id}", project)
        self._selection.choose(name)
        return True

    def _paint_finding(self, experiment: Experiment, finding: Finding) -> None:
        levels = finding.path[-1] if finding.path else finding.attractor
        if levels is None:
            return
        network = self._document.network
        fitting = {n: at for n, at in levels.items() if n in network and at[1] <= network[n].top}
        what = "state" if finding.path else "attractor"
        caption = f"{experiment.id}, the {what} that decides “{finding.expectation}”"
        self._selection.paint(Painting(Space(fitting), caption, scenario=experiment.scenario))
        self._selection.ask("network")

    def _show_mutation(self, mutation: Mutation) -> None:
        """Show on the network which rule, or which edge, a mutation changes."""
        self._selection.select(mutation.component)
        if mutation.source:
            edge = (mutation.source, mutation.component)
            self._selection.trace(Trace({edge: "leads"}, mutation.change))

    # --- editing ---

    def add_from_here(self) -> None:
        """Begin an experiment from the current scenario, with the painted levels as the outcome."""
        if self._document.is_empty:
            return
        project, painting = self._document.project, self._selection.painting
        scenario = self._selection.scenario
        typed = [("every attractor", "")]
        if painting is not None:
            scenario = painting.scenario or scenario
            names = dict.fromkeys((*telling(project), *self._selection.components))
            condition = seen_condition(painting.levels, names, project.network)
            kind = "some attractor" if painting.attractor is not None else "reachable"
            typed = [(kind, condition)]
        new = Experiment(free_id(project), "", scenario, ())
        self._open_form(new, typed=typed)
        self.form.title.setFocus()

    def edit_chosen(self) -> None:
        """Change the chosen experiment."""
        if self.chosen is not None:
            self._open_form(self.chosen.experiment, instead_of=self.chosen.experiment.id)

    def _open_form(
        self,
        experiment: Experiment,
        *,
        instead_of: str = "",
        typed: list[tuple[str, str]] | None = None,
    ) -> None:
        self._selection.ask(self.objectName())
        self.tabs.setCurrentIndex(0)
        self.form.show_experiment(
            self._document.project,
            experiment,
            self._selection.scenario,
            instead_of=instead_of,
            typed=typed or (),
        )
        self._below.setCurrentIndex(1)
        self._stack.setCurrentIndex(0)

    def _take_form(self, experiment: Experiment, instead_of: str) -> None:
        """Apply the form to the project."""
        try:
            project = with_experiment(self._document.project, experiment, instead_of)
        except RegnetError as error:  # the project has changed meanwhile
            self._document.say(error)
            return
        self._below.setCurrentIndex(0)
        verb = "Edit" if instead_of else "Add"
        self._document.change(f"{verb} experiment {experiment.id}", project)
        self.choose(experiment.id)

    def delete_chosen(self) -> None:
        """Delete the chosen experiment."""
        if self.chosen is not None:
            identifier = self.chosen.experiment.id
            project = without_experiment(self._document.project, identifier)
            self._document.change(f"Delete experiment {identifier}", project)

    def _show_details(self) -> None:
        self._below.setCurrentIndex(0)
        self._stack.setCurrentIndex(0 if self.entries else 1)

    def _paint(self) -> None:
        colours = theme()
        self.note.setStyleSheet(
            f"#note {{ background: {colours['warning-paper'].name()}; border-radius: 4px; }}"
            f"#note QLabel {{ color: {colours['ink'].name()}; }}"
        )
        self._show_table()
