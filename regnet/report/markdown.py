"""Markdown: a report as text with tables, for notebooks, repositories and further writing."""

from __future__ import annotations

import re

from regnet.report.document import (
    Block,
    Cell,
    Facts,
    Figure,
    Level,
    Link,
    Report,
    Table,
    Text,
    captioned,
    numbered,
    spoken,
)

_SPECIAL = re.compile(r"([\\`*_{}\[\]#|~])")


def to_markdown(report: Report) -> str:
    """Return the report as Markdown; figures are links to the SVG files beside it."""
    report = numbered(report)
    parts = [f"# {_plain(report.title)}", _plain(report.subtitle)]
    for section in report.sections:
        parts.append(f"## {_plain(section.title)}")
        parts += [_block(block) for block in section.blocks]
    parts += ["---", _plain(report.footer)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _block(block: Block) -> str:
    match block:
        case Text():
            words, mentions, end = spoken(block)
            seen = f" ({', '.join(told for told, _ in mentions)}){end}" if mentions else ""
            text = _plain(words) + seen
            return f"**{text}**" if block.weight == "lead" else text
        case Facts(items):
            return "\n".join(f"- {_plain(name)}: {_cell(value)}" for name, value in items)
        case Figure():
            return f"![{_caption(block)}]({block.name}.svg)\n\n{_caption(block)}"
        case Table(head, rows):
            lines = [_row([_plain(text) for text in head]), _row(["---"] * len(head))]
            lines += [_row([_cell(cell) for cell in row]) for row in rows]
            return f"{_caption(block)}\n\n" + "\n".join(lines)


def _caption(block: Table | Figure) -> str:
    return _plain(f"{block.label}. {captioned(block)}")


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell) -> str:
    match cell:
        case Link(text, url):
            target = url.replace("(", "%28").replace(")", "%29").replace("|", "%7C")
            return f"[{_plain(text)}](<{target.replace('<', '%3C').replace('>', '%3E')}>)"
        case Level(text, _, meaning):
            return f"**{_plain(text)}** {_plain(meaning)}".strip()
        case _:
            return "<br>".join(_plain(line) for line in cell.split("\n"))


def _plain(text: str) -> str:
    """Return text in which nothing is markup, on one line."""
    line = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return line.replace("<", "&lt;").replace(">", "&gt;")
