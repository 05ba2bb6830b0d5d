"""Reading: files that take long to read are read by a worker. Knows no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from regnet import formats
from regnet.project import Reading

_LARGE_FILE = 100_000
"""Bytes of a file that is read within 100 ms; larger ones are read elsewhere."""


def is_large(path: Path) -> bool:
    """Return whether reading a file would hold the window up; files of wiring are read quickly."""
    if any(path.suffix.lower() in f.extensions and not f.rules for f in formats.FORMATS.values()):
        return False
    try:
        return path.stat().st_size > _LARGE_FILE
    except OSError:
        return False  # whoever reads it says what is wrong with it


def read_model(path: str, options: Mapping[str, Any]) -> Reading:
    """Return what a file holds, with its digest computed; runs in a worker."""
    reading = formats.read(path, **options)
    _ = reading.project.network.digest, reading.project.network.tops  # they travel along
    return reading
