"""EvidenceTrace: the edges of the network, marked by the verdicts of experiments."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gui.model.document import Document
from gui.model.ledger import coverage, edge_marks, ledger
from gui.model.selection import Selection, Trace
from gui.widgets.actions import add_action


class EvidenceTrace(QObject):
    """An action that marks the edges by evidence until it is switched off."""

    def __init__(self, owner: QWidget, document: Document, selection: Selection) -> None:
        super().__init__(owner)
        self._document, self._selection = document, selection
        self._trace: Trace | None = None
        self._digest = ""  # digest of the network it belongs to
        self.action = add_action(
            owner, "Draw edges by e&vidence", menu="View", checkable=True, icon_name="legend",
            tip="Mark on the network which edges experiments support",
        )  # fmt: skip
        self.action.toggled.connect(self._switch)
        document.results_changed.connect(self._draw)
        document.changed.connect(self._draw)
        selection.trace_changed.connect(self._on_trace)

    def _switch(self, on: bool) -> None:
        if on:
            self._draw()
            self._selection.ask("network")
        elif self._trace is not None:
            mine, self._trace = self._trace, None
            if self._selection.traced == mine:
                self._selection.trace(None)

    def _draw(self) -> None:
        if not self.action.isChecked():
            return
        project, results = self._document.project, self._document.results
        found = coverage(results)
        marks = edge_marks(project, ledger(project, results), found)
        how = "that detect their loss" if found else "that cite the same references"
        self._digest = project.network.digest
        self._trace = Trace(marks, f"edges by the experiments {how}", is_alone=False)
        self._selection.trace(self._trace)

    def _on_trace(self) -> None:
        """Notice that another panel traces the network, or removed the trace."""
        is_mine = self._trace is None or self._selection.traced == self._trace
        if not is_mine and self._digest == self._document.network.digest:  # otherwise redrawn soon
            self._trace = None
            self.action.setChecked(False)
