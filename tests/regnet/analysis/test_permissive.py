"""What most-permissive updates reach, against a walk over their definition."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regnet.analysis.attractors import find_attractors
from regnet.analysis.query import query
from regnet.analysis.reachability import find_reachable
from regnet.boolean import encode
from regnet.errors import EngineError
from regnet.logic import evaluate
from regnet.network import Component, LogicalNetwork, Rule
from regnet.scenario import Scenario
from regnet.space import Space
from regnet.temporal import parse_query
from tests.strategies import boolean_networks, expressions, networks, perturbations, starts

Config = tuple[tuple[int, int, int], ...]
"""Of each component: the lowest and highest level it is read at, and where it is."""


def _drawn(network: LogicalNetwork, ranges: list[range]) -> list[set[tuple[int, int]]]:
    """Return of each component where it may be read and its target there."""
    names = network.names
    found: list[set[tuple[int, int]]] = [set() for _ in names]
    for levels in product(*ranges):
        state = dict(zip(names, levels, strict=True))
        for i, name in enumerate(names):
            if network[name].rule is not None:
                found[i].add((levels[i], network.target(name, state)))
    return found


def _walk(network: LogicalNetwork, start: tuple[int, ...]) -> set[tuple[int, ...]]:
    """Return the states at rest that are reached, by the definition alone."""
    first: Config = tuple((at, at, at) for at in start)
    known, todo = {first}, [first]
    while todo:
        here = todo.pop()
        drawn = _drawn(network, [range(low, high + 1) for low, high, _ in here])
        for i, (low, high, at) in enumerate(here):
            moves = [(at, at, at)]
            if any(read >= at and target > at for read, target in drawn[i]):
                moves.append((low, max(high, at + 1), at + 1))
            if any(read <= at and target < at for read, target in drawn[i]):
                moves.append((min(low, at - 1), high, at - 1))
            for move in moves:
                then = (*here[:i], move, *here[i + 1 :])
                if then not in known:
                    known.add(then)
                    todo.append(then)
    return {tuple(at for *_, at in c) for c in known if all(low == high for low, high, _ in c)}


def _begin(network: LogicalNetwork, scenario: Scenario) -> list[range]:
    begin = scenario.start_of(network) or scenario.perturbation.clamps
    ranges = (begin.get(c.name, (0, c.top)) for c in network.components)
    return [range(low, high + 1) for low, high in ranges]


@settings(max_examples=60)
@given(st.data())
def test_that_it_agrees_with_a_walk_over_the_definition(data: st.DataObject) -> None:
    network = data.draw(st.one_of(boolean_networks(4), networks(3, 2), networks(2, 3)))
    scenario = Scenario(
        "case", data.draw(perturbations(network)), data.draw(starts(network)), "most-permissive"
    )
    condition = data.draw(expressions(network.tops, max_leaves=4))
    moved = scenario.perturbation.apply(network)
    starting = list(product(*_begin(network, scenario)))
    reached = set().union(*(_walk(moved, start) for start in starting))
    names = network.names
    wanted = {s for s in reached if evaluate(condition, dict(zip(names, s, strict=True)))}
    found = find_reachable(network, scenario, condition)
    assert found.holds is bool(wanted)
    if not wanted:
        assert found.path is None
        return
    path = found.path or ()
    assert tuple(path[0].fixed[name] for name in names) in starting
    for before, after in pairwise(path):
        (name,) = [n for n in names if before[n] != after[n]]
        (low, high), (down, up) = before[name], after[name]
        if down == up:
            assert low <= down <= high  # it comes to rest
        else:
            ranges = [range(before[n][0], before[n][1] + 1) for n in names]
            drawn = _drawn(moved, ranges)[names.index(name)]
            if (down, up) == (low, high + 1):
                assert any(read == high and target > high for read, target in drawn)
            else:
                assert (down, up) == (low - 1, high)
                assert any(read == low and target < low for read, target in drawn)
    last = [range(path[-1][n][0], path[-1][n][1] + 1) for n in names]
    assert all(evaluate(condition, dict(zip(names, s, strict=True))) for s in product(*last))


@settings(max_examples=40)
@given(st.data())
def test_that_attractors_decide_what_can_be_met_for_ever(data: st.DataObject) -> None:
    network = data.draw(st.one_of(boolean_networks(4, inputs=False), networks(2, 2, inputs=False)))
    start = {c.name: data.draw(st.integers(0, c.top)) for c in network.components}
    condition = data.draw(expressions(network.tops, max_leaves=3))
    scenario = Scenario(start=Space(start), update="most-permissive")
    after = {s: _walk(network, s) for s in _walk(network, tuple(start.values()))}
    having = {s for s in after if evaluate(condition, dict(zip(network.names, s, strict=True)))}
    truth = {
        "EF": bool(having),
        "AG": having == after.keys(),
        "AG EF": all(then & having for then in after.values()),
        "EF AG": any(then <= having for then in after.values()),
        "AG EF AG": all(any(after[t] <= having for t in then) for then in after.values()),
    }
    for ops, holds in truth.items():
        asked = parse_query(f"{ops} ({condition})", network)
        assert query(network, scenario, asked).holds is holds, ops
        assert query(network, scenario, parse_query(f"!{ops} ({condition})", network)).holds is (
            not holds
        )


@given(networks(3, 3, inputs=False), st.data())
def test_that_attractors_are_what_can_be_reached_again(
    network: LogicalNetwork, data: st.DataObject
) -> None:
    start = tuple(data.draw(st.integers(0, c.top)) for c in network.components)
    reached = _walk(network, start)
    again = {s: _walk(network, s) for s in reached}
    ends = {frozenset(then) for then in again.values() if all(again[t] == then for t in then)}
    scenario = Scenario(
        start=Space(dict(zip(network.names, start, strict=True))), update="most-permissive"
    )
    found = find_attractors(network, scenario).attractors
    ours = {
        frozenset(product(*(range(a.space[n][0], a.space[n][1] + 1) for n in network.names)))
        for a in found
    }
    assert ours == ends


def test_that_it_answers_where_steps_cannot() -> None:
    """The example of Pauleve et al.: 3 needs 1 while 2 is on, and 2 follows 1 being off."""
    rules = {"X": "1", "Y": "X", "Z": "!X & Y | Z"}
    network = LogicalNetwork(tuple(Component(n, Rule.of(r)) for n, r in rules.items()))
    start, goal = Space({"X": 0, "Y": 0, "Z": 0}), network.parse("X & Y & Z")
    assert find_reachable(network, Scenario(start=start), goal).holds is False
    found = find_reachable(network, Scenario(start=start, update="most-permissive"), goal)
    assert found.holds
    assert [str(s) for s in found.path or ()] == [
        "X=0 Y=0 Z=0",
        "X=0..1 Y=0 Z=0",
        "X=0..1 Y=0..1 Z=0",
        "X=0..1 Y=0..1 Z=0..1",
        "X=1 Y=0..1 Z=0..1",
        "X=1 Y=1 Z=0..1",
        "X=1 Y=1 Z=1",
    ]


def test_that_formulas_about_single_steps_are_refused() -> None:
    network = LogicalNetwork((Component("A", Rule.of("!A")),))
    scenario = Scenario(update="most-permissive")
    for text in ("AF A", "EX A", "E[A U !A]", "EF A & EF !A", "EF EG A", "A"):
        with pytest.raises(EngineError, match="no single steps"):
            query(network, scenario, parse_query(text, network))


def test_that_several_starts_are_left_open_where_they_may_differ() -> None:
    network = LogicalNetwork((Component("A", Rule.of("A")), Component("B", Rule.of("A"))))
    scenario = Scenario(update="most-permissive")
    found = query(network, scenario, parse_query("EF B", network))
    assert found.holds is None
    assert "--start" in found.argument


def test_that_many_levels_and_places_are_quick() -> None:
    """A ladder of 400 components with three levels each is gone through in one walk."""
    names = [f"X{i}" for i in range(400)]
    rules = [Rule.parse({2: "1"})] + [
        Rule.parse({2: f"{name}:2", 1: name}, {name: 2}) for name in names[:-1]
    ]
    network = LogicalNetwork(
        tuple(Component(n, rule, top=2) for n, rule in zip(names, rules, strict=True))
    )
    start = Space(dict.fromkeys(names, 0))
    scenario = Scenario(start=start, update="most-permissive")
    found = find_reachable(network, scenario, network.parse("X399:2 & !X398"))
    assert found.holds
    assert find_reachable(network, scenario, network.parse("X399:2 & !X0")).holds is False
    assert encode(network).network.order == tuple(range(800))
    assert len(found.path or ()) == 1 + 800 + 2
