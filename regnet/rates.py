"""Rates: how fast components move, named sets of them, and what rests on what.

A component at rate r that is about to move waits 1 / r on average before it moves by one level; if
its target moves back in the meantime it does not move. Rates never decide where a component is
heading, its rule does: so they change when attractors are reached, and which, but not what they
are (unless a rate is 0).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias

from regnet.brief import brief
from regnet.errors import NetworkError, ParseError
from regnet.logic import FALSE, TRUE, Const, Expr, Var, describe, evaluate, substitute
from regnet.network import LogicalNetwork

RATE_KINDS = ("paper", "author finding", "textbook", "measured", "calibrated", "assumption")
"""Kinds of sources of a rate."""


@dataclass(frozen=True, slots=True)
class RateLaw:
    """A rate that depends on the state: the first case that holds decides, else it is 0.

    Parameters
    ----------
    cases
        Pairs of a condition and the rate that it leads to.

    Examples
    --------
    >>> from regnet.logic import parse
    >>> law = RateLaw(((parse("A & !B"), 5), (parse("A"), 0.5)))
    >>> print(law, "-", law.value({"A": 1, "B": 1}), law.value({"A": 0, "B": 0}))
    5 if A & !B, 0.5 if A, else 0 - 0.5 0.0
    """

    cases: tuple[tuple[Expr, float], ...]

    __repr__ = brief

    def __post_init__(self) -> None:
        for _, rate in self.cases:
            _check(rate)

    def value(self, state: Mapping[str, int]) -> float:
        """Return the rate in a state."""
        return next((float(rate) for when, rate in self.cases if evaluate(when, state)), 0.0)

    def mapped(self, swap: Callable[[Var], Expr]) -> Rate:
        """Return the rate with every threshold replaced; a number where only one is left."""
        return simplified((substitute(when, swap), rate) for when, rate in self.cases)

    def __str__(self) -> str:
        cases = self.cases
        last = cases[-1] if cases else (FALSE, 0.0)
        if last[0] == TRUE:
            cases, otherwise = cases[:-1], last[1]
        else:
            otherwise = 0.0
        parts = [f"{rate:g} if {describe(when)}" for when, rate in cases]
        return ", ".join([*parts, f"else {otherwise:g}"])


Rate: TypeAlias = float | RateLaw
"""A number, or a number that depends on the state."""


def simplified(cases: Iterable[tuple[Expr, float]]) -> Rate:
    """Return cases as a rate, without those that are never reached; one value is a number."""
    kept: list[tuple[Expr, float]] = []
    for when, rate in cases:
        if not isinstance(when, Const):
            kept.append((when, rate))
        elif when.value:
            kept.append((TRUE, rate))
            break
    while kept and kept[-1][1] == 0:
        kept.pop()  # nothing is 0 as well
    if not kept:
        return 0.0
    if kept[0][0] == TRUE:
        return kept[0][1]
    return RateLaw(tuple(kept))


@dataclass(frozen=True)
class Rates:
    """Transition rates: how often a component that is about to move does so, per unit of time.

    A component at rate r waits 1 / r on average before it moves by one level; if its target moves
    back in the meantime it does not move. The unit of time is that of the rates.

    Parameters
    ----------
    default
        Rate of every component that is not named.
    own
        ``(component, up, down)``: rates of increase and of decrease, each a number or a `RateLaw`;
        0 means never.

    Raises
    ------
    NetworkError
        If a rate is negative or not finite.

    Examples
    --------
    >>> print(Rates().with_rate(10, "LIF", "STAT3").with_rate((0.2, 1), "Mass"))
    LIF STAT3 at 10, Mass at 0.2 up and 1 down, others at 1
    """

    default: float = 1.0
    own: tuple[tuple[str, Rate, Rate], ...] = ()

    __repr__ = brief

    def __post_init__(self) -> None:
        _check(self.default)
        for _, *both in self.own:
            for rate in both:
                if not isinstance(rate, RateLaw):
                    _check(rate)

    def __getstate__(self) -> dict[str, object]:
        return {"default": self.default, "own": self.own}

    def with_rate(self, rate: Rate | tuple[Rate, Rate], *components: str) -> Rates:
        """Return these rates with one rate, or one up and one down, for a class of components."""
        up, down = rate if isinstance(rate, tuple) else (rate, rate)
        kept = tuple(entry for entry in self.own if entry[0] not in components)
        return replace(self, own=(*kept, *((name, up, down) for name in components)))

    def over(self, other: Rates) -> Rates:
        """Return the rates of `other` with the components that are named here put over them."""
        named = {name for name, *_ in self.own}
        return replace(
            other, own=(*(entry for entry in other.own if entry[0] not in named), *self.own)
        )

    @cached_property
    def _by_name(self) -> dict[str, tuple[Rate, Rate]]:
        return {name: (up, down) for name, up, down in self.own}

    def of(self, name: str) -> tuple[Rate, Rate]:
        """Return how fast a component rises and falls."""
        return self._by_name.get(name, (self.default, self.default))

    @property
    def is_uniform(self) -> bool:
        """Whether everything moves at one rate."""
        return all(up == down == self.default for _, up, down in self.own)

    @property
    def longest_wait(self) -> float:
        """The mean waiting time at the slowest rate that is a number above 0, else 1."""
        found = [self.default, *(rate for _, *both in self.own for rate in both)]
        numbers = [rate for rate in found if isinstance(rate, (int, float)) and rate > 0]
        return 1 / min(numbers) if numbers else 1.0

    @property
    def laws(self) -> tuple[str, ...]:
        """The components that have a rate which depends on the state."""
        return tuple(
            name for name, *both in self.own if any(isinstance(rate, RateLaw) for rate in both)
        )

    def check(self, network: LogicalNetwork) -> None:
        """Raise if the rates name a component or a level that the network does not have."""
        for name, *both in self.own:
            network[name]
            for rate in both:
                for when, _ in rate.cases if isinstance(rate, RateLaw) else ():
                    network.check(when)

    def mapped(self, target: str, swap: Callable[[Var], Expr]) -> Rates:
        """Return the rates with the thresholds in those of one component replaced."""
        return replace(
            self,
            own=tuple(
                (name, *_mapped((up, down), swap)) if name == target else (name, up, down)
                for name, up, down in self.own
            ),
        )

    def renamed(self, old: str, new: str) -> Rates:
        """Return the rates with one component renamed."""
        swap = _renaming(old, new)
        return replace(
            self,
            own=tuple(
                (new if name == old else name, *_mapped((up, down), swap))
                for name, up, down in self.own
            ),
        )

    def without(self, *names: str) -> Rates:
        """Return the rates for a network from which some components were deleted.

        Conditions see them at level 0, as rules do.
        """
        swap = _deleting(names)
        return replace(
            self,
            own=tuple(
                (name, *_mapped((up, down), swap))
                for name, up, down in self.own
                if name not in names
            ),
        )

    @property
    def digest(self) -> str:
        """What tells rates apart."""
        told = [(name, *map(_in_full, both)) for name, *both in self.own]
        return hashlib.sha256(repr((self.default, told)).encode()).hexdigest()[:16]

    def __str__(self) -> str:
        if self.is_uniform:
            return f"all at {self.default:g}"
        classes: dict[str, list[str]] = {}
        for name, up, down in self.own:
            classes.setdefault(describe_rates(up, down), []).append(name)
        named = (f"{' '.join(names)} at {speed}" for speed, names in classes.items())
        return ", ".join((*named, f"others at {self.default:g}"))


def _in_full(rate: Rate) -> object:
    return [(str(when), value) for when, value in rate.cases] if isinstance(rate, RateLaw) else rate


def describe_rates(up: Rate, down: Rate) -> str:
    """Return the rates of a component in words.

    >>> describe_rates(0.2, 1)
    '0.2 up and 1 down'
    """
    one, two = (str(r) if isinstance(r, RateLaw) else f"{r:g}" for r in (up, down))
    return one if up == down else f"{one} up and {two} down"


@dataclass(frozen=True, slots=True)
class RateClass:
    """Components with equal rates, and the source of these.

    Parameters
    ----------
    components
        Their names.
    up, down
        Rates of increase and of decrease.
    name
        Name of the class; empty for a single component, and only then.
    kind
        The kind of source: one of `RATE_KINDS`, or empty.
    source
        Their source, in words.
    refs
        Keys of references.
    note
        A sentence for people.
    """

    components: tuple[str, ...]
    up: Rate
    down: Rate
    name: str = ""
    kind: str = ""
    source: str = ""
    refs: tuple[str, ...] = ()
    note: str = ""

    __repr__ = brief

    def __post_init__(self) -> None:
        if not self.components:
            raise NetworkError(f"the rates of {self.name or 'a class'} are those of no component")
        if len(self.components) > 1 and not self.name:
            raise NetworkError(f"the rates that {' '.join(self.components)} share need a name")
        if self.kind and self.kind not in RATE_KINDS:
            raise NetworkError(
                f"the rate of {self.label}: kind is {self.kind!r}, but must be one of "
                f"{', '.join(RATE_KINDS)}"
            )
        for rate in (self.up, self.down):
            if not isinstance(rate, RateLaw):
                _check(rate)

    @property
    def label(self) -> str:
        """The name, or else the component."""
        return self.name or self.components[0]


@dataclass(frozen=True, slots=True)
class Timing:
    """Simulation settings of a model: end time, number of runs and readouts.

    Parameters
    ----------
    end
        End time; None if the model does not define it.
    runs
        Number of random runs; None if the model does not define it.
    seed
        Random seed; None if the model does not define it.
    readouts
        Components that are followed; empty for all.
    is_discrete
        Whether the model uses discrete time steps, each of which moves one component. regnet uses
        continuous time, and says so.
    """

    end: float | None = None
    runs: int | None = None
    seed: int | None = None
    readouts: tuple[str, ...] = ()
    is_discrete: bool = False

    __repr__ = brief

    def __post_init__(self) -> None:
        if self.end is not None and not 0 < self.end < math.inf:
            raise NetworkError(f"a time course cannot end at {self.end:g}")
        if self.runs is not None and self.runs < 1:
            raise NetworkError(f"a time course needs at least one run, not {self.runs}")


@dataclass(frozen=True)
class RateSet:
    """A named set of rates, with their unit, and how a model is run with them.

    Parameters
    ----------
    name
        Its name; empty for the default rates of a model without any (all 1).
    classes
        The rates; no component is in two classes.
    default
        Rate of every other component.
    unit
        Unit of time, such as ``day``; may be empty.
    timing
        End, runs and readouts that go with it.
    note
        A sentence for people.

    Examples
    --------
    >>> days = RateSet("days", (RateClass(("LIFR", "STAT3"), 50, 50, "fast"),), unit="day")
    >>> print(days.rates)
    LIFR STAT3 at 50, others at 1
    """

    name: str = ""
    classes: tuple[RateClass, ...] = ()
    default: float = 1.0
    unit: str = ""
    timing: Timing = field(default_factory=Timing)
    note: str = ""

    __repr__ = brief

    def __post_init__(self) -> None:
        _check(self.default)
        seen: set[str] = set()
        for name in (name for group in self.classes for name in group.components):
            if name in seen:
                raise NetworkError(f"the rates {self.name} hold {name} twice")
            seen.add(name)
        labels = [group.label for group in self.classes]
        if len(set(labels)) < len(labels):
            twice = next(label for label in labels if labels.count(label) > 1)
            raise NetworkError(f"the rates {self.name} hold {twice} twice")

    def __getstate__(self) -> dict[str, object]:
        return {key: value for key, value in self.__dict__.items() if key != "rates"}

    @cached_property
    def rates(self) -> Rates:
        """The rate of each component."""
        return Rates(
            self.default,
            tuple((name, c.up, c.down) for c in self.classes for name in c.components),
        )

    def check(self, network: LogicalNetwork) -> None:
        """Raise if it names a component or a level that the network does not have."""
        self.rates.check(network)
        for name in self.timing.readouts:
            network[name]

    def renamed(self, old: str, new: str) -> RateSet:
        """Return the set with one component renamed."""
        swap = _renaming(old, new)
        return self._changed(lambda name: new if name == old else name, swap)

    def without(self, *names: str) -> RateSet:
        """Return the set for a network from which some components were deleted."""
        return self._changed(lambda name: "" if name in names else name, _deleting(names))

    def _changed(self, name: Callable[[str], str], swap: Callable[[Var], Expr]) -> RateSet:
        classes = []
        for group in self.classes:
            components = tuple(filter(None, map(name, group.components)))
            if components:
                up, down = _mapped((group.up, group.down), swap)
                classes.append(replace(group, components=components, up=up, down=down))
        readouts = tuple(filter(None, map(name, self.timing.readouts)))
        return replace(self, classes=tuple(classes), timing=replace(self.timing, readouts=readouts))


def time_words(unit: str) -> str:
    """Return the unit of time of rates in the plural, as axes and tables give it.

    >>> time_words("day"), time_words("h"), time_words("")
    ('days', 'h', 'arbitrary units')
    """
    is_word = unit in ("second", "minute", "hour", "day", "week", "month", "year")
    return f"{unit}s" if is_word else unit or "arbitrary units"


def parse_rate(text: str) -> tuple[tuple[str, ...], tuple[float, float]]:
    """Read ``A,B=10``, or ``A=0.2/1`` for 0.2 up and 1 down.

    >>> parse_rate("LIF,STAT3=10")
    (('LIF', 'STAT3'), (10.0, 10.0))
    """
    names, equals, speeds = text.rpartition("=")
    up, _, down = speeds.partition("/")
    components = tuple(names.replace(",", " ").split())
    try:
        rates = float(up), float(down or up)
    except ValueError:
        rates = -1.0, -1.0
    if not equals or not components or not all(0 <= rate < math.inf for rate in rates):
        raise ParseError(f"{text!r} is not a rate", expected="A=10, A,B=10 or A=0.2/1 (up/down)")
    return components, rates


def parse_rates(texts: Iterable[str]) -> Rates:
    """Read several rates, as `parse_rate` reads each; a later one for a component counts."""
    rates = Rates()
    for text in texts:
        components, rate = parse_rate(text)
        rates = rates.with_rate(rate, *components)
    return rates


def _check(rate: float) -> None:
    if not 0 <= rate < math.inf:
        raise NetworkError(f"a rate cannot be {rate:g}")


def _mapped(both: tuple[Rate, Rate], swap: Callable[[Var], Expr]) -> tuple[Rate, Rate]:
    up, down = (rate.mapped(swap) if isinstance(rate, RateLaw) else rate for rate in both)
    return up, down


def _renaming(old: str, new: str) -> Callable[[Var], Expr]:
    return lambda var: Var(new, var.level) if var.name == old else var


def _deleting(names: Iterable[str]) -> Callable[[Var], Expr]:
    gone = set(names)
    return lambda var: FALSE if var.name in gone else var
