"""Boolean rules as text, one ``target, rule`` a line: BoolNet, pyboolnet, mpbn, AEON and others.

Reading takes every dialect that means one thing; writing keeps to what all these tools read: the
header ``targets, factors``, an input as ``X, X``, constants as ``0`` and ``1``, plain names, and
``! & | ( )`` only. Comments become notes: those above the header belong to the model, others to
the component below or beside them. A name that other tools could not read is replaced, and a
comment ``# regnet: IL_2 stands for IL-2`` lets us put it back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from regnet.boolean import next_conditions
from regnet.errors import ParseError
from regnet.logic import BNET, BNET_LENIENT, Const, Expr, Var, fold, parse, substitute, unparse
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project, Reading, Remark

_HEADER = re.compile(
    r"\s*targets?\s*[,;]\s*(?:factors?|functions?|rules?)\s*(?P<rest>[,;].*)?\Z", re.IGNORECASE
)
_PROBABILITY = re.compile(r",\s*(\d*\.?\d+(?:[eE]-?\d+)?)\s*\Z")
_PLAIN = re.compile(r"[A-Za-z_]\w*\Z", re.ASCII)
_RENAMED = re.compile(r"regnet: (\S+) stands for (.+)\Z")
_RESERVED = {"and", "or", "not", "xor", "true", "false"}
_DUPLICATES = ("error", "first", "last")


def read(text: str, file: str = "", *, on_duplicate: str = "error") -> Reading:
    """Read a .bnet text.

    Parameters
    ----------
    text
        The text.
    file
        Its name, for messages.
    on_duplicate
        What to do with a target that has two rules: ``"error"``, or keep the ``"first"`` or the
        ``"last"`` with a warning.

    Raises
    ------
    ParseError
        With line, column and what was expected there.

    Examples
    --------
    >>> network = read("A, B & !C").project.network
    >>> network.inputs
    ('B', 'C')
    """
    if on_duplicate not in _DUPLICATES:
        raise ParseError(f"on_duplicate is {on_duplicate!r}", expected=", ".join(_DUPLICATES))
    return _Reader(text, file, on_duplicate).read()


def write(project: Project, before: str = "") -> tuple[str, tuple[Remark, ...]]:
    """Return the .bnet text of a project, and remarks on what it cannot hold.

    A component with levels 0 to m becomes m Boolean ones, ``X_1`` to ``X_m``, where ``X_k`` means
    "at level k or above"; `regnet.boolean` says how they move.
    """
    return _Writer(project).write()


def fits(text: str) -> bool:
    """Tell whether a text looks like .bnet: its first line that says something is a rule."""
    for line in text.lstrip("\ufeff").splitlines():
        line = line.partition("#")[0]
        if line.strip():
            return "," in line or "<-" in line
    return False


class _Reader:
    """The lines read so far."""

    def __init__(self, text: str, file: str, on_duplicate: str) -> None:
        self.lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.file = file
        self.on_duplicate = on_duplicate
        self.dialect = BNET
        self.atoms: dict[str, Var] = {}
        self.rules: dict[str, Expr] = {}
        self.places: dict[str, int] = {}
        self.notes: dict[str, list[str]] = {}
        self.head: list[str] = []
        self.names: dict[str, str] = {}  # as written -> as meant
        self.remarks: list[Remark] = []

    def read(self) -> Reading:
        self._choose_dialect()
        comments: list[str] = []
        begun = False
        for number, line in enumerate(self.lines, start=1):
            body, mark, comment = line.partition("#")
            comment = comment.strip()
            if not body.strip():
                if mark and not self._is_renaming(comment) and not _HEADER.match(comment):
                    comments.append(comment)
                continue
            header = None if begun else _HEADER.match(body)
            if not begun:
                begun = True
                if header:
                    self._check_header(header["rest"] or "", number, line)
                    self.head, comments = comments, []
                    continue
            target = self._rule(body, number)
            if comment:
                comments.append(comment)
            if comments:
                self.notes.setdefault(target, []).extend(comments)
                comments = []
        self.head.extend(comments)
        return self._reading()

    def _choose_dialect(self) -> None:
        """Take ``*`` and ``+`` as AND and OR where a file uses them and no other operators."""
        text = "\n".join(line.partition("#")[0] for line in self.lines)
        if not ("*" in text or "+" in text) or re.search(r"[&|∧∨]|\b(?:and|or)\b", text, re.I):
            return
        self.dialect = BNET_LENIENT
        number, column = next(
            (number, match.start() + 1)
            for number, line in enumerate(self.lines, start=1)
            if (match := re.search(r"[*+]", line.partition("#")[0]))
        )
        self._remark("info", "* is read as AND and + as OR", number, column)

    def _check_header(self, rest: str, number: int, line: str) -> None:
        if "prob" in rest.lower():
            column = line.lower().index("prob") + 1
            raise self._error(
                "this is a probabilistic network (third column), which regnet does not read",
                number, column, "one rule for each target",
            )  # fmt: skip

    def _rule(self, body: str, number: int) -> str:
        """Read one line; return its target."""
        target, separator, rule = self._split(body, number)
        name = target.strip()
        start = len(target) - len(target.lstrip()) + 1
        self._check_name(name, number, start)
        column = len(target) + len(separator) + 1
        probability = _PROBABILITY.search(rule)
        if probability and rule.count("(") == rule.count(")"):
            raise self._error(
                "a rule with a probability makes a probabilistic network, "
                "which regnet does not read",
                number, column + probability.start(1), "one rule for each target",
            )  # fmt: skip
        expr = parse(
            rule, dialect=self.dialect, file=self.file, line=number, column=column, atoms=self.atoms
        )
        if name not in self.places:
            self.rules[name], self.places[name] = expr, number
            return name
        first = self.places[name]
        same = "in the same way" if expr == self.rules[name] else "differently"
        if self.on_duplicate == "error":
            raise self._error(
                f"{name} is defined a second time; line {first} defines it {same}",
                number, start, "one rule for each target",
            )  # fmt: skip
        if self.on_duplicate == "last":
            self.rules[name], self.places[name] = expr, number
        kept = self.places[name]
        self._remark(
            "warning", f"{name} is defined in lines {first} and {number}; line {kept} counts",
            number, start,
        )  # fmt: skip
        return name

    def _split(self, body: str, number: int) -> tuple[str, str, str]:
        arrow = re.match(r"([^,;]*?)(<-|←)", body)
        if arrow:
            self._remark("info", "<- is read as the comma between target and rule", number,
                         arrow.start(2) + 1, once=True)  # fmt: skip
            return arrow[1], arrow[2], body[arrow.end() :]
        target, separator, rule = body.partition(",")
        if separator:
            return target, separator, rule
        target, separator, rule = body.partition(";")
        if separator:
            self._remark("info", "; is read as the comma between target and rule", number,
                         len(target) + 1, once=True)  # fmt: skip
            return target, separator, rule
        raise self._error(
            "there is no comma between a target and its rule", number, len(body.rstrip()) + 1,
            "a line such as: A, B & !C",
        )  # fmt: skip

    def _check_name(self, name: str, number: int, column: int) -> None:
        if name in self.atoms:
            return
        fault = ""
        if not name:
            fault = "the target is missing"
        elif re.fullmatch(r".+\[-?\d+\]", name):
            fault = f"{name} has a time delay, which regnet does not read"
        elif re.search(r"\s", name):
            fault = f"the name {name!r} holds a blank"
        elif name.isdecimal() or name.lower() in _RESERVED:
            fault = f"{name!r} cannot be the name of a component"
        elif not self.dialect.is_name(name):
            bad = next(c for c in name if not self.dialect.is_name(f"a{c}a"))
            fault, column = f"{bad!r} cannot stand in a name", column + name.index(bad)
        if fault:
            raise self._error(fault, number, column, "the name of a component")

    def _is_renaming(self, comment: str) -> bool:
        renaming = _RENAMED.match(comment)
        if renaming:
            self.names[renaming[1]] = renaming[2]
        return renaming is not None

    def _reading(self) -> Reading:
        implicit = [v.name for v in self.atoms.values() if v.name not in self.rules]
        if implicit:
            some = _some(implicit)
            self._remark("info", f"taken as input, because no line gives a rule: {some}")
        components = []
        for name in (*self.rules, *implicit):
            expr = self.rules.get(name)
            is_input = expr is None or (isinstance(expr, Var) and expr.name == name)
            rule = None if is_input or expr is None else Rule(((expr, 1),))
            components.append(Component(name, rule, note="\n".join(self.notes.get(name, ()))))
        odd = [c.name for c in components if not _is_plain(c.name)]
        if odd:
            self._remark("warning", f"other tools may not read these names: {_some(odd)}",
                         self.places.get(odd[0]))  # fmt: skip
        network = LogicalNetwork(tuple(components), name=Path(self.file).stem)
        for written, meant in self.names.items():
            if written in network and meant not in network:
                network = network.renamed(written, meant)
        note = "\n".join(self.head).strip()
        return Reading(Project(network, note=note), tuple(self.remarks))

    def _remark(
        self,
        severity: str,
        message: str,
        line: int | None = None,
        column: int | None = None,
        *,
        once: bool = False,
    ) -> None:
        if not (once and any(r.message == message for r in self.remarks)):
            self.remarks.append(Remark(severity, message, line, column))

    def _error(self, message: str, line: int, column: int, expected: str) -> ParseError:
        return ParseError(message, file=self.file, line=line, column=column, expected=expected)


class _Writer:
    """A project on its way to text."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.network = project.network
        self.remarks: list[Remark] = []
        self.names = self._names()

    def write(self) -> tuple[str, tuple[Remark, ...]]:
        head = [part for part in (self.project.title, self.project.note) if part]
        lines = list(_comment("\n\n".join(head)))
        for component in self.network.components:
            if component.top == 1:
                written = self.names[component.name, 1]
                if written != component.name:
                    lines.append(f"# regnet: {written} stands for {component.name}")
        lines.append("targets, factors")
        for component in self.network.components:
            lines += self._component(component)
        self._report()
        return "\n".join(lines) + "\n", tuple(self.remarks)

    def _component(self, component: Component) -> Iterable[str]:
        yield from _comment(component.note)
        for level, condition in enumerate(next_conditions(component), start=1):
            if component.top > 1:
                meaning = component.meanings[level] if component.meanings else ""
                words = f"{component.name} at level {level} or above"
                yield f"# {words}: {meaning}" if meaning else f"# {words}"
            if fold(condition, _holds_constant):  # peers read 0 and 1 only as a whole rule
                condition = substitute(condition, lambda var: var)
            text = unparse(condition, atom=lambda var: self.names[var.name, var.level])
            yield f"{self.names[component.name, level]}, {text}"

    def _names(self) -> dict[tuple[str, int], str]:
        """Give every threshold a name that all tools read; names that are fine stay."""
        wanted = {}
        for component in self.network.components:
            plain = _plain(component.name)
            if component.top == 1:
                wanted[component.name, 1] = plain
            else:
                for level in range(1, component.top + 1):
                    wanted[component.name, level] = f"{plain}_{level}"
        fine = {key for key, name in wanted.items() if name == key[0]}
        taken = {name for name, _ in fine}
        names = {}
        for key, name in wanted.items():
            if key not in fine:
                name = _unused(name, taken)
                taken.add(name)
            names[key] = name
        return names

    def _report(self) -> None:
        """Say what the file does not hold as the project did."""
        renamed = [
            f"{c.name} as {self.names[c.name, 1]}"
            for c in self.network.components
            if c.top == 1 and self.names[c.name, 1] != c.name
        ]
        if renamed:
            self._warn(f"names that other tools cannot read were replaced: {_some(renamed)}")
        levels = [c.name for c in self.network.components if c.top > 1]
        if levels:
            self._warn(
                "components with more than two levels were written as one Boolean for each level "
                f"above 0 (Van Ham encoding): {_some(levels)}"
            )
        project, components = self.project, self.network.components
        dropped = {
            "the source": project.source,
            "the licence": project.licence,
            "references": project.references or any(c.refs for c in components),
            "claims": self.network.claims,
            "compartments": any(c.compartment for c in components),
            "kinds and confidences": any(c.kind or c.confidence for c in components),
            "meanings of levels": any(c.meanings for c in components if c.top == 1),
            "scenarios": project.scenarios,
            "phenotypes": project.phenotypes,
            "experiments": project.experiments,
            "comparisons": project.comparisons,
            "variants": project.variants,
            "the layout": project.layout,
        }
        gone = [what for what, there in dropped.items() if there]
        if gone:
            self._warn(f"a .bnet file does not hold {', '.join(gone)}")

    def _warn(self, message: str) -> None:
        self.remarks.append(Remark("warning", message))


