"""Script: the actions of the session as Python code that can be saved and run."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QFont, QGuiApplication, QSyntaxHighlighter, QTextCharFormat
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.model.document import Document
from gui.model.runner import Runner
from gui.model.selection import Selection
from gui.results.scripting import Session
from gui.widgets.actions import add_action
from gui.widgets.style import code_font, style, theme
from regnet.errors import RegnetError
from regnet.formats import save, write_file
from regnet.project import Project


class ScriptPanel(QWidget):
    """The session as a script, with buttons to copy and save it."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document = document
        self.session = Session(document.project)
        self._is_new = True
        self._known = 0  # number of the latest result in the script
        self.code = QPlainTextEdit()
        self.code.setReadOnly(True)
        self.code.setFont(code_font())
        self.code.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.code.setAccessibleName("The session as Python")
        self._colours = _Comments(self.code)
        self.copy = add_action(
            self, "&Copy script", self._copy, menu="Edit", icon_name="copy",
            tip="Copy the session as Python",
        )  # fmt: skip
        self.save = add_action(
            self, "Save &session as script…", self._ask_save, menu="File", icon_name="script",
            tip="Write a script that repeats the session, with the model beside it",
        )  # fmt: skip
        buttons = QHBoxLayout()
        buttons.addWidget(QLabel("The actions of this session as Python"), 1)
        for action in (self.copy, self.save):
            button = QToolButton()
            button.setAutoRaise(True)
            button.setDefaultAction(action)
            button.setAccessibleName(action.text().replace("&", ""))
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 2, 6, 6)
        column.addLayout(buttons)
        column.addWidget(self.code)
        document.reset.connect(self._forget)
        document.changed.connect(self._follow)
        document.stack.indexChanged.connect(self._name_edit)
        document.results_changed.connect(self._follow_results)
        document.did.connect(self._follow_act)
        style().changed.connect(self._colours.rehighlight)
        self._show()

    @property
    def text(self) -> str:
        """The script, with the original path of the model."""
        path = self._document.path
        place = path.name if path is not None else "model.toml"
        return self.session.text(f"regnet.load({place!r})")

    def _forget(self) -> None:
        self._is_new = True

    def _follow(self, before: Project, after: Project) -> None:
        if self._is_new:
            self._is_new = False
            self._known = 0
            self.session = Session(after)
        else:
            self.session.edit("Edit", before, after)
        self._show()

    def _name_edit(self, index: int) -> None:
        """Give the last edit its title in the history, which is known once it is done."""
        if not index:  # also emitted when a history is cleared
            return
        self.session.name_edit(self._document.stack.undoText())
        self._show()

    def _follow_results(self) -> None:
        for result in self._document.results:
            if result.number > self._known:
                self._known = result.number
                self.session.result(result)
        self._show()

    def _follow_act(self, title: str, code: str) -> None:
        self.session.act(title, code)
        self._show()

    def _show(self) -> None:
        if self._document.is_empty and not self.session.entries:
            self.code.setPlainText("# What you do in the window appears here as Python.\n")
            return
        self.code.setPlainText(self.text)
        bar = self.code.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text)
        self._document.say("the script was copied", "info")

    def _ask_save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, "Save the session as a script", "session.py", "Python (*.py)"
        )
        if name:
            self.write(Path(name))

    def write(self, path: Path) -> None:
        """Write the script, and beside it the model at the start of the session."""
        path = path if path.suffix else path.with_suffix(".py")
        model = path.with_suffix(".toml")
        load = f"regnet.load(Path(__file__).with_name({model.name!r}))"
        try:
            save(self.session.start, model)
            write_file(path, self.session.text(load))
        except (OSError, RegnetError) as error:
            self._document.say(error)
            return
        self._document.say(f"wrote {path.name} and {model.name}", "info")


class _Comments(QSyntaxHighlighter):
    """Syntax highlighting of comments and strings."""

    def __init__(self, editor: QPlainTextEdit) -> None:
        super().__init__(editor.document())

    def highlightBlock(self, text: str) -> None:
        """Paint a line."""
        if text.lstrip().startswith("#"):
            shape = QTextCharFormat()
            shape.setForeground(theme()["good"])
            shape.setFontWeight(QFont.Weight.Bold)
            self.setFormat(0, len(text), shape)
            return
        start, quote = -1, ""
        shape = QTextCharFormat()
        shape.setForeground(theme()["info"])
        for place, letter in enumerate(text):
            if not quote and letter in "'\"":
                start, quote = place, letter
            elif quote and letter == quote and text[place - 1] != "\\":
                self.setFormat(start, place - start + 1, shape)
                quote = ""
