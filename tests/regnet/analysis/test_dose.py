"""Dose responses against a look at every state, and the Goldilocks dose of the liver."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regnet.analysis.dose import DoseResponse, find_dose_response
from regnet.analysis.structure import find_edges
from regnet.errors import NetworkError, UnknownNameError
from regnet.evidence import Phenotype
from regnet.formats import load
from regnet.network import Component, LogicalNetwork, Rule
from regnet.scenario import Perturbation, Scenario
from regnet.space import Range, Space
from tests.brute import Brute
from tests.strategies import expressions, networks, oscillators

MODELS = Path(__file__).parents[3] / "tests" / "models"


@settings(max_examples=40)
@given(st.data())
def test_that_each_point_is_what_all_attractors_span(data: st.DataObject) -> None:
    network = data.draw(networks(max_components=3, max_top=2, min_components=2))
    dose, *readouts = data.draw(st.permutations(network.names))
    answer = find_dose_response(network, None, dose, readouts=readouts)
    assert answer.complete
    signs = {(edge.source, edge.target): edge.sign for edge in find_edges(network)}
    for point in answer.reference.points:
        brute = Brute(network, Perturbation(Space({dose: point.level})))
        attractors = brute.asynchronous()
        assert point.attractors == len(attractors)
        box = brute.hull(state for attractor in attractors for state in attractor)
        assert point.space == Space(dict(zip(network.names, box, strict=True)))
    assert [c.readout for c in answer.reference.curves] == list(readouts)
    for bound in answer.bounds:
        for path in bound.paths:
            assert path.members[0] == dose
            assert path.members[-1] == bound.readout
            assert path.signs == tuple(signs[step] for step in pairwise(path.members))
            assert path.sign in ("±", "+" if bound.moves > 0 else "-")


@pytest.mark.parametrize("update", ["asynchronous", "synchronous", "most-permissive"])
@settings(max_examples=12)
@given(data=st.data())
def test_that_attractors_and_phenotypes_are_counted_one_by_one(
    update: str, data: st.DataObject
) -> None:
    """Attractors of one kind, size and range are as many as there are, and each is asked."""
    network = data.draw(oscillators(5))
    dose = data.draw(st.sampled_from(network.names))
    condition = data.draw(expressions(network.tops, max_leaves=5))
    answer = find_dose_response(
        network,
        Scenario(update=update),
        dose,
        readouts=network.names,
        phenotypes=[Phenotype("P", condition)],
    )
    assert answer.complete
    for point in answer.reference.points:
        brute = Brute(network, Perturbation(Space({dose: point.level})))
        found = brute.attractors(update)
        assert point.attractors == len(found)
        assert point.phenotypes["P"] == sum(brute.holds(condition, states) for states in found)


def test_that_attractors_reached_from_several_ends_are_told_apart_by_their_states() -> None:
    """A and B keep in step or in turn, as the memory S was; both ways look alike in ranges."""
    network = LogicalNetwork(
        (
            Component("Dose"),
            Component("Go"),
            Component("S", Rule.of("S & !Go")),
            Component("A", Rule.of("Go & !A | !Go & S")),
            Component("B", Rule.of("Go & !B")),
        )
    )
    answer = find_dose_response(
        network,
        Scenario(
            perturbation=Perturbation(Space({})), start=Space({"Go": 0}), update="synchronous"
        ),
        "Dose",
        readouts=["A"],
        phenotypes=[Phenotype("in step", network.parse("A & B | !A & !B"))],
        then=Space({"Go": 1}),
    )
    assert answer.complete
    for point in answer.reference.points:
        assert point.attractors == 2
        assert point.phenotypes == {"in step": 1}


def response_of(levels: tuple[int, ...]) -> DoseResponse:
    """Return the response of a component that takes these levels at doses 0, 1, 2 .."""
    tops = {"Dose": len(levels) - 1}
    cases = {
        level: " | ".join(f"Dose={dose}" for dose, at in enumerate(levels) if at == level)
        for level in set(levels) - {0}
    }
    rule = Rule.parse(cases, tops) if cases else Rule.constant(0)
    network = LogicalNetwork((Component("Dose", top=tops["Dose"]), Component("X", rule, top=2)))
    return find_dose_response(network, None, "Dose", readouts=["X"])


@pytest.mark.parametrize(
    ("levels", "shape", "best"),
    [
        ((0, 0, 0, 0, 0), "none", None),
        ((0, 0, 1, 1, 1), "threshold", (2, 4)),
        ((2, 0, 0, 0, 0), "threshold", (0, 0)),
        ((0, 1, 1, 2, 2), "monotone", (3, 4)),
        ((2, 1, 0, 0, 0), "monotone", (0, 0)),
        ((0, 1, 2, 2, 0), "window", (2, 3)),
        ((2, 2, 0, 1, 2), "dip", (2, 2)),
        ((0, 1, 0, 1, 0), "irregular", None),
    ],
)
def test_that_a_curve_is_named_by_its_shape(
    levels: tuple[int, ...], shape: str, best: Range | None
) -> None:
    curve = response_of(levels).reference.curves[0]
    assert curve.ranges == tuple((level, level) for level in levels)
    assert (curve.shape, curve.best) == (shape, best)


def test_that_a_curve_that_spreads_both_ways_is_no_rise() -> None:
    net = LogicalNetwork(
        (
            Component("Dose"),
            Component("X", Rule.parse({2: "Dose & X:2", 1: "!Dose | X"}, {"X": 2}), 2),
        )
    )
    curve = find_dose_response(net, None, "Dose", readouts=["X"]).reference.curves[0]
    assert curve.ranges == ((1, 1), (0, 2))
    assert curve.shape == "irregular"


# --- the liver -------------------------------------------------------------------------------

KNOCK_OUTS = [
    Perturbation(Space({"LIFR": 0})),
    Perturbation(Space({"Cachexia": 0})),
    Perturbation(Space({"HepArrest": 0})),
    Perturbation(Space({"Cachexia": 0, "HepArrest": 0})),
]


def liver(model: str, **options: Any) -> DoseResponse:
    project = load(MODELS / f"{model}.toml")
    return find_dose_response(
        project.network,
        project.scenario("healthy"),
        "LIF",
        readouts=["Mass", "HGF", "Cachexia"],
        then=Space({"Mass": 0}),
        **options,
    )


@pytest.mark.parametrize("model", ["lif_lifr", "lif_lifr_extended"])
def test_that_regrowth_has_a_window_while_hgf_only_rises(model: str) -> None:
    answer = liver(model)
    mass, hgf, cachexia = answer.reference.curves
    assert mass.ranges == ((1, 1), (2, 2), (0, 0))
    assert (mass.shape, mass.best) == ("window", (1, 1))
    assert (hgf.shape, hgf.best) == ("threshold", (1, 2))
    assert (cachexia.shape, cachexia.best) == ("threshold", (2, 2))
    (loop,) = answer.feed_forwards
    assert loop.readout == "Mass"
    assert all("HGF" in path.members for path in loop.rising)
    assert len(loop.falling) == 2


def test_that_the_two_brakes_and_the_hgf_arm_meet_at_division() -> None:
    (loop,) = liver("lif_lifr").feed_forwards
    assert loop.meet == "HepProlif"
    assert [str(path) for path in loop.rising] == [
        "LIF → LIFR → STAT3 → Angio → HGF → HepProlif → Mass"
    ]
    assert [str(path) for path in loop.falling] == [
        "LIF → Cachexia ⊣ HepProlif → Mass",
        "LIF → HepArrest ⊣ HepProlif → Mass",
    ]
    assert loop.falling[0].passing == ("HepProlif",)


def test_that_losing_the_receptor_closes_the_window_and_losing_both_brakes_opens_it() -> None:
    answer = liver("lif_lifr", knock_outs=KNOCK_OUTS)
    (mass, *_) = answer.reference.curves
    assert [panel.curves[0].reaching(mass) for panel in answer.knock_outs] == [
        (), (1,), (1,), (1, 2),
    ]  # fmt: skip


def test_that_a_dose_given_with_the_operation_leaves_more_than_one_end() -> None:
    project = load(MODELS / "lif_lifr.toml")
    answer = find_dose_response(
        project.network, project.scenario("PHx"), "LIF_dose",
        readouts=["Mass"], phenotypes=project.phenotypes,
    )  # fmt: skip
    mass, *named = answer.reference.curves
    assert mass.ranges == ((2, 2), (2, 2), (0, 2))
    partial = next(curve for curve in named if curve.readout == "partial recovery")
    assert partial.ranges == ((0, 0), (0, 0), (0, 1))
    assert answer.flips(2)["Cachexia"] == ((0, 0), (1, 1))


# --- edges -----------------------------------------------------------------------------------

BLINKER = LogicalNetwork(
    (Component("Dose"), Component("X", Rule.of("Dose & !X")), Component("Y", Rule.of("Dose")))
)


def test_that_without_readouts_the_outputs_are_read() -> None:
    answer = find_dose_response(BLINKER, None, "Dose")
    assert [curve.readout for curve in answer.reference.curves] == ["X", "Y"]
    named = find_dose_response(
        BLINKER, None, "Dose", phenotypes=[Phenotype("on", BLINKER.parse("Y"))]
    )
    assert [(c.readout, c.shape) for c in named.reference.curves] == [("on", "threshold")]


def test_that_the_dose_is_no_readout_of_itself() -> None:
    answer = find_dose_response(BLINKER, None, "Dose", readouts=["Dose", "Y"])
    assert [curve.readout for curve in answer.reference.curves] == ["Y"]


def test_that_what_never_settles_cannot_be_settled_first() -> None:
    with pytest.raises(NetworkError, match="dose 1 the network does not settle"):
        find_dose_response(BLINKER, None, "Dose", then=Space({"X": 0}))
    free = LogicalNetwork((*BLINKER.components, Component("In"), Component("Z", Rule.of("In"))))
    with pytest.raises(NetworkError, match="level of In"):
        find_dose_response(free, None, "Dose", then=Space({"X": 0}))


def test_that_a_knock_out_that_never_settles_spoils_no_other() -> None:
    net = LogicalNetwork(
        (
            Component("Dose"),
            Component("Stop", Rule.constant(1)),
            Component("X", Rule.of("!X & !Stop")),
            Component("Y", Rule.of("Dose")),
        )
    )
    answer = find_dose_response(
        net, None, "Dose", readouts=["Y"], then=Space({"Y": 0}),
        knock_outs=[Perturbation(Space({"Stop": 0})), Perturbation(Space({"Y": 0}))],
    )  # fmt: skip
    assert answer.reference.curves[0].shape == "threshold"
    assert [panel.curves[0].shape for panel in answer.knock_outs] == ["unknown", "none"]
    assert "Stop=0, Dose=0: at dose 0 the network does not settle" in answer.missing
    assert not answer.complete


def test_that_what_settles_in_several_states_goes_on_from_each() -> None:
    project = load(MODELS / "lif_lifr.toml")
    here = Scenario(perturbation=Perturbation(Space({"Insult": 0, "LSEC": 1})))
    answer = find_dose_response(
        project.network, here, "LIF_dose", readouts=["Mass", "Angio"], then=Space({"Mass": 0})
    )
    mass, angio = answer.reference.curves
    assert [point.attractors for point in answer.reference.points] == [1, 1, 1]
    assert mass.ranges == ((2, 2), (2, 2), (0, 0))
    assert angio.ranges == ((0, 0), (2, 2), (2, 2))


def test_that_names_and_levels_that_do_not_exist_are_refused() -> None:
    with pytest.raises(UnknownNameError):
        find_dose_response(BLINKER, None, "Dosis")
    with pytest.raises(UnknownNameError):
        find_dose_response(BLINKER, None, "Dose", readouts=["Z"])
    with pytest.raises(NetworkError):
        find_dose_response(BLINKER, None, "Dose", then=Space({"X": 2}))
    with pytest.raises(NetworkError):
        find_dose_response(BLINKER, None, "Dose", knock_outs=[Perturbation(Space({"X": 3}))])


def test_that_an_interrupt_keeps_the_doses_that_are_done() -> None:
    def stopping(function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
        for number, task in enumerate(tasks):
            if number == 3:
                raise KeyboardInterrupt
            yield function(task)

    answer = find_dose_response(
        BLINKER, Scenario(), "Dose", readouts=["Y"], map=stopping,
        knock_outs=[Perturbation(Space({"X": 0})), Perturbation(Space({"Y": 0}))],
    )  # fmt: skip
    assert not answer.complete
    assert answer.missing == "interrupted after 3 of 6 doses"
    assert answer.interrupted
    assert answer.reference.curves[0].shape == "threshold"
    assert [panel.curves[0].shape for panel in answer.knock_outs] == ["unknown"]
    assert answer.origin.guarantee == "bounded"
