"""Courses: what a network does in time, with how sure each number is.

Components that are about to move do so at rates (`Rates`): a continuous-time Markov chain. Where
few states can be reached its course is solved exactly (`markov`); otherwise it is
estimated from many random runs (`regnet.engines.kernel`), and every number has a 95 % band
(`regnet.analysis.courses.estimate`).

This module is long because half of it says what each number of an answer means.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from regnet.analysis import Origin, Progress, silent
from regnet.analysis.courses.estimate import NORMAL, Band, Columns, Estimate, Tally, wilson
from regnet.analysis.courses.kinetics import Change, Rates, Setup, set_up
from regnet.engines import Deadline, OutOfTime
from regnet.errors import EngineError, NetworkError
from regnet.evidence import Phenotype
from regnet.logic import Expr
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario
from regnet.space import Space

if TYPE_CHECKING:
    import numpy as np

    from regnet.analysis.courses.markov import Chain

METHODS = {
    "auto": "exact where few states can be reached, else gillespie",
    "exact": "linear algebra over every state that can be reached",
    "gillespie": "independent random runs from event to event",
    "bit-parallel": "512 random runs at a time that share a clock; needs one rate for all",
}
"""How a course is found."""

MAX_STATES = 20_000
"""So many states are solved exactly when nobody says how many."""

SHARES = (0.25, 0.5, 0.75)
"""By when so many of the runs have arrived."""

MAX_ENDS = 20
"""So many states at the end are listed, the likeliest first."""

BATCHES = 64
"""Runs that share a clock are dealt into about so many batches, to see how they differ."""

POSSIBLE = 1e-9  # what is less likely may be an error of rounding

INTERRUPTED = "interrupted"

Map: TypeAlias = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
Array: TypeAlias = "np.ndarray[Any, Any]"


@dataclass(frozen=True, slots=True)
class Course:
    """One component in time.

    Parameters
    ----------
    name
        The component.
    levels
        How likely it is at each of its levels, from 0 to the highest.
    mean
        Its mean level.
    """

    name: str
    levels: tuple[Band, ...]
    mean: Band


@dataclass(frozen=True, slots=True)
class Share:
    """How likely the condition of a phenotype holds in time.

    The condition is asked of single states: whether the network rests there is not.
    """

    name: str
    condition: Expr
    band: Band


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a condition first holds.

    Parameters
    ----------
    condition
        The condition.
    arrived
        How likely it has held by each time point. What is left at the end is the censored share:
        runs in which it had not held when they were stopped.
    mean
        Mean time among runs in which it held before the end; None without any.
    quantiles
        For each of `SHARES` the time by which it has held in so many of all runs; None where that
        was not before the end, also for a bound that lies beyond it.
    ever
        How likely it ever holds, however late; exact answers only.
    mean_ever
        Mean time among all runs in which it ever holds; exact answers only.
    """

    condition: Expr
    arrived: Band
    mean: Estimate | None
    quantiles: tuple[tuple[float | None, float | None, float | None], ...]
    ever: float | None = None
    mean_ever: float | None = None

    @property
    def censored(self) -> Estimate:
        """The share of runs in which the condition had not held at the end."""
        end = self.arrived[-1]
        return Estimate(1 - end.value, 1 - end.high, 1 - end.low)


