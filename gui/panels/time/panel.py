"""Time: time courses of one or several scenarios, exact or with confidence bands.

The cursor paints the network with the mean levels at its time. A stopped computation keeps the runs
made so far, and says so. This module is long because it connects setup, answer, drawing and tables
to the document.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui.model.document import Document, Result
from gui.model.runner import Runner, Task
from gui.model.selection import WILD_TYPE, Painting, Selection
from gui.model.time_plan import between
from gui.panels.time.chart import CourseChart, TimeContent
from gui.panels.time.setup import CourseSetup
from gui.results.answer_head import AnswerHead, scenario_title
from gui.widgets import exports
from gui.widgets.actions import add_action
from gui.widgets.controls import Empty, MenuButton
from gui.widgets.describe import fitting
from gui.widgets.question import (
    ProgressRow,
    answer_column,
    fill,
    run_button,
    setup_column,
    side_by_side,
    stacked,
)
from regnet.analysis.simulate import SHARES, Arrival, Courses, simulate
from regnet.analysis.simulate.estimate import Estimate
from regnet.errors import RegnetError
from regnet.figures.courses import LINES
from regnet.figures.theme import level_text
from regnet.logic import describe
from regnet.project import Project
from regnet.records import Rows, to_csv
from regnet.records.simulate import courses_to_rows
from regnet.space import Space

_LISTED = 12  # maximum number of final states listed


class CoursesPanel(QWidget):
    """The setup, the charts, first-passage times and final states."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection, self._runner = document, selection, runner
        self._tasks: list[Task] = []
        self._over: list[int] = []  # numbers of the overlaid answers
        self._fresh: list[int] = []  # numbers of the answers of the last run
        self._painting: Painting | None = None
        self.setup = CourseSetup(document, selection)
        self.head = AnswerHead(document, runner, Courses, summary)
        self.chart = CourseChart()
        self._make_actions()
        self.run_button = run_button("Run", self.run)
        splitter = side_by_side(setup_column(self.setup, self.run_button), self._make_right())
        self._whole = fill(self, splitter, "Open a model to simulate time courses.")
        self._follow()

    # --- construction ---

    def _make_actions(self) -> None:
        self.show_action = add_action(
            self, "&Time courses…", lambda: self._selection.ask("courses"), menu="Simulate",
            tip="Simulate time courses: probabilities, first times, final states",
        )  # fmt: skip
        self.export_action = add_action(
            self, "Export time courses…",
            lambda: exports.ask(self, self._document, "courses", self.contents),
            menu="Simulate", icon_name="export", tip="Save the charts or the numbers",
        )  # fmt: skip

    def _make_right(self) -> QWidget:
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Show only: Mass HGF")
        self.filter.setAccessibleName("Quantities to draw")
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self.chart.set_filter)
        self.stacked = QCheckBox("Stack phenotypes")
        self.stacked.setToolTip("Stack phenotypes that exclude each other")
        self.stacked.toggled.connect(self._stack)
        self.over = MenuButton()
        self.over.setText("Overlay")
        self.over.setAccessibleName("Answers to overlay on this one")
        self.over.setToolTip(f"Draw up to {len(LINES)} answers together")
        self.over_menu = QMenu(self.over)
        self.over.setMenu(self.over_menu)
        tools = QHBoxLayout()
        tools.addWidget(self.filter, 1)
        tools.addWidget(self.stacked)
        tools.addWidget(self.over)
        self.head.add_button(self.export_action)
        self.arrivals = _list(
            "First times",
            ["First time that", "In", "By the end", "Mean of these",
             *(f"{share:.0%} by" for share in SHARES), "Eventually"],
        )  # fmt: skip
        self.ends = _list("Where it ends", ["In", "Probability", "", "Where"])
        self.tables = QTabWidget()
        self.tables.setDocumentMode(True)
        self.tables.addTab(self.ends, "Where it ends")
        self.tables.addTab(self.arrivals, "First times")
        self.tables.tabBar().setAccessibleName("Tables")
        views = stacked(self.chart, self.tables, [480, 150])
        views.setStretchFactor(0, 1)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(tools)
        column.addWidget(views, 1)
        self._empty = Empty("")
        self._body = QStackedWidget()
        self._body.addWidget(page)
        self._body.addWidget(self._empty)
        self.progress = ProgressRow(
            "Progress of the time course", self.stop, "Stop here and keep the runs made so far"
        )
        return answer_column(self.head, self._body, self.progress)

    def _follow(self) -> None:
        self.head.shown.connect(self._show_other)
        self.chart.time_chosen.connect(self.paint_time)
        self.over_menu.aboutToShow.connect(self._fill_over)
        self.setup.changed.connect(self._show_state)
        self._document.changed.connect(self._project_changed)
        self._document.results_changed.connect(self._results_changed)
        self._document.reset.connect(self._over.clear)
        self._selection.painting_changed.connect(self._painted)
        self._selection.asked.connect(self._on_asked)
        self._show_answers()

    def _project_changed(self, before: Project, after: Project) -> None:
        if before.network is not after.network:
            self._show_state()

    def _on_asked(self, panel: str, what: str) -> None:
        if panel == self.objectName() and what:
            self._over.clear()
            self.head.show_number(what)

    # --- running ---

    def run(self) -> list[Task]:
        """Run the setup in each ticked scenario; the answers are overlaid."""
        network = self._document.network
        asked = []
        try:
            for scenario in self.setup.chosen():
                scenario.check(network)
                asked.append((scenario.name, self.setup.options(scenario)))
        except RegnetError as error:
            self._document.say(error)
            return []
        self._fresh.clear()
        self._tasks = []
        for name, options in asked:
            title = f"Time courses, {name or WILD_TYPE}"
            task = self._runner.submit(title, simulate, network, keeps=True, **options)
            task.finished.connect(partial(self._finished, title))
            task.progress.connect(self.progress.show_progress)
            task.ended.connect(self._show_state)
            self._tasks.append(task)
        self._show_state()
        return self._tasks

    def _finished(self, title: str, answer: Courses) -> None:
        self._over = list(self._fresh)
        self._fresh.append(self._document.add_result(title, answer).number)

    def stop(self) -> None:
        """Stop, and keep the runs made so far."""
        for task in self._tasks:
            task.stop()

    # --- display ---

    @property
    def answer(self) -> Courses | None:
        """The displayed time course."""
        result = self.head.result
        return result.value if result is not None else None

    def shown(self) -> list[Result]:
        """Return the drawn answers: the one of the head, and the overlaid ones."""
        first = self.head.result
        if first is None:
            return []
        known = {result.number: result for result in self.head.answers()}
        others = [known[n] for n in self._over if n in known and n != first.number]
        return [first, *others][: len(LINES)]

    def lay_over(self, number: int, *, wanted: bool = True) -> None:
        """Overlay another answer, or remove it."""
        self._over = [n for n in self._over if n != number]
        if wanted:
            self._over.append(number)
        self._show_answers()

    def _fill_over(self) -> None:
        self.over_menu.clear()
        shown = self.shown()
        for result in self.head.answers():
            if result is self.head.result:
                continue
            action = self.over_menu.addAction(f"{result.number}: {result.title}")
            action.setCheckable(True)
            action.setChecked(result in shown)
            action.setEnabled(result in shown or len(shown) < len(LINES))
            action.toggled.connect(
                lambda on, number=result.number: self.lay_over(number, wanted=on)
            )
        if self.over_menu.isEmpty():
            self.over_menu.addAction("There is no other answer yet").setEnabled(False)

    def _results_changed(self) -> None:
        numbers = {result.number for result in self.head.answers()}
        if not set(self._over) <= numbers:
            self._over = [n for n in self._over if n in numbers]
            self._show_answers()

    def _show_other(self) -> None:
        if self.head.result is not None and self.head.result.number in self._over:
            self._over.remove(self.head.result.number)
        self._show_answers()

    def _show_answers(self) -> None:
        shown = self.shown()
        self.chart.show_content(self._content(shown) if shown else None)
        self.arrivals.clear()
        self.ends.clear()
        for result in shown:
            self._fill_arrivals(result)
            self._fill_ends(result)
        self.tables.setTabVisible(1, self.arrivals.topLevelItemCount() > 0)
        for table in (self.arrivals, self.ends):
            for column in range(table.columnCount() - 1):
                table.resizeColumnToContents(column)
        self._show_state()

    def _stack(self, stacked: bool) -> None:
        self.chart.set_stacked(stacked)
        if self.chart.overlapping:
            names = ", ".join(self.chart.overlapping)
            self._document.say(f"drawn as lines, as they can hold with others: {names}", "info")

    def _content(self, shown: list[Result]) -> TimeContent:
        titles = [scenario_title(result) for result in shown]
        if len(set(titles)) < len(titles):  # the same scenario twice: tell them apart
            titles = [f"{title}, answer {r.number}" for title, r in zip(titles, shown, strict=True)]
        return TimeContent(
            tuple(result.value for result in shown),
            tuple(titles),
            f"{self._document.title}: time courses, {', '.join(titles)}",
        )

    def _show_state(self) -> None:
        busy = any(not task.is_over for task in self._tasks)
        self._whole.setCurrentIndex(1 if self._document.is_empty else 0)
        self.progress.setVisible(busy)
        has_answer = self.answer is not None
        self._body.setCurrentIndex(0 if has_answer else 1)
        self.export_action.setEnabled(has_answer)
        count = len(self.setup.scenarios.ticked)
        reads = bool(self.setup.readouts.ticked or self.setup.phenotypes.ticked)
        self.run_button.setEnabled(bool(count) and reads and not busy)
        where = self.setup.scenarios.ticked[0] if count == 1 else f"{count} scenarios"
        self.run_button.setText(f"Run {where}" if count else "Run")
        self._empty.setText(
            "Simulating the network…"
            if busy
            else "Tick a scenario."
            if not count
            else "Tick readouts: components, or phenotypes."
            if not reads
            else f"Press Run to see what happens in {where}."
        )

    def _fill_arrivals(self, result: Result) -> None:
        for arrival in result.value.arrivals:
            item = QTreeWidgetItem(_arrival(arrival, scenario_title(result)))
            late = (
                ""
                if arrival.mean_ever is None
                else f"\nMean over all runs in which it ever occurs: {arrival.mean_ever:.3f}"
            )
            item.setToolTip(0, f"Not by the end: {_told(arrival.censored)}{late}")
            self.arrivals.addTopLevelItem(item)

    def _fill_ends(self, result: Result) -> None:
        courses, title = result.value, scenario_title(result)
        spaces = [part.space for part in (*courses.outcomes, *courses.ends)]
        alike = _alike(spaces)
        for outcome in courses.outcomes[:_LISTED]:
            kind = "fixed point" if outcome.rests else "keeps changing"
            row = [title, f"{outcome.probability:.4f}", f"in the long run, {kind}"]
            self._add_end([*row, _differing(outcome.space, alike)], outcome.space)
        for end in courses.ends[:_LISTED]:
            at = f"at {courses.times[-1]:g}"
            row = [title, _told(end.probability), at, _differing(end.space, alike)]
            self._add_end(row, end.space)

    def _add_end(self, row: list[str], space: Space) -> None:
        item = QTreeWidgetItem(row)
        text = ", ".join(f"{name}={level_text(levels)}" for name, levels in space.items())
        item.setToolTip(3, text)
        item.setData(0, Qt.ItemDataRole.UserRole, space)
        self.ends.addTopLevelItem(item)

    # --- the cursor ---

    def paint_time(self, time: float) -> None:
        """Paint the mean levels at a time; values between two levels are hatched."""
        answer, result = self.answer, self.head.result
        point = self.chart.point
        if answer is None or result is None or point is None:
            return
        levels = {course.name: between(course.mean.values[point]) for course in answer.readouts}
        caption = f"mean levels at time {time:g}, {scenario_title(result)}"
        space = fitting(Space(levels), self._document.network)
        self._painting = Painting(space, caption)
        self._selection.paint(self._painting)

    def _painted(self) -> None:
        """Hide the cursor when another panel paints the network, or clears the colouring."""
        if self._painting is not None and self._selection.painting != self._painting:
            self._painting = None
            self.chart.leave()

    # --- export ---

    @property
    def contents(self) -> exports.Contents:
        """Return the exports: everything that is drawn."""
        return {
            **self.chart.contents(),
            ".csv": lambda: to_csv(self.rows()),
        }

    def rows(self) -> Rows:
        """Return the numbers as `courses_to_rows` does; of several answers, with their names."""
        shown = self.shown()
        if len(shown) == 1:
            return courses_to_rows(shown[0].value)
        titles = self.chart.content.titles if self.chart.content else ()
        rows: Rows = []
        for result, title in zip(shown, titles, strict=True):
            head, *own = courses_to_rows(result.value)
            rows = rows or [["scenario", *head]]
            rows += [[title, *row] for row in own]
        return rows


