"""Exact: the time course of a network with few reachable states, from its Markov chain."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from regnet.analysis import Progress
from regnet.analysis.simulate.answer import MAX_ENDS, SHARES, Arrival, End, Outcome
from regnet.analysis.simulate.estimate import Band, Estimate
from regnet.analysis.simulate.kinetics import Setup
from regnet.analysis.simulate.question import Found, Question
from regnet.deadline import Deadline, OutOfTime
from regnet.errors import EngineError
from regnet.logic import Expr
from regnet.space import Space

if TYPE_CHECKING:
    from regnet.analysis.simulate.markov import Chain

POSSIBLE = 1e-9  # smaller probabilities may be rounding errors


def chain_of(
    setup: Setup, asked: Question, limit: int, deadline: Deadline, *, is_wanted: bool
) -> tuple[Chain | None, str]:
    """Return the chain of all states that can be reached, or why it is not used.

    Raises
    ------
    EngineError
        If it is too large, or takes too long, and nothing else will do.
    """
    from regnet.analysis.simulate.markov import Chain, TooManyStates

    try:
        chain = Chain(setup, asked.until, asked.points, limit, watch=deadline.check)
    except TooManyStates:
        if is_wanted:
            raise EngineError(
                f"more than {limit:,} states can be reached, too many for an exact answer"
            ) from None
        return None, f"more than {limit:,} states can be reached"
    except OutOfTime:
        if is_wanted:
            raise EngineError(
                "the time limit was reached before all states were explored, and an exact answer "
                "needs them all"
            ) from None
        return None, "the time limit was reached before all states were explored"
    if is_wanted or chain.is_quick(len(asked.first)):
        return chain, ""
    return None, f"to solve {chain.size:,} states would take long"


def solved(chain: Chain, setup: Setup, asked: Question, progress: Progress) -> Found:
    """Return the answer of a chain to a question."""
    progress(None, f"solving {chain.size:,} states")
    columns = asked.columns(setup)
    attracted = [(place, phenotype.fits) for place, phenotype in asked.attracted]
    numbers = columns.of(chain.held(attracted), 1.0)
    courses, shares = asked.read(columns, numbers, numbers, numbers)
    if asked.window:
        numbers = columns.of(chain.averages(asked.window, attracted), 1.0)
        own, others = asked.read(columns, numbers, numbers, numbers)
        courses = tuple(replace(c, average=a.mean[0]) for c, a in zip(courses, own, strict=True))
        shares = tuple(replace(s, average=a.band[0]) for s, a in zip(shares, others, strict=True))
    ends: dict[Space, float] = {}
    for state, weight in chain.ends():
        values = state[columns.kept].tolist()
        space = columns.space(values, values)
        ends[space] = ends.get(space, 0.0) + weight
    outcomes: dict[tuple[Space, bool], float] = {}
    for states, weight in chain.settled():
        kept = states[:, columns.kept]
        outcome = columns.space(kept.min(axis=0), kept.max(axis=0)), len(states) == 1
        outcomes[outcome] = outcomes.get(outcome, 0.0) + weight
    return Found(
        courses,
        shares,
        tuple(_arrival(chain, i, condition) for i, condition in enumerate(asked.first)),
        tuple(End(space, Estimate(p, p, p)) for space, p in _ranked(ends)[:MAX_ENDS]),
        tuple(Outcome(*outcome, min(p, 1.0)) for outcome, p in _ranked(outcomes)),
    )


T = TypeVar("T")


def _ranked(chances: Mapping[T, float]) -> list[tuple[T, float]]:
    """Return the possible ones, the most probable first."""
    possible = [(what, p) for what, p in chances.items() if p > POSSIBLE]
    return sorted(possible, key=lambda pair: (-round(pair[1], 12), str(pair[0])))


def _arrival(chain: Chain, number: int, condition: Expr) -> Arrival:
    found = chain.passage(number, SHARES)
    arrived = tuple(found.arrived.tolist())
    mean = None if math.isnan(found.mean) else Estimate(found.mean, found.mean, found.mean)
    times = [None if math.isnan(t) else float(t) for t in found.quantiles]
    return Arrival(
        condition,
        Band(arrived, arrived, arrived),
        mean,
        tuple((t, t, t) for t in times),
        found.ever,
        None if math.isnan(found.mean_ever) else found.mean_ever,
    )
