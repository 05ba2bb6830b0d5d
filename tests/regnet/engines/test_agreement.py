"""Every engine against the oracle that looks at every state, on random networks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from regnet.analysis.attractors import blocks
from regnet.analysis.attractors.certificate import certify
from regnet.boolean import BooleanNetwork, encode
from regnet.deadline import Deadline, OutOfTime
from regnet.engines import asp, bdd, explicit, primes, sat
from regnet.feedback import feedback_vertex_set
from regnet.network import Component, LogicalNetwork, Rule
from regnet.reduction import reduce
from regnet.scenario import Perturbation
from regnet.space import FREE
from tests.brute import Brute
from tests.regnet.engines.answers import box_of, start_of, state_of, states_of
from tests.strategies import boolean_networks, networks, perturbations

FOREVER = Deadline()
Case = tuple[LogicalNetwork, Perturbation]

MAA = LogicalNetwork(
    (
        Component("A", Rule.of("!A & !B | C")),
        Component("B", Rule.of("!A & !B | C")),
        Component("C", Rule.of("A & B")),
    )
)
"""The smallest network with an attractor outside its minimal trap spaces."""

PLAIN = (MAA, Perturbation())


@st.composite
def cases(draw: st.DrawFn, max_components: int = 4, max_top: int = 3) -> Case:
    boolean = draw(st.booleans())
    network = draw(boolean_networks(5) if boolean else networks(max_components, max_top))
    return network, draw(perturbations(network))


def encoded(case: Case, *, settled: bool = True):
    network, perturbation = case
    return encode(perturbation.apply(network), settled=settled), Brute(network, perturbation)


@given(cases())
@example(PLAIN)
def test_that_explicit_finds_the_asynchronous_attractors(case: Case):
    encoding, brute = encoded(case)
    found = list(explicit.asynchronous_attractors(encoding.network, deadline=FOREVER))
    sets = [states_of(encoding, brute, a.states) for a in found]
    assert len(sets) == len(set(sets))
    assert set(sets) == brute.asynchronous()
    for attractor, states in zip(found, sets, strict=True):
        assert attractor.size == len(states)
        assert attractor.cyclic == brute.is_cyclic(states)


@given(cases(), st.data())
def test_that_explicit_finds_the_attractors_reachable_from_a_state(case: Case, data: st.DataObject):
    encoding, brute = encoded(case, settled=False)
    state = data.draw(st.sampled_from(brute.states))
    start = start_of(encoding, brute, state)
    found = explicit.asynchronous_attractors(encoding.network, start, deadline=FOREVER)
    assert {states_of(encoding, brute, a.states) for a in found} == brute.asynchronous([state])


@pytest.mark.parametrize(
    "find", [explicit.synchronous_cycles, sat.synchronous_cycles, blocks.synchronous_cycles]
)
@given(case=cases())
@example(case=PLAIN)
def test_that_synchronous_cycles_are_found(
    find: Callable[..., Iterator[tuple[int, ...]]], case: Case
):
    encoding, brute = encoded(case)
    found = list(find(encoding.network, deadline=FOREVER))
    assert all(cycle[0] == min(cycle) for cycle in found)
    assert len(found) == len(set(found))
    states = {tuple(state_of(encoding, s) for s in cycle) for cycle in found}
    assert states == brute.synchronous()


@given(cases(), st.data())
def test_that_explicit_finds_the_cycles_that_a_state_leads_to(case: Case, data: st.DataObject):
    encoding, brute = encoded(case, settled=False)
    state = data.draw(st.sampled_from(brute.states))
    start = start_of(encoding, brute, state)
    found = explicit.synchronous_cycles(encoding.network, start, deadline=FOREVER)
    states = {tuple(state_of(encoding, s) for s in cycle) for cycle in found}
    assert states == brute.synchronous([state])


@pytest.mark.parametrize("find", [sat.synchronous_cycles, blocks.synchronous_cycles])
@given(case=cases())
@example(case=PLAIN)
def test_that_proofs_miss_no_cycle(find: Callable[..., Iterator[tuple[int, ...]]], case: Case):
    """With so few runs the solver has to find and prove nearly everything."""
    encoding, brute = encoded(case)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sat, "EVERY_STATE", 0)
        patch.setattr(sat, "RUNS", 1)
        patch.setattr(sat, "NEAR", 0)
        patch.setattr(sat, "MAX_CUBES", 2)
        found = list(find(encoding.network, deadline=FOREVER))
    states = {tuple(state_of(encoding, s) for s in cycle) for cycle in found}
    assert states == brute.synchronous()
    assert len(found) == len(states)


def check_spaces(engine: ModuleType, case: Case) -> None:
    """Fixed points and minimal trap spaces; each once."""
    encoding, brute = encoded(case)
    found = list(engine.fixed_points(encoding.network, deadline=FOREVER))
    assert all(len(values) == len(encoding.network.order) for values in found)
    boxes = [box_of(encoding, values) for values in found]
    assert len(boxes) == len(set(boxes))
    assert set(boxes) == {tuple((x, x) for x in state) for state in brute.fixed_points()}
    found = list(engine.minimal_trap_spaces(encoding.network, deadline=FOREVER))
    boxes = [box_of(encoding, values) for values in found]
    assert len(boxes) == len(set(boxes))
    assert set(boxes) == brute.minimal_trap_spaces()


def check_maximal_trap_spaces(engine: ModuleType, case: Case) -> None:
    encoding, brute = encoded(case, settled=False)
    found = list(engine.maximal_trap_spaces(encoding.network, deadline=FOREVER))
    boxes = [box_of(encoding, values) for values in found]
    assert len(boxes) == len(set(boxes))
    assert set(boxes) == brute.maximal_trap_spaces()


@given(cases())
@example(PLAIN)
def test_that_asp_finds_fixed_points_and_minimal_trap_spaces(case: Case):
    check_spaces(asp, case)


@given(cases(max_components=3, max_top=2))
@example(PLAIN)
def test_that_asp_finds_the_maximal_trap_spaces(case: Case):
    check_maximal_trap_spaces(asp, case)


@settings(max_examples=5)  # each runs pyboolnet in a process of its own, more than once
@given(cases())
@example(PLAIN)
def test_that_primes_finds_fixed_points_and_minimal_trap_spaces(case: Case):
    check_spaces(primes, case)


@settings(max_examples=5)
@given(cases(max_components=3, max_top=2))
@example(PLAIN)
def test_that_primes_finds_the_maximal_trap_spaces(case: Case):
    check_maximal_trap_spaces(primes, case)


def test_that_primes_finds_the_largest_whatever_the_limit():
    """pyboolnet may list two halves of one range of levels, and stops at its own count."""
    network = LogicalNetwork((Component("A", top=3), Component("B", Rule.of("A"))))
    encoding, brute = encode(network, settled=False), Brute(network)
    for limit in (1, 2, 3, None):
        spaces = primes.maximal_trap_spaces(encoding.network, limit=limit, deadline=FOREVER)
        boxes = [box_of(encoding, values) for values in spaces]
        assert set(boxes) <= brute.maximal_trap_spaces()
        assert len(boxes) == min(limit or 9, len(brute.maximal_trap_spaces()))


@given(boolean_networks(5))
@example(MAA)
def test_that_trap_spaces_of_rules_as_written_are_the_same(network: LogicalNetwork):
    brute = Brute(network)
    rules = [(c.name, c.rule.cases[0][0] if c.rule else None) for c in network.components]
    if any(c.rule and c.rule != Rule.of(c.rule.cases[0][0]) for c in network.components):
        rules = [(c.name, c.rule.reaches(1) if c.rule else None) for c in network.components]
    for kind, expected in (
        (asp.MINIMAL, brute.minimal_trap_spaces()),
        (asp.FIXED_POINTS, {tuple((x, x) for x in s) for s in brute.fixed_points()}),
    ):
        found = list(asp.rows_of_rules(rules, kind, deadline=FOREVER))
        boxes = {tuple((0, 1) if x == FREE else (x, x) for x in row) for row in found}
        assert boxes == expected
        assert len(found) == len(expected)


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(cases(), st.data())
@example(PLAIN, None)
def test_that_bdd_finds_the_asynchronous_attractors(case: Case, data: st.DataObject | None):
    encoding, brute = encoded(case)
    found = list(bdd.asynchronous_attractors(encoding.network, deadline=FOREVER))
    assert {states_of(encoding, brute, a.states) for a in found} == brute.asynchronous()
    for attractor in found:
        states = states_of(encoding, brute, attractor.states)
        assert (attractor.size, attractor.cyclic) == (len(states), brute.is_cyclic(states))
    if data is not None:
        encoding, brute = encoded(case, settled=False)
        state = data.draw(st.sampled_from(brute.states))
        start = start_of(encoding, brute, state)
        found = list(bdd.asynchronous_attractors(encoding.network, start, deadline=FOREVER))
        assert {states_of(encoding, brute, a.states) for a in found} == brute.asynchronous([state])


@given(cases())
@example(PLAIN)
def test_that_a_certificate_is_never_wrong(case: Case):
    encoding, brute = encoded(case)
    certificate = certify(encoding.network, deadline=FOREVER)
    spaces = {box_of(encoding, values) for values in certificate.spaces}
    assert spaces == brute.minimal_trap_spaces()
    if certificate.proved:
        homes = [
            [
                box
                for box in spaces
                if all(
                    low <= x <= high
                    for s in attractor
                    for x, (low, high) in zip(s, box, strict=True)
                )
            ]
            for attractor in brute.asynchronous()
        ]
        assert all(len(home) == 1 for home in homes)
        assert {box for home in homes for box in home} == spaces


def test_that_the_attractor_outside_all_trap_spaces_is_not_certified_away():
    assert not certify(encode(MAA).network, deadline=FOREVER).proved


@given(cases())
def test_that_a_feedback_vertex_set_meets_every_circuit(case: Case):
    import networkx as nx

    network = encoded(case)[0].network
    held = set(feedback_vertex_set(network))
    d = network.diagram
    graph = nx.DiGraph(
        (u, v) for v, f in network.functions.items() for u in d.support(f) if not {u, v} & held
    )
    assert nx.is_directed_acyclic_graph(graph)


@settings(max_examples=5)
@given(boolean_networks(5, inputs=False))
def test_that_prime_implicants_are_prime_and_cover(network: LogicalNetwork):
    boolean: BooleanNetwork = encode(network).network
    d = boolean.diagram
    for v, (zeros, ones) in primes.prime_implicants(boolean).items():
        for f, found in ((boolean.functions[v], ones), (d.negation(boolean.functions[v]), zeros)):
            assert d.disjunction(d.cube(p) for p in found) == f
            for p in found:
                for u in p:
                    shorter = {w: b for w, b in p.items() if w != u}
                    assert d.both(d.cube(shorter), d.negation(f)) != 0


@pytest.mark.parametrize(
    "find",
    [
        explicit.asynchronous_attractors,
        explicit.synchronous_cycles,
        sat.synchronous_cycles,
        blocks.synchronous_cycles,
        asp.minimal_trap_spaces,
        bdd.asynchronous_attractors,
    ],
)
def test_that_an_engine_stops_when_time_is_over(find: Callable[..., Iterator[object]]):
    network = encode(MAA).network
    assert reduce(network).core == network
    over = Deadline(0)
    while over.left() != 0:
        pass
    with pytest.raises(OutOfTime):
        list(find(network, deadline=over))
