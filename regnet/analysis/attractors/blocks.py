"""Blocks: synchronous attractors of a network, one strongly connected block after the other.

Upstream blocks do not depend on downstream ones. So the first blocks are solved alone, each of
their cycles drives the next block as a periodic beat, and so on. Each block is solved once per
beat. Where a beat keeps a component constant, the constant is first substituted into the block,
which often splits it into smaller ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import gcd

from regnet.boolean import BooleanNetwork
from regnet.deadline import Deadline
from regnet.diagram import Diagram, Function
from regnet.engines import asp, sat
from regnet.reduction import reduce

MAX_TRAPS = 100


def synchronous_cycles(network: BooleanNetwork, *, deadline: Deadline) -> Iterator[tuple[int, ...]]:
    """Yield the attractors under synchronous updates, as cycles of states.

    Each cycle starts at its smallest state; a state is a number whose binary digits are the values
    of ``network.order``, the first variable first.

    Parameters
    ----------
    network
        The network; free inputs are variables that keep their value.
    deadline
        When to stop; `OutOfTime` is raised then, and what was yielded stays valid.
    """
    alone = replace(network, inputs=frozenset())
    for beat in _Solver(deadline).beats(alone, _Beat(1, {})):
        states = beat.states(network.order)
        first = states.index(min(states))
        yield (*states[first:], *states[:first])


@dataclass(frozen=True)
class _Beat:
    """Variables over one period of time: bit t of a column is the value at time t.

    `period` is the shortest common period of the columns.
    """

    period: int
    columns: Mapping[int, int]

    def states(self, order: tuple[int, ...]) -> list[int]:
        """Return the values of some variables at each time, the first variable first."""
        rows = [format(self.columns[v], f"0{self.period}b") for v in order]
        if not rows:
            return [0] * self.period
        return [int("".join(values), 2) for values in zip(*rows, strict=True)][::-1]

    def stretched(self, period: int) -> dict[int, int]:
        """Return the columns over a multiple of the period."""
        repeat = ((1 << period) - 1) // ((1 << self.period) - 1)
        return {v: column * repeat for v, column in self.columns.items()}

    def later(self, time: int) -> _Beat:
        """Return the beat shifted in time."""
        time %= self.period
        full = (1 << self.period) - 1
        return _Beat(
            self.period,
            {
                v: (column >> time | column << (self.period - time)) & full
                for v, column in self.columns.items()
            },
        )

    def of(self, variables: frozenset[int]) -> _Beat:
        """Return the beat of some of the variables, with their own period."""
        columns = {v: self.columns[v] for v in sorted(variables)}
        period = self.period
        for prime in _prime_factors(period):
            while period % prime == 0:
                part = period // prime
                full = (1 << part) - 1
                repeat = ((1 << period) - 1) // full
                if any((column & full) * repeat != column for column in columns.values()):
                    break
                period = part
                columns = {v: column & full for v, column in columns.items()}
        return _Beat(period, columns)

    def is_inside(self, space: Mapping[int, bool]) -> bool:
        """Return whether all its states lie in a space."""
        full = (1 << self.period) - 1
        return all(self.columns[v] == (full if value else 0) for v, value in space.items())

    def with_followers(self, d: Diagram, functions: Mapping[int, Function]) -> _Beat:
        """Return the beat extended by variables that follow it with a delay of one step."""
        full = (1 << self.period) - 1
        columns = dict(self.columns)
        for v, f in functions.items():
            after = d.evaluate(f, self.columns, full)
            columns[v] = (after << 1 | after >> (self.period - 1)) & full
        return _Beat(self.period, columns)

    def joined(self, other: _Beat, base: int) -> Iterator[_Beat]:
        """Yield the joint beats of this beat and a block.

        `other` is one cycle of the block; it was found under the part of this beat that drives the
        block, whose period is `base`.
        """
        rounds, turns = self.period // base, other.period // base
        ways = gcd(rounds, turns)
        period = self.period * turns // ways
        own = self.stretched(period)
        for way in range(ways):
            yield _Beat(period, {**own, **other.later(way * base).stretched(period)})


class _Solver:
    """Solves blocks, and caches the solutions."""

    def __init__(self, deadline: Deadline) -> None:
        self.deadline = deadline
        # The key of a block is its functions and the values of the variables that drive it at each
        # time of its period; a shift of the beat is undone in what is returned.
        self.solved: dict[object, list[_Beat]] = {}

    def beats(
        self, network: BooleanNetwork, drive: _Beat, held: Mapping[int, bool] | None = None
    ) -> Iterator[_Beat]:
        """Yield the attractors of a network under a beat, inside a trap space.

        Its inputs are driven by the beat; `held` are the variables that the trap space fixes.
        """
        d = network.diagram
        full = (1 << drive.period) - 1
        still = {v: bool(c) for v, c in drive.columns.items() if c in (0, full)}
        still.update(held or {})
        reduction = reduce(network, still, synchronous=True, settle=False)
        core = reduction.core
        blocks = _blocks(core)
        driven = [
            dict(zip(group, functions, strict=True))
            for group, functions in reversed(reduction.driven)
        ]
        stack = [iter([drive])]
        while stack:
            self.deadline.check()
            beat = next(stack[-1], None)
            if beat is None:
                stack.pop()
            elif len(stack) <= len(blocks):
                stack.append(self._extended(blocks[len(stack) - 1], beat))
            else:
                for functions in driven:
                    beat = beat.with_followers(d, functions)
                full = (1 << beat.period) - 1
                fixed = {v: full if value else 0 for v, value in reduction.fixed.items()}
                yield _Beat(beat.period, {**beat.columns, **fixed})

    def _extended(self, block: BooleanNetwork, beat: _Beat) -> Iterator[_Beat]:
        """Yield the beat joined with each cycle of a block under it."""
        own = [v for v in block.order if v not in block.inputs]
        if len(own) == 1 and own[0] not in block.diagram.support(block.targets[own[0]]):
            yield beat.with_followers(block.diagram, {own[0]: block.targets[own[0]]})
            return
        drive = beat.of(block.inputs)
        for found in self._cycles(block, drive):
            yield from beat.joined(found, drive.period)

    def _cycles(self, block: BooleanNetwork, drive: _Beat) -> Iterator[_Beat]:
        """Yield the cycles of a block under a beat, from the cache where possible."""
        shift = _canonical(drive)
        drive = drive.later(shift)
        key = (block.key, drive.period, tuple(drive.columns.items()))
        known = self.solved.get(key)
        if known is None:
            known = []
            for beat in self._solve(block, drive):
                known.append(beat)
                yield beat.later(-shift)
            self.solved[key] = known
        else:
            for beat in known:
                yield beat.later(-shift)

    def _solve(self, block: BooleanNetwork, drive: _Beat) -> Iterator[_Beat]:
        full = (1 << drive.period) - 1
        if any(column in (0, full) for column in drive.columns.values()):
            yield from self.beats(block, drive)
            return
        d = block.diagram
        groups = tuple(g for g in block.groups if g[0] not in block.inputs)
        own = tuple(v for g in groups for v in g)
        phases: list[BooleanNetwork] = []
        made: dict[tuple[bool, ...], BooleanNetwork] = {}
        for time in range(drive.period):
            now = {v: bool(column >> time & 1) for v, column in drive.columns.items()}
            key = tuple(now.values())
            if key not in made:
                targets = {v: d.restrict(block.targets[v], now) for v in own}
                made[key] = BooleanNetwork(d, groups, targets)
            phases.append(made[key])
        traps = self._traps(block) if len(own) > sat.EVERY_STATE else []
        for place, trap in enumerate(traps):
            for beat in self.beats(block, drive, trap):
                if not any(beat.is_inside(earlier) for earlier in traps[:place]):
                    yield beat
        for states in sat.cycles(phases, outside=traps, deadline=self.deadline):
            own_columns = _columns(phases[0].order, states)
            yield _Beat(len(states), {**drive.stretched(len(states)), **own_columns})

    def _traps(self, block: BooleanNetwork) -> list[dict[int, bool]]:
        """Return trap spaces of a block that hold for all inputs; not necessarily all of them."""
        d = block.diagram
        restless = {u: d.literal(u, False) for u in block.inputs}
        network = replace(block, targets={**block.targets, **restless}, inputs=frozenset())
        return list(asp.maximal_trap_spaces(network, limit=MAX_TRAPS, deadline=self.deadline))


def _blocks(network: BooleanNetwork) -> list[BooleanNetwork]:
    """Return the strongly connected blocks, upstream first, with the inputs that drive them."""
    import networkx as nx

    d = network.diagram
    owner = {v: g for g in network.groups for v in g}
    graph = nx.DiGraph()
    graph.add_nodes_from(g for g in network.groups if g[0] not in network.inputs)
    supports: dict[tuple[int, ...], frozenset[int]] = {}
    for g in graph:
        supports[g] = frozenset().union(*(d.support(network.targets[v]) for v in g))
    graph.add_edges_from(
        (owner[u], g) for g, support in supports.items() for u in support if owner[u] in supports
    )
    condensed = nx.condensation(graph)
    blocks = []
    for number in nx.lexicographical_topological_sort(condensed):
        members = sorted(condensed.nodes[number]["members"])
        own = {v for g in members for v in g}
        inputs = frozenset().union(*(supports[g] for g in members)) - own
        groups = (*members, *((u,) for u in sorted(inputs)))
        targets = {v: network.targets[v] for v in own}
        targets.update((u, d.literal(u)) for u in inputs)
        blocks.append(BooleanNetwork(d, groups, targets, inputs))
    return blocks


def _columns(order: tuple[int, ...], states: tuple[int, ...]) -> dict[int, int]:
    """Return the column of each variable in a run, from its states over time."""
    rows = [format(state, f"0{len(order)}b") for state in reversed(states)]
    columns = (int("".join(values), 2) for values in zip(*rows, strict=True))
    return dict(zip(order, columns, strict=True))


def _canonical(beat: _Beat) -> int:
    """Return the shift that turns a beat into the canonical one of all its shifts."""
    if beat.period == 1 or beat.period > 200:
        return 0
    rows = beat.states(tuple(beat.columns))
    return min(range(beat.period), key=lambda time: (*rows[time:], *rows[:time]))


def _prime_factors(number: int) -> list[int]:
    primes, divisor = [], 2
    while divisor * divisor <= number:
        if number % divisor == 0:
            primes.append(divisor)
            while number % divisor == 0:
                number //= divisor
        divisor += 1
    return primes + [number] * (number > 1)
