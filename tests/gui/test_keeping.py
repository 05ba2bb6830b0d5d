"""What was computed comes back with the model: stale where it is, and to be gone on with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

import regnet.screens.setup
from gui.model.document import Document
from gui.model.runner import Runner
from gui.panels.screen.panel import ScreenPanel
from gui.results.keeper import MAX_KEPT, Keeper, folder_of
from gui.shell.main_window import MainWindow
from gui.shell.panels import PANELS
from regnet.analysis.attractors import Attractors, find_attractors
from regnet.formats import save
from regnet.network import Rule
from regnet.project import Project
from regnet.saved import (
    append_rows,
    begin_rows,
    read_kept,
    write_kept,
    writing,
)
from regnet.screens import Rows, drop_screen, open_screen
from regnet.screens.setup import Setup, into_folder, retry, rows

WAIT = 30_000


def _setup(project: Project) -> Setup:
    return Setup(
        project.network,
        ("LIFR", "STAT3", "HGF"),
        frozenset({"knock-outs", "pairs"}),
        (project.scenario("PHx"), project.scenario("LIF high")),
        project.phenotypes,
        ("Mass",),
    )


@pytest.fixture
def model(tmp_path: Path, liver: Project) -> Path:
    path = tmp_path / "liver.toml"
    save(liver, path)
    return path


def _made() -> MainWindow:
    few = ("scenario-bar", "network", "attractors", "screen", "results")
    return MainWindow(panels=[panel for panel in PANELS if panel.key in few])


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    """The window with the panels whose answers are kept here."""
    made = _made()
    qtbot.addWidget(made, before_close_func=lambda _: made.document.stack.setClean())
    made.show()
    return made


def _reopened(qtbot: QtBot, model: Path, results: int) -> MainWindow:
    again = _made()
    qtbot.addWidget(again, before_close_func=lambda _: again.document.stack.setClean())
    again.show()
    assert again.open(model)
    qtbot.waitUntil(lambda: len(again.document.results) == results, timeout=WAIT)
    return again


def test_that_results_are_there_again_and_stale_if_the_file_has_changed(
    window: MainWindow, model: Path, liver: Project, qtbot: QtBot
) -> None:
    window.open(model)
    with qtbot.waitSignal(window.document.results_changed, timeout=WAIT):
        window._run.trigger()
    (result,) = window.document.results
    again = _reopened(qtbot, model, 1)
    assert again.document.results[0].value == result.value
    assert again.document.results[0].title == result.title
    assert again.document.stale_results() == ()
    again.close()
    network = liver.network.with_rule("VEGF", Rule.of("STAT3"))
    save(replace(liver, network=network), model)
    later = _reopened(qtbot, model, 1)
    assert len(later.document.stale_results()) == 1
    assert later.messages.text == "1 result is older than the network."


def test_that_a_screen_that_was_killed_goes_on_to_the_same_table(
    runner: Runner, document: Document, model: Path, qtbot: QtBot
) -> None:
    keeper = Keeper(document, runner)
    document.open(model)
    setup = _setup(document.project)
    whole = list(rows(setup))
    some = whole[:3]
    document.drafted.emit(setup, some)
    some += whole[3:8]
    document.drafted.emit(setup, some)
    assert keeper.folder is not None
    (draft,) = keeper.folder.glob("*.rows")
    with draft.open("a") as file:  # as if it had been killed in the middle of a line
        file.write('{"=":"regnet.analysis.screen:ScreenRow","perturb')
    again = _reopened(qtbot, model, 1)
    assert again.messages.button.text() == f"Resume from 8 of {len(whole)}"
    (unfinished,) = again.document.results
    assert unfinished.value.rows == tuple(whole[:8])
    assert not unfinished.value.complete
    assert "Screen" in unfinished.title
    again.messages.button.click()
    panel = again.panels["screen"]
    assert isinstance(panel, ScreenPanel)
    assert again.tabs.currentWidget() is panel
    qtbot.waitUntil(lambda: panel.state == "done", timeout=WAIT)
    assert panel.table.rows == whole
    (finished,) = again.document.results
    assert finished.value.rows == tuple(whole)
    assert finished.value.complete
    later = _reopened(qtbot, model, 1)
    assert later.document.results[0].value == finished.value


def test_that_rows_are_kept_while_a_screen_runs(
    window: MainWindow, model: Path, qtbot: QtBot
) -> None:
    window.open(model)
    panel = window.panels["screen"]
    assert isinstance(panel, ScreenPanel)
    panel.setup.contexts.tick(["PHx"])
    qtbot.mouseClick(panel.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.state == "done", timeout=WAIT)
    kept, _ = read_kept(str(folder_of(model)), window.document.network)
    assert [k.value for k in kept] == [window.document.results[0].value]
    assert kept[0].asked == window.document.results[0].asked


def test_that_rows_that_failed_are_tried_again(
    window: MainWindow, model: Path, qtbot: QtBot
) -> None:
    window.open(model)
    panel = window.panels["screen"]
    assert isinstance(panel, ScreenPanel)
    setup = _setup(window.document.project)
    whole = list(rows(setup))
    broken = [replace(r, attractors=None, changed=None, status="failed: no time")
              if n in (2, 9) else r for n, r in enumerate(whole)]  # fmt: skip
    result = window.document.add_result("Screen 1, PHx", setup.screen(broken, 1.0), setup)
    window.selection.ask("screen", str(result.number))
    assert not panel.retry_button.isHidden()
    panel.retry_button.click()
    qtbot.waitUntil(lambda: len(window.document.results) == 2, timeout=WAIT)
    assert window.document.results[-1].value.rows == tuple(whole)
    assert panel.retry_button.isHidden()


def test_that_a_result_that_is_thrown_away_does_not_come_back(
    qtbot: QtBot, runner: Runner, document: Document, model: Path
) -> None:
    keeper = Keeper(document, runner)
    document.open(model)
    found = find_attractors(document.network)
    kept = [document.add_result(f"Attractors, {n}", found) for n in range(2)]
    document.drop_result(kept[0])
    assert keeper.folder is not None
    (left,), unread = read_kept(str(keeper.folder), document.network)
    assert (left.title, unread) == ("Attractors, 1", 0)


def test_that_what_cannot_be_read_is_said_and_left(
    window: MainWindow, model: Path, qtbot: QtBot
) -> None:
    folder = folder_of(model)
    write_kept(folder, "20200101-000000-000-000", "Attractors", find_attractors(
        window.document.network))  # fmt: skip
    (folder / "20210101-000000-000-000.json").write_text('{"title": "x"')
    again = _reopened(qtbot, model, 1)
    assert "1 earlier result could not be read" in again.messages.text


def test_that_no_more_are_kept_than_anybody_looks_at(
    qtbot: QtBot, runner: Runner, document: Document, model: Path
) -> None:
    keeper = Keeper(document, runner)
    document.open(model)
    found = find_attractors(document.network, document.project.scenario("PHx"))
    for number in range(MAX_KEPT + 3):
        document.add_result(f"Attractors {number}", found)
    keeper.finish()
    assert keeper.folder is not None
    kept, _ = read_kept(str(keeper.folder), document.network)
    assert kept[0].title == "Attractors 3"
    assert len(kept) == MAX_KEPT


def test_that_a_place_that_cannot_be_written_is_said_once(
    qtbot: QtBot, runner: Runner, document: Document, model: Path
) -> None:
    Keeper(document, runner)
    document.open(model)
    folder_of(model).parent.mkdir(parents=True)
    folder_of(model).write_text("in the way")
    told: list[str] = []
    document.said.connect(lambda sentence, _kind: told.append(sentence))
    found = find_attractors(document.network, document.project.scenario("PHx"))
    for number in range(3):
        document.add_result(f"Attractors {number}", found)
    assert len(told) == 1
    assert told[0].startswith("Results could not be stored")
    assert len(document.results) == 3


def _many(found: Attractors) -> Attractors:
    return replace(found, attractors=found.attractors * 3000)


def test_that_a_large_result_is_written_in_many_turns_and_whole_when_the_window_goes(
    window: MainWindow, model: Path, liver: Project
) -> None:
    window.open(model)
    found = _many(find_attractors(liver.network, liver.scenario("PHx")))
    window.document.add_result("Attractors", found)
    folder = folder_of(model)
    assert read_kept(str(folder), liver.network) == ((), 0)
    window.close()
    ((kept,), unread) = read_kept(str(folder), liver.network)
    assert (kept.value, unread) == (found, 0)
    assert {path.suffix for path in folder.iterdir()} == {".json"}


def test_that_a_large_result_is_written_by_and_by(
    runner: Runner, document: Document, model: Path, liver: Project, qtbot: QtBot
) -> None:
    keeper = Keeper(document, runner)
    document.open(model)
    found = find_attractors(liver.network, liver.scenario("PHx"))
    large = document.add_result("Many attractors", _many(found))
    dropped = document.add_result("As many, not wanted", _many(found))
    document.add_result("Attractors", found)
    document.drop_result(dropped)
    assert keeper.folder is not None
    qtbot.waitUntil(lambda: len(list(folder_of(model).glob("2*.json"))) == 2, timeout=WAIT)
    kept, _ = read_kept(str(keeper.folder), liver.network)
    assert [k.title for k in kept] == ["Many attractors", "Attractors"]
    assert kept[0].value == large.value


def test_that_what_a_killed_window_was_writing_is_in_nobodys_way(
    tmp_path: Path, liver: Project
) -> None:
    found = find_attractors(liver.network, liver.scenario("PHx"))
    write_kept(tmp_path, "2025", "Attractors", found)
    steps = writing(tmp_path, "2026", "Later attractors", found)
    next(steps)
    ((kept,), unread) = read_kept(str(tmp_path), liver.network)
    assert (kept.title, unread) == ("Attractors", 0)


@pytest.fixture
def large(tmp_path: Path, liver: Project, monkeypatch: pytest.MonkeyPatch) -> Setup:
    """A screen that is kept in a folder of its own, as if it were large."""
    monkeypatch.setattr(regnet.screens.setup, "FOLDER_FROM", 5)
    return replace(_setup(liver), keep_in=str(tmp_path / "screens"), phenotypes=(), readouts=())


def test_that_a_large_screen_is_kept_by_its_folder_and_goes_with_its_last_result(
    runner: Runner, document: Document, model: Path, large: Setup
) -> None:
    keeper = Keeper(document, runner)
    document.open(model)
    folder = open_screen(into_folder(large, 1))
    document.drafted.emit(large, Rows(folder))
    assert keeper.folder is not None
    ((draft,), unread) = read_kept(str(keeper.folder), large.network)
    assert unread == 0
    assert len(draft.value.rows) == large.runs
    kept = [document.add_result(f"Screen {n}", folder.screen(), large) for n in range(2)]
    found, unread = read_kept(str(keeper.folder), large.network)
    assert [k.title for k in found] == ["Screen 0", "Screen 1"]
    assert list(found[0].value.rows) == list(folder.screen().rows)
    assert found[0].asked == large
    assert not list(keeper.folder.glob("*.rows"))
    document.drop_result(kept[0])
    assert folder.path.is_dir()  # the other one needs it
    document.drop_result(kept[1])
    assert not folder.path.exists()


def test_that_a_large_screen_whose_folder_is_gone_is_not_brought_back(
    tmp_path: Path, large: Setup
) -> None:
    folder = open_screen(into_folder(large, 1))
    write_kept(tmp_path / "kept", "2026", "Screen", folder.screen(), large)
    drop_screen(folder.path)
    assert read_kept(str(tmp_path / "kept"), large.network) == ((), 1)


def test_that_rows_of_a_draft_are_there_though_the_model_has_changed(
    tmp_path: Path, liver: Project
) -> None:
    setup = _setup(liver)
    some = list(rows(setup))[:4]
    begin_rows(tmp_path, "2026", "Screen, unfinished", setup)
    append_rows(tmp_path, "2026", some)
    other = liver.network.with_rule("VEGF", Rule.of("STAT3"))
    ((draft,), _) = read_kept(str(tmp_path), other)
    assert draft.asked is None
    assert draft.value.rows == tuple(some)
    assert draft.value.missing == "the window was closed after 4 rows"
    assert not draft.value.complete


def test_that_a_result_of_a_kind_that_cannot_be_kept_is_left_out_quietly(
    runner: Runner, document: Document, model: Path
) -> None:
    keeper = Keeper(document, runner)
    document.open(model)
    told: list[str] = []
    document.said.connect(lambda sentence, _kind: told.append(sentence))
    found = find_attractors(document.network, document.project.scenario("PHx"))
    document.add_result("Something", SimpleNamespace(origin=found.origin))
    assert told == []
    assert keeper.folder is not None
    assert read_kept(str(keeper.folder), document.network) == ((), 0)


def test_that_failed_rows_are_computed_once_more_in_their_places(liver: Project) -> None:
    setup = _setup(liver)
    whole = list(rows(setup))
    numbers = (0, 3, setup.width + 1)  # a wild type, and rows of two scenarios
    again = dict(retry(setup, [(n, replace(whole[n], attractors=None)) for n in numbers]))
    assert again == {n: whole[n] for n in numbers}
