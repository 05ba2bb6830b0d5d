"""Comparisons of two scenarios as records."""

from __future__ import annotations

from typing import Any

from regnet.analysis.compare import Comparison
from regnet.analysis.compare.comparison_text import changes, phenotypes_of
from regnet.records.data import (
    Rows,
    count_to_json,
    head,
    levels_to_json,
    scenario_to_json,
)


def comparison_to_json(found: Comparison, *, timed: bool = True) -> dict[str, Any]:
    """Return a comparison as JSON data; `timed` as in `attractors_to_json`."""
    before = found.before.origin.scenario
    return {
        **head(found.origin, found.complete, found.missing, timed=timed),
        "compared_with": {"name": before.name, **scenario_to_json(before)},
        "sentence": found.sentence,
        "held": list(found.held),
        "common": levels_to_json(found.common),
        "valuations": count_to_json(found.valuations),
        "pairs": [
            {
                "kind": pair.kind,
                "before": None if pair.before is None else pair.before + 1,
                "after": None if pair.after is None else pair.after + 1,
                "nearest": None if pair.nearest is None else pair.nearest + 1,
                "phenotypes": list(phenotypes_of(found, pair)),
                "conditions": [levels_to_json(box) for box in pair.conditions],
                "valuations": count_to_json(pair.valuations),
                "changed": list(pair.changed),
                "levels_before": levels_to_json(pair.levels_before or {}),
                "levels_after": levels_to_json(pair.levels_after or {}),
            }
            for pair in found.pairs
        ],
    }


def comparison_to_rows(found: Comparison) -> Rows:
    """Return a heading and a row for each attractor of both scenarios, in matched pairs."""
    rows: Rows = [["fate", "before", "after", "phenotypes", "conditions", "changes"]]
    for pair in found.pairs:
        conditions = " or ".join(str(box) for box in pair.conditions if box)
        rows.append([pair.kind, _number(pair.before), _number(pair.after),
                     "; ".join(phenotypes_of(found, pair)), conditions,
                     " ".join(changes(pair))])  # fmt: skip
    return rows


def _number(place: int | None) -> str:
    return "" if place is None else f"A{place + 1}"


def comparison_summary(found: Comparison) -> str:
    """Return what the second scenario changes, in one sentence."""
    return f"{found.sentence} {found.missing}" if found.missing else found.sentence
