"""Cell Collective: its expressions and truth tables, loose or in an archive."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from regnet.errors import RegnetError
from regnet.files import Source
from regnet.formats import find_format, load, save
from regnet.formats.cellcollective import read
from regnet.formats.cnet import read as read_cnet
from regnet.network import LogicalNetwork, Rule
from regnet.project import Reading

RULES = """IL-21R = ( IL-21 )
Ca2+ = ( ( IL-21R AND ( ( ( NOT GSK-3b; x ) ) )    ) OR NOT ( T cell AND T ) )
 T = T
"""
OUTER = "GSK-3b; x\nT cell\nIL-21\nlonely\n"


def packed(**entries: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in entries.items():
            file.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return out.getvalue()


def read_rules(text: str, outer: str | None = None) -> Reading:
    found = None if outer is None else outer.encode()
    return read(Source("expressions.ALL.txt", text.encode(), lambda name: found))


def rules(network: LogicalNetwork) -> dict[str, str]:
    return {c.name: str(c.rule.reaches(1)) if c.rule else "" for c in network.components}


MEANT = {
    "IL-21R": "IL-21",
    "Ca2+": 'IL-21R & !"GSK-3b; x" | !("T cell" & T)',
    "T": "",
    "GSK-3b; x": "",
    "T cell": "",
    "IL-21": "",
    "lonely": "",
}


def test_that_names_with_blanks_and_signs_are_read_whole() -> None:
    reading = read_rules(RULES, OUTER)
    assert rules(reading.project.network) == MEANT
    assert reading.remarks == ()


def test_that_components_without_a_rule_are_inputs_and_said() -> None:
    reading = read_rules("A = B AND IL-2\n")
    assert reading.project.network.inputs == ("B", "IL-2")
    assert (reading.remarks[0].severity, reading.remarks[0].message[-7:]) == ("info", "B, IL-2")
    assert read_rules("A = B\n", "C\n").remarks[0].severity == "warning"


def test_that_an_archive_of_expressions_is_read() -> None:
    data = packed(expr__expressions_DOT_ALL_DOT_txt=RULES,
                  expr__external_components_DOT_ALL_DOT_txt=OUTER)  # fmt: skip
    source = Source("model.zip", data)
    assert find_format("model.zip", source).name == "cellcollective"
    assert rules(read(source).project.network) == MEANT


def test_that_files_in_a_folder_are_read_together(tmp_path: Path) -> None:
    (tmp_path / "expressions.ALL.txt").write_text(RULES)
    (tmp_path / "external_components.ALL.txt").write_text(OUTER)
    assert rules(load(tmp_path / "expressions.ALL.txt").network) == MEANT
    with pytest.raises(RegnetError, match="can be read but not written"):
        save(load(tmp_path / "expressions.ALL.txt"), tmp_path / "m.zip")


def test_that_truth_tables_in_an_archive_are_read() -> None:
    data = packed(
        tables__A_DOT_csv="B,C,A\n0,0,0\n0,1,1\n1,0,1\n1,1,1\n",
        tables__B_DOT_csv="A;Output\n0;1\n1;0\n",
        tables__D_DOT_csv="D\tD\n0\t0\n1\t1\n",
    )
    reading = read(Source("m.zip", data))
    network = reading.project.network
    assert network.names == ("A", "B", "D", "C")
    assert network.inputs == ("D", "C")
    for b, c in ((0, 0), (0, 1), (1, 0), (1, 1)):
        assert network.target("A", {"B": b, "C": c}) == (b or c)
    assert network["B"].rule == Rule.of("!A")
    assert "no table: C" in reading.remarks[0].message


def test_that_tables_put_together_name_components_themselves() -> None:
    text = ".v 2\n\n.l 1 Emx2\n.l 2 Pax6\n\n# 1 Emx2 \n.n 1 1 2\n1 0\n0 1\n\n.e End of file\n"
    network = read_cnet(text).project.network
    assert network.names == ("Emx2", "Pax6")
    assert network["Emx2"].rule == Rule.of("!Pax6")


FAULTS = {
    "no rule": ("A B", "line 1, column 1: there is no rule"),
    "twice": ("A = B\nA = C", "line 2.*second time; the first is in line 1"),
    "unbalanced": ("A = ( B", "line 1, column 5: this parenthesis is never closed"),
    "empty": ("A = ", "the rule is empty"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_that_a_fault_in_expressions_is_told_with_its_place(fault: str) -> None:
    text, message = FAULTS[fault]
    with pytest.raises(RegnetError, match=message):
        read_rules(text)


TABLES = {
    "empty": ("", "line 1: this table is empty"),
    "row": ("B,A\n0,0\n1,2\n", "line 3: this is no row"),
    "short": ("B,A\n0\n", "line 2: this is no row"),
    "contradiction": ("B,A\n0,0\n0,1\n", "line 3: this row contradicts"),
    "incomplete": ("B,A\n0,0\n", "1 of 2 rows"),
    "names": ("B,B,A\n", "line 1: a column has no name"),
    "wide": (",".join(f"x{i}" for i in range(40)), "39 regulators is too large"),
}


@pytest.mark.parametrize("fault", TABLES)
def test_that_a_fault_in_a_table_is_told_with_its_place(fault: str) -> None:
    text, message = TABLES[fault]
    with pytest.raises(RegnetError, match=message):
        read(Source("m.zip", packed(A_DOT_csv=text)))


def test_that_an_archive_of_something_else_is_refused() -> None:
    with pytest.raises(RegnetError, match=r"holds neither expressions\.ALL\.txt"):
        read(Source("m.zip", packed(x="y")))
