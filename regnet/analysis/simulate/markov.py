"""Markov: the exact time course of a network with few reachable states, by linear algebra.

The states and the rates between them are a continuous-time Markov chain. Its probabilities over
time come from uniformisation (Jensen 1953, doi 10.1080/03461238.1953.10419459): a sum of
non-negative terms whose error is bounded beforehand, here by `TOLERANCE` for each step in time.
The long run follows from one sparse linear system.

This module is long because states, time and the long run are one computation on one set of arrays.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeAlias

import numpy as np

from regnet.analysis.simulate.kinetics import Acting, Episode, Setup
from regnet.boolean import BooleanNetwork
from regnet.diagram import Function

TOLERANCE = 1e-12

QUICK = 1e9
"""Number of products of a rate and a probability that take a few seconds."""

Array: TypeAlias = "np.ndarray[Any, Any]"


class TooManyStates(Exception):
    """More states can be reached than were allowed; never reaches a user."""


@dataclass(frozen=True, eq=False)
class Passage:
    """The first-passage time of a condition.

    Parameters
    ----------
    arrived
        How likely it has held by each time point.
    mean
        Mean time among the runs in which it holds before the end; NaN if there are none.
    quantiles
        Time by which it has held in each of the requested fractions; NaN if after the end.
    ever
        How likely it ever holds.
    mean_ever
        Mean time among the runs in which it ever holds; NaN where there are none.
    """

    arrived: Array
    mean: float
    quantiles: tuple[float, ...]
    ever: float
    mean_ever: float


@dataclass(frozen=True, slots=True)
class First:
    """The first-passage time of a condition without an end.

    Parameters
    ----------
    ever
        Probability that it eventually holds; exactly 1 or 0 if that follows from the moves alone.
    mean
        The mean time among the runs in which it ever holds; NaN where there are none.
    """

    ever: float
    mean: float


class Chain:
    """The Markov chain of the reachable states.

    `size` is the number of states; of equal episodes, that of the last.

    Parameters
    ----------
    setup
        What happens.
    until, points
        Time points are 0 and `points` equal steps up to `until`.
    limit
        The largest size.
    watch
        Called repeatedly while states are explored; an exception ends the exploration.

    Raises
    ------
    TooManyStates
        If there are more states.
    """

    def __init__(
        self,
        setup: Setup,
        until: float,
        points: int,
        limit: int,
        *,
        watch: Callable[[], None] = lambda: None,
    ) -> None:
        self._step, self._points = until / points, points
        self._stretches: list[_Stretch] = []
        place = {v: i for i, v in enumerate(setup.order)}
        starts = list(_starts(setup, place, limit))
        self._first = np.array([chance for _, chance in starts])
        keys: Iterable[bytes] = [state for state, _ in starts]
        latest: dict[Acting, _Stretch] = {}
        for episode in setup.episodes:
            entered = list(_entered(keys, episode.set, place))
            like = latest.pop(episode.acting, None)
            if like is not None and like.has(entered):
                stretch = like.again(episode, entered)
            else:
                others = sum(len(other.states) for other in latest.values())
                stretch = _Stretch(episode, setup, entered, limit - others, watch)
            latest[episode.acting] = stretch
            self._stretches.append(stretch)
            keys = stretch.found
        self.size = sum(len(stretch.states) for stretch in latest.values())

    def scaled(self, factors: Mapping[int, float]) -> Chain:
        """Return the chain with the rates of some variables multiplied by numbers above 0.

        Its states and moves are the same, so what follows from them alone is not found again.
        """
        chain = copy(self)
        chain._stretches = [stretch.scaled(factors) for stretch in self._stretches]
        return chain

    def first(self, condition: int) -> First:
        """Return when an observed condition first holds, from the start of the last episode on.

        Exact for chains with one episode; time has no end.
        """
        stretch = self._stretches[-1]
        return stretch.route(condition, self._first).time(stretch)

    def surely(self, condition: int) -> bool | None:
        """Return whether a condition holds some time, or never, whatever the rates; else None."""
        route = self._stretches[-1].route(condition, self._first)
        return True if route.is_certain else False if route.is_hopeless else None

    def steps(self) -> tuple[Array, Array, Array, Array, Array]:
        """Return states, conditions, initial distribution, and moves as sources and targets.

        For chains with one episode.
        """
        stretch = self._stretches[-1]
        starts = np.flatnonzero(stretch.enter(self._first) > 0)
        return stretch.states, stretch.conditions, starts, *stretch._moves[:2]

    def quantile(self, condition: int, share: float) -> float:
        """Return the time by which a condition has held in a fraction of the runs, NaN if never.

        For chains with one episode; time has no end.
        """
        first = self.first(condition)
        stretch = self._stretches[-1]
        weights = stretch.enter(self._first)
        wanted = stretch.conditions[:, condition].astype(bool)
        gone = float(weights[wanted].sum())
        if gone >= share - TOLERANCE:
            return 0.0
        if first.ever < share + TOLERANCE:
            return math.nan
        mover = _Mover(stretch.generator(wanted))
        weights = np.where(wanted, 0.0, weights)
        step, now = first.mean / 2 or 1.0, 0.0
        while True:
            weights, masses = mover.watched(weights, step, wanted)
            wait = mover.crossing(masses, share - gone, step)
            if not math.isnan(wait):
                return now + wait
            gone += float(weights[wanted].sum())
            weights, now = np.where(wanted, 0.0, weights), now + step

    def at(self, times: Sequence[float]) -> Array:
        """Return how likely each variable and then each condition holds at ascending times.

        For chains with one episode; ``[k, f]`` as `held` returns it.
        """
        stretch = self._stretches[-1]
        weights, mover, now = stretch.enter(self._first), _Mover(stretch.generator()), 0.0
        rows = []
        for time in times:
            weights, now = mover.after(weights, time - now), time
            rows.append(weights)
        held: Array = (np.array(rows) @ np.hstack([stretch.states, stretch.conditions])).clip(0, 1)
        return held

    def lasting(self) -> Array:
        """Return for how much of the time each holds in the long run, as one row of `held`."""
        stretch = self._stretches[-1]
        generator = stretch.generator()
        weights = np.zeros(len(stretch.states))
        for members, (_, chance) in zip(_attractors(generator), self.settled(), strict=True):
            weights[members] = chance * _stationary(generator, members)
        held: Array = (weights @ np.hstack([stretch.states, stretch.conditions])).clip(0, 1)
        return held[None]

    def is_quick(self, passages: int) -> bool:
        """Return whether solving it takes seconds: faster and longer courses take more steps."""
        steps = 0.0
        for stretch in self._stretches:
            steps += stretch.pace * (stretch.end - stretch.begin) * stretch.moves
        return steps * (1 + passages) < QUICK

    def held(self, attracted: Sequence[tuple[int, Callable[[str], bool]]] = ()) -> Array:
        """Return the probability of each variable and each observed condition.

        Parameters
        ----------
        attracted
            Observed conditions for which the probability is also computed that the chain has
            settled in an attractor throughout which the condition holds; each with the kinds of
            attractors that count.

        Returns
        -------
        Array
            ``[k, f]`` for time point k; variables first, in the order of the setup, then the
            conditions, then those that are attracted.
        """
        rows = []
        weights = self._first
        for stretch, times in self._timed():
            weights = stretch.enter(weights)
            mover = _Mover(stretch.generator())
            now = stretch.begin
            own = []
            for time in times:
                weights, now = mover.after(weights, time - now), time
                own.append(weights)
            weights = mover.after(weights, stretch.end - now)
            if own:
                settled = stretch.settled(attracted)
                holds = np.hstack([stretch.states, stretch.conditions, settled])
                rows.append(np.array(own) @ holds)
        self._last = weights
        held: Array = np.concatenate(rows).clip(0, 1)
        return held

    def averages(
        self, window: float, attracted: Sequence[tuple[int, Callable[[str], bool]]] = ()
    ) -> Array:
        """Return for how much of a window before the end each holds, as one row of `held`."""
        end = self._stretches[-1].end
        total: Array | float = 0.0
        weights = self._first
        for stretch in self._stretches:
            weights = stretch.enter(weights)
            mover = _Mover(stretch.generator())
            begin = min(max(stretch.begin, end - window), stretch.end)
            weights = mover.after(weights, begin - stretch.begin)
            weights, spent = mover.spent(weights, stretch.end - begin)
            if begin < stretch.end:
                settled = stretch.settled(attracted)
                total = total + spent @ np.hstack([stretch.states, stretch.conditions, settled])
        row: Array = (np.asarray(total)[None] / window).clip(0, 1)
        return row

    def ends(self) -> Iterator[tuple[Array, float]]:
        """Yield each state that is possible at the end with how likely it is; after `held`."""
        yield from zip(self._stretches[-1].states, self._last.tolist(), strict=True)

    def _timed(self) -> Iterator[tuple[_Stretch, list[float]]]:
        """Yield each stretch with the time points that fall into it."""
        times = [k * self._step for k in range(self._points + 1)]
        for stretch in self._stretches:
            last = stretch is self._stretches[-1]
            own = [
                t
                for t in times
                if t >= stretch.begin - 1e-9 * self._step
                and (last or t < stretch.end - 1e-9 * self._step)
            ]
            yield stretch, own

    def settled(self) -> list[tuple[Array, float]]:
        """Return the attractors it settles in, as rows of states, with their probabilities."""
        weights = self._first
        for stretch in self._stretches[:-1]:
            entered = stretch.enter(weights)
            mover = _Mover(stretch.generator())
            weights = mover.after(entered, stretch.end - stretch.begin)
        stretch = self._stretches[-1]
        weights = stretch.enter(weights)
        generator = stretch.generator()
        ends = _attractors(generator)
        transient = np.ones(len(weights), bool)
        for members in ends:
            transient[members] = False
        reached = weights + _visits(generator, weights, transient) @ generator
        return [(stretch.states[m], float(reached[m].sum())) for m in ends]

    def passage(self, condition: int, shares: Sequence[float]) -> Passage:
        """Return when an observed condition first holds, counted from time 0."""
        arrived: list[float] = []
        quantiles: list[float] = [np.nan] * len(shares)
        weights, gone, waited = self._first, 0.0, 0.0
        for stretch, times in self._timed():
            weights = stretch.enter(weights)
            wanted = stretch.conditions[:, condition].astype(bool)
            timed = stretch.begin >= 0
            if timed:
                gone += float(weights[wanted].sum())
                weights = np.where(wanted, 0.0, weights)
                stop = wanted
            else:
                stop = np.zeros(len(weights), bool)
            mover = _Mover(stretch.generator(stop))
            now = stretch.begin
            for i, share in enumerate(shares):  # it may hold at once
                if timed and np.isnan(quantiles[i]) and gone >= share - TOLERANCE:
                    quantiles[i] = now
            for time in [*times, stretch.end]:
                total = float(weights.sum())
                weights, masses = mover.watched(weights, time - now, wanted & timed)
                for i, share in enumerate(shares):
                    if np.isnan(quantiles[i]):
                        wait = mover.crossing(masses, share - gone, time - now)
                        quantiles[i] = now + wait
                if timed:
                    waited += mover.integral(total - masses, time - now)
                    gone += float(weights[wanted].sum())
                    weights = np.where(wanted, 0.0, weights)
                if time in times and len(arrived) <= self._points:
                    arrived.append(gone)
                now = time
        until = self._step * self._points
        mean = (waited - until * float(weights.sum())) / gone if gone > TOLERANCE else np.nan
        ever, later = self._ever(weights, condition)
        ever += gone
        total = gone * (mean if gone > TOLERANCE else 0.0) + later + until * (ever - gone)
        mean_ever = total / ever if ever > TOLERANCE else np.nan
        held = np.array(arrived).clip(0, 1)
        return Passage(held, mean, tuple(quantiles), min(ever, 1.0), mean_ever)

    def _ever(self, weights: Array, condition: int) -> tuple[float, float]:
        """Return how likely the condition holds after the end, and that times the mean wait."""
        stretch = self._stretches[-1]
        wanted = stretch.conditions[:, condition].astype(bool)
        generator = stretch.generator(wanted)
        hopeful = _leading_to(generator, wanted) & ~wanted
        visits = _visits(generator, weights, hopeful)
        rate = np.asarray(generator[:, wanted].sum(axis=1)).ravel()
        hope = _solved(generator, hopeful, rate)
        return float(visits @ rate), float(visits @ hope)


class _Stretch:
    """The states of one episode, those it is entered in first, and the moves between them."""

    def __init__(
        self,
        episode: Episode,
        setup: Setup,
        entered: Sequence[bytes],
        limit: int,
        watch: Callable[[], None],
    ) -> None:
        self.begin, self.end = episode.begin, episode.end
        order = setup.order
        found: dict[bytes, int] = {}
        self.found = found
        self._entry = [found.setdefault(key, len(found)) for key in entered]
        acting = episode.acting
        functions = [acting.network.functions[v] for v in order]
        sources: list[int] = []
        targets: list[int] = []
        rates: list[float] = []
        fresh = list(found)
        while fresh:
            if len(found) > limit:
                raise TooManyStates
            rows = _rows(fresh, len(order))
            after = _evaluate(acting.network, functions, order, rows)
            speeds = np.where(after != rows, _speeds(acting, order, rows), 0.0)
            reached = []
            for i in range(len(order)):
                watch()
                for row in np.flatnonzero(speeds[:, i]).tolist():
                    key = fresh[row]
                    to = key[:i] + (b"\0" if key[i] else b"\1") + key[i + 1 :]
                    if to not in found:
                        found[to] = len(found)
                        reached.append(to)
                    sources.append(found[key])
                    targets.append(found[to])
                    rates.append(speeds[row, i])
            fresh = reached
        self.states = _rows(found, len(order))
        self.conditions = _evaluate(acting.network, acting.observed, order, self.states)
        self._moves = np.array(sources, np.int64), np.array(targets, np.int64), np.array(rates)
        self._order = order
        self._routes: dict[int, _Route] = {}  # shared by copies: it rests on the moves alone
        self._movers: Array | None = None

    def scaled(self, factors: Mapping[int, float]) -> _Stretch:
        """Return the stretch with the rates of some variables multiplied."""
        stretch = copy(self)
        sources, targets, rates = self._moves
        if self._movers is None:
            changed = self.states[sources] != self.states[targets]
            self._movers = stretch._movers = changed.argmax(axis=1)
        scale = np.array([factors.get(v, 1.0) for v in self._order])
        stretch._moves = sources, targets, rates * scale[self._movers]
        return stretch

    def route(self, condition: int, weights: Array) -> _Route:
        """Return the ways to a condition from where the stretch is entered."""
        if condition not in self._routes:
            self._routes[condition] = _Route(self, condition, self.enter(weights))
        return self._routes[condition]

    def has(self, states: Iterable[bytes]) -> bool:
        """Return whether these are all among its states."""
        return all(state in self.found for state in states)

    def again(self, episode: Episode, entered: Iterable[bytes]) -> _Stretch:
        """Return the same stretch at another time, entered in these states of its own."""
        stretch = copy(self)
        stretch.begin, stretch.end = episode.begin, episode.end
        stretch._entry = [self.found[state] for state in entered]
        return stretch

    @property
    def moves(self) -> int:
        """Number of moves."""
        return len(self._moves[0])

    @property
    def pace(self) -> float:
        """The highest rate at which a state is left."""
        return float(np.bincount(self._moves[0], self._moves[2]).max()) if self.moves else 0.0

    def settled(self, attracted: Sequence[tuple[int, Callable[[str], bool]]]) -> Array:
        """Return ``[state, condition]``: whether it is in an attractor as in `Chain.held`."""
        found = np.zeros((len(self.states), len(attracted)), np.uint8)
        if not attracted:
            return found
        ways = np.bincount(self._moves[0], minlength=len(self.states))
        for members in _attractors(self.generator()):
            kind = "fixed point"
            if len(members) > 1:
                kind = "cyclic" if (ways[members] == 1).all() else "complex"
            for column, (condition, fits) in enumerate(attracted):
                if fits(kind) and self.conditions[members, condition].all():
                    found[members, column] = 1
        return found

    def enter(self, weights: Array) -> Array:
        """Return the probabilities of its states, given those of the states before it."""
        entered = np.zeros(len(self.states))
        np.add.at(entered, self._entry, weights)
        return entered

    def generator(self, stop: Array | None = None) -> Any:
        """Return the rates ``[from, to]`` as a sparse matrix; states to stop in have none."""
        from scipy import sparse

        sources, targets, rates = self._moves
        if stop is not None:
            goes = ~stop[sources]
            sources, targets, rates = sources[goes], targets[goes], rates[goes]
        n = len(self.states)
        moves = sparse.csr_array((rates, (sources, targets)), (n, n))
        return (moves - sparse.diags_array(moves.sum(axis=1))).tocsr()


class _Route:
    """The paths from a start to a condition, and the linear system of their times.

    What follows from the moves alone is computed once, for all rates.
    """

    def __init__(self, stretch: _Stretch, condition: int, weights: Array) -> None:
        from scipy import sparse
        from scipy.sparse.csgraph import connected_components

        wanted = stretch.conditions[:, condition].astype(bool)
        moves = stretch.generator(wanted)
        passed = _leading_to(moves.T, (weights > 0) & ~wanted) & ~wanted
        hopeful = passed & _leading_to(moves, wanted)
        self._at_once = float(weights[wanted].sum())
        self.is_certain = bool((passed == hopeful).all())
        self.is_hopeless = not self._at_once and not hopeful.any()
        self._weights = weights
        states = np.flatnonzero(hopeful)
        # States in the order in which they are passed: only cycles need more than substitution.
        inner = moves[states][:, states]
        states = states[np.argsort(connected_components(inner, connection="strong")[1],
                                   kind="stable")]  # fmt: skip
        place = np.full(len(weights), -1)
        place[states] = np.arange(len(states))
        sources, targets, _ = stretch._moves
        self._states, self._leaving = states, np.flatnonzero(place[sources] >= 0)
        self._rows = place[sources[self._leaving]]
        to = place[targets[self._leaving]]
        self._arrives = wanted[targets[self._leaving]]
        self._inside = np.flatnonzero(to >= 0)
        count = len(states)
        rows = np.concatenate([np.arange(count), self._rows[self._inside]])
        columns = np.concatenate([np.arange(count), to[self._inside]])
        numbered = sparse.csc_array((np.arange(1, len(rows) + 1), (rows, columns)), (count, count))
        self._pattern = numbered
        self._places = numbered.data - 1

    def time(self, stretch: _Stretch) -> First:
        """Return when the condition first holds, with the rates of a stretch."""
        from scipy import sparse
        from scipy.sparse.linalg import splu

        count = len(self._states)
        begun = self._weights[self._states]
        if not count:
            return First(self._at_once, 0.0 if self._at_once else math.nan)
        rates = stretch._moves[2][self._leaving]
        leaving = np.bincount(self._rows, rates, count)
        numbers = np.concatenate([leaving, -rates[self._inside]])[self._places]
        pattern = self._pattern
        matrix = sparse.csc_array((numbers, pattern.indices, pattern.indptr), pattern.shape)
        factors = splu(
            matrix,
            permc_spec="NATURAL",
            diag_pivot_thresh=0.0,  # safe: no diagonal is smaller than the rest of its row
            options={"SymmetricMode": True},
        )
        if self.is_certain:
            waits = factors.solve(np.ones(count))
            return First(1.0, float(begun @ waits))
        arriving = np.bincount(self._rows, rates * self._arrives, count)
        hope = factors.solve(arriving)
        ever = self._at_once + float(begun @ hope)
        waited = float(begun @ factors.solve(hope))
        return First(min(ever, 1.0), waited / ever if ever > 0 else math.nan)


class _Mover:
    """Probabilities carried forward in time."""

    def __init__(self, generator: Any) -> None:
        from scipy import sparse

        self._pace = float(-generator.diagonal().min()) if generator.shape[0] else 0.0
        if self._pace:
            jumps = sparse.eye_array(generator.shape[0]) + generator / self._pace
            self._jumps = jumps.T.tocsr()

    def after(self, weights: Array, seconds: float) -> Array:
        """Return the probabilities some time later."""
        total: Array = np.zeros(len(weights))
        for chance, jumped in zip(self._chances(seconds), self._jumped(weights), strict=False):
            total += chance * jumped
        return total

    def spent(self, weights: Array, seconds: float) -> tuple[Array, Array]:
        """Return the probabilities some time later, and the time spent in each state till then."""
        if not self._pace:
            return weights, weights * seconds
        total, spent = np.zeros(len(weights)), np.zeros(len(weights))
        chances = self._chances(seconds)
        later = np.clip(1 - np.cumsum(chances), 0, None)  # of more jumps than that
        for chance, more, jumped in zip(chances, later, self._jumped(weights), strict=False):
            total += chance * jumped
            spent += more * jumped
        return total, spent / self._pace

    def watched(self, weights: Array, seconds: float, wanted: Array) -> tuple[Array, Array]:
        """Return the probabilities some time later, and that of some states after each jump."""
        total: Array = np.zeros(len(weights))
        masses = []
        counted = np.flatnonzero(wanted)
        for chance, jumped in zip(self._chances(seconds), self._jumped(weights), strict=False):
            total += chance * jumped
            masses.append(float(jumped[counted].sum()))  # a product would start threads
        return total, np.array(masses)

    def _jumped(self, weights: Array) -> Iterator[Array]:
        """Yield the probabilities after 0, 1, 2.. jumps, without end."""
        while True:
            yield weights
            weights = self._jumps @ weights

    def integral(self, masses: Array, seconds: float) -> float:
        """Return the time spent in states whose probability after each jump is given."""
        if not self._pace:
            return float(masses[0]) * seconds
        chances = self._chances(seconds)
        later = np.clip(1 - np.cumsum(chances), 0, None)  # of more jumps than that
        return float(later @ masses) / self._pace

    def crossing(self, masses: Array, level: float, seconds: float) -> float:
        """Return when a growing probability reaches a level, NaN if not within that time."""

        def reached(time: float) -> float:
            return float(self._chances(time, len(masses)) @ masses)

        if not seconds or reached(seconds) < level:
            return float("nan")
        low, high = 0.0, seconds
        while high - low > 1e-9 * seconds:
            middle = (low + high) / 2
            low, high = (low, middle) if reached(middle) >= level else (middle, high)
        return high

    def _chances(self, seconds: float, count: int | None = None) -> Array:
        """Return how likely 0, 1, 2.. jumps are in that time."""
        from scipy.special import gammaln, pdtrc, xlogy

        mean = self._pace * max(seconds, 0.0)
        numbers = np.arange(int(mean + 8 * np.sqrt(mean) + 40) if count is None else count)
        chances: Array = np.exp(xlogy(numbers, mean) - mean - gammaln(numbers + 1))
        if count is None:  # what is left out adds up to less than the tolerance
            chances = chances[: 1 + int(np.searchsorted(-pdtrc(numbers, mean), -TOLERANCE))]
        return chances


def _starts(setup: Setup, place: Mapping[int, int], limit: int) -> Iterator[tuple[bytes, float]]:
    """Yield every state it may start in, as a byte for each variable, and how likely that is."""
    if math.prod(len(draw.rows) for draw in setup.draws) > limit:
        raise TooManyStates
    for chosen in product(*(zip(draw.rows, draw.chances, strict=True) for draw in setup.draws)):
        state = bytearray(len(place))
        for draw, (row, _) in zip(setup.draws, chosen, strict=True):
            for v, value in zip(draw.variables, row, strict=True):
                state[place[v]] = value
        yield bytes(state), math.prod(chance for _, chance in chosen)


def _entered(
    states: Iterable[bytes], set_: Mapping[int, bool], place: Mapping[int, int]
) -> Iterator[bytes]:
    """Yield each state with some variables set."""
    put = [(place[v], int(value)) for v, value in set_.items() if v in place]
    for key in states:
        state = bytearray(key)
        for at, value in put:
            state[at] = value
        yield bytes(state)


def _rows(states: Iterable[bytes], width: int) -> Array:
    return np.frombuffer(b"".join(states), np.uint8).reshape(-1, width)


def _evaluate(
    network: BooleanNetwork, functions: Sequence[Function], order: Sequence[int], rows: Array
) -> Array:
    """Return the value of every function in every state: ``[state, function]``."""
    count = len(rows)
    full = (1 << count) - 1
    packed = np.packbits(rows, axis=0, bitorder="little")
    columns = {v: int.from_bytes(packed[:, i].tobytes(), "little") for i, v in enumerate(order)}
    values = np.zeros((count, len(functions)), np.uint8)
    for f, function in enumerate(functions):
        column = network.diagram.evaluate(function, columns, full)
        raw = np.frombuffer(column.to_bytes((count + 7) // 8, "little"), np.uint8)
        values[:, f] = np.unpackbits(raw, bitorder="little")[:count]
    return values


def _speeds(acting: Acting, order: Sequence[int], rows: Array) -> Array:
    """Return at which rate each variable would leave its value in every state."""
    up, down = np.array([acting.rates[v] for v in order]).reshape(-1, 2).T
    speeds = np.where(rows, down, up)
    place = {v: i for i, v in enumerate(order)}
    for choice in acting.choices:
        bits = _evaluate(acting.network, choice.bits, order, rows)
        numbers = bits.astype(np.int64) @ (1 << np.arange(len(choice.bits)))
        chosen = np.array(choice.rates)[numbers]
        for v in choice.variables:
            side = rows[:, place[v]] == choice.side
            speeds[side, place[v]] = chosen[side]
    return speeds


def _attractors(generator: Any) -> list[Array]:
    """Return the states of each strongly connected set that is never left."""
    from scipy.sparse.csgraph import connected_components

    count, labels = connected_components(generator, connection="strong")
    sources, targets = generator.nonzero()
    left = np.zeros(count, bool)
    left[labels[sources[labels[sources] != labels[targets]]]] = True
    order = np.argsort(labels, kind="stable")
    bounds = np.searchsorted(labels[order], np.arange(count + 1))
    return [order[bounds[c] : bounds[c + 1]] for c in np.flatnonzero(~left)]


def _stationary(generator: Any, members: Array) -> Array:
    """Return for how much of the time each state of an attractor is passed."""
    from scipy import sparse
    from scipy.sparse.linalg import spsolve

    count = len(members)
    if count == 1:
        return np.ones(1)
    # One balance follows from the others, so all that is passed adds up to 1 in its place.
    balance = generator[members][:, members].T.tolil()
    balance[0, :] = 1.0
    right = np.zeros(count)
    right[0] = 1.0
    shares: Array = spsolve(sparse.csc_array(balance), right).clip(0)
    shares /= shares.sum()
    return shares


def _leading_to(generator: Any, wanted: Array) -> Array:
    """Return the states from which some target state can be reached."""
    leads = (generator != 0).astype(np.int32)
    reached = wanted
    while True:
        more: Array = reached | (leads @ reached.astype(np.int32) > 0)
        if (more == reached).all():
            return more
        reached = more


def _visits(generator: Any, weights: Array, among: Array) -> Array:
    """Return the time spent in each state, from a start that has these probabilities."""
    return _solved(generator.T, among, weights)


def _solved(generator: Any, among: Array, right: Array) -> Array:
    """Solve ``-generator x = right`` among some states, where only passing states are."""
    from scipy.sparse.csgraph import connected_components
    from scipy.sparse.linalg import splu

    solution = np.zeros(len(among))
    if among.any():
        part = -generator.tocsr()[among][:, among]
        # States in the order in which they are passed: only cycles need more than substitution.
        order = np.argsort(connected_components(part, connection="strong")[1], kind="stable")
        factors = splu(
            part[order][:, order].tocsc(),
            permc_spec="NATURAL",
            diag_pivot_thresh=0.0,  # safe: no diagonal is smaller than the rest of its column
            options={"SymmetricMode": True},
        )
        solution[np.flatnonzero(among)[order]] = factors.solve(right[among][order])
    return solution
