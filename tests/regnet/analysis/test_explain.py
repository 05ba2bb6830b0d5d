"""Explanations against a look at every state, and what they say of the liver."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from regnet.analysis.attractors import find_attractors
from regnet.analysis.explain import Explanation, explain_at, phases
from regnet.analysis.explain.reasons import Target
from regnet.errors import NetworkError, UnknownNameError
from regnet.formats import load
from regnet.network import Component, LogicalNetwork, Rule
from regnet.scenario import Perturbation, Scenario
from regnet.space import Range, Space
from tests.brute import Box, Brute
from tests.strategies import networks, perturbations, states

MODELS = Path(__file__).parents[3] / "tests" / "models"


def point(network: LogicalNetwork, state: tuple[int, ...]) -> Space:
    return Space(dict(zip(network.names, state, strict=True)))


def targets(brute: Brute, name: str, box: Box) -> set[int]:
    place = brute.names.index(name)
    return {
        brute.targets[state][place]
        for state in product(*(range(low, high + 1) for low, high in box))
    }


def percolated(brute: Brute, space: Space) -> dict[str, Range]:
    """Return what inputs at their levels settle, by looking at every state again and again."""
    inputs = set(brute.network.inputs)
    now = {
        name: space[name] if name in inputs else (0, brute.network[name].top)
        for name in brute.names
    }
    while True:
        after = dict(now)
        for name in set(brute.names) - inputs:
            found = targets(brute, name, tuple(now.values()))
            after[name] = (min(found), max(found))
        if after == now:
            return now
        now = after


@settings(max_examples=40)
@given(st.data())
def test_that_a_chain_holds_by_itself_and_names_loops_only_where_it_must(
    data: st.DataObject,
) -> None:
    network = data.draw(networks(max_components=4, max_top=2))
    perturbation = data.draw(perturbations(network))
    brute = Brute(network, perturbation)
    fixed = sorted(brute.fixed_points())
    assume(fixed)
    space = point(network, data.draw(st.sampled_from(fixed)))
    name = data.draw(st.sampled_from(network.names))
    answer = explain_at(network, Scenario(perturbation=perturbation), name, at=space, size=0)
    assert answer.complete
    assert answer.links[0].name == name
    assert answer.target == answer.levels == space[name]
    for link in answer.links:
        assert link.levels[0] <= space[link.name][0] <= link.levels[1]
        for reason in link.reasons:
            assert targets(brute, link.name, brute.box(reason)) <= set(
                range(link.levels[0], link.levels[1] + 1)
            )
    because = brute.box(answer.because)
    assert brute.is_trap(because)
    assert targets(brute, name, because) == {space[name][0]}
    settled = percolated(brute, space)[name] == space[name]
    assert bool(answer.loops) is not settled


def turned(
    network: LogicalNetwork,
    perturbation: Perturbation,
    state: tuple[int, ...],
    name: str,
    size: int,
) -> set[frozenset[tuple[str, int | None]]]:
    """Return all sets of so many other clamps, or clamps given up, after which a level is left."""
    place = network.names.index(name)
    options: list[list[tuple[str, int | None]]] = []
    for other in set(network.names) - {name}:
        held = perturbation.clamps.get(other)
        levels = range(network[other].top + 1)
        own: list[tuple[str, int | None]] = [(other, k) for k in levels if held != (k, k)]
        if held and not network[other].is_input:
            own.append((other, None))
        options.append(own)
    found = set()
    for some in combinations(options, size):
        for chosen in product(*some):
            clamps = perturbation.clamps.without(*(n for n, _ in chosen))
            clamps = clamps.with_({n: k for n, k in chosen if k is not None})
            brute = Brute(network, Perturbation(clamps, perturbation.cuts))
            start = tuple(
                min(max(now, clamps.get(n, (now, now))[0]), clamps.get(n, (now, now))[1])
                for n, now in zip(network.names, state, strict=True)
            )
            reached = brute.asynchronous([start])
            if all(s[place] != state[place] for attractor in reached for s in attractor):
                found.add(frozenset(chosen))
    return found


@pytest.mark.parametrize(("size", "components"), [(1, 3), (2, 4), (3, 4)])
@settings(max_examples=25, suppress_health_check=[HealthCheck.filter_too_much])
@given(data=st.data())
def test_that_interventions_are_all_the_smallest_that_work_and_only_these(
    size: int, components: int, data: st.DataObject
) -> None:
    network = data.draw(networks(components, 2 if size < 3 else 1, min_components=components))
    perturbation = data.draw(perturbations(network, max_clamps=1, max_cuts=1))
    fixed = sorted(Brute(network, perturbation).fixed_points())
    assume(fixed)
    state = data.draw(st.sampled_from(fixed))
    name = data.draw(st.sampled_from(network.names))
    scenario = Scenario(perturbation=perturbation)
    answer = explain_at(network, scenario, name, at=point(network, state), size=size)
    assert answer.complete
    for smaller in range(1, answer.size):
        assert not turned(network, perturbation, state, name, smaller)
    expected = turned(network, perturbation, state, name, answer.size)
    assert answer.size == size or expected
    found = {
        frozenset([*i.clamps.fixed.items(), *((n, None) for n in i.released)])
        for i in answer.interventions
    }
    assert found == expected


@settings(max_examples=15, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.data())
def test_that_the_phases_of_an_attractor_tell_of_each_of_its_states(data: st.DataObject) -> None:
    network = data.draw(networks(max_components=3, max_top=2, min_components=2, inputs=False))
    moving = [a for a in find_attractors(network).attractors if a.kind != "fixed point"]
    assume(moving)
    attractor, name = moving[0], data.draw(st.sampled_from(network.names))
    answer = explain_at(network, None, name, attractor, size=0)
    if answer.links:
        assert answer.levels == answer.target
        return
    brute = Brute(network)
    (states_,) = [
        a for a in brute.asynchronous() if tuple(v[0] for v in attractor.seed.values()) in a
    ]
    place = network.names.index(name)
    assert sum(phase.states for phase in answer.phases) == len(states_)
    for state in states_:
        now, heads = state[place], brute.targets[state][place]
        moves = (heads > now) - (heads < now)
        (phase,) = [p for p in answer.phases if (p.level, p.moves) == (now, moves)]
        here = point(network, state)
        assert any(reason.contains(here) for reason, _ in phase.reasons)
    for phase in answer.phases:
        for reason, _ in phase.reasons:
            after = targets(brute, name, brute.box(reason))
            assert all((t > phase.level) - (t < phase.level) == phase.moves for t in after)
    if answer.levels[0] != answer.levels[1]:
        assert answer.circuit
        signs = 1
        for source, target in zip(
            answer.circuit, answer.circuit[1:] + answer.circuit[:1], strict=True
        ):
            edge = Target(network, target).edges[source]
            signs *= {"+": 1, "-": -1, "±": 0}[edge.sign]
        assert signs <= 0


@settings(max_examples=25, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.data())
def test_that_interventions_on_an_attractor_work_from_each_of_its_states(
    data: st.DataObject,
) -> None:
    network = data.draw(networks(max_components=3, max_top=2, min_components=3, inputs=False))
    moving = [a for a in find_attractors(network).attractors if a.kind != "fixed point"]
    assume(moving)
    attractor, name = moving[0], data.draw(st.sampled_from(network.names))
    place = network.names.index(name)
    answer = explain_at(network, None, name, attractor, size=1)
    assert answer.complete
    seed = tuple(attractor.seed[n][0] for n in network.names)
    (own,) = [a for a in Brute(network).asynchronous() if seed in a]
    before = {state[place] for state in own}
    expected = set()
    for other in set(network.names) - {name}:
        for level in range(network[other].top + 1):
            at = network.names.index(other)
            brute = Brute(network, Perturbation(Space({other: level})))
            starts = {(*state[:at], level, *state[at + 1 :]) for state in own}
            after = [{state[place] for state in a} for a in brute.asynchronous(starts)]
            settles = all(len(levels) == 1 for levels in after)
            leaves = all(not levels & before for levels in after)
            if settles if len(before) > 1 else leaves:
                expected.add((other, level))
    found = {(n, level) for i in answer.interventions for n, level in i.clamps.fixed.items()}
    assert found == expected


def test_that_an_intervention_which_fails_from_some_state_of_a_cycle_is_none() -> None:
    # A goes up and down, and B remembers A once X is held at 1: B then stays as it happens to be.
    network = LogicalNetwork(
        (
            Component("A", Rule.of("!A")),
            Component("X"),
            Component("B", Rule.of("X & B | !X & A")),
            Component("C", Rule.of("B & !X | X & !B")),
        )
    )
    still = Scenario(start=Space({"A": 0, "X": 0, "B": 0, "C": 0}))
    (cycle,) = find_attractors(network, still).attractors
    assert cycle.space["C"] == (0, 1)
    for answer in (
        explain_at(network, still, "C", at=cycle),
        explain_at(network, still, "C", at=replace(cycle, seed=cycle.seed.with_({"B": 1}))),
    ):
        held = [i for i in answer.interventions if i.clamps == Space({"X": 1})]
        assert [(i.attractors, i.levels) for i in held] == [(2, (0, 1))], "from either state"
    (still_off,) = [
        i for i in explain_at(network, still, "B", at=cycle).interventions if "X" in i.clamps
    ]
    assert still_off.attractors == 2


def test_that_what_is_not_tried_from_every_state_is_left_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("regnet.analysis.explain.remedies.MOST_STARTS", 1)
    network = LogicalNetwork(
        (
            Component("A", Rule.of("!A")),
            Component("X"),
            Component("B", Rule.of("X & B | !X & A")),
        )
    )
    still = Scenario(start=Space({"A": 0, "X": 0, "B": 0}))
    (cycle,) = find_attractors(network, still).attractors
    answer = explain_at(network, still, "B", at=cycle)
    assert not answer.complete
    assert "not decided" in answer.missing
    assert answer.origin.guarantee == "bounded"


@settings(max_examples=40)
@given(st.data())
def test_that_any_state_can_be_explained(data: st.DataObject) -> None:
    network = data.draw(networks(max_components=4, max_top=2))
    state = data.draw(states(network))
    name = data.draw(st.sampled_from(network.names))
    answer = explain_at(network, None, name, Space(state))
    assert answer.target == (network.target(name, state),) * 2
    assert answer.links[0].levels == answer.target


# --- the liver -------------------------------------------------------------------------------


def overdose(model: str, name: str, **options: int) -> Explanation:
    project = load(MODELS / f"{model}.toml")
    scenario = project.scenario("LIF high")
    (attractor,) = find_attractors(project.network, scenario).attractors
    return explain_at(project.network, scenario, name, at=attractor, **options)


def test_that_under_an_overdose_both_brakes_stop_division_though_hgf_is_maximal() -> None:
    answer = overdose("lif_lifr", "HepProlif", size=0)
    first = answer.links[0]
    assert first.reasons == (Space({"Cachexia": 1, "HepArrest": 1}),)
    assert first.against == Space({"HGF": 2})
    assert next(link.name for link in answer.links if link.kind == "held") == "LIF"
    assert {str(change.levels) for change in answer.changes} == {"Cachexia=0", "HepArrest=0"}
    assert not answer.loops


def test_that_in_the_large_model_p21_stops_division_though_hgf_is_maximal() -> None:
    answer = overdose("lif_lifr_extended", "CycD", size=0)
    told = {link.name: link for link in answer.links}
    assert told["Drive"].reason == Space({"p21": 2})
    assert told["p21"].reason == Space({"STAT3_H": 2, "Cachexia": 2})
    assert told["HGF"].in_vain
    assert answer.at["HGF"] == (2, 2)


def test_that_the_whole_rescues_of_an_overdosed_liver_are_those_of_the_model_card() -> None:
    answer = overdose("lif_lifr_extended", "Mass")
    whole = {str(i) for i in answer.interventions if i.levels == (2, 2)}
    assert whole == {
        "LIF=1", "LIF not held", "LIFR_H=0", "STAT3_H=0", "STAT3_H=1", "p21=0", "Drive=2",
    }  # fmt: skip
    assert answer.loops == (("Mass",),)


def test_that_a_cycle_is_told_phase_by_phase_with_its_negative_circuit() -> None:
    project = load(MODELS / "lif_lifr.toml")
    scenario = project.scenario("sustained injury")
    (attractor,) = find_attractors(project.network, scenario).attractors
    answer = explain_at(project.network, scenario, "HepProlif", at=attractor)
    assert set(answer.circuit) == {"Mass", "HepProlif"}
    falling = [phase for phase in answer.phases if phase.moves < 0]
    assert all(phase.reasons[0][0] == Space({"Mass": 2}) for phase in falling)
    assert sum(phase.states for phase in answer.phases) == attractor.size == 9
    assert {"Mass=2", "HGF=0", "Insult=0"} <= {str(i) for i in answer.interventions}
    assert all(low == high for low, high in (i.levels for i in answer.interventions))


# --- edges -----------------------------------------------------------------------------------

PAIR = LogicalNetwork((Component("A", Rule.of("B")), Component("B", Rule.of("A"))))


def test_that_two_components_that_hold_each_other_are_named() -> None:
    answer = explain_at(PAIR, None, "A", Space({"A": 1, "B": 1}))
    assert [set(loop) for loop in answer.loops] == [{"A", "B"}]
    assert [str(i) for i in answer.interventions] == ["B=0"]


def test_that_a_state_with_a_component_left_out_is_refused() -> None:
    with pytest.raises(NetworkError, match="level of B"):
        explain_at(PAIR, None, "A", Space({"A": 1}))
    with pytest.raises(NetworkError, match="no level 2"):
        explain_at(PAIR, None, "A", Space({"A": 1, "B": 2}))
    with pytest.raises(UnknownNameError):
        explain_at(PAIR, None, "C", Space({"A": 1, "B": 1}))


def test_that_an_attractor_of_many_inputs_is_explained_under_those_of_its_seed() -> None:
    network = LogicalNetwork((Component("In"), Component("X", Rule.of("In"))))
    (attractor,) = find_attractors(network).attractors
    answer = explain_at(network, None, "X", attractor)
    assert answer.levels == attractor.seed["X"]
    assert [(link.name, link.kind) for link in answer.links] == [("X", "rule"), ("In", "input")]


def test_that_a_search_without_time_says_so() -> None:
    answer = explain_at(PAIR, None, "A", Space({"A": 1, "B": 1}), timeout=1e-9)
    assert not answer.complete
    assert answer.origin.guarantee == "bounded"
    assert answer.links


def test_that_an_attractor_too_large_to_walk_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phases, "MOST_STATES", 2)
    ring = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("A"))))
    (attractor,) = find_attractors(ring).attractors
    answer = explain_at(ring, None, "A", attractor)
    assert "only 2 states" in answer.missing
    assert sum(phase.states for phase in answer.phases) == 2
