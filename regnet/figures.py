"""Figures: networks, attractors and screens as SVG text, for reports and for the screen.

Colour never stands alone: a sign is also an arrow head, a level is also a printed digit, a
knock-out is also a word. Text stays text, and every box is as wide as its label needs. A figure is
drawn with a `Theme`: `LIGHT` has plain colours, which every program reads; `ADAPTIVE` has CSS
variables, which follow the reader's light or dark mode inside a page that contains `stylesheet()`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import atan2, cos, hypot, sin
from typing import TypeAlias

from regnet.analysis.attractors import Attractor, Attractors
from regnet.analysis.screen import Screen, ScreenRow
from regnet.analysis.structure import Edge, find_edges
from regnet.layout import Layout, Point, lay_out, node_size, text_width
from regnet.network import Component, LogicalNetwork
from regnet.scenario import Perturbation
from regnet.space import Range, Space

FONT = "DejaVu Sans, Verdana, sans-serif"
STEPS = 8
"""The level ramp has this many steps from level 0 to the highest level."""

MAX_DRAWN = 400
"""Networks with more components are not drawn: nobody could read them."""

MAX_COLUMNS = 30
MAX_ROWS = 42

# The signs differ by at least 20 CIEDE2000 units in normal, deutan, protan and tritan vision.
_LIGHT = {
    "paper": "#ffffff",
    "ink": "#1d2733",
    "muted": "#5b6775",
    "line": "#8a94a0",
    "grid": "#d5dbe2",
    "band": "#f4f6f8",
    "band-line": "#c9d1da",
    "node": "#ffffff",
    "plus": "#005c46",
    "minus": "#e0561a",
    "dual": "#6a4fc9",
    "free": "#f2c14e",
    "hatch": "#c4912a",
    "free-ink": "#1d2733",
    "varies": "#e3e7ec",
    "changed": "#c65100",
    "badge": "#1d2733",
    "badge-ink": "#ffffff",
}
_DARK = {
    "paper": "#1e1f22",
    "ink": "#e6e9ed",
    "muted": "#a3adb9",
    "line": "#7d8896",
    "grid": "#3b414a",
    "band": "#25282d",
    "band-line": "#434a54",
    "node": "#2b2f36",
    "plus": "#7df0d4",
    "minus": "#f2692b",
    "dual": "#a994f5",
    "free": "#f2c14e",
    "hatch": "#b9862a",
    "free-ink": "#1d2733",
    "varies": "#4a525d",
    "changed": "#ff9d5c",
    "badge": "#e6e9ed",
    "badge-ink": "#1e1f22",
}
_RAMP_LIGHT = ("#f3f6fa", "#7fb2de", "#14457f")
_RAMP_DARK = ("#31363e", "#3f79b5", "#bfe0ff")


class Theme:
    """Colours by role, either plain or as CSS variables."""

    def __init__(self, colours: Mapping[str, str] | None = None) -> None:
        self._colours = colours

    def __getitem__(self, role: str) -> str:
        return f"var(--{role})" if self._colours is None else self._colours[role]


def _ramp(stops: Sequence[str]) -> dict[str, str]:
    """Return the colour of each step between level 0 and the top, and that of text on it."""
    roles = {}
    for step in range(STEPS + 1):
        at = step / STEPS * (len(stops) - 1)
        first = min(int(at), len(stops) - 2)
        pair = [[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in stops[first : first + 2]]
        mixed = [round(a + (b - a) * (at - first)) for a, b in zip(*pair, strict=True)]
        roles[f"level-{step}"] = "#{:02x}{:02x}{:02x}".format(*mixed)
        roles[f"ink-{step}"] = "#000000" if _luminance(mixed) > 0.179 else "#ffffff"
    return roles


def _luminance(channels: Sequence[int]) -> float:
    """Return the relative luminance of WCAG 2; above 0.179 black text reads better than white."""
    parts = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


_LIGHT |= _ramp(_RAMP_LIGHT)
_DARK |= _ramp(_RAMP_DARK)

LIGHT = Theme(_LIGHT)
DARK = Theme(_DARK)
ADAPTIVE = Theme()


def stylesheet() -> str:
    """Return the CSS variables that figures drawn with `ADAPTIVE` need; paper is always light."""

    def variables(colours: Mapping[str, str]) -> str:
        return "".join(f"--{role}:{colour};" for role, colour in colours.items())

    return (
        f":root{{color-scheme:light dark;{variables(_LIGHT)}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{variables(_DARK)}}}}}\n"
    )


def level_step(level: int, top: int) -> int:
    """Return the step of the level ramp, 0 to `STEPS`, that shows a level."""
    return round(STEPS * level / top)


def level_text(levels: Range) -> str:
    """Return a level, or a range, as figures and tables print it.

    >>> level_text((2, 2)), level_text((0, 2))
    ('2', '0–2')
    """
    low, high = levels
    return str(low) if low == high else f"{low}–{high}"


# --- SVG -------------------------------------------------------------------------------------

Attribute: TypeAlias = str | float


def _number(value: Attribute) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _escaped(text: str) -> str:
    """Return text as XML may contain it."""
    return escape(_FORBIDDEN.sub("\ufffd", text))


def _tag(name: str, content: str = "", /, **attributes: Attribute) -> str:
    """Return an element; ``font_size`` becomes ``font-size``, and the content is not escaped."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_escaped(_number(value))}"'
        for key, value in attributes.items()
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def _paint(fill: str = "none", stroke: str = "", width: float = 1.0, more: str = "") -> str:
    line = f";stroke:{stroke};stroke-width:{_number(width)}" if stroke else ""
    return f"fill:{fill}{line}{more}"


