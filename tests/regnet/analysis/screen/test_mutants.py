"""Many mutants together: the same answers as one by one, and as a walk over every state."""

from __future__ import annotations

import pickle
import random
import time
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regnet.analysis import screen as screening
from regnet.analysis.screen import ScreenRow, combined, iter_screen, single_perturbations
from regnet.analysis.screen.attractors import MutantAttractors
from regnet.analysis.screen.mutants import Mutants
from regnet.engines import native
from regnet.evidence import ATTRACTOR_KINDS, Phenotype
from regnet.formats import load
from regnet.jobs import parallel_map
from regnet.logic import parse
from regnet.network import Component, LogicalNetwork, Rule
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space
from tests.brute import Brute
from tests.strategies import (
    boolean_networks,
    expressions,
    networks,
    oscillators,
    perturbations,
    random_boolean,
)

MAA = LogicalNetwork(
    (
        Component("A", Rule.of("!A & !B | C")),
        Component("B", Rule.of("!A & !B | C")),
        Component("C", Rule.of("A & B")),
    )
)
"""The smallest network with an attractor outside its minimal trap spaces."""


def all_rows(
    network: LogicalNetwork,
    context: Scenario,
    tried: Sequence[Perturbation],
    *,
    together: bool,
    phenotypes: Sequence[Phenotype] = (),
) -> list[ScreenRow]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(screening, "MIN_COMPILED", 0 if together else 1 << 30)
        return list(
            iter_screen(
                network,
                [context],
                perturbations=tried,
                phenotypes=phenotypes,
                readouts=network.names,
            )
        )


@st.composite
def phenotypes_of(draw: st.DrawFn, network: LogicalNetwork) -> list[Phenotype]:
    conditions = draw(st.lists(expressions(network.tops, max_leaves=4), max_size=3))
    kinds = st.sampled_from(["", *ATTRACTOR_KINDS])
    return [Phenotype(f"P{i}", c, draw(kinds)) for i, c in enumerate(conditions)]


@given(st.data(), st.sampled_from(["asynchronous", "most-permissive"]))
@settings(max_examples=30)
def test_that_rows_found_together_are_those_found_one_by_one(data, update):
    network = data.draw(st.one_of(boolean_networks(5), networks(3, 2), networks(2, 3)))
    context = Scenario("context", data.draw(perturbations(network)), update=update)
    names = network.names
    tried = [*single_perturbations(network, names), *combined(network, 2, names)]
    tried = data.draw(st.lists(st.sampled_from(tried), max_size=12, unique_by=str))
    tried += data.draw(st.lists(perturbations(network), max_size=3))
    phenotypes = data.draw(phenotypes_of(network))
    one, other = (
        all_rows(network, context, tried, together=together, phenotypes=phenotypes)
        for together in (True, False)
    )
    assert one == other


@pytest.mark.parametrize("update", ["asynchronous", "most-permissive"])
@given(data=st.data())
@settings(max_examples=25)
def test_that_every_row_found_together_is_that_of_its_perturbation_alone(update, data):
    """Trap spaces that oscillate alike are one class, whatever else they fix."""
    network = data.draw(oscillators(4))
    context = Scenario("context", data.draw(perturbations(network, max_clamps=1)), update=update)
    tried = [*combined(network, 1, network.names), *combined(network, 2, network.names)]
    phenotypes = data.draw(phenotypes_of(network))
    rows = all_rows(network, context, tried, together=True, phenotypes=phenotypes)
    for row in rows:
        brute = Brute(network, context.perturbed(row.perturbation).perturbation)
        found = brute.attractors(update)
        assert row.status == "exact"
        assert row.attractors == len(found)
        hull = brute.hull(state for states in found for state in states)
        assert row.readouts == dict(zip(network.names, hull, strict=True))
        for p in phenotypes:
            having = [
                states
                for states in found
                if p.fits(brute.kind(states, update)) and brute.holds(p.condition, states)
            ]
            assert row.phenotypes.get(p.name, 0) == len(having)


def test_that_a_held_component_is_never_said_to_vary(corpus):
    """Many rows of this model share what oscillates, and differ in all else."""
    network = load(corpus / "bbm" / "044.bnet").network
    context = Scenario("context", update="most-permissive")
    rows = all_rows(network, context, combined(network, 1), together=True)
    for row in rows:
        for name, levels in row.perturbation.clamps.items():
            assert row.readouts[name] == levels


