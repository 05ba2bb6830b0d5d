"""What nodes of MaBoSS mean as logic: their formulas, or the rates at which they go up and down.

A rate is a number that depends on the state. It is followed as the conditions under which it has
each of its values; a node goes up where its rate up is above 0, and down where its rate down is.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import TypeAlias

from regnet.diagram import Diagram
from regnet.errors import ParseError
from regnet.formats.maboss.text import Block, Term, Text
from regnet.logic import (
    FALSE,
    MAX_EXPANSION,
    TRUE,
    Const,
    Expr,
    Not,
    Var,
    conjunction,
    disjunction,
    fold,
    variables,
)

Values: TypeAlias = dict[float, Expr]
"""Value -> when it is taken; the conditions exclude each other and one of them holds."""

MOST_VALUES = 64
_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul,
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, ">": operator.gt,
    "<=": operator.le, ">=": operator.ge,
}  # fmt: skip
_MOST_NAMES = 40
_DEEPEST = 50
"""How many attributes may stand for one another."""


class Meaning:
    """The nodes of a file, and the values of its settings."""

    def __init__(self, text: Text, names: frozenset[str], settings: Mapping[str, float]) -> None:
        self.text, self.names, self.settings = text, names, settings
        self.assumed: set[str] = set()
        self.needed: set[str] = set()  # by formulas
        self.atoms: dict[str, Var] = {}
        self.attributes: dict[tuple[str, str], Expr | Values] = {}

    def condition(self, block: Block) -> Expr | None:
        """Return when a node is at 1 next; None where it keeps its level.

        Raises
        ------
        ParseError
            If an expression names what there is not, or a formula grows too large.
        """
        own = self.atoms.setdefault(block.name, Var(block.name))
        logic = block.attributes.get("logic")
        if logic and logic.value:
            before, self.assumed = self.assumed, set()
            found = self.truth(self.value(logic.value, block))
            self.needed |= self.assumed
            self.assumed = before
        else:
            up, down = self.rate("rate_up", block), self.rate("rate_down", block)
            if up == FALSE and down == FALSE:
                return None
            found = self._next(own, up, down)
        return None if found == own else found

    def follows_logic(self, block: Block) -> bool:
        """Tell whether the rates of a node with a formula drive it where its formula says."""
        logic = block.attributes.get("logic")
        if not logic or not logic.value or not {"rate_up", "rate_down"} & block.attributes.keys():
            return True
        try:
            goal = self.truth(self.value(logic.value, block))
            up, down = self.rate("rate_up", block), self.rate("rate_down", block)
            return _agree(self._next(self.atoms[block.name], up, down), goal)
        except ParseError:
            return False

    def rate(self, name: str, block: Block) -> Expr:
        """Return when a rate is above 0."""
        attribute = block.attributes.get(name)
        if not attribute or not attribute.value:
            return FALSE
        value = self.value(attribute.value, block)
        return value if isinstance(value, Expr) else _where(value, lambda number: number > 0)

    def truth(self, value: Expr | Values) -> Expr:
        """Return when a value is not 0."""
        return value if isinstance(value, Expr) else _where(value, lambda number: number != 0)

    def value(self, term: Term, block: Block, depth: int = 0) -> Expr | Values:
        """Return what an expression of a node is worth."""
        found: dict[int, Expr | Values] = {}
        parts = list(term.walk())
        # a chain of ANDs or ORs is joined once, at its end, or long ones would take ages
        inner = {id(p.args[0]) for p in parts if p.kind in "&|" and p.args[0].kind == p.kind}
        for part in reversed(parts):
            if id(part) not in inner:
                arguments = [found[id(a)] for a in _chain(part, inner)]
                found[id(part)] = self._value(part, arguments, block, depth)
        return found[id(term)]

    def _value(
        self, term: Term, arguments: list[Expr | Values], block: Block, depth: int
    ) -> Expr | Values:
        match term.kind:
            case "number":
                return _number(float(term.text))
            case "name":
                return self._name(term, block, depth)
            case "!":
                return _negated(self.truth(arguments[0]))
            case "&":
                return conjunction(map(self.truth, arguments))
            case "|":
                return disjunction(map(self.truth, arguments))
            case "^":
                a, b = map(self.truth, arguments)
                return self._checked(_either(a, b), term)
            case "?":
                return self._chosen(self.truth(arguments[0]), arguments[1], arguments[2], term)
            case "-" | "+" if len(arguments) == 1:
                sign = -1.0 if term.kind == "-" else 1.0
                return {sign * number: when for number, when in _values(arguments[0]).items()}
            case _:
                return self._computed(term, *map(_values, arguments))

    def _name(self, term: Term, block: Block, depth: int) -> Expr | Values:
        name = term.text
        if name.startswith("$"):
            if name not in self.settings:
                self.assumed.add(name)
            return _number(self.settings.get(name, 1.0))
        if name.startswith("@"):
            attribute = block.attributes.get(name[1:])
            if attribute is None or attribute.value is None:
                raise self.text.error(f"{block.name} has no {name[1:]}", term.start)
            if depth > _DEEPEST:
                raise self.text.error(f"{name} stands for itself", term.start)
            known = self.attributes.get((block.name, name))
            if known is None:
                known = self.value(attribute.value, block, depth + 1)
                self.attributes[block.name, name] = known
            return known
        if name in self.names:
            return self.atoms.setdefault(name, Var(name))
        if name.lower() in ("true", "false"):
            return Const(name.lower() == "true")
        raise self.text.error(f"there is no node {name}", term.start, "a node")

    def _chosen(
        self, when: Expr, then: Expr | Values, other: Expr | Values, term: Term
    ) -> Expr | Values:
        if isinstance(then, Expr) and isinstance(other, Expr):
            return self._checked(_if(when, then, other), term)
        parts: dict[float, list[Expr]] = {}
        for number, condition in _values(then).items():
            parts.setdefault(number, []).append(conjunction((when, condition)))
        for number, condition in _values(other).items():
            parts.setdefault(number, []).append(conjunction((_negated(when), condition)))
        return self._joined(parts, term)

    def _computed(self, term: Term, left: Values, right: Values) -> Expr | Values:
        parts: dict[float, list[Expr]] = {}
        for a, when_a in left.items():
            for b, when_b in right.items():
                if term.kind in ("/", "%"):
                    number = (a / b if term.kind == "/" else a % b) if b else 0.0
                else:
                    number = float(_ARITHMETIC[term.kind](a, b))
                parts.setdefault(number, []).append(conjunction((when_a, when_b)))
        values = self._joined(parts, term)
        return _where(values, bool) if term.kind in "==!=<=>=" else values

    def _joined(self, parts: Mapping[float, list[Expr]], term: Term) -> Values:
        values = {number: disjunction(conditions) for number, conditions in parts.items()}
        values = {number: when for number, when in values.items() if when != FALSE}
        if len(values) > MOST_VALUES:
            raise self.text.error("this rate has too many different values", term.start)
        for condition in values.values():
            self._checked(condition, term)
        return values

    def _checked(self, expr: Expr, term: Term) -> Expr:
        if fold(expr, lambda _, sizes: sum(sizes) or 1) > MAX_EXPANSION:
            raise self.text.error("this expands to too many terms", term.start)
        return expr

    def _next(self, own: Var, up: Expr, down: Expr) -> Expr:
        """Return when a node is at 1 next, as simply as its rates allow."""
        if _agree(up, _negated(down)):
            return up
        stays = _negated(down)
        found = disjunction((conjunction((Not(own), up)), conjunction((own, stays))))
        return next((simple for simple in (own, up, stays) if _agree(simple, found)), found)


def _chain(term: Term, inner: set[int]) -> list[Term]:
    """Return the arguments of a term, with those of the chain that it ends."""
    if term.kind not in "&|":
        return list(term.args)
    arguments = []
    while id(term.args[0]) in inner:
        arguments.append(term.args[1])
        term = term.args[0]
    return [term.args[0], term.args[1], *reversed(arguments)]


def _number(value: float) -> Values:
    return {value: TRUE}


def _values(value: Expr | Values) -> Values:
    if not isinstance(value, Expr):
        return value
    if isinstance(value, Const):
        return {float(value.value): TRUE}
    return {1.0: value, 0.0: _negated(value)}


def _where(values: Values, holds: Callable[[float], bool]) -> Expr:
    """Return when a value is one of some kind, from the side that says it shorter."""
    yes = [when for number, when in values.items() if holds(number)]
    no = [when for number, when in values.items() if not holds(number)]
    if not no:
        return TRUE
    return _negated(no[0]) if len(yes) > 1 and len(no) == 1 else disjunction(yes)


def _negated(expr: Expr) -> Expr:
    return Const(not expr.value) if isinstance(expr, Const) else ~expr


def _either(a: Expr, b: Expr) -> Expr:
    return disjunction((conjunction((a, _negated(b))), conjunction((_negated(a), b))))


def _if(when: Expr, then: Expr, other: Expr) -> Expr:
    return disjunction((conjunction((when, then)), conjunction((_negated(when), other))))


def _agree(a: Expr, b: Expr) -> bool:
    """Tell whether two conditions hold in the same states; False where that is too hard to tell."""
    if a == b:
        return True
    diagram = Diagram()
    names = dict.fromkeys((v.name, v.level) for e in (a, b) for v in variables(e))
    if len(names) > _MOST_NAMES:
        return False
    number = {key: place for place, key in enumerate(names)}
    return diagram.read(a, number) == diagram.read(b, number)
