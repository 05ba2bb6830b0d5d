"""Explicit: every state, as sets of states written as numbers.

A set of states is a Python integer with one bit a state, so that one operation on a number moves
every state of a set at once. Fast up to about 20 variables, exact, and without any package: the
reference that all other engines are tested against.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import eq

from regnet.boolean import BooleanNetwork
from regnet.deadline import Deadline
from regnet.diagram import Function, truth_columns
from regnet.engines import Path, StateSet
from regnet.logic import Expr
from regnet.temporal import Formula, states_of

MAX_VARIABLES = 24
"""Networks with more variables take too long here: a set would have more than 16 million bits."""


class _States:
    """The states of a network and the moves between them.

    A state is a number whose binary digits are the values of ``network.order``, the first variable
    first. ``up[i]`` are the states in which variable ``i`` is about to rise, ``down[i]`` to fall;
    ``step[i]`` is how far such a move goes.
    """

    def __init__(self, network: BooleanNetwork) -> None:
        d, order = network.diagram, network.order
        columns, self.full = truth_columns(len(order))
        self.place = dict(zip(order, columns, strict=True))
        self.legal = d.evaluate(network.admissible, self.place, self.full)
        self.up: list[int] = []
        self.down: list[int] = []
        self.step = [1 << i for i in reversed(range(len(order)))]
        for v, column in self.place.items():
            after = d.evaluate(network.functions[v], self.place, self.full)
            self.up.append(after & ~column & self.legal)
            self.down.append(column & ~after & self.legal)

    def fixed(self) -> int:
        """Return the fixed points."""
        moving = 0
        for up, down in zip(self.up, self.down, strict=True):
            moving |= up | down
        return self.legal & ~moving

    def branching(self) -> int:
        """Return the states with several successors."""
        once = more = 0
        for up, down in zip(self.up, self.down, strict=True):
            more |= once & (up | down)
            once |= up | down
        return more

    def forward(self, states: int, deadline: Deadline) -> int:
        """Return everything that can be reached."""
        moves = list(zip(self.up, self.down, self.step, strict=True))
        before = 0
        while states != before:
            deadline.check()
            before = states
            for up, down, step in moves:
                states |= ((states & up) << step) | ((states & down) >> step)
        return states

    def backward(self, states: int, within: int, deadline: Deadline) -> int:
        """Return everything in `within` from which `states` can be reached."""
        moves = [
            (up & within, down & within, step)
            for up, down, step in zip(self.up, self.down, self.step, strict=True)
        ]
        before = 0
        while states != before:
            deadline.check()
            before = states
            for up, down, step in moves:
                states |= ((states >> step) & up) | ((states << step) & down)
        return states

    def descend(self, state: int, steps: int) -> int:
        """Return where a round of updates leads: a state deep below this one."""
        moves = list(zip(self.up, self.down, self.step, strict=True))
        for _ in range(steps):
            before = state
            for up, down, step in moves:
                if up >> state & 1:
                    state += step
                elif down >> state & 1:
                    state -= step
            if state == before:
                break
        return state


def asynchronous_attractors(
    network: BooleanNetwork, start: Function | None = None, *, deadline: Deadline
) -> Iterator[StateSet]:
    """Yield the attractors under asynchronous updates, fixed points first.

    Parameters
    ----------
    network
        At most `MAX_VARIABLES` variables.
    start
        Where it starts; None means anywhere.
    deadline
        When to stop; `OutOfTime` is raised then, and what was yielded stays right.
    """
    d, order = network.diagram, network.order
    states = _States(network)
    left = states.legal
    if start is not None:
        left = states.forward(left & d.evaluate(start, states.place, states.full), deadline)
    resting = states.fixed() & left
    for state in _members(resting):
        yield StateSet(d.from_table(1 << state, order), 1, cyclic=False)
    left &= ~states.backward(resting, left, deadline)
    branching = states.branching()
    while left:
        state = states.descend(_lowest(left), 4)
        while True:
            reached = states.forward(1 << state, deadline)
            component = states.backward(1 << state, reached, deadline)
            if component == reached:
                break
            state = states.descend(_lowest(reached & ~component), 4)
        yield StateSet(
            d.from_table(reached, order),
            reached.bit_count(),
            cyclic=not reached & branching,
        )
        left &= ~states.backward(reached, left, deadline)


def path(
    network: BooleanNetwork, start: Function, goal: Function, *, deadline: Deadline
) -> Path | None:
    """Return a shortest path from a start to a goal under asynchronous updates; None without one.

    Parameters
    ----------
    network
        At most `MAX_VARIABLES` variables.
    start, goal
        The start and the goal.
    deadline
        When to stop; `OutOfTime` is raised then.
    """
    d, order = network.diagram, network.order
    states = _States(network)
    moves = list(zip(order, states.up, states.down, states.step, strict=True))
    wanted = states.legal & d.evaluate(goal, states.place, states.full)
    new = seen = states.legal & d.evaluate(start, states.place, states.full)
    layers = []
    while not new & wanted:
        if not new:
            return None
        deadline.check()
        layers.append(new)
        after = 0
        for _, up, down, step in moves:
            after |= ((new & up) << step) | ((new & down) >> step)
        new = after & ~seen
        seen |= new
    state = _lowest(new & wanted)
    taken = []
    for layer in reversed(layers):
        for v, up, down, step in moves:
            below, above = state - step, state + step
            if below >= 0 and (up & layer) >> below & 1:
                state = below
            elif (down & layer) >> above & 1:
                state = above
            else:
                continue
            taken.append(v)
            break
    digits = zip(reversed(order), range(len(order)), strict=True)
    return {v: bool(state >> i & 1) for v, i in digits}, tuple(reversed(taken))


class _Runs(_States):
    """The states as `regnet.temporal.Sets`."""

    def __init__(self, network: BooleanNetwork, deadline: Deadline) -> None:
        super().__init__(network)
        self.deadline = deadline
        self.everything = self.legal
        self.resting = self.fixed()

    def both(self, one: int, two: int) -> int:
        return one & two

    def either(self, one: int, two: int) -> int:
        return one | two

    def minus(self, one: int, two: int) -> int:
        return one & ~two

    def before(self, states: int) -> int:
        self.deadline.check()
        found = 0
        for up, down, step in zip(self.up, self.down, self.step, strict=True):
            found |= ((states >> step) & up) | ((states << step) & down)
        return found

    def until(self, within: int, goal: int) -> int:
        return self.backward(goal, within, self.deadline)


def holding(
    network: BooleanNetwork,
    formula: Formula,
    conditions: Mapping[Expr, Function],
    *,
    deadline: Deadline,
) -> Function:
    """Return the states in which a temporal formula holds under asynchronous updates.

    Parameters
    ----------
    network
        At most `MAX_VARIABLES` variables.
    formula
        One that names no states.
    conditions
        The function of each condition in it.
    deadline
        When to stop; `OutOfTime` is raised then.
    """
    runs = _Runs(network, deadline)
    d = network.diagram

    def read(condition: Expr) -> int:
        return d.evaluate(conditions[condition], runs.place, runs.full)

    return d.from_table(states_of(formula, runs, read, eq), network.order)


def synchronous_cycles(
    network: BooleanNetwork, start: Function | None = None, *, deadline: Deadline
) -> Iterator[tuple[int, ...]]:
    """Yield the attractors under synchronous updates, as cycles of states.

    Each cycle starts at its smallest state; a state is a number whose binary digits are the values
    of ``network.order``, the first variable first.
    """
    import numpy as np

    d, order = network.diagram, network.order
    count = len(order)
    columns, full = truth_columns(count)
    place = dict(zip(order, columns, strict=True))

    def bits(table: int) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
        raw = table.to_bytes(((1 << count) + 7) // 8, "little")
        return np.unpackbits(np.frombuffer(raw, np.uint8), bitorder="little")[: 1 << count]

    after = np.zeros(1 << count, np.uint32)
    for i, v in enumerate(order):
        column = bits(d.evaluate(network.functions[v], place, full)).astype(np.uint32)
        after |= column << np.uint32(count - 1 - i)
        deadline.check()
    legal = d.evaluate(network.admissible, place, full)
    if start is not None:
        legal &= d.evaluate(start, place, full)
    reached = np.flatnonzero(bits(legal)).astype(np.uint32)
    jump = after
    for _ in range(count + 1):  # 2^(count+1) steps: more than any path before its cycle
        reached = np.unique(jump[reached])
        jump = jump[jump]
        deadline.check()
    seen: set[int] = set()
    for first in reached.tolist():
        if first in seen:
            continue
        cycle = [first]
        state = int(after[first])
        while state != first:
            cycle.append(state)
            state = int(after[state])
        seen.update(cycle)
        smallest = cycle.index(min(cycle))
        yield (*cycle[smallest:], *cycle[:smallest])


def _members(states: int) -> Iterator[int]:
    while states:
        state = _lowest(states)
        yield state
        states ^= 1 << state


def _lowest(states: int) -> int:
    return (states & -states).bit_length() - 1
