"""Shared parts of the solvers of this folder: sums of products, and answers within a time limit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from regnet.boolean import BooleanNetwork
from regnet.deadline import Deadline
from regnet.diagram import Cube, Function

SOLVER = "glucose4"
CONFLICTS = 2_000  # conflicts after which the solver looks at the clock


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


def solved(
    solver: object, assumed: Iterable[int], deadline: Deadline, first: int | None = None
) -> set[int] | None:
    """Return the atoms that are true in an answer, or None when there is no answer.

    With `first`, only the first atoms are returned.
    """
    if not _answers(solver, assumed, deadline):
        return None
    return {atom for atom in solver.get_model()[:first] if atom > 0}  # type: ignore[attr-defined]


def smallest_core(
    solver: object,
    assumed: Iterable[int],
    deadline: Deadline,
    order: Callable[[int], object],
    kept: Collection[int] = (),
) -> set[int] | None:
    """Return a minimal set of assumptions without an answer, or None if there is an answer.

    It is minimal except for those in `kept`, which are not tried. Those first in `order` are left
    out first.
    """
    core = _core(solver, assumed, deadline)
    for atom in sorted(core or (), key=order):  # type: ignore[arg-type]
        if core is not None and atom in core and atom not in kept:
            fewer = _core(solver, core - {atom}, deadline)
            core = core if fewer is None else fewer
    return core


def _core(solver: object, assumed: Iterable[int], deadline: Deadline) -> set[int] | None:
    if _answers(solver, assumed, deadline):
        return None
    return set(solver.get_core() or ())  # type: ignore[attr-defined]


def _answers(solver: object, assumed: Iterable[int], deadline: Deadline) -> bool:
    answer = None
    assumed = list(assumed)
    while answer is None:
        deadline.check()
        solver.conf_budget(CONFLICTS)  # type: ignore[attr-defined]
        answer = solver.solve_limited(assumptions=assumed)  # type: ignore[attr-defined]
    return bool(answer)