def check_counts(networks: int, size: int) -> tuple[int, int]:
    """Hold attractors of singles against every state; return how many mutants, and how many open.

    A mutant is open only where some attractor really lies outside the minimal trap spaces.
    """
    chance = random.Random(5)
    count = left_open = 0
    for _ in range(networks):
        network = random_boolean(chance, size)
        mutants = Mutants(network, Scenario(), network.names)
        rows = np.concatenate([mutants.combinations(1), np.full((1, 1), -1, np.int32)])
        found = MutantAttractors(mutants, readouts=network.names).summary(rows)
        spaces = np.diff(mutants.trap_spaces(rows).starts)
        assert found.exact[found.answered].all()
        brute = Brute(network)
        states = np.array(brute.states)
        table = np.array(list(brute.targets.values()))
        for m, row in enumerate(rows):
            targets = table.copy()
            for name, (level, _) in mutants.perturbation(row).clamps.items():
                targets[:, network.names.index(name)] = level
            resting, number = attractor_states(states, targets)
            if found.answered[m]:
                assert found.attractors[m] == number
                assert found.low[m].tolist() == states[resting].min(axis=0).tolist()
                assert found.high[m].tolist() == states[resting].max(axis=0).tolist()
            else:
                left_open += 1
                assert number > spaces[m]
            count += 1
    return count, left_open


def attractor_states(states: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, int]:
    """Return which states lie in an asynchronous attractor, and how many attractors there are.

    The states are all of some Boolean components, in the order of their binary numbers.
    """
    size = states.shape[1]
    number = 1 << np.arange(size)[::-1]
    reach = np.eye(len(states), dtype=bool)
    for i in range(size):
        moving = np.flatnonzero(states[:, i] != targets[:, i])
        reach[moving, moving ^ number[i]] = True
    for _ in range(size):
        reach = reach @ reach
    resting = (reach <= reach.T).all(axis=1)
    return resting, len(np.unique(reach[resting], axis=0))


def test_that_some_hundred_random_mutants_have_the_attractors_of_every_state():
    count, _ = check_counts(30, 5)
    assert count > 300


@pytest.mark.slow
def test_that_28000_random_mutants_have_the_attractors_of_every_state():
    count, left_open = check_counts(2160, 6)
    assert count >= 28_000
    assert left_open > 10  # so the open ones were tried too


def test_that_an_attractor_outside_the_trap_spaces_is_not_missed():
    mutants = Mutants(MAA, Scenario(), MAA.names)
    wild = np.full((1, 1), -1, np.int32)
    assert not MutantAttractors(mutants).summary(wild).answered.any()
    rows = all_rows(MAA, Scenario("x"), [Perturbation(), *combined(MAA, 1)], together=True)
    assert [row.attractors for row in rows[:2]] == [2, 2]
    assert {row.status for row in rows} == {"exact"}


@given(networks(4, 2, inputs=False), st.integers(0, 3))
@settings(max_examples=15)
def test_that_chunks_together_are_all_combinations(network, order):
    mutants = Mutants(network, Scenario(), network.names)
    everything = mutants.combinations(order)
    names = [str(mutants.perturbation(row)) for row in everything]
    assert names == [str(p) for p in combined(network, order)]
    chunks = list(mutants.chunks(order, size=5))
    assert np.concatenate([everything[:0], *chunks]).tolist() == everything.tolist()


def test_that_triples_of_the_liver_model_are_carried_over_from_pairs(models):
    network = load(models / "lif_lifr.toml").network
    mutants = Mutants(network, Scenario(), [c.name for c in network.components if not c.is_input])
    triples = mutants.combinations(3)
    found = mutants.trap_spaces(triples)
    some = np.arange(0, len(triples), 97)
    alone = native.minimal_trap_spaces(mutants.clauses, mutants.clamps, triples[some])
    for place, m in enumerate(some):
        one = found.rows[found.starts[m] : found.starts[m + 1]].tolist()
        other = alone.rows[alone.starts[place] : alone.starts[place + 1]].tolist()
        assert sorted(one) == sorted(other)


