"""Saved: answers in a folder as lines of JSON, so that they are there again when the model is.

An answer is a tree of frozen values, which `regnet.records.codec` writes, with the version of that
writing; what an earlier version wrote is read as well. A screen that comes row by row has its rows
in a file of their own, which grows while they come: what was there when a program was killed is
still there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from regnet.analysis.screen import Screen
from regnet.errors import FormatError, RegnetError
from regnet.formats import write_file
from regnet.network import LogicalNetwork
from regnet.questions import QUESTIONS, question_of
from regnet.records.codec import VERSION, current, decode, encode, pieces
from regnet.screens import Rows, drop_screen, open_screen
from regnet.screens.setup import Setup

_FOLDER = re.compile(r'"folder":("(?:[^"\\]|\\.)*")')  # to parse a whole large file would take long
_SCREEN = "screen"

UNFINISHED = ".unfinished"
"""Ending of a file that is being written; it is never read."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was saved: where, under which title, what it says, what it was made from."""

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
        If it is no answer to one of the `regnet.questions.QUESTIONS`.
    FormatError, OSError
        If it cannot be written.
    """
    question = question_of(value)
    if question is None:
        raise TypeError(f"{type(value).__name__} is no answer")
    folder.mkdir(parents=True, exist_ok=True)
    about = {"version": VERSION, "question": question.name, "title": title}
    about["asked"] = setup_to_json(asked) if isinstance(asked, Setup) else None
    if isinstance(value, Screen):
        rows = folder / f"{stem}.rows"
        if isinstance(value.rows, Rows):
            about["folder"] = str(value.rows.folder.path)
        elif not rows.is_file():
            with rows.open("a", encoding="utf-8") as file:
                for row in value.rows:
                    file.write(_text(encode(row, _SCREEN)) + "\n")
                    yield
        value = replace(value, rows=())
    unfinished = folder / f"{stem}{UNFINISHED}"
    try:
        with unfinished.open("w", encoding="utf-8") as file:
            file.write(f'{_text(about)[:-1]},"value":')
            for piece in pieces(value, question.name):
                file.write(piece)
                yield
            file.write("}")
        unfinished.replace(folder / f"{stem}.json")
    finally:
        unfinished.unlink(missing_ok=True)


def begin_rows(folder: Path, stem: str, title: str, setup: Setup) -> None:
    """Write what a screen is made from, before its first row."""
    folder.mkdir(parents=True, exist_ok=True)
    value = setup.screen((), 0.0)
    data = {
        "version": VERSION,
        "question": _SCREEN,
        "title": title,
        "asked": setup_to_json(setup),
        "is_draft": True,
        "value": encode(value, _SCREEN),
    }
    if setup.is_large:
        data["folder"] = str(setup.folder)
    write_file(folder / f"{stem}.json", _text(data))


def append_rows(folder: Path, stem: str, rows: Iterable[Any]) -> None:
    """Add rows to those that are kept."""
    with (folder / f"{stem}.rows").open("a", encoding="utf-8") as file:
        for row in rows:
            file.write(_text(encode(row, _SCREEN)) + "\n")


def drop_kept(folder: Path, stem: str) -> None:
    """Delete what is kept of a result."""
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
    version = data.get("version", 0)
    data = current(data, version)
    question = data.get("question") or _question_of(data["value"])
    value, setup = decode(data["value"], question), None
    if data["asked"] and value.origin.digest == network.digest:
        setup = setup_from_json(data["asked"], network)
    if isinstance(value, Screen):
        if "folder" in data:
            there = open_screen(data["folder"])
            value = there.screen() if setup is None else setup.screen(Rows(there), there.seconds)
            return Kept(path.stem, data["title"], value, setup)
        rows = tuple(_rows(path.with_suffix(".rows"), version))
        value = replace(value, rows=rows)
        if data.get("is_draft"):
            missing = f"the window was closed after {len(rows):,} rows"
            value = setup.screen(rows, 0.0) if setup else replace(value, missing=missing)
    return Kept(path.stem, data["title"], value, setup)


def _question_of(value: Mapping[str, Any]) -> str:
    """Return the question of a value that was written before its name was."""
    name = value["is"]
    for question in QUESTIONS.values():
        if question.result.endswith(f":{name}"):
            return question.name
    raise FormatError(f"there is no answer called {name}")


def _rows(path: Path, version: int) -> Iterator[Any]:
    """Yield the rows in a file; a last line that was cut off is left out."""
    if not path.is_file():
        return
    with path.open(encoding="utf-8") as file:
        for line in file:
            if not line.endswith("\n"):
                return
            yield decode(current(json.loads(line), version), _SCREEN)


def _text(data: Any) -> str:
    return json.dumps(data, separators=(",", ":"))


# --- what a screen is made from ------------------------------------------------------------------


def setup_to_json(setup: Setup) -> dict[str, Any]:
    """Return the setup of a screen as JSON data, without its network."""
    return {
        "targets": list(setup.targets),
        "kinds": sorted(setup.kinds),
        "contexts": encode(setup.contexts, _SCREEN),
        "phenotypes": encode(setup.phenotypes, _SCREEN),
        "readouts": list(setup.readouts),
        "timeout": setup.timeout,
        "keep_in": setup.keep_in,
    }


def setup_from_json(data: Mapping[str, Any], network: LogicalNetwork) -> Setup:
    """Return what `setup_to_json` wrote, of a network."""
    kinds = data["kinds"]
    if isinstance(kinds, Mapping):  # as version 0 wrote it
        kinds = kinds["parts"]
    return Setup(
        network,
        tuple(data["targets"]),
        frozenset(kinds),
        decode(data["contexts"], _SCREEN),
        decode(data["phenotypes"], _SCREEN),
        tuple(data["readouts"]),
        data["timeout"],
        data["keep_in"],
    )
