"""Labels of the window that are terms of the glossary explain themselves."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from gui.widgets.terms import explain_terms, with_meaning
from regnet.glossary import meaning_of


def test_that_a_term_gets_its_meaning_below_its_own_tip(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    term, other = QLabel("<b>Readouts</b>", window), QLabel("Width", window)
    term.setToolTip("Ticked ones are drawn")
    tabs = QTabWidget(window)
    tabs.addTab(QWidget(), "&Attractors")
    explain_terms(window)
    assert " ".join(term.toolTip().split()) == f"Ticked ones are drawn {meaning_of('readout')}"
    assert tabs.tabToolTip(0) == with_meaning("", "attractor") != ""
    assert other.toolTip() == ""
