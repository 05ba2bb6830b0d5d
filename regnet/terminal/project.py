"""What a model is made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from regnet.project import Project

if TYPE_CHECKING:
    from rich.console import Console

    from regnet.analysis.structure import Structure

from regnet.terminal.layout import MOST, counted, cut_short, table_of


def show_project(out: Console, project: Project, structure: Structure) -> None:
    """Print what a model is made of."""
    network = project.network
    out.print(project.title or network.name, style="bold")
    for text in (project.source, *project.note.split("\n\n")):
        if text:
            out.print(" ".join(text.split()), "", sep="\n")
    signs = [edge.sign for edge in structure.edges]
    levels = sum(1 for top in network.tops.values() if top > 1)
    circuits = [circuit.sign for circuit in structure.circuits]
    listed = _by_sign(circuits) + ("" if structure.all_circuits else ", and more")
    size = f"{len(network):,}" + (f", {levels} of them with more than two levels" if levels else "")
    facts = [
        ("components", size),
        ("inputs", ", ".join(cut_short(network.inputs))),
        ("outputs", ", ".join(cut_short(structure.outputs))),
        ("constant", " ".join(cut_short(str(structure.constants).split()))),
        ("edges", _by_sign(signs)),
        ("circuits", listed if structure.longest_circuit else "not listed: the network is large"),
        ("scenarios", "; ".join(s.name for s in project.scenarios)),
        ("phenotypes", "; ".join(p.name for p in project.phenotypes)),
        ("experiments", str(len(project.experiments) or "")),
        ("references", str(len(project.references) or "")),
        ("digest", network.digest),
    ]
    table = table_of(header=False)
    for title, text in facts:
        if text:
            table.add_row(title, text)
    out.print(table)
    wrong = [check for check in structure.claims if check.verdict != "agrees"]
    if network.claims:
        found = "all agree with the rules" if not wrong else "these differ from the rules:"
        out.print(f" {counted(len(network.claims), 'cited edge')}: {found}")
    for check in wrong[:MOST]:
        out.print(f"   {check.source} -> {check.target}: {check.verdict}")
    for source, target in structure.idle[:MOST]:
        out.print(f" {source} is named in the rule of {target} but never matters there")


def _by_sign(signs: Iterable[str]) -> str:
    listed = list(signs)
    words = {"+": "positive", "-": "negative", "±": "both"}
    parts = [f"{listed.count(sign)} {word}" for sign, word in words.items() if sign in listed]
    return f"{len(listed):,}" + (f" ({', '.join(parts)})" if parts else "")
