"""Lassos: runs in which a condition holds for ever, found by simulation.

The order of components is drawn at random, and the first that can move without violating the
condition does. Such a run is deterministic, so it soon reaches a fixed point or repeats, and a
repeating run goes on for ever. That none is found proves nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from regnet.analysis.query.question import Finding, Question, stripped
from regnet.analysis.trace import Dynamics, State
from regnet.deadline import Deadline, OutOfTime
from regnet.logic import Expr, evaluate, variables
from regnet.temporal import Formula

TRIES = 200
"""Number of orders drawn."""

STEPS = 2_000
"""Maximum length of a run."""

DRAWS = 50
"""Number of attempts to draw a start state with the condition."""


def lasso(question: Question) -> Finding | None:
    """Return that ``AF c`` fails or ``EG c`` holds, with a run that shows it; None if unknown."""
    formula, wanted = stripped(question.formula)
    asked = _asked(formula, question)
    if asked is None or question.synchronous:
        return None
    question.progress(None, "runs that stay for ever")
    try:
        found = _found(question, asked, question.deadline.within(question.share()))
    except OutOfTime:
        question.deadline.check()
        return None
    if found is None:
        return None
    run, loop = found
    names = question.acting.names
    states = question.whole(dict(zip(names, state, strict=True)) for state in run)
    path, loop = question.rested(states, loop)
    question.why = (
        f"{len(question.acting)} of {len(question.network)} components had to be examined"
    )
    if formula.op == "EG":
        words = "a run that stays where it is asked to was found"
        return question.counted(Finding(wanted, words, "walks", path, loop))
    words = "a run that never meets it was found"
    return question.of_one_start(Finding(None, words, "walks", path, loop), wanted)


def _asked(formula: Formula, question: Question) -> Expr | None:
    """Return the condition that a run has to keep."""
    if not formula.args or formula.args[0].op != "":
        return None
    condition = formula.args[0].condition
    if formula.op == "AF":
        return ~condition
    return condition if formula.op == "EG" and question.of == 1 else None


def _found(
    question: Question, condition: Expr, deadline: Deadline
) -> tuple[list[State], int] | None:
    """Return a run with the condition, and the index that its last state leads back to."""
    acting = question.acting
    dynamics = Dynamics(acting, question.started(acting))
    place = {name: i for i, name in enumerate(acting.names)}
    read = [(v.name, place[v.name]) for v in variables(condition)]
    chance = random.Random(0)

    def holds(state: State) -> bool:
        return evaluate(condition, {name: state[i] for name, i in read})

    order = list(range(len(acting.names)))
    for start in _starts(question, dynamics, chance):
        if not holds(start):
            continue
        chance.shuffle(order)
        run, seen = [start], {start: 0}
        while len(run) <= STEPS:
            deadline.check()
            here = run[-1]
            moves = dynamics.moves(here)
            if not moves:
                return run, len(run) - 1
            ways = ((*here[:i], moves[i], *here[i + 1 :]) for i in order if i in moves)
            after = next((state for state in ways if holds(state)), None)
            if after is None:
                break
            if after in seen:
                return run, seen[after]
            seen[after] = len(run)
            run.append(after)
    return None


def _starts(question: Question, dynamics: Dynamics, chance: random.Random) -> Iterator[State]:
    """Yield random start states."""
    acting = question.acting
    ranges = [question.begin.get(name, (0, top)) for name, top in acting.tops.items()]
    draws = 1 if question.of == 1 else DRAWS
    for _ in range(TRIES * draws):
        yield tuple(chance.randint(low, high) for low, high in ranges)
