"""Interventions in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regnet.analysis.control import SHOWS, Intervention, Interventions
from regnet.logic import describe
from regnet.terminal.layout import counted, footer, heading, paragraph, rest, table_of

if TYPE_CHECKING:
    from rich.console import Console

MOST = 60


def show_interventions(out: Console, found: Interventions) -> None:
    """Print the smallest sets of interventions, what else they change, and what was proved."""
    target, condition = found.target.name, describe(found.target.condition)
    what = target if target == condition else f"{target} ({condition})"
    needless = bool(found.found) and not found.found[0].perturbation
    sets = counted(len(found.found), "smallest set")
    heading(out, found.origin, "nothing has to be done" if needless else f"{sets} of interventions")
    every = "attractor that is reached" if found.origin.scenario.start else "attractor"
    out.print(f" After each of these, every {every} shows {what}.", highlight=False)
    out.print()
    if found.found:
        _table(out, found)
    else:
        out.print(" None.")
        out.print()
    paragraph(out, "What was proved", [_proved(found)])
    lasting = [name for name, shown in found.before.items() if shown != SHOWS[2]]
    paragraph(out, "Without any intervention", [f"{n} ({found.before[n]})" for n in lasting])
    footer(out, found.origin, missing=found.missing)


def _table(out: Console, found: Interventions) -> None:
    costly = any(one.cost != _size(one) for one in found.found)
    header = ["", "intervention", *(["cost"] if costly else []), "what else it changes"]
    table = table_of(*header)
    for number, one in enumerate(found.found[:MOST], start=1):
        what = str(one.perturbation) if one.perturbation else "none"
        cost = [f"{one.cost:g}"] if costly else []
        table.add_row(f"I{number}", what, *cost, "; ".join(_changes(found, one)))
    out.print(table)
    rest(out, len(found.found), "sets", most=MOST)
    out.print()


def _size(one: Intervention) -> int:
    return len(one.perturbation.clamps) + len(one.perturbation.cuts)


def _changes(found: Interventions, one: Intervention) -> list[str]:
    """Say which phenotypes come and go."""
    words = {SHOWS[0]: "always", SHOWS[1]: "sometimes", SHOWS[2]: "never"}
    return [
        f"{name}: {words[found.before[name]]} → {words[after]}"
        for name, after in one.phenotypes.items()
        if name in found.before and after != found.before[name] and name != found.target.name
    ]


def _proved(found: Interventions) -> str:
    choice = f"of {counted(found.candidates, 'single intervention')}"
    if found.proved < 0:
        return f"nothing yet, {choice}"
    if found.proved == 0:
        return f"doing nothing was judged; larger sets {choice} were not all ruled out"
    return f"no other set of up to {found.proved} {choice} works, but what contains one of these"
