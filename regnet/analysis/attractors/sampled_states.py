"""SampledStates: properties of an attractor derived from some of its states.

Sampled runs show many properties of an attractor. Others are decided by backward search from the
goal, one update at a time, with sets of states that fix a few variables (regression, as in
planning). If a sampled state is among them, the goal can be reached; if the search is exhausted, it
cannot.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from regnet.boolean import BooleanNetwork
from regnet.deadline import Deadline
from regnet.diagram import Function

LANES, ROUNDS = 64, 100
"""Number of runs that sample an attractor, and rounds of updates of each."""

FULL = (1 << LANES * (ROUNDS + 1)) - 1
"""All sampled states, one bit each."""

MAX_CUBES = 1_000
"""Maximum number of sets of states in a backward search."""


@dataclass(frozen=True)
class SampledStates:
    """Some states of an attractor that has too many to enumerate.

    Parameters
    ----------
    network
        The network of the attractor.
    columns
        Variable -> its values, one bit for each state.
    unsure
        Called if these states do not decide whether something is possible.
    """

    network: BooleanNetwork
    columns: Mapping[int, int]
    unsure: Callable[[], None]

    @classmethod
    def runs(
        cls,
        network: BooleanNetwork,
        state: Mapping[int, bool],
        unsure: Callable[[], None],
        deadline: Deadline,
    ) -> SampledStates:
        """Return the states of random runs from a state of the attractor, with a fixed seed."""
        d, order, chance = network.diagram, network.order, random.Random(0)
        full = (1 << LANES) - 1
        now = {v: full * state[v] for v in order}
        columns = dict(now)
        for _ in range(ROUNDS):
            deadline.check()
            for v in chance.choices(order, k=len(order)):
                some = chance.getrandbits(LANES)  # independent runs
                after = d.evaluate(network.functions[v], now, full)
                now[v] = (after & some) | (now[v] & ~some)
            for v in order:
                columns[v] = columns[v] << LANES | now[v]
        return cls(network, columns, unsure)

    def first(self) -> dict[int, bool]:
        """Return the smallest of the states, in the order of the variables."""
        left, values = FULL, {}
        for v in sorted(self.columns):
            low = left & ~self.columns[v]
            values[v] = not low
            left = low or left
        return values

    def branches(self) -> bool:
        """Return whether some of the states have several successors."""
        d, once, more = self.network.diagram, 0, 0
        for v, f in self.network.functions.items():
            moving = d.evaluate(f, self.columns, FULL) ^ self.columns[v]
            more |= once & moving
            once |= moving
        return more != 0

    def patterns(self, variables: Sequence[int]) -> Iterator[dict[int, bool]]:
        """Yield the sampled joint values of some variables."""
        todo: list[tuple[dict[int, bool], int]] = [({}, FULL)]
        while todo:
            values, states = todo.pop()
            if len(values) == len(variables):
                yield values
                continue
            v = variables[len(values)]
            high = states & self.columns[v]
            for value, part in ((True, high), (False, states ^ high)):
                if part:
                    todo.append(({**values, v: value}, part))

    def reaches(self, f: Function) -> bool | None:
        """Return whether `f` is true in some state of the attractor; None if it takes too long.

        All variables of `f` belong to the network.
        """
        d, functions = self.network.diagram, self.network.functions
        bit = {v: 1 << i for i, v in enumerate(self.network.order)}
        known: list[tuple[int, int]] = []
        todo: list[tuple[int, int, dict[int, bool]]] = []
        fresh: list[dict[int, bool]] = [dict(cube) for cube in d.cubes(f)]
        while len(known) < MAX_CUBES:
            for cube in fresh:
                high = sum(bit[v] for v, value in cube.items() if value)
                low = sum(bit[v] for v, value in cube.items() if not value)
                if any(high & a == a and low & b == b for a, b in known):
                    continue
                known.append((high, low))
                if self._meets(cube):
                    return True
                heappush(todo, (len(cube), len(known), cube))
            if not todo:
                return False
            _, _, cube = heappop(todo)
            fresh = []
            for v, value in cube.items():
                rest = {u: x for u, x in cube.items() if u != v}
                before = d.restrict(functions[v], rest)
                before = before if value else d.negation(before)
                fresh += [{**rest, **dict(more)} for more in d.cubes(before)]
        return None

    def _meets(self, cube: Mapping[int, bool]) -> bool:
        states = FULL
        for v, value in cube.items():
            states &= self.columns[v] if value else FULL ^ self.columns[v]
        return states != 0
