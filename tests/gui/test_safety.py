"""Nothing the user did is lost: files of others, rules half typed, what was found before Stop."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from gui.panels.inspector.panel import InspectorPanel
from gui.panels.inspector.rule_section import RuleSection
from gui.shell.main_window import MainWindow
from regnet.analysis.attractors import Attractors
from regnet.formats import load, loads, save
from regnet.network import Rule
from regnet.project import Project
from tests.gui.conftest import forget_changes


@pytest.fixture
def mine(tmp_path: Path, toggle: Project) -> Path:
    """A model file of the user."""
    path = tmp_path / "my first model.toml"
    save(toggle, path)
    return path


def _add_a_line(path: Path) -> str:
    """Do what a colleague's editor does; return what the file holds then."""
    text = 'title = "by a colleague"\n' + path.read_text("utf-8")
    path.write_text(text, "utf-8")
    return text


def _edit(window: MainWindow) -> None:
    document = window.document
    document.change("Delete A", document.project.without("A"))


def _press(window: MainWindow, words: str) -> None:
    bar = window.messages
    next(b for b in (bar.button, *bar.others) if b.text() == words).click()


# --- files that others change ---


def test_that_saving_does_not_write_over_what_somebody_else_wrote(
    small_window: MainWindow, mine: Path
) -> None:
    window = small_window
    assert window.open(mine)
    _edit(window)
    text = _add_a_line(mine)
    window._save.trigger()
    assert mine.read_text("utf-8") == text
    assert "was changed on disk" in window.messages.text
    assert window.document.is_dirty
    _press(window, "Overwrite")
    assert "A" not in load(mine).network
    assert not window.document.is_dirty
    window._save.trigger()
    assert "changed on disk" not in window.messages.text


def test_that_reloading_is_a_step_that_can_be_undone(small_window: MainWindow, mine: Path) -> None:
    window = small_window
    assert window.open(mine)
    _edit(window)
    edited = window.document.project
    _add_a_line(mine)
    window._save.trigger()
    _press(window, "Reload")
    assert window.document.project == load(mine)
    assert window.document.project.title == "by a colleague"
    assert not window.document.is_dirty
    window.document.stack.undo()
    assert window.document.project == edited
    assert window.document.is_dirty


def test_that_both_can_be_kept(
    small_window: MainWindow, mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = small_window
    assert window.open(mine)
    _edit(window)
    text = _add_a_line(mine)
    window._save.trigger()
    other = tmp_path / "other.toml"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(other), ""))
    _press(window, "Save as…")
    assert mine.read_text("utf-8") == text
    assert load(other).network == window.document.network


def test_that_a_file_that_changes_while_it_is_open_is_told_at_once(
    small_window: MainWindow, mine: Path, qtbot: QtBot
) -> None:
    window = small_window
    assert window.open(mine)
    for number in range(2):  # editors put a new file in the place of the old one
        other = mine.with_suffix(f".{number}")
        other.write_text(f'note = "{number}"\n' + mine.read_text("utf-8").split("\n", number)[-1])
        other.replace(mine)
        qtbot.waitUntil(lambda: "was changed on disk" in window.messages.text)
        _press(window, "Reload")
        assert window.document.project.note == str(number)


def test_that_our_own_saving_is_no_change_of_others(
    small_window: MainWindow, mine: Path, qtbot: QtBot
) -> None:
    window = small_window
    assert window.open(mine)
    for _ in range(2):
        _edit(window) if "A" in window.document.network else window.document.stack.undo()
        window._save.trigger()
        qtbot.wait(400)
        assert "changed on disk" not in window.messages.text
        assert not window.document.is_dirty


