"""The report builder, through its own widgets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from gui.document import Document
from gui.jobs import Runner
from gui.selection import Selection
from gui.views.report import ReportPanel
from regnet.analysis.attractors import find_attractors
from regnet.analysis.confront import confront
from regnet.analysis.screen import screen, single_perturbations
from regnet.project import Project

WAIT = 20_000
ROOT = Path(__file__).parents[3]


@pytest.fixture
def panel(
    qtbot: QtBot, document: Document, selection: Selection, runner: Runner, liver: Project
) -> ReportPanel:
    made = ReportPanel(document, selection, runner)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    document.replace(liver)
    made.show()
    return made


def add_attractors(document: Document, name: str) -> None:
    project = document.project
    found = find_attractors(project.network, project.scenario(name), phenotypes=project.phenotypes)
    document.add_result(f"Attractors, {name}", found)


def made(panel: ReportPanel, qtbot: QtBot) -> str:
    qtbot.waitUntil(
        lambda: panel.report is not None and not panel._outdated and panel._task is None,
        timeout=WAIT,
    )
    return panel.preview.toPlainText()


def test_that_the_preview_follows_what_goes_in(
    panel: ReportPanel, qtbot: QtBot, document: Document
) -> None:
    text = made(panel, qtbot)
    assert "LIF-LIFR axis in liver regeneration" in text
    assert "The Goldilocks dose" in text
    titles = [box.text() for box in panel.sections.boxes]
    assert "Attractors" not in titles
    add_attractors(document, "PHx")
    assert "healthy quiescent" in made(panel, qtbot)
    assert "Attractors" in [box.text() for box in panel.sections.boxes]
    (box,) = [b for b in panel.sections.boxes if b.text() == "References"]
    assert "References" in panel.preview.toPlainText()
    box.setChecked(False)
    assert "References" not in panel.preview.toPlainText()


def test_that_the_verdicts_on_experiments_go_in(
    panel: ReportPanel, qtbot: QtBot, document: Document, liver: Project
) -> None:
    assert "C05" not in made(panel, qtbot)
    document.add_result("Experiments", confront(liver, only=["C04", "C05"]))
    text = made(panel, qtbot)
    assert "2 of 2 experiments hold" in text
    (box,) = panel.further.boxes
    assert isinstance(box, QCheckBox)
    box.click()
    qtbot.waitUntil(lambda: "2 of 2 experiments" not in made(panel, qtbot), timeout=WAIT)


def test_that_it_writes_every_form_and_the_numbers_can_be_checked(
    panel: ReportPanel, qtbot: QtBot, document: Document, liver: Project, tmp_path: Path
) -> None:
    add_attractors(document, "PHx")
    some = single_perturbations(liver.network, ["LIF", "LIFR"])
    found = screen(liver.network, liver.scenarios[:1], perturbations=some, readouts=["Mass"])
    document.add_result("Screen 1", found)
    panel.screens.setCurrentIndex(1)
    panel.screens.activated.emit(1)
    made(panel, qtbot)
    said: list[str] = []
    document.did.connect(lambda _, code: said.append(code))
    task = panel.export(str(tmp_path / "out"))
    assert task is not None
    with qtbot.waitSignal(task.ended, timeout=WAIT):
        pass
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"report.html", "report.pdf", "report.md", "screen.csv", "report.zip"} <= names
    ran = subprocess.run(
        [sys.executable, "reproduce.py"],
        cwd=tmp_path / "out",
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )
    assert ran.stdout.startswith("same")
    (code,) = said
    assert "regnet.build_report" in code
    assert "screen=screen_2" in code


def test_that_only_what_is_ticked_is_written_and_trouble_is_told(
    panel: ReportPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    made(panel, qtbot)
    for key, box in panel.forms.items():
        box.setChecked(key == "md")
    task = panel.export(str(tmp_path / "out"))
    assert task is not None
    with qtbot.waitSignal(task.ended, timeout=WAIT):
        pass
    assert {path.suffix for path in (tmp_path / "out").iterdir()} == {".md", ".svg"}
    (tmp_path / "file").write_text("in the way")
    task = panel.export(str(tmp_path / "file"))
    assert task is not None
    with qtbot.waitSignal(task.failed, timeout=WAIT) as failed:
        pass
    assert "cannot be made" in failed.args[0]
    for box in panel.forms.values():
        box.setChecked(False)
    assert not panel.export_button.isEnabled()


def test_that_stale_results_are_marked_left_out_and_computed_again(
    panel: ReportPanel, qtbot: QtBot, document: Document, liver: Project
) -> None:
    add_attractors(document, "PHx")
    made(panel, qtbot)
    assert len(panel.chosen()) == 1
    document.change("Delete VEGF", document.project.without("VEGF"))
    (box,) = panel.results.boxes
    assert box.text() == "PHx (stale)"  # type: ignore[attr-defined]
    assert not box.isEnabled()
    assert panel.chosen() == []
    assert "Attractors" not in made(panel, qtbot).splitlines()
    with qtbot.waitSignal(document.results_changed, timeout=WAIT):
        panel.again.click()
    assert len(panel.chosen()) == 1
    document.stack.undo()
    assert document.project == liver
