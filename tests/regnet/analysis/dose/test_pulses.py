"""For how much time a dose is given: against formulas, and on the liver."""

from __future__ import annotations

from math import exp
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.linalg import expm

from regnet.analysis.dose import dose_text
from regnet.analysis.dose.curve_changes import Turn, verdict_on
from regnet.analysis.dose.pulses import PulseResponse, find_pulse_response
from regnet.analysis.simulate.estimate import Estimate
from regnet.errors import NetworkError
from regnet.evidence import Phenotype
from regnet.formats import load
from regnet.network import Component, LogicalNetwork, Rule
from regnet.rates import Rates
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space

MODELS = Path(__file__).parents[4] / "tests" / "models"

LATCH = LogicalNetwork((Component("Dose"), Component("X", Rule.of("Dose | X"))))
FOLLOWER = LogicalNetwork((Component("Dose"), Component("X", Rule.of("Dose"))))
OFF = Scenario(perturbation=Perturbation(Space({"Dose": 0})), start=Space({"X": 0}))

HIGH = Scenario(perturbation=Perturbation(Space({"Dose": 0})), start=Space({"X": 1}))


def latch(amounts: list[float], **options: Any) -> PulseResponse:
    on = Phenotype("on", LATCH.parse("X"))
    options = {"until": 5, **options}
    return find_pulse_response(
        LATCH, OFF, "Dose", 1, amounts, readouts=["X"], phenotypes=[on], **options
    )


def test_that_a_latch_closes_as_long_as_the_dose_is_there() -> None:
    answer = latch([0, 1, 2, 5])
    assert answer.complete
    assert answer.origin.guarantee == "exact"
    for curve in answer.curves:
        expected = [1 - exp(-duration) for duration in (0, 1, 2, 5)]
        assert [value.value for value in curve.values] == pytest.approx(expected, abs=1e-6)
        assert (curve.shape, curve.best, curve.sure) == ("monotone", (3, 3), 1)
        assert curve.turns == (Turn(1, 0, 1),)
    assert [curve.readout for curve in answer.curves] == ["X", "on"]


def test_that_a_share_of_time_is_given_in_every_cycle() -> None:
    """What follows the dose is on for as much of the last cycle as theory says, at any rate."""
    shares, every, until = [0, 0.25, 0.5, 1], 2.0, 20.0
    answer = find_pulse_response(
        FOLLOWER, OFF, "Dose", 1, shares, by="share", every=every, until=until, readouts=["X"]
    )
    assert answer.origin.guarantee == "exact"
    for share, value in zip(shares, answer.curves[0].values, strict=True):
        p, moments = 0.0, []
        step = every / 48
        for k in range(round(until / step)):
            moments.append(p)
            now = (k * step) % every
            given = min(max(share * every - now, 0.0), step)
            p = 1 - (1 - p) * exp(-given)
            p *= exp(-(step - given))
        last = [*moments[-48:], p]
        mean = (sum(last) - (last[0] + last[-1]) / 2) / 48
        assert value.value == pytest.approx(mean, abs=1e-9)
        assert value.value == pytest.approx(share, abs=2e-3)


