"""Parts: the part of a network that can affect a condition.

Only upstream components act on a component, so reachability does not depend on the rest; and
components that never move from their start are constants in the rules that name them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from regnet.boolean import BooleanNetwork
from regnet.diagram import Function
from regnet.logic import Const, Expr, Var, substitute
from regnet.network import LogicalNetwork, Rule
from regnet.space import Range


def unmoved(network: LogicalNetwork, begin: Mapping[str, Range]) -> LogicalNetwork:
    """Return a network with components that never move substituted into the rules that name them.

    These are inputs and components whose rules are constant there. The dynamics from the start are
    preserved; in large networks with fixed inputs this simplifies many rules.
    """
    users: dict[str, set[str]] = {}
    for component in network.components:
        for var in component.rule.thresholds() if component.rule else ():
            users.setdefault(var.name, set()).add(component.name)
    rules = {c.name: c.rule for c in network.components}
    known: dict[str, int] = {}

    def swap(var: Var) -> Expr:
        return Const(known[var.name] >= var.level) if var.name in known else var

    todo = list(rules)
    while todo:
        name = todo.pop()
        low, high = begin.get(name, (0, network[name].top))
        rule = rules[name]
        if name in known or low != high:
            continue
        if rule is None or (_is_constant(rule) and rule.target({}) == low):
            known[name] = low
            for user in users.get(name, ()):
                if (old := rules[user]) is not None:
                    cases = tuple((substitute(c, swap), level) for c, level in old.cases)
                    rules[user] = Rule(cases)
                    todo.append(user)
    components = tuple(replace(c, rule=rules[c.name]) for c in network.components)
    return replace(network, components=components, claims=())


def _is_constant(rule: Rule) -> bool:
    return all(isinstance(condition, Const) for condition, _ in rule.cases)


def upstream(network: LogicalNetwork, names: Iterable[str]) -> LogicalNetwork:
    """Return the part of a network that acts on some components, themselves included."""
    wanted = set(names)
    todo = list(wanted)
    while todo:
        rule = network[todo.pop()].rule
        for var in rule.thresholds() if rule else ():
            if var.name not in wanted:
                wanted.add(var.name)
                todo.append(var.name)
    kept = tuple(c for c in network.components if c.name in wanted)
    return replace(network, components=kept, claims=())


def inside(network: BooleanNetwork, values: Mapping[int, bool]) -> BooleanNetwork:
    """Return the restriction of a network to a trap space."""
    d = network.diagram
    groups = tuple(left for g in network.groups if (left := tuple(v for v in g if v not in values)))
    targets = {v: d.restrict(network.targets[v], values) for g in groups for v in g}
    return BooleanNetwork(d, groups, targets, network.inputs - values.keys())


def ancestors(network: BooleanNetwork, goal: Function) -> BooleanNetwork:
    """Return the part of a network that a function depends on."""
    d = network.diagram
    owner = {v: g for g in network.groups for v in g}
    wanted: set[tuple[int, ...]] = set()
    todo = [owner[v] for v in d.support(goal)]
    while todo:
        group = todo.pop()
        if group not in wanted:
            wanted.add(group)
            todo += [owner[u] for v in group for u in d.support(network.targets[v])]
    groups = tuple(g for g in network.groups if g in wanted)
    targets = {v: network.targets[v] for g in groups for v in g}
    return BooleanNetwork(d, groups, targets, network.inputs & targets.keys())
