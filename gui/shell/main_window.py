"""MainWindow: panels, menus and message bar.

It depends on the table of panels, and on none of the panels. Files are opened and saved in `files`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
)
from PySide6.QtWidgets import (
    QDockWidget,
    QLineEdit,
    QMainWindow,
    QMenu,
    QTabBar,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.model.document import Document, Result
from gui.model.runner import Runner, Task
from gui.model.selection import Selection
from gui.results.again import run_again, run_attractors
from gui.results.keeper import Keeper, unfinished
from gui.shell.files import Files
from gui.shell.message_bar import MessageBar
from gui.shell.panels import LAYOUTS, PANELS, Panel
from gui.shell.settings import Settings
from gui.shell.status import Status
from gui.shell.view_tabs import ViewTabs
from gui.widgets import style
from gui.widgets.actions import MENUS, add_action
from gui.widgets.icons import icon
from gui.widgets.terms import explain_terms
from regnet.questions import summary_of

_DOCKS = {
    "left": Qt.DockWidgetArea.LeftDockWidgetArea,
    "right": Qt.DockWidgetArea.RightDockWidgetArea,
    "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
}
_STATE_VERSION = 1


class MainWindow(QMainWindow):
    """The window of the app, with one document."""

    def __init__(self, settings: Settings | None = None, panels: Sequence[Panel] = PANELS) -> None:
        super().__init__()
        self._table = panels
        self.setObjectName("main-window")
        self.settings = settings or Settings()
        self.document = Document(self)
        self.selection = Selection(self.document)
        self.runner = Runner(self)
        self.keeper = Keeper(self.document, self.runner)
        self._found_words = ""  # the message about the latest attractors
        self._stale, self._stale_words = (
            0,
            "",
        )  # number of stale results, and the message about them
        self.panels: dict[str, QWidget] = {}
        self.docks: dict[str, QDockWidget] = {}
        self._menus: dict[str, QMenu] = {}
        self._tidy_later = QTimer(self)
        self._tidy_later.setSingleShot(True)
        self._tidy_later.setInterval(0)
        self._tidy_later.timeout.connect(self._tidy_tabs)
        self.setAcceptDrops(True)
        self.setDockOptions(QMainWindow.DockOption.AllowTabbedDocks)
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self.resize(1400, 900)
        self._make_centre()
        self._make_menus()
        self._make_panels()
        explain_terms(self)
        self._fill_menus()
        self._status = Status(self.document, self.selection, self.runner)
        self.setStatusBar(self._status)
        self._follow()
        self._default_state = self.saveState(_STATE_VERSION)
        self._restore()
        self._show_title()

    # --- construction ---

    def _make_centre(self) -> None:
        self.messages = MessageBar()
        self.files = Files(self, self.document, self.runner, self.settings, self.messages)
        self.tabs = ViewTabs()
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.messages)
        column.addWidget(self.tabs)
        self.setCentralWidget(centre)

    def _make_menus(self) -> None:
        for name in MENUS:
            self._menus[name] = self.menuBar().addMenu(f"&{name}")
        self.menuBar().setAccessibleName("Menus")
        keys = QKeySequence.StandardKey
        act = partial(add_action, self, everywhere=True)
        self._new = act(
            "&New", self.files.new, shortcut=keys.New, tip="Start with an empty network"
        )
        self._open = act("&Open…", self.files.ask_open, shortcut=keys.Open, icon_name="open",
                         tip="Open a model")  # fmt: skip
        self._save = act("&Save", self.files.save, shortcut=keys.Save, icon_name="save",
                         tip="Save the project")  # fmt: skip
        self._save_as = act("Save &as…", self.files.save_as, shortcut="Ctrl+Shift+S",
                            tip="Save the project in another file or format")  # fmt: skip
        self._quit = act("&Quit", self.close, shortcut=keys.Quit)
        self._undo = self.document.stack.createUndoAction(self, "&Undo")
        self._undo.setShortcuts(keys.Undo)
        self._redo = self.document.stack.createRedoAction(self, "&Redo")
        self._redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        for action, name in ((self._undo, "undo"), (self._redo, "redo")):
            action.setProperty("icon_name", name)
            action.setIcon(icon(name))
        self._run = act("Find &attractors", self.run, shortcut="Ctrl+R", icon_name="run",
                        tip="Find the attractors of the current scenario")  # fmt: skip
        self._stop = act("S&top", self.runner.stop_all, shortcut="Ctrl+.", icon_name="stop",
                         tip="Stop the running jobs")  # fmt: skip
        self._stop.setEnabled(False)
        self._reset = act("&Reset layout", self.reset_layout,
                          tip="Restore the default places of all panels")  # fmt: skip
        bar = QToolBar("File and edit")
        bar.setObjectName("main-bar")
        bar.setIconSize(QSize(20, 20))
        bar.addActions([self._open, self._save])
        bar.addSeparator()
        bar.addActions([self._undo, self._redo])
        bar.addSeparator()
        bar.addActions([self._run, self._stop])
        run_button = bar.widgetForAction(self._run)
        if isinstance(run_button, QToolButton):
            run_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.addToolBar(bar)

    def _make_panels(self) -> None:
        left: list[QDockWidget] = []
        tabbed: dict[str, QDockWidget] = {}
        for panel in self._table:
            widget = panel.make(self.document, self.selection, self.runner)
            widget.setObjectName(panel.key)
            self.panels[panel.key] = widget
            if panel.area == "bar":
                self._add_bar(panel, widget)
            elif panel.area == "centre":
                self.tabs.addTab(widget, panel.title)
                self.tabs.setTabToolTip(self.tabs.count() - 1, panel.tip)
            else:
                dock = self._add_dock(panel, widget)
                if panel.area == "left":
                    left.append(dock)
                elif panel.area in tabbed:
                    self.tabifyDockWidget(tabbed[panel.area], dock)
                tabbed.setdefault(panel.area, dock)
        for dock in tabbed.values():
            dock.raise_()
        for panel in self._table:
            if panel.key in self.docks:
                self.docks[panel.key].setVisible(panel.is_shown)
        for line in self.findChildren(QLineEdit):  # Qt gives their clear buttons no accessible name
            for button in line.findChildren(QToolButton):
                button.setAccessibleName(f"Clear {line.accessibleName()}")
        self.resizeDocks(left, [1800, 900, 1300][: len(left)], Qt.Orientation.Vertical)
        widths = [dock for area, dock in tabbed.items() if area in ("left", "right")]
        self.resizeDocks(widths, [270, 300][: len(widths)], Qt.Orientation.Horizontal)

    def _add_bar(self, panel: Panel, widget: QWidget) -> None:
        bar = QToolBar(panel.title)
        bar.setObjectName(panel.key + "-bar")
        bar.addWidget(widget)
        self.addToolBar(bar)

    def _add_dock(self, panel: Panel, widget: QWidget) -> QDockWidget:
        dock = QDockWidget(panel.title, self)
        dock.setObjectName(panel.key + "-dock")
        dock.setAccessibleName(panel.title)
        dock.setWidget(widget)
        self.addDockWidget(_DOCKS[panel.area], dock)
        dock.visibilityChanged.connect(self._on_dock)
        self.docks[panel.key] = dock
        return dock

    def _on_dock(self) -> None:
        self._tidy_later.start()

    def _tidy_tabs(self) -> None:
        """Hide tab bars of closed docks, which Qt keeps."""
        shown = {dock.windowTitle() for dock in self.docks.values() if not dock.isHidden()}
        for bar in self.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            bar.setAccessibleName("Panels in one place")
            if not any(bar.tabText(number) in shown for number in range(bar.count())):
                bar.hide()

    def _fill_menus(self) -> None:
        menu = self._menus
        menu["File"].addActions([self._new, self._open])
        self._recent = menu["File"].addMenu("Open &recent")
        self._recent.aboutToShow.connect(self._fill_recent)
        menu["File"].addSeparator()
        menu["File"].addActions([self._save, self._save_as])
        menu["File"].addSeparator()
        menu["Edit"].addActions([self._undo, self._redo])
        menu["Edit"].addSeparator()
        menu["Analyse"].addActions([self._run, self._stop])
        menu["Analyse"].addSeparator()
        for widget in self.panels.values():
            for action in (a for w in _family(widget) for a in w.actions()):
                place = action.property("menu")
                if place:
                    menu[str(place)].addAction(action)
        menu["File"].addSeparator()
        menu["File"].addAction(self._quit)
        self._fill_view()
        for name in MENUS:
            menu[name].menuAction().setVisible(bool(menu[name].actions()))

    def _fill_view(self) -> None:
        view = self._menus["View"]
        view.addSeparator()
        themes = view.addMenu("&Theme")
        group = QActionGroup(self)
        for name, title in style.THEMES.items():
            action = QAction(title, group)
            action.setCheckable(True)
            action.setChecked(style.theme().name == name)
            action.triggered.connect(partial(self.put_on_theme, name))
            themes.addAction(action)
        panels = view.addMenu("&Panels")
        for dock in self.docks.values():
            panels.addAction(dock.toggleViewAction())
        layouts = view.addMenu("&Layouts")
        for title in LAYOUTS:
            layouts.addAction(title).triggered.connect(partial(self.arrange, title))
        view.addAction(self._reset)

    def _follow(self) -> None:
        self.document.said.connect(self.messages.tell)
        self.files.saved.connect(self._say_saved)
        self.files.rule_wanted.connect(self._show_rule)
        self.document.file_changed.connect(self._show_title)
        self.document.changed.connect(self._show_title)
        self.document.reset.connect(self.runner.stop_all)
        self.document.changed.connect(self._tell_stale)
        self.document.results_changed.connect(self._tell_stale)
        self.keeper.restored.connect(self._offer_to_go_on)
        self.selection.asked.connect(self.show_panel)
        self.tabs.currentChanged.connect(self._on_tab)
        self.runner.changed.connect(self._show_running)
        self.runner.submitted.connect(self._watch)
        style.style().changed.connect(self._refresh_icons)

    def _refresh_icons(self) -> None:
        for action in self.findChildren(QAction):
            name = action.property("icon_name")
            if name:
                action.setIcon(icon(str(name)))
        for button in self.findChildren(QToolButton):
            name = button.property("icon_name")
            if name:
                button.setIcon(icon(str(name)))

    # --- commands ---

    def run(self) -> Task | None:
        """Find the attractors of the current scenario."""
        task = run_attractors(self.document, self.selection, self.runner)
        if task is not None:
            task.finished.connect(partial(self._on_found, self.selection.scenario_title))
        return task

    def _on_found(self, title: str, found: object) -> None:
        """Report the attractors found, unless their panel is in front."""
        panel = self.panels.get("attractors")
        if panel is not None and not panel.isVisible():
            self._found_words = f"{title}: {summary_of(found)}"
            show = partial(self.show_panel, "attractors")
            self.messages.tell(self._found_words, "info", button="Show", act=show)

    def _on_tab(self) -> None:
        """Hide the message about attractors once they are shown."""
        if self.tabs.currentWidget() is self.panels.get("attractors"):
            self.messages.take_back(self._found_words)

    def open(self, path: Path | str) -> bool:
        """Open a file unless the user cancels; return whether it is open now."""
        return self.files.open(path)

    def put_on_theme(self, name: str) -> None:
        """Change the theme, and store the choice."""
        style.put_on(name)
        self.settings.put("theme", name)

    def reset_layout(self) -> None:
        """Restore the default places of all panels."""
        self.restoreState(self._default_state, _STATE_VERSION)

    def arrange(self, title: str) -> None:
        """Show the panels of one of `LAYOUTS`, and hide the others."""
        keys = [key for key in LAYOUTS[title] if key in self.panels]
        for key, dock in self.docks.items():
            dock.setVisible(key in keys)
        self.show_panel(keys[0])

    def show_panel(self, key: str) -> None:
        """Bring a panel to the front."""
        if key in self.docks:
            self.docks[key].show()
            self.docks[key].raise_()
        else:
            self.tabs.setCurrentWidget(self.panels[key])

    # --- state and messages ---

    def _say_saved(self, sentence: str) -> None:
        self._status.showMessage(sentence, 4000)

    def _show_rule(self, name: str) -> None:
        self.selection.select(name)
        self.selection.ask("inspector", "rule")

    def _tell_stale(self) -> None:
        """Offer once to compute stale results again; an undo withdraws the offer."""
        stale = self.document.stale_results()
        if len(stale) == self._stale:
            return
        before, self._stale = self._stale, len(stale)
        if not stale:
            self.messages.take_back(self._stale_words)
        elif before < len(stale) and not self.runner.active:
            one = len(stale) == 1
            self._stale_words = (
                "1 result is older than the network." if one
                else f"{len(stale)} results are older than the network."
            )  # fmt: skip
            again = partial(run_again, self.document, self.runner, stale)
            self.messages.tell(self._stale_words, "warning", button="Re-run stale", act=again)

    def _offer_to_go_on(self, results: tuple[Result, ...]) -> None:
        """Offer to finish a screen that an earlier session left unfinished."""
        result = unfinished(results)
        if result is None:
            return
        done, runs = len(result.value.rows), result.asked.runs
        self.messages.tell(
            f"Unfinished screen: {done:,} of {runs:,} rows done.",
            "warning",
            button=f"Resume from {done:,} of {runs:,}",
            act=partial(self.selection.ask, "screen", f"{result.number} resume"),
        )

    def _show_title(self) -> None:
        self.setWindowTitle(f"{self.document.title}[*] - regnet")
        self.setWindowModified(self.document.is_dirty)
        self._run.setEnabled(not self.document.is_empty)

    def _show_running(self) -> None:
        self._stop.setEnabled(bool(self.runner.active))

    def _watch(self, task: Task) -> None:
        def tell(sentence: str, _details: str) -> None:
            self.document.say(f"{task.title}: {sentence}")

        task.failed.connect(tell)

    def _fill_recent(self) -> None:
        self._recent.clear()
        for path in self.settings.recent():
            action = self._recent.addAction(f"{path.name}    {path.parent}")
            action.triggered.connect(partial(self.open, path))
        if self._recent.isEmpty():
            self._recent.addAction("Nothing yet").setEnabled(False)

    # --- the window itself ---

    def _restore(self) -> None:
        self.restoreGeometry(self.settings.get_bytes("window/geometry"))
        self.restoreState(self.settings.get_bytes("window/state"), _STATE_VERSION)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Save the layout and stop all jobs, unless the user cancels."""
        if not self.files.may_leave():
            event.ignore()
            return
        self.settings.put_bytes("window/geometry", self.saveGeometry())
        self.settings.put_bytes("window/state", self.saveState(_STATE_VERSION))
        self.files.recovery.discard()
        self.keeper.finish()
        self.runner.close()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Stop running jobs with Esc, where no panel has another use for it."""
        if event.key() == Qt.Key.Key_Escape and self.runner.active:
            self.runner.stop_all()
            return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files."""
        if _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the file that was dropped."""
        path = _dropped(event)
        if path:
            event.acceptProposedAction()
            self.open(path)


def _dropped(event: QDropEvent) -> str:
    files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
    return files[0] if files else ""


def _family(widget: QWidget) -> list[QWidget]:
    return [widget, *widget.findChildren(QWidget)]
