"""Controls: small widgets that several panels use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.widgets.icons import icon
from gui.widgets.style import style, theme

_Index = QModelIndex | QPersistentModelIndex
_ARROW = 12  # width of the arrow of a menu button in pixels
MAX_BUTTONS = 5
"""Maximum number of levels shown as buttons; more are offered in a list."""


class LevelSwitch(QWidget):
    """A row of buttons for the levels of a component, and for leaving it free."""

    chosen = Signal(object)
    """The user chose a level, or None for free."""

    def __init__(
        self, name: str, top: int, meanings: Sequence[str] = (), *, free: str = "free"
    ) -> None:
        super().__init__()
        self.setObjectName(f"switch-{name}")
        self._values: list[int | None] = [*range(top + 1), None]
        self._box: QComboBox | None = None
        self._group: QButtonGroup | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        texts = [str(value) for value in range(top + 1)] + [free]
        tips = [*(meanings or [""] * (top + 1)), "not set: all levels are considered"]
        if len(texts) > MAX_BUTTONS + 1:
            self._box = QComboBox()
            self._box.setAccessibleName(f"Level of {name}")
            self._box.addItems(texts)
            self._box.activated.connect(lambda i: self.chosen.emit(self._values[i]))
            row.addWidget(self._box)
            return
        self._group = QButtonGroup(self)
        for number, (text, tip) in enumerate(zip(texts, tips, strict=True)):
            button = QToolButton()
            button.setText(text)
            button.setCheckable(True)
            button.setMinimumWidth(28)
            button.setAccessibleName(f"{name} = {text}" + (f", {tip}" if tip else ""))
            button.setToolTip(f"{name} = {text}" + (f": {tip}" if tip else ""))
            self._group.addButton(button, number)
            row.addWidget(button)
        self._group.idClicked.connect(lambda i: self.chosen.emit(self._values[i]))
        style().changed.connect(self._paint)
        self._paint()

    def show_level(self, level: int | None) -> None:
        """Show a choice without emitting a signal."""
        index = self._values.index(level)
        if self._box is not None:
            self._box.setCurrentIndex(index)
        elif self._group is not None:
            self._group.button(index).setChecked(True)

    def _paint(self) -> None:
        colours = theme()
        self.setStyleSheet(
            f"QToolButton {{ border: 1px solid {colours['grid'].name()}; padding: 3px 7px;"
            f" margin-left: -1px; background: {colours['node'].name()};"
            f" color: {colours['ink'].name()}; }}"
            f"QToolButton:hover {{ background: {colours['faint'].name()}; }}"
            f"QToolButton:checked {{ background: {colours['selected'].name()};"
            f" border-color: {colours['selected'].name()}; color: {colours['paper'].name()}; }}"
            f"QToolButton:focus {{ border-color: {colours['selected'].name()}; }}"
        )


class Chip(QWidget):
    """A short text with a button that removes it."""

    clicked = Signal()
    removed = Signal()

    def __init__(self, text: str, tip: str = "", *, strong: bool = False) -> None:
        super().__init__()
        self.setObjectName("chip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._strong = strong
        self.text = text
        self._label = QToolButton()
        self._label.setText(text)
        self._label.setAutoRaise(True)
        self._label.setAccessibleName(text)
        self._label.setToolTip(tip or text)
        self._label.clicked.connect(self.clicked)
        self.cross = QToolButton()
        self.cross.setAutoRaise(True)
        self.cross.setIconSize(QSize(12, 12))
        self.cross.setAccessibleName(f"Remove {text}")
        self.cross.setToolTip(f"Remove {text}")
        self.cross.clicked.connect(self.removed)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 1, 2, 1)
        row.setSpacing(0)
        row.addWidget(self._label)
        row.addWidget(self.cross)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        style().changed.connect(self._paint)
        self._paint()

    def _paint(self) -> None:
        colours = theme()
        paper = colours["badge" if self._strong else "node"]
        ink = colours["badge-ink" if self._strong else "ink"]
        self.cross.setIcon(icon("close", ink))
        self.setStyleSheet(
            f"#chip {{ background: {paper.name()}; border: 1px solid {colours['line'].name()};"
            f" border-radius: 4px; }}"
            f"#chip QToolButton {{ color: {ink.name()}; border: 0; padding: 1px 3px;"
            f" background: transparent; }}"
            f"#chip QToolButton:focus {{ text-decoration: underline; }}"
        )


class MenuButton(QToolButton):
    """A button that opens a menu, with room for the arrow beside its text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def sizeHint(self) -> QSize:
        """Return the size of the text, plus the width of the arrow on both sides."""
        return super().sizeHint() + QSize(_ARROW, 0)

    def minimumSizeHint(self) -> QSize:
        """Return the same, as the text is never clipped."""
        return self.sizeHint()


