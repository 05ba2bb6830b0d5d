"""What other programs read in our files, against the networks that were written."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from regnet.errors import RegnetError
from regnet.exchange.peers import meaning_of
from regnet.formats import FORMATS, load, read
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project
from tests.conftest import find_shared
from tests.strategies import networks

LEVELS = ["sbml", "ginml", "zginml"]
SHARED = find_shared("corpus")


def written(project: Project, format: str) -> bytes:
    content = FORMATS[format].write(project).content
    return content if isinstance(content, bytes) else content.encode()


@pytest.mark.parametrize("format", [*LEVELS, "booleannet", "maboss"])
@settings(max_examples=40)
@given(network=networks(4, 3))
def test_that_others_read_what_is_meant(format: str, network: LogicalNetwork) -> None:
    meaning = meaning_of(format, written(Project(network), format), network)
    assert meaning
    assert meaning.differing == {}


@pytest.mark.parametrize("format", LEVELS)
@pytest.mark.parametrize("model", ["lif_lifr", "lif_lifr_extended"])
def test_that_the_liver_models_mean_the_same_elsewhere(
    model: str, format: str, models: Path
) -> None:
    project = load(models / f"{model}.toml")
    meaning = meaning_of(format, written(project, format), project.network)
    assert meaning
    assert meaning.differing == {}


NETWORK = LogicalNetwork(
    (Component("A", Rule.parse({2: "B & C", 1: "B | C"}), 2), Component("B"), Component("C"))
)


def test_that_formulas_that_hold_at_once_are_dropped_as_ginsim_does() -> None:
    text = written(Project(NETWORK), "ginml").decode()
    overlapping = text.replace('str="!B &amp; C | B &amp; !C"', 'str="B | C"')
    assert overlapping != text
    meaning = meaning_of("ginml", overlapping.encode(), NETWORK)
    assert meaning
    assert meaning.program == "GINsim"
    assert meaning.differing == {"A": "0 instead of 2 at A=0 B=1 C=1"}


def test_that_terms_that_hold_at_once_contradict_each_other() -> None:
    text = written(Project(NETWORK), "sbml").decode()
    meaning = meaning_of("sbml", text.replace("<lt/>", "<geq/>").encode(), NETWORK)
    assert meaning
    assert meaning.differing["A"].startswith("0 instead of 1 at")  # C alone led to 1
    both = text.replace("<lt/>", "<geq/>").replace(">1</cn>", ">0</cn>")
    meaning = meaning_of("sbml", both.encode(), NETWORK)
    assert meaning
    assert meaning.differing["A"].startswith("two levels at once instead of 0")


def test_that_a_wide_rule_is_looked_at_in_a_sample() -> None:
    names = [f"x{n}" for n in range(14)]
    wide = Component("A", Rule.of(" | ".join(names)))
    network = LogicalNetwork((wide, *map(Component, names)))
    meaning = meaning_of("sbml", written(Project(network), "sbml"), network)
    assert meaning
    assert (dict(meaning.differing), meaning.sampled) == ({}, ("A",))


def test_that_formats_that_mean_the_same_to_all_are_not_looked_at() -> None:
    assert meaning_of("bnet", b"", NETWORK) is None


def test_that_rates_tell_what_maboss_does_and_not_logic() -> None:
    text = """Node A { logic = B; rate_down = NOT @logic ? $d : 0; }
    Node B { logic = A; rate_up = 0; rate_down = (A AND B) ? 0 : ((A) ? 1 : 0); } // no rule: stays
    """
    a, b = Component("A", Rule.of("B")), Component("B", Rule.of("B"))
    meaning = meaning_of("maboss", text.encode(), LogicalNetwork((a, b)))
    assert meaning
    assert meaning.followed
    assert meaning.differing == {}
    by_logic = LogicalNetwork((a, Component("B", Rule.of("A"))))
    meaning = meaning_of("maboss", text.encode(), by_logic)
    assert meaning
    assert meaning.differing.keys() == {"B"}


def test_that_a_file_of_other_components_is_a_difference() -> None:
    meaning = meaning_of("booleannet", b"A* = A\n", NETWORK)
    assert meaning
    assert "1 components" in meaning.differing["the model"]


def test_that_what_cannot_be_followed_is_said() -> None:
    text = written(Project(NETWORK), "sbml").replace(b"<geq/>", b"<plus/>")
    meaning = meaning_of("sbml", text, NETWORK)
    assert meaning
    assert not meaning.followed


def multi_valued() -> list[Any]:
    """Return small files of the corpus with more than two levels, of several formats."""
    if SHARED is None or not (SHARED / "formats" / "INDEX.csv").exists():
        return []
    with (SHARED / "formats" / "INDEX.csv").open(encoding="utf-8") as stream:
        rows = [r for r in csv.DictReader(stream) if r["format"] in ("bma", "zginml", "sbml-qual")]
    found = []
    for row in rows:
        slow = int(row["bytes"] or 0) > 6_000
        found.append(
            pytest.param(row["file"], id=row["file"], marks=pytest.mark.slow if slow else ())
        )
    return found


@pytest.mark.parametrize("file", multi_valued())
def test_that_files_of_the_corpus_mean_the_same_elsewhere(file: str) -> None:
    assert SHARED
    try:
        project = read(SHARED / "formats" / file).project
    except RegnetError:  # other tests say why it is refused
        pytest.skip("not read")
    if project.network.is_boolean:
        return
    for format in ("sbml", "ginml"):
        meaning = meaning_of(format, written(project, format), project.network)
        assert meaning is None or meaning.differing == {}
