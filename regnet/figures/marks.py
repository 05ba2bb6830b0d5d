"""Marks: what a figure is made of, before anyone draws it.

A figure is described once, as marks whose colours are roles of a `Theme`; `regnet.figures.svg`
writes them as SVG for reports, and the window paints the same marks with Qt. Spots name places of a
drawing, so that a click or a tooltip finds what is there.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, inf, radians, sin
from typing import TypeAlias

from regnet.figures.theme import STEPS
from regnet.layout import Point, text_width

LINE = 660.0
"""Width of a line of a report."""

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, width and height."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle; `fill` and `stroke` are roles of colours, or ``""`` for none."""

    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    stroke: str = ""
    weight: float = 1.0
    corner: float = 0.0
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points; `dashes` are the lengths of dashes and gaps."""

    points: tuple[Point, ...]
    stroke: str
    weight: float = 1.0
    dashes: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Curve:
    """A start point and three points for each cubic Bézier curve."""

    points: tuple[Point, ...]
    stroke: str
    weight: float = 1.0
    dashes: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """A filled polygon."""

    points: tuple[Point, ...]
    fill: str
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A disc, or a ring if it is not filled."""

    x: float
    y: float
    radius: float
    fill: str = ""
    stroke: str = ""
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Text:
    """Text whose middle line is at y; `anchor` says which end is at x, `turned` reads upwards."""

    x: float
    y: float
    text: str
    role: str = "ink"
    size: float = 11.0
    anchor: str = "middle"
    bold: bool = False
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Marks that are moved together; `note` is what a tooltip says."""

    marks: tuple[Mark, ...]
    x: float = 0.0
    y: float = 0.0
    note: str = ""
    opacity: float = 1.0


Mark: TypeAlias = Rect | Line | Curve | Area | Dot | Text | Group


@dataclass(frozen=True)
class Drawing:
    """A whole figure.

    Parameters
    ----------
    width, height
        Its size.
    marks
        The marks, from back to front.
    title
        Description for screen readers.
    head, side
        Marks that stay visible when the window scrolls vertically, or horizontally; drawn after the
        others.
    kept
        Width of the side and height of the head.
    spots
        The box of each clickable spot, by its key.
    corner
        Its left upper corner.
    """

    width: float
    height: float
    marks: tuple[Mark, ...]
    title: str
    head: tuple[Mark, ...] = ()
    side: tuple[Mark, ...] = ()
    kept: Point = (0.0, 0.0)
    spots: Mapping[Hashable, Box] = field(default_factory=dict)
    corner: Point = (0.0, 0.0)

    def below(self, caption: str) -> Drawing:
        """Return the whole drawing below a caption, as it is exported."""
        body = Group((*self.marks, *self.side, *self.head), y=26.0)
        width = max(self.width, text_width(caption, 12, bold=True) + 24)
        heading = Text(12, 18, caption, size=12, anchor="start", bold=True)
        return Drawing(width, self.height + 26, (heading, body), caption)


def elided(text: str, size: float, room: float = inf, *, bold: bool = False) -> str:
    """Return a text shortened to a width.

    >>> elided("hepatocyte proliferation", 12, 60)
    'hepatoc…'
    """
    if text_width(text, size, bold=bold) <= room:
        return text
    while text and text_width(text + "…", size, bold=bold) > room:
        text = text[:-1]
    return text + "…"


# --- hatching --------------------------------------------------------------------------------


def hatching(
    points: Sequence[Point], stroke: str, *, angle: float = 45.0, gap: float = 4.2,
    weight: float = 0.7,
) -> list[Mark]:  # fmt: skip
    """Return slanting lines within a polygon, one by one: not every program knows patterns."""
    along = (cos(radians(angle)), -sin(radians(angle)))
    across = (-along[1], along[0])
    turned = [(x * along[0] + y * along[1], x * across[0] + y * across[1]) for x, y in points]
    edges = list(zip(turned, [*turned[1:], turned[0]], strict=True))
    lines: list[Mark] = []
    level, last = min(v for _, v in turned) + gap * 0.8, max(v for _, v in turned)
    while level < last:
        met = sorted(
            u1 + (level - v1) / (v2 - v1) * (u2 - u1)
            for (u1, v1), (u2, v2) in edges
            if (v1 <= level) != (v2 <= level)
        )
        for first, second in zip(met[::2], met[1::2], strict=True):
            ends = tuple(
                (u * along[0] + level * across[0], u * along[1] + level * across[1])
                for u in (first, second)
            )
            lines.append(Line(ends, stroke, weight))
        level += gap
    return lines


def hatched_box(x: float, y: float, width: float, height: float) -> list[Mark]:
    """Return a hatched box, which represents several levels."""
    corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
    frame = Rect(x, y, width, height, "free", "grid", 0.8)
    return [frame, *hatching(corners, "hatch")]


# --- legends ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Key:
    """One entry of a legend: marks around y = 0 from x = 0 on, their width, and what they mean."""

    words: str
    marks: tuple[Mark, ...]
    width: float = 22.0


def level_keys(*, hatched: bool) -> list[Key]:
    """Return the keys of the colours of levels; `hatched` adds that of what keeps changing."""
    ramp = ramp_key("level 0 to highest", 8.0 * (STEPS + 1))
    changing = tuple(hatched_box(0, -7, 22, 14))
    return [ramp, *([Key("keeps changing between these levels", changing)] if hatched else [])]


def ramp_key(words: str, width: float) -> Key:
    """Return the key of the colours of levels."""
    step = width / (STEPS + 1)
    ramp = [Rect(i * step, -7, step, 14, f"level-{i}") for i in range(STEPS + 1)]
    return Key(words, (*ramp, Rect(0, -7, width, 14, "", "line", 0.8)), width)


def key_size(key: Key) -> float:
    """Return the width of an entry of a legend."""
    return key.width + 7 + text_width(key.words, 11)


def legend(
    keys: Iterable[Key], left: float, top: float, width: float
) -> tuple[list[Mark], float]:  # fmt: skip
    """Return a legend in as many lines as it needs, and its height."""
    marks: list[Mark] = []
    x, y = left, top + 14
    for key in keys:
        needed = key_size(key)
        if x > left and x + needed > left + width:
            x, y = left, y + 22
        marks.append(Group(key.marks, x, y))
        marks.append(Text(x + key.width + 7, y, key.words, "muted", anchor="start"))
        x += needed + 20
    return marks, (y + 16 - top) if marks else 0.0
