"""Curves of readouts against dose, and their shapes, such as the Goldilocks window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from regnet.brief import brief
from regnet.space import Range

SHAPES = {
    "none": "the dose has no effect",
    "threshold": "it changes once",
    "monotone": "it changes several times, always in the same direction",
    "window": "it rises and falls again: a Goldilocks window",
    "dip": "it falls and rises again",
    "irregular": "it changes direction more than once, or widens in both directions at once",
    "unknown": "some level was not decided",
}
"""The verdicts on a curve."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A readout against the dose.

    Parameters
    ----------
    readout
        A component, or a phenotype.
    ranges
        Its range at each level of the dose, from 0; None if not decided. A phenotype is 0 if no
        attractor has it, 1 if all have it, and 0 to 1 otherwise.
    shape
        A key of `SHAPES`.
    best
        The doses at which it is highest (for a dip: lowest), as a range of levels; for a window
        these are the Goldilocks window. None if it is constant, irregular or unknown.
    """

    readout: str
    ranges: tuple[Range | None, ...]
    shape: str
    best: Range | None

    __repr__ = brief

    @property
    def steps(self) -> tuple[tuple[int, int], ...]:
        """Pairs of a level of the dose and 1 or -1: the curve rises or falls on the step to it."""
        found = []
        for level, (before, after) in enumerate(pairwise(self.ranges), start=1):
            if before and after and (moves := _moves(before, after)):
                found.append((level, moves))
        return tuple(found)

    def reaching(self, other: Curve) -> tuple[int, ...]:
        """Return the levels of the dose at which this readout is as good as another at its best.

        High values are good, or low ones if the other curve has a dip.
        """
        if other.best is None or (wanted := other.ranges[other.best[0]]) is None:
            return ()
        sign = -1 if other.shape == "dip" else 1
        return tuple(
            level
            for level, levels in enumerate(self.ranges)
            if levels and all(sign * a >= sign * b for a, b in zip(levels, wanted, strict=True))
        )


def curve_of(readout: str, ranges: Sequence[Range | None]) -> Curve:
    """Return the curve of a readout from its range at each level of the dose."""
    known = [levels for levels in ranges if levels is not None]
    top = len(ranges) - 1
    if len(known) < len(ranges):
        return Curve(readout, tuple(ranges), "unknown", None)
    steps = [(k, _moves(*pair)) for k, pair in enumerate(pairwise(known), start=1)]
    changes = [(level, moves) for level, moves in steps if moves != 0]
    return Curve(readout, tuple(ranges), *shape_of(changes, top))


def shape_of(changes: Sequence[tuple[int, int | None]], top: int) -> tuple[str, Range | None]:
    """Return the shape of a curve and its best doses, from the places where it changes.

    Parameters
    ----------
    changes
        Pairs of a place, from 1 to `top`, and 1 (it rises on the step to it), -1 (it falls) or None
        (both at once), in ascending order.
    top
        The last place.
    """
    turns = [moves for moves, _ in groupby(moves for _, moves in changes)]
    shape = "threshold" if len(changes) == 1 else "monotone"
    match turns:
        case []:
            return "none", None
        case [1]:
            return shape, (changes[-1][0], top)
        case [-1]:
            return shape, (0, changes[0][0] - 1)
        case [1, -1] | [-1, 1]:
            last = max(place for place, moves in changes if moves == turns[0])
            end = min(place for place, moves in changes if moves == turns[1]) - 1
            return ("window" if turns[0] == 1 else "dip"), (last, end)
        case _:
            return "irregular", None


def _moves(before: Range, after: Range) -> int | None:
    """Return 1 for a rise, -1 for a fall, 0 for no change, None for both at once."""
    if before == after:
        return 0
    if after[0] >= before[0] and after[1] >= before[1]:
        return 1
    return -1 if after[0] <= before[0] and after[1] <= before[1] else None
