"""Rises and falls of curves of estimates, with their confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias

from regnet.analysis.dose.curves import shape_of
from regnet.analysis.simulate.estimate import NORMAL, Estimate

if TYPE_CHECKING:
    import numpy as np

REDRAWS = 1_000
"""Number of resamples within the bands by which the confidence in a verdict is found."""

Array: TypeAlias = "np.ndarray[Any, Any]"


@dataclass(frozen=True, slots=True)
class Turn:
    """A rise or a fall of a curve.

    Parameters
    ----------
    moves
        1 for a rise, -1 for a fall.
    low, high
        Amounts between which half of the change occurs: neighbours among those computed, or further
        apart if the estimates are too uncertain.
    """

    moves: int
    low: float
    high: float


def verdict_on(
    values: Sequence[Estimate], amounts: Sequence[float], least: float
) -> tuple[str, tuple[int, int] | None, tuple[Turn, ...], float]:
    """Return the shape and the best places of a curve, its rises and falls, and their confidence.

    Estimates are resampled within their bands `REDRAWS` times (a parametric bootstrap: Efron and
    Tibshirani 1993, doi 10.1201/9780429246593). Its confidence is the fraction of resamples that
    rise and fall in the same order; in 95 % of these, half of each change occurs between the
    returned amounts.

    Parameters
    ----------
    values
        A number for each amount.
    amounts
        In ascending order.
    least
        The smallest change that counts.

    Examples
    --------
    >>> exact = [Estimate(value, value, value) for value in (0, 0.2, 1, 1, 0)]
    >>> shape, best, turns, sure = verdict_on(exact, [0, 1, 2, 4, 8], 0.05)
    >>> shape, best, sure
    ('window', (2, 3), 1.0)
    >>> [(turn.moves, turn.low, turn.high) for turn in turns]
    [(1, 1, 2), (-1, 4, 8)]
    """
    middle = [value.value for value in values]
    changes = changes_of(middle, least)
    shape, best = shape_of(changes, len(values) - 1)
    moves, halves = _halves(middle, changes)
    places = [(half, half) for half in halves]
    sure = 1.0
    if any(value.low < value.high for value in values):
        again = [_halves(row, changes_of(row, least)) for row in _redrawn(values)]
        alike = [found for turned, found in again if turned == moves]
        sure = len(alike) / REDRAWS
        if alike:
            cut = round(0.025 * (len(alike) - 1))
            each = [sorted(own) for own in zip(*alike, strict=True)]
            places = [
                (min(half, own[cut]), max(half, own[-1 - cut]))
                for half, own in zip(halves, each, strict=True)
            ]
    turns = (
        Turn(move, amounts[first - 1], amounts[last])
        for move, (first, last) in zip(moves, places, strict=True)
    )
    return shape, best, tuple(turns), sure


def changes_of(values: Sequence[float], least: float) -> list[tuple[int, int]]:
    """Return the places at which a curve has gone notably up (1) or down (-1) since the last."""
    changes = []
    anchor = values[0]
    for place, value in enumerate(values[1:], start=1):
        if abs(value - anchor) >= least:
            changes.append((place, 1 if value > anchor else -1))
            anchor = value
        elif changes and (value - anchor) * changes[-1][1] > 0:
            anchor = value  # small steps in one direction are one change, which ends at its extreme
    return changes


def _halves(
    values: Sequence[float], changes: Sequence[tuple[int, int]]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the direction of each change, and the place by which half of it has occurred."""
    moves, halves = [], []
    before = 0
    for move, own in groupby(changes, key=lambda change: change[1]):
        places = [place for place, _ in own]
        first, last = places[0], places[-1]
        begin = min(values[before:first], key=lambda value: value * move)
        half = (begin + values[last]) / 2
        moves.append(move)
        halves.append(next(p for p in range(first, last + 1) if (values[p] - half) * move >= 0))
        before = last
    return tuple(moves), tuple(halves)


def _redrawn(values: Sequence[Estimate]) -> list[list[float]]:
    """Return resampled values of the estimates."""
    import numpy as np

    middle, low, high = (
        np.array([getattr(value, name) for value in values]) for name in ("value", "low", "high")
    )
    z = np.random.default_rng(0).standard_normal((REDRAWS, len(values)))
    drawn: list[list[float]] = (
        middle + np.where(z > 0, high - middle, middle - low) * z / NORMAL
    ).tolist()
    return drawn
