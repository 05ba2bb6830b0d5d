"""BooleanNet text (Albert and others 2008, doi 10.1186/1751-0473-3-16): ``A* = B and not C``.

Lines such as ``A = True`` become the scenario `START`; the rank of a rule (``1: A* = ..``) and ``A
= Random`` are kept and written back, because regnet has no equivalent. A start is written in this
way if the model was read with such lines; else as a comment ``# regnet: start A = True`` that only
regnet reads, because bioLQM refuses such lines and CANA takes them for nodes. Operators are written
as words with a space after ``not``, which all tools read, and names are plain; a comment ``#
regnet: IL_2 stands for IL-2`` records a replaced name.
"""

from __future__ import annotations

import re
from dataclasses import replace

from regnet.exchange.interchange import BooleanForm, renaming
from regnet.exchange.portable import comment_lines, leaving_out
from regnet.exchange.rulebook import RuleBook, lines_of
from regnet.logic import Dialect, Signs, Var, parse, unparse
from regnet.project import STYLE, Kept, Project, Reading, Remark
from regnet.scenario import Scenario
from regnet.space import Space

START = "initial state"
"""Name of the scenario that holds the initial values."""

_DIALECT = Dialect("BooleanNet", r"""\w(?:[^\s()!~¬&∧|∨^*=<>,:;#"-]|-(?!>))*""")
_SIGNS = Signs("not ", " and ", " or ", "False", "True")
_RULE = re.compile(r"\s*(?:(?P<rank>\d+)\s*:)?\s*(?P<target>[^*=]*?)\s*\*\s*=")
_RANKED = re.compile(r"\s*\d+\s*:")
_STARTS = re.compile(r"regnet: start (.+)")
_VALUES = {"true": 1, "1": 1, "false": 0, "0": 0, "random": None}
_RESERVED = {"and", "or", "not", "xor", "true", "false", "random"}


def read(text: str, file: str = "", *, on_duplicate: str = "error") -> Reading:
    r"""Read a BooleanNet text.

    Parameters
    ----------
    text
        The text.
    file
        Its name, for messages.
    on_duplicate
        How to treat a target with two rules: ``"error"``, or keep the ``"first"`` or the
        ``"last"`` with a warning.

    Raises
    ------
    ParseError
        With line, column and what was expected there.

    Examples
    --------
    >>> project = read("A = True\nA* = not B").project
    >>> project.network.inputs, str(project.scenarios[0].start)
    (('B',), 'A=1')
    """
    return _Reader(text, file, on_duplicate).read()


def write(project: Project, before: str = "") -> tuple[str, tuple[Remark, ...]]:
    """Return the BooleanNet text of a project, and remarks on what it cannot hold."""
    form = BooleanForm(project.network)
    kept = {(k.component, k.what): str(k.content) for k in project.kept if k.format == "booleannet"}
    start = next((s.start for s in project.scenarios if s.name == START), Space())
    head = [part for part in (project.title, project.note) if part]
    lines = comment_lines("\n\n".join(head))
    lines += [f"# {renaming(written, meant)}" for written, meant in form.renamed()]
    if lines:
        lines.append("")
    values = []
    for v in form.variables:
        low, high = start.get(v.component.name, (0, v.component.top))
        if low >= v.level:
            values.append(f"{v.name} = True")
        elif high < v.level:
            values.append(f"{v.name} = False")
        elif (v.component.name, "random") in kept:
            values.append(f"{v.name} = Random")
    as_lines = kept.get(("", STYLE)) == "start lines"
    if values:
        lines += [*(v if as_lines else f"# regnet: start {v}" for v in values), ""]
    noted = ""
    for v in form.variables:
        if v.component.name != noted:
            noted = v.component.name
            lines += comment_lines(v.component.note)
        if v.meaning:
            lines.append(f"# {v.meaning}")
        rank = kept.get((noted, "rank"))
        rule = unparse(v.condition, atom=form.atom, signs=_SIGNS)
        lines.append(f"{rank}: {v.name}* = {rule}" if rank else f"{v.name}* = {rule}")
    others = tuple(s for s in project.scenarios if s.name != START)
    remarks = form.remarks()
    if values:
        how = "lines, as the model came with" if as_lines else "comments that only regnet reads"
        words = f"the start is written as {how}; bioLQM refuses such lines"
        remarks.append(Remark("info", words))
    remarks += leaving_out(
        "a BooleanNet file", replace(project, scenarios=others), "title", "note", "notes"
    )
    return "\n".join(lines) + "\n", tuple(remarks)


def fits(text: str) -> bool:
    """Return whether a text looks like BooleanNet: it has a line with ``*=``."""
    return any(_RULE.match(line.partition("#")[0]) for line in text.splitlines())


