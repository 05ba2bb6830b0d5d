"""Mutations: each changes a rule in one place, and experiments notice what they should."""

from __future__ import annotations

from itertools import product

from hypothesis import given

from regnet.analysis.check import judge
from regnet.analysis.sensitivity import MUTATION_KINDS, find_sensitivity, mutations
from regnet.evidence import Expectation, Experiment
from regnet.formats import load
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project
from regnet.scenario import Cut, Perturbation, Scenario
from regnet.space import Space
from tests.conftest import ROOT
from tests.strategies import networks

TWO = LogicalNetwork((Component("A"), Component("B"), Component("C", Rule.of("A | B"))))


def experiment(identifier: str, clamps: dict[str, int], condition: str) -> Experiment:
    scenario = Scenario(perturbation=Perturbation(Space(clamps)))
    expect = (Expectation("every attractor in all", TWO.parse(condition)),)
    return Experiment(identifier, "", scenario, expect)


A_ALONE = experiment("A alone", {"A": 1, "B": 0}, "C")
HELD = experiment("C held", {"A": 1, "B": 0, "C": 1}, "C")


@given(networks(4, 2))
def test_that_every_mutation_changes_what_its_rule_does(network: LogicalNetwork) -> None:
    states = [
        dict(zip(network.names, levels, strict=True))
        for levels in product(*(range(top + 1) for top in network.tops.values()))
    ]
    for mutation in mutations(network):
        assert mutation.kind in MUTATION_KINDS
        mutated = network.with_rule(mutation.component, mutation.rule)
        name = mutation.component
        assert any(mutated.target(name, s) != network.target(name, s) for s in states)


@given(networks(4, 2))
def test_that_every_edge_that_acts_at_level_0_or_above_it_is_cut(network: LogicalNetwork) -> None:
    cut = {(m.source, m.component) for m in mutations(network) if m.kind == "edge"}
    for component in network.components:
        for name in network.names if component.rule else ():
            states = product(*(range(top + 1) for top in network.tops.values()))
            acts = False
            for levels in states:
                state = dict(zip(network.names, levels, strict=True))
                here = network.target(component.name, state)
                acts |= here != network.target(component.name, {**state, name: 0})
            assert ((name, component.name) in cut) is acts


def test_that_who_notices_is_who_fails_then() -> None:
    project = load(ROOT / "tests" / "models" / "lif_lifr.toml")
    found = find_sensitivity(project, only=["C12a", "C12b", "C20"])
    assert found.complete
    assert found.experiments == ("C12a", "C12b", "C20")
    chosen = [e for e in project.experiments if e.id in found.experiments]
    for row in found.rows[::7]:
        mutated = project.network.with_rule(row.mutation.component, row.mutation.rule)
        failing = tuple(e.id for e in chosen if judge(mutated, e).holds is False)
        assert row.noticed == failing, row.mutation.change


def test_that_edges_without_an_experiment_are_unprotected() -> None:
    found = find_sensitivity(Project(TWO, experiments=(A_ALONE, HELD)))
    assert [row.mutation.change for row in found.unprotected] == ["B -> C cut"]
    assert all("C held" not in row.noticed for row in found.rows)


def test_that_an_experiment_that_fails_already_notices_nothing() -> None:
    wrong = experiment("wrong", {"A": 0, "B": 0}, "C")
    found = find_sensitivity(Project(TWO, experiments=(A_ALONE, wrong)))
    assert found.experiments == ("A alone",)


def test_that_exact_levels_stay_together() -> None:
    top = Component("X", top=2)
    rule = Rule.parse({1: "X=1 & A"}, {"X": 2, "A": 1})
    network = LogicalNetwork((Component("A"), top, Component("C", rule)))
    changes = [m.change for m in mutations(network) if m.kind == "gate"]
    assert changes == ["X=1 | A for X=1 & A"]


def test_that_an_interrupt_keeps_what_was_tried() -> None:
    calls = 0

    def interrupted(function: object, arguments: object) -> object:
        nonlocal calls
        calls += 1
        for argument in arguments:  # type: ignore[attr-defined]
            yield function(argument)  # type: ignore[operator]
            if calls > 1:
                raise KeyboardInterrupt

    found = find_sensitivity(Project(TWO, experiments=(A_ALONE,)), map=interrupted)  # type: ignore[arg-type]
    assert len(found.rows) == 1
    assert not found.complete
    assert "interrupted after 1 of" in found.missing


def test_that_an_edge_that_an_experiment_cuts_may_be_cut_by_a_mutation() -> None:
    """The edge is gone either way; what the experiment sees of all else stays as it was."""
    cuts = frozenset({Cut("A", "C")})
    scenario = Scenario(perturbation=Perturbation(Space({"A": 1}), cuts))
    expect = (Expectation("every attractor in all", TWO.parse("C & B | !C & !B")),)
    found = find_sensitivity(Project(TWO, experiments=(Experiment("1", "", scenario, expect),)))
    assert found.complete
    assert {row.mutation.change: row.noticed for row in found.rows} == {
        "A -> C cut": (),
        "B -> C cut": ("1",),
        "A & B for A | B": ("1",),
    }
