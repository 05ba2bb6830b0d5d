"""Conditions: several scenarios and variants of a model in time, side by side.

All are followed with the same rates where one set is named, else each with those that its scenario
asks for; every answer says which.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from regnet.analysis import OUT_OF_TIME, Listed, Origin, Progress, Result, asks, silent
from regnet.analysis.attractors import find_attractors
from regnet.analysis.batch import Map
from regnet.analysis.simulate import Courses, dynamics_of, simulate
from regnet.analysis.simulate.clock import FirstTime, clock_of
from regnet.deadline import Deadline
from regnet.errors import NetworkError
from regnet.evidence import Phenotype
from regnet.logic import Expr
from regnet.project import Project
from regnet.rates import Rates
from regnet.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Condition:
    """One scenario in one variant of the model.

    Parameters
    ----------
    variant
        Name of the variant; empty for the model as it is.
    courses
        What happens in time; its origin names the scenario.
    firsts
        When each condition first holds, without an end, in the order asked for.
    ends
        The phenotypes of the attractors in which it can end up, each once; one without a phenotype
        counts as ``""``.
    """

    variant: str
    courses: Courses
    firsts: tuple[FirstTime, ...] = ()
    ends: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The scenario, with the variant if it is one."""
        own = self.courses.origin.title
        return f"{own} ({self.variant})" if self.variant else own

    @property
    def rates(self) -> str:
        """Which rates it was followed with."""
        return self.courses.rates_words


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Conditions(Listed[Condition], Result):
    """What several scenarios and variants do in time.

    Parameters
    ----------
    first
        The conditions whose first times were asked for.
    conditions
        One for each variant and scenario, the scenarios of a variant together.
    """

    _LISTED = "conditions"

    first: tuple[Expr, ...]
    conditions: tuple[Condition, ...]

    @property
    def rates(self) -> str:
        """Which rates all were followed with."""
        return " or ".join(dict.fromkeys(condition.rates for condition in self.conditions))

    @property
    def unit(self) -> str:
        """Unit of time, if all have the same."""
        units = {condition.courses.unit for condition in self.conditions}
        return units.pop() if len(units) == 1 else ""


@asks("conditions")
def follow_conditions(
    project: Project,
    contexts: Sequence[Scenario],
    *,
    variants: Collection[str] = ("",),
    first: Iterable[Expr] = (),
    readouts: Collection[str] = (),
    phenotypes: Iterable[Phenotype] = (),
    until: float | None = None,
    points: int = 100,
    rates: str = "",
    own: Rates | None = None,
    trajectories: int | None = None,
    seed: int | None = None,
    timeout: float | None = None,
    map: Map = map,
    progress: Progress = silent,
) -> Conditions:
    """Return what scenarios and variants of a model do in time.

    Parameters
    ----------
    project
        The model.
    contexts
        The scenarios; each says where it starts.
    variants
        Names of variants; ``""`` is the model as it is.
    first
        Conditions whose first times are compared.
    readouts, phenotypes, points
        As in `simulate`.
    until
        The end of the courses, by default the latest that the model asks for.
    rates, own, trajectories, seed
        As in `regnet.analysis.simulate.dynamics_of`.
    timeout
        Seconds after which no further condition is followed, or None; what is there is kept.
    map
        How runs are made, as in `simulate`.
    progress
        Called with how much is done.

    Raises
    ------
    NetworkError
        If there is no scenario, a name does not exist, or a scenario leaves open where it starts.

    Examples
    --------
    >>> from regnet import examples
    >>> liver = examples.load("lif_lifr")
    >>> scenarios = ["anti-LIF", "PHx", "low dose before PHx"]
    >>> found = follow_conditions(liver, scenarios, first=["Mass:2"], readouts=["Mass"])
    >>> [one.firsts[0].mean and round(one.firsts[0].mean.value, 3) for one in found]
    [None, 8.462, 5.731]
    """
    began, deadline = time.perf_counter(), Deadline(timeout)
    first, phenotypes = tuple(first), tuple(phenotypes)
    if not contexts:
        raise NetworkError("name a scenario at least")
    models = [(name, project.as_variant(name) if name else project) for name in variants]
    for condition in first:
        project.network.check(condition)
    asked = [
        (name, model, dynamics_of(model, scenario, rates=rates, own=own, until=until,
                                  runs=trajectories, seed=seed))
        for name, model in models
        for scenario in contexts
    ]  # fmt: skip
    for _, model, how in asked:
        if free := how.scenario.open_components(model.network):
            raise NetworkError(
                f"{how.scenario.title()} leaves open where {free[0]} starts: give a start"
            )
    end = max(how.until for _, _, how in asked)
    found: list[Condition] = []
    missing, interrupted = "", False
    for name, model, how in asked:
        progress(len(found) / len(asked), f"{len(found)} of {len(asked)} conditions")
        if found and deadline.is_over:
            missing = f"{OUT_OF_TIME}: {len(found)} of {len(asked)} conditions"
            break
        try:
            courses = simulate(
                model.network, **how.options(), until=end, points=points, readouts=readouts,
                phenotypes=phenotypes, timeout=deadline.left(), map=map,
            )  # fmt: skip
            firsts = tuple(
                clock_of(model.network, how.scenario, how.rates, (one,), (), how.runs, how.seed)
                .first(one)
                for one in first
            )  # fmt: skip
            ends = _ends(model, how.scenario, deadline)
        except KeyboardInterrupt:
            if not found:
                raise
            missing = f"interrupted after {len(found)} of {len(asked)} conditions"
            interrupted = True
            break
        found.append(Condition(name, courses, firsts, ends))
        missing = missing or courses.missing
    sampled = any(
        one.courses.trajectories or any(f.mean and not f.mean.is_exact for f in one.firsts)
        for one in found
    )
    words = " or ".join(dict.fromkeys(how.rates_words for _, _, how in asked))
    origin = Origin.of(
        project.network,
        scenario=Scenario(f"{len(found)} conditions"),
        engine="kernel" if sampled else "markov",
        why=f"{words}; linear algebra where few states can be reached, else random runs",
        guarantee="bounded" if missing else "sampled" if sampled else "exact",
        seconds=time.perf_counter() - began,
        seed=asked[0][2].seed if sampled else None,
    )
    return Conditions(
        origin=origin,
        first=first,
        conditions=tuple(found),
        missing=missing,
        interrupted=interrupted,
    )


def _ends(project: Project, scenario: Scenario, deadline: Deadline) -> tuple[str, ...]:
    """Return the phenotypes of the attractors that are reached, each once."""
    answer = find_attractors(
        project.network, scenario, phenotypes=project.phenotypes, timeout=deadline.left()
    )
    if answer.interrupted:
        raise KeyboardInterrupt
    found = [name for a in answer.attractors for name in (a.phenotypes or ("",))]
    return tuple(dict.fromkeys(found)) if answer.complete else ()
