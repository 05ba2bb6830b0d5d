"""Simulation: single steps and whole state spaces, against a look at every state."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regnet.analysis.attractors import find_attractors
from regnet.analysis.trace import Dynamics, chosen_at_random, find_states
from regnet.errors import EngineError
from regnet.formats import load
from regnet.project import Project
from regnet.scenario import Scenario
from regnet.space import Space
from tests import strategies
from tests.brute import Brute


@pytest.fixture(scope="module")
def liver(models: Path) -> Project:
    """The flagship model."""
    return load(models / "lif_lifr.toml")


@st.composite
def asked(draw: st.DrawFn) -> tuple[Brute, Scenario]:
    """Draw a network and a scenario for it."""
    network = draw(strategies.networks(4, 2))
    scenario = Scenario(
        perturbation=draw(strategies.perturbations(network)),
        start=draw(strategies.starts(network)),
        update=draw(st.sampled_from(["asynchronous", "synchronous"])),
    )
    return Brute(network, scenario.perturbation), scenario


@settings(max_examples=80, deadline=None)
@given(asked())
def test_that_steps_are_those_of_the_rules(drawn: tuple[Brute, Scenario]) -> None:
    brute, scenario = drawn
    dynamics = Dynamics(brute.network, scenario)
    for state in brute.states:
        after = brute.successors(state)
        if scenario.update == "synchronous":
            after = [brute.next(state)] if brute.next(state) != state else []
        assert list(dynamics.successors(state)) == after


@settings(max_examples=80, deadline=None)
@given(asked())
def test_that_the_states_are_all_that_can_be_reached(drawn: tuple[Brute, Scenario]) -> None:
    brute, scenario = drawn
    found = find_states(brute.network, scenario)
    dynamics = Dynamics(brute.network, scenario)
    assert found.complete
    graph = nx.DiGraph()
    graph.add_nodes_from(brute.states)
    graph.add_edges_from((s, t) for s in brute.states for t in dynamics.successors(s))
    starts = {found.states[i] for i in found.start}
    begin = scenario.start_of(brute.network)
    if begin:
        assert starts == set(brute.within(begin))
    expected = starts.union(*(nx.descendants(graph, state) for state in starts))
    assert set(found.states) == expected
    assert {(found.states[a], found.states[b]) for a, b in found.edges} == {
        (s, t) for s in expected for t in dynamics.successors(s)
    }
    attractors = {
        frozenset(found.states[i] for i in g.states) for g in found.groups if g.is_attractor
    }
    reached = graph.subgraph(expected)
    assert attractors == {
        frozenset(c) for c in nx.strongly_connected_components(reached)
        if all(t in c for s in c for t in reached.successors(s))
    }  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(asked())
def test_that_groups_share_the_states_and_hang_together_without_circles(
    drawn: tuple[Brute, Scenario],
) -> None:
    brute, scenario = drawn
    found = find_states(brute.network, scenario)
    members = [i for group in found.groups for i in group.states]
    assert sorted(members) == list(range(len(found.states)))
    links = nx.DiGraph(found.links)
    assert nx.is_directed_acyclic_graph(links)
    whole = nx.DiGraph(found.edges)
    whole.add_nodes_from(range(len(found.states)))
    for number, group in enumerate(found.groups):
        inside = whole.subgraph(group.states)
        if group.kind == "transient":
            assert nx.is_directed_acyclic_graph(inside)
        else:
            assert nx.is_strongly_connected(inside)
        assert group.is_attractor == (number not in links or not links.out_degree(number))


def test_that_the_liver_ends_where_the_engines_say(liver: Project) -> None:
    for name in ("PHx", "overdose at PHx", "sustained injury"):
        scenario = liver.scenario(name)
        found = find_states(liver.network, scenario, phenotypes=liver.phenotypes)
        expected = find_attractors(liver.network, scenario, phenotypes=liver.phenotypes)
        ends = [g for g in found.groups if g.is_attractor]
        assert {(found.space(g), len(g.states), g.kind, g.phenotypes) for g in ends} == {
            (a.space, a.size, a.kind, a.phenotypes) for a in expected.attractors
        }


def test_that_a_limit_is_said_and_never_makes_an_attractor(liver: Project) -> None:
    scenario = liver.scenario("PHx")
    found = find_states(liver.network, scenario, limit=20)
    assert not found.complete
    assert found.missing == "only the first 20 states were explored"
    assert found.origin.guarantee == "bounded"
    assert len(found.states) == 20
    assert not any(group.is_attractor for group in found.groups)
    assert sum(group.kind == "unexplored" for group in found.groups) == 1
    assert find_states(liver.network, scenario, timeout=0).missing.startswith(
        "the time limit was reached"
    )


def test_that_many_starts_are_cut_at_the_limit(liver: Project) -> None:
    found = find_states(liver.network, Scenario(), limit=10)
    assert len(found.states) == 10
    assert not found.complete


def test_that_a_start_is_within_the_scenario_and_near_what_is_asked(liver: Project) -> None:
    scenario = replace(liver.scenario("PHx"), start=Space({"Mass": (0, 1)}))
    dynamics = Dynamics(liver.network, scenario)
    near = Space({"Mass": 2, "LIF": 2, "LSEC": 0})
    state = dict(zip(dynamics.names, dynamics.first(near), strict=True))
    assert (state["Mass"], state["LIF"], state["LSEC"]) == (1, 2, 1)
    assert dict(zip(dynamics.names, dynamics.first(), strict=True))["Mass"] == 0


def test_that_chance_can_be_repeated(liver: Project) -> None:
    dynamics = Dynamics(liver.network, liver.scenario("overdose at PHx"))

    def run(seed: int) -> list[tuple[int, ...]]:
        states = [dynamics.first()]
        while options := dynamics.successors(states[-1]):
            states.append(chosen_at_random(options, seed, len(states)))
        return states

    assert run(1) == run(1)
    assert len({tuple(run(seed)) for seed in range(20)}) > 1


def test_that_most_permissive_updates_have_no_steps(liver: Project) -> None:
    with pytest.raises(EngineError, match="step by step"):
        Dynamics(liver.network, Scenario(update="most-permissive"))
