"""Comparing networks, and what all writers share."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from regnet.analysis.structure import Edge, edges_as_written
from regnet.errors import FormatError
from regnet.exchange.interchange import BooleanForm, all_edges, compare_functions
from regnet.logic import evaluate
from regnet.network import Component, LogicalNetwork, Rule
from tests.strategies import networks


def network(**rules: str) -> LogicalNetwork:
    return LogicalNetwork(tuple(Component(n, Rule.of(r) if r else None) for n, r in rules.items()))


def test_that_equal_functions_are_equal_however_they_are_written() -> None:
    assert compare_functions(network(A="B & C | B & !C", B="", C=""), network(A="B", B="", C=""))


def test_that_renamed_components_are_compared_by_their_place() -> None:
    assert compare_functions(network(A="!B", B=""), network(X="!Y", Y=""))


def test_that_a_difference_comes_with_a_state() -> None:
    found = compare_functions(network(A="B & C", B="", C=""), network(A="B", B="", C=""))
    assert found.differing == (("A", "B>=1 C<1"),)
    assert not found


def test_that_networks_of_other_components_cannot_be_compared() -> None:
    with pytest.raises(FormatError, match="1 components were written and 2 were read"):
        compare_functions(network(A="A"), network(A="A", B=""))


def test_that_a_function_that_is_too_large_is_undecided() -> None:
    names = [f"x{n}" for n in range(800)]
    pairs = [" & ".join(names[n : n + 2]) for n in range(0, 800, 2)]
    large, other = (
        LogicalNetwork((Component("A", Rule.of(" | ".join(order))), *map(Component, names)))
        for order in (pairs, pairs[::-1])
    )
    found = compare_functions(large, other)
    assert found.undecided == ("A",)
    assert found.differing == ()
    assert compare_functions(large, large)


def test_that_edges_of_a_large_rule_are_read_off_its_text() -> None:
    names = [f"x{n}" for n in range(30)]
    rule = Rule.of(f"!({' & '.join(names[:15])}) & ({' | '.join(names[15:])}) | x0 & x1")
    large = LogicalNetwork((Component("A", rule), *map(Component, names)))
    signs = {e.source: e.sign for e in all_edges(large)}
    assert [signs[name] for name in ("x0", "x1", "x2", "x15")] == ["±", "±", "-", "+"]
    assert edges_as_written(Component("B", Rule.parse({2: "x", 1: "!x:2"}), top=2)) == [
        Edge("x", "B", "±", (1, 2))
    ]


@given(networks(3, 3))
@settings(max_examples=15)
def test_that_the_boolean_form_is_the_network_in_other_words(network: LogicalNetwork) -> None:
    form = BooleanForm(network)
    assert compare_functions(network, form.boolean)
    names = [v.name for v in form.variables]
    assert len(set(names)) == len(names) == sum(network.tops.values())


def test_that_names_stay_unique_when_they_become_plain() -> None:
    odd = LogicalNetwork(tuple(map(Component, ["a-b", "a_b", "a+b", "a b", "and"])))
    names = [v.name for v in BooleanForm(odd).variables]
    assert names == ["a_b_2", "a_b", "a_plusb", "a_b_3", "_and"]
    kept = BooleanForm(odd, any_name=True)
    assert [v.name for v in kept.variables] == list(odd.names)


def test_that_edges_without_effect_have_no_sign() -> None:
    edges = {(e.source, e.sign) for e in all_edges(network(A="B & (C | !C)", B="", C=""))}
    assert edges == {("B", "+"), ("C", "")}


def test_that_constants_stand_alone_in_what_is_written() -> None:
    (variable, *_) = BooleanForm(network(A="B & 1 | 0", B="")).variables
    assert str(variable.condition) == "B"
    assert evaluate(variable.condition, {"B": 1})
