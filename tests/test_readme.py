"""The README shows what regnet really prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

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


def shown() -> list[tuple[str, str]]:
    """Return each command that the README shows, with its output."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^    \$ regnet (.*)\n((?:(?:    .*)?\n)+)", text, re.MULTILINE)
    return [(command, re.sub(r"^    ", "", out, flags=re.MULTILINE)) for command, out in blocks]


def comparable(text: str) -> str:
    """Return a text without the seconds it took and the line breaks around them."""
    return re.sub(r"\s+", " ", re.sub(r"\d+\.\d\d\s+s\b", "", text)).strip()


@pytest.mark.parametrize(("command", "output"), shown())
def test_that_the_readme_shows_what_is_printed(
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


def test_that_the_readme_shows_some_commands() -> None:
    assert len(shown()) >= 4
