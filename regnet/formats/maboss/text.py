"""The text of MaBoSS: nodes with attributes, settings, and the expressions in both.

Comments are ``//`` and ``/* */``, and ``#`` where it starts a line. Words such as NODE and AND are
read in any case, the names of attributes are not. A node is a block, or a line ``C : A & B``.
From weak to strong: ``? :``, XOR, OR, AND, comparisons, sums, products, NOT. Only the arguments of
functions recurse, to a limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from regnet.errors import ParseError

_TOKEN = re.compile(
    r"(?P<space>\s+|//[^\n]*|/\*.*?\*/)"
    r"|(?P<open>/\*)"
    r'|(?P<string>"(?:[^"\\]|\\.)*")'
    r"|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[$@]?[^\W\d]\w*(?:\.[^\W\d]\w*)*|\#\w+)"
    r"|(?P<sign>&&|\|\||[=!<>]=|[-+*/%&|^!<>?:=(){}\[\];,.])"
    r"|(?P<bad>.)",
    re.DOTALL,
)
_WORDS = {"and": "&", "or": "|", "xor": "^", "not": "!"}
_SAME = {"&&": "&", "||": "|"}
_STRENGTH = {
    "?": 1, ":": 1, "^": 2, "|": 3, "&": 4, "==": 5, "!=": 5, "<": 6, ">": 6, "<=": 6, ">=": 6,
    "+": 7, "-": 7, "*": 8, "/": 8, "%": 8,
}  # fmt: skip
_UNARY = 9
FUNCTIONS = {"log": (1, 2), "exp": (1, 2), "#cell": (0, 1)}
"""Function -> how many arguments it takes at least and at most."""
_DEEPEST_CALL = 50


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the text; `end` is where it ends."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """An expression: a number, a name, or an operator with its arguments.

    `kind` is ``number``, ``name``, ``call`` (of the function `text`; ``#cell`` counts cells), ``?``
    or the sign of an operator; ``!`` and ``-`` may have one argument.
    """

    kind: str
    text: str
    start: int
    args: tuple[Term, ...] = ()

    def walk(self) -> Iterator[Term]:
        """Yield it and everything in it."""
        stack = [self]
        while stack:
            term = stack.pop()
            yield term
            stack.extend(term.args)


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a node: an expression, or None for quoted text."""

    name: str
    value: Term | None
    start: int
    end: int


@dataclass(slots=True)
class Block:
    """A node, a division or a death, with the text before it since the last one."""

    kind: str
    name: str
    start: int
    name_start: int
    end: int = 0
    attributes: dict[str, Attribute] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setting:
    """A statement of a .cfg file: ``targets`` before the sign, tokens behind it."""

    name: str
    joint: tuple[str, ...]
    value: tuple[Token, ...]
    start: int
    end: int


class Text:
    """A text of MaBoSS as tokens, with places for messages."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.tokens = list(self._tokens())
        self.at = 0
        self.twice: list[tuple[str, int]] = []
        self.depth = 0

    def _tokens(self) -> Iterator[Token]:
        position = 0
        while position < len(self.text):
            match = _TOKEN.match(self.text, position)
            assert match
            kind, word, start = str(match.lastgroup), match[0], position
            position = match.end()
            if word.startswith("#"):
                before = self.text.rfind("\n", 0, start) + 1
                counts = word == "#cell" and self.text[position : position + 1] == "("
                if not counts and not self.text[before:start].strip():
                    position = self.text.find("\n", start)
                    position = len(self.text) if position < 0 else position
                    continue
            if kind == "open":
                raise self.error("this comment is never closed", start, "*/")
            if kind == "bad":
                raise self.error(f"{word!r} cannot be read", start)
            if kind == "name" and word.lower() in _WORDS:
                kind, word = "sign", _WORDS[word.lower()]
            if kind != "space":
                yield Token(kind, _SAME.get(word, word), start, position)
        yield Token("end", "", len(self.text), len(self.text))

    def error(self, message: str, offset: int, expected: str = "") -> ParseError:
        """Return an error at a place in the text."""
        line_start = self.text.rfind("\n", 0, offset) + 1
        return ParseError(
            message, file=self.file, line=self.text.count("\n", 0, offset) + 1,
            column=offset - line_start + 1, expected=expected,
        )  # fmt: skip

    @property
    def token(self) -> Token:
        """The token that comes next."""
        return self.tokens[self.at]

    def take(self, text: str) -> Token:
        """Return the next token, which has to be a sign."""
        token = self.token
        if token.text != text or token.kind != "sign":
            found = repr(token.text) if token.text else "the end of the file"
            raise self.error(f"{found} does not fit here", token.start, text)
        self.at += 1
        return token

    def blocks(self) -> Iterator[Block]:
        """Yield the nodes of a .bnd file, and what else stands among them."""
        last = 0
        while self.token.kind != "end":
            block = self._block(last)
            last = block.end
            yield block

    def _block(self, last: int) -> Block:
        token = self.token
        kind = token.text.lower()
        if token.kind == "name" and self.tokens[self.at + 1].text in (":", ","):
            return self._line(last)
        self.at += 1
        if token.kind != "name" or kind not in ("node", "division", "death"):
            words = f"{token.text!r} does not fit here"
            raise self.error(words, token.start, "Node, then a name")
        block = Block(kind, "", last, token.start)
        if kind == "node":
            name = self.token
            if name.kind != "name" or not re.fullmatch(r"\w+", name.text):
                raise self.error(f"{name.text!r} cannot name a node", name.start, "a name")
            block.name, block.name_start = name.text, name.start
            self.at += 1
        self.take("{")
        while not (self.token.text == "}" and self.token.kind == "sign"):
            attribute = self._attribute(whole=kind == "node")
            if attribute.name in block.attributes and kind == "node":
                self.twice.append((f"the {attribute.name} of {block.name}", attribute.start))
            block.attributes[attribute.name] = attribute
        block.end = self.take("}").end
        return block

    def _line(self, last: int) -> Block:
        """Read a node that is a line, ``C : A & B``."""
        name = self.token
        if not re.fullmatch(r"\w+", name.text):
            raise self.error(f"{name.text!r} cannot name a node", name.start, "a name")
        self.at += 2
        start = self.token.start
        value = self.expression()
        end = self.tokens[self.at - 1].end
        logic = Attribute("logic", value, start, end)
        if self.token.text == ";":
            end = self.take(";").end
        return Block("node", name.text, last, name.start, end, {"logic": logic})

    def _attribute(self, *, whole: bool) -> Attribute:
        token = self.token
        if token.kind != "name":
            found = repr(token.text) if token.text else "the end of the file"
            raise self.error(f"{found} does not fit here", token.start, "an attribute or }")
        self.at += 1
        self.take("=")
        if not whole or self.token.kind == "string":
            start = self.token.start
            while self.token.text != ";" and self.token.kind != "end":
                self.at += 1
            return Attribute(token.text, None, start, self.take(";").start)
        start = self.token.start
        value = self.expression()
        end = self.tokens[self.at - 1].end
        self.take(";")
        return Attribute(token.text, value, start, end)

    def settings(self) -> Iterator[Setting]:
        """Yield the statements of a .cfg file."""
        while self.token.kind != "end":
            first = self.token
            joint: list[str] = []
            if first.text == "[":
                self.at += 1
                while self.token.kind == "name":
                    joint.append(self.token.text)
                    self.at += 1
                    if self.token.text == ",":
                        self.at += 1
                self.take("]")
                self.take(".")
            elif first.kind != "name":
                raise self.error(f"{first.text!r} does not fit here", first.start, "a setting")
            name = self.token
            if name.kind != "name":
                raise self.error(f"{name.text!r} does not fit here", name.start, "istate")
            self.at += 1
            self.take("=")
            values = []
            while not (self.token.text == ";" and self.token.kind == "sign"):
                if self.token.kind == "end":
                    raise self.error("this setting never ends", first.start, ";")
                values.append(self.token)
                self.at += 1
            end = self.take(";").end
            yield Setting(name.text, tuple(joint), tuple(values), first.start, end)

    def expression(self) -> Term:
        """Read an expression with stacks of operators and operands."""
        operands: list[Term] = []
        operators: list[tuple[str, int]] = []
        wants_operand, opened = True, 0
        while True:
            token = self.token
            sign = token.text if token.kind == "sign" else ""
            if wants_operand:
                self.at += 1
                if token.kind == "name" and self.token.text == "(":
                    operands.append(self._call(token))
                    wants_operand = False
                elif token.kind in ("number", "name"):
                    operands.append(Term(token.kind, token.text, token.start))
                    wants_operand = False
                elif sign in ("(", "!", "-", "+"):
                    opened += sign == "("
                    operators.append((sign if sign in "(!" else f"unary {sign}", token.start))
                else:
                    found = repr(token.text) if token.text else "the end of the file"
                    raise self.error(
                        f"{found} does not fit here", token.start, "a node, a number, NOT or ("
                    )
                continue
            if sign == ")" and opened:
                while operators[-1][0] != "(":
                    self._reduce(operands, operators)
                operators.pop()
                opened -= 1
                self.at += 1
                continue
            if sign not in _STRENGTH:
                break
            strength = _STRENGTH[sign]
            while operators and operators[-1][0] != "(":
                above, _ = operators[-1]
                own = _STRENGTH.get(above, _UNARY)
                # ? and : pair from the right: what is inside them is finished first
                if own < strength or (own == strength == 1 and not (sign == ":" and above == ":")):
                    break
                self._reduce(operands, operators)
            if sign == ":" and (not operators or operators[-1][0] != "?"):
                raise self.error("this : has no ? before it", token.start)
            operators.append((sign, token.start))
            self.at += 1
            wants_operand = True
        while operators:
            if operators[-1][0] == "(":
                raise self.error("this parenthesis is never closed", operators[-1][1], ")")
            self._reduce(operands, operators)
        return operands[0]

    def _call(self, name: Token) -> Term:
        """Read the arguments of a function: expressions in parentheses."""
        least, most = FUNCTIONS.get(name.text, (1, 0))
        if not most:
            known = ", ".join(FUNCTIONS)
            raise self.error(f"there is no function {name.text}", name.start, known)
        if self.depth > _DEEPEST_CALL:
            raise self.error("functions nest too deep here", name.start)
        self.depth += 1
        self.take("(")
        arguments: list[Term] = []
        while self.token.text != ")":
            arguments.append(self.expression())
            if self.token.text != ",":
                break
            self.at += 1
        self.take(")")
        self.depth -= 1
        if not least <= len(arguments) <= most:
            words = f"{name.text} takes {least} to {most} arguments, not {len(arguments)}"
            raise self.error(words, name.start)
        return Term("call", name.text, name.start, tuple(arguments))

    def _reduce(self, operands: list[Term], operators: list[tuple[str, int]]) -> None:
        """Apply the topmost operator."""
        sign, start = operators.pop()
        if sign == "?":
            raise self.error("this ? has no : behind it", start, ":")
        if sign == "!" or sign.startswith("unary"):
            operands.append(Term(sign[-1], "", start, (operands.pop(),)))
            return
        right = operands.pop()
        left = operands.pop()
        if sign == ":":
            _, start = operators.pop()  # its ?
            operands.append(Term("?", "", start, (operands.pop(), left, right)))
            return
        operands.append(Term(sign, "", start, (left, right)))
