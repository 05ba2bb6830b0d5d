"""Compare: which attractors two scenarios share, and which are lost, gained or shifted.

Attractors are matched under each combination of free inputs separately, so one that is lost at one
dose and kept at another is reported as such. Components that the scenarios hold at different levels
are not effects and are left out of the comparison.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, prod
from typing import TypeAlias

from regnet.analysis import Asked, Listed, Origin, Progress, Result, asks, silent
from regnet.analysis.attractors import Attractors, find_attractors
from regnet.analysis.compare.comparison_text import sentence
from regnet.analysis.compare.following import Following
from regnet.brief import brief
from regnet.deadline import Deadline
from regnet.errors import NetworkError
from regnet.evidence import Phenotype
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario
from regnet.space import Range, Space

MAX_DISTANCE = 0.5
"""Maximum distance (fraction of all levels) of matched attractors without a phenotype."""

MOST_CONDITIONS = 4096
"""Maximum number of input conditions compared; more are left out, and the answer says so."""

PAIR_KINDS = ("lost", "gained", "shifted", "same")


@dataclass(frozen=True, slots=True)
class Pair:
    """An attractor before and its match after, under some input conditions.

    Parameters
    ----------
    kind
        ``"same"`` (the same phenotypes and levels), ``"shifted"`` (the same phenotypes, other
        levels), ``"lost"`` or ``"gained"``.
    before, after
        Indices in the two answers; None if there is none.
    changed
        Components whose levels differ between `before` and `after`, or else from `nearest`.
    nearest
        For a lost attractor the most similar one after, for a gained one the most similar before.
    conditions
        The free inputs under which this holds; one empty space when no input is free.
    valuations
        Number of these input combinations.
    levels_before, levels_after
        Levels of the attractor before and after, or else of `nearest`, under these conditions.
    """

    kind: str
    before: int | None
    after: int | None
    changed: tuple[str, ...] = ()
    nearest: int | None = None
    conditions: tuple[Space, ...] = ()
    valuations: int = 1
    levels_before: Space | None = None
    levels_after: Space | None = None

    __repr__ = brief


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Comparison(Listed[Pair], Result):
    """The matching of two answers, lost and gained attractors first.

    Parameters
    ----------
    origin
        Its scenario is the second one; both answers have an origin of their own.
    before, after
        The attractors of the two scenarios.
    pairs
        All attractors of both under the input conditions that both allow.
    held
        Components that the scenarios hold differently; they are left out of `Pair.changed`.
    common
        The part of the input conditions that was compared; empty when nothing is left out.
    valuations
        Number of input combinations compared.
    complete
        Whether every input condition was compared and both answers are complete.
    missing
        What is missing, in one sentence.
    sentence
        What the second scenario changes, in one sentence.
    """

    _LISTED = "pairs"

    before: Attractors
    after: Attractors
    pairs: tuple[Pair, ...]
    held: tuple[str, ...]
    common: Space
    valuations: int
    sentence: str = ""

    def of_kind(self, kind: str) -> tuple[Pair, ...]:
        """Return the pairs of one of `PAIR_KINDS`."""
        return tuple(pair for pair in self.pairs if pair.kind == kind)


@asks("compare")
def compare_scenarios(
    network: LogicalNetwork,
    before: Scenario,
    after: Scenario,
    *,
    phenotypes: Iterable[Phenotype] = (),
    engine: str = "auto",
    limit: int | None = None,
    timeout: float | None = None,
    each: float | None = None,
    progress: Progress = silent,
) -> Comparison:
    """Return the attractors of two scenarios, side by side.

    Parameters
    ----------
    network
        The network, unperturbed.
    before, after
        The two scenarios.
    phenotypes, engine, limit, progress
        As for `find_attractors`; the limit is for each scenario.
    timeout
        Seconds for both searches; None lets them end. The first leaves the second its half.
    each
        Seconds for each search, if that is less.

    Raises
    ------
    RegnetError
        If a scenario does not fit the network, or the engine does not support the question.
    """
    phenotypes, deadline = tuple(phenotypes), Deadline(timeout)
    answers: list[Attractors] = []
    for scenario in (before, after):
        left = deadline.left()
        share = left if left is None or answers else left / 2
        progress(None, f"attractors of {scenario.name or 'the wild type'}")
        answers.append(
            find_attractors(
                network,
                scenario,
                phenotypes=phenotypes,
                engine=engine,
                limit=limit,
                timeout=deadline.within(each).within(share).left(),
                progress=progress,
            )
        )
        if answers[-1].interrupted:
            raise KeyboardInterrupt
    return compare_attractors(network, *answers)


def compare_attractors(
    network: LogicalNetwork, before: Attractors, after: Attractors
) -> Comparison:
    """Return the matching of the attractors of two scenarios.

    Two attractors can be matched only if their phenotypes agree, or, where neither has a name, if
    at most `MAX_DISTANCE` of their levels differ. Among those the matching with the smallest
    distance is chosen (Kuhn 1955, doi 10.1002/nav.3800020109), under each input condition
    separately.

    Parameters
    ----------
    network
        The network of both answers, unperturbed.
    before, after
        The attractors of the two scenarios.

    Raises
    ------
    NetworkError
        If an answer is about another network.

    Examples
    --------
    >>> from regnet.network import Component, Rule
    >>> from regnet.scenario import Perturbation
    >>> toggle = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("!A"))))
    >>> knock_out = Scenario(perturbation=Perturbation(Space({"A": 0})))
    >>> found = compare_scenarios(toggle, Scenario(), knock_out)
    >>> [(pair.kind, pair.before, pair.after) for pair in found.pairs]
    [('lost', 1, None), ('same', 0, 0)]
    >>> found.sentence
    'Knocking out A: 1 attractor is lost; 1 is unchanged.'
    """
    for answer in (before, after):
        if answer.origin.digest != network.digest:
            raise NetworkError("attractors of another network cannot be compared with these")
    return _Comparing(network, before, after).run()


def _origin(before: Attractors, after: Attractors, missing: str) -> Origin:
    """Return the origin of a comparison: that of the second answer, with the time of both."""
    asked = after.origin.asked
    if asked is not None:
        scenarios = {"before": before.origin.scenario, "after": after.origin.scenario}
        asked = Asked("compare", {**asked.without("scenario").options, **scenarios})
    return replace(
        after.origin,
        guarantee="bounded" if missing else "exact",
        seconds=before.origin.seconds + after.origin.seconds,
        asked=asked,
    )


Levels: TypeAlias = Mapping[str, Range]
Place: TypeAlias = tuple[Space, Levels | None, Levels | None]
"""An input condition, with the levels before and after under it."""
Found: TypeAlias = tuple[Pair, Levels | None, Levels | None]


class _Comparing:
    """One run of `compare_attractors`."""

    def __init__(self, network: LogicalNetwork, before: Attractors, after: Attractors) -> None:
        self.network = network
        self.answers = (before, after)
        self.found = (before.attractors, after.attractors)
        clamps = [answer.origin.scenario.perturbation.clamps for answer in self.answers]
        self.held = frozenset(
            name for name in network.names if clamps[0].get(name) != clamps[1].get(name)
        )
        self.perturbed = tuple(
            answer.origin.scenario.perturbation.apply(network) for answer in self.answers
        )
        # An input that only one side sets selects conditions of the other side.
        self.common = Space(
            {
                name: levels
                for side in (0, 1)
                for name, levels in clamps[side].items()
                if network[name].is_input
                and name not in clamps[1 - side]
                and levels[0] == levels[1]
            }
        )
        names = {n for side in self.found for a in side for n in a.condition}
        self.whole = {name: (0, network.tops[name]) for name in network.names if name in names}
        self.whole |= {n: r for n, r in self.common.items() if n in names}
        self.free = tuple(self.whole)
        self.following = tuple(map(Following, self.perturbed))
        self.upstream: dict[tuple[int, str], frozenset[str]] = {}

    def run(self) -> Comparison:
        """Match under every condition, and merge equal pairs."""
        # Pairs of the same two attractors that differ in the same components, by condition; their
        # levels may differ between conditions and are joined from all of them at the end.
        merged: dict[Pair, list[Place]] = {}
        compared = 0
        missing = "; ".join(dict.fromkeys(a.missing for a in self.answers if a.missing))
        for number, (box, sides) in enumerate(self._conditions()):
            if number == MOST_CONDITIONS:
                missing = f"only the first {MOST_CONDITIONS:,} input conditions were compared"
                break
            compared += _combinations(box)
            for pair, before, after in self._match(box, sides):
                merged.setdefault(pair, []).append((box, before, after))
        pairs = [_merged(pair, places) for pair, places in merged.items()]
        pairs.sort(key=_order)
        held = tuple(name for name in self.network.names if name in self._done())
        common = Space({n: r for n, r in self.common.items() if n in self.free})
        found = Comparison(
            origin=_origin(*self.answers, missing),
            before=self.answers[0],
            after=self.answers[1],
            pairs=tuple(pairs),
            held=held,
            common=common,
            valuations=compared,
            missing=missing,
        )
        return replace(found, sentence=sentence(self.network, found))

    def _done(self) -> set[str]:
        """Return the different clamps, without inputs that only select conditions."""
        return set(self.held) - set(self.common)

    # --- conditions ---

    def _conditions(self) -> Iterator[tuple[Space, tuple[list[int], list[int]]]]:
        """Yield boxes of input levels within which each side has the same attractors throughout."""
        everything = tuple(list(range(len(side))) for side in self.found)
        stack = [(Space(self.whole), (everything[0], everything[1]))]
        while stack:
            box, sides = stack.pop()
            inside = tuple(
                [i for i in rows if box & self._condition(side, i) is not None]
                for side, rows in enumerate(sides)
            )
            cut = self._cut(box, (inside[0], inside[1]))
            if cut is None:
                yield box, (inside[0], inside[1])
                continue
            name, level = cut
            low, high = box[name]
            for part in ((level, high), (low, level - 1)):
                stack.append((box.with_({name: part}), (inside[0], inside[1])))

    def _condition(self, side: int, row: int) -> Space:
        return self.found[side][row].condition.without(*(self.held - set(self.common)))

    def _cut(self, box: Space, sides: tuple[list[int], list[int]]) -> tuple[str, int] | None:
        """Return the input and the level at which a box has to be split, if any."""
        for side, rows in enumerate(sides):
            for row in rows:
                attractor = self.found[side][row]
                for name, (low, high) in self._condition(side, row).items():
                    first, last = box[name]
                    if first < low <= last:
                        return name, low
                    if first <= high < last:
                        return name, high + 1
                for name in attractor.follows:
                    for source in self._upstream(side, name):
                        first, last = box[source]
                        if first < last:
                            return source, first + 1
        return None

    def _upstream(self, side: int, name: str) -> frozenset[str]:
        """Return the free inputs that a component depends on."""
        key = (side, name)
        if key not in self.upstream:
            network, seen, todo = self.perturbed[side], {name}, [name]
            while todo:
                rule = network[todo.pop()].rule
                for source in {v.name for v in rule.thresholds()} if rule else ():
                    if source not in seen:
                        seen.add(source)
                        todo.append(source)
            self.upstream[key] = frozenset(seen & set(self.free))
        return self.upstream[key]

    # --- matching ---

    def _match(self, box: Space, sides: tuple[list[int], list[int]]) -> Iterator[Found]:
        """Yield the pairs of attractors under one condition, with the levels there."""
        before = {row: self._space(0, row, box) for row in sides[0]}
        after = {row: self._space(1, row, box) for row in sides[1]}
        left, right = list(sides[0]), list(sides[1])
        # Equal attractors need no search; if several have equal levels, equal states first.
        for by_states in (True, False):
            for i in list(left):
                for j in right:
                    if (
                        self._may_be_one(i, j)
                        and not self._changed(before[i], after[j])
                        and (not by_states or self._states(0, i) == self._states(1, j))
                    ):
                        yield Pair("same", i, j), before[i], after[j]
                        left.remove(i)
                        right.remove(j)
                        break
        costs = [
            [self._distance(before[i], after[j]) if self._may_be_one(i, j) else inf
             for j in right]
            for i in left
        ]  # fmt: skip
        gone, new = set(left), set(right)
        for row, column in _assignment(costs):
            i, j = left[row], right[column]
            named = bool(self.found[0][i].phenotypes)
            if costs[row][column] < inf and (named or costs[row][column] <= MAX_DISTANCE):
                changed = self._changed(before[i], after[j])
                yield Pair("shifted", i, j, changed), before[i], after[j]
                gone.remove(i)
                new.remove(j)
        for i in sorted(gone):
            nearest, changed = self._nearest(before[i], after)
            other = None if nearest is None else after[nearest]
            yield Pair("lost", i, None, changed, nearest), before[i], other
        for j in sorted(new):
            nearest, changed = self._nearest(after[j], before)
            other = None if nearest is None else before[nearest]
            yield Pair("gained", None, j, changed, nearest), other, after[j]

    def _nearest(
        self, own: Levels, others: Mapping[int, Levels]
    ) -> tuple[int | None, tuple[str, ...]]:
        """Return the most similar attractor of the other side, and the components that differ."""
        nearest = min(others, key=lambda o: self._distance(own, others[o]), default=None)
        return nearest, () if nearest is None else self._changed(own, others[nearest])

    def _may_be_one(self, i: int, j: int) -> bool:
        return set(self.found[0][i].phenotypes) == set(self.found[1][j].phenotypes)

    def _space(self, side: int, row: int, box: Space) -> Levels:
        """Return the levels of an attractor under one condition."""
        attractor = self.found[side][row]
        if not attractor.condition and not attractor.follows:
            return attractor.space
        space = dict(attractor.space)
        if attractor.condition:
            space |= {n: r for n, r in box.items() if n in attractor.condition}
        if attractor.follows:
            self.following[side].settle(attractor.follows, space)
        return space

    def _states(self, side: int, row: int) -> tuple[object, ...]:
        """Return a key shared by attractors with the same states."""
        attractor = self.found[side][row]
        return attractor.kind, attractor.size, attractor.seed.without(*self.held)

    def _changed(self, a: Levels, b: Levels) -> tuple[str, ...]:
        return tuple(n for n in self.network.names if a[n] != b[n] and n not in self.held)

    def _distance(self, a: Levels, b: Levels) -> float:
        """Return the mean difference of the levels, from 0 for none to 1 for the maximum."""
        tops = self.network.tops
        names = [n for n in self.network.names if n not in self.held]
        total = sum(
            (abs(a[n][0] - b[n][0]) + abs(a[n][1] - b[n][1])) / (2 * tops[n]) for n in names
        )
        return total / len(names) if names else 0.0


def _merged(pair: Pair, places: Sequence[Place]) -> Pair:
    """Return a pair with every condition under which it was found."""
    return replace(
        pair,
        conditions=tuple(box for box, _, _ in places),
        valuations=sum(_combinations(box) for box, _, _ in places),
        levels_before=_hull([before for _, before, _ in places if before is not None]),
        levels_after=_hull([after for _, _, after in places if after is not None]),
    )


def _hull(levels: Sequence[Levels]) -> Space | None:
    """Return the levels that each component takes in any of several cases."""
    if not levels:
        return None
    first = levels[0]
    if len(levels) == 1:
        return first if isinstance(first, Space) else Space(first)
    return Space({n: (min(c[n][0] for c in levels), max(c[n][1] for c in levels)) for n in first})


def _assignment(costs: list[list[float]]) -> list[tuple[int, int]]:
    """Return the pairing of rows and columns with the least total cost.

    Forbidden pairs have infinite cost; they are used only if nothing else is left.
    The Hungarian algorithm by shortest augmenting paths, as in SciPy, whose import would take
    longer (0.6 s) than a comparison of the liver model.
    """
    if not costs or not costs[0]:
        return []
    if len(costs) > len(costs[0]):
        turned = [list(column) for column in zip(*costs, strict=True)]
        return [(i, j) for j, i in _assignment(turned)]
    rows, columns = len(costs), len(costs[0])
    dear = 1.0 + sum(c for line in costs for c in line if c < inf)
    price = [[min(c, dear) for c in line] for line in costs]
    of_row, of_column = [0.0] * (rows + 1), [0.0] * (columns + 1)
    row_at = [0] * (columns + 1)
    for row in range(1, rows + 1):
        row_at[0], column = row, 0
        least, came = [inf] * (columns + 1), [0] * (columns + 1)
        used = [False] * (columns + 1)
        while True:
            used[column] = True
            here, step, following = row_at[column], inf, 0
            for j in range(1, columns + 1):
                if used[j]:
                    continue
                spare = price[here - 1][j - 1] - of_row[here] - of_column[j]
                if spare < least[j]:
                    least[j], came[j] = spare, column
                if least[j] < step:
                    step, following = least[j], j
            for j in range(columns + 1):
                if used[j]:
                    of_row[row_at[j]] += step
                    of_column[j] -= step
                else:
                    least[j] -= step
            column = following
            if not row_at[column]:
                break
        while column:
            row_at[column] = row_at[came[column]]
            column = came[column]
    return [(row_at[j] - 1, j - 1) for j in range(1, columns + 1) if row_at[j]]


def _order(pair: Pair) -> tuple[object, ...]:
    before, after = (-1 if n is None else n for n in (pair.before, pair.after))
    return PAIR_KINDS.index(pair.kind), before, after, -pair.valuations


def _combinations(box: Space) -> int:
    return prod(high - low + 1 for low, high in box.values())
