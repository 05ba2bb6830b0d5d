"""Screen: try many perturbations in many scenarios, and see what they change.

The left side holds the setup and an estimate measured on a few runs; the right side shows rows as
they are computed. A screen can be paused, stopped with partial results, and resumed; each row can
be painted on the network and opened as a scenario.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.model import edits
from gui.model.document import Document, Result
from gui.model.runner import Runner, Task
from gui.model.selection import WILD_TYPE, Painting, Selection
from gui.panels.screen import export as screen_export
from gui.panels.screen.estimate import Estimate
from gui.panels.screen.run import RESTING, ScreenRun
from gui.panels.screen.setup import SetupPane
from gui.panels.screen.table import ScreenTable
from gui.panels.screen.view import ScreenView
from gui.results.again import run_again
from gui.results.keeper import screens_folder
from gui.widgets.actions import add_action
from gui.widgets.question import ProgressRow, fill, run_button, side_by_side
from gui.widgets.style import style, theme
from regnet.analysis.attractors import Attractors
from regnet.analysis.screen import Screen, ScreenRow
from regnet.errors import RegnetError
from regnet.exchange.dynamics import caveats
from regnet.project import Project
from regnet.scenario import Scenario
from regnet.screens import Rows
from regnet.screens.setup import Setup, find_effect, scenario_of, setup_of, span


class ScreenPanel(QWidget):
    """The setup, estimate, run, table and matrix of a screen."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection, self._runner = document, selection, runner
        self._painting: Task | None = None
        self._ticked: Setup | None = None  # the ticked setup, until it changes
        self._shown: Result | None = None
        self._resumed: Result | None = None  # the unfinished result that is resumed
        self.table = ScreenTable()
        self.work = ScreenRun(runner, self.table)
        self.setup = SetupPane(document, selection)
        self._make_actions()
        self._whole = fill(
            self,
            side_by_side(self._make_left(), self._make_right()),
            "Open a model to screen its perturbations.",
        )
        self._connect()
        self._begin()

    # --- construction ---

    def _make_actions(self) -> None:
        self.show_action = add_action(
            self, "&Screen…", lambda: self._selection.ask("screen"), menu="Perturb",
            shortcut="Ctrl+Shift+K", everywhere=True, icon_name="table",
            tip="Try every knock-out and forced level, in as many scenarios as you like",
        )  # fmt: skip
        self.open_action = add_action(
            self, "Open row as scenario", self.open_row, menu="Perturb",
            tip="Make a scenario of the selected row of the screen, and switch to it",
        )  # fmt: skip
        self.csv_action = add_action(
            self, "Export screen as CSV…", self.export_csv, menu="File",
            tip="Save the visible rows as a table",
        )  # fmt: skip
        self.svg_action = add_action(
            self, "Export screen matrix as SVG…", self.export_svg, menu="File",
            tip="Draw the visible perturbations, in all contexts",
        )  # fmt: skip

    def _make_left(self) -> QWidget:
        self.estimate = Estimate(self._runner)
        self.run_button = run_button("Run the screen", self.run)
        left = QWidget()
        left.setMinimumWidth(236)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 8)
        column.addWidget(self.setup, 1)
        below = QVBoxLayout()
        below.setContentsMargins(8, 0, 8, 0)
        below.addWidget(self.estimate)
        below.addWidget(self.run_button)
        column.addLayout(below)
        return left

    def _make_right(self) -> QWidget:
        self.results = QComboBox()
        self.results.setAccessibleName("Which screen is shown")
        self.results.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.results.setMinimumContentsLength(20)
        self.display = ScreenView(self.table, self.results, [self.csv_action, self.svg_action])
        self.notice = QWidget()
        self.notice.setObjectName("notice")
        self.notice.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.notice_text = QLabel()
        self.notice_text.setWordWrap(True)
        self.again_button = QPushButton("Run it again")
        self.again_button.setToolTip("Run the same screen on the current network")
        self.again_button.clicked.connect(self._run_again)
        line = QHBoxLayout(self.notice)
        line.setContentsMargins(6, 2, 4, 2)
        line.addWidget(self.notice_text, 1)
        line.addWidget(self.again_button)
        self.notice.setVisible(False)
        self.display.put_notice(self.notice)
        self.progress = ProgressRow(
            "Progress of the screen",
            self.stop,
            "Stop here; the rows so far are kept, and the screen can be resumed",
        )
        self.pause_button = QPushButton("Pause")
        self.pause_button.clicked.connect(self.pause_or_resume)
        self.progress.add_button(self.pause_button)
        self.retry_button = QPushButton("Retry failed rows")
        self.retry_button.setToolTip(
            "Compute rows that failed or timed out once more, with the present time limit of one "
            "run"
        )
        self.retry_button.clicked.connect(self.retry_failed)
        self.retry_button.hide()
        counts = QHBoxLayout()
        counts.addWidget(self.display.count, 1)
        counts.addWidget(self.retry_button)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(6, 8, 8, 8)
        column.addWidget(self.display, 1)
        column.addLayout(counts)
        column.addWidget(self.progress)
        return right

    def _connect(self) -> None:
        self.setup.changed.connect(self._setup_changed)
        self.results.activated.connect(self._choose_result)
        self.display.chosen.connect(self._paint_row)
        self.display.opened.connect(self.open_row)
        self.display.menu_wanted.connect(self._open_menu)
        self.work.changed.connect(self._show_state)
        self.work.grew.connect(self._on_rows)
        self.work.moved.connect(self._show_progress)
        self.work.ended.connect(self._keep)
        self.work.replaced.connect(self._show_replaced)
        self._document.changed.connect(self._follow)
        self._document.reset.connect(self._forget)
        self._document.results_changed.connect(self._list_results)
        self._selection.asked.connect(self._on_asked)
        style().changed.connect(self._show_state)

    # --- following the document ---

    def _begin(self) -> None:
        self.setup.begin()
        self._show_state()

    def _forget(self) -> None:
        """Reset the panel for another project."""
        self.work.take(None)
        self._shown = None
        self.display.clear()

    def _follow(self, before: Project, after: Project) -> None:
        if before.network is after.network and (
            before.scenarios is after.scenarios and before.phenotypes is after.phenotypes
        ):
            return
        if not len(before.network) or not set(before.network.names) & set(after.network.names):
            self._begin()
        else:
            self.setup.follow(before, after)
        self._setup_changed()
        self._show_state()

    def showEvent(self, event: QShowEvent) -> None:
        """Measure when the panel is shown, and prepare for rows."""
        super().showEvent(event)
        # The table needs NumPy with its first row; importing it there would hold the window up.
        threading.Thread(target=import_module, args=("numpy",), daemon=True).start()
        self._setup_changed()

    # --- setup ---

    def _wanted(self) -> Setup:
        """Return the ticked setup."""
        if self._ticked is None:
            self._ticked = replace(self.setup.setup(), keep_in=str(screens_folder()))
        return self._ticked

    def _setup_changed(self) -> None:
        self._ticked = None
        problem = self._problem()
        self.run_button.setEnabled(not problem and not self.work.is_running)
        self.estimate.show_setup(self._wanted(), problem)

    def _problem(self) -> str:
        """Return why the setup cannot be run, or an empty string."""
        if self._document.is_empty:
            return "There is no model."
        setup = self._wanted()
        if not setup.targets:
            return "Tick what to perturb."
        if setup.width == 1:
            return "Tick how to perturb it."
        if not setup.contexts:
            return "Tick where: the wild type, or scenarios."
        return ""

    # --- running ---

    @property
    def state(self) -> str:
        """``idle``, ``running``, ``paused``, ``stopped``, ``broken`` or ``done``."""
        return self.work.state

    def run(self) -> None:
        """Start the ticked screen."""
        self._ticked = None
        if self._problem() or self.work.is_running:
            return
        setup = self._wanted()
        try:
            for context in setup.contexts:
                context.check(setup.network)
        except RegnetError as error:
            self._document.say(error)
            return
        self.estimate.halt()
        self.work.take(setup)
        self._shown = self._resumed = None
        self.display.begin(setup)
        self._list_results()
        self._go(setup)

    def _go(self, setup: Setup) -> None:
        self.work.go(self.estimate.left(setup, len(self.table.rows)))

    def pause_or_resume(self) -> None:
        """Pause the screen, or resume it."""
        setup = self.work.setup
        if self.work.is_running:
            self.work.pause()
        elif setup is not None and self.state in RESTING:
            if self._shown is not None:
                self.display.begin(setup, self._shown.value.rows)
                self._resumed, self._shown = self._shown, None
                self._list_results()
            self._go(setup)

    def stop(self) -> None:
        """End the screen with partial results, from which it can still be resumed."""
        self.work.stop()

    def _run_again(self) -> None:
        if self._shown is not None:
            run_again(self._document, self._runner, [self._shown])

    def retry_failed(self) -> None:
        """Compute the rows that are not exact once more, with the present time limit."""
        if self._can_go_on():
            self.work.retry_failed(self.setup.setup().timeout)

    def _show_replaced(self, rows: list[ScreenRow]) -> None:
        assert self.work.setup is not None
        self.display.begin(self.work.setup, rows)

    def _on_rows(self, first: bool) -> None:
        self._document.drafted.emit(self.work.setup, self.table.rows)
        if first:
            self.display.fit_columns()

    def _keep(self) -> None:
        """Make a result of the finished screen."""
        setup = self.work.setup
        assert setup is not None
        if self.table.rows:
            number = 1 + sum(isinstance(r.value, Screen) for r in self._document.results)
            where = ", ".join(c.name for c in setup.contexts[:2])
            where += f" and {len(setup.contexts) - 2} more" if len(setup.contexts) > 2 else ""
            screen = setup.screen(self.table.rows, self.work.seconds)
            asked = setup if setup.targets else None
            before, self._resumed = self._resumed, None
            self._shown = self._document.add_result(f"Screen {number}, {where}", screen, asked)
            if before in self._document.results and len(screen.rows) >= len(before.value.rows):
                self._document.drop_result(before)  # it was the beginning of this screen
            self._list_results()
        self.display.fit_columns()

    # --- which screen is shown ---

    def _list_results(self) -> None:
        screens = [r for r in self._document.results if isinstance(r.value, Screen)]
        if self._shown not in screens:
            self._shown = None
        self.results.clear()
        if self._shown is None and self.work.setup is not None:
            self.results.addItem("This screen", None)
        for result in reversed(screens):
            stale = " (stale)" if self._document.is_stale(result) else ""
            self.results.addItem(result.title + stale, result)
        index = next(
            (i for i in range(self.results.count()) if self.results.itemData(i) is self._shown), 0
        )
        self.results.setCurrentIndex(index)
        self.results.setVisible(self.results.count() > 1)

    def _choose_result(self, index: int) -> None:
        result = self.results.itemData(index)
        if result is None or self.work.is_running:
            self._list_results()
            return
        screen = result.value
        setup = result.asked or setup_of(screen, self._document.network)
        known = set(setup.network.names)
        if not set(screen.readouts) <= known:
            self._document.say("the network has lost components that this screen reads", "info")
            self._list_results()
            return
        is_whole = len(screen.rows) == setup.runs or not setup.targets
        self._shown = result
        self.work.take(setup, "done" if is_whole else "stopped", screen.origin.seconds)
        self.display.begin(setup, screen.rows)
        self._list_results()
        self._show_state()

    def _on_asked(self, panel: str, what: str) -> None:
        """Show a result, or resume it."""
        if panel != self.objectName() or not what or self.work.is_running:
            return
        number, _, wish = what.partition(" ")
        for row in range(self.results.count()):
            result = self.results.itemData(row)
            if result is not None and str(result.number) == number:
                self._choose_result(row)
                if wish == "resume" and self.state == "stopped" and not self._is_stale():
                    self.pause_or_resume()
                return

    # --- display ---

    def _show_progress(self) -> None:
        self.progress.show_progress(*self.work.told())

    def _show_state(self) -> None:
        is_running = self.work.is_running
        unfinished = self.state in RESTING and self._can_go_on()
        self._whole.setCurrentIndex(1 if self._document.is_empty else 0)
        self.progress.setVisible(is_running or unfinished)
        self.pause_button.setText("Pause" if is_running else "Resume")
        self.progress.stop_button.setVisible(is_running or self.state in ("paused", "broken"))
        for action in (self.open_action, self.csv_action, self.svg_action):
            action.setEnabled(bool(self.table.rows))
        told, is_stale = self._caveats(), self._is_stale()
        if is_stale:
            told = ("Stale: the model has changed since this screen was run.", *told)
        self.notice_text.setText(" ".join(told))
        self.notice.setVisible(bool(told))
        self.again_button.setVisible(is_stale and not is_running and self._shown is not None)
        self.notice.setStyleSheet(
            f"#notice {{ background: {theme()['warning-paper'].name()}; }}"
            f"#notice QLabel {{ color: {theme()['warning'].name()}; padding: 3px 4px; }}"
        )
        is_resting = self.state in ("done", *RESTING) and self._can_go_on()
        self.retry_button.setVisible(is_resting and bool(self.work.failed()))
        self.run_button.setEnabled(not is_running and not self._problem())
        self._show_progress()
        self.display.say_empty(
            "The first rows are being computed.\nEvery context begins with the wild type."
            if is_running
            else "It was stopped before the first row was computed."
            if self.state == "stopped"
            else "Choose what to perturb on the left, then press “Run the screen”.\n"
            "The number of runs and the duration are estimated beforehand."
        )

    def _caveats(self) -> tuple[str, ...]:
        """Return what the model's file says of starts and updates that these rows leave."""
        setup = self.work.setup
        found = (
            sentence
            for context in (setup.contexts if setup is not None else ())
            for sentence in caveats(self._document.project, "screen", context)
        )
        return tuple(dict.fromkeys(found))

    def _is_stale(self) -> bool:
        """Return whether the displayed screen is stale."""
        if self._shown is not None:
            return self._document.is_stale(self._shown)
        setup = self.work.setup
        return setup is not None and setup.network.digest != self._document.network.digest

    def _can_go_on(self) -> bool:
        """Return whether the displayed screen can be resumed."""
        setup = self.work.setup
        return setup is not None and bool(setup.targets) and not self._is_stale()

    # --- rows ---

    def _context(self, row: ScreenRow) -> Scenario:
        assert self.work.setup is not None
        return next(c for c in self.work.setup.contexts if c.name == row.context)

    def _paint_row(self) -> None:
        """Paint the effect of the row on the network."""
        row, setup = self.display.current_row(), self.work.setup
        if self._painting is not None:
            self._painting.stop()
            self._painting = None
        if row is None or setup is None or self._is_stale():
            return
        if row.attractors is None:
            self._selection.paint(None)
            return
        name = f"{self.table.name(row.perturbation)}, {row.context}"
        self._painting = task = self._runner.submit(
            f"Effect of {name}", find_effect, setup.network, self._context(row), row.perturbation,
            quiet=True,
        )  # fmt: skip
        task.finished.connect(partial(self._paint, name, bool(row.perturbation)))

    def _paint(self, name: str, has_before: bool, found: tuple[Attractors, Attractors]) -> None:
        before, after = found
        count = f"{after.count:,} attractor{'' if after.count == 1 else 's'}"
        against = " against the wild type" if has_before else ""
        more = "" if after.complete else " at least"
        caption = f"{name}: levels over {count}{more}{against}"
        self._selection.paint(Painting(span(after), caption, span(before) if has_before else None))

    def open_row(self) -> None:
        """Make a scenario of the selected row, and switch to it."""
        row, setup = self.display.current_row(), self.work.setup
        if row is None or setup is None:
            self._document.say("select a row of the screen first", "info")
            return
        context = self._context(row)
        if not row.perturbation and context.name in [
            s.name for s in self._document.project.scenarios
        ]:
            self._selection.choose(context.name)
            return
        wanted = self.table.name(row.perturbation)
        if context.name != WILD_TYPE:
            wanted = f"{context.name} + {wanted}"
        name = edits.free_name(wanted, self._document.project)
        scenario = scenario_of(row, setup.contexts, name)
        try:
            scenario.check(self._document.network)
        except RegnetError as error:
            self._document.say(error)
            return
        self._document.change(
            f"Open {name} as scenario", self._document.project.with_scenario(scenario)
        )
        self._selection.choose(name)

    def _open_menu(self, point: QPoint) -> None:
        self.menu = QMenu(self)
        self.menu.addActions([self.open_action, self.csv_action])
        self.menu.popup(point)

    # --- export ---

    def shown_screen(self) -> Screen | None:
        """Return the screen with only the visible rows, in their order.

        The table always keeps the wild type.
        """
        if self.work.setup is None or not self.table.rows:
            return None
        screen = self.work.setup.screen(self.table.rows, self.work.seconds)
        if self._shown is not None:
            screen = self._shown.value
        return replace(screen, rows=tuple(self.table.rows[s] for s in self.table.sources()))

    def export_csv(self) -> None:
        """Ask for a file and write the visible rows."""
        rows = self.table.rows
        if isinstance(rows, Rows) and self.table.rowCount() > screen_export.MAX_TEXT_ROWS:
            self._document.say(
                f"{self.table.rowCount():,} rows are too many for CSV: filter them, or read the "
                f"Parquet files in {rows.folder.path}",
                "info",
            )
            return
        screen = self.shown_screen()
        if screen is not None:
            screen_export.ask_csv(self, self._document, screen)

    def write_csv(self, path: Path) -> None:
        """Write the visible rows as CSV."""
        screen = self.shown_screen()
        if screen is not None:
            screen_export.write_csv(self._document, screen, path)

    def export_svg(self) -> None:
        """Ask for a file and draw the matrix of the visible rows."""
        screen, setup = self.shown_screen(), self.work.setup
        if screen is not None and setup is not None:
            screen_export.ask_svg(self, self._document, self._runner, screen, setup.network)
