"""The start page, the examples and the tour, in the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from gui.model import edits
from gui.shell.examples import literature_examples, own_examples
from gui.shell.main_window import MainWindow
from gui.shell.settings import Settings
from gui.shell.tour import RESCUE, STEPS, run_of
from gui.shell.welcome import WelcomePanel
from regnet import examples
from regnet.formats import load
from regnet.project import Project


@pytest.fixture
def page(window: MainWindow) -> WelcomePanel:
    page = window.panels["welcome"]
    assert isinstance(page, WelcomePanel)
    return page


def test_that_it_is_the_first_thing_to_see(page: WelcomePanel, window: MainWindow) -> None:
    assert window.tabs.currentWidget() is page
    assert not page._offer.isHidden()
    assert page.recent.isHidden()


def test_that_every_example_can_be_read() -> None:
    own = own_examples()
    assert [example.size for example in own] == [16, 45]
    for example in [*own, *literature_examples()]:
        assert len(load(example.path).network) == example.size


def test_that_an_example_opens_and_the_page_steps_aside(
    page: WelcomePanel, window: MainWindow
) -> None:
    page.examples[0].click()
    assert len(window.document.network) == 16
    assert window.tabs.currentWidget() is window.panels["network"]


def test_that_an_example_is_a_copy_that_saving_asks_a_place_for(
    page: WelcomePanel, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = examples.path("lif_lifr")
    before = installed.read_bytes()
    page.examples[0].click()
    assert window.document.path is None
    assert page.recent.isHidden()
    edits.toggle_knock_out(window.document, window.selection, "LIFR")
    mine = tmp_path / "mine.toml"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(mine), ""))
    window._save.trigger()
    assert installed.read_bytes() == before
    assert load(mine) == window.document.project
    assert window.document.path == mine


def test_that_an_empty_network_can_be_begun(page: WelcomePanel, window: MainWindow) -> None:
    page._new()
    assert window.tabs.currentWidget() is window.panels["network"]


def test_that_the_tour_is_offered_until_it_is_refused(page: WelcomePanel, qtbot: QtBot) -> None:
    page.refuse.click()
    assert page._offer.isHidden()
    assert Settings().get("tour/seen")
    again = MainWindow()
    qtbot.addWidget(again)
    other = again.panels["welcome"]
    assert isinstance(other, WelcomePanel)
    assert other._offer.isHidden()


def test_that_the_tour_goes_all_the_way_and_can_be_undone(
    page: WelcomePanel, window: MainWindow, qtbot: QtBot
) -> None:
    page.take.click()
    tour = page.tour
    assert tour is not None
    titles = []
    for _ in STEPS:
        assert tour.isVisible()
        titles.append(tour.title.text())
        tour.next.click()
    assert not tour.isVisible()
    assert len(set(titles)) == 7
    assert window.tabs.currentWidget() is window.panels["report"]
    assert not window.document.is_dirty
    assert window.document.path is None
    assert RESCUE in [s.name for s in window.document.project.scenarios]
    qtbot.waitUntil(lambda: not window.runner.active, timeout=20_000)
    while window.document.stack.canUndo():
        window.document.stack.undo()
    assert window.document.project == load(examples.path("lif_lifr"))


def test_that_the_tour_can_be_left_and_opens_no_second_model(
    page: WelcomePanel, window: MainWindow, liver: Project
) -> None:
    window.document.replace(liver)
    page.tour_action.trigger()
    assert window.document.project is liver
    assert page.tour is not None
    page.tour.skip.click()
    assert not page.tour.isVisible()
    assert page._offer.isHidden()


def test_that_the_run_it_shows_ends_in_regrowth(liver: Project) -> None:
    run = run_of(liver.network, liver.scenario("PHx"))
    assert run[0].levels["Mass"] == (0, 0)
    assert any(painting.levels["LIF"] == (1, 1) for painting in run)
    assert run[-1].levels["Mass"] == (2, 2)
    assert run[-1].levels["LIF"] == (0, 0)
    failed = run_of(liver.network, liver.scenario("LIF high"))
    assert failed[-1].levels["Mass"] == (0, 0)
