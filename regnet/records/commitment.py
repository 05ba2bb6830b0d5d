"""Commitment along runs as records."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from regnet.analysis.commitment import Commitment
from regnet.analysis.trace import State
from regnet.records.data import Rows, count_to_json, counted, head, levels_to_json, summarised, told


def commitment_to_json(found: Commitment, *, timed: bool = True) -> dict[str, Any]:
    """Return which attractors a run can still reach as JSON data; `timed` as in the others."""
    names = found.origin.components
    return {
        **head(found.origin, found.complete, found.missing, timed=timed),
        "ends": [
            {
                "kind": a.kind,
                "size": count_to_json(a.size),
                "space": levels_to_json(a.space),
                "seed": levels_to_json(a.seed),
                "phenotypes": list(a.phenotypes),
            }
            for a in found.attractors
        ],
        "path": [dict(zip(names, state, strict=True)) for state in found.path],
        "open": [list(reached) for reached in found.open],
        "turns": [
            {
                "step": step,
                "moves": _moves(found, step),
                "closes": [number + 1 for number in closed],
            }
            for step, closed in found.turns.items()
        ],
        "settled": found.settled,
    }


def _moves(found: Commitment, step: int) -> dict[str, int]:
    """Return the components that move in a step, with the level they move to."""
    return _moved(found.origin.components, found.path[step - 1], found.path[step])


def _moved(names: tuple[str, ...], before: State, after: State) -> dict[str, int]:
    pairs = zip(names, before, after, strict=True)
    return {name: now for name, then, now in pairs if now != then}


def commitment_to_rows(found: Commitment) -> Rows:
    """Return a row for each state: what moved, which attractors are open, and all levels."""
    names = found.origin.components
    ends = [f"A{number}" for number in range(1, len(found.attractors) + 1)]
    rows: Rows = [["step", "moved", *ends, *names]]
    moved = [""]
    for before, after in pairwise(found.path):
        moves = _moved(names, before, after)
        moved.append(" ".join(f"{name}={level}" for name, level in moves.items()))
    for step, (state, reached) in enumerate(zip(found.path, found.open, strict=True)):
        rows.append([step, moved[step], *map(told, reached), *state])
    return rows


def commitment_summary(found: Commitment) -> str:
    """Return where a run gives up attractors, in a few words."""
    text = counted(len(found.turns), "point") + " of no return"
    if found.settled is not None:
        text += f", settled from step {found.settled} on"
    return summarised(found.origin, text, found.missing)
