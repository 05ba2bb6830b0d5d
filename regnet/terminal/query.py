"""Answers to queries in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regnet.analysis.query import Answer
from regnet.terminal.layout import counted, footer, heading, print_matrix, written

if TYPE_CHECKING:
    from rich.console import Console


def show_answer(out: Console, found: Answer) -> None:
    """Print the answer to a query: whether it holds, how that is known, and a run that shows it."""
    word = {True: "holds", False: "does not hold", None: "is not decided"}[found.holds]
    heading(out, found.origin, f"{found.formula} {word}")
    out.print(f" {found.argument[:1].upper()}{found.argument[1:]}.")
    if found.states is not None and found.of is not None and found.of > 1:
        out.print(f" It holds in {found.states:,} of {found.of:,} states.")
    if found.fair:
        out.print(" Every fair run meets it: only one that puts a possible move off for ever does "
                  "not.")  # fmt: skip
    elif found.fair is False:
        out.print(" Nor is every fair run sure to meet it.")
    out.print()
    if found.path:
        out.print(f" {_led(found)}")
        out.print()
        columns = [{n: written(r) for n, r in state.items()} for state in found.path]
        print_matrix(out, found.origin, "S", columns)
    footer(out, found.origin, missing="" if found.complete else found.argument)


def _led(found: Answer) -> str:
    """Say what the states are that follow."""
    assert found.path is not None
    steps = len(found.path) - 1
    first = "S1 is the start" if found.of == 1 else "S1 is one of the states asked about"
    if found.loop == steps:
        rest = "it stays" if found.formula.op != "" else "the start"
        return f"A run of {counted(steps, 'step')}; {first}, and in S{steps + 1} {rest} for ever."
    if found.loop is not None:
        return (
            f"A run of {counted(steps, 'step')}; {first}, and S{steps + 1} leads back to "
            f"S{found.loop + 1}."
        )
    return f"A run of {counted(steps, 'step')}; {first}." if steps else "The start:"
