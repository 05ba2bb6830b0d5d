"""Expressions: reading, writing, evaluating, and what each fault says."""

from __future__ import annotations

import pickle
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regnet.errors import ParseError
from regnet.logic import (
    BNET,
    FALSE,
    REGNET,
    TRUE,
    And,
    Const,
    Dialect,
    Expr,
    Not,
    Or,
    PlainRules,
    Var,
    decide,
    describe,
    evaluate,
    exactly_at,
    parse,
    substitute,
    unparse,
    variables,
    write_name,
)
from regnet.logic.reading import _Parser
from tests.strategies import expressions

TOPS = {"A": 1, "B": 2, "C": 3}
STATES = [dict(zip(TOPS, s, strict=True)) for s in product(range(2), range(3), range(4))]


@given(expressions(TOPS))
def test_that_a_written_expression_reads_back_the_same(expr: Expr) -> None:
    assert parse(unparse(expr)) == expr


@given(expressions(TOPS))
def test_that_expressions_pickle_hash_and_compare_by_structure(expr: Expr) -> None:
    twin = pickle.loads(pickle.dumps(expr))
    assert twin == expr
    assert hash(twin) == hash(expr)
    assert (~expr == expr) is False


WORDS = ["A", "B", "!", "&", "|", "(", ")", " ", "1", "=>", "<=>", "^", "maj(", ",", ":2", "not "]


@given(st.lists(st.sampled_from(WORDS), max_size=10).map("".join), st.sampled_from([REGNET, BNET]))
@settings(max_examples=300, deadline=None)
def test_that_the_quick_way_of_reading_agrees_with_the_careful_one(
    text: str, dialect: Dialect
) -> None:
    def result(read: object) -> object:
        try:
            return read()  # type: ignore[operator]
        except ParseError as error:
            return str(error)

    quick = result(lambda: parse(text, dialect=dialect))
    assert quick == result(lambda: _Parser(text, dialect, None, "", None, 1).read())
    if isinstance(quick, Expr):
        assert parse(unparse(quick)) == quick
    rules = PlainRules(dialect, {})
    plain = [rules.read(text), rules.read(text)][1]
    assert plain in (None, quick)


@given(expressions({"A": 1, "B": 1, "C": 1}))
def test_that_plain_rules_of_one_shape_differ_in_their_names_only(expr: Expr) -> None:
    atoms: dict[str, Var] = {}
    rules = PlainRules(BNET, atoms)
    first = unparse(expr)
    second = first.translate(str.maketrans("ABC", "BCD"))
    assert rules.read(first) is None  # the first of its shape is left to `parse`
    read = rules.read(second)
    assert read == (None if "!(" in first or first in "01" else parse(second, dialect=BNET))
    assert read is None or set(map(str, atoms.values())) == set("BCD") & set(second)


def test_that_plain_rules_share_their_literals() -> None:
    rules = PlainRules(BNET, {})
    rules.read("A & !B")
    one, two = rules.read("C & !D"), rules.read("E & !D")
    assert one is not None
    assert two is not None
    assert one.args[1] is two.args[1]


@pytest.mark.parametrize("text", ["A B", "(A", "A &", "&A", "", "A & 1", "A & !!B", "A && B"])
def test_that_what_is_not_plain_is_left_to_the_careful_way(text: str) -> None:
    rules = PlainRules(BNET, {})
    assert [rules.read(text) for _ in range(3)] == [None] * 3


@given(expressions(TOPS))
@settings(deadline=None)
def test_that_deciding_over_a_space_is_never_wrong(expr: Expr) -> None:
    for ranges in ({"A": (0, 0)}, {"B": (1, 2)}, {"B": (2, 2), "C": (0, 1)}, {}):
        inside = [
            evaluate(expr, s)
            for s in STATES
            if all(lo <= s[n] <= hi for n, (lo, hi) in ranges.items())
        ]
        if (answer := decide(expr, ranges)) is not None:
            assert set(inside) == {answer}


