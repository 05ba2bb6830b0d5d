"""Completeness: a proof that every attractor meets, and so lies inside, one of some trap spaces.

Each attractor contains a fixed point of a retained network (see `certificate`). The solver gives
such a state outside all spaces, from which a run into one is searched for. Going back along the
run, from the values that the space fixes, each relevant update is replaced by the values that cause
it, and irrelevant updates are skipped. The few values left lead into the space by the same updates,
whatever the other values: no attractor outside contains a state with these values. They are
excluded and the solver is called again, until there is no state left. This generalises from one
state to all that escape in the same way, like counterexample-guided refinement in model checking
(Clarke, Grumberg, Jha, Lu and Veith 2003, doi 10.1145/876638.876643).
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from regnet.boolean import BooleanNetwork
from regnet.deadline import Deadline
from regnet.diagram import Function
from regnet.engines import sat

SHORT = ((12, 8),)
LONG = (*SHORT, (16, 64), (8, 512), (4, 4096))
"""Number of runs tried from a state, and rounds of updates of each."""

Values = Mapping[int, bool]


@dataclass(frozen=True)
class _Way:
    """Values from which runs lead into a space: the space itself, or those needed by a run."""

    values: Values
    mask: int
    bits: int
    space: int


class CompletenessProof:
    """Proves that no attractor lies outside some trap spaces, and keeps what it learned.

    Parameters
    ----------
    network
        The network.
    held
        Retained variables, such that no negative circuit is left, each with the value that it
        cannot leave. Any values are valid; some leave more states to examine.
    deadline
        When to stop.
    chance
        Random generator of the runs, which can only turn "not proved" into "proved".
    """

    def __init__(
        self,
        network: BooleanNetwork,
        held: Values,
        deadline: Deadline,
        chance: random.Random,
    ) -> None:
        self.network = network
        self.held = held
        self.deadline = deadline
        self.chance = chance
        self.retained = sat.Retained(network, held)
        self.bit = {v: 1 << i for i, v in enumerate(network.order)}
        self.switches: list[int] = []
        self.ways: list[_Way] = []
        self.reasons: dict[tuple[Function, tuple[tuple[int, bool], ...]], dict[int, bool]] = {}

    def add(self, space: Values) -> int:
        """Add a trap space and return its number."""
        self.switches.append(self.retained.switch())
        self._learn(space, len(self.switches) - 1)
        return len(self.switches) - 1

    def is_proved(
        self, spaces: Collection[int], *, tries: int, runs: Iterable[tuple[int, int]]
    ) -> bool:
        """Return whether every attractor is proved to lie inside one of the spaces.

        Parameters
        ----------
        spaces
            Numbers of the spaces.
        tries
            Maximum number of states examined.
        runs
            Number of runs tried from a state, and rounds of each, the short ones first.
        """
        switches = [self.switches[i] for i in sorted(spaces)]
        for _ in range(tries):
            states = self.retained.resting(
                self.held, limit=1, deadline=self.deadline, switches=switches
            )
            if not states:
                return True
            if not any(self._comes_in(states[0], spaces, *effort) for effort in runs):
                return False
        return False

    def _comes_in(self, state: Values, spaces: Collection[int], runs: int, rounds: int) -> bool:
        """Search for a run from a state into one of the spaces, and learn from it.

        Most runs are directed towards known values: variables that already have them are not
        updated.
        """
        if not spaces:
            return False
        d, functions, order = self.network.diagram, self.network.functions, self.network.order
        ways = [way for way in self.ways if way.space in spaces]
        for number in range(runs):
            now, moved = dict(state), list[int]()
            aim = self.chance.choice(ways).values if number % 4 else {}
            for _ in range(rounds):
                self.deadline.check()
                before = len(moved)
                for v in self.chance.sample(order, k=len(order)):
                    if aim.get(v) is now[v]:
                        continue
                    after = d.evaluate(functions[v], now, 1) == 1
                    if after is not now[v]:
                        now[v] = after
                        moved.append(v)
                bits = sum(self.bit[v] for v, value in now.items() if value)
                met = [way for way in ways if bits & way.mask == way.bits]
                if met:
                    way = min(met, key=lambda way: len(way.values))
                    self._learn(self._needed(way.values, now, moved), way.space)
                    return True
                if len(moved) == before:
                    break
        return False

    def _needed(
        self, values: Values, now: dict[int, bool], moved: Sequence[int]
    ) -> dict[int, bool]:
        """Return the values a state needs for the same run to reach others; `now` is its end."""
        needed = dict(values)
        for v in reversed(moved):
            after = now[v]
            now[v] = not after
            if v in needed:
                del needed[v]
                needed.update(self._reason(v, after, now))
        return needed

    def _reason(self, v: int, after: bool, now: Values) -> dict[int, bool]:
        """Return a minimal set of values of a state that determines the target of a variable.

        They are among the variables on the path through the decision diagram of its function.
        """
        d, f = self.network.diagram, self.network.functions[v]
        seen, g = {}, f
        while g > 1:
            u = d.variable(g)
            seen[u] = now[u]
            g = d.branches(g)[now[u]]
        key = f, tuple(seen.items())
        if key not in self.reasons:
            for u in list(seen):
                rest = {w: value for w, value in seen.items() if w != u}
                if d.restrict(f, rest) == after:
                    seen = rest
            self.reasons[key] = seen
        return self.reasons[key]

    def _learn(self, values: Values, space: int) -> None:
        mask = sum(self.bit[v] for v in values)
        bits = sum(self.bit[v] for v, value in values.items() if value)
        self.ways.append(_Way(values, mask, bits, space))
        self.retained.exclude(values, self.switches[space])
