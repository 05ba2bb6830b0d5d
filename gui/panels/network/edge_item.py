"""Edge items. The sign of an edge is shown by its colour and its arrow head."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from gui.model.marks import CLAIMED, MARKS, Mark
from gui.panels.network.node_item import NodeItem, Stage
from gui.widgets.marks import edge_paths
from gui.widgets.style import drawing_font, theme
from regnet.analysis.structure import Edge
from regnet.figures.network import SIGN_ROLES
from regnet.layout import Point


class EdgeItem(QGraphicsPathItem):
    """An edge: a curve with the arrow head of its sign."""

    def __init__(self, edge: Edge, source: NodeItem, target: NodeItem, *, note: str) -> None:
        super().__init__()
        self.edge = edge
        self.source, self.target = source, target
        self.is_assumed = False
        self.is_claimed = False  # and used in no rule
        self.is_cut = False
        self.is_idle = False  # in the painted state
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
        """Draw it along a start point and three points for each Bézier curve."""
        self._settled = True
        self._draw(route)

    def follow(self) -> None:
        """Draw a straight line between its ends after one of them moved."""
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
        path, head = edge_paths(route, self.edge.sign)
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
        """Its mark: a key of `MARKS`, or nothing."""
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
        """Update the pen and the colours."""
        colours = theme()
        mark = MARKS.get(self._mark, Mark(""))
        colour = colours[mark.role or SIGN_ROLES[self.edge.sign]]
        if self.is_faded:
            colour = colours["faint"]
        elif self.is_cut or (self.is_idle and not self._mark):
            colour = colours["faint-ink"]
        scene = self.scene()
        on_paper = isinstance(scene, Stage) and scene.on_paper
        pen = QPen(colour, 2.4 if self.is_lit and not on_paper else 1.3)
        pen.setCosmetic(not on_paper)
        if mark.dashes:
            pen.setDashPattern(mark.dashes)
        elif self._mark:
            pen.setStyle(Qt.PenStyle.SolidLine)  # a mark takes precedence over a claim
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
        """Return the clickable area: a little wider than the line."""
        stroker = QPainterPathStroker()
        stroker.setWidth(8)
        return stroker.createStroke(self.path())


def _rim(centre: QPointF, size: Point, towards: QPointF) -> QPointF:
    """Return the point where a ray from the centre of a box leaves it."""
    way = towards - centre
    if way.isNull():
        return centre
    scale = min(
        size[0] / 2 / abs(way.x()) if way.x() else float("inf"),
        size[1] / 2 / abs(way.y()) if way.y() else float("inf"),
    )
    return centre + way * scale
