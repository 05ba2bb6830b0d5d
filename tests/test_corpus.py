"""Real models against answers that two independent programs agree on.

The models are the Biodivine Boolean Models; they are not in the repository, and these tests are
skipped where they are absent. The hard models take minutes and run with ``--run-slow``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest

from regnet.analysis.attractors import Attractors, find_attractors
from regnet.analysis.trap_spaces import find_fixed_points, find_trap_spaces
from regnet.formats import load
from regnet.network import LogicalNetwork
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space
from tests.conftest import find_shared

FOLDER = find_shared("corpus")
TRUTH: dict[str, Any] = {}
if FOLDER is not None and (FOLDER / "bbm" / "truth.json").exists():
    TRUTH = json.loads((FOLDER / "bbm" / "truth.json").read_text())

pytestmark = pytest.mark.skipif(not TRUTH, reason="the corpus is not beside the repository")

HARD = {
    "fixed": ("002", "004", "192", "204", "210"),
    "free": ("018", "106", "138", "190"),
}
"""Models with thousands of answers, or that take seconds."""

ASYNCHRONOUS = "async_attractors"
SYNCHRONOUS = "sync_attractors"
MODELS: dict[str, Any] = TRUTH.get("models", {})


def models_with(question: str, variant: str = "fixed") -> list[Any]:
    """Return the models for which an answer is known; hard ones are marked slow."""
    return [
        pytest.param(key, marks=pytest.mark.slow if is_slow else ())
        for key, model in MODELS.items()
        if (expected := model.get(variant, {}).get(question))
        for is_slow in [key in HARD[variant] or "at_least" in expected]
    ]


@cache
def network_of(key: str) -> LogicalNetwork:
    assert FOLDER is not None
    return load(FOLDER / "bbm" / f"{key}.bnet").network


def with_inputs_set(key: str, update: str = "asynchronous") -> Scenario:
    inputs = Space(MODELS[key]["input_valuation"])
    return Scenario(perturbation=Perturbation(inputs), update=update)


def check_spaces(spaces: Iterable[Space], names: Iterable[str], expected: dict[str, Any]) -> None:
    names = sorted(names)
    lines = sorted("".join(str(space.fixed.get(name, "-")) for name in names) for space in spaces)
    assert len(lines) == expected["count"]
    assert lines == sorted(expected.get("spaces", lines))
    assert hashlib.sha256("\n".join(lines).encode()).hexdigest()[:24] == expected["sha256_24"]


def check_attractors(found: Attractors, expected: dict[str, Any]) -> None:
    assert found.complete, found.missing
    assert found.count == expected["count"]
    steady = sum(a.valuations for a in found.attractors if a.kind == "fixed point")
    assert steady == expected["steady"]
    assert found.count - steady == expected["cyclic"]
    sizes = [str(a.size) for a in found.attractors for _ in range(a.valuations)]
    assert sorted(sizes) == sorted(expected.get("state_counts", sizes))


@pytest.mark.parametrize("key", models_with("fixed_points"))
def test_that_fixed_points_are_those_known(key: str):
    network = network_of(key)
    found = find_fixed_points(network, with_inputs_set(key))
    assert found.complete
    check_spaces(found.spaces, network.names, MODELS[key]["fixed"]["fixed_points"])


@pytest.mark.parametrize("key", models_with("minimal_trap_spaces"))
def test_that_minimal_trap_spaces_are_those_known(key: str):
    network = network_of(key)
    found = find_trap_spaces(network, with_inputs_set(key))
    assert found.complete
    check_spaces(found.spaces, network.names, MODELS[key]["fixed"]["minimal_trap_spaces"])


@pytest.mark.parametrize("key", models_with(ASYNCHRONOUS))
def test_that_asynchronous_attractors_are_those_known(key: str):
    found = find_attractors(network_of(key), with_inputs_set(key))
    check_attractors(found, MODELS[key]["fixed"][ASYNCHRONOUS])


@pytest.mark.parametrize("key", models_with(SYNCHRONOUS))
def test_that_synchronous_attractors_are_those_known(key: str):
    found = find_attractors(network_of(key), with_inputs_set(key, "synchronous"))
    expected = MODELS[key]["fixed"][SYNCHRONOUS]
    assert found.complete
    assert sorted(a.size or 0 for a in found.attractors) == expected["cycle_lengths"]
    assert found.count == expected["count"]


@pytest.mark.parametrize("key", models_with("fixed_points", "free"))
def test_that_fixed_points_with_free_inputs_are_those_known(key: str):
    network, expected = network_of(key), MODELS[key]["free"]["fixed_points"]
    found = find_fixed_points(network, limit=10_000)
    if "at_least" in expected:
        assert len(found.spaces) == expected["at_least"]
        assert not found.complete
    else:
        check_spaces(found.spaces, network.names, expected)


@pytest.mark.parametrize("key", models_with("minimal_trap_spaces", "free"))
def test_that_minimal_trap_spaces_with_free_inputs_are_those_known(key: str):
    network, expected = network_of(key), MODELS[key]["free"]["minimal_trap_spaces"]
    found = find_trap_spaces(network, limit=10_000)
    if "at_least" in expected:
        assert len(found.spaces) == expected["at_least"]
        assert not found.complete
    else:
        check_spaces(found.spaces, network.names, expected)


@pytest.mark.parametrize("key", models_with(ASYNCHRONOUS, "free"))
def test_that_attractors_with_free_inputs_are_those_known(key: str):
    check_attractors(find_attractors(network_of(key)), MODELS[key]["free"][ASYNCHRONOUS])


@pytest.mark.parametrize("key", models_with("single_perturbation_async_attractors"))
def test_that_single_perturbations_have_as_many_attractors_as_known(key: str):
    network, scenario = network_of(key), with_inputs_set(key)
    counts = MODELS[key]["fixed"]["single_perturbation_async_attractors"]["counts"]
    for change in sorted(counts)[::3]:
        name, _, level = change.partition("=")
        found = find_attractors(
            network, scenario.perturbed(Perturbation(Space({name: int(level)})))
        )
        assert (change, found.count) == (change, counts[change])


@pytest.mark.parametrize("key", models_with("single_perturbation_min_trap_spaces"))
def test_that_single_perturbations_have_as_many_trap_spaces_as_known(key: str):
    network, scenario = network_of(key), with_inputs_set(key)
    counts = MODELS[key]["fixed"]["single_perturbation_min_trap_spaces"]["counts"]
    for change in sorted(counts)[::3]:
        name, _, level = change.partition("=")
        found = find_trap_spaces(
            network, scenario.perturbed(Perturbation(Space({name: int(level)})))
        )
        assert (change, len(found.spaces)) == (change, counts[change])
