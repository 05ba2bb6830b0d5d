"""Archives: the model in them, chosen and named; damaged, empty and oversized ones refused."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from regnet import files
from regnet.errors import FormatError, ParseError, UnknownNameError
from regnet.formats import FORMATS, Reading, load, loads, read, save

BNET = "targets, factors\nA, !B\nB, A\n"


def packed(**content: str | bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return stream.getvalue()


def read_as(tmp_path: Path, name: str, data: bytes, **options: str) -> Reading:
    (tmp_path / name).write_bytes(data)
    return read(tmp_path / name, **options)


def manifest(*locations: str, main: str = "") -> str:
    content = "".join(
        f'<content location="./{location}" format="x" master="{str(location == main).lower()}"/>'
        for location in locations
    )
    return f'<omexManifest xmlns="http://identifiers.org/m">{content}</omexManifest>'


@pytest.mark.parametrize("name", ["m.omex", "m.zip", "m"])
def test_that_the_one_model_of_an_archive_is_read_and_named(tmp_path: Path, name: str) -> None:
    sbml = FORMATS["sbml"].write(loads(BNET, "x.bnet").project).content
    entries: dict[str, str | bytes] = {
        "manifest.xml": manifest("a/model.xml"),
        "a/model.xml": sbml,
        "README.txt": "A = B",
    }
    reading = read_as(tmp_path, name, packed(**entries, **{"plan.sedml": "<sedML/>"}))
    assert reading.project.network.names == ("A", "B")
    assert str(reading.project.network["A"].rule) == str(loads(BNET).project.network["A"].rule)
    assert "a/model.xml in the archive is read" in [r.message for r in reading.remarks]
    assert reading.format == "archive"


def test_that_of_several_models_the_main_one_is_read_or_the_one_that_is_asked_for(
    tmp_path: Path,
) -> None:
    entries = {"a.bnet": BNET, "b.bnet": "C, !C\n"}
    with pytest.raises(FormatError, match=r"holds 2 models \(a.bnet, b.bnet\); choose one with"):
        read_as(tmp_path, "m.omex", packed(**entries))
    both = packed(**{"manifest.xml": manifest("a.bnet", "b.bnet", main="b.bnet")}, **entries)
    reading = read_as(tmp_path, "m.omex", both)
    assert reading.project.network.names == ("C",)
    assert reading.project.network.name == "b"
    assert reading.remarks[0].severity == "warning"
    assert "also holds a.bnet" in reading.remarks[0].message
    assert read_as(tmp_path, "m.omex", both, model="a.bnet").project.network.names == ("A", "B")
    with pytest.raises(UnknownNameError, match=r"did you mean 'a.bnet'"):
        read_as(tmp_path, "m.omex", both, model="a.bnett")


@pytest.mark.parametrize(
    "format", [f.name for f in FORMATS.values() if f.reads and f.writes and f.rules]
)
def test_that_every_format_is_read_where_gzip_packed_it(tmp_path: Path, format: str) -> None:
    ending = FORMATS[format].extensions[0]
    save(loads(BNET, "x.bnet").project, tmp_path / f"m{ending}")
    data = (tmp_path / f"m{ending}").read_bytes()
    reading = read_as(tmp_path, f"m{ending}.gz", gzip.compress(data))
    assert reading.project.network == load(tmp_path / f"m{ending}").network


def test_that_a_model_in_an_archive_finds_the_file_beside_it(tmp_path: Path) -> None:
    node = "node A { logic = A; rate_up = @logic ? 1 : 0; rate_down = @logic ? 0 : 1; }"
    reading = read_as(tmp_path, "m.zip", packed(**{"x/m.bnd": node, "x/m.cfg": "A.istate = 1;"}))
    assert dict(reading.project.scenarios[0].start.levels()) == {"A": 1}


def test_that_a_fault_in_an_archive_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match=r"m.zip, a.bnet, line 1, column 7"):
        read_as(tmp_path, "m.zip", packed(**{"a.bnet": "A, B &"}))


def test_that_archives_without_a_model_are_told_with_what_they_hold(tmp_path: Path) -> None:
    with pytest.raises(
        FormatError, match=r"there is no model in the archive; it holds plan\.sedml"
    ):
        read_as(tmp_path, "m.omex", packed(**{"plan.sedml": "<sedML/>"}))
    with pytest.raises(FormatError, match="it is empty"):
        read_as(tmp_path, "m.omex", packed())


def test_that_archives_in_archives_and_files_packed_twice_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no model in the archive"):
        read_as(tmp_path, "m.omex", packed(**{"m.zip": packed(**{"a.bnet": BNET})}))
    with pytest.raises(FormatError, match="packed twice"):
        read_as(tmp_path, "m.gz", gzip.compress(gzip.compress(BNET.encode())))


def test_that_cut_off_and_damaged_archives_are_told_in_a_sentence(tmp_path: Path) -> None:
    whole = gzip.compress(BNET.encode())
    with pytest.raises(FormatError, match="is no intact gzip file"):
        read_as(tmp_path, "m.bnet.gz", whole[:-9])
    with pytest.raises(FormatError, match="is no intact zip archive"):
        read_as(tmp_path, "m.omex", packed(**{"a.bnet": BNET})[:-30])


def test_that_a_bomb_is_refused_before_it_unpacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGEST_ENTRY", 1000)
    with pytest.raises(FormatError, match="unpack to more than a model needs"):
        read_as(tmp_path, "m.bnet.gz", gzip.compress(b"#" * 5000))
    with pytest.raises(FormatError, match="unpack to more than a model needs"):
        read_as(tmp_path, "m.omex", packed(**{"a.bnet": "#" * 5000}))
