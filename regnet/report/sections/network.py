"""The network as a picture, and its structure."""

from __future__ import annotations

from regnet.analysis.structure import Structure
from regnet.figures.network import MAX_DRAWN, network_figure, network_layout
from regnet.figures.theme import ADAPTIVE, LIGHT
from regnet.project import Project
from regnet.report.document import Block, Cell, Facts, Figure, Section, Table, Text
from regnet.report.sections.phrases import (
    MOST_LISTED,
    count,
)

MOST_CIRCUITS = 40

WIDE = 1300
"""Drawings wider than this are small on a page."""


def network_section(project: Project, structure: Structure) -> Section:
    """Return the drawing of the network."""
    network = project.network
    if not network.components:
        return Section("network", "Network", (Text("The model has no components."),))
    if len(network) > MAX_DRAWN:
        text = (
            f"A drawing of {len(network):,} components could not be read; "
            "edges.csv lists every edge with its sign."
        )
        return Section("network", "Network", (Text(text),))
    layout = network_layout(network, structure.edges, fixed=project.layout)
    plain, adaptive = (
        network_figure(network, edges=structure.edges, layout=layout, theme=theme)
        for theme in (LIGHT, ADAPTIVE)
    )
    caption = (
        "The edges follow from the rules: an arrow raises the level its target is heading for, "
        "a bar lowers it."
    )
    if any(c.compartment for c in network.components):
        caption += " Bands are compartments."
    if layout.width > WIDE:
        caption += " network.svg is the same drawing at full size."
    given = f"{count(len(network), 'component')} and {count(len(structure.edges), 'edge')}."
    figure = Figure("network", plain, adaptive, f"The regulatory network. {caption}")
    return Section("network", "Network", (Text(f"The model has {given}"), figure))


def structure_section(structure: Structure) -> Section:
    """Return inputs, outputs, feedback and claims."""
    inputs, outputs = ", ".join(structure.inputs) or "none", ", ".join(structure.outputs) or "none"
    items: list[tuple[str, Cell]] = [("Inputs", inputs), ("Regulate nothing", outputs)]
    if structure.constants:
        items.append(("Constant", str(structure.constants)))
    if structure.idle:
        idle = ", ".join(f"{source} in the rule of {target}" for source, target in structure.idle)
        items.append(("Named without effect", idle))
    for members in structure.feedback[:10]:
        items.append((f"Feedback among {len(members)}", ", ".join(members)))
    text = "Edges, feedback and circuits follow from the rules."
    blocks: list[Block] = [Text(text), Facts(tuple(items))]
    if structure.circuits:
        words = {"+": "positive", "-": "negative", "±": "both"}
        shown = structure.circuits[:MOST_CIRCUITS]
        rows = tuple((words[c.sign], str(len(c.members)), str(c)) for c in shown)
        caption = count(len(structure.circuits), "circuit") + "."
        if not structure.all_circuits:
            caption = (
                f"{count(len(structure.circuits), 'circuit')} of up to "
                f"{count(structure.longest_circuit, 'member')}; longer ones are not counted."
            )
        if len(shown) < len(structure.circuits):
            caption += f" The {len(shown)} shortest are shown."
        caption = f"Feedback circuits: {caption[:1].lower()}{caption[1:]}"
        blocks.append(Table(("Circuit", "Length", "Path"), rows, (0.8, 0.6, 5), caption))
    elif not structure.all_circuits:
        blocks.append(Text("Circuits were not listed: the network is too large."))
    differing = [c for c in structure.claims if c.verdict != "agrees"]
    if structure.claims:
        agreed = len(structure.claims) - len(differing)
        total = count(sum(bool(c.claimed) for c in structure.claims), "drawn or cited edge")
        blocks.append(Text(f"{agreed:,} of {total} agree with the rules in sign."))
    if differing:
        claim_rows = tuple(
            (f"{c.source} → {c.target}", c.claimed or "–", c.found or "–", c.verdict)
            for c in differing[:MOST_LISTED]
        )
        head = ("Edge", "Drawn or cited", "From the rules", "Verdict")
        caption = "Edges that are drawn or cited otherwise than they follow from the rules."
        blocks.append(Table(head, claim_rows, (3, 1, 1, 2), caption))
    return Section("structure", "Structure", tuple(blocks))
