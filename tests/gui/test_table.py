"""Large tables: sorting, filtering, rows that arrive, and how long it takes."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QApplication, QTableView
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from gui.widgets.table import ArrayTable, Column

ASCENDING, DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
COLUMNS = (Column("Name"), Column("Count", is_number=True), Column("Changed"))


@pytest.fixture
def table(qapp: QApplication) -> ArrayTable:
    made = ArrayTable(COLUMNS)
    made.append(["b one", "A two", "c one"], [3, 1, None], ["yes", "no", "yes"])
    return made


def shown(table: ArrayTable) -> list[str]:
    return [table.index(row, 0).data() for row in range(table.rowCount())]


def test_that_texts_sort_without_regard_to_case(table: ArrayTable) -> None:
    table.sort(0, ASCENDING)
    assert shown(table) == ["A two", "b one", "c one"]
    table.sort(0, DESCENDING)
    assert shown(table) == ["c one", "b one", "A two"]


def test_that_numbers_sort_as_numbers_and_what_is_unknown_comes_last(table: ArrayTable) -> None:
    table.sort(1, ASCENDING)
    assert shown(table) == ["A two", "b one", "c one"]
    table.sort(1, DESCENDING)
    assert shown(table) == ["b one", "A two", "c one"]


def test_that_the_sort_before_breaks_ties(table: ArrayTable) -> None:
    table.sort(0, DESCENDING)
    table.sort(2, ASCENDING)
    assert shown(table) == ["A two", "c one", "b one"]


def test_that_no_sort_gives_the_order_of_arrival_back(table: ArrayTable) -> None:
    table.sort(0, ASCENDING)
    table.sort(-1, ASCENDING)
    assert shown(table) == ["b one", "A two", "c one"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ONE", ["b one", "c one"]),
        ("one b", ["b one"]),
        ("changed=no", ["A two"]),
        ("changed != no", ["b one", "c one"]),
        ('"Count" >= 2 one', ["b one"]),
        ("count<2", ["A two"]),
        ('"b one"', ["b one"]),
        ("changed=yes b", ["b one"]),
        ("lif=0", []),
        ("nobody", []),
    ],
)
def test_that_a_filter_shows_what_fits(table: ArrayTable, text: str, names: list[str]) -> None:
    assert table.set_filter(text) == ""
    assert shown(table) == names
    table.set_filter("")
    assert len(shown(table)) == 3


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("mass<1", "there is no column mass"),
        ("count=many", "many is not a number"),
        ("name<b", "name is text: use = or !="),
    ],
)
def test_that_a_wrong_filter_says_why_and_changes_nothing(
    table: ArrayTable, text: str, reason: str
) -> None:
    assert table.set_filter(text) == reason
    assert len(shown(table)) == 3


def test_that_rows_that_arrive_are_sorted_and_filtered_in(table: ArrayTable) -> None:
    table.set_filter("one")
    table.sort(0, DESCENDING)
    table.append(["bb one", "z two"], [5, 6], ["no", "no"])
    assert shown(table) == ["c one", "bb one", "b one"]
    assert table.total == 5


def test_that_the_selection_follows_its_row(table: ArrayTable, qtbot: QtBot) -> None:
    view = QTableView()
    qtbot.addWidget(view)
    view.setModel(table)
    flags = QItemSelectionModel.SelectionFlag
    view.selectionModel().select(table.index(0, 0), flags.ClearAndSelect | flags.Rows)
    table.sort(0, ASCENDING)
    (row,) = {index.row() for index in view.selectionModel().selectedIndexes()}
    assert table.index(row, 0).data() == "b one"
    assert table.row_of(table.source(row)) == row


def test_that_it_keeps_the_rules_of_qt(table: ArrayTable, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(table)
    table.sort(1, ASCENDING)
    table.append(["d"], [1], ["no"])
    table.set_filter("one")
    qtmodeltester.check(table)


def test_that_a_hundred_thousand_rows_sort_and_filter_at_once(qapp: QApplication) -> None:
    count = 100_000
    table = ArrayTable((Column("Name"), Column("Context"), Column("Count", is_number=True)))
    names = [f"G{n * 7919 % 320}=0 G{n * 104729 % 317}=1" for n in range(count)]
    table.append(names, ["PHx", "healthy"] * (count // 2), [n * 31 % 97 for n in range(count)])
    view = QTableView()
    view.setModel(table)

    def taken(act: Callable[[], object]) -> float:
        act()  # arrays are made when they are first needed
        started = time.process_time()
        act()
        return time.process_time() - started

    assert taken(lambda: table.sort(2, ASCENDING)) < 0.15
    assert taken(lambda: table.sort(0, DESCENDING)) < 0.15
    for text in ("g17=0", "count>90 phx"):
        started = time.process_time()
        table.set_filter(text)
        assert time.process_time() - started < 0.2
        assert 0 < table.rowCount() < count
