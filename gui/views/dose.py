"""Dose: how readouts follow the level of an input or component, where they turn, and by which way.

A dose that is chosen paints the network with what it ends up with; a path that is chosen paints
what changes along it. Under each knock-out the same response stands beside that of the scenario.

This module is long because it ties a setup, an answer, its drawing and its tables to the document.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHeaderView,
    QSplitter,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui import edits, exports
from gui.actions import add_action
from gui.answer_head import AnswerHead
from gui.attractor_table import fitting
from gui.controls import Empty
from gui.document import Document
from gui.dose_chart import Content, DoseChart
from gui.dose_setup import DoseSetup
from gui.jobs import Runner, Task
from gui.question import ProgressRow, fill, run_button, setup_column, side_by_side
from gui.selection import WILD_TYPE, Painting, Selection
from regnet.analysis.attractors import Attractors, find_attractors
from regnet.analysis.dose import DoseResponse, find_dose_response
from regnet.analysis.dose.routes import SignedPath
from regnet.analysis.dose.words import feed_forward_words, verdict
from regnet.errors import RegnetError
from regnet.figures import level_text
from regnet.project import Project
from regnet.records import dose_response_to_rows, to_csv
from regnet.scenario import Perturbation, Scenario
from regnet.space import Range, Space

_PATH = Qt.ItemDataRole.UserRole  # members of a path, and the level at which it acts
_STEPS_SHOWN = 12  # components that are named as changing at one dose; the tip names all


class DosePanel(QWidget):
    """The setup, the chart and what turns the curves."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection, self._runner = document, selection, runner
        self._task: Task | None = None
        self._painting: Painting | None = None
        self.setup = DoseSetup(document, selection)
        self.head = AnswerHead(document, runner, DoseResponse, summary)
        self.chart = DoseChart()
        self._make_actions()
        self.run_button = run_button("Run", self.run)
        splitter = side_by_side(setup_column(self.setup, self.run_button), self._make_right())
        self._whole = fill(self, splitter, "Open a model to see how it follows a dose.")
        self._follow()

    # --- putting it together ---

    def _make_actions(self) -> None:
        self.show_action = add_action(
            self, "&Dose response…", lambda: self._selection.ask("dose"), menu="Analyse",
            tip="See how readouts follow the level of an input or component",
        )  # fmt: skip
        self.open_action = add_action(
            self, "Open dose as scenario", self.open_chosen, menu="Perturb", icon_name="show",
            tip="Make a scenario of the chosen dose, and work on in it",
        )  # fmt: skip
        self.export_action = add_action(
            self, "Export dose response…",
            lambda: exports.ask(self, self._document, "dose", self.contents),
            menu="Analyse", icon_name="export", tip="Save the chart or the table",
        )  # fmt: skip
        self.head.add_button(self.open_action)
        self.head.add_button(self.export_action)

    def _make_right(self) -> QWidget:
        self.turns = QTreeWidget()
        self.turns.setAccessibleName("What turns the curves")
        self.turns.setHeaderLabels(["What turns the curves"])
        self.turns.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.turns.setAlternatingRowColors(True)
        views = QSplitter(Qt.Orientation.Vertical)
        views.addWidget(self.chart)
        views.addWidget(self.turns)
        views.setSizes([420, 200])
        views.setStretchFactor(0, 1)
        views.setChildrenCollapsible(False)
        self._empty = Empty("")
        self._body = QStackedWidget()
        self._body.addWidget(views)
        self._body.addWidget(self._empty)
        self.progress = ProgressRow(
            "How far the response is", self.stop, "Stop here and keep the doses that are done"
        )
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(6, 8, 8, 8)
        column.addWidget(self.head)
        column.addWidget(self._body, 1)
        column.addWidget(self.progress)
        return right

    def _follow(self) -> None:
        self.head.shown.connect(self._show_answer)
        self.chart.point_chosen.connect(self.paint_point)
        self.chart.opened.connect(self.open_point)
        self.turns.currentItemChanged.connect(self._show_path)
        self.turns.itemClicked.connect(self._show_path)
        self.setup.changed.connect(self._show_state)
        self._document.changed.connect(self._project_changed)
        self._selection.scenario_changed.connect(self._show_state)
        self._selection.painting_changed.connect(self._painted)
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
        """Ask what is set up, in the current scenario; the answer becomes a result."""
        scenario = self._selection.scenario
        try:
            asked = self.setup.asked()
            scenario.check(self._document.network)
        except RegnetError as error:
            self._document.say(error)
            return None
        title = f"Dose of {asked.dose}, {self._selection.scenario_title}"
        self._task = task = self._runner.submit(
            title,
            find_dose_response,
            self._document.network,
            scenario,
            asked.dose,
            keeps=True,
            **asked.options,
        )
        task.finished.connect(partial(self._finished, title))
        task.progress.connect(self.progress.show_progress)
        task.ended.connect(self._show_state)
        self._show_state()
        return task

    def _finished(self, title: str, answer: DoseResponse) -> None:
        self._document.add_result(title, answer)

    def stop(self) -> None:
        """Stop, and keep the doses that are done."""
        if self._task is not None:
            self._task.stop()

    # --- what is shown ---

    @property
    def answer(self) -> DoseResponse | None:
        """The response that is shown."""
        result = self.head.result
        return result.value if result is not None else None

    def _show_answer(self) -> None:
        answer = self.answer
        self.chart.show_content(self._content(answer) if answer is not None else None)
        self.turns.clear()
        if answer is not None:
            self._fill_turns(answer)
        self._show_state()

    def _show_state(self) -> None:
        busy = self._task is not None and not self._task.is_over
        self._whole.setCurrentIndex(1 if self._document.is_empty else 0)
        self.progress.setVisible(busy)
        has_answer = self.answer is not None
        self._body.setCurrentIndex(0 if has_answer else 1)
        self.export_action.setEnabled(has_answer)
        self.open_action.setEnabled(has_answer)
        dose = self.setup.dose.currentText()
        reads = bool(self.setup.readouts.ticked or self.setup.phenotypes.ticked)
        self.run_button.setEnabled(bool(dose) and reads and not busy)
        self.run_button.setText(f"Run the doses of {dose}" if dose else "Run")
        self._empty.setText(
            "Looking at each dose…"
            if busy
            else f"Press Run to see how {self._selection.scenario_title} follows {dose}."
            if reads
            else "Tick what to read: components, or phenotypes."
        )

    def _content(self, answer: DoseResponse) -> Content:
        network = self._document.network
        title = answer.origin.scenario.name or WILD_TYPE
        done = [
            edits.describe(Scenario(perturbation=panel.perturbation), network)
            if set(panel.perturbation.clamps) <= set(network.names)
            else panel.perturbation.label
            for panel in answer.knock_outs
        ]
        named = set(answer.origin.components)
        tops = {
            curve.readout: max(
                [1 if curve.readout not in network else network[curve.readout].top]
                + [r[1] for r in curve.ranges if r is not None]
            )
            for curve in answer.reference.curves
            if curve.readout in named
        }
        then = f", then {answer.then}" if answer.then else ""
        caption = f"{self._document.title}: dose of {answer.dose} in {title}{then}"
        return Content(answer, (title, *done), tops, caption)

    # --- what turns the curves ---

    def _fill_turns(self, answer: DoseResponse) -> None:
        for sentence in feed_forward_words(answer):
            self._item(None, sentence)
        levels = len(answer.reference.curves[0].ranges)
        whole = len(answer.reference.points) == levels
        for level in range(1, levels if whole else 0):
            open_ = [p.missing for p in answer.reference.points[level - 1 : level + 1] if p.missing]
            if open_:
                self._item(None, f"{answer.dose} {level - 1} → {level}: not known, {open_[0]}")
                continue
            flips = answer.flips(level)
            count = "nothing changes" if not flips else f"{len(flips)} components change"
            if len(flips) == 1:
                count = "1 component changes"
            step = self._item(None, f"{answer.dose} {level - 1} → {level}: {count}")
            for bound in answer.bounds:
                if bound.level != level:
                    continue
                moves = "rises" if bound.moves > 0 else "falls"
                for path in bound.paths:
                    item = self._item(step, f"{bound.readout} {moves}: {path}")
                    item.setData(0, _PATH, (path.members, level))
                    item.setToolTip(0, _path_tip(path))
                if not bound.paths:
                    self._item(step, f"{bound.readout} {moves}: no path of that sign acts here")
            if flips:
                words = [_flip(name, *both) for name, both in flips.items()]
                more = len(words) - _STEPS_SHOWN
                rest = f" and {more} more" if more > 0 else ""
                item = self._item(step, f"changes: {', '.join(words[:_STEPS_SHOWN])}{rest}")
                item.setData(0, _PATH, (tuple(flips), level))
                item.setToolTip(0, "\n".join(words))
            step.setExpanded(True)
        never = self.chart.never
        if never:
            self._item(None, f"No attractor at any dose is: {', '.join(never)}")

    def _item(self, above: QTreeWidgetItem | None, text: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([text])
        item.setToolTip(0, text)
        if above is None:
            self.turns.addTopLevelItem(item)
        else:
            above.addChild(item)
        return item

    def _show_path(self, item: QTreeWidgetItem | None) -> None:
        """Select the components of a path, and paint what changes where it acts."""
        answer, data = self.answer, item.data(0, _PATH) if item is not None else None
        if answer is None or data is None:
            return
        members, level = data
        before, after = (answer.reference.points[level + i].space for i in (-1, 0))
        network = self._document.network
        self.chart.leave()
        caption = f"{answer.dose} {level - 1} → {level}, {answer.origin.scenario.name or WILD_TYPE}"
        self._painting = Painting(fitting(after, network), caption, fitting(before, network))
        self._selection.paint(self._painting)
        self._selection.select(members)

    # --- a dose ---

    def paint_point(self, column: int, level: int) -> None:
        """Paint the network with what it ends up with at a dose."""
        content = self.chart.content
        if content is None:
            return
        point = next((p for p in content.panels[column].points if p.level == level), None)
        if point is None or not point.space:
            return
        caption = f"{content.answer.dose} = {level}, {content.titles[column]}"
        if point.attractors > 1:
            caption += f", all {point.attractors:,} attractors"
        self._painting = Painting(fitting(point.space, self._document.network), caption)
        self._selection.paint(self._painting)

    def _painted(self) -> None:
        """Choose nothing when somebody else paints the network, or takes the paint off."""
        if self._painting is not None and self._selection.painting != self._painting:
            self._painting = None
            self.chart.leave()

    def open_chosen(self) -> None:
        """Make a scenario of the dose at which the person is."""
        at = self.chart.cursor_at
        if at is None:
            self._document.say("choose a dose in the chart first", "info")
        else:
            self.open_point(at[0], at[2])

    def open_point(self, column: int, level: int) -> Task | None:
        """Make a scenario of a dose, work on in it, and paint what it ends up with."""
        content = self.chart.content
        if content is None:
            return None
        answer = content.answer
        base = answer.origin.scenario
        done = content.panels[column].perturbation
        scenario = base.perturbed(done).perturbed(Perturbation(Space({answer.dose: level})))
        parts = [base.name, content.titles[column] if column else "", f"{answer.dose} = {level}"]
        name = " + ".join(part for part in parts if part)
        if not answer.then:
            self._open(column, level, name, scenario)
            return None
        task = self._runner.submit(
            f"Settle, {name}", find_attractors, self._document.network, scenario, quiet=True
        )
        task.finished.connect(partial(self._open_settled, column, level, name, scenario))
        task.failed.connect(lambda sentence, _details: self._document.say(sentence))
        return task

    def _open_settled(
        self, column: int, level: int, name: str, scenario: Scenario, found: Attractors
    ) -> None:
        """Open a dose whose network first settles and then has something done to it."""
        answer = self.answer
        if answer is None:
            return
        if len(found.attractors) != 1 or found.attractors[0].kind != "fixed point":
            self._document.say(
                f"at this dose it settles in {found.count:,} attractors before {answer.then}: "
                "a scenario starts from one",
                "info",
            )
            return
        start = found.attractors[0].space.with_(answer.then)
        begun = Scenario("", scenario.perturbation, start, scenario.update)
        self._open(column, level, f"{name}, {answer.then}", begun)

    def _open(self, column: int, level: int, wanted: str, scenario: Scenario) -> None:
        project = self._document.project
        alike = [
            s
            for s in project.scenarios
            if (s.perturbation, s.start, s.update)
            == (scenario.perturbation, scenario.start, scenario.update)
        ]
        if alike:
            self._selection.choose(alike[0].name)
        else:
            name = edits.free_name(wanted, project)
            scenario = Scenario(name, scenario.perturbation, scenario.start, scenario.update)
            try:
                scenario.check(self._document.network)
            except RegnetError as error:
                self._document.say(error)
                return
            self._document.change(f"Open {name} as scenario", project.with_scenario(scenario))
            self._selection.choose(name)
        self.paint_point(column, level)

    # --- taking it away ---

    @property
    def contents(self) -> exports.Contents:
        """What can be exported."""
        answer = self.answer
        return {
            ".svg": self.chart.to_svg,
            ".png": self.chart.to_png,
            ".csv": lambda: to_csv(dose_response_to_rows(answer) if answer else []),
        }


def summary(answer: DoseResponse) -> str:
    """Return the verdicts on what the dose changes, in a few words."""
    changing = [
        f"{curve.readout} {verdict(curve)}"
        for curve in answer.reference.curves
        if curve.shape != "none"
    ]
    return "; ".join(changing) or "the dose changes nothing that is read"


def _flip(name: str, before: Range, after: Range) -> str:
    return f"{name} {level_text(before)} → {level_text(after)}"


def _path_tip(path: SignedPath) -> str:
    text = str(path)
    if path.passing:
        text += f"\n{', '.join(path.passing)} end up the same: they act only on the way"
    return text
