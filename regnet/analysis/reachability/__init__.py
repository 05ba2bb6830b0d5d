"""Reachability: whether a state with a condition can be reached, by the cheapest exact argument.

The arguments in order of increasing cost, of which the first conclusive one is the answer:

1. the start has the condition itself;
2. the smallest trap space around the start excludes it;
3. most-permissive updates, which allow more runs than any others, cannot reach it (`permissive`);
4. one of many random walks meets it (`walks`);
5. if few states can be reached, each is examined (`listing`);
6. states are enumerated, or searched symbolically backwards from the condition.

All of them use only the components upstream of the condition, on which no others act, so that the
answer does not depend on the rest. A path is verified on the whole network, rule by rule, before it
is returned. Questions about most-permissive updates are answered by 1, 2 and 3 alone.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from regnet.analysis import OUT_OF_TIME, Origin, Progress, Shown, reads, silent
from regnet.analysis.attractors.cores import closure
from regnet.analysis.reachability.listing import listed, way
from regnet.analysis.reachability.parts import ancestors, inside, unmoved, upstream
from regnet.analysis.reachability.permissive import Moves, is_excluded
from regnet.analysis.reachability.walks import walked
from regnet.analysis.trace import Dynamics, State
from regnet.boolean import BooleanNetwork, encode
from regnet.deadline import Deadline, OutOfTime
from regnet.diagram import Function
from regnet.engines import Path, bdd, explicit, find
from regnet.logic import Expr, evaluate, variables
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario
from regnet.space import Range, Space

__all__ = [
    "ENUMERATED_VARIABLES", "PERMISSIVE", "Reachability", "ancestors", "find_reachable", "inside",
    "unmoved",
    "upstream",
]  # fmt: skip

ENUMERATED_VARIABLES = 16
"""Maximum number of variables for which states are enumerated without random walks."""

MAX_STARTS = 4_096
"""Maximum number of start states that are asked one by one."""

PERMISSIVE = "most-permissive"

EXCLUDED = "no order and speed of updates leads there"
"""Argument where most-permissive updates cannot reach a condition."""


@dataclass(frozen=True, slots=True, repr=False)
class Reachability(Shown):
    """Whether a state with a condition can be reached from the start.

    Parameters
    ----------
    origin
        What was asked, and who answered.
    condition
        The condition of the state searched for.
    holds
        True, False, or None if undecided.
    argument
        How it is known, in plain words.
    path
        States from the start to one with the condition, each a level for every component and one
        step from the one before; None unless it can be reached. Under most-permissive updates a
        component in motion has the range of levels at which it is read, and the last state says of
        those in the condition where they rest.
    """

    origin: Origin
    condition: Expr
    holds: bool | None
    argument: str
    path: tuple[Space, ...] | None = None

    @property
    def complete(self) -> bool:
        """Whether the question was answered."""
        return self.holds is not None


@reads
def find_reachable(
    network: LogicalNetwork,
    scenario: Scenario | None,
    condition: Expr,
    *,
    timeout: float | None = None,
    progress: Progress = silent,
) -> Reachability:
    """Return whether a state with a condition can be reached from the start of a scenario.

    Parameters
    ----------
    network
        The network, unperturbed.
    scenario
        Perturbation, start and update mode. If the start leaves components open, one of its states
        has to reach the condition; clamped components start at their clamp.
    condition
        The condition of the state searched for.
    timeout
        Time limit in seconds; after that the answer is None.
    progress
        Progress callback.

    Raises
    ------
    RegnetError
        If the scenario or the condition does not fit the network.

    Examples
    --------
    >>> from regnet.network import Component, Rule
    >>> pair = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("A"))))
    >>> off = Scenario(start=Space({"A": 0, "B": 0}))
    >>> answer = find_reachable(pair, off, pair.parse("B & !A"))
    >>> answer.holds, [str(state) for state in answer.path]
    (True, ['A=0 B=0', 'A=1 B=0', 'A=1 B=1', 'A=0 B=1'])
    """
    scenario = scenario or Scenario()
    network.check(condition)
    started = time.perf_counter()
    deadline, search = Deadline(timeout), None
    try:
        search = _Search(network, scenario, condition, deadline, progress)
        finding = search.run()
    except OutOfTime:
        finding = _Finding(None, OUT_OF_TIME)
    origin = Origin.of(
        network,
        scenario=scenario,
        engine=finding.engine,
        version="" if finding.engine in _OWN else find(finding.engine).version(),
        why=search.why() if search else "",
        guarantee="exact" if finding.holds is not None else "bounded",
        seconds=time.perf_counter() - started,
        seed=0 if finding.engine == "walks" else None,
    )
    return Reachability(origin, condition, finding.holds, finding.argument, finding.path)


# --- the search ------------------------------------------------------------------------------

_OWN = ("reduction", "walks", "simulation")


@dataclass(frozen=True, slots=True)
class _Finding:
    holds: bool | None
    argument: str
    engine: str = "reduction"
    path: tuple[Space, ...] | None = None


class _Search:
    """One run of `find_reachable`."""

    def __init__(
        self,
        network: LogicalNetwork,
        scenario: Scenario,
        condition: Expr,
        deadline: Deadline,
        progress: Progress,
    ) -> None:
        self.network = scenario.perturbation.apply(network)
        self.condition = condition
        self.synchronous = scenario.update == "synchronous"
        self.permissive = scenario.update == PERMISSIVE
        self.begin = scenario.start_of(network) or scenario.perturbation.clamps
        self.deadline = deadline
        self.progress = progress
        self.names = tuple(dict.fromkeys(v.name for v in variables(condition)))
        self.acting = upstream(unmoved(self.network, self.begin), self.names)
        # transients matter as well, so constants are not propagated
        self.encoding = encode(self.acting, settled=False, watch=deadline.check)
        self.whole = self.encoding.network
        self.diagram = self.whole.diagram
        self.values = self.encoding.restriction(self.begin)
        self.left = 0

    def why(self) -> str:
        """Return how much of the network had to be examined, in words."""
        number = f"{len(self.encoding.names)} of {len(self.network)} components"
        seen = f"{number} had to be examined"
        return f"{seen}, {self.left} variables are left after reduction" if self.left else seen

    def run(self) -> _Finding:
        """Try the arguments in order."""
        d, goal = self.diagram, self.encoding.read(self.condition)
        self.around = closure(self.whole, self.values)
        if finding := self._in_the_start(goal):
            return finding
        if finding := self._trapped(goal):
            return finding
        if self.synchronous:
            return self._simulated(goal)
        goal = d.restrict(goal, self.around)
        part = ancestors(inside(self.whole, self.around), goal)
        asked = d.support(goal)
        ladders = (d.ladder(group) for group in part.groups if not asked.isdisjoint(group))
        named = d.both(goal, d.conjunction(ladders))
        self.left = len(part.order)
        begin = {v: self.values[v] for v in part.order if v in self.values}
        if self.permissive:
            return self._permitted(part, begin, named)
        if self.left > ENUMERATED_VARIABLES and is_excluded(part, begin, named):
            return _Finding(False, EXCLUDED)
        goal = d.both(goal, part.admissible)
        if self.left > ENUMERATED_VARIABLES:
            self.progress(None, f"random walks on {self.left} variables")
            path = walked(part, begin, goal, self.deadline)
            if path is not None:
                return self._reached("walks", "random walks met it", path)
            if finding := self._listed():
                return finding
        start = d.both(d.cube(begin), part.admissible)
        if self.left <= explicit.MAX_VARIABLES:
            self.progress(None, f"every state of {self.left} variables")
            path = explicit.path(part, start, goal, deadline=self.deadline)
            engine, words = "explicit", f"every state of {self.left} variables was examined"
        else:
            self.progress(None, f"symbolic search on {self.left} variables")
            path = bdd.path(part, start, goal, deadline=self.deadline)
            engine, words = "bdd", f"symbolic search back from it on {self.left} variables"
        if path is None:
            return _Finding(False, words, engine)
        return self._reached(engine, words, path)

    def _permitted(
        self, part: BooleanNetwork, begin: Mapping[int, bool], goal: Function
    ) -> _Finding:
        """Answer for most-permissive updates."""
        d, moves = self.diagram, Moves(part)
        cubes = [dict(cube) for cube in d.cubes(goal)]
        open_ = [v for v in part.order if v not in begin]
        if open_:  # what is out of reach although the start may be read in two ways at once is so
            cubes = [cube for cube in cubes if moves.reach(begin, cube) is not None]
        starts = d.both(d.cube(begin), part.admissible)
        for number, start in enumerate(d.states(starts, part.order) if cubes else ()):
            self.deadline.check()
            if number == MAX_STARTS:
                words = f"no way from {MAX_STARTS:,} of the states that the start leaves open"
                return _Finding(None, words)
            here = {v: bool(value) for v, value in start.items()}
            for cube in cubes:
                moved = moves.reach(here, cube)
                if moved is not None:
                    words = "some order and speed of updates leads there"
                    return _Finding(True, words, path=self._permitted_path(here, moved, cube))
        return _Finding(False, EXCLUDED)

    def _listed(self) -> _Finding | None:
        """Examine every reachable state, if there are few."""
        self.progress(None, "reachable states")
        names = self.acting.names
        begin = Space({name: self.begin[name] for name in names if name in self.begin})
        dynamics = Dynamics(self.acting, Scenario(start=begin))

        def met(state: State) -> bool:
            return evaluate(self.condition, dict(zip(names, state, strict=True)))

        answer = listed(dynamics, dynamics.starts(), self.deadline, goal=met)
        if answer is None:
            return None
        found, goal = answer
        if goal is None:
            words = f"none of the {len(found):,} reachable states has it"
            return _Finding(False, words, "explicit")
        rest = self._state({})
        path = tuple(Space({**rest, **dict(zip(names, s, strict=True))}) for s in way(found, goal))
        words = "the reachable states were examined, the nearest first"
        return _Finding(True, words, "explicit", path)

    def _in_the_start(self, goal: Function) -> _Finding | None:
        d = self.diagram
        here = d.both(d.both(goal, d.cube(self.values)), self.whole.admissible)
        if here == 0:
            return None
        state = self._state(dict.fromkeys(self.whole.order, False) | d.first(here))
        assert evaluate(self.condition, state)
        return _Finding(True, "the start has it", path=(Space(state),))

    def _trapped(self, goal: Function) -> _Finding | None:
        d = self.diagram
        named = self.encoding.space(self.around)
        space = Space({name: named[name] for name in self.names if name in named})
        if d.both(d.both(goal, d.cube(self.around)), self.whole.admissible):
            return None
        if not space:
            return _Finding(False, "no state has it")
        return _Finding(False, f"from the start, {space} is never left (trap space)")

    def _simulated(self, goal: Function) -> _Finding:
        """Simulate every state of the start under synchronous updates."""
        d, order = self.diagram, self.whole.order
        self.left = len(order) - len(self.around)
        start = d.both(d.cube(self.values), self.whole.admissible)
        if d.count(start, order) > MAX_STARTS:
            words = f"the start leaves more than {MAX_STARTS} states open"
            return _Finding(None, words, "simulation")
        functions, known = self.whole.functions, set[tuple[int, ...]]()
        for first in d.states(start, order):
            state, steps = first, 0
            while (key := tuple(state[v] for v in order)) not in known:
                self.deadline.check()
                known.add(key)
                if d.evaluate(goal, state, 1):
                    levels = self._state({v: bool(value) for v, value in first.items()})
                    path = self._simulated_path(levels, steps)
                    return _Finding(True, "the run reaches it", "simulation", path)
                state = {v: d.evaluate(functions[v], state, 1) for v in order}
                steps += 1
        return _Finding(False, "no run from the start meets it", "simulation")

    # --- paths ---

    def _reached(self, engine: str, words: str, path: Path) -> _Finding:
        """Verify a path of variables on the whole network."""
        first, moves = path
        owner = dict(_owners(self.encoding.names, self.encoding.groups))
        state = self._state({**first, **self.around})
        states = [Space(state)]
        for v in moves:
            name = owner[v]
            target = self.network.target(name, state)
            assert target != state[name], f"{name} does not move"
            state = {**state, name: state[name] + (1 if target > state[name] else -1)}
            states.append(Space(state))
        assert evaluate(self.condition, state)
        return _Finding(True, words, engine, tuple(states))

    def _simulated_path(self, state: dict[str, int], steps: int) -> tuple[Space, ...]:
        states = [Space(state)]
        for _ in range(steps):
            targets = {name: self.network.target(name, state) for name in state}
            state = {n: at + (targets[n] > at) - (targets[n] < at) for n, at in state.items()}
            states.append(Space(state))
        assert evaluate(self.condition, state)
        return tuple(states)

    def _permitted_path(
        self, start: Mapping[int, bool], moved: list[int], cube: Mapping[int, bool]
    ) -> tuple[Space, ...]:
        """Widen what moves one by one, then let what the condition names rest where it has to."""
        begin = {**start, **self.around}
        owner = dict(_owners(self.encoding.names, self.encoding.groups))
        groups = dict(zip(self.encoding.names, self.encoding.groups, strict=True))
        state: dict[str, int | Range] = {**self._state(begin)}
        states = [Space(state)]

        free: set[int] = set()
        for v in moved:
            free.add(v)
            group = groups[owner[v]]
            low = sum(begin[u] and u not in free for u in group)
            state[owner[v]] = low, sum(begin[u] or u in free for u in group)
            states.append(Space(state))
        for name in dict.fromkeys(owner[v] for v in cube):
            group = groups[name]
            if free.intersection(group):  # to the level that is nearest to where it began
                asked = [cube.get(v, self.around.get(v)) for v in group]
                low, high = asked.count(True), len(group) - asked.count(False)
                state[name] = min(max(sum(begin[v] for v in group), low), high)
                states.append(Space(state))
        return tuple(states)

    def _state(self, values: Mapping[int, bool]) -> dict[str, int]:
        """Return a state of the whole network; undecided components are at their start."""
        low: dict[str, Range] = dict(self.begin)
        state = {name: low.get(name, (0, 0))[0] for name in self.network.names}
        for name, group in zip(self.encoding.names, self.encoding.groups, strict=True):
            if any(v in values for v in group):
                state[name] = sum(values.get(v, self.values.get(v, False)) for v in group)
        return state


def _owners(names: Iterable[str], groups: Iterable[tuple[int, ...]]) -> Iterator[tuple[int, str]]:
    for name, group in zip(names, groups, strict=True):
        for v in group:
            yield v, name
