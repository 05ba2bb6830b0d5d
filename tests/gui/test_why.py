"""Reasons: few, true, and enough."""

from __future__ import annotations

from hypothesis import given

from gui.why import explain
from regnet.network import Component, LogicalNetwork, Rule
from regnet.space import Space
from tests.strategies import networks

LEVELS = Space({"A": 1, "B": 0, "C": 2})
NETWORK = LogicalNetwork(
    (
        Component("A", Rule.of("C:2 & !B")),
        Component("B", Rule.parse({1: "A & !C"}, {"C": 2})),
        Component("C", top=2),
    )
)


def test_that_a_reason_names_what_decides() -> None:
    reason = explain(NETWORK, "A", LEVELS)
    assert reason.target == 1
    assert set(reason.causes) == {"B", "C"}
    assert "A goes to 1" in reason.words


def test_that_one_missing_thing_is_enough_for_off() -> None:
    reason = explain(NETWORK, "B", LEVELS)
    assert reason.target == 0
    assert reason.causes == ("C",)


def test_that_an_input_needs_no_reason() -> None:
    assert "input" in explain(NETWORK, "C", LEVELS).words


def test_that_what_changes_is_named() -> None:
    reason = explain(NETWORK, "A", LEVELS.with_({"B": (0, 1)}))
    assert reason.target is None
    assert reason.causes == ("B",)


@given(network=networks())
def test_that_the_reason_leads_to_the_target_of_the_rule(network: LogicalNetwork) -> None:
    state = {c.name: c.top for c in network.components}
    for c in network.components:
        if c.rule is None:
            continue
        reason = explain(network, c.name, Space(state))
        assert reason.target == network.target(c.name, state)
        others = {n: (0, network.tops[n]) for n in network.names if n not in reason.causes}
        alone = Space({**state, **others})
        assert explain(network, c.name, alone).target == reason.target
