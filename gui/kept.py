"""Kept: results as lines of JSON, so that they are there again when the model is. Knows no Qt.

A result is a tree of frozen values, and is written as such: each object under the name of its
class, which is looked up again among the dataclasses of regnet and of the window. A result that
comes row by row has its rows in a file of their own, which grows while they come; if the window is
killed, what it had is still there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from gui.screening import Setup
from regnet.analysis.screen import Screen
from regnet.errors import RegnetError
from regnet.formats import write_file
from regnet.logic import Expr, parse, unparse
from regnet.network import LogicalNetwork
from regnet.screens import Rows, drop_screen, open_screen
from regnet.space import Space

_CLASS = "="  # the key under which an object names its class
_NOBODY = LogicalNetwork(())  # stands for the network of a setup, which the model file has
_FOLDER = re.compile(r'"folder":("(?:[^"\\]|\\.)*")')  # to parse a whole large file would take long

UNFINISHED = ".unfinished"
"""How a file ends that is being written; nobody reads it."""


class KeptError(RegnetError):
    """What was kept cannot be read."""


# --- values ------------------------------------------------------------------------------------


def encode(value: Any) -> Any:
    """Return a value as what JSON can hold; raise TypeError if there is no way to write it."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Space():
            return {_CLASS: "Space", "levels": value.levels()}
        case Expr():
            return {_CLASS: "Expr", "text": unparse(value)}
        case tuple() | list():
            return [encode(part) for part in value]
        case frozenset():
            return {_CLASS: "frozenset", "parts": [encode(part) for part in sorted(value)]}
        case Mapping():
            if all(isinstance(key, str) for key in value) and _CLASS not in value:
                return {key: encode(part) for key, part in value.items()}
            return {_CLASS: "dict", "parts": [[encode(k), encode(v)] for k, v in value.items()]}
    if _is_ours(value):
        return {key: encode(part) for key, part in _parts(value).items()}
    raise TypeError(f"{type(value).__name__} cannot be kept")


def pieces(value: Any) -> Iterator[str]:
    """Yield the text of what `encode` returns, in pieces that each take far below a millisecond."""
    if isinstance(value, tuple | list):
        before = "["
        for part in value:
            yield before
            yield from pieces(part)
            before = ","
        yield "[]" if before == "[" else "]"
    elif _is_ours(value) and not isinstance(value, Expr):
        before = "{"
        for key, part in _parts(value).items():
            yield f"{before}{_text(key)}:"
            yield from pieces(part)
            before = ","
        yield "}"
    else:
        yield _text(encode(value))


def _is_ours(value: Any) -> bool:
    return is_dataclass(value) and type(value).__module__.split(".")[0] in ("regnet", "gui")


def _parts(value: Any) -> dict[str, Any]:
    kind = type(value)
    parts = {f.name: getattr(value, f.name) for f in fields(value) if f.init}
    return {_CLASS: f"{kind.__module__}:{kind.__qualname__}", **parts}


def _text(data: Any) -> str:
    return json.dumps(data, separators=(",", ":"))


def decode(data: Any) -> Any:
    """Return the value that `encode` wrote.

    Raises
    ------
    KeptError
        If it was written by a regnet whose classes were other ones.
    """
    if isinstance(data, list):
        return tuple(decode(part) for part in data)
    if not isinstance(data, dict):
        return data
    name = data.get(_CLASS)
    match name:
        case None:
            return {key: decode(part) for key, part in data.items()}
        case "Space":
            levels = data["levels"].items()
            return Space({n: tuple(v) if isinstance(v, list) else v for n, v in levels})
        case "Expr":
            return parse(data["text"])
        case "frozenset":
            return frozenset(decode(part) for part in data["parts"])
        case "dict":
            return {decode(key): decode(part) for key, part in data["parts"]}
    kind = _class(name)
    parts = {key: decode(part) for key, part in data.items() if key != _CLASS}
    try:
        return kind(**parts)
    except (TypeError, ValueError) as error:
        raise KeptError(f"{name} has changed since it was kept") from error


def _class(name: str) -> type:
    """Return a dataclass of ours by its name; nothing else is ever called."""
    module, _, attribute = name.partition(":")
    if module.split(".")[0] in ("regnet", "gui"):
        try:
            kind = getattr(import_module(module), attribute)
        except (ImportError, AttributeError):
            kind = None
        if isinstance(kind, type) and is_dataclass(kind):
            return kind
    raise KeptError(f"there is no {name} any more")


# --- files -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept:
    """A result as it was kept: where, under which title, what it says, what it was made from."""

    stem: str
    title: str
    value: Any
    asked: Any


