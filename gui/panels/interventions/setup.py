"""InterventionSetup: the target, and the allowed interventions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from gui.model.document import Document
from gui.model.selection import WILD_TYPE, Selection
from gui.widgets.checklist import CheckList
from gui.widgets.condition_field import ConditionField, example
from gui.widgets.controls import Words
from gui.widgets.question import scrolling
from gui.widgets.style import style, theme
from regnet.errors import NetworkError, RegnetError
from regnet.evidence import Phenotype
from regnet.logic import Expr, describe, variables
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.scenario import Scenario
from regnet.space import Space

OWN = "custom condition"
STARTS = ("From the scenario's start", "From anywhere")
_LARGEST = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about interventions: the target, the scenario, the options of the search."""

    target: Expr | Phenotype
    scenario: Scenario
    options: dict[str, Any]

    @property
    def title(self) -> str:
        """The title of the answer in lists."""
        name = self.target.name if isinstance(self.target, Phenotype) else describe(self.target)
        return f"Interventions for {name}, {self.scenario.name or WILD_TYPE}"


class InterventionSetup(QWidget):
    """The fields of the question; it is asked of the current scenario."""

    changed = Signal()

    def __init__(self, document: Document, selection: Selection) -> None:
        super().__init__()
        self._document, self._selection = document, selection
        self._proposed: tuple[str, ...] = ()  # default ticks
        self.wanted = QComboBox()
        self.wanted.setAccessibleName("What every attractor is to show")
        self.wanted.setMinimumContentsLength(12)
        self.wanted.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.meaning = Words()
        self.condition = ConditionField("Target condition", self._parse)
        self.where = QComboBox()
        self.where.setAccessibleName("Which attractors count")
        self.where.addItems(STARTS)
        self.where.setToolTip("Only attractors reachable from there count")
        self.given = Words()
        self.most = QSpinBox()
        self.most.setRange(1, _LARGEST)
        self.most.setValue(2)
        self.most.setAccessibleName("Maximum size of a set")
        self.allowed = CheckList("What may be held")
        self.allowed.setToolTip(
            "Components that are not ticked are left unchanged; by default, those that the "
            "scenario holds"
        )
        self.allowed.add_button("Selected", lambda: selection.components).setToolTip(
            "Tick the components that are selected in the network"
        )
        self.cuts = QCheckBox("Cut edges too")
        self.cuts.setToolTip("The rule of the target then sees the source at level 0")
        self.costs = QLineEdit()
        self.costs.setAccessibleName("Costs")
        self.costs.setToolTip(
            "Cost of holding a component or cutting an edge, such as STAT3=2, LIF->LIFR=5; 1 by "
            "default"
        )
        self.costs_wrong = Words()
        self.costs_wrong.hide()
        self._lay_out()
        self.wanted.currentIndexChanged.connect(self._show_wanted)
        self.condition.changed.connect(self._condition_changed)
        self.where.currentIndexChanged.connect(self.changed)
        self.most.valueChanged.connect(self.changed)
        self.allowed.changed.connect(self.changed)
        self.cuts.toggled.connect(self.changed)
        self.costs.textChanged.connect(self._check_costs)
        selection.scenario_changed.connect(self._show_where)
        document.changed.connect(self._follow)
        style().changed.connect(self._paint)
        self._paint()
        self.begin()

    def _lay_out(self) -> None:
        column = scrolling(self, 6)
        column.addWidget(QLabel("<b>Every attractor is to show</b>"))
        for widget in (self.wanted, self.meaning, self.condition, self.where, self.given):
            column.addWidget(widget)
        row = QHBoxLayout()
        row.addWidget(QLabel("<b>Maximum size of a set</b>"))
        row.addWidget(self.most)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.allowed)
        column.addWidget(self.cuts)
        column.addWidget(QLabel("<b>Costs</b>"))
        column.addWidget(self.costs)
        column.addWidget(self.costs_wrong)
        column.addStretch(1)

    # --- following the document ---

    def begin(self) -> None:
        """Fill in a default question for another model."""
        self.costs.clear()
        self.condition.set_text("")
        self._fill_wanted("")
        self._offer()
        self._fill_allowed(None)
        self._show_where()

    def _follow(self, before: Project, after: Project) -> None:
        old, new = before.network, after.network
        if old is new and before.phenotypes is after.phenotypes:
            return
        if not set(old.names) & set(new.names):
            self.begin()
            return
        self._fill_wanted(self.wanted.currentText())
        self._offer()
        self.condition.check()
        self._renew_allowed()
        self._check_costs()

    def _offer(self) -> None:
        """Offer the names of the network, also for completion."""
        project = self._document.project
        self.condition.set_names(project.network.names)
        self.condition.set_hint(f"such as {example(project)}")
        names = project.network.names
        self.costs.setPlaceholderText(f"such as {names[-1]}=2" if names else "")

    def _fill_wanted(self, chosen: str) -> None:
        phenotypes = self._document.project.phenotypes
        self.wanted.blockSignals(True)
        self.wanted.clear()
        for number, phenotype in enumerate(phenotypes):
            self.wanted.addItem(phenotype.name)
            self.wanted.setItemData(number, phenotype.note, Qt.ItemDataRole.ToolTipRole)
        self.wanted.addItem(OWN)
        self.wanted.setCurrentIndex(max(self.wanted.findText(chosen), 0))
        self.wanted.blockSignals(False)
        self._show_wanted()

    def _fill_allowed(self, ticked: tuple[str, ...] | None) -> None:
        """Offer all components outside the target, and tick those not held by the scenario."""
        named, held = self._named(), self._selection.scenario.perturbation.clamps
        names = tuple(name for name in self._document.network.names if name not in named)
        self._proposed = tuple(name for name in names if name not in held)
        self.allowed.fill(names, self._proposed if ticked is None else ticked)

    def _named(self) -> set[str]:
        try:
            target = self._target()
        except RegnetError:
            return set()
        condition = target.condition if isinstance(target, Phenotype) else target
        return {variable.name for variable in variables(condition)}

    def _condition_changed(self) -> None:
        self._renew_allowed()
        self.changed.emit()

    def _renew_allowed(self) -> None:
        ticked = self.allowed.ticked
        self._fill_allowed(None if ticked == self._proposed else ticked)

    # --- display ---

    def _show_wanted(self) -> None:
        own = self.wanted.currentText() == OWN
        self.condition.setVisible(own)
        self.meaning.setVisible(not own)
        phenotype = self._phenotype()
        if phenotype is not None:
            kind = f", as a {phenotype.kind} attractor" if phenotype.kind else ""
            kind = kind.replace("fixed point attractor", "fixed point")
            self.meaning.setText(f"{describe(phenotype.condition)}{kind}")
        self._renew_allowed()
        self.changed.emit()

    def _show_where(self) -> None:
        title = self._selection.scenario_title
        has_start = bool(self._selection.scenario.start)
        self.where.setEnabled(has_start)
        self.where.setCurrentIndex(0 if has_start else 1)
        self.given.setText(f"in {title}" + ("" if has_start else ", which starts anywhere"))
        self._renew_allowed()
        self.changed.emit()

    def _paint(self) -> None:
        self.costs_wrong.setStyleSheet(f"color: {theme()['error'].name()};")
        for words in (self.meaning, self.given):
            words.setStyleSheet(f"color: {theme()['muted'].name()};")

    def _check_costs(self) -> None:
        text = ""
        try:
            parse_costs(self.costs.text(), self._document.network)
        except RegnetError as error:
            text = str(error)
        self.costs_wrong.setText(text[:1].upper() + text[1:])
        self.costs_wrong.setVisible(bool(text))
        self.changed.emit()

    # --- the question ---

    def _parse(self, text: str) -> Expr:
        return self._document.network.parse(text)

    def _phenotype(self) -> Phenotype | None:
        name = self.wanted.currentText()
        return next((p for p in self._document.project.phenotypes if p.name == name), None)

    def _target(self) -> Expr | Phenotype:
        phenotype = self._phenotype()
        return phenotype if phenotype is not None else self.condition.value()

    @property
    def is_ready(self) -> bool:
        """Whether the question is complete and valid."""
        if self._phenotype() is None and not self.condition.text:
            return False
        try:
            self.asked()
        except RegnetError:
            return False
        return bool(self.allowed.ticked)

    def asked(self) -> Asked:
        """Return the question.

        Raises
        ------
        RegnetError
            If an entry does not fit the network.
        """
        project, scenario = self._document.project, self._selection.scenario
        if self.where.currentText() == STARTS[1] and scenario.start:
            name = f"{scenario.name or WILD_TYPE}, from anywhere"
            scenario = replace(scenario, name=name, start=Space())
        ticked = self.allowed.ticked
        options = {
            "max_size": self.most.value(),
            "allow": () if ticked == self._proposed else ticked,
            "cuts": self.cuts.isChecked(),
            "costs": parse_costs(self.costs.text(), project.network),
            "phenotypes": project.phenotypes,
        }
        return Asked(self._target(), scenario, options)


def parse_costs(text: str, network: LogicalNetwork) -> dict[str, float]:
    """Parse costs such as ``STAT3=2, LIF->LIFR=5``.

    Raises
    ------
    RegnetError
        If a part is not a name or edge with a cost, or the network does not have it.
    """
    costs = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        named, _, number = part.rpartition("=")
        try:
            cost = float(number)
        except ValueError:
            cost = -1.0
        if not named or not 0 <= cost < float("inf"):
            raise NetworkError(f"{part!r} is not a cost such as STAT3=2")
        names = [name.strip() for name in named.replace("→", "->").split("->")]
        for name in names:
            network[name]
        costs["->".join(names)] = cost
    return costs
