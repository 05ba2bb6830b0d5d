"""Under other rates: shares as one by one, and proofs that no rates contradict."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import chain, repeat
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regnet.analysis import robustness
from regnet.analysis.check import judge
from regnet.analysis.robustness import Robust, _factors, binomial_band, find_robustness
from regnet.analysis.timing import Pace, Ruling, Trial
from regnet.errors import NetworkError, RegnetError
from regnet.evidence import Counterpart, Expectation, Experiment, When
from regnet.logic import Expr
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.rates import Rates
from regnet.scenario import Scenario
from regnet.space import Space
from tests.regnet.analysis.test_timing import CHAIN, DOSED, HELD, PLAIN
from tests.strategies import expressions, networks, perturbations, states

C = CHAIN.parse("C")


def row(scenario: Scenario, expectation: Expectation, **options: object):  # type: ignore[no-untyped-def]
    project = Project(CHAIN, experiments=(Experiment("T", "", scenario, (expectation,)),))
    return find_robustness(project, **{"sets": 40, **options}).rows[0]  # type: ignore[arg-type]


def test_that_shares_are_those_of_sets_judged_one_by_one() -> None:
    x = Expectation("first time", C, above=1.0, below=3.0)
    found = row(PLAIN, x, factor=4.0, seed=3)
    experiment, counted = Experiment("T", "", PLAIN, (x,)), 0
    for factors in _factors(CHAIN, 4.0, 40, 3):
        rates = Rates()
        for name, factor in factors.items():
            assert 0.25 <= factor <= 4
            rates = rates.with_rate(factor, name)
        counted += judge(CHAIN, experiment, pace=Pace(rates, "", 1, 0, 20.0)).holds is True
    assert 0 < counted < 40
    assert (found.holds, found.fails, found.sets) == (counted, 40 - counted, 40)
    assert found.proved is None
    assert found.low < counted / 40 < found.high


def test_that_bands_are_those_of_the_binomial_distribution() -> None:
    from scipy.stats import binom

    for count, total in ((0, 10), (3, 10), (10, 10), (272, 300)):
        low, high = binomial_band(count, total)
        if count:
            assert binom.sf(count - 1, total, low) == pytest.approx(0.025)
        if count < total:
            assert binom.cdf(count, total, high) == pytest.approx(0.025)


def test_that_sets_left_open_may_be_either() -> None:
    def ruled(holds: Iterator[bool | None]) -> Robust:
        class Open:
            is_exact = False

            def proof(self) -> None:
                return None

            def judge(self, _: object) -> Ruling:
                return Ruling(next(holds), "")

        with patch.object(robustness, "trial_of", lambda *_: Open()):
            return row(PLAIN, Expectation("first time", C, above=1.0), sets=40)

    found = ruled(chain(repeat(True, 20), repeat(False, 10), repeat(None, 10)))
    assert (found.holds, found.fails, found.sets) == (20, 10, 40)
    assert found.low == pytest.approx(binomial_band(20, 40)[0])
    assert found.high == pytest.approx(binomial_band(30, 40)[1])


def test_that_what_follows_from_moves_alone_is_proved() -> None:
    plain, dosed, held = Counterpart(PLAIN), Counterpart(DOSED), Counterpart(HELD)
    states, clocks = "structure", "coupling"
    for scenario, x, proved, by in (
        (DOSED, Expectation("sooner", C, than=plain), True, clocks),
        (PLAIN, Expectation("later", C, than=dosed), True, clocks),
        (DOSED, Expectation("same", CHAIN.parse("B"), than=plain), True, clocks),
        (PLAIN, Expectation("first", CHAIN.parse("A"), before=CHAIN.parse("B")), True, states),
        (PLAIN, Expectation("first", CHAIN.parse("B"), before=CHAIN.parse("A")), False, states),
        (HELD, Expectation("later", C, than=plain), True, states),
        (HELD, Expectation("same", C, than=held), True, states),
        (HELD, Expectation("probability", C, below=0.1), True, states),
        (PLAIN, Expectation("probability", C, below=0.1), False, states),
        (PLAIN, Expectation("higher", C, than=held, at=When(1)), None, ""),
    ):
        found = row(scenario, x, sets=3)
        assert (found.proved, found.proved_by) == (proved, by), x
        if found.proved is not None:
            assert found.holds == (3 if found.proved else 0)


@st.composite
def comparisons(
    draw: st.DrawFn,
) -> tuple[LogicalNetwork, Scenario, Scenario, str, Expr, int]:
    network = draw(networks(3, 2, inputs=False))
    start = Space(draw(states(network)))
    one = Scenario("", draw(perturbations(network)), start)
    two = Scenario("", draw(perturbations(network)), start)
    kind = draw(st.sampled_from(["sooner", "later", "same"]))
    condition = draw(expressions(network.tops, max_leaves=3))
    return network, one, two, kind, condition, draw(st.integers(0, 10**6))


@settings(max_examples=80)
@given(comparisons())
def test_that_no_rates_contradict_what_is_proved(
    case: tuple[LogicalNetwork, Scenario, Scenario, str, Expr, int],
) -> None:
    network, one, two, kind, condition, seed = case
    x = Expectation(kind, condition, than=Counterpart(two))
    trial = Trial(network, one, two, x, Pace(Rates(), "", 1, 0, 20.0))
    proved = trial.proof()
    if proved is None:
        return
    numbers = random.Random(seed)
    for _ in range(4):
        factors = {name: 10 ** numbers.uniform(-1, 1) for name in network.names}
        assert trial.judge(factors).holds is proved.holds


def test_that_it_says_what_it_cannot_do() -> None:
    with pytest.raises(RegnetError, match="expectations about time"):
        find_robustness(Project(CHAIN))
    with pytest.raises(NetworkError, match="factor above 1"):
        find_robustness(Project(CHAIN), factor=1.0)
    free = Scenario("free", start=Space({"C": 0}))
    found = row(free, Expectation("first time", C, above=1.0))
    assert "leaves open where" in found.missing
    assert not found.sets


def test_that_an_interrupt_keeps_what_was_judged() -> None:
    def interrupted(function: object, arguments: object) -> object:
        for argument in arguments:  # type: ignore[attr-defined]
            yield function(argument)  # type: ignore[operator]
            raise KeyboardInterrupt

    expect = (Expectation("first time", C, above=1.0), Expectation("first time", C, above=2.0))
    project = Project(CHAIN, experiments=(Experiment("T", "", PLAIN, expect),))
    found = find_robustness(project, sets=3, map=interrupted)  # type: ignore[arg-type]
    assert len(found.rows) == 1
    assert found.interrupted
    assert found.missing == "interrupted after 1 of 2 expectations"
