"""Check: the verdicts of a model on the experiments that it has to reproduce."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from regnet.analysis import Listed, Origin, Progress, Result, asks, silent
from regnet.analysis.attractors import Attractors, find_attractors
from regnet.analysis.batch import OVER, STOPPED, Map, in_turn, stopped_words
from regnet.analysis.reachability import find_reachable, upstream
from regnet.analysis.timing import Measured, Pace, Trial, pace_of
from regnet.brief import brief
from regnet.deadline import Deadline, OutOfTime
from regnet.errors import EngineError, NetworkError, RegnetError, UnknownNameError
from regnet.evidence import Expectation, Experiment, Phenotype
from regnet.logic import variables
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.scenario import Scenario
from regnet.space import Space


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one expectation.

    Parameters
    ----------
    expectation
        The expectation.
    holds
        True, False, or None where it could not be decided.
    argument
        How it is known, in plain words.
    path
        States one step apart that lead to the deciding state, if there is one.
    attractor
        The deciding attractor: one that has what some attractor has to have, or lacks what every
        attractor has to have.
    numbers
        The numbers that decide an expectation about time.
    rates
        The rates used, in words; empty if the verdict does not depend on rates.
    sampled
        Whether the numbers come from random runs.
    """

    expectation: Expectation
    holds: bool | None
    argument: str
    path: tuple[Space, ...] | None = None
    attractor: Space | None = None
    numbers: tuple[Measured, ...] = ()
    rates: str = ""
    sampled: bool = False

    __repr__ = brief


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on one experiment, by expectation.

    `basis` are digests of the parts of the network that it depends on; while they are unchanged, so
    is the verdict. `is_to_hold` is False for a known disagreement, which has to fail.
    """

    experiment: Experiment
    findings: tuple[Finding, ...]
    seconds: float = 0.0
    basis: tuple[str, ...] = ()
    is_to_hold: bool = True

    __repr__ = brief

    @property
    def holds(self) -> bool | None:
        """True if all expectations hold, False if one fails, else None."""
        outcomes = {finding.holds for finding in self.findings}
        return False if False in outcomes else None if None in outcomes else True

    @property
    def as_expected(self) -> bool | None:
        """Whether it came out as expected; None if open."""
        return None if self.holds is None else self.holds is self.is_to_hold

    @property
    def outcome(self) -> str:
        """A key of `OUTCOMES`."""
        if self.holds is None:
            return "open"
        if self.is_to_hold:
            return "holds" if self.holds else "fails"
        return "holds now" if self.holds else "disagrees"


OUTCOMES: dict[str, str] = {
    "holds": "the model does what is expected",
    "fails": "the model does not do what is expected",
    "open": "undecided",
    "disagrees": "the model does not do what a source says, as its file declares",
    "holds now": "declared a disagreement, but the model agrees with the source",
}
"""The outcomes of an experiment."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Confrontation(Listed[Verdict], Result):
    """The verdicts on a model, in the order of its experiments.

    `complete` is False if it was stopped or an expectation could not be decided; `missing` then
    says in one sentence what is missing. `interrupted` is whether the user stopped it.
    """

    _LISTED = "verdicts"

    verdicts: tuple[Verdict, ...]

    @property
    def failed(self) -> tuple[Verdict, ...]:
        """The experiments that did not come out as expected.

        They fail, or are declared a disagreement but hold.
        """
        return tuple(v for v in self.verdicts if v.as_expected is False)


