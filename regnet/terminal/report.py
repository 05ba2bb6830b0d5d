"""Summaries of reports, in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from regnet.analysis.attractors import Attractors
from regnet.analysis.check import Confrontation
from regnet.analysis.screen import Screen
from regnet.project import Project
from regnet.records.check import experiments_in_words

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console


from regnet.terminal.attractors import attractor_words
from regnet.terminal.layout import (
    counted,
    heading,
    paragraph,
    table_of,
    written,
)
from regnet.terminal.screen import changing_words


def show_report(
    out: Console,
    project: Project,
    attractors: Attractors,
    screen: Screen,
    comparisons: Sequence[Attractors],
    experiments: Sequence[Confrontation],
    files: Sequence[Path],
) -> None:
    """Print a summary of a report, and its location."""
    heading(out, attractors.origin, attractor_words(attractors))
    paragraph(out, "Among them", _outcomes(attractors, counted=True))
    by_scenario = {answer.origin.scenario.name: answer for answer in comparisons}
    for comparison in project.comparisons:
        out.print(comparison.title, style="bold")
        table = table_of("", *(comparison.labels or comparison.readouts), "outcome")
        for name in comparison.scenarios:
            answer = by_scenario[name]
            levels = [_spanned(answer, readout) for readout in comparison.readouts]
            table.add_row(name, *levels, "; ".join(_outcomes(answer)) or "-")
        out.print(table)
        out.print()
    perturbed = [row for row in screen.rows if row.perturbation]
    changed = sum(row.changed is True for row in perturbed)
    unsure = sum(row.changed is None for row in perturbed)
    contexts = counted(len(screen.contexts), "scenario")
    out.print(f"Screen in {contexts}: {changing_words(len(perturbed), changed, unsure)}.")
    for result in experiments:
        failed = ", ".join(verdict.experiment.id for verdict in result.failed)
        out.print(
            f"Experiments: {experiments_in_words(result.verdicts)}"
            + (f"; not as expected: {failed}." if failed else ".")
        )
    answers: list[Attractors | Screen | Confrontation]
    answers = [attractors, *comparisons, screen, *experiments]
    for missing in dict.fromkeys(answer.missing for answer in answers):
        if missing:
            out.print(f"Incomplete: {missing}", style="bold")
    out.print()
    folder = files[0].parent if files else ""
    paragraph(out, f"Written to {folder}", [file.name for file in files])


def _outcomes(answer: Attractors, *, counted: bool = False) -> list[str]:
    numbers: dict[str, int] = {}
    for attractor in answer.attractors:
        for name in attractor.phenotypes:
            numbers[name] = numbers.get(name, 0) + attractor.valuations
    return [f"{name} ({number:,})" if counted else name for name, number in numbers.items()]


def _spanned(answer: Attractors, name: str) -> str:
    ranges = [attractor.space[name] for attractor in answer.attractors]
    if not ranges:
        return "-"
    return written((min(low for low, _ in ranges), max(high for _, high in ranges)))
