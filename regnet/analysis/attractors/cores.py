"""Cores: the attractors of one independent part of a reduced network, by a suitable engine.

The engine `auto` enumerates the states if there are few; otherwise it finds the minimal trap spaces
and proves that no attractor lies outside (`certificate`); what cannot be proved is left to symbolic
search. Attractors not decided in time are listed as far as known, with a note in `Cores.doubts`.
"""

from __future__ import annotations

import random
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from regnet.analysis import Progress
from regnet.analysis.attractors import blocks
from regnet.analysis.attractors.certificate import certify, common_state
from regnet.analysis.attractors.regions import Cycle, Region
from regnet.analysis.attractors.sampled_states import SampledStates
from regnet.boolean import BooleanNetwork
from regnet.deadline import Deadline, OutOfTime
from regnet.diagram import Function
from regnet.engines import StateSet, asp, bdd, explicit, primes
from regnet.errors import EngineError
from regnet.reduction import Group, parts, reduce

ENUMERATED_VARIABLES = 20
"""Maximum number of variables for which states are enumerated at once."""

MAX_STARTS = 4096
"""Maximum number of start states run one by one under synchronous updates."""

COUNTING = 3.0
"""Seconds for counting the states of attractors that are otherwise known."""

WALKS = 256
ROUNDS = 120


@dataclass(frozen=True)
class Solution:
    """One attractor of a part, or of several parts together.

    Parameters
    ----------
    region
        The states of the variables that oscillate or were left after reduction.
    condition
        Values of the free inputs that were set.
    fixed
        Constant variables.
    driven, settled
        Components removed by reduction, as in `regnet.reduction.Reduction`.
    """

    region: Region | Cycle
    condition: Mapping[int, bool] = field(default_factory=dict)
    fixed: Mapping[int, bool] = field(default_factory=dict)
    driven: tuple[tuple[Group, tuple[Function, ...]], ...] = ()
    settled: tuple[tuple[Group, tuple[Function, ...]], ...] = ()

    def joined(self, other: Solution) -> list[Solution]:
        """Return the product of both solutions."""
        return [
            Solution(
                region,
                {**self.condition, **other.condition},
                {**self.fixed, **other.fixed},
                self.driven + other.driven,
                self.settled + other.settled,
            )
            for region in self.region.joined(other.region)  # type: ignore[arg-type]
        ]


