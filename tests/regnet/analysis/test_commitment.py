"""Which attractors a run can still reach, against looking at every state."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regnet.analysis.commitment import find_commitment, random_run
from regnet.analysis.trace import Dynamics, chosen_at_random
from regnet.errors import EngineError
from regnet.formats import load
from regnet.network import Component, LogicalNetwork, Rule
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space
from tests.brute import Brute
from tests.conftest import ROOT
from tests.strategies import networks, perturbations


def walked(dynamics: Dynamics, start: tuple[int, ...], seed: int) -> list[tuple[int, ...]]:
    path, chance = [start], random.Random(seed)
    while len(path) < 12 and (options := dynamics.successors(path[-1])):
        path.append(chance.choice(options))
    return path


@given(network=networks(5, 2, min_components=2), data=st.data(), seed=st.integers(0, 99))
@settings(deadline=None, max_examples=60)
def test_that_what_is_open_is_what_every_state_says(
    network: LogicalNetwork, data: st.DataObject, seed: int
) -> None:
    done: Perturbation = data.draw(perturbations(network, max_clamps=1, max_cuts=1))
    scenario = Scenario("", done)
    dynamics = Dynamics(network, scenario)
    path = walked(dynamics, data.draw(st.sampled_from(list(dynamics.starts()))), seed)
    brute = Brute(network, done)
    found = find_commitment(network, scenario, path, ahead=True)
    assert found.complete
    ends = brute.asynchronous([path[0]])
    seeds = [tuple(a.seed[n][0] for n in network.names) for a in found.attractors]
    assert len(seeds) == len(ends)
    assert all(any(seed in end for end in ends) for seed in seeds)
    told = dict(zip(path, found.open, strict=True)) | dict(found.ahead)
    assert set(found.ahead) == set(dynamics.successors(path[-1]))
    for state, known in told.items():
        reached = brute.reachable([state])
        assert known == tuple(seed in reached for seed in seeds)


def test_that_what_is_known_of_a_run_is_not_asked_again() -> None:
    project = load(ROOT / "tests" / "models" / "lif_lifr.toml")
    scenario = project.scenario("overdose at PHx")
    dynamics = Dynamics(project.network, scenario)
    path = walked(dynamics, dynamics.first(), 3)
    whole = find_commitment(project.network, scenario, path, phenotypes=project.phenotypes)
    part = find_commitment(project.network, scenario, path[:6], phenotypes=project.phenotypes)
    again = find_commitment(
        project.network, scenario, path, phenotypes=project.phenotypes, before=whole
    )
    onward = find_commitment(
        project.network, scenario, path, phenotypes=project.phenotypes, before=part
    )
    assert again.open == onward.open == whole.open
    assert again.origin.why.startswith("0 reachability questions")
    unnamed = find_commitment(project.network, scenario, path, before=whole)
    assert unnamed.open == whole.open
    assert not any(a.phenotypes for a in unnamed.attractors)


def test_that_points_of_no_return_are_told_by_their_step() -> None:
    project = load(ROOT / "tests" / "models" / "lif_lifr.toml")
    scenario = project.scenario("overdose at PHx")
    dynamics = Dynamics(project.network, scenario)
    path = [dynamics.first()]
    while options := dynamics.successors(path[-1]):
        path.append(options[0])
    found = find_commitment(project.network, scenario, path)
    assert all(found.open[0])
    assert found.open[-1].count(True) == 1
    assert sorted(n for closed in found.turns.values() for n in closed) == [
        number for number, reached in enumerate(found.open[-1]) if not reached
    ]


def test_that_states_which_are_no_run_are_refused() -> None:
    network = load(ROOT / "tests" / "models" / "lif_lifr.toml").network
    here = tuple(0 for _ in network.names)
    for path in ([], [here, here]):
        with pytest.raises(EngineError):
            find_commitment(network, None, path)


def test_that_a_random_run_is_one_and_begins_wherever_the_scenario_leaves_it_open() -> None:
    network = load(ROOT / "tests" / "models" / "lif_lifr.toml").network
    scenario = Scenario("", Perturbation(Space({"LIF": 1})), Space({"Mass": 0}))
    dynamics = Dynamics(network, scenario)
    runs = [random_run(network, scenario, seed=seed, steps=30) for seed in range(6)]
    assert runs[2] == random_run(network, scenario, seed=2, steps=30)
    assert len({run[0] for run in runs}) > 1
    lif, mass = network.names.index("LIF"), network.names.index("Mass")
    for run in runs:
        assert (run[0][lif], run[0][mass]) == (1, 0)
        assert all(after in dynamics.successors(now) for now, after in pairwise(run))
        assert len(run) == 31 or not dynamics.successors(run[-1])


def test_that_a_random_run_is_one_of_steps_chosen_among_the_next_states() -> None:
    network = LogicalNetwork(
        (
            Component("A", Rule.of("!C")),
            Component("B", Rule.of("A & !D")),
            Component("C", Rule.of("B | !A")),
            Component("D", Rule.of("D | C & A")),
        )
    )
    for update in ("asynchronous", "synchronous"):
        dynamics = Dynamics(network, Scenario(update=update))
        for seed in range(5):
            path = list(dynamics.random_run((0, 1, 0, 0), seed, 20))
            for step, (old, new) in enumerate(pairwise(path)):
                options = dynamics.successors(old)
                assert new == chosen_at_random(options, seed, step)
                assert dynamics.allows(old, new)
            assert len(path) == 21 or not dynamics.successors(path[-1])
    assert not dynamics.allows((0, 1, 0, 0), (1, 1, 1, 1))