@dataclass(frozen=True, slots=True)
class End:
    """How likely the readouts are at these levels at the end, all together."""

    space: Space
    probability: Estimate


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where the readouts end up in the long run.

    Parameters
    ----------
    space
        Their levels, ranges where they keep changing; attractors that agree in them are one.
    rests
        Whether nothing changes there any more that the readouts and conditions depend on.
    probability
        How likely it is.
    """

    space: Space
    rests: bool
    probability: float


@dataclass(frozen=True)
class Courses:
    """What a network does in time.

    Parameters
    ----------
    origin
        What was asked; `Origin.why` also says what was assumed. The guarantee is ``"exact"`` or
        ``"sampled"``.
    times
        The time points, from 0 on in equal steps.
    readouts
        The components asked for, in the order of the network.
    shares
        The phenotypes.
    arrivals
        First times, in the order asked for.
    ends
        The likeliest states of the readouts at the end, at most `MAX_ENDS`.
    outcomes
        Where it ends up in the long run; exact answers only.
    rates, schedule, settle
        How fast, what was changed when, and how long the network ran before time 0.
    trajectories
        How many runs; 0 for an exact answer.
    design_effect
        How many times more runs are needed than independent ones for the same width of a band, at
        the worst of all points; 1 for independent runs. The bands have it in them.
    complete
        Whether all runs were made.
    missing
        What is missing, in one sentence.
    interrupted
        Whether a person stopped it.
    """

    origin: Origin
    times: tuple[float, ...]
    readouts: tuple[Course, ...]
    shares: tuple[Share, ...]
    arrivals: tuple[Arrival, ...]
    ends: tuple[End, ...]
    outcomes: tuple[Outcome, ...]
    rates: Rates
    schedule: tuple[Change, ...] = ()
    settle: float = 0.0
    trajectories: int = 0
    design_effect: float = 1.0
    complete: bool = True
    missing: str = ""
    interrupted: bool = False

    def __getitem__(self, name: str) -> Course:
        """Return the course of a readout; raise KeyError without one."""
        for course in self.readouts:
            if course.name == name:
                return course
        raise KeyError(name)


def simulate(
    network: LogicalNetwork,
    scenario: Scenario | None = None,
    *,
    rates: Rates | None = None,
    until: float = 20.0,
    points: int = 100,
    settle: float = 0.0,
    schedule: Iterable[Change] = (),
    phenotypes: Iterable[Phenotype] = (),
    first: Iterable[Expr] = (),
    readouts: Collection[str] = (),
    trajectories: int = 10_000,
    seed: int = 0,
    method: str = "auto",
    max_states: int = MAX_STATES,
    timeout: float | None = None,
    map: Map = map,
    progress: Progress = silent,
) -> Courses:
    """Return what a network does in time.

    The answer is exact where at most `max_states` states can be reached, else it is estimated from
    random runs. The same seed gives the same answer whatever `map` is.

    Parameters
    ----------
    network
        The network, unperturbed.
    scenario
        Perturbation and start. Components that the start leaves free begin at any of their levels,
        each equally likely.
    rates
        How fast components move; by default all at 1.
    until, points
        The end, and the number of equal steps in which it is looked at.
    settle
        How long the network runs before time 0, so that a schedule finds it where it settles.
    schedule
        What is changed when.
    phenotypes
        Conditions that are followed in time.
    first
        Conditions whose first time is wanted, counted from time 0.
    readouts
        Components that are followed; all by default. What none of these, no phenotype and no
        condition depends on is left out, which changes no number.
    trajectories
        How many random runs; bit-parallel ones are rounded up to whole blocks of 512.
    seed
        Of the random numbers.
    method
        A key of `METHODS`.
    max_states
        How many states may be reached for an exact answer.
    timeout
        Seconds; with the runs that were made by then it answers.
    map
        How runs are made: the built-in `map`, or one that uses several processes.
    progress
        Who is told how far it is.

    Raises
    ------
    RegnetError
        If something does not fit the network, or the method does not fit the question.

    Examples
    --------
    >>> from regnet.network import Component, Rule
    >>> decay = LogicalNetwork((Component("A", Rule.constant(0)),))
    >>> on = Scenario(start=Space({"A": 1}))
    >>> answer = simulate(decay, on, until=1, points=2)
    >>> answer.origin.guarantee, [round(p, 4) for p in answer["A"].levels[1].values]
    ('exact', [1.0, 0.6065, 0.3679])
    """
    began = time.perf_counter()
    scenario, rates = scenario or Scenario(), rates or Rates()
    _check(until, points, settle, trajectories, method, max_states)
    asked = _Question(
        network,
        tuple(n for n in network.names if n in readouts) if readouts else network.names,
        tuple(first),
        tuple(phenotypes),
        until,
        points,
    )
    for name in readouts:
        network[name]
    schedule = tuple(sorted(schedule, key=lambda change: change.time))
    setup = set_up(
        network,
        scenario,
        rates=rates,
        until=until,
        settle=settle,
        schedule=schedule,
        conditions=asked.conditions,
        readouts=asked.readouts,
    )
    chain = None
    if method in ("auto", "exact"):
        progress(None, "looking at what can be reached")
        chain = _chain(setup, asked, max_states, is_wanted=method == "exact")
    if chain is not None:
        found = _solved(chain, setup, asked, progress)
        why = f"{_states(chain.size)} reached, which linear algebra solves"
    else:
        together = method == "bit-parallel"
        if together and (first or not rates.is_uniform):
            raise EngineError(
                "bit-parallel runs need one rate for all components and time no first events: "
                "use gillespie"
            )
        found = _sampled(setup, asked, trajectories, seed, together, timeout, map, progress)
        why = f"{found.trajectories:,} random runs"
        if method == "auto":
            why += f": more than {max_states:,} states can be reached"
    origin = Origin.of(
        network,
        scenario,
        engine="markov" if chain is not None else "kernel",
        why=f"{why}; assumed: {_assumed(rates, setup)}",
        guarantee="exact" if chain is not None else "sampled",
        seconds=time.perf_counter() - began,
        seed=None if chain is not None else seed,
    )
    return Courses(
        origin,
        tuple(until * k / points for k in range(points + 1)),
        found.courses,
        found.shares,
        found.arrivals,
        found.ends,
        found.outcomes,
        rates,
        schedule,
        settle,
        found.trajectories,
        found.design_effect,
        not found.missing,
        found.missing,
        found.interrupted,
    )


def method_of(courses: Courses) -> str:
    """Return the key of `METHODS` with which the same question has the same answer."""
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


def _states(count: int) -> str:
    return "1 state is" if count == 1 else f"{count:,} states are"


def _assumed(rates: Rates, setup: Setup) -> str:
    free = any(high > low for _, low, high in setup.ladders)
    start = ", a free start that is equally likely everywhere" if free else ""
    return f"rates {rates}{start}"


# --- the question and its answer -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Question:
    network: LogicalNetwork
    readouts: tuple[str, ...]
    first: tuple[Expr, ...]
    phenotypes: tuple[Phenotype, ...]
    until: float
    points: int

    @property
    def conditions(self) -> tuple[Expr, ...]:
        """What is watched: first times come first."""
        return (*self.first, *(p.condition for p in self.phenotypes))

    def columns(self, setup: Setup) -> Columns:
        """Return how the answer's numbers follow from the variables."""
        groups = dict(zip(setup.encoding.names, setup.encoding.groups, strict=True))
        return Columns(setup.order, {name: groups[name] for name in self.readouts})

    def read(
        self, columns: Columns, values: Array, low: Array, high: Array
    ) -> tuple[tuple[Course, ...], tuple[Share, ...]]:
        """Return the numbers as courses and shares."""
        own, others = columns.bands(values, low, high)
        shares = zip(self.phenotypes, others[len(self.first) :], strict=True)
        return (
            tuple(Course(name, bands[:-1], bands[-1]) for name, bands in own.items()),
            tuple(Share(p.name, p.condition, band) for p, band in shares),
        )


