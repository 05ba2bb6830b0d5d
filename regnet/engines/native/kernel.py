"""Kernel: the search for trap spaces of mutants, compiled.

A depth-first search over the atoms of `Clauses` with counters in each clause and an undo trail.
Consequences are propagated, not guessed:

- *forward*: all atoms of a body hold, so the head does;
- *backward*: the head is impossible and one atom of the body is open, so that atom is impossible;
- *pair*: a variable that cannot be one value can be the other;
- *lasting*: a possible value that its variable never leaves is the only one. The space without the
other is a smaller trap space; - *completion*: if no clause that leads to an atom can hold, the atom
is impossible. In a minimal space nothing is possible without a reason; this percolates constants.

Branching on a feedback vertex set decides everything; those that met most conflicts go first (after
Moskewicz et al. 2001, doi 10.1145/378239.379017). "Impossible" is tried first, so a space that
contains none found before is a smallest one. Each space found blocks all that contain it; its
values in the feedback vertex set suffice for that, because two minimal trap spaces already differ
there. A block is checked only when one of two of its values becomes possible (watched literals,
loc. cit.).

The same search with "only one of both values" finds the fixed points of a network; with retained
variables these are the only places where attractors outside the minimal trap spaces can be (see
`regnet.analysis.attractors.certificate`), and a random run from each shows that there is none.

All this is in one file because the numba cache of a function is invalidated only by changes of its
own file, not of files that it calls.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from regnet.engines.native.clauses import Clauses, Ints, Words
from regnet.engines.native.compiling import compiled, inner

OPEN, YES, NO = 0, 1, 2
"""The states of an atom."""

LEAF, DONE, STOPPED = 1, 0, -1
"""Results of a search: a space, nothing left, or out of time."""

_LENGTH, _READY, _DEPTH, _NODES = 0, 1, 2, 3  # places in `_Search.counts`

_ONE = np.uint64(1)
_NEVER = 1 << 30


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
    bit: Ints  # of each atom: its bit in a block, -1 outside the feedback vertex set
    now: Words  # the bits of what is possible and has acted
    watched: Ints  # of each atom: the first watch on it, -1 for none
    following: Ints  # of each watch: the next on the same atom; block ``o`` has 2 o and 2 o + 1
    watches: Ints  # of each watch: its atom
    since: Ints  # of each atom that a block forbids: how long the trail must be for that
    late: Ints  # such atoms, while others are taken back


@compiled
def _new_search(c: Clauses, blocks: int) -> _Search:
    atoms = len(c.made_starts) - 1
    n = atoms // 2
    bit = np.full(atoms, -1, np.int32)
    for k in range(len(c.branch)):
        bit[2 * c.branch[k]] = 2 * k
        bit[2 * c.branch[k] + 1] = 2 * k + 1
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
        bit,
        np.zeros(_block_words(c), np.uint64),
        np.full(atoms, -1, np.int32),
        np.zeros(2 * blocks, np.int32),
        np.zeros(2 * blocks, np.int32),
        np.full(atoms, _NEVER, np.int32),
        np.zeros(atoms, np.int32),
    )


@inner
def _block_words(c: Clauses) -> int:
    return (2 * len(c.branch) + 63) // 64


@inner
def _decide(s: _Search, atom: int, value: int) -> None:
    s.value[atom] = value
    s.trail[s.counts[_LENGTH]] = atom
    s.counts[_LENGTH] += 1


@inner
def _propagate(c: Clauses, s: _Search, blocks: Words, points: bool) -> bool:
    """Let everything that was decided act; return whether it fits together.

    One function, with every array in a variable of its own: handing the tuples on to smaller ones
    costs four times as much as the work itself.
    """
    heads, starts, body = c.heads, c.starts, c.body
    use_starts, uses, made_starts, made = c.use_starts, c.uses, c.made_starts, c.made
    lasting = c.lasting
    value, met, lost, alive, held = s.value, s.met, s.lost, s.alive, s.held
    trail, weight, bit, now = s.trail, s.weight, s.bit, s.now
    watched, following, watches = s.watched, s.following, s.watches
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
            if points or lasting[atom]:  # only one of both
                if value[other] == YES:
                    good = False
                elif value[other] == OPEN:
                    value[other] = NO
                    trail[length] = other
                    length += 1
            if bit[atom] >= 0:
                now[bit[atom] >> 6] |= _ONE << np.uint64(bit[atom] & 63)
                watch = watched[atom]
                before = -1
                while watch >= 0:
                    after = following[watch]
                    beside = watches[watch ^ 1]
                    if beside < 0:  # there is no other
                        good = False
                        break
                    if value[beside] == NO:  # the block is not met whatever comes
                        before, watch = watch, after
                        continue
                    place = -1  # of another value that is not possible yet
                    for w in range(len(now)):
                        left = blocks[watch >> 1, w] & ~now[w]
                        if bit[beside] >> 6 == w:
                            left &= ~(_ONE << np.uint64(bit[beside] & 63))
                        if left != 0:
                            place = 64 * w + _lowest(left)
                            break
                    if place >= 0:
                        instead = 2 * c.branch[place >> 1] + (place & 1)
                        watches[watch] = instead
                        following[watch] = watched[instead]
                        watched[instead] = watch
                        if before < 0:
                            watched[atom] = after
                        else:
                            following[before] = after
                        watch = after
                        continue
                    if value[beside] == YES:
                        good = False
                        break
                    value[beside] = NO
                    trail[length] = beside
                    length += 1
                    before, watch = watch, after
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


@inner
def _lowest(word: np.uint64) -> int:
    """Return the place of the lowest bit that is set."""
    shift = 0
    while (word >> np.uint64(shift)) & np.uint64(255) == 0:
        shift += 8
    while (word >> np.uint64(shift)) & _ONE == 0:
        shift += 1
    return shift


@inner
def _take_back(c: Clauses, s: _Search, length: int) -> None:
    """Undo decisions beyond some length of the trail, but not consequences that still hold."""
    heads, use_starts, uses = c.heads, c.use_starts, c.uses
    value, met, lost, alive, trail = s.value, s.met, s.lost, s.alive, s.trail
    bit, now, since, late = s.bit, s.now, s.since, s.late
    ready = s.counts[_READY]
    kept = 0
    for i in range(s.counts[_LENGTH] - 1, length - 1, -1):
        atom = trail[i]
        if i < ready:
            if value[atom] == YES:
                if bit[atom] >= 0:
                    now[bit[atom] >> 6] &= ~(_ONE << np.uint64(bit[atom] & 63))
                for k in range(use_starts[atom], use_starts[atom + 1]):
                    met[uses[k]] -= 1
            else:
                for k in range(use_starts[atom], use_starts[atom + 1]):
                    clause = uses[k]
                    lost[clause] -= 1
                    if lost[clause] == 0:
                        alive[heads[clause]] += 1
        value[atom] = OPEN
        if since[atom] <= length:
            late[kept] = atom
            kept += 1
        else:
            since[atom] = _NEVER
    s.counts[_LENGTH] = s.counts[_READY] = length
    for k in range(kept):
        _decide(s, late[k], NO)


@inner
def _begin(c: Clauses, s: _Search, starts: Ints, atoms: Ints, mutant: Ints) -> None:
    """Start the search for one mutant."""
    s.value[:] = OPEN
    s.met[:] = 0
    s.lost[:] = 0
    s.held[:] = False
    s.counts[:] = 0
    s.weight[:] = 0.0
    s.now[:] = 0
    s.watched[:] = -1
    s.since[:] = _NEVER
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


@inner
def _rule_out(c: Clauses, s: _Search, blocks: Words, o: int) -> bool:
    """Watch that no space contains that of block `o`; return whether one still can.

    A block is watched at two of its values that are not possible yet; if there are fewer, at those
    that became possible last.
    """
    first = second = -1
    position = 0
    for w in range(len(s.now)):
        left = blocks[o, w] & ~s.now[w]
        while left != 0 and second < 0:
            place = 64 * w + _lowest(left)
            left &= left - _ONE
            first, second = 2 * c.branch[place >> 1] + (place & 1), first
    if first < 0 or (second < 0 and s.value[first] == YES):
        return False
    if second < 0:
        for i in range(s.counts[_READY] - 1, -1, -1):
            atom = s.trail[i]
            k = s.bit[atom]
            if s.value[atom] == YES and k >= 0 and (blocks[o, k >> 6] >> np.uint64(k & 63)) & _ONE:
                second = atom
                position = i + 1
                break
        if s.value[first] == OPEN:
            _decide(s, first, NO)
        s.since[first] = min(s.since[first], position)
    for side, atom in ((0, first), (1, second)):
        watch = 2 * o + side
        s.watches[watch] = atom
        if atom >= 0:
            s.following[watch] = s.watched[atom]
            s.watched[atom] = watch
    return True


@inner
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


@inner
def _can_differ(
    s: _Search, starts: Ints, atoms: Ints, mutant: Ints, parents: Ints, place: int
) -> bool:
    """Return whether each perturbation whose absence was searched before can still matter.

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


