"""Style: colours by role, the palettes of the window, and fonts.

Drawings on the screen have the colours of the figures in reports. Colour never carries meaning
alone: a sign is also an arrow head, a level is also a digit, a knock-out is also a word. Custom
painting code reads `theme` when it paints, and repaints when its palette changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from regnet.figures import theme as figures

THEMES = {
    "light": "Light",
    "dark": "Dark",
    "safe": "Light, for colour-blind eyes",
    "safe-dark": "Dark, for colour-blind eyes",
}
"""Name of each theme, and its text in menus."""

_WINDOW_LIGHT = {
    "Window": "#f1f3f6",
    "WindowText": "#1d2733",
    "Base": "#ffffff",
    "AlternateBase": "#f6f8fa",
    "ToolTipBase": "#1d2733",
    "ToolTipText": "#ffffff",
    "Text": "#1d2733",
    "Button": "#fbfcfd",
    "ButtonText": "#1d2733",
    "BrightText": "#b3261e",
    "Link": "#1659a8",
    "LinkVisited": "#5b3f9b",
    "Highlight": "#1f62b5",
    "HighlightedText": "#ffffff",
    "PlaceholderText": "#687482",
    "Light": "#ffffff",
    "Midlight": "#e6eaee",
    "Mid": "#c4ccd4",
    "Dark": "#98a2ad",
    "Shadow": "#5b6775",
    "Accent": "#1f62b5",
}
_WINDOW_DARK = {
    "Window": "#26292e",
    "WindowText": "#e6e9ed",
    "Base": "#1e1f22",
    "AlternateBase": "#24262a",
    "ToolTipBase": "#e6e9ed",
    "ToolTipText": "#1e1f22",
    "Text": "#e6e9ed",
    "Button": "#34383f",
    "ButtonText": "#e6e9ed",
    "BrightText": "#ff8a80",
    "Link": "#7fb8f5",
    "LinkVisited": "#b9a5f2",
    "Highlight": "#2f69b8",
    "HighlightedText": "#ffffff",
    "PlaceholderText": "#98a2ae",
    "Light": "#4a505a",
    "Midlight": "#3d434c",
    "Mid": "#454c56",
    "Dark": "#15171a",
    "Shadow": "#000000",
    "Accent": "#4a8be0",
}
_DISABLED = {"light": "#98a1ab", "dark": "#737c87"}

# Colours of drawings on the screen that figures do not have.
_MORE_LIGHT = {
    "selected": "#1f62b5",
    "faint": "#dfe4e9",
    "faint-ink": "#a9b2bc",
    "error": "#b3261e",
    "error-paper": "#fdecea",
    "warning": "#8a5a00",
    "warning-paper": "#fff4dc",
    "info": "#1659a8",
    "info-paper": "#e8f1fb",
    "good": "#1a6b3c",
}
_MORE_DARK = {
    "selected": "#6aa9f4",
    "faint": "#33373d",
    "faint-ink": "#626b76",
    "error": "#ff8a80",
    "error-paper": "#43262a",
    "warning": "#f2c14e",
    "warning-paper": "#3f3622",
    "info": "#7fb8f5",
    "info-paper": "#22354b",
    "good": "#7fd39a",
}
# Blue and orange are safe for all colour vision; violet resembles blue, so the third is the ink.
_SAFE_LIGHT = {"plus": "#0b63c5", "minus": "#c65100", "dual": "#1d2733"}
_SAFE_DARK = {"plus": "#5aa2f5", "minus": "#ff9d3c", "dual": "#e6e9ed"}


@dataclass(frozen=True)
class Theme:
    """Colours of drawings by role: ``theme["plus"]`` is the colour of activation."""

    name: str
    is_dark: bool
    colours: dict[str, QColor]

    def __getitem__(self, role: str) -> QColor:
        return self.colours[role]

    def level(self, level: int, top: int) -> tuple[QColor, QColor]:
        """Return the colour of a level, and that of text on it."""
        step = figures.level_step(level, top)
        return self.colours[f"level-{step}"], self.colours[f"ink-{step}"]


def _theme(name: str) -> Theme:
    is_dark = name.endswith("dark")
    source = figures.DARK if is_dark else figures.LIGHT
    colours = {role: source[role] for role in figures.ROLES}
    colours |= _MORE_DARK if is_dark else _MORE_LIGHT
    if name.startswith("safe"):
        colours |= _SAFE_DARK if is_dark else _SAFE_LIGHT
    return Theme(name, is_dark, {role: QColor(colour) for role, colour in colours.items()})


class _Style(QObject):
    """Holds the theme, and signals when it changes."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.theme = _theme("light")


