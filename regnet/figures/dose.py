"""Dose responses: a bar for each level of the dose, small multiples under perturbations."""

from __future__ import annotations

from regnet.analysis.dose import DoseResponse, Panel
from regnet.analysis.dose.curves import Curve
from regnet.analysis.dose.words import verdict, window
from regnet.figures.svg import (
    Entry,
    draw_legend,
    hatched_box,
    paint,
    picture,
    tag,
    text_at,
)
from regnet.figures.theme import LIGHT, Theme, level_step, level_text
from regnet.layout import text_width
from regnet.network import LogicalNetwork

MAX_ACROSS = 5
"""Number of charts side by side."""

SLOT = 34.0  # width of one level of the dose
HEIGHT = 76.0  # of the highest level of a readout


def dose_figure(answer: DoseResponse, network: LogicalNetwork, *, theme: Theme = LIGHT) -> str:
    """Return the response of each component to a dose as SVG text, a chart for each perturbation.

    A bar is as high as the readout is at that level of the dose; where several levels are reached,
    the part between the lowest and the highest is hatched. A window is shaded; in the charts of
    perturbations, the doses that are as good as those in the window of the reference.

    Parameters
    ----------
    answer
        The response; its phenotypes are left out.
    network
        Gives the highest levels.
    theme
        `LIGHT`, `DARK` or `ADAPTIVE`.
    """
    panels = (answer.reference, *answer.knock_outs)
    names = [c.readout for c in answer.reference.curves if c.readout in network]
    doses = network[answer.dose].top + 1
    titles = [p.perturbation.label if p.perturbation else _scenario(answer) for p in panels]
    words = [text_width(title, 11) for title in titles] + [96.0]
    width, left = max(doses * SLOT, *words) + 26, 24.0
    margin = left + max((text_width(name, 12) for name in names), default=0.0)
    across = min(MAX_ACROSS, len(panels))
    parts: list[str] = []
    top = 14.0
    for first in range(0, len(panels), MAX_ACROSS):
        block = range(first, min(first + MAX_ACROSS, len(panels)))
        for place, number in enumerate(block):
            middle = margin + 14 + place * width + (width - 26) / 2
            parts.append(text_at(middle, top + 8, titles[number], theme["ink"], bold=number == 0))
        top += 34
        for name in names:
            parts.append(text_at(left, top + HEIGHT / 2, name, theme["ink"], size=12.0,
                                 anchor="start", bold=True))  # fmt: skip
            for place, number in enumerate(block):
                x = margin + 14 + place * width + (width - 26 - doses * SLOT) / 2
                parts += _chart(answer, panels[number], name, network, (x, top), theme)
            top += HEIGHT + 62
        top += 8
    parts.append(
        text_at(margin + 14, top - 6, f"level of {answer.dose}", theme["muted"], anchor="start")
    )
    total = max(margin + 14 + across * width, left + 420)
    legend, height = draw_legend(_keys(theme), left, top + 10, total - 2 * left, theme)
    title = f"{network.name}: response to {answer.dose}"
    return picture(total, top + 10 + height + 8, [*parts, *legend], title, theme)


def _scenario(answer: DoseResponse) -> str:
    return answer.origin.scenario.name or "as it is"


def _keys(theme: Theme) -> list[Entry]:
    bar = tag("rect", x=0.0, y=-7.0, width=22.0, height=14.0, style=paint(theme["level-5"]))
    shade = tag("rect", x=0.0, y=-7.0, width=22.0, height=14.0,
                style=paint(theme["band"], theme["band-line"], 0.8))  # fmt: skip
    return [
        (22, bar, "level of the readout"),
        (22, hatched_box(0, -7, 22, 14, theme), "several levels, within or between attractors"),
        (22, shade, "the window"),
    ]


def _chart(
    answer: DoseResponse,
    panel: Panel,
    name: str,
    network: LogicalNetwork,
    place: tuple[float, float],
    theme: Theme,
) -> list[str]:
    """Draw one readout under one perturbation, its top left corner at a place."""
    (x, y), top = place, network[name].top
    reference = _curve(answer.reference, name)
    curve = _curve(panel, name)
    bottom = y + HEIGHT
    best: tuple[int, ...] = ()
    told = verdict(curve)
    if reference.shape in ("window", "dip"):
        best = curve.reaching(reference)
        told = told if panel is answer.reference else window(curve, reference)
    drawn = []
    for level in best:
        if level - 1 not in best:
            run = next(n for n in range(1, len(curve.ranges) + 1) if level + n not in best)
            drawn.append(tag("rect", x=x + level * SLOT, y=y - 14, width=run * SLOT,
                             height=HEIGHT + 14,
                             style=paint(theme["band"], theme["band-line"], 0.8)))  # fmt: skip
    drawn.append(tag("line", x1=x, y1=bottom, x2=x + len(curve.ranges) * SLOT, y2=bottom,
                     style=paint("none", theme["line"], 1.0)))  # fmt: skip
    for level, levels in enumerate(curve.ranges):
        middle = x + (level + 0.5) * SLOT
        drawn.append(text_at(middle, bottom + 10, str(level), theme["muted"], size=10.0))
        if levels is None:
            drawn.append(text_at(middle, bottom - 9, "?", theme["ink"]))
            continue
        low, high = (HEIGHT * at / top for at in levels)
        bar = {"x": middle - 9, "width": 18.0}
        if low:
            colour = theme[f"level-{level_step(levels[0], top)}"]
            drawn.append(tag("rect", **bar, y=bottom - low, height=low,
                             style=paint(colour, theme["line"], 0.6)))  # fmt: skip
        if high > low:
            drawn.append(hatched_box(middle - 9, bottom - high, 18.0, high - low, theme))
        drawn.append(text_at(middle, bottom - high - 7, level_text(levels), theme["ink"]))
    middle = x + len(curve.ranges) * SLOT / 2
    drawn.append(text_at(middle, bottom + 27, told, theme["muted"]))
    return drawn


def _curve(panel: Panel, name: str) -> Curve:
    return next(curve for curve in panel.curves if curve.readout == name)
