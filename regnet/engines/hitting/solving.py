"""What the solvers of this folder share: sums of products, and answers within a time."""

from __future__ import annotations

from collections.abc import Sequence

from regnet.boolean import BooleanNetwork
from regnet.diagram import Cube, Function
from regnet.engines import Deadline

SOLVER = "glucose4"
CONFLICTS = 2_000  # the solver works so long before the clock is looked at


def products(network: BooleanNetwork, f: Function) -> list[Cube]:
    """Return products that cover a function in the states that mean something."""
    d = network.diagram
    support = d.support(f)
    near = d.conjunction(
        d.ladder([v for v in group if v in support])
        for group in network.groups
        if len(group) > 1 and not support.isdisjoint(group)
    )
    if near == 1:
        return d.cubes(f)
    cubes = d.cubes(d.both(f, near), d.either(f, d.negation(near)))
    return [cube for cube in cubes if d.both(d.cube(cube), near)]


def solved(solver: object, assumed: Sequence[int], deadline: Deadline) -> set[int] | None:
    """Return the atoms that are true in an answer, or None when there is no answer."""
    answer = None
    while answer is None:
        deadline.check()
        solver.conf_budget(CONFLICTS)  # type: ignore[attr-defined]
        answer = solver.solve_limited(assumptions=assumed)  # type: ignore[attr-defined]
    if not answer:
        return None
    return {atom for atom in solver.get_model() if atom > 0}  # type: ignore[attr-defined]
