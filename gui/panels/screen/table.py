"""Models of a screen: one row for each run, and the matrix of perturbations by contexts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from gui.model.edits import perturbation_text
from gui.panels.screen.columns import LazyColumns, row_changed
from gui.widgets.style import theme
from gui.widgets.table import ArrayTable, Column
from regnet.analysis.screen import ScreenRow
from regnet.scenario import Perturbation
from regnet.screens import Rows
from regnet.screens.setup import Setup, together
from regnet.space import Range, Space

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SEEN = 5_000  # rows of a folder whose texts are cached
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ROLES = Qt.ItemDataRole

OUTCOME, COUNT, TOGETHER = "Outcome", "Attractors", "Only together"
WILD = "wild type"


class ScreenTable(ArrayTable):
    """The rows of a screen, in the order in which they were computed, the wild type first."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[ScreenRow] | Rows = []
        self.lazy: LazyColumns | None = None
        self._lines: dict[int, list[Any]] = {}
        self.setup: Setup | None = None
        self.changed = 0
        self.failed = 0
        self._wild: dict[str, ScreenRow] = {}
        self._places: dict[tuple[str, Space], int] = {}
        self._first_readout = 0

    def begin(self, setup: Setup) -> None:
        """Show another screen, initially without rows."""
        self.setup = setup
        self.rows = []
        self.lazy = None
        self._lines.clear()
        self.changed = self.failed = 0
        self._wild.clear()
        self._places.clear()
        columns = [
            Column("Perturbation", tip="The perturbation, added to the context"),
            Column("Context", tip="The scenario that is perturbed"),
            Column(
                "Changed", tip="Whether the outcome differs from that of the unperturbed context"
            ),
            Column(COUNT, is_number=True, tip="Number of attractors"),
        ]
        self._first_readout = len(columns)
        columns += [
            Column(name, is_number=True, tip=f"Levels of {name} over all attractors")
            for name in setup.readouts
        ]
        if "pairs" in setup.kinds and not setup.is_large:
            tip = "The effect of the pair that neither of the two has alone"
            columns.append(Column(TOGETHER, tip=tip))
        if setup.phenotypes:
            columns += [
                Column("Gained", tip="Phenotypes that the unperturbed context does not have"),
                Column("Lost", tip="Phenotypes that only the unperturbed context has"),
                Column(OUTCOME, tip="The phenotypes of the attractors, with their counts"),
            ]
        columns.append(Column("Status", tip="The guarantee of the row, or why there is no answer"))
        self.reset(columns)

    def follow(self, rows: Rows) -> None:
        """Show the rows of a folder that are there now; cells are read when they become visible."""
        before = self._total
        self.rows = rows
        self.lazy = LazyColumns(rows, [c.title for c in self.columns], self.name)
        self._lines.clear()
        self.changed = rows.changed
        self.failed = self.lazy.failed
        if len(rows) > before:
            self.grow(len(rows) - before)

    def add(self, rows: Sequence[ScreenRow]) -> None:
        """Add computed rows, or show those of a folder."""
        assert self.setup is not None
        if isinstance(rows, Rows):
            self.follow(rows)
            return
        assert isinstance(self.rows, list)
        for number, row in enumerate(rows, start=len(self.rows)):
            if not row.perturbation.cuts:
                self._places[row.context, row.perturbation.clamps] = number
        self.rows.extend(rows)
        self.changed += sum(row.changed is True for row in rows)
        self.failed += sum(row.attractors is None for row in rows)
        lines = [self._line(row) for row in rows]
        if lines:
            self.append(*zip(*lines, strict=True))

    def place(self, context: str, clamps: Space) -> int | None:
        """Return the source row with exactly these clamps, or None."""
        if isinstance(self.rows, Rows):
            return self.rows.number(context, clamps)
        return self._places.get((context, clamps))

    def wild(self, row: ScreenRow) -> ScreenRow | None:
        """Return the wild type in the same context."""
        if isinstance(self.rows, Rows) and row.context not in self._wild:
            number = self.rows.number(row.context, Space())
            if number is None:
                return None
            self._wild[row.context] = self.rows[number]
        return self._wild.get(row.context)

    def _kept(self) -> Sequence[int]:
        """Return the rows of the wild type, with which all others are compared."""
        if self.setup is None:
            return ()
        places = (self.place(context.name, Space()) for context in self.setup.contexts)
        return [place for place in places if place is not None]

    def name(self, perturbation: Perturbation) -> str:
        """Return the label of a perturbation."""
        assert self.setup is not None
        return perturbation_text(perturbation, self.setup.network) or WILD

    def together(self, source: int) -> str:
        """Return the effect of a pair that neither of the two has alone."""
        row = self.rows[source]
        return self._together(row, self.wild(row))

    def changes(self, row: ScreenRow, column: str) -> int:
        """Return 1, -1 or 2 where a readout is higher, lower or otherwise different, 0 else."""
        wild = self.wild(row)
        own = row.readouts.get(column)
        other = wild.readouts.get(column) if wild is not None else None
        if own is None or other is None or own == other:
            return 0
        if own[0] >= other[0] and own[1] >= other[1]:
            return 1
        return -1 if own[0] <= other[0] and own[1] <= other[1] else 2

    def _line(self, row: ScreenRow) -> list[Any]:
        assert self.setup is not None
        if not row.perturbation:
            self._wild[row.context] = row
        wild = self.wild(row)
        line: list[Any] = [
            self.name(row.perturbation),
            row.context,
            row_changed(not row.perturbation, row.changed),
            row.attractors,
            *(_key(row.readouts.get(name)) for name in self.setup.readouts),
        ]
        if "pairs" in self.setup.kinds and not self.setup.is_large:
            line.append(self._together(row, wild))
        if self.setup.phenotypes:
            before = wild.phenotypes if wild else {}
            known = row.attractors is not None
            line.append(", ".join(n for n in row.phenotypes if n not in before))
            line.append(", ".join(n for n in before if n not in row.phenotypes) if known else "")
            line.append(outcome(row))
        line.append(row.status)
        return line

    def _together(self, row: ScreenRow, wild: ScreenRow | None) -> str:
        clamps = row.perturbation.clamps
        if len(clamps) < 2 or wild is None:
            return ""
        places = [self.place(row.context, Space({n: r})) for n, r in clamps.items()]
        return together(row, wild, [self.rows[p] for p in places if p is not None])

    # --- appearance of cells ---

    def text(self, source: int, column: int) -> str:
        """Return the text of a cell; readouts are ranges with an arrow where they changed."""
        assert self.setup is not None
        place = column - self._first_readout
        if 0 <= place < len(self.setup.readouts):
            row, name = self.rows[source], self.setup.readouts[place]
            return levels_text(row.readouts.get(name), self.changes(row, name))
        if self.lazy is not None:
            value = self._lazy_line(source)[column]
            return value if isinstance(value, str) else "" if value is None else f"{value:,g}"
        return super().text(source, column)

    def _lazy_line(self, source: int) -> list[Any]:
        if source not in self._lines:
            if len(self._lines) > _SEEN:
                self._lines.clear()
            self._lines[source] = self._line(self.rows[source])
        return self._lines[source]

    def _values(self, column: int) -> NDArray[Any]:
        if self.lazy is None:
            return super()._values(column)
        return self.lazy.numbers(self.columns[column].title)

    def _ranked(self, column: int) -> NDArray[Any]:
        if self.lazy is None or self.columns[column].is_number:
            return super()._ranked(column)
        if column not in self._codes:
            self._codes[column] = self.lazy.ranks(self.columns[column].title)
        return self._codes[column]

    def _having(self, column: int | None, word: str) -> NDArray[Any]:
        if self.lazy is None:
            return super()._having(column, word)
        titles = [c.title for c in self.columns if not c.is_number]
        if column is not None:
            titles = [self.columns[column].title]
        return self.lazy.having(titles, word)

    def look(self, source: int, column: int, role: int) -> Any:
        """Return the colours of levels, bold for changes, and the colour of errors."""
        assert self.setup is not None
        row = self.rows[source]
        title = self.columns[column].title
        place = column - self._first_readout
        if 0 <= place < len(self.setup.readouts):
            name = self.setup.readouts[place]
            top = self.setup.network[name].top
            return level_look(row.readouts.get(name), top, role, strong=self.changes(row, name))
        if role == _ROLES.ForegroundRole:
            if title == "Gained":
                return theme()["gained"]
            if title == "Lost":
                return theme()["lost"]
            if row.attractors is None:
                return theme()["error"]
        if role == _ROLES.FontRole:
            return _bold() if row.changed and column == 0 else _slanted(row)
        if role == _ROLES.ToolTipRole:
            return self.text(source, column)
        return None


