"""The network: components by compartment, edges by sign, optionally painted with levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import atan2, cos, hypot, sin

from regnet.analysis.structure import Edge, find_edges
from regnet.figures.marks import Area, Curve, Drawing, Group, Key, Mark, Rect, Text, ramp_key
from regnet.figures.marks import legend as key_rows
from regnet.figures.svg import to_svg
from regnet.figures.theme import LIGHT, Theme, level_step, level_text
from regnet.layout import Layout, Point, lay_out, node_size, text_width
from regnet.network import Claim, Component, LogicalNetwork
from regnet.scenario import Perturbation
from regnet.space import Range, Space

SIGN_WORDS = {"+": "activates", "-": "inhibits", "±": "activates or inhibits"}
SIGN_ROLES = {"+": "plus", "-": "minus", "±": "dual"}

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
    marks: list[Mark] = []
    for band in layout.bands:
        if band.title:
            size = band.right - band.left, band.bottom - band.top
            middle = (band.top + band.bottom) / 2
            marks.append(Rect(band.left, band.top, *size, "band", "band-line", corner=8))
            marks.append(Text(band.left + 12, middle, band.title, "muted", 12, "start", bold=True))
    for edge in edges:
        pair = (edge.source, edge.target)
        claim = claims.get(pair)
        dashes = (5.0, 3.0) if claim and claim.kind == "assumption" else ()
        drawn = edge_marks(layout.routes[pair], edge.sign, dashes=dashes)
        is_faded = edge.source in hubs or pair in cuts
        note = _edge_note(edge, claim)
        marks.append(Group(tuple(drawn), note=note, opacity=0.3 if is_faded else 1.0))
    for c in network.components:
        is_constant = c.rule is not None and c.name not in regulated
        marks.append(_node(c, layout, levels, done, is_constant=is_constant))
    height = layout.height
    if legend:
        keys = network_keys(network, edges, levels=levels, done=done)
        drawn, more = key_rows(keys, layout.left + 12, layout.bottom, layout.width - 24)
        marks += drawn
        height += more
    named = title or network.name or "network"
    corner = layout.left, layout.top
    width = max(layout.width, 260)
    return to_svg(Drawing(width, height, tuple(marks), named, corner=corner), theme)


def _edge_note(edge: Edge, claim: Claim | None) -> str:
    note = f"{edge.source} {SIGN_WORDS[edge.sign]} {edge.target}"
    if edge.thresholds != (1,):
        note += f" (at level {', '.join(map(str, edge.thresholds))})"
    if claim and (claim.note or claim.kind):
        note += ": " + ", ".join(p for p in (claim.note, claim.kind, *claim.refs) if p)
    return note


def _badge(component: Component) -> str:
    return f"0..{component.top}" if component.top > 1 else "0–1"


def _hubs(edges: Sequence[Edge], count: int) -> set[str]:
    """Return components whose many edges would hide the others."""
    if count < 20:
        return set()
    degree: dict[str, int] = {}
    for edge in edges:
        degree[edge.source] = degree.get(edge.source, 0) + 1
    return {name for name, links in degree.items() if links > 0.4 * count}


# --- edges -----------------------------------------------------------------------------------


def edge_shape(
    route: Sequence[Point], sign: str
) -> tuple[tuple[Point, ...], list[tuple[Point, ...]]]:
    """Return the curve of an edge, and the polygons of its head: an arrow, a bar or both.

    `route` is a start point and three points for each cubic Bézier curve.
    """
    tip = route[-1]
    apart = (p for p in reversed(route[:-1]) if hypot(p[0] - tip[0], p[1] - tip[1]) > 0.5)
    before = next(apart, (tip[0], tip[1] - 1))
    angle = atan2(tip[1] - before[1], tip[0] - before[0])
    along, across = (cos(angle), sin(angle)), (-sin(angle), cos(angle))

    def at(back: float, aside: float) -> Point:
        return (
            tip[0] - along[0] * back + across[0] * aside,
            tip[1] - along[1] * back + across[1] * aside,
        )

    heads: list[tuple[Point, ...]] = []
    if sign in "+±":
        heads.append((tip, at(9, 4), at(9, -4)))
    if sign in "-±":
        near, far = (0.2, 2.8) if sign == "-" else (10.2, 12.8)
        heads.append((at(near, 5.5), at(near, -5.5), at(far, -5.5), at(far, 5.5)))
    return (*route[:-1], at({"+": 7.0, "-": 2.0, "±": 11.0}[sign], 0)), heads


def edge_marks(
    route: Sequence[Point], sign: str, *, dashes: tuple[float, ...] = (), role: str = ""
) -> list[Mark]:
    """Return an edge in the colour of a role, by default that of its sign."""
    role = role or SIGN_ROLES[sign]
    curve, heads = edge_shape(route, sign)
    return [Curve(curve, role, 1.4, dashes), *(Area(head, role) for head in heads)]


# --- components ------------------------------------------------------------------------------


def _node(
    component: Component, layout: Layout, levels: Space | None, done: Perturbation, *,
    is_constant: bool,
) -> Group:  # fmt: skip
    name = component.name
    (x, y), (width, height) = layout.positions[name], layout.sizes[name]
    fill, ink, stroke = "node", "ink", "line" if is_constant else "ink"
    value = levels.get(name) if levels is not None else None
    if value is not None and value[0] == value[1]:
        step = level_step(value[0], component.top)
        fill, ink = f"level-{step}", f"ink-{step}"
    elif value is not None:
        fill, ink = "free", "free-ink"
    note = [name, *((component.note,) if component.note else ())]
    if component.is_input:
        note.append("input")
    marks = _shape(component.top, x, y, width, height, fill, stroke, double=component.is_input)
    shown = level_text(value) if value is not None else _badge(component) * (component.top > 1)
    if shown:
        is_level = value is not None
        size = 12.0 if is_level else 9.0
        half = (text_width(name, 12) + 6 + text_width(shown, size, bold=is_level)) / 2
        role = ink if is_level else "muted"
        marks.append(Text(x - half, y, name, ink, 12, "start"))
        marks.append(Text(x + half, y, shown, role, size, "end", bold=is_level))
    else:
        marks.append(Text(x, y, name, ink, 12))
    if name in done.clamps:
        text, is_filled = clamp_text(done.clamps[name], component)
        marks += badge(text, x + width / 2 - 4, y - height / 2, is_filled=is_filled)
    return Group(tuple(marks), note=" - ".join(note))


def _shape(
    top: int, x: float, y: float, width: float, height: float, fill: str = "node",
    stroke: str = "ink", *, double: bool = False,
) -> list[Mark]:  # fmt: skip
    """Return the outline of a component: with two levels round, an input double."""
    corner = min(12.0 if top == 1 else 2.0, height / 2)
    left, above = x - width / 2, y - height / 2
    marks: list[Mark] = [Rect(left, above, width, height, fill, stroke, 1.2, corner)]
    if double:
        inner = width - 6, height - 6
        marks.append(Rect(left + 3, above + 3, *inner, "", stroke, 0.8, max(corner - 3, 1)))
    return marks


def clamp_text(held: Range, component: Component) -> tuple[str, bool]:
    """Return what the badge of a held component says, and whether it is filled."""
    if held == (0, 0) and not component.is_input:
        return "KO", False
    return f"= {level_text(held)}", True


def badge(text: str, x: float, y: float, *, is_filled: bool) -> list[Mark]:
    """Return the badge of a knock-out (outlined) or of a held level (filled)."""
    width = text_width(text, 9, bold=True) + 8
    fill, ink = ("badge", "badge-ink") if is_filled else ("paper", "badge")
    box = Rect(x - width / 2, y - 7, width, 14, fill, "badge", 1.2, 3)
    return [box, Text(x, y, text, ink, 9, bold=True)]


# --- legend ----------------------------------------------------------------------------------

KEY_WIDTH = 34.0

ASSUMPTION = "assumption"
"""What the key of an assumed edge says."""


def edge_key(words: str, sign: str, dashes: tuple[float, ...] = (), role: str = "") -> Key:
    """Return the key of an edge, as `edge_marks` draws it."""
    route = ((0.0, 0.0), (10.0, 0.0), (20.0, 0.0), (KEY_WIDTH - 1, 0.0))
    return Key(words, tuple(edge_marks(route, sign, dashes=dashes, role=role)), KEY_WIDTH)


def network_keys(
    network: LogicalNetwork,
    edges: Sequence[Edge],
    *,
    levels: Space | None = None,
    done: Perturbation | None = None,
    free: str = "keeps changing between these levels",
) -> list[Key]:
    """Return the keys that a drawing needs: only what occurs in it.

    Parameters
    ----------
    network, edges
        What is drawn.
    levels
        The levels it is painted with.
    done
        The perturbation marked on it.
    free
        What several levels of a component mean.
    """
    middle = KEY_WIDTH / 2
    signs = {e.sign for e in edges}
    keys = [edge_key(words, sign) for sign, words in SIGN_WORDS.items() if sign in signs]
    if any(c.kind == "assumption" for c in network.claims):
        keys.append(edge_key(ASSUMPTION, "+", (5.0, 3.0)))
    shapes = (
        ("levels 0 and 1", 1, any(c.top == 1 and not c.is_input for c in network.components)),
        ("more levels", 2, not network.is_boolean),
        ("input", 1, bool(network.inputs)),
    )
    for words, top, occurs in shapes:
        if occurs:
            shape = _shape(top, middle, 0, KEY_WIDTH - 4, 16, double=words == "input")
            keys.append(Key(words, tuple(shape), KEY_WIDTH))
    clamps = done.clamps if done is not None else {}
    badges = {clamp_text(held, network[name])[1] for name, held in clamps.items()}
    for words, text, is_filled in (("knocked out", "KO", False), ("held at a level", "= 1", True)):
        if is_filled in badges:
            marks = badge(text, middle, 0, is_filled=is_filled)
            keys.append(Key(words, tuple(marks), KEY_WIDTH))
    if levels is not None:
        keys.append(ramp_key("level 0 to highest", KEY_WIDTH))
        if len(levels.fixed) < len(levels):
            marks = [Rect(0, -7, KEY_WIDTH, 14, "free", "ink")]
            marks.append(Text(middle, 0, "0–1", "free-ink", 10, bold=True))
            keys.append(Key(free, tuple(marks), KEY_WIDTH))
    return keys
