"""Loops: random runs from event to event, or 512 at a time on one clock, compiled.

This module is long because a compiled function is compiled anew only when its own module changes:
what one calls has to be in the same module.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numba
import numpy as np

WORDS = 8
"""Number of words whose bits are the runs that share a clock."""

_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)

Array: TypeAlias = "np.ndarray[Any, Any]"


def _compiled(function: Callable[..., Any], *, inline: str = "never") -> Callable[..., Any]:
    """Compile a function when it is first called, and keep it on disk where that is possible."""
    options = {"nogil": True, "error_model": "numpy", "inline": inline}
    try:
        compiled: Callable[..., Any] = numba.njit(cache=True, **options)(function)
    except RuntimeError:  # no folder that can be written
        compiled = numba.njit(**options)(function)
    return compiled


def _inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function into those that call it, so that calling it costs nothing."""
    return _compiled(function, inline="always")


# --- random numbers ---


def streams(seed: int, first: int, count: int) -> Array:
    """Return the state of the random numbers of each run, two words each.

    The words are SplitMix64 of the seed and the number of the run (Steele, Lea and Flood 2014,
    doi 10.1145/2660193.2660195); they seed xoroshiro128+ (Blackman and Vigna 2021,
    doi 10.1145/3460772).
    """
    golden, mask = 0x9E3779B97F4A7C15, (1 << 64) - 1
    base = int(_mixed(np.array([(seed * 2 + 1) & mask], np.uint64))[0])
    numbers = np.arange(first, first + count, dtype=np.uint64)
    start = _mixed(numbers * np.uint64(0xD1342543DE82EF95) + np.uint64(base))
    with np.errstate(over="ignore"):
        pair = [_mixed(start + np.uint64(golden * k & mask)) for k in (1, 2)]
    return np.ascontiguousarray(np.stack(pair, axis=1))


def _mixed(z: Array) -> Array:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return z


_TAIL = 7.69711747013104972
"""Where the last layer of the ziggurat begins."""


def _ziggurat() -> tuple[Array, Array, Array]:
    """Return the layers of the exponential distribution, equal in area.

    Marsaglia and Tsang 2000 (doi 10.18637/jss.v005.i08), with 256 layers and 53 random bits: up to
    which bits a layer is accepted at once, the width of a bit in it, and the density at its end.
    """
    accepted, widths, heights = np.zeros(256), np.zeros(256), np.zeros(256)
    bits, area = 2.0**53, 0.0039496598225815571993
    end = before = _TAIL
    base = area / math.exp(-end)
    accepted[0], widths[0], heights[0] = end / base * bits, base / bits, 1.0
    widths[255], heights[255] = end / bits, math.exp(-end)
    for layer in range(254, 0, -1):
        end = -math.log(area / end + math.exp(-end))
        accepted[layer + 1] = end / before * bits
        before = end
        heights[layer], widths[layer] = math.exp(-end), end / bits
    return accepted.astype(np.uint64), widths, heights


_ACCEPTED, _WIDTHS, _HEIGHTS = _ziggurat()

_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
"""Times a power of two, its highest six bits tell which (Leiserson, Prokop and Randall 1998)."""

_PLACES = np.zeros(64, np.int64)
_PLACES[[(0x03F79D71B4CB0A89 << i & (1 << 64) - 1) >> 58 for i in range(64)]] = np.arange(64)


# --- compiled ---


@_compiled
def _step(s0, s1):  # type: ignore[no-untyped-def]
    """Return the next state of a stream, and the number that it draws."""
    drawn = s0 + s1
    s1 ^= s0
    s0 = ((s0 << np.uint64(24)) | (s0 >> np.uint64(40))) ^ s1 ^ (s1 << np.uint64(16))
    return s0, (s1 << np.uint64(37)) | (s1 >> np.uint64(27)), drawn


@_compiled
def _next(s):  # type: ignore[no-untyped-def]
    s[0], s[1], drawn = _step(s[0], s[1])
    return drawn


@_compiled
def _uniform(s):  # type: ignore[no-untyped-def]
    return _unit(_next(s))


@_compiled
def _unit(drawn):  # type: ignore[no-untyped-def]
    """Return a number above 0 and below 1."""
    return (np.float64(drawn >> np.uint64(12)) + 0.5) * (1.0 / 4503599627370496.0)


