"""The scenario bar, and the docks that change the same scenario."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from gui.model.selection import WILD_TYPE, Painting
from gui.panels.scenarios.bar import ScenarioBar
from gui.panels.scenarios.components import ComponentsPanel
from gui.panels.scenarios.inputs import InputsPanel
from gui.panels.scenarios.panel import ScenariosPanel
from gui.shell.main_window import MainWindow
from regnet.project import Project
from regnet.scenario import Scenario
from regnet.space import Space


@pytest.fixture
def window(small_window: MainWindow) -> MainWindow:
    return small_window


@pytest.fixture
def bar(window: MainWindow, liver: Project) -> ScenarioBar:
    window.document.replace(liver)
    found = window.panels["scenario-bar"]
    assert isinstance(found, ScenarioBar)
    return found


def test_that_the_wild_type_comes_first_and_cannot_be_deleted(
    bar: ScenarioBar, window: MainWindow
) -> None:
    assert bar.names.itemText(0) == WILD_TYPE
    panel = window.panels["scenarios"]
    assert isinstance(panel, ScenariosPanel)
    assert not panel.delete.isEnabled()
    assert not panel.rename.isEnabled()
    window.selection.choose("PHx")
    assert panel.delete.isEnabled()
    panel.delete.trigger()
    assert window.selection.scenario == Scenario()
    assert "PHx" not in [bar.names.itemText(i) for i in range(bar.names.count())]


def test_that_typing_a_change_makes_a_chip_that_its_cross_takes_away(
    bar: ScenarioBar, window: MainWindow, liver: Project, qtbot: QtBot
) -> None:
    qtbot.keyClicks(bar.entry, "LIFR KO, LIF=1 LIF->Cachexia")
    qtbot.keyClick(bar.entry, Qt.Key.Key_Return)
    assert [c.text for c in bar.chips.chips] == ["LIFR KO", "LIF = 1", "LIF →✕ Cachexia"]
    assert bar.entry.text() == ""
    for _ in range(3):
        qtbot.mouseClick(bar.chips.chips[0].cross, Qt.MouseButton.LeftButton)
    assert window.selection.scenario == Scenario()
    for _ in range(4):
        window.document.stack.undo()
    assert window.document.project is liver


def test_that_an_unknown_name_is_told_and_changes_nothing(
    bar: ScenarioBar, window: MainWindow, liver: Project, qtbot: QtBot
) -> None:
    qtbot.keyClicks(bar.entry, "LIFRR KO")
    qtbot.keyClick(bar.entry, Qt.Key.Key_Return)
    assert "LIFRR" in window.messages.text
    assert window.document.project is liver


def test_that_the_start_can_be_typed_painted_and_taken_away(
    bar: ScenarioBar, window: MainWindow
) -> None:
    bar.start_entry.setText("LIF=0 Mass=0..1")
    bar.start_entry.returnPressed.emit()
    assert window.selection.scenario.start == Space({"LIF": 0, "Mass": (0, 1)})
    assert bar.start.text() == "Start: 2 set"
    window.selection.paint(Painting(Space({"LIF": 2}), "x"))
    bar._start_from_paint()
    assert window.selection.scenario.start == Space({"LIF": 2})
    bar.start.menu().actions()[0].trigger()
    assert window.selection.scenario == Scenario()


def test_that_the_update_mode_belongs_to_the_scenario(bar: ScenarioBar, window: MainWindow) -> None:
    bar.update_mode.activated.emit(1)
    assert window.selection.scenario.update == "synchronous"
    window.selection.choose("")
    assert bar.update_mode.currentText() == "Asynchronous"


def test_that_chips_that_do_not_fit_are_in_a_menu(
    bar: ScenarioBar, window: MainWindow, qtbot: QtBot
) -> None:
    window.selection.choose("LIF high")
    bar.chips.resize(160, 28)
    hidden = [c for c in bar.chips.chips if c.isHidden()]
    assert hidden
    assert bar.chips.more.isVisibleTo(bar.chips)
    assert [a.text() for a in bar.chips.more.menu().actions()] == [
        f"Remove {c.text}" for c in hidden
    ]


def test_that_inputs_have_a_button_for_each_level_and_one_for_free(
    bar: ScenarioBar, window: MainWindow, liver: Project, qtbot: QtBot
) -> None:
    panel = window.panels["inputs"]
    assert isinstance(panel, InputsPanel)
    buttons = panel.switches["LIF_dose"].findChildren(QToolButton)
    assert [b.text() for b in buttons] == ["0", "1", "2", "free"]
    assert buttons[3].isChecked()
    assert "12 combinations" in panel.summary.text()
    qtbot.mouseClick(buttons[1], Qt.MouseButton.LeftButton)
    assert window.selection.scenario.perturbation.clamps == Space({"LIF_dose": 1})
    assert "4 combinations" in panel.summary.text()
    qtbot.mouseClick(buttons[3], Qt.MouseButton.LeftButton)
    assert window.selection.scenario == Scenario()
    window.document.stack.undo()
    window.document.stack.undo()
    assert window.document.project is liver


def test_that_scenarios_are_renamed_in_the_list_and_comparisons_follow(
    bar: ScenarioBar, window: MainWindow
) -> None:
    panel = window.panels["scenarios"]
    assert isinstance(panel, ScenariosPanel)
    window.selection.choose("LIF low")
    item = panel.list.currentItem()
    item.setText("physiological")
    assert window.selection.scenario.name == "physiological"
    assert "physiological" in window.document.project.comparisons[0].scenarios
    item = panel.list.currentItem()
    item.setText("PHx")
    assert "already" in window.messages.text
    assert window.selection.scenario.name == "physiological"


def test_that_the_table_of_components_is_a_proper_model(
    bar: ScenarioBar, window: MainWindow, qtmodeltester: ModelTester
) -> None:
    panel = window.panels["components"]
    assert isinstance(panel, ComponentsPanel)
    qtmodeltester.check(panel.model)


def test_that_the_table_selects_filters_and_shows_what_is_held(
    bar: ScenarioBar, window: MainWindow, qtbot: QtBot
) -> None:
    panel = window.panels["components"]
    assert isinstance(panel, ComponentsPanel)
    qtbot.keyClicks(panel.filter, "hep")
    names = [c.name for c in panel.model.rows]
    assert "HepProlif" in names
    assert "Insult" not in names
    panel.table.selectRow(names.index("HepProlif"))
    assert window.selection.components == ("HepProlif",)
    panel.filter.clear()
    window.selection.choose("LIF high")
    row = panel.model.row_of("LIF")
    assert row is not None
    assert panel.model.data(panel.model.index(row, 2)) == "= 2"
    window.selection.paint(Painting(Space({"LIF": 2}), "x"))
    assert panel.model.data(panel.model.index(row, 3)) == "2"


def test_that_an_input_that_the_start_sets_is_not_called_free(
    window: MainWindow, liver: Project
) -> None:
    start = Space({"LIF_dose": 2, "Insult": 0, "Mass": 0})
    window.document.replace(liver.with_scenario(Scenario("given", start=start)))
    window.selection.choose("given")
    panel = window.panels["inputs"]
    assert isinstance(panel, InputsPanel)
    assert panel.summary.text() == (
        "1 free: all 2 combinations are analysed together. The start sets LIF_dose=2, Insult=0."
    )
