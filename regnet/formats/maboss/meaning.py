"""The meaning of MaBoSS nodes: their targets and rates.

MaBoSS uses rates only; the formula of a node is text that its rates may use, and determines the
rates 1 and 0 by default. A rate is a number that depends on the state. It is represented by the
conditions under which it has each of its values; a node rises if its rate up is positive, and falls
if its rate down is.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from regnet.diagram import Diagram
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
    substitute,
    unparse,
    variables,
)
from regnet.rates import Rate, simplified

Values: TypeAlias = dict[float, Expr]
"""Value -> when it is taken; the conditions exclude each other and one of them holds."""

MOST_VALUES = 256
_NAN = math.nan  # one object: a dict finds it by what it is, because it equals nothing
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


def _quotient(a: float, b: float) -> float:
    """Return a / b as machines do it, and C."""
    if b:
        return a / b
    return math.copysign(math.inf, a) if a else _NAN


def _logarithm(value: float, base: float = math.e) -> float:
    def natural(number: float) -> float:
        return math.log(number) if number > 0 else -math.inf if number == 0 else _NAN

    return natural(value) if base == math.e else _quotient(natural(value), natural(base))


def _power(exponent: float, base: float = math.e) -> float:
    return math.exp(exponent if base == math.e else exponent * _logarithm(base))


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": _quotient,
    "%": lambda a, b: math.fmod(a, b) if b else _NAN,
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, ">": operator.gt,
    "<=": operator.le, ">=": operator.ge,
}  # fmt: skip
_FUNCTIONS: dict[str, Callable[..., float]] = {"log": _logarithm, "exp": _power}
_MOST_NAMES = 40
_DEEPEST = 50
"""Maximum depth of references between attributes."""


@dataclass(frozen=True, slots=True)
class Dynamics:
    """The dynamics of a node.

    Parameters
    ----------
    rule
        The condition that its target is 1; None if it keeps its level.
    up, down
        Rates of increase and of decrease.
    follows
        Whether its rates agree with its formula, if it has one.
    """

    rule: Expr | None
    up: Rate
    down: Rate
    follows: bool


class Meaning:
    """The nodes of a file, and the values of its settings."""

    def __init__(self, text: Text, names: frozenset[str], settings: Mapping[str, float]) -> None:
        self.text, self.names, self.settings = text, names, settings
        self.assumed: set[str] = set()
        self.needed: set[str] = set()  # by formulas
        self.counted: set[str] = set()  # nodes that count cells
        self.atoms: dict[str, Var] = {}
        self.attributes: dict[tuple[str, str], Expr | Values] = {}

    def dynamics(self, block: Block) -> Dynamics:
        """Return where a node is heading, and how fast.

        Raises
        ------
        ParseError
            If an expression names what there is not, grows too large, or is no rate.
        """
        own = self.atoms.setdefault(block.name, Var(block.name))
        goal = self._goal(block)
        up, down = self._rate("rate_up", block, goal), self._rate("rate_down", block, goal)
        rises, falls = (_where(values, lambda number: number > 0) for values in (up, down))
        if goal is not None and rises == goal and falls == _negated(goal):
            rule, follows = goal, True
        else:
            rises, falls = _at(rises, own, level=0), _at(falls, own, level=1)
            follows = goal is not None and (
                agree(rises, _at(goal, own, level=0))
                and agree(falls, _negated(_at(goal, own, level=1)))
            )
            rule = goal if goal is not None and follows else self._next(own, rises, falls)
        one = self._law("rate_up", up, block, level=0)
        two = self._law("rate_down", down, block, level=1)
        return Dynamics(
            None if rule == own else rule,
            _or_like(one, two),
            _or_like(two, one),
            follows or goal is None,
        )

    def _goal(self, block: Block) -> Expr | None:
        logic = block.attributes.get("logic")
        if logic is None or logic.value is None:
            return None
        before, self.assumed = self.assumed, set()
        goal = self.truth(self.value(logic.value, block))
        self.needed |= self.assumed
        self.assumed |= before
        return goal

    def _rate(self, name: str, block: Block, goal: Expr | None) -> Values:
        """Return a rate as its values; without one of its own it follows the formula at 1."""
        attribute = block.attributes.get(name)
        if attribute is not None and attribute.value is not None:
            return _values(self.value(attribute.value, block))
        if goal is None:
            return _number(0.0)
        return _values(goal if name == "rate_up" else _negated(goal))

    def _law(self, name: str, values: Values, block: Block, *, level: int) -> Rate | None:
        """Return a rate of a node at a level, where it is positive; None if nowhere.

        The remaining states get the last value: if the node is not about to move, its rate has no
        effect.
        """
        own = self.atoms[block.name]
        found = []
        for number, when in values.items():
            there = _at(when, own, level=level)
            if number == 0 or there == FALSE:
                continue
            if (len(values) > 2 or not 0 < number < math.inf) and agree(there, FALSE):
                continue
            if not 0 < number < math.inf:
                where = "" if there == TRUE else f" where {unparse(there)}"
                raise self.text.error(
                    f"the {name} of {block.name} is {number:g}{where}",
                    block.attributes[name].start, "a rate of 0 or above",
                )  # fmt: skip
            found.append((there, number))
        found.sort(key=lambda case: (_size(case[0]), case[1]))
        return simplified([*found[:-1], (TRUE, found[-1][1])]) if found else None

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
            case "call" if term.text == "#cell":
                self.counted.add(block.name)
                return self.truth(arguments[0]) if arguments else TRUE
            case "call":
                function = _FUNCTIONS[term.text]
            case _:
                function = _ARITHMETIC[term.kind]
        values = self._computed(term, function, [_values(argument) for argument in arguments])
        return _where(values, bool) if term.kind in _COMPARISONS else values

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
                raise self.text.error(f"{name} is defined by itself", term.start)
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

    def _computed(
        self, term: Term, function: Callable[..., float], arguments: list[Values]
    ) -> Values:
        parts: dict[float, list[Expr]] = {}
        for chosen in product(*(values.items() for values in arguments)):
            try:
                number = float(function(*(number for number, _ in chosen)))
            except OverflowError:
                number = math.inf
            parts.setdefault(_NAN if math.isnan(number) else number, []).append(
                conjunction(when for _, when in chosen)
            )
        return self._joined(parts, term)

    def _joined(self, parts: Mapping[float, list[Expr]], term: Term) -> Values:
        values = {number: disjunction(conditions) for number, conditions in parts.items()}
        values = {number: when for number, when in values.items() if when != FALSE}
        if len(values) > MOST_VALUES:
            raise self.text.error("this rate has too many different values", term.start)
        for condition in values.values():
            self._checked(condition, term)
        return values

    def _checked(self, expr: Expr, term: Term) -> Expr:
        if _size(expr) > MAX_EXPANSION:
            raise self.text.error("this expands to too many terms", term.start)
        return expr

    def _next(self, own: Var, up: Expr, down: Expr) -> Expr:
        """Return when a node is at 1 next, as simply as its rates allow."""
        if agree(up, _negated(down)):
            return up
        stays = _negated(down)
        found = disjunction((conjunction((Not(own), up)), conjunction((own, stays))))
        return next((simple for simple in (own, up, stays) if agree(simple, found)), found)


def _or_like(rate: Rate | None, other: Rate | None) -> Rate:
    """Return a rate; one that the rule never asks for is like that of the other direction."""
    if rate is not None:
        return rate
    return other if isinstance(other, float) else 1.0


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


def _at(expr: Expr, own: Var, *, level: int) -> Expr:
    """Return a condition restricted to states with a node at a level."""
    if all(var.name != own.name for var in variables(expr)):
        return expr
    return substitute(expr, lambda var: Const(bool(level)) if var.name == own.name else var)


def _size(expr: Expr) -> int:
    return fold(expr, lambda _, sizes: sum(sizes) or 1)


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


def agree(a: Expr, b: Expr) -> bool:
    """Return whether two conditions hold in the same states; False if that is hard to decide."""
    if a == b:
        return True
    diagram = Diagram()
    names = dict.fromkeys((v.name, v.level) for e in (a, b) for v in variables(e))
    if len(names) > _MOST_NAMES:
        return False
    number = {key: place for place, key in enumerate(names)}
    return diagram.read(a, number) == diagram.read(b, number)
