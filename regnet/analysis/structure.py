"""Structure: who regulates whom, with which sign, computed from the rules.

An edge exists only if its source matters: some change of the source's level, everything else kept,
changes the level its target is heading for. The answer is exact. A rule of few regulators is
written out as a truth table, one bit for each combination of levels; a larger one is read off if
it names each regulator once, and else becomes a decision diagram. Feedback and claims stand here
too: they are read off the same signed edges.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from math import prod
from typing import TYPE_CHECKING, Any

from regnet.analysis import reads
from regnet.brief import brief
from regnet.errors import EngineError
from regnet.logic import And, Const, Expr, Not, Var, fold
from regnet.network import Claim, Component, LogicalNetwork, Rule
from regnet.space import Space

if TYPE_CHECKING:
    import networkx

TABLE_BITS = 1 << 18
"""Rules with at most this many combinations of regulator levels are decided by truth table."""

LARGEST_DIAGRAM = 1_000_000
"""Nodes that the decision diagram of one rule may have."""

QUICK_DIAGRAM = 20_000
"""The same where someone waits for it, in a drawing or while a rule is typed: about 0.1 s."""

CIRCUIT_LIMIT = 1000
"""Default limit on listed circuits."""

CIRCUIT_STEPS = 2_000_000
"""Maximum number of edges visited in the search for circuits, about a second."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One component acts on another.

    Parameters
    ----------
    source, target
        Names of the two components.
    sign
        ``"+"`` if raising the source never lowers the target level, ``"-"`` if it never raises it,
        ``"±"`` if it does either, depending on the other regulators.
    thresholds
        Levels of the source at which the target level can change.
    """

    source: str
    target: str
    sign: str
    thresholds: tuple[int, ...] = (1,)


@dataclass(frozen=True, slots=True)
class Circuit:
    """A closed path; `sign` is the product of its edges' signs, ``"±"`` if one of them is."""

    members: tuple[str, ...]
    sign: str

    __repr__ = brief

    def __str__(self) -> str:
        return " → ".join((*self.members, self.members[0]))


@dataclass(frozen=True, slots=True)
class ClaimCheck:
    """A claimed edge compared with the rules.

    `claimed` and `found` are signs, empty where there is no such edge; `verdict` is one of
    ``"agrees"``, ``"sign differs"``, ``"not in the rules"`` and ``"not claimed"``.
    """

    source: str
    target: str
    claimed: str
    found: str
    verdict: str

    __repr__ = brief


