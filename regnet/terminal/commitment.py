"""Commitment along runs in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regnet.analysis.commitment import Commitment
from regnet.analysis.commitment.commitment_text import (
    label,
    lead,
    marks,
    moved,
    told_steps,
    traits,
    turn_words,
)
from regnet.terminal.layout import (
    MAX_ROWS,
    footer,
    heading,
    paragraph,
    print_matrix,
    rest,
    table_of,
    written,
)

if TYPE_CHECKING:
    from rich.console import Console


def show_commitment(out: Console, found: Commitment) -> None:
    """Print the attractors that the start can reach, and what each step closes."""
    heading(out, found.origin, lead(found))
    if found.attractors:
        table = table_of(header=False)
        for column in range(2):
            table.add_column(overflow="fold", no_wrap=column == 0)
        for number, attractor in enumerate(found.attractors):
            table.add_row(label(number), traits(attractor))
        out.print(table)
        out.print()
    first = zip(found.origin.components, found.path[0], strict=True)
    paragraph(out, "The run starts with", [f"{name}={level}" for name, level in first if level])
    if len(found.attractors) > 1:
        _steps(out, found)
        columns = [{n: written(r) for n, r in a.space.items()} for a in found.attractors]
        print_matrix(out, found.origin, "A", columns)
    footer(out, found.origin, missing=found.missing)


def _steps(out: Console, found: Commitment) -> None:
    from rich.padding import Padding
    from rich.text import Text

    steps = told_steps(found)
    ends = [label(number) for number in range(len(found.attractors))]
    table = table_of("step", "moved", *ends)
    styles = {"open": "bold", "closed": "dim", "?": "yellow"}
    for step in steps[:MAX_ROWS]:
        cells = [Text(mark, style=styles[mark]) for mark in marks(found.open[step])]
        table.add_row(str(step), moved(found, step), *cells)
    out.print(table)
    rest(out, len(steps), "steps")
    out.print()
    for sentence in turn_words(found)[:MAX_ROWS]:
        out.print(Padding(sentence, (0, 0, 0, 1)))
    if found.turns:
        out.print()
