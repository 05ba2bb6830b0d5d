"""The drawing of states: boxes and steps, with zooming, panning and keyboard navigation."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsScene,
    QGraphicsView,
    QStyleOptionGraphicsItem,
    QWidget,
)

from gui.panels.run.state_plan import FONT, LINE, StateNode, StatePlan
from gui.widgets.marks import edge_paths, paint
from gui.widgets.style import drawing_font, lent, style, theme
from regnet.figures.marks import Key, Mark, Rect, legend
from regnet.layout import Point

_DETAIL = 0.35  # scale below which text is illegible and not painted
_CAPTION, _SMALL = 30.0, 10.0
_STEP_KINDS = {
    "fixed point": "fixed point",
    "cyclic": "attractor of several states",
    "complex": "attractor of several states",
    "cycle": "can cycle, and leave",
    "transient": "transient",
    "unexplored": "not explored",
}
_ROLES = {
    "fixed point": ("level-12", "ink-12"),
    "cyclic": ("free", "free-ink"),
    "complex": ("free", "free-ink"),
    "cycle": ("level-4", "ink-4"),
    "transient": ("node", "ink"),
    "unexplored": ("faint", "muted"),
}


class StateItem(QGraphicsItem):
    """One box."""

    def __init__(self, node: StateNode, at: Point, size: Point) -> None:
        super().__init__()
        self.node = node
        self.is_current = self.is_passed = self.is_chosen = False
        self._box = QRectF(-size[0] / 2, -size[1] / 2, *size)
        self.setPos(*at)
        self.setZValue(2)
        self.setToolTip(_tip(node))

    def boundingRect(self) -> QRectF:
        """Return the area that it paints."""
        return self._box.adjusted(-5, -5, 5, 5)

    def shape(self) -> QPainterPath:
        """Return the clickable area."""
        path = QPainterPath()
        path.addRect(self._box)
        return path

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        """Paint the box, with a thick border at the run and a double one at the start."""
        colours, box = theme(), self._box
        fill, ink = (colours[role] for role in _ROLES[self.node.kind])
        marked = self.is_current or self.is_passed
        colour = colours["selected"] if marked else colours["ink"]
        painter.setPen(QPen(colour, 3.2 if self.is_current else 2 if self.is_passed else 1))
        painter.setBrush(fill)
        round_ = 4.0 if len(self.node.states) == 1 else 12.0
        painter.drawRoundedRect(box, round_, round_)
        if self.node.is_start:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(-4, -4, 4, 4), round_ + 3, round_ + 3)
        if self.is_chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours["selected"], 1.6, Qt.PenStyle.DashLine))
            painter.drawRect(box.adjusted(-4, -4, 4, 4))
        if option.levelOfDetailFromTransform(painter.worldTransform()) < _DETAIL:
            return
        painter.setPen(ink)
        for number, line in enumerate(self.node.lines):
            painter.setFont(drawing_font(FONT, bold=number == 0 and len(self.node.lines) > 1))
            row = QRectF(box.left(), box.top() + 5 + number * LINE, box.width(), LINE)
            painter.drawText(row, Qt.AlignmentFlag.AlignCenter, line)


class StepItem(QGraphicsPathItem):
    """A step between two boxes, with its arrow head."""

    def __init__(self, route: tuple[Point, ...], *, is_wide: bool) -> None:
        super().__init__()
        self.is_passed = False
        self._is_wide = is_wide
        path, self._head = edge_paths(route, "+")
        self.setPath(path)

    def boundingRect(self) -> QRectF:
        """Return the area that it paints."""
        return self.path().boundingRect().adjusted(-6, -6, 6, 6)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        """Paint the line and its arrow head; dashed if several components change at once."""
        colour = theme()["selected" if self.is_passed else "line"]
        pen = QPen(colour, 2.4 if self.is_passed else 1)
        if self._is_wide:
            pen.setDashPattern([5, 3])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self.path())
        painter.fillPath(self._head, colour)


class StateScene(QGraphicsScene):
    """The scene of a plan."""

    def __init__(self) -> None:
        super().__init__()
        self.plan: StatePlan | None = None
        self.boxes: dict[str, StateItem] = {}
        self.steps: dict[tuple[str, str], StepItem] = {}
        self._of: dict[int, str] = {}
        self._place: dict[tuple[int, ...], int] = {}

    def show_plan(self, plan: StatePlan | None) -> None:
        """Draw a plan, or nothing."""
        self.clear()
        self.plan = plan
        self.boxes, self.steps, self._of, self._place = {}, {}, {}, {}
        if plan is None:
            return
        layout = plan.layout
        synchronous = plan.found.origin.scenario.update == "synchronous"
        for pair, route in layout.routes.items():
            step = StepItem(route, is_wide=synchronous and self._moves(plan, pair) > 1)
            self.steps[pair] = step
            self.addItem(step)
        for name, node in plan.nodes.items():
            box = StateItem(node, layout.positions[name], layout.sizes[name])
            self.boxes[name] = box
            self._of.update(dict.fromkeys(node.states, name))
            self.addItem(box)
        self._place = {state: i for i, state in enumerate(plan.found.states)}
        self.setSceneRect(QRectF(layout.left, layout.top, layout.width, layout.height))

    def _moves(self, plan: StatePlan, pair: tuple[str, str]) -> int:
        a, b = (plan.nodes[name] for name in pair)
        if len(a.states) > 1 or len(b.states) > 1:
            return 1
        states = plan.found.states
        pairs = zip(states[a.states[0]], states[b.states[0]], strict=True)
        return sum(x != y for x, y in pairs)

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Paint the background and the frame around the attractors."""
        colours = theme()
        painter.fillRect(rect, colours["paper"])
        for band in self.plan.layout.bands if self.plan else ():
            if band.title:
                box = QRectF(QPointF(band.left, band.top), QPointF(band.right, band.bottom))
                painter.setPen(QPen(colours["band-line"], 1))
                painter.setBrush(colours["band"])
                painter.drawRoundedRect(box, 6, 6)
                painter.setPen(colours["muted"])
                painter.setFont(drawing_font(12, bold=True))
                left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
                painter.drawText(box.adjusted(10, 0, 0, 0), left, band.title)

    def box_of(self, state: tuple[int, ...]) -> str:
        """Return the name of the box that contains a state, or an empty string."""
        return self._of.get(self._place.get(state, -1), "")

    def show_run(self, states: Iterable[tuple[int, ...]], current: tuple[int, ...]) -> None:
        """Mark the path of the run, and its current state."""
        names = [self.box_of(state) for state in states]
        passed, here = set(names), self.box_of(current)
        steps = set(pairwise(names))
        for name, box in self.boxes.items():
            marks = (name in passed, name == here)
            if (box.is_passed, box.is_current) != marks:
                box.is_passed, box.is_current = marks
                box.update()
        for pair, step in self.steps.items():
            if step.is_passed != (pair in steps):
                step.is_passed = pair in steps
                step.setZValue(1 if step.is_passed else 0)
                step.update()

    def choose(self, name: str) -> None:
        """Mark one box as chosen."""
        for box in self.boxes.values():
            if box.is_chosen != (box.node.name == name):
                box.is_chosen = box.node.name == name
                box.update()

    # --- export ---

    def extent(self, explained: str = "") -> QSizeF:
        """Return the size of an export with this caption."""
        wide = max(self.sceneRect().width(), 560)
        _, keys = legend(state_keys(self), 10, 0, wide - 20)
        words = _wrapped(explained, wide).height()
        return QSizeF(wide, self.sceneRect().height() + _CAPTION + words + keys)

    def paint_export(self, painter: QPainter, caption: str, explained: str) -> None:
        """Paint everything with a caption, on a white background."""
        with lent("light"):
            size = self.extent(explained)
            painter.fillRect(QRectF(QPointF(), size), theme()["paper"])
            painter.setPen(theme()["ink"])
            painter.setFont(drawing_font(12, bold=True))
            painter.drawText(QPointF(10, 18), caption)
            painter.setPen(theme()["muted"])
            painter.setFont(drawing_font(_SMALL))
            words = _wrapped(explained, size.width())
            painter.drawText(words, Qt.TextFlag.TextWordWrap, explained)
            box = self.sceneRect()
            top = _CAPTION + words.height()
            at = QPointF((size.width() - box.width()) / 2, top)
            self.render(painter, QRectF(at, box.size()), box)
            keys, _ = legend(state_keys(self), 10, top + box.height(), size.width() - 20)
            paint(painter, keys)


