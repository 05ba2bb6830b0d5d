"""Status: the line at the bottom of the window - what is open, asked, known and going on."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QToolButton

from gui.controls import ElidedLabel
from gui.document import Document
from gui.icons import icon
from gui.jobs import Runner
from gui.selection import Selection
from regnet.analysis import GUARANTEES, found_words
from regnet.analysis.attractors import Attractors
from regnet.analysis.commitment import Commitment
from regnet.analysis.compare import Comparison
from regnet.analysis.confront import Confrontation
from regnet.analysis.control import Interventions
from regnet.analysis.control.words import answer_word
from regnet.analysis.courses import Courses
from regnet.analysis.dose import DoseResponse
from regnet.analysis.dose.pulses import PulseResponse
from regnet.analysis.dose.words import pulse_verdict, verdict
from regnet.analysis.explain.several import Explanations
from regnet.analysis.query import Answer
from regnet.analysis.screen import Screen
from regnet.analysis.sensitivity import Sensitivity
from regnet.figures import level_text
from regnet.screens import Rows


class Status(QStatusBar):
    """Shows the size of the network, the scenario, the latest answer and what is computed."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection, self._runner = document, selection, runner
        self.setSizeGripEnabled(False)
        self.extent = self._part("Size of the network")
        self.scenario = self._part("Current scenario")
        self.answer = self._part("Latest answer", ElidedLabel(""), stretch=1)
        self.job = ElidedLabel("")
        self.bar = QProgressBar()
        self.bar.setAccessibleName("How far the job is")
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
        self.addWidget(label, stretch)
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
            stale = ", stale: the network has changed since" * self._document.is_stale(latest)
            text = f"{latest.title}: {summary(latest.value)}{stale}"
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


def summary(value: object) -> str:
    """Return what an answer says, in a few words and with its guarantee."""
    if isinstance(value, Attractors):
        kinds: dict[str, int] = {}
        for attractor in value.attractors:
            kinds[attractor.kind] = kinds.get(attractor.kind, 0) + attractor.valuations
        detail = ", ".join(_count(number, kind) for kind, number in kinds.items())
        total = found_words(value.count, "attractor", value.missing)
        text = f"{total}{detail and f' ({detail})'}, {value.origin.seconds:.2f} s"
        if not value.complete:
            return f"{text}, incomplete: {value.missing}"
        return f"{value.origin.guarantee} ✓ {text}"
    if isinstance(value, Comparison):
        return value.sentence
    if isinstance(value, Screen):
        rows = value.rows
        if isinstance(rows, Rows):
            changed = rows.changed
        else:
            changed = sum(row.changed is True for row in rows)
        text = f"{_count(len(value.rows), 'row')}, {changed:,} differ from the wild type"
        return f"{text}; {value.missing}" if value.missing else text
    if isinstance(value, DoseResponse):
        changing = [c for c in value.reference.curves if c.shape != "none"]
        told = ", ".join(f"{c.readout} {verdict(c)}" for c in changing) or "nothing changes"
        return f"{value.origin.guarantee} ✓ {told}" if value.complete else value.missing
    if isinstance(value, PulseResponse):
        turning = [f"{c.readout} {pulse_verdict(c, value.by)}" for c in value.curves if c.turns]
        text = ", ".join(turning) or "nothing changes"
        sure = f"{value.origin.guarantee} ✓ " if value.origin.guarantee == "exact" else ""
        return f"{sure}{text}" if value.complete else value.missing
    if isinstance(value, Confrontation):
        held = sum(verdict.holds is True for verdict in value.verdicts)
        text = f"{held} of {_count(len(value.verdicts), 'experiment')} hold"
        return f"{text}; {value.missing}" if value.missing else f"{value.origin.guarantee} ✓ {text}"
    if isinstance(value, Sensitivity):
        noticed = sum(bool(row.noticed) for row in value.rows)
        text = f"experiments notice {noticed} of {_count(len(value.rows), 'mutation')}"
        return f"{text}; {value.missing}" if value.missing else f"{value.origin.guarantee} ✓ {text}"
    if isinstance(value, Courses):
        how = f"{_count(value.trajectories, 'run')}" if value.trajectories else "exact ✓ solved"
        text = f"{how}, {value.origin.seconds:.2f} s"
        return f"{text}; {value.missing}" if value.missing else text
    if isinstance(value, Interventions):
        text = f"{_count(len(value.found), 'smallest set')} for {value.target.name}"
        return f"{text}; {value.missing}" if value.missing else f"{value.origin.guarantee} ✓ {text}"
    if isinstance(value, Answer):
        sure = f"{value.origin.guarantee} ✓ " if value.complete else ""
        return f"{sure}{value.formula} {answer_word(value)}"
    if isinstance(value, Explanations):
        levels = [f"{level_text(one.explanation.levels)} in A{one.number}" for one in value.found]
        sure = f"{value.origin.guarantee} ✓ " if value.complete else ""
        return f"{sure}{value.component} at {', at '.join(levels)}"
    if isinstance(value, Commitment):
        text = f"{_count(len(value.turns), 'point')} of no return"
        if value.settled is not None:
            text += f", settled from step {value.settled} on"
        return f"{text}; {value.missing}" if value.missing else f"{value.origin.guarantee} ✓ {text}"
    origin = getattr(value, "origin", None)
    return origin.guarantee if origin is not None else ""


def _count(number: int, what: str) -> str:
    plain = number == 1 or what.endswith(("cyclic", "complex"))
    return f"{number:,} {what}{'' if plain else 's'}"
