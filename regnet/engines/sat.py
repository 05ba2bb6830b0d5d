"""Incremental SAT: synchronous attractors with a proof, and fixed points of retained networks.

Many random runs at once find cycles cheaply. Then a solver searches for a state on no known cycle
at the end of a chain of this many steps. Such a state leads to a new cycle, or shows that the chain
was too short; if there is none, all cycles are known (Dubrova and Teslenko 2011,
doi 10.1109/TCBB.2010.20, unroll the other way round).

`Retained` finds the fixed points of a retained network with the same clauses.

The network may be driven by a beat, the cycle of an upstream part: it is then given as one network
per phase, with the same variables.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from regnet.boolean import BooleanNetwork
from regnet.deadline import Deadline
from regnet.diagram import Diagram, Function

EVERY_STATE = 10
"""Networks with this many variables or fewer are run from every state and need no proof."""

RUNS = 512
"""Random runs before the first proof."""

NEAR = 32
FIRST_DEPTH = 4
CONFLICTS = 2_000  # conflicts after which the solver looks at the clock
MAX_CUBES = 24  # functions with more products are written down node by node

Clause = tuple[int, ...]


def synchronous_cycles(
    network: BooleanNetwork, *, deadline: Deadline, seed: int = 0
) -> Iterator[tuple[int, ...]]:
    """Yield the attractors under synchronous updates, as cycles of states.

    Each cycle starts at its smallest state; a state is a number whose binary digits are the values
    of ``network.order``, the first variable first.

    Parameters
    ----------
    network
        The network.
    deadline
        When to stop; `OutOfTime` is raised then, and what was yielded stays right.
    seed
        Starts the random runs. They decide the order of the cycles, never which there are.
    """
    yield from cycles([network], deadline=deadline, seed=seed)


def cycles(
    phases: Sequence[BooleanNetwork],
    *,
    outside: Sequence[Mapping[int, bool]] = (),
    deadline: Deadline,
    seed: int = 0,
) -> Iterator[tuple[int, ...]]:
    """Yield the cycles of a network that follows a beat, state by state.

    Each starts at the first phase with the smallest state it has there, and is a multiple of the
    number of phases long.

    Parameters
    ----------
    phases
        The network in each phase; all have the same variables.
    outside
        Spaces that no phase leaves; cycles inside them are left out.
    deadline, seed
        As in `synchronous_cycles`.
    """
    order = phases[0].order
    runs = _Runs(phases, outside)
    known: set[int] = set()
    if len(order) <= EVERY_STATE:
        for cycle in runs.cycles(range(1 << len(order)), known, deadline):
            yield runs.unrolled(cycle)
        return
    chance = random.Random(seed)
    starts = [chance.getrandbits(len(order)) for _ in range(RUNS)]
    proof = _Proof(phases, outside)
    for cycle in runs.cycles(starts, known, deadline):
        yield runs.unrolled(cycle)
        proof.exclude(cycle)
    proof.deepen(FIRST_DEPTH)
    while (state := proof.find(deadline)) is not None:
        near = [state ^ (1 << chance.randrange(len(order))) for _ in range(NEAR)]
        for cycle in runs.cycles([state, *near], known, deadline):
            yield runs.unrolled(cycle)
            proof.exclude(cycle)
        if state not in known:
            proof.deepen(proof.depth // 2)


class _Runs:
    """Runs from many states at once, one bit each."""

    def __init__(
        self, phases: Sequence[BooleanNetwork], outside: Sequence[Mapping[int, bool]]
    ) -> None:
        self.order = phases[0].order
        place = {v: i for i, v in enumerate(self.order)}
        self.groups = [[place[v] for v in g] for g in phases[0].groups if len(g) > 1]
        bit = {v: 1 << i for i, v in enumerate(reversed(self.order))}
        self.outside = [
            (sum(bit[v] for v in space), sum(bit[v] for v, value in space.items() if value))
            for space in outside
        ]
        plans: dict[tuple[Function, ...], _Plan] = {}
        self.phases: list[_Plan] = []
        for network in phases:
            functions = tuple(network.functions[v] for v in self.order)
            if functions not in plans:
                plans[functions] = _Plan(network.diagram, functions, place)
            self.phases.append(plans[functions])

    def cycles(
        self, starts: Iterable[int], known: set[int], deadline: Deadline
    ) -> Iterator[tuple[int, ...]]:
        """Yield the cycles that runs end in, and add their states to `known`.

        Brent's algorithm (1980, doi 10.1007/BF01933190) for all runs together: each remembers a
        state and meets it again on a cycle; the state is renewed after 1, 2, 4, .. rounds.
        """
        anchors = [s for s in self._meaningful(set(starts)) if not self._is_outside(s)]
        rounds = 1
        while anchors:
            paths = [[anchor] for anchor in anchors]
            for _ in range(rounds):
                deadline.check()
                left = []
                for path, state in zip(paths, self._round([p[-1] for p in paths]), strict=True):
                    if state in known or self._is_outside(state):
                        continue
                    if state != path[0]:
                        path.append(state)
                        left.append(path)
                        continue
                    known.update(path)
                    first = path.index(min(path))
                    yield (*path[first:], *path[:first])
                paths = left
                if not paths:
                    return
            anchors = sorted({path[-1] for path in paths} - known)
            rounds *= 2

    def unrolled(self, cycle: Sequence[int]) -> tuple[int, ...]:
        """Return the states of a cycle in every phase, time by time."""
        by_phase = [list(cycle)]
        columns, full = _transposed(cycle, len(self.order)), (1 << len(cycle)) - 1
        for plan in self.phases[:-1]:
            columns = plan.step(columns, full)
            by_phase.append(_transposed(columns, len(cycle)))
        return tuple(state for states in zip(*by_phase, strict=True) for state in states)

    def _is_outside(self, state: int) -> bool:
        return any(state & mask == values for mask, values in self.outside)

    def _round(self, states: Sequence[int]) -> list[int]:
        columns = _transposed(states, len(self.order))
        full = (1 << len(states)) - 1
        for plan in self.phases:
            columns = plan.step(columns, full)
        return _transposed(columns, len(states))

    def _meaningful(self, states: Collection[int]) -> list[int]:
        """Return the states with the levels lowered that are held without those below them."""
        if not self.groups:
            return sorted(states)
        columns = _transposed(sorted(states), len(self.order))
        for group in self.groups:
            for low, high in itertools.pairwise(group):
                columns[high] &= columns[low]
        return sorted(set(_transposed(columns, len(states))))


class _Plan:
    """The functions of a network, laid out for evaluation in one pass."""

    def __init__(self, d: Diagram, functions: Sequence[Function], place: dict[int, int]) -> None:
        index = {0: 0, 1: 1}
        self.nodes: list[tuple[int, int, int]] = []
        for f in functions:
            for g in d.nodes(f):
                if g not in index:
                    low, high = d.branches(g)
                    index[g] = len(index)
                    self.nodes.append((place[d.variable(g)], index[low], index[high]))
        self.results = [index[f] for f in functions]

    def step(self, columns: Sequence[int], full: int) -> list[int]:
        values = [0, full]
        for place, low, high in self.nodes:
            at_low = values[low]
            values.append(at_low ^ (columns[place] & (at_low ^ values[high])))
        return [values[i] for i in self.results]


class _Proof:
    """A chain of states that ends outside the known cycles."""

    def __init__(
        self, phases: Sequence[BooleanNetwork], outside: Sequence[Mapping[int, bool]]
    ) -> None:
        from pysat.solvers import Solver

        self.count = len(phases[0].order)
        self.depth = 0
        self.solver = Solver(name="cadical153")
        self.used = 0
        place = {v: i + 1 for i, v in enumerate(phases[0].order)}
        self.always: list[Clause] = [
            (place[low], -place[high])
            for group in phases[0].groups
            for low, high in itertools.pairwise(group)
        ]
        for space in outside:
            self.always.append(
                tuple(-place[v] if value else place[v] for v, value in space.items())
            )
        made: dict[tuple[Function, ...], tuple[list[Clause], int]] = {}
        self.steps = []
        for network in phases:
            key = tuple(network.functions[v] for v in network.order)
            if key not in made:
                made[key] = _clauses(network, place)
            self.steps.append(made[key])
        self.last = self.first = self._frame()

    def _frame(self) -> list[int]:
        frame = list(range(self.used + 1, self.used + self.count + 1))
        self.used += self.count
        self._add(self.always, frame)
        return frame

    def _add(self, clauses: Iterable[Clause], variables: Sequence[int]) -> None:
        number = [0, *variables]
        for clause in clauses:
            self.solver.add_clause([number[x] if x > 0 else -number[-x] for x in clause])

    def deepen(self, rounds: int) -> None:
        """Put more rounds of steps before the chain."""
        for _ in range(rounds):
            for clauses, extra in reversed(self.steps):
                after, self.first = self.first, self._frame()
                own = range(self.used + 1, self.used + extra + 1)
                self.used += extra
                self._add(clauses, [*self.first, *after, *own])
        self.depth += rounds

    def exclude(self, cycle: Iterable[int]) -> None:
        """Say that the chain does not end in these states."""
        top = self.count - 1
        for state in cycle:
            self.solver.add_clause(
                [-x if state >> (top - i) & 1 else x for i, x in enumerate(self.last)]
            )

    def find(self, deadline: Deadline) -> int | None:
        """Return the end of a chain, or None if there is none."""
        answer = None
        while answer is None:
            deadline.check()
            self.solver.conf_budget(CONFLICTS)
            answer = self.solver.solve_limited()
        if not answer:
            return None
        model = self.solver.get_model()
        state = 0
        for x in self.last:
            state = state << 1 | (model[x - 1] > 0)
        return state


class Retained:
    """A network in which some variables may reach one chosen value but not leave it.

    Parameters
    ----------
    network
        The network.
    held
        The retained variables. The value that each cannot leave is an assumption of each solver
        call, so that choices are compared cheaply.
    outside
        Spaces excluded from the search.
    """

    def __init__(
        self,
        network: BooleanNetwork,
        held: Iterable[int],
        outside: Iterable[Mapping[int, bool]] = (),
    ) -> None:
        from pysat.solvers import Solver

        self.order = network.order
        count = len(self.order)
        self.place = place = {v: i for i, v in enumerate(self.order, start=1)}
        clauses, extra = _clauses(network, place)
        self.used = 2 * count + extra
        self.solver = Solver(name="glucose4", bootstrap_with=clauses)
        self.holds: dict[int, int] = {}
        for v in held:
            self.used += 1
            self.holds[v] = self.used
        for v, now in place.items():
            after, high = count + now, self.holds.get(v)
            self._add((-after, now) if high is None else (-high, -after, now))
            self._add((after, -now) if high is None else (high, after, -now))
        for group in network.groups:
            for low, above in itertools.pairwise(group):
                self._add((place[low], -place[above]))
        for space in outside:
            self._add(tuple(-place[v] if value else place[v] for v, value in space.items()))

    def switch(self) -> int:
        """Return a new switch, to turn on in a question what `exclude` says under it."""
        self.used += 1
        return self.used

    def exclude(self, space: Mapping[int, bool], switch: int) -> None:
        """Look for no state in a space where the switch is on."""
        literals = (-self.place[v] if value else self.place[v] for v, value in space.items())
        self._add((-switch, *literals))

    def resting(
        self,
        values: Mapping[int, bool],
        *,
        limit: int,
        deadline: Deadline,
        switches: Iterable[int] = (),
    ) -> list[dict[int, bool]]:
        """Return up to `limit` fixed points, when held variables cannot leave these values.

        A held variable may turn to its value and then stays there, whatever its function says.
        """
        fresh = self.switch()  # while it is on, no state is found twice
        held = [self.holds[v] if b else -self.holds[v] for v, b in values.items()]
        assumed = [fresh, *switches, *held]
        found: list[dict[int, bool]] = []
        while len(found) < limit:
            answer = None
            while answer is None:
                deadline.check()
                self.solver.conf_budget(CONFLICTS)
                answer = self.solver.solve_limited(assumptions=assumed)
            if not answer:
                break
            state = self.solver.get_model()[: len(self.order)]
            found.append({v: x > 0 for v, x in zip(self.order, state, strict=True)})
            self._add((-fresh, *(-x for x in state)))
        self._add((-fresh,))
        return found

    def _add(self, clause: Clause) -> None:
        self.solver.add_clause(clause)


def _clauses(network: BooleanNetwork, place: dict[int, int]) -> tuple[list[Clause], int]:
    """Return one step as clauses, and how many extra variables they use.

    The variables are numbered from 1: those before the step, those after it, the extra ones.
    """
    d, count = network.diagram, len(network.order)
    clauses: list[Clause] = []
    index: dict[Function, int] = {}

    def literal(g: Function) -> int:
        """Return the extra variable that equals a function."""
        for h in d.nodes(g):
            if h not in index:
                index[h] = own = 2 * count + len(index) + 1
                test = place[d.variable(h)]
                for sign, child in zip((test, -test), d.branches(h), strict=True):
                    for value in (own, -own):
                        if child > 1:
                            clauses.append(
                                (sign, value, -index[child] if value > 0 else index[child])
                            )
                        elif (child == 1) == (value > 0):
                            clauses.append((sign, value))
        return index[g]

    for i, v in enumerate(network.order):
        f, after = network.functions[v], count + 1 + i
        if f < 2:
            clauses.append((after if f else -after,))
        elif len(d.nodes(f)) > MAX_CUBES:
            own = literal(f)
            clauses += [(-own, after), (own, -after)]
        else:
            for g, result in ((f, after), (d.negation(f), -after)):
                for cube in d.cubes(g):
                    clauses.append((*(-place[u] if b else place[u] for u, b in cube), result))
    return clauses, len(index)


def _transposed(numbers: Sequence[int], width: int) -> list[int]:
    """Return the columns of a table of bits whose rows are `numbers`; both from the left."""
    if not numbers:
        return [0] * width
    rows = [format(number, f"0{width}b") for number in numbers]
    return [int("".join(column), 2) for column in zip(*rows, strict=True)]
