"""What is drawn of a set of states, and where."""

from __future__ import annotations

import pytest

from gui.panels.run import state_plan
from gui.panels.run.state_plan import ENDS, StatePlan, explore, plan_states
from regnet.analysis.trace import ATTRACTORS, Dynamics
from regnet.project import Project


@pytest.fixture
def plan(liver: Project) -> StatePlan:
    """The states after surgery under an overdose: too many to draw one by one."""
    scenario = liver.scenario("overdose at PHx")
    start = Dynamics(liver.network, scenario).first()
    return explore(liver.network, scenario, start, liver.phenotypes)


def _drawn(plan: StatePlan) -> list[int]:
    return sorted(i for node in plan.nodes.values() for i in node.states)


def test_that_many_states_are_drawn_as_groups(plan: StatePlan) -> None:
    assert len(plan.found.states) > state_plan.MOST_STATES
    assert len(plan.nodes) == len(plan.found.groups)
    assert _drawn(plan) == list(range(len(plan.found.states)))
    big = max(plan.nodes.values(), key=lambda node: len(node.states))
    assert big.lines == (f"{len(big.states)} states", "transient")


def test_that_a_group_opens_into_its_states(plan: StatePlan) -> None:
    number = max(range(len(plan.found.groups)), key=lambda i: len(plan.found.groups[i].states))
    opened = plan_states(plan.found, frozenset({number}))
    members = plan.found.groups[number].states
    assert {f"s{i}" for i in members} <= opened.nodes.keys()
    assert f"g{number}" not in opened.nodes
    assert _drawn(opened) == _drawn(plan)
    assert opened.opened == {number}


def test_that_few_states_are_drawn_one_by_one(liver: Project) -> None:
    scenario = liver.scenario("sustained injury")
    plan = explore(liver.network, scenario, Dynamics(liver.network, scenario).first())
    assert all(len(node.states) == 1 for node in plan.nodes.values())
    assert "Mass" in plan.digits
    assert "LSEC" not in plan.digits
    assert set(plan.layout.routes) == set(plan.edges)


def test_that_attractors_are_at_the_bottom(plan: StatePlan) -> None:
    ends = [name for name, node in plan.nodes.items() if node.kind in ATTRACTORS]
    lowest = max(y for name, (_, y) in plan.layout.positions.items() if name not in ends)
    assert all(plan.layout.positions[name][1] > lowest for name in ends)
    assert [band.title for band in plan.layout.bands if band.title] == [ENDS]
    assert {plan.nodes[name].lines[0] for name in ends} == {
        "overdose (wasting)",
        "overdose (wasting), partial recovery",
    }


def test_that_too_many_groups_leave_the_small_ones_out(
    plan: StatePlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_plan, "MOST_STATES", 5)
    few = plan_states(plan.found)
    assert len(few.nodes) == 5
    assert few.left_out == len(plan.found.groups) - 5
    kinds = [node.kind for node in few.nodes.values()]
    assert sum(kind in ATTRACTORS for kind in kinds) == 3
    assert any(node.is_start for node in few.nodes.values())
