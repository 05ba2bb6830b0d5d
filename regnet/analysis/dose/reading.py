"""Reading: when the outcome of a dose is read, by default.

A reading soon after a dose ends shows what it delays, and looks like harm where everything recovers
later. The time therefore follows from the model: a course is followed for longer and longer, until
what is read changes no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from regnet.analysis.simulate import Courses

FIRST = 20.0
"""First horizon, in mean waiting times at the slowest rate."""

FEW_RUNS = 2000
"""Maximum number of random runs that show when a course has settled."""

DOUBLINGS = 6
"""Maximum doublings of the time before what still changes is read as it is."""

_EXACT, _SAMPLED = 0.005, 0.02  # of the highest level: what changes by less has settled


def settling(
    follow: Callable[[float, int], Courses], begin: float, wait: float, every: float = 0.0
) -> tuple[float, bool]:
    """Return when what a course is asked for has settled, and whether it has.

    Parameters
    ----------
    follow
        Returns the course up to a time, at this number of equal steps.
    begin
        When the last change from outside is over.
    wait
        How long after that is looked at first.
    every
        The length of a cycle, where averages over one are read; else 0.
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
