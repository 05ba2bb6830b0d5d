"""The first page says what the answers say, for a model with comparisons and for one without."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from regnet.analysis.attractors import find_attractors
from regnet.analysis.check import confront
from regnet.analysis.conditions import follow_conditions
from regnet.analysis.simulate import simulate
from regnet.cli import main
from regnet.evidence import Expectation, Experiment, ScenarioTable
from regnet.logic import parse
from regnet.network import Claim, Component, LogicalNetwork, Rule
from regnet.project import Project
from regnet.records.check import confrontation_to_json
from regnet.report import Report, build_report, compared_scenarios
from regnet.report.document import Facts, Level, Section, Table
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space

NETWORK = LogicalNetwork(
    (
        Component("Drug"),
        Component("Signal", Rule.of("!Drug"), kind="assumption", confidence="low"),
        Component("Growth", Rule.of("Signal"), kind="textbook"),
    ),
    (Claim("Drug", "Signal", "-", "assumption"), Claim("Signal", "Growth", "+", "textbook")),
    "drug",
)
SCENARIOS = tuple(
    Scenario(name, Perturbation(Space({"Drug": drug})), Space({"Signal": 0, "Growth": 0}))
    for name, drug in (("untreated", 0), ("treated", 1))
)
GROWTH = parse("Growth")
GROWS = Expectation("every attractor", GROWTH)
PROJECT = Project(
    NETWORK,
    title="A drug",
    source="A paper 2020",
    scenarios=SCENARIOS,
    experiments=(
        Experiment("E1", "grows", SCENARIOS[0], (GROWS,), kind="paper"),
        Experiment("E2", "grows all the same", SCENARIOS[1], (GROWS,), kind="prediction"),
        Experiment("E3", "grows too", SCENARIOS[1], (GROWS,), kind="disagreement"),
    ),
)


def _report(project: Project, **options: str) -> Report:
    compared = compared_scenarios(project)
    further = [follow_conditions(project, compared, first=[GROWTH]), confront(project)]
    found = [find_attractors(project.network, scenario) for scenario in compared]
    return build_report(project, comparisons=found, further=further, **options)


def _tables(section: Section) -> list[Table]:
    return [block for block in section.blocks if isinstance(block, Table)]


def _text(cell: object) -> str:
    return cell.text if isinstance(cell, Level) else str(cell)


@pytest.mark.parametrize(
    "comparisons", [(), (ScenarioTable("Both", ("untreated", "treated"), ("Growth",)),)]
)
def test_that_scenarios_stand_with_outcome_and_time(comparisons: tuple[ScenarioTable, ...]) -> None:
    report = _report(replace(PROJECT, comparisons=comparisons))
    (scenarios, _) = _tables(report.sections[0])
    rows = {_text(row[0]).split("\n")[0]: [_text(cell) for cell in row] for row in scenarios.rows}
    assert list(rows) == ["untreated", "treated"]
    for scenario in SCENARIOS:
        (attractor,) = find_attractors(NETWORK, scenario).attractors
        assert rows[scenario.name][1] == str(attractor.space["Growth"][0])
        (arrival,) = simulate(NETWORK, scenario, first=[GROWTH]).arrivals
        mean = arrival.mean_ever
        assert rows[scenario.name][-1] == ("never" if mean is None else f"{mean:.3f}")
    assert rows["untreated"][-1] == "2.000"  # two steps at rate 1, one after the other
    assert rows["treated"][-1] == "never"


def test_that_experiments_are_counted_by_kind_as_the_data_have_them() -> None:
    (_, evidence) = _tables(_report(PROJECT).sections[0])
    kinds = confrontation_to_json(confront(PROJECT))["kinds"]
    told = {row[0]: row[2] for row in evidence.rows}
    assert told == {k: f"{n['as_expected']} of {n['total']}" for k, n in kinds.items()}
    assert {row[0]: row[3] for row in evidence.rows}["prediction"] == "E2"


def test_that_what_is_assumed_is_counted() -> None:
    words = " ".join(b.text for b in _report(PROJECT).sections[0].blocks if hasattr(b, "weight"))
    assert "Assumed are 1 of 2 edges, 1 of 3 components; of low confidence 1 component." in words


def test_that_the_first_page_says_who_when_and_how_to_cite() -> None:
    report = _report(PROJECT, author="A. Person", date="2026-12-01")
    facts = dict(report.sections[0].blocks[-1].items) if report.sections else {}
    assert isinstance(report.sections[0].blocks[-1], Facts)
    assert facts["Report"] == "A. Person, 2026-12-01"
    assert "A paper 2020" in facts["To cite"]
    assert "regnet" in facts["To cite"]
    assert NETWORK.digest in facts["Version"]


def test_that_a_time_limit_that_was_not_reached_leaves_no_trace() -> None:
    one, other = (
        build_report(PROJECT, attractors=[find_attractors(NETWORK, timeout=limit)])
        for limit in (100.5, 99.25)
    )
    assert one == other


def test_that_long_lists_are_cut_where_a_page_is_read() -> None:
    names = [f"X{i}" for i in range(6)]
    network = LogicalNetwork((*map(Component, names), Component("Y", Rule.of("X0"))), name="many")
    done = Perturbation(Space(dict.fromkeys(names, 0)))
    project = Project(network, scenarios=(Scenario("off", done), Scenario("free")))
    found = [find_attractors(network, scenario) for scenario in compared_scenarios(project)]
    report = build_report(project, comparisons=found)
    (first,) = _tables(report.sections[0])
    assert first.rows[0][0] == "off\n6 changes"
    (outcomes,) = (s for s in report.sections if s.key == "outcomes")
    (table,) = _tables(outcomes)
    assert table.head == ("Scenario", "Kind", "States", "Levels")  # there are no phenotypes
    assert [row[0] for row in table.rows[:2]] == ["off", "free"]


def test_that_a_date_is_asked_for_or_given_by_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "m.bnet"
    model.write_text("A, !B\nB, !A\n")
    folder = tmp_path / "r"
    write = ["report", str(model), "-o", str(folder), "--forms", "html"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert main(write) == 0
    assert '<meta name="date" content="1970-01-02">' in (folder / "report.html").read_text("utf-8")
    assert main([*write, "--date", "2026-12-01"]) == 0
    assert 'content="2026-12-01"' in (folder / "report.html").read_text("utf-8")
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert main(write) == 0
    assert 'name="date"' not in (folder / "report.html").read_text("utf-8")
    capsys.readouterr()
    assert main([*write, "--date", "soon"]) == 2
    assert "YYYY-MM-DD" in capsys.readouterr().err