def test_that_a_mutant_given_up_by_the_search_is_found_by_clingo(models, monkeypatch):
    network = load(models / "lif_lifr.toml").network
    mutants = Mutants(network, Scenario(), network.names)
    attractors = MutantAttractors(mutants, readouts=network.names)
    rows = mutants.combinations(1)
    expected = attractors.summary(rows)
    monkeypatch.setattr(native, "MAX_NODES", 0)
    found = attractors.summary(rows)
    for name in ("attractors", "low", "high", "exact", "answered"):
        assert getattr(found, name).tolist() == getattr(expected, name).tolist()


def test_that_a_screen_that_takes_too_long_stops_in_time(models):
    network = load(models / "lif_lifr.toml").network
    mutants = Mutants(network, Scenario(), [c.name for c in network.components if not c.is_input])
    triples = mutants.combinations(3)
    mutants.trap_spaces(triples[:1])  # what is compiled is read from the disk now
    begin = time.monotonic()
    found = mutants.trap_spaces(np.concatenate([triples] * 40), timeout=0.1)
    assert time.monotonic() - begin < 10  # within a second where nothing else runs
    assert found.stopped.any()
    assert found.starts[-1] == len(found.rows)


def test_that_a_mutant_given_up_has_no_longer_than_it_is_given(models, monkeypatch):
    network = load(models / "lif_lifr.toml").network
    mutants = Mutants(network, Scenario(), network.names, patience=0)
    monkeypatch.setattr(native, "MAX_NODES", 0)
    rows = mutants.combinations(1)
    found = mutants.trap_spaces(rows)
    assert found.stopped.any()
    assert not MutantAttractors(mutants).summary(rows).answered[found.stopped].any()


def test_that_mutants_can_be_sent_to_another_process(models):
    network = load(models / "lif_lifr.toml").network
    mutants = Mutants(network, Scenario(), network.names)
    attractors = MutantAttractors(mutants, readouts=network.names)
    rows = mutants.combinations(1)
    expected = attractors.summary(rows)
    copy = pickle.loads(pickle.dumps(attractors))
    assert copy.summary(rows).attractors.tolist() == expected.attractors.tolist()


@pytest.mark.slow
def test_that_a_screen_in_two_processes_has_the_same_rows(models):
    network = load(models / "lif_lifr.toml").network
    tried = list(combined(network, 2))
    one, two = (
        list(iter_screen(network, [Scenario("x")], perturbations=tried, map=map_))
        for map_ in (map, parallel_map(2))
    )
    assert one == two


def test_that_a_context_that_holds_a_target_gives_way_to_the_mutant():
    network = LogicalNetwork(
        (Component("A"), Component("B", Rule.of("A")), Component("C", Rule(((parse("B"), 1),))))
    )
    context = Scenario("on", Perturbation(Space({"A": 1})))
    mutants = Mutants(network, context, ["A", "B"])
    found = MutantAttractors(mutants, readouts=["C"]).summary(
        mutants.rows(
            [Perturbation(), Perturbation(Space({"A": 0})), Perturbation(Space({"A": 0, "B": 1}))]
        )
    )
    assert found.low.tolist() == found.high.tolist() == [[1], [0], [1]]


def test_that_what_the_compiled_proof_leaves_open_is_proved_alone(models, monkeypatch):
    network = load(models / "lif_lifr.toml").network
    mutants = Mutants(network, Scenario(), network.names)
    rows = mutants.combinations(1)
    expected = MutantAttractors(mutants, readouts=network.names).summary(rows)
    monkeypatch.setattr(native, "MAX_PROOF_NODES", 0)
    found = MutantAttractors(mutants, readouts=network.names).summary(rows)
    for name in ("attractors", "low", "high", "exact", "answered"):
        assert getattr(found, name).tolist() == getattr(expected, name).tolist()
    hurried = MutantAttractors(mutants, readouts=network.names, timeout=0.0).summary(rows)
    assert expected.exact.all()
    assert hurried.answered.sum() < expected.answered.sum()
    assert not hurried.exact[~hurried.answered].any()
    bounded = MutantAttractors(mutants, readouts=network.names, timeout=0.0).summary(
        rows, bounded=True
    )
    assert not bounded.exact[~bounded.answered].any()
    assert (bounded.attractors > 0).all()
