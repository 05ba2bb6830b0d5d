"""JSON with source positions of errors, and strict checks.

The parser of Python recurses, accepts ``NaN``, and silently lets a second key override the first.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from regnet.errors import ParseError

DEEPEST = 200
"""Lists and objects in each other: far more than any model."""

_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|[\[\]{}]', re.DOTALL)


def read_json(text: str, file: str) -> Any:
    """Return the value of a JSON text.

    Raises
    ------
    ParseError
        With line and column, if it is none, nests too deep or gives a key twice.
    """
    text = text.removeprefix("\ufeff")
    depth = 0
    for match in _BRACKETS.finditer(text):
        sign = match[0]
        depth += (sign in "[{") - (sign in "]}")
        if depth > DEEPEST:
            raise _error("this nests too deep", text, match.start(), file)

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) < len(items):
            seen: set[str] = set()
            twice = next(key for key, _ in items if key in seen or seen.add(key))  # type: ignore[func-returns-value]
            raise _error(f"the key {twice!r} stands twice in one object", text, second(twice), file)
        return found

    def second(key: str) -> int:
        quoted = json.dumps(key, ensure_ascii=False)
        first = text.find(quoted)
        return max(text.find(quoted, first + 1), 0)

    def constant(word: str) -> Any:
        raise _error(f"{word} is no JSON number", text, max(text.find(word), 0), file)

    def real(word: str) -> float:
        value = float(word)
        return value if math.isfinite(value) else constant(word)

    try:
        return json.loads(text, object_pairs_hook=pairs, parse_constant=constant, parse_float=real)
    except json.JSONDecodeError as error:
        raise _error("this is no JSON", text, error.pos, file, error.msg.lower()) from None
    except ValueError:  # thousands of digits
        raise ParseError("a number is too long", file=file) from None


def _error(message: str, text: str, position: int, file: str, expected: str = "") -> ParseError:
    before = text[:position]
    line = before.count("\n") + 1
    column = position - before.rfind("\n")
    if expected:
        message = f"{message}: {expected}"
    return ParseError(message, file=file, line=line, column=column)
