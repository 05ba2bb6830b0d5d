"""What is changed in time, against matrix exponentials over all states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regnet.analysis.simulate import simulate
from regnet.analysis.simulate.kinetics import Change, Rates
from regnet.network import Component, LogicalNetwork, Rule
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space
from tests.master import Master
from tests.strategies import expressions, networks

MOMENTS = st.sampled_from([0.0, 0.0, 0.0, 1.0, 1.0, 1.75])


@st.composite
def schedules(draw: st.DrawFn, network: LogicalNetwork) -> list[Change]:
    """Draw changes, several at a time, at time 0 more often than not."""
    changes, held = [], set()
    for moment in sorted(draw(st.lists(MOMENTS, min_size=1, max_size=4))):
        name = draw(st.sampled_from(network.names))
        top = network[name].top
        low, high = sorted(draw(st.tuples(st.integers(0, top), st.integers(0, top))))
        what = draw(st.sampled_from(["set", "set", "hold", "release"]))
        if what == "release" and name in held:
            held.discard(name)
            changes.append(Change(moment, release=(name,)))
        elif what == "hold":
            held.add(name)
            changes.append(Change(moment, perturbation=Perturbation(Space({name: (low, high)}))))
        else:
            changes.append(Change(moment, Space({name: low})))
    return changes


@settings(max_examples=12)
@given(st.data(), networks(3, 2))
def test_that_first_times_and_courses_follow_every_change(
    data: st.DataObject, network: LogicalNetwork
):
    changes = data.draw(schedules(network))
    settle = data.draw(st.sampled_from([0.0, 0.0, 0.7]))
    condition = data.draw(expressions(network.tops, max_leaves=3))
    start = Space(dict.fromkeys(network.names, 0)) if data.draw(st.booleans()) else Space()
    rates = Rates().with_rate((2.0, 0.5), network.names[0])

    def rate(name: str, rises: bool, levels: Mapping[str, int]) -> float:
        return rates.of(name)[0 if rises else 1]

    truth = Master(network, Perturbation(), rate, changes=changes, settle=settle, until=3.0)
    answer = simulate(
        network, Scenario(start=start), rates=rates, until=3, points=12, settle=settle,
        schedule=changes, first=[condition], method="exact",
    )  # fmt: skip
    begin = truth.within(start)
    arrived = truth.arrived(begin, condition, answer.times)
    assert answer.arrivals[0].arrived.values == pytest.approx(arrived, abs=1e-8)
    for k, weights in enumerate(truth.weights(begin, answer.times)):
        for i, name in enumerate(network.names):
            mean = sum(s[i] * w for s, w in zip(truth.states, weights, strict=True))
            assert answer[name].mean.values[k] == pytest.approx(mean, abs=1e-8)


@pytest.mark.parametrize("method", ["exact", "gillespie"])
@pytest.mark.parametrize("settle", [0.0, 1.0])
def test_that_what_a_change_ends_at_once_is_not_seen(method: str, settle: float):
    network = LogicalNetwork((Component("A"), Component("B", Rule.of("A"))))
    asked: dict[str, Any] = {"until": 5, "points": 5, "method": method, "settle": settle}
    on = Scenario(start=Space({"A": 1, "B": 0}))
    there_and_back = [Change(0, Space({"A": 0})), Change(2, Space({"A": 1})), Change(2, Space({"A": 0}))]  # fmt: skip  # noqa: E501
    answer = simulate(
        network, on, first=[network.parse("A")], schedule=there_and_back, trajectories=100, **asked
    )
    assert set(answer.arrivals[0].arrived.values) == {0.0}
    assert answer.arrivals[0].mean is None
    assert np.all(np.array(answer["A"].levels[1].values) == 0)
