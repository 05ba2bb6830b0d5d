"""The report builder, through its own widgets."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from gui.model.document import Document
from gui.model.runner import Runner
from gui.model.selection import Selection
from gui.panels.report.panel import ReportPanel
from gui.results.again import can_run_again, run_again
from gui.results.extras import answer
from gui.results.scripting import result_statements
from regnet.analysis.attractors import find_attractors
from regnet.analysis.check import confront
from regnet.analysis.explain.several import find_explanations
from regnet.analysis.screen import screen, single_perturbations
from regnet.network import Rule
from regnet.project import Project
from regnet.questions import EXTRAS, question_of, summary_of
from regnet.report.extras import find_extra
from regnet.scenario import Scenario

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
    qtbot.keyClicks(panel.author, "R. Virchow")
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
    assert 'name="author" content="R. Virchow"' in (tmp_path / "out/report.html").read_text()
    (code,) = said
    assert "author='R. Virchow'" in code
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


@pytest.mark.parametrize(
    ("what", "about"),
    [
        ("why", "STAT3"),
        ("commitment", ""),
        ("query", "EF Mass:2"),
        ("time", ""),
        ("dose", "LIF_dose"),
        ("duration", "LIF_dose"),
    ],
)
def test_that_it_has_what_the_command_line_puts_in(
    what: str,
    about: str,
    panel: ReportPanel,
    qtbot: QtBot,
    document: Document,
    selection: Selection,
    liver: Project,
) -> None:
    selection.choose("PHx")
    extras = panel.extras
    (row,) = [n for n, key in enumerate(EXTRAS) if key == what]
    extras.what.setCurrentIndex(row)
    extras.of.setText(about)
    with qtbot.waitSignal(document.results_changed, timeout=60_000):
        qtbot.mouseClick(extras.button, Qt.MouseButton.LeftButton)
    (result,) = document.results
    theirs = find_extra(liver, liver.scenario("PHx"), what, about)
    question = question_of(theirs)
    assert question is not None
    record = question.to_json(result.value, liver, timed=False)
    assert record == question.to_json(theirs, liver, timed=False)
    assert result.title in [box.text() for box in panel.further.boxes]  # type: ignore[attr-defined]
    assert result.title.endswith(", PHx")
    assert len(summary_of(result.value)) > 10
    assert can_run_again(result)
    assert "its question is not known" not in result_statements(result, liver)[0]
    title = question.section(theirs, liver).title
    qtbot.waitUntil(lambda: title in made(panel, qtbot), timeout=WAIT)


@pytest.mark.parametrize(
    ("what", "about", "trouble"),
    [("why", "Nobody", "Nobody"), ("query", "EF (", ""), ("dose", "", "")],
)
def test_that_a_question_for_the_report_has_to_make_sense(
    what: str, about: str, trouble: str, panel: ReportPanel, runner: Runner, document: Document
) -> None:
    told: list[str] = []
    document.said.connect(lambda sentence, _: told.append(sentence))
    extras = panel.extras
    extras.what.setCurrentIndex(list(EXTRAS).index(what))
    extras.of.setText(about)
    assert extras.button.isEnabled() is bool(about)
    extras.of.returnPressed.emit()
    assert runner.active == ()
    assert bool(told) is bool(about)
    assert all(trouble in sentence for sentence in told)


def test_that_explanations_and_runs_are_asked_again_of_a_changed_network(
    qtbot: QtBot, document: Document, runner: Runner, toggle: Project
) -> None:
    document.replace(toggle)
    document.add_result("Why A", find_explanations(toggle.network, None, "A"))
    document.add_result("Points of no return", answer(toggle, Scenario(), "commitment"))
    rule = Rule.of("!A & S")
    changed = replace(toggle, network=toggle.network.with_rule("B", rule))
    document.change("Change B", changed)
    assert len(document.stale_results()) == 2
    run_again(document, runner, document.stale_results())
    qtbot.waitUntil(lambda: document.stale_results() == (), timeout=WAIT)
    assert len(document.results) == 4


def test_that_lists_are_made_when_somebody_looks(
    qtbot: QtBot, document: Document, selection: Selection, runner: Runner, liver: Project
) -> None:
    hidden = ReportPanel(document, selection, runner)
    qtbot.addWidget(hidden)
    document.replace(liver)
    add_attractors(document, "PHx")
    assert hidden.results.boxes == []
    hidden.show()
    assert [box.text() for box in hidden.results.boxes] == ["PHx"]  # type: ignore[attr-defined]


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
