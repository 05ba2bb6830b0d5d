"""Duration: what comes of a dose that is given for so long and then withdrawn.

The counterpart of `regnet.analysis.dose` in time: the axis is how long the dose is held, and each
point is where a simulated course (`regnet.analysis.courses`) stands at the end, exact where few
states can be reached, and otherwise estimated with a 95 % band.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from regnet.analysis import Origin, Progress, silent
from regnet.analysis.courses import Courses, simulate
from regnet.analysis.courses.estimate import Estimate
from regnet.analysis.courses.kinetics import Change
from regnet.analysis.dose.curves import shape_of
from regnet.errors import NetworkError
from regnet.evidence import Phenotype
from regnet.network import LogicalNetwork
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space


@dataclass(frozen=True, slots=True)
class DurationCurve:
    """How a readout follows the duration of a dose.

    Parameters
    ----------
    readout
        A component (its mean level at the end) or a phenotype (how likely its condition holds).
    values
        For each duration.
    shape, best
        As in `curves.Curve`, with places in the list of durations. A change counts
        where two bands do not overlap and the values are notably apart.
    """

    readout: str
    values: tuple[Estimate, ...]
    shape: str
    best: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class DurationResponse:
    """What comes of a dose that is held for different times.

    Parameters
    ----------
    origin
        What was asked; the guarantee is ``"exact"`` if every course is, else ``"sampled"``.
    dose, level
        What is held, and where.
    durations, until
        How long it is held, and when the outcome is read.
    curves
        One for each component and phenotype.
    courses
        The courses themselves, one for each duration that was done.
    complete, missing
        Whether nothing is missing, and what is.
    """

    origin: Origin
    dose: str
    level: int
    durations: tuple[float, ...]
    until: float
    curves: tuple[DurationCurve, ...]
    courses: tuple[Courses, ...]
    complete: bool = True
    missing: str = ""


def find_duration_response(
    network: LogicalNetwork,
    scenario: Scenario | None,
    dose: str,
    level: int,
    durations: Iterable[float],
    *,
    until: float,
    readouts: Sequence[str] = (),
    phenotypes: Iterable[Phenotype] = (),
    schedule: Iterable[Change] = (),
    notable: float = 0.05,
    progress: Progress = silent,
    **options: Any,
) -> DurationResponse:
    """Return what comes of a dose that is held from time 0 on for so long, and then withdrawn.

    Parameters
    ----------
    network, scenario
        The network, unperturbed; what else is done, and where it starts.
    dose, level
        An input or a component, and the level at which it is held. An input then goes back to what
        the scenario holds it at; a component is left to itself, or to the scenario again.
    durations
        How long, in the unit of the rates; 0 for not at all. In ascending order.
    until
        When the outcome is read.
    readouts, phenotypes
        Components whose mean level, and phenotypes whose probability is read.
    schedule
        What else is changed when.
    notable
        The smallest change that counts for the shape of a curve, as a share of the highest level
        of a component, or of the probability 1.
    progress
        Who is told how far it is.
    **options
        Further options of `regnet.analysis.courses.simulate`: rates, settle, trajectories, seed,
        method, timeout, map.

    Raises
    ------
    RegnetError
        If something does not fit the network; if the scenario leaves an input open that is the
        dose; or if a duration is not before `until`.

    Examples
    --------
    >>> from regnet.network import Component, Rule
    >>> net = LogicalNetwork((Component("Dose"), Component("X", Rule.of("Dose | X"))))
    >>> start = Scenario(perturbation=Perturbation(Space({"Dose": 0})), start=Space({"X": 0}))
    >>> answer = find_duration_response(net, start, "Dose", 1, [0, 1, 2], until=5)
    >>> [round(estimate.value, 3) for estimate in answer.curves[1].values]
    [0.0, 0.632, 0.865]
    """
    began = time.perf_counter()
    scenario, phenotypes, others = scenario or Scenario(), tuple(phenotypes), tuple(schedule)
    durations = tuple(durations)
    back = _withdrawn(network, scenario, dose, level)
    for before, after in zip((0.0, *durations), (*durations, until), strict=True):
        if after < before or after < 0 or (after == until and before == until):
            raise NetworkError(
                f"durations are told in ascending order, from 0 on and before {until:g}"
            )
    courses: list[Courses] = []
    missing = ""
    hold = Perturbation(Space({dose: level}))
    for number, duration in enumerate(durations):
        given = [Change(0.0, perturbation=hold), back(duration)] if duration else []
        answer = simulate(
            network,
            scenario,
            until=until,
            readouts=readouts,
            phenotypes=phenotypes,
            schedule=(*given, *others),
            progress=silent,
            **options,
        )
        if answer.interrupted:
            missing = f"interrupted after {number} of {len(durations)} durations"
            break
        missing = missing or answer.missing
        courses.append(answer)
        progress((number + 1) / len(durations), f"{number + 1} of {len(durations)} durations")
    guarantees = {course.origin.guarantee for course in courses}
    origin = Origin.of(
        network,
        scenario,
        engine=" + ".join(dict.fromkeys(course.origin.engine for course in courses)) or "kernel",
        why=courses[0].origin.why if courses else "",
        guarantee="exact" if guarantees == {"exact"} and not missing else "sampled",
        seconds=time.perf_counter() - began,
        seed=next((c.origin.seed for c in courses if c.origin.seed is not None), None),
    )
    return DurationResponse(
        origin,
        dose,
        level,
        durations[: len(courses)],
        until,
        _curves(courses, network, notable),
        tuple(courses),
        not missing,
        missing,
    )


def _withdrawn(network: LogicalNetwork, scenario: Scenario, dose: str, level: int) -> Any:
    """Return the function of a time that gives the change by which the dose ends then."""
    scenario.check(network)
    component = network[dose]
    if not 0 <= level <= component.top:
        raise NetworkError(f"{dose} has levels 0 to {component.top}, not {level}")
    before = scenario.perturbation.clamps.get(dose)
    if before is None and component.is_input:
        before = scenario.start.get(dose)
        if before is None or before[0] != before[1]:
            raise NetworkError(
                f"the scenario leaves {dose} open: say at which level it is without the dose"
            )
    if before is None:
        return lambda at: Change(at, release=(dose,))
    return lambda at: Change(at, perturbation=Perturbation(Space({dose: before})))


def _curves(
    courses: Sequence[Courses], network: LogicalNetwork, notable: float
) -> tuple[DurationCurve, ...]:
    if not courses:
        return ()
    curves = []
    for place, course in enumerate(courses[0].readouts):
        values = [c.readouts[place].mean[-1] for c in courses]
        curves.append(_curve(course.name, values, notable * network[course.name].top))
    for place, share in enumerate(courses[0].shares):
        values = [c.shares[place].band[-1] for c in courses]
        curves.append(_curve(share.name, values, notable))
    return tuple(curves)


def _curve(readout: str, values: Sequence[Estimate], notable: float) -> DurationCurve:
    changes = []
    anchor = values[0]
    for place, value in enumerate(values[1:], start=1):
        apart = abs(value.value - anchor.value) >= notable
        if apart and (value.low > anchor.high or value.high < anchor.low):
            changes.append((place, 1 if value.value > anchor.value else -1))
            anchor = value
    return DurationCurve(readout, tuple(values), *shape_of(changes, len(values) - 1))
