"""Where a run can still end, and its points of no return."""

from __future__ import annotations

from typing import Any

from regnet.analysis.commitment import Commitment
from regnet.analysis.commitment.commitment_text import (
    differences,
    label,
    lead,
    marks,
    moved,
    told_steps,
    traits,
    turn_words,
)
from regnet.project import Project
from regnet.report.document import Block, Section, Table, Text
from regnet.report.sections.phrases import MOST_LISTED, certainty, count
from regnet.scenario import Scenario

METHODS = {
    "commitment": "At each step of a run it was asked which attractors can still be reached; a "
    "point of no return is a step after which one no longer can.",
}
"""Question -> how it is answered, for the methods of a report."""


def commitment_section(result: Commitment, _project: Project) -> Section:
    """Return which attractors a run can still reach, step by step."""
    sure = certainty(result.origin, result.complete, result.missing)
    words = lead(result)
    scenario = result.origin.scenario
    held = f"{scenario.perturbation}; " if scenario.perturbation else ""
    given = f"{held}{scenario.update}"
    known = result.origin.guarantee if result.complete else f"{result.origin.guarantee}, incomplete"
    basis = f"From each state of the one run: {given} update; {known}."
    blocks: list[Block] = [
        Text(f"{words[:1].upper()}{words[1:]}.", "lead"),
        Text(f"One run of {count(len(result.path) - 1, 'step')} was examined ({given}). {sure}"),
    ]
    if result.attractors:
        described = zip(result.attractors, differences(result), strict=True)
        rows = tuple((label(n), traits(a), told) for n, (a, told) in enumerate(described))
        head = ("Attractor", "What it is", "Where they differ")
        caption = "Attractors that can be reached from the first state of the run."
        blocks.append(Table(head, rows, (0.9, 3, 3), caption, basis))
    if len(result.attractors) > 1:
        ends = tuple(label(number) for number in range(len(result.attractors)))
        steps = told_steps(result)
        changes = tuple(
            (str(step), moved(result, step), *marks(result.open[step]))
            for step in steps[:MOST_LISTED]
        )
        caption = "Steps that change which attractors can still be reached, the first and the last."
        widths = (0.6, 2.4, *(0.9 for _ in ends))
        blocks.append(Table(("Step", "Moved", *ends), changes, widths, caption, basis))
        if sentences := turn_words(result):
            blocks.append(Text(" ".join(sentences)))
    return Section("commitment", "Points of no return", tuple(blocks))


def usual(project: Project, _scenario: Scenario, _key: str, _about: str) -> dict[str, Any]:
    """Return the options with which a report asks this; keys as in `regnet.questions.EXTRAS`."""
    return {"phenotypes": project.phenotypes}
