"""Tables and figures are numbered once, mentioned, captioned and listed, whatever is left out."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from urllib.parse import unquote

import pytest

from regnet.analysis import Asked
from regnet.analysis.attractors import find_attractors
from regnet.analysis.dose import find_dose_response
from regnet.analysis.screen import screen
from regnet.network import Component, LogicalNetwork, Rule
from regnet.questions import QUESTIONS, ask
from regnet.report import Report, build_report, to_html, to_markdown, to_pdf
from regnet.report.document import Figure, Section, Table, Text, numbered
from regnet.report.document import Report as Document
from regnet.report.pdf import HEADING, drawn
from regnet.scenario import Scenario
from tests.regnet.test_questions import NETWORK, PHENOTYPES, PROJECT, USUAL


@pytest.fixture(scope="module")
def report() -> Report:
    """A report with an answer to every question."""
    contexts = PROJECT.scenarios
    further = [
        ask(Asked(name, {**USUAL, "robustness": {"sets": 2}}.get(name, {})), PROJECT)
        for name in QUESTIONS
        if name not in ("attractors", "screen")
    ]
    return build_report(
        replace(PROJECT, title="A toggle", note="It toggles."),
        attractors=[find_attractors(NETWORK, phenotypes=PHENOTYPES)],
        screen=screen(NETWORK, contexts, phenotypes=PHENOTYPES, readouts=("A", "D")),
        comparisons=[find_attractors(NETWORK, s, phenotypes=PHENOTYPES) for s in contexts],
        further=further,
    )


def _shown(report: Report) -> list[Table | Figure]:
    return [b for s in report.sections for b in s.blocks if isinstance(b, Table | Figure)]


def test_that_every_table_and_figure_has_a_number_of_its_own(report: Report) -> None:
    for kind in (Table, Figure):
        labels = [b.label for b in _shown(numbered(report)) if isinstance(b, kind)]
        assert labels == [f"{kind.__name__} {n}" for n in range(1, len(labels) + 1)]
        assert labels


def test_that_every_table_and_figure_has_a_caption(report: Report) -> None:
    for block in _shown(report):
        assert block.caption[:1].isupper(), block
        assert block.caption.endswith("."), block.caption


def test_that_captions_of_answers_say_update_start_and_how_sure_they_are(report: Report) -> None:
    keys = {"rules", "scenarios", "structure", "references", "network", "phenotypes", "methods"}
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Table | Figure) and section.key not in keys:
                assert re.search("exact|bounded|sampled", block.basis), (section.key, block.caption)
                assert "update" in block.basis, (section.key, block.basis)


def test_that_the_text_mentions_every_table_and_figure_before_it_comes(report: Report) -> None:
    for section in numbered(report).sections:
        told: set[str] = set()
        for block in section.blocks:
            if isinstance(block, Text):
                told |= set(block.mentions)
            elif isinstance(block, Table | Figure):
                assert block.label in told, (section.key, block.caption)


def test_that_no_section_needs_a_sentence_made_up_for_it(report: Report) -> None:
    for section in report.sections:
        kinds = [type(block) for block in section.blocks]
        first = next((n for n, kind in enumerate(kinds) if kind in (Table, Figure)), len(kinds))
        assert first == len(kinds) or Text in kinds[:first], section.key


def test_that_what_is_left_out_leaves_no_gap(report: Report) -> None:
    fewer = replace(report, sections=report.sections[::2])
    labels = [b.label for b in _shown(numbered(fewer)) if isinstance(b, Table)]
    assert labels == [f"Table {n}" for n in range(1, len(labels) + 1)]


def test_that_a_paragraph_can_refer_to_another_section() -> None:
    table = Table(("a",), (("b",),), (1,), "A table.")
    first = Section("one", "One", (Text("All of them.", see=("two", "gone")),))
    second = Section("two", "Two", (Text("They follow."), table, table, table))
    report = Document("t", "s", "f", (first, second))
    assert "All of them (Tables 1–3)." in to_markdown(report)
    assert 'All of them (<a href="#table-1">Tables 1–3</a>).' in to_html(report)


def test_that_every_link_inside_the_page_leads_to_one_place(report: Report) -> None:
    page = to_html(report)
    ids = Counter(re.findall(r'id="([^"]+)"', page.partition("<main>")[2]))
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert all(ids[link] == 1 for link in links)
    assert {section.key for section in report.sections} <= links
    assert {b.label.lower().replace(" ", "-") for b in _shown(numbered(report))} <= links


def test_that_many_rows_of_few_columns_stand_beside_each_other() -> None:
    chain = (Component(f"R{n}", Rule.of(f"R{n - 1}")) for n in range(1, 20))
    network = LogicalNetwork((Component("R0"), *chain))
    found = screen(network, (Scenario(),), readouts=("R19",))
    report = build_report(network, screen=found)
    figure = next(b for b in _shown(report) if isinstance(b, Figure) and b.name == "screen")
    assert figure.plain.count(">wild type<") > 1
    wide, high = _size_on_paper(figure)
    assert wide > 0.5
    assert high < 0.75


def test_that_the_page_holds_its_sources_for_programs_that_cite(report: Report) -> None:
    (link,) = re.findall(
        r'<a download="references.bib" href="data:[^,"]+,([^"]*)"', to_html(report)
    )
    assert unquote(link) == report.files["references.bib"]
    assert "@misc{regnet" in unquote(link)


def _fonts(data: bytes) -> Counter[bytes]:
    """Return how many of each object of fonts a PDF has."""
    return Counter(
        re.findall(rb"/Type /FontDescriptor|/Subtype /(?:Type1|TrueType)|/FontFile2", data)
    )


KINDS = {"network", "attractors", "screen", "time", "conditions", "dose", "pulses"}

PAGE = (499.0, 745.0)  # points, of A4 within its margins


def _size_on_paper(figure: Figure) -> tuple[float, float]:
    """Return which share of a line and of a page a figure fills."""
    drawing = drawn(figure, PAGE, PAGE[1] - 2 * HEADING)
    return drawing.width / PAGE[0], drawing.height / PAGE[1]


def test_that_every_figure_fills_half_a_line_or_half_a_page(report: Report) -> None:
    figures = [block for block in _shown(report) if isinstance(block, Figure)]
    assert {figure.name for figure in figures} == KINDS
    for figure in figures:
        assert max(_size_on_paper(figure)) > 0.499, figure.name


def test_that_many_readouts_of_a_dose_fill_lines_and_not_one_tall_column() -> None:
    names = [f"R{number}" for number in range(9)]
    read = (Component(name, Rule.of("D")) for name in names)
    network = LogicalNetwork((Component("D"), *read))
    answer = find_dose_response(network, None, "D", readouts=names)
    report = build_report(network, further=[answer])
    figure = next(b for b in _shown(report) if isinstance(b, Figure) and b.name == "dose")
    wide, high = _size_on_paper(figure)
    assert wide > 0.75
    assert high < 0.75


def test_that_all_fonts_of_a_pdf_are_inside(report: Report) -> None:
    fonts = _fonts(to_pdf(report))
    assert fonts[b"/Subtype /Type1"] == 0
    assert fonts[b"/Subtype /TrueType"] == fonts[b"/FontFile2"] > 0


def test_that_a_pdf_names_title_author_and_date_and_no_date_that_nobody_gave(
    report: Report,
) -> None:
    named = to_pdf(replace(report, author="A. Person", date="2026-12-01"))
    assert b"/Author (A. Person)" in named
    assert b"/Title (A toggle)" in named
    assert b"/CreationDate (D:20261201000000Z)" in named
    plain = to_pdf(report)
    assert b"/CreationDate" not in plain
    assert b"/Author" not in plain


def test_that_a_pdf_has_a_bookmark_for_every_section(report: Report) -> None:
    assert to_pdf(report).count(b"/Title (") == len(report.sections) + 1