def summary(answer: Courses) -> str:
    """Return the method of a time course, in a few words."""
    how = f"{answer.trajectories:,} random runs, 95 % bands" if answer.trajectories else "solved"
    effect = f", design effect {answer.design_effect:.1f}" if answer.design_effect > 1 else ""
    others = f"; not followed: {', '.join(answer.undecided)}" if answer.undecided else ""
    rates = "; ".join(answer.basis) or f"rates: {answer.rates}"
    return f"0 to {answer.times[-1]:g}, {how}{effect}; {rates}{others}"


def _list(name: str, heads: list[str]) -> QTreeWidget:
    table = QTreeWidget()
    table.setAccessibleName(name)
    table.setHeaderLabels(heads)
    table.setRootIsDecorated(False)
    table.setAlternatingRowColors(True)
    table.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    return table


def _arrival(arrival: Arrival, title: str) -> list[str]:
    return [
        describe(arrival.condition),
        title,
        _told(arrival.arrived[-1]),
        "-" if arrival.mean is None else _told(arrival.mean),
        *("-" if at is None else f"{at:.3g}" for at, _, _ in arrival.quantiles),
        "" if arrival.ever is None else f"{arrival.ever:.4f}",
    ]


def _told(estimate: Estimate) -> str:
    value, low, high = estimate.value, estimate.low, estimate.high
    return f"{value:.4f}" if low == high else f"{value:.3f} ({low:.3f}–{high:.3f})"


def _alike(spaces: list[Space]) -> set[str]:
    """Return the components that are equal in all of several spaces."""
    if len(spaces) < 2:
        return set()
    return {n for n, levels in spaces[0].items() if all(s.get(n) == levels for s in spaces)}


def _differing(space: Space, alike: set[str]) -> str:
    """Return the levels in which a state differs from the others; those at 0 are counted."""
    kept = {name: levels for name, levels in space.items() if name not in alike}
    parts = [f"{name}={level_text(levels)}" for name, levels in kept.items() if levels != (0, 0)]
    zeros = len(kept) - len(parts)
    if zeros:
        parts.append(f"{zeros} at 0")
    return ", ".join(parts) or "as all others listed"
