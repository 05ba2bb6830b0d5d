"""Reasons for one rule against a look at every combination of its regulators' levels."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regnet.analysis.explain import reasons
from regnet.analysis.explain.reasons import Target
from regnet.errors import EngineError
from regnet.network import Component, LogicalNetwork, Rule
from regnet.space import Range, Space
from tests.strategies import networks, states

Box = dict[str, Range]


@st.composite
def questions(draw: st.DrawFn) -> tuple[LogicalNetwork, str, Box]:
    """Draw a network, a component, and a state or (one in four) a space around one."""
    network = draw(networks(max_components=4, max_top=2))
    name = draw(st.sampled_from(network.names))
    state, other = draw(states(network)), draw(states(network))
    if draw(st.integers(0, 3)):
        other = state
    space = {n: (min(level, other[n]), max(level, other[n])) for n, level in state.items()}
    return network, name, space


def inside(space: Box) -> Iterator[dict[str, int]]:
    for levels in product(*(range(low, high + 1) for low, high in space.values())):
        yield dict(zip(space, levels, strict=True))


def targets(network: LogicalNetwork, name: str, space: Box) -> set[int]:
    return {network.target(name, state) for state in inside(space)}


def whole(network: LogicalNetwork, space: Space | Box) -> Box:
    return {n: space.get(n, (0, top)) for n, top in network.tops.items()}


def contains(outer: Box, inner: Box) -> bool:
    return all(outer[n][0] <= low and high <= outer[n][1] for n, (low, high) in inner.items())


@given(questions())
def test_that_reasons_are_all_the_largest_spaces_that_are_enough(
    question: tuple[LogicalNetwork, str, Box],
) -> None:
    network, name, space = question
    target = Target(network, name)
    low, high = target.range(space)
    assert {low, high} <= targets(network, name, space) <= set(range(low, high + 1))
    wanted = (low, low)
    enough = []
    for ranges in product(
        *([(a, b) for a in range(low_ + 1) for b in range(high_, network.tops[n] + 1)]
          for n, (low_, high_) in space.items())
    ):  # fmt: skip
        box = dict(zip(space, ranges, strict=True))
        if targets(network, name, box) <= {low}:
            enough.append(box)
    largest = [b for b in enough if not any(contains(o, b) and o != b for o in enough)]
    found = [whole(network, reason) for reason in target.reasons(space, wanted)]
    assert len(found) == len(largest)
    assert all(box in largest for box in found)
    assert target.complete


@given(questions())
def test_that_changes_are_all_the_smallest_that_turn_the_target(
    question: tuple[LogicalNetwork, str, Box],
) -> None:
    network, name, space = question
    target = Target(network, name)
    levels = target.range(space)
    away: list[dict[str, int]] = []
    for size in range(4):
        for names in combinations(space, size):
            for chosen in product(*(range(network.tops[n] + 1) for n in names)):
                change = dict(zip(names, chosen, strict=True))
                if any(space[n] == (level, level) for n, level in change.items()):
                    continue
                if any(smaller.items() <= change.items() for smaller in away):
                    continue
                after = {**space, **{n: (level, level) for n, level in change.items()}}
                if targets(network, name, after).isdisjoint(range(levels[0], levels[1] + 1)):
                    away.append(change)
    found = [change.fixed for change in target.changes(space, levels)]
    assert sorted(map(str, map(sorted, map(dict.items, found)))) == sorted(
        map(str, map(sorted, map(dict.items, away)))
    )


def test_that_a_cut_list_of_reasons_says_so_and_holds_only_reasons(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reasons, "MOST_REASONS", 3)
    names = [f"{letter}{i}" for i in range(4) for letter in "AB"]
    rule = Rule.of(" | ".join(f"A{i} & B{i}" for i in range(4)))
    network = LogicalNetwork((*map(Component, names), Component("X", rule)))
    target = Target(network, "X")
    off = dict.fromkeys(names, (0, 0))
    found = target.reasons(off, (0, 0))
    assert 0 < len(found) < 16
    assert not target.complete
    assert all(len(reason) == 4 and target.range(reason) == (0, 0) for reason in found)


def test_that_a_rule_with_too_many_regulators_is_refused() -> None:
    names = [f"A{i}" for i in range(reasons.MOST_REGULATORS + 1)]
    network = LogicalNetwork((*map(Component, names), Component("X", Rule.of(" & ".join(names)))))
    with pytest.raises(EngineError, match="too many"):
        Target(network, "X")
    Target(network, "A0")
