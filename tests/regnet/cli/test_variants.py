"""Variants on every command that takes a model."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from regnet.cli import COMMANDS, main
from regnet.cli.command import Parser

MODEL = """\
regnet = 1
name = "pair"
title = "Two genes"

[components.A]
rule = "!B"

[components.B]
rule = "!A"

[[phenotypes]]
name = "on"
condition = "A"

[[experiments]]
id = "E1"
title = "A may be on"
scenario = {}
expect = [{ "some attractor" = "A" }]

[variants.V1]
title = "B is always there"
rules.B = "true"
"""


@pytest.fixture
def model(tmp_path: Path) -> str:
    path = tmp_path / "pair.toml"
    path.write_text(MODEL)
    return str(path)


def _options(name: str) -> set[str]:
    parser = Parser(argument_default=argparse.SUPPRESS)
    COMMANDS[name].add_arguments(parser)
    return {option for action in parser._actions for option in action.option_strings} | {
        action.dest for action in parser._actions
    }


@pytest.mark.parametrize("name", [n for n in COMMANDS if "source_format" in _options(n)])
def test_that_every_command_that_takes_a_model_takes_a_variant(name: str) -> None:
    assert "--variant" in _options(name)


@pytest.mark.parametrize("command", ["attractors", "fixed-points", "trap-spaces", "screen"])
def test_that_an_answer_names_the_variant_it_is_of(
    command: str, model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, model, "--variant", "V1"]) == 0
    assert capsys.readouterr().out.startswith("pair (V1)")


def test_that_the_rules_are_those_of_the_variant(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["attractors", model]) == 0
    assert "2 attractors" in capsys.readouterr().out
    assert main(["attractors", model, "--variant", "V1"]) == 0
    assert "1 attractor\n" in capsys.readouterr().out
    assert main(["check", model, "--variant", "V1"]) == 1
    target = tmp_path / "v1.bnet"
    assert main(["convert", model, "--variant", "V1", str(target)]) == 0
    assert "B, 1" in target.read_text()
    folder = tmp_path / "report"
    arguments = ["report", model, "--variant", "V1", "-o", str(folder), "--forms", "md"]
    assert main(arguments) == 0
    assert "V1: B is always there" in (folder / "report.md").read_text()


def test_that_an_unknown_variant_is_one_sentence(
    model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["attractors", model, "--variant", "V2"]) == 2
    assert "there is no variant 'V2'" in capsys.readouterr().err