def _holds_constant(node: Expr, parts: list[bool]) -> bool:
    return isinstance(node, Const) or any(parts)


def _comment(note: str) -> Iterable[str]:
    """Return the comment lines of a note."""
    return (f"# {line}".rstrip() for line in note.splitlines()) if note else ()


def _is_plain(name: str) -> bool:
    return _PLAIN.match(name) is not None and name.lower() not in _RESERVED


def _plain(name: str) -> str:
    """Return a name of ASCII letters, digits and underscores that resembles this one."""
    if _is_plain(name):
        return name
    out = []
    for char in unicodedata.normalize("NFKD", name):
        if char.isascii():
            out.append("_plus" if char == "+" else char if char.isalnum() else "_")
        elif not unicodedata.combining(char):
            greek = re.match(r"GREEK \w+ LETTER (\w+)", unicodedata.name(char, ""))
            out.append(greek[1].lower() if greek else "_")
    plain = "".join(out)
    if not _PLAIN.match(plain) or plain.lower() in _RESERVED:
        plain = f"_{plain}"
    return plain


def _unused(name: str, taken: set[str]) -> str:
    candidate, count = name, 1
    while candidate in taken:
        count += 1
        candidate = f"{name}_{count}"
    return candidate


def _some(names: list[str]) -> str:
    """Return up to eight names, and how many more there are."""
    shown = ", ".join(names[:8])
    return shown if len(names) <= 8 else f"{shown} and {len(names) - 8} more"
