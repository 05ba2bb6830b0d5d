"""Formats: every file format that a model can be read from or written to.

`load` and `save` are the front door: they find the format, read and write the disk, and turn every
trouble into one sentence. A format is a module with two functions between text and project, and
one line in `FORMATS`; it opens no files and knows no other format.

A format reads text to a `Reading` (project and remarks) and writes a project to text and remarks.
What a format cannot hold is listed in its remarks; nothing is dropped or changed in silence.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from regnet.errors import FormatError, ParseError, UnknownNameError
from regnet.formats import bnet, toml
from regnet.memory import without_collection
from regnet.project import Project, Reading, Remark

__all__ = [
    "FORMATS", "Format", "Reading", "Remark",
    "find_format", "load", "loads", "read", "save", "write_file",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Format:
    """A file format.

    Parameters
    ----------
    name
        What ``--format`` and error messages call it.
    extensions
        Endings of its files, with the dot, the usual one first.
    holds
        What it can hold, in a few words.
    read
        ``(text, file, **options) -> Reading``; `file` is only for messages.
    write
        ``(project, before) -> (text, remarks)``; `before` is the text that the file has now, empty
        for a new file, so that a format can keep what a person wrote into it.
    fits
        Whether a text looks like this format, for files whose ending says nothing.
    """

    name: str
    extensions: tuple[str, ...]
    holds: str
    read: Callable[..., Reading]
    write: Callable[[Project, str], tuple[str, tuple[Remark, ...]]]
    fits: Callable[[str], bool]


FORMATS: dict[str, Format] = {
    f.name: f
    for f in (
        Format("toml", (".toml",), "everything", toml.read, toml.write, toml.fits),
        Format("bnet", (".bnet",), "Boolean rules and comments", bnet.read, bnet.write, bnet.fits),
    )
}
"""Name -> format; when nothing else decides, the first that fits is taken."""


def load(path: str | os.PathLike[str], *, format: str | None = None, **options: Any) -> Project:
    """Return the project in a file.

    Parameters
    ----------
    path
        The file.
    format
        A key of `FORMATS`; found by the ending, then by the content, when it is not given.
    **options
        What the reader of that format takes, such as ``on_duplicate="last"`` for bnet.

    Raises
    ------
    ParseError
        If the text is faulty: with file, line, column and what was expected.
    FormatError
        If there is no such file, or its format is unknown.
    """
    return read(path, format=format, **options).project


def read(path: str | os.PathLike[str], *, format: str | None = None, **options: Any) -> Reading:
    """Return the project in a file, as `load` does, with remarks on the file."""
    name = os.fspath(path)
    text = _decode(_read_bytes(name), name)
    reading = loads(text, name, format=format, **options)
    project = reading.project
    if not project.network.name:
        named = replace(project.network, name=Path(name).stem)
        reading = replace(reading, project=replace(project, network=named))
    return reading


def loads(text: str, name: str = "", *, format: str | None = None, **options: Any) -> Reading:
    """Return the project in a text, with remarks; `name` stands for the file in messages."""
    chosen = find_format(name, text, format=format)
    with without_collection():
        return chosen.read(text, name, **options)


def save(
    project: Project, path: str | os.PathLike[str], *, format: str | None = None
) -> tuple[Remark, ...]:
    """Write a project to a file, and return remarks on what the format could not hold.

    The file is replaced in one step: it is never half-written. A ``.toml`` file that exists is
    edited, so that a person's comments and order survive.

    Raises
    ------
    FormatError
        If the file cannot be written or its ending says no format.
    """
    name = os.fspath(path)
    chosen = find_format(name, format=format)
    before = ""
    if os.path.isfile(name):
        try:
            before = _decode(_read_bytes(name), name)
        except (ParseError, FormatError):
            before = ""  # nothing in it that could be kept
    text, remarks = chosen.write(project, before)
    write_file(name, text)
    return remarks


def find_format(name: str, text: str | None = None, *, format: str | None = None) -> Format:
    """Return the format that was asked for, or else that the ending or the content says."""
    if format is not None:
        if format not in FORMATS:
            raise UnknownNameError("format", format, FORMATS)
        return FORMATS[format]
    ending = Path(name).suffix.lower()
    for candidate in FORMATS.values():
        if ending in candidate.extensions:
            return candidate
    if text is not None:
        for candidate in FORMATS.values():
            if candidate.fits(text):
                return candidate
    known = ", ".join(f.extensions[0] for f in FORMATS.values())
    raise FormatError(f"{name or 'this text'}: unknown format; regnet knows {known}")


def write_file(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write a file in one step: beside its place first, then put there, or not at all."""
    target = os.path.realpath(path)  # a link stays a link
    data = content.encode() if isinstance(content, str) else content
    temporary = ""
    try:
        folder, name = os.path.split(target)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=f".{name}.")
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(temporary, _mode(target))
        os.replace(temporary, target)
    except OSError as error:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
        raise FormatError(f"{os.fspath(path)}: cannot be written ({_reason(error)})") from error


def _mode(target: str) -> int:
    """Return the permissions of the file that is there, or else what a new file would get."""
    try:
        return os.stat(target).st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _read_bytes(name: str) -> bytes:
    try:
        with open(name, "rb") as stream:
            return stream.read()
    except FileNotFoundError:
        raise FormatError(f"{name}: there is no such file") from None
    except IsADirectoryError:
        raise FormatError(f"{name}: is a folder, not a file") from None
    except (OSError, ValueError) as error:
        raise FormatError(f"{name}: cannot be read ({_reason(error)})") from error


def _decode(data: bytes, name: str) -> str:
    """Return the text of a file: UTF-8 with or without a mark, or UTF-16 with one."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line_start = max(before.rfind(b"\n"), before.rfind(b"\r")) + 1
        raise ParseError(
            f"the byte 0x{data[error.start]:02x} is not {encoding[:6].rstrip('-').upper()} text",
            file=name,
            line=before.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1,
            column=len(before[line_start:].decode("utf-8", "replace")) + 1,
            expected="a text file saved as UTF-8",
        ) from None
    if "\0" in text:
        raise FormatError(f"{name}: is not a text file")
    return text


def _reason(error: OSError | ValueError) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()
