"""Mutants: very many perturbations of one network in one context, computed together.

The network is compiled once. A mutant is a row of numbers of single perturbations, one component at
one level each; its minimal trap spaces are computed by compiled code, as packed bits
(`regnet.engines.native`). The attractors in these spaces are described by
`regnet.analysis.screen.attractors`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regnet.analysis.screen.combinations import Combinations, Single
from regnet.boolean import BooleanNetwork, Encoding, encode
from regnet.deadline import Deadline, OutOfTime
from regnet.engines import native
from regnet.engines.native import Clamps, Clauses, Ints, Packed
from regnet.engines.native.multishot import MultiShot
from regnet.feedback import feedback_vertex_set
from regnet.network import LogicalNetwork
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space

MAX_INPUT_COMBINATIONS = 256
"""Maximum number of combinations of free inputs; more are left to `find_attractors`."""

MIN_SHARED = 1_000
"""Minimum number of mutants for which results of smaller mutants are reused."""

GIVEN_UP = 20.0
"""Time limit in seconds of clingo for a mutant that the compiled search gave up."""


class Mutants:
    """All mutants of a network in a context, compiled.

    Parameters
    ----------
    network
        The network, unperturbed.
    context
        The perturbation of every mutant, and the update (not ``"synchronous"``); without a start.
    targets
        Components that mutants may hold, at any of their levels. If the context holds one of them
        too, the mutant takes precedence.
    singles
        The single perturbations of which mutants are composed, those of one component adjacent; by
        default each target at each of its levels.
    patience
        Time limit in seconds for one mutant that the compiled search gave up; at most `GIVEN_UP`.
    deadline
        The deadline, after which `OutOfTime` is raised.

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
    >>> np.diff(mutants.trap_spaces(pairs).starts).tolist()
    [1, 1, 1, 1]
    """

    def __init__(
        self,
        network: LogicalNetwork,
        context: Scenario,
        targets: Iterable[str],
        *,
        singles: Sequence[Single] | None = None,
        patience: float | None = None,
        deadline: Deadline = native.NEVER,
    ) -> None:
        self.context = context
        self.patience = GIVEN_UP if patience is None else min(patience, GIVEN_UP)
        wanted = set(targets)
        every = (
            (c.name, level)
            for c in network.components
            if c.name in wanted
            for level in range(c.top + 1)
        )
        self.singles = list(every if singles is None else singles)
        self.number = {single: i for i, single in enumerate(self.singles)}
        self.encoding: Encoding = encode(
            context.perturbation.apply(network), settled=False, watch=deadline.check
        )
        constant = {n: r for n, r in context.perturbation.clamps.items() if n not in wanted}
        self.held = {
            v: value
            for v, value in self.encoding.restriction(constant).items()
            if all(constant[n][0] == constant[n][1] for n in [self._owner[v]])
        }
        self.network = without(self.encoding.network, self.held)
        self.place = {v: i for i, v in enumerate(self.network.order)}
        self.branch = _branching_order(self.network)
        self.clauses: Clauses = native.clauses_of(self.network, self.branch)
        groups = dict(zip(self.encoding.names, self.encoding.groups, strict=True))
        self.clamps = Clamps.of(
            [
                [(self.place[v], k < level) for k, v in enumerate(groups[name])]
                for name, level in self.singles
            ]
        )
        self._program: MultiShot | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_program": None}

    @cached_property
    def _owner(self) -> dict[int, str]:
        pairs = zip(self.encoding.names, self.encoding.groups, strict=True)
        return {v: name for name, group in pairs for v in group}

    # --- enumeration ---

    def combinations(self, order: int) -> Ints:
        """Return all mutants that hold `order` components: shape ``(mutants, order)``."""
        return Combinations(self.singles, order).rows()

    def chunks(self, order: int, size: int = 100_000) -> Iterator[Ints]:
        """Yield the mutants of `combinations` in the same order, in arrays of at most `size` rows.

        Those of one array share their first perturbations, so that common work is done once.
        """
        every = Combinations(self.singles, order)
        for begin in range(0, every.count, size):
            yield every.rows(begin, min(begin + size, every.count))

    def perturbation(self, mutant: Iterable[int]) -> Perturbation:
        """Return the perturbation of a mutant, added to the context."""
        return Perturbation(Space(dict(self.singles[i] for i in mutant if i >= 0)))

    def rows(self, perturbations: Sequence[Perturbation]) -> Ints:
        """Return the mutants that hold given levels.

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

    def trap_spaces(self, mutants: Ints, *, timeout: float | None = None) -> Packed:
        """Return the minimal trap spaces of mutants, variables numbered as in ``network.order``.

        Results of smaller mutants are reused, without changing the answer. Mutants not reached
        within `timeout` seconds for all of them are marked as stopped.
        """
        return self._trap_spaces(mutants, Deadline(timeout))

    def _trap_spaces(self, mutants: Ints, deadline: Deadline) -> Packed:
        parents, known = self._carried(mutants, deadline)
        found = native.minimal_trap_spaces(
            self.clauses,
            self.clamps,
            mutants,
            parents=parents,
            known=known,
            max_nodes=native.MAX_NODES,
            deadline=deadline,
        )
        return self._with_given_up(mutants, found, deadline) if found.stopped.any() else found

    def _carried(self, mutants: Ints, deadline: Deadline) -> tuple[Ints | None, Packed | None]:
        """Return the index of each mutant without one of its perturbations among the known ones.

        Only if it pays off: for many mutants that share smaller ones. The key of a smaller mutant
        is the numbers of its perturbations, one digit each, which are exact below 2**62; the
        context and the network are those of this object.
        """
        width = mutants.shape[1]
        base = len(self.singles) + 1
        if width < 2 or len(mutants) < MIN_SHARED or base ** (width - 1) >= 1 << 62:
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
        known = self._trap_spaces(np.ascontiguousarray(smaller), deadline)
        parents = np.full(mutants.shape, -1, np.int32)
        for j, own in codes.items():
            parent = np.searchsorted(shared, own).astype(np.int32)
            parents[:, j] = np.where((mutants[:, j] < 0) | known.stopped[parent], -1, parent)
        return parents, known

    def _with_given_up(self, mutants: Ints, found: Packed, deadline: Deadline) -> Packed:
        """Return the answer completed by clingo for mutants that were given up."""
        if self._program is None:
            self._program = MultiShot(self.clauses)
        pieces, stopped = [], found.stopped.copy()
        for m, row in enumerate(mutants):
            piece = found.rows[found.starts[m] : found.starts[m + 1]]
            allowed = deadline.within(self.patience)
            if stopped[m] and allowed.left() != 0:
                atoms = [
                    int(atom)
                    for p in row[row >= 0]
                    for atom in self.clamps.atoms[slice(*self.clamps.starts[p : p + 2])]
                ]
                try:
                    more = self._program.minimal_trap_spaces(
                        atoms, limit=native.MAX_SPACES, deadline=allowed
                    )
                except OutOfTime:
                    more = None
                if more is not None:
                    piece, stopped[m] = more, False
            pieces.append(piece)
        starts = np.cumsum([0, *map(len, pieces)])
        return Packed(np.concatenate(pieces), starts, stopped)


