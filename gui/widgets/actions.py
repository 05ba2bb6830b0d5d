"""Actions: the commands in menus, shortcuts and the command palette.

A panel adds actions to itself; the window puts those that name a menu into it, and the command
palette lists them all. Thus a panel provides its commands without knowing the window.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from gui.widgets.icons import icon

MENUS = ("File", "Edit", "View", "Model", "Simulate", "Analyse", "Perturb", "Window", "Help")
"""The menus of the window, in order."""


def add_action(
    owner: QWidget,
    text: str,
    slot: Callable[[], object] | None = None,
    *,
    menu: str = "",
    shortcut: str | QKeySequence.StandardKey | list[str] = "",
    icon_name: str = "",
    tip: str = "",
    checkable: bool = False,
    everywhere: bool = False,
) -> QAction:
    """Return a new action of a widget.

    Parameters
    ----------
    owner
        The widget; the shortcut works while the focus is in it.
    text
        Text in menus, with ``&`` before the access key.
    slot
        Called without arguments; None for an action whose signals are connected elsewhere.
    menu
        One of `MENUS`, in which the window places it.
    shortcut
        ``"Ctrl+R"``, several of them, or a standard key.
    icon_name
        One of `gui.widgets.icons.NAMES`.
    tip
        A sentence for tool tips and the status bar.
    checkable
        Whether it can be switched on and off.
    everywhere
        Whether the shortcut works in the whole window.
    """
    action = QAction(text, owner)
    action.setCheckable(checkable)
    if isinstance(shortcut, QKeySequence.StandardKey):
        action.setShortcuts(shortcut)
    elif isinstance(shortcut, list):
        action.setShortcuts([QKeySequence(key) for key in shortcut])
    elif shortcut:
        action.setShortcut(QKeySequence(shortcut))
    action.setShortcutContext(
        Qt.ShortcutContext.WindowShortcut
        if everywhere
        else Qt.ShortcutContext.WidgetWithChildrenShortcut
    )
    if icon_name:
        action.setProperty("icon_name", icon_name)
        action.setIcon(icon(icon_name))
    if tip:
        action.setStatusTip(tip)
    plain = text.replace("&", "").removesuffix("…")
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    action.setToolTip((tip or plain) + (f" ({keys})" if keys else ""))
    action.setProperty("menu", menu)
    if slot is not None:
        action.triggered.connect(lambda _=False: slot())
    owner.addAction(action)
    return action