@asks("check", besides=("before",))
def confront(
    project: Project,
    *,
    only: Collection[str] | None = None,
    rates: str = "",
    before: Confrontation | None = None,
    timeout: float | None = None,
    each: float | None = None,
    map: Map = map,
    progress: Progress = silent,
) -> Confrontation:
    """Return the verdicts of a model on its experiments.

    Parameters
    ----------
    project
        A network with its experiments.
    only
        Ids of experiments; default all.
    rates
        Name of the rate set, or ``"uniform"``, by which expectations about time are judged; by
        default that of the scenario, or else the first one of the model.
    before
        An earlier confrontation, from which verdicts that no edit can have changed are reused.
    timeout
        Time limit in seconds for all experiments; those not decided by then stay open.
    each
        Time limit in seconds for each question of an experiment; those not decided by then stay
        open.
    map
        The function that runs experiments: the built-in `map`, or a parallel one.
    progress
        Progress callback.

    Raises
    ------
    RegnetError
        If an id does not exist, or an experiment does not fit the network.

    Examples
    --------
    >>> from regnet.evidence import Expectation, Experiment
    >>> from regnet.network import Component, Rule
    >>> toggle = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("!A"))))
    >>> off = Scenario(start=Space({"A": 0, "B": 0}))
    >>> expect = (Expectation("attractors", count=2), Expectation("never", toggle.parse("A & !B")))
    >>> project = Project(toggle, experiments=(Experiment("T1", "either or", off, expect),))
    >>> [finding.holds for finding in confront(project).verdicts[0].findings]
    [True, False]
    """
    started = time.perf_counter()
    network = project.network
    chosen = chosen_of(project.experiments, only)
    for experiment in chosen:
        experiment.check(network)
    paces = {x.id: pace_of(project, x.scenario, rates) for x in chosen}
    standing = _standing(network, before, chosen, paces)
    again = [experiment for experiment in chosen if experiment.id not in standing]
    verdicts: list[Verdict] = []
    missing, interrupted = "", False
    try:
        deadline = Deadline(timeout)
        asked = [(experiment, paces[experiment.id]) for experiment in again]
        judged = in_turn(map, partial(_judged, network, each, deadline), asked, deadline)
        for experiment in chosen:
            verdict = standing.get(experiment.id) or next(judged)
            is_to_hold = experiment.is_to_hold(project.variant)
            if verdict.is_to_hold is not is_to_hold:
                verdict = replace(verdict, is_to_hold=is_to_hold)
            verdicts.append(verdict)
            done = f"{len(verdicts)} of {len(chosen)} experiments"
            progress(len(verdicts) / len(chosen), done)
    except OutOfTime:
        missing = stopped_words(OVER, len(verdicts), len(chosen), "experiments")
    except KeyboardInterrupt:
        interrupted = True
        missing = stopped_words(STOPPED, len(verdicts), len(chosen), "experiments")
    missing = missing or _open_words(verdicts)
    timed = [f for v in verdicts for f in v.findings if f.rates]
    why = ["each expectation by the cheapest argument that decides it"]
    if standing:
        why.append(f"{len(standing)} of {len(chosen)} reused")
    if timed:
        by = ", or ".join(dict.fromkeys(finding.rates for finding in timed))
        why.append(f"what is expected of time with {by}")
    sampled = any(finding.sampled for finding in timed)
    origin = Origin.of(
        network,
        scenario=Scenario("experiments"),
        engine="auto",
        why="; ".join(why),
        guarantee="bounded" if missing else "sampled" if sampled else "exact",
        seconds=time.perf_counter() - started,
    )
    return Confrontation(
        origin=origin, verdicts=tuple(verdicts), missing=missing, interrupted=interrupted
    )


def _open_words(verdicts: Iterable[Verdict]) -> str:
    """Return which experiments are open, and which fail whatever becomes of an open expectation."""
    open_ = [v for v in verdicts if any(f.holds is None for f in v.findings)]
    whole = [v.experiment.id for v in open_ if v.holds is None]
    part = [v.experiment.id for v in open_ if v.holds is not None]
    words = [f"not decided: {', '.join(whole)}"] if whole else []
    words += [f"an expectation left open in what fails anyway: {', '.join(part)}"] if part else []
    return "; ".join(words)


def chosen_of(
    experiments: tuple[Experiment, ...], only: Collection[str] | None
) -> tuple[Experiment, ...]:
    """Return the experiments with some ids, in their order; raise `UnknownNameError`."""
    if only is None:
        return experiments
    known = [experiment.id for experiment in experiments]
    for identifier in only:
        if identifier not in known:
            raise UnknownNameError("experiment", identifier, known)
    return tuple(experiment for experiment in experiments if experiment.id in only)


def _standing(
    network: LogicalNetwork,
    before: Confrontation | None,
    asked: Collection[Experiment],
    paces: Mapping[str, Pace],
) -> dict[str, Verdict]:
    """Return the earlier verdicts, by experiment, that no edit can have changed."""
    standing = {}
    for verdict in before.verdicts if before else ():
        if verdict.holds is None or verdict.experiment not in asked:
            continue
        with suppress(RegnetError):  # it no longer fits the network
            pace = paces[verdict.experiment.id]
            if verdict.basis and verdict.basis == _basis(network, verdict, pace):
                is_same = before is not None and before.origin.digest == network.digest
                standing[verdict.experiment.id] = verdict if is_same else _of_before(verdict)
    return standing


