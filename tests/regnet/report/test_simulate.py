"""Time courses in a report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from regnet.analysis.simulate import Courses, simulate
from regnet.analysis.simulate.kinetics import Rates, parse_change
from regnet.formats import load
from regnet.logic import parse
from regnet.project import Project
from regnet.records.simulate import courses_to_json
from regnet.report import build_report, repeat, to_markdown

MODEL = Path(__file__).parents[3] / "tests" / "models" / "lif_lifr.toml"


@pytest.fixture(scope="module")
def project() -> Project:
    """The liver model."""
    return load(MODEL)


def _courses(project: Project, **options: object) -> Courses:
    return simulate(
        project.network,
        project.scenario("PHx"),
        rates=Rates().with_rate((0.2, 1), "Mass"),
        schedule=[parse_change("5 hold LIF_dose=2"), parse_change("10 hold LIF_dose=0")],
        points=20,
        first=[parse("Mass:2")],
        readouts=["Mass", "HGF"],
        phenotypes=[p for p in project.phenotypes if p.name == "partial recovery"],
        **options,  # type: ignore[arg-type]
    )


def test_that_a_report_tells_time_courses_and_can_ask_for_them_again(project: Project) -> None:
    answer = _courses(project)
    report = build_report(project, further=[answer])
    text = to_markdown(report).replace("\\_", "_")
    assert "## Time courses: PHx" in text
    assert "at 5: hold LIF_dose=2; at 10: hold LIF_dose=0" in text
    assert f"{answer['Mass'].mean[-1].value:.4f}" in text
    assert "| Mass=2 | " in text
    assert "In the long run" in text
    assert {"time.json", "time.csv"} <= report.files.keys()
    record = json.loads(json.dumps(courses_to_json(answer, timed=False)))
    assert json.loads(json.dumps(repeat(project, record))) == record


@pytest.mark.parametrize(
    "options",
    [
        {"method": "gillespie", "trajectories": 300},
        {"trajectories": 300, "max_states": 20, "seed": 5},
    ],
)
def test_that_sampled_courses_have_bands_and_are_repeated_with_their_seed(
    project: Project, options: dict[str, object]
) -> None:
    answer = _courses(project, **options)
    text = to_markdown(build_report(project, further=[answer]))
    assert "300 random runs" in text
    assert "95 %, of sampling alone" in text
    record = json.loads(json.dumps(courses_to_json(answer, timed=False)))
    again = repeat(project, record)
    assert json.loads(json.dumps(again))["courses"] == record["courses"]
