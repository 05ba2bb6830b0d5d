"""Native: minimal trap spaces of all mutants of one network, compiled, and proofs about them.

Numba compiles the search on first use and keeps the result beside the code, or in the user's cache,
where that may be written. A mutant is a row of numbers of perturbations (`Clamps`), -1 for none.
Answers are `Packed`; the search for a mutant that takes too long is given up and marked, never cut
short silently.
"""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from regnet.deadline import Deadline
from regnet.engines.native import kernel
from regnet.engines.native.classes import classes_of, keys_of
from regnet.engines.native.clauses import (
    Clamps,
    Clauses,
    Ints,
    Packed,
    Words,
    clauses_of,
)

__all__ = [
    "Clamps",
    "Clauses",
    "Ints",
    "Packed",
    "Words",
    "classes",
    "clauses_of",
    "complete_mutants",
    "minimal_trap_spaces",
]

MAX_NODES = 20_000
"""Branches after which the search for the trap spaces of one mutant is given up."""

MAX_SPACES = 20_000
"""Trap spaces of one mutant after which it is given up."""

AT_A_TIME = 0.4
"""Seconds of search in one go: compiled code can be stopped only between two."""

NEVER = Deadline()

MAX_PROOF_NODES = 20_000
MAX_CANDIDATES = 20_000
MAX_STEPS = 20_000
"""Updates of one random run that looks for a way into a trap space."""


def minimal_trap_spaces(
    clauses: Clauses,
    clamps: Clamps,
    mutants: Ints,
    *,
    parents: Ints | None = None,
    known: Packed | None = None,
    max_nodes: int = MAX_NODES,
    max_spaces: int = MAX_SPACES,
    deadline: Deadline = NEVER,
) -> Packed:
    """Return the minimal trap spaces of mutants.

    Parameters
    ----------
    clauses
        The network.
    clamps
        Perturbations; no mutant holds a variable twice.
    mutants
        Shape ``(mutants, k)``: numbers of perturbations, -1 for none.
    parents, known
        Known answers: ``parents[m, j]`` is the index in `known` of mutant ``m`` without its
        perturbation ``j``, or -1. They only save time.
    max_nodes, max_spaces
        When to give up one mutant.
    deadline
        When to give up all that are left; checked about every `AT_A_TIME`, as is an interruption.

    Returns
    -------
    Packed
        In the order of `mutants`; the order of the spaces of one mutant means nothing.
    """
    count = len(mutants)
    if parents is None or known is None:
        parents = np.full(mutants.shape, -1, np.int32)
        known = Packed(
            np.zeros((0, 2 * clauses.words), np.uint64),
            np.zeros(1, np.int64),
            np.zeros(0, bool),
        )
    found = [np.zeros((0, 2 * clauses.words), np.uint64)]
    starts = np.zeros(count + 1, np.int64)
    ends = np.zeros(count, np.int64)
    stopped = np.zeros(count, np.bool_)
    begin, size, each = 0, 1_000, 4  # each: spaces of a mutant that there is room for
    while begin < count:
        if deadline.left() == 0:
            stopped[begin:] = True
            starts[begin + 1 :] = starts[begin]
            break
        upto = min(begin + size, count)
        rows = np.empty((each * (upto - begin) + 64, 2 * clauses.words), np.uint64)
        began = time.monotonic()
        end = kernel.find_minimal(
            clauses, clamps.starts, clamps.atoms, mutants[:upto], begin, parents,
            known.rows, known.starts, max_nodes, max_spaces, rows, ends, stopped,
        )  # fmt: skip
        took = time.monotonic() - began
        if took > AT_A_TIME:
            size = max(1, size // 4)
        elif took < AT_A_TIME / 4 and end == upto:
            size *= 2
        if end == begin:
            each *= 4
            continue
        starts[begin + 1 : end + 1] = starts[begin] + ends[begin:end]
        found.append(rows[: ends[end - 1]].copy())
        begin = end
    return Packed(np.concatenate(found), starts, stopped)


def complete_mutants(
    clauses: Clauses, retained: Clauses, clamps: Clamps, mutants: Ints, spaces: Packed
) -> NDArray[np.bool_]:
    """Return for which mutants it is proved that every attractor lies in a minimal trap space.

    Parameters
    ----------
    clauses, clamps, mutants
        As for `minimal_trap_spaces`.
    retained
        The network with the variables of its feedback vertex set held back, each from one value.
    spaces
        All minimal trap spaces of the mutants.
    """
    proved = np.zeros(len(mutants), np.bool_)
    kernel.prove_complete(
        clauses, retained, clamps.starts, clamps.atoms, mutants, spaces.rows, spaces.starts,
        MAX_PROOF_NODES, MAX_CANDIDATES, MAX_STEPS, proved,
    )  # fmt: skip
    return proved & ~spaces.stopped


def classes(
    rows: Words, asked: Words, around: Words
) -> tuple[Words, NDArray[np.int64], NDArray[np.int64]]:
    """Return the classes of trap spaces that are equivalent for a question.

    Parameters
    ----------
    rows
        Trap spaces, as in `Packed`.
    asked
        A bit for each variable that the question names.
    around
        For each variable, bits for what must be known where it oscillates.

    Returns
    -------
    keys
        The key of each class; its last word is whether anything oscillates.
    kind
        The class of each trap space.
    first
        A trap space of each class.
    """
    keys = np.empty((len(rows), rows.shape[1] + 1), np.uint64)
    keys_of(rows, asked, around, keys)
    kind = np.empty(len(rows), np.int64)
    first = np.empty(len(rows), np.int64)
    count = classes_of(keys, kind, first)
    first = first[:count].copy()
    return keys[first], kind, first
