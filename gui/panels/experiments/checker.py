"""Checking: holds the model against its experiments, by itself after an edit where that is quick.

Only what an edit can have changed is run again: `confront` takes the rest from what is known.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from gui.model.document import Document, Result
from gui.model.ledger import COVERAGE, QUESTION, Entry, known_before, ledger
from gui.model.runner import Runner, Task
from regnet.analysis.check import Confrontation, confront
from regnet.analysis.sensitivity import find_sensitivity
from regnet.project import Project

QUICK = 5.0
"""Experiments that took fewer seconds than this in all are run again after each edit."""

_CALM = 250  # milliseconds without an edit after which they are


class Checker(QObject):
    """Runs experiments in a worker, one question at a time; the answers become results.

    The answer to an automatic check is dropped as soon as it is old: no one waits for it.
    """

    changed = Signal()
    """It began, got on or ended."""

    def __init__(self, document: Document, runner: Runner, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._runner = document, runner
        self.task: Task | None = None
        """What runs, or ran last."""
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
        """Every experiment of the project with what is known of it."""
        return ledger(self._document.project, self._document.results)

    @property
    def is_running(self) -> bool:
        """Whether something runs."""
        return self.task is not None and not self.task.is_over

    @property
    def is_about_to(self) -> bool:
        """Whether it will check by itself in a moment."""
        return self._calm.isActive()

    # --- asking ---

    def check(self, identifier: str = "") -> Task | None:
        """Confront the model with every experiment, or with one."""
        if identifier:
            return self._check(f"Experiment {identifier}", only=[identifier])
        return self._check(QUESTION)

    def check_what_is_old(self, *, is_automatic: bool = False) -> Task | None:
        """Confront the model with every experiment whose verdict an edit can have changed."""
        before = known_before(self.entries, self._document.results)
        return self._check(QUESTION, before=before, is_automatic=is_automatic)

    def find_coverage(self) -> Task | None:
        """Find out which experiments notice a change of each rule."""
        if not self._has_experiments():
            return None
        self.stop()
        task = self._runner.submit(COVERAGE, find_sensitivity, self._document.project, keeps=True)
        task.finished.connect(partial(self._document.add_result, COVERAGE))
        self._watch(task)
        return task

    def stop(self) -> None:
        """Stop what runs; what it has found until now becomes a result."""
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
            self._drop_automatic()  # an undo: an older answer is right again
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
    """Return whether experiments were checked before, and that took little time."""
    verdicts = [entry.verdict for entry in entries if entry.verdict is not None]
    return bool(verdicts) and sum(verdict.seconds for verdict in verdicts) <= QUICK
