"""Dialects: what names, operators and comparisons look like in the rules of a file format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

WORDS = {"and", "or", "not", "xor", "true", "false"}
COUNTING = {"maj", "any", "all", "sumgt", "sumlt", "sumis"}
TIMING = {"timeis", "timegt", "timelt"}
_NOT_PLAIN = WORDS | COUNTING | TIMING


@dataclass(frozen=True)
class Dialect:
    """The syntax of rules in a file format.

    Parameters
    ----------
    name
        Its name in error messages.
    names
        Regular expression of a bare component name.
    thresholds
        Whether ``X:2``, ``X=1``, ``X<2`` may be written.
    arithmetic
        Whether ``*`` and ``+`` are read as AND and OR.
    functions
        Whether ``f(A, B)`` is a function without a definition; it is read as the component
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
        """Return whether a word has the shape of a name."""
        return self._name.fullmatch(word) is not None

    def is_plain_name(self, word: str) -> bool:
        """Return whether a word is a name that needs no second look: no constant, word or delay."""
        if word.isidentifier() and word.isascii():  # most are; a name in every dialect
            return word.lower() not in _NOT_PLAIN
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
