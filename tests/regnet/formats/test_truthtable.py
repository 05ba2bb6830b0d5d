"""Truth tables: states and where they lead, with levels."""

from __future__ import annotations

import pytest

from regnet.errors import FormatError, ParseError
from regnet.formats.truthtable import read, write
from regnet.network import Component, LogicalNetwork
from regnet.project import Project


def test_that_a_table_with_levels_reads_and_is_written_as_it_was() -> None:
    text = "# two\nX Y\n00 12\n01 10\n02 00\n10 10\n11 02\n12 01\n"
    reading = read(text)
    network = reading.project.network
    assert reading.remarks == ()
    assert network.tops == {"X": 1, "Y": 2}
    assert network.target("Y", {"X": 1, "Y": 1}) == 2
    assert write(reading.project)[0] == text


def test_that_components_without_names_get_those_of_biolqm() -> None:
    assert read("00 01\n01 01\n10 00\n11 00\n").project.network.names == ("G0", "G1")


def test_that_states_without_a_line_lead_to_level_0_and_are_told() -> None:
    reading = read("00 11\n11 11\n")
    assert "2 of 4 states have no line" in reading.remarks[0].message
    network = reading.project.network
    assert network.target("G0", {"G0": 0, "G1": 1}) == 0
    assert network.target("G0", {"G0": 1, "G1": 1}) == 1


def test_that_a_wide_table_of_few_states_is_read() -> None:
    network = read(f"{'01' * 20} {'10' * 20}\n").project.network
    state = {f"G{n}": n % 2 for n in range(40)}
    assert [network.target(name, state) for name in network.names] == [1, 0] * 20


REFUSALS = {
    "nothing": ("# a\n", None, "no state"),
    "three words": ("00 11 00\n", 1, "no pair of states"),
    "another width": ("00 11\n000 111\n", 2, "no pair of states of 2 components"),
    "a letter": ("00 11\n0a 11\n", 2, "no pair of states"),
    "the same state": ("00 11\n00 10\n", 2, "line 1 gives the state 00 already"),
    "a name too few": ("A\n00 11\n", 2, "there are 1 names for 2 components"),
    "a name twice": ("A A\n00 11\n", None, "the name A stands twice"),
    "too wide": (f"{'0' * 99} {'0' * 99}\n", 1, "more than 64 components"),
}


@pytest.mark.parametrize(("text", "line", "words"), REFUSALS.values(), ids=REFUSALS)
def test_that_a_faulty_table_is_refused_with_its_line(
    text: str, line: int | None, words: str
) -> None:
    with pytest.raises(ParseError) as caught:
        read(text, "m.tt")
    assert words in caught.value.message
    assert caught.value.line == line


def test_that_a_table_that_would_be_too_long_is_refused() -> None:
    network = LogicalNetwork(tuple(Component(f"x{n}") for n in range(20)))
    with pytest.raises(FormatError, match="more than 131072 lines"):
        write(Project(network))
    with pytest.raises(FormatError, match="levels up to 9, but X has more"):
        write(Project(LogicalNetwork((Component("X", top=10),))))
