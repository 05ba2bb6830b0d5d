"""Mutants: a great many perturbations of one network in one context, answered together.

The network is compiled once. A mutant is a row of numbers of single perturbations, one component at
one level each; its minimal trap spaces come out of compiled code, packed (`regnet.engines.native`).
Everything else is done once for trap spaces that are alike in what matters: a trap space is the
same to a question when it fixes what is asked for alike, the same variables oscillate in it, and
what regulates these is the same. So the attractors inside are searched once for each such class.
That nothing lies outside the trap spaces is proved for each mutant as in
`regnet.analysis.attractors.certificate`; where it is not, the mutant is left open, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regnet.analysis import silent
from regnet.analysis.attractors.certificate import negative_feedback_vertex_set
from regnet.analysis.attractors.cores import Cores, Solution
from regnet.analysis.attractors.regions import Cycle, Region
from regnet.analysis.screen.combinations import Combinations, Single
from regnet.boolean import BooleanNetwork, Encoding, encode
from regnet.diagram import Function
from regnet.engines import Deadline, OutOfTime, native
from regnet.engines.native import Clamps, Clauses, Ints, Packed, Words
from regnet.engines.native.multishot import MultiShot
from regnet.evidence import Phenotype
from regnet.feedback import feedback_vertex_set
from regnet.network import LogicalNetwork
from regnet.reduction import Reduction, parts, reduce
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space

MAX_INPUT_COMBINATIONS = 256
"""Free inputs with more combinations are left to `find_attractors`, which never lists them."""

GIVEN_UP = 20.0
"""Seconds that clingo has for a mutant which the compiled search gave up."""


@dataclass(frozen=True, eq=False)
class Summary:
    """What a screen keeps of mutants, as columns; row ``m`` of each is mutant ``m``.

    Parameters
    ----------
    attractors
        Number of attractors, each combination of free inputs counted.
    phenotypes
        How many of them have each phenotype, in the order of the question.
    low, high
        The range of each readout over all of them, in the order of the question.
    exact
        Whether nothing is missing.
    answered
        Whether there is an answer; without one the other columns are 0, or what is certain all the
        same (see `Mutants.summary`).
    """

    attractors: NDArray[np.int64]
    phenotypes: NDArray[np.int64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    exact: NDArray[np.bool_]
    answered: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Inside:
    """The attractors inside a trap space of one class, -1 where the space itself says the range."""

    attractors: int
    phenotypes: tuple[int, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    exact: bool = True


class Mutants:
    """All mutants of a network in a context, compiled.

    Parameters
    ----------
    network
        The network, unperturbed.
    context
        What is done in every mutant, and how components are updated (not ``"synchronous"``);
        without a start.
    targets
        Components that mutants may hold, at any of their levels. Where the context holds one of
        them too, the mutant wins.
    timeout
        Seconds for what oscillates in one trap space.
    singles
        The single perturbations that mutants are made of, those of one component together; by
        default each target at each of its levels.

    Raises
    ------
    RegnetError
        If the context does not fit the network, or a rule is too large to compile.

    Examples
    --------
    >>> from regnet.network import Component, Rule
    >>> toggle = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("!A"))))
    >>> mutants = Mutants(toggle, Scenario(), toggle.names)
    >>> pairs = mutants.combinations(2)
    >>> [str(mutants.perturbation(row)) for row in pairs]
    ['A=0 B=0', 'A=0 B=1', 'A=1 B=0', 'A=1 B=1']
    >>> mutants.summary(pairs).attractors.tolist()
    [1, 1, 1, 1]
    """

    def __init__(
        self,
        network: LogicalNetwork,
        context: Scenario,
        targets: Iterable[str],
        *,
        phenotypes: Sequence[Phenotype] = (),
        readouts: Sequence[str] = (),
        timeout: float | None = None,
        singles: Sequence[Single] | None = None,
    ) -> None:
        self.context = context
        self.timeout = timeout
        self.phenotypes, self.readouts = tuple(phenotypes), tuple(readouts)
        wanted = set(targets)
        every = (
            (c.name, level)
            for c in network.components
            if c.name in wanted
            for level in range(c.top + 1)
        )
        self.singles = list(every if singles is None else singles)
        self.number = {single: i for i, single in enumerate(self.singles)}
        self.encoding: Encoding = encode(context.perturbation.apply(network), settled=False)
        constant = {n: r for n, r in context.perturbation.clamps.items() if n not in wanted}
        self.held = {
            v: value
            for v, value in self.encoding.restriction(constant).items()
            if all(constant[n][0] == constant[n][1] for n in [self._owner[v]])
        }
        self.network = _without(self.encoding.network, self.held)
        self.place = {v: i for i, v in enumerate(self.network.order)}
        self.branch = _branching_order(self.network)
        self.clauses: Clauses = native.clauses_of(self.network, self.branch)
        self.clamps = Clamps.of(
            [
                [
                    (self.place[v], value)
                    for v, value in self.encoding.restriction({name: (level, level)}).items()
                ]
                for name, level in self.singles
            ]
        )
        self._question = _Question(self)
        self._inside: dict[bytes, _Inside] = {}
        self._solvers = _solvers()
        self._program: MultiShot | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_inside": {}, "_solvers": _solvers(), "_program": None}

    @cached_property
    def _owner(self) -> dict[int, str]:
        pairs = zip(self.encoding.names, self.encoding.groups, strict=True)
        return {v: name for name, group in pairs for v in group}

    # --- which mutants there are ---

    def combinations(self, order: int) -> Ints:
        """Return all mutants that hold so many components: shape ``(mutants, order)``."""
        return Combinations(self.singles, order).rows()

    def chunks(self, order: int, size: int = 100_000) -> Iterator[Ints]:
        """Yield the mutants of `combinations` in the same order, in arrays of at most `size` rows.

        Those of one array share their first perturbations, so that much is computed once.
        """
        every = Combinations(self.singles, order)
        for begin in range(0, every.count, size):
            yield every.rows(begin, min(begin + size, every.count))

    def perturbation(self, mutant: Iterable[int]) -> Perturbation:
        """Return what a mutant holds on top of the context."""
        return Perturbation(Space(dict(self.singles[i] for i in mutant if i >= 0)))

    def rows(self, perturbations: Sequence[Perturbation]) -> Ints:
        """Return mutants by what they hold.

        Raises
        ------
        KeyError
            If one is not made of targets at single levels; see `holds`.
        """
        held = [[self.number[n, low] for n, (low, _) in p.clamps.items()] for p in perturbations]
        width = max(map(len, held), default=0)
        return np.array(
            [sorted(row) + [-1] * (width - len(row)) for row in held], np.int32
        ).reshape(len(held), width)

    # --- answers ---

    def trap_spaces(self, mutants: Ints) -> Packed:
        """Return the minimal trap spaces of mutants, variables numbered as in ``network.order``.

        What smaller mutants share is found once and carried over: the answer is the same.
        """
        parents, known = self._carried(mutants)
        found = native.minimal_trap_spaces(
            self.clauses,
            self.clamps,
            mutants,
            parents=parents,
            known=known,
            max_nodes=native.MAX_NODES,
        )
        return self._with_given_up(mutants, found) if found.stopped.any() else found

    def _carried(self, mutants: Ints) -> tuple[Ints | None, Packed | None]:
        """Return where each mutant without one of its perturbations is in what is known of those.

        Only where many mutants share one.
        """
        width = mutants.shape[1]
        base = len(self.singles) + 1
        if width < 2 or base ** (width - 1) >= 1 << 62:
            return None, None
        scale = base ** np.arange(width - 1, dtype=np.int64)
        codes: dict[int, NDArray[np.int64]] = {}
        for j in range(width):
            own = (np.delete(mutants, j, axis=1).astype(np.int64) + 1) @ scale
            if 4 * len(np.unique(own)) <= len(own):
                codes[j] = own
        if not codes:
            return None, None
        shared = np.unique(np.concatenate(list(codes.values())))
        smaller = (shared[:, None] // scale % base - 1).astype(np.int32)
        known = self.trap_spaces(np.ascontiguousarray(smaller))
        parents = np.full(mutants.shape, -1, np.int32)
        for j, own in codes.items():
            parent = np.searchsorted(shared, own).astype(np.int32)
            parents[:, j] = np.where((mutants[:, j] < 0) | known.stopped[parent], -1, parent)
        return parents, known

    def _with_given_up(self, mutants: Ints, found: Packed) -> Packed:
        """Return the answer with what clingo finds for mutants that were given up."""
        if self._program is None:
            self._program = MultiShot(self.clauses)
        pieces, stopped = [], found.stopped.copy()
        for m, row in enumerate(mutants):
            piece = found.rows[found.starts[m] : found.starts[m + 1]]
            if stopped[m]:
                atoms = [
                    int(atom)
                    for p in row[row >= 0]
                    for atom in self.clamps.atoms[slice(*self.clamps.starts[p : p + 2])]
                ]
                try:
                    more = self._program.minimal_trap_spaces(
                        atoms, limit=native.MAX_SPACES, deadline=Deadline(GIVEN_UP)
                    )
                except OutOfTime:
                    more = None
                if more is not None:
                    piece, stopped[m] = more, False
            pieces.append(piece)
        starts = np.cumsum([0, *map(len, pieces)])
        return Packed(np.concatenate(pieces), starts, stopped)

    def are_complete(self, mutants: Ints, spaces: Packed) -> NDArray[np.bool_]:
        """Return for which mutants every asynchronous attractor is proved to be in a trap space."""
        return native.complete_mutants(self.clauses, self._retained, self.clamps, mutants, spaces)

    @cached_property
    def _retained(self) -> Clauses:
        """The network with each variable of a negative feedback vertex set held back.

        Each may leave one value but not come back. Any choice is right; the value that fewest trap
        spaces of the wild type have leaves fewest candidates.
        """
        d = self.network.diagram
        wild = self.trap_spaces(np.full((1, 1), -1, np.int32)).rows
        functions = dict(self.network.functions)
        for v in negative_feedback_vertex_set(self.network):
            zero, one = (_column(wild, self.place[v], value).sum() for value in (0, 1))
            own = d.literal(v)
            f = functions[v]
            functions[v] = d.either(f, own) if one > zero else d.both(f, own)
        return native.clauses_of(self.network, self.branch, functions)

    def summary(self, mutants: Ints, *, bounded: bool = False) -> Summary:
        """Return what the attractors of mutants are like, by phenotypes and readouts.

        Attractors are those of the context's update. Mutants whose search was given up, or that
        may have attractors which were not found, are not answered; with `bounded` their columns
        are about the attractors in their minimal trap spaces all the same, where these were found.
        """
        spaces = self.trap_spaces(mutants)
        permissive = self.context.update == "most-permissive"
        proved = ~spaces.stopped if permissive else self.are_complete(mutants, spaces)
        answered = ~spaces.stopped if bounded else proved
        question = self._question
        keys, kind, first = native.classes(
            spaces.rows, question.asked, question.nothing if permissive else question.around
        )
        needed = np.zeros(len(keys), bool)
        needed[kind[np.repeat(answered, np.diff(spaces.starts))]] = True
        insides = [
            self._solve(key, spaces.rows[row]) if is_needed else question.no_answer
            for key, row, is_needed in zip(keys, first, needed, strict=True)
        ]
        low, high = question.ranges(spaces.rows)
        for own, of in (
            (low, [i.low for i in insides]),
            (high, [i.high for i in insides]),
        ):
            table = np.array(of, np.int64).reshape(len(insides), own.shape[1])[kind]
            np.copyto(own, table, where=table >= 0)
        count = np.array([i.attractors for i in insides], np.int64)[kind]
        names = np.array([i.phenotypes for i in insides], np.int64)
        names = names.reshape(len(insides), len(self.phenotypes))[kind]
        exact = np.array([i.exact for i in insides], bool)[kind]

        def joined(how: np.ufunc, column: NDArray[Any]) -> NDArray[Any]:
            out = np.zeros((len(mutants), *column.shape[1:]), column.dtype)
            begin = spaces.starts[:-1]
            if answered.any():
                filled = np.diff(spaces.starts) > 0
                out[filled] = how.reduceat(column, begin[filled], axis=0)
            out[~answered] = 0
            return out

        return Summary(
            joined(np.add, count),
            joined(np.add, names),
            joined(np.minimum, low),
            joined(np.maximum, high),
            joined(np.logical_and, exact) & proved,
            proved,
        )

    # --- inside one trap space ---

    def _solve(self, key: Words, row: Words) -> _Inside:
        name = key.tobytes()
        known = self._inside.get(name)
        if known is None:
            known = self._inside[name] = self._look_inside(key, row)
        return known

    def _look_inside(self, key: Words, row: Words) -> _Inside:
        question = self._question
        values = {**self.held, **self._values(key[:-1])}
        if self.context.update == "most-permissive" or not key[-1]:
            region = _box(_without(self.network, self._values(row)))
            return question.inside([(region, values)], oscillates=bool(key[-1]))
        rest = reduce(_without(self.network, self._values(row)))
        for solver in self._solvers:  # the next only where the one before leaves a doubt
            solver.begin(self.timeout)
            attractors = [self._with_driven(s, values) for s in solver.solve(rest)]
            inside = question.inside(attractors, oscillates=True)
            if not solver.doubts:
                break
        return replace(inside, exact=not solver.doubts)

    def _values(self, row: Words) -> dict[int, bool]:
        """Return the variables that a trap space, or a key, fixes."""
        order = self.network.order
        return {order[i]: x for i, x in Packed.fixed_in(row, len(order)).items()}

    def _with_driven(
        self, solution: Solution, values: Mapping[int, bool]
    ) -> tuple[Region | Cycle, dict[int, bool]]:
        """Return what oscillates in an attractor, and what is fixed, with what only follows."""
        region = solution.region
        values = {**values, **solution.fixed}
        for group, targets in reversed(solution.driven):
            functions = [self.network.diagram.restrict(f, values) for f in targets]
            region, fixed = region.driven(group, functions)
            values.update(fixed)
        return region, values


class _Solver:
    """Finds the attractors in what oscillates, and remembers them by their part.

    `counting` says whether states may be counted where nothing else decides what is asked.
    """

    def __init__(self, *, counting: bool) -> None:
        self.cores = Cores("asynchronous", "auto", None, Deadline(), silent)
        if not counting:
            self.cores.patience = 0.0
        self.doubts = self.cores.doubts
        self.known: dict[object, tuple[list[Solution], tuple[str, ...]]] = {}

    def begin(self, timeout: float | None) -> None:
        """Start on another trap space, free of doubts."""
        self.doubts.clear()
        self.cores.deadline = Deadline(timeout)

    def solve(self, rest: Reduction) -> list[Solution]:
        """Return the attractors of a reduced network without free inputs; fills `doubts`."""
        solutions = [Solution(Region(rest.core.diagram), {}, rest.fixed, rest.driven)]
        for part in parts(rest.core):
            if part.key not in self.known:
                before = len(self.doubts)
                try:
                    found = list(self.cores.solve(part))
                except OutOfTime:
                    found = [Solution(replace(_box(part), size=None))]
                    self.doubts.append("the states of an attractor could not be counted in time")
                self.known[part.key] = found, tuple(self.doubts[before:])
            found, doubts = self.known[part.key]
            self.doubts += [doubt for doubt in doubts if doubt not in self.doubts]
            solutions = [both for one in solutions for other in found for both in one.joined(other)]
        return solutions


class _Question:
    """What is asked of every trap space, as bits and functions."""

    def __init__(self, mutants: Mutants) -> None:
        self.network = network = mutants.network
        self.place, held = mutants.place, mutants.held
        d = network.diagram
        self.phenotypes = [
            (p, d.restrict(mutants.encoding.read(p.condition), held)) for p in mutants.phenotypes
        ]
        groups = dict(zip(mutants.encoding.names, mutants.encoding.groups, strict=True))
        self.readouts = [
            (sum(held.get(v, False) for v in groups[n]), [v for v in groups[n] if v not in held])
            for n in mutants.readouts
        ]
        words = mutants.clauses.words
        self.asked = self._bits(frozenset().union(*(d.support(f) for _, f in self.phenotypes)))
        self.nothing = np.zeros((len(network.order), words), np.uint64)
        if mutants.context.update == "most-permissive":
            self.around = self.nothing
        else:
            own = {v: frozenset(group) for group in network.groups for v in group}
            supports = [d.support(network.functions[v]) | own[v] for v in network.order]
            self.around = np.array([self._bits(s) for s in supports], np.uint64)
            self.around = self.around.reshape(len(network.order), words)
        unknown = (-1,) * len(self.readouts)
        self.no_answer = _Inside(0, (0,) * len(self.phenotypes), unknown, unknown, exact=False)

    def _bits(self, variables: frozenset[int]) -> Words:
        number = sum(1 << self.place[v] for v in variables)
        words = (len(self.place) + 63) // 64
        return np.frombuffer(number.to_bytes(8 * words, "little"), np.uint64)

    def ranges(self, rows: Words) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the range of each readout in each trap space: shape ``(spaces, readouts)``."""
        low = np.zeros((len(rows), len(self.readouts)), np.int64)
        high = np.zeros_like(low)
        for j, (base, group) in enumerate(self.readouts):
            low[:, j] = high[:, j] = base
            for v in group:
                low[:, j] += ~_column(rows, self.place[v], 0)
                high[:, j] += _column(rows, self.place[v], 1)
        return low, high

    def inside(
        self,
        attractors: Sequence[tuple[Region | Cycle, Mapping[int, bool]]],
        *,
        oscillates: bool,
    ) -> _Inside:
        """Return what is asked of attractors, given as what oscillates and what is fixed."""
        d = self.network.diagram
        counts = [0] * len(self.phenotypes)
        for region, values in attractors:
            kind = region.kind
            if oscillates and kind == "fixed point":
                kind = "complex"  # what oscillates is not asked for
            for j, (phenotype, condition) in enumerate(self.phenotypes):
                f: Function = d.restrict(condition, values)
                counts[j] += phenotype.fits(kind) and not region.can(d.negation(f))
        low, high = [-1] * len(self.readouts), [-1] * len(self.readouts)
        if oscillates:
            for j, (base, group) in enumerate(self.readouts):
                ranges = [self._range(group, *attractor) for attractor in attractors]
                if None not in ranges:
                    low[j] = base + min(r[0] for r in ranges if r)
                    high[j] = base + max(r[1] for r in ranges if r)
        return _Inside(len(attractors), tuple(counts), tuple(low), tuple(high))

    def _range(
        self, group: Sequence[int], region: Region | Cycle, values: Mapping[int, bool]
    ) -> tuple[int, int] | None:
        """Return the range of a readout in an attractor; None where the trap space says it."""
        d = self.network.diagram
        known = region.sets if isinstance(region, Region) else region.columns
        if not all(v in known or v in values for v in group):
            return None  # nothing of it oscillates
        low = high = 0
        for v in group:
            low += values[v] if v in values else not region.can(d.literal(v, False))
            high += values[v] if v in values else region.can(d.literal(v))
        return low, high


