"""The run panel: step by step, playing, by hand, and the graph of all states."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.model import edits
from gui.model.document import Document
from gui.model.runner import Runner
from gui.model.selection import Painting, Selection
from gui.model.walk import Walk
from gui.panels.run.panel import CHOICES, STARTS, StatesPanel
from gui.panels.run.state_graph import state_rows
from gui.panels.run.state_plan import explore
from gui.widgets import exports
from regnet.project import Project
from regnet.space import Space


@pytest.fixture
def panel(
    qtbot: QtBot, document: Document, selection: Selection, runner: Runner, liver: Project
) -> StatesPanel:
    """The panel on the liver after surgery with an overdose."""
    document.replace(liver)
    selection.choose("overdose at PHx")
    made = StatesPanel(document, selection, runner)
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    return made


def _walk(panel: StatesPanel) -> Walk:
    assert panel.walk is not None
    return panel.walk


def _levels(panel: StatesPanel) -> dict[str, int]:
    walk = _walk(panel)
    return dict(zip(walk.dynamics.names, walk.state, strict=True))


def _draw(panel: StatesPanel) -> None:
    document, walk = panel._document, _walk(panel)
    panel.graph.show_plan(
        explore(document.network, panel._selection.scenario, walk.moments[0].state,
                document.project.phenotypes)
    )  # fmt: skip


def test_that_a_run_starts_as_the_scenario_does_and_paints_nothing_yet(
    panel: StatesPanel, selection: Selection, document: Document
) -> None:
    start = selection.scenario.start_of(document.network)
    assert {n: levels[0] for n, levels in start.items()}.items() <= _levels(panel).items()
    assert selection.painting is None
    assert not panel.back.isEnabled()


def test_that_steps_paint_the_network_and_can_be_taken_back(
    panel: StatesPanel, selection: Selection
) -> None:
    panel.step.trigger()
    first = _walk(panel).state
    panel.step.trigger()
    painting = selection.painting
    assert painting is not None
    assert painting.levels == Space(_levels(panel))
    assert painting.caption == "step 2 of a run, overdose at PHx"
    panel.back.trigger()
    assert _walk(panel).state == first
    assert panel.said.text().startswith("Step 1 of 2: ")
    panel.restart.trigger()
    assert _walk(panel).moments[1:] == []


def test_that_the_list_says_what_can_happen_and_lets_it(panel: StatesPanel) -> None:
    panel.choice.setCurrentText(CHOICES[1])
    while len(_walk(panel).options) == 1:
        panel.step.trigger()
    options = _walk(panel).options
    assert panel.next.count() == len(options) > 1
    panel.next.setFocus()
    panel.next.setCurrentRow(1)
    name, old, new = _walk(panel).moves(options[1])[0]
    assert panel.next.currentItem().text() == f"{name} {old} → {new}"
    QTest.keyClick(panel.next, Qt.Key.Key_Return)
    assert _walk(panel).state == options[1]


def test_that_playing_ends_at_a_fixed_point_and_says_its_name(
    qtbot: QtBot, panel: StatesPanel
) -> None:
    panel.speed.setValue(100)
    panel.play.trigger()
    qtbot.waitUntil(lambda: not panel.play.isChecked(), timeout=15_000)
    assert _walk(panel).options == ()
    assert "a fixed point, nothing changes any more (overdose (wasting)" in panel.said.text()
    assert not panel.step.isEnabled()
    assert panel.next.count() == 0


def test_that_one_who_wants_to_choose_is_asked(qtbot: QtBot, panel: StatesPanel) -> None:
    panel.choice.setCurrentText(CHOICES[1])
    panel.speed.setValue(100)
    panel.play.trigger()
    qtbot.waitUntil(lambda: not panel.play.isChecked(), timeout=15_000)
    assert len(_walk(panel).options) > 1


def test_that_the_same_seed_runs_the_same_way(panel: StatesPanel) -> None:
    def run(seed: int) -> list[tuple[int, ...]]:
        panel.seed.setValue(seed)
        panel.restart.trigger()
        for _ in range(8):
            panel.step.trigger()
        return _walk(panel).states

    assert run(3) == run(3)
    assert len({tuple(run(seed)) for seed in range(1, 8)}) > 1


def test_that_a_level_is_set_by_hand_and_shown_as_such(
    panel: StatesPanel, selection: Selection
) -> None:
    selection.select("Mass")
    buttons = [panel.levels.place.itemAt(i).widget() for i in range(panel.levels.place.count())]
    assert [b.accessibleName() for b in buttons] == [f"Set Mass to {i}" for i in range(3)]
    QTest.mouseClick(buttons[1], Qt.MouseButton.LeftButton)
    assert _levels(panel)["Mass"] == 1
    assert panel.chart.content.columns == ["0", "1*"]
    selection.select("LIF_dose")
    assert panel.levels.words.text() == "LIF_dose is held at 2 in this scenario."
    assert panel.levels.place.count() == 0


def test_that_the_chart_walks_through_time(panel: StatesPanel, selection: Selection) -> None:
    for _ in range(5):
        panel.step.trigger()
    panel.chart.setFocus()
    QTest.keyClick(panel.chart, Qt.Key.Key_Left)
    assert _walk(panel).at == 4
    assert len(_walk(panel).moments) == 6
    QTest.keyClick(panel.chart, Qt.Key.Key_Down)
    assert selection.component == _walk(panel).dynamics.names[0]


def test_that_a_run_can_start_from_what_is_painted_or_from_nothing(
    panel: StatesPanel, selection: Selection
) -> None:
    selection.choose("")  # starts anywhere
    selection.paint(Painting(Space({"Angio": 2, "Mass": (1, 2)}), "an attractor"))
    panel.begin.setCurrentText(STARTS[1])
    panel.step.trigger()
    panel.restart.trigger()  # not from what the run itself has painted
    assert (_levels(panel)["Angio"], _levels(panel)["Mass"], _levels(panel)["LIF"]) == (2, 1, 0)
    panel.begin.setCurrentText(STARTS[2])
    assert set(_walk(panel).state) == {0}


def test_that_synchronous_runs_move_together(
    panel: StatesPanel, document: Document, selection: Selection
) -> None:
    edits.set_update(document, selection, "synchronous")
    assert len(_walk(panel).options) == 1
    assert "move" in panel.said.text()
    edits.set_update(document, selection, "most-permissive")
    assert panel.walk is None
    assert "step by step" in panel._empty.text()
    assert not panel.step.isEnabled()
    edits.set_update(document, selection, "asynchronous")
    assert panel.step.isEnabled()


def test_that_another_network_starts_another_run(
    panel: StatesPanel, document: Document, selection: Selection
) -> None:
    panel.step.trigger()
    panel.hide()
    document.change("Delete Cachexia", document.project.without("Cachexia"))
    panel.step.trigger()  # while it is hidden
    assert "Cachexia" not in _walk(panel).dynamics.names
    assert selection.painting is not None


def test_that_other_paint_stops_the_play(panel: StatesPanel, selection: Selection) -> None:
    panel.step.trigger()
    panel.play.trigger()
    selection.paint(None)
    assert not panel.play.isChecked()


def test_that_all_states_are_drawn_in_a_process_and_follow_the_run(
    qtbot: QtBot, panel: StatesPanel
) -> None:
    assert "Press Draw all states" in panel.graph.empty.text()
    task = panel.draw_states()
    assert task is not None
    assert "Exploring" in panel.graph.empty.text()
    with qtbot.waitSignal(task.finished, timeout=20_000):
        pass
    plan = panel.graph.scene.plan
    assert plan is not None
    assert panel.graph.said.text().startswith("382 states, 3 attractors (overdose (wasting); ")
    assert panel.graph.scene.boxes.keys() == plan.nodes.keys()
    panel.step.trigger()
    box = panel.graph.scene.boxes[panel.graph.scene.box_of(_walk(panel).state)]
    assert box.is_current
    panel.restart.trigger()
    assert not panel.graph.draw_button.isVisible()
    panel.set_level("Mass", 0)
    panel.step.trigger()
    assert sum(item.is_passed for item in panel.graph.scene.boxes.values()) >= 1


def test_that_boxes_are_walked_by_keys_painted_and_opened(
    qtbot: QtBot, panel: StatesPanel, selection: Selection
) -> None:
    _draw(panel)
    panel.tabs.setCurrentIndex(1)
    plan = panel.graph.scene.plan
    assert plan is not None
    for _ in range(20):
        QTest.keyClick(panel.graph.view, Qt.Key.Key_Down)
    node = plan.nodes[panel.graph.view.current]
    assert len(node.states) == 1
    state = plan.found.states[node.states[0]]
    assert selection.painting is not None
    assert selection.painting.levels == Space(dict(zip(plan.found.names, state, strict=True)))
    QTest.keyClick(panel.graph.view, Qt.Key.Key_Return)
    assert _walk(panel).state == state
    name = next(n for n, node in plan.nodes.items() if 1 < len(node.states) < 400)
    with qtbot.waitSignal(panel._runner.ended, timeout=20_000):
        panel.graph.open_box(name)
    opened = panel.graph.scene.plan
    assert opened is not None
    assert len(opened.nodes) > len(plan.nodes)


def test_that_a_click_chooses_a_box(panel: StatesPanel, selection: Selection) -> None:
    _draw(panel)
    panel.tabs.setCurrentIndex(1)
    panel.graph.view.fit()
    name = next(iter(panel.graph.scene.boxes))
    at = panel.graph.view.mapFromScene(panel.graph.scene.boxes[name].pos())
    QTest.mouseClick(panel.graph.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at))
    assert panel.graph.view.current == name
    assert selection.painting is not None


def test_that_a_drawing_of_another_question_says_so(
    panel: StatesPanel, selection: Selection
) -> None:
    _draw(panel)
    selection.choose("PHx")
    assert panel.graph.said.text().startswith("This was drawn for another start")
    panel.graph.look_at(next(iter(panel.graph.scene.boxes)))
    assert selection.painting is None


def test_that_runs_and_graphs_are_exported(
    panel: StatesPanel, document: Document, tmp_path: Path
) -> None:
    for _ in range(3):
        panel.step.trigger()
    _draw(panel)
    for ending in (".csv", ".svg", ".png"):
        assert exports.save(document, tmp_path / f"run{ending}", panel.run_contents)
        assert exports.save(document, tmp_path / f"graph{ending}", panel.graph.contents)
    rows = list(csv.reader((tmp_path / "run.csv").read_text().splitlines()))
    assert [tuple(map(int, row[2:])) for row in rows[1:]] == _walk(panel).states
    plan = panel.graph.scene.plan
    assert plan is not None
    assert len(state_rows(plan.found)) == 383
    drawn = (tmp_path / "graph.svg").read_text()
    assert "States of" in drawn
    assert "382 states, 3 attractors (overdose (wasting); " in drawn


def test_that_a_path_is_shown_as_a_run_from_its_first_state(
    panel: StatesPanel, selection: Selection
) -> None:
    walk = _walk(panel)
    path = [walk.state]
    for _ in range(3):
        path.append(walk.dynamics.successors(path[-1])[0])
    spaces = tuple(Space(dict(zip(walk.dynamics.names, state, strict=True))) for state in path)
    selection.follow(spaces)
    shown = _walk(panel)
    assert [moment.state for moment in shown.moments] == path
    assert shown.at == 0
    panel.step_on()
    assert shown.state == path[1]


def test_that_play_where_nothing_moves_says_so(
    panel: StatesPanel, document: Document, selection: Selection, qtbot: QtBot
) -> None:
    heard: list[str] = []
    document.said.connect(lambda sentence, _kind: heard.append(sentence))
    selection.choose("healthy")
    assert _walk(panel).is_over
    with qtbot.captureExceptions() as exceptions:
        panel.play.trigger()
    assert exceptions == []
    assert not panel.play.isChecked()
    assert heard == ["Nothing moves from this start: it is a fixed point"]
