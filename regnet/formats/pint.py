"""Automata networks of Pint (.an; Paulevé 2017, doi 10.1007/978-3-319-67471-1_20).

``"a" 0 -> 1 when "b"=1 and c=0`` is a move of one automaton. Where moves lead to the next local
state only, and never up and down from the same state, the automaton is a component whose target is
the state in which its moves would end while nothing else changes: it then moves exactly as here,
one level at a time. Other transitions (coupled moves, jumps, a choice between up and down) are
refused by name. Local states with names are levels in the order in which they are declared.

``initial_state`` and ``initial_context`` become the scenario `START`; other automata begin in their
first local state.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from regnet.diagram import ALWAYS, NEVER, Diagram, Function
from regnet.errors import EngineError, ParseError
from regnet.exchange.leveltable import LevelTable
from regnet.exchange.portable import some
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project, Reading, Remark
from regnet.scenario import Scenario
from regnet.space import Space

START = "initial state"

_TOKEN = re.compile(
    r'(?P<label>"(?:[^"\\\n]|\\.)*")|(?P<int>[0-9]{1,9}(?![0-9]))|(?P<name>[A-Za-z_][\w\']*)|(?P<sign>->|[=\[\]{},;])'
    r"|(?P<bad>.)",
    re.DOTALL,
)
_COMMENT = re.compile(r"\(\*|\*\)")
_MOST_STATES = 1_000
_OPENS = re.compile(r'\A\s*(?:"[^"\n]*"|[A-Za-z_][\w\']*)\s*\[\s*(?:"[^"\n]*"|\w+)\s*[,\]]')


def read(text: str, file: str = "") -> Reading:
    r"""Read an automata network.

    Raises
    ------
    ParseError
        With line, column and what was expected there, or what no logical rule can do.

    Examples
    --------
    >>> text = 'a [0, 1]\nb [0, 1]\na 0 -> 1 when b=1\na 1 -> 0 when b=0'
    >>> network = read(text).project.network
    >>> str(network["a"].rule.reaches(1)), network.inputs
    ('b', ('b',))
    """
    return _Reader(text, file).read()


def fits(text: str) -> bool:
    """Return whether a text looks like an automata network: it opens with an automaton."""
    return _OPENS.match(_without_comments(text.lstrip("\ufeff")) or "") is not None


def _without_comments(text: str) -> str | None:
    """Return a text with blanks for its comments, which may be nested; None if one has no end."""
    if "(*" not in text:
        return text
    parts: list[str] = []
    depth = last = 0
    for found in _COMMENT.finditer(text):
        if found[0] == "(*":
            if depth == 0:
                parts.append(text[last : found.start()])
                last = found.start()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                parts.append(re.sub(r"[^\n]", " ", text[last : found.end()]))
                last = found.end()
    if depth:
        return None
    return "".join([*parts, text[last:]])


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class _Move:
    """A move of an automaton, by places of local states."""

    source: int
    target: int
    when: dict[str, int]
    at: _Token


@dataclass(slots=True)
class _Automaton:
    """The declaration of an automaton."""

    states: list[str]
    moves: list[_Move] = field(default_factory=list)

    @property
    def has_names(self) -> bool:
        return self.states != [str(n) for n in range(len(self.states))]


class _Reader:
    """The tokens of a file, and what they declare."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        plain = _without_comments(text)
        if plain is None:
            last = text.rfind("(*")
            line = text.count("\n", 0, last) + 1
            raise ParseError("this comment is never closed", file=file, line=line,
                             column=last - text.rfind("\n", 0, last), expected="*)")  # fmt: skip
        self.tokens = [
            _Token(str(found.lastgroup), found[0], number, found.start() + 1)
            for number, line in enumerate(plain.split("\n"), start=1)
            for found in _TOKEN.finditer(line)
            if not found[0].isspace()
        ]
        self.place = 0
        self.automata: dict[str, _Automaton] = {}
        self.initial: dict[str, set[int]] | None = None

    def read(self) -> Reading:
        while self.place < len(self.tokens):
            token = self._next("an automaton, a move or an initial state")
            if token.kind == "name" and token.text in ("initial_state", "initial_context"):
                self._initial()
                if self.place < len(self.tokens):
                    raise self._misfit(self._next(""), "the end of the file")
                break
            if token.text == "{":
                raise self._error(
                    "these moves are coupled: they move several automata at once, which no logical "
                    "rule does", token, "one automaton a move",
                )  # fmt: skip
            name = self._name(token)
            following = self._next("[ or a local state")
            if following.text == "[":
                self._declare(name, token)
            else:
                self._move(name, token, following)
        components = tuple(
            Component(
                name,
                self._rule(name, automaton),
                max(1, len(automaton.states) - 1),
                meanings=self._meanings(automaton),
            )
            for name, automaton in self.automata.items()
        )
        network = LogicalNetwork(components, name=Path(self.file).stem)
        scenarios, remarks = self._start()
        single = [name for name, one in self.automata.items() if len(one.states) == 1]
        if single:
            words = f"automata with one local state are held at level 0: {some(single)}"
            remarks.append(Remark("info", words))
        return Reading(Project(network, scenarios=scenarios), tuple(remarks))

    # --- tokens ---

    def _next(self, expected: str) -> _Token:
        if self.place == len(self.tokens):
            last = self.tokens[-1] if self.tokens else _Token("", "", 1, 0)
            raise ParseError("the file ends too early", file=self.file, line=last.line,
                             column=last.column + len(last.text), expected=expected)  # fmt: skip
        self.place += 1
        return self.tokens[self.place - 1]

    def _follows(self, text: str) -> bool:
        """Take the next token if it is this one; return whether it was."""
        there = self.place < len(self.tokens) and self.tokens[self.place].text == text
        self.place += there
        return there

    def _sign(self, text: str, expected: str) -> None:
        token = self._next(expected)
        if token.text != text:
            raise self._misfit(token, expected)

    def _name(self, token: _Token) -> str:
        if token.kind not in ("label", "name"):
            raise self._misfit(token, "the name of an automaton")
        name = re.sub(r"\\(.)", r"\1", token.text[1:-1]) if token.kind == "label" else token.text
        if not name or name != name.strip():
            raise self._error(f"{token.text} cannot be the name of a component", token)
        return name

    def _known(self, token: _Token) -> tuple[str, _Automaton]:
        name = self._name(token)
        if name not in self.automata:
            raise self._error(f"there is no automaton {name}", token,
                              f"a line such as: {token.text} [0, 1], above")  # fmt: skip
        return name, self.automata[name]

    def _state(self, name: str, automaton: _Automaton, token: _Token) -> int:
        """Return the place of a local state: by its name, or by its number."""
        word = token.text[1:-1] if token.kind == "label" else token.text
        if token.kind in ("label", "int", "name"):
            if word in automaton.states:
                return automaton.states.index(word)
            numbered = any(state.isdecimal() for state in automaton.states)
            if token.kind == "int" and not numbered and int(word) < len(automaton.states):
                return int(word)
        raise self._error(
            f"{token.text} is no local state of {name}", token, f"one of {some(automaton.states)}"
        )

    def _error(self, message: str, token: _Token, expected: str = "") -> ParseError:
        return ParseError(message, file=self.file, line=token.line, column=token.column,
                          expected=expected)  # fmt: skip

    def _misfit(self, token: _Token, expected: str) -> ParseError:
        return self._error(f"{token.text!r} does not fit here", token, expected)

    # --- declarations ---

    def _declare(self, name: str, at: _Token) -> None:
        if name in self.automata:
            raise self._error(f"{name} is declared a second time", at)
        states: list[str] = []
        while True:
            token = self._next("a local state")
            if token.kind not in ("label", "int", "name"):
                raise self._misfit(token, 'a local state, such as 0 or "active"')
            word = token.text[1:-1] if token.kind == "label" else token.text
            if word in states or len(states) == _MOST_STATES:
                what = "is declared twice" if word in states else "is one too many"
                raise self._error(f"the local state {token.text} of {name} {what}", token)
            states.append(word)
            if self._follows("]"):
                break
            self._sign(",", "a comma or ]")
        if all(re.fullmatch("[0-9]{1,9}", state) for state in states):
            states.sort(key=int)
        self.automata[name] = _Automaton(states)

    def _move(self, name: str, at: _Token, token: _Token) -> None:
        _, automaton = self._known(at)
        source = self._state(name, automaton, token)
        self._sign("->", "-> and the next local state")
        target = self._state(name, automaton, self._next("a local state"))
        when: dict[str, int] = {}
        if self._follows("when"):
            while True:
                other_at = self._next("the name of an automaton")
                other, its = self._known(other_at)
                self._sign("=", "= and a local state")
                state = self._state(other, its, self._next("a local state"))
                if when.setdefault(other, state) != state:
                    raise self._error(f"{other} is required to be in two local states", other_at)
                if not self._follows("and"):
                    break
        if when.pop(name, source) != source:
            raise self._error(
                f"this move of {name} can never be made: it asks for another local state than it "
                "begins in", at,
            )  # fmt: skip
        if abs(source - target) != 1:
            raise self._error(
                f"{name} jumps from {automaton.states[source]} to {automaton.states[target]} here, "
                "which no logical rule does", at, "a move to the next local state",
            )  # fmt: skip
        automaton.moves.append(_Move(source, target, when, at))

    def _initial(self) -> None:
        self.initial = {}
        while True:
            name, automaton = self._known(self._next("the name of an automaton"))
            self._sign("=", "= and a local state")
            state = self._state(name, automaton, self._next("a local state"))
            self.initial.setdefault(name, set()).add(state)
            if not self._follows(","):
                return

    # --- meaning ---

    def _meanings(self, automaton: _Automaton) -> tuple[str, ...]:
        if not automaton.has_names or len(automaton.states) < 2:
            return ()
        return tuple(automaton.states)

    def _rule(self, name: str, automaton: _Automaton) -> Rule | None:
        """Return the rule by which a component moves as an automaton does."""
        top = len(automaton.states) - 1
        if not top:
            return Rule.constant(0)
        if not automaton.moves:
            return None
        used = dict.fromkeys(other for move in automaton.moves for other in move.when)
        others = [other for other in self.automata if other in used]
        tops = [max(1, len(self.automata[other].states) - 1) for other in others]
        table = LevelTable([*zip(others, tops, strict=True), (name, top)])
        d = table.diagram
        ways: dict[tuple[int, int], Function] = {}
        try:
            for move in automaton.moves:
                row: list[int | None] = [move.when.get(other) for other in others]
                key = (move.source, move.target)
                ways[key] = d.either(ways.get(key, NEVER), table.row([*row, None]))
                back = ways.get((move.source, 2 * move.source - move.target), NEVER)
                if d.both(d.both(ways[key], back), table.possible) != NEVER:
                    raise self._error(
                        f"{name} may move both up and down from {automaton.states[move.source]} "
                        "in the same state, which no logical rule does", move.at,
                    )  # fmt: skip
            own = [table.row([*([None] * len(others)), level]) for level in range(top + 1)]
            reached = [
                d.disjunction(
                    d.both(own[level], _ends_above(d, ways, level, bound))
                    for level in range(top + 1)
                )
                for bound in range(1, top + 1)
            ]
            return table.rule(reached)
        except EngineError as error:
            raise self._error(f"the moves of {name}: {error}", automaton.moves[0].at) from None

    def _start(self) -> tuple[tuple[Scenario, ...], list[Remark]]:
        """Return the scenario of the initial state, and what could not be put into it."""
        if self.initial is None:
            return (), []
        levels: dict[str, int | tuple[int, int]] = {}
        apart = []
        for name in self.automata:
            found = sorted(self.initial.get(name, {0}))
            if found[-1] - found[0] >= len(found):
                apart.append(name)
            levels[name] = (found[0], found[-1])
        remarks = []
        if apart:
            words = "begin at all levels between the lowest and the highest that the file names"
            remarks.append(Remark("warning", f"{some(apart)}: {words}"))
        return (Scenario(START, start=Space(levels)),), remarks


def _ends_above(
    d: Diagram, ways: dict[tuple[int, int], Function], level: int, bound: int
) -> Function:
    """Return the condition that moves from a level end at `bound` or above, all else equal."""

    def chain(steps: Sequence[int], by: int) -> Function:
        f = ALWAYS
        for step in steps:
            f = d.both(f, ways.get((step, step + by), NEVER))
        return f

    if level < bound:
        return chain(range(level, bound), 1)
    return d.negation(chain(range(level, bound - 1, -1), -1))
