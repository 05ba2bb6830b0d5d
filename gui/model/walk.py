"""Walk: one run of a network, with steps back and forward. Independent of Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from regnet.analysis.trace import Dynamics, State, chosen_at_random

MOST_STEPS = 2000
"""Maximum number of steps: a run in a cycle ends here."""

Move: TypeAlias = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Moment:
    """A state of the run, and whether a level was set by hand to reach it."""

    state: State
    by_hand: bool = False


class Walk:
    """The states visited by a run, and the current one.

    Parameters
    ----------
    dynamics
        The successor function of states.
    start
        The first state.
    """

    def __init__(self, dynamics: Dynamics, start: State) -> None:
        self.dynamics = dynamics
        self.seed = 1
        self.moments = [Moment(start)]
        self.at = 0
        self._known: tuple[State, tuple[State, ...]] | None = None

    @property
    def state(self) -> State:
        """The current state of the run."""
        return self.moments[self.at].state

    @property
    def states(self) -> list[State]:
        """The states from the first to the current one."""
        return [moment.state for moment in self.moments[: self.at + 1]]

    @property
    def options(self) -> tuple[State, ...]:
        """The possible next states."""
        if self._known is None or self._known[0] != self.state:
            self._known = self.state, self.dynamics.successors(self.state)
        return self._known[1]

    @property
    def is_over(self) -> bool:
        """Whether there is no next state."""
        return self.at + 1 >= MOST_STEPS or not self.options

    def moves(self, after: State) -> list[Move]:
        """Return the changes in a step to a state: name, level before, level after."""
        triples = zip(self.dynamics.names, self.state, after, strict=True)
        return [(name, old, new) for name, old, new in triples if old != new]

    def go(self, state: State, *, by_hand: bool = False) -> None:
        """Go to a state; later states of the run are dropped, unless the next one is the same."""
        following = self.moments[self.at + 1 : self.at + 2]
        if not by_hand and following == [Moment(state)]:
            self.at += 1
            return
        del self.moments[self.at + 1 :]
        self.moments.append(Moment(state, by_hand))
        self.at += 1

    def step(self) -> bool:
        """Go to the next recorded state, or else to a random one; return whether there was one."""
        if self.at + 1 < len(self.moments):
            self.at += 1
            return True
        if self.is_over:
            return False
        self.go(chosen_at_random(self.options, self.seed, self.at))
        return True

    def back(self) -> bool:
        """Go one step back; return whether there was one."""
        if not self.at:
            return False
        self.at -= 1
        return True

    def jump(self, at: int) -> None:
        """Go to a moment of the run."""
        self.at = min(max(at, 0), len(self.moments) - 1)

    def set_level(self, name: str, level: int) -> None:
        """Set the level of a component by hand."""
        place = self.dynamics.names.index(name)
        state = (*self.state[:place], level, *self.state[place + 1 :])
        if state != self.state:
            self.go(state, by_hand=True)
