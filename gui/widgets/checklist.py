"""CheckList: names to tick, with a filter and buttons to tick them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.widgets.controls import ElidedRows

FILTER_FROM = 8
"""Minimum number of names for which a list has a filter."""

_ROWS = 7  # rows visible without scrolling
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class CheckModel(QAbstractListModel):
    """A model of names with check marks, fast for thousands of names."""

    ticked_by_hand = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.names: tuple[str, ...] = ()
        self.ticked: set[str] = set()
        self._tips: Sequence[str] = ()
        self._shown: Sequence[int] = ()
        self._filter = ""

    def fill(self, names: Sequence[str], ticked: Iterable[str], tips: Sequence[str]) -> None:
        """Show these names, some of them ticked."""
        self.beginResetModel()
        self.names, self._tips = tuple(names), tips
        self.ticked = set(ticked).intersection(self.names)
        self._sift()
        self.endResetModel()

    def tick(self, names: Iterable[str]) -> None:
        """Tick these names and no others."""
        self.ticked = set(names).intersection(self.names)
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    def set_filter(self, text: str) -> None:
        """Show the names that contain a text."""
        self.beginResetModel()
        self._filter = text.strip().casefold()
        self._sift()
        self.endResetModel()

    def _sift(self) -> None:
        wanted = self._filter
        self._shown = range(len(self.names))
        if wanted:
            self._shown = [i for i, name in enumerate(self.names) if wanted in name.casefold()]

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Return how many names are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Return the item flags: names are checkable."""
        flags = Qt.ItemFlag
        return flags.ItemIsEnabled | flags.ItemIsSelectable | flags.ItemIsUserCheckable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a name, its tick or its tip."""
        number = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.names[number]
        if role == Qt.ItemDataRole.CheckStateRole:
            is_on = self.names[number] in self.ticked
            return Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tips[number] if self._tips else self.names[number]
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tick or untick a name."""
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        name = self.names[self._shown[index.row()]]
        if Qt.CheckState(value) == Qt.CheckState.Checked:
            self.ticked.add(name)
        else:
            self.ticked.discard(name)
        self.dataChanged.emit(index, index)
        self.ticked_by_hand.emit()
        return True


class CheckList(QWidget):
    """A list of names with check boxes, its title above and the number of ticks beside it."""

    changed = Signal()
    """A name was ticked or unticked."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self.heading = QLabel()
        self.model = CheckModel()
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setAccessibleName(title)
        self.list.setUniformItemSizes(True)
        self.list.setItemDelegate(ElidedRows(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setLayoutMode(QListView.LayoutMode.Batched)  # fast for thousands of names
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter")
        self.filter.setAccessibleName(f"Filter: {title}")
        self.filter.setClearButtonEnabled(True)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(2)
        self._buttons.addWidget(self.filter, 1)
        self.add_button("All", lambda: self.names)
        self.add_button("None", lambda: ())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.heading)
        column.addLayout(self._buttons)
        column.addWidget(self.list)
        self.model.ticked_by_hand.connect(self._on_tick)
        self.filter.textChanged.connect(self.model.set_filter)
        self._count()

    def add_button(self, text: str, names: Callable[[], Iterable[str]]) -> QToolButton:
        """Add a button that ticks these names and no others."""
        button = QToolButton()
        button.setText(text)
        button.setAccessibleName(f"{self._title}: {text}")
        button.setAutoRaise(True)
        button.clicked.connect(lambda: self._tick(names()))
        self._buttons.addWidget(button)
        return button

    @property
    def names(self) -> tuple[str, ...]:
        """All names."""
        return self.model.names

    @property
    def ticked(self) -> tuple[str, ...]:
        """The ticked names, in the order of the list."""
        return tuple(name for name in self.model.names if name in self.model.ticked)

    def fill(self, names: Sequence[str], ticked: Iterable[str], tips: Sequence[str] = ()) -> None:
        """Show these names, some of them ticked, without emitting a signal."""
        self.model.fill(names, ticked, tips)
        self.filter.setVisible(len(names) > FILTER_FROM)
        height = self.list.fontMetrics().height() + 6
        self.list.setFixedHeight(height * min(max(len(names), 1), _ROWS) + 6)
        self._count()

    def tick(self, names: Iterable[str]) -> None:
        """Tick these names and no others, without emitting a signal."""
        self.model.tick(names)
        self._count()

    def _tick(self, names: Iterable[str]) -> None:
        self.tick(names)
        self.changed.emit()

    def _on_tick(self) -> None:
        self._count()
        self.changed.emit()

    def _count(self) -> None:
        ticked, names = self.model.ticked, self.model.names
        self.heading.setText(f"<b>{self._title}</b> &nbsp; {len(ticked)} of {len(names)}")