def test_that_pulses_agree_with_a_matrix_of_the_whole_chain() -> None:
    net = LogicalNetwork((
        Component("D", top=2),
        Component("A", Rule.parse({1: "D:1", 2: "D:2 & B"}, {"D": 2}), top=2),
        Component("B", Rule.parse({1: "A & !D:2 | B & D"}, {"D": 2})),
    ))  # fmt: skip
    scenario = Scenario(perturbation=Perturbation(Space({"D": 0})), start=Space({"A": 0, "B": 0}))
    answer = find_pulse_response(
        net, scenario, "D", 2, [0.5], by="share", every=3.0, until=9.0, readouts=["A"]
    )
    states = [(a, b) for a in range(3) for b in range(2)]

    def generator(d: int) -> np.ndarray[Any, Any]:
        q = np.zeros((6, 6))
        for i, (a, b) in enumerate(states):
            aim_a = 2 if d == 2 and b else 1 if d >= 1 else 0
            aim_b = int((a > 0 and d < 2) or (b > 0 and d > 0))
            for to in ((a + (aim_a > a) - (aim_a < a), b), (a, aim_b)):
                if to != (a, b):
                    q[i, states.index(to)] += 1
            q[i, i] -= q[i].sum()
        return q

    p, spent = np.eye(6)[0], np.zeros(6)
    for half in range(6):
        both = np.zeros((12, 12))  # its exponential holds the integral as well (Van Loan 1978)
        both[:6, :6], both[:6, 6:] = generator(0 if half % 2 else 2), np.eye(6)
        later = expm(both * 1.5)
        if half >= 4:  # the last cycle
            spent += p @ later[:6, 6:]
        p = p @ later[:6, :6]
    expected = spent @ [a for a, _ in states] / 3
    assert answer.curves[0].values[0].value == pytest.approx(expected, abs=1e-9)


def test_that_sampled_shares_agree_with_exact_ones() -> None:
    asked: dict[str, Any] = {"by": "share", "every": 2.0, "until": 8.0, "readouts": ["X"]}
    found = [
        find_pulse_response(
            FOLLOWER, OFF, "Dose", 1, [0, 0.3, 0.8], method=method, trajectories=4_000, **asked
        )
        for method in ("exact", "gillespie")
    ]
    assert [answer.origin.guarantee for answer in found] == ["exact", "sampled"]
    for exact, sampled in zip(*(answer.curves[0].values for answer in found), strict=True):
        assert sampled.low <= exact.value <= sampled.high
        assert sampled.high - sampled.low < 0.06


def test_that_estimates_have_bands_and_small_changes_do_not_count() -> None:
    answer = latch([0, 1, 1.01], method="gillespie", trajectories=2_000, seed=1)
    assert answer.origin.guarantee == "sampled"
    curve = answer.curves[0]
    assert curve.values[1].low < 1 - exp(-1) < curve.values[1].high
    assert (curve.shape, curve.best) == ("threshold", (1, 2))
    assert curve.turns == (Turn(1, 0, 1),)
    assert latch([0, 0.01]).curves[0].shape == "none"
    assert latch([0, 0.01], notable=0.001).curves[0].shape == "threshold"


def test_that_a_verdict_says_how_sure_it_is() -> None:
    def about(*values: float, error: float) -> list[Estimate]:
        return [Estimate(v, v - error, v + error) for v in values]

    wide = verdict_on(about(0.5, 0.56, error=0.1), [0, 1], 0.05)
    tight = verdict_on(about(0.5, 0.8, error=0.02), [0, 1], 0.05)
    flat = verdict_on(about(0.5, 0.5, error=0.005), [0, 1], 0.05)
    assert wide[3] < 0.8
    assert (tight[0], tight[3]) == ("threshold", 1)
    assert (flat[0], flat[3]) == ("none", 1)


def test_that_half_of_a_way_is_told_as_uncertain_as_it_is() -> None:
    values = [Estimate(v, v - 0.1, v + 0.1) for v in (0.0, 0.47, 0.53, 1.0)]
    _, _, turns, sure = verdict_on(values, [0, 1, 2, 3], 0.2)
    assert sure > 0.9
    assert turns == (Turn(1, 0, 3),)
    exact = [Estimate(v.value, v.value, v.value) for v in values]
    assert verdict_on(exact, [0, 1, 2, 3], 0.2)[2] == (Turn(1, 1, 2),)


def test_that_a_way_in_small_steps_is_one_turn() -> None:
    rise = [k / 100 for k in range(0, 60, 3)]
    values = [Estimate(v, v, v) for v in (*rise, *reversed(rise))]
    shape, _, turns, _ = verdict_on(values, list(range(len(values))), 0.05)
    assert shape == "window"
    assert [turn.moves for turn in turns] == [1, -1]


