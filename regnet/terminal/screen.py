"""Screens in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regnet.analysis.screen import Screen, ScreenRow

if TYPE_CHECKING:
    from rich.console import Console


from regnet.terminal.layout import MOST, footer, heading, paragraph, rest, table_of, written


def show_screen(out: Console, screen: Screen) -> None:
    """Print a screen: the wild type, what changes something, and what changes nothing."""
    rows = screen.rows
    perturbed = [row for row in rows if row.perturbation]
    changed = [row for row in perturbed if row.changed]
    several = len(screen.contexts) > 1
    what = f"{len(perturbed):,} perturbations, {len(changed):,} change the outcome"
    if several:
        out.print(
            f"{screen.origin.network}, {len(screen.contexts)} scenarios: {what}", style="bold"
        )
        out.print()
    else:
        heading(out, screen.origin, what)
    for scenario in screen.contexts:
        here = [row for row in rows if row.context == scenario.name]
        if several:
            out.print(f"In {scenario.name or 'the wild type'}:", style="bold")
        names = ["phenotypes"] if screen.phenotypes else []
        table = table_of("perturbation", "attractors", *names, *screen.readouts)
        shown = [row for row in here if not row.perturbation or row.changed or _failed(row)]
        for row in shown[: 5 * MOST]:
            spans = [row.readouts.get(name) for name in screen.readouts]
            table.add_row(
                row.perturbation.label,
                row.status if row.attractors is None else f"{row.attractors:,}",
                *([_phenotypes(row)] if names else []),
                *("-" if span is None else written(span) for span in spans),
            )
        out.print(table)
        rest(out, len(shown), "rows", most=5 * MOST)
        out.print()
        same = [row.perturbation.label for row in here if row.changed is False]
        paragraph(out, "Nothing changes with", same)
        unsure = [row for row in here if row.perturbation and row.changed is None]
        unsure_labels = [row.perturbation.label for row in unsure if not _failed(row)]
        paragraph(out, "Not certain", unsure_labels)
    footer(out, screen.origin, missing=screen.missing)


def _failed(row: ScreenRow) -> bool:
    return row.attractors is None


def _phenotypes(row: ScreenRow) -> str:
    words = [
        name if number == row.attractors else f"{name} ({number:,})"
        for name, number in row.phenotypes.items()
    ]
    return "; ".join(words) or "-"
