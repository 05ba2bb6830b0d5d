"""Large screens: numbering, and the same rows as a screen that is asked row by row."""

from __future__ import annotations

import pickle
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regnet.analysis import screen as screening
from regnet.analysis.screen import Screen, combined, screen, single_perturbations
from regnet.analysis.screen.answers import Answers
from regnet.analysis.screen.combinations import Combinations
from regnet.analysis.screen.findings import find_in
from regnet.analysis.screen.plan import Plan
from regnet.errors import RegnetError
from regnet.evidence import Phenotype
from regnet.logic import parse
from regnet.network import Component, LogicalNetwork, Rule
from regnet.scenario import Cut, Perturbation, Scenario
from tests.by_rows import essential_components, synergies, synthetic_lethals
from tests.strategies import expressions, networks, oscillators, perturbations


@st.composite
def plans(draw: st.DrawFn, *, order: int = 2) -> Plan:
    network = draw(st.one_of(networks(3, 2), oscillators(4)))
    update = draw(st.sampled_from(["asynchronous", "most-permissive", "synchronous"]))
    context = Scenario("done", draw(perturbations(network)), update=update)
    conditions = draw(st.lists(expressions(network.tops, max_leaves=4), max_size=2))
    return Plan.of(
        network,
        [Scenario("as it is"), context],
        order=order,
        phenotypes=[Phenotype(f"P{i}", c) for i, c in enumerate(conditions)],
        readouts=draw(st.lists(st.sampled_from(network.names), max_size=2, unique=True)),
    )


def asked_one_by_one(plan: Plan) -> Screen:
    network = plan.network
    several = [p for k in range(2, plan.order + 1) for p in combined(network, k)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(screening, "MIN_COMPILED", 1 << 30)
        return screen(
            network,
            plan.contexts,
            perturbations=[*single_perturbations(network), *several],
            phenotypes=plan.phenotypes,
            readouts=plan.readouts,
        )


def pieces_of(plan: Plan, size: int) -> list:
    answers = Answers(plan)
    return [(chunk.context, answers(chunk)) for chunk in plan.chunks(size)]


def rows_of(plan: Plan, size: int) -> list:
    return [
        row for i, piece in pieces_of(plan, size) for row in piece.rows(plan, plan.contexts[i].name)
    ]


@given(st.lists(st.integers(1, 3), max_size=5), st.integers(0, 3), st.data())
def test_that_combinations_are_those_of_itertools_and_know_their_numbers(tops, order, data):
    singles = [(f"C{i}", level) for i, top in enumerate(tops) for level in range(top)]
    expected = [
        some
        for some in combinations(range(len(singles)), order)
        if len({singles[i][0] for i in some}) == order
    ]
    found = Combinations(singles, order)
    begin = data.draw(st.integers(0, len(expected)))
    assert found.count == len(expected)
    assert [tuple(row) for row in found.rows(begin).tolist()] == expected[begin:]
    assert found.numbers(found.rows()).tolist() == list(range(found.count))


@given(plans(), st.integers(1, 40))
@settings(max_examples=15)
def test_that_rows_are_those_of_a_screen_however_they_are_dealt_out(plan, size):
    assert rows_of(plan, size) == list(asked_one_by_one(plan).rows)


@given(plans(order=3))
@settings(max_examples=10)
def test_that_findings_are_those_of_the_rows(plan):
    rows = asked_one_by_one(plan).rows
    found = find_in(plan, pieces_of(plan, 7), most=10_000)
    assert [w.context for w in found.wild] == [c.name for c in plan.contexts]
    assert found.changed == sum(row.changed is True for row in rows)
    assert sorted(map(repr, found.synergies)) == sorted(map(repr, synergies(rows)))
    for phenotype in plan.phenotypes:
        name = phenotype.name
        assert list(found.essential.get(name, ())) == essential_components(rows, name)
        lethal = found.lethal.get(name, ())
        assert sorted(map(repr, lethal)) == sorted(map(repr, synthetic_lethals(rows, name)))


@given(plans())
@settings(max_examples=15)
def test_that_phenotypes_alone_are_those_of_whole_attractors(plan):
    whole = asked_one_by_one(plan).rows
    alone = replace(plan, only_phenotypes=True)
    for row, other in zip(rows_of(alone, 50), whole, strict=True):
        assert row.attractors is None
        assert row.phenotypes.keys() == other.phenotypes.keys()
        assert row.readouts == other.readouts


def test_that_only_what_regulates_the_question_is_looked_at():
    rules = {"A": "!A", "B": "B", "C": "A & B & C"}
    network = LogicalNetwork(tuple(Component(n, Rule.of(r)) for n, r in rules.items()))
    plan = Plan.of(network, phenotypes=[Phenotype("P", parse("B"))], only_phenotypes=True)
    answers = Answers(plan)
    (chunk,) = plan.chunks(100)
    answers(chunk)
    assert answers._known[0].network.names == ("B",)


def test_that_cuts_have_rows_of_their_own():
    rules = {"A": "true", "B": "A"}
    network = LogicalNetwork(tuple(Component(n, Rule.of(r)) for n, r in rules.items()))
    cut = Cut("A", "B")
    plan = Plan(network, (Scenario("wild type"),), (("A", 0),), (cut,), readouts=("B",))
    rows = rows_of(plan, 10)
    assert [str(row.perturbation) for row in rows] == ["wild type", "A=0", "A->B"]
    assert [row.readouts["B"] for row in rows] == [(1, 1), (0, 0), (0, 0)]
    assert rows[2].perturbation == Perturbation(cuts=frozenset({cut}))


def test_that_answers_can_be_sent_to_another_process():
    network = LogicalNetwork((Component("A", Rule.of("!A")),))
    plan = Plan.of(network)
    answers = Answers(plan)
    (chunk,) = plan.chunks(100)
    before = answers(chunk).rows(plan, "x")
    assert pickle.loads(pickle.dumps(answers))(chunk).rows(plan, "x") == before


def test_that_without_time_open_rows_are_bounded_by_their_trap_spaces():
    rules = {"A": "!A & !B | C", "B": "!A & !B | C", "C": "A & B"}
    network = LogicalNetwork(tuple(Component(n, Rule.of(r)) for n, r in rules.items()))
    (wild, *_) = rows_of(Plan.of(network, timeout=0.0), 10)
    assert (wild.status, wild.attractors) == ("bounded", 1)
    (wild, *_) = rows_of(Plan.of(network), 10)
    assert (wild.status, wild.attractors) == ("exact", 2)


def test_that_a_plan_refuses_what_does_not_fit():
    network = LogicalNetwork((Component("A", Rule.of("!A")),))
    with pytest.raises(RegnetError, match="B"):
        Plan.of(network, targets=["B"])
    with pytest.raises(RegnetError, match="same name"):
        Plan.of(network, [Scenario("x"), Scenario("x")])


def test_that_nothing_changes_where_nobody_has_the_phenotype_that_was_asked_for():
    network = LogicalNetwork((Component("A", Rule.of("!A")), Component("B", Rule.of("B"))))
    nobody = (Phenotype("never", network.parse("A & !A")),)
    plan = Plan.of(network, [Scenario("as it is")], order=1, phenotypes=nobody)
    for rows in (rows_of(plan, 10), asked_one_by_one(plan).rows):
        assert [row.attractors for row in rows] == [2, 2, 2, 1, 1]
        assert not any(row.changed for row in rows)
    plan = replace(plan, phenotypes=())  # the number is what is compared where nothing is asked
    for rows in (rows_of(plan, 10), asked_one_by_one(plan).rows):
        assert [bool(row.changed) for row in rows] == [False, False, False, True, True]
