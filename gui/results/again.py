"""Running questions again in a worker process.

Results are never overwritten: running a question again adds a newer answer of the same title.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from gui.model.document import Document, Result
from gui.model.runner import Runner, Task
from gui.model.selection import Selection
from regnet.analysis.attractors import find_attractors
from regnet.errors import RegnetError
from regnet.project import Project
from regnet.questions import ask, renewed
from regnet.scenario import Scenario
from regnet.screens.setup import Setup, screen_again


def run_attractors(document: Document, selection: Selection, runner: Runner) -> Task | None:
    """Find the attractors of the current scenario; the answer becomes a result.

    Return None, with a message, if there is no network or the scenario does not fit it.
    """
    if document.is_empty:
        document.say("there is no network yet: open a model, or add a component", "info")
        return None
    title = f"Attractors, {selection.scenario_title}"
    if unfinished := document.draft_words():
        document.say(unfinished, "warning")
    task = runner.submit(
        title,
        find_attractors,
        document.network,
        selection.scenario,
        phenotypes=document.project.phenotypes,
        keeps=True,
    )
    task.finished.connect(lambda found: document.add_result(title, found))
    return task


def can_run_again(result: Result) -> bool:
    """Return whether the question of a result is known; results of old versions lack it."""
    return result.origin.asked is not None or isinstance(result.asked, Setup)


def run_again(document: Document, runner: Runner, results: Sequence[Result]) -> list[Task]:
    """Ask the questions of these results again, of the current network.

    Scenarios are looked up by name, as they may have changed with the network. Questions that no
    longer fit the network are reported and left out.
    """
    tasks = []
    for result in results:
        try:
            task = _asked_again(runner, result, document.project)
        except RegnetError as error:
            document.say(f"{result.title}: {error}")
            continue
        if task is None:
            document.say(f"{result.title} cannot be computed again from here", "info")
            continue
        tasks.append(task)
        setup = result.asked
        if isinstance(setup, Setup):
            setup = _renewed(setup, document.project)
        task.finished.connect(partial(_add, document, result.title, setup))
    return tasks


def _add(document: Document, title: str, asked: Any, value: Any) -> None:
    document.add_result(title, value, asked)


def _asked_again(runner: Runner, result: Result, project: Project) -> Task | None:
    """Submit the question of a result; raise RegnetError if it does not fit, None if unknown."""
    if isinstance(result.asked, Setup):
        setup = _renewed(result.asked, project)
        for context in setup.contexts:
            context.check(project.network)
        return runner.submit(result.title, screen_again, setup)
    asked = result.origin.asked
    if asked is None:
        return None
    asked = renewed(asked, project)
    for value in asked.options.values():
        for scenario in value if isinstance(value, tuple) else (value,):
            if isinstance(scenario, Scenario):
                scenario.check(project.network)
    others = {"before": result.value} if asked.question == "check" else {}
    return runner.submit(result.title, ask, asked, project, keeps=True, **others)


def _renewed(setup: Setup, project: Project) -> Setup:
    """Return the setup of a screen for the current project."""
    network = project.network
    scenarios = {scenario.name: scenario for scenario in project.scenarios}
    named = {p.name: p for p in project.phenotypes}
    return replace(
        setup,
        network=network,
        targets=tuple(name for name in setup.targets if name in network),
        contexts=tuple(scenarios.get(context.name, context) for context in setup.contexts),
        phenotypes=tuple(named[p.name] for p in setup.phenotypes if p.name in named),
        readouts=tuple(name for name in setup.readouts if name in network),
    )
