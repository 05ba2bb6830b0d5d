"""The whole way from a network and a scenario to its answer, against a walk over every state."""

from __future__ import annotations

from itertools import product
from math import prod

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regnet.analysis.attractors import Attractors, cores, find_attractors
from regnet.analysis.trap_spaces import find_fixed_points, find_trap_spaces
from regnet.evidence import Phenotype
from regnet.network import Component, LogicalNetwork, Rule
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space
from tests.brute import Box, Brute, State, boxes_of
from tests.strategies import (
    boolean_networks,
    expressions,
    networks,
    oscillators,
    perturbations,
    starts,
)

MAA = LogicalNetwork(
    (
        Component("A", Rule.of("!A & !B | C")),
        Component("B", Rule.of("!A & !B | C")),
        Component("C", Rule.of("A & B")),
    )
)
"""The smallest network with an attractor outside its minimal trap spaces."""

Case = tuple[LogicalNetwork, Scenario]
Signature = tuple[str, int, Box]


@st.composite
def cases(draw: st.DrawFn, update: str, *, start: bool = False) -> Case:
    some = st.one_of(boolean_networks(6), networks(4, 2), networks(3, 3), oscillators(5))
    network = draw(some)
    begin = draw(starts(network)) if start else Space()
    perturbation = draw(perturbations(network))
    return network, Scenario("case", perturbation, begin, update)


def states_at_start(brute: Brute, scenario: Scenario) -> list[State] | None:
    begin = scenario.start_of(brute.network)
    return brute.within(begin) if begin else None


def attractors_of(brute: Brute, scenario: Scenario) -> list[frozenset[State] | tuple[State, ...]]:
    """Return the attractors as sets of states, or as cycles for synchronous updates."""
    begin = states_at_start(brute, scenario)
    if scenario.update == "asynchronous":
        return list(brute.asynchronous(begin))
    if scenario.update == "synchronous":
        return list(brute.synchronous(begin))
    if begin is None:
        boxes = brute.minimal_trap_spaces()
    else:
        boxes = set().union(*(brute.minimal_trap_spaces(box) for box in boxes_of(begin)))
    return [frozenset(product(*(range(a, b + 1) for a, b in box))) for box in boxes]


def kind_of(brute: Brute, scenario: Scenario, attractor: frozenset[State]) -> str:
    if len(attractor) == 1:
        return "fixed point"
    if scenario.update == "synchronous":
        return "cyclic"
    if scenario.update == "asynchronous" and brute.is_cyclic(attractor):
        return "cyclic"
    return "complex"


def check(case: Case, found: Attractors) -> None:
    """Hold an answer against every state.

    Each free input combination that an attractor covers has exactly one attractor of its kind,
    size and ranges, and no attractor is left over.
    """
    network, scenario = case
    brute = Brute(network, scenario.perturbation)
    perturbed = scenario.perturbation.apply(network)
    inputs = [brute.names.index(name) for name in perturbed.inputs]
    expected: dict[tuple[int, ...], list[Signature]] = {}
    for attractor in attractors_of(brute, scenario):
        levels = tuple(next(iter(attractor))[i] for i in inputs)
        signature = (kind_of(brute, scenario, attractor), len(attractor), brute.hull(attractor))
        expected.setdefault(levels, []).append(signature)
    claimed: dict[tuple[int, ...], int] = {}
    for attractor in found.attractors:
        assert tuple(attractor.condition) == perturbed.inputs
        covered = list(product(*(range(a, b + 1) for a, b in attractor.condition.values())))
        assert attractor.valuations == len(covered)
        assert set(attractor.space) == set(brute.names) == set(attractor.seed.fixed)
        own = brute.box(attractor.space)
        free = {*inputs, *(brute.names.index(name) for name in attractor.follows)}
        seen = []
        for levels in covered:
            claimed[levels] = claimed.get(levels, 0) + 1
            fits = [
                box
                for kind, size, box in expected.get(levels, [])
                if kind == attractor.kind
                and size == attractor.size
                and all(i in free or box[i] == own[i] for i in range(len(own)))
            ]
            assert fits, f"no attractor {attractor} with inputs {levels}"
            seen.extend(fits)
        if len(seen) == len(covered):
            for i in free:
                ends = (min(box[i][0] for box in seen), max(box[i][1] for box in seen))
                assert own[i] == ends
        seed = tuple(attractor.seed.fixed[name] for name in brute.names)
        assert seed in {min(a) for a in attractors_of(brute, scenario)}
    assert claimed == {levels: len(signatures) for levels, signatures in expected.items()}
    assert found.count == sum(map(len, expected.values()))


def is_complete(found: Attractors) -> bool:
    assert found.complete is (found.missing == "") is (found.origin.guarantee == "exact")
    return found.complete


@pytest.mark.parametrize("update", ["asynchronous", "synchronous", "most-permissive"])
@given(data=st.data())
@example(data=None)
def test_that_attractors_from_anywhere_are_exact(update: str, data: st.DataObject | None):
    case = data.draw(cases(update)) if data else (MAA, Scenario(update=update))
    found = find_attractors(*case)
    assert is_complete(found)
    check(case, found)


@pytest.mark.parametrize("update", ["asynchronous", "synchronous"])
@given(data=st.data())
def test_that_attractors_from_a_start_are_exact(update: str, data: st.DataObject):
    case = data.draw(cases(update, start=True))
    found = find_attractors(*case)
    assert is_complete(found)
    check(case, found)