def test_that_what_a_crash_left_keeps_the_name_of_the_model_and_the_changes_of_others(
    small_window: MainWindow, mine: Path, qtbot: QtBot, toggle: Project
) -> None:
    window = small_window
    assert window.open(mine)
    name = window.document.network.name
    _edit(window)
    lost = window.document.project
    window.files.recovery.keep()
    recovery = window.files.recovery
    assert recovery._lock is not None
    recovery._lock.unlock()  # as the system does when a process is killed
    again = MainWindow(panels=[])
    qtbot.addWidget(again, before_close_func=forget_changes)
    _add_a_line(mine)
    again.files.offer_recovery()
    _press(again, "Restore them")
    assert again.document.project == lost
    assert again.document.network.name == name
    assert again.document.path == mine
    again._save.trigger()
    assert "was changed on disk" in again.messages.text


# --- rules half typed ---


def _rule(window: MainWindow, name: str) -> RuleSection:
    window.selection.select(name)
    panel = window.panels["inspector"]
    assert isinstance(panel, InspectorPanel)
    return panel.properties.rule


def _type(section: RuleSection, text: str) -> None:
    editor = section.editors[1]
    editor.setFocus()
    editor.selectAll()
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Escape) if editor._completer.popup().isVisible() else None


def test_that_a_rule_half_typed_is_there_again(
    small_window: MainWindow, mine: Path, toggle: Project
) -> None:
    window = small_window
    assert window.open(mine)
    _type(_rule(window, "B"), "(!A & Q1")
    window.selection.select("A")
    section = _rule(window, "B")
    assert section.editors[1].toPlainText() == "(!A & Q1"
    assert "✓" not in section.verdict.text()
    assert window.document.drafts == {"B": {1: "(!A & Q1"}}
    window._save.trigger()
    assert load(mine).network == toggle.network
    assert window.messages.text.startswith(f"Saved {mine.name}. The rule of B is not finished")
    window.run()
    assert window.messages.text.startswith("The rule of B is not finished")
    section.editors[1].given_up.emit()
    assert section.editors[1].toPlainText() == "!A"
    assert window.document.drafts == {}


def test_that_a_draft_ends_when_its_rule_is_taken(small_window: MainWindow, mine: Path) -> None:
    window = small_window
    assert window.open(mine)
    section = _rule(window, "B")
    _type(section, "A")
    section.editors[1].accepted.emit()
    assert window.document.drafts == {}
    assert window.document.network["B"].rule == Rule.of("A")


def test_that_a_draft_follows_the_name_of_its_component(
    small_window: MainWindow, mine: Path
) -> None:
    document = small_window.document
    assert small_window.open(mine)
    _type(_rule(small_window, "B"), "(A")
    document.change("Rename B", document.project.renamed("B", "C"))
    assert _rule(small_window, "C").editors[1].toPlainText() == "(A"
    document.stack.undo()
    assert _rule(small_window, "B").editors[1].toPlainText() == "(A"


def test_that_a_rule_half_typed_is_not_left_without_a_question(
    small_window: MainWindow, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    buttons = QMessageBox.StandardButton

    def cancel(*words: object) -> QMessageBox.StandardButton:
        asked.append(str(words[2]))
        return buttons.Cancel

    monkeypatch.setattr(QMessageBox, "question", cancel)
    assert small_window.open(mine)
    _type(_rule(small_window, "B"), "(A")
    assert not small_window.files.may_leave()
    assert asked == ["The rule of B is not finished; its last valid rule is used."]


# --- what was found before Stop ---


def test_that_stop_keeps_the_attractors_that_were_found(window: MainWindow, qtbot: QtBot) -> None:
    rules = "\n".join(f"A{i}, !B{i}\nB{i}, !A{i}" for i in range(13))
    window.document.replace(loads(rules, "many.bnet").project)
    task = window.run()
    assert task is not None
    qtbot.waitUntil(lambda: "attractors" in task.words, timeout=20_000)
    window._stop.trigger()
    qtbot.waitUntil(lambda: task.is_over, timeout=20_000)
    (result,) = window.document.results
    found = result.value
    assert isinstance(found, Attractors)
    assert found.origin.guarantee == "bounded"
    assert found.interrupted
    assert 0 < len(found.attractors) < 2**13