class _Reader:
    """The lines read so far."""

    def __init__(self, text: str, file: str, on_duplicate: str) -> None:
        self.lines = lines_of(text)
        self.book = RuleBook(file, on_duplicate)
        self.start: dict[str, int] = {}
        self.random: dict[str, None] = {}
        self.ranks: dict[str, str] = {}
        self.prose: list[int] = []
        self.start_lines = False
        self.begun = False

    def read(self) -> Reading:
        book = self.book
        for number, line in enumerate(self.lines, start=1):
            body, mark, comment = line.partition("#")
            comment = comment.strip()
            if not body.strip():
                if told := _STARTS.fullmatch(comment):
                    self._value(told[1], number)
                elif mark:
                    book.comment(comment)
                else:
                    book.blank()
                continue
            rule = _RULE.match(body)
            if rule:
                name = self._rule(body, rule, number)
                book.commented(name, comment)
            elif "=" in body:
                self._value(body, number)
                self.start_lines = True
                if comment:
                    book.comment(comment)
            elif not self.begun:
                self.prose.append(number)
                book.comment(body.strip())
                continue
            else:
                column = len(body.rstrip()) + 1
                raise book.error(
                    "there is no *= between a target and its rule", number, column,
                    "a line such as: A* = B and not C",
                )  # fmt: skip
            self.begun = True
        for name in (*self.start, *self.random):
            book.atoms.setdefault(name, Var(name))
        if self.prose and not self.begun:
            raise book.error("this line is no rule, nor is any other", self.prose[0], 1,
                             "a line such as: A* = B and not C")  # fmt: skip
        if self.prose:
            count = f" and {len(self.prose) - 1} more" if len(self.prose) > 1 else ""
            message = f"this line{count} before the first rule is no rule; taken as a comment"
            book.remark("warning", message, self.prose[0])
        project = book.project()
        kept = [
            Kept("booleannet", what, content, book.meant(name))
            for what, values in (("rank", self.ranks), ("random", dict.fromkeys(self.random, "")))
            for name, content in values.items()
        ]
        if self.start_lines:
            kept.append(Kept("booleannet", STYLE, "start lines"))
        start = Space({book.meant(name): value for name, value in self.start.items()})
        scenarios = (Scenario(START, start=start),) if start else ()
        project = replace(project, scenarios=scenarios, kept=tuple(kept))
        return Reading(project, tuple(book.remarks))

    def _rule(self, body: str, found: re.Match[str], number: int) -> str:
        """Read a rule; return its target."""
        name = found["target"]
        self._check_name(name, number, found.start("target") + 1)
        column = found.end() + 1
        expr = parse(
            body[found.end() :], dialect=_DIALECT, file=self.book.file, line=number,
            column=column, atoms=self.book.atoms,
        )  # fmt: skip
        self.book.define(name, expr, number, found.start("target") + 1)
        if found["rank"]:
            self.ranks[name] = found["rank"]
        return name

    def _value(self, body: str, number: int) -> None:
        """Read initial values: ``A = B = True``."""
        ranked = _RANKED.match(body)
        *names, value = body.split("=")
        word = value.strip().lower()
        if word not in _VALUES or ranked:
            column = body.rindex("=") + 2 if not ranked else 1
            raise self.book.error(
                f"{value.strip()!r} is no initial value" if value.strip() else "a value is missing",
                number, column, "True, False or Random; a rule needs a star: A* = B",
            )  # fmt: skip
        column = 1
        for written in names:
            name = written.strip()
            self._check_name(name, number, column + len(written) - len(written.lstrip()))
            column += len(written) + 1
            level = _VALUES[word]
            if level is None:
                self.random[name] = None
                self.start.pop(name, None)
            else:
                self.start[name] = level
                self.random.pop(name, None)
        if word == "random" and len(names) > 1:
            self.book.remark("warning", "that these start at the same random value is not kept",
                             number)  # fmt: skip

    def _check_name(self, name: str, number: int, column: int) -> None:
        fault = ""
        if not name:
            fault = "the target is missing"
        elif re.search(r"\s", name):
            fault = f"the name {name!r} holds a blank"
        elif name.isdecimal() or name.lower() in _RESERVED:
            fault = f"{name!r} cannot be the name of a component"
        elif not _DIALECT.is_name(name):
            bad = next((c for c in name if not _DIALECT.is_name(f"a{c}a")), name[0])
            fault, column = f"{bad!r} cannot stand there in a name", column + name.index(bad)
        if fault:
            raise self.book.error(fault, number, column, "the name of a component")
