"""Questions in turn: none is begun after the time limit that all of them share."""

from __future__ import annotations

import time

import pytest

from regnet.analysis.batch import in_turn
from regnet.analysis.check import confront
from regnet.analysis.dose import find_dose_response
from regnet.analysis.screen import screen
from regnet.analysis.sensitivity import find_sensitivity
from regnet.deadline import Deadline, OutOfTime
from regnet.evidence import Expectation, Experiment
from regnet.jobs import parallel_map
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project
from regnet.scenario import Scenario

RING = LogicalNetwork(
    tuple(Component(f"g{i}", Rule.of(f"!g{(i + 1) % 200} | g{(i + 57) % 200}")) for i in range(200))
)
PROJECT = Project(
    RING,
    experiments=tuple(
        Experiment(f"E{i}", "", Scenario(), (Expectation("attractors", count=1),)) for i in range(3)
    ),
)


def slowly(number: int) -> int:
    time.sleep(0.05)
    return number


@pytest.mark.parametrize("workers", [1, 2])
def test_that_what_was_done_before_the_deadline_is_kept_in_order(workers: int) -> None:
    done: list[int] = []
    began = time.monotonic()
    with pytest.raises(OutOfTime):
        done.extend(in_turn(parallel_map(workers), slowly, range(10_000), Deadline(2.0)))
    assert time.monotonic() - began < 8
    assert done
    assert done == list(range(len(done)))


def test_that_nothing_is_cut_where_there_is_no_limit() -> None:
    assert list(in_turn(map, abs, [-1, -2], Deadline())) == [1, 2]


@pytest.mark.parametrize(("seconds", "each"), [(1e-9, None), (0.3, 0.05)])
def test_that_a_screen_ends_at_its_limit_and_says_how_many_rows_it_has(
    seconds: float, each: float | None
) -> None:
    began = time.monotonic()
    found = screen(RING, timeout=seconds, each=each)
    assert time.monotonic() - began < 10
    assert found.missing.startswith(f"the time limit was reached after {len(found.rows)} of ")
    assert found.missing.endswith(" 401 rows")
    assert (found.origin.guarantee, found.interrupted) == ("bounded", False)


def test_that_doses_and_experiments_that_were_not_begun_are_counted() -> None:
    dose = find_dose_response(RING, None, "g0", readouts=["g1"], timeout=1e-9)
    checked = confront(PROJECT, timeout=1e-9)
    noticed = find_sensitivity(PROJECT, timeout=1e-9)
    assert dose.missing == "the time limit was reached after 0 of 2 doses"
    assert checked.missing == "the time limit was reached after 0 of 3 experiments"
    assert noticed.missing == checked.missing
    assert not dose.reference.points
    assert not checked.verdicts
    assert not noticed.rows
