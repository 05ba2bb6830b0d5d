"""Reachability: whether a state with a condition can be reached, by the cheapest exact argument.

From cheap to dear, and the first that decides is the answer:

1. the start has the condition itself;
2. the smallest trap space around the start excludes it;
3. most-permissive updates, which allow more than any others, cannot reach it (the idea of Pauleve,
   Kolcak, Chatain and Haar 2020, doi 10.1038/s41467-020-18112-5): what the condition needs and
   the start has, but what cannot come back once it is lost, may never be lost;
4. random walks, many at once, meet it;
5. every state is looked at, or symbolic search goes back from the condition.

All of them look only at components upstream of the condition: nothing else acts on these, so what
they can reach does not depend on the rest. A path is replayed on the network itself, rule by rule,
before it is given out.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from regnet.analysis import Origin, Progress, silent
from regnet.analysis.attractors.cores import closure
from regnet.boolean import BooleanNetwork, encode
from regnet.diagram import Function
from regnet.engines import Deadline, OutOfTime, Path, bdd, explicit, find
from regnet.errors import EngineError
from regnet.logic import Expr, evaluate, variables
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario
from regnet.space import Range, Space

EASY = 16
"""Up to so many variables every state is looked at without walking first."""

MAX_STARTS = 4_096
"""So many start states at most are run one by one under synchronous updates."""

LANES = 256
BATCHES = 30
ROUNDS = 40
MAX_CUBES = 200
MAX_TRIALS = 2_000

PERMISSIVE = "most-permissive"


@dataclass(frozen=True, slots=True)
class Reachability:
    """Whether a state with a condition can be reached from the start.

    Parameters
    ----------
    origin
        What was asked, and who answered.
    condition
        What holds in the state that is looked for.
    holds
        True, False, or None where the time ran out or too much is open.
    argument
        How it is known, in plain words.
    path
        States from the start to one with the condition, each a level for every component and one
        step from the one before; None unless it can be reached.
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
        Perturbation, start and update mode. Where the start leaves components open, one of its
        states has to reach the condition; clamped components start at their clamp.
    condition
        What holds in the state that is looked for.
    timeout
        Seconds; after that the answer is None.
    progress
        Who is told how far it is.

    Raises
    ------
    RegnetError
        If the scenario or the condition does not fit the network, or updates are most-permissive.

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
    if scenario.update == PERMISSIVE:
        raise EngineError(f"reachability is not answered for {PERMISSIVE} updates")
    started = time.perf_counter()
    search = _Search(network, scenario, condition, Deadline(timeout), progress)
    try:
        finding = search.run()
    except OutOfTime:
        finding = _Finding(None, "the time was over before the search ended")
    origin = Origin.of(
        network,
        scenario=scenario,
        engine=finding.engine,
        version="" if finding.engine in _OWN else find(finding.engine).version(),
        why=search.why(),
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
        self.begin = scenario.start_of(network) or scenario.perturbation.clamps
        self.deadline = deadline
        self.progress = progress
        self.names = tuple(dict.fromkeys(v.name for v in variables(condition)))
        acting = upstream(self.network, self.names)
        # every rule counts, also on the way to a constant, so nothing is taken as settled
        self.encoding = encode(acting, settled=False)
        self.whole = self.encoding.network
        self.diagram = self.whole.diagram
        self.diagram.watch = deadline.check
        self.values = self.encoding.restriction(self.begin)
        self.around = closure(self.whole, self.values)
        self.left = 0

    def why(self) -> str:
        """Say how much of the network had to be looked at."""
        seen = f"{len(self.encoding.names)} of {len(self.network)} components are upstream"
        return f"{seen}, {self.left} variables are left after reduction" if self.left else seen

    def run(self) -> _Finding:
        """Try one argument after the other."""
        d, goal = self.diagram, self.encoding.read(self.condition)
        if finding := self._in_the_start(goal):
            return finding
        if finding := self._trapped(goal):
            return finding
        if self.synchronous:
            return self._simulated(goal)
        part = ancestors(inside(self.whole, self.around), d.restrict(goal, self.around))
        goal = d.both(d.restrict(goal, self.around), part.admissible)
        self.left = len(part.order)
        begin = {v: self.values[v] for v in part.order if v in self.values}
        if self.left > EASY:
            if _excluded(part, begin, goal):
                return _Finding(
                    False,
                    "what it needs and the start has cannot come back once it is lost, and without "
                    "losing it there is no way, whatever the order and speed of updates",
                )
            self.progress(None, f"random walks on {self.left} variables")
            path = _walked(part, begin, goal, self.deadline)
            if path is not None:
                return self._reached("walks", "random walks met it", path)
        start = d.both(d.cube(begin), part.admissible)
        if self.left <= explicit.MAX_VARIABLES:
            self.progress(None, f"every state of {self.left} variables")
            path = explicit.path(part, start, goal, deadline=self.deadline)
            engine, words = "explicit", f"every state of {self.left} variables was looked at"
        else:
            self.progress(None, f"symbolic search on {self.left} variables")
            path = bdd.path(part, start, goal, deadline=self.deadline)
            engine, words = "bdd", f"symbolic search back from it on {self.left} variables"
        if path is None:
            return _Finding(False, words, engine)
        return self._reached(engine, words, path)

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
        """Run every state of the start under synchronous updates."""
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
        """Replay a path of variables on the network itself."""
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

    def _state(self, values: Mapping[int, bool]) -> dict[str, int]:
        """Return a state of the whole network; what is not decided is where it may start."""
        low: dict[str, Range] = dict(self.begin)
        state = {name: low.get(name, (0, 0))[0] for name in self.network.names}
        for name, group in zip(self.encoding.names, self.encoding.groups, strict=True):
            if any(v in values for v in group):
                state[name] = sum(values.get(v, self.values.get(v, False)) for v in group)
        return state


def upstream(network: LogicalNetwork, names: Iterable[str]) -> LogicalNetwork:
    """Return the part of a network that acts on some components, themselves included."""
    wanted = set(names)
    todo = list(wanted)
    while todo:
        rule = network[todo.pop()].rule
        for var in rule.thresholds() if rule else ():
            if var.name not in wanted:
                wanted.add(var.name)
                todo.append(var.name)
    kept = tuple(c for c in network.components if c.name in wanted)
    return replace(network, components=kept, claims=())


def inside(network: BooleanNetwork, values: Mapping[int, bool]) -> BooleanNetwork:
    """Return what is left of a network inside a trap space."""
    d = network.diagram
    groups = tuple(left for g in network.groups if (left := tuple(v for v in g if v not in values)))
    targets = {v: d.restrict(network.targets[v], values) for g in groups for v in g}
    return BooleanNetwork(d, groups, targets, network.inputs - values.keys())


def ancestors(network: BooleanNetwork, goal: Function) -> BooleanNetwork:
    """Return the part of a network that a function depends on."""
    d = network.diagram
    owner = {v: g for g in network.groups for v in g}
    wanted: set[tuple[int, ...]] = set()
    todo = [owner[v] for v in d.support(goal)]
    while todo:
        group = todo.pop()
        if group not in wanted:
            wanted.add(group)
            todo += [owner[u] for v in group for u in d.support(network.targets[v])]
    groups = tuple(g for g in network.groups if g in wanted)
    targets = {v: network.targets[v] for g in groups for v in g}
    return BooleanNetwork(d, groups, targets, network.inputs & targets.keys())


def _owners(names: Iterable[str], groups: Iterable[tuple[int, ...]]) -> Iterator[tuple[int, str]]:
    for name, group in zip(names, groups, strict=True):
        for v in group:
            yield v, name


# --- most-permissive updates -----------------------------------------------------------------


def _excluded(part: BooleanNetwork, begin: Mapping[int, bool], goal: Function) -> bool:
    """Tell whether most-permissive updates cannot reach a goal; False means "not known"."""
    for number, cube in enumerate(part.diagram.paths(goal)):
        if number == MAX_CUBES or not _is_excluded(part, begin, dict(cube)):
            return False
    return True


def _is_excluded(part: BooleanNetwork, begin: Mapping[int, bool], cube: Mapping[int, bool]) -> bool:
    d = part.diagram
    kept: set[int] = set()
    while True:
        space = closure(part, begin, kept)
        if any(space.get(v, value) is not value for v, value in cube.items()):
            return True
        lost = {
            v
            for v, value in cube.items()
            if v not in space
            and begin.get(v) is value
            and d.restrict(part.functions[v], space) == (not value)
        }
        if not lost:
            return False
        kept |= lost


# --- walks -----------------------------------------------------------------------------------


def _walked(
    part: BooleanNetwork, begin: Mapping[int, bool], goal: Function, deadline: Deadline
) -> Path | None:
    """Return a path that one of many random walks takes, shortened, or None.

    In each batch every variable has its own speed, and some walks do not let go of what the
    condition asks for: both make orders of events likely that an even chance hardly ever gives.
    """
    d, order, chance = part.diagram, part.order, random.Random(0)
    asked = d.support(goal)
    cubes = [dict(cube) for cube, _ in zip(d.paths(goal), range(MAX_CUBES), strict=False)]
    full = (1 << LANES) - 1
    for _ in range(BATCHES):
        wanted = chance.choice(cubes)
        held = {v: chance.getrandbits(LANES) for v in wanted}
        slow = {v: chance.randrange(4) for v in order}
        first = columns = _starts(part, begin, chance)
        columns = dict(columns)
        moves: list[tuple[int, int]] = []
        for v in chance.choices(order, k=ROUNDS * len(order)):
            deadline.check()
            now = columns[v]
            change = now ^ d.evaluate(part.functions[v], columns, full)
            for _ in range(slow[v]):
                change &= chance.getrandbits(LANES)
            if v in wanted:
                there = now if wanted[v] else full ^ now
                change &= ~(held[v] & there)
            if not change:
                continue
            columns[v] = now ^ change
            moves.append((v, change))
            if v not in asked:
                continue
            met = d.evaluate(goal, columns, full)
            if met:
                lane = (met & -met).bit_length() - 1
                state = {u: bool(column >> lane & 1) for u, column in first.items()}
                taken = [u for u, lanes in moves if lanes >> lane & 1]
                return state, tuple(_shortened(part, goal, state, taken, deadline))
    return None


def _starts(
    part: BooleanNetwork, begin: Mapping[int, bool], chance: random.Random
) -> dict[int, int]:
    """Return a start for every walk, a column of bits for each variable."""
    full = (1 << LANES) - 1
    columns = {}
    for group in part.groups:
        column = full
        for v in group:  # no level is held without those below it
            value = begin.get(v)
            column &= chance.getrandbits(LANES) if value is None else full * value
            columns[v] = column
    return columns


def _shortened(
    part: BooleanNetwork,
    goal: Function,
    first: Mapping[int, bool],
    moves: list[int],
    deadline: Deadline,
) -> list[int]:
    """Return moves that still reach the goal; leaving out any one of them does not.

    Leaves out halves, quarters and so on down to single moves (Zeller and Hildebrandt 2002,
    doi 10.1109/32.988498); moves that are impossible by then are left out too.
    """
    trials = 0
    moves = _played(part, goal, first, moves) or moves
    size = max(1, len(moves) // 2)
    while trials < MAX_TRIALS:
        place, before = 0, len(moves)
        while place < len(moves) and trials < MAX_TRIALS:
            deadline.check()
            trials += 1
            shorter = _played(part, goal, first, moves[:place] + moves[place + size :])
            if shorter is None:
                place += size
            else:
                moves = shorter
        if size > 1:
            size //= 2
        elif len(moves) == before:
            break
    return moves


def _played(
    part: BooleanNetwork, goal: Function, first: Mapping[int, bool], moves: Iterable[int]
) -> list[int] | None:
    """Return the moves that are possible, up to the goal and without detours; None if not met."""
    d = part.diagram
    state = {v: int(value) for v, value in first.items()}
    taken: list[int] = []
    seen = {tuple(state.values()): 0}
    for v in moves:
        value = d.evaluate(part.functions[v], state, 1)
        if value == state[v]:
            continue
        state[v] = value
        taken.append(v)
        key = tuple(state.values())
        if key in seen:  # a detour: back to where it has been
            del taken[seen[key] :]
            seen = {k: at for k, at in seen.items() if at <= len(taken)}
        seen[key] = len(taken)
        if d.evaluate(goal, state, 1):
            return taken
    return None
