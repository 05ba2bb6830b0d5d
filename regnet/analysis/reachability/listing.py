"""Listing: breadth-first search of the states reachable from a start, if there are few.

Large networks often have few such states, because few components can move from the start; then
exhaustive search is the simplest and safest method.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice

from regnet.analysis.trace import Dynamics, State
from regnet.deadline import Deadline

MAX_STATES = 20_000
"""Maximum number of states listed."""

MAX_LEVELS = 20_000_000
"""Maximum number of levels in the states listed: those of large networks take memory."""


def listed(
    dynamics: Dynamics,
    starts: Iterable[State],
    deadline: Deadline,
    *,
    goal: Callable[[State], bool] | None = None,
) -> tuple[dict[State, State | None], State | None] | None:
    """Return the states reachable from starts, the nearest first, and the goal that was met.

    Each state comes with its predecessor, None for a start, so that these give a shortest path. The
    search ends at the first state in the goal. Return None if there are more than `MAX_STATES`
    states, or `MAX_LEVELS` levels in them, and the goal was not met among them.
    """
    most = min(MAX_STATES, MAX_LEVELS // max(1, len(dynamics.names)))
    found: dict[State, State | None] = dict.fromkeys(islice(starts, most + 1))
    todo = list(found)
    for state in todo:
        deadline.check()
        if len(found) > most:
            return None
        if goal is not None and goal(state):
            return found, state
        for after in dynamics.iter_successors(state):
            if after not in found:
                found[after] = state
                todo.append(after)
                if len(found) > most:
                    return None
    return found, None


def way(found: dict[State, State | None], state: State) -> list[State]:
    """Return the path from a start to this state."""
    back = [state]
    while (before := found[back[-1]]) is not None:
        back.append(before)
    return back[::-1]
