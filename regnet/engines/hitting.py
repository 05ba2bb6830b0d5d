"""Hitting sets by incremental SAT: which sets of interventions are still worth a look.

Two solvers that talk to each other through `regnet.analysis.control`. `Candidates` proposes sets of
interventions, smallest first, that no refutation known so far rules out. `TrapSpaces` answers
whether the network under such a set has a trap space in which a condition never holds; that trap
space is then a refutation of many sets at once (implicit hitting sets: Moreno-Centeno and Karp
2013, doi 10.1287/opre.1120.1139).

The encoding of trap spaces is that of `regnet.engines.asp`: "v can be b" for a value b that
variable v takes somewhere in the space, over sums of products, so rules in which a regulator has
both signs are read exactly.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from regnet.boolean import BooleanNetwork
from regnet.diagram import Cube, Function
from regnet.engines import Deadline

SOLVER = "glucose4"
CONFLICTS = 2_000  # the solver works so long before the clock is looked at

Edge = tuple[int, int]
"""Indices of two groups of a network: source and target."""


class TrapSpaces:
    """Trap spaces of a network in which a condition holds in no state, under interventions.

    Parameters
    ----------
    network
        The network without interventions.
    condition
        What must not hold anywhere in the trap space.
    edges
        The edges that may be cut, between two different groups.
    """

    def __init__(
        self, network: BooleanNetwork, condition: Function, edges: Iterable[Edge] = ()
    ) -> None:
        from pysat.solvers import Solver

        self._solver = Solver(name=SOLVER)
        self._count = 0
        self._network = network
        self._can = {v: (self._atom(), self._atom()) for v in network.order}  # 1, then 0
        self._held = [self._atom() for _ in network.groups]
        self._cut: dict[Edge, int] = {}
        self._seen: dict[Edge, dict[int, tuple[int, int]]] = {}
        add = self._solver.add_clause
        for one, zero in self._can.values():
            add([one, zero])
        for group in network.groups:
            for low, high in pairwise(group):
                add([-self._can[high][0], self._can[low][0]])
                add([-self._can[low][1], self._can[high][1]])
        for edge in edges:
            self._copy(edge)
        d = network.diagram
        for target, group in enumerate(network.groups):
            atoms = dict(self._can)
            for (_, to), copies in self._seen.items():
                if to == target:
                    atoms.update(copies)
            for v in group:
                f = network.functions[v]
                for value, g in ((True, f), (False, d.negation(f))):
                    for cube in products(network, g):
                        body = [-atoms[u][not b] for u, b in cube]
                        add([self._held[target], *body, self._can[v][not value]])
        for cube in products(network, condition):
            add([-self._can[v][not value] for v, value in cube])
        # as much free as can be: what is fixed without need makes a refutation weaker
        self._solver.set_phases([atom for pair in self._can.values() for atom in pair])

    def _atom(self) -> int:
        self._count += 1
        return self._count

    def _copy(self, edge: Edge) -> None:
        """Give the target of an edge its own view of the source, which a cut fixes."""
        cut = self._cut[edge] = self._atom()
        copies = self._seen[edge] = {}
        for v in self._network.groups[edge[0]]:
            copies[v] = self._atom(), self._atom()
            for seen, own in zip(copies[v], self._can[v], strict=True):
                self._solver.add_clause([cut, -own, seen])
            self._solver.add_clause([-cut, copies[v][1]])  # a cut edge is seen at level 0

    def find(
        self, levels: Mapping[int, int], cuts: Collection[Edge], *, deadline: Deadline
    ) -> dict[int, bool] | None:
        """Return the variables that such a trap space fixes, or None when there is none.

        Parameters
        ----------
        levels
            Group index -> the level at which it is held.
        cuts
            The edges that are cut.
        """
        assumed = [atom if i in levels else -atom for i, atom in enumerate(self._held)]
        assumed += [atom if edge in cuts else -atom for edge, atom in self._cut.items()]
        for i, level in levels.items():
            for place, v in enumerate(self._network.groups[i]):
                assumed.append(-self._can[v][place < level])
        model = _solved(self._solver, assumed, deadline)
        if model is None:
            return None
        values = {}
        for v, (one, zero) in self._can.items():
            if one not in model:
                values[v] = False
            elif zero not in model:
                values[v] = True
        return values


class Candidates:
    """Sets of interventions that are not ruled out yet, smallest first.

    Parameters
    ----------
    count
        How many interventions there are, numbered from 0.
    exclusive
        Interventions of which a set has at most one.
    """

    def __init__(self, count: int, exclusive: Iterable[Sequence[int]], largest: int) -> None:
        from pysat.card import ITotalizer
        from pysat.solvers import Solver

        self._solver = Solver(name=SOLVER)
        self._count = count
        self._sizes: list[int] = []
        if count:
            totalizer = ITotalizer(lits=list(range(1, count + 1)), ubound=min(largest, count))
            for clause in totalizer.cnf.clauses:
                self._solver.add_clause(clause)
            self._sizes = list(totalizer.rhs)
            totalizer.delete()
        for group in exclusive:
            for i, a in enumerate(group):
                for b in group[i + 1 :]:
                    self._solver.add_clause([-a - 1, -b - 1])
        self._solver.set_phases([-a for a in range(1, count + 1)])

    def require(self, some: Iterable[int], without: Iterable[int] = ()) -> None:
        """Ask for one of `some` to be in the set, or one of `without` to be out of it."""
        self._solver.add_clause([*(a + 1 for a in some), *(-a - 1 for a in without)])

    def next(self, size: int, *, deadline: Deadline) -> frozenset[int] | None:
        """Return a set of at most so many, or None when all are ruled out."""
        assumed = [-self._sizes[size]] if size < len(self._sizes) else []
        model = _solved(self._solver, assumed, deadline)
        if model is None:
            return None
        return frozenset(a for a in range(self._count) if a + 1 in model)


def products(network: BooleanNetwork, f: Function) -> list[Cube]:
    """Return products that cover a function in the states that mean something."""
    d = network.diagram
    support = d.support(f)
    near = d.conjunction(
        d.ladder([v for v in group if v in support])
        for group in network.groups
        if len(group) > 1 and not support.isdisjoint(group)
    )
    if near == 1:
        return d.cubes(f)
    cubes = d.cubes(d.both(f, near), d.either(f, d.negation(near)))
    return [cube for cube in cubes if d.both(d.cube(cube), near)]


def _solved(solver: object, assumed: Sequence[int], deadline: Deadline) -> set[int] | None:
    """Return the atoms that are true in an answer, or None when there is no answer."""
    answer = None
    while answer is None:
        deadline.check()
        solver.conf_budget(CONFLICTS)  # type: ignore[attr-defined]
        answer = solver.solve_limited(assumptions=assumed)  # type: ignore[attr-defined]
    if not answer:
        return None
    return {atom for atom in solver.get_model() if atom > 0}  # type: ignore[attr-defined]
