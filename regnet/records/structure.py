"""The edges of a network as records."""

from __future__ import annotations

from regnet.analysis.structure import Structure
from regnet.records.data import (
    Rows,
)


def edges_to_rows(structure: Structure) -> Rows:
    """Return a heading and a row for each edge."""
    rows: Rows = [["source", "target", "sign", "at levels"]]
    for edge in structure.edges:
        sign = {"+": "activates", "-": "inhibits"}.get(edge.sign, "both")
        rows.append([edge.source, edge.target, sign, " ".join(map(str, edge.thresholds))])
    return rows
