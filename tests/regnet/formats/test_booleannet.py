"""BooleanNet: every way of writing it reads as it is meant; starts and ranks are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from regnet.errors import ParseError
from regnet.exchange.interchange import compare_functions
from regnet.formats import load, loads
from regnet.formats.aeon import read as read_aeon
from regnet.formats.booleannet import START, read, write
from regnet.network import Component, LogicalNetwork
from regnet.project import Project
from regnet.scenario import Scenario
from regnet.space import Space


def rules(text: str, **options: str) -> dict[str, str]:
    """Return the rules of a text, inputs as empty strings."""
    network = read(text, **options).project.network
    return {c.name: str(c.rule.reaches(1)) if c.rule else "" for c in network.components}


PLAIN = {"A": "!B", "B": "A & B"}

# The text, and what it means.
READS = {
    "plain": ("A* = not B\nB* = A and B\n", PLAIN),
    "blanks around the star": ("A *= not B\nB * = A and B\n", PLAIN),
    "capital words": ("A* = NOT B\nB* = A AND B\n", PLAIN),
    "signs": ("A* = !B\nB* = A & B\n", PLAIN),
    "not with a parenthesis": ("A* = not(B)\nB* = (A)and(B)\n", PLAIN),
    "comments": ("# c\nA* = not B # d\n\nB* = A and B\n# e\n", PLAIN),
    "CRLF and a byte order mark": ("\ufeffA* = not B\r\nB* = A and B\r\n", PLAIN),
    "AND before OR": ("A* = B or C and not D\n", {"A": "B | C & !D", "B": "", "C": "", "D": ""}),
    "names": ("IL-2* = not Ca2+c\nCa2+c* = IL-2\n", {"IL-2": '!"Ca2+c"', "Ca2+c": "IL-2"}),
    "names like words": ("A* = notB\nnotB* = A\n", {"A": "notB", "notB": "A"}),
    "constants": ("A* = True\nB* = 0\n", {"A": "1", "B": "0"}),
    "inputs": ("A* = A\nB* = A and C\n", {"A": "", "B": "A & C", "C": ""}),
    "ranks": ("1: A* = not B\n10: B* = A and B\n", PLAIN),
    "values of what has no rule": ("C = True\nA* = C\n", {"A": "C", "C": ""}),
    "prose above": ("Table S1. Rules\nA* = not B\nB* = A and B\n", PLAIN),
    "nothing": ("", {}),
}


@pytest.mark.parametrize(("text", "meaning"), READS.values(), ids=READS)
def test_that_every_way_of_writing_reads_as_it_is_meant(text: str, meaning: dict[str, str]) -> None:
    assert rules(text) == meaning


# The text; line and column of the fault; words of the sentence.
REFUSALS = {
    "two rules": ("A* = B\nA* = not B\n", 2, 1, "line 1 defines it differently"),
    "no star": ("A* = B\nB = A\n", 2, 4, "'A' is no initial value"),
    "no rule": ("A* = \n", 1, 6, "the rule is empty"),
    "no value": ("A* = B\nB = \n", 2, 4, "a value is missing"),
    "no target": ("* = B\n", 1, 1, "target is missing"),
    "a constant as target": ("True* = B\n", 1, 1, "cannot be the name"),
    "a blank in a name": ("A x* = B\n", 1, 1, "holds a blank"),
    "prose below a rule": ("A* = B\nas said above\n", 2, 14, "no *="),
    "prose only": ("Dear editor,\nthanks\n", 1, 1, "no rule"),
    "a sign in a name": ("A&B* = C\n", 1, 2, "'&' cannot stand"),
    "an open parenthesis": ("A* = (B\n", 1, 6, "never closed"),
}


@pytest.mark.parametrize(("text", "line", "column", "words"), REFUSALS.values(), ids=REFUSALS)
def test_that_a_wrong_line_is_refused_with_its_place(
    text: str, line: int, column: int, words: str
) -> None:
    with pytest.raises(ParseError) as caught:
        read(text, "some.txt")
    assert words in caught.value.message
    assert (caught.value.line, caught.value.column) == (line, column)


def test_that_initial_values_become_a_scenario_and_come_back() -> None:
    text = "A = B = True\nC = False\nD = Random\n\nA* = B\nB* = A\nC* = C\nD* = D\n"
    reading = read(text)
    (scenario,) = reading.project.scenarios
    assert scenario == Scenario(START, start=Space({"A": 1, "B": 1, "C": 0}))
    written, remarks = write(reading.project)
    assert written == text.replace("A = B = True", "A = True\nB = True")
    assert [r.message for r in remarks] == [
        "the start is written as lines, as the model came with; bioLQM refuses such lines"
    ]


def test_that_ranks_are_kept_and_told() -> None:
    reading = loads("2: A* = B\nB* = A\n", "ranked.txt", format="booleannet")
    (remark,) = reading.remarks
    assert remark.message.startswith("The file's ranks of rules (B, then A) are not used")
    assert write(reading.project)[0] == "2: A* = B\nB* = A\n"


def test_that_a_start_of_levels_is_written_as_the_variables_of_levels() -> None:
    network = LogicalNetwork((Component("X", top=2), Component("Y")))
    project = Project(network, scenarios=(Scenario(START, start=Space({"X": 1})),))
    text, remarks = write(project)
    starts = ["# regnet: start X_1 = True", "# regnet: start X_2 = False"]
    assert text.splitlines()[:2] == starts  # as lines, bioLQM would refuse the file
    assert any("bioLQM refuses such lines" in r.message for r in remarks)
    again = read(text).project
    assert again.scenario(START).start == Space({"X_1": 1, "X_2": 0})


def test_that_further_scenarios_are_told_to_be_left_out() -> None:
    project = Project(LogicalNetwork((Component("Y"),)), scenarios=(Scenario("other"),))
    assert "scenarios" in write(project)[1][0].message


def test_that_a_likely_slip_is_pointed_out() -> None:
    messages = [str(remark) for remark in read("RCARs* = ABA\nB* = RCARS\n").remarks]
    assert "RCARS is taken as an input, but may be meant as RCARs" in messages


def test_that_comments_and_replaced_names_come_back() -> None:
    text = "# the model\n#\n# in two parts\n\n# one\nIL-2* = not B # two\nB* = IL-2\n"
    project = read(text).project
    assert project.note == "the model\n\nin two parts"
    assert project.network["IL-2"].note == "one\ntwo"
    written, _ = write(project)
    assert "IL_2* = not B" in written
    assert read(written).project == project


def test_that_aeon_reads_the_same_functions() -> None:
    aeon = pytest.importorskip("biodivine_aeon")
    project = read(
        "A* = B and not C or C and not B\nB* = not (A or C)\nC* = C\nD* = True\n"
    ).project
    network = aeon.BooleanNetwork.from_booleannet(write(project)[0])
    again = read_aeon(network.to_aeon()).project.network
    ordered = LogicalNetwork(tuple(project.network[name] for name in again.names))
    assert compare_functions(ordered, again)


REFUSED_PROBES = {"13"}


def test_that_the_probe_files_are_read_or_refused_as_they_should_be(corpus: Path) -> None:
    files = sorted((corpus / "probes" / "booleannet").glob("*.txt"))
    assert len(files) == 19
    for file in files:
        if file.name[:2] in REFUSED_PROBES:
            with pytest.raises(ParseError, match="line 2"):
                load(file)
        else:
            assert isinstance(load(file), Project), file.name
