"""Truth tables, one state and the state that it leads to a line: ``010 110`` (bioLQM, GINsim).

A first line of names may head the table. States that no line gives lead to level 0 everywhere, as
in bioLQM, with a warning. Levels are single digits.
"""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

from regnet.errors import FormatError, ParseError
from regnet.exchange.leveltable import LevelTable
from regnet.exchange.portable import comment_lines, leaving_out, plain_names, told_as_inputs
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project, Reading, Remark

LARGEST = 1 << 17
"""States of a table that is written: 17 Boolean components, a file of 4 MB."""

WIDEST = 64
"""Components of a table that is read: more would need a file larger than any disk."""


def read(text: str, file: str = "") -> Reading:
    r"""Read a truth table.

    Raises
    ------
    ParseError
        With the line, if a line is no pair of states, or gives a state a second time.

    Examples
    --------
    >>> str(read("A B\n00 01\n01 01\n10 00\n11 00").project.network["B"].rule.reaches(1))
    '!A'
    """
    names: list[str] = []
    rows: dict[str, tuple[str, int]] = {}
    notes: list[str] = []
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        body, mark, comment = line.partition("#")
        words = body.split()
        if mark and not rows:
            notes.append(comment.strip())
        if not words:
            continue
        if not rows and not names and re.search(r"[^\W\d]", body):
            names = words
            continue
        fault = ""
        width = len(next(iter(rows))) if rows else len(words[0])
        if len(words) != 2 or any(re.fullmatch(r"[0-9]+", word) is None for word in words):
            fault = "this line is no pair of states"
        elif any(len(word) != width for word in words):
            fault = f"this line is no pair of states of {width} components"
        elif words[0] in rows:
            fault = f"line {rows[words[0]][1]} gives the state {words[0]} already"
        if fault:
            column = len(body) - len(body.lstrip()) + 1
            raise ParseError(fault, file=file, line=number, column=column, expected="010 110")
        rows[words[0]] = (words[1], number)
    return _reading(names, rows, file, "\n".join(notes).strip())


def write(project: Project, before: str = "") -> tuple[str, tuple[Remark, ...]]:
    """Return the truth table of a project, and remarks on what it cannot hold.

    Raises
    ------
    FormatError
        If it would have more than `LARGEST` lines, or a component has more than ten levels.
    """
    network = project.network
    size = 1
    for top in network.tops.values():
        size *= top + 1
        if size > LARGEST:
            raise FormatError(
                f"a truth table of {len(network)} components would have more than {LARGEST} lines"
            )
    high = [c.name for c in network.components if c.top > 9]
    if high:
        raise FormatError(f"a truth table holds levels up to 9, but {high[0]} has more")
    if not network.components:
        raise FormatError("a truth table needs a component")
    names = plain_names(network.names)
    lines = comment_lines(project.note)
    lines.append(" ".join(names.values()))
    for levels in product(*(range(top + 1) for top in network.tops.values())):
        state = dict(zip(network.names, levels, strict=True))
        target = "".join(str(network.target(name, state)) for name in network.names)
        lines.append(f"{''.join(map(str, levels))} {target}")
    remarks = leaving_out("a truth table", project, "note")
    remarks += told_as_inputs(project.network.components)
    renamed = [f"{name} as {new}" for name, new in names.items() if name != new]
    if renamed:
        message = f"names that other tools cannot read were replaced: {', '.join(renamed)}"
        remarks.insert(0, Remark("warning", message))
    return "\n".join(lines) + "\n", tuple(remarks)


def fits(text: str) -> bool:
    """Return whether a text looks like a truth table: pairs of states, below names or not."""
    lines = [body for line in text.splitlines() if (body := line.partition("#")[0].strip())]
    return bool(lines) and all(
        re.fullmatch(r"([0-9]+)\s+([0-9]+)", line) for line in (lines[1:4] or lines)
    )


def _reading(names: list[str], rows: dict[str, tuple[str, int]], file: str, note: str) -> Reading:
    if not rows:
        raise ParseError("there is no state in this table", file=file, expected="010 110")
    first = next(iter(rows))
    line = rows[first][1]
    if len(first) > WIDEST:
        raise ParseError(f"a state has more than {WIDEST} components", file=file, line=line)
    names = names or [f"G{n}" for n in range(len(first))]
    if len(names) != len(first):
        message = f"there are {len(names)} names for {len(first)} components"
        raise ParseError(message, file=file, line=line)
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ParseError(f"the name {twice} stands twice in the first line", file=file)
    states = [*rows, *(target for target, _ in rows.values())]
    tops = [max(1, *(int(state[n]) for state in states)) for n in range(len(first))]
    table = LevelTable(list(zip(names, tops, strict=True)))
    remarks = []
    if len(rows) < table.size:
        message = (
            f"{table.size - len(rows)} of {table.size} states have no line; they are taken to lead "
            "to level 0"
        )
        remarks.append(Remark("warning", message))
    components = []
    for n, (name, top) in enumerate(zip(names, tops, strict=True)):
        rule = _rule(table, rows, n, top)
        same = all(target[n] == state[n] for state, (target, _) in rows.items())
        is_input = same and len(rows) == table.size
        components.append(Component(name, None if is_input else rule, top))
    network = LogicalNetwork(tuple(components), name=Path(file).stem)
    return Reading(Project(network, note=note), tuple(remarks))


def _rule(table: LevelTable, rows: dict[str, tuple[str, int]], place: int, top: int) -> Rule:
    reached = []
    for level in range(1, top + 1):
        if table.size <= 4 * len(rows):
            values = [
                int(rows[key][0][place]) >= level if key in rows else False
                for key in map("".join, product(*(map(str, range(t + 1)) for t in table.tops)))
            ]
            reached.append(table.everywhere(values))
        else:
            there = [s for s, (target, _) in rows.items() if int(target[place]) >= level]
            reached.append(table.rows([tuple(map(int, state)) for state in there]))
    return table.rule(reached)
