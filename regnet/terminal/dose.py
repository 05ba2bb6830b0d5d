"""Dose responses in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from regnet.analysis.batch import heading_words
from regnet.analysis.dose import DoseResponse
from regnet.analysis.dose.curves import Curve
from regnet.analysis.dose.dose_text import (
    feed_forward_words,
    time_causes,
    time_verdict,
    time_words,
    times_heading,
    verdict,
    window,
)
from regnet.analysis.dose.points import DosePoint
from regnet.network import LogicalNetwork
from regnet.terminal.layout import (
    coloured_level,
    footer,
    heading,
    paragraph,
    rest,
    table_of,
    written,
)

if TYPE_CHECKING:
    from rich.console import Console


MOST_READOUTS = 5
"""Maximum number of readouts shown with details; the other output formats hold all."""


def show_dose_response(out: Console, answer: DoseResponse, network: LogicalNetwork) -> None:
    """Print how readouts follow a dose, what flips where and why, and windows under knock-outs."""
    from rich.padding import Padding

    then = f", then {answer.then}" if answer.then else ""
    what = f"{answer.dose} from 0 to {network[answer.dose].top}{then}"
    open_ = [str(p.level) for p in answer.reference.points if p.missing]
    what += f", not decided at {', '.join(open_)}" if open_ else ""
    heading(out, answer.origin, what + heading_words(answer.missing))
    _responses(out, answer, network)
    scenario = answer.origin.scenario
    set_ = {**scenario.start, **scenario.perturbation.clamps, answer.dose: (0, 0)}
    free = [name for name in network.inputs if name not in set_]
    paragraph(out, "Free inputs, whose levels are all counted in", free)
    _times(out, answer, network)
    _bounds(out, answer)
    for sentence in feed_forward_words(answer):
        out.print(Padding(sentence, (0, 0, 1, 1)))
    _knock_outs(out, answer, network)
    footer(out, answer.origin, missing=answer.missing)


def _responses(out: Console, answer: DoseResponse, network: LogicalNetwork) -> None:
    component = network[answer.dose]
    points = {point.level: point for point in answer.reference.points}
    table = table_of(answer.dose, *map(str, range(component.top + 1)), "verdict")
    if component.meanings:
        table.add_row("", *component.meanings, "", style="dim")
    every = range(component.top + 1)
    numbers = [f"{points[level].attractors:,}" if level in points else "?" for level in every]
    table.add_row("attractors", *numbers, "")
    for curve in answer.reference.curves:
        if curve.readout in network:
            cells = ["?" if r is None else coloured_level(written(r)) for r in curve.ranges]
            table.add_row(curve.readout, *cells, verdict(curve))
    for curve in answer.reference.curves:
        if curve.readout not in network and any(r != (0, 0) for r in curve.ranges):
            cells = [_share(curve, points.get(level)) for level in every]
            table.add_row(curve.readout, *cells, verdict(curve))
    out.print(table)
    out.print()


def _times(out: Console, answer: DoseResponse, network: LogicalNetwork) -> None:
    """Print what was asked of time, under each perturbation."""
    from rich.padding import Padding

    if not answer.reference.times:
        return
    out.print(Padding(f"{times_heading(answer)}.", (0, 0, 0, 1)))
    table = table_of(answer.dose, *map(str, range(network[answer.dose].top + 1)), "verdict")
    for panel in (answer.reference, *answer.knock_outs):
        without = f", {panel.perturbation.label}" if panel.perturbation else ""
        for curve in panel.times:
            cells = [time_words(point) for point in curve.points]
            table.add_row(f"{curve.question.label}{without}", *cells, time_verdict(curve))
    out.print(table)
    out.print()
    points = [p for curve in answer.reference.times for p in curve.points if p is not None]
    for why in dict.fromkeys(p.missing for p in points if p.missing):
        out.print(Padding(f"?: {why}", (0, 0, 0, 1)))
    for sentence in time_causes(answer):
        out.print(Padding(sentence, (0, 0, 0, 1)))
    out.print()


def _share(curve: Curve, point: DosePoint | None) -> str:
    if point is None or point.missing:
        return "?"
    number = point.phenotypes[curve.readout]
    if number in (0, point.attractors):
        return "all" if number else "-"
    return f"{number:,} of {point.attractors:,}"


def _bounds(out: Console, answer: DoseResponse) -> None:
    if len(answer.reference.points) < len(answer.reference.curves[0].ranges):
        return
    for level in range(1, len(answer.reference.points)):
        if any(point.missing for point in answer.reference.points[level - 1 : level + 1]):
            paragraph(out, f"What changes at {answer.dose}={level}", ["not known"])
            continue
        flips = answer.flips(level)
        words = [f"{name}\u00a0{written(a)}→{written(b)}" for name, (a, b) in flips.items()]
        paragraph(out, f"What changes at {answer.dose}={level}", words or ["nothing"])
    for bound in answer.bounds:
        moves = "rises" if bound.moves > 0 else "falls"
        out.print(f" {bound.readout} {moves} at {answer.dose}={bound.level}", style="bold", end="")
        if not bound.paths:
            out.print(": no path of that sign acts there.")
        elif len(bound.paths) == 1:
            out.print(f" by {bound.paths[0]}.")
        else:
            out.print(" by")
            for path in bound.paths:
                out.print(f"   {path}")
        if not bound.complete:
            out.print("   Not all paths were compared: there may be better ones.")
    if answer.bounds:
        out.print()


def _knock_outs(out: Console, answer: DoseResponse, network: LogicalNetwork) -> None:
    """Print for each readout what perturbations change of its curve."""
    if not answer.knock_outs:
        return
    chosen = _shown(answer.reference.curves, network)
    for reference in chosen[:MOST_READOUTS]:
        has_window = reference.shape in ("window", "dip")
        doses = [f"{answer.dose}={level}" for level in range(len(reference.ranges))]
        table = table_of(reference.readout, *doses, "window" if has_window else "verdict")
        table.add_row("none", *_cells(reference), verdict(reference))
        same = []
        for panel in answer.knock_outs:
            curve = next(c for c in panel.curves if c.readout == reference.readout)
            if curve.ranges == reference.ranges:
                same.append(panel.perturbation.label.replace(" ", "\u00a0"))
            else:
                told = window(curve, reference) if has_window else verdict(curve)
                table.add_row(panel.perturbation.label, *_cells(curve), told)
        out.print(table)
        out.print()
        paragraph(out, f"{reference.readout} is the same under", same)
    rest(out, len(chosen), "readouts", most=MOST_READOUTS)


def _cells(curve: Curve) -> list[str]:
    return ["?" if levels is None else written(levels) for levels in curve.ranges]


def _shown(curves: Sequence[Curve], network: LogicalNetwork) -> list[Curve]:
    """Return the readouts that have a window, or else all that the dose changes."""
    changing = [curve for curve in curves if curve.best is not None]
    components = [curve for curve in changing if curve.readout in network]
    changing = components or changing
    return [curve for curve in changing if curve.shape in ("window", "dip")] or changing
