"""Clock: first times, probabilities and mean levels of a network in one scenario.

If few states can be reached the numbers are exact and quickly recomputed for other rates
(`ExactClock`); otherwise they come from random runs and have bands (`SampledClock`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from regnet.analysis.simulate.estimate import Estimate
from regnet.analysis.simulate.kinetics import Setup, set_up
from regnet.deadline import Deadline, OutOfTime
from regnet.errors import EngineError, NetworkError
from regnet.evidence import When
from regnet.logic import Expr, describe, variables
from regnet.network import LogicalNetwork
from regnet.rates import Rate, RateLaw, Rates
from regnet.scenario import Scenario

if TYPE_CHECKING:
    from regnet.analysis.simulate.markov import Chain

MAX_STATES = 60_000
"""Maximum number of states solved exactly, which takes seconds without a time course."""

ALMOST = 0.999
"""Minimum probability of an event for a mean first time, over the runs in which it occurs."""

STEPS = 300
"""Number of grid steps on which a peak is searched for."""

FEW_RUNS = 1_000
"""Number of random runs for each of many sets of rates."""

PILOT = 400
"""Number of pilot runs that estimate how long a condition takes."""

DOUBLINGS = 9
"""Maximum number of doublings of the pilot time before a condition counts as possibly never
reached."""


@dataclass(frozen=True, slots=True)
class FirstTime:
    """The first time at which a condition holds, without an end.

    Parameters
    ----------
    outcome
        ``"always"`` if it occurs with probability of at least `ALMOST`, ``"never"``,
        ``"sometimes"``, or ``"unknown"`` if random runs do not show it.
    mean
        Mean time among the runs in which it occurs; None unless these are almost all. With a band
        if from random runs.
    ever
        Probability that it eventually occurs; None if random runs do not show it.
    """

    outcome: str
    mean: Estimate | None = None
    ever: Estimate | None = None


def first_words(first: FirstTime) -> str:
    """Return a mean first time as tables print it.

    >>> first_words(FirstTime("never")), first_words(FirstTime("always", Estimate(3.5, 3.5, 3.5)))
    ('never', '3.500')
    >>> first_words(FirstTime("sometimes", ever=Estimate(0.25, 0.25, 0.25)))
    'in 25 %'
    """
    if first.outcome == "sometimes" and first.ever is not None:
        return f"in {100 * first.ever.value:.3g} %"
    if first.mean is None:
        return "never" if first.outcome == "never" else "?"
    value, low, high = (f"{n:.3f}" for n in (first.mean.value, first.mean.low, first.mean.high))
    return value if first.mean.is_exact else f"{value} ({low}–{high})"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity: the probability of a condition, or the mean level of a component."""

    condition: Expr | None = None
    component: str = ""


class ExactClock:
    """Numbers from the Markov chain of all reachable states."""

    def __init__(
        self,
        chain: Chain,
        setup: Setup,
        conditions: tuple[Expr, ...],
        known: dict[tuple[Any, Expr], FirstTime] | None = None,
        key: Any = None,
        deadline: Deadline | None = None,
    ) -> None:
        self._chain, self._setup, self._conditions = chain, setup, conditions
        self._deadline = deadline or Deadline()
        self._known = {} if known is None else known  # shared by all scaled clocks
        self._key = key

    def scaled(self, factors: Mapping[str, float]) -> ExactClock:
        """Return the clock with the rates of components multiplied by positive factors."""
        encoding = self._setup.encoding
        by_variable = {
            v: factors[name]
            for name, group in zip(encoding.names, encoding.groups, strict=True)
            if name in factors
            for v in group
        }
        chain, key = self._chain.scaled(by_variable), tuple(factors.values())
        return ExactClock(chain, self._setup, self._conditions, self._known, key, self._deadline)

    def within(self, deadline: Deadline) -> ExactClock:
        """Return the same clock, which finds no further number after a deadline."""
        return ExactClock(
            self._chain, self._setup, self._conditions, self._known, self._key, deadline
        )

    def first(self, condition: Expr) -> FirstTime:
        """Return when a condition first holds."""
        known = self._known.get((self._key, condition))
        if known is None:
            known = self._known[self._key, condition] = self._timed(condition)
        return known

    def surely(self, condition: Expr) -> bool | None:
        """Return whether a condition eventually holds for all rates, or never; else None."""
        return self._chain.surely(self._place(condition))

    def meets(
        self, condition: Expr, other: ExactClock, otherwise: Expr
    ) -> tuple[bool, bool] | None:
        """Return whether a condition here can hold before another one there, and vice versa.

        Both networks are coupled by common clocks, one for each component and direction. Return
        None if undecided: starts are random, or there are too many pairs of states.
        """
        from regnet.analysis.simulate.coupling import order_of

        return order_of(
            (self._chain, self._setup, self._place(condition)),
            (other._chain, other._setup, other._place(otherwise)),
        )

    def _timed(self, condition: Expr) -> FirstTime:
        self._deadline.check()
        found = self._chain.first(self._place(condition))
        if found.ever == 0:
            return FirstTime("never", ever=_exactly(0.0))
        if found.ever >= ALMOST:
            return FirstTime("always", _exactly(found.mean), _exactly(found.ever))
        return FirstTime("sometimes", ever=_exactly(found.ever))

    def share(self, condition: Expr, share: float) -> float | None:
        """Return the time by which a condition holds in a fraction of the runs; None if never."""
        self._deadline.check()
        found = self._chain.quantile(self._place(condition), share)
        return None if math.isnan(found) else found

    def values(self, quantity: Quantity, times: Sequence[float]) -> list[Estimate]:
        """Return a quantity at ascending times; at infinity, its long-run average."""
        self._deadline.check()
        finite = [time for time in times if time < math.inf]
        rows = self._chain.at(finite) if finite else None
        if len(finite) < len(times):
            rows = self._chain.lasting()
        assert rows is not None
        if quantity.condition is not None:
            column = len(self._setup.order) + self._place(quantity.condition)
            return [_exactly(float(row[column])) for row in rows]
        own = self._columns(quantity.component)
        return [_exactly(float(row[own].sum())) for row in rows]

    def _columns(self, component: str) -> list[int]:
        encoding = self._setup.encoding
        group = encoding.groups[encoding.names.index(component)]
        return [self._setup.order.index(v) for v in group]

    def _place(self, condition: Expr) -> int:
        return self._conditions.index(condition)


