"""A run: forth, back, at random and by hand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gui.model import walk
from gui.model.walk import Moment, Walk
from regnet.analysis.trace import Dynamics
from regnet.network import Component, LogicalNetwork, Rule
from tests import strategies

TOGGLE = LogicalNetwork(
    (Component("A", Rule.of("!B")), Component("B", Rule.of("!A")), Component("S"))
)


def _walk() -> Walk:
    return Walk(Dynamics(TOGGLE), (0, 0, 0))


@given(strategies.networks(4, 2), st.integers(1, 9), st.lists(st.booleans(), max_size=20))
def test_that_going_back_and_on_again_is_the_same_way(
    network: LogicalNetwork, seed: int, ways: list[bool]
) -> None:
    run = Walk(Dynamics(network), Dynamics(network).first())
    run.seed = seed
    seen = {0: run.state}
    for on in ways:
        if on:
            run.step()
        else:
            run.back()
        assert seen.setdefault(run.at, run.state) == run.state
        assert len(run.states) == run.at + 1


def test_that_another_choice_forgets_what_was_to_come() -> None:
    run = _walk()
    run.go((1, 0, 0))
    run.back()
    run.go((1, 0, 0))
    assert len(run.moments) == 2
    run.back()
    run.go((0, 1, 0))
    assert run.states == [(0, 0, 0), (0, 1, 0)]
    assert run.is_over
    assert not run.step()


def test_that_a_level_can_be_set_by_hand() -> None:
    run = _walk()
    run.go((1, 0, 0))
    run.set_level("A", 1)  # it is there already
    assert run.at == 1
    run.set_level("S", 1)
    assert run.moments[-1] == Moment((1, 0, 1), by_hand=True)
    assert run.moves((0, 1, 1)) == [("A", 1, 0), ("B", 0, 1)]


def test_that_a_run_without_end_is_ended() -> None:
    clock = LogicalNetwork((Component("A", Rule.of("!A")),))
    run = Walk(Dynamics(clock), (0,))
    steps = 0
    while run.step():
        steps += 1
    assert steps == walk.MOST_STEPS - 1
    run.jump(10**6)
    assert run.at == steps
    run.jump(-3)
    assert run.at == 0
