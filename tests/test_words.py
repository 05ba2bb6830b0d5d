"""One vocabulary: the glossary defines the terms, and retired words and names do not come back."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from regnet.cli import ALIASES, main
from regnet.glossary import PAGE, entries, meaning_of, retired
from tests.conftest import ROOT

CODE = sorted(
    path for folder in ("regnet", "gui") for path in (ROOT / folder).rglob("*.py")
)  # fmt: skip
PAGES = sorted([ROOT / "README.md", ROOT / "gui" / "README.md", *(ROOT / "docs").glob("*.md")])
EMPTY_NAMES = {
    "words",
    "seen",
    "few",
    "ends",
    "worlds",
    "wayout",
    "turns",
    "utils",
    "misc",
    "helpers",
}
"""Names of modules that say nothing alone."""
EMPTY_LIMITS = {"FEW", "MANY", "FAR", "LATE", "MOST", "EASY", "LARGE", "KINDS"}
"""Names of constants that say nothing alone."""
UNFINISHED = {"the person", "a person"}
"""Words that pages of prose may still use."""


def flat(text: str) -> str:
    """Return a text on one line, without the marks of comments and joined strings."""
    text = re.sub(r'"\s*\n\s*f?"', "", text)
    return re.sub(r"\s*\n\s*#?\s*", " ", text).casefold()


@pytest.mark.parametrize("path", [*CODE, *PAGES], ids=lambda path: str(path.relative_to(ROOT)))
def test_that_no_retired_word_is_used(path: Path) -> None:
    text = flat(path.read_text("utf-8"))
    allowed = UNFINISHED if path.suffix == ".md" else set()
    found = [w for w in retired() if w not in allowed and re.search(rf"\b{re.escape(w)}\b", text)]
    assert not found, {word: retired()[word] for word in found}


def test_that_names_say_what_they_are() -> None:
    assert not [path for path in CODE if path.stem in EMPTY_NAMES]
    classes: dict[str, Path] = {}
    for path in CODE:
        for node in ast.parse(path.read_text("utf-8")).body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            names = {target.id.lstrip("_") for target in targets if isinstance(target, ast.Name)}
            assert not names & EMPTY_LIMITS, path
            if isinstance(node, ast.ClassDef) and node.name == "Content":
                classes[node.name] = path
    assert not classes


def test_that_the_glossary_is_complete_and_in_order() -> None:
    terms = [entry.terms[0] for entry in entries()]
    assert terms == sorted(terms, key=str.casefold)
    assert len(entries()) > 40
    assert all(entry.meaning.endswith(".") for entry in entries())
    mentioned = set(re.findall(r"(?<!\*)\*([\w -]+)\*(?!\*)", PAGE.read_text("utf-8")))
    assert [word for word in sorted(mentioned) if not meaning_of(word)] == ["italics"]
    assert "window" in meaning_of("dose")


def test_that_the_goldilocks_window_is_found_in_the_code() -> None:
    found = {path.parent.name for path in CODE if "goldilocks" in path.read_text("utf-8").lower()}
    assert {"dose", "figures", "shell"} <= found


def test_that_earlier_names_of_commands_still_work_but_are_not_listed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert ALIASES
    for old, new in ALIASES.items():
        assert main([old, "--help"]) == 0
        assert f"regnet {new}" in capsys.readouterr().out.replace(f"regnet {old}", f"regnet {new}")
        assert main(["--help"]) == 0
        assert f"\n  {old} " not in capsys.readouterr().out
