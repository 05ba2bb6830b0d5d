"""ConditionField: an input line for conditions, checked while it is typed, with its errors."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Generic, TypeVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.widgets.controls import Words
from gui.widgets.rule_editor import RuleEditor
from gui.widgets.style import style, theme
from regnet.errors import ParseError, RegnetError
from regnet.logic import Var, describe
from regnet.project import Project

T = TypeVar("T")
_LONGEST_EXAMPLE = 60  # signs
_CALM = 200  # milliseconds without a key press before an error is shown


class ConditionField(QWidget, Generic[T]):
    """An editor with completion, and a sentence below it about any error.

    Parameters
    ----------
    name
        Its accessible name.
    read
        Parses the text into a value; raises RegnetError.
    hint
        Placeholder text.
    """

    changed = Signal()
    """The text was edited."""

    entered = Signal()
    """The user pressed Enter."""

    def __init__(self, name: str, read: Callable[[str], T], hint: str = "") -> None:
        super().__init__()
        self._read = read
        self.editor = RuleEditor(name)
        self.editor.setPlaceholderText(hint)
        self.complaint = Words()
        self.complaint.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.editor)
        column.addWidget(self.complaint)
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(_CALM)
        self._calm.timeout.connect(self.check)
        self.editor.textChanged.connect(self._on_text)
        self.editor.accepted.connect(self._on_enter)
        style().changed.connect(self._paint)
        self._paint()

    @property
    def text(self) -> str:
        """The text, stripped of surrounding whitespace."""
        return self.editor.toPlainText().strip()

    def set_text(self, text: str) -> None:
        """Replace the text."""
        if text != self.editor.toPlainText():
            self.editor.setPlainText(text)
        self.check()

    def set_hint(self, hint: str) -> None:
        """Set the placeholder text."""
        self.editor.setPlaceholderText(hint)

    def set_names(self, names: Iterable[str]) -> None:
        """Set the names for completion."""
        self.editor.set_names(list(names))

    def value(self) -> T:
        """Return the parsed value; raise RegnetError with the column of an error."""
        return self._read(self.editor.toPlainText())

    def check(self) -> bool:
        """Show and underline any error; return whether the text is valid."""
        self._calm.stop()
        trouble: RegnetError | None = None
        if self.text:
            try:
                self.value()
            except RegnetError as error:
                trouble = error
        text = str(trouble) if trouble is not None else ""
        self.complaint.setText(text[:1].upper() + text[1:])
        self.complaint.setVisible(bool(text))
        self.editor.mark(self._column(trouble))
        return bool(self.text) and trouble is None

    def _column(self, trouble: RegnetError | None) -> int | None:
        if isinstance(trouble, ParseError):
            return trouble.column
        wrong = getattr(trouble, "name", "")
        at = self.editor.toPlainText().find(wrong) if wrong else -1
        return at + 1 if at >= 0 else None

    def _on_text(self) -> None:
        self._calm.start()
        self.changed.emit()

    def _on_enter(self) -> None:
        self.check()
        if self.editor.hasFocus():
            self.entered.emit()

    def _paint(self) -> None:
        self.complaint.setStyleSheet(f"color: {theme()['error'].name()};")


def example(project: Project) -> str:
    """Return an example condition: that of a phenotype, or that a component is on."""
    conditions = (phenotype.condition for phenotype in project.phenotypes)
    levels = (Var(name) for name in reversed(project.network.names))
    texts = map(describe, chain(conditions, levels))
    return next((text for text in texts if len(text) <= _LONGEST_EXAMPLE), "")
