"""Where a run can still end, and its points of no return."""

from __future__ import annotations

from regnet.analysis.commitment import Commitment
from regnet.analysis.commitment.words import (
    label,
    lead,
    marks,
    moved,
    told_steps,
    traits,
    turn_words,
)
from regnet.project import Project
from regnet.records import describe_scenario
from regnet.report.document import Block, Section, Table, Text
from regnet.report.sections.words import MOST_LISTED, certainty, count


def commitment_section(result: Commitment, _project: Project) -> Section:
    """Return which attractors a run can still reach, step by step."""
    sure = certainty(result.origin, result.complete, result.missing)
    words = lead(result)
    given = describe_scenario(result.origin.scenario)
    blocks: list[Block] = [
        Text(f"{words[:1].upper()}{words[1:]}.", "lead"),
        Text(f"One run of {count(len(result.path) - 1, 'step')} was looked at ({given}). {sure}"),
    ]
    if result.attractors:
        rows = tuple((label(n), traits(a)) for n, a in enumerate(result.attractors))
        blocks.append(Table(("Attractor", "What it is"), rows, (1, 5)))
    if len(result.attractors) > 1:
        ends = tuple(label(number) for number in range(len(result.attractors)))
        steps = told_steps(result)
        told = tuple(
            (str(step), moved(result, step), *marks(result.open[step]))
            for step in steps[:MOST_LISTED]
        )
        caption = "Steps that change which attractors can still be reached, the first and the last."
        widths = (0.6, 2.4, *(0.9 for _ in ends))
        blocks.append(Table(("Step", "Moved", *ends), told, widths, caption))
        if sentences := turn_words(result):
            blocks.append(Text(" ".join(sentences)))
    return Section("commitment", "Points of no return", tuple(blocks))
