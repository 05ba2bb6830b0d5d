"""Large screens on the command line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from regnet.cli import DONE, INCOMPLETE, USER_ERROR, main

RULES = {"A": "!B | C", "B": "!A", "C": "A & !D | B", "D": "C"}


@pytest.fixture
def model(tmp_path: Path) -> str:
    path = tmp_path / "four.toml"
    text = "regnet = 1\n" + "".join(
        f'[components.{name}]\nrule = "{rule}"\n' for name, rule in RULES.items()
    )
    path.write_text(text + '[[phenotypes]]\nname = "both"\ncondition = "A & C"\n')
    return str(path)


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["screen", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_that_a_folder_is_filled_refused_and_gone_on_with(model, tmp_path, capsys):
    folder = str(tmp_path / "screen")
    code, out, _ = told(capsys, model, "--order", "3", "-o", folder, "--jobs", "1")
    assert code == DONE
    assert f"All 65 rows are in {folder}" in " ".join(out.split())
    code, _, err = told(capsys, model, "--order", "3", "-o", folder)
    assert code == USER_ERROR
    assert err.count("\n") == 1
    assert "--resume" in err
    code, again, _ = told(capsys, model, "--order", "3", "-o", folder, "--resume")
    assert code == DONE
    assert again.splitlines()[0] == out.splitlines()[0]


def test_that_triples_are_written_as_csv_and_json(model, capsys):
    code, out, _ = told(capsys, model, "--order", "3", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == DONE
    assert len(rows) == 1 + 8 + 24 + 32
    assert rows[0]["changed"] == "reference"
    _, out, _ = told(capsys, model, "--order", "3", "--format", "json")
    assert len(json.loads(out)["rows"]) == len(rows)


def test_that_what_stands_out_is_told_as_table_csv_and_json(model, capsys):
    options = [model, "--order", "2", "--synergy", "--essential", "--lethal"]
    code, out, _ = told(capsys, *options)
    assert code == DONE
    assert "Only together: " in out
    _, out, _ = told(capsys, *options, "--format", "csv")
    listed = [row for row in csv.DictReader(io.StringIO(out)) if row["finding"] == "synergy"]
    _, out, _ = told(capsys, *options, "--format", "json")
    assert json.loads(out)["synergies"]["count"] == len(listed)


def test_that_options_that_need_a_folder_say_so(model, capsys):
    for options in (
        ["--resume"],
        ["--cluster", "tcp://x:1"],
        ["--format", "parquet"],
    ):
        code, _, err = told(capsys, model, *options)
        assert code == USER_ERROR
        assert "-o FOLDER" in err
    code, _, err = told(capsys, model, "--order", "3", "--engine", "bdd")
    assert code == USER_ERROR
    assert "--engine" in err


def test_that_phenotypes_alone_count_no_attractors(model, capsys):
    _, out, _ = told(capsys, model, "--phenotypes-only", "--readouts", "D", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert {row["attractors"] for row in rows} == {""}
    assert any(row["D"] != rows[0]["D"] for row in rows)


def test_that_phenotypes_are_counted_where_attractors_are_not(tmp_path, capsys):
    path = tmp_path / "two.toml"
    path.write_text(
        'regnet = 1\n[components.A]\nrule = "!B"\n[components.B]\nrule = "!A"\n'
        '[[phenotypes]]\nname = "on"\ncondition = "A"\n'
    )
    _, out, _ = told(capsys, str(path), "--phenotypes-only", "--format", "csv")
    found = {row["perturbation"]: row["on"] for row in csv.DictReader(io.StringIO(out))}
    assert found == {"wild type": "1", "A=0": "0", "A=1": "1", "B=0": "1", "B=1": "0"}


def test_that_what_nobody_can_answer_is_said_before_anything_is_computed(model, tmp_path, capsys):
    code, _, err = told(capsys, model, "--synergy")
    assert (code, err.count("\n")) == (USER_ERROR, 1)
    assert "--order 2" in err
    plain = tmp_path / "plain.bnet"
    plain.write_text("A, !B\nB, !A\n")
    code, _, err = told(capsys, str(plain), "--essential")
    assert (code, err.count("\n")) == (USER_ERROR, 1)
    assert "phenotypes" in err


def test_that_a_screen_that_ran_out_of_time_says_so_and_goes_on(model, tmp_path, capsys):
    folder = str(tmp_path / "screen")
    code, out, _ = told(capsys, model, "-o", folder, "--timeout", "0.0001")
    assert code == INCOMPLETE
    assert "Incomplete: 0 of 9 rows are there" in out
    assert "--resume continues" in " ".join(out.split())
    code, out, _ = told(capsys, model, "-o", folder, "--resume")
    assert code == DONE
    assert "All 9 rows" in out


def test_that_many_readouts_are_told_by_what_changes(tmp_path, capsys):
    path = tmp_path / "chain.bnet"
    path.write_text("A0, A0\n" + "".join(f"A{i}, A{i - 1}\n" for i in range(1, 30)))
    names = [f"A{i}" for i in range(30)]
    code, out, _ = told(capsys, str(path), "--readouts", *names)
    assert code == DONE
    assert "what changes" in out
    assert "A29=0" in out
    assert "and 22 more" in " ".join(out.split())
