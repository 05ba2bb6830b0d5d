"""Trap spaces of a network in which a condition fails, whatever is held and cut.

The encoding is that of `regnet.engines.asp`: "v can be b" for a value b that variable v takes
somewhere in the space, over sums of products, so rules in which a regulator has both signs are read
exactly.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

from regnet.boolean import BooleanNetwork
from regnet.deadline import Deadline
from regnet.diagram import Function
from regnet.engines.hitting.solving import SOLVER, products, smallest_core, solved

Edge: TypeAlias = tuple[int, int]
"""Indices of two groups of a network: source and target."""


class TrapSpaces:
    """Trap spaces of a network in which a condition holds in no state, under interventions.

    Parameters
    ----------
    network
        The network without interventions.
    condition
        The condition that must not hold anywhere in the trap space.
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
        self._never, self._doubt = self._atom(), self._atom()
        for cube in products(network, condition):
            add([-self._never, *(-self._can[v][not value] for v, value in cube)])
        self._sure = self._atom()
        ways = []
        for cube in products(network, network.diagram.negation(condition)):
            ways.append(self._atom())
            for v, value in cube:
                add([-ways[-1], self._can[v][not value]])
            add([-self._sure, *(-self._can[v][not value] for v, value in cube)])
        add([-self._doubt, *ways])
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
        model = self._solved([*self._done(levels, cuts), self._never], deadline)
        return None if model is None else self._values(model)

    def doubtful(
        self,
        levels: Mapping[int, int],
        cuts: Collection[Edge],
        among: Collection[int],
        *,
        deadline: Deadline,
    ) -> dict[int, bool] | None:
        """Return a minimal trap space in which the condition fails somewhere, or None.

        Parameters
        ----------
        levels, cuts
            As for `find`.
        among
            The variables that matter; it is as small as can be as far as these go. No other
            variable may act on them.
        """
        add = self._solver.add_clause
        here = self._atom()  # what is learned holds under these interventions only
        done = [*self._done(levels, cuts), here]
        while True:
            model = self._solved([*done, self._doubt], deadline)
            if model is None:
                break
            space, model = self._smallest(model, [*done, self._doubt], among, deadline)
            inner, _ = self._smallest(model, done, among, deadline)
            if len(inner) == len(space):
                add([-here])
                return self._values(model)
            # no space around this one is minimal
            add([-here, *(-self._can[v][not value] for v, value in inner.items())])
        add([-here])
        return None

    def everywhere(
        self, cuts: Collection[Edge], trap: Mapping[int, bool], *, deadline: Deadline
    ) -> tuple[set[int], set[int]] | None:
        """Return why the condition fails somewhere in every trap space inside one, or None.

        The reason is a minimal set of groups whose functions matter and of variables whose values
        matter.

        Parameters
        ----------
        cuts
            The edges that are cut.
        trap
            The variables that the trap space fixes, including held ones.
        """
        inside = {-self._can[v][value]: v for v, value in trap.items()}
        rules = {-atom: i for i, atom in enumerate(self._held)}
        edges = [atom if edge in cuts else -atom for edge, atom in self._cut.items()]
        fixed = [*edges, self._sure]
        clamped = [i for i, group in enumerate(self._network.groups)
                   if all(v in trap for v in group)]  # fmt: skip
        loose = [-self._held[i] for i in range(len(self._held)) if i not in set(clamped)]
        assumed = [*loose, *inside, *fixed]
        core = smallest_core(
            self._solver, assumed, deadline, lambda a: (a not in rules, a), kept=fixed
        )
        if core is None:
            return None
        return (
            {rules[a] for a in core if a in rules},
            {inside[a] for a in core if a in inside},
        )

    def _smallest(
        self, model: set[int], assumed: Sequence[int], among: Collection[int], deadline: Deadline
    ) -> tuple[dict[int, bool], set[int]]:
        """Return a smallest trap space inside one, as what it fixes of some variables."""
        add = self._solver.add_clause
        while True:
            values = self._values(model)
            fixed = {v: values[v] for v in among if v in values}
            free = [v for v in among if v not in values]
            if not free:
                return fixed, model
            smaller = self._atom()
            add([-smaller, *(-atom for v in free for atom in self._can[v])])
            inside = [-self._can[v][value] for v, value in fixed.items()]
            found = self._solved([*assumed, *inside, smaller], deadline)
            add([-smaller])
            if found is None:
                return fixed, model
            model = found

    def _solved(self, assumed: Sequence[int], deadline: Deadline) -> set[int] | None:
        """Return what the variables can be in an answer, as atoms."""
        return solved(self._solver, assumed, deadline, first=2 * len(self._can))

    def _done(self, levels: Mapping[int, int], cuts: Collection[Edge]) -> list[int]:
        """Return what to assume for interventions."""
        assumed = [atom if i in levels else -atom for i, atom in enumerate(self._held)]
        assumed += [atom if edge in cuts else -atom for edge, atom in self._cut.items()]
        for i, level in levels.items():
            for place, v in enumerate(self._network.groups[i]):
                assumed.append(-self._can[v][place < level])
        return assumed

    def _values(self, model: set[int]) -> dict[int, bool]:
        """Return the variables that a trap space fixes."""
        values = {}
        for v, (one, zero) in self._can.items():
            if one not in model:
                values[v] = False
            elif zero not in model:
                values[v] = True
        return values
