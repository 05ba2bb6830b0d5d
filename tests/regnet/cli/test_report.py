"""What ``regnet report`` can put in besides what every report has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from regnet.cli import main


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A small model file."""
    path = tmp_path / "small.bnet"
    path.write_text("targets, factors\nDose, Dose\nBrake, Dose\nGrowth, Dose & !Brake\n")
    return path


def test_that_time_courses_and_doses_go_in_when_asked_for(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [
        "report",
        str(model),
        "--clamp",
        "Dose=1",
        "--start",
        "Growth=0",
        "-o",
        str(tmp_path / "out"),
    ]
    assert main([*arguments, "--with", "time", "dose=Dose", "--forms", "json", "md"]) == 0
    capsys.readouterr()
    text = (tmp_path / "out" / "report.md").read_text()
    assert "## Time courses" in text
    assert "## Dose of Dose" in text
    record = json.loads((tmp_path / "out" / "time.json").read_text())
    assert record["guarantee"] == "exact"


def test_that_a_report_without_a_wish_has_neither(model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert main(["report", str(model), "-o", str(folder), "--forms", "md"]) == 0
    assert "Time courses" not in (folder / "report.md").read_text()


def test_that_what_a_report_cannot_have_is_said(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(model), "--with", "weather"]) == 2
    assert "time, conditions, dose=X" in capsys.readouterr().err
