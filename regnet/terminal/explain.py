"""Explanations in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regnet.analysis import found_words
from regnet.analysis.explain import Explanation
from regnet.analysis.explain.explanation_text import (
    change_words,
    headline,
    in_vain_words,
    link_words,
    literal,
    loop_words,
    phase_words,
    remedy_words,
    when_words,
)
from regnet.analysis.explain.several import Explanations
from regnet.network import LogicalNetwork
from regnet.terminal.layout import (
    MAX_ROWS,
    footer,
    heading,
    paragraph,
    rest,
    table_of,
    written,
)

if TYPE_CHECKING:
    from rich.console import Console


def show_explanations(out: Console, found: Explanations, network: LogicalNetwork) -> None:
    """Print why a component is at its level in some attractors, each with its number."""
    open_ = "" if found.found else f": {found_words(0, 'attractor', found.missing)}"
    heading(out, found.origin, f"why {found.component} is as it is{open_}")
    for one in found.found:
        traits = "; ".join((one.attractor.kind, *one.attractor.phenotypes))
        out.print(f"A{one.number} ({traits})", style="bold")
        out.print()
        _explanation(out, one.explanation, network)
    footer(out, found.origin, missing=found.missing)


def _explanation(out: Console, answer: Explanation, network: LogicalNetwork) -> None:
    from rich.padding import Padding

    out.print(Padding(headline(answer, network), (0, 0, 1, 1)))
    _chain(out, answer, network)
    _phases(out, answer, network)
    for loop in answer.loops:
        words = f"{loop_words(loop, answer)}: not determined by inputs or clamps."
        out.print(Padding(words, (0, 0, 1, 1)))
    paragraph(
        out,
        "Opposing regulators at their highest level, overridden",
        in_vain_words(answer, network),
    )
    changes = change_words(answer, network)
    title = f"{answer.component} would move at once with"
    paragraph(out, title, [f"{text};" for text in changes[:-1]] + changes[-1:])
    _interventions(out, answer)


def _chain(out: Console, answer: Explanation, network: LogicalNetwork) -> None:
    links = [link for link in answer.links[1:] if not link.in_vain]
    if not links:
        return
    table = table_of("because", "for")
    for link in links[:MAX_ROWS]:
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
        when = when_words(phase, network)
        table.add_row(phase_words(phase), f"{phase.states:,} of {total:,}", when)
    out.print(table)
    out.print()


def _interventions(out: Console, answer: Explanation) -> None:
    if not answer.size:
        return
    shown = answer.interventions
    out.print(f" {remedy_words(answer)}")
    out.print()
    if not shown:
        return
    table = table_of("held instead", answer.component, "attractors", "outcome")
    for intervention in shown[:MAX_ROWS]:
        table.add_row(
            str(intervention),
            written(intervention.levels),
            f"{intervention.attractors:,}",
            "; ".join(intervention.phenotypes),
        )
    out.print(table)
    rest(out, len(shown), "interventions")
    out.print()
