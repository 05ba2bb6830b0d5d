"""Certificates against a walk over every state: what is proved is so."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from regnet.analysis.attractors.certificate import (
    certify,
    common_state,
    negative_feedback_vertex_set,
)
from regnet.boolean import Encoding, encode
from regnet.deadline import Deadline
from regnet.engines import sat
from regnet.feedback import feedback_vertex_set
from regnet.formats.bnet import read
from regnet.network import LogicalNetwork
from tests.brute import Brute, State
from tests.strategies import boolean_networks, networks

NEVER = Deadline()


def values_of(encoding: Encoding, state: State) -> dict[int, bool]:
    return {
        v: level > place
        for group, level in zip(encoding.groups, state, strict=True)
        for place, v in enumerate(group)
    }


def attractors_of(network: LogicalNetwork, encoding: Encoding) -> list[list[dict[int, bool]]]:
    return [
        [values_of(encoding, state) for state in attractor]
        for attractor in Brute(network).asynchronous()
    ]


def is_inside(state: dict[int, bool], space: dict[int, bool]) -> bool:
    return all(state[v] is value for v, value in space.items())


@given(st.one_of(boolean_networks(5, min_components=3), networks(3, 2)))
def test_that_a_certificate_is_right(network: LogicalNetwork):
    encoding = encode(network, settled=False)
    certificate = certify(encoding.network, deadline=NEVER)
    attractors = attractors_of(network, encoding)
    for space in certificate.spaces:
        assert any(all(is_inside(state, space) for state in own) for own in attractors)
    outside = [
        own
        for own in attractors
        if not any(is_inside(own[0], space) for space in certificate.spaces)
    ]
    assert not (certificate.proved and outside)


@given(st.one_of(boolean_networks(5, min_components=3), networks(3, 2)), st.randoms())
def test_that_every_attractor_has_a_state_at_which_a_retained_network_rests(
    network: LogicalNetwork, chance: random.Random
):
    encoding = encode(network, settled=False)
    held = negative_feedback_vertex_set(encoding.network)
    retained = sat.Retained(encoding.network, held)
    for _ in range(3):
        values = {v: chance.random() < 0.5 for v in held}
        states = retained.resting(values, limit=10_000, deadline=NEVER)
        assert all(any(s in states for s in own) for own in attractors_of(network, encoding))


def test_that_a_common_state_lies_in_the_only_attractor():
    chance = random.Random(3)
    seen = 0
    for _ in range(200):
        network = random_network(chance, 4)
        encoding = encode(network, settled=False)
        if certify(encoding.network, deadline=NEVER).spaces != ({},):
            continue
        state = common_state(encoding.network, deadline=NEVER)
        if state is not None:
            seen += 1
            (attractor,) = attractors_of(network, encoding)
            assert state in attractor
    assert seen > 10


def random_network(chance: random.Random, size: int) -> LogicalNetwork:
    """Return a network in which every component has two regulators and any function of them."""
    names = "ABCDEF"[:size]
    lines = []
    for name in names:
        a, b = chance.sample(names, 2)
        function = chance.choice(["{a} & {b}", "{a} | {b}", "!{a} & {b}", "!{a} | !{b}",
                                  "{a} & !{b} | !{a} & {b}", "!{a}"])  # fmt: skip
        lines.append(f"{name}, {function.format(a=a, b=b)}")
    return read("\n".join(lines)).project.network


def test_that_attractors_outside_trap_spaces_are_never_denied():
    # AEON and brute force find three attractors here, one of them outside both fixed points
    text = "A, !A & !B | C\nB, !A & !B | C\nC, A & B"
    network = read(text).project.network
    encoding = encode(network)
    attractors = attractors_of(network, encoding)
    certificate = certify(encoding.network, deadline=NEVER)
    assert [len(own) for own in sorted(attractors, key=len)] == [1, 3]
    assert not certificate.proved
    assert "may lie in further attractors" in certificate.why


def test_that_positive_circuits_need_nothing_held():
    network = encode(read("A, B\nB, C | A\nC, !D\nD, !C").project.network).network
    assert feedback_vertex_set(network)
    assert negative_feedback_vertex_set(network) == []
