"""DosePulseSetup: at which level a dose is given, for how much time, and how fast things move."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from gui.model.time_plan import rates_of, rates_title, schedule_of
from gui.widgets.question import count_field, number_field
from gui.widgets.rows import Rows
from regnet.analysis.dose.pulses import AMOUNTS, BY, check_amounts, parse_amounts
from regnet.analysis.simulate import dynamics_of
from regnet.project import Project
from regnet.scenario import Scenario

_NAMED = {"duration": "How long it is given", "share": "Share of each cycle"}
_PROPOSED = {"duration": (0.0, 0.0), "share": (0.0, 8.0)}  # end, cycle


class DosePulseSetup(QWidget):
    """The part of a question about a dose that is about time."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.by = "duration"
        self._texts = dict(AMOUNTS)
        self._times = dict(_PROPOSED)
        self.level = count_field("Level of the dose", 1, 0, 1)
        self.level.setToolTip("The level at which it is given; otherwise the level of the scenario")
        self._amounts_title = QLabel()
        self.amounts = QLineEdit()
        self.every = number_field("Length of a cycle", 8, 0.01, 100_000)
        self.every.setToolTip("The dose is given at the start of each cycle")
        self.until = number_field("Read at", 0, 0, 100_000)
        self.until.setSpecialValueText("when it has settled")
        self.until.setToolTip(
            "When the outcome is read; of cycles, the average over the last one before it.\n"
            "At 0 it is read when, after the longest dose, nothing changes any more."
        )
        self.rates = Rows(
            "Rates", ("Components", "Up", "Down"), (0, 52, 52),
            "Transition rate of one component, of several, or of all others",
        )  # fmt: skip
        self.schedule = Rows(
            "What else is changed when", ("From", "To", "Do"), (52, 52, 0),
            "set Mass=0 (once), VEGF=0 (held), cut A->B, release X",
        )  # fmt: skip
        self.settle = number_field("Time to settle before 0", 0, 0, 100_000)
        self.settle.setToolTip("Equilibration before time 0")
        self.runs = count_field("Random runs", 10_000, 1, 10_000_000)
        self.runs.setToolTip("Used where too many states are reachable for an exact solution")
        self.seed = count_field("Seed", 0, 0, 2_147_483_647)
        self.seed.setToolTip("The same seed gives the same answer")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._amounts_title)
        column.addWidget(self.amounts)
        self._form = QFormLayout()
        self._form.setVerticalSpacing(4)
        for title, field in (
            ("At level", self.level), ("Cycle", self.every), ("Read at", self.until),
            ("Settle first", self.settle), ("Random runs", self.runs), ("Seed", self.seed),
        ):  # fmt: skip
            self._form.addRow(title, field)
        column.addLayout(self._form)
        self._rates_title = QLabel()
        column.addWidget(self._rates_title)
        column.addWidget(self.rates)
        column.addWidget(QLabel("<b>What else is changed when</b>"))
        column.addWidget(self.schedule)
        for changed in (
            self.amounts.textChanged, self.level.valueChanged, self.every.valueChanged,
            self.until.valueChanged, self.rates.changed, self.schedule.changed,
        ):  # fmt: skip
            changed.connect(self.changed)
        self._show()

    def begin(self, project: Project) -> None:
        """Propose amounts and times of another model."""
        self._texts, self._times = dict(AMOUNTS), dict(_PROPOSED)
        self._rates_title.setText(f"<b>{rates_title(project)}</b>")
        dynamics = dynamics_of(project)
        self.runs.setValue(dynamics.runs)
        self.seed.setValue(dynamics.seed)
        self.rates.fill(())
        self.schedule.fill(())
        self.settle.setValue(0)
        self._show()

    def set_by(self, by: str) -> None:
        """Ask for durations, or for shares of time; what was typed for the other is kept."""
        if by != self.by:
            self._texts[self.by] = self.amounts.text()
            self._times[self.by] = self.until.value(), self.every.value()
            self.by = by
            self._show()

    def _show(self) -> None:
        self._amounts_title.setText(f"<b>{_NAMED[self.by]}</b>")
        self.amounts.setAccessibleName(_NAMED[self.by])
        self.amounts.setToolTip(f"{BY[self.by][:1].upper()}{BY[self.by][1:]}; separated by commas")
        self.amounts.setPlaceholderText(f"such as {AMOUNTS[self.by]}")
        self.amounts.setText(self._texts[self.by])
        until, every = self._times[self.by]
        self.until.setValue(until)
        if every:
            self.every.setValue(every)
        self._form.setRowVisible(self.every, self.by == "share")

    def set_top(self, top: int) -> None:
        """Set the number of levels of the dose, and choose the highest."""
        self.level.setRange(0, top)
        self.level.setValue(top)

    def options(self, scenario: Scenario, project: Project) -> dict[str, Any]:
        """Return what `find_pulse_response` is asked, by name, with what comes from the model.

        Raises
        ------
        RegnetError
            If something that was typed does not fit the network.
        """
        amounts = parse_amounts(self.amounts.text(), self.by)
        every = self.every.value() if self.by == "share" else 0.0
        until = self.until.value() or None
        check_amounts(amounts, self.by, every, until or 5 * every or max(*amounts, 1.0))
        dynamics = dynamics_of(
            project,
            scenario,
            own=rates_of(self.rates.texts, project.network),
            until=self.until.value(),
            runs=self.runs.value(),
            seed=self.seed.value(),
        )
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
