"""Temporal logic: formulas of CTL with hybrid operators.

A `Formula` is computation tree logic (CTL: Clarke and Emerson 1982, doi 10.1007/BFb0025774) over
conditions: ``EF c`` some run meets c, ``AG c`` no run leaves c, ``EG c`` some run stays in c for
ever, ``AF c`` every run meets c, ``EX c`` and ``AX c`` after one step, ``E[c U d]`` and
``A[c U d]`` c until d. A state that nothing leaves has itself as its next state. Hybrid operators
name states (HCTL: Kernberger and Lange 2020, doi 10.4230/LIPIcs.TIME.2020.8): ``!{x}: f`` calls
the state x, ``3{x}: f`` some state x, ``V{x}: f`` every state x, of all that clamps allow and
whether or not they are reached, ``@{x}: f`` asks f there, and ``{x}`` is that state.

A subformula without temporal operators is a single condition, so formulas stay small.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from regnet.errors import NetworkError, ParseError, UnknownNameError
from regnet.evidence import Phenotype
from regnet.logic import (
    FALSE,
    REGNET,
    Expr,
    Not,
    Var,
    conjunction,
    describe,
    disjunction,
    parse,
    unparse,
    variables,
)
from regnet.network import LogicalNetwork

UNARY = {
    "EX": "a next state has it",
    "AX": "every next state has it",
    "EF": "some run meets it",
    "AF": "every run meets it",
    "EG": "some run stays in it for ever",
    "AG": "no run leaves it",
}
"""Temporal operators, with their meanings."""

UNTIL = {"EU": "some run stays in the one until it meets the other", "AU": "every run does"}
MAX_DEPTH = 100
"""Formulas may be nested so deep."""

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Formula:
    """A temporal formula.

    Parameters
    ----------
    op
        ``""`` for a condition, ``"!"``, ``"&"``, ``"|"``, a key of `UNARY` or `UNTIL`, ``"at"`` for
        the state `name`, or ``"!{}"``, ``"3{}"``, ``"V{}"``, ``"@{}"`` for what names one.
    args
        Its subformulas.
    condition
        Of a condition.
    name
        Of a state.
    """

    op: str
    args: tuple[Formula, ...] = ()
    condition: Expr = field(default=FALSE)
    name: str = ""

    def __str__(self) -> str:
        return _write(self, 0)

    def __invert__(self) -> Formula:
        if self.op == "!":
            return self.args[0]
        return of(~self.condition) if self.op == "" else Formula("!", (self,))

    @property
    def operators(self) -> frozenset[str]:
        """The operators in it, conditions and connectives left out."""
        own = frozenset() if self.op in ("", "!", "&", "|") else frozenset({self.op})
        return own.union(*(arg.operators for arg in self.args))

    @property
    def conditions(self) -> tuple[Expr, ...]:
        """The conditions in it."""
        own = (self.condition,) if self.op == "" else ()
        return tuple(dict.fromkeys((*own, *(c for arg in self.args for c in arg.conditions))))

    @property
    def is_hybrid(self) -> bool:
        """Whether it names states."""
        return any(op == "at" or op.endswith("{}") for op in self.operators)

    @property
    def asks_everywhere(self) -> bool:
        """Whether it asks for some state or every state, wherever that is."""
        return bool(self.operators & {"3{}", "V{}"})

    @property
    def depth(self) -> int:
        """Number of states that it may name at once."""
        below = max((arg.depth for arg in self.args), default=0)
        return below + (self.op in ("!{}", "3{}", "V{}"))


def of(condition: Expr) -> Formula:
    """Return a condition as a formula."""
    return Formula("", condition=condition)


def ask(op: str, *args: Formula) -> Formula:
    """Return a formula; connectives of conditions are conditions again."""
    if op == "!":
        return ~args[0]
    if op in ("&", "|") and all(arg.op == "" for arg in args):
        join = conjunction if op == "&" else disjunction
        return of(join(arg.condition for arg in args))
    if op in ("&", "|"):
        flat = [part for arg in args for part in (arg.args if arg.op == op else (arg,))]
        return Formula(op, tuple(flat))
    return Formula(op, args)


def _write(formula: Formula, around: int) -> str:
    """Return the text of a formula, in parentheses where precedence requires them."""
    op, args = formula.op, formula.args
    match op:
        case "":
            text = _write_condition(formula.condition)
            return f"({text})" if around and re.search(r"[&|]", text) else text
        case "at":
            return f"{{{formula.name}}}"
        case "!":
            return f"!{_write(args[0], 3)}"
        case "EU" | "AU":
            return f"{op[0]}[{_write(args[0], 0)} U {_write(args[1], 0)}]"
        case "|" if len(args) == 2 and (given := _denied(args[0])) and args[1].op:
            text = f"{_write(given, 1)} -> {_write(args[1], 1)}"
            return f"({text})" if around else text
        case "&" | "|":
            own = 2 if op == "&" else 1
            text = f" {op} ".join(_write(arg, own) for arg in args)
            return f"({text})" if around >= own else text
        case _ if op in UNARY:
            return f"{op} {_write(args[0], 3)}"
        case _:
            within = 0 if args[0].op.endswith("{}") else 3
            text = f"{op[0]}{{{formula.name}}}: {_write(args[0], within)}"
            return f"({text})" if around else text


def _denied(formula: Formula) -> Formula | None:
    """Return what a formula denies, or None."""
    if formula.op == "!":
        return formula.args[0]
    inner = formula.condition
    return of(inner.arg) if formula.op == "" and isinstance(inner, Not) else None


def _write_condition(condition: Expr) -> str:
    """Return the text of a condition; components called like operators are quoted."""
    if not any(v.name in UNARY or v.name in ("NEF", "U", *UNTIL) for v in variables(condition)):
        return describe(condition)

    def atom(var: Var) -> str:
        level = "" if var.level == 1 else f":{var.level}"
        return f'"{var.name}"{level}'

    return unparse(condition, atom=atom)


# --- reading ---------------------------------------------------------------------------------

_HEAD = re.compile(r"\s*([!3V@])\s*\{\s*(\w+)\s*\}\s*:|\s*\{\s*(\w+)\s*\}")
_TOKEN = re.compile(r'\s*(\[|\]|"(?:[^"\\]|\\.)*"|<=>|=>|->|&&|\|\||[!~¬&∧|∨()])')
_WORD = re.compile(rf"\s*({REGNET.names})")
_LEVEL = re.compile(r"\s*(>=|<=|==|!=|≥|≤|≠|[=<>:])\s*\d+")
_COMPARED = re.compile(  # => and <=> are no comparisons
    r"\s*(?:>=|<=(?!>)|==|!=|≥|≤|≠|<(?!=>)|[>:]|=(?!>))\s*\w*(?:\.\.\d+)?"
)
_OF_LTL = {"F", "G", "X", "U", "W", "R"}
_CALL = re.compile(r"(maj|any|all|sumgt|sumlt|sumis)\Z", re.IGNORECASE)
_JOINS = {
    "&": "&", "&&": "&", "∧": "&", "and": "&", "|": "|", "||": "|", "∨": "|", "or": "|",
    "=>": "=>", "->": "=>", "<=>": "<=>",
}  # fmt: skip
_STRENGTH = {"<=>": 1, "=>": 2, "U": 3, "|": 4, "&": 5}


def parse_query(
    text: str, network: LogicalNetwork, phenotypes: Iterable[Phenotype] = ()
) -> Formula:
    """Parse a formula such as ``AG EF (Mass:2 & !Cachexia)``.

    Conditions are written as in rules. A phenotype's name in quotes stands for its condition;
    a component called like an operator is written in quotes too. ``NEF c`` is short for ``!EF c``.

    Raises
    ------
    ParseError, UnknownNameError, NetworkError
        With the column of the error; or if a name is not in the network.

    Examples
    --------
    >>> from regnet.network import Component, Rule
    >>> pair = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("A"))))
    >>> print(parse_query("!EF(A&B) -> E[A U AG B]", pair))
    EF (A & B) | E[A U AG B]
    """
    return _Reader(text, network, {p.name: p for p in phenotypes}).read()


class _Reader:
    """Precedence climbing over the text."""

    def __init__(
        self, text: str, network: LogicalNetwork, phenotypes: dict[str, Phenotype]
    ) -> None:
        self.text, self.network, self.phenotypes = text, network, phenotypes
        self.at = 0
        self.depth = 0
        self.states: list[str] = []

    def error(self, message: str, expected: str = "") -> ParseError:
        blank = len(self.text[self.at :]) - len(self.text[self.at :].lstrip())
        return ParseError(message, column=self.at + blank + 1, expected=expected)

    def read(self) -> Formula:
        formula = self.joined(0)
        if self.text[self.at :].strip():
            raise self.error(f"{self.rest()!r} does not fit here", "&, |, -> or the end")
        return formula

    def rest(self) -> str:
        return (self.text[self.at :].split() or [""])[0]

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def peek(self) -> str:
        """Return the next sign or word, without taking it."""
        found = _TOKEN.match(self.text, self.at) or _WORD.match(self.text, self.at)
        return found[1] if found else ""

    def expect(self, sign: str) -> None:
        if self.peek() != sign:
            message = f"{self.rest()!r} does not fit here" if self.rest() else "it ends too early"
            raise self.error(message, sign)
        self.take(_TOKEN) or self.take(_WORD)

    def joined(self, strength: int) -> Formula:
        """Read operands and what joins them, as far as it binds tighter than `strength`."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(f"a query may be nested {MAX_DEPTH} deep")
        left = self.operand()
        while True:
            word = self.peek()
            op = _JOINS.get(word.lower(), word)
            until = op in UNTIL
            own = _STRENGTH["U"] if until else _STRENGTH.get(op, 0) if op != "U" else 0
            if own <= strength:
                self.depth -= 1
                return left
            self.take(_TOKEN) or self.take(_WORD)
            right = self.joined(own - 1 if op == "=>" else own)
            if until:
                left = ask(op, left, right)
            elif op == "=>":
                left = ask("|", ~left, right)
            elif op == "<=>":
                left = ask("|", ask("&", left, right), ask("&", ~left, ~right))
            else:
                left = ask(op, left, right)

    def operand(self) -> Formula:
        if head := self.take(_HEAD):
            return self.named(head)
        word = self.peek()
        if word in ("!", "~", "¬") or word.lower() == "not":
            self.take(_TOKEN) or self.take(_WORD)
            return ~self.tight()
        if word == "(":
            self.take(_TOKEN)
            inner = self.joined(0)
            self.expect(")")
            return inner
        if word.startswith('"'):
            return self.quoted()
        found = _WORD.match(self.text, self.at)
        if not found:
            message = f"{self.rest()!r} does not fit here" if self.rest() else "it ends too early"
            raise self.error(message, "EF, AG, .., a condition or (")
        after = self.text[found.end() :].lstrip()[:1]
        if word in UNARY or word == "NEF":
            self.at = found.end()
            inner = self.tight()
            return ~ask("EF", inner) if word == "NEF" else ask(word, inner)
        if word in ("E", "A") and after == "[":
            self.at = found.end()
            self.expect("[")
            first = self.joined(0)
            self.expect("U")
            second = self.joined(0)
            self.expect("]")
            return ask(f"{word}U", first, second)
        if word in _OF_LTL and word not in self.network and after not in ("", ")", "&", "|"):
            raise self.error(
                f"{word} is said of one run; here E (some run) or A (every run) stands before it",
                f"{', '.join(UNARY)}, E[c U d] or A[c U d]",
            )
        return self.condition(found)

    def tight(self) -> Formula:
        """Read what a prefix operator stands before."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(f"a query may be nested {MAX_DEPTH} deep")
        inner = self.operand()
        self.depth -= 1
        return inner

    def named(self, head: re.Match[str]) -> Formula:
        if head[3]:
            if head[3] not in self.states:
                self.at = head.start()
                raise self.error(f"no state is called {head[3]!r} here", f"!{{{head[3]}}}: before")
            return Formula("at", name=head[3])
        if head[1] == "@":
            if head[2] not in self.states:
                self.at = head.start()
                raise self.error(f"no state is called {head[2]!r} here", f"!{{{head[2]}}}: before")
            return Formula("@{}", (self.tight(),), name=head[2])
        self.states.append(head[2])
        inner = self.tight()
        self.states.pop()
        return Formula(f"{head[1]}{{}}", (inner,), name=head[2])

    def quoted(self) -> Formula:
        found = _TOKEN.match(self.text, self.at)
        assert found is not None
        name = re.sub(r"\\(.)", r"\1", found[1][1:-1])
        if name in self.network or _LEVEL.match(self.text, found.end()):
            return self.condition(found)
        if not name:
            self.at = found.start(1)
            raise self.error(f"{found[1]} is no name", r'a component; " within a name is \"')
        if name not in self.phenotypes:
            known = [*self.network.names, *self.phenotypes]
            raise UnknownNameError("component or phenotype", name, known)
        phenotype = self.phenotypes[name]
        if phenotype.kind:
            raise NetworkError(
                f"the phenotype {name!r} asks for a {phenotype.kind} attractor, which no single "
                "state can show; write its condition instead"
            )
        self.at = found.end()
        return of(phenotype.condition)

    def condition(self, found: re.Match[str]) -> Formula:
        """Read a component with its level, a constant or a counting function."""
        begin, end = found.start(1), found.end()
        if _CALL.match(found[1]) and self.text[end:].lstrip().startswith("("):
            depth = 0
            for place in range(end, len(self.text)):
                depth += {"(": 1, ")": -1}.get(self.text[place], 0)
                end = place + 1
                if not depth and self.text[place] == ")":
                    break
        elif level := _COMPARED.match(self.text, end):
            end = level.end()
        part = parse(self.text[begin:end], tops=self.network.tops, column=begin + 1, typed=True)
        self.network.check(part)
        self.at = end
        return of(part)


# --- what holds where ------------------------------------------------------------------------


class Sets(Protocol[S]):
    """Sets of states, and the steps between them."""

    everything: S
    resting: S

    def both(self, one: S, two: S) -> S:
        """Return the states in both sets."""

    def either(self, one: S, two: S) -> S:
        """Return the states in one of the sets."""

    def minus(self, one: S, two: S) -> S:
        """Return the states of the first set that are not in the second."""

    def before(self, states: S) -> S:
        """Return the states from which one step leads into a set."""

    def until(self, within: S, goal: S) -> S:
        """Return the states from which steps within a set lead to a goal, the goal included."""


def states_of(
    formula: Formula, sets: Sets[S], read: Callable[[Expr], S], same: Callable[[S, S], bool]
) -> S:
    """Return the states in which a formula without names for states holds.

    Fixed points of the next-state relation, as Clarke, Emerson and Sistla (1986,
    doi 10.1145/5397.5399) compute them.
    """
    full = sets.everything

    def other(states: S) -> S:
        return sets.minus(full, states)

    def ever(states: S) -> S:
        """Return the states from which some run never leaves a set."""
        while True:
            onward = sets.either(sets.before(states), sets.resting)
            fewer = sets.both(states, onward)
            if same(fewer, states):
                return states
            states = fewer

    def after(states: S) -> S:
        return sets.either(sets.before(states), sets.both(states, sets.resting))

    def walk(node: Formula) -> S:
        if node.op == "":
            return sets.both(full, read(node.condition))
        args = [walk(arg) for arg in node.args]
        match node.op:
            case "!":
                return other(args[0])
            case "&":
                return _folded(sets.both, args)
            case "|":
                return _folded(sets.either, args)
            case "EX":
                return after(args[0])
            case "AX":
                return other(after(other(args[0])))
            case "EF":
                return sets.until(full, args[0])
            case "AG":
                return other(sets.until(full, other(args[0])))
            case "EG":
                return ever(args[0])
            case "AF":
                return other(ever(other(args[0])))
            case "EU":
                return sets.until(*args)
            case _:
                neither = sets.minus(other(args[1]), args[0])
                avoiding = sets.until(other(args[1]), neither)
                return other(sets.either(avoiding, ever(other(args[1]))))

    return walk(formula)


def _folded(join: Callable[[S, S], S], args: Sequence[S]) -> S:
    result = args[0]
    for arg in args[1:]:
        result = join(result, arg)
    return result
