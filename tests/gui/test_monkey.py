"""Random actions find no fault; `make monkey` does many more."""

from __future__ import annotations

from pathlib import Path

import pytest

from gui.shell.main_window import MainWindow
from tests.gui.monkey import Monkey, roam, watched


def test_that_random_actions_find_no_fault(
    window: MainWindow, models: Path, tmp_path: Path
) -> None:
    monkey = roam(window, models / "lif_lifr.toml", tmp_path, actions=300, seed=12)
    assert not monkey.faults, "\n".join(monkey.faults)
    assert monkey.number == 300
    assert monkey.changes > 10


def test_that_a_monkey_notices_faults(
    small_window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkey = Monkey(small_window, tmp_path, 1)

    def fail() -> None:
        raise LookupError("nothing there")

    monkeypatch.setattr(monkey, "_kinds", [fail])
    with watched(monkey):
        monkey.do(2)
        small_window.document.say("internal error: KeyError")
        monkeypatch.setattr(monkey, "_kinds", [monkey._select])
        monkey.do(1)
    assert [f.split()[0] for f in monkey.faults] == ["EXCEPTION", "EXCEPTION", "INTERNAL"]
    assert "nothing there" in monkey.faults[0]
