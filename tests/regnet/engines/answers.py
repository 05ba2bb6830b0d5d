"""Answers of engines in the words of the oracle: states and boxes of levels."""

from __future__ import annotations

from collections.abc import Mapping

from regnet.boolean import Encoding
from regnet.diagram import Function
from tests.brute import Box, Brute, State


def state_of(encoding: Encoding, number: int) -> State:
    """Return the levels in a state that is written as a number over the variables' order."""
    order = encoding.network.order
    values = dict(zip(order, format(number, f"0{len(order)}b"), strict=True))
    return tuple(sum(values[v] == "1" for v in group) for group in encoding.groups)


def states_of(encoding: Encoding, brute: Brute, f: Function) -> frozenset[State]:
    """Return the states in which a function holds."""
    d = encoding.network.diagram
    found = set()
    for state in brute.states:
        levels = {n: (x, x) for n, x in zip(brute.names, state, strict=True)}
        if d.restrict(f, encoding.restriction(levels)) == 1:
            found.add(state)
    return frozenset(found)


def box_of(encoding: Encoding, values: Mapping[int, bool]) -> Box:
    """Return the range of each component when these variables have these values."""
    space = encoding.space(values, complete=True)
    return tuple(space[name] for name in encoding.names)


def start_of(encoding: Encoding, brute: Brute, state: State) -> Function:
    """Return one state as a function."""
    levels = {n: (x, x) for n, x in zip(brute.names, state, strict=True)}
    return encoding.network.diagram.cube(encoding.restriction(levels))
