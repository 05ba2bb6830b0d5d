"""Palette: find any command, component or scenario by a few letters; and a sheet of shortcuts.

Both read the actions of the window, so that the commands of all panels are found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QTextBrowser,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from gui.widgets.icons import icon
from gui.widgets.style import style, theme

_NAMED_KEYS = ("Del", "Backspace", "Esc", "Return", "Space", "F1", "F2", "F3", "F4", "F5")
MAX_LISTED = 60
"""Maximum number of commands listed."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its text, place, tip and keys."""

    text: str
    place: str
    act: Callable[[], object]
    keys: str = ""
    tip: str = ""
    is_enabled: bool = True


def commands(window: QWidget) -> list[Command]:
    """Return every command in the menus of a window."""
    bar = window.findChild(QMenuBar)
    if bar is None:
        return []
    found = []
    for action in bar.actions():
        menu = action.menu()
        if isinstance(menu, QMenu):
            found += list(_menu_commands(menu, _plain(action)))
    return found


def _menu_commands(menu: QMenu, place: str) -> Iterator[Command]:
    menu.aboutToShow.emit()  # fills menus that are built when shown
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _menu_commands(inner, f"{place} › {_plain(action)}")
        elif action.text() and not action.isSeparator():
            yield Command(
                _plain(action),
                place,
                action.trigger,
                _keys(action),
                action.statusTip(),
                action.isEnabled(),
            )


def _plain(action: QAction) -> str:
    return action.text().replace("&&", "\0").replace("&", "").replace("\0", "&")


def _keys(action: QAction) -> str:
    form = QKeySequence.SequenceFormat.NativeText
    texts = [keys.toString(form) for keys in action.shortcuts()]
    ordinary = [t for t in texts if "+" in t or len(t) == 1 or t in _NAMED_KEYS]
    return " or ".join(ordinary[:2])


def score(text: str, wanted: str) -> int | None:
    """Return the score of a text for a query, lower is better, or None if it does not match.

    Every word of the query has to match: at the start of a word, inside one, or as the initials of
    several words.

    >>> score("Find attractors", "attr") < score("Find attractors", "ract")
    True
    >>> score("Knock out", "ko") is not None, score("Knock out", "nt")
    (True, None)
    """
    lower = text.casefold()
    total = len(text) // 10
    for word in wanted.casefold().split():
        place = lower.find(word)
        if place == 0:
            continue
        if f" {word}" in lower:
            total += 10
        elif place > 0:
            total += 30
        elif _in_order(word, lower):
            total += 100
        else:
            return None
    return total


def _in_order(letters: str, text: str) -> bool:
    """Return whether letters occur in this order, each after the last or at a word start."""
    pattern = r"\b" + "".join(
        re.escape(letter) if not number else rf"(?:{re.escape(letter)}|.*?\b{re.escape(letter)})"
        for number, letter in enumerate(letters)
    )
    return re.search(pattern, text) is not None


