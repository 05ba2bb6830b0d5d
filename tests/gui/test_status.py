"""The line at the bottom of the window."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from gui.shell.main_window import MainWindow
from gui.shell.status import Status
from regnet.project import Project


def test_that_what_changes_under_the_hint_of_a_button_is_not_painted_into_it(
    small_window: MainWindow, liver: Project, qtbot: QtBot
) -> None:
    window = small_window
    window.document.replace(liver)
    status = window.statusBar()
    assert isinstance(status, Status)
    assert status.scenario.isVisible()
    status.showMessage("Find the attractors of the current scenario")
    window.selection.choose("PHx")
    assert not status.scenario.isVisible()
    assert not status.extent.isVisible()
    status.clearMessage()
    assert status.scenario.isVisible()
    assert status.scenario.text().startswith("PHx")
