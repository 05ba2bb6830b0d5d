"""SetupPane: check lists for the targets, perturbations, scenarios and readouts of a screen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gui.model import edits
from gui.model.document import Document
from gui.model.selection import WILD_TYPE, Selection
from gui.widgets.checklist import CheckList
from regnet.project import Project
from regnet.scenario import Scenario
from regnet.screens.setup import SCREEN_PARTS, Setup

_LARGE_NETWORK = 1000  # components; larger networks have no default readouts
_TIMEOUT = 60  # default time limit of one run, in seconds


class SetupPane(QWidget):
    """The setup of a screen: targets, perturbations, scenarios and readouts."""

    changed = Signal()

    def __init__(self, document: Document, selection: Selection) -> None:
        super().__init__()
        self._document, self._selection = document, selection
        self.targets = CheckList("What to perturb")
        self.targets.add_button("Selected", lambda: selection.components).setToolTip(
            "Tick the components that are selected in the network"
        )
        self.kinds: dict[str, QCheckBox] = {}
        self.contexts = CheckList("Where")
        self._is_following = True  # the current scenario, until another one is ticked
        self.contexts.changed.connect(self._stay)
        selection.scenario_changed.connect(self._follow_scenario)
        self.contexts.setToolTip("Every perturbation is tried on top of each of these scenarios")
        self.phenotypes = CheckList("Phenotypes to read")
        self.readouts = CheckList("Components to read")
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(10)
        column.addWidget(self.targets)
        how = QVBoxLayout()
        how.setSpacing(3)
        how.addWidget(QLabel("<b>How</b>"))
        for key, text in SCREEN_PARTS.items():
            box = QCheckBox(text)
            box.setChecked(key in ("knock-outs", "levels"))
            box.toggled.connect(self.changed)
            self.kinds[key] = box
            how.addWidget(box)
        column.addLayout(how)
        for part in (self.contexts, self.phenotypes, self.readouts):
            column.addWidget(part)
        self.timeout = QSpinBox()
        self.timeout.setRange(0, 3600)
        self.timeout.setValue(_TIMEOUT)
        self.timeout.setSuffix(" s")
        self.timeout.setSpecialValueText("no limit")
        self.timeout.setAccessibleName("Time limit of one run")
        self.timeout.setToolTip(
            "A run that takes longer ends with a partial answer, marked as such"
        )
        limit = QHBoxLayout()
        limit.addWidget(QLabel("Time limit of one run"))
        limit.addWidget(self.timeout)
        limit.addStretch(1)
        column.addLayout(limit)
        column.addStretch(1)
        for part in (self.targets, self.contexts, self.phenotypes, self.readouts):
            part.changed.connect(self.changed)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def begin(self) -> None:
        """Fill in a default screen: all but the inputs, in the current scenario."""
        self._is_following = True
        project, network = self._document.project, self._document.network
        self._fill(
            [n for n in network.names if not network[n].is_input],
            [self._selection.scenario_title],
            [p.name for p in project.phenotypes],
            _compared(project) or _outputs(project),
        )

    def follow(self, before: Project, after: Project) -> None:
        """Show the names of the changed project, and keep the ticks."""
        known = {*before.network.names, *(s.name for s in before.scenarios)}
        known |= {p.name for p in before.phenotypes}
        new = [n for n in after.network.names if n not in known]
        self._fill(
            [*self.targets.ticked, *(n for n in new if not after.network[n].is_input)],
            self.contexts.ticked,
            [*self.phenotypes.ticked, *(p.name for p in after.phenotypes if p.name not in known)],
            self.readouts.ticked,
        )

    def _fill(
        self,
        targets: Sequence[str],
        contexts: Sequence[str],
        phenotypes: Sequence[str],
        readouts: Sequence[str],
    ) -> None:
        project = self._document.project
        names = project.network.names
        notes = [project.network[n].note for n in names]
        self.targets.fill(names, targets, notes)
        done = [edits.describe(s, project.network) for s in project.scenarios]
        titles = [WILD_TYPE, *(s.name for s in project.scenarios)]
        still = [title for title in contexts if title in titles] or [WILD_TYPE]
        self.contexts.fill(titles, still, ["Nothing is changed", *done])
        self.phenotypes.fill(
            [p.name for p in project.phenotypes], phenotypes, [p.note for p in project.phenotypes]
        )
        self.phenotypes.setVisible(bool(project.phenotypes))
        self.readouts.fill(names, readouts, notes)

    def _stay(self) -> None:
        self._is_following = False

    def _follow_scenario(self) -> None:
        title = self._selection.scenario_title
        if self._is_following and title in self.contexts.names:
            self.contexts.tick([title])
            self.changed.emit()

    def setup(self) -> Setup:
        """Return the ticked setup."""
        project = self._document.project
        named = {s.name: s for s in project.scenarios}
        contexts = (named.get(title, Scenario(WILD_TYPE)) for title in self.contexts.ticked)
        phenotypes = set(self.phenotypes.ticked)
        known = frozenset(project.network.names)  # asked once for each of many targets
        return Setup(
            project.network,
            tuple(name for name in self.targets.ticked if name in known),
            frozenset(key for key, box in self.kinds.items() if box.isChecked()),
            tuple(contexts),
            tuple(p for p in project.phenotypes if p.name in phenotypes),
            tuple(name for name in self.readouts.ticked if name in known),
            float(self.timeout.value()) or None,
        )


def _compared(project: Project) -> list[str]:
    """Return the readouts of the comparisons of the project."""
    return list(dict.fromkeys(name for c in project.comparisons for name in c.readouts))


def _outputs(project: Project) -> list[str]:
    """Return the components used in no other rule, if there are few enough."""
    if project.phenotypes or len(project.network) > _LARGE_NETWORK:
        return []
    named = {
        v.name
        for c in project.network.components
        if c.rule is not None
        for v in c.rule.thresholds()
        if v.name != c.name
    }
    return [c.name for c in project.network.components if c.name not in named and not c.is_input]
