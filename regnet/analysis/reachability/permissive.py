"""Permissive: what most-permissive updates reach, exactly and without a solver.

A component in motion is read, by others and by itself, at any level it has passed since it last
rested. It moves up a level if its rule gives a higher target for readings in which it is not read
below where it is, and down likewise; it may rest at any time. For Boolean networks this is what
Pauleve, Kolcak, Chatain and Haar (2020, doi 10.1038/s41467-020-18112-5) define; for more levels
there is no agreed definition, and this one has the same attractors: the minimal trap spaces. These
updates allow more than any others, so what they cannot reach is out of reach whatever the order and
speed of updates.

The box of all levels that can be read from a start only grows, so the widest one decides: a goal
is reached if it lies in it, and if each component that has left its goal finds its way back. What
cannot come back must not leave, which makes the box smaller, and so on until nothing changes.
"Some reading in the box gives the rule this value" is one walk over its decision diagram.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice

from regnet.boolean import BooleanNetwork
from regnet.diagram import Function

MAX_CUBES = 200
"""Conditions with more alternatives are left to other arguments."""


def is_excluded(part: BooleanNetwork, begin: Mapping[int, bool], goal: Function) -> bool:
    """Return whether most-permissive updates cannot reach a goal; False means "not known"."""
    cubes = list(islice(part.diagram.paths(goal), MAX_CUBES + 1))
    if len(cubes) > MAX_CUBES:
        return False
    moves = Moves(part)
    return all(moves.reach(begin, dict(cube)) is None for cube in cubes)


@dataclass
class _Box:
    """The widest box: what can still be read as one value only, and how the rest came to move."""

    fixed: dict[int, bool]
    readings: dict[int, set[int]] = field(default_factory=dict)
    """Variable that moves, in the order in which they start -> moving variables it was read with"""


class Moves:
    """Which variables of a network can move, and what each has to read for it."""

    def __init__(self, part: BooleanNetwork) -> None:
        self.part = part
        d = part.diagram
        self._ladder: dict[int, int] = {}
        self._ways: dict[int, tuple[Function, Function]] = {}
        self._users: dict[int, list[int]] = {v: [] for v in part.order}
        for number, group in enumerate(part.groups):
            if group[0] in part.inputs:
                continue
            if len(group) > 1:
                self._ladder.update(dict.fromkeys(group, number))
            for place, v in enumerate(group):
                rises, falls = part.targets[v], d.negation(part.targets[v])
                if place:
                    rises = d.both(rises, d.literal(group[place - 1]))
                if place + 1 < len(group):
                    falls = d.both(falls, d.literal(group[place + 1], value=False))
                self._ways[v] = falls, rises
                for u in d.support(rises) | d.support(falls):
                    self._users[u].append(v)

    def reach(self, begin: Mapping[int, bool], goal: Mapping[int, bool]) -> list[int] | None:
        """Return which variables start to move on a way to a goal, in order, or None.

        Parameters
        ----------
        begin
            Where variables start. One that is absent may be read at either value from the start on,
            so that "there is none" stays true of every start, and a way may be one of none.
        goal
            Where variables have to rest.
        """
        barred: set[int] = set()
        while True:
            box = self._widest(begin, barred)
            if any(box.fixed.get(v, value) is not value for v, value in goal.items()):
                return None
            back = {
                v: self._read(v, value, box.fixed)
                for v, value in goal.items()
                if v in box.readings and begin[v] is value
            }
            stuck = [v for v, read in back.items() if read is None]
            if not stuck:
                return self._needed(begin, goal, box, back)
            barred.update(stuck)

    def _widest(self, begin: Mapping[int, bool], barred: set[int]) -> _Box:
        """Return the widest box around a start in which what is barred does not move."""
        box = _Box(dict(begin))
        todo = deque(v for v in self._ways if v in begin)
        waiting = set(todo)
        rounds = 0
        while todo:
            v = todo.popleft()
            waiting.discard(v)
            rounds += 1
            if not rounds & 0xFF:
                self.part.diagram.watch()
            read = None if v in barred else self._read(v, not begin[v], box.fixed)
            if read is None:
                continue  # asked again once something it reads moves
            del box.fixed[v]
            box.readings[v] = _moving(begin, read)
            for u in self._users[v]:
                if u in box.fixed and u not in waiting:
                    waiting.add(u)
                    todo.append(u)
        return box

    def _read(self, v: int, value: bool, fixed: Mapping[int, bool]) -> dict[int, bool] | None:
        """Return readings in a box that move a variable to a value, or None."""
        return self.part.diagram.choose(self._ways[v][value], True, fixed, self._ladder)

    def _needed(
        self,
        begin: Mapping[int, bool],
        goal: Mapping[int, bool],
        box: _Box,
        back: Mapping[int, dict[int, bool] | None],
    ) -> list[int]:
        """Return what has to move for a goal, in the order in which it can."""
        needed: set[int] = set()
        todo = [v for v, value in goal.items() if begin.get(v, value) is not value]
        while todo:
            v = todo.pop()
            if v not in needed:
                needed.add(v)
                todo += box.readings[v]
                todo += _moving(begin, back.get(v) or {})
        return [v for v in box.readings if v in needed]


def _moving(begin: Mapping[int, bool], read: Mapping[int, bool]) -> set[int]:
    """Return what is read away from where it starts."""
    return {u for u, value in read.items() if begin.get(u, value) is not value}