def _label(
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
    attributes: dict[str, Attribute] = {"font_size": size, "style": _paint(colour)}
    if anchor != "start":
        attributes["text_anchor"] = anchor
    if bold:
        attributes["font_weight"] = "bold"
    if turned:
        attributes["transform"] = f"translate({_number(x + size * 0.36)},{_number(y)}) rotate(-90)"
        return _tag("text", _escaped(text), x=0.0, y=0.0, **attributes)
    return _tag("text", _escaped(text), x=x, y=y + size * 0.36, **attributes)


def _picture(
    width: float,
    height: float,
    parts: Iterable[str],
    title: str,
    theme: Theme,
    box: Point = (0, 0),
) -> str:
    paper = _tag("rect", x=box[0], y=box[1], width=width, height=height,
                 style=_paint(theme["paper"]))  # fmt: skip
    body = _tag("title", _escaped(title)) + "".join(f"\n{part}" for part in (paper, *parts))
    view = " ".join(_number(v) for v in (*box, width, height))
    size = f'width="{_number(width)}" height="{_number(height)}" viewBox="{view}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FONT}" role="img">'
        f"{body}\n</svg>\n"
    )


# --- the network -----------------------------------------------------------------------------


def network_layout(
    network: LogicalNetwork,
    edges: Sequence[Edge] | None = None,
    *,
    fixed: Mapping[str, Point] | None = None,
    order: Sequence[str] = (),
) -> Layout:
    """Return where `network_figure` draws things; `fixed` and `order` are as in `lay_out`."""
    edges = find_edges(network) if edges is None else edges
    ends: dict[str, list[int]] = {name: [0, 0] for name in network.names}
    for edge in edges:
        ends[edge.source][0] += 1
        ends[edge.target][1] += 1
    sizes = {
        c.name: node_size(c.name + "  " + _badge(c), links=max(ends[c.name]))
        for c in network.components
    }
    return lay_out(
        sizes,
        [(e.source, e.target) for e in edges],
        compartments={c.name: c.compartment for c in network.components},
        order=order,
        fixed=fixed,
    )


