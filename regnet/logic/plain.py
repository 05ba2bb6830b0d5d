"""Plain rules: names, ``! & |`` and parentheses, which most rules of most files are, read quickly.

All else, faults included, is left to `regnet.logic.reading`, which knows places.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from operator import itemgetter

from regnet.logic.dialects import Dialect
from regnet.logic.expressions import And, Expr, Not, Or, Var


def parse_plain(words: list[str], dialect: Dialect, atoms: dict[str, Var]) -> Expr | None:
    """Return the expression of names, ``! & |`` and parentheses, or None if there is anything else.

    Most rules of most files are of this form, and are read in a third of the time. All others,
    errors included, are left to `_Parser`, which tracks positions.
    """
    outer: list[tuple[list[Expr], list[Expr], bool]] = []
    terms: list[Expr] = []  # of the disjunction that is being read
    factors: list[Expr] = []  # of its last conjunction
    negated, wants_operand = False, True
    for word in words:
        atom = atoms.get(word)
        if atom is not None:  # most words are names that were met before
            if not wants_operand:
                return None
            factors.append(Not(atom) if negated else atom)
            negated = wants_operand = False
        elif word == "&" or word == "|":
            if wants_operand:
                return None
            wants_operand = True
            if word == "|":
                append(terms, Or, _gather(And, factors))
                factors = []
        elif word == "!":
            if not wants_operand:
                return None
            negated = not negated
        elif word == "(":
            if not wants_operand:
                return None
            outer.append((terms, factors, negated))
            terms, factors, negated = [], [], False
        elif word == ")":
            if wants_operand or not outer:
                return None
            append(terms, Or, _gather(And, factors))
            group = _gather(Or, terms)
            terms, factors, negated = outer.pop()
            append(factors, And, ~group if negated else group)
            negated = False
        else:
            if not wants_operand or not dialect.is_plain_name(word):
                return None
            atom = atoms[word] = Var(word)
            factors.append(Not(atom) if negated else atom)
            negated = wants_operand = False
    if wants_operand or outer:
        return None
    append(terms, Or, _gather(And, factors))
    return _gather(Or, terms)


def append(parts: list[Expr], kind: type[And] | type[Or], part: Expr) -> None:
    """Add a part to a conjunction or disjunction, without nesting one in its like."""
    if isinstance(part, kind):
        parts.extend(part.args)
    else:
        parts.append(part)


def _gather(kind: type[And] | type[Or], parts: list[Expr]) -> Expr:
    return parts[0] if len(parts) == 1 else kind(tuple(parts))


Build = Callable[[Sequence[Expr]], Expr]
"""A function from the literals of a text, in order, to its expression."""

_BETWEEN = re.compile(r"([^\s()&|]+)")
_DEEPEST = 50  # shapes that nest deeper are read each for itself


class PlainRules:
    """The plain rules of one file, whose text repeats a few shapes with different names.

    The text between the literals of a rule, such as ``( & ( | ))``, is its shape. The second rule
    of a shape defines how expressions of that shape are built; from then on, only the literals of
    such rules are looked up.

    Parameters
    ----------
    dialect
        The pattern of names.
    atoms
        Components seen before; new ones are added.
    """

    def __init__(self, dialect: Dialect, atoms: dict[str, Var]) -> None:
        self._literals = _Literals(dialect, atoms)
        self._shapes: dict[tuple[str, ...], Build | None] = {}
        self._once: set[tuple[str, ...]] = set()

    def knows(self, name: str) -> bool:
        """Return whether a word is a name that needs no second look."""
        return name in self._literals.atoms or self._literals.dialect.is_plain_name(name)

    def read(self, text: str) -> Expr | None:
        """Return the expression, or None if the text is to be read by `regnet.logic.parse`."""
        parts = _BETWEEN.split(text)
        shape = tuple(parts[::2])
        build = self._shapes.get(shape)
        if build is None:
            if shape in self._shapes:
                return None
            if shape not in self._once:
                self._once.add(shape)
                return None
            build = self._shapes[shape] = _builder_of(shape, self._literals.dialect)
            if build is None:
                return None
        try:
            return build([self._literals[word] for word in parts[1::2]])
        except KeyError:
            return None


class _Literals(dict[str, Expr]):
    """Names and negated names as expressions; a `KeyError` for a word that is something else."""

    def __init__(self, dialect: Dialect, atoms: dict[str, Var]) -> None:
        self.dialect = dialect
        self.atoms = atoms

    def __missing__(self, word: str) -> Expr:
        name = word[1:] if word.startswith("!") else word
        atom = self.atoms.get(name)
        if atom is None:
            if not self.dialect.is_plain_name(name):
                raise KeyError(word)
            atom = self.atoms[name] = Var(name)
        literal = self[word] = atom if name is word else Not(atom)
        return literal


def _builder_of(shape: Sequence[str], dialect: Dialect) -> Build | None:
    """Return how expressions of a shape are put together; None if it is not plain."""
    words = " ".join([f"{between} {place}" for place, between in enumerate(shape)])
    atoms = {str(place): Var(str(place)) for place in range(len(shape))}
    signs = words.replace("(", " ( ").replace(")", " ) ").replace("&", " & ").replace("|", " | ")
    template = parse_plain(signs.split()[:-1], dialect, atoms)
    return None if template is None else _builder(template, _DEEPEST)


def _builder(template: Expr, depth: int) -> Build | None:
    """Return how an expression like `template` is made; its atoms are numbers of literals."""
    if isinstance(template, Var):
        return itemgetter(int(template.name))
    kind = And if isinstance(template, And) else Or
    places = [int(arg.name) for arg in template.args if isinstance(arg, Var)]
    if len(places) == len(template.args):  # in the order of the text
        begin, end = places[0], places[-1] + 1
        return lambda literals: kind(tuple(literals[begin:end]))
    parts = [_builder(arg, depth - 1) if depth else None for arg in template.args]
    if None in parts:
        return None
    return lambda literals: kind(tuple([part(literals) for part in parts]))  # type: ignore[misc]
