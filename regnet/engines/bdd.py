"""Symbolic: asynchronous attractors and paths as decision diagrams, by biodivine_aeon.

AEON's interleaved transition guided reduction (Benes, Brim, Pastva and Safranek 2021,
doi 10.1007/978-3-030-81685-8_24). It holds Python's lock while it works and may take all memory, so
it always runs in a process of its own, which can be stopped at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from regnet.boolean import BooleanNetwork
from regnet.deadline import Deadline, OutOfTime
from regnet.diagram import Diagram, Function
from regnet.engines import Path, StateSet
from regnet.errors import JobError
from regnet.jobs import run_in_process
from regnet.logic import Expr
from regnet.temporal import Formula

MEMORY = 12 << 30
"""Bytes that the process may take."""

Nodes = list[tuple[int, int, int]]
"""A diagram as (variable, low, high), children first; entries 0 and 1 are the constants."""


def asynchronous_attractors(
    network: BooleanNetwork, start: Function | None = None, *, deadline: Deadline
) -> Iterator[StateSet]:
    """Yield the attractors under asynchronous updates, all at the end.

    Parameters
    ----------
    network
        The network; up to some hundred variables, depending on its wiring.
    start
        Where it starts; None means anywhere.
    deadline
        When to stop; `OutOfTime` is raised then. It is raised too when memory runs out.
    """
    d, order = network.diagram, network.order
    begin = _nodes(d, start, order) if start is not None else None
    deadline.check()
    try:
        sets = run_in_process(
            _attractors, _text(network), len(order), begin, timeout=deadline.left(), memory=MEMORY
        )
    except (TimeoutError, JobError) as error:
        raise OutOfTime from error
    for nodes in sets:
        states = _read(d, nodes, order)
        size = d.count(states, order)
        yield StateSet(states, size, cyclic=size > 1 and _is_cycle(network, states))


def path(
    network: BooleanNetwork, start: Function, goal: Function, *, deadline: Deadline
) -> Path | None:
    """Return a path from a start to a goal under asynchronous updates; None without one.

    Goes back from the goal, one variable at a time, and remembers each step; so the path follows
    the steps forward. Parameters and errors as in `asynchronous_attractors`.
    """
    d, order = network.diagram, network.order
    ends = [_nodes(d, f, order) for f in (start, goal, network.admissible)]
    deadline.check()
    try:
        found = run_in_process(
            _path, _text(network), len(order), *ends, timeout=deadline.left(), memory=MEMORY
        )
    except (TimeoutError, JobError) as error:
        raise OutOfTime from error
    if found is None:
        return None
    first, moves = found
    values = d.first(_read(d, first, order))
    return {v: values.get(v, False) for v in order}, tuple(order[i] for i in moves)


def holding(
    network: BooleanNetwork,
    formula: Formula,
    conditions: Mapping[Expr, Function],
    *,
    deadline: Deadline,
) -> Function:
    """Return the states in which a temporal formula holds under asynchronous updates.

    By AEON's model checker for hybrid logic (Huvar, Benes, Brim, Pastva and Safranek 2023,
    doi 10.1007/978-3-031-42697-1_10). `conditions` gives the function of each condition in the
    formula; the other parameters and errors as in `asynchronous_attractors`.
    """
    d, order = network.diagram, network.order
    numbers = {condition: f"c{i}" for i, condition in enumerate(conditions)}
    sets = {numbers[c]: _nodes(d, f, order) for c, f in conditions.items()}
    sets["legal"] = _nodes(d, network.admissible, order)
    text = _asked(formula, numbers)
    deadline.check()
    try:
        nodes = run_in_process(
            _holding,
            _text(network),
            len(order),
            text,
            formula.depth,
            sets,
            timeout=deadline.left(),
            memory=MEMORY,
        )
    except (TimeoutError, JobError) as error:
        raise OutOfTime from error
    return d.both(_read(d, nodes, order), network.admissible)


def _asked(formula: Formula, numbers: Mapping[Expr, str]) -> str:
    """Return a formula as AEON reads it; conditions and named states are sets it is given."""
    args = [f"({_asked(arg, numbers)})" for arg in formula.args]
    match formula.op:
        case "":
            return f"%{numbers[formula.condition]}%"
        case "at":
            return f"{{{formula.name}}}"
        case "!":
            return f"~{args[0]}"
        case "&" | "|" | "EU" | "AU":
            return f" {formula.op} ".join(args)
        case "@{}":
            return f"@{{{formula.name}}}: {args[0]}"
        case "!{}" | "3{}" | "V{}":
            return f"{formula.op[0]}{{{formula.name}}} in %legal%: {args[0]}"
        case _:
            return f"{formula.op} {args[0]}"


def _is_cycle(network: BooleanNetwork, states: Function) -> bool:
    """Return whether no state of a set is about to move in two variables."""
    d = network.diagram
    moving = [d.ite(d.literal(v), d.negation(f), f) for v, f in network.functions.items()]
    return not any(d.meet(d.both(one, two), states) for one, two in combinations(moving, 2))


def _text(network: BooleanNetwork) -> str:
    """Return the network as AEON reads it; variable ``i`` of the order is ``v0000i``."""
    d, place = network.diagram, {v: i for i, v in enumerate(network.order)}
    lines = []
    for v in network.order:
        f, name = network.functions[v], _name(place[v])
        for u in sorted(d.support(f), key=place.__getitem__):
            lines.append(f"{_name(place[u])} -?? {name}")
        lines.append(f"${name}: {_formula(d, f, place)}")
    return "\n".join(lines)


def _formula(d: Diagram, f: Function, place: dict[int, int]) -> str:
    if f < 2:
        return "true" if f else "false"
    positive, negative = d.cubes(f), d.cubes(d.negation(f))
    products = [
        "(" + " & ".join(("" if b else "!") + _name(place[u]) for u, b in cube) + ")"
        for cube in min(positive, negative, key=len)
    ]
    # AEON's own parser recurses, so long sums are written as balanced trees
    while len(products) > 1:
        products = [f"({' | '.join(products[i : i + 2])})" for i in range(0, len(products), 2)]
    return products[0] if len(positive) <= len(negative) else f"!{products[0]}"


def _name(place: int) -> str:
    return f"v{place:06d}"


def _nodes(d: Diagram, f: Function, order: Sequence[int]) -> Nodes:
    place = {v: i for i, v in enumerate(order)}
    index = {0: 0, 1: 1}
    nodes: Nodes = [(-1, 0, 0), (-1, 1, 1)]
    if f < 2:
        return [*nodes, (-1, f, f)]
    for g in d.nodes(f):
        low, high = d.branches(g)
        index[g] = len(nodes)
        nodes.append((place[d.variable(g)], index[low], index[high]))
    return nodes


def _read(d: Diagram, nodes: Nodes, order: Sequence[int]) -> Function:
    values = [0, 1]
    for variable, low, high in nodes[2:]:
        values.append(
            values[low] if variable < 0 else d.node(order[variable], values[low], values[high])
        )
    return values[-1]


def _attractors(text: str, count: int, start: Nodes | None) -> list[Nodes]:
    """Run AEON; called in a process of its own."""
    import biodivine_aeon as aeon

    graph = _Graph(text, count)
    restriction = None
    if start is not None:
        restriction = aeon.Reachability.reach_fwd(graph.graph, graph.states(start))
    return [graph.nodes(found) for found in aeon.Attractors.attractors(graph.graph, restriction)]


def _holding(text: str, count: int, formula: str, depth: int, sets: Mapping[str, Nodes]) -> Nodes:
    """Check a formula; called in a process of its own."""
    import biodivine_aeon as aeon

    graph = _Graph(text, count, depth)
    known = {name: graph.states(nodes) for name, nodes in sets.items()}
    return graph.nodes(aeon.ModelChecking.verify(graph.graph, formula, known))


def _path(
    text: str, count: int, start: Nodes, goal: Nodes, legal: Nodes
) -> tuple[Nodes, list[int]] | None:
    """Go back from the goal until the start is met; called in a process of its own."""
    graph = _Graph(text, count)
    begin, within = graph.states(start), graph.states(legal)
    reached = graph.states(goal).intersect(within)
    steps = []
    while (met := reached.intersect(begin)).is_empty():
        for v in reversed(graph.variables):
            fresh = graph.graph.var_pre_out(v, reached).intersect(within)
            if not fresh.is_empty():
                steps.append((v, reached))
                reached = reached.union(fresh)
                break
        else:
            return None
    first = state = met.pick_singleton()
    moves = []
    for v, before in reversed(steps):
        if not state.is_subset(before):
            state = graph.graph.var_post(v, state)
            moves.append(graph.variables.index(v))
    return graph.nodes(first), moves


class _Graph:
    """AEON's graph of a network, with states as `Nodes`."""

    def __init__(self, text: str, count: int, depth: int = 0) -> None:
        import biodivine_aeon as aeon

        network = aeon.BooleanNetwork.from_aeon(text)
        if depth:  # room for states that a formula names
            self.graph = aeon.AsynchronousGraph.mk_for_model_checking(network, depth)
        else:
            self.graph = aeon.AsynchronousGraph(network)
        self.context = self.graph.symbolic_context()
        self.variables = list(self.graph.network_variables())
        self._by_place = dict(enumerate(self.context.network_bdd_variables()))
        assert len(self._by_place) == count
        numbered = enumerate(self.context.bdd_variable_set().variable_ids())
        position = {str(v): i for i, v in numbered}
        self._place = {position[str(v)]: i for i, v in self._by_place.items()}

    def states(self, nodes: Nodes) -> Any:
        """Return a set of states."""
        import biodivine_aeon as aeon

        bdds = self.context.bdd_variable_set()
        values = [bdds.mk_false(), bdds.mk_true()]
        for variable, low, high in nodes[2:]:
            if variable < 0:
                values.append(values[low])
                continue
            literal = bdds.mk_literal(self._by_place[variable], True)
            values.append(aeon.Bdd.if_then_else(literal, values[high], values[low]))
        everything = self.graph.mk_unit_colored_vertices()
        return everything.intersect(aeon.ColoredVertexSet(self.context, values[-1]))

    def nodes(self, states: Any) -> Nodes:
        """Return the nodes of a set of states."""
        if states.is_empty():
            return [(-1, 0, 0), (-1, 1, 1), (-1, 0, 0)]
        nodes: Nodes = []
        for item in states.vertices().to_bdd().data_string().strip("|").split("|"):
            variable, low, high = map(int, item.split(","))
            nodes.append((variable, low, high))
        return [*nodes[:2], *((self._place[v], lo, hi) for v, lo, hi in nodes[2:])]
