"""Permissive: conditions that cannot be reached whatever the order and speed of updates.

Most-permissive updates allow more than any others (Pauleve, Kolcak, Chatain and Haar 2020,
doi 10.1038/s41467-020-18112-5), so what they cannot reach is unreachable. Levels that a condition
needs and a start has, but that cannot be regained once lost, may never be lost.
"""

from __future__ import annotations

from collections.abc import Mapping

from regnet.analysis.attractors.cores import closure
from regnet.boolean import BooleanNetwork
from regnet.diagram import Function

MAX_CUBES = 200
"""Conditions with more alternatives are left to other arguments."""


def is_excluded(part: BooleanNetwork, begin: Mapping[int, bool], goal: Function) -> bool:
    """Return whether most-permissive updates cannot reach a goal; False means "not known"."""
    for number, cube in enumerate(part.diagram.paths(goal)):
        if number == MAX_CUBES or not _is_cube_excluded(part, begin, dict(cube)):
            return False
    return True


def _is_cube_excluded(
    part: BooleanNetwork, begin: Mapping[int, bool], cube: Mapping[int, bool]
) -> bool:
    d = part.diagram
    kept: set[int] = set()
    while True:
        space = closure(part, begin, kept)
        if any(space.get(v, value) is not value for v, value in cube.items()):
            return True
        lost = {
            v
            for v, value in cube.items()
            if v not in space
            and begin.get(v) is value
            and d.restrict(part.functions[v], space) == (not value)
        }
        if not lost:
            return False
        kept |= lost
