"""Folder: a screen on disk, read as far as it is there and only as much of it as is asked for."""

from __future__ import annotations

import json
import os
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from regnet.analysis import Origin
from regnet.analysis.plan import Chunk, Plan
from regnet.analysis.screen import Screen, ScreenRow
from regnet.errors import FormatError, RegnetError
from regnet.formats import load, save, write_file
from regnet.project import Project
from regnet.records.data import scenario_from_json, scenario_to_json
from regnet.scenario import parse_cut

if TYPE_CHECKING:
    from regnet.analysis.columns import Columns

ABOUT, MODEL = "screen.json", "model.toml"

_KEPT = 8
"""Pieces of the table that are kept in memory, of at most `regnet.screens.table.ROW_GROUP` rows."""


class ScreenFolder:
    """A screen in a folder. Made by `open_screen` and `regnet.screens.run_screen`.

    Parameters
    ----------
    path
        The folder.
    plan
        What the screen is made from.
    size
        Rows of a chunk, at most.
    seconds
        Wall-clock time it took until now; runs that were killed are not counted.
    """

    def __init__(self, path: Path, plan: Plan, size: int, seconds: float = 0.0) -> None:
        self.path, self.plan, self.size, self.seconds = path, plan, size, seconds
        self.chunks: tuple[Chunk, ...] = tuple(plan.chunks(size))
        self.done: set[int] = set()
        self._pieces: OrderedDict[tuple[int, int], list[ScreenRow]] = OrderedDict()
        self.look()

    def file(self, chunk: Chunk) -> Path:
        """Return the file of a chunk, whether it is there or not."""
        return self.path / f"part-{chunk.number:08d}.parquet"

    def look(self) -> None:
        """See which chunks are there now."""
        names = set(os.listdir(self.path))
        self.done = {c.number for c in self.chunks if self.file(c).name in names}

    @property
    def count(self) -> int:
        """How many rows are there."""
        return sum(len(self.chunks[number]) for number in self.done)

    @property
    def complete(self) -> bool:
        """Whether every row is there."""
        return len(self.done) == len(self.chunks)

    @property
    def missing(self) -> str:
        """What is missing, in one sentence; empty where nothing is."""
        if self.complete:
            return ""
        return f"{self.count:,} of {self.plan.count:,} rows are there"

    # --- rows ---

    def columns(self, chunk: Chunk, groups: Sequence[int] = ()) -> Columns:
        """Return the rows of a chunk that is there, or of some of its row groups, as arrays.

        Raises
        ------
        FormatError
            If the file cannot be read.
        """
        from regnet.screens.table import from_parquet

        try:
            return from_parquet(str(self.file(chunk)), self.plan, chunk, groups)
        except (OSError, ValueError, KeyError) as error:
            raise FormatError(f"{self.file(chunk)}: cannot be read ({error})") from None

    def pieces(self) -> Iterator[tuple[int, Columns]]:
        """Yield the number of a context and rows in it, chunk by chunk, those that are there."""
        for chunk in self.chunks:
            if chunk.number in self.done:
                yield chunk.context, self.columns(chunk)

    def row(self, number: int) -> ScreenRow:
        """Return a row by its number among those that are there; what is near it comes with it."""
        from regnet.screens.table import ROW_GROUP

        place = bisect_right(self._begins, number) - 1
        chunk = self._there[place]
        inside = number - self._begins[place]
        key = chunk.number, inside // ROW_GROUP
        if key not in self._pieces:
            found = self.columns(chunk, [key[1]])
            self._pieces[key] = found.rows(self.plan, self.plan.contexts[chunk.context].name)
            while len(self._pieces) > _KEPT:
                self._pieces.popitem(last=False)
        self._pieces.move_to_end(key)
        return self._pieces[key][inside % ROW_GROUP]

    @cached_property
    def _there(self) -> list[Chunk]:
        return [chunk for chunk in self.chunks if chunk.number in self.done]

    @cached_property
    def _begins(self) -> list[int]:
        begins, total = [], 0
        for chunk in self._there:
            begins.append(total)
            total += len(chunk)
        return begins

    # --- as an answer ---

    def origin(self, guarantee: str = "exact") -> Origin:
        """Return where the rows come from."""
        return Origin.of(
            self.plan.network,
            scenario=self.plan.contexts[0],
            engine="auto",
            why="all perturbations together, compiled; what is left open as find_attractors "
            "does it",
            guarantee=guarantee if self.complete else "bounded",
            seconds=self.seconds,
        )

    def screen(self) -> Screen:
        """Return what is there as the answer that `regnet.screen` gives; rows are read lazily."""
        rows: Any = Rows(self)
        return Screen(
            self.origin(),
            self.plan.contexts,
            self.plan.phenotypes,
            self.plan.readouts,
            rows,
            self.complete,
            self.missing,
        )

    # --- on disk ---

    def write_about(self) -> None:
        """Write what the screen is made from."""
        plan = self.plan
        save(Project(plan.network, phenotypes=plan.phenotypes), self.path / MODEL)
        about = {
            "screen": plan.digest,
            "chunk": self.size,
            "seconds": round(self.seconds, 3),
            "rows": plan.count,
            "contexts": [{"name": c.name, **scenario_to_json(c)} for c in plan.contexts],
            "singles": plan.singles,
            "cuts": [str(c).replace(" at ", "=") for c in plan.cuts],
            "order": plan.order,
            "readouts": plan.readouts,
            "timeout": plan.timeout,
            "only_phenotypes": plan.only_phenotypes,
        }
        write_file(self.path / ABOUT, json.dumps(about, indent=1, ensure_ascii=False) + "\n")


