"""Model checking on the list of reachable states.

No other state is ever reached, so the answer on these states is exact.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from regnet.analysis.query.model_checker import ModelChecker
from regnet.analysis.query.question import Question, stripped
from regnet.analysis.reachability.listing import listed
from regnet.analysis.trace import Dynamics, State
from regnet.deadline import Deadline
from regnet.logic import FALSE, Expr, evaluate
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario
from regnet.space import Space
from regnet.temporal import Formula, states_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Marks: TypeAlias = NDArray[np.bool_]


def find_listed_states(question: Question) -> ListedStates | None:
    """Return the reachable states, or None if they are too many.

    If the question is whether runs meet or leave a condition, they are followed no further.
    """
    acting = question.acting
    dynamics = _Until(acting, question.started(acting), _stop(question.formula))
    answer = listed(dynamics, dynamics.starts(), question.deadline)
    return None if answer is None else ListedStates(question, dynamics, list(answer[0]))


def _stop(formula: Formula) -> Expr:
    """Return the condition after which the answer cannot change."""
    formula, _ = stripped(formula)
    if formula.op not in ("AF", "EG") or formula.args[0].op != "":
        return FALSE
    condition = formula.args[0].condition
    return condition if formula.op == "AF" else ~condition


class _Until(Dynamics):
    """Dynamics that end where a condition holds."""

    def __init__(self, network: LogicalNetwork, scenario: Scenario, stop: Expr) -> None:
        super().__init__(network, scenario)
        self.stop = stop

    def moves(self, state: State) -> dict[int, int]:
        """Return the components that are about to move; none where the condition holds."""
        if self.stop != FALSE and evaluate(self.stop, dict(zip(self.names, state, strict=True))):
            return {}
        return super().moves(state)


class ListedStates(ModelChecker["Marks", State]):
    """Listed states of the relevant part of a network; a set of states is an array of marks."""

    engine = "explicit"

    def __init__(self, question: Question, dynamics: _Until, states: list[State]) -> None:
        super().__init__()
        self.question, self.dynamics, self.states = question, dynamics, states
        self.place = {state: i for i, state in enumerate(states)}
        self.steps = _Steps(dynamics, self.place, question.deadline)
        self.number = sum(1 for _ in dynamics.starts())
        self.words = f"all {len(states):,} reachable states were examined"
        if dynamics.stop != FALSE:
            end = "met it" if question.formula.op == "AF" else "left it"
            number = f"{len(states):,} state{'' if len(states) == 1 else 's'}"
            self.words = f"every run was followed until it {end}, {number} in all"

    def find(self, formula: Formula) -> Marks:
        """Return the states in which a formula that names no states holds."""
        import numpy as np

        return states_of(formula, self.steps, self._read, np.array_equal)

    def _read(self, condition: Expr) -> Marks:
        import numpy as np

        names = self.dynamics.names
        holds = (evaluate(condition, dict(zip(names, s, strict=True))) for s in self.states)
        return np.fromiter(holds, bool, len(self.states))

    def recurrent(self) -> bool:
        """Return whether the start is reachable from every state that it leads to."""
        import numpy as np

        start = np.zeros(len(self.states), bool)
        start[0] = True
        return bool(self.steps.until(self.steps.everything, start).all())

    def starts(self, good: Marks) -> tuple[int, int, State]:
        """Return how many starts there are, how many in a set, and a start outside it, if any."""
        first = good[: self.number]  # starts are listed first
        return self.number, int(first.sum()), self.states[int(first.argmin())]

    def has(self, states: Marks, state: State) -> bool:
        """Return whether a state is in a set."""
        return bool(states[self.place[state]])

    def key(self, state: State) -> State:
        """Return a hashable key of a state."""
        return state

    def after(self, state: State) -> list[State]:
        """Return the next states; that of a fixed point is itself."""
        return list(self.dynamics.successors(state)) or [state]

    def path(self, within: Marks | None, goal: Marks, state: State) -> list[State] | None:
        """Return a shortest run from a state that stays within a set until it meets a goal."""
        before: dict[State, State | None] = {state: None}
        todo = deque([state])
        while todo:
            here = todo.popleft()
            if self.has(goal, here):
                run = [here]
                while (last := before[run[-1]]) is not None:
                    run.append(last)
                return run[::-1]
            if within is not None and not self.has(within, here):
                continue
            for after in self.dynamics.successors(here):
                if after not in before:
                    before[after] = here
                    todo.append(after)
        return None

    def spaces(self, run: Sequence[State]) -> tuple[Space, ...]:
        """Return the states of a run as levels of all components."""
        names = self.dynamics.names
        return self.question.whole(dict(zip(names, state, strict=True)) for state in run)


class _Steps:
    """Listed states and the steps between them, as `regnet.temporal.Sets`."""

    def __init__(self, dynamics: Dynamics, place: dict[State, int], deadline: Deadline) -> None:
        import numpy as np

        self.deadline = deadline
        sources: list[int] = []
        targets: list[int] = []
        for state, number in place.items():
            after = dynamics.successors(state)
            sources += [number] * len(after)
            targets += [place[other] for other in after]
        self.sources = np.array(sources, np.int32)
        self.targets = np.array(targets, np.int32)
        self.everything: Marks = np.ones(len(place), bool)
        self.resting: Marks = np.ones(len(place), bool)
        self.resting[self.sources] = False

    def both(self, one: Marks, two: Marks) -> Marks:
        return one & two

    def either(self, one: Marks, two: Marks) -> Marks:
        return one | two

    def minus(self, one: Marks, two: Marks) -> Marks:
        return one & ~two

    def before(self, states: Marks) -> Marks:
        import numpy as np

        self.deadline.check()
        found = np.zeros_like(states)
        found[self.sources[states[self.targets]]] = True
        return found

    def until(self, within: Marks, goal: Marks) -> Marks:
        while True:
            wider = goal | within & self.before(goal)
            if (wider == goal).all():
                return goal
            goal = wider
