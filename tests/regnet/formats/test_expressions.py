"""Rules as people write them: what they mean is found out, or asked for."""

from __future__ import annotations

from itertools import product

import pytest

from regnet.errors import ParseError
from regnet.exchange.interchange import compare_functions
from regnet.formats.expressions import read, write
from regnet.network import Rule


def rules(text: str, **options: str) -> dict[str, str]:
    """Return the rules of a text, inputs as empty strings."""
    network = read(text, **options).project.network
    return {c.name: str(c.rule.reaches(1)) if c.rule else "" for c in network.components}


PLAIN = {"A": "B | !C", "B": "", "C": ""}

# The text, and what it means.
READS = {
    "words": ("A = B OR NOT C\n", PLAIN),
    "small words": ("A = b or not (C)\n", {"A": "b | !C", "b": "", "C": ""}),
    "signs": ("A = B | !C\n", PLAIN),
    "double signs": ("A := B || !C\n", PLAIN),
    "logic signs": ("A ← B ∨ ¬C\n", PLAIN),
    "a colon": ("A: B | !C\n", PLAIN),
    "a dollar": ("$A: B | !C\n", PLAIN),
    "an arrow": ("A <- B | !C\n", PLAIN),
    "a semicolon at the end": ("A = B OR NOT C;\n", PLAIN),
    "CRLF": ("A = B OR NOT C\r\n", PLAIN),
    "comments": ("# c\n\nA = B OR NOT C # d\n", PLAIN),
    "odd names": (
        "AUX/IAA = BRI1-BAK1 AND NOT Ca2+\n",
        {"AUX/IAA": 'BRI1-BAK1 & !"Ca2+"', "BRI1-BAK1": "", "Ca2+": ""},
    ),
    "a hypergraph": (
        "MYC<-!PCBP4+TERT\nMYC<-!TCF4\n",
        {"MYC": "!PCBP4 & TERT | !TCF4", "PCBP4": "", "TERT": "", "TCF4": ""},
    ),
    "a product": ("A = B*C\n", {"A": "B & C", "B": "", "C": ""}),
    "sums with a negation": ("A = B*C + !D\n", {"A": "B & C | !D", "B": "", "C": "", "D": ""}),
    "a polynomial": ("A = B + 1\nB = B\n", {"A": "!B", "B": ""}),
    "a constant": ("A = 1\nB = FALSE\n", {"A": "1", "B": "0"}),
}


@pytest.mark.parametrize(("text", "meaning"), READS.values(), ids=READS)
def test_that_every_way_of_writing_reads_as_it_is_meant(text: str, meaning: dict[str, str]) -> None:
    assert rules(text) == meaning


REFUSALS = {
    "two meanings of plus": ("x = y + z\n", 1, 7, "+ can mean OR, or XOR"),
    "two rules": ("A = B\nA = C\n", 2, 1, "line 1 defines it differently"),
    "no equals sign": ("A = B\nA B\n", 2, 4, "no = between"),
    "two equals signs": ("A == B\n", 1, 7, "no = between"),
    "a blank in a name": ("A x = B\n", 1, 1, "holds a blank"),
    "no target": (" = B\n", 1, 2, "target is missing"),
    "no rule": ("A =\n", 1, 4, "the rule is empty"),
    "a polynomial that ends": ("x = y + 1 +\n", 1, 12, "ends too early"),
    "a polynomial with a 2": ("x = 2*y + 1\n", 1, 5, "'2' does not fit"),
    "a polynomial not closed": ("x = (y + 1\n", 1, 11, "ends too early"),
}


@pytest.mark.parametrize(("text", "line", "column", "words"), REFUSALS.values(), ids=REFUSALS)
def test_that_a_wrong_line_is_refused_with_its_place(
    text: str, line: int, column: int, words: str
) -> None:
    with pytest.raises(ParseError) as caught:
        read(text, "some.rules")
    assert words in caught.value.message
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(("plus", "meaning"), [("or", "y | z"), ("and", "y & z")])
def test_that_the_meaning_of_plus_can_be_told(plus: str, meaning: str) -> None:
    assert rules("x = y + z\n", plus=plus)["x"] == meaning


def test_that_a_meaning_of_plus_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ParseError, match="expected and, or, xor"):
        read("x = y + z\n", plus="nand")


def test_that_a_polynomial_has_the_values_of_its_sums_and_products() -> None:
    network = read("x = (a + 1)*(b + c*a) + b*c + 1\n").project.network
    for a, b, c in product((0, 1), repeat=3):
        value = ((a + 1) * (b + c * a) + b * c + 1) % 2
        assert network.target("x", {"x": 0, "a": a, "b": b, "c": c}) == value


def test_that_a_polynomial_of_many_factors_is_no_problem() -> None:
    text = "x = " + "*".join(f"(a{n} + b{n} + 1)" for n in range(8)) + "\n"
    assert len(read(text).project.network) == 17


def test_that_what_plus_was_taken_for_is_told() -> None:
    (remark, *_) = read("A = B + 1\n").remarks
    assert remark.severity == "warning"
    assert "polynomials over GF(2)" in remark.message


def test_that_what_is_written_reads_back_the_same() -> None:
    project = read("# m\n\n# n\nIL-2 = B AND (C OR NOT D)\n").project
    text, remarks = write(project)
    assert text.endswith("# n\nIL_2 = B AND (C OR NOT D)\nB = B\nC = C\nD = D\n")
    assert "IL-2 as IL_2" in remarks[0].message
    again = read(text).project
    assert again == project
    assert compare_functions(project.network, again.network)


def test_that_a_target_may_hold_a_semicolon() -> None:
    network = read("A/B = C;D AND NOT E;\nC;D = A/B\n").project.network
    assert network.names == ("A/B", "C;D", "E")
    assert network["A/B"].rule == Rule.of('"C;D" & !E')
    with pytest.raises(ParseError, match="';' cannot be read"):
        read("A = B;C\n")
