"""GraphML: what other programs read of a model's wiring."""

from __future__ import annotations

import networkx as nx

from regnet.formats.graphml import write
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project

HOSTILE = '<script>&"]]>\x00\u202e'


def test_that_networkx_reads_names_rules_signs_and_places() -> None:
    network = LogicalNetwork(
        (
            Component("A", top=2),
            Component("B", Rule.of("A:2 & !C & (D | !D)"), note="n", compartment="cell"),
            Component("C", Rule.of("A")),
            Component("D"),
        ),
        name="m",
    )
    text, (remark,) = write(Project(network, layout={"B": (1.5, -2.0)}))
    graph = nx.parse_graphml(text)
    assert "does not read it back" in remark.message
    assert graph.nodes["n1"] == {
        "name": "B", "top": 1, "compartment": "cell", "rule": "A:2 & !C & (D | !D)", "note": "n",
        "x": 1.5, "y": -2.0,
    }  # fmt: skip
    assert graph.nodes["n0"] == {"name": "A", "top": 2}
    edges = {(s, t): d for s, t, d in graph.edges(data=True)}
    assert edges["n0", "n1"]["sign"] == "+"
    assert edges["n0", "n1"]["thresholds"] == "2"
    assert edges["n2", "n1"]["sign"] == "-"
    assert edges["n3", "n1"]["essential"] is False


def test_that_hostile_names_do_no_harm() -> None:
    network = LogicalNetwork((Component(HOSTILE, Rule.of("1")),), name=HOSTILE)
    graph = nx.parse_graphml(write(Project(network))[0])
    assert graph.nodes["n0"]["name"] == HOSTILE.replace("\x00", "\ufffd")
