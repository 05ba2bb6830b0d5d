"""GraphML (Brandes and others 2002, doi 10.1007/3-540-45848-4_59), written only.

Nodes have their name, highest level, compartment, rule, note and place; edges their sign, the
levels of the source that matter, and whether they have an effect at all.
"""

from __future__ import annotations

from regnet.exchange.interchange import all_edges
from regnet.exchange.xmltext import attribute, text
from regnet.logic import describe
from regnet.network import Component
from regnet.project import Project, Remark

_KEYS = (
    ("name", "node", "string"),
    ("top", "node", "int"),
    ("compartment", "node", "string"),
    ("rule", "node", "string"),
    ("note", "node", "string"),
    ("x", "node", "double"),
    ("y", "node", "double"),
    ("sign", "edge", "string"),
    ("thresholds", "edge", "string"),
    ("essential", "edge", "boolean"),
)


def write(project: Project, before: str = "") -> tuple[str, tuple[Remark, ...]]:
    """Return a project as a graph, and a remark on what that leaves out."""
    network = project.network
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        *(
            f'  <key id="{key}" for="{element}" attr.name="{key}" attr.type="{kind}"/>'
            for key, element, kind in _KEYS
        ),
        f'  <graph id={attribute(network.name or "network")} edgedefault="directed">',
    ]
    number = {name: f"n{n}" for n, name in enumerate(network.names)}
    for c in network.components:
        x, y = project.layout.get(c.name, ("", ""))
        data = {
            "name": c.name, "top": c.top, "compartment": c.compartment, "rule": rule_text(c),
            "note": c.note, "x": x, "y": y,
        }  # fmt: skip
        lines += [f'    <node id="{number[c.name]}">', *_data(data), "    </node>"]
    for n, e in enumerate(all_edges(network)):
        ends = f'source="{number[e.source]}" target="{number[e.target]}"'
        thresholds = " ".join(map(str, e.thresholds))
        data = {
            "sign": e.sign, "thresholds": thresholds, "essential": "true" if e.sign else "false",
        }  # fmt: skip
        lines += [f'    <edge id="e{n}" {ends}>', *_data(data), "    </edge>"]
    lines += ["  </graph>", "</graphml>"]
    remark = Remark("warning", "a GraphML file is for drawing: regnet does not read it back")
    return "\n".join(lines) + "\n", (remark,)


def rule_text(component: Component) -> str:
    """Return the text of a rule: ``A & !B``, or ``2: A; 1: B`` with levels."""
    if component.rule is None:
        return ""
    cases = component.rule.cases
    if component.top == 1 and len(cases) == 1 and cases[0][1] == 1:
        return describe(cases[0][0])
    return "; ".join(f"{level}: {describe(condition)}" for condition, level in cases)


def _data(values: dict[str, object]) -> list[str]:
    return [
        f'      <data key="{key}">{text(str(value))}</data>'
        for key, value in values.items()
        if value != ""
    ]
