"""What several scenarios and variants do in time, as records."""

from __future__ import annotations

from typing import Any

from regnet.analysis.conditions import Condition, Conditions
from regnet.analysis.simulate.clock import FirstTime, first_words
from regnet.logic import describe, unparse
from regnet.rates import time_words
from regnet.records.data import Rows, counted, head, summarised
from regnet.records.simulate import courses_to_json, estimate_to_json


def conditions_to_json(found: Conditions, *, timed: bool = True) -> dict[str, Any]:
    """Return all conditions as JSON data; `timed` as in `attractors_to_json`."""
    return {
        **head(found.origin, found.complete, found.missing, timed=timed),
        "unit": found.unit,
        "first": [unparse(condition) for condition in found.first],
        "conditions": [
            {
                "variant": one.variant,
                "rates": one.rates,
                "firsts": [_first(first) for first in one.firsts],
                "ends": list(one.ends),
                "courses": courses_to_json(one.courses, timed=timed),
            }
            for one in found.conditions
        ],
    }


def _first(first: FirstTime) -> dict[str, Any]:
    return {
        "outcome": first.outcome,
        "mean": None if first.mean is None else estimate_to_json(first.mean),
        "ever": None if first.ever is None else estimate_to_json(first.ever),
    }


def conditions_to_rows(found: Conditions) -> Rows:
    """Return a heading and a row for each condition: first times and outcomes."""
    in_unit = f"first, {time_words(found.unit)}"
    rows: Rows = [
        [
            "scenario",
            "variant",
            *(f"{describe(c)} {in_unit}" for c in found.first),
            "ends as",
            "rates",
        ]
    ]
    for one in found.conditions:
        times = [first_words(first) for first in one.firsts]
        scenario = one.courses.origin.title
        rows.append([scenario, one.variant, *times, ends_words(one), one.rates])
    return rows


def ends_words(one: Condition) -> str:
    """Return the phenotypes of the attractors in which a condition can end up."""
    return " or ".join(end or "no phenotype" for end in one.ends) or "?"


def conditions_summary(found: Conditions) -> str:
    """Return how many there are and which is the first to reach what was asked last."""
    text = counted(len(found.conditions), "condition")
    means = [
        (one.firsts[-1].mean.value, one.title)
        for one in found.conditions
        if one.firsts and one.firsts[-1].mean is not None
    ]
    if means:
        text += f"; {describe(found.first[-1])} comes first in {min(means)[1]}, with {found.rates}"
    return found.missing or summarised(found.origin, text, "")