class Empty(QLabel):
    """The text of an empty panel: why it is empty, and what to do."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setObjectName("empty")
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setContentsMargins(16, 16, 16, 16)
        style().changed.connect(self._paint)
        self._paint()

    def _paint(self) -> None:
        self.setStyleSheet(f"color: {theme()['muted'].name()};")


def empty_page(empty: Empty, button: QWidget) -> QWidget:
    """Return the page of an empty panel, with a text and the button that fills it."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.addStretch()
    column.addWidget(empty)
    column.addWidget(button, alignment=Qt.AlignmentFlag.AlignCenter)
    column.addStretch()
    return page


class ElidedLabel(QLabel):
    """A label that is shortened in the middle if it does not fit."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(40)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, shortened if it does not fit."""
        painter = QPainter(self)
        middle = Qt.TextElideMode.ElideMiddle
        text = self.fontMetrics().elidedText(self.text(), middle, self.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), self.alignment() | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()


class Words(QLabel):
    """A label that can also wrap after underscores, for long names."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setMinimumWidth(40)
        self._plain = ""
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show a text."""
        self._plain = text
        super().setText(text.replace("_", "_\u200b"))
        self.setAccessibleName(text)

    def text(self) -> str:
        """Return the text as it was given."""
        return self._plain


class Flow(QLayout):
    """A layout that places widgets side by side and wraps them into lines."""

    def __init__(self, parent: QWidget | None = None, *, gap: int = 4) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Append an item."""
        self._items.append(item)

    def count(self) -> int:
        """Return the number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item, or None."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Remove and return an item."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        """Return True, as the height depends on the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height for a width."""
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place the widgets in a rectangle."""
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        """Return the size of the largest item."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """Return the size of the largest item."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _lines(self, width: int) -> Iterator[list[tuple[QLayoutItem, QSize]]]:
        """Yield the items of each line, with their size hints."""
        line: list[tuple[QLayoutItem, QSize]] = []
        x = 0
        for item in self._items:
            wish = item.sizeHint()
            if line and x + wish.width() > width:
                yield line
                line, x = [], 0
            line.append((item, wish))
            x += wish.width() + self._gap
        if line:
            yield line

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        y = rect.y()
        for number, line in enumerate(self._lines(rect.width())):
            x, y = rect.x(), y + (self._gap if number else 0)
            height = max(wish.height() for _, wish in line)
            for item, wish in line:
                if move:
                    item.setGeometry(QRect(QPoint(x, y + (height - wish.height()) // 2), wish))
                x += wish.width() + self._gap
            y += height
        return y - rect.y()


class TallRows(QStyledItemDelegate):
    """An item delegate that gives tree rows the height of table rows."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the size of the text plus padding."""
        return super().sizeHint(option, index).expandedTo(QSize(0, 23))


class ElidedRows(QStyledItemDelegate):
    """An item delegate that shortens long texts instead of scrolling horizontally."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return a size hint without a width."""
        return QSize(0, super().sizeHint(option, index).height())


class OnLeaving(QObject):
    """An event filter that calls a function when a widget loses the focus."""

    def __init__(self, widget: QWidget, act: Callable[[], object]) -> None:
        super().__init__(widget)
        self._act = act
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Call the function when the focus is lost."""
        if event.type() == QEvent.Type.FocusOut:
            self._act()
        return False
