"""Folder: a screen on disk, complete or not, read lazily."""

from __future__ import annotations

import json
import os
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, overload

from regnet.analysis.screen import Screen, ScreenRow, screen_of
from regnet.analysis.screen.plan import PERMISSIVE, Chunk, Plan
from regnet.errors import FormatError, RegnetError
from regnet.formats import load, save, write_file
from regnet.project import Project
from regnet.records.data import scenario_from_json, scenario_to_json
from regnet.scenario import parse_cut
from regnet.screens.lock import LOCK
from regnet.space import Space
from regnet.version import VERSION

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from regnet.analysis.screen.columns import Columns
    from regnet.analysis.screen.findings import Findings

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
        The plan of the screen.
    size
        Maximum number of rows of a chunk.
    seconds
        Wall-clock time so far, without killed runs.
    """

    def __init__(self, path: Path, plan: Plan, size: int, seconds: float = 0.0) -> None:
        self.path, self.plan, self.size, self.seconds = path, plan, size, seconds
        self.chunks: tuple[Chunk, ...] = tuple(plan.chunks(size))
        self.done: set[int] = set()
        self._numbers: dict[str, list[NDArray[np.int64]]] = {}
        self._pieces: OrderedDict[tuple[int, int], Columns] = OrderedDict()
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
        """Number of computed rows."""
        return sum(len(self.chunks[number]) for number in self.done)

    @property
    def complete(self) -> bool:
        """Whether every row is there."""
        return len(self.done) == len(self.chunks)

    @property
    def missing(self) -> str:
        """What is missing, in one sentence; empty if complete."""
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

        with self._reading(chunk) as path:
            return from_parquet(path, self.plan, chunk, groups)

    @contextmanager
    def _reading(self, chunk: Chunk) -> Iterator[str]:
        path = str(self.file(chunk))
        try:
            yield path
        except (OSError, ValueError, KeyError) as error:
            reason = str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else "?"
            raise FormatError(
                f"{path}: cannot be read ({reason}); delete it to have it computed again"
            ) from None

    def pieces(self) -> Iterator[tuple[int, Columns]]:
        """Yield the number of a context and rows in it, chunk by chunk, those that are there."""
        for chunk in self.chunks:
            if chunk.number in self.done:
                yield chunk.context, self.columns(chunk)

    def row(self, number: int) -> ScreenRow:
        """Return a row by its number in the plan; what is near it is read with it.

        Raises
        ------
        KeyError
            If it is not there.
        """
        from regnet.screens.table import ROW_GROUP

        chunk = self.chunks[bisect_right(self._begins, number) - 1]
        if chunk.number not in self.done:
            raise KeyError(number)
        inside = number - self._begins[chunk.number]
        key = chunk.number, inside // ROW_GROUP
        if key not in self._pieces:
            self._pieces[key] = self.columns(chunk, [key[1]])
            while len(self._pieces) > _KEPT:
                self._pieces.popitem(last=False)
        self._pieces.move_to_end(key)
        context = self.plan.contexts[chunk.context].name
        return self._pieces[key].row(self.plan, context, inside % ROW_GROUP)

    @property
    def leading(self) -> int:
        """Number of rows before the first missing one."""
        missing = next((c for c in self.chunks if c.number not in self.done), None)
        return self.plan.count if missing is None else self._begins[missing.number]

    def numbers(self, quantity: str) -> NDArray[np.int64]:
        """Return one column of the leading rows, -1 if unknown.

        Parameters
        ----------
        quantity
            ``"attractors"``, ``"changed"`` (1 or 0), ``"exact"`` (1 or 0), ``"phenotype .."`` with
            a phenotype, or ``"low .."`` and ``"high .."`` with a readout.
        """
        import numpy as np

        from regnet.screens.table import read_numbers

        count = bisect_right(self._begins, self.leading - 1)
        known = self._numbers.setdefault(quantity, [])  # more may have come since
        for chunk in self.chunks[len(known) : count]:
            with self._reading(chunk) as path:
                known.append(read_numbers(path, self.plan, chunk, quantity))
        return np.concatenate([np.zeros(0, np.int64), *known])

    @cached_property
    def _begins(self) -> list[int]:
        return [chunk.context * self.plan.width + chunk.begin for chunk in self.chunks]

    # --- as an answer ---

    def screen(self, *, unsure: int | None = None) -> Screen:
        """Return the computed rows as an answer of `regnet.screen`; rows are read lazily.

        `unsure` is the number of rows that are not exact; counted by default.
        """
        plan = self.plan
        return screen_of(
            plan.network,
            plan.contexts,
            Rows(self),
            perturbations=plan.width - 1,
            phenotypes=plan.phenotypes,
            readouts=plan.readouts,
            each=plan.timeout,
            missing=self.missing,
            seconds=self.seconds,
            unsure=unsure,
            asked=plan.asked,
        )

    # --- on disk ---

    def write_about(self) -> None:
        """Write what the screen is made from."""
        plan = self.plan
        save(Project(plan.network, phenotypes=plan.phenotypes), self.path / MODEL)
        about = {
            "screen": plan.digest,
            "regnet": VERSION,
            "permissive": PERMISSIVE,
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
    """The leading rows of a folder as a sequence, read on access."""

    def __init__(self, folder: ScreenFolder) -> None:
        self.folder = folder
        self._count = folder.leading

    @cached_property
    def changed(self) -> int:
        """Number of rows that differ from their wild type."""
        return int((self.folder.numbers("changed") == 1).sum())

    @cached_property
    def unsure(self) -> int:
        """Number of rows that are not exact."""
        return int((self.folder.numbers("exact") == 0).sum())

    @cached_property
    def findings(self) -> Findings:
        """The findings in all computed rows."""
        from regnet.analysis.screen.findings import find_in

        return find_in(self.folder.plan, self.folder.pieces())

    def number(self, context: str, clamps: Space) -> int | None:
        """Return the number of the row with exactly this perturbation, None if it is missing."""
        plan = self.folder.plan
        names = [c.name for c in plan.contexts]
        row = plan.number(clamps) if context in names else None
        number = -1 if row is None else names.index(context) * plan.width + row
        return number if 0 <= number < self._count else None

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
    if plan.is_permissive and about.get("permissive", 1) != PERMISSIVE:
        made_by = about.get("regnet", "of an older version")
        raise FormatError(
            f"{folder}: its most-permissive rows were computed by regnet {made_by}, whose ranges "
            "may differ from those of this one: compute the screen again in another folder"
        )
    if plan.digest != about["screen"] or size < 1:
        raise FormatError(
            f"{folder}: the model and the plan in it are not those that its rows were computed for"
        )
    return ScreenFolder(folder, plan, size, seconds)


def drop_screen(path: str | os.PathLike[str]) -> None:
    """Delete a screen from disk, and its folder if nothing else is in it."""
    folder = Path(path)
    if not (folder / ABOUT).is_file():
        return
    ours = [*folder.glob("part-*.parquet"), *folder.glob(".part-*.parquet.*"), folder / MODEL]
    for file in [*ours, folder / LOCK, folder / ABOUT]:
        with suppress(OSError):
            file.unlink()
    with suppress(OSError):
        folder.rmdir()


def made(path: str | os.PathLike[str]) -> None:
    """Make the folder of a screen, unless it is there.

    Raises
    ------
    FormatError
        If that cannot be, or it holds files and no screen.
    """
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = os.listdir(folder)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise FormatError(f"{folder}: cannot be used as a folder ({reason})") from None
    others = [name for name in names if not name.startswith(".") and name != MODEL]
    if others and ABOUT not in names:
        raise FormatError(f"{folder}: holds other files; a screen needs a folder of its own")


def prepared(path: str | os.PathLike[str], plan: Plan, *, resume: bool) -> ScreenFolder | None:
    """Return the screen of this plan in a folder that was `made`; None if it is empty.

    Raises
    ------
    FormatError
        If the folder holds another screen, or one that is not to be resumed.
    """
    folder = Path(path)
    if not (folder / ABOUT).exists():
        return None
    there = open_screen(folder)
    if there.plan.network.digest != plan.network.digest:
        raise FormatError(f"{folder}: holds the screen of another network")
    if there.plan.digest != plan.digest:
        raise FormatError(f"{folder}: holds a screen of this network with other questions")
    if not resume and there.done:
        raise FormatError(
            f"{folder}: holds this screen already ({there.count:,} of {plan.count:,} rows); "
            "add --resume to continue it, or choose another folder"
        )
    return there