class StateView(QGraphicsView):
    """The view of the drawing."""

    chosen = Signal(str)
    """A box was clicked, or reached with the arrow keys: its name."""

    opened = Signal(str)
    """A box was double-clicked, or Enter was pressed on it."""

    def __init__(self, scene: StateScene) -> None:
        super().__init__(scene)
        self._scene = scene
        self.current = ""
        self.setAccessibleName("State graph")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        style().changed.connect(self._repaint)

    def _repaint(self) -> None:
        self._scene.update()
        self.viewport().update()

    def fit(self) -> None:
        """Fit everything into the view, up to a comfortable scale."""
        box = self._scene.sceneRect()
        if box.isEmpty():
            return
        self.fitInView(box.adjusted(-10, -10, 10, 10), Qt.AspectRatioMode.KeepAspectRatio)
        zoom = self.transform().m11()
        if zoom > 1.25:
            self.scale(1.25 / zoom, 1.25 / zoom)

    def zoom_by(self, factor: float) -> None:
        """Zoom in or out."""
        zoom = self.transform().m11()
        wanted = min(max(zoom * factor, 0.02), 5.0)
        self.scale(wanted / zoom, wanted / zoom)

    def _go_to(self, name: str) -> None:
        self.current = name
        self._scene.choose(name)
        self.ensureVisible(self._scene.boxes[name])
        self.chosen.emit(name)

    def _under(self, event: QMouseEvent) -> str:
        item = self.itemAt(event.position().toPoint())
        return item.node.name if isinstance(item, StateItem) else ""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the mouse."""
        self.zoom_by(1.0015 ** event.angleDelta().y())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the clicked box; dragging the background pans."""
        name = self._under(event)
        if name and event.button() == Qt.MouseButton.LeftButton:
            self._go_to(name)
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the double-clicked box."""
        name = self._under(event)
        if name:
            self.opened.emit(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between boxes, open one, or zoom."""
        key, keys = event.key(), Qt.Key
        ways = {
            keys.Key_Left: (-1, 0), keys.Key_Right: (1, 0),
            keys.Key_Up: (0, -1), keys.Key_Down: (0, 1),
        }  # fmt: skip
        if key in ways and self._scene.boxes:
            self._go_to(self._next(*ways[keys(key)]))
        elif key in (keys.Key_Return, keys.Key_Enter) and self.current in self._scene.boxes:
            self.opened.emit(self.current)
        elif key in (keys.Key_Plus, keys.Key_Equal):
            self.zoom_by(1.25)
        elif key == keys.Key_Minus:
            self.zoom_by(0.8)
        elif key == keys.Key_Asterisk:
            self.fit()
        else:
            super().keyPressEvent(event)

    def _next(self, across: int, down: int) -> str:
        """Return the nearest box in a direction, or else the current one; initially the first."""
        boxes = self._scene.boxes
        here = boxes.get(self.current)
        if here is None:
            return min(boxes, key=lambda n: (boxes[n].pos().y(), boxes[n].pos().x()))

        def distance(name: str) -> float:
            way = boxes[name].pos() - here.pos()
            along = way.x() * across + way.y() * down
            aside = abs(way.x() * down) + abs(way.y() * across)
            return along + 2.5 * aside if along > 1 else float("inf")

        best = min(boxes, key=distance)
        return best if distance(best) < float("inf") else self.current


