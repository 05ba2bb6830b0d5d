"""Responses to pulses of a dose, in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regnet.analysis.batch import heading_words
from regnet.analysis.dose.dose_text import (
    about,
    amount,
    differs_late,
    given,
    late_title,
    pulse_verdict,
)
from regnet.analysis.dose.pulses import PulseResponse
from regnet.analysis.simulate import counted_words
from regnet.terminal.layout import footer, heading, paragraph, table_of

if TYPE_CHECKING:
    from rich.console import Console

_NEVER = 0.0005  # phenotypes that are less likely at every amount are only named


def show_pulse_response(out: Console, answer: PulseResponse) -> None:
    """Print how readouts follow the time for which a dose is given."""
    heading(out, answer.origin, given(answer) + heading_words(answer.missing))
    paragraph(out, "Of the model", ["; ".join(answer.basis)] if answer.basis else [])
    if not answer.rates.is_uniform:
        paragraph(out, "Rates", [str(answer.rates)])
    if answer.settle:
        paragraph(out, "Before time 0", [f"it runs for {answer.settle:g}"])
    paragraph(out, "Changes besides", [str(change) for change in answer.schedule])
    first = "given for" if answer.by == "duration" else "share of time"
    table = table_of(first, *(amount(a, answer.by) for a in answer.amounts))
    never = []
    for curve in answer.curves:
        if not curve.top and all(value.value < _NEVER for value in curve.values):
            never.append(curve.readout)
            continue
        is_plain = not curve.top and curve.counts == "holds"
        name = curve.readout if is_plain else f"{curve.readout}, {curve.measure}"
        table.add_row(name, *map(about, curve.values))
        if differs_late(curve):
            table.add_row(f"  {late_title(answer)}", *map(about, curve.late))
    out.print(table)
    out.print()
    for curve in answer.curves:
        if curve.readout not in never:
            out.print(f" {curve.readout}", style="bold", end="")
            out.print(f" {pulse_verdict(curve, answer.by)}")
    if any(curve.turns for curve in answer.curves):
        out.print(" The two amounts bracket the half-maximal change.", style="dim")
    out.print()
    paragraph(out, "Never seen", never)
    for sentence in counted_words([curve.counts for curve in answer.curves], answer.undecided):
        out.print(f" {sentence}", style="dim")
    footer(out, answer.origin, missing=answer.missing)