def network_figure(
    network: LogicalNetwork,
    *,
    edges: Sequence[Edge] | None = None,
    layout: Layout | None = None,
    levels: Space | None = None,
    perturbation: Perturbation | None = None,
    theme: Theme = LIGHT,
    title: str = "",
    legend: bool = True,
) -> str:
    """Return a drawing of the network, compartments as bands from top to bottom.

    Parameters
    ----------
    network
        The unperturbed network.
    edges, layout
        What `find_edges` and `network_layout` give, if they are at hand.
    levels
        Paints the components, for example with the space of an attractor.
    perturbation
        Is marked on the components and edges it concerns.
    theme
        `LIGHT`, `DARK` or `ADAPTIVE`.
    title
        What a screen reader says; default the network's name.
    legend
        Whether the meaning of shapes and colours is drawn below.
    """
    edges = find_edges(network) if edges is None else edges
    layout = network_layout(network, edges) if layout is None else layout
    done = perturbation or Perturbation()
    claims = {(c.source, c.target): c for c in network.claims}
    cuts = {(cut.source, cut.target) for cut in done.cuts}
    hubs = _hubs(edges, len(network))
    regulated = {e.target for e in edges}
    parts: list[str] = []
    for band in layout.bands:
        if band.title:
            frame = _paint(theme["band"], theme["band-line"])
            parts.append(_tag("rect", x=band.left, y=band.top, width=band.right - band.left,
                              height=band.bottom - band.top, rx=8.0, style=frame))  # fmt: skip
            middle = (band.top + band.bottom) / 2
            parts.append(_label(band.left + 12, middle, band.title, theme["muted"], size=12,
                                anchor="start", bold=True))  # fmt: skip
    for edge in edges:
        pair = (edge.source, edge.target)
        claim = claims.get(pair)
        note = f"{edge.source} {_VERBS[edge.sign]} {edge.target}"
        if edge.thresholds != (1,):
            note += f" (at level {', '.join(map(str, edge.thresholds))})"
        if claim and (claim.note or claim.kind):
            note += ": " + ", ".join(p for p in (claim.note, claim.kind, *claim.refs) if p)
        dashed = bool(claim and claim.kind == "assumption")
        faded = edge.source in hubs or pair in cuts
        parts.append(_edge(layout.routes[pair], edge.sign, theme, note, dashed, faded))
    for c in network.components:
        constant = c.rule is not None and c.name not in regulated
        parts.append(_node(c, layout, theme, levels, done, constant))
    height = layout.height
    if legend:
        entries = _legend_entries(network, edges, levels, theme)
        drawn, extra = _legend(entries, layout.left + 12, layout.bottom, layout.width - 24, theme)
        parts += drawn
        height += extra
    named = title or network.name or "network"
    box = (layout.left, layout.top)
    return _picture(max(layout.width, 260), height, parts, named, theme, box)


_VERBS = {"+": "activates", "-": "inhibits", "±": "activates or inhibits"}
_ROLES = {"+": "plus", "-": "minus", "±": "dual"}


def _badge(component: Component) -> str:
    return f"0..{component.top}" if component.top > 1 else "0–1"


def _hubs(edges: Sequence[Edge], count: int) -> set[str]:
    """Return components that act on so many others that their edges would hide the rest."""
    if count < 20:
        return set()
    degree: dict[str, int] = {}
    for edge in edges:
        degree[edge.source] = degree.get(edge.source, 0) + 1
    return {name for name, links in degree.items() if links > 0.4 * count}


