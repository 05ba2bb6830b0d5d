"""Model checking: in which states a formula holds, and runs that show why.

A model checker represents sets of states in its own way and knows the successors of a state. The
answer is the number of start states in which the formula holds, and a run from one of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar

from regnet.analysis.query.question import Finding, Question
from regnet.space import Space
from regnet.temporal import Formula, ask

MAX_STEPS = 100_000
"""Maximum length of a lasso."""

S = TypeVar("S")
T = TypeVar("T")

Run = tuple[tuple[Space, ...] | None, int | None]
"""The states of a run and the index that the last one leads back to; None if there is none."""


class ModelChecker(ABC, Generic[S, T]):
    """A model checker with sets of states of type `S`, and single states of type `T`."""

    question: Question
    engine: str
    words: str
    """How the answer is known."""

    def __init__(self) -> None:
        self._known: dict[Formula, S] = {}  # of this network and update, without free names

    @abstractmethod
    def find(self, formula: Formula) -> S:
        """Return the states in which a formula holds."""

    @abstractmethod
    def starts(self, good: S) -> tuple[int, int, T]:
        """Return how many starts there are, how many in a set, and a start outside it, if any."""

    @abstractmethod
    def has(self, states: S, state: T) -> bool:
        """Return whether a state is in a set."""

    @abstractmethod
    def key(self, state: T) -> Hashable:
        """Return a hashable key of a state."""

    @abstractmethod
    def after(self, state: T) -> list[T]:
        """Return the next states; that of a fixed point is itself."""

    @abstractmethod
    def path(self, within: S | None, goal: S, state: T) -> Sequence[T] | None:
        """Return a run from a state that stays within a set until it meets a goal."""

    @abstractmethod
    def spaces(self, run: Sequence[T]) -> tuple[Space, ...]:
        """Return the states of a run as levels of all components."""

    def holding(self, formula: Formula) -> S:
        """Return the states in which a formula holds, cached."""
        if formula not in self._known:
            self._known[formula] = self.find(formula)
        return self._known[formula]

    def answer(self) -> Finding:
        """Return the number of starts in which the formula holds, with a run that shows why."""
        question = self.question
        formula = question.formula
        number, having, state = self.starts(self.holding(formula))
        holds = having == number
        path, loop = self.shown(formula, holds, state) if number == 1 or not holds else (None, None)
        scale = question.of // number
        fair = None
        if formula.op == "AF" and not holds and not question.synchronous:
            never = ~ask("EF", formula.args[0])
            waiting = ask("EU", ~formula.args[0], never)
            fair = self.starts(self.holding(waiting))[1] == 0
        return Finding(
            holds, self.words, self.engine, path, loop, having * scale, question.of, fair
        )

    def shown(self, formula: Formula, value: bool, state: T) -> Run:
        """Return a run that shows why a formula holds, or fails, in a state."""
        match formula.op, value:
            case "!", _:
                return self.shown(formula.args[0], not value, state)
            case ("&", False) | ("|", True):
                for arg in formula.args:
                    if self.has(self.holding(arg), state) is value:
                        return self.shown(arg, value, state)
            case ("EX", True):
                return self._step(formula.args[0], state)
            case ("AX", False):
                return self._step(~formula.args[0], state)
            case ("EF", True):
                return self._path(None, formula.args[0], state)
            case ("AG", False):
                return self._path(None, ~formula.args[0], state)
            case ("EU", True):
                return self._path(formula.args[0], formula.args[1], state)
            case ("EG", True):
                return self._lasso(formula.args[0], state)
            case ("AF", False):
                return self._lasso(~formula.args[0], state)
            case ("AU", False):
                return self._without(formula.args[0], formula.args[1], state)
        return None, None

    def _without(self, first: Formula, second: Formula, state: T) -> Run:
        """Return a run on which `first` does not last until `second`."""
        ended = ask("&", ~first, ~second)
        if self.has(self.holding(ask("EU", ~second, ended)), state):
            return self._path(~second, ended, state)
        return self._lasso(~second, state)

    def _step(self, goal: Formula, state: T) -> Run:
        states = self.holding(goal)
        after = next(s for s in self.after(state) if self.has(states, s))
        if self.key(after) == self.key(state):
            return self.spaces([state]), 0
        return self.spaces([state, after]), None

    def _path(self, within: Formula | None, goal: Formula, state: T) -> Run:
        inner = None if within is None else self.holding(within)
        run = self.path(inner, self.holding(goal), state)
        return (None if run is None else self.spaces(run)), None

    def _lasso(self, within: Formula, state: T) -> Run:
        """Return a run that never leaves a set: it ends at a fixed point, or repeats."""
        states = self.holding(ask("EG", within))
        run, seen = [state], {self.key(state): 0}
        while len(run) < MAX_STEPS:
            after = [s for s in self.after(run[-1]) if self.has(states, s)]
            back = [seen[key] for s in after if (key := self.key(s)) in seen]
            if back:
                return self.question.rested(self.spaces(run), max(back))
            seen[self.key(after[0])] = len(run)
            run.append(after[0])
        return None, None