@given(expressions(TOPS))
def test_that_substitution_folds_constants_away(expr: Expr) -> None:
    folded = substitute(expr, lambda v: Const(v.name == "A") if v.name != "B" else v)
    assert {v.name for v in variables(folded)} <= {"B"}
    assert isinstance(folded, Const) or FALSE not in folded.args
    for state in STATES:
        if (state["A"], state["C"]) == (1, 0):
            assert evaluate(folded, state) == evaluate(expr, state)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("B=1", "B & !B:2"),
        ("B=2", "B:2"),
        ("B=0", "!B"),
        ("B<2", "!B:2"),
        ("B<=1", "!B:2"),
        ("B<=2", "1"),
        ("B>1", "B:2"),
        ("B>=2", "B:2"),
        ("B≥2", "B:2"),
        ("B!=1", "!(B & !B:2)"),
        ("B >= 0", "1"),
        ("A=1", "A"),
        ("not A and B or C", "!A & B | C"),
        ("A => B => C", "!A | !B | C"),
        ("A <=> B", "A & B | !A & !B"),
        ("A xor B", "A & !B | !A & B"),
        ("(A & B) & C", "A & B & C"),
        ("!!A", "A"),
        ("!1 | A", "0 | A"),
        ("maj(A, B, C)", "C & (A | B) | A & B"),
        ("sumgt(A, B, 1)", "A & B"),
        ("sumlt(A, B, 1)", "!(A | B)"),
        ("sumis(A, B, 1)", "(A | B) & !(A & B)"),
        ('"a b" & A', '"a b" & A'),
        ("IL-2 & A", "IL-2 & A"),
    ],
)
def test_that_a_condition_is_translated_to_thresholds(text: str, meaning: str) -> None:
    assert _same(parse(text, tops=TOPS), parse(meaning)), unparse(parse(text, tops=TOPS))


def _same(a: Expr, b: Expr) -> bool:
    names = {v.name: max(3, v.level) for e in (a, b) for v in variables(e)} | TOPS
    states = (
        dict(zip(names, s, strict=True)) for s in product(*(range(t + 1) for t in names.values()))
    )
    return all(
        evaluate(a, s) == evaluate(b, s)
        for s in states
        if all(s[n] <= top for n, top in TOPS.items())
    )


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", 1, "the rule is empty"),
        ("A &", 4, "ends too early"),
        ("A & | B", 5, "'|' does not fit here"),
        ("A B", 3, "'B' does not fit here"),
        ("(A", 1, "never closed"),
        ("A)", 2, "no partner"),
        ("A=x", 3, "= needs a level after it"),
        ("B=3", 3, "B ends at 2"),
        ("2 & A", 1, "2 is a number"),
        ("A * B", 3, "'*' is not used in regnet rules"),
        ("A @ B", 3, "'@' cannot be read"),
        ("sumgt(A, B)", 1, "must end with a number"),
        ("A[-1]", 2, "cannot be read"),
    ],
)
def test_that_a_fault_has_a_column_and_a_reason(text: str, column: int, words: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text, tops=TOPS)
    assert words in str(caught.value)
    assert caught.value.column == column


def test_that_the_place_of_a_fault_counts_from_where_the_text_stands() -> None:
    with pytest.raises(ParseError) as caught:
        parse("A &\n  | B", file="m.bnet", line=7, column=4)
    assert str(caught.value).startswith("m.bnet, line 8, column 3: ")
    with pytest.raises(ParseError) as caught:
        parse("A & | B", file="m.bnet", line=7, column=4)
    assert str(caught.value).startswith("m.bnet, line 7, column 8: ")


def test_that_depth_and_length_are_no_limit() -> None:
    deep = 20_000
    assert parse("(" * deep + "A" + ")" * deep) == Var("A")
    nested = parse("!(A & " * deep + "B" + ")" * deep)
    assert evaluate(nested, {"A": 1, "B": 1}) is (deep % 2 == 0)
    assert parse(unparse(nested)) == nested
    chain = parse(" | ".join(f"x{i}" for i in range(deep)))
    assert len(variables(chain)) == deep