class Rows(Sequence[ScreenRow]):
    """The rows of a folder as a sequence: a row is read when it is looked at."""

    def __init__(self, folder: ScreenFolder) -> None:
        self.folder = folder
        self._count = folder.count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> ScreenRow: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[ScreenRow]: ...
    def __getitem__(self, index: int | slice) -> ScreenRow | Sequence[ScreenRow]:
        if isinstance(index, slice):
            return [self.folder.row(i) for i in range(*index.indices(self._count))]
        if not -self._count <= index < self._count:
            raise IndexError(index)
        return self.folder.row(index % self._count)


def open_screen(path: str | os.PathLike[str]) -> ScreenFolder:
    """Return the screen in a folder, finished or not.

    Raises
    ------
    FormatError
        If there is none, or what is there cannot be read.
    """
    folder = Path(path)
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise FormatError(f"{folder}: holds no screen (there is no readable {ABOUT})") from None
    try:
        project = load(folder / MODEL)
        plan = Plan(
            project.network,
            tuple(scenario_from_json(c) for c in about["contexts"]),
            tuple((name, level) for name, level in about["singles"]),
            tuple(parse_cut(c) for c in about["cuts"]),
            about["order"],
            project.phenotypes,
            tuple(about["readouts"]),
            about["timeout"],
            about["only_phenotypes"],
        )
        size, seconds = int(about["chunk"]), float(about["seconds"])
    except RegnetError:
        raise
    except (KeyError, TypeError, ValueError):
        raise FormatError(f"{folder / ABOUT}: does not describe a screen") from None
    if plan.digest != about["screen"] or size < 1:
        raise FormatError(f"{folder}: its model or its plan was changed after the screen was begun")
    return ScreenFolder(folder, plan, size, seconds)


def prepared(path: str | os.PathLike[str], plan: Plan, *, resume: bool) -> ScreenFolder | None:
    """Return the screen of this plan in a folder; None where it is to begin, the folder made.

    Raises
    ------
    FormatError
        If the folder holds something else, or a screen that was not asked to go on.
    """
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = os.listdir(folder)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise FormatError(f"{folder}: cannot be used as a folder ({reason})") from None
    if ABOUT not in names:
        if [name for name in names if not name.startswith(".") and name != MODEL]:
            raise FormatError(f"{folder}: holds other files; a screen needs a folder of its own")
        return None
    there = open_screen(folder)
    if there.plan.network.digest != plan.network.digest:
        raise FormatError(f"{folder}: holds the screen of another network")
    if there.plan.digest != plan.digest:
        raise FormatError(f"{folder}: holds a screen of this network with other questions")
    if not resume and there.done:
        raise FormatError(
            f"{folder}: holds this screen already ({there.count:,} of {plan.count:,} rows); "
            "add --resume to go on with it, or choose another folder"
        )
    return there
