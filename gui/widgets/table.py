"""Table: a model for large tables. Sorting and filtering move row numbers only, as arrays.

A proxy model in Python takes 20 s to sort 100,000 rows; arrays take a few milliseconds. NumPy is
imported with the first row, not with this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_KEYS = 2  # number of sort keys kept: the last one decides, earlier ones break ties
_TERM = re.compile(
    r'(?P<column>"[^"]+"|[^\s"<>=!]+)\s*(?P<op><=|>=|!=|=|<|>)\s*(?P<value>"[^"]*"|\S+)'
    r'|"(?P<quoted>[^"]+)"|(?P<word>\S+)'
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, whether its cells are numbers (None means unknown), and a tip."""

    title: str
    is_number: bool = False
    tip: str = ""


class Titled:
    """A part of table models whose columns are fixed: their titles, each with a tip."""

    titles: Sequence[str]
    tips: Sequence[str]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the title or tip of a column."""
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self.titles[section]
            if role == Qt.ItemDataRole.ToolTipRole:
                return self.tips[section]
        return None


class ArrayTable(QAbstractTableModel):
    """A table that can be extended, sorted and filtered without copying rows.

    "Row" is an index in the view; "source" is the index of a row in the order of arrival, which
    never changes. Subclasses define the appearance of cells by overriding `text` and `look`.
    """

    shown_changed = Signal()
    """The visible rows have changed."""

    def __init__(self, columns: Sequence[Column] = ()) -> None:
        super().__init__()
        self.columns: tuple[Column, ...] = tuple(columns)
        self._cells: list[list[Any]] = [[] for _ in self.columns]
        self._words: list[str] = []  # all texts of a row in lower case, for searching
        self._codes: dict[int, NDArray[Any]] = {}
        self._order: NDArray[np.intp] | range = range(0)
        self._total = 0
        self._filter = ""
        self._keys: list[tuple[int, bool]] = []

    # --- content ---

    @property
    def total(self) -> int:
        """Number of rows, visible or not."""
        return self._total

    @property
    def is_filtered(self) -> bool:
        """Whether a filter is active."""
        return bool(self._filter)

    def reset(self, columns: Sequence[Column] | None = None) -> None:
        """Remove all rows, and replace the columns if given; the filter stays."""
        self.beginResetModel()
        if columns is not None:
            self.columns = tuple(columns)
            self._keys = []
        self._cells = [[] for _ in self.columns]
        self._words = []
        self._codes.clear()
        self._order = range(0)
        self._total = 0
        self.endResetModel()
        self.shown_changed.emit()

    def append(self, *cells: Sequence[Any]) -> None:
        """Add rows: one sequence for each column, all of the same length."""
        count = len(cells[0]) if cells else 0
        if not count:
            return
        for known, new in zip(self._cells, cells, strict=True):
            known.extend(new)
        texts = [new for c, new in zip(self.columns, cells, strict=True) if not c.is_number]
        self._words.extend("\n".join(line).lower() for line in zip(*texts, strict=True))
        self.grow(count)

    def grow(self, count: int) -> None:
        """Show further rows, whose cells are now available."""
        import numpy as np

        first, self._total = self._total, self._total + count
        self._codes.clear()
        sources = np.arange(first, self._total)
        if self._filter:
            sources = sources[self._mask(self._filter)[first:]]
        shown = len(self._order)
        if len(sources):
            self.beginInsertRows(_ROOT, shown, shown + len(sources) - 1)
            self._order = np.concatenate([np.asarray(self._order, dtype=np.intp), sources])
            self.endInsertRows()
            if self._keys:
                self._arrange()
        self.shown_changed.emit()

    def source(self, row: int) -> int:
        """Return the source of a row of the view."""
        return int(self._order[row])

    def row_of(self, source: int) -> int | None:
        """Return the row of a source, or None if it is filtered out."""
        import numpy as np

        found = np.flatnonzero(np.asarray(self._order) == source)
        return int(found[0]) if len(found) else None

    def sources(self) -> list[int]:
        """Return the visible sources, in the order shown."""
        return [int(source) for source in self._order]

    # --- for subclasses ---

    def text(self, source: int, column: int) -> str:
        """Return the text of a cell."""
        value = self._cells[column][source]
        if not self.columns[column].is_number:
            return str(value)
        return "" if value is None else f"{value:,g}"

    def look(self, source: int, column: int, role: int) -> Any:
        """Return another role of a cell, such as its colour; None for the default."""
        return None

    # --- sorting and filtering ---

    def set_filter(self, text: str) -> str:
        """Show the rows that match a filter; return any error in it, or an empty string.

        Words are searched in all texts; ``changed=yes`` and ``"Mass" < 2`` filter one column, and
        ``LIF=0`` is a word if no column has that title. All terms have to match.
        """
        text = text.strip()
        if text == self._filter:
            return ""
        try:
            self._terms(text)
        except ValueError as error:
            return str(error)
        self._filter = text
        self.beginResetModel()
        self._order = self._sorted(self._fitting())
        self.endResetModel()
        self.shown_changed.emit()
        return ""

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; the sort is stable."""
        if not 0 <= column < len(self.columns):
            self._keys = []
        else:
            key = (column, order == Qt.SortOrder.DescendingOrder)
            self._keys = [key, *(k for k in self._keys if k[0] != column)][:_KEYS]
        if self._total:  # an empty table needs no NumPy, whose import would delay the first paint
            self._arrange()

    def _arrange(self) -> None:
        import numpy as np

        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        sources = [(self.source(index.row()), index.column()) for index in kept]
        self._order = self._sorted(self._fitting() if not self._keys else np.sort(self._order))
        if kept:
            place = np.full(self._total, -1)
            place[self._order] = np.arange(len(self._order))
            self.changePersistentIndexList(
                kept, [self.index(int(place[source]), column) for source, column in sources]
            )
        self.layoutChanged.emit()

    def _sorted(self, sources: NDArray[np.intp]) -> NDArray[np.intp]:
        import numpy as np

        for column, descending in reversed(self._keys):
            codes = self._ranked(column)[sources]
            if descending:
                codes = np.where(codes == _LAST, _LAST, -codes)
            sources = sources[np.argsort(codes, kind="stable")]
        return sources

    def _fitting(self) -> NDArray[np.intp]:
        import numpy as np

        if not self._filter:
            return np.arange(self._total)
        return np.flatnonzero(self._mask(self._filter))

    def _kept(self) -> Sequence[int]:
        """Return the sources that are always shown with others, whatever the filter."""
        return ()

    def _values(self, column: int) -> NDArray[Any]:
        """Return a column of numbers, nan where unknown."""
        import numpy as np

        return np.array(self._cells[column], dtype=float)

    def _ranked(self, column: int) -> NDArray[Any]:
        """Return numbers that sort like a column, with unknown values last."""
        import numpy as np

        if column not in self._codes:
            if self.columns[column].is_number:
                values = self._values(column)
                self._codes[column] = np.where(np.isnan(values), _LAST, values)
            else:
                texts = self._cells[column]
                ranks = {text: n for n, text in enumerate(sorted(set(texts), key=str.lower))}
                codes = map(ranks.__getitem__, texts)
                self._codes[column] = np.fromiter(codes, dtype=float, count=len(texts))
        return self._codes[column]

    def _mask(self, text: str) -> NDArray[np.bool_]:
        import numpy as np

        mask = np.ones(self._total, dtype=bool)
        for column, op, value in self._terms(text):
            if column is not None and self.columns[column].is_number:
                mask &= _OPERATIONS[op](self._values(column), float(value))
                continue
            mask &= self._having(column, value) == (op == "=")
        if mask.any():
            mask[list(self._kept())] = True
        return mask

    def _having(self, column: int | None, word: str) -> NDArray[np.bool_]:
        """Return which rows contain a word in a text column, or in any of them."""
        import numpy as np

        texts: Iterable[str] = self._words
        if column is not None:
            texts = (text.lower() for text in self._cells[column])
        return np.fromiter((word in text for text in texts), dtype=bool, count=self._total)

    def _terms(self, text: str) -> list[tuple[int | None, str, str]]:
        """Return (column or None, operator, value in lower case) of each part of a filter."""
        terms: list[tuple[int | None, str, str]] = []
        for found in _TERM.finditer(text):
            if not found["column"]:
                terms.append((None, "=", (found["quoted"] or found["word"]).lower()))
                continue
            title, op = found["column"].strip('"').lower(), found["op"]
            value = found["value"].strip('"').lower()
            titles = [column.title.lower() for column in self.columns]
            if title not in titles and op == "=":  # such as LIF=0, the name of a perturbation
                terms.append((None, "=", f"{title}={value}"))
                continue
            if title not in titles:
                raise ValueError(f"there is no column {title}")
            column = titles.index(title)
            if self.columns[column].is_number:
                try:
                    float(value)
                except ValueError:
                    raise ValueError(f"{value} is not a number") from None
            elif op not in ("=", "!="):
                raise ValueError(f"{title} is text: use = or !=")
            terms.append((column, op, value))
        return terms

    # --- model interface ---

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Return how many rows are shown."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the title or tip of a column."""
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.columns[section].tip or None
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        if not index.isValid():
            return None
        source, column = self.source(index.row()), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(source, column)
        found = self.look(source, column, role)
        if found is None and role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter if self.columns[column].is_number else None
        return found


_LAST = float("inf")
_OPERATIONS: dict[str, Any] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}
