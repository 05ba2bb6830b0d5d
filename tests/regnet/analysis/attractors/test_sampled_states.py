"""What is known of an attractor from one of its states, against all of them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regnet.analysis.attractors import sampled_states as module
from regnet.analysis.attractors.sampled_states import FULL, SampledStates
from regnet.boolean import encode
from regnet.deadline import Deadline
from regnet.formats.bnet import read
from regnet.network import LogicalNetwork
from tests.brute import Brute
from tests.regnet.analysis.attractors.test_certificate import values_of
from tests.strategies import boolean_networks, networks


def never() -> None:
    raise AssertionError("nobody is unsure here")


@given(st.one_of(boolean_networks(5, min_components=2), networks(3, 2)), st.randoms())
def test_that_one_state_tells_what_the_attractor_reaches(
    network: LogicalNetwork, chance: random.Random
):
    attractors = sorted(Brute(network).asynchronous(), key=len)[-3:]
    encoding = encode(network, settled=False)
    boolean = encoding.network
    d = boolean.diagram
    own = [values_of(encoding, state) for state in chance.choice(attractors)]
    seen = SampledStates(boolean, {v: FULL * own[0][v] for v in boolean.order}, never)
    for _ in range(8):
        asked = chance.sample(boolean.order, chance.randint(1, min(3, len(boolean.order))))
        f = d.cube({v: chance.random() < 0.5 for v in asked})
        f = d.either(f, d.cube({chance.choice(boolean.order): chance.random() < 0.5}))
        assert seen.reaches(f) is any(d.restrict(f, values) == 1 for values in own)


def test_that_it_is_left_open_where_too_many_sets_of_states_come_up(
    monkeypatch: pytest.MonkeyPatch,
):
    network = encode(read("A, !C\nB, A\nC, B").project.network).network
    seen = SampledStates(network, dict.fromkeys(network.order, 0), never)
    f = network.diagram.cube(dict.fromkeys(network.order, True))
    assert seen.reaches(f) is True
    monkeypatch.setattr(module, "MAX_CUBES", 1)
    assert seen.reaches(f) is None


def test_that_runs_show_states_of_the_attractor_only():
    network = encode(read("A, !C\nB, A\nC, B").project.network).network
    begin = dict.fromkeys(network.order, False)
    seen = SampledStates.runs(network, begin, never, Deadline())
    assert len(list(seen.patterns(network.order))) == 6  # of 8: a ring of three
    assert not seen.branches()
