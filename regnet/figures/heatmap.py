"""Heat maps: attractors by components, perturbations by contexts, every level printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from regnet.analysis.attractors import Attractor, Attractors
from regnet.analysis.screen import Screen, ScreenRow
from regnet.figures.svg import (
    Entry,
    draw_legend,
    escaped,
    hatched_box,
    level_entries,
    paint,
    picture,
    tag,
    text_at,
)
from regnet.figures.theme import LIGHT, STEPS, Theme, level_step, level_text
from regnet.layout import text_width
from regnet.network import LogicalNetwork
from regnet.scenario import Perturbation
from regnet.space import Space

MAX_COLUMNS = 30
MAX_ROWS = 42
"""Larger maps are drawn in parts of at most this size."""

CELL = 24.0


@dataclass(frozen=True, slots=True)
class _Cell:
    """One square of a heat map: text, how it is filled, and whether a frame says "changed"."""

    text: str
    look: str = "empty"  # empty, level, free, varies
    step: int = 0
    changed: bool = False
    note: str = ""


def attractor_heatmap(
    found: Attractors, network: LogicalNetwork, *, theme: Theme = LIGHT
) -> tuple[str, ...]:
    """Return attractors by components with every level printed, in parts that fit a page.

    Components that keep changing are hatched and show their range; those that differ between
    input combinations (see `Attractor.follows`) are grey.
    """
    tops = network.tops
    labels = [f"A{i}: {describe(a)}" for i, a in enumerate(found.attractors, start=1)]
    traits = [", ".join(a.phenotypes) for a in found.attractors]
    cells = [
        [_attractor_cell(a, name, tops[name]) for name in network.names] for a in found.attractors
    ]
    names = list(network.names)
    everything = Space({str(i): (0, 1) if c.look == "free" else 1
                        for i, c in enumerate(c for row in cells for c in row)})  # fmt: skip
    entries = level_entries(everything, theme)
    if any(c.look == "varies" for row in cells for c in row):
        key = _square(0, -7, 22, 14, _Cell("", "varies"), theme)
        entries.append((22, key, "follows the inputs"))
    return _heatmap(labels, names, cells, theme, right=traits, entries=entries,
                    title=f"attractors of {network.name}")  # fmt: skip


def describe(attractor: Attractor) -> str:
    """Return an attractor's kind, size and number of input combinations in a few words.

    >>> describe(Attractor("complex", 9, Space(), Space()))
    'complex, 9 states'
    """
    text = attractor.kind
    if attractor.kind != "fixed point":
        text += f", {attractor.size:,} states" if attractor.size is not None else ""
    if attractor.valuations > 1:
        text += f", in {attractor.valuations:,} input combinations"
    return text


def _attractor_cell(attractor: Attractor, name: str, top: int) -> _Cell:
    levels = attractor.space.get(name, (0, top))
    text = level_text(levels)
    note = f"{name} = {text}"
    if levels[0] == levels[1]:
        return _Cell(text, "level", level_step(levels[0], top), note=note)
    settled = name in attractor.follows or name in attractor.condition
    return _Cell(text, "varies" if settled else "free", note=note)


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
    groups = [(context or "as it is", len(columns)) for context in contexts]
    entries = level_entries(Space(), theme) if screen.readouts else []
    if any(c.look == "free" for line in cells for c in line):
        key = hatched_box(0, -7, 22, 14, theme)
        entries.append((22, key, "several levels, within or between attractors"))
    frame = _square(0, -7, 22, 14, _Cell("", changed=True), theme)
    entries.append((22, frame, "differs from the wild type"))
    return _heatmap(labels, columns * len(contexts), cells, theme, groups=groups,
                    entries=entries, repeat_first=True,
                    title=f"screen of {screen.origin.network}")  # fmt: skip


def _screen_cell(
    row: ScreenRow | None,
    wild: ScreenRow | None,
    column: str,
    screen: Screen,
    network: LogicalNetwork,
) -> _Cell:
    if row is None:
        return _Cell("", note="not computed")
    if row.attractors is None:
        return _Cell("?", "varies", note=row.status)
    note = f"{row.perturbation.label}, {row.context}: {column}"
    if column in screen.readouts:
        levels = row.readouts.get(column)
        if levels is None:
            return _Cell("?", "varies", note=row.status)
        changed = wild is not None and wild.readouts.get(column, levels) != levels
        note = f"{note} = {level_text(levels)}"
        if levels[0] == levels[1]:
            step = level_step(levels[0], network.tops[column])
            return _Cell(level_text(levels), "level", step, changed, note)
        return _Cell(level_text(levels), "free", 0, changed, note)
    if column not in {p.name for p in screen.phenotypes}:
        changed = wild is not None and wild.attractors != row.attractors
        return _Cell(f"{row.attractors:,}", "empty", 0, changed, note)
    count = row.phenotypes.get(column, 0)
    changed = wild is not None and (wild.phenotypes.get(column, 0) > 0) != (count > 0)
    look = ("level", STEPS // 2) if count else ("level", 0)
    return _Cell(f"{count:,}" if count else "", *look, changed, f"{note}: {count} attractors")


def _heatmap(
    labels: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[_Cell]],
    theme: Theme,
    *,
    right: Sequence[str] = (),
    groups: Sequence[tuple[str, int]] = (),
    entries: Sequence[Entry] = (),
    repeat_first: bool = False,
    title: str = "",
) -> tuple[str, ...]:
    """Draw a table of squares in as many pictures as its size needs."""
    column_parts = _column_parts(len(columns), groups)
    first = 1 if repeat_first and len(labels) > 1 else 0
    body = range(first, len(labels))
    row_parts = [[*range(first), *body[i : i + MAX_ROWS]] for i in range(0, len(body), MAX_ROWS)]
    pictures = []
    for rows in row_parts:
        for number, (start, stop, spans) in enumerate(column_parts, start=1):
            last = number == len(column_parts)
            pictures.append(
                _heatmap_part(
                    [labels[i] for i in rows],
                    columns[start:stop],
                    [cells[i][start:stop] for i in rows],
                    theme,
                    [right[i] for i in rows] if right and last else [],
                    spans,
                    entries if last and rows is row_parts[-1] else (),
                    title,
                )
            )
    return tuple(pictures)


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


def _heatmap_part(
    labels: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[_Cell]],
    theme: Theme,
    right: Sequence[str],
    groups: Sequence[tuple[str, int]],
    entries: Sequence[Entry],
    title: str,
) -> str:
    margin, gap = 8.0, 10.0 if groups else 0.0
    wide = max((text_width(c.text, 11) + 8 for row in cells for c in row), default=0.0)
    cell = max(CELL, wide)
    left = margin + max((text_width(label, 11) for label in labels), default=0) + 10
    header = max((text_width(column, 11) for column in columns), default=0) + 10
    # a group's title may be wider than its columns: then its columns move apart from the next
    spans, xs, x = [], [], left
    for name, size in groups or [("", len(columns))]:
        spans.append((name, x, size * cell))
        xs += [x + i * cell for i in range(size)]
        x += max(size * cell, text_width(name, 11, bold=True) + 4 if name else 0) + gap
    top = margin + (20 if groups else 0) + header
    parts = []
    for name, start, _ in spans:
        if name:
            parts.append(text_at(start, margin + 8, name, theme["ink"], anchor="start", bold=True))
    for column, x_column in zip(columns, xs, strict=True):
        parts.append(text_at(x_column + cell / 2, top - 6, column, theme["ink"], anchor="start",
                            turned=True))  # fmt: skip
    for i, (label, line) in enumerate(zip(labels, cells, strict=True)):
        y = top + i * CELL
        parts.append(text_at(left - 8, y + CELL / 2, label, theme["ink"], anchor="end"))
        for x_cell, content in zip(xs, line, strict=True):
            parts.append(_square(x_cell, y, cell, CELL, content, theme))
        if right and right[i]:
            parts.append(text_at(x + 8, y + CELL / 2, right[i], theme["ink"], anchor="start"))
    for i, line in enumerate(cells):  # frames last, so that no neighbour covers them
        for x_cell, content in zip(xs, line, strict=True):
            if content.changed:
                parts.append(_frame(x_cell, top + i * CELL, cell, CELL, theme))
    width = x + max((text_width(text, 11) + 8 for text in right), default=0) + margin
    height = top + len(labels) * CELL + margin
    if entries:
        width = max(width, left + 260)
        drawn, extra = draw_legend(entries, left, height, width - left - margin, theme)
        parts += drawn
        height += extra
    return picture(width, height, parts, title, theme)


def _square(x: float, y: float, width: float, height: float, cell: _Cell, theme: Theme) -> str:
    fill, ink = theme["paper"], theme["ink"]
    if cell.look == "level":
        fill, ink = theme[f"level-{cell.step}"], theme[f"ink-{cell.step}"]
    elif cell.look == "varies":
        fill = theme["varies"]
    if cell.look == "free":
        drawn, ink = hatched_box(x, y, width, height, theme), theme["free-ink"]
    else:
        drawn = tag("rect", x=x, y=y, width=width, height=height,
                     style=paint(fill, theme["grid"], 0.8))  # fmt: skip
    if cell.text:
        drawn += text_at(x + width / 2, y + height / 2, cell.text, ink)
    if not cell.note:
        return drawn + (_frame(x, y, width, height, theme) if cell.changed else "")
    return tag("g", tag("title", escaped(cell.note)) + drawn)


def _frame(x: float, y: float, width: float, height: float, theme: Theme) -> str:
    return tag("rect", x=x + 1.2, y=y + 1.2, width=width - 2.4, height=height - 2.4,
                style=paint("none", theme["changed"], 2.2))  # fmt: skip
