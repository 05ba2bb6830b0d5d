"""Reports say what was found, look after hostile names, and are the same whenever they are made."""

import csv
import io
import json
import re
import runpy
import subprocess
import sys
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from regnet.analysis import Origin
from regnet.analysis.attractors import Attractor, Attractors, find_attractors
from regnet.analysis.check import confront
from regnet.analysis.screen import Screen, ScreenRow, screen
from regnet.errors import FormatError, RegnetError, UnknownNameError
from regnet.evidence import Expectation, Experiment, Phenotype, Reference, ScenarioTable
from regnet.logic import parse
from regnet.network import Claim, Component, LogicalNetwork, Rule
from regnet.project import Project
from regnet.report import (
    FORMS,
    Report,
    build_report,
    compared_scenarios,
    repeat,
    to_html,
    to_markdown,
    to_pdf,
    write_report,
)
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space

HOSTILE = "<img src=x onerror=alert(1)>\"'&|`]()"


def window_project() -> Project:
    """Return a model whose answer is highest at the middle dose."""
    network = LogicalNetwork(
        (
            Component("Dose", top=2, compartment="outside", meanings=("none", "low", "high")),
            Component("Growth", Rule.of("Dose & !Stress"), compartment="cell"),
            Component("Stress", Rule.of("Dose:2"), compartment="cell", kind="assumption",
                      confidence="low", note="A guess.", refs=("R1",)),
        ),
        (Claim("Dose", "Stress", "+", "assumption"),),
        "window",
    )  # fmt: skip
    doses = [Scenario(f"dose {k}", Perturbation(Space({"Dose": k}))) for k in range(3)]
    return Project(
        network,
        title="A window of doses",
        source="made up",
        note="First paragraph.\n\nSecond paragraph.",
        references=(Reference("R1", "Someone 2020", doi="10.1000/a<b>"),
                    Reference("R2", "Nobody", url="javascript:alert(1)")),
        scenarios=tuple(doses),
        phenotypes=(Phenotype("grows", parse("Growth")),),
        comparisons=(ScenarioTable("The dose", ("dose 0", "dose 1", "dose 2"),
                                ("Growth", "Stress"), ("growth", "stress"), "Not too much."),),
    )  # fmt: skip


def report_of(project: Project) -> Report:
    network, phenotypes = project.network, project.phenotypes
    compared = compared_scenarios(project)
    return build_report(
        project,
        attractors=[find_attractors(network, phenotypes=phenotypes)],
        screen=screen(network, compared, phenotypes=phenotypes, readouts=("Growth",)),
        comparisons=[find_attractors(network, s, phenotypes=phenotypes) for s in compared],
    )


@pytest.fixture(scope="module")
def report() -> Report:
    return report_of(window_project())


