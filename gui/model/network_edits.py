"""Edits of components and edges in the drawing; each is one undo step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gui.model.document import Document
from regnet.figures.network import SIGN_WORDS
from regnet.layout import Point
from regnet.network import Claim, Component


def add_component(document: Document, places: Mapping[str, Point], at: Point | None) -> str:
    """Add a component without a rule, at a position in the drawing; return its name."""
    project = document.project
    number = len(project.network) + 1
    while f"X{number}" in project.network:
        number += 1
    name = f"X{number}"
    network = project.network.with_component(Component(name))
    layout = dict(project.layout)
    if at is not None:
        layout |= {**places, name: (round(at[0], 1), round(at[1], 1))}
    document.change(f"Add {name}", replace(project, network=network, layout=layout))
    return name


def delete(document: Document, names: Sequence[str]) -> None:
    """Delete components; rules then see them at level 0."""
    if names:
        document.change(f"Delete {_named(names)}", document.project.without(*names))


def move(document: Document, places: Mapping[str, Point], names: Sequence[str]) -> None:
    """Store the positions of all components after some were dragged."""
    project = document.project
    layout = {**project.layout, **places}
    document.change(f"Move {_named(names)}", replace(project, layout=layout))


def claim(document: Document, source: str, target: str, sign: str) -> None:
    """Claim an edge, or change the sign of a claimed one; the rules stay unchanged."""
    project = document.project
    claims = list(project.network.claims)
    number = next(
        (i for i, c in enumerate(claims) if (c.source, c.target) == (source, target)), None
    )
    if number is None:
        claims.append(Claim(source, target, sign))
    else:
        claims[number] = replace(claims[number], sign=sign)
    document.change(
        f"Draw {source} {SIGN_WORDS[sign]} {target}",
        replace(project, network=project.network.with_claims(claims)),
    )


def unclaim(document: Document, source: str, target: str) -> None:
    """Remove the claim about an edge; the rules stay unchanged."""
    project = document.project
    claims = [c for c in project.network.claims if (c.source, c.target) != (source, target)]
    document.change(
        f"Remove the claim {source} → {target}",
        replace(project, network=project.network.with_claims(claims)),
    )


def _named(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} components"