class _Sheet(QFrame):
    """A sheet over the middle of the window that goes away with Esc."""

    def __init__(self, window: QWidget, width: int, height: int) -> None:
        super().__init__(window)
        self.setObjectName("sheet")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self._window, self._size = window, (width, height)
        self._focus: QWidget | None = None
        window.installEventFilter(self)
        style().changed.connect(self._paint)
        self._paint()
        self.hide()

    def rise(self) -> None:
        """Show it."""
        self._focus = self._window.focusWidget()
        self._place()
        self.show()
        self.raise_()

    def leave(self) -> None:
        """Hide it, and restore the focus."""
        self.hide()
        if self._focus is not None and isValid(self._focus):  # an edit may have rebuilt its panel
            self._focus.setFocus()

    def _place(self) -> None:
        room = self._window.rect()
        width = min(self._size[0], room.width() - 40)
        height = min(self._size[1], room.height() - 80)
        self.setGeometry((room.width() - width) // 2, 46, width, height)

    def _paint(self) -> None:
        colours = theme()
        self.setStyleSheet(
            f"#sheet {{ background: palette(window); border: 1px solid {colours['line'].name()};"
            " border-radius: 8px; }"
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the middle."""
        if watched is self._window and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)


class CommandPalette(_Sheet):
    """An input line with the matching commands below it."""

    def __init__(self, window: QWidget, more: Callable[[], Iterable[Command]] = tuple) -> None:
        super().__init__(window, 620, 420)
        self._more = more
        self._commands: list[Command] = []
        self._shown: list[Command] = []
        self.line = QLineEdit()
        self.line.setPlaceholderText("Type a few letters of a command or a name")
        self.line.setAccessibleName("Find a command, component or scenario")
        self.list = QTreeWidget()
        self.list.setAccessibleName("Matching commands")
        self.list.setColumnCount(3)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(self._run)
        column = QVBoxLayout(self)
        column.addWidget(self.line)
        column.addWidget(self.list)
        self.line.textChanged.connect(self._fill)
        self.line.returnPressed.connect(self._run)
        self.line.installEventFilter(self)

    def rise(self) -> None:
        """Show it with every command."""
        self._commands = [*commands(self._window), *self._more()]
        self.line.clear()
        self._fill("")
        super().rise()
        self.line.setFocus()

    def _fill(self, wanted: str) -> None:
        fitting = []
        for number, command in enumerate(self._commands):
            found = score(command.text, wanted)
            if found is None and wanted:
                other = score(f"{command.text} {command.place} {command.tip}", wanted)
                found = None if other is None else other + 200
            if found is not None:
                fitting.append((not command.is_enabled, found, number, command))
        self._shown = [line[-1] for line in sorted(fitting, key=lambda line: line[:3])[:MAX_LISTED]]
        self.list.clear()
        for command in self._shown:
            item = QTreeWidgetItem([command.text, command.place, command.keys.split(" or ")[0]])
            item.setToolTip(0, command.tip)
            item.setForeground(1, theme()["muted"])
            item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setDisabled(not command.is_enabled)
            self.list.addTopLevelItem(item)
        self.list.setColumnWidth(0, int(self.width() * 0.52))
        self.list.setColumnWidth(1, int(self.width() * 0.26))
        if self._shown:
            self._choose(0)

    def _choose(self, row: int) -> None:
        item = self.list.topLevelItem(row)
        if item is not None:
            self.list.setCurrentItem(item)

    def _run(self) -> None:
        row = self.list.currentIndex().row()
        if 0 <= row < len(self._shown) and self._shown[row].is_enabled:
            command = self._shown[row]
            self.leave()
            command.act()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys move in the list while the line has the focus."""
        if watched is self.line and isinstance(event, QKeyEvent):
            keys = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
            if event.type() == QEvent.Type.KeyPress and event.key() in keys:
                row = self.list.currentIndex().row()
                step = {keys[0]: -1, keys[1]: 1, keys[2]: -10, keys[3]: 10}[Qt.Key(event.key())]
                row = min(max(row + step, 0), self.list.topLevelItemCount() - 1)
                self._choose(row)
                return True
        return super().eventFilter(watched, event)


MOUSE = (
    ("Select", "click; with Ctrl or Shift to add"),
    ("Select several", "drag over the empty canvas"),
    ("Move the drawing", "middle button, or Space and drag"),
    ("Zoom", "wheel"),
    ("What can be done", "right button"),
    ("Add a component", "double-click the empty canvas"),
)
"""Mouse actions in the network."""


class ShortcutSheet(_Sheet):
    """The commands with shortcuts."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, 780, 720)
        title = QLabel("<h2>Keys and mouse</h2>")
        close = QToolButton()
        close.setAutoRaise(True)
        close.setProperty("icon_name", "close")
        close.setIcon(icon("close"))
        close.setAccessibleName("Close the sheet")
        close.clicked.connect(self.leave)
        self.text = QTextBrowser()
        self.text.setAccessibleName("Keys and mouse")
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        top = QHBoxLayout()
        top.addWidget(title, 1)
        top.addWidget(close)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addWidget(self.text)

    def rise(self) -> None:
        """Show it, or hide it if visible."""
        if self.isVisible():
            self.leave()
            return
        self.text.setHtml(self._html())
        super().rise()
        self.text.setFocus()

    def _html(self) -> str:
        blocks: dict[str, list[tuple[str, str]]] = {}
        for command in commands(self._window):
            if command.keys:
                blocks.setdefault(command.place.split(" ›")[0], []).append(
                    (command.text.removesuffix("…"), command.keys)
                )
        blocks["Mouse, in the network"] = list(MOUSE)
        cells = [_block(title, lines) for title, lines in blocks.items()]
        half = (len(cells) + 1) // 2
        heights = [len(lines) for lines in blocks.values()]
        half = next((n for n in range(1, len(cells)) if sum(heights[:n]) >= sum(heights) / 2), half)
        return (
            '<table width="100%"><tr>'
            f'<td width="50%">{"".join(cells[:half])}</td><td>{"".join(cells[half:])}</td>'
            "</tr></table>"
        )


def _block(title: str, lines: list[tuple[str, str]]) -> str:
    muted = theme()["muted"].name()
    rows = "".join(
        f'<tr><td>{what}&nbsp;&nbsp;</td><td style="color:{muted}">{keys}</td></tr>'
        for what, keys in lines
    )
    return f'<h3>{title}</h3><table cellpadding="2">{rows}</table>'
