"""Notebook: values and answers as HTML, in a line, and as data frames.

The HTML is that of a report's sections, with its style held inside one element; frames are the rows
that the command line writes as CSV. `regnet.analysis.shown` and the values find this module by name
when something is shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module
from importlib.resources import files
from typing import Any

from regnet.analysis.structure import find_structure
from regnet.errors import RegnetError
from regnet.extras import extra
from regnet.figures.theme import stylesheet
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.questions import question_of, summary_of
from regnet.records import describe_scenario
from regnet.report.document import Block, Cell, Facts, Section, Table, Text
from regnet.report.html import section_html
from regnet.report.sections import network_section

MAX_LINE = 280
"""Characters of an answer at a prompt."""

MAX_ROWS = 60
"""Rows of a table in a notebook; `to_frame` has all."""

_CLOSER = ".regnet{margin:0;padding:.2rem .6rem}.regnet h2{margin:.2rem 0 .5rem}"
"""A cell has margins of its own, where a report has those of a page."""


# --- a line ------------------------------------------------------------------------------------


def in_a_line(answer: Any) -> str:
    """Return an answer as a prompt shows it: what it is, of what, and what it says."""
    name, origin = type(answer).__name__, answer.origin
    about = f"{origin.network or 'network'}, {origin.title}"
    text = f"<{name} of {about}: {_summary(answer)}"
    return f"{text[:MAX_LINE]}…>" if len(text) > MAX_LINE else f"{text}>"


def _summary(answer: Any) -> str:
    said = summary_of(answer)
    if not said and hasattr(answer, "holds"):
        said = {True: "yes", False: "no", None: "not decided"}[answer.holds]
    return said or answer.origin.guarantee


# --- HTML --------------------------------------------------------------------------------------


def answer_html(answer: Any, project: Project | None) -> str:
    """Return an answer as a report shows it; without its model, as it is in a line."""
    question = question_of(answer)
    if question is None or (project is None and question.of_project):
        return _page([Section("", type(answer).__name__, (Text(in_a_line(answer)),))])
    if project is None:
        if question.in_words_of_network:
            return _page([Section("", type(answer).__name__, (Text(in_a_line(answer)),))])
        head, *rows = question.to_rows(answer, Project(LogicalNetwork(())))
        return _page([Section("", question.name, (Text(_summary(answer)), _table(head, rows)))])
    return _page([_short(question.section(answer, project))])


def network_html(network: LogicalNetwork, project: Project | None = None) -> str:
    """Return the drawing of a network, as in a report."""
    shown = project or Project(network)
    return _page([network_section(shown, find_structure(network, circuits=0))])


def project_html(project: Project) -> str:
    """Return what a model holds: its network, scenarios, phenotypes and experiments."""
    network = project.network
    facts: list[tuple[str, Cell]] = [
        ("Components", f"{len(network):,}, of which {len(network.inputs):,} are inputs"),
        ("Source", project.source),
        ("Note", project.note),
        ("Phenotypes", ", ".join(p.name for p in project.phenotypes)),
        ("Experiments", f"{len(project.experiments):,}" if project.experiments else ""),
        ("Variants", ", ".join(v.name for v in project.variants)),
    ]
    blocks: list[Block] = [Facts(tuple((name, value) for name, value in facts if value))]
    if project.scenarios:
        rows = [[s.name, describe_scenario(s), s.note] for s in project.scenarios]
        width = 3 if any(s.note for s in project.scenarios) else 2
        head = ["Scenario", "What is done", "Note"][:width]
        blocks.append(_table(head, [row[:width] for row in rows]))
    title = project.title or network.name or "Model"
    return _page([Section("", title, tuple(blocks))])


def _short(section: Section) -> Section:
    blocks: list[Block] = []
    for block in section.blocks:
        if isinstance(block, Table) and len(block.rows) > MAX_ROWS:
            left = f"The first {MAX_ROWS} of {len(block.rows):,} rows; to_frame() has all."
            blocks += [Table(block.head, block.rows[:MAX_ROWS], block.widths, left)]
        else:
            blocks.append(block)
    return Section(section.key, section.title, tuple(blocks))


def _table(head: Sequence[Any], rows: Sequence[Sequence[Any]]) -> Table:
    shown = tuple(tuple("" if c is None else str(c) for c in row) for row in rows[:MAX_ROWS])
    more = f"The first {MAX_ROWS} of {len(rows):,} rows." if len(rows) > MAX_ROWS else ""
    return Table(tuple(map(str, head)), shown, (1.0,) * len(head), more)


def _page(sections: Sequence[Section]) -> str:
    body = "\n".join(section_html(section) for section in sections)
    return f'<div class="regnet"><style>{_style()}</style>\n{body}\n</div>'


def _style() -> str:
    """Return the style of a report, which acts inside the element ``.regnet`` alone."""
    css = stylesheet() + files("regnet").joinpath("templates", "report.css").read_text("utf-8")
    css = re.sub(r"@media print\{.*\n\}\n", "", css, flags=re.DOTALL)  # the notebook prints itself

    def inside(rule: re.Match[str]) -> str:
        names = [name.strip() for name in rule[2].split(",")]
        own = [
            ".regnet" if name in (":root", "body") else f".regnet {name}"
            for name in names
        ]  # fmt: skip
        return f"{rule[1]}{','.join(own)}{{"

    return re.sub(r"(^|[}\n]|\{(?=:root|dl))([^{}@]+)\{", inside, css) + _CLOSER


# --- frames ------------------------------------------------------------------------------------


def frame(answer: Any, project: Project | None, kind: str) -> Any:
    """Return an answer as a data frame; see `regnet.analysis.shown.Shown.to_frame`."""
    question = question_of(answer)
    if question is None:
        raise RegnetError(f"{type(answer).__name__} is no table")
    if project is None and question.in_words_of_network:
        raise RegnetError(f"{question.name} needs its model for a table: ask it again")
    named = columns(question.to_rows(answer, project or Project(LogicalNetwork(()))))
    package = _package(kind)
    if kind == "polars":
        return package.DataFrame(named, strict=False)
    found = package.DataFrame(named)
    for name, cells in named.items():
        if None in cells and all(type(c) is int for c in cells if c is not None):
            found[name] = package.array(cells, dtype="Int64")
    return found


def columns(rows: Sequence[Sequence[Any]]) -> dict[str, list[Any]]:
    """Return rows with a heading as columns, each of numbers or of text; None where there is none.

    >>> columns([["row", "Mass"], [1, 2], [2, "0..2"], [3, ""]])
    {'row': [1, 2, 3], 'Mass': ['2', '0..2', None]}
    """
    width = max(map(len, rows))  # the last cells of a row may be left out
    head, *body = [[*row, *[None] * (width - len(row))] for row in rows]
    found: dict[str, list[Any]] = {}
    for name, *cells in zip(head, *body, strict=True):
        name = "" if name is None else str(name)
        while name in found:
            name = f"{name}'"
        empty = [None if cell == "" else cell for cell in cells]
        mixed = any(isinstance(cell, str) for cell in empty)
        found[name] = [
            str(cell) if mixed and cell is not None else cell for cell in empty
        ]  # fmt: skip
    return found


def _package(kind: str) -> Any:
    if kind not in ("pandas", "polars"):
        raise RegnetError(f"a data frame is of pandas or polars, not of {kind!r}")
    with extra("frames"):
        return import_module(kind)
