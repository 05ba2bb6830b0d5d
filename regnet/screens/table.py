"""Table: rows of a screen as Parquet, and back.

Components are columns of names and levels, so that a query needs to know nothing of our numbering;
it is found again from the number of the row.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from regnet.analysis.screen.columns import UNKNOWN, YES, Columns
from regnet.analysis.screen.plan import Chunk, Plan
from regnet.extras import extra
from regnet.version import VERSION

with extra("screens"):
    import pyarrow as pa
    import pyarrow.parquet as pq

ROW_GROUP = 4_096
"""Number of rows read together from a chunk."""


class Layout:
    """The columns of the table; names are made distinct ignoring case.

    Parameters
    ----------
    plan
        The plan of the table.
    """

    def __init__(self, plan: Plan) -> None:
        taken: set[str] = set()

        def named(name: str) -> str:
            while name.casefold() in taken:
                name += "_"
            taken.add(name.casefold())
            return name

        self.held = [
            (named(f"component_{k}"), named(f"level_{k}")) for k in range(1, plan.order + 1)
        ]
        self.cut = named("cut") if plan.cuts else ""
        fixed = ["row", "context", "attractors", "changed", "status"]
        self.row, self.context, self.attractors, self.changed, self.status = map(named, fixed)
        self.phenotypes = [named(p.name) for p in plan.phenotypes]
        self.readouts = [(named(f"{n}_low"), named(f"{n}_high")) for n in plan.readouts]


def to_parquet(plan: Plan, chunk: Chunk, columns: Columns) -> bytes:
    """Return the rows of a chunk as a Parquet file, the same bytes for the same rows."""
    layout = Layout(plan)
    count = len(columns)
    first = chunk.context * plan.width + columns.first
    data: dict[str, Any] = {
        layout.row: _array(np.arange(first, first + count), pa.int64()),
        layout.context: _words([plan.contexts[chunk.context].name], np.zeros(count, np.int32)),
    }
    names = list(dict.fromkeys(name for name, _ in plan.singles))
    place = {name: i for i, name in enumerate(names)}
    owner = np.array([place[name] for name, _ in plan.singles] + [0], np.int32)
    levels = np.array([level for _, level in plan.singles] + [0], np.int16)
    singles = len(plan.singles)
    for k, (component, level) in enumerate(layout.held):
        part = columns.parts[:, k]
        none = (part < 0) | (part >= singles)
        part = np.where(none, singles, part)
        data[component] = _words(names, owner[part], none)
        data[level] = _array(levels[part], pa.int16(), none)
    if layout.cut:
        part = columns.parts[:, 0] - singles
        data[layout.cut] = _words([str(c) for c in plan.cuts], np.maximum(part, 0), part < 0)
    if not plan.only_phenotypes:
        data[layout.attractors] = _numbers(columns.attractors)
    for j, name in enumerate(layout.phenotypes):
        data[name] = _numbers(columns.phenotypes[:, j])
    for j, (low, high) in enumerate(layout.readouts):
        data[low] = _numbers(columns.low[:, j], pa.int16())
        data[high] = _numbers(columns.high[:, j], pa.int16())
    changed = columns.changed
    data[layout.changed] = _array(changed == YES, pa.bool_(), changed == UNKNOWN)
    kinds, codes = np.unique(columns.status.astype(str), return_inverse=True)
    data[layout.status] = _words(kinds.tolist(), codes.reshape(-1))
    table = pa.table(data).replace_schema_metadata({"regnet": json.dumps(about(plan, chunk))})
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd", row_group_size=ROW_GROUP)
    return out.getvalue()


def about(plan: Plan, chunk: Chunk) -> dict[str, Any]:
    """Return the origin of the rows of a chunk, for the metadata of its file."""
    return {
        "screen": plan.digest,
        "network": plan.network.name,
        "digest": plan.network.digest,
        "regnet": VERSION,
        "chunk": chunk.number,
        "begin": chunk.begin,
        "end": chunk.end,
    }


def is_about(path: str, plan: Plan, chunk: Chunk) -> bool:
    """Return whether a file is whole and holds this chunk of this plan."""
    try:
        with _opened(path, plan, chunk):
            return True
    except (OSError, ValueError):
        return False


@contextmanager
def _opened(path: str, plan: Plan, chunk: Chunk) -> Iterator[pq.ParquetFile]:
    """Open the file of a chunk; raise ValueError if it holds anything else."""
    with pq.ParquetFile(path) as file:
        words = (file.metadata.metadata or {}).get(b"regnet", b"{}")
        found, wanted = json.loads(words), about(plan, chunk)
        if file.metadata.num_rows != len(chunk) or any(
            found.get(key) != wanted[key] for key in ("screen", "chunk", "begin", "end")
        ):
            raise ValueError("it holds other rows")
        yield file


def from_parquet(path: str, plan: Plan, chunk: Chunk, groups: Sequence[int] = ()) -> Columns:
    """Return rows of a chunk: those of some row groups that follow each other, or all."""
    with _opened(path, plan, chunk) as file:
        table = file.read_row_groups(list(groups)) if groups else file.read()
    begin = chunk.begin + (groups[0] * ROW_GROUP if groups else 0)
    layout = Layout(plan)
    count = table.num_rows

    def numbers(names: Iterable[str]) -> np.ndarray[Any, Any]:
        columns = [_filled(table[name], -1) for name in names]
        return np.stack(columns, axis=1) if columns else np.zeros((count, 0), np.int64)

    unknown = np.full(count, -1, np.int64)
    return Columns(
        begin,
        plan.parts(begin, begin + count),
        unknown if plan.only_phenotypes else _filled(table[layout.attractors], -1),
        numbers(layout.phenotypes),
        numbers([low for low, _ in layout.readouts]),
        numbers([high for _, high in layout.readouts]),
        _filled(table[layout.changed].cast(pa.int8()), UNKNOWN).astype(np.int8),
        _texts(table[layout.status]),
    )


def read_numbers(path: str, plan: Plan, chunk: Chunk, quantity: str) -> np.ndarray[Any, Any]:
    """Return one column of a chunk; see `regnet.screens.folder.ScreenFolder.numbers`."""
    layout = Layout(plan)
    kind, _, name = quantity.partition(" ")
    match kind:
        case "phenotype":
            column = layout.phenotypes[[p.name for p in plan.phenotypes].index(name)]
        case "low" | "high":
            column = layout.readouts[plan.readouts.index(name)][kind == "high"]
        case "exact":
            column = layout.status
        case "changed":
            column = layout.changed
        case _:
            column = layout.attractors
    with _opened(path, plan, chunk) as file:
        if column not in file.schema_arrow.names:  # not counted
            return np.full(len(chunk), -1, np.int64)
        table = file.read([column])
    if kind == "exact":
        return (_texts(table[column]) == "exact").astype(np.int64)  # type: ignore[no-any-return]
    if kind == "changed":
        return _filled(table[column].cast(pa.int8()), UNKNOWN)
    return _filled(table[column], -1)


# Arrays are made of bytes and read as bytes: `pyarrow.array` and ``to_numpy`` would import pandas.


def _array(
    values: np.ndarray[Any, Any], kind: Any, none: np.ndarray[Any, Any] | None = None
) -> pa.Array:
    """Return numbers or truth values as an array of Arrow, null where `none` says so."""
    valid = None
    if none is not None and none.any():
        valid = pa.py_buffer(np.packbits(~none, bitorder="little").tobytes())
    if kind == pa.bool_():
        data = np.packbits(values, bitorder="little")
    else:
        data = values.astype(np.dtype(f"i{kind.bit_width // 8}"))
    return pa.Array.from_buffers(kind, len(values), [valid, pa.py_buffer(data.tobytes())])


def _words(
    words: Sequence[str],
    codes: np.ndarray[Any, Any],
    none: np.ndarray[Any, Any] | None = None,
) -> pa.DictionaryArray:
    """Return texts by their numbers."""
    texts = [word.encode() for word in words]
    ends = np.cumsum([0, *map(len, texts)])
    buffers = pa.py_buffer(ends.astype(np.int32).tobytes()), pa.py_buffer(b"".join(texts))
    dictionary = pa.StringArray.from_buffers(len(texts), *buffers)
    return pa.DictionaryArray.from_arrays(_array(codes, pa.int32(), none), dictionary)


def _numbers(column: np.ndarray[Any, Any], kind: Any = None) -> pa.Array:
    return _array(column, kind or pa.int64(), column < 0)


def _texts(column: pa.ChunkedArray) -> np.ndarray[Any, Any]:
    """Return texts, few of them different, as objects that are shared."""
    column = column.dictionary_encode().combine_chunks()
    words = np.array(column.dictionary.to_pylist(), object)
    return words[_read(column.indices)]  # type: ignore[no-any-return]


def _filled(column: pa.ChunkedArray, value: int) -> np.ndarray[Any, Any]:
    """Return numbers, with missing ones replaced."""
    pieces = [_read(piece, value) for piece in column.chunks]
    return np.concatenate([np.zeros(0, np.int64), *pieces])


def _read(array: pa.Array, value: int = 0) -> np.ndarray[Any, Any]:
    """Return whole numbers, with missing ones replaced by `value`."""
    valid, data = array.buffers()
    here = slice(array.offset, array.offset + len(array))
    numbers = np.frombuffer(data, np.dtype(f"i{array.type.bit_width // 8}"))[here].astype(np.int64)
    if valid is not None:
        bits = np.unpackbits(np.frombuffer(valid, np.uint8), bitorder="little")[here]
        numbers[bits == 0] = value
    return numbers
