"""Implicant tables of bioLQM (.itnet): regulators and a target, then rows of levels and a level.

``A B : D[2]`` opens the table of D, whose highest level is 2 (1 if it is not given); ``1-:2`` says
that D heads for level 2 where A is at level 1, whatever B. Where no row fits, it heads for 0.
Levels are single digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from regnet.diagram import NEVER
from regnet.errors import EngineError, ParseError
from regnet.exchange.leveltable import LevelTable
from regnet.exchange.portable import some
from regnet.exchange.rulebook import lines_of
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project, Reading, Remark

_HEADER = re.compile(
    r"(?P<regulators>[^:\[\]]*):\s*(?P<target>[^\W\d][\w.]*)\s*(?:\[\s*(?P<top>\d)\s*\])?\s*\Z"
)
_NAME = re.compile(r"[^\W\d][\w.]*\Z")
_ROW = re.compile(r"(?P<levels>[\d\s-]*):\s*(?P<level>\d)\s*\Z", re.ASCII)
_EXPECTED = "a table such as: A B : C, and rows such as 1-:1"

_Row = tuple[int, tuple[int | None, ...], int]
"""Line, level of each regulator (None is any), and the level they lead to."""


@dataclass(slots=True)
class _Table:
    """The table of one component."""

    line: int
    regulators: list[str]
    top: int
    rows: list[_Row] = field(default_factory=list)


def read(text: str, file: str = "") -> Reading:
    r"""Read implicant tables.

    Raises
    ------
    ParseError
        With line, column and what was expected there; also if two rows contradict each other.

    Examples
    --------
    >>> network = read("Erk Mek : Raf\n01:1\n10:1").project.network
    >>> str(network["Raf"].rule.reaches(1)), network.inputs
    ('!Erk & Mek | Erk & !Mek', ('Erk', 'Mek'))
    """
    tables: dict[str, _Table] = {}
    current: _Table | None = None
    for number, line in enumerate(lines_of(text), start=1):
        body = line.partition("#")[0]
        if not body.strip():
            continue
        header = _HEADER.match(body)
        row = _ROW.match(body)
        if header:
            current = _header(header, tables, file, number)
        elif row and current is not None:
            current.rows.append(_row(row, current, file, number))
        else:
            what = "this row stands before any table" if row else "this is no table and no row"
            raise ParseError(what, file=file, line=number, column=1, expected=_EXPECTED)
    tops = {name: table.top for name, table in tables.items()}
    free: dict[str, int] = {}
    for table in tables.values():
        for place, name in enumerate(table.regulators):
            if name not in tops:
                levels = [row[1][place] or 0 for row in table.rows]
                free[name] = max(free.get(name, 1), *levels, 1)
    components = [
        Component(name, _rule(name, table, {**tops, **free}, file), table.top)
        for name, table in tables.items()
    ]
    components += [Component(name, top=top) for name, top in free.items()]
    remarks = []
    if free:
        message = f"taken as input, because there is no table: {some(free)}"
        remarks.append(Remark("info", message))
    network = LogicalNetwork(tuple(components), name=Path(file).stem)
    return Reading(Project(network), tuple(remarks))


def fits(text: str) -> bool:
    """Return whether a text looks like implicant tables: headers and rows, and nothing else."""
    lines = [body for line in text.splitlines() if (body := line.partition("#")[0].strip())]
    return bool(lines) and all(_HEADER.match(line) or _ROW.match(line) for line in lines)


def _header(found: re.Match[str], tables: dict[str, _Table], file: str, number: int) -> _Table:
    """Return the table that a line opens."""

    def fault(message: str, at: int, expected: str) -> ParseError:
        return ParseError(message, file=file, line=number, column=at + 1, expected=expected)

    name, regulators = found["target"], found["regulators"].split()
    if name in tables:
        raise fault(
            f"{name} has a table already, in line {tables[name].line}", found.start("target"),
            "one table for each component",
        )  # fmt: skip
    for regulator in regulators:
        if not _NAME.match(regulator):
            at = found.string.index(regulator)
            raise fault(f"{regulator!r} cannot be the name of a component", at, _EXPECTED)
        if regulators.count(regulator) > 1:
            raise fault(f"{regulator} occurs in this table twice", 0, "each regulator once")
    top = int(found["top"] or 1)
    if top < 1:
        raise fault(f"the highest level of {name} is 0", found.start("top"), "1 or above")
    tables[name] = _Table(number, regulators, top)
    return tables[name]


def _row(found: re.Match[str], table: _Table, file: str, number: int) -> _Row:
    """Return a row of a table."""
    signs = "".join(found["levels"].split())
    if len(signs) != len(table.regulators):
        raise ParseError(
            f"this row has {len(signs)} levels", file=file, line=number, column=1,
            expected=f"{len(table.regulators)}, as many as regulators in line {table.line}",
        )  # fmt: skip
    level = int(found["level"])
    if level > table.top:
        raise ParseError(
            f"this row leads to level {level}", file=file, line=number,
            column=found.start("level") + 1, expected=f"a level up to {table.top}",
        )  # fmt: skip
    return number, tuple(None if sign == "-" else int(sign) for sign in signs), level


def _rule(name: str, table: _Table, tops: dict[str, int], file: str) -> Rule | None:
    """Return the rule that a table makes; None if the component keeps its level."""
    levels = LevelTable([(regulator, tops[regulator]) for regulator in table.regulators])
    d = levels.diagram
    reached = [NEVER] * (table.top + 1)  # by exactly this level
    try:
        for number, row, level in table.rows:
            for regulator, at in zip(table.regulators, row, strict=True):
                if at is not None and at > tops[regulator]:
                    raise ParseError(
                        f"this row asks for level {at} of {regulator}", file=file, line=number,
                        column=1, expected=f"a level up to {tops[regulator]}",
                    )  # fmt: skip
            states = levels.row(row)
            others = d.disjunction(f for k, f in enumerate(reached) if k != level)
            if d.both(d.both(states, others), levels.possible) != NEVER:
                raise ParseError(
                    "this row contradicts one above it", file=file, line=number, column=1,
                    expected="one level for each combination of levels",
                )  # fmt: skip
            reached[level] = d.either(reached[level], states)
        above = [d.disjunction(reached[level:]) for level in range(1, table.top + 1)]
        rule = levels.rule(above)
    except EngineError as error:
        raise ParseError(str(error), file=file, line=table.line) from None
    return None if rule.keeps(name, table.top) else rule
