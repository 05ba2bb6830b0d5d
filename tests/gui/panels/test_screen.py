"""The screen workbench, through its own widgets."""

from __future__ import annotations

import csv
import os
import signal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.model.document import Document
from gui.model.runner import Runner
from gui.model.selection import Selection
from gui.panels.screen.panel import ScreenPanel
from regnet.analysis.screen import Screen, screen, single_perturbations
from regnet.figures.heatmap import screen_matrix
from regnet.figures.theme import LIGHT
from regnet.project import Project
from regnet.scenario import Scenario

WAIT = 20_000


@pytest.fixture
def panel(
    qtbot: QtBot, document: Document, selection: Selection, runner: Runner, liver: Project
) -> ScreenPanel:
    made = ScreenPanel(document, selection, runner)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    document.replace(liver)
    return made


def run(panel: ScreenPanel, qtbot: QtBot) -> None:
    qtbot.mouseClick(panel.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.state == "done", timeout=WAIT)


def everywhere(panel: ScreenPanel, kind: str) -> None:
    """Tick so much that there is time to stop it."""
    panel.setup.contexts.tick(panel.setup.contexts.names[:6])
    panel.setup.kinds[kind].setChecked(True)


def knock_out_only(panel: ScreenPanel) -> None:
    panel.setup.kinds["levels"].setChecked(False)


def cells(panel: ScreenPanel, title: str) -> list[str]:
    column = [c.title for c in panel.table.columns].index(title)
    return [panel.table.index(r, column).data() for r in range(panel.table.rowCount())]


def test_that_without_a_model_it_says_what_to_do(
    qtbot: QtBot, document: Document, selection: Selection, runner: Runner
) -> None:
    made = ScreenPanel(document, selection, runner)
    qtbot.addWidget(made)
    assert made._whole.currentIndex() == 1, "the word on why it is empty"
    assert not made.run_button.isEnabled()


def test_that_its_rows_are_those_of_the_command_line(
    panel: ScreenPanel, qtbot: QtBot, liver: Project, document: Document
) -> None:
    panel.setup.contexts.tick(["PHx", "LIF high"])
    panel.setup.changed.emit()
    assert panel.run_button.isEnabled()
    run(panel, qtbot)
    expected = screen(
        liver.network,
        [liver.scenario("PHx"), liver.scenario("LIF high")],
        perturbations=single_perturbations(liver.network),
        phenotypes=liver.phenotypes,
        readouts=["HGF", "Angio", "Mass", "Cachexia"],
    )
    (result,) = document.results
    assert isinstance(result.value, Screen)
    assert result.value.rows == expected.rows
    assert result.value.complete
    assert not document.is_stale(result)
    assert panel.table.rowCount() == len(expected.rows)


def test_that_the_estimate_is_measured_before_the_run(panel: ScreenPanel, qtbot: QtBot) -> None:
    panel.show()
    qtbot.waitUntil(lambda: "measured" in panel.estimate.text(), timeout=WAIT)
    assert "27 perturbations and the wild type, in 1 context: <b>28 runs</b>" in (
        panel.estimate.text()
    )


@pytest.mark.parametrize(
    ("nothing", "said"),
    [("targets", "Tick what to perturb."), ("contexts", "Tick where: the wild type")],
)
def test_that_it_says_what_is_missing(panel: ScreenPanel, nothing: str, said: str) -> None:
    part = getattr(panel.setup, nothing)
    part.tick([])
    part.changed.emit()
    assert panel.estimate.text().startswith(said)
    assert not panel.run_button.isEnabled()


def test_that_a_paused_screen_goes_on_and_ends_the_same(
    panel: ScreenPanel, qtbot: QtBot, document: Document
) -> None:
    everywhere(panel, "cuts")
    qtbot.mouseClick(panel.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(panel.table.rows) > 3, timeout=WAIT)
    panel.pause_button.click()
    qtbot.waitUntil(lambda: panel.state == "paused", timeout=WAIT)
    assert document.results == ()
    assert panel.pause_button.text() == "Resume"
    assert panel.table.setup is not None
    paused = list(panel.table.rows)
    assert len(paused) < panel.table.setup.runs
    panel.pause_button.click()
    qtbot.waitUntil(lambda: panel.state == "done", timeout=3 * WAIT)
    assert panel.table.rows[: len(paused)] == paused
    assert len(panel.table.rows) == panel.table.setup.runs
    (result,) = document.results
    assert result.value.complete


def test_that_a_stopped_screen_keeps_what_is_there_and_says_so(
    panel: ScreenPanel, qtbot: QtBot, document: Document, runner: Runner
) -> None:
    everywhere(panel, "cuts")
    qtbot.mouseClick(panel.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(panel.table.rows) > 3, timeout=WAIT)
    runner.stop_all()
    qtbot.waitUntil(lambda: panel.state == "stopped", timeout=WAIT)
    (result,) = document.results
    assert not result.value.complete
    assert "stopped after" in result.value.missing
    assert len(result.value.rows) == len(panel.table.rows)
    assert panel.pause_button.text() == "Resume"
    assert not panel.pause_button.isHidden()


