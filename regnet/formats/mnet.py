"""Multi-valued functions of bioLQM (.mnet): ``B:2 <- !A & D``, a level of a component a line.

``B:2 <- ..`` says "exactly level 2 if ..", ``B <- ..`` the same of level 1; in a condition ``B:2``
is "at level 2 or above". If several conditions of a component hold, the last in the file counts,
and if none does, level 0, as in bioLQM. Levels are single digits.

Written are all levels of a component upwards, so that the highest whose condition holds counts. A
name that bioLQM cannot read is replaced, and a comment ``# regnet: IL_2 stands for IL-2`` records
it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from regnet.errors import FormatError, ParseError
from regnet.exchange.interchange import renamed_by, renaming
from regnet.exchange.portable import (
    comment_lines,
    falling_cases,
    leaving_out,
    plain_names,
    some,
    told_as_inputs,
)
from regnet.exchange.rulebook import lines_of
from regnet.logic import Dialect, Expr, Var, parse, unparse
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project, Reading, Remark

HIGHEST = 9
"""Highest level that the format can hold."""

_DIALECT = Dialect("mnet", r"\w[\w.]*", thresholds=True)
_TARGET = re.compile(r"\s*(?P<name>[^\W\d][\w.]*)\s*(?::\s*(?P<level>\d))?\s*<-")
_EXPECTED = "a line such as: A <- B & !C, or A:2 <- B:2"


def read(text: str, file: str = "") -> Reading:
    r"""Read an mnet text.

    Raises
    ------
    ParseError
        With line, column and what was expected there.

    Examples
    --------
    >>> network = read("A <- B:2\nB:1 <- A\nB:2 <- !A").project.network
    >>> network.tops, network.target("B", {"A": 0, "B": 0})
    ({'A': 1, 'B': 2}, 2)
    """
    return _Reader(text, file).read()


def write(project: Project, before: str = "") -> tuple[str, tuple[Remark, ...]]:
    """Return the mnet text of a project, and remarks on what it cannot hold.

    Raises
    ------
    FormatError
        If a component has more than ten levels.
    """
    network = project.network
    high = [c.name for c in network.components if c.top > HIGHEST]
    if high:
        raise FormatError(f"an mnet file holds levels up to {HIGHEST}, but {high[0]} has more")
    names = plain_names(network.names)

    def atom(var: Var) -> str:
        level = f":{var.level}" if network.tops[var.name] > 1 else ""
        return f"{names[var.name]}{level}"

    head = "\n\n".join(part for part in (project.title, project.note) if part)
    lines = _comments(head)
    replaced = {meant: name for meant, name in names.items() if meant != name}
    lines += [f"# {renaming(name, meant)}" for meant, name in replaced.items()]
    if lines:
        lines.append("")
    for component in network.components:
        lines += _comments(component.note)
        if component.rule is None:
            conditions: dict[int, Expr] = {
                level: Var(component.name, level) for level in range(1, component.top + 1)
            }
        else:
            conditions = {level: condition for condition, level in falling_cases(component.rule)}
        for level in range(1, component.top + 1):
            target = names[component.name] + (f":{level}" if component.top > 1 else "")
            known = conditions.get(level)
            lines.append(f"{target} <- {'0' if known is None else unparse(known, atom=atom)}")
    remarks = told_as_inputs(network.components)
    remarks += leaving_out("an mnet file", project, "title", "note", "notes")
    if replaced:
        words = some(f"{meant} as {name}" for meant, name in replaced.items())
        remarks.insert(0, Remark("warning", f"names that bioLQM cannot read are replaced: {words}"))
    return "\n".join(lines) + "\n", tuple(remarks)


def fits(text: str) -> bool:
    """Return whether a text looks like mnet: ``<-`` on every line that says something."""
    lines = [body for line in text.splitlines() if (body := line.partition("#")[0].strip())]
    return bool(lines) and all(_TARGET.match(line) for line in lines)


def _comments(note: str) -> list[str]:
    """Return a note as comments; bioLQM reads none that are empty."""
    return [line for line in comment_lines(note) if line != "#"]


@dataclass(slots=True)
class _Line:
    """A line that gives a level of a component."""

    number: int
    level: int
    condition: str
    column: int


@dataclass(slots=True)
class _Target:
    """The declaration of a component."""

    lines: list[_Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def top(self) -> int:
        return max(1, *(line.level for line in self.lines))


class _Reader:
    """The lines read so far."""

    def __init__(self, text: str, file: str) -> None:
        self.lines = lines_of(text)
        self.file = file
        self.targets: dict[str, _Target] = {}
        self.meant: dict[str, str] = {}
        self.head: list[str] = []

    def read(self) -> Reading:
        pending: list[str] = []
        for number, line in enumerate(self.lines, start=1):
            body, mark, comment = line.partition("#")
            if mark:
                found = renamed_by(comment.strip())
                if found:
                    self.meant[found[0]] = found[1]
                elif comment.strip():
                    pending.append(comment.strip())
            if body.strip():
                self._line(body, number).notes += pending
                pending = []
            elif not mark and not self.targets:
                self.head += pending
                pending = []
        self.head += pending
        tops = {name: target.top for name, target in self.targets.items()}
        rules = {name: self._rule(target, tops) for name, target in self.targets.items()}
        free: dict[str, int] = {}
        for rule in rules.values():
            for var in rule.thresholds():
                if var.name not in rules:
                    free[var.name] = max(free.get(var.name, 1), var.level)
        return Reading(self._project(rules, tops, free), tuple(self._remarks(free)))

    def _line(self, body: str, number: int) -> _Target:
        found = _TARGET.match(body)
        if not found:
            start = len(body) - len(body.lstrip()) + 1
            raise ParseError(
                "this line gives no level of a component", file=self.file, line=number,
                column=start, expected=_EXPECTED,
            )  # fmt: skip
        target = self.targets.setdefault(found["name"], _Target())
        level = int(found["level"] or 1)
        target.lines.append(_Line(number, level, body[found.end() :], found.end() + 1))
        return target

    def _rule(self, target: _Target, tops: dict[str, int]) -> Rule:
        """Return the rule of a component: the last condition that holds decides."""
        cases = [
            (
                parse(line.condition, dialect=_DIALECT, tops=tops, file=self.file,
                      line=line.number, column=line.column),
                line.level,
            )
            for line in target.lines
        ]  # fmt: skip
        return Rule(tuple(reversed(cases)))

    def _project(
        self, rules: dict[str, Rule], tops: dict[str, int], free: dict[str, int]
    ) -> Project:
        taken = {*rules, *free}
        change: dict[str, Expr | str] = {
            name: meant
            for name, meant in self.meant.items()
            if name in taken and meant not in taken
        }
        components = [
            Component(
                str(change.get(name, name)),
                None if rule.keeps(name, tops[name]) else rule.mapped(change),
                tops[name],
                note="\n".join(self.targets[name].notes),
            )
            for name, rule in rules.items()
        ]
        components += [Component(str(change.get(n, n)), top=top) for n, top in free.items()]
        network = LogicalNetwork(tuple(components), name=Path(self.file).stem)
        return Project(network, note="\n".join(self.head))

    def _remarks(self, free: dict[str, int]) -> list[Remark]:
        if not free:
            return []
        words = f"taken as input, because no line gives a level: {some(free)}"
        return [Remark("info", words)]
