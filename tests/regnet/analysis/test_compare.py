"""Comparing attractors: against every state of random networks, and on the liver model."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regnet.analysis import compare
from regnet.analysis.attractors import find_attractors
from regnet.analysis.compare import (
    Comparison,
    _assignment,
    compare_attractors,
    compare_scenarios,
)
from regnet.analysis.compare.comparison_text import describe_change
from regnet.errors import NetworkError
from regnet.formats import load
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project
from regnet.scenario import Cut, Perturbation, Scenario
from regnet.space import Space
from tests import strategies
from tests.brute import Brute

UPDATES = ("asynchronous", "synchronous", "most-permissive")


@pytest.fixture(scope="module")
def liver(models: Path) -> Project:
    """The flagship model."""
    return load(models / "lif_lifr.toml")


def _compared(project: Project, before: Scenario, after: Scenario) -> Comparison:
    return compare_scenarios(project.network, before, after, phenotypes=project.phenotypes)


def _knocked_out(scenario: Scenario, name: str) -> Scenario:
    return scenario.perturbed(Perturbation(Space({name: 0})))


# --- against every state ---------------------------------------------------------------------


def _boxes(network: LogicalNetwork, done: Perturbation, update: str) -> list[Space]:
    """Return what each attractor spans, found by looking at every state."""
    brute = Brute(network, done)
    boxes = map(brute.hull, brute.attractors(update))
    return [Space(dict(zip(network.names, box, strict=True))) for box in boxes]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_that_each_input_condition_is_compared_as_if_it_were_alone(data: st.DataObject) -> None:
    network = data.draw(st.one_of(strategies.networks(4, 2), strategies.oscillators(4)))
    updates = [data.draw(st.sampled_from(UPDATES)) for _ in "ab"]
    drawn = [data.draw(strategies.perturbations(network, max_clamps=1)) for _ in "ab"]
    before, after = (
        replace(p, clamps=p.clamps.without(*(n for n in network.inputs if n not in p.clamps.fixed)))
        for p in drawn
    )
    scenarios = [
        Scenario(perturbation=p, update=update)
        for p, update in zip((before, after), updates, strict=True)
    ]
    found = compare_scenarios(network, *scenarios)
    assert found.complete
    sides = [
        {n: p.clamps.fixed[n] for n in network.inputs if n in p.clamps} for p in (before, after)
    ]
    free = [n for n in network.inputs if n not in sides[0] and n not in sides[1]]
    one_side = {n: level for side, other in (sides, sides[::-1])
                for n, level in side.items() if n not in other}  # fmt: skip
    held = [n for n in network.names if before.clamps.get(n) != after.clamps.get(n)]
    total = 0
    for levels in itertools.product(*(range(network.tops[n] + 1) for n in free)):
        at = one_side | dict(zip(free, levels, strict=True))
        boxes = [
            Counter(
                box.without(*held)
                for box in _boxes(network, p.then(Perturbation(Space({**p.clamps, **at}))), update)
            )
            for p, update in zip((before, after), updates, strict=True)
        ]
        here = [
            p for p in found.pairs
            if any(c.contains(Space({**at})) or all(c[n][0] <= at[n] <= c[n][1] for n in c)
                   for c in p.conditions)
        ]  # fmt: skip
        kinds = Counter(p.kind for p in here)
        both = kinds["same"] + kinds["shifted"]
        assert both + kinds["lost"] == boxes[0].total()
        assert both + kinds["gained"] == boxes[1].total()
        assert kinds["same"] == (boxes[0] & boxes[1]).total()
        for pair in here:
            if pair.valuations == 1 and pair.before is not None:
                assert pair.levels_before is not None
                assert pair.levels_before.without(*held) in boxes[0]
            if pair.valuations == 1 and pair.after is not None:
                assert pair.levels_after is not None
                assert pair.levels_after.without(*held) in boxes[1]
        total += 1
    assert total == found.valuations
    for pair in found.pairs:
        if len(pair.conditions) == 1 and pair.levels_before and pair.levels_after:
            levels = pair.levels_before, pair.levels_after
            differ = {n for n in network.names if levels[0][n] != levels[1][n]}
            assert set(pair.changed) == differ - set(held)


@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_that_the_matching_costs_least(rows: int, columns: int, data: st.DataObject) -> None:
    cost = st.one_of(st.floats(0, 1), st.just(float("inf")))
    line = st.lists(cost, min_size=columns, max_size=columns)
    costs = data.draw(st.lists(line, min_size=rows, max_size=rows))
    dear = 1.0 + sum(c for line in costs for c in line if c < float("inf"))

    def price(pairs: list[tuple[int, int]]) -> float:
        return sum(min(costs[i][j], dear) for i, j in pairs)

    found = _assignment(costs)
    assert len(found) == len({i for i, _ in found}) == len({j for _, j in found})
    assert len(found) == min(rows, columns)
    small, large = sorted((rows, columns))
    best = min(
        price([(i, j) if rows <= columns else (j, i) for i, j in enumerate(order)])
        for order in itertools.permutations(range(large), small)
    )
    assert price(found) == pytest.approx(best)


# --- the liver -------------------------------------------------------------------------------


def test_that_nothing_changes_between_a_scenario_and_itself(liver: Project) -> None:
    found = _compared(liver, Scenario(), Scenario())
    assert {p.kind for p in found.pairs} == {"same"}
    assert all(p.before == p.after for p in found.pairs)
    assert found.valuations == 12
    assert found.sentence.endswith("nothing changes.")


def test_that_a_knock_out_tells_what_is_lost_and_gained(liver: Project) -> None:
    found = _compared(liver, liver.scenario("PHx"), liver.scenario("LIFR lost in LSEC"))
    assert found.sentence == (
        "Knocking out LIFR: “healthy quiescent” is lost; “partial recovery” is gained."
    )
    lost, gained = found.pairs
    assert (lost.kind, lost.before, lost.after, lost.nearest) == ("lost", 0, None, 0)
    assert (gained.kind, gained.before, gained.after) == ("gained", None, 0)
    assert "LIFR" not in lost.changed == gained.changed
    assert {"VEGF", "Mass"} <= set(lost.changed)
    assert found.held == ("LIFR",)


def test_that_going_back_swaps_lost_and_gained(liver: Project) -> None:
    there = _compared(liver, Scenario(), _knocked_out(Scenario(), "STAT3"))
    back = _compared(liver, _knocked_out(Scenario(), "STAT3"), Scenario())
    for kind, other in (("lost", "gained"), ("same", "same"), ("shifted", "shifted")):
        assert len(there.of_kind(kind)) == len(back.of_kind(other))
    assert there.of_kind("shifted")
    assert back.sentence.startswith("From STAT3=0 to unperturbed with ")


def test_that_states_lost_under_some_inputs_say_under_which(liver: Project) -> None:
    found = _compared(liver, Scenario(), _knocked_out(Scenario(), "LIFR"))
    assert "are lost in 1 of 12 input conditions each" in found.sentence
    primed = next(
        p for p in found.of_kind("lost")
        if p.before is not None
        and found.before.attractors[p.before].phenotypes == ("healthy, primed vessels",)
    )  # fmt: skip
    assert [str(c) for c in primed.conditions] == ["LIF_dose=1 Insult=0 LSEC=1"]


def test_that_an_input_set_on_one_side_selects_its_condition_on_the_other(liver: Project) -> None:
    found = _compared(liver, Scenario(), liver.scenario("PHx"))
    assert found.common == Space({"LIF_dose": 0, "Insult": 0, "LSEC": 1})
    assert found.valuations == 1
    assert found.held == ()
    assert "where LIF_dose=0, Insult=0, LSEC=1" in found.sentence


def test_that_inputs_set_differently_are_no_effect_of_themselves(liver: Project) -> None:
    found = _compared(liver, liver.scenario("PHx"), liver.scenario("overdose before PHx"))
    assert found.held == ("LIF_dose",)
    assert all("LIF_dose" not in p.changed for p in found.pairs)
    assert found.sentence.startswith("From PHx to overdose before PHx: ")


def test_that_different_updates_are_said(liver: Project) -> None:
    found = _compared(liver, Scenario(), Scenario(update="synchronous"))
    assert "updated differently (asynchronous, synchronous)" in found.sentence


def test_that_of_attractors_with_equal_levels_the_one_with_other_states_is_lost() -> None:
    """A and B oscillate in step or in turn; after the cut only in turn."""
    network = LogicalNetwork(
        (Component("A", Rule.of("!A")), Component("B", Rule.of("C & !B | !C & A")),
         Component("C", Rule.of("true")))
    )  # fmt: skip
    after = Scenario("y", Perturbation(Space({"C": 0})), update="synchronous")
    found = compare_scenarios(network, Scenario("x", update="synchronous"), after)
    seeds = [
        [str(a.seed.without("C")) for a in side.attractors] for side in (found.before, found.after)
    ]
    assert seeds == [["A=0 B=0", "A=0 B=1"], ["A=0 B=1"]]
    assert [(p.kind, p.before, p.after) for p in found.pairs] == [
        ("lost", 0, None),
        ("same", 1, 0),
    ]


def test_that_a_literal_that_cancels_leaves_the_level_to_the_inputs() -> None:
    """C follows A, whatever C itself is; its rule does not say so plainly."""
    network = LogicalNetwork((Component("A"), Component("C", Rule.of("A & C | A & !C"))))
    found = compare_scenarios(network, Scenario("x"), Scenario("y", update="synchronous"))
    assert {pair.kind for pair in found.pairs} == {"same"}
    alone = {str(p.conditions[0]): p.levels_before for p in found.pairs if len(p.conditions) == 1}
    assert all(levels is None or levels["C"] == levels["A"] for levels in alone.values())


def test_that_many_free_inputs_are_compared_together() -> None:
    chain = [Component(f"I{i}") for i in range(30)]
    network = LogicalNetwork((*chain, Component("X", Rule.of("I0")), Component("Y", Rule.of("X"))))
    found = compare_scenarios(network, Scenario(), _knocked_out(Scenario(), "X"))
    assert found.valuations == 2**30
    (same,) = found.of_kind("same")
    (shifted,) = found.of_kind("shifted")
    assert same.conditions[0]["I0"] == (0, 0)
    assert (shifted.changed, shifted.conditions[0]["I0"]) == (("Y",), (1, 1))
    assert shifted.valuations == same.valuations == 2**29
    assert shifted.levels_before is not None
    assert shifted.levels_after is not None
    assert (shifted.levels_before["Y"], shifted.levels_after["Y"]) == ((1, 1), (0, 0))
    assert shifted.levels_before["I7"] == (0, 1)


def test_that_too_many_conditions_are_said(monkeypatch: pytest.MonkeyPatch, liver: Project) -> None:
    monkeypatch.setattr(compare, "MOST_CONDITIONS", 3)
    found = _compared(liver, Scenario(), _knocked_out(Scenario(), "LIFR"))
    assert not found.complete
    assert found.missing == "only the first 3 input conditions were compared"
    assert found.valuations == 3


def test_that_answers_of_another_network_are_refused(liver: Project) -> None:
    other = liver.network.with_rule("Mass", Rule.constant(1))
    with pytest.raises(NetworkError, match="another network"):
        compare_attractors(other, find_attractors(other), find_attractors(liver.network))


@pytest.mark.parametrize(
    ("done", "words"),
    [
        (Perturbation(Space({"LIF": 2})), "Holding LIF at 2"),
        (Perturbation(Space({"Mass": (1, 2)})), "Keeping Mass at 1 to 2"),
        (Perturbation(Space({"LIFR": 0, "VEGF": 0})), "Knocking out LIFR and knocking out VEGF"),
        (Perturbation(cuts=frozenset({Cut("LIF", "LIFR")})), "Cutting LIF → LIFR"),
        (Perturbation(Space({"Insult": 1})), "Setting Insult to 1"),
    ],
)
def test_that_what_is_done_is_told_in_words(liver: Project, done: Perturbation, words: str) -> None:
    assert describe_change(liver.network, Scenario(), Scenario("x", done)) == words
    assert describe_change(liver.network, Scenario("x", done), Scenario()) == (
        "From x to unperturbed with LIF_dose, Insult, LSEC open"
    )
