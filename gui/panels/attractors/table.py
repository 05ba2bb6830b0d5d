"""Attractors as rows: a table model, and the labels of attractors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby, product
from math import prod
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QFont

from gui.widgets.describe import changing, condition_text, describe
from gui.widgets.table import Titled
from regnet.analysis import found_words
from regnet.analysis.attractors import Attractor, Attractors
from regnet.analysis.trace import find_states
from regnet.errors import RegnetError
from regnet.logic import Expr, decide, evaluate, variables
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario
from regnet.space import Space

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
COLUMNS = ("Attractor", "Phenotypes", "Kind", "States", "Changing", "Inputs")
_TIPS = (
    "Its number in the answer",
    "The names that hold in all its states",
    "Fixed point: nothing changes. Cyclic: a single cycle. Complex: several interlinked cycles",
    "How many states it has",
    "How many components keep changing in it",
    "The inputs under which it exists; those equal in all rows are left out",
)
GROUPS = ("No groups", "By inputs", "By phenotype", "By kind")


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows under one title; an empty title means that the rows stand alone."""

    title: str
    rows: tuple[int, ...]


class AttractorTable(Titled, QAbstractItemModel):
    """Attractors in groups, sorted and filtered. A row is identified by its index in the answer."""

    titles, tips = COLUMNS, _TIPS

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.found: tuple[Attractor, ...] = ()
        self.tops: dict[str, int] = {}
        self._telling: frozenset[str] = frozenset()
        self.grouping = GROUPS[0]
        self.order: Callable[[int], Any] = int
        self.is_descending = False
        self.keeps: Callable[[Attractor], bool] = lambda _attractor: True
        self.groups: tuple[_Group, ...] = ()
        self.is_flat = True
        """Whether rows stand alone."""

    # --- display ---

    def show_answer(self, found: Attractors, tops: dict[str, int]) -> None:
        """Set the attractors of another answer, which the next `rebuild` shows."""
        self.found, self.tops = found.attractors, tops
        self._telling = _telling([a.condition for a in self.found])
        self.order, self.is_descending = int, False

    def rebuild(self) -> None:
        """Sort, filter and group anew."""
        self.beginResetModel()
        kept = [i for i, a in enumerate(self.found) if self.keeps(a)]
        kept.sort(key=self.order, reverse=self.is_descending)
        if self.grouping == GROUPS[0]:
            self.groups = (_Group("", tuple(kept)),) if kept else ()
        else:
            order = {row: self._group_order(row) for row in kept}
            kept.sort(key=order.__getitem__)  # keeps the order within each group
            self.groups = tuple(
                _Group(self._title(self.found[rows[0]]), rows)
                for _, members in groupby(kept, key=order.__getitem__)
                if (rows := tuple(members))
            )
        self.is_flat = all(not group.title for group in self.groups)
        self.endResetModel()

    def _group_order(self, row: int) -> tuple[object, ...]:
        """Keep groups in the order of the answer, however their rows are sorted."""
        a = self.found[row]
        if self.grouping == GROUPS[1]:
            return tuple(a.condition.values())
        if self.grouping == GROUPS[2]:
            return (not a.phenotypes, a.phenotypes)
        return (a.kind != "fixed point", a.kind)

    def _title(self, attractor: Attractor) -> str:
        if self.grouping == GROUPS[1]:
            return self._inputs(attractor)
        if self.grouping == GROUPS[2]:
            return ", ".join(attractor.phenotypes) or "no phenotype"
        return attractor.kind if self.grouping == GROUPS[3] else ""

    @property
    def rows(self) -> list[int]:
        """The attractors that are shown, in order."""
        return [row for group in self.groups for row in group.rows]

    def index_of(self, row: int) -> QModelIndex:
        """Return the index of an attractor; invalid if it is filtered out."""
        for number, group in enumerate(self.groups):
            if row in group.rows:
                place = group.rows.index(row)
                return self.createIndex(place, 0, 0 if self.is_flat else number + 1)
        return QModelIndex()

    def row_of(self, index: _Index) -> int | None:
        """Return the attractor at an index, or None for the title of a group."""
        if not index.isValid():
            return None
        inside = index.internalId()
        if inside:
            return self.groups[inside - 1].rows[index.row()]
        return self.groups[0].rows[index.row()] if self.is_flat else None

    # --- what Qt asks ---

    def index(self, row: int, column: int, parent: _Index = _ROOT) -> QModelIndex:
        """Return the index of a group or of an attractor; the id is 0 at the top level."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: _Index = _ROOT) -> QModelIndex:  # type: ignore[override]
        """Return the group of an attractor."""
        inside = index.internalId() if index.isValid() else 0
        return self.createIndex(inside - 1, 0, 0) if inside else QModelIndex()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Return how many groups there are, or attractors in one."""
        if not parent.isValid():
            if not self.groups:
                return 0
            return len(self.groups[0].rows) if self.is_flat else len(self.groups)
        if self.is_flat or parent.internalId() or parent.column():
            return 0
        return len(self.groups[parent.row()].rows)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """Return how many columns there are."""
        return len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        row, column = self.row_of(index), index.column()
        if row is None:
            group = self.groups[index.row()]
            if role == Qt.ItemDataRole.DisplayRole and column == 0:
                return f"{group.title}  ({len(group.rows)})"
            if role == Qt.ItemDataRole.FontRole:
                font = QFont()
                font.setBold(True)
                return font
            return None
        attractor = self.found[row]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, attractor, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return describe(row, attractor)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in (3, 4):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _text(self, row: int, attractor: Attractor, column: int) -> str:
        match column:
            case 0:
                return f"A{row + 1}"
            case 1:
                return ", ".join(attractor.phenotypes) or "–"
            case 2:
                return attractor.kind
            case 3:
                return "not counted" if attractor.size is None else f"{attractor.size:,}"
            case 4:
                return str(len(changing(attractor))) if changing(attractor) else "–"
            case _:
                return self._inputs(attractor)

    def _inputs(self, attractor: Attractor) -> str:
        if not attractor.condition:
            return ""
        silent = [n for n in attractor.condition if n not in self._telling]
        return condition_text(attractor.condition.without(*silent), self.tops)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column."""
        orders: tuple[Callable[[int], Any], ...] = (
            int,
            lambda i: (not self.found[i].phenotypes, self.found[i].phenotypes, i),
            lambda i: (self.found[i].kind, i),
            lambda i: (self.found[i].size is None, self.found[i].size or 0, i),
            lambda i: (len(changing(self.found[i])), i),
            lambda i: (tuple(self.found[i].condition.values()), i),
        )
        self.sort_by(orders[max(column, 0)], descending=order == Qt.SortOrder.DescendingOrder)

    def sort_by(self, order: Callable[[int], Any], *, descending: bool = False) -> None:
        """Sort by any key function of the attractor."""
        self.order, self.is_descending = order, descending
        self.rebuild()


def filter_of(
    text: str, network: LogicalNetwork, scenario: Scenario | None = None
) -> tuple[Callable[[Attractor], bool], str]:
    """Return a predicate for the attractors that match a text, and any error in the text.

    A condition keeps those in which it holds throughout; words are matched with the labels.
    `scenario` is that of the attractors; None where they are of an older network. An attractor with
    too many states to test one by one is kept if its ranges do not decide the condition.
    """
    problem = ""
    condition: Expr | None = None
    if any(sign in text for sign in "=<>!&|:"):
        try:
            condition = network.parse(text)
        except RegnetError as error:
            problem = str(error)
    words = text.casefold().split()

    def keeps(attractor: Attractor) -> bool:
        if not words:
            return True
        if condition is not None:
            return holds_throughout(condition, attractor, network, scenario) is not False
        said = " ".join((*attractor.phenotypes, attractor.kind, str(attractor.condition)))
        return all(word in said.casefold() for word in words)

    return keeps, problem


_MAX_COMBINATIONS = 4096  # combinations of levels, or states, that are tested one by one


def holds_throughout(
    condition: Expr, attractor: Attractor, network: LogicalNetwork, scenario: Scenario | None = None
) -> bool | None:
    """Return whether a condition holds in all states of an attractor; None if there are too many.

    The ranges are tested first, then the states, by following the dynamics from one of them.
    """
    known = decide(condition, attractor.space)
    if known is not None or attractor.space.keys() != set(network.names):
        return known
    names = list(dict.fromkeys(v.name for v in variables(condition)))
    ranges = [range(low, high + 1) for low, high in (attractor.space[n] for n in names)]
    if prod(map(len, ranges)) <= _MAX_COMBINATIONS and all(
        evaluate(condition, dict(zip(names, levels, strict=True))) for levels in product(*ranges)
    ):
        return True
    follows = {*attractor.follows, *(n for n, (a, b) in attractor.condition.items() if a != b)}
    if (
        scenario is None
        or follows.intersection(names)
        or attractor.size is None
        or attractor.size > _MAX_COMBINATIONS
    ):
        return None
    state = tuple(attractor.seed[name][0] for name in network.names)
    try:
        found = find_states(network, scenario, start=state, limit=_MAX_COMBINATIONS)
    except RegnetError:  # most-permissive updates have no steps
        return None
    if found.missing or len(found.states) != attractor.size:
        return None
    levels = (dict(zip(network.names, state, strict=True)) for state in found.states)
    return all(evaluate(condition, each) for each in levels)


# --- text -----------------------------------------------------------------------------------


def summary(found: Attractors) -> str:
    """Return how many attractors there are of each kind."""
    kinds: dict[str, int] = {}
    for attractor in found.attractors:
        kinds[attractor.kind] = kinds.get(attractor.kind, 0) + attractor.valuations
    parts = [f"{n:,} {kind}" + ("s" if kind == "fixed point" and n > 1 else "")
             for kind, n in kinds.items()]  # fmt: skip
    total = found_words(found.count, "attractor", found.missing)
    detail = f" ({', '.join(parts)})" if parts else ""
    rows = len(found.attractors)
    listed = f", listed in {rows:,} rows" if rows != found.count else ""
    return f"{total}{detail}{listed}, {found.origin.scenario.update} update"


def label(row: int, attractor: Attractor) -> str:
    """Return the label of an attractor: its number, and its phenotypes or else its kind."""
    return f"A{row + 1}  {', '.join(attractor.phenotypes) or attractor.kind}"


def tops_of(found: Attractors, network: LogicalNetwork) -> dict[str, int]:
    """Return the highest level of each component, including deleted ones."""
    tops = {n: network.tops.get(n, 1) for n in found.origin.components}
    if found.origin.digest != network.digest:
        for attractor in found.attractors:
            for name, (_, high) in attractor.space.items():
                tops[name] = max(tops.get(name, 1), high)
    return tops


def _telling(conditions: Sequence[Space]) -> frozenset[str]:
    """Return the inputs that differ between conditions."""
    alike = dict(conditions[0]) if conditions else {}
    for condition in conditions:
        for name in [n for n, levels in alike.items() if condition[n] != levels]:
            del alike[name]
    return frozenset(conditions[0] if conditions else ()) - alike.keys()
