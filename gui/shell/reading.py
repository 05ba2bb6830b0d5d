"""Reading: large files are read by a worker process. Independent of Qt."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from regnet import formats
from regnet.project import Reading

_LARGE_FILE = 100_000
"""Size of a file in bytes that is read within 100 ms; larger ones are read by a worker process."""


def is_large(path: Path) -> bool:
    """Return whether reading a file would block the window; files of wiring are read quickly."""
    if any(path.suffix.lower() in f.extensions and not f.rules for f in formats.FORMATS.values()):
        return False
    try:
        return path.stat().st_size > _LARGE_FILE
    except OSError:
        return False  # reading it reports the error


def read_model(path: str, options: Mapping[str, Any]) -> Reading:
    """Return the content of a file, with its digests computed; runs in a worker process."""
    reading = formats.read(path, **options)
    _ = reading.project.network.digest, reading.project.network.tops  # they are sent along
    return reading
