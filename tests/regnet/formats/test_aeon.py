"""AEON: edges are claims, functions are rules, and what is unknown is refused or kept."""

from __future__ import annotations

import pytest

from regnet.errors import ParseError
from regnet.exchange.interchange import compare_functions
from regnet.formats import loads
from regnet.formats.aeon import NO_EFFECT, read, write
from regnet.network import Claim, Component, LogicalNetwork, Rule
from regnet.project import Project

EVERY_ARROW = """\
A -> D
B -| D
C -? D
A ->? E
B -|? E
C -?? E
$D: A & !B | C
$E: A & !B | C
"""


def test_that_edges_become_claims_and_are_written_as_they_were() -> None:
    project = read(EVERY_ARROW).project
    claims = [(c.source, c.target, c.sign, c.note) for c in project.network.claims]
    assert claims == [
        ("A", "D", "+", ""),
        ("B", "D", "-", ""),
        ("C", "D", "±", ""),
        ("A", "E", "+", NO_EFFECT),
        ("B", "E", "-", NO_EFFECT),
        ("C", "E", "±", NO_EFFECT),
    ]
    assert project.network.inputs == ("A", "B", "C")
    order = "# regnet: order A D B C E\n\n"
    assert write(project)[0].replace(order, "") == EVERY_ARROW


def test_that_precedence_is_that_of_aeon() -> None:
    network = read("B -> A\nC -? A\nD -? A\n$A: B & C ^ D\n").project.network
    assert network.target("A", {"A": 0, "B": 0, "C": 0, "D": 1}) == 0
    assert network.target("A", {"A": 0, "B": 1, "C": 0, "D": 1}) == 1


# The text; line and column of the fault; words of the sentence.
REFUSALS = {
    "an arrow that does not exist": ("A -?> B\n", 1, 1, "no edge and no function"),
    "three question marks": ("A -??? B\n", 1, 1, "no edge and no function"),
    "a blank in an arrow": ("A - > B\n", 1, 1, "no edge and no function"),
    "two targets": ("A -> B C\n", 1, 1, "no edge and no function"),
    "no source": ("-> B\n", 1, 1, "no edge and no function"),
    "the same edge twice": ("A -> B\nA -| B\n", 2, 1, "line 1 gives the edge"),
    "two functions": ("$A: true\n$A: false\n", 2, 2, "line 1 defines it differently"),
    "a comparison": ("A -> B\n$B: A = A\n", 2, 7, "'=' cannot be read"),
    "no comma": ("A -> B\n$B: f(A B)\n", 2, 9, "'B' does not fit"),
    "an empty argument": ("A -> B\n$B: f(A,)\n", 2, 9, "no partner"),
    "an operator without a right side": ("A -> B\n$B: A &\n", 2, 8, "ends too early"),
    "an edge that is missing": ("A -> B\nC -> D\n$B: C\n", 3, 4, "names C, but there is no edge"),
    "two numbers of arguments": (
        "A -> B\nA -> C\n$B: f(A)\n$C: f(A, A)\n", 4, 4, "f has 2 arguments here, but 1 in line 3",
    ),
    "a component as function": ("A -> B\n$B: A(A)\n", 2, 4, "A is a component and no function"),
    "no colon": ("A -> B\n$B A\n", 2, 5, "no : behind"),
    "an unknown function": ("A -> B\n$B: f(A) | A\n", 2, None, "uses f, which is unknown"),
    "an unknown constant": ("A -> B\n$B: p & A\n", 2, None, "uses p, which is unknown"),
    "no function": ("A -> B\nC -> B\n", 1, None, "only its regulators are given"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "column", "words"), REFUSALS.values(), ids=REFUSALS)
def test_that_what_cannot_be_analysed_is_refused_with_its_place(
    text: str, line: int, column: int | None, words: str
) -> None:
    with pytest.raises(ParseError) as caught:
        read(text, "some.aeon")
    assert words in caught.value.message
    assert (caught.value.line, caught.value.column) == (line, column)


UNKNOWN = """\
A -> B
D -> B
C -?? A
B -> C
$B: f(A, f(D, 0)) | g((A & D))
$C: B
#position:B:503.0,269.6
#!function:f:#`{"id": "f"}`#
"""


def test_that_unknown_functions_are_kept_as_they_are_where_that_is_asked_for() -> None:
    reading = read(UNKNOWN, unknown="keep")
    assert "kept unchanged: B, A" in reading.remarks[0].message
    assert reading.project.network.inputs == ("A", "B", "D")
    text, _ = write(reading.project)
    assert text.replace("# regnet: order A B D C\n\n", "") == UNKNOWN
    assert write(read(text, unknown="keep").project)[0] == text


def test_that_a_wish_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ParseError, match="expected refuse or keep"):
        read(UNKNOWN, unknown="guess")


def test_that_positions_annotations_title_and_notes_are_kept() -> None:
    text = (
        "#name: A model\n#description: In words\n\nA -> B\n# why\n$B: A\n"
        "#position:A:1.5,-2.0\n#!x:y: z\n"
    )
    project = read(text).project
    assert (project.title, project.note) == ("A model", "In words")
    assert project.layout == {"A": (1.5, -2.0)}
    assert project.network["B"].note == "why"
    assert write(project)[0] == text


def test_that_an_edge_without_claim_gets_the_sign_of_the_rule() -> None:
    rules = {"B": "A", "C": "!A", "D": "A & !B | !A & B", "E": "A & (B | !B)"}
    components = (Component("A"), *(Component(n, Rule.of(r)) for n, r in rules.items()))
    text, _ = write(Project(LogicalNetwork(components)))
    edges = text.splitlines()[:6]
    assert edges == ["A -> B", "A -| C", "A -? D", "B -? D", "A -> E", "B -?? E"]


def test_that_an_input_that_nothing_names_and_the_order_survive() -> None:
    network = LogicalNetwork((Component("Z"), Component("B", Rule.of("A")), Component("A")))
    text, _ = write(Project(network))
    again = read(text).project.network
    assert again.components == network.components


def test_that_claims_on_inputs_are_told_to_be_left_out() -> None:
    network = LogicalNetwork((Component("A"), Component("B")), (Claim("A", "B", "+"),))
    assert "claims on inputs" in write(Project(network))[1][0].message


def test_that_aeon_reads_the_same_functions() -> None:
    aeon = pytest.importorskip("biodivine_aeon")
    project = loads("A, B & !C | C & !B\nB, !A\nC, C\nE, 1\nIL-2, A\n", "x.bnet").project
    text, _ = write(project)
    network = aeon.BooleanNetwork.from_aeon(text)
    aeon.AsynchronousGraph(network)  # checks signs and effects
    again = read(network.to_aeon()).project.network
    names = sorted(again.names)
    assert names == ["A", "B", "C", "E", "IL_2"]
    plain = project.network.renamed("IL-2", "IL_2")
    ordered = LogicalNetwork(tuple(plain[name] for name in again.names))
    assert compare_functions(ordered, again)
