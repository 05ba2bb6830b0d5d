"""Other answers to open questions, and which experiments tell them apart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from regnet.analysis.variants import VariantChecks
from regnet.project import Project
from regnet.records.variants import name_of, variant_checks_summary
from regnet.report.document import Block, Section, Table, Text
from regnet.report.sections.phrases import certainty
from regnet.scenario import Scenario

METHODS = {
    "variants": "A variant gives some components other rules; each was asked all experiments.",
}
"""Question -> how it is answered, for the methods of a report."""


def variant_checks_section(found: VariantChecks, _project: Project) -> Section:
    """Return a row for each variant, with the experiments that do not come out as expected."""
    sure = certainty(found.origin, found.complete, found.missing)
    told = variant_checks_summary(replace(found, missing=""))  # how sure it is says the rest
    blocks: list[Block] = [Text(f"{told}. {sure}")]
    rows = tuple(
        (
            check.name or "model",
            check.title or "as it is",
            f"{sum(v.as_expected is True for v in check.verdicts)} of {len(check.verdicts)}",
            " ".join(check.failed) or "–",
        )
        for check in found.checks
    )
    head = ("Variant", "What is different", "As expected", "Not as expected")
    caption = "Variants of the model, with the experiments that tell them apart."
    blocks.append(Table(head, rows, (0.8, 3.6, 1.1, 2.6), caption))
    blocks += [
        Text(f"No experiment tells these apart: {', '.join(map(name_of, group))}.")
        for group in found.alike
    ]
    return Section("variants", "Variants", tuple(blocks))


def usual(_project: Project, _scenario: Scenario, _key: str, _about: str) -> dict[str, Any]:
    """Return the options with which a report asks this: none, all experiments are meant."""
    return {}
