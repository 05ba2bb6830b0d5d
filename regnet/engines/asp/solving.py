"""Solving: aspif programs to clingo, and its answers back as rows of bytes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from regnet.deadline import Deadline
from regnet.memory import without_collection
from regnet.space import FREE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Cells: TypeAlias = NDArray[np.uint8]
    """A row for each answer and a column for each chosen atom: whether it holds."""

Pair: TypeAlias = tuple[int, int]
"""The atoms of "can be 1" and "can be 0"; or in which answers they hold, as bits of numbers."""

PREFER_TRUE, PREFER_FALSE = 4, 5  # as clingo numbers them
_ALL_ATOMS = {PREFER_TRUE: "3,0", PREFER_FALSE: "5,0"}  # the same in its options
_TOGETHER = 1 << 26
"""Bytes of rows that are made at once."""


class Program(Protocol):
    """The interface of programs for `solve`."""

    options: Sequence[str]
    """Options of clingo."""

    @property
    def width(self) -> int:
        """Number of atoms that are chosen, numbered from 0 in `text`."""

    @property
    def is_derived(self) -> bool:
        """Whether some atoms are derived from the others."""

    def text(self, prefer: int | None) -> str:
        """Return the program in aspif; `prefer` is how clingo decides on what is chosen."""

    def rows(self, found: Cells) -> Iterator[bytes]:
        """Yield a row for each answer."""


def choice_of(pairs: Iterable[tuple[Pair, bool, int]], prefer: int | None) -> list[str]:
    """Return what lets clingo choose among values, and show what it chose.

    Parameters
    ----------
    pairs
        The atoms of each variable, whether it is an input, and the atom that says whether it has
        to be chosen, 0 if it always has. Inputs are decided last, so that from one answer to the
        next often no more than an input changes: three times as quick.
    prefer
        How clingo decides, if it matters.
    """
    lines = []
    for place, ((one, zero), is_input, when) in enumerate(pairs):
        if when:
            lines.append(f"1 1 2 {one} {zero} 0 1 {when}\n1 0 0 0 3 {when} -{one} -{zero}")
        else:
            lines.append(f"1 1 2 {one} {zero} 0 0\n1 0 0 0 2 -{one} -{zero}")
        for number, atom in ((2 * place, one), (2 * place + 1, zero)):
            lines.append(f"4 {len(str(number))} {number} 1 {atom}")
            if prefer is not None:
                lines.append(f"7 {prefer} {atom} {1 if is_input else 2} 1 0")
    return lines


def solve(
    program: Program, prefer: int | None, limit: int | None, deadline: Deadline
) -> Iterator[bytes]:
    """Yield answers as rows as they are found, in the order in which clingo finds them."""
    import clingo

    options = ["--warn=none", "--single-shot", *program.options]
    control = clingo.Control(options, logger=lambda *_: None)  # no option silences all remarks
    configuration: Any = control.configuration
    configuration.solve.models = limit or 0
    if prefer is not None and program.width:
        configuration.solve.enum_mode = "domRec"
        configuration.solver[0].heuristic = "Domain"
        if not program.is_derived:
            configuration.solver[0].dom_mod = _ALL_ATOMS[prefer]
    handle, path = tempfile.mkstemp(suffix=".aspif")
    try:
        with os.fdopen(handle, "w") as file, without_collection():
            file.write(program.text(prefer))
        control.load_aspif([path])
    finally:
        os.unlink(path)
    found: list[bytes] = []
    read, cells = _reading(program.width)

    def rows() -> Iterator[bytes]:
        count = len(found)  # clingo continues in the background
        if count:
            with without_collection():
                made = program.rows(cells(found[:count]))
            del found[:count]
            for number, row in enumerate(made):
                if not number & 1023:
                    deadline.check()
                yield row

    finished, patience = False, 0.05
    with control.solve(on_model=lambda model: found.append(read(model)), async_=True) as solving:
        try:
            while not finished:
                finished = solving.wait(min(patience, deadline.left() or patience))
                # rows are completed together, the more the better
                patience = min(2 * patience, 0.4)
                yield from rows()
                deadline.check()
        finally:
            if not finished:
                solving.cancel()


def _reading(width: int) -> tuple[Callable[[Any], bytes], Callable[[Sequence[bytes]], Cells]]:
    """Return what copies an answer out of clingo, and what makes cells of such copies.

    All symbols of an answer come in one call of clingo's C interface; asking for each atom takes
    fifty times as long.
    """
    import clingo
    import numpy as np
    from clingo import _internal

    fill: Any = _internal._lib.clingo_model_symbols
    shown = _internal._lib.clingo_show_type_shown
    memory: Any = _internal._ffi
    symbols = memory.new("clingo_symbol_t[]", width + 1)  # none at all has no buffer
    numbers = np.frombuffer(memory.buffer(symbols), np.uint64)
    zero = np.uint64(clingo.Number(0)._rep)  # the symbol of a number is that of 0 plus the number

    def read(model: Any) -> bytes:
        numbers.fill(0)  # no symbol is 0
        fill(model._rep, shown, symbols, width)
        return numbers.tobytes()

    def cells(found: Sequence[bytes]) -> Cells:
        table = np.frombuffer(b"".join(found), np.uint64).reshape(len(found), width + 1)
        answers, places = np.nonzero(table)
        cells = np.zeros((len(found), width), np.uint8)
        cells[answers, table[answers, places] - zero] = 1
        return cells

    return read, cells


def planes_of(found: Cells) -> list[int]:
    """Return for each chosen atom in which answers it holds, as the bits of a number."""
    import numpy as np

    packed = np.packbits(np.ascontiguousarray(found.T), axis=1, bitorder="little")
    return [int.from_bytes(bits.tobytes(), "little") for bits in packed]


def rows_of(pairs: Sequence[Pair], count: int) -> Iterator[bytes]:
    """Yield a row of 0, 1 and `FREE` for each of `count` answers.

    Parameters
    ----------
    pairs
        For each variable, in which answers it can be 1, and in which 0.
    count
        Number of answers.
    """
    import numpy as np

    width, size = len(pairs), (count + 7) // 8
    packed = b"".join(plane.to_bytes(size, "little") for pair in pairs for plane in pair)
    planes = np.frombuffer(packed, np.uint8).reshape(width, 2, size)
    step = 8 * max(1, _TOGETHER // (8 * width or 1))
    for begin in range(0, count, step):
        some = min(step, count - begin)
        part = planes[:, :, begin // 8 : (begin + some + 7) // 8]
        one, zero = (
            np.unpackbits(part[:, side], axis=1, count=some, bitorder="little") for side in (0, 1)
        )
        data = np.ascontiguousarray((one | (one & zero) * np.uint8(FREE)).T).tobytes()
        for at in range(0, len(data), width or 1):
            yield data[at : at + width]
        if not width:
            yield from (b"" for _ in range(some))
