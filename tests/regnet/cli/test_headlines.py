"""What the first line of an answer says, held against the record of the same question."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path

import pytest

from regnet.cli import COMMANDS, EXIT_CODES, main
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

LEVELS = """regnet = 1
[components.x]
top = 2
rule.2 = "!y & u"
rule.1 = "!y"
[components.y]
top = 2
rule.2 = "x<1 & !u"
rule.1 = "x<1"
[components.z]
rule = "x:2 & u"
[components.u]
[[experiments]]
id = "E"
title = "x can rise"
expect = [{ reachable = "x:2" }]
"""
MODELS = {
    "one.bnet": "x, !x\n",
    "several.bnet": "x, !y\ny, !x\nz, x & u\nu, u\n",
    "levels.toml": LEVELS,
}
FOUR = {
    "free": [],
    "partial": ["--start", "x=0"],
    "full": [w for n in ("x=0", "y=1", "z=0", "u=1") for w in ("--start", n)],
}
STARTS: dict[str, dict[str, list[str]]] = {
    "one.bnet": {"free": [], "full": ["--start", "x=0"]},
    "several.bnet": FOUR,
    "levels.toml": {"partial": FOUR["partial"]},
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
        (tmp_path / name).write_text(text)
    for _, model, start, update, limit in [case for case in CASES if case[0] == command]:
        asked = [command, str(tmp_path / model), *STARTS[model][start]]
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
        assert "listed, some undecided" in said
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
    for name, start in product(("several.bnet", "levels.toml"), FOUR.values()):
        (tmp_path / name).write_text(MODELS[name])
        answers = {}
        for command in NOUNS:
            asked = [command, str(tmp_path / name), *start, "--update", update]
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


OTHERS = ["query", "control", "screen", "dose", "commitment", "explain", "compare", "simulate"]
ONLY_STEPS = ("simulate",)
"""Commands that answer asynchronous updates only."""


@pytest.mark.parametrize("command", OTHERS)
def test_that_other_answers_say_what_is_not_decided(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    updates = UPDATES[:1] if command in ONLY_STEPS else UPDATES[:2]
    for name, start, update, limit in product(
        ("several.bnet", "levels.toml"), ("free", "full"), updates, ("no limit", "little time")
    ):
        model = tmp_path / name
        model.write_text(MODELS[name])
        asked = [*asked_of(command, model, tmp_path), *FOUR[start]]
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
                    total = 7 if name == "several.bnet" else 9
                    assert line.endswith(f"the time limit was reached after 0 of {total} rows")
                assert (f"{unsure} are not decided" in line) is bool(unsure)
            case "commitment":
                ends = len(record["ends"])
                if not record["complete"]:
                    assert "found before the time limit, so where it ends is open" in line
                elif ends == 1:
                    assert "only one attractor can be reached" in line
                else:
                    assert f"{ends} attractors can be reached from the start" in line
            case "explain":
                assert (record["explanations"] == []) is not record["complete"]
                assert (
                    line.endswith("no attractor found before the time limit")
                    is not (record["complete"])
                )
            case "compare":
                number = len(record["pairs"])
                assert line.endswith(f"{number or 'no'} pair{'' if number == 1 else 's'}")
                said = "no attractors were found that could be compared"
                assert (said in record["sentence"]) is not record["complete"]
            case "simulate":
                assert "time courses from 0 to 1" in line
                assert (record["guarantee"] == "exact") is record["complete"]
                assert ("the time limit was reached before all states" in record["why"]) is not (
                    record["complete"]
                )


def test_that_a_check_says_what_is_not_decided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "levels.toml"
    model.write_text(LEVELS)
    for limit, (code, said) in {
        "no limit": (0, "1 of 1 experiment hold"),
        "little time": (3, "no experiment was judged; the time limit was reached after 0 of 1"),
    }.items():
        asked = ["check", str(model), *LIMITS[limit]]
        assert main([*asked, "--format", "json"]) == code
        record = json.loads(capsys.readouterr().out)
        assert main(asked) == code
        line = heading_of(capsys.readouterr().out)
        assert line.startswith(f"levels: {said}"), line
        assert record["complete"] is (code == 0)


def test_that_each_limit_of_a_part_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "levels.toml"
    model.write_text(LEVELS)
    for command in ("screen", "dose", "compare", "check"):
        asked = [*asked_of(command, model, tmp_path), "--timeout-each", "1e-9"]
        assert main([*asked, "--format", "json"]) == 3, command
        record = json.loads(capsys.readouterr().out)
        assert not record["complete"], command
        assert record["missing"], command


def test_that_help_lists_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    for code in EXIT_CODES:
        assert re.search(rf"^  {code} ", told, re.MULTILINE)
