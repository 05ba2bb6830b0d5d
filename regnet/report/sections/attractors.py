"""The attractors, as tables and heat maps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from regnet.analysis.attractors import Attractors
from regnet.analysis.trap_spaces import Spaces
from regnet.figures import (
    ADAPTIVE,
    LIGHT,
    MAX_ROWS,
    attractor_heatmap,
    level_text,
)
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.records import describe_scenario
from regnet.report.document import Block, Cell, Section, Table, Text
from regnet.report.sections.phrases import (
    MOST_LISTED,
    attractor_words,
    certainty,
    count,
    figures_of,
    name_of,
    readable,
)

MOST_LEVELS = 20
"""Components up to which a table spells out every attractor's levels beside the heat map."""


def attractor_section(project: Project, attractors: Sequence[Attractors]) -> Section:
    """Return tables and heat maps of attractors."""
    blocks: list[Block] = []
    for number, found in enumerate(attractors, start=1):
        suffix = "" if number == 1 else f"-{number}"
        scenario = found.origin.scenario
        blocks.append(Text(f"{name_of(found.origin)}: {describe_scenario(scenario)}", "lead"))
        sure = certainty(found.origin, found.complete, found.missing)
        blocks.append(Text(f"{attractor_words(found)}. {sure}"))
        shown = found.attractors[:MOST_LISTED]
        if shown:
            part = Attractors(origin=found.origin, attractors=shown, missing=found.missing)
            blocks.append(_attractor_table(part, len(found.attractors), suffix))
            blocks += _heatmaps(part, project.network, suffix)
    if project.phenotypes:
        rows = tuple(
            (p.name, readable(p.condition, project.network.tops) + _only(p.kind), p.note)
            for p in project.phenotypes
        )
        head = ("Phenotype", "Holds in all states of the attractor", "Note")
        blocks.append(Table(head, rows, (1.3, 2, 2)))
    return Section("attractors", "Attractors", tuple(blocks))


def attractors_section(found: Attractors, project: Project) -> Section:
    """Return tables and heat maps of the attractors of one scenario."""
    return attractor_section(project, [found])


def spaces_section(found: Spaces, project: Project) -> Section:
    """Return fixed points or trap spaces, a column for each component that differs."""
    sure = certainty(found.origin, found.complete, found.missing)
    given = describe_scenario(found.origin.scenario)
    blocks: list[Block] = [
        Text(f"{count(len(found.spaces), found.kind.removesuffix('s'))} ({given}). {sure}", "lead")
    ]
    rows = tuple(
        (f"S{number}", str(space) or "everything is free")
        for number, space in enumerate(found.spaces[:MOST_LISTED], start=1)
    )
    if rows:
        blocks.append(Table(("Space", "Levels"), rows, (0.6, 6)))
    if len(found.spaces) > len(rows):
        listed = f"Listed are {len(rows)} of {len(found.spaces):,}."
        blocks.append(Text(listed, "note"))
    kind = found.kind
    return Section(kind.replace(" ", "-"), kind[:1].upper() + kind[1:], tuple(blocks))


def _only(kind: str) -> str:
    words = {"fixed point": "fixed points", "cyclic": "cycles", "complex": "not fixed points"}
    return f" (only {words[kind]})" if kind else ""


def _attractor_table(found: Attractors, total: int, suffix: str) -> Table:
    conditional = any(a.condition for a in found.attractors)
    listed = len(found.origin.components) <= MOST_LEVELS  # the heat map has them all
    rows: list[tuple[Cell, ...]] = []
    for number, a in enumerate(found.attractors, start=1):
        given = (str(a.condition) if a.condition else "",) if conditional else ()
        states = f"{a.size:,}" if a.size is not None else "not counted"
        levels = ", ".join(
            f"{name}={level_text(levels)}" for name, levels in a.space.items() if levels[1] > 0
        )
        kind = a.kind.replace(" ", "\u00a0")
        last = (levels,) if listed else ()
        rows.append((f"A{number}", kind, states, *given, ", ".join(a.phenotypes), *last))
    caption = "Components that are not listed are at 0." if listed else ""
    if total > len(rows):
        caption = f"The first {len(rows)} of {total:,}; attractors{suffix}.csv has all. {caption}"
    inputs, levels_head = ("Inputs",) if conditional else (), ("Levels",) if listed else ()
    head = ("", "Kind", "States", *inputs, "Phenotypes", *levels_head)
    widths = (0.65, 1.1, 0.8, *((1.7,) if conditional else ()), 1.8, *((4.2,) if listed else ()))
    return Table(head, tuple(rows), widths, caption)


def _heatmaps(found: Attractors, network: LogicalNetwork, suffix: str) -> list[Block]:
    caption = "Levels in each attractor."
    if len(found.attractors) > 2 * MAX_ROWS:
        caption += f" The first {2 * MAX_ROWS} are drawn."
        found = replace(found, attractors=found.attractors[: 2 * MAX_ROWS])
    plain = attractor_heatmap(found, network, theme=LIGHT)
    adaptive = attractor_heatmap(found, network, theme=ADAPTIVE)
    return figures_of(f"attractors{suffix}", plain, adaptive, caption)
