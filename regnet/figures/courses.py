"""Time courses: a panel for each component or phenotype, one line for each answer."""

from __future__ import annotations

import math
from collections.abc import Sequence

from regnet.analysis.simulate import Courses
from regnet.analysis.simulate.estimate import Band
from regnet.figures.svg import Entry, draw_legend, number, paint, picture, tag, text_at
from regnet.figures.theme import LIGHT, Theme
from regnet.layout import text_width

LINES = (("dual", ""), ("minus", "6 3"), ("plus", "2 3"), ("changed", "9 3 2 3"))
"""Colour and dashes of each answer that is drawn; colour never stands alone."""

WIDTH, HEIGHT = 300.0, 120.0
COLUMNS = 2


def courses_figure(
    answers: Sequence[Courses], *, names: Sequence[str] = (), theme: Theme = LIGHT
) -> str:
    """Return time courses as a picture, with 95 % bands where they were estimated.

    Components are drawn by their mean level, phenotypes by their probability. What stays at one
    value in all answers is left out, unless everything does.

    Parameters
    ----------
    answers
        Answers to lay over each other, at most as many as there are `LINES`.
    names
        Components and phenotypes to draw; default all that change.
    theme
        `LIGHT`, `DARK` or `ADAPTIVE`.
    """
    answers = answers[: len(LINES)]
    panels = _panels(answers, names)
    columns = min(COLUMNS, len(panels))
    left, gap, title = 42.0, 34.0, 24.0
    width = 16 + columns * (left + WIDTH) + 24
    parts = []
    for i, (name, top, bands) in enumerate(panels):
        x = 16 + (i % columns) * (left + WIDTH) + left
        y = 14 + (i // columns) * (title + HEIGHT + gap) + title
        parts.append(_panel(x, y, name, top, bands, answers, theme))
    bottom = 14 + math.ceil(len(panels) / columns) * (title + HEIGHT + gap)
    legend, height = draw_legend(_entries(answers, theme), 16, bottom, width - 32, theme)
    told = f"time courses of {answers[0].origin.network}"
    return picture(width, bottom + height + 8, [*parts, *legend], told, theme)


Panel = tuple[str, int, list[Band | None]]


def _panels(answers: Sequence[Courses], names: Sequence[str]) -> list[Panel]:
    """Return title, highest value and one band for each answer that has it."""
    found: dict[tuple[str, str], tuple[str, int, list[Band | None]]] = {}
    for i, answer in enumerate(answers):
        own = [(c.name, c.name, len(c.levels) - 1, c.mean) for c in answer.readouts]
        own += [(s.name, f"{s.name}, {s.measure}", 1, s.band) for s in answer.shares]
        for name, title, top, band in own:
            bands: list[Band | None] = [None] * len(answers)
            found.setdefault((name, title), (title, top, bands))[2][i] = band
    panels = [panel for (name, _), panel in found.items() if not names or name in names]
    moving = [panel for panel in panels if names or _moves(panel[2])]
    return moving or panels


def _moves(bands: Sequence[Band | None]) -> bool:
    values = [value for band in bands if band is not None for value in band.values]
    return max(values) - min(values) > 1e-3


def _panel(
    x: float, y: float, name: str, top: int, bands: Sequence[Band | None],
    answers: Sequence[Courses], theme: Theme,
) -> str:  # fmt: skip
    drawn = text_at(x, y - 12, name, theme["ink"], anchor="start", bold=True)
    for level in range(top + 1):
        at = y + HEIGHT * (1 - level / top)
        drawn += tag("line", x1=x, y1=at, x2=x + WIDTH, y2=at, style=paint("none", theme["grid"]))
        drawn += text_at(x - 7, at, str(level), theme["muted"], size=10, anchor="end")
    last = max(answer.times[-1] for answer in answers)
    for time in _ticks(last):
        at = x + WIDTH * time / last
        drawn += tag("line", x1=at, y1=y + HEIGHT, x2=at, y2=y + HEIGHT + 4,
                     style=paint("none", theme["line"]))  # fmt: skip
        drawn += text_at(at, y + HEIGHT + 12, f"{time:g}", theme["muted"], size=10)
    for answer in answers:
        for change in answer.schedule:
            at = x + WIDTH * change.time / last
            drawn += tag("line", x1=at, y1=y, x2=at, y2=y + HEIGHT, stroke_dasharray="1 3",
                         style=paint("none", theme["muted"]))  # fmt: skip
    for band, answer, (colour, dashes) in zip(bands, answers, LINES, strict=False):
        if band is None:
            continue
        times = [x + WIDTH * t / last for t in answer.times]

        def heights(values: Sequence[float]) -> list[float]:
            return [y + HEIGHT * (1 - min(max(v / top, 0.0), 1.0)) for v in values]

        if band.low != band.high:
            around = [*zip(times, heights(band.low), strict=True)]
            around += reversed([*zip(times, heights(band.high), strict=True)])
            drawn += tag("polygon", points=_points(around), fill_opacity=0.25,
                         style=paint(theme[colour]))  # fmt: skip
        line = _points([*zip(times, heights(band.values), strict=True)])
        dashed = {"stroke_dasharray": dashes} if dashes else {}
        drawn += tag("polyline", points=line, style=paint("none", theme[colour], 1.8), **dashed)
    return tag("g", drawn)


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in places)


def _ticks(last: float) -> list[float]:
    """Return about five round times from 0 on."""
    raw = last / 5
    unit = 10 ** math.floor(math.log10(raw))
    step = next(unit * m for m in (1, 2, 5, 10) if unit * m >= raw * 0.999)
    return [step * k for k in range(int(last / step + 1e-9) + 1)]


def _entries(answers: Sequence[Courses], theme: Theme) -> list[Entry]:
    entries: list[Entry] = []
    for answer, (colour, dashes) in zip(answers, LINES, strict=False):
        dashed = {"stroke_dasharray": dashes} if dashes else {}
        key = tag("line", x1=0.0, y1=0.0, x2=26.0, y2=0.0,
                  style=paint("none", theme[colour], 1.8), **dashed)  # fmt: skip
        entries.append((26, key, answer.origin.title))
    if any(answer.trajectories for answer in answers):
        shade = tag("rect", x=0.0, y=-6.0, width=22.0, height=12.0, fill_opacity=0.25,
                    style=paint(theme["dual"]))  # fmt: skip
        entries.append((22, shade, "95 % band"))
    seen = {change for answer in answers for change in answer.schedule}
    line = tag("line", x1=3.0, y1=-7.0, x2=3.0, y2=7.0, stroke_dasharray="1 3",
               style=paint("none", theme["muted"]))  # fmt: skip
    texts = [str(change) for change in sorted(seen, key=lambda change: change.time)]
    entries += [(6, line, text) for text in texts if text_width(text, 11) < 600]
    return entries
