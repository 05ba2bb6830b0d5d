"""Reasons: which regulator levels determine the target level of a component.

A reason is a maximal space around a state in which the target level of the component stays within
some levels: a prime implicant (Quine 1952, doi 10.2307/2308219) that is true in the state, with
level thresholds as literals. This module treats one rule at a time;
`regnet.analysis.explain.chains` links reasons into chains.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import product
from typing import TypeAlias

from regnet.analysis.structure import Edge, edges_into
from regnet.diagram import ALWAYS, NEVER, Diagram, Function
from regnet.errors import EngineError
from regnet.logic import Var
from regnet.network import LogicalNetwork, Rule
from regnet.space import Range, Space

MOST_REASONS = 500
"""Maximum number of reasons kept for one component; real rules have far fewer."""

MOST_REGULATORS = 200
"""Maximum number of regulators of a rule; the recursion goes through them one at a time."""

_Part: TypeAlias = tuple[Range | None, ...]  # a range for each regulator left, None for free
_Change: TypeAlias = tuple[tuple[str, int], ...]


class Target:
    """The target level of a component, as a function of the levels of its regulators.

    Parameters
    ----------
    network
        The perturbed network.
    name
        The component; the target level of an input is its own level.

    Raises
    ------
    UnknownNameError
        If there is no such component.
    EngineError
        If its rule has more than `MOST_REGULATORS` regulators.

    Examples
    --------
    >>> from regnet.network import Component
    >>> rule = Rule.parse({1: "Dose:2 & !Brake"}, {"Dose": 2})
    >>> net = LogicalNetwork((Component("Dose", top=2), Component("Brake"), Component("X", rule)))
    >>> target = Target(net, "X")
    >>> [str(reason) for reason in target.reasons(Space({"Dose": 1, "Brake": 1}), (0, 0))]
    ['Dose=0..1', 'Brake=1']
    """

    def __init__(self, network: LogicalNetwork, name: str) -> None:
        component = network[name]
        self.name, self.top = name, component.top
        self.complete = True  # whether all lists of reasons so far are complete
        rule = component.rule
        if rule is None:
            own = range(component.top, 0, -1)
            rule = Rule(tuple((Var(name, level), level) for level in own))
        named: dict[str, set[int]] = {}
        for var in rule.thresholds():
            named.setdefault(var.name, set()).add(var.level)
        if len(named) > MOST_REGULATORS:
            raise EngineError(f"{name} has {len(named)} regulators, too many to give reasons")
        self.regulators = tuple(named)
        self._tops = tuple(network[source].top for source in named)
        # levels between two thresholds of the rule are equivalent: a class starts at each threshold
        self._starts = tuple((0, *sorted(levels)) for levels in named.values())
        self._diagram = Diagram()
        numbers: dict[tuple[str, int], int] = {}
        self._groups: list[tuple[int, ...]] = []
        for source, starts in zip(named, self._starts, strict=True):
            first = len(numbers)
            numbers.update({(source, level): first + i for i, level in enumerate(starts[1:])})
            self._groups.append(tuple(range(first, len(numbers))))
        self._reach = [
            ALWAYS,
            *(
                self._diagram.read(rule.reaches(level), numbers)
                for level in range(1, component.top + 1)
            ),
            NEVER,
        ]
        self._network = network

    @cached_property
    def edges(self) -> dict[str, Edge]:
        """The functional edges into the component; see `regnet.analysis.structure`."""
        return {edge.source: edge for edge in edges_into(self._network, self.name)}

    def range(self, space: Mapping[str, Range]) -> Range:
        """Return the lowest and the highest target level over the states of a space."""
        d = self._diagram
        low = max(k for k in range(self.top + 1) if self._everywhere(self._reach[k], space))
        high = max(
            k
            for k in range(self.top + 1)
            if not self._everywhere(d.negation(self._reach[k]), space)
        )
        return low, high

    def reasons(self, space: Mapping[str, Range], within: Range) -> list[Space]:
        """Return the maximal spaces around a space in which the target is within some levels.

        They are sorted by the number of components, and empty if the target is not always within
        the levels in `space`. Above `MOST_REASONS` the list ends and `complete` becomes False.
        """
        memo: dict[tuple[int, Function], list[_Part]] = {}

        def walk(place: int, f: Function) -> list[_Part]:
            if f == NEVER:
                return []
            if f == ALWAYS:
                return [(None,) * (len(self.regulators) - place)]
            key = (place, f)
            if key not in memo:
                found: list[_Part] = []
                if self._diagram.support(f).isdisjoint(self._groups[place]):
                    found = [(None, *rest) for rest in walk(place + 1, f)]
                else:
                    for option in self._around(place, space):
                        levels = option or (0, self._tops[place])
                        for rest in walk(place + 1, self._throughout(place, f, levels)):
                            part = (option, *rest)
                            if not any(_covers(other, part) for other in found):
                                found.append(part)
                memo[key] = self._few(found)
            return memo[key]

        parts = [part for part in walk(0, self._within(within)) if self._is_largest(part, within)]
        reasons = []
        for part in sorted(parts, key=_size):
            ranges = zip(self.regulators, part, strict=True)
            reasons.append(Space({name: r for name, r in ranges if r is not None}))
        return reasons

    def changes(self, space: Mapping[str, Range], out_of: Range, *, size: int = 3) -> list[Space]:
        """Return the minimal changes of regulators that move the target out of some levels.

        Each sets up to `size` regulators to one level, so that the target is outside these levels
        whatever the others are in `space`; no part of it suffices.
        """
        d = self._diagram
        memo: dict[tuple[int, Function, int], list[_Change]] = {}

        def walk(place: int, f: Function, left: int) -> list[_Change]:
            if f == NEVER:
                return [()]
            if f == ALWAYS:
                return []
            key = (place, f, left)
            if key not in memo:
                name, (low, high) = self.regulators[place], self._range(place, space)
                classes = range(self._class(place, low), self._class(place, high) + 1)
                stay = d.disjunction(self._at(place, f, c) for c in classes)
                found = list(walk(place + 1, stay, left))
                kept = [set(change) for change in found]
                for level in range(self._tops[place] + 1) if left else ():
                    if low == level == high:
                        continue
                    there = self._at(place, f, self._class(place, level))
                    for rest in walk(place + 1, there, left - 1):
                        if not any(other <= set(rest) for other in kept):
                            found.append(((name, level), *rest))
                memo[key] = found
            return memo[key]

        found = sorted(walk(0, self._within(out_of), size), key=len)
        return [Space(dict(change)) for change in found]

    # --- one regulator at a time ---

    def _within(self, levels: Range) -> Function:
        d = self._diagram
        return d.both(self._reach[levels[0]], d.negation(self._reach[levels[1] + 1]))

    def _everywhere(self, f: Function, space: Mapping[str, Range]) -> bool:
        for place in range(len(self.regulators)):
            if f < 2:
                break
            f = self._throughout(place, f, self._range(place, space))
        return f == ALWAYS

    def _throughout(self, place: int, f: Function, levels: Range) -> Function:
        """Return the conjunction of f over these levels of the regulator."""
        first, last = self._class(place, levels[0]), self._class(place, levels[1])
        return self._diagram.conjunction(
            self._at(place, f, number) for number in range(first, last + 1)
        )

    def _at(self, place: int, f: Function, number: int) -> Function:
        """Return f restricted to one class of levels of the regulator."""
        values = {v: i < number for i, v in enumerate(self._groups[place])}
        return self._diagram.restrict(f, values)

    def _class(self, place: int, level: int) -> int:
        return sum(level >= start for start in self._starts[place]) - 1

    def _range(self, place: int, space: Mapping[str, Range]) -> Range:
        return space.get(self.regulators[place], (0, self._tops[place]))

    def _around(self, place: int, space: Mapping[str, Range]) -> Iterator[Range | None]:
        """Yield the ranges around that of the space that the rule distinguishes, widest first."""
        low, high = self._range(place, space)
        starts, top = self._starts[place], self._tops[place]
        lows = [start for start in starts if start <= low]
        highs = [start - 1 for start in starts if start > high] + [top]
        for option in sorted(product(lows, highs), key=lambda levels: levels[0] - levels[1]):
            yield None if option == (0, top) else option

    def _few(self, found: list[_Part]) -> list[_Part]:
        if len(found) > MOST_REASONS:
            self.complete = False
            found = sorted(found, key=_size)[:MOST_REASONS]
        return found

    def _is_largest(self, part: _Part, within: Range) -> bool:
        """Return whether no range of a reason can be widened; needed for truncated lists only."""
        if self.complete:
            return True
        ranges = {n: r for n, r in zip(self.regulators, part, strict=True) if r is not None}
        inside = self._within(within)
        for place, (name, top) in enumerate(zip(self.regulators, self._tops, strict=True)):
            if name in ranges:
                low, high = ranges[name]
                starts = self._starts[place]
                wider = [(max(s for s in starts if s < low), high)] if low else []
                wider += [(low, min([s - 1 for s in starts if s - 1 > high] + [top]))]
                for option in wider:
                    wide = {**ranges, name: option}
                    if option != (low, high) and self._everywhere(inside, wide):
                        return False
        return True


def _covers(wide: _Part, narrow: _Part) -> bool:
    return all(
        a is None or (b is not None and a[0] <= b[0] and b[1] <= a[1])
        for a, b in zip(wide, narrow, strict=True)
    )


def _size(part: _Part) -> tuple[int, tuple[bool, ...]]:
    """Return the sort key of reasons: fewest components first, then in the order of the rule."""
    free = tuple(levels is None for levels in part)
    return len(part) - sum(free), free
