"""Answers to queries as records."""

from __future__ import annotations

from typing import Any

from regnet.analysis.reachability import Query, Reachability
from regnet.records.data import (
    Rows,
    head,
    level_cell,
    path_to_json,
    told,
)


def reachability_to_json(
    query: Query, found: Reachability, *, timed: bool = True
) -> dict[str, Any]:
    """Return the answer to a query as JSON data; `timed` as in `attractors_to_json`."""
    missing = "" if found.complete else found.argument
    return {
        **head(found.origin, found.complete, missing, timed=timed),
        "query": str(query),
        "holds": query.holds(found),
        "argument": found.argument,
        "path": path_to_json(found.path),
    }


def reachability_to_rows(query: Query, found: Reachability) -> Rows:
    """Return the answer to a query, and below it the states of the path, if there is one."""
    rows: Rows = [["query", "holds", "argument"], [str(query), told(query.holds(found)),
                                                   found.argument]]  # fmt: skip
    if found.path:
        names = found.origin.components
        rows.append([])
        rows.append(["step", *names])
        for step, state in enumerate(found.path):
            rows.append([step, *(level_cell(state[name]) for name in names)])
    return rows