def without(network: BooleanNetwork, values: Mapping[int, bool]) -> BooleanNetwork:
    """Return a network with some variables substituted as constants."""
    d = network.diagram
    groups = tuple(kept for g in network.groups if (kept := tuple(v for v in g if v not in values)))
    targets = {v: d.restrict(network.targets[v], values) for g in groups for v in g}
    return BooleanNetwork(d, groups, targets, network.inputs - values.keys())


def _branching_order(network: BooleanNetwork) -> list[int]:
    """Return a feedback vertex set, upstream variables first, whose values determine all others."""
    d = network.diagram
    before = {v: d.support(f) for v, f in network.functions.items()}
    after: dict[int, int] = {}
    for sources in before.values():
        for u in sources:
            after[u] = after.get(u, 0) + 1

    def upstream(v: int) -> int:
        seen = {v}
        todo = [v]
        d.watch()
        while todo:
            fresh = before[todo.pop()] - seen
            seen |= fresh
            todo += fresh
        return len(seen)

    return sorted(
        feedback_vertex_set(network),
        key=lambda v: (upstream(v), -len(before[v]) * after.get(v, 0), v),
    )


def why_not(network: LogicalNetwork, context: Scenario) -> str:
    """Return why mutants cannot be computed together in a context; empty if they can."""
    if context.update == "synchronous":
        return "synchronous updates are simulated one by one"
    if context.start:
        return "attractors reached from a start are computed one by one"
    inputs = [c for c in network.components if c.is_input]
    held = context.perturbation.clamps
    free = [held.get(c.name, (0, c.top)) for c in inputs]
    if prod(high - low + 1 for low, high in free) > MAX_INPUT_COMBINATIONS:
        return f"more than {MAX_INPUT_COMBINATIONS} combinations of free inputs"
    return ""
