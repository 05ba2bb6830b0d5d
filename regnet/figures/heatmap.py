"""Heat maps: attractors by components, perturbations by contexts, every level printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from regnet.analysis.attractors import Attractor, Attractors
from regnet.analysis.screen import Screen, ScreenRow
from regnet.figures.marks import (
    LINE,
    Drawing,
    Group,
    Key,
    Mark,
    Rect,
    Text,
    hatched_box,
    legend,
    level_keys,
)
from regnet.figures.svg import to_svg
from regnet.figures.theme import LIGHT, STEPS, Theme, level_step, level_text
from regnet.layout import text_width
from regnet.network import LogicalNetwork
from regnet.scenario import Perturbation
from regnet.space import Range

MAX_COLUMNS = 30
MAX_ROWS = 42
"""Larger maps are drawn in parts of at most this size."""

FEW_ROWS = 10
"""Fewer rows are never divided."""

CELL = 24.0
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MARGIN = 8.0
_TITLE = 20.0  # height of the title of a group
_GAP = 10.0  # between groups


@dataclass(frozen=True, slots=True)
class Cell:
    """What one square shows.

    Parameters
    ----------
    text
        What is printed on it.
    look
        ``"level"``, ``"free"`` (keeps changing), ``"varies"`` (differs between inputs),
        ``"missing"`` (there is no value, which is not level 0) or ``"empty"``.
    step
        The step of the level ramp.
    mark
        ``"up"``, ``"down"`` or ``"changed"`` for a frame that tells how it differs from another.
    note
        What a tooltip says.
    """

    text: str
    look: str = "empty"
    step: int = 0
    mark: str = ""
    note: str = ""


MISSING = Cell("·", "missing")


def level_cell(
    levels: Range | None, top: int, *, varies: bool = False, before: Range | None = None,
    note: str = "",
) -> Cell:  # fmt: skip
    """Return the cell of a level or range, marked if it differs from `before`."""
    if levels is None:
        return MISSING
    low, high = levels
    mark = ""
    if before is not None and before != levels:
        rise = (low + high) - (before[0] + before[1])
        mark = "up" if rise > 0 else "down" if rise < 0 else "changed"
    if low == high:
        return Cell(level_text(levels), "level", level_step(low, max(top, low)), mark, note)
    return Cell(level_text(levels), "varies" if varies else "free", 0, mark, note)


def square(cell: Cell, x: float, y: float, width: float, height: float) -> list[Mark]:
    """Return the marks of one cell."""
    fill, ink = {
        "level": (f"level-{cell.step}", f"ink-{cell.step}"),
        "varies": ("varies", "ink"),
        "free": ("free", "free-ink"),
        "missing": ("paper", "muted"),
        "empty": ("paper", "ink"),
    }[cell.look]
    marks: list[Mark] = [Rect(x, y, width, height, fill, "grid", 0.8)]
    if cell.look == "free":
        marks = hatched_box(x, y, width, height)
    if cell.mark:
        role = {"up": "gained", "down": "lost"}.get(cell.mark, "changed")
        for inset, stroke, weight in ((1.4, role, 2.2), (3.2, "paper", 1.0)):
            inner = width - 2 * inset, height - 2 * inset
            marks.append(Rect(x + inset, y + inset, *inner, "", stroke, weight))
    if cell.text:
        middle = x + width / 2, y + height / 2
        marks.append(Text(*middle, cell.text, ink, bold=bool(cell.mark)))
    return marks


def cell_keys(
    cells: Iterable[Cell], *, free: str = "keeps changing between these levels",
    changed: str = "other than before",
) -> list[Key]:  # fmt: skip
    """Return the legend of some squares: only what is there to be seen."""
    found = {replace(cell, text="", step=0, note="") for cell in cells}
    looks, marks = {cell.look for cell in found}, {cell.mark for cell in found}
    keys = level_keys(hatched=False) if "level" in looks else []
    words = (
        (Cell("", "free"), free, "free" in looks),
        (Cell("", "varies"), "follows the inputs", "varies" in looks),
        (MISSING, "no value", "missing" in looks),
        (Cell("", mark="up"), "higher than before", "up" in marks),
        (Cell("", mark="down"), "lower than before", "down" in marks),
        (Cell("", mark="changed"), changed, "changed" in marks),
    )
    keys += [Key(what, tuple(square(cell, 0, -7, 22, 14))) for cell, what, there in words if there]
    return keys


def attractor_heatmap(
    found: Attractors, network: LogicalNetwork, *, theme: Theme = LIGHT
) -> tuple[str, ...]:
    """Return attractors by components with every level printed, in parts that fit a page.

    Components that keep changing are hatched and show their range; those that differ between
    input combinations (see `Attractor.follows`) are grey.
    """
    tops = network.tops
    labels = [f"A{i}: {describe(a)}" for i, a in enumerate(found.attractors, start=1)]
    cells = [
        [_attractor_cell(a, name, tops[name]) for name in network.names] for a in found.attractors
    ]
    matrix = Matrix(
        f"attractors of {network.name}", labels, network.names, cells,
        right=[", ".join(a.phenotypes) for a in found.attractors],
    )  # fmt: skip
    return tuple(to_svg(part, theme) for part in matrix.parts())


def describe(attractor: Attractor) -> str:
    """Return an attractor's kind, size and number of input combinations in a few words.

    >>> from regnet.space import Space
    >>> describe(Attractor("complex", 9, Space(), Space()))
    'complex, 9 states'
    """
    text = attractor.kind
    if attractor.kind != "fixed point":
        text += f", {size_words(attractor.size)} states" if attractor.size is not None else ""
    if attractor.valuations > 1:
        text += f", in {attractor.valuations:,} input combinations"
    return text


def size_words(size: int) -> str:
    """Return a number of states, rounded where it has more than ten digits.

    >>> size_words(12_345), size_words(571_904_376_117_919_744)
    ('12,345', '≈ 5.72 × 10¹⁷')
    """
    if size < 10**10:
        return f"{size:,}"
    power = len(str(size)) - 1
    rounded = f"{size / 10**power:.2f}"
    return f"≈ {rounded} × 10{str(power).translate(_RAISED)}"


def _attractor_cell(attractor: Attractor, name: str, top: int) -> Cell:
    levels = attractor.space.get(name, (0, top))
    varies = name in attractor.follows or name in attractor.condition
    return level_cell(levels, top, varies=varies, note=f"{name} = {level_text(levels)}")


def screen_matrix(
    screen: Screen,
    network: LogicalNetwork,
    *,
    rows: Sequence[ScreenRow] | None = None,
    theme: Theme = LIGHT,
) -> tuple[str, ...]:
    """Return perturbations by contexts, in parts that fit a page.

    Each context has a column for each readout; without readouts, for each phenotype; without
    those, the number of attractors. A frame marks what differs from the wild type in the same
    context.

    Parameters
    ----------
    screen
        The screen.
    network
        Gives the highest levels.
    rows
        Which rows to draw; default all.
    theme
        `LIGHT`, `DARK` or `ADAPTIVE`.
    """
    chosen = screen.rows if rows is None else rows
    contexts = [c.name for c in screen.contexts]
    seen = {name for r in screen.rows for name in r.phenotypes}
    phenotypes = [p.name for p in screen.phenotypes if p.name in seen]
    columns = list(screen.readouts) or phenotypes or ["attractors"]
    by_place = {(r.perturbation, r.context): r for r in (*screen.rows, *chosen)}
    wild = {context: by_place.get((Perturbation(), context)) for context in contexts}
    done = list(dict.fromkeys((Perturbation(), *(r.perturbation for r in chosen))))
    labels = [p.label for p in done]
    cells = []
    for perturbation in done:
        line = []
        for context in contexts:
            row, reference = by_place.get((perturbation, context)), wild[context]
            line += [_screen_cell(row, reference, c, screen, network) for c in columns]
        cells.append(line)
    matrix = Matrix(
        f"screen of {screen.origin.network}", labels, columns * len(contexts), cells,
        column_groups=[(context or "as it is", len(columns)) for context in contexts],
        free="several levels, within or between attractors", changed="differs from the wild type",
    )  # fmt: skip
    return tuple(to_svg(part, theme) for part in matrix.parts(repeated=1))


def _screen_cell(
    row: ScreenRow | None,
    wild: ScreenRow | None,
    column: str,
    screen: Screen,
    network: LogicalNetwork,
) -> Cell:
    if row is None:
        return Cell("", note="not computed")
    if row.attractors is None:
        return Cell("?", "varies", note=row.status)
    note = f"{row.perturbation.label}, {row.context}: {column}"
    if column in screen.readouts:
        levels = row.readouts.get(column)
        if levels is None:
            return Cell("?", "varies", note=row.status)
        differs = wild is not None and wild.readouts.get(column, levels) != levels
        cell = level_cell(levels, network.tops[column], note=f"{note} = {level_text(levels)}")
        return replace(cell, mark="changed" if differs else "")
    if column not in {p.name for p in screen.phenotypes}:
        differs = wild is not None and wild.attractors != row.attractors
        return Cell(f"{row.attractors:,}", mark="changed" if differs else "", note=note)
    count = row.phenotypes.get(column, 0)
    differs = wild is not None and (wild.phenotypes.get(column, 0) > 0) != (count > 0)
    return Cell(
        f"{count:,}" if count else "", "level", STEPS // 2 if count else 0,
        "changed" if differs else "", f"{note}: {count} attractors",
    )  # fmt: skip


Groups = Sequence[tuple[str, int]]
"""Titles of neighbours, and how many each stands over."""


@dataclass(frozen=True)
class Matrix:
    """A table of squares.

    Parameters
    ----------
    title
        What it shows.
    labels, columns
        What runs down and across.
    cells
        A row for each label, with a cell for each column.
    right
        What stands to the right of each row.
    row_groups, column_groups
        Titles over neighbouring rows or columns.
    free, changed
        What the legend says of squares with several levels and of frames.
    """

    title: str
    labels: Sequence[str]
    columns: Sequence[str]
    cells: Sequence[Sequence[Cell]]
    right: Sequence[str] = ()
    row_groups: Groups = ()
    column_groups: Groups = ()
    free: str = "keeps changing between these levels"
    changed: str = "other than before"

    def transposed(self) -> Matrix:
        """Return it with its rows as columns."""
        return replace(
            self, labels=self.columns, columns=self.labels,
            cells=[[row[at] for row in self.cells] for at in range(len(self.columns))],
            row_groups=self.column_groups, column_groups=self.row_groups,
        )  # fmt: skip

    def parts(self, *, repeated: int = 0) -> list[Drawing]:
        """Return it in as many drawings as its size needs; the last one has the legend.

        The first `repeated` rows stand in each. Many rows of few columns stand beside each other.
        """
        first = min(repeated, len(self.labels) - 1)
        body = range(first, len(self.labels))
        chunks = [[*range(first), *body[i : i + MAX_ROWS]] for i in range(0, len(body), MAX_ROWS)]
        spans = _column_parts(len(self.columns), self.column_groups)
        places = [(rows, span) for rows in chunks for span in spans]
        drawings = []
        for rows, (start, stop, groups) in places:
            part = replace(
                self,
                labels=[self.labels[i] for i in rows],
                columns=self.columns[start:stop],
                cells=[self.cells[i][start:stop] for i in rows],
                right=[self.right[i] for i in rows] if self.right and stop == spans[-1][1] else (),
                column_groups=groups,
            )
            is_last = rows is chunks[-1] and stop == spans[-1][1]
            drawings.append(part.folded(first, self.keys() if is_last else ()))
        return drawings

    def folded(self, repeated: int, keys: Iterable[Key]) -> Drawing:
        """Return it as one drawing, its rows beside each other where that fits a line."""
        body = len(self.labels) - repeated
        across = min(int(LINE // self.drawing(()).width), -(-body // FEW_ROWS))
        if across < 2 or self.row_groups:
            return self.drawing(keys)
        size = -(-body // across)
        marks: list[Mark] = []
        x = height = 0.0
        for start in range(repeated, len(self.labels), size):
            rows = [*range(repeated), *range(start, min(start + size, len(self.labels)))]
            part = replace(
                self,
                labels=[self.labels[i] for i in rows],
                cells=[self.cells[i] for i in rows],
                right=[self.right[i] for i in rows] if self.right else (),
            ).drawing(())
            marks.append(Group(part.marks, x))
            x, height = x + part.width + _GAP, max(height, part.height)
        drawn, extra = legend(keys, _MARGIN, height, max(x, LINE / 2) - 2 * _MARGIN)
        return Drawing(max(x, LINE / 2), height + extra, (*marks, *drawn), self.title)

    def keys(self) -> list[Key]:
        """Return the legend."""
        return cell_keys((c for row in self.cells for c in row), free=self.free,
                         changed=self.changed)  # fmt: skip

    def drawing(self, keys: Iterable[Key]) -> Drawing:
        """Return it as one drawing with a legend below."""
        cell = max([CELL, *(text_width(c.text, 11) + 8 for row in self.cells for c in row)])
        left = _MARGIN + max((text_width(label, 11) for label in self.labels), default=0) + 10
        header = max((text_width(column, 11) for column in self.columns), default=0) + 10
        top = _MARGIN + (_TITLE if self.column_groups else 0) + header
        marks: list[Mark] = []
        # a group's title may be wider than its columns: then its columns move apart from the next
        xs, x = [], left
        for name, size in self.column_groups or [("", len(self.columns))]:
            wide = text_width(name, 11, bold=True) + 4 if name else 0
            if name:
                marks.append(Text(x, _MARGIN + 8, name, anchor="start", bold=True))
            xs += [x + i * cell for i in range(size)]
            x += max(size * cell, wide) + (_GAP if self.column_groups else 0)
        ys, y = [], top
        for name, size in self.row_groups or [("", len(self.labels))]:
            if self.row_groups:
                marks.append(Text(_MARGIN, y + _TITLE / 2, name, anchor="start", bold=True))
                x = max(x, _MARGIN + text_width(name, 11, bold=True))
                y += _TITLE
            ys += [y + i * CELL for i in range(size)]
            y += size * CELL + (_GAP if self.row_groups else 0)
        marks += [
            Text(at + cell / 2, top - 6, column, anchor="start", turned=True)
            for at, column in zip(xs, self.columns, strict=True)
        ]
        for at, label, row in zip(ys, self.labels, self.cells, strict=True):
            marks.append(Text(left - 8, at + CELL / 2, label, anchor="end"))
            for across, one in zip(xs, row, strict=True):
                marks.append(Group(tuple(square(one, across, at, cell, CELL)), note=one.note))
        beside = zip(ys, self.right, strict=False)
        marks += [Text(x + 8, at + CELL / 2, words, anchor="start") for at, words in beside]
        right = max((text_width(words, 11) + 8 for words in self.right), default=0)
        width, height = x + right + _MARGIN, y + _MARGIN
        if keys := list(keys):
            width = max(width, left + 260)
            drawn, extra = legend(keys, left, height, width - left - _MARGIN)
            marks += drawn
            height += extra
        return Drawing(width, height, tuple(marks), self.title)


def _column_parts(
    count: int, groups: Sequence[tuple[str, int]]
) -> list[tuple[int, int, list[tuple[str, int]]]]:
    """Return ``(start, stop, groups)`` of each part; a group stays whole if it can."""
    if not groups:
        size = -(-count // -(-count // MAX_COLUMNS)) if count else 1  # parts of equal width
        return [(i, min(i + size, count), []) for i in range(0, count, size)]
    parts: list[tuple[int, int, list[tuple[str, int]]]] = []
    at = 0
    for name, size in groups:
        for first in range(0, size, MAX_COLUMNS):
            width = min(MAX_COLUMNS, size - first)
            if parts and parts[-1][1] - parts[-1][0] + width <= MAX_COLUMNS:
                start, stop, names = parts[-1]
                parts[-1] = (start, stop + width, [*names, (name, width)])
            else:
                parts.append((at, at + width, [(name, width)]))
            at += width
    return parts