@inner
def _next_space(
    c: Clauses,
    s: _Search,
    good: bool,
    blocks: Words,
    fresh: int,
    starts: Ints,
    atoms: Ints,
    mutant: Ints,
    parents: Ints,
    place: int,
    budget: int,
    points: bool,
) -> int:
    """Search until everything is decided; `good` is False to continue after a space.

    `fresh` is the block of that space, or -1.
    """
    while True:
        if good and _can_differ(s, starts, atoms, mutant, parents, place):
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
            if fresh >= 0:
                if not _rule_out(c, s, blocks, fresh):
                    good = False
                    continue
                fresh = -1
            atom = 2 * s.turn[depth]
            good = s.value[atom] != NO
            if not good:
                continue
            if s.value[atom] == OPEN:
                _decide(s, atom, YES)
        good = _propagate(c, s, blocks, points)


@inner
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


@inner
def _fixes(row: Words, starts: Ints, atoms: Ints, p: int) -> bool:
    """Return whether a space already has what a perturbation holds."""
    words = len(row) // 2
    for k in range(starts[p], starts[p + 1]):
        v, value = atoms[k] >> 1, atoms[k] & 1
        shift = np.uint64(v & 63)
        if (row[(1 - value) * words + (v >> 6)] >> shift) & _ONE:
            return False
    return True


