"""Batches: many questions of one kind, answered one by one under a shared time limit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from regnet.deadline import Deadline, OutOfTime

Map: TypeAlias = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
"""A drop-in for the built-in `map`, such as `regnet.jobs.parallel_map`."""

OVER = "the time limit was reached"
STOPPED = "interrupted"
"""Beginning of `missing` where questions were not asked, by the cause."""


@dataclass(frozen=True)
class _Turn:
    """Asks one question, or none after the deadline; can be sent to another process.

    The clock of a deadline counts from the start of the machine, so all processes read the same.
    """

    function: Callable[[Any], Any]
    deadline: Deadline

    def __call__(self, item: Any) -> Any:
        return None if self.deadline.is_over else self.function(item)


def in_turn(
    map: Map, function: Callable[[Any], Any], items: Iterable[Any], deadline: Deadline
) -> Iterator[Any]:
    """Yield what a function returns for each item, in order.

    Parameters
    ----------
    map
        The function that computes them: the built-in `map`, or a parallel one.
    function
        Never returns None; it has to check the deadline itself if an item takes long.
    items
        The arguments.
    deadline
        No item is begun after it.

    Raises
    ------
    OutOfTime
        If an item was not begun; what was yielded before stays valid.
    """
    for found in map(_Turn(function, deadline), items):
        if found is None:
            raise OutOfTime
        yield found


def stopped_words(by: str, done: int, total: int, noun: str) -> str:
    """Return what is missing if only some of many questions were asked.

    Examples
    --------
    >>> stopped_words(OVER, 1200, 4000, "rows")
    'the time limit was reached after 1,200 of 4,000 rows'
    """
    return f"{by} after {done:,} of {total:,} {noun}"


def heading_words(missing: str) -> str:
    """Return a note for the first line of an answer if questions were not asked, else nothing.

    Examples
    --------
    >>> heading_words("interrupted after 2 of 3 doses"), heading_words("2 rows are not exact")
    ('; interrupted after 2 of 3 doses', '')
    """
    return f"; {missing}" if missing.startswith((OVER, STOPPED)) and " of " in missing else ""
