"""Temporal formulas as text."""

from __future__ import annotations

import pytest
from hypothesis import given

from regnet.errors import NetworkError, ParseError, UnknownNameError
from regnet.evidence import Phenotype
from regnet.logic import Var, parse, substitute, unparse
from regnet.network import Component, LogicalNetwork, Rule
from regnet.temporal import Formula, parse_query
from tests.regnet.analysis.test_query import Case, cases

NETWORK = LogicalNetwork(
    (
        Component("A", Rule.of("B")),
        Component("B", Rule.of("A")),
        Component("Mass", top=2),
        Component("EF", Rule.of("A")),
    )
)
PHENOTYPES = (
    Phenotype("whole & well", parse("Mass:2 & !A")),
    Phenotype("still", parse("A"), "fixed point"),
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("EF A", "EF A"),
        ("EF(A & !B)", "EF (A & !B)"),
        ("NEF A", "!EF A"),
        ("not NEF A", "EF A"),
        ("AG EF Mass=1", "AG EF Mass=1"),
        ("A | EF B & AG A", "A | EF B & AG A"),
        ("(A | EF B) & AG A", "(A | EF B) & AG A"),
        ("EF A -> EF B -> EF Mass:2", "!EF A | !EF B | EF Mass:2"),
        ("E[A U B] & A [ A U E[B U Mass:2] ]", "E[A U B] & A[A U E[B U Mass:2]]"),
        ("A -> EF B", "A -> EF B"),
        ("AG (A & B -> EF B)", "AG ((A & B) -> EF B)"),
        ("!(A -> EF B) | EF A", "(A -> EF B) -> EF A"),
        ("A EU B", "E[A U B]"),
        ('EF "EF"', 'EF "EF"'),
        ('AG "whole & well"', "AG (Mass:2 & !A)"),
        ("AX A & EX B", "AX A & EX B"),
        ("!{x}: AG EF {x}", "!{x}: AG EF {x}"),
        ("3{x}: @{x}: (A & AX {x})", "3{x}: @{x}: (A & AX {x})"),
        ("AG any(A, B)", "AG (A | B)"),
    ],
)
def test_that_formulas_are_read(text: str, wanted: str) -> None:
    assert str(parse_query(text, NETWORK, PHENOTYPES)) == wanted


@given(cases())
def test_that_a_formula_is_read_as_it_was_written(case: Case) -> None:
    network, _, formula = case
    again = parse_query(str(formula), network)
    assert str(again) == str(parse_query(str(again), network))
    assert again.operators == formula.operators


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("EF (A & ", 9, "ends too early"),
        ("EF A B", 6, "'B' does not fit"),
        ("E[A B]", 5, "expected U"),
        ("AG EF", 6, "ends too early"),
        ("EF Mass:3", 9, "ends at 2"),
        ("EF {x}", 4, "no state is called 'x'"),
        ("EF )", 4, "does not fit"),
        ("F G A", 1, r"F is said of one run; .*expected EX, AX, EF"),
        ("G !A", 1, r"A \(every run\) stands before it"),
        ("AG X A", 4, "X is said of one run"),
        ("EF Mass:0", 4, r"Mass:0 always holds \(expected Mass=0 for level 0\)"),
        ("AG Mass<0", 4, "Mass<0 never holds"),
        ("EF Mass=1..3", 9, "ends at 2"),
    ],
)
def test_that_a_fault_is_told_with_its_column(text: str, column: int, message: str) -> None:
    with pytest.raises(ParseError, match=message) as error:
        parse_query(text, NETWORK)
    assert error.value.column == column


@pytest.mark.parametrize("name", ['"q"', '"q', 'q"', '"', "EF", "U", "a b", "A->B", "&", "é"])
@pytest.mark.parametrize(
    "text",
    ["{}", "!{}", "EX {}", "AX({})", "E[{} U A]", "A[A U {}]", "{}:1", "{}=1", "({} & A)",
     "A->{}", "{}=>A", "{}<=>A", "A<=>{}", "any({}, A)", "3{{x}}: @{{x}}: {}"],
)  # fmt: skip
def test_that_any_name_may_stand_in_a_formula(text: str, name: str) -> None:
    network = LogicalNetwork((Component("A"), Component(name)))
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    found = parse_query(text.format(quoted), network)
    plain = parse_query(text.format("B"), LogicalNetwork((Component("A"), Component("B"))))
    assert parse_query(str(found), network) == found
    assert shape(found, {name: "B"}) == shape(plain, {})


def shape(formula: Formula, names: dict[str, str]) -> object:
    """Return a formula with its components called by other names."""
    if formula.op == "":
        called = substitute(
            formula.condition, lambda var: Var(names.get(var.name, var.name), var.level)
        )
        return unparse(called)
    return formula.op, formula.name, [shape(part, names) for part in formula.args]


def test_that_unknown_names_and_attractor_phenotypes_are_told() -> None:
    with pytest.raises(UnknownNameError, match="X9"):
        parse_query("EF X9", NETWORK)
    with pytest.raises(UnknownNameError, match="whole"):
        parse_query('EF "whole and well"', NETWORK, PHENOTYPES)
    with pytest.raises(NetworkError, match="no single state"):
        parse_query('EF "still"', NETWORK, PHENOTYPES)
    with pytest.raises(ParseError, match="deep"):
        parse_query("EF " * 500 + "A", NETWORK)
