"""The script panel: a whole session, saved and run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from gui.model import edits
from gui.model.document import Document
from gui.model.runner import Runner
from gui.model.selection import Selection
from gui.results.script import ScriptPanel
from regnet.analysis.attractors import find_attractors
from regnet.analysis.screen import screen
from regnet.formats import loads
from regnet.project import Project
from regnet.questions import summary_of

ROOT = Path(__file__).parents[3]


@pytest.fixture
def panel(
    qtbot: QtBot, document: Document, selection: Selection, runner: Runner, liver: Project
) -> ScriptPanel:
    made = ScriptPanel(document, selection, runner)
    qtbot.addWidget(made)
    document.replace(liver, Path("lif_lifr.toml"))
    return made


def test_that_what_is_done_appears_as_python(
    panel: ScriptPanel, document: Document, selection: Selection
) -> None:
    assert panel.code.toPlainText().endswith("project = regnet.load('lif_lifr.toml')\n")
    edits.hold(document, selection, "LIFR", 0)
    text = panel.code.toPlainText()
    assert "# Hold LIFR" in text or "# LIFR KO" in text
    assert "regnet.Space({'LIFR': 0})" in text


def test_that_undo_takes_the_lines_away(
    panel: ScriptPanel, document: Document, selection: Selection
) -> None:
    before = panel.text
    edits.hold(document, selection, "LIFR", 0)
    document.stack.undo()
    assert panel.text == before
    document.stack.redo()
    assert "LIFR" in panel.text


def test_that_the_saved_session_runs_and_gives_the_same_numbers(
    panel: ScriptPanel, document: Document, selection: Selection, tmp_path: Path
) -> None:
    edits.hold(document, selection, "LIFR", 0)
    network = document.network
    found = find_attractors(network, selection.scenario, phenotypes=document.project.phenotypes)
    document.add_result("Attractors, LIFR KO", found)
    edits.hold(document, selection, "LIF", 2)
    rows = screen(network, [selection.scenario], readouts=["Mass", "HGF"])
    document.add_result("Screen 1", rows)
    document.change("Delete VEGF", document.project.without("VEGF"))
    again = find_attractors(document.network, phenotypes=document.project.phenotypes)
    document.add_result("Attractors, wild type", again)
    panel.write(tmp_path / "session.py")
    ran = subprocess.run(
        [sys.executable, str(tmp_path / "session.py")],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )
    assert ran.stderr == ""
    assert ran.stdout.splitlines() == [
        f"{result.title}: {summary_of(result.value)}" for result in document.results
    ]


def test_that_the_script_can_be_copied(panel: ScriptPanel) -> None:
    panel.copy.trigger()
    assert QGuiApplication.clipboard().text() == panel.text


def test_that_another_model_begins_another_script(
    panel: ScriptPanel, document: Document, selection: Selection, toggle: Project
) -> None:
    edits.hold(document, selection, "LIFR", 0)
    document.replace(toggle)
    assert "LIFR" not in panel.text


def _outcome(panel: ScriptPanel) -> Project:
    """Run the script in this process, and return the project that it ends with."""
    names: dict[str, object] = {"start": panel.session.start}
    exec(panel.session.text("start"), names)
    made = names["project"]
    assert isinstance(made, Project)
    return made


def test_that_a_script_ends_with_the_project_that_is_open_after_deletions_and_undo(
    panel: ScriptPanel, document: Document, qtbot: QtBot
) -> None:
    three = loads("A, !B\nB, !A\nC, A\n", "three.bnet").project
    document.replace(three)
    with qtbot.captureExceptions() as exceptions:
        document.change("Delete A and B", three.without("A", "B"))
        document.stack.undo()
        assert "without" not in panel.text
        document.change("Delete A", three.without("A"))
        document.add_result("Attractors", find_attractors(document.network))
        document.stack.undo()  # not at the end of the script: an answer lies between
    assert exceptions == []
    assert _outcome(panel) == document.project == three
