"""Rules in common notations: ``A = B OR NOT C``, ``A: B & !C``, ``$A: B``, ``A <- B``.

Papers and their supplements come in many such dialects, which differ in what ``+`` and ``*`` mean.
They are part of a name if words or signs are the operators. Otherwise they are read if only one
reading is possible, and refused with a question if not:

- ``A <- !B + C``, several lines a target: each line is one way to activate it, ``+`` is AND
  (a logical hypergraph, Klamt and others 2006, doi 10.1186/1471-2105-7-56);
- ``x = x*y + x + 1``: a polynomial over GF(2), ``*`` is AND and ``+`` is XOR.

Written is ``A = B OR NOT C`` with plain names; ``# regnet: IL_2 stands for IL-2`` lets us put a
name back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from regnet.diagram import ALWAYS, NEVER, Diagram, Function
from regnet.errors import ParseError
from regnet.exchange.interchange import BooleanForm, as_expression, renaming
from regnet.exchange.portable import comment_lines, leaving_out
from regnet.exchange.rulebook import RuleBook, lines_of
from regnet.logic import Dialect, Expr, Signs, Var, disjunction, parse, unparse
from regnet.project import Project, Reading, Remark

READINGS = ("and", "or", "xor")
"""Meanings of ``+``."""

_WORDED = Dialect("these", r"""(?:[^\s()!~¬&∧|∨^*=<>←≔,:;#"$-]|-(?!>))+""")
_ADDED = Dialect("these", r"""(?:[^\s()!~¬&∧|∨^*=<>←≔,:;#"$+-]|-(?!>))+""", arithmetic=True)
_SIGNS = Signs("NOT ", " AND ", " OR ", "FALSE", "TRUE")
_RULE = re.compile(r"\s*(?P<mark>\$?)\s*(?P<target>[^=]*?)\s*(?P<sign>:=|≔|<-|←|=(?![=>])|:(?!:))")
_LEVELS = re.compile(
    r"^[^#\n]*?(?::\d[^#\n]*<-|<-[^#\n]*:\d)|^[\d \t-]*:[ \t]*\d[ \t]*$", re.MULTILINE
)
"""Levels in the rules and tables of bioLQM (mnet, itnet), which are none of these."""

_OPERATOR = re.compile(r"[&|∧∨]|\b(?:and|or|not)\b", re.IGNORECASE)
_RESERVED = {"and", "or", "not", "xor", "true", "false"}


def read(text: str, file: str = "", *, on_duplicate: str = "error", plus: str = "") -> Reading:
    """Read rules.

    Parameters
    ----------
    text
        The text.
    file
        Its name, for messages.
    on_duplicate
        How to treat a target with two rules: ``"error"``, or keep the ``"first"`` or the
        ``"last"`` with a warning. In a hypergraph several lines for a target are the rule.
    plus
        Meaning of ``+``, one of `READINGS`; determined automatically if only one is possible.

    Raises
    ------
    ParseError
        With line, column and what was expected there.

    Examples
    --------
    >>> read("A = B OR NOT C").project.network.inputs
    ('B', 'C')
    """
    if plus and plus not in READINGS:
        raise ParseError(f"plus is {plus!r}", expected=", ".join(READINGS))
    return _Reader(text, file, on_duplicate, plus).read()


def write(project: Project, before: str = "") -> tuple[str, tuple[Remark, ...]]:
    """Return the rules of a project as text, and remarks on what it cannot hold."""
    form = BooleanForm(project.network)
    head = "\n\n".join(part for part in (project.title, project.note) if part)
    lines = comment_lines(head)
    lines += [f"# {renaming(written, meant)}" for written, meant in form.renamed()]
    if lines:
        lines.append("")
    noted = ""
    for v in form.variables:
        if v.component.name != noted:
            noted = v.component.name
            lines += comment_lines(v.component.note)
        if v.meaning:
            lines.append(f"# {v.meaning}")
        lines.append(f"{v.name} = {unparse(v.condition, atom=form.atom, signs=_SIGNS)}")
    remarks = form.remarks() + leaving_out("such a file", project, "title", "note", "notes")
    return "\n".join(lines) + "\n", tuple(remarks)


def fits(text: str) -> bool:
    """Return whether a text looks like rules: every line that says something has a target."""
    if text.lstrip("\ufeff \t\r\n").startswith("<") or _LEVELS.search(text):
        return False  # XML, whose attributes look like rules, or levels
    lines = [body for line in text.splitlines() if (body := line.partition("#")[0].strip())]
    return bool(lines) and all(
        (found := _RULE.match(line)) and found["target"] and not re.search(r"[{}\[\]]", line)
        for line in lines[:20]
    )


class _Reader:
    """The lines read so far."""

    def __init__(self, text: str, file: str, on_duplicate: str, plus: str) -> None:
        self.lines = lines_of(text)
        self.book = RuleBook(file, on_duplicate)
        self.plus = plus
        self.ways: dict[str, list[Expr]] = {}  # of a hypergraph: target -> what activates it

    def read(self) -> Reading:
        book = self.book
        self._choose()
        for number, line in enumerate(self.lines, start=1):
            body, mark, comment = line.partition("#")
            comment = comment.strip()
            if not body.strip():
                if mark:
                    book.comment(comment)
                else:
                    book.blank()
                continue
            found = _RULE.match(body)
            if not found:
                raise book.error(
                    "there is no = between a target and its rule", number,
                    len(body.rstrip()) + 1, "a line such as: A = B AND NOT C",
                )  # fmt: skip
            name, column = found["target"], found.start("target") + 1
            self._check_name(name, number, column)
            rule = body[found.end() :].rstrip().rstrip(";")
            expr = self._expr(rule, number, found.end() + 1)
            if self.plus == "and" and name in self.ways:
                self.ways[name].append(expr)
                book.rules[name] = disjunction(self.ways[name])
            else:
                book.define(name, expr, number, column)
                self.ways[name] = [expr]
            book.commented(name, comment)
        return Reading(book.project(), tuple(book.remarks))

    def _choose(self) -> None:
        """Find what ``+`` and ``*`` mean, if they mean anything."""
        bodies = [line.partition("#")[0] for line in self.lines]
        rules = [body[found.end() :] for body in bodies if (found := _RULE.match(body))]
        text = "\n".join(rules)
        targets = {found["target"] for body in bodies if (found := _RULE.match(body))}
        self.dialect = _with_names(name for name in targets if ";" in name[:-1])
        if not re.search(r"[+*]", text) or _OPERATOR.search(text):
            self.plus = ""
            return
        place = next(
            (number, match.start() + 1)
            for number, body in enumerate(bodies, start=1)
            if (match := re.search(r"[+*]", body))
        )
        arrows = any((found := _RULE.match(b)) and found["sign"] in ("<-", "←") for b in bodies)
        negated = re.search(r"[!~¬]", text)
        if "+" not in text:
            self.plus = self.plus or "or"
            self.book.remark("info", "* is read as AND", *place)
        elif not self.plus:
            if re.search(r"\+\s*1(?!\w)|(?<![\w+])1\s*\+", text) and not negated:
                self.plus = "xor"
            elif arrows and "*" not in text:
                self.plus = "and"
            elif negated:
                self.plus = "or"
            else:
                raise self.book.error(
                    "+ can mean OR, or XOR as in a polynomial over GF(2)", *place,
                    "AND, OR and NOT, or the option plus=or or plus=xor",
                )  # fmt: skip
            words = {
                "and": "+ is read as AND, and several lines for one target as OR",
                "or": "* is read as AND and + as OR",
                "xor": "rules are read as polynomials over GF(2): * is AND and + is XOR",
            }
            self.book.remark("warning", words[self.plus], *place)
        self.dialect = _ADDED

    def _expr(self, text: str, number: int, column: int) -> Expr:
        if self.dialect is _ADDED and self.plus == "xor":
            return _Polynomial(self.book, text, number, column).read()
        if self.dialect is _ADDED and self.plus == "and":
            text = text.replace("+", "&")
        return parse(
            text, dialect=self.dialect, file=self.book.file, line=number, column=column,
            atoms=self.book.atoms,
        )  # fmt: skip

    def _check_name(self, name: str, number: int, column: int) -> None:
        fault = ""
        if not name:
            fault = "the target is missing"
        elif re.search(r"\s", name):
            fault = f"the name {name!r} holds a blank"
        elif name.isdecimal() or name.lower() in _RESERVED:
            fault = f"{name!r} cannot be the name of a component"
        elif not self.dialect.is_name(name):
            bad = next((c for c in name if not self.dialect.is_name(f"a{c}a")), name[0])
            fault, column = f"{bad!r} cannot occur in a name", column + name.index(bad)
        if fault:
            raise self.book.error(fault, number, column, "the name of a component")


def _with_names(odd: Iterable[str]) -> Dialect:
    """Return the dialect of words, with some names that hold a sign (Cell Collective has such)."""
    choice = "|".join(re.escape(name) for name in sorted(odd, key=lambda n: (-len(n), n)))
    if not choice:
        return _WORDED
    return Dialect("these", rf"(?:(?:{choice})(?=[\s()]|\Z)|{_WORDED.names})")


class _Polynomial:
    """A polynomial over GF(2), read into a decision diagram: multiplying it out could not end."""

    def __init__(self, book: RuleBook, text: str, number: int, column: int) -> None:
        self.book, self.text = book, text
        self.number, self.column = number, column
        self.diagram = Diagram()
        self.names: dict[str, int] = {}

    def read(self) -> Expr:
        """Return its function as an expression."""
        both, xor = self.diagram.both, self._xor
        levels = [(NEVER, ALWAYS)]  # of each open parenthesis: the sum so far, the last product
        wants_factor = True
        for kind, token, offset in _ADDED.tokens(self.text):
            total, product = levels[-1]
            if wants_factor and kind == "name":
                levels[-1] = (total, both(product, self._factor(token, offset)))
                wants_factor = False
            elif wants_factor and token == "(":
                levels.append((NEVER, ALWAYS))
            elif wants_factor:
                raise self._misfit(token, offset, "a component, 0, 1 or (")
            elif token in "*+" and kind == "sign":
                levels[-1] = (total, product) if token == "*" else (xor(total, product), ALWAYS)
                wants_factor = True
            elif token == ")" and len(levels) > 1:
                levels.pop()
                outer, factor = levels[-1]
                levels[-1] = (outer, both(factor, xor(total, product)))
            elif kind != "end" or len(levels) > 1:
                raise self._misfit(token, offset, "+, * or the end of the rule")
        total, product = levels[0]
        return as_expression(
            self.diagram, xor(total, product), [self.book.atoms[name] for name in self.names]
        )

    def _factor(self, token: str, offset: int) -> Function:
        if token in ("0", "1"):
            return int(token)
        if token.isdecimal():
            raise self._misfit(token, offset, "a component, 0 or 1")
        self.book.atoms.setdefault(token, Var(token))
        return self.diagram.literal(self.names.setdefault(token, len(self.names)))

    def _xor(self, f: Function, g: Function) -> Function:
        return self.diagram.ite(f, self.diagram.negation(g), g)

    def _misfit(self, token: str, offset: int, expected: str) -> ParseError:
        message = f"{token!r} does not fit here" if token else "the rule ends too early"
        return self.book.error(message, self.number, self.column + offset, expected)