@dataclass(frozen=True, slots=True)
class _Found:
    courses: tuple[Course, ...]
    shares: tuple[Share, ...]
    arrivals: tuple[Arrival, ...]
    ends: tuple[End, ...]
    outcomes: tuple[Outcome, ...] = ()
    trajectories: int = 0
    design_effect: float = 1.0
    missing: str = ""
    interrupted: bool = False


# --- exact -----------------------------------------------------------------------------------


def _chain(setup: Setup, asked: _Question, limit: int, *, is_wanted: bool) -> Chain | None:
    from regnet.analysis.courses.markov import Chain, TooManyStates

    try:
        chain = Chain(setup, asked.until, asked.points, limit)
    except TooManyStates:
        if is_wanted:
            raise EngineError(
                f"more than {limit:,} states can be reached, too many for an exact answer"
            ) from None
        return None
    return chain if is_wanted or chain.is_quick(len(asked.first)) else None


def _solved(chain: Chain, setup: Setup, asked: _Question, progress: Progress) -> _Found:
    progress(None, f"solving {chain.size:,} states")
    columns = asked.columns(setup)
    numbers = columns.of(chain.held(), 1.0)
    courses, shares = asked.read(columns, numbers, numbers, numbers)
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
    return _Found(
        courses,
        shares,
        tuple(_arrival(chain, i, condition) for i, condition in enumerate(asked.first)),
        tuple(End(space, Estimate(p, p, p)) for space, p in _ranked(ends)[:MAX_ENDS]),
        tuple(Outcome(*outcome, min(p, 1.0)) for outcome, p in _ranked(outcomes)),
    )


