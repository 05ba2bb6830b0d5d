"""Expectations about time, held against dense master equations and against each other."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from regnet.analysis import timing
from regnet.analysis.check import Finding, confront, judge
from regnet.analysis.sensitivity import find_sensitivity
from regnet.analysis.simulate import clock
from regnet.analysis.simulate.clock import Quantity, clock_of
from regnet.analysis.timing import Pace, pace_of
from regnet.deadline import Deadline
from regnet.errors import NetworkError
from regnet.evidence import TIME_EXPECTATIONS, Counterpart, Expectation, Experiment, When
from regnet.logic import Expr
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project
from regnet.rates import RateClass, Rates, RateSet
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space
from tests.regnet.analysis.test_simulate import Generator
from tests.strategies import expressions, networks, states

CHAIN = LogicalNetwork(
    (
        Component("Dose"),
        Component("A", Rule.of("1")),
        Component("B", Rule(((LogicalNetwork((Component("A"),)).parse("A"), 1),))),
        Component("C", Rule.of("Dose | B")),
    )
)
"""A comes by itself, B after A, C after B or at once under a dose."""

NOT_YET = Space({"A": 0, "B": 0, "C": 0})
PLAIN = Scenario("plain", Perturbation(Space({"Dose": 0})), NOT_YET)
DOSED = Scenario("dosed", Perturbation(Space({"Dose": 1})), NOT_YET)
HELD = Scenario("held", Perturbation(Space({"Dose": 0, "B": 0})), NOT_YET)


def found(scenario: Scenario, expectation: Expectation, rates: Rates | None = None) -> Finding:
    """Return what becomes of one expectation on the chain."""
    pace = Pace(rates or Rates(), "rates of the test", 4000, 1, 20.0)
    experiment = Experiment("T", "", scenario, (expectation,))
    return judge(CHAIN, experiment, pace=pace).findings[0]


def about(
    kind: str, condition: str = "", than: Scenario | None = None, **more: object
) -> Expectation:
    expr = CHAIN.parse(condition) if condition else None
    other = None if than is None else Counterpart(than)
    return Expectation(kind, expr, than=other, **more)  # type: ignore[arg-type]


# --- against master equations ------------------------------------------------------------------

RATES = st.sampled_from([0.2, 1.0, 1.0, 3.0])


@st.composite
def runs(draw: st.DrawFn) -> tuple[LogicalNetwork, Scenario, Rates, Expr]:
    network = draw(networks(3, 2))
    scenario = Scenario(start=Space(draw(states(network))))
    rates = Rates()
    for name in network.names:
        rates = rates.with_rate((draw(RATES), draw(RATES)), name)
    return network, scenario, rates, draw(expressions(network.tops, max_leaves=4))


def first_time(generator: Generator, wanted: np.ndarray) -> tuple[float, float]:
    """Return how likely a condition ever holds, and the mean time of the runs in which it does."""
    count = len(generator.start)
    matrix = np.where(wanted[:, None], 0.0, generator.matrix)
    ever = wanted.astype(float)
    for _ in range(2000):  # the least solution, by jumps of the embedded chain
        rates = -np.diag(matrix)
        moving = rates > 0
        jumps = (matrix - np.diag(np.diag(matrix)))[moving] / rates[moving, None]
        ever = ever.copy()
        ever[moving] = jumps @ ever
    hopeful = (ever > 1e-12) & ~wanted
    waits = np.zeros(count)
    if hopeful.any():
        inner = matrix[np.ix_(hopeful, hopeful)]
        waits[hopeful] = np.linalg.solve(-inner, ever[hopeful])
    chance = float(generator.start @ ever)
    return chance, float(generator.start @ waits) / chance if chance > 1e-12 else math.nan


@settings(max_examples=30)
@given(runs(), st.floats(0.1, 10))
def test_that_first_times_are_those_of_the_master_equation(
    case: tuple[LogicalNetwork, Scenario, Rates, Expr], factor: float
) -> None:
    network, scenario, rates, condition = case
    exact = clock_of(network, scenario, rates, (condition,), (), 1, 0)
    name = network.names[0]
    up, down = rates.of(name)
    scaled = rates.with_rate((up * factor, down * factor), name)
    for timed, with_rates in ((exact, rates), (exact.scaled({name: factor}), scaled)):
        generator = Generator(network, scenario, with_rates)
        ever, mean = first_time(generator, generator.holds(condition))
        first = timed.first(condition)
        assert first.ever is not None
        assert first.ever.value == pytest.approx(ever, abs=1e-6)
        assert (first.outcome == "never") is (ever < 1e-9)
        if first.mean is not None and ever > 1 - 1e-9:
            assert first.mean.value == pytest.approx(mean, rel=1e-6, abs=1e-9)


@settings(max_examples=25)
@given(runs(), st.floats(0.1, 5))
def test_that_chances_and_levels_are_those_of_the_master_equation(
    case: tuple[LogicalNetwork, Scenario, Rates, Expr], time: float
) -> None:
    network, scenario, rates, condition = case
    name = network.names[0]
    exact = clock_of(network, scenario, rates, (condition,), (name,), 1, 0)
    generator = Generator(network, scenario, rates)
    holds = generator.holds(condition)
    for when in (time, math.inf):
        weights = generator.start @ expm(generator.matrix * min(when, 5000.0))
        (chance,) = exact.values(Quantity(condition), [when])
        (level,) = exact.values(Quantity(component=name), [when])
        assert chance.value == pytest.approx(float(weights[holds].sum()), abs=1e-5)
        mean = sum(k * p for k, p in enumerate(generator.levels(weights, name)))
        assert level.value == pytest.approx(mean, abs=1e-5)


@settings(max_examples=30)
@given(runs(), st.sampled_from([0.1, 0.5, 0.9]))
def test_that_by_a_share_so_many_have_arrived(
    case: tuple[LogicalNetwork, Scenario, Rates, Expr], share: float
) -> None:
    network, scenario, rates, condition = case
    exact = clock_of(network, scenario, rates, (condition,), (), 1, 0)
    generator = Generator(network, scenario, rates)
    wanted = generator.holds(condition)
    ever, _ = first_time(generator, wanted)
    assume(abs(ever - share) > 1e-3)
    time = exact.share(condition, share)
    assert (time is None) is (ever < share)
    if time:
        stopped = np.where(wanted[:, None], 0.0, generator.matrix)
        arrived = generator.start @ expm(stopped * time) @ wanted
        assert arrived == pytest.approx(share, abs=1e-6)


# --- what is expected --------------------------------------------------------------------------


def test_that_each_kind_about_time_holds_and_fails_where_it_has_to() -> None:
    c = "C"
    cases = {
        "sooner": (DOSED, about("sooner", c, PLAIN), about("sooner", c, PLAIN, by=0.7)),
        "later": (PLAIN, about("later", c, DOSED, by=1.9), about("later", c, DOSED, by=2.1)),
        "same": (DOSED, about("same", "B", PLAIN), about("same", c, PLAIN)),
        "higher": (
            DOSED,
            about("higher", "", PLAIN, component="C", until=When(3)),
            about("higher", "", PLAIN, component="C", at=When()),
        ),
        "lower": (
            PLAIN,
            about("lower", c, DOSED, at=When(share=0.5, condition=CHAIN.parse(c))),
            about("lower", c, DOSED, at=When(1), by=0.95),
        ),
        "first time": (
            PLAIN,
            about("first time", c, above=2.9, below=3.1),
            about("first time", c, below=2.9),
        ),
        "probability": (
            PLAIN,
            about("probability", "A", above=0.63, below=0.64, at=When(1)),
            about("probability", c, below=0.9),
        ),
        "first": (
            PLAIN,
            about("first", "A", before=CHAIN.parse("B")),
            about("first", "B", before=CHAIN.parse("A")),
        ),
    }
    assert cases.keys() == TIME_EXPECTATIONS.keys() - {"peak"}
    for scenario, yes, no in cases.values():
        assert found(scenario, yes).holds is True, yes
        assert found(scenario, no).holds is False, no


def test_that_peaks_are_in_order_too_close_or_not_there() -> None:
    pulse = LogicalNetwork(
        (
            Component("A", Rule.of("!D")),
            Component("B", Rule.of("A")),
            Component("D", Rule.of("B | D")),
            Component("Twin", Rule.of("A")),
        )
    )
    start = Scenario(start=Space(dict.fromkeys(pulse.names, 0)))
    pace = Pace(Rates(), "", 1, 0, 20.0)

    def holds(one: str, two: str) -> bool | None:
        expect = (Expectation("peak", component=one, rival=two),)
        return judge(pulse, Experiment("T", "", start, expect), pace=pace).findings[0].holds

    assert holds("A", "B") is True
    assert holds("B", "A") is False
    assert holds("B", "Twin") is None
    assert holds("A", "D") is None  # D never falls again


def test_that_what_never_comes_is_later_than_all_and_as_late_as_itself() -> None:
    assert found(HELD, about("later", "C", PLAIN)).holds is True
    assert found(HELD, about("sooner", "C", PLAIN)).holds is False
    assert found(HELD, about("same", "C", HELD)).holds is True
    assert found(HELD, about("later", "C", HELD)).holds is False
    assert "never" in found(HELD, about("later", "C", PLAIN)).argument
    assert found(HELD, about("later", "C", PLAIN)).numbers[0].value is None


def test_that_two_that_only_sometimes_come_are_left_open() -> None:
    toggle = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("!A"))))
    off = Scenario("off", start=Space({"A": 0, "B": 0}))
    expect = (Expectation("sooner", toggle.parse("A & !B"), than=Counterpart(off)),)
    on = Scenario(start=Space({"A": 1, "B": 1}))
    finding = judge(toggle, Experiment("T", "", on, expect)).findings[0]
    assert finding.holds is None
    assert "compare probabilities" in finding.argument


def test_that_random_runs_decide_only_where_bands_lie_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock, "MAX_STATES", 1)
    clock._clock_of.cache_clear()
    try:
        finding = found(DOSED, about("sooner", "C", PLAIN))
        assert finding.holds is True
        assert finding.sampled
        assert "4,000 random runs" in finding.argument
        low, high = finding.numbers[1].low, finding.numbers[1].high
        assert low is not None
        assert high is not None
        assert low < 3 < high
        close = found(PLAIN, about("first time", "C", below=3.0))
        assert close.holds is None
        assert close.argument.startswith("too close to say")
        assert found(PLAIN, about("higher", "C", DOSED, at=When(2))).holds is False
        assert found(HELD, about("later", "C", PLAIN)).holds is True
        assert found(DOSED, about("same", "B", PLAIN)).holds is True
        project = Project(CHAIN, experiments=(
            Experiment("T", "", PLAIN, (about("first time", "C", below=3.0),)),
            Experiment("U", "", PLAIN, (about("first time", "C", below=9.0),)),
        ))  # fmt: skip
        result = confront(project)
        assert [v.holds for v in result.verdicts] == [None, True]
        assert result.missing == "not decided: T"
        assert confront(project, only=["U"]).origin.guarantee == "sampled"
    finally:
        clock._clock_of.cache_clear()


def test_that_a_time_needs_to_know_where_it_starts() -> None:
    finding = found(replace(PLAIN, start=Space({"C": 0})), about("first time", "C", above=1))
    assert finding.holds is None
    assert "leaves open where A, B start" in finding.argument


def test_that_an_event_that_does_not_come_is_no_time_to_look_at() -> None:
    never = When(share=0.5, condition=CHAIN.parse("C"))
    finding = found(PLAIN, about("higher", "C", HELD, at=never))
    assert finding.holds is None
    assert "there is no such time" in finding.argument


# --- with a model ------------------------------------------------------------------------------


def test_that_the_rates_of_the_model_decide_and_are_named() -> None:
    slow = RateSet("slow", (RateClass(("C",), 0.1, 0.1),), unit="day")
    even = RateSet("even")
    expect = (about("first time", "C", above=11, below=13),)
    project = Project(
        CHAIN,
        experiments=(Experiment("T", "", PLAIN, expect),),
        scenarios=(PLAIN,),
        rate_sets=(slow, even),
    )
    result = confront(project)
    assert result.verdicts[0].holds is True
    assert "rates of the model (slow, per day)" in result.verdicts[0].findings[0].argument
    assert "rates of the model (slow, per day)" in result.origin.why
    assert confront(project, rates="even").verdicts[0].holds is False
    assert confront(project, rates="uniform").verdicts[0].holds is False
    assert pace_of(project, replace(PLAIN, rates="even")).rates == Rates()
    # A verdict stands only as long as the rates do.
    again = confront(replace(project, rate_sets=(even,)), before=result)
    assert again.verdicts[0].holds is False
    assert confront(project, before=result).verdicts[0] is result.verdicts[0]


def test_that_the_other_scenario_settles_first_where_that_is_said() -> None:
    ready = Scenario("ready", Perturbation(Space({"Dose": 0})), NOT_YET)
    again = Scenario("again", Perturbation(Space({"Dose": 0})), Space({"C": 0}))
    expect = Expectation("later", CHAIN.parse("C"), than=Counterpart(again, ready), by=1.9)
    assert found(PLAIN, expect).holds is True  # 3 against 1


def test_that_mutations_are_noticed_by_what_is_expected_of_time() -> None:
    project = Project(
        CHAIN, experiments=(Experiment("T", "", DOSED, (about("sooner", "C", PLAIN, by=0.5),)),)
    )
    noticed = {row.mutation.change: row.noticed for row in find_sensitivity(project).rows}
    assert noticed["Dose -> C cut"] == ("T",)
    assert noticed["A -> B cut"] == ()


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("sooner", {}),
        ("same", {"than": Counterpart(PLAIN), "by": 0.1}),
        ("higher", {"than": Counterpart(PLAIN)}),
        ("higher", {"than": Counterpart(PLAIN), "until": When()}),
        ("first time", {}),
        ("first time", {"above": 3, "below": 2}),
        ("first", {}),
        ("peak", {}),
        ("probability", {"above": 0.1, "at": When(share=0.5, condition=CHAIN.parse("C"))}),
    ],
)
def test_that_an_incomplete_expectation_is_refused(kind: str, more: dict[str, object]) -> None:
    with pytest.raises(NetworkError):
        Expectation(kind, CHAIN.parse("C"), **more)  # type: ignore[arg-type]


def test_that_every_kind_about_time_has_a_judge() -> None:
    assert timing._JUDGES.keys() == TIME_EXPECTATIONS.keys()


@pytest.mark.parametrize("most", [clock.MAX_STATES, 1])
def test_that_what_is_expected_of_time_is_left_open_when_the_time_is_over(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "MAX_STATES", most)
    pace = Pace(Rates(), "rates of the test", 400, 1, 20.0)
    experiment = Experiment("T", "", DOSED, (about("sooner", "C", PLAIN),))
    for holds, deadline in ((None, Deadline(0.0)), (True, None), (None, Deadline(0.0))):
        clock._clock_of.cache_clear()
        verdict = judge(CHAIN, experiment, pace=pace, deadline=deadline)
        assert verdict.findings[0].holds is holds
        if holds is None:
            assert verdict.findings[0].argument == "the time limit was reached"
    clock._clock_of.cache_clear()
