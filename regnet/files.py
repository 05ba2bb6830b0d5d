"""Files: read whole, written atomically, with every error in one sentence.

Readers take a `Source` and writers return `Written`, so that no format opens files.
"""

from __future__ import annotations

import gzip
import io
import lzma
import os
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from regnet.errors import FormatError, ParseError
from regnet.project import Remark

LARGEST_ENTRY = 256 * 2**20
"""Bytes that an archive may hold in all, unpacked: far above any model, far below a zip bomb."""

LARGEST_FILE = 256 * 2**20
"""Bytes of a file that is read at all; a device may have no end."""

MOST_ENTRIES = 10_000

LARGEST_TEXT = 32 * 2**20
"""Bytes of a text that is read: room for a million components, and none for a mistake."""

_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, ValueError,
    NotImplementedError, OSError,
)  # fmt: skip
"""Exceptions of `zipfile` on truncated or manipulated archives."""


@dataclass(frozen=True)
class Source:
    """A file for a reader.

    Parameters
    ----------
    name
        Its name in messages.
    data
        Its bytes.
    find
        ``(name) -> bytes or None``: another file of the same folder.
    folder
        ``() -> names`` of all files in that folder, in order.
    """

    name: str
    data: bytes
    find: Callable[[str], bytes | None] = field(default=lambda name: None, repr=False)
    folder: Callable[[], tuple[str, ...]] = field(default=tuple, repr=False)

    @cached_property
    def text(self) -> str:
        """Its text: UTF-8 with or without a mark, or UTF-16 with one.

        Raises
        ------
        ParseError, FormatError
            If it is too large, or no text, with the place of the first byte that is none.
        """
        if len(self.data) > LARGEST_TEXT:
            raise FormatError(
                f"{self.name}: has {len(self.data) >> 20} MiB; regnet reads text up to "
                f"{LARGEST_TEXT >> 20} MiB"
            )
        return _decode(self.data, self.name)

    @property
    def ending(self) -> str:
        """The ending of its name, in lower case, with the dot."""
        return Path(self.name).suffix.lower()

    @property
    def is_archive(self) -> bool:
        """Whether it is a zip archive, whatever its name says."""
        return self.data.startswith((b"PK\x03\x04", b"PK\x05\x06"))

    @property
    def is_compressed(self) -> bool:
        """Whether it is one file packed by gzip, whatever its name says."""
        return self.data.startswith(b"\x1f\x8b")

    def unpacked(self) -> Source:
        """Return the file that gzip packed into this one, under its name without ``.gz``.

        Raises
        ------
        FormatError
            If it is damaged, cut off, or would unpack to more than a model needs.
        """
        name = self.name[:-3] if self.ending == ".gz" else self.name
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(self.data)) as stream:
                data = stream.read(LARGEST_ENTRY + 1)
        except _DAMAGED as error:
            raise FormatError(f"{self.name}: is no intact gzip file ({error})") from None
        if len(data) > LARGEST_ENTRY:
            raise FormatError(f"{self.name}: would unpack to more than a model needs")
        return Source(name, data, self.find)

    def beside(self, ending: str) -> Source | None:
        """Return the file in the same folder with the same stem and another ending, if any."""
        return self.sibling(Path(self.name).stem + ending)

    def sibling(self, name: str) -> Source | None:
        """Return the file of that name in the same folder, if any; it may be a whole path."""
        data = self.find(name)
        if data is None:
            return None
        return Source(str(Path(self.name).parent / name), data, self.find, self.folder)

    def siblings(self, *endings: str) -> list[str]:
        """Return the names of other files in the same folder that have one of some endings."""
        own = Path(self.name).name
        return [n for n in self.folder() if n != own and Path(n).suffix.lower() in endings]

    @cached_property
    def entries(self) -> Mapping[str, bytes]:
        """The files in it, as a zip archive: path in the archive -> bytes, in its order.

        Raises
        ------
        FormatError
            If it is no archive, is damaged or locked, or would unpack to more than a model needs.
        """
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
                listed = [e for e in archive.infolist() if e.filename and not e.is_dir()]
                if len(listed) > MOST_ENTRIES or sum(e.file_size for e in listed) > LARGEST_ENTRY:
                    raise FormatError(
                        f"{self.name}: the archive would unpack to more than a model needs"
                    )
                return {_tame(entry.filename): self._unpacked(archive, entry) for entry in listed}
        except _DAMAGED as error:
            raise FormatError(f"{self.name}: is no intact zip archive ({error})") from None
        except RuntimeError:
            raise FormatError(f"{self.name}: the archive is locked by a password") from None

    def _unpacked(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
        with archive.open(entry) as stream:  # what an entry says of its size may be a lie
            data = stream.read(entry.file_size + 1)
        if len(data) > entry.file_size:
            raise FormatError(f"{self.name}: {entry.filename} is larger than the archive says")
        return data


@dataclass(frozen=True, slots=True)
class Written:
    """The result of a writer.

    Parameters
    ----------
    content
        The file.
    remarks
        Losses of the format.
    beside
        Further files: extension -> content, each with the same stem.
    """

    content: str | bytes
    remarks: tuple[Remark, ...] = ()
    beside: Mapping[str, str | bytes] = field(default_factory=dict)


def read_file(path: str | os.PathLike[str]) -> Source:
    """Return a file.

    Raises
    ------
    FormatError
        If there is none, or it cannot be read.
    """
    name = os.fspath(path)
    folder = Path(name).parent

    def find(other: str) -> bytes | None:
        try:
            return (folder / other).read_bytes()
        except OSError:
            return None

    def listed() -> tuple[str, ...]:
        try:
            return tuple(sorted(os.listdir(folder)))
        except OSError:
            return ()

    return Source(name, _read_bytes(name), find, listed)


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


def _tame(name: str) -> str:
    """Return a path in an archive that leads nowhere outside it."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return "/".join(part for part in parts if part not in ("/", "..", "."))


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
            data = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise FormatError(f"{name}: there is no such file") from None
    except IsADirectoryError:
        raise FormatError(f"{name}: is a folder, not a file") from None
    except (OSError, ValueError) as error:
        raise FormatError(f"{name}: cannot be read ({_reason(error)})") from error
    if len(data) > LARGEST_FILE:
        raise FormatError(f"{name}: has more than {LARGEST_FILE >> 20} MiB, as no model has")
    return data


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
