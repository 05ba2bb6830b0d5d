"""Attractors, fixed points and trap spaces in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from regnet.analysis import found_words
from regnet.analysis.attractors import Attractor, Attractors
from regnet.analysis.trap_spaces import Spaces
from regnet.space import Space

if TYPE_CHECKING:
    from rich.console import Console


from regnet.terminal.layout import (
    MAX_ROWS,
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

MOST_INPUTS = 10
"""Inputs of a condition that are listed."""


def show_attractors(out: Console, answer: Attractors, tops: Mapping[str, int]) -> None:
    """Print attractors: what each is, then how they differ; `tops` are the highest levels."""
    number = len(answer.attractors)
    heading(out, answer.origin, attractor_words(answer))
    shown = answer.attractors[:MAX_ROWS]
    _listing(out, shown, tops)
    print_matrix(out, answer.origin, "A", [_levels_of(attractor) for attractor in shown])
    if any(attractor.condition for attractor in shown):
        out.print("0/1 depends on the inputs; 0..1 changes within the attractor.", style="dim")
    rest(out, number, "attractors")
    if not answer.complete and any(attractor.condition for attractor in shown):
        advice = "Free inputs multiply the attractors: --clamp X=1 or a scenario holds them."
        out.print(advice, style="dim")
    footer(out, answer.origin, missing=answer.missing)


def _listing(out: Console, shown: Sequence[Attractor], tops: Mapping[str, int]) -> None:
    """Print one line for each attractor, under the inputs for which it exists."""
    from rich.padding import Padding

    widest = max((len(_size(attractor)) for attractor in shown), default=0)
    labels = iter(numbered("A", shown))
    shared = _shared(shown, tops)
    if shared:
        out.print(f" All that are listed exist with {' '.join(shared)}")
    for condition, group in groupby(shown, key=lambda a: (a.condition, a.valuations)):
        if condition[0]:
            out.print(f" {_when(*condition, tops, shared)}:", style="bold")
        table = table_of(header=False)
        for width in (len(str(len(shown))) + 1, len("fixed point"), widest, None):
            table.add_column(width=width, overflow="fold")
        for attractor in group:
            phenotypes = "; ".join(attractor.phenotypes)
            table.add_row(next(labels), attractor.kind, _size(attractor), phenotypes)
        out.print(Padding(table, (0, 0, 0, 2 if condition[0] else 0)))
    if shown:
        out.print()


def _shared(shown: Sequence[Attractor], tops: Mapping[str, int]) -> tuple[str, ...]:
    """Return the common part of long conditions that would look equal when shortened."""
    conditions = [_bound(attractor.condition, tops) for attractor in shown]
    longest = max(conditions, key=len, default=())
    if len(longest) <= MOST_INPUTS or len(set(conditions)) == 1:
        return ()
    return tuple(words for words in longest if all(words in other for other in conditions))


def _bound(condition: Space, tops: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(
        str(Space({name: levels}))
        for name, levels in condition.items()
        if levels != (0, tops[name])
    )


def _when(condition: Space, valuations: int, tops: Mapping[str, int], shared: Sequence[str]) -> str:
    bound = [words for words in _bound(condition, tops) if words not in shared]
    listed = " ".join(cut_short(bound, most=MOST_INPUTS))
    words = f"when {listed}" if bound else "whatever the inputs are"
    if shared:
        words = words.replace("whatever the inputs are", "whatever the other inputs are")
    return words if valuations == 1 else f"{words} (each of {valuations:,} input combinations)"


def show_spaces(out: Console, answer: Spaces) -> None:
    """Print fixed points or trap spaces: how they differ."""
    kind = answer.kind.removesuffix("s")
    heading(out, answer.origin, found_words(len(answer.spaces), kind, answer.missing))
    letter = "F" if kind == "fixed point" else "T"
    names = answer.origin.components
    shown = [
        {name: written(space[name]) if name in space else "*" for name in names}
        for space in answer.spaces[:MAX_ROWS]
    ]
    print_matrix(out, answer.origin, letter, shown)
    if any("*" in levels.values() for levels in shown):
        out.print("* is free to take any of its levels.", style="dim")
    rest(out, len(answer.spaces), answer.kind)
    footer(out, answer.origin, missing=answer.missing)


def attractor_words(answer: Attractors) -> str:
    """Return how many attractors were found, and how many there are at least."""
    number = len(answer.attractors)
    text = found_words(number, "attractor", answer.missing)
    if answer.count != number:
        text += f" ({answer.count:,} with each input combination counted)"
    if not answer.complete and answer.total is None and answer.at_least > answer.count:
        text += f"; there {'is' if answer.at_least == 1 else 'are'} at least {answer.at_least:,}"
    return text


def _levels_of(attractor: Attractor) -> dict[str, str]:
    levels = {}
    for name, (low, high) in attractor.space.items():
        # A component determined by inputs has one level in each case: 0/1, not 0..1.
        by_inputs = name in attractor.follows or name in attractor.condition
        levels[name] = written(attractor.condition.get(name, (low, high)))
        if by_inputs:
            levels[name] = levels[name].replace("..", "/")
    return levels


def _size(attractor: Attractor) -> str:
    return "size unknown" if attractor.size is None else counted(attractor.size, "state")
