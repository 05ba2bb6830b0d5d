"""How the numbers were made, and how to make them again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from regnet.analysis import GUARANTEES, Origin
from regnet.analysis.attractors import Attractors
from regnet.analysis.screen import Screen
from regnet.project import Project
from regnet.report.document import Block, Cell, Facts, Section, Text

_UPDATE_WORDS = {
    "asynchronous": "asynchronous (one component at a time)",
    "synchronous": "synchronous (all components at once)",
    "most-permissive": "most-permissive (also what finer models of the same rules could do)",
}


def method_section(
    project: Project,
    attractors: Sequence[Attractors],
    screen: Screen | None,
    comparisons: Sequence[Attractors],
    further: Sequence[Any],
    date: str,
) -> Section:
    """Return how the numbers were made, and how to make them again."""
    origins = [found.origin for found in (*attractors, *comparisons)]
    origins += [screen.origin] if screen else []
    origins += [result.origin for result in further]
    engines = dict.fromkeys(_engine(o) for o in origins)
    updates = dict.fromkeys(o.scenario.update for o in origins)
    versions = dict.fromkeys(o.regnet for o in origins if o.regnet)
    guarantees = dict.fromkeys(o.guarantee for o in origins)
    shown = [found.origin for found in attractors] + ([screen.origin] if screen else [])
    shown += [result.origin for result in further]
    reasons = dict.fromkeys(o.why for o in shown if o.why)
    items: list[tuple[str, Cell]] = [
        ("Model", f"{project.network.name or project.title}, digest {project.network.digest}"),
        ("Update", "; ".join(_UPDATE_WORDS[u] for u in updates)),
    ]
    if engines:
        items.append(("Engine", "; ".join(engines)))
    if reasons:
        items.append(("Choice of engine", "; ".join(reasons)))
    asked = dict.fromkeys(str(o.asked) for o in origins if o.asked is not None)
    options = [words for words in asked if "(" in words]
    if options:
        items.append(("Options", "; ".join(options)))
    items += [(f"Guarantee: {g}", f"{GUARANTEES.get(g, '')}") for g in guarantees]
    if versions:
        items.append(("regnet", ", ".join(versions)))
    if date:
        items.append(("Date", date))
    text = (
        "An attractor is a smallest set of states that the network never leaves. Components move "
        "one level at a time towards the level their rule gives. Edges and their signs are "
        "computed from the rules. The script reproduce.py beside this report computes the numbers "
        "again from model.toml and compares them with the data files."
    )
    blocks: tuple[Block, ...] = (Text(text), Facts(tuple(items)))
    return Section("methods", "Methods", blocks)


def _engine(origin: Origin) -> str:
    return f"{origin.engine} ({origin.version})" if origin.version else origin.engine
