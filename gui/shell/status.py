"""Status: the status bar: network, scenario, latest answer and running jobs."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QStatusBar, QToolButton, QWidget

from gui.model.document import Document
from gui.model.runner import Runner
from gui.model.selection import Selection
from gui.widgets.controls import ElidedLabel
from gui.widgets.icons import icon
from regnet.analysis import GUARANTEES
from regnet.questions import summary_of


class Status(QStatusBar):
    """Shows the size of the network, the scenario, the latest answer and the running jobs."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection, self._runner = document, selection, runner
        self.setSizeGripEnabled(False)
        # Hints of buttons take the place of this widget as a whole: a part that is shown meanwhile
        # would be painted under them.
        self._parts = QWidget()
        self._row = QHBoxLayout(self._parts)
        self._row.setContentsMargins(0, 0, 0, 0)
        self.addWidget(self._parts, 1)
        self.extent = self._part("Size of the network")
        self.scenario = self._part("Current scenario")
        self.answer = self._part("Latest answer", ElidedLabel(""), stretch=1)
        self._row.addStretch(0)
        self.job = ElidedLabel("")
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Progress of the job")
        self.bar.setMaximumWidth(120)
        self.bar.setTextVisible(False)
        self.stop = QToolButton()
        self.stop.setAccessibleName("Stop")
        self.stop.setToolTip("Stop (Esc or Ctrl+.)")
        self.stop.setProperty("icon_name", "stop")
        self.stop.setIcon(icon("stop"))
        self.stop.setAutoRaise(True)
        self.stop.clicked.connect(runner.stop_all)
        self.addPermanentWidget(self.job, 1)
        for widget in (self.bar, self.stop):
            self.addPermanentWidget(widget)
        self._clock = QTimer(self)
        self._clock.setInterval(500)
        self._clock.timeout.connect(self._show_job)
        document.changed.connect(self._show)
        document.results_changed.connect(self._show)
        selection.scenario_changed.connect(self._show)
        runner.changed.connect(self._show_job)
        self._show()
        self._show_job()

    def _part(self, name: str, label: QLabel | None = None, *, stretch: int = 0) -> QLabel:
        label = QLabel() if label is None else label
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setToolTip(name)
        label.setContentsMargins(8, 2, 8, 2)
        self._row.addWidget(label, stretch)
        return label

    def _show(self) -> None:
        network = self._document.network
        parts = [_count(len(network), "component")]
        if network.inputs:
            parts.append(_count(len(network.inputs), "input"))
        self.extent.setText(", ".join(parts) if len(network) else "No model is open")
        scenario = self._selection.scenario
        self.scenario.setVisible(bool(len(network)))
        self.scenario.setText(f"{self._selection.scenario_title} · {scenario.update}")
        results = self._document.results
        self.answer.setVisible(bool(results))
        if results:
            latest = results[-1]
            stale = ", stale: the model has changed since" * self._document.is_stale(latest)
            text = f"{latest.title}: {summary_of(latest.value)}{stale}"
            self.answer.setText(text)
            sure = GUARANTEES.get(latest.origin.guarantee, "")
            self.answer.setToolTip(f"{text}\n{sure}".strip())

    def _show_job(self) -> None:
        active = self._runner.active
        for widget in (self.job, self.bar, self.stop):
            widget.setVisible(bool(active))
        if not active:
            self._clock.stop()
            return
        self._clock.start()
        task = active[0]
        seconds = time.monotonic() - task.started_at if task.started_at else 0.0
        words = f": {task.words}" if task.words else ""
        more = f" (and {len(active) - 1} more)" if len(active) > 1 else ""
        self.job.setText(f"{task.title}{words}, {seconds:.0f} s{more}")
        if task.fraction is None:
            self.bar.setRange(0, 0)
        else:
            self.bar.setRange(0, 1000)
            self.bar.setValue(round(1000 * task.fraction))


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
