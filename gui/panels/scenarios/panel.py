"""Scenarios: the list of the scenarios of the project, one of them current."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.model import edits
from gui.model.document import Document
from gui.model.runner import Runner
from gui.model.selection import WILD_TYPE, Selection
from gui.widgets.actions import add_action
from gui.widgets.controls import ElidedRows
from regnet.errors import RegnetError
from regnet.project import Project
from regnet.scenario import Scenario

_NAME = Qt.ItemDataRole.UserRole


class ScenariosPanel(QWidget):
    """The list of scenarios, the wild type first."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection = document, selection
        self._filling = False
        self.list = QListWidget()
        self.list.setAccessibleName("Scenarios")
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.list.setUniformItemSizes(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setItemDelegate(ElidedRows(self.list))
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.duplicate = add_action(
            self, "&Duplicate scenario", lambda: edits.duplicate(document, selection),
            menu="Perturb", icon_name="copy", shortcut="Ctrl+D", everywhere=True,
            tip="Duplicate the current scenario and switch to the copy",
        )  # fmt: skip
        self.rename = add_action(
            self, "&Rename scenario", self._begin_rename, menu="Perturb", icon_name="rename",
            tip="Give the current scenario another name",
        )  # fmt: skip
        self.delete = add_action(
            self, "D&elete scenario", self._delete, menu="Perturb", icon_name="delete",
            tip="Delete the current scenario; the wild type cannot be deleted",
        )  # fmt: skip
        self.fold = add_action(
            self, "&Merge into base", self._fold, menu="Perturb", icon_name="fold",
            tip="Apply the changes to the scenario that this one was derived from",
        )  # fmt: skip
        buttons = QHBoxLayout()
        buttons.setSpacing(2)
        for action in (self.duplicate, self.rename, self.fold, self.delete):
            button = QToolButton()
            button.setAutoRaise(True)
            button.setDefaultAction(action)
            button.setAccessibleName(action.text().replace("&", ""))
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 2, 6, 6)
        column.addWidget(self.list)
        column.addLayout(buttons)
        self.list.currentItemChanged.connect(self._choose)
        self.list.itemChanged.connect(self._renamed)
        self.list.customContextMenuRequested.connect(self._open_menu)
        document.changed.connect(self._follow)
        selection.scenario_changed.connect(self._show_current)
        self._fill()

    def _follow(self, before: Project, after: Project) -> None:
        if before.scenarios is not after.scenarios or before.network is not after.network:
            self._fill()

    def _fill(self) -> None:
        self._filling = True
        try:
            self.list.clear()
            network = self._document.network
            for scenario in (Scenario(), *self._document.project.scenarios):
                item = QListWidgetItem(scenario.name or WILD_TYPE)
                item.setData(_NAME, scenario.name)
                done = edits.describe(scenario, network)
                item.setToolTip("\n".join(p for p in (scenario.name, scenario.note, done) if p))
                if scenario.name:
                    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
                self.list.addItem(item)
        finally:
            self._filling = False
        self._show_current()

    def _show_current(self) -> None:
        name = self._selection.scenario.name
        self._filling = True
        try:
            for row in range(self.list.count()):
                if self.list.item(row).data(_NAME) == name:
                    self.list.setCurrentRow(row)
        finally:
            self._filling = False
        self.rename.setEnabled(bool(name))
        self.delete.setEnabled(bool(name))
        base = edits.base_of(self._selection.scenario, self._document.project)
        self.fold.setEnabled(base is not None and bool(base.name))

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None and not self._filling:
            self._selection.choose(item.data(_NAME))

    def _begin_rename(self) -> None:
        self.list.setFocus()
        self.list.editItem(self.list.currentItem())

    def _renamed(self, item: QListWidgetItem) -> None:
        old, new = item.data(_NAME), item.text().strip()
        if self._filling or new == old:
            return
        try:
            edits.rename(self._document, self._selection, old, new)
        except RegnetError as error:
            self._document.say(error)
        self._fill()

    def _delete(self) -> None:
        edits.delete(self._document, self._selection, self._selection.scenario.name)

    def _fold(self) -> None:
        try:
            edits.fold(self._document, self._selection)
        except RegnetError as error:
            self._document.say(error)

    def _open_menu(self, point: QPoint) -> None:
        self.menu = QMenu(self)
        self.menu.addActions([self.duplicate, self.rename, self.fold, self.delete])
        self.menu.popup(self.list.viewport().mapToGlobal(point))
