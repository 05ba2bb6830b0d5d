"""Canvas: the network as a scene of items.

The notation is that of the figures in reports. Pens are cosmetic and nothing is transparent, as
both wide pens and transparency slow large scenes down. Items do not access the document; the scene
is told what to show.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtWidgets import QGraphicsSceneMouseEvent

from gui.model.selection import Painting, Trace
from gui.panels.network.edge_item import EdgeItem
from gui.panels.network.node_item import BandItem, GroupItem, NodeItem, Stage, wrapped
from gui.panels.network.plan import Plan
from gui.widgets.style import theme
from regnet.analysis.structure import Edge
from regnet.figures.network import SIGN_WORDS
from regnet.layout import Point
from regnet.network import LogicalNetwork
from regnet.scenario import Perturbation
from regnet.space import Range

_ROOM = 1500.0  # margin around the drawing, so that every part of it can be centred


class NetworkScene(Stage):
    """The drawing of one network."""

    moved = Signal(dict)
    """The user dragged components: name -> centre, of those that moved."""

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

    # --- content ---

    def show_plan(self, network: LogicalNetwork, plan: Plan) -> None:
        """Draw a network in place of the previous one."""
        chosen = {name for name, node in self.nodes.items() if node.isSelected()}
        self.blockSignals(True)
        self.clear()
        self.blockSignals(False)
        self.nodes, self.edges, self.bands = {}, [], {}
        self._hovered = ""
        self._grabbed = {}  # a drag ends when the dragged items are redrawn
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
                note += "".join(f"\n{wrapped(part)}" for part in known if part)
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
        """Move everything to its place in the plan."""
        layout = plan.layout
        for name, node in self.nodes.items():
            x, y = layout.positions[name]
            if node.pos() != QPointF(x, y):
                node.setPos(x, y)
        for edge in self.edges:
            route = layout.routes.get((edge.edge.source, edge.edge.target))
            if route is None:  # only claimed
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

    # --- state ---

    def set_painting(self, painting: Painting | None) -> None:
        """Paint the components with levels, and fade the edges inactive at these levels."""
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
        """Mark held components and cut edges."""
        cuts = {(cut.source, cut.target) for cut in done.cuts}
        for name, node in self.nodes.items():
            node.held = done.clamps.get(name)
        for edge in self.edges:
            edge.mark_cut((edge.edge.source, edge.edge.target) in cuts)
        self._restyle()

    def find(self, names: Iterable[str] | None) -> None:
        """Highlight these components and fade the others; None ends it."""
        self._found = None if names is None else frozenset(names)
        self._restyle()

    def hover(self, name: str) -> None:
        """Highlight a component with its neighbours; an empty name ends it."""
        if name != self._hovered and not self._grabbed:
            self._hovered = name
            self._restyle()
            self.hovered.emit(name)

    def hide(self, names: Iterable[str]) -> None:
        """Hide these components and no others."""
        self.hidden = frozenset(names)
        self._show_hidden()

    def neighbours(self, name: str, *, incoming: bool = True, outgoing: bool = True) -> set[str]:
        """Return the regulators and targets of a component."""
        found = set()
        for edge in self.nodes[name].edges:
            if incoming and edge.target.name == name:
                found.add(edge.source.name)
            if outgoing and edge.source.name == name:
                found.add(edge.target.name)
        return found - {name}

    def recolour(self, *, on_paper: bool = False) -> None:
        """Apply the colours of the theme; for exports, lines scale and nothing looks selected."""
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
        """Update whether each item is faded, highlighted or inactive."""
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
        """Highlight the edges of the selected components."""
        self._restyle()

    # --- dragging ---

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Remember where the components are, in case they are dragged."""
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed = {name: node.pos() for name, node in self.nodes.items()}

    def mouseReleaseEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Emit a signal with the dragged components."""
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
        """Return the positions of all components that are drawn individually."""
        return {
            name: (node.pos().x(), node.pos().y())
            for name, node in self.nodes.items()
            if not isinstance(node, GroupItem)
        }


def _is_idle(edge: Edge, levels: Range | None) -> bool:
    """Return whether the source stays below every threshold at which it acts."""
    return levels is not None and levels[1] < min(edge.thresholds)
