"""mnet: exactly that level, the last that holds; against what bioLQM's description says."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given

from regnet.errors import FormatError, ParseError
from regnet.formats import Source, find_format, loads
from regnet.formats.mnet import fits, read, write
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project
from tests.strategies import networks

MULTI = "A <- B:2\nB:1 <- A\nB:2 <- !A\n"
"""A multi-level model that a reader of Boolean rules would take for three Boolean components."""


def overwritten(text: str, name: str, state: dict[str, int]) -> int:
    """Return a target as bioLQM finds it: each line that holds overwrites those before it."""
    level = 0
    for line in text.splitlines():
        target, arrow, condition = line.partition("#")[0].partition("<-")
        component, _, digit = target.strip().partition(":")
        if not arrow or component != name:
            continue
        python = re.sub(
            r"([A-Za-z_]\w*)(?::(\d))?",
            lambda found: str(state[found[1]] >= int(found[2] or 1)),
            condition,
        )
        python = python.replace("!", " not ").replace("&", " and ").replace("|", " or ")
        if eval(python.strip()):
            level = int(digit or 1)
    return level


@pytest.mark.parametrize(
    "text",
    [
        MULTI,
        "A <- A\nB <- !A\nB:2 <- !A & D\nD <- A & B:2\n",
        "B:2 <- !A\nB:1 <- D\nA <- B & !B:2\nD <- 1\n",
        "A:3 <- !B | B:2\nA:1 <- B\nB:2 <- A:3\nB <- A:2 & !A:3\nB:0 <- !A:1\n",
    ],
)
def test_that_the_last_line_that_holds_decides_the_level(text: str) -> None:
    network = read(text).project.network
    tops = network.tops
    for levels in product(*(range(top + 1) for top in tops.values())):
        state = dict(zip(tops, levels, strict=True))
        for name in tops:
            assert network.target(name, state) == overwritten(text, name, state)


@given(network=networks(4, 3))
def test_that_what_is_written_means_the_same_to_biolqm(network: LogicalNetwork) -> None:
    text, _ = write(Project(network))
    for levels in product(*(range(top + 1) for top in network.tops.values())):
        state = dict(zip(network.tops, levels, strict=True))
        for name in network.names:
            assert overwritten(text, name, state) == network.target(name, state)


def test_that_no_reader_of_boolean_rules_takes_levels() -> None:
    for name in ("m.mnet", "m.txt", "m", "m.bnet"):
        assert find_format(name, Source(name, MULTI.encode())).name == "mnet", name
    assert loads(MULTI, "m").project.network.tops == {"A": 1, "B": 2}
    with pytest.raises(ParseError, match="a level is named here") as caught:
        loads(MULTI, "m.bnet", format="bnet")
    assert (caught.value.line, caught.value.column) == (1, 7)
    assert find_format("m.bnet", Source("m.bnet", b"A <- B\n")).name == "bnet"


def test_that_names_notes_and_empty_levels_come_back() -> None:
    network = LogicalNetwork(
        (
            Component("IL-2", Rule.of("C:3"), note="first\n\nsecond"),
            Component("C", Rule.parse({1: '"IL-2"'}), top=3),
            Component("D", top=2),
        )
    )
    text, remarks = write(Project(network, note="a model"))
    assert "IL_2 <- C:3" in text
    assert "C:3 <- 0" in text
    assert any("replaced" in remark.message for remark in remarks)
    assert all(line != "#" for line in text.splitlines())
    again = read(text).project
    assert again.network.tops == network.tops
    assert again.network.names == network.names
    assert again.network["IL-2"].note == "first\nsecond"
    assert again.network["D"].is_input
    assert again.note == "a model"


def test_that_names_without_a_line_are_inputs_with_the_levels_that_are_asked_for() -> None:
    reading = read("A <- X:2 & Y\n")
    assert reading.project.network.inputs == ("X", "Y")
    assert reading.project.network.tops == {"A": 1, "X": 2, "Y": 1}
    assert "taken as input" in reading.remarks[0].message


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("A <- B\nB = A\n", 2, 1, "gives no level of a component"),
        ("A <- B &\n", 1, 9, "the rule ends too early"),
        ("A <- B:2\nB <- A\n", 1, 8, "B ends at 1"),
    ],
)
def test_that_faults_are_told_with_their_place(
    text: str, line: int, column: int, words: str
) -> None:
    with pytest.raises(ParseError, match=words) as caught:
        read(text, "m.mnet")
    assert (caught.value.line, caught.value.column) == (line, column)


def test_that_levels_of_two_digits_are_refused() -> None:
    with pytest.raises(FormatError, match="levels up to 9, but A has more"):
        write(Project(LogicalNetwork((Component("A", top=10),))))
    assert not fits("A, B\n")
