"""Timing: what an experiment expects of time, held against first times, chances and mean levels.

Two scenarios are compared under the same rates. An exact comparison decides; one of random runs
decides only where its 95 % bands lie apart, and is too close to say otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from regnet.analysis.simulate import dynamics_of
from regnet.analysis.simulate.clock import (
    STEPS,
    Clock,
    ExactClock,
    FirstTime,
    Quantity,
    clock_of,
    moment,
)
from regnet.analysis.simulate.estimate import Estimate
from regnet.deadline import Deadline
from regnet.errors import EngineError
from regnet.evidence import Expectation
from regnet.logic import Expr, describe
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.rates import Rates
from regnet.scenario import Scenario

EQUAL = 1e-6
"""Exact times that differ by less than this share of each other are the same."""

ALIKE = 0.05
"""Times of random runs are the same if their bands overlap and they differ by less than this."""

LOOKS = 20
"""Number of time points at which two time courses are compared."""

NOTABLE = 0.01
"""By how much they have to differ at one of these times at least."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The rates used to evaluate expectations about time.

    Parameters
    ----------
    rates
        Transition rates.
    words
        Description of the rates, shown with verdicts.
    runs, seed
        Number of random runs, used if there are too many states, and their seed.
    until
        Time up to which peaks are searched for.
    """

    rates: Rates
    words: str
    runs: int
    seed: int
    until: float

    @property
    def digest(self) -> str:
        """What tells paces apart by which verdicts may differ or are worded otherwise."""
        return f"{self.rates.digest} {self.runs} {self.seed} {self.until!r} {self.words}"


def pace_of(project: Project, scenario: Scenario, rates: str = "") -> Pace:
    """Return the rates with which an experiment in a scenario is judged.

    `rates` is the name of a rate set, or ``"uniform"``; by default that of the scenario, or else
    the first one of the model.
    """
    found = dynamics_of(project, Scenario("", rates=scenario.rates), rates=rates)
    return Pace(found.rates, found.rates_words, found.runs, found.seed, found.until)


@dataclass(frozen=True, slots=True)
class Measured:
    """A number that decides a verdict: a mean time, a probability or a mean level.

    Parameters
    ----------
    what
        What it is, such as ``"Mass:2 first"``.
    where
        The scenario, if other than that of the experiment.
    value, low, high
        The number with its 95 % band, of no width if exact; all None for a mean first time of an
        event that does not always occur.
    """

    what: str
    where: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """The verdict on an expectation about time.

    Parameters
    ----------
    holds
        None if undecided.
    argument
        The numbers, in a sentence.
    numbers
        The numbers.
    """

    holds: bool | None
    argument: str
    numbers: tuple[Measured, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """What holds of an expectation for all positive rates.

    Parameters
    ----------
    holds
        Whether it holds, or fails.
    by
        The argument: ``"structure"``, from which states follow each other in each scenario alone,
        or ``"coupling"``, from two scenarios that run by the same clocks, one never behind the
        other (`regnet.analysis.simulate.coupling`).
    """

    holds: bool
    by: str


class Trial:
    """An expectation about time in its scenario, which can be evaluated for various rates.

    Parameters
    ----------
    network
        The network.
    scenario
        The scenario of the experiment, with its start.
    other
        The scenario it is compared with, likewise; None if there is none.
    expectation
        The expectation.
    pace
        The rates.
    deadline
        No number is found after it.

    Raises
    ------
    RegnetError
        If times are undefined for the start.
    OutOfTime
        If it cannot be told before the deadline; so does `judge`.
    """

    def __init__(
        self,
        network: LogicalNetwork,
        scenario: Scenario,
        other: Scenario | None,
        expectation: Expectation,
        pace: Pace,
        deadline: Deadline | None = None,
    ) -> None:
        self.expectation, self.pace = expectation, pace
        conditions = tuple(dict.fromkeys(expectation.conditions))

        def clock(where: Scenario) -> Clock:
            return clock_of(network, where, pace.rates, conditions, expectation.components,
                            pace.runs, pace.seed, deadline)  # fmt: skip

        self.here = clock(scenario)
        self.there = None if other is None else clock(other)

    @property
    def is_exact(self) -> bool:
        """Whether all its numbers are exact."""
        return isinstance(self.here, ExactClock) and isinstance(self.there, ExactClock | type(None))

    def judge(self, factors: Mapping[str, float] | None = None) -> Ruling:
        """Return what becomes of the expectation, with rates multiplied by `factors` if given."""
        here, there = self.here, self.there
        if factors is not None:
            here = here.scaled(factors)
            there = there and there.scaled(factors)
        try:
            return _JUDGES[self.expectation.kind](self, here, there)
        except EngineError as error:
            return Ruling(None, str(error))

    def proof(self) -> Proof | None:
        """Return what is proved for all positive rates, and by which argument; None if nothing.

        Only from which states there are and how they follow each other: something never comes, or
        comes for certain, or one course is never behind the other.
        """
        here = self.here
        there = self.there or here
        if not isinstance(here, ExactClock) or not isinstance(there, ExactClock):
            return None
        holds = self._by_certainty(here, there)
        if holds is not None:
            return Proof(holds, "structure")
        holds = self._by_order(here, there)
        # In one scenario the order of states tells it; two need common clocks.
        return (
            None
            if holds is None
            else Proof(holds, "structure" if self.there is None else "coupling")
        )

    def _by_certainty(self, here: ExactClock, there: ExactClock) -> bool | None:
        """Return what follows where something never comes, or comes for certain."""
        x = self.expectation
        if x.kind == "probability" and x.at is None and x.condition is not None:
            surely = here.surely(x.condition)
            return None if surely is None else _within(_sure(surely), x.above, x.below)
        if x.kind == "first time" and x.condition is not None:
            return x.below is None if here.surely(x.condition) is False else None
        if x.kind not in _ORDERED or x.condition is None:
            return None
        one, two = here.surely(x.condition), there.surely(x.before or x.condition)
        if one is False and two is False:
            return x.kind == "same"
        if {one, two} == {True, False}:
            return {"later": two is True, "same": False}.get(x.kind, one is True)
        return None

    def _by_order(self, here: ExactClock, there: ExactClock) -> bool | None:
        """Return what follows where both events come for certain, and one is never behind."""
        x = self.expectation
        if x.kind not in _ORDERED or x.condition is None or self.pace.rates.laws:
            return None
        other = x.before or x.condition
        if not here.surely(x.condition) or not there.surely(other):
            return None
        order = here.meets(x.condition, there, other)
        if order is None:
            return None
        is_first, is_second = order
        if x.kind == "same":
            return None if is_first and is_second else not is_first and not is_second
        if x.kind == "later":
            is_first, is_second = is_second, is_first
        if not is_first:
            return False  # never before the other: no sooner
        return True if not is_second and not x.by else None

    # --- kinds -------------------------------------------------------------------------------

    def _first_times(self, here: Clock, there: Clock | None) -> Ruling:
        """Judge sooner, later, same and first."""
        x = self.expectation
        assert x.condition is not None
        other = x.condition if x.before is None else x.before
        one, two = here.first(x.condition), (there or here).first(other)
        where = x.than.label if x.than is not None else ""
        kind = "sooner" if x.kind == "first" else x.kind
        holds, why = _compared(one, two, kind, x.by)
        rest = f"in {where}" if where else describe(other)
        words = f"{describe(x.condition)} first holds {_when_words(one)}, {rest} {_when_words(two)}"
        numbers = (_measured(one, x.condition), _measured(two, other, where))
        return Ruling(holds, _with(why, words), numbers)

    def _bounded_time(self, here: Clock, _: Clock | None) -> Ruling:
        x = self.expectation
        assert x.condition is not None
        found = here.first(x.condition)
        words = f"{describe(x.condition)} first holds {_when_words(found)}"
        numbers = (_measured(found, x.condition),)
        if found.outcome == "unknown":
            return Ruling(None, words, numbers)
        if found.mean is None:  # the mean is infinite: above all bounds
            return Ruling(x.below is None, words, numbers)
        holds = _within(found.mean, x.above, x.below)
        return Ruling(holds, _with(_close(holds), words), numbers)

    def _probability(self, here: Clock, _: Clock | None) -> Ruling:
        x = self.expectation
        assert x.condition is not None
        name = describe(x.condition)
        if x.at is None:
            ever = here.first(x.condition).ever
            if ever is None:
                return Ruling(None, f"random runs do not show how likely {name} ever holds")
            value, when = ever, "ever holds"
        else:
            (value,) = here.values(Quantity(x.condition), [moment(x.at, None)])
            when = "holds in the long run" if x.at.is_long_run else f"holds at {x.at}"
        holds = _within(value, x.above, x.below)
        words = f"{name} {when} with probability {told(value)}"
        numbers = (Measured(f"probability of {name}", "", value.value, value.low, value.high),)
        return Ruling(holds, _with(_close(holds), words), numbers)

    def _levels(self, here: Clock, there: Clock | None) -> Ruling:
        """Judge higher and lower."""
        x = self.expectation
        assert there is not None
        assert x.than is not None
        quantity = Quantity(x.condition, "" if x.condition is not None else x.component)
        name = f"the probability of {x.about}" if x.condition is not None else f"mean {x.about}"
        sign = 1 if x.kind == "higher" else -1
        if x.at is not None:
            time = moment(x.at, there)
            (one,), (two,) = here.values(quantity, [time]), there.values(quantity, [time])
            low, high = _gap(one, two, sign, x.by)
            holds = low > EQUAL if low > EQUAL or high <= EQUAL else None
            when = "in the long run" if time == math.inf else f"at {time:.4g}"
            words = f"{name} is {told(one)} {when}, in {x.than.label} {told(two)}"
            numbers = (
                Measured(name, "", one.value, one.low, one.high),
                Measured(name, x.than.label, two.value, two.low, two.high),
            )
            return Ruling(holds, _with(_close(holds), words), numbers)
        assert x.until is not None
        time = moment(x.until, there)
        times = [time * k / LOOKS for k in range(1, LOOKS + 1)]
        pairs = list(zip(here.values(quantity, times), there.values(quantity, times), strict=True))
        gaps = [_gap(one, two, sign, x.by) for one, two in pairs]
        if any(high < -EQUAL for _, high in gaps) or all(high < NOTABLE for _, high in gaps):
            holds = False
        elif all(low > -EQUAL for low, _ in gaps) and any(low >= NOTABLE for low, _ in gaps):
            holds = True
        else:
            holds = None
        least, most = (f(a.value - b.value for a, b in pairs) for f in (min, max))
        words = (
            f"up to {time:.4g} {name} differs from that in {x.than.label} by "
            f"{least:+.3f} to {most:+.3f}"
        )
        numbers = (
            Measured(f"least difference of {name}", "", least, least, least),
            Measured(f"largest difference of {name}", "", most, most, most),
        )
        return Ruling(holds, _with(_close(holds), words), numbers)

    def _peaks(self, here: Clock, _: Clock | None) -> Ruling:
        x, until = self.expectation, self.pace.until
        times = [until * k / STEPS for k in range(STEPS + 1)]
        peaks = []
        for name in (x.component, x.rival):
            values = [value.value for value in here.values(Quantity(component=name), times)]
            top = max(values)
            # Values equal up to rounding count as equal: the first of such times.
            peaks.append(next(k for k, value in enumerate(values) if value >= top - 1e-9))
        one, two = (times[k] for k in peaks)
        apart = peaks[1] - peaks[0]
        step = until / STEPS
        words = (
            f"mean {x.component} peaks at {one:.3f}, mean {x.rival} at {two:.3f}, in steps of "
            f"{step:.3g} up to {until:g}"
        )
        late = [n for n, k in zip((x.component, x.rival), peaks, strict=True) if k == STEPS]
        holds: bool | None = apart > 0
        why = ""
        if late:
            holds, why = None, f"no peak before the end: {', '.join(late)}"
        elif abs(apart) < 2:
            holds, why = None, "too close to say"
        numbers = (
            Measured(f"peak of {x.component}", "", one, one - step, one + step),
            Measured(f"peak of {x.rival}", "", two, two - step, two + step),
        )
        return Ruling(holds, _with(why, words), numbers)


_ORDERED = ("sooner", "later", "same", "first")
"""Kinds of expectations that compare two first times."""

_JUDGES: dict[str, Callable[[Trial, Clock, Clock | None], Ruling]] = {
    **dict.fromkeys(_ORDERED, Trial._first_times),
    "higher": Trial._levels,
    "lower": Trial._levels,
    "first time": Trial._bounded_time,
    "probability": Trial._probability,
    "peak": Trial._peaks,
}


def _sure(is_sure: bool) -> Estimate:
    value = float(is_sure)
    return Estimate(value, value, value)


def _compared(one: FirstTime, two: FirstTime, kind: str, by: float) -> tuple[bool | None, str]:
    """Return whether a first time is sooner, later or the same, and what there is to say."""
    if "unknown" in (one.outcome, two.outcome):
        return None, "random runs cannot show whether it always comes"
    if kind == "later":
        one, two = two, one  # the other one is sooner: by this fraction of the sooner one
    if one.mean is None and two.mean is None:
        if one.outcome == two.outcome == "never":
            return kind == "same", ""
        return None, "neither always comes, so there are no mean times: compare probabilities"
    if one.mean is None or two.mean is None:
        return kind != "same" and two.mean is None, ""
    a, b = one.mean, two.mean
    is_exact = a.low == a.high and b.low == b.high
    if kind == "same":
        size = max(abs(a.value), abs(b.value))
        if is_exact:
            return abs(a.value - b.value) <= EQUAL * size, ""
        if a.high < b.low or b.high < a.low:
            return False, ""
        alike = abs(a.value - b.value) <= ALIKE * size
        return (True, f"as far as random runs show, within {ALIKE:.0%}") if alike else (
            None, "too close to say",
        )  # fmt: skip
    # "sooner by 10 %" is a share of the other; "later by 10 %" one of the other, which is sooner.
    scale = (1.0, 1 - by) if kind == "sooner" else (1 + by, 1.0)
    low, high = a.low * scale[0], a.high * scale[0]
    if is_exact:
        least = EQUAL * max(abs(high), abs(b.value)) if not by else 0.0
        return high < b.value * scale[1] - least, ""
    if high < b.low * scale[1]:
        return True, ""
    return (False, "") if low > b.high * scale[1] else (None, "too close to say")


def _gap(one: Estimate, two: Estimate, sign: int, by: float) -> tuple[float, float]:
    """Return the bounds of the relative difference of two numbers."""
    scale = 1 + sign * by
    if sign > 0:
        return one.low - two.high * scale, one.high - two.low * scale
    return two.low * scale - one.high, two.high * scale - one.low


def _within(value: Estimate, above: float | None, below: float | None) -> bool | None:
    """Return whether a number lies within bounds; None if its band does not decide."""
    low = -math.inf if above is None else above
    high = math.inf if below is None else below
    if low < value.low and value.high < high:
        return True
    outside = value.high <= low or value.low >= high
    return False if outside or value.low == value.high else None


def _close(holds: bool | None) -> str:
    return "too close to say" if holds is None else ""


def _with(why: str, words: str) -> str:
    return f"{why}: {words}" if why else words


def _measured(first: FirstTime, condition: Expr, where: str = "") -> Measured:
    what = f"{describe(condition)} first"
    if first.mean is None:
        return Measured(what, where)
    return Measured(what, where, first.mean.value, first.mean.low, first.mean.high)


def _when_words(first: FirstTime) -> str:
    match first.outcome:
        case "always":
            assert first.mean is not None
            assert first.ever is not None
            left = 1 - first.ever.value
            but = f" (in all runs but {left:.2g} of them)" if left > 1e-9 else ""
            return f"after {told(first.mean)} on average{but}"
        case "sometimes":
            assert first.ever is not None
            return f"in a fraction of {told(first.ever)} of the runs only"
        case "never":
            return "never"
    return "not in all random runs, however long"


def told(estimate: Estimate) -> str:
    """Return a number with its band, or alone if it is exact.

    >>> told(Estimate(8.9364, 8.9364, 8.9364)), told(Estimate(5.88, 5.81, 5.95))
    ('8.936', '5.880 (5.810–5.950)')
    """
    value, low, high = (f"{n:.3f}" for n in (estimate.value, estimate.low, estimate.high))
    return value if estimate.low == estimate.high else f"{value} ({low}–{high})"
