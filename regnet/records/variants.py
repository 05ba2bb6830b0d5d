"""What variants say to the experiments, as records."""

from __future__ import annotations

from typing import Any

from regnet.analysis.variants import VariantChecks
from regnet.records.data import Rows, counted, head


def variant_checks_to_json(found: VariantChecks, *, timed: bool = True) -> dict[str, Any]:
    """Return the outcomes of all variants as JSON data; `timed` as in `attractors_to_json`."""
    return {
        **head(found.origin, found.complete, found.missing, timed=timed),
        "variants": [
            {
                "name": check.name,
                "title": check.title,
                "experiments": [
                    {"id": v.experiment.id, "holds": v.holds, "as_expected": v.as_expected}
                    for v in check.verdicts
                ],
            }
            for check in found.checks
        ],
        "telling": list(found.telling),
        "alike": [list(group) for group in found.alike],
    }


def variant_checks_to_rows(found: VariantChecks) -> Rows:
    """Return a heading, and a row for each experiment with its outcome in each variant."""
    rows: Rows = [["experiment", *(check.name or "model" for check in found.checks)]]
    for place, verdict in enumerate(found.checks[0].verdicts if found.checks else ()):
        outcomes = (
            check.verdicts[place].outcome if place < len(check.verdicts) else "open"
            for check in found.checks
        )
        rows.append([verdict.experiment.id, *outcomes])
    return rows


def variant_checks_summary(found: VariantChecks) -> str:
    """Return how many experiments tell how many variants apart."""
    total = len(found.checks[0].verdicts) if found.checks else 0
    text = (
        f"{len(found.telling)} of {counted(total, 'experiment')} tell the model and its "
        f"{counted(len(found.checks) - 1, 'variant')} apart"
    )
    return f"{text}; {found.missing}" if found.missing else text


def name_of(name: str) -> str:
    """Return what a variant is called in a sentence; the model as it is has no name."""
    return name or "the model as it is"
