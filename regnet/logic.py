"""Logic: expressions over thresholds, how to read them, write them and evaluate them.

The only atom is ``Var(name, level)``: "the component is at this level or above". ``X`` is short for
``X:1``. Equalities and intervals (``X=1``, ``X<2``) are translated when text is read, so everything
behind this module sees thresholds, `Not`, `And`, `Or` and constants only.

Nothing here recurses: real rule files nest more than 10,000 parentheses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import comb
from typing import Any, NamedTuple, TypeVar

from regnet.errors import ParseError

T = TypeVar("T")

MAX_EXPANSION = 200_000
"""Largest number of terms that ``^``, ``maj`` and the like may expand to."""


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
        return unparse(self)

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


@dataclass(frozen=True, slots=True, eq=False)
class Const(Expr):
    """True or false."""

    value: bool


@dataclass(frozen=True, slots=True, eq=False)
class Var(Expr):
    """The component `name` is at `level` or above; `level` starts at 1."""

    name: str
    level: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Not(Expr):
    """The opposite of `arg`."""

    arg: Expr

    @property
    def args(self) -> tuple[Expr, ...]:
        """The direct sub-expressions."""
        return (self.arg,)


@dataclass(frozen=True, slots=True, eq=False)
class And(Expr):
    """All of `args` hold."""

    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Or(Expr):
    """At least one of `args` holds."""

    args: tuple[Expr, ...]


TRUE = Const(True)
FALSE = Const(False)


# --- walking ---------------------------------------------------------------------------------


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
    """Tell whether an expression holds in a state that gives a level to every component it names.

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
    """Tell whether an expression holds in all states of a space (True), in none (False).

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


# --- writing ---------------------------------------------------------------------------------

_BARE_NAME = re.compile(r"(?!\d+\Z)\w(?:[\w.'/]|-(?!>))*\Z")
_WORDS = {"and", "or", "not", "xor", "true", "false"}


@lru_cache(1 << 16)  # large networks write each name many times
def write_name(name: str) -> str:
    """Return a component's name as it stands in an expression: quoted where it must be."""
    if _BARE_NAME.match(name) and name.lower() not in _WORDS:
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
    """Return the text of an expression for people: "exactly at 1" is ``X=1``, not ``X & !X:2``.

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


# --- reading ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dialect:
    """What a file format allows in its rules.

    Parameters
    ----------
    name
        What error messages call it.
    names
        Regular expression of a bare component name.
    thresholds
        Whether ``X:2``, ``X=1``, ``X<2`` may be written.
    arithmetic
        Whether ``*`` and ``+`` are read as AND and OR.
    functions
        Whether ``f(A, B)`` is a function that nobody has defined; it is read as the component
        ``f/2``: its name and the number of its arguments.
    """

    name: str
    names: str
    thresholds: bool = False
    arithmetic: bool = False
    functions: bool = False
    _pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)
    _words: re.Pattern[str] = field(init=False, repr=False, compare=False)
    _name: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        operators = r"<=>|=>|->|&&|\|\||[!~¬&∧|∨^()*+,←]"
        comparisons = r">=|<=|==|!=|≥|≤|≠|[=<>:]" if self.thresholds else r"(?!)"
        pattern = re.compile(
            rf'\s*(?:(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<op>!(?!=)|<=>|=>(?!\s*\d))'
            rf"|(?P<cmp>{comparisons})|(?P<sign>{operators})|(?P<name>{self.names})"
            r"|(?P<end>\Z)|(?P<bad>.))",
            re.DOTALL,
        )
        object.__setattr__(self, "_pattern", pattern)
        object.__setattr__(self, "_words", re.compile(rf"{self.names}|\S"))
        object.__setattr__(self, "_name", re.compile(self.names))

    def tokens(self, text: str) -> Iterator[tuple[str, str, int]]:
        """Yield ``(kind, token, offset)``; the last kind is ``end``."""
        position, match = 0, self._pattern.match
        while True:
            found = match(text, position)
            assert found is not None
            kind = str(found.lastgroup)
            yield kind, found[kind], found.start(kind)
            if kind == "end":
                return
            position = found.end()

    def words(self, text: str) -> list[str]:
        """Return names and single signs as they follow each other: quick, and without places."""
        return self._words.findall(text)

    def is_name(self, word: str) -> bool:
        """Tell whether a word has the shape of a name."""
        return self._name.fullmatch(word) is not None

    def is_plain_name(self, word: str) -> bool:
        """Tell whether a word is a name that needs no second look: no constant, word or delay."""
        return (
            self.is_name(word)
            and word.lower() not in _NOT_PLAIN
            and not word.isdecimal()
            and "[" not in word
        )


REGNET = Dialect("regnet", r"\w(?:[\w.'/]|-(?!>))*", thresholds=True)
"""The language of the model file, of conditions and of the command line."""

BNET = Dialect("bnet", r"""(?:[^\s,;()!~¬&∧|∨^*+=<>←"-]|-(?!>))+""")
"""BoolNet and pyboolnet text: names may hold almost anything that is not an operator."""

BNET_LENIENT = Dialect("bnet", BNET.names, arithmetic=True)
"""As `BNET`, with ``*`` read as AND and ``+`` as OR."""

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
_COUNTING = {"maj", "any", "all", "sumgt", "sumlt", "sumis"}
_TIMING = {"timeis", "timegt", "timelt"}
_NOT_PLAIN = _WORDS | _COUNTING | _TIMING


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
) -> Expr:
    """Read an expression.

    Parameters
    ----------
    text
        The expression: ``! & |`` or ``not and or``, ``^``, ``=>``, ``<=>``, parentheses, ``0``,
        ``1``, ``true``, ``false``, ``maj(..)``, ``any(..)``, ``all(..)``, ``sumgt(.., k)``; in
        that order of strength: NOT, XOR, AND, OR, IMPLIES, IFF.
    dialect
        What names and comparisons look like.
    tops
        Highest level of each component, if known; then ``X=1`` of a Boolean ``X`` is just ``X``.
    file, line, column
        Where the text starts, for messages.
    atoms
        Components that were met before; `parse` adds to it. One dict for all rules of a file makes
        large files quicker to read.

    Raises
    ------
    ParseError
        With the place of the fault and what was expected there.

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
        plain = _parse_plain(dialect.words(text), dialect, {} if atoms is None else atoms)
        if plain is not None:
            return plain
    return _Parser(text, dialect, tops, file, line, column, atoms).read()


def _parse_plain(words: list[str], dialect: Dialect, atoms: dict[str, Var]) -> Expr | None:
    """Return what names, ``! & |`` and parentheses say, or None where there is anything else.

    Most rules of most files are no more than that, and this reads them in a third of the time.
    All else, faults included, is left to `_Parser`, which knows places.
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
                _append(terms, Or, _gather(And, factors))
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
            _append(terms, Or, _gather(And, factors))
            group = _gather(Or, terms)
            terms, factors, negated = outer.pop()
            _append(factors, And, ~group if negated else group)
            negated = False
        else:
            if not wants_operand or not dialect.is_plain_name(word):
                return None
            atom = atoms[word] = Var(word)
            factors.append(Not(atom) if negated else atom)
            negated = wants_operand = False
    if wants_operand or outer:
        return None
    _append(terms, Or, _gather(And, factors))
    return _gather(Or, terms)


