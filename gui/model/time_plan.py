"""Parsing of the tables of rates and scheduled changes. Independent of Qt."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from regnet.analysis.simulate.kinetics import Change, Rates, parse_change, parse_rate
from regnet.errors import NetworkError, ParseError
from regnet.logic import Expr
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.scenario import Perturbation, Scenario
from regnet.space import Range, Space

_SURE = 0.05  # a mean level this close to a level is painted as that level

VERBS = ("set", "hold", "cut", "release")


def rates_of(rows: Iterable[Sequence[str]], network: LogicalNetwork) -> Rates:
    """Return rates from rows of names, rate of increase and rate of decrease.

    A row without a rate of decrease uses one rate for both; a row without any rate is ignored. The
    names ``all`` and ``others`` set the rate of all components that are not named.

    Raises
    ------
    RegnetError
        If a component or a rate is invalid.

    Examples
    --------
    >>> from regnet.network import Component
    >>> net = LogicalNetwork((Component("A"), Component("B")))
    >>> print(rates_of([("A, B", "10", ""), ("others", "2", "")], net))
    A B at 10, others at 2
    """
    rates = Rates()
    for names, up, down in rows:
        if not names.strip() or not (up.strip() or down.strip()):
            continue
        speed = "/".join(part.strip() for part in (up or down, down) if part.strip())
        components, rate = parse_rate(f"{names}={speed}")
        if components in (("all",), ("others",)):
            if rate[0] != rate[1]:
                raise NetworkError("all others have one rate, for increase and decrease")
            rates = Rates(rate[0], rates.own)
            continue
        for name in components:
            network[name]
        rates = rates.with_rate(rate, *components)
    return rates


def rates_title(project: Project) -> str:
    """Return the heading of a table of rates, with the rate of components not listed."""
    return f"Rates, others {'as in the model' if project.rate_sets else '1'}"


def schedule_of(
    rows: Iterable[Sequence[str]], scenario: Scenario, network: LogicalNetwork
) -> tuple[Change, ...]:
    """Return scheduled changes from rows of start time, end time and change.

    ``LIF_dose=2`` is held; ``set Mass=0``, ``cut A->B`` and ``release X`` are the other kinds. A
    hold or cut with an end time is undone then: the component is as the scenario has it, or free.

    Raises
    ------
    RegnetError
        If a row is invalid.

    Examples
    --------
    >>> from regnet.network import Component
    >>> net = LogicalNetwork((Component("Dose", top=2),))
    >>> low = Scenario(start=Space({"Dose": 0}))
    >>> for change in schedule_of([("10", "20", "Dose=2")], low, net):
    ...     print(change)
    at 10: hold Dose=2
    at 20: hold Dose=0
    """
    changes = []
    for begin, end, what in rows:
        if not what.strip():
            continue
        words = what.strip()
        if words.split()[0] not in VERBS:
            words = f"hold {words}"
        change = parse_change(f"{begin.strip() or '0'} {words}")
        change.perturbation.check(network)
        Scenario(start=change.levels).check(network)
        changes.append(change)
        if end.strip():
            changes.append(_taken_back(change, end.strip(), scenario, network))
    return tuple(sorted(changes, key=lambda change: change.time))


def _taken_back(change: Change, end: str, scenario: Scenario, network: LogicalNetwork) -> Change:
    """Return the change that ends a hold or a cut."""
    try:
        until = float(end)
    except ValueError:
        raise ParseError(f"{end!r} is not a time") from None
    if until <= change.time:
        raise NetworkError(f"{change} cannot end at {until:g}")
    if change.levels or change.release:
        raise NetworkError(f"{change} happens at once: it has no end")
    back: dict[str, int | tuple[int, int]] = {}
    release = [cut.target for cut in change.perturbation.cuts]
    for name in change.perturbation.clamps:
        before = scenario.perturbation.clamps.get(name)
        if before is None and network[name].is_input:
            before = scenario.start.get(name)
            if before is None or before[0] != before[1]:
                raise NetworkError(
                    f"the scenario leaves {name} open: say in a row of its own what it is at "
                    f"from {until:g} on"
                )
        if before is None:
            release.append(name)
        else:
            back[name] = before
    return Change(until, perturbation=Perturbation(Space(back)), release=tuple(release))


def conditions_of(text: str, network: LogicalNetwork) -> tuple[Expr, ...]:
    """Return conditions separated by semicolons; raise RegnetError if one is wrong."""
    return tuple(network.parse(part.strip()) for part in text.split(";") if part.strip())


def between(mean: float) -> Range:
    """Return the level nearest to a mean level, or the two levels it lies between."""
    near = round(mean)
    return (near, near) if abs(mean - near) <= _SURE else (math.floor(mean), math.ceil(mean))
