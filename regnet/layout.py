"""Layout: where to draw components and edges, layer by layer, compartments as bands.

Pure geometry on names, sizes and pairs; y grows downwards. The method is Sugiyama's (1981, doi
10.1109/TSMC.1981.4308636) with compartments as a hard vertical order: break cycles (Eades, Lin,
Smyth 1993), layer each band by longest paths, order the layers by medians and swaps, place by
isotonic regression, and route edges as curves through the gaps between layers. The same input
always gives the same drawing. Everything is one module because each step works on the same layers.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import hypot, inf, sqrt
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
Pair: TypeAlias = tuple[str, str]

NODE_GAP = 20.0  # between neighbours in a layer
WIRE_GAP = 9.0  # between an edge that passes a layer and its neighbours
LAYER_GAP = 44.0
BAND_GAP = 16.0  # between the frames of two bands
BAND_PADDING = 16.0  # between a frame and the nodes inside
LOOP = 22.0  # how far an edge from a component to itself reaches to the right
MARGIN = 10.0
TITLE_SIZE = 12.0


@dataclass(frozen=True, slots=True)
class Band:
    """The frame of one compartment; an empty title means "draw no frame"."""

    title: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Layout:
    """The positions of a drawing.

    Parameters
    ----------
    positions
        Component -> its centre.
    sizes
        Component -> width and height.
    routes
        Edge -> a start point and then three points for each cubic curve, from the rim of the
        source to the rim of the target.
    bands
        From top to bottom; each title fits left of the nodes.
    gutter
        Width of the column at the left of each band that holds its title.
    left, top, right, bottom
        The extent of the drawing.
    """

    positions: Mapping[str, Point]
    sizes: Mapping[str, Point]
    routes: Mapping[Pair, tuple[Point, ...]]
    bands: tuple[Band, ...] = ()
    gutter: float = 0.0
    left: float = 0.0
    top: float = 0.0
    right: float = field(default=0.0)
    bottom: float = field(default=0.0)

    @property
    def width(self) -> float:
        """Width of the drawing."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height of the drawing."""
        return self.bottom - self.top


def lay_out(
    sizes: Mapping[str, Point],
    edges: Iterable[Pair],
    *,
    compartments: Mapping[str, str] | None = None,
    order: Sequence[str] = (),
    fixed: Mapping[str, Point] | None = None,
) -> Layout:
    """Return a layout of components and the edges between them.

    Parameters
    ----------
    sizes
        Component -> width and height; see `node_size`.
    edges
        Pairs of source and target; repeats are drawn once.
    compartments
        Component -> compartment. Components without one form a band without a frame.
    order
        Compartments from top to bottom; those left out follow as the components first name them.
    fixed
        Component -> centre set by the user. It stays exactly there, even over others.

    Examples
    --------
    >>> drawing = lay_out({"A": (40, 28), "B": (40, 28)}, [("A", "B"), ("B", "B")])
    >>> drawing.positions["A"][1] < drawing.positions["B"][1]
    True
    """
    pairs = [pair for pair in dict.fromkeys(edges) if pair[0] in sizes and pair[1] in sizes]
    of = compartments or {}
    named = dict.fromkeys([*order, *(of.get(name, "") for name in sizes)])
    rank = {title: position for position, title in enumerate(named)}
    band_of = [rank[of.get(name, "")] for name in sizes]
    titles = {of.get(name, "") for name in sizes} - {""}
    gutter = max((text_width(t, TITLE_SIZE, bold=True) + 24 for t in titles), default=0.0)
    layers = _Layers(sizes, pairs, band_of)
    layers.order()
    layers.place()
    layers.space()
    layout = layers.drawing(list(named), gutter)
    return with_positions(layout, fixed, of) if fixed else layout


# --- sizes -----------------------------------------------------------------------------------

