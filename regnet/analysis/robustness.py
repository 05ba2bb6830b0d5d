"""Robustness: the fraction of random rates for which expectations about time hold.

Each set of rates multiplies the rate of each component by a factor of its own, which is drawn
log-uniformly and is the same in all scenarios that are compared. Statements proved for all rates
are reported as well.
"""

from __future__ import annotations

import random
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from regnet.analysis import Listed, Origin, Progress, Result, asks, silent
from regnet.analysis.batch import OVER, STOPPED, Map, in_turn, stopped_words
from regnet.analysis.check import beginning, chosen_of, trial_of
from regnet.analysis.timing import Pace, pace_of
from regnet.brief import brief
from regnet.deadline import Deadline, OutOfTime
from regnet.errors import NetworkError, RegnetError
from regnet.evidence import Expectation, Experiment
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.scenario import Scenario

SETS = 300
"""Default number of sets of rates."""


@dataclass(frozen=True, slots=True)
class Robust:
    """The verdicts on one expectation under many sets of rates.

    Parameters
    ----------
    experiment
        Id of the experiment.
    expectation
        What is expected.
    holds, fails
        Number of sets under which it holds and fails; under the others it is undecided.
    sets
        Number of sets under which it was evaluated.
    low, high
        The exact binomial 95 % band of the fraction of all such sets for which it holds (Clopper
        and Pearson 1934, doi 10.1093/biomet/26.4.404); undecided sets may be either.
    proved
        Whether it is proved to hold, or fail, for all positive rates; None if neither.
    proved_by
        The argument, as in `regnet.analysis.timing.Proof`; empty if nothing is proved.
    sampled
        Whether random runs were used.
    missing
        Why there is no verdict, in one sentence.
    kind
        Kind of the experiment.
    """

    experiment: str
    expectation: Expectation
    holds: int = 0
    fails: int = 0
    sets: int = 0
    low: float = 0.0
    high: float = 1.0
    proved: bool | None = None
    sampled: bool = False
    missing: str = ""
    kind: str = ""
    proved_by: str = ""

    __repr__ = brief


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Robustness(Listed[Robust], Result):
    """The fractions of random rates for which expectations about time hold.

    Parameters
    ----------
    factor
        Maximum factor by which each rate is decreased or increased.
    sets
        Number of sets of rates drawn.
    rates
        The central rates, in words.
    rows
        One row for each expectation about time.
    """

    _LISTED = "rows"

    factor: float
    sets: int
    rates: str
    rows: tuple[Robust, ...]


