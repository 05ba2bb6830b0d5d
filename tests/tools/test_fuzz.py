"""Mutated files: every reader reads them or refuses them in a sentence, quickly.

`make fuzz` does the same with 100,000 inputs a format and limits on memory.
"""

from __future__ import annotations

import runpy
import time
from itertools import islice
from typing import Any

import pytest

from regnet.formats import FORMATS
from tests.conftest import ROOT

FUZZ: dict[str, Any] = runpy.run_path(str(ROOT / "tools" / "fuzz.py"))
READ = [f.name for f in FORMATS.values() if f.reads]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", READ)
def test_that_mutated_files_are_read_or_refused_in_a_sentence(name: str) -> None:
    files = own_seeds(name)
    for data in islice(FUZZ["inputs"](name, 7, files), 200):
        before = time.process_time()
        assert FUZZ["check"](name, data) == "", data
        assert time.process_time() - before < FUZZ["LONGEST"], data


def own_seeds(name: str) -> list[bytes]:
    """Return texts of our own, or what regnet writes of one."""
    found: list[bytes] = FUZZ["own_seeds"](name)
    assert found
    return found


def test_that_a_reader_that_breaks_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from regnet.formats import bnet

    def broken(text: str, file: str) -> None:
        raise IndexError("a bug")

    monkeypatch.setattr(bnet, "read", broken)
    assert "IndexError: a bug" in FUZZ["check"]("bnet", b"A, B\n")
