"""Checker: checks the model against its experiments, automatically after an edit if that is fast.

Only experiments that an edit can affect are run again; `confront` reuses the other verdicts.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from gui.model.document import Document, Result
from gui.model.ledger import COVERAGE, QUESTION, RATES, Entry, known_before, ledger
from gui.model.runner import Runner, Task
from regnet.analysis.check import Confrontation, confront
from regnet.analysis.robustness import find_robustness
from regnet.analysis.sensitivity import find_sensitivity
from regnet.project import Project

QUICK = 5.0
"""Experiments that took fewer seconds than this in total are run again after each edit."""

_CALM = 250  # milliseconds without an edit before they are run again


class Checker(QObject):
    """Runs experiments in a worker process, one at a time; the answers become results.

    The answer to an automatic check is dropped as soon as it is out of date.
    """

    changed = Signal()
    """A check began, progressed or ended."""

    def __init__(self, document: Document, runner: Runner, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._runner = document, runner
        self.task: Task | None = None
        """The running or latest task."""
        self._automatic: Result | None = None  # the last answer of an automatic check
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(_CALM)
        self._calm.timeout.connect(self._check_again)
        document.changed.connect(self._follow)
        document.reset.connect(self._forget)

    # --- what is known ---

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every experiment of the project with its verdict."""
        return ledger(self._document.project, self._document.results)

    @property
    def is_running(self) -> bool:
        """Whether a check is running."""
        return self.task is not None and not self.task.is_over

    @property
    def is_about_to(self) -> bool:
        """Whether an automatic check is about to start."""
        return self._calm.isActive()

    # --- asking ---

    def check(self, identifier: str = "") -> Task | None:
        """Check every experiment, or one of them."""
        if identifier:
            return self._check(f"Experiment {identifier}", only=[identifier])
        return self._check(QUESTION)

    def check_what_is_old(self, *, is_automatic: bool = False) -> Task | None:
        """Check every experiment whose verdict an edit may have changed."""
        before = known_before(self.entries, self._document.results)
        return self._check(QUESTION, before=before, is_automatic=is_automatic)

    def find_coverage(self) -> Task | None:
        """Find which experiments detect a change of each rule."""
        return self._find(COVERAGE, find_sensitivity)

    def vary_rates(self) -> Task | None:
        """Find for which share of random rates what is expected of time holds."""
        return self._find(RATES, find_robustness)

    def _find(self, title: str, analysis: Callable[..., Any]) -> Task | None:
        if not self._has_experiments():
            return None
        self.stop()
        task = self._runner.submit(title, analysis, self._document.project, keeps=True)
        task.finished.connect(partial(self._document.add_result, title))
        self._watch(task)
        return task

    def stop(self) -> None:
        """Stop the check; the verdicts found so far become a result."""
        if self.task is not None and not self.task.is_over:
            self.task.stop()

    def _has_experiments(self) -> bool:
        if not self._document.project.experiments:
            self._document.say("there are no experiments to check", "info")
            return False
        return True

    def _check(
        self,
        title: str,
        *,
        only: list[str] | None = None,
        before: Confrontation | None = None,
        is_automatic: bool = False,
    ) -> Task | None:
        if not self._has_experiments():
            return None
        self.stop()
        project = self._document.project
        task = self._runner.submit(
            title, confront, project, only=only, before=before, quiet=is_automatic, keeps=True
        )
        task.finished.connect(partial(self._take, title, is_automatic=is_automatic))
        self._watch(task)
        return task

    def _watch(self, task: Task) -> None:
        self.task = task
        task.progress.connect(self.changed)
        task.failed.connect(self._fail)
        task.ended.connect(self.changed)
        self.changed.emit()

    def _fail(self, sentence: str, _details: str) -> None:
        self._document.say(sentence)

    def _take(self, title: str, value: Confrontation, *, is_automatic: bool) -> None:
        if is_automatic:
            self._drop_automatic()
        result = self._document.add_result(title, value)
        if is_automatic:
            self._automatic = result

    def _drop_automatic(self) -> None:
        old, self._automatic = self._automatic, None
        if old is not None and old in self._document.results and self._document.is_stale(old):
            self._document.drop_result(old)

    # --- following edits ---

    def _follow(self, before: Project, after: Project) -> None:
        if before.network is after.network and before.experiments is after.experiments:
            return
        entries = self.entries
        if all(entry.is_current for entry in entries):
            self._drop_automatic()  # after an undo an older answer is valid again
        elif _is_quick(entries):
            self._calm.start()

    def _check_again(self) -> None:
        entries = self.entries
        if _is_quick(entries) and not all(entry.is_current for entry in entries):
            self.check_what_is_old(is_automatic=True)

    def _forget(self) -> None:
        self.stop()
        self._calm.stop()
        self._automatic = None


def _is_quick(entries: tuple[Entry, ...]) -> bool:
    """Return whether experiments were checked before, in little time."""
    verdicts = [entry.verdict for entry in entries if entry.verdict is not None]
    return bool(verdicts) and sum(verdict.seconds for verdict in verdicts) <= QUICK
