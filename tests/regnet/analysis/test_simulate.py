"""Time courses against brute force, against each other, and against what the models must show."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from regnet.analysis.simulate import Courses, simulate
from regnet.analysis.simulate.kinetics import Change, Rates
from regnet.errors import RegnetError
from regnet.evidence import Phenotype
from regnet.formats import load
from regnet.logic import Expr, evaluate
from regnet.network import Component, LogicalNetwork, Rule
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space
from tests.brute import Brute
from tests.strategies import expressions, networks, perturbations

SPEEDS = st.sampled_from([0.0, 0.2, 1.0, 1.0, 3.0, 10.0])


class Generator:
    """The rates between all states of a network, as a dense matrix."""

    def __init__(self, network: LogicalNetwork, scenario: Scenario, rates: Rates) -> None:
        self.brute = brute = Brute(network, scenario.perturbation)
        place = {state: i for i, state in enumerate(brute.states)}
        self.matrix = np.zeros((len(place), len(place)))
        for state, i in place.items():
            for after in brute.successors(state):
                (moved,) = (k for k in range(len(state)) if state[k] != after[k])
                up, down = rates.of(brute.names[moved])
                rate = up if after[moved] > state[moved] else down
                self.matrix[i, place[after]] += rate
                self.matrix[i, i] -= rate
        start = scenario.start_of(network)
        clamps = scenario.perturbation.clamps
        begin = Space({n: start.get(n, clamps.get(n, (0, network[n].top))) for n in network.names})
        self.start = np.zeros(len(place))
        for state in brute.within(begin):
            self.start[place[state]] = 1
        self.start /= self.start.sum()

    def holds(self, condition: Expr) -> np.ndarray[Any, Any]:
        names = self.brute.names
        return np.array(
            [evaluate(condition, dict(zip(names, s, strict=True))) for s in self.brute.states]
        )

    def levels(self, weights: np.ndarray[Any, Any], name: str) -> list[float]:
        place = self.brute.names.index(name)
        of = np.array([state[place] for state in self.brute.states])
        return [float(weights[of == level].sum()) for level in range(self.brute.tops[place] + 1)]


@st.composite
def questions(draw: st.DrawFn) -> tuple[LogicalNetwork, Scenario, Rates]:
    network = draw(networks(3, 2))
    perturbation = draw(perturbations(network))
    ranges = {
        name: sorted(draw(st.tuples(st.integers(0, top), st.integers(0, top))))
        for name, top in network.tops.items()
        if draw(st.booleans())
    }
    start = Space({name: (low, high) for name, (low, high) in ranges.items()})
    rates = Rates(draw(st.sampled_from([0.5, 1.0, 2.0])))
    for name in network.names:
        if draw(st.booleans()):
            rates = rates.with_rate((draw(SPEEDS), draw(SPEEDS)), name)
    return network, Scenario(perturbation=perturbation, start=start), rates


@settings(max_examples=20)
@given(questions())
def test_that_exact_courses_are_those_of_the_generator_matrix(
    question: tuple[LogicalNetwork, Scenario, Rates],
):
    network, scenario, rates = question
    answer = simulate(network, scenario, rates=rates, until=3, points=4, method="exact")
    truth = Generator(network, scenario, rates)
    for k, time in enumerate(answer.times):
        weights = truth.start @ expm(truth.matrix * time)
        for course in answer.readouts:
            levels = truth.levels(weights, course.name)
            assert [band.values[k] for band in course.levels] == pytest.approx(levels, abs=1e-9)
            mean = sum(level * p for level, p in enumerate(levels))
            assert course.mean.values[k] == pytest.approx(mean, abs=1e-9)
    assert sum(o.probability for o in answer.outcomes) == pytest.approx(1)
    assert answer.origin.guarantee == "exact"
    assert answer.origin.seed is None


@settings(max_examples=15)
@given(questions(), st.data())
def test_that_exact_first_times_are_those_of_a_matrix_that_stops_there(
    question: tuple[LogicalNetwork, Scenario, Rates], data: st.DataObject
):
    network, scenario, rates = question
    condition = data.draw(expressions(network.tops, max_leaves=3))
    asked = {"rates": rates, "until": 3, "points": 4, "readouts": network.names[:1]}
    (arrival,) = simulate(network, scenario, first=[condition], method="exact", **asked).arrivals
    truth = Generator(network, scenario, rates)
    wanted = truth.holds(condition)
    stopped = np.where(wanted[:, None], 0.0, truth.matrix)

    def arrived(time: float) -> float:
        return float((truth.start @ expm(stopped * time))[wanted].sum())

    for k, time in enumerate(np.linspace(0, 3, 5)):
        assert arrival.arrived.values[k] == pytest.approx(arrived(time), abs=1e-9)
    for share, (quantile, _, _) in zip((0.25, 0.5, 0.75), arrival.quantiles, strict=True):
        if quantile is None:
            assert arrived(3) < share + 1e-9
        else:
            assert arrived(quantile) >= share - 1e-6
            assert quantile == 0 or arrived(quantile * (1 - 1e-6) - 1e-6) <= share + 1e-9
    if arrival.mean is not None and arrived(3) > 1e-6:
        step, weights, left = expm(stopped * 0.01), truth.start, []
        for _ in range(301):
            left.append(arrived(3) - weights[wanted].sum())
            weights = weights @ step
        mean = np.trapezoid(left, dx=0.01) / arrived(3)
        assert arrival.mean.value == pytest.approx(mean, abs=2e-3)
    assert arrival.ever is not None
    assert arrival.ever == pytest.approx(arrived(3000), abs=1e-6)
    if arrival.mean_ever is not None and arrival.ever > 1e-6:
        assert arrival.mean_ever >= (arrival.mean.value if arrival.mean else 0) - 1e-9


def ring() -> LogicalNetwork:
    """Return a small network that cycles, with a component of three levels."""
    return LogicalNetwork(
        (
            Component("A", Rule.of("!C")),
            Component("B", Rule.parse({2: "A & !D", 1: "A | D"}), 2),
            Component("C", Rule.of("B:2")),
            Component("D", Rule.of("!A | C")),
            Component("I"),
        )
    )


RING_START = Scenario(start=Space({"A": 0, "B": 0, "C": 0, "D": 0, "I": 1}))


def scores(sampled: Courses, exact: Courses) -> np.ndarray[Any, Any]:
    """Return how many standard errors each probability is off."""
    values = []
    for own, true in zip(sampled.readouts, exact.readouts, strict=True):
        for band, truth in zip(own.levels, true.levels, strict=True):
            for k in range(len(sampled.times)):
                estimate, p = band[k], truth.values[k]
                if 0.02 < p < 0.98:
                    error = (estimate.high - estimate.low) / 2 / 1.96
                    values.append((estimate.value - p) / error)
    return np.array(values)


@pytest.mark.parametrize("method", ["gillespie", "bit-parallel"])
@pytest.mark.parametrize("scenario", [Scenario(), RING_START], ids=["anywhere", "one state"])
def test_that_runs_agree_with_the_exact_course(method: str, scenario: Scenario):
    asked: dict[str, Any] = {"until": 8, "points": 16}
    exact = simulate(ring(), scenario, method="exact", **asked)
    off = [
        scores(
            simulate(ring(), scenario, method=method, trajectories=20_480, seed=seed, **asked),
            exact,
        )
        for seed in range(4)
    ]
    all_ = np.concatenate(off)
    assert len(all_) > 130
    assert 0.5 < np.sqrt(np.mean(all_**2)) < 1.3
    assert np.abs(all_).max() < 5


def test_that_unequal_rates_and_first_times_agree_with_the_exact_answer():
    rates = Rates(0.7).with_rate(10, "A").with_rate((0.2, 3), "B", "D").with_rate((1, 0), "C")
    conditions = [ring().parse("C"), ring().parse("B:2 & !A")]
    asked: dict[str, Any] = {"rates": rates, "until": 6, "points": 12, "first": conditions}
    exact = simulate(ring(), RING_START, method="exact", **asked)
    sampled = simulate(ring(), RING_START, method="gillespie", trajectories=40_000, seed=3, **asked)
    assert np.sqrt(np.mean(scores(sampled, exact) ** 2)) < 1.5
    for own, true in zip(sampled.arrivals, exact.arrivals, strict=True):
        assert own.mean is not None
        assert true.mean is not None
        error = (own.mean.high - own.mean.low) / 2
        assert abs(own.mean.value - true.mean.value) < 2 * error
        for (middle, low, high), (truth, _, _) in zip(own.quantiles, true.quantiles, strict=True):
            if None not in (middle, low, high, truth):
                assert low - 2 * (middle - low) < truth < high + 2 * (high - middle)
        assert own.arrived[-1].value == pytest.approx(true.arrived[-1].value, abs=0.01)
        assert own.censored.value == pytest.approx(1 - own.arrived[-1].value)


def test_that_ninety_five_of_a_hundred_bands_hold_the_truth():
    exact = simulate(ring(), RING_START, until=4, points=2, method="exact")
    inside = []
    for seed in range(120):
        found = simulate(
            ring(), RING_START, until=4, points=2, method="gillespie", trajectories=200, seed=seed
        )
        for course, true in zip(found.readouts[:4], exact.readouts[:4], strict=True):
            inside.append(course.levels[1].low[2] <= true.levels[1].values[2])
            inside[-1] &= true.levels[1].values[2] <= course.levels[1].high[2]
    assert 0.91 < np.mean(inside) < 0.985


@pytest.mark.parametrize("runs", [1_024, 80_000])
def test_that_bands_of_runs_that_share_a_clock_hold_the_truth(runs: int):
    """However few runs are asked for, and where blocks of them are skewed or agree by chance."""
    decay = LogicalNetwork((Component("A", Rule.constant(0)),))
    start = Scenario(start=Space({"A": 1}))
    inside = []
    for seed in range(60):
        found = simulate(
            decay, start, until=3, points=3, method="bit-parallel", trajectories=runs, seed=seed
        )
        for k in range(1, 4):
            estimate = found["A"].mean[k]
            inside.append(estimate.low <= math.exp(-k) <= estimate.high)
    assert 0.87 < np.mean(inside) < 0.995


def test_that_the_time_limit_is_looked_at_between_few_runs_that_share_a_clock():
    began = perf_counter()
    answer = simulate(
        ring(), method="bit-parallel", trajectories=10**8, timeout=0.3, until=50, points=20
    )
    assert perf_counter() - began < 3
    assert answer.missing.startswith("the time limit was reached after")


SCHEDULE = (
    Change(1.5, Space({"I": 0, "B": 2}), Perturbation(Space({"C": (0, 0)}))),
    Change(3, Space(), Perturbation(Space({"A": 1})), release=("C",)),
)


@pytest.mark.parametrize("settle", [0.0, 2.0])
def test_that_schedules_change_runs_and_exact_courses_alike(settle: float):
    asked: dict[str, Any] = {"until": 6, "points": 12, "schedule": SCHEDULE, "settle": settle}
    asked["first"] = [ring().parse("B:2"), ring().parse("C")]
    exact = simulate(ring(), RING_START, method="exact", **asked)
    sampled = simulate(ring(), RING_START, method="gillespie", trajectories=40_000, seed=5, **asked)
    assert np.sqrt(np.mean(scores(sampled, exact) ** 2)) < 1.5
    held = exact["C"].levels[1].values
    assert held[3] == held[5] == 0  # from 1.5 to 3 it is clamped
    assert held[4] == 0
    assert held[8] > 0.1
    assert exact["A"].levels[1].values[6:] == pytest.approx([1.0] * 7)
    assert exact["I"].levels[1].values == pytest.approx([1.0] * 3 + [0.0] * 10)
    for own, true in zip(sampled.arrivals, exact.arrivals, strict=True):
        off = np.array(own.arrived.values) - np.array(true.arrived.values)
        assert np.abs(off).max() < 0.012


def test_that_a_component_set_beyond_its_clamp_stays_within_it():
    held = Scenario(perturbation=Perturbation(Space({"B": (0, 1)})), start=RING_START.start)
    answer = simulate(
        ring(), held, until=2, points=2, schedule=[Change(1, Space({"B": 2}))], method="exact"
    )
    assert answer["B"].levels[2].values == (0, 0, 0)
    assert answer["B"].levels[1].values[1] == pytest.approx(1)


def test_that_settling_comes_before_time_0_and_first_times_do_not_count_it():
    network = LogicalNetwork((Component("A", Rule.constant(1)),))
    off = Scenario(start=Space({"A": 0}))
    for method in ("exact", "gillespie"):
        answer = simulate(
            network, off, until=1, points=1, settle=50, first=[network.parse("A")], method=method
        )
        assert answer["A"].levels[1].values[0] == pytest.approx(1)
        mean = answer.arrivals[0].mean
        assert mean is not None
        assert mean.value == pytest.approx(0)


def test_that_only_what_matters_is_looked_at():
    copies = [Component(f"X{i}", Rule.of(f"{'!' * (i % 2)}A")) for i in range(40)]
    network = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("A")), *copies))
    answer = simulate(network, readouts=["A"], until=5, points=5)
    assert answer.origin.guarantee == "exact"
    assert [course.name for course in answer.readouts] == ["A"]
    whole = simulate(network, until=5, points=5, trajectories=4_000)
    assert whole.origin.guarantee == "sampled"
    assert whole["A"].levels[1].values == pytest.approx(answer["A"].levels[1].values, abs=0.04)


def test_that_rules_of_many_regulators_run():
    names = [f"R{i}" for i in range(16)]
    majority = Component("M", Rule.of(" | ".join(f"({a} & {b})" for a, b in zip(names[::2], names[1::2], strict=True))))  # fmt: skip  # noqa: E501
    regulators = [Component(n, Rule.constant(i % 3 == 0)) for i, n in enumerate(names)]
    network = LogicalNetwork((majority, *regulators))
    one = Scenario(start=Space(dict.fromkeys(network.names, 1)))
    asked: dict[str, Any] = {"until": 4, "points": 8, "readouts": ["M"]}
    exact = simulate(network, one, max_states=200_000, method="exact", **asked)
    for method in ("gillespie", "bit-parallel"):
        found = simulate(network, one, method=method, trajectories=40_000, **asked)
        assert np.abs(scores(found, exact)).max() < 4


def test_that_the_answer_does_not_depend_on_how_runs_are_dealt_out():
    def shuffled(function: Any, batches: Iterable[Any]) -> list[Any]:
        done = {batch: function(batch) for batch in reversed(list(batches))}
        return [done[batch] for batch in sorted(done)]

    asked: dict[str, Any] = {"until": 4, "points": 8, "trajectories": 3_000, "seed": 11}
    for method in ("gillespie", "bit-parallel"):
        once = simulate(ring(), method=method, **asked)
        again = simulate(ring(), method=method, map=shuffled, **asked)
        assert once.readouts == again.readouts
        assert once.ends == again.ends
        other = simulate(ring(), method=method, **{**asked, "seed": 12})
        assert other.readouts != once.readouts


@pytest.mark.slow
def test_that_processes_give_the_same_answer():
    from regnet.jobs import parallel_map

    asked: dict[str, Any] = {"until": 4, "points": 8, "trajectories": 3_000, "method": "gillespie"}
    alone = simulate(ring(), **asked)
    assert simulate(ring(), map=parallel_map(2), **asked).readouts == alone.readouts


def test_that_an_interrupt_keeps_what_there_is():
    def interrupted(function: Any, batches: Sequence[Any]) -> Iterable[Any]:
        yield function(batches[0])
        yield function(batches[1])
        raise KeyboardInterrupt

    answer = simulate(
        ring(), until=4, points=4, method="gillespie", trajectories=8_000, map=interrupted
    )
    assert answer.interrupted
    assert not answer.complete
    assert answer.missing == "interrupted after 2,000 of 8,000 runs"
    assert answer.trajectories == 2_000


def test_that_the_time_limit_keeps_what_there_is():
    answer = simulate(ring(), method="gillespie", trajectories=100_000_000, timeout=0.2)
    assert not answer.complete
    assert answer.missing.startswith("the time limit was reached after")
    assert 0 < answer.trajectories < 100_000_000


def test_that_shared_clocks_are_told_and_widen_the_bands():
    asked: dict[str, Any] = {"until": 6, "points": 6, "trajectories": 20_480}
    together = simulate(ring(), RING_START, method="bit-parallel", **asked)
    apart = simulate(ring(), RING_START, method="gillespie", **asked)
    assert apart.design_effect == 1
    assert together.design_effect > 2

    def width(answer: Courses) -> float:
        band = answer["B"].levels[1]
        return sum(high - low for low, high in zip(band.low, band.high, strict=True))

    assert width(together) > 1.3 * width(apart)


def test_that_ends_and_outcomes_add_up():
    toggle = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("!A"))))
    off = Scenario(start=Space({"A": 0, "B": 0}))
    exact = simulate(toggle, off, until=30, rates=Rates().with_rate(3, "A"))
    assert [(str(o.space), o.rests) for o in exact.outcomes] == [
        ("A=1 B=0", True),
        ("A=0 B=1", True),
    ]
    assert [o.probability for o in exact.outcomes] == pytest.approx([0.75, 0.25])
    sampled = simulate(toggle, off, until=30, rates=Rates().with_rate(3, "A"), method="gillespie")
    assert [end.space for end in sampled.ends] == [o.space for o in exact.outcomes]
    assert sum(end.probability.value for end in sampled.ends) == pytest.approx(1)
    assert sampled.outcomes == ()


def test_that_phenotypes_are_followed():
    phenotype = Phenotype("high", ring().parse("B:2 & !C"))
    exact = simulate(ring(), RING_START, phenotypes=[phenotype], until=4, points=4)
    truth = Generator(ring(), RING_START, Rates())
    weights = truth.start @ expm(truth.matrix * 4)
    (share,) = exact.shares
    assert share.name == "high"
    assert share.band.values[-1] == pytest.approx(weights[truth.holds(phenotype.condition)].sum())


def settled(network: LogicalNetwork, scenario: Scenario, phenotype: Phenotype) -> np.ndarray:
    """Return for each state whether it is in an attractor that has a phenotype, by brute force."""
    truth = Generator(network, scenario, Rates())
    holds = truth.holds(phenotype.condition)
    place = {state: i for i, state in enumerate(truth.brute.states)}
    found = np.zeros(len(place))
    for members in truth.brute.asynchronous():
        kind = "fixed point"
        if len(members) > 1:
            kind = "cyclic" if truth.brute.is_cyclic(members) else "complex"
        rows = [place[state] for state in members]
        if phenotype.fits(kind) and holds[rows].all():
            found[rows] = 1
    return found


KINDS = st.sampled_from(["fixed point", "cyclic", "complex"])


@settings(max_examples=30)
@given(questions(), KINDS, st.data())
def test_that_a_phenotype_of_a_kind_counts_where_the_network_has_settled(
    question: tuple[LogicalNetwork, Scenario, Rates], kind: str, data: st.DataObject
):
    network, scenario, _ = question  # at rates above 0, attractors are where it settles
    condition = data.draw(expressions(network.tops))
    phenotype = Phenotype("P", condition, kind)
    exact = simulate(
        network, scenario, phenotypes=[phenotype], until=3, points=2, method="exact",
        readouts=network.names[:1],
    )  # fmt: skip
    truth = Generator(network, scenario, Rates())
    wanted = settled(network, scenario, phenotype)
    told = [truth.start @ expm(truth.matrix * t) @ wanted for t in exact.times]
    assert exact.shares[0].counts == "settled"
    assert exact.shares[0].band.values == pytest.approx(told, abs=1e-9)


@pytest.mark.parametrize("way", ["gillespie", "bit-parallel", "unequal rates"])
def test_that_runs_count_where_they_have_come_to_rest(way: str):
    network = LogicalNetwork(
        (
            Component("A", Rule.of("A | B & !C")),
            Component("B", Rule.of("!A & !B")),
            Component("C", Rule.of("C")),
        )
    )
    rates = Rates().with_rate(2, "B") if way == "unequal rates" else Rates()
    phenotypes = [
        Phenotype("rests", network.parse("A & !C"), "fixed point"),
        Phenotype("any", network.parse("A & !C")),
        Phenotype("moves", network.parse("!A"), "complex"),
    ]
    asked = {"phenotypes": phenotypes, "rates": rates, "until": 4.0, "points": 8}
    schedule = [Change(2, perturbation=Perturbation(Space({"B": 1})))]
    start = Scenario(start=Space({"A": 0, "B": 0}))
    exact = simulate(network, start, schedule=schedule, method="exact", **asked)
    method = "gillespie" if way == "unequal rates" else way
    runs = simulate(
        network, start, schedule=schedule, method=method, trajectories=20_000, seed=3, **asked
    )
    rests, any_ = runs.shares
    assert (rests.counts, any_.counts, runs.undecided) == ("settled", "holds", ("moves",))
    for one, other in zip((rests, any_), exact.shares, strict=False):
        for k, value in enumerate(other.band.values):
            estimate = one.band[k]
            room = 0.6 * (estimate.high - estimate.low) + 1e-9
            assert estimate.low - room <= value <= estimate.high + room, (one.name, k)
    assert rests.band.values != any_.band.values


def test_that_a_liver_that_recovers_has_never_failed(models: Path):
    project = load(models / "lif_lifr.toml")
    scenario = project.scenario("PHx")
    for method in ("exact", "gillespie"):
        found = simulate(
            project.network, scenario, phenotypes=project.phenotypes, method=method,
            trajectories=1000,
        )  # fmt: skip
        failed = next(share for share in found.shares if share.name == "failed")
        assert max(failed.band.values) == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"until": 0}, "an end above 0"),
        ({"until": math.inf}, "an end above 0"),
        ({"points": 0}, "at least one step"),
        ({"trajectories": 0}, "at least one step, one run"),
        ({"method": "magic"}, "choose auto, exact, gillespie, bit-parallel"),
        ({"readouts": ["Z"]}, "there is no component 'Z'"),
        ({"rates": Rates().with_rate(2, "Z")}, "there is no component 'Z'"),
        ({"schedule": [Change(30)]}, "comes after the end"),
        ({"schedule": [Change(1, release=("A",))]}, "A is not held"),
        ({"schedule": [Change(1, Space({"B": 3}))]}, "B has levels 0 to 2"),
        ({"method": "exact", "max_states": 5}, "more than 5 states"),
        ({"method": "bit-parallel", "rates": Rates().with_rate(2, "A")}, "need one rate"),
        ({"scenario": Scenario(update="synchronous")}, "has no rates"),
    ],
)
def test_that_what_does_not_fit_is_told(options: dict[str, Any], message: str):
    with pytest.raises(RegnetError, match=message):
        simulate(ring(), **options)


def standard_errors(exact: Courses, sampled: Courses) -> list[float]:
    """Return how many standard errors estimates are away from the truth, where they vary."""
    count = sampled.trajectories
    pairs = [
        (band, course[1].levels[level])
        for course in zip(exact.readouts, sampled.readouts, strict=True)
        for level, band in enumerate(course[0].levels)
    ]
    pairs += [(a.band, b.band) for a, b in zip(exact.shares, sampled.shares, strict=True)]
    pairs += [(a.arrived, b.arrived) for a, b in zip(exact.arrivals, sampled.arrivals, strict=True)]
    return [
        (found - p) / math.sqrt(p * (1 - p) / count)
        for truth, estimate in pairs
        for p, found in zip(truth.values, estimate.values, strict=True)
        if 0.02 < p < 0.98
    ]


@pytest.mark.parametrize("way", ["equal", "unequal"])
@settings(max_examples=12, derandomize=True)
@given(data=st.data())
def test_that_runs_of_random_networks_agree_with_the_solution(way: str, data: st.DataObject):
    network = data.draw(networks(3, 2))
    rates = Rates(2.0)
    if way == "unequal":
        rates = rates.with_rate((0.7, 3.0), network.names[0])
    names = sorted(network.names)
    on = network.parse(f"{names[0]} | !{names[-1]}")
    asked: dict[str, Any] = {
        "rates": rates, "until": 3, "points": 4, "first": [on], "trajectories": 2_000,
        "phenotypes": [Phenotype("on", on)],
    }  # fmt: skip
    exact = simulate(network, method="exact", **asked)
    sampled = simulate(network, method="gillespie", **asked)
    assert max(map(abs, standard_errors(exact, sampled)), default=0.0) < 5


@pytest.mark.parametrize("few", [1024, 0])
def test_that_moves_in_many_words_agree_with_the_solution(
    few: int, monkeypatch: pytest.MonkeyPatch
):
    """A hundred and forty variables, as words and as lists: each pair is a small network alone."""
    monkeypatch.setattr("regnet.engines.kernel.MAX_WORD_VARIABLES", few)
    pair = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("A"))))
    many = LogicalNetwork(
        tuple(
            Component(f"{c.name}{k}", Rule.of({"A": f"!B{k}", "B": f"A{k}"}[c.name]))
            for k in range(70)
            for c in pair.components
        )
    )
    asked: dict[str, Any] = {"until": 4, "points": 5}
    truth = simulate(pair, Scenario(start=Space({"A": 0, "B": 0})), **asked)["A"].levels[1]
    answer = simulate(
        many, Scenario(start=Space(dict.fromkeys(many.names, 0))), method="gillespie",
        trajectories=1_000, seed=5, **asked,
    )  # fmt: skip
    scores = [
        (found - p) / math.sqrt(p * (1 - p) / 1_000)
        for k in range(70)
        for p, found in zip(truth.values, answer[f"A{k}"].levels[1].values, strict=True)
        if 0.02 < p < 0.98
    ]
    assert 0.85 < math.sqrt(sum(z * z for z in scores) / len(scores)) < 1.15
    assert abs(sum(scores)) / math.sqrt(len(scores)) < 3.5


@pytest.mark.parametrize("mean", [1.0, 0.1])
def test_that_waiting_times_are_exponential(mean: float):
    """A component that only falls is still up as long as the formula says, near 0 and far out."""
    decay = LogicalNetwork((Component("A", Rule.constant(0)),))
    answer = simulate(
        decay, Scenario(start=Space({"A": 1})), rates=Rates(1 / mean), until=9 * mean, points=30,
        method="gillespie", trajectories=200_000, seed=2,
    )  # fmt: skip
    for time, found in zip(answer.times, answer["A"].levels[1].values, strict=True):
        p = math.exp(-time / mean)
        assert abs(found - p) <= 4.5 * math.sqrt(p * (1 - p) / 200_000)


@settings(max_examples=20)
@given(networks(3, 2), st.integers(0, 5))
def test_that_any_network_can_be_sampled(network: LogicalNetwork, seed: int):
    answer = simulate(network, method="gillespie", until=2, points=3, trajectories=50, seed=seed)
    for course in answer.readouts:
        totals = np.sum([band.values for band in course.levels], axis=0)
        assert totals == pytest.approx(1)
        for band in (*course.levels, course.mean):
            for k in range(4):
                assert band[k].low <= band[k].value <= band[k].high


# --- what the liver models must show in time ---


def slowed(project: Any, signals: Sequence[str], slow: Sequence[str]) -> Rates:
    return Rates().with_rate(10, *signals).with_rate(0.2, *slow)


def arrivals(project: Any, scenario: str, rates: Rates, knock_out: str = "") -> list[Any]:
    """Return when mass is partly and wholly back: estimates, None where it never is."""
    asked = project.scenario(scenario)
    if knock_out:
        asked = asked.perturbed(Perturbation(Space({knock_out: 0})))
    answer = simulate(
        project.network,
        asked,
        rates=rates,
        until=200,
        points=4,
        readouts=["Mass"],
        first=[project.network.parse("Mass"), project.network.parse("Mass:2")],
        trajectories=20_000,
        max_states=5_000,
    )
    return [arrival.mean for arrival in answer.arrivals]


CORE_CLASSES = Rates().with_rate(10, "LIF", "LIFR", "STAT3").with_rate(
    0.2, "Angio", "Mass", "Cachexia", "VEGF"
)  # fmt: skip
EXTENDED_CLASSES = (
    Rates()
    .with_rate(10, "LIFR", "JAK1", "STAT3_E", "SOCS3", "VEGFR2")
    .with_rate(10, "LIFR_H", "STAT3_H", "MET", "ERK", "AKT")
    .with_rate(0.2, "Angio", "Mass", "Cachexia", "VEGFA")
)


@pytest.mark.parametrize(
    ("file", "rates", "early"),
    [
        ("lif_lifr.toml", Rates(), True),
        ("lif_lifr.toml", CORE_CLASSES, True),
        ("lif_lifr_extended.toml", Rates(), True),
        ("lif_lifr_extended.toml", EXTENDED_CLASSES, False),
    ],
)
def test_that_lif_given_before_resection_is_faster_and_its_loss_is_slower_and_never_enough(
    models: Path, file: str, rates: Rates, early: bool
):
    project = load(models / file)
    wild = arrivals(project, "PHx", rates)
    given_before = arrivals(project, "low dose before PHx", rates)
    assert given_before[0].high < wild[0].low
    assert given_before[1].high < wild[1].low
    if early:  # by a larger factor at the beginning
        factors = [w.value / g.value for w, g in zip(wild, given_before, strict=True)]
        assert factors[0] > 1.05 * factors[1]
    for loss in ("LIF none", "LIFR lost in LSEC"):
        slower = arrivals(project, loss, rates)
        assert slower[0].low > wild[0].high
        assert slower[1] is None


@pytest.mark.parametrize("file", ["lif_lifr.toml", "lif_lifr_extended.toml"])
def test_that_an_overdose_at_resection_hardly_ever_lets_the_liver_recover(models: Path, file: str):
    project = load(models / file)
    answer = simulate(
        project.network,
        project.scenario("overdose at PHx"),
        until=200,
        points=4,
        readouts=["Mass"],
        first=[project.network.parse("Mass:2")],
    )
    assert answer.arrivals[0].arrived[-1].high < 0.02


def test_that_the_arms_of_the_extended_model_matter_for_time_as_was_reported(models: Path):
    project = load(models / "lif_lifr_extended.toml")
    wild, *_ = arrivals(project, "PHx", EXTENDED_CLASSES)
    without_il6, *_ = arrivals(project, "PHx", EXTENDED_CLASSES, "IL6")
    without_tgfb, *_ = arrivals(project, "PHx", EXTENDED_CLASSES, "TGFB")
    without_wnt2, *_ = arrivals(project, "PHx", EXTENDED_CLASSES, "Wnt2")
    assert without_il6.low > wild.high
    assert without_tgfb.value < wild.value
    assert without_wnt2.low < wild.high


def test_that_the_core_model_has_the_times_that_can_be_worked_out_by_hand(models: Path):
    project = load(models / "lif_lifr.toml")
    first, whole = arrivals(project, "PHx", Rates())
    assert first.value == pytest.approx(4.875)  # of equal rates: a fraction
    assert whole.value == pytest.approx(9.302924597)
    first, _ = arrivals(project, "LIF none", Rates())
    assert first.value == pytest.approx(5)  # five moves, one after the other
