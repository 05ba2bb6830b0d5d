"""Clauses: the conditions of trap spaces, as arrays for compiled code.

The atom ``2 i + b`` stands for "variable number i can be b somewhere in the space". A space is a
trap space exactly when each variable can be 0 or can be 1, and, for every product of a sum of
products of f (and of not f), "all its literals can be" implies "the variable can be 1" (can be 0).
Any irredundant sum of products will do; no prime implicants are needed. Minimal trap spaces are the
spaces with fewest possible values. Holding a variable only drops the clauses that lead to it, so
one set of clauses serves every mutant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from regnet.boolean import BooleanNetwork
from regnet.diagram import Cube, Diagram, Function

Ints: TypeAlias = NDArray[np.int32]
Words: TypeAlias = NDArray[np.uint64]


class Clauses(NamedTuple):
    """The clauses of a network; each says "if all atoms of the body hold, the head holds".

    Parameters
    ----------
    heads
        The head of each clause.
    starts, body
        The atoms of clause ``c`` are ``body[starts[c]:starts[c + 1]]``.
    use_starts, uses
        The clauses in whose body atom ``a`` is, likewise.
    made_starts, made
        The clauses whose head is atom ``a``, likewise.
    lasting
        Of each atom, whether it is the body of a clause of which it is the head: the variable
        keeps the value once it has it.
    branch
        Numbers of the variables of a feedback vertex set: once these are decided, so is the rest.
    """

    heads: Ints
    starts: Ints
    body: Ints
    use_starts: Ints
    uses: Ints
    made_starts: Ints
    made: Ints
    lasting: NDArray[np.bool_]
    branch: Ints

    @property
    def size(self) -> int:
        """Number of variables."""
        return (len(self.made_starts) - 1) // 2

    @property
    def words(self) -> int:
        """Number of 64-bit words for one bit per variable."""
        return (self.size + 63) // 64


def clauses_of(
    network: BooleanNetwork,
    branch: Sequence[int],
    functions: Mapping[int, Function] | None = None,
) -> Clauses:
    """Return the clauses of a network.

    Parameters
    ----------
    network
        The network; variable number i is ``network.order[i]``.
    branch
        A feedback vertex set, in the order of the search.
    functions
        The function of each variable, if other than in `network`.
    """
    place = {v: i for i, v in enumerate(network.order)}
    heads: list[int] = []
    bodies: list[list[int]] = []

    def add(v: int, value: bool, cubes: Iterable[Cube]) -> None:
        for cube in cubes:
            heads.append(2 * place[v] + value)
            bodies.append([2 * place[u] + b for u, b in cube])

    for group in network.groups:  # a space that means something is a range of levels
        for low, high in pairwise(group):
            add(low, True, [((high, True),)])
            add(high, False, [((low, False),)])
    d, legal = network.diagram, network.admissible
    for v, f in (functions or network.functions).items():
        d.watch()
        if legal == 1:
            ones, zeros = d.cubes_of_both(f)
        else:
            ones, zeros = (_products(d, g, legal) for g in (f, d.negation(f)))
        add(v, True, ones)
        add(v, False, zeros)
    lasting = np.zeros(2 * len(place), np.bool_)
    made: list[list[int]] = [[] for _ in range(2 * len(place))]
    uses: list[list[int]] = [[] for _ in range(2 * len(place))]
    for c, (head, body) in enumerate(zip(heads, bodies, strict=True)):
        made[head].append(c)
        lasting[head] |= body == [head]
        for atom in body:
            uses[atom].append(c)
    return Clauses(
        np.array(heads, np.int32),
        *_flat(bodies),
        *_flat(uses),
        *_flat(made),
        lasting,
        np.array([place[v] for v in branch], np.int32),
    )


def _products(d: Diagram, f: Function, legal: Function) -> list[Cube]:
    """Return products that together are f on the states that mean something."""
    support = d.support(f)
    near = d.exists(legal, d.support(legal) - support)
    cubes = d.cubes(d.both(f, near), d.either(f, d.negation(near)))
    return [cube for cube in cubes if d.both(d.cube(cube), near)]


def _flat(lists: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    """Return the offsets of lists (and the end of the last), and their concatenation."""
    starts = np.zeros(len(lists) + 1, np.int32)
    np.cumsum([len(items) for items in lists], out=starts[1:])
    return starts, np.array([item for items in lists for item in items], np.int32)


class Clamps(NamedTuple):
    """Perturbations, each a set of variables with the values they are held at.

    Perturbation ``p`` holds ``atoms[starts[p]:starts[p + 1]]``; the atom ``2 i + b`` says that
    variable number i is b.
    """

    starts: Ints
    atoms: Ints

    @classmethod
    def of(cls, held: Sequence[Sequence[tuple[int, bool]]]) -> Clamps:
        """Return perturbations given as numbers of variables with values."""
        return cls(*_flat([[2 * i + value for i, value in each] for each in held]))


class Packed(NamedTuple):
    """The trap spaces of many mutants, one bit a variable and value.

    Parameters
    ----------
    rows
        Shape ``(spaces, 2 * words)``: a bit for each variable that can be 0, then a bit for each
        that can be 1.
    starts
        The trap spaces of mutant ``m`` are ``rows[starts[m]:starts[m + 1]]``.
    stopped
        Whether the search for mutant ``m`` was given up; its rows are then none.
    """

    rows: Words
    starts: NDArray[np.int64]
    stopped: NDArray[np.bool_]

    @staticmethod
    def fixed_in(row: Words, size: int) -> dict[int, bool]:
        """Return the variables that a trap space fixes, by number."""
        bits = np.unpackbits(row.reshape(2, -1).view(np.uint8), axis=1, bitorder="little")
        zero, one = bits[:, :size]
        return {i: bool(one[i]) for i in np.flatnonzero(zero != one).tolist()}
