"""What comes of a dose that is given for so long, in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regnet.analysis.courses.estimate import Estimate
from regnet.analysis.dose.duration import DurationCurve, DurationResponse
from regnet.network import LogicalNetwork
from regnet.terminal.layout import footer, heading, paragraph, table_of

if TYPE_CHECKING:
    from rich.console import Console


def show_duration_response(out: Console, answer: DurationResponse, network: LogicalNetwork) -> None:
    """Print how readouts at the end follow the time for which a dose is held."""
    what = f"{answer.dose}={answer.level} for so long from time 0, read at {answer.until:g}"
    heading(out, answer.origin, what)
    if answer.courses and not answer.courses[0].rates.is_uniform:
        paragraph(out, "Rates", [str(answer.courses[0].rates)])
    table = table_of("held for", *(f"{d:g}" for d in answer.durations), "verdict")
    for curve in answer.curves:
        component = curve.readout in network
        if not component and all(value.high < 0.0005 for value in curve.values):
            continue
        name = f"{curve.readout}, mean" if component else curve.readout
        table.add_row(name, *map(_written, curve.values), _verdict(curve, answer.durations))
    out.print(table)
    out.print()
    footer(out, answer.origin, missing=answer.missing)


def _written(value: Estimate) -> str:
    if value.high - value.low < 0.001:
        return f"{value.value:.2f}"
    return f"{value.value:.2f} ±{max(value.high - value.value, value.value - value.low):.2f}"


def _verdict(curve: DurationCurve, durations: tuple[float, ...]) -> str:
    if curve.best is None:
        return "hardly changes" if curve.shape == "none" else curve.shape
    first, last = (durations[place] for place in curve.best)
    if curve.shape in ("window", "dip"):
        return (
            f"{curve.shape} at {first:g}"
            if first == last
            else (f"{curve.shape} from {first:g} to {last:g}")
        )
    return f"falls after {last:g}" if curve.best[0] == 0 else f"rises up to {first:g}"
