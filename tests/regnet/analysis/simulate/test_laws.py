"""Rates that depend on the state, and drawn starts, against matrix exponentials over all states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regnet.analysis.simulate import simulate
from regnet.analysis.simulate.kinetics import Change
from regnet.errors import RegnetError
from regnet.evidence import Phenotype
from regnet.network import Component, LogicalNetwork, Rule
from regnet.rates import RateLaw, Rates
from regnet.scenario import Cut, Perturbation, Scenario
from regnet.space import Space
from regnet.start import Distribution, Start
from tests.master import Master, Rate
from tests.strategies import expressions, networks

SPEEDS = st.sampled_from([0.0, 0.3, 1.0, 1.0, 4.0])


@st.composite
def laws(draw: st.DrawFn, network: LogicalNetwork) -> RateLaw:
    """Draw a rate that depends on the state in one to four cases."""
    conditions = expressions(network.tops, max_leaves=3)
    count = draw(st.integers(1, 4))
    return RateLaw(tuple((draw(conditions), draw(SPEEDS)) for _ in range(count)))


@st.composite
def rates_of(draw: st.DrawFn, network: LogicalNetwork) -> Rates:
    """Draw rates of which most depend on the state."""
    rates = Rates(draw(st.sampled_from([0.5, 1.0])))
    for name in network.names:
        if draw(st.integers(0, 3)):
            both = draw(st.tuples(st.one_of(laws(network), SPEEDS), laws(network)))
            rates = rates.with_rate(both, name)
    return rates


@st.composite
def starts(draw: st.DrawFn, network: LogicalNetwork) -> Start:
    """Draw a start of which some components are drawn together, and one may be free."""
    names = draw(st.permutations(network.names))
    together = tuple(names[: draw(st.integers(0, len(names)))])
    levels = st.tuples(*(st.integers(0, network[name].top) for name in together))
    rows = draw(st.lists(levels, min_size=1, max_size=3))
    shares = draw(st.lists(st.integers(1, 4), min_size=len(rows), max_size=len(rows)))
    chances = [share / sum(shares) for share in shares]
    drawn = [Distribution(together, tuple(zip(rows, chances, strict=True)))] if together else []
    held = {name: 0 for name in names[len(together) :] if draw(st.booleans())}
    return Start(held, drawn)


def rate_of(rates: Rates) -> Rate:
    """Return how fast a component moves, read off its cases one by one."""

    def rate(name: str, rises: bool, levels: Mapping[str, int]) -> float:
        own = rates.of(name)[0 if rises else 1]
        return own.value(levels) if isinstance(own, RateLaw) else own

    return rate


def begin(truth: Master, start: Start) -> np.ndarray[Any, Any]:
    """Return how likely each state is at the start."""
    weights = []
    for state in truth.states:
        levels = dict(zip(truth.names, state, strict=True))
        chance = 1.0
        drawn = [name for group in start.drawn for name in group.components]
        for group in start.drawn:
            own = tuple(levels[name] for name in group.components)
            chance *= sum(p for row, p in group.rows if row == own)
        for name, level in levels.items():
            if name not in drawn:
                low, high = start.get(name, (0, truth.network[name].top))
                chance *= (low <= level <= high) / (high - low + 1)
        weights.append(chance)
    return np.array(weights)


@settings(max_examples=25)
@given(st.data(), networks(3, 2))
def test_that_rates_which_depend_on_the_state_are_followed_exactly(
    data: st.DataObject, network: LogicalNetwork
):
    rates, start = data.draw(rates_of(network)), data.draw(starts(network))
    condition = data.draw(expressions(network.tops, max_leaves=3))
    held = network.names[-1]
    changes = [Change(1, perturbation=Perturbation(Space({held: 0})))] if len(start) % 2 else []
    truth = Master(network, Perturbation(), rate_of(rates), changes=changes, until=2.0)
    weights = begin(truth, start)
    times = np.linspace(0, 2, 9)
    levels = [
        [sum(s[i] * w for s, w in zip(truth.states, row, strict=True)) for row in truth.weights(weights, times)]  # noqa: E501
        for i in range(len(network.names))
    ]  # fmt: skip
    arrived = truth.arrived(weights, condition, times)
    asked: dict[str, Any] = {"rates": rates, "until": 2, "points": 8, "schedule": changes}
    scenario = Scenario(start=start)
    for readouts in ((), network.names[:1]):  # what rates depend on matters as well
        answer = simulate(
            network, scenario, first=[condition], readouts=readouts, method="exact", **asked
        )
        for course in answer.readouts:
            truth_ = levels[network.names.index(course.name)]
            assert course.mean.values == pytest.approx(truth_, abs=1e-8)
        assert answer.arrivals[0].arrived.values == pytest.approx(arrived, abs=1e-8)
    runs = 2_000
    sampled = simulate(
        network, scenario, first=[condition], method="gillespie", trajectories=runs, **asked
    )
    for i, course in enumerate(sampled.readouts):
        error = network.tops[course.name] / np.sqrt(runs)
        assert course.mean.values == pytest.approx(levels[i], abs=3 * error)
    assert sampled.arrivals[0].arrived.values == pytest.approx(arrived, abs=3 / np.sqrt(runs))


def gated() -> LogicalNetwork:
    """Return a component that follows S, to which E is a gate by its rate alone."""
    return LogicalNetwork((Component("S"), Component("E"), Component("X", Rule.of("S"))))


GATE = Rates().with_rate((RateLaw(((gated().parse("E"), 2.0),)), 1.0), "X")


@pytest.mark.parametrize("method", ["exact", "gillespie"])
def test_that_a_cut_edge_no_longer_reaches_a_rate(method: str):
    network = LogicalNetwork((Component("S"), Component("X", Rule.of("S"))))
    slow = Rates().with_rate((1.0, RateLaw(((network.parse("S"), 5.0),))), "X")
    cut = Scenario(
        perturbation=Perturbation(cuts=frozenset({Cut("S", "X")})),
        start=Space({"S": 1, "X": 1}),
    )
    answer = simulate(network, cut, rates=slow, until=3, points=1, method=method, trajectories=99)
    assert answer["X"].mean.values == (1, 1)  # without S it falls at rate 0


def test_that_what_only_a_rate_depends_on_is_not_left_out():
    on = Scenario(start=Space({"S": 1, "E": 0, "X": 0}))
    opened = [Change(1, Space({"E": 1}))]
    answer = simulate(gated(), on, rates=GATE, until=2, points=2, readouts=["X"], schedule=opened)
    assert answer["X"].mean.values == pytest.approx((0, 0, 1 - np.exp(-2)))


@pytest.mark.parametrize("method", ["exact", "gillespie"])
def test_that_a_network_whose_rates_are_all_0_has_settled(method: str):
    start = Scenario(start=Start({"S": 1, "X": 0}, [Distribution(("E",), (((0,), 0.25), ((1,), 0.75)))]))  # fmt: skip  # noqa: E501
    stuck = Phenotype("stuck", gated().parse("S & !X"), kind="fixed point")
    answer = simulate(
        gated(), start, rates=GATE, until=20, points=2, phenotypes=[stuck], method=method
    )
    assert answer.shares[0].band.values == pytest.approx((0.25, 0.25, 0.25), abs=0.02)


def test_that_a_rate_of_many_conditions_runs_from_event_to_event():
    names = [f"R{i}" for i in range(16)]
    votes = [f"({a} & {b})" for a, b in zip(names[::2], names[1::2], strict=True)]
    network = LogicalNetwork(
        (Component("M", Rule.constant(1)), *(Component(n, Rule.constant(0)) for n in names))
    )
    law = RateLaw(((network.parse(" | ".join(votes)), 2.0), (network.parse("R0"), 0.5)))
    rates = Rates().with_rate((law, 0.0), "M")
    start = Scenario(start=Space({**dict.fromkeys(names, 1), "M": 0}))
    asked: dict[str, Any] = {"rates": rates, "until": 2, "points": 4, "readouts": ["M"]}
    exact = simulate(network, start, method="exact", max_states=200_000, **asked)
    sampled = simulate(network, start, method="gillespie", trajectories=20_000, **asked)
    assert sampled["M"].mean.values == pytest.approx(exact["M"].mean.values, abs=0.015)


def test_that_bit_parallel_runs_name_what_has_rates_of_its_own():
    with pytest.raises(RegnetError, match="X"):
        simulate(gated(), rates=GATE, method="bit-parallel")