def _edge(
    route: Sequence[Point], sign: str, theme: Theme, note: str, dashed: bool, faded: bool
) -> str:
    colour = theme[_ROLES[sign]]
    tip, before = (
        route[-1],
        next(
            (
                p
                for p in reversed(route[:-1])
                if hypot(p[0] - route[-1][0], p[1] - route[-1][1]) > 0.5
            ),
            route[0],
        ),
    )
    angle = atan2(tip[1] - before[1], tip[0] - before[0])
    along, across = (cos(angle), sin(angle)), (-sin(angle), cos(angle))

    def at(back: float, aside: float) -> Point:
        return (
            tip[0] - along[0] * back + across[0] * aside,
            tip[1] - along[1] * back + across[1] * aside,
        )

    stop = at({"+": 7.0, "-": 2.0, "±": 11.0}[sign], 0)
    path = f"M{_point(route[0])}"
    for i in range(1, len(route), 3):
        curve = [*route[i : i + 2], stop if i + 3 >= len(route) else route[i + 2]]
        path += "C" + " ".join(_point(p) for p in curve)
    dash = ";stroke-dasharray:5,3" if dashed else ""
    drawn = _tag("path", d=path, style=_paint("none", colour, 1.4, dash))
    if sign in "+±":
        corners = " ".join(_point(p) for p in (tip, at(8.5, 3.6), at(8.5, -3.6)))
        drawn += _tag("polygon", points=corners, style=_paint(colour))
    if sign in "-±":
        back = 2.0 if sign == "-" else 11.0
        (x1, y1), (x2, y2) = at(back, 5.2), at(back, -5.2)
        drawn += _tag("line", x1=x1, y1=y1, x2=x2, y2=y2, style=_paint("none", colour, 2.4))
    attributes: dict[str, Attribute] = {"opacity": 0.3} if faded else {}
    return _tag("g", _tag("title", _escaped(note)) + drawn, **attributes)


def _point(p: Point) -> str:
    return f"{_number(p[0])},{_number(p[1])}"


def _node(
    component: Component,
    layout: Layout,
    theme: Theme,
    levels: Space | None,
    done: Perturbation,
    constant: bool,
) -> str:
    name = component.name
    (x, y), (width, height) = layout.positions[name], layout.sizes[name]
    fill, ink, stroke = theme["node"], theme["ink"], theme["ink"]
    value = levels.get(name) if levels is not None else None
    if value is not None and value[0] == value[1]:
        step = level_step(value[0], component.top)
        fill, ink = theme[f"level-{step}"], theme[f"ink-{step}"]
    elif value is not None:
        fill, ink = theme["free"], theme["free-ink"]
    if constant:
        stroke = theme["line"]
    note = [name, *((component.note,) if component.note else ())]
    if component.rule is None:
        note.append("input")
    drawn = _tag("title", _escaped(" - ".join(note)))
    drawn += _shape(component.top, x, y, width, height, _paint(fill, stroke, 1.2))
    if component.rule is None:
        drawn += _shape(component.top, x, y, width - 6, height - 6, _paint("none", stroke, 0.8))
    shown = level_text(value) if value is not None else _badge(component) * (component.top > 1)
    muted = ink if value is not None else theme["muted"]
    if shown:
        size = 12.0 if value is not None else 9.0
        total = text_width(name, 12) + 6 + text_width(shown, size, bold=value is not None)
        drawn += _label(x - total / 2, y, name, ink, size=12, anchor="start")
        drawn += _label(x + total / 2, y, shown, muted, size=size, anchor="end",
                        bold=value is not None)  # fmt: skip
    else:
        drawn += _label(x, y, name, ink, size=12)
    if name in done.clamps:
        drawn += _clamp_badge(done.clamps[name], x + width / 2 - 4, y - height / 2, theme)
    return _tag("g", drawn)


def _shape(top: int, x: float, y: float, width: float, height: float, style: str) -> str:
    corner = 12.0 if top == 1 else 2.0
    return _tag("rect", x=x - width / 2, y=y - height / 2, width=width, height=height,
                rx=min(corner, height / 2), style=style)  # fmt: skip


