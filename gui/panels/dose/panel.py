"""Dose: readouts against the level, the duration or the duty cycle of an input or component.

Choosing a dose paints the network with the attractors at that dose; choosing a path paints the
changes along it. The response under each knock-out is shown beside that of the scenario. This
module is long because it connects setup, answer, drawing and tables to the document.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import (
    QStackedWidget,
    QWidget,
)

from gui.model import edits
from gui.model.document import Document
from gui.model.runner import Runner, Task
from gui.model.selection import Painting, Selection
from gui.model.time_plan import between
from gui.panels.dose.causes import DoseCauses
from gui.panels.dose.chart import DoseChart, DoseContent
from gui.panels.dose.pulse_chart import DosePulseChart, PulseContent
from gui.panels.dose.setup import VARIED, DoseSetup
from gui.results.answer_head import AnswerHead
from gui.widgets import exports
from gui.widgets.actions import add_action
from gui.widgets.controls import Empty
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
from regnet.analysis.attractors import Attractors, find_attractors
from regnet.analysis.dose import DoseResponse, find_dose_response
from regnet.analysis.dose.dose_text import amount, pulse_verdict, time_verdict, verdict
from regnet.analysis.dose.pulses import PulseResponse, find_pulse_response
from regnet.errors import RegnetError
from regnet.project import Project
from regnet.records import to_csv
from regnet.records.dose import dose_response_to_rows
from regnet.records.pulses import pulse_response_to_rows
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space


class DosePanel(QWidget):
    """The setup, the chart and the causes of each change."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection, self._runner = document, selection, runner
        self._task: Task | None = None
        self._painting: Painting | None = None
        self.setup = DoseSetup(document, selection)
        self.head = AnswerHead(document, runner, (DoseResponse, PulseResponse), summary)
        self.chart, self.pulse_chart = DoseChart(), DosePulseChart()
        self._make_actions()
        self.run_button = run_button("Run", self.run)
        splitter = side_by_side(setup_column(self.setup, self.run_button), self._make_right())
        self._whole = fill(self, splitter, "Open a model to see how it responds to a dose.")
        self._follow()

    # --- construction ---

    def _make_actions(self) -> None:
        self.show_action = add_action(
            self, "&Dose response…", lambda: self._selection.ask("dose"), menu="Analyse",
            tip="See how readouts follow the level of an input or component",
        )  # fmt: skip
        self.open_action = add_action(
            self, "Open dose as scenario", self.open_chosen, menu="Perturb", icon_name="show",
            tip="Make a scenario of the chosen dose, and switch to it",
        )  # fmt: skip
        self.export_action = add_action(
            self, "Export dose response…",
            lambda: exports.ask(self, self._document, "dose", self.contents),
            menu="Analyse", icon_name="export", tip="Save the chart or the table",
        )  # fmt: skip
        self.head.add_button(self.open_action)
        self.head.add_button(self.export_action)

    def _make_right(self) -> QWidget:
        self.turns = DoseCauses()
        views = stacked(self.chart, self.turns, [420, 200])
        views.setStretchFactor(0, 1)
        self._empty = Empty("")
        self._body = QStackedWidget()
        for page in (views, self._empty, self.pulse_chart):
            self._body.addWidget(page)
        self.progress = ProgressRow(
            "Progress of the dose response",
            self.stop,
            "Stop here and keep the doses computed so far",
        )
        return answer_column(self.head, self._body, self.progress)

    def _follow(self) -> None:
        self.head.shown.connect(self._show_answer)
        self.chart.point_chosen.connect(self.paint_point)
        self.chart.opened.connect(self.open_point)
        self.pulse_chart.point_chosen.connect(self.paint_amount)
        self.turns.path_chosen.connect(self._show_path)
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
        """Run the setup in the current scenario; the answer becomes a result."""
        scenario = self._selection.scenario
        try:
            asked = self.setup.asked()
            scenario.check(self._document.network)
        except RegnetError as error:
            self._document.say(error)
            return None
        what = "Dose" if asked.varied == "level" else VARIED[asked.varied].capitalize()
        title = f"{what} of {asked.dose}, {self._selection.scenario_title}"
        self._task = task = self._runner.submit(
            title,
            find_dose_response if asked.varied == "level" else find_pulse_response,
            self._document.network,
            dose=asked.dose,
            keeps=True,
            **{"scenario": scenario, **asked.options},
        )
        task.finished.connect(partial(self._finished, title))
        task.progress.connect(self.progress.show_progress)
        task.ended.connect(self._show_state)
        self._show_state()
        return task

    def _finished(self, title: str, answer: DoseResponse | PulseResponse) -> None:
        self._document.add_result(title, answer)

    def stop(self) -> None:
        """Stop, and keep the doses computed so far."""
        if self._task is not None:
            self._task.stop()

    # --- display ---

    @property
    def answer(self) -> DoseResponse | PulseResponse | None:
        """The displayed response."""
        result = self.head.result
        return result.value if result is not None else None

    @property
    def response(self) -> DoseResponse | None:
        """The displayed response to levels, if any."""
        return self.answer if isinstance(self.answer, DoseResponse) else None

    @property
    def pulses(self) -> PulseResponse | None:
        """The displayed response to pulses, if any."""
        return self.answer if isinstance(self.answer, PulseResponse) else None

    def _show_answer(self) -> None:
        levels, pulses = self.response, self.pulses
        self.chart.show_content(self._content(levels) if levels is not None else None)
        self.turns.show_answer(levels, self.chart.never)
        title = pulses.origin.title if pulses is not None else ""
        self.pulse_chart.show_content(PulseContent(pulses, title) if pulses is not None else None)
        self._show_state()

    def _show_state(self) -> None:
        busy = self._task is not None and not self._task.is_over
        self._whole.setCurrentIndex(1 if self._document.is_empty else 0)
        self.progress.setVisible(busy)
        has_answer = self.answer is not None
        self._body.setCurrentIndex(2 if self.pulses is not None else 0 if has_answer else 1)
        self.export_action.setEnabled(has_answer)
        self.open_action.setEnabled(self.response is not None)
        dose = self.setup.dose.currentText()
        reads = bool(self.setup.readouts.ticked or self.setup.phenotypes.ticked)
        self.run_button.setEnabled(bool(dose) and reads and not busy)
        what = "doses" if self.setup.varied == "level" else "pulses"
        self.run_button.setText(f"Run the {what} of {dose}" if dose else "Run")
        self._empty.setText(
            "Computing each dose…"
            if busy
            else f"Press Run to see how {self._selection.scenario_title} responds to {dose}."
            if reads
            else "Tick readouts: components, or phenotypes."
        )

    def _content(self, answer: DoseResponse) -> DoseContent:
        network = self._document.network
        title = answer.origin.title
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
        return DoseContent(answer, (title, *done), tops, caption)

    def _show_path(self, members: tuple[str, ...], level: int) -> None:
        """Select the components of a path, and paint the changes at the dose where it acts."""
        answer = self.response
        if answer is None:
            return
        before, after = (answer.reference.points[level + i].space for i in (-1, 0))
        network = self._document.network
        self.chart.leave()
        caption = f"{answer.dose} {level - 1} → {level}, {answer.origin.title}"
        self._painting = Painting(fitting(after, network), caption, fitting(before, network))
        self._selection.paint(self._painting)
        self._selection.select(members)

    # --- a dose ---

    def paint_point(self, column: int, level: int) -> None:
        """Paint the network with the attractors at a dose."""
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

    def paint_amount(self, place: int) -> None:
        """Paint the mean levels of the readouts; between two levels it is hatched."""
        pulses, content = self.pulses, self.pulse_chart.content
        if pulses is None or content is None:
            return
        levels = {
            curve.readout: between(curve.values[place].value)
            for curve in pulses.curves
            if curve.top
        }
        how = "for" if pulses.by == "duration" else "for a share of"
        told = f"{how} {amount(pulses.amounts[place], pulses.by)}"
        caption = f"mean levels, {pulses.dose} = {pulses.level} {told}, {content.title}"
        self._painting = Painting(fitting(Space(levels), self._document.network), caption)
        self._selection.paint(self._painting)

    def _painted(self) -> None:
        """Clear the choice when another panel paints the network, or clears the colouring."""
        if self._painting is not None and self._selection.painting != self._painting:
            self._painting = None
            self.chart.leave()
            self.pulse_chart.leave()

    def open_chosen(self) -> None:
        """Make a scenario of the dose at the cursor."""
        at = self.chart.cursor_at
        if at is None:
            self._document.say("choose a dose in the chart first", "info")
        else:
            self.open_point(at[0], at[2])

    def open_point(self, column: int, level: int) -> Task | None:
        """Make a scenario of a dose, switch to it, and paint its attractors."""
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
        """Open a dose at which the network first equilibrates and is then changed."""
        answer = self.response
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
        begun = replace(scenario, name="", start=start)
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
            scenario = replace(scenario, name=name)
            try:
                scenario.check(self._document.network)
            except RegnetError as error:
                self._document.say(error)
                return
            self._document.change(f"Open {name} as scenario", project.with_scenario(scenario))
            self._selection.choose(name)
        self.paint_point(column, level)

    # --- export ---

    @property
    def contents(self) -> exports.Contents:
        """What can be exported."""
        levels, pulses = self.response, self.pulses
        chart = self.pulse_chart if pulses is not None else self.chart
        rows = dose_response_to_rows(levels) if levels is not None else []
        if pulses is not None:
            rows = pulse_response_to_rows(pulses)
        return {**chart.contents(), ".csv": lambda: to_csv(rows)}


def summary(answer: DoseResponse | PulseResponse) -> str:
    """Return the verdicts on the curves, in a few words."""
    if isinstance(answer, PulseResponse):
        changing = [
            f"{curve.readout} {pulse_verdict(curve, answer.by)}"
            for curve in answer.curves
            if curve.turns
        ]
    else:
        changing = [
            f"{curve.readout} {verdict(curve)}"
            for curve in answer.reference.curves
            if curve.shape != "none"
        ]
        changing += [
            f"{curve.question.label} {time_verdict(curve)}"
            for curve in answer.reference.times
            if curve.shape != "none"
        ]
    return "; ".join(changing) or "the dose changes none of the readouts"
