"""``regnet formats``: the table of what can be read and written."""

from __future__ import annotations

import csv
import io
import json

import pytest

from regnet.cli import main
from regnet.formats import FORMATS


def test_that_every_format_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["formats"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in FORMATS)
    assert main(["formats", "--format", "json"]) == 0
    records = json.loads(capsys.readouterr().out)["formats"]
    assert [record["format"] for record in records] == list(FORMATS)
    assert main(["formats", "--format", "csv"]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == len(FORMATS) + 1


def test_that_help_names_the_endings_that_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f.extensions[0] in shown for f in FORMATS.values() if f.reads)
    assert ".graphml" not in shown
