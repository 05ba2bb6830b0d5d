"""Kernel: the search for trap spaces of mutants, compiled.

A depth-first search over the atoms of `Clauses` with counters in each clause and an undo trail.
What follows is never guessed:

- *forward*: all atoms of a body hold, so the head does;
- *backward*: the head is impossible and one atom of the body is open, so that atom is impossible;
- *pair*: a variable that cannot be one value can be the other;
- *completion*: no clause that leads to an atom can hold any more, so the atom is impossible. In a
  smallest space nothing is possible without a reason; this is what percolates constants.

Branching on a feedback vertex set decides everything; those that met most conflicts go first
(after Moskewicz et al. 2001, doi 10.1145/378239.379017). "Impossible" is tried first, so a space
that contains none found before is a smallest one. Each space found blocks all that contain it; the
values it fixes in the feedback vertex set are enough to say so, because two minimal trap spaces
already disagree there.

The same search with "only one of both values" finds the fixed points of a network; with retained
variables these are the only places where attractors outside the minimal trap spaces can be (see
`regnet.analysis.attractors.certificate`), and a random run from each shows that it is none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import numba
import numpy as np
from numpy.typing import NDArray

from regnet.engines.native.clauses import Clauses, Ints, Words

F = TypeVar("F", bound=Callable[..., Any])

OPEN, YES, NO = 0, 1, 2
"""What is known of an atom."""

LEAF, DONE, STOPPED = 1, 0, -1
"""How a search comes back: with a space, with nothing left, or because it took too long."""

_LENGTH, _READY, _DEPTH, _NODES = 0, 1, 2, 3  # places in `_Search.counts`

_ONE = np.uint64(1)


def compiled(function: F) -> F:
    """Return the function compiled when it is first called, kept on disk where that is allowed."""
    try:
        return numba.njit(cache=True)(function)  # type: ignore[no-any-return]
    except RuntimeError:  # no folder to keep it in
        return numba.njit(function)  # type: ignore[no-any-return]


class _Search(NamedTuple):
    """Where a search is."""

    value: NDArray[np.int8]  # of each atom
    met: Ints  # of each clause: how many atoms of the body hold
    lost: Ints  # of each clause: how many are impossible
    alive: Ints  # of each atom: how many clauses can still lead to it
    held: NDArray[np.bool_]  # of each variable: whether the mutant holds it
    trail: Ints  # atoms in the order in which they were decided
    undo: Ints  # where the trail stood at each branch that has another side
    turn: Ints  # the variable of each such branch
    counts: NDArray[np.int64]  # length of the trail, how much of it has acted, depth, nodes
    weight: NDArray[np.float64]  # of each variable: conflicts it had a part in
    now: Words  # what is possible in the feedback vertex set


@compiled
def _new_search(c: Clauses) -> _Search:
    atoms = len(c.made_starts) - 1
    n = atoms // 2
    return _Search(
        np.zeros(atoms, np.int8),
        np.zeros(len(c.heads), np.int32),
        np.zeros(len(c.heads), np.int32),
        np.zeros(atoms, np.int32),
        np.zeros(n, np.bool_),
        np.zeros(atoms + 1, np.int32),
        np.zeros(n + 1, np.int32),
        np.zeros(n + 1, np.int32),
        np.zeros(4, np.int64),
        np.zeros(n),
        np.zeros(_block_words(c), np.uint64),
    )


@compiled
def _block_words(c: Clauses) -> int:
    return (2 * len(c.branch) + 63) // 64


@compiled
def _decide(s: _Search, atom: int, value: int) -> None:
    s.value[atom] = value
    s.trail[s.counts[_LENGTH]] = atom
    s.counts[_LENGTH] += 1


@compiled
def _propagate(c: Clauses, s: _Search, points: bool) -> bool:
    """Let everything that was decided act; tell whether it fits together.

    One function, with every array in a variable of its own: handing the tuples on to smaller ones
    costs four times as much as the work itself.
    """
    heads, starts, body = c.heads, c.starts, c.body
    use_starts, uses, made_starts, made = c.use_starts, c.uses, c.made_starts, c.made
    value, met, lost, alive, held = s.value, s.met, s.lost, s.alive, s.held
    trail, weight = s.trail, s.weight
    length, ready = s.counts[_LENGTH], s.counts[_READY]
    broken = -1  # the clause that cannot be met
    good = True
    while good and ready < length:
        atom = trail[ready]
        other = atom ^ 1
        ready += 1
        if value[atom] == YES:
            for k in range(use_starts[atom], use_starts[atom + 1]):
                met[uses[k]] += 1
            if points:  # only one of both
                if value[other] == YES:
                    good = False
                elif value[other] == OPEN:
                    value[other] = NO
                    trail[length] = other
                    length += 1
            first, last, source = use_starts[atom], use_starts[atom + 1], uses
        else:
            for k in range(use_starts[atom], use_starts[atom + 1]):
                clause = uses[k]
                lost[clause] += 1
                if lost[clause] > 1:
                    continue
                head = heads[clause]
                alive[head] -= 1
                if alive[head] == 0 and not held[head >> 1]:  # completion
                    if value[head] == YES:
                        weight[head >> 1] += 1.0
                        good = False
                    elif value[head] == OPEN:
                        value[head] = NO
                        trail[length] = head
                        length += 1
            if not good:
                weight[atom >> 1] += 1.0
            if value[other] == NO:
                good = False
            elif value[other] == OPEN:  # pair
                value[other] = YES
                trail[length] = other
                length += 1
            first, last, source = made_starts[atom], made_starts[atom + 1], made
        if not good:
            break
        for k in range(first, last):
            clause = source[k]
            head = heads[clause]
            if lost[clause] > 0 or held[head >> 1]:
                continue
            missing = starts[clause + 1] - starts[clause] - met[clause]
            if missing == 0:  # forward
                if value[head] == NO:
                    broken = clause
                    good = False
                    break
                if value[head] == OPEN:
                    value[head] = YES
                    trail[length] = head
                    length += 1
            elif missing == 1 and value[head] == NO:  # backward
                for j in range(starts[clause], starts[clause + 1]):
                    last_one = body[j]
                    if value[last_one] != YES:
                        if value[last_one] == OPEN:
                            value[last_one] = NO
                            trail[length] = last_one
                            length += 1
                        break
    s.counts[_LENGTH] = length
    s.counts[_READY] = ready
    if broken >= 0:
        weight[heads[broken] >> 1] += 1.0
        for j in range(starts[broken], starts[broken + 1]):
            weight[body[j] >> 1] += 1.0
    return good


@compiled
def _take_back(c: Clauses, s: _Search, length: int) -> None:
    heads, use_starts, uses = c.heads, c.use_starts, c.uses
    value, met, lost, alive, trail = s.value, s.met, s.lost, s.alive, s.trail
    ready = s.counts[_READY]
    for i in range(s.counts[_LENGTH] - 1, length - 1, -1):
        atom = trail[i]
        if i < ready:
            if value[atom] == YES:
                for k in range(use_starts[atom], use_starts[atom + 1]):
                    met[uses[k]] -= 1
            else:
                for k in range(use_starts[atom], use_starts[atom + 1]):
                    clause = uses[k]
                    lost[clause] -= 1
                    if lost[clause] == 0:
                        alive[heads[clause]] += 1
        value[atom] = OPEN
    s.counts[_LENGTH] = s.counts[_READY] = length


@compiled
def _begin(c: Clauses, s: _Search, starts: Ints, atoms: Ints, mutant: Ints, points: bool) -> bool:
    """Start the search for one mutant; tell whether there is anything."""
    s.value[:] = OPEN
    s.met[:] = 0
    s.lost[:] = 0
    s.held[:] = False
    s.counts[:] = 0
    s.weight[:] = 0.0
    for p in mutant:
        if p < 0:
            continue
        for k in range(starts[p], starts[p + 1]):
            s.held[atoms[k] >> 1] = True
            _decide(s, atoms[k], YES)
            _decide(s, atoms[k] ^ 1, NO)
    for atom in range(len(s.value)):
        s.alive[atom] = c.made_starts[atom + 1] - c.made_starts[atom]
        if s.alive[atom] == 0 and s.value[atom] == OPEN:
            _decide(s, atom, NO)
    return _propagate(c, s, points)


@compiled
def _is_new(c: Clauses, s: _Search, blocks: Words, first: int, last: int, points: bool) -> bool:
    """Tell whether what is decided contains no space found before, after ruling out the last way.

    Where all but one value of an earlier space are possible already, that one must not become so.
    """
    branch, value, now = c.branch, s.value, s.now
    o = first
    stale = True
    while o < last:
        if stale:
            now[:] = 0
            for k in range(2 * len(branch)):
                if value[2 * branch[k >> 1] + (k & 1)] == YES:
                    now[k >> 6] |= _ONE << np.uint64(k & 63)
            stale = False
        missing = -1
        several = False
        for w in range(len(now)):
            left = blocks[o, w] & ~now[w]
            if left != 0:
                if missing >= 0 or left & (left - _ONE) != 0:
                    several = True
                    break
                shift = 0
                while (left >> np.uint64(shift)) & _ONE == 0:
                    shift += 1
                missing = 64 * w + shift
        o += 1
        if several:
            continue
        if missing < 0:
            return False
        atom = 2 * branch[missing >> 1] + (missing & 1)
        if value[atom] == OPEN:
            _decide(s, atom, NO)
            if not _propagate(c, s, points):
                return False
            stale = True
            o = first
    return True


@compiled
def _next_variable(c: Clauses, s: _Search) -> int:
    """Return the undecided variable of the feedback vertex set with most conflicts, or -1."""
    branch, value, weight = c.branch, s.value, s.weight
    best, heaviest = -1, -1.0
    for k in range(len(branch)):
        v = branch[k]
        if value[2 * v] == OPEN:
            own = weight[v] + (0.5 if value[2 * v + 1] == OPEN else 0.0)
            if own > heaviest:
                best, heaviest = v, own
    return best


@compiled
def _can_differ(
    s: _Search, starts: Ints, atoms: Ints, mutant: Ints, parents: Ints, place: int
) -> bool:
    """Tell whether each perturbation whose absence was searched before can still matter.

    In a space in which the rules already give what is held, holding it changes nothing: such a
    space was found without it.
    """
    for j in range(len(mutant)):
        if parents[place, j] < 0:
            continue
        matters = False
        for k in range(starts[mutant[j]], starts[mutant[j] + 1]):
            if s.alive[atoms[k] ^ 1] > 0:
                matters = True
        if not matters:
            return False
    return True


@compiled
def _next_space(
    c: Clauses,
    s: _Search,
    good: bool,
    blocks: Words,
    first: int,
    last: int,
    starts: Ints,
    atoms: Ints,
    mutant: Ints,
    parents: Ints,
    place: int,
    budget: int,
    points: bool,
) -> int:
    """Search on until everything is decided; `good` is False to go on after a space."""
    while True:
        if (
            good
            and _can_differ(s, starts, atoms, mutant, parents, place)
            and _is_new(c, s, blocks, first, last, points)
        ):
            v = _next_variable(c, s)
            if v < 0:
                return LEAF
            s.counts[_NODES] += 1
            if s.counts[_NODES] > budget:
                return STOPPED
            depth = s.counts[_DEPTH]
            s.undo[depth] = s.counts[_LENGTH]
            s.turn[depth] = v
            s.counts[_DEPTH] += 1
            _decide(s, 2 * v, NO)
        else:
            s.counts[_DEPTH] -= 1
            depth = s.counts[_DEPTH]
            if depth < 0:
                return DONE
            _take_back(c, s, s.undo[depth])
            _decide(s, 2 * s.turn[depth], YES)
        good = _propagate(c, s, points)


@compiled
def _block(c: Clauses, row: Words, block: Words) -> None:
    """Write down what a space fixes in the feedback vertex set."""
    words = len(row) // 2
    block[:] = 0
    for k in range(len(c.branch)):
        v = c.branch[k]
        shift = np.uint64(v & 63)
        zero = (row[v >> 6] >> shift) & _ONE
        one = (row[words + (v >> 6)] >> shift) & _ONE
        if zero != one:
            place = 2 * k + (1 if one else 0)
            block[place >> 6] |= _ONE << np.uint64(place & 63)


@compiled
def _fixes(row: Words, starts: Ints, atoms: Ints, p: int) -> bool:
    """Tell whether a space already has what a perturbation holds."""
    words = len(row) // 2
    for k in range(starts[p], starts[p + 1]):
        v, value = atoms[k] >> 1, atoms[k] & 1
        shift = np.uint64(v & 63)
        if (row[(1 - value) * words + (v >> 6)] >> shift) & _ONE:
            return False
    return True


@compiled
def find_minimal(
    c: Clauses,
    starts: Ints,
    atoms: Ints,
    mutants: Ints,
    begin: int,
    parents: Ints,
    known: Words,
    known_starts: NDArray[np.int64],
    budget: int,
    limit: int,
    rows: Words,
    ends: NDArray[np.int64],
    stopped: NDArray[np.bool_],
) -> int:
    """Write the minimal trap spaces of mutants from number `begin` on; return where it stopped.

    It stops before a mutant whose spaces do not fit into `rows` any more. A space of a mutant's
    parent (the mutant without one of its perturbations) that fixes what this perturbation holds is
    one of the mutant's own; the search is only for the others.
    """
    s = _new_search(c)
    words = rows.shape[1] // 2
    blocks = np.zeros((len(rows), _block_words(c)), np.uint64)
    count = 0
    for m in range(begin, len(mutants)):
        first = count
        good = _begin(c, s, starts, atoms, mutants[m], False)
        for j in range(mutants.shape[1]):
            parent = parents[m, j]
            if parent < 0:
                continue
            for r in range(known_starts[parent], known_starts[parent + 1]):
                if not _fixes(known[r], starts, atoms, mutants[m, j]):
                    continue
                is_there = False
                for o in range(first, count):
                    if (rows[o] == known[r]).all():
                        is_there = True
                        break
                if is_there:
                    continue
                if count == len(rows):
                    return m
                rows[count] = known[r]
                _block(c, rows[count], blocks[count])
                count += 1
        while True:
            outcome = _next_space(
                c, s, good, blocks, first, count,
                starts, atoms, mutants[m], parents, m, budget, False,
            )  # fmt: skip
            if outcome == LEAF and count - first < limit:
                if count == len(rows):
                    return m
                rows[count] = 0
                for atom in range(len(s.value)):
                    if s.value[atom] == YES:
                        w = (atom & 1) * words + (atom >> 7)
                        rows[count, w] |= _ONE << np.uint64((atom >> 1) & 63)
                _block(c, rows[count], blocks[count])
                count += 1
                good = False
                continue
            if outcome != DONE:
                stopped[m] = True
                count = first
            break
        ends[m] = count
    return len(mutants)


@compiled
def _rises(c: Clauses, state: NDArray[np.int8], v: int) -> bool:
    """Return the function of a variable in a state."""
    for k in range(c.made_starts[2 * v + 1], c.made_starts[2 * v + 2]):
        clause = c.made[k]
        fits = True
        for j in range(c.starts[clause], c.starts[clause + 1]):
            if state[c.body[j] >> 1] != c.body[j] & 1:
                fits = False
                break
        if fits:
            return True
    return False


@compiled
def _comes_in(
    c: Clauses,
    held: NDArray[np.bool_],
    state: NDArray[np.int8],
    rows: Words,
    first: int,
    last: int,
    steps: int,
) -> bool:
    """Tell whether a random asynchronous run was seen to enter one of the spaces."""
    n = len(state)
    words = rows.shape[1] // 2
    one = np.zeros(words, np.uint64)
    zero = np.zeros(words, np.uint64)
    for v in range(n):
        bit = _ONE << np.uint64(v & 63)
        if state[v]:
            one[v >> 6] |= bit
        else:
            zero[v >> 6] |= bit
    chance = np.uint64(88172645463325252)
    pause = max(1, n // 4)
    for step in range(steps):
        if step % pause == 0:
            for r in range(first, last):
                inside = True
                for w in range(words):
                    if zero[w] & ~rows[r, w] or one[w] & ~rows[r, words + w]:
                        inside = False
                        break
                if inside:
                    return True
        chance ^= chance << np.uint64(13)  # xorshift (Marsaglia 2003, doi 10.18637/jss.v008.i14)
        chance ^= chance >> np.uint64(7)
        chance ^= chance << np.uint64(17)
        v = int((chance >> np.uint64(11)) % np.uint64(n))
        if held[v]:
            continue
        after = _rises(c, state, v)
        if after != (state[v] == 1):
            state[v] = 1 if after else 0
            bit = _ONE << np.uint64(v & 63)
            one[v >> 6] ^= bit
            zero[v >> 6] ^= bit
    return False


@compiled
def prove_complete(
    c: Clauses,
    retained: Clauses,
    starts: Ints,
    atoms: Ints,
    mutants: Ints,
    rows: Words,
    row_starts: NDArray[np.int64],
    budget: int,
    limit: int,
    steps: int,
    proved: NDArray[np.bool_],
) -> None:
    """Write for each mutant whether its minimal trap spaces are proved to hold every attractor."""
    s = _new_search(retained)
    nobody = np.full((1, mutants.shape[1]), -1, np.int32)
    state = np.zeros(len(s.held), np.int8)
    blocks = np.zeros((len(rows), _block_words(retained)), np.uint64)
    for r in range(len(rows)):
        _block(retained, rows[r], blocks[r])
    for m in range(len(mutants)):
        first, last = row_starts[m], row_starts[m + 1]
        good = _begin(retained, s, starts, atoms, mutants[m], True)
        candidates = 0
        while True:
            outcome = _next_space(
                retained, s, good, blocks, first, last,
                starts, atoms, mutants[m], nobody, 0, budget, True,
            )  # fmt: skip
            good = False
            if outcome != LEAF:
                proved[m] = outcome == DONE
                break
            candidates += 1
            if candidates > limit:
                break
            for v in range(len(state)):
                state[v] = s.value[2 * v + 1] == YES
            if not _comes_in(c, s.held, state, rows, first, last, steps):
                break


@compiled
def keys_of(rows: Words, always: Words, around: Words, keys: Words) -> None:
    """Write what of each trap space decides the answer to a question.

    `always` is a bit for each variable that is asked for; of the others, a space's oscillating
    variables and what regulates them (``around[v]``) count. The last word tells whether any
    oscillates.
    """
    words = rows.shape[1] // 2
    mask = np.zeros(words, np.uint64)
    for r in range(len(rows)):
        mask[:] = always
        any_free = False
        for w in range(words):
            free = rows[r, w] & rows[r, words + w]
            v = 64 * w
            while free:
                any_free = True
                while free & np.uint64(255) == 0:
                    free >>= np.uint64(8)
                    v += 8
                while free & _ONE == 0:
                    free >>= _ONE
                    v += 1
                mask |= around[v]
                free >>= _ONE
                v += 1
        for w in range(words):
            keys[r, w] = rows[r, w] & mask[w]
            keys[r, words + w] = rows[r, words + w] & mask[w]
        keys[r, 2 * words] = any_free


@compiled
def classes_of(keys: Words, kind: NDArray[np.int64], first: NDArray[np.int64]) -> int:
    """Give equal rows equal numbers, in order of appearance; return how many there are.

    ``kind[r]`` becomes the number of row ``r``, ``first[k]`` the first row of number ``k``.
    """
    size = 16
    while size < 2 * len(keys):
        size *= 2
    table = np.full(size, -1, np.int64)
    count = 0
    for r in range(len(keys)):
        h = np.uint64(14695981039346656037)
        for w in range(keys.shape[1]):
            h = (h ^ keys[r, w]) * np.uint64(1099511628211)
            h ^= h >> np.uint64(29)
        place = np.int64(h & np.uint64(size - 1))
        while True:
            k = table[place]
            if k < 0:
                table[place] = count
                first[count] = r
                kind[r] = count
                count += 1
                break
            if (keys[first[k]] == keys[r]).all():
                kind[r] = k
                break
            place = (place + 1) & (size - 1)
    return count