class ScreenMatrix(QAbstractTableModel):
    """One quantity of a screen: perturbations by contexts, or one by the other in one context."""

    def __init__(self, table: ScreenTable) -> None:
        super().__init__()
        self._table = table
        self._places: list[int] = []
        self._singles: list[Space] = []
        self._contexts: tuple[str, ...] = ()
        self.quantity = COUNT
        self.pairs_in = ""
        """The context whose pairs are shown, or an empty string for all contexts."""

    @property
    def readouts(self) -> tuple[str, ...]:
        """The components that are read."""
        return self._table.setup.readouts if self._table.setup is not None else ()

    def refresh(self) -> None:
        """Show the visible perturbations of the table, in its order."""
        self.beginResetModel()
        self._places, self._singles = [], []
        setup = self._table.setup
        self._contexts = tuple(c.name for c in setup.contexts) if setup is not None else ()
        rows = self._table.rows
        if setup is not None and self.pairs_in and isinstance(rows, Rows):
            self._singles = [Space({name: level}) for name, level in rows.folder.plan.singles]
        elif setup is not None and self.pairs_in:
            shown = dict.fromkeys(
                Space({name: levels})
                for source in self._table.sources()
                for name, levels in self._table.rows[source].perturbation.clamps.items()
                if self._table.rows[source].context == self.pairs_in
            )
            order = {name: number for number, name in enumerate(setup.network.names)}
            self._singles = sorted(shown, key=lambda s: [(order[n], r) for n, r in s.items()])
        elif setup is not None:
            width = self._width(setup)
            if isinstance(rows, Rows):
                width = rows.folder.plan.width
            self._places = list(dict.fromkeys(s % width for s in self._table.sources()))
        self.endResetModel()

    def show_quantity(self, quantity: str) -> None:
        """Show another quantity: `OUTCOME`, `COUNT`, `TOGETHER` or a readout."""
        self.beginResetModel()
        self.quantity = quantity
        self.endResetModel()

    def source(self, index: _Index) -> int | None:
        """Return the source row of a cell in the table, or None if it is not computed."""
        setup = self._table.setup
        if setup is None or not index.isValid():
            return None
        if self.pairs_in:
            both = self._singles[index.row()] & self._singles[index.column()]
            return None if both is None else self._table.place(self.pairs_in, both)
        source = index.column() * self._width(setup) + self._places[index.row()]
        return source if source < len(self._table.rows) else None

    def _width(self, setup: Setup) -> int:
        if setup.targets:
            return setup.width
        first = setup.contexts[0].name  # the screen comes from elsewhere
        return max(sum(row.context == first for row in self._table.rows), 1)

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Return how many perturbations there are."""
        if parent.isValid():
            return 0
        return len(self._singles) if self.pairs_in else len(self._places)

    def show_pairs(self, context: str) -> None:
        """Show the pairs in one context, or with an empty string perturbations by contexts."""
        self.beginResetModel()
        self._places, self._singles = [], []
        self.pairs_in = context
        self.endResetModel()
        self.refresh()

    def clear(self) -> None:
        """Clear the matrix before the rows of the table change."""
        self.beginResetModel()
        self._places, self._singles, self._contexts = [], [], ()
        self.endResetModel()

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """Return the number of contexts, or of perturbations if pairs are shown."""
        if parent.isValid():
            return 0
        return len(self._singles) if self.pairs_in else len(self._contexts)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLES.DisplayRole
    ) -> Any:
        """Return the name of a context or perturbation."""
        setup = self._table.setup
        if setup is None or role not in (_ROLES.DisplayRole, _ROLES.ToolTipRole):
            return None
        if self.pairs_in:
            return self._table.name(Perturbation(self._singles[section]))
        if orientation == Qt.Orientation.Horizontal:
            return self._contexts[section]
        return self._table.name(self._table.rows[self._places[section]].perturbation)

    def data(self, index: _Index, role: int = _ROLES.DisplayRole) -> Any:
        """Return what a cell shows."""
        source = self.source(index)
        if source is None:
            return None
        row = self._table.rows[source]
        if self.quantity == TOGETHER:
            return self._synergy(source, role)
        if self.quantity not in (OUTCOME, COUNT):
            return self._readout(row, role)
        if role in (_ROLES.DisplayRole, _ROLES.ToolTipRole):
            if row.attractors is None:
                return row.status if role == _ROLES.ToolTipRole else "?"
            return outcome(row) if self.quantity == OUTCOME else f"{row.attractors:,}"
        if role == _ROLES.TextAlignmentRole and self.quantity == COUNT:
            return Qt.AlignmentFlag.AlignCenter
        wild = self._table.wild(row)
        differs = wild is not None and (
            wild.phenotypes.keys() != row.phenotypes.keys()
            if self.quantity == OUTCOME
            else wild.attractors != row.attractors
        )
        if role == _ROLES.FontRole and differs:
            return _bold()
        if role == _ROLES.ForegroundRole and not differs:
            return theme()["muted"]
        return None

    def _synergy(self, source: int, role: int) -> Any:
        text = self._table.together(source)
        if role == _ROLES.DisplayRole:
            return text
        if role == _ROLES.ToolTipRole:
            return outcome(self._table.rows[source])
        if role == _ROLES.BackgroundRole and text:
            return theme()["free"]
        return theme()["free-ink"] if role == _ROLES.ForegroundRole and text else None

    def _readout(self, row: ScreenRow, role: int) -> Any:
        setup = self._table.setup
        assert setup is not None
        levels = row.readouts.get(self.quantity)
        change = self._table.changes(row, self.quantity)
        if role == _ROLES.DisplayRole:
            return "?" if row.attractors is None else levels_text(levels, change)
        if role == _ROLES.ToolTipRole and row.attractors is None:
            return row.status
        return level_look(levels, setup.network[self.quantity].top, role, strong=change)


def outcome(row: ScreenRow) -> str:
    """Return the phenotypes of a row, with the count of those of several attractors."""
    named = [f"{n} ×{count:,}" if count > 1 else n for n, count in row.phenotypes.items()]
    return ", ".join(named)


def levels_text(levels: Range | None, change: int = 0) -> str:
    """Return the text of levels, with a sign where they are changed."""
    if levels is None:
        return ""
    low, high = levels
    text = str(low) if low == high else f"{low}–{high}"
    return text + {0: "", 1: " ▲", -1: " ▼", 2: " ≠"}[change]


def level_look(levels: Range | None, top: int, role: int, *, strong: int) -> Any:
    """Return the appearance of a cell with levels."""
    if levels is None:
        return None
    if role == _ROLES.TextAlignmentRole:
        return Qt.AlignmentFlag.AlignCenter
    if role == _ROLES.FontRole and strong:
        return _bold()
    if role not in (_ROLES.BackgroundRole, _ROLES.ForegroundRole):
        return None
    paper = role == _ROLES.BackgroundRole
    if levels[0] != levels[1]:
        return theme()["free" if paper else "free-ink"]
    return theme().level(levels[0], top)[0 if paper else 1]


def _key(levels: Range | None) -> float | None:
    """Return a number that sorts ranges by their lowest level."""
    return None if levels is None else levels[0] + (levels[1] - levels[0]) / 1000


def _bold() -> QFont:
    font = QFont()
    font.setBold(True)
    return font


def _slanted(row: ScreenRow) -> QFont | None:
    if row.perturbation:
        return None
    font = QFont()
    font.setItalic(True)
    return font
