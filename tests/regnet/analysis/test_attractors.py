"""How many attractors there are, and what is said of those whose states are not counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regnet.analysis.attractors import Attractors, cores, find_attractors
from regnet.analysis.attractors.results import OSCILLATES
from regnet.evidence import ATTRACTOR_KINDS, Phenotype
from regnet.formats import load
from regnet.formats.bnet import read
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario
from tests.brute import Brute
from tests.strategies import boolean_networks, networks, oscillators


@pytest.mark.parametrize("update", ["asynchronous", "synchronous", "most-permissive"])
@settings(max_examples=25)
@given(network=st.one_of(networks(5, 2), oscillators(6)))
def test_that_the_total_is_known_without_listing(network: LogicalNetwork, update: str):
    brute, scenario = Brute(network), Scenario(update=update)
    expected = len(brute.attractors(update))
    every, few = find_attractors(network, scenario), find_attractors(network, scenario, limit=1)
    assert every.complete
    assert every.total == every.count == expected
    assert len(few.attractors) == 1
    if network.inputs:
        assert few.total == expected
    else:
        assert few.total in (None, expected)
    if not few.complete and few.total is not None:
        assert few.missing.endswith(f"there are {expected:,} with each input combination counted")


def test_that_totals_of_many_inputs_multiply():
    lines = [f"T{i}, T{i} & !I{i} | J{i}" for i in range(60)]
    found = find_attractors(read("\n".join(lines)).project.network, limit=5)
    assert not found.complete
    assert len(found.attractors) == 5
    assert found.missing.startswith("only the first 5 were looked for; there are 867,361,737,988,4")
    assert found.total == 5**60  # each T: two states remain when both inputs are off, else one


def test_that_attractors_outside_trap_spaces_are_counted(monkeypatch: pytest.MonkeyPatch):
    text = "A, !A & !B | C\nB, !A & !B | C\nC, A & B\nD, I & D"
    monkeypatch.setattr(cores, "ENUMERATED_VARIABLES", 0)
    assert find_attractors(read(text).project.network).total == 2 * 3


def test_that_a_search_that_was_stopped_does_not_say_what_it_does_not_know(
    monkeypatch: pytest.MonkeyPatch,
):
    """The ring is cyclic; before it is known whether it branches, nobody can say so."""
    monkeypatch.setattr(cores, "ENUMERATED_VARIABLES", 0)
    monkeypatch.setattr(cores, "COUNTING", 0.0)
    network = read("A, !C\nB, A\nC, B").project.network
    anything = network.parse("A | !A")
    asked = [Phenotype(kind, anything, kind) for kind in ATTRACTOR_KINDS]
    found = find_attractors(network, phenotypes=asked)
    (only,) = found.attractors
    assert (only.kind, only.size, only.phenotypes) == (OSCILLATES, None, ("complex",))
    assert found.origin.guarantee == "bounded"
    assert "whether an attractor is cyclic" in found.missing


def test_that_a_limit_does_not_hide_what_is_open_about_those_listed(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(cores, "ENUMERATED_VARIABLES", 0)
    monkeypatch.setattr(cores, "COUNTING", 0.0)
    network = read("A, !C\nB, A\nC, B\nD, !E\nE, !D").project.network
    found = find_attractors(network, limit=1)
    assert found.missing.startswith("only the first 1 were looked for; ")
    assert "whether an attractor is cyclic" in found.missing


@given(boolean_networks(4, min_components=2))
def test_that_ranges_are_exact_where_states_are_not_counted(network: LogicalNetwork):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cores, "ENUMERATED_VARIABLES", 0)
        patch.setattr(cores, "COUNTING", 0.0)
        found = find_attractors(network)
    check(found, network)


@pytest.mark.parametrize(
    "text",
    [
        "A, !C\nB, A\nC, B",
        "A, !C\nB, A\nC, B\nD, A & B & C\nE, A & !D",
        "A, !B\nB, A\nC, !D\nD, C\nE, A & C | I",
        "A, !C & !B | C & B\nB, !A\nC, A & !B | B & !C",
    ],
)
def test_that_what_follows_an_uncounted_attractor_is_exact(
    text: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cores, "ENUMERATED_VARIABLES", 0)
    monkeypatch.setattr(cores, "COUNTING", 0.0)
    network = read(text).project.network
    check(find_attractors(network), network)


def check(found: Attractors, network: LogicalNetwork) -> None:
    """Compare ranges, kinds and sizes with a walk over every state, as far as they are given."""
    brute = Brute(network)
    if found.complete:
        assert found.total == len(brute.asynchronous())
    for attractor in found.attractors:
        states = [
            own
            for own in brute.asynchronous()
            if tuple(attractor.seed[name][0] for name in network.names) in own
        ]
        assert len(states) == 1 or not found.complete
        for own in states:
            assert attractor.size in (None, len(own))
            if brute.is_cyclic(own):
                assert attractor.kind in ("cyclic", OSCILLATES)
            else:
                assert attractor.kind in ("fixed point" if len(own) == 1 else "complex", OSCILLATES)
            if found.complete and not attractor.follows:
                free = [i for i, name in enumerate(network.names) if name not in network.inputs]
                hull, box = brute.hull(own), brute.box(attractor.space)
                assert [hull[i] for i in free] == [box[i] for i in free]


@pytest.mark.slow
@pytest.mark.parametrize(("key", "total"), [("066", 2_832), ("056", 2**25), ("106", 15_207_552)])
def test_that_the_total_of_a_real_model_is_known(key: str, total: int, corpus: Path):
    # AEON counts as many in 066 and 056; it gives no answer for 106
    network = load(corpus / "bbm" / f"{key}.bnet").network
    assert find_attractors(network, limit=1).total == total
