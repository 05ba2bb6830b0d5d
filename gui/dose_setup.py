"""DoseSetup: what a dose response asks - the dose, what is read, and without what as well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gui.checklist import CheckList
from gui.document import Document
from gui.selection import Selection
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.scenario import Perturbation, parse_levels
from regnet.space import Space

_TIMEOUT = 60  # seconds that one dose may take, unless the person says otherwise
_LARGE = 1000  # components; of larger networks nothing is read unless the person ticks it


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a dose: the component, and the options of `find_dose_response`."""

    dose: str
    options: dict[str, Any]


class DoseSetup(QWidget):
    """What to ask; the scenario is the one that is current."""

    changed = Signal()

    def __init__(self, document: Document, selection: Selection) -> None:
        super().__init__()
        self._document, self._selection = document, selection
        self.dose = QComboBox()
        self.dose.setAccessibleName("Dose")
        self.dose.setToolTip("An input, which is set, or a component, which is held, at each level")
        self.dose.setMinimumContentsLength(12)
        self.dose.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.where = QLabel()
        self.where.setTextFormat(Qt.TextFormat.PlainText)
        self.where.setWordWrap(True)
        self.then = QLineEdit()
        self.then.setAccessibleName("Once it has settled, set")
        self.then.setPlaceholderText("such as Mass=0")
        self.then.setToolTip(
            "Let the network settle under the dose, then set these levels at once and go on"
        )
        self.readouts = CheckList("Components to read")
        self.phenotypes = CheckList("Phenotypes to read")
        self.without = CheckList("Show it without, each alone")
        self.without.add_button("Selected", lambda: selection.components).setToolTip(
            "Tick the components that are selected in the network"
        )
        self.together = QLineEdit()
        self.together.setAccessibleName("Show it without several together")
        self.together.setPlaceholderText("such as A, B; C, D")
        self.together.setToolTip("Names apart by commas, sets apart by semicolons")
        self.timeout = QSpinBox()
        self.timeout.setRange(0, 36_000)
        self.timeout.setValue(_TIMEOUT)
        self.timeout.setSuffix(" s")
        self.timeout.setSpecialValueText("no limit")
        self.timeout.setAccessibleName("Longest time of one dose")
        self.timeout.setToolTip("A dose that takes longer ends with what was found, and says so")
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        for title, field in (
            ("<b>Dose</b>", self.dose), ("", self.where),
            ("<b>Once it has settled, set</b>", self.then),
        ):  # fmt: skip
            if title:
                column.addWidget(QLabel(title))
            column.addWidget(field)
        for part in (self.readouts, self.phenotypes, self.without):
            column.addWidget(part)
        column.addWidget(QLabel("<b>and without several together</b>"))
        column.addWidget(self.together)
        limit = QHBoxLayout()
        limit.addWidget(QLabel("Longest time of one dose"))
        limit.addWidget(self.timeout)
        limit.addStretch(1)
        column.addLayout(limit)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        self.dose.currentIndexChanged.connect(self._dose_changed)
        for field in (self.then, self.together):
            field.textChanged.connect(self.changed)
        for part in (self.readouts, self.phenotypes, self.without):
            part.changed.connect(self.changed)
        selection.scenario_changed.connect(self._show_where)
        document.changed.connect(self._follow)
        self.begin()

    def begin(self) -> None:
        """Propose a question about another model."""
        project, network = self._document.project, self._document.network
        self._fill_doses(_first_dose(network))
        self.then.clear()
        self.together.clear()
        self.readouts.fill(network.names, _read_by_default(project))
        names = [p.name for p in project.phenotypes]
        self.phenotypes.fill(names, names, [p.note for p in project.phenotypes])
        self.phenotypes.setVisible(bool(names))
        self._fill_without(())
        self._show_where()

    def _follow(self, before: Project, after: Project) -> None:
        old, new = before.network, after.network
        if old is new and before.phenotypes is after.phenotypes:
            return
        if not set(old.names) & set(new.names):
            self.begin()
            return
        self._fill_doses(self.dose.currentText())
        self.readouts.fill(new.names, self.readouts.ticked)
        known = {p.name for p in before.phenotypes}
        names = [p.name for p in after.phenotypes]
        ticked = [*self.phenotypes.ticked, *(n for n in names if n not in known)]
        self.phenotypes.fill(names, ticked, [p.note for p in after.phenotypes])
        self.phenotypes.setVisible(bool(names))
        self._fill_without(self.without.ticked)

    def _fill_doses(self, wanted: str) -> None:
        network = self._document.network
        names = [*network.inputs, *(n for n in network.names if not network[n].is_input)]
        self.dose.blockSignals(True)
        self.dose.clear()
        self.dose.addItems(names)
        for place, name in enumerate(names):
            kind = "input" if network[name].is_input else "component"
            tip = f"{kind}, levels 0 to {network[name].top}"
            self.dose.setItemData(place, tip, Qt.ItemDataRole.ToolTipRole)
        self.dose.setCurrentIndex(max(self.dose.findText(wanted), 0) if names else -1)
        self.dose.blockSignals(False)

    def _fill_without(self, ticked: tuple[str, ...]) -> None:
        network = self._document.network
        names = [
            n for n in network.names if not network[n].is_input and n != self.dose.currentText()
        ]
        self.without.fill(names, ticked)

    def _dose_changed(self) -> None:
        self._fill_without(self.without.ticked)
        self._show_where()
        self.changed.emit()

    def _show_where(self) -> None:
        dose, title = self.dose.currentText(), self._selection.scenario_title
        self.where.setText(f"at each of its levels, in {title}")
        self.where.setToolTip(f"What {title} does to {dose} is replaced" if dose else "")

    def asked(self) -> Asked:
        """Return the question.

        Raises
        ------
        RegnetError
            If something that was typed does not fit the network.
        """
        project, network = self._document.project, self._document.network
        sets = [[name] for name in self.without.ticked]
        for text in self.together.text().split(";"):
            names = text.replace(",", " ").split()
            if names:
                sets.append(names)
        for names in sets:
            for name in names:
                network[name]
        wanted = set(self.phenotypes.ticked)
        options = {
            "readouts": self.readouts.ticked,
            "phenotypes": tuple(p for p in project.phenotypes if p.name in wanted),
            "knock_outs": tuple(Perturbation(Space(dict.fromkeys(names, 0))) for names in sets),
            "then": parse_levels(self.then.text()),
            "timeout": float(self.timeout.value()) or None,
        }
        return Asked(self.dose.currentText(), options)


def _first_dose(network: LogicalNetwork) -> str:
    """Return the first input with the most levels, or else the first such component."""
    names = network.inputs or network.names
    return max(names, key=lambda name: network[name].top, default="")


def _read_by_default(project: Project) -> list[str]:
    """Return what the model itself compares, or else the components that regulate nothing."""
    compared = [name for comparison in project.comparisons for name in comparison.readouts]
    network = project.network
    if compared or project.phenotypes or len(network) > _LARGE:
        return list(dict.fromkeys(compared))
    named = {
        v.name
        for c in network.components
        if c.rule is not None
        for v in c.rule.thresholds()
        if v.name != c.name
    }
    found = [c.name for c in network.components if c.name not in named and not c.is_input]
    return found or list(network.names)
