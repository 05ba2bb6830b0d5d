"""The time courses panel: the same numbers as the command line, laid over each other."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.model.document import Document, Result
from gui.model.runner import Runner
from gui.model.selection import Painting, Selection
from gui.model.time_plan import rates_of, schedule_of
from gui.panels.time.panel import CoursesPanel
from gui.results.again import run_again
from gui.results.scripting import result_statements
from gui.widgets import exports
from regnet.analysis.simulate import Courses, simulate
from regnet.analysis.simulate.kinetics import Rates, parse_change
from regnet.cli import main
from regnet.errors import RegnetError
from regnet.figures.courses import Stack, exclude
from regnet.logic import parse
from regnet.network import Rule
from regnet.project import Project
from regnet.records.simulate import courses_to_json, courses_to_rows
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space


@pytest.fixture
def panel(qtbot: QtBot, document: Document, selection: Selection, runner: Runner) -> CoursesPanel:
    """The panel, with nothing to show."""
    made = CoursesPanel(document, selection, runner)
    made.setObjectName("courses")
    qtbot.addWidget(made)
    made.resize(1200, 760)
    made.show()
    return made


def _asked(liver: Project, name: str) -> Courses:
    return simulate(
        liver.network,
        liver.scenario(name),
        rates=Rates().with_rate((0.2, 1), "Mass"),
        until=20,
        points=40,
        schedule=[parse_change("5 hold LIF_dose=2"), parse_change("10 hold LIF_dose=0")],
        phenotypes=[p for p in liver.phenotypes if p.fits("fixed point")],
        first=[parse("Mass:2")],
        readouts=["Mass", "HGF", "Cachexia"],
    )


@pytest.fixture(scope="module")
def answers(liver: Project) -> tuple[Courses, Courses]:
    """Two scenarios, solved exactly."""
    return _asked(liver, "PHx"), _asked(liver, "LIF low")


@pytest.fixture
def shown(
    panel: CoursesPanel, document: Document, liver: Project, answers: tuple[Courses, Courses]
) -> CoursesPanel:
    """The panel with two answers, the later of which is shown."""
    document.replace(liver)
    document.add_result("Time courses, LIF low", answers[1])
    document.add_result("Time courses, PHx", answers[0])
    return panel


def test_that_an_empty_panel_says_why(
    panel: CoursesPanel, document: Document, liver: Project
) -> None:
    assert panel._whole.currentIndex() == 1
    document.replace(liver)
    assert "Press Run to see what happens in wild type" in panel._empty.text()
    panel.setup.scenarios.tick(())
    panel.setup.changed.emit()
    assert panel._empty.text() == "Tick a scenario."
    assert not panel.run_button.isEnabled()


def test_that_the_panel_follows_the_current_scenario_until_another_is_ticked(
    panel: CoursesPanel, document: Document, selection: Selection, liver: Project
) -> None:
    document.replace(liver)
    selection.choose("PHx")
    assert panel.setup.scenarios.ticked == ("PHx",)
    assert panel.run_button.text() == "Run PHx"
    panel.setup.scenarios._tick(["PHx", "LIF high"])
    selection.choose("healthy")
    assert panel.setup.scenarios.ticked == ("PHx", "LIF high")
    assert panel.run_button.text() == "Run 2 scenarios"


def test_that_the_panel_answers_as_the_command_line_does(
    qtbot: QtBot,
    panel: CoursesPanel,
    document: Document,
    liver: Project,
    models: Path,
    tmp_path: Path,
) -> None:
    document.replace(liver)
    setup = panel.setup
    setup.scenarios._tick(["PHx"])
    setup.schedule.fill([("5", "10", "LIF_dose=2")])
    setup.rates.fill([("Mass", "0.2", "1")])
    setup.readouts.tick(["Mass", "HGF"])
    setup.phenotypes.tick(())
    setup.first.setText("Mass:2")
    setup.points.setValue(10)
    with qtbot.waitSignal(document.results_changed, timeout=60_000):
        qtbot.mouseClick(panel.run_button, Qt.MouseButton.LeftButton)
        assert panel.progress.stop_button.isVisible()
    ours, theirs = tmp_path / "ours.csv", tmp_path / "theirs.csv"
    assert exports.save(document, ours, panel.contents)
    arguments = "--scenario PHx --readouts Mass HGF --first Mass:2 --points 10 --rate Mass=0.2/1"
    changes = ["--at", "5 hold LIF_dose=2", "--at", "10 hold LIF_dose=0"]
    model = str(models / "lif_lifr.toml")
    output = ["--format", "csv", "-o", str(theirs)]
    assert main(["simulate", model, *arguments.split(), *changes, *output]) == 0
    assert ours.read_text() == theirs.read_text()
    assert panel.arrivals.topLevelItem(0).text(0) == "Mass:2"


@pytest.mark.parametrize("method", ["exact", "gillespie"])
def test_that_tables_show_the_numbers_of_the_command_line(
    method: str,
    qtbot: QtBot,
    panel: CoursesPanel,
    document: Document,
    liver: Project,
    models: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = "--scenario PHx --readouts Mass HGF --first Mass:2 --points 5 --until 9"
    chance = f"--method {method} --runs 1000 --seed 3"
    model = str(models / "lif_lifr.toml")
    assert main(["simulate", model, *arguments.split(), *chance.split()]) == 0
    told = " ".join(capsys.readouterr().out.split())
    document.replace(liver)
    setup = panel.setup
    setup.scenarios._tick(["PHx"])
    setup.readouts.tick(["Mass", "HGF"])
    setup.phenotypes.tick(())
    setup.first.setText("Mass:2")
    setup.points.setValue(5)
    setup.until.setValue(9)
    setup.method.setCurrentText(method)
    setup.runs.setValue(1000)
    setup.seed.setValue(3)
    with qtbot.waitSignal(document.results_changed, timeout=60_000):
        panel.run()
    first = panel.arrivals.topLevelItem(0)
    shown = [first.text(column) for column in range(2, 7)]
    assert " ".join(shown) in told
    ends = [panel.ends.topLevelItem(i).text(1) for i in range(panel.ends.topLevelItemCount())]
    assert ends
    assert all(number in told for number in ends[:8])


def test_that_several_scenarios_of_one_run_are_laid_over_each_other(
    qtbot: QtBot, panel: CoursesPanel, document: Document, toggle: Project
) -> None:
    held = Scenario("high", Perturbation(Space({"S": 2})))
    document.replace(toggle.with_scenario(held))
    panel.setup.scenarios._tick(["wild type", "high"])
    tasks = panel.run()
    assert [task.title for task in tasks] == ["Time courses, wild type", "Time courses, high"]
    qtbot.waitUntil(lambda: len(document.results) == 2, timeout=60_000)
    content = panel.chart.content
    assert content is not None
    assert set(content.titles) == {"unperturbed with S open", "high"}
    rows = panel.rows()
    assert rows[0][0] == "scenario"
    assert {row[0] for row in rows[1:]} == {"unperturbed with S open", "high"}


def test_that_answers_are_laid_over_and_taken_away(shown: CoursesPanel) -> None:
    first, second = shown.head.answers()
    assert shown.shown() == [first]
    shown._fill_over()
    shown.over_menu.actions()[0].trigger()
    assert shown.shown() == [first, second]
    content = shown.chart.content
    assert content is not None
    assert content.titles == ("PHx", "LIF low")
    svg = str(shown.chart.contents()[".svg"](), "utf-8")
    assert "1  PHx (exact)" in svg
    assert "2  LIF low (exact)" in svg
    shown.lay_over(second.number, wanted=False)
    assert shown.shown() == [first]
    shown.head.show_number(str(second.number))
    assert shown.shown() == [second]


def test_that_the_cursor_paints_mean_levels(
    shown: CoursesPanel, selection: Selection, answers: tuple[Courses, Courses]
) -> None:
    chart = shown.chart
    QTest.keyClick(chart, Qt.Key.Key_Home)
    painting = selection.painting
    assert painting is not None
    assert painting.caption == "mean levels at time 0, PHx"
    assert painting.levels["Mass"] == (0, 0)
    QTest.keyClick(chart, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert chart.point == 11
    assert 0.05 < answers[0]["Mass"].mean.values[11] < 0.95
    assert selection.painting is not None
    assert selection.painting.levels["Mass"] == (0, 1)
    assert chart.accessibleDescription().startswith("time 5.5")
    selection.paint(Painting(Space({"LIF": 1}), "something else"))
    assert chart.point is None


def test_that_a_click_goes_to_a_time(shown: CoursesPanel) -> None:
    chart = shown.chart
    at = chart.box_of(0).center().toPoint()
    QTest.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert chart.point == 20


def test_that_only_what_moves_and_is_wanted_is_drawn(shown: CoursesPanel) -> None:
    assert {"Mass", "HGF", "Cachexia", "partial recovery"} <= set(shown.chart.shown)
    shown.filter.setText("mass, hgf")
    assert shown.chart.shown == ["HGF", "Mass"]


def test_that_phenotypes_that_exclude_each_other_are_stacked(shown: CoursesPanel) -> None:
    shown.stacked.setChecked(True)
    assert shown.chart.shown[0] == "probability of phenotypes, PHx"
    stack = shown.chart.charts[0]
    assert isinstance(stack, Stack)
    stacked = [name for name, _ in stack.shares]
    conditions = {s.name: s.condition for s in shown.shown()[0].value.shares}
    for i, name in enumerate(stacked):
        assert all(exclude(conditions[name], conditions[other]) for other in stacked[:i])
    assert set(shown.chart.overlapping) <= set(shown.chart.shown)


def test_that_the_tables_tell_first_times_and_where_it_ends(
    shown: CoursesPanel, answers: tuple[Courses, Courses]
) -> None:
    row = shown.arrivals.topLevelItem(0)
    arrival = answers[0].arrivals[0]
    assert [row.text(i) for i in (0, 1, 2)] == ["Mass:2", "PHx", f"{arrival.arrived[-1].value:.4f}"]
    assert row.text(7) == f"{arrival.ever:.4f}"
    assert "Not by the end" in row.toolTip(0)
    assert shown.ends.topLevelItem(0).text(2) == "in the long run, fixed point"


def test_that_it_is_stale_after_an_edit_and_can_be_run_again(
    qtbot: QtBot, shown: CoursesPanel, document: Document
) -> None:
    network = document.network.with_rule("HepArrest", Rule.constant(0))
    document.change("Edit", replace(document.project, network=network))
    assert "Stale" in shown.head.note_text.text()
    with qtbot.waitSignal(document.results_changed, timeout=60_000):
        qtbot.mouseClick(shown.head.again, Qt.MouseButton.LeftButton)
    assert not shown.head.note.isVisible()
    assert shown.answer is not None
    assert shown.answer.schedule == shown.head.answers()[1].value.schedule


def test_that_stop_keeps_the_runs_that_were_made(
    qtbot: QtBot, panel: CoursesPanel, document: Document, liver: Project
) -> None:
    document.replace(liver)
    panel.setup.scenarios._tick(["PHx"])
    panel.setup.method.setCurrentText("gillespie")
    panel.setup.runs.setValue(10_000_000)
    (task,) = panel.run()
    heard: list[str] = []
    task.progress.connect(lambda _fraction, words: heard.append(words))
    qtbot.waitUntil(lambda: any("runs" in words for words in heard), timeout=120_000)
    with qtbot.waitSignal(document.results_changed, timeout=60_000):
        qtbot.mouseClick(panel.progress.stop_button, Qt.MouseButton.LeftButton)
    assert panel.answer is not None
    assert 0 < panel.answer.trajectories < 10_000_000
    assert panel.answer.interrupted
    assert "interrupted after" in panel.head.note_text.text()
    assert panel.head.badge.text() == "sampled"


def test_that_what_was_typed_wrongly_is_said(
    qtbot: QtBot, panel: CoursesPanel, document: Document, liver: Project
) -> None:
    document.replace(liver)
    panel.setup.schedule.fill([("5", "", "Nobody=1")])
    with qtbot.waitSignal(document.said) as said:
        assert panel.run() == []
    assert "Nobody" in said.args[0]


def test_that_tables_grow_with_what_is_written(
    panel: CoursesPanel, document: Document, liver: Project
) -> None:
    document.replace(liver)
    rows = panel.setup.rates
    rows.fill([("LIF", "10", "")])
    assert rows.rowCount() == 2
    rows.model().setData(rows.model().index(1, 0), "Mass")
    rows.model().setData(rows.model().index(1, 1), "2")
    assert rows.rowCount() == 3
    assert rows.texts == [("LIF", "10", ""), ("Mass", "2", "")]


def test_that_changes_are_taken_back(liver: Project) -> None:
    network, scenario = liver.network, liver.scenario("PHx")

    def told(*rows: tuple[str, str, str]) -> list[str]:
        return [str(change) for change in schedule_of(rows, scenario, network)]

    assert told(("3", "4", "hold STAT3=0")) == ["at 3: hold STAT3=0", "at 4: release STAT3"]
    assert told(("", "", "set Mass=0")) == ["at 0: set Mass=0"]
    assert told(("2", "4", "LIF_dose=2")) == ["at 2: hold LIF_dose=2", "at 4: hold LIF_dose=0"]
    for row in (("4", "3", "LIF=1"), ("1", "2", "set Mass=0"), ("1", "x", "LIF=1"), ("", "", "?")):
        with pytest.raises(RegnetError):
            told(row)
    with pytest.raises(RegnetError, match="leaves LIF_dose open"):
        schedule_of([("1", "2", "LIF_dose=2")], Scenario(), network)


def test_that_rates_are_read_by_name_class_and_rest(liver: Project) -> None:
    rates = rates_of(
        [("LIF, STAT3", "10", ""), ("Mass", "0.2", "1"), ("others", "2", "")], liver.network
    )
    assert str(rates) == "LIF STAT3 at 10, Mass at 0.2 up and 1 down, others at 2"
    for row in (("Nobody", "1", ""), ("LIF", "fast", ""), ("others", "1", "2")):
        with pytest.raises(RegnetError):
            rates_of([row], liver.network)


def test_that_it_is_exported_as_drawing_picture_and_table(
    shown: CoursesPanel, document: Document, tmp_path: Path, answers: tuple[Courses, Courses]
) -> None:
    for ending in (".svg", ".png", ".csv"):
        assert exports.save(document, tmp_path / f"courses{ending}", shown.contents)
    assert not QImage(str(tmp_path / "courses.png")).isNull()
    rows = list(csv.reader(io.StringIO((tmp_path / "courses.csv").read_text())))
    assert len(rows) == len(courses_to_rows(answers[0]))


def test_that_the_script_asks_the_same(
    shown: CoursesPanel, answers: tuple[Courses, Courses], liver: Project
) -> None:
    import regnet
    import regnet.analysis.simulate
    import regnet.analysis.simulate.kinetics

    sampled = simulate(liver.network, liver.scenario("PHx"), readouts=["Mass"], until=5, seed=3,
                       method="gillespie", trajectories=200)  # fmt: skip
    for answer in (answers[0], sampled):
        result = Result(7, "Time courses, PHx", answer)
        names = {"regnet": regnet, "project": liver}
        exec("\n".join(result_statements(result, liver)), names)
        again = names["courses_7"]
        assert isinstance(again, Courses)
        ours, theirs = (courses_to_json(a, timed=False) for a in (again, answer))
        assert ours["courses"] == theirs["courses"]
        assert ours["arrivals"] == theirs["arrivals"]


def test_that_it_is_asked_for_again_as_it_was(
    shown: CoursesPanel, document: Document, runner: Runner
) -> None:
    tasks = run_again(document, runner, document.results[-1:])
    assert [task.title for task in tasks] == ["Time courses, PHx"]
