"""``regnet simulate --scenarios`` and ``--variants``: one table and one figure."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from regnet.analysis.conditions import follow_conditions
from regnet.cli import main
from regnet.formats import load
from regnet.records import SCHEMA
from regnet.report import build_report, to_markdown

LIVER = str(Path(__file__).parents[3] / "models" / "lif_lifr.toml")
THREE = ["simulate", LIVER, "--scenarios", "anti-LIF", "PHx", "low dose before PHx",
         "--first", "Mass:2", "--readouts", "Mass", "--until", "10"]  # fmt: skip


def words(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


def test_that_a_low_dose_is_seen_to_be_faster_with_the_rates_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    figure = tmp_path / "three.svg"
    assert main([*THREE, "--figure", str(figure)]) == 0
    text = words(capsys)
    assert "anti-LIF never partial recovery" in text
    assert "PHx 8.462 healthy quiescent" in text
    assert "low dose before PHx 5.731 healthy under a low dose" in text
    assert "Mean first times, with rates of the model (days, per day)" in text
    texts = [e.text for e in ElementTree.parse(figure).iter() if e.tag.endswith("text")]
    assert {"Mass, mean level", "time (days)", "rates of the model (days, per day)",
            "3  low dose before PHx (exact)"} <= set(texts)  # fmt: skip


def test_that_variants_stand_beside_the_model(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", LIVER, "--scenario", "anti-LIF", "--variants", "late",
                 "--readouts", "Mass"]) == 0  # fmt: skip
    text = words(capsys)
    assert "condition Mass first Mass:2 first ends as" in text  # what the experiments time
    assert "anti-LIF 4.800 never partial recovery" in text
    assert "anti-LIF (late) 4.800 11.084 healthy quiescent" in text


def test_that_json_follows_the_schema_and_csv_is_a_table(
    capsys: pytest.CaptureFixture[str],
) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    assert main([*THREE, "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(data)
    assert [one["firsts"][0]["outcome"] for one in data["conditions"]] == [
        "never", "always", "always",
    ]  # fmt: skip
    assert main([*THREE, "--format", "csv"]) == 0
    rows = list(csv.reader(capsys.readouterr().out.splitlines()))
    assert rows[0] == ["scenario", "variant", "Mass:2 first, days", "ends as", "rates"]
    assert rows[3][:3] == ["low dose before PHx", "", "5.731"]


def test_that_a_report_has_one_figure_and_a_table() -> None:
    project = load(LIVER)
    scenarios = [project.scenario(name) for name in ("anti-LIF", "PHx")]
    answer = follow_conditions(
        project, scenarios, first=project.timed, readouts=["Mass"], until=10.0, points=20
    )
    report = build_report(project, further=[answer])
    text = to_markdown(report)
    assert "## Conditions side by side in time" in text
    assert "| anti-LIF | 4.800 | never | partial recovery |" in text
    assert "with rates of the model (days, per day)" in text
    assert "](conditions.svg)" in text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([*THREE, "--settle", "3"], "--scenarios and --variants go without --at"),
        ([*THREE, "--scenario", "PHx"], "--scenarios go without --scenario"),
        ([*THREE, "--variants", "lat"], "did you mean 'late'"),
        (["simulate", LIVER, "--scenarios", "PHX"], "did you mean 'PHx'"),
        (["simulate", LIVER, "--variants", "--clamp", "LIF=0"], "leaves open where"),
        (["simulate", LIVER, "--variants", "--variant", "late"], "goes without --variant"),
        (["simulate", LIVER, "--variants", "--scenario", "PHx", "--figure", "x.svg"],
         "one figure shows up to 6"),
    ],
)  # fmt: skip
def test_that_what_cannot_be_asked_is_told_in_a_sentence(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert told in capsys.readouterr().err