def _of_before(verdict: Verdict) -> Verdict:
    """Return an earlier verdict whose arguments say that their counts are from before an edit.

    Whether expectations hold is unchanged; the number of attractors may have changed.
    """
    said = tuple(
        finding
        if finding.expectation.kind in _REACHABILITY or finding.argument.startswith(_EARLIER)
        else replace(finding, argument=f"{_EARLIER}{finding.argument}")
        for finding in verdict.findings
    )
    return verdict if said == verdict.findings else replace(verdict, findings=said)


_EARLIER = "before the last edits, none of which affect it: "


def _basis(network: LogicalNetwork, verdict: Verdict, pace: Pace | None) -> tuple[str, ...]:
    """Return digests of everything that a verdict depends on.

    The behaviour of some components depends on what is upstream of them; the number of attractors,
    equilibration and states shown as witnesses depend on the whole network. Everything else, such
    as the start and the update, is part of the experiment, which has to be equal; a digest covers
    names, levels and rules.
    """
    experiment = verdict.experiment
    if any(x.is_timed for x in experiment.expect):  # also rules upstream of rates matter
        return network.digest, "" if pace is None else pace.digest
    asked: set[str] = set()
    for x in experiment.expect:
        if x.condition is not None:
            asked.update(var.name for var in variables(x.condition))
        if x.component:
            asked.add(x.component)
    counted = any(x.condition is None and not x.component for x in experiment.expect)
    shown = any(f.attractor is not None for f in verdict.findings)
    perturbed = experiment.scenario.perturbation.apply(network)
    if experiment.settle is not None:
        settled = experiment.settle.perturbation.apply(network)
        return settled.digest, perturbed.digest
    paths = [finding.path for finding in verdict.findings if finding.path is not None]
    shown |= (
        bool(paths) and experiment.scenario.update == "synchronous"
    )  # all components move in each step
    if any(set(path[0]) != set(perturbed.names) for path in paths):
        return ()  # a path shows every component, also those that do not affect the question
    return ((perturbed if counted or shown else upstream(perturbed, asked)).digest,)


# --- one experiment --------------------------------------------------------------------------

_REACHABILITY = ("reachable", "never", "always")


def _judged(
    network: LogicalNetwork,
    timeout: float | None,
    deadline: Deadline,
    asked: tuple[Experiment, Pace],
) -> Verdict:
    experiment, pace = asked
    return judge(network, experiment, timeout=timeout, deadline=deadline, pace=pace)


def judge(
    network: LogicalNetwork,
    experiment: Experiment,
    *,
    timeout: float | None = None,
    deadline: Deadline | None = None,
    pace: Pace | None = None,
) -> Verdict:
    """Return the verdict on one experiment.

    `timeout` is the limit of each question, `deadline` that of all; `pace` holds the rates for
    expectations about time, all 1 by default.
    """
    pace = pace or pace_of(Project(network), experiment.scenario)
    started = time.perf_counter()
    deadline = deadline or Deadline()

    def left() -> float | None:
        return deadline.within(timeout).left()

    # From anywhere or from the start: all else is the same, and the conditions of
    # all expectations of either kind are tested at once.
    known: dict[bool, Attractors] = {}
    try:
        begin = beginning(network, experiment, timeout=left())
    except RegnetError as error:  # without its equilibration the experiment cannot be run
        holds = False if isinstance(error, NetworkError) else None
        same = tuple(Finding(expectation, holds, str(error)) for expectation in experiment.expect)
        return Verdict(experiment, same, time.perf_counter() - started)

    def attractors(everywhere: bool) -> Attractors:
        """Return the attractors from anywhere or from the start, cached."""
        if everywhere not in known:
            scenario = replace(begin, start=Space()) if everywhere else begin
            conditions = [
                Phenotype(str(place), expectation.condition)
                for place, expectation in enumerate(experiment.expect)
                if expectation.condition is not None
                and expectation.kind not in _REACHABILITY
                and expectation.kind.endswith("in all") is everywhere
            ]
            found = find_attractors(network, scenario, phenotypes=conditions, timeout=left())
            if found.interrupted:
                raise KeyboardInterrupt  # the whole check is stopped, not one search
            known[everywhere] = found
        return known[everywhere]

    findings = []
    for place, expectation in enumerate(experiment.expect):
        try:
            if expectation.is_timed:
                finding = _timed(network, begin, expectation, pace, left())
            elif expectation.kind in _REACHABILITY:
                finding = _reached(network, begin, expectation, left())
            else:
                found = attractors(expectation.kind.endswith("in all"))
                finding = _of_attractors(found, expectation, str(place))
        except RegnetError as error:
            finding = Finding(expectation, None, str(error))
        findings.append(finding)
    verdict = Verdict(experiment, tuple(findings), time.perf_counter() - started)
    with suppress(RegnetError):  # it does not fit the network, as every finding says
        verdict = replace(verdict, basis=_basis(network, verdict, pace))
    return verdict


