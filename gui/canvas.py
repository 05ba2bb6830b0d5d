"""Canvas: the network as items of a scene - shapes, signs, levels and badges.

The notation is that of the figures in reports. Boolean components have round ends, those with more
levels are square; inputs have a double border. A sign is a colour and an arrow head, a level a
colour and a digit, a knock-out a word. Pens are cosmetic, and nothing is transparent: both are what
makes large scenes slow. Items know nothing of documents; the scene is told what to show.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import atan2, cos, hypot, sin
from typing import Any

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsScene,
    QGraphicsSceneHoverEvent,
    QGraphicsSceneMouseEvent,
    QStyleOptionGraphicsItem,
    QWidget,
)

from gui.plan import Plan, compartment_of, group_label, short
from gui.selection import Painting, Trace
from gui.style import Theme, drawing_font, theme
from regnet.analysis.structure import Edge
from regnet.layout import Point
from regnet.network import Component, LogicalNetwork, Rule
from regnet.scenario import Perturbation
from regnet.space import Range

NO_TEXT_BELOW = 0.3
"""Scale below which names are not drawn: nobody could read them."""

_BADGE_ROOM = 12.0
_ROOM = 1500.0  # around the drawing, so that it can be looked at from everywhere
CLAIMED = [1.0, 3.0]
"""Dashes of an edge that is claimed, but that no rule has."""

SIGN_ROLES = {"+": "plus", "-": "minus", "±": "dual"}
SIGN_WORDS = {"+": "activates", "-": "inhibits", "±": "activates or inhibits"}


@dataclass(frozen=True, slots=True)
class Mark:
    """How an edge looks that is marked: what it means, a letter on it, a colour and dashes.

    Without a colour it has that of its sign.
    """

    words: str
    letter: str = ""
    role: str = ""
    dashes: tuple[float, ...] = ()


MARKS = {
    "leads": Mark("leads to it"),
    "against": Mark("acts the other way, in vain", dashes=(2, 3)),
    "pass": Mark("experiments rest on it, and hold", "✓", "good"),
    "fail": Mark("an experiment that rests on it fails", "✗", "error", (7, 3)),
    "untested": Mark("not tested by an experiment", "?", "muted", (1.5, 3)),
}
"""What a `Trace` can say of an edge."""


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
        """Whether a ring shows that it is selected or found; there is none on paper."""
        scene = self.scene()
        if isinstance(scene, NetworkScene) and scene.on_paper:
            return False
        return self.isSelected() or self.is_found

    @property
    def has_changed(self) -> bool:
        """Whether it is compared with another level, and differs."""
        return self.before is not None and self.before != self.levels

    def boundingRect(self) -> QRectF:
        """Return what it may paint on."""
        return self.body.adjusted(-5, -_BADGE_ROOM, _BADGE_ROOM + 14, 5)

    def shape(self) -> QPainterPath:
        """Return where the mouse hits it."""
        path = QPainterPath()
        path.addRect(self.body)
        return path

    def describe(self) -> str:
        """Return what a tool tip says."""
        c = self.component
        lines = [c.name + (f"  ({c.compartment})" if c.compartment else "")]
        if c.is_input:
            lines.append("input: comes from outside")
        if c.rule is not None:
            lines += [f"{level} if {condition}" for condition, level in c.rule.cases]
        if self.levels is not None:
            low, high = self.levels
            now = str(low) if low == high else f"{low} to {high}"
            meaning = f": {c.meanings[low]}" if low == high and c.meanings else ""
            lines.append(f"now at {now}{meaning}")
        if c.note:
            lines += ["", c.note]
        return "\n".join(_wrapped(line) for line in lines)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint it at the level of detail that can be seen."""
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
            self._paint_held(painter, colours)
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
            low, high = self.levels
            return str(low) if low == high else f"{low}–{high}"
        return f"0–{self.component.top}" if self.component.top > 1 else ""

    def _paint_held(self, painter: QPainter, colours: Theme) -> None:
        """Mark a knock-out (outlined) or a forced level (filled) at the top right corner."""
        assert self.held is not None
        low, high = self.held
        knocked_out = self.held == (0, 0) and not self.component.is_input
        text = "KO" if knocked_out else f"= {low}" if low == high else f"= {low}–{high}"
        painter.setFont(drawing_font(9, bold=True))
        width = painter.fontMetrics().horizontalAdvance(text) + 8
        body = self.body
        right = body.right() + _BADGE_ROOM
        box = QRectF(right - width, body.top() - 8, width, 15)
        painter.setPen(QPen(colours["badge"], 1.2))
        painter.setBrush(colours["paper" if knocked_out else "badge"])
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(colours["badge" if knocked_out else "badge-ink"])
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_change(self, painter: QPainter, colours: Theme) -> None:
        """Mark that the level rose or fell against the one it is compared with."""
        assert self.before is not None
        now = self.levels or (0, 0)
        rose = now > self.before
        painter.setFont(drawing_font(11, bold=True))
        painter.setPen(colours["gained" if rose else "lost"])
        body = self.body
        box = QRectF(body.right() + 1, body.top(), 14, body.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "▲" if rose else "▼")

    def itemChange(self, change: QGraphicsItem.GraphicsItemChange, value: Any) -> Any:
        """Take the edges along."""
        if change == QGraphicsItem.GraphicsItemChange.ItemPositionHasChanged:
            for edge in self.edges:
                edge.follow()
        return super().itemChange(change, value)

    def hoverEnterEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        """Light up the neighbours."""
        scene = self.scene()
        if isinstance(scene, NetworkScene):
            self.setToolTip(self.describe())
            scene.hover(self.name)

    def hoverLeaveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        """Light everything up again."""
        scene = self.scene()
        if isinstance(scene, NetworkScene):
            scene.hover("")


