"""Inputs: each held at a level by the current scenario or left free."""

from __future__ import annotations

from functools import partial
from math import prod

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from gui.model import edits
from gui.model.document import Document
from gui.model.runner import Runner
from gui.model.selection import Selection
from gui.widgets.controls import ElidedLabel, Empty, LevelSwitch
from gui.widgets.style import style, theme
from regnet.project import Project

MAX_SHOWN = 40
"""Maximum number of inputs with buttons of their own."""

_MANY_INPUTS = 12  # inputs


class InputsPanel(QWidget):
    """A row of level buttons for each input."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection = document, selection
        self.switches: dict[str, LevelSwitch] = {}
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.summary.setContentsMargins(4, 0, 4, 0)
        self._empty = Empty("This model has no inputs.")
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 2, 6, 6)
        column.addWidget(self._empty)
        column.addWidget(self._area)
        column.addWidget(self.summary)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._rebuild)
        document.changed.connect(self._follow)
        selection.scenario_changed.connect(self._show)
        style().changed.connect(self._show)
        self._rebuild()

    def _follow(self, before: Project, after: Project) -> None:
        if before.network is after.network:
            return
        if (
            len(after.network.inputs) > _MANY_INPUTS
        ):  # many buttons are slow, so other panels go first
            self._later.start()
        else:
            self._rebuild()

    def _rebuild(self) -> None:
        network = self._document.network
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(4, 4, 4, 4)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        self.switches = {}
        for row, name in enumerate(network.inputs[:MAX_SHOWN]):
            component = network[name]
            label = ElidedLabel(name)
            label.setToolTip(f"{name}\n{component.note}".strip())
            switch = LevelSwitch(name, component.top, component.meanings)
            switch.chosen.connect(partial(self._set, name))
            grid.addWidget(label, row, 0)
            grid.addWidget(switch, row, 1, Qt.AlignmentFlag.AlignRight)
            self.switches[name] = switch
        rest = len(network.inputs) - MAX_SHOWN
        if rest > 0:
            more = QLabel(f"and {rest:,} more: set them in the scenario bar")
            more.setWordWrap(True)
            grid.addWidget(more, MAX_SHOWN, 0, 1, 2)
        grid.setRowStretch(len(network.inputs), 1)
        self._area.setWidget(inside)
        self._area.setVisible(bool(network.inputs))
        self.summary.setVisible(bool(network.inputs))
        self._empty.setVisible(not network.inputs)
        self._empty.setText(
            "This model has no inputs." if len(network) else "Open a model to see its inputs."
        )
        self._show()

    def _set(self, name: str, level: int | None) -> None:
        edits.hold(self._document, self._selection, name, level)
        self._show()

    def _show(self) -> None:
        if self._later.isActive():
            return
        scenario = self._selection.scenario
        clamps, start = scenario.perturbation.clamps, scenario.start
        tops = self._document.network.tops
        free, begun = [], []
        for name in self._document.network.inputs:
            low, high = clamps.get(name, start.get(name, (0, tops[name])))
            if name in self.switches:
                self.switches[name].show_level(low if low == high else None)
            if low != high:
                free.append(high - low + 1)
            elif name not in clamps:
                begun.append(f"{name}={low}")
        combinations = prod(free)
        digits = len(str(combinations))
        count = f"{combinations:,}" if digits < 10 else f"about 10^{digits - 1}"
        self.summary.setText(
            f"{len(free)} free: all {count} combinations are analysed together."
            if free
            else "Every input is set."
        )
        if begun:
            self.summary.setText(f"{self.summary.text()} The start sets {', '.join(begun)}.")
        self.summary.setStyleSheet(f"color: {theme()['muted'].name()};")
