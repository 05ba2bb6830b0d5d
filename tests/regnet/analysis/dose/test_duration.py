"""How long a dose is given: against formulas, and on the liver."""

from __future__ import annotations

from math import exp
from pathlib import Path
from typing import Any

import pytest

from regnet.analysis.dose.duration import DurationResponse, find_duration_response
from regnet.errors import NetworkError
from regnet.evidence import Phenotype
from regnet.formats import load
from regnet.network import Component, LogicalNetwork, Rule
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space

MODELS = Path(__file__).parents[4] / "models"

LATCH = LogicalNetwork((Component("Dose"), Component("X", Rule.of("Dose | X"))))
OFF = Scenario(perturbation=Perturbation(Space({"Dose": 0})), start=Space({"X": 0}))


def latch(durations: list[float], **options: Any) -> DurationResponse:
    on = Phenotype("on", LATCH.parse("X"))
    return find_duration_response(
        LATCH, OFF, "Dose", 1, durations, until=5, readouts=["X"], phenotypes=[on], **options
    )


def test_that_a_latch_closes_as_long_as_the_dose_is_there() -> None:
    answer = latch([0, 1, 2])
    assert answer.complete
    assert answer.origin.guarantee == "exact"
    for curve in answer.curves:
        expected = [1 - exp(-duration) for duration in (0, 1, 2)]
        assert [value.value for value in curve.values] == pytest.approx(expected, abs=1e-6)
        assert (curve.shape, curve.best) == ("monotone", (2, 2))
    assert [curve.readout for curve in answer.curves] == ["X", "on"]


@pytest.mark.slow
def test_that_estimates_have_bands_and_small_changes_do_not_count() -> None:
    answer = latch([0, 1, 1.01], method="gillespie", trajectories=2_000, seed=1)
    assert answer.origin.guarantee == "sampled"
    curve = answer.curves[0]
    assert curve.values[1].low < 1 - exp(-1) < curve.values[1].high
    assert (curve.shape, curve.best) == ("threshold", (1, 2))
    assert latch([0, 0.01]).curves[0].shape == "none"
    assert latch([0, 0.01], notable=0.001).curves[0].shape == "threshold"


def test_that_a_component_is_left_to_itself_after_the_dose() -> None:
    net = LogicalNetwork((Component("A", Rule.constant(0)), Component("B", Rule.of("A | B"))))
    start = Scenario(start=Space({"A": 0, "B": 0}))
    answer = find_duration_response(net, start, "A", 1, [0, 50], until=100, readouts=["A", "B"])
    ends = [[round(value.value, 3) for value in curve.values] for curve in answer.curves]
    assert ends == [[0, 0], [0, 1]]


def test_that_a_short_overdose_does_no_harm_and_a_long_one_stops_regrowth() -> None:
    project = load(MODELS / "lif_lifr.toml")
    answer = find_duration_response(
        project.network, project.scenario("PHx"), "LIF_dose", 2, [0, 2, 16], until=16.5,
        readouts=["Mass", "Cachexia"],
    )  # fmt: skip
    cachexia, mass = answer.curves
    assert (mass.shape, mass.best) == ("threshold", (0, 1))
    assert mass.values[0].value > 1.9
    assert mass.values[2].value < 0.5
    assert cachexia.values[2].value > 0.9


@pytest.mark.parametrize("durations", [[2, 1], [-1, 1], [1, 6]])
def test_that_durations_have_an_order_and_an_end(durations: list[float]) -> None:
    with pytest.raises(NetworkError, match="ascending order"):
        latch(durations)


def test_that_a_dose_needs_a_level_to_go_back_to() -> None:
    with pytest.raises(NetworkError, match="leaves Dose open"):
        find_duration_response(LATCH, Scenario(start=Space({"X": 0})), "Dose", 1, [1], until=5)
    with pytest.raises(NetworkError, match="levels 0 to 1"):
        find_duration_response(LATCH, OFF, "Dose", 2, [1], until=5)
