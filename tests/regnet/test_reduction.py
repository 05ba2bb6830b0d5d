"""Reduction: what is taken out can be put back, and what is left is all that decides."""

from __future__ import annotations

from hypothesis import given

from regnet.boolean import encode
from regnet.network import Component, LogicalNetwork, Rule
from regnet.reduction import parts, reduce
from tests.brute import Brute
from tests.strategies import boolean_networks, networks


def rules(**texts: str | None) -> LogicalNetwork:
    return LogicalNetwork(
        tuple(Component(name, Rule.of(t) if t else None) for name, t in texts.items())
    )


def groups_of(network: LogicalNetwork, **options: bool) -> list[str]:
    encoding = encode(network)
    core = reduce(encoding.network, **options).core
    return [encoding.names[encoding.groups.index(group)] for group in core.groups]


def test_that_constants_percolate():
    network = rules(A="1", B="A & C", C="!A | C & B", D="C", E="!A")
    reduction = reduce(encode(network).network)
    assert reduction.fixed == {0: True, 4: False}
    assert [len(group) for group in reduction.core.groups] == [1, 1]  # B and C; D only follows


def test_that_values_hold_whatever_the_rules_say():
    reduction = reduce(encode(rules(A="!B", B="!A")).network, {0: False})
    assert reduction.fixed == {0: False, 1: True}
    assert reduction.core.groups == ()


def test_that_a_chain_that_regulates_nothing_is_taken_out_and_remembered_in_order():
    reduction = reduce(encode(rules(A="!B", B="!A", C="A", D="C & B")).network)
    assert [group for group, _ in reduction.driven] == [(3,), (2,)]
    assert reduction.core.order == (0, 1)


def test_that_what_inputs_alone_decide_is_settled():
    reduction = reduce(encode(rules(I=None, A="!I", B="A & !C", C="!B")).network)
    assert [group for group, _ in reduction.settled] == [(1,)]
    d = reduction.core.diagram
    assert d.support(reduction.core.targets[2]) == {0, 3}


def test_that_from_a_start_only_what_starts_at_its_constant_is_constant():
    network = encode(rules(A="1", B="A", C="C & !B"), settled=False).network
    assert reduce(network, start={0: True, 1: True, 2: False}).fixed == {0: True, 1: True, 2: False}
    assert reduce(network, start={0: False, 1: False, 2: True}).fixed == {}


def test_that_followers_with_several_levels_stay_for_synchronous_updates():
    network = LogicalNetwork(
        (Component("A", Rule.of("!A")), Component("B", Rule.parse({2: "A"}), top=2))
    )
    assert groups_of(network) == ["A"]
    assert groups_of(network, synchronous=True) == ["A", "B"]


@given(boolean_networks(6))
def test_that_constants_hold_in_every_attractor(network: LogicalNetwork):
    fixed = reduce(encode(network).network).fixed
    for attractor in Brute(network).asynchronous():
        for state in attractor:
            assert all(state[v] == value for v, value in fixed.items())


@given(networks())
def test_that_every_component_is_somewhere_once(network: LogicalNetwork):
    encoding = encode(network)
    reduction = reduce(encoding.network)
    taken = [v for group, _ in (*reduction.driven, *reduction.settled) for v in group]
    assert sorted([*reduction.core.order, *reduction.fixed, *taken]) == list(encoding.network.order)


@given(networks())
def test_that_parts_share_no_regulator(network: LogicalNetwork):
    core = reduce(encode(network).network).core
    pieces = parts(core)
    assert sorted(v for piece in pieces for v in piece.order) == list(core.order)
    for piece in pieces:
        own = set(piece.order)
        assert all(piece.diagram.support(f) <= own for f in piece.targets.values())
        assert piece.inputs == core.inputs & own
