"""Runs: the course of a network estimated from random runs."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from regnet.analysis import Progress
from regnet.analysis.batch import Map
from regnet.analysis.simulate.answer import MAX_ENDS, SHARES, Arrival, End
from regnet.analysis.simulate.estimate import NORMAL, Band, Estimate, Tally, wilson
from regnet.analysis.simulate.kinetics import Setup
from regnet.analysis.simulate.question import Found, Question
from regnet.deadline import Deadline, OutOfTime
from regnet.logic import Expr

if TYPE_CHECKING:
    import numpy as np

BLOCKS = 128
"""Minimum number of blocks of runs that share a clock: how these differ is how sure the
numbers are. Of 64 blocks, and where their means are skewed, 93 to 95 % of the bands hold what is
true; of 128, 94 to 96 %."""

EVENTS = 10_000_000
"""Maximum number of events or clock ticks of a batch, about a second, after which the time limit is
checked."""

INTERRUPTED = "interrupted"

Array: TypeAlias = "np.ndarray[Any, Any]"


def sampled(
    setup: Setup,
    asked: Question,
    trajectories: int,
    seed: int,
    together: bool,
    deadline: Deadline,
    map: Map,
    progress: Progress,
) -> Found:
    """Return the answer of random runs to a question; if stopped, from the runs made so far."""
    import numpy as np

    from regnet.engines import kernel

    progress(None, "compiling the network")
    columns = asked.columns(setup)
    programs = {
        acting: kernel.compile_program(
            acting.network, setup.order, acting.observed, acting.rates, acting.choices
        )
        for acting in {e.acting for e in setup.episodes}
    }
    order = set(setup.order)
    plan = kernel.Plan(
        tuple(
            kernel.Stretch(
                e.begin,
                e.end,
                programs[e.acting],
                {v: value for v, value in e.set.items() if v in order},
            )
            for e in setup.episodes
        ),
        setup.draws,
        asked.until,
        asked.points,
        len(asked.first),
        tuple(setup.order[i] for i in columns.kept),
        tuple(place for place, _ in asked.attracted),
    )
    way = kernel.TOGETHER if together else kernel.ONE_BY_ONE
    lanes = kernel.LANES if together else 1
    batches = _batches(trajectories, len(setup.order), lanes, _pace(setup), asked.points)
    tally = Tally(columns, is_together=together)
    wanted = sum(count for _, count in batches)
    stopped = ""
    try:
        for runs in map(partial(kernel.run, plan, way, seed), batches):
            tally.add(runs)
            progress(tally.count / wanted, f"{tally.count:,} of {wanted:,} runs")
            if tally.count < wanted and (tally.blocks > 1 or not together):
                deadline.check()
    except KeyboardInterrupt:
        if not tally.count or (together and tally.blocks < 2):
            raise
        stopped = INTERRUPTED
    except OutOfTime:
        stopped = "the time limit was reached"
    courses, shares = asked.read(columns, *tally.numbers())
    times = np.concatenate(tally.times)
    return Found(
        courses,
        shares,
        tuple(_timed(c, times[:, i], asked) for i, c in enumerate(asked.first)),
        tuple(End(space, estimate) for space, estimate in tally.ends(MAX_ENDS)),
        (),
        tally.count,
        float(tally.effect),
        f"{stopped} after {tally.count:,} of {wanted:,} runs" if stopped else "",
        stopped == INTERRUPTED,
    )


def _pace(setup: Setup) -> float:
    """Return how many events a run has at most, roughly."""
    total = 0.0
    for episode in setup.episodes:
        acting = episode.acting
        speeds = [max(both) for both in acting.rates.values()]
        chosen = sum(max(choice.rates) * len(choice.variables) for choice in acting.choices)
        total += (episode.end - episode.begin) * (sum(speeds) + chosen)
    return total


def _batches(
    trajectories: int, variables: int, lanes: int, pace: float, points: int
) -> list[tuple[int, int]]:
    """Deal runs into batches that are short, of whole blocks where runs share a clock."""
    if lanes > 1:
        blocks = max(-(-trajectories // lanes), BLOCKS)
        work = 4 * pace + points * variables
        size = max(1, min(blocks // 16, int(EVENTS / 4 / max(work, 1)))) * lanes
        total = blocks * lanes
    else:
        size = max(16, min(1_000_000 // variables, -(-trajectories // 8)))
        size = max(1, min(size, int(EVENTS / 4 / max(pace, 1))))
        total = trajectories
    return [(first, min(size, total - first)) for first in range(0, total, size)]


def _timed(condition: Expr, times: Array, asked: Question) -> Arrival:
    """Return the statistics of the first times of all runs; NaN for runs without one."""
    import numpy as np

    count = len(times)
    seen = np.sort(times[~np.isnan(times)])
    points = np.linspace(0, asked.until, asked.points + 1)
    share = np.searchsorted(seen, points, side="right") / count
    low, high = wilson(share, np.full(len(share), float(count)), NORMAL)
    mean = None
    if len(seen):
        middle = float(seen.mean())
        error = asked.until  # one time alone says nothing about the others
        if len(seen) > 1:
            error = NORMAL * float(seen.std(ddof=1)) / math.sqrt(len(seen))
        mean = Estimate(middle, max(0.0, middle - error), min(middle + error, asked.until))

    def at(rank: float) -> float | None:
        place = max(0, math.ceil(rank) - 1)
        return float(seen[place]) if place < len(seen) else None

    quantiles = []
    for part in SHARES:
        error = NORMAL * math.sqrt(count * part * (1 - part))
        quantiles.append((at(count * part), at(count * part - error), at(count * part + error)))
    arrived = Band(tuple(share.tolist()), tuple(low.tolist()), tuple(high.tolist()))
    return Arrival(condition, arrived, mean, tuple(quantiles))
