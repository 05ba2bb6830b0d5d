"""Document: the open project, and the only way to change it.

A project is a value, so undo is "put the old one back": there is one undo command for every edit
there will ever be. Results are kept beside the project; they are never undone and never discarded,
only marked as stale when the model they are about is no longer the one that is open.
"""

from __future__ import annotations

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
    """An answer that was computed for this document.

    Parameters
    ----------
    number
        Counts up from 1 and never repeats within a document.
    title
        What lists call it.
    value
        `Attractors`, `Screen`, `Spaces` or another answer with an `origin`.
    asked
        What it was made from where the answer does not say it all, such as the `Setup` of a
        screen, with which a screen that was stopped can go on.
    """

    number: int
    title: str
    value: Any
    asked: Any = None

    @property
    def origin(self) -> Origin:
        """What was asked, of which network, and how sure the answer is."""
        origin: Origin = self.value.origin
        return origin


def _meaning(phenotype: Phenotype) -> tuple[str, Expr, str]:
    """Return all of a phenotype that an answer depends on."""
    return phenotype.name, phenotype.condition, phenotype.kind


class Document(QObject):
    """One open project, with its file, its undo history and its results."""

    changed = Signal(object, object)
    """The project changed: before, after. Compare parts with ``is`` to see what to redraw."""

    settled = Signal()
    """Comes after `changed`, when everybody has followed."""

    reset = Signal()
    """Another project was opened; comes before `changed`."""

    results_changed = Signal()
    """A result was added or thrown away."""

    drafted = Signal(object, object)
    """More of a result is there that takes long: its `Setup`, and all rows until now."""

    file_changed = Signal()
    """The path, or whether there is something to save, changed."""

    said = Signal(str, str)
    """One sentence for the person, and ``"error"``, ``"warning"`` or ``"info"``."""

    did = Signal(str, str)
    """What was done that is neither an edit nor a result, and the Python that does it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stack = QUndoStack(self)
        self.stack.cleanChanged.connect(self.file_changed)
        self._project = EMPTY
        self._path: Path | None = None
        self._format = ""
        self._results: list[Result] = []
        self._numbers = count(1)

    # --- what is open ---

    @property
    def project(self) -> Project:
        """The project as it is now."""
        return self._project

    @property
    def network(self) -> LogicalNetwork:
        """The network of the project."""
        return self._project.network

    @property
    def path(self) -> Path | None:
        """The file it is saved in, or None for one that was never saved."""
        return self._path

    @property
    def format(self) -> str:
        """The format of its file, a key of `regnet.formats.FORMATS`; empty where none is known."""
        return self._format

    @property
    def title(self) -> str:
        """What windows and lists call the document."""
        named = self._project.title or self.network.name
        return named or (self._path.stem if self._path else "Untitled")

    @property
    def is_dirty(self) -> bool:
        """Whether there are changes that no file holds."""
        return not self.stack.isClean()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it yet."""
        return not len(self.network)

    # --- changing it ---

    def change(self, text: str, project: Project, *, merge: str = "") -> None:
        """Put another project in the place of the present one; this can be undone.

        Parameters
        ----------
        text
            What was done, as the undo menu names it: ``"Knock out LIFR"``.
        project
            The new project.
        merge
            Changes in a row with the same key are one undo step: a drag, or typing in one field.
        """
        if project is self._project or project == self._project:
            return
        self.stack.push(_Change(self, text, self._project, project, merge))

    def _show(self, project: Project) -> None:
        before, self._project = self._project, project
        self.changed.emit(before, project)
        self.settled.emit()

    # --- results ---

    @property
    def results(self) -> tuple[Result, ...]:
        """Everything that was computed, oldest first."""
        return tuple(self._results)

    def add_result(self, title: str, value: Any, asked: Any = None) -> Result:
        """Keep an answer, and return it as it is listed."""
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
        """Return the result with a number, as panels are asked for it; None if there is none."""
        return next((result for result in self._results if str(result.number) == number), None)

    def drop_result(self, result: Result) -> None:
        """Delete an answer."""
        self._results.remove(result)
        self.results_changed.emit()

    def is_stale(self, result: Result) -> bool:
        """Return whether a result is about another model than the one that is open.

        That is so where the network differs, or phenotypes that it names have another meaning. The
        order of components numbers attractors and their states, which a digest does not tell.
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

    def open(self, path: Path | str) -> Sequence[Remark]:
        """Open a file in the place of what is open, and return remarks on it.

        Raises
        ------
        RegnetError
            If it cannot be read; what was open then stays open.
        """
        reading = formats.read(path)
        self.replace(reading.project, Path(path), format=reading.format)
        return reading.remarks

    def replace(
        self, project: Project, path: Path | None = None, *, format: str = "", dirty: bool = False
    ) -> None:
        """Show a project as a newly opened document, without history or results."""
        self._path, self._format = path, format
        self._results.clear()
        self.stack.clear()
        if dirty:
            self.stack.resetClean()
        self.reset.emit()
        self._show(project)
        self.results_changed.emit()
        self.file_changed.emit()

    def losses(self, path: Path, format: str = "") -> Sequence[Remark]:
        """Return what saving in a file would lose or change; raise RegnetError if it cannot be."""
        return formats.losses(self._project, path, format=self._format_for(path, format))

    def format_of(self, path: Path, format: str = "") -> str:
        """Return the format in which a file would be saved, a key of `regnet.formats.FORMATS`."""
        return formats.find_format(str(path), format=self._format_for(path, format)).name

    def _format_for(self, path: Path, format: str) -> str | None:
        """Return the format to write: the one asked for, or that of the file that is open."""
        return format or (self._format if path == self._path else "") or None

    def save(self, path: Path | str | None = None, format: str = "") -> Sequence[Remark]:
        """Write the project to its file, or to another one that becomes its file.

        Without a format the file keeps the one it has, and a new one has that of its ending.

        Raises
        ------
        RegnetError
            If it cannot be written; the old file is then untouched.
        """
        target = Path(path) if path is not None else self._path
        assert target is not None, "a document without a file needs a path"
        chosen = formats.find_format(str(target), format=self._format_for(target, format))
        remarks = formats.save(self._project, target, format=chosen.name)
        self._path, self._format = target, chosen.name
        self.stack.setClean()
        self.file_changed.emit()
        return remarks

    def say(self, sentence: object, kind: str = "error") -> None:
        """Tell the person something, without getting in the way."""
        text = str(sentence)
        self.said.emit(text[:1].upper() + text[1:], kind)


EMPTY = Project(LogicalNetwork(()))
"""What a new document holds."""


class _Change(QUndoCommand):
    """The one undo command: one project instead of another."""

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
