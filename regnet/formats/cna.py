"""CellNetAnalyzer's list of interactions, read only: ``1 ras + 1 !gap = 1 raf``.

A line is one way to activate a component: ``+`` (or ``&``) is AND, ``!`` is NOT, several lines for
a component are OR (a logical hypergraph, Klamt and others 2006, doi 10.1186/1471-2105-7-56). A line
with nothing on the left makes an input, one with nothing on the right an output. Columns behind a
tab are for drawing and are left out. Some files turn the line round: ``raf = 1 ras & 1 !gap``.
"""

from __future__ import annotations

import re

from regnet.exchange.portable import some
from regnet.exchange.rulebook import RuleBook
from regnet.logic import Expr, Var, conjunction, disjunction
from regnet.project import Reading

_TERM = re.compile(r"\s*(?:(?P<count>\d+(?:\.\d+)?)\s+)?(?P<not>!?)\s*(?P<name>[^\s!&+|=]+)\s*\Z")
_COUNTED = re.compile(r"\s*\d+(\.\d+)?\s+!?\s*[^\s\d]")


def read(text: str, file: str = "") -> Reading:
    r"""Read a list of interactions.

    Raises
    ------
    ParseError
        With line, column and what was expected there.

    Examples
    --------
    >>> network = read("1 ras + 1 !gap = 1 raf\n1 mek = 1 raf").project.network
    >>> str(network["raf"].rule.reaches(1))
    'ras & !gap | mek'
    """
    book = RuleBook(file)
    ways: dict[str, list[Expr]] = {}
    inputs: dict[str, None] = {}
    counted = False
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        body = line.rstrip()
        if re.match(r"\s*(#|%|//|\Z)", body):
            book.comment(body.strip().lstrip("#%/ ")) if body.strip() else book.blank()
            continue
        start, equation = _equation(body)
        counted = counted or start > 0
        left, sign, right = equation.partition("=")
        if not sign or "=" in right:
            raise book.error("this line is no interaction", number, start + 1, "1 A + 1 !B = 1 C")
        turned = bool(left.strip()) and not _COUNTED.match(left) and bool(_COUNTED.match(right))
        sources, products = (right, left) if turned else (left, right)
        at = start + (len(left) + 1 if turned else 0)
        there = start + (0 if turned else len(left) + 1)
        terms = _terms(book, sources, number, at)
        for name, expr in _terms(book, products, number, there):
            if not isinstance(expr, Var):
                raise book.error("a product cannot be negated", number, there + 1, "1 C")
            if terms:
                ways.setdefault(name, []).append(conjunction(e for _, e in terms))
                book.places.setdefault(name, number)
            else:
                inputs[name] = None
            book.commented(name, "")
    book.rules.update({name: disjunction(parts) for name, parts in ways.items()})
    both = [name for name in inputs if name in ways]
    if both:
        book.remark("warning", f"also activated from outside, which is left out: {some(both)}")
    for name in inputs:
        book.atoms.setdefault(name, Var(name))
    if counted:
        book.remark("info", "the columns that place interactions in a map are left out")
    return Reading(book.project(), tuple(book.remarks))


def fits(text: str) -> bool:
    """Return whether a text looks like interactions: each line is an equation with counts."""
    lines = [line for line in text.splitlines() if not re.match(r"\s*(#|%|//|\Z)", line)]
    return bool(lines) and all(
        (equation := _equation(line)[1]).count("=") == 1
        and any(_COUNTED.match(side) for side in equation.split("="))
        for line in lines[:20]
    )


def _equation(line: str) -> tuple[int, str]:
    """Return the equation of a line and its offset: after the name, before the columns."""
    before, tab, rest = line.partition("\t")
    if tab and "=" in rest:
        return len(before) + 1, rest.partition("|")[0]
    return 0, before.partition("|")[0]


def _terms(book: RuleBook, text: str, number: int, start: int) -> list[tuple[str, Expr]]:
    """Return the names on one side with what they ask for."""
    terms: list[tuple[str, Expr]] = []
    if not text.strip():
        return terms
    for part in re.finditer(r"[^+&]+|(?<=[+&])(?=\s*[+&]|\Z)", text):
        found = _TERM.match(part[0])
        column = start + part.start() + 1
        if not found or found["name"].isdecimal():
            raise book.error(f"{part[0].strip()!r} is no term", number, column, "1 A or 1 !A")
        if found["count"] and float(found["count"]) != 1:
            raise book.error(
                f"{found['name']} has the coefficient {found['count']}; regnet reads interactions"
                " of components with two levels", number, column, "1",
            )  # fmt: skip
        var: Expr = book.atoms.setdefault(found["name"], Var(found["name"]))
        terms.append((found["name"], ~var if found["not"] else var))
    return terms
