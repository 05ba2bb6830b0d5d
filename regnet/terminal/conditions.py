"""Several scenarios and variants in time, in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regnet.analysis.conditions import Conditions
from regnet.analysis.simulate import BANDS
from regnet.analysis.simulate.clock import first_words
from regnet.logic import describe
from regnet.rates import time_words
from regnet.records.conditions import ends_words
from regnet.terminal.layout import footer, heading, table_of
from regnet.terminal.simulate import CHARTS, spark

if TYPE_CHECKING:
    from rich.console import Console


def show_conditions(out: Console, found: Conditions) -> None:
    """Print first times by condition, and the courses of few readouts."""
    heading(out, found.origin, f"side by side in time, in {time_words(found.unit)}")
    firsts = [f"{describe(condition)} first" for condition in found.first]
    is_mixed = len({one.rates for one in found.conditions}) > 1
    table = table_of("condition", *firsts, "ends as", *(["rates"] if is_mixed else []))
    for one in found.conditions:
        times = [first_words(first) for first in one.firsts]
        table.add_row(one.title, *times, ends_words(one), *([one.rates] if is_mixed else []))
    out.print(table)
    out.print()
    if found.first:
        out.print(f" Mean first times, with {found.rates}.")
        out.print()
    courses = [one.courses for one in found.conditions]
    names = [course.name for course in courses[0].readouts] if courses else []
    for name in names if len(names) <= CHARTS else ():
        lines = table_of(f"{name}, mean level", f"0 to {courses[0].times[-1]:g}", "at the end")
        for one in found.conditions:
            course = one.courses[name]
            wide = max(10, min(40, out.width - 40))
            text = spark(course.mean, len(course.levels) - 1, wide)
            lines.add_row(one.title, text, f"{course.mean.values[-1]:.3f}")
        out.print(lines)
        out.print()
    footer(out, found.origin, missing=found.missing)
    if any(course.trajectories for course in courses):
        out.print(BANDS, style="dim")
