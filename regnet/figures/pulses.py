"""Responses to pulses: a chart for each readout, over how long or how much of the time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from regnet.analysis.dose.pulses import PulseCurve, PulseResponse
from regnet.analysis.dose.words import amount, axis, pulse_verdict, reading
from regnet.figures.svg import Entry, draw_legend, number, paint, picture, tag, text_at
from regnet.figures.theme import LIGHT, Theme
from regnet.layout import text_width

WIDTH, HEIGHT = 340.0, 120.0
COLUMNS = 2

_LEFT, _ABOVE, _BELOW, _MARGIN, _GAP = 46.0, 44.0, 42.0, 14.0, 16.0
_NEVER = 0.0005
_TICKS = 12  # up to this many amounts are all printed; of more, round ones


@dataclass(frozen=True, slots=True)
class PulseChart:
    """Where one readout is drawn.

    Parameters
    ----------
    curve
        The readout.
    x, y
        The top left corner of its axes, which are `WIDTH` by `HEIGHT`.
    last
        The amount at the right end.
    """

    curve: PulseCurve
    x: float
    y: float
    last: float

    def across(self, amount: float) -> float:
        """Return where an amount is, from the left."""
        return self.x + WIDTH * amount / self.last

    def down(self, value: float) -> float:
        """Return where a value is, from above."""
        return self.y + HEIGHT * (1 - min(max(value / max(self.curve.top, 1), 0.0), 1.0))


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
            _MARGIN + _LEFT + (place % columns) * pitch(),
            _MARGIN + _ABOVE + (place // columns) * (_ABOVE + HEIGHT + _BELOW),
            last,
        )
        for place, curve in enumerate(shown)
    )


def pulse_figure(
    answer: PulseResponse,
    *,
    names: Sequence[str] = (),
    columns: int = COLUMNS,
    theme: Theme = LIGHT,
) -> str:
    """Return the response to pulses as SVG text, with 95 % bands where it was estimated.

    Components are drawn by their mean level, phenotypes by their probability. The amounts between
    which half of a rise or fall lies are shaded.

    Parameters
    ----------
    answer
        The response.
    names
        Readouts to draw; default all.
    columns
        Number of charts side by side.
    theme
        `LIGHT`, `DARK` or `ADAPTIVE`.
    """
    charts = pulse_charts(answer, columns, names)
    parts = [_chart(chart, answer, theme) for chart in charts]
    rows = math.ceil(len(charts) / columns)
    width = 2 * _MARGIN + min(columns, max(len(charts), 1)) * pitch()
    bottom = _MARGIN + rows * (_ABOVE + HEIGHT + _BELOW)
    legend, height = draw_legend(_entries(answer, charts, theme), _MARGIN, bottom,
                                 width - 2 * _MARGIN, theme)  # fmt: skip
    title = f"{answer.origin.network}: {axis(answer)}"
    return picture(width, bottom + height + 8, [*parts, *legend], title, theme)


def _chart(chart: PulseChart, answer: PulseResponse, theme: Theme) -> str:
    curve, x, y = chart.curve, chart.x, chart.y
    drawn = text_at(x, y - 34, f"{curve.readout}, {curve.measure}", theme["ink"], size=12.0,
                    anchor="start", bold=True)  # fmt: skip
    drawn += text_at(x, y - 17, pulse_verdict(curve, answer.by), theme["muted"], anchor="start")
    for turn in curve.turns:
        left, right = chart.across(turn.low), chart.across(turn.high)
        drawn += tag("rect", x=left, y=y, width=right - left, height=HEIGHT,
                     style=paint(theme["band"], theme["band-line"], 0.8))  # fmt: skip
    for value in range(curve.top + 1) if curve.top else (0, 0.5, 1):
        at = chart.down(value)
        drawn += tag("line", x1=x, y1=at, x2=x + WIDTH, y2=at, style=paint("none", theme["grid"]))
        drawn += text_at(x - 7, at, f"{value:g}", theme["muted"], size=10, anchor="end")
    for place in _ticks(answer, chart):
        at = chart.across(place)
        drawn += tag("line", x1=at, y1=y + HEIGHT, x2=at, y2=y + HEIGHT + 4,
                     style=paint("none", theme["line"]))  # fmt: skip
        drawn += text_at(at, y + HEIGHT + 12, amount(place, answer.by), theme["muted"], size=10)
    drawn += text_at(x + WIDTH / 2, y + HEIGHT + 28, axis(answer), theme["muted"], size=10)
    colour = theme["dual"]
    pairs = list(zip(answer.amounts, curve.values, strict=True))
    if any(value.low < value.high for value in curve.values):
        around = [(chart.across(a), chart.down(v.low)) for a, v in pairs]
        around += [(chart.across(a), chart.down(v.high)) for a, v in reversed(pairs)]
        drawn += tag("polygon", points=_points(around), fill_opacity=0.25, style=paint(colour))
    line = [(chart.across(a), chart.down(v.value)) for a, v in pairs]
    drawn += tag("polyline", points=_points(line), style=paint("none", colour, 1.8))
    for at, height in line:
        drawn += tag("circle", cx=at, cy=height, r=3.0, style=paint(colour))
    return tag("g", drawn)


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in places)


def _ticks(answer: PulseResponse, chart: PulseChart) -> list[float]:
    """Return the amounts that are printed: those that have room."""
    if len(answer.amounts) > _TICKS and answer.by == "share":
        return [0.0, 0.25, 0.5, 0.75, 1.0]
    found: list[float] = []
    for place in answer.amounts:
        room = text_width(amount(place, answer.by), 10) + 8
        if not found or chart.across(place) - chart.across(found[-1]) >= room:
            found.append(place)
    return found


def _entries(answer: PulseResponse, charts: Sequence[PulseChart], theme: Theme) -> list[Entry]:
    line = tag("line", x1=0.0, y1=0.0, x2=26.0, y2=0.0, style=paint("none", theme["dual"], 1.8))
    line += tag("circle", cx=13.0, cy=0.0, r=3.0, style=paint(theme["dual"]))
    entries: list[Entry] = [(26, line, reading(answer))]
    if answer.origin.guarantee == "sampled":
        shade = tag("rect", x=0.0, y=-6.0, width=22.0, height=12.0, fill_opacity=0.25,
                    style=paint(theme["dual"]))  # fmt: skip
        entries.append((22, shade, "95 % band"))
    if any(chart.curve.turns for chart in charts):
        box = tag("rect", x=0.0, y=-7.0, width=22.0, height=14.0,
                  style=paint(theme["band"], theme["band-line"], 0.8))  # fmt: skip
        entries.append((22, box, "half of a rise or fall lies here"))
    return entries