@inner
def _is_among(rows: Words, first: int, last: int, row: Words) -> bool:
    for r in range(first, last):
        same = True
        for w in range(len(row)):
            if rows[r, w] != row[w]:
                same = False
                break
        if same:
            return True
    return False


@inner
def _fill(
    c: Clauses,
    s: _Search,
    blocks: Words,
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
    """Do the work of `find_minimal`."""
    words = rows.shape[1] // 2
    count = 0
    for m in range(begin, len(mutants)):
        first = count
        _begin(c, s, starts, atoms, mutants[m])
        good = True
        for j in range(mutants.shape[1]):
            parent = parents[m, j]
            if parent < 0:
                continue
            others = count  # of the other parents
            for r in range(known_starts[parent], known_starts[parent + 1]):
                if not _fixes(known[r], starts, atoms, mutants[m, j]):
                    continue
                if _is_among(rows, first, others, known[r]):
                    continue
                if count == len(rows):
                    return m
                for w in range(2 * words):
                    rows[count, w] = known[r, w]
                _block(c, rows[count], blocks[count])
                good = _rule_out(c, s, blocks, count) and good
                count += 1
        good = good and _propagate(c, s, blocks, False)
        fresh = -1
        while True:
            outcome = _next_space(
                c, s, good, blocks, fresh,
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
                fresh = count
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
    """Write the minimal trap spaces of mutants from number `begin`; return where it stopped.

    It stops before a mutant whose spaces no longer fit into `rows`. A space of a mutant's
    parent (the mutant without one of its perturbations) that fixes what this perturbation holds is
    one of the mutant's own; the search is only for the others.
    """
    s = _new_search(c, len(rows))
    blocks = np.zeros((len(rows), _block_words(c)), np.uint64)
    return _fill(
        c, s, blocks, starts, atoms, mutants, begin, parents, known, known_starts,
        budget, limit, rows, ends, stopped,
    )  # fmt: skip


@inner
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
    """Return whether a random asynchronous run was seen to enter one of the spaces."""
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
    s = _new_search(retained, len(rows))
    nobody = np.full((1, mutants.shape[1]), -1, np.int32)
    state = np.zeros(len(s.held), np.int8)
    blocks = np.zeros((len(rows), _block_words(retained)), np.uint64)
    for r in range(len(rows)):
        _block(retained, rows[r], blocks[r])
    for m in range(len(mutants)):
        first, last = row_starts[m], row_starts[m + 1]
        _begin(retained, s, starts, atoms, mutants[m])
        good = True
        for r in range(first, last):
            good = good and _rule_out(retained, s, blocks, r)
        good = good and _propagate(retained, s, blocks, True)
        candidates = 0
        while True:
            outcome = _next_space(
                retained, s, good, blocks, -1,
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
