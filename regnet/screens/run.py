"""Run: compute the chunks of a screen that are not on disk yet, here, in processes, or elsewhere.

A chunk takes about a second, so that little is lost when a screen is stopped and dealing chunks out
costs nothing beside computing them. Which rows a chunk holds is settled when the screen begins.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from regnet.analysis import Progress, silent
from regnet.analysis.batch import Map
from regnet.analysis.screen.plan import Chunk, Plan
from regnet.formats import write_file
from regnet.jobs import parallel_map, run_in_process
from regnet.screens.folder import ScreenFolder, made, prepared
from regnet.screens.lock import locked

if TYPE_CHECKING:
    from regnet.analysis.screen.answers import Answers

LARGEST = 100_000
"""Rows of a chunk, at most: what one process holds at a time."""

MOST_FILES = 10_000
"""Chunks that a screen is cut into, as long as each can be held."""

CHUNK_SECONDS = 1.0
WORTH_PROCESSES = 5.0
"""Seconds of work from which on further processes are started."""

_SLOW = 0.1  # assumed seconds of a row, if none was measured
_PROBING = 1.0  # seconds after which nothing further is measured


@dataclass(frozen=True, slots=True)
class Finished:
    """A chunk that was computed: its file, unless that was written already."""

    chunk: Chunk
    data: bytes | None


class Work:
    """Computes a chunk, and writes its file where `folder` can be reached."""

    def __init__(self, plan: Plan, folder: Path | None) -> None:
        from regnet.analysis.screen.answers import Answers  # compiled code is not needed to read

        self.answers = Answers(plan)
        self.folder = folder

    def __call__(self, chunk: Chunk) -> Finished:
        """Return that the chunk is there, or its file."""
        from regnet.screens.table import to_parquet

        data = to_parquet(self.answers.plan, chunk, self.answers(chunk))
        if self.folder is None:
            return Finished(chunk, data)
        write_file(self.folder / f"part-{chunk.number:08d}.parquet", data)
        return Finished(chunk, None)


def run_screen(
    plan: Plan,
    path: str | os.PathLike[str],
    *,
    resume: bool = False,
    workers: int | None = None,
    cluster: str = "",
    stop_after: float | None = None,
    progress: Progress = silent,
) -> ScreenFolder:
    """Compute a screen into a folder, and return it; if interrupted, the rows so far.

    One run at a time writes into a folder. However it ends, finished chunks are kept.

    Parameters
    ----------
    plan
        The plan of the screen.
    path
        The folder: a new one, an empty one, or one with the beginning of this screen.
    resume
        Whether to resume an existing screen, which is otherwise an error.
    workers
        Processes on this machine; by default the number of processors, if it takes long.
    cluster
        Address of a Dask scheduler whose workers are used instead; they need regnet, not the
        folder.
    stop_after
        Time limit in seconds, after which it ends as if interrupted; unfinished chunks are lost.
    progress
        Progress callback: fraction done, and a text with the remaining time.

    Raises
    ------
    FormatError
        If the folder holds something else, cannot be written, or another run writes into it.
    JobError
        If a process died, or the cluster cannot be reached or was lost.
    """
    started = time.perf_counter()
    made(path)
    with locked(Path(path)):
        screen = prepared(path, plan, resume=resume)
        work = Work(plan, None if cluster else Path(path))

        def left() -> float | None:
            spent = time.perf_counter() - started
            return None if stop_after is None else max(0.0, stop_after - spent)

        try:
            each = None
            if screen is None:
                progress(None, "measuring some rows")
                each = _each(work.answers, left())
                screen = ScreenFolder(Path(path), plan, _size(plan, each))
                screen.write_about()
            _tidy(screen)
            todo = [chunk for chunk in screen.chunks if chunk.number not in screen.done]
            if each is None and todo and workers is None and not cluster:
                each = _each(work.answers, left())
            if workers is None and (each or 0.0) * sum(map(len, todo)) < WORTH_PROCESSES:
                workers = 1
            compute: Map
            if cluster:
                from regnet.screens.cluster import cluster_map

                compute = cluster_map(cluster, timeout=left())
            else:
                compute = parallel_map(workers, timeout=left())
            _compute(screen, compute(work, todo), progress)
        except (KeyboardInterrupt, TimeoutError):
            if screen is None:
                raise
            screen.look()  # what a process has written, but not yet said
        screen = ScreenFolder(screen.path, plan, screen.size, screen.seconds)
        screen.seconds += time.perf_counter() - started
        screen.write_about()
    return screen


def _compute(screen: ScreenFolder, found: Iterable[Finished], progress: Progress) -> None:
    """Store chunks as they are computed, and report progress."""
    first, begun = 0, 0.0  # of what was measured: processes take a while to start
    for finished in found:
        if finished.data is not None:
            write_file(screen.file(finished.chunk), finished.data)
        screen.done.add(finished.chunk.number)
        count, now, total = screen.count, time.perf_counter(), screen.plan.count
        left = None
        if not first:
            first, begun = count, now
        else:
            left = (total - count) * (now - begun) / (count - first)
        progress(count / total, _words(screen, left))


def _each(answers: Answers, limit: float | None) -> float:
    """Return the seconds of a row, or a lower bound if the measurement was stopped."""
    plan = answers.plan
    if limit is None:
        return estimate(plan, answers) / plan.count
    try:
        return run_in_process(estimate, plan, timeout=limit) / plan.count
    except TimeoutError:
        return max(limit, _SLOW)


def estimate(plan: Plan, answers: Answers | None = None) -> float:
    """Return how many seconds one process needs for a screen, from rows here and there.

    Takes about a second, and more where a row takes longer. `answers` are those of the plan, to be
    compiled only once.
    """
    if answers is None:
        from regnet.analysis.screen.answers import Answers

        answers = Answers(plan)
    answers(Chunk(0, 0, 0, 1))
    total = 0.0
    allowed = _PROBING / (len(plan.contexts) * len(list(plan.blocks())))
    for context in range(len(plan.contexts)):
        for _, first, last in plan.blocks():
            rows, spent, size = 0, 0.0, 1
            for turn in range(1, 12):  # more and more rows, far from each other
                begin = first + (last - first) * (turn * 5 % 12) // 12
                size = min(2 * size, last - begin)
                began = time.perf_counter()
                answers(Chunk(0, context, begin, begin + size))
                spent += time.perf_counter() - began
                rows += size
                if spent > allowed or 4 * rows > last - first:
                    break
            total += spent / rows * (last - first) if rows else 0.0
    return total


def _size(plan: Plan, each: float) -> int:
    """Return how many rows a chunk has, from the seconds that one takes."""
    wanted = max(round(CHUNK_SECONDS / max(each, 1e-9)), -(-plan.count // MOST_FILES))
    return max(1, min(LARGEST, wanted))


def _tidy(screen: ScreenFolder) -> None:
    """Remove what a process that was killed left half-written, and files that are not ours."""
    from regnet.screens.table import is_about

    for path in _leftovers(screen):
        with suppress(OSError):
            path.unlink()
    for number in list(screen.done):
        chunk = screen.chunks[number]
        if not is_about(str(screen.file(chunk)), screen.plan, chunk):
            screen.done.discard(number)


def _leftovers(screen: ScreenFolder) -> Iterator[Path]:
    return screen.path.glob(".part-*.parquet.*")


def _words(screen: ScreenFolder, left: float | None) -> str:
    text = f"{screen.count:,} of {screen.plan.count:,} rows"
    return text if left is None or screen.complete else f"{text}, {lasting(left)} left"


def lasting(seconds: float) -> str:
    """Return a duration in words.

    >>> lasting(0.2), lasting(42), lasting(125), lasting(8000)
    ('less than a second', '42 s', '2 min 5 s', '2 h 13 min')
    """
    if seconds < 1:
        return "less than a second"
    whole = round(seconds)
    if whole < 100:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
