"""Random expressions, networks and perturbations for Hypothesis, shared by all tests.

Everything drawn here is small on purpose: every network can be checked against a walk over all its
states.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from itertools import product
from string import ascii_uppercase

from hypothesis import strategies as st

from regnet.logic import FALSE, TRUE, Const, Expr, Var
from regnet.network import Component, LogicalNetwork, Rule
from regnet.scenario import Cut, Perturbation
from regnet.space import Space


def expressions(tops: Mapping[str, int], *, max_leaves: int = 8) -> st.SearchStrategy[Expr]:
    """Draw expressions over components with these highest levels, as the parser would build them.

    Neither ``!!A`` nor nested conjunctions of conjunctions appear, and a constant only stands
    alone, so writing and reading an expression gives the same one.
    """
    atoms = [Var(name, level) for name, top in tops.items() for level in range(1, top + 1)]
    constants = st.sampled_from([TRUE, FALSE])
    leaves = st.one_of(*[st.sampled_from(atoms)] * 9, constants) if atoms else constants

    def negation(arg: Expr) -> Expr:
        return Const(not arg.value) if isinstance(arg, Const) else ~arg

    def grow(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
        pairs = st.tuples(parts, parts)
        return st.one_of(
            parts.map(negation),
            pairs.map(lambda two: two[0] & two[1]),
            pairs.map(lambda two: two[0] | two[1]),
        )

    return st.recursive(leaves, grow, max_leaves=max_leaves)


@st.composite
def rules(draw: st.DrawFn, tops: Mapping[str, int], top: int, *, ordered: bool = False) -> Rule:
    """Draw the rule of a component that ends at `top`.

    `ordered` gives one case a level, highest first; otherwise cases come in any order and may
    repeat a level or lead to 0.
    """
    if top == 1 and draw(st.integers(0, 9)) != 0:
        levels = [1]
    elif ordered:
        levels = sorted(draw(st.sets(st.integers(1, top), min_size=1)), reverse=True)
    else:
        levels = draw(st.lists(st.integers(0, top), min_size=1, max_size=top + 1))
    conditions = expressions(tops, max_leaves=6)
    atoms = [Var(name, at) for name, most in tops.items() for at in range(1, most + 1)]
    cases = []
    for level in levels:
        condition = draw(conditions)
        if atoms and not isinstance(condition, Const) and draw(st.integers(0, 5)) == 0:
            split = draw(st.sampled_from(atoms))  # as merged truth tables have it; it cancels
            condition = condition & split | condition & ~split
        cases.append((condition, level))
    return Rule(tuple(cases))


@st.composite
def networks(
    draw: st.DrawFn,
    max_components: int = 4,
    max_top: int = 3,
    *,
    min_components: int = 1,
    inputs: bool = True,
) -> LogicalNetwork:
    """Draw a network with components A, B, C.. of up to `max_top` levels above 0."""
    count = draw(st.integers(min_components, max_components))
    tops = {name: draw(st.integers(1, max_top)) for name in ascii_uppercase[:count]}
    components = []
    for name, top in tops.items():
        is_input = inputs and draw(st.integers(0, 5)) == 0
        rule = None if is_input else draw(rules(tops, top))
        components.append(Component(name, rule, top))
    return LogicalNetwork(tuple(components), name="random")


@st.composite
def oscillators(draw: st.DrawFn, max_components: int = 5, *, inputs: bool = True) -> LogicalNetwork:
    """Draw a network of switches and of components that oscillate where switches let them.

    Several attractors of such a network may have the same kind, size and ranges, and differ in
    their states alone.
    """
    count = draw(st.integers(2, max_components))
    names = list(ascii_uppercase[:count])
    own = [Rule.of("false"), Rule.of("true"), *([None] * inputs)]
    components: list[Component] = []
    while len(components) < count:
        name = names[len(components)]
        at = draw(st.sampled_from([c.name for c in components])) if components else name
        shape = draw(st.sampled_from(["switch", "gated", "gated", "flip", "pair", "climb", "any"]))
        if not components or shape == "switch":
            rule, top = draw(st.sampled_from([*own, Rule.of(name)])), draw(st.integers(1, 2))
            components.append(Component(name, rule, 1 if rule is not None else top))
        elif shape == "gated":
            components.append(Component(name, Rule.of(f"{at} & !{name}")))
        elif shape == "flip":
            components.append(Component(name, Rule.of(f"{at} & !{name} | !{at} & {name}")))
        elif shape == "pair" and len(components) + 1 < count:
            other = names[len(components) + 1]
            components.append(Component(name, Rule.of(f"!{other}")))
            components.append(Component(other, Rule.of(name)))
        elif shape == "climb":
            components.append(Component(name, Rule(((~Var(name, 2), 2),)), 2))
        else:
            tops = {c.name: c.top for c in components} | {name: 1}
            components.append(Component(name, Rule.of(draw(expressions(tops, max_leaves=4)))))
    return LogicalNetwork(tuple(components), name="oscillators")


def boolean_networks(
    max_components: int = 5, *, min_components: int = 1, inputs: bool = True
) -> st.SearchStrategy[LogicalNetwork]:
    """Draw a network whose components have the levels 0 and 1 only."""
    return networks(max_components, 1, min_components=min_components, inputs=inputs)


@st.composite
def perturbations(
    draw: st.DrawFn, network: LogicalNetwork, *, max_clamps: int = 2, max_cuts: int = 2
) -> Perturbation:
    """Draw a perturbation that fits the network: clamps at levels and ranges, and edge cuts."""
    clamped = draw(st.lists(st.sampled_from(network.names), unique=True, max_size=max_clamps))
    clamps = {name: draw(_ranges(network.tops[name])) for name in clamped}
    edges = sorted(
        {(v.name, c.name) for c in network.components if c.rule for v in c.rule.thresholds()}
    )
    cuts = set()
    if edges:
        for source, target in draw(
            st.lists(st.sampled_from(edges), unique=True, max_size=max_cuts)
        ):
            cuts.add(Cut(source, target, draw(st.integers(0, network.tops[source]))))
    return Perturbation(Space(clamps), frozenset(cuts))


@st.composite
def starts(draw: st.DrawFn, network: LogicalNetwork) -> Space:
    """Draw a start: some components at levels or ranges, the others free."""
    named = draw(st.lists(st.sampled_from(network.names), unique=True))
    return Space({name: draw(_ranges(network.tops[name])) for name in named})


def states(network: LogicalNetwork) -> st.SearchStrategy[dict[str, int]]:
    """Draw one state: a level for every component."""
    return st.fixed_dictionaries({n: st.integers(0, top) for n, top in network.tops.items()})


def _ranges(top: int) -> st.SearchStrategy[tuple[int, int]]:
    pair = st.tuples(st.integers(0, top), st.integers(0, top))
    return pair.map(lambda two: (min(two), max(two)))


def random_boolean(chance: random.Random, size: int) -> LogicalNetwork:
    """Return a network whose rules are random tables of up to four regulators."""
    names = "ABCDEFGH"[:size]
    components = []
    for name in names:
        used = chance.sample(names, chance.randint(1, min(4, size)))
        rows = [
            " & ".join(n if x else f"!{n}" for n, x in zip(used, values, strict=True))
            for values in product((0, 1), repeat=len(used))
            if chance.random() < 0.5
        ]
        components.append(Component(name, Rule.of(" | ".join(rows) or "false")))
    return LogicalNetwork(tuple(components))
