"""Document: what a report consists of, before it becomes HTML, PDF or Markdown.

Blocks carry plain text only; each renderer escapes it in its own way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Level:
    """A level in a table: its text, its colour as a step of the level ramp, and its meaning.

    `step` is None for a component that keeps changing.
    """

    text: str
    step: int | None
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads somewhere; `url` is http or https."""

    text: str
    url: str


Cell: TypeAlias = str | Level | Link


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `weight` is ``"plain"``, ``"lead"`` (the first thing to read) or ``"note"``."""

    text: str
    weight: str = "plain"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a heading row that is repeated on every page.

    `widths` are relative; a line break in a text cell is kept.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with values, one a line."""

    items: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing in plain colours and in colours that follow the reader's light or dark mode."""

    name: str
    plain: str
    adaptive: str
    caption: str


Block: TypeAlias = Text | Table | Facts | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with blocks; `key` is unique in the report."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A report, ready to be rendered.

    Parameters
    ----------
    title
        What it is about.
    subtitle
        One line below the title.
    footer
        One line at the foot of each page.
    sections
        In the order in which they are read.
    files
        File name -> text of the data files that belong to it.
    """

    title: str
    subtitle: str
    footer: str
    sections: tuple[Section, ...]
    files: Mapping[str, str] = field(default_factory=dict)
