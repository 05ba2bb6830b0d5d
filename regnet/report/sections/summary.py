"""The first page: what was found, and the comparisons of the project."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from regnet.analysis import found_words
from regnet.analysis.attractors import Attractors
from regnet.analysis.check import Confrontation
from regnet.analysis.conditions import Conditions
from regnet.analysis.screen import Screen
from regnet.analysis.simulate.clock import first_words
from regnet.analysis.structure import Structure
from regnet.evidence import EXPERIMENT_KINDS, ScenarioTable
from regnet.figures.theme import level_step, level_text
from regnet.network import Component, LogicalNetwork
from regnet.project import Project
from regnet.rates import time_words
from regnet.records.check import verdicts_by_kind
from regnet.report.document import Block, Cell, Facts, Level, Section, Table, Text
from regnet.report.sections.phrases import (
    attractor_words,
    basis_of_several,
    basis_words,
    count,
    inputs_of,
    readable,
    screen_words,
    shown_comparisons,
)
from regnet.space import Range
from regnet.version import CITATION

MOST_DEEDS = 4
"""What is done in a scenario is counted on the first page where it is more than this."""

MOST_TIMES = 2
"""Conditions whose first times stand on the first page."""


def summary(
    project: Project,
    attractors: Sequence[Attractors],
    screen: Screen | None,
    comparisons: Sequence[Attractors],
    structure: Structure,
    further: Sequence[Any] = (),
    *,
    author: str = "",
    date: str = "",
) -> Section:
    """Return what a reader should know after one page."""
    network = project.network
    blocks: list[Block] = []
    by_scenario = {found.origin.scenario.name: found for found in comparisons}
    timed = next((found for found in further if isinstance(found, Conditions)), None)
    for comparison in shown_comparisons(project):
        answers = [by_scenario[name] for name in comparison.scenarios if name in by_scenario]
        if len(answers) == len(comparison.scenarios):
            blocks += _comparison(comparison, answers, timed, network)
    for found in further:
        if isinstance(found, Confrontation) and found.verdicts:
            blocks += _evidence(found)
    blocks.append(Text(basis_counts(project)))
    counts = f"{count(len(network), 'component')}, {count(len(structure.edges), 'edge')}"
    items: list[tuple[str, Cell]] = [("Model", f"{counts}, {inputs_of(network)}")]
    for found in attractors:
        items.append((f"Attractors, {found.origin.title}", attractor_words(found)))
    if screen is not None:
        items.append(("Screen", screen_words(screen)))
    made = [part for part in (author, date) if part]
    if made:
        items.append(("Report", ", ".join(made)))
    model = project.source or project.title or network.name
    items.append(("To cite", f"{model}\n{CITATION}" if model else CITATION))
    licence = f"; licence {project.licence}" if project.licence else ""
    items.append(("Version", f"model digest {network.digest}{licence}"))
    return Section("summary", "Summary", (*blocks, Facts(tuple(items))))


def _evidence(found: Confrontation) -> list[Block]:
    """Return how many experiments of each kind come out as expected: what was seen apart."""
    told = (
        f"{count(len(found.verdicts), 'experiment')}, counted by what they rest on: what was seen "
        f"is not added up with what is predicted or required. {found.missing}"
    )
    rows = []
    for kind, (held, total) in verdicts_by_kind(found.verdicts).items():
        own = [v for v in found.verdicts if v.experiment.kind == kind]
        wrong = [v.experiment.id for v in own if v.as_expected is not True]
        means = EXPERIMENT_KINDS.get(kind, "the model does not say what it rests on")
        rows.append((kind or "no kind", means, f"{held} of {total}", ", ".join(wrong) or "none"))
    head = ("Kind", "What it is", "As expected", "Not as expected, or open")
    caption = "Experiments by what they rest on."
    table = Table(head, tuple(rows), (1.2, 4, 1.1, 1.8), caption, basis_words(found))
    return [Text(told.strip(), see=("experiments",)), table]


def basis_counts(project: Project) -> str:
    """Return how much of a model is assumed, in a sentence."""
    network = project.network
    groups: list[tuple[str, Sequence[Any]]] = [
        ("edge", network.claims),
        ("component", network.components),
        ("rate", [r for rates in project.rate_sets[:1] for r in rates.classes]),
    ]
    known = [(noun, own) for noun, own in groups if any(one.kind for one in own)]
    if not known:
        return "The model file does not say what its rules rest on."
    assumed = [
        f"{sum(one.kind == 'assumption' for one in own):,} of {count(len(own), noun)}"
        for noun, own in known
    ]
    low = [
        count(number, noun)
        for noun, own in known
        if (number := sum(getattr(one, "confidence", "") == "low" for one in own))
    ]
    words = f"Assumed are {', '.join(assumed)}"
    return f"{words}; of low confidence {', '.join(low)}." if low else f"{words}."


def _comparison(
    comparison: ScenarioTable,
    answers: Sequence[Attractors],
    timed: Conditions | None,
    network: LogicalNetwork,
) -> list[Block]:
    labels = comparison.labels or comparison.readouts
    columns = [[_taken(found, name) for found in answers] for name in comparison.readouts]
    sentences = [
        sentence
        for label, taken in zip(labels, columns, strict=True)
        if (sentence := _course(label, taken, comparison.scenarios))
    ]
    sentences.sort(key=lambda s: "on both sides" not in s)
    blocks: list[Block] = [Text(" ".join(sentences) or f"{comparison.title}.", "lead")]
    own = {} if timed is None else {
        one.courses.origin.scenario.name: one for one in timed.conditions if not one.variant
    }  # fmt: skip
    first = (
        ()
        if timed is None or not own.keys() & {*comparison.scenarios}
        else timed.first[:MOST_TIMES]
    )
    head = [name if name == label else f"{label}\n({name})"
            for name, label in zip(comparison.readouts, labels, strict=True)]  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    common = set.intersection(*(set(_deeds(found)) for found in answers))
    for position, found in enumerate(answers):
        levels = [
            _level_cell(network[name], taken[position])
            for name, taken in zip(comparison.readouts, columns, strict=True)
        ]
        phenotypes = dict.fromkeys(p for a in found.attractors for p in a.phenotypes)
        own_deeds = [deed for deed in _deeds(found) if deed not in common]
        is_short = len(own_deeds) <= MOST_DEEDS
        deeds = " ".join(own_deeds) if is_short else f"{len(own_deeds):,} changes"
        name = found.origin.scenario.name
        what = f"{name}\n{deeds}".strip()
        ends = ", ".join(phenotypes) or found_words(
            len(found.attractors), "attractor", found.missing
        )
        firsts = own[name].firsts if name in own else ()
        times = [first_words(one).replace(" (", "\n(") for one in firsts[:MOST_TIMES]] or [
            ""
        ] * len(first)
        rows.append((what, *levels, ends, *times))
    caption = f"{comparison.title.rstrip('.')}. {comparison.note}".strip()
    if not all(found.complete for found in answers):
        caption += " Not every list of attractors is complete."
    if timed is not None and first:
        caption += f" Mean first times in {time_words(timed.unit)}, with {timed.rates}."
    heads = [f"First {readable(condition, network.tops)}" for condition in first]
    widths = (2.0, *(1.45 for _ in levels), 1.7, *(1.2 for _ in first))
    table = Table(
        ("Scenario", *head, "Ends as", *heads), tuple(rows), widths, caption,
        basis_of_several([*answers, *(own[n].courses for n in comparison.scenarios if n in own)]),
    )  # fmt: skip
    return [*blocks, table]


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
