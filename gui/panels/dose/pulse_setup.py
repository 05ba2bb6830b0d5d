"""DosePulseSetup: the level, duration or duty cycle of a dose, and the transition rates."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from gui.model.time_plan import conditions_of, rates_of, rates_title, schedule_of
from gui.widgets.question import count_field, number_field
from gui.widgets.rows import Rows
from regnet.analysis.dose.pulses import AMOUNTS, BY, check_amounts, parse_amounts
from regnet.analysis.simulate import Dynamics, dynamics_of
from regnet.project import Project
from regnet.scenario import Scenario

_NAMED = {"duration": "Duration of the dose", "share": "Share of each cycle"}
_PROPOSED = {"duration": (0.0, 0.0), "share": (0.0, 8.0)}  # end, cycle


class DosePulseSetup(QWidget):
    """The fields of a dose question that concern time."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.by = "level"
        self._texts = dict(AMOUNTS)
        self._times = dict(_PROPOSED)
        self.level = count_field("Level of the dose", 1, 0, 1)
        self.level.setToolTip(
            "The level while it is given; at other times the level of the scenario"
        )
        self._amounts_title = QLabel()
        self.amounts = QLineEdit()
        self.first = QLineEdit()
        self.first.setAccessibleName("Conditions for first times")
        self.first.setPlaceholderText("such as Mass:2; Cachexia")
        self.first.setToolTip(
            "The mean first time of each condition at each dose; separate conditions by semicolons"
        )
        self.at_time = number_field("Read at time", 0, 0, 100_000)
        self.at_time.setSpecialValueText("not")
        self.at_time.setToolTip(
            "Mean levels and probabilities of the readouts at this time, at each dose"
        )
        self.every = number_field("Length of a cycle", 8, 0.01, 100_000)
        self.every.setToolTip("The dose is given at the start of each cycle")
        self.until = number_field("Read at", 0, 0, 100_000)
        self.until.setSpecialValueText("at steady state")
        self.until.setToolTip(
            "When the outcome is read; of cycles, the average over the last one before it.\n"
            "At 0 it is read after the longest dose, when nothing changes any more."
        )
        self.rates = Rows(
            "Rates", ("Components", "Up", "Down"), (0, 52, 52),
            "Transition rate of one component, of several, or of all others",
        )  # fmt: skip
        self.schedule = Rows(
            "Scheduled changes", ("From", "To", "Do"), (52, 52, 0),
            "set Mass=0 (once), VEGF=0 (held), cut A->B, release X",
        )  # fmt: skip
        self.settle = number_field("Equilibration time before 0", 0, 0, 100_000)
        self.settle.setToolTip("Equilibration before time 0")
        self.runs = count_field("Random runs", 10_000, 1, 10_000_000)
        self.runs.setToolTip("Used where too many states are reachable for an exact solution")
        self.seed = count_field("Seed", 0, 0, 2_147_483_647)
        self.seed.setToolTip("The same seed gives the same answer")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._first_title = QLabel("<b>First times of</b>")
        for widget in (self._first_title, self.first, self._amounts_title, self.amounts):
            column.addWidget(widget)
        self._form = QFormLayout()
        self._form.setVerticalSpacing(4)
        for title, field in (
            ("At level", self.level), ("Cycle", self.every), ("Read at", self.until),
            ("Settle first", self.settle), ("Read at time", self.at_time),
            ("Random runs", self.runs), ("Seed", self.seed),
        ):  # fmt: skip
            self._form.addRow(title, field)
        column.addLayout(self._form)
        self._rates_title = QLabel()
        column.addWidget(self._rates_title)
        column.addWidget(self.rates)
        self._schedule_title = QLabel("<b>Scheduled changes</b>")
        column.addWidget(self._schedule_title)
        column.addWidget(self.schedule)
        for changed in (
            self.amounts.textChanged, self.level.valueChanged, self.every.valueChanged,
            self.until.valueChanged, self.rates.changed, self.schedule.changed,
            self.first.textChanged, self.at_time.valueChanged,
        ):  # fmt: skip
            changed.connect(self.changed)
        self.first.textChanged.connect(self._show_pace)
        self.at_time.valueChanged.connect(self._show_pace)
        self._show()

    def begin(self, project: Project) -> None:
        """Fill in default amounts and times for another model."""
        self._texts, self._times = dict(AMOUNTS), dict(_PROPOSED)
        self._rates_title.setText(f"<b>{rates_title(project)}</b>")
        dynamics = dynamics_of(project)
        self.runs.setValue(dynamics.runs)
        self.seed.setValue(dynamics.seed)
        self.rates.fill(())
        self.schedule.fill(())
        self.settle.setValue(0)
        self.first.clear()
        self.at_time.setValue(0)
        self._show()

    def set_by(self, by: str) -> None:
        """Switch between levels, durations and shares of time, keeping what was typed for each."""
        if by != self.by:
            if self.by in self._texts:
                self._texts[self.by] = self.amounts.text()
                self._times[self.by] = self.until.value(), self.every.value()
            self.by = by
            self._show()

    def _show(self) -> None:
        is_level = self.by not in _NAMED
        for widget in (self._first_title, self.first):
            widget.setVisible(is_level)
        self._form.setRowVisible(self.at_time, is_level)
        for other in (self._amounts_title, self.amounts, self._schedule_title, self.schedule):
            other.setVisible(not is_level)
        for field in (self.level, self.until, self.settle):
            self._form.setRowVisible(field, not is_level)
        self._form.setRowVisible(self.every, self.by == "share")
        self._show_pace()
        if is_level:
            return
        self._amounts_title.setText(f"<b>{_NAMED[self.by]}</b>")
        self.amounts.setAccessibleName(_NAMED[self.by])
        self.amounts.setToolTip(f"{BY[self.by][:1].upper()}{BY[self.by][1:]}; separated by commas")
        self.amounts.setPlaceholderText(f"such as {AMOUNTS[self.by]}")
        self.amounts.setText(self._texts[self.by])
        until, every = self._times[self.by]
        self.until.setValue(until)
        if every:
            self.every.setValue(every)

    def _show_pace(self) -> None:
        """Show rates and runs where something is asked of time."""
        asked = self.by in _NAMED or bool(self.first.text().strip() or self.at_time.value())
        self._rates_title.setVisible(asked)
        self.rates.setVisible(asked)
        for field in (self.runs, self.seed):
            self._form.setRowVisible(field, asked)

    def set_top(self, top: int) -> None:
        """Set the number of levels of the dose, and choose the highest."""
        self.level.setRange(0, top)
        self.level.setValue(top)

    def options(self, scenario: Scenario, project: Project) -> dict[str, Any]:
        """Return what an analysis is asked of time, including what comes from the model.

        Of levels, these are options of `find_dose_response`, and none where nothing is asked of
        time; else those of `find_pulse_response`.

        Raises
        ------
        RegnetError
            If an entry does not fit the network.
        """
        if self.by not in _NAMED:
            return self._options_of_levels(scenario, project)
        amounts = parse_amounts(self.amounts.text(), self.by)
        every = self.every.value() if self.by == "share" else 0.0
        until = self.until.value() or None
        check_amounts(amounts, self.by, every, until or 5 * every or max(*amounts, 1.0))
        dynamics = self._dynamics(scenario, project)
        return {
            **dynamics.options(),
            "level": self.level.value(),
            "amounts": amounts,
            "by": self.by,
            "every": every,
            "until": until,
            "schedule": schedule_of(self.schedule.texts, dynamics.scenario, project.network),
            "settle": self.settle.value(),
        }

    def _options_of_levels(self, scenario: Scenario, project: Project) -> dict[str, Any]:
        first = conditions_of(self.first.text(), project.network)
        at_time = self.at_time.value() or None
        if not first and at_time is None:
            return {}
        return {"first": first, "at_time": at_time, **self._dynamics(scenario, project).pace()}

    def _dynamics(self, scenario: Scenario, project: Project) -> Dynamics:
        return dynamics_of(
            project,
            scenario,
            own=rates_of(self.rates.texts, project.network),
            until=self.until.value(),
            runs=self.runs.value(),
            seed=self.seed.value(),
        )
