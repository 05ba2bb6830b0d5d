"""The README and the pages in docs show what regnet really prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from regnet.cli import main

ROOT = Path(__file__).parent.parent
MY_MODEL = """\
regnet = 1

[components.Dose]

[components.Repair]
rule = "Dose & Damge"

[components.Damage]
rule = "!Repair"
"""


def shown() -> list[Any]:
    """Return each command that the pages show, with its output."""
    found = []
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        text = page.read_text(encoding="utf-8")
        blocks = re.findall(r"^    \$ regnet (.*)\n((?:(?:    .*)?\n)+)", text, re.MULTILINE)
        found += [
            pytest.param(
                command,
                re.sub(r"^    ", "", out, flags=re.MULTILINE),
                id=f"{page.stem}-{number}-{command.split()[0]}",
            )
            for number, (command, out) in enumerate(blocks, start=1)
        ]
    return found


def comparable(text: str) -> str:
    """Return a text without the seconds it took and the line breaks around them."""
    return re.sub(r"\s+", " ", re.sub(r"\d+\.\d\d\s+s\b", "", text)).strip()


@pytest.mark.parametrize(("command", "output"), shown())
def test_that_a_page_shows_what_is_printed(
    command: str,
    output: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "my_model.toml").write_text(MY_MODEL)
    (tmp_path / "models").symlink_to(ROOT / "models")
    monkeypatch.chdir(tmp_path)
    main(shlex.split(command))
    out, err = capsys.readouterr()
    assert comparable(out + err) == comparable(output)
    for figure in tmp_path.glob("*.svg"):
        assert figure.read_text("utf-8") == (ROOT / "docs" / figure.name).read_text("utf-8")


def test_that_the_pages_show_some_commands() -> None:
    assert len(shown()) >= 12
