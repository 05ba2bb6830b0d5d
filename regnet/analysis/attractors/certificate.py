"""Certificates: exact asynchronous attractors of networks too large for enumeration of states.

Every minimal trap space holds an attractor; it remains to be proved that there is no other. Retain
variables that intersect all negative circuits: each may reach one chosen value but not leave it.
Without negative circuits only fixed points are left (Richard 2010, doi 10.1016/j.aam.2009.11.011),
so every attractor contains a fixed point of this *retained* network (Trinh, Hiraishi and Benhamou
2022, doi 10.1145/3535508.3545520): a *candidate*.

A candidate from which some run enters a trap space belongs to no attractor outside, and neither
does any state that escapes in the same way (`completeness`). So it is proved first that every
attractor lies in one of the maximal trap spaces, then that fewer of them suffice, and then the same
inside each of these, whose networks are smaller and often decompose. When no candidate is left, the
minimal trap spaces hold all attractors.

A minimal trap space holds a single attractor if one candidate can be reached from all candidates in
it. There the retained values are improved one at a time, as in biobalm (Trinh, Park, Pastva and
Rozum 2025).
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from regnet.analysis.attractors.completeness import LONG, SHORT, CompletenessProof
from regnet.boolean import BooleanNetwork
from regnet.deadline import Deadline
from regnet.engines import asp, sat
from regnet.feedback import feedback_vertex_set
from regnet.reduction import Reduction, parts, reduce

MAX_SPACES = 20_000
MAX_LARGEST = 500
MAX_CANDIDATES = 2_000
FEW_SPACES = 100
FEW_TRIES = 100
MAX_TRIES = 2_000
ROUNDS = 200
SWEEPS = 100

Values = Mapping[int, bool]


@dataclass(frozen=True)
class Certificate:
    """What is proved about the asynchronous attractors of a network.

    Parameters
    ----------
    spaces
        The minimal trap spaces, as the variables each fixes.
    proved
        Whether every attractor lies in one of them, with at least one in each.
    why
        What is missing if it is not proved.
    """

    spaces: tuple[Values, ...]
    proved: bool
    why: str = ""


def certify(
    network: BooleanNetwork,
    *,
    deadline: Deadline,
    seed: int = 0,
    known: set[object] | None = None,
) -> Certificate:
    """Return the minimal trap spaces, and whether they are proved to hold every attractor.

    `seed` starts the random runs; they can only turn "not proved" into "proved", never into a
    wrong answer. `known` are keys of networks proved before; those that are proved now are added,
    so that networks with much in common are proved sooner.
    """
    spaces = tuple(asp.minimal_trap_spaces(network, limit=MAX_SPACES, deadline=deadline))
    if len(spaces) == MAX_SPACES:
        return Certificate(spaces, False, f"more than {MAX_SPACES} minimal trap spaces")
    if not all(spaces):  # the only minimal trap space is the whole space
        return Certificate(spaces, True)
    proof = _Proof(deadline, random.Random(seed), known or set())
    why = proof.why_unproved(network, spaces)
    if known is not None and not why:
        known |= proof.proved
    return Certificate(spaces, not why, why)


def covering(
    network: BooleanNetwork, minimal: Sequence[Values], *, deadline: Deadline, seed: int = 0
) -> list[dict[int, bool]] | None:
    """Return trap spaces that hold every attractor outside the minimal ones; None if not proved.

    To refine the answer, ask again inside each, as `certify` does. `minimal` are all minimal trap
    spaces, of which one is not the whole space.
    """
    inside, why = _Proof(deadline, random.Random(seed), set())._inside(network, minimal)
    return None if why else [reduction.fixed for reduction in inside]


def common_state(
    network: BooleanNetwork, *, deadline: Deadline, seed: int = 0
) -> dict[int, bool] | None:
    """Return a state that lies in every attractor, so that there is only one; None if not found.

    The network must have no trap space but the whole. None means that nothing was proved.
    """
    candidates = _Candidates(network, (), MAX_CANDIDATES, deadline)
    candidates.improve(1)
    if len(candidates.states) == MAX_CANDIDATES:
        return None
    return candidates.common(random.Random(seed))


def avoiding_states(
    network: BooleanNetwork,
    spaces: Sequence[Values],
    *,
    near: Sequence[Values],
    limit: int,
    deadline: Deadline,
    seed: int = 0,
) -> list[dict[int, bool]] | None:
    """Return states of which every attractor that never meets some spaces contains one.

    The spaces are arbitrary; if no state is returned, every attractor meets them. From the returned
    states no sampled run met them, which proves nothing. Return None if there are `limit` states or
    more. There are few if the retained values of variables are those of attractors, so trap spaces
    `near` these give a first guess.
    """
    candidates = _Candidates(network, spaces, limit, deadline, near)
    candidates.improve(0)
    if len(candidates.states) == limit:
        return None
    running = candidates.running(random.Random(seed))
    return [state for lane, state in enumerate(candidates.states) if running >> lane & 1]


class _Proof:
    """Proves that no attractor lies outside the minimal trap spaces.

    `proved` are the networks proved complete, once the whole is.
    """

    def __init__(self, deadline: Deadline, chance: random.Random, known: set[object]) -> None:
        self.deadline = deadline
        self.chance = chance
        self.known = known  # a proof depends on the functions of a part alone
        self.proved: set[object] = set()

    def why_unproved(self, network: BooleanNetwork, minimal: Sequence[Values]) -> str:
        """Return why it is not proved, or nothing, given the minimal trap spaces."""
        todo = [(network, minimal)]
        while todo:
            part, minimal = todo.pop()
            if part.key in self.known or part.key in self.proved:
                continue
            self.proved.add(part.key)
            if not all(minimal):  # the only one is the whole space
                continue
            inside, why = self._inside(part, minimal)
            if why:
                return why
            for each in inside:
                for core in parts(each.core):
                    few = asp.minimal_trap_spaces(core, limit=FEW_SPACES, deadline=self.deadline)
                    todo.append((core, list(few)))
        return ""

    def _inside(
        self, network: BooleanNetwork, minimal: Sequence[Values]
    ) -> tuple[list[Reduction], str]:
        """Return the networks inside trap spaces that hold all attractors not covered by a proof.

        Use as few maximal trap spaces as suffice, as each is searched in turn. Otherwise return why
        it is not proved.
        """
        values = held_values(network, minimal)
        escapes = CompletenessProof(network, values, self.deadline, self.chance)
        good = [escapes.add(space) for space in minimal if len(minimal) < FEW_SPACES]
        if good and escapes.is_proved(good, tries=FEW_TRIES, runs=SHORT):
            return [], ""
        find = asp.maximal_trap_spaces(network, limit=MAX_LARGEST, deadline=self.deadline)
        largest = list(find)
        if len(largest) == MAX_LARGEST:
            if good and escapes.is_proved(good, tries=MAX_TRIES, runs=LONG):
                return [], ""
            return [], f"more than {MAX_LARGEST} maximal trap spaces"
        inside = {escapes.add(space): reduce(network, space) for space in largest}
        if not escapes.is_proved([*good, *inside], tries=MAX_TRIES, runs=LONG):
            return [], "some states may lie in further attractors"
        for i in sorted(inside, key=lambda i: -len(inside[i].core.order)):
            fewer = [j for j in inside if j != i]
            if escapes.is_proved([*good, *fewer], tries=FEW_TRIES, runs=SHORT):
                del inside[i]
        return list(inside.values()), ""


class _Candidates:
    """States of which every attractor outside some trap spaces contains one.

    Parameters
    ----------
    network
        The network.
    outside
        The trap spaces; their values are a first guess for the retained variables.
    limit
        Maximum number of candidates searched for.
    deadline
        When to stop.
    near
        Trap spaces used for the first guess instead.
    """

    def __init__(
        self,
        network: BooleanNetwork,
        outside: Sequence[Values],
        limit: int,
        deadline: Deadline,
        near: Sequence[Values] = (),
    ) -> None:
        self.network = network
        self.outside = outside
        self.limit = limit
        self.deadline = deadline
        self.values = held_values(network, near or outside)
        self.retained = sat.Retained(network, self.values, outside)
        self.states = self._states(self.values, self.limit)

    def _states(self, values: Values, limit: int) -> list[dict[int, bool]]:
        return self.retained.resting(values, limit=limit, deadline=self.deadline)

    def improve(self, enough: int) -> None:
        """Flip retained values one at a time, as long as that leaves fewer candidates."""
        last = None
        while len(self.states) > enough:
            for v in self.values:
                if v == last:  # a whole round without improvement
                    return
                turned = {**self.values, v: not self.values[v]}
                states = self._states(turned, len(self.states))
                if len(states) < len(self.states):
                    self.values, self.states, last = turned, states, v
                    if len(states) <= enough:
                        return
            if last is None:
                return

    def running(self, chance: random.Random) -> int:
        """Return the candidates whose runs did not enter one of the spaces, one bit each.

        All candidates run at once, one bit each, through the same random order of updates. Every
        other run is directed towards one of the spaces: variables that already have their value
        there are not updated.
        """
        columns, full = self._columns()
        running = full
        for number in range(ROUNDS):
            if not running:
                break
            aim = chance.choice(self.outside) if number % 2 else {}
            self._run(columns, full, chance, {v: aim[v] for v in aim if chance.random() < 0.8})
            for space in self.outside:
                inside = running
                for v, value in space.items():
                    inside &= columns[v] if value else ~columns[v]
                    if not inside:
                        break
                running &= ~inside
        return running

    def common(self, chance: random.Random) -> dict[int, bool] | None:
        """Return a candidate that sampled runs from all others reach, if any.

        Runs follow the rules of the network; from where they end, updates that the retained network
        allows lead back to a candidate.
        """
        number = {tuple(state.values()): i for i, state in enumerate(self.states)}
        reached = [1 << i for i in range(len(self.states))]
        columns, full = self._columns()
        for _ in range(ROUNDS):
            met = full
            for i, ahead in enumerate(reached):  # Warshall: reached by way of i
                for j, other in enumerate(reached):
                    if other >> i & 1:
                        reached[j] = other | ahead
            for ahead in reached:
                met &= ahead
            if met:
                return self.states[(met & -met).bit_length() - 1]
            self._run(columns, full, chance)
            for lane, state in enumerate(self._resting(columns, full, chance)):
                if state in number:
                    reached[lane] |= 1 << number[state]
        return None

    def _columns(self) -> tuple[dict[int, int], int]:
        """Return the values of each variable in all candidates, and the mask of all candidates."""
        columns = {
            v: sum(1 << lane for lane, state in enumerate(self.states) if state[v])
            for v in self.network.order
        }
        return columns, (1 << len(self.states)) - 1

    def _run(
        self, columns: dict[int, int], full: int, chance: random.Random, kept: Values | None = None
    ) -> None:
        """Update all runs, in one random order; `kept` values are not left once reached."""
        self.deadline.check()
        d, functions, kept = self.network.diagram, self.network.functions, kept or {}
        for v in chance.sample(self.network.order, k=len(self.network.order)):
            after = d.evaluate(functions[v], columns, full)
            if v in kept:
                after = after | columns[v] if kept[v] else after & columns[v]
            columns[v] = after

    def _resting(
        self, columns: Mapping[int, int], full: int, chance: random.Random
    ) -> list[tuple[bool, ...]]:
        """Return the fixed point of each run in the retained network."""
        ends = dict(columns)
        for _ in range(SWEEPS):
            before = dict(ends)
            self._run(ends, full, chance, self.values)
            if ends == before:
                break
        lanes = range(len(self.states))
        return [tuple(bool(ends[v] >> i & 1) for v in self.network.order) for i in lanes]


def held_values(network: BooleanNetwork, spaces: Sequence[Values]) -> dict[int, bool]:
    """Return variables to retain, such that no negative circuit is left, with their values.

    The values are those that most of some trap spaces have.
    """
    balance = dict.fromkeys(negative_feedback_vertex_set(network), 0)
    for space in spaces:
        for v in balance.keys() & space.keys():
            balance[v] += 1 if space[v] else -1
    return {v: b > 0 for v, b in balance.items()}


def negative_feedback_vertex_set(network: BooleanNetwork) -> list[int]:
    """Return a minimal set of variables that intersects every negative circuit.

    A circuit is negative if an odd number of its edges are, or can be. The search starts from a
    feedback vertex set and removes superfluous variables, the least connected first.
    """
    after: dict[int, dict[int, int]] = {v: {} for v in network.order}
    degree = dict.fromkeys(network.order, 0)
    for v, f in network.functions.items():
        for u, sign in network.diagram.signs(f).items():
            after[u][v] = sign
            degree[u] += 1
            degree[v] += 1
    kept = set(feedback_vertex_set(network))
    for v in sorted(kept, key=lambda v: (degree[v], v)):
        network.diagram.watch()
        if _is_without_negative_circuit(after, kept - {v}):
            kept.discard(v)
    return sorted(kept)


def _is_without_negative_circuit(after: Mapping[int, Mapping[int, int]], gone: set[int]) -> bool:
    """Return whether a signed graph has no negative circuit once some vertices are removed.

    A strongly connected graph has none exactly if its vertices can be split into two sides such
    that positive edges stay within a side and negative ones cross (Harary 1953).
    """
    import networkx as nx

    graph = nx.DiGraph((u, v) for u in after if u not in gone for v in after[u] if v not in gone)
    for component in nx.strongly_connected_components(graph):
        first = next(iter(component))
        side = {first: 1}
        todo = [first]
        while todo:
            u = todo.pop()
            for v, sign in after[u].items():
                if v not in component:
                    continue
                if v not in side:
                    side[v] = side[u] * sign
                    todo.append(v)
                if not sign or side[v] != side[u] * sign:
                    return False
    return True
