"""Reading: text as expressions, with the place of every fault.

Names and ``! & |`` are read by `regnet.logic.plain`; this reads all else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import comb

from regnet.errors import ParseError
from regnet.logic.dialects import COUNTING, REGNET, TIMING, Dialect
from regnet.logic.expressions import (
    FALSE,
    TRUE,
    And,
    Const,
    Expr,
    Or,
    Var,
    conjunction,
    disjunction,
    exactly_at,
    fold,
)
from regnet.logic.plain import append, parse_plain

MAX_EXPANSION = 200_000
"""Largest number of terms that ``^``, ``maj`` and the like may expand to."""

_BINARY = {
    "&": "&", "&&": "&", "∧": "&", "and": "&",
    "|": "|", "||": "|", "∨": "|", "or": "|",
    "^": "^", "xor": "^", "=>": "=>", "->": "=>", "<=>": "<=>",
}  # fmt: skip
_ARITHMETIC = {"*": "&", "+": "|"}
_NEGATIONS = {"!", "~", "¬", "not"}
_STRENGTH = {"!": 6, "^": 5, "&": 4, "|": 3, "=>": 2, "<=>": 1}
_COMPARISONS = {":": ">=", "≥": ">=", "≤": "<=", "≠": "!=", "==": "="}
_LONGEST_NUMBER = 9  # digits
_RANGE = re.compile(r"(\d+)\.\.(\d+)")


class _Chain:
    """A conjunction or disjunction that is still being read, so that long chains stay linear."""

    __slots__ = ("items", "op")

    def __init__(self, op: str, items: list[Expr]) -> None:
        self.op = op
        self.items = items


def parse(
    text: str,
    *,
    dialect: Dialect = REGNET,
    tops: Mapping[str, int] | None = None,
    file: str = "",
    line: int | None = None,
    column: int = 1,
    atoms: dict[str, Var] | None = None,
    typed: bool = False,
) -> Expr:
    """Read an expression.

    Parameters
    ----------
    text
        The expression: ``! & |`` or ``not and or``, ``^``, ``=>``, ``<=>``, parentheses, ``0``,
        ``1``, ``true``, ``false``, ``maj(..)``, ``any(..)``, ``all(..)``, ``sumgt(.., k)``; in
        that order of strength: NOT, XOR, AND, OR, IMPLIES, IFF.
    dialect
        The syntax of names and comparisons.
    tops
        Highest level of each component, if known; then ``X=1`` of a Boolean ``X`` is just ``X``.
    file, line, column
        Where the text starts, for messages.
    atoms
        Components seen before, to which `parse` adds. A common dict for all rules of a file makes
        large files faster to read.
    typed
        Whether it is typed as a condition: ``X:0``, which always holds, is then refused.

    Raises
    ------
    ParseError
        With the position of the error and what was expected there.

    Examples
    --------
    >>> str(parse("LIF=1 & not (A or B)"))
    'LIF & !LIF:2 & !(A | B)'
    >>> parse("A & | B")
    Traceback (most recent call last):
    ...
    regnet.errors.ParseError: column 5: '|' does not fit here (expected a component, ! or ()
    """
    if not dialect.functions:
        plain = parse_plain(dialect.words(text), dialect, {} if atoms is None else atoms)
        if plain is not None:
            return plain
    return _Parser(text, dialect, tops, file, line, column, atoms, typed).read()


class _Parser:
    """Shunting-yard with an explicit operator stack."""

    def __init__(
        self,
        text: str,
        dialect: Dialect,
        tops: Mapping[str, int] | None,
        file: str,
        line: int | None,
        column: int,
        atoms: dict[str, Var] | None = None,
        typed: bool = False,
    ) -> None:
        self.text, self.dialect, self.tops, self.typed = text, dialect, tops, typed
        self.file, self.line, self.column = file, line, column
        self.operands: list[Expr | _Chain] = []
        self.operators: list[tuple[str, int]] = []
        self.calls: list[tuple[str, int]] = []  # counting function, operands before it
        self.atoms = {} if atoms is None else atoms
        self.higher: dict[tuple[str, int], Var] = {}
        self.binary = {**_BINARY, **_ARITHMETIC} if dialect.arithmetic else _BINARY

    def error(self, message: str, offset: int, expected: str = "") -> ParseError:
        before = self.text[:offset]
        breaks = before.count("\n")
        line = self.line + breaks if self.line is not None else (breaks + 1 if breaks else None)
        column = offset - before.rfind("\n") if breaks else self.column + offset
        return ParseError(message, file=self.file, line=line, column=column, expected=expected)

    def read(self) -> Expr:
        tokens = list(self.dialect.tokens(self.text))
        wants_operand = True
        position = 0
        while True:
            kind, token, offset = tokens[position]
            position += 1
            if kind == "bad":
                raise self.error(f"{token!r} cannot be read", offset)
            word = token.lower() if kind == "name" else token
            if wants_operand:
                if word in _NEGATIONS and kind != "quoted":
                    self.operators.append(("!", offset))
                elif token == "(" and kind == "sign":
                    self.operators.append(("(", offset))
                elif kind in ("name", "quoted"):
                    following = tokens[position][1]
                    known = self.dialect.functions or word in COUNTING | TIMING
                    if kind == "name" and following == "(" and known:
                        self.open_call(token if self.dialect.functions else word, offset)
                        position += 1
                        continue
                    position = self.atom(tokens, position - 1)
                    wants_operand = False
                else:
                    raise self.misfit(kind, token, offset, "a component, ! or (")
            elif kind == "end":
                break
            elif word in self.binary and kind != "quoted":
                self.push_binary(self.binary[word], offset)
                wants_operand = True
            elif token == ")" and kind == "sign":
                self.close(offset)
            elif token == "," and self.calls:
                self.reduce_to_parenthesis(offset)
                wants_operand = True
            else:
                raise self.misfit(kind, token, offset, "&, |, ) or the end of the rule")
        while self.operators:
            op, offset = self.operators[-1]
            if op in "({":
                raise self.error("this parenthesis is never closed", offset, "a matching )")
            self.reduce()
        return _finish(self.operands[0])

    def misfit(self, kind: str, token: str, offset: int, expected: str) -> ParseError:
        if kind == "end":
            message = "the rule ends too early" if self.text.strip() else "the rule is empty"
            return self.error(message, offset, expected)
        if token == ")" and kind == "sign":
            return self.error("this ) has no partner", offset, expected)
        if token in _ARITHMETIC:
            return self.error(f"{token!r} is not used in {self.dialect.name} rules", offset,
                              "& for AND, | for OR")  # fmt: skip
        return self.error(f"{token!r} does not fit here", offset, expected)

    def atom(self, tokens: list[tuple[str, str, int]], position: int) -> int:
        """Read a name with its comparison, or a constant; return the next position."""
        kind, token, offset = tokens[position]
        position += 1
        if kind == "quoted":
            name = re.sub(r"\\(.)", r"\1", token[1:-1])
            if not name or name != name.strip():
                raise self.error(
                    f"{token} is no name", offset, "a component, without blanks around"
                )
        elif token in ("0", "1") or token.lower() in ("true", "false"):
            self.operands.append(TRUE if token.lower() in ("1", "true") else FALSE)
            return position
        else:
            name = token
            if name.isdecimal():
                if self.calls and tokens[position][1] == ")" and len(name) <= _LONGEST_NUMBER:
                    self.operands.append(_Chain("number", [Var(name)]))
                    return position
                raise self.error(f"{name} is a number", offset, "a component, 0 or 1")
            delay = re.fullmatch(r"(.+)\[-?\d+\]", name)
            if delay:
                raise self.error(f"{name} is a time delay, which regnet does not read", offset)
        comparison, level = ">=", 1
        if tokens[position][0] == "cmp":
            sign = tokens[position][1]
            comparison = _COMPARISONS.get(sign, sign)
            _, number, where = tokens[position + 1]
            span = _RANGE.fullmatch(number)
            if span and sign in (":", "=", "==", "!=", "≠"):
                low, high = (self.level(name, text, where) for text in span.groups())
                if low > high:
                    raise self.error(f"{number} is no range", where, f"{high}..{low}")
                within = self.between(name, low, high)
                self.operands.append(_negated(within) if comparison == "!=" else within)
                return position + 2
            level = self.level(name, number, where, sign)
            if self.typed and level == 0 and comparison in (">=", "<"):
                says = "always" if comparison == ">=" else "never"
                written = self.text[offset : where + len(number)]
                raise self.error(f"{written} {says} holds", offset, f"{name}=0 for level 0")
            position += 2
        self.operands.append(self.compare(name, comparison, level))
        return position

    def level(self, name: str, number: str, where: int, sign: str = "..") -> int:
        """Return a level that was written; refuse what is none, or is none of the component."""
        if not number.isdecimal() or len(number) > _LONGEST_NUMBER:
            raise self.error(f"{sign} needs a level after it", where, "a whole number")
        level, top = int(number), self.tops.get(name) if self.tops else None
        if top is not None and level > top:
            raise self.error(f"{name} ends at {top}", where, f"a level up to {top}")
        return level

    def between(self, name: str, low: int, high: int) -> Expr:
        """Return that a component is at one of two levels or between them."""
        top = self.tops.get(name) if self.tops else None
        ends = [self.at_least(name, low)] if low else []
        if top is None or high < top:
            ends.append(_negated(self.at_least(name, high + 1)))
        return conjunction(ends)

    def compare(self, name: str, comparison: str, level: int) -> Expr:
        top = self.tops.get(name) if self.tops else None
        match comparison:
            case ">=":
                return self.at_least(name, level)
            case ">":
                return self.at_least(name, level + 1)
            case "<":
                return _negated(self.at_least(name, level))
            case "<=":
                if top is not None and level >= top:
                    return TRUE
                return _negated(self.at_least(name, level + 1))
            case "=":
                return exactly_at(name, level, top)
            case _:
                return _negated(exactly_at(name, level, top))

    def at_least(self, name: str, level: int) -> Expr:
        if level == 0:
            return TRUE
        if level == 1:
            # A name that must be quoted is filed so that a bare word never finds it.
            key = name if self.dialect.is_plain_name(name) else f'"{name}"'
            return self.atoms.setdefault(key, Var(name))
        return self.higher.setdefault((name, level), Var(name, level))

    def push_binary(self, op: str, offset: int) -> None:
        strength = _STRENGTH[op]
        while self.operators and self.operators[-1][0] not in "({":
            above = _STRENGTH[self.operators[-1][0]]
            if above < strength or (above == strength and op == "=>"):
                break
            self.reduce()
        self.operators.append((op, offset))

    def reduce(self) -> None:
        """Apply the topmost operator."""
        op, offset = self.operators.pop()
        right = _finish(self.operands.pop())
        if op == "!":
            self.operands.append(_negated(right))
            return
        left = self.operands.pop()
        if op in "&|":
            parts = right.args if isinstance(right, And if op == "&" else Or) else (right,)
            if isinstance(left, _Chain) and left.op == op:
                left.items.extend(parts)
                self.operands.append(left)
            else:
                first = _finish(left)
                head = first.args if isinstance(first, And if op == "&" else Or) else (first,)
                self.operands.append(_Chain(op, [*head, *parts]))
            return
        a, b = _finish(left), right
        if op == "=>":
            self.operands.append(_flat(Or, _negated(a), b))
            return
        not_a, not_b = _negated(a), _negated(b)
        if op == "<=>":
            result: Expr = _flat(Or, _flat(And, a, b), _flat(And, not_a, not_b))
        else:
            result = _flat(Or, _flat(And, a, not_b), _flat(And, not_a, b))
        if _size(result) > MAX_EXPANSION:
            raise self.error(f"this {op} expands to too many terms", offset)
        self.operands.append(result)

    def reduce_to_parenthesis(self, offset: int) -> None:
        while self.operators and self.operators[-1][0] not in "({":
            self.reduce()
        if not self.operators:
            raise self.error("this ) has no partner", offset, "&, | or the end of the rule")

    def close(self, offset: int) -> None:
        self.reduce_to_parenthesis(offset)
        op, start = self.operators.pop()
        if op == "(":
            self.operands[-1] = _finish(self.operands[-1])
            return
        name, below = self.calls.pop()
        operands = self.operands[below:]
        del self.operands[below:]
        self.operands.append(self.count(name, operands, start))

    def open_call(self, name: str, offset: int) -> None:
        if name in TIMING and not self.dialect.functions:
            raise self.error(f"{name}(..) depends on time, which regnet does not read", offset)
        self.operators.append(("{", offset))
        self.calls.append((name, len(self.operands)))

    def count(self, name: str, operands: list[Expr | _Chain], offset: int) -> Expr:
        """Expand ``maj``, ``any``, ``all`` and the ``sum`` functions of BoolNet."""
        if self.dialect.functions:
            return self.at_least(f"{name}/{len(operands)}", 1)
        number = None
        if name.startswith("sum"):
            match operands.pop():
                case Const(value):
                    number = int(value)
                case _Chain(op="number", items=[Var(digits)]):
                    number = int(digits)
                case _:
                    raise self.error(f"{name}(..) must end with a number", offset)
        if any(isinstance(operand, _Chain) and operand.op == "number" for operand in operands):
            raise self.error(f"a number does not fit into {name}(..)", offset, "a component")
        args = [_finish(operand) for operand in operands]
        if name == "any":
            return disjunction(args)
        if name == "all":
            return conjunction(args)
        if name == "maj":
            return self.at_least_of(args, len(args) // 2 + 1, offset)
        assert number is not None
        if name == "sumgt":
            return self.at_least_of(args, number + 1, offset)
        if name == "sumlt":
            return _negated(self.at_least_of(args, number, offset))
        more = _negated(self.at_least_of(args, number + 1, offset))
        return conjunction((self.at_least_of(args, number, offset), more))

    def at_least_of(self, args: list[Expr], count: int, offset: int) -> Expr:
        if count > len(args):
            return FALSE
        if comb(len(args), count) > MAX_EXPANSION:
            raise self.error(f"{count} of {len(args)} expands to too many terms", offset)
        # row[k] = "at least k of the arguments seen so far"
        row: list[Expr] = [TRUE, *[FALSE] * count]
        for arg in args:
            for k in range(count, 0, -1):
                row[k] = disjunction((row[k], conjunction((arg, row[k - 1]))))
        return row[count]


def _finish(operand: Expr | _Chain) -> Expr:
    if isinstance(operand, _Chain):
        return (And if operand.op == "&" else Or)(tuple(operand.items))
    return operand


def _flat(kind: type[And] | type[Or], *args: Expr) -> Expr:
    parts: list[Expr] = []
    for arg in args:
        append(parts, kind, arg)
    return kind(tuple(parts))


def _negated(expr: Expr) -> Expr:
    return Const(not expr.value) if isinstance(expr, Const) else ~expr


def _size(expr: Expr) -> int:
    """Return the number of atoms that the written-out expression has."""
    return fold(expr, lambda _node, sizes: sum(sizes) or 1)