def _clamp_badge(held: Range, x: float, y: float, theme: Theme) -> str:
    """Mark a knock-out (outlined) or a forced level (filled) at the corner of a node."""
    knocked_out = held == (0, 0)
    text = "KO" if knocked_out else f"= {level_text(held)}"
    width = text_width(text, 9, bold=True) + 8
    fill = theme["paper"] if knocked_out else theme["badge"]
    ink = theme["badge"] if knocked_out else theme["badge-ink"]
    box = _tag("rect", x=x - width / 2, y=y - 7, width=width, height=14.0, rx=3.0,
               style=_paint(fill, theme["badge"], 1.2))  # fmt: skip
    return box + _label(x, y, text, ink, size=9, bold=True)


# --- legends ---------------------------------------------------------------------------------

Entry: TypeAlias = tuple[float, str, str]
"""Width of a key, its drawing around 0, 0 from the left, and what it means."""


def _legend_entries(
    network: LogicalNetwork, edges: Sequence[Edge], levels: Space | None, theme: Theme
) -> list[Entry]:
    entries: list[Entry] = []
    flat = ((0.0, 0.0), (10.0, 0.0), (18.0, 0.0), (30.0, 0.0))
    for sign in _VERBS:
        if any(e.sign == sign for e in edges):
            entries.append((30, _edge(flat, sign, theme, "", False, False), _VERBS[sign]))
    if any(c.kind == "assumption" for c in network.claims):
        entries.append((30, _edge(flat, "+", theme, "", True, False), "assumption"))
    plain = _paint(theme["node"], theme["ink"], 1.2)
    if any(c.top == 1 for c in network.components):
        entries.append((30, _shape(1, 15, 0, 30, 16, plain), "levels 0 and 1"))
    if not network.is_boolean:
        entries.append((30, _shape(2, 15, 0, 30, 16, plain), "more levels"))
    if network.inputs:
        double = _shape(1, 15, 0, 30, 16, plain)
        double += _shape(1, 15, 0, 25, 11, _paint("none", theme["ink"], 0.8))
        entries.append((30, double, "input"))
    return entries + (_level_entries(levels, theme, hatched=False) if levels is not None else [])


def _level_entries(levels: Space, theme: Theme, *, hatched: bool = True) -> list[Entry]:
    ramp = "".join(
        _tag("rect", x=i * 8.0, y=-7.0, width=8.0, height=14.0,
             style=_paint(theme[f"level-{i}"]))
        for i in range(STEPS + 1)
    ) + _tag("rect", x=0.0, y=-7.0, width=72.0, height=14.0,
             style=_paint("none", theme["line"], 0.8))  # fmt: skip
    entries: list[Entry] = [(72, ramp, "level 0 to highest")]
    if len(levels.fixed) < len(levels):
        cell = (
            _hatched(0, -7, 22, 14, theme)
            if hatched
            else _tag("rect", x=0.0, y=-7.0, width=22.0, height=14.0, style=_paint(theme["free"]))
        )
        entries.append((22, cell, "keeps changing between these levels"))
    return entries


def _legend(
    entries: Sequence[Entry], left: float, top: float, width: float, theme: Theme
) -> tuple[list[str], float]:
    """Return the legend in as many lines as it needs, and its height."""
    parts, x, y = [], left, top + 14
    for key_width, key, text in entries:
        needed = key_width + 7 + text_width(text, 11)
        if x > left and x + needed > left + width:
            x, y = left, y + 22
        parts.append(_tag("g", key, transform=f"translate({_number(x)},{_number(y)})"))
        parts.append(_label(x + key_width + 7, y, text, theme["muted"], anchor="start"))
        x += needed + 20
    return parts, (y + 16 - top) if entries else 0.0


# --- heat maps -------------------------------------------------------------------------------

CELL = 24.0


@dataclass(frozen=True, slots=True)
class _Cell:
    """One square of a heat map: text, how it is filled, and whether a frame says "changed"."""

    text: str
    look: str = "empty"  # empty, level, free, varies
    step: int = 0
    changed: bool = False
    note: str = ""