class KeyStrip(QWidget):
    """The legend of a state graph, wrapped to the available width."""

    def __init__(self, scene: StateScene) -> None:
        super().__init__()
        self._scene = scene
        self.setAccessibleName("Legend")
        style().changed.connect(self.update)

    def refresh(self) -> None:
        """Update the legend from the drawing."""
        self._fit()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Adapt the height to the number of rows."""
        self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(int(legend(state_keys(self._scene), 0, 0, self.width())[1]))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the keys."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint(painter, legend(state_keys(self._scene), 0, 0, self.width())[0])


def state_keys(scene: StateScene) -> list[Key]:
    """Return the legend of a drawing, with only the keys that occur."""
    kinds = {box.node.kind for box in scene.boxes.values()}
    words = {words: kind for kind, words in _STEP_KINDS.items() if kind in kinds}
    if kinds:
        words["start"] = "start"
    if any(box.is_passed for box in scene.boxes.values()):
        words["path of the run"] = "run"
    return [Key(text, _key(kind), 34) for text, kind in words.items()]


def _key(kind: str) -> tuple[Mark, ...]:
    ran = kind == "run"
    fill, _ = _ROLES.get(kind, _ROLES["transient"])
    box = Rect(5, -5, 24, 10, fill, "selected" if ran else "ink", 2 if ran else 1, 3)
    return (box, Rect(2, -8, 30, 16, "", "ink", 1, 5)) if kind == "start" else (box,)


def _wrapped(text: str, width: float) -> QRectF:
    """Return the area of a text under the caption of an export."""
    room = QRectF(10, _CAPTION - 6, width - 20, 400)
    metrics = QFontMetricsF(drawing_font(_SMALL))
    return metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, text) if text else QRectF()


def _tip(node: StateNode) -> str:
    if len(node.states) > 1:
        return "\n".join([*node.lines, "double-click to see each of them"])
    return "\n".join([*node.lines, "double-click to continue the run from here"])
