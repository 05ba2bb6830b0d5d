"""The dose panel: the same answer as the command line, and what the person does with it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItem, QTreeWidgetItemIterator
from pytestqt.qtbot import QtBot

from gui.model.document import Document
from gui.model.runner import Runner
from gui.model.selection import Painting, Selection
from gui.panels.dose.panel import DosePanel
from gui.results.again import run_again
from gui.results.scripting import result_statements
from gui.widgets import exports
from regnet.analysis.dose import DoseResponse, find_dose_response
from regnet.cli import main
from regnet.network import Rule
from regnet.project import Project
from regnet.records.dose import dose_response_to_json
from regnet.scenario import Perturbation
from regnet.space import Space


@pytest.fixture
def panel(qtbot: QtBot, document: Document, selection: Selection, runner: Runner) -> DosePanel:
    """The panel, with nothing to show."""
    made = DosePanel(document, selection, runner)
    made.setObjectName("dose")
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    return made


@pytest.fixture(scope="module")
def answer(liver: Project) -> DoseResponse:
    """How mass after the operation follows LIF, with and without what acts on it."""
    knock_outs = ("LIFR",), ("Cachexia", "HepArrest")
    return find_dose_response(
        liver.network,
        liver.scenario("healthy"),
        "LIF",
        readouts=["Mass", "Cachexia"],
        phenotypes=liver.phenotypes,
        knock_outs=[Perturbation(Space(dict.fromkeys(names, 0))) for names in knock_outs],
        then=Space({"Mass": 0}),
    )


@pytest.fixture
def shown(
    panel: DosePanel, document: Document, selection: Selection, liver: Project, answer: DoseResponse
) -> DosePanel:
    """The panel with an answer."""
    document.replace(liver)
    selection.choose("healthy")
    document.add_result("Dose of LIF, healthy", answer)
    return panel


def _paths(panel: DosePanel) -> Iterator[QTreeWidgetItem]:
    walk = QTreeWidgetItemIterator(panel.turns)
    while walk.value() is not None:
        if walk.value().data(0, Qt.ItemDataRole.UserRole):
            yield walk.value()
        walk += 1


def test_that_an_empty_panel_says_why(panel: DosePanel, document: Document, liver: Project) -> None:
    assert panel._whole.currentIndex() == 1
    document.replace(liver)
    assert panel._whole.currentIndex() == 0
    assert "responds to LIF_dose" in panel._empty.text()
    panel.setup.readouts.tick(())
    panel.setup.phenotypes.tick(())
    panel.setup.changed.emit()
    assert "Tick readouts" in panel._empty.text()
    assert not panel.run_button.isEnabled()


def test_that_the_panel_answers_as_the_library_does(
    qtbot: QtBot,
    panel: DosePanel,
    document: Document,
    selection: Selection,
    liver: Project,
    answer: DoseResponse,
) -> None:
    document.replace(liver)
    selection.choose("healthy")
    setup = panel.setup
    setup.dose.setCurrentText("LIF")
    setup.then.setText("Mass=0")
    setup.readouts.tick(["Mass", "Cachexia"])
    setup.without.tick(["LIFR"])
    setup.together.setText("Cachexia, HepArrest")
    with qtbot.waitSignal(document.results_changed, timeout=60_000):
        qtbot.mouseClick(panel.run_button, Qt.MouseButton.LeftButton)
        assert panel.progress.stop_button.isVisible()
    assert panel.answer is not None
    ours, theirs = (dose_response_to_json(a, timed=False) for a in (panel.answer, answer))
    for record in (ours, theirs):  # the panel reads in the order of the network
        for part in (record["response"], *record["knock_outs"]):
            part["curves"].sort(key=lambda curve: curve["readout"])
        record["bounds"].sort(key=lambda bound: (bound["readout"], bound["level"]))
        del record["asked"]  # and names what is read one by one
    assert ours == theirs
    assert not panel.progress.stop_button.isVisible()


def test_that_a_dose_is_followed_in_time_with_the_rates_told(
    qtbot: QtBot, panel: DosePanel, document: Document, selection: Selection, liver: Project
) -> None:
    document.replace(liver)
    selection.choose("healthy")
    setup = panel.setup
    assert not setup.pulses.rates.isVisible()
    setup.dose.setCurrentText("LIF")
    setup.then.setText("Mass=0")
    setup.readouts.tick(["Mass"])
    setup.phenotypes.tick(())
    setup.pulses.first.setText("Mass:2; Mass")
    setup.pulses.at_time.setValue(3)
    assert setup.pulses.rates.isVisible()
    with qtbot.waitSignal(document.results_changed, timeout=60_000):
        panel.run()
    chart = panel.chart
    rows = ["Mass", "Mass:2 first (arbitrary units)", "Mass first (arbitrary units)", "Mass at 3"]
    assert [row.name for row in chart.rows] == rows
    assert chart.tip_of(0, 1, 0).splitlines()[1] == "Mass:2 first (arbitrary units): never"
    assert "Mass:2 first soonest at 1" in panel.head.summary.text()
    texts = [item.text(0) for item in _paths(panel)]
    assert "Mass:2 first, later: LIF → Cachexia ⊣ HepProlif → Mass" in texts
    assert "with rates all at 1" in panel.turns.topLevelItem(1).text(0)


def test_that_what_was_typed_wrongly_is_said(
    qtbot: QtBot, panel: DosePanel, document: Document, liver: Project
) -> None:
    document.replace(liver)
    panel.setup.together.setText("LIFR, Nobody")
    with qtbot.waitSignal(document.said) as said:
        panel.run()
    assert "Nobody" in said.args[0]


def test_that_the_chart_tells_windows_and_what_becomes_of_them(shown: DosePanel) -> None:
    chart = shown.chart
    assert chart.rows[0].name == "Mass"  # the window comes first
    content = chart.content
    assert content is not None
    assert content.titles == ("healthy", "LIFR KO", "Cachexia KO, HepArrest KO")
    svg = str(chart.contents()[".svg"](), "utf-8")
    assert "window at 1" in svg
    assert "window: closed" in svg
    assert "window: open to the top from 1" in svg
    assert "Mass window at 1" in shown.head.summary.text()
    assert "failed" in chart.never
    assert "failed" in shown.turns.topLevelItem(shown.turns.topLevelItemCount() - 1).text(0)


def test_that_arrow_keys_walk_doses_and_paint_what_they_end_up_with(
    shown: DosePanel, selection: Selection, answer: DoseResponse
) -> None:
    chart = shown.chart
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right):
        QTest.keyClick(chart, key)
    assert chart.cursor_at == (0, 0, 2)
    painting = selection.painting
    assert painting is not None
    assert painting.levels == answer.reference.points[2].space
    assert painting.caption.startswith("LIF = 2, healthy")
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert chart.cursor_at == (1, 0, 0)
    QTest.keyClick(chart, Qt.Key.Key_Down)
    assert chart.cursor_at == (1, 1, 0)
    assert "LIFR KO, LIF = 0" in chart.accessibleDescription()
    selection.paint(Painting(Space({"LIF": 1}), "something else"))
    assert chart.cursor_at is None


def test_that_a_click_goes_to_a_dose_and_tips_tell_it(shown: DosePanel) -> None:
    chart = shown.chart
    at = chart.box_of((0, 0, 1)).center().toPoint()
    QTest.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert chart.cursor_at == (0, 0, 1)
    assert chart.tip_of(0, 0, 1) == "healthy, LIF = 1\nMass = 2\n1 attractor"


def test_that_a_path_is_selected_and_painted(
    shown: DosePanel, selection: Selection, answer: DoseResponse
) -> None:
    item = next(i for i in _paths(shown) if "Mass falls: LIF → Cachexia ⊣" in i.text(0))
    shown.turns.setCurrentItem(item)
    assert selection.components == ("LIF", "Cachexia", "HepProlif", "Mass")
    painting = selection.painting
    assert painting is not None
    assert painting.before == answer.reference.points[1].space
    assert painting.levels == answer.reference.points[2].space


def test_that_a_dose_opens_as_a_scenario_from_where_it_settled(
    qtbot: QtBot, shown: DosePanel, document: Document, selection: Selection
) -> None:
    shown.chart.go_to(0, 0, 2)
    before = selection.scenario
    with qtbot.waitSignal(selection.scenario_changed, timeout=30_000):
        QTest.keyClick(shown.chart, Qt.Key.Key_Return)
    scenario = selection.scenario
    assert scenario.name == "healthy + LIF = 2, Mass=0"
    assert scenario.perturbation.clamps["LIF"] == (2, 2)
    assert scenario.start["Mass"] == (0, 0)
    assert scenario.start["Cachexia"] == (1, 1)
    assert selection.painting is not None
    document.stack.undo()
    assert selection.scenario == before


def test_that_it_is_stale_after_an_edit_and_can_be_run_again(
    qtbot: QtBot, shown: DosePanel, document: Document, runner: Runner
) -> None:
    network = document.network
    edited = network.with_rule("HepArrest", Rule.constant(0))
    assert not shown.head.note.isVisible()
    document.change("Edit", Project(**{**_parts(document.project), "network": edited}))
    assert "Stale" in shown.head.note_text.text()
    with qtbot.waitSignal(document.results_changed, timeout=60_000):
        qtbot.mouseClick(shown.head.again, Qt.MouseButton.LeftButton)
    assert not shown.head.note.isVisible()
    assert shown.answer is not None
    assert shown.answer.origin.digest == document.network.digest
    assert document.stale_results() == ()


def _parts(project: Project) -> dict[str, object]:
    return {name: getattr(project, name) for name in project.__dataclass_fields__}


def test_that_a_stopped_response_says_what_is_missing(
    qtbot: QtBot, panel: DosePanel, document: Document, liver: Project, runner: Runner
) -> None:
    document.replace(liver)
    panel.setup.without.tick(panel.setup.without.names)
    task = panel.run()
    assert task is not None
    with qtbot.waitSignal(task.progress, timeout=30_000):
        pass
    with qtbot.waitSignal(task.ended, timeout=30_000):
        qtbot.mouseClick(panel.progress.stop_button, Qt.MouseButton.LeftButton)
    if panel.answer is None:  # nothing was there yet
        return
    assert "interrupted after" in panel.head.note_text.text()
    assert panel.chart.content is not None
    panel.chart.grab()


def test_that_it_is_exported_as_drawing_picture_and_table(
    shown: DosePanel, document: Document, tmp_path: Path
) -> None:
    for ending in (".svg", ".png", ".csv"):
        assert exports.save(document, tmp_path / f"dose{ending}", shown.contents)
    assert not QImage(str(tmp_path / "dose.png")).isNull()
    rows = list(csv.reader(io.StringIO((tmp_path / "dose.csv").read_text())))
    assert rows[0] == ["perturbation", "readout", "LIF=0", "LIF=1", "LIF=2", "verdict"]
    assert rows[1][1:] == ["Mass", "1", "2", "0", "window at 1"]


def test_that_the_script_asks_the_same(shown: DosePanel, answer: DoseResponse) -> None:
    result = shown.head.result
    assert result is not None
    code = "\n".join(result_statements(result, shown._document.project))
    import regnet
    import regnet.analysis.dose

    names = {"regnet": regnet, "project": shown._document.project}
    exec(code, names)
    again = names[f"dose_response_{result.number}"]
    assert isinstance(again, DoseResponse)
    assert dose_response_to_json(again, timed=False) == dose_response_to_json(answer, timed=False)


def test_that_a_result_is_asked_for_again_by_its_title(
    shown: DosePanel, document: Document, runner: Runner
) -> None:
    tasks = run_again(document, runner, document.results)
    assert [task.title for task in tasks] == ["Dose of LIF, healthy"]


def test_that_the_panel_and_the_command_line_show_the_same_levels(
    qtbot: QtBot,
    panel: DosePanel,
    document: Document,
    selection: Selection,
    liver: Project,
    models: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = ["dose", str(models / "lif_lifr.toml"), "--input", "LIF", "--scenario", "healthy",
               "--then", "Mass=0", "--readout", "Mass,HGF", "--knock-out", "LIFR"]  # fmt: skip
    assert main([*command, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert main([*command, "--format", "csv"]) == 0
    table = list(csv.reader(io.StringIO(capsys.readouterr().out)))

    document.replace(liver)
    selection.choose("healthy")
    setup = panel.setup
    setup.dose.setCurrentText("LIF")
    setup.then.setText("Mass=0")
    setup.readouts.tick(["Mass", "HGF"])
    setup.phenotypes.tick(())
    setup.without.tick(["LIFR"])
    with qtbot.waitSignal(document.results_changed, timeout=60_000):
        panel.run()
    assert panel.response is not None
    ours = json.loads(json.dumps(dose_response_to_json(panel.response, timed=False)))
    for record in (ours, told):  # the panel reads in the order of the network
        record["seconds"] = None
        del record["asked"]
        for part in (record["response"], *record["knock_outs"]):
            part["curves"].sort(key=lambda curve: curve["readout"])
        record["bounds"].sort(key=lambda bound: (bound["readout"], bound["level"]))
    assert ours == told
    drawn = panel.chart
    for perturbation, readout, *levels, _ in table[1:]:
        column = 0 if perturbation == "wild type" else 1
        row = [row.name for row in drawn.rows].index(readout)
        tips = [drawn.tip_of(column, row, level) for level in range(3)]
        assert [f"{readout} = {level}" for level in levels] == [t.splitlines()[1] for t in tips]


def test_that_it_says_where_not_all_paths_were_compared(
    panel: DosePanel, answer: DoseResponse
) -> None:
    def told(**changes: object) -> list[str]:
        bounds = tuple(replace(bound, **changes) for bound in answer.bounds)  # type: ignore[arg-type]
        panel.turns.show_answer(replace(answer, bounds=bounds))
        walk, texts = QTreeWidgetItemIterator(panel.turns), []
        while (item := walk.value()) is not None:
            texts.append(item.text(0))
            walk += 1
        return [text for text in texts if "paths were compared" in text or "no path" in text]

    assert answer.bounds
    assert told() == []
    assert all("there may be better ones" in text for text in told(complete=False))
    assert len(told(complete=False)) == len(answer.bounds)
    assert all("none was found" in text for text in told(complete=False, paths=()))
    assert all("no path of that sign" in text for text in told(paths=()))