def _solvers() -> tuple[_Solver, _Solver]:
    return _Solver(counting=False), _Solver(counting=True)


def _without(network: BooleanNetwork, values: Mapping[int, bool]) -> BooleanNetwork:
    """Return a network with some variables put in as constants."""
    d = network.diagram
    groups = tuple(kept for g in network.groups if (kept := tuple(v for v in g if v not in values)))
    targets = {v: d.restrict(network.targets[v], values) for g in groups for v in g}
    return BooleanNetwork(d, groups, targets, network.inputs - values.keys())


def _branching_order(network: BooleanNetwork) -> list[int]:
    """Return a feedback vertex set, what is upstream first: its decisions decide the rest."""
    d = network.diagram
    before = {v: d.support(f) for v, f in network.functions.items()}
    after: dict[int, int] = {}
    for sources in before.values():
        for u in sources:
            after[u] = after.get(u, 0) + 1

    def upstream(v: int) -> int:
        seen = {v}
        todo = [v]
        while todo:
            fresh = before[todo.pop()] - seen
            seen |= fresh
            todo += fresh
        return len(seen)

    return sorted(
        feedback_vertex_set(network),
        key=lambda v: (upstream(v), -len(before[v]) * after.get(v, 0), v),
    )


def _box(part: BooleanNetwork) -> Region:
    """Return all states of a part as a region."""
    region = Region(part.diagram)
    for group in part.groups:
        (region,) = region.joined(Region.free(part.diagram, group))
    return region


def _column(rows: Words, place: int, value: int) -> NDArray[np.bool_]:
    """Return for each trap space whether a variable can have a value."""
    word = value * (rows.shape[1] // 2) + place // 64
    return (rows[:, word] >> np.uint64(place % 64) & np.uint64(1)).astype(bool)


def why_not(network: LogicalNetwork, context: Scenario) -> str:
    """Return why mutants cannot be answered together in a context; empty where they can."""
    if context.update == "synchronous":
        return "synchronous updates are followed one by one"
    if context.start:
        return "what is reached from a start is followed one by one"
    inputs = [c for c in network.components if c.is_input]
    held = context.perturbation.clamps
    free = [held.get(c.name, (0, c.top)) for c in inputs]
    if prod(high - low + 1 for low, high in free) > MAX_INPUT_COMBINATIONS:
        return f"more than {MAX_INPUT_COMBINATIONS} combinations of free inputs"
    return ""
