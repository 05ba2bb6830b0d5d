"""Runs: the questions that the window asks in a process of its own, with where answers go."""

from __future__ import annotations

from gui.document import Document
from gui.jobs import Runner, Task
from gui.selection import Selection
from regnet.analysis.attractors import find_attractors


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
