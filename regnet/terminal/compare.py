"""Comparisons of two scenarios in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regnet.analysis.compare import Comparison, Pair
from regnet.analysis.compare.comparison_text import changes, phenotypes_of
from regnet.terminal.layout import MAX_ROWS, counted, cut_short, footer, heading, rest, table_of

if TYPE_CHECKING:
    from rich.console import Console


def show_comparison(out: Console, found: Comparison) -> None:
    """Print what the second scenario changes: a sentence, and a row for each pair."""
    before, after = (a.origin.title for a in (found.before, found.after))
    heading(out, found.origin, f"{before} → {after}, {counted(len(found.pairs), 'pair')}")
    out.print(found.sentence)
    out.print()
    if found.pairs:
        table = table_of("fate", "before", "after", "phenotypes", "inputs", "changes")
        for pair in found.pairs[:MAX_ROWS]:
            table.add_row(
                pair.kind,
                "" if pair.before is None else f"A{pair.before + 1}",
                "" if pair.after is None else f"A{pair.after + 1}",
                ", ".join(phenotypes_of(found, pair)),
                _conditions(pair),
                ", ".join(cut_short(changes(pair), most=6)),
            )
        out.print(table)
        rest(out, len(found.pairs), "pairs")
        out.print()
    footer(out, found.origin, missing=found.missing)


def _conditions(pair: Pair) -> str:
    boxes = [str(box) for box in pair.conditions if box]
    if len(boxes) > 2:
        return counted(pair.valuations, "input combination")
    return " or ".join(boxes)
