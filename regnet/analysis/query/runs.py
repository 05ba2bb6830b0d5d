"""Runs: synchronous runs from few states, each followed until it repeats."""

from __future__ import annotations

from itertools import product

from regnet.analysis.query.question import Finding, Question
from regnet.logic import Expr, evaluate
from regnet.space import Space
from regnet.temporal import states_of

MAX_STARTS = 4_096
"""Maximum number of start states run one by one."""


def followed(question: Question) -> Finding | None:
    """Return the answer from the synchronous runs of all starts; None if there are too many."""
    if not question.synchronous or question.of > MAX_STARTS:
        return None
    names, tops = question.network.names, question.network.tops
    ranges = [question.begin.get(name, (0, tops[name])) for name in names]
    having, shown = 0, None
    for levels in product(*(range(low, high + 1) for low, high in ranges)):
        run = follow(question, dict(zip(names, levels, strict=True)))
        holds = bool(states_of(question.formula, run, run.read, int.__eq__) & 1)
        having += holds
        if shown is None and (question.of == 1 or not holds):
            shown = run
    words = "the run was followed until it repeats"
    path, loop = (shown.states, shown.loop) if shown else (None, None)
    return Finding(
        having == question.of, words, "simulation", path, loop, states=having, of=question.of
    )


def follow(question: Question, state: dict[str, int]) -> Run:
    """Return the synchronous run from a state."""
    network = question.network
    seen: dict[tuple[int, ...], int] = {}
    states: list[Space] = []
    while (key := tuple(state.values())) not in seen:
        question.deadline.check()
        seen[key] = len(states)
        states.append(Space(state))
        targets = {name: network.target(name, state) for name in state}
        state = {n: at + (targets[n] > at) - (targets[n] < at) for n, at in state.items()}
    return Run(tuple(states), seen[key])


class Run:
    """The states of a synchronous run as `regnet.temporal.Sets`, one bit each."""

    def __init__(self, states: tuple[Space, ...], loop: int) -> None:
        self.states, self.loop = states, loop
        self.last = len(states) - 1
        self.everything = (1 << len(states)) - 1
        self.resting = 1 << self.last if loop == self.last else 0

    def read(self, condition: Expr) -> int:
        """Return the states with a condition."""
        return sum(
            evaluate(condition, state.fixed) << place for place, state in enumerate(self.states)
        )

    def both(self, one: int, two: int) -> int:
        """Return the states in both sets."""
        return one & two

    def either(self, one: int, two: int) -> int:
        """Return the states in one of the sets."""
        return one | two

    def minus(self, one: int, two: int) -> int:
        """Return the states of the first set that are not in the second."""
        return one & ~two

    def before(self, states: int) -> int:
        """Return the states from which one step leads into a set."""
        return states >> 1 | (states >> self.loop & 1) << self.last

    def until(self, within: int, goal: int) -> int:
        """Return the states from which steps within a set lead to a goal, the goal included."""
        while (wider := goal | within & self.before(goal)) != goal:
            goal = wider
        return goal