T = TypeVar("T")


def _ranked(chances: Mapping[T, float]) -> list[tuple[T, float]]:
    """Return what is possible, the likeliest first."""
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


# --- sampled ---------------------------------------------------------------------------------


def _sampled(
    setup: Setup,
    asked: _Question,
    trajectories: int,
    seed: int,
    together: bool,
    timeout: float | None,
    map: Map,
    progress: Progress,
) -> _Found:
    import numpy as np

    from regnet.engines import kernel

    progress(None, "compiling the network")
    columns = asked.columns(setup)
    programs = {
        id(e.network): kernel.compile_program(e.network, setup.order, e.observed, setup.rates)
        for e in {id(e.network): e for e in setup.episodes}.values()
    }
    plan = kernel.Plan(
        tuple(
            kernel.Stretch(
                e.begin,
                e.end,
                programs[id(e.network)],
                {v: value for v, value in e.set.items() if v in setup.rates},
            )
            for e in setup.episodes
        ),
        setup.ladders,
        asked.until,
        asked.points,
        len(asked.first),
        tuple(setup.order[i] for i in columns.kept),
    )
    way = kernel.TOGETHER if together else kernel.ONE_BY_ONE
    batches = _batches(trajectories, len(setup.order), kernel.LANES if together else 1)
    tally = Tally(columns)
    deadline = Deadline(timeout)
    wanted = sum(count for _, count in batches)
    stopped = ""
    try:
        for runs in map(partial(kernel.run, plan, way, seed), batches):
            tally.add(runs)
            progress(tally.count / wanted, f"{tally.count:,} of {wanted:,} runs")
            if tally.count < wanted:
                deadline.check()
    except KeyboardInterrupt:
        if not tally.batches:
            raise
        stopped = INTERRUPTED
    except OutOfTime:
        stopped = "the time was over"
    courses, shares = asked.read(columns, *tally.numbers(independent=not together))
    times = np.concatenate(tally.times)
    return _Found(
        courses,
        shares,
        tuple(_timed(c, times[:, i], asked) for i, c in enumerate(asked.first)),
        tuple(End(space, estimate) for space, estimate in tally.ends(MAX_ENDS)),
        (),
        tally.count,
        float(tally.effect),
        f"{stopped} after {tally.count:,} of {wanted:,} runs" if stopped else "",
        stopped == INTERRUPTED,
    )


def _batches(trajectories: int, variables: int, lanes: int) -> list[tuple[int, int]]:
    """Deal runs into batches: short ones, and equal ones where runs share a clock."""
    if lanes > 1:
        blocks = -(-trajectories // lanes)
        size = max(1, blocks // BATCHES) * lanes
        total = max(-(-trajectories // size), 2) * size
    else:
        size = max(16, min(1_000_000 // variables, -(-trajectories // 8)))
        total = trajectories
    return [(first, min(size, total - first)) for first in range(0, total, size)]


def _timed(condition: Expr, times: Array, asked: _Question) -> Arrival:
    """Return what the first times of all runs tell; those of runs without one are NaN."""
    import numpy as np

    count = len(times)
    seen = np.sort(times[~np.isnan(times)])
    points = np.linspace(0, asked.until, asked.points + 1)
    share = np.searchsorted(seen, points, side="right") / count
    low, high = wilson(share, np.full(len(share), float(count)), NORMAL)
    mean = None
    if len(seen):
        middle = float(seen.mean())
        error = asked.until  # one time alone says nothing about the others
        if len(seen) > 1:
            error = NORMAL * float(seen.std(ddof=1)) / math.sqrt(len(seen))
        mean = Estimate(middle, max(0.0, middle - error), min(middle + error, asked.until))

    def at(rank: float) -> float | None:
        place = max(0, math.ceil(rank) - 1)
        return float(seen[place]) if place < len(seen) else None

    quantiles = []
    for part in SHARES:
        error = NORMAL * math.sqrt(count * part * (1 - part))
        quantiles.append((at(count * part), at(count * part - error), at(count * part + error)))
    arrived = Band(tuple(share.tolist()), tuple(low.tolist()), tuple(high.tolist()))
    return Arrival(condition, arrived, mean, tuple(quantiles))
