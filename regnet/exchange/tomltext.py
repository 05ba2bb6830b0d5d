"""TOML with source positions, writing of tables, and editing of files in place.

This module is independent of models. The standard library parser gives values without positions, so
these are located only after an error; tomlkit, which keeps comments but is slow, is used for edits
only.
"""

from __future__ import annotations

import json
import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from regnet.errors import NetworkError, ParseError, UnknownNameError

T = TypeVar("T")
Path: TypeAlias = tuple[str | int, ...]
"""Keys and indices that lead to a value."""


def read_table(text: str, file: str = "") -> Table:
    """Return the table that a text holds.

    Raises
    ------
    ParseError
        If it is not TOML.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _toml_error(error, file, text) from None
    except RecursionError:
        raise ParseError("this nests too deep for a model file", file=file) from None
    except ValueError:  # Python reads numbers of up to 4,300 digits
        raise ParseError("a number in this file is too long", file=file) from None
    return Table(data, (), Source(text, file))


class Source:
    """The text, and where in it things are; the places are found only when something is wrong."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self._places: dict[Path, tuple[int, int]] = {}

    def place(self, path: Path, *, value: bool = False) -> tuple[int | None, int | None]:
        """Return line and column of a key, or of its value; of what holds it, if not found."""
        if not self._places:
            for found_path, found_place in _places(self.text):
                self._places.setdefault(found_path, found_place)
        while path:
            found = self._places.get((*path, "=") if value else path) or self._places.get(path)
            if found:
                return found
            path = path[:-1]
        return (None, None)

    def error(
        self, message: str, path: Path, *, value: bool = False, expected: str = ""
    ) -> ParseError:
        """Return the error to raise for a key, or for its value."""
        line, column = self.place(path, value=value)
        return ParseError(message, file=self.file, line=line, column=column, expected=expected)

    @contextmanager
    def at(self, path: Path, text: str = "") -> Iterator[None]:
        """Give the place of a value to errors that arise from it.

        `text` is the value; a `ParseError` then says where in it the fault is.
        """
        try:
            yield
        except ParseError as error:
            if error.file:
                raise
            if error.line is None and error.column is None:
                raise self.error(error.message, path, value=True, expected=error.expected) from None
            line, column = self._inside(path, text, error.line or 1, error.column or 1)
            raise ParseError(
                error.message, file=self.file, line=line, column=column, expected=error.expected
            ) from None
        except UnknownNameError as error:
            where = re.search(rf"(?<![\w.]){re.escape(error.name)}(?![\w.])", text)
            before = text[: where.start()] if where else ""
            row, start = before.count("\n") + 1, len(before) - before.rfind("\n")
            line, column = self._inside(path, text, row, start)
            raise ParseError(str(error), file=self.file, line=line, column=column) from None
        except NetworkError as error:
            raise self.error(str(error), path, value=True) from None

    def _inside(
        self, path: Path, text: str, row: int, column: int
    ) -> tuple[int | None, int | None]:
        """Return the place in the file of a place in a value."""
        line, start = self.place(path, value=True)
        if line is None or start is None:
            return line, start
        lines = self.text.split("\n")
        opening = lines[line - 1][start - 1 :]
        if opening[:3] in ('"""', "'''"):
            if not opening[3:].strip():
                return line + row, column  # the text begins on the next line
            return line + row - 1, column + (start + 2 if row == 1 else 0)
        return line, start + column if text else start


