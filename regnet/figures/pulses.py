"""Responses to pulses: a chart for each readout, over how long or how much of the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from regnet.analysis.dose.dose_text import amount, axis, pulse_verdict, reading
from regnet.analysis.dose.pulses import PulseCurve, PulseResponse
from regnet.figures.axes import BAND_OPACITY, LINE_WEIGHT, Axes
from regnet.figures.marks import Dot, Drawing, Key, Line, Mark, Rect, Text, legend
from regnet.figures.svg import to_svg
from regnet.figures.theme import LIGHT, Theme
from regnet.layout import text_width

WIDTH, HEIGHT = 340.0, 120.0
COLUMNS = 2

_LEFT, _ABOVE, _BELOW, _MARGIN, _GAP = 46.0, 44.0, 42.0, 14.0, 16.0
_NEVER = 0.0005
_TICKS = 12  # up to this many amounts are all printed; of more, round ones


@dataclass(frozen=True, slots=True)
class PulseChart:
    """A readout, and the axes that it is drawn in."""

    curve: PulseCurve
    axes: Axes


def pitch() -> float:
    """Return how much room a chart takes from side to side."""
    return _LEFT + WIDTH + _GAP


def pulse_charts(
    answer: PulseResponse, columns: int = COLUMNS, names: Sequence[str] = ()
) -> tuple[PulseChart, ...]:
    """Return where each readout is drawn: components first, of each kind windows first.

    Phenotypes that never come are left out, and all that are not among the names, if there are any.
    """
    last = max(answer.amounts) or 1.0
    shown = [
        curve
        for curve in answer.curves
        if (curve.top or any(v.value >= _NEVER for v in curve.values))
        and (not names or curve.readout in names)
    ]
    shown.sort(key=lambda c: (not c.top, c.shape not in ("window", "dip"), not c.turns))
    return tuple(
        PulseChart(
            curve,
            Axes(
                _MARGIN + _LEFT + (place % columns) * pitch(),
                _MARGIN + _ABOVE + (place // columns) * (_ABOVE + HEIGHT + _BELOW),
                WIDTH,
                HEIGHT,
                last,
                max(curve.top, 1),
            ),
        )
        for place, curve in enumerate(shown)
    )


def pulse_figure(
    answer: PulseResponse, *, names: Sequence[str] = (), theme: Theme = LIGHT
) -> str:  # fmt: skip
    """Return `pulse_drawing` as SVG text; `names` are the readouts to draw, default all."""
    return to_svg(pulse_drawing(answer, pulse_charts(answer, COLUMNS, names)), theme)


def pulse_drawing(answer: PulseResponse, charts: Sequence[PulseChart]) -> Drawing:
    """Return the response to pulses, with 95 % bands if estimated.

    Components are drawn by their mean level, phenotypes by their probability. The amounts between
    which half of a rise or fall lies are shaded. The spots are the numbers of the charts.
    """
    marks = [mark for chart in charts for mark in _chart(chart, answer)]
    right = max((c.axes.x + WIDTH for c in charts), default=_MARGIN + _LEFT + WIDTH)
    width = right + _GAP + _MARGIN
    bottom = max((c.axes.bottom + _BELOW for c in charts), default=_MARGIN)
    keys, height = legend(_keys(answer, charts), _MARGIN, bottom, width - 2 * _MARGIN)
    return Drawing(
        width, bottom + height + 8, (*marks, *keys), f"{answer.origin.network}: {axis(answer)}",
        spots={number: chart.axes.box for number, chart in enumerate(charts)},
    )  # fmt: skip


def _chart(chart: PulseChart, answer: PulseResponse) -> list[Mark]:
    curve, axes = chart.curve, chart.axes
    x, y = axes.x, axes.y
    title = f"{curve.readout}, {curve.measure}"
    marks: list[Mark] = [
        Text(x, y - 34, title, size=12, anchor="start", bold=True),
        Text(x, y - 17, pulse_verdict(curve, answer.by), "muted", anchor="start"),
    ]
    for turn in curve.turns:
        left, right = axes.across(turn.low), axes.across(turn.high)
        marks.append(Rect(left, y, right - left, HEIGHT, "band", "band-line", 0.8))
    marks += axes.grid(range(curve.top + 1) if curve.top else (0, 0.5, 1))
    marks += axes.ticks((place, amount(place, answer.by)) for place in _ticks(answer, axes))
    marks.append(Text(x + WIDTH / 2, axes.bottom + 28, axis(answer), "muted", 10))
    values, low, high = ([getattr(v, part) for v in curve.values] for part in _PARTS)
    marks += axes.curve(answer.amounts, values, low, high, "dual")
    marks += [Dot(at, height, 3, "dual") for at, height in axes.points(answer.amounts, values)]
    return marks


_PARTS = ("value", "low", "high")


def _ticks(answer: PulseResponse, axes: Axes) -> list[float]:
    """Return the amounts that are printed: those that have room."""
    if len(answer.amounts) > _TICKS and answer.by == "share":
        return [0.0, 0.25, 0.5, 0.75, 1.0]
    found: list[float] = []
    for place in answer.amounts:
        room = text_width(amount(place, answer.by), 10) + 8
        if not found or axes.across(place) - axes.across(found[-1]) >= room:
            found.append(place)
    return found


def _keys(answer: PulseResponse, charts: Sequence[PulseChart]) -> list[Key]:
    line = (Line(((0, 0), (26, 0)), "dual", LINE_WEIGHT), Dot(13, 0, 3, "dual"))
    keys = [Key(reading(answer), line, 26)]
    if answer.origin.guarantee == "sampled":
        keys.append(Key("95 % band", (Rect(0, -6, 22, 12, "dual", opacity=BAND_OPACITY),)))
    if any(chart.curve.turns for chart in charts):
        box = Rect(0, -7, 22, 14, "band", "band-line", 0.8)
        keys.append(Key("half of a rise or fall lies here", (box,)))
    return keys
