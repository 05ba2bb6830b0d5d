"""Pulses: the response to a dose that is given for part of the time.

The counterpart of `regnet.analysis.dose` in time: at one level, the dose is given once for a
duration, or periodically for a share of each cycle. Each point is read from a simulated time course
(`regnet.analysis.simulate`), exact if few states can be reached, and otherwise estimated with a 95
% band.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, TypeAlias

from regnet.analysis import Listed, Origin, Progress, Result, asks, silent
from regnet.analysis.batch import OVER, STOPPED, stopped_words
from regnet.analysis.dose.curve_changes import Turn, verdict_on
from regnet.analysis.dose.reading import FEW_RUNS, FIRST, settling
from regnet.analysis.simulate import MEASURES, Courses, simulate
from regnet.analysis.simulate.dynamics import READERS, usual_dynamics
from regnet.analysis.simulate.estimate import Band, Estimate
from regnet.analysis.simulate.kinetics import Change, Rates
from regnet.analysis.usual import compared_readouts
from regnet.brief import brief
from regnet.deadline import Deadline
from regnet.errors import NetworkError, ParseError
from regnet.evidence import Phenotype
from regnet.logic import variables
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space

BY = {
    "duration": "it is given once, from time 0, for this duration, and then withdrawn",
    "share": "it is given periodically from time 0 to the end, for this share of each cycle",
}
"""The meaning of an amount of a dose."""

AMOUNTS = {"duration": "0, 1, 2, 4, 8, 16", "share": "0 %, 10 %, 25 %, 50 %, 75 %, 100 %"}
"""Examples of amounts, used as defaults."""

CYCLE = 8.0
"""Default period of a cycle, in mean waiting times at the slowest rate."""

MOMENTS = 48
"""Number of equal steps of the last cycle over which random runs are averaged; exact courses are
integrated over it."""


@dataclass(frozen=True, slots=True)
class PulseCurve:
    """A readout against the amount of a dose.

    Parameters
    ----------
    readout
        A component (its mean level) or a phenotype (the probability of its condition).
    top
        The highest level of the component; 0 for a phenotype.
    values
        For each amount.
    shape, best
        As in `curves.Curve`, with places in the list of amounts. Only notable changes count.
    turns
        Its rises and falls, in ascending order.
    sure
        Confidence that it rises and falls in this order, as in `turns.verdict_on`; 1 if exact.
    counts
        The meaning of the probability of a phenotype: a key of `regnet.analysis.simulate.COUNTS`;
        empty for a component.
    late
        The values at the later reading; empty if there is none.
    """

    readout: str
    top: int
    values: tuple[Estimate, ...]
    shape: str
    best: tuple[int, int] | None
    turns: tuple[Turn, ...]
    sure: float
    counts: str = ""
    late: tuple[Estimate, ...] = ()

    __repr__ = brief

    @property
    def measure(self) -> str:
        """The quantity, in two or three words."""
        return MEASURES.get(self.counts, "mean level" if self.top else "probability")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PulseResponse(Listed[PulseCurve], Result):
    """The response to a dose that is given for part of the time.

    Parameters
    ----------
    origin
        What was asked; the guarantee is ``"exact"`` if every course is, else ``"sampled"``.
    dose, level
        The component and the level at which it is held.
    by
        The meaning of an amount: a key of `BY`.
    amounts
        The amounts computed, ascending: durations, or shares from 0 to 1.
    every
        Period of a cycle; 0 if the dose is given once.
    until
        Time at which the outcome is read; with cycles, the average over the last one before it.
    late
        Time of a second reading, if the outcome still changes at `until`; else 0.
    settled
        Whether the outcome is stationary at the last reading; None if not tested.
    curves
        One for each component and phenotype.
    rates, schedule, settle
        The rates, the scheduled changes, and the equilibration time before 0.
    trajectories, method
        Options of each time course.
    complete, missing
        Whether nothing is missing, and what is.
    interrupted
        Whether the user stopped it.
    undecided
        Phenotypes that are not evaluated, as in `Courses`.
    basis
        Values taken from the model, as in `Courses`.
    unit
        Unit of time, as in `Courses`.
    """

    _LISTED = "curves"

    dose: str
    level: int
    by: str
    amounts: tuple[float, ...]
    every: float
    until: float
    curves: tuple[PulseCurve, ...]
    rates: Rates = field(default_factory=Rates)
    schedule: tuple[Change, ...] = ()
    settle: float = 0.0
    trajectories: int = 10_000
    method: str = "auto"
    undecided: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    unit: str = ""
    late: float = 0.0
    settled: bool | None = None


def _usual(project: Project, given: Mapping[str, Any]) -> dict[str, Any]:
    return usual_dynamics(project, given) | compared_readouts(project, given)


@asks("pulses", readers=READERS, usual=_usual)
def find_pulse_response(
    network: LogicalNetwork,
    /,  # among the further options, one could be called network
    scenario: Scenario | None,
    dose: str,
    level: int,
    amounts: Iterable[float],
    *,
    until: float | None = None,
    by: str = "duration",
    every: float = 0.0,
    readouts: Sequence[str] = (),
    phenotypes: Iterable[Phenotype] = (),
    rates: Rates | None = None,
    schedule: Iterable[Change] = (),
    settle: float = 0.0,
    trajectories: int = 10_000,
    seed: int = 0,
    method: str = "auto",
    notable: float = 0.05,
    basis: Collection[str] = (),
    unit: str = "",
    timeout: float | None = None,
    each: float | None = None,
    progress: Progress = silent,
    **options: Any,
) -> PulseResponse:
    """Return the response to a dose that is given for part of the time.

    Parameters
    ----------
    network, scenario
        The network, unperturbed; the perturbation and start.
    dose, level
        An input or a component, and the level at which it is held. While the dose is not given, an
        input is at the level of the scenario; a component follows its rule, or the scenario.
    amounts
        In ascending order: durations in the unit of the rates, or shares from 0 to 1. A dose that
        lasts to the end is not withdrawn.
    until
        Time at which the outcome is read; by default after the longest dose, when it no longer
        changes (`regnet.analysis.dose.reading`). Durations read earlier are then read again.
    by
        A key of `BY`.
    every
        Period of a cycle, for shares; `until` is a whole number of cycles. By default eight
        times the longest mean waiting time.
    readouts, phenotypes
        Components read by mean level, and phenotypes by probability; by default all components.
    rates, schedule, settle, trajectories, seed, method
        As in `simulate`, for each amount; `schedule` holds further changes.
    notable
        The smallest change that counts for the shape of a curve, as a share of the highest level
        of a component, or of the probability 1.
    basis, unit
        As in `simulate`.
    timeout
        Time limit in seconds, or None; amounts computed by then are kept.
    each
        Time limit in seconds of each time course, or None.
    progress
        Progress callback.
    **options
        Further options of `simulate`: max_states, map.

    Raises
    ------
    RegnetError
        If something does not fit the network, if the dose is an input that the scenario leaves
        open, or if the amounts are invalid.

    Examples
    --------
    >>> from regnet.network import Component, Rule
    >>> net = LogicalNetwork((Component("Dose"), Component("X", Rule.of("Dose | X"))))
    >>> start = Scenario(perturbation=Perturbation(Space({"Dose": 0})), start=Space({"X": 0}))
    >>> answer = find_pulse_response(net, start, "Dose", 1, [0, 1, 2], until=5, readouts=["X"])
    >>> [round(estimate.value, 3) for estimate in answer.curves[0].values]
    [0.0, 0.632, 0.865]
    """
    began, deadline = time.perf_counter(), Deadline(timeout)
    scenario, rates, others = scenario or Scenario(), rates or Rates(), tuple(schedule)
    amounts, phenotypes = tuple(amounts), tuple(phenotypes)
    back = _withdrawn(network, scenario, dose, level)
    is_once = by == "duration"
    wait = rates.longest_wait
    every = every or (0.0 if is_once else CYCLE * wait)
    longest = max((a for a in amounts if until is None or a < until), default=0.0)
    proposed = 5 * every if every else max(longest, wait)
    check_amounts(amounts, by, every, proposed if until is None else until)
    on = Perturbation(Space({dose: level}))
    named = {v.name for phenotype in phenotypes for v in variables(phenotype.condition)}

    def follow(
        length: float,
        until: float,
        points: int,
        cycles: int,
        held: float,
        runs: int,
        window: float = 0.0,
    ) -> Courses:
        """Return the time course under one amount; one that lasts for `held` is not withdrawn."""
        given = _given(length, held, cycles, on, back)
        return simulate(
            network,
            scenario,
            rates=rates,
            until=until,
            points=points,
            window=window,
            settle=settle,
            schedule=(*given, *others),
            readouts=readouts or named,
            phenotypes=phenotypes,
            trajectories=runs,
            seed=seed,
            method=method,
            basis=basis,
            timeout=deadline.within(each).left(),
            **options,
        )

    few = min(trajectories, FEW_RUNS)
    progress(None, "searching for the stationary state")
    settled: bool | None = None
    late = 0.0
    if is_once:
        last = max([longest, *(change.time for change in others)])
        still, settled = settling(
            lambda end, points: follow(longest, end, points, 1, 2 * end, few), last, FIRST * wait
        )
        if until is None:
            until = still
        elif until < still:
            late = until * math.ceil(still / until)
    elif until is None:
        middle = amounts[len(amounts) // 2] * every
        until, settled = settling(
            lambda end, points: follow(middle, end, points, round(end / every), every, few),
            0.0,
            5 * every,
            every,
        )
    cycles = 1 if is_once else round(until / every)
    courses: list[Courses] = []
    missing, interrupted = "", False
    try:
        for amount in amounts:
            if courses and deadline.is_over:
                missing = stopped_words(OVER, len(courses), len(amounts), "amounts")
                break
            length = amount if is_once else amount * every
            points = max(round(late / until), 1) if is_once else cycles * MOMENTS
            answer = follow(
                length, late or until, points, cycles, until / cycles, trajectories,
                0.0 if is_once else every,
            )  # fmt: skip
            if answer.interrupted:
                raise KeyboardInterrupt
            courses.append(answer)
            missing = missing or answer.missing
            progress(len(courses) / len(amounts), f"{len(courses)} of {len(amounts)} amounts")
    except KeyboardInterrupt:
        if not courses:
            raise
        missing = stopped_words(STOPPED, len(courses), len(amounts), "amounts")
        interrupted = True
    told = {name for course in courses for name in course.undecided}
    undecided = tuple(p.name for p in phenotypes if p.name in told)
    courses = [
        replace(course, shares=tuple(s for s in course.shares if s.name not in told))
        for course in courses
    ]
    return PulseResponse(
        origin=_origin(courses, missing, time.perf_counter() - began),
        dose=dose,
        level=level,
        by=by,
        amounts=amounts[: len(courses)],
        every=every,
        until=until,
        curves=tuple(
            curve
            for curve in _curves(courses, amounts, bool(late), network, notable)
            if readouts or not phenotypes or not curve.top
        ),
        rates=rates,
        schedule=others,
        settle=settle,
        trajectories=trajectories,
        method=method,
        missing=missing,
        interrupted=interrupted,
        undecided=undecided,
        basis=tuple(basis),
        unit=unit,
        late=late,
        settled=settled,
    )


def parse_amounts(text: str, by: str) -> tuple[float, ...]:
    """Parse durations such as ``0, 2, 8``, or shares such as ``0, 25%, 1``.

    >>> parse_amounts("0, 25 %, 1", "share")
    (0.0, 0.25, 1.0)
    """
    amounts = []
    for part in (part.strip() for part in text.split(",")):
        is_percent = by == "share" and part.endswith("%")
        try:
            number = float(part.removesuffix("%") if is_percent else part)
        except ValueError:
            what = "a time" if by == "duration" else "a share of time"
            raise ParseError(f"{part!r} is not {what}", expected=AMOUNTS[by]) from None
        amounts.append(number / 100 if is_percent else number)
    return tuple(amounts)


def check_amounts(amounts: Sequence[float], by: str, every: float, until: float) -> None:
    """Raise NetworkError if amounts, cycle and end do not fit together."""
    if by not in BY:
        raise NetworkError(f"a dose has no amount by {by!r}: choose {', '.join(BY)}")
    if not 0 < until < math.inf:
        raise NetworkError("the outcome of a dose is read at a time above 0")
    last = until if by == "duration" else 1.0
    if not amounts or any(b <= a for a, b in pairwise(amounts)):
        raise NetworkError("the amounts of a dose have to be in ascending order")
    if amounts[0] < 0 or not amounts[-1] <= last:
        what = f"a duration is between 0 and the end at {until:g}"
        raise NetworkError(
            what if by == "duration" else "a share of time is between 0 and 1, or 0 % and 100 %"
        )
    if by == "share":
        cycles = until / every if 0 < every < math.inf else 0.0
        if round(cycles) < 1 or abs(cycles - round(cycles)) > 1e-9 * cycles:
            raise NetworkError(f"{until:g} is not a whole number of cycles of {every:g}")


def _given(
    length: float,
    every: float,
    cycles: int,
    on: Perturbation,
    back: Callable[[float], Change],
) -> list[Change]:
    """Return the changes by which a dose is given for a time in each cycle."""
    if length <= 0:
        return []
    if length >= every * (1 - 1e-12):
        return [Change(0.0, perturbation=on)]
    begins = [every * number for number in range(cycles)]
    return [c for at in begins for c in (Change(at, perturbation=on), back(at + length))]


def _withdrawn(
    network: LogicalNetwork, scenario: Scenario, dose: str, level: int
) -> Callable[[float], Change]:
    """Return a function from a time to the change that ends the dose at that time."""
    scenario.check(network)
    component = network[dose]
    if not 0 <= level <= component.top:
        raise NetworkError(f"{dose} has levels 0 to {component.top}, not {level}")
    before = scenario.perturbation.clamps.get(dose)
    if before is None and component.is_input:
        before = scenario.start.get(dose)
        if before is None or before[0] != before[1]:
            raise NetworkError(
                f"the scenario leaves {dose} open: say at which level it is without the dose"
            )
    if before is None:
        return lambda at: Change(at, release=(dose,))
    held = Perturbation(Space({dose: before}))
    return lambda at: Change(at, perturbation=held)


def _origin(courses: Sequence[Courses], missing: str, seconds: float) -> Origin:
    """Return the common origin of all time courses: sampled if one of them is."""
    origins = [course.origin for course in courses]
    runs = max(course.trajectories for course in courses)
    chosen = next((o for o in origins if o.guarantee == "sampled"), origins[0])
    solved = sum(origin.guarantee == "exact" for origin in origins)
    how = [f"linear algebra for {solved} amount{'s' * (solved != 1)}"] if solved else []
    how += [f"{runs:,} random runs for each of {len(origins) - solved}"] if runs else []
    return replace(
        chosen,
        engine=" + ".join(dict.fromkeys(origin.engine for origin in origins)),
        why="; ".join((" and ".join(how), *chosen.why.split("; ")[1:])),
        guarantee="bounded" if missing and not runs else chosen.guarantee,
        seconds=seconds,
    )


Reading: TypeAlias = tuple[list[Estimate], tuple[Estimate, ...]]
"""For each amount the first reading, and the later one if any."""


def _curves(
    courses: Sequence[Courses],
    amounts: Sequence[float],
    is_read_twice: bool,
    network: LogicalNetwork,
    notable: float,
) -> tuple[PulseCurve, ...]:
    """Return the curves, from the averages over a time window, or else from the end.

    With two readings, they are at the first time point after 0 and at the end.
    """

    def read(quantities: Sequence[tuple[Band, Estimate | None]]) -> Reading:
        if is_read_twice:
            return [band[1] for band, _ in quantities], tuple(band[-1] for band, _ in quantities)
        return [average or band[-1] for band, average in quantities], ()

    curves = []
    for place, course in enumerate(courses[0].readouts):
        own = [c.readouts[place] for c in courses]
        values, late = read([(one.mean, one.average) for one in own])
        top = network[course.name].top
        verdict = verdict_on(values, amounts, notable * top)
        curves.append(PulseCurve(course.name, top, tuple(values), *verdict, late=late))
    for place, share in enumerate(courses[0].shares):
        values, late = read([(c.shares[place].band, c.shares[place].average) for c in courses])
        verdict = verdict_on(values, amounts, notable)
        curves.append(PulseCurve(share.name, 0, tuple(values), *verdict, share.counts, late))
    return tuple(curves)
