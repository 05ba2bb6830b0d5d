"""Projects: frozen values that find their parts."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, replace

import pytest

from regnet.errors import UnknownNameError
from regnet.network import Component, LogicalNetwork
from regnet.project import Project, Remark
from regnet.scenario import Scenario

PROJECT = Project(
    LogicalNetwork((Component("A"),)), title="toy", scenarios=(Scenario("low"), Scenario("high"))
)


def test_that_a_scenario_is_found_by_name() -> None:
    assert PROJECT.scenario("high") is PROJECT.scenarios[1]


def test_that_an_unknown_scenario_suggests_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="no scenario 'hihg'; did you mean 'high'"):
        PROJECT.scenario("hihg")


def test_that_a_project_is_a_value() -> None:
    assert pickle.loads(pickle.dumps(PROJECT)) == PROJECT
    assert replace(PROJECT, title="other") != PROJECT
    with pytest.raises(FrozenInstanceError):
        PROJECT.title = "other"  # type: ignore[misc]


def test_that_a_remark_prints_with_its_line() -> None:
    assert str(Remark("info", "so it is", 3)) == "line 3: so it is"
    assert str(Remark("info", "so it is")) == "so it is"
