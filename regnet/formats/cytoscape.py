"""Cytoscape JSON (``.cyjs``, also what Cytoscape.js draws), written only."""

from __future__ import annotations

import json
from typing import Any

from regnet.exchange.interchange import all_edges
from regnet.logic import describe
from regnet.project import Project, Remark

_INTERACTIONS = {"+": "activates", "-": "inhibits", "±": "activates or inhibits", "": "no effect"}


def write(project: Project, before: str = "") -> tuple[str, tuple[Remark, ...]]:
    """Return a project as a graph, and a remark on what that leaves out.

    Nodes have their name, highest level, compartment, rule (a list of level and condition), note
    and place; edges their interaction, sign, the levels of the source that matter, and whether
    they have an effect at all.
    """
    network = project.network
    number = {name: f"n{n}" for n, name in enumerate(network.names)}
    nodes = []
    for c in network.components:
        cases = c.rule.cases if c.rule else ()
        node: dict[str, Any] = {
            "data": {
                "id": number[c.name], "name": c.name, "shared_name": c.name, "top": c.top,
                "input": c.is_input, "compartment": c.compartment, "note": c.note,
                "rule": [f"{level}: {describe(condition)}" for condition, level in cases],
            }
        }  # fmt: skip
        if c.name in project.layout:
            x, y = project.layout[c.name]
            node["position"] = {"x": x, "y": y}
        nodes.append(node)
    edges = [
        {
            "data": {
                "id": f"e{n}", "source": number[e.source], "target": number[e.target],
                "interaction": _INTERACTIONS[e.sign], "sign": e.sign,
                "thresholds": list(e.thresholds), "essential": bool(e.sign),
            }
        }
        for n, e in enumerate(all_edges(network))
    ]  # fmt: skip
    document = {
        "format_version": "1.0",
        "generated_by": "regnet",
        "target_cytoscapejs_version": "~2.1",
        "data": {"name": network.name, "shared_name": network.name},
        "elements": {"nodes": nodes, "edges": edges},
    }
    remark = Remark("warning", "a Cytoscape file is for drawing: regnet does not read it back")
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n", (remark,)
