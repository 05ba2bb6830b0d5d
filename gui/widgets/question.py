"""Question: parts of panels with a setup at the left and its answer at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui.widgets.controls import ElidedLabel, Empty
from gui.widgets.icons import icon


class ProgressRow(QWidget):
    """A progress bar with a text, and the button that stops the job.

    Parameters
    ----------
    name
        Accessible name of the bar.
    stop
        The action of the button.
    tip
        Tool tip of the button.
    """

    def __init__(self, name: str, stop: Callable[[], object], tip: str = "") -> None:
        super().__init__()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setMaximumWidth(180)
        self.bar.setAccessibleName(name)
        self.words = ElidedLabel("")
        self.stop_button = QPushButton("Stop")
        self.stop_button.setToolTip(tip)
        self.stop_button.clicked.connect(stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.bar)
        row.addWidget(self.words, 1)
        row.addWidget(self.stop_button)

    def add_button(self, button: QPushButton) -> None:
        """Add a button before the stop button."""
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        row.insertWidget(row.indexOf(self.stop_button), button)

    def show_progress(self, fraction: float | None, words: str) -> None:
        """Show the fraction done, or a busy indicator where it is unknown."""
        self.bar.setRange(0, 0 if fraction is None else 1000)
        self.bar.setValue(round(1000 * (fraction or 0)))
        self.words.setText(words)


def run_button(text: str, run: Callable[[], object]) -> QPushButton:
    """Return the run button."""
    button = QPushButton(text)
    button.setProperty("icon_name", "run")
    button.setIcon(icon("run"))
    button.clicked.connect(run)
    return button


def scrolling(setup: QWidget, spacing: int = 8) -> QVBoxLayout:
    """Make a setup scroll vertically, and return the layout of its fields."""
    inside = QWidget()
    column = QVBoxLayout(inside)
    column.setContentsMargins(8, 8, 8, 8)
    column.setSpacing(spacing)
    area = _Downwards(inside)
    outer = QVBoxLayout(setup)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addWidget(area)
    return column


class _Downwards(QScrollArea):
    """A scroll area that scrolls vertically only and is never narrower than its content."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inside = inside
        self.setWidget(inside)

    def minimumSizeHint(self) -> QSize:
        """Return the width of the content plus that of the scroll bar."""
        width = self._inside.minimumSizeHint().width()
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(width + bar, super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow changes of the width of the content."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


def number_field(name: str, value: float, low: float, high: float) -> QDoubleSpinBox:
    """Return a field for a number with two decimals."""
    field = QDoubleSpinBox()
    field.setAccessibleName(name)
    field.setDecimals(2)
    field.setRange(low, high)
    field.setValue(value)
    return field


def count_field(name: str, value: int, low: int, high: int) -> QSpinBox:
    """Return a field for a whole number."""
    field = QSpinBox()
    field.setAccessibleName(name)
    field.setRange(low, high)
    field.setGroupSeparatorShown(True)
    field.setValue(value)
    return field


def setup_column(setup: QWidget, button: QPushButton) -> QWidget:
    """Return the left side: the setup, with the run button below it."""
    left = QWidget()
    column = QVBoxLayout(left)
    column.addStrut(260)
    column.setContentsMargins(0, 0, 0, 8)
    column.addWidget(setup, 1)
    row = QHBoxLayout()
    row.setContentsMargins(8, 0, 8, 0)
    row.addWidget(button)
    column.addLayout(row)
    return left


def side_by_side(left: QWidget, right: QWidget) -> QSplitter:
    """Return a splitter of the setup and its answer."""
    splitter = QSplitter()
    splitter.addWidget(left)
    splitter.addWidget(right)
    splitter.setStretchFactor(1, 1)
    splitter.setSizes([280, 900])
    splitter.setChildrenCollapsible(False)
    return splitter


def stacked(upper: QWidget, lower: QWidget, heights: Sequence[int]) -> QSplitter:
    """Return a splitter of two views of an answer, one above the other."""
    splitter = QSplitter(Qt.Orientation.Vertical)
    splitter.addWidget(upper)
    splitter.addWidget(lower)
    splitter.setSizes(list(heights))
    splitter.setChildrenCollapsible(False)
    return splitter


def answer_column(head: QWidget, body: QWidget, progress: ProgressRow, *extras: QWidget) -> QWidget:
    """Return the answer of a panel: its head, what else is told, its body, and the progress."""
    right = QWidget()
    column = QVBoxLayout(right)
    column.setContentsMargins(6, 8, 8, 8)
    for part in (head, *extras):
        column.addWidget(part)
    column.addWidget(body, 1)
    column.addWidget(progress)
    return right


def fill(panel: QWidget, page: QWidget, empty: str) -> QStackedWidget:
    """Fill a panel with a page (index 0), or with a text on why it is empty (index 1)."""
    whole = QStackedWidget()
    whole.addWidget(page)
    whole.addWidget(Empty(empty))
    column = QVBoxLayout(panel)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(whole)
    return whole
