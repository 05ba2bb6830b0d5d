"""Verdicts on the experiments that the model has to reproduce, and what they protect."""

from __future__ import annotations

from typing import Any

from regnet.analysis.check import Confrontation, Finding, Verdict
from regnet.analysis.robustness import Robustness
from regnet.analysis.sensitivity import Notice, Sensitivity
from regnet.project import Project
from regnet.records import describe_witness
from regnet.records.check import (
    PROOFS,
    experiments_in_words,
    proved_words,
    robust_by_kind,
    share_words,
)
from regnet.report.document import Block, Section, Table, Text
from regnet.report.sections.phrases import MOST_LISTED, certainty, count
from regnet.scenario import Scenario

METHODS = {
    "check": "Each experiment says what is done, where the network starts and what is expected; "
    "each expectation was decided by the cheapest argument that is a proof, or by random runs "
    "where it says so. An experiment of the kind disagreement is expected to fail.",
    "sensitivity": "Each edge, threshold, AND and OR of the rules was changed in turn, and all "
    "experiments asked again: a change is noticed where one comes out otherwise.",
    "robustness": "What is expected of time was asked again under sets of random rates, drawn "
    "log-uniformly around those of the model; the bands of shares are exact binomial ones "
    "(Clopper and Pearson 1934). What is proved for all rates follows from which states come after "
    "each other, or from two scenarios that run by the same clocks, one never behind the other.",
}
"""Question -> how it is answered, for the methods of a report."""

MOST_NAMED = 8
"""Experiments that are named where many notice a change; the data files have all."""

REPORTED_SETS = 60
"""Sets of random rates that a report draws; ``check --rates-vary`` draws more."""

_VERDICTS = {True: "holds", False: "fails", None: "open"}


def confrontation_section(result: Confrontation, project: Project) -> Section:
    """Return every experiment with its verdict, and all that is known of those that fail."""
    verdicts = result.verdicts
    words = experiments_in_words(verdicts)
    sure = certainty(result.origin, result.complete, result.missing)
    rates = dict.fromkeys(f.rates for v in verdicts for f in v.findings if f.rates)
    timed = f" What is expected of time is judged with {', '.join(rates)}." if rates else ""
    blocks: list[Block] = [Text(f"{words[:1].upper()}{words[1:]}. {sure}{timed}")]
    rows = tuple((v.outcome, v.experiment.id, _told(v), _based(v, project)) for v in verdicts)
    head = ("Verdict", "Key", "What was done, what was expected", "Based on")
    caption = "Experiments of the model, with what each expects and what that rests on."
    blocks.append(Table(head, rows, (0.9, 0.7, 4.2, 2.8), caption))
    details = tuple(
        (verdict.experiment.id, _VERDICTS[finding.holds], *_known(finding))
        for verdict in verdicts
        if verdict.outcome != "holds"
        for finding in verdict.findings
    )
    if details:
        blocks.append(Text("Experiments that fail, or are open, are listed by expectation."))
        known = ("Key", "Verdict", "Expected", "How it is known")
        caption = "Experiments that do not hold, with what shows it."
        blocks.append(Table(known, details, (0.7, 0.8, 2.8, 4), caption))
    return Section("experiments", "Experiments", tuple(blocks))


def _told(verdict: Verdict) -> str:
    lines = [verdict.experiment.title]
    lines += [_expected(finding) for finding in verdict.findings]
    return "\n".join(line for line in lines if line)


def _expected(finding: Finding) -> str:
    """Return what was expected; of time, with the numbers. Their rates stand above the table."""
    if not finding.numbers:
        return str(finding.expectation)
    return f"{finding.expectation} ({finding.argument.removesuffix(f'; {finding.rates}')})"


def _based(verdict: Verdict, project: Project) -> str:
    """Return what an experiment rests on, with the references that its source does not name."""
    experiment = verdict.experiment
    source = experiment.source
    known = {reference.key for reference in project.references}
    refs = ", ".join(k for k in experiment.refs if k in known and k not in source)
    quote = f"“{experiment.quote}”" if experiment.quote else ""
    holds_in = f"holds in {', '.join(experiment.holds_in)}" if experiment.holds_in else ""
    parts = (experiment.kind, source, quote, refs, holds_in)
    return "\n".join(part for part in parts if part)


def _known(finding: Finding) -> tuple[str, str]:
    lines = [finding.argument]
    if finding.attractor is not None or (finding.path and len(finding.path) > 1):
        lines.append(describe_witness(finding.path, finding.attractor))
    return str(finding.expectation), "\n".join(lines)


def sensitivity_section(result: Sensitivity, project: Project) -> Section:
    """Return which changes of the rules the experiments notice, and which they do not."""
    noticed = sum(bool(row.noticed) for row in result.rows)
    sure = certainty(result.origin, result.complete, result.missing)
    blocks: list[Block] = [
        Text(
            f"Each edge is cut, each threshold moved, each AND and OR swapped, one at a time: the "
            f"experiments notice {noticed} of {count(len(result.rows), 'change')}. {sure}"
        )
    ]
    rows = tuple(
        (row.mutation.component, row.mutation.change, *_noticed(row))
        for row in sorted(result.rows, key=lambda row: len(row.noticed))[:MOST_LISTED]
    )
    head = ("In the rule of", "Change", "Noticed by", "Which")
    caption = (
        "Changes of the rules, the least noticed first. “LIF:2 for LIF” has the first in place of "
        "the second; X:2 is X at 2 or above."
    )
    blocks.append(Table(head, rows, (1.2, 2.6, 0.9, 3.4), caption))
    if len(result.rows) > len(rows):
        blocks.append(Text(f"Listed are the {len(rows)} that fewest experiments notice.", "note"))
    return Section("sensitivity", "What the experiments protect", tuple(blocks))


def _noticed(row: Notice) -> tuple[str, str]:
    """Return how many experiments notice a change, and the first of them."""
    more = len(row.noticed) - MOST_NAMED
    names = ", ".join(row.noticed[:MOST_NAMED])
    open_ = f"; open in {len(row.undecided)}" if row.undecided else ""
    return (
        f"{len(row.noticed) or 'none'}{open_}",
        f"{names} and {more} more" if more > 0 else names,
    )


def robustness_section(result: Robustness, project: Project) -> Section:
    """Return for which share of random rates each expectation about time holds."""
    about = (
        f"What is expected of time, under {result.sets:,} sets of random rates: each rate from "
        f"1/{result.factor:g} to {result.factor:g} times that of {result.rates}, log-uniformly, "
        "one factor for each component, the same in scenarios that are compared. Bands are exact "
        f"binomial ones (95 %). A share of all is no proof. {PROOFS} {result.missing}"
    )
    blocks: list[Block] = [Text(about.strip())]
    head = ("Key", "Expected", "Holds for", "Proved")
    for words, found in robust_by_kind(result.rows):
        rows = tuple(
            (
                row.experiment,
                str(row.expectation),
                row.missing or share_words(row) + (", by random runs" if row.sampled else ""),
                proved_words(row),
            )
            for row in found
        )
        caption = f"Under {result.sets:,} sets of random rates: {words} hold under every set drawn."
        blocks.append(Table(head, rows, (0.7, 3.2, 2.3, 2.1), caption))
    return Section("robustness", "Under other rates", tuple(blocks))


def usual(_project: Project, _scenario: Scenario, key: str, _about: str) -> dict[str, Any]:
    """Return the options with which a report asks this: all experiments, and fewer sets."""
    return {"sets": REPORTED_SETS} if key == "rates" else {}