def write_kept(folder: Path, stem: str, title: str, value: Any, asked: Any = None) -> None:
    """Write a result at once, as `writing` does step by step."""
    for _ in writing(folder, stem, title, value, asked):
        pass


def writing(
    folder: Path, stem: str, title: str, value: Any, asked: Any = None
) -> Generator[None, None, None]:
    """Write a result a little at each step; the rows of a screen too, unless they are there.

    It is in its place after the last step, and leaves nothing behind if it is closed before.

    Raises
    ------
    TypeError
        If it holds what cannot be kept.
    FormatError, OSError
        If it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    about: dict[str, Any] = {"title": title, "asked": _without_network(asked)}
    if isinstance(value, Screen):
        rows = folder / f"{stem}.rows"
        if isinstance(value.rows, Rows):
            about["folder"] = str(value.rows.folder.path)
        elif not rows.is_file():
            with rows.open("a", encoding="utf-8") as file:
                for row in value.rows:
                    file.write(_text(encode(row)) + "\n")
                    yield
        value = replace(value, rows=())
    unfinished = folder / f"{stem}{UNFINISHED}"
    try:
        with unfinished.open("w", encoding="utf-8") as file:
            before = "{"
            for key, part in {**about, "value": value}.items():
                file.write(f"{before}{_text(key)}:")
                for piece in pieces(part):
                    file.write(piece)
                    yield
                before = ","
            file.write("}")
        unfinished.replace(folder / f"{stem}.json")
    finally:
        unfinished.unlink(missing_ok=True)


def begin_rows(folder: Path, stem: str, title: str, setup: Setup) -> None:
    """Write what a screen is made from, before its first row."""
    folder.mkdir(parents=True, exist_ok=True)
    value = setup.screen((), 0.0)
    data = {"title": title, "value": encode(value), "asked": encode(_without_network(setup)),
            "is_draft": True}  # fmt: skip
    if setup.is_large:
        data["folder"] = str(setup.folder)
    write_file(folder / f"{stem}.json", _text(data))


def append_rows(folder: Path, stem: str, rows: Iterable[Any]) -> None:
    """Add rows to those that are kept."""
    with (folder / f"{stem}.rows").open("a", encoding="utf-8") as file:
        for row in rows:
            file.write(_text(encode(row)) + "\n")


def drop_kept(folder: Path, stem: str) -> None:
    """Throw away what is kept of a result."""
    about = folder / f"{stem}.json"
    with suppress(OSError, ValueError, TypeError):
        rows = _FOLDER.search(about.read_text("utf-8"))
        others = (p.read_text("utf-8") for p in folder.glob("*.json") if p != about)
        if rows and not any(rows[1] in text for text in others):
            drop_screen(json.loads(rows[1]))
    for ending in (".json", ".rows", UNFINISHED):
        (folder / f"{stem}{ending}").unlink(missing_ok=True)


def read_kept(folder: str, network: LogicalNetwork) -> tuple[tuple[Kept, ...], int]:
    """Return the results in a folder, oldest first, and how many could not be read.

    A setup gets `network` back if it is the one that the result is about.
    """
    found, unread = [], 0
    for path in sorted(Path(folder).glob("*.json")):
        if path.stem == "about":
            continue
        try:
            found.append(_read(path, network))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RegnetError):
            unread += 1
    return tuple(found), unread


def _read(path: Path, network: LogicalNetwork) -> Kept:
    data = json.loads(path.read_text("utf-8"))
    value, asked = decode(data["value"]), decode(data["asked"])
    if isinstance(asked, Setup):
        is_same = value.origin.digest == network.digest
        asked = replace(asked, network=network) if is_same else None
    if isinstance(value, Screen):
        if "folder" in data:
            there = open_screen(data["folder"])
            value = replace(there.screen(), origin=replace(value.origin, seconds=there.seconds))
            value = asked.screen(value.rows, there.seconds) if asked else value
            return Kept(path.stem, data["title"], value, asked)
        rows = tuple(_rows(path.with_suffix(".rows")))
        value = replace(value, rows=rows)
        if data.get("is_draft"):
            missing = f"the window was closed after {len(rows):,} rows"
            value = asked.screen(rows, 0.0) if asked else replace(value, missing=missing)
    return Kept(path.stem, data["title"], value, asked)


def _rows(path: Path) -> Iterator[Any]:
    """Yield the rows in a file; a last line that was cut off is left out."""
    if not path.is_file():
        return
    with path.open(encoding="utf-8") as file:
        for line in file:
            if not line.endswith("\n"):
                return
            yield decode(json.loads(line))


def _without_network(asked: Any) -> Any:
    return replace(asked, network=_NOBODY) if isinstance(asked, Setup) else asked
