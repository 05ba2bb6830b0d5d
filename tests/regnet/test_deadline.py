"""Deadlines."""

from __future__ import annotations

import pytest

from regnet.deadline import Deadline, OutOfTime


def test_that_without_seconds_there_is_no_end() -> None:
    assert Deadline().left() is None
    assert not Deadline().is_over
    Deadline().check()


def test_that_work_stops_once_it_has_passed() -> None:
    over = Deadline(-1)
    assert over.is_over
    assert over.left() == 0
    with pytest.raises(OutOfTime):
        over.check()


@pytest.mark.parametrize(
    ("own", "part", "expected"),
    [(None, None, None), (None, 5, 5), (5, None, 5), (5, 100, 5), (100, 5, 5)],
)
def test_that_a_part_ends_with_the_whole(
    own: float | None, part: float | None, expected: float | None
) -> None:
    left = Deadline(own).within(part).left()
    assert left == (None if expected is None else pytest.approx(expected, abs=0.5))
