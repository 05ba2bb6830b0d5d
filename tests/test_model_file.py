"""The page on the model file is a model file, and leaves out nothing that one can hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from regnet.analysis.check import confront
from regnet.evidence import EXPECTATIONS, EXPERIMENT_KINDS
from regnet.exchange import tomlexpect, tomlrates
from regnet.formats import toml
from regnet.network import CONFIDENCES, SOURCE_KINDS
from regnet.project import Project
from regnet.rates import RATE_KINDS

PAGE = (Path(__file__).parent.parent / "docs" / "model-file.md").read_text(encoding="utf-8")
FILE = "\n".join(re.findall(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))


@pytest.fixture(scope="module")
def project() -> Project:
    return toml.from_toml(FILE, "page.toml")


def test_that_the_blocks_of_the_page_are_one_model_file(project: Project) -> None:
    assert project.network.names == ("Dose", "Vessels", "Mass", "Wasting")
    assert toml.from_toml(toml.to_toml(project)) == project


def test_that_its_experiments_come_out_as_it_says(project: Project) -> None:
    verdicts = confront(project).verdicts
    assert [verdict.outcome for verdict in verdicts] == ["holds", "holds", "disagrees", "holds"]
    (last,) = confront(project.as_variant("V2"), only=["E3"]).verdicts
    assert last.outcome == "holds"


@pytest.mark.parametrize(
    "word",
    sorted(
        {
            *toml._PARTS,
            *toml._COMPONENT,
            *toml._REFERENCE,
            *toml._SCENARIO,
            *toml._EXPERIMENT,
            *tomlrates._SETTINGS,
            *tomlrates._ENTRY,
            *EXPECTATIONS,
            *EXPERIMENT_KINDS,
            *tomlexpect.OPTIONS,
            *SOURCE_KINDS,
            *CONFIDENCES,
            *RATE_KINDS,
        }
    ),
)
def test_that_the_page_names_every_key_and_value(word: str) -> None:
    assert re.search(rf'[`"\[.{{ ]{re.escape(word)}["`\] .=,]|^{re.escape(word)} =', PAGE, re.M)


@pytest.mark.parametrize(("expectation", "meaning"), EXPECTATIONS.items())
def test_that_the_page_says_what_each_expectation_means(expectation: str, meaning: str) -> None:
    (row,) = re.findall(rf'^\| `"?{re.escape(expectation)}"?` \| (.*) \|$', PAGE, re.MULTILINE)
    assert row.startswith(meaning)


@pytest.mark.parametrize(("kind", "meaning"), EXPERIMENT_KINDS.items())
def test_that_the_page_says_what_each_kind_of_experiment_means(kind: str, meaning: str) -> None:
    (row,) = re.findall(rf"^\| `{kind}` \| (.*) \|$", PAGE, re.MULTILINE)
    assert row.startswith(meaning)