@given(cases("most-permissive", start=True))
def test_that_most_permissive_attractors_from_a_start_miss_nothing(case: Case):
    found = find_attractors(*case)
    if is_complete(found):
        check(case, found)
    else:
        brute = Brute(case[0], case[1].perturbation)
        assert found.count >= len(attractors_of(brute, case[1]))


@pytest.mark.parametrize("start", [False, True])
@given(data=st.data())
def test_that_proofs_on_large_parts_are_exact(start: bool, data: st.DataObject):
    """Every part counts as large here, so trap spaces and certificates decide."""
    case = data.draw(cases("asynchronous", start=start))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cores, "ENUMERATED_VARIABLES", 0)
        found = find_attractors(*case)
    if not start:
        assert is_complete(found)
    if found.complete:
        check(case, found)


@pytest.mark.parametrize(
    ("update", "engine"),
    [
        ("asynchronous", "explicit"),
        ("asynchronous", "bdd"),
        ("synchronous", "explicit"),
        ("synchronous", "sat"),
        ("most-permissive", "asp"),
        ("most-permissive", "primes"),
    ],
)
@settings(max_examples=5)
@given(data=st.data())
def test_that_the_chosen_engine_gives_the_same(update: str, engine: str, data: st.DataObject):
    case = data.draw(cases(update))
    found = find_attractors(*case, engine=engine)
    assert found.complete
    assert found.origin.engine in (engine, "reduction")
    check(case, found)


@given(cases("asynchronous"), st.data())
def test_that_phenotypes_hold_in_all_states_of_their_attractors(case: Case, data: st.DataObject):
    network, scenario = case
    conditions = expressions(network.tops)
    phenotypes = [Phenotype("one", data.draw(conditions)), Phenotype("two", data.draw(conditions))]
    found = find_attractors(network, scenario, phenotypes=phenotypes)
    brute = Brute(network, scenario.perturbation)
    check(case, found)
    from regnet.logic import evaluate

    for phenotype in phenotypes:
        expected = sum(
            all(evaluate(phenotype.condition, dict(zip(brute.names, s, strict=True))) for s in a)
            for a in brute.asynchronous()
        )
        counted = sum(a.valuations for a in found.attractors if phenotype.name in a.phenotypes)
        assert counted == expected


@given(cases("asynchronous"))
def test_that_fixed_points_are_all_there(case: Case):
    found = find_fixed_points(*case)
    brute = Brute(case[0], case[1].perturbation)
    boxes = [brute.box(space) for space in found.spaces]
    assert found.complete
    assert all(len(space) == len(brute.names) for space in found.spaces)
    assert sorted(boxes) == sorted(boxes_of(brute.fixed_points()))


@given(cases("asynchronous"))
def test_that_minimal_trap_spaces_are_all_there(case: Case):
    found = find_trap_spaces(*case)
    brute = Brute(case[0], case[1].perturbation)
    assert found.complete
    assert sorted(map(brute.box, found.spaces)) == sorted(brute.minimal_trap_spaces())


@pytest.mark.parametrize("update", ["asynchronous", "synchronous", "most-permissive"])
@settings(max_examples=12)
@given(data=st.data())
def test_that_from_a_start_only_what_is_reached_is_listed(update: str, data: st.DataObject):
    case = data.draw(cases(update, start=True))
    brute = Brute(case[0], case[1].perturbation)
    reached = [set(attractor) for attractor in attractors_of(brute, case[1])]
    points, spaces = find_fixed_points(*case), find_trap_spaces(*case)
    fixed = {next(iter(states)) for states in reached if len(states) == 1}
    fixed &= brute.fixed_points()
    minimal = {
        box
        for box in brute.minimal_trap_spaces()
        if any(states <= set(brute.within(as_space(brute, box))) for states in reached)
    }
    for found, expected in ((points, set(boxes_of(fixed))), (spaces, minimal)):
        boxes = [brute.box(space) for space in found.spaces]
        assert len(boxes) == len(set(boxes))
        assert found.complete is (found.missing == "")
        if found.complete:
            assert set(boxes) == expected
        else:
            assert update == "most-permissive"
            assert set(boxes) <= expected
        assert find_attractors(*case).at_least <= len(reached)


def as_space(brute: Brute, box: Box) -> Space:
    return Space(dict(zip(brute.names, box, strict=True)))


@given(st.one_of(boolean_networks(4), networks(3, 2)), st.data())
def test_that_maximal_trap_spaces_are_all_there(network: LogicalNetwork, data: st.DataObject):
    scenario = Scenario(perturbation=data.draw(perturbations(network)))
    found = find_trap_spaces(network, scenario, maximal=True)
    brute = Brute(network, scenario.perturbation)
    assert found.complete
    assert sorted(map(brute.box, found.spaces)) == sorted(brute.maximal_trap_spaces())


@given(cases("asynchronous"))
def test_that_a_limit_gives_right_but_fewer_answers(case: Case):
    every = find_attractors(*case)
    first = find_attractors(*case, limit=1)
    assert len(first.attractors) == 1
    assert first.complete is (len(every.attractors) == 1)
    assert first.attractors[0] in every.attractors


def test_that_a_perturbation_acts_as_it_does_by_hand():
    """The oracle clamps and cuts without `Perturbation.apply`; this pins what it does itself."""
    network = LogicalNetwork((Component("A", top=2), Component("B", Rule.of("A:2"))))
    brute = Brute(network, Perturbation(Space({"A": (0, 1)})))
    assert brute.fixed_points() == {(0, 0), (1, 0)}
    assert brute.next((2, 0)) == (1, 1)
    assert prod(len(a) for a in brute.asynchronous()) == 1
