"""Data: the parts that all records are made of, and rows as CSV text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeAlias, cast

from regnet.analysis import Origin
from regnet.records.codec import asked_to_json
from regnet.scenario import Cut, Perturbation, Scenario
from regnet.space import PackedSpace, Range, Space
from regnet.start import Distribution, Start

Cell: TypeAlias = str | int | float | None
Rows: TypeAlias = list[list[Cell]]

LARGEST_NUMBER = 2**53
"""Whole numbers above this are written as text: many programs would read them rounded."""


def head(origin: Origin, complete: bool, missing: str, *, timed: bool) -> dict[str, Any]:
    """Return the common head of records: question, engine and guarantee."""
    scenario, asked = origin.scenario, origin.asked
    if asked is not None and complete and not timed:
        asked = asked.without("timeout", "each")  # seconds that were left, and that shaped nothing
    return {
        "network": {
            "name": origin.network,
            "digest": origin.digest,
            "components": list(origin.components),
        },
        "scenario": scenario.name or str(scenario.perturbation),
        **scenario_to_json(scenario),
        "engine": origin.engine,
        "version": origin.version,
        "regnet": origin.regnet,
        "seed": origin.seed,
        "guarantee": origin.guarantee,
        "complete": complete,
        "missing": missing,
        "seconds": round(origin.seconds, 3) if timed else None,
        "asked": None if asked is None else asked_to_json(asked),
    }


def summarised(origin: Origin, text: str, missing: str) -> str:
    """Return what an answer says with how sure it is, or with what is missing."""
    return f"{text}; {missing}" if missing else f"{origin.guarantee} ✓ {text}"


def counted(number: int, what: str) -> str:
    """Return a number of things, such as ``2 attractors``."""
    plain = number == 1 or what.endswith(("cyclic", "complex"))
    return f"{number:,} {what}{'' if plain else 's'}"


def with_caveats(data: Any, caveats: Iterable[str]) -> Any:
    """Return a record with sentences on what it does not take from the model's file."""
    told = list(caveats)
    return {**data, "caveats": told} if told and isinstance(data, dict) else data


