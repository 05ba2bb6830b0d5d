"""Logic: expressions over thresholds, how to read them, write them and evaluate them.

The only atom is ``Var(name, level)``: "the component is at this level or above". ``X`` is short for
``X:1``. Equalities and intervals (``X=1``, ``X<2``) are translated when text is read, so everything
behind this package sees thresholds, `Not`, `And`, `Or` and constants only.

Nothing here recurses: real rule files nest more than 10,000 parentheses.
"""

from __future__ import annotations

from regnet.logic.dialects import BNET, BNET_LENIENT, REGNET, Dialect
from regnet.logic.expressions import (
    FALSE,
    TRUE,
    And,
    Const,
    Expr,
    Not,
    Or,
    Var,
    conjunction,
    decide,
    disjunction,
    evaluate,
    exactly_at,
    fold,
    renamed,
    substitute,
    variables,
)
from regnet.logic.plain import PlainRules
from regnet.logic.reading import MAX_EXPANSION, parse
from regnet.logic.writing import SYMBOLS, Signs, describe, unparse, write_name

__all__ = [
    "BNET",
    "BNET_LENIENT",
    "FALSE",
    "MAX_EXPANSION",
    "REGNET",
    "SYMBOLS",
    "TRUE",
    "And",
    "Const",
    "Dialect",
    "Expr",
    "Not",
    "Or",
    "PlainRules",
    "Signs",
    "Var",
    "conjunction",
    "decide",
    "describe",
    "disjunction",
    "evaluate",
    "exactly_at",
    "fold",
    "parse",
    "renamed",
    "substitute",
    "unparse",
    "variables",
    "write_name",
]
