"""Writing: expressions as text."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from regnet.logic.dialects import WORDS
from regnet.logic.expressions import And, Const, Expr, Not, Or, Var, conjunction, disjunction, fold

_BARE_NAME = re.compile(r"(?!\d+\Z)\w(?:[\w.'/]|-(?!>))*\Z")


def write_name(name: str) -> str:
    """Return the name of a component in an expression, quoted if necessary."""
    bare = name.isascii() and name.isidentifier()  # most are, and large networks write many
    if (bare or _BARE_NAME.match(name)) and name.lower() not in WORDS:
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Signs(NamedTuple):
    """How operators and constants are written."""

    negation: str = "!"
    conjunction: str = " & "
    disjunction: str = " | "
    false: str = "0"
    true: str = "1"


SYMBOLS = Signs()


def unparse(expr: Expr, *, atom: Callable[[Var], str] | None = None, signs: Signs = SYMBOLS) -> str:
    """Return the text of an expression with as few parentheses as possible.

    Parameters
    ----------
    expr
        The expression.
    atom
        How a threshold is written; default ``X`` and ``X:2``.
    signs
        How operators and constants are written; default ``! & | 0 1``.

    Examples
    --------
    >>> from regnet.logic import parse
    >>> unparse(parse("(A and B) or not (C>=2)"))
    'A & B | !C:2'
    """
    write = atom or _write_atom
    negation, conjoined, disjoined, false, true = signs
    if isinstance(expr, Var):
        return write(expr)
    out: list[str] = []
    stack: list[str | tuple[Expr, int]] = [(expr, 0)]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            out.append(item)
            continue
        node, around = item
        if isinstance(node, Const):
            out.append(true if node.value else false)
            continue
        if isinstance(node, Not):
            out.append(negation)
            own, sign = 3, ""
        else:
            own, sign = (3, conjoined) if isinstance(node, And) else (2, disjoined)
            if own <= around:
                out.append("(")
                stack.append(")")
        for arg in reversed(node.args):
            stack.append(write(arg) if isinstance(arg, Var) else (arg, own))
            stack.append(sign)
        stack.pop()
    return "".join(out)


def describe(expr: Expr) -> str:
    """Return the readable text of an expression: "exactly at 1" is ``X=1``, not ``X & !X:2``.

    >>> from regnet.logic import parse
    >>> describe(parse("Mass=1 & (LIF | HGF:2)"))
    'Mass=1 & (LIF | HGF:2)'
    """
    exact: dict[str, str] = {}

    def visit(node: Expr, args: list[Expr]) -> Expr:
        if isinstance(node, Not):
            return ~args[0]
        if not isinstance(node, And):
            return disjunction(args) if isinstance(node, Or) else node
        low = {(a.name, a.level): a for a in args if isinstance(a, Var)}
        for a in args:
            if isinstance(a, Not) and isinstance(a.arg, Var):
                above = a.arg
                if below := low.get((above.name, above.level - 1)):
                    text = f"{write_name(above.name)}={below.level}"
                    exact[text] = text
                    args = [Var(text) if x is below else x for x in args if x is not a]
        return conjunction(args)

    return unparse(fold(expr, visit), atom=lambda v: exact.get(v.name) or _write_atom(v))


def _write_atom(var: Var) -> str:
    return write_name(var.name) if var.level == 1 else f"{write_name(var.name)}:{var.level}"
