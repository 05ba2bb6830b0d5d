"""Dynamics: the default rates, start and length of simulations of a model, with their sources.

It is shared by the command line, the window and reports, so that the same question has the same
answer everywhere, and each answer says what was taken from the model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from regnet.analysis.arguments import several
from regnet.analysis.simulate.kinetics import parse_change
from regnet.errors import UnknownNameError
from regnet.project import Project
from regnet.rates import Rates, RateSet, parse_rates
from regnet.scenario import Scenario

UNIFORM = "uniform"
"""The name of rates that are all 1, whatever the model defines."""

UNTIL, RUNS = 20.0, 10_000
"""Default end and number of random runs, if neither the user nor the model gives them."""


@dataclass(frozen=True, slots=True)
class Dynamics:
    """The dynamics of a model in time.

    Parameters
    ----------
    scenario
        Perturbation and start.
    rates
        Transition rates.
    until, runs, seed
        The end, the number of random runs, and the seed of their random numbers.
    readouts
        Components that the model follows; empty for all.
    unit
        Unit of time, such as ``day``; may be empty.
    basis
        Values taken from the model, one clause each.
    """

    scenario: Scenario
    rates: Rates
    until: float
    runs: int
    seed: int
    readouts: tuple[str, ...]
    unit: str
    basis: tuple[str, ...]

    def options(self) -> dict[str, Any]:
        """Return the scenario, rates, runs, seed, basis and unit as options of `simulate`."""
        return {"scenario": self.scenario, **self.pace(), "basis": self.basis}

    def pace(self) -> dict[str, Any]:
        """Return the rates with their description, runs and seed as options of an analysis."""
        return {
            "rates": self.rates,
            "trajectories": self.runs,
            "seed": self.seed,
            "basis": (self.rates_words,),
            "unit": self.unit,
        }

    @property
    def rates_words(self) -> str:
        """Which rates these are."""
        return self.basis[0] if self.basis else f"rates {self.rates}"


def dynamics_of(
    project: Project,
    scenario: Scenario | None = None,
    *,
    rates: str = "",
    own: Rates | None = None,
    until: float | None = None,
    runs: int | None = None,
    seed: int | None = None,
) -> Dynamics:
    """Return the dynamics of a model in time; options not given are taken from the model.

    A scenario that has neither a name nor a start begins at the only start of the model, where
    there is exactly one: one scenario that has a start and holds and cuts nothing.

    Parameters
    ----------
    project
        The model.
    scenario
        Perturbation and start.
    rates
        Name of a rate set of the model, or ``"uniform"`` for all at 1; by default the set that the
        scenario names, or else the first of the model.
    own
        Rates of some components that override those; all of them if its default is not 1.
    until, runs, seed
        The end, the number of random runs, and the seed.

    Raises
    ------
    UnknownNameError
        If the model has no such rate set.

    Examples
    --------
    >>> from regnet.network import Component, LogicalNetwork, Rule
    >>> from regnet.rates import RateClass
    >>> from regnet.space import Space
    >>> decay = LogicalNetwork((Component("A", Rule.constant(0)),))
    >>> days = RateSet("days", (RateClass(("A",), 2, 2),), unit="day")
    >>> start = Scenario("on", start=Space({"A": 1}))
    >>> found = dynamics_of(Project(decay, scenarios=(start,), rate_sets=(days,)))
    >>> print(*found.basis, sep="; ")
    rates of the model (days, per day); starts from the model's only start 'on'
    """
    scenario, own = scenario or Scenario(), own or Rates()
    basis = []
    chosen = _rate_set(project, rates or scenario.rates)
    timing = chosen.timing
    is_whole = own.default != Rates().default
    speeds = own if is_whole else own.over(chosen.rates)
    if project.rate_sets:
        if is_whole or chosen.name == UNIFORM:
            basis.append(f"rates {speeds}, not those of the model")
        else:
            unit = f", per {chosen.unit}" if chosen.unit else ""
            basis.append(f"rates of the model ({chosen.name or 'unnamed'}{unit})")
            if own.own:
                basis[-1] += f", but {_named(own)}"
    start = _only_start(project)
    if start is not None and not scenario.name and not scenario.start:
        scenario = replace(scenario, start=start.start)
        basis.append(f"starts from the model's only start '{start.name}'")
    if until is None and timing.end is not None:
        basis.append(f"ends at {timing.end:g} as the model does")
    if runs is None and timing.runs is not None:
        basis.append(f"random runs, where needed, as many as the model asks for ({timing.runs:,})")
    if timing.is_discrete:
        basis.append("the model asks for steps of equal length, but time is continuous here")
    if basis and not project.rate_sets:
        basis.insert(0, f"rates {speeds}, as the model has none")
    return Dynamics(
        scenario,
        speeds,
        until if until is not None else timing.end or UNTIL,
        runs if runs is not None else timing.runs or RUNS,
        seed if seed is not None else timing.seed or 0,
        timing.readouts,
        chosen.unit,
        tuple(basis),
    )


def read_rates(value: Any, project: Project) -> Rates:
    """Return rates: those of a set of the model by name, or own ones put over the model's.

    Own ones are a dict, or text such as ``A,B=10`` or ``A=0.2/1`` (up/down).
    """
    if isinstance(value, Rates):
        return value
    if isinstance(value, str) and "=" not in value:
        return _rate_set(project, value).rates
    if isinstance(value, Mapping):
        value = [f"{name}={rate}" for name, rate in value.items()]
    own = parse_rates([value] if isinstance(value, str) else value)
    return own.over(_rate_set(project, "").rates)


def _read_change(value: Any, _project: Project) -> Any:
    return parse_change(value) if isinstance(value, str) else value


READERS = {"rates": read_rates, "schedule": several(_read_change)}
"""How the arguments of what runs in time are read (`regnet.analysis.arguments`)."""


def usual_dynamics(project: Project, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments with which a model is run in time as it asks for, but for what is given."""
    options = _dynamics(project, given).options()
    return options | ({"basis": given["basis"]} if "basis" in given else {})


