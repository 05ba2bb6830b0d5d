"""RuleEditor: an editor for conditions, with completion of names and underlined errors."""

from __future__ import annotations

import re

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QCompleter, QPlainTextEdit, QTextEdit

from gui.widgets.style import code_font, style, theme

_WORD = re.compile(r"[^\s()&|!~,<>=:\"^]+$")
_LINES = 2, 8  # minimum and maximum number of lines shown


class RuleEditor(QPlainTextEdit):
    """An editor of one condition."""

    accepted = Signal()
    """The user pressed Enter or left the field."""

    given_up = Signal()
    """The user pressed Esc: the edit is discarded."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFont(code_font())
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._names = QStringListModel(self)
        self._completer = QCompleter(self._names, self)
        self._completer.setWidget(self)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._completer.activated.connect(self._complete)
        popup = self._completer.popup()
        assert popup is not None
        self._popup = popup
        self._popup.setAccessibleName("Matching names")
        self._wrong: int | None = None
        self._proposed: int | None = None
        self.textChanged.connect(self._settle)
        self.textChanged.connect(self._fit)
        self.textChanged.connect(self._offer)
        style().changed.connect(self._underline)
        self._fit()

    def set_names(self, names: list[str]) -> None:
        """Set the names for completion."""
        self._names.setStringList(names)

    def mark(self, column: int | None) -> None:
        """Underline the word at a column, counted from 1; None ends it."""
        self._wrong = column
        self._underline()

    def propose(self, start: int) -> None:
        """Underline inserted text, until something is typed."""
        self._proposed = start
        self._underline()
        self.moveCursor(QTextCursor.MoveOperation.End)

    def _settle(self) -> None:
        if self._proposed is not None:
            self._proposed = None
            self._underline()

    def _underline(self) -> None:
        marks = []
        if self._proposed is not None:
            mark = QTextEdit.ExtraSelection()
            shape = QTextCharFormat()
            shape.setFontUnderline(True)
            shape.setForeground(theme()["good"])
            cursor = QTextCursor(self.document())
            cursor.setPosition(min(self._proposed, len(self.toPlainText())))
            cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
            mark.cursor = cursor
            mark.format = shape
            marks.append(mark)
        if self._wrong is not None:
            text = self.toPlainText()
            at = min(max(self._wrong - 1, 0), max(len(text) - 1, 0))
            end = at + 1
            while end < len(text) and (text[end].isalnum() or text[end] == "_"):
                end += 1
            mark = QTextEdit.ExtraSelection()
            shape = QTextCharFormat()
            shape.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SpellCheckUnderline)
            colour: QColor = theme()["error"]
            shape.setUnderlineColor(colour)
            shape.setForeground(colour)
            cursor = QTextCursor(self.document())
            cursor.setPosition(at)
            cursor.setPosition(min(end, len(text)), QTextCursor.MoveMode.KeepAnchor)
            mark.cursor = cursor
            mark.format = shape
            marks.append(mark)
        self.setExtraSelections(marks)

    def _fit(self) -> None:
        """Adapt the height to the text."""
        line = QFontMetrics(self.font()).lineSpacing()
        needed = max(self.document().size().toSize().height(), 1)
        self.setFixedHeight(line * min(max(needed, _LINES[0]), _LINES[1]) + 14)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Adapt the height to the text at another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    # --- completion ---

    def _prefix(self) -> str:
        cursor = self.textCursor()
        before = self.toPlainText()[: cursor.position()]
        found = _WORD.search(before)
        return found[0] if found else ""

    def _offer(self) -> None:
        """Offer names that contain the current word."""
        prefix = self._prefix()
        popup = self._popup
        if len(prefix) < 2 or not self.hasFocus():
            popup.hide()
            return
        self._completer.setCompletionPrefix(prefix)
        only = self._completer.completionCount() == 1
        if self._completer.completionCount() == 0 or (
            only and self._completer.currentCompletion() == prefix
        ):
            popup.hide()
            return
        box = self.cursorRect()
        box.setWidth(popup.sizeHintForColumn(0) + 30)
        self._completer.complete(box)

    def _complete(self, name: str) -> None:
        cursor = self.textCursor()
        prefix = self._prefix()
        cursor.movePosition(
            QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(prefix)
        )
        cursor.insertText(name)
        self.setTextCursor(cursor)

    # --- keys ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Accept with Enter, discard with Esc, complete with Ctrl+Space."""
        popup = self._popup
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if popup.isVisible() and (is_enter or event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Escape)):
            event.ignore()  # handled by the list of names
            return
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
            return
        if is_enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.accepted.emit()
            return
        if (
            event.key() == Qt.Key.Key_Space
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self._completer.setCompletionPrefix(self._prefix())
            self._completer.complete(self.cursorRect())
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Accept when the focus leaves the field, except for the list of names."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.accepted.emit()