def scenario_to_json(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as JSON data, without its name."""
    start = scenario.start
    drawn = [_drawn_to_json(group) for group in start.drawn] if isinstance(start, Start) else []
    return {
        "update": scenario.update,
        "clamps": levels_to_json(scenario.perturbation.clamps),
        "cuts": cuts_to_json(scenario.perturbation.cuts),
        "start": levels_to_json(start),
        **({"drawn": drawn} if drawn else {}),
        **({"rates_of": scenario.rates} if scenario.rates else {}),
    }


def _drawn_to_json(group: Distribution) -> dict[str, Any]:
    """Return how some components are drawn for the start, as JSON data."""
    return {
        "components": list(group.components),
        "rows": [{"levels": list(levels), "probability": chance} for levels, chance in group.rows],
    }


def scenario_from_json(data: Mapping[str, Any]) -> Scenario:
    """Return the scenario that a result, or one context of a screen, was computed in."""
    return Scenario(
        data.get("name", data.get("scenario", "")),
        Perturbation(space_from_json(data["clamps"]), frozenset(map(_cut, data["cuts"]))),
        _start_from_json(data),
        data["update"],
        rates=data.get("rates_of", ""),
    )


def _start_from_json(data: Mapping[str, Any]) -> Space:
    start = space_from_json(data["start"])
    drawn = [
        Distribution(
            tuple(group["components"]),
            tuple((tuple(row["levels"]), row["probability"]) for row in group["rows"]),
        )
        for group in data.get("drawn", ())
    ]
    return Start().with_(start).with_(Start({}, drawn)) if drawn else start


def perturbation_from_json(row: Mapping[str, Any]) -> Perturbation:
    """Return the perturbation of one row of a screen."""
    cuts = frozenset(map(_cut, row.get("cuts", ())))
    return Perturbation(space_from_json(row["perturbation"]), cuts, row.get("name", ""))


def space_from_json(levels: Mapping[str, Any]) -> Space:
    """Return what `levels_to_json` wrote."""
    return Space({n: v if isinstance(v, int) else (v[0], v[1]) for n, v in levels.items()})


def levels_to_json(space: Mapping[str, Range]) -> dict[str, int | list[int]]:
    """Return component -> level, or [lowest, highest]."""
    if isinstance(space, PackedSpace):  # there may be a million
        return cast("dict[str, int | list[int]]", space.levels())
    return {name: range_to_json(levels) for name, levels in space.items()}


def range_to_json(levels: Range) -> int | list[int]:
    """Return a level, or [lowest, highest]."""
    low, high = levels
    return low if low == high else [low, high]


def cuts_to_json(cuts: Iterable[Cut]) -> list[dict[str, str | int]]:
    """Return cut edges as JSON data, in order."""
    return [{"source": c.source, "target": c.target, "level": c.level} for c in sorted(cuts)]


def _cut(data: Mapping[str, Any]) -> Cut:
    return Cut(data["source"], data["target"], data["level"])


def count_to_json(number: int | None) -> int | str | None:
    """Return a number, as text where other programs would round it."""
    return str(number) if number is not None and number > LARGEST_NUMBER else number


def path_to_json(path: Sequence[Space] | None) -> list[dict[str, Any]] | None:
    """Return the states of a path as JSON data."""
    return None if path is None else [levels_to_json(state) for state in path]


def level_cell(levels: Range | None) -> Cell:
    """Return a level or a range, as ``0..2``, for a cell of a table."""
    if levels is None:
        return ""
    low, high = levels
    return low if low == high else f"{low}..{high}"


def told(holds: bool | None) -> str:
    """Return yes, no or open."""
    return {True: "yes", False: "no", None: "open"}[holds]


def describe_scenario(scenario: Scenario) -> str:
    """Return what a scenario does, in one line; many components that start at 0 are counted.

    >>> describe_scenario(Scenario("low", Perturbation(Space({"LIF": 1})), Space({"Mass": 0})))
    'LIF=1; from Mass=0; asynchronous'
    """
    parts = [str(scenario.perturbation)] if scenario.perturbation else []
    start = scenario.start
    zeros = [name for name, levels in start.items() if levels == (0, 0)]
    if not start:
        parts.append("from anywhere")
    elif len(zeros) > 3:
        others = start.without(*zeros)
        at_zero = f"{len(zeros)} components at 0"
        parts.append(f"from {others} and {at_zero}" if others else f"from {at_zero}")
    else:
        parts.append(f"from {start}")
    return "; ".join([*parts, scenario.update])


def describe_witness(path: Sequence[Space] | None, attractor: Space | None = None) -> str:
    """Return what happens on a path, step by step, or the levels above 0 of an attractor.

    >>> path = Space({"A": 0, "B": 1}), Space({"A": 1, "B": 1}), Space({"A": 1, "B": 0})
    >>> describe_witness(path)
    'A=1, B=0'
    """
    if path is not None:
        steps = [
            str(Space({name: levels for name, levels in after.items() if before[name] != levels}))
            for before, after in pairwise(path)
        ]
        return ", ".join(steps) or "the start"
    if attractor is None:
        return ""
    return str(Space({name: levels for name, levels in attractor.items() if levels != (0, 0)}))


def to_json(record: Mapping[str, Any]) -> str:
    """Return a record as JSON text: a line for each key, and for each item of a list of several.

    That is ten times as quick to write as a text in which all is indented, and one can look
    through it line by line.

    Examples
    --------
    >>> print(to_json({"kind": "fixed points", "spaces": [{"A": 0, "B": 1}, {"A": 1, "B": 0}]}))
    {
      "kind": "fixed points",
      "spaces": [
        {"A": 0, "B": 1},
        {"A": 1, "B": 0}
      ]
    }
    <BLANKLINE>
    """
    text = json.JSONEncoder(ensure_ascii=False).encode

    def written(value: Any) -> str:
        if isinstance(value, list | tuple) and value and isinstance(value[0], dict | list | tuple):
            return "[\n    " + ",\n    ".join(map(text, value)) + "\n  ]"
        return text(value)

    lines = (f"  {text(key)}: {written(value)}" for key, value in record.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def to_csv(rows: Sequence[Sequence[Cell]]) -> str:
    r"""Return rows as CSV text that spreadsheets show and do not run.

    Text that a spreadsheet would take for a formula gets an apostrophe in front.

    >>> to_csv([["name", "n"], ["=SUM(A1)", -1]])
    "name,n\n'=SUM(A1),-1\n"
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def _harmless(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\r\n", "\n").replace("\r", "\n")
    runs = text.lstrip().startswith(("=", "+", "-", "@")) or text.startswith(("\t", "\n"))
    return "'" + text if runs else text