def attractor_heatmap(
    found: Attractors, network: LogicalNetwork, *, theme: Theme = LIGHT
) -> tuple[str, ...]:
    """Return attractors by components with every level printed, in parts that fit a page.

    Components that keep changing are hatched and show their range; those that differ between
    input combinations (see `Attractor.follows`) are grey.
    """
    tops = network.tops
    labels = [f"A{i}: {describe(a)}" for i, a in enumerate(found.attractors, start=1)]
    traits = [", ".join(a.phenotypes) for a in found.attractors]
    cells = [
        [_attractor_cell(a, name, tops[name]) for name in network.names] for a in found.attractors
    ]
    names = list(network.names)
    everything = Space({str(i): (0, 1) if c.look == "free" else 1
                        for i, c in enumerate(c for row in cells for c in row)})  # fmt: skip
    entries = _level_entries(everything, theme)
    if any(c.look == "varies" for row in cells for c in row):
        key = _square(0, -7, 22, 14, _Cell("", "varies"), theme)
        entries.append((22, key, "follows the inputs"))
    return _heatmap(labels, names, cells, theme, right=traits, entries=entries,
                    title=f"attractors of {network.name}")  # fmt: skip


def describe(attractor: Attractor) -> str:
    """Return an attractor's kind, size and number of input combinations in a few words.

    >>> describe(Attractor("complex", 9, Space(), Space()))
    'complex, 9 states'
    """
    text = attractor.kind
    if attractor.kind != "fixed point":
        text += f", {attractor.size:,} states" if attractor.size is not None else ""
    if attractor.valuations > 1:
        text += f", in {attractor.valuations:,} input combinations"
    return text


def _attractor_cell(attractor: Attractor, name: str, top: int) -> _Cell:
    levels = attractor.space.get(name, (0, top))
    text = level_text(levels)
    note = f"{name} = {text}"
    if levels[0] == levels[1]:
        return _Cell(text, "level", level_step(levels[0], top), note=note)
    settled = name in attractor.follows or name in attractor.condition
    return _Cell(text, "varies" if settled else "free", note=note)


def screen_matrix(
    screen: Screen,
    network: LogicalNetwork,
    *,
    rows: Sequence[ScreenRow] | None = None,
    theme: Theme = LIGHT,
) -> tuple[str, ...]:
    """Return perturbations by contexts, in parts that fit a page.

    Each context has a column for each readout; without readouts, for each phenotype; without
    those, the number of attractors. A frame marks what differs from the wild type in the same
    context.

    Parameters
    ----------
    screen
        The screen.
    network
        Gives the highest levels.
    rows
        Which rows to draw; default all.
    theme
        `LIGHT`, `DARK` or `ADAPTIVE`.
    """
    chosen = screen.rows if rows is None else rows
    contexts = [c.name for c in screen.contexts]
    seen = {name for r in screen.rows for name in r.phenotypes}
    phenotypes = [p.name for p in screen.phenotypes if p.name in seen]
    columns = list(screen.readouts) or phenotypes or ["attractors"]
    by_place = {(r.perturbation, r.context): r for r in (*screen.rows, *chosen)}
    wild = {context: by_place.get((Perturbation(), context)) for context in contexts}
    done = list(dict.fromkeys((Perturbation(), *(r.perturbation for r in chosen))))
    labels = [p.label for p in done]
    cells = []
    for perturbation in done:
        line = []
        for context in contexts:
            row, reference = by_place.get((perturbation, context)), wild[context]
            line += [_screen_cell(row, reference, c, screen, network) for c in columns]
        cells.append(line)
    groups = [(context or "as it is", len(columns)) for context in contexts]
    entries = _level_entries(Space(), theme) if screen.readouts else []
    if any(c.look == "free" for line in cells for c in line):
        key = _hatched(0, -7, 22, 14, theme)
        entries.append((22, key, "several levels, within or between attractors"))
    frame = _square(0, -7, 22, 14, _Cell("", changed=True), theme)
    entries.append((22, frame, "differs from the wild type"))
    return _heatmap(labels, columns * len(contexts), cells, theme, groups=groups,
                    entries=entries, repeat_first=True,
                    title=f"screen of {screen.origin.network}")  # fmt: skip


