"""Texts about comparisons: what was changed, and the effect on attractors, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING

from regnet.network import LogicalNetwork
from regnet.scenario import Scenario
from regnet.space import Range, Space

if TYPE_CHECKING:
    from regnet.analysis.compare import Comparison, Pair


def describe_change(network: LogicalNetwork, before: Scenario, after: Scenario) -> str:
    """Return the changes of the second scenario against the first, in words.

    >>> from regnet.network import Component, Rule
    >>> from regnet.scenario import Perturbation
    >>> network = LogicalNetwork((Component("A"), Component("B", Rule.of("A"))))
    >>> knock_out = Scenario("B off", Perturbation(Space({"B": 0})))
    >>> describe_change(network, Scenario(), knock_out)
    'Knocking out B'
    >>> describe_change(network, knock_out, Scenario())
    'From B off to unperturbed with A open'
    """
    old, new = before.perturbation, after.perturbation
    clamps = {n: r for n, r in new.clamps.items() if n not in old.clamps}
    cuts = sorted(new.cuts - old.cuts)
    only_more = (
        all(new.clamps.get(n) == r for n, r in old.clamps.items())
        and old.cuts <= new.cuts
        and before.start.without(*clamps) == after.start.without(*clamps)
        and before.update == after.update
    )
    if not only_more or not 0 < len(clamps) + len(cuts) <= _MOST_DEEDS:
        return f"From {_name(network, before)} to {_name(network, after)}"
    deeds = [_deed(network, name, levels) for name, levels in clamps.items()]
    text = _listed([*deeds, *(f"cutting {c.source} → {c.target}" for c in cuts)])
    return text[:1].upper() + text[1:]


def _name(network: LogicalNetwork, scenario: Scenario) -> str:
    title = scenario.title(scenario.open_inputs(network))
    return title if scenario.name or scenario.perturbation else title.replace("wild", "the wild")


_MOST_DEEDS = 3  # more are only counted
_MOST_FATES = 4


def _deed(network: LogicalNetwork, name: str, levels: Range) -> str:
    low, high = levels
    if low != high:
        return f"keeping {name} at {low} to {high}"
    if network[name].is_input:
        return f"setting {name} to {low}"
    return f"holding {name} at {low}" if low else f"knocking out {name}"


def sentence(network: LogicalNetwork, found: Comparison) -> str:
    """Return the effect of the second scenario of a comparison."""
    before, after = found.before.origin.scenario, found.after.origin.scenario
    opening = describe_change(network, before, after)
    if found.common:
        opening += f", where {', '.join(str(found.common).split())}"
    same, total = len(found.of_kind("same")), len(found.pairs)
    is_whole = found.before.complete and found.after.complete
    if not total and not is_whole:
        return f"{opening}: no attractors were found that could be compared."
    if not total:
        said = ["no input condition is allowed by both"]
    elif same == total:
        said = ["nothing changes"]
    else:
        said = [*_fates(found), *_shifts(found)]
        if same:
            said.append(f"{same} {'is unchanged' if same == 1 else 'are unchanged'}")
    text = f"{opening}: {'; '.join(said)}."
    if not is_whole:
        text += " This holds for the attractors found: what seems lost or gained may be missing."
    if before.update != after.update:
        text += f" The two are updated differently ({before.update}, {after.update})."
    return text


def _fates(found: Comparison) -> list[str]:
    """Return which phenotypes are lost and gained, and how many attractors without one."""
    there = _presence(found)
    said = []
    for kind, side in (("lost", 0), ("gained", 1)):
        counts: dict[int, list[str]] = {}  # number of input conditions -> phenotypes
        for name, boxes in there[side].items():
            gone = boxes.keys() - there[1 - side].get(name, {}).keys()
            if gone:
                counts.setdefault(sum(boxes[box] for box in gone), []).append(name)
        parts = []
        for count, names in sorted(counts.items(), reverse=True)[:_MOST_FATES]:
            quoted = [f"“{name}”" for name in names[:_MOST_FATES]]
            if len(names) > _MOST_FATES:
                quoted.append(f"{len(names) - _MOST_FATES} more states")
            part = f"{_listed(quoted)} {'is' if len(names) == 1 else 'are'} {kind}"
            if count < found.valuations:
                each = " each" if len(names) > 1 else ""
                part += f" in {count:,} of {found.valuations:,} input conditions{each}"
            parts.append(part)
        told = {name for names in counts.values() for name in names}
        others = [
            pair for pair in found.of_kind(kind) if not told & set(phenotypes_of(found, pair))
        ]
        if others:
            more = " more" if parts else ""
            what = "attractor is" if len(others) == 1 else "attractors are"
            parts.append(f"{len(others)}{more} {what} {kind}")
        if parts:
            said.append(_listed(parts))
    return said


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _presence(found: Comparison) -> tuple[dict[str, dict[Space, int]], ...]:
    """Return for each answer the conditions under which each phenotype occurs."""
    there: tuple[dict[str, dict[Space, int]], ...] = ({}, {})
    for side, answer in enumerate((found.before, found.after)):
        for pair in found.pairs:
            row = (pair.before, pair.after)[side]
            for name in () if row is None else answer.attractors[row].phenotypes:
                for box in pair.conditions:
                    there[side].setdefault(name, {})[box] = prod(
                        high - low + 1 for low, high in box.values()
                    )
    return there


def changes(pair: Pair) -> list[str]:
    """Return what changes in a pair, such as ``Mass 0→2``, in the order of the network."""
    if pair.levels_before is None or pair.levels_after is None:
        return []
    return [
        f"{name} {_level(pair.levels_before[name])}→{_level(pair.levels_after[name])}"
        for name in pair.changed
        if name in pair.levels_before and name in pair.levels_after
    ]


def _level(levels: Range) -> str:
    low, high = levels
    return str(low) if low == high else f"{low}–{high}"


def phenotypes_of(found: Comparison, pair: Pair) -> tuple[str, ...]:
    """Return the phenotypes of a pair: those before, or those after of one that is gained."""
    if pair.before is not None:
        return found.before.attractors[pair.before].phenotypes
    assert pair.after is not None
    return found.after.attractors[pair.after].phenotypes


def _shifts(found: Comparison) -> list[str]:
    shifted = found.of_kind("shifted")
    if not shifted:
        return []
    if len(shifted) > _MOST_FATES - 2:
        return [f"{len(shifted)} are shifted"]
    parts = []
    for pair in shifted:
        name = ", ".join(phenotypes_of(found, pair))
        where = pair.changed if len(pair.changed) <= _MOST_DEEDS else ()
        how = f" in {_listed(where)}" if where else f" in {len(pair.changed)} components"
        parts.append(f"“{name}” is shifted{how}" if name else f"an attractor is shifted{how}")
    return parts