@dataclass(frozen=True, slots=True)
class Structure:
    """The wiring of a network.

    Parameters
    ----------
    network, digest
        Name and digest of the network.
    edges
        By target, the sources in the order in which the rule names them.
    inputs
        Components without a rule.
    outputs
        Components that regulate nothing but perhaps themselves.
    constants
        Components whose rule always leads to the same level.
    idle
        ``(source, target)``: the rule of the target names the source, which makes no difference.
    feedback
        Strongly connected components of more than one member, or with a self-loop, largest first.
    circuits
        Closed paths, shortest first.
    all_circuits
        Whether `circuits` is the whole list; if not, it holds all circuits of up to
        `longest_circuit` members.
    longest_circuit
        Number of members up to which the list is complete.
    claims
        Each claim compared with the rules; empty if the network has no claims.
    """

    network: str
    digest: str
    edges: tuple[Edge, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    constants: Space
    idle: tuple[tuple[str, str], ...]
    feedback: tuple[tuple[str, ...], ...]
    circuits: tuple[Circuit, ...]
    all_circuits: bool
    longest_circuit: int
    claims: tuple[ClaimCheck, ...]

    __repr__ = brief


def find_edges(network: LogicalNetwork) -> tuple[Edge, ...]:
    """Return the signed edges of a network, by target.

    Parameters
    ----------
    network
        The network; apply a perturbation first to see the perturbed wiring.

    Examples
    --------
    >>> from regnet.network import Component
    >>> rule = Rule.of("(A | !A) & !B")
    >>> net = LogicalNetwork((Component("A"), Component("B"), Component("C", rule)))
    >>> find_edges(net)
    (Edge(source='B', target='C', sign='-', thresholds=(1,)),)
    """
    return tuple(edge for name in network.names for edge in edges_into(network, name))


def edges_into(
    network: LogicalNetwork, target: str, *, room: int = LARGEST_DIAGRAM
) -> tuple[Edge, ...]:
    """Return the signed edges that end in one component; an input has none.

    Raises
    ------
    EngineError
        If deciding the signs takes a decision diagram of more than `room` nodes.
    """
    component = network[target]
    if component.rule is None:
        return ()
    return tuple(
        Edge(source, target, sign, thresholds)
        for source, (sign, thresholds) in _effects(component.rule, component.top, room).items()
    )


def edges_to_draw(network: LogicalNetwork, target: str) -> tuple[Sequence[Edge], bool]:
    """Return the edges that end in one component, and whether they are those that matter.

    They are only as its rule is written if that is too complex to determine the signs quickly: one
    such rule is no reason to draw nothing at all.
    """
    try:
        return edges_into(network, target, room=QUICK_DIAGRAM), True
    except EngineError:
        return edges_as_written(network[target]), False


def edges_as_written(component: Component) -> list[Edge]:
    """Return the edges that a rule names, with the sign that its text has.

    A component that the rule names only negated can never activate, and one that it never negates
    can never inhibit; whether it matters at all is left open. This takes no time, whatever the
    rule.
    """
    assert component.rule is not None
    signs: dict[str, set[bool]] = {}
    levels: dict[str, set[int]] = {}
    for level in range(1, component.top + 1):
        seen: set[tuple[int, bool]] = set()
        stack = [(component.rule.reaches(level), True)]
        while stack:
            node, positive = stack.pop()
            if (id(node), positive) in seen:
                continue
            seen.add((id(node), positive))
            if isinstance(node, Var):
                signs.setdefault(node.name, set()).add(positive)
                levels.setdefault(node.name, set()).add(node.level)
            stack += [(arg, positive ^ isinstance(node, Not)) for arg in node.args]
    words: dict[tuple[bool, ...], str] = {(True,): "+", (False,): "-"}
    return [
        Edge(name, component.name, words.get(tuple(signs[name]), "±"), tuple(sorted(levels[name])))
        for name in dict.fromkeys(var.name for var in component.rule.thresholds())
        if name in signs
    ]


@reads
def find_structure(network: LogicalNetwork, *, circuits: int = CIRCUIT_LIMIT) -> Structure:
    """Return the wiring of a network: edges, inputs and outputs, feedback, claims compared.

    Parameters
    ----------
    network
        The network.
    circuits
        Maximum number of circuits listed. If there are more, the list holds all circuits up to a
        stated length.

    Notes
    -----
    Edges, signs, constants and strongly connected components are exact. The number of circuits
    can grow exponentially with the size of the network, hence the limit.
    """
    edges = find_edges(network)
    signs = {(e.source, e.target): e.sign for e in edges}
    graph = _graph(network, edges)
    acting = {e.source for e in edges if e.source != e.target}
    regulated = {e.target for e in edges}
    listed, everything, longest = _circuits(graph, signs, circuits)
    return Structure(
        network=network.name,
        digest=network.digest,
        edges=edges,
        inputs=network.inputs,
        outputs=tuple(name for name in network.names if name not in acting),
        constants=_constants(network, regulated),
        idle=tuple(_idle(network, signs)),
        feedback=_feedback(graph, network),
        circuits=listed,
        all_circuits=everything,
        longest_circuit=longest,
        claims=_compare(network.claims, signs) if network.claims else (),
    )


def find_outputs(network: LogicalNetwork) -> tuple[str, ...]:
    """Return the components that act on no other, in the order of the network."""
    acting = {e.source for e in find_edges(network) if e.source != e.target}
    return tuple(name for name in network.names if name not in acting)


@reads
def interaction_graph(network: LogicalNetwork) -> networkx.DiGraph[str]:
    """Return the signed edges as a networkx graph.

    Nodes carry ``top`` and ``compartment``, edges ``sign`` and ``thresholds``.
    """
    return _graph(network, find_edges(network))


def _graph(network: LogicalNetwork, edges: Iterable[Edge]) -> networkx.DiGraph[str]:
    import networkx

    graph: networkx.DiGraph[str] = networkx.DiGraph(name=network.name)
    for c in network.components:
        graph.add_node(c.name, top=c.top, compartment=c.compartment)
    for e in edges:
        graph.add_edge(e.source, e.target, sign=e.sign, thresholds=e.thresholds)
    return graph


# --- one rule --------------------------------------------------------------------------------

Effects = dict[str, tuple[str, tuple[int, ...]]]


def _effects(rule: Rule, top: int, room: int = LARGEST_DIAGRAM) -> Effects:
    """Return regulator -> (sign, thresholds) for the regulators that matter."""
    levels: dict[str, list[int]] = {}
    for var in rule.thresholds():
        levels.setdefault(var.name, []).append(var.level)
    for named in levels.values():
        named.sort()
    reached = [rule.reaches(level) for level in range(1, top + 1)]
    if prod(len(named) + 1 for named in levels.values()) <= TABLE_BITS:
        return _effects_by_table(reached, levels)
    if top == 1 and (effects := _effects_read_once(reached[0])) is not None:
        return {name: effects[name] for name in levels if name in effects}
    return _effects_by_diagram(reached, levels, room)


def _effects_by_table(reached: list[Expr], levels: dict[str, list[int]]) -> Effects:
    """Decide by truth tables, held as whole numbers with one bit per combination of levels.

    A regulator whose rule names k thresholds counts as a digit from 0 to k; raising it by one
    moves to the bit `stride` places higher.
    """
    size = prod(len(named) + 1 for named in levels.values())
    everything = (1 << size) - 1
    masks: dict[tuple[str, int], int] = {}
    strides: dict[str, int] = {}
    stride = 1
    for name, named in levels.items():
        digits = len(named) + 1
        strides[name] = stride
        for digit, level in enumerate(named, start=1):
            block = (1 << digits * stride) - (1 << digit * stride)
            masks[name, level] = _repeated(block, digits * stride, size)
        stride *= digits

    def visit(node: Expr, values: list[int]) -> int:
        match node:
            case Const(value):
                return everything if value else 0
            case Var(name, level):
                return masks[name, level]
            case Not():
                return everything ^ values[0]
            case And():
                table = everything
                for part in values:
                    table &= part
                return table
            case _:
                table = 0
                for part in values:
                    table |= part
                return table

    tables = [fold(condition, visit) for condition in reached]
    effects: Effects = {}
    for name, named in levels.items():
        stride = strides[name]
        rises, falls, thresholds = False, False, []
        for digit, level in enumerate(named, start=1):
            # combinations in which the regulator is just below this threshold
            before = masks[name, named[digit - 2]] if digit > 1 else everything
            below = before & ~masks[name, level]
            up = any(below & ~table & (table >> stride) for table in tables)
            down = any(below & table & ~(table >> stride) for table in tables)
            rises, falls = rises or up, falls or down
            if up or down:
                thresholds.append(level)
        if thresholds:
            effects[name] = ("±" if rises and falls else "+" if rises else "-", tuple(thresholds))
    return effects


def _repeated(block: int, width: int, size: int) -> int:
    """Return a bit pattern repeated until it is `size` bits long."""
    while width < size:
        block |= block << width
        width *= 2
    return block & ((1 << size) - 1)


def _effects_read_once(condition: Expr) -> Effects | None:
    """Return the effects if the condition names each regulator once, else None.

    Then every regulator matters, and its sign is the number of negations around it.
    """
    effects: Effects = {}
    stack = [(condition, "+")]
    while stack:
        node, sign = stack.pop()
        match node:
            case Const():
                return None
            case Var(name, level):
                if name in effects:
                    return None
                effects[name] = (sign, (level,))
            case Not(arg):
                stack.append((arg, "-" if sign == "+" else "+"))
            case _:
                stack.extend((arg, sign) for arg in node.args)
    return effects


def _effects_by_diagram(
    reached: list[Expr], levels: dict[str, list[int]], room: int = LARGEST_DIAGRAM
) -> Effects:
    """Decide by a decision diagram with one variable for each threshold.

    Combinations in which a regulator is above a threshold but below a lower one do not occur.
    """
    from regnet.diagram import Diagram

    diagram = Diagram()

    def give_up() -> None:
        if len(diagram) > room:
            raise EngineError(
                f"a rule with {len(levels)} regulators is too complex to determine the sign of each"
            )

    diagram.watch = give_up
    number: dict[tuple[str, int], int] = {}
    for name, named in levels.items():
        for level in named:
            number[name, level] = len(number)
    functions = [diagram.read(condition, number) for condition in reached]
    occurs = diagram.conjunction(
        diagram.ladder([number[name, level] for level in named]) for name, named in levels.items()
    )
    effects: Effects = {}
    for name, named in levels.items():
        rises, falls, thresholds = False, False, []
        for level in named:
            before = {number[name, at]: at < level for at in named}
            after = {number[name, at]: at <= level for at in named}
            allowed = diagram.restrict(occurs, after)
            up = down = False
            for function in functions:
                low = diagram.restrict(function, before)
                high = diagram.restrict(function, after)
                if low != high:
                    rising = diagram.meet(diagram.both(high, allowed), diagram.negation(low))
                    falling = diagram.meet(diagram.both(low, allowed), diagram.negation(high))
                    up, down = up or rising, down or falling
            rises, falls = rises or up, falls or down
            if up or down:
                thresholds.append(level)
        if thresholds:
            effects[name] = ("±" if rises and falls else "+" if rises else "-", tuple(thresholds))
    return effects


# --- the whole network -----------------------------------------------------------------------


def _constants(network: LogicalNetwork, regulated: set[str]) -> Space:
    """Return the components whose rule leads to one level whatever happens, with that level."""
    constants = {}
    for c in network.components:
        if c.rule is not None and c.name not in regulated:
            anywhere = {var.name: 0 for var in c.rule.thresholds()}
            constants[c.name] = c.rule.target(anywhere)
    return Space(constants)


def _idle(network: LogicalNetwork, signs: dict[tuple[str, str], str]) -> Iterator[tuple[str, str]]:
    for c in network.components:
        named = dict.fromkeys(v.name for v in c.rule.thresholds()) if c.rule else {}
        yield from ((name, c.name) for name in named if (name, c.name) not in signs)


def _feedback(graph: networkx.DiGraph[str], network: LogicalNetwork) -> tuple[tuple[str, ...], ...]:
    import networkx

    order = {name: position for position, name in enumerate(network.names)}
    found = [
        tuple(sorted(members, key=order.__getitem__))
        for members in networkx.strongly_connected_components(graph)
        if len(members) > 1 or any(graph.has_edge(n, n) for n in members)
    ]
    return tuple(sorted(found, key=lambda members: (-len(members), order[members[0]])))


def _circuits(
    graph: networkx.DiGraph[str], signs: dict[tuple[str, str], str], limit: int
) -> tuple[tuple[Circuit, ...], bool, int]:
    """Return circuits, whether these are all, and up to which length the list is complete."""
    import networkx

    if limit < 1:
        return (), networkx.is_directed_acyclic_graph(graph), 0
    names, budget = list(graph), _Budget(CIRCUIT_STEPS)
    # each ear of a strongly connected part closes a circuit of its own
    parts = map(graph.subgraph, networkx.strongly_connected_components(graph))
    least = sum(part.number_of_edges() - len(part) + 1 for part in parts)
    found: list[tuple[str, ...]] | None = None
    if least <= limit and least * len(graph) <= CIRCUIT_STEPS:
        cycles: Iterator[Any] = networkx.simple_cycles(graph)
        found = _at_most(limit, map(tuple, cycles))
    longest = len(graph)
    if found is None:
        place = {name: i for i, name in enumerate(names)}
        following = [[place[n] for n in graph.successors(name)] for name in names]
        found, longest = [], 0
        with suppress(_Spent):
            while longest < len(graph):
                closed = _closed_paths(following, longest + 1, budget)
                longer = _at_most(limit, (tuple(names[i] for i in path) for path in closed))
                if longer is None:
                    break
                found, longest = longer, longest + 1
    order = {name: position for position, name in enumerate(names)}
    listed = []
    for cycle in found:
        start = min(range(len(cycle)), key=lambda i: order[cycle[i]])
        members = cycle[start:] + cycle[:start]
        pairs = zip(members, members[1:] + members[:1], strict=True)
        listed.append(Circuit(members, _product(signs[pair] for pair in pairs)))
    listed.sort(key=lambda c: (len(c.members), [order[n] for n in c.members]))
    return tuple(listed), longest == len(graph), longest


def _at_most(limit: int, found: Iterator[tuple[str, ...]]) -> list[tuple[str, ...]] | None:
    """Return what is found, or None if it is more than the limit."""
    listed = list(islice(found, limit + 1))
    return listed if len(listed) <= limit else None


class _Spent(Exception):
    """The maximum number of edges was visited."""


class _Budget:
    """Number of edges that may still be visited; raises `_Spent` if none."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise _Spent


def _closed_paths(
    following: list[list[int]], length: int, budget: _Budget
) -> Iterator[tuple[int, ...]]:
    """Yield the circuits of up to `length` members, each from its first member on.

    A path is followed only as long as it can come back to where it began in time, by members that
    stand behind that one.
    """
    preceding: list[list[int]] = [[] for _ in following]
    for source, targets in enumerate(following):
        for target in targets:
            preceding[target].append(source)
    for first in range(len(following)):
        back = _steps_back(preceding, first, length - 1, budget)
        path, ahead = [first], [iter(following[first])]
        while path:
            for target in ahead[-1]:
                budget.spend()
                if target == first:
                    yield tuple(path)
                elif len(path) + back.get(target, length) <= length and target not in path:
                    path.append(target)
                    ahead.append(iter(following[target]))
                    break
            else:
                path.pop()
                ahead.pop()


def _steps_back(
    preceding: list[list[int]], first: int, most: int, budget: _Budget
) -> dict[int, int]:
    """Return the steps that members behind the first need to get there, `most` of them at most."""
    back, edge = {}, [first]
    for steps in range(1, most + 1):
        nearer, edge = edge, []
        for target in nearer:
            for source in preceding[target]:
                budget.spend()
                if source > first and source not in back:
                    back[source] = steps
                    edge.append(source)
        if not edge:
            break
    return back


def _product(signs: Iterable[str]) -> str:
    positive = True
    for sign in signs:
        if sign == "±":
            return "±"
        positive = positive == (sign == "+")
    return "+" if positive else "-"


def _compare(
    claims: tuple[Claim, ...], signs: dict[tuple[str, str], str]
) -> tuple[ClaimCheck, ...]:
    """Compare claims with the rules; a claim ``±`` says only that there is an edge."""
    checks = []
    for claim in claims:
        found = signs.get((claim.source, claim.target), "")
        if not found:
            verdict = "not in the rules"
        else:
            verdict = "agrees" if claim.sign in (found, "±") else "sign differs"
        checks.append(ClaimCheck(claim.source, claim.target, claim.sign, found, verdict))
    claimed = {(claim.source, claim.target) for claim in claims}
    for (source, target), sign in signs.items():
        if (source, target) not in claimed:
            checks.append(ClaimCheck(source, target, "", sign, "not claimed"))
    return tuple(checks)
