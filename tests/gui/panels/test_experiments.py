"""The ledger of experiments: checking, what shows a verdict, editing, and what they protect."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from gui.model.selection import Painting
from gui.panels.experiments.panel import ExperimentsPanel
from gui.panels.run.panel import StatesPanel
from gui.shell.main_window import MainWindow
from gui.shell.panels import PANELS
from regnet.analysis.attractors import find_attractors
from regnet.analysis.check import Confrontation
from regnet.cli import main
from regnet.evidence import Counterpart, Expectation, Experiment, Reference
from regnet.formats import load
from regnet.formats.toml import to_toml
from regnet.network import Claim, Component, LogicalNetwork, Rule
from regnet.project import Project
from regnet.records.check import confrontation_to_json
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space

WAIT = 30_000


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    """The window with the panels that experiments reach into."""
    few = ("scenario-bar", "network", "states", "experiments", "inspector", "script")
    made = MainWindow(panels=[panel for panel in PANELS if panel.key in few])
    qtbot.addWidget(made, before_close_func=lambda _: made.document.stack.setClean())
    made.show()
    return made


@pytest.fixture
def memory() -> Project:
    """A switch that stays on once it was set, with three experiments; the last one fails."""
    network = LogicalNetwork(
        (
            Component("Set"),
            Component("Reset"),
            Component("On", Rule.of("Set | On & !Reset"), refs=("R1",)),
            Component("Seen", Rule.of("On")),
        ),
        claims=(Claim("Set", "On", "+", refs=("R1",)), Claim("On", "Seen", "+")),
        name="memory",
    )
    off = Space({"Set": 0, "Reset": 0, "On": 0, "Seen": 0})
    held = Scenario("set", Perturbation(Space({"Set": 1, "Reset": 0})), off)
    left = Scenario("", Perturbation(Space({"Set": 0, "Reset": 0})), off)

    def expect(kind: str, text: str) -> tuple[Expectation, ...]:
        return (Expectation(kind, network.parse(text)),)

    return Project(
        network,
        references=(Reference("R1", "A paper", doi="10.1000/182"),),
        scenarios=(held,),
        experiments=(
            Experiment("E1", "it is seen", held, expect("every attractor", "Seen"), refs=("R1",)),
            Experiment("E2", "it can come on", held, expect("reachable", "On & Seen")),
            Experiment("E3", "it comes on by itself", left, expect("some attractor", "On")),
        ),
    )


@pytest.fixture
def panel(window: MainWindow, memory: Project) -> ExperimentsPanel:
    window.document.replace(memory)
    window.show_panel("experiments")
    found = window.panels["experiments"]
    assert isinstance(found, ExperimentsPanel)
    return found


def _states(panel: ExperimentsPanel) -> dict[str, str]:
    return {entry.experiment.id: entry.words for entry in panel.entries}


def _check_all(panel: ExperimentsPanel, qtbot: QtBot) -> None:
    panel.check_all.trigger()
    qtbot.waitUntil(lambda: all(entry.is_current for entry in panel.entries), timeout=WAIT)


def test_that_an_empty_ledger_says_what_to_do(panel: ExperimentsPanel, window: MainWindow) -> None:
    window.document.replace(Project(LogicalNetwork((Component("A"),))))
    assert "Turn any observation" in panel._empty.text()
    assert panel._stack.currentIndex() == 1


def test_that_every_experiment_is_a_row_with_what_it_gives_does_and_expects(
    panel: ExperimentsPanel,
) -> None:
    QAbstractItemModelTester(panel.model)
    rows = [[panel.model.data(panel.model.index(r, c)) for c in range(8)] for r in range(3)]
    assert rows[0] == ["– not checked", "E1", "", "it is seen", "Set=0, Reset=0, On=0, Seen=0",
                       "set", "every attractor: Seen", ""]  # fmt: skip
    assert rows[2][5] == "Set = 0, Reset = 0"
    assert "not been checked" in panel.note_words.text()


def test_that_verdicts_are_words_and_signs_and_can_be_filtered(
    panel: ExperimentsPanel, qtbot: QtBot
) -> None:
    _check_all(panel, qtbot)
    assert _states(panel) == {"E1": "✓ holds", "E2": "✓ holds", "E3": "✗ fails"}
    assert panel.summary.text() == "3 experiments: 2 hold, 1 fails"
    panel.filter.setCurrentText("Not as expected")
    panel.filter.activated.emit(1)
    assert [entry.experiment.id for entry in panel.model.entries] == ["E3"]
    assert "some attractor: On" in panel.details.words.words()
    panel.filter.setCurrentText("Open or not checked")
    panel.filter.activated.emit(2)
    assert "none of 3 is open" in panel.details.words.words()


def test_that_one_experiment_can_be_checked_alone(panel: ExperimentsPanel, qtbot: QtBot) -> None:
    panel.choose("E3")
    panel.check_one.trigger()
    qtbot.waitUntil(lambda: _states(panel)["E3"] == "✗ fails", timeout=WAIT)
    assert _states(panel)["E1"] == "– not checked"


def test_that_an_edit_checks_again_by_itself_and_undo_brings_the_verdicts_back(
    panel: ExperimentsPanel, window: MainWindow, memory: Project, qtbot: QtBot
) -> None:
    _check_all(panel, qtbot)
    broken = memory.network.with_rule("Seen", Rule.constant(0))
    window.document.change("Break it", replace(memory, network=broken))
    assert _states(panel)["E1"] == "✓ holds, before the edit"
    qtbot.waitUntil(lambda: _states(panel)["E1"] == "✗ fails", timeout=WAIT)
    value = window.document.results[-1].value
    assert isinstance(value, Confrontation)
    assert value.origin.why.endswith("1 of 3 reused"), "only what the edit can change"
    assert len(window.document.results) == 2
    window.document.stack.undo()
    assert _states(panel) == {"E1": "✓ holds", "E2": "✓ holds", "E3": "✗ fails"}
    assert window.document.project is memory
    assert len(window.document.results) == 1, "nobody asked for the other one"


def test_that_what_takes_long_is_offered_and_not_done(
    panel: ExperimentsPanel,
    window: MainWindow,
    memory: Project,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _check_all(panel, qtbot)
    monkeypatch.setattr("gui.panels.experiments.checker.QUICK", -1.0)
    broken = memory.network.with_rule("Seen", Rule.constant(0))
    window.document.change("Break it", replace(memory, network=broken))
    assert not panel.checker.is_about_to
    assert panel.note.isVisible()
    assert "3 verdicts are from before the last edit" in panel.note_words.text()
    panel.again.click()
    qtbot.waitUntil(lambda: _states(panel)["E1"] == "✗ fails", timeout=WAIT)
    assert not panel.note.isVisible()


def test_that_a_witness_is_painted_and_played(
    panel: ExperimentsPanel, window: MainWindow, qtbot: QtBot
) -> None:
    _check_all(panel, qtbot)
    panel.choose("E3")
    panel.details.words.linkActivated.emit("scenario")
    assert window.selection.scenario.name == "E3"
    assert window.document.stack.undoText() == "Open the scenario of E3"
    panel.choose("E2")
    entry = panel.chosen
    assert entry is not None
    assert entry.verdict is not None
    path = entry.verdict.findings[0].path
    assert path is not None
    panel.details.words.linkActivated.emit("play:0")
    assert window.selection.scenario.name == "set"
    states = window.panels["states"]
    assert isinstance(states, StatesPanel)
    assert states.walk is not None
    shown = [dict(zip(("Set", "Reset", "On", "Seen"), m.state, strict=True))
             for m in states.walk.moments]  # fmt: skip
    assert shown == [{n: low for n, (low, _) in space.items()} for space in path]
    panel.details.words.linkActivated.emit("paint:0")
    painting = window.selection.painting
    assert painting is not None
    assert painting.levels["Seen"] == (1, 1)
    assert painting.caption.startswith("E2, the state that decides")


def test_that_what_is_seen_becomes_an_experiment_that_is_saved(
    panel: ExperimentsPanel, window: MainWindow, memory: Project, qtbot: QtBot, tmp_path: Path
) -> None:
    window.selection.choose("set")
    found = find_attractors(memory.network, memory.scenario("set"))
    first = found.attractors[0]
    window.selection.paint(
        Painting(first.space, "A1", attractor=first, scenario=memory.scenario("set"))
    )
    panel.add.trigger()
    form = panel.form
    ((kind, field),) = form.rows
    assert (kind.currentText(), field.text()) == ("some attractor", "On & Seen")
    field.setText("On &")
    form.save.click()
    assert form.trouble.isVisible()
    assert len(window.document.project.experiments) == 3
    field.setText("On & Seen")
    form.title.setText("what I saw")
    form.save.click()
    added = window.document.project.experiments[-1]
    assert (added.id, added.title, added.scenario.name) == ("X04", "what I saw", "set")
    assert panel.chosen is not None
    assert panel.chosen.experiment == added
    window.document.save(tmp_path / "memory.toml")
    assert load(tmp_path / "memory.toml").experiments[-1] == added
    panel.edit.trigger()
    form.title.setText("what I saw twice")
    form.key.setText("S1")
    form.save.click()
    assert [e.id for e in window.document.project.experiments] == ["E1", "E2", "E3", "S1"]
    panel.delete.trigger()
    assert window.document.project == memory
    for _ in range(3):
        window.document.stack.undo()
    assert window.document.project is memory


def test_that_a_form_names_what_is_wrong_with_an_experiment(panel: ExperimentsPanel) -> None:
    panel.choose("E1")
    panel.edit.trigger()
    form = panel.form
    form.key.setText("E2")
    form.save.click()
    assert "already an experiment E2" in form.trouble.text()
    form.key.setText("E1")
    form.more.click()
    kind, field = form.rows[-1]
    for word, text, trouble in (
        ("attractors", "many", "number"),
        ("spans", "Sen=0..1", "Seen"),
        ("reachable", "", "missing"),
        ("never", "On & Sett", "Set"),
    ):
        kind.setCurrentText(word)
        field.setText(text)
        form.save.click()
        assert trouble in form.trouble.text()
    kind.setCurrentText("only fixed points")
    assert not field.isVisible()
    form.save.click()
    assert panel._document.project.experiments[0].expect[-1] == Expectation("only fixed points")


def test_that_what_is_expected_of_time_is_typed_in_one_line_and_kept(
    panel: ExperimentsPanel,
) -> None:
    document = panel._document
    set_, unset = document.project.experiments[0].scenario, Scenario("unset")
    unnamed = Counterpart(Scenario("", Perturbation(Space({"Set": 0}))), unset)
    seen = document.project.network.parse("Seen")
    given = Expectation("later", seen, than=unnamed)
    first = replace(document.project.experiments[0], expect=(given,))
    document.replace(
        replace(
            document.project,
            scenarios=(set_,),
            experiments=(first, *document.project.experiments[1:]),
        )
    )
    panel.choose("E1")
    panel.edit.trigger()
    form = panel.form
    form.more.click()
    kind, field = form.rows[-1]
    kind.setCurrentText("sooner")
    field.setText("Seen; than nowhere")
    form.save.click()
    assert "no scenario 'nowhere'" in form.trouble.text()
    field.setText("Seen; than set; by 10 %")
    form.save.click()
    sooner = Expectation("sooner", seen, than=Counterpart(set_), by=0.1)
    assert document.project.experiments[0].expect == (given, sooner)


def test_that_coverage_lists_what_nobody_protects_and_shows_it_on_the_network(
    panel: ExperimentsPanel, window: MainWindow, qtbot: QtBot
) -> None:
    panel.run_coverage()
    qtbot.waitUntil(lambda: panel.coverage.found is not None, timeout=WAIT)
    words = panel.coverage.words.words()
    assert "Edges that no experiment protects: On -> On, Reset -> On." in words
    panel.coverage.only_alone.setChecked(True)
    tree = panel.coverage.tree
    items = [tree.topLevelItem(i) for i in range(tree.topLevelItemCount())]
    alone = {item.text(1): item for item in items if item is not None}
    assert "Reset -> On cut" in alone
    tree.setCurrentItem(alone["On -> On cut"])
    assert window.selection.component == "On"
    trace = window.selection.traced
    assert trace is not None
    assert set(trace.marks) == {("On", "On")}


def test_that_what_is_expected_of_time_is_judged_under_other_rates(
    panel: ExperimentsPanel, window: MainWindow, qtbot: QtBot
) -> None:
    document = window.document
    project = document.project
    assert not panel.vary.isEnabled()
    held = project.scenarios[0]
    on, seen = (project.network.parse(name) for name in ("On", "Seen"))
    timed = Experiment("T", "On before Seen", held, (Expectation("first", on, before=seen),))
    document.change("Add T", replace(project, experiments=(*project.experiments, timed)))
    assert panel.vary.isEnabled()
    panel.vary.trigger()
    qtbot.waitUntil(lambda: panel.rates.found is not None, timeout=WAIT)
    assert panel.tabs.currentWidget() is panel.rates
    (row,) = [panel.rates.tree.topLevelItem(i) for i in range(panel.rates.tree.topLevelItemCount())]
    assert row is not None
    assert [row.text(place) for place in (0, 1, 3, 4)] == [
        "T", "", "300 of 300 (98.8–100.0 %)", "holds for all rates: structure",
    ]  # fmt: skip
    assert "A share of all is no proof" in panel.rates.words.text()
    panel.rates.tree.itemDoubleClicked.emit(row, 0)
    assert panel.chosen is not None
    assert panel.chosen.experiment is timed


def test_that_edges_are_drawn_by_evidence_through_edits_until_it_is_switched_off(
    panel: ExperimentsPanel, window: MainWindow, memory: Project, qtbot: QtBot
) -> None:
    _check_all(panel, qtbot)
    panel.by_evidence.trigger()
    trace = window.selection.traced
    assert trace is not None
    assert trace.marks["Set", "On"] == "pass", "it cites the paper that E1 cites"
    assert trace.marks["On", "Seen"] == "untested"
    changed = memory.network.with_rule("Seen", Rule.of("On & !Reset"))
    window.document.change("Change it", replace(memory, network=changed))
    assert panel.by_evidence.isChecked()
    trace = window.selection.traced
    assert trace is not None
    assert ("Reset", "Seen") in trace.marks
    panel.by_evidence.trigger()
    assert window.selection.traced is None


def test_that_verdicts_are_those_of_the_command_line(
    panel: ExperimentsPanel,
    window: MainWindow,
    models: Path,
    qtbot: QtBot,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = models / "lif_lifr.toml"
    window.open(path)
    window.show_panel("experiments")
    before = to_toml(window.document.project)
    _check_all(panel, qtbot)
    assert main(["check", str(path), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    shown = confrontation_to_json(window.document.results[-1].value, timed=False)
    told["seconds"] = shown["seconds"]
    for experiment in told["experiments"]:
        experiment["seconds"] = None
    assert told == json.loads(json.dumps(shown))
    assert to_toml(window.document.project) == before


def test_that_a_check_is_told_as_python(
    panel: ExperimentsPanel, window: MainWindow, qtbot: QtBot
) -> None:
    _check_all(panel, qtbot)
    text = window.panels["script"].session.text("regnet.load('memory.toml')")  # type: ignore[attr-defined]
    assert "= regnet.confront(project)" in text
