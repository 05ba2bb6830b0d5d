"""Answer: time courses, and the meaning of their numbers."""

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
"""Fractions of the runs for which arrival times are given."""

COUNTS = {
    "holds": "probability that its condition holds at that time",
    "settled": (
        "probability that the network has settled by then: it is in an attractor of the kind that "
        "the "
        "phenotype asks for, throughout which its condition holds"
    ),
}
"""The meaning of the probability of a phenotype in time."""

MEASURES = {"holds": "probability", "settled": "probability, settled"}
"""The same in two or three words."""

BANDS = "bands: 95 %, of sampling alone; they do not include the uncertainty of rates and rules"
"""What a band covers, as a clause shown with the numbers."""

MAX_ENDS = 20
"""Maximum number of final states listed, the most probable first."""


@dataclass(frozen=True, slots=True)
class Course:
    """The time course of one component.

    Parameters
    ----------
    name
        The component.
    levels
        Probability of each of its levels, from 0 to the highest.
    mean
        Its mean level.
    average
        The average of the mean level over the requested time window, if any; of random runs over
        its time points.
    """

    name: str
    levels: tuple[Band, ...]
    mean: Band
    average: Estimate | None = None

    __repr__ = brief


@dataclass(frozen=True, slots=True)
class Share:
    """The probability of a phenotype in time.

    Parameters
    ----------
    name, condition
        The phenotype.
    band
        Its probability.
    counts
        Its meaning: a key of `COUNTS`. If a phenotype requires a kind of attractor, the network has
        to have settled under the perturbation at that time: transient states do not count.
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
        """The measured quantity, in two or three words."""
        return MEASURES[self.counts]


def counted_words(counts: Iterable[str], undecided: Sequence[str] = ()) -> list[str]:
    """Return sentences about phenotypes that are not conditions on single states."""
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
    """The first-passage time of a condition.

    Parameters
    ----------
    condition
        The condition.
    arrived
        Probability that it has held by each time point. The rest at the end is censored: runs in
        which it had not held when they were stopped.
    mean
        Mean time among runs in which it held before the end; None if there are none.
    quantiles
        For each of `SHARES` the time by which it has held in this fraction of all runs; None if
        that is after the end, also for bounds.
    ever
        Probability that it eventually holds; exact answers only.
    mean_ever
        Mean time among all runs in which it eventually holds; exact answers only.
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
        """The fraction of runs in which the condition had not held at the end."""
        end = self.arrived[-1]
        return Estimate(1 - end.value, 1 - end.high, 1 - end.low)


@dataclass(frozen=True, slots=True)
class End:
    """The joint probability of levels of the readouts at the end."""

    space: Space
    probability: Estimate

    __repr__ = brief


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome of the readouts in the long run.

    Parameters
    ----------
    space
        Their levels, or ranges if they keep changing; attractors with equal ranges are merged.
    rests
        Whether it is a fixed point of all components that readouts and conditions depend on.
    probability
        Its probability.
    """

    space: Space
    rests: bool
    probability: float

    __repr__ = brief


@dataclass(frozen=True, kw_only=True, repr=False)
class Courses(Result):
    """The time course of a network.

    Parameters
    ----------
    origin
        What was asked; `Origin.why` also states the assumptions. The guarantee is ``"exact"`` or
        ``"sampled"``.
    times
        The time points, from 0 in equal steps.
    readouts
        The components asked for, in the order of the network.
    shares
        The phenotypes.
    arrivals
        First times, in the order asked for.
    ends
        The most probable states of the readouts at the end, at most `MAX_ENDS`.
    outcomes
        Outcomes in the long run; exact answers only.
    rates, schedule, settle
        The rates, the scheduled changes, and the equilibration time before 0.
    trajectories
        Number of runs; 0 for an exact answer.
    design_effect
        Factor by which more runs are needed than independent ones for the same width of a band, the
        maximum over all points; 1 for independent runs. It is included in the bands.
    complete
        Whether all runs were made.
    missing
        What is missing, in one sentence.
    interrupted
        Whether the user stopped it.
    undecided
        Phenotypes that could not be followed: they require an attractor that keeps changing, and
        random runs do not show whether the network has settled in one.
    basis
        Values taken from the model, such as rates and start, one clause each.
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