class SampledClock:
    """Numbers from random runs, each with a 95 % band."""

    def __init__(
        self,
        network: LogicalNetwork,
        scenario: Scenario,
        rates: Rates,
        conditions: tuple[Expr, ...],
        components: tuple[str, ...],
        runs: int,
        seed: int,
        deadline: Deadline | None = None,
    ) -> None:
        self._deadline = deadline or Deadline()
        self._network, self._scenario, self._rates = network, scenario, rates
        self._conditions, self._components = conditions, components
        self.runs, self._seed = runs, seed
        self._firsts: dict[Expr, FirstTime] = {}
        self._courses: dict[tuple[float, int, int, Expr | None], Courses] = {}

    def scaled(self, factors: Mapping[str, float]) -> SampledClock:
        """Return the clock with the rates of components multiplied by positive factors."""
        rates = self._rates
        for name, factor in factors.items():
            up, down = (_scaled(rate, factor) for rate in rates.of(name))
            rates = rates.with_rate((up, down), name)
        return SampledClock(
            self._network, self._scenario, rates, self._conditions, self._components,
            min(self.runs, FEW_RUNS), self._seed, self._deadline,
        )  # fmt: skip

    def within(self, deadline: Deadline) -> SampledClock:
        """Return the same clock, which finds no further number after a deadline."""
        clock = copy(self)
        clock._deadline = deadline
        return clock

    def first(self, condition: Expr) -> FirstTime:
        """Return when a condition first holds."""
        if condition not in self._firsts:
            self._firsts[condition] = self._timed(condition)
        return self._firsts[condition]

    def _timed(self, condition: Expr) -> FirstTime:
        from regnet.analysis.reachability import find_reachable

        left = self._deadline.left()
        if find_reachable(self._network, self._scenario, condition, timeout=left).holds is False:
            return FirstTime("never", ever=_exactly(0.0))
        until = 20 * self._rates.longest_wait
        for _ in range(DOUBLINGS):
            arrival = self._simulated(until, 1, PILOT, condition).arrivals[0]
            if arrival.arrived[-1].value == 1:
                break
            until *= 2
        else:
            return FirstTime("unknown")
        arrival = self._simulated(2 * until, 1, self.runs, condition).arrivals[0]
        if arrival.arrived[-1].value < 1:  # a long tail: simulate longer
            arrival = self._simulated(32 * until, 1, self.runs, condition).arrivals[0]
        if arrival.arrived[-1].value < ALMOST or arrival.mean is None:
            return FirstTime("unknown")
        return FirstTime("always", arrival.mean, arrival.arrived[-1])

    def share(self, condition: Expr, share: float) -> float | None:
        """Return the time by which a condition holds in a fraction of the runs; None if never."""
        until = 20 * self._rates.longest_wait
        for _ in range(DOUBLINGS):
            arrived = self._simulated(until, 400, self.runs, condition).arrivals[0].arrived.values
            for k, part in enumerate(arrived):
                if part >= share:
                    return until * k / 400
            until *= 2
        return None

    def values(self, quantity: Quantity, times: Sequence[float]) -> list[Estimate]:
        """Return a quantity at ascending times, which are equal steps from 0 or a single one."""
        if times[-1] == math.inf:
            raise EngineError(
                f"more than {MAX_STATES:,} states can be reached, and random runs do not show the "
                "long run"
            )
        if not times[-1]:
            raise EngineError("random runs have no time point 0")
        steps = len(times) if times[0] else len(times) - 1
        found = self._simulated(times[-1], max(steps, 1), self.runs, quantity.condition)
        if quantity.condition is not None:
            band = found.shares[0].band
        else:
            band = found[quantity.component].mean
        places = range(1, steps + 1) if times[0] else range(steps + 1)
        return [band[k] for k in places]

    def _simulated(self, until: float, points: int, runs: int, condition: Expr | None) -> Courses:
        key = until, points, runs, condition
        if key not in self._courses:
            self._courses[key] = self._run(*key)
        return self._courses[key]

    def _run(self, until: float, points: int, runs: int, condition: Expr | None) -> Courses:
        from regnet.analysis.simulate import simulate
        from regnet.evidence import Phenotype

        found = simulate(
            self._network,
            self._scenario,
            rates=self._rates,
            until=until,
            points=points,
            readouts=self._components or self._network.names[:1],
            first=() if condition is None else (condition,),
            phenotypes=() if condition is None else (Phenotype("condition", condition),),
            trajectories=runs,
            seed=self._seed,
            method="gillespie",
            timeout=self._deadline.left(),
        )
        if found.interrupted:
            raise KeyboardInterrupt
        if found.missing:
            raise OutOfTime
        return found


