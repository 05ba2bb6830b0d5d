"""Jobs: the running and finished jobs, with a stop button and a log."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QProgressBar,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui.model.document import Document
from gui.model.runner import Runner, Task
from gui.model.selection import Selection
from gui.widgets.actions import add_action
from gui.widgets.controls import Empty
from gui.widgets.style import code_font, style, theme

COLUMNS = ("Job", "State", "Progress", "Time")
_STATES = {
    "waiting": "queued",
    "running": "running",
    "done": "done",
    "failed": "failed",
    "stopped": "stopped",
}


@dataclass
class _Line:
    """The line of a job in the list."""

    task: Task
    item: QTreeWidgetItem
    bar: QProgressBar
    log: list[str] = field(default_factory=list)


class JobsPanel(QWidget):
    """The list of jobs and the log of the selected one."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._runner = runner
        self._lines: dict[Task, _Line] = {}
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("Jobs")
        self.tree.setHeaderLabels(COLUMNS)
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in ((1, 150), (2, 130), (3, 80)):
            header.resizeSection(column, width)
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.log.setFont(code_font())
        self.log.setAccessibleName("Log of the selected job")
        self.log.setPlaceholderText("Select a job to read its log.")
        self.stop = add_action(
            self, "Stop &job", self._stop, menu="Analyse", icon_name="stop", shortcut="Delete",
            tip="Stop the selected job: its processes end at once, partial results are kept",
        )  # fmt: skip
        self.clear = add_action(
            self, "&Clear finished jobs", self._clear, menu="Analyse", icon_name="clear",
            tip="Remove finished jobs from the list; their results are kept",
        )  # fmt: skip
        buttons = QHBoxLayout()
        buttons.setSpacing(2)
        for action in (self.stop, self.clear):
            button = QToolButton()
            button.setAutoRaise(True)
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setAccessibleName(action.text().replace("&", ""))
            buttons.addWidget(button)
        buttons.addStretch(1)
        splitter = QSplitter()
        splitter.addWidget(self.tree)
        splitter.addWidget(self.log)
        splitter.setSizes([600, 400])
        self._stack = QStackedWidget()
        self._stack.addWidget(splitter)
        self._stack.addWidget(Empty("No job was started yet."))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 2, 6, 6)
        layout.addLayout(buttons)
        layout.addWidget(self._stack)
        self._clock = QTimer(self)
        self._clock.setInterval(500)
        self._clock.timeout.connect(self._show)
        runner.submitted.connect(self._add)
        runner.changed.connect(self._show)
        runner.ended.connect(self._show)
        self.tree.itemSelectionChanged.connect(self._show_log)
        style().changed.connect(self._show)
        self._show()

    def _add(self, task: Task) -> None:
        if task.quiet:
            return
        item = QTreeWidgetItem([task.title])
        item.setToolTip(0, task.title)
        item.setTextAlignment(3, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.tree.insertTopLevelItem(0, item)
        bar = QProgressBar()
        bar.setTextVisible(False)
        bar.setFixedHeight(12)
        bar.setAccessibleName(f"Progress of {task.title}")
        around = QWidget()  # a tree shows the widgets of its items even if they are hidden
        row = QHBoxLayout(around)
        row.setContentsMargins(4, 0, 4, 0)
        row.addWidget(bar)
        self.tree.setItemWidget(item, 2, around)
        line = _Line(task, item, bar)
        self._lines[task] = line

        def progress(_fraction: object, words: str) -> None:
            if words and (not line.log or not line.log[-1].endswith(words)):
                self._write(line, words)

        def failed(sentence: str, details: str) -> None:
            self._write(line, f"{sentence}\n{details}" if details else sentence)

        task.progress.connect(progress)
        task.failed.connect(failed)
        task.finished.connect(lambda: self._write(line, "done"))
        task.cancelled.connect(lambda: self._write(line, "stopped"))
        self.tree.setCurrentItem(item)
        self._show()

    def _write(self, line: _Line, words: str) -> None:
        line.log.append(f"{_seconds(line.task):8.2f} s  {words}")
        self._show_log()

    def selected(self) -> Task | None:
        """Return the selected job."""
        items = self.tree.selectedItems()
        return next((t for t, line in self._lines.items() if line.item in items), None)

    def _stop(self) -> None:
        task = self.selected()
        if task is not None:
            task.stop()

    def _clear(self) -> None:
        for task in [t for t in self._lines if t.is_over]:
            line = self._lines.pop(task)
            self.tree.takeTopLevelItem(self.tree.indexOfTopLevelItem(line.item))
        self._show()
        self._show_log()

    def _show(self) -> None:
        is_active = False
        for task, line in self._lines.items():
            is_active |= not task.is_over
            line.item.setText(1, _STATES.get(task.state, task.state))
            line.item.setText(3, f"{_seconds(task):.1f} s" if task.started_at else "")
            ink = theme()["error"] if task.state == "failed" else theme()["ink"]
            line.item.setForeground(1, ink)
            line.bar.setVisible(task.state == "running")
            if task.fraction is None:
                line.bar.setRange(0, 0)
            else:
                line.bar.setRange(0, 1000)
                line.bar.setValue(round(1000 * task.fraction))
        self._stack.setCurrentIndex(0 if self._lines else 1)
        if is_active != self._clock.isActive():
            (self._clock.start if is_active else self._clock.stop)()
        self._enable()

    def _enable(self) -> None:
        task = self.selected()
        self.stop.setEnabled(task is not None and not task.is_over)
        self.clear.setEnabled(any(t.is_over for t in self._lines))

    def _show_log(self) -> None:
        task = self.selected()
        self.log.setPlainText("\n".join(self._lines[task].log) if task is not None else "")
        self._enable()


def _seconds(task: Task) -> float:
    """Return the running time of a job in seconds."""
    if not task.started_at:
        return 0.0
    return task.seconds if task.is_over else time.monotonic() - task.started_at
