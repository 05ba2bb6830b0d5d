"""Attractors, fixed points and trap spaces in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from regnet.analysis.attractors import Attractor, Attractors
from regnet.analysis.trap_spaces import Spaces
from regnet.space import Space

if TYPE_CHECKING:
    from rich.console import Console


from regnet.terminal.layout import (
    MOST,
    counted,
    cut_short,
    footer,
    heading,
    numbered,
    print_matrix,
    rest,
    table_of,
    written,
)


def show_attractors(out: Console, answer: Attractors, tops: Mapping[str, int]) -> None:
    """Print attractors: what each is, then how they differ; `tops` are the highest levels."""
    number = len(answer.attractors)
    heading(out, answer.origin, found_words(answer))
    shown = answer.attractors[:MOST]
    _listing(out, shown, tops)
    print_matrix(out, answer.origin, "A", [_levels_of(attractor) for attractor in shown])
    if any(attractor.condition for attractor in shown):
        out.print("0/1 depends on the inputs; 0..1 changes within the attractor.", style="dim")
    rest(out, number, "attractors")
    footer(out, answer.origin, missing=answer.missing)


def _listing(out: Console, shown: Sequence[Attractor], tops: Mapping[str, int]) -> None:
    """Print one line for each attractor, under the inputs for which it exists."""
    from rich.padding import Padding

    widest = max((len(_size(attractor)) for attractor in shown), default=0)
    labels = iter(numbered("A", shown))
    for condition, group in groupby(shown, key=lambda a: (a.condition, a.valuations)):
        if condition[0]:
            out.print(f" {_when(*condition, tops)}:", style="bold")
        table = table_of(header=False)
        for width in (len(str(len(shown))) + 1, len("fixed point"), widest, None):
            table.add_column(width=width, overflow="fold")
        for attractor in group:
            phenotypes = "; ".join(attractor.phenotypes)
            table.add_row(next(labels), attractor.kind, _size(attractor), phenotypes)
        out.print(Padding(table, (0, 0, 0, 2 if condition[0] else 0)))
    if shown:
        out.print()


def _when(condition: Space, valuations: int, tops: Mapping[str, int]) -> str:
    bound = Space({name: r for name, r in condition.items() if r != (0, tops[name])})
    listed = " ".join(cut_short(str(bound).split(), most=10))
    words = f"when {listed}" if bound else "whatever the inputs are"
    return words if valuations == 1 else f"{words} (each of {valuations:,} input combinations)"


def show_spaces(out: Console, answer: Spaces) -> None:
    """Print fixed points or trap spaces: how they differ."""
    kind = answer.kind.removesuffix("s")
    heading(out, answer.origin, counted(len(answer.spaces), kind))
    letter = "F" if kind == "fixed point" else "T"
    names = answer.origin.components
    shown = [
        {name: written(space[name]) if name in space else "*" for name in names}
        for space in answer.spaces[:MOST]
    ]
    print_matrix(out, answer.origin, letter, shown)
    if any("*" in levels.values() for levels in shown):
        out.print("* is free to take any of its levels.", style="dim")
    rest(out, len(answer.spaces), answer.kind)
    footer(out, answer.origin, missing=answer.missing)


def found_words(answer: Attractors) -> str:
    """Return how many attractors there are."""
    number = len(answer.attractors)
    text = counted(number, "attractor")
    if answer.count != number:
        text += f" ({answer.count:,} with each input combination counted)"
    return text


def _levels_of(attractor: Attractor) -> dict[str, str]:
    levels = {}
    for name, (low, high) in attractor.space.items():
        # What the inputs settle is one level in each case: 0/1, not 0..1.
        by_inputs = name in attractor.follows or name in attractor.condition
        levels[name] = written(attractor.condition.get(name, (low, high)))
        if by_inputs:
            levels[name] = levels[name].replace("..", "/")
    return levels


def _size(attractor: Attractor) -> str:
    return "size unknown" if attractor.size is None else counted(attractor.size, "state")
