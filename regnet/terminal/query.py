"""Answers to queries in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regnet.analysis.reachability import QUANTIFIERS, Query, Reachability
from regnet.logic import describe

if TYPE_CHECKING:
    from rich.console import Console


from regnet.terminal.layout import counted, footer, heading, print_matrix, written


def show_reachability(out: Console, query: Query, found: Reachability) -> None:
    """Print the answer to a query: whether it holds, how that is known, and the path."""
    word = {True: "holds", False: "does not hold", None: "is not decided"}[query.holds(found)]
    heading(out, found.origin, f"{query} {word}")
    out.print(f" {describe(query.sought)} {_reached(found)}.")
    out.print()
    if found.path:
        steps = len(found.path) - 1
        words = f"A path of {counted(steps, 'step')}; S1 is the start." if steps else "The start:"
        out.print(f" {words}")
        out.print()
        columns = [{n: written(r) for n, r in state.items()} for state in found.path]
        print_matrix(out, found.origin, "S", columns)
    missing = "" if found.complete else found.argument
    footer(out, found.origin, missing=missing)


def _reached(found: Reachability) -> str:
    words = {True: QUANTIFIERS["EF"], False: QUANTIFIERS["NEF"], None: "is open"}
    return f"{words[found.holds]}: {found.argument}"
