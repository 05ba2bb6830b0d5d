"""PairTable: matched attractors of two scenarios, as rows and as levels to paint."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from gui.model.selection import Painting
from gui.widgets.describe import condition_text, describe, fitting
from gui.widgets.style import theme
from regnet.analysis.attractors import Attractor, Attractors
from regnet.analysis.compare import Comparison, Pair
from regnet.figures.theme import level_text
from regnet.network import LogicalNetwork

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

COLUMNS = ("State", "Phenotypes", "Inputs", "Before", "After", "What changes")
INPUTS, CHANGES = 2, 5
MARKS = {"lost": "▼ lost", "gained": "▲ gained", "shifted": "◆ shifted", "same": "= same"}
_ROLES = {"lost": "lost", "gained": "gained", "shifted": "ink", "same": "muted"}
_MEANINGS = {
    "lost": "The attractor no longer exists",
    "gained": "The attractor did not exist before",
    "shifted": "The same attractor, but some levels differ",
    "same": "Nothing differs except what the scenario holds",
}
_MOST_TOLD = 6  # changed components in one cell of the table


class PairTable(QAbstractTableModel):
    """The pairs of a comparison, as rows."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Comparison | None = None
        self.tops: dict[str, int] = {}
        self.rows: tuple[Pair, ...] = ()

    def show_pairs(
        self, found: Comparison | None, tops: dict[str, int], *, changed_only: bool
    ) -> None:
        """Show a comparison, or the part of it that differs."""
        self.beginResetModel()
        self.found, self.tops = found, tops
        pairs = found.pairs if found else ()
        self.rows = tuple(p for p in pairs if not changed_only or p.kind != "same")
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Return how many pairs are shown."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the title of a column."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        pair, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(pair, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(pair)
        if role == Qt.ItemDataRole.ForegroundRole and column == 0:
            return theme()[_ROLES[pair.kind]]
        if role == Qt.ItemDataRole.FontRole and column == 0:
            font = QFont()
            font.setBold(pair.kind != "same")
            return font
        return None

    def text(self, pair: Pair, column: int) -> str:
        """Return the text of a pair in a column."""
        assert self.found is not None
        match column:
            case 0:
                return MARKS[pair.kind]
            case 1:
                return ", ".join(self._attractor(pair).phenotypes) or "–"
            case 2:
                return inputs_text(pair, self.tops)
            case 3:
                return self._named(self.found.before, pair.before)
            case 4:
                return self._named(self.found.after, pair.after)
            case _:
                return self.changes(pair)

    def _attractor(self, pair: Pair) -> Attractor:
        assert self.found is not None
        if pair.before is not None:
            return self.found.before.attractors[pair.before]
        assert pair.after is not None
        return self.found.after.attractors[pair.after]

    def _named(self, answer: Attractors, row: int | None) -> str:
        if row is None:
            return "–"
        kind = answer.attractors[row].kind
        return f"A{row + 1}" + ("" if kind == "fixed point" else f", {kind}")

    def changes(self, pair: Pair, *, most: int = _MOST_TOLD) -> str:
        """Return the levels that change, or the first few of them."""
        assert self.found is not None
        before, after = pair.levels_before, pair.levels_after
        if before is None or after is None:
            return ""
        told = [
            f"{n} {level_text(before[n])} → {level_text(after[n])}" for n in pair.changed[:most]
        ]
        more = len(pair.changed) - len(told)
        text = ", ".join(told) + (f" and {more} more" if more > 0 else "")
        return text if pair.nearest is None else f"nearest: {text}"

    def _tip(self, pair: Pair) -> str:
        assert self.found is not None
        row = pair.before if pair.before is not None else pair.after
        assert row is not None
        return f"{_MEANINGS[pair.kind]}\n{describe(row, self._attractor(pair))}"


def sides(found: Comparison, pair: Pair) -> tuple[Attractor | None, Attractor | None]:
    """Return the attractors before and after; the nearest one stands in for a missing one."""
    before, after = pair.before, pair.after
    if pair.kind == "lost":
        after = pair.nearest
    elif pair.kind == "gained":
        before = pair.nearest
    return (
        None if before is None else found.before.attractors[before],
        None if after is None else found.after.attractors[after],
    )


def as_painting(found: Comparison, pair: Pair, network: LogicalNetwork) -> Painting | None:
    """Return the painting of a row: the levels after, marked where they differ from before."""
    before, after = sides(found, pair)
    titles = [a.origin.title for a in (found.before, found.after)]
    named = (before if pair.kind == "lost" else after) or after or before
    levels = pair.levels_after or pair.levels_before
    if named is None or levels is None:
        return None
    name = ", ".join(named.phenotypes) or named.kind
    caption = f"{MARKS[pair.kind]}: {name}, {titles[0]} → {titles[1]}"
    both = pair.levels_before is not None and pair.levels_after is not None
    old = fitting(pair.levels_before, network) if both and pair.levels_before else None
    scenario = (found.before if named is before else found.after).origin.scenario
    return Painting(fitting(levels, network), caption, old, scenario=scenario)


def inputs_text(pair: Pair, tops: dict[str, int]) -> str:
    """Return the input conditions of a pair, in words; many are only counted."""
    if not any(pair.conditions):
        return ""
    texts = [condition_text(box, tops) for box in pair.conditions]
    if len(texts) == 1:
        return texts[0]
    if len(texts) == 2:
        return " or ".join(texts)
    return f"{pair.valuations:,} input conditions"


def attractor_number(pair: Pair, side: int) -> tuple[int, bool]:
    """Return the number of the attractor on a side, and whether it is only the nearest one."""
    own = (pair.before, pair.after)[side]
    if own is not None:
        return own, False
    assert pair.nearest is not None
    return pair.nearest, True


def some(names: tuple[str, ...]) -> str:
    """Return the first names, and the number of the others."""
    more = len(names) - _MOST_TOLD
    return ", ".join(names[:_MOST_TOLD]) + (f" and {more} more" if more > 0 else "")