@dataclass
class Cores:
    """Finds the attractors of parts, and records how they were found.

    Parameters
    ----------
    update
        How components are updated.
    engine
        ``"auto"`` or the name of one engine.
    start
        Variables that the start decides; None means from anywhere.
    deadline
        When to stop.
    progress
        Progress callback.
    patience
        Seconds for counting states of attractors that are otherwise known.
    known
        Solutions inside trap spaces, by the network left there.
    proved
        Networks proved to have no attractor outside their trap spaces.
    """

    update: str
    engine: str
    start: Mapping[int, bool] | None
    deadline: Deadline
    progress: Progress
    used: dict[str, None] = field(default_factory=dict)
    largest: int = 0
    doubts: list[str] = field(default_factory=list)
    patience: float = field(default_factory=lambda: COUNTING)
    known: dict[object, list[Solution]] = field(default_factory=dict)
    proved: set[object] = field(default_factory=set)

    def solve(self, part: BooleanNetwork) -> Iterator[Solution]:
        """Yield the attractors of a part without free inputs."""
        self.largest = max(self.largest, len(part.order))
        if self.update == "synchronous":
            return self._synchronous(part)
        if self.update == "most-permissive":
            return self._most_permissive(part)
        return self._asynchronous(part)

    # --- synchronous ---

    def _synchronous(self, part: BooleanNetwork) -> Iterator[Solution]:
        engine = self.engine
        if engine == "auto":
            engine = "explicit" if len(part.order) <= ENUMERATED_VARIABLES else "sat"
        by_state = engine == "explicit"
        find = explicit.synchronous_cycles if by_state else blocks.synchronous_cycles
        self._check_size(engine, part)
        for states in find(part, deadline=self.deadline):
            self.used[engine] = None
            yield Solution(Cycle.of(part.diagram, part.order, states))

    def reached_synchronously(self, network: BooleanNetwork) -> Iterator[Solution]:
        """Yield the cycles reached from the start, on the whole network.

        Parts move in step from a shared start, so the network is not decomposed.

        Raises
        ------
        EngineError
            If the start leaves too many states open.
        """
        self.largest = len(network.order)
        start = self._start_of(network)
        assert start is not None
        d, order = network.diagram, network.order
        if d.count(start, order) > MAX_STARTS:
            raise EngineError(
                f"the start leaves more than {MAX_STARTS} states open; "
                "fix more components with --start, or leave the start out"
            )
        digits = list(enumerate(reversed(order)))
        known: set[int] = set()
        for values in d.states(start, order):
            begin = sum(values[v] << i for i, v in digits)
            path: dict[int, int] = {}
            state = begin
            while state not in path and state not in known:
                self.deadline.check()
                path[state] = len(path)
                state = _next(network, state)
            if state not in known:
                self.used["explicit"] = None
                cycle = [s for s, place in path.items() if place >= path[state]]
                first = cycle.index(min(cycle))
                inputs = {v: bool(begin >> i & 1) for i, v in digits if v in network.inputs}
                yield Solution(Cycle.of(d, order, cycle[first:] + cycle[:first]), inputs)
            known.update(path)

    # --- most permissive ---

    def _most_permissive(self, part: BooleanNetwork) -> Iterator[Solution]:
        engine = "asp" if self.engine == "auto" else self.engine
        find = primes.minimal_trap_spaces if engine == "primes" else asp.minimal_trap_spaces
        self.used[engine] = None
        for space in self._inside_closure(part, find(part, deadline=self.deadline)):
            yield Solution(self._box(part, space), fixed=space)

    def _inside_closure(
        self, part: BooleanNetwork, spaces: Iterable[Mapping[int, bool]]
    ) -> Iterator[Mapping[int, bool]]:
        """Yield the minimal trap spaces that can be reached from the start.

        They are those inside the smallest trap space that holds the start (Pauleve et al. 2020,
        doi 10.1038/s41467-020-18112-5).
        """
        if self.start is None:
            yield from spaces
            return
        begin = {v: self.start[v] for v in part.order if v in self.start}
        around = closure(part, begin)
        inside = [space for space in spaces if _within(space, around)]
        if len(begin) < len(part.order) and len(inside) > 1:
            self.doubts.append(
                "the start leaves components open, so some of the attractors listed may belong to "
                "no single start"
            )
        yield from inside

    def _box(self, part: BooleanNetwork, space: Mapping[int, bool]) -> Region:
        """Return all states of a trap space as a region."""
        d = part.diagram
        region = Region(d)
        for group in part.groups:
            free = tuple(v for v in group if v not in space)
            (region,) = region.joined(Region.free(d, free))
        return region

    # --- asynchronous ---

    def _asynchronous(self, part: BooleanNetwork) -> Iterator[Solution]:
        size = len(part.order)
        if self.engine == "explicit" or (self.engine == "auto" and size <= ENUMERATED_VARIABLES):
            self._check_size("explicit", part)
            yield from self._by("explicit", part)
        elif self.engine == "bdd":
            yield from self._by("bdd", part)
        else:
            yield from self._large(part)

    def _by(
        self, engine: str, part: BooleanNetwork, deadline: Deadline | None = None
    ) -> Iterator[Solution]:
        module = explicit if engine == "explicit" else bdd
        for found in module.asynchronous_attractors(
            part, self._start_of(part), deadline=deadline or self.deadline
        ):
            self.used[engine] = None
            yield _solution(part, found)

    def _large(self, part: BooleanNetwork) -> Iterator[Solution]:
        """Solve a large part by trap spaces and a proof, or else by symbolic search."""
        size = len(part.order)
        self.progress(None, f"minimal trap spaces of {size} variables")
        certificate = certify(part, deadline=self.deadline, known=self.proved)
        self.used["asp"] = None
        if not all(certificate.spaces) and (state := common_state(part, deadline=self.deadline)):
            yield from self._only(part, state)
            return
        if certificate.proved and all(certificate.spaces):
            inside, open_ = self._reached(part, certificate.spaces)
            if not open_:
                for space in inside:
                    yield from self._inside(part, space)
                return
        self.progress(None, f"symbolic search on {size} variables")
        left = self.deadline.left()  # some time is reserved for listing what is known
        deadline = self.deadline if left is None else self.deadline.within(0.8 * left)
        engine = "explicit" if size <= explicit.MAX_VARIABLES else "bdd"
        try:
            answers = list(self._by(engine, part, deadline))
        except (OutOfTime, KeyboardInterrupt) as stop:
            if isinstance(stop, KeyboardInterrupt):
                self.deadline = Deadline(0)  # no new search; what is known is kept
            self.doubts.append(self._doubt(certificate.proved, certificate.why))
            for space in certificate.spaces:
                if space:
                    yield from self._inside(part, space)
                else:
                    yield self._unknown(part, space)
            if isinstance(stop, KeyboardInterrupt):
                raise
            return
        yield from answers

    def _only(self, part: BooleanNetwork, state: Mapping[int, bool]) -> Iterator[Solution]:
        """Yield the single attractor of a part whose only trap space is the whole space."""
        left = self.deadline.left()
        patience = self.patience if left is None else min(self.patience, left / 4)
        if patience:
            began = time.monotonic()
            try:
                yield from list(self._by("bdd", part, self.deadline.within(patience)))
                return
            except OutOfTime:
                self.patience = max(0.0, self.patience - (time.monotonic() - began))
        region = self._box(part, {})
        seen = SampledStates.runs(part, state, self._unsure, self.deadline)
        cyclic = False if seen.branches() else None
        if cyclic is None:
            self.doubts.append("whether an attractor is cyclic was not decided")
        yield Solution(replace(region, size=None, cyclic=cyclic, seen=(seen,)))

    def _unsure(self) -> None:
        self.doubts.append("the states of an attractor could not be counted, nor all its ranges")

    def _doubt(self, proved: bool, why: str) -> str:
        if self.start is not None and proved:
            return "not every attractor listed was shown to be reachable"
        return why or "the states of an attractor could not be counted"

    def _inside(self, part: BooleanNetwork, space: Mapping[int, bool]) -> Iterator[Solution]:
        """Yield the attractors inside a minimal trap space."""
        inner = replace(self, start=None) if self.start is not None else self
        if len(space) == len(part.order):
            yield Solution(Region(part.diagram), fixed=space)
            return
        try:
            self.deadline.check()
            reduction = reduce(part, space)
            solutions = [Solution(Region(part.diagram), {}, reduction.fixed, reduction.driven)]
            for core in parts(reduction.core):
                answers = inner._from_anywhere(core)
                solutions = [j for s in solutions for a in answers for j in s.joined(a)]
        except OutOfTime:
            self.doubts.append("the states of an attractor could not be counted in time")
            solutions = [replace(self._unknown(part, space), fixed=space)]
        if self.start is not None and len(solutions) > 1:
            self.doubts.append("not every attractor listed was shown to be reachable")
        yield from solutions

    def _from_anywhere(self, core: BooleanNetwork) -> list[Solution]:
        """Return the attractors of a core, cached because many trap spaces leave the same one.

        They are those from anywhere, whatever the start of the search. Without patience sizes may
        be missing, and uncertain ones are searched again.
        """
        key = core.key, self.patience > 0
        if key not in self.known:
            before = len(self.doubts)
            answers = list(self.solve(core))
            if len(self.doubts) > before:
                return answers  # more time may settle it
            self.known[key] = answers
        return self.known[key]

    def _unknown(self, part: BooleanNetwork, space: Mapping[int, bool]) -> Solution:
        """Return an attractor known only by its trap space, without its states."""
        return Solution(replace(self._box(part, space), size=None, cyclic=None))

    def _start_of(self, part: BooleanNetwork) -> Function | None:
        if self.start is None:
            return None
        begin = {v: self.start[v] for v in part.order if v in self.start}
        return part.diagram.both(part.diagram.cube(begin), part.admissible)

    def _reached(
        self, part: BooleanNetwork, spaces: Iterable[Mapping[int, bool]]
    ) -> tuple[list[Mapping[int, bool]], int]:
        """Return the trap spaces reached from the start, and how many are undecided.

        Nothing outside the smallest trap space around the start is reached; if only one is left,
        every run ends there; others count as reached if a random run enters them.
        """
        spaces = list(spaces)
        if self.start is None:
            return spaces, 0
        begin = {v: self.start[v] for v in part.order if v in self.start}
        around = closure(part, begin)
        inside = [space for space in spaces if _within(space, around)]
        if len(inside) < 2:
            return inside, 0
        d, order, chance = part.diagram, part.order, random.Random(0)
        full = (1 << WALKS) - 1
        columns = {}
        for group in part.groups:  # free levels start at random, as valid level codes
            column = full
            for v in group:
                value = self.start.get(v)
                column &= chance.getrandbits(WALKS) if value is None else full * value
                columns[v] = column
        seen: set[int] = set()
        for _ in range(ROUNDS):
            self.deadline.check()
            for v in chance.choices(order, k=len(order)):
                now, some = d.evaluate(part.functions[v], columns, full), chance.getrandbits(WALKS)
                columns[v] = (now & some) | (columns[v] & ~some)
            for i, space in enumerate(inside):
                if i in seen:
                    continue
                lanes = full
                for v, value in space.items():
                    lanes &= columns[v] if value else ~columns[v]
                if lanes:
                    seen.add(i)
            if len(seen) == len(inside):
                return inside, 0
        return inside, len(inside) - len(seen)

    def _check_size(self, engine: str, part: BooleanNetwork) -> None:
        if engine == "explicit" and len(part.order) > explicit.MAX_VARIABLES:
            raise EngineError(
                f"the engine explicit ends at {explicit.MAX_VARIABLES} variables, "
                f"but {len(part.order)} are left after reduction; use --engine auto"
            )


