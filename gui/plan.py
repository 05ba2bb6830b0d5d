"""Plan: which edges a network has, and where things are drawn. Knows no Qt: workers make it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from regnet.analysis.structure import Edge, find_edges
from regnet.figures import network_layout
from regnet.layout import Layout, Point, with_positions
from regnet.network import LogicalNetwork

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
    return Plan(edges, network_layout(network, edges))


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