if TYPE_CHECKING:
    from regnet.analysis.simulate.answer import Courses

Clock: TypeAlias = ExactClock | SampledClock


class _Unseen:
    """A deadline that a memo does not look at: all are alike."""

    def __init__(self, deadline: Deadline) -> None:
        self.deadline = deadline

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Unseen)

    def __hash__(self) -> int:
        return 0


def clock_of(
    network: LogicalNetwork,
    scenario: Scenario,
    rates: Rates,
    conditions: tuple[Expr, ...],
    components: tuple[str, ...],
    runs: int,
    seed: int,
    deadline: Deadline | None = None,
) -> Clock:
    """Return a clock for some conditions and components, exact if few states can be reached.

    Raises
    ------
    OutOfTime
        If the states could not be explored before the deadline; its methods raise it as well.
    NetworkError
        If the start leaves components free, so that times are undefined.
    EngineError
        If components are not updated one at a time.
    """
    deadline = deadline or Deadline()
    return _clock_of(
        network, scenario, rates, conditions, components, runs, seed, _Unseen(deadline)
    ).within(deadline)


@lru_cache(maxsize=64)
def _clock_of(
    network: LogicalNetwork,
    scenario: Scenario,
    rates: Rates,
    conditions: tuple[Expr, ...],
    components: tuple[str, ...],
    runs: int,
    seed: int,
    unseen: _Unseen,
) -> Clock:
    from regnet.analysis.simulate.markov import Chain, TooManyStates

    is_named = components or any(variables(condition) for condition in conditions)
    setup = set_up(
        network, scenario, rates=rates, until=1.0, settle=0.0, schedule=(), conditions=conditions,
        readouts=components if is_named else network.names[:1],
    )  # fmt: skip
    free = [name for name in scenario.open_components(network) if name in setup.components]
    if free:
        some = ", ".join(free[:5]) + (f" and {len(free) - 5} more" if len(free) > 5 else "")
        raise NetworkError(
            f"{scenario.title()} leaves open where {some} {'start' if len(free) > 1 else 'starts'}"
            ", so no time follows: give a start, with probabilities where it is drawn"
        )
    try:
        chain = Chain(setup, 1.0, 1, MAX_STATES, watch=unseen.deadline.check)
        return ExactClock(chain, setup, conditions)
    except TooManyStates:
        return SampledClock(network, scenario, rates, conditions, components, runs, seed)


def moment(when: When, other: Clock | None) -> float:
    """Return a time as a number: infinite for the long run.

    Raises
    ------
    EngineError
        If the event that it names is not that frequent in the scenario of the other clock.
    """
    if when.time is not None:
        return when.time
    if when.condition is None or other is None:
        return math.inf
    found = other.share(when.condition, when.share)
    if found is None:
        raise EngineError(
            f"there is no such time: {describe(when.condition)} is not reached by "
            f"{when.share:.0%} of the runs that it is compared with"
        )
    return found


def _scaled(rate: Rate, factor: float) -> Rate:
    if isinstance(rate, RateLaw):
        return RateLaw(tuple((when, own * factor) for when, own in rate.cases))
    return rate * factor


def _exactly(value: float) -> Estimate:
    return Estimate(value, value, value)
