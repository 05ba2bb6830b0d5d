"""The document: one way to change it, one way back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.model.document import Document
from gui.model.selection import Painting, Selection
from gui.shell.settings import Recovery, Settings
from regnet.analysis.attractors import find_attractors
from regnet.errors import RegnetError
from regnet.evidence import Phenotype
from regnet.network import Rule
from regnet.project import Project
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space


def _titled(project: Project, title: str) -> Project:
    return replace(project, title=title)


def test_that_undo_gives_back_the_very_same_project(document: Document, toggle: Project) -> None:
    document.replace(toggle)
    changed = _titled(toggle, "Toggle")
    document.change("Give it a title", changed)
    assert document.project is changed
    assert document.stack.undoText() == "Give it a title"
    document.stack.undo()
    assert document.project is toggle
    document.stack.redo()
    assert document.project is changed


def test_that_changes_with_one_key_are_one_step(document: Document, toggle: Project) -> None:
    document.replace(toggle)
    for title in ("T", "To", "Tog"):
        document.change("Type", _titled(toggle, title), merge="title")
    assert document.stack.count() == 1
    document.stack.undo()
    assert document.project is toggle


def test_that_a_change_to_the_same_is_no_step(document: Document, toggle: Project) -> None:
    document.replace(toggle)
    document.change("Nothing", replace(toggle))
    assert document.stack.count() == 0
    assert not document.is_dirty


def test_that_changes_tell_before_and_after(
    document: Document, toggle: Project, qtbot: QtBot
) -> None:
    document.replace(toggle)
    changed = _titled(toggle, "Toggle")
    with qtbot.waitSignal(document.changed) as told:
        document.change("Give it a title", changed)
    assert told.args == [toggle, changed]


def test_that_a_result_is_stale_once_the_rules_change(document: Document, toggle: Project) -> None:
    document.replace(toggle)
    result = document.add_result("Attractors", find_attractors(toggle.network))
    document.change("Note", replace(toggle, note="a note"))
    assert not document.is_stale(result)
    changed = toggle.network.with_rule("B", Rule.of("A"))
    document.change("Rule of B", replace(toggle, network=changed))
    assert document.is_stale(result)
    document.stack.undo()
    assert not document.is_stale(result)
    assert document.results == (result,)


def test_that_a_saved_document_opens_as_it_was(
    document: Document, liver: Project, tmp_path: Path
) -> None:
    document.replace(liver)
    document.change("Title", _titled(liver, "Another title"))
    assert document.is_dirty
    document.save(tmp_path / "liver.toml")
    assert not document.is_dirty
    other = Document()
    other.open(tmp_path / "liver.toml")
    assert other.project == document.project


def test_that_a_file_that_cannot_be_read_leaves_the_document_alone(
    document: Document, toggle: Project, tmp_path: Path
) -> None:
    document.replace(toggle)
    with pytest.raises(RegnetError):
        document.open(tmp_path / "no such file.toml")
    assert document.project is toggle


def test_that_a_scenario_that_undo_takes_away_comes_back_with_redo(
    document: Document, selection: Selection, toggle: Project
) -> None:
    document.replace(toggle)
    scenario = Scenario("no A", Perturbation(Space({"A": 0})))
    document.change("Add", toggle.with_scenario(scenario))
    selection.choose("no A")
    assert selection.scenario == scenario
    document.stack.undo()
    assert selection.scenario == Scenario()
    document.stack.redo()
    assert selection.scenario == scenario


def test_that_the_selection_follows_a_renamed_component(
    document: Document, selection: Selection, toggle: Project
) -> None:
    document.replace(toggle)
    selection.select(["A", "B"])
    document.change("Rename", toggle.renamed("A", "Alpha"))
    assert selection.components == ("Alpha", "B")
    document.change("Delete", document.project.without("B"))
    assert selection.components == ("Alpha",)


def test_that_paint_comes_off_when_the_rules_change(
    document: Document, selection: Selection, toggle: Project
) -> None:
    document.replace(toggle)
    selection.paint(Painting(Space({"A": 1}), "a state"))
    document.change("Note", replace(toggle, note="x"))
    assert selection.painting is not None
    changed = toggle.network.with_rule("B", Rule.of("A"))
    document.change("Rule", replace(toggle, network=changed))
    assert selection.painting is None


def test_that_unsaved_work_survives_a_crash(
    document: Document, toggle: Project, tmp_path: Path
) -> None:
    crashed = Recovery(document)
    document.replace(toggle)
    document.save(tmp_path / "toggle.toml")
    document.change("Title", _titled(document.project, "Unsaved"))
    crashed.keep()
    assert crashed._lock is not None
    assert Recovery(Document()).find() is None, "its session is still running"
    crashed._lock.unlock()  # as the system does when a process ends
    later = Recovery(Document())
    lost = later.find()
    assert lost is not None
    assert lost.project == document.project
    assert lost.path == tmp_path / "toggle.toml"
    later.forget(lost)
    assert later.find() is None


def test_that_saving_leaves_nothing_to_recover(
    document: Document, toggle: Project, tmp_path: Path
) -> None:
    recovery = Recovery(document)
    document.replace(toggle)
    document.change("Title", _titled(toggle, "Unsaved"))
    recovery.keep()
    document.save(tmp_path / "toggle.toml")
    assert list(recovery._home.iterdir()) == []


def test_that_recent_files_are_those_that_still_exist(tmp_path: Path) -> None:
    settings = Settings()
    for name in ("a", "b", "a"):
        path = tmp_path / name
        path.touch()
        settings.add_recent(path)
    assert [p.name for p in settings.recent()] == ["a", "b"]
    (tmp_path / "a").unlink()
    assert [p.name for p in settings.recent()] == ["b"]


def test_that_a_result_is_stale_once_what_it_names_or_counts_has_changed(
    document: Document, toggle: Project
) -> None:
    high = Phenotype("high", toggle.network.parse("A"))
    project = replace(toggle, phenotypes=(high,))
    document.replace(project)
    result = document.add_result(
        "Attractors", find_attractors(project.network, phenotypes=project.phenotypes)
    )
    few = document.add_result("Few", find_attractors(project.network))
    for changed, is_stale in (
        (replace(project, phenotypes=(replace(high, note="as measured"),)), False),
        (replace(project, phenotypes=(replace(high, condition=toggle.network.parse("B")),)), True),
        (replace(project, phenotypes=()), True),
        (replace(project, phenotypes=(high, replace(high, name="other"))), True),
        (replace(project, title="T"), False),
    ):
        document.change("Change", changed)
        assert document.is_stale(result) is is_stale, changed
        assert not document.is_stale(few)
    turned = replace(toggle.network, components=toggle.network.components[::-1])
    document.change("Turn round", replace(project, network=turned))
    assert turned.digest == toggle.network.digest
    assert document.is_stale(few)