class Tags(HTMLParser):
    """Collects tags, attributes and text, and checks that tags are closed in order."""

    VOID = frozenset({"meta", "br", "img", "link"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for key, value in attrs if key in ("href", "src")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data + " "


def test_that_the_first_page_tells_the_comparison_in_a_sentence(report: Report) -> None:
    page = Tags(to_html(report)).words
    assert "Growth peaked at dose 1, lower on both sides (0, 1, 0)." in page
    assert "Stress rose and never fell (0, 0, 1)" in page
    assert report.sections[0].key == "summary"


def test_that_a_report_has_all_its_parts(report: Report) -> None:
    assert [s.key for s in report.sections] == [
        "summary", "about", "network", "outcomes", "screen", "attractors", "phenotypes", "rules",
        "scenarios", "structure", "references", "methods",
    ]  # fmt: skip


def test_that_further_results_get_a_section_their_data_and_a_way_to_repeat_them() -> None:
    project = window_project()
    grows = Expectation("every attractor", parse("Growth"))
    never = Expectation("never", parse("Growth & Stress"))
    experiments = (
        Experiment("E1", "Dose 1 grows", project.scenarios[1], (grows,), refs=("R1",)),
        Experiment("E2", "Dose 2 grows", project.scenarios[2], (grows, never)),
    )
    project = replace(project, experiments=experiments)
    result = confront(project)
    report = build_report(project, further=[result, result])
    keys = [section.key for section in report.sections]
    assert [key for key in keys if "experiments" in key] == ["experiments", "experiments-2"]
    page = Tags(to_html(report)).words
    assert "1 of 2 experiments hold" in page
    assert "Dose 2 grows" in page
    record = json.loads(report.files["experiments.json"])
    assert [e["holds"] for e in record["experiments"]] == [True, False]
    assert json.loads(json.dumps(repeat(project, record)))["experiments"] == record["experiments"]


def test_that_what_is_no_record_cannot_be_repeated() -> None:
    with pytest.raises(FormatError, match="does not contain its question"):
        repeat(window_project(), {"network": {}})


def test_that_the_page_is_well_formed_and_asks_nobody_for_anything(report: Report) -> None:
    page = to_html(report)
    tags = Tags(page)
    assert tags.open == []
    assert not {"script", "link", "img", "iframe"} & set(tags.tags)
    own = ("#", "https://doi.org/", "data:application/x-bibtex")
    assert all(link.startswith(own) for link in tags.links)
    assert "url(" not in page
    assert "@import" not in page


def test_that_doi_links_are_quoted_and_odd_addresses_are_no_links(report: Report) -> None:
    page = to_html(report)
    assert "https://doi.org/10.1000/a%3Cb%3E" in page
    assert "javascript:" not in page


def test_that_the_page_follows_light_and_dark(report: Report) -> None:
    assert "prefers-color-scheme:dark" in to_html(report)


def test_that_rules_are_written_with_signs_people_read(report: Report) -> None:
    assert "Dose≥1 ∧ ¬Stress" in to_html(report)
    assert "assumption, low confidence, R1" in to_html(report)


def test_that_the_pdf_has_every_sign_a_report_uses(report: Report) -> None:
    from reportlab.pdfbase import pdfmetrics

    to_pdf(report)
    for font in ("DejaVu Sans", "DejaVu Sans-Bold"):
        glyphs = pdfmetrics.getFont(font).face.charToGlyph
        assert all(ord(sign) in glyphs for sign in "→⊣∧∨¬β±≥×–…·łé")


def test_that_the_pdf_is_a_pdf_with_its_fonts_inside(report: Report) -> None:
    data = to_pdf(report)
    assert data.startswith(b"%PDF-")
    assert b"DejaVuSans" in data
    assert b"/FontFile2" in data


def test_that_markdown_tables_keep_their_columns(report: Report) -> None:
    text = to_markdown(report)
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        bars = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(bars) == 1
    assert "](network.svg)" in text


def test_that_the_same_results_give_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        write_report(report_of(window_project()), tmp_path / folder)
    names = sorted(p.name for p in (tmp_path / "one").iterdir())
    assert names == sorted(p.name for p in (tmp_path / "two").iterdir())
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_that_the_zip_holds_every_other_file(report: Report, tmp_path: Path) -> None:
    files = write_report(report, tmp_path)
    with zipfile.ZipFile(tmp_path / "report.zip") as archive:
        assert sorted(archive.namelist()) == sorted(f.name for f in files if f.suffix != ".zip")
        assert archive.read("report.html") == (tmp_path / "report.html").read_bytes()


def test_that_only_the_forms_asked_for_are_written(report: Report, tmp_path: Path) -> None:
    files = write_report(report, tmp_path / "new" / "folder", forms=["html", "csv"])
    assert {f.suffix for f in files} == {".html", ".csv"}
    assert all(f.is_file() for f in files)
    assert {f.name for f in (tmp_path / "new" / "folder").iterdir()} == {f.name for f in files}


def test_that_an_unknown_form_is_an_error_before_anything_is_written(
    report: Report, tmp_path: Path
) -> None:
    with pytest.raises(UnknownNameError, match="html"):
        write_report(report, tmp_path / "x", forms=["htlm"])
    assert not (tmp_path / "x").exists()


def test_that_a_folder_that_cannot_be_made_is_one_sentence(report: Report, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RegnetError, match="cannot be made"):
        write_report(report, tmp_path / "file" / "report", forms=["html"])


def hostile_report() -> Report:
    name = HOSTILE
    network = LogicalNetwork(
        (
            Component(name, None, 2, name, (name,) * 3, note=name, refs=(name,)),
            Component("=1+1", Rule.parse({1: "X"}).mapped({"X": name})),
        ),
        name=name,
    )
    scenario = Scenario(name, Perturbation(Space({name: 0}), name="=cmd()"), note=name)
    project = Project(
        network, name, name, name, name, (Reference(name, name, url=f"https://x/{name}"),),
        (scenario,), (Phenotype(name, parse("X"), note=name),), (),
        (ScenarioTable(name, (name,), (name,), (name,), name),),
    )  # fmt: skip
    origin = Origin(name, network.digest, network.names, scenario, name, name, name)
    space = Space({name: (0, 2), "=1+1": 1})
    found = Attractors(
        origin=origin, attractors=(Attractor("complex", 3, space, space, (name,)),), missing=name
    )
    row = ScreenRow(scenario.perturbation, name, None, {}, {}, None, f"failed: {name}")
    wild = ScreenRow(Perturbation(), name, 1, {name: 1}, {}, False)
    tried = Screen(
        origin=origin,
        contexts=(scenario,),
        phenotypes=project.phenotypes,
        readouts=(),
        rows=(wild, row),
        missing=name,
    )
    return build_report(project, attractors=[found], screen=tried, comparisons=[found])


def test_that_hostile_names_are_only_ever_text(tmp_path: Path) -> None:
    report = hostile_report()
    page = to_html(report)
    tags = Tags(page)
    assert tags.open == []
    assert "img" not in tags.tags
    assert "onerror=alert(1)>" in tags.words
    assert to_pdf(report).startswith(b"%PDF-")
    assert "<img" not in to_markdown(report)
    for path in write_report(report, tmp_path, forms=["csv"]):
        for row in csv.reader(io.StringIO(path.read_text("utf-8"))):
            assert not any(cell.startswith(("=", "@", "+")) for cell in row)


def test_that_an_incomplete_answer_says_so_on_the_first_page() -> None:
    (first, *_) = hostile_report().sections
    words = Tags(to_html(Report("t", "s", "f", (first,)))).words
    assert "incomplete" in words
    assert "Not every list of attractors is complete." in words


def test_that_many_attractors_are_listed_in_part_and_counted_in_full() -> None:
    names = [f"X{i}" for i in range(9)]
    network = LogicalNetwork(tuple(Component(n) for n in names), name="many")
    origin = Origin("many", network.digest, network.names, Scenario(), "explicit")
    states = (Space({n: k >> i & 1 for i, n in enumerate(names)}) for k in range(512))
    found = Attractors(
        origin=origin, attractors=tuple(Attractor("fixed point", 1, s, s) for s in states)
    )
    report = build_report(Project(network), attractors=[found])
    assert "The first 150 of 512; attractors.csv has all." in to_markdown(report)
    assert report.files["attractors.csv"].count("\n") == 513


def test_that_a_network_nobody_could_read_is_not_drawn() -> None:
    network = LogicalNetwork(tuple(Component(f"X{i}") for i in range(500)), name="large")
    text = to_markdown(build_report(Project(network)))
    assert "could not be read" in text
    assert "network.svg" not in text


@pytest.mark.parametrize("name", ["a\x07b\x01 漢字 😀 \u202e", "]]>", "--"])
def test_that_odd_characters_do_no_harm(name: str, tmp_path: Path) -> None:
    project = Project(LogicalNetwork((Component(name, note=name),), name=name), title=name)
    found = find_attractors(project.network)
    write_report(build_report(project, attractors=[found]), tmp_path)
    ElementTree.parse(tmp_path / "network.svg")
    assert Tags((tmp_path / "report.html").read_text("utf-8")).open == []


def test_that_a_model_without_components_has_a_report(tmp_path: Path) -> None:
    files = write_report(build_report(Project(LogicalNetwork(()))), tmp_path)
    assert tmp_path / "report.pdf" in files


def test_that_the_script_finds_the_same_numbers(report: Report, tmp_path: Path) -> None:
    write_report(report, tmp_path, forms=["json"])
    script = subprocess.run(
        [sys.executable, str(tmp_path / "reproduce.py")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert script.stderr == ""
    assert script.stdout.startswith("same")
    assert script.returncode == 0


def test_that_the_script_finds_a_changed_number(
    report: Report, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_report(report, tmp_path, forms=["json"])
    path = tmp_path / "attractors.json"
    data = json.loads(path.read_text("utf-8"))
    data["attractors"].pop()
    path.write_text(json.dumps(data), "utf-8")
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(tmp_path / "reproduce.py"), run_name="__main__")
    assert ended.value.code == 1
    assert capsys.readouterr().out.strip() == "attractors.json: attractors differs"


def test_that_every_form_can_be_asked_for() -> None:
    assert FORMS == ("html", "pdf", "md", "bib", "csv", "json", "svg", "zip")
