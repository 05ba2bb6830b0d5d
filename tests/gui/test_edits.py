"""Edits of the current scenario: each one step, none of the wild type itself."""

from __future__ import annotations

import pytest

from gui.model import edits
from gui.model.document import Document
from gui.model.selection import Selection
from regnet.errors import RegnetError
from regnet.project import Project
from regnet.scenario import Cut, Perturbation, Scenario
from regnet.space import Space


@pytest.fixture
def opened(document: Document, toggle: Project) -> Document:
    document.replace(toggle)
    return document


def test_that_a_knock_out_in_the_wild_type_makes_a_scenario(
    opened: Document, selection: Selection, toggle: Project
) -> None:
    edits.toggle_knock_out(opened, selection, "A")
    assert selection.scenario == Scenario("A KO", Perturbation(Space({"A": 0})))
    assert opened.stack.undoText() == "A KO"
    opened.stack.undo()
    assert opened.project is toggle
    assert selection.scenario == Scenario()


def test_that_a_scenario_named_by_what_it_does_keeps_its_name_up_to_date(
    opened: Document, selection: Selection
) -> None:
    edits.toggle_knock_out(opened, selection, "A")
    edits.hold(opened, selection, "S", 2)
    assert [s.name for s in opened.project.scenarios] == ["A KO, S = 2"]
    edits.toggle_knock_out(opened, selection, "A")
    edits.hold(opened, selection, "S", None)
    assert opened.project.scenarios == ()
    assert selection.scenario == Scenario()


def test_that_a_scenario_named_by_a_person_keeps_its_name(
    opened: Document, selection: Selection
) -> None:
    edits.toggle_knock_out(opened, selection, "A")
    edits.rename(opened, selection, "A KO", "A KO, mine")
    edits.rename(opened, selection, "A KO, mine", "mine")
    mine = selection.scenario
    edits.hold(opened, selection, "S", 1)
    assert selection.scenario.name == "mine + S = 1"
    assert opened.project.scenario("mine") == mine
    edits.hold(opened, selection, "S", 2)
    assert [s.name for s in opened.project.scenarios] == ["mine", "mine + S = 2"]
    edits.hold(opened, selection, "S", None)
    assert selection.scenario == mine
    assert opened.project.scenarios == (mine,)


def test_that_a_derived_scenario_can_be_taken_over_into_its_base(
    opened: Document, selection: Selection
) -> None:
    edits.toggle_knock_out(opened, selection, "A")
    edits.rename(opened, selection, "A KO", "mine")
    edits.set_update(opened, selection, "synchronous")
    edits.hold(opened, selection, "A", None)
    assert selection.scenario.name == "mine + A free, synchronous"
    edits.fold(opened, selection)
    assert opened.project.scenarios == (Scenario("mine", update="synchronous"),)
    with pytest.raises(RegnetError):
        edits.fold(opened, selection)


def test_that_the_same_change_leads_to_the_same_scenario(
    opened: Document, selection: Selection
) -> None:
    edits.toggle_knock_out(opened, selection, "A")
    selection.choose("")
    edits.toggle_knock_out(opened, selection, "A")
    assert [s.name for s in opened.project.scenarios] == ["A KO"]
    assert selection.scenario.name == "A KO"


def test_that_a_copy_becomes_current(opened: Document, selection: Selection) -> None:
    edits.toggle_knock_out(opened, selection, "A")
    edits.duplicate(opened, selection)
    assert selection.scenario.name == "A KO copy"
    edits.delete(opened, selection, "A KO copy")
    assert selection.scenario.name == "A KO"
    assert [s.name for s in opened.project.scenarios] == ["A KO"]


def test_that_two_scenarios_cannot_have_one_name(opened: Document, selection: Selection) -> None:
    edits.toggle_knock_out(opened, selection, "A")
    edits.duplicate(opened, selection)
    with pytest.raises(RegnetError, match="already"):
        edits.rename(opened, selection, "A KO copy", "A KO")


def test_that_undo_goes_back_to_the_scenario_in_which_the_edit_was_made(
    document: Document, selection: Selection, liver: Project
) -> None:
    document.replace(liver)
    selection.choose("PHx")
    edits.toggle_knock_out(document, selection, "STAT3")
    assert selection.scenario.name == "PHx + STAT3 KO"
    document.stack.undo()
    assert selection.scenario.name == "PHx"
    document.stack.redo()
    assert selection.scenario.name == "PHx + STAT3 KO"


def test_that_many_are_knocked_out_in_one_step_and_freed_in_one(
    document: Document, selection: Selection, liver: Project
) -> None:
    document.replace(liver)
    names = liver.network.names
    edits.toggle_knock_out(document, selection, *names)
    assert document.stack.count() == 1
    assert set(selection.scenario.perturbation.clamps.fixed.values()) == {0}
    assert set(selection.scenario.perturbation.clamps) == set(names)
    assert len(selection.scenario.name) < 80
    edits.toggle_knock_out(document, selection, *names)
    assert selection.scenario == Scenario()
    document.stack.undo()
    document.stack.undo()
    assert document.project == liver


def test_that_listeners_hear_of_a_scenario_when_all_know_the_project(
    document: Document, selection: Selection, liver: Project
) -> None:
    document.replace(liver)
    selection.choose("PHx")
    heard: list[str] = []
    document.changed.connect(lambda: heard.append("project"))
    selection.scenario_changed.connect(lambda: heard.append("scenario"))
    document.change("Rename", document.project.renamed("STAT3", "pSTAT3"))
    assert heard == ["project", "scenario"]


def test_that_cuts_can_be_mended(opened: Document, selection: Selection) -> None:
    edge = Cut("A", "B")
    edits.cut(opened, selection, edge)
    assert selection.scenario.perturbation.cuts == {edge}
    edits.mend(opened, selection, edge)
    assert selection.scenario == Scenario()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A KO", Perturbation(Space({"A": 0}))),
        ("a%0".replace("a", "A"), Perturbation(Space({"A": 0}))),
        ("S=1", Perturbation(Space({"S": 1}))),
        ("S=1..2", Perturbation(Space({"S": (1, 2)}))),
        ("S%1:2", Perturbation(Space({"S": (1, 2)}))),
        ("S [0,1]", Perturbation(Space({"S": (0, 1)}))),
        ("S E2", Perturbation(Space({"S": 2}))),
        ("A->B", Perturbation(cuts=frozenset({Cut("A", "B")}))),
        ("A:B%1", Perturbation(cuts=frozenset({Cut("A", "B", 1)}))),
        ("A%1,B%1", Perturbation(Space({"A": 1, "B": 1}))),
        ("A KO  S=2 A → B", Perturbation(Space({"A": 0, "S": 2}), frozenset({Cut("A", "B")}))),
    ],
)
def test_that_changes_are_read_as_people_write_them(
    text: str, expected: Perturbation, toggle: Project
) -> None:
    assert edits.parse_changes(text, toggle.network) == expected


@pytest.mark.parametrize("text", ["C KO", "A", "A KO nonsense", "S=3", "B->A->", "A->S", "= 1"])
def test_that_what_is_not_understood_is_never_skipped(text: str, toggle: Project) -> None:
    with pytest.raises(RegnetError):
        edits.parse_changes(text, toggle.network)
