"""Proofs of completeness against a walk over every state: what is learned holds for all like it."""

from __future__ import annotations

import random

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from regnet.analysis.attractors.certificate import held_values
from regnet.analysis.attractors.completeness import LONG, SHORT, CompletenessProof
from regnet.boolean import encode
from regnet.deadline import Deadline
from regnet.engines import asp
from regnet.network import LogicalNetwork
from tests.brute import Brute
from tests.regnet.analysis.attractors.test_certificate import is_inside, values_of
from tests.strategies import boolean_networks, networks

NEVER = Deadline()


@given(st.one_of(boolean_networks(5, min_components=3), networks(3, 2)), st.randoms())
def test_that_what_is_proved_is_so_and_every_way_leads_in(
    network: LogicalNetwork, chance: random.Random
):
    encoding = encode(network, settled=False)
    boolean = encoding.network
    spaces = [
        *asp.maximal_trap_spaces(boolean, limit=20, deadline=NEVER),
        *asp.minimal_trap_spaces(boolean, limit=20, deadline=NEVER),
    ]
    held = {v: chance.random() < 0.5 for v in held_values(boolean, ())}
    escapes = CompletenessProof(boolean, held, NEVER, chance)
    numbers = [escapes.add(space) for space in spaces]
    brute = Brute(network)
    states = {state: values_of(encoding, state) for state in brute.states}
    attractors = brute.asynchronous()
    for _ in range(4):
        chosen = chance.sample(numbers, chance.randint(0, len(numbers)))
        if escapes.is_proved(chosen, tries=50, runs=chance.choice([SHORT, LONG[:2]])):
            for own in attractors:
                begin = states[next(iter(own))]
                assert any(is_inside(begin, spaces[i]) for i in chosen)
    graph = nx.DiGraph((s, after) for s in brute.states for after in brute.successors(s))
    graph.add_nodes_from(brute.states)
    for way in escapes.ways:
        goal = {s for s, values in states.items() if is_inside(values, spaces[way.space])}
        for state, values in states.items():
            if is_inside(values, way.values):
                assert state in goal or goal & nx.descendants(graph, state)
