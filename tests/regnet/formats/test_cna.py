"""CellNetAnalyzer: interactions are ways to activate a component."""

from __future__ import annotations

import pytest

from regnet.errors import ParseError
from regnet.formats.cna import fits, read

FILE = """\
mek=erk     \t1 mek = 1 erk\t|\t#\t0 1 0\t436 825 1 1\t0.01
!gap+ras=raf\t1 !gap + 1 ras = 1 raf\t|\t#\t0 1 0\t432 726 1 1\t0.01
src=raf     \t1 src = 1 raf\t|\t#\t0 1 0\t432 726 1 1\t0.01
=ras        \t = 1 ras\t|\t0\t0 1 0\t865 299 1 1\t0.01
erk=        \t1 erk = \t|\t#\t0 1 0\t361 985 1 1\t0.01
"""


def test_that_interactions_become_rules() -> None:
    reading = read(FILE)
    network = reading.project.network
    rules = {c.name: str(c.rule.reaches(1)) for c in network.components if c.rule}
    assert rules == {"erk": "mek", "raf": "!gap & ras | src"}
    assert set(network.inputs) == {"mek", "gap", "ras", "src"}
    assert "place interactions in a map are left out" in reading.remarks[0].message


def test_that_lines_that_are_turned_round_are_read_as_meant() -> None:
    network = read("# c\nCat8p = 1 CAT8 & 1 !Snf1p\nCat8p = 1 X\n").project.network
    assert str(network["Cat8p"].rule.reaches(1)) == "CAT8 & !Snf1p | X"  # type: ignore[union-attr]


def test_that_an_input_that_is_also_activated_is_told() -> None:
    reading = read("1 a = 1 b\n = 1 b\n")
    assert "also activated from outside, which is left out: b" in reading.remarks[0].message


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("1 a = 1 b\nc\n", 2, 1, "no interaction"),
        ("1 a = 1 b = 1 c\n", 1, 1, "no interaction"),
        ("1 a + = 1 b\n", 1, 6, "'' is no term"),
        ("2 a = 1 b\n", 1, 1, "a has the coefficient 2"),
        ("1 a = 1 !b\n", 1, 6, "a product cannot be negated"),
    ],
)
def test_that_a_faulty_line_is_refused_with_its_place(
    text: str, line: int, column: int, words: str
) -> None:
    with pytest.raises(ParseError) as caught:
        read(text)
    assert words in caught.value.message
    assert (caught.value.line, caught.value.column) == (line, column)


def test_that_interactions_are_told_from_other_rules() -> None:
    assert fits(FILE)
    assert not fits("A = B OR NOT C\n")
    assert not fits("")
