"""Paths of a dose: the cheapest of a sign, against a list of all paths."""

from __future__ import annotations

from itertools import pairwise

import networkx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from regnet.analysis.dose import routes
from regnet.analysis.dose.routes import CERTAIN, PASSING, SOMETIMES

NAMES = "DABCR"
COSTS = st.sampled_from([CERTAIN, SOMETIMES, PASSING, None])
EDGES = st.dictionaries(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda edge: edge[1] != "D"),
    st.tuples(st.sampled_from("+-±"), COSTS),
)


def graph_of(edges: dict[tuple[str, str], tuple[str, int | None]]) -> networkx.DiGraph[str]:
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_nodes_from(NAMES)
    for (source, target), (sign, cost) in edges.items():
        graph.add_edge(source, target, sign=sign, cost=cost)
    return graph


@given(EDGES, st.sampled_from([1, -1]))
@example({("D", "A"): ("+", 1), ("A", "R"): ("+", 1), ("R", "A"): ("-", 1)}, -1)
def test_that_the_paths_of_a_sign_are_the_cheapest_of_all(
    edges: dict[tuple[str, str], tuple[str, int | None]], moves: int
) -> None:
    graph = graph_of(edges)
    ways: dict[tuple[str, ...], int] = {}
    for members in networkx.all_simple_paths(graph, "D", "R"):
        steps = [graph.edges[step] for step in pairwise(members)]
        signs = [step["sign"] for step in steps]
        product = "±" if "±" in signs else "+-"[signs.count("-") % 2]
        costs = [step["cost"] for step in steps]
        if None not in costs and product in ("±", "+" if moves > 0 else "-"):
            ways[tuple(members)] = sum(costs)
    found, complete = routes._best(graph, "D", "R", moves)
    assert complete
    best = min(ways.values(), default=None)
    assert sorted(way[0] for way in found) == sorted(m for m, cost in ways.items() if cost == best)


def test_that_it_says_where_not_all_paths_were_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "MOST_PATHS", 0)
    graph = graph_of(dict.fromkeys(pairwise(NAMES), ("+", CERTAIN)))
    assert routes._best(graph, "D", "R", 1) == ([], False)
