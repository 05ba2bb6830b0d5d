"""Identifiers and links of components from files of other tools, for writers of other formats.

SBML says in RDF what a component is (MIRIAM, doi 10.1038/nbt1156), GINsim lists links beside it.
Both are stored unchanged in `Project.kept`; here they are converted to values for writers of other
formats.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from regnet.errors import RegnetError
from regnet.exchange.xmltext import Element, parse
from regnet.project import Project

DESCRIBED = "isDescribedBy"
"""The qualifier of a link that says nothing of how it belongs to its component."""

_URN = re.compile(r"urn:miriam:([^:]+):(.+)")
_COMPACT = re.compile(r"[A-Za-z][\w.]*:[^/\s]\S*")
_PLACES = {"sbml": "species", "ginml": "node"}


@dataclass(frozen=True, slots=True)
class Annotation:
    """What a component refers to in a database or in the literature.

    Parameters
    ----------
    component
        The component.
    qualifier
        The qualifier, such as ``is`` or ``isDescribedBy`` (BioModels qualifiers).
    uri
        The address.
    """

    component: str
    qualifier: str
    uri: str


def annotations_of(project: Project, *, but: str) -> dict[str, list[Annotation]]:
    """Return component -> its annotations from all formats but one, in the order of the files."""
    found: dict[str, list[Annotation]] = {}
    for kept in project.kept:
        if kept.format == but or kept.what != _PLACES.get(kept.format) or not kept.component:
            continue
        try:
            element = parse(str(kept.content), namespaces=False).root
        except RegnetError:
            continue  # it was edited
        read = _described if kept.format == "sbml" else _linked
        own = found.setdefault(kept.component, [])
        for qualifier, uri in read(element):
            one = Annotation(kept.component, qualifier, address(uri))
            if uri and one not in own:
                own.append(one)
    return {name: own for name, own in found.items() if own}


def address(uri: str) -> str:
    """Return an identifier as an address that opens in a browser.

    >>> address("urn:miriam:uniprot:P15018"), address("pubmed:3472243")
    ('https://identifiers.org/uniprot:P15018', 'https://identifiers.org/pubmed:3472243')
    """
    if found := _URN.fullmatch(uri):
        key = unquote(found[2])
        return f"https://identifiers.org/{key if ':' in key else f'{found[1]}:{key}'}"
    return f"https://identifiers.org/{uri}" if _COMPACT.fullmatch(uri) else uri


def links_of(element: Element) -> list[str]:
    """Return the links that GINsim shows beside a node, an edge or a model."""
    return [uri for _, uri in _linked(element)]


def _linked(element: Element) -> Iterator[tuple[str, str]]:
    for annotation in element.all("annotation"):
        for link in annotation.walk():
            if link.tag == "link":
                yield DESCRIBED, link.attributes.get("href", "").strip()


def _described(element: Element) -> Iterator[tuple[str, str]]:
    for annotation in element.all("annotation"):
        for description in annotation.walk():
            if description.tag != "Description":
                continue
            for qualifier in description.children:
                for item in qualifier.walk():
                    if item.tag == "li" and qualifier.tag not in ("creator", "created"):
                        yield qualifier.tag, item.attributes.get("resource", "").strip()
