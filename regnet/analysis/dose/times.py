"""Times: when a condition first holds at each level of a dose, and what holds at a given time.

Attractors do not show how soon they are reached: a dose may be best in time alone. An event that
never occurs counts as later than all times. All of this depends on rates.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from regnet.analysis.batch import OVER
from regnet.analysis.dose.curve_changes import changes_of
from regnet.analysis.dose.curves import shape_of
from regnet.analysis.dose.routes import Bound, find_bounds
from regnet.analysis.simulate.clock import Quantity, clock_of
from regnet.analysis.simulate.estimate import Estimate
from regnet.brief import brief
from regnet.deadline import Deadline
from regnet.errors import NetworkError
from regnet.evidence import Phenotype
from regnet.logic import Expr, Not, Var, describe, fold, write_name
from regnet.network import LogicalNetwork
from regnet.rates import Rates
from regnet.scenario import UPDATES, Scenario
from regnet.space import Range

NOTABLE = 0.01
"""Relative difference below which first times, or probabilities, count as equal."""

LEAST = 0.05
"""Difference, as a fraction of the highest level, below which values at a time count as equal."""


@dataclass(frozen=True, slots=True)
class TimeQuestion:
    """A quantity in time, computed at each dose.

    Parameters
    ----------
    condition
        The condition whose first time, or probability at a time, is computed; None for a mean
        level.
    component
        The component whose mean level is computed.
    at
        The time; None for a first time.
    name
        Name of the condition, if any.
    """

    condition: Expr | None = None
    component: str = ""
    at: float | None = None
    name: str = ""

    @property
    def what(self) -> str:
        """The condition or its name, or the component."""
        own = write_name(self.component) if self.condition is None else describe(self.condition)
        return self.name or own

    @property
    def label(self) -> str:
        """The quantity, in a few words."""
        return f"{self.what} first" if self.at is None else f"{self.what} at {self.at:g}"


@dataclass(frozen=True, slots=True)
class TimePoint:
    """The answer at one dose.

    Parameters
    ----------
    value
        The mean first time, the probability or the mean level, with its band; None if there is
        none.
    outcome
        Of a first time ``"always"``, ``"sometimes"`` or ``"never"``; else empty.
    ever
        Of a first time, the probability that it eventually occurs; None if unknown.
    missing
        Why there is no answer; empty if there is one.
    """

    value: Estimate | None = None
    outcome: str = ""
    ever: float | None = None
    missing: str = ""

    __repr__ = brief


@dataclass(frozen=True, slots=True)
class TimeCurve:
    """A time, or a value at a time, against the dose.

    Parameters
    ----------
    question
        What is asked.
    points
        The answer at each level of the dose; None if not found.
    steps
        Pairs of a level of the dose and 1 or -1: from there on it is sooner or higher, later or
        lower.
    shape
        A key of `regnet.analysis.dose.curves.SHAPES`. Of first times, sooner counts as up.
    best
        At which levels it is soonest, or highest (of a dip: latest, lowest); None if it is the same
        everywhere, irregular or unknown.
    bounds
        For each step, and each component that it depends on, the paths along which the dose helps
        or hinders it.
    """

    question: TimeQuestion
    points: tuple[TimePoint | None, ...]
    steps: tuple[tuple[int, int], ...]
    shape: str
    best: Range | None
    bounds: tuple[Bound, ...] = ()

    __repr__ = brief


def time_questions(
    network: LogicalNetwork,
    scenario: Scenario,
    first: Iterable[Expr],
    at: float | None,
    readouts: Iterable[str],
    phenotypes: Iterable[Phenotype],
) -> Iterator[TimeQuestion]:
    """Yield the quantities in time: first times of conditions, then values at a time.

    Raises
    ------
    NetworkError
        If a condition does not fit the network, or times are undefined.
    """
    questions = [TimeQuestion(condition) for condition in first]
    for question in questions:
        assert question.condition is not None
        network.check(question.condition)
    if at is not None:
        if not 0 < at < math.inf:
            raise NetworkError(f"{at:g} is not a time of a reading: give a time above 0")
        questions += [TimeQuestion(component=name, at=at) for name in readouts]
        questions += [
            TimeQuestion(p.condition, at=at, name=p.name) for p in phenotypes if not p.kind
        ]
    if questions and scenario.update != UPDATES[0]:
        raise NetworkError(
            f"times follow from asynchronous updates, and {scenario.title()} asks for "
            f"{scenario.update} ones"
        )
    yield from questions


def time_points(
    network: LogicalNetwork,
    starts: Sequence[Scenario],
    deadline: Deadline,
    questions: Sequence[TimeQuestion],
    rates: Rates,
    runs: int,
    seed: int,
) -> tuple[TimePoint, ...]:
    """Return the answers at one dose, from its only start state."""
    if len(starts) != 1:
        why = f"it begins in {len(starts)} states, so no one time follows"
        return (TimePoint(missing=why),) * len(questions)
    components = tuple(question.component for question in questions if question.component)
    found = []
    for question in questions:
        if deadline.is_over:
            found.append(TimePoint(missing=OVER))
            continue
        condition, own = question.condition, components if question.component else ()
        conditions = () if condition is None else (condition,)
        clock = clock_of(network, starts[0], rates, conditions, own, runs, seed)
        if question.at is not None:
            (value,) = clock.values(Quantity(condition, question.component), [question.at])
            found.append(TimePoint(value))
            continue
        assert condition is not None
        first = clock.first(condition)
        if first.outcome == "unknown":
            found.append(TimePoint(missing="random runs do not show whether it always comes"))
        else:
            ever = None if first.ever is None else first.ever.value
            found.append(TimePoint(first.mean, first.outcome, ever))
    return tuple(found)


def time_curve(question: TimeQuestion, points: Sequence[TimePoint | None], top: int) -> TimeCurve:
    """Return the curve through the answers at all levels of the dose.

    `top` is the highest level of the component, 1 for conditions.
    """
    answers = tuple(points)
    known = [point for point in answers if point is not None and not point.missing]
    if len(known) < len(answers):
        return TimeCurve(question, answers, (), "unknown", None)
    if question.at is None:
        steps = _sooner(known)
    else:
        values = [point.value.value for point in known if point.value is not None]
        steps = changes_of(values, LEAST * top)
    return TimeCurve(question, answers, tuple(steps), *shape_of(steps, len(known) - 1))


def with_bounds(
    curve: TimeCurve,
    network: LogicalNetwork,
    scenario: Scenario,
    dose: str,
    spaces: Sequence[Mapping[str, Range]],
) -> TimeCurve:
    """Return the curve with the paths along which the dose makes it change.

    Parameters
    ----------
    curve
        The curve.
    network, scenario, dose
        As in `regnet.analysis.dose.routes.find_bounds`.
    spaces
        Start or attractors of the network at each level of the dose, whose differences cause those
        of a time.
    """
    condition = curve.question.condition
    wanted = {curve.question.component: 1} if condition is None else _wanted(condition)
    changes = [
        (name, level, moves * sign)
        for level, moves in curve.steps
        for name, sign in wanted.items()
        if name != dose
    ]
    return replace(curve, bounds=find_bounds(network, scenario, dose, spaces, changes))


def _wanted(condition: Expr) -> dict[str, int]:
    """Return each component that promotes a condition by rising (1) or by falling (-1)."""
    found: dict[str, set[int]] = {}

    def visit(node: Expr, args: list[set[tuple[str, int]]]) -> set[tuple[str, int]]:
        if isinstance(node, Var):
            return {(node.name, 1)}
        joined = set().union(*args)
        return {(n, -s) for n, s in joined} if isinstance(node, Not) else joined

    for name, sign in fold(condition, visit):
        found.setdefault(name, set()).add(sign)
    return {name: signs.pop() for name, signs in sorted(found.items()) if len(signs) == 1}


def _sooner(points: Sequence[TimePoint]) -> list[tuple[int, int]]:
    """Return the doses from which it occurs notably sooner (1) or later (-1) than before.

    An event that occurs in some runs only counts as later than one that always occurs, and sooner
    than one that never does.
    """
    changes = []
    before = points[0]
    for place, point in enumerate(points[1:], start=1):
        rank, its = (("always", "sometimes", "never").index(p.outcome) for p in (point, before))
        if rank != its:
            moves = 1 if rank < its else -1
        elif point.value is not None and before.value is not None:
            moves = -_notably(before.value, point.value)
        else:
            apart = (point.ever or 0.0) - (before.ever or 0.0)
            moves = 0 if abs(apart) < NOTABLE else 1 if apart > 0 else -1
        if moves:
            changes.append((place, moves))
            before = point
    return changes


def _notably(before: Estimate, after: Estimate) -> int:
    """Return 1 if a number is notably larger than before, -1 if smaller, else 0."""
    if max(before.low, after.low) <= min(before.high, after.high):
        return 0
    apart = after.value - before.value
    if abs(apart) < NOTABLE * max(before.value, after.value):
        return 0
    return 1 if apart > 0 else -1
