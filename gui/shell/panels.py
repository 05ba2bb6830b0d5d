"""Panels: the parts of the window, one line each.

A panel is a widget created from the document, the selection and the runner, whose signals it
follows. Its commands are actions (`gui.widgets.actions`). Panels do not know each other: they
interact only through the document and the selection.
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


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the window.

    Parameters
    ----------
    key
        Its object name, under which its place is stored; never changes.
    title
        Title of its tab.
    area
        ``"bar"``, ``"centre"``, ``"left"``, ``"right"`` or ``"bottom"``. Panels of one area are in
        the order of the table; those at the left share the height, those at the bottom and right
        are tabs.
    make
        Creates the widget.
    tip
        A sentence about it.
    is_shown
        Whether it is visible by default; the others are in the menu View > Panels.
    """

    key: str
    title: str
    area: str
    make: Callable[[Document, Selection, Runner], QWidget]
    tip: str = ""
    is_shown: bool = True


PANELS = (
    Panel(
        "scenario-bar", "Scenario", "bar", ScenarioBar, "The perturbation and start of the scenario"
    ),
    Panel("welcome", "Start", "centre", WelcomePanel, "Open a model, or try an example"),
    Panel("network", "Network", "centre", NetworkPanel, "The regulatory network"),
    Panel("attractors", "Attractors", "centre", AttractorsPanel, "Attractors of a scenario"),
    Panel("compare", "Compare", "centre", ComparePanel, "What a scenario changes"),
    Panel("states", "Run", "centre", StatesPanel, "Step-by-step simulation and state graph"),
    Panel("screen", "Screen", "centre", ScreenPanel, "Many perturbations, in many scenarios"),
    Panel("courses", "Time", "centre", CoursesPanel, "Time courses"),
    Panel("dose", "Dose", "centre", DosePanel, "Dose response to an input or component"),
    Panel(
        "experiments",
        "Experiments",
        "centre",
        ExperimentsPanel,
        "Findings that the model has to reproduce",
    ),
    Panel(
        "interventions",
        "Interventions",
        "centre",
        InterventionsPanel,
        "Minimal interventions for a target",
    ),
    Panel("queries", "Ask", "centre", QueriesPanel, "Temporal-logic queries"),
    Panel("report", "Report", "centre", ReportPanel, "Report for others"),
    Panel("components", "Components", "left", ComponentsPanel, "Every component, as a table"),
    Panel("inputs", "Inputs", "left", InputsPanel, "Levels of the inputs"),
    Panel("scenarios", "Scenarios", "left", ScenariosPanel, "Named sets of changes"),
    Panel("inspector", "Inspector", "right", InspectorPanel, "The selected component"),
    Panel("history", "History", "right", HistoryPanel, "Every edit, for undo", is_shown=False),
    Panel("results", "Results", "bottom", ResultsPanel, "All answers", is_shown=False),
    Panel("jobs", "Jobs", "bottom", JobsPanel, "Running and finished jobs", is_shown=False),
    Panel("script", "Script", "bottom", ScriptPanel, "What was done, as Python", is_shown=False),
)
"""Every panel of the window."""

LAYOUTS = {
    "Explore": ("network", "components", "inputs", "scenarios", "inspector"),
    "Screen": ("screen", "scenarios"),
    "Write-up": ("report", "script"),
}
"""Layouts of the window: the visible panels; the first one is in front."""
