"""Cells: the squares of heat maps, their appearance and meaning."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen

from gui.widgets import legend
from gui.widgets.style import drawing_font, theme
from regnet.figures import level_text
from regnet.space import Range

FONT = 11.0


@dataclass(frozen=True, slots=True)
class Cell:
    """The content of one square.

    Parameters
    ----------
    text
        Printed text.
    look
        ``"level"``, ``"free"`` (keeps changing), ``"varies"`` (differs between inputs) or
        ``"missing"`` (no value, which differs from level 0).
    level, top
        The level, and the highest one; they determine the colour.
    mark
        ``"up"``, ``"down"`` or ``"changed"`` for a frame that shows how it differs from another.
    """

    text: str
    look: str = "level"
    level: int = 0
    top: int = 1
    mark: str = ""


MISSING = Cell("·", "missing")


def level_cell(
    levels: Range | None, top: int, *, varies: bool = False, before: Range | None = None
) -> Cell:
    """Return the cell of a level or range, marked if it differs from `before`."""
    if levels is None:
        return MISSING
    low, high = levels
    mark = ""
    if before is not None and before != levels:
        rise = (low + high) - (before[0] + before[1])
        mark = "up" if rise > 0 else "down" if rise < 0 else "changed"
    if low == high:
        return Cell(level_text(levels), "level", low, max(top, low), mark)
    return Cell(level_text(levels), "varies" if varies else "free", mark=mark)


MEANING = {
    "level": "",
    "free": ": it keeps changing",
    "varies": ": it follows the inputs",
    "missing": ": there is no value",
}
"""Text of each look in tool tips."""

_WORDS = {
    Cell("0–1", "free"): "keeps changing",
    Cell("0–1", "varies"): "follows the inputs",
    Cell("·", "missing"): "no value",
    Cell("1", "level", 1, 1, "up"): "higher than before",
    Cell("0", "level", 0, 1, "down"): "lower than before",
    Cell("0–1", "free", mark="changed"): "differs from before",
}


def keys(cells: Collection[Cell]) -> list[legend.Entry]:
    """Return the legend of some squares, with only the keys that occur."""
    found = {(c.level, c.top) for c in cells if c.look == "level"}
    entries: list[legend.Entry] = []
    for level, top in sorted(found, key=lambda pair: (pair[1], pair[0])):
        words = "off" if level == 0 else "highest level" if level == top else f"level {level}"
        if all(words != key.words for key in entries):
            entries.append(_key(Cell(str(level), "level", level, top), words))
    for cell, words in _WORDS.items():
        if any((c.look, c.mark) == (cell.look, cell.mark) for c in cells) or (
            cell.mark and any(c.mark == cell.mark for c in cells)
        ):
            entries.append(_key(cell, words))
    return entries


def _key(cell: Cell, words: str) -> legend.Entry:
    def draw(painter: QPainter, box: QRectF) -> None:
        paint_cell(painter, box.adjusted(2, 1, -2, -1), cell)

    return legend.Entry(words, draw)


def paint_cell(painter: QPainter, box: QRectF, cell: Cell) -> None:
    """Paint one square into a box."""
    colours = theme()
    fill, ink = colours["paper"], colours["muted"]
    if cell.look == "level":
        fill, ink = colours.level(cell.level, cell.top)
    elif cell.look == "free":
        fill, ink = colours["free"], colours["free-ink"]
    elif cell.look == "varies":
        fill, ink = colours["faint"], colours["ink"]
    painter.fillRect(box, fill)
    if cell.look == "free":
        painter.save()
        painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
        painter.setPen(QPen(colours["hatch"], 0.8))
        offset = 5.0
        while offset < box.width() + box.height():
            painter.drawLine(
                QPointF(box.left() + offset, box.top()),
                QPointF(box.left() + offset - box.height(), box.bottom()),
            )
            offset += 6.0
        painter.restore()
    painter.setPen(QPen(colours["grid"], 1))
    painter.setBrush(QBrush(Qt.BrushStyle.NoBrush))
    painter.drawRect(box.adjusted(0, 0, -0.5, -0.5))
    if cell.mark:
        role = {"up": "gained", "down": "lost"}.get(cell.mark, "ink")
        painter.setPen(QPen(colours[role], 2.4))
        painter.drawRect(box.adjusted(1.5, 1.5, -1.5, -1.5))
        painter.setPen(
            QPen(colours["paper"], 1)
        )  # separates a frame from a square of the same colour
        painter.drawRect(box.adjusted(3.5, 3.5, -3.5, -3.5))
    painter.setPen(ink)
    painter.setFont(drawing_font(FONT, bold=bool(cell.mark)))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, cell.text)