@_compiled
def _wait(s0, s1):  # type: ignore[no-untyped-def]
    """Return the next state of a stream, and an exponential number of mean 1."""
    while True:
        s0, s1, drawn = _step(s0, s1)
        layer = drawn >> np.uint64(56)
        drawn = (drawn >> np.uint64(3)) & np.uint64(0x1FFFFFFFFFFFFF)
        time = np.float64(drawn) * _WIDTHS[layer]
        if drawn < _ACCEPTED[layer]:
            return s0, s1, time
        s0, s1, drawn = _step(s0, s1)
        if layer == 0:
            return s0, s1, _TAIL - math.log(_unit(drawn))
        step = _HEIGHTS[layer - np.uint64(1)] - _HEIGHTS[layer]
        if _HEIGHTS[layer] + _unit(drawn) * step < math.exp(-time):
            return s0, s1, time


@_compiled
def draw(streams, columns, rows, bounds, states):  # type: ignore[no-untyped-def]
    """Give some variables the values of a row; `bounds` is how likely each row or one before is."""
    for r in range(len(states)):
        row = np.int64(0)
        if len(bounds):
            u = _uniform(streams[r])
            for k in range(len(bounds)):  # without a branch that could only be guessed
                row += np.int64(u >= bounds[k])
        for i in range(len(columns)):
            states[r, columns[i]] = rows[i, row]


@_compiled
def _walk(nodes, node, x):  # type: ignore[no-untyped-def]
    while node > 1:
        node = nodes[node, 2] if x[nodes[node, 0]] else nodes[node, 1]
    return node


