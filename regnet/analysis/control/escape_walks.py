"""Escape walks: proofs that an oscillation cannot keep a condition, by few variables.

A trap space contains an attractor. If every state of the trap space can reach one in which a
condition fails, the attractor does not keep the condition. Often walks of a few variables suffice:
the others may have any value and need not move. Interventions that touch neither these variables
nor those that maintain the trap space do not change this.

Not every state has to be examined: retain variables that intersect all negative circuits, and each
attractor contains a fixed point of the retained network (see
`regnet.analysis.attractors.certificate`; Trinh, Hiraishi and Benhamou 2022,
doi 10.1145/3535508.3545520). Interventions remove circuits and add none, so the same variables
suffice under all of them.

Walks are searched for from states that no known walk leads out of, along plans of a relaxed problem
in which a value once reached is never lost (Hoffmann and Nebel 2001, doi 10.1613/jair.855).
"""

from __future__ import annotations

import random
from collections.abc import Mapping

from regnet.analysis.attractors.certificate import negative_feedback_vertex_set
from regnet.boolean import BooleanNetwork
from regnet.deadline import Deadline, OutOfTime
from regnet.diagram import Function
from regnet.engines.hitting import Step, Walks

MAX_WALKS = 150
"""Maximum number of walks searched for with one set of interventions."""

FEWEST_WALKS = 40
"""Number of walks that are always tried."""

SECONDS = 20.0
"""Time limit in seconds of the search for walks for one set of interventions."""

KEPT_WALKS = 300
"""Number of walks above which only those needed at least once are kept."""

PLANS = 100
"""Maximum number of plans tried from one state before the search gives up on it."""

ASIDE = 4
"""After a failed plan, one variable in this many is updated before the next plan."""


class EscapeWalks:
    """Searches for walks that break a condition, and caches them.

    Parameters
    ----------
    network
        The network without interventions.
    condition
        The condition to break.
    deadline
        When to stop.
    """

    def __init__(self, network: BooleanNetwork, condition: Function, deadline: Deadline) -> None:
        self.diagram, self.condition = network.diagram, condition
        self.deadline = deadline
        held = dict.fromkeys(negative_feedback_vertex_set(network), False)  # any values are valid
        self.walks = Walks(network, condition, held)
        self.patience = MAX_WALKS
        self.chance = random.Random(0)

    def find(
        self, functions: Mapping[int, Function], trap: Mapping[int, bool]
    ) -> tuple[set[int], set[int]] | None:
        """Return variables that break the condition from every state of a trap space, or None.

        They come with the variables whose values in the trap space they need. None means that
        nothing was proved.
        """
        if len(self.walks) > KEPT_WALKS:
            self.walks = self.walks.pruned()
        deadline = self.deadline.within(SECONDS)
        try:
            for _ in range(self.patience):
                state = self.walks.missed(functions, trap, deadline=deadline)
                if state is None:
                    self.patience = MAX_WALKS
                    return self.walks.needed(functions, trap, deadline=deadline)
                walk = self.walk(functions, state, trap)
                if walk is None:
                    return None
                self.walks.add(walk)
        except OutOfTime:
            self.deadline.check()
        self.patience = max(
            self.patience // 2, FEWEST_WALKS
        )  # a walk that failed once often fails again
        return None

    def walk(
        self, functions: Mapping[int, Function], state: Mapping[int, bool], trap: Mapping[int, bool]
    ) -> list[Step] | None:
        """Return a walk from a state that ends where the condition fails, if one was found."""
        now = dict(state)
        walk: list[Step] = []
        for _ in range(PLANS):
            self.deadline.check()
            plan = self.plan(functions, now, trap)
            if plan is None:
                return None
            for v, value in plan:
                if now[v] is not value and self.value(functions[v], now) is value:
                    now[v] = value
                    walk.append((v, functions[v]))
            if not self.value(self.condition, now):
                return self.shortened(walk, state)
            for v in self.chance.sample(list(now), k=len(now) // ASIDE):
                after = self.value(functions[v], now)
                if now[v] is not after:
                    now[v] = after
                    walk.append((v, functions[v]))
        return None

    def shortened(self, walk: list[Step], state: Mapping[int, bool]) -> list[Step]:
        """Return a minimal part of a walk that breaks the condition."""
        size = max(len(walk) // 2, 1)
        while size:
            place = 0
            while place < len(walk):
                shorter = walk[:place] + walk[place + size :]
                now = dict(state)
                for v, f in shorter:
                    now[v] = self.value(f, now)
                if self.value(self.condition, now):
                    place += size
                else:
                    walk = shorter
            size //= 2
        return walk

    def value(self, f: Function, state: Mapping[int, bool]) -> bool:
        """Return the value of a function in a state."""
        d = self.diagram
        while f > 1:
            f = d.branches(f)[state[d.variable(f)]]
        return bool(f)

    def plan(
        self, functions: Mapping[int, Function], state: Mapping[int, bool], trap: Mapping[int, bool]
    ) -> list[tuple[int, bool]] | None:
        """Return an ordered list of values that break the condition in the relaxed problem.

        None means that it cannot be broken.
        """
        needed: list[int] = []  # number of literals of each product not reached yet
        heads: list[tuple[int, bool] | None] = []
        bodies = []
        waiting: dict[tuple[int, bool], list[int]] = {}
        ready = []
        # relevant values, backwards from the condition
        todo: list[tuple[int, bool] | None] = [None]
        asked: set[tuple[int, bool]] = set()
        while todo:
            head = todo.pop()
            if head is None:
                cubes = self.walks.products(self.condition)[0]
            else:
                cubes = self.walks.products(functions[head[0]])[head[1]]
            for cube in cubes:
                missing = [literal for literal in cube if state[literal[0]] is not literal[1]]
                if any(v in trap for v, _ in missing):
                    continue
                number = len(heads)
                heads.append(head)
                bodies.append(missing)
                needed.append(len(missing))
                if not missing:
                    ready.append(number)
                for literal in missing:
                    waiting.setdefault(literal, []).append(number)
                    if literal not in asked:
                        asked.add(literal)
                        todo.append(literal)
        by: dict[tuple[int, bool], int] = {}
        while ready:
            self.chance.shuffle(ready)
            fresh = []
            for number in ready:
                head = heads[number]
                if head is None:
                    return self._ordered(number, by, bodies)
                if head not in by:
                    by[head] = number
                    fresh.append(head)
            ready = []
            for literal in fresh:
                for number in waiting.get(literal, ()):
                    needed[number] -= 1
                    if not needed[number]:
                        ready.append(number)
        return None

    def _ordered(
        self,
        goal: int,
        by: Mapping[tuple[int, bool], int],
        bodies: list[list[tuple[int, bool]]],
    ) -> list[tuple[int, bool]]:
        """Return the values that a product depends on, in topological order."""
        plan: dict[tuple[int, bool], None] = {}
        stack = [(literal, False) for literal in bodies[goal]]
        while stack:
            literal, done = stack.pop()
            if literal in plan:
                continue
            if done:
                plan[literal] = None
                continue
            stack.append((literal, True))
            stack += [(each, False) for each in bodies[by[literal]]]
        return list(plan)
