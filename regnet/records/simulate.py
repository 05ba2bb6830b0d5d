"""Time courses as records."""

from __future__ import annotations

from typing import Any

from regnet.analysis.simulate import SHARES, Arrival, Courses
from regnet.analysis.simulate.estimate import Band, Estimate
from regnet.analysis.simulate.kinetics import Change
from regnet.logic import unparse
from regnet.rates import Rate, RateLaw, Rates
from regnet.records.data import (
    Rows,
    counted,
    cuts_to_json,
    head,
    levels_to_json,
)

DIGITS = 9
"""Digits after the decimal point; further ones are rounding errors."""


def courses_to_json(found: Courses, *, timed: bool = True) -> dict[str, Any]:
    """Return time courses as JSON data; `timed` as in `attractors_to_json`."""
    return {
        **head(found.origin, found.complete, found.missing, timed=timed),
        "why": found.origin.why,
        "basis": list(found.basis),
        "unit": found.unit,
        "rates": rates_to_json(found.rates),
        "schedule": [change_to_json(change) for change in found.schedule],
        "settle": found.settle,
        "trajectories": found.trajectories,
        "design_effect": round(found.design_effect, 3),
        "times": [_rounded(t) for t in found.times],
        "courses": [
            {
                "component": course.name,
                "levels": [_band(band) for band in course.levels],
                "mean": _band(course.mean),
            }
            for course in found.readouts
        ],
        "phenotypes": [
            {
                "name": share.name,
                "condition": unparse(share.condition),
                "counts": share.counts,
                "probability": _band(share.band),
            }
            for share in found.shares
        ],
        "undecided": list(found.undecided),
        "arrivals": [_arrival(arrival) for arrival in found.arrivals],
        "ends": [
            {"levels": levels_to_json(end.space), "probability": estimate_to_json(end.probability)}
            for end in found.ends
        ],
        "outcomes": [
            {
                "levels": levels_to_json(outcome.space),
                "rests": outcome.rests,
                "probability": _rounded(outcome.probability),
            }
            for outcome in found.outcomes
        ],
    }


def rates_to_json(rates: Rates) -> dict[str, Any]:
    """Return the default rate, and those of components that have their own."""
    own = [
        {"component": name, "up": _rate(up), "down": _rate(down)} for name, up, down in rates.own
    ]
    return {"default": rates.default, "own": own}


def _rate(rate: Rate) -> float | list[dict[str, Any]]:
    """Return a number; of a rate that depends on the state, its cases in order."""
    if isinstance(rate, RateLaw):
        return [{"when": unparse(when), "rate": value} for when, value in rate.cases]
    return rate


def change_to_json(change: Change) -> dict[str, Any]:
    """Return a change of a schedule as JSON data."""
    return {
        "time": change.time,
        "set": levels_to_json(change.levels),
        "clamps": levels_to_json(change.perturbation.clamps),
        "cuts": cuts_to_json(change.perturbation.cuts),
        "release": list(change.release),
    }


def courses_to_rows(found: Courses) -> Rows:
    """Return a row for each number and time point: what, of whom, when, and its band."""
    rows: Rows = [["what", "name", "level", "time", "value", "low", "high"]]

    def add(what: str, name: str, level: int | None, band: Band) -> None:
        for k, time in enumerate(found.times):
            estimate = estimate_to_json(band[k])
            rows.append([what, name, level, _rounded(time), *estimate.values()])

    for course in found.readouts:
        for level, band in enumerate(course.levels):
            add("probability", course.name, level, band)
        add("mean", course.name, None, course.mean)
    for share in found.shares:
        what = "phenotype" if share.counts == "holds" else "phenotype settled"
        add(what, share.name, None, share.band)
    for arrival in found.arrivals:
        add("arrived", unparse(arrival.condition), None, arrival.arrived)
    return rows


def _arrival(arrival: Arrival) -> dict[str, Any]:
    return {
        "condition": unparse(arrival.condition),
        "arrived": _band(arrival.arrived),
        "mean": None if arrival.mean is None else estimate_to_json(arrival.mean),
        "quantiles": [
            {
                "share": share,
                "value": None if middle is None else _rounded(middle),
                "low": None if low is None else _rounded(low),
                "high": None if high is None else _rounded(high),
            }
            for share, (middle, low, high) in zip(SHARES, arrival.quantiles, strict=True)
        ],
        "ever": None if arrival.ever is None else _rounded(arrival.ever),
        "mean_ever": None if arrival.mean_ever is None else _rounded(arrival.mean_ever),
    }


def estimate_to_json(estimate: Estimate) -> dict[str, float]:
    """Return a number with its band as JSON data."""
    return {
        "value": _rounded(estimate.value),
        "low": _rounded(estimate.low),
        "high": _rounded(estimate.high),
    }


def _band(band: Band) -> dict[str, list[float]]:
    return {
        "values": [_rounded(v) for v in band.values],
        "low": [_rounded(v) for v in band.low],
        "high": [_rounded(v) for v in band.high],
    }


def _rounded(number: float) -> float:
    return round(number, DIGITS) + 0.0  # no negative zero


def courses_summary(found: Courses) -> str:
    """Return how a time course was found, in a few words."""
    text = counted(found.trajectories, "run") if found.trajectories else "exact ✓ solved"
    return f"{text}; {found.missing}" if found.missing else text
