"""MessageBar: one sentence above the views, in place of a modal dialog."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.widgets.icons import icon
from gui.widgets.style import style, theme

INFO_LASTS = 8000  # milliseconds
_LINES = 7  # details visible without scrolling


class MessageBar(QWidget):
    """A coloured strip with a sentence, a button and a close button. Hidden when empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message-bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._kind = "info"
        self._act: Callable[[], object] | None = None
        self._sign = QLabel()
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.button = QPushButton()
        self.button.hide()
        self.button.clicked.connect(self._on_button)
        self._close = QToolButton()
        self._close.setAutoRaise(True)
        self._close.setAccessibleName("Close the message")
        self._close.setToolTip("Close")
        self._close.clicked.connect(self.hide)
        self.more = QPushButton()
        self.more.setCheckable(True)
        self.more.hide()
        self.more.toggled.connect(self._open_details)
        self.details = QListWidget()
        self.details.setAccessibleName("Details of the message")
        self.details.setWordWrap(True)
        self.details.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.details.hide()
        row = QHBoxLayout()
        self.others: list[QPushButton] = []
        self._buttons = QHBoxLayout()
        self._buttons.addWidget(self.button)
        for widget in (self._sign, self.label, self.more):
            row.addWidget(widget)
        row.addLayout(self._buttons)
        row.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 8, 6)
        column.addLayout(row)
        column.addWidget(self.details)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        style().changed.connect(self._paint)
        self.hide()

    @property
    def text(self) -> str:
        """The displayed sentence, or an empty string."""
        return "" if self.isHidden() else self.label.text()

    def tell(
        self,
        sentence: str,
        kind: str = "error",
        *,
        button: str = "",
        act: Callable[[], object] | None = None,
        others: Mapping[str, Callable[[], object]] = MappingProxyType({}),
        details: Sequence[str] = (),
        noun: str = "detail",
    ) -> None:
        """Show a sentence.

        Parameters
        ----------
        sentence
            The message.
        kind
            ``"error"``, ``"warning"`` or ``"info"``; information disappears by itself.
        button, act
            A button and its action.
        others
            The words and actions of further buttons.
        details, noun
            Details, in a list that is opened on demand, and the noun for one of them.
        """
        self._kind = kind
        self._act = act
        self.label.setText(sentence)
        self.label.setAccessibleName(f"{kind}: {sentence}")
        self.button.setText(button)
        self.button.setVisible(bool(button))
        for old in self.others:
            self._buttons.removeWidget(old)
            old.deleteLater()
        self.others = []
        for words, do in others.items():
            further = QPushButton(words)
            further.clicked.connect(partial(self._do, do))
            self._buttons.addWidget(further)
            self.others.append(further)
        self.more.setChecked(False)
        self.more.setText(f"{len(details)} {noun}{'' if len(details) == 1 else 's'}")
        self.more.setToolTip("Show the list, or hide it")
        self.more.setVisible(bool(details))
        self.details.clear()
        self.details.addItems(list(details))
        self._paint()
        self.show()
        self._timer.stop()
        if kind == "info":
            self._timer.start(INFO_LASTS)

    def take_back(self, sentence: str) -> None:
        """Hide a sentence that no longer holds, unless another one is shown."""
        if self.text == sentence:
            self.hide()

    def _open_details(self, on: bool) -> None:
        line = self.details.fontMetrics().height() + 4
        self.details.setFixedHeight(line * min(2 * self.details.count(), _LINES) + 8)
        self.details.setVisible(on)
        if on:
            self._timer.stop()  # it is being read

    def _on_button(self) -> None:
        self._do(self._act)

    def _do(self, act: Callable[[], object] | None) -> None:
        self.hide()
        if act is not None:
            act()

    def _paint(self) -> None:
        colours = theme()
        ink = colours[self._kind]
        name = "info" if self._kind == "info" else "warning"
        self._sign.setPixmap(icon(name, ink).pixmap(QSize(20, 20)))
        self._close.setIcon(icon("close"))
        self.setStyleSheet(
            f"#message-bar {{ background: {colours[self._kind + '-paper'].name()};"
            f" border-bottom: 1px solid {ink.name()}; }}"
        )
