"""Coupling: which of two networks reaches a condition first, for all rates.

Two networks are simulated with common clocks: each component has one for increase and one for
decrease, and if both networks would move it in that direction they do so at once. The law of each
network is unchanged (Thorisson 2000, Coupling, Stationarity, and Regeneration). If then one of them
is never second, in any reachable pair of states, its first time is no later, for all positive rates
that are equal in both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from regnet.analysis.simulate.kinetics import Setup

if TYPE_CHECKING:
    from regnet.analysis.simulate.markov import Chain

MOST_PAIRS = 20_000_000
"""Maximum number of pairs of states, reachable or not."""

Array: TypeAlias = "np.ndarray[Any, Any]"
Side: TypeAlias = "tuple[Chain, Setup, int]"
"""A chain, its setup, and the index of the condition among its conditions."""


def order_of(one: Side, two: Side) -> tuple[bool, bool] | None:
    """Return whether the first network can be first, and whether the second can.

    Return None if undecided: starts are random, or there are too many pairs. Rates must not depend
    on the state.
    """
    (chain, setup, place), (other, its_setup, its_place) = one, two
    _, held, begun, *_ = parts = chain.steps()
    _, its_held, its_begun, *_ = its_parts = other.steps()
    count, width = len(held), len(its_held)
    if len(begun) != 1 or len(its_begun) != 1 or count * width > MOST_PAIRS:
        return None
    here, there = held[:, place].astype(bool), its_held[:, its_place].astype(bool)
    clocks = sorted({*setup.components, *its_setup.components})
    moves = _moves(parts, setup, clocks), _moves(its_parts, its_setup, clocks)
    reached = np.zeros(count * width, bool)
    fresh = np.array([begun[0] * width + its_begun[0]])
    is_first = is_second = False
    while len(fresh):
        reached[fresh] = True
        a, b = np.divmod(fresh, width)
        is_first |= bool((here[a] & ~there[b]).any())
        is_second |= bool((there[b] & ~here[a]).any())
        if is_first and is_second:
            break
        going = ~here[a] & ~there[b]
        a, b = a[going], b[going]
        found = [mine[a] * width + its[b] for mine, its in zip(*moves, strict=True)]
        fresh = np.unique(np.concatenate(found)) if found else fresh[:0]
        fresh = fresh[~reached[fresh]]
    return is_first, is_second


def _moves(parts: tuple[Array, ...], setup: Setup, clocks: list[str]) -> list[Array]:
    """Return for each clock, increase before decrease, the successor of each state."""
    states, _, _, sources, targets = parts
    encoding = setup.encoding
    number = {
        v: clocks.index(name)
        for name, group in zip(encoding.names, encoding.groups, strict=True)
        if name in setup.components
        for v in group
    }
    of_column = np.array([number[v] for v in setup.order], np.int64)
    table = np.tile(np.arange(len(states)), (2 * len(clocks), 1))
    if len(sources):
        column = (states[sources] != states[targets]).argmax(axis=1)
        falls = states[sources, column].astype(np.int64)
        table[2 * of_column[column] + falls, sources] = targets
    return list(table)
