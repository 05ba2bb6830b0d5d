"""Minimal interventions for a target."""

from __future__ import annotations

from typing import Any

from regnet.analysis.control import SHOWS, Interventions
from regnet.analysis.control.intervention_text import (
    change_words,
    proof_words,
    scope_words,
    target_words,
)
from regnet.project import Project
from regnet.records import describe_scenario
from regnet.report.document import Block, Section, Table, Text
from regnet.report.sections.phrases import MOST_LISTED, certainty, count, filled
from regnet.scenario import Scenario

METHODS = {
    "control": "Interventions are sets of components held at levels, and of edges cut where that "
    "was asked for, after which every attractor shows the target. Smaller sets were ruled out one "
    "by one: those listed are minimal.",
}
"""Question -> how it is answered, for the methods of a report."""


def interventions_section(result: Interventions, _project: Project) -> Section:
    """Return the smallest sets of interventions with their side effects, and what was proved."""
    origin, found = result.origin, result.found
    sure = certainty(origin, result.complete, result.missing)
    every = "attractor that is reached" if origin.scenario.start else "attractor"
    given = describe_scenario(origin.scenario)
    blocks: list[Block] = [
        Text(
            f"After each of these, every {every} shows {target_words(result)} ({given}). Proved: "
            f"{proof_words(result)}. {scope_words(result)} {sure}"
        )
    ]
    lasting = [f"{n} ({shown})" for n, shown in result.before.items() if shown != SHOWS[2]]
    if lasting:
        blocks.append(Text(f"Without any intervention: {', '.join(lasting)}."))
    rows = tuple(
        (
            str(one.perturbation) if one.perturbation else "nothing has to be done",
            f"{one.cost:g}",
            "\n".join(change_words(result, one)),
            one.why,
        )
        for one in found[:MOST_LISTED]
    )
    head = ("Intervention", "Cost", "What else changes", "How it is known")
    if rows:
        caption = f"Minimal interventions that bring about {target_words(result)}."
        blocks.append(filled(Table(head, rows, (2.4, 0.6, 3, 3), caption)))
    else:
        blocks.append(Text("There is no such set."))
    if len(found) > len(rows):
        blocks.append(Text(f"Listed are {len(rows)} of {count(len(found), 'set')}.", "note"))
    title = f"What brings about {result.target.name}"
    return Section("interventions", title, tuple(blocks))


def usual(project: Project, _scenario: Scenario, _key: str, about: str) -> dict[str, Any]:
    """Return the options with which a report asks this; keys as in `regnet.questions.EXTRAS`."""
    named = next((p for p in project.phenotypes if p.name == about), None)
    target = named or project.network.parse(about)
    return {"target": target, "phenotypes": project.phenotypes}
