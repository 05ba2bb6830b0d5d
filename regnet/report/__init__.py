"""Report: results as something to send: HTML, PDF, Markdown, tables, data, a script that checks.

`build_report` turns results into a `Report`; `write_report` writes it in any of its forms. A report
reads no clock and knows no machine: the same results give the same bytes.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from regnet.analysis.attractors import Attractors
from regnet.analysis.screen import Screen
from regnet.analysis.structure import find_structure
from regnet.errors import FormatError, UnknownNameError
from regnet.exchange.dynamics import caveats, caveats_of
from regnet.formats import write_file
from regnet.formats.toml import to_toml
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.questions import Question, question_of
from regnet.records import to_csv, with_caveats
from regnet.records.attractors import attractors_to_json, attractors_to_rows
from regnet.records.screen import findings_to_rows, screen_to_json, screen_to_rows
from regnet.records.structure import edges_to_rows
from regnet.report import sections
from regnet.report.citations import cited, to_bibtex
from regnet.report.document import BIBLIOGRAPHY, Figure, Report, Section, Text, words_of
from regnet.report.html import to_html
from regnet.report.markdown import to_markdown
from regnet.report.pdf import to_pdf
from regnet.report.repeat import repeat
from regnet.report.sections.phrases import based, compared_readouts, shown_comparisons
from regnet.scenario import Scenario
from regnet.screens import Rows

__all__ = [
    "FORMS", "Report", "build_report", "compared_readouts", "compared_scenarios",
    "repeat", "to_html", "to_markdown", "to_pdf", "write_report",
]  # fmt: skip

FORMS = ("html", "pdf", "md", "bib", "csv", "json", "svg", "zip")
"""Formats of `write_report`; ``json`` includes the model and the script."""

_FORM_OF = {".csv": "csv", ".bib": "bib"}


def compared_scenarios(project: Project) -> tuple[Scenario, ...]:
    """Return the scenarios of the model that a report sets side by side.

    Those of its comparisons; the first of all that it names where it compares none.
    """
    names = dict.fromkeys(name for c in shown_comparisons(project) for name in c.scenarios)
    return tuple(project.scenario(name) for name in names)


def build_report(
    project: Project | LogicalNetwork,
    *,
    attractors: Sequence[Attractors] = (),
    screen: Screen | None = None,
    comparisons: Sequence[Attractors] = (),
    further: Sequence[Any] = (),
    author: str = "",
    date: str = "",
) -> Report:
    """Return the report of a project.

    Parameters
    ----------
    project
        The model with its scenarios, phenotypes and references.
    attractors
        Attractors to show in full, the most important first.
    screen
        The perturbation screen, if there is one.
    comparisons
        Attractors of the `compared_scenarios`; a comparison with a missing one is left out.
    further
        Answers to other questions, such as experiments or doses.
    author
        Who made the report; empty for none.
    date
        Printed unchanged; empty for none, so that equal results give equal reports.
    """
    project = Project.of(project)
    network = project.network
    structure = find_structure(network)
    others = [
        (result, _with_caveats(section, caveats_of(project, result)))
        for result, section in _sections_of(further, project)
    ]
    listed = sections.attractor_section(project, attractors) if attractors else None
    screened = sections.screen_section(screen, project) if screen is not None else None
    if screened is not None:
        screened = replace(screened, blocks=based(screened.blocks, screen))
    told = {sentence for a in attractors for sentence in caveats_of(project, a)}
    of_screen = {
        sentence
        for context in (screen.contexts if screen is not None else ())
        for sentence in caveats(project, "screen", context)
    }
    answers = [*attractors, *comparisons, *([] if screen is None else [screen]), *further]
    methods = sections.method_section(project, answers, date)
    parts = [
        sections.summary(
            project, attractors, screen, comparisons, structure, further, author=author, date=date
        ),
        sections.about_section(project),
        sections.network_section(project, structure),
        sections.outcome_section(project, comparisons) if comparisons else None,
        *(section for _, section in others),
        None if screened is None else _with_caveats(screened, sorted(of_screen)),
        None if listed is None else _with_caveats(listed, sorted(told)),
        sections.phenotype_section(project),
        sections.rules_section(project),
        sections.scenario_section(project),
        sections.structure_section(structure),
        sections.reference_section(project),
        methods,
    ]
    data = {
        "model.toml": to_toml(project),
        "edges.csv": to_csv(edges_to_rows(structure)),
        BIBLIOGRAPHY: to_bibtex((*project.references, *cited(words_of(methods)))),
        "reproduce.py": _template("reproduce.txt"),
    }
    for number, found in enumerate(attractors, start=1):
        name = "attractors" if number == 1 else f"attractors-{number}"
        data[f"{name}.csv"] = to_csv(attractors_to_rows(found))
        data[f"{name}.json"] = _json(
            attractors_to_json(found, timed=False), caveats_of(project, found)
        )
    for number, found in enumerate(comparisons, start=1):
        data[f"comparison-{number}.json"] = _json(
            attractors_to_json(found, timed=False), caveats_of(project, found)
        )
    if screen is not None:
        if isinstance(screen.rows, Rows):
            data["screen-findings.csv"] = to_csv(findings_to_rows(screen.rows.findings))
        else:
            data["screen.csv"] = to_csv(screen_to_rows(screen))
            data["screen.json"] = _json(screen_to_json(screen, timed=False), sorted(of_screen))
    for result, section in others:
        question = _question_of(result)
        data[f"{section.key}.csv"] = to_csv(question.to_rows(result, project))
        record = question.to_json(result, project, timed=False)
        data[f"{section.key}.json"] = _json(record, caveats_of(project, result))
    named = network.name or "model"
    title = project.title or named
    return Report(
        title=title,
        subtitle=f"{named}: report on a logical model",
        footer=f"{named} · digest {network.digest} · made with regnet",
        sections=tuple(part for part in parts if part is not None),
        files=data,
        author=author,
        date=date,
    )


def _question_of(result: Any) -> Question:
    question = question_of(result)
    if question is None:
        raise FormatError(f"a report cannot show a {type(result).__name__}")
    return question


def _with_caveats(section: Section, told: Sequence[str]) -> Section:
    blocks = tuple(Text(sentence, "lead") for sentence in told)
    return replace(section, blocks=(*blocks, *section.blocks)) if told else section


def _sections_of(results: Sequence[Any], project: Project) -> list[tuple[Any, Section]]:
    """Return each result with its section; where two have one key, the later ones get a number."""
    found: list[tuple[Any, Section]] = []
    used: Counter[str] = Counter()
    for result in results:
        section = _question_of(result).section(result, project)
        used[section.key] += 1
        if used[section.key] > 1:
            number = used[section.key]
            blocks = tuple(
                replace(block, name=f"{block.name}-{number}")
                if isinstance(block, Figure)
                else block
                for block in section.blocks
            )
            section = replace(section, key=f"{section.key}-{number}", blocks=blocks)
        section = replace(section, blocks=based(section.blocks, result))
        found.append((result, section))
    return found


def write_report(
    report: Report, folder: str | os.PathLike[str], *, forms: Sequence[str] = FORMS
) -> list[Path]:
    """Write a report into a folder and return the files written.

    Every file is written atomically. Other files in the folder are not changed.

    Parameters
    ----------
    report
        The report.
    folder
        Created if missing.
    forms
        Some of `FORMS`.

    Raises
    ------
    UnknownNameError, FormatError
        If there is no such form, or the folder cannot be written to.
    """
    for form in forms:
        if form not in FORMS:
            raise UnknownNameError("report form", form, FORMS)
    contents = _contents(report, forms)
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FormatError(f"{target}: cannot be made ({error.strerror or error})") from error
    written = []
    for name, content in contents.items():
        write_file(target / name, content)
        written.append(target / name)
    return written


def _contents(report: Report, forms: Sequence[str]) -> dict[str, str | bytes]:
    """Return file name -> content."""
    figures = {f"{figure.name}.svg": figure.plain for figure in _figures(report.sections)}
    contents: dict[str, str | bytes] = {}
    if "html" in forms:
        contents["report.html"] = to_html(report)
    if "pdf" in forms:
        contents["report.pdf"] = to_pdf(report)
    if "md" in forms:
        contents["report.md"] = to_markdown(report)
    if "svg" in forms or "md" in forms:
        contents |= figures
    for name, text in report.files.items():
        if _FORM_OF.get(Path(name).suffix, "json") in forms:
            contents[name] = text
    if "zip" in forms:
        everything = contents if len(forms) > 1 else _contents(report, FORMS[:-1])
        contents["report.zip"] = _zip(everything)
    return contents


def _figures(parts: Sequence[Section]) -> list[Figure]:
    return [block for part in parts for block in part.blocks if isinstance(block, Figure)]


def _zip(contents: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))  # a fixed time: equal bytes
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def _json(data: dict[str, Any], told: Iterable[str]) -> str:
    return json.dumps(with_caveats(data, told), ensure_ascii=False, indent=1) + "\n"


def _template(name: str) -> str:
    return files("regnet").joinpath("templates", name).read_text("utf-8")
