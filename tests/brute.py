"""A naive oracle: what a network does, found by looking at every state.

It shares nothing with the engines: no encoding, no diagrams, not even `Perturbation.apply`. Clamps
and cuts act here by hand, on the target of each state, so that applying them is tested as well.
States are tuples of levels in the order of the network; everything here is slow and meant to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import product

import networkx as nx

from regnet.logic import Expr, evaluate
from regnet.network import LogicalNetwork
from regnet.scenario import Perturbation
from regnet.space import Range, Space

State = tuple[int, ...]
Box = tuple[Range, ...]
"""A range of levels for every component."""


class Brute:
    """Every state of a network under a perturbation, and where each leads."""

    def __init__(self, network: LogicalNetwork, perturbation: Perturbation | None = None) -> None:
        self.network = network
        self.perturbation = perturbation or Perturbation()
        self.names = network.names
        self.tops = tuple(network.tops.values())
        self.states: list[State] = list(product(*(range(top + 1) for top in self.tops)))
        self.whole: Box = tuple((0, top) for top in self.tops)
        self.targets = {state: self._targets(state) for state in self.states}

    def _targets(self, state: State) -> State:
        levels = dict(zip(self.names, state, strict=True))
        targets = []
        for name in self.names:
            cuts = [cut for cut in self.perturbation.cuts if cut.target == name]
            seen = {**levels, **{cut.source: cut.level for cut in cuts}}
            rule = self.network[name].rule
            target = levels[name] if rule is None else rule.target(seen)
            low, high = self.perturbation.clamps.get(name, (0, self.network[name].top))
            targets.append(min(max(target, low), high))
        return tuple(targets)

    # --- states ---

    def next(self, state: State) -> State:
        """Return the state after one synchronous step: each component moves one level."""
        pairs = zip(state, self.targets[state], strict=True)
        return tuple(now + (target > now) - (target < now) for now, target in pairs)

    def successors(self, state: State) -> list[State]:
        """Return the states after one asynchronous step, without the state itself."""
        after = self.next(state)
        return [
            (*state[:i], after[i], *state[i + 1 :])
            for i in range(len(state))
            if after[i] != state[i]
        ]

    def fixed_points(self) -> set[State]:
        """Return the states that stay."""
        return {state for state in self.states if self.next(state) == state}

    def within(self, space: Space) -> list[State]:
        """Return the states of a space."""
        box = self.box(space)
        return [s for s in self.states if _contains(box, s)]

    @cached_property
    def moves(self) -> nx.DiGraph:
        """All asynchronous steps."""
        graph = nx.DiGraph()
        graph.add_nodes_from(self.states)
        graph.add_edges_from((s, t) for s in self.states for t in self.successors(s))
        return graph

    def reachable(self, starts: Iterable[State]) -> set[State]:
        """Return what asynchronous updates can reach, the starts included."""
        seen = set(starts)
        todo = list(seen)
        while todo:
            for state in self.successors(todo.pop()):
                if state not in seen:
                    seen.add(state)
                    todo.append(state)
        return seen

    # --- attractors ---

    def asynchronous(self, starts: Iterable[State] | None = None) -> set[frozenset[State]]:
        """Return the terminal strongly connected components, of all or of reachable states."""
        graph = self.moves if starts is None else self.moves.subgraph(self.reachable(starts))
        components = nx.strongly_connected_components(graph)
        return {
            frozenset(c) for c in components if all(t in c for s in c for t in graph.successors(s))
        }

    def is_cyclic(self, attractor: Iterable[State]) -> bool:
        """Return whether there are several states, and each has exactly one successor."""
        states = list(attractor)
        return len(states) > 1 and all(len(self.successors(s)) == 1 for s in states)

    def synchronous(self, starts: Iterable[State] | None = None) -> set[tuple[State, ...]]:
        """Return the cycles, each from its smallest state."""
        found = set()
        for state in self.states if starts is None else starts:
            path: list[State] = []
            while state not in path:
                path.append(state)
                state = self.next(state)
            cycle = path[path.index(state) :]
            first = cycle.index(min(cycle))
            found.add((*cycle[first:], *cycle[:first]))
        return found

    def attractors(self, update: str) -> list[frozenset[State]]:
        """Return the states of each attractor under an update mode, from anywhere."""
        if update == "asynchronous":
            return list(self.asynchronous())
        if update == "synchronous":
            return [frozenset(cycle) for cycle in self.synchronous()]
        boxes = self.minimal_trap_spaces()
        return [frozenset(product(*(range(a, b + 1) for a, b in box))) for box in boxes]

    def kind(self, attractor: Iterable[State], update: str) -> str:
        """Return the kind of an attractor under an update mode."""
        states = list(attractor)
        if len(states) == 1:
            return "fixed point"
        if update == "synchronous" or (update == "asynchronous" and self.is_cyclic(states)):
            return "cyclic"
        return "complex"

    def holds(self, condition: Expr, states: Iterable[State]) -> bool:
        """Return whether a condition holds in all of some states."""
        return all(evaluate(condition, dict(zip(self.names, s, strict=True))) for s in states)

    # --- trap spaces ---

    def is_trap(self, box: Box) -> bool:
        """Return whether no step leaves a box."""
        return all(
            all(low <= level <= high for level, (low, high) in zip(self.next(s), box, strict=True))
            for s in product(*(range(low, high + 1) for low, high in box))
        )

    def closure(self, box: Box) -> Box:
        """Return the smallest trap space that contains a box."""
        while True:
            inside = list(product(*(range(low, high + 1) for low, high in box)))
            reached = [*inside, *map(self.next, inside)]
            wider = tuple((min(levels), max(levels)) for levels in zip(*reached, strict=True))
            if wider == box:
                return box
            box = wider

    def minimal_trap_spaces(self, start: Box | None = None) -> set[Box]:
        """Return the trap spaces without a smaller one, of all or inside the closure of a box."""
        within = self.whole if start is None else self.closure(start)
        closures = {
            self.closure(tuple((x, x) for x in s)) for s in self.states if _contains(within, s)
        }
        return {box for box in closures if not any(_is_inside(b, box) for b in closures - {box})}

    def trap_spaces(self) -> set[Box]:
        """Return all trap spaces; for very small networks."""
        ranges = [
            [(low, high) for low in range(top + 1) for high in range(low, top + 1)]
            for top in self.tops
        ]
        return {box for box in product(*ranges) if self.is_trap(box)}

    def maximal_trap_spaces(self) -> set[Box]:
        """Return the trap spaces that only the whole state space contains."""
        proper = self.trap_spaces() - {self.whole}
        return {box for box in proper if not any(_is_inside(box, b) for b in proper - {box})}

    # --- words ---

    def box(self, space: Space) -> Box:
        """Return a space as a range for every component."""
        return tuple(
            space.get(name, (0, top)) for name, top in zip(self.names, self.tops, strict=True)
        )

    def space(self, box: Box) -> Space:
        """Return a box as a space, without the components that are free."""
        pairs = zip(self.names, box, self.whole, strict=True)
        return Space({name: own for name, own, whole in pairs if own != whole})

    def hull(self, states: Iterable[State]) -> Box:
        """Return the range that each component takes over some states."""
        return tuple((min(levels), max(levels)) for levels in zip(*states, strict=True))


def boxes_of(states: Iterable[State]) -> Iterator[Box]:
    """Yield each state as a box."""
    for state in states:
        yield tuple((x, x) for x in state)


def _contains(box: Box, state: State) -> bool:
    return all(low <= x <= high for x, (low, high) in zip(state, box, strict=True))


def _is_inside(inner: Box, outer: Box) -> bool:
    return all(b[0] <= a[0] and a[1] <= b[1] for a, b in zip(inner, outer, strict=True))
