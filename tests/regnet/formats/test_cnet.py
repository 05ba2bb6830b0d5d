"""Cnet: tables with don't-cares read as rules, and names come from comments."""

from __future__ import annotations

import pytest

from regnet.errors import ParseError
from regnet.formats.cnet import read, write

TABLES = """\
# a model
.v 3
# 1 = A
# 2 = B x
# 3 = C
.n 1 2 2 3
0- 1
10 0
11 1

.n 2 1 2
0 0
1 1
.n 3 0
1
"""


def test_that_tables_become_rules() -> None:
    project = read(TABLES).project
    network = project.network
    assert project.note == "a model"
    assert network.names == ("A", "B x", "C")
    assert network.inputs == ("B x",)
    assert str(network["A"].rule.reaches(1)) == '!"B x" | C'  # type: ignore[union-attr]
    assert str(network["C"].rule.reaches(1)) == "1"  # type: ignore[union-attr]


def test_that_what_is_written_reads_back_the_same() -> None:
    project = read(TABLES).project
    text, _ = write(project)
    assert "# regnet: B_x stands for B x" in text
    assert read(text).project == project
    assert write(read(text).project)[0] == text


@pytest.mark.parametrize(
    "labels",
    [
        "# [A, B]\n",
        "# A B\n# 1 = A\n# 2 = B\n",
        "# 1: A\n# 2: B\n",
        f"# {'9' * 5000} = x\n# 1 = A\n# 2 = B\n",
    ],
)
def test_that_names_are_found_in_comments(labels: str) -> None:
    network = read(f".v 2\n{labels}.n 1 1 2\n1 1\n0 0\n.n 2 0\n").project.network
    assert network.names == ("A", "B")


def test_that_a_comment_above_a_table_names_its_component() -> None:
    network = read(".v 2\n\n# A\n.n 1 1 2\n1 1\n0 0\n\n# B\n.n 2 1 1\n1 0\n0 1\n").project.network
    assert network.names == ("A", "B")


def test_that_what_is_assumed_is_told() -> None:
    reading = read(".v 3\n.n 1 1 2\n1 1\n.n 2 0\n")
    messages = [str(remark) for remark in reading.remarks]
    assert "line 2: the table of G0 does not give every row; the others are taken as 0" in messages
    assert "line 4: G1 has an empty table; it is 0" in messages
    assert "taken as input, because it has no table: G2" in messages


REFUSALS = {
    "no size": (".n 1 0\n", 1, "the number of components must come first"),
    "nothing": ("# a\n", None, "number of components is missing"),
    "a size twice": (".v 1\n.v 1\n", 2, "a second time"),
    "a huge size": (".v 999999999999\n", 1, "is no number up to"),
    "a component that is missing": (".v 1\n.n 2 0\n", 2, "'2' is no number up to 1"),
    "a regulator too few": (".v 2\n.n 1 2 1\n", 2, "this opens no table"),
    "a regulator twice": (".v 2\n.n 1 2 2 2\n", 2, "a regulator is given twice"),
    "a table twice": (".v 1\n.n 1 0\n1\n.n 1 0\n", 4, "line 2 opens the table of 1 already"),
    "a row too short": (".v 2\n.n 1 2 1 2\n0 1\n", 3, "no row of a table of 2 regulators"),
    "a row of a 2": (".v 2\n.n 1 1 2\n2 1\n", 3, "no row of a table of 1 regulators"),
    "a row of no table": (".v 1\n1 1\n", 2, "this row belongs to no table"),
    "both values": (".v 2\n.n 1 1 2\n1 1\n- 0\n", 2, "the table of G0 gives 1 both 0 and 1"),
}


@pytest.mark.parametrize(("text", "line", "words"), REFUSALS.values(), ids=REFUSALS)
def test_that_a_faulty_table_is_refused_with_its_line(
    text: str, line: int | None, words: str
) -> None:
    with pytest.raises(ParseError) as caught:
        read(text, "m.cnet")
    assert words in caught.value.message
    assert caught.value.line == line


def test_that_a_table_of_many_regulators_is_read_through_its_rows() -> None:
    count = 60
    head = f".v {count}\n.n 1 {count} " + " ".join(str(n + 1) for n in range(count))
    rows = "\n".join("-" * n + "1" + "-" * (count - n - 1) + " 1" for n in range(count))
    network = read(f"{head}\n{rows}\n{'0' * count} 0\n").project.network
    assert len(network["G0"].rule.thresholds()) == count  # type: ignore[union-attr]