def test_that_phenotypes_alone_have_no_components_beside_them() -> None:
    on = Phenotype("on", LATCH.parse("X"))
    alone = find_pulse_response(LATCH, OFF, "Dose", 1, [0, 1], until=5, phenotypes=[on])
    assert alone.curves == latch([0, 1]).curves[1:]
    every = find_pulse_response(LATCH, OFF, "Dose", 1, [0, 1], until=5)
    assert [(curve.readout, curve.top) for curve in every.curves] == [("Dose", 1), ("X", 1)]


def test_that_a_component_is_left_to_itself_after_the_dose() -> None:
    net = LogicalNetwork((Component("A", Rule.constant(0)), Component("B", Rule.of("A | B"))))
    start = Scenario(start=Space({"A": 0, "B": 0}))
    answer = find_pulse_response(net, start, "A", 1, [0, 50], until=100, readouts=["A", "B"])
    ends = [[round(value.value, 3) for value in curve.values] for curve in answer.curves]
    assert ends == [[0, 0], [0, 1]]


def test_that_a_short_overdose_does_no_harm_and_a_long_one_stops_regrowth() -> None:
    project = load(MODELS / "lif_lifr.toml")
    answer = find_pulse_response(
        project.network, project.scenario("PHx"), "LIF_dose", 2, [0, 2, 16], until=16.5,
        readouts=["Mass", "Cachexia"],
    )  # fmt: skip
    cachexia, mass = answer.curves
    assert (mass.shape, mass.best) == ("threshold", (0, 1))
    assert mass.values[0].value > 1.9
    assert mass.values[2].value < 0.5
    assert cachexia.values[2].value > 0.9


def test_that_naive_vessels_have_a_window_in_the_share_of_time() -> None:
    project = load(MODELS / "lif_lifr.toml")
    naive = [p for p in project.phenotypes if p.name == "healthy, naive vessels"]
    answer = find_pulse_response(
        project.network, project.scenario("PHx"), "LIF_dose", 2, [0, 0.5, 1], by="share",
        every=8, until=40, readouts=["Mass"], phenotypes=naive,
    )  # fmt: skip
    mass, vessels = answer.curves
    assert answer.origin.guarantee == "exact"  # cycles reach the same states again
    assert (vessels.shape, vessels.best) == ("window", (1, 1))
    assert mass.turns == (Turn(-1, 0.5, 1),)


def test_that_an_interruption_keeps_the_amounts_that_are_done() -> None:
    def stop(fraction: float | None, words: str) -> None:
        if words.startswith("2 of"):
            raise KeyboardInterrupt

    answer = latch([0, 1, 2], progress=stop)
    assert answer.amounts == (0, 1)
    assert answer.interrupted
    assert not answer.complete
    assert "2 of 3 amounts" in answer.missing
    assert answer.origin.guarantee == "bounded"


@pytest.mark.parametrize(
    ("amounts", "options", "told"),
    [
        ([2, 1], {}, "ascending order"),
        ([], {}, "ascending order"),
        ([-1, 1], {}, "between 0 and the end at 5"),
        ([1, 6], {}, "between 0 and the end at 5"),
        ([0, 1.5], {"by": "share", "every": 1}, "between 0 and 1"),
        ([0, 1], {"by": "share", "every": 2}, "5 is not a whole number of cycles of 2"),
        ([0, 1], {"by": "share"}, "whole number of cycles"),
        ([0, 1], {"by": "weight"}, "choose duration, share"),
        ([0, 1], {"until": 0}, "at a time above 0"),
    ],
)
def test_that_amounts_that_make_no_sense_are_refused(
    amounts: list[float], options: dict[str, Any], told: str
) -> None:
    with pytest.raises(NetworkError, match=told):
        latch(amounts, **options)


