"""Reduction: removal of components that are determined by others.

Three steps, each exact for attractors and undone in the answer:

- *percolate*: a level that is constant once earlier constants are substituted is constant too;
- *drive*: a component without targets only follows the others, so it is removed and added to each
attractor again (Saadatpour, Albert and Reluga 2013, doi 10.1137/13090537X, prove
  the Boolean case); for synchronous updates only if one variable of it is left;
- *settle*: a component regulated by free inputs only ends at a level determined by them, so its
function is substituted into the rules that use it.

The rest decomposes into independent parts, whose answers multiply.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from regnet.boolean import BooleanNetwork
from regnet.diagram import Function

Group = tuple[int, ...]


@dataclass(frozen=True)
class Reduction:
    """A reduced network and the removed components.

    Parameters
    ----------
    core
        The reduced network.
    fixed
        Variables that are constant in every attractor, with their values.
    driven
        Driven groups, in the order of removal (added again in reverse), with the targets of their
        variables. The targets name variables of `core`, of inputs of settled groups, and of groups
        removed later.
    settled
        Groups determined by free inputs, with targets that name variables of inputs only.
    """

    core: BooleanNetwork
    fixed: dict[int, bool]
    driven: tuple[tuple[Group, tuple[Function, ...]], ...] = ()
    settled: tuple[tuple[Group, tuple[Function, ...]], ...] = field(default=())


def reduce(
    network: BooleanNetwork,
    values: Mapping[int, bool] | None = None,
    *,
    start: Mapping[int, bool] | None = None,
    synchronous: bool = False,
    settle: bool = True,
) -> Reduction:
    """Return the reduction of a network.

    Parameters
    ----------
    network
        The network.
    values
        Variables to hold, whatever their rules say; used for inputs and inside trap spaces.
    start
        Where the network starts, for questions about what is reachable: then only variables that
        start at their constant may be taken as constant, and nothing is settled.
    synchronous
        Take out only what is exact for synchronous updates.
    settle
        Whether to take out what only free inputs regulate.
    """
    fixed = dict(values or {})
    network = _percolate(network, fixed, start)
    settled: list[tuple[Group, tuple[Function, ...]]] = []
    if settle and start is None:
        network, settled = _settle(network)
    network, driven = _drop_driven(network, single=synchronous)
    return Reduction(network, fixed, tuple(driven), tuple(settled))


def _percolate(
    network: BooleanNetwork, fixed: dict[int, bool], start: Mapping[int, bool] | None
) -> BooleanNetwork:
    """Put constants in until nothing changes; `fixed` gains them."""
    d = network.diagram
    targets = dict(network.targets)
    users: dict[int, list[int]] = {}
    for v, f in targets.items():
        for u in d.support(f):
            users.setdefault(u, []).append(v)

    def constant(v: int) -> bool:
        return targets[v] < 2 and (start is None or start.get(v) == bool(targets[v]))

    fresh = [v for v in fixed if v in targets] + [v for v in targets if constant(v)]
    while fresh:
        for v in fresh:
            fixed.setdefault(v, bool(targets[v]))
        changes = {v: fixed[v] for v in fresh}
        touched = sorted({user for v in fresh for user in users.get(v, ())} - fixed.keys())
        fresh = []
        for v in touched:
            targets[v] = d.restrict(targets[v], changes)
            if constant(v):
                fresh.append(v)
    groups = tuple(kept for g in network.groups if (kept := tuple(v for v in g if v not in fixed)))
    left = {v: targets[v] for g in groups for v in g}
    return BooleanNetwork(d, groups, left, network.inputs - fixed.keys())


def _settle(
    network: BooleanNetwork,
) -> tuple[BooleanNetwork, list[tuple[Group, tuple[Function, ...]]]]:
    """Write components that only free inputs regulate into the rules that use them."""
    d = network.diagram
    inputs = network.inputs
    if not inputs:
        return network, []
    targets = dict(network.targets)
    users: dict[int, set[Group]] = {}
    for g in network.groups:
        for u in {u for v in g for u in d.support(targets[v])}:
            users.setdefault(u, set()).add(g)
    settled: dict[Group, tuple[Function, ...]] = {}
    queue = [g for g in network.groups if g[0] not in inputs]
    while queue:
        again: set[Group] = set()
        for g in queue:
            functions = tuple(targets[v] for v in g)
            if g in settled or not all(d.support(f) <= inputs for f in functions):
                continue
            settled[g] = functions
            change = dict(zip(g, functions, strict=True))
            for user in {user for v in g for user in users.get(v, ())} - settled.keys():
                for v in user:
                    targets[v] = d.compose(targets[v], change)
                again.add(user)
        queue = sorted(again)
    kept = tuple(g for g in network.groups if g not in settled)
    left = {v: targets[v] for g in kept for v in g}
    core = replace(network, groups=kept, targets=left)
    return core, list(settled.items())


def _drop_driven(
    network: BooleanNetwork, *, single: bool
) -> tuple[BooleanNetwork, list[tuple[Group, tuple[Function, ...]]]]:
    """Remove components without targets, repeatedly."""
    d = network.diagram
    supports = {
        g: frozenset().union(*(d.support(network.targets[v]) for v in g)) for g in network.groups
    }
    uses: dict[int, int] = {}
    for support in supports.values():
        for u in support:
            uses[u] = uses.get(u, 0) + 1

    def is_driven(g: Group) -> bool:
        if single and len(g) > 1:
            return False
        return not any(uses.get(v) for v in g)

    owner = {v: g for g in network.groups for v in g}
    driven: list[tuple[Group, tuple[Function, ...]]] = []
    gone: set[Group] = set()
    queue = [g for g in network.groups if is_driven(g)]
    while queue:
        g = queue.pop()
        if g in gone:
            continue
        gone.add(g)
        driven.append((g, tuple(network.targets[v] for v in g)))
        for u in supports[g]:
            uses[u] -= 1
            if owner[u] not in gone and is_driven(owner[u]):
                queue.append(owner[u])
    kept = tuple(g for g in network.groups if g not in gone)
    left = {v: network.targets[v] for g in kept for v in g}
    return replace(network, groups=kept, targets=left), driven


def parts(network: BooleanNetwork) -> list[BooleanNetwork]:
    """Return the independent parts of a network, in order of their first variable."""
    d = network.diagram
    owner = {v: g for g in network.groups for v in g}
    root = {g: g for g in network.groups}

    def find(g: Group) -> Group:
        while root[g] != g:
            root[g] = root[root[g]]
            g = root[g]
        return g

    for g in network.groups:
        for v in g:
            for u in d.support(network.targets[v]):
                a, b = find(g), find(owner[u])
                if a != b:
                    root[max(a, b)] = min(a, b)
    members: dict[Group, list[Group]] = {}
    for g in network.groups:
        members.setdefault(find(g), []).append(g)
    return [
        BooleanNetwork(
            d,
            tuple(groups),
            {v: network.targets[v] for g in groups for v in g},
            frozenset(v for g in groups for v in g if v in network.inputs),
        )
        for groups in members.values()
    ]
