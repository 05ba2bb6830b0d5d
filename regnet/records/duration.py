"""What comes of a dose that is given for so long, as records."""

from __future__ import annotations

from typing import Any

from regnet.analysis.courses.estimate import Estimate
from regnet.analysis.dose.duration import DurationResponse
from regnet.records.courses import rates_to_json
from regnet.records.data import Rows, head, range_to_json


def duration_response_to_json(answer: DurationResponse, *, timed: bool = True) -> dict[str, Any]:
    """Return the response to durations as JSON data; `timed` as in `attractors_to_json`."""
    rates = answer.courses[0].rates if answer.courses else None
    return {
        **head(answer.origin, answer.complete, answer.missing, timed=timed),
        "held": answer.dose,
        "level": answer.level,
        "durations": list(answer.durations),
        "until": answer.until,
        "rates": None if rates is None else rates_to_json(rates),
        "curves": [
            {
                "readout": curve.readout,
                "values": [_estimate(value) for value in curve.values],
                "shape": curve.shape,
                "best": None if curve.best is None else range_to_json(curve.best),
            }
            for curve in answer.curves
        ],
    }


def _estimate(estimate: Estimate) -> dict[str, float]:
    return {
        "value": round(estimate.value, 9),
        "low": round(estimate.low, 9),
        "high": round(estimate.high, 9),
    }


def duration_response_to_rows(answer: DurationResponse) -> Rows:
    """Return a heading and a row for each readout at each duration, with its band."""
    rows: Rows = [["readout", "duration", "value", "low", "high", "shape"]]
    for curve in answer.curves:
        for duration, value in zip(answer.durations, curve.values, strict=True):
            numbers = _estimate(value)
            rows.append([curve.readout, duration, *numbers.values(), curve.shape])
    return rows
