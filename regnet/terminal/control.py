"""Interventions in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regnet.analysis.control import SHOWS, Interventions
from regnet.analysis.control.intervention_text import (
    change_words,
    proof_words,
    scope_words,
    size_of,
    target_words,
)
from regnet.terminal.layout import counted, footer, heading, paragraph, rest, table_of

if TYPE_CHECKING:
    from rich.console import Console

MAX_SETS = 60


def show_interventions(out: Console, found: Interventions) -> None:
    """Print the smallest sets of interventions, what else they change, and what was proved."""
    needless = bool(found.found) and not found.found[0].perturbation
    sets = counted(len(found.found), "smallest set")
    told = f"{sets} of interventions" if found.found or found.complete else "nothing found yet"
    heading(out, found.origin, "nothing has to be done" if needless else told)
    every = "attractor that is reached" if found.origin.scenario.start else "attractor"
    shows = f"every {every} shows {target_words(found)}"
    if needless:
        out.print(f" As it is, {shows}.", highlight=False)
    else:
        out.print(f" After each of these, {shows}.", highlight=False)
    out.print()
    if found.found and not needless:
        _table(out, found)
    elif not found.found:
        out.print(" None." if found.complete else " None was found yet.")
        out.print()
    if not needless:
        paragraph(out, "What was proved", [proof_words(found)])
        out.print(f" {scope_words(found)}", highlight=False)
        out.print()
    lasting = [name for name, shown in found.before.items() if shown != SHOWS[2]]
    paragraph(out, "Without any intervention", [f"{n} ({found.before[n]})" for n in lasting])
    footer(out, found.origin, missing=found.missing)


def _table(out: Console, found: Interventions) -> None:
    costly = any(one.cost != size_of(one.perturbation) for one in found.found)
    header = ["", "intervention", *(["cost"] if costly else []), "what else it changes"]
    table = table_of(*header)
    for number, one in enumerate(found.found[:MAX_SETS], start=1):
        what = str(one.perturbation) if one.perturbation else "none"
        cost = [f"{one.cost:g}"] if costly else []
        table.add_row(f"I{number}", what, *cost, "; ".join(change_words(found, one)))
    out.print(table)
    rest(out, len(found.found), "sets", most=MAX_SETS)
    out.print()
