"""Screens in trouble: one clear sentence, nothing lost, and the same table in the end."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from regnet.errors import FormatError
from regnet.jobs import Job, run_in_process
from regnet.screens import drop_screen, open_screen, run_screen
from regnet.screens import run as running
from regnet.screens.folder import ScreenFolder
from tests.regnet.screens.test_screens import plan_of, sorted_table


def run_small(folder: str, size: int = 6, pause: float = 0.0) -> int:
    """Go on with the screen in a folder, in small chunks; return how many rows are there."""
    running._size = lambda plan, each: size
    slowly: Callable[[float | None, str], None] = lambda fraction, words: time.sleep(pause)  # noqa: E731
    return run_screen(plan_of(), folder, resume=True, workers=1, progress=slowly).count


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> ScreenFolder:
    """The screen as it is when nothing happens to it."""
    return run_screen(plan_of(), tmp_path_factory.mktemp("whole") / "screen", workers=1)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the screen in small chunks, of which some are not there yet."""
    folder = tmp_path_factory.mktemp("begun") / "screen"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "_size", lambda plan, each: 40)
        run_screen(plan_of(), folder, workers=1)
    for path in sorted(folder.glob("*.parquet"))[5:9]:
        path.unlink()
    return folder


@pytest.fixture
def part(begun: Path, tmp_path: Path) -> Path:
    """The folder of `begun`, to do something to."""
    return shutil.copytree(begun, tmp_path / "part")


def ended(folder: Path, whole: ScreenFolder) -> None:
    """Let a screen go on, and see that its table is the one of `whole`."""
    found = run_screen(plan_of(), folder, resume=True, workers=1)
    assert found.complete
    assert sorted_table(folder) == sorted_table(whole.path)
    assert not list(folder.glob(".part*"))


def test_that_a_screen_killed_at_any_moment_ends_with_the_same_table(tmp_path, whole):
    folder, chance, counts = tmp_path / "screen", random.Random(7), []
    for _ in range(3):
        before = len(list(folder.glob("part-*"))) if folder.exists() else 0
        with Job(run_small, str(folder), pause=0.005) as job:
            deadline = time.monotonic() + 60
            while not len(list(folder.glob("part-*"))) > before and time.monotonic() < deadline:
                time.sleep(0.002)
            time.sleep(chance.uniform(0, 0.05))
            job.cancel()  # SIGKILL
        there = open_screen(folder)
        assert all(len(there.columns(there.chunks[number])) for number in there.done)
        counts.append(there.count)
    assert counts == sorted(set(counts))
    assert 0 < counts[-1] < whole.count
    ended(folder, whole)


def test_that_two_runs_on_one_folder_do_not_disturb_each_other(tmp_path, whole):
    folder = tmp_path / "screen"
    with Job(run_small, str(folder), pause=0.1) as job:
        deadline = time.monotonic() + 60
        while not list(folder.glob("part-*")) and time.monotonic() < deadline:
            time.sleep(0.005)
        with pytest.raises(FormatError, match="another run is writing into it"):
            run_screen(plan_of(), folder, resume=True)
        assert open_screen(folder).count  # it can be read
        job.cancel()
    ended(folder, whole)


def test_that_chunks_cut_short_empty_or_foreign_are_told_and_computed_again(part, whole, tmp_path):
    files = sorted(part.glob("part-*"))
    files[0].write_bytes(files[0].read_bytes()[:-20])
    files[1].write_bytes(b"")
    files[2].write_bytes(files[3].read_bytes())  # rows of another chunk
    files[4].write_text("not ours")
    there = open_screen(part)
    for number in (0, 1, 2, 4):
        with pytest.raises(FormatError, match=r"part-.*: cannot be read \(.+\); delete it"):
            there.columns(there.chunks[number])
    with pytest.raises(FormatError, match="cannot be read"):
        there.numbers("attractors")
    ended(part, whole)


def test_that_files_of_others_are_left_alone(part, whole):
    (part / "notes.txt").write_text("mine")
    (part / "part-00009999.parquet").write_text("mine as well")
    found = run_screen(plan_of(), part, resume=True, workers=1)
    assert found.complete
    assert len(found.screen().rows) == whole.count
    assert (part / "notes.txt").read_text() == "mine"
    drop_screen(part)
    assert [path.name for path in part.iterdir()] == ["notes.txt"]


def test_that_bytes_that_rotted_are_told(part):
    there = open_screen(part)
    file = there.file(there.chunks[0])
    data = bytearray(file.read_bytes())
    for place in range(4, 400):
        data[place] ^= 0x5A
    file.write_bytes(data)
    with pytest.raises(FormatError, match="cannot be read"):
        there.columns(there.chunks[0])


def _run_short_of_space(folder: str, most: int) -> int:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    return run_small(folder, 40)


def test_that_a_full_disk_is_told_and_nothing_is_lost(part, whole):
    before = {path: path.read_bytes() for path in part.glob("part-*")}
    with pytest.raises(FormatError, match=r"part-00000005.parquet: cannot be written \(.*\)$"):
        run_in_process(_run_short_of_space, str(part), 3_000)
    assert {path: path.read_bytes() for path in part.glob("part-*")} == before
    ended(part, whole)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Take the rights of root away, who may write everywhere."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


def test_that_a_folder_without_permission_is_told():
    folder = Path(tempfile.mkdtemp(prefix="regnet-"))  # where nobody may look into it
    folder.chmod(0o555)
    try:
        with as_nobody():
            with pytest.raises(FormatError, match=r"cannot be written \(permission denied\)$"):
                run_screen(plan_of(1), folder)
            with pytest.raises(FormatError, match=r"as a folder \(permission denied\)$"):
                run_screen(plan_of(1), folder / "screen")
    finally:
        shutil.rmtree(folder)


def test_that_a_changed_model_is_told_and_its_rows_stay(part, whole):
    model = part / "model.toml"
    text = model.read_text()
    model.write_text(text.replace("!B", "B"))
    rows = sorted(part.glob("part-*"))
    with pytest.raises(FormatError, match="are not those that its rows were computed for"):
        run_screen(plan_of(), part, resume=True)
    assert sorted(part.glob("part-*")) == rows
    model.write_text(text)
    ended(part, whole)


def test_that_a_screen_ends_after_the_time_it_is_given(tmp_path, whole, monkeypatch):
    monkeypatch.setattr(running, "_size", lambda plan, each: 40)
    nothing = run_screen(plan_of(), tmp_path, workers=1, stop_after=0.0)
    assert (nothing.count, nothing.complete) == (0, False)
    assert nothing.screen().missing == f"0 of {whole.count} rows are there"
    assert run_screen(plan_of(), tmp_path, resume=True, stop_after=300.0).complete
    assert sorted_table(tmp_path) == sorted_table(whole.path)


def test_that_most_permissive_rows_of_an_older_version_are_refused_in_a_sentence(
    tmp_path: Path,
) -> None:
    asynchronous = plan_of()
    for mode, is_refused in (("asynchronous", False), ("most-permissive", True)):
        contexts = tuple(replace(c, update=mode) for c in asynchronous.contexts)
        plan = replace(asynchronous, contexts=contexts)
        folder = tmp_path / mode
        run_screen(plan, folder, workers=1)
        about = json.loads((folder / "screen.json").read_text())
        for key in ("regnet", "permissive"):
            del about[key]
        (folder / "screen.json").write_text(json.dumps(about))
        if is_refused:
            with pytest.raises(FormatError, match=r"regnet an older version|compute .* again"):
                run_screen(plan, folder, resume=True, workers=1)
        else:
            assert run_screen(plan, folder, resume=True, workers=1).complete
