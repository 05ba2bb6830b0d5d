"""Networks: rules decide, names and levels must exist, edits leave the original alone."""

from __future__ import annotations

import pickle
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regnet.errors import NetworkError, ParseError, UnknownNameError
from regnet.logic import evaluate, parse
from regnet.network import Claim, Component, LogicalNetwork, Rule
from tests.strategies import networks, states

TOY = LogicalNetwork(
    (
        Component("Dose", top=2),
        Component("A", Rule.of("Dose:2 | B")),
        Component("B", Rule.parse({2: "A & Dose", 1: "A"}), 2),
    ),
    claims=(Claim("Dose", "A", "+"),),
    name="toy",
)


@given(networks())
@settings(max_examples=60, deadline=None)
def test_that_the_condition_of_a_level_is_that_the_target_reaches_it(
    network: LogicalNetwork,
) -> None:
    for state in _states(network):
        for component in network.components:
            if component.rule is not None:
                target = component.rule.target(state)
                for level in range(1, component.top + 1):
                    assert evaluate(component.rule.reaches(level), state) == (target >= level)


def _states(network: LogicalNetwork) -> list[dict[str, int]]:
    levels = [range(top + 1) for top in network.tops.values()]
    return [dict(zip(network.names, s, strict=True)) for s in product(*levels)]


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_that_renaming_changes_names_and_nothing_else(data: st.DataObject) -> None:
    network = data.draw(networks())
    state = data.draw(states(network))
    renamed = network.renamed("A", "Z")
    moved = {("Z" if n == "A" else n): level for n, level in state.items()}
    for name in network.names:
        there = "Z" if name == "A" else name
        assert renamed.target(there, moved) == network.target(name, state)
    assert renamed.renamed("Z", "A") == network
    assert (renamed.digest == network.digest) is False


@given(networks())
@settings(max_examples=40, deadline=None)
def test_that_without_a_component_its_level_counts_as_zero(network: LogicalNetwork) -> None:
    rest = network.without("A")
    for state in _states(network):
        if state["A"] == 0:
            for name in rest.names:
                assert rest.target(name, state) == network.target(name, state)


@given(networks())
def test_that_networks_pickle(network: LogicalNetwork) -> None:
    twin = pickle.loads(pickle.dumps(network))
    assert twin == network
    assert twin.digest == network.digest


def test_that_an_edit_leaves_the_original_alone() -> None:
    before = TOY.digest
    changed = TOY.with_rule("A", Rule.of("B:2"))
    assert TOY.digest == before
    assert changed["A"] != TOY["A"]
    assert changed["B"] is TOY["B"]


def test_that_the_digest_is_that_of_the_dynamics() -> None:
    noted = TOY.with_component(Component("Dose", top=2, note="a note", kind="assumption"))
    turned = LogicalNetwork(tuple(reversed(TOY.components)), name="other")
    assert noted.digest == turned.digest == TOY.digest
    assert TOY.with_rule("Dose", Rule.constant(1)).digest != TOY.digest


def test_that_the_first_case_that_holds_decides() -> None:
    rule = Rule(((parse("A"), 1), (parse("B"), 2)))
    assert rule.target({"A": 1, "B": 1}) == 1
    assert rule.target({"A": 0, "B": 1}) == 2
    assert rule.target({"A": 0, "B": 0}) == 0


def test_that_inputs_keep_their_level() -> None:
    assert TOY.inputs == ("Dose",)
    assert TOY.target("Dose", {"Dose": 2}) == 2
    assert not TOY.is_boolean


@pytest.mark.parametrize(
    ("components", "words"),
    [
        ((Component("A"), Component("A")), "A is defined twice"),
        ((Component("A", Rule.parse({2: "A"})),), "leads to level 2, but A ends at 1"),
        ((Component("A", Rule.of("A:2")),), "asks for A:2, but A ends at 1"),
    ],
)
def test_that_components_must_fit_together(components: tuple[Component, ...], words: str) -> None:
    with pytest.raises(NetworkError, match=words):
        LogicalNetwork(components)


def test_that_an_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'Dose'"):
        TOY.parse("dos & A")
    with pytest.raises(UnknownNameError, match="in the rule of A"):
        LogicalNetwork((Component("A", Rule.of("C")),))
    with pytest.raises(UnknownNameError):
        TOY.with_claims([Claim("A", "C", "+")])
    with pytest.raises(NetworkError, match="already a component B"):
        TOY.renamed("A", "B")


def test_that_a_condition_cannot_ask_for_a_level_that_does_not_exist() -> None:
    assert str(TOY.parse("B=1 & A=1")) == "B & !B:2 & A"
    with pytest.raises(ParseError, match="B ends at 2"):
        TOY.parse("B=3")
    with pytest.raises(NetworkError, match="never reaches 3"):
        TOY.parse("B>2")


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: Component(" A"), "cannot be the name"),
        (lambda: Component("A", top=0), "at least 1"),
        (lambda: Component("A", meanings=("off",)), "levels 0 to 1 but 1 meanings"),
        (lambda: Component("A", kind="guess"), "kind is 'guess'"),
        (lambda: Component("A", confidence="sure"), "confidence is 'sure'"),
        (lambda: Claim("A", "B", "*"), "needs a sign"),
    ],
)
def test_that_a_component_or_claim_must_make_sense(build: object, words: str) -> None:
    with pytest.raises(NetworkError, match=words):
        build()  # type: ignore[operator]


def test_that_a_network_can_be_pickled_while_another_thread_looks_at_it() -> None:
    network = LogicalNetwork((Component("A"), Component("B", Rule.of("A"))))
    state = network.__reduce_ex__(4)[2]
    assert isinstance(state, dict)
    parts = iter(state.items())
    next(parts)
    assert network.digest == pickle.loads(pickle.dumps(network)).digest
    assert "digest" not in dict(parts), "what is computed meanwhile does not get in the way"
