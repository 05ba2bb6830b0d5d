"""Kernel: many random runs of a network in continuous time, compiled.

Each variable that is about to change does so at a rate of its own: a continuous-time Markov chain
(Stoll et al. 2012, doi 10.1186/1752-0509-6-116). Because a multi-valued component is a ladder of
variables of which at most one is about to change, the same chain moves components by one level.

There are two ways to run it. `ONE_BY_ONE` follows each run from event to event (Gillespie 1977,
doi 10.1021/j100540a008) and re-evaluates only what a change can touch; moves wait in lists of
nearly equal rate (Slepoy, Thompson and Plimpton 2008, doi 10.1063/1.2919546). `TOGETHER` needs one
rate for all: 512 runs are the bits of eight words and share a clock that ticks too fast, and each
run accepts a tick with a chance of its own. Every run is then exact by itself, but runs of one
block are not independent of each other: whoever counts them has to estimate how much less they
tell.

Run number i draws from a stream that depends on the seed and i alone (a block of 512 on that of
the block), so results depend neither on the number of processes nor on how runs are dealt out.

This module is long because compiled functions cannot share their inner loops across modules.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numba
import numpy as np

from regnet.boolean import BooleanNetwork
from regnet.diagram import Diagram, Function, truth_columns

ONE_BY_ONE, TOGETHER = "one by one", "together"

LANES = 512
"""So many runs share a clock when they run together."""

MAX_TABLE = 12
"""Functions of more variables are walked as decision diagrams: a table would leave the cache."""

_WORDS = LANES // 64
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)

Array: TypeAlias = "np.ndarray[Any, Any]"
Rate: TypeAlias = tuple[float, float]


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function when it is first called, and keep it on disk where that is possible."""
    try:
        compiled: Callable[..., Any] = numba.njit(cache=True, nogil=True, error_model="numpy")(
            function
        )
    except RuntimeError:  # no folder that can be written
        compiled = numba.njit(nogil=True, error_model="numpy")(function)
    return compiled


# --- what is run -----------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Program:
    """The functions and rates of one stretch of time, as arrays.

    Functions are numbered: those of the variables in `order` first, then the observed ones.

    Parameters
    ----------
    tables, roots
        The truth tables one after the other, and where each begins; -1 - n is node n of a diagram.
    nodes
        Of diagrams: variable, node where it is 0, node where it is 1. Nodes 0 and 1 are terminals.
    edges, targets, weights
        The functions that name variable v are ``targets[edges[v]:edges[v + 1]]``; `weights` is what
        the variable adds to the place in the table, 0 for diagrams.
    steps, starts
        All functions as diagrams from the terminals up: (variable, low, high), where low and high
        are 0, 1, or 2 + the number of a step of the same function.
    movers
        The variables that are not just kept: those of inputs are.
    rates, classes, bounds
        Rate and class of each move, ``[v, 0]`` up and ``[v, 1]`` down (class -1: never moves), and
        the highest rate of each class, which is less than twice the lowest.
    """

    order: tuple[int, ...]
    observed: int
    tables: Array
    roots: Array
    nodes: Array
    edges: Array
    targets: Array
    weights: Array
    steps: Array
    starts: Array
    movers: Array
    rates: Array
    classes: Array
    bounds: Array


@dataclass(frozen=True, eq=False)
class Stretch:
    """A stretch of time under one program; some variables are set when it begins."""

    begin: float
    end: float
    program: Program
    set: Mapping[int, bool]


@dataclass(frozen=True, eq=False)
class Plan:
    """What every run does.

    Parameters
    ----------
    stretches
        One after the other in time, none across time 0: nothing is recorded before it.
    ladders
        The variables of each component with the lowest and highest level it may start at; any of
        these is equally likely.
    until, points
        Runs are looked at at time 0 and at `points` equal steps up to `until`.
    passages
        So many of the observed functions, the first ones, are timed.
    kept
        The variables that are wanted, in time and at the end.
    """

    stretches: tuple[Stretch, ...]
    ladders: tuple[tuple[tuple[int, ...], int, int], ...]
    until: float
    points: int
    passages: int
    kept: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Runs:
    """What some runs did.

    Parameters
    ----------
    count
        How many runs.
    held
        ``[k, f]``: in how many runs variable or observed function f held at time point k; known
        for kept variables only.
    passages
        ``[run, condition]``: when a condition first held, NaN where it never did.
    ends
        Values of the kept variables at the end, packed eight to a byte -> number of runs.
    """

    count: int
    held: Array
    passages: Array
    ends: dict[bytes, int]


