"""LevelRow: buttons that set the level of the selected component, as a step of a run."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.walk import Walk


class LevelRow(QWidget):
    """A button for each level, or the reason why there is none."""

    wanted = Signal(str, int)
    """Request to set a component to a level."""

    def __init__(self, document: Document, selection: Selection) -> None:
        super().__init__()
        self._document, self._selection = document, selection
        self.words = QLabel()
        self.place = QHBoxLayout()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.words)
        row.addLayout(self.place)
        row.addStretch(1)

    def follow(self, walk: Walk | None) -> None:
        """Offer the levels of the selected component in the current state of a run."""
        while self.place.count():
            item = self.place.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        name = self._selection.component
        if walk is None or name not in walk.dynamics.names:
            self.words.setText("Select a component to set its level by hand.")
            return
        component = self._document.network[name]
        held = self._selection.scenario.perturbation.clamps.get(name)
        if held is not None and held[0] == held[1]:
            self.words.setText(f"{name} is held at {held[0]} in this scenario.")
            return
        self.words.setText(f"Set {name} to")
        low, high = held or (0, component.top)
        for level in range(low, high + 1):
            button = QPushButton(str(level))
            button.setAccessibleName(f"Set {name} to {level}")
            button.setToolTip(component.meanings[level] if component.meanings else "")
            button.setMaximumWidth(40)
            button.setEnabled(level != walk.state[walk.dynamics.names.index(name)])
            button.clicked.connect(partial(self.wanted.emit, name, level))
            self.place.addWidget(button)
