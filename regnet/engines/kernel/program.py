"""Program: a network's functions and rates as the arrays that compiled loops walk through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from regnet.boolean import BooleanNetwork
from regnet.diagram import Diagram, Function, truth_columns

MAX_TABLE = 14
"""Functions of more variables are walked as decision diagrams: a table would leave the cache."""

Array: TypeAlias = "np.ndarray[Any, Any]"
Rate: TypeAlias = tuple[float, float]
Choice: TypeAlias = tuple[Sequence[int], int, Sequence[float], Sequence[Function]]
"""Variables, which of their rates depends on the state (0: of becoming 1; 1: of becoming 0), the
rates that it can be, and the functions that are the bits of the number of the present one, the
lowest first."""


@dataclass(frozen=True, eq=False)
class Program:
    """The functions and rates of one episode, as arrays.

    Functions are numbered: those of the variables in `order` first, then the observed ones, then
    the bits that choose rates.

    Parameters
    ----------
    tables, roots
        The concatenated truth tables, and the begin of each; -1 - n is node n of a diagram.
    nodes
        Of diagrams: variable, node where it is 0, node where it is 1. Nodes 0 and 1 are terminals.
    edges, targets, weights
        The functions that name variable v are ``targets[edges[v]:edges[v + 1]]``; `weights` is what
        the variable adds to the place in the table, 0 for diagrams.
    steps, starts
        All functions as diagrams from the terminals up: (variable, low, high), where low and high
        are 0, 1, or 2 + the number of a step of the same function.
    movers
        The variables that can change: all but those of inputs.
    rates, classes, bounds
        Rate and class of each move, ``[v, 0]`` up and ``[v, 1]`` down (class -1: never moves), and
        the highest rate of each class, which is less than twice the lowest.
    choices
        For each bit its choice and its place in the number; for each choice the move whose rate it
        is (0 up, 1 down); where its variables begin, and the variables; for each choice and number
        the rate and its class.
    """

    order: tuple[int, ...]
    observed: int
    tables: Array
    roots: Array
    nodes: Array
    edges: Array
    targets: Array
    weights: Array
    steps: Array
    starts: Array
    movers: Array
    rates: Array
    classes: Array
    bounds: Array
    choices: tuple[Array, ...]

    @property
    def is_alike(self) -> bool:
        """Whether every variable moves at one rate, up and down, in every state."""
        same = len(self.bounds) == 1 and bool((self.rates == self.bounds[0]).all())
        return same and not len(self.choices[0])


def compile_program(
    network: BooleanNetwork,
    order: Sequence[int],
    observed: Sequence[Function],
    rates: Mapping[int, Rate],
    choices: Sequence[Choice] = (),
) -> Program:
    """Return a network as arrays.

    Parameters
    ----------
    network
        The network.
    order
        The variables that run; their functions name no others.
    observed
        Further functions of these variables, which are only watched.
    rates
        Variable -> rate of becoming 1 and of becoming 0; 0 means never.
    choices
        Rates that depend on the state, in place of those.
    """
    diagram = network.diagram
    place = {v: i for i, v in enumerate(order)}
    bits = [bit for *_, own in choices for bit in own]
    functions = [*(network.functions[v] for v in order), *observed, *bits]
    tables: list[Array] = []
    roots, size = [], 0
    nodes: dict[int, int] = {0: 0, 1: 1}
    rows = [(0, 0, 0), (0, 0, 0)]
    named: list[list[tuple[int, int]]] = [[] for _ in order]
    for number, function in enumerate(functions):
        support = sorted(diagram.support(function))
        as_table = len(support) <= MAX_TABLE
        if as_table:
            table = _table(diagram, function, support)
            tables.append(table)
            roots.append(size)
            size += len(table)
        else:
            for node in diagram.nodes(function):
                if node not in nodes:
                    low, high = diagram.branches(node)
                    nodes[node] = len(rows)
                    rows.append((place[diagram.variable(node)], nodes[low], nodes[high]))
            roots.append(-1 - nodes[function])
        for i, v in enumerate(reversed(support)):
            named[place[v]].append((number, 1 << i if as_table else 0))
    pairs = [pair for own in named for pair in own]
    steps, starts = _straight(diagram, functions[: len(functions) - len(bits)], place)
    moves = np.array([rates[v] for v in order], float).reshape(-1, 2)
    chosen = _chosen(choices, place)
    classes, bounds = _classes(np.concatenate([moves.ravel(), chosen[-1].ravel()]))
    own, others = classes[: moves.size].reshape(moves.shape), classes[moves.size :]
    return Program(
        tuple(order),
        len(observed),
        np.concatenate([*tables, np.zeros(1, np.uint8)]),
        np.array(roots, np.int64),
        np.array(rows, np.int32),
        np.cumsum([0, *map(len, named)]).astype(np.int64),
        np.array([target for target, _ in pairs], np.int32),
        np.array([weight for _, weight in pairs], np.int32),
        steps,
        starts,
        np.array([place[v] for v in order if network.functions[v] != diagram.literal(v)], np.int32),
        moves,
        own,
        bounds,
        (*chosen, others.reshape(chosen[-1].shape)),
    )


def _chosen(choices: Sequence[Choice], place: Mapping[int, int]) -> tuple[Array, ...]:
    """Return choices as arrays, without the classes of their rates."""
    owners = [i for i, (*_, own) in enumerate(choices) for _ in own]
    bits = [bit for *_, own in choices for bit in range(len(own))]
    members = [place[v] for variables, *_ in choices for v in variables]
    speeds = np.zeros((len(choices), 1 << max((len(own) for *_, own in choices), default=0)))
    for i, (_, _, rates, _) in enumerate(choices):
        speeds[i, : len(rates)] = rates
    return (
        np.array(owners, np.int64),
        np.array(bits, np.int64),
        np.array([side for _, side, *_ in choices], np.int64),
        np.cumsum([0, *(len(variables) for variables, *_ in choices)]).astype(np.int64),
        np.array(members, np.int64),
        speeds,
    )


def _table(diagram: Diagram, function: Function, support: Sequence[int]) -> Array:
    columns, full = truth_columns(len(support))
    table = diagram.evaluate(function, dict(zip(support, columns, strict=True)), full)
    length = 1 << len(support)
    raw = np.frombuffer(table.to_bytes((length + 7) // 8, "little"), np.uint8)
    return np.unpackbits(raw, bitorder="little")[:length]


def _straight(
    diagram: Diagram, functions: Sequence[Function], place: Mapping[int, int]
) -> tuple[Array, Array]:
    """Return every function as a list of if-then-else steps, and where each list begins."""
    steps: list[tuple[int, int, int]] = []
    starts = [0]
    for function in functions:
        if function < 2:  # a step that does not matter: 0 or 1 whatever the first variable is
            steps.append((0, function, function))
        slot = {0: 0, 1: 1}
        for node in diagram.nodes(function) if function > 1 else ():
            low, high = diagram.branches(node)
            steps.append((place[diagram.variable(node)], slot[low], slot[high]))
            slot[node] = len(slot)
        starts.append(len(steps))
    return np.array(steps, np.int32).reshape(-1, 3), np.array(starts, np.int64)


def _classes(rates: Array) -> tuple[Array, Array]:
    """Put rates within a factor of two of each other into one class."""
    classes = np.full(rates.shape, -1, np.int8)
    moving = rates > 0
    octaves = np.frexp(rates)[1]
    bounds = []
    for number, octave in enumerate(np.unique(octaves[moving])):
        own = moving & (octaves == octave)
        classes[own] = number
        bounds.append(rates[own].max())
    return classes, np.array(bounds, float)