def compile_program(
    network: BooleanNetwork,
    order: Sequence[int],
    observed: Sequence[Function],
    rates: Mapping[int, Rate],
) -> Program:
    """Return a network as arrays.

    Parameters
    ----------
    network
        The network.
    order
        The variables that run; their functions name no others.
    observed
        Further functions of these variables, which are only watched.
    rates
        Variable -> rate of becoming 1 and of becoming 0; 0 means never.
    """
    diagram = network.diagram
    place = {v: i for i, v in enumerate(order)}
    functions = [*(network.functions[v] for v in order), *observed]
    tables: list[Array] = []
    roots, size = [], 0
    nodes: dict[int, int] = {0: 0, 1: 1}
    rows = [(0, 0, 0), (0, 0, 0)]
    named: list[list[tuple[int, int]]] = [[] for _ in order]
    for number, function in enumerate(functions):
        support = sorted(diagram.support(function))
        as_table = len(support) <= MAX_TABLE
        if as_table:
            table = _table(diagram, function, support)
            tables.append(table)
            roots.append(size)
            size += len(table)
        else:
            for node in diagram.nodes(function):
                if node not in nodes:
                    low, high = diagram.branches(node)
                    nodes[node] = len(rows)
                    rows.append((place[diagram.variable(node)], nodes[low], nodes[high]))
            roots.append(-1 - nodes[function])
        for i, v in enumerate(reversed(support)):
            named[place[v]].append((number, 1 << i if as_table else 0))
    pairs = [pair for own in named for pair in own]
    steps, starts = _straight(diagram, functions, place)
    moves = np.array([rates[v] for v in order], float).reshape(-1, 2)
    classes, bounds = _classes(moves)
    return Program(
        tuple(order),
        len(observed),
        np.concatenate([*tables, np.zeros(1, np.uint8)]),
        np.array(roots, np.int64),
        np.array(rows, np.int32),
        np.cumsum([0, *map(len, named)]).astype(np.int64),
        np.array([target for target, _ in pairs], np.int32),
        np.array([weight for _, weight in pairs], np.int32),
        steps,
        starts,
        np.array([place[v] for v in order if network.functions[v] != diagram.literal(v)], np.int32),
        moves,
        classes,
        bounds,
    )


