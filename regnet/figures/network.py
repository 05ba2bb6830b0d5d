"""The network: components by compartment, edges by sign, optionally painted with levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import atan2, cos, hypot, sin

from regnet.analysis.structure import Edge, find_edges
from regnet.figures.svg import (
    Attribute,
    Entry,
    draw_legend,
    escaped,
    level_entries,
    number,
    paint,
    picture,
    tag,
    text_at,
)
from regnet.figures.theme import LIGHT, Theme, level_step, level_text
from regnet.layout import Layout, Point, lay_out, node_size, text_width
from regnet.network import Component, LogicalNetwork
from regnet.scenario import Perturbation
from regnet.space import Range, Space

MAX_DRAWN = 400
"""Networks with more components are not drawn: the drawing could not be read."""


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
        The results of `find_edges` and `network_layout`, if available.
    levels
        Levels to paint, such as the space of an attractor.
    perturbation
        The perturbation, marked on components and edges.
    theme
        `LIGHT`, `DARK` or `ADAPTIVE`.
    title
        Description for screen readers; default the name of the network.
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
            frame = paint(theme["band"], theme["band-line"])
            parts.append(tag("rect", x=band.left, y=band.top, width=band.right - band.left,
                              height=band.bottom - band.top, rx=8.0, style=frame))  # fmt: skip
            middle = (band.top + band.bottom) / 2
            parts.append(text_at(band.left + 12, middle, band.title, theme["muted"], size=12,
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
        drawn, extra = draw_legend(
            entries, layout.left + 12, layout.bottom, layout.width - 24, theme
        )
        parts += drawn
        height += extra
    named = title or network.name or "network"
    box = (layout.left, layout.top)
    return picture(max(layout.width, 260), height, parts, named, theme, box)


_VERBS = {"+": "activates", "-": "inhibits", "±": "activates or inhibits"}
_ROLES = {"+": "plus", "-": "minus", "±": "dual"}


def _badge(component: Component) -> str:
    return f"0..{component.top}" if component.top > 1 else "0–1"


def _hubs(edges: Sequence[Edge], count: int) -> set[str]:
    """Return components with so many targets that their edges would hide the rest."""
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
    drawn = tag("path", d=path, style=paint("none", colour, 1.4, dash))
    if sign in "+±":
        corners = " ".join(_point(p) for p in (tip, at(8.5, 3.6), at(8.5, -3.6)))
        drawn += tag("polygon", points=corners, style=paint(colour))
    if sign in "-±":
        back = 2.0 if sign == "-" else 11.0
        (x1, y1), (x2, y2) = at(back, 5.2), at(back, -5.2)
        drawn += tag("line", x1=x1, y1=y1, x2=x2, y2=y2, style=paint("none", colour, 2.4))
    attributes: dict[str, Attribute] = {"opacity": 0.3} if faded else {}
    return tag("g", tag("title", escaped(note)) + drawn, **attributes)


def _point(p: Point) -> str:
    return f"{number(p[0])},{number(p[1])}"


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
    drawn = tag("title", escaped(" - ".join(note)))
    drawn += _shape(component.top, x, y, width, height, paint(fill, stroke, 1.2))
    if component.rule is None:
        drawn += _shape(component.top, x, y, width - 6, height - 6, paint("none", stroke, 0.8))
    shown = level_text(value) if value is not None else _badge(component) * (component.top > 1)
    muted = ink if value is not None else theme["muted"]
    if shown:
        size = 12.0 if value is not None else 9.0
        total = text_width(name, 12) + 6 + text_width(shown, size, bold=value is not None)
        drawn += text_at(x - total / 2, y, name, ink, size=12, anchor="start")
        drawn += text_at(x + total / 2, y, shown, muted, size=size, anchor="end",
                        bold=value is not None)  # fmt: skip
    else:
        drawn += text_at(x, y, name, ink, size=12)
    if name in done.clamps:
        drawn += _clamp_badge(done.clamps[name], x + width / 2 - 4, y - height / 2, theme)
    return tag("g", drawn)


def _shape(top: int, x: float, y: float, width: float, height: float, style: str) -> str:
    corner = 12.0 if top == 1 else 2.0
    return tag("rect", x=x - width / 2, y=y - height / 2, width=width, height=height,
                rx=min(corner, height / 2), style=style)  # fmt: skip


def _clamp_badge(held: Range, x: float, y: float, theme: Theme) -> str:
    """Mark a knock-out (outlined) or a forced level (filled) at the corner of a node."""
    knocked_out = held == (0, 0)
    text = "KO" if knocked_out else f"= {level_text(held)}"
    width = text_width(text, 9, bold=True) + 8
    fill = theme["paper"] if knocked_out else theme["badge"]
    ink = theme["badge"] if knocked_out else theme["badge-ink"]
    box = tag("rect", x=x - width / 2, y=y - 7, width=width, height=14.0, rx=3.0,
               style=paint(fill, theme["badge"], 1.2))  # fmt: skip
    return box + text_at(x, y, text, ink, size=9, bold=True)


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
    plain = paint(theme["node"], theme["ink"], 1.2)
    if any(c.top == 1 for c in network.components):
        entries.append((30, _shape(1, 15, 0, 30, 16, plain), "levels 0 and 1"))
    if not network.is_boolean:
        entries.append((30, _shape(2, 15, 0, 30, 16, plain), "more levels"))
    if network.inputs:
        double = _shape(1, 15, 0, 30, 16, plain)
        double += _shape(1, 15, 0, 25, 11, paint("none", theme["ink"], 0.8))
        entries.append((30, double, "input"))
    return entries + (level_entries(levels, theme, hatched=False) if levels is not None else [])
