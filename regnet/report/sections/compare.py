"""Comparisons of the attractors of two scenarios."""

from __future__ import annotations

from regnet.analysis.compare import Comparison
from regnet.analysis.compare.comparison_text import changes, phenotypes_of
from regnet.project import Project
from regnet.records.data import describe_scenario
from regnet.report.document import Block, Section, Table, Text
from regnet.report.sections.phrases import MOST_LISTED, certainty, count

METHODS = {
    "compare": "Attractors of two scenarios were paired where they are alike; what has no partner "
    "is lost or new.",
}
"""Question -> how it is answered, for the methods of a report."""


def comparison_section(found: Comparison, _project: Project) -> Section:
    """Return one sentence and a row for each attractor of both scenarios, in matched pairs."""
    scenarios = [answer.origin.scenario for answer in (found.before, found.after)]
    first, second = (describe_scenario(scenario) for scenario in scenarios)
    sure = certainty(found.origin, found.complete, found.missing)
    blocks: list[Block] = [
        Text(found.sentence, "lead"),
        Text(f"Compared are the attractors of: {first}; and of: {second}. {sure}"),
    ]
    rows = tuple(
        (
            pair.kind,
            "–" if pair.before is None else f"A{pair.before + 1}",
            "–" if pair.after is None else f"A{pair.after + 1}",
            ", ".join(phenotypes_of(found, pair)) or "–",
            count(pair.valuations, "input combination") if any(pair.conditions) else "–",
            ", ".join(changes(pair)[:MOST_LISTED]) or "–",
        )
        for pair in found.pairs[:MOST_LISTED]
    )
    if rows:
        head = ("Fate", "Before", "After", "Phenotypes", "Under", "What changes")
        caption = "Attractors before and after, in matched pairs."
        blocks.append(Table(head, rows, (0.8, 0.7, 0.7, 2.2, 1.4, 3), caption))
    if len(found.pairs) > len(rows):
        blocks.append(Text(f"Listed are {len(rows)} of {count(len(found.pairs), 'pair')}.", "note"))
    names = [answer.origin.title for answer in (found.before, found.after)]
    return Section("compare", f"From {names[0]} to {names[1]}", tuple(blocks))
