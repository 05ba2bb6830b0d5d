"""Attractors of very many mutants, computed together.

The work is shared by equivalent trap spaces: two trap spaces are equivalent for a question if they
fix the variables of the phenotypes equally, the same variables oscillate, and the regulators of
these are equal. So the attractors inside are searched once per class. Ranges of readouts are not
part of a class: they are read from each trap space, and a class narrows them only for oscillating
readouts, which is why all oscillating variables belong to its key. A most-permissive attractor
fills its trap space, so nothing is narrowed and only the phenotypes matter. That nothing lies
outside the trap spaces is proved for each mutant as in `regnet.analysis.attractors.certificate`;
if it is not, the mutant is left open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regnet.analysis import silent
from regnet.analysis.attractors.certificate import certify, negative_feedback_vertex_set
from regnet.analysis.attractors.cores import Cores, Solution
from regnet.analysis.attractors.regions import Cycle, Region
from regnet.analysis.screen.mutants import Mutants, without
from regnet.boolean import BooleanNetwork
from regnet.deadline import Deadline, OutOfTime
from regnet.diagram import Function
from regnet.engines import native
from regnet.engines.native import Clauses, Ints, Packed, Words
from regnet.evidence import Phenotype
from regnet.reduction import Reduction, parts, reduce


@dataclass(frozen=True, eq=False)
class Summary:
    """The results of mutants as columns; row ``m`` of each is mutant ``m``.

    Parameters
    ----------
    attractors
        Number of attractors over all combinations of free inputs.
    phenotypes
        Number of them with each phenotype, in the order of the question.
    low, high
        The range of each readout over all of them, in the order of the question.
    exact
        Whether the answer is complete.
    answered
        Whether there is an answer; without one the other columns are 0, or bounds (see
        `MutantAttractors.summary`).
    """

    attractors: NDArray[np.int64]
    phenotypes: NDArray[np.int64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    exact: NDArray[np.bool_]
    answered: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Inside:
    """The attractors inside a trap space of one class, -1 where the space determines the range."""

    attractors: int
    phenotypes: tuple[int, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    exact: bool = True


class MutantAttractors:
    """The attractors of all mutants of a network in a context.

    Parameters
    ----------
    mutants
        The mutants; attractors are those of the update of their context.
    phenotypes
        Phenotypes to count.
    readouts
        Components whose range over the attractors is computed.
    timeout
        Time limit in seconds for the oscillating part of one trap space.
    deadline
        When to stop; mutants not finished by then are not answered.

    Examples
    --------
    >>> from regnet.network import Component, LogicalNetwork, Rule
    >>> from regnet.scenario import Scenario
    >>> toggle = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("!A"))))
    >>> mutants = Mutants(toggle, Scenario(), toggle.names)
    >>> found = MutantAttractors(mutants, readouts=["B"]).summary(mutants.combinations(1))
    >>> found.attractors.tolist(), found.low[:, 0].tolist()
    ([1, 1, 1, 1], [1, 0, 0, 1])
    """

    def __init__(
        self,
        mutants: Mutants,
        *,
        phenotypes: Sequence[Phenotype] = (),
        readouts: Sequence[str] = (),
        timeout: float | None = None,
        deadline: Deadline = native.NEVER,
    ) -> None:
        self.mutants = mutants
        self.timeout = timeout
        self.deadline = deadline
        self.phenotypes, self.readouts = tuple(phenotypes), tuple(readouts)
        self._question = _Question(mutants, self.phenotypes, self.readouts)
        # By class: bits of the phenotypes' variables, oscillating variables and their regulators.
        # Network, context, question and time are those of this object.
        self._inside: dict[bytes, _Inside] = {}
        self._solvers = _solvers()
        self._proved: set[object] = set()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_inside": {}, "_solvers": _solvers(), "_proved": set()}

    def are_complete(self, mutants: Ints, spaces: Packed) -> NDArray[np.bool_]:
        """Return for which mutants every asynchronous attractor is proved to be in a trap space.

        Mutants that the compiled proof leaves open are tried one by one.
        """
        proved = native.complete_mutants(
            self.mutants.clauses, self._retained, self.mutants.clamps, mutants, spaces
        )
        for m in np.flatnonzero(~proved & ~spaces.stopped):
            proved[m] = self._is_complete(mutants[m])
        return proved

    def _is_complete(self, mutant: Ints) -> bool:
        deadline = self.deadline.within(self.timeout)
        held = self.mutants.perturbation(mutant).clamps
        values = self.mutants.encoding.restriction(dict(held))
        rest = reduce(self.mutants.network, values, settle=False)
        try:
            return all(
                certify(part, deadline=deadline, known=self._proved).proved
                for part in parts(rest.core)
            )
        except OutOfTime:
            return False

    @cached_property
    def _retained(self) -> Clauses:
        """The network with each variable of a negative feedback vertex set retained.

        Each may leave one value but not return. Any choice is valid; the value that fewest trap
        spaces of the wild type have leaves the fewest candidates.
        """
        d = self.mutants.network.diagram
        wild = self.mutants.trap_spaces(np.full((1, 1), -1, np.int32)).rows
        functions = dict(self.mutants.network.functions)
        for v in negative_feedback_vertex_set(self.mutants.network):
            zero, one = (_column(wild, self.mutants.place[v], value).sum() for value in (0, 1))
            own = d.literal(v)
            f = functions[v]
            functions[v] = d.either(f, own) if one > zero else d.both(f, own)
        return native.clauses_of(self.mutants.network, self.mutants.branch, functions)

    def summary(self, mutants: Ints, *, bounded: bool = False) -> Summary:
        """Return the summary of the attractors of mutants, by phenotypes and readouts.

        Attractors are those of the context's update. Mutants whose search was given up, or that may
        have further attractors, are not answered; with `bounded` their columns nevertheless
        describe the attractors in their minimal trap spaces, if these were found.
        """
        spaces = self.mutants.trap_spaces(mutants, timeout=self.deadline.left())
        permissive = self.mutants.context.update == "most-permissive"
        proved = ~spaces.stopped
        if not permissive:
            proved &= self.are_complete(mutants, spaces)
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
        values = {**self.mutants.held, **self._values(key[:-1])}
        if self.mutants.context.update == "most-permissive" or not key[-1]:
            region = _box(without(self.mutants.network, self._values(row)))
            return question.inside([(region, values)], oscillates=bool(key[-1]), narrows=False)
        rest = reduce(without(self.mutants.network, self._values(row)))
        for solver in self._solvers:  # the next one only if the one before is inconclusive
            solver.begin(self.deadline.within(self.timeout))
            attractors = [self._with_driven(s, values) for s in solver.solve(rest)]
            inside = question.inside(attractors, oscillates=True, narrows=True)
            if not solver.doubts:
                break
        return replace(inside, exact=not solver.doubts)

    def _values(self, row: Words) -> dict[int, bool]:
        """Return the variables that a trap space, or a key, fixes."""
        order = self.mutants.network.order
        return {order[i]: x for i, x in Packed.fixed_in(row, len(order)).items()}

    def _with_driven(
        self, solution: Solution, values: Mapping[int, bool]
    ) -> tuple[Region | Cycle, dict[int, bool]]:
        """Return the oscillating and the fixed variables of an attractor, including driven ones."""
        region = solution.region
        values = {**values, **solution.fixed}
        for group, targets in reversed(solution.driven):
            functions = [self.mutants.network.diagram.restrict(f, values) for f in targets]
            region, fixed = region.driven(group, functions)
            values.update(fixed)
        return region, values


class _Solver:
    """Finds the attractors of oscillating parts, and caches them by part.

    `counting` is whether states may be counted if nothing else decides the question.
    """

    def __init__(self, *, counting: bool) -> None:
        self.cores = Cores("asynchronous", "auto", None, Deadline(), silent)
        if not counting:
            self.cores.patience = 0.0
        self.doubts = self.cores.doubts
        # Keys are the functions of a part; values include the doubts of its solutions. A part not
        # counted in time is not tried again: its rows are bounded, never wrong.
        self.known: dict[object, tuple[list[Solution], tuple[str, ...]]] = {}

    def begin(self, deadline: Deadline) -> None:
        """Start on another trap space, free of doubts."""
        self.doubts.clear()
        self.cores.deadline = deadline

    def solve(self, rest: Reduction) -> list[Solution]:
        """Return the attractors of a reduced network without free inputs; fills `doubts`."""
        solutions = [Solution(Region(rest.core.diagram), {}, rest.fixed, rest.driven)]
        for part in parts(rest.core):
            if part.key not in self.known:
                before = len(self.doubts)
                try:
                    found = list(self.cores.solve(part))
                except OutOfTime:
                    found = [Solution(replace(_box(part), size=None, cyclic=None))]
                    self.doubts.append("the states of an attractor could not be counted in time")
                self.known[part.key] = found, tuple(self.doubts[before:])
            found, doubts = self.known[part.key]
            self.doubts += [doubt for doubt in doubts if doubt not in self.doubts]
            solutions = [both for one in solutions for other in found for both in one.joined(other)]
        return solutions


class _Question:
    """The question asked of every trap space, as bits and functions."""

    def __init__(
        self, mutants: Mutants, phenotypes: Sequence[Phenotype], readouts: Sequence[str]
    ) -> None:
        self.network = network = mutants.network
        self.place, held = mutants.place, mutants.held
        d = network.diagram
        self.phenotypes = [
            (p, d.restrict(mutants.encoding.read(p.condition), held)) for p in phenotypes
        ]
        groups = dict(zip(mutants.encoding.names, mutants.encoding.groups, strict=True))
        self.readouts = [
            (sum(held.get(v, False) for v in groups[n]), [v for v in groups[n] if v not in held])
            for n in readouts
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
        narrows: bool,
    ) -> _Inside:
        """Return the answer for attractors, given by their oscillating and fixed variables.

        `narrows` is whether they may be smaller than their trap space; if not, the trap space
        determines the range of a readout, which others of the same class need not share.
        """
        d = self.network.diagram
        counts = [0] * len(self.phenotypes)
        for region, values in attractors:
            kind = region.kind
            if oscillates and kind == "fixed point":
                kind = "complex"  # oscillating variables are not in the question
            for j, (phenotype, condition) in enumerate(self.phenotypes):
                f: Function = d.restrict(condition, values)
                counts[j] += phenotype.fits(kind) and not region.can(d.negation(f))
        low, high = [-1] * len(self.readouts), [-1] * len(self.readouts)
        if narrows:
            for j, (base, group) in enumerate(self.readouts):
                ranges = [self._range(group, *attractor) for attractor in attractors]
                if None not in ranges:
                    low[j] = base + min(r[0] for r in ranges if r)
                    high[j] = base + max(r[1] for r in ranges if r)
        return _Inside(len(attractors), tuple(counts), tuple(low), tuple(high))

    def _range(
        self, group: Sequence[int], region: Region | Cycle, values: Mapping[int, bool]
    ) -> tuple[int, int] | None:
        """Return the range of a readout in an attractor; None if the trap space determines it."""
        d = self.network.diagram
        known = region.sets if isinstance(region, Region) else region.columns
        if not all(v in known or v in values for v in group):
            return None  # it does not oscillate
        low = high = 0
        for v in group:
            low += values[v] if v in values else not region.can(d.literal(v, False))
            high += values[v] if v in values else region.can(d.literal(v))
        return low, high


def _solvers() -> tuple[_Solver, _Solver]:
    return _Solver(counting=False), _Solver(counting=True)


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
