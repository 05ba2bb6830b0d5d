"""Sets of interventions that are still worth a look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from regnet.deadline import Deadline
from regnet.engines.hitting.solving import SOLVER, solved


class Candidates:
    """The sets of interventions not ruled out yet, smallest first.

    Parameters
    ----------
    count
        Number of interventions, numbered from 0.
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
        """Return a set of at most this size, or None if all are ruled out."""
        assumed = [-self._sizes[size]] if size < len(self._sizes) else []
        model = solved(self._solver, assumed, deadline, first=self._count)
        if model is None:
            return None
        return frozenset(a - 1 for a in model)
