"""Dose: what the network ends up with at each level of an input or a component, and by which way.

A response is a curve for each readout: the range it takes over all attractors at each level of the
dose. Its shape is a verdict (threshold, window ..). Where a curve changes, `routes`
tells along which paths the dose does it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from regnet.analysis import Origin, Progress, Result, asks, silent
from regnet.analysis.attractors import Attractor, find_attractors, may_repeat
from regnet.analysis.batch import OVER, STOPPED, Map, in_turn, stopped_words
from regnet.analysis.dose.curves import Curve, curve_of
from regnet.analysis.dose.routes import Bound, FeedForward, find_bounds, find_feed_forwards
from regnet.analysis.structure import find_outputs
from regnet.engines import Deadline, OutOfTime
from regnet.errors import EngineError, NetworkError, RegnetError
from regnet.evidence import Phenotype
from regnet.network import LogicalNetwork
from regnet.scenario import Perturbation, Scenario
from regnet.space import Range, Space


@dataclass(frozen=True, slots=True)
class DosePoint:
    """What the network ends up with at one level of the dose.

    Parameters
    ----------
    level
        The level of the dose.
    attractors
        How many attractors there are, each combination of free inputs counted.
    space
        Each component with its range over all of them.
    phenotypes
        Phenotype -> how many of them have it.
    missing
        What is missing, in one sentence; empty if the point is exact.
    """

    level: int
    attractors: int
    space: Space
    phenotypes: Mapping[str, int]
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """The response under one perturbation; that of the scenario alone is the reference."""

    perturbation: Perturbation
    points: tuple[DosePoint, ...]
    curves: tuple[Curve, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseResponse(Result):
    """What a dose does.

    Parameters
    ----------
    origin
        What was asked.
    dose
        The input or component.
    then
        What was done once the network had settled under the dose; empty if nothing.
    reference
        The response in the scenario.
    knock_outs
        The responses under further perturbations.
    bounds
        Where each component among the readouts changes, and along which paths.
    feed_forwards
        Incoherent feed-forwards from the dose to a readout.
    complete, missing
        Whether nothing is missing, and what is.
    interrupted
        Whether a person stopped it.
    """

    dose: str
    then: Space
    reference: Panel
    knock_outs: tuple[Panel, ...] = ()
    bounds: tuple[Bound, ...] = ()
    feed_forwards: tuple[FeedForward, ...] = ()

    def flips(self, level: int) -> dict[str, tuple[Range, Range]]:
        """Return the components that end up otherwise at a level than at the one before.

        Each with its range before and after; the dose is left out.
        """
        before, after = (self.reference.points[level + i].space for i in (-1, 0))
        return {
            name: (before[name], after[name])
            for name in before
            if name != self.dose and name in after and before[name] != after[name]
        }


@asks("dose")
def find_dose_response(
    network: LogicalNetwork,
    scenario: Scenario | None,
    dose: str,
    *,
    readouts: Iterable[str] = (),
    phenotypes: Iterable[Phenotype] = (),
    knock_outs: Iterable[Perturbation] = (),
    then: Space | None = None,
    engine: str = "auto",
    timeout: float | None = None,
    each: float | None = None,
    map: Map = map,
    progress: Progress = silent,
) -> DoseResponse:
    """Return what the network ends up with at each level of an input or a component.

    Parameters
    ----------
    network
        The network, unperturbed.
    scenario
        What else is done, where it starts and how it is updated; default the wild type from
        anywhere. What it does to the dose is replaced.
    dose
        An input, which is set, or a component, which is held.
    readouts
        Components; default those that regulate nothing, if no phenotypes are given. The dose itself
        is left out.
    phenotypes
        Phenotypes to count; each has a curve too.
    knock_outs
        Further perturbations; the response is found under each of them.
    then
        Levels that are set at once when the network has settled under the dose, such as the
        ``Mass=0`` of an operation; it then goes on from there.
    engine
        As in `find_attractors`.
    timeout
        Seconds after which no further level is begun, or None; what is there is kept.
    each
        Seconds after which a level ends with what was found, or None.
    map
        How levels are computed: the built-in `map`, or one that uses several processes.
    progress
        Called with how much is done.

    Raises
    ------
    NetworkError
        If something does not fit the network, or without further perturbations it does not settle
        at fixed points before `then`; under a further perturbation that is told in the point.
    EngineError
        If it could not be found out where the network settles before `then`.

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
    deadline = Deadline(timeout)
    ends = partial(_point, network, then, phenotypes, engine, deadline, each)
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
        f"{tried[place // (top + 1)]}, {dose}={point.level}: {point.missing}"
        for place, point in enumerate(points)
        if point.missing
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
            panels.append(Panel(perturbation, own, curves))
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
    origin = Origin.of(
        network,
        scenario=scenario,
        engine=engine,
        why="attractors at each level",
        guarantee="bounded" if missing else "exact",
        seconds=time.perf_counter() - started,
    )
    return DoseResponse(
        origin=origin,
        dose=dose,
        then=then,
        reference=reference,
        knock_outs=tuple(panels[1:]),
        bounds=bounds,
        feed_forwards=find_feed_forwards(bounds),
        missing=missing,
        interrupted=interrupted,
    )


