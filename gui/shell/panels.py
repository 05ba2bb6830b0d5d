"""Panels: the parts of the window, one line each.

A panel is a widget that is made from the document, the selection and the runner, and follows their
signals. It brings its commands along as actions (`gui.widgets.actions`). Panels do not know each
other: what one does reaches the others through the document and the selection.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from gui.model.document import Document
from gui.model.runner import Runner
from gui.model.selection import Selection
from gui.panels.attractors.panel import AttractorsPanel
from gui.panels.compare.panel import ComparePanel
from gui.panels.dose.panel import DosePanel
from gui.panels.experiments.panel import ExperimentsPanel
from gui.panels.inspector.panel import InspectorPanel
from gui.panels.interventions.panel import InterventionsPanel
from gui.panels.network.panel import NetworkPanel
from gui.panels.queries.panel import QueriesPanel
from gui.panels.report.panel import ReportPanel
from gui.panels.run.panel import StatesPanel
from gui.panels.scenarios.bar import ScenarioBar
from gui.panels.scenarios.components import ComponentsPanel
from gui.panels.scenarios.history import HistoryPanel
from gui.panels.scenarios.inputs import InputsPanel
from gui.panels.scenarios.panel import ScenariosPanel
from gui.panels.screen.panel import ScreenPanel
from gui.panels.time.panel import CoursesPanel
from gui.results.jobs import JobsPanel
from gui.results.results import ResultsPanel
from gui.results.script import ScriptPanel
from gui.shell.welcome import WelcomePanel

AREAS = ("bar", "centre", "left", "right", "bottom")


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the window.

    Parameters
    ----------
    key
        Its object name, under which its place is remembered; never changes.
    title
        What its tab says.
    area
        One of `AREAS`. Panels of one area stand in the order of the table; those at the left share
        the height, those at the bottom and right are tabs.
    make
        Makes the widget.
    tip
        A sentence about it.
    is_shown
        Whether it is there from the start; the others are in the menu View > Panels.
    """

    key: str
    title: str
    area: str
    make: Callable[[Document, Selection, Runner], QWidget]
    tip: str = ""
    is_shown: bool = True


PANELS = (
    Panel("scenario-bar", "Scenario", "bar", ScenarioBar, "What is done to the network"),
    Panel("welcome", "Start", "centre", WelcomePanel, "Open, go on, or try an example"),
    Panel("network", "Network", "centre", NetworkPanel, "Who activates or inhibits whom"),
    Panel("attractors", "Attractors", "centre", AttractorsPanel, "Where the network ends up"),
    Panel("compare", "Compare", "centre", ComparePanel, "What a scenario changes"),
    Panel("states", "Run", "centre", StatesPanel, "Step by step, and every state it can come to"),
    Panel("screen", "Screen", "centre", ScreenPanel, "Every knock-out, in every scenario"),
    Panel("courses", "Time", "centre", CoursesPanel, "What happens in time"),
    Panel("dose", "Dose", "centre", DosePanel, "How it follows the level of an input"),
    Panel("experiments", "Experiments", "centre", ExperimentsPanel, "What it has to reproduce"),
    Panel(
        "interventions", "Interventions", "centre", InterventionsPanel, "What would bring it about"
    ),
    Panel("queries", "Ask", "centre", QueriesPanel, "What can and what must happen"),
    Panel("report", "Report", "centre", ReportPanel, "What to send to others"),
    Panel("components", "Components", "left", ComponentsPanel, "Every component, as a table"),
    Panel("inputs", "Inputs", "left", InputsPanel, "What comes from outside"),
    Panel("scenarios", "Scenarios", "left", ScenariosPanel, "Named sets of changes"),
    Panel("inspector", "Inspector", "right", InspectorPanel, "The selected component"),
    Panel("history", "History", "right", HistoryPanel, "Every edit, to go back to", is_shown=False),
    Panel("results", "Results", "bottom", ResultsPanel, "What was computed", is_shown=False),
    Panel("jobs", "Jobs", "bottom", JobsPanel, "What is being computed", is_shown=False),
    Panel("script", "Script", "bottom", ScriptPanel, "What was done, as Python", is_shown=False),
)
"""Every panel of the window."""

LAYOUTS = {
    "Explore": ("network", "components", "inputs", "scenarios", "inspector"),
    "Screen": ("screen", "scenarios"),
    "Write-up": ("report", "script"),
}
"""Ways to arrange the window: the panels that are shown; the first is the one in front."""
