"""A naive oracle of networks in time: the rates between all states, and matrix exponentials.

It shares nothing with the engines but `Change`, which it reads and applies by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from scipy.linalg import expm

from regnet.analysis.simulate.kinetics import Change
from regnet.logic import Expr, evaluate
from regnet.network import LogicalNetwork
from regnet.scenario import Perturbation
from regnet.space import Space
from tests.brute import Brute, State

Array: TypeAlias = "np.ndarray[Any, Any]"
Rate: TypeAlias = Callable[[str, bool, Mapping[str, int]], float]
"""The rate of a component of rising (or falling) in a state."""


@dataclass(frozen=True)
class Stretch:
    """From when to when the same acts, by which rates, and where each state is put at first."""

    begin: float
    end: float
    matrix: Array
    put: Array


class Master:
    """What a network does in time, all states at once.

    Parameters
    ----------
    network, perturbation
        The network, unperturbed, and what acts at first.
    rate
        How fast components move.
    changes, settle, until
        What is changed when, in ascending order; how long it runs before time 0; the end.
    """

    def __init__(
        self,
        network: LogicalNetwork,
        perturbation: Perturbation,
        rate: Rate,
        *,
        changes: Iterable[Change] = (),
        settle: float = 0.0,
        until: float,
    ) -> None:
        self.network = network
        self.names = network.names
        self.states = Brute(network).states
        self._place = {state: i for i, state in enumerate(self.states)}
        self._rate = rate
        acting, put = perturbation, np.arange(len(self.states))
        stretches, begin = [], -settle
        moments = sorted({0.0, *(c.time for c in changes)} - {begin})
        for moment in [begin, *moments]:
            if moment > begin:
                stretches.append(Stretch(begin, moment, self._matrix(acting), put))
                begin, put = moment, np.arange(len(self.states))
            for change in changes:
                if change.time == moment:
                    acting = self._after(change, acting)
                    put = np.array([self._put(change, acting, i) for i in put])
        stretches.append(Stretch(begin, until, self._matrix(acting), put))
        self.stretches = stretches

    def within(self, start: Space) -> Array:
        """Return the start that is equally likely in every state of a space."""
        states = Brute(self.network).within(start)
        weights = np.zeros(len(self.states))
        for state in states:
            weights[self._place[state]] = 1 / len(states)
        return weights

    def holds(self, condition: Expr) -> Array:
        """Return in which states a condition holds."""
        return np.array([bool(evaluate(condition, self._levels(state))) for state in self.states])

    def weights(self, start: Array, times: Sequence[float]) -> list[Array]:
        """Return how likely each state is at some times from 0 on, in ascending order."""
        return [np.sum(pair, axis=0) for pair in self._split(start, times, None)]

    def arrived(self, start: Array, condition: Expr, times: Sequence[float]) -> list[float]:
        """Return how likely a condition has held by some times, counted from time 0."""
        wanted = self.holds(condition)
        return [float(gone.sum()) for _, gone in self._split(start, times, wanted)]

    def _split(
        self, start: Array, times: Sequence[float], wanted: Array | None
    ) -> list[tuple[Array, Array]]:
        """Return the states of the runs in which it has not yet held, and of those where it has."""
        found = []
        left, gone = start, np.zeros_like(start)
        nowhere = np.zeros(len(self.states), bool)
        for stretch in self.stretches:
            left, gone = self._moved(left, stretch.put), self._moved(gone, stretch.put)
            stop = wanted if wanted is not None and stretch.begin >= 0 else nowhere
            stopped = np.where(stop[:, None], 0.0, stretch.matrix)
            is_last = stretch is self.stretches[-1]
            for time in times:
                if stretch.begin <= time < stretch.end or (is_last and time == stretch.end):
                    found.append(self._later(left, gone, stopped, stretch, stop, time))
            left, gone = self._later(left, gone, stopped, stretch, stop, stretch.end)
        return found

    @staticmethod
    def _later(
        left: Array, gone: Array, stopped: Array, stretch: Stretch, stop: Array, time: float
    ) -> tuple[Array, Array]:
        passed = time - stretch.begin
        left = left @ expm(stopped * passed)
        gone = gone @ expm(stretch.matrix * passed)
        # where it went on from the state in which it came does not matter to when it came
        return np.where(stop, 0.0, left), gone + np.where(stop, left, 0.0)

    def _moved(self, weights: Array, put: Array) -> Array:
        moved = np.zeros_like(weights)
        np.add.at(moved, put, weights)
        return moved

    def _levels(self, state: State) -> dict[str, int]:
        return dict(zip(self.names, state, strict=True))

    def _matrix(self, acting: Perturbation) -> Array:
        brute = Brute(self.network, acting)
        matrix = np.zeros((len(self.states), len(self.states)))
        for state, i in self._place.items():
            for after in brute.successors(state):
                (moved,) = (k for k in range(len(state)) if state[k] != after[k])
                rises = after[moved] > state[moved]
                rate = self._rate(self.names[moved], rises, self._levels(state))
                matrix[i, self._place[after]] += rate
                matrix[i, i] -= rate
        return matrix

    def _after(self, change: Change, acting: Perturbation) -> Perturbation:
        clamps = {n: r for n, r in acting.clamps.items() if n not in change.release}
        cuts = {cut for cut in acting.cuts if cut.target not in change.release}
        new = change.perturbation
        return Perturbation(Space({**clamps, **new.clamps}), frozenset(cuts | new.cuts))

    def _put(self, change: Change, acting: Perturbation, place: int) -> int:
        levels = self._levels(self.states[place])
        for name, (low, high) in change.perturbation.clamps.items():
            levels[name] = min(max(levels[name], low), high)
        for name, (level, _) in change.levels.items():
            low, high = acting.clamps.get(name, (0, self.network[name].top))
            levels[name] = min(max(level, low), high)
        return self._place[tuple(levels[name] for name in self.names)]
