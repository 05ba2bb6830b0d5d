"""SIF, the simple interaction format of Cytoscape, written only: ``A<tab>-><tab>B``.

``->`` activates, ``-|`` inhibits, ``-?`` does either, ``-o`` is named by the rule without effect. A
component without edges has a line of its own.
"""

from __future__ import annotations

from regnet.exchange.interchange import all_edges
from regnet.exchange.portable import unused
from regnet.project import Project, Remark

_ARROWS = {"+": "->", "-": "-|", "±": "-?", "": "-o"}


def write(project: Project, before: str = "") -> tuple[str, tuple[Remark, ...]]:
    """Return the edges of a project as SIF, and a remark on what that leaves out.

    Names hold no tabs and line breaks there, so these become blanks.
    """
    network = project.network
    names = {name: name for name in network.names}
    taken = set(names)
    for name in names:
        clean = " ".join(name.split())
        if clean != name:
            names[name] = unused(clean, taken)
            taken.add(names[name])
    edges = all_edges(network)
    lines = [f"{names[e.source]}\t{_ARROWS[e.sign]}\t{names[e.target]}" for e in edges]
    joined = {name for e in edges for name in (e.source, e.target)}
    lines += [names[name] for name in network.names if name not in joined]
    remark = Remark("warning", "a SIF file holds the edges only: no rules, levels or anything else")
    return "\n".join(lines) + "\n", (remark,)
