"""Walks by incremental SAT: states from which none of some walks breaks a condition.

A walk is a sequence of updates, one variable at a time. Composed, the functions of a walk express
the condition at its end as a function of its begin; so "none of these walks ends where the
condition fails" is a formula about the begin. An answer is a state that needs another walk; no
answer means that every state, or every fixed point of a retained network, can break the condition.
The assumptions needed for that are given by the solver (counterexample-guided refinement: Clarke,
Grumberg, Jha, Lu and Veith 2003, doi 10.1145/876638.876643).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

from regnet.boolean import BooleanNetwork
from regnet.deadline import Deadline
from regnet.diagram import Cube, Function
from regnet.engines.hitting.solving import SOLVER, products, smallest_core, solved

Step: TypeAlias = tuple[int, Function]
"""A variable that is updated, and the function that gives its next value."""


class Walks:
    """The walks found so far, and the states from which none of them breaks a condition.

    Parameters
    ----------
    network
        The network; its functions may be replaced by others of the same diagram later.
    condition
        The condition to break.
    held
        Variables that cannot leave a value, each with that value. If given, only fixed points of
        the retained network count. Every attractor has such states if every negative circuit
        contains one of these variables.
    """

    def __init__(
        self,
        network: BooleanNetwork,
        condition: Function,
        held: Mapping[int, bool] | None = None,
    ) -> None:
        from pysat.solvers import Solver

        self._solver = Solver(name=SOLVER)
        self._network, self._condition, self._held = network, condition, held
        self._begin = {v: v + 1 for v in network.order}
        self._count = max(self._begin.values(), default=0)
        self._gates: dict[tuple[Function, tuple[int, ...]], int] = {}
        self._cubes: dict[Function, tuple[list[Cube], list[Cube]]] = {}
        self._walks: dict[int, tuple[Step, ...]] = {}
        self._rests: dict[int, Step] = {}
        self._resting: dict[Step, int] = {}
        self._needed: set[int] = set()
        for group in network.groups:
            for low, high in pairwise(group):
                self._solver.add_clause([self._begin[low], -self._begin[high]])
        self.add(())

    def __len__(self) -> int:
        """Return how many walks are known."""
        return len(self._walks)

    def pruned(self) -> Walks:
        """Return the walks that were needed so far, for a smaller formula."""
        kept = Walks(self._network, self._condition, self._held)
        for atom in sorted(self._needed):
            if self._walks[atom]:
                kept.add(self._walks[atom])
        return kept

    def _atom(self) -> int:
        self._count += 1
        return self._count

    def products(self, f: Function) -> tuple[list[Cube], list[Cube]]:
        """Return products that cover "not f", and such that cover f."""
        found = self._cubes.get(f)
        if found is None:
            negation = self._network.diagram.negation(f)
            found = products(self._network, negation), products(self._network, f)
            self._cubes[f] = found
        return found

    def _gate(self, f: Function, view: Mapping[int, int]) -> int:
        """Return the atom of a function, where variables are what atoms say."""
        support = sorted(self._network.diagram.support(f))
        key = f, tuple(view[v] for v in support)
        atom = self._gates.get(key)
        if atom is None:
            atom = self._gates[key] = self._atom()
            for head, cubes in zip((-atom, atom), self.products(f), strict=True):
                for cube in cubes:
                    self._solver.add_clause([head, *(-view[v] if b else view[v] for v, b in cube)])
        return atom

    def add(self, walk: Sequence[Step]) -> None:
        """Take one more walk into account."""
        view = dict(self._begin)
        for v, f in walk:
            view[v] = self._gate(f, view)
        end = self._gate(self._condition, view)
        atom = self._atom()
        self._solver.add_clause([-atom, end])
        self._walks[atom] = tuple(walk)

    def _rest(self, v: int, f: Function) -> int:
        """Return the atom which says that a variable does not move, or cannot."""
        atom = self._resting.get((v, f))
        if atom is None:
            atom = self._resting[v, f] = self._atom()
            self._rests[atom] = v, f
            now, after = self._begin[v], self._gate(f, self._begin)
            stays = (self._held or {}).get(v)
            if stays is not False:
                self._solver.add_clause([-atom, now, -after])
            if stays is not True:
                self._solver.add_clause([-atom, -now, after])
        return atom

    def missed(
        self,
        functions: Mapping[int, Function],
        values: Mapping[int, bool],
        *,
        deadline: Deadline,
    ) -> dict[int, bool] | None:
        """Return a state with these values from which no walk breaks the condition, or None.

        Only walks count all of whose updates are by these functions, and, where variables are held
        back, only states at which the network rests.
        """
        most = max(self._begin.values(), default=0)
        model = solved(self._solver, self._assumed(functions, values), deadline, first=most)
        return None if model is None else {v: atom in model for v, atom in self._begin.items()}

    def needed(
        self,
        functions: Mapping[int, Function],
        values: Mapping[int, bool],
        *,
        deadline: Deadline,
    ) -> tuple[set[int], set[int]]:
        """Return the variables whose functions matter, and those whose values do.

        Call it only if no state is left; the set is minimal.
        """
        core = smallest_core(
            self._solver,
            self._assumed(functions, values),
            deadline,
            lambda a: (a not in self._rests, -len(self._walks.get(a, ())), a),
        )
        if core is None:
            raise ValueError("a state is missed")
        self._needed |= core & self._walks.keys()
        movers = {v for a in core for v, _ in self._walks.get(a, ())}
        movers |= {self._rests[a][0] for a in core if a in self._rests}
        return movers, {v for v, atom in self._begin.items() if atom in core or -atom in core}

    def _assumed(self, functions: Mapping[int, Function], values: Mapping[int, bool]) -> list[int]:
        begin = [self._begin[v] if value else -self._begin[v] for v, value in values.items()]
        fits = (a for a, walk in self._walks.items() if all(functions[v] == f for v, f in walk))
        if self._held is None:
            return [*begin, *fits]
        # what a trap space fixes rests anyway, and may be held there by an intervention alone
        rests = (self._rest(v, f) for v, f in functions.items() if v not in values)
        return [*begin, *fits, *rests]
