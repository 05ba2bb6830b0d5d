"""Real files of every format, against what the tools that wrote them say they mean.

The files and the oracles (states and the levels that each component heads for there, computed by
GINsim, bioLQM, biodivine_aeon and cmaboss) are not in the repository, and these tests are skipped
where they are absent. A sample runs by default, all of them with ``--run-slow``.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from regnet.errors import ParseError, RegnetError
from regnet.files import read_file
from regnet.formats import FORMATS, Reading, Source, find_format, read
from regnet.formats import Format as FileFormat
from regnet.interchange import compare_functions
from regnet.portable import UNKNOWN
from tests.conftest import find_shared

SHARED = find_shared("corpus")
FOLDER = None if SHARED is None else SHARED / "formats"
INDEX: list[dict[str, str]] = []
if FOLDER is not None and (FOLDER / "INDEX.csv").exists():
    with (FOLDER / "INDEX.csv").open(encoding="utf-8") as stream:
        INDEX = list(csv.DictReader(stream))

pytestmark = pytest.mark.skipif(not INDEX, reason="the corpus is not beside the repository")

NAMES = {
    "bnet": "bnet", "boolnet": "bnet", "booleannet": "booleannet", "exprtext": "expressions",
    "boolfunctions": "expressions", "aeon": "aeon", "bma": "bma", "cnet": "cnet",
    "truthtable": "truthtable", "primes": "primes", "cna": "cna",
}  # fmt: skip
"""Format in the index -> ours, as it is found by name and content."""

REFUSED = {
    "aeon/084_ABA-INDUCED-STOMATAL-CLOSURE__source.raw.aeon": (167, "no edge from RCN1 to RBOH"),
    "cna/173_GLUCOSE-REPRESSION-SIGNALLING__source.reactions": (24, "coefficient 2"),
    "pbn/5-2.sobj.txt": (1, "no rule"),
    "pbn/8-4.sobj.txt": (1, "no rule"),
}
"""Files that are wrong, or of a kind that regnet does not read: line, and words of the sentence."""

LARGEST_FAST = 6_000
"""Bytes of a file that is in the sample."""


def files(*formats: str) -> list[Any]:
    """Return the files of some formats; all but a few small ones are marked slow."""
    found = []
    seen: dict[str, int] = {}
    for row in INDEX:
        if row["format"] in formats and row["file"] not in REFUSED:
            seen[row["format"]] = seen.get(row["format"], 0) + 1
            slow = int(row["bytes"] or 0) > LARGEST_FAST or seen[row["format"]] > 6
            found.append(pytest.param(row, id=row["file"], marks=pytest.mark.slow if slow else ()))
    return found


def path_of(row: dict[str, str]) -> Path:
    assert FOLDER is not None
    return FOLDER / row["file"]


def read_row(row: dict[str, str]) -> tuple[FileFormat, Reading]:
    """Return a file as it is read, unknown functions kept."""
    path = path_of(row)
    format = find_format(str(path), read_file(path))
    options = {"unknown": "keep"} if format.name == "aeon" else {}
    return format, read(path, **options)


@pytest.mark.parametrize("row", files(*NAMES))
def test_that_a_file_is_known_by_its_name_and_content(row: dict[str, str]) -> None:
    path = path_of(row)
    assert find_format(str(path), read_file(path)).name == NAMES[row["format"]]


@pytest.mark.parametrize("row", [p for p in files(*NAMES) if p.values[0]["oracle"]])
def test_that_functions_are_those_of_the_tool_it_came_from(row: dict[str, str]) -> None:
    _, reading = read_row(row)
    network = reading.project.network
    assert FOLDER is not None
    oracle = json.loads((FOLDER / row["oracle"]).read_text())
    unknown = {k.component for k in reading.project.kept if k.what == UNKNOWN}
    order = _matched(network.names, [c["id"] for c in oracle["components"]])
    assert [network[name].top for name in order] == [c["max"] for c in oracle["components"]]
    for sample in oracle["samples"]:
        state = dict(zip(order, sample["state"], strict=True))
        for name, expected in zip(order, sample["target"], strict=True):
            if expected is not None and name not in unknown:
                assert network.target(name, state) == expected, name


def _matched(names: tuple[str, ...], ids: list[str]) -> list[str]:
    """Return the names in the order of the oracle's, by name where they agree, else by place."""
    if set(names) == set(ids):
        return ids
    plain = {"".join(c for c in name if c.isalnum()).lower(): name for name in names}
    keys = ["".join(c for c in i if c.isalnum()).lower() for i in ids]
    if len(plain) == len(names) == len(set(keys)) and set(keys) == set(plain):
        return [plain[key] for key in keys]
    assert len(names) == len(ids)
    return list(names)


@pytest.mark.parametrize("row", files(*NAMES))
def test_that_functions_survive_a_round_trip_and_the_second_writing_is_the_first(
    row: dict[str, str],
) -> None:
    format, reading = read_row(row)
    if not format.writes:
        return
    options = {"unknown": "keep"} if format.name == "aeon" else {}
    before = reading.project
    if format.name == "truthtable" and len(before.network) > 12:
        return
    written = format.write(before)
    assert isinstance(written.content, str)
    again = format.read(Source("again", written.content.encode()), **options).project
    same = compare_functions(before.network, again.network)
    assert not same.differing
    assert again.network.names == before.network.names
    assert again.network.tops == before.network.tops
    assert again.network.inputs == before.network.inputs
    assert format.write(again).content == written.content


@pytest.mark.parametrize("file", REFUSED)
def test_that_a_file_that_is_wrong_is_refused_with_its_place(file: str) -> None:
    assert FOLDER is not None
    if not (FOLDER / file).exists():
        pytest.skip("not in this part of the corpus")
    line, words = REFUSED[file]
    with pytest.raises(ParseError) as caught:
        read(FOLDER / file)
    assert words in caught.value.message
    assert caught.value.line == line


@pytest.mark.parametrize("row", files("aeon"))
def test_that_unknown_functions_are_refused_for_analysis(row: dict[str, str]) -> None:
    _, reading = read_row(row)
    if any(k.what == UNKNOWN for k in reading.project.kept):
        with pytest.raises(ParseError, match="not known"):
            read(path_of(row))


@pytest.mark.parametrize("row", files("sif", "pint-an"))
def test_that_other_files_are_refused_in_a_sentence(row: dict[str, str]) -> None:
    with pytest.raises(RegnetError):
        read(path_of(row))


def test_that_every_format_in_the_index_is_tested_somewhere() -> None:
    others = {"sif", "pint-an", "pbn"}
    xml = {"sbml-qual", "sbml-qual-validator", "ginml", "zginml", "maboss", "cellcollective"}
    assert {row["format"] for row in INDEX} <= {*NAMES, *others, *xml}
    assert set(NAMES.values()) <= set(FORMATS)
