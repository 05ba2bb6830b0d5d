"""The contracts of ARCHITECTURE.md, executed."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import regnet
from regnet.cli import COMMANDS
from regnet.questions import QUESTIONS

ROOT = Path(__file__).parent.parent
HEAVY = {
    "biodivine_aeon",
    "clingo",
    "jinja2",
    "matplotlib",
    "networkx",
    "numba",
    "numpy",
    "pyboolnet",
    "pysat",
    "PySide6",
    "reportlab",
    "rich",
    "svglib",
    "tomlkit",
}


def test_that_the_import_contracts_hold(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlinter.cli import lint_imports

    monkeypatch.chdir(ROOT)
    code = lint_imports(no_cache=True)
    assert code == 0, capsys.readouterr().out


def in_a_fresh_interpreter(program: str) -> str:
    """Return what a program prints in an interpreter that has imported nothing yet."""
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    "program",
    [
        "import regnet",
        "import regnet; regnet.LogicalNetwork, regnet.Scenario, regnet.attractors, dir(regnet)",
        "from regnet.cli import main; main(['--help'])",
    ],
)
def test_that_importing_loads_no_heavy_package(program: str) -> None:
    names = in_a_fresh_interpreter(f"import sys\n{program}\nprint('|', *sys.modules)")
    loaded = {name.partition(".")[0] for name in names.partition("|")[2].split()}
    assert not loaded & HEAVY


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="measures the time of a child")
@pytest.mark.parametrize(
    ("arguments", "limit"),
    [(["-c", "import regnet"], 0.1), (["-m", "regnet", "--help"], 0.3)],
)
def test_that_starting_is_fast(arguments: list[str], limit: float) -> None:
    def seconds() -> float:
        child = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        assert child.returncode == 0
        return usage.ru_utime + usage.ru_stime

    assert min(seconds() for _ in range(3)) < limit


def test_that_every_public_name_exists_and_is_typed() -> None:
    names = set(dir(regnet))
    for name in names:
        assert getattr(regnet, name) is not None
    tree = ast.parse(Path(regnet.__file__).read_text(encoding="utf-8"))
    (typed,) = (node for node in tree.body if isinstance(node, ast.If))
    imported = {
        (node.module, alias.name)
        for node in typed.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    homes = {(f"regnet.{home}", name) for name, home in regnet._HOME.items()}
    modules = {("regnet", name) for name in regnet._MODULES}
    functions = {q.function.partition(":") for q in QUESTIONS.values()}
    asked = {(f"regnet.analysis.{module}", name) for module, _, name in functions}
    assert imported - asked == (homes | modules) - asked
    assert asked <= imported
    assigned = {
        ast.unparse(node.targets[0]): ast.unparse(node.value)
        for node in typed.body
        if isinstance(node, ast.Assign)
    }
    for name, question in QUESTIONS.items():
        verb, function = name.replace("-", "_"), question.function.partition(":")[2]
        assert getattr(regnet, verb) is question.ask
        assert assigned.get(verb, verb) == function


def test_that_each_command_about_a_model_is_a_function_of_the_same_name() -> None:
    asked = {q.command or name for name, q in QUESTIONS.items()}
    other = {"info", "convert", "report", "formats", "engines", "gui"}
    assert set(COMMANDS) - other == asked
    assert {name.replace("-", "_") for name in asked} <= set(dir(regnet))


def test_that_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="frobnicate"):
        regnet.frobnicate  # noqa: B018


def test_that_only_analyses_make_origins() -> None:
    makers = {
        path.relative_to(ROOT).as_posix()
        for folder in ("regnet", "gui")
        for path in (ROOT / folder).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in ("Origin", "Origin.of")
    }
    assert makers
    assert {path for path in makers if not path.startswith("regnet/analysis/")} == set()
