"""The Boolean encoding: every state of a network moves as its Boolean variables do."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from regnet.boolean import encode, next_conditions
from regnet.logic import evaluate
from regnet.network import Component, LogicalNetwork, Rule
from regnet.space import Space
from tests.brute import Brute, State
from tests.strategies import networks, starts


def bits_of(groups: tuple[tuple[int, ...], ...], state: State) -> dict[int, bool]:
    return {
        v: place < level
        for group, level in zip(groups, state, strict=True)
        for place, v in enumerate(group)
    }


@given(networks(3))
def test_that_one_step_of_the_encoding_is_one_level_towards_the_target(network: LogicalNetwork):
    encoding, brute = encode(network, settled=False), Brute(network)
    boolean = encoding.network
    for state in brute.states:
        before = bits_of(encoding.groups, state)
        after = {v: bool(boolean.diagram.restrict(f, before)) for v, f in boolean.functions.items()}
        assert after == bits_of(encoding.groups, brute.next(state))


@given(networks(3))
def test_that_only_ladders_of_levels_are_admissible(network: LogicalNetwork):
    encoding, brute = encode(network), Brute(network)
    d, admissible = encoding.network.diagram, encoding.network.admissible
    assert d.count(admissible, encoding.network.order) == len(brute.states)
    for state in brute.states:
        assert d.restrict(admissible, bits_of(encoding.groups, state)) == 1


@given(networks(3))
def test_that_states_without_meaning_flow_into_those_with(network: LogicalNetwork):
    encoding = encode(network, settled=False)
    boolean, d = encoding.network, encoding.network.diagram
    for number in range(1 << len(boolean.order)):
        values = {v: bool(number >> i & 1) for i, v in enumerate(boolean.order)}
        for _ in boolean.order:
            after = {v: bool(d.restrict(f, values)) for v, f in boolean.functions.items()}
            moving = next((v for v in boolean.order if after[v] != values[v]), None)
            if d.restrict(boolean.admissible, values) == 1:
                break
            assert moving is not None
            for group in encoding.groups:  # mend one gap: what holds without the level below
                for low, high in itertools.pairwise(group):
                    if values[high] and not values[low]:
                        assert after[low]
                        values[low] = True
        assert d.restrict(boolean.admissible, values) == 1


@given(networks(), st.data())
def test_that_spaces_go_there_and_back(network: LogicalNetwork, data: st.DataObject):
    encoding = encode(network)
    space = data.draw(starts(network))
    whole = {name: (0, top) for name, top in network.tops.items()}
    narrow = Space({n: r for n, r in space.items() if r != whole[n]})
    assert encoding.space(encoding.restriction(space)) == narrow
    assert encoding.space(encoding.restriction(space), complete=True) == Space({**whole, **space})


@given(networks(3))
def test_that_the_next_level_can_be_said_in_the_words_of_the_rules(network: LogicalNetwork):
    brute = Brute(network)
    for position, component in enumerate(network.components):
        conditions = next_conditions(component)
        for state in brute.states:
            levels = dict(zip(brute.names, state, strict=True))
            level = brute.next(state)[position]
            assert [evaluate(c, levels) for c in conditions] == [
                k <= level for k in range(1, component.top + 1)
            ]


def test_that_constants_are_put_into_rules_before_diagrams_are_built():
    network = LogicalNetwork(
        (
            Component("A", Rule.constant(1)),
            Component("B", Rule.of("A & B")),
            Component("C", Rule.of("A & !B")),
        )
    )
    plain, settled = encode(network, settled=False), encode(network)
    assert len(plain.network.diagram.support(plain.network.targets[1])) == 2
    assert settled.network.targets[1] == settled.network.diagram.literal(1)
    assert settled.network.inputs == frozenset()


def test_that_components_without_a_rule_are_inputs_of_the_encoding():
    network = LogicalNetwork((Component("A", top=2), Component("B", Rule.of("A"))))
    boolean = encode(network).network
    assert boolean.groups == ((0, 1), (2,))
    assert boolean.inputs == {0, 1}
    assert not boolean.is_boolean
