"""SVG: marks written as text, with all user text escaped.

Only features that Qt, browsers and PDF writers render equally: no markers, patterns or filters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import TypeAlias

from regnet.figures.marks import Area, Curve, Dot, Drawing, Group, Line, Mark, Rect, Text
from regnet.figures.theme import LIGHT, Theme
from regnet.layout import Point

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


def paint(fill: str = "none", stroke: str = "", width: float = 1.0) -> str:
    """Return the value of a style attribute."""
    line = f";stroke:{stroke};stroke-width:{number(width)}" if stroke else ""
    return f"fill:{fill}{line}"


def to_svg(drawing: Drawing, theme: Theme = LIGHT) -> str:
    """Return a drawing as SVG text; the same drawing gives the same bytes."""
    left, top = drawing.corner
    paper = Rect(left, top, drawing.width, drawing.height, "paper")
    marks = (paper, *drawing.marks, *drawing.side, *drawing.head)
    body = tag("title", escaped(drawing.title))
    body += "".join(f"\n{_written(mark, theme)}" for mark in marks)
    view = " ".join(number(v) for v in (left, top, drawing.width, drawing.height))
    size = f'width="{number(drawing.width)}" height="{number(drawing.height)}" viewBox="{view}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FONT}" role="img">'
        f"{body}\n</svg>\n"
    )


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
        case Curve(points, stroke, weight, dashes):
            if dashes:
                more["stroke_dasharray"] = " ".join(map(number, dashes))
            path = f"M{_points(points[:1])}" + "".join(
                f"C{_points(points[i : i + 3])}" for i in range(1, len(points), 3)
            )
            return tag("path", d=path, **more, style=style("", stroke, weight))
        case Area(points, fill, opacity):
            if opacity < 1:
                more["fill_opacity"] = opacity
            return tag("polygon", points=_points(points), **more, style=style(fill))
        case Dot(x, y, radius, fill, stroke, weight):
            return tag("circle", cx=x, cy=y, r=radius, style=style(fill, stroke, weight))
        case Text():
            return _text(mark, theme)
        case Group(marks, x, y, note, opacity):
            content = tag("title", escaped(note)) if note else ""
            content += "".join(_written(inner, theme) for inner in marks)
            if x or y:
                more["transform"] = f"translate({number(x)},{number(y)})"
            if opacity < 1:
                more["opacity"] = opacity
            return tag("g", content, **more)


def _text(mark: Text, theme: Theme) -> str:
    size, down = mark.size, mark.size * 0.36  # from the middle of the letters to their foot
    more: dict[str, Attribute] = {"font_size": size, "style": paint(theme[mark.role])}
    if mark.anchor != "start":
        more["text_anchor"] = mark.anchor
    if mark.bold:
        more["font_weight"] = "bold"
    x, y = mark.x, mark.y + down
    if mark.turned:
        more["transform"] = f"translate({number(mark.x + down)},{number(mark.y)}) rotate(-90)"
        x = y = 0.0
    return tag("text", escaped(mark.text), x=x, y=y, **more)


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in points)
