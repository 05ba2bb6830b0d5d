"""Question: what panels share that ask something at the left and show its answer at the right."""

from __future__ import annotations

from collections.abc import Callable

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
    """How far the work is, in a bar and in words, and the button that stops it.

    Parameters
    ----------
    name
        What the bar is called for those who cannot see it.
    stop
        What the button does.
    tip
        What stopping keeps.
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
        """Put another button before the one that stops."""
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        row.insertWidget(row.indexOf(self.stop_button), button)

    def show_progress(self, fraction: float | None, words: str) -> None:
        """Show a share of the work, or just that it goes on where the share is unknown."""
        self.bar.setRange(0, 0 if fraction is None else 1000)
        self.bar.setValue(round(1000 * (fraction or 0)))
        self.words.setText(words)


def run_button(text: str, run: Callable[[], object]) -> QPushButton:
    """Return the button that asks the question."""
    button = QPushButton(text)
    button.setProperty("icon_name", "run")
    button.setIcon(icon("run"))
    button.clicked.connect(run)
    return button


def scrolling(setup: QWidget, spacing: int = 8) -> QVBoxLayout:
    """Let a setup scroll downwards, and return the column for its fields."""
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
    """Scrolls downwards only: it is never narrower than what is in it."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inside = inside
        self.setWidget(inside)

    def minimumSizeHint(self) -> QSize:
        """Return the width of what is in it, with room for the bar."""
        width = self._inside.minimumSizeHint().width()
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(width + bar, super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what is in it when that needs another width."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


def number_field(name: str, value: float, low: float, high: float) -> QDoubleSpinBox:
    """Return a field for a number with two digits after the point."""
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
    """Return the left side: what is asked, with the button below it."""
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
    """Return the question beside its answer."""
    splitter = QSplitter()
    splitter.addWidget(left)
    splitter.addWidget(right)
    splitter.setStretchFactor(1, 1)
    splitter.setSizes([280, 900])
    splitter.setChildrenCollapsible(False)
    return splitter


def fill(panel: QWidget, page: QWidget, empty: str) -> QStackedWidget:
    """Fill a panel with a page (place 0), or with a word on why it is empty (place 1)."""
    whole = QStackedWidget()
    whole.addWidget(page)
    whole.addWidget(Empty(empty))
    column = QVBoxLayout(panel)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(whole)
    return whole
