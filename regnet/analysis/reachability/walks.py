"""Walks: many random runs at once, and a shortened path from one of them.

A run that meets a condition proves that it is reachable; that none does proves nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping

from regnet.boolean import BooleanNetwork
from regnet.deadline import Deadline
from regnet.diagram import Function
from regnet.engines import Path

LANES = 256
BATCHES = 30
ROUNDS = 40
MAX_CUBES = 200
MAX_TRIALS = 2_000


def walked(
    part: BooleanNetwork, begin: Mapping[int, bool], goal: Function, deadline: Deadline
) -> Path | None:
    """Return a path that one of many random walks takes, shortened, or None.

    In each batch every variable has its own speed, and some walks keep values that the condition
    needs: both make sequences of events likely that uniform sampling hardly ever gives.
    """
    d, order, chance = part.diagram, part.order, random.Random(0)
    asked = d.support(goal)
    cubes = [dict(cube) for cube, _ in zip(d.paths(goal), range(MAX_CUBES), strict=False)]
    full = (1 << LANES) - 1
    for _ in range(BATCHES):
        wanted = chance.choice(cubes)
        held = {v: chance.getrandbits(LANES) for v in wanted}
        slow = {v: chance.randrange(4) for v in order}
        first = columns = _starts(part, begin, chance)
        columns = dict(columns)
        moves: list[tuple[int, int]] = []
        for v in chance.choices(order, k=ROUNDS * len(order)):
            deadline.check()
            now = columns[v]
            change = now ^ d.evaluate(part.functions[v], columns, full)
            for _ in range(slow[v]):
                change &= chance.getrandbits(LANES)
            if v in wanted:
                there = now if wanted[v] else full ^ now
                change &= ~(held[v] & there)
            if not change:
                continue
            columns[v] = now ^ change
            moves.append((v, change))
            if v not in asked:
                continue
            met = d.evaluate(goal, columns, full)
            if met:
                lane = (met & -met).bit_length() - 1
                state = {u: bool(column >> lane & 1) for u, column in first.items()}
                taken = [u for u, lanes in moves if lanes >> lane & 1]
                return state, tuple(_shortened(part, goal, state, taken, deadline))
    return None


def _starts(
    part: BooleanNetwork, begin: Mapping[int, bool], chance: random.Random
) -> dict[int, int]:
    """Return a start for every walk, as a column of bits for each variable."""
    full = (1 << LANES) - 1
    columns = {}
    for group in part.groups:
        column = full
        for v in group:  # valid level codes only
            value = begin.get(v)
            column &= chance.getrandbits(LANES) if value is None else full * value
            columns[v] = column
    return columns


def _shortened(
    part: BooleanNetwork,
    goal: Function,
    first: Mapping[int, bool],
    moves: list[int],
    deadline: Deadline,
) -> list[int]:
    """Return moves that still reach the goal; leaving out any one of them does not.

    Halves, quarters and so on down to single moves are left out (Zeller and Hildebrandt 2002,
    doi 10.1109/32.988498), together with moves that become impossible.
    """
    trials = 0
    moves = _played(part, goal, first, moves) or moves
    size = max(1, len(moves) // 2)
    while trials < MAX_TRIALS:
        place, before = 0, len(moves)
        while place < len(moves) and trials < MAX_TRIALS:
            deadline.check()
            trials += 1
            shorter = _played(part, goal, first, moves[:place] + moves[place + size :])
            if shorter is None:
                place += size
            else:
                moves = shorter
        if size > 1:
            size //= 2
        elif len(moves) == before:
            break
    return moves


def _played(
    part: BooleanNetwork, goal: Function, first: Mapping[int, bool], moves: Iterable[int]
) -> list[int] | None:
    """Return the moves that are possible, up to the goal and without detours; None if not met."""
    d = part.diagram
    state = {v: int(value) for v, value in first.items()}
    taken: list[int] = []
    seen = {tuple(state.values()): 0}
    for v in moves:
        value = d.evaluate(part.functions[v], state, 1)
        if value == state[v]:
            continue
        state[v] = value
        taken.append(v)
        key = tuple(state.values())
        if key in seen:  # a detour: back to a visited state
            del taken[seen[key] :]
            seen = {k: at for k, at in seen.items() if at <= len(taken)}
        seen[key] = len(taken)
        if d.evaluate(goal, state, 1):
            return taken
    return None
