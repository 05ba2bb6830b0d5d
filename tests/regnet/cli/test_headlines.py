"""What the first line of an answer says, held against the record of the same question."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path

import pytest

from regnet.cli import COMMANDS, main
from regnet.scenario import UPDATES

ASKED = {
    "info": [],
    "attractors": [],
    "fixed-points": [],
    "trap-spaces": [],
    "screen": ["--jobs", "1"],
    "query": ["EF {x}"],
    "control": ["--target", "{x}", "--max-size", "1"],
    "simulate": ["--until", "1", "--points", "2", "--jobs", "1"],
    "dose": ["--input", "{x}", "--jobs", "1"],
    "explain": ["{x}"],
    "compare": [],
    "commitment": ["--steps", "3"],
    "check": [],
    "report": ["--forms", "json", "-o", "{out}"],
    "convert": ["{out}/model.bnet"],
}
"""Every command that reads a model, with what it needs besides; {x} is a component."""


def asked_of(command: str, model: Path, out: Path, component: str = "x") -> list[str]:
    return [
        command,
        str(model),
        *(word.format(x=component, out=out) for word in ASKED[command]),
    ]


def test_that_every_command_that_reads_a_model_is_asked() -> None:
    assert COMMANDS.keys() - ASKED.keys() == {"formats", "gui", "engines"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("empty.bnet", ""),
        ("empty.rules", "# no rule\n"),
        ("empty.json", '{"Model": {"Variables": [], "Relationships": []}}'),
        ("empty.toml", 'regnet = 1\nname = "n"\n'),
    ],
)
def test_that_a_model_without_components_is_refused_in_a_sentence(
    name: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / name
    model.write_text(text)
    for command in ASKED:
        assert main(asked_of(command, model, tmp_path)) == 2, command
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err == f"regnet: {model}: no component and no rule in this file\n"


# --- the matrix ------------------------------------------------------------------------------

MODELS = {
    "one": "x, !x\n",
    "several": "x, !y\ny, !x\nz, x & u\nu, u\n",
}
STARTS: dict[str, dict[str, list[str]]] = {
    "one": {"free": [], "full": ["--start", "x=0"]},
    "several": {
        "free": [],
        "partial": ["--start", "x=0"],
        "full": [w for n in ("x=0", "y=1", "z=0", "u=1") for w in ("--start", n)],
    },
}
LIMITS = {"no limit": [], "little time": ["--timeout", "1e-9"], "one": ["--limit", "1"]}
NOUNS = {"attractors": "attractor", "fixed-points": "fixed point", "trap-spaces": "trap space"}
CASES = [
    (command, model, start, update, limit)
    for command, (model, starts), update, limit in product(NOUNS, STARTS.items(), UPDATES, LIMITS)
    for start in starts
]


def heading_of(text: str) -> str:
    """Return the first paragraph of an answer, on one line."""
    return " ".join(text.split("\n\n")[0].split())


@pytest.mark.parametrize("command", NOUNS)
def test_that_the_first_line_says_what_the_record_says(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in MODELS.items():
        (tmp_path / f"{name}.bnet").write_text(text)
    for _, model, start, update, limit in [case for case in CASES if case[0] == command]:
        asked = [command, str(tmp_path / f"{model}.bnet"), *STARTS[model][start]]
        asked += ["--update", update, *LIMITS[limit]]
        code = main([*asked, "--format", "json"])
        record = json.loads(capsys.readouterr().out)
        assert main(asked) == code, asked
        line = heading_of(capsys.readouterr().out)
        check_heading(command, line, record, limit)
        assert code == (0 if record["complete"] else 3)
        assert ("from" in line) is bool(record["start"]), line


def check_heading(command: str, line: str, record: dict, limit: str) -> None:  # type: ignore[type-arg]
    found = record["attractors" if command == "attractors" else "spaces"]
    said = line.split(": ", 1)[1]
    number = re.search(r"\d+", said)
    if record["complete"]:
        assert record["guarantee"] == "exact"
        assert f"{len(found) or 'no'} " in said
        assert "limit" not in said
    elif limit == "no limit":  # only most-permissive updates from a start leave anything open
        assert "listed, not all is decided" in said
        assert record["update"] == "most-permissive"
        assert record["start"]
    elif limit == "one":
        assert said.startswith("the first "), line
        assert len(found) == 1
    else:
        assert "found before the time limit" in said, line
        assert said.startswith("no ") is not bool(found), line
        assert number is None or int(number[0]) >= 1
    if command == "attractors":
        shown = sum(a.get("valuations", 1) for a in found)
        unsure = record["update"] == "most-permissive" and record["start"]
        assert record["at_least"] >= (1 if unsure else max(1, shown))
        assert record["total"] in (None, record["at_least"])


@pytest.mark.parametrize("update", UPDATES)
def test_that_attractors_fixed_points_and_trap_spaces_of_a_start_agree(
    update: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "several.bnet").write_text(MODELS["several"])
    for start in STARTS["several"].values():
        answers = {}
        for command in NOUNS:
            asked = [command, str(tmp_path / "several.bnet"), *start, "--update", update]
            assert main([*asked, "--format", "json"]) in (0, 3)
            answers[command] = json.loads(capsys.readouterr().out)
        if all(answer["complete"] for answer in answers.values()):
            fixed = sum(
                a.get("valuations", 1)
                for a in answers["attractors"]["attractors"]
                if a["kind"] == "fixed point"
            )
            assert len(answers["fixed-points"]["spaces"]) == fixed


WORDS = {True: "holds", False: "does not hold", None: "is not decided"}


@pytest.mark.parametrize("command", ["query", "control", "screen", "dose", "commitment"])
def test_that_other_answers_say_what_is_not_decided(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "several.bnet"
    model.write_text(MODELS["several"])
    for start, update, limit in product(("free", "full"), UPDATES[:2], ("no limit", "little time")):
        asked = [*asked_of(command, model, tmp_path), *STARTS["several"][start]]
        asked += ["--update", update, *LIMITS[limit]]
        code = main([*asked, "--format", "json"])
        record = json.loads(capsys.readouterr().out)
        assert main(asked) == code == (0 if record["complete"] else 3), asked
        text = capsys.readouterr().out
        line = heading_of(text)
        assert record["complete"] is (limit == "no limit"), record["missing"]
        assert ("Incomplete: " in text) is not record["complete"]
        assert (record["missing"] == "") is record["complete"]
        match command:
            case "query":
                assert line.endswith(WORDS[record["holds"]])
            case "control":
                number = len(record["interventions"])
                said = f"{number} smallest set" if record["complete"] else "nothing found yet"
                assert said in line
            case "screen":
                rows = [row for row in record["rows"] if row["perturbation"]]
                changed = sum(row["changed"] is True for row in rows)
                unsure = sum(row["changed"] is None for row in rows)
                if limit == "no limit":
                    assert f"{len(rows)} perturbations, {changed} change" in line
                else:
                    assert line.endswith("the time limit was reached after 0 of 7 rows")
                assert (f"{unsure} are not decided" in line) is bool(unsure)
            case "commitment":
                ends = len(record["ends"])
                if not record["complete"]:
                    assert "found before the time limit, so where it ends is open" in line
                elif ends == 1:
                    assert "can end in one attractor only" in line
                else:
                    assert f"can end in {ends} attractors" in line
