"""Time courses: a small chart for each component or phenotype, one line for each answer.

Lines are distinguished by dash patterns and by a number at their end, never by colour alone.
Estimates have a band, exact lines have none, and the legend says which are which.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import product

from regnet.analysis.simulate import Courses
from regnet.analysis.simulate.estimate import Band
from regnet.figures.axes import LINE_WEIGHT, Axes, round_ticks
from regnet.figures.marks import (
    Area,
    Box,
    Drawing,
    Key,
    Line,
    Mark,
    Text,
    elided,
    hatching,
    legend,
)
from regnet.figures.svg import to_svg
from regnet.figures.theme import LIGHT, Theme
from regnet.layout import Point
from regnet.logic import Expr, evaluate, variables
from regnet.rates import time_words

LINES: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("dual", ()), ("minus", (6, 3)), ("plus", (2, 3)), ("ink", (9, 3, 2, 3)),
    ("window-line", (12, 4)), ("hatch", (4, 2, 1, 2)),
)  # fmt: skip
"""Colour and dashes of each answer; their number is that of the answers in an overlay."""

FILLS: tuple[tuple[float, ...], ...] = (
    (), (45,), (0,), (135,), (90,), (45, 135), (0, 90), (60, 120), (30,),
)  # fmt: skip
"""Hatching angles of stacked phenotypes, in order."""

WIDTH, HEIGHT = 300.0, 100.0
COLUMNS = 2

_FILL_ROLES = ("dual", "minus", "plus", "window-line")
_LEFT, _RIGHT, _TITLE, _BELOW, _MARGIN = 42.0, 24.0, 26.0, 44.0, 12.0
_MAX_TRIED = 20_000  # states
_MAX_CHANGES = 6  # that the legend lists
_STILL = 1e-3  # what changes by less is not worth a chart


@dataclass(frozen=True)
class Quantity:
    """The quantity of a line chart.

    Parameters
    ----------
    name
        The component or phenotype.
    top
        Its highest value.
    bands
        One line for each answer that has it.
    measure
        What the probability of a phenotype counts; ``""`` for a component.
    """

    name: str
    top: int
    bands: tuple[Band | None, ...]
    measure: str = ""

    @property
    def title(self) -> str:
        """Its title."""
        return f"{self.name}, {self.measure or 'mean level'}"

    @property
    def moves(self) -> bool:
        """Whether it changes in any answer."""
        values = [value for band in self.bands if band is not None for value in band.values]
        return bool(values) and max(values) - min(values) > _STILL

    @property
    def area(self) -> float:
        """The mean value over time, in the answer in which it is highest."""
        return max(math.fsum(b.values) / len(b.values) for b in self.bands if b is not None)


@dataclass(frozen=True)
class Stack:
    """Probabilities of phenotypes of one answer, one above the other."""

    title: str
    shares: tuple[tuple[str, Band], ...]
    answer: int
    top: int = 1

    @property
    def name(self) -> str:
        """Its title."""
        return self.title


Chart = Quantity | Stack


def courses_figure(
    answers: Sequence[Courses],
    *,
    names: Sequence[str] = (),
    titles: Sequence[str] = (),
    theme: Theme = LIGHT,
) -> str:
    """Return time courses as SVG text, with 95 % bands if estimated.

    Components are drawn by their mean level, phenotypes by their probability. Quantities that are
    constant in all answers are left out, unless all are.

    Parameters
    ----------
    answers
        Answers to overlay, at most as many as there are `LINES`.
    names
        Components and phenotypes to draw; default all that change.
    titles
        What each answer is called; default the titles of their origins.
    theme
        `LIGHT`, `DARK` or `ADAPTIVE`.
    """
    answers = answers[: len(LINES)]
    found = quantities(answers)
    charts = [q for q in found if (q.name in names if names else q.moves)] or found
    return to_svg(courses_drawing(answers, place(answers, charts), titles), theme)


def quantities(answers: Sequence[Courses]) -> list[Quantity]:
    """Return components and phenotypes with a band for each answer that has them."""
    found: dict[tuple[str, str], tuple[int, list[Band | None]]] = {}
    for number, answer in enumerate(answers):
        own = [(c.name, len(c.levels) - 1, c.mean, "") for c in answer.readouts]
        own += [(share.name, 1, share.band, share.measure) for share in answer.shares]
        for name, top, band, measure in own:
            bands: list[Band | None] = [None] * len(answers)
            found.setdefault((name, measure), (max(top, 1), bands))[1][number] = band
    return [
        Quantity(name, top, tuple(bands), measure)
        for (name, measure), (top, bands) in found.items()
    ]


def stacks(
    answers: Sequence[Courses], titles: Sequence[str], found: Sequence[Quantity]
) -> tuple[list[Stack], list[str]]:
    """Return a stack for each answer, of phenotypes of which no two can hold together.

    Parameters
    ----------
    answers, titles
        The answers, and what each is called.
    found
        The quantities to choose from; the likeliest phenotypes come first.

    Returns
    -------
    tuple
        The stacks, and the names of phenotypes that change but can hold with one in them.
    """
    conditions = {s.name: s.condition for answer in answers for s in answer.shares}
    taken: list[str] = []
    overlapping = []
    likely = [q for q in found if q.measure and q.area > 0]
    for quantity in sorted(likely, key=lambda q: q.area, reverse=True):
        condition = conditions[quantity.name]
        if all(exclude(condition, conditions[other]) for other in taken):
            taken.append(quantity.name)
        elif quantity.moves:
            overlapping.append(quantity.name)
    made = []
    for number, title in enumerate(titles):
        own = {q.name: q.bands[number] for q in found if q.measure and q.name in taken}
        shares = tuple((name, band) for name, band in own.items() if band is not None)
        if shares:
            made.append(Stack(f"probability of phenotypes, {title}", shares, number))
    return made, overlapping


def place(
    answers: Sequence[Courses], charts: Sequence[Chart], room: float = 0.0
) -> list[tuple[Chart, Axes]]:
    """Return the charts with their axes, below the room of the legend.

    Parameters
    ----------
    answers
        Determine the end of the time axis.
    charts
        What is drawn.
    room
        Width that they share; default two columns of `WIDTH`.
    """
    edges = _LEFT + _RIGHT
    columns, each = min(COLUMNS, max(len(charts), 1)), WIDTH + edges
    if room:
        columns = max(1, int((room - _MARGIN) // each))
        each = (room - _MARGIN) / columns
    last = max(answer.times[-1] for answer in answers)
    return [
        (
            chart,
            Axes(
                _MARGIN + number % columns * each + _LEFT,
                _TITLE + number // columns * (_TITLE + HEIGHT + _BELOW),
                each - edges,
                HEIGHT,
                last,
                chart.top,
            ),
        )
        for number, chart in enumerate(charts)
    ]


def courses_drawing(
    answers: Sequence[Courses],
    placed: Sequence[tuple[Chart, Axes]],
    titles: Sequence[str] = (),
) -> Drawing:
    """Return the charts below their legend.

    Parameters
    ----------
    answers
        The answers, at most as many as there are `LINES`.
    placed
        What is drawn and where, from `place`.
    titles
        What each answer is called; default the titles of their origins.

    Returns
    -------
    Drawing
        Its spots are the numbers of the charts.
    """
    titles = titles or [answer.origin.title for answer in answers]
    width = max((axes.x + axes.width for _, axes in placed), default=WIDTH) + _RIGHT
    head, high = legend(_keys(answers, titles, [c for c, _ in placed]), _MARGIN, 0,
                        width - 2 * _MARGIN)  # fmt: skip
    marks: list[Mark] = []
    spots: dict[Hashable, Box] = {}
    for number, (chart, axes) in enumerate(placed):
        axes = axes.moved(high)
        marks += _frame(answers, chart, axes)
        if isinstance(chart, Stack):
            marks += _stacked(answers, chart, axes)
        else:
            marks += _lines(answers, chart, axes)
        spots[number] = (axes.x - 8, axes.y - _TITLE, axes.width + 16, HEIGHT + _TITLE + _BELOW)
    bottom = max((y + height for _, y, _, height in spots.values()), default=high + _MARGIN)
    title = f"time courses of {answers[0].origin.network}"
    return Drawing(width, bottom, tuple(marks), title, tuple(head), kept=(0, high), spots=spots)


def exclude(first: Expr, second: Expr) -> bool:
    """Return whether two conditions can never hold together; False where that takes too long.

    >>> from regnet.logic import parse
    >>> exclude(parse("A & B"), parse("!A")), exclude(parse("A"), parse("B"))
    (True, False)
    """
    tops: dict[str, int] = {}
    for variable in (*variables(first), *variables(second)):
        tops[variable.name] = max(variable.level, tops.get(variable.name, 0))
    if math.prod(top + 1 for top in tops.values()) > _MAX_TRIED:
        return False
    states = product(*(range(top + 1) for top in tops.values()))
    tried = (dict(zip(tops, levels, strict=True)) for levels in states)
    return not any(evaluate(first, state) and evaluate(second, state) for state in tried)


def time_axis(answers: Sequence[Courses]) -> str:
    """Return the title of the axis of time, with its unit."""
    return f"time ({' or '.join(dict.fromkeys(time_words(a.unit) for a in answers))})"


def _frame(answers: Sequence[Courses], chart: Chart, axes: Axes) -> list[Mark]:
    title = elided(chart.title, 12, axes.width, bold=True)
    marks: list[Mark] = [Text(axes.x, axes.y - 14, title, size=12, anchor="start", bold=True)]
    marks += axes.grid(range(chart.top + 1))
    marks += axes.ticks((time, f"{time:g}") for time in round_ticks(axes.last))
    marks.append(Text(axes.x + axes.width / 2, axes.bottom + 27, time_axis(answers), "muted", 10))
    moments = {change.time for answer in answers for change in answer.schedule}
    for at in map(axes.across, sorted(moments)):
        marks.append(Line(((at, axes.y), (at, axes.bottom)), "muted", 1, (1, 3)))
    return marks


def _lines(answers: Sequence[Courses], chart: Quantity, axes: Axes) -> list[Mark]:
    marks: list[Mark] = []
    ends: list[tuple[float, int]] = []
    for number, (answer, band) in enumerate(zip(answers, chart.bands, strict=True)):
        if band is not None:
            role, dashes = LINES[number]
            marks += axes.curve(answer.times, band.values, band.low, band.high, role, dashes)
            ends.append((axes.down(band.values[-1]), number))
    if len(answers) > 1:
        y = axes.bottom + 7
        for wanted, number in sorted(ends, reverse=True):  # numbers keep apart where lines meet
            y = min(wanted, y - 11)
            right = axes.x + axes.width + 4
            marks.append(Text(right, y, str(number + 1), LINES[number][0], 10, "start", bold=True))
    return marks


def _stacked(answers: Sequence[Courses], chart: Stack, axes: Axes) -> list[Mark]:
    times = answers[chart.answer].times
    names = _phenotypes(answers)
    marks: list[Mark] = []
    below = [0.0] * len(times)
    for name, band in chart.shares:
        above = [a + b for a, b in zip(below, band.values, strict=True)]
        upper = axes.points(times, above)
        marks += _filled((*axes.points(times, below), *upper[::-1]), names.index(name))
        marks.append(Line(upper, "paper"))
        below = above
    return marks


def _filled(points: tuple[Point, ...], number: int) -> list[Mark]:
    role = _FILL_ROLES[number % len(_FILL_ROLES)]
    marks: list[Mark] = [Area(points, role, 0.22)]
    for angle in FILLS[number % len(FILLS)]:
        marks += hatching(points, role, angle=angle)
    return marks


def _phenotypes(answers: Sequence[Courses]) -> list[str]:
    return list(dict.fromkeys(share.name for answer in answers for share in answer.shares))


def _keys(
    answers: Sequence[Courses], titles: Sequence[str], charts: Sequence[Chart]
) -> list[Key]:  # fmt: skip
    keys = []
    paces = list(dict.fromkeys(answer.rates_words for answer in answers))
    stacked = [chart for chart in charts if isinstance(chart, Stack)]
    if len(stacked) < len(charts) or not charts:
        for number, (answer, title) in enumerate(zip(answers, titles, strict=True)):
            role, dashes = LINES[number]
            sure = f"{answer.trajectories:,} runs, 95 % band" if answer.trajectories else "exact"
            order = f"{number + 1}  " if len(answers) > 1 else ""
            line = Line(((0, 0), (26, 0)), role, LINE_WEIGHT, dashes)
            pace = f"; {answer.rates_words}" if len(paces) > 1 else ""
            keys.append(Key(f"{order}{title} ({sure}{pace})", (line,), 26))
    if len(paces) == 1:
        keys.append(Key(elided(paces[0], 11, 600), (), 0))
    drawn = {name for chart in stacked for name, _ in chart.shares}
    for number, name in enumerate(_phenotypes(answers)):
        if name in drawn:
            box = ((0.0, -7.0), (22.0, -7.0), (22.0, 7.0), (0.0, 7.0))
            keys.append(Key(name, tuple(_filled(box, number))))
    changes = {change for answer in answers for change in answer.schedule}
    ordered = sorted(changes, key=lambda change: (change.time, str(change)))
    dotted = Line(((3, -7), (3, 7)), "muted", 1, (1, 3))
    keys += [
        Key(elided(str(change), 11, 600), (dotted,), 6) for change in ordered[:_MAX_CHANGES]
    ]  # fmt: skip
    if more := ordered[_MAX_CHANGES:]:
        keys.append(Key(f"and {len(more)} later", (dotted,), 6))
    return keys
