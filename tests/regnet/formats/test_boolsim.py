"""boolSim: activators and none of the inhibitors."""

from __future__ import annotations

from itertools import product

import pytest

from regnet.errors import ParseError
from regnet.formats import Source, find_format
from regnet.formats.boolsim import read

TEXT = "# of a paper\nA&^C -> B\nC & D -> B\n^A&D -| B\nB -> A\nB -| C\n^^D -| C\nD -> D\n"


def test_that_a_component_is_on_where_it_is_activated_and_not_inhibited() -> None:
    reading = read(TEXT)
    network = reading.project.network
    assert network.names == ("B", "A", "C", "D")
    assert network.inputs == ("D",)
    assert reading.project.note == "of a paper"
    for a, b, c, d in product((False, True), repeat=4):
        state = {"A": int(a), "B": int(b), "C": int(c), "D": int(d)}
        assert network.target("A", state) == b
        assert network.target("B", state) == (((a and not c) or (c and d)) and not (not a and d))
        assert network.target("C", state) == (not (b or d))


def test_that_what_biolqm_writes_for_always_is_always() -> None:
    network = read("A -> A\n^A -> A\nA -> B\n").project.network
    assert not network.inputs
    assert network.target("A", {"A": 0, "B": 0}) == 1


def test_that_components_without_a_line_are_inputs_and_told() -> None:
    reading = read("A&^C -> B\n")
    assert reading.project.network.inputs == ("A", "C")
    assert "A, C" in reading.remarks[0].message
    assert reading.remarks[0].severity == "warning"


def test_that_rules_are_known_by_their_ending_or_their_signs() -> None:
    assert find_format("m.boolsim", Source("m.boolsim", b"A -> B\nB -| A\n")).name == "boolsim"
    assert find_format("m.txt", Source("m.txt", b"^A&B -> C\nC -> A\n")).name == "boolsim"
    assert find_format("m.txt", Source("m.txt", b"A -> B\nB -| A\n")).name == "sif"


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("A -> B\nA & -> B\n", 2, 5, "a component is missing"),
        ("A -> B\nA, B\n", 2, 1, "no rule of boolSim"),
        ("A B -> C\n", 1, 1, "'A B' is no component"),
    ],
)
def test_that_faults_are_told_with_their_place(
    text: str, line: int, column: int, words: str
) -> None:
    with pytest.raises(ParseError, match=words) as caught:
        read(text, "m.boolsim")
    assert (caught.value.line, caught.value.column) == (line, column)
