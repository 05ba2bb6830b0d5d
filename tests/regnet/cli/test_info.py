"""``regnet info``, and the options of readers on every command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from regnet.cli import main

SIF = "A -> B\nC -| B\nB -> D\n"
PARTLY = "A -> B\nB -> C\nD -| C\n$B: A\n"


@pytest.mark.parametrize(
    ("name", "text", "unknown", "wiring", "outputs"),
    [
        ("m.sif", SIF, ["B", "D"], [["A", "B", "+"], ["C", "B", "-"], ["B", "D", "+"]], ["D"]),
        ("m.aeon", PARTLY, ["C"], [["B", "C", "+"], ["D", "C", "-"]], ["C"]),
    ],
)
def test_that_the_wiring_of_rules_that_are_not_known_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str,
    unknown: list[str], wiring: list[list[str]], outputs: list[str],
) -> None:  # fmt: skip
    path = tmp_path / name
    path.write_text(text)
    assert main(["info", str(path), "--format", "json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["unknown"] == unknown
    assert [list(edge.values()) for edge in record["wiring"]] == wiring
    assert record["outputs"] == outputs
    assert not set(record["inputs"]) & set(unknown)
    assert main(["info", str(path)]) == 0
    shown = capsys.readouterr().out
    assert f"rule unknown     {', '.join(unknown)}" in shown
    assert f"wiring of these  {len(wiring)} (" in shown
    assert "differ from the rules" not in shown


@pytest.mark.parametrize(
    "command", [["attractors"], ["simulate"], ["query", "EF B"], ["dose", "--input", "A"]]
)
def test_that_wiring_is_analysed_only_with_a_default_rule(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    path = tmp_path / "m.sif"
    path.write_text(SIF)
    asked = [command[0], str(path), *command[1:]]
    assert main(asked) == 2
    said = capsys.readouterr().err
    assert "wiring only: no rule for B, D; choose a default rule with --option rule=" in said
    assert main([*asked, "--option", "rule=inhibitor-wins"]) == 0
    said = capsys.readouterr().err
    assert "has the default rule inhibitor-wins" in said
    assert main([*asked, "--option", "rule=best"]) == 2
    assert "there is no default rule 'best'" in capsys.readouterr().err


def test_that_what_no_reader_takes_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.bnet").write_text("A, A\n")
    assert main(["info", str(tmp_path / "m.bnet"), "--option", "rule=x"]) == 2
    assert "there is no option of bnet 'rule'" in capsys.readouterr().err
    assert main(["info", str(tmp_path / "m.bnet"), "--option", "rule"]) == 2
    assert "write NAME=VALUE" in capsys.readouterr().err