_style: _Style | None = None


def style() -> _Style:
    """Return the object whose `changed` signal is emitted when the theme changes."""
    global _style
    if _style is None:
        _style = _Style()
    return _style


def theme() -> Theme:
    """Return the current theme."""
    return style().theme


def put_on(name: str) -> None:
    """Apply a theme of `THEMES` to the app; an unknown name stands for the light one."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    chosen = _theme(name if name in THEMES else "light")
    style().theme = chosen
    app.setPalette(_palette(is_dark=chosen.is_dark))
    app.setStyleSheet(_stylesheet(chosen))
    style().changed.emit()


@contextmanager
def lent(name: str) -> Iterator[Theme]:
    """Use another theme temporarily, as for an export."""
    own = style().theme
    style().theme = _theme(name)
    try:
        yield style().theme
    finally:
        style().theme = own


def preferred() -> str:
    """Return the theme that matches the light or dark scheme of the desktop."""
    scheme = QGuiApplication.styleHints().colorScheme()
    return "dark" if scheme.name == "Dark" else "light"


def _palette(*, is_dark: bool) -> QPalette:
    palette = QPalette()
    for role, colour in (_WINDOW_DARK if is_dark else _WINDOW_LIGHT).items():
        if hasattr(QPalette.ColorRole, role):  # Accent came with Qt 6.6
            palette.setColor(getattr(QPalette.ColorRole, role), QColor(colour))
    pale = QColor(_DISABLED["dark" if is_dark else "light"])
    for text in ("WindowText", "Text", "ButtonText", "HighlightedText"):
        role_ = getattr(QPalette.ColorRole, text)
        palette.setColor(QPalette.ColorGroup.Disabled, role_, pale)
    return palette


def _stylesheet(theme: Theme) -> str:
    """Return the style sheet for frames, tabs and tool bars, which a palette cannot set."""
    window = _WINDOW_DARK if theme.is_dark else _WINDOW_LIGHT
    line = "#3a3f47" if theme.is_dark else "#d5dbe2"
    return f"""
    QToolTip {{ color: {window["ToolTipText"]}; background: {window["ToolTipBase"]};
        border: 0; padding: 4px 6px; }}
    QToolBar {{ border: 0; spacing: 2px; padding: 3px 6px; }}
    QMainWindow::separator {{ background: {line}; width: 5px; height: 5px; }}
    QMainWindow::separator:hover {{ background: {window["Highlight"]}; }}
    QDockWidget {{ font-weight: 600; }}
    QListView::item {{ padding: 3px 4px; }}
    QDockWidget::title {{ padding: 6px 8px; background: {window["Window"]}; }}
    QStatusBar {{ border-top: 1px solid {line}; }}
    QStatusBar::item {{ border: 0; }}
    QTableView, QListView, QTreeView {{ border: 1px solid {line}; gridline-color: {line}; }}
    QHeaderView::section {{ border: 0; border-right: 1px solid {line};
        border-bottom: 1px solid {line}; padding: 4px 6px; background: {window["Window"]}; }}
    QTabBar::tab {{ padding: 6px 10px; border: 0; color: {theme["muted"].name()}; }}
    QTabBar::tab:selected {{ color: {window["WindowText"]};
        border-bottom: 2px solid {window["Accent"]}; }}
    QTabBar::tab:hover {{ color: {window["WindowText"]}; }}
    QTabWidget::pane {{ border: 0; border-top: 1px solid {line}; }}
    QMenu::item:selected {{ background: {window["Highlight"]}; color: #ffffff; }}
    """


# --- fonts -----------------------------------------------------------------------------------


def drawing_font(size: float = 12.0, *, bold: bool = False) -> QFont:
    """Return the font of drawings, in their units, as `regnet.layout` measures it."""
    font = QFont("DejaVu Sans")
    font.setStyleHint(QFont.StyleHint.SansSerif)
    font.setPixelSize(round(size))
    font.setBold(bold)
    return font


def code_font() -> QFont:
    """Return the font for rules and code."""
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
