"""Kernel: many random runs of a network in continuous time, compiled.

Each variable that is about to change does so at a rate of its own, which may depend on the state: a
continuous-time Markov chain (Stoll et al. 2012, doi 10.1186/1752-0509-6-116). Because a
multi-valued component is a ladder of variables of which at most one is about to change, the same
chain moves components by one level.

There are two ways to run it. `ONE_BY_ONE` follows each run from event to event (Gillespie 1977,
doi 10.1021/j100540a008) and re-evaluates only what a change can touch; moves wait in lists of
nearly equal rate (Slepoy, Thompson and Plimpton 2008, doi 10.1063/1.2919546), and where all rates
are equal as the bits of a few words. `TOGETHER` needs one
rate for all: 512 runs are the bits of eight words and share a clock that ticks too fast, and each
run accepts a tick with a chance of its own. Every run is then exact by itself, but runs of one
block are not independent of each other: their statistics have to estimate how much less they
tell.

Run number i draws from a stream that depends on the seed and i alone (a block of 512 on that of
the block), so results depend neither on the number of processes nor on how runs are dealt out.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from regnet.engines.kernel import loops
from regnet.engines.kernel.program import Program, compile_program

__all__ = [
    "LANES", "ONE_BY_ONE", "TOGETHER", "Plan", "Program", "Runs", "Stretch", "compile_program",
    "run",
]  # fmt: skip

ONE_BY_ONE, TOGETHER = "one by one", "together"

LANES = 64 * loops.WORDS
"""Number of runs that share a clock when they run together."""

MAX_WORD_VARIABLES = 1024
"""Up to this many variables at one rate, those about to change are the bits of some words."""

_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)

Array: TypeAlias = "np.ndarray[Any, Any]"


@dataclass(frozen=True, eq=False)
class Stretch:
    """A stretch of time under one program; some variables are set when it begins."""

    begin: float
    end: float
    program: Program
    set: Mapping[int, bool]


@dataclass(frozen=True, eq=False)
class Plan:
    """The plan of all runs.

    Parameters
    ----------
    stretches
        Consecutive in time, none across time 0, before which nothing is recorded.
    draws
        Initial distribution: groups of variables that are drawn jointly, rows of their values, and
        the probability of each. Groups are independent and name every variable once.
    until, points
        Runs are recorded at time 0 and at `points` equal steps up to `until`.
    passages
        Number of observed functions, the first ones, whose times are recorded.
    kept
        The recorded variables, in time and at the end.
    resting
        The numbers of observed functions for which it is also counted how often they hold at a
        fixed point.
    """

    stretches: tuple[Stretch, ...]
    draws: tuple[tuple[Sequence[int], Sequence[Sequence[bool]], Sequence[float]], ...]
    until: float
    points: int
    passages: int
    kept: tuple[int, ...]
    resting: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Runs:
    """The results of some runs.

    Parameters
    ----------
    count
        Number of runs.
    held
        ``[b, k, f]``: in how many runs of block b variable or observed function f held at time
        point k, and then those that are counted at rest; known for kept variables only. Runs that
        are independent of each other are all one block.
    passages
        ``[run, condition]``: when a condition first held, NaN where it never did.
    ends
        Values of the kept variables at the end, packed eight to a byte -> number of runs.
    """

    count: int
    held: Array
    passages: Array
    ends: dict[bytes, int]


def run(plan: Plan, way: str, seed: int, runs: tuple[int, int]) -> Runs:
    """Run a plan.

    Parameters
    ----------
    plan
        The plan of all runs.
    way
        `ONE_BY_ONE`, or `TOGETHER` where all rates are equal and nothing is timed.
    seed
        Random seed.
    runs
        The number of the first run and how many there are; whole blocks of `LANES` when they run
        together.
    """
    first, count = runs
    order = plan.stretches[0].program.order
    place = {v: i for i, v in enumerate(order)}
    streams = loops.streams(seed, first, count)
    states = np.zeros((count, len(order)), np.uint8)
    for variables, rows, chances in plan.draws:
        columns = np.array([place[v] for v in variables])
        bounds = np.cumsum(chances[:-1])
        values = np.array(rows, np.uint8).T.copy()
        loops.draw(streams, columns, values, bounds, states)
    observed = plan.stretches[0].program.observed
    groups = count // LANES if way == TOGETHER else 1
    width = len(order) + observed + len(plan.resting)
    held = np.zeros((groups, plan.points + 1, width), np.int64)
    passages = np.full((count, plan.passages), np.nan)
    if way == TOGETHER:
        blocks = _packed(states)
        _run_together(plan, blocks, loops.streams(~seed, first // LANES, len(blocks)), held)
        states = _unpacked(blocks)
    else:
        _run_one_by_one(plan, states, streams, held[0], passages)
    ends = _counted(np.packbits(states[:, [place[v] for v in plan.kept]], axis=1))
    return Runs(count, held, passages, ends)


def _counted(rows: Array) -> dict[bytes, int]:
    """Return how often each row of bytes comes."""
    if rows.shape[1] == 1:
        counts = np.bincount(rows[:, 0], minlength=256)
        return {bytes((row,)): int(counts[row]) for row in np.flatnonzero(counts).tolist()}
    raw, width = rows.tobytes(), rows.shape[1]
    return dict(Counter(raw[i : i + width] for i in range(0, len(raw), width)))


def _samples(plan: Plan, stretch: Stretch) -> tuple[int, int]:
    """Return the first time point of an episode and the first one after it."""
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
    width = len(order) + observed + len(plan.resting)
    place = {v: i for i, v in enumerate(order)}
    wanted = [*(place[v] for v in plan.kept), *range(len(order), width)]
    columns = np.full(width, len(wanted), np.int32)
    columns[wanted] = np.arange(len(wanted))
    resting = len(order) + np.array(plan.resting, np.int64)
    for stretch in plan.stretches:
        p = stretch.program
        for v, value in stretch.set.items():
            states[:, place[v]] = value
        first, last = _samples(plan, stretch)
        changes = np.zeros((last - first + 1, len(wanted) + 1), np.int32)
        is_alike = len(order) <= MAX_WORD_VARIABLES and p.is_alike
        follow = loops.follow_alike if is_alike else loops.follow
        rates = (p.bounds[0],) if is_alike else (p.rates, p.classes, p.bounds, *p.choices)
        follow(
            p.tables, p.roots, p.nodes, p.edges, p.targets, p.weights, *rates,
            states, streams, stretch.begin, stretch.end, 1 / step, first,
            columns, changes, passages, resting,
        )  # fmt: skip
        held[first:last, wanted] = np.cumsum(changes[:-1, :-1], axis=0)


def _run_together(plan: Plan, blocks: Array, streams: Array, held: Array) -> None:
    step = plan.until / plan.points
    place = {v: i for i, v in enumerate(plan.stretches[0].program.order)}
    for stretch in plan.stretches:
        p = stretch.program
        for v, value in stretch.set.items():
            blocks[:, place[v]] = _ALL if value else np.uint64(0)
        first, last = _samples(plan, stretch)
        times = np.append(np.arange(first, last) * step, stretch.end)
        resting = len(p.order) + np.array(plan.resting, np.int64)
        loops.tick(p.steps, p.starts, p.movers, p.bounds, blocks, streams, stretch.begin,
              times, held[:, first:last], resting)  # fmt: skip


def _packed(states: Array) -> Array:
    """Return runs as bits: ``[block, variable, word]``."""
    blocks = states.reshape(-1, LANES, states.shape[1]).transpose(0, 2, 1)
    return np.packbits(np.ascontiguousarray(blocks), axis=2, bitorder="little").view(np.uint64)


def _unpacked(blocks: Array) -> Array:
    bits = np.unpackbits(blocks.view(np.uint8), axis=2, bitorder="little")
    return bits.transpose(0, 2, 1).reshape(-1, blocks.shape[1])
