"""DoseSetup: the fields of a dose question: dose, readouts and knock-outs to compare with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from gui.model.document import Document
from gui.model.selection import Selection
from gui.panels.dose.pulse_setup import DosePulseSetup
from gui.widgets.checklist import CheckList
from gui.widgets.question import scrolling
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.scenario import Perturbation, parse_levels
from regnet.space import Space

VARIED = {"level": "level", "duration": "duration", "share": "share of time"}
"""Which property of the dose varies, with its label."""

VARIED_TIPS = (
    "Attractors at each level of the dose",
    "One level, given once for each duration",
    "One level, given periodically for a share of each cycle",
)

_TIMEOUT = 60  # default time limit of one dose, in seconds
_LARGE_NETWORK = 1000  # components; larger networks have no default readouts


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a dose: a key of `VARIED`, the component, and the options of the analysis.

    Levels are answered by `find_dose_response`, all else by `find_pulse_response`.
    """

    varied: str
    dose: str
    options: dict[str, Any]


class DoseSetup(QWidget):
    """The fields of a dose question; it is asked of the current scenario."""

    changed = Signal()

    def __init__(self, document: Document, selection: Selection) -> None:
        super().__init__()
        self._document, self._selection = document, selection
        self.dose = QComboBox()
        self.dose.setAccessibleName("Dose")
        self.dose.setToolTip("An input or a component, held at each of its levels")
        self.dose.setMinimumContentsLength(12)
        self.dose.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.vary = QComboBox()
        self.vary.setAccessibleName("Varied property of the dose")
        for title, tip in zip(VARIED.values(), VARIED_TIPS, strict=True):
            self.vary.addItem(title)
            self.vary.setItemData(self.vary.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.pulses = DosePulseSetup()
        self.where = QLabel()
        self.where.setTextFormat(Qt.TextFormat.PlainText)
        self.where.setWordWrap(True)
        self.then = QLineEdit()
        self.then.setAccessibleName("After equilibration, set")
        self.then.setPlaceholderText("such as Mass=0")
        self.then.setToolTip(
            "Let the network equilibrate under the dose, then set these levels and continue"
        )
        self.readouts = CheckList("Components to read")
        self.phenotypes = CheckList("Phenotypes to read")
        self.without = CheckList("With single knock-outs")
        self.without.add_button("Selected", lambda: selection.components).setToolTip(
            "Tick the components that are selected in the network"
        )
        self.together = QLineEdit()
        self.together.setAccessibleName("With combined knock-outs")
        self.together.setPlaceholderText("such as A, B; C, D")
        self.together.setToolTip("Names separated by commas, sets by semicolons")
        self.timeout = QSpinBox()
        self.timeout.setRange(0, 36_000)
        self.timeout.setValue(_TIMEOUT)
        self.timeout.setSuffix(" s")
        self.timeout.setSpecialValueText("no limit")
        self.timeout.setAccessibleName("Time limit of one dose")
        self.timeout.setToolTip(
            "A dose that takes longer ends with a partial answer, marked as such"
        )
        column = scrolling(self)
        column.addWidget(QLabel("<b>Dose</b>"))
        column.addWidget(self.dose)
        row = QHBoxLayout()
        row.addWidget(QLabel("Vary its"))
        row.addWidget(self.vary, 1)
        column.addLayout(row)
        column.addWidget(self.where)
        column.addWidget(self.pulses)
        then_title = QLabel("<b>After equilibration, set</b>")
        together_title = QLabel("<b>With combined knock-outs</b>")
        for widget in (
            then_title, self.then, self.readouts, self.phenotypes, self.without, together_title,
            self.together,
        ):  # fmt: skip
            column.addWidget(widget)
        self._of_levels = (then_title, self.then, self.without, together_title, self.together)
        limit = QHBoxLayout()
        limit.addWidget(QLabel("Time limit of one dose"))
        limit.addWidget(self.timeout)
        limit.addStretch(1)
        column.addLayout(limit)
        column.addStretch(1)
        self.dose.currentIndexChanged.connect(self._dose_changed)
        self.vary.currentIndexChanged.connect(self._vary_changed)
        self.pulses.changed.connect(self.changed)
        for field in (self.then, self.together):
            field.textChanged.connect(self.changed)
        for part in (self.readouts, self.phenotypes, self.without):
            part.changed.connect(self.changed)
        selection.scenario_changed.connect(self._show_where)
        document.changed.connect(self._follow)
        self.begin()

    def begin(self) -> None:
        """Fill in a default question for another model."""
        project, network = self._document.project, self._document.network
        self._fill_doses(_first_dose(network))
        self.then.clear()
        self.together.clear()
        self.vary.setCurrentIndex(0)
        self.pulses.begin(self._document.project)
        self.readouts.fill(network.names, _read_by_default(project))
        names = [p.name for p in project.phenotypes]
        self.phenotypes.fill(names, names, [p.note for p in project.phenotypes])
        self.phenotypes.setVisible(bool(names))
        self._fill_without(())
        self._show_top()
        self._vary_changed()

    def _follow(self, before: Project, after: Project) -> None:
        old, new = before.network, after.network
        if old is new and before.phenotypes is after.phenotypes:
            return
        if not set(old.names) & set(new.names):
            self.begin()
            return
        dose = self.dose.currentText()
        self._fill_doses(dose)
        if dose != self.dose.currentText() or old[dose].top != new[dose].top:
            self._show_top()
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

    @property
    def varied(self) -> str:
        """The varied property: a key of `VARIED`."""
        return list(VARIED)[self.vary.currentIndex()]

    def _dose_changed(self) -> None:
        self._fill_without(self.without.ticked)
        self._show_top()
        self._show_where()
        self.changed.emit()

    def _show_top(self) -> None:
        dose = self.dose.currentText()
        if dose:
            self.pulses.set_top(self._document.network[dose].top)

    def _vary_changed(self) -> None:
        is_level = self.varied == "level"
        for widget in self._of_levels:
            widget.setVisible(is_level)
        self.pulses.set_by(self.varied)
        self._show_where()
        self.changed.emit()

    def _show_where(self) -> None:
        dose, title = self.dose.currentText(), self._selection.scenario_title
        is_level = self.varied == "level"
        self.where.setText(
            f"at each of its levels, in {title}" if is_level else f"given in {title}"
        )
        told = "is replaced" if is_level else "holds when it is not given"
        self.where.setToolTip(f"What {title} does to {dose} {told}" if dose else "")

    def asked(self) -> Asked:
        """Return the question.

        Raises
        ------
        RegnetError
            If an entry does not fit the network.
        """
        project, network = self._document.project, self._document.network
        wanted = set(self.phenotypes.ticked)
        phenotypes = tuple(p for p in project.phenotypes if p.name in wanted)
        options: dict[str, Any] = {
            "readouts": self.readouts.ticked,
            "each": float(self.timeout.value()) or None,
        }
        options["phenotypes"] = phenotypes
        if self.varied == "level":
            options["knock_outs"] = self._knock_outs(network)
            options["then"] = parse_levels(self.then.text())
        options |= self.pulses.options(self._selection.scenario, project)
        return Asked(self.varied, self.dose.currentText(), options)

    def _knock_outs(self, network: LogicalNetwork) -> tuple[Perturbation, ...]:
        sets = [[name] for name in self.without.ticked]
        for text in self.together.text().split(";"):
            names = text.replace(",", " ").split()
            if names:
                sets.append(names)
        for names in sets:
            for name in names:
                network[name]
        return tuple(Perturbation(Space(dict.fromkeys(names, 0))) for names in sets)


def _first_dose(network: LogicalNetwork) -> str:
    """Return the input with the most levels, or else the component with the most levels."""
    names = network.inputs or network.names
    return max(names, key=lambda name: network[name].top, default="")


def _read_by_default(project: Project) -> list[str]:
    """Return the readouts of the model's comparisons, or else all components without targets."""
    compared = [name for comparison in project.comparisons for name in comparison.readouts]
    network = project.network
    if compared or project.phenotypes or len(network) > _LARGE_NETWORK:
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
