"""The command palette and the sheet of keys, in the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from gui.shell.main_window import MainWindow
from gui.shell.palette import commands, score
from gui.shell.welcome import WelcomePanel
from regnet.project import Project


@pytest.fixture
def page(window: MainWindow, liver: Project) -> WelcomePanel:
    window.document.replace(liver)
    page = window.panels["welcome"]
    assert isinstance(page, WelcomePanel)
    return page


def test_that_every_command_of_every_menu_is_found(window: MainWindow) -> None:
    names = {command.text for command in commands(window)}
    assert {"Open…", "Find attractors", "Screen…", "Dark", "Command palette…"} <= names


@pytest.mark.parametrize(
    ("text", "wanted", "fits"),
    [
        ("Find attractors", "fa", True),
        ("Find attractors", "attr fi", True),
        ("Find attractors", "tract", True),
        ("Clear colouring", "kno", False),
        ("", "x", False),
    ],
)
def test_that_letters_fit_words(text: str, wanted: str, fits: bool) -> None:
    assert (score(text, wanted) is not None) == fits


def test_that_the_best_fit_is_run_with_return(
    page: WelcomePanel, window: MainWindow, qtbot: QtBot
) -> None:
    page.palette_action.trigger()
    palette = page._palette
    assert palette is not None
    assert palette.isVisible()
    qtbot.keyClicks(palette.line, "screen")
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert not palette.isVisible()
    assert window.tabs.currentWidget() is window.panels["screen"]


def test_that_scenarios_and_components_are_found(
    page: WelcomePanel, window: MainWindow, qtbot: QtBot
) -> None:
    for wanted, check in (
        ("lif high", lambda: window.selection.scenario.name == "LIF high"),
        ("heparr", lambda: window.selection.component == "HepArrest"),
    ):
        page.show_palette()
        assert page._palette is not None
        page._palette.line.setText(wanted)
        qtbot.keyClick(page._palette.line, Qt.Key.Key_Return)
        assert check()


def test_that_arrows_walk_and_escape_leaves(page: WelcomePanel, qtbot: QtBot) -> None:
    page.show_palette()
    palette = page._palette
    assert palette is not None
    qtbot.keyClick(palette.line, Qt.Key.Key_Down)
    assert palette.list.currentIndex().row() == 1
    qtbot.keyClick(palette.line, Qt.Key.Key_Up)
    assert palette.list.currentIndex().row() == 0
    qtbot.keyClick(palette.line, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_that_a_command_that_cannot_be_done_is_not_done(
    page: WelcomePanel, window: MainWindow, qtbot: QtBot
) -> None:
    page.show_palette()
    assert page._palette is not None
    page._palette.line.setText("stop job")
    qtbot.keyClick(page._palette.line, Qt.Key.Key_Return)
    assert page._palette.isVisible()


def test_that_the_sheet_lists_the_keys(page: WelcomePanel) -> None:
    page.sheet_action.trigger()
    assert page._sheet is not None
    text = page._sheet.text.toPlainText()
    assert "Find attractors" in text
    assert "Ctrl+R" in text
    page.sheet_action.trigger()
    assert not page._sheet.isVisible()


def test_that_it_closes_although_the_field_that_had_the_focus_is_gone(
    page: WelcomePanel, window: MainWindow
) -> None:
    field = QLineEdit(window)
    page.show_palette()
    palette = page._palette
    assert palette is not None
    palette._focus = field
    delete(field)
    palette.leave()
    assert not palette.isVisible()
