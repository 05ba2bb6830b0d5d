"""A dose response in a report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from regnet.analysis.dose import find_dose_response
from regnet.analysis.dose.pulses import find_pulse_response
from regnet.formats import load
from regnet.records.dose import dose_response_to_json
from regnet.records.pulses import pulse_response_to_json
from regnet.report import build_report, repeat, to_markdown
from regnet.scenario import Perturbation
from regnet.space import Space

MODEL = Path(__file__).parents[3] / "tests" / "models" / "lif_lifr.toml"


def test_that_a_report_tells_a_dose_and_can_ask_for_it_again() -> None:
    project = load(MODEL)
    answer = find_dose_response(
        project.network,
        project.scenario("healthy"),
        "LIF",
        readouts=["Mass"],
        phenotypes=project.phenotypes,
        knock_outs=[Perturbation(Space({"LIFR": 0}))],
        then=Space({"Mass": 0}),
    )
    report = build_report(project, further=[answer, answer])
    text = to_markdown(report)
    assert "## Dose of LIF" in text
    assert "| Mass | 1 | 2 | 0 | window at 1 |" in text
    assert "LIF → Cachexia ⊣ HepProlif → Mass" in text
    assert "paths meet at HepProlif" in text
    assert {"dose.json", "dose.csv", "dose-2.json"} <= report.files.keys()
    assert "](dose.svg)" in text
    assert "](dose-2.svg)" in text
    record = json.loads(json.dumps(dose_response_to_json(answer, timed=False)))
    assert json.loads(json.dumps(repeat(project, record))) == record


@pytest.mark.parametrize(
    ("by", "amounts", "options"),
    [("duration", [0, 2, 16], {"until": 16.5}), ("share", [0, 0.5, 1], {"every": 8, "until": 40})],
)
def test_that_a_report_tells_pulses_and_can_ask_for_them_again(
    by: str, amounts: list[float], options: dict[str, Any]
) -> None:
    project = load(MODEL)
    answer = find_pulse_response(
        project.network, project.scenario("PHx"), "LIF_dose", 2, amounts, by=by,
        readouts=["Mass"], phenotypes=project.phenotypes[:1], **options,
    )  # fmt: skip
    report = build_report(project, further=[answer])
    text = to_markdown(report)
    assert "## Dose of LIF\\_dose, by " in text
    numbers = " | ".join(f"{value.value:.2f}" for value in answer.curves[0].values)
    assert f"| Mass | {numbers} | falls at" in text
    assert {"pulses.json", "pulses.csv"} <= report.files.keys()
    record = json.loads(json.dumps(pulse_response_to_json(answer, timed=False)))
    assert json.loads(json.dumps(repeat(project, record))) == record
