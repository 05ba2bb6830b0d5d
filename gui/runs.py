"""Runs: the questions that the window asks in a process of its own, with where answers go.

Results are never overwritten: a question that is asked again has a newer answer under its title.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeAlias

from gui.document import Document, Result
from gui.jobs import Runner, Task
from gui.report_extras import answer
from gui.screening import Setup, screen_again, setup_of
from gui.selection import Selection
from regnet.analysis.attractors import Attractors, find_attractors
from regnet.analysis.commitment import Commitment
from regnet.analysis.compare import Comparison, compare_scenarios
from regnet.analysis.confront import Confrontation, confront
from regnet.analysis.control import Interventions, find_interventions
from regnet.analysis.courses import Courses, method_of, simulate
from regnet.analysis.dose import DoseResponse, find_dose_response
from regnet.analysis.dose.pulses import PulseResponse, find_pulse_response
from regnet.analysis.explain.several import Explanations, find_explanations
from regnet.analysis.query import Answer, query
from regnet.analysis.screen import Screen
from regnet.analysis.sensitivity import Sensitivity, find_sensitivity
from regnet.errors import RegnetError
from regnet.project import Project
from regnet.scenario import Scenario

Call: TypeAlias = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
"""A function with its arguments, for `Runner.submit`."""


def run_attractors(document: Document, selection: Selection, runner: Runner) -> Task | None:
    """Find the attractors of the current scenario; the answer becomes a result.

    Returns None, and says why, if there is no network or the scenario does not fit it.
    """
    if document.is_empty:
        document.say("there is no network yet: open a model, or add a component", "info")
        return None
    title = f"Attractors, {selection.scenario_title}"
    task = runner.submit(
        title,
        find_attractors,
        document.network,
        selection.scenario,
        phenotypes=document.project.phenotypes,
    )
    task.finished.connect(lambda found: document.add_result(title, found))
    return task


def run_again(document: Document, runner: Runner, results: Sequence[Result]) -> list[Task]:
    """Ask what these results answer once more, of the network as it is now.

    Scenarios are taken by name: they may have changed with the network. What no longer fits the
    network is said, and left.
    """
    tasks = []
    for result in results:
        again = AGAIN.get(type(result.value))
        if again is None:
            document.say(f"{result.title} cannot be computed again from here", "info")
            continue
        try:
            function, arguments, options = again(result, document.project)
        except RegnetError as error:
            document.say(f"{result.title}: {error}")
            continue
        task = runner.submit(result.title, function, *arguments, **options)
        asked = next((part for part in arguments if isinstance(part, Setup)), None)
        task.finished.connect(partial(_add, document, result.title, asked))
        tasks.append(task)
    return tasks


def _add(document: Document, title: str, asked: Any, value: Any) -> None:
    document.add_result(title, value, asked)


def _attractors(result: Result, project: Project) -> Call:
    scenario = _now(result.origin.scenario, project)
    options = {"phenotypes": project.phenotypes}
    return find_attractors, (project.network, scenario), options


def _comparison(result: Result, project: Project) -> Call:
    both = (result.value.before, result.value.after)
    scenarios = [_now(found.origin.scenario, project) for found in both]
    return compare_scenarios, (project.network, *scenarios), {"phenotypes": project.phenotypes}


def _screen(result: Result, project: Project) -> Call:
    screen: Screen = result.value
    network = project.network
    setup = result.asked or setup_of(screen, network)
    named = {p.name: p for p in project.phenotypes}
    setup = replace(
        setup,
        network=network,
        targets=tuple(name for name in setup.targets if name in network),
        contexts=tuple(_now(context, project) for context in setup.contexts),
        phenotypes=tuple(named[p.name] for p in setup.phenotypes if p.name in named),
        readouts=tuple(name for name in setup.readouts if name in network),
    )
    done = tuple(dict.fromkeys(row.perturbation for row in screen.rows if row.perturbation))
    return screen_again, (setup, () if setup.targets else done), {}


def _dose(result: Result, project: Project) -> Call:
    response: DoseResponse = result.value
    named = [curve.readout for curve in response.reference.curves]
    options = {
        "readouts": [name for name in named if name in project.network],
        "phenotypes": [p for p in project.phenotypes if p.name in named],
        "knock_outs": [panel.perturbation for panel in response.knock_outs],
        "then": response.then,
        "keeps": True,
    }
    scenario = _now(response.origin.scenario, project)
    return find_dose_response, (project.network, scenario, response.dose), options


def _pulses(result: Result, project: Project) -> Call:
    response: PulseResponse = result.value
    network = project.network
    named = [curve.readout for curve in response.curves if not curve.top]
    options = {
        "until": response.until,
        "by": response.by,
        "every": response.every,
        "readouts": [c.readout for c in response.curves if c.top and c.readout in network],
        "phenotypes": [p for p in project.phenotypes if p.name in named],
        "rates": response.rates,
        "schedule": response.schedule,
        "settle": response.settle,
        "trajectories": response.trajectories,
        "seed": response.origin.seed or 0,
        "method": response.method,
        "keeps": True,
    }
    scenario = _now(response.origin.scenario, project)
    asked = (network, scenario, response.dose, response.level, response.amounts)
    return find_pulse_response, asked, options


def _courses(result: Result, project: Project) -> Call:
    courses: Courses = result.value
    network = project.network
    named = {share.name for share in courses.shares}
    options = {
        "rates": courses.rates,
        "until": courses.times[-1],
        "points": len(courses.times) - 1,
        "settle": courses.settle,
        "schedule": courses.schedule,
        "phenotypes": [p for p in project.phenotypes if p.name in named],
        "first": [arrival.condition for arrival in courses.arrivals],
        "readouts": [course.name for course in courses.readouts if course.name in network],
        "keeps": True,
    }
    if courses.trajectories:
        options["trajectories"] = courses.trajectories
        options["seed"] = courses.origin.seed
        options["method"] = method_of(courses)
    return simulate, (network, _now(courses.origin.scenario, project)), options


def _confront(result: Result, project: Project) -> Call:
    asked = {verdict.experiment.id for verdict in result.value.verdicts}
    only = [e.id for e in project.experiments if e.id in asked]
    options = {"only": only, "before": result.value, "keeps": True}
    return confront, (project,), options


def _sensitivity(_result: Result, project: Project) -> Call:
    return find_sensitivity, (project,), {"keeps": True}


def _interventions(result: Result, project: Project) -> Call:
    found: Interventions = result.value
    target, choice = found.target, found.choice
    named = next((p for p in project.phenotypes if p.name == target.name), None)
    options = {
        "max_size": found.max_size, "allow": choice.allow, "forbid": choice.forbid,
        "cuts": choice.cuts, "costs": choice.costs, "limit": choice.limit,
        "phenotypes": project.phenotypes,
    }  # fmt: skip
    scenario = _now(result.origin.scenario, project)
    return find_interventions, (project.network, named or target, scenario), options


def _commitment(result: Result, project: Project) -> Call:
    return answer, (project, _now(result.origin.scenario, project), "commitment"), {}


def _explanations(result: Result, project: Project) -> Call:
    found: Explanations = result.value
    scenario = _now(result.origin.scenario, project)
    options = {"phenotypes": project.phenotypes}
    return find_explanations, (project.network, scenario, found.component), options


def _answer(result: Result, project: Project) -> Call:
    return query, (project.network, _now(result.origin.scenario, project), result.value.formula), {}


AGAIN: dict[type, Callable[[Result, Project], Call]] = {
    Answer: _answer,
    Attractors: _attractors,
    Commitment: _commitment,
    Comparison: _comparison,
    Confrontation: _confront,
    Courses: _courses,
    DoseResponse: _dose,
    Explanations: _explanations,
    Interventions: _interventions,
    PulseResponse: _pulses,
    Screen: _screen,
    Sensitivity: _sensitivity,
}
"""Kind of answer -> what computes it again; a new kind of result gets a line here."""


def _now(scenario: Scenario, project: Project) -> Scenario:
    """Return the scenario of that name as it is now, or as it was if there is none any more."""
    now = next((s for s in project.scenarios if s.name == scenario.name), scenario)
    now.check(project.network)
    return now
