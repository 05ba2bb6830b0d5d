"""Whatever can be clicked has a name that is read aloud, and is reached with the Tab key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDockWidget,
    QGraphicsView,
    QHeaderView,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QSlider,
    QTabBar,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui.model.selection import Painting
from gui.shell.main_window import MainWindow
from gui.shell.panels import PANELS, Panel
from gui.widgets.heatmap import HeatMap
from regnet.analysis.attractors import find_attractors
from regnet.analysis.compare import compare_scenarios
from regnet.analysis.dose import find_dose_response
from regnet.analysis.simulate import simulate
from regnet.logic import parse
from regnet.project import Project

_INTERACTIVE = (QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QGraphicsView,
                QLineEdit, QPlainTextEdit, QSlider, QTabBar, QTextEdit, HeatMap)  # fmt: skip
_MOST_TABS = 400


def _parts(widget: QWidget) -> Iterator[QWidget]:
    """Yield what can be used in a widget, without what Qt puts inside its own widgets."""
    for part in widget.findChildren(QWidget):
        if not isinstance(part, _INTERACTIVE) or isinstance(part, QHeaderView):
            continue
        if part.objectName().startswith("qt_") or not part.isVisibleTo(widget):
            continue
        around: QObject | None = part.parent()
        inside = False
        while around is not None and around is not widget:
            inside |= isinstance(around, (QComboBox, QAbstractSpinBox, QTabBar, QMenu))
            inside |= isinstance(around, QLineEdit) or type(around).__name__ == "QDockWidgetTitle"
            around = around.parent()
        if isinstance(around, QDockWidget) or inside:
            continue
        yield part


def _name(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return str(interface.text(QAccessible.Text.Name)) if interface is not None else ""


@pytest.fixture(scope="session")
def further(liver: Project) -> dict[str, object]:
    """Answers that take a while: a dose response and a time course."""
    scenario = liver.scenario("PHx")
    return {
        "Dose of LIF_dose, PHx": find_dose_response(
            liver.network, scenario, "LIF_dose", readouts=["Mass"]
        ),
        "Time courses, PHx": simulate(
            liver.network, scenario, readouts=["Mass"], first=[parse("Mass:2")]
        ),
    }


@pytest.fixture(scope="module")
def filled(qapp: QApplication, liver: Project, further: dict[str, object]) -> Iterator[MainWindow]:
    """The window with the liver model, an answer of each kind, and something painted."""
    window = MainWindow()
    window.show()
    window.document.replace(liver)
    window.selection.choose("LIF high")
    window.selection.select("STAT3")
    found = find_attractors(liver.network, liver.scenario("LIF high"))
    window.document.add_result("Attractors, LIF high", found)
    both = liver.scenario("PHx"), liver.scenario("LIF high")
    window.document.add_result("Compare", compare_scenarios(liver.network, *both))
    for title, answer in further.items():
        window.document.add_result(title, answer)
    window.selection.paint(Painting(found.attractors[0].space, "A1"))
    yield window
    window.document.stack.setClean()
    window.close()
    window.deleteLater()


@pytest.mark.parametrize("panel", PANELS, ids=lambda p: p.key)
def test_that_everything_has_a_name_and_is_reached_with_tab(
    filled: MainWindow, panel: Panel, qtbot: QtBot
) -> None:
    key = panel.key
    qtbot.waitExposed(filled)
    filled.activateWindow()
    widget = filled.panels[key]
    if panel.area != "bar":
        filled.show_panel(key)
    qtbot.waitUntil(widget.isVisible)
    parts = list(_parts(widget))
    unnamed = [f"{type(p).__name__} {p.objectName()} {p.toolTip()}" for p in parts if not _name(p)]
    assert unnamed == []
    wanted = {
        p for p in parts if p.isEnabled() and p.isVisible() and not p.visibleRegion().isEmpty()
    }
    reached: set[QWidget] = set()
    first = next(iter(wanted), None)
    if first is None:
        return
    first.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(_MOST_TABS):
        now = QApplication.focusWidget()
        if now is None:
            break
        reached.add(now)
        if isinstance(now, QAbstractButton) and now.group() is not None:
            reached |= set(now.group().buttons())  # arrow keys walk those
        if wanted <= reached:
            break
        qtbot.keyClick(now, Qt.Key.Key_Tab)
    proxies = {p.focusProxy() or p for p in wanted}
    missed = [f"{type(p).__name__}: {_name(p)}" for p in proxies - reached]
    assert missed == []
