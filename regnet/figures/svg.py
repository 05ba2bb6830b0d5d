"""SVG: elements, text, hatching and legends, with everything escaped that people wrote.

Only what Qt, browsers and PDF writers all draw alike: no markers, patterns or filters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import TypeAlias

from regnet.figures.theme import STEPS, Theme
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
    """Return the keys of the level colours; `levels` tells whether any component changes."""
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
