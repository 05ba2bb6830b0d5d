"""Conditions of levels that exclude each other, against all states."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from hypothesis import given

from regnet.exchange.exclusive import (
    exclusive_cases,
    find_overlap,
    pushed,
    told_rule,
    with_told_rules,
)
from regnet.logic import And, Expr, Not, Or, Var, evaluate
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project
from tests.strategies import networks


def states(network: LogicalNetwork) -> list[dict[str, int]]:
    ranges = (range(top + 1) for top in network.tops.values())
    return [dict(zip(network.names, levels, strict=True)) for levels in product(*ranges)]


@given(networks(4, 3, inputs=False))
def test_that_one_condition_holds_at_most_and_leads_where_the_rule_does(
    network: LogicalNetwork,
) -> None:
    for component in network.components:
        assert component.rule
        cases = exclusive_cases(component.rule)
        for state in states(network):
            held = [level for condition, level in cases if evaluate(condition, state)]
            assert len(held) < 2
            assert sum(held) == component.rule.target(state)


def test_that_what_excludes_already_stays_as_it_is_written() -> None:
    rule = Rule.parse({2: "A & (B | C)", 1: "!(A & (B | C))"})
    assert exclusive_cases(rule) == list(rule.cases)


def test_that_the_shorter_form_is_written() -> None:
    written = [str(c) for c, _ in exclusive_cases(Rule.parse({2: "B:2", 1: "B"}))]
    assert written == ["B:2", "B & !B:2"]
    wide = " & ".join(f"({a}1 | {a}2)" for a in "abcd")  # as a sum it has 16 products
    above, below = exclusive_cases(Rule.parse({2: "x", 1: f"({wide}) & (x | y)"}))
    assert (str(above[0]), str(below[0])) == ("x", f"{wide} & (x | y) & !x")


@given(networks(4, 3, inputs=False))
def test_that_an_overlap_is_found_where_there_is_one(network: LogicalNetwork) -> None:
    for component in network.components:
        assert component.rule
        cases = component.rule.cases
        several = any(
            len({level for condition, level in cases if evaluate(condition, state)}) > 1
            for state in states(network)
        )
        assert (find_overlap(cases) is not None) == several


def test_that_an_overlap_says_where() -> None:
    found = find_overlap(Rule.parse({2: "B & C", 1: "B | C"}).cases)
    assert str(found) == "levels 2 and 1 hold at once where B>=1 C>=1"


@given(networks(3, 2, inputs=False))
def test_that_only_thresholds_are_negated_where_it_is_pushed(network: LogicalNetwork) -> None:
    for component in network.components:
        assert component.rule
        for condition, _ in component.rule.cases:
            result = pushed(condition)
            stack: list[Expr] = [result]
            while stack:
                node = stack.pop()
                assert not isinstance(node, Not) or isinstance(node.arg, Var)
                stack += node.args if isinstance(node, And | Or) else ()
            for state in states(network):
                assert evaluate(result, state) == evaluate(condition, state)


def test_that_a_rule_comes_back_as_long_as_it_means_what_was_read() -> None:
    rule = Rule.parse({2: "B & C", 1: "B | C"})
    component = Component("A", rule, 2)
    cases = exclusive_cases(rule)
    told = told_rule(component, cases)
    others = Component("B"), Component("C")
    read = replace(component, rule=Rule(tuple(cases)))
    project = Project(LogicalNetwork((read, *others)))
    assert with_told_rules(project, told).network["A"].rule == rule
    changed = replace(component, rule=Rule.parse({2: "B & C", 1: "B & !C"}))
    project = Project(LogicalNetwork((changed, *others)))
    assert with_told_rules(project, [*told, "highest level first: 3", "x"]) == project


def test_that_a_rule_that_is_written_as_it_is_needs_no_instruction() -> None:
    rule = Rule.parse({2: "B & C", 1: "!B"})
    assert told_rule(Component("A", rule, 2), exclusive_cases(rule)) == []
