"""The first page: what was found, and the comparisons of the project."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from regnet.analysis.attractors import Attractors
from regnet.analysis.check import Confrontation
from regnet.analysis.screen import Screen
from regnet.analysis.structure import Structure
from regnet.evidence import Comparison
from regnet.figures import (
    level_step,
    level_text,
)
from regnet.network import Component, LogicalNetwork
from regnet.project import Project
from regnet.records.check import experiments_in_words
from regnet.report.document import Block, Cell, Facts, Level, Section, Table, Text
from regnet.report.sections.phrases import (
    attractor_words,
    count,
    inputs_of,
    name_of,
    screen_words,
)
from regnet.space import Range


def summary(
    project: Project,
    attractors: Sequence[Attractors],
    screen: Screen | None,
    comparisons: Sequence[Attractors],
    structure: Structure,
    further: Sequence[Any] = (),
) -> Section:
    """Return what a reader should know after one page."""
    network = project.network
    blocks: list[Block] = []
    by_scenario = {found.origin.scenario.name: found for found in comparisons}
    for comparison in project.comparisons:
        answers = [by_scenario[name] for name in comparison.scenarios if name in by_scenario]
        if len(answers) == len(comparison.scenarios):
            blocks += _comparison(comparison, answers, network)
    counts = f"{count(len(network), 'component')}, {count(len(structure.edges), 'edge')}"
    items: list[tuple[str, Cell]] = [("Model", f"{counts}, {inputs_of(network)}")]
    for found in attractors:
        items.append((f"Attractors, {name_of(found.origin)}", attractor_words(found)))
    if screen is not None:
        items.append(("Screen", screen_words(screen)))
    for found in further:
        if isinstance(found, Confrontation):
            words = experiments_in_words(found.verdicts)
            failed = ", ".join(verdict.experiment.id for verdict in found.failed)
            told = f"{words[:1].upper()}{words[1:]}."
            if failed:
                told += f" Not as expected: {failed}."
            items.append(("Experiments", f"{told} {found.missing}".strip()))
    if project.source:
        items.append(("Source", project.source))
    if project.licence:
        items.append(("Licence", project.licence))
    return Section("summary", "Summary", (*blocks, Facts(tuple(items))))


def _comparison(
    comparison: Comparison, answers: Sequence[Attractors], network: LogicalNetwork
) -> list[Block]:
    labels = comparison.labels or comparison.readouts
    columns = [[_taken(found, name) for found in answers] for name in comparison.readouts]
    sentences = [
        sentence
        for label, taken in zip(labels, columns, strict=True)
        if (sentence := _course(label, taken, comparison.scenarios))
    ]
    sentences.sort(key=lambda s: "on both sides" not in s)
    blocks: list[Block] = [Text(comparison.title, "lead")]
    if sentences:
        blocks.append(Text(" ".join(sentences)))
    head = [name if name == label else f"{label} ({name})"
            for name, label in zip(comparison.readouts, labels, strict=True)]  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    common = set.intersection(*(set(_deeds(found)) for found in answers))
    for position, found in enumerate(answers):
        levels = [
            _level_cell(network[name], taken[position])
            for name, taken in zip(comparison.readouts, columns, strict=True)
        ]
        phenotypes = dict.fromkeys(p for a in found.attractors for p in a.phenotypes)
        own = " ".join(deed for deed in _deeds(found) if deed not in common)
        what = f"{found.origin.scenario.name}\n{own}".strip()
        rows.append((what, *levels, ", ".join(phenotypes)))
    widths = (2.4, *(1.4 for _ in levels), 2.0)
    note = comparison.note
    if not all(found.complete for found in answers):
        note = f"{note} Not every list of attractors is complete.".strip()
    blocks.append(Table(("Scenario", *head, "Phenotypes"), tuple(rows), widths, note))
    return blocks


def _deeds(found: Attractors) -> list[str]:
    """Return what is done in a scenario, clamp by clamp and cut by cut."""
    done = found.origin.scenario.perturbation
    clamps = [f"{name}={level_text(levels)}" for name, levels in done.clamps.items()]
    return [*clamps, *(str(cut) for cut in sorted(done.cuts))]


def _taken(found: Attractors, name: str) -> list[Range]:
    """Return the levels or ranges that a component has in the attractors, lowest first."""
    return sorted({a.space[name] for a in found.attractors if name in a.space})


def _level_cell(component: Component, taken: Sequence[Range]) -> Cell:
    if not taken:
        return "?"
    text = " or ".join(level_text(levels) for levels in taken)
    if len(taken) > 1 or taken[0][0] != taken[0][1]:
        return Level(text, None, "" if len(taken) > 1 else "keeps changing")
    level = taken[0][0]
    meaning = component.meanings[level] if component.meanings else ""
    return Level(text, level_step(level, component.top), meaning)


def _course(label: str, taken: Sequence[Sequence[Range]], scenarios: Sequence[str]) -> str:
    """Return how a readout changed along a series of scenarios, in a sentence.

    In the past tense, which fits labels in the singular and the plural. Empty for fewer than
    three scenarios, or where a readout has no single level.
    """
    if len(taken) < 3 or any(len(t) != 1 or t[0][0] != t[0][1] for t in taken):
        return ""
    levels = [t[0][0] for t in taken]
    listed = ", ".join(map(str, levels))
    steps = [b - a for a, b in pairwise(levels) if b != a]
    what = label[:1].upper() + label[1:]
    if not steps:
        return f"{what} stayed at {levels[0]}."
    if all(s > 0 for s in steps):
        return f"{what} rose and never fell ({listed})."
    if all(s < 0 for s in steps):
        return f"{what} fell and never rose ({listed})."
    turns = sum((a > 0) != (b > 0) for a, b in pairwise(steps))
    if turns > 1:
        return f"{what} went up and down ({listed})."
    extreme = max(levels) if steps[0] > 0 else min(levels)
    where = " and ".join(s for s, v in zip(scenarios, levels, strict=True) if v == extreme)
    word, other = ("peaked", "lower") if steps[0] > 0 else ("dipped", "higher")
    return f"{what} {word} at {where}, {other} on both sides ({listed})."
