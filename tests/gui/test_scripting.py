"""The session as Python: what it says has to run and give the same numbers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

import regnet
import regnet.evidence
import regnet.report
from gui.model.document import Result
from gui.results.scripting import Session, edit_statements, result_statements, write
from regnet.analysis.attractors import find_attractors
from regnet.analysis.screen import screen
from regnet.analysis.screen.combinations import Perturbations
from regnet.network import Component, Rule
from regnet.project import Project
from regnet.scenario import Cut, Perturbation, Scenario
from regnet.space import Space


def evaluated(text: str) -> object:
    return eval(text, {"regnet": regnet})  # of what we wrote ourselves


def run(statements: tuple[str, ...], project: Project) -> Project:
    names: dict[str, object] = {"regnet": regnet, "project": project, "replace": replace}
    exec("\n".join(statements), names)
    after = names["project"]
    assert isinstance(after, Project)
    return after


def test_that_every_part_of_a_project_is_written_so_that_it_is_read_back(liver: Project) -> None:
    for value in (
        liver.network,
        liver.scenarios,
        liver.phenotypes,
        liver.experiments,
        liver.references,
        liver.comparisons,
        dict(liver.layout),
        Scenario("cut", Perturbation(Space({"LIF": (0, 1)}), frozenset({Cut("LIF", "LIFR", 1)}))),
    ):
        assert evaluated(write(value)) == value


def changes(project: Project) -> list[Project]:
    knock_out = Scenario("LIFR KO", Perturbation(Space({"LIFR": 0})))
    network = project.network
    return [
        project.with_scenario(knock_out),
        project.with_scenario(replace(project.scenarios[0], name="other"), instead_of="healthy"),
        project.without_scenario("PHx"),
        project.renamed("STAT3", "pSTAT3"),
        project.without("STAT3", "VEGF"),
        replace(project, network=network.with_rule("STAT3", Rule.of("!LIFR"))),
        replace(project, network=network.with_component(Component("New", Rule.of("LIF")))),
        replace(project, layout={**project.layout, "LIF": (3.0, 4.5)}),
        replace(project, layout={"LIF": (3.0, 4.5)}),
        replace(project, title="Another title", note="x"),
        replace(project, phenotypes=project.phenotypes[1:]),
        replace(project, scenarios=project.scenarios[::-1]),
        replace(project.without_scenario("PHx"), title="two things"),
    ]


@pytest.mark.parametrize("number", range(13))
def test_that_each_edit_is_told_by_statements_that_make_it(liver: Project, number: int) -> None:
    after = changes(liver)[number]
    statements = edit_statements(liver, after)
    assert statements
    assert run(statements, liver) == after


def test_that_an_undone_edit_leaves_no_trace(liver: Project) -> None:
    session = Session(liver)
    after = changes(liver)[0]
    session.edit("Knock out LIFR", liver, after)
    assert len(session.entries) == 1
    session.edit("Undo", after, liver)
    assert session.entries == []


def test_that_edits_of_one_thing_are_one_statement(liver: Project) -> None:
    session = Session(liver)
    one = liver.with_scenario(Scenario("mine", Perturbation(Space({"LIF": 1}))))
    two = one.with_scenario(Scenario("mine", Perturbation(Space({"LIF": 2}))))
    session.edit("Hold LIF at 1", liver, one)
    session.edit("Hold LIF at 2", one, two)
    (entry,) = session.entries
    assert run(entry.statements, liver) == two


def test_that_a_result_is_told_by_the_call_that_gives_it(liver: Project) -> None:
    found = find_attractors(liver.network, liver.scenario("PHx"), phenotypes=liver.phenotypes)
    (call, _) = result_statements(Result(3, "Attractors, PHx", found), liver)
    names: dict[str, object] = {"regnet": regnet, "project": liver}
    exec(call, names)
    assert call.startswith("attractors_3 = regnet.find_attractors(")
    assert "project.scenario('PHx')" in call
    again = names["attractors_3"]
    assert again.attractors == found.attractors  # type: ignore[attr-defined]


@pytest.mark.parametrize("targets", [None, ["LIF"], ["LIF", "LIFR", "STAT3"]])
def test_that_a_screen_is_told_by_the_call_that_gives_it(
    liver: Project, targets: list[str] | None
) -> None:
    found = screen(
        liver.network,
        [liver.scenario("PHx"), Scenario("wild type")],
        perturbations=regnet.single_perturbations(liver.network, targets),
        phenotypes=liver.phenotypes[:2],
        readouts=["Mass"],
    )
    (call, _) = result_statements(Result(1, "Screen 1", found), liver)
    names: dict[str, object] = {"regnet": regnet, "project": liver}
    exec(call, names)
    assert names["screen_1"].rows == found.rows  # type: ignore[attr-defined]


def test_that_a_late_result_stands_before_the_edit_that_it_does_not_know(liver: Project) -> None:
    session = Session(liver)
    after = changes(liver)[5]
    session.edit("Change a rule", liver, after)
    session.result(Result(1, "Attractors, wild type", find_attractors(liver.network)))
    assert [entry.title for entry in session.entries] == ["Attractors, wild type", "Change a rule"]


class _Rows(tuple[object, ...]):
    """Rows that must not be walked through, because there may be millions."""

    def __iter__(self) -> Iterator[object]:
        raise AssertionError("the rows of an answer are no part of its question")


def test_that_a_result_is_written_without_looking_at_its_rows(toggle: Project) -> None:
    asked = Perturbations(tuple((f"A{i}", 0) for i in range(1500)), order=2)
    assert len(asked) > 1_000_000
    found = screen(toggle.network, perturbations=[])
    origin = replace(
        found.origin, asked=replace(found.origin.asked, options={"perturbations": asked})
    )
    result = Result(1, "Screen", replace(found, rows=_Rows(found.rows), origin=origin))
    began = time.process_time()
    (call, _) = result_statements(result, toggle)
    assert "order=2" in call
    assert time.process_time() - began < 0.5