@_compiled
def follow_alike(  # type: ignore[no-untyped-def]
    tables, roots, nodes, edges, targets, weights, rate,
    states, streams, begin, end, inverse, first, columns, changes, passages, resting,
):  # fmt: skip
    """Follow runs from event to event, at one rate for all variables.

    As `follow` does it, but the variables about to change are the bits of a few words, so that most
    of what happens at an event needs no branch that a processor could only guess.
    """
    n = states.shape[1]
    last = len(changes) - 1
    timed = passages.shape[1] if begin >= 0.0 else 0
    index = np.empty(len(roots), np.int64)
    value = np.empty(len(roots), np.uint8)
    one = np.uint64(1)
    waiting = np.empty((n + 63) // 64, np.uint64)
    counts = np.empty(len(waiting), np.int64)
    pauses = np.empty(n + 1)  # mean waiting time by the number of moving variables
    for number in range(1, n + 1):
        pauses[number] = 1.0 / (rate * number)
    for r in range(len(states)):
        x, s0, s1 = states[r], streams[r, 0], streams[r, 1]
        for f in range(len(roots)):
            index[f] = roots[f]
        for v in range(n):
            if x[v]:
                changes[0, columns[v]] += 1
                for e in range(edges[v], edges[v + 1]):
                    index[targets[e]] += weights[e]
        waiting[:] = 0
        counts[:] = 0
        count = np.int64(0)
        for f in range(len(roots)):
            now = tables[index[f]] if roots[f] >= 0 else _walk(nodes, -1 - roots[f], x)
            if f < n:
                moves = now ^ x[f]
                waiting[f >> 6] |= np.uint64(moves) << np.uint64(f & 63)
                counts[f >> 6] += moves
                count += moves
                continue
            value[f] = now
            changes[0, columns[f]] += now
            if now and f - n < timed and math.isnan(passages[r, f - n]):
                passages[r, f - n] = begin
        t = begin
        while count:
            s0, s1, wait = _wait(s0, s1)
            t += wait * pauses[count]
            if t >= end:
                break
            s0, s1, drawn = _step(s0, s1)
            p = np.int64(((drawn >> np.uint64(32)) * np.uint64(count)) >> np.uint64(32))
            w = 0
            while p >= counts[w]:
                p -= counts[w]
                w += 1
            left = waiting[w]
            for _ in range(p):
                left &= left - one
            left &= ~left + one
            v = 64 * w + _PLACES[(left * _DE_BRUIJN) >> np.uint64(58)]
            waiting[w] ^= left
            counts[w] -= 1
            count -= 1
            sign = 1 - 2 * np.int64(x[v])
            x[v] ^= 1
            k = min(max(np.int64(t * inverse) + 1 - first, 0), last)
            changes[k, columns[v]] += sign
            for e in range(edges[v], edges[v + 1]):
                f, weight = targets[e], weights[e]
                if weight:
                    index[f] += sign * weight
                    now = tables[index[f]]
                else:
                    now = _walk(nodes, -1 - roots[f], x)
                if f < n:
                    w, bit = f >> 6, np.uint64(f & 63)
                    moves = np.uint64(now ^ x[f])
                    was = (waiting[w] >> bit) & one
                    waiting[w] ^= (moves ^ was) << bit
                    more = np.int64(moves) - np.int64(was)
                    counts[w] += more
                    count += more
                elif now != value[f]:
                    value[f] = now
                    changes[k, columns[f]] += 1 if now else -1
                    if now and f - n < timed and math.isnan(passages[r, f - n]):
                        passages[r, f - n] = t
        if count == 0:
            k = min(max(np.int64(t * inverse) + 1 - first, 0), last) if t > begin else 0
            for j in range(len(resting)):
                changes[k, columns[len(roots) + j]] += value[resting[j]]
        streams[r, 0], streams[r, 1] = s0, s1


@_inlined
def _unlist(v, c, waiting, count, where):  # type: ignore[no-untyped-def]
    """Take a variable out of the list of its class; the last one takes its place."""
    p = where[v]
    count[c] -= 1
    other = waiting[c, count[c]]
    waiting[c, p] = other
    where[other] = p
    where[v] = -1


@_inlined
def _enlist(v, c, waiting, count, where):  # type: ignore[no-untyped-def]
    """Put a variable into the list of its class."""
    where[v] = count[c]
    waiting[c, count[c]] = v
    count[c] += 1


@_compiled
def follow(  # type: ignore[no-untyped-def]
    tables, roots, nodes, edges, targets, weights, rates, classes, bounds,
    owners, bits, sides, places, members, speeds, bands,
    states, streams, begin, end, inverse, first, columns, changes, passages, resting,
):  # fmt: skip
    """Follow runs from event to event.

    The functions after the observed ones are bits of numbers: number i selects the rate of choice
    ``owners[i]``, so that rates and classes are always those of the current state. ``changes[k,
    columns[f]]`` counts how much more often function f holds at time point ``first + k`` than at
    the one before; the last row collects later changes, and the last column is never read. The
    columns after those of the functions count where function ``resting[j]`` holds at a fixed point.
    """
    n = states.shape[1]
    m = len(roots) - len(owners)
    rates, classes = rates.copy(), classes.copy()
    numbers = np.zeros(len(sides), np.int64)
    last = len(changes) - 1
    timed = passages.shape[1] if begin >= 0.0 else 0
    index = np.empty(len(roots), np.int64)
    value = np.empty(len(roots), np.uint8)  # of observed functions and bits
    waiting = np.empty((len(bounds), n), np.int32)  # variables about to change, by class
    count = np.zeros(len(bounds), np.int64)
    where = np.empty(n, np.int32)  # in its list; -1: not waiting
    for r in range(len(states)):
        x, s = states[r], streams[r]
        for f in range(len(roots)):
            index[f] = roots[f]
        for v in range(n):
            if x[v]:
                changes[0, columns[v]] += 1
                for e in range(edges[v], edges[v + 1]):
                    index[targets[e]] += weights[e]
        count[:] = 0
        numbers[:] = 0
        for f in range(m, len(roots)):
            value[f] = tables[index[f]] if roots[f] >= 0 else _walk(nodes, -1 - roots[f], x)
            numbers[owners[f - m]] |= np.int64(value[f]) << bits[f - m]
        for choice in range(len(sides)):
            for i in range(places[choice], places[choice + 1]):
                rates[members[i], sides[choice]] = speeds[choice, numbers[choice]]
                classes[members[i], sides[choice]] = bands[choice, numbers[choice]]
        for f in range(m):
            now = tables[index[f]] if roots[f] >= 0 else _walk(nodes, -1 - roots[f], x)
            if f >= n:
                value[f] = now
                changes[0, columns[f]] += now
                if now and f - n < timed and math.isnan(passages[r, f - n]):
                    passages[r, f - n] = begin
                continue
            where[f] = -1
            c = classes[f, x[f]]
            if now != x[f] and c >= 0:
                _enlist(f, c, waiting, count, where)
        t = begin
        while True:
            total = 0.0
            for c in range(len(bounds)):
                total += count[c] * bounds[c]
            if total == 0.0:
                k = min(max(int(t * inverse) + 1 - first, 0), last) if t > begin else 0
                for j in range(len(resting)):
                    changes[k, columns[m + j]] += value[resting[j]]
                break
            s[0], s[1], wait = _wait(s[0], s[1])
            t += wait / total
            if t >= end:
                break
            u = _uniform(s) * total
            c = 0
            while c < len(bounds) - 1 and u >= count[c] * bounds[c]:
                u -= count[c] * bounds[c]
                c += 1
            u /= bounds[c]
            if count[c] == 0:  # rounding went past the last move
                continue
            p = min(int(u), count[c] - 1)
            v = waiting[c, p]
            if (u - p) * bounds[c] >= rates[v, x[v]]:
                continue
            _unlist(v, c, waiting, count, where)
            sign = -1 if x[v] else 1
            x[v] ^= 1
            k = min(max(int(t * inverse) + 1 - first, 0), last)
            changes[k, columns[v]] += sign
            for e in range(edges[v], edges[v + 1]):
                f = targets[e]
                if roots[f] >= 0:
                    index[f] += sign * weights[e]
                    now = tables[index[f]]
                else:
                    now = _walk(nodes, -1 - roots[f], x)
                if f >= n:
                    if f >= m:
                        if now == value[f]:
                            continue
                        value[f] = now
                        choice = owners[f - m]
                        side = sides[choice]
                        numbers[choice] ^= np.int64(1) << bits[f - m]
                        c = bands[choice, numbers[choice]]
                        for i in range(places[choice], places[choice + 1]):
                            w = members[i]
                            d = classes[w, side]
                            rates[w, side] = speeds[choice, numbers[choice]]
                            classes[w, side] = c
                            if x[w] != side or c == d:
                                continue
                            if where[w] >= 0:
                                _unlist(w, d, waiting, count, where)
                            goes = (
                                tables[index[w]]
                                if roots[w] >= 0
                                else _walk(nodes, -1 - roots[w], x)
                            )
                            if goes != x[w] and c >= 0:
                                _enlist(w, c, waiting, count, where)
                    elif now != value[f]:
                        value[f] = now
                        changes[k, columns[f]] += 1 if now else -1
                        if now and f - n < timed and math.isnan(passages[r, f - n]):
                            passages[r, f - n] = t
                    continue
                d = classes[f, x[f]]
                if now != x[f]:
                    if where[f] < 0 and d >= 0:
                        _enlist(f, d, waiting, count, where)
                elif where[f] >= 0:
                    _unlist(f, d, waiting, count, where)


@_compiled
def _evaluate(steps, begin, end, x, slots):  # type: ignore[no-untyped-def]
    """Evaluate a function in all lanes; its values are in the last slot, which is returned."""
    slot = 1
    for i in range(begin, end):
        slot += 1
        v, low, high = steps[i, 0], steps[i, 1], steps[i, 2]
        for w in range(WORDS):
            b = slots[low, w]
            slots[slot, w] = b ^ ((b ^ slots[high, w]) & x[v, w])
    return slot


@_compiled
def _ones(word):  # type: ignore[no-untyped-def]
    word -= (word >> np.uint64(1)) & np.uint64(0x5555555555555555)
    word = (word & np.uint64(0x3333333333333333)) + (
        (word >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@_compiled
def tick(  # type: ignore[no-untyped-def]
    steps, starts, movers, bounds, blocks, streams, begin, times, held, resting
):  # fmt: skip
    """Run blocks of lanes on a clock four times too fast; a lane accepts every fourth tick.

    The lanes are recorded at each of `times` but the last, at which they stop. The columns of
    `held` after those of the functions count where function ``resting[j]`` holds and nothing is
    about to move.
    """
    n = blocks.shape[1]
    longest = 0
    for f in range(len(starts) - 1):
        longest = max(longest, starts[f + 1] - starts[f])
    slots = np.empty((longest + 2, WORDS), np.uint64)
    slots[0] = np.uint64(0)
    slots[1] = _ALL
    still = np.empty(WORDS, np.uint64)
    pace = 4.0 * len(movers) * (bounds[0] if len(bounds) else 0.0)
    for b in range(len(blocks)):
        x, s = blocks[b], streams[b]
        t = begin
        for k in range(len(times)):
            while pace > 0.0:
                t -= math.log(_uniform(s)) / pace
                if t >= times[k]:
                    break
                v = movers[((_next(s) >> np.uint64(32)) * np.uint64(len(movers))) >> np.uint64(32)]
                slot = _evaluate(steps, starts[v], starts[v + 1], x, slots)
                for w in range(WORDS):
                    accepted = _next(s) & _next(s)
                    x[v, w] ^= (x[v, w] ^ slots[slot, w]) & accepted
            t = times[k]  # the clock forgets: waiting anew changes nothing
            if k == len(times) - 1:
                break
            for v in range(n):
                for w in range(WORDS):
                    held[b, k, v] += _ones(x[v, w])
            for f in range(n, len(starts) - 1):
                slot = _evaluate(steps, starts[f], starts[f + 1], x, slots)
                for w in range(WORDS):
                    held[b, k, f] += _ones(slots[slot, w])
            if len(resting):
                still[:] = _ALL
                for i in range(len(movers) if pace > 0.0 else 0):
                    v = movers[i]
                    slot = _evaluate(steps, starts[v], starts[v + 1], x, slots)
                    for w in range(WORDS):
                        still[w] &= ~(x[v, w] ^ slots[slot, w])
                for j in range(len(resting)):
                    f = resting[j]
                    slot = _evaluate(steps, starts[f], starts[f + 1], x, slots)
                    for w in range(WORDS):
                        held[b, k, len(starts) - 1 + j] += _ones(slots[slot, w] & still[w])
