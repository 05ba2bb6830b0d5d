"""Boolean rules as text, one ``target, rule`` a line: BoolNet, pyboolnet, mpbn, AEON and others.

Reading accepts every unambiguous dialect; writing is restricted to what all these tools read: the
header ``targets, factors``, an input as ``X, X``, constants as ``0`` and ``1``, plain names, and
``! & | ( )`` only. Comments become notes: those above the header belong to the model, others to the
component below or beside them. A name that other tools cannot read is replaced, and a comment ``#
regnet: IL_2 stands for IL-2`` records it.
"""

from __future__ import annotations

import re

from regnet.exchange.interchange import BooleanForm, renaming
from regnet.exchange.portable import comment_lines, leaving_out
from regnet.exchange.rulebook import RuleBook, lines_of
from regnet.logic import BNET, BNET_LENIENT, PlainRules, parse, unparse
from regnet.project import Project, Reading, Remark

_HEADER = re.compile(
    r"\s*targets?\s*[,;]\s*(?:factors?|functions?|rules?)\s*(?P<rest>[,;].*)?\Z", re.IGNORECASE
)
_PROBABILITY = re.compile(r",\s*(\d*\.?\d+(?:[eE]-?\d+)?)\s*\Z")
_LEVEL = re.compile(r"^[^#\n]*?(:\d[^#\n]*<-|<-[^#\n]*:\d)", re.MULTILINE)
_RESERVED = {"and", "or", "not", "xor", "true", "false"}


def read(text: str, file: str = "", *, on_duplicate: str = "error") -> Reading:
    """Read a .bnet text.

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
    >>> network = read("A, B & !C").project.network
    >>> network.inputs
    ('B', 'C')
    """
    return _Reader(text, file, on_duplicate).read()


def write(project: Project, before: str = "") -> tuple[str, tuple[Remark, ...]]:
    """Return the .bnet text of a project, and remarks on what it cannot hold.

    A component with levels 0 to m becomes m Boolean ones, ``X_1`` to ``X_m``, where ``X_k`` means
    "at level k or above"; `regnet.boolean` says how they move.
    """
    form = BooleanForm(project.network)
    head = [part for part in (project.title, project.note) if part]
    lines = comment_lines("\n\n".join(head))
    lines += [f"# {renaming(written, meant)}" for written, meant in form.renamed()]
    lines.append("targets, factors")
    noted = ""
    for variable in form.variables:
        component = variable.component
        if component.name != noted:
            noted = component.name
            lines += comment_lines(component.note)
        if variable.meaning:
            lines.append(f"# {variable.meaning}")
        lines.append(f"{variable.name}, {unparse(variable.condition, atom=form.atom)}")
    remarks = form.remarks() + leaving_out("a .bnet file", project, "title", "note", "notes")
    return "\n".join(lines) + "\n", tuple(remarks)


def fits(text: str) -> bool:
    """Return whether a text looks like .bnet: its first line that says something is a rule."""
    if _LEVEL.search(text):
        return False  # as bioLQM writes levels (mnet)
    for line in text.lstrip("\ufeff").splitlines():
        line = line.partition("#")[0]
        if line.strip():
            return re.match(r"[^=:$]*,|[^=:]*<-", line) is not None
    return False


class _Reader:
    """The lines read so far."""

    def __init__(self, text: str, file: str, on_duplicate: str) -> None:
        self.lines = lines_of(text)
        self.file = file
        self.book = RuleBook(file, on_duplicate)
        self.dialect = BNET
        self.head: list[str] = []

    def read(self) -> Reading:
        self._choose_dialect()
        self.plain = PlainRules(self.dialect, self.book.atoms)
        comments: list[str] = []
        begun = False
        for number, line in enumerate(self.lines, start=1):
            if begun and not comments and self._plain_rule(line, number):
                continue
            body, mark, comment = line.partition("#")
            comment = comment.strip()
            if not body.strip():
                if mark and not self.book.is_renaming(comment) and not _HEADER.match(comment):
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
                self.book.note(target, comments)
                comments = []
        self.head.extend(comments)
        self.book.head = self.head
        return Reading(self.book.project(checked=True), tuple(self.book.remarks))

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
        self.book.remark("info", "* is read as AND and + as OR", number, column)

    def _check_header(self, rest: str, number: int, line: str) -> None:
        if "prob" in rest.lower():
            column = line.lower().index("prob") + 1
            raise self.book.error(
                "this is a probabilistic network (third column), which regnet does not read",
                number, column, "one rule for each target",
            )  # fmt: skip

    def _plain_rule(self, line: str, number: int) -> bool:
        """Read a line with a plain name and a plain rule, as most are; return whether it did."""
        target, comma, rule = line.partition(",")
        name = target.strip()
        if not comma or "#" in line or not self.plain.knows(name):
            return False
        expr = self.plain.read(rule)
        if expr is None:
            return False
        self.book.define(name, expr, number, target.index(name) + 1)
        return True

    def _rule(self, body: str, number: int) -> str:
        """Read one line; return its target."""
        target, separator, rule = self._split(body, number)
        name = target.strip()
        start = len(target) - len(target.lstrip()) + 1
        self._check_name(name, number, start)
        column = len(target) + len(separator) + 1
        probability = _PROBABILITY.search(rule) if "," in rule else None
        if probability and rule.count("(") == rule.count(")"):
            raise self.book.error(
                "a rule with a probability makes a probabilistic network, "
                "which regnet does not read",
                number, column + probability.start(1), "one rule for each target",
            )  # fmt: skip
        expr = parse(
            rule,
            dialect=self.dialect,
            file=self.file,
            line=number,
            column=column,
            atoms=self.book.atoms,
        )
        self.book.define(name, expr, number, start)
        return name

    def _split(self, body: str, number: int) -> tuple[str, str, str]:
        arrow = re.match(r"([^,;]*?)(<-|←)", body) if "-" in body or "←" in body else None
        if arrow and (level := re.search(r":\s*\d", body)):
            raise self.book.error(
                "a level is named here, as in the multi-valued functions of bioLQM (mnet), which "
                "are no Boolean rules", number, level.start() + 1, "the format mnet",
            )  # fmt: skip
        if arrow:
            self.book.remark("info", "<- is read as the comma between target and rule", number,
                         arrow.start(2) + 1, once=True)  # fmt: skip
            return arrow[1], arrow[2], body[arrow.end() :]
        target, separator, rule = body.partition(",")
        if separator:
            return target, separator, rule
        target, separator, rule = body.partition(";")
        if separator:
            self.book.remark("info", "; is read as the comma between target and rule", number,
                         len(target) + 1, once=True)  # fmt: skip
            return target, separator, rule
        raise self.book.error(
            "there is no comma between a target and its rule", number, len(body.rstrip()) + 1,
            "a line such as: A, B & !C",
        )  # fmt: skip

    def _check_name(self, name: str, number: int, column: int) -> None:
        if name in self.book.atoms or self.dialect.is_plain_name(name):
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
            fault, column = f"{bad!r} cannot occur in a name", column + name.index(bad)
        if fault:
            raise self.book.error(fault, number, column, "the name of a component")
