"""The entry on the desktop: files that a desktop can read, and that go away again."""

from __future__ import annotations

import sys
from configparser import ConfigParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QImage

from regnet.cli import main


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    return tmp_path / "share"


def _files(home: Path) -> set[str]:
    return {str(p.relative_to(home)) for p in home.rglob("*") if p.is_file()}


@pytest.mark.parametrize("command", [["--install-desktop"], ["gui", "--install-desktop"]])
def test_that_the_entry_starts_this_python_and_names_its_files(
    home: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert main(command) == 0
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert "update-desktop-database" in said
    entry = ConfigParser(interpolation=None)
    entry.read(home / "applications" / "regnet.desktop")
    about = entry["Desktop Entry"]
    assert about["Exec"] == f'"{sys.executable}" -m gui %f'
    types = about["MimeType"].split(";")
    tree = ElementTree.parse(home / "mime" / "packages" / "regnet.xml")
    space = "{http://www.freedesktop.org/standards/shared-mime-info}"
    known = {t.attrib["type"]: t for t in tree.iter(f"{space}mime-type")}
    assert set(known) <= set(types)
    endings = {g.attrib["pattern"] for t in known.values() for g in t.iter(f"{space}glob")}
    assert {"*.bnet", "*.sbml", "*.zginml", "*.ginml", "*.bnd", "*.aeon"} <= endings
    assert "*.toml" not in endings, "other programs have files of that name too"


def test_that_the_icon_is_drawn_in_every_size(home: Path) -> None:
    assert main(["gui", "--install-desktop"]) == 0
    icons = home / "icons" / "hicolor"
    for size in (16, 48, 256):
        image = QImage(str(icons / f"{size}x{size}" / "apps" / "regnet.png"))
        assert (image.width(), image.height()) == (size, size)
        assert image.pixelColor(0, 0).alpha() < 128, "the corners are round"
        colours = {image.pixelColor(x, y).name() for x in range(size) for y in range(size)}
        assert "#14457f" in colours
        assert "#ffffff" in colours or size < 48, "thin lines are paler in small pictures"
    ElementTree.parse(icons / "scalable" / "apps" / "regnet.svg")


def test_that_taking_it_away_leaves_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = home / "applications" / "other.desktop"
    other.parent.mkdir(parents=True)
    other.write_text("[Desktop Entry]\n")
    assert main(["--install-desktop"]) == 0
    assert len(_files(home)) > 5
    assert main(["--uninstall-desktop"]) == 0
    assert _files(home) == {"applications/other.desktop"}
    assert main(["--uninstall-desktop"]) == 0
    assert "no files of regnet" in capsys.readouterr().out


def test_that_a_folder_that_cannot_be_made_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    assert main(["gui", "--install-desktop"]) == 2
    assert "cannot be made" in capsys.readouterr().err