# Advance widths of DejaVu Sans, the widest of the usual sans-serif fonts, in hundredths of the
# font size, for the characters from blank to tilde.
_ADVANCE = (
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79,
    60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63,
    63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
)  # fmt: skip


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a text is at most, in the units of its font size.

    >>> round(text_width("LIF", 10), 1)
    14.3
    """
    units = 0
    for character in text:
        code = ord(character) - 32
        units += _ADVANCE[code] if 0 <= code < 95 else 87 if code < 0x2E80 else 104
    return units * size / 100 * (1.14 if bold else 1)


def node_size(name: str, *, font: float = 12.0, links: int = 0) -> Point:
    """Return the width and height of a node with a name and room for this many edge ends."""
    return max(46.0, text_width(name, font) + 22, min(24.0 + 8 * links, 150.0)), 28.0


# --- layers ----------------------------------------------------------------------------------


class _Layers:
    """Nodes in rows, and the edges between neighbouring rows.

    Nodes are numbers: first the components in order, then one "wire" for each row that an edge
    passes on its way. Every edge points down here; `chains` remembers which way it really goes.
    """

    def __init__(
        self, sizes: Mapping[str, Point], pairs: Sequence[Pair], band_of: Sequence[int]
    ) -> None:
        self.names = list(sizes)
        self.sizes = [sizes[name] for name in self.names]
        self.pairs = pairs
        self.band_of = band_of
        number = {name: position for position, name in enumerate(self.names)}
        self.loops = {number[s] for s, t in pairs if s == t}
        self.directed = [(number[s], number[t]) for s, t in pairs if s != t]
        rank = _rank_without_cycles(len(self.names), self.directed, band_of)
        self.flipped = [(band_of[s], rank[s]) > (band_of[t], rank[t]) for s, t in self.directed]
        self.layer = self._layers(rank)
        self._chains()

    def _layers(self, rank: Sequence[int]) -> list[int]:
        """Return the row of each component: longest paths inside each band, bands in order."""
        count = len(self.names)
        after: list[list[int]] = [[] for _ in range(count)]
        before: list[list[int]] = [[] for _ in range(count)]
        for (s, t), flipped in zip(self.directed, self.flipped, strict=True):
            upper, lower = (t, s) if flipped else (s, t)
            if self.band_of[s] == self.band_of[t]:
                after[upper].append(lower)
                before[lower].append(upper)
        layer = [0] * count
        width_limit = max(560.0, 150 * sqrt(count))
        first = 0
        self.first_rows: list[tuple[int, int]] = []  # band, its first row
        for band in sorted(set(self.band_of)):
            members = sorted((n for n in range(count) if self.band_of[n] == band),
                             key=rank.__getitem__)  # fmt: skip
            for n in members:
                layer[n] = max((layer[m] + 1 for m in before[n]), default=first)
            last = max(layer[n] for n in members)
            for n in reversed(members):  # pull sources towards what they act on
                if after[n] and len(before[n]) < len(after[n]):
                    layer[n] = max(layer[n], min(layer[m] for m in after[n]) - 1)
            last += self._split_wide_rows(members, layer, after, rank, width_limit)
            self.first_rows.append((band, first))
            first = last + 1
        self.row_count = first
        return layer

    def _split_wide_rows(
        self,
        members: Sequence[int],
        layer: list[int],
        after: Sequence[Sequence[int]],
        rank: Sequence[int],
        limit: float,
    ) -> int:
        """Break rows that are too wide into several; return how many rows that adds."""
        rows: dict[int, list[int]] = {}
        for n in members:
            rows.setdefault(layer[n], []).append(n)
        shift = 0
        for at in sorted(rows):
            row = sorted(rows[at], key=lambda n: (not after[n], rank[n]))
            total = sum(self.sizes[n][0] + NODE_GAP for n in row)
            parts = max(1, round(total / limit))
            used, part = 0.0, 0
            for n in row:
                if used >= total / parts * (part + 1) - 1e-6:
                    part += 1
                layer[n] = at + shift + part
                used += self.sizes[n][0] + NODE_GAP
            shift += part
        return shift

    def _chains(self) -> None:
        """Give each edge a wire in every row it passes."""
        count = len(self.names)
        self.row_of = list(self.layer)
        self.up: list[list[int]] = [[] for _ in range(count)]
        self.down: list[list[int]] = [[] for _ in range(count)]
        self.chains: list[list[int]] = []
        for (s, t), flipped in zip(self.directed, self.flipped, strict=True):
            upper, lower = (t, s) if flipped else (s, t)
            chain = [upper]
            for row in range(self.layer[upper] + 1, self.layer[lower]):
                self.row_of.append(row)
                self.up.append([])
                self.down.append([])
                chain.append(len(self.row_of) - 1)
            chain.append(lower)
            for a, b in pairwise(chain):
                self.down[a].append(b)
                self.up[b].append(a)
            self.chains.append(chain)
        self.rows: list[list[int]] = [[] for _ in range(self.row_count)]
        for n, row in enumerate(self.row_of):
            self.rows[row].append(n)
        self.place_of = [0] * len(self.row_of)

    def is_wire(self, n: int) -> bool:
        return n >= len(self.names)

    # --- order within rows ---

    def order(self) -> None:
        """Order each row so that few edges cross: several starts, sweeps of medians, then swaps."""
        links = sum(len(d) for d in self.down)
        starts, sweeps = (4, 24) if links < 4_000 else (2, 10) if links < 20_000 else (1, 4)
        chance = random.Random(1)
        given = [list(row) for row in self.rows]
        best: tuple[int, list[list[int]]] | None = None
        for start in range(starts):
            self.rows = [list(row) for row in given]
            if start < 2:
                self._follow_edges(upwards=start == 1)
            elif start == 3:
                for row in self.rows:
                    chance.shuffle(row)
            self._number()
            best = self._sweep(start, sweeps, best)
        if best:
            self.rows = best[1]
            self._number()
        self._swap_neighbours()

    def _number(self) -> None:
        for row in self.rows:
            for position, n in enumerate(row):
                self.place_of[n] = position

    def _follow_edges(self, *, upwards: bool) -> None:
        """Order rows as a depth-first walk meets the nodes."""
        rows = self.rows[::-1] if upwards else self.rows
        following = self.up if upwards else self.down
        met: dict[int, int] = {}
        for row in rows:
            for root in row:
                stack = [root]
                while stack:
                    n = stack.pop()
                    if n not in met:
                        met[n] = len(met)
                        stack.extend(reversed(following[n]))
        for row in self.rows:
            row.sort(key=met.__getitem__)

    def _sweep(
        self, start: int, sweeps: int, best: tuple[int, list[list[int]]] | None
    ) -> tuple[int, list[list[int]]] | None:
        place = self.place_of
        lowest, stalled = None, 0
        for sweep in range(sweeps):
            downwards = sweep % 2 == 0
            beside = self.up if downwards else self.down
            for row in self.rows if downwards else reversed(self.rows):
                keys = {}
                for position, n in enumerate(row):
                    places = sorted(place[m] for m in beside[n])
                    if not places:
                        keys[n] = float(position)
                        continue
                    mean, middle = sum(places) / len(places), len(places) // 2
                    median = float(places[middle])
                    if len(places) % 2 == 0:
                        median = (places[middle - 1] + places[middle]) / 2
                    keys[n] = mean if start % 2 else 0.7 * median + 0.3 * mean
                row.sort(key=keys.__getitem__)
                for position, n in enumerate(row):
                    place[n] = position
            crossings = self.crossings()
            if best is None or crossings < best[0]:
                best = crossings, [list(row) for row in self.rows]
            if lowest is None or crossings < lowest:
                lowest, stalled = crossings, 0
            else:
                stalled += 1
                if stalled > 6:
                    break
        return best

    def crossings(self) -> int:
        """Return how many pairs of edges cross between rows."""
        total = 0
        for row, below in pairwise(self.rows):
            ends = [e for n in row for e in sorted(self.place_of[m] for m in self.down[n])]
            total += _inversions(ends, len(below))
        return total

    def _swap_neighbours(self) -> None:
        place = self.place_of
        for _ in range(6):
            improved = False
            for row in self.rows:
                for i in range(len(row) - 1):
                    a, b = row[i], row[i + 1]
                    now = swapped = 0
                    for beside in (self.up, self.down):
                        places_a = sorted(place[m] for m in beside[a])
                        places_b = sorted(place[m] for m in beside[b])
                        now += _pairs_crossed(places_a, places_b)
                        swapped += _pairs_crossed(places_b, places_a)
                    if swapped < now:
                        row[i], row[i + 1] = b, a
                        place[a], place[b] = i + 1, i
                        improved = True
            if not improved:
                return

    # --- coordinates ---

    def place(self) -> None:
        """Give every node an x: near its neighbours, wires straight, nothing overlapping."""
        self.half_left = [w / 2 for w, _ in self.sizes] + [2.0] * (
            len(self.row_of) - len(self.names)
        )
        self.half_right = list(self.half_left)
        for n in self.loops:
            self.half_right[n] += LOOP
        self.x = [0.0] * len(self.row_of)
        for row in self.rows:
            offsets = self._offsets(row)
            middle = offsets[-1] / 2 if offsets else 0
            for n, offset in zip(row, offsets, strict=True):
                self.x[n] = offset - middle
        for sweep in range(30):
            both = sweep >= 10
            downwards = sweep % 2 == 0
            for row in self.rows if downwards else reversed(self.rows):
                self._relax(row, up=both or downwards, down=both or not downwards)
        for chain in self.chains:
            self._straighten(chain[1:-1])

    def _offsets(self, row: Sequence[int]) -> list[float]:
        """Return the smallest distances from the first node that avoid overlap."""
        offsets = [0.0] if row else []
        for a, b in pairwise(row):
            gap = WIRE_GAP if self.is_wire(a) or self.is_wire(b) else NODE_GAP
            offsets.append(offsets[-1] + self.half_right[a] + self.half_left[b] + gap)
        return offsets

    def _relax(self, row: Sequence[int], *, up: bool, down: bool) -> None:
        wanted, weights = [], []
        for n in row:
            beside = (self.up[n] if up else []) + (self.down[n] if down else [])
            pull = total = 0.0
            for m in beside:
                wires = self.is_wire(n) + self.is_wire(m)
                strength = (1, 2, 8)[wires]
                pull += strength * self.x[m]
                total += strength
            wanted.append(pull / (total + 0.05) if total else self.x[n])
            weights.append(total + 0.05 if total else 0.2)
        offsets = self._offsets(row)
        starts = [w - o for w, o in zip(wanted, offsets, strict=True)]
        for n, start, offset in zip(row, _increasing(starts, weights), offsets, strict=True):
            self.x[n] = start + offset

    def _straighten(self, wires: Sequence[int]) -> None:
        """Move the wires of an edge, run by run, to one x that their neighbours leave free."""
        run: list[int] = []
        low, high = -inf, inf
        for n in [*wires, -1]:
            room = self._room(n) if n >= 0 else (inf, -inf)
            both = max(low, room[0]), min(high, room[1])
            if both[0] <= both[1]:
                run.append(n)
                low, high = both
                continue
            middle = sum(self.x[m] for m in run) / len(run) if run else 0.0
            for m in run:
                self.x[m] = min(max(middle, low), high)
            run, (low, high) = [n], room

    def _room(self, n: int) -> tuple[float, float]:
        """Return between which x a wire can move without meeting its neighbours."""
        row, place = self.rows[self.row_of[n]], self.place_of[n]
        low, high = -inf, inf
        if place > 0:
            before = row[place - 1]
            low = self.x[before] + self.half_right[before] + self.half_left[n] + WIRE_GAP
        if place + 1 < len(row):
            after = row[place + 1]
            high = self.x[after] - self.half_left[after] - self.half_right[n] - WIRE_GAP
        return min(low, self.x[n]), max(high, self.x[n])

    def space(self) -> None:
        """Give every row a y, with more room where more edges pass."""
        firsts = {row for _, row in self.first_rows}
        self.heights = [
            max((self.sizes[n][1] for n in row if not self.is_wire(n)), default=8.0)
            for row in self.rows
        ]
        self.y: list[float] = []
        at = 0.0
        for row, height in zip(self.rows, self.heights, strict=True):
            if len(self.y) in firsts:
                at += BAND_PADDING
            self.y.append(at + height / 2)
            passing = sum(len(self.down[n]) for n in row)
            at += height + LAYER_GAP + min(44.0, passing * 0.3)
            if len(self.y) in firsts:
                at += BAND_PADDING + BAND_GAP - LAYER_GAP / 2

    # --- the drawing ---

    def drawing(self, titles: Sequence[str], gutter: float) -> Layout:
        """Return the finished drawing, with its top left corner at 0, 0."""
        if not self.names:
            return Layout({}, {}, {})
        ends = self._ports()
        routes = {}
        straight = (pair for pair in self.pairs if pair[0] != pair[1])
        for pair, chain, flipped in zip(straight, self.chains, self.flipped, strict=True):
            route = self._curve(chain, ends[pair, True], ends[pair, False])
            routes[pair] = tuple(route[::-1] if flipped else route)
        centres = [(self.x[n], self.y[self.layer[n]]) for n in range(len(self.names))]
        for n in sorted(self.loops):
            routes[self.names[n], self.names[n]] = _loop(centres[n], self.sizes[n])
        left = min(x - h for x, h in zip(self.x, self.half_left, strict=True))
        right = max(x + h for x, h in zip(self.x, self.half_right, strict=True))
        move = (MARGIN + BAND_PADDING + gutter - left, MARGIN)
        width = right + move[0] + BAND_PADDING + MARGIN
        bands = []
        lasts = [row - 1 for _, row in self.first_rows[1:]] + [self.row_count - 1]
        for (band, first), last in zip(self.first_rows, lasts, strict=True):
            top = self.y[first] - self.heights[first] / 2 - BAND_PADDING + move[1]
            bottom = self.y[last] + self.heights[last] / 2 + BAND_PADDING + move[1]
            bands.append(Band(titles[band], MARGIN, top, width - MARGIN, bottom))
        names = self.names
        return Layout(
            positions={n: _moved(c, move) for n, c in zip(names, centres, strict=True)},
            sizes=dict(zip(names, self.sizes, strict=True)),
            routes={pair: tuple(_moved(p, move) for p in routes[pair]) for pair in self.pairs},
            bands=tuple(bands),
            gutter=gutter,
            right=width,
            bottom=bands[-1].bottom + MARGIN,
        )

    def _ports(self) -> dict[tuple[Pair, bool], Point]:
        """Return where each edge leaves its upper end (True) and meets its lower end (False).

        Ends are spread along a node's side in the order in which the edges come in.
        """
        at: dict[tuple[int, bool], list[tuple[float, Pair]]] = {}
        straight = (pair for pair in self.pairs if pair[0] != pair[1])
        for pair, chain in zip(straight, self.chains, strict=True):
            at.setdefault((chain[0], True), []).append((self.x[chain[1]], pair))
            at.setdefault((chain[-1], False), []).append((self.x[chain[-2]], pair))
        ends = {}
        for (n, bottom), edges in at.items():
            width, height = self.sizes[n]
            y = self.y[self.layer[n]] + (height / 2 if bottom else -height / 2)
            span = min(width - 24, 12.0 * (len(edges) - 1))
            step = span / (len(edges) - 1) if len(edges) > 1 else 0
            for i, (_, pair) in enumerate(sorted(edges)):
                ends[pair, bottom] = (self.x[n] - (span / 2 if step else 0) + i * step, y)
        return ends

    def _curve(self, chain: Sequence[int], start: Point, end: Point) -> list[Point]:
        """Return a smooth way down from one point to another through the wires of an edge.

        Wires are passed upright; all turning happens in the gaps between rows.
        """
        points = [start]
        stops = [(self.x[n], self.row_of[n]) for n in chain[1:-1]]
        at = start
        for x, row in stops:
            half = self.heights[row] / 2
            points += _bend(at, (x, self.y[row] - half), self._floor(row - 1))
            points += _straight(points[-1], (x, self.y[row] + half))
            at = points[-1]
        points += _bend(at, end, self._floor(self.layer[chain[-1]] - 1))
        return _joined(points)

    def _floor(self, row: int) -> float:
        return self.y[row] + self.heights[row] / 2


def _moved(point: Point, by: Point) -> Point:
    return round(point[0] + by[0], 2), round(point[1] + by[1], 2)


def _straight(a: Point, b: Point) -> list[Point]:
    third = ((b[0] - a[0]) / 3, (b[1] - a[1]) / 3)
    return [(a[0] + third[0], a[1] + third[1]), (b[0] - third[0], b[1] - third[1]), b]


def _bend(a: Point, b: Point, floor: float) -> list[Point]:
    """Go down from a to b: upright to below the row of a, then in a curve that ends upright."""
    out: list[Point] = []
    if a[1] < floor - 0.5 and abs(a[0] - b[0]) > 0.5:
        out += _straight(a, (a[0], floor))
        a = (a[0], floor)
    reach = (b[1] - a[1]) * 0.55
    return [*out, (a[0], a[1] + reach), (b[0], b[1] - reach), b]


def _joined(points: list[Point]) -> list[Point]:
    """Merge curves that follow each other on one upright line."""
    out = points[:1]
    for i in range(1, len(points), 3):
        curve = points[i : i + 3]
        upright = all(abs(p[0] - out[-1][0]) < 0.01 for p in curve)
        if upright and len(out) >= 4 and all(abs(p[0] - out[-1][0]) < 0.01 for p in out[-4:]):
            start = out[-4]
            out[-3:] = _straight(start, curve[2])
        else:
            out += curve
    return out


def _loop(centre: Point, size: Point) -> tuple[Point, ...]:
    """Return the curve of an edge from a component to itself, at its right side."""
    x, y = centre[0] + size[0] / 2, centre[1]
    rise, reach = size[1] * 0.2, LOOP * 1.2
    return (x, y - rise), (x + reach, y - rise * 3.4), (x + reach, y + rise * 3.4), (x, y + rise)


def _rank_without_cycles(
    count: int, edges: Sequence[tuple[int, int]], band_of: Sequence[int]
) -> list[int]:
    """Return an order of the nodes in which few edges go back (Eades, Lin, Smyth 1993).

    Where there is a choice, nodes of upper bands come first.
    """
    after: list[set[int]] = [set() for _ in range(count)]
    before: list[set[int]] = [set() for _ in range(count)]
    for s, t in edges:
        after[s].add(t)
        before[t].add(s)
    left: list[int] = []
    right: list[int] = []
    remaining = set(range(count))
    ends = sorted(n for n in remaining if not after[n] or not before[n])
    while remaining:
        while ends:
            loose: set[int] = set()
            for n in ends:
                if n in remaining:
                    (right if not after[n] else left).append(n)
                    remaining.discard(n)
                    for m in after[n]:
                        before[m].discard(n)
                    for m in before[n]:
                        after[m].discard(n)
                    loose |= after[n] | before[n]
            ends = sorted(m for m in loose & remaining if not after[m] or not before[m])
        if remaining:
            ends = []
            n = min(remaining, key=lambda n: (band_of[n], len(before[n]) - len(after[n]), n))
            left.append(n)
            remaining.discard(n)
            for m in after[n]:
                before[m].discard(n)
            for m in before[n]:
                after[m].discard(n)
            loose = after[n] | before[n]
            ends = sorted(m for m in loose if not after[m] or not before[m])
    rank = [0] * count
    for position, n in enumerate(left + right[::-1]):
        rank[n] = position
    return rank


def _inversions(ends: Sequence[int], size: int) -> int:
    """Return how many pairs of a sequence are out of order (a Fenwick tree of what came before)."""
    tree = [0] * (size + 1)
    inversions = 0
    for seen, end in enumerate(ends):
        at, before = end + 1, 0
        while at:
            before += tree[at]
            at &= at - 1
        inversions += seen - before
        at = end + 1
        while at <= size:
            tree[at] += 1
            at += at & -at
    return inversions


def _pairs_crossed(left: Sequence[int], right: Sequence[int]) -> int:
    """Return how many edges of a left node cross edges of a right node."""
    crossed = passed = 0
    for place in left:
        while passed < len(right) and right[passed] < place:
            passed += 1
        crossed += passed
    return crossed


def _increasing(values: Sequence[float], weights: Sequence[float]) -> Iterator[float]:
    """Yield the closest non-decreasing values (least squares; pool adjacent violators)."""
    blocks: list[list[float]] = []  # weighted sum, weight, count
    for value, weight in zip(values, weights, strict=True):
        blocks.append([value * weight, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] * blocks[-1][1] > blocks[-1][0] * blocks[-2][1]:
            total, weight, count = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += weight
            blocks[-1][2] += count
    for total, weight, count in blocks:
        yield from [total / weight] * int(count)


# --- positions set by the user --------------------------------------------------------------


def with_positions(
    layout: Layout, fixed: Mapping[str, Point], compartments: Mapping[str, str]
) -> Layout:
    """Return the layout with some components at positions set by the user.

    The others keep their place relative to most of those and are moved aside where they would
    overlap. Edges between unmoved components keep their routes; the others become plain curves from
    rim to rim. Bands grow around their members.
    """
    placed = {n: p for n, p in fixed.items() if n in layout.positions}
    if not placed:
        return layout
    shift = (
        _median(p[0] - layout.positions[n][0] for n, p in placed.items()),
        _median(p[1] - layout.positions[n][1] for n, p in placed.items()),
    )
    positions = dict(placed)
    for name, centre in layout.positions.items():
        if name not in positions:
            positions[name] = _free_spot(_moved(centre, shift), name, positions, layout.sizes)
    positions = {name: positions[name] for name in layout.positions}
    pairs = layout.routes.keys()
    both_ways = set(pairs)
    kept = {n for n, p in positions.items() if _near(p, _moved(layout.positions[n], shift))}
    routes: dict[Pair, tuple[Point, ...]] = {}
    for s, t in pairs:
        if s == t:
            routes[s, t] = _loop(positions[s], layout.sizes[s])
        elif s in kept and t in kept:
            routes[s, t] = tuple(_moved(p, shift) for p in layout.routes[s, t])
        else:
            bow = 10.0 if (t, s) in both_ways else 0.0
            routes[s, t] = _direct(
                positions[s], layout.sizes[s], positions[t], layout.sizes[t], bow
            )
    lefts = [positions[n][0] - layout.sizes[n][0] / 2 for n in positions]
    rights = [positions[n][0] + layout.sizes[n][0] / 2 for n in positions]
    left = min(lefts) - BAND_PADDING - layout.gutter
    right = max(rights) + BAND_PADDING + LOOP
    bands = []
    for title in (band.title for band in layout.bands):
        members = [n for n in positions if compartments.get(n, "") == title]
        top = min(positions[n][1] - layout.sizes[n][1] / 2 for n in members) - BAND_PADDING
        bottom = max(positions[n][1] + layout.sizes[n][1] / 2 for n in members) + BAND_PADDING
        bands.append(Band(title, left, top, right, bottom))
    return Layout(
        positions=positions,
        sizes=layout.sizes,
        routes=routes,
        bands=tuple(bands),
        gutter=layout.gutter,
        left=left - MARGIN,
        top=min(b.top for b in bands) - MARGIN,
        right=right + MARGIN,
        bottom=max(b.bottom for b in bands) + MARGIN,
    )


def _near(a: Point, b: Point) -> bool:
    return abs(a[0] - b[0]) < 0.5 and abs(a[1] - b[1]) < 0.5


def _median(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def _free_spot(
    wanted: Point, name: str, taken: Mapping[str, Point], sizes: Mapping[str, Point]
) -> Point:
    """Return the first free place, from the requested one to the right."""
    width, height = sizes[name]
    x, y = wanted
    while True:
        hit = [
            n
            for n, (ox, oy) in taken.items()
            if abs(ox - x) < (sizes[n][0] + width) / 2 + 6
            and abs(oy - y) < (sizes[n][1] + height) / 2 + 6
        ]
        if not hit:
            return x, y
        x = max(taken[n][0] + sizes[n][0] / 2 for n in hit) + width / 2 + NODE_GAP


def _direct(a: Point, size_a: Point, b: Point, size_b: Point, bow: float) -> tuple[Point, ...]:
    """Return a curve between the rims of two nodes, bowed sideways if there is one back as well."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = hypot(dx, dy) or 1.0
    side = (-dy / length * bow, dx / length * bow)
    start, end = _rim(a, size_a, (dx, dy)), _rim(b, size_b, (-dx, -dy))
    start = (start[0] + side[0] / 2, start[1] + side[1] / 2)
    end = (end[0] + side[0] / 2, end[1] + side[1] / 2)
    first, second, last = _straight(start, end)
    return (
        start,
        (first[0] + side[0], first[1] + side[1]),
        (second[0] + side[0], second[1] + side[1]),
        last,
    )


def _rim(centre: Point, size: Point, towards: Point) -> Point:
    """Return where a ray from the centre of a box leaves it."""
    dx, dy = towards
    if not dx and not dy:
        return centre
    scale = min(
        size[0] / 2 / abs(dx) if dx else float("inf"),
        size[1] / 2 / abs(dy) if dy else float("inf"),
    )
    return centre[0] + dx * scale, centre[1] + dy * scale
