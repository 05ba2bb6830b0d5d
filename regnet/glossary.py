"""Glossary: the names of things, for the documentation and the tool tips of the window.

The text is `templates/glossary.md`, which is also a page of the documentation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PAGE = Path(__file__).parent / "templates" / "glossary.md"
"""The page with all entries and the table of retired words."""

_ENTRY = re.compile(r"^(\*\*.+?)\n: (.+)$", re.MULTILINE)
_ROW = re.compile(r"^\| (.+?) \| (.+?) \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A term with its meaning.

    Parameters
    ----------
    terms
        The term, or several that are explained together.
    also
        Synonyms.
    meaning
        The definition, in plain text.
    """

    terms: tuple[str, ...]
    also: tuple[str, ...]
    meaning: str


@cache
def entries() -> tuple[Entry, ...]:
    """Return all entries, in the order of the page."""
    found = []
    for head, text in _ENTRY.findall(PAGE.read_text("utf-8")):
        also = re.search(r"\((.+)\)$", head)
        terms = tuple(re.findall(r"\*\*(.+?)\*\*", head))
        synonyms = tuple(also[1].split(", ")) if also else ()
        found.append(Entry(terms, synonyms, re.sub(r"[*`]", "", text)))
    return tuple(found)


def meaning_of(term: str) -> str:
    """Return the meaning of a term, a synonym or a plural of these; empty without an entry.

    >>> meaning_of("Knock-outs")
    'A component held at level 0.'
    """
    return _meanings().get(term.strip().casefold(), "")


@cache
def retired() -> Mapping[str, str]:
    """Return the retired words, each with what is used instead."""
    rows = _ROW.findall(PAGE.read_text("utf-8"))
    return {old: new for old, new in rows if old not in ("retired", "---")}


@cache
def _meanings() -> Mapping[str, str]:
    named = {
        name.casefold(): entry.meaning
        for entry in entries()
        for name in (*entry.terms, *entry.also)
    }
    return {f"{name}s": text for name, text in named.items()} | named
