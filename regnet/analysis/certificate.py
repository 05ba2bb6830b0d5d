"""Certificates: exact asynchronous attractors of networks too large to look at every state.

Every minimal trap space holds an attractor; what has to be proved is that there is no other. Hold
back the variables of a feedback vertex set (each may leave one chosen value but not come back);
every attractor then contains a fixed point of this *retained* network (Trinh, Hiraishi and
Benhamou 2022, doi 10.1145/3535508.3545520). Those outside the minimal trap spaces are candidates.
A candidate from which some run enters a minimal trap space belongs to no further attractor. When
none is left, the minimal trap spaces hold all attractors.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from regnet.boolean import BooleanNetwork
from regnet.engines import Deadline, asp

MAX_SPACES = 20_000
MAX_CANDIDATES = 4_000
ROUNDS = 400


@dataclass(frozen=True)
class Certificate:
    """What is known of a network's asynchronous attractors.

    Parameters
    ----------
    spaces
        The minimal trap spaces, as the variables each fixes.
    proved
        Whether every attractor lies in one of them, with at least one in each.
    why
        What is missing when it is not proved.
    """

    spaces: tuple[Mapping[int, bool], ...]
    proved: bool
    why: str = ""


def certify(network: BooleanNetwork, *, deadline: Deadline, seed: int = 0) -> Certificate:
    """Return the minimal trap spaces, and whether they are proved to hold every attractor.

    `seed` starts the random runs; they can only turn "not proved" into "proved", never into a
    wrong answer.
    """
    spaces: list[Mapping[int, bool]] = []
    for space in asp.minimal_trap_spaces(network, limit=MAX_SPACES, deadline=deadline):
        spaces.append(space)
    if len(spaces) == MAX_SPACES:
        return Certificate(tuple(spaces), False, f"more than {MAX_SPACES} minimal trap spaces")
    values = _majority(network, spaces)
    held = feedback_vertex_set(network)
    retained = _retained(network, {v: values[v] for v in held})
    candidates = list(
        asp.fixed_points(
            retained, limit=MAX_CANDIDATES, outside=spaces, deadline=deadline.within(20)
        )
    )
    if len(candidates) == MAX_CANDIDATES:
        return Certificate(tuple(spaces), False, "too many candidates for further attractors")
    left = _escape(network, candidates, spaces, deadline, random.Random(seed))
    if left:
        return Certificate(tuple(spaces), False, f"{left} states may lie in further attractors")
    return Certificate(tuple(spaces), True)


def feedback_vertex_set(network: BooleanNetwork) -> list[int]:
    """Return variables without which no circuit is left; small, not always smallest.

    Reductions of Levy and Low (1988, doi 10.1016/0196-6774(88)90013-2), then the variable on most
    paths.
    """
    d = network.diagram
    before = {v: set(d.support(f)) for v, f in network.functions.items()}
    after: dict[int, set[int]] = {v: set() for v in before}
    for v, sources in before.items():
        for u in sources:
            after[u].add(v)
    chosen: list[int] = []

    def remove(v: int, *, bypass: bool) -> set[int]:
        touched = (before[v] | after[v]) - {v}
        for u in before[v] - {v}:
            after[u].discard(v)
            if bypass:
                after[u] |= after[v]
        for w in after[v] - {v}:
            before[w].discard(v)
            if bypass:
                before[w] |= before[v]
        del before[v], after[v]
        return touched

    queue = set(before)
    while before:
        while queue:
            v = min(queue)
            queue.discard(v)
            if v not in before:
                continue
            if v in before[v]:
                chosen.append(v)
                queue |= remove(v, bypass=False)
            elif len(before[v]) <= 1 or len(after[v]) <= 1:
                queue |= remove(v, bypass=True)
        if before:
            v = max(before, key=lambda v: (len(before[v]) * len(after[v]), -v))
            chosen.append(v)
            queue = remove(v, bypass=False)
    return sorted(chosen)


def _majority(network: BooleanNetwork, spaces: Sequence[Mapping[int, bool]]) -> dict[int, bool]:
    """Return for each variable the value that most trap spaces fix it at."""
    balance = dict.fromkeys(network.order, 0)
    for space in spaces:
        for v, value in space.items():
            balance[v] += 1 if value else -1
    return {v: b > 0 for v, b in balance.items()}


def _retained(network: BooleanNetwork, held: Mapping[int, bool]) -> BooleanNetwork:
    d = network.diagram
    functions = dict(network.functions)
    for v, value in held.items():
        own = d.literal(v)
        f = functions[v]
        functions[v] = d.either(f, own) if value else d.both(f, own)
    groups = tuple((v,) for v in network.order)  # each variable on its own
    return replace(network, groups=groups, targets=functions)


def _escape(
    network: BooleanNetwork,
    candidates: Sequence[Mapping[int, bool]],
    spaces: Sequence[Mapping[int, bool]],
    deadline: Deadline,
    chance: random.Random,
) -> int:
    """Return how many candidates were not seen to enter a trap space.

    All candidates run at once, one bit each, through the same random order of updates.
    """
    d, order, functions = network.diagram, network.order, network.functions
    full = (1 << len(candidates)) - 1
    columns = {
        v: sum(1 << lane for lane, state in enumerate(candidates) if state[v]) for v in order
    }
    running = full
    for _ in range(ROUNDS):
        if not running:
            break
        deadline.check()
        for v in chance.choices(order, k=len(order)):
            columns[v] = d.evaluate(functions[v], columns, full)
        for space in spaces:
            inside = running
            for v, value in space.items():
                inside &= columns[v] if value else ~columns[v]
                if not inside:
                    break
            running &= ~inside
    return running.bit_count()
