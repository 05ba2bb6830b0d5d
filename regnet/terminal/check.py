"""Verdicts of experiments, and what they notice, in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regnet.analysis.batch import heading_words
from regnet.analysis.check import Confrontation, Verdict
from regnet.analysis.robustness import Robustness
from regnet.analysis.sensitivity import Sensitivity
from regnet.records import describe_witness
from regnet.records.check import (
    PROOFS,
    experiments_in_words,
    proved_words,
    robust_by_kind,
    share_words,
)

if TYPE_CHECKING:
    from rich.console import Console


from regnet.terminal.layout import counted, footer, paragraph, table_of

_VERDICTS = {True: ("holds", "green"), False: ("fails", "bold red"), None: ("open", "yellow")}
_STYLES = {
    "holds": "green",
    "fails": "bold red",
    "open": "yellow",
    "disagrees": "magenta",
    "holds now": "bold red",
}


def show_confrontation(out: Console, result: Confrontation, *, details: bool = False) -> None:
    """Print a line for each experiment, with the expectations of unexpected ones.

    With `details`, print those of all experiments.
    """
    words = experiments_in_words(result.verdicts)
    open_ = sum(verdict.holds is None for verdict in result.verdicts)
    words += f", {open_} {'is' if open_ == 1 else 'are'} not decided" if open_ else ""
    words += heading_words(result.missing)
    out.print(f"{result.origin.network}: {words}", style="bold")
    out.print()
    verdicts = result.verdicts
    widths = [
        max((len(text) for text in texts), default=1)
        for texts in (
            [v.outcome for v in verdicts],
            [v.experiment.id for v in verdicts],
            [v.experiment.kind for v in verdicts],
        )
    ]
    for verdict in verdicts:
        _verdict(out, verdict, widths, details=details or verdict.as_expected is not True)
    out.print()
    footer(out, result.origin, missing=result.missing)


def _verdict(out: Console, verdict: Verdict, widths: list[int], *, details: bool) -> None:
    from rich.padding import Padding
    from rich.text import Text

    experiment = verdict.experiment
    outcome = Text(verdict.outcome, style=_STYLES[verdict.outcome])
    title = experiment.title
    if experiment.holds_in:
        title += f" (holds in {', '.join(experiment.holds_in)})"
    widest, named, kinds = widths
    table = table_of(header=False)
    for width in (widest, named, *([kinds] if kinds else []), None):
        table.add_column(width=width, overflow="fold")
    table.add_row(outcome, experiment.id, *([experiment.kind] if kinds else []), title)
    out.print(table)
    if not details:
        return
    table = table_of(header=False)
    table.add_column(width=len("holds"))
    table.add_column(overflow="fold")
    for finding in verdict.findings:
        word, style = _VERDICTS[finding.holds]
        lines = [finding.argument]
        if finding.attractor is not None or (finding.path and len(finding.path) > 1):
            shown = describe_witness(finding.path, finding.attractor)
            lines.append(f"{'path' if finding.path else 'attractor'}: {shown}")
        told = Text.assemble(str(finding.expectation), ("\n" + "\n".join(lines), "dim"))
        table.add_row(Text(word, style=style), told)
    out.print(Padding(table, (0, 0, 0, widest + named + 4)))


def show_sensitivity(out: Console, result: Sensitivity) -> None:
    """Print which experiments notice each mutation, and what no experiment protects."""
    noticed = sum(bool(row.noticed) for row in result.rows)
    total = counted(len(result.rows), "mutation")
    what = f"experiments notice {noticed} of {total}{heading_words(result.missing)}"
    out.print(f"{result.origin.network}: {what}", style="bold")
    out.print()
    for kind, title in (("edge", "edge cut"), ("threshold", "threshold"), ("gate", "gate")):
        rows = [row for row in result.rows if row.mutation.kind == kind]
        if not rows:
            continue
        table = table_of("in the rule of", title, "noticed by")
        for row in rows:
            by = f"{len(row.noticed)}: {' '.join(row.noticed[:4])}" if row.noticed else "none"
            more = " .." if len(row.noticed) > 4 else ""
            open_ = f" ({len(row.undecided)} open)" if row.undecided else ""
            change = row.mutation.change.removesuffix(" cut")
            table.add_row(row.mutation.component, change, f"{by}{more}{open_}")
        out.print(table)
        out.print()
    alone = [row for row in result.unprotected if row.mutation.kind == "edge"]
    words = [row.mutation.change.removesuffix(" cut") for row in alone]
    so_far = "" if result.complete else " so far"
    paragraph(out, f"Edges that no experiment protects{so_far}", words or ["none"])
    counts = dict.fromkeys(result.experiments, 0)
    for row in result.rows:
        for identifier in row.noticed:
            counts[identifier] += 1
    idle = [identifier for identifier, count in counts.items() if not count]
    paragraph(out, f"Experiments that notice nothing{so_far}", idle)
    footer(out, result.origin, missing=result.missing)


def show_robustness(out: Console, result: Robustness) -> None:
    """Print for which share of random rates each expectation about time holds."""
    many = f"{result.sets:,} sets of random rates"
    name = result.origin.network
    out.print(f"{name}: what is expected of time, under {many}", style="bold")
    out.print(f" Each rate from 1/{result.factor:g} to {result.factor:g} times that of", end=" ")
    out.print(f"{result.rates}, log-uniformly; the same in scenarios that are compared.")
    out.print()
    for words, rows in robust_by_kind(result.rows):
        out.print(f"{words[:1].upper()}{words[1:]} hold under every set drawn")
        table = table_of("", "expected", "holds for", "proved")
        for row in rows:
            told = row.missing or share_words(row) + (", by random runs" if row.sampled else "")
            table.add_row(row.experiment, str(row.expectation), told, proved_words(row))
        out.print(table)
        out.print()
    out.print(
        " Bands: exact binomial, 95 %, of the share among all such rates. A share of all is no "
        f"proof. {PROOFS}",
        style="dim",
    )
    footer(out, result.origin, missing=result.missing)
