"""The attractors, as tables and heat maps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from regnet.analysis import found_words
from regnet.analysis.attractors import Attractor, Attractors
from regnet.analysis.trap_spaces import Spaces
from regnet.figures.heatmap import MAX_COLUMNS, MAX_ROWS, attractor_heatmap, size_words
from regnet.figures.theme import ADAPTIVE, LIGHT, level_text
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.records import describe_scenario
from regnet.report.document import Block, Cell, Section, Table, Text
from regnet.report.sections.phrases import (
    MOST_LISTED,
    attractor_words,
    based,
    basis_of_several,
    certainty,
    count,
    figures_of,
    filled,
    name_of,
    readable,
    shown_comparisons,
)
from regnet.space import Space

METHODS = {
    "attractors": "An attractor is a smallest set of states that the network never leaves: a fixed "
    "point, or states that it keeps running through. Where what is left after exact reduction is "
    "small, all its states were examined. Else asynchronous attractors are the minimal trap "
    "spaces (Klarner et al. 2015), with a proof that each holds one attractor and that there is no "
    "other, or a symbolic search where there is no such proof. Free inputs keep their level, and "
    "all their combinations were asked at once.",
    "fixed-points": "A fixed point is a state in which no component moves.",
    "trap-spaces": "A trap space is a set of levels that the network never leaves, whatever the "
    "update (Klarner et al. 2015).",
}
"""Question -> how it is answered, for the methods of a report."""

MOST_TOLD = 8
"""Attractors of a scenario that a table of scenarios tells one by one."""

MOST_LEVELS = 20
"""Components up to which a table of scenarios spells out the levels in each attractor."""


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
            drawn = _heatmaps(part, project.network, suffix)
            table = _attractor_table(part, len(found.attractors), suffix, project.network.tops)
            blocks += based([table, *drawn], found)
    return Section("attractors", "Attractors", tuple(blocks))


def outcome_section(project: Project, answers: Sequence[Attractors]) -> Section:
    """Return where each scenario of the model ends, a row for each attractor."""
    network = project.network
    is_small = len(network) <= MOST_LEVELS
    read = [name for c in shown_comparisons(project) for name in c.readouts]
    names = set(network.names if is_small else read)
    rows: list[tuple[Cell, ...]] = []
    for found in answers:
        name = found.origin.scenario.name
        alike = Counter(
            (_kind(a), _states(a), ", ".join(a.phenotypes), _levels(a, names))
            for a in found.attractors
        )
        for (kind, *rest), times in list(alike.items())[:MOST_TOLD]:
            rows.append((name, f"{kind} ×{times}" if times > 1 else kind, *rest))
            name = ""
        if (more := sum(list(alike.values())[MOST_TOLD:])) > 0:
            rows.append(("", f"{more:,} more", "", "", ""))
        if not found.attractors:
            rows.append((name, found_words(0, "attractor", found.missing), "", "", ""))
    number = sum(len(found.attractors) for found in answers)
    are = "is" if number == 1 else "are"
    sure = dict.fromkeys(certainty(f.origin, f.complete, f.missing) for f in answers)
    text = (
        f"In {count(len(answers), 'scenario')} of the model {count(number, 'attractor')} {are} "
        f"reached. {' '.join(sure)}"
    )
    caption = "Attractors that are reached in each scenario of the model."
    if is_small:
        caption += " Components that are not listed are at 0."
    elif names:
        caption += f" Levels of {', '.join(dict.fromkeys(read))}, where they are not 0; ×2 stands "
        caption += "for two attractors that are alike in these."
    if len(rows) > MOST_LISTED:
        caption += f" The first {MOST_LISTED} of {len(rows):,}; the data files have all."
    head = ("Scenario", "Kind", "States", "Phenotypes", "Levels")
    shown = tuple(rows[:MOST_LISTED])
    basis = basis_of_several(answers)
    table = filled(Table(head, shown, (1.7, 1.0, 1.1, 1.7, 3.7), caption, basis))
    return Section(
        "outcomes", "Scenarios and where they end", (Text(text, see=("scenarios",)), table)
    )


def phenotype_section(project: Project) -> Section | None:
    """Return what the names of attractors mean."""
    if not project.phenotypes:
        return None
    rows = tuple(
        (p.name, readable(p.condition, project.network.tops) + _only(p.kind), p.note)
        for p in project.phenotypes
    )
    head = ("Phenotype", "Holds in all states of the attractor", "Note")
    text = "An attractor has the name of each phenotype whose condition holds in all its states."
    table = filled(Table(head, rows, (1.3, 2, 2), "Phenotypes of the model."))
    return Section("phenotypes", "Phenotypes", (Text(text), table))


def attractors_section(found: Attractors, project: Project) -> Section:
    """Return tables and heat maps of the attractors of one scenario."""
    return attractor_section(project, [found])


def spaces_section(found: Spaces, project: Project) -> Section:
    """Return fixed points or trap spaces, a column for each component that differs."""
    kind = found.kind
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
        caption = f"{kind[:1].upper()}{kind[1:]}."
        blocks.append(Table(("Space", "Levels"), rows, (0.6, 6), caption))
    if len(found.spaces) > len(rows):
        listed = f"Listed are {len(rows)} of {len(found.spaces):,}."
        blocks.append(Text(listed, "note"))
    return Section(kind.replace(" ", "-"), kind[:1].upper() + kind[1:], tuple(blocks))


def _only(kind: str) -> str:
    words = {"fixed point": "fixed points", "cyclic": "cycles", "complex": "not fixed points"}
    return f" (only {words[kind]})" if kind else ""


def _attractor_table(found: Attractors, total: int, suffix: str, tops: Mapping[str, int]) -> Table:
    conditional = any(a.condition for a in found.attractors)
    rows: list[tuple[Cell, ...]] = []
    for number, a in enumerate(found.attractors, start=1):
        given = (_given(a, tops),) if conditional else ()
        rows.append((f"A{number}", _kind(a), _states(a), *given, ", ".join(a.phenotypes)))
    caption = "Attractors by kind, with their phenotypes."
    if total > len(rows):
        caption += f" The first {len(rows)} of {total:,}; attractors{suffix}.csv has all."
    head = ("", "Kind", "States", *(("Inputs",) if conditional else ()), "Phenotypes")
    widths = (0.6, 1.0, 1.1, *((3.0,) if conditional else ()), 2.4)
    return filled(Table(head, tuple(rows), widths, caption))


def _given(a: Attractor, tops: Mapping[str, int]) -> str:
    """Return for which inputs an attractor exists, without those that may be anything."""
    told = {n: span for n, span in a.condition.items() if span != (0, tops[n])}
    return str(Space(told)) if told or not a.condition else "any"


def _kind(a: Attractor) -> str:
    return a.kind.replace(" ", "\u00a0")


def _states(a: Attractor) -> str:
    return size_words(a.size).replace(" ", "\u00a0") if a.size is not None else "not counted"


def _levels(a: Attractor, names: Collection[str]) -> str:
    above = [
        f"{name}={level_text(span)}"
        for name, span in a.space.items()
        if name in names and span[1] > 0
    ]
    return ", ".join(above) or ("all at 0" if names else "")


def _heatmaps(found: Attractors, network: LogicalNetwork, suffix: str) -> list[Block]:
    caption = "Levels in each attractor."
    most = 2 * MAX_ROWS if len(network) <= 2 * MAX_COLUMNS else MAX_ROWS
    if len(found.attractors) > most:
        caption += f" The first {most} are drawn."
        found = replace(found, attractors=found.attractors[:most])
    plain = attractor_heatmap(found, network, theme=LIGHT)
    adaptive = attractor_heatmap(found, network, theme=ADAPTIVE)
    return figures_of(f"attractors{suffix}", plain, adaptive, caption)
