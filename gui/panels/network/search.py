"""NetworkSearch: the search field above the drawing, and the search itself."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from regnet.network import LogicalNetwork


class NetworkSearch(QLineEdit):
    """A search field for components."""

    left = Signal()
    """The user pressed Esc."""

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText("Find a component (Ctrl+F)")
        self.setAccessibleName("Find a component")
        self.setClearButtonEnabled(True)
        self.setMaximumWidth(260)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def matches(network: LogicalNetwork, held: Collection[str], text: str) -> list[str]:
    """Return the components that match a search, those whose name begins with it first.

    ``ko:`` and ``held:`` find those that are `held`, ``in:`` and ``input:`` the inputs, and
    ``ev:none`` those without evidence.
    """
    wanted = text.strip().casefold()
    if wanted in ("ko:", "held:"):
        return [name for name in network.names if name in held]
    if wanted in ("in:", "input:"):
        return list(network.inputs)
    if wanted == "ev:none":
        return [c.name for c in network.components if not c.refs]
    found = [
        c for c in network.components if wanted in f"{c.name}\n{c.compartment}\n{c.note}".casefold()
    ]
    found.sort(
        key=lambda c: (not c.name.casefold().startswith(wanted), wanted not in c.name.casefold())
    )
    return [c.name for c in found]
