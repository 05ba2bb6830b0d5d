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


SENTENCES = [
    tuple(cell.strip() for cell in row)
    for row in re.findall(
        r"^\| (.*) \| `regnet (.*)` \| (.*) \| (.*); (.*) \|$",
        (ROOT / "docs" / "story.md").read_text("utf-8"),
        re.MULTILINE,
    )
]


@pytest.mark.parametrize(
    ("command", "answer"),
    [pytest.param(c, a, id=f"{n}-{c.split()[0]}") for n, (_, c, a, *_) in enumerate(SENTENCES, 1)],
)
def test_that_the_model_answers_a_sentence_of_the_text_as_the_story_says(
    command: str,
    answer: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(ROOT)
    assert main(shlex.split(command)) == 0
    printed = comparable(capsys.readouterr().out)
    quoted = [q for q in re.findall(r"`(.*?)`", answer) if not re.fullmatch(r"late|V\d+", q)]
    assert quoted
    for words in quoted:
        assert words in printed


def test_that_the_story_names_tabs_of_the_window_and_parts_of_a_report() -> None:
    assert len(SENTENCES) > 15
    panels = (ROOT / "gui" / "shell" / "panels.py").read_text("utf-8")
    sections = "".join(p.read_text("utf-8") for p in (ROOT / "regnet/report/sections").glob("*.py"))
    for _, _, _, tab, part in SENTENCES:
        assert re.search(rf'Panel\(\s*"[\w-]+",\s*"{tab}"', panels), tab
        assert f'"{part}' in sections, part


def test_that_the_pages_show_some_commands() -> None:
    assert len(shown()) >= 12
