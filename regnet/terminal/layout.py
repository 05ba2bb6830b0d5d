"""Layout: the parts that all answers are printed with, and the progress line."""

from __future__ import annotations

import io
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import IO, TYPE_CHECKING

from regnet.analysis import Origin
from regnet.space import Range

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text


MAX_ROWS = 40
"""Attractors, spaces or rows that a table shows; the other output formats hold all of them."""


def rendered(show: Callable[[Console], None], *, coloured: bool = False) -> str:
    """Return what `show` prints, as wide as the terminal, or 100 columns without one."""
    from rich.console import Console

    buffer = io.StringIO()
    width = shutil.get_terminal_size((100, 24)).columns
    show(
        Console(
            file=buffer,
            width=width,
            force_terminal=coloured,
            markup=False,
            emoji=False,
            highlight=False,
        )
    )
    text = buffer.getvalue()
    if coloured:
        return text
    return "".join(line.rstrip() + "\n" for line in text.splitlines())


class Meter:
    """One line on the terminal that says how far the work is; silent when it is not a terminal."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._shown = False
        self._last = 0.0

    def __call__(self, fraction: float | None, words: str) -> None:
        """Show progress, at most ten times a second."""
        now = time.monotonic()
        if now - self._last < 0.1 or not self._stream.isatty():
            return
        self._last = now
        share = "" if fraction is None else f"{100 * fraction:3.0f} % "
        self._write(f"\r\x1b[K{share}{words}"[:90])
        self._shown = True

    def clear(self) -> None:
        """Remove the line."""
        if self._shown:
            self._write("\r\x1b[K")
            self._shown = False

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def heading(out: Console, origin: Origin, found: str) -> None:
    """Print the question, the network, and a short summary of the answer."""
    from rich.text import Text

    scenario = origin.scenario
    parts = [origin.network, scenario.name, str(scenario.perturbation or "")]
    if scenario.start:
        parts.append(f"from {scenario.start}" if len(scenario.start) <= 4 else "from its start")
    out.print(Text.assemble((", ".join(part for part in parts if part), "bold"), f": {found}"))
    out.print()


def show_caveats(out: Console, caveats: Iterable[str]) -> None:
    """Print what an answer does not take from the model's file, a sentence each."""
    for sentence in caveats:
        out.print(sentence, style="bold")


def footer(out: Console, origin: Origin, *, missing: str = "") -> None:
    """Print how sure the answer is, who gave it and how long it took."""
    if missing:
        out.print(f"Incomplete: {missing}", style="bold")
    engine = " ".join(part for part in (origin.engine, f"({origin.version})") if part != "()")
    why = f": {origin.why}" if origin.why else ""
    parts = (
        origin.guarantee,
        f"{origin.scenario.update} update",
        f"engine {engine}{why}",
        f"{origin.seconds:.2f} s",
    )
    out.print(" · ".join(parts), style="dim")


def rest(out: Console, number: int, what: str, *, most: int = MAX_ROWS) -> None:
    """Say how many of `number` are not shown."""
    if number > most:
        out.print(f"and {number - most:,} more {what}: --format csv or json lists them all")


def paragraph(out: Console, title: str, words: Sequence[str]) -> None:
    """Print words after a title, if there are any."""
    from rich.padding import Padding
    from rich.text import Text

    if words:
        # A name is never broken at a line's end.
        text = Text.assemble((f"{title}: ", "bold"), "  ".join(cut_short(words)))
        out.print(Padding(text, (0, 0, 1, 1)))


def numbered(letter: str, items: Sequence[object]) -> list[str]:
    """Return A1, A2, ... for as many items."""
    return [f"{letter}{number}" for number in range(1, len(items) + 1)]


def written(levels: Range) -> str:
    """Return a level or a range, as ``0..2``."""
    low, high = levels
    return str(low) if low == high else f"{low}..{high}"


def coloured_level(value: str) -> Text:
    """Return a level so that 0, others and ranges look different."""
    from rich.text import Text

    style = "dim" if value == "0" else "bold" if value.isdecimal() else "yellow"
    return Text(value, style=style)


def cut_short(words: Sequence[str], *, most: int = 3 * MAX_ROWS) -> list[str]:
    """Return the first words, and how many more there are."""
    if len(words) <= most:
        return list(words)
    return [*words[:most], f"and {len(words) - most:,} more"]


def print_matrix(
    out: Console, origin: Origin, letter: str, columns: Sequence[Mapping[str, str]]
) -> None:
    """Print the levels that differ as a table, in blocks that fit; fold the rest.

    `columns` are component -> level, one for each answer; `letter` names them A1, A2, ...
    """
    if not columns:
        return
    labels = numbered(letter, columns)
    differing, same = [], {}
    for name in origin.components:
        values = [column[name] for column in columns]
        if len(set(values)) == 1:
            same[name] = values[0]
        else:
            differing.append((name, values))
    if differing:
        widest = max(len(name) for name, _ in differing)
        cell = max(len(text) for text in (*labels, *(v for _, values in differing for v in values)))
        fitting = max(1, (out.width - widest - 3) // (cell + 3))
        for first in range(0, len(columns), fitting):
            block = slice(first, first + fitting)
            table = table_of("", *labels[block], right=True)
            for name, values in differing:
                table.add_row(name, *(coloured_level(value) for value in values[block]))
            out.print(table)
            out.print()
    alone = len(columns) == 1
    paragraph(
        out,
        "Levels" if alone else "The same in all",
        [f"{name}={value}" for name, value in same.items() if value not in ("0", "*")],
    )
    everywhere = "" if alone else " in all"
    for value, what in (("0", "At 0"), ("*", "Free")):
        names = [name for name in same if same[name] == value]
        paragraph(out, f"{what}{everywhere}", names)


def show_table(out: Console, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a plain table."""
    table = table_of(*header)
    for row in rows:
        table.add_row(*row)
    out.print(table)


def table_of(*columns: str, header: bool = True, right: bool = False) -> Table:
    """Return an empty table in our style; `right` aligns all columns but the first."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    box = SIMPLE_HEAD if header else None
    table = Table(box=box, show_header=header, show_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if right and number else "left", overflow="fold")
    return table


def counted(number: int, what: str) -> str:
    """Return a number with its noun: ``2 attractors``."""
    if number == 1:
        return f"1 {what}"
    return f"{number:,} {what}s" if number else f"no {what}s"