class Table:
    """A table of the file: gives values by kind, or says what is wrong and where."""

    def __init__(self, data: Mapping[str, Any], path: Path, source: Source) -> None:
        self.data, self.path, self.source = data, path, source

    def only(self, *known: str) -> None:
        """Raise if the table holds any other key."""
        for key in self.data:
            if key not in known:
                where = ".".join(str(k) for k in self.path)
                kind = f"key in {where}" if where else "key at the top of a model file"
                message = str(UnknownNameError(kind, key, known))
                raise self.source.error(message, (*self.path, key))

    def get(self, key: str, kind: type[T], expected: str, default: T) -> T:
        """Return a value of one kind."""
        value = self.data.get(key, default)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.error(f"{key} has the wrong kind of value", key, expected)
        return value

    def text(self, key: str) -> str:
        """Return a text; empty if there is none."""
        return self.get(key, str, 'text in quotes, such as "liver"', "")

    def required(self, key: str) -> str:
        """Return a text that has to be there."""
        value = self.text(key)
        if not value:
            raise self.source.error(f"{key} is missing", self.path, expected=f'{key} = "..."')
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the texts of a list."""
        expected = 'a list of texts, such as ["A", "B"]'
        value = self.get(key, list, expected, [])
        if not all(isinstance(item, str) for item in value):
            raise self.error(f"{key} has the wrong kind of value", key, expected)
        return tuple(value)

    def table(self, key: str) -> Table:
        """Return a table; empty if there is none."""
        value = self.get(key, dict, f"a table [{key}]", {})
        return Table(value, (*self.path, key), self.source)

    def tables(self, key: str) -> list[Table]:
        """Return the elements of an array of tables."""
        expected = f"tables [[{key}]]"
        value = self.get(key, list, expected, [])
        if not all(isinstance(item, dict) for item in value):
            raise self.error(f"{key} has the wrong kind of value", key, expected)
        return [Table(v, (*self.path, key, i), self.source) for i, v in enumerate(value)]

    def named(self, key: str) -> list[tuple[str, Table]]:
        """Return the sub-tables of a table, each with its name."""
        outer = self.table(key)
        found = []
        for name, value in outer.data.items():
            if not isinstance(value, dict):
                raise outer.error(f"{key}.{name} is not a table", name, f"[{key}.{name}]")
            found.append((name, Table(value, (*outer.path, name), self.source)))
        return found

    def error(self, message: str, key: str, expected: str = "") -> ParseError:
        """Return the error to raise for the value of a key."""
        return self.source.error(message, (*self.path, key), value=True, expected=expected)


# --- places ----------------------------------------------------------------------------------

_KEY = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)"""
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_TABLE_LINE = re.compile(rf"[ \t]*(\[\[?)\s*({_DOTTED})\s*\]\]?")
_KEY_LINE = re.compile(rf"[ \t]*({_DOTTED})[ \t]*=[ \t]*")
_ITEM = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|' + r"'''.*?'{3,5}|" + r'"(?:[^"\\\n]|\\.)*"|' + r"'[^'\n]*'|"
    r"\#[^\n]*|[\[\]{},=\n]|[^\s\[\]{},=\"'\#]+",
    re.DOTALL,
)


def _places(text: str) -> Iterator[tuple[Path, tuple[int, int]]]:
    """Yield the place of each key as its path, and of each value as the path and ``"="``.

    The text is valid TOML. Values inside arrays and inline tables are found too.
    """
    starts = [0, *(m.end() for m in re.finditer("\n", text))]

    def where(offset: int) -> tuple[int, int]:
        row = bisect_right(starts, offset)
        return row, offset - starts[row - 1] + 1

    table: Path = ()
    counts: dict[Path, int] = {}
    position = 0
    while position < len(text):
        header = _TABLE_LINE.match(text, position)
        entry = None if header else _KEY_LINE.match(text, position)
        if header:
            table = _indexed(_keys(header[2]), counts)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            for end in range(1, len(table) + 1):
                yield table[:end], where(header.start(2))
        elif entry:
            keys = _keys(entry[1])
            for end in range(1, len(keys) + 1):
                yield (*table, *keys[:end]), where(entry.start(1))
            path = (*table, *keys)
            yield (*path, "="), where(entry.end())
            stack: list[list[Any]] = []  # [is an array, path, index or key]
            position = entry.end()
            for item in _ITEM.finditer(text, position):
                token, at = item[0], where(item.start())
                position = item.end()
                if token in "[{":
                    inner = _step(stack, path)
                    if stack:
                        yield (*inner, "="), at
                        yield inner, at
                    stack.append([token == "[", inner, 0])
                elif token in "]}":
                    stack.pop()
                elif token == ",":
                    if stack[-1][0]:
                        stack[-1][2] += 1
                    else:
                        stack[-1][2] = 0
                elif token == "\n" or token.startswith("#") or token == "=":
                    pass
                elif stack and not stack[-1][0] and stack[-1][2] == 0:
                    stack[-1][2] = _keys(token)
                    yield (*stack[-1][1], *stack[-1][2]), at
                elif stack:
                    yield (*_step(stack, path), "="), at
                if not stack:
                    break
        following = text.find("\n", position)
        position = len(text) if following < 0 else following + 1