def test_that_a_dose_needs_a_level_to_go_back_to() -> None:
    with pytest.raises(NetworkError, match="leaves Dose open"):
        find_pulse_response(LATCH, Scenario(start=Space({"X": 0})), "Dose", 1, [1], until=5)
    with pytest.raises(NetworkError, match="levels 0 to 1"):
        find_pulse_response(LATCH, OFF, "Dose", 2, [1], until=5)


def test_that_an_exact_average_over_a_cycle_is_the_integral() -> None:
    """A component that rises to the dose at rate 1 is off by exp(-t) at time t."""
    network = LogicalNetwork((Component("D"), Component("A", Rule.of("D"))))
    start = Scenario(perturbation=Perturbation(Space({"D": 0})), start=Space({"A": 0}))
    answer = find_pulse_response(
        network, start, "D", 1, [0.3, 1.0], by="share", every=4, until=8, readouts=["A", "D"]
    )
    level, given = answer.curves if answer.curves[0].readout == "A" else answer.curves[::-1]
    assert level.values[1].value == pytest.approx(1 - (exp(-4) - exp(-8)) / 4, abs=1e-11)
    assert given.values[0].value == pytest.approx(0.3, abs=1e-11)
    on = 1.2
    low = (1 - exp(-on)) * exp(on - 4)  # after the first cycle
    rise = on - (1 - low) * (1 - exp(-on))
    high = 1 - (1 - low) * exp(-on)
    fall = high * (1 - exp(on - 4))
    assert level.values[0].value == pytest.approx((rise + fall) / 4, abs=1e-11)


def liver(rates: Rates | None = None, **options: Any) -> PulseResponse:
    project = load(MODELS / "lif_lifr.toml")
    return find_pulse_response(
        project.network, project.scenario("PHx"), "LIF_dose", 2, [0, 4, 16],
        readouts=["Mass"], phenotypes=project.phenotypes, rates=rates, **options,
    )  # fmt: skip


def test_that_an_outcome_is_read_when_it_has_settled_unless_a_time_is_given() -> None:
    answer = liver()
    mass, *shares = answer.curves
    assert answer.settled
    assert answer.late == 0
    assert answer.until > 16
    assert [value.value for value in mass.values] == pytest.approx([2, 2, 2], abs=0.02)
    assert mass.turns == ()
    (failed,) = (curve for curve in shares if curve.readout == "failed")
    assert max(value.value for value in failed.values) < 1e-9
    assert "after the end of the longest, when nothing changes any more" in dose_text.given(answer)


def test_that_the_time_of_reading_follows_the_rates() -> None:
    slow = liver(Rates(0.25))
    assert slow.until - 16 == pytest.approx(4 * (liver().until - 16))


def test_that_what_is_read_before_it_has_settled_is_read_in_the_long_run_too() -> None:
    answer = liver(until=20)
    mass = answer.curves[0]
    assert mass.values[-1].value < 1.1
    assert [value.value for value in mass.late] == pytest.approx([2, 2, 2], abs=0.02)
    assert answer.late > 20
    assert "read at 20, 4 after the end of the longest, and at " in dose_text.given(answer)
    assert dose_text.pulse_verdict(mass, "duration").endswith("not in the long run")


def test_that_a_later_reading_is_what_a_longer_course_says() -> None:
    once = find_pulse_response(FOLLOWER, HIGH, "Dose", 1, [1], until=2, readouts=["X"])
    again = find_pulse_response(FOLLOWER, HIGH, "Dose", 1, [1], until=once.late, readouts=["X"])
    assert once.late > 2
    assert once.curves[0].late[0].value == pytest.approx(again.curves[0].values[0].value, abs=1e-9)


def test_that_cycles_are_averaged_when_the_average_has_settled() -> None:
    answer = find_pulse_response(FOLLOWER, HIGH, "Dose", 1, [0, 0.5, 1], by="share", readouts=["X"])
    assert answer.settled
    assert answer.every == 8
    assert answer.until % 8 == 0
    assert answer.curves[0].values[1].value == pytest.approx(0.5, abs=0.01)
