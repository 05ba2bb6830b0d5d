"""Answer: what each number about a network in time means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from regnet.analysis import Result
from regnet.analysis.simulate.estimate import Band, Estimate
from regnet.analysis.simulate.kinetics import Change, Rates
from regnet.brief import brief
from regnet.errors import UnknownNameError
from regnet.logic import Expr
from regnet.space import Space

SHARES = (0.25, 0.5, 0.75)
"""Shares of the runs whose arrival times are given."""

COUNTS = {
    "holds": "how likely its condition holds at that time",
    "settled": (
        "how likely the network has settled by then: it is in an attractor of the kind that the "
        "phenotype asks for, throughout which its condition holds"
    ),
}
"""What the probability of a phenotype in time is."""

MEASURES = {"holds": "probability", "settled": "probability, settled"}
"""The same in two or three words."""

BANDS = "bands: 95 %, of sampling alone; they say nothing of how sure rates and rules are"
"""What a band covers, in a clause for where numbers are read."""

MAX_ENDS = 20
"""Maximum number of states listed at the end, the likeliest first."""


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
    average
        The average of that over the window that was asked for, if one was; of random runs over the
        time points in it.
    """

    name: str
    levels: tuple[Band, ...]
    mean: Band
    average: Estimate | None = None

    __repr__ = brief


@dataclass(frozen=True, slots=True)
class Share:
    """How likely a phenotype is in time.

    Parameters
    ----------
    name, condition
        The phenotype.
    band
        Its probability.
    counts
        What that is: a key of `COUNTS`. Where a phenotype asks for a kind of attractor, the network
        has to have settled under what acts at that time: states that it only passes do not count.
    average
        The average of its probability, as for a `Course`.
    """

    name: str
    condition: Expr
    band: Band
    counts: str = "holds"
    average: Estimate | None = None

    __repr__ = brief

    @property
    def measure(self) -> str:
        """What is counted, in two or three words."""
        return MEASURES[self.counts]


def counted_words(counts: Iterable[str], undecided: Sequence[str] = ()) -> list[str]:
    """Return sentences about phenotypes that are not only asked of single states."""
    told = []
    if "settled" in counts:
        told.append(f"{MEASURES['settled'].capitalize()}: {COUNTS['settled']}.")
    if undecided:
        told.append(
            f"Not followed: {', '.join(undecided)}; random runs do not show whether a network that "
            "keeps changing has settled."
        )
    return told


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
        For each of `SHARES` the time by which it has held in this share of all runs; None where
        that was not before the end, also for a bound that lies beyond it.
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

    __repr__ = brief

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

    __repr__ = brief


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

    __repr__ = brief


@dataclass(frozen=True, kw_only=True, repr=False)
class Courses(Result):
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
    undecided
        Phenotypes that were asked for and are not followed: they ask for an attractor that keeps
        changing, and random runs do not show whether the network has settled in one.
    basis
        What was taken from the model, such as rates and start, a clause for each.
    unit
        Unit of time, such as ``day``; empty where it has none.
    """

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
    undecided: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    unit: str = ""

    @property
    def rates_words(self) -> str:
        """Which rates it was followed with."""
        return self.basis[0] if self.basis else f"rates {self.rates}"

    def __getitem__(self, name: str | int) -> Course:
        """Return the course of a readout, by its name or place."""
        if isinstance(name, int):
            return self.readouts[name]
        for course in self.readouts:
            if course.name == name:
                return course
        raise UnknownNameError("readout", name, [course.name for course in self.readouts])

    def __iter__(self) -> Iterator[Course]:
        return iter(self.readouts)

    def __len__(self) -> int:
        return len(self.readouts)
