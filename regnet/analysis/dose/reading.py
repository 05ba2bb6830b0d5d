"""Reading: the default time at which the outcome of a dose is read.

A reading soon after the end of a dose shows a delay, which looks like harm even if everything
recovers later. The time therefore follows from the model: the time course is extended until the
readouts no longer change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from regnet.analysis.simulate import Courses

FIRST = 20.0
"""First horizon, in mean waiting times at the slowest rate."""

FEW_RUNS = 2000
"""Maximum number of random runs used to detect the stationary state."""

DOUBLINGS = 6
"""Maximum number of doublings of the time before a changing outcome is read."""

_EXACT, _SAMPLED = 0.005, 0.02  # fraction of the highest level; smaller changes count as stationary


def settling(
    follow: Callable[[float, int], Courses], begin: float, wait: float, every: float = 0.0
) -> tuple[float, bool]:
    """Return the time at which the readouts are stationary, and whether they are.

    Parameters
    ----------
    follow
        Function that returns the time course up to a time, at this number of equal steps.
    begin
        Time of the last scheduled change.
    wait
        First horizon after that.
    every
        Period of a cycle, if averages over one are read; else 0.
    """
    after = wait
    for doubling in range(DOUBLINGS + 1):
        if every:
            cycles = max(round(after / every), 1)
            end, steps, last = 2 * cycles * every, 2 * cycles * 8, 8
        else:
            end, steps, last = begin + 2 * after, 200, 0
        course = follow(end, steps)
        if course.missing:
            break
        place = steps // 2 if every else round(steps * (begin + after) / end)
        small = _EXACT if course.origin.guarantee == "exact" else _SAMPLED
        gaps = (
            abs(_mean(values, place, last) - _mean(values, steps, last)) / top
            for values, top in _read(course)
        )
        if max(gaps, default=0.0) <= small:
            return (course.times[place] if every else begin + after), True
        if doubling < DOUBLINGS:
            after *= 2
    return (course.times[place] if every else begin + after), False


def _read(course: Courses) -> Iterator[tuple[tuple[float, ...], int]]:
    for readout in course.readouts:
        yield readout.mean.values, max(len(readout.levels) - 1, 1)
    for share in course.shares:
        yield share.band.values, 1


def _mean(values: tuple[float, ...], place: int, last: int) -> float:
    """Return the value at a point, or the average over some steps up to it."""
    own = values[place - last + 1 : place + 1] if last else values[place : place + 1]
    return sum(own) / len(own)