# --- one level -------------------------------------------------------------------------------


def _point(
    network: LogicalNetwork,
    then: Space,
    phenotypes: tuple[Phenotype, ...],
    engine: str,
    deadline: Deadline,
    each: float | None,
    task: tuple[int, Scenario, bool],
) -> DosePoint:
    """Return what the network ends up with at one level of the dose.

    Where it does not settle before `then`, a further perturbation has a point with that missing.
    """
    level, scenario, further = task
    own = deadline.within(each)
    starts = [scenario.start]
    if then:
        try:
            settled = _settled(network, scenario, level, engine, own.left())
        except RegnetError as error:
            if further:
                return DosePoint(level, 0, Space(), {}, str(error))
            raise
        starts = [state.with_(then) for state in settled]
    found: dict[object, Attractor] = {}  # several starts may lead to the same attractor
    missing = ""
    for start in starts:
        answer = find_attractors(
            network,
            replace(scenario, start=start),
            phenotypes=phenotypes,
            engine=engine,
            timeout=own.left(),
        )
        if answer.interrupted:
            raise KeyboardInterrupt
        missing = missing or answer.missing
        found.update({a.identity: a for a in answer.attractors})
    attractors = list(found.values())
    if not missing and may_repeat(attractors):
        missing = "two of the attractors may be one: their states were not counted"
    space = {}
    if attractors:
        for name in network.names:
            ranges = [attractor.space[name] for attractor in attractors]
            space[name] = (min(low for low, _ in ranges), max(high for _, high in ranges))
    counts = {
        p.name: sum(a.valuations for a in attractors if p.name in a.phenotypes) for p in phenotypes
    }
    total = sum(attractor.valuations for attractor in attractors)
    return DosePoint(level, total, Space(space), counts, missing)


def _settled(
    network: LogicalNetwork, scenario: Scenario, level: int, engine: str, timeout: float | None
) -> list[Space]:
    """Return the states at which the network settles before something is done to it."""
    answer = find_attractors(network, scenario, engine=engine, timeout=timeout)
    if answer.interrupted:
        raise KeyboardInterrupt
    if not answer.complete:
        raise EngineError(f"at dose {level}, before anything is done: {answer.missing}")
    for attractor in answer.attractors:
        open_ = [name for name, (low, high) in attractor.condition.items() if low != high]
        if open_:
            raise NetworkError(f"to settle first, the network needs a level of {open_[0]}")
        if attractor.kind != "fixed point":
            raise NetworkError(
                f"at dose {level} the network does not settle at fixed points "
                f"before anything is done: it has a {attractor.kind} attractor"
            )
    return [attractor.space for attractor in answer.attractors]


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
