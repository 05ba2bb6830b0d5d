"""Changed copies of projects: whatever names something follows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from regnet.errors import NetworkError, RegnetError
from regnet.formats import load
from regnet.formats.toml import from_toml, to_toml
from regnet.network import Component, LogicalNetwork
from regnet.project import Project
from regnet.scenario import Scenario

MODELS = ("lif_lifr.toml", "lif_lifr_extended.toml")


@pytest.fixture(params=MODELS)
def project(request: pytest.FixtureRequest, models: Path) -> Project:
    return load(models / request.param)


def test_that_renaming_there_and_back_gives_the_same_project(project: Project) -> None:
    for name in project.network.names:
        there = project.renamed(name, "New name")
        assert "New name" in there.network
        assert there.renamed("New name", name) == project


def test_that_a_project_without_any_one_component_can_be_written_and_read(
    project: Project,
) -> None:
    for name in project.network.names:
        left = project.without(name)
        assert name not in left.network
        assert from_toml(to_toml(left)) == left


def test_that_comparisons_follow_a_renamed_scenario_and_leave_a_deleted_one_out(
    models: Path,
) -> None:
    project = load(models / "lif_lifr.toml")
    low = project.scenario("LIF low")
    renamed = project.with_scenario(replace(low, name="some LIF"), instead_of="LIF low")
    assert renamed.comparisons[0].scenarios == ("LIF none", "some LIF", "LIF high")
    gone = renamed.without_scenario("some LIF")
    assert gone.comparisons[0].scenarios == ("LIF none", "LIF high")
    assert gone.without_scenario("LIF none").without_scenario("LIF high").comparisons == ()


def test_that_scenarios_have_names_of_their_own() -> None:
    project = Project(LogicalNetwork((Component("A"),)))
    project = project.with_scenario(Scenario("one")).with_scenario(Scenario("two"))
    with pytest.raises(NetworkError, match="already"):
        project.with_scenario(Scenario("two"), instead_of="one")
    with pytest.raises(NetworkError, match="name"):
        project.with_scenario(Scenario())
    with pytest.raises(RegnetError, match="three"):
        project.without_scenario("three")
