"""Codec: answers and questions as JSON data, and back to equal values.

An object is written under the short name of its class, without what is empty by default. Which
names there are follows from `QUESTIONS`: the classes that an answer is made of, and those of the
function's parameters. So a module or a function may move; when a class or a field is renamed,
`VERSION` counts up and `_MIGRATIONS` says how older data is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_type_hints

from regnet.analysis import Asked
from regnet.errors import FormatError
from regnet.logic import Expr, parse, unparse
from regnet.questions import QUESTIONS, Question
from regnet.space import Space
from regnet.start import Distribution, Start

VERSION = 1
"""Version of the format; 0 denotes files without a version."""

_CLASS = "is"  # the key under which an object names its class


@cache
def vocabulary(question: str) -> Mapping[str, type]:
    """Return the classes that a question and its answers may hold, by their names.

    Raises
    ------
    FormatError
        If there is no such question.
    """
    entry = _entry(question)
    found: dict[str, type] = {}
    _collect(entry.type, found)
    for hint in get_type_hints(entry.ask).values():
        _collect(hint, found)
    return found


def _entry(question: str) -> Question:
    if question not in QUESTIONS:
        raise FormatError(f"there is no question {question!r} in this version of regnet")
    return QUESTIONS[question]


def _collect(hint: Any, found: dict[str, type]) -> None:
    """Add the dataclasses that a type is made of."""
    if isinstance(hint, type) and is_dataclass(hint) and not issubclass(hint, Expr):
        known = found.get(hint.__name__)
        if known not in (None, hint):
            raise TypeError(f"two classes are called {hint.__name__}: {known} and {hint}")
        if known is None:
            found[hint.__name__] = hint
            for part in get_type_hints(hint).values():
                _collect(part, found)
    for part in get_args(hint):
        _collect(part, found)


# --- writing -----------------------------------------------------------------------------------


def encode(value: Any, question: str) -> Any:
    """Return a value of an answer to a question as what JSON can hold.

    Raises
    ------
    TypeError
        If it is of a class that these answers are not made of.
    """
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Start() if value.drawn:
            drawn = [[list(g.components), [list(row) for row in g.rows]] for g in value.drawn]
            return {_CLASS: "Start", "levels": value.plain, "drawn": drawn}
        case Space():
            return {_CLASS: "Space", "levels": value.levels()}
        case Expr():
            return {_CLASS: "Expr", "text": unparse(value)}
        case tuple() | list():
            return [encode(part, question) for part in value]
        case frozenset():
            return {_CLASS: "frozenset", "parts": [encode(p, question) for p in sorted(value)]}
        case Mapping():
            if all(isinstance(key, str) for key in value) and _CLASS not in value:
                return {key: encode(part, question) for key, part in value.items()}
            parts = [[encode(k, question), encode(v, question)] for k, v in value.items()]
            return {_CLASS: "dict", "parts": parts}
    return {
        key: part if key == _CLASS else encode(part, question)
        for key, part in _parts(value, question).items()
    }


def pieces(value: Any, question: str) -> Iterator[str]:
    """Yield the text of what `encode` returns, in pieces that each take far below a millisecond."""
    if isinstance(value, tuple | list):
        before = "["
        for part in value:
            yield before
            yield from pieces(part, question)
            before = ","
        yield "[]" if before == "[" else "]"
    elif is_dataclass(value) and not isinstance(value, Expr | type):
        before = "{"
        for key, part in _parts(value, question).items():
            yield f"{before}{json.dumps(key)}:"
            yield from pieces(part, question)
            before = ","
        yield "}"
    else:
        yield json.dumps(encode(value, question), separators=(",", ":"))


def _parts(value: Any, question: str) -> dict[str, Any]:
    """Return the name of an object's class, and its fields but for those empty by default."""
    kind = type(value)
    if vocabulary(question).get(kind.__name__) is not kind:
        raise TypeError(f"a {kind.__name__} is no part of an answer to {question}")
    parts: dict[str, Any] = {_CLASS: kind.__name__}
    for one in fields(value):
        own = getattr(value, one.name)
        if one.init and (own or not _is_default(one, own)):
            parts[one.name] = own
    return parts


def _is_default(one: Field[Any], own: Any) -> bool:
    if one.default_factory is not MISSING:
        return bool(own == one.default_factory())
    return one.default is not MISSING and type(own) is type(one.default) and own == one.default


def asked_to_json(asked: Asked) -> dict[str, Any]:
    """Return a question as JSON data."""
    options = {name: encode(part, asked.question) for name, part in asked.options.items()}
    return {"question": asked.question, "options": options}


# --- reading -----------------------------------------------------------------------------------


def decode(data: Any, question: str) -> Any:
    """Return the value that `encode` wrote.

    Raises
    ------
    FormatError
        If it is not of this version of regnet.
    """
    if isinstance(data, list):
        return tuple(decode(part, question) for part in data)
    if not isinstance(data, dict):
        return data
    name = data.get(_CLASS)
    match name:
        case None:
            return {key: decode(part, question) for key, part in data.items()}
        case "Space" | "Start":
            levels = data["levels"].items()
            plain = {n: tuple(v) if isinstance(v, list) else v for n, v in levels}
            drawn = [
                Distribution(tuple(names), tuple((tuple(at), chance) for at, chance in rows))
                for names, rows in data.get("drawn", ())
            ]
            return Start(plain, drawn) if drawn else Space(plain)
        case "Expr":
            return parse(data["text"])
        case "frozenset":
            return frozenset(decode(part, question) for part in data["parts"])
        case "dict":
            return {decode(k, question): decode(v, question) for k, v in data["parts"]}
    kind = vocabulary(question).get(name)
    if kind is None:
        raise FormatError(f"an answer to {question} holds no {name} in this version of regnet")
    parts = {key: decode(part, question) for key, part in data.items() if key != _CLASS}
    try:
        return kind(**parts)
    except (TypeError, ValueError) as error:
        raise FormatError(f"{name} has changed since it was written: {error}") from error


def asked_from_json(data: Mapping[str, Any]) -> Asked:
    """Return the question that `asked_to_json` wrote.

    Raises
    ------
    FormatError
        If there is no such question, or an option is of another version of regnet.
    """
    question = data["question"]
    _entry(question)
    return Asked(question, {k: decode(part, question) for k, part in data["options"].items()})


def current(data: dict[str, Any], version: int) -> dict[str, Any]:
    """Return data of an earlier version as this version writes it.

    Raises
    ------
    FormatError
        If a later version of regnet wrote it.
    """
    if version > VERSION:
        raise FormatError(f"this needs a later regnet: it has version {version} of this format")
    for migrate in _MIGRATIONS[version:]:
        data = migrate(data)
    return data


def _named_shortly(data: Any) -> Any:
    """Turn version 0 into 1: classes had the names of their modules before them."""
    if isinstance(data, list):
        return [_named_shortly(part) for part in data]
    if not isinstance(data, dict):
        return data
    parts = {key: _named_shortly(part) for key, part in data.items() if key != "="}
    if "=" not in data:
        return parts
    name = data["="].rpartition(":")[2]
    parts.pop("complete", None)  # follows from what is missing
    if name == "Comparison" and "after" in parts:
        parts["origin"] = parts["after"]["origin"]
    return {_CLASS: name, **parts}


_MIGRATIONS: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...] = (_named_shortly,)
"""Migrations from each version to the next."""
