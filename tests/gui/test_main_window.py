"""The window: files, jobs, messages, panels, themes, and names for those who cannot see."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QScrollArea, QTabBar
from pytestqt.qtbot import QtBot

from gui.shell.main_window import MainWindow
from gui.shell.panels import PANELS
from gui.shell.settings import Settings
from gui.widgets import style
from regnet.analysis.attractors import Attractors, find_attractors
from regnet.formats import load
from regnet.project import Project


def test_that_opening_shows_the_model(window: MainWindow, models: Path) -> None:
    assert window.open(models / "lif_lifr.toml")
    assert "LIF" in window.windowTitle()
    assert window._status.extent.text() == "14 components, 3 inputs"
    assert window.messages.text.startswith("Read 14 components, ")
    assert window.settings.recent() == [models / "lif_lifr.toml"]


def test_that_a_broken_file_is_one_sentence_and_loses_nothing(
    small_window: MainWindow, toggle: Project, tmp_path: Path
) -> None:
    small_window.document.replace(toggle)
    broken = tmp_path / "broken.bnet"
    broken.write_text("A, B & & C\n")
    assert not small_window.open(broken)
    assert "broken.bnet, line 1, column" in small_window.messages.text
    assert small_window.document.project is toggle


def test_that_attractors_found_in_the_window_are_those_of_the_engine(
    window: MainWindow, models: Path, qtbot: QtBot
) -> None:
    window.open(models / "lif_lifr.toml")
    window.selection.choose("PHx")
    with qtbot.waitSignal(window.document.results_changed, timeout=20000):
        task = window.run()
    assert task is not None
    (result,) = window.document.results
    assert isinstance(result.value, Attractors)
    expected = find_attractors(
        window.document.network,
        window.selection.scenario,
        phenotypes=window.document.project.phenotypes,
    )
    assert result.value.attractors == expected.attractors
    assert "exact ✓ 1 attractor" in window._status.answer.text()
    assert "exact ✓ 1 attractor" in window.messages.text
    window.messages.button.click()
    assert window.panels["attractors"].isVisible()


def test_that_a_scenario_that_no_longer_fits_is_told(
    small_window: MainWindow, models: Path, qtbot: QtBot
) -> None:
    small_window.open(models / "lif_lifr.toml")
    small_window.selection.choose("PHx")
    with qtbot.waitSignal(small_window.runner.ended, timeout=20000):
        small_window.runner.submit("Attractors", find_attractors, small_window.document.network, 5)
    assert small_window.messages.text.startswith("Attractors: ")


def test_that_changes_are_not_lost_without_a_question(
    small_window: MainWindow, toggle: Project, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_window.document.replace(toggle)
    small_window.document.change("Rename", toggle.renamed("A", "Alpha"))
    asked: list[str] = []

    def answer(button: QMessageBox.StandardButton) -> None:
        def ask(*arguments: object) -> QMessageBox.StandardButton:
            asked.append(str(arguments[2]))
            return button

        monkeypatch.setattr(QMessageBox, "question", ask)

    answer(QMessageBox.StandardButton.Cancel)
    assert not small_window.open(models / "lif_lifr.toml")
    assert "Alpha" in small_window.document.network
    assert asked == ["toggle has changes that are not saved."]
    answer(QMessageBox.StandardButton.Discard)
    assert small_window.open(models / "lif_lifr.toml")
    assert len(asked) == 2


def test_that_saving_asks_for_a_file_once(
    small_window: MainWindow, toggle: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_window.document.replace(toggle)
    small_window.document.change("Rename", toggle.renamed("A", "Alpha"))
    path = tmp_path / "toggle"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    assert small_window.files.save()
    assert load(tmp_path / "toggle.toml").network == small_window.document.network
    assert not small_window.isWindowModified()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: pytest.fail("asked again"))
    small_window.document.change("Rename", small_window.document.project.renamed("Alpha", "A"))
    assert small_window.isWindowModified()
    assert small_window.files.save()


def test_that_a_file_that_cannot_be_written_is_told(
    small_window: MainWindow, toggle: Project, tmp_path: Path
) -> None:
    small_window.document.replace(toggle)
    assert not small_window.files.save_to(tmp_path / "no such folder" / "toggle.toml")
    assert "cannot be written" in small_window.messages.text


# Qt 6.12 wants a QPointF for what older versions know as a QPoint only
@pytest.mark.filterwarnings("ignore:.*QDragEnterEvent:DeprecationWarning")
def test_that_a_file_can_be_dropped(small_window: MainWindow, models: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(models / "lif_lifr.toml"))])
    copy = Qt.DropAction.CopyAction
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPointF(9, 9).toPoint(), copy, data, left, none)
    small_window.dragEnterEvent(enter)
    assert enter.isAccepted()
    small_window.dropEvent(QDropEvent(QPointF(9, 9), copy, data, left, none))
    assert len(small_window.document.network) == 14


def test_that_a_crash_is_offered_to_be_undone(
    window: MainWindow, toggle: Project, tmp_path: Path
) -> None:
    from gui.model.document import Document
    from gui.shell.settings import Recovery

    crashed = Document()
    recovery = Recovery(crashed)
    crashed.replace(toggle)
    crashed.change("Rename", toggle.renamed("A", "Alpha"))
    recovery.keep()
    assert recovery._lock is not None
    recovery._lock.unlock()
    window.files.offer_recovery()
    assert "not closed properly" in window.messages.text
    window.messages.button.click()
    assert window.document.project == crashed.project
    assert window.document.is_dirty
    assert window.files.recovery.find() is None


def test_that_panels_keep_their_place_and_can_be_put_back(window: MainWindow) -> None:
    window.docks["inputs"].hide()
    window.close()
    window.show()
    other = MainWindow(Settings())
    assert other.docks["inputs"].isHidden()
    other.reset_layout()
    assert not other.docks["inputs"].isHidden()
    other.deleteLater()


def test_that_a_panel_can_be_asked_for(window: MainWindow, liver: Project) -> None:
    window.document.replace(liver)
    window.docks["inspector"].hide()
    window.selection.select("LIFR")
    window.selection.ask("inspector", "rule")
    assert not window.docks["inspector"].isHidden()


def test_that_every_theme_can_be_put_on(window: MainWindow) -> None:
    for name in (*style.THEMES, "light"):
        window.put_on_theme(name)
        assert style.theme().name == name
        assert window.settings.get("theme") == name


def test_that_everything_that_can_be_used_has_a_name(
    window: MainWindow, liver: Project, qtbot: QtBot
) -> None:
    window.document.replace(liver)
    window.selection.choose("LIF high")
    window.selection.select("HepProlif")
    role = QAccessible.Role
    interactive = {
        role.Button, role.CheckBox, role.RadioButton, role.ComboBox, role.EditableText,
        role.SpinBox, role.Table, role.List, role.Slider, role.Tree,
    }  # fmt: skip
    unnamed = []
    pending = [QAccessible.queryAccessibleInterface(window)]
    while pending:
        item = pending.pop()
        for number in range(item.childCount()):
            child = item.child(number)
            if child is None or not child.isValid():
                continue
            thing = child.object()
            named = child.text(QAccessible.Text.Name)
            if child.role() in interactive and not named and thing and not thing.isHidden():
                around = thing.parent()
                if around.metaObject().className() == "QComboBoxPrivateContainer":
                    continue  # the list of a combo box goes by the name of the box
                place = around.objectName() or type(around).__name__
                unnamed.append(f"{type(thing).__name__} {thing.objectName()} in {place}")
            pending.append(child)
    inner = {"ScrollLeftButton", "ScrollRightButton", "qt_dockwidget_floatbutton",
             "qt_dockwidget_closebutton", "qt_toolbar_ext_button"}  # fmt: skip
    assert [u for u in unnamed if not any(n in u for n in inner)] == []


def _luminance(colour: object) -> float:
    parts = [getattr(colour, part)() for part in ("redF", "greenF", "blueF")]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(a: object, b: object) -> float:
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", style.THEMES)
def test_that_text_and_drawings_stand_out(name: str) -> None:
    with style.lent(name) as theme:
        for role in ("ink", "muted", "error", "warning", "info"):
            assert _contrast(theme[role], theme["paper"]) >= 4.5, role
        for role in ("plus", "minus", "dual", "selected", "gained", "lost", "line"):
            assert _contrast(theme[role], theme["paper"]) >= 3, role
        for kind in ("error", "warning", "info"):
            assert _contrast(theme["ink"], theme[f"{kind}-paper"]) >= 4.5, kind
        for level in range(3):
            fill, ink = theme.level(level, 2)
            assert _contrast(fill, ink) >= 4.5, level
        assert _contrast(theme["free"], theme["free-ink"]) >= 4.5


def test_that_no_shortcut_is_ambiguous(window: MainWindow) -> None:
    everywhere = Qt.ShortcutContext.WindowShortcut
    used: dict[str, QAction] = {}
    clashes = []
    for action in window.findChildren(QAction):
        for key in (k.toString() for k in action.shortcuts()):
            other = used.setdefault(key, action)
            if other is action:
                continue
            reach = {other.shortcutContext(), action.shortcutContext()}
            if everywhere in reach or other.parent() is action.parent():
                clashes.append((key, other.text(), action.text()))
    assert clashes == []


def test_that_no_process_is_left_when_the_window_closes(window: MainWindow, qtbot: QtBot) -> None:
    from tests.gui.test_jobs import _forever

    task = window.runner.submit("Forever", _forever)
    with qtbot.waitSignal(task.partial) as begun:
        pass
    assert begun.args is not None
    window.document.stack.setClean()
    window.close()
    with pytest.raises(ProcessLookupError):
        os.kill(begun.args[0][0], 0)


def test_that_no_tabs_are_left_standing_when_their_docks_are_closed(
    window: MainWindow, qtbot: QtBot
) -> None:
    for key in ("inspector", "history"):  # in one place, as tabs
        window.show_panel(key)
    for key in ("inspector", "history"):
        window.docks[key].hide()
    here = Qt.FindChildOption.FindDirectChildrenOnly
    qtbot.waitUntil(
        lambda: (
            not any(
                bar.isVisible() and "Inspector" in [bar.tabText(i) for i in range(bar.count())]
                for bar in window.findChildren(QTabBar, options=here)
            )
        )
    )


def test_that_views_without_room_for_their_tabs_are_in_a_list(window: MainWindow) -> None:
    window.resize(900, 700)
    QApplication.processEvents()
    assert window.tabs.list.isVisible()
    window.tabs.list.menu().aboutToShow.emit()
    entries = {a.text().split("    ")[0]: a for a in window.tabs.list.menu().actions()}
    assert list(entries) == [panel.title for panel in PANELS if panel.area == "centre"]
    entries["Ask"].trigger()
    assert window.tabs.currentWidget() is window.panels["queries"]


def test_that_the_window_fits_a_small_screen(window: MainWindow) -> None:
    assert window.minimumSizeHint().width() <= 930


def test_that_what_was_found_is_told_until_it_is_looked_at(
    window: MainWindow, toggle: Project, qtbot: QtBot
) -> None:
    window.document.replace(toggle)
    window.show_panel("network")
    task = window.run()
    assert task is not None
    with qtbot.waitSignal(task.ended, timeout=30_000):
        pass
    assert window.messages.isVisible()
    assert "attractor" in window.messages.text
    window.show_panel("attractors")
    assert not window.messages.isVisible()


def test_that_nothing_is_cut_in_the_narrowest_window(
    window: MainWindow, models: Path, qtbot: QtBot
) -> None:
    window.open(models / "lif_lifr.toml")
    window.resize(window.minimumSizeHint())
    for spec in PANELS:
        if spec.area != "centre":
            continue
        window.show_panel(spec.key)
        qtbot.wait(20)
        for area in window.panels[spec.key].findChildren(QScrollArea):
            inside = area.widget()
            if area.isVisible() and inside is not None:
                room = area.viewport().width()
                assert inside.minimumSizeHint().width() <= room, (spec.key, inside)
    assert window.minimumSizeHint().width() <= 930
