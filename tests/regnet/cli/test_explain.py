"""``regnet explain``: what a person reads, and what another program does."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from regnet.cli import main
from regnet.records import SCHEMA

CORE = str(Path(__file__).parents[3] / "tests" / "models" / "lif_lifr.toml")
OVERDOSE = ["explain", CORE, "HepProlif", "--scenario", "LIF high"]


def words(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


def test_that_the_overdose_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(OVERDOSE) == 0
    text = words(capsys)
    assert (
        "HepProlif stays at 0 (G0): Cachexia=1 and HepArrest=1 block it, "
        "although HGF=2 (its highest level) drives it." in text
    )
    assert "LIF=2 the scenario holds it there" in text
    assert "HepProlif would move at once with: HepArrest=0 (to 1); Cachexia=0 (to 1)" in text
    assert "Holding one other component would not make HepProlif leave 0 permanently." in text


def test_that_interventions_are_listed_with_what_they_lead_to(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["explain", CORE, "Mass", "--scenario", "LIF high"]) == 0
    text = words(capsys)
    assert "it is at 0 already" in text
    assert "Mass=0 maintains itself: not determined by inputs or clamps." in text
    assert "LIF=1 2 1 healthy, primed vessels" in text
    assert "LIF not held 2 1 healthy quiescent" in text


def test_that_a_cycle_is_told_phase_by_phase(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", CORE, "HepProlif", "--scenario", "sustained injury"]) == 0
    text = words(capsys)
    assert "keeps changing between 0 and 2: it is on the negative circuit" in text
    assert "at 2, about to fall 1 of 9 Mass=2" in text
    assert "Mass=2 0 1 healthy, primed vessels" in text


def test_that_one_attractor_is_told_for_each_level_unless_a_number_is_given(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = ["explain", CORE, "Mass", "--scenario", "overdose at PHx", "--size", "0"]
    assert main(asked) == 0
    text = capsys.readouterr().out
    assert all(f"A{number} (" in text for number in (1, 2, 3))
    assert main([*asked, "--attractor", "2"]) == 0
    text = capsys.readouterr().out
    assert "A2 (" in text
    assert "A1 (" not in text


def test_that_json_follows_the_schema_and_csv_is_a_table(
    capsys: pytest.CaptureFixture[str],
) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
    for scenario in ("LIF high", "sustained injury"):
        assert main(["explain", CORE, "Mass", "--scenario", scenario, "--format", "json"]) == 0
        data: dict[str, Any] = json.loads(capsys.readouterr().out)
        validator.validate(data)
    assert main([*OVERDOSE, "--format", "csv"]) == 0
    heading, *rows = csv.reader(capsys.readouterr().out.splitlines())
    assert heading == ["attractor", "what", "component", "levels", "because", "words"]
    assert rows[0][:5] == ["A1", "link", "HepProlif", "0", "Cachexia=1 HepArrest=1"]
    assert {row[1] for row in rows} == {"link", "in vain", "change"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["explain", CORE, "HepProlyf"], "there is no component 'HepProlyf'; did you mean"),
        ([*OVERDOSE, "--attractor", "9"], "there is no"),
        ([*OVERDOSE, "--size", "5"], "invalid choice"),
    ],
)
def test_that_what_cannot_be_asked_is_told_in_a_sentence(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert told in capsys.readouterr().err


def test_that_the_earlier_name_is_still_understood(
    models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [str(models / "lif_lifr.toml"), "Mass", "--scenario", "LIF high", "--format", "csv"]
    assert main(["why", *asked]) == 0
    earlier = capsys.readouterr().out
    assert main(["explain", *asked]) == 0
    assert capsys.readouterr().out == earlier
    assert main(["--help"]) == 0
    assert "why " not in capsys.readouterr().out.replace("why a component", "")
