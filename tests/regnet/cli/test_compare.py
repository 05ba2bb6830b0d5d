"""``regnet compare``: what a person reads, and what another program does."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest

from regnet.analysis.compare import compare_scenarios
from regnet.cli import main
from regnet.formats import load
from regnet.records import SCHEMA


def test_that_two_scenarios_are_compared_as_the_library_does(
    models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = models / "lif_lifr.toml"
    project = load(path)
    asked = ["compare", str(path), "--with", "LIF low", "--scenario", "LIF high"]
    found = compare_scenarios(
        project.network,
        project.scenario("LIF low"),
        project.scenario("LIF high"),
        phenotypes=project.phenotypes,
    )
    assert main(asked) == 0
    assert found.sentence in capsys.readouterr().out
    assert main([*asked, "--format", "json"]) == 0
    record = json.loads(capsys.readouterr().out)
    jsonschema.validate(record, json.loads(SCHEMA.read_text("utf-8")))
    assert record["sentence"] == found.sentence
    assert record["compared_with"]["name"] == "LIF low"
    assert record["scenario"] == "LIF high"
    assert [pair["kind"] for pair in record["pairs"]] == [pair.kind for pair in found.pairs]
    assert main([*asked, "--format", "csv"]) == 0
    heading, *rows = csv.reader(io.StringIO(capsys.readouterr().out))
    assert heading[:3] == ["fate", "before", "after"]
    assert [row[0] for row in rows] == [pair.kind for pair in found.pairs]


def test_that_the_wild_type_comes_first_by_default_and_a_limit_is_told(
    models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(models / "lif_lifr.toml")
    asked = ["compare", path, "--clamp", "LIFR=0", "--limit", "1", "--format", "json"]
    assert main(asked) == 3
    record = json.loads(capsys.readouterr().out)
    assert record["compared_with"]["name"] == ""
    assert record["clamps"] == {"LIFR": 0}
    assert record["guarantee"] == "bounded"
    assert record["missing"]


def test_that_an_unknown_scenario_is_one_sentence(
    models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", str(models / "lif_lifr.toml"), "--with", "LIF lo"]) == 2
    assert "LIF low" in capsys.readouterr().err
