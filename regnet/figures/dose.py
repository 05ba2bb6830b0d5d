"""Dose responses: a bar for each level of the dose, small multiples under perturbations."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from math import inf

from regnet.analysis.dose import DoseResponse, Panel
from regnet.analysis.dose.curves import Curve
from regnet.analysis.dose.dose_text import verdict, window
from regnet.figures.marks import (
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

MAX_ACROSS = 5
"""At most this many charts stand side by side in a report."""

_SLOT, _SMALL = 44.0, 28.0  # width of one dose, in the first column and in the others
_HIGH, _LOW = 76.0, 34.0  # height of the bars of a component, and of a phenotype
_ABOVE, _BELOW = 22.0, 46.0  # room for the number on a bar; for the dose and the verdict
_GAP, _MARGIN, _HEAD = 22.0, 12.0, 34.0
_MAX_COUNTED = 99  # attractors; of more the share is printed


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
    name_width: float = inf,
) -> Drawing:
    """Return the response of each readout to a dose, a column for each perturbation.

    A bar is as high as a component is at that level of the dose, or as the share of the attractors
    that have a phenotype; what several levels or only some attractors have is hatched. A window is
    shaded; beside it, the doses that are as good as those in the window of the reference. Windows
    come first, phenotypes last, and phenotypes that never come are left out.

    Parameters
    ----------
    answer
        The response.
    tops
        Highest level of each readout that is a component.
    titles
        What each column is called; default the scenario and the labels of the perturbations.
    across
        At most this many columns stand side by side.
    name_width
        Longer names of readouts are cut.

    Returns
    -------
    Drawing
        Its spots are ``(column, readout, level)``.
    """
    panels = (answer.reference, *answer.knock_outs)
    titles = titles or [answer.origin.scenario.name or "as it is",
                        *(p.perturbation.label for p in answer.knock_outs)]  # fmt: skip
    names = shown(answer, tops)
    labels = [elided(name, 12, name_width, bold=True) for name in names]
    left = 2 * _MARGIN + max((text_width(name, 12, bold=True) for name in labels), default=0.0)
    marks: list[Mark] = []
    side: list[Mark] = []
    heads: list[list[Mark]] = []
    spots: dict[Hashable, Box] = {}
    right, top = left, 0.0
    for first in range(0, len(panels), across):
        places, x = [], left
        for column in range(first, min(first + across, len(panels))):
            start, slot, x = _place(answer, column, names, tops, titles[column], x)
            places.append((column, start, slot))
        right = max(right, x)
        middles = [start + _doses(answer) * slot / 2 for _, start, slot in places]
        heads.append(
            [
                Text(middle, top + _HEAD / 2, titles[column], size=12, bold=True)
                for (column, *_), middle in zip(places, middles, strict=True)
            ]
        )
        y = top + _HEAD + _ABOVE
        for name, label in zip(names, labels, strict=True):
            height = _height(name, tops)
            side.append(Text(_MARGIN, y + height / 2, label, size=12, anchor="start", bold=True))
            for column, start, slot in places:
                marks += _chart(answer, column, name, tops, (start, y, slot))
                for level in range(_doses(answer)):
                    box = (start + level * slot, y - _ABOVE + 4, slot, height + _ABOVE + 14)
                    spots[column, name, level] = box
            y += height + _BELOW + _ABOVE
        top = y - _ABOVE
    top += 8
    marks.append(Text(left, top, f"level of {answer.dose}", "muted", anchor="start"))
    width = max(right, left + 420)
    keys, height = legend(_keys(answer, names, tops), _MARGIN, top + 12, width - 2 * _MARGIN)
    later = [mark for head in heads[1:] for mark in head]
    return Drawing(
        width, top + 12 + height + 8, (*marks, *later, *keys),
        f"{answer.origin.network}: response to {answer.dose}",
        head=tuple(heads[0]), side=tuple(side), kept=(left, _HEAD), spots=spots,
    )  # fmt: skip


def shown(answer: DoseResponse, tops: Mapping[str, int]) -> list[str]:
    """Return the readouts that are drawn, in their order."""

    def rank(curve: Curve) -> tuple[bool, bool, bool]:
        is_window = curve.shape in ("window", "dip")
        return curve.readout not in tops, not is_window, curve.shape == "none"

    panels = (answer.reference, *answer.knock_outs)
    return [
        curve.readout
        for curve in sorted(answer.reference.curves, key=rank)
        if curve.readout in tops
        or any(r not in ((0, 0), None) for p in panels for r in _curve(p, curve.readout).ranges)
    ]


def value_text(panel: Panel, name: str, level: int, tops: Mapping[str, int]) -> str:
    """Return what is printed on a bar: a level, or which share of the attractors."""
    levels = _curve(panel, name).ranges[level]
    if levels is None:
        return "?"
    if name in tops:
        return level_text(levels)
    having, of = _having(panel, name, level)
    if having in (0, of):
        return "all" if having else "–"
    return f"{having / of:.0%}" if of > _MAX_COUNTED else f"{having}/{of}"


def _having(panel: Panel, name: str, level: int) -> tuple[int, int]:
    """Return how many attractors have a phenotype, of how many."""
    point = next(point for point in panel.points if point.level == level)
    return point.phenotypes[name], max(point.attractors, 1)


def _curve(panel: Panel, name: str) -> Curve:
    return next(curve for curve in panel.curves if curve.readout == name)


def _doses(answer: DoseResponse) -> int:
    return len(answer.reference.curves[0].ranges)


def _height(name: str, tops: Mapping[str, int]) -> float:
    return _HIGH if name in tops else _LOW


def _place(
    answer: DoseResponse, column: int, names: Iterable[str], tops: Mapping[str, int], title: str,
    x: float,
) -> tuple[float, float, float]:  # fmt: skip
    """Return where the bars of a column begin, the width of a dose, and where the next begins."""
    panel, doses = (answer.reference, *answer.knock_outs)[column], _doses(answer)
    values = [value_text(panel, name, level, tops) for name in names for level in range(doses)]
    slot = max(_SMALL if column else _SLOT, *(text_width(text, 11) + 5 for text in values))
    told = [text_width(_told(answer, column, name), 11) for name in names]
    width = max(doses * slot, text_width(title, 12, bold=True), *told)
    return x + (width - doses * slot) / 2, slot, x + width + _GAP


def _told(answer: DoseResponse, column: int, name: str) -> str:
    """Return the verdict on a curve; beside the first column, what became of its window."""
    curve = _curve((answer.reference, *answer.knock_outs)[column], name)
    reference = _curve(answer.reference, name)
    if column and reference.shape in ("window", "dip"):
        return f"{reference.shape}: {window(curve, reference)}"
    return verdict(curve)


def _chart(
    answer: DoseResponse, column: int, name: str, tops: Mapping[str, int],
    place: tuple[float, float, float],
) -> list[Mark]:  # fmt: skip
    """Draw one readout under one perturbation."""
    (x, y, slot), height = place, _height(name, tops)
    panel, bottom = (answer.reference, *answer.knock_outs)[column], y + height
    curve, reference = _curve(panel, name), _curve(answer.reference, name)
    best = curve.reaching(reference) if reference.shape in ("window", "dip") else ()
    marks: list[Mark] = []
    for level in best:
        if level - 1 not in best:  # neighbours join
            run = next(n for n in range(1, len(curve.ranges) + 1) if level + n not in best)
            marks += _window(x + level * slot, y - _ABOVE + 6, run * slot, height + _ABOVE - 6)
    end = x + len(curve.ranges) * slot
    marks.append(Line(((x, bottom), (end, bottom)), "line"))
    for level, levels in enumerate(curve.ranges):
        middle, high = x + (level + 0.5) * slot, 0.0
        marks.append(Text(middle, bottom + 9, str(level), "muted", 10))
        if levels is not None:
            at, top = levels, tops.get(name, 1)
            if name not in tops:
                having, top = _having(panel, name, level)
                at = (having if having == top else 0, having)
            low, high = (height * v / top for v in at)
            step = level_step(at[0], top)
            bar = min(0.56 * slot, 26.0)
            marks += _bar(middle - bar / 2, bottom, bar, low, high, step)
        marks.append(Text(middle, bottom - high - 9, value_text(panel, name, level, tops)))
    marks.append(Text((x + end) / 2, bottom + 27, _told(answer, column, name), "muted"))
    return marks


def _bar(
    x: float, bottom: float, width: float, low: float, high: float, step: int
) -> list[Mark]:  # fmt: skip
    """Draw a bar up to a low height, and what is between it and a high one hatched."""
    marks: list[Mark] = []
    if low:
        marks.append(Rect(x, bottom - low, width, low, f"level-{step}", "line", 0.7))
    if high > low:
        marks += hatched_box(x, bottom - high, width, high - low)
    return marks


def _window(x: float, y: float, width: float, height: float) -> list[Mark]:
    sides = [Line(((at, y), (at, y + height)), "window-line", 1.2, (4, 3)) for at in (x, x + width)]
    return [Rect(x, y, width, height, "window"), *sides]


def _keys(answer: DoseResponse, names: Sequence[str], tops: Mapping[str, int]) -> list[Key]:
    panels = (answer.reference, *answer.knock_outs)
    curves = [_curve(panel, name) for panel in panels for name in names]
    has_phenotypes = any(name not in tops for name in names)
    words = "level, or share of the attractors" if has_phenotypes else "level of the readout"
    keys = [Key(words, (Rect(0, -7, 22, 14, f"level-{STEPS // 2}", "line", 0.7),))]
    if any(r is not None and r[0] < r[1] for curve in curves for r in curve.ranges):
        more = ", or some attractors" if has_phenotypes else ", within or between attractors"
        keys.append(Key(f"several levels{more}", tuple(hatched_box(0, -7, 22, 14))))
    if any(_curve(answer.reference, name).shape in ("window", "dip") for name in names):
        keys.append(Key("the window: as good as its best", tuple(_window(0, -7, 22, 14))))
    return keys
