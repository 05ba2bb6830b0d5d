"""Files: text in any usual encoding, archives within limits, neighbours, and nothing else."""

from __future__ import annotations

import io
import os
import struct
import time
import zipfile
from pathlib import Path

import pytest

from regnet.errors import FormatError, ParseError, RegnetError
from regnet.files import MOST_ENTRIES, Source, read_file


def packed(entries: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_that_text_is_read_in_usual_encodings(encoding: str) -> None:
    assert Source("m", "NFκB\n".encode(encoding)).text == "NFκB\n"


def test_that_other_bytes_are_told_with_their_place() -> None:
    with pytest.raises(ParseError, match="0xe9 is not UTF-8") as caught:
        _ = Source("m", b"A\nB, \xe9").text
    assert (caught.value.line, caught.value.column) == (2, 4)
    with pytest.raises(FormatError, match="not a text file"):
        _ = Source("m", b"A\0").text


def test_that_an_archive_gives_its_files_in_order() -> None:
    entries = {"b/x": b"1", "a": b"", "c": b"\0\xff"}
    source = Source("m.zip", packed(entries))
    assert source.is_archive
    assert dict(source.entries) == entries
    assert list(source.entries) == list(entries)


def test_that_paths_in_an_archive_lead_nowhere_outside() -> None:
    data = packed({"../../etc/passwd": b"1", "/abs": b"2", "a\\..\\b": b"3"})
    assert list(Source("m.zip", data).entries) == ["etc/passwd", "abs", "a/b"]


def lying() -> bytes:
    """Return an archive that says that its file is smaller than it is."""
    data = bytearray(packed({"a": b"x" * 1_000}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(mark) + offset
        data[at : at + 4] = struct.pack("<I", 10)
    return bytes(data)


def locked() -> bytes:
    data = bytearray(packed({"a": b"secret"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(mark) + offset
        data[at] |= 1
    return bytes(data)


ATTACKS = {
    "cut off": (packed({"a": b"x" * 100})[:-9], "no intact zip archive"),
    "no archive": (b"PK\x03\x04", "no intact zip archive"),
    "bomb": (packed({"a": bytes(300 * 2**20)}), "more than a model needs"),
    "many": (packed(dict.fromkeys(map(str, range(MOST_ENTRIES + 1)), b"")), "more than a model"),
    "lie": (lying(), "no intact zip archive|larger than the archive says"),
    "locked": (locked(), "locked by a password"),
    "broken": (packed({"a": b"x" * 100}, method=zipfile.ZIP_STORED).replace(b"xxxx", b"xyxx"),
               "no intact zip archive"),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_that_an_attack_by_archive_ends_in_one_sentence_at_once(attack: str) -> None:
    data, message = ATTACKS[attack]
    began = time.process_time()
    with pytest.raises(FormatError, match=message) as caught:
        _ = Source("m.zip", data).entries
    assert "\n" not in str(caught.value)
    assert time.process_time() - began < 1


def test_that_an_entry_without_a_name_is_left_out() -> None:
    central = bytearray(packed({"a": b"1", "b": b"2"}))
    at = central.rindex(b"PK\x01\x02")
    central[at + 28 : at + 30] = b"\0\0"  # the length of its name
    central[at + 30 : at + 32] = b"\1\0"  # so that what was its name is something else
    try:
        entries = Source("m.zip", bytes(central)).entries
    except RegnetError:
        return
    assert "" not in entries


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="devices of POSIX")
def test_that_a_file_without_an_end_is_refused() -> None:
    with pytest.raises(FormatError, match="more than 256 MiB"):
        read_file("/dev/zero")


def test_that_a_neighbour_is_found_by_its_ending(tmp_path: Path) -> None:
    (tmp_path / "m.bnd").write_bytes(b"1")
    (tmp_path / "m.cfg").write_bytes(b"2")
    source = read_file(tmp_path / "m.bnd")
    beside = source.beside(".cfg")
    assert beside
    assert (beside.name, beside.data) == (os.fspath(tmp_path / "m.cfg"), b"2")
    assert source.beside(".txt") is None
    assert Source("m.bnd", b"").beside(".cfg") is None
