"""The command line: what is printed where, and with which exit code."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from regnet.cli import COMMANDS, main

TOGGLE = """\
A, !B
B, !A
C, A | D
D, D
"""

MODEL = """\
regnet = 1
title = "Dose and damage"

[components.Dose]
levels = ["none", "low", "high"]

[components.Repair]
rule = "Dose & !Dose:2"

[components.Damage]
rule = "Dose:2 | Damage & !Repair"

[scenarios.overdose]
clamps = "Dose=2"

[scenarios.treated]
clamps = "Dose=1"

[[phenotypes]]
name = "damaged"
condition = "Damage"

[[experiments]]
id = "X1"
title = "Treatment repairs"
scenario.clamps = "Dose=1"
scenario.start = "Repair=0 Damage=1"
expect = [{ "every attractor" = "Repair & !Damage" }, { reachable = "Repair & Damage" }]

[[experiments]]
id = "X2"
title = "An overdose damages"
scenario.clamps = "Dose=2"
scenario.start = "Repair=0 Damage=0"
expect = [{ always = "!Repair" }]

[variants.robust]
title = "Repair works at any dose"
rules.Repair = "Dose"
"""


@pytest.fixture
def toggle(tmp_path: Path) -> str:
    path = tmp_path / "toggle.bnet"
    path.write_text(TOGGLE)
    return str(path)


@pytest.fixture
def model(tmp_path: Path) -> str:
    path = tmp_path / "dose.toml"
    path.write_text(MODEL)
    return str(path)


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command; return its exit code, output and messages."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return run


def answer(ask: Any, *arguments: str) -> Any:
    code, out, err = ask(*arguments, "--format", "json")
    assert (code, err) == (0, "")
    return json.loads(out)


# --- answers ---


def test_that_attractors_are_printed_with_what_differs_and_where_they_come_from(
    ask: Any, toggle: str
) -> None:
    code, out, err = ask("attractors", toggle, "--clamp", "D=0")
    assert (code, err) == (0, "")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert lines[0] == "toggle, D=0: 2 attractors"
    assert any(line.startswith("A1 fixed point 1 state") for line in lines)
    assert {"A 0 1", "A 1 0"} & set(lines)
    assert "At 0 in all: D" in lines
    assert "exact · asynchronous update · engine" in out


def test_that_the_json_of_attractors_names_every_component(ask: Any, toggle: str) -> None:
    found = answer(ask, "attractors", toggle, "--clamp", "D=0")
    assert found["network"]["components"] == ["A", "B", "C", "D"]
    assert found["update"] == "asynchronous"
    assert found["complete"] is True
    spaces = [attractor["space"] for attractor in found["attractors"]]
    assert {"A": 1, "B": 0, "C": 1, "D": 0} in spaces
    assert {"A": 0, "B": 1, "C": 0, "D": 0} in spaces


def test_that_update_start_and_cuts_reach_the_analysis(ask: Any, toggle: str) -> None:
    options = ["--clamp", "D=0", "--update", "synchronous", "--start", "A=0", "--start", "B=0 C=0"]
    (cycle,) = answer(ask, "attractors", toggle, *options)["attractors"]
    assert cycle["kind"] == "cyclic"
    assert cycle["space"]["A"] == [0, 1]
    cut = ["--clamp", "D=0", "--cut", "A->B"]
    (fixed,) = answer(ask, "attractors", toggle, *cut)["attractors"]
    assert fixed["space"]["B"] == 1


def test_that_a_scenario_is_found_by_name_and_options_win(ask: Any, model: str) -> None:
    found = answer(ask, "attractors", model, "--scenario", "overdose")
    assert [a["phenotypes"] for a in found["attractors"]] == [["damaged"]]
    found = answer(ask, "attractors", model, "--scenario", "overdose", "--clamp", "Dose=1")
    assert [a["space"]["Damage"] for a in found["attractors"]] == [0]


def test_that_fixed_points_and_trap_spaces_are_found(ask: Any, toggle: str) -> None:
    found = answer(ask, "fixed-points", toggle, "--clamp", "D=0")
    assert len(found["spaces"]) == 2
    found = answer(ask, "trap-spaces", toggle, "--clamp", "D=1")
    assert {"A": 1, "B": 0, "C": 1, "D": 1} in found["spaces"]
    found = answer(ask, "trap-spaces", toggle, "--clamp", "D=1", "--maximal")
    assert {"A": 1, "B": 0} in found["spaces"]
    code, out, _ = ask("trap-spaces", toggle, "--clamp", "D=1")
    assert code == 0
    assert "2 minimal trap spaces" in out


def test_that_a_screen_compares_each_perturbation_with_the_wild_type(ask: Any, model: str) -> None:
    found = answer(ask, "screen", model, "--contexts", "overdose", "treated")
    rows = {(row["context"], json.dumps(row["perturbation"])): row for row in found["rows"]}
    assert rows["treated", '{"Repair": 0}']["changed"] is True
    assert rows["overdose", '{"Repair": 0}']["changed"] is False
    assert rows["overdose", '{"Damage": 0}']["changed"] is True
    code, out, _ = ask("screen", model, "--contexts", "overdose", "treated")
    assert code == 0
    assert "wild type" in out
    assert "Nothing changes with: Repair=0" in out


def test_that_a_screen_in_several_processes_is_the_same(ask: Any, model: str) -> None:
    options = ["screen", model, "--scenario", "treated", "--order", "2", "--readouts", "Damage"]
    alone = answer(ask, *options, "--jobs", "1")
    assert answer(ask, *options, "--jobs", "2")["rows"] == alone["rows"]
    assert any(len(row["perturbation"]) == 2 for row in alone["rows"])


def test_that_experiments_that_hold_give_exit_0(ask: Any, model: str) -> None:
    code, out, err = ask("check", model)
    assert (code, err) == (0, "")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert lines[0].endswith("2 of 2 experiments hold")
    assert {"holds X1 Treatment repairs", "holds X2 An overdose damages"} <= set(lines)


def test_that_an_experiment_that_fails_gives_exit_1_and_is_shown(ask: Any, model: str) -> None:
    code, out, err = ask("check", model, "--variant", "robust")
    assert (code, err) == (1, "")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert {"fails X2 An overdose damages", "fails always: !Repair", "path: Repair=1"} <= set(lines)
    code, out, _ = ask("check", model, "--variant", "robust", "--format", "json")
    assert code == 1
    one, two = json.loads(out)["experiments"]
    assert (one["holds"], two["holds"]) == (True, False)
    (finding,) = two["expectations"]
    assert [state["Repair"] for state in finding["path"]] == [0, 1]


def test_that_junit_holds_a_test_for_each_experiment(ask: Any, model: str, tmp_path: Path) -> None:
    from xml.etree import ElementTree

    path = tmp_path / "results.xml"
    code, _, _ = ask("check", model, "--variant", "robust", "--junit", str(path))
    assert code == 1
    suite = ElementTree.parse(path).getroot()[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "1", "0")
    assert [case.get("name") for case in suite] == [
        "X1 Treatment repairs",
        "X2 An overdose damages",
    ]
    assert [len(case) for case in suite] == [0, 1]


def test_that_only_the_experiments_that_were_asked_for_are_run_and_told_in_full(
    ask: Any, model: str
) -> None:
    code, out, _ = ask("check", model, "--only", "X1")
    assert code == 0
    assert "X2" not in out
    assert "reachable: Repair & Damage" in out
    assert "path: Repair=1" in out


def test_that_sensitivity_tells_who_notices(ask: Any, model: str) -> None:
    found = answer(ask, "check", model, "--sensitivity", "--jobs", "1")
    by_change = {row["change"]: row["noticed"] for row in found["mutations"]}
    assert by_change["Repair -> Damage cut"] == ["X1"]
    assert by_change["Damage -> Damage cut"] == []
    code, out, _ = ask("check", model, "--sensitivity", "--jobs", "1")
    assert code == 0
    (unprotected,) = [line for line in out.splitlines() if "that no experiment protects" in line]
    assert "Damage -> Damage" in unprotected
    assert "Repair -> Damage" not in unprotected


def test_that_a_query_is_answered_with_a_path(ask: Any, model: str) -> None:
    start = ["--scenario", "treated", "--start", "Repair=0 Damage=1"]
    found = answer(ask, "query", model, "EF (Repair & !Damage)", *start)
    assert found["holds"] is True
    assert [state["Damage"] for state in found["path"]] == [1, 1, 0]
    found = answer(ask, "query", model, "AG Damage", *start)
    assert found["holds"] is False
    assert found["path"][-1]["Damage"] == 0
    code, out, _ = ask("query", model, "NEF Repair", "--start", "Dose=0 Repair=0 Damage=1")
    assert code == 0
    assert "!EF Repair holds" in out
    assert "Repair=0 is never left" in " ".join(out.split())


def test_that_csv_has_one_line_for_each_answer(ask: Any, toggle: str) -> None:
    code, out, _ = ask("attractors", toggle, "--clamp", "D=0", "--format", "csv")
    assert code == 0
    assert len(list(csv.DictReader(io.StringIO(out)))) == 2


def test_that_a_model_is_described(ask: Any, model: str) -> None:
    code, out, _ = ask("info", model)
    assert code == 0
    assert "Dose and damage" in out
    assert "overdose; treated" in out
    found = answer(ask, "info", model)
    assert {"source": "Dose", "target": "Repair", "sign": "±"} in found["edges"]


def test_that_engines_are_listed(ask: Any) -> None:
    assert {"explicit", "asp", "bdd"} <= {e["engine"] for e in answer(ask, "engines")["engines"]}


def test_that_a_model_is_converted_there_and_back(ask: Any, toggle: str, tmp_path: Path) -> None:
    code, _, _ = ask("convert", toggle, str(tmp_path / "toggle.toml"))
    assert code == 0
    code, _, _ = ask("convert", str(tmp_path / "toggle.toml"), str(tmp_path / "again.bnet"))
    assert code == 0
    before = answer(ask, "info", toggle)["network"]["digest"]
    assert answer(ask, "info", str(tmp_path / "again.bnet"))["network"]["digest"] == before


def test_that_a_report_is_written(ask: Any, model: str, tmp_path: Path) -> None:
    folder = tmp_path / "report"
    code, out, _ = ask("report", model, "-o", str(folder))
    assert code == 0
    for name in ("report.html", "report.pdf", "attractors.csv", "attractors.json", "reproduce.py"):
        assert (folder / name).stat().st_size > 0
        assert name in out


def test_that_hundreds_of_components_fit_into_80_columns(
    ask: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    path = tmp_path / "wide.bnet"
    rules = [f"gene_{n}, gene_{n - 1}" for n in range(1, 300)]
    path.write_text("\n".join(["gene_0, !other", "other, !gene_0", "off, 0", *rules]))
    target = tmp_path / "wide.txt"
    code, out, _ = ask("attractors", str(path), "-o", str(target))
    assert (code, out) == (0, "")
    text = target.read_text()
    assert max(map(len, text.splitlines())) <= 100
    assert "\x1b" not in text
    assert "At 0 in all: off" in text


# --- what goes wrong ---


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["attractorz"], "did you mean 'attractors'"),
        (["attractors"], "MODEL"),
        (["attractors", "{model}", "--frobnicate"], "--frobnicate"),
        (["attractors", "{model}", "--clamp", "Dosis=1"], "did you mean 'Dose'"),
        (["attractors", "{model}", "--clamp", "Dose=3"], "Dose has levels 0 to 2"),
        (["attractors", "{model}", "--clamp", "Dose"], "expected X=1"),
        (["attractors", "{model}", "--clamp", "Dose=1", "--clamp", "Dose=0"], "go together"),
        (["attractors", "{model}", "--cut", "Damage->Dose"], "nothing to cut"),
        (["attractors", "{model}", "--cut", "Damage-"], "expected A->B"),
        (["attractors", "{model}", "--scenario", "overdoze"], "did you mean 'overdose'"),
        (["attractors", "{model}", "--start", "Dosis=1"], "did you mean 'Dose'"),
        (["attractors", "{model}", "--update", "synchron"], "did you mean 'synchronous'"),
        (["attractors", "{model}", "--engine", "bdb"], "did you mean 'bdd'"),
        (["attractors", "{model}", "--limit", "0"], "above 0"),
        (["attractors", "{model}", "--timeout", "soon"], "seconds"),
        (["attractors", "{model}", "--format", "xml"], "table"),
        (["attractors", "missing.toml"], "missing.toml: there is no such file"),
        (["attractors", "{model}", "-o", "no/such/folder/file"], "cannot be written"),
        (["screen", "{model}", "--targets", "Damaged"], "did you mean 'Damage'"),
        (["screen", "{model}", "--readouts", "Doses"], "did you mean 'Dose'"),
        (["screen", "{model}", "--contexts", "treatet"], "did you mean 'treated'"),
        (["convert", "{model}", "model.xyz"], "unknown format"),
    ],
)
def test_that_a_mistake_is_one_sentence_and_exit_2(
    ask: Any, model: str, arguments: list[str], sentence: str
) -> None:
    code, out, err = ask(*(argument.format(model=model) for argument in arguments))
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.startswith("regnet: ")
    assert err.count("\n") == 1


def test_that_a_fault_in_a_model_is_located(ask: Any, tmp_path: Path) -> None:
    path = tmp_path / "faulty.bnet"
    path.write_text("A, B\nB, A & & C\n")
    code, _, err = ask("attractors", str(path))
    assert code == 2
    assert f"{path}, line 2, column 8" in err


def test_that_a_failed_write_leaves_the_old_file(ask: Any, model: str, tmp_path: Path) -> None:
    target = tmp_path / "answer.json"
    target.write_text("old")
    code, _, _ = ask("attractors", model, "--clamp", "Nothing=1", "-o", str(target))
    assert code == 2
    assert target.read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["answer.json", "dose.toml"]


def test_that_a_limit_gives_a_part_and_exit_3(ask: Any, toggle: str) -> None:
    code, out, _ = ask("fixed-points", toggle, "--limit", "1", "--format", "json")
    assert code == 3
    found = json.loads(out)
    assert len(found["spaces"]) == 1
    assert found["complete"] is False
    code, out, _ = ask("fixed-points", toggle, "--limit", "1")
    assert code == 3
    assert "Incomplete" in out


# --- help ---


def test_that_help_lists_every_command(ask: Any) -> None:
    code, out, _ = ask("--help")
    assert code == 0
    assert all(name in out for name in COMMANDS)
    assert ask() == (0, out, "")


@pytest.mark.parametrize("name", list(COMMANDS))
def test_that_each_command_explains_itself_with_an_example(ask: Any, name: str) -> None:
    code, out, _ = ask(name, "--help")
    assert code == 0
    assert f"regnet {name}" in out.partition("example:")[2]


# --- as a program ---


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Programs that we start can be interrupted, even where we cannot be (in the background)."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def program(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "regnet", *arguments]


def test_that_a_reader_that_stops_early_is_no_error(toggle: str) -> None:
    read, write = os.pipe()
    os.close(read)
    result = subprocess.run(program("info", toggle), stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert (result.returncode, result.stderr) == (0, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
@pytest.mark.usefixtures("interruptible")
def wait_for_work(pid: int, seconds: float) -> None:
    """Wait until a process has computed for so long; without /proc, for so long."""
    began = time.monotonic()
    while True:
        time.sleep(0.05)
        try:
            user, system = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
            worked = (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
        except OSError:
            worked = time.monotonic() - began
        if worked >= seconds or time.monotonic() - began > 60:
            return


def test_that_ctrl_c_prints_what_was_found_and_exits_with_130(tmp_path: Path) -> None:
    path = tmp_path / "many.bnet"
    # 2^24 fixed points: more than anybody waits for.
    path.write_text("".join(f"a{n}, !b{n}\nb{n}, !a{n}\n" for n in range(24)))
    for wait in (0.7, 1.5, 4):  # until the first is found
        with subprocess.Popen(
            program("fixed-points", str(path), "--format", "json", "--limit", str(10**9)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            wait_for_work(process.pid, wait)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        assert process.returncode == 130
        assert "Traceback" not in err
        if out and json.loads(out)["spaces"]:
            break
    found = json.loads(out)
    assert found["complete"] is False
    assert found["spaces"]
