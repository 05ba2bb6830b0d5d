"""History: every edit since the file was opened; a click restores that state."""

from __future__ import annotations

from PySide6.QtWidgets import QUndoView, QVBoxLayout, QWidget

from gui.model.document import Document
from gui.model.runner import Runner
from gui.model.selection import Selection


class HistoryPanel(QWidget):
    """The list of edits, with the current one selected."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self.list = QUndoView(document.stack)
        self.list.setEmptyLabel("as opened")
        self.list.setAccessibleName("History of edits")
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 2, 6, 6)
        column.addWidget(self.list)