def usual_pace(project: Project, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rates with which a model is run in time, for what does not begin at its start."""
    return _dynamics(project, given).pace() | {n: given[n] for n in ("basis", "unit") if n in given}


def usual_courses(project: Project, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same, with the end and the readouts of the model."""
    dynamics = _dynamics(project, given)
    own = {"until": dynamics.until, "readouts": dynamics.readouts}
    others = {name: value for name, value in own.items() if name not in given}
    return usual_dynamics(project, given) | others


def _dynamics(project: Project, given: Mapping[str, Any]) -> Dynamics:
    name, own = _told(project, given.get("rates"))
    return dynamics_of(
        project,
        given.get("scenario"),
        rates=name,
        own=own,
        until=given.get("until"),
        runs=given.get("trajectories"),
        seed=given.get("seed"),
    )


def _told(project: Project, rates: Rates | None) -> tuple[str, Rates | None]:
    """Return rates as the name of a rate set and what is put over it."""
    if rates is None:
        return "", None
    for known in project.rate_sets:
        if known.rates == rates:
            return known.name, None
    usual = project.rate_set()
    own = Rates(own=tuple(entry for entry in rates.own if entry not in usual.rates.own))
    return (usual.name, own) if own.over(usual.rates) == rates else (UNIFORM, rates)


def _rate_set(project: Project, name: str) -> RateSet:
    known = [rate_set.name for rate_set in project.rate_sets]
    if name == UNIFORM and name not in known:
        first = project.rate_set()
        timing = replace(first.timing, end=None)  # its unit of time differs
        return RateSet(UNIFORM, timing=timing)
    if name and name not in known:
        raise UnknownNameError("rate set", name, [*known, UNIFORM])
    return project.rate_set(name)


def _only_start(project: Project) -> Scenario | None:
    """Return the only scenario that is a start of the model, if there is exactly one."""
    starts = [scenario for scenario in project.scenarios if scenario.start]
    return starts[0] if len(starts) == 1 and not starts[0].perturbation else None


def _named(rates: Rates) -> str:
    """Return the rates of the components that are named."""
    return str(rates).rpartition(", others at")[0] or f"all others at {rates.default:g}"
