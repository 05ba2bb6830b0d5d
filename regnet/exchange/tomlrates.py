"""Time in the model file: sets of rates, and starts whose levels are drawn.

::

    [rates.days]
    unit = "day"                      # rates are numbers per day
    end = 20                          # of time courses; also runs, seed, readouts, discrete
    LIF = 6
    Mass = { up = 0.5, down = 1, kind = "calibrated", refs = ["EV19"] }
    fast = { rate = 50, components = "LIFR STAT3", kind = "paper" }
    HGF = { up = [{ rate = 5, when = "LIF & !Mass" }, { rate = 1 }], down = 1 }
    others = 1

    [scenarios.mixed]
    start = "Mass=2 LIF=0:0.75|1:0.25 A&B=0&0:0.5|1&1:0.5"
    rates = "days"
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, TypeAlias

from regnet.errors import NetworkError, UnknownNameError
from regnet.exchange.tomltext import Path, Table
from regnet.logic import TRUE, Expr, unparse
from regnet.network import LogicalNetwork
from regnet.rates import RATE_KINDS, Rate, RateClass, RateLaw, RateSet, Timing
from regnet.scenario import Scenario
from regnet.space import Space
from regnet.start import Distribution, Start

Condition: TypeAlias = Callable[[str, Path], Expr]
"""Parses a condition at a position in the file."""

_SETTINGS = ("unit", "note", "others", "end", "runs", "seed", "readouts", "discrete")
_ENTRY = ("components", "rate", "up", "down", "kind", "source", "refs", "note")


def rate_set(key: str, table: Table, network: LogicalNetwork, condition: Condition) -> RateSet:
    """Read a set of rates.

    A component or a class that is called like a setting has its name in quotes within the key.

    Raises
    ------
    ParseError
        With line and column of the fault.
    """
    own = {key: value for key, value in table.data.items() if key in _SETTINGS}
    settings = Table(own, table.path, table.source)
    unit = settings.text("unit")
    if "/" in unit:
        words = 'unit = "day"; rates are numbers per day then'
        raise settings.error(f"{unit!r} is no unit of time", "unit", words)
    runs, seed = (
        settings.get(name, int, "a whole number", 0) if name in own else None
        for name in ("runs", "seed")
    )
    with table.source.at((*table.path, "readouts")):
        for name in settings.texts("readouts"):
            network[name]
    classes = tuple(
        _rate_class(key, table, network, condition) for key in table.data if key not in own
    )
    with table.source.at(table.path):
        timing = Timing(
            _number(settings, "end", 0.0) if "end" in own else None,
            runs,
            seed,
            settings.texts("readouts"),
            settings.get("discrete", bool, "true or false", False),
        )
        others = _number(settings, "others", 1.0)
        return RateSet(key, classes, others, unit, timing, settings.text("note"))


def _rate_class(key: str, table: Table, network: LogicalNetwork, condition: Condition) -> RateClass:
    name = re.sub(r"\\(.)", r"\1", key[1:-1]) if key.startswith('"') else key
    value, path = table.data[key], (*table.path, key)
    entry = Table(value if isinstance(value, dict) else {}, path, table.source)
    if not isinstance(value, dict):
        up = down = _rate(table, key, condition)
    else:
        entry.only(*_ENTRY)
        given = {"rate", "up", "down"} & value.keys()
        if given not in ({"rate"}, {"up", "down"}):
            expected = "rate, or both up and down"
            raise table.source.error(f"the rate of {name} is not clear", path, expected=expected)
        both = ("up", "down") if "up" in given else ("rate", "rate")
        up, down = (_rate(entry, which, condition) for which in both)
    listed = entry.data.get("components")
    if listed is None:
        components: tuple[str, ...] = (name,)
    elif isinstance(listed, str):
        components = tuple(listed.split())
    else:
        components = entry.texts("components")
    for component in components:
        if component not in network:
            message = str(UnknownNameError("component", component, network.names))
            place = path if listed is None else (*path, "components")
            raise table.source.error(message, place, value=listed is not None)
    kind = entry.text("kind")
    if kind and kind not in RATE_KINDS:
        raise entry.error(f"kind is {kind!r}", "kind", " or ".join(f'"{k}"' for k in RATE_KINDS))
    with table.source.at(path):
        return RateClass(
            components, up, down, "" if listed is None else name, kind, entry.text("source"),
            entry.texts("refs"), entry.text("note"),
        )  # fmt: skip


def _rate(table: Table, key: str, condition: Condition) -> Rate:
    """Read a number, or ``[{ rate = 5, when = "A & !B" }, { rate = 1 }]``."""
    if not isinstance(table.data[key], list):
        return _number(table, key, 0.0)
    cases: list[tuple[Expr, float]] = []
    for case in table.tables(key):
        case.only("rate", "when")
        has_when = "when" in case.data
        when = condition(case.required("when"), (*case.path, "when")) if has_when else TRUE
        cases.append((when, _number(case, "rate", -1.0)))
    if not cases:
        raise table.error(f"the rate of {key} is not clear", key, '[{ rate = 5, when = "A" }]')
    return RateLaw(tuple(cases))


def _number(table: Table, key: str, default: float) -> float:
    value = table.data.get(key, default)
    if type(value) not in (int, float) or not 0 <= value < math.inf:
        raise table.error(f"{key} has the wrong kind of value", key, "a number of 0 or above")
    return float(value)


def rate_set_data(rates: RateSet) -> dict[str, Any]:
    """Return what `rate_set` reads."""
    timing = rates.timing
    data: dict[str, Any] = {
        "unit": rates.unit or None,
        "note": rates.note or None,
        "end": None if timing.end is None else _plain(timing.end),
        "runs": timing.runs,
        "seed": timing.seed,
        "readouts": list(timing.readouts) or None,
        "discrete": timing.is_discrete or None,
        "others": None if rates.default == 1 else _plain(rates.default),
    }
    data = {key: value for key, value in data.items() if value is not None}
    for group in rates.classes:
        label = group.label
        if label in _SETTINGS or label.startswith('"'):
            label = '"' + re.sub(r'(["\\])', r"\\\1", label) + '"'
        data[label] = _rate_class_data(group)
    return data


def _rate_class_data(group: RateClass) -> Any:
    up, down = _rate_data(group.up), _rate_data(group.down)
    data: dict[str, Any] = {"rate": up} if group.up == group.down else {"up": up, "down": down}
    if group.name:
        listed = list(group.components)
        plain = all(re.fullmatch(r"\S+", component) for component in listed)
        data["components"] = " ".join(listed) if plain else listed
    data |= {
        key: value
        for key, value in (
            ("kind", group.kind), ("source", group.source), ("refs", list(group.refs)),
            ("note", group.note),
        )
        if value
    }  # fmt: skip
    return up if data == {"rate": up} else data


def _rate_data(rate: Rate) -> Any:
    if not isinstance(rate, RateLaw):
        return _plain(rate)
    return [
        {"rate": _plain(value), **({} if when == TRUE else {"when": unparse(when)})}
        for when, value in rate.cases
    ]


def _plain(number: float) -> float:
    """Return a whole number as one, which reads better."""
    return int(number) if number == int(number) and abs(number) < 1e15 else number


def drawn_start(start: Space, table: Table, network: LogicalNetwork) -> Space:
    """Return a start with what the list `drawn` adds to it: groups whose names need quotes.

    Raises
    ------
    ParseError
        With line and column of the fault.
    """
    groups = []
    for item in table.tables("drawn"):
        item.only("components", "levels", "probabilities")
        levels = item.get("levels", list, "a list of levels for each row", [])
        chances = item.get("probabilities", list, "a list of numbers", [])
        if any(type(chance) not in (int, float) for chance in chances):
            raise item.error("probabilities has the wrong kind of value", "probabilities",
                             "a list of numbers")  # fmt: skip
        if any(type(level) is not int for row in levels for level in _row(row, item)):
            raise item.error("levels has the wrong kind of value", "levels", "[[0, 0], [1, 1]]")
        if len(levels) != len(chances):
            words = f"there are {len(chances)} probabilities for {len(levels)} rows of levels"
            raise item.error(words, "probabilities")
        with item.source.at((*item.path, "components")):
            rows = tuple((tuple(row), float(p)) for row, p in zip(levels, chances, strict=True))
            group = Distribution(item.texts("components"), rows)
            Scenario(start=Start({}, [group])).check(network)
        groups.append(group)
    if not groups:
        return start
    with table.source.at((*table.path, "drawn")):
        added = Start({}, groups)
        if twice := [name for name in added if name in start]:
            raise NetworkError(f"the start of {twice[0]} is given twice")
        return Start().with_(start).with_(added)


def _row(row: Any, item: Table) -> list[Any]:
    if not isinstance(row, list):
        raise item.error("levels has the wrong kind of value", "levels", "[[0, 0], [1, 1]]")
    return row


def drawn_data(start: Space) -> tuple[str, Space, list[dict[str, Any]]]:
    """Return a start as one text where that can be read back; else its levels, and what is drawn.

    The text is empty where nothing is drawn.
    """
    drawn = start.drawn if isinstance(start, Start) else ()
    if not drawn:
        return "", start, []
    if all(re.fullmatch(r"[^\s,=&|\"]+", name) for name in start):
        return str(start), Space(), []
    groups = [
        {
            "components": list(group.components),
            "levels": [list(levels) for levels, _ in group.rows],
            "probabilities": [chance for _, chance in group.rows],
        }
        for group in drawn
    ]
    plain = start.without(*(name for group in drawn for name in group.components))
    return "", plain, groups
