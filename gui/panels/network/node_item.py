"""Node items: components, collapsed compartments and the frames around both.

Boolean components have round ends, those with more levels are square; inputs have a double border.
A level is shown by a colour and a digit, a knock-out by a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsSceneHoverEvent,
    QStyleOptionGraphicsItem,
    QWidget,
)

from gui.panels.network.plan import compartment_of, group_label, short
from gui.widgets.marks import paint
from gui.widgets.style import Theme, drawing_font, theme
from regnet.figures.network import badge, clamp_text
from regnet.figures.theme import level_text
from regnet.layout import Point
from regnet.network import Component, Rule
from regnet.space import Range

if TYPE_CHECKING:
    from gui.panels.network.edge_item import EdgeItem

NO_TEXT_BELOW = 0.3
"""Scale below which names are too small to read and are not drawn."""

_BADGE_ROOM = 12.0


class Stage(QGraphicsScene):
    """The state of the scene that its items depend on."""

    on_paper = False
    """Whether it is painted for an export, where line widths scale with the drawing."""

    def hover(self, name: str) -> None:
        """Handle that the mouse entered a component, or left it (an empty string)."""


class NodeItem(QGraphicsItem):
    """A component."""

    def __init__(self, component: Component, size: Point, *, is_constant: bool) -> None:
        super().__init__()
        self.component = component
        self.name = component.name
        self.label = short(component.name)
        self.size = size
        self.is_constant = is_constant
        self.edges: list[EdgeItem] = []
        self.levels: Range | None = None
        self.before: Range | None = None
        self.held: Range | None = None
        self.is_faded = False
        self.is_found = False
        self.setFlags(
            QGraphicsItem.GraphicsItemFlag.ItemIsMovable
            | QGraphicsItem.GraphicsItemFlag.ItemIsSelectable
            | QGraphicsItem.GraphicsItemFlag.ItemSendsGeometryChanges
        )
        self.setAcceptHoverEvents(True)
        self.setZValue(3)

    @property
    def body(self) -> QRectF:
        """The outline, around the position of the item."""
        width, height = self.size
        return QRectF(-width / 2, -height / 2, width, height)

    @property
    def is_marked(self) -> bool:
        """Whether a ring shows that it is selected or found; exports have none."""
        scene = self.scene()
        if isinstance(scene, Stage) and scene.on_paper:
            return False
        return self.isSelected() or self.is_found

    @property
    def has_changed(self) -> bool:
        """Whether its level differs from the one it is compared with."""
        return self.before is not None and self.before != self.levels

    def boundingRect(self) -> QRectF:
        """Return the area that it paints."""
        return self.body.adjusted(-5, -_BADGE_ROOM, _BADGE_ROOM + 14, 5)

    def shape(self) -> QPainterPath:
        """Return the clickable area."""
        path = QPainterPath()
        path.addRect(self.body)
        return path

    def describe(self) -> str:
        """Return the text of the tool tip."""
        c = self.component
        lines = [c.name + (f"  ({c.compartment})" if c.compartment else "")]
        if c.is_input:
            lines.append("input: set by scenarios")
        if c.rule is not None:
            lines += [f"{level} if {condition}" for condition, level in c.rule.cases]
        if self.levels is not None:
            low, high = self.levels
            now = str(low) if low == high else f"{low} to {high}"
            meaning = f": {c.meanings[low]}" if low == high and c.meanings else ""
            lines.append(f"now at {now}{meaning}")
        if c.note:
            lines += ["", c.note]
        return "\n".join(wrapped(line) for line in lines)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint it at the visible level of detail."""
        colours = theme()
        fill, ink, border = self._colours(colours)
        body = self.body
        detail = option.levelOfDetailFromTransform(painter.worldTransform())
        corner = 2.0 if self.component.top > 1 else 12.0
        if self.is_marked:
            painter.setPen(QPen(colours["selected"], 2.4 if self.isSelected() else 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(body.adjusted(-3.2, -3.2, 3.2, 3.2), corner + 3, corner + 3)
        painter.setPen(QPen(border, 1.2))
        painter.setBrush(fill)
        painter.drawRoundedRect(body, corner, corner)
        if detail < NO_TEXT_BELOW:
            return
        if self.component.is_input:
            painter.setPen(QPen(border, 0.8))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            inner = max(corner - 3, 1)
            painter.drawRoundedRect(body.adjusted(3, 3, -3, -3), inner, inner)
        if self.levels is not None and self.levels[0] != self.levels[1] and not self.is_faded:
            hatch = QBrush(colours["hatch"], Qt.BrushStyle.BDiagPattern)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(hatch)
            painter.drawRect(QRectF(body.left() + 6, body.bottom() - 5, body.width() - 12, 3))
        self._paint_text(painter, colours, ink)
        if self.held is not None:
            self._paint_held(painter)
        if self.has_changed:
            self._paint_change(painter, colours)

    def _colours(self, colours: Theme) -> tuple[QColor, QColor, QColor]:
        """Return the colours of the inside, the text and the border."""
        border = colours["line" if self.is_constant else "ink"]
        if self.is_faded:
            return colours["paper"], colours["faint-ink"], colours["faint-ink"]
        if self.levels is None:
            return colours["node"], colours["ink"], border
        low, high = self.levels
        if low != high:
            return colours["free"], colours["free-ink"], border
        fill, ink = colours.level(low, self.component.top)
        return fill, ink, border

    def _paint_text(self, painter: QPainter, colours: Theme, ink: QColor) -> None:
        name_font = drawing_font(12)
        name_font.setItalic(self.is_constant)
        value_font = drawing_font(12 if self.levels is not None else 9, bold=True)
        shown = self._value_text()
        painter.setFont(name_font)
        name_width = painter.fontMetrics().horizontalAdvance(self.label)
        painter.setFont(value_font)
        value_width = painter.fontMetrics().horizontalAdvance(shown) if shown else 0
        gap = 7 if shown else 0
        left = -(name_width + gap + value_width) / 2
        body = self.body
        painter.setPen(ink)
        painter.setFont(name_font)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        box = QRectF(left, body.top(), name_width + 2, body.height())
        painter.drawText(box, middle, self.label)
        if shown:
            if self.levels is None and not self.is_faded:
                painter.setPen(colours["muted"])
            painter.setFont(value_font)
            box = QRectF(left + name_width + gap, body.top(), value_width + 2, body.height())
            painter.drawText(box, middle, shown)

    def _value_text(self) -> str:
        if self.levels is not None:
            return level_text(self.levels)
        return f"0–{self.component.top}" if self.component.top > 1 else ""

    def _paint_held(self, painter: QPainter) -> None:
        """Mark a knock-out (outlined) or a forced level (filled) at the top right corner."""
        assert self.held is not None
        text, is_filled = clamp_text(self.held, self.component)
        body = self.body
        paint(painter, badge(text, body.right() - 4, body.top(), is_filled=is_filled))

    def _paint_change(self, painter: QPainter, colours: Theme) -> None:
        """Mark whether the level is higher or lower than the one it is compared with."""
        assert self.before is not None
        now = self.levels or (0, 0)
        rose = now > self.before
        painter.setFont(drawing_font(11, bold=True))
        painter.setPen(colours["gained" if rose else "lost"])
        body = self.body
        box = QRectF(body.right() + 1, body.top(), 14, body.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "▲" if rose else "▼")

    def itemChange(self, change: QGraphicsItem.GraphicsItemChange, value: Any) -> Any:
        """Move the edges along."""
        if change == QGraphicsItem.GraphicsItemChange.ItemPositionHasChanged:
            for edge in self.edges:
                edge.follow()
        return super().itemChange(change, value)

    def hoverEnterEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        """Highlight the neighbours."""
        scene = self.scene()
        if isinstance(scene, Stage):
            self.setToolTip(self.describe())
            scene.hover(self.name)

    def hoverLeaveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        """End the highlight."""
        scene = self.scene()
        if isinstance(scene, Stage):
            scene.hover("")


class GroupItem(NodeItem):
    """A collapsed compartment: a box that a double click expands."""

    def __init__(self, key: str, members: Sequence[str], size: Point) -> None:
        compartment = compartment_of(key)
        stand_in = Component(key, Rule.constant(0), compartment=compartment)
        super().__init__(stand_in, size, is_constant=False)
        self.members = tuple(members)
        self.label = group_label(key, len(members))
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable, enabled=False)

    def describe(self) -> str:
        """Return the text of the tool tip."""
        return wrapped(f"{self.label}: {', '.join(self.members)}") + "\nDouble-click to expand it."

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint a second outline behind the first."""
        colours = theme()
        painter.setPen(QPen(colours["faint-ink" if self.is_faded else "line"], 1.2))
        painter.setBrush(colours["band"])
        painter.drawRoundedRect(self.body.translated(3, 3), 4, 4)
        super().paint(painter, option, widget)


class BandItem(QGraphicsItem):
    """The frame of one compartment, with its name in the gutter at the left."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title
        self.frame = QRectF()
        self.setZValue(0)

    def set_frame(self, frame: QRectF) -> None:
        """Put it around its members."""
        self.prepareGeometryChange()
        self.frame = frame

    def boundingRect(self) -> QRectF:
        """Return the area that it paints."""
        return self.frame.adjusted(-1, -1, 1, 1)

    def shape(self) -> QPainterPath:
        """Return nothing: the mouse goes through it."""
        return QPainterPath()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint the frame and the title."""
        colours = theme()
        painter.setPen(QPen(colours["band-line"], 1))
        painter.setBrush(colours["band"])
        painter.drawRoundedRect(self.frame, 8, 8)
        painter.setPen(colours["muted"])
        painter.setFont(drawing_font(12, bold=True))
        box = self.frame.adjusted(12, 0, -4, 0)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, left, self.title)


def wrapped(text: str) -> str:
    """Return a text in lines that fit a tool tip."""
    import textwrap

    return textwrap.fill(text, 70) if len(text) > 70 else text
