"""Lock: one run at a time writes into the folder of a screen. Reading it needs no lock."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from regnet.errors import FormatError

LOCK = ".lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other runs out of a folder; the system lets go of it when the process dies, however.

    Raises
    ------
    FormatError
        If another run is writing into it, or it cannot be written.
    """
    try:
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise FormatError(f"{folder}: cannot be written ({reason})") from None
    try:
        try:
            _lock(handle)
        except (BlockingIOError, PermissionError):
            raise FormatError(
                f"{folder}: another run is writing into it; wait until it ends, or stop it"
            ) from None
        except OSError:
            pass  # a file system that knows no locks
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
