"""Cnet text, a truth table with don't-cares for each component (BNS of Dubrova, CANA).

``.v 3`` is the number of components, ``.n 1 2 2 3`` opens the table of component 1, which 2
components regulate, 2 and 3; ``0- 1`` is a row of it. Names are comments: ``# 1 = CycD`` above the
tables, a list ``# [CycD, Rb]``, or ``# CycD`` above a table. Tables of Cell Collective put together
name components in lines ``.l 1 CycD`` and end with ``.e``; an empty one there is an input.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from regnet.diagram import ALWAYS, NEVER, Diagram, Function
from regnet.errors import ParseError
from regnet.exchange.interchange import BooleanForm, limited_diagram, renamed_by, renaming
from regnet.exchange.leveltable import LevelTable
from regnet.exchange.portable import comment_lines, leaving_out
from regnet.logic import FALSE, Expr, Var, substitute, variables
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project, Reading, Remark

MAX_COMPONENTS = 100_000
"""Components of a file that is read."""

_LABEL = re.compile(r"(\d{1,9})\s*[=:]\s*(.+)\Z", re.ASCII)
_LIST = re.compile(r"\[(.+)\]\s*\Z")
_NAME = re.compile(r"[^\W\d]\w*\Z")


def read(text: str, file: str = "") -> Reading:
    r"""Read a cnet text.

    Raises
    ------
    ParseError
        With the line and what was expected there.

    Examples
    --------
    >>> network = read(".v 2\n.n 1 1 2\n0 1\n1 0\n.n 2 1 2\n0 0\n1 1").project.network
    >>> str(network["G0"].rule.reaches(1)), network.inputs
    ('!G1', ('G1',))
    """
    return _Reader(text, file).read()


def write(project: Project, before: str = "") -> tuple[str, tuple[Remark, ...]]:
    """Return the cnet text of a project, and remarks on what it cannot hold."""
    form = BooleanForm(project.network)
    number = {v.name: n for n, v in enumerate(form.variables, start=1)}
    lines = comment_lines(project.note)
    lines += [f"# {renaming(written, meant)}" for written, meant in form.renamed()]
    lines += [f".v {len(number)}", ""]
    lines += [f"# {n} = {name}" for name, n in number.items()]
    for v in form.variables:
        diagram, f, used = _function(v.condition, lambda var: number[form.atom(var)])
        regulators = " ".join(str(number[form.atom(var)]) for var in used)
        lines += ["", f"# {v.name}", f".n {number[v.name]} {len(used)} {regulators}".rstrip()]
        for function, target in ((diagram.negation(f), "0"), (f, "1")):
            for cube in diagram.cubes(function):
                row = ["-"] * len(used)
                for place, value in cube:
                    row[place] = str(int(value))
                lines.append(f"{''.join(row)} {target}".strip())
    remarks = form.remarks() + leaving_out("a cnet file", project, "note")
    return "\n".join(lines) + "\n", tuple(remarks)


def fits(text: str) -> bool:
    """Return whether a text looks like cnet: ``.v`` opens it."""
    for line in text.splitlines():
        body = line.partition("#")[0].strip()
        if body:
            return re.match(r"\.v\s+\d+", body) is not None
    return False


def _function(condition: Expr, order: Callable[[Var], int]) -> tuple[Diagram, Function, list[Var]]:
    """Return the function of a condition over the thresholds that matter to it, in order."""
    named = sorted(variables(condition), key=order)
    first = limited_diagram("a rule is too large for a truth table")
    f = first.read(condition, {(var.name, var.level): n for n, var in enumerate(named)})
    used = [named[n] for n in sorted(first.support(f))]
    if len(used) == len(named):
        return first, f, used
    number = {(var.name, var.level): n for n, var in enumerate(used)}
    kept = {(var.name, var.level) for var in used}

    def without(var: Var) -> Expr:
        return var if (var.name, var.level) in kept else FALSE

    diagram = Diagram()
    return diagram, diagram.read(substitute(condition, without), number), used


@dataclass(slots=True)
class _Table:
    """The table of one component."""

    line: int
    regulators: list[int]
    rows: dict[str, list[list[int | None]]] = field(default_factory=lambda: {"0": [], "1": []})


class _Reader:
    """The lines read so far."""

    def __init__(self, text: str, file: str) -> None:
        self.lines = text.lstrip("\ufeff").splitlines()
        self.file = file
        self.count = -1
        self.names: dict[int, str] = {}
        self.labelled: set[int] = set()  # in lines of Cell Collective
        self.tables: dict[int, _Table] = {}
        self.notes: list[str] = []
        self.meant: dict[str, str] = {}
        self.remarks: list[Remark] = []
        self.line = 0

    def read(self) -> Reading:
        last = ""
        current: _Table | None = None
        for number, line in enumerate(self.lines, start=1):
            self.line = number
            body, mark, comment = line.partition("#")
            if mark:
                last = comment.strip()
                self._comment(last)
            words = body.split()
            if not words:
                continue
            if words[0] == ".v":
                self._size(words)
            elif words[0] == ".l" and len(words) > 2:
                (component,) = self._numbers(words[1:2], max(self.count, 0))
                self.names[component] = " ".join(words[2:])
                self.labelled.add(component)
            elif words[0] == ".e":
                break
            elif words[0] == ".n":
                current = self._open(words, last)
                last = ""
            elif current is None:
                raise self._error("this row belongs to no table", ".n and three numbers or more")
            else:
                self._row(current, words)
        if self.count < 0:
            raise ParseError("the number of components is missing", file=self.file, expected=".v 3")
        return self._reading()

    def _comment(self, comment: str) -> None:
        renamed = renamed_by(comment)
        label, listed = _LABEL.match(comment), _LIST.match(comment)
        if renamed:
            self.meant[renamed[0]] = renamed[1]
        elif label:
            self.names[int(label[1])] = label[2].strip()
        elif listed and not self.tables:
            names = [name.strip() for name in listed[1].split(",")]
            self.names.update(enumerate(names, start=1))
            if self.notes and self.notes[-1].endswith(":"):
                self.notes.pop()  # what introduces the list
        elif not self.tables:
            self.notes.append(comment)

    def _size(self, words: list[str]) -> None:
        if self.count >= 0:
            raise self._error("the number of components is given a second time", "one line .v")
        (self.count,) = self._numbers(words[1:], MAX_COMPONENTS) if len(words) == 2 else (-1,)
        if self.count < 0:
            raise self._error("the number of components is missing", ".v 3")

    def _open(self, words: list[str], comment: str) -> _Table:
        if self.count < 0:
            raise self._error("the number of components must come first", ".v 3")
        numbers = self._numbers(words[1:], self.count)
        if len(numbers) < 2 or len(numbers) != 2 + numbers[1] or 0 in numbers[:1] + numbers[2:]:
            raise self._error(
                "this opens no table", "a component, how many regulate it, and their numbers"
            )
        component, _, *regulators = numbers
        if component in self.tables:
            other = self.tables[component].line
            raise self._error(f"line {other} opens the table of {component} already", "one table")
        if len(set(regulators)) < len(regulators):
            raise self._error("a regulator is given twice", "each regulator once")
        if component not in self.names and _NAME.match(comment):
            self.names[component] = comment
        if not self.tables and self.notes and self.notes[-1] == comment:
            self.notes.pop()  # it names the first table
        table = self.tables[component] = _Table(self.line, regulators)
        return table

    def _row(self, table: _Table, words: list[str]) -> None:
        pattern, target = ("", words[0]) if len(words) == 1 else (words[0], words[-1])
        width = len(table.regulators)
        if (
            len(words) > 2
            or target not in ("0", "1")
            or re.fullmatch(r"[01-]*", pattern) is None
            or len(pattern) != width
        ):
            raise self._error(
                f"this is no row of a table of {width} regulators", f"{'-' * width} 1".strip()
            )
        levels = [None if sign == "-" else int(sign) for sign in pattern]
        table.rows[target].append(levels)

    def _numbers(self, words: list[str], most: int) -> list[int]:
        for word in words:
            if not word.isascii() or not word.isdecimal() or len(word) > 9 or int(word) > most:
                raise self._error(f"{word!r} is no number up to {most}", "a whole number")
        return [int(word) for word in words]

    def _reading(self) -> Reading:
        names: list[str] = []
        taken: set[str] = set()
        for n in range(1, self.count + 1):
            name = self.names.get(n, f"G{n - 1}")
            name = self.meant.get(name, name)
            if name in taken:
                self.remarks.append(
                    Remark("warning", f"component {n} is called {name}, as another is; renamed")
                )
                while name in taken:
                    name += f"_{n}"
            taken.add(name)
            names.append(name)
        missing = []
        components = []
        for n, name in enumerate(names, start=1):
            table = self.tables.get(n)
            outer = n in self.labelled and table is not None and not table.regulators
            if table is None or (outer and not any(table.rows.values())):
                missing.append(name)
                components.append(Component(name))
                continue
            rule = self._rule(name, table, names)
            is_input = table.regulators == [n] and str(rule.reaches(1)) == str(
                Rule.of(f'"{name}"').reaches(1)
            )
            components.append(Component(name, None if is_input else rule))
        if missing:
            message = f"taken as input, because it has no table: {', '.join(missing[:8])}"
            self.remarks.append(Remark("info", message))
        network = LogicalNetwork(tuple(components), name=Path(self.file).stem)
        return Reading(Project(network, note="\n".join(self.notes).strip()), tuple(self.remarks))

    def _rule(self, name: str, table: _Table, names: list[str]) -> Rule:
        levels = LevelTable([(names[n - 1], 1) for n in table.regulators])
        on, off = (levels.rows(table.rows[target]) for target in "10")
        both = levels.diagram.both(on, off)
        if both != NEVER:
            shown = levels.diagram.first(both)
            row = "".join(
                str(int(shown[n])) if n in shown else "-" for n in range(len(levels.tops))
            )
            self.line = table.line
            raise self._error(
                f"the table of {name} gives {row} both 0 and 1"
                if row
                else f"the table of {name} gives both 0 and 1",
                "one value for each row",
            )
        if not table.rows["0"] and not table.rows["1"]:
            self.remarks.append(Remark("info", f"{name} has an empty table; it is 0", table.line))
        elif levels.diagram.either(on, off) != ALWAYS:
            message = f"the table of {name} does not give every row; the others are taken as 0"
            self.remarks.append(Remark("warning", message, table.line))
        return levels.rule([on])

    def _error(self, message: str, expected: str) -> ParseError:
        return ParseError(message, file=self.file, line=self.line, column=1, expected=expected)
