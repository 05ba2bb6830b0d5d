"""Trace: step-by-step simulation, and the graph of the states reachable from a start.

A state is a tuple of levels in the order of the network. States are treated one by one, for display
and drawing; `regnet.analysis.attractors` finds the attractors of networks of any size.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product
from typing import TypeAlias, TypeVar

from regnet.analysis import Listed, Origin, Progress, Result, reads, silent
from regnet.brief import brief
from regnet.deadline import Deadline, OutOfTime
from regnet.errors import EngineError
from regnet.evidence import Phenotype
from regnet.logic import evaluate
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario
from regnet.space import Range, Space

_T = TypeVar("_T")
State: TypeAlias = tuple[int, ...]

DEFAULT_LIMIT = 10_000
"""Default limit on the states explored."""

ATTRACTORS = ("fixed point", "cyclic", "complex")


class Dynamics:
    """The successor function of a perturbed network.

    Target levels are cached by the levels of the regulators, which repeat far more often than
    states.

    Parameters
    ----------
    network
        The network, unperturbed.
    scenario
        Perturbation and update.

    Raises
    ------
    RegnetError
        If the scenario does not fit the network, or its update has no single steps.

    Examples
    --------
    >>> from regnet.network import Component, Rule
    >>> toggle = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("!A"))))
    >>> Dynamics(toggle).successors((0, 0))
    ((1, 0), (0, 1))
    >>> Dynamics(toggle, Scenario(update="synchronous")).successors((0, 0))
    ((1, 1),)
    """

    def __init__(self, network: LogicalNetwork, scenario: Scenario | None = None) -> None:
        scenario = scenario or Scenario()
        if scenario.update == "most-permissive":
            raise EngineError(
                "most-permissive updates cannot be followed step by step: "
                "choose asynchronous or synchronous"
            )
        self.names = network.names
        self.is_synchronous = scenario.update == "synchronous"
        self._clamps = scenario.perturbation.clamps
        self._begin = scenario.start_of(network)
        self._tops = network.tops
        self._rules = [c.rule for c in scenario.perturbation.apply(network).components]
        place = {name: i for i, name in enumerate(self.names)}
        self._regulators = [
            tuple({place[v.name]: None for v in rule.thresholds()} if rule else ())
            for rule in self._rules
        ]
        self._known: list[dict[State, int]] = [{} for _ in self._rules]

    def target(self, number: int, state: State) -> int:
        """Return the level that a component is heading for; an input keeps its own."""
        rule = self._rules[number]
        if rule is None:
            return state[number]
        regulators = self._regulators[number]
        seen = tuple(state[i] for i in regulators)
        known = self._known[number]
        if seen not in known:
            levels = {self.names[i]: level for i, level in zip(regulators, seen, strict=True)}
            known[seen] = rule.target(levels)
        return known[seen]

    def moves(self, state: State) -> dict[int, int]:
        """Return the components that are about to move, with the level that each moves to."""
        after = ((number, self.move(number, state)) for number in range(len(state)))
        return {number: level for number, level in after if level != state[number]}

    def move(self, number: int, state: State) -> int:
        """Return the level of a component after its next step; the present one if it rests."""
        level, target = state[number], self.target(number, state)
        return level + (target > level) - (target < level)

    def successors(self, state: State) -> tuple[State, ...]:
        """Return the states that come next; none after a fixed point."""
        return tuple(self.iter_successors(state))

    def iter_successors(self, state: State) -> Iterator[State]:
        """Yield the states that come next."""
        moves = self.moves(state)
        if not self.is_synchronous:
            yield from ((*state[:i], level, *state[i + 1 :]) for i, level in moves.items())
        elif moves:
            yield tuple(moves.get(i, level) for i, level in enumerate(state))

    def allows(self, old: State, new: State) -> bool:
        """Return whether a state is one step from another."""
        if self.is_synchronous:
            return (new,) == self.successors(old)
        moved = [i for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
        return len(moved) == 1 and self.move(moved[0], old) == new[moved[0]]

    def random_run(self, state: State, seed: int, steps: int) -> Iterator[State]:
        """Yield the states of a run whose next states are drawn with equal probability.

        Only targets of the component that moved are updated, so that a step takes no longer in a
        large network.
        """
        yield state
        moving = sorted(self.moves(state))
        for step in range(steps):
            if not moving:
                return
            moved = moving if self.is_synchronous else [chosen_at_random(moving, seed, step)]
            levels = list(state)
            for i in moved:
                levels[i] = self.move(i, state)
            state = tuple(levels)
            yield state
            seeing = {j for i in moved for j in (i, *self._seen_by[i])}
            kept = {i for i in moving if i not in seeing}
            moving = sorted(kept.union(j for j in seeing if self.move(j, state) != state[j]))

    @cached_property
    def _seen_by(self) -> list[list[int]]:
        """The components whose rules see each component."""
        found: list[list[int]] = [[] for _ in self.names]
        for number, regulators in enumerate(self._regulators):
            for i in regulators:
                found[i].append(number)
        return found

    def first(self, near: Mapping[str, Range] | None = None) -> State:
        """Return one state to start from, as the scenario starts.

        Components that the scenario leaves free take the lowest level of `near`, or else 0.
        """
        near = near or {}
        state = []
        for name in self.names:
            low, high = self._begin.get(name, (0, self._tops[name]))
            low, high = _within((low, high), self._clamps.get(name, (0, self._tops[name])))
            state.append(min(max(near.get(name, (low, low))[0], low), high))
        return tuple(state)

    def starts(self) -> Iterator[State]:
        """Yield every state in which the scenario may start."""
        ranges = [
            _within(self._begin.get(n, (0, top)), self._clamps.get(n, (0, top)))
            for n, top in self._tops.items()
        ]
        yield from product(*(range(low, high + 1) for low, high in ranges))

    def space(self, states: Iterable[State]) -> Space:
        """Return the levels that each component takes over some states."""
        columns = zip(*states, strict=True)
        return Space({n: (min(c), max(c)) for n, c in zip(self.names, columns, strict=True)})


def _within(levels: Range, clamp: Range) -> Range:
    low, high = max(levels[0], clamp[0]), min(levels[1], clamp[1])
    return (low, high) if low <= high else clamp


def chosen_at_random(options: Sequence[_T], seed: int, step: int) -> _T:
    """Return one of several next moves or states; the same seed and step choose the same."""
    return random.Random(f"{seed} {step}").choice(options)


@dataclass(frozen=True, slots=True)
class Group:
    """States that belong together.

    Parameters
    ----------
    kind
        One of `ATTRACTORS`; ``"cycle"`` (the network can move round in it, and leave it);
        ``"transient"`` (it passes each of these states once, and they lead to the same cycles and
        attractors); or ``"unexplored"`` (the limit was reached before it was known; all such states
        are one group).
    states
        Places in `States.states`.
    phenotypes
        Names of the phenotypes that hold in all states of an attractor.
    """

    kind: str
    states: tuple[int, ...]
    phenotypes: tuple[str, ...] = ()

    __repr__ = brief

    @property
    def is_attractor(self) -> bool:
        """Whether the network never leaves it."""
        return self.kind in ATTRACTORS


@dataclass(frozen=True, kw_only=True, repr=False)
class States(Listed[State], Result):
    """The graph of the states reachable from a start.

    Parameters
    ----------
    origin
        What was asked.
    names
        Components, in the order of the levels of each state.
    states
        The states, those nearest to the start first.
    edges
        Pairs of indices into `states`, one per step.
    start
        Indices of the start states.
    groups
        The hierarchical groups of states (Bérenguier et al. 2013, doi 10.1063/1.4809783): strongly
        connected states form a group, and so do transient states that lead to the same groups.
    links
        Pairs of indices into `groups`.
    complete
        Whether nothing is missing.
    missing
        What is missing, in one sentence.
    """

    _LISTED = "states"

    names: tuple[str, ...]
    states: tuple[State, ...]
    edges: tuple[tuple[int, int], ...]
    start: tuple[int, ...]
    groups: tuple[Group, ...]
    links: tuple[tuple[int, int], ...]

    def space(self, group: Group) -> Space:
        """Return the levels that each component takes over the states of a group."""
        columns = zip(*(self.states[i] for i in group.states), strict=True)
        return Space({n: (min(c), max(c)) for n, c in zip(self.names, columns, strict=True)})


@reads
def find_states(
    network: LogicalNetwork,
    scenario: Scenario | None = None,
    *,
    start: State | None = None,
    phenotypes: Iterable[Phenotype] = (),
    limit: int | None = None,
    timeout: float | None = None,
    progress: Progress = silent,
) -> States:
    """Return every state that a network can reach, with the steps between them.

    Parameters
    ----------
    network
        The network, unperturbed.
    scenario
        Perturbation, start and update mode.
    start
        One state to start from; None means wherever the scenario starts.
    phenotypes
        Names to give to attractors.
    limit
        Maximum number of states (default `DEFAULT_LIMIT`).
    timeout
        Seconds; what was found by then is returned.
    progress
        Progress callback.

    Raises
    ------
    RegnetError
        If the scenario does not fit the network, or its update has no single steps.

    Examples
    --------
    >>> from regnet.network import Component, Rule
    >>> toggle = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("!A"))))
    >>> found = find_states(toggle, start=(0, 0))
    >>> [found.states[i] for group in found.groups if group.is_attractor for i in group.states]
    [(1, 0), (0, 1)]
    """
    scenario = scenario or Scenario()
    began = time.perf_counter()
    limit = limit or DEFAULT_LIMIT
    dynamics = Dynamics(network, scenario)
    search = _Search(dynamics, limit, Deadline(timeout), progress)
    search.run(dynamics.starts() if start is None else iter((start,)))
    groups, links = _grouped(search, tuple(phenotypes))
    origin = Origin.of(
        network,
        scenario=scenario,
        engine="explicit",
        why="exploring the states",
        guarantee="bounded" if search.missing else "exact",
        seconds=time.perf_counter() - began,
    )
    return States(
        origin=origin,
        names=network.names,
        states=tuple(search.place),
        edges=tuple(search.edges),
        start=tuple(search.start),
        groups=groups,
        links=links,
        missing=search.missing,
    )


class _Search:
    """Breadth first through the states."""

    def __init__(
        self, dynamics: Dynamics, limit: int, deadline: Deadline, progress: Progress
    ) -> None:
        self.dynamics, self.limit = dynamics, limit
        self.deadline, self.progress = deadline, progress
        self.place: dict[State, int] = {}
        self.edges: list[tuple[int, int]] = []
        self.start: list[int] = []
        self.open: set[int] = set()  # states of which not every successor is known
        self.missing = ""

    def run(self, starts: Iterator[State]) -> None:
        """Look at everything that can be reached, up to the limit."""
        for state in islice(starts, self.limit):
            self.start.append(self.place.setdefault(state, len(self.place)))
        if next(starts, None) is not None:
            self._stop_at_limit()
        todo = list(self.place)
        done = 0
        try:
            while done < len(todo):
                if done % 1000 == 0:
                    self.deadline.check()
                    self.progress(None, f"{len(self.place):,} states")
                self._look(todo, todo[done])
                done += 1
        except OutOfTime:
            self.missing = "the time limit was reached before all states were explored"
        self.open.update(range(done, len(todo)))

    def _look(self, todo: list[State], state: State) -> None:
        here = self.place[state]
        for after in self.dynamics.successors(state):
            if after not in self.place:
                if len(self.place) >= self.limit:
                    self._stop_at_limit()
                    self.open.add(here)
                    continue
                self.place[after] = len(self.place)
                todo.append(after)
            self.edges.append((here, self.place[after]))

    def _stop_at_limit(self) -> None:
        self.missing = f"only the first {self.limit:,} states were explored"


def _grouped(
    search: _Search, phenotypes: tuple[Phenotype, ...]
) -> tuple[tuple[Group, ...], tuple[tuple[int, int], ...]]:
    """Return the groups, attractors last, and the links between them."""
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(search.place)))
    graph.add_edges_from(search.edges)
    components = list(nx.strongly_connected_components(graph))  # each after those it leads to
    of = {state: number for number, members in enumerate(components) for state in members}
    below: list[set[int]] = [set() for _ in components]
    for source, target in search.edges:
        if of[source] != of[target]:
            below[of[source]].add(of[target])
    landmarks = 0  # components that are more than passed have a bit each; unexplored ones share one
    reached: list[int] = []  # the landmarks that each component leads to, itself included
    members_of: dict[tuple[str, int], list[int]] = {}
    states = list(search.place)
    for number, members in enumerate(components):
        leads = 0
        for other in below[number]:
            leads |= reached[other]
        kind = _kind(search, graph, members, is_last=not below[number])
        if kind == "unexplored":
            leads |= 1
        elif kind != "transient":
            landmarks += 1
            leads |= 1 << landmarks
        reached.append(leads)
        same = 1 if kind == "unexplored" else leads
        members_of.setdefault((kind, same), []).extend(members)
    ordered = sorted(
        ((kind, tuple(sorted(members))) for (kind, _), members in members_of.items()),
        key=lambda group: (group[0] in ATTRACTORS, group[1]),
    )
    groups = tuple(
        Group(kind, members, _names(kind, [states[i] for i in members], search, phenotypes))
        for kind, members in ordered
    )
    group_of = {state: number for number, g in enumerate(groups) for state in g.states}
    links = {(group_of[a], group_of[b]) for a, b in search.edges}
    return groups, tuple(sorted((a, b) for a, b in links if a != b))


def _kind(search: _Search, graph: object, members: set[int], *, is_last: bool) -> str:
    if members & search.open:
        return "unexplored"
    if not is_last:
        return "cycle" if len(members) > 1 else "transient"
    if len(members) == 1:
        return "fixed point"
    single = all(graph.out_degree(state) == 1 for state in members)  # type: ignore[attr-defined]
    return "cyclic" if single else "complex"


def _names(
    kind: str, states: Sequence[State], search: _Search, phenotypes: tuple[Phenotype, ...]
) -> tuple[str, ...]:
    if kind not in ATTRACTORS:
        return ()
    levels = [dict(zip(search.dynamics.names, state, strict=True)) for state in states]
    return tuple(
        p.name
        for p in phenotypes
        if p.fits(kind) and all(evaluate(p.condition, state) for state in levels)
    )
