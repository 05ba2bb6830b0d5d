"""CheckList: names to tick, with a filter and buttons to tick them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

FEW = 8
"""Lists of so few names need no filter."""

_ROWS = 7  # that are seen without scrolling


class CheckList(QWidget):
    """A list of names with check boxes, its title above and the number of ticks beside it."""

    changed = Signal()
    """The person ticked something, or took a tick away."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._filling = False
        self.heading = QLabel()
        self.list = QListWidget()
        self.list.setAccessibleName(title)
        self.list.setUniformItemSizes(True)
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
        self.list.itemChanged.connect(self._on_item)
        self.filter.textChanged.connect(self._on_filter)
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
        """Every name."""
        return tuple(self.list.item(row).text() for row in range(self.list.count()))

    @property
    def ticked(self) -> tuple[str, ...]:
        """The names that are ticked, in the order of the list."""
        items = (self.list.item(row) for row in range(self.list.count()))
        return tuple(i.text() for i in items if i.checkState() == Qt.CheckState.Checked)

    def fill(self, names: Sequence[str], ticked: Iterable[str], tips: Sequence[str] = ()) -> None:
        """Show these names, some of them ticked, without telling anybody."""
        wanted = set(ticked)
        self._filling = True
        try:
            self.list.clear()
            for number, name in enumerate(names):
                item = QListWidgetItem(name)
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(_state(ticked=name in wanted))
                if tips:
                    item.setToolTip(tips[number])
                self.list.addItem(item)
        finally:
            self._filling = False
        self.filter.setVisible(len(names) > FEW)
        height = max(self.list.sizeHintForRow(0), 18) if names else 18
        self.list.setFixedHeight(height * min(max(len(names), 1), _ROWS) + 6)
        self._on_filter(self.filter.text())
        self._count()

    def tick(self, names: Iterable[str]) -> None:
        """Tick these names and no others, without telling anybody."""
        wanted = set(names)
        self._filling = True
        try:
            for row in range(self.list.count()):
                item = self.list.item(row)
                item.setCheckState(_state(ticked=item.text() in wanted))
        finally:
            self._filling = False
        self._count()

    def _tick(self, names: Iterable[str]) -> None:
        self.tick(names)
        self.changed.emit()

    def _on_item(self) -> None:
        if not self._filling:
            self._count()
            self.changed.emit()

    def _on_filter(self, text: str) -> None:
        wanted = text.strip().casefold()
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setHidden(wanted not in item.text().casefold())

    def _count(self) -> None:
        self.heading.setText(
            f"<b>{self._title}</b> &nbsp; {len(self.ticked)} of {self.list.count()}"
        )


def _state(*, ticked: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
