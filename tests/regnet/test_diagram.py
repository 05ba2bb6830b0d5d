"""Decision diagrams against truth tables."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regnet import diagram
from regnet.diagram import Diagram, Function, truth_columns
from regnet.errors import EngineError
from regnet.logic import And, Expr, Not, Or, Var, evaluate
from tests.strategies import expressions

COUNT = 5
NAMES = "ABCDE"
TOPS = dict.fromkeys(NAMES, 1)
NUMBER = {(name, 1): i for i, name in enumerate(NAMES)}
STATES = [dict(enumerate(bits)) for bits in product((False, True), repeat=COUNT)]

tables = st.integers(0, (1 << (1 << COUNT)) - 1)
values = st.dictionaries(st.integers(0, COUNT - 1), st.booleans())


def table_of(d: Diagram, f: Function) -> int:
    columns, full = truth_columns(COUNT)
    return d.evaluate(f, dict(enumerate(columns)), full)


def holds(d: Diagram, f: Function, state: dict[int, bool]) -> bool:
    result = d.restrict(f, state)
    assert result < 2
    return bool(result)


def of(d: Diagram, table: int) -> Function:
    return d.from_table(table, range(COUNT))


@given(tables)
def test_that_a_table_survives_the_way_through_a_diagram(table: int):
    d = Diagram()
    f = of(d, table)
    assert table_of(d, f) == table
    assert [holds(d, f, state) for state in STATES] == [
        bool(table >> i & 1) for i in range(1 << COUNT)
    ]


@given(tables, tables, tables)
def test_that_operations_are_those_of_truth_tables(a: int, b: int, c: int):
    d, (_, full) = Diagram(), truth_columns(COUNT)
    f, g, h = of(d, a), of(d, b), of(d, c)
    assert d.negation(f) == of(d, full ^ a)
    assert d.both(f, g) == of(d, a & b)
    assert d.either(f, g) == of(d, a | b)
    assert d.ite(f, g, h) == of(d, (a & b) | ((full ^ a) & c))
    assert d.conjunction([f, g, h]) == of(d, a & b & c)
    assert d.disjunction([f, g, h]) == of(d, a | b | c)


@given(expressions(TOPS, max_leaves=12))
def test_that_an_expression_is_read_as_it_evaluates(expr: Expr):
    d = Diagram()
    f = d.read(expr, NUMBER)
    for state in STATES:
        levels = {name: int(state[i]) for i, name in enumerate(NAMES)}
        assert holds(d, f, state) == evaluate(expr, levels)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(diagram, "TABLE_VARIABLES", 0)
        assert d.read(expr, NUMBER) == f


@given(tables)
def test_that_the_support_is_what_a_function_depends_on(table: int):
    d = Diagram()
    f = of(d, table)
    depends = {v for v in range(COUNT) if d.restrict(f, {v: False}) != d.restrict(f, {v: True})}
    assert d.support(f) == depends


@given(tables, values)
def test_that_a_restriction_holds_where_the_function_holds(table: int, chosen: dict[int, bool]):
    d = Diagram()
    f = of(d, table)
    g = d.restrict(f, chosen)
    assert d.support(g).isdisjoint(chosen)
    assert all(holds(d, g, s) == holds(d, f, {**s, **chosen}) for s in STATES)


@given(tables, st.dictionaries(st.integers(0, COUNT - 1), tables, max_size=3))
def test_that_variables_are_replaced_by_functions_all_at_once(table: int, new: dict[int, int]):
    d = Diagram()
    f, change = of(d, table), {v: of(d, t) for v, t in new.items()}
    g = d.compose(f, change)
    for state in STATES:
        seen = {**state, **{v: holds(d, h, state) for v, h in change.items()}}
        assert holds(d, g, state) == holds(d, f, seen)


@given(tables, st.frozensets(st.integers(0, COUNT - 1)))
def test_that_hidden_variables_may_have_any_value(table: int, hidden: frozenset[int]):
    d = Diagram()
    f = of(d, table)
    g = d.exists(f, hidden)
    for state in STATES:
        choices = product((False, True), repeat=len(hidden))
        some = (dict(zip(sorted(hidden), bits, strict=True)) for bits in choices)
        assert holds(d, g, state) == any(holds(d, f, {**state, **own}) for own in some)


@given(tables)
def test_that_states_are_counted(table: int):
    d = Diagram()
    assert d.count(of(d, table), range(COUNT)) == table.bit_count()


@given(tables.filter(bool))
def test_that_the_first_state_is_the_smallest(table: int):
    d = Diagram()
    first = d.first(of(d, table))
    state = sum(1 << (COUNT - 1 - v) for v, value in first.items() if value)
    assert state == (table & -table).bit_length() - 1


@given(tables, tables)
def test_that_cubes_cover_and_none_can_be_left_out(a: int, b: int):
    d = Diagram()
    lower, upper = of(d, a & b), of(d, a | b)
    cubes = d.cubes(lower, upper)
    functions = [d.cube(cube) for cube in cubes]
    covered = d.disjunction(functions)
    assert d.both(lower, d.negation(covered)) == 0
    assert d.both(covered, d.negation(upper)) == 0
    for i in range(len(functions)):
        others = d.disjunction(functions[:i] + functions[i + 1 :])
        assert d.both(lower, d.negation(others)) != 0


@given(tables)
def test_that_cubes_without_leeway_are_the_function(table: int):
    d = Diagram()
    f = of(d, table)
    assert d.disjunction(map(d.cube, d.cubes(f))) == f


@given(tables)
def test_that_cubes_of_few_variables_are_those_of_many(table: int):
    with pytest.MonkeyPatch.context() as patch:
        d = Diagram()
        f = d.from_table(table, range(COUNT))
        few = d.cubes(f), d.cubes_of_both(f)
        patch.setattr(diagram, "FEW_VARIABLES", -1)
        d = Diagram()
        f = d.from_table(table, range(COUNT))
        many = d.cubes(f), d.cubes_of_both(f)
    assert few == many
    assert many[1] == (many[0], d.cubes(d.negation(f)))


@given(tables)
def test_that_paths_are_disjoint_and_together_the_function(table: int):
    d = Diagram()
    f = of(d, table)
    functions = [d.cube(cube) for cube in d.paths(f)]
    assert d.disjunction(functions) == f
    assert sum(d.count(g, range(COUNT)) for g in functions) == table.bit_count()


@given(tables)
def test_that_children_are_listed_before_parents(table: int):
    d = Diagram()
    nodes = d.nodes(of(d, table))
    seen = {0, 1}
    for node in nodes:
        assert seen.issuperset(d.branches(node))
        seen.add(node)
    assert len(nodes) == len(set(nodes))


def test_that_a_rule_with_too_many_regulators_is_refused():
    names = [f"n{i}" for i in range(diagram.MAX_SUPPORT + 1)]
    pairs = [Or((Var(a), Var(b))) for a, b in pairwise(names)]
    with pytest.raises(EngineError, match="701 components"):
        Diagram().read(And(tuple(pairs)), {(name, 1): i for i, name in enumerate(names)})


DEEP = 5_000


def test_that_deep_functions_are_built_and_asked_without_recursion():
    d, order = Diagram(), range(DEEP)
    names = [f"n{i}" for i in order]
    number = {(name, 1): i for i, name in enumerate(names)}
    on = d.read(And(tuple(Var(name) for name in names)), number)
    assert on == d.cube(dict.fromkeys(order, True))
    off = d.read(Not(Or(tuple(Var(name) for name in names))), number)
    assert d.support(on) == frozenset(order)
    assert d.both(on, off) == 0
    assert not d.meet(on, off)
    two = d.either(on, off)
    assert d.count(two, order) == 2
    assert d.count(d.negation(two), order) == 2**DEEP - 2
    assert d.restrict(two, dict.fromkeys(range(DEEP - 1), True)) == d.literal(DEEP - 1)
    assert d.exists(two, frozenset(range(1, DEEP))) == 1
    assert d.compose(on, {DEEP - 1: d.literal(DEEP - 1, False)}) == d.both(
        d.cube(dict.fromkeys(range(DEEP - 1), True)), d.literal(DEEP - 1, False)
    )


def test_that_products_of_deep_functions_cover_them():
    d, order = Diagram(), range(1_000)
    two = d.either(*(d.cube(dict.fromkeys(order, value)) for value in (False, True)))
    assert d.disjunction(map(d.cube, d.cubes(two))) == two


@given(tables, tables, tables, st.integers(0, 2))
def test_that_loops_join_functions_as_recursion_does(f: int, g: int, h: int, room: int):
    d = Diagram()
    joined = d.ite(of(d, f), of(d, g), of(d, h), room)
    assert table_of(d, joined) == (f & g) | (~f & h & ((1 << (1 << COUNT)) - 1))