class GroupItem(NodeItem):
    """A collapsed compartment: one box, which opens with a double click."""

    def __init__(self, key: str, members: Sequence[str], size: Point) -> None:
        compartment = compartment_of(key)
        stand_in = Component(key, Rule.constant(0), compartment=compartment)
        super().__init__(stand_in, size, is_constant=False)
        self.members = tuple(members)
        self.label = group_label(key, len(members))
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable, enabled=False)

    def describe(self) -> str:
        """Return what a tool tip says."""
        return _wrapped(f"{self.label}: {', '.join(self.members)}") + "\nDouble-click opens it."

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint a second sheet below the first."""
        colours = theme()
        painter.setPen(QPen(colours["faint-ink" if self.is_faded else "line"], 1.2))
        painter.setBrush(colours["band"])
        painter.drawRoundedRect(self.body.translated(3, 3), 4, 4)
        super().paint(painter, option, widget)


class EdgeItem(QGraphicsPathItem):
    """One component acts on another: a curve with the head that its sign has."""

    def __init__(self, edge: Edge, source: NodeItem, target: NodeItem, *, note: str) -> None:
        super().__init__()
        self.edge = edge
        self.source, self.target = source, target
        self.is_assumed = False
        self.is_claimed = False  # and not in the rules
        self.is_cut = False
        self.is_idle = False  # in the state that is painted
        self.is_faded = False
        self.is_lit = False
        self._head = QGraphicsPathItem(self)
        self._head.setPen(QPen(Qt.PenStyle.NoPen))
        self._cross = QGraphicsPathItem(self)
        self._disc: QGraphicsPathItem | None = None  # with the letter of its mark
        self._mark = ""
        self._settled = True
        self.setToolTip(note)
        self.setZValue(1)
        source.edges.append(self)
        if target is not source:
            target.edges.append(self)

    def set_route(self, route: Sequence[Point]) -> None:
        """Draw it along a start point and then three points for each curve."""
        self._settled = True
        self._draw(route)

    def follow(self) -> None:
        """Go straight between its ends, which one of them just moved."""
        self._settled = False
        a, b = self.source, self.target
        if a is b:
            self.setPos(0, 0)
            centre, (width, height) = a.pos(), a.size
            x, y = centre.x() + width / 2, centre.y()
            rise, reach = height * 0.2, 26.0
            self._draw([(x, y - rise), (x + reach, y - rise * 3.4),
                        (x + reach, y + rise * 3.4), (x, y + rise)])  # fmt: skip
            return
        start = _rim(a.pos(), a.size, b.pos())
        end = _rim(b.pos(), b.size, a.pos())
        third = (end - start) / 3
        points = (start, start + third, end - third, end)
        self._draw([(p.x(), p.y()) for p in points])

    def _draw(self, route: Sequence[Point]) -> None:
        tip = route[-1]
        before = next(
            (p for p in reversed(route[:-1]) if hypot(p[0] - tip[0], p[1] - tip[1]) > 0.5),
            (tip[0], tip[1] - 1),
        )
        head, stop = edge_head(self.edge.sign, tip, before)
        path = QPainterPath(QPointF(*route[0]))
        for i in range(1, len(route), 3):
            last = stop if i + 3 >= len(route) else QPointF(*route[i + 2])
            path.cubicTo(QPointF(*route[i]), QPointF(*route[i + 1]), last)
        self.setPath(path)
        self._head.setPath(head)
        cross = QPainterPath()
        if self.is_cut:
            at = path.pointAtPercent(0.5)
            for side in (-1, 1):
                cross.moveTo(at + QPointF(-5, -5 * side))
                cross.lineTo(at + QPointF(5, 5 * side))
        self._cross.setPath(cross)
        self._draw_letter()

    @property
    def mark(self) -> str:
        """What it is marked as: a key of `MARKS`, or nothing."""
        return self._mark

    @mark.setter
    def mark(self, mark: str) -> None:
        if mark != self._mark:
            self._mark = mark
            self._draw_letter()

    def _draw_letter(self) -> None:
        """Put the letter of the mark on the middle of the line."""
        letter = MARKS[self._mark].letter if self._mark else ""
        if not letter:
            if self._disc is not None:
                self._disc.setVisible(False)
            return
        if self._disc is None:
            self._disc = QGraphicsPathItem(self)
            self._disc.setPen(QPen(Qt.PenStyle.NoPen))
            QGraphicsPathItem(self._disc).setPen(QPen(Qt.PenStyle.NoPen))
        at = self.path().pointAtPercent(0.5) if self.path().length() else QPointF()
        disc, text = QPainterPath(), QPainterPath()
        disc.addEllipse(at, 8.5, 8.5)
        text.addText(QPointF(), drawing_font(14, bold=True), letter)
        text.translate(at - text.boundingRect().center())
        self._disc.setPath(disc)
        self._letter.setPath(text)
        self._disc.setVisible(True)

    @property
    def _letter(self) -> QGraphicsPathItem:
        assert self._disc is not None
        letter = self._disc.childItems()[0]
        assert isinstance(letter, QGraphicsPathItem)
        return letter

    def redraw(self) -> None:
        """Take the colours of the theme and of what it has to show."""
        colours = theme()
        mark = MARKS.get(self._mark, Mark(""))
        colour = colours[mark.role or SIGN_ROLES[self.edge.sign]]
        if self.is_faded:
            colour = colours["faint"]
        elif self.is_cut or (self.is_idle and not self._mark):
            colour = colours["faint-ink"]
        scene = self.scene()
        on_paper = isinstance(scene, NetworkScene) and scene.on_paper
        pen = QPen(colour, 2.4 if self.is_lit and not on_paper else 1.3)
        pen.setCosmetic(not on_paper)
        if mark.dashes:
            pen.setDashPattern(mark.dashes)
        elif self._mark:
            pen.setStyle(Qt.PenStyle.SolidLine)  # the mark matters here, not who claims the edge
        elif self.is_claimed:
            pen.setDashPattern(CLAIMED)
        elif self.is_assumed or self.is_cut:
            pen.setDashPattern([5, 3])
        self.setPen(pen)
        self._head.setBrush(colour)
        if self._disc is not None:
            self._disc.setBrush(colours["paper"])
            self._letter.setBrush(colour)
        cross = QPen(colours["faint" if self.is_faded else "lost"], 2.4)
        cross.setCosmetic(not on_paper)
        self._cross.setPen(cross)
        self.setZValue(0.5 if self.is_faded else 2 if self.is_lit else 1)

    def mark_cut(self, is_cut: bool) -> None:
        """Show whether the edge is cut."""
        if is_cut != self.is_cut:
            self.is_cut = is_cut
            cross = QPainterPath()
            if is_cut:
                at = self.path().pointAtPercent(0.5)
                for side in (-1, 1):
                    cross.moveTo(at + QPointF(-5, -5 * side))
                    cross.lineTo(at + QPointF(5, 5 * side))
            self._cross.setPath(cross)

    def shape(self) -> QPainterPath:
        """Return where the mouse hits it: a little more than the line."""
        stroker = QPainterPathStroker()
        stroker.setWidth(8)
        return stroker.createStroke(self.path())


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
        """Return what it paints on."""
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


class NetworkScene(QGraphicsScene):
    """The drawing of one network."""

    moved = Signal(dict)
    """The person dragged components: name -> centre, of those that moved."""

    hovered = Signal(str)
    """The component under the mouse, or an empty string."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.nodes: dict[str, NodeItem] = {}
        self.edges: list[EdgeItem] = []
        self.bands: dict[str, BandItem] = {}
        self.hidden: frozenset[str] = frozenset()
        self.on_paper = False
        self._painting: Painting | None = None
        self._trace: Trace | None = None
        self._hovered = ""
        self._found: frozenset[str] | None = None
        self._grabbed: dict[str, QPointF] = {}
        self.recolour()

    # --- what is drawn ---

    def show_plan(self, network: LogicalNetwork, plan: Plan) -> None:
        """Draw a network, in the place of what was drawn."""
        chosen = {name for name, node in self.nodes.items() if node.isSelected()}
        self.blockSignals(True)
        self.clear()
        self.blockSignals(False)
        self.nodes, self.edges, self.bands = {}, [], {}
        self._hovered = ""
        self._grabbed = {}  # a drag ends when what was dragged is drawn anew
        layout = plan.layout
        for band in layout.bands:
            if band.title:
                frame = BandItem(band.title)
                self.addItem(frame)
                self.bands[band.title] = frame
        regulated = {e.target for e in plan.edges}
        for c in network.components:
            if c.name not in layout.sizes:
                continue  # its compartment is collapsed
            is_constant = c.rule is not None and c.name not in regulated
            node = NodeItem(c, layout.sizes[c.name], is_constant=is_constant)
            self.addItem(node)
            self.nodes[c.name] = node
        for key, members in plan.groups.items():
            group = GroupItem(key, members, layout.sizes[key])
            self.addItem(group)
            self.nodes[key] = group
        claims = {(c.source, c.target): c for c in network.claims}
        for edge in (*plan.edges, *plan.claimed):
            claim = claims.get((edge.source, edge.target))
            is_claimed = edge in plan.claimed
            note = f"{edge.source} {SIGN_WORDS[edge.sign]} {edge.target}"
            if is_claimed:
                note += f", it is claimed, but the rule of {edge.target} does not say so"
            if edge.thresholds != (1,):
                note += f" from level {' and '.join(map(str, edge.thresholds))}"
            if claim is not None:
                known = (claim.note, claim.kind, ", ".join(claim.refs))
                note += "".join(f"\n{_wrapped(part)}" for part in known if part)
            source, target = self.nodes[edge.source], self.nodes[edge.target]
            item = EdgeItem(edge, source, target, note=note)
            item.is_assumed = claim is not None and claim.kind == "assumption"
            item.is_claimed = is_claimed
            self.addItem(item)
            self.edges.append(item)
        self.place(plan)
        self.hidden = frozenset(self.hidden & self.nodes.keys())
        self._show_hidden()
        for name in chosen & self.nodes.keys():
            self.nodes[name].setSelected(True)
        self.recolour()

    def place(self, plan: Plan) -> None:
        """Put everything where the plan says."""
        layout = plan.layout
        for name, node in self.nodes.items():
            x, y = layout.positions[name]
            if node.pos() != QPointF(x, y):
                node.setPos(x, y)
        for edge in self.edges:
            route = layout.routes.get((edge.edge.source, edge.edge.target))
            if route is None:  # it is claimed only
                edge.follow()
            else:
                edge.set_route(route)
        for band in layout.bands:
            if band.title:
                frame = QRectF(band.left, band.top, band.right - band.left, band.bottom - band.top)
                self.bands[band.title].set_frame(frame)
        box = QRectF(layout.left, layout.top, layout.width, layout.height)
        self.setSceneRect(box.adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM))
        self.drawing_rect = box
        self._restyle()

    drawing_rect = QRectF()
    """What the drawing covers."""

    # --- what it shows ---

    def set_painting(self, painting: Painting | None) -> None:
        """Paint the components with levels, and fade the edges that do nothing at these levels."""
        self._painting = painting
        for name, node in self.nodes.items():
            node.levels = painting.levels.get(name) if painting else None
            known = painting.before if painting else None
            node.before = known.get(name) if known is not None else None
        self._restyle()

    def set_trace(self, trace: Trace | None) -> None:
        """Mark edges, and fade the others if the trace stands alone."""
        self._trace = trace
        marks = trace.marks if trace else {}
        for edge in self.edges:
            edge.mark = marks.get((edge.edge.source, edge.edge.target), "")
        self._restyle()

    def set_perturbation(self, done: Perturbation) -> None:
        """Mark what is held and which edges are cut."""
        cuts = {(cut.source, cut.target) for cut in done.cuts}
        for name, node in self.nodes.items():
            node.held = done.clamps.get(name)
        for edge in self.edges:
            edge.mark_cut((edge.edge.source, edge.edge.target) in cuts)
        self._restyle()

    def find(self, names: Iterable[str] | None) -> None:
        """Emphasise these components and fade the rest; None ends it."""
        self._found = None if names is None else frozenset(names)
        self._restyle()

    def hover(self, name: str) -> None:
        """Emphasise a component with its neighbours; an empty name ends it."""
        if name != self._hovered and not self._grabbed:
            self._hovered = name
            self._restyle()
            self.hovered.emit(name)

    def hide(self, names: Iterable[str]) -> None:
        """Hide these components and no others."""
        self.hidden = frozenset(names)
        self._show_hidden()

    def neighbours(self, name: str, *, incoming: bool = True, outgoing: bool = True) -> set[str]:
        """Return the components that act on one, or that it acts on."""
        found = set()
        for edge in self.nodes[name].edges:
            if incoming and edge.target.name == name:
                found.add(edge.source.name)
            if outgoing and edge.source.name == name:
                found.add(edge.target.name)
        return found - {name}

    def recolour(self, *, on_paper: bool = False) -> None:
        """Take the colours of the theme; on paper, lines scale and nothing looks selected."""
        self.on_paper = on_paper
        self.setBackgroundBrush(theme()["paper"])
        self._restyle()
        self.update()

    def _show_hidden(self) -> None:
        for name, node in self.nodes.items():
            node.setVisible(name not in self.hidden)
        for edge in self.edges:
            edge.setVisible(edge.source.isVisible() and edge.target.isVisible())
        for title, band in self.bands.items():
            members = (n for n in self.nodes.values() if n.component.compartment == title)
            band.setVisible(any(n.isVisible() for n in members))

    def _restyle(self) -> None:
        """Decide for every item whether it is faded, lit or idle."""
        near: set[str] | None = None
        if self._hovered in self.nodes:
            near = {self._hovered} | self.neighbours(self._hovered)
        elif self._found is not None:
            near = set(self._found)
        elif self._trace is not None and self._trace.is_alone:
            members = self._trace.members
            near = {
                name for name, node in self.nodes.items()
                if name in members
                or (isinstance(node, GroupItem) and not members.isdisjoint(node.members))
            }  # fmt: skip
        alone = near is not None and self._found is None and self._hovered not in self.nodes
        compared = self._painting is not None and self._painting.before is not None
        for name, node in self.nodes.items():
            node.is_found = self._found is not None and name in self._found
            node.is_faded = (near is not None and name not in near) or (
                near is None and compared and not node.has_changed
            )
            node.update()
        for edge in self.edges:
            ends = {edge.source.name, edge.target.name}
            if self._hovered in self.nodes:
                edge.is_faded = self._hovered not in ends
                edge.is_lit = not edge.is_faded
            elif alone:
                edge.is_lit = bool(edge.mark)
                edge.is_faded = not edge.mark
            else:
                edge.is_faded = self._found is not None and not ends <= self._found
                chosen = edge.source.isSelected() or edge.target.isSelected()
                edge.is_lit = chosen and not edge.is_faded
            edge.is_idle = _is_idle(edge.edge, edge.source.levels)
            edge.redraw()

    def selection_changed(self) -> None:
        """Light up the edges of what is selected."""
        self._restyle()

    # --- dragging ---

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Remember where the components are, in case they are dragged."""
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed = {name: node.pos() for name, node in self.nodes.items()}

    def mouseReleaseEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Tell which components were dragged."""
        super().mouseReleaseEvent(event)
        before, self._grabbed = self._grabbed, {}
        places = {
            name: (round(node.pos().x(), 1), round(node.pos().y(), 1))
            for name, node in self.nodes.items()
            if name in before and before[name] != node.pos() and not isinstance(node, GroupItem)
        }
        if places:
            self.moved.emit(places)

    def places(self) -> Mapping[str, Point]:
        """Return where every component is that is drawn by itself."""
        return {
            name: (node.pos().x(), node.pos().y())
            for name, node in self.nodes.items()
            if not isinstance(node, GroupItem)
        }


