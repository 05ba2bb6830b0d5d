"""The errors a user can act on. Anything else that escapes is a bug and keeps its traceback.

The tree::

    RegnetError              one sentence for the user; the command line exits with 2
    ├── ParseError           text that cannot be read: file, line, column
    ├── NetworkError         components and rules that do not fit together
    ├── UnknownNameError     a name or level that does not exist; suggests one
    ├── FormatError          a file whose format is unknown, or cannot hold the model
    │   └── MissingRulesError    a file of wiring only, for which a default rule must be chosen
    ├── EngineError          an engine that cannot answer this question
    ├── MissingPackageError  a package of an extra that is not installed
    └── JobError             a worker process that failed or died
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping


class RegnetError(Exception):
    """A problem that the user can act on, described in one sentence."""


class ParseError(RegnetError):
    """Text that could not be read.

    Parameters
    ----------
    message
        The error, without its position.
    file
        Path or name of the source; empty for typed text.
    line, column
        Position of the error, from 1; None if unknown.
    expected
        What was expected there; may be empty.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str = "",
        line: int | None = None,
        column: int | None = None,
        expected: str = "",
    ) -> None:
        self.message = _shortened(message)
        self.file = file
        self.line = line
        self.column = column
        self.expected = expected
        super().__init__(self.message, file, line, column, expected)

    def __str__(self) -> str:
        place = [self.file] if self.file else []
        if self.line is not None:
            place.append(f"line {self.line}")
        if self.column is not None:
            place.append(f"column {self.column}")
        text = f"{', '.join(place)}: {self.message}" if place else self.message
        return f"{text} (expected {self.expected})" if self.expected else text

    def __reduce__(self) -> tuple[object, ...]:
        fields = (self.message, self.file, self.line, self.column, self.expected)
        return (_parse_error, fields)


def _shortened(message: str) -> str:
    """Return a message with overlong words cut: a faulty file may have one of 1 MB."""
    return re.sub(r"\S{121,}", lambda word: f"{word[0][:60]}…{word[0][-20:]}", message)


def _parse_error(
    message: str, file: str, line: int | None, column: int | None, expected: str
) -> ParseError:
    return ParseError(message, file=file, line=line, column=column, expected=expected)


class NetworkError(RegnetError):
    """Components, rules, scenarios or experiments that do not fit together."""


class UnknownNameError(RegnetError):
    """A name that does not exist, with the nearest one that does.

    Parameters
    ----------
    kind
        The kind of name: ``"component"``, ``"scenario"``, ``"engine"``.
    name
        The unknown name.
    known
        The names that exist.
    """

    def __init__(self, kind: str, name: object, known: Iterable[str] = ()) -> None:
        self.kind = kind
        self.name = str(name)
        self.known = tuple(known)
        super().__init__(kind, self.name, self.known)

    def __str__(self) -> str:
        text = f"there is no {self.kind} {self.name!r}"
        near = _nearest(self.name, self.known)
        if near:
            return f"{text}; did you mean {' or '.join(repr(n) for n in near)}?"
        if 0 < len(self.known) <= 12:
            return f"{text}; there is {', '.join(self.known)}"
        return text


class FormatError(RegnetError):
    """A file of an unknown format, or a format that cannot hold this model."""


class MissingRulesError(FormatError):
    """A file that holds wiring only, so that a default rule has to be chosen.

    Parameters
    ----------
    message
        What is missing, and how to choose.
    choices
        Name of a default rule, which is the option ``rule`` of the reader -> what it says.
    """

    def __init__(self, message: str, choices: Mapping[str, str]) -> None:
        self.choices = dict(choices)
        super().__init__(message, self.choices)

    def __str__(self) -> str:
        return str(self.args[0])


class EngineError(RegnetError):
    """An engine that cannot answer this question."""


class MissingPackageError(RegnetError):
    """A package that is not installed; the sentence names the extra that brings it."""


class JobError(RegnetError):
    """A worker process that failed or died."""


def _nearest(name: str, known: tuple[str, ...]) -> list[str]:
    """Return up to two known names similar to an unknown one."""
    import difflib

    folded: dict[str, str] = {}
    for candidate in known:
        folded.setdefault(candidate.casefold(), candidate)
    near = difflib.get_close_matches(name.casefold(), folded, n=2, cutoff=0.6)
    return [folded[match] for match in near]
