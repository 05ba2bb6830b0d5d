"""Expressions: thresholds, `Not`, `And`, `Or` and constants; walking, evaluating, joining them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from regnet.brief import shortened

T = TypeVar("T")


class Expr:
    """A logical expression; one of `Const`, `Var`, `Not`, `And` and `Or`.

    Expressions are values: they compare by structure, hash, pickle and never change.
    """

    __slots__ = ()

    @property
    def args(self) -> tuple[Expr, ...]:
        """The direct sub-expressions."""
        return ()

    def __str__(self) -> str:
        from regnet.logic.writing import unparse

        return unparse(self)

    def __repr__(self) -> str:
        return f"parse({shortened(str(self))!r})"

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Expr) and _postfix(self) == _postfix(other)

    def __hash__(self) -> int:
        return hash(_postfix(self))

    def __reduce__(self) -> tuple[object, ...]:
        return (_from_postfix, (_postfix(self),))

    def __invert__(self) -> Expr:
        return self.arg if isinstance(self, Not) else Not(self)

    def __and__(self, other: Expr) -> Expr:
        return conjunction((self, other))

    def __or__(self, other: Expr) -> Expr:
        return disjunction((self, other))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Const(Expr):
    """True or false."""

    value: bool


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Var(Expr):
    """The component `name` is at `level` or above; `level` starts at 1."""

    name: str
    level: int = 1


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Not(Expr):
    """The opposite of `arg`."""

    arg: Expr

    @property
    def args(self) -> tuple[Expr, ...]:
        """The direct sub-expressions."""
        return (self.arg,)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class And(Expr):
    """All of `args` hold."""

    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Or(Expr):
    """At least one of `args` holds."""

    args: tuple[Expr, ...]


TRUE = Const(True)
FALSE = Const(False)


def fold(expr: Expr, visit: Callable[[Expr, list[T]], T]) -> T:
    """Compute a value bottom-up: `visit` gets a node and the values of its arguments.

    Shared sub-expressions are visited once. Uses an explicit stack, so depth is no limit.
    """
    values: dict[int, T] = {}
    stack = [expr]
    while stack:
        node = stack[-1]
        if id(node) in values:
            stack.pop()
            continue
        args = node.args
        pending = [arg for arg in args if id(arg) not in values]
        if pending:
            stack.extend(reversed(pending))
            continue
        stack.pop()
        values[id(node)] = visit(node, [values[id(arg)] for arg in args])
    return values[id(expr)]


def variables(expr: Expr) -> tuple[Var, ...]:
    """Return the distinct thresholds an expression names, in order of first appearance.

    >>> from regnet.logic import parse
    >>> [str(v) for v in variables(parse("A:2 & !B | A:2"))]
    ['A:2', 'B']
    """
    found: dict[tuple[str, int], Var] = {}
    seen: set[int] = set()
    stack = [expr]
    while stack:
        node = stack.pop()
        if isinstance(node, Var):
            found.setdefault((node.name, node.level), node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.extend(node.args[::-1])
    return tuple(found.values())


def evaluate(expr: Expr, state: Mapping[str, int]) -> bool:
    """Return whether an expression holds in a state that gives a level to every component it names.

    >>> from regnet.logic import parse
    >>> evaluate(parse("LIF:2 | !VEGF"), {"LIF": 1, "VEGF": 0})
    True
    """
    return _evaluated(expr, state, 4)


def _evaluated(expr: Expr, state: Mapping[str, int], depth: int) -> bool:
    """Evaluate flat expressions, which most are, directly; deep and shared ones node by node."""
    match expr:
        case Var(name, level):
            return state[name] >= level
        case Const(value):
            return value
        case _ if depth == 0:
            return fold(expr, lambda node, values: _combined(node, values, state))
        case Not(arg):
            return not _evaluated(arg, state, depth - 1)
        case And():
            return all(_evaluated(arg, state, depth - 1) for arg in expr.args)
        case _:
            return any(_evaluated(arg, state, depth - 1) for arg in expr.args)


def _combined(node: Expr, values: list[bool], state: Mapping[str, int]) -> bool:
    match node:
        case Const(value):
            return value
        case Var(name, level):
            return state[name] >= level
        case Not():
            return not values[0]
        case And():
            return all(values)
        case _:
            return any(values)


def decide(expr: Expr, ranges: Mapping[str, tuple[int, int]]) -> bool | None:
    """Return whether an expression holds in all states of a space (True), in none (False).

    None means that it could not be decided by interval arithmetic: it usually holds in some states
    and fails in others. Components that are absent from `ranges` may have any level.
    """

    def visit(node: Expr, values: list[bool | None]) -> bool | None:
        match node:
            case Const(value):
                return value
            case Var(name, level):
                if name not in ranges:
                    return None
                low, high = ranges[name]
                return True if low >= level else False if high < level else None
            case Not():
                return None if values[0] is None else not values[0]
            case And():
                return False if False in values else None if None in values else True
            case _:
                return True if True in values else None if None in values else False

    return fold(expr, visit)


def substitute(expr: Expr, replace: Callable[[Var], Expr]) -> Expr:
    """Return the expression with every atom replaced, and constants folded away."""

    def visit(node: Expr, values: list[Expr]) -> Expr:
        match node:
            case Var():
                return replace(node)
            case Not():
                return Const(not v.value) if isinstance(v := values[0], Const) else ~v
            case And():
                return conjunction(values)
            case Or():
                return disjunction(values)
            case _:
                return node

    return fold(expr, visit)


def renamed(expr: Expr, names: Mapping[str, str]) -> Expr:
    """Return the expression with components renamed, otherwise unchanged.

    >>> from regnet.logic import parse
    >>> str(renamed(parse("A & (B | A)"), {"A": "C"}))
    'C & (B | C)'
    """

    def visit(node: Expr, values: list[Expr]) -> Expr:
        match node:
            case Var(name, level):
                return Var(names[name], level) if name in names else node
            case Not():
                return Not(values[0])
            case And():
                return And(tuple(values))
            case Or():
                return Or(tuple(values))
            case _:
                return node

    return fold(expr, visit)


def conjunction(args: Iterable[Expr]) -> Expr:
    """Return "all of these", flattened, without repeats and constants."""
    return _join(And, args, absorbing=False)


def disjunction(args: Iterable[Expr]) -> Expr:
    """Return "any of these", flattened, without repeats and constants."""
    return _join(Or, args, absorbing=True)


def _join(kind: type[And] | type[Or], args: Iterable[Expr], *, absorbing: bool) -> Expr:
    flat: dict[int | tuple[str, int], Expr] = {}
    for arg in args:
        for part in arg.args if isinstance(arg, kind) else (arg,):
            if isinstance(part, Const):
                if part.value is absorbing:
                    return part
                continue
            flat[(part.name, part.level) if isinstance(part, Var) else id(part)] = part
    if not flat:
        return Const(not absorbing)
    parts = tuple(flat.values())
    return parts[0] if len(parts) == 1 else kind(parts)


def exactly_at(name: str, level: int, top: int | None = None) -> Expr:
    """Return "the component is exactly at this level", for a component that ends at `top`."""
    at_least: Expr = TRUE if level == 0 else Var(name, level)
    if top is not None and level >= top:
        return at_least if level == top else FALSE
    return conjunction((at_least, Not(Var(name, level + 1))))


def _postfix(expr: Expr) -> tuple[object, ...]:
    """Return the expression as a flat tuple; equal trees give equal tuples."""
    out: list[object] = []
    stack: list[Expr | tuple[str, int]] = [expr]
    while stack:
        node = stack.pop()
        match node:
            case Const(value):
                out.append(value)
            case Var(name, level):
                out.append((name, level))
            case Expr():
                stack.append((type(node).__name__, len(node.args)))
                stack.extend(reversed(node.args))
            case _:
                out.append((node[1], node[0]))
    return tuple(out)


def _from_postfix(items: tuple[Any, ...]) -> Expr:
    stack: list[Expr] = []
    for item in items:
        if isinstance(item, bool):
            stack.append(Const(item))
        elif isinstance(item[0], str):
            stack.append(Var(*item))
        else:
            count, kind = item
            args = tuple(stack[-count:])
            del stack[-count:]
            stack.append(Not(args[0]) if kind == "Not" else (And if kind == "And" else Or)(args))
    return stack[0]
