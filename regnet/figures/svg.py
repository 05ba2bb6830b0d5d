"""SVG: elements, text, hatching and legends, with all user text escaped.

Only features that Qt, browsers and PDF writers render equally: no markers, patterns or filters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import TypeAlias

from regnet.figures.marks import Area, Dot, Drawing, Group, Line, Mark, Rect, Text
from regnet.figures.theme import LIGHT, STEPS, Theme
from regnet.layout import Point, text_width
from regnet.space import Space

FONT = "DejaVu Sans, Verdana, sans-serif"

Attribute: TypeAlias = str | float


def number(value: Attribute) -> str:
    """Return a number with at most two decimals; text stays as it is."""
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def escaped(text: str) -> str:
    """Return text as XML may contain it."""
    return escape(_FORBIDDEN.sub("\ufffd", text))


def tag(name: str, content: str = "", /, **attributes: Attribute) -> str:
    """Return an element; ``font_size`` becomes ``font-size``, and the content is not escaped."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escaped(number(value))}"'
        for key, value in attributes.items()
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def paint(fill: str = "none", stroke: str = "", width: float = 1.0, more: str = "") -> str:
    """Return the value of a style attribute."""
    line = f";stroke:{stroke};stroke-width:{number(width)}" if stroke else ""
    return f"fill:{fill}{line}{more}"


def text_at(
    x: float,
    y: float,
    text: str,
    colour: str,
    *,
    size: float = 11.0,
    anchor: str = "middle",
    bold: bool = False,
    turned: bool = False,
) -> str:
    """Return text whose middle line is at y; `turned` reads upwards."""
    attributes: dict[str, Attribute] = {"font_size": size, "style": paint(colour)}
    if anchor != "start":
        attributes["text_anchor"] = anchor
    if bold:
        attributes["font_weight"] = "bold"
    if turned:
        attributes["transform"] = f"translate({number(x + size * 0.36)},{number(y)}) rotate(-90)"
        return tag("text", escaped(text), x=0.0, y=0.0, **attributes)
    return tag("text", escaped(text), x=x, y=y + size * 0.36, **attributes)


def picture(
    width: float,
    height: float,
    parts: Iterable[str],
    title: str,
    theme: Theme,
    box: Point = (0, 0),
) -> str:
    """Return a whole picture; `box` is its top left corner."""
    paper = tag("rect", x=box[0], y=box[1], width=width, height=height,
                 style=paint(theme["paper"]))  # fmt: skip
    body = tag("title", escaped(title)) + "".join(f"\n{part}" for part in (paper, *parts))
    view = " ".join(number(v) for v in (*box, width, height))
    size = f'width="{number(width)}" height="{number(height)}" viewBox="{view}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FONT}" role="img">'
        f"{body}\n</svg>\n"
    )


def to_svg(drawing: Drawing, theme: Theme = LIGHT) -> str:
    """Return a drawing as SVG text; the same drawing gives the same bytes."""
    marks = (*drawing.marks, *drawing.side, *drawing.head)
    parts = [_written(mark, theme) for mark in marks]
    return picture(drawing.width, drawing.height, parts, drawing.title, theme)


def _written(mark: Mark, theme: Theme) -> str:
    """Return one mark as SVG."""

    def style(fill: str, stroke: str = "", weight: float = 1.0) -> str:
        return paint(theme[fill] if fill else "none", theme[stroke] if stroke else "", weight)

    more: dict[str, Attribute] = {}
    match mark:
        case Rect(x, y, width, height, fill, stroke, weight, corner, opacity):
            if corner:
                more["rx"] = corner
            if opacity < 1:
                more["fill_opacity"] = opacity
            return tag("rect", x=x, y=y, width=width, height=height, **more,
                       style=style(fill, stroke, weight))  # fmt: skip
        case Line(points, stroke, weight, dashes):
            if dashes:
                more["stroke_dasharray"] = " ".join(map(number, dashes))
            if len(points) == 2:
                (x1, y1), (x2, y2) = points
                return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, **more,
                           style=style("", stroke, weight))  # fmt: skip
            return tag("polyline", points=_points(points), **more,
                       style=style("", stroke, weight))  # fmt: skip
        case Area(points, fill, opacity):
            if opacity < 1:
                more["fill_opacity"] = opacity
            return tag("polygon", points=_points(points), **more, style=style(fill))
        case Dot(x, y, radius, fill, stroke, weight):
            return tag("circle", cx=x, cy=y, r=radius, style=style(fill, stroke, weight))
        case Text(x, y, text, role, size, anchor, bold, turned):
            return text_at(x, y, text, theme[role], size=size, anchor=anchor, bold=bold,
                           turned=turned)  # fmt: skip
        case Group(marks, x, y, note):
            content = tag("title", escaped(note)) if note else ""
            content += "".join(_written(inner, theme) for inner in marks)
            if x or y:
                more["transform"] = f"translate({number(x)},{number(y)})"
            return tag("g", content, **more)


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in points)


def hatched_box(x: float, y: float, width: float, height: float, theme: Theme) -> str:
    """Draw a box with slanting lines, one by one: not every program knows patterns."""
    drawn = tag("rect", x=x, y=y, width=width, height=height,
                 style=paint(theme["free"], theme["grid"], 0.8))  # fmt: skip
    offset = 5.0
    while offset < width + height:
        start = (x + min(offset, width), y + max(0.0, offset - width))
        end = (x + max(0.0, offset - height), y + min(offset, height))
        drawn += tag("line", x1=start[0], y1=start[1], x2=end[0], y2=end[1],
                      style=paint("none", theme["hatch"], 0.7))  # fmt: skip
        offset += 6.0
    return drawn


# --- legends ---

Entry: TypeAlias = tuple[float, str, str]
"""Width of a key, its drawing around 0, 0 from the left, and what it means."""


def level_entries(levels: Space, theme: Theme, *, hatched: bool = True) -> list[Entry]:
    """Return the keys of the level colours; `levels` is whether any component changes."""
    ramp = "".join(
        tag("rect", x=i * 8.0, y=-7.0, width=8.0, height=14.0,
             style=paint(theme[f"level-{i}"]))
        for i in range(STEPS + 1)
    ) + tag("rect", x=0.0, y=-7.0, width=72.0, height=14.0,
             style=paint("none", theme["line"], 0.8))  # fmt: skip
    entries: list[Entry] = [(72, ramp, "level 0 to highest")]
    if len(levels.fixed) < len(levels):
        cell = (
            hatched_box(0, -7, 22, 14, theme)
            if hatched
            else tag("rect", x=0.0, y=-7.0, width=22.0, height=14.0, style=paint(theme["free"]))
        )
        entries.append((22, cell, "keeps changing between these levels"))
    return entries


def draw_legend(
    entries: Sequence[Entry], left: float, top: float, width: float, theme: Theme
) -> tuple[list[str], float]:
    """Return the legend in as many lines as it needs, and its height."""
    parts, x, y = [], left, top + 14
    for key_width, key, text in entries:
        needed = key_width + 7 + text_width(text, 11)
        if x > left and x + needed > left + width:
            x, y = left, y + 22
        parts.append(tag("g", key, transform=f"translate({number(x)},{number(y)})"))
        parts.append(text_at(x + key_width + 7, y, text, theme["muted"], anchor="start"))
        x += needed + 20
    return parts, (y + 16 - top) if entries else 0.0
