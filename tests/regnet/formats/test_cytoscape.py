"""Cytoscape JSON: nodes and edges with all that is known of them."""

from __future__ import annotations

import json

from regnet.formats.cytoscape import write
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project


def test_that_nodes_and_edges_carry_what_is_known() -> None:
    rule = Rule.parse({2: "A & B", 1: '"</script>"'})
    network = LogicalNetwork(
        (Component("A"), Component("B", rule, top=2), Component("</script>")), name="m"
    )
    document = json.loads(write(Project(network, layout={"A": (1.0, 2.0)}))[0])
    nodes, edges = document["elements"]["nodes"], document["elements"]["edges"]
    assert nodes[0]["position"] == {"x": 1.0, "y": 2.0}
    assert nodes[1]["data"]["rule"] == ["2: A & B", '1: "</script>"']
    assert nodes[2]["data"]["name"] == "</script>"
    ids = {node["data"]["id"]: node["data"]["name"] for node in nodes}
    ends = {(ids[e["data"]["source"]], ids[e["data"]["target"]]): e["data"] for e in edges}
    assert set(ends) == {("A", "B"), ("B", "B"), ("</script>", "B")}
    assert ends["A", "B"]["interaction"] == "activates"
    assert ends["B", "B"]["thresholds"] == [1]
