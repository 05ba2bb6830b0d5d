"""Files that are no model regnet reads: each refused by its own name."""

from __future__ import annotations

from pathlib import Path

import pytest

from regnet.errors import FormatError
from regnet.exchange.others import OTHERS
from regnet.formats import FORMATS, load

BEGINNINGS = {
    "a model of GNA": "state-variable: A\n  zero-parameter: z\n",
    "a Petri net of INA": "P   M   PRE,POST  NETZ 0:t\n0 0 1, 2\n@\n",
    "a Petri net (APNN)": "\\beginnet{test}\n\\place{a}{}\n",
    "a Petri net (PNML)": '<?xml version="1.0"?>\n<pnml xmlns="http://x"><net/></pnml>\n',
    "a Process Hitting model": "process a 1\nprocess b 1\na 1 -> b 0 1\n",
    "a table of measurements (MIDAS)": "TR:mock:CellLine,TR:EGF,DA:p1,DV:p1\n1,0,0,0.5\n",
    "a probabilistic Boolean network": "Node 0:\n3-BF Inputs:[2, 3, 4]\tValues:[0, 1]\t(1.0)\n",
    "a simulation plan (SED-ML)": '<sedML xmlns="http://sed-ml.org/" level="1"/>\n',
    "a NuSMV model": "MODULE main\nVAR a : boolean;\n",
    "a workspace of R (BoolNet)": "$interactions\n$interactions$A\n",
}


@pytest.mark.parametrize("title", BEGINNINGS)
@pytest.mark.parametrize("ending", [".txt", ".csv", ".xml", ""])
def test_that_a_file_is_refused_by_the_name_that_its_beginning_says(
    tmp_path: Path, title: str, ending: str
) -> None:
    path = tmp_path / f"file{ending}"
    path.write_text(BEGINNINGS[title])
    with pytest.raises(FormatError) as caught:
        load(path)
    assert f"this is {title}" in str(caught.value)
    assert "which regnet does not read" in str(caught.value)


@pytest.mark.parametrize("other", OTHERS, ids=lambda other: other.title)
def test_that_an_ending_alone_tells(tmp_path: Path, other: object) -> None:
    for ending in other.endings:  # type: ignore[attr-defined]
        path = tmp_path / f"file{ending}"
        path.write_text("A, B\n")
        with pytest.raises(FormatError, match="this is "):
            load(path)


def test_that_no_ending_of_a_format_is_one_that_is_refused() -> None:
    read = {ending for f in FORMATS.values() for ending in f.extensions}
    assert not read & {ending for other in OTHERS for ending in other.endings}


def test_that_a_named_format_is_read_whatever_the_ending_says(tmp_path: Path) -> None:
    (tmp_path / "m.gna").write_text("A, A\n")
    assert load(tmp_path / "m.gna", format="bnet").network.names == ("A",)


@pytest.mark.parametrize("ending", [".graphml", ".cyjs", ".tex"])
def test_that_what_is_only_written_is_refused_as_such(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"m{ending}").write_text("words\n")
    with pytest.raises(FormatError, match="can be written but not read"):
        load(tmp_path / f"m{ending}")


def test_that_an_unknown_format_is_told_with_what_is_read_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "m.xyz").write_text("just words\n")
    with pytest.raises(FormatError) as caught:
        load(tmp_path / "m.xyz")
    told = str(caught.value).partition("regnet reads ")[2].split(", ")
    assert set(told) == {f.extensions[0] for f in FORMATS.values() if f.reads}
