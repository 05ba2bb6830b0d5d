"""Plan: the edges of a network, and its layout. Independent of Qt: worker processes compute it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from regnet.analysis.structure import Edge, edges_to_draw
from regnet.layout import Layout, Point, lay_out, node_size, with_positions
from regnet.network import LogicalNetwork

LONGEST = 26
"""Maximum length of names in drawings; longer ones are shortened."""

QUICK = 20
"""Networks with at most this many components are laid out in the window, within 50 ms."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The drawn items and their positions.

    Parameters
    ----------
    edges
        Edges that follow from the rules. Those into and out of a collapsed compartment are merged.
    layout
        The layout before positions are changed by hand.
    claimed
        Edges that are drawn or cited, but used in no rule. They are straight and do not affect the
        layout.
    groups
        Key of a collapsed compartment -> its members.
    as_written
        Components whose rule is too complex to determine the signs of its regulators: the edges
        into them are those that it names, with the signs that it writes.
    """

    edges: tuple[Edge, ...]
    layout: Layout
    claimed: tuple[Edge, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    as_written: tuple[str, ...] = ()


def make_plan(network: LogicalNetwork, collapsed: frozenset[str] = frozenset()) -> Plan:
    """Return the plan of a network, with some compartments collapsed into one box each."""
    into = {name: edges_to_draw(network, name) for name in network.names}
    own = [edge for edges, _ in into.values() for edge in edges]
    as_written = tuple(name for name, (_, is_exact) in into.items() if not is_exact)
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
    members = {key: tuple(names) for key, names in groups.items()}
    return Plan(edges, layout, claimed, members, as_written)


_GROUP = "\N{BLACK RIGHT-POINTING SMALL TRIANGLE} "  # no component name begins with it


def group_key(compartment: str) -> str:
    """Return the key of a collapsed compartment among the component names."""
    return _GROUP + compartment


def compartment_of(key: str) -> str:
    """Return the compartment of a `group_key`."""
    return key[len(_GROUP) :]


def group_label(key: str, members: int) -> str:
    """Return the label of a collapsed compartment."""
    return f"{short(key)} ({members})"


def _merged(edges: Iterable[Edge], stands_for: Mapping[str, str]) -> tuple[Edge, ...]:
    """Return the edges between drawn items, with parallel edges merged."""
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
    """Return a name for drawings; long ones are shortened in the middle."""
    return name if len(name) <= LONGEST else f"{name[:14]}…{name[-9:]}"


def with_places(plan: Plan, network: LogicalNetwork, places: Mapping[str, Point]) -> Plan:
    """Return the plan with the positions set by the user."""
    if not places:
        return plan
    compartments = {c.name: c.compartment for c in network.components}
    compartments |= {key: compartment_of(key) for key in plan.groups}
    return replace(plan, layout=with_positions(plan.layout, places, compartments))


def same_plan(before: LogicalNetwork, after: LogicalNetwork) -> bool:
    """Return whether two networks have the same drawing: equal names, levels, rules and claims."""
    if len(before) != len(after) or len(before.claims) != len(after.claims):
        return False
    return all(
        a is b or (a.name, a.top, a.compartment, a.rule) == (b.name, b.top, b.compartment, b.rule)
        for a, b in zip(before.components, after.components, strict=True)
    ) and all(
        a is b or (a.source, a.target, a.sign) == (b.source, b.target, b.sign)
        for a, b in zip(before.claims, after.claims, strict=True)
    )
