"""What can be reached, against a walk over every state; every path is walked again."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regnet.analysis import reachability
from regnet.analysis.reachability import Reachability, find_reachable, listing, walks
from regnet.engines import explicit
from regnet.formats import load
from regnet.logic import Expr, evaluate
from regnet.network import Component, LogicalNetwork, Rule
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space
from tests.brute import Brute, State
from tests.conftest import ROOT
from tests.strategies import boolean_networks, expressions, networks, perturbations, starts

Case = tuple[LogicalNetwork, Scenario, Expr]


@st.composite
def cases(draw: st.DrawFn, update: str = "asynchronous") -> Case:
    network = draw(st.one_of(boolean_networks(6), networks(4, 2), networks(3, 3)))
    scenario = Scenario("case", draw(perturbations(network)), draw(starts(network)), update)
    return network, scenario, draw(expressions(network.tops, max_leaves=4))


def check(case: Case, found: Reachability) -> None:
    network, scenario, condition = case
    brute = Brute(network, scenario.perturbation)
    begin = scenario.start_of(network) or scenario.perturbation.clamps
    starting = brute.within(begin)
    if scenario.update == "asynchronous":
        reached = brute.reachable(starting)
    else:
        reached, new = set(starting), set(starting)
        while new:
            new = {brute.next(state) for state in new} - reached
            reached |= new
    wanted = [s for s in reached if evaluate(condition, dict(zip(brute.names, s, strict=True)))]
    assert found.holds is bool(wanted), found.argument
    assert found.complete
    if not wanted:
        assert found.path is None
        return
    path = [_state(brute, space) for space in found.path or ()]
    assert path[0] in starting
    assert path[-1] in wanted
    for one, two in pairwise(path):
        assert two in (
            brute.successors(one) if scenario.update == "asynchronous" else [brute.next(one)]
        )


def _state(brute: Brute, space: Space) -> State:
    return tuple(space.fixed[name] for name in brute.names)


@given(cases())
def test_that_it_agrees_with_a_walk_over_every_state(case: Case) -> None:
    check(case, find_reachable(*case))


@given(cases())
def test_that_walks_and_most_permissive_updates_agree_as_well(case: Case) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reachability, "ENUMERATED_VARIABLES", -1)
        patch.setattr(walks, "BATCHES", 3)
        check(case, find_reachable(*case))


@given(cases())
def test_that_listing_the_states_that_can_be_reached_agrees_as_well(case: Case) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reachability, "ENUMERATED_VARIABLES", -1)
        patch.setattr(walks, "BATCHES", 0)
        patch.setattr(listing, "MAX_STATES", 12)
        check(case, find_reachable(*case))


@given(cases())
@settings(max_examples=12)
def test_that_symbolic_search_agrees_as_well(case: Case) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reachability, "ENUMERATED_VARIABLES", -1)
        patch.setattr(walks, "BATCHES", 0)
        patch.setattr(listing, "MAX_STATES", 0)
        patch.setattr(explicit, "MAX_VARIABLES", -1)
        check(case, find_reachable(*case))


@given(cases("synchronous"))
def test_that_synchronous_runs_agree_as_well(case: Case) -> None:
    check(case, find_reachable(*case))


def chain(length: int) -> LogicalNetwork:
    """Return a cascade: each component follows the one before, and the first is an input."""
    rules = [None, *(Rule.of(f"X{i}") for i in range(length - 1))]
    return LogicalNetwork(tuple(Component(f"X{i}", rule) for i, rule in enumerate(rules)))


def test_that_only_what_is_upstream_is_looked_at() -> None:
    network = chain(200)
    start = Space({"X0": 1} | {f"X{i}": 0 for i in range(1, 200)})
    found = find_reachable(network, Scenario(start=start), network.parse("X5"))
    assert found.holds
    assert "5 of 200 components" in found.origin.why
    assert len(found.path or ()) == 6


def test_that_a_trap_space_gives_a_final_no() -> None:
    network = chain(60)
    start = Space({f"X{i}": 0 for i in range(60)})
    found = find_reachable(network, Scenario(start=start), network.parse("X59"))
    assert found.holds is False
    assert found.argument == "from the start, X59=0 is never left (trap space)"


def test_that_what_cannot_come_back_is_told_from_most_permissive_updates() -> None:
    """A pulse: once the first of the chain is off it stays off, so not both ends can be on."""
    pulse = chain(40).with_rule("X0", Rule.of("0"))
    pulse = pulse.with_rule("X1", Rule.of("!X0 & X1 | !X0"))
    start = Space({"X0": 1} | {f"X{i}": 0 for i in range(1, 40)})
    scenario = Scenario(start=start)
    assert find_reachable(pulse, scenario, pulse.parse("X39")).holds
    found = find_reachable(pulse, scenario, pulse.parse("X0 & X39"))
    assert found.holds is False
    assert found.argument == "no order and speed of updates leads there"


def test_that_from_nowhere_means_from_anywhere_and_clamps_hold() -> None:
    network = chain(3)
    scenario = Scenario(perturbation=Perturbation(Space({"X1": 0})))
    assert find_reachable(network, None, network.parse("X2 & !X1")).holds
    assert find_reachable(network, scenario, network.parse("X1")).holds is False


def test_that_no_state_has_a_contradiction() -> None:
    network = chain(3)
    assert find_reachable(network, None, network.parse("X1 & !X1")).argument == "no state has it"


def test_that_running_out_of_time_is_told_and_not_raised() -> None:
    project = load(ROOT / "tests" / "models" / "lif_lifr_extended.toml")
    network = project.network
    goal = network.parse("Mass=2 & CycB & Cdc20 & HGF=2")
    found = find_reachable(network, project.scenario("PHx"), goal, timeout=1e-9)
    assert found.holds is None
    assert not found.complete
    assert "time" in found.argument


def test_that_no_time_at_all_leaves_it_open() -> None:
    project = load(ROOT / "tests" / "models" / "lif_lifr_extended.toml")
    scenario = project.scenario("PHx")
    condition = project.network.parse("Mass:2")
    assert find_reachable(project.network, scenario, condition, timeout=0.0).holds is None
