"""Regions: the states of an attractor, as independent factors or as a cycle in time.

An attractor of a network is composed from the attractors of its independent parts and from
components that only follow. Both kinds of region answer the same questions: can a function be true
in some state, how does a following component behave, and how do two parts combine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import gcd

from regnet.analysis.attractors.results import OSCILLATES
from regnet.analysis.attractors.sampled_states import SampledStates
from regnet.diagram import Diagram, Function
from regnet.engines import StateSet

MAX_PERIOD = 1_000_000
"""Maximum length of a cycle composed from the cycles of independent parts."""


@dataclass(frozen=True)
class Region:
    """States that are the product of independent sets, for asynchronous updates.

    Parameters
    ----------
    diagram
        The diagram of the functions.
    sets
        Variable -> the set of states of its factor, as a function.
    size
        Number of states, or None where it was not counted.
    cyclic
        Whether there are several states and each has exactly one successor; None if unknown.
    seen
        Some of the states, where only a space that contains them is known.
    """

    diagram: Diagram
    sets: Mapping[int, Function] = field(default_factory=dict)
    size: int | None = 1
    cyclic: bool | None = False
    seen: tuple[SampledStates, ...] = ()

    @classmethod
    def of(cls, diagram: Diagram, order: Sequence[int], found: StateSet) -> Region:
        """Return the region of an answer of an engine over the variables `order`."""
        return cls(diagram, dict.fromkeys(order, found.states), found.size, found.cyclic)

    @classmethod
    def free(cls, diagram: Diagram, group: Sequence[int]) -> Region:
        """Return the region of one component at any level left open by these variables."""
        return cls(diagram, dict.fromkeys(group, diagram.ladder(group)), len(group) + 1)

    @property
    def kind(self) -> str:
        """``"fixed point"``, ``"cyclic"``, ``"complex"`` or `OSCILLATES`."""
        if self.size == 1:
            return "fixed point"
        if self.cyclic is None:
            return OSCILLATES
        return "cyclic" if self.cyclic else "complex"

    def can(self, f: Function) -> bool:
        """Return whether `f` is true in some state.

        Where neither is proved, return True and call `SampledStates.unsure`.
        """
        if not self._may(f):
            return False
        support = self.diagram.support(f)
        asked = [seen for seen in self.seen if support & seen.columns.keys()]
        left = [f]
        for seen in asked:
            patterns = list(seen.patterns(sorted(support & seen.columns.keys())))
            left = list({self.diagram.restrict(g, p) for g in left for p in patterns})
        if not asked or any(map(self._may, left)):
            return True
        answer = asked[0].reaches(f) if support <= asked[0].columns.keys() else None
        if answer is None:
            asked[0].unsure()
        return answer is not False

    def _may(self, f: Function) -> bool:
        """Return whether `f` is true somewhere in the product of the sets."""
        d = self.diagram
        sets = sorted({self.sets[v] for v in d.support(f) if v in self.sets})
        if not sets:
            return f != 0
        for states in sets[:-1]:
            f = d.both(f, states)
        return d.meet(f, sets[-1])

    def seed(self) -> dict[int, bool]:
        """Return the values of the smallest state, in the order of the variables.

        Where only a space that contains the states is known, of the smallest sampled state.
        """
        values = dict.fromkeys(self.sets, False)
        for states in set(self.sets.values()):
            values.update(self.diagram.first(states))
        for seen in self.seen:
            values.update(seen.first())
        return values

    def joined(self, other: Region) -> list[Region]:
        """Return the joint attractors of both parts."""
        size = None if self.size is None or other.size is None else self.size * other.size
        # where both have several states, each has a successor for either to move
        cyclic = self.cyclic if other.size == 1 else self.size == 1 and other.cyclic
        sets, seen = {**self.sets, **other.sets}, self.seen + other.seen
        return [Region(self.diagram, sets, size, cyclic, seen)]

    def driven(
        self, group: Sequence[int], targets: Sequence[Function]
    ) -> tuple[Region, dict[int, bool]]:
        """Add a removed component that follows the region.

        Return the new region, and the variables of the component that never change. The component
        visits every level between its least and its greatest target, as the others can wait
        meanwhile.
        """
        d = self.diagram
        low = sum(not self.can(d.negation(f)) for f in targets)
        high = sum(self.can(f) for f in targets)
        fixed = dict.fromkeys(group[:low], True) | dict.fromkeys(group[high:], False)
        (region,) = self.joined(Region.free(d, tuple(group[low:high])))
        return region, fixed


@dataclass(frozen=True)
class Cycle:
    """States in the order in which synchronous updates visit them.

    ``columns[v]`` has one bit per time step, the value of variable ``v``; `size` is the number
    of steps until the cycle repeats.
    """

    diagram: Diagram
    columns: Mapping[int, int] = field(default_factory=dict)
    size: int = 1

    @classmethod
    def of(cls, diagram: Diagram, order: Sequence[int], states: Sequence[int]) -> Cycle:
        """Return the region of an engine's answer: states as numbers over `order`."""
        columns = {}
        for i, v in enumerate(order):
            digit = len(order) - 1 - i
            bits = "".join("1" if s >> digit & 1 else "0" for s in reversed(states))
            columns[v] = int(bits, 2)
        return cls(diagram, columns, len(states))

    @property
    def kind(self) -> str:
        """``"fixed point"`` or ``"cyclic"``."""
        return "fixed point" if self.size == 1 else "cyclic"

    def can(self, f: Function) -> bool:
        """Return whether `f` is true in some state."""
        return self._values(f) != 0

    def seed(self) -> dict[int, bool]:
        """Return the values of the smallest state, in the order of the variables.

        The columns may begin anywhere in the cycle.
        """
        left = (1 << self.size) - 1
        values = {}
        for v, column in sorted(self.columns.items()):
            low = left & ~column
            values[v] = not low
            left = low or left
        return values

    def joined(self, other: Cycle) -> list[Cycle]:
        """Return the joint attractors of both parts: one for each shift between them.

        Raises
        ------
        OverflowError
            If a joint cycle is longer than `MAX_PERIOD`.
        """
        shifts = gcd(self.size, other.size)
        size = self.size * other.size // shifts
        if size > MAX_PERIOD:
            raise OverflowError
        mine = {v: _repeated(c, self.size, size) for v, c in self.columns.items()}
        theirs = {v: _repeated(c, other.size, size) for v, c in other.columns.items()}
        return [
            Cycle(
                self.diagram,
                {**mine, **{v: _rotated(c, shift, size) for v, c in theirs.items()}},
                size,
            )
            for shift in range(shifts)
        ]

    def driven(
        self, group: Sequence[int], targets: Sequence[Function]
    ) -> tuple[Cycle, dict[int, bool]]:
        """Add a removed component of one variable that follows with a delay of one step."""
        ((v,), (f,)) = group, targets
        column = _rotated(self._values(f), 1, self.size)
        if column in (0, (1 << self.size) - 1):
            return self, {v: bool(column)}
        return replace(self, columns={**self.columns, v: column}), {}

    def _values(self, f: Function) -> int:
        return self.diagram.evaluate(f, self.columns, (1 << self.size) - 1)


def _repeated(column: int, size: int, total: int) -> int:
    """Return a column repeated up to `total` bits."""
    return column * (((1 << total) - 1) // ((1 << size) - 1))


def _rotated(column: int, shift: int, size: int) -> int:
    """Return a column rotated by `shift` steps."""
    return ((column << shift) | (column >> (size - shift))) & ((1 << size) - 1)
