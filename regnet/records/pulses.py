"""Responses to pulses of a dose, as records."""

from __future__ import annotations

from typing import Any

from regnet.analysis.dose.dose_text import pulse_verdict
from regnet.analysis.dose.pulses import PulseResponse
from regnet.records.data import Rows, head, range_to_json, summarised
from regnet.records.simulate import change_to_json, estimate_to_json, rates_to_json


def pulse_response_to_json(answer: PulseResponse, *, timed: bool = True) -> dict[str, Any]:
    """Return the response to pulses as JSON data; `timed` as in `attractors_to_json`."""
    return {
        **head(answer.origin, answer.complete, answer.missing, timed=timed),
        "why": answer.origin.why,
        "held": answer.dose,
        "level": answer.level,
        "by": answer.by,
        "amounts": list(answer.amounts),
        "every": answer.every,
        "until": answer.until,
        "basis": list(answer.basis),
        "unit": answer.unit,
        "late": answer.late,
        "settled": answer.settled,
        "rates": rates_to_json(answer.rates),
        "schedule": [change_to_json(change) for change in answer.schedule],
        "settle": answer.settle,
        "runs": answer.trajectories,
        "method": answer.method,
        "undecided": list(answer.undecided),
        "curves": [
            {
                "readout": curve.readout,
                "top": curve.top,
                "counts": curve.counts,
                "values": [estimate_to_json(value) for value in curve.values],
                "late": [estimate_to_json(value) for value in curve.late],
                "shape": curve.shape,
                "best": None if curve.best is None else range_to_json(curve.best),
                "turns": [
                    {"moves": turn.moves, "low": turn.low, "high": turn.high}
                    for turn in curve.turns
                ],
                "sure": curve.sure,
            }
            for curve in answer.curves
        ],
    }


def pulse_response_to_rows(answer: PulseResponse) -> Rows:
    """Return a heading and a row for each readout at each amount, with its band."""
    rows: Rows = [["readout", answer.by, "value", "low", "high", "shape", "sure", "late"]]
    for curve in answer.curves:
        late: list[float | None] = [estimate_to_json(value)["value"] for value in curve.late]
        late = late or [None] * len(curve.values)
        for amount, value, then in zip(answer.amounts, curve.values, late, strict=True):
            numbers = estimate_to_json(value)
            rows.append([curve.readout, amount, *numbers.values(), curve.shape, curve.sure, then])
    return rows


def pulse_response_summary(answer: PulseResponse) -> str:
    """Return what changes with the amount that is given, in a few words."""
    if answer.missing:
        return answer.missing
    turning = [f"{c.readout} {pulse_verdict(c, answer.by)}" for c in answer.curves if c.turns]
    text = ", ".join(turning) or "nothing changes"
    return summarised(answer.origin, text, "") if answer.origin.guarantee == "exact" else text
