"""Sets of states of the relevant part of a network, as decision diagrams.

Up to `explicit.MAX_VARIABLES` variables states are enumerated, beyond that the search is symbolic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from regnet.analysis.attractors.cores import closure
from regnet.analysis.query.model_checker import ModelChecker, Run
from regnet.analysis.query.question import REACHING, Finding, Question
from regnet.analysis.query.runs import follow
from regnet.analysis.reachability import ancestors, inside
from regnet.boolean import BooleanNetwork, encode
from regnet.deadline import Deadline
from regnet.diagram import Diagram, Function
from regnet.engines import bdd, explicit
from regnet.logic import Expr
from regnet.space import Space
from regnet.temporal import Formula, states_of

Values: TypeAlias = dict[int, bool]


class States(ModelChecker[Function, Values]):
    """The states of a question, as decision diagrams."""

    engine = "reduction"

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question
        self.encoding = encode(question.acting, settled=False, watch=question.deadline.check)
        whole = self.encoding.network
        self.diagram = d = whole.diagram
        self.values = self.encoding.restriction(question.begin)
        self.around = closure(whole, self.encoding.restriction(question.within))
        self.part = inside(whole, self.around)
        formula = question.formula
        if formula.operators <= REACHING or question.synchronous:
            support = [self.read(c) for c in formula.conditions]
            used = sorted(frozenset().union(*(d.support(f) for f in support)))
            self.part = ancestors(self.part, d.conjunction(map(d.literal, used)))

    @property
    def left(self) -> int:
        """Number of variables."""
        return len(self.part.order)

    @property
    def why(self) -> str:
        """How much of the network had to be examined, in words."""
        question = self.question
        left = f"{_variables(self.left, verb=True)} left after reduction"
        return (
            f"{len(question.acting)} of {len(question.network)} components had to be examined, "
            f"{left if self.left else 'none of which can change'}"
        )

    @property
    def words(self) -> str:  # type: ignore[override]
        """How the answer is known."""
        if self.engine == "reduction":
            return "the start states decide it"
        if not self.left:
            return "nothing in it can change"
        if self.engine == "explicit":
            return f"every state of {_variables(self.left)} was examined"
        return (
            f"the states in which it holds were computed symbolically, on {_variables(self.left)}"
        )

    def read(self, condition: Expr) -> Function:
        """Return the function of a condition."""
        return self.diagram.restrict(self.encoding.read(condition), self.around)

    def starts(self, good: Function) -> tuple[int, int, Values]:
        """Return how many starts there are, how many in a set, and a start outside it, if any."""
        d, order = self.diagram, self.part.order
        here = {v: self.values[v] for v in order if v in self.values}
        start = d.both(d.cube(here), self.part.admissible)
        bad = d.both(start, d.negation(good))
        number = d.count(start, order)
        values = d.first(bad or start)
        return number, number - d.count(bad, order), {v: values.get(v, False) for v in order}

    def counted(self, finding: Finding) -> Finding:
        """Return a finding with the number of starts for which it holds."""
        question = self.question
        if finding.states is not None or question.of == 1:
            return finding
        number, having, _ = self.starts(self.holding(question.formula))
        return replace(finding, states=having * (question.of // number), of=question.of)

    def find(self, formula: Formula) -> Function:
        """Return the states of the part in which a formula holds."""
        question, part = self.question, self.part
        conditions = {c: self.read(c) for c in formula.conditions}
        if formula.op == "":
            return self.diagram.both(conditions[formula.condition], part.admissible)
        if question.synchronous:
            self.engine = "diagram"
            steps = _Steps(part, question.deadline)
            return states_of(formula, steps, conditions.__getitem__, int.__eq__)
        if formula.is_hybrid or len(part.order) > explicit.MAX_VARIABLES:
            self.engine = "bdd"
            question.progress(None, f"symbolic search on {len(part.order)} variables")
            return bdd.holding(part, formula, conditions, deadline=question.deadline)
        self.engine = "explicit"
        question.progress(None, f"enumeration of the states of {len(part.order)} variables")
        return explicit.holding(part, formula, conditions, deadline=question.deadline)

    def shown(self, formula: Formula, value: bool, state: Values) -> Run:
        """Return a run that shows why a formula holds, or fails, in a state."""
        if self.question.synchronous:
            run = follow(self.question, self.spaces([state])[0].fixed)
            return run.states, run.loop
        return super().shown(formula, value, state)

    def has(self, states: Function, state: Values) -> bool:
        """Return whether a state is in a set."""
        return self.diagram.restrict(states, state) == 1

    def key(self, state: Values) -> tuple[bool, ...]:
        """Return a hashable key of a state."""
        return tuple(state.values())

    def after(self, state: Values) -> list[Values]:
        """Return the next states; that of a fixed point is itself."""
        now = {v: int(value) for v, value in state.items()}
        functions = self.part.functions
        later = {v: bool(self.diagram.evaluate(functions[v], now, 1)) for v in state}
        if later == state:
            return [later]
        return [{**state, v: b} for v, b in later.items() if b is not state[v]]

    def path(self, within: Function | None, goal: Function, state: Values) -> list[Values] | None:
        """Return a run from a state that stays within a set until it meets a goal."""
        d, part = self.diagram, self.part
        if within is not None:
            part = frozen(part, d.negation(within))
        small = len(part.order) <= explicit.MAX_VARIABLES
        found = (explicit if small else bdd).path(
            part, d.cube(state), goal, deadline=self.question.deadline
        )
        if found is None:
            return None
        run = [state]
        for v in found[1]:
            run.append({**run[-1], v: not run[-1][v]})
        return run

    def spaces(self, run: Sequence[Mapping[int, bool]]) -> tuple[Space, ...]:
        """Return the states of a run as levels of all components."""
        states = []
        for state in run:
            known = {**self.values, **self.around, **state}
            states.append({
                name: sum(known.get(v, False) for v in group)
                for name, group in zip(self.encoding.names, self.encoding.groups, strict=True)
                if any(v in state or v in self.around for v in group)
            })  # fmt: skip
        return self.question.whole(states)


def frozen(part: BooleanNetwork, states: Function) -> BooleanNetwork:
    """Return a network in which some states are fixed points and all others are unchanged."""
    d = part.diagram
    functions = {v: d.ite(states, d.literal(v), f) for v, f in part.functions.items()}
    still = BooleanNetwork(d, part.groups, part.targets, part.inputs)
    still.__dict__["functions"] = functions  # no target levels would give these
    return still


class _Steps:
    """Synchronous steps as `regnet.temporal.Sets`, by decision diagrams."""

    def __init__(self, part: BooleanNetwork, deadline: Deadline) -> None:
        self.diagram: Diagram = part.diagram
        self.functions = part.functions
        self.deadline = deadline
        d = self.diagram
        self.everything = part.admissible
        same = [d.ite(d.literal(v), f, d.negation(f)) for v, f in self.functions.items()]
        self.resting = d.both(d.conjunction(same), self.everything)

    def both(self, one: Function, two: Function) -> Function:
        return self.diagram.both(one, two)

    def either(self, one: Function, two: Function) -> Function:
        return self.diagram.either(one, two)

    def minus(self, one: Function, two: Function) -> Function:
        return self.diagram.both(one, self.diagram.negation(two))

    def before(self, states: Function) -> Function:
        self.deadline.check()
        d = self.diagram
        return d.both(d.compose(states, self.functions), self.everything)

    def until(self, within: Function, goal: Function) -> Function:
        while True:
            wider = self.either(goal, self.both(within, self.before(goal)))
            if wider == goal:
                return goal
            goal = wider


def _variables(number: int, *, verb: bool = False) -> str:
    words = ("variable", "is") if number == 1 else ("variables", "are")
    return f"{number} {' '.join(words) if verb else words[0]}"
