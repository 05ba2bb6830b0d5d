"""Screen: try many perturbations in many contexts, and see what they change.

The left side says what to try and how long that takes, measured on a few runs; the right side shows
rows as they come. A screen can be paused, stopped with what is there, and resumed; each row can be
painted on the network and opened as a scenario.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui import edits
from gui.actions import add_action
from gui.controls import Empty, Flow
from gui.document import Document, Result
from gui.icons import icon
from gui.jobs import Runner, Task
from gui.keeping import screens_folder
from gui.runs import run_again
from gui.screen_estimate import Estimate
from gui.screen_setup import SetupPane
from gui.screen_table import COUNT, OUTCOME, TOGETHER, ScreenMatrix, ScreenTable
from gui.screening import (
    Setup,
    duration,
    find_effect,
    into_folder,
    retry,
    rows,
    scenario_of,
    setup_of,
    span,
    workers_for,
)
from gui.selection import WILD_TYPE, Painting, Selection
from gui.style import style, theme
from regnet.analysis.attractors import Attractors
from regnet.analysis.screen import Screen, ScreenRow
from regnet.errors import FormatError, RegnetError
from regnet.formats import write_file
from regnet.project import Project
from regnet.scenario import Scenario
from regnet.screens import Rows, open_screen

_MOST_EXPORTED = 100_000  # rows
_MANY = 60  # columns of a matrix whose widths are not worth measuring
_FLUSH, _LONGEST_FLUSH = 150, 1000  # milliseconds for which rows are collected, then shown


TABLE, MATRIX, PAIRS = "Table", "Matrix", "Pairs"
"""Forms in which a screen is shown."""


class ScreenPanel(QWidget):
    """The workbench: setup, estimate, run, table and matrix."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection, self._runner = document, selection, runner
        self.state = "idle"
        """``idle``, ``running``, ``paused``, ``stopped``, ``broken`` or ``done``."""
        self._running: Setup | None = None
        self._task: Task | None = None
        self._painting: Task | None = None
        self._wish = "stopped"  # what the end of the task means: paused or stopped
        self._pending: list[ScreenRow] = []
        self._ticked: Setup | None = None  # what is ticked, until another tick
        self._seconds = 0.0
        self._started = 0.0
        self._first = 0
        self._shown: Result | None = None
        self._retried: dict[int, ScreenRow] = {}
        self._resumed: Result | None = None  # the unfinished result that is gone on with
        self.table = ScreenTable()
        self.matrix = ScreenMatrix(self.table)
        self._flushing = self._timer(_FLUSH, self._flush)
        self.setup = SetupPane(document, selection)
        self._make_actions()
        splitter = QSplitter()
        splitter.addWidget(self._make_left())
        splitter.addWidget(self._make_right())
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([290, 900])
        splitter.setChildrenCollapsible(False)
        self._empty = Empty("Open a model to try what happens when its components are perturbed.")
        self._whole = QStackedWidget()
        self._whole.addWidget(splitter)
        self._whole.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._whole)
        self._connect()
        self._begin()

    # --- putting it together ---

    def _timer(self, milliseconds: int, act: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(act)
        return timer

    def _make_actions(self) -> None:
        self.show_action = add_action(
            self, "&Screen…", lambda: self._selection.ask("screen"), menu="Perturb",
            shortcut="Ctrl+Shift+K", everywhere=True, icon_name="table",
            tip="Try every knock-out and forced level, in as many scenarios as you like",
        )  # fmt: skip
        self.open_action = add_action(
            self, "Open row as scenario", self.open_row, menu="Perturb",
            tip="Make a scenario of the selected row of the screen, and work on in it",
        )  # fmt: skip
        self.csv_action = add_action(
            self, "Export screen as CSV…", self.export_csv, menu="File",
            tip="Write the rows that are shown as a table",
        )  # fmt: skip
        self.svg_action = add_action(
            self, "Export screen matrix as SVG…", self.export_svg, menu="File",
            tip="Draw the perturbations that are shown, in all contexts",
        )  # fmt: skip

    def _make_left(self) -> QWidget:
        self.estimate = Estimate(self._runner)
        self.run_button = QPushButton("Run the screen")
        self.run_button.setProperty("icon_name", "run")
        self.run_button.setIcon(icon("run"))
        self.run_button.clicked.connect(self.run)
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
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter: LIFR   changed=yes   attractors>1")
        self.filter.setToolTip(
            "Words are looked for in all texts; changed=yes or Mass<2 ask one column.\n"
            'Put names with blanks in quotation marks: "LIF low"'
        )
        self.filter.setAccessibleName("Filter rows")
        self.filter.setClearButtonEnabled(True)
        self.form = QComboBox()
        self.form.setAccessibleName("Table or matrix")
        self.form.addItems([TABLE, MATRIX])
        self.context = QComboBox()
        self.context.setAccessibleName("Context of the pairs")
        self.context.setVisible(False)
        self.quantity = QComboBox()
        self.quantity.setAccessibleName("What the matrix shows")
        for box in (self.context, self.quantity):
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(12)
        self.quantity.setVisible(False)
        export = QToolButton()
        export.setText("Export")
        export.setProperty("icon_name", "export")
        export.setIcon(icon("export"))
        export.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        export.setAutoRaise(True)
        export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(export)
        menu.addActions([self.csv_action, self.svg_action])
        export.setMenu(menu)
        top = QHBoxLayout()
        top.addWidget(self.results)
        top.addWidget(self.filter, 1)
        shown = Flow()  # where the window is narrow they take two lines
        for widget in (self.form, self.context, self.quantity, export):
            shown.addWidget(widget)
        self.notice = QWidget()
        self.notice.setObjectName("notice")
        self.notice.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.notice_text = QLabel()
        self.notice_text.setWordWrap(True)
        self.again_button = QPushButton("Run it again")
        self.again_button.setToolTip("The same screen, of the network as it is now")
        self.again_button.clicked.connect(self._run_again)
        line = QHBoxLayout(self.notice)
        line.setContentsMargins(6, 2, 4, 2)
        line.addWidget(self.notice_text, 1)
        line.addWidget(self.again_button)
        self.notice.setVisible(False)
        self.view = self._view(self.table)
        self.view.setAccessibleName("Rows of the screen")
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSortingEnabled(True)
        self.view.horizontalHeader().setSortIndicatorClearable(True)
        self.view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.view.verticalHeader().hide()
        self.grid = self._view(self.matrix)
        self.grid.setAccessibleName("Perturbations by contexts")
        self.grid.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._nothing = Empty("")
        self._body = QStackedWidget()
        for page in (self.view, self.grid, self._nothing):
            self._body.addWidget(page)
        self.count = QLabel()
        self.count.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setMaximumWidth(180)
        self.bar.setAccessibleName("How far the screen is")
        self.words = QLabel()
        self.pause_button = QPushButton("Pause")
        self.pause_button.clicked.connect(self.pause_or_resume)
        self.stop_button = QPushButton("Stop")
        self.stop_button.setToolTip("Stop here; what is there stays, and can be resumed")
        self.stop_button.clicked.connect(self.stop)
        self.retry_button = QPushButton("Retry failed rows")
        self.retry_button.setToolTip(
            "Compute rows that failed or ran out of time once more, with the longest time of one "
            "run as it is set now"
        )
        self.retry_button.clicked.connect(self.retry_failed)
        self.retry_button.hide()
        bottom = QHBoxLayout()
        bottom.addWidget(self.count, 1)
        for part in (
            self.bar, self.words, self.retry_button, self.pause_button, self.stop_button,
        ):  # fmt: skip
            bottom.addWidget(part)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(6, 8, 8, 8)
        column.addLayout(top)
        column.addLayout(shown)
        column.addWidget(self.notice)
        column.addWidget(self._body, 1)
        column.addLayout(bottom)
        return right

    def _view(self, model: ScreenTable | ScreenMatrix) -> QTableView:
        view = QTableView()
        view.setModel(model)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setAlternatingRowColors(True)
        view.setTabKeyNavigation(False)
        view.setWordWrap(False)
        view.verticalHeader().setDefaultSectionSize(24)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setResizeContentsPrecision(50)
        header.setMinimumSectionSize(48)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._open_menu)
        view.activated.connect(self.open_row)
        view.selectionModel().currentChanged.connect(self._paint_row)
        return view

    def _connect(self) -> None:
        self.setup.changed.connect(self._setup_changed)
        self.results.activated.connect(self._choose_result)
        self.filter.textChanged.connect(self._set_filter)
        self.form.currentIndexChanged.connect(self._show_form)
        self.quantity.textActivated.connect(self.show_quantity)
        self.context.currentTextChanged.connect(self._show_form)
        self.table.shown_changed.connect(self._show_rows)
        self._document.changed.connect(self._follow)
        self._document.reset.connect(self._forget)
        self._document.results_changed.connect(self._list_results)
        self._selection.asked.connect(self._on_asked)
        style().changed.connect(self._show_rows)

    # --- following the document ---

    def _begin(self) -> None:
        self.setup.begin()
        self._show_state()

    def _forget(self) -> None:
        """Another project is about to be shown."""
        self._drop_task()
        self.state, self._running, self._shown = "idle", None, None
        self.matrix.clear()
        self.table.setup = None
        self.table.rows = []
        self.table.reset(())

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
        """Measure when the panel comes into sight, and get ready for rows."""
        super().showEvent(event)
        # The table needs NumPy with its first row; importing it there would hold the window up.
        threading.Thread(target=import_module, args=("numpy",), daemon=True).start()
        self._setup_changed()

    # --- the estimate ---

    def _wanted(self) -> Setup:
        """Return the screen that is ticked."""
        if self._ticked is None:
            self._ticked = replace(self.setup.setup(), keep_in=str(screens_folder()))
        return self._ticked

    def _setup_changed(self) -> None:
        self._ticked = None
        problem = self._problem()
        self.run_button.setEnabled(not problem and self.state != "running")
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

    def run(self) -> None:
        """Start the screen that is ticked."""
        self._ticked = None
        if self._problem() or self.state == "running":
            return
        setup = self._wanted()
        try:
            for context in setup.contexts:
                context.check(setup.network)
        except RegnetError as error:
            self._document.say(error)
            return
        self.estimate.halt()
        self._running, self._shown, self._seconds = setup, None, 0.0
        self._resumed = None
        self._show_setup(setup)
        self._submit()

    def pause_or_resume(self) -> None:
        """Pause the screen, or go on where it was paused or stopped."""
        if self.state == "running":
            self._wish = "paused"
            assert self._task is not None
            self._task.stop()
        elif self._running is not None and self.state in ("paused", "stopped", "broken"):
            if self._shown is not None:
                self._show_setup(self._running, self._shown.value.rows)
                self._resumed, self._shown = self._shown, None
            self._submit()

    def stop(self) -> None:
        """End the screen with what is there; it becomes a result, and can still be resumed."""
        if self.state == "running":
            self._wish = "stopped"
            assert self._task is not None
            self._task.stop()
        elif self.state in ("paused", "broken"):
            self._end("stopped")

    def _run_again(self) -> None:
        if self._shown is not None:
            run_again(self._document, self._runner, [self._shown])

    def _failed(self) -> list[tuple[int, ScreenRow]]:
        if isinstance(self.table.rows, Rows):
            return []  # each had the time that one run may take
        return [(n, row) for n, row in enumerate(self.table.rows) if row.status != "exact"]

    def retry_failed(self) -> None:
        """Compute the rows that are not exact once more, with the time limit that is set now."""
        setup = self._running
        if setup is None or self.state == "running" or not self._can_go_on():
            return
        setup = replace(setup, timeout=self.setup.setup().timeout)
        failed = self._failed()
        self._retried = {}
        task = self._runner.submit(f"Retry of {_number(len(failed), 'row')}", retry, setup, failed)
        task.partial.connect(self._receive_retried)
        task.ended.connect(partial(self._end_retry, task, self.table.rows))

    def _receive_retried(self, new: tuple[tuple[int, ScreenRow], ...]) -> None:
        self._retried.update(new)

    def _end_retry(self, task: Task, before: Sequence[ScreenRow]) -> None:
        """Put what was computed again into the place of what failed; it is another result."""
        setup = self._running
        if isinstance(before, Rows):
            return
        if not self._retried or setup is None or self.table.rows is not before:
            return
        new = [self._retried.get(number, row) for number, row in enumerate(before)]
        self._show_setup(setup, new)
        self._seconds += task.seconds
        was = self.state
        self._end("done" if len(new) == setup.runs else "stopped")
        if was in ("paused", "broken"):
            self.state = was
            self._show_state()

    def _submit(self) -> None:
        setup = self._running
        assert setup is not None
        self._first = len(self.table.rows)
        self._started = time.monotonic()
        self._wish = "stopped"
        left = self.estimate.left(setup, self._first)
        where = _number(len(setup.contexts), "context")
        title = f"Screen of {setup.width - 1:,} perturbations in {where}"
        if setup.is_large:
            task = self._runner.submit(title, into_folder, setup, keeps=True)
            task.progress.connect(self._look)
            task.finished.connect(self._finish_large)
            task.cancelled.connect(self._cancelled)
            task.failed.connect(self._break)
            self._task = task
            self.state = "running"
            self._show_state()
            return
        task = self._runner.submit(title, rows, setup, self._first, workers_for(left))
        task.partial.connect(self._receive)
        task.finished.connect(self._finish)
        task.cancelled.connect(self._cancelled)
        task.failed.connect(self._break)
        self._task = task
        self.state = "running"
        self._show_state()

    def _drop_task(self) -> None:
        if self._task is not None and not self._task.is_over:
            self._task.blockSignals(True)
            self._task.stop(at_once=True)
        self._task = None
        self._pending.clear()

    def _receive(self, new: tuple[ScreenRow, ...]) -> None:
        self._pending.extend(new)
        if not self._flushing.isActive():
            self._flushing.start()

    def _flush(self) -> None:
        started = time.perf_counter()
        self._read_folder()
        if self._pending:
            new, self._pending = self._pending, []
            first = not self.table.rows
            self.table.add(new)
            self._document.drafted.emit(self._running, self.table.rows)
            if first:
                self._fit_columns()
        self._show_progress()
        took = round(1000 * (time.perf_counter() - started))
        # The window stays free; the first time takes long by itself, because NumPy is imported.
        self._flushing.setInterval(min(max(_FLUSH, 8 * took), _LONGEST_FLUSH))

    def _look(self, *_: object) -> None:
        """See in a while which rows of a large screen are there."""
        if not self._flushing.isActive():
            self._flushing.start()

    def _read_folder(self) -> None:
        """Show the rows of a large screen that are on disk."""
        setup = self._running
        if setup is None or not setup.is_large:
            return
        rows = self.table.rows
        try:
            folder = rows.folder if isinstance(rows, Rows) else open_screen(setup.folder)
            folder.look()
            new = Rows(folder)
            if len(new) == len(rows):
                return
            first = not rows
            self.table.follow(new)
        except FormatError:
            return  # it is being made
        self._document.drafted.emit(setup, new)
        if first:
            self._fit_columns()

    def _finish_large(self) -> None:
        self._read_folder()
        setup = self._running
        if setup is not None and len(self.table.rows) == setup.runs:
            self._end("done")
        else:
            self._cancelled()

    def _finish(self) -> None:
        self._end("done")

    def _cancelled(self) -> None:
        if self._wish == "paused":
            self._rest("paused")
        else:
            self._end("stopped")

    def _break(self, sentence: str, _details: str) -> None:
        self._rest("broken")
        self.words.setText(f"{sentence}; what is there is kept")

    def _rest(self, state: str) -> None:
        self._flush()
        self._seconds += time.monotonic() - self._started
        self.state = state
        self._show_state()

    def _end(self, state: str) -> None:
        if self.state == "running":
            self._rest(state)
        self.state = state
        setup = self._running
        assert setup is not None
        if self.table.rows:
            number = 1 + sum(isinstance(r.value, Screen) for r in self._document.results)
            where = ", ".join(c.name for c in setup.contexts[:2])
            where += f" and {len(setup.contexts) - 2} more" if len(setup.contexts) > 2 else ""
            screen = setup.screen(self.table.rows, self._seconds)
            asked = setup if setup.targets else None
            before, self._resumed = self._resumed, None
            self._shown = self._document.add_result(f"Screen {number}, {where}", screen, asked)
            if before in self._document.results and len(screen.rows) >= len(before.value.rows):
                self._document.drop_result(before)  # it was the beginning of this one
            self._list_results()
        self._fit_columns()
        self._show_state()

    # --- which screen is shown ---

    def _list_results(self) -> None:
        screens = [r for r in self._document.results if isinstance(r.value, Screen)]
        if self._shown not in screens:
            self._shown = None
        self.results.clear()
        if self._shown is None and self._running is not None:
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
        if result is None or self.state == "running":
            self._list_results()
            return
        screen = result.value
        setup = result.asked or setup_of(screen, self._document.network)
        known = set(setup.network.names)
        if not set(screen.readouts) <= known:
            self._document.say("the network has lost components that this screen reads", "info")
            self._list_results()
            return
        self._running, self._shown = setup, result
        self.state = "done" if len(screen.rows) == setup.runs or not setup.targets else "stopped"
        self._seconds = screen.origin.seconds
        self._show_setup(setup, screen.rows)
        self._show_state()

    def _on_asked(self, panel: str, what: str) -> None:
        """Show a result, or go on with it."""
        if panel != self.objectName() or not what or self.state == "running":
            return
        number, _, wish = what.partition(" ")
        for row in range(self.results.count()):
            result = self.results.itemData(row)
            if result is not None and str(result.number) == number:
                self._choose_result(row)
                if wish == "resume" and self.state == "stopped" and not self._is_stale():
                    self.pause_or_resume()
                return

    def _show_setup(self, setup: Setup, done: Sequence[ScreenRow] = ()) -> None:
        self.matrix.clear()
        self.table.begin(setup)
        self.table.add(done)
        self.view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        has_pairs = "pairs" in setup.kinds
        if has_pairs != (self.form.count() == 3):
            self.form.clear()
            self.form.addItems([TABLE, MATRIX, PAIRS] if has_pairs else [TABLE, MATRIX])
        self.context.clear()
        self.context.addItems([c.name for c in setup.contexts])
        self.quantity.clear()
        self.quantity.addItems(setup.readouts)
        self.quantity.addItems([TOGETHER] if has_pairs else [])
        self.quantity.addItems([OUTCOME] if setup.phenotypes else [])
        self.quantity.addItem(COUNT)
        first = OUTCOME if setup.phenotypes and not setup.readouts else self.quantity.itemText(0)
        self.quantity.setCurrentText(first)
        self.matrix.show_quantity(first)
        self._fit_columns()
        self._list_results()

    # --- showing how things are ---

    def _fit_columns(self) -> None:
        self.view.resizeColumnsToContents()
        for column in range(self.table.columnCount()):
            self.view.setColumnWidth(column, min(self.view.columnWidth(column) + 8, 260))
        if self._body.currentWidget() is self.grid and self.matrix.columnCount() <= _MANY:
            self.grid.resizeColumnsToContents()

    def _show_form(self) -> None:
        form = self.form.currentText()
        self.quantity.setVisible(form != TABLE)
        self.context.setVisible(form == PAIRS)
        self.matrix.show_pairs(self.context.currentText() if form == PAIRS else "")
        self._show_rows()
        self._fit_columns()

    def show_quantity(self, quantity: str) -> None:
        """Show another quantity in the matrix."""
        self.quantity.setCurrentText(quantity)
        self.matrix.show_quantity(quantity)
        self._show_rows()
        self._fit_columns()

    def _show_rows(self) -> None:
        shown = self.table.rowCount()
        is_matrix = self.form.currentText() != TABLE
        if is_matrix and shown:
            self.matrix.refresh()
        if not self.table.rows:
            self._nothing.setText(
                "The first rows are being computed.\nEvery context begins with the wild type."
                if self.state == "running"
                else "It was stopped before the first row had come."
                if self.state == "stopped"
                else "Choose what to perturb on the left, then press “Run the screen”.\n"
                "The number of runs and the time it takes are estimated before."
            )
        elif not shown:
            self._nothing.setText(f"No row matches “{self.filter.text()}”.")
        self._body.setCurrentWidget(
            self._nothing if not shown else self.grid if is_matrix else self.view
        )
        changed, failed = self.table.changed, self.table.failed
        parts = [f"{_number(self.table.total, 'row')}"] if self.table.total else []
        if self.table.is_filtered:
            parts = [f"{shown:,} of {self.table.total:,} rows shown"]
        if self.table.total:
            parts.append(f"{changed:,} differ from the wild type")
        if failed:
            parts.append(f"{failed:,} failed")
        if is_matrix and shown and self.matrix.quantity in self.matrix.readouts:
            parts.append("▲ ▼ higher or lower than the wild type, yellow: several levels")
        if is_matrix and shown and self.matrix.quantity == TOGETHER:
            parts.append("+ gained, − lost, or the component that neither changes so alone")
        self.count.setText(" · ".join(parts))
        self.view.viewport().update()

    def _show_progress(self) -> None:
        setup = self._running
        if setup is None or self.state == "idle":
            return
        done = len(self.table.rows)
        self.bar.setRange(0, setup.runs if setup.targets else 1)
        self.bar.setValue(done)
        text = f"{done:,} of {setup.runs:,}"
        if self.state == "running":
            here = done - self._first
            if here:
                each = (time.monotonic() - self._started) / here
                text += f", {duration(each * (setup.runs - done))} left"
        elif self.state in ("paused", "stopped"):
            text += f", {self.state}"
        self.words.setText(text)

    def _show_state(self) -> None:
        is_running = self.state == "running"
        unfinished = self.state in ("paused", "stopped", "broken") and self._can_go_on()
        self._whole.setCurrentIndex(1 if self._document.is_empty else 0)
        self.bar.setVisible(is_running or unfinished)
        self.words.setVisible(is_running or unfinished)
        self.pause_button.setVisible(is_running or unfinished)
        self.pause_button.setText("Pause" if is_running else "Resume")
        self.stop_button.setVisible(is_running or self.state in ("paused", "broken"))
        for action in (self.open_action, self.csv_action, self.svg_action):
            action.setEnabled(bool(self.table.rows))
        self.notice.setVisible(self._is_stale())
        self.notice_text.setText("Stale: the network has changed since this screen was run.")
        self.again_button.setVisible(not is_running and self._shown is not None)
        self.notice.setStyleSheet(
            f"#notice {{ background: {theme()['warning-paper'].name()}; }}"
            f"#notice QLabel {{ color: {theme()['warning'].name()}; padding: 3px 4px; }}"
        )
        is_resting = self.state in ("done", "stopped", "paused", "broken") and self._can_go_on()
        self.retry_button.setVisible(is_resting and bool(self._failed()))
        self.run_button.setEnabled(not is_running and not self._problem())
        self._show_progress()
        self._show_rows()

    def _is_stale(self) -> bool:
        """Tell whether the screen that is shown is about an older network."""
        if self._shown is not None:
            return self._document.is_stale(self._shown)
        return self._running is not None and (
            self._running.network.digest != self._document.network.digest
        )

    def _can_go_on(self) -> bool:
        """Tell whether it is known what else the screen that is shown was to try."""
        return self._running is not None and bool(self._running.targets) and not self._is_stale()

    def _set_filter(self, text: str) -> None:
        wrong = self.table.set_filter(text)
        self.filter.setToolTip(wrong or self.filter.placeholderText())
        self.filter.setStyleSheet(f"color: {theme()['error'].name()};" if wrong else "")

    # --- what can be done with a row ---

    def current_row(self) -> ScreenRow | None:
        """Return the row that is selected in the table or the matrix."""
        view = self._body.currentWidget()
        index = view.currentIndex() if isinstance(view, QTableView) else QModelIndex()
        if not index.isValid():
            return None
        source = self.table.source(index.row()) if view is self.view else self.matrix.source(index)
        return None if source is None else self.table.rows[source]

    def select_row(self, number: int) -> None:
        """Select a row of the table."""
        self.view.selectionModel().setCurrentIndex(
            self.table.index(number, 0),
            QItemSelectionModel.SelectionFlag.ClearAndSelect
            | QItemSelectionModel.SelectionFlag.Rows,
        )

    def _context(self, row: ScreenRow) -> Scenario:
        assert self._running is not None
        return next(c for c in self._running.contexts if c.name == row.context)

    def _paint_row(self) -> None:
        """Show on the network what the row changes."""
        row = self.current_row()
        if self._painting is not None:
            self._painting.stop()
            self._painting = None
        if row is None or self._running is None or self.notice.isVisible():
            return
        name = f"{self.table.name(row.perturbation)}, {row.context}"
        if row.attractors is None:
            self._selection.paint(None)
            return

        def paint(found: tuple[Attractors, Attractors]) -> None:
            before, after = found
            count = _number(after.count, "attractor")
            against = " against the wild type" if row.perturbation else ""
            more = "" if after.complete else " at least"
            self._selection.paint(
                Painting(
                    span(after),
                    f"{name}: levels over {count}{more}{against}",
                    span(before) if row.perturbation else None,
                )
            )

        task = self._runner.submit(
            f"Effect of {name}", find_effect, self._running.network, self._context(row),
            row.perturbation, quiet=True,
        )  # fmt: skip
        task.finished.connect(paint)
        self._painting = task

    def open_row(self) -> None:
        """Make a scenario of the selected row, and work on in it."""
        row = self.current_row()
        if row is None or self._running is None:
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
        scenario = scenario_of(row, self._running.contexts, name)
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
        view = self._body.currentWidget()
        if isinstance(view, QTableView) and self.current_row() is not None:
            self.menu = QMenu(self)
            self.menu.addActions([self.open_action, self.csv_action])
            self.menu.popup(view.viewport().mapToGlobal(point))

    # --- export ---

    def shown_screen(self) -> Screen | None:
        """Return the screen with the rows that are shown, in their order."""
        if self._running is None or not self.table.rows:
            return None
        screen = self._running.screen(self.table.rows, self._seconds)
        if self._shown is not None:
            screen = self._shown.value
        return replace(screen, rows=tuple(self.table.rows[s] for s in self.table.sources()))

    def export_csv(self) -> None:
        """Ask for a file and write the rows that are shown."""
        rows = self.table.rows
        if isinstance(rows, Rows) and self.table.rowCount() > _MOST_EXPORTED:
            self._document.say(
                f"{self.table.rowCount():,} rows are too many for a table in text: filter them, or "
                f"read the Parquet files in {rows.folder.path}",
                "info",
            )
            return
        screen = self.shown_screen()
        if screen is None:
            return
        name, _ = QFileDialog.getSaveFileName(
            self, "Export the rows that are shown", "screen.csv", "Tables (*.csv)"
        )
        if name:
            self.write_csv(Path(name))

    def write_csv(self, path: Path) -> None:
        """Write the rows that are shown as CSV."""
        from regnet.records import screen_to_rows, to_csv

        screen = self.shown_screen()
        if screen is None:
            return
        try:
            write_file(path, to_csv(screen_to_rows(screen)))
        except (OSError, RegnetError) as error:
            self._document.say(error)
            return
        self._document.say(f"wrote {_number(len(screen.rows), 'row')} to {path.name}", "info")

    def export_svg(self) -> None:
        """Ask for a file and draw the matrix of the rows that are shown."""
        screen = self.shown_screen()
        if screen is None or self._running is None:
            return
        name, _ = QFileDialog.getSaveFileName(
            self, "Export the matrix", "screen.svg", "Drawings (*.svg)"
        )
        if name:
            task = self._runner.submit(
                "Draw the screen", _draw, screen, self._running.network, name
            )
            task.finished.connect(self._drawn)

    def _drawn(self, files: list[str]) -> None:
        self._document.say(f"drew {', '.join(files)}", "info")


def _draw(screen: Screen, network: object, name: str) -> list[str]:
    """Write the matrix of a screen, in as many files as it needs; runs in a worker."""
    from regnet.figures import screen_matrix
    from regnet.network import LogicalNetwork

    assert isinstance(network, LogicalNetwork)
    target = Path(name if name.endswith(".svg") else name + ".svg")
    written = []
    pictures = screen_matrix(screen, network)
    for number, picture in enumerate(pictures, start=1):
        place = target if len(pictures) == 1 else target.with_stem(f"{target.stem}-{number}")
        write_file(place, picture)
        written.append(place.name)
    return written


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
