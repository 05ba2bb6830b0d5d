"""Plan: which edges a network has, and where things are drawn. Knows no Qt: workers make it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from regnet.analysis.structure import Edge, find_edges
from regnet.layout import Layout, Point, lay_out, node_size, with_positions
from regnet.network import LogicalNetwork

LONGEST = 26
"""Longer names are shortened in drawings; everything else shows them in full."""

QUICK = 20
"""Networks of so few components are planned in the window: it takes less than 50 ms."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The edges that the rules make, and the drawing."""

    edges: tuple[Edge, ...]
    layout: Layout


def make_plan(network: LogicalNetwork) -> Plan:
    """Return the edges of a network and a drawing that nobody has touched."""
    edges = find_edges(network)
    ends: dict[str, list[int]] = {name: [0, 0] for name in network.names}
    for edge in edges:
        ends[edge.source][0] += 1
        ends[edge.target][1] += 1
    sizes = {
        c.name: node_size(f"{short(c.name)}  0–{c.top}", links=max(ends[c.name]))
        for c in network.components
    }
    layout = lay_out(
        sizes,
        [(e.source, e.target) for e in edges],
        compartments={c.name: c.compartment for c in network.components},
    )
    return Plan(edges, layout)


def short(name: str) -> str:
    """Return a name as drawings show it: long ones lose their middle."""
    return name if len(name) <= LONGEST else f"{name[:14]}…{name[-9:]}"


def with_places(plan: Plan, network: LogicalNetwork, places: Mapping[str, Point]) -> Plan:
    """Return the plan with components where a person put them."""
    if not places:
        return plan
    compartments = {c.name: c.compartment for c in network.components}
    return replace(plan, layout=with_positions(plan.layout, places, compartments))


def same_plan(before: LogicalNetwork, after: LogicalNetwork) -> bool:
    """Tell whether two networks are drawn alike: the same names, levels, rules and places."""
    return len(before) == len(after) and all(
        a is b or (a.name, a.top, a.compartment, a.rule) == (b.name, b.top, b.compartment, b.rule)
        for a, b in zip(before.components, after.components, strict=True)
    )
