"""HTML: a report as one page that needs nothing else, on screen (light, dark) and on paper."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from urllib.parse import quote

from regnet.figures.theme import stylesheet
from regnet.report.document import (
    BIBLIOGRAPHY,
    Block,
    Cell,
    Facts,
    Figure,
    Level,
    Link,
    Report,
    Section,
    Table,
    Text,
    anchor,
    captioned,
    numbered,
    spoken,
)


def to_html(report: Report) -> str:
    """Return the report as a self-contained HTML page."""
    report = numbered(report)
    style = files("regnet").joinpath("templates", "report.css").read_text("utf-8")
    body = "\n".join(map(section_html, report.sections))
    made = [
        f'<meta name="{name}" content="{escape(value)}">\n'
        for name, value in (("author", report.author), ("date", report.date))
        if value
    ]
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="generator" content="regnet">
<meta name="color-scheme" content="light dark">
{"".join(made)}<title>{escape(report.title)}</title>
<style>
{stylesheet()}{style}</style>
</head>
<body>
<header><h1>{escape(report.title)}</h1><p>{escape(report.subtitle)}</p></header>
{_contents(report)}
<main>
{body}
</main>
<footer>{escape(report.footer)}</footer>
</body>
</html>
"""


def section_html(section: Section) -> str:
    """Return one section, which `figures.stylesheet` and ``report.css`` give its looks."""
    place = f' id="{escape(section.key)}"' if section.key else ""
    blocks = "\n".join(map(_block, section.blocks))
    return f"<section{place}><h2>{escape(section.title)}</h2>\n{blocks}\n</section>"


def _contents(report: Report) -> str:
    """Return a list of links to all sections, and to every table and figure."""
    sections = "".join(
        f'<li><a href="#{escape(s.key)}">{escape(s.title)}</a></li>' for s in report.sections
    )
    shown = "".join(
        f'<li><a href="#{anchor(block.label)}">{block.label}</a> {_first(block.caption)}</li>'
        for s in report.sections
        for block in s.blocks
        if isinstance(block, Table | Figure)
    )
    drawn = f"<details><summary>Tables and figures</summary><ul>{shown}</ul></details>"
    listed = f"<ol>{sections}</ol>{drawn if shown else ''}{_bibliography(report)}"
    return f'<nav aria-label="Contents"><h2>Contents</h2>{listed}</nav>'


def _bibliography(report: Report) -> str:
    """Return a link by which the page itself holds the sources, for programs that cite them."""
    text = report.files.get(BIBLIOGRAPHY)
    if not text:
        return ""
    link = f"data:application/x-bibtex;charset=utf-8,{quote(text)}"
    return f'<p><a download="{BIBLIOGRAPHY}" href="{link}">Sources as BibTeX</a></p>'


def _first(caption: str) -> str:
    """Return the first sentence of a caption, escaped."""
    return escape(caption.partition(". ")[0].rstrip("."))


def _block(block: Block) -> str:
    match block:
        case Text():
            return _text(block)
        case Facts(items):
            rows = "".join(f"<dt>{escape(k)}</dt><dd>{_cell(v)}</dd>" for k, v in items)
            return f"<dl>{rows}</dl>"
        case Table():
            return _table(block)
        case Figure():
            return (
                f'<figure{_place(block)}><div class="wide">{block.adaptive}</div>'
                f"<figcaption>{_caption(block)}</figcaption></figure>"
            )


def _text(text: Text) -> str:
    words, mentions, end = spoken(text)
    links = ", ".join(f'<a href="#{anchor(to)}">{told}</a>' for told, to in mentions)
    told = f"{escape(words)} ({links}){end}" if links else escape(words)
    return f'<p class="{text.weight}">{told}</p>'


def _caption(block: Table | Figure) -> str:
    label = f"<b>{block.label}.</b> " if block.label else ""
    return f"{label}{escape(captioned(block))}"


def _place(block: Table | Figure) -> str:
    """Return where links to a table or figure lead; a section alone has no numbers."""
    return f' id="{anchor(block.label)}"' if block.label else ""


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{_cell(text)}</th>' for text in table.head)
    rows = "\n".join(
        "<tr>" + "".join(_table_cell(cell) for cell in row) + "</tr>" for row in table.rows
    )
    return (
        f'<div class="wide"{_place(table)}><table><caption>{_caption(table)}</caption>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table></div>"
    )


def _table_cell(cell: Cell) -> str:
    if not isinstance(cell, Level):
        return f"<td>{_cell(cell)}</td>"
    colours = (
        "background:var(--free);color:var(--free-ink)"
        if cell.step is None
        else f"background:var(--level-{cell.step});color:var(--ink-{cell.step})"
    )
    return f'<td class="level" style="{colours}">{_cell(cell)}</td>'


def _cell(cell: Cell) -> str:
    match cell:
        case Link(text, url):
            return f'<a href="{escape(url)}">{escape(text)}</a>'
        case Level(text, _, meaning):
            small = f"<small>{escape(meaning)}</small>" if meaning else ""
            return f"<b>{escape(text)}</b>{small}"
        case _:
            return escape(cell).replace("\n", "<br>")
