"""Queries: temporal-logic (CTL) questions, in plain words or as a formula.

The formula of a template is shown below it and can be edited. An answer says how it is known and,
where a single run proves it, includes that run, which can be played in *Run*.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui.model.document import Document, Result
from gui.model.runner import Runner, Task
from gui.model.selection import Selection
from gui.panels.queries.templates import TEMPLATES, Template
from gui.results.again import run_again
from gui.widgets import exports
from gui.widgets.actions import add_action
from gui.widgets.condition_field import ConditionField, example
from gui.widgets.controls import Empty, TallRows, Words
from gui.widgets.linked import Linked, link
from gui.widgets.question import ProgressRow, fill, run_button
from gui.widgets.style import style, theme
from regnet.analysis.control.intervention_text import answer_word, answer_words, path_words
from regnet.analysis.query import Answer, query
from regnet.errors import RegnetError
from regnet.evidence import Phenotype
from regnet.exchange.dynamics import caveats_of
from regnet.project import Project
from regnet.records import describe_witness, to_csv
from regnet.records.query import answer_to_rows
from regnet.temporal import Formula, parse_query

_NUMBER = Qt.ItemDataRole.UserRole
_MOST_LINKED = 8  # phenotypes shown as links; the others are offered by completion
_WORDS = {True: "✓ holds", False: "✗ does not hold", None: "? not decided"}


class QueriesPanel(QWidget):
    """The question, its answer, and earlier ones."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection, self._runner = document, selection, runner
        self._task: Task | None = None
        self._shown: Result | None = None
        self._make_actions()
        self._make_question()
        self._make_answer()
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self._make_page())
        splitter.addWidget(self.asked)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([460, 220])
        splitter.setChildrenCollapsible(False)
        self._whole = fill(
            self, splitter, "Open a model to ask what can and what must happen in it."
        )
        self._follow()

    # --- construction ---

    def _make_actions(self) -> None:
        self.show_action = add_action(
            self, "Ask a &question…", lambda: self._selection.ask("queries"), menu="Analyse",
            tip="Ask what can or must happen (temporal logic)",
        )  # fmt: skip
        self.play_action = add_action(
            self, "Play the run of an answer", self.play, menu="Simulate", icon_name="run",
            tip="Show the run that proves the answer, step by step",
        )  # fmt: skip
        self.export_action = add_action(
            self, "Export the answer…",
            lambda: exports.ask(self, self._document, "query", self.contents),
            menu="File", icon_name="export", tip="Save the answer and its run as a table",
        )  # fmt: skip

    def _make_question(self) -> None:
        self.template = QComboBox()
        self.template.setAccessibleName("Question in plain words")
        self.template.addItems([template.title for template in TEMPLATES])
        self.template.setMinimumContentsLength(20)
        self.template.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.first = ConditionField("First condition", self._parse)
        self.second = ConditionField("Second condition", self._parse)
        self.phenotypes = Linked()
        self.phenotypes.followed.connect(self._take_phenotype)
        self.formula = ConditionField("Temporal formula", self._parse)
        self.formula.setToolTip(
            "EF can be reached, AG always, AF sure to be reached, EG can hold for ever,\n"
            "EX and AX after one step, E[c U d] and A[c U d] until; with ! & | -> and brackets.\n"
            "The name of a phenotype in quotes stands for its condition"
        )
        self.run_button = run_button("Ask", self.run)

    def _make_answer(self) -> None:
        self.verdict = QLabel()
        self.verdict.setTextFormat(Qt.TextFormat.PlainText)
        self.verdict.setWordWrap(True)
        self.verdict.setObjectName("verdict")
        self.known = Words()
        self.run_words = Words()
        self.play_button = QPushButton("Play it in Run")
        self.play_button.setToolTip("Show the run step by step, and paint each state")
        self.play_button.clicked.connect(self.play)
        self.again_button = QPushButton("Ask again")
        self.again_button.setToolTip("Ask again, of the current network")
        self.again_button.clicked.connect(self._ask_again)
        self.empty = Empty("")
        self.asked = QTreeWidget()
        self.asked.setAccessibleName("Earlier questions")
        self.asked.setHeaderLabels(["Asked", "Scenario", "Answer", "State"])
        self.asked.setRootIsDecorated(False)
        self.asked.setUniformRowHeights(True)
        self.asked.setAlternatingRowColors(True)
        self.asked.setItemDelegate(TallRows(self.asked))
        self.asked.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.asked.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in ((1, 200), (2, 140), (3, 90)):
            header.resizeSection(column, width)

    def _make_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(8, 8, 8, 4)
        column.setSpacing(6)
        top = Qt.AlignmentFlag.AlignTop
        gaps = QHBoxLayout()
        gaps.addWidget(self.first, 1, top)
        gaps.addWidget(self.second, 1, top)
        line = QHBoxLayout()
        line.addWidget(self.formula, 1, top)
        line.addWidget(self.run_button, 0, top)
        form = QGridLayout()
        for row, text in ((0, "Question"), (1, "… is"), (3, "As a formula")):
            label = QLabel(text)
            label.setContentsMargins(0, 4, 4, 0)
            form.addWidget(label, row, 0, top)
        form.addWidget(self.template, 0, 1)
        form.addLayout(gaps, 1, 1)
        form.addWidget(self.phenotypes, 2, 1)
        form.addLayout(line, 3, 1)
        form.setColumnStretch(1, 1)
        column.addLayout(form)
        self.progress = ProgressRow("Progress of the search", self.stop)
        self.progress.show_progress(None, "")
        column.addWidget(self.progress)
        self._answer = QWidget()
        inside = QVBoxLayout(self._answer)
        inside.setContentsMargins(0, 6, 0, 0)
        buttons = QHBoxLayout()
        buttons.addWidget(self.play_button)
        buttons.addWidget(self.again_button)
        buttons.addStretch(1)
        for widget in (self.verdict, self.known, self.run_words):
            inside.addWidget(widget)
        inside.addLayout(buttons)
        inside.addStretch(1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._answer)
        self._stack.addWidget(self.empty)
        column.addWidget(self._stack, 1)
        return page

    def _follow(self) -> None:
        self.template.currentIndexChanged.connect(self._fill)
        for field in (self.first, self.second):
            field.changed.connect(self._fill)
            field.entered.connect(self.run)
        self.formula.changed.connect(self._show_state)
        self.formula.entered.connect(self.run)
        self.asked.currentItemChanged.connect(self._choose)
        self._document.changed.connect(self._project_changed)
        self._document.results_changed.connect(self._list)
        self._selection.scenario_changed.connect(self._show_state)
        self._selection.asked.connect(self._on_asked)
        style().changed.connect(self._paint)
        self._project_changed(None, self._document.project)
        self._fill()

    # --- following the document ---

    def _project_changed(self, before: Project | None, after: Project) -> None:
        if before is not None and (
            before.network is after.network and before.phenotypes is after.phenotypes
        ):
            return
        condition = example(after)
        for field in (self.first, self.second):
            field.set_hint(f"such as {condition}")
        self.formula.set_hint(f"such as EF ({condition})")
        links = [link(p.name, p.name) for p in _plain(after)[:_MOST_LINKED]]
        self.phenotypes.setText(f"Phenotypes: {', '.join(links)}" if links else "")
        names = list(after.network.names) + [f'"{p.name}"' for p in _plain(after)]
        for field in (self.first, self.second, self.formula):
            field.set_names(names)
            field.check()
        self._list()

    def _on_asked(self, panel: str, what: str) -> None:
        if panel == self.objectName() and what:
            self.show_number(what)

    def _parse(self, text: str) -> Formula:
        return parse_query(text, self._document.network, self._document.project.phenotypes)

    # --- the question ---

    def choose_template(self, template: Template) -> None:
        """Ask in these plain words."""
        self.template.setCurrentIndex(TEMPLATES.index(template))

    def _take_phenotype(self, name: str) -> None:
        """Insert a phenotype into the empty gap, or else into the first."""
        fills_second = self.first.text and self.second.isVisible() and not self.second.text
        field = self.second if fills_second else self.first
        field.set_text(f'"{name}"')
        field.editor.setFocus()

    def _fill(self) -> None:
        """Write the formula of the template."""
        template = TEMPLATES[self.template.currentIndex()]
        self.second.setVisible(template.gaps == 2)
        first, second = self.first.text, self.second.text
        if first and (second or template.gaps == 1):
            self.formula.set_text(template.fill(first, second))
        self._show_state()

    def run(self) -> Task | None:
        """Check the formula in the current scenario; the answer becomes a result."""
        if self._task is not None and not self._task.is_over:
            return None
        scenario = self._selection.scenario
        try:
            formula = self.formula.value()
            scenario.check(self._document.network)
        except RegnetError as error:
            self.formula.check()
            self._document.say(error)
            return None
        title = f"{formula}, {self._selection.scenario_title}"
        self._task = task = self._runner.submit(
            title, query, self._document.network, scenario, formula, keeps=True
        )
        task.finished.connect(partial(self._finished, title))
        task.progress.connect(self.progress.show_progress)
        task.ended.connect(self._show_state)
        self._show_state()
        return task

    def _finished(self, title: str, answer: Answer) -> None:
        self._shown = None  # show the new answer
        self._document.add_result(title, answer)

    def stop(self) -> None:
        """Stop the search; the question stays undecided."""
        if self._task is not None:
            self._task.stop()

    def _ask_again(self) -> None:
        if self._shown is not None:
            run_again(self._document, self._runner, [self._shown])

    # --- answers ---

    @property
    def answer(self) -> Answer | None:
        """The displayed answer."""
        return self._shown.value if self._shown is not None else None

    def answers(self) -> list[Result]:
        """Return all answers, the newest first."""
        return [r for r in reversed(self._document.results) if isinstance(r.value, Answer)]

    def show_number(self, number: str) -> None:
        """Show the answer with this number, if there is one."""
        for place, result in enumerate(self.answers()):
            item = self.asked.topLevelItem(place)
            if str(result.number) == number and item is not None:
                self.asked.setCurrentItem(item)

    def _list(self) -> None:
        answers = self.answers()
        known = {
            item.data(0, _NUMBER)
            for place in range(self.asked.topLevelItemCount())
            if (item := self.asked.topLevelItem(place)) is not None
        }
        keeps = self._shown in answers and answers[0].number in known
        self._shown = self._shown if keeps else next(iter(answers), None)
        self.asked.blockSignals(True)
        self.asked.clear()
        for result in answers:
            is_stale = self._document.is_stale(result)
            scenario = result.origin.title
            texts = [
                str(result.value.formula), scenario, _WORDS[result.value.holds],
                "stale" if is_stale else "up to date",
            ]  # fmt: skip
            item = QTreeWidgetItem(texts)
            item.setData(0, _NUMBER, result.number)
            for column, text in enumerate(texts):
                item.setToolTip(column, text)
            self.asked.addTopLevelItem(item)
            if result is self._shown:
                self.asked.setCurrentItem(item)
        self.asked.blockSignals(False)
        self._show_state()

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        number = item.data(0, _NUMBER) if item is not None else None
        self._shown = next((r for r in self.answers() if r.number == number), None)
        self._show_state()

    def _show_state(self) -> None:
        busy = self._task is not None and not self._task.is_over
        answer = self.answer
        self._whole.setCurrentIndex(1 if self._document.is_empty else 0)
        self.progress.setVisible(busy)
        self.run_button.setEnabled(bool(self.formula.text) and not busy)
        self.run_button.setToolTip(f"Ask this of {self._selection.scenario_title}")
        self.asked.setVisible(bool(self.asked.topLevelItemCount()))
        self.export_action.setEnabled(answer is not None)
        has_run = (
            answer is not None
            and bool(answer.path)
            and not self._is_stale()
            and answer.origin.scenario.update != "most-permissive"  # those have no single steps
        )
        self.play_action.setEnabled(has_run)
        self.play_button.setVisible(has_run)
        self._stack.setCurrentIndex(0 if answer is not None else 1)
        self.empty.setText(
            "Searching for the answer…"
            if busy
            else "Choose a question and fill its gap, or type a formula; then press Ask.\n"
            f"It is asked of {self._selection.scenario_title}, from its start."
        )
        if answer is not None:
            self._show_answer(answer)

    def _is_stale(self) -> bool:
        return self._shown is None or self._document.is_stale(self._shown)

    def _show_answer(self, answer: Answer) -> None:
        origin = answer.origin
        sign = _WORDS[answer.holds][0]
        scenario = origin.title
        self.verdict.setText(f"{sign} {answer.formula} {answer_word(answer)} in {scenario}")
        sure = "exact" if origin.guarantee == "exact" else origin.guarantee
        stale = "Stale: the model has changed since. " if self._is_stale() else ""
        told = " ".join(("", *caveats_of(self._document.project, answer)))
        words = f"{' '.join(answer_words(answer))} ({sure}, {_seconds(answer)})"
        self.known.setText(f"{stale}{words}{told}")
        self.again_button.setVisible(self._is_stale())
        path = ""
        if answer.path:
            kind = "It shows that it holds" if answer.holds else "It shows why it does not hold"
            moves = describe_witness(answer.path)
            path = f"{path_words(answer)} {kind}: {moves}."
            if len(answer.path) == 1:
                path = path_words(answer).replace("The start:", "The start itself decides it.")
        self.run_words.setText(path)
        self._paint()

    def _paint(self) -> None:
        answer = self.answer
        if answer is None:
            return
        colour = {True: "good", False: "error", None: "warning"}[answer.holds]
        self.verdict.setStyleSheet(
            f"#verdict {{ color: {theme()[colour].name()}; font-size: 15px; font-weight: 600; }}"
        )

    # --- its run ---

    def play(self) -> None:
        """Show the run of the answer in the panel Run, in the scenario of the question."""
        answer = self.answer
        if answer is None or not answer.path or self._is_stale():
            self._document.say("there is no run to play", "info")
            return
        asked = answer.origin.scenario
        if asked != self._selection.scenario:
            if asked.name and asked not in self._document.project.scenarios:
                self._document.say(f"{asked.name} has changed since this was asked", "warning")
                return
            self._selection.choose(asked.name)
        path = answer.path
        if answer.loop is not None and answer.loop < len(path) - 1:
            path = (*path, path[answer.loop])  # one cycle
        self._selection.follow(path)

    @property
    def contents(self) -> exports.Contents:
        """Return the exports of the answer."""
        answer = self.answer
        return {".csv": lambda: to_csv(answer_to_rows(answer) if answer else [])}


def _plain(project: Project) -> list[Phenotype]:
    """Return the phenotypes that are defined on single states."""
    return [p for p in project.phenotypes if not p.kind]


def _seconds(answer: Answer) -> str:
    return f"{answer.origin.seconds:.2f} s"
