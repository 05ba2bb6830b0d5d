"""Question: the quantities of a time course, and the common result of both methods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from regnet.analysis.simulate.answer import Arrival, Course, End, Outcome, Share
from regnet.analysis.simulate.estimate import Band, Columns, Estimate
from regnet.analysis.simulate.kinetics import Setup
from regnet.evidence import Phenotype
from regnet.logic import Expr
from regnet.network import LogicalNetwork

if TYPE_CHECKING:
    import numpy as np

Array: TypeAlias = "np.ndarray[Any, Any]"


@dataclass(frozen=True, slots=True)
class Question:
    """The quantities followed and timed, and the time points."""

    network: LogicalNetwork
    readouts: tuple[str, ...]
    first: tuple[Expr, ...]
    phenotypes: tuple[Phenotype, ...]
    until: float
    points: int
    window: float = 0.0

    @property
    def conditions(self) -> tuple[Expr, ...]:
        """The observed conditions: those of first times come first."""
        return (*self.first, *(p.condition for p in self.phenotypes))

    @property
    def attracted(self) -> tuple[tuple[int, Phenotype], ...]:
        """The phenotypes that ask for a kind of attractor, each with the place of its condition."""
        found = enumerate(self.phenotypes, start=len(self.first))
        return tuple((place, phenotype) for place, phenotype in found if phenotype.kind)

    def columns(self, setup: Setup) -> Columns:
        """Return how the answer's numbers follow from the variables."""
        groups = dict(zip(setup.encoding.names, setup.encoding.groups, strict=True))
        return Columns(setup.order, {name: groups[name] for name in self.readouts})

    def read(
        self, columns: Columns, values: Array, low: Array, high: Array
    ) -> tuple[tuple[Course, ...], tuple[Share, ...]]:
        """Return the numbers as courses and shares: conditions, then what is `attracted`."""
        own, others = columns.bands(values, low, high)
        settled = dict(zip((place for place, _ in self.attracted), others[len(self.conditions) :],
                           strict=True))  # fmt: skip
        shares = []
        for place, phenotype in enumerate(self.phenotypes, start=len(self.first)):
            counts = "settled" if phenotype.kind else "holds"
            band = settled.get(place, others[place])
            shares.append(Share(phenotype.name, phenotype.condition, band, counts))
        return (
            tuple(Course(name, bands[:-1], bands[-1]) for name, bands in own.items()),
            tuple(shares),
        )

    def averaged_over_points(
        self, courses: Iterable[Course], shares: Iterable[Share]
    ) -> tuple[tuple[Course, ...], tuple[Share, ...]]:
        """Return courses with averages over the time points in the window.

        An average scatters at most as much as what is averaged does on average: its band, averaged
        too, is wide enough.
        """
        steps = max(1, round(self.points * self.window / self.until))

        def average(band: Band) -> Estimate:
            return Estimate(
                *(_trapezium(n[-steps - 1 :]) for n in (band.values, band.low, band.high))
            )

        return (
            tuple(replace(course, average=average(course.mean)) for course in courses),
            tuple(replace(share, average=average(share.band)) for share in shares),
        )


def _trapezium(numbers: Sequence[float]) -> float:
    """Return the mean of numbers at equal steps, of which the ends count half."""
    return (sum(numbers) - (numbers[0] + numbers[-1]) / 2) / (len(numbers) - 1)


@dataclass(frozen=True, slots=True)
class Found:
    """The part of `Courses` that depends on how it was found."""

    courses: tuple[Course, ...]
    shares: tuple[Share, ...]
    arrivals: tuple[Arrival, ...]
    ends: tuple[End, ...]
    outcomes: tuple[Outcome, ...] = ()
    trajectories: int = 0
    design_effect: float = 1.0
    missing: str = ""
    interrupted: bool = False
