"""Estimate: the number of runs of a screen and its duration, measured on a few of them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel

from gui.model.runner import Runner, Task
from regnet.screens.setup import Measured, Setup, duration, estimate, probe, workers_for

_CALM = 300  # milliseconds without a change of the setup before measuring


class Estimate(QLabel):
    """A label with the estimate of a screen."""

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self.setWordWrap(True)
        self._runner = runner
        self._wanted: Setup | None = None  # the estimated setup; None if it cannot be run
        self._asked: Setup | None = None  # the setup that was or is being measured
        self.measured: list[Measured] = []
        self.probing: Task | None = None
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(_CALM)
        self._calm.timeout.connect(self._measure)

    def show_setup(self, setup: Setup, problem: str) -> None:
        """Show the estimate of a screen, or why it cannot be run; measure it when idle."""
        self._wanted = None if problem else setup
        if self._wanted is None or setup != self._asked:
            self._asked = None
            self.measured = []
            self.halt()
            self._calm.start()
        self._show(problem)

    def halt(self) -> None:
        """Stop measuring, as a screen needs the processors."""
        if self.probing is not None:
            self.probing.stop()

    def left(self, setup: Setup, done: int) -> float | None:
        """Return the remaining time of a screen in seconds, or None if not measured."""
        if setup != self._asked or not self.measured:
            return None
        return estimate(setup, self.measured) * (1 - done / setup.runs)

    def _measure(self) -> None:
        if self._wanted is None or not self.isVisible():
            return
        self._asked = self._wanted
        self.measured = []
        task = self._runner.submit("Estimate of a screen", probe, self._asked, quiet=True)
        task.partial.connect(partial(self._add, task))
        task.ended.connect(partial(self._end, task))
        self.probing = task

    def _add(self, task: Task, new: tuple[Measured, ...]) -> None:
        if self.probing is task and self._asked is not None:
            self.measured.extend(new)
            self._show("")

    def _end(self, task: Task) -> None:
        if self.probing is task:
            self.probing = None

    def _show(self, problem: str) -> None:
        setup = self._wanted
        if setup is None:
            self.setText(problem)
            return
        contexts = len(setup.contexts)
        text = (
            f"{setup.width - 1:,} perturbations and the wild type, "
            f"in {contexts:,} context{'s' * (contexts != 1)}: <b>{setup.runs:,} runs</b>"
        )
        if self.measured:
            work = estimate(setup, self.measured)
            seconds = work / min(workers_for(work), setup.width - 1)
            is_cut = any(m.is_cut for m in self.measured)
            about = "more than " if is_cut else "" if seconds < 1 else "about "
            count = len(self.measured)
            runs = f"{count} run{'s' * (count != 1)}"
            text += f", {about}<b>{duration(seconds)}</b> ({runs} measured)"
        self.setText(text + ".")
