"""Document: the open project, and the only way to change it.

A project is an immutable value, so undo restores the previous one: a single undo command serves
every edit. Results are kept beside the project; they are never undone and never discarded, only
marked as stale when the model they belong to is no longer the open one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from regnet import formats
from regnet.analysis import Origin
from regnet.evidence import Phenotype
from regnet.logic import Expr
from regnet.network import LogicalNetwork
from regnet.project import Project, Remark
from regnet.questions import QUESTIONS


@dataclass(frozen=True, slots=True)
class Result:
    """An answer computed for this document.

    Parameters
    ----------
    number
        Running number, starting at 1 and never reused within a document.
    title
        What lists call it.
    value
        `Attractors`, `Screen`, `Spaces` or another answer with an `origin`.
    asked
        The question, where the answer does not contain all of it, such as the `Setup` of a screen,
        from which a stopped screen can be resumed.
    """

    number: int
    title: str
    value: Any
    asked: Any = None

    @property
    def origin(self) -> Origin:
        """The question, the network it was asked of, and the guarantee of the answer."""
        origin: Origin = self.value.origin
        return origin


def _meaning(phenotype: Phenotype) -> tuple[str, Expr, str]:
    """Return the parts of a phenotype that an answer depends on."""
    return phenotype.name, phenotype.condition, phenotype.kind


class Document(QObject):
    """One open project, with its file, its undo history and its results."""

    changed = Signal(object, object)
    """The project changed: before, after. Compare parts with ``is`` to see what to redraw."""

    settled = Signal()
    """Emitted after `changed`, when all views have been updated."""

    reset = Signal()
    """Another project was opened; emitted before `changed`."""

    results_changed = Signal()
    """A result was added or deleted."""

    drafts_changed = Signal()
    """A rule was begun, finished or given up."""

    drafted = Signal(object, object)
    """A long-running result has grown: its `Setup`, and all rows so far."""

    file_changed = Signal()
    """The path, or whether there are unsaved changes, changed."""

    said = Signal(str, str)
    """One sentence for the user, and ``"error"``, ``"warning"`` or ``"info"``."""

    did = Signal(str, str)
    """An action that is neither an edit nor a result, and the Python code for it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stack = QUndoStack(self)
        self.stack.cleanChanged.connect(self.file_changed)
        self._project = EMPTY
        self._path: Path | None = None
        self._format = ""
        self._stamp = ""
        self.drafts: dict[str, dict[int, str]] = {}
        """What is typed as a rule and is none yet: component -> level -> text. Never saved."""
        self._results: list[Result] = []
        self._numbers = count(1)

    # --- what is open ---

    @property
    def project(self) -> Project:
        """The current project."""
        return self._project

    @property
    def network(self) -> LogicalNetwork:
        """The network of the project."""
        return self._project.network

    @property
    def path(self) -> Path | None:
        """The file it is saved in, or None if it was never saved."""
        return self._path

    @property
    def format(self) -> str:
        """The format of its file, a key of `regnet.formats.FORMATS`; empty if unknown."""
        return self._format

    @property
    def title(self) -> str:
        """The title of the document in windows and lists."""
        named = self._project.title or self.network.name
        return named or (self._path.stem if self._path else "Untitled")

    @property
    def is_dirty(self) -> bool:
        """Whether there are unsaved changes."""
        return not self.stack.isClean()

    @property
    def is_empty(self) -> bool:
        """Whether the project is empty."""
        return not len(self.network)

    # --- changing it ---

    def change(self, text: str, project: Project, *, merge: str = "") -> None:
        """Replace the project by another one; this can be undone.

        Parameters
        ----------
        text
            Description of the edit in the undo menu: ``"Knock out LIFR"``.
        project
            The new project.
        merge
            Consecutive changes with the same key form one undo step: a drag, or typing in one
            field.
        """
        if project is self._project or project == self._project:
            return
        self.stack.push(_Change(self, text, self._project, project, merge))

    def _show(self, project: Project) -> None:
        before, self._project = self._project, project
        self._rename_drafts(before.network.names, project.network.names)
        self.changed.emit(before, project)
        self.settled.emit()

    # --- results ---

    @property
    def results(self) -> tuple[Result, ...]:
        """All results, oldest first."""
        return tuple(self._results)

    def keep_draft(self, name: str, texts: dict[int, str] | None) -> None:
        """Keep what is typed as the rule of a component; None when it is taken or given up."""
        if texts == self.drafts.get(name):
            return
        if texts is None:
            del self.drafts[name]
        else:
            self.drafts[name] = texts
        self.drafts_changed.emit()

    def _rename_drafts(self, before: Sequence[str], after: Sequence[str]) -> None:
        """Let what is typed follow a component that has another name now."""
        if self.drafts and len(before) == len(after):
            new = dict(zip(before, after, strict=True))
            self.drafts = {
                new[name] if name in new and name not in after else name: texts
                for name, texts in self.drafts.items()
            }

    def draft_words(self) -> str:
        """Return which rules are not finished, in a sentence; empty if all are."""
        names = [name for name in self.drafts if name in self.network]
        if not names:
            return ""
        if len(names) == 1:
            return f"The rule of {names[0]} is not finished; its last valid rule is used."
        listed = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        return f"{len(names)} rules are not finished ({listed}); their last valid rules are used."

    def add_result(self, title: str, value: Any, asked: Any = None) -> Result:
        """Add an answer to the results, and return the new `Result`."""
        result = Result(next(self._numbers), title, value, asked)
        self._results.append(result)
        self.results_changed.emit()
        return result

    def restore_results(self, kept: Iterable[tuple[str, Any, Any]]) -> tuple[Result, ...]:
        """List answers of an earlier session (title, value, asked) before those of this one."""
        results = tuple(Result(next(self._numbers), *parts) for parts in kept)
        if results:
            self._results[:0] = results
            self.results_changed.emit()
        return results

    def result_of(self, number: str) -> Result | None:
        """Return the result with a number; None if there is none."""
        return next((result for result in self._results if str(result.number) == number), None)

    def drop_result(self, result: Result) -> None:
        """Delete an answer."""
        self._results.remove(result)
        self.results_changed.emit()

    def is_stale(self, result: Result) -> bool:
        """Return whether a result belongs to another state of the model than the open one.

        That is the case if the network differs, or if phenotypes that it names have been redefined.
        The order of components determines the numbers of attractors and states and is compared as
        well, as the digest does not contain it.
        """
        origin, network = result.origin, self.network
        if origin.digest != network.digest or origin.components != network.names:
            return True
        if origin.asked is None or "phenotypes" not in origin.asked.options:
            return False
        asked = {_meaning(p) for p in origin.asked.options["phenotypes"]}
        known = {_meaning(p) for p in self.project.phenotypes}
        names_all = QUESTIONS[origin.asked.question].labels
        return not asked <= known or (names_all and asked != known)

    def stale_results(self) -> tuple[Result, ...]:
        """Return the results about an older network whose question has no newer answer."""
        newest = {result.title: result for result in self._results}
        return tuple(result for result in newest.values() if self.is_stale(result))

    # --- files ---

    @property
    def stamp(self) -> str:
        """What the file held when it was read or written last, as a digest."""
        return self._stamp

    @property
    def is_changed_on_disk(self) -> bool:
        """Whether somebody else has written the file since; one that is gone does not count."""
        now = stamp_of(self._path)
        return bool(now) and now != self._stamp

    def open(self, path: Path | str) -> Sequence[Remark]:
        """Open a file in place of the current project, and return remarks on it.

        Raises
        ------
        RegnetError
            If it cannot be read; the current project then stays open.
        """
        stamp = stamp_of(Path(path))
        reading = formats.read(path)
        self.replace(reading.project, Path(path), format=reading.format, stamp=stamp)
        return reading.remarks

    def replace(
        self,
        project: Project,
        path: Path | None = None,
        *,
        format: str = "",
        dirty: bool = False,
        stamp: str = "",
    ) -> None:
        """Show a project as a newly opened document, without history or results.

        `stamp` is what `stamp_of` said of its file before it was read.
        """
        self._path, self._format = path, format
        self._stamp = stamp or stamp_of(path)
        self.drafts.clear()
        self._results.clear()
        self.stack.clear()
        if dirty:
            self.stack.resetClean()
        self.reset.emit()
        self._show(project)
        self.results_changed.emit()
        self.file_changed.emit()

    def reload(self, project: Project, stamp: str) -> None:
        """Show what its file holds now; undo brings back what was there."""
        self.change(f"Reload {self.title}", project)
        self._stamp = stamp
        self.stack.setClean()
        self.file_changed.emit()

    def losses(self, path: Path, format: str = "") -> Sequence[Remark]:
        """Return what saving to a file would lose or change; raise RegnetError if saving fails."""
        return formats.losses(self._project, path, format=self._format_for(path, format))

    def format_of(self, path: Path, format: str = "") -> str:
        """Return the format in which a file would be saved, a key of `regnet.formats.FORMATS`."""
        return formats.find_format(str(path), format=self._format_for(path, format)).name

    def _format_for(self, path: Path, format: str) -> str | None:
        """Return the format to write: the requested one, or that of the open file."""
        return format or (self._format if path == self._path else "") or None

    def save(self, path: Path | str | None = None, format: str = "") -> Sequence[Remark]:
        """Write the project to its file, or to another one that becomes its file.

        Without a format an existing file keeps its own, and a new file gets the format of its
        extension.

        Raises
        ------
        RegnetError
            If it cannot be written; the old file is then left unchanged.
        """
        target = Path(path) if path is not None else self._path
        assert target is not None, "a document without a file needs a path"
        chosen = formats.find_format(str(target), format=self._format_for(target, format))
        remarks = formats.save(self._project, target, format=chosen.name)
        self._path, self._format = target, chosen.name
        self._stamp = stamp_of(target)
        self.stack.setClean()
        self.file_changed.emit()
        return remarks

    def say(self, sentence: object, kind: str = "error") -> None:
        """Show a message to the user, without a modal dialog."""
        text = str(sentence)
        self.said.emit(text[:1].upper() + text[1:], kind)


def stamp_of(path: Path | None) -> str:
    """Return a digest of what a file holds; empty for one that cannot be read."""
    if path is None:
        return ""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


EMPTY = Project(LogicalNetwork(()))
"""What a new document holds."""


class _Change(QUndoCommand):
    """The only undo command: it replaces one project by another."""

    def __init__(
        self, document: Document, text: str, before: Project, after: Project, merge: str
    ) -> None:
        super().__init__(text)
        self._document = document
        self._before = before
        self._after = after
        self._merge = merge

    def redo(self) -> None:
        self._document._show(self._after)

    def undo(self) -> None:
        self._document._show(self._before)

    def id(self) -> int:
        return 1 if self._merge else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        assert isinstance(other, _Change)
        if other._merge != self._merge:
            return False
        self._after = other._after
        self.setObsolete(self._after == self._before)
        return True