def _step(stack: list[list[Any]], path: Path) -> Path:
    """Return the path of the value that comes next inside arrays and inline tables."""
    if not stack:
        return path
    is_array, outer, key = stack[-1]
    return (*outer, key) if is_array else (*outer, *(key or ()))


def _keys(dotted: str) -> Path:
    keys: list[str] = []
    for part in re.findall(_KEY, dotted):
        keys.append(tomllib.loads(f"k = {part}")["k"] if part[0] in "\"'" else part)
    return tuple(keys)


def _indexed(keys: Path, counts: Mapping[Path, int]) -> Path:
    """Put the index of the last element where a header goes through an array of tables."""
    path: Path = ()
    for place, key in enumerate(keys):
        path = (*path, key)
        if path in counts and place < len(keys) - 1:
            path = (*path, counts[path])
    return path


def _toml_error(error: tomllib.TOMLDecodeError, file: str, text: str) -> ParseError:
    message, _, place = str(error).partition(" (at ")
    numbers = re.findall(r"\d+", place)
    lines = text.split("\n")
    line, column = (
        (int(numbers[0]), int(numbers[1]))
        if len(numbers) == 2
        else (len(lines), len(lines[-1]) + 1)
    )
    message = f"this is not TOML: {message[:1].lower()}{message[1:]}"
    return ParseError(message, file=file, line=line, column=column)


# --- writing ---------------------------------------------------------------------------------

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+\Z", re.ASCII)
_WIDTH = 96


@dataclass(frozen=True)
class Style:
    """How the parts of a file are laid out.

    Parameters
    ----------
    single
        Top-level tables that are one table; the entries of all others are a table each.
    dotted
        Keys whose table is written as dotted keys.
    wrapped
        Keys whose texts may be broken at blanks.
    """

    single: tuple[str, ...] = ()
    dotted: tuple[str, ...] = ()
    wrapped: tuple[str, ...] = ()

    def document(self, data: Mapping[str, Any]) -> str:
        """Return TOML text: plain values first, then a table for each part."""
        plain = ((k, v) for k, v in data.items() if not isinstance(v, (dict, list)))
        blocks = [list(self.entries(plain))]
        for part, value in data.items():
            if part in self.single:
                blocks.append([f"[{part}]", *self.entries(value.items())])
            elif isinstance(value, dict):
                for name, table in value.items():
                    blocks.append([f"[{part}.{_key(name)}]", *self.entries(table.items())])
            elif isinstance(value, list):
                for table in value:
                    blocks.append([f"[[{part}]]", *self.entries(table.items())])
        return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"

    def entries(self, items: Iterable[tuple[str, Any]]) -> Iterator[str]:
        """Yield ``key = value`` lines."""
        for key, value in items:
            if isinstance(value, dict) and value and key in self.dotted:
                for inner, part in value.items():
                    yield f"{key}.{_key(inner)} = {self.value(part, inner)}"
            else:
                yield f"{_key(key)} = {self.value(value, key)}"

    def value(self, value: Any, key: str = "") -> str:
        """Return a value; `key` is what it is for."""
        match value:
            case bool():
                return "true" if value else "false"
            case int() | float():
                return repr(value)
            case str():
                return _wrapped(value) if key in self.wrapped else _paragraph(value)
            case dict():
                pairs = (f"{_key(k)} = {self._inline(v)}" for k, v in value.items())
                return "{ " + ", ".join(pairs) + " }" if value else "{}"
            case _:
                items = [self._inline(item) for item in value]
                line = "[" + ", ".join(items) + "]"
                if len(line) <= _WIDTH and not any(isinstance(item, dict) for item in value):
                    return line
                return "[\n" + "".join(f"  {item},\n" for item in items) + "]"

    def _inline(self, value: Any) -> str:
        return _text(value) if isinstance(value, str) else self.value(value)


