"""What a person gets who installs regnet: everything it needs, from any folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from regnet import examples
from regnet.cli import main
from regnet.errors import MissingPackageError, UnknownNameError
from regnet.extras import EXTRAS, extra
from regnet.version import CITATION, VERSION

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder into which a wheel of regnet was unpacked, built from a copy."""
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "source"
    copy.mkdir()
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    for name in ("regnet", "gui", "models"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    made = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
         "--wheel-dir", folder, copy],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    (wheel,) = folder.glob("regnet_logic-*.whl")
    with zipfile.ZipFile(wheel) as file:
        file.extractall(folder / "site")
    return folder / "site"


def test_that_a_wheel_holds_models_fonts_templates_and_schema(installed: Path) -> None:
    for name in (
        "models/lif_lifr.toml",
        "models/lif_lifr_extended.toml",
        "templates/results.schema.json",
        "templates/report.css",
        "templates/fonts/DejaVuSans.ttf",
        "templates/fonts/DejaVuSans-Bold.ttf",
        "py.typed",
    ):
        assert (installed / "regnet" / name).is_file(), name


def test_that_an_installed_regnet_finds_its_models_from_any_folder(
    installed: Path, tmp_path: Path
) -> None:
    code = (
        "import regnet, regnet.examples as e;"
        "print(regnet.__file__, len(e.load('lif_lifr').network), *e.names())"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert answer[0].startswith(str(installed))
    assert answer[2:] == ["lif_lifr", "lif_lifr_extended"]


def test_that_the_citation_names_the_version() -> None:
    text = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"version: {VERSION}\n" in text
    said = dict(re.findall(r'(title|name): "(.*)"', text))
    assert f"{said['name']}: {said['title']}. Software, version {VERSION}" == CITATION


def test_that_the_name_of_an_example_stands_for_its_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["info", "lif_lifr"]) == 0
    assert "LIF-LIFR axis" in capsys.readouterr().out


def test_that_a_file_goes_before_an_example_of_its_name(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lif_lifr").write_text("A, !B\nB, !A\n")
    assert main(["attractors", "lif_lifr"]) == 0
    assert "2 attractors" in capsys.readouterr().out


def test_that_an_unknown_example_is_told_with_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match="lif_lifr"):
        examples.load("lif_lifer")


@pytest.mark.parametrize("name", EXTRAS)
def test_that_a_missing_package_names_its_extra(name: str) -> None:
    with pytest.raises(MissingPackageError, match=rf"pip install 'regnet-logic\[{name}\]'"):  # noqa: SIM117
        with extra(name):
            import there_is_no_such_package  # type: ignore[import-not-found]  # noqa: F401


@pytest.mark.parametrize(
    ("blocked", "arguments", "wanted"),
    [
        ("reportlab", ["report", "lif_lifr", "-o", "out"], "regnet-logic[report]"),
        ("pyarrow", ["screen", "lif_lifr", "--scenario", "PHx", "-o", "out/"],
         "regnet-logic[screens]"),
        ("PySide6", ["gui", "lif_lifr"], "regnet-logic[gui]"),
        ("pyboolnet", ["trap-spaces", "lif_lifr", "--engine", "primes"], "regnet-logic[primes]"),
    ],
)  # fmt: skip
def test_that_a_command_without_its_package_says_what_to_install(
    blocked: str, arguments: list[str], wanted: str, tmp_path: Path
) -> None:
    code = (
        "import sys\n"
        "class Without:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name.partition('.')[0] == {blocked!r}:\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Without())\n"
        "import importlib.metadata as m\n"
        "real = m.version\n"
        "def version(name):\n"
        f"    if name == {blocked!r}:\n"
        "        raise m.PackageNotFoundError(name)\n"
        "    return real(name)\n"
        "m.version = version\n"
        "from regnet.cli import main\n"
        f"sys.exit(main({arguments!r}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert wanted in done.stderr
    assert "Traceback" not in done.stderr
