"""Large screens in the workbench: kept in a folder, read as far as they are seen."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

import regnet.screens.setup
from gui.model.document import Document
from gui.model.runner import Runner
from gui.model.selection import Selection
from gui.panels.screen.panel import ScreenPanel
from gui.panels.screen.table import ScreenTable
from regnet.analysis.screen.columns import Columns
from regnet.evidence import Phenotype
from regnet.logic import parse
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project
from regnet.scenario import Scenario
from regnet.screens import Rows, open_screen
from regnet.screens.folder import ScreenFolder
from regnet.screens.setup import Setup, into_folder
from regnet.screens.table import to_parquet

WAIT = 60_000


@pytest.fixture
def panel(
    qtbot: QtBot,
    document: Document,
    selection: Selection,
    runner: Runner,
    liver: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> ScreenPanel:
    monkeypatch.setattr(regnet.screens.setup, "FOLDER_FROM", 20)
    made = ScreenPanel(document, selection, runner)
    qtbot.addWidget(made)
    document.replace(liver)
    return made


def setup_in(tmp_path: Path, size: int, kinds: set[str]) -> Setup:
    components = [Component(f"X{i}", Rule.of(f"X{i - 1}" if i else "X1")) for i in range(size)]
    return Setup(
        LogicalNetwork(tuple(components)),
        tuple(c.name for c in components),
        frozenset(kinds),
        (Scenario("wild type"),),
        (Phenotype("on", parse("X2")), Phenotype("off", parse("!X2"))),
        ("X3",),
        keep_in=str(tmp_path),
    )


def invented(setup: Setup, size: int) -> ScreenFolder:
    """Write a screen of invented rows."""
    plan = setup.plan()
    setup.folder.mkdir(parents=True)
    folder = ScreenFolder(setup.folder, plan, size)
    folder.write_about()
    chance = np.random.default_rng(1)
    for chunk in folder.chunks:
        n = len(chunk)
        counts = chance.integers(0, 3, (n, 2))
        low, changed = chance.integers(0, 2, (n, 1)), chance.integers(0, 2, n).astype(np.int8)
        columns = Columns(
            chunk.begin, plan.parts(chunk.begin, chunk.end), counts.sum(axis=1), counts, low,
            np.maximum(low, chance.integers(0, 2, (n, 1))), changed, np.full(n, "exact", object),
        )  # fmt: skip
        folder.file(chunk).write_bytes(to_parquet(plan, chunk, columns))
    return open_screen(setup.folder)


def cells(table: ScreenTable, title: str, count: int = 10**9) -> list[str]:
    column = [c.title for c in table.columns].index(title)
    shown = range(min(table.rowCount(), count))
    return [table.index(row, column).data() for row in shown]


def sorted_by(table: ScreenTable, title: str) -> list[str]:
    column = [c.title for c in table.columns].index(title)
    table.sort(column, Qt.SortOrder.DescendingOrder)
    return cells(table, title)


def test_that_a_large_screen_is_run_into_a_folder_and_shown(panel: ScreenPanel, qtbot: QtBot):
    qtbot.mouseClick(panel.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.state == "done", timeout=WAIT)
    rows = panel.table.rows
    assert isinstance(rows, Rows)
    assert len(rows) == panel.table.rowCount() == panel.table.setup.runs
    assert cells(panel.table, "Perturbation", 1) == ["wild type"]
    assert panel.table.changed == sum(row.changed is True for row in rows)
    panel.display.select_row(3)
    assert panel.display.current_row() == rows[3]


def test_that_a_large_screen_that_was_broken_off_goes_on(panel: ScreenPanel, qtbot: QtBot):
    panel.run()
    qtbot.waitUntil(lambda: panel.state == "done", timeout=WAIT)
    folder = panel.table.rows.folder
    before = list(panel.table.rows)
    folder.file(folder.chunks[-1]).unlink()
    panel.run()
    qtbot.waitUntil(lambda: panel.state == "done", timeout=WAIT)
    assert list(panel.table.rows) == before


@pytest.mark.parametrize(("kinds", "order"), [({"pairs"}, 2), ({"triples"}, 3)])
def test_that_runs_are_counted_and_numbered_as_in_the_folder(tmp_path, kinds, order):
    setup = setup_in(tmp_path, 5, {"knock-outs", "levels", "cuts", *kinds})
    plan = setup.plan()
    assert plan.order == order
    assert setup.runs == plan.count == 1 + len(list(setup.perturbations()))
    for number, perturbation in enumerate(setup.perturbations(), start=1):
        assert plan.perturbation(number) == perturbation
        if not perturbation.cuts:
            assert plan.number(perturbation.clamps) == number


def test_that_a_lazy_table_sorts_and_filters_like_one_with_all_rows(
    tmp_path, qtmodeltester, monkeypatch
):
    monkeypatch.setattr(regnet.screens.setup, "FOLDER_FROM", 0)
    setup = setup_in(tmp_path, 6, {"knock-outs", "levels", "pairs"})
    folder = invented(setup, 17)
    lazy, whole = ScreenTable(), ScreenTable()
    for table, rows in ((lazy, Rows(folder)), (whole, list(Rows(folder)))):
        table.begin(setup)
        table.add(rows)
    qtmodeltester.check(lazy)
    for title in ("Context", "Changed", "Attractors", "X3", "Gained", "Lost", "Outcome", "Status"):
        assert sorted_by(lazy, title) == sorted_by(whole, title)
    for text in ("X1", "changed=yes", "attractors>1", "outcome=on", "X3=1", "lost!=off", "wild"):
        for table in (lazy, whole):
            assert table.set_filter(text) == ""
        assert lazy.sources() == whole.sources()
        assert lazy.rowCount(), text


def test_that_rows_that_come_later_are_shown(tmp_path, monkeypatch):
    monkeypatch.setattr(regnet.screens.setup, "FOLDER_FROM", 0)
    setup = setup_in(tmp_path, 6, {"knock-outs", "levels", "pairs"})
    folder = invented(setup, 17)
    last = folder.file(folder.chunks[-1])
    data = last.read_bytes()
    last.unlink()
    table = ScreenTable()
    table.begin(setup)
    folder.look()
    table.follow(Rows(folder))
    assert table.rowCount() == folder.leading < setup.runs
    last.write_bytes(data)
    folder.look()
    table.follow(Rows(folder))
    assert table.rowCount() == setup.runs
    assert table.changed == Rows(folder).changed


def test_that_a_worker_writes_a_large_screen(tmp_path):
    setup = setup_in(tmp_path, 4, {"knock-outs", "levels", "pairs", "triples"})
    assert into_folder(setup, 1) == str(setup.folder)
    assert open_screen(setup.folder).complete


@pytest.mark.slow
def test_that_a_million_rows_open_at_once(tmp_path):
    setup = setup_in(tmp_path, 92, {"knock-outs", "levels", "triples", "pairs"})
    assert setup.runs > 1_000_000
    invented(setup, 100_000)
    started = time.process_time()
    table = ScreenTable()
    table.begin(setup)
    table.follow(open_screen(setup.folder).screen().rows)
    for row in range(40):
        for column in range(table.columnCount()):
            table.index(row, column).data()
    assert table.rowCount() == setup.runs
    opened = time.process_time()
    assert opened - started < 1
    table.sort([c.title for c in table.columns].index("Attractors"))
    assert table.set_filter("X50") == ""
    assert table.rowCount()
    assert time.process_time() - opened < 5
