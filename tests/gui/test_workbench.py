"""Journeys through the window: a screen that is sorted and filtered, and a report of it."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from gui.panels.report.panel import ReportPanel
from gui.panels.screen.panel import ScreenPanel
from gui.shell.main_window import MainWindow
from regnet.cli import main
from regnet.formats import FORMATS

ROOT = Path(__file__).parents[2]
WAIT = 30_000


@pytest.fixture
def opened(window: MainWindow, models: Path) -> MainWindow:
    assert window.open(models / "lif_lifr.toml")
    return window


def trigger(window: MainWindow, text: str) -> None:
    (action,) = [a for a in window.findChildren(QAction) if a.text().replace("&", "") == text]
    action.trigger()


def test_that_a_screen_agrees_with_the_command_line_and_a_row_becomes_a_scenario(
    opened: MainWindow, models: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    before = opened.document.project
    opened.selection.choose("PHx")
    trigger(opened, "Screen…")
    panel = opened.panels["screen"]
    assert isinstance(panel, ScreenPanel)
    assert opened.tabs.currentWidget() is panel
    panel.setup.phenotypes.tick([])
    panel.setup.readouts.tick(["Mass", "Cachexia"])
    panel.setup.readouts.changed.emit()
    qtbot.mouseClick(panel.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.state == "done", timeout=WAIT)
    panel.write_csv(tmp_path / "screen.csv")
    command = ["screen", str(models / "lif_lifr.toml"), "--contexts", "PHx"]
    ran = subprocess.run(
        [sys.executable, "-m", "regnet", *command, "--readouts", "Cachexia", "Mass",
         "--format", "csv"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    shown = list(csv.DictReader(io.StringIO((tmp_path / "screen.csv").read_text("utf-8"))))
    told = list(csv.DictReader(io.StringIO(ran.stdout)))
    assert shown == told
    panel.display.filter.setText("changed=yes Mass<1")
    panel.display.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    names = [panel.table.index(row, 0).data() for row in range(panel.table.rowCount())]
    assert names == sorted(names, key=str.lower)
    assert "HGF KO" in names
    panel.display.select_row(names.index("HGF KO"))
    trigger(opened, "Open row as scenario")
    assert opened.selection.scenario.name == "PHx + HGF KO"
    opened.document.stack.undo()
    write = FORMATS["toml"].write
    assert write(opened.document.project, "") == write(before, "")


def test_that_a_report_is_built_and_written(
    opened: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    before = opened.document.project
    opened.selection.choose("LIF high")
    trigger(opened, "Find attractors")
    qtbot.waitUntil(lambda: len(opened.document.results) == 1, timeout=WAIT)
    trigger(opened, "Report…")
    panel = opened.panels["report"]
    assert isinstance(panel, ReportPanel)
    qtbot.waitUntil(lambda: panel.export_button.isEnabled(), timeout=WAIT)
    assert "overdose (wasting)" in panel.preview.toPlainText()
    task = panel.export(str(tmp_path / "report"))
    assert task is not None
    with qtbot.waitSignal(task.ended, timeout=WAIT):
        pass
    assert task.state == "done"
    digest = opened.document.network.digest
    assert digest in (tmp_path / "report" / "report.html").read_text("utf-8")
    assert "wrote" in opened.messages.text.lower()
    assert opened.document.project is before
    told = tmp_path / "told"
    command = ["report", str(opened.document.path), "--scenario", "LIF high", "-o", str(told)]
    assert main([*command, "--forms", "csv"]) == 0
    for name in ("attractors.csv", "edges.csv"):
        shown = (tmp_path / "report" / name).read_text("utf-8")
        assert shown == (told / name).read_text("utf-8")
