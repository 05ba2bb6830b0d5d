"""The rules, scenarios and references of the model."""

from __future__ import annotations

from regnet.evidence import Reference
from regnet.network import Component, LogicalNetwork
from regnet.project import Project
from regnet.records import describe_scenario
from regnet.report.document import Cell, Link, Section, Table, Text
from regnet.report.sections.phrases import (
    filled,
    readable,
)

MOST_RULES = 400

MOST_WORDS = 600
"""Signs of a rule or a note that a table prints."""


def about_section(project: Project) -> Section | None:
    """Return what the model's own note says."""
    if not project.note:
        return None
    paragraphs = project.note.strip().split("\n\n")
    return Section("about", "About the model", tuple(Text(" ".join(p.split())) for p in paragraphs))


def rules_section(project: Project) -> Section:
    """Return the rules, level by level, with what they rest on."""
    network = project.network
    shown = network.components[:MOST_RULES]
    columns: list[tuple[str, float, list[Cell]]] = [
        ("Component", 1.3, [f"{c.name}\n{c.compartment}".strip() for c in shown]),
        ("Levels", 1.5, [_levels(c) for c in shown]),
        ("Rule", 2.8, [_rule(c, network) for c in shown]),
        ("Basis", 2.4, [_basis(c) for c in shown]),
    ]
    if network.is_boolean and not any(c.meanings for c in shown):
        del columns[1]
    if not any(columns[-1][2]):
        del columns[-1]
    caption = (
        "The rules. The first condition that holds gives the level a component is heading for, "
        "else 0."
    )
    if len(network) > MOST_RULES:
        caption += f" The first {MOST_RULES} of {len(network):,}; model.toml has all."
    heads, widths, cells = zip(*columns, strict=True)
    table = Table(heads, tuple(zip(*cells, strict=True)), widths, caption)
    text = "Each component moves towards the level that its rule gives."
    return Section("rules", "Rules", (Text(text), table))


def _levels(component: Component) -> str:
    meanings = [f"{level} {text}" for level, text in enumerate(component.meanings)]
    return "\n".join(meanings) or f"0 to {component.top}"


def _basis(component: Component) -> str:
    confidence = f"{component.confidence} confidence" if component.confidence else ""
    words = [part for part in (component.kind, confidence, " ".join(component.refs)) if part]
    note = " ".join(component.note.split())
    if len(note) > MOST_WORDS:
        note = note[:MOST_WORDS].rsplit(" ", 1)[0] + " … (model.toml has all of it)"
    return "\n".join(part for part in (", ".join(words), note) if part)


def _rule(component: Component, network: LogicalNetwork) -> str:
    if component.rule is None:
        return "input: keeps its level"
    lines = []
    for condition, level in component.rule.cases:
        text = readable(condition, network.tops)
        if len(text) > MOST_WORDS:
            text = text[:MOST_WORDS].rsplit(" ", 1)[0] + " … (model.toml has all of it)"
        lines.append(text if component.top == 1 and level == 1 else f"{level} if {text}")
    return "\n".join(lines)


def scenario_section(project: Project) -> Section | None:
    """Return the named scenarios."""
    if not project.scenarios:
        return None
    rows = tuple((s.name, describe_scenario(s), s.note) for s in project.scenarios)
    head = ("Scenario", "What is done", "Note")
    table = filled(Table(head, rows, (1.2, 2.4, 2.4), "Scenarios of the model."))
    text = "What is held or cut in each scenario, where it starts and how it is updated."
    return Section("scenarios", "Scenarios as they are defined", (Text(text), table))


def reference_section(project: Project) -> Section | None:
    """Return the references, each with a link where there is one."""
    if not project.references:
        return None
    rows: list[tuple[Cell, ...]] = []
    for r in project.references:
        text = "\n".join(part for part in (r.text, r.fact) if part)
        rows.append((r.key, text, source_link(r), r.checked))
    head = ("Key", "Source and what it says", "Link", "How checked")
    table = filled(Table(head, tuple(rows), (0.6, 3.8, 2.2, 1.1), "Sources of the model."))
    text = "What the model rests on; the file references.bib has the same for a bibliography."
    return Section("references", "References", (Text(text), table))


def source_link(reference: Reference) -> Cell:
    """Return where a source is found; empty where it does not say."""
    if reference.doi:
        return Link(f"doi {reference.doi}", f"https://doi.org/{_quoted(reference.doi)}")
    if reference.pmid:
        pmid = reference.pmid
        return Link(f"PMID {pmid}", f"https://pubmed.ncbi.nlm.nih.gov/{_quoted(pmid)}/")
    if reference.url.startswith(("https://", "http://")):
        return Link(reference.url, reference.url)
    return ""


def _quoted(identifier: str) -> str:
    from urllib.parse import quote

    return quote(identifier, safe="/")