def _table(diagram: Diagram, function: Function, support: Sequence[int]) -> Array:
    columns, full = truth_columns(len(support))
    table = diagram.evaluate(function, dict(zip(support, columns, strict=True)), full)
    length = 1 << len(support)
    raw = np.frombuffer(table.to_bytes((length + 7) // 8, "little"), np.uint8)
    return np.unpackbits(raw, bitorder="little")[:length]


def _straight(
    diagram: Diagram, functions: Sequence[Function], place: Mapping[int, int]
) -> tuple[Array, Array]:
    """Return every function as a list of if-then-else steps, and where each list begins."""
    steps: list[tuple[int, int, int]] = []
    starts = [0]
    for function in functions:
        if function < 2:  # a step that does not matter: 0 or 1 whatever the first variable is
            steps.append((0, function, function))
        slot = {0: 0, 1: 1}
        for node in diagram.nodes(function) if function > 1 else ():
            low, high = diagram.branches(node)
            steps.append((place[diagram.variable(node)], slot[low], slot[high]))
            slot[node] = len(slot)
        starts.append(len(steps))
    return np.array(steps, np.int32).reshape(-1, 3), np.array(starts, np.int64)


def _classes(rates: Array) -> tuple[Array, Array]:
    """Put rates within a factor of two of each other into one class."""
    classes = np.full(rates.shape, -1, np.int8)
    moving = rates > 0
    octaves = np.frexp(rates)[1]
    bounds = []
    for number, octave in enumerate(np.unique(octaves[moving])):
        own = moving & (octaves == octave)
        classes[own] = number
        bounds.append(rates[own].max())
    return classes, np.array(bounds, float)


# --- running ---------------------------------------------------------------------------------


def run(plan: Plan, way: str, seed: int, runs: tuple[int, int]) -> Runs:
    """Run a plan.

    Parameters
    ----------
    plan
        What every run does.
    way
        `ONE_BY_ONE`, or `TOGETHER` where all rates are equal and nothing is timed.
    seed
        Of the random numbers.
    runs
        The number of the first run and how many there are; whole blocks of `LANES` when they run
        together.
    """
    first, count = runs
    order = plan.stretches[0].program.order
    place = {v: i for i, v in enumerate(order)}
    streams = _streams(seed, first, count)
    states = np.zeros((count, len(order)), np.uint8)
    for group, low, high in plan.ladders:
        columns = np.array([place[v] for v in group])
        _draw(streams, columns, low, high, states)
    observed = plan.stretches[0].program.observed
    held = np.zeros((plan.points + 1, len(order) + observed), np.int64)
    passages = np.full((count, plan.passages), np.nan)
    if way == TOGETHER:
        blocks = _packed(states)
        _run_together(plan, blocks, _streams(~seed, first // LANES, len(blocks)), held)
        states = _unpacked(blocks)
    else:
        _run_one_by_one(plan, states, streams, held, passages)
    kept = np.packbits(states[:, [place[v] for v in plan.kept]], axis=1)
    raw, width = kept.tobytes(), kept.shape[1]
    ends = Counter(raw[i : i + width] for i in range(0, len(raw), width))
    return Runs(count, held, passages, dict(ends))


def _samples(plan: Plan, stretch: Stretch) -> tuple[int, int]:
    """Return the first time point of a stretch and the first one after it."""
    step = plan.until / plan.points
    first = max(0, math.ceil(stretch.begin / step - 1e-9))
    if stretch is plan.stretches[-1]:
        return first, plan.points + 1
    return first, max(0, math.ceil(stretch.end / step - 1e-9))


def _run_one_by_one(
    plan: Plan, states: Array, streams: Array, held: Array, passages: Array
) -> None:
    step = plan.until / plan.points
    order, observed = plan.stretches[0].program.order, plan.stretches[0].program.observed
    wanted = [*map(order.index, plan.kept), *range(len(order), len(order) + observed)]
    columns = np.full(len(order) + observed, -1, np.int32)
    columns[wanted] = np.arange(len(wanted))
    for stretch in plan.stretches:
        p = stretch.program
        for v, value in stretch.set.items():
            states[:, p.order.index(v)] = value
        first, last = _samples(plan, stretch)
        changes = np.zeros((last - first + 1, len(plan.kept) + p.observed), np.int32)
        _follow(
            p.tables, p.roots, p.nodes, p.edges, p.targets, p.weights,
            p.rates, p.classes, p.bounds,
            states, streams, stretch.begin, stretch.end, 1 / step, first,
            columns, changes, passages,
        )  # fmt: skip
        held[first:last, wanted] = np.cumsum(changes[:-1], axis=0)


def _run_together(plan: Plan, blocks: Array, streams: Array, held: Array) -> None:
    step = plan.until / plan.points
    for stretch in plan.stretches:
        p = stretch.program
        for v, value in stretch.set.items():
            blocks[:, p.order.index(v)] = _ALL if value else np.uint64(0)
        first, last = _samples(plan, stretch)
        times = np.append(np.arange(first, last) * step, stretch.end)
        _tick(p.steps, p.starts, p.movers, p.bounds, blocks, streams, stretch.begin,
              times, held[first:last])  # fmt: skip


def _packed(states: Array) -> Array:
    """Return runs as bits: ``[block, variable, word]``."""
    blocks = states.reshape(-1, LANES, states.shape[1]).transpose(0, 2, 1)
    return np.packbits(np.ascontiguousarray(blocks), axis=2, bitorder="little").view(np.uint64)


def _unpacked(blocks: Array) -> Array:
    bits = np.unpackbits(blocks.view(np.uint8), axis=2, bitorder="little")
    return bits.transpose(0, 2, 1).reshape(-1, blocks.shape[1])


def _streams(seed: int, first: int, count: int) -> Array:
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


# --- compiled --------------------------------------------------------------------------------


@_compiled
def _next(s):  # type: ignore[no-untyped-def]
    s0, s1 = s[0], s[1]
    result = s0 + s1
    s1 ^= s0
    s[0] = ((s0 << np.uint64(24)) | (s0 >> np.uint64(40))) ^ s1 ^ (s1 << np.uint64(16))
    s[1] = (s1 << np.uint64(37)) | (s1 >> np.uint64(27))
    return result


@_compiled
def _uniform(s):  # type: ignore[no-untyped-def]
    """Return a number above 0 and below 1."""
    return (np.float64(_next(s) >> np.uint64(12)) + 0.5) * (1.0 / 4503599627370496.0)


@_compiled
def _draw(streams, columns, low, high, states):  # type: ignore[no-untyped-def]
    """Give a component a level between two, each equally likely."""
    for r in range(len(states)):
        level = low
        if high > low:
            level += int(_uniform(streams[r]) * (high - low + 1))
        for i in range(len(columns)):
            states[r, columns[i]] = i < level


@_compiled
def _walk(nodes, node, x):  # type: ignore[no-untyped-def]
    while node > 1:
        node = nodes[node, 2] if x[nodes[node, 0]] else nodes[node, 1]
    return node


@_compiled
def _follow(  # type: ignore[no-untyped-def]
    tables, roots, nodes, edges, targets, weights, rates, classes, bounds,
    states, streams, begin, end, inverse, first, columns, changes, passages,
):  # fmt: skip
    """Follow runs from event to event.

    ``changes[k, columns[f]]`` collects how much more often function f holds at time point
    ``first + k`` than at the one before; the last row collects what comes too late for any, and
    column -1 means that nobody wants to know.
    """
    n = states.shape[1]
    last = len(changes) - 1
    timed = passages.shape[1] if begin >= 0.0 else 0
    index = np.empty(len(roots), np.int64)
    value = np.empty(len(roots), np.uint8)  # of observed functions
    waiting = np.empty((len(bounds), n), np.int32)  # variables about to change, by class
    count = np.zeros(len(bounds), np.int64)
    where = np.empty(n, np.int32)  # in its list; -1: not waiting
    for r in range(len(states)):
        x, s = states[r], streams[r]
        for f in range(len(roots)):
            index[f] = roots[f]
        for v in range(n):
            if x[v]:
                if columns[v] >= 0:
                    changes[0, columns[v]] += 1
                for e in range(edges[v], edges[v + 1]):
                    index[targets[e]] += weights[e]
        count[:] = 0
        for f in range(len(roots)):
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
                where[f] = count[c]
                waiting[c, count[c]] = f
                count[c] += 1
        t = begin
        while True:
            total = 0.0
            for c in range(len(bounds)):
                total += count[c] * bounds[c]
            if total == 0.0:
                break
            t -= math.log(_uniform(s)) / total
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
            count[c] -= 1
            other = waiting[c, count[c]]
            waiting[c, p] = other
            where[other] = p
            where[v] = -1
            sign = -1 if x[v] else 1
            x[v] ^= 1
            k = min(max(int(t * inverse) + 1 - first, 0), last)
            if columns[v] >= 0:
                changes[k, columns[v]] += sign
            for e in range(edges[v], edges[v + 1]):
                f = targets[e]
                if roots[f] >= 0:
                    index[f] += sign * weights[e]
                    now = tables[index[f]]
                else:
                    now = _walk(nodes, -1 - roots[f], x)
                if f >= n:
                    if now != value[f]:
                        value[f] = now
                        changes[k, columns[f]] += 1 if now else -1
                        if now and f - n < timed and math.isnan(passages[r, f - n]):
                            passages[r, f - n] = t
                    continue
                d = classes[f, x[f]]
                if now != x[f]:
                    if where[f] < 0 and d >= 0:
                        where[f] = count[d]
                        waiting[d, count[d]] = f
                        count[d] += 1
                elif where[f] >= 0:
                    p = where[f]
                    count[d] -= 1
                    other = waiting[d, count[d]]
                    waiting[d, p] = other
                    where[other] = p
                    where[f] = -1


@_compiled
def _evaluate(steps, begin, end, x, slots):  # type: ignore[no-untyped-def]
    """Evaluate a function in all lanes; its values are in the last slot, which is returned."""
    slot = 1
    for i in range(begin, end):
        slot += 1
        v, low, high = steps[i, 0], steps[i, 1], steps[i, 2]
        for w in range(_WORDS):
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
def _tick(  # type: ignore[no-untyped-def]
    steps, starts, movers, bounds, blocks, streams, begin, times, held
):  # fmt: skip
    """Run blocks of lanes on a clock four times too fast; a lane accepts every fourth tick.

    The lanes are looked at at each of `times` but the last, which is when they stop.
    """
    n = blocks.shape[1]
    longest = 0
    for f in range(len(starts) - 1):
        longest = max(longest, starts[f + 1] - starts[f])
    slots = np.empty((longest + 2, _WORDS), np.uint64)
    slots[0] = np.uint64(0)
    slots[1] = _ALL
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
                for w in range(_WORDS):
                    accepted = _next(s) & _next(s)
                    x[v, w] ^= (x[v, w] ^ slots[slot, w]) & accepted
            t = times[k]  # the clock forgets: waiting anew changes nothing
            if k == len(times) - 1:
                break
            for v in range(n):
                for w in range(_WORDS):
                    held[k, v] += _ones(x[v, w])
            for f in range(n, len(starts) - 1):
                slot = _evaluate(steps, starts[f], starts[f + 1], x, slots)
                for w in range(_WORDS):
                    held[k, f] += _ones(slots[slot, w])
