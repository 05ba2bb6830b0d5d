"""The dose panel, where a dose is given for some of the time."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.model.document import Document
from gui.model.runner import Runner
from gui.model.selection import Selection
from gui.panels.dose.panel import DosePanel
from gui.results.again import run_again
from gui.results.scripting import result_statements
from regnet.analysis.dose.pulses import PulseResponse, find_pulse_response
from regnet.cli import main
from regnet.project import Project
from regnet.questions import summary_of
from regnet.records.pulses import pulse_response_to_json

from .test_dose import panel  # noqa: F401

QUESTION = {
    "duration": ["--for", "0, 2, 16", "--at", "1 set Mass=1", "--until", "16.5"],
    "share": ["--share", "0, 50 %, 100 %", "--every", "8", "--until", "40"],
}


@pytest.fixture(scope="module")
def answer(liver: Project) -> PulseResponse:
    """How mass after the operation follows the share of time for which LIF is given."""
    return find_pulse_response(
        liver.network, liver.scenario("PHx"), "LIF_dose", 2, [0, 0.5, 1], by="share", every=8,
        until=40, readouts=["Mass", "Cachexia"],
        phenotypes=[p for p in liver.phenotypes if "naive" in p.name],
    )  # fmt: skip


@pytest.fixture
def shown(
    panel: DosePanel,  # noqa: F811
    document: Document,
    selection: Selection,
    liver: Project,
    answer: PulseResponse,
) -> DosePanel:
    """The panel with an answer."""
    document.replace(liver)
    selection.choose("PHx")
    document.add_result("Share of time of LIF_dose, PHx", answer)
    return panel


@pytest.mark.parametrize("by", list(QUESTION))
def test_that_the_panel_and_the_command_line_show_the_same_numbers(
    by: str,
    qtbot: QtBot,
    panel: DosePanel,  # noqa: F811
    document: Document,
    selection: Selection,
    liver: Project,
    capsys: pytest.CaptureFixture[str],
    models: Any,
) -> None:
    command = ["dose", str(models / "lif_lifr.toml"), "--input", "LIF_dose", "--scenario", "PHx",
               "--readout", "Mass,HGF", *QUESTION[by]]  # fmt: skip
    assert main([*command, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert main(command) == 0
    table = capsys.readouterr().out

    document.replace(liver)
    selection.choose("PHx")
    setup = panel.setup
    setup.dose.setCurrentText("LIF_dose")
    setup.vary.setCurrentIndex(1 if by == "duration" else 2)
    _, amounts, *times = QUESTION[by]
    if "--at" in times:
        setup.pulses.schedule.fill([("1", "", "set Mass=1")])
    setup.pulses.amounts.setText(amounts)
    setup.pulses.until.setValue(float(times[-1]))
    setup.readouts.tick(["Mass", "HGF"])
    setup.phenotypes.tick(())
    assert panel.run_button.text() == "Run the pulses of LIF_dose"
    with qtbot.waitSignal(document.results_changed, timeout=60_000):
        qtbot.mouseClick(panel.run_button, Qt.MouseButton.LeftButton)
    assert panel.pulses is not None
    ours = json.loads(json.dumps(pulse_response_to_json(panel.pulses, timed=False)))
    assert ours == {**told, "seconds": None, "asked": ours["asked"]}
    chart = panel.pulse_chart
    for number, drawn in enumerate(chart.charts):
        row = next(line for line in table.splitlines() if f"{drawn.curve.readout}, mean" in line)
        numbers = re.findall(r"\d\.\d\d", row)
        tips = [chart.tip_of(number, place) for place in range(3)]
        shown = [float(re.search(r"mean level (\S+)", tip).group(1)) for tip in tips]  # type: ignore[union-attr]
        assert [f"{value:.2f}" for value in shown] == numbers


def test_that_the_setup_asks_only_for_what_belongs_to_the_question(
    shown: DosePanel, document: Document
) -> None:
    setup = shown.setup
    setup.vary.setCurrentIndex(0)
    assert setup.then.isVisibleTo(setup)
    assert setup.pulses.first.isVisibleTo(setup)
    assert not setup.pulses.amounts.isVisibleTo(setup)
    setup.vary.setCurrentIndex(1)
    assert not setup.then.isVisibleTo(setup)
    assert not setup.pulses.every.isVisibleTo(setup)
    setup.pulses.amounts.setText("0, 3")
    setup.vary.setCurrentIndex(2)
    assert setup.pulses.every.isVisibleTo(setup)
    assert "%" in setup.pulses.amounts.text()
    setup.vary.setCurrentIndex(1)
    assert setup.pulses.amounts.text() == "0, 3"
    assert setup.pulses.level.value() == 2
    setup.dose.setCurrentText("LSEC")
    assert (setup.pulses.level.value(), setup.pulses.level.maximum()) == (1, 1)


@pytest.mark.parametrize(
    ("text", "told"), [("0, soon", "'soon' is not a time"), ("5, 2", "ascending order")]
)
def test_that_amounts_that_make_no_sense_are_said(
    text: str, told: str, qtbot: QtBot, shown: DosePanel, document: Document
) -> None:
    shown.setup.vary.setCurrentIndex(1)
    shown.setup.pulses.amounts.setText(text)
    with qtbot.waitSignal(document.said, timeout=30_000) as message:
        shown.run()
    assert told in message.args[0]


def test_that_arrow_keys_walk_amounts_and_paint_mean_levels(
    shown: DosePanel, selection: Selection, answer: PulseResponse
) -> None:
    chart = shown.pulse_chart
    assert shown._body.currentWidget() is chart
    QTest.keyClick(chart, Qt.Key.Key_Right)
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert chart.cursor_at == (0, 1)
    assert selection.painting is not None
    assert "LIF_dose = 2 for a share of 50 %" in selection.painting.caption
    assert selection.painting.levels["Cachexia"] == (0, 1)  # a mean of 0.39
    QTest.keyClick(chart, Qt.Key.Key_Down)
    assert chart.cursor_at == (1, 1)
    assert "50 %" in chart.accessibleDescription()
    place = chart.point_of(0, 2).toPoint()
    QTest.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chart.cursor_at == (0, 2)
    selection.paint(None)
    assert chart.cursor_at is None


def test_that_the_answer_says_where_it_turns(shown: DosePanel) -> None:
    assert "Mass falls at 50–100 %" in shown.head.summary.text()
    assert shown.head.badge.text() == "exact"
    assert "Mass falls at 50–100 %" in summary_of(shown.pulses)
    assert not shown.open_action.isEnabled()


def test_that_drawing_picture_and_table_can_be_taken_away(
    shown: DosePanel, answer: PulseResponse
) -> None:
    contents = shown.contents
    svg, png, table = (contents[ending]() for ending in (".svg", ".png", ".csv"))
    assert b"window: opens at 0" in bytes(svg)  # type: ignore[arg-type]
    assert QImage.fromData(bytes(png)).width() > 600  # type: ignore[arg-type]
    rows = list(csv.reader(io.StringIO(str(table))))
    assert rows[0][:2] == ["readout", "share"]
    assert len(rows) == 1 + 3 * 3


def test_that_pulses_are_kept_asked_again_and_told_as_a_script(
    qtbot: QtBot, shown: DosePanel, document: Document, runner: Runner, answer: PulseResponse,
    liver: Project,
) -> None:  # fmt: skip
    result = document.results[-1]
    (task,) = run_again(document, runner, [result])
    with qtbot.waitSignal(document.results_changed, timeout=60_000):
        pass
    assert task.is_over
    again, first = (
        pulse_response_to_json(value, timed=False) for value in (document.results[-1].value, answer)
    )
    assert again == first
    code = "\n".join(result_statements(result, liver))
    scope: dict[str, Any] = {"project": liver}
    exec(
        "import regnet, regnet.analysis.dose.pulses, regnet.analysis.dose.dose_text\n" + code, scope
    )
    made = scope[f"pulse_response_{result.number}"]
    assert pulse_response_to_json(made, timed=False) == first
