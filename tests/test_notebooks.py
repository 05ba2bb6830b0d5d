"""The notebooks in examples and the page docs/python.md do what they say.

Notebooks are kept without outputs, so that none can be out of date. Their cells run in one
namespace, as a kernel runs them, and the last line of each is shown as a notebook shows it.
"""

from __future__ import annotations

import ast
import doctest
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
LONGEST = 10.0
"""Seconds of CPU that a notebook may take."""

SHOWN: dict[str, set[str]] = {
    "first_model": {"Arrest", "arrested", "pulsing"},
    "liver_story": {"healthy quiescent", "window", "HepArrest"},
    "published_model": {"cycling", "Cdc20"},
    "other_tools": {"Dose", "courses"},
}
"""Notebook -> words that are among what it shows."""


def told(name: str, names: dict[str, Any]) -> Any:
    """Return what a notebook found, from the values it made."""
    match name:
        case "first_model":
            return names["can"].holds, names["must"].holds
        case "liver_story":
            return [str(cure.perturbation) for cure in names["cures"]], names["verdicts"].complete
        case "published_model":
            return len(names["stops"]), names["sizes"], len(names["verdicts"])
        case "other_tools":
            return names["rules"].network["A"].rule == names["maboss"].network["A"].rule


TOLD: dict[str, Any] = {
    "first_model": (False, True),
    "liver_story": (["LIF=1", "LIF=2"], True),
    "published_model": (10, {"synchronous": 7, "asynchronous": 112}, 7),
    "other_tools": True,
}


def cells(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((EXAMPLES / f"{name}.ipynb").read_text("utf-8"))[
        "cells"
    ]
    return found


def shown(source: str, names: dict[str, Any]) -> str:
    """Run a cell and return what a notebook shows of its last line."""
    body = ast.parse(source).body
    last = body.pop() if isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "cell", "exec"), names)  # of our own notebooks
    if last is None:
        return ""
    assert isinstance(last, ast.Expr)
    value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    text: str = value._repr_html_() if hasattr(value, "_repr_html_") else repr(value)
    return text


def test_that_each_notebook_is_run() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.ipynb")} == set(SHOWN)


@pytest.mark.parametrize("name", SHOWN)
def test_that_a_notebook_runs_and_shows_what_it_tells(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(EXAMPLES)
    names: dict[str, Any] = {}
    started = time.process_time()
    sources = ["".join(c["source"]) for c in cells(name) if c["cell_type"] == "code"]
    seen = "".join(shown(source, names) for source in sources)
    assert time.process_time() - started < LONGEST
    assert told(name, names) == TOLD[name]
    for words in SHOWN[name]:
        assert words in seen


@pytest.mark.parametrize("name", SHOWN)
def test_that_a_notebook_is_kept_without_outputs(name: str) -> None:
    identifiers = [cell["id"] for cell in cells(name)]
    assert len(set(identifiers)) == len(identifiers)
    for cell in cells(name):
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_that_the_page_of_scripts_shows_what_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page = ROOT / "docs" / "python.md"
    text = re.sub(r"^```(?:pycon)?$", "", page.read_text("utf-8"), flags=re.MULTILINE)
    test = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    assert len(re.findall(r"^## \d+\.", text, re.MULTILINE)) == 12
    said: list[str] = []
    assert doctest.DocTestRunner().run(test, out=said.append).failed == 0, "".join(said)


def test_that_the_script_of_the_readme_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    (script,) = re.findall(
        r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL
    )
    exec(script, {})
    assert capsys.readouterr().out.startswith("fixed point ('partial recovery',) LIF_dose=0 ")
