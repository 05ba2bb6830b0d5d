"""Explanations in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from regnet.analysis.attractors import Attractor
from regnet.analysis.explain import Explanation
from regnet.analysis.explain.words import (
    condition_words,
    headline,
    link_words,
    literal,
    loop_words,
    phase_words,
)
from regnet.network import LogicalNetwork
from regnet.terminal.layout import (
    MOST,
    footer,
    heading,
    paragraph,
    rest,
    table_of,
    written,
)

if TYPE_CHECKING:
    from rich.console import Console


def show_explanations(
    out: Console,
    answers: Sequence[Explanation],
    attractors: Sequence[tuple[int, Attractor]],
    network: LogicalNetwork,
) -> None:
    """Print why a component is as it is in some attractors, each with its number."""
    name = answers[0].component
    heading(out, answers[0].origin, f"why {name} is as it is")
    for answer, (number, attractor) in zip(answers, attractors, strict=True):
        traits = "; ".join((attractor.kind, *attractor.phenotypes))
        out.print(f"A{number} ({traits})", style="bold")
        out.print()
        _explanation(out, answer, network)
    missing = "; ".join(dict.fromkeys(answer.missing for answer in answers if answer.missing))
    footer(out, answers[0].origin, missing=missing)


def _explanation(out: Console, answer: Explanation, network: LogicalNetwork) -> None:
    from rich.padding import Padding

    out.print(Padding(headline(answer, network), (0, 0, 1, 1)))
    _chain(out, answer, network)
    _phases(out, answer, network)
    for loop in answer.loops:
        out.print(f" {loop_words(loop, answer)}: nothing that is given settles it.")
        out.print()
    at_top = [
        f"{link.name}={answer.at[link.name][0]}"
        for link in answer.links
        if link.in_vain
        and link.kind == "rule"
        and answer.at[link.name][0] == network.tops[link.name]
    ]
    paragraph(out, "At their highest level, in vain", at_top)
    changes = [
        f"{condition_words(change.levels, network)} (to {written(change.target)})"
        for change in answer.changes
    ]
    title = f"{answer.component} would move at once with"
    paragraph(out, title, [f"{text};" for text in changes[:-1]] + changes[-1:])
    _interventions(out, answer)


def _chain(out: Console, answer: Explanation, network: LogicalNetwork) -> None:
    links = [link for link in answer.links[1:] if not link.in_vain]
    if not links:
        return
    table = table_of("because", "for")
    for link in links[:MOST]:
        told = link_words(link, network)
        table.add_row(literal(link.name, link.levels, network[link.name].top), told)
    out.print(table)
    rest(out, len(links), "links")
    out.print()


def _phases(out: Console, answer: Explanation, network: LogicalNetwork) -> None:
    if not answer.phases:
        return
    total = sum(phase.states for phase in answer.phases)
    table = table_of(answer.component, "states", "when")
    for phase in answer.phases:
        when = " or ".join(condition_words(reason, network) for reason, _ in phase.reasons[:4])
        more = len(phase.reasons) - 4
        when += f" or for {more} more reasons" if more > 0 else ""
        table.add_row(phase_words(phase), f"{phase.states:,} of {total:,}", when)
    out.print(table)
    out.print()


def _interventions(out: Console, answer: Explanation) -> None:
    if not answer.size:
        return
    shown = answer.interventions
    away = "settle" if answer.levels[0] != answer.levels[1] else f"leave {answer.levels[0]}"
    what = "one other component" if answer.size == 1 else f"up to {answer.size} other components"
    if not shown:
        words = f"Holding {what} would not make {answer.component} {away} for good"
        out.print(f" {words}{'' if answer.complete else ', as far as was looked'}.")
        out.print()
        return
    out.print(f" {answer.component} would {away} for good with:")
    out.print()
    table = table_of("held instead", answer.component, "attractors", "outcome")
    for intervention in shown[:MOST]:
        table.add_row(
            str(intervention),
            written(intervention.levels),
            f"{intervention.attractors:,}",
            "; ".join(intervention.phenotypes),
        )
    out.print(table)
    rest(out, len(shown), "interventions")
    out.print()