@asks("robustness")
def find_robustness(
    project: Project,
    *,
    factor: float = 10.0,
    sets: int = SETS,
    seed: int = 0,
    only: Collection[str] | None = None,
    rates: str = "",
    timeout: float | None = None,
    map: Map = map,
    progress: Progress = silent,
) -> Robustness:
    """Return the fraction of random rates for which each expectation about time holds.

    Parameters
    ----------
    project
        A network with its experiments.
    factor
        Each rate is multiplied by a number from ``1 / factor`` to `factor`, log-uniformly, the same
        for increase and decrease.
    sets
        Number of sets of rates drawn.
    seed
        Random seed.
    only
        Ids of experiments; default all.
    rates
        Name of the rate set that is varied, or ``"uniform"``, as in `confront`.
    timeout
        Time limit in seconds; verdicts found by then are kept.
    map
        The function that evaluates expectations: the built-in `map`, or a parallel one.
    progress
        Progress callback.

    Raises
    ------
    RegnetError
        If an id does not exist, an experiment does not fit the network, or there is no expectation
        about time.

    Examples
    --------
    >>> from regnet.evidence import Counterpart
    >>> from regnet.network import Component, Rule
    >>> from regnet.space import Space
    >>> net = LogicalNetwork((Component("A", Rule.of("1")), Component("B", Rule.of("A"))))
    >>> start, ahead = (Scenario(n, start=Space({"A": a, "B": 0})) for n, a in (("", 0), ("a", 1)))
    >>> sooner = Expectation("sooner", net.parse("B"), than=Counterpart(start))
    >>> found = find_robustness(
    ...     Project(net, experiments=(Experiment("1", "", ahead, (sooner,)),)), sets=20
    ... )
    >>> found.rows[0].holds, round(found.rows[0].low, 3), found.rows[0].proved
    (20, 0.832, True)
    """
    started = time.perf_counter()
    if not 1 < factor < float("inf") or sets < 1:
        raise NetworkError("rates vary by a factor above 1, in one set of rates at least")
    network = project.network
    asked = []
    for experiment in chosen_of(project.experiments, only):
        experiment.check(network)
        pace = pace_of(project, experiment.scenario, rates)
        asked += [(experiment, x, pace) for x in experiment.expect if x.is_timed]
    if not asked:
        raise RegnetError(
            "no experiment has expectations about time, the only ones that depend on rates"
        )
    deadline = Deadline(timeout)
    drawn = _factors(network, factor, sets, seed)
    rows: list[Robust] = []
    missing, interrupted = "", False
    try:
        for row in in_turn(map, partial(_judged, network, drawn, deadline), asked, deadline):
            rows.append(row)
            progress(len(rows) / len(asked), f"{len(rows)} of {len(asked)} expectations")
    except OutOfTime:
        missing = stopped_words(OVER, len(rows), len(asked), "expectations")
    except KeyboardInterrupt:
        missing, interrupted = stopped_words(STOPPED, len(rows), len(asked), "expectations"), True
    short = [row for row in rows if row.sets < sets and not row.missing]
    if short and not missing:
        missing = (
            f"{OVER}: {len(short)} of {len(asked)} expectations were evaluated with fewer sets"
        )
    open_ = [row for row in rows if row.missing]
    if open_ and not missing:
        missing = "; ".join(f"{row.experiment}: {row.missing}" for row in open_[:3])
    words = " or ".join(dict.fromkeys(pace.words for _, _, pace in asked))
    origin = Origin.of(
        network,
        scenario=Scenario("rates vary"),
        engine="auto",
        why=f"each rate from 1/{factor:g} to {factor:g} times that of {words}, log-uniformly, one "
        "factor for each component",
        guarantee="sampled",
        seconds=time.perf_counter() - started,
        seed=seed,
    )
    return Robustness(
        origin=origin,
        factor=factor,
        sets=sets,
        rates=words,
        rows=tuple(rows),
        missing=missing,
        interrupted=interrupted,
    )


def _factors(
    network: LogicalNetwork, factor: float, sets: int, seed: int
) -> tuple[dict[str, float], ...]:
    """Return the factors of each set of rates."""
    names = [c.name for c in network.components if not c.is_input]
    numbers = random.Random(seed)
    return tuple({name: factor ** numbers.uniform(-1, 1) for name in names} for _ in range(sets))


def _judged(
    network: LogicalNetwork,
    drawn: tuple[dict[str, float], ...],
    deadline: Deadline,
    asked: tuple[Experiment, Expectation, Pace],
) -> Robust:
    experiment, expectation, pace = asked
    open_ = Robust(experiment.id, expectation, kind=experiment.kind)
    try:
        begin = beginning(network, experiment, timeout=deadline.left())
        trial = trial_of(network, begin, expectation, pace, deadline.left())
    except OutOfTime:
        return replace(open_, missing=OVER)
    except RegnetError as error:
        return replace(open_, missing=str(error))
    proof = trial.proof()
    counts = {True: 0, False: 0, None: 0}
    with suppress(OutOfTime):
        for factors in drawn:
            deadline.check()
            counts[trial.judge(factors).holds] += 1
    holds, fails, judged = counts[True], counts[False], sum(counts.values())
    return replace(
        open_,
        holds=holds,
        fails=fails,
        sets=judged,
        low=binomial_band(holds, judged)[0],
        high=binomial_band(judged - fails, judged)[1],
        proved=proof.holds if proof else None,
        proved_by=proof.by if proof else "",
        sampled=not trial.is_exact,
    )


def binomial_band(count: int, total: int) -> tuple[float, float]:
    """Return the exact 95 % band of a fraction, given a count of a total.

    >>> low, high = binomial_band(300, 300)
    >>> round(low, 4), high
    (0.9878, 1.0)
    """
    from scipy.special import betaincinv

    low = float(betaincinv(count, total - count + 1, 0.025)) if count else 0.0
    high = float(betaincinv(count + 1, total - count, 0.975)) if count < total else 1.0
    return low, high