def edge_head(sign: str, tip: Point, before: Point) -> tuple[QPainterPath, QPointF]:
    """Return the head of an edge that comes from `before` to `tip`, and where its line stops."""
    angle = atan2(tip[1] - before[1], tip[0] - before[0])
    along, across = QPointF(cos(angle), sin(angle)), QPointF(-sin(angle), cos(angle))
    end = QPointF(*tip)
    path = QPainterPath()
    if sign in "+±":
        path.moveTo(end)
        path.lineTo(end - along * 9 + across * 4)
        path.lineTo(end - along * 9 - across * 4)
        path.closeSubpath()
    if sign in "-±":
        at = end - along * (11.5 if sign == "±" else 1.5)
        path.moveTo(at + across * 5.5 + along * 1.3)
        path.lineTo(at - across * 5.5 + along * 1.3)
        path.lineTo(at - across * 5.5 - along * 1.3)
        path.lineTo(at + across * 5.5 - along * 1.3)
        path.closeSubpath()
    back = {"+": 7.0, "-": 2.0, "±": 11.0}[sign]
    return path, end - along * back


def _is_idle(edge: Edge, levels: Range | None) -> bool:
    """Tell whether the source stays below every threshold at which it acts."""
    return levels is not None and levels[1] < min(edge.thresholds)


def _rim(centre: QPointF, size: Point, towards: QPointF) -> QPointF:
    """Return where a ray from the centre of a box leaves it."""
    way = towards - centre
    if way.isNull():
        return centre
    scale = min(
        size[0] / 2 / abs(way.x()) if way.x() else float("inf"),
        size[1] / 2 / abs(way.y()) if way.y() else float("inf"),
    )
    return centre + way * scale


def _wrapped(text: str) -> str:
    import textwrap

    return textwrap.fill(text, 70) if len(text) > 70 else text
