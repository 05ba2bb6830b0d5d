"""The interventions panel: what is asked, what is listed, and what a set does when it is chosen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

import regnet
import regnet.analysis.control
from gui.model.document import Document, Result
from gui.model.runner import Runner
from gui.model.selection import Selection
from gui.panels.interventions.panel import InterventionsPanel
from gui.panels.interventions.setup import OWN, STARTS, parse_costs
from gui.results.again import run_again
from gui.results.scripting import result_statements
from regnet.analysis.control import Interventions, find_interventions
from regnet.errors import RegnetError
from regnet.formats import load
from regnet.network import Rule
from regnet.project import Project


@pytest.fixture
def panel(qtbot: QtBot, document: Document, selection: Selection, runner: Runner,
          liver: Project) -> InterventionsPanel:  # fmt: skip
    """The panel with the liver model, asked to bring the liver back without wasting."""
    made = InterventionsPanel(document, selection, runner)
    made.setObjectName("interventions")
    qtbot.addWidget(made)
    document.replace(liver)
    selection.choose("overdose before PHx")
    made.setup.wanted.setCurrentText(OWN)
    made.setup.condition.set_text("Mass:2 & !Cachexia")
    made.show()
    return made


def found(panel: InterventionsPanel, qtbot: QtBot) -> Interventions:
    task = panel.run()
    assert task is not None
    with qtbot.waitSignal(task.ended, timeout=60_000):
        pass
    assert panel.answer is not None
    return panel.answer


def test_that_the_panel_lists_what_the_command_line_finds(
    panel: InterventionsPanel, qtbot: QtBot, liver: Project
) -> None:
    answer = found(panel, qtbot)
    expected = find_interventions(
        liver.network, liver.scenario("overdose before PHx"),
        liver.network.parse("Mass:2 & !Cachexia"), max_size=2, phenotypes=liver.phenotypes,
    )  # fmt: skip
    assert answer.found == expected.found
    assert panel.table.rowCount() == len(expected.found)
    assert panel.table.text(0, 0) == "LIF = 1"
    assert "no other set of up to 2" in panel.proof.text()


def test_that_a_set_paints_its_effect_and_opens_as_a_scenario_that_undo_takes_back(
    panel: InterventionsPanel, qtbot: QtBot, document: Document, selection: Selection
) -> None:
    found(panel, qtbot)
    before = document.project
    with qtbot.waitSignal(selection.painting_changed, timeout=60_000):
        panel.choose(0)
    painting = selection.painting
    assert painting is not None
    assert painting.caption.startswith("LIF = 1, overdose before PHx")
    assert painting.levels["Mass"] == (2, 2)
    assert painting.before is not None
    panel.open_action.trigger()
    assert selection.scenario_title == "overdose before PHx + LIF = 1"
    assert selection.scenario.perturbation.clamps["LIF"] == (1, 1)
    document.stack.undo()
    assert document.project == before


def test_that_a_condition_is_checked_while_it_is_typed(panel: InterventionsPanel) -> None:
    panel.setup.condition.set_text("Mass:9")
    assert "level up to 2" in panel.setup.condition.complaint.text()
    assert not panel.run_button.isEnabled()
    panel.setup.condition.set_text("Masss")
    assert "did you mean 'Mass'" in panel.setup.condition.complaint.text()
    panel.setup.condition.set_text("Mass:2")
    assert not panel.setup.condition.complaint.isVisible()
    assert panel.run_button.isEnabled()


def test_that_what_the_target_names_is_not_offered(panel: InterventionsPanel) -> None:
    assert not {"Mass", "Cachexia"} & set(panel.setup.allowed.names)
    panel.setup.allowed.tick(["HGF", "LIF"])
    panel.setup.condition.set_text("Mass:2 & !HGF")
    assert panel.setup.allowed.ticked == ("LIF",)


def test_that_what_the_scenario_holds_is_left_alone_until_it_is_ticked(
    panel: InterventionsPanel, selection: Selection
) -> None:
    held = set(selection.scenario.perturbation.clamps)
    assert held
    setup = panel.setup
    assert held <= set(setup.allowed.names)
    assert not held & set(setup.allowed.ticked)
    assert setup.asked().options["allow"] == ()
    selection.choose("")
    assert set(setup.allowed.ticked) == set(setup.allowed.names)
    selection.choose("LIF high")
    assert "LIF" not in setup.allowed.ticked
    setup.allowed.tick(setup.allowed.names)
    assert set(setup.asked().options["allow"]) == set(setup.allowed.names)


def test_that_only_ticked_components_are_held_and_costs_order_the_sets(
    panel: InterventionsPanel, qtbot: QtBot
) -> None:
    panel.setup.allowed.tick(["LIF", "HGF", "STAT3"])
    panel.setup.costs.setText("LIF=5")
    answer = found(panel, qtbot)
    held = {name for one in answer.found for name in one.perturbation.clamps}
    assert held
    assert held <= {"LIF", "HGF", "STAT3"}
    assert [one.cost for one in answer.found] == sorted(one.cost for one in answer.found)
    assert not panel.view.isColumnHidden(2)


def test_that_the_scenario_can_start_anywhere(panel: InterventionsPanel) -> None:
    panel.setup.where.setCurrentText(STARTS[1])
    scenario = panel.setup.asked().scenario
    assert not scenario.start
    assert scenario.name == "overdose before PHx, from anywhere"


def test_that_costs_are_read_with_names_that_exist(liver: Project) -> None:
    assert parse_costs("LIF=2, LIF -> LIFR = 0.5", liver.network) == {"LIF": 2, "LIF->LIFR": 0.5}
    for text in ("LIF", "LIF=-1", "LIF=x", "Nobody=1", "=3"):
        with pytest.raises(RegnetError):
            parse_costs(text, liver.network)


def test_that_the_table_behaves_and_is_sorted_and_filtered(
    panel: InterventionsPanel, qtbot: QtBot
) -> None:
    QAbstractItemModelTester(
        panel.table, QAbstractItemModelTester.FailureReportingMode.QtTest, panel
    )
    found(panel, qtbot)
    panel.filter.setText("size=2")
    sizes = {panel.table.text(s, 1) for s in panel.table.sources()}
    assert sizes <= {"2"}
    panel.filter.setText("nothing like it")
    assert panel.table.rowCount() == 0
    assert "No set matches" in panel._empty.text()


def test_that_an_answer_is_kept_told_as_python_and_asked_again(
    panel: InterventionsPanel, qtbot: QtBot, document: Document, runner: Runner, liver: Project
) -> None:
    panel.setup.cuts.setChecked(True)
    answer = found(panel, qtbot)
    (call, _) = result_statements(Result(1, "x", answer), liver)
    names: dict[str, object] = {"regnet": regnet, "project": liver}
    exec(call, names)
    assert names["interventions_1"].found == answer.found  # type: ignore[attr-defined]
    rule = Rule.parse({1: "LIF:1"}, liver.network.tops)
    document.change(
        "Edit", replace(document.project, network=liver.network.with_rule("Cachexia", rule))
    )
    assert document.is_stale(document.results[0])
    (task,) = run_again(document, runner, document.results[:1])
    with qtbot.waitSignal(task.ended, timeout=60_000):
        pass
    newest = document.results[-1]
    assert newest.title == document.results[0].title
    assert not document.is_stale(newest)


def test_that_stopping_keeps_what_was_proved(
    panel: InterventionsPanel, qtbot: QtBot, document: Document, selection: Selection
) -> None:
    large = load(Path(__file__).parents[2] / "models" / "lif_lifr_extended.toml")
    document.replace(large)  # it takes minutes, so that there is something to stop
    selection.choose("overdose before PHx")
    panel.setup.wanted.setCurrentText(OWN)
    panel.setup.condition.set_text("Mass:2 & !Cachexia")
    panel.setup.most.setValue(8)
    task = panel.run()
    assert task is not None
    with qtbot.waitSignal(
        task.progress, timeout=60_000, check_params_cb=lambda _f, words: "sets of 2" in words
    ):
        pass
    with qtbot.waitSignal(task.ended, timeout=60_000):
        panel.progress.stop_button.click()
    answer = panel.answer
    assert answer is not None
    assert not answer.complete
    assert answer.found
    assert answer.proved >= 1
    assert "was stopped" in panel.proof.text()
