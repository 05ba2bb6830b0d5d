"""ViewTabs: the tabs of the views, all reachable however narrow the window is."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QTabWidget, QToolButton

_NARROWEST = 540  # so that no view makes the window wider than a small screen


class ViewTabs(QTabWidget):
    """Tabs with a list of all views if they do not fit."""

    def __init__(self) -> None:
        super().__init__()
        self.setDocumentMode(True)
        self.setMinimumWidth(_NARROWEST)
        self.tabBar().setAccessibleName("Views")
        self.list = QToolButton()
        self.list.setArrowType(Qt.ArrowType.DownArrow)
        self.list.setAutoRaise(True)
        self.list.setAccessibleName("All views")
        self.list.setToolTip("All views")
        self.list.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.list.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.list.setMenu(QMenu(self.list))
        self.list.menu().aboutToShow.connect(self._fill)
        self.setCornerWidget(self.list, Qt.Corner.TopRightCorner)
        self.list.hide()

    def _fill(self) -> None:
        menu = self.list.menu()
        menu.clear()
        for number in range(self.count()):
            action = menu.addAction(f"{self.tabText(number)}    {self.tabToolTip(number)}")
            action.setCheckable(True)
            action.setChecked(number == self.currentIndex())
            action.triggered.connect(partial(self.setCurrentIndex, number))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer the list if the tabs do not fit."""
        super().resizeEvent(event)
        self.list.setVisible(self.tabBar().sizeHint().width() > self.width())
