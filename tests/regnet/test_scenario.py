"""Perturbations and scenarios: what they do to a network, and what does not fit."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regnet.errors import NetworkError, ParseError, UnknownNameError
from regnet.network import Component, LogicalNetwork, Rule
from regnet.scenario import Cut, Perturbation, Scenario, parse_cut, parse_levels
from regnet.space import Space
from tests.strategies import networks, perturbations, starts

TOY = LogicalNetwork(
    (Component("LIF", top=2), Component("A", Rule.of("LIF:2")), Component("B", Rule.of("A & LIF")))
)


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_that_a_perturbation_clips_targets_and_hides_cut_sources(data: st.DataObject) -> None:
    network = data.draw(networks(3, 3))
    perturbation = data.draw(perturbations(network))
    perturbed = perturbation.apply(network)
    assert perturbed.names == network.names
    hidden = {name: {} for name in network.names}
    for cut in perturbation.cuts:
        hidden[cut.target][cut.source] = cut.level
    for levels in product(*(range(top + 1) for top in network.tops.values())):
        state = dict(zip(network.names, levels, strict=True))
        for name, top in network.tops.items():
            low, high = perturbation.clamps.get(name, (0, top))
            seen = network.target(name, {**state, **hidden[name]})
            assert perturbed.target(name, state) == min(max(seen, low), high)


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_that_what_is_written_for_people_reads_back(data: st.DataObject) -> None:
    network = data.draw(networks())
    space = data.draw(starts(network))
    assert parse_levels(str(space)) == space


def test_that_clamped_components_start_at_their_clamp() -> None:
    scenario = Scenario("s", Perturbation(Space({"LIF": 2})), Space({"LIF": 0, "A": 1}))
    assert scenario.start_of(TOY) == Space({"LIF": 2, "A": 1})
    ranged = Scenario("s", Perturbation(Space({"LIF": (1, 2)})), Space({"LIF": 0}))
    assert ranged.start_of(TOY) == Space({"LIF": 1})
    assert Scenario("s", Perturbation(Space({"LIF": 2}))).start_of(TOY) == Space()


def test_that_two_perturbations_combine_or_say_that_they_cannot() -> None:
    low, high = Perturbation(Space({"LIF": (0, 1)})), Perturbation(Space({"LIF": 2}), name="high")
    cut = Perturbation(cuts=frozenset({Cut("A", "B")}))
    assert str(low | cut) == "LIF=0..1 A->B"
    with pytest.raises(NetworkError, match=r"LIF=0..1 and high cannot both be done"):
        low | high
    assert low.then(high).clamps == Space({"LIF": 2})
    assert not Perturbation()
    assert str(Perturbation()) == "wild type"


@pytest.mark.parametrize(
    ("perturbation", "error", "words"),
    [
        (Perturbation(Space({"Lif": 0})), UnknownNameError, "did you mean 'LIF'"),
        (Perturbation(Space({"A": 2})), NetworkError, "A has levels 0 to 1, not 2"),
        (Perturbation(cuts=frozenset({Cut("B", "A")})), NetworkError, "does not regulate A"),
        (Perturbation(cuts=frozenset({Cut("A", "LIF")})), NetworkError, "does not regulate LIF"),
        (Perturbation(cuts=frozenset({Cut("A", "B", 2)})), NetworkError, "A has levels 0 to 1"),
    ],
)
def test_that_what_does_not_fit_is_never_the_wild_type(
    perturbation: Perturbation, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        perturbation.apply(TOY)


def test_that_renaming_reaches_clamps_cuts_and_start() -> None:
    perturbation = Perturbation(Space({"A": 1}), frozenset({Cut("A", "B")}))
    scenario = Scenario("s", perturbation, Space({"A": 0}))
    renamed = scenario.renamed("A", "Z")
    renamed.check(TOY.renamed("A", "Z"))
    assert renamed.renamed("Z", "A") == scenario


def test_that_an_unknown_update_is_refused() -> None:
    with pytest.raises(NetworkError, match="update is 'random'"):
        Scenario("s", update="random")


@pytest.mark.parametrize("text", ["X", "X=", "=1", "X=a", "X=1..", "X=-1", "X=1 X=2"])
def test_that_a_level_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        parse_levels(text)


@pytest.mark.parametrize("text", ["A", "A->", "->B", "A->B=x", "A-B"])
def test_that_an_edge_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        parse_cut(text)


def test_that_edges_read_with_and_without_a_level() -> None:
    assert parse_cut("A->B") == Cut("A", "B")
    assert parse_cut("A -> B=2") == Cut("A", "B", 2)
