"""WhyTab: why a component is at its level in what the network is painted with."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import (
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.controls import Words
from gui.document import Document
from gui.inspecting import clear
from gui.selection import Selection
from gui.why import explain
from regnet.errors import RegnetError
from regnet.network import Component


class WhyTab(QWidget):
    """Why a component is at its level in what the network is painted with."""

    def __init__(self, document: Document, selection: Selection) -> None:
        super().__init__()
        self._document, self._selection = document, selection
        self._component: Component | None = None
        self.words = Words()
        self._causes = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.addWidget(self.words)
        column.addLayout(self._causes)
        column.addStretch(1)
        selection.painting_changed.connect(self._show)
        selection.scenario_changed.connect(self._show)

    def show_component(self, component: Component) -> None:
        """Explain a component."""
        self._component = component
        self._show()

    def _show(self) -> None:
        clear(self._causes)
        if self._component is None:
            return
        words, causes = self._explained(self._component.name)
        self.words.setText(words)
        for name in causes:
            button = QToolButton()
            button.setText(f"Look at {name}")
            button.setAutoRaise(True)
            button.setAccessibleName(f"Look at {name}")
            button.clicked.connect(partial(self._selection.select, name))
            self._causes.addWidget(button)

    def _explained(self, name: str) -> tuple[str, tuple[str, ...]]:
        painting, network = self._selection.painting, self._document.network
        if painting is None:
            return "Pick an attractor or another state to paint; then this says why.", ()
        done = self._selection.scenario.perturbation
        low, high = painting.levels.get(name, (0, network.tops.get(name, 1)))
        now = str(low) if low == high else f"{low} to {high}"
        head = f"{painting.caption}: {name} is at {now}."
        if name in done.clamps:
            held, last = done.clamps[name]
            at = str(held) if held == last else f"{held} to {last}"
            return f"{head}\n\nThe scenario holds it at {at}.", ()
        try:
            changed = done.apply(network)
        except RegnetError as error:
            return str(error), ()
        reason = explain(changed, name, painting.levels)
        return f"{head}\n\n{reason.words}", reason.causes
