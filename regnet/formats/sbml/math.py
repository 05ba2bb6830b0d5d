"""Conditions in SBML-qual: MathML to expressions and back.

A ``ci`` is the level of a species, or the threshold of an input of the transition; where a truth
value is required, a Boolean species means "is at level 1".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from regnet.errors import ParseError
from regnet.exchange.xmltext import Document, Element, text
from regnet.logic import (
    FALSE,
    MAX_EXPANSION,
    TRUE,
    And,
    Const,
    Expr,
    Not,
    Var,
    conjunction,
    disjunction,
    exactly_at,
    fold,
)

MATH = "http://www.w3.org/1998/Math/MathML"

_RELATIONS = ("eq", "neq", "geq", "gt", "leq", "lt")
_MIRRORED = {"geq": "leq", "gt": "lt", "leq": "geq", "lt": "gt"}
_DEEPEST_INDENT = 20


@dataclass(frozen=True, slots=True)
class _Level:
    """The level of a component that is not yet compared with a number."""

    name: str


_Value = Expr | _Level | int


def read_condition(
    math: Element,
    document: Document,
    names: Mapping[str, str],
    tops: Mapping[str, int],
    thresholds: Mapping[str, int | None],
) -> Expr:
    """Return the condition that a ``math`` element states.

    Parameters
    ----------
    math
        The element.
    document
        The document, for messages.
    names
        Id of a species -> name of the component.
    tops
        Name of a component -> its highest level.
    thresholds
        Id of an input of the transition -> its threshold level.

    Raises
    ------
    ParseError
        If it is not a condition on the levels of species, with the position.
    """
    values: dict[int, _Value] = {}
    reader = _Reader(document, names, tops, thresholds)
    nodes = list(math.walk())
    operators = {id(node.children[0]) for node in nodes if node.tag == "apply" and node.children}
    for node in reversed(nodes):
        if node is not math and not (node.tag == "ci" and id(node) in operators):
            arguments = [values[id(child)] for child in node.children if id(child) in values]
            value = reader.value(node, arguments)
            if value is not None:
                values[id(node)] = value
    stated = [values[id(child)] for child in math.children if id(child) in values]
    if len(stated) != 1:
        raise document.error("there is not one condition here", math, "one condition")
    return reader.truth(stated[0], math)


def levels_compared(math: Element) -> dict[str, int]:
    """Return the highest level that each id is compared with."""
    highest: dict[str, int] = {}
    for node in math.walk():
        if node.tag != "apply" or not node.children or node.children[0].tag not in _RELATIONS:
            continue
        names = [child.text for child in node.children if child.tag == "ci"]
        numbers = [int(c.text) for c in node.children if c.tag == "cn" and c.text.isdecimal()]
        for name in names:
            highest[name] = max([highest.get(name, 0), *numbers])
    return highest


class _Reader:
    """The meaning of the elements inside a ``math`` element."""

    def __init__(
        self,
        document: Document,
        names: Mapping[str, str],
        tops: Mapping[str, int],
        thresholds: Mapping[str, int | None],
    ) -> None:
        self.document = document
        self.names, self.tops, self.thresholds = names, tops, thresholds

    def value(self, node: Element, arguments: list[_Value]) -> _Value | None:
        """Return the value of an element; None for an operator, which its ``apply`` reads."""
        match node.tag:
            case "ci":
                return self.identifier(node)
            case "cn":
                return self.number(node)
            case "true":
                return TRUE
            case "false":
                return FALSE
            case "apply":
                return self.applied(node, arguments)
            case "and" | "or" | "not" | "xor" | "implies" if not node.children:
                return None
            case tag if tag in _RELATIONS and not node.children:
                return None
            case "csymbol" if "definitionURL" not in node.attributes:  # as AEON writes it
                name = node.text.strip()
                raise self.fault(
                    f"the function {name} is unknown, and regnet reads no unknown functions in it",
                    node, "rules without unknown parts, before it can be analysed",
                )  # fmt: skip
            case "csymbol" | "piecewise" | "lambda" | "semantics":
                raise self.fault(f"{node.tag} is not used in logical rules", node)
            case _:
                raise self.fault(f"regnet cannot read {node.tag} in a rule", node)

    def applied(self, node: Element, arguments: list[_Value]) -> Expr:
        operator = node.children[0] if node.children else node
        if operator.tag == "ci":
            raise self.fault(
                f"{operator.text} stands for an unknown function, which regnet does not read", node
            )
        if operator.tag in _RELATIONS:
            return self.related(operator.tag, arguments, node)
        truths = [self.truth(value, node) for value in arguments]
        match operator.tag:
            case "and":
                return conjunction(truths)
            case "or":
                return disjunction(truths)
            case "not" if len(truths) == 1:
                return _negated(truths[0])
            case "implies" if len(truths) == 2:
                return disjunction((_negated(truths[0]), truths[1]))
            case "xor":
                return self.exclusive(truths, node)
        raise self.fault(f"{operator.tag} does not fit here", node, "and, or, not, eq, geq ..")

    def identifier(self, node: Element) -> _Value:
        name = node.text
        if name in self.names:
            return _Level(self.names[name])
        if name not in self.thresholds:
            raise self.fault(f"{name!r} is neither a species nor an input", node)
        threshold = self.thresholds[name]
        if threshold is None:
            raise self.fault(f"the input {name} has no thresholdLevel", node)
        return threshold

    def number(self, node: Element) -> int:
        try:
            number = float(node.text)
            if number == int(number) and not node.children:
                return int(number)
        except (ValueError, OverflowError):
            pass
        raise self.fault(f"{node.text!r} is not a level", node, "a whole number")

    def truth(self, value: _Value, node: Element) -> Expr:
        """Return a value as a truth value."""
        match value:
            case Expr():
                return value
            case _Level(name):
                if self.tops[name] == 1:
                    return Var(name)
                raise self.fault(f"{name} has {self.tops[name] + 1} levels", node, "a comparison")
            case _:
                if value in (0, 1):
                    return Const(value == 1)
                raise self.fault(f"{value} is neither true nor false", node)

    def related(self, relation: str, values: list[_Value], node: Element) -> Expr:
        if len(values) < 2 or (relation == "neq" and len(values) > 2):
            raise self.fault(f"{relation} compares two values, not {len(values)}", node)
        return conjunction([self.compared(relation, a, b, node) for a, b in pairwise(values)])

    def compared(self, relation: str, a: _Value, b: _Value, node: Element) -> Expr:
        if relation == "neq":
            return _negated(self.compared("eq", a, b, node))
        match a, b:
            case (_Level(name), int(level)):
                return self.at(name, relation, level)
            case (int(level), _Level(name)):
                return self.at(name, _MIRRORED.get(relation, relation), level)
            case (_Level(one), _Level(other)):
                return self.between(relation, one, other)
            case (int(), int()):
                holds = {"eq": a == b, "geq": a >= b, "gt": a > b, "leq": a <= b, "lt": a < b}
                return Const(holds[relation])
            case _ if relation == "eq":
                unequal = self.exclusive([self.truth(a, node), self.truth(b, node)], node)
                return _negated(unequal)
        raise self.fault(f"{relation} does not compare truth values", node)

    def at(self, name: str, relation: str, level: int) -> Expr:
        top = self.tops[name]
        match relation:
            case "eq":
                return exactly_at(name, level, top) if 0 <= level <= top else FALSE
            case "geq":
                return self.at_least(name, level)
            case "gt":
                return self.at_least(name, level + 1)
            case "lt":
                return _negated(self.at_least(name, level))
            case _:
                return _negated(self.at_least(name, level + 1))

    def at_least(self, name: str, level: int) -> Expr:
        if level <= 0:
            return TRUE
        return Var(name, level) if level <= self.tops[name] else FALSE

    def between(self, relation: str, one: str, other: str) -> Expr:
        """Compare the levels of two components."""
        if relation == "gt":
            return _negated(self.between("geq", other, one))
        if relation in ("leq", "lt"):
            return self.between(_MIRRORED[relation], other, one)
        if relation == "eq":
            return conjunction((self.between("geq", one, other), self.between("geq", other, one)))
        levels = range(1, self.tops[other] + 1)
        return conjunction(
            [disjunction((Not(Var(other, k)), self.at_least(one, k))) for k in levels]
        )

    def exclusive(self, parts: list[Expr], node: Element) -> Expr:
        """Return "an odd number of these", as xor means in MathML."""
        result: Expr = FALSE
        for part in parts:
            result = disjunction(
                (
                    conjunction((result, _negated(part))),
                    conjunction((_negated(result), part)),
                )
            )
            if fold(result, lambda _, sizes: sum(sizes) or 1) > MAX_EXPANSION:
                raise self.fault("this xor expands to too many terms", node)
        return result

    def fault(self, message: str, node: Element, expected: str = "") -> ParseError:
        return self.document.error(message, node, expected)


def _negated(expr: Expr) -> Expr:
    return Const(not expr.value) if isinstance(expr, Const) else ~expr


def write_condition(expr: Expr, identifier: Callable[[str], str], indent: int) -> str:
    """Return an expression as MathML, without ``math`` around it.

    Every threshold becomes ``geq``: the level of the species is at least the number.
    """
    out: list[str] = []
    stack: list[tuple[Expr | str, int]] = [(expr, indent)]
    while stack:
        node, depth = stack.pop()
        start = "\n" + "  " * min(depth, indent + _DEEPEST_INDENT)
        match node:
            case str():
                out.append(start + node)
            case Const(value):
                out.append(f"{start}<{'true' if value else 'false'}/>")
            case Var(name, level):
                out.append(f"{start}{_compared('geq', identifier(name), level)}")
            case Not(Var(name, level)):
                out.append(f"{start}{_compared('lt', identifier(name), level)}")
            case _:
                kind = "not" if isinstance(node, Not) else "and" if isinstance(node, And) else "or"
                out.append(f"{start}<apply>{start}  <{kind}/>")
                stack.append(("</apply>", depth))
                stack.extend((part, depth + 1) for part in reversed(node.args))
    return "".join(out)


def _compared(relation: str, identifier: str, level: int) -> str:
    number = f'<cn type="integer">{level}</cn>'
    return f"<apply><{relation}/><ci>{text(identifier)}</ci>{number}</apply>"