def _key(name: str) -> str:
    return name if _BARE_KEY.match(name) else _text(name)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _paragraph(text: str) -> str:
    """Return a text, on several lines if it has several."""
    plain = _text(text)
    if "\n" not in text:
        return plain
    lines = re.sub(r"(?<!\\)((?:\\\\)*)\\n", r"\1\n", plain[1:-1])
    return f'"""\n{lines}"""'


def _wrapped(text: str) -> str:
    """Return a text, broken at blanks if it is long."""
    if len(text) <= _WIDTH - 12:
        return _text(text)
    from textwrap import wrap

    lines = wrap(_text(text)[1:-1], _WIDTH, break_long_words=False, break_on_hyphens=False)
    return '"""\n' + "\n".join(lines) + '"""'


# --- editing ---------------------------------------------------------------------------------


def edited(before: str, old: Mapping[str, Any], new: Mapping[str, Any], style: Style) -> str:
    """Return a text that says `new`, made from one that says `old`; touch what differs only.

    `old` and `new` are in normal form, so that the notation of values does not matter. Verify the
    text before use: some edits are beyond tomlkit.

    Raises
    ------
    ValueError
        If it notices that.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(before)
        _update(document, old, new, (), style)
        return tomlkit.dumps(document)
    except (TOMLKitError, LookupError, TypeError) as error:
        raise ValueError(str(error)) from error


def _update(
    item: Any, old: Mapping[str, Any], new: Mapping[str, Any], path: Path, style: Style
) -> None:
    for key in old:
        if key not in new:
            item.pop(key, None)
    for key, value in new.items():
        was = old.get(key)
        if key in item and value == was:
            continue
        now = item.get(key)
        if isinstance(value, dict) and isinstance(was, dict) and isinstance(now, Mapping):
            _update(now, was, value, (*path, key), style)
        elif _are_tables(value, was, now):
            for index, (then, wanted) in enumerate(zip(was or (), value, strict=True)):
                _update(now[index], then, wanted, (*path, key, index), style)
        else:
            fresh = _item(key, value, path, style)
            if hasattr(now, "trivia") and hasattr(fresh, "trivia"):
                fresh.trivia.comment_ws = now.trivia.comment_ws
                fresh.trivia.comment = now.trivia.comment
            item[key] = fresh


def _are_tables(*values: Any) -> bool:
    """Return whether all are lists of tables, and of one length."""
    return len({len(v) if isinstance(v, list) else -1 for v in values}) == 1 and all(
        isinstance(v, list) and all(isinstance(inner, Mapping) for inner in v) for v in values
    )


def _item(key: str, value: Any, path: Path, style: Style) -> Any:
    """Return a value as an item of the document, written as `style` writes it."""
    import tomlkit

    if not path and isinstance(value, (dict, list)):
        return tomlkit.parse(style.document({key: value}))[key]
    if len(path) == 1 and path[0] not in style.single and isinstance(value, dict):
        table = tomlkit.table()
        for name, part in tomlkit.parse("\n".join([*style.entries(value.items()), ""])).items():
            table.add(name, part)
        table.add(tomlkit.nl())
        return table
    return tomlkit.parse(f"k = {style.value(value, key)}")["k"]
