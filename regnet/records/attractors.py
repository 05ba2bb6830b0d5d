"""Attractors, fixed points and trap spaces as records."""

from __future__ import annotations

from typing import Any, cast

from regnet.analysis import found_words
from regnet.analysis.attractors import Attractor, Attractors
from regnet.analysis.trap_spaces import Spaces
from regnet.records.data import (
    Cell,
    Rows,
    count_to_json,
    counted,
    head,
    level_cell,
    levels_to_json,
    summarised,
)
from regnet.space import PackedSpace


def attractors_to_json(found: Attractors, *, timed: bool = True) -> dict[str, Any]:
    """Return attractors as JSON data.

    Parameters
    ----------
    found
        The attractors.
    timed
        Whether to say how long it took; without, equal answers give equal data.
    """
    return {
        **head(found.origin, found.complete, found.missing, timed=timed),
        "total": count_to_json(found.total),
        "at_least": count_to_json(found.at_least),
        "attractors": [_attractor(a) for a in found.attractors],
    }


def _attractor(attractor: Attractor) -> dict[str, Any]:
    data: dict[str, Any] = {
        "kind": attractor.kind,
        "size": count_to_json(attractor.size),
        "space": levels_to_json(attractor.space),
        "seed": levels_to_json(attractor.seed),
        "phenotypes": list(attractor.phenotypes),
    }
    if attractor.condition:
        data["condition"] = levels_to_json(attractor.condition)
        data["valuations"] = count_to_json(attractor.valuations)
        data["follows"] = list(attractor.follows)
    return data


def spaces_to_json(found: Spaces, *, timed: bool = True) -> dict[str, Any]:
    """Return fixed points or trap spaces as JSON data; `timed` as in `attractors_to_json`."""
    return {
        **head(found.origin, found.complete, found.missing, timed=timed),
        "kind": found.kind,
        "spaces": [levels_to_json(space) for space in found.spaces],
    }


def attractors_to_rows(found: Attractors) -> Rows:
    """Return a heading and a row for each attractor, with a column for each component.

    Ranges are written ``0..2``.
    """
    names = found.origin.components
    conditional = any(a.condition for a in found.attractors)
    extra: list[Cell] = ["input combinations", "condition"] if conditional else []
    rows: Rows = [["attractor", "kind", "states", *extra, "phenotypes", *names]]
    for number, a in enumerate(found.attractors, start=1):
        given: list[Cell] = [a.valuations, str(a.condition)] if conditional else []
        levels = [level_cell(a.space.get(name)) for name in names]
        rows.append([f"A{number}", a.kind, a.size, *given, "; ".join(a.phenotypes), *levels])
    return rows


def spaces_to_rows(found: Spaces) -> Rows:
    """Return a heading and a row for each space; free components are empty."""
    names = found.origin.components
    rows: Rows = [["space", *names]]
    for number, space in enumerate(found.spaces, start=1):
        if isinstance(space, PackedSpace):  # there may be a million
            levels = cast("dict[str, int]", space.levels())
            rows.append([f"S{number}", *(levels.get(name, "") for name in names)])
        else:
            rows.append([f"S{number}", *(level_cell(space.get(name)) for name in names)])
    return rows


def attractors_summary(found: Attractors) -> str:
    """Return what a search for attractors found, in a few words."""
    kinds: dict[str, int] = {}
    for attractor in found.attractors:
        kinds[attractor.kind] = kinds.get(attractor.kind, 0) + attractor.valuations
    detail = ", ".join(counted(number, kind) for kind, number in kinds.items())
    text = found_words(found.count, "attractor", found.missing) + (f" ({detail})" if detail else "")
    if found.missing:
        return f"{text}, incomplete: {found.missing}"
    return summarised(found.origin, text, "")


def spaces_summary(found: Spaces) -> str:
    """Return how many fixed points or trap spaces were found, in a few words."""
    text = counted(len(found.spaces), found.kind.removesuffix("s"))
    return summarised(found.origin, text, found.missing)
