"""Every kind of answer in the window: listed, shown, asked again and told as a script."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.model.document import Document
from gui.model.runner import Runner
from gui.model.selection import Selection
from gui.panels.inspector.panel import InspectorPanel
from gui.panels.run.commitment_bar import CommitmentBar
from gui.panels.run.panel import StatesPanel
from gui.results.again import run_again
from gui.results.results import ResultsPanel
from gui.results.scripting import Session, name_of
from gui.shell.main_window import MainWindow
from gui.shell.panels import PANELS
from regnet.analysis import Asked
from regnet.evidence import Expectation, Experiment
from regnet.formats import save
from regnet.project import Project
from regnet.questions import QUESTIONS, ask, summary_of
from regnet.scenario import Scenario
from regnet.temporal import parse_query

WAIT = 30_000
each_question = pytest.mark.parametrize("name", QUESTIONS)


def asked_of(name: str, liver: Project) -> Asked:
    phx = liver.scenario("PHx")
    first = liver.experiments[0].id
    options = {
        "attractors": {"scenario": phx, "phenotypes": liver.phenotypes, "limit": 1},
        "screen": {"contexts": (phx,), "readouts": ("Mass",)},
        "compare": {"before": Scenario(), "after": phx, "phenotypes": liver.phenotypes},
        "query": {"scenario": phx, "formula": parse_query("EF Mass:2", liver.network)},
        "control": {"target": liver.phenotypes[0], "scenario": phx, "max_size": 1},
        "simulate": {"scenario": phx, "until": 2.0, "points": 2, "readouts": ("Mass",)},
        "dose": {"scenario": phx, "dose": "LIF_dose", "readouts": ("Mass",)},
        "pulses": {"scenario": phx, "dose": "LIF_dose", "level": 1, "amounts": (0, 1),
                   "until": 2.0, "readouts": ("Mass",)},
        "explain": {"scenario": phx, "component": "Mass", "phenotypes": liver.phenotypes},
        "commitment": {"scenario": phx, "seed": 3, "phenotypes": liver.phenotypes},
        "check": {"only": (first,)},
        "sensitivity": {"only": (first,)},
        "robustness": {"sets": 2},
        "conditions": {"contexts": (phx,), "readouts": ("Mass",), "until": 4.0},
        "variants": {"only": (first,)},
    }  # fmt: skip
    return Asked(name, options.get(name, {"scenario": phx}))


@each_question
def test_that_an_answer_is_listed_asked_again_and_told_as_a_script(
    name: str,
    document: Document,
    selection: Selection,
    runner: Runner,
    liver: Project,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    question = QUESTIONS[name]
    if name == "robustness":
        mass = Expectation("first time", liver.network.parse("Mass:2"), below=9.0)
        timed = Experiment("T", "", liver.scenario("PHx"), (mass,))
        liver = replace(liver, experiments=(timed,))
    model = tmp_path / "liver.toml"
    save(liver, model)
    listed = ResultsPanel(document, selection, runner)
    qtbot.addWidget(listed)
    document.replace(liver)
    answer = ask(asked_of(name, liver), liver)
    result = document.add_result("An answer", answer)
    item = listed.tree.topLevelItem(0)
    assert item is not None
    assert (item.text(0), item.text(1)) == ("An answer", summary_of(answer))
    item.setSelected(True)
    assert listed.again.isEnabled()
    assert listed.show_action.isEnabled() is bool(question.panel)
    assert question.panel in ("", *(panel.key for panel in PANELS))

    def record(value: object) -> object:
        return json.loads(json.dumps(question.to_json(value, liver, timed=False)))

    (task,) = run_again(document, runner, [result])
    with qtbot.waitSignal(task.finished, timeout=WAIT):
        pass
    qtbot.waitUntil(lambda: len(document.results) == 2, timeout=WAIT)
    again = document.results[-1].value
    ours, theirs = record(again), record(answer)
    for data in (ours, theirs):
        assert isinstance(data, dict)
        if name == "check":  # verdicts that stand are not found once more
            data.pop("why", None)
    assert ours == theirs

    session = Session(liver)
    session.result(result)
    names: dict[str, object] = {}
    exec(session.text(f"regnet.load({str(model)!r})"), names)
    assert record(names[name_of(result)]) == record(answer)


def test_that_a_run_and_its_points_of_no_return_are_shown_again(
    window: MainWindow, liver: Project, qtbot: QtBot
) -> None:
    document = window.document
    document.replace(liver)
    answer = ask(asked_of("commitment", liver), liver)
    result = document.add_result("Points of no return", answer)
    window.selection.ask("states", str(result.number))
    panel = window.panels["states"]
    assert isinstance(panel, StatesPanel)
    assert panel.walk is not None
    assert tuple(moment.state for moment in panel.walk.moments) == answer.path
    assert window.selection.scenario.name == "PHx"
    ends: CommitmentBar = panel.ends
    assert ends.box.isChecked()
    assert ends.found == answer


def test_that_an_explanation_is_shown_again(window: MainWindow, liver: Project) -> None:
    document = window.document
    document.replace(liver)
    answer = ask(asked_of("explain", liver), liver)
    result = document.add_result("Why Mass", answer)
    window.selection.ask("inspector", str(result.number))
    panel = window.panels["inspector"]
    assert isinstance(panel, InspectorPanel)
    assert window.selection.component == "Mass"
    assert window.selection.painting is not None
    assert window.selection.painting.attractor == answer.found[0].attractor
    assert panel.tabs.currentIndex() == 2
    assert panel.why.answer == answer.found[0].explanation
