"""Dose responses: the attractors at each level of an input or component, and the paths that act.

A response is a curve for each readout: the range it takes over all attractors at each level of the
dose. Its shape is a verdict, such as threshold, monotone or Goldilocks window. Where a curve
changes, `routes` finds the paths along which the dose acts.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from regnet.analysis import Listed, Origin, Progress, Result, asks, silent
from regnet.analysis.batch import OVER, STOPPED, Map, in_turn, stopped_words
from regnet.analysis.dose.curves import Curve, curve_of
from regnet.analysis.dose.points import DosePoint, dose_point
from regnet.analysis.dose.routes import Bound, FeedForward, find_bounds, find_feed_forwards
from regnet.analysis.dose.times import (
    TimeCurve,
    TimeQuestion,
    time_curve,
    time_points,
    time_questions,
    with_bounds,
)
from regnet.analysis.simulate.dynamics import READERS, RUNS, usual_pace
from regnet.analysis.structure import find_outputs
from regnet.analysis.usual import compared_readouts
from regnet.brief import brief
from regnet.deadline import Deadline, OutOfTime
from regnet.evidence import Phenotype
from regnet.logic import Expr
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.rates import Rates
from regnet.scenario import Perturbation, Scenario
from regnet.space import Range, Space


@dataclass(frozen=True, slots=True)
class Panel:
    """The response under one perturbation; that of the scenario alone is the reference."""

    perturbation: Perturbation
    points: tuple[DosePoint, ...]
    curves: tuple[Curve, ...]
    times: tuple[TimeCurve, ...] = ()

    __repr__ = brief


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DoseResponse(Listed[DosePoint], Result):
    """The response to the levels of a dose.

    Parameters
    ----------
    origin
        What was asked.
    dose
        The input or component.
    then
        Levels set after equilibration under the dose; empty if none.
    reference
        The response in the scenario.
    knock_outs
        The responses under further perturbations.
    bounds
        The levels at which each readout component changes, and the paths that act there.
    feed_forwards
        Incoherent feed-forward loops from the dose to a readout.
    basis
        With which rates times were found, in words; empty where none were asked.
    unit
        Unit of time, such as ``day``; empty where it has none.
    complete, missing
        Whether nothing is missing, and what is.
    interrupted
        Whether the user stopped it.
    """

    @property
    def _items(self) -> tuple[DosePoint, ...]:
        return self.reference.points

    dose: str
    then: Space
    reference: Panel
    knock_outs: tuple[Panel, ...] = ()
    bounds: tuple[Bound, ...] = ()
    feed_forwards: tuple[FeedForward, ...] = ()
    basis: tuple[str, ...] = ()
    unit: str = ""

    def flips(self, level: int) -> dict[str, tuple[Range, Range]]:
        """Return the components whose range differs from that at the level before.

        Each with its range before and after; the dose is left out.
        """
        before, after = (self.reference.points[level + i].space for i in (-1, 0))
        return {
            name: (before[name], after[name])
            for name in before
            if name != self.dose and name in after and before[name] != after[name]
        }


def _usual(project: Project, given: Mapping[str, Any]) -> dict[str, Any]:
    in_time = given.get("first") or given.get("at_time") is not None
    pace = usual_pace(project, given) if in_time else {}
    return pace | compared_readouts(project, given)


@asks("dose", readers=READERS, usual=_usual)
def find_dose_response(
    network: LogicalNetwork,
    scenario: Scenario | None,
    dose: str,
    *,
    readouts: Iterable[str] = (),
    phenotypes: Iterable[Phenotype] = (),
    knock_outs: Iterable[Perturbation] = (),
    then: Space | None = None,
    first: Iterable[Expr] = (),
    at_time: float | None = None,
    rates: Rates | None = None,
    trajectories: int = RUNS,
    seed: int = 0,
    basis: Iterable[str] = (),
    unit: str = "",
    engine: str = "auto",
    timeout: float | None = None,
    each: float | None = None,
    map: Map = map,
    progress: Progress = silent,
) -> DoseResponse:
    """Return the attractors at each level of an input or a component, with a curve per readout.

    Parameters
    ----------
    network
        The network, unperturbed.
    scenario
        Perturbation, start and update; default the wild type from anywhere. Its clamp of the dose
        is replaced.
    dose
        An input, which is set, or a component, which is held.
    readouts
        Components; default those without targets, if no phenotypes are given. The dose itself is
        left out.
    phenotypes
        Phenotypes to count; each has a curve as well.
    knock_outs
        Further perturbations under which the response is computed as well.
    then
        Levels set after equilibration under the dose, such as ``Mass=0`` for a hepatectomy; the
        response is that of the state reached from there.
    first
        Conditions whose mean first time is found at each level, from where it starts or from
        `then` on.
    at_time
        When mean levels of the readouts and probabilities of the phenotypes are read as well; None
        for not at all. A phenotype that asks for a kind of attractor is not followed.
    rates
        How fast components move; by default all at 1.
    trajectories, seed
        Random runs where there are too many states for exact times, and their seed.
    basis, unit
        Which rates these are, in words, and the unit of time, as
        `regnet.analysis.simulate.Dynamics.pace` gives them.
    engine
        As in `find_attractors`.
    timeout
        Time limit in seconds, or None; levels computed by then are kept.
    each
        Time limit in seconds of one level, or None.
    map
        The function that computes levels: the built-in `map`, or a parallel one.
    progress
        Progress callback.

    Raises
    ------
    NetworkError
        If something does not fit the network, or without further perturbations it does not settle
        at fixed points before `then`; under a further perturbation the point says so.
    EngineError
        If it could not be decided where the network settles before `then`.

    Examples
    --------
    >>> from regnet.network import Component, Rule
    >>> net = LogicalNetwork((
    ...     Component("Dose", top=2), Component("Brake", Rule.of("Dose:2")),
    ...     Component("Growth", Rule.of("Dose & !Brake")),
    ... ))
    >>> answer = find_dose_response(net, None, "Dose", readouts=["Growth"])
    >>> curve = answer.reference.curves[0]
    >>> curve.shape, curve.best
    ('window', (1, 1))
    >>> [str(path) for bound in answer.bounds for path in bound.paths]
    ['Dose → Growth', 'Dose → Brake ⊣ Growth']
    """
    started = time.perf_counter()
    scenario, phenotypes, then = scenario or Scenario(), tuple(phenotypes), then or Space()
    top = network[dose].top
    named = tuple(dict.fromkeys(readouts))
    if not named and not phenotypes:
        named = find_outputs(network) or network.names
    names = tuple(name for name in named if name != dose)
    knock_outs = tuple(knock_outs)
    scenario.check(network)
    Scenario(start=then).check(network)
    for name in names:
        network[name]
    for perturbation in knock_outs:
        perturbation.check(network)
    tried = (Perturbation(), *knock_outs)
    tasks = [
        (
            level,
            scenario.perturbed(other).perturbed(Perturbation(Space({dose: level}))),
            bool(place),
        )
        for place, other in enumerate(tried)
        for level in range(top + 1)
    ]
    questions = tuple(time_questions(network, scenario, first, at_time, names, phenotypes))
    pace = rates or Rates()
    pace.check(network)
    deadline = Deadline(timeout)
    clocks = partial(
        time_points, network, questions=questions, rates=pace, runs=trajectories, seed=seed
    )
    ends = partial(dose_point, network, then, phenotypes, engine, deadline, each, clocks)
    points: list[DosePoint] = []
    missing, interrupted = "", False
    try:
        for point in in_turn(map, ends, tasks, deadline):
            points.append(point)
            progress(len(points) / len(tasks), f"{len(points)} of {len(tasks)} doses")
    except OutOfTime:
        missing = stopped_words(OVER, len(points), len(tasks), "doses")
    except KeyboardInterrupt:
        interrupted = True
        missing = stopped_words(STOPPED, len(points), len(tasks), "doses")
    open_ = [
        f"{tried[place // (top + 1)]}, {dose}={point.level}: {point.gap}"
        for place, point in enumerate(points)
        if point.gap
    ]
    more = [f"and {len(open_) - 3} more doses"] if len(open_) > 3 else []
    if open_ and each is not None:
        more.append(f"each dose had up to {each:g} s")
    missing = missing or "; ".join([*open_[:3], *more])
    panels = []
    for number, perturbation in enumerate(tried):
        own = tuple(points[number * (top + 1) : (number + 1) * (top + 1)])
        if own or not number:
            curves = _curves(own, names, phenotypes, top)
            times = _time_curves(own, questions, network, top)
            panels.append(Panel(perturbation, own, curves, times))
    reference = panels[0]
    bounds: tuple[Bound, ...] = ()
    if len(reference.points) == top + 1:
        changes = [
            (curve.readout, level, moves)
            for curve in reference.curves[: len(names)]
            for level, moves in curve.steps
        ]
        spaces = [point.space for point in reference.points]
        bounds = find_bounds(network, scenario, dose, spaces, changes)
        begun = [point.begins or point.space for point in reference.points]
        timed = tuple(
            with_bounds(curve, network, scenario, dose, begun) for curve in reference.times
        )
        reference = replace(reference, times=timed)
    told = (tuple(basis) or (f"rates {pace}",)) if questions else ()
    origin = Origin.of(
        network,
        scenario=scenario,
        engine=engine,
        why="; ".join(["attractors at each level", *(f"times with {words}" for words in told)]),
        guarantee="bounded" if missing
        else "sampled" if any(point.is_sampled for point in points) else "exact",
        seconds=time.perf_counter() - started,
        seed=seed if any(point.is_sampled for point in points) else None,
    )  # fmt: skip
    return DoseResponse(
        origin=origin,
        dose=dose,
        then=then,
        reference=reference,
        knock_outs=tuple(panels[1:]),
        bounds=bounds,
        feed_forwards=find_feed_forwards(bounds),
        basis=told,
        unit=unit,
        missing=missing,
        interrupted=interrupted,
    )


# --- curves ----------------------------------------------------------------------------------


def _curves(
    points: Sequence[DosePoint],
    names: Iterable[str],
    phenotypes: Iterable[Phenotype],
    top: int,
) -> tuple[Curve, ...]:
    sure = {point.level: point for point in points if not point.missing}
    seen = [sure.get(level) for level in range(top + 1)]
    curves = [curve_of(name, [p.space[name] if p else None for p in seen]) for name in names]
    for phenotype in phenotypes:
        shares = [(p.phenotypes[phenotype.name], p.attractors) if p else None for p in seen]
        ranges = [(int(s[0] == s[1]), int(s[0] > 0)) if s else None for s in shares]
        curves.append(curve_of(phenotype.name, ranges))
    return tuple(curves)


def _time_curves(
    points: Sequence[DosePoint],
    questions: Sequence[TimeQuestion],
    network: LogicalNetwork,
    top: int,
) -> tuple[TimeCurve, ...]:
    found = {point.level: point.times for point in points if point.times}
    return tuple(
        time_curve(
            question,
            [found[level][place] if level in found else None for level in range(top + 1)],
            network[question.component].top if question.component else 1,
        )
        for place, question in enumerate(questions)
    )
