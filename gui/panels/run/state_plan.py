"""StatePlan: the drawn states and their layout. Independent of Qt: worker processes compute it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from regnet.analysis.trace import ATTRACTORS, State, States, find_states
from regnet.evidence import Phenotype
from regnet.layout import Layout, Point, lay_out, text_width
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario

MOST_STATES = 200
"""Maximum number of states drawn one by one; more are drawn as groups that can be opened."""

MOST_LOOKED_AT = 20_000
FONT, LINE, DIGITS = 11.0, 15.0, 14  # DIGITS: levels in one line of a label
ENDS = "attractor"
_WORDS = {
    "transient": "transient",
    "cycle": "can cycle",
    "unexplored": "not explored",
}


@dataclass(frozen=True, slots=True)
class StateNode:
    """A box in the drawing: one state, or a group of them.

    Parameters
    ----------
    name
        Its key in the layout.
    lines
        Its label.
    group
        Its index in `States.groups`.
    states
        Its indices in `States.states`.
    kind
        The kind of its group.
    is_start
        Whether it contains the start.
    """

    name: str
    lines: tuple[str, ...]
    group: int
    states: tuple[int, ...]
    kind: str
    is_start: bool = False


@dataclass(frozen=True)
class StatePlan:
    """A drawing of states.

    Parameters
    ----------
    found
        The states.
    nodes
        The boxes, by name.
    edges
        Pairs of names.
    layout
        The positions; attractors are in a frame at the bottom.
    digits
        The components whose levels are written in the boxes of single states, in this order.
    opened
        The groups that are drawn state by state.
    left_out
        Number of groups left out of the drawing.
    """

    found: States
    nodes: dict[str, StateNode]
    edges: tuple[tuple[str, str], ...]
    layout: Layout
    digits: tuple[str, ...]
    opened: frozenset[int]
    left_out: int = 0


def explore(
    network: LogicalNetwork,
    scenario: Scenario,
    start: State,
    phenotypes: Iterable[Phenotype] = (),
) -> StatePlan:
    """Find every state reachable from a start, and plan their drawing."""
    found = find_states(
        network, scenario, start=start, phenotypes=phenotypes, limit=MOST_LOOKED_AT, timeout=60
    )
    return plan_states(found)


def plan_states(found: States, opened: frozenset[int] = frozenset()) -> StatePlan:
    """Return the drawing of states, with some groups opened."""
    several = {i for i, g in enumerate(found.groups) if len(g.states) > 1}
    opened = frozenset(several) if len(found.states) <= MOST_STATES else opened & several
    drawn = _drawn(found)
    digits = _telling(found)
    nodes: dict[str, StateNode] = {}
    of: dict[int, str] = {}
    for number in drawn:
        for node in _boxes(found, number, digits, is_open=number in opened):
            nodes[node.name] = node
            of.update(dict.fromkeys(node.states, node.name))
    edges = {(of[a], of[b]): None for a, b in found.edges if a in of and b in of and of[a] != of[b]}
    ends = {n.name: ENDS for n in nodes.values() if n.kind in ATTRACTORS}
    layout = lay_out(
        {name: _size(node) for name, node in nodes.items()},
        edges,
        compartments=ends,
        order=["", ENDS],
    )
    left_out = len(found.groups) - len(drawn)
    return StatePlan(found, nodes, tuple(edges), layout, digits, opened, left_out)


def _drawn(found: States) -> list[int]:
    """Return the groups to draw: all, or else the attractors and the largest ones."""
    numbers = range(len(found.groups))
    if len(numbers) <= MOST_STATES:
        return list(numbers)
    starts = set(found.start)

    def matters(number: int) -> tuple[bool, int]:
        group = found.groups[number]
        return group.is_attractor or bool(starts & set(group.states)), len(group.states)

    return sorted(sorted(numbers, key=matters, reverse=True)[:MOST_STATES])


def _telling(found: States) -> tuple[str, ...]:
    """Return the components that change between states."""
    columns = zip(*found.states, strict=True)
    return tuple(n for n, c in zip(found.names, columns, strict=True) if len(set(c)) > 1)


def _boxes(
    found: States, number: int, digits: tuple[str, ...], *, is_open: bool
) -> list[StateNode]:
    group, starts = found.groups[number], set(found.start)
    title = ", ".join(group.phenotypes) or (group.kind if group.is_attractor else "")
    if len(group.states) > 1 and not is_open:
        count = (f"{len(group.states):,} states", title or _WORDS[group.kind])
        has_start = bool(starts & set(group.states))
        return [StateNode(f"g{number}", count, number, group.states, group.kind, has_start)]
    places = [found.names.index(name) for name in digits]
    boxes = []
    for state in group.states:
        text = "".join(str(found.states[state][i]) for i in places) or "–"
        lines: tuple[str, ...] = tuple(
            text[i : i + DIGITS] for i in range(0, len(text), DIGITS)
        ) or ("–",)
        if title and len(group.states) == 1:
            lines = (title, *lines)
        boxes.append(StateNode(f"s{state}", lines, number, (state,), group.kind, state in starts))
    return boxes


def _size(node: StateNode) -> Point:
    wide = max(text_width(line, FONT, bold=True) for line in node.lines)
    return wide + 18, LINE * len(node.lines) + 10
