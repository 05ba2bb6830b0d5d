"""Times at each dose, against sums on paper, time courses and random runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from regnet.analysis.dose import DoseResponse, find_dose_response
from regnet.analysis.dose.dose_text import time_causes, time_verdict, time_words, times_heading
from regnet.analysis.simulate import clock, dynamics_of, simulate
from regnet.errors import NetworkError
from regnet.evidence import Phenotype
from regnet.formats import load
from regnet.network import Component, LogicalNetwork, Rule
from regnet.rates import Rates
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space

RACE = LogicalNetwork(
    (
        Component("Dose", top=3),
        Component("Slow", Rule.of("Dose")),
        Component("Fast", Rule.of("Dose:2")),
        Component("Growth", Rule.of("(Slow | Fast) & !Dose:3")),
    )
)
PACE = Rates().with_rate(0.5, "Slow").with_rate(2, "Fast")
AT_REST = Scenario("rest", start=Space({"Slow": 0, "Fast": 0, "Growth": 0}))
GROWTH = RACE.parse("Growth")
TOSS = LogicalNetwork(
    (
        Component("Dose", top=2),
        Component("Win", Rule.of("Dose & !Loss | Win")),
        Component("Loss", Rule.of("!Win & !Dose:2 | Loss")),
    )
)


def raced(**options: object) -> DoseResponse:
    asked: dict[str, object] = {"first": [GROWTH], "rates": PACE, "readouts": ["Growth"]}
    return find_dose_response(RACE, AT_REST, "Dose", **{**asked, **options})  # type: ignore[arg-type]


def test_that_first_times_are_those_on_paper_and_have_a_window_of_their_own() -> None:
    answer = raced()
    assert answer.reference.curves[0].best == (1, 2)
    times = answer.reference.times[0]
    assert [point.outcome for point in times.points if point] == ["never", "always", "always",
                                                                  "never"]  # fmt: skip
    found = [point.value.value for point in times.points if point and point.value]
    assert found == pytest.approx([1 / 0.5 + 1, 1 / (2 + 0.5) + 1])
    assert (times.shape, times.best) == ("window", (2, 2))
    assert time_verdict(times) == "soonest at 2"
    assert time_causes(answer) == [
        "Growth comes sooner from Dose=1 on, by Dose → Slow → Growth.",
        "Growth comes sooner from Dose=2 on, by Dose → Fast → Growth.",
        "Growth comes later from Dose=3 on, by Dose ⊣ Growth.",
    ]
    assert times_heading(answer) == (
        "Mean first times, in arbitrary units from the start, with rates Slow at 0.5, Fast at 2, "
        "others at 1"
    )
    assert answer.origin.guarantee == "exact"


def test_that_without_a_question_about_time_no_rates_are_told() -> None:
    answer = raced(first=[])
    assert answer.basis == ()
    assert answer.reference.times == ()
    assert "rates" not in answer.origin.why


def test_that_what_holds_at_a_time_is_what_a_time_course_says() -> None:
    done = Phenotype("done", GROWTH)
    answer = raced(first=[], at_time=1.5, phenotypes=[done])
    level, chance = answer.reference.times
    assert (level.question.label, chance.question.label) == ("Growth at 1.5", "done at 1.5")
    for dose in range(4):
        held = AT_REST.perturbed(Perturbation(Space({"Dose": dose})))
        course = simulate(RACE, held, rates=PACE, until=1.5, points=3, phenotypes=[done])
        for curve, band in ((level, course["Growth"].mean), (chance, course.shares[0].band)):
            point = curve.points[dose]
            assert point is not None
            assert point.value is not None
            assert point.value.value == pytest.approx(band.values[-1])
    assert time_verdict(level) == "highest at 2"


def test_that_what_comes_in_some_runs_only_is_later_than_what_always_comes() -> None:
    start = Scenario(start=Space({"Win": 0, "Loss": 0}))
    win = TOSS.parse("Win")
    rates = Rates().with_rate(3, "Win")
    answer = find_dose_response(TOSS, start, "Dose", first=[win], rates=rates)
    times = answer.reference.times[0]
    assert [time_words(point) for point in times.points] == ["never", "in 75 %", "0.333"]
    assert [moves for _, moves in times.steps] == [1, 1]
    assert "a share of the courses" in times_heading(answer)


def test_that_from_several_states_no_one_time_follows() -> None:
    network = LogicalNetwork(
        (
            Component("Dose"),
            Component("Memory", Rule.of("Memory")),
            Component("X", Rule.of("Memory")),
        )
    )
    answer = find_dose_response(
        network, None, "Dose", readouts=["X"], then=Space({"X": 0}), first=[network.parse("X")]
    )
    assert [time_words(point) for point in answer.reference.times[0].points] == ["?", "?"]
    assert answer.reference.times[0].shape == "unknown"
    assert "2 states" in answer.missing
    assert answer.origin.guarantee == "bounded"


def test_that_random_runs_have_bands_around_the_exact_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exact = raced(at_time=1.5).reference.times
    monkeypatch.setattr(clock, "MAX_STATES", 1)
    clock._clock_of.cache_clear()
    answer = raced(at_time=1.5, trajectories=2_000)
    clock._clock_of.cache_clear()
    assert answer.origin.guarantee == "sampled"
    for ours, theirs in zip(answer.reference.times, exact, strict=True):
        assert (ours.shape, ours.best) == (theirs.shape, theirs.best)
        for mine, own in zip(ours.points, theirs.points, strict=True):
            assert mine is not None
            assert own is not None
            assert mine.outcome == own.outcome
            if mine.value is not None and own.value is not None:
                assert mine.value.low <= own.value.value <= mine.value.high


def test_that_questions_that_make_no_sense_are_refused() -> None:
    with pytest.raises(NetworkError, match="leaves open where"):
        find_dose_response(RACE, None, "Dose", first=[GROWTH])
    with pytest.raises(NetworkError, match="asynchronous"):
        find_dose_response(RACE, Scenario(update="synchronous"), "Dose", first=[GROWTH])
    with pytest.raises(NetworkError, match="a time above 0"):
        raced(at_time=0)


def test_that_a_low_dose_heals_fastest() -> None:
    project = load(Path(__file__).parents[4] / "models" / "lif_lifr.toml")
    healthy = project.scenario("healthy")
    answer = find_dose_response(
        project.network, healthy, "LIF", readouts=["Mass"], then=Space({"Mass": 0}),
        first=[project.network.parse("Mass"), project.network.parse("Mass:2")],
        **dynamics_of(project, healthy).pace(),
    )  # fmt: skip
    assert [[time_words(point) for point in curve.points] for curve in answer.reference.times] == [
        ["4.800", "3.250", "3.250", "never"],
        ["never", "7.477", "5.731", "never"],
    ]
    assert [time_verdict(curve) for curve in answer.reference.times] == [
        "soonest from 1 to 2", "soonest at 2",
    ]  # fmt: skip
    assert time_causes(answer)[-1] == (
        "Mass:2 comes later from LIF=3 on, by LIF → Cachexia ⊣ HepProlif → Mass."
    )
    assert "in days from Mass=0 on, with rates of the model (days, per day)" in times_heading(
        answer
    )
