"""Plan: which edges a network has, and where things are drawn. Knows no Qt: workers make it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from regnet.analysis.structure import Edge, find_edges
from regnet.layout import Layout, Point, lay_out, node_size, with_positions
from regnet.network import LogicalNetwork

LONGEST = 26
"""Longer names are shortened in drawings; everything else shows them in full."""

QUICK = 20
"""Networks of so few components are planned in the window: it takes less than 50 ms."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is drawn, and where.

    Parameters
    ----------
    edges
        Edges that the rules make. Those into and out of a collapsed compartment are drawn as one.
    layout
        The drawing before any change by hand.
    claimed
        Edges that are drawn or cited, but that no rule has. They go straight, and nothing moves
        for them.
    groups
        What stands for a collapsed compartment -> its members.
    """

    edges: tuple[Edge, ...]
    layout: Layout
    claimed: tuple[Edge, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def make_plan(network: LogicalNetwork, collapsed: frozenset[str] = frozenset()) -> Plan:
    """Return the edges of a network and a drawing, with some compartments as one box each."""
    own = find_edges(network)
    known = {(e.source, e.target) for e in own}
    claims = (c for c in network.claims if (c.source, c.target) not in known)
    groups: dict[str, list[str]] = {}
    stands_for: dict[str, str] = {}
    for c in network.components:
        if c.compartment in collapsed:
            key = group_key(c.compartment)
            groups.setdefault(key, []).append(c.name)
            stands_for[c.name] = key
    edges = _merged(own, stands_for)
    claimed = _merged((Edge(c.source, c.target, c.sign) for c in claims), stands_for)
    drawn = {(e.source, e.target) for e in edges}
    claimed = tuple(e for e in claimed if (e.source, e.target) not in drawn)
    labels = {key: group_label(key, len(members)) for key, members in groups.items()}
    labels |= {
        c.name: f"{short(c.name)}  0–{c.top}"
        for c in network.components
        if c.name not in stands_for
    }
    ends: dict[str, list[int]] = {name: [0, 0] for name in labels}
    for edge in edges:
        ends[edge.source][0] += 1
        ends[edge.target][1] += 1
    compartments = {c.name: c.compartment for c in network.components if c.name in labels}
    compartments |= {key: compartment_of(key) for key in groups}
    order = dict.fromkeys(stands_for.get(name, name) for name in network.names)
    layout = lay_out(
        {name: node_size(labels[name], links=max(ends[name])) for name in order},
        [(e.source, e.target) for e in edges],
        compartments=compartments,
    )
    return Plan(edges, layout, claimed, {key: tuple(names) for key, names in groups.items()})


_GROUP = "\N{BLACK RIGHT-POINTING SMALL TRIANGLE} "  # no name of a component begins with it


def group_key(compartment: str) -> str:
    """Return what stands for a collapsed compartment among the names of components."""
    return _GROUP + compartment


def compartment_of(key: str) -> str:
    """Return the compartment that a `group_key` stands for."""
    return key[len(_GROUP) :]


def group_label(key: str, members: int) -> str:
    """Return what the box of a collapsed compartment says."""
    return f"{short(key)} ({members})"


def _merged(edges: Iterable[Edge], stands_for: Mapping[str, str]) -> tuple[Edge, ...]:
    """Return edges between what is drawn; several between the same two become one."""
    signs: dict[tuple[str, str], set[str]] = {}
    kept: dict[tuple[str, str], Edge] = {}
    for edge in edges:
        source = stands_for.get(edge.source, edge.source)
        target = stands_for.get(edge.target, edge.target)
        if source == target and source in stands_for.values():
            continue  # inside the box
        signs.setdefault((source, target), set()).add(edge.sign)
        kept.setdefault((source, target), replace(edge, source=source, target=target))
    return tuple(
        replace(edge, sign=edge.sign if len(signs[ends]) == 1 else "±")
        for ends, edge in kept.items()
    )


def short(name: str) -> str:
    """Return a name as drawings show it: long ones lose their middle."""
    return name if len(name) <= LONGEST else f"{name[:14]}…{name[-9:]}"


def with_places(plan: Plan, network: LogicalNetwork, places: Mapping[str, Point]) -> Plan:
    """Return the plan with components where a person put them."""
    if not places:
        return plan
    compartments = {c.name: c.compartment for c in network.components}
    compartments |= {key: compartment_of(key) for key in plan.groups}
    return replace(plan, layout=with_positions(plan.layout, places, compartments))


def same_plan(before: LogicalNetwork, after: LogicalNetwork) -> bool:
    """Return whether two networks are drawn alike: the same names, levels, rules and claims."""
    if len(before) != len(after) or len(before.claims) != len(after.claims):
        return False
    return all(
        a is b or (a.name, a.top, a.compartment, a.rule) == (b.name, b.top, b.compartment, b.rule)
        for a, b in zip(before.components, after.components, strict=True)
    ) and all(
        a is b or (a.source, a.target, a.sign) == (b.source, b.target, b.sign)
        for a, b in zip(before.claims, after.claims, strict=True)
    )
