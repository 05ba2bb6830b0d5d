"""What the command line writes as JSON is what its schema describes, whatever was asked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from regnet.cli import main
from regnet.records import SCHEMA

MODEL = """
regnet = 1
name = "four"

[components.A]
rule = "!B | C"
[components.B]
rule = "!A"
[components.C]
rule = "A & !D | B"
[components.D]
rule = "C"

[[phenotypes]]
name = "up, and on"
condition = "A & C"

[[phenotypes]]
name = "resting"
condition = "!D"

[scenarios.held]
clamps = "B=0"

[[experiments]]
id = "E1"
title = "Without B, A stays"
scenario.clamps = "B=0"
expect = [{ "every attractor" = "A" }]
"""

QUESTIONS = [
    "attractors",
    "fixed-points",
    "trap-spaces",
    "query EF(C)",
    "control --target C",
    "simulate --runs 5 --until 3",
    "dose --input B --readouts D",
    "why A",
    "check",
    "dose --input B --readouts D --for 1,2 --runs 5",
    "check --sensitivity",
    "screen",
    "screen --order 2 --readouts C,D --contexts held",
    "screen --order 3",
    "screen --phenotypes-only",
    "screen --essential",
    "screen --order 2 --synergy --lethal --readouts C D resting",
    "screen --order 3 --synergy --essential --lethal --contexts held",
]


@pytest.fixture(scope="module")
def schema() -> Any:
    jsonschema = pytest.importorskip("jsonschema")
    return jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("json") / "four.toml"
    path.write_text(MODEL)
    return str(path)


@pytest.mark.parametrize("question", QUESTIONS)
def test_that_an_answer_follows_the_schema(
    question: str, model: str, schema: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    command, *options = question.split(" ")
    main([command, model, *options, "--format", "json"])
    out, err = capsys.readouterr()
    assert out, err
    schema.validate(json.loads(out))


def test_that_what_only_looks_like_an_answer_is_refused(
    model: str, schema: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["screen", model, "--order", "2", "--synergy", "--format", "json"])
    found = json.loads(capsys.readouterr().out)
    assert schema.is_valid(found)
    assert not schema.is_valid({**found, "synergies": {"count": -1, "listed": []}})
    assert not schema.is_valid({k: v for k, v in found.items() if k != "screened"})
    assert not schema.is_valid({**found, "surprise": 1})
