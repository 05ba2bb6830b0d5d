"""Deadlines: one moment at which all the parts of a piece of work have to stop."""

from __future__ import annotations

import time


class OutOfTime(Exception):
    """The time that was given is over. Never reaches a user: answers say that they are partial."""


class Deadline:
    """A moment at which work has to stop.

    Parameters
    ----------
    seconds
        From now; None means never.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds

    def left(self) -> float | None:
        """Return the seconds left, not below 0; None when there is no end."""
        return None if self._end is None else max(0.0, self._end - time.monotonic())

    def check(self) -> None:
        """Raise `OutOfTime` once the deadline has passed."""
        if self.is_over:
            raise OutOfTime

    @property
    def is_over(self) -> bool:
        """Whether the deadline has passed."""
        return self._end is not None and time.monotonic() > self._end

    def within(self, seconds: float | None) -> Deadline:
        """Return a deadline at most `seconds` from now, and not later than this one."""
        left = self.left()
        if seconds is None or left is None:
            return Deadline(left if seconds is None else seconds)
        return Deadline(min(seconds, left))
