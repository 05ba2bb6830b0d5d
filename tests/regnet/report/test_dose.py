"""A dose response in a report."""

from __future__ import annotations

import json
from pathlib import Path

from regnet.analysis.dose import find_dose_response
from regnet.formats import load
from regnet.records import dose_response_to_json
from regnet.report import build_report, repeat, to_markdown
from regnet.scenario import Perturbation
from regnet.space import Space

MODEL = Path(__file__).parents[3] / "models" / "lif_lifr.toml"


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
    assert "ways meet at HepProlif" in text
    assert {"dose.json", "dose.csv", "dose-2.json"} <= report.files.keys()
    record = json.loads(json.dumps(dose_response_to_json(answer, timed=False)))
    assert json.loads(json.dumps(repeat(project, record))) == record
