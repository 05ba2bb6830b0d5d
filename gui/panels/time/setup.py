"""CourseSetup: the scenarios, readouts, rates, changes and method of a time course."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QWidget,
)

from gui.model import edits
from gui.model.document import Document
from gui.model.selection import WILD_TYPE, Selection
from gui.model.time_plan import conditions_of, rates_of, rates_title, schedule_of
from gui.widgets.checklist import CheckList
from gui.widgets.question import count_field, number_field, scrolling
from gui.widgets.rows import Rows
from regnet.analysis.simulate import METHODS, dynamics_of
from regnet.project import Project
from regnet.scenario import Scenario

_MANY_COMPONENTS = 200  # components; by default larger networks follow only compared readouts


class CourseSetup(QWidget):
    """The fields of the question; each ticked scenario gets a time course of its own."""

    changed = Signal()

    def __init__(self, document: Document, selection: Selection) -> None:
        super().__init__()
        self._document, self._selection = document, selection
        self._is_following = True  # the current scenario, until another one is ticked
        self.scenarios = CheckList("Scenarios")
        self.scenarios.setToolTip("Each gets a time course of its own; they are overlaid")
        self.readouts = CheckList("Components to follow")
        self.phenotypes = CheckList("Phenotypes to follow")
        self.first = QLineEdit()
        self.first.setAccessibleName("Conditions for first times")
        self.first.setPlaceholderText("such as Mass:2; Cachexia")
        self.first.setToolTip(
            "The first time at which each condition holds; separate conditions by semicolons"
        )
        self.schedule = Rows(
            "Scheduled changes", ("From", "To", "Do"), (52, 52, 0),
            "LIF_dose=2 is held from that time on, or until a second time;\n"
            "also: set Mass=0 (once), cut A->B, release X",
        )  # fmt: skip
        self.rates = Rows(
            "Rates", ("Components", "Up", "Down"), (0, 52, 52),
            "Transition rate of one component, of several, or of all others",
        )  # fmt: skip
        self.until = number_field("End", 20, 0.1, 100_000)
        self.settle = number_field("Equilibration time before 0", 0, 0, 100_000)
        self.settle.setToolTip("Equilibration before time 0")
        self.points = count_field("Time points", 100, 1, 5_000)
        self.runs = count_field("Random runs", 10_000, 1, 10_000_000)
        self.runs.setToolTip("Used where too many states are reachable for an exact solution")
        self.seed = count_field("Seed", 0, 0, 2_147_483_647)
        self.seed.setToolTip("The same seed gives the same answer")
        self.method = QComboBox()
        self.method.setAccessibleName("Method")
        for key, words in METHODS.items():
            self.method.addItem(key)
            place = self.method.count() - 1
            self.method.setItemData(place, words, Qt.ItemDataRole.ToolTipRole)
        column = scrolling(self)
        column.addWidget(self.scenarios)
        self._rates_title = QLabel()
        column.addWidget(QLabel("<b>Scheduled changes</b>"))
        column.addWidget(self.schedule)
        column.addWidget(self._rates_title)
        column.addWidget(self.rates)
        form = QFormLayout()
        form.setVerticalSpacing(4)
        for title, field in (
            ("End", self.until), ("Equilibration", self.settle), ("Time points", self.points),
            ("Method", self.method), ("Random runs", self.runs), ("Seed", self.seed),
        ):  # fmt: skip
            form.addRow(title, field)
        column.addLayout(form)
        column.addWidget(self.readouts)
        column.addWidget(self.phenotypes)
        column.addWidget(QLabel("<b>First time that</b>"))
        column.addWidget(self.first)
        column.addStretch(1)
        self.scenarios.changed.connect(self._stay)
        for check in (self.readouts, self.phenotypes):
            check.changed.connect(self.changed)
        selection.scenario_changed.connect(self._follow_scenario)
        document.changed.connect(self._follow)
        self.begin()

    def begin(self) -> None:
        """Fill in a default question for another model."""
        project, network = self._document.project, self._document.network
        self._is_following = True
        self.schedule.fill(())
        self.rates.fill(())
        self.first.clear()
        dynamics = dynamics_of(project)
        self._rates_title.setText(f"<b>{rates_title(project)}</b>")
        self.until.setValue(dynamics.until)
        self.runs.setValue(dynamics.runs)
        self.seed.setValue(dynamics.seed)
        compared = [name for c in project.comparisons for name in c.readouts]
        followed = (
            network.names if len(network) <= _MANY_COMPONENTS else compared or network.names[:20]
        )
        followed = dynamics.readouts or followed
        self._fill([self._selection.scenario_title], followed, [p.name for p in project.phenotypes])

    def _follow(self, before: Project, after: Project) -> None:
        if before.network is after.network and (
            before.scenarios is after.scenarios and before.phenotypes is after.phenotypes
        ):
            return
        if not set(before.network.names) & set(after.network.names):
            self.begin()
            return
        known = {*before.network.names, *(p.name for p in before.phenotypes)}
        new = [n for n in after.network.names if n not in known]
        phenotypes = [p.name for p in after.phenotypes if p.name not in known]
        all_were = len(self.readouts.ticked) == len(before.network)
        self._fill(
            self.scenarios.ticked,
            [*self.readouts.ticked, *(new if all_were else ())],
            [*self.phenotypes.ticked, *phenotypes],
        )

    def _fill(
        self, scenarios: Sequence[str], readouts: Sequence[str], phenotypes: Sequence[str]
    ) -> None:
        project, network = self._document.project, self._document.network
        titles = [WILD_TYPE, *(s.name for s in project.scenarios)]
        tips = ["Nothing is changed", *(edits.describe(s, network) for s in project.scenarios)]
        current = self._selection.scenario_title
        kept = [title for title in scenarios if title in titles] or [current]
        self.scenarios.fill(titles, kept, tips)
        self.readouts.fill(network.names, readouts)
        names = [p.name for p in project.phenotypes]
        self.phenotypes.fill(names, phenotypes)
        self.phenotypes.setVisible(bool(names))
        self.changed.emit()

    def _stay(self) -> None:
        self._is_following = False
        self.changed.emit()

    def _follow_scenario(self) -> None:
        title = self._selection.scenario_title
        if self._is_following and title in self.scenarios.names:
            self.scenarios.tick([title])
            self.changed.emit()

    def chosen(self) -> list[Scenario]:
        """Return the scenarios that are ticked."""
        named = {s.name: s for s in self._document.project.scenarios}
        return [named.get(title, Scenario()) for title in self.scenarios.ticked]

    def options(self, scenario: Scenario) -> dict[str, Any]:
        """Return the options of `simulate` for a scenario, including those from the model.

        Raises
        ------
        RegnetError
            If an entry does not fit the network.
        """
        project, network = self._document.project, self._document.network
        wanted = set(self.phenotypes.ticked)
        dynamics = dynamics_of(
            project,
            scenario,
            own=rates_of(self.rates.texts, network),
            until=self.until.value(),
            runs=self.runs.value(),
            seed=self.seed.value(),
        )
        return {
            **dynamics.options(),
            "until": self.until.value(),
            "points": self.points.value(),
            "settle": self.settle.value(),
            "schedule": schedule_of(self.schedule.texts, dynamics.scenario, network),
            "phenotypes": tuple(p for p in project.phenotypes if p.name in wanted),
            "first": conditions_of(self.first.text(), network),
            "readouts": self.readouts.ticked,
            "method": self.method.currentText(),
        }
