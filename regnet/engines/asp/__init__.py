"""Answer-set programming with clingo: fixed points and trap spaces.

The atom "v can be b" stands for a value b that variable v takes somewhere in the space. A space is
a trap space exactly when, for every product of a sum of products of f_v (and of not f_v), "all its
literals can be" implies "v can be 1" (can be 0). Any sum of products will do, so no prime
implicants are computed; minimal trap spaces are the minimal answers. The idea of writing rules down
in negation normal form where that is safe, and as decision diagrams only elsewhere, is that of
tsconj (Trinh, Benhamou, Pastva and Soliman, AAAI 2024, doi 10.1609/aaai.v38i9.28930); programs go
to clingo as numbers (aspif), without text grounding.

Clingo chooses only in a feedback vertex set: with that decided, no circuit is left, and what the
rules derive for the other variables is the smallest space around the choice. So a minimal trap
space is identified by its values in that set, and the clause that excludes larger ones is short.
Answers are rows of bytes, which are converted lazily: clingo finds them ten times as fast as Python
can build dictionaries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from regnet.boolean import BooleanNetwork
from regnet.deadline import Deadline
from regnet.engines.asp.products import Program, program_of
from regnet.engines.asp.solving import PREFER_FALSE, PREFER_TRUE, solve
from regnet.feedback import feedback_vertices
from regnet.logic import Expr
from regnet.memory import without_collection
from regnet.space import FREE

Values = dict[int, bool]
"""Variables with the value they are fixed at; free ones are absent."""

FIXED_POINTS, MINIMAL, MAXIMAL = "fixed points", "minimal trap spaces", "maximal trap spaces"


def fixed_points(
    network: BooleanNetwork,
    *,
    limit: int | None = None,
    outside: Iterable[Mapping[int, bool]] = (),
    deadline: Deadline,
) -> Iterator[Values]:
    """Yield the fixed points, each a value for every variable; none that lies in `outside`."""
    forbidden = tuple(outside)
    if not forbidden:
        yield from _values(network, rows(network, FIXED_POINTS, limit=limit, deadline=deadline))
        return
    program = _small(network, may_leave=False)  # what is forbidden may depend on inputs
    program.forbid_oscillation()
    for space in forbidden:
        program.forbid(*(program.can[v][not value] for v, value in space.items()))
    yield from _values(network, solve(program, None, limit, deadline))


def minimal_trap_spaces(
    network: BooleanNetwork, *, limit: int | None = None, deadline: Deadline
) -> Iterator[Values]:
    """Yield the trap spaces that contain no smaller one."""
    yield from _values(network, rows(network, MINIMAL, limit=limit, deadline=deadline))


def maximal_trap_spaces(
    network: BooleanNetwork, *, limit: int | None = None, deadline: Deadline
) -> Iterator[Values]:
    """Yield the trap spaces that only the whole state space contains."""
    yield from _values(network, rows(network, MAXIMAL, limit=limit, deadline=deadline))


def rows(
    network: BooleanNetwork, kind: str, *, limit: int | None = None, deadline: Deadline
) -> Iterator[bytes]:
    """Yield `FIXED_POINTS`, `MINIMAL` or `MAXIMAL` trap spaces as rows.

    A row has one byte for each variable in ``network.order``: 0, 1, or `FREE`.
    """
    if kind == MAXIMAL:
        program = program_of(network)
        program.forbid(*(atom for pair in program.can.values() for atom in pair))
        yield from solve(program, PREFER_TRUE, limit, deadline)
        return
    program = _small(network, may_leave=True)
    if kind == FIXED_POINTS:
        program.forbid_oscillation()
    prefer = None if kind == FIXED_POINTS else PREFER_FALSE
    yield from islice(solve(program, prefer, limit, deadline), limit)


def rows_of_rules(
    rules: Sequence[tuple[str, Expr | None]],
    kind: str,
    *,
    limit: int | None = None,
    deadline: Deadline,
) -> Iterator[bytes]:
    """Yield `MINIMAL` trap spaces or `FIXED_POINTS` of a large Boolean network, as rows.

    Rules are passed to clingo as written; only those with a regulator of both signs are converted
    to diagrams.

    Parameters
    ----------
    rules
        Name and rule of each component; None for an input. A row has one byte for each.
    """
    from regnet.engines.asp.gates import Gates

    with without_collection():
        program = Gates(rules, oscillation=kind == MINIMAL, watch=deadline.check)
    yield from solve(program, PREFER_FALSE if kind == MINIMAL else None, limit, deadline)


def _values(network: BooleanNetwork, found: Iterable[bytes]) -> Iterator[Values]:
    for row in found:
        yield {v: b == 1 for v, b in zip(network.order, row, strict=True) if b != FREE}


def _small(network: BooleanNetwork, *, may_leave: bool) -> Program:
    """Return a program that chooses as little as it can."""
    if not network.is_boolean:  # levels above 1 hang together both ways
        return program_of(network, network.order)
    support = {v: network.diagram.support(f) for v, f in network.functions.items()}
    if not (may_leave and network.inputs):
        return program_of(network, feedback_vertices(support, network.diagram.watch))
    at_once = network.inputs | {v for v, sources in support.items() if sources & network.inputs}
    rest = {v: sources - at_once for v, sources in support.items() if v not in at_once}
    chosen = feedback_vertices(rest, network.diagram.watch)
    return program_of(network, [*sorted(at_once), *chosen], may_leave=True)
