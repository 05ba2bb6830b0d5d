"""Phases: the behaviour of a component in the states of an attractor, and why it changes."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass

from regnet.analysis.explain.chains import Chains
from regnet.analysis.explain.reasons import Target
from regnet.analysis.trace import Dynamics, State
from regnet.brief import brief
from regnet.deadline import Deadline
from regnet.space import Range, Space

MOST_STATES = 30_000
"""Maximum number of states of an attractor that are examined."""


@dataclass(frozen=True, slots=True)
class Phase:
    """The behaviour of a component in some states of an attractor, and the reasons.

    Parameters
    ----------
    level
        The level it is at.
    moves
        1 if it is about to rise, -1 if it is about to fall, 0 if it stays.
    states
        Number of such states among those examined.
    reasons
        A few reasons that cover these states, the most frequent first, each with the number of
        states in which it holds.
    """

    level: int
    moves: int
    states: int
    reasons: tuple[tuple[Space, int], ...]

    __repr__ = brief


def find_phases(
    chains: Chains, component: str, seed: Space, deadline: Deadline
) -> tuple[tuple[Phase, ...], str]:
    """Return the phases of a component in the attractor of a state, and what is missing.

    Parameters
    ----------
    chains
        The network and the scenario.
    component
        Its name.
    seed
        A state of the attractor.
    deadline
        When to stop with `OutOfTime`.
    """
    names = chains.original.names
    target, place = chains.target(component), names.index(component)
    watched = [names.index(name) for name in target.regulators]
    seen: dict[tuple[int, int], Counter[State]] = {}
    missing: list[str] = []
    for state in attractor_states(chains, seed, deadline, missing):
        levels = tuple(state[i] for i in watched)
        heads, _ = target.range(_point(target, levels))
        now = state[place]
        seen.setdefault((now, (heads > now) - (heads < now)), Counter())[levels] += 1
    phases = []
    for (level, moves), counts in sorted(seen.items()):
        within = {1: (level + 1, target.top), -1: (0, level - 1), 0: (level, level)}[moves]
        phases.append(Phase(level, moves, counts.total(), _covering(target, counts, within)))
    return tuple(phases), "; ".join(missing)


def attractor_states(
    chains: Chains, seed: Space, deadline: Deadline, missing: list[str]
) -> Iterator[State]:
    """Yield the states of an attractor, from one of them.

    At most `MOST_STATES` are yielded; if there are more, a sentence is added to `missing`.
    """
    dynamics = Dynamics(chains.original, chains.scenario)
    first = tuple(seed[name][0] for name in chains.original.names)
    seen, todo = {first}, deque([first])
    while todo:
        state = todo.popleft()
        yield state
        deadline.check()
        for after in dynamics.successors(state):
            if after not in seen:
                if len(seen) == MOST_STATES:
                    missing.append(f"only {MOST_STATES:,} states of the attractor were examined")
                    yield from todo
                    return
                seen.add(after)
                todo.append(after)


def _point(target: Target, levels: State) -> dict[str, tuple[int, int]]:
    return {name: (x, x) for name, x in zip(target.regulators, levels, strict=True)}


def _covering(
    target: Target, counts: Counter[State], within: Range
) -> tuple[tuple[Space, int], ...]:
    """Return a few reasons that together cover all of these regulator levels."""
    points = {levels: _point(target, levels) for levels in counts}
    options = {reason for point in points.values() for reason in target.reasons(point, within)}
    holds = {
        reason: {levels for levels, point in points.items() if reason.contains(point)}
        for reason in options
    }
    chosen = []
    left = set(points)
    while left:
        best = max(
            options,
            key=lambda reason: (sum(counts[x] for x in holds[reason] & left), -len(reason),
                                str(reason)),
        )  # fmt: skip
        chosen.append((best, sum(counts[levels] for levels in holds[best])))
        left -= holds[best]
    return tuple(chosen)


def negative_circuit(chains: Chains, component: str) -> tuple[str, ...]:
    """Return a short negative circuit of changing components, on or upstream of a component.

    There is one whenever components keep changing (Thomas' second rule; Richard 2010,
    doi 10.1016/j.aam.2009.11.011). Empty if there is none.
    """
    changing = {name for name, (low, high) in chains.space.items() if low != high}
    upstream, seen = deque([component]), {component}
    while upstream:
        name = upstream.popleft()
        if found := _way_round(chains, name, changing):
            return found
        for source in chains.target(name).edges:
            if source in changing and source not in seen:
                seen.add(source)
                upstream.append(source)
    return ()


def _way_round(chains: Chains, start: str, changing: set[str]) -> tuple[str, ...]:
    """Return the shortest negative closed walk through a component, if it is a circuit.

    The shortest one of all is a circuit, so some component upstream has one.
    """
    todo: deque[tuple[str, int, tuple[str, ...]]] = deque([(start, 1, (start,))])
    seen = {(start, 1)}
    while todo:
        name, sign, path = todo.popleft()
        for source, edge in chains.target(name).edges.items():
            if source not in changing:
                continue
            for way in {"+": (1,), "-": (-1,), "±": (1, -1)}[edge.sign]:
                after = sign * way
                if source == start and after < 0:
                    return path[::-1] if len(set(path)) == len(path) else ()
                if (source, after) not in seen:
                    seen.add((source, after))
                    todo.append((source, after, (*path, source)))
    return ()
