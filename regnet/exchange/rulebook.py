"""Rule book: collects the rules of a file line by line, and builds the network.

It handles what all readers of rules need: duplicate rules, inputs without rules, comments of
components, names replaced on writing, and probable typing errors in names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from regnet.errors import ParseError
from regnet.exchange.interchange import renamed_by
from regnet.exchange.portable import is_plain, some
from regnet.logic import Expr, Var, renamed
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project, Remark

DUPLICATES = ("error", "first", "last")


def lines_of(text: str) -> list[str]:
    """Return the lines of a file, whatever ends them, without a byte order mark."""
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


class RuleBook:
    """The rules read so far.

    Parameters
    ----------
    file
        Name of the file, for messages.
    on_duplicate
        How to treat a target with two rules: ``"error"``, or keep the ``"first"`` or the
        ``"last"`` with a warning.
    """

    def __init__(self, file: str, on_duplicate: str = "error") -> None:
        if on_duplicate not in DUPLICATES:
            raise ParseError(f"on_duplicate is {on_duplicate!r}", expected=", ".join(DUPLICATES))
        self.file = file
        self.on_duplicate = on_duplicate
        self.atoms: dict[str, Var] = {}
        self.rules: dict[str, Expr | None] = {}
        self.places: dict[str, int] = {}
        self.notes: dict[str, list[str]] = {}
        self.names: dict[str, str] = {}  # as written -> as meant
        self.remarks: list[Remark] = []
        self.head: list[str] = []  # comments on the whole model
        self._pending: list[str] = []  # comments whose rule has not come yet
        self._meant: dict[str, str] = {}

    def comment(self, text: str) -> None:
        """Take a line that holds a comment only; it belongs to the rule that follows."""
        if not self.is_renaming(text):
            self._pending.append(text)

    def blank(self) -> None:
        """Take an empty line: before the first rule, the comments above it are on the model."""
        if not self.rules and self._pending:
            self.head += ["", *self._pending] if self.head else self._pending
            self._pending = []

    def commented(self, name: str, beside: str) -> None:
        """Give the comments above a rule, and the one `beside` it, to its target."""
        comments = [*self._pending, beside] if beside else self._pending
        if comments:
            self.note(name, comments)
        self._pending = []

    def define(self, name: str, expr: Expr | None, line: int, column: int) -> None:
        """Add the rule of a target; None makes it an input.

        Raises
        ------
        ParseError
            If it has one already and that is an error.
        """
        first = self.places.get(name)
        if first is None:
            self.rules[name], self.places[name] = expr, line
            return
        same = "in the same way" if expr == self.rules[name] else "differently"
        if self.on_duplicate == "error":
            raise self.error(
                f"{name} is defined a second time; line {first} defines it {same}",
                line, column, "one rule for each target",
            )  # fmt: skip
        if self.on_duplicate == "last":
            self.rules[name], self.places[name] = expr, line
        kept = self.places[name]
        self.remark(
            "warning", f"{name} is defined in lines {first} and {line}; line {kept} counts",
            line, column,
        )  # fmt: skip

    def note(self, name: str, comments: Iterable[str]) -> None:
        """Add comments to a component."""
        self.notes.setdefault(name, []).extend(comments)

    def is_renaming(self, comment: str) -> bool:
        """Return whether a comment records a replaced name, and store it."""
        found = renamed_by(comment)
        if found:
            self.names[found[0]] = found[1]
        return found is not None

    def meant(self, name: str) -> str:
        """Return the name that a component has in the project for the one it has in the file."""
        return self._meant.get(name, name)

    def remark(
        self,
        severity: str,
        message: str,
        line: int | None = None,
        column: int | None = None,
        *,
        once: bool = False,
    ) -> None:
        """Add a remark; `once` leaves out one that was made before, for another line."""
        if not (once and any(r.message == message for r in self.remarks)):
            self.remarks.append(Remark(severity, message, line, column))

    def error(
        self, message: str, line: int | None = None, column: int | None = None, expected: str = ""
    ) -> ParseError:
        """Return the error of a fault in this file."""
        return ParseError(message, file=self.file, line=line, column=column, expected=expected)

    def project(self, *, order: Iterable[str] = (), checked: bool = False) -> Project:
        """Return the project that the rules make; components are in `order`, then as they came.

        Where rules are `checked`, all names in them are known to be in `atoms`, at level 1.
        """
        if self._pending:  # below the last rule
            self.head += self._pending
            self._pending = []
        note = "\n".join(self.head).strip()
        self._add_implicit()
        rules, notes = self.rules, self.notes
        first = [name for name in order if name in rules]
        components = []
        for name in dict.fromkeys((*first, *rules)) if first else rules:
            expr = rules[name]
            is_input = expr is None or (isinstance(expr, Var) and expr.name == name)
            rule = None if is_input or expr is None else Rule(((expr, 1),))
            own = "\n".join(notes[name]) if name in notes else ""
            components.append(Component(name, rule, note=own))
        odd = [c.name for c in components if not is_plain(c.name)]
        if odd:
            self.remark(
                "warning", f"other tools may not read these names: {some(odd)}",
                self.places.get(odd[0]),
            )  # fmt: skip
        make = LogicalNetwork.of_checked if checked else LogicalNetwork
        project = Project(make(tuple(components), name=Path(self.file).stem), note=note)
        return self._with_names(project)

    def _add_implicit(self) -> None:
        """Make inputs of the names that no line gives a rule."""
        if self.atoms.keys() <= self.rules.keys():
            return
        implicit = [v.name for v in self.atoms.values() if v.name not in self.rules]
        if not implicit:
            return
        self.remark("info", f"taken as input, because no line gives a rule: {some(implicit)}")
        defined: dict[str, str] = {}
        for name in self.rules:
            defined.setdefault(name.casefold(), name)
        for name in implicit:
            near = defined.get(name.casefold())
            if near:
                self.remark("warning", f"{name} is taken as an input, but may be meant as {near}")
        self.rules.update(dict.fromkeys(implicit))

    def _with_names(self, project: Project) -> Project:
        """Put back the names that were replaced when the file was written."""
        network = project.network
        change = {
            written: meant
            for written, meant in self.names.items()
            if written in network and meant not in network
        }
        self._meant = {written: self.names[written] for written in change}
        if not change:
            return project
        # all in one step: thousands of renamings one by one would take minutes
        components = tuple(
            replace(
                c,
                name=self._meant.get(c.name, c.name),
                rule=c.rule and Rule(tuple((renamed(e, change), k) for e, k in c.rule.cases)),
            )
            for c in network.components
        )
        return replace(project, network=replace(network, components=components))
