"""Expectations about time in the model file.

::

    expect = [
      { sooner = "Mass=2", than = "PHx", by = "5 %" },
      { same = "Mass=2", as = { settle = "healthy", scenario = "PHx" } },
      { higher = "Mass", than = "PHx", until = "50 % Mass=2" },
      { lower = "Mass=2", than = "PHx", at = "the long run" },
      { "first time" = "Mass=2", above = 7, below = 10 },
      { probability = "Mass=2", below = 0.1, at = 20 },
      { first = "LIF", before = "HepProlif" },
      { peak = "HepProlif", before = "Angio" },
    ]
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeAlias

from regnet.errors import UnknownNameError
from regnet.evidence import LONG_RUN, TIME_EXPECTATIONS, Counterpart, Expectation, When
from regnet.exchange.tomltext import Path, Source, Table
from regnet.logic import Expr, unparse, write_name
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario

Condition: TypeAlias = Callable[[str, Path], Expr]
"""Parses a condition at a position in the file."""

ScenarioOf: TypeAlias = Callable[[Table, str], Scenario]
"""Reads a scenario that a table names, or holds, under a key."""

OPTIONS = ("than", "as", "before", "by", "at", "until", "above", "below")
"""Optional keys of an expectation about time."""

_LEVELS = ("higher", "lower", "peak")
_SHARE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*%\s*(.*)", re.DOTALL)


def timed_expectation(
    table: Table, network: LogicalNetwork, condition: Condition, scenario: ScenarioOf
) -> Expectation:
    """Read one expectation about time: its kind, and what it has besides.

    Raises
    ------
    ParseError
        With line and column of the fault.
    """
    kind = next(key for key in table.data if key in TIME_EXPECTATIONS)
    table.only(kind, *OPTIONS)
    than = "as" if kind == "same" else "than"
    wrong = {"as", "than"} - {than}
    for key in wrong & table.data.keys():
        raise table.source.error(
            f"{kind!r} compares by {than!r}, not by {key!r}", (*table.path, key)
        )
    about = table.required(kind)
    expr, component = None, ""
    if kind in _LEVELS and _is_component(about, network):
        component = _name(about)
    elif kind == "peak":
        with table.source.at((*table.path, kind)):
            network[about]
    else:
        expr = condition(about, (*table.path, kind))
    before, rival = None, ""
    if "before" in table.data:
        text = table.required("before")
        if kind != "peak":
            before = condition(text, (*table.path, "before"))
        else:
            rival = _name(text)
            with table.source.at((*table.path, "before")):
                network[rival]
    with table.source.at((*table.path, kind)):
        return Expectation(
            kind,
            expr,
            component=component,
            than=_counterpart(table, than, scenario) if than in table.data else None,
            before=before,
            rival=rival,
            by=_share(table, "by") if "by" in table.data else 0.0,
            at=_when(table, "at", condition),
            until=_when(table, "until", condition),
            above=_number(table, "above"),
            below=_number(table, "below"),
        )


def _is_component(text: str, network: LogicalNetwork) -> bool:
    return _name(text) in network


def _name(text: str) -> str:
    """Return a name without the quotes that conditions need around some names."""
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if re.fullmatch(r'"(?:[^"\\]|\\.)*"', text) else text


def _counterpart(table: Table, key: str, scenario: ScenarioOf) -> Counterpart:
    """Read a scenario, or ``{ settle = .., scenario = .. }``; each by name or written there."""
    inner = table.data[key]
    if not isinstance(inner, dict) or "scenario" not in inner:
        return Counterpart(scenario(table, key))
    both = table.table(key)
    both.only("scenario", "settle")
    settle = scenario(both, "settle") if "settle" in inner else None
    return Counterpart(scenario(both, "scenario"), settle)


def _share(table: Table, key: str) -> float:
    value = table.data[key]
    found = _SHARE.fullmatch(value) if isinstance(value, str) else None
    if found is None or found[2]:
        raise table.error(f"{key} is not a share", key, f'{key} = "10 %"')
    return float(found[1]) / 100


def _when(table: Table, key: str, condition: Condition) -> When | None:
    """Read a time, ``"50 % Mass=2"`` or ``"the long run"``."""
    value = table.data.get(key)
    if value is None:
        return None
    expected = f'{key} = 5, {key} = "50 % Mass=2" or {key} = "{LONG_RUN}"'
    with table.source.at((*table.path, key)):
        match value:
            case int() | float() if not isinstance(value, bool):
                return When(float(value))
            case str() if value == LONG_RUN:
                return When()
            case str():
                found = _SHARE.fullmatch(value)
                if found is not None and found[2]:
                    expr = condition(found[2], (*table.path, key))
                    return When(share=float(found[1]) / 100, condition=expr)
    raise table.error(f"{key} is no time", key, expected)


def _number(table: Table, key: str) -> float | None:
    value = table.data.get(key)
    if value is None:
        return None
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise table.error(f"{key} is not a number", key, f"{key} = 0.5")
    return float(value)


def timed_expectation_data(x: Expectation, written: Callable[[Scenario], Any]) -> dict[str, Any]:
    """Return the data of an expectation about time for the file; `written` writes scenarios."""
    about = write_name(x.component) if x.condition is None else unparse(x.condition)
    data: dict[str, Any] = {x.kind: about}
    if x.than is not None:
        other = written(x.than.scenario)
        if x.than.settle is not None:
            other = {"settle": written(x.than.settle), "scenario": other}
        data["as" if x.kind == "same" else "than"] = other
    if x.before is not None:
        data["before"] = unparse(x.before)
    if x.rival:
        data["before"] = write_name(x.rival)
    if x.by:
        data["by"] = f"{100 * x.by:.12g} %"
    for key, when in (("at", x.at), ("until", x.until)):
        if when is not None:
            data[key] = _when_data(when)
    for key, bound in (("above", x.above), ("below", x.below)):
        if bound is not None:
            data[key] = _plain(bound)
    return data


def _when_data(when: When) -> Any:
    if when.time is not None:
        return _plain(when.time)
    if when.condition is None:
        return LONG_RUN
    return f"{100 * when.share:.12g} % {unparse(when.condition)}"


def _plain(number: float) -> float:
    return int(number) if float(number).is_integer() else number


def parse_timed(
    text: str, kind: str, network: LogicalNetwork, scenario: Callable[[str], Scenario]
) -> Expectation:
    """Return an expectation about time from one line: ``Mass=2; than PHx; by 10 %``.

    Parameters
    ----------
    text
        Condition and options, as in a file, separated by semicolons.
    kind
        A key of `TIME_EXPECTATIONS`.
    network
        The network.
    scenario
        Returns the scenario of a name.

    Raises
    ------
    RegnetError
        If it cannot be parsed, or does not fit the network.
    """
    about, *others = (part.strip() for part in text.split(";"))
    data: dict[str, Any] = {}
    for part in others:
        key, _, value = part.partition(" ")
        data[key] = value.strip()
        if key not in OPTIONS:
            raise UnknownNameError("part of an expectation", key, OPTIONS)
        if key in ("at", "until", "above", "below"):
            with suppress(ValueError):  # an event, or an error reported below
                data[key] = float(value)
    table = Table({kind: about, **data}, (), Source("", ""))
    return timed_expectation(
        table, network, lambda own, _: network.parse(own), lambda t, key: scenario(t.text(key))
    )


def timed_text(x: Expectation) -> str:
    """Return the line that `parse_timed` reads, with scenarios by name."""
    about, *others = timed_expectation_data(x, lambda scenario: scenario.title()).items()
    parts = [about[1]]
    for key, value in others:
        parts.append(f"{key} {value['scenario'] if isinstance(value, dict) else value}")
    return "; ".join(str(part) for part in parts)
