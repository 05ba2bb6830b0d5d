"""Edits of experiments: parsing of typed expectations, and adding or removing experiments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gui.model import edits
from regnet.errors import NetworkError, ParseError
from regnet.evidence import TIME_EXPECTATIONS, Expectation, Experiment
from regnet.exchange.tomlexpect import parse_timed, timed_text
from regnet.logic import Var, conjunction, unparse, variables
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.scenario import Scenario, parse_levels
from regnet.space import Space

COUNTED = ("attractors in all", "attractors")
FLAGS = ("only fixed points", "only complex")
SPANS = "spans"
TIMED_HINTS = {
    "sooner": "A:2; than other scenario; by 10 %",
    "later": "A:2; than other scenario; by 10 %",
    "same": "A:2; as other scenario",
    "higher": "A; than other scenario; at 5",
    "lower": "A; than other scenario; until 50 % A:2",
    "first time": "A:2; above 5; below 10",
    "probability": "A:2; above 0.9; at 20",
    "first": "A:2; before B",
    "peak": "A; before B",
}
"""Examples of expectations about time."""

_MAX_NAMED = 12  # maximum number of components named in one condition


def read_expectation(
    kind: str, text: str, network: LogicalNetwork, scenarios: Iterable[Scenario] = ()
) -> Expectation:
    """Return the expectation of a kind that a text describes.

    An expectation about time is a line such as ``Mass=2; than PHx; by 10 %``, with names of
    scenarios.

    Raises
    ------
    ParseError, UnknownNameError, NetworkError
        If the condition, number or range cannot be parsed or does not fit the network.
    """
    text = text.strip()
    if kind in TIME_EXPECTATIONS:
        project = Project(network, scenarios=tuple(scenarios))
        return parse_timed(text, kind, network, project.scenario)
    if kind in FLAGS:
        return Expectation(kind)
    if kind in COUNTED:
        if not text.isdecimal():
            raise ParseError(f"{text!r} is not a number of attractors", expected="a number")
        return Expectation(kind, count=int(text))
    if kind == SPANS:
        levels = parse_levels(text)
        Scenario(start=levels).check(network)
        if len(levels) != 1:
            raise ParseError("one component spans one range", expected="X=0..2")
        ((name, levels_),) = levels.items()
        return Expectation(kind, component=name, range=levels_)
    if not text:
        raise ParseError("a condition is missing", expected="a condition such as Mass:2 & !LIF")
    return Expectation(kind, network.parse(text))


def written_expectation(expectation: Expectation) -> str:
    """Return the text of an expectation as it is typed, without its kind.

    >>> written_expectation(Expectation("spans", component="Mass", range=(0, 2)))
    'Mass=0..2'
    """
    if expectation.is_timed:
        return timed_text(expectation)
    if expectation.condition is not None:
        return unparse(expectation.condition)
    if expectation.range is not None:
        return str(Space({expectation.component: expectation.range}))
    return "" if expectation.count is None else str(expectation.count)


def free_id(project: Project) -> str:
    """Return an unused experiment id."""
    taken = {experiment.id for experiment in project.experiments}
    number = len(taken) + 1
    while f"X{number:02}" in taken:
        number += 1
    return f"X{number:02}"


def seen_condition(levels: Space, names: Iterable[str], network: LogicalNetwork) -> str:
    """Return the condition that components are at their present levels.

    Components that change or are absent are left out.
    """
    parts = []
    for name in names:
        if name not in levels or levels[name][0] != levels[name][1]:
            continue
        level = levels[name][0]
        above = [Var(name, level)] if level else []
        below = [~Var(name, level + 1)] if level < network[name].top else []
        parts += [*above, *below]
    return unparse(conjunction(parts)) if parts else ""


def telling(project: Project) -> tuple[str, ...]:
    """Return the most informative components: those named by phenotypes and tables."""
    network = project.network
    named = [var.name for p in project.phenotypes for var in variables(p.condition)]
    named += [name for comparison in project.comparisons for name in comparison.readouts]
    own = [c.name for c in network.components if not c.is_input]
    found = tuple(name for name in dict.fromkeys(named) if name in own)
    return found or tuple(own if len(own) <= _MAX_NAMED else ())


def with_experiment(project: Project, experiment: Experiment, instead_of: str = "") -> Project:
    """Return the project with an experiment added or replaced.

    Raises
    ------
    NetworkError
        If it has no id, title or expectation, or its id is already used.
    """
    if not experiment.id:
        raise NetworkError("an experiment needs a key")
    if not experiment.expect:
        raise NetworkError("an experiment needs something to expect")
    experiment.check(project.network)
    others = [e for e in project.experiments if e.id != instead_of]
    if any(e.id == experiment.id for e in others):
        raise NetworkError(f"there is already an experiment {experiment.id}")
    if len(others) == len(project.experiments):
        return replace(project, experiments=(*project.experiments, experiment))
    return replace(
        project,
        experiments=tuple(experiment if e.id == instead_of else e for e in project.experiments),
    )


def without_experiment(project: Project, identifier: str) -> Project:
    """Return the project without an experiment."""
    kept = tuple(e for e in project.experiments if e.id != identifier)
    return replace(project, experiments=kept)


def scenario_to_open(
    project: Project, experiment: Experiment, start: Space | None = None
) -> tuple[Project, str]:
    """Return a project that contains the scenario of an experiment, and the name of that scenario.

    Parameters
    ----------
    project, experiment
        The project, and one of its experiments.
    start
        Another start: the first state of a path.

    Raises
    ------
    RegnetError
        If the scenario no longer fits the network.
    """
    scenario = experiment.scenario
    if start is not None and dict(scenario.start) != dict(start):
        scenario = replace(scenario, start=start)
    scenario.check(project.network)
    if scenario in project.scenarios:
        return project, scenario.name
    for known in project.scenarios:
        if replace(known, name="", note="") == replace(scenario, name="", note=""):
            return project, known.name
    name = edits.free_name(experiment.id, project)
    made = replace(scenario, name=name, note=experiment.title)
    return project.with_scenario(made), name