def _screen_cell(
    row: ScreenRow | None,
    wild: ScreenRow | None,
    column: str,
    screen: Screen,
    network: LogicalNetwork,
) -> _Cell:
    if row is None:
        return _Cell("", note="not computed")
    if row.attractors is None:
        return _Cell("?", "varies", note=row.status)
    note = f"{row.perturbation.label}, {row.context}: {column}"
    if column in screen.readouts:
        levels = row.readouts.get(column)
        if levels is None:
            return _Cell("?", "varies", note=row.status)
        changed = wild is not None and wild.readouts.get(column, levels) != levels
        note = f"{note} = {level_text(levels)}"
        if levels[0] == levels[1]:
            step = level_step(levels[0], network.tops[column])
            return _Cell(level_text(levels), "level", step, changed, note)
        return _Cell(level_text(levels), "free", 0, changed, note)
    if column not in {p.name for p in screen.phenotypes}:
        changed = wild is not None and wild.attractors != row.attractors
        return _Cell(f"{row.attractors:,}", "empty", 0, changed, note)
    count = row.phenotypes.get(column, 0)
    changed = wild is not None and (wild.phenotypes.get(column, 0) > 0) != (count > 0)
    look = ("level", STEPS // 2) if count else ("level", 0)
    return _Cell(f"{count:,}" if count else "", *look, changed, f"{note}: {count} attractors")


def _heatmap(
    labels: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[_Cell]],
    theme: Theme,
    *,
    right: Sequence[str] = (),
    groups: Sequence[tuple[str, int]] = (),
    entries: Sequence[Entry] = (),
    repeat_first: bool = False,
    title: str = "",
) -> tuple[str, ...]:
    """Draw a table of squares in as many pictures as its size needs."""
    column_parts = _column_parts(len(columns), groups)
    first = 1 if repeat_first and len(labels) > 1 else 0
    body = range(first, len(labels))
    row_parts = [[*range(first), *body[i : i + MAX_ROWS]] for i in range(0, len(body), MAX_ROWS)]
    pictures = []
    for rows in row_parts:
        for number, (start, stop, spans) in enumerate(column_parts, start=1):
            last = number == len(column_parts)
            pictures.append(
                _heatmap_part(
                    [labels[i] for i in rows],
                    columns[start:stop],
                    [cells[i][start:stop] for i in rows],
                    theme,
                    [right[i] for i in rows] if right and last else [],
                    spans,
                    entries if last and rows is row_parts[-1] else (),
                    title,
                )
            )
    return tuple(pictures)


