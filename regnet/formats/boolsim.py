"""Rules of boolSim, genYsis and SQUAD (Garg and others 2008, doi 10.1093/bioinformatics/btn336).

``A&^C -> B`` is one way to activate B, ``D -| B`` one to inhibit it: B is on if one of the former
holds and none of the latter; with inhibitors only, if none of them holds. ``^`` is NOT.
"""

from __future__ import annotations

import re
from pathlib import Path

from regnet.errors import ParseError
from regnet.exchange.portable import some
from regnet.exchange.rulebook import lines_of
from regnet.logic import TRUE, Expr, Not, Var, conjunction, disjunction
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project, Reading, Remark

_LINE = re.compile(r"(?P<condition>.*?)(?P<arrow>->|-\|)\s*(?P<target>[^\s&^|>]+)\s*\Z")
_LITERAL = re.compile(r"(?P<signs>[\s^]*)(?P<name>[^\s&^|>]+)\s*\Z")
_EXPECTED = "a line such as: A & ^C -> B"


def read(text: str, file: str = "") -> Reading:
    r"""Read a boolSim text.

    Raises
    ------
    ParseError
        With line, column and what was expected there.

    Examples
    --------
    >>> network = read("A&^C -> B\nD -| B\nB -> A").project.network
    >>> str(network["B"].rule.reaches(1)), network.inputs
    ('A & !C & !D', ('C', 'D'))
    """
    ways: dict[str, tuple[list[Expr], list[Expr]]] = {}
    named: dict[str, None] = {}
    head: list[str] = []
    for number, line in enumerate(lines_of(text), start=1):
        body, mark, comment = line.partition("#")
        if mark and not ways:
            head.append(comment.strip())
        if not body.strip():
            continue
        found = _LINE.match(body)
        if not found:
            start = len(body) - len(body.lstrip()) + 1
            raise ParseError("this line is no rule of boolSim", file=file, line=number,
                             column=start, expected=_EXPECTED)  # fmt: skip
        condition = _condition(found["condition"], file, number)
        pair = ways.setdefault(found["target"], ([], []))
        pair[found["arrow"] == "-|"].append(conjunction(condition))
        named.update(dict.fromkeys(found["condition"].replace("^", " ").replace("&", " ").split()))
    components = []
    for name, (active, inhibited) in ways.items():
        expr = conjunction([_either(active), *(Not(way) for way in inhibited)])
        components.append(Component(name, None if expr == Var(name) else Rule.of(expr)))
    free = [name for name in named if name not in ways]
    components += [Component(name) for name in free]
    remarks = []
    if free:
        message = (
            "taken as input, because no line leads to them (bioLQM holds such components at 0): "
            f"{some(free)}"
        )
        remarks.append(Remark("warning", message))
    network = LogicalNetwork(tuple(components), name=Path(file).stem)
    return Reading(Project(network, note="\n".join(head).strip()), tuple(remarks))


def fits(text: str) -> bool:
    """Return whether a text looks like boolSim: every line that says something is a rule."""
    lines = [body for line in text.splitlines() if (body := line.partition("#")[0].strip())]
    return bool(lines) and all(
        (found := _LINE.match(line))
        and all(_LITERAL.match(part) for part in found["condition"].split("&"))
        for line in lines
    )


def _condition(text: str, file: str, number: int) -> list[Expr]:
    """Return the literals of a condition."""
    literals: list[Expr] = []
    column = 1
    for part in text.split("&"):
        found = _LITERAL.match(part)
        if not found:
            word = part.strip()
            message = f"{word!r} is no component" if word else "a component is missing"
            raise ParseError(message, file=file, line=number,
                             column=column + len(part) - len(part.lstrip()),
                             expected=_EXPECTED)  # fmt: skip
        var = Var(found["name"])
        literals.append(Not(var) if found["signs"].count("^") % 2 else var)
        column += len(part) + 1
    return literals


def _either(ways: list[Expr]) -> Expr:
    """Return "one of these"; without any, what is not inhibited is on."""
    always = any(Not(way) in ways for way in ways)  # how bioLQM writes "always"
    return TRUE if always or not ways else disjunction(ways)