def _next(network: BooleanNetwork, state: int) -> int:
    """Return the state after one synchronous update."""
    order, evaluate = network.order, network.diagram.evaluate
    columns = dict(zip(order, map(int, f"{state:0{len(order)}b}"), strict=True))
    after = (str(evaluate(network.functions[v], columns, 1)) for v in order)
    return int("".join(after) or "0", 2)


def closure(
    part: BooleanNetwork, values: Mapping[int, bool], kept: Collection[int] = ()
) -> dict[int, bool]:
    """Return the smallest trap space that holds a space, as the variables it fixes.

    Variables in `kept` keep their values, whatever their functions are.
    """
    d = part.diagram
    inside = dict(values)
    users: dict[int, list[int]] = {}
    for v, f in part.functions.items():
        for u in d.support(f):
            users.setdefault(u, []).append(v)
    queue = list(inside)
    while queue:
        v = queue.pop()
        if v in inside and v not in kept and d.restrict(part.functions[v], inside) != inside[v]:
            del inside[v]
            queue.extend(u for u in users.get(v, ()) if u in inside)
    return inside


def _within(inner: Mapping[int, bool], outer: Mapping[int, bool]) -> bool:
    return all(inner.get(v) is value for v, value in outer.items())


def _solution(part: BooleanNetwork, found: StateSet) -> Solution:
    return Solution(Region.of(part.diagram, part.order, found))
