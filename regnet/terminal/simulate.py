"""Time courses in a terminal: a line for each quantity, and charts if there are few."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from regnet.analysis.simulate import BANDS, SHARES, Arrival, Course, Courses, counted_words
from regnet.analysis.simulate.estimate import Band, Estimate
from regnet.logic import describe
from regnet.space import Space
from regnet.terminal.layout import (
    MAX_ROWS,
    counted,
    footer,
    heading,
    paragraph,
    rest,
    table_of,
    written,
)

if TYPE_CHECKING:
    from rich.console import Console

CHARTS = 3
"""Maximum number of readouts drawn large; further ones get a line each."""

HEIGHT = 8
LISTED = 8  # states at the end
_BARS = "▁▂▃▄▅▆▇█"


def show_courses(out: Console, found: Courses) -> None:
    """Print time courses, with 95 % bands if estimated."""
    heading(out, found.origin, f"time courses from 0 to {found.times[-1]:g}")
    paragraph(out, "Of the model", ["; ".join(found.basis)] if found.basis else [])
    if not found.rates.is_uniform:
        paragraph(out, "Rates", [str(found.rates)])
    if found.settle:
        paragraph(out, "Before time 0", [f"it runs for {found.settle:g}"])
    paragraph(out, "Changes", [str(change) for change in found.schedule])
    few = len(found.readouts) <= CHARTS
    for course in found.readouts if few else ():
        out.print(f" {course.name}, mean level")
        for line in _chart(course.mean, len(course.levels) - 1, found.times, out.width):
            out.print(line)
        out.print()
    _show_lines(out, found)
    if found.arrivals:
        _show_arrivals(out, found)
    _show_states(out, found)
    footer(out, found.origin, missing=found.missing)
    if found.trajectories:
        effect = found.design_effect
        shared = f"; runs share clocks: up to {effect:.1f} times as many are needed"
        out.print(f"{BANDS}{shared if effect > 1 else ''}", style="dim")


def _show_lines(out: Console, found: Courses) -> None:
    """Print a line for each component that moves, and for each phenotype."""
    names = [course.name for course in found.readouts] + [share.name for share in found.shares]
    width = max(10, min(40, out.width - max(map(len, names), default=0) - 47))
    table = table_of("", f"0 {'─' * (width - 5)} {found.times[-1]:g}", "at the end", "of")
    still: dict[str, list[str]] = {}
    moving = 0
    for course in found.readouts:
        level = _level_of(course)
        if level is not None:
            still.setdefault(f"Always at {level}", []).append(course.name)
            continue
        moving += 1
        if moving > MAX_ROWS:
            continue
        top = len(course.levels) - 1
        end = course.mean[-1]
        table.add_row(course.name, spark(course.mean, top, width), _told(end), f"level 0–{top}")
    for share in found.shares:
        if max(share.band.values) > 0:
            line = spark(share.band, 1, width)
            table.add_row(share.name, line, _told(share.band[-1]), share.measure)
        else:
            never = "Never settled in" if share.counts == "settled" else "Never seen"
            still.setdefault(never, []).append(share.name)
    if table.row_count:
        out.print(table)
        rest(out, moving, "components")
        out.print()
    for where, alike in still.items():
        paragraph(out, where, alike)
    told = counted_words([share.counts for share in found.shares], found.undecided)
    for sentence in told:
        out.print(f" {sentence}", style="dim")
    if told:
        out.print()


def _level_of(course: Course) -> int | None:
    """Return the level that a component is at all the time, or None."""
    for level, band in enumerate(course.levels):
        if min(band.values) == 1:
            return level
    return None


def _show_arrivals(out: Console, found: Courses) -> None:
    table = table_of("first time", "by the end", "mean of these", *(f"{s:.0%} by" for s in SHARES))
    for arrival in found.arrivals:
        mean = "-" if arrival.mean is None else _told(arrival.mean)
        times = ("-" if t is None else f"{t:.3g}" for t, _, _ in arrival.quantiles)
        table.add_row(describe(arrival.condition), _told(arrival.arrived[-1]), mean, *times)
    out.print(table)
    out.print()
    lasting = [_ever(arrival) for arrival in found.arrivals if arrival.ever is not None]
    for line in lasting:
        out.print(f" {line}")
    if lasting:
        out.print()


def _ever(arrival: Arrival) -> str:
    """Return whether and when a condition holds if there is no end."""
    told = f"Eventually, {describe(arrival.condition)} comes with probability {arrival.ever:.4f}"
    return (
        told if arrival.mean_ever is None else f"{told}, after {arrival.mean_ever:.3f} on average"
    )


def _show_states(out: Console, found: Courses) -> None:
    """Print the most probable final states, and the outcomes of an exact answer."""
    same = Space(
        {
            name: levels
            for name, levels in (found.ends[0].space.items() if found.ends else ())
            if all(end.space[name] == levels for end in found.ends)
            and all(outcome.space[name] == levels for outcome in found.outcomes)
        }
    )
    if found.outcomes:
        table = table_of("in the long run", "", "where")
        for outcome in found.outcomes[:LISTED]:
            table.add_row(
                f"{outcome.probability:.4f}",
                "fixed point" if outcome.rests else "keeps changing",
                _differing(outcome.space, same),
            )
        out.print(table)
        rest(out, len(found.outcomes), "outcomes", most=LISTED)
        out.print()
    if len(found.ends) > 1 or not found.outcomes:
        table = table_of("at the end", "state")
        for end in found.ends[:LISTED]:
            table.add_row(_told(end.probability), _differing(end.space, same))
        out.print(table)
        shown = found.ends[:LISTED]
        others = 1 - sum(end.probability.value for end in shown)
        if others > 0.0005:
            out.print(f" {others:.4f} in other states")
        out.print()
    alike = [f"{n}={written(r)}" for n, r in same.items() if r != (0, 0)]
    if len(found.readouts) > len(same):
        paragraph(out, "The same in all these, else 0", alike)


def _differing(space: Space, same: Space) -> str:
    """Return the levels that other states do not share; those at 0 are counted."""
    if len(same) == len(space):
        same = Space()
    parts = [f"{n}={written(r)}" for n, r in space.items() if n not in same and r != (0, 0)]
    zeros = [n for n, r in space.items() if n not in same and r == (0, 0)]
    if len(zeros) <= 3:
        parts += [f"{name}=0" for name in zeros]
    else:
        parts.append(f"and {counted(len(zeros), 'component')} at 0")
    return " ".join(parts)


def _told(estimate: Estimate) -> str:
    """Return a number with its band, or alone if it is exact."""
    value, low, high = estimate.value, estimate.low, estimate.high
    if low == high:
        return f"{value:.4f}" if value < 100 else f"{value:.1f}"
    return f"{value:.3f} ({low:.3f}–{high:.3f})"


def _at(band: Sequence[float], column: int, width: int) -> float:
    """Return the value that a column of a chart shows."""
    return band[round(column * (len(band) - 1) / (width - 1))]


def spark(band: Band, top: float, width: int) -> str:
    """Return a course as bars on one line."""
    steps = len(_BARS)
    heights = (_at(band.values, x, width) / top for x in range(width))
    return "".join(_BARS[min(int(h * steps), steps - 1)] if h > 0.005 else " " for h in heights)


def _chart(band: Band, top: int, times: Sequence[float], space: int) -> list[str]:
    """Return a chart: the value as a line, its band as a shade."""
    width = max(20, min(70, space - 10))
    rows = [[" "] * width for _ in range(HEIGHT * top + 1)]

    def row(value: float) -> int:
        return min(max(round(value * HEIGHT), 0), len(rows) - 1)

    for x in range(width):
        for y in range(row(_at(band.low, x, width)), row(_at(band.high, x, width)) + 1):
            rows[y][x] = "░"
        rows[row(_at(band.values, x, width))][x] = "●"
    lines = []
    for y in reversed(range(len(rows))):
        label = f"{y // HEIGHT}" if y % HEIGHT == 0 else ""
        lines.append(f" {label:>3} {'┤' if label else '│'}{''.join(rows[y])}")
    lines.append(f"     └{'─' * width}")
    lines.append(f"      {'0':<{width // 2}}{f'{times[-1]:g}':>{width - width // 2}}")
    return lines
