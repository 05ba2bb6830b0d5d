"""Reporting: makes and writes reports in a worker, and renders them for the window. No Qt."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any

from regnet.analysis import Progress, silent
from regnet.analysis.attractors import Attractors, find_attractors
from regnet.analysis.screen import Screen
from regnet.project import Project
from regnet.questions import question_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from regnet.report.document import Block, Cell, Figure, Report, Table

FORMS = {
    "html": "Web page (HTML)",
    "pdf": "PDF",
    "md": "Markdown",
    "bib": "References (BibTeX)",
    "csv": "Tables (CSV)",
    "json": "Data (JSON), with the model and a script that checks it",
    "svg": "Drawings (SVG)",
    "zip": "Everything in one ZIP file",
}
"""The formats of a report, with the text of their check boxes."""


def make_report(
    project: Project,
    attractors: Sequence[Attractors],
    screen: Screen | None,
    *,
    compare: bool,
    further: Sequence[Any] = (),
    author: str = "",
    date: str = "",
    progress: Progress = silent,
) -> Report:
    """Return the report of these results; attractors that its comparisons need are computed."""
    from regnet.report import build_report, compared_scenarios

    known = {  # incomplete answers are computed again: a comparison needs all attractors
        found.origin.scenario: found
        for found in attractors
        if found.complete and found.origin.digest == project.network.digest
    }
    comparisons = []
    wanted = compared_scenarios(project) if compare else ()
    for number, scenario in enumerate(wanted):
        progress(number / len(wanted), f"comparing {scenario.name}")
        comparisons.append(
            known.get(scenario)
            or find_attractors(project.network, scenario, phenotypes=project.phenotypes)
        )
    progress(None, "drawing")
    return build_report(
        project,
        attractors=attractors,
        screen=screen,
        comparisons=comparisons,
        further=further,
        author=author,
        date=date,
    )


def is_further(value: object) -> bool:
    """Return whether a report can show a result besides attractors and a screen."""
    question = question_of(value)
    return question is not None and question.name not in ("attractors", "screen")


def write(report: Report, folder: str, forms: Sequence[str]) -> list[str]:
    """Write a report into a folder, and return the names of the files."""
    from regnet.report import write_report

    return [path.name for path in write_report(report, folder, forms=forms)]


def with_sections(report: Report, unwanted: Collection[str]) -> Report:
    """Return the report without some sections."""
    kept = tuple(section for section in report.sections if section.key not in unwanted)
    return replace(report, sections=kept)


def preview(
    report: Report,
    colour: Callable[[str], str],
    width: Callable[[Figure], int],
) -> str:
    """Return the report as the subset of HTML that a text widget of Qt can show.

    Parameters
    ----------
    report
        The report.
    colour
        Role of a colour in the theme -> ``"#rrggbb"``.
    width
        Width of a figure; its source is ``figure:NAME``.
    """
    from regnet.report.document import numbered

    report = numbered(report)
    muted = colour("muted")
    parts = [
        f"<h1>{escape(report.title)}</h1>",
        f'<p style="color:{muted}">{escape(report.subtitle)}</p>',
    ]
    for section in report.sections:
        parts.append(f"<h2>{escape(section.title)}</h2>")
        parts += [_block(block, colour, width) for block in section.blocks]
    parts.append(f'<hr><p style="color:{muted}"><small>{escape(report.footer)}</small></p>')
    return "\n".join(parts)


def _block(block: Block, colour: Callable[[str], str], width: Callable[[Figure], int]) -> str:
    from regnet.report.document import Facts, Figure, Table, Text, captioned, spoken

    match block:
        case Text():
            words, mentions, end = spoken(block)
            seen = f" ({', '.join(told for told, _ in mentions)}){end}" if mentions else ""
            text = escape(words + seen)
            match block.weight:
                case "lead":
                    return f"<p><big><b>{text}</b></big></p>"
                case "note":
                    return f'<p style="color:{colour("muted")}"><i>{text}</i></p>'
                case _:
                    return f"<p>{text}</p>"
        case Facts(items):
            rows = "".join(
                f"<tr><td><b>{escape(name)}</b>&nbsp;&nbsp;</td>{_cell(value, colour)}</tr>"
                for name, value in items
            )
            return f'<table cellpadding="3" cellspacing="0">{rows}</table>'
        case Figure():
            return (
                f'<p><img src="figure:{escape(block.name)}" width="{width(block)}"></p>'
                f"<p><small><b>{block.label}.</b> {escape(captioned(block))}</small></p>"
            )
        case Table():
            return _table(block, colour)


def _table(table: Table, colour: Callable[[str], str]) -> str:
    from regnet.report.document import captioned

    head = "".join(f'<th align="left">{escape(title)}</th>' for title in table.head)
    rows = "".join(f"<tr>{''.join(_cell(cell, colour) for cell in row)}</tr>" for row in table.rows)
    return (
        f"<p><small><b>{table.label}.</b> {escape(captioned(table))}</small></p>"
        f'<table border="1" cellpadding="4" cellspacing="0" width="100%" '
        f'style="border-collapse:collapse; border-color:{colour("grid")}">'
        f"<tr>{head}</tr>{rows}</table>"
    )


def _cell(cell: Cell, colour: Callable[[str], str]) -> str:
    from regnet.report.document import Level, Link

    match cell:
        case Level(text, step, meaning):
            paper = colour("free" if step is None else f"level-{step}")
            ink = colour("free-ink" if step is None else f"ink-{step}")
            more = f" ({escape(meaning)})" if meaning else ""
            return (
                f'<td align="center" bgcolor="{paper}">'
                f'<span style="color:{ink}">{escape(text)}{more}</span></td>'
            )
        case Link(text, url):
            return f'<td><a href="{escape(url)}">{escape(text)}</a></td>'
        case str():
            return "<td>" + escape(cell).replace("\n", "<br>") + "</td>"
