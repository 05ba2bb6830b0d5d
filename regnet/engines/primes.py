"""Prime implicants by pyboolnet: trap spaces computed another way, to check ours against.

pyboolnet (Klarner, Streck and Siebert 2017, doi 10.1093/bioinformatics/btw682) prints and sets up
logging when it is imported and runs its own programs, so it works in a process of its own, which
can be stopped at once. Its model checker is never used.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from regnet.boolean import BooleanNetwork
from regnet.deadline import Deadline, OutOfTime
from regnet.diagram import Function
from regnet.jobs import run_in_process

Values = dict[int, bool]
"""Variables with the value they are fixed at; free ones are absent."""

EVERYTHING = 10_000_000
"""Limit passed to pyboolnet if there is none, as it has no value for "all"."""


def fixed_points(
    network: BooleanNetwork, *, limit: int | None = None, deadline: Deadline
) -> Iterator[Values]:
    """Yield the fixed points, each a value for every variable."""
    yield from _spaces(network, "fixed", limit, deadline)


def minimal_trap_spaces(
    network: BooleanNetwork, *, limit: int | None = None, deadline: Deadline
) -> Iterator[Values]:
    """Yield the trap spaces that contain no smaller one."""
    yield from _spaces(network, "min", limit, deadline)


def maximal_trap_spaces(
    network: BooleanNetwork, *, limit: int | None = None, deadline: Deadline
) -> Iterator[Values]:
    """Yield the trap spaces that only the whole state space contains."""
    yield from _spaces(network, "max", limit, deadline)


def prime_implicants(
    network: BooleanNetwork, *, deadline: Deadline | None = None
) -> dict[int, tuple[list[Values], list[Values]]]:
    """Return, for each variable, the prime implicants of its becoming 0, and of its becoming 1."""
    text = _text(network, network.functions)
    primes = _run(_primes, text, deadline=deadline or Deadline())
    order = network.order
    return {
        v: (
            [_values(p, order) for p in primes[f"v{i}"][0]],
            [_values(p, order) for p in primes[f"v{i}"][1]],
        )
        for i, v in enumerate(order)
    }


def _spaces(
    network: BooleanNetwork, kind: str, limit: int | None, deadline: Deadline
) -> Iterator[Values]:
    if not network.order:
        if kind != "max":
            yield {}
        return
    text = _text(network, _meaningful(network))
    # Which ranges of levels are largest is seen only among all of pyboolnet's, which may split one.
    by_range = kind == "max" and not network.is_boolean
    most = EVERYTHING if by_range or limit is None else limit
    found = _run(_trap_spaces, text, kind, most, deadline=deadline)
    spaces = [_values(space, network.order) for space in found]
    if by_range:
        spaces = _largest([_as_ranges(network, space) for space in spaces])[:limit]
    yield from spaces


def _meaningful(network: BooleanNetwork) -> dict[int, Function]:
    """Return functions that take a state without meaning for the meaningful one below it.

    pyboolnet looks at all states; so those that cannot occur do as those that can.
    """
    d = network.diagram
    below = {
        v: d.cube(dict.fromkeys(group[: place + 1], True))
        for group in network.groups
        for place, v in enumerate(group)
        if place
    }
    return {v: d.compose(f, below) for v, f in network.functions.items()}


def _as_ranges(network: BooleanNetwork, space: Values) -> Values:
    """Return the states of a space that mean something: a range of levels for each component."""
    space = dict(space)
    for group in network.groups:
        for low, high in itertools.pairwise(group):
            if space.get(low) is False:
                space[high] = False
        for low, high in reversed(list(itertools.pairwise(group))):
            if space.get(high) is True:
                space[low] = True
    return space


def _largest(spaces: list[Values]) -> list[Values]:
    """Return the spaces that lie in no other one, each once."""
    different = {tuple(sorted(space.items())): space for space in spaces}
    return [
        space
        for key, space in different.items()
        if not any(other.items() < space.items() for other in different.values())
    ]


def _text(network: BooleanNetwork, functions: dict[int, Function]) -> str:
    """Return a network as pyboolnet reads it; variable ``i`` of the order is ``vi``."""
    d, place = network.diagram, {v: i for i, v in enumerate(network.order)}
    lines = []
    for v in network.order:
        products = [
            " & ".join(("" if b else "!") + f"v{place[u]}" for u, b in cube) or "1"
            for cube in d.cubes(functions[v])
        ]
        lines.append(f"v{place[v]}, {' | '.join(products) or '0'}")
    return "\n".join(lines)


def _values(space: dict[str, int], order: tuple[int, ...]) -> Values:
    return {order[int(name[1:])]: bool(value) for name, value in sorted(space.items())}


def _run(function: Any, *args: Any, deadline: Deadline) -> Any:
    deadline.check()
    try:
        return run_in_process(function, *args, timeout=deadline.left())
    except TimeoutError as error:
        raise OutOfTime from error


def _primes(text: str) -> dict[str, list[list[dict[str, int]]]]:
    """Return pyboolnet's prime implicants; called in a process of its own."""
    import contextlib
    import logging
    import os

    logging.disable(logging.CRITICAL)
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        from pyboolnet.file_exchange import bnet2primes

        primes: dict[str, list[list[dict[str, int]]]] = bnet2primes(text)
    return primes


def _trap_spaces(text: str, kind: str, limit: int) -> list[dict[str, int]]:
    """Return pyboolnet's trap spaces; called in a process of its own."""
    primes = _primes(text)
    from pyboolnet import trap_spaces

    if kind == "fixed":
        found = trap_spaces.compute_steady_states(primes, max_output=limit)
    else:
        found = trap_spaces.compute_trap_spaces(primes, kind, max_output=limit)
    return list(found)