def _append(parts: list[Expr], kind: type[And] | type[Or], part: Expr) -> None:
    """Add a part to a conjunction or disjunction, without nesting one in its like."""
    if isinstance(part, kind):
        parts.extend(part.args)
    else:
        parts.append(part)


def _gather(kind: type[And] | type[Or], parts: list[Expr]) -> Expr:
    return parts[0] if len(parts) == 1 else kind(tuple(parts))


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
    ) -> None:
        self.text, self.dialect, self.tops = text, dialect, tops
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
                    known = self.dialect.functions or word in _COUNTING | _TIMING
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
            if not number.isdecimal() or len(number) > _LONGEST_NUMBER:
                raise self.error(f"{sign} needs a level after it", where, "a whole number")
            level = int(number)
            top = self.tops.get(name) if self.tops else None
            if top is not None and level > top:
                raise self.error(f"{name} ends at {top}", where, f"a level up to {top}")
            position += 2
        self.operands.append(self.compare(name, comparison, level))
        return position

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
        if name in _TIMING and not self.dialect.functions:
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
        _append(parts, kind, arg)
    return kind(tuple(parts))


def _negated(expr: Expr) -> Expr:
    return Const(not expr.value) if isinstance(expr, Const) else ~expr


def _size(expr: Expr) -> int:
    """Return the number of atoms that the written-out expression has."""
    return fold(expr, lambda _node, sizes: sum(sizes) or 1)
