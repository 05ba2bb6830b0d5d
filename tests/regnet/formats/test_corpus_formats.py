"""Real files of every format, against what the tools that wrote them say they mean.

The files and the oracles (states and the levels that each component heads for there, computed by
GINsim, bioLQM, biodivine_aeon and cmaboss) are not in the repository, and these tests are skipped
where they are absent. A sample runs by default, all of them with ``--run-slow``.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import biodivine_aeon
import libsbml
import pytest

from regnet.errors import FormatError, MissingRulesError, ParseError, RegnetError
from regnet.exchange.interchange import compare_functions
from regnet.files import read_file
from regnet.formats import FORMATS, Reading, Source, Written, find_format, read
from regnet.formats import Format as FileFormat
from regnet.project import UNKNOWN
from tests.conftest import find_shared

SHARED = find_shared("corpus")
FOLDER = None if SHARED is None else SHARED / "formats"
INDEX: list[dict[str, str]] = []
if FOLDER is not None and (FOLDER / "INDEX.csv").exists():
    with (FOLDER / "INDEX.csv").open(encoding="utf-8") as stream:
        INDEX = list(csv.DictReader(stream))

pytestmark = pytest.mark.skipif(not INDEX, reason="the corpus is not beside the repository")

NAMES = {
    "bnet": "bnet", "boolnet": "bnet", "booleannet": "booleannet", "exprtext": "expressions",
    "boolfunctions": "expressions", "aeon": "aeon", "bma": "bma", "cnet": "cnet",
    "truthtable": "truthtable", "primes": "primes", "cna": "cna", "sbml-qual": "sbml",
    "ginml": "ginml", "zginml": "zginml", "maboss": "maboss", "sif": "sif", "pint-an": "pint",
}  # fmt: skip
"""Format in the index -> ours, as it is found by name and content."""

REFUSED = {
    "aeon/084_ABA-INDUCED-STOMATAL-CLOSURE__source.raw.aeon": (167, "no edge from RCN1 to RBOH"),
    "cna/173_GLUCOSE-REPRESSION-SIGNALLING__source.reactions": (24, "coefficient 2"),
    "maboss/metastasis-error.bnd": (9, "';' does not fit here"),
    "sbml-qual/basic_example.xml": (50, "'s_CII' is neither a species nor an input"),
    "sbml-qual/butanol-pathway-repaired.sbml": (1, "the function of NADH is unknown"),
    "sbml-qual/single_variable_v2.sbml": (11, "no qualitative species"),
    "zginml/invalid.zginml": (1, "this is not XML"),
}
"""Files that are wrong, or of a kind that regnet does not read: line, and words of the sentence."""

LARGEST_FAST = 6_000
"""Bytes of a file that is in the sample."""


def files(*formats: str) -> list[Any]:
    """Return the files of some formats; all but a few small ones are marked slow."""
    found = []
    seen: dict[str, int] = {}
    for row in INDEX:
        settings = row["file"].endswith(".cfg")  # they belong to another file
        if row["format"] in formats and row["file"] not in REFUSED and not settings:
            seen[row["format"]] = seen.get(row["format"], 0) + 1
            slow = int(row["bytes"] or 0) > LARGEST_FAST or seen[row["format"]] > 4
            found.append(pytest.param(row, id=row["file"], marks=pytest.mark.slow if slow else ()))
    return found


def path_of(row: dict[str, str]) -> Path:
    assert FOLDER is not None
    return FOLDER / row["file"]


def read_row(row: dict[str, str]) -> tuple[FileFormat, Reading]:
    """Return a file as it is read, unknown functions kept."""
    path = path_of(row)
    format = find_format(str(path), read_file(path))
    options = {"unknown": "keep"} if "unknown" in format.options else {}
    if format.name == "maboss" and (settings := settings_of(path)):
        options = {"settings": settings}
    return format, read(path, **options)


def settings_of(path: Path) -> str:
    """Return the name of the settings that belong to a model of MaBoSS."""
    notes = f"configuration of {path.name.removeprefix('examples__')}"
    return next((Path(row["file"]).name for row in INDEX if row["notes"] == notes), "")


@pytest.mark.parametrize("row", files(*NAMES))
def test_that_a_file_is_known_by_its_name_and_content(row: dict[str, str]) -> None:
    path = path_of(row)
    assert find_format(str(path), read_file(path)).name == NAMES[row["format"]]


EVERY = (*NAMES, "cellcollective")


@pytest.mark.parametrize("row", [p for p in files(*EVERY) if p.values[0]["oracle"]])
def test_that_functions_are_those_of_the_tool_it_came_from(row: dict[str, str]) -> None:
    _, reading = read_row(row)
    network = reading.project.network
    assert FOLDER is not None
    oracle = json.loads((FOLDER / row["oracle"]).read_text())
    unknown = {k.component for k in reading.project.kept if k.what == UNKNOWN}
    order = _matched(network.names, [c["id"] for c in oracle["components"]])
    tops = [c["max"] or 1 for c in oracle["components"]]
    assert [network[name].top for name in order] == tops
    for sample in oracle["samples"]:
        state = dict(zip(order, sample["state"], strict=True))
        for name, expected in zip(order, sample["target"], strict=True):
            if expected is not None and name not in unknown:
                assert network.target(name, state) == expected, name


def _matched(names: tuple[str, ...], ids: list[str]) -> list[str]:
    """Return the names in the order of the oracle's, by name where they agree, else by place."""
    if set(names) == set(ids):
        return ids
    plain = {"".join(c for c in name if c.isalnum()).lower(): name for name in names}
    keys = ["".join(c for c in i if c.isalnum()).lower() for i in ids]
    if len(plain) == len(names) == len(set(keys)) and set(keys) == set(plain):
        return [plain[key] for key in keys]
    assert len(names) == len(ids)
    return list(names)


