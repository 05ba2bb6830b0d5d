"""Dose responses: a bar for each level of the dose, small multiples under perturbations.

A row shows a readout of the attractors, or below them a quantity in time.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

from regnet.analysis.dose import DoseResponse, Panel
from regnet.analysis.dose.curves import Curve
from regnet.analysis.dose.dose_text import time_verdict, time_words, verdict, window
from regnet.analysis.dose.times import TimeCurve
from regnet.figures.marks import (
    LINE,
    Box,
    Drawing,
    Key,
    Line,
    Mark,
    Rect,
    Text,
    elided,
    hatched_box,
    legend,
)
from regnet.figures.svg import to_svg
from regnet.figures.theme import LIGHT, STEPS, Theme, level_step, level_text
from regnet.layout import text_width
from regnet.network import LogicalNetwork
from regnet.rates import time_words as unit_words

MAX_ACROSS = 5
"""At most this many columns stand side by side in a report."""

_SLOT, _SMALL = 44.0, 28.0  # width of one dose, in the first column and in the others
_HIGH, _LOW = 76.0, 34.0  # height of the bars of a component or a time, and of a share
_ABOVE, _BELOW = 22.0, 46.0  # room for the number on a bar; for the dose and the verdict
_GAP, _MARGIN, _HEAD = 22.0, 12.0, 34.0
_NAME = 16.0  # height of the name of a readout above its chart
_MAX_COUNTED = 99  # attractors; of more the share is printed


@dataclass(frozen=True)
class Bar:
    """What is drawn at one dose.

    Parameters
    ----------
    text
        What is printed on it.
    low, high
        As shares of the height: what lies between is hatched.
    role
        How the lower part is filled.
    """

    text: str
    low: float = 0.0
    high: float = 0.0
    role: str = ""


@dataclass(frozen=True)
class Row:
    """A readout, or a time, with its bars in each column.

    Parameters
    ----------
    name
        What it shows.
    height
        Of its bars.
    bars
        For each column, for each level of the dose.
    told
        For each column the verdict.
    best
        For each column the doses that are shaded.
    is_time
        Whether it shows a first time.
    """

    name: str
    height: float
    bars: tuple[tuple[Bar, ...], ...]
    told: tuple[str, ...]
    best: tuple[tuple[int, ...], ...]
    is_time: bool = False


def dose_figure(answer: DoseResponse, network: LogicalNetwork, *, theme: Theme = LIGHT) -> str:
    """Return `dose_drawing` as SVG text, as reports show it.

    Parameters
    ----------
    answer
        The response.
    network
        Gives the highest levels.
    theme
        `LIGHT`, `DARK` or `ADAPTIVE`.
    """
    return to_svg(dose_drawing(answer, network.tops), theme)


def dose_drawing(
    answer: DoseResponse,
    tops: Mapping[str, int],
    *,
    titles: Sequence[str] = (),
    across: int = MAX_ACROSS,
    room: float = LINE,
    name_width: float = inf,
) -> Drawing:
    """Return the response of each readout to a dose, a column for each perturbation.

    A single column becomes a grid of charts, as wide as there is room for.

    The height of a bar is the level of a component at that level of the dose, or the fraction of
    the attractors that have a phenotype; ranges of levels and fractions below 1 are hatched. A
    Goldilocks window is shaded; in the other columns, the doses that are as good as those in the
    window of the reference. Quantities in time come below, with the windows of their own column.
    The order is that of `rows_of`.

    Parameters
    ----------
    answer
        The response.
    tops
        Highest level of each readout that is a component.
    titles
        Labels of the columns; default the scenario and the labels of the perturbations.
    across
        Maximum number of columns side by side.
    room
        Charts of a single column stand beside each other up to this width.
    name_width
        Longer names of readouts beside their charts are cut.

    Returns
    -------
    Drawing
        Its spots are ``(column, row, level)``.
    """
    panels = (answer.reference, *answer.knock_outs)
    titles = titles or [answer.origin.scenario.name or "as it is",
                        *(p.perturbation.label for p in answer.knock_outs)]  # fmt: skip
    rows = rows_of(answer, tops)
    alone = len(panels) == 1
    longest = room - 2 * _MARGIN if alone else name_width
    labels = [elided(row.name, 12, longest, bold=True) for row in rows]
    doses = len(answer.reference.curves[0].ranges)
    if alone:
        laid = _grid(rows, labels, titles[0], doses, room)
    else:
        laid = _table(rows, labels, titles, doses, across)
    top = laid.bottom + 8
    level = Text(laid.left, top, f"level of {answer.dose}", "muted", anchor="start")
    width = max(laid.right, min(laid.left + 420, room))
    keys, height = legend(_keys(answer, rows), _MARGIN, top + 12, width - 2 * _MARGIN)
    return Drawing(
        width, top + 12 + height + 8, (*laid.marks, level, *keys),
        f"{answer.origin.network}: response to {answer.dose}",
        head=tuple(laid.head), side=tuple(laid.side), spots=laid.spots,
        kept=(laid.left if laid.side else 0.0, _HEAD),
    )  # fmt: skip


@dataclass
class _Laid:
    """Charts in their places, with their titles: where they begin, and what they take up."""

    left: float
    right: float
    bottom: float = 0.0
    marks: list[Mark] = field(default_factory=list)
    head: list[Mark] = field(default_factory=list)
    side: list[Mark] = field(default_factory=list)
    spots: dict[Hashable, Box] = field(default_factory=dict)

    def add(
        self, row: Row, doses: int, place: tuple[float, float, float], key: tuple[int, int]
    ) -> None:
        """Add the chart of a readout, its bars from a point on; the key is column and row."""
        x, y, slot = place
        column, number = key
        self.marks += _chart(row, column, place)
        for level in range(doses):
            box = (x + level * slot, y - _ABOVE + 4, slot, row.height + _ABOVE + 14)
            self.spots[column, number, level] = box


def _grid(rows: Sequence[Row], labels: Sequence[str], title: str, doses: int, room: float) -> _Laid:
    """Return the readouts of one column as charts with their names above, down each stack."""
    names = [text_width(label, 12, bold=True) + _GAP for label in labels]
    places = [_place([row], 0, "", 0.0) for row in rows]
    wide = max([*names, *(end for *_, end in places)], default=0.0)
    across = min(max(int((room - _MARGIN) // max(wide, 1.0)), 1), max(len(rows), 1))
    laid = _Laid(_MARGIN, _MARGIN + wide * across)
    laid.head.append(Text(_MARGIN, _HEAD / 2, title, size=12, anchor="start", bold=True))
    y = 0.0
    for number, (row, label, (inset, slot, _)) in enumerate(zip(rows, labels, places, strict=True)):
        stack = number * across // len(rows)
        if not number or stack != (number - 1) * across // len(rows):
            y = _HEAD
        x = _MARGIN + wide * stack
        laid.marks.append(Text(x, y + 8, label, size=12, anchor="start", bold=True))
        y += _NAME + _ABOVE
        laid.add(row, doses, (x + inset, y, slot), (0, number))
        y += row.height + _BELOW
        laid.bottom = max(laid.bottom, y)
    return laid


def _table(
    rows: Sequence[Row], labels: Sequence[str], titles: Sequence[str], doses: int, across: int
) -> _Laid:
    """Return the readouts below each other, with the columns beside each other in bands."""
    left = 2 * _MARGIN + max((text_width(name, 12, bold=True) for name in labels), default=0.0)
    laid = _Laid(left, left)
    for first in range(0, len(titles), across):
        heads = laid.marks if first else laid.head
        places, x = [], left
        for column in range(first, min(first + across, len(titles))):
            start, slot, x = _place(rows, column, titles[column], x)
            places.append((column, start, slot))
            middle = start + doses * slot / 2
            heads.append(Text(middle, laid.bottom + _HEAD / 2, titles[column], size=12, bold=True))
        laid.right = max(laid.right, x)
        y = laid.bottom + _HEAD + _ABOVE
        for number, (row, label) in enumerate(zip(rows, labels, strict=True)):
            middle = y + row.height / 2
            laid.side.append(Text(_MARGIN, middle, label, size=12, anchor="start", bold=True))
            for column, start, slot in places:
                laid.add(row, doses, (start, y, slot), (column, number))
            y += row.height + _BELOW + _ABOVE
        laid.bottom = y - _ABOVE
    return laid


def rows_of(answer: DoseResponse, tops: Mapping[str, int]) -> list[Row]:
    """Return the rows: windows first, phenotypes later, then quantities in time.

    Phenotypes that never occur are left out.
    """

    def rank(curve: Curve) -> tuple[bool, bool, bool]:
        is_window = curve.shape in ("window", "dip")
        return curve.readout not in tops, not is_window, curve.shape == "none"

    panels = (answer.reference, *answer.knock_outs)
    found = []
    for curve in sorted(answer.reference.curves, key=rank):
        name = curve.readout
        own = [_curve(panel, name) for panel in panels]
        if name in tops:
            bars = [tuple(_level(levels, tops[name]) for levels in c.ranges) for c in own]
        elif any(levels not in ((0, 0), None) for c in own for levels in c.ranges):
            bars = [_shares(panel, c) for panel, c in zip(panels, own, strict=True)]
        else:
            continue
        is_window = curve.shape in ("window", "dip")
        told = [verdict(curve), *(_beside(c, curve) for c in own[1:])]
        best = [c.reaching(curve) if is_window else () for c in own]
        height = _HIGH if name in tops else _LOW
        found.append(Row(name, height, tuple(bars), tuple(told), tuple(best)))
    times = zip(*(panel.times for panel in panels), strict=True)
    return found + [_time_row(curves, tops, answer.unit) for curves in times]


def _level(levels: tuple[int, int] | None, top: int) -> Bar:
    if levels is None:
        return Bar("?")
    low, high = levels
    return Bar(level_text(levels), low / top, high / top, f"level-{level_step(low, top)}")


def _shares(panel: Panel, curve: Curve) -> tuple[Bar, ...]:
    points = {point.level: point for point in panel.points}
    bars = []
    for level, levels in enumerate(curve.ranges):
        if levels is None:
            bars.append(Bar("?"))
            continue
        having, of = points[level].phenotypes[curve.readout], max(points[level].attractors, 1)
        some = f"{having / of:.0%}" if of > _MAX_COUNTED else f"{having}/{of}"
        text = ("all" if having else "–") if having in (0, of) else some
        bars.append(Bar(text, float(having == of), having / of, f"level-{STEPS}"))
    return tuple(bars)


def _beside(curve: Curve, reference: Curve) -> str:
    """Return the verdict on a curve, or what became of the window of the first column."""
    if reference.shape in ("window", "dip"):
        return f"{reference.shape}: {window(curve, reference)}"
    return verdict(curve)


def _time_row(curves: Sequence[TimeCurve], tops: Mapping[str, int], unit: str) -> Row:
    """Return a row of first times, which share a scale, or of what holds at a time."""
    question = curves[0].question
    values = [p.value.value for c in curves for p in c.points if p is not None and p.value]
    top = float(tops.get(question.component, 1))
    if question.at is None:
        top = max([*values, 1e-9])
    bars = []
    for curve in curves:
        own = []
        for point in curve.points:
            value = point.value.value if point is not None and point.value else 0.0
            told = time_words(point)
            text = told if point is None or not point.value else f"{value:.3g}"
            own.append(Bar(text, value / top, value / top, f"level-{STEPS // 3}"))
        bars.append(tuple(own))
    best = [
        tuple(range(c.best[0], c.best[1] + 1))
        if c.best is not None and c.shape in ("window", "dip")
        else ()
        for c in curves
    ]
    is_low = question.at is not None and not question.component
    return Row(
        f"{question.label} ({unit_words(unit)})" if question.at is None else question.label,
        _LOW if is_low else _HIGH,
        tuple(bars),
        tuple(time_verdict(curve) for curve in curves),
        tuple(best),
        question.at is None,
    )


def _curve(panel: Panel, name: str) -> Curve:
    return next(curve for curve in panel.curves if curve.readout == name)


def _place(
    rows: Sequence[Row], column: int, title: str, x: float
) -> tuple[float, float, float]:  # fmt: skip
    """Return where the bars of a column begin, the width of a dose, and where the next begins."""
    texts = [bar.text for row in rows for bar in row.bars[column]]
    doses = len(rows[0].bars[column]) if rows else 0
    slot = max([_SMALL if column else _SLOT, *(text_width(text, 11) + 5 for text in texts)])
    told = [text_width(row.told[column], 11) for row in rows]
    width = max([doses * slot, text_width(title, 12, bold=True), *told])
    return x + (width - doses * slot) / 2, slot, x + width + _GAP


def _chart(row: Row, column: int, place: tuple[float, float, float]) -> list[Mark]:
    """Draw one readout under one perturbation."""
    (x, y, slot), bars, best = place, row.bars[column], row.best[column]
    bottom = y + row.height
    marks: list[Mark] = []
    for level in best:
        if level - 1 not in best:  # neighbours join
            run = next(n for n in range(1, len(bars) + 1) if level + n not in best)
            marks += _window(x + level * slot, y - _ABOVE + 6, run * slot, row.height + _ABOVE - 6)
    end = x + len(bars) * slot
    marks.append(Line(((x, bottom), (end, bottom)), "line"))
    for level, bar in enumerate(bars):
        middle, high = x + (level + 0.5) * slot, row.height * bar.high
        marks.append(Text(middle, bottom + 9, str(level), "muted", 10))
        wide = min(0.56 * slot, 26.0)
        low = row.height * bar.low
        marks += _bar(middle - wide / 2, bottom, wide, low, high, bar.role)
        marks.append(Text(middle, bottom - high - 9, bar.text))
    marks.append(Text((x + end) / 2, bottom + 27, row.told[column], "muted"))
    return marks


def _bar(
    x: float, bottom: float, width: float, low: float, high: float, role: str
) -> list[Mark]:  # fmt: skip
    """Draw a bar up to a low height, and what is between it and a high one hatched."""
    marks: list[Mark] = []
    if low:
        marks.append(Rect(x, bottom - low, width, low, role, "line", 0.7))
    if high > low:
        marks += hatched_box(x, bottom - high, width, high - low)
    return marks


def _window(x: float, y: float, width: float, height: float) -> list[Mark]:
    sides = [Line(((at, y), (at, y + height)), "window-line", 1.2, (4, 3)) for at in (x, x + width)]
    return [Rect(x, y, width, height, "window"), *sides]


def _keys(answer: DoseResponse, rows: Sequence[Row]) -> list[Key]:
    ends = [row for row in rows if not row.is_time]
    has_shares = any(row.height == _LOW for row in ends)
    words = "level, or share of the attractors" if has_shares else "level of the readout"
    keys = [Key(words, (Rect(0, -7, 22, 14, f"level-{STEPS // 2}", "line", 0.7),))]
    if any(bar.low < bar.high for row in rows for bars in row.bars for bar in bars):
        more = ", or some attractors" if has_shares else ", within or between attractors"
        keys.append(Key(f"several levels{more}", tuple(hatched_box(0, -7, 22, 14))))
    if any(row.best[0] for row in rows):
        keys.append(Key("the window: as good as its best", tuple(_window(0, -7, 22, 14))))
    if answer.reference.times:
        light = Rect(0, -7, 22, 14, f"level-{STEPS // 3}", "line", 0.7)
        keys.append(Key(f"in time: {'; '.join(answer.basis)}", (light,)))
    return keys
