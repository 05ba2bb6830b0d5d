"""Axes: the frame of a small chart, with its grid, ticks, lines and bands as marks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from regnet.figures.marks import Area, Box, Line, Mark, Text
from regnet.layout import Point

BAND_OPACITY = 0.25
LINE_WEIGHT = 1.8


@dataclass(frozen=True, slots=True)
class Axes:
    """The area of a chart, and the values at its right and upper ends.

    Parameters
    ----------
    x, y
        The top left corner.
    width, height
        The size of what the axes span.
    last, top
        The value at the right end, and the one at the upper end; both begin at 0.
    """

    x: float
    y: float
    width: float
    height: float
    last: float
    top: float

    @property
    def box(self) -> Box:
        """Left, top, width and height."""
        return self.x, self.y, self.width, self.height

    @property
    def bottom(self) -> float:
        """Where 0 is."""
        return self.y + self.height

    def moved(self, down: float) -> Axes:
        """Return the axes further down."""
        return replace(self, y=self.y + down)

    def across(self, value: float) -> float:
        """Return where a value is, from the left."""
        return self.x + self.width * value / self.last

    def down(self, value: float) -> float:
        """Return where a value is, from above; what is outside is at the edge."""
        return self.y + self.height * (1 - min(max(value / self.top, 0.0), 1.0))

    def points(self, places: Sequence[float], values: Sequence[float]) -> tuple[Point, ...]:
        """Return the points of a curve."""
        pairs = zip(places, values, strict=True)
        return tuple((self.across(place), self.down(value)) for place, value in pairs)

    def grid(self, values: Iterable[float]) -> list[Mark]:
        """Return a line across with its number at each value."""
        marks: list[Mark] = []
        for value in values:
            at = self.down(value)
            marks.append(Line(((self.x, at), (self.x + self.width, at)), "grid"))
            marks.append(Text(self.x - 7, at, f"{value:g}", "muted", 10, "end"))
        return marks

    def ticks(self, places: Iterable[tuple[float, str]]) -> list[Mark]:
        """Return a tick with its words at each place."""
        marks: list[Mark] = []
        for place, words in places:
            at = self.across(place)
            marks.append(Line(((at, self.bottom), (at, self.bottom + 4)), "line"))
            marks.append(Text(at, self.bottom + 12, words, "muted", 10))
        return marks

    def curve(
        self, places: Sequence[float], values: Sequence[float], low: Sequence[float],
        high: Sequence[float], role: str, dashes: tuple[float, ...] = (),
    ) -> list[Mark]:  # fmt: skip
        """Return a line, and the band around it if it has one."""
        marks: list[Mark] = []
        if any(one < other for one, other in zip(low, high, strict=True)):
            around = (*self.points(places, low), *self.points(places, high)[::-1])
            marks.append(Area(around, role, BAND_OPACITY))
        marks.append(Line(self.points(places, values), role, LINE_WEIGHT, dashes))
        return marks


def round_ticks(last: float) -> list[float]:
    """Return about five round values from 0 on.

    >>> round_ticks(20)
    [0.0, 5.0, 10.0, 15.0, 20.0]
    """
    raw = last / 5
    unit = 10 ** math.floor(math.log10(raw))
    step = next(unit * m for m in (1, 2, 5, 10) if unit * m >= raw * 0.999)
    return [float(step * k) for k in range(int(last / step + 1e-9) + 1)]