@pytest.mark.parametrize("row", files(*EVERY))
def test_that_functions_survive_a_round_trip_and_the_second_writing_is_the_first(
    row: dict[str, str],
) -> None:
    format, reading = read_row(row)
    if not (format.writes and format.rules):
        return
    options = {"unknown": "keep"} if "unknown" in format.options else {}
    before = reading.project
    if format.name == "truthtable" and len(before.network) > 12:
        return
    written = format.write(before)
    again = format.read(_source(written), **options).project
    same = compare_functions(before.network, again.network)
    assert not same.differing
    assert again.network.names == before.network.names
    assert again.network.tops == before.network.tops
    assert again.network.inputs == before.network.inputs
    second = format.write(again)
    assert second.content == written.content
    assert second.beside == written.beside
    assert not before.layout or again.layout == before.layout
    if format.name == "sbml" and row["file"] not in FAULTY_LAYOUT:
        _check_sbml(written.content, boolean=before.network.is_boolean)


FAULTY_LAYOUT = {"sbml-qual/test-inputs__model.sbml"}
"""Files whose layout names what there is not; it is kept as it is."""


def _source(written: Written) -> Source:
    def data(content: str | bytes) -> bytes:
        return content.encode() if isinstance(content, str) else content

    beside = {f"again{ending}": data(content) for ending, content in written.beside.items()}
    return Source("again", data(written.content), beside.get)


def _check_sbml(text: str | bytes, *, boolean: bool) -> None:
    """Check that libSBML finds no error, and that biodivine_aeon reads it."""
    checked = libsbml.readSBMLFromString(text)
    checked.setConsistencyChecks(libsbml.LIBSBML_CAT_UNITS_CONSISTENCY, False)
    checked.checkConsistency()
    errors = [checked.getError(i) for i in range(checked.getNumErrors())]
    assert [e.getMessage() for e in errors if e.getSeverity() >= libsbml.LIBSBML_SEV_ERROR] == []
    if boolean:
        biodivine_aeon.BooleanNetwork.from_sbml(text)


@pytest.mark.parametrize("row", [r for r in INDEX if r["format"] == "sbml-qual-validator"],
                         ids=lambda row: row["file"])  # fmt: skip
def test_that_the_cases_of_libsbmls_validator_get_their_verdict(row: dict[str, str]) -> None:
    path = path_of(row)
    if "must FAIL" in row["notes"]:
        with pytest.raises(RegnetError, match="line") as caught:
            read(path, strict=True)
        assert "\n" not in str(caught.value)
        return
    try:
        said = "; ".join(r.message for r in read(path).remarks if r.severity == "warning")
    except ParseError as error:  # valid, but inputs are used up or outputs are made more
        said = error.message
    assert not said or "which logical rules cannot say" in said


@pytest.mark.parametrize("file", REFUSED)
def test_that_a_file_that_is_wrong_is_refused_with_its_place(file: str) -> None:
    assert FOLDER is not None
    if not (FOLDER / file).exists():
        pytest.skip("not in this part of the corpus")
    line, words = REFUSED[file]
    with pytest.raises(ParseError) as caught:
        read(FOLDER / file)
    assert words in caught.value.message
    assert caught.value.line == line


@pytest.mark.parametrize("row", files("aeon"))
def test_that_unknown_functions_are_refused_for_analysis(row: dict[str, str]) -> None:
    _, reading = read_row(row)
    if any(k.what == UNKNOWN for k in reading.project.kept):
        with pytest.raises(ParseError, match="unknown"):
            read(path_of(row))


@pytest.mark.parametrize("row", files("sif"))
def test_that_wiring_is_refused_for_analysis(row: dict[str, str]) -> None:
    with pytest.raises(MissingRulesError, match="wiring only: no rule for "):
        read(path_of(row))


@pytest.mark.parametrize("row", files("pbn"))
def test_that_probabilistic_networks_are_refused_by_name(row: dict[str, str]) -> None:
    with pytest.raises(FormatError, match="this is a probabilistic Boolean network, which"):
        read(path_of(row))


def test_that_every_format_in_the_index_is_tested_somewhere() -> None:
    others = {"pbn"}
    apart = {"sbml-qual-validator", "cellcollective"}
    assert {row["format"] for row in INDEX} <= {*NAMES, *others, *apart}
    assert set(NAMES.values()) <= set(FORMATS)
