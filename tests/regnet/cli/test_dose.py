"""``regnet dose``: what a person reads, what another program does, and the figure."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from regnet.cli import main
from regnet.records import SCHEMA

CORE = str(Path(__file__).parents[3] / "tests" / "models" / "lif_lifr.toml")
GOLDILOCKS = [
    "dose", CORE, "--input", "LIF", "--readout", "Mass,HGF", "--readout", "Cachexia",
    "--scenario", "healthy", "--then", "Mass=0",
]  # fmt: skip
KNOCK_OUTS = ["--knock-out", "LIFR", "--knock-out", "Cachexia,HepArrest"]


def words(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


def test_that_the_goldilocks_dose_is_told_with_its_cause(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*GOLDILOCKS, *KNOCK_OUTS]) == 0
    text = words(capsys)
    assert "Mass 1 2 0 window at 1" in text
    assert "HGF 1 2 2 rises at 1" in text
    assert "none physiological overdose" in text
    assert "Mass falls at LIF=2 by LIF → Cachexia ⊣ HepProlif → Mass" in text
    assert (
        "Incoherent feed-forward loop: LIF raises Mass along one path and lowers it along another"
        in text
    )
    assert "LIFR=0 1 1 0 closed" in text
    assert "Cachexia=0 HepArrest=0 1 2 2 open to the top from 1" in text


def test_that_without_readouts_the_model_chooses(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dose", CORE, "--input", "LIF_dose", "--scenario", "PHx"]) == 0
    text = words(capsys)
    assert "Mass 2 2 0..2 falls at 2" in text
    assert "partial recovery - - 1 of 3 rises at 2" in text
    assert "failed" not in text


def test_that_free_inputs_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dose", CORE, "--input", "LIF_dose", "--readout", "Mass"]) == 0
    assert "Free inputs, whose levels are all counted in: Insult LSEC" in words(capsys)


def test_that_every_component_can_be_knocked_out_in_turn(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*GOLDILOCKS, "--each"]) == 0
    text = words(capsys)
    assert "STAT3=0 1 1 0 closed" in text
    assert "HGF=0 0 0 0 closed" in text


def test_that_json_follows_the_schema_and_csv_is_a_table(
    capsys: pytest.CaptureFixture[str],
) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
    assert main([*GOLDILOCKS, *KNOCK_OUTS, "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    validator.validate(data)
    assert data["response"]["curves"][0]["shape"] == "window"
    assert main([*GOLDILOCKS, *KNOCK_OUTS, "--format", "csv"]) == 0
    rows = list(csv.reader(capsys.readouterr().out.splitlines()))
    assert rows[0] == ["perturbation", "readout", "LIF=0", "LIF=1", "LIF=2", "verdict"]
    assert rows[1] == ["wild type", "Mass", "1", "2", "0", "window at 1"]
    assert len(rows) == 1 + 3 * 3


def test_that_the_figure_has_a_chart_for_each_readout_and_perturbation(tmp_path: Path) -> None:
    file = tmp_path / "dose.svg"
    assert main([*GOLDILOCKS, *KNOCK_OUTS, "--figure", str(file)]) == 0
    texts = [e.text for e in ElementTree.parse(file).iter() if e.tag.endswith("text")]
    assert texts.count("Mass") == 1
    assert {"healthy", "LIFR=0", "window at 1", "window: closed"} <= set(texts)
    assert "window: open to the top from 1" in texts


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["dose", CORE], "--input"),
        (["dose", CORE, "--input", "LIF-dose"], "did you mean 'LIF_dose'"),
        ([*GOLDILOCKS, "--readout", "Weight"], "there is no component or phenotype 'Weight'"),
        ([*GOLDILOCKS, "--knock-out", "Lifr"], "did you mean 'LIFR'"),
        (["dose", CORE, "--input", "LIF", "--then", "Mass=3"], "Mass has levels 0 to 2"),
        (["dose", CORE, "--input", "LIF", "--first", "Mass"], "leaves open where"),
        ([*GOLDILOCKS, "--first", "Mass:3"], "Mass ends at 2"),
        ([*GOLDILOCKS, "--first", "Mass", "--update", "synchronous"], "asynchronous updates"),
        ([*GOLDILOCKS, "--first", "Mass", "--share", "1"], "go without --then"),
    ],
)
def test_that_what_cannot_be_asked_is_told_in_a_sentence(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert told in capsys.readouterr().err


PULSES = ["dose", CORE, "--input", "LIF_dose", "--for", "0,2,16", "--until", "16.5",
          "--readout", "Mass,Cachexia", "--scenario", "PHx"]  # fmt: skip


SHARES = ["dose", CORE, "--input", "LIF_dose", "--share", "0,50%,1", "--every", "8", "--until",
          "40", "--readout", "Mass,Cachexia", "--scenario", "PHx"]  # fmt: skip


def test_that_a_dose_can_be_given_for_different_times(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(PULSES) == 0
    text = words(capsys)
    assert "LIF_dose=2 in one pulse from time 0; read at 16.5" in text
    assert "Mass, mean level 1.98 1.99 0.28" in text
    assert "Mass falls at 2–16" in text
    assert "Cachexia rises at 2–16" in text


def test_that_a_dose_can_be_given_for_a_share_of_the_time(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(SHARES) == 0
    text = words(capsys)
    assert "LIF_dose=2 for a share of each cycle of 8; averaged over the last" in text
    assert "share of time 0 % 50 % 100 %" in text
    assert "Cachexia, mean level 0.00 0.39 1.00" in text
    assert "Mass falls at 50–100 %" in text
    assert "exact" in text


def test_that_a_dose_can_be_given_around_something_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """LIF before the operation helps more, the longer it has been there and goes on."""
    question = ["dose", CORE, "--input", "LIF_dose", "--level", "1", "--for", "0,2,10,20",
                "--scenario", "healthy", "--at", "10 set Mass=0", "--readout", "Mass",
                "--until", "20", "--settle", "5"]  # fmt: skip
    assert main([*question, "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    none, early, until_operation, throughout = (v["value"] for v in data["curves"][0]["values"])
    assert none < until_operation < throughout
    assert none == pytest.approx(early, abs=0.01)  # long gone
    assert main(question) == 0
    text = words(capsys)
    assert "Before time 0: it runs for 5" in text
    assert "Changes besides: at 10: set Mass=0" in text


@pytest.mark.parametrize("question", [PULSES, SHARES])
def test_that_pulses_follow_the_schema_and_have_a_figure(
    question: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    file = tmp_path / "pulses.svg"
    assert main([*question, "--format", "json", "--figure", str(file)]) == 0
    data = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(data)
    assert {curve["readout"]: curve["shape"] for curve in data["curves"]}["Mass"] == "threshold"
    assert main([*question, "--format", "csv"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1 + 2 * 3
    texts = [e.text for e in ElementTree.parse(file).iter() if e.tag.endswith("text")]
    assert {"Mass, mean level", "0", "2"} <= set(texts)
    assert any("LIF_dose=2" in text for text in texts if text)


@pytest.mark.parametrize(
    ("more", "told"),
    [(["--each"], "--for and --share go without"), (["--for", "1,x"], "'x' is not a time"),
     (["--until", "3"], "between 0 and the end at 3"), (["--share", "1"], "--for goes without"),
     (["--for", "2,1"], "ascending order")],
)  # fmt: skip
def test_that_pulses_that_make_no_sense_are_refused(
    more: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*PULSES, *more]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "told"),
    [(["--share", "0,half"], "'half' is not a share of time"),
     (["--share", "50%,150%"], "between 0 and 1"),
     (["--every", "7"], "40 is not a whole number of cycles of 7")],
)  # fmt: skip
def test_that_shares_that_make_no_sense_are_refused(
    more: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*SHARES, *more]) == 2
    assert told in capsys.readouterr().err


def test_that_what_belongs_to_pulses_is_not_ignored(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*GOLDILOCKS, "--every", "3"]) == 2
    assert "go with --for or --share" in capsys.readouterr().err
    assert main([*GOLDILOCKS, "--rate", "LIF=2"]) == 2
    assert "go with --first, --at-time, --for or --share" in capsys.readouterr().err


TIMED = ["--first", "Mass:2", "--at-time", "3", "--rate", "Mass=0.5"]


def test_that_a_dose_is_followed_in_time_with_the_rates_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    figure = tmp_path / "dose.svg"
    assert main([*GOLDILOCKS, *TIMED, "--knock-out", "LIFR", "--figure", str(figure)]) == 0
    text = words(capsys)
    assert "from Mass=0 on, with rates Mass at 0.5" in text
    assert "Mass:2 first never 8.028 never soonest at 1" in text
    assert "Mass:2 first, LIFR=0 never never never hardly changes" in text
    assert "Mass:2 comes later from LIF=2 on, by LIF → Cachexia ⊣ HepProlif → Mass" in text
    texts = [e.text for e in ElementTree.parse(figure).iter() if e.tag.endswith("text")]
    assert {"Mass:2 first (arbitrary units)", "Mass at 3", "soonest at 1"} <= set(texts)
    assert main([*GOLDILOCKS, *TIMED, "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
    validator.validate(data)
    first = data["response"]["times"][0]
    assert [value["outcome"] for value in first["values"]] == ["never", "always", "never"]
    assert first["best"] == 1
    assert data["guarantee"] == "exact"
    assert main([*GOLDILOCKS, *TIMED, "--format", "csv"]) == 0
    rows = list(csv.reader(capsys.readouterr().out.splitlines()))
    assert rows[4] == ["wild type", "Mass:2 first", "never", "8.028", "never", "soonest at 1"]
