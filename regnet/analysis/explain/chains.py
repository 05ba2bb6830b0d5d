"""Chains of reasons, back to given levels or to self-sustaining components.

Each component has a reason in its regulators (`reasons`), and these have reasons in theirs. A chain
follows one reason of each: if possible one that leads back to inputs, held components or constants,
so that a cycle is closed only where it is unavoidable. The levels of a chain form a trap space
(Klarner, Bockmayr and Siebert 2015, doi 10.1007/s11047-015-9519-7): while all of them hold, none of
them changes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from regnet.analysis.explain.reasons import Target
from regnet.brief import brief
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario
from regnet.space import Range, Space

LINK_KINDS = {
    "rule": "it follows from its regulators",
    "input": "it is an input",
    "held": "the scenario holds it there",
    "constant": "its rule is constant",
    "moving": "it is about to leave these levels",
    "varying": "no single reason holds in all states",
}
"""The kinds of links of a chain."""


@dataclass(frozen=True, slots=True)
class Link:
    """Why one component is at, or moves towards, some levels.

    Parameters
    ----------
    name, levels
        The explained component, and the range of its levels.
    kind
        A key of `LINK_KINDS`.
    reason
        The reason that the chain follows: regulators with the levels that matter. None unless
        `kind` is ``"rule"``.
    reasons
        All reasons, each a maximal space, the shortest first.
    against
        Opposing regulators, with their levels.
    in_vain
        Whether it is only listed as an opposing regulator.
    signs
        The sign with which each component in `reason` and `against` acts on this one: ``"+"``,
        ``"-"``, ``"±"``.
    """

    name: str
    levels: Range
    kind: str
    reason: Space | None = None
    reasons: tuple[Space, ...] = ()
    against: Space = field(default_factory=Space)
    in_vain: bool = False
    signs: Mapping[str, str] = field(default_factory=dict)

    __repr__ = brief


_Key: TypeAlias = tuple[str, Range]


class Chains:
    """The reasons of a network in a state, or throughout a space.

    Parameters
    ----------
    network, scenario
        The network, unperturbed, and the scenario.
    space
        Levels for every component.
    """

    def __init__(
        self, network: LogicalNetwork, scenario: Scenario, space: Mapping[str, Range]
    ) -> None:
        self.original, self.scenario, self.space = network, scenario, space
        self.network = scenario.perturbation.apply(network)
        self.known: dict[str, Target] = {}  # rules of the perturbed network
        self._ranks: dict[str, list[tuple[int, Range]]] = {}

    def target(self, name: str) -> Target:
        """Return the target function of a component, cached."""
        if name not in self.known:
            self.known[name] = Target(self.network, name)
        return self.known[name]

    @property
    def complete(self) -> bool:
        """Whether all lists of reasons are complete."""
        return all(target.complete for target in self.known.values())

    def find(
        self, component: str, target: Range
    ) -> tuple[tuple[Link, ...], tuple[tuple[str, ...], ...]]:
        """Return the chain that ends in a component, and the cycles that it closes.

        The link of the component comes first, opposing regulators last. The chain is empty if no
        single reason holds throughout.
        """
        if target[0] != target[1]:
            return (), ()
        self._ranks = self._percolated(component)
        if self._link((component, target), in_vain=False).kind == "varying":
            return (), ()
        links: dict[_Key, Link] = {}
        for in_vain in (False, True):
            todo: deque[_Key]
            if in_vain:
                todo = deque(
                    (name, (levels[0], self.network[name].top))
                    for link in list(links.values())
                    for name, levels in link.against.items()
                )
            else:
                todo = deque([(component, target)])
            while todo:
                key = todo.popleft()
                if key in links or (in_vain and any(key[0] == name for name, _ in links)):
                    continue
                link = links[key] = self._link(key, in_vain=in_vain)
                todo.extend((link.reason or {}).items())
        return tuple(links.values()), self._loops(links)

    def _percolated(self, component: str) -> dict[str, list[tuple[int, Range]]]:
        """Return the ranges of the components upstream in each round of propagation.

        The first round has inputs at their levels and all others free.
        """
        upstream = [component]
        users: dict[str, list[str]] = {component: []}
        for name in upstream:
            for source in self.target(name).regulators:
                if source not in users:
                    users[source] = []
                    upstream.append(source)
                users[source].append(name)
        now: dict[str, Range] = {}
        for name in upstream:
            known = self.original[name].is_input
            now[name] = self.space[name] if known else (0, self.original[name].top)
        history = {name: [(0, levels)] for name, levels in now.items()}
        dirty = [name for name in upstream if not self.original[name].is_input]
        turn = 0
        while dirty:
            turn += 1
            after = {name: self.target(name).range(now) for name in dirty}
            changed = [name for name in dirty if after[name] != now[name]]
            now.update(after)
            for name in changed:
                history[name].append((turn, now[name]))
            dirty = list(dict.fromkeys(
                user for name in changed for user in users[name]
                if not self.original[user].is_input
            ))  # fmt: skip
        return history

    def _rank(self, key: _Key) -> int | None:
        """Return the round in which a component is known to be within levels; None for never."""
        name, (low, high) = key
        for turn, (first, last) in self._ranks[name]:
            if low <= first and last <= high:
                return turn
        return None

    def _link(self, key: _Key, *, in_vain: bool) -> Link:
        name, levels = key
        clamp = self.scenario.perturbation.clamps.get(name)
        if clamp and levels[0] <= clamp[0] and clamp[1] <= levels[1]:
            return Link(name, levels, "held", in_vain=in_vain)
        if self.original[name].is_input:
            return Link(name, levels, "input", in_vain=in_vain)
        reasons = self.target(name).reasons(self.space, levels)
        if not reasons:
            point = all(low == high for low, high in self.space.values())
            return Link(name, levels, "moving" if point else "varying", in_vain=in_vain)
        if not reasons[0]:
            return Link(name, levels, "constant", in_vain=in_vain)
        reason = self._chosen(key, reasons)
        against = Space() if in_vain else self._against(name, levels, reason)
        edges = self.target(name).edges
        signs = {source: edges[source].sign for source in (*reason, *against)}
        return Link(name, levels, "rule", reason, tuple(reasons), against, in_vain, signs)

    def _chosen(self, key: _Key, reasons: list[Space]) -> Space:
        """Return the reason to follow: one that leads to inputs if any, then the smallest."""
        own = self._rank(key)

        def cost(reason: Space) -> tuple[bool, int, int]:
            ranks = [self._rank(literal) for literal in reason.items()]
            open_ = sum(rank is None for rank in ranks)
            leads = own is not None and all(rank is not None and rank < own for rank in ranks)
            return not leads, open_, len(reason)

        return min(reasons, key=cost)

    def _against(self, name: str, levels: Range, reason: Space) -> Space:
        """Return regulators whose present levels would move the component out of these levels."""
        up, down = levels[1] < self.network[name].top, levels[0] > 0
        found = {}
        for source, edge in self.target(name).edges.items():
            there = self.space[source]
            acts = source != name and source not in reason and there[0] >= edge.thresholds[0]
            if acts and ((up and edge.sign == "+") or (down and edge.sign == "-")):
                found[source] = there
        return Space(found)

    def _loops(self, links: Mapping[_Key, Link]) -> tuple[tuple[str, ...], ...]:
        """Return the components of each cycle that reasons close."""
        import networkx

        graph: networkx.DiGraph[_Key] = networkx.DiGraph()
        for key, link in links.items():
            if not link.in_vain:
                graph.add_edges_from((literal, key) for literal in (link.reason or {}).items())
        loops = []
        for members in networkx.strongly_connected_components(graph):
            part = graph.subgraph(members)
            if part.number_of_edges():
                ring = networkx.find_cycle(part)
                keys = [source for source, _ in ring] if len(ring) == len(members) else list(part)
                loops.append(tuple(dict.fromkeys(name for name, _ in keys)))
        return tuple(dict.fromkeys(loops))