def test_that_a_worker_that_dies_loses_no_row(
    panel: ScreenPanel, qtbot: QtBot, runner: Runner
) -> None:
    everywhere(panel, "cuts")
    qtbot.mouseClick(panel.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(panel.table.rows) > 3, timeout=WAIT)
    assert panel.work.task is not None
    assert panel.work.task._job is not None
    pid = panel.work.task._job._worker._pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: panel.state == "broken", timeout=WAIT)
    assert "died" in panel.progress.words.text()
    assert len(panel.table.rows) > 3
    assert panel.pause_button.text() == "Resume"


def test_that_rows_sort_and_filter(panel: ScreenPanel, qtbot: QtBot) -> None:
    panel.setup.contexts.tick(["LIF high"])
    knock_out_only(panel)
    run(panel, qtbot)
    panel.display.filter.setText("changed=yes mass=2")
    assert cells(panel, "Perturbation") == []
    panel.display.filter.setText("changed=yes")
    some = cells(panel, "Perturbation")
    assert "HepArrest KO" in some
    panel.display.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert cells(panel, "Perturbation") == sorted(some, key=str.lower, reverse=True)
    panel.display.filter.setText("nothing<1")
    assert panel.display.filter.toolTip() == "there is no column nothing"


def test_that_the_matrix_has_a_column_for_each_context(panel: ScreenPanel, qtbot: QtBot) -> None:
    panel.setup.contexts.tick(["PHx", "LIF high"])
    knock_out_only(panel)
    run(panel, qtbot)
    panel.display.form.setCurrentText("Matrix")
    panel.display.show_quantity("Mass")
    heads = [panel.display.matrix.headerData(c, Qt.Orientation.Horizontal) for c in range(2)]
    matrix = panel.display.matrix
    names = [matrix.headerData(r, Qt.Orientation.Vertical) for r in range(matrix.rowCount())]
    assert heads == ["PHx", "LIF high"]
    row = names.index("HepArrest KO")
    assert [panel.display.matrix.index(row, c).data() for c in range(2)] == ["2", "1 ▲"]
    panel.display.filter.setText("HepArrest")
    assert [matrix.headerData(r, Qt.Orientation.Vertical) for r in range(2)] == [
        "wild type", "HepArrest KO",
    ]  # fmt: skip
    assert matrix.rowCount() == 2


def test_that_a_row_paints_its_effect(
    panel: ScreenPanel, qtbot: QtBot, selection: Selection
) -> None:
    panel.setup.contexts.tick(["LIF high"])
    knock_out_only(panel)
    run(panel, qtbot)
    with qtbot.waitSignal(selection.painting_changed, timeout=WAIT):
        panel.display.select_row(cells(panel, "Perturbation").index("HepArrest KO"))
    painting = selection.painting
    assert painting is not None
    assert painting.levels["HepArrest"] == (0, 0)
    assert painting.before is not None
    assert painting.before["HepArrest"] == (1, 1)
    assert painting.caption.startswith("HepArrest KO, LIF high")


def test_that_a_row_opens_as_a_scenario_and_undo_takes_it_back(
    panel: ScreenPanel, qtbot: QtBot, document: Document, selection: Selection, liver: Project
) -> None:
    panel.setup.contexts.tick(["LIF high"])
    knock_out_only(panel)
    run(panel, qtbot)
    panel.display.select_row(cells(panel, "Perturbation").index("HepArrest KO"))
    panel.open_action.trigger()
    assert selection.scenario.name == "LIF high + HepArrest KO"
    clamps = selection.scenario.perturbation.clamps
    assert clamps.fixed == {"LIF_dose": 0, "Insult": 0, "LSEC": 1, "LIF": 2, "HepArrest": 0}
    assert selection.scenario.start == liver.scenario("LIF high").start
    document.stack.undo()
    assert document.project == liver


