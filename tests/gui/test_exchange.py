"""Files of every format: what is said when they are opened, and before something is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QInputDialog

from gui.shell.exchange import chosen_file, open_filters, save_filters
from gui.shell.main_window import MainWindow
from regnet.analysis.structure import find_structure
from regnet.exchange.wiring import DEFAULT_RULES
from regnet.formats import FORMATS, load, save
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project

SMALL = Project(LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("A")))))


def test_that_opening_says_what_was_read(small_window: MainWindow, models: Path) -> None:
    path = models / "lif_lifr.toml"
    assert small_window.open(path)
    edges = len(find_structure(load(path).network).edges)
    assert f"Read 14 components, {edges} edges, 3 inputs" in small_window.messages.text


def test_that_remarks_are_a_list_to_open_with_their_lines(
    small_window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "small.bnet"
    path.write_text("A, B & C\nB, A\n")
    assert small_window.open(path)
    bar = small_window.messages
    remarks = [bar.details.item(row).text() for row in range(bar.details.count())]
    assert any("C" in remark for remark in remarks)
    assert not bar.details.isVisible()
    bar.more.click()
    assert bar.details.isVisible()
    assert "would not hold: levels above 1" in bar.text


def test_that_a_model_is_saved_back_into_its_own_format_without_a_question(
    small_window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "rules.txt"
    path.write_text("A = B OR NOT C\nB = A\nC = C\n")
    assert small_window.open(path)
    document = small_window.document
    assert document.format == "expressions"
    document.change("Remove B", document.project.without("B"))
    assert small_window.files.save()
    assert document.format == "expressions"
    assert not document.is_dirty
    assert load(path, format="expressions").network.names == ("A", "C")


def test_that_a_loss_is_told_before_anything_is_written(
    small_window: MainWindow, tmp_path: Path, models: Path
) -> None:
    assert small_window.open(models / "lif_lifr.toml")
    path = tmp_path / "liver.bnet"
    assert not small_window.files.save_to(path)
    assert not path.exists()
    assert "liver.bnet is not saved yet" in small_window.messages.text
    assert small_window.messages.details.count() > 1
    small_window.messages.button.click()
    assert path.exists()
    assert small_window.document.path == path
    path.unlink()
    assert small_window.files.save()  # the same losses are not asked about again
    assert path.exists()


def test_that_the_dialog_lists_formats_by_their_titles(
    small_window: MainWindow, tmp_path: Path, toggle: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = save_filters("ginml")
    assert kinds[0] == "GINML graph (GINsim) (*.ginml)"
    assert len(kinds) == sum(f.writes for f in FORMATS.values())
    assert all(f"*{e}" in open_filters()[0] for f in FORMATS.values() if f.reads
               for e in f.extensions)  # fmt: skip
    small_window.document.replace(toggle)
    chosen = str(tmp_path / "toggle"), kinds[0]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: chosen)
    if not small_window.files.save_as():
        small_window.messages.button.click()
    assert load(tmp_path / "toggle.ginml").network.names == toggle.network.names


def test_that_the_ending_decides_before_the_filter() -> None:
    bnet = next(k for k in save_filters() if "bnet" in k)
    assert chosen_file(Path("a.bnet"), bnet) == (Path("a.bnet"), "bnet")
    assert chosen_file(Path("a.sbml"), bnet) == (Path("a.sbml"), "")
    assert chosen_file(Path("a"), bnet) == (Path("a.bnet"), "bnet")
    assert chosen_file(Path("a.v2"), "") == (Path("a.v2.toml"), "toml")


@pytest.mark.parametrize(
    "name", [f.name for f in FORMATS.values() if f.reads and f.writes and f.rules]
)
def test_that_a_file_of_each_format_can_be_dropped(
    small_window: MainWindow, tmp_path: Path, name: str
) -> None:
    path = tmp_path / f"dropped{FORMATS[name].extensions[0]}"
    save(SMALL, path, format=name)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                       Qt.KeyboardModifier.NoModifier)  # fmt: skip
    small_window.dropEvent(event)
    assert small_window.document.path == path
    assert small_window.document.format == name
    assert set(small_window.document.network.names) == {"A", "B"}


def test_that_a_file_of_wiring_opens_with_a_default_rule_as_a_new_model(
    small_window: MainWindow, tmp_path: Path, toggle: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "pkn.sif"
    path.write_text("A -> B\nC -| B\n")
    small_window.document.replace(toggle)
    assert not small_window.files.open(path)
    assert small_window.document.project == toggle
    assert "pkn.sif holds wiring only" in small_window.messages.text
    offered: list[str] = []

    def choose(*asked: Any) -> tuple[str, bool]:
        offered.extend(asked[3])
        return asked[3][1], True

    monkeypatch.setattr(QInputDialog, "getItem", choose)
    small_window.messages.button.click()
    assert [words.partition(":")[0] for words in offered] == list(DEFAULT_RULES)
    document = small_window.document
    assert document.network["B"].rule == Rule.of("A & !C")
    assert "Its rules are assumed" in small_window.messages.text
    assert document.path is None
    assert document.is_dirty
    assert path.read_text() == "A -> B\nC -| B\n"


def test_that_settings_beside_a_file_are_offered_and_become_scenarios(
    small_window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "m.bnd"
    path.write_text("node A { rate_up = $u; rate_down = 1; }\n")
    settings = [tmp_path / "day1.cfg", tmp_path / "day2.cfg"]
    for number, one in enumerate(settings, start=1):
        one.write_text(f"$u = {number}; A.istate = 0;")
    assert small_window.open(path)
    assert "day1.cfg, day2.cfg beside it hold rates and starts" in small_window.messages.text
    chosen = ([str(one) for one in settings], "")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: chosen)
    small_window.messages.button.click()
    project = small_window.document.project
    assert [s.name for s in project.scenarios] == ["day1", "day2"]
    assert [r.rates.of("A")[0] for r in project.rate_sets] == [1, 2]
