"""The parts of a model, in a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from regnet.project import Project

if TYPE_CHECKING:
    from rich.console import Console

    from regnet.analysis.structure import Structure

from regnet.terminal.layout import MAX_ROWS, counted, cut_short, table_of


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
    listed = _by_sign(circuits)
    if not structure.all_circuits:
        listed += f", of up to {counted(structure.longest_circuit, 'member')}; longer not counted"
    size = f"{len(network):,}" + (f", {levels} of them with more than two levels" if levels else "")
    if not structure.longest_circuit:
        listed = "not listed: the network is large"
    unknown = set(project.unknown)
    wiring = [claim for claim in network.claims if claim.target in unknown]
    acting = {claim.source for claim in wiring if claim.source != claim.target}
    if unknown:
        listed = "not listed: they depend on unknown rules"
    facts = [
        ("components", size),
        ("rule unknown", ", ".join(cut_short(project.unknown))),
        ("wiring of these", _by_sign([claim.sign for claim in wiring]) if wiring else ""),
        ("inputs", ", ".join(cut_short([n for n in network.inputs if n not in unknown]))),
        ("outputs", ", ".join(cut_short([n for n in structure.outputs if n not in acting]))),
        ("constant", " ".join(cut_short(str(structure.constants).split()))),
        ("edges of rules" if unknown else "edges", _by_sign(signs)),
        ("circuits", listed),
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
    compared = [check for check in structure.claims if check.target not in unknown]
    wrong = [check for check in compared if check.verdict != "agrees"]
    if compared:
        found = "all agree with the rules" if not wrong else "these differ from the rules:"
        claimed = sum(bool(check.claimed) for check in compared)
        out.print(f" {counted(claimed, 'drawn or cited edge')}: {found}")
    for check in wrong[:MAX_ROWS]:
        out.print(f"   {check.source} -> {check.target}: {check.verdict}")
    for source, target in structure.idle[:MAX_ROWS]:
        out.print(f" {source} is named in the rule of {target} but never matters there")


def _by_sign(signs: Iterable[str]) -> str:
    listed = list(signs)
    words = {"+": "positive", "-": "negative", "±": "both"}
    parts = [f"{listed.count(sign)} {word}" for sign, word in words.items() if sign in listed]
    return f"{len(listed):,}" + (f" ({', '.join(parts)})" if parts else "")
