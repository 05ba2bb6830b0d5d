"""Document: what a report consists of, before it becomes HTML, PDF or Markdown.

Blocks carry plain text only; each renderer escapes it in its own way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

BIBLIOGRAPHY = "references.bib"
"""The file of a report that has its sources for programs that cite."""


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
    """A paragraph.

    Parameters
    ----------
    text
        What it says.
    weight
        ``"plain"``, ``"lead"`` (the first thing to read) or ``"note"``.
    see
        Keys of sections whose tables and figures it refers to.
    mentions
        Labels of the tables and figures that it refers to; filled in by `numbered`.
    """

    text: str
    weight: str = "plain"
    see: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a heading row that is repeated on every page.

    Parameters
    ----------
    head, rows
        Its cells; a line break in a text cell is kept.
    widths
        Relative to each other.
    caption
        What it shows.
    basis
        Of what it was asked (start, update) and how sure it is; filled in by `build_report`.
    label
        ``Table 3``; filled in by `numbered`.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    caption: str
    basis: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with values, one a line."""

    items: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing in plain colours and in colours that follow the reader's light or dark mode.

    `basis` and `label` are as in a `Table`.
    """

    name: str
    plain: str
    adaptive: str
    caption: str
    basis: str = ""
    label: str = ""


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
        Title of the report.
    subtitle
        One line below the title.
    footer
        One line at the foot of each page.
    sections
        In reading order.
    files
        File name -> text of the data files that belong to it.
    author, date
        As they are to be printed; empty for none.
    """

    title: str
    subtitle: str
    footer: str
    sections: tuple[Section, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    author: str = ""
    date: str = ""


def numbered(report: Report) -> Report:
    """Return a report whose tables and figures are numbered, with mentions of each in the text.

    Numbers follow the order of reading. A table or figure is mentioned by the paragraph before it
    in its section, and by those that name its section in `Text.see`. Every renderer begins with
    this, so that a report from which sections were left out has no gaps.
    """
    counted: Counter[str] = Counter()
    labels: dict[str, tuple[str, ...]] = {}
    sections = []
    for section in report.sections:
        blocks: list[Block] = []
        place: int | None = None  # of the paragraph before
        for block in section.blocks:
            if isinstance(block, Text) and block.weight != "note":
                place = len(blocks)
            elif isinstance(block, Table | Figure):
                kind = type(block).__name__
                counted[kind] += 1
                block = replace(block, label=f"{kind} {counted[kind]}")
                if place is None:
                    place = len(blocks)
                    blocks.append(Text(f"{section.title}."))
                before = blocks[place]
                assert isinstance(before, Text)
                blocks[place] = replace(before, mentions=(*before.mentions, block.label))
            blocks.append(block)
        labels[section.key] = tuple(b.label for b in blocks if isinstance(b, Table | Figure))
        sections.append(replace(section, blocks=tuple(blocks)))
    return replace(
        report,
        sections=tuple(
            replace(s, blocks=tuple(_referring(block, labels) for block in s.blocks))
            for s in sections
        ),
    )


def _referring(block: Block, labels: Mapping[str, tuple[str, ...]]) -> Block:
    if not isinstance(block, Text) or not block.see:
        return block
    seen = [label for key in block.see for label in labels.get(key, ())]
    return replace(block, see=(), mentions=(*seen, *block.mentions))


def spoken(text: Text) -> tuple[str, tuple[tuple[str, str], ...], str]:
    """Return a paragraph in three parts: the words, its mentions, and the punctuation after them.

    A mention is words and the label that they lead to; three or more in a row are one.

    >>> spoken(Text("Two rows.", mentions=("Table 1", "Figure 2")))
    ('Two rows', (('Table 1', 'Table 1'), ('Figure 2', 'Figure 2')), '.')
    >>> spoken(Text("They follow:", mentions=("Table 4", "Table 5", "Table 6")))
    ('They follow', (('Tables 4–6', 'Table 4'),), ':')
    """
    if not text.mentions:
        return text.text, (), ""
    words = text.text.rstrip()
    end = words[-1:] if words.endswith((".", ":", ";")) else ""
    mentions: list[tuple[str, str]] = []
    for kind in dict.fromkeys(label.split()[0] for label in text.mentions):
        numbers = sorted({int(m.split()[1]) for m in text.mentions if m.startswith(kind)})
        while numbers:
            run = 1
            while run < len(numbers) and numbers[run] == numbers[0] + run:
                run += 1
            if run > 2:
                mentions.append(
                    (f"{kind}s {numbers[0]}–{numbers[run - 1]}", f"{kind} {numbers[0]}")
                )
            else:
                mentions += [(f"{kind} {number}",) * 2 for number in numbers[:run]]
            del numbers[:run]
    return words.removesuffix(end), tuple(mentions), end


def words_of(section: Section) -> str:
    """Return all paragraphs of a section as one text."""
    return " ".join(block.text for block in section.blocks if isinstance(block, Text))


def anchor(label: str) -> str:
    """Return the name of the place of a table or figure, for links.

    >>> anchor("Table 3")
    'table-3'
    """
    return label.lower().replace(" ", "-")


def captioned(block: Table | Figure) -> str:
    """Return a caption with what it rests on, without the label."""
    return " ".join(part for part in (block.caption, block.basis) if part)
