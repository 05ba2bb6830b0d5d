"""The disk: a file is written whole or not at all, and a damaged one is told in a sentence."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from regnet.errors import FormatError, RegnetError
from regnet.formats import FORMATS, Source, load, loads, read, save, write_file
from tests.conftest import ROOT

OLD = "targets, factors\nA, A\n"


def run(program: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def fault_of(act: Callable[[], object]) -> str:
    """Return the sentence that something is refused with, or nothing."""
    try:
        act()
    except RegnetError as error:
        return str(error)
    return ""


FULL_DISK = """\
import resource, signal, sys
from regnet.errors import FormatError
from regnet.formats import loads, save
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
names = [f"x{n}" for n in range(2_000)]
project = loads("\\n".join(f"{n}, !{n} & x0" for n in names), "m.bnet").project
try:
    save(project, sys.argv[1])
except FormatError as error:
    print(error)
"""


@pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")
def test_that_a_full_disk_leaves_the_old_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "m.bnet"
    path.write_text(OLD)
    out, err = run(FULL_DISK, str(path)).communicate(timeout=60)
    assert b"cannot be written (file too large)" in out, err
    assert path.read_text() == OLD
    assert os.listdir(tmp_path) == ["m.bnet"]


KILLED = """\
import os, sys
from regnet.formats import write_file
text = "targets, factors\\nA, " + "A & " * 100_000 + "A\\n"
print("begun", flush=True)
while True:
    write_file(sys.argv[1], text)
    write_file(sys.argv[1], "targets, factors\\nA, A\\n")
"""


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_that_a_killed_process_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "m.bnet"
    path.write_text(OLD)
    process = run(KILLED, str(path))
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"
    time.sleep(0.2)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    text = path.read_text()
    assert text == OLD or (text.startswith(OLD[:10]) and text.endswith("& A\n"))
    assert load(path).network.names == ("A",)


@pytest.mark.parametrize("name", [f.name for f in FORMATS.values() if f.reads and f.writes])
def test_that_a_file_that_was_cut_off_is_read_or_refused_in_a_sentence(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / f"m{FORMATS[name].extensions[0]}"
    save(loads("A, B & !C | A\nB, A\nC, C\n", "m.bnet").project, path)
    whole = path.read_bytes()
    for end in range(0, len(whole), max(1, len(whole) // 25)):
        path.write_bytes(whole[:end])
        said = fault_of(lambda: read(path, format=name))
        assert not said or str(path) in said
        assert "\n" not in said


def test_that_a_model_file_that_was_cut_off_is_told_with_its_place(
    tmp_path: Path, models: Path
) -> None:
    path = tmp_path / "m.toml"
    whole = (models / "lif_lifr.toml").read_bytes()
    for end in range(100, len(whole), len(whole) // 12):
        path.write_bytes(whole[:end])
        said = fault_of(lambda: load(path))
        assert not said or str(path) in said
        assert "\n" not in said


def test_that_a_place_without_permission_is_told(tmp_path: Path) -> None:
    if os.name == "nt" or os.geteuid() == 0:
        pytest.skip("permissions do not hold for this user")
    tmp_path.chmod(0o500)
    with pytest.raises(FormatError, match="cannot be written"):
        write_file(tmp_path / "m.bnet", OLD)


# --- size --------------------------------------------------------------------------------------

COUNT = 9_649
"""Components of the largest model that we have met."""

LONGEST = 401_061
"""Characters of its longest rule."""


def large(name: str) -> str:
    """Return the text of a network of that size, in a dialect."""
    between, negation = ("& ", "!") if name in ("bnet", "aeon") else ("and ", "not ")
    lines = []
    for n in range(COUNT):
        names = [f"x{(n * k + 1) % COUNT}" for k in (3, 7, 11)]
        unique = list(dict.fromkeys(names))
        rule = f" {between}".join([negation + unique[0], *unique[1:]])
        match name:
            case "bnet":
                lines.append(f"x{n}, {rule}")
            case "aeon":
                lines += [f"{source} -? x{n}" for source in unique]
                lines.append(f"$x{n}: {rule}")
            case "booleannet":
                lines.append(f"x{n}* = {rule}")
            case _:
                lines.append(f"x{n} = {rule}")
    return "\n".join(lines)


@pytest.mark.parametrize("name", ["bnet", "booleannet", "expressions", "aeon"])
def test_that_thousands_of_components_are_read_in_seconds(name: str) -> None:
    text = large(name)
    before = time.process_time()
    assert len(loads(text, "m", format=name).project.network) == COUNT
    assert time.process_time() - before < 5


@pytest.mark.parametrize(
    ("name", "line"), [("bnet", "A, {}"), ("booleannet", "A* = {}"), ("expressions", "A = {}")]
)
def test_that_a_rule_of_hundreds_of_thousands_of_characters_is_read_in_seconds(
    name: str, line: str
) -> None:
    names = [f"gene_{n}" for n in range(40)]
    term = " & ".join(f"!{n}" if i % 3 else n for i, n in enumerate(names))
    rule = " | ".join(f"({term})" for _ in range(LONGEST // (len(term) + 5) + 1))
    assert len(rule) >= LONGEST
    before = time.process_time()
    assert len(loads(line.format(rule), "m", format=name).project.network) == 41
    assert time.process_time() - before < 5


@pytest.mark.parametrize("name", [f.name for f in FORMATS.values() if f.reads])
def test_that_a_large_file_of_nonsense_is_refused_quickly(name: str) -> None:
    chosen = FORMATS[name]
    for part in (b"A", b"\n", b"(", b"[", b"{", b'"', b"<a>", b"A, ", b"1 ", b"\\", b"= ", b"PK"):
        before = time.process_time()
        source = Source("m", part * (50_000 // len(part)))
        assert len(fault_of(lambda: chosen.read(source))) < 1_000, part  # noqa: B023
        assert time.process_time() - before < 2, part


def test_that_a_file_far_too_large_for_a_model_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "m.bnet"
    with path.open("wb") as stream:
        stream.truncate(100 * 2**20)
    before = time.process_time()
    with pytest.raises(FormatError, match=r"has 100 MiB; regnet reads text up to 32 MiB"):
        load(path)
    assert time.process_time() - before < 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("regnet = 1\na = " + "[" * 5_000, "nests too deep"),
        ("regnet = 1\na = " + "9" * 5_000, "a number in this file is too long"),
        ("regnet = 1\n[components.A]\ntop = " + "9" * 400, "top is a huge number"),
        ("regnet = 1\n[components.A]\ntop = 1000000000", "top is 1000000000 (expected 1 to 1000)"),
    ],
)
def test_that_a_hostile_model_file_is_refused_in_a_sentence(text: str, words: str) -> None:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000)  # as Python begins; some packages raise it when they are loaded
    try:
        with pytest.raises(RegnetError) as caught:
            loads(text, "m.toml")
    finally:
        sys.setrecursionlimit(before)
    assert words in str(caught.value)