def test_that_an_expansion_that_would_explode_is_refused() -> None:
    names = ", ".join(f"x{i}" for i in range(60))
    with pytest.raises(ParseError, match="expands to too many terms"):
        parse(f"maj({names})")
    with pytest.raises(ParseError, match="expands to too many terms"):
        parse(" ^ ".join(f"x{i}" for i in range(40)))


def test_that_operators_on_expressions_keep_them_flat() -> None:
    a, b, c = Var("A"), Var("B"), Var("C")
    assert (a & b) & c == And((a, b, c))
    assert a | (b | c) == Or((a, b, c))
    assert a & a == a
    assert a & TRUE == a
    assert (a | TRUE) == TRUE
    assert ~~a == a
    assert ~a == Not(a)


@pytest.mark.parametrize(("level", "meaning"), [(0, "!X"), (1, "X & !X:2"), (2, "X:2"), (3, "0")])
def test_that_one_exact_level_is_two_thresholds(level: int, meaning: str) -> None:
    assert exactly_at("X", level, 2) == parse(meaning)


@pytest.mark.parametrize(
    ("name", "written"),
    [("A", "A"), ("IL-2", "IL-2"), ("NFκB", "NFκB"), ("4E", "4E"), ("a b", '"a b"'),
     ("and", '"and"'), ("1", '"1"'), ("x->y", '"x->y"'), ('q"', '"q\\""'), ("A:2", '"A:2"')],
)  # fmt: skip
def test_that_a_name_is_quoted_only_where_it_must_be(name: str, written: str) -> None:
    assert write_name(name) == written
    assert parse(written) == Var(name)


def test_that_a_quoted_number_is_never_taken_for_a_constant() -> None:
    atoms: dict[str, Var] = {}
    assert parse('"1"', atoms=atoms) == Var("1")
    assert parse("1", atoms=atoms) == TRUE


@given(expressions({"A": 3, "B": 2, "C": 1}, max_leaves=10))
def test_that_what_people_are_shown_means_the_same(expr: Expr) -> None:
    shown = parse(describe(expr), tops={"A": 3, "B": 2, "C": 1})
    for a, b, c in product(range(4), range(3), range(2)):
        state = {"A": a, "B": b, "C": c}
        assert evaluate(shown, state) == evaluate(expr, state)


def test_that_exact_levels_are_shown_as_such() -> None:
    assert describe(parse("A=1 & B=2 & !C | D=0")) == "A=1 & B=2 & !C | !D"


@pytest.mark.parametrize("text", ['""', '" A"', 'A & "B "'])
def test_that_a_quoted_name_has_letters_and_no_blanks_around(text: str) -> None:
    with pytest.raises(ParseError, match="is no name") as refused:
        parse(text)
    assert refused.value.column == text.index('"') + 1


@given(st.data())
def test_that_what_is_printed_as_a_condition_is_read_as_the_same(data: st.DataObject) -> None:
    tops = {"A": 1, "B": 2, "a b": 3}
    expr = data.draw(expressions(tops))
    for text in (unparse(expr), describe(expr)):
        again = parse(text, tops=tops, typed=True)
        for state in states_of(tops):
            assert evaluate(again, state) is evaluate(expr, state)


@pytest.mark.parametrize("low", range(4))
@pytest.mark.parametrize("high", range(4))
@pytest.mark.parametrize("tops", [{"M": 3}, None])
def test_that_a_range_holds_between_its_ends(
    low: int, high: int, tops: dict[str, int] | None
) -> None:
    if low > high:
        with pytest.raises(ParseError, match="is no range"):
            parse(f"M={low}..{high}", tops=tops)
        return
    for sign, wanted in (("=", True), (":", True), ("!=", False)):
        read = parse(f"M{sign}{low}..{high}", tops=tops, typed=True)
        for level in range(4):
            assert evaluate(read, {"M": level}) is ((low <= level <= high) is wanted)


def states_of(tops: dict[str, int]) -> list[dict[str, int]]:
    ranges = [range(top + 1) for top in tops.values()]
    return [dict(zip(tops, levels, strict=True)) for levels in product(*ranges)]
