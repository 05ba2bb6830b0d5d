"""Answers to queries as records."""

from __future__ import annotations

from typing import Any

from regnet.analysis.query import Answer
from regnet.analysis.query.answer_text import answer_word
from regnet.records.data import Rows, count_to_json, head, level_cell, path_to_json, told


def answer_to_json(found: Answer, *, timed: bool = True) -> dict[str, Any]:
    """Return the answer to a query as JSON data; `timed` as in `attractors_to_json`."""
    missing = "" if found.complete else found.argument
    return {
        **head(found.origin, found.complete, missing, timed=timed),
        "query": str(found.formula),
        "holds": found.holds,
        "fair": found.fair,
        "argument": found.argument,
        "states": count_to_json(found.states),
        "of": count_to_json(found.of),
        "path": path_to_json(found.path),
        "loop": found.loop,
    }


def answer_to_rows(found: Answer) -> Rows:
    """Return the answer to a query, and below it the states of the path, if there is one."""
    rows: Rows = [["query", "holds", "argument"],
                  [str(found.formula), told(found.holds), found.argument]]  # fmt: skip
    if found.path:
        names = found.origin.components
        rows.append([])
        rows.append(["step", *names])
        for step, state in enumerate(found.path):
            rows.append([step, *(level_cell(state[name]) for name in names)])
    return rows


def answer_summary(found: Answer) -> str:
    """Return whether a formula holds, in a few words."""
    sure = f"{found.origin.guarantee} ✓ " if found.complete else ""
    return f"{sure}{found.formula} {answer_word(found)}"
