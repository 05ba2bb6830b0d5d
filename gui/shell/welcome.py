"""Welcome: the start page, with recent files, examples and the tour."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCommandLinkButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui.model import edits
from gui.model.document import Document
from gui.model.runner import Runner
from gui.model.selection import WILD_TYPE, Selection
from gui.shell.examples import Example, literature_examples, own_examples
from gui.shell.palette import Command, CommandPalette, ShortcutSheet
from gui.shell.settings import Settings
from gui.shell.tour import Tour, can_tour
from gui.widgets.actions import add_action
from gui.widgets.icons import app_icon, icon
from gui.widgets.style import style, theme
from regnet.formats import FORMATS
from regnet.project import Project
from regnet.scenario import Scenario

if TYPE_CHECKING:
    from gui.shell.main_window import MainWindow

_SEEN = "tour/seen"
_BESIDE = 700  # minimum width of two columns in pixels


class WelcomePanel(QWidget):
    """The start page; it also provides the help commands."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection = document, selection
        self._settings = Settings()
        self._palette: CommandPalette | None = None
        self._sheet: ShortcutSheet | None = None
        self.tour: Tour | None = None
        self._make_actions()
        inside = QWidget()
        inside.setMaximumWidth(980)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(32, 28, 32, 28)
        self._column.setSpacing(16)
        self._column.addLayout(self._make_head())
        self._offer = self._make_offer()
        self._column.addWidget(self._offer)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(32)
        self._columns.addLayout(self._make_files(), 1)
        self._columns.addLayout(self._make_examples(), 1)
        self._column.addLayout(self._columns, 1)
        around = QWidget()
        row = QHBoxLayout(around)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(inside, 10)
        row.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(around)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        document.changed.connect(self._follow)
        style().changed.connect(self._paint)
        self._fill_recent()
        self._paint()

    # --- construction ---

    def _make_actions(self) -> None:
        self.tour_action = add_action(
            self, "&Guided tour", self.start_tour, menu="Help",
            tip="Seven steps through the liver model",
        )  # fmt: skip
        self.sheet_action = add_action(
            self, "&Keys and mouse", self.show_keys, menu="Help", shortcut=["?", "F1"],
            everywhere=True, icon_name="help", tip="Every command that has keys",
        )  # fmt: skip
        self.palette_action = add_action(
            self, "&Command palette…", self.show_palette, menu="Help", shortcut="Ctrl+Shift+P",
            everywhere=True, icon_name="find",
            tip="Find any command, component or scenario by a few letters",
        )  # fmt: skip
        add_action(
            self, "&Start page", lambda: self._selection.ask(self.objectName()), menu="Help",
            tip="Open a file, or try an example",
        )  # fmt: skip

    def _make_head(self) -> QHBoxLayout:
        mark = QLabel()
        mark.setPixmap(app_icon().pixmap(56, 56))
        title = QLabel(
            "<span style='font-size:22pt; font-weight:600'>regnet</span><br>"
            "Build, run and question logical models of regulatory networks."
        )
        title.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(mark)
        row.addWidget(title, 1)
        return row

    def _make_offer(self) -> QWidget:
        """Return the offer of the tour, shown until it is accepted or declined."""
        box = QFrame()
        box.setObjectName("offer")
        text = QLabel(
            "<b>New here?</b> Follow the signal from injury to regrowth, overdose it, and see what "
            "goes wrong: seven steps, about two minutes."
        )
        text.setWordWrap(True)
        self.take = QPushButton("Take the tour")
        self.take.clicked.connect(self.start_tour)
        self.refuse = QPushButton("No, thanks")
        self.refuse.setFlat(True)
        self.refuse.clicked.connect(self._refuse)
        row = QHBoxLayout(box)
        row.setContentsMargins(16, 12, 16, 12)
        row.addWidget(text, 1)
        row.addWidget(self.take)
        row.addWidget(self.refuse)
        box.setVisible(not self._settings.get(_SEEN))
        return box

    def _make_files(self) -> QVBoxLayout:
        open_button = QPushButton("Open a model…")
        open_button.setProperty("icon_name", "open")
        open_button.setIcon(icon("open"))
        open_button.clicked.connect(self._ask_open)
        new = QPushButton("Start with an empty network")
        new.setProperty("icon_name", "add")
        new.setIcon(icon("add"))
        new.clicked.connect(self._new)
        self.recent = _list("Recent files")
        self.recent.itemActivated.connect(self._open_item)
        self.recent.itemClicked.connect(self._open_item)
        self.no_recent = QLabel("Nothing yet.")
        endings = " ".join(
            dict.fromkeys(e for f in FORMATS.values() if f.reads for e in f.extensions)
        )
        hint = QLabel(f"Or drop a file anywhere in this window: {endings}")
        hint.setWordWrap(True)
        self._muted = [self.no_recent, hint]
        column = QVBoxLayout()
        column.setSpacing(8)
        for button in (open_button, new):
            button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            column.addWidget(button)
        column.addWidget(hint)
        column.addSpacing(10)
        column.addWidget(QLabel("<h3>Recent files</h3>"))
        column.addWidget(self.no_recent)
        column.addWidget(self.recent)
        column.addStretch(1)
        return column

    def _make_examples(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(QLabel("<h3>Examples</h3>"))
        self.examples: list[QCommandLinkButton] = []
        for example in own_examples():
            first = example.note.split(". ")[0]
            button = QCommandLinkButton(
                example.title, f"{example.size} components. {first}." if first else ""
            )
            button.setToolTip(example.note)
            button.setProperty("icon_name", "regnet")
            button.setIcon(icon("regnet"))
            button.clicked.connect(partial(self._open_example, example.path))
            self.examples.append(button)
            column.addWidget(button)
        self.literature = _list("Published models")
        self.literature.itemActivated.connect(self._open_example_item)
        self.literature.itemClicked.connect(self._open_example_item)
        self._fill(self.literature, literature_examples())
        if self.literature.count():
            column.addSpacing(6)
            column.addWidget(QLabel("<h3>Published models, from pyboolnet</h3>"))
            column.addWidget(self.literature, 1)
        else:
            column.addStretch(1)
        return column

    # --- following the document ---

    def _follow(self, before: Project, after: Project) -> None:
        """Switch to the network when a model is opened."""
        if self.isVisible() and len(after.network) and before is not after:
            self._selection.ask("network")

    def showEvent(self, event: QShowEvent) -> None:
        """Update the recent files."""
        super().showEvent(event)
        self._fill_recent()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the examples below the files if they do not fit beside them."""
        super().resizeEvent(event)
        beside, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._columns.setDirection(beside if self.width() >= _BESIDE else below)

    def _fill_recent(self) -> None:
        files = self._settings.recent()
        self._fill(self.recent, [Example(p.name, 0, p, str(p.parent)) for p in files])
        self.recent.setVisible(bool(files))
        self.no_recent.setVisible(not files)

    def _fill(self, widget: QListWidget, examples: Sequence[Example]) -> None:
        widget.clear()
        for example in examples:
            more = f"{example.size} components" if example.size else example.note
            item = QListWidgetItem(f"{example.title}    {more}")
            item.setData(Qt.ItemDataRole.UserRole, str(example.path))
            item.setToolTip(str(example.path))
            widget.addItem(item)

    def _paint(self) -> None:
        colours = theme()
        self._offer.setStyleSheet(
            f"#offer {{ background: {colours['info-paper'].name()};"
            f" border: 1px solid {colours['info'].name()}; border-radius: 6px; }}"
        )
        for example in self.examples:
            example.setIcon(icon("regnet"))
        for label in self._muted:
            label.setStyleSheet(f"color: {colours['muted'].name()};")

    # --- commands ---

    def _home(self) -> MainWindow:
        return cast("MainWindow", self.window())

    def _ask_open(self) -> None:
        self._home().files.ask_open()

    def _new(self) -> None:
        self._home().files.new()
        self._selection.ask("network")

    def _open(self, path: Path) -> None:
        if self._document.path == path:  # the second half of a double click
            self._selection.ask("network")
        else:
            self._home().open(path)

    def _open_item(self, item: QListWidgetItem) -> None:
        self._open(Path(item.data(Qt.ItemDataRole.UserRole)))

    def _open_example(self, path: Path) -> None:
        if not self.isVisible():  # the second half of a double click
            return
        self._home().files.open_example(path)

    def _open_example_item(self, item: QListWidgetItem) -> None:
        self._open_example(Path(item.data(Qt.ItemDataRole.UserRole)))

    def _refuse(self) -> None:
        self._settings.put(_SEEN, "yes")
        self._offer.hide()

    def start_tour(self) -> None:
        """Open a copy of the liver model, unless one is open, and begin the tour."""
        window = self._home()
        self._refuse()
        if not can_tour(window):
            liver = next((e for e in own_examples() if e.path.stem == "lif_lifr"), None)
            if liver is None:
                self._document.say("the model of the tour is not installed", "warning")
                return
            if not window.files.open_example(liver.path):
                return
        if self.tour is None:
            self.tour = Tour(window)
        self.tour.start()

    def show_keys(self) -> None:
        """Show the sheet of keys."""
        if self._sheet is None:
            self._sheet = ShortcutSheet(self.window())
        self._sheet.rise()

    def show_palette(self) -> None:
        """Show the command palette."""
        if self._palette is None:
            self._palette = CommandPalette(self.window(), self._names)
        self._palette.rise()

    def _names(self) -> list[Command]:
        """Return the scenarios and components that the palette finds besides commands."""
        project = self._document.project
        found = [
            Command(
                scenario.name or WILD_TYPE,
                "Scenario",
                partial(self._selection.choose, scenario.name),
                tip=edits.describe(scenario, project.network),
            )
            for scenario in (Scenario(), *project.scenarios)
        ]
        found += [
            Command(c.name, "Component", partial(self._go_to, c.name), tip=c.note)
            for c in project.network.components
        ]
        return found if not self._document.is_empty else []

    def _go_to(self, name: str) -> None:
        self._selection.ask("network")
        self._selection.select(name)


def _list(name: str) -> QListWidget:
    made = QListWidget()
    made.setAccessibleName(escape(name))
    made.setUniformItemSizes(True)
    made.setTextElideMode(Qt.TextElideMode.ElideRight)
    made.setMinimumHeight(150)
    return made
