"""Interventions as records."""

from __future__ import annotations

from typing import Any

from regnet.analysis.control import Interventions
from regnet.logic import unparse
from regnet.records.data import Rows, counted, cuts_to_json, head, levels_to_json, summarised


def interventions_to_json(found: Interventions, *, timed: bool = True) -> dict[str, Any]:
    """Return interventions as JSON data; `timed` as in `attractors_to_json`."""
    return {
        **head(found.origin, found.complete, found.missing, timed=timed),
        "target": {
            "name": found.target.name,
            "condition": unparse(found.target.condition),
            "kind": found.target.kind,
        },
        "max_size": found.max_size,
        "proved": found.proved,
        "choice": {
            "allow": list(found.choice.allow),
            "forbid": list(found.choice.forbid),
            "cuts": found.choice.cuts,
            "costs": dict(found.choice.costs),
            "limit": found.choice.limit,
        },
        "left_out": list(found.left_out),
        "candidates": found.candidates,
        "judged": found.judged,
        "before": dict(found.before),
        "interventions": [
            {
                "perturbation": levels_to_json(one.perturbation.clamps),
                "cuts": cuts_to_json(one.perturbation.cuts),
                "cost": one.cost,
                "why": one.why,
                "phenotypes": dict(one.phenotypes),
            }
            for one in found.found
        ],
    }


def interventions_to_rows(found: Interventions) -> Rows:
    """Return a row for each set of interventions, and one for none."""
    names = list(found.before)
    rows: Rows = [["intervention", "size", "cost", "why", *names]]
    if found.before:
        rows.append(["none", 0, 0, "", *found.before.values()])
    for one in found.found:
        size = len(one.perturbation.clamps) + len(one.perturbation.cuts)
        what = str(one.perturbation) if one.perturbation else "none"
        shown = [one.phenotypes.get(name, "") for name in names]
        rows.append([what, size, one.cost, one.why, *shown])
    return rows


def interventions_summary(found: Interventions) -> str:
    """Return how many smallest sets of interventions were found, in a few words."""
    text = f"{counted(len(found.found), 'smallest set')} for {found.target.name}"
    return summarised(found.origin, text, found.missing)
