"""HTML: a report as one page that needs nothing else, on screen (light, dark) and on paper."""

from __future__ import annotations

from html import escape
from importlib.resources import files

from regnet.figures import stylesheet
from regnet.report.document import (
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
)


def to_html(report: Report) -> str:
    """Return the report as a self-contained HTML page."""
    style = files("regnet").joinpath("templates", "report.css").read_text("utf-8")
    contents = "".join(
        f'<li><a href="#{escape(s.key)}">{escape(s.title)}</a></li>' for s in report.sections
    )
    body = "\n".join(map(section_html, report.sections))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(report.title)}</title>
<style>
{stylesheet()}{style}</style>
</head>
<body>
<header><h1>{escape(report.title)}</h1><p>{escape(report.subtitle)}</p></header>
<nav aria-label="Contents"><ul>{contents}</ul></nav>
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


def _block(block: Block) -> str:
    match block:
        case Text(text, weight):
            return f'<p class="{weight}">{escape(text)}</p>'
        case Facts(items):
            rows = "".join(f"<dt>{escape(k)}</dt><dd>{_cell(v)}</dd>" for k, v in items)
            return f"<dl>{rows}</dl>"
        case Table():
            return _table(block)
        case Figure():
            return _figure(block)


def _figure(figure: Figure) -> str:
    caption = f"<figcaption>{escape(figure.caption)}</figcaption>" if figure.caption else ""
    return f'<figure><div class="wide">{figure.adaptive}</div>{caption}</figure>'


def _table(table: Table) -> str:
    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in table.head)
    rows = "\n".join(
        "<tr>" + "".join(_table_cell(cell) for cell in row) + "</tr>" for row in table.rows
    )
    return (
        f'<div class="wide"><table>{caption}<thead><tr>{head}</tr></thead>\n'
        f"<tbody>{rows}</tbody></table></div>"
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