def test_that_the_table_holds_the_rows_that_are_shown(
    panel: ScreenPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    knock_out_only(panel)
    panel.setup.contexts.tick(["PHx"])
    run(panel, qtbot)
    panel.display.filter.setText("LIFR")
    panel.write_csv(tmp_path / "screen.csv")
    text = (tmp_path / "screen.csv").read_text("utf-8")
    lines = list(csv.DictReader(text.splitlines()))
    assert [line["perturbation"] for line in lines] == ["wild type", "LIFR=0"]
    assert [line["Mass"] for line in lines] == ["2", "1"]
    assert panel.display.count.text().startswith("2 of ")


def test_that_the_frames_of_a_filtered_matrix_are_those_of_the_whole(
    panel: ScreenPanel, qtbot: QtBot, liver: Project
) -> None:
    knock_out_only(panel)
    panel.setup.contexts.tick(["PHx"])
    run(panel, qtbot)
    whole = panel.shown_screen()
    panel.display.filter.setText("changed=yes")
    some = panel.shown_screen()
    assert whole is not None
    assert some is not None
    frames = [
        "".join(screen_matrix(shown, liver.network)).count(LIGHT["changed"])
        for shown in (whole, some)
    ]
    assert frames[0] == frames[1] > 1
    assert not some.rows[0].perturbation


def test_that_the_panel_follows_edits_undo_and_other_models_while_a_scenario_is_chosen(
    panel: ScreenPanel, qtbot: QtBot, document: Document, selection: Selection, toggle: Project,
    liver: Project,
) -> None:  # fmt: skip
    selection.choose("PHx")
    with qtbot.captureExceptions() as exceptions:
        document.change("Rename", document.project.renamed("STAT3", "pSTAT3"))
        assert "pSTAT3" in panel.setup.setup().targets
        document.change("Delete", document.project.without("pSTAT3"))
        document.stack.undo()
        document.stack.undo()
        document.replace(toggle)
        assert panel.setup.setup().targets == ("A", "B")
        document.replace(liver)
    assert exceptions == []


def test_that_a_screen_of_an_older_network_is_marked(
    panel: ScreenPanel, qtbot: QtBot, document: Document, liver: Project
) -> None:
    knock_out_only(panel)
    run(panel, qtbot)
    document.change("Delete STAT3", liver.without("STAT3"))
    assert not panel.notice.isHidden()
    assert panel.notice_text.text().startswith("Stale")
    assert "STAT3" not in panel.setup.targets.names


def test_that_an_earlier_screen_can_be_shown_again(
    panel: ScreenPanel, qtbot: QtBot, document: Document
) -> None:
    knock_out_only(panel)
    panel.setup.contexts.tick(["PHx"])
    run(panel, qtbot)
    panel.setup.contexts.tick(["LIF high"])
    run(panel, qtbot)
    assert set(cells(panel, "Context")) == {"LIF high"}
    assert panel.results.count() == 2
    panel.results.setCurrentIndex(1)
    panel.results.activated.emit(1)
    assert set(cells(panel, "Context")) == {"PHx"}


def test_that_another_model_starts_afresh(
    panel: ScreenPanel, qtbot: QtBot, document: Document, toggle: Project
) -> None:
    knock_out_only(panel)
    run(panel, qtbot)
    document.replace(toggle)
    assert panel.table.rowCount() == 0
    assert panel.setup.targets.ticked == ("A", "B")
    assert panel.setup.setup().contexts == (Scenario("wild type"),)


def test_that_pairs_are_shown_one_by_the_other(panel: ScreenPanel, qtbot: QtBot) -> None:
    panel.setup.targets.tick(["LIFR", "VEGF", "HGF"])
    panel.setup.contexts.tick(["PHx"])
    panel.setup.kinds["pairs"].setChecked(True)
    knock_out_only(panel)
    run(panel, qtbot)
    assert "Only together" in [c.title for c in panel.table.columns]
    panel.display.form.setCurrentText("Pairs")
    panel.display.show_quantity("Mass")
    names = [panel.display.matrix.headerData(n, Qt.Orientation.Vertical) for n in range(3)]
    assert names == ["LIFR KO", "VEGF KO", "HGF KO"]
    cells = [[panel.display.matrix.index(r, c).data() for c in range(3)] for r in range(3)]
    assert cells == [list(column) for column in zip(*cells, strict=True)]
    assert cells[0][0] == "1 ▼"
    assert cells[2][0] == "0 ▼"
    source = panel.display.matrix.source(panel.display.matrix.index(0, 1))
    assert source is not None
    assert panel.table.name(panel.table.rows[source].perturbation) == "LIFR KO, VEGF KO"
    panel.display.show_quantity("Only together")
    assert panel.display.matrix.index(0, 0).data() == ""


@pytest.mark.parametrize("form", ["Matrix", "Pairs"])
def test_that_another_screen_takes_the_place_of_a_matrix(
    panel: ScreenPanel, qtbot: QtBot, toggle: Project, document: Document, form: str
) -> None:
    panel.show()
    panel.setup.kinds["pairs"].setChecked(True)
    panel.setup.targets.tick(["LIFR", "VEGF", "HGF"])
    panel.setup.contexts.tick(["PHx", "LIF high", "LIF low"])
    knock_out_only(panel)
    run(panel, qtbot)
    panel.display.form.setCurrentText(form)
    assert panel.display.matrix.rowCount() > 0
    panel.setup.kinds["pairs"].setChecked(False)
    panel.setup.targets.tick(["LIFR"])
    panel.setup.contexts.tick(["PHx"])
    run(panel, qtbot)
    panel.display.form.setCurrentText("Matrix")
    assert (panel.display.matrix.rowCount(), panel.display.matrix.columnCount()) == (2, 1)
    document.replace(toggle)
    assert panel.display.matrix.rowCount() == 0


def test_that_an_estimate_stays_while_nothing_it_depends_on_changes(
    panel: ScreenPanel, qtbot: QtBot, document: Document, runner: Runner
) -> None:
    panel.show()
    qtbot.waitUntil(
        lambda: bool(panel.estimate.measured) and panel.estimate.probing is None, timeout=WAIT
    )
    text = panel.estimate.text()
    project = document.project
    document.change("Delete PHx", project.without_scenario("PHx"))
    assert panel.estimate.text() == text
    panel.setup.kinds["levels"].setChecked(False)
    assert "measured" not in panel.estimate.text()
