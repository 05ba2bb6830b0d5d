"""Why a component is at its level."""

from __future__ import annotations

from typing import Any

from regnet.analysis.explain import Explanation
from regnet.analysis.explain.explanation_text import (
    change_words,
    headline,
    in_vain_words,
    link_words,
    literal,
    loop_words,
    phase_words,
    remedy_words,
    when_words,
)
from regnet.analysis.explain.several import Explained, Explanations
from regnet.figures.theme import level_text
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.records import describe_scenario
from regnet.report.document import Block, Section, Table, Text
from regnet.report.sections.phrases import MOST_LISTED, certainty, count
from regnet.scenario import Scenario

METHODS = {
    "explain": "Reasons are minimal conditions that are true in the attractor and suffice for the "
    "level, traced back to inputs, to what is held, or to loops that hold themselves. What would "
    "change the level was tried by attractors.",
}
"""Question -> how it is answered, for the methods of a report."""


def explanations_section(result: Explanations, project: Project) -> Section:
    """Return the chain of reasons in each attractor, and what would change the level."""
    network = project.network
    sure = certainty(result.origin, result.complete, result.missing)
    blocks: list[Block] = [Text(f"Asked of: {describe_scenario(result.origin.scenario)}. {sure}")]
    for one in result.found:
        blocks += _blocks(one, network)
    return Section("why", f"Why {result.component} is at its level", tuple(blocks))


def _blocks(one: Explained, network: LogicalNetwork) -> list[Block]:
    answer = one.explanation
    traits = "; ".join((one.attractor.kind, *one.attractor.phenotypes))
    blocks: list[Block] = [
        Text(f"In attractor A{one.number} ({traits}): {headline(answer, network)}")
    ]
    links = [link for link in answer.links[1:] if not link.in_vain]
    if links:
        rows = tuple(
            (literal(link.name, link.levels, network[link.name].top), link_words(link, network))
            for link in links[:MOST_LISTED]
        )
        caption = f"Why {answer.component} is as it is in attractor A{one.number}, link by link."
        blocks.append(Table(("Because", "For"), rows, (1.4, 5), caption))
    if answer.phases:
        total = sum(phase.states for phase in answer.phases)
        rows_ = tuple(
            (phase_words(phase), f"{phase.states:,} of {total:,}", when_words(phase, network))
            for phase in answer.phases
        )
        caption = f"When {answer.component} rises and falls in attractor A{one.number}."
        blocks.append(Table((answer.component, "States", "When"), rows_, (1.6, 1, 4), caption))
    told = [
        f"{loop_words(loop, answer)}: not determined by inputs or clamps." for loop in answer.loops
    ]
    if vain := in_vain_words(answer, network):
        told.append(f"Opposing regulators at their highest level, overridden: {', '.join(vain)}.")
    if changes := change_words(answer, network):
        told.append(f"{answer.component} would move at once with {'; '.join(changes)}.")
    if told:
        blocks.append(Text(" ".join(told)))
    return blocks + _remedies(answer)


def _remedies(answer: Explanation) -> list[Block]:
    words = remedy_words(answer)
    if not words:
        return []
    blocks: list[Block] = [Text(words)]
    shown = answer.interventions[:MOST_LISTED]
    if shown:
        rows = tuple(
            (
                str(one),
                level_text(one.levels),
                f"{one.attractors:,}",
                "; ".join(one.phenotypes) or "–",
            )
            for one in shown
        )
        head = ("Held instead", answer.component, "Attractors", "Outcome")
        caption = f"What changes the level of {answer.component}."
        blocks.append(Table(head, rows, (2.4, 0.9, 0.9, 2.4), caption))
    if len(answer.interventions) > len(shown):
        number = count(len(answer.interventions), "intervention")
        blocks.append(Text(f"Listed are {len(shown)} of {number}.", "note"))
    return blocks


def usual(project: Project, _scenario: Scenario, _key: str, about: str) -> dict[str, Any]:
    """Return the options with which a report asks this; keys as in `regnet.questions.EXTRAS`."""
    return {"component": about, "phenotypes": project.phenotypes}
