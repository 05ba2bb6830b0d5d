"""Dose responses as records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from regnet.analysis.dose import DoseResponse, Panel
from regnet.analysis.dose.dose_text import time_verdict, time_words, verdict
from regnet.analysis.dose.routes import Bound, SignedPath
from regnet.analysis.dose.times import TimePoint
from regnet.records.data import (
    Rows,
    count_to_json,
    cuts_to_json,
    head,
    level_cell,
    levels_to_json,
    range_to_json,
    summarised,
)


def dose_response_to_json(answer: DoseResponse, *, timed: bool = True) -> dict[str, Any]:
    """Return a dose response as JSON data; `timed` as in `attractors_to_json`."""
    return {
        **head(answer.origin, answer.complete, answer.missing, timed=timed),
        "dose": answer.dose,
        "then": levels_to_json(answer.then),
        "basis": list(answer.basis),
        "unit": answer.unit,
        "response": _panel(answer.reference),
        "knock_outs": [_panel(panel) for panel in answer.knock_outs],
        "bounds": [_bound(bound) for bound in answer.bounds],
        "feed_forwards": [
            {
                "readout": found.readout,
                "meet": found.meet,
                "rising": _paths(found.rising),
                "falling": _paths(found.falling),
            }
            for found in answer.feed_forwards
        ],
    }


def _panel(panel: Panel) -> dict[str, Any]:
    return {
        "clamps": levels_to_json(panel.perturbation.clamps),
        "cuts": cuts_to_json(panel.perturbation.cuts),
        "points": [
            {
                "level": point.level,
                "attractors": count_to_json(point.attractors),
                "levels": levels_to_json(point.space),
                "phenotypes": {
                    name: count_to_json(count) for name, count in point.phenotypes.items()
                },
                "missing": point.missing,
                "begins": levels_to_json(point.begins),
            }
            for point in panel.points
        ],
        "curves": [
            {
                "readout": curve.readout,
                "levels": [None if r is None else range_to_json(r) for r in curve.ranges],
                "shape": curve.shape,
                "best": None if curve.best is None else range_to_json(curve.best),
            }
            for curve in panel.curves
        ],
        "times": [
            {
                "what": curve.question.label,
                "at": curve.question.at,
                "values": [_time(point) for point in curve.points],
                "shape": curve.shape,
                "best": None if curve.best is None else range_to_json(curve.best),
                "bounds": [_bound(bound) for bound in curve.bounds],
            }
            for curve in panel.times
        ],
    }


def _bound(bound: Bound) -> dict[str, Any]:
    return {
        "readout": bound.readout,
        "level": bound.level,
        "moves": bound.moves,
        "paths": _paths(bound.paths),
        "complete": bound.complete,
    }


def _time(point: TimePoint | None) -> dict[str, Any] | None:
    if point is None:
        return None
    value = point.value
    return {
        "outcome": point.outcome,
        "value": None if value is None else value.value,
        "low": None if value is None else value.low,
        "high": None if value is None else value.high,
        "ever": point.ever,
        "missing": point.missing,
    }


def _paths(paths: Iterable[SignedPath]) -> list[dict[str, Any]]:
    return [
        {
            "members": list(path.members),
            "signs": list(path.signs),
            "sign": path.sign,
            "passing": list(path.passing),
        }
        for path in paths
    ]


def dose_response_to_rows(answer: DoseResponse) -> Rows:
    """Return a heading and a row for each readout under each perturbation."""
    doses = [f"{answer.dose}={level}" for level in range(len(answer.reference.curves[0].ranges))]
    rows: Rows = [["perturbation", "readout", *doses, "verdict"]]
    for panel in (answer.reference, *answer.knock_outs):
        for curve in panel.curves:
            cells = [level_cell(levels) for levels in curve.ranges]
            rows.append([panel.perturbation.label, curve.readout, *cells, verdict(curve)])
        for timed in panel.times:
            told = [time_words(point) for point in timed.points]
            rows.append([panel.perturbation.label, timed.question.label, *told,
                         time_verdict(timed)])  # fmt: skip
    return rows


def dose_response_summary(answer: DoseResponse) -> str:
    """Return what changes with a dose, in a few words."""
    if answer.missing:
        return answer.missing
    changing = [c for c in answer.reference.curves if c.shape != "none"]
    parts = [f"{c.readout} {verdict(c)}" for c in changing]
    parts += [f"{c.question.label} {time_verdict(c)}" for c in answer.reference.times]
    text = ", ".join(parts) or "nothing changes"
    return summarised(answer.origin, text, "")
