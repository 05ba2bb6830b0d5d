"""``regnet commitment``: points of no return, as a person reads them and as data."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from regnet.cli import main
from regnet.records import SCHEMA

CORE = str(Path(__file__).parents[3] / "tests" / "models" / "lif_lifr.toml")
ASKED = ["commitment", CORE, "--scenario", "overdose at PHx"]


def words(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


def test_that_the_points_of_no_return_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ASKED, "--to", "Mass:2"]) == 0
    text = words(capsys)
    assert "3 attractors can be reached from the start" in text
    assert "(Mass=1) is a point of no return: A2 can no longer be reached." in text
    assert "0 the start open open open" in text
    assert "exact" in text


def test_that_the_same_seed_gives_the_same_run(capsys: pytest.CaptureFixture[str]) -> None:
    runs = []
    for seed in ("1", "1", "2"):
        assert main([*ASKED, "--seed", seed, "--format", "csv"]) == 0
        runs.append(list(csv.reader(capsys.readouterr().out.splitlines())))
    assert runs[0] == runs[1] != runs[2]
    assert runs[0][0][:5] == ["step", "moved", "A1", "A2", "A3"]
    assert runs[0][1][:5] == ["0", "", "yes", "yes", "yes"]


def test_that_its_json_follows_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    from jsonschema import Draft202012Validator

    assert main([*ASKED, "--format", "json"]) == 0
    record = json.loads(capsys.readouterr().out)
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(record)
    assert len(record["open"]) == len(record["path"])
    for turn in record["turns"]:
        for number in turn["closes"]:
            column = [reached[number - 1] for reached in record["open"]]
            assert column == [True] * turn["step"] + [False] * (len(column) - turn["step"])


def test_that_a_run_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["commitment", CORE, "--scenario", "LIF high", "--to", "HepProlif:2"]) == 2
    assert "HepProlif:2 cannot be reached" in capsys.readouterr().err


def test_that_a_run_with_one_end_has_nothing_to_decide(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["commitment", CORE, "--scenario", "LIF none"]) == 0
    assert "only one attractor can be reached from the start, so nothing is decided" in words(
        capsys
    )