def beginning(
    network: LogicalNetwork, experiment: Experiment, *, timeout: float | None = None
) -> Scenario:
    """Return the scenario of an experiment, with the state after equilibration as its start.

    Raises
    ------
    NetworkError
        If the network does not settle at one state before the experiment.
    EngineError
        If that could not be decided.
    """
    return settled(network, experiment.scenario, experiment.settle, timeout=timeout)


def settled(
    network: LogicalNetwork,
    scenario: Scenario,
    settle: Scenario | None,
    *,
    timeout: float | None = None,
) -> Scenario:
    """Return a scenario that starts at the fixed point of another one, as in `beginning`."""
    if settle is None:
        return scenario
    before = find_attractors(network, settle, timeout=timeout)
    if before.interrupted:
        raise KeyboardInterrupt
    if not before.complete:
        raise EngineError(f"before the experiment: {before.missing}")
    if before.count != 1 or before.attractors[0].kind != "fixed point":
        kinds = ", ".join(attractor.kind for attractor in before.attractors)
        raise NetworkError(
            f"the network does not settle at one state before the experiment: {kinds}"
        )
    return replace(scenario, start=before.attractors[0].space.with_(scenario.start))


def trial_of(
    network: LogicalNetwork,
    begin: Scenario,
    expectation: Expectation,
    pace: Pace,
    timeout: float | None = None,
) -> Trial:
    """Return an expectation about time with the scenario that it is simulated in.

    `OutOfTime` is raised, by its `judge` as well, where that cannot be told in `timeout` seconds.
    """
    than, deadline = expectation.than, Deadline(timeout)
    other = None
    if than is not None:
        other = settled(network, than.scenario, than.settle, timeout=deadline.left())
    return Trial(network, begin, other, expectation, pace, deadline)


def _timed(
    network: LogicalNetwork,
    begin: Scenario,
    expectation: Expectation,
    pace: Pace,
    timeout: float | None,
) -> Finding:
    try:
        trial = trial_of(network, begin, expectation, pace, timeout)
        ruling = trial.judge()
    except OutOfTime:
        return Finding(expectation, None, OVER, rates=pace.words)
    how = "exact" if trial.is_exact else f"{pace.runs:,} random runs, 95 % bands"
    return Finding(
        expectation,
        ruling.holds,
        f"{ruling.argument}; {how}; {pace.words}",
        numbers=ruling.numbers,
        rates=pace.words,
        sampled=not trial.is_exact,
    )


def _reached(
    network: LogicalNetwork,
    scenario: Scenario,
    expectation: Expectation,
    timeout: float | None,
) -> Finding:
    condition = expectation.condition
    assert condition is not None
    sought = ~condition if expectation.kind == "always" else condition
    found = find_reachable(network, scenario, sought, timeout=timeout)
    holds = found.holds
    if holds is not None and expectation.kind != "reachable":
        holds = not holds
    return Finding(expectation, holds, found.argument, found.path)


def _of_attractors(found: Attractors, expectation: Expectation, name: str) -> Finding:
    """Return the finding of an expectation about attractors; `name` is its phenotype."""
    if not found.complete:
        return Finding(expectation, None, found.missing)
    listed = found.attractors
    number = f"{found.count:,} attractor{'s' if found.count != 1 else ''}"
    where = "in all" if expectation.kind.endswith("in all") else "reached"
    words = f"{number} {where}: {found.origin.why}"
    decides = None
    match expectation.kind.removesuffix(" in all"):
        case "attractors":
            holds = found.count == expectation.count
        case "every attractor":
            decides = next((a for a in listed if name not in a.phenotypes), None)
            holds = decides is None
        case "some attractor":
            decides = next((a for a in listed if name in a.phenotypes), None)
            holds = decides is not None
        case "only fixed points":
            decides = next((a for a in listed if a.kind != "fixed point"), None)
            holds = decides is None
        case "only complex":
            decides = next((a for a in listed if a.kind == "fixed point"), None)
            holds = decides is None
        case _:
            ranges = [a.space[expectation.component] for a in listed]
            span = min(low for low, _ in ranges), max(high for _, high in ranges)
            holds = span == expectation.range
            words = f"it spans {Space({expectation.component: span})} over {words}"
    return Finding(expectation, holds, words, attractor=decides.space if decides else None)