def _column_parts(
    count: int, groups: Sequence[tuple[str, int]]
) -> list[tuple[int, int, list[tuple[str, int]]]]:
    """Return ``(start, stop, groups)`` of each part; a group stays whole if it can."""
    if not groups:
        size = -(-count // -(-count // MAX_COLUMNS)) if count else 1  # parts of equal width
        return [(i, min(i + size, count), []) for i in range(0, count, size)]
    parts: list[tuple[int, int, list[tuple[str, int]]]] = []
    at = 0
    for name, size in groups:
        for first in range(0, size, MAX_COLUMNS):
            width = min(MAX_COLUMNS, size - first)
            if parts and parts[-1][1] - parts[-1][0] + width <= MAX_COLUMNS:
                start, stop, names = parts[-1]
                parts[-1] = (start, stop + width, [*names, (name, width)])
            else:
                parts.append((at, at + width, [(name, width)]))
            at += width
    return parts


def _heatmap_part(
    labels: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[_Cell]],
    theme: Theme,
    right: Sequence[str],
    groups: Sequence[tuple[str, int]],
    entries: Sequence[Entry],
    title: str,
) -> str:
    margin, gap = 8.0, 10.0 if groups else 0.0
    wide = max((text_width(c.text, 11) + 8 for row in cells for c in row), default=0.0)
    cell = max(CELL, wide)
    left = margin + max((text_width(label, 11) for label in labels), default=0) + 10
    header = max((text_width(column, 11) for column in columns), default=0) + 10
    # a group's title may be wider than its columns: then its columns move apart from the next
    spans, xs, x = [], [], left
    for name, size in groups or [("", len(columns))]:
        spans.append((name, x, size * cell))
        xs += [x + i * cell for i in range(size)]
        x += max(size * cell, text_width(name, 11, bold=True) + 4 if name else 0) + gap
    top = margin + (20 if groups else 0) + header
    parts = []
    for name, start, _ in spans:
        if name:
            parts.append(_label(start, margin + 8, name, theme["ink"], anchor="start", bold=True))
    for column, x_column in zip(columns, xs, strict=True):
        parts.append(_label(x_column + cell / 2, top - 6, column, theme["ink"], anchor="start",
                            turned=True))  # fmt: skip
    for i, (label, line) in enumerate(zip(labels, cells, strict=True)):
        y = top + i * CELL
        parts.append(_label(left - 8, y + CELL / 2, label, theme["ink"], anchor="end"))
        for x_cell, content in zip(xs, line, strict=True):
            parts.append(_square(x_cell, y, cell, CELL, content, theme))
        if right and right[i]:
            parts.append(_label(x + 8, y + CELL / 2, right[i], theme["ink"], anchor="start"))
    for i, line in enumerate(cells):  # frames last, so that no neighbour covers them
        for x_cell, content in zip(xs, line, strict=True):
            if content.changed:
                parts.append(_frame(x_cell, top + i * CELL, cell, CELL, theme))
    width = x + max((text_width(text, 11) + 8 for text in right), default=0) + margin
    height = top + len(labels) * CELL + margin
    if entries:
        width = max(width, left + 260)
        drawn, extra = _legend(entries, left, height, width - left - margin, theme)
        parts += drawn
        height += extra
    return _picture(width, height, parts, title, theme)


def _square(x: float, y: float, width: float, height: float, cell: _Cell, theme: Theme) -> str:
    fill, ink = theme["paper"], theme["ink"]
    if cell.look == "level":
        fill, ink = theme[f"level-{cell.step}"], theme[f"ink-{cell.step}"]
    elif cell.look == "varies":
        fill = theme["varies"]
    if cell.look == "free":
        drawn, ink = _hatched(x, y, width, height, theme), theme["free-ink"]
    else:
        drawn = _tag("rect", x=x, y=y, width=width, height=height,
                     style=_paint(fill, theme["grid"], 0.8))  # fmt: skip
    if cell.text:
        drawn += _label(x + width / 2, y + height / 2, cell.text, ink)
    if not cell.note:
        return drawn + (_frame(x, y, width, height, theme) if cell.changed else "")
    return _tag("g", _tag("title", _escaped(cell.note)) + drawn)


def _frame(x: float, y: float, width: float, height: float, theme: Theme) -> str:
    return _tag("rect", x=x + 1.2, y=y + 1.2, width=width - 2.4, height=height - 2.4,
                style=_paint("none", theme["changed"], 2.2))  # fmt: skip


def _hatched(x: float, y: float, width: float, height: float, theme: Theme) -> str:
    """Draw a box with slanting lines, one by one: not every program knows patterns."""
    drawn = _tag("rect", x=x, y=y, width=width, height=height,
                 style=_paint(theme["free"], theme["grid"], 0.8))  # fmt: skip
    offset = 5.0
    while offset < width + height:
        start = (x + min(offset, width), y + max(0.0, offset - width))
        end = (x + max(0.0, offset - height), y + min(offset, height))
        drawn += _tag("line", x1=start[0], y1=start[1], x2=end[0], y2=end[1],
                      style=_paint("none", theme["hatch"], 0.7))  # fmt: skip
        offset += 6.0
    return drawn
