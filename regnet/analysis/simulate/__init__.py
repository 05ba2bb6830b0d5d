"""Time courses of a network, with the confidence of each number.

Components change at rates (`Rates`): a continuous-time Markov chain. If few states can be reached
it is solved exactly (`markov`); otherwise it is estimated from many random runs
(`regnet.engines.kernel`), and every number has a 95 % band (`regnet.analysis.simulate.estimate`).
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from regnet.analysis import Origin, Progress, asks, silent
from regnet.analysis.batch import Map
from regnet.analysis.simulate.answer import (
    BANDS,
    COUNTS,
    MEASURES,
    SHARES,
    Arrival,
    Course,
    Courses,
    End,
    Outcome,
    Share,
    counted_words,
)
from regnet.analysis.simulate.dynamics import (
    READERS,
    RUNS,
    UNTIL,
    Dynamics,
    dynamics_of,
    usual_courses,
)
from regnet.analysis.simulate.exact import chain_of, solved
from regnet.analysis.simulate.kinetics import Change, Setup, set_up
from regnet.analysis.simulate.question import Question
from regnet.analysis.simulate.runs import sampled
from regnet.deadline import Deadline
from regnet.errors import EngineError, NetworkError
from regnet.evidence import Phenotype
from regnet.logic import Expr
from regnet.network import LogicalNetwork
from regnet.rates import RateLaw, Rates
from regnet.scenario import Scenario

__all__ = [
    "BANDS", "COUNTS", "MAX_STATES", "MEASURES", "METHODS", "SHARES", "Arrival", "Course",
    "Courses", "Dynamics", "End", "Outcome", "Share", "counted_words", "dynamics_of", "method_of",
    "simulate",
]  # fmt: skip

METHODS = {
    "auto": "exact if few states can be reached, else gillespie",
    "exact": "linear algebra over all reachable states",
    "gillespie": "independent random runs from event to event",
    "bit-parallel": "512 random runs at a time that share a clock, 65,536 at least; needs one rate "
    "for all",
}
"""The methods for time courses."""

MAX_STATES = 20_000
"""Default maximum number of reachable states for an exact solution."""


@asks("simulate", readers=READERS, usual=usual_courses)
def simulate(
    network: LogicalNetwork,
    scenario: Scenario | None = None,
    *,
    rates: Rates | None = None,
    until: float = UNTIL,
    points: int = 100,
    settle: float = 0.0,
    schedule: Iterable[Change] = (),
    phenotypes: Iterable[Phenotype] = (),
    first: Iterable[Expr] = (),
    readouts: Collection[str] = (),
    trajectories: int = RUNS,
    seed: int = 0,
    method: str = "auto",
    max_states: int = MAX_STATES,
    timeout: float | None = None,
    window: float = 0.0,
    basis: Collection[str] = (),
    unit: str = "",
    map: Map = map,
    progress: Progress = silent,
) -> Courses:
    """Return the time course of a network.

    The answer is exact if at most `max_states` states can be reached, else it is estimated from
    random runs. The same seed gives the same answer for any `map`.

    Parameters
    ----------
    network
        The network, unperturbed.
    scenario
        Perturbation and start. Components that the start leaves free begin at each of their levels
        with equal probability.
    rates
        Transition rates; by default all 1.
    until, points
        The end, and the number of equal time steps.
    settle
        Equilibration time before time 0.
    schedule
        Scheduled changes.
    phenotypes
        Phenotypes followed in time. One that requires a kind of attractor counts if the whole
        network has settled in one (`COUNTS`); random runs show that for fixed points only.
    first
        Conditions whose first-passage times are computed, from time 0.
    readouts
        Components followed; all by default. Components upstream of none of these, no phenotype and
        no condition are left out, which changes no number, unless a phenotype asks whether the
        network has settled.
    trajectories
        Number of random runs; bit-parallel ones are rounded up to whole blocks of 512, of which at
        least 128 are needed for bands.
    seed
        Random seed.
    method
        A key of `METHODS`.
    max_states
        Maximum number of reachable states for an exact answer.
    timeout
        Time limit in seconds; the answer uses the runs made by then.
    window
        Length of the time window before the end over which averages are computed; 0 for none.
    basis
        Which of these options were taken from a model, in words, as returned by `dynamics_of`;
        recorded in the answer.
    unit
        Unit of time, such as ``day``; empty where it has none.
    map
        The function that makes runs: the built-in `map`, or a parallel one.
    progress
        Progress callback.

    Raises
    ------
    RegnetError
        If something does not fit the network, or the method does not fit the question.

    Examples
    --------
    >>> from regnet.network import Component, Rule
    >>> from regnet.space import Space
    >>> decay = LogicalNetwork((Component("A", Rule.constant(0)),))
    >>> on = Scenario(start=Space({"A": 1}))
    >>> answer = simulate(decay, on, until=1, points=2)
    >>> answer.origin.guarantee, [round(p, 4) for p in answer["A"].levels[1].values]
    ('exact', [1.0, 0.6065, 0.3679])
    """
    began, deadline = time.perf_counter(), Deadline(timeout)
    scenario, rates = scenario or Scenario(), rates or Rates()
    _check(until, points, settle, trajectories, method, max_states)
    if not 0 <= window <= until:
        raise NetworkError(f"courses are averaged over a window between 0 and {until:g} long")
    asked = Question(
        network,
        tuple(n for n in network.names if n in readouts) if readouts else network.names,
        tuple(first),
        tuple(phenotypes),
        until,
        points,
        window,
    )
    for name in readouts:
        network[name]
    schedule = tuple(sorted(schedule, key=lambda change: change.time))

    def plan(asked: Question) -> Setup:
        return set_up(
            network,
            scenario,
            rates=rates,
            until=until,
            settle=settle,
            schedule=schedule,
            conditions=asked.conditions,
            readouts=asked.readouts,
            whole=bool(asked.attracted),
        )

    setup = plan(asked)
    undecided: tuple[str, ...] = ()
    chain, why_not = None, ""
    if method in ("auto", "exact"):
        progress(None, "exploring the reachable states")
        chain, why_not = chain_of(setup, asked, max_states, deadline, is_wanted=method == "exact")
    if chain is not None:
        found = solved(chain, setup, asked, progress)
        why = f"{_states(chain.size)} reached, which linear algebra solves"
    else:
        together = method == "bit-parallel"
        if together:
            _check_together(setup, asked, rates)
        undecided = tuple(p.name for p in asked.phenotypes if not p.fits("fixed point"))
        if undecided:
            decided = (p for p in asked.phenotypes if p.name not in undecided)
            asked = replace(asked, phenotypes=tuple(decided))
            setup = plan(asked)
        found = sampled(setup, asked, trajectories, seed, together, deadline, map, progress)
        why = f"{found.trajectories:,} random runs"
        if why_not:
            why += f": {why_not}"
    courses, shares = found.courses, found.shares
    if window and chain is None:
        courses, shares = asked.averaged_over_points(courses, shares)
    origin = Origin.of(
        network,
        scenario,
        engine="markov" if chain is not None else "kernel",
        why="; ".join(
            (why, *basis, *_assumed(network, scenario, setup, () if basis else (rates,)))
        ),
        guarantee="exact" if chain is not None else "sampled",
        seconds=time.perf_counter() - began,
        seed=None if chain is not None else seed,
    )
    return Courses(
        origin=origin,
        times=tuple(until * k / points for k in range(points + 1)),
        readouts=courses,
        shares=shares,
        arrivals=found.arrivals,
        ends=found.ends,
        outcomes=found.outcomes,
        rates=rates,
        schedule=schedule,
        settle=settle,
        trajectories=found.trajectories,
        design_effect=found.design_effect,
        missing=found.missing,
        interrupted=found.interrupted,
        undecided=undecided,
        basis=tuple(basis),
        unit=unit,
    )


def method_of(courses: Courses) -> str:
    """Return the key of `METHODS` that gives the same answer to the same question."""
    if courses.origin.guarantee == "exact":
        return "exact"
    return "bit-parallel" if courses.design_effect > 1 else "gillespie"


def _check(
    until: float, points: int, settle: float, trajectories: int, method: str, max_states: int
) -> None:
    if method not in METHODS:
        raise NetworkError(f"there is no method {method!r}: choose {', '.join(METHODS)}")
    if not 0 < until < math.inf or not 0 <= settle < math.inf:
        raise NetworkError("a time course needs an end above 0, and a finite time to settle")
    if points < 1 or trajectories < 1 or max_states < 1:
        raise NetworkError("a time course needs at least one step, one run and one state")


def _check_together(setup: Setup, asked: Question, rates: Rates) -> None:
    """Raise EngineError, with the reason, if runs that share a clock cannot answer the question."""
    if asked.first:
        raise EngineError("bit-parallel runs time no first events: use gillespie")
    counts = Counter(rate for name in setup.components for rate in rates.of(name))
    common = max(counts, key=lambda rate: counts[rate], default=rates.default)
    own = [
        name
        for name in setup.components
        if set(rates.of(name)) != {common} or isinstance(common, RateLaw)
    ]
    if own:
        told = ", ".join(own[:5]) + (f" and {len(own) - 5} more" if len(own) > 5 else "")
        raise EngineError(
            f"bit-parallel runs need one rate for all components, but {told} "
            f"{'has' if len(own) == 1 else 'have'} another: use gillespie"
        )


def _states(count: int) -> str:
    return "1 state is" if count == 1 else f"{count:,} states are"


def _assumed(
    network: LogicalNetwork, scenario: Scenario, setup: Setup, rates: Sequence[Rates]
) -> tuple[str, ...]:
    """Return the assumptions as a clause: default rates, and a free start."""
    assumed = [f"rates {_words(own)}" for own in rates]
    start, clamps = scenario.start_of(network), scenario.perturbation.clamps
    drawn = {name for group in start.drawn for name in group.components}
    free = (start.get(n, clamps.get(n, (0, 1))) for n in setup.components if n not in drawn)
    if any(high > low for low, high in free):
        assumed.append("a free start that is equally likely everywhere")
    return (f"assumed: {', '.join(assumed)}",) if assumed else ()


def _words(rates: Rates) -> str:
    """Return rates in words; of many only their number."""
    text = str(rates)
    count = len(rates.own)
    return text if len(text) < 200 else f"of their own for {count}, others at {rates.default:g}"
