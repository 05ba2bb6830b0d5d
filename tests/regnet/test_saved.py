import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from regnet.errors import FormatError
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project
from regnet.questions import QUESTIONS, ask, question_of, summary_of
from regnet.records.codec import VERSION, current, decode, encode
from regnet.report import repeat
from regnet.saved import read_kept, write_kept
from regnet.version import VERSION as VERSION_NOW

HERE = Path(__file__).parent / "saved"
NETWORK = LogicalNetwork(
    (
        Component("Dose", top=2),
        Component("A", Rule.of("!B & Dose")),
        Component("B", Rule.of("!A")),
        Component("C", Rule.of("A & !D | Dose:2")),
        Component("D", Rule.of("C")),
    ),
    name="toggle",
)
"""What the answers in the folder are about."""

SAYS = {
    "attractors": "exact ✓ 5 attractors (4 fixed points, 1 cyclic)",
    "fixed-points": "exact ✓ 4 fixed points",
    "trap-spaces": "1 minimal trap space; only the first 1 were looked for",
    "screen": "12 rows, 6 differ from the wild type",
    "compare": "From low to given: “on” is gained; 1 stays as it is.",
    "query": "exact ✓ EF A holds",
    "control": "exact ✓ 2 smallest sets for on",
    "simulate": "exact ✓ solved",
    "dose": "exact ✓ D rises at 1 and 2, on rises at 1, off falls at 1",
    "pulses": "D rises at 0–1",
    "explain": "exact ✓ A at 0 in A1, at 1 in A2",
    "commitment": "exact ✓ 1 point of no return, settled from step 1 on",
    "check": "exact ✓ 2 of 2 experiments hold",
    "sensitivity": "exact ✓ experiments notice 5 of 12 mutations",
    "robustness": "sampled ✓ expectations about time 0 of 1 hold under every set of rates drawn",
    "conditions": "exact ✓ 2 conditions",
    "variants": "2 of 2 experiments tell the model and its 2 variants apart",
}
"""Question -> what its saved answer says; how sure pulses are is left out."""

SINCE = {"robustness": 1, "variants": 1, "conditions": 1}
"""Question -> the version in which it is saved for the first time, where that is not 0."""


@pytest.mark.parametrize("version", range(VERSION + 1))
def test_that_answers_of_every_version_are_read(version: int, tmp_path: Path) -> None:
    shutil.copytree(HERE / f"version-{version}", tmp_path / "copy")
    found, unread = read_kept(str(tmp_path / "copy"), NETWORK)
    assert unread == 0
    assert {kept.title: summary_of(kept.value).partition(" (8")[0].partition(" (9")[0]
            for kept in found} == {k: says for k, says in SAYS.items()
                                   if version >= SINCE.get(k, 0)}  # fmt: skip
    assert SAYS.keys() == QUESTIONS.keys()
    for kept in found:
        question = question_of(kept.value)
        assert question is not None
        assert question.type is type(kept.value)
        if kept.title == "screen":
            assert kept.asked.network is NETWORK
            assert len(kept.value.rows) == 12
        if version and not question.of_project:
            asked = kept.value.origin.asked
            assert asked.question == kept.title
            assert type(ask(asked, Project(NETWORK))) is question.type


def test_that_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    found, _ = read_kept(str(HERE / f"version-{VERSION}"), NETWORK)
    for kept in found:
        write_kept(tmp_path, kept.stem, kept.title, kept.value, kept.asked)
    again, unread = read_kept(str(tmp_path), NETWORK)
    assert unread == 0
    assert again == found


def test_that_the_answers_of_another_network_are_read_without_their_setup() -> None:
    other = NETWORK.with_rule("A", Rule.of("B"))
    found, unread = read_kept(str(HERE / f"version-{VERSION}"), other)
    assert (len(found), unread) == (len(QUESTIONS), 0)
    assert all(kept.asked is None for kept in found)


@pytest.mark.parametrize(
    "data",
    [
        {"is": "system", "command": "true"},
        {"is": "load", "path": "x"},
        {"is": "Cut", "nobody": 1},
        {"is": "Nobody"},
        {"is": "os:system"},
    ],
)
def test_that_only_the_classes_of_an_answer_are_made(data: dict[str, Any]) -> None:
    with pytest.raises(FormatError):
        decode(data, "attractors")


def test_that_a_later_version_and_an_unknown_question_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="later regnet"):
        current({}, VERSION + 1)
    with pytest.raises(FormatError, match="no question 'dice'"):
        decode({"is": "Cut"}, "dice")
    with pytest.raises(TypeError, match="no part of an answer"):
        encode(object(), "attractors")
    text = (HERE / f"version-{VERSION}" / "00-attractors.json").read_text("utf-8")
    newer = text.replace('"version":1', '"version":99', 1)
    (tmp_path / "1.json").write_text(newer, "utf-8")
    (tmp_path / "2.json").write_text("{", "utf-8")
    assert read_kept(str(tmp_path), NETWORK) == ((), 2)


def test_that_a_saved_answer_can_be_repeated_as_a_record() -> None:
    found, _ = read_kept(str(HERE / f"version-{VERSION}"), NETWORK)
    (few,) = [kept.value for kept in found if kept.title == "trap-spaces"]
    project = Project(NETWORK)
    record = QUESTIONS["trap-spaces"].to_json(few, project, timed=False) | {"regnet": VERSION_NOW}
    assert repeat(project, json.loads(json.dumps(record))) == json.loads(json.dumps(record))
