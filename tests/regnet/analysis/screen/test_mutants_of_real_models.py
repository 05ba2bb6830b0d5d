"""All single mutants of real models: the same minimal trap spaces as two other programs give."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from regnet.analysis.screen.mutants import Mutants
from regnet.engines.native import Packed
from regnet.formats import load, save
from regnet.project import Project
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space
from tests.bench.loops import MODULES, loop_over

MODELS = (
    "110", "198", "104", "182", "010", "058", "208", "024",
    "022", "026", "034", "278", "052", "070", "196",
)  # fmt: skip
"""Models of 9 to 58 components."""


@pytest.mark.slow
@pytest.mark.parametrize("peer", ["mpbn", "pyboolnet"])
@pytest.mark.parametrize("key", MODELS)
def test_that_all_singles_have_the_trap_spaces_of_another_program(
    corpus: Path, tmp_path: Path, key: str, peer: str
):
    if importlib.util.find_spec(MODULES[peer][0].partition(".")[0]) is None:
        pytest.skip(f"{peer} is not installed")
    truth = json.loads((corpus / "bbm" / "truth.json").read_text())["models"]
    inputs = Space(truth[key]["input_valuation"])
    network = load(corpus / "bbm" / f"{key}.bnet").network
    path = tmp_path / f"{key}.bnet"
    save(Project(Perturbation(inputs).apply(network)), path)

    targets = [name for name in network.names if name not in inputs]
    mutants = Mutants(network, Scenario("x", Perturbation(inputs)), targets)
    found = mutants.trap_spaces(mutants.combinations(1))
    names = [network.names[v] for v in mutants.network.order]
    looped = loop_over(peer, str(path), mutants.singles, patience=1_000)

    assert not looped.why
    assert len(looped.answers) == len(mutants.singles)
    for m, answer in enumerate(looped.answers):
        own = [
            {names[i]: int(x) for i, x in Packed.fixed_in(row, len(names)).items()}
            for row in found.rows[found.starts[m] : found.starts[m + 1]]
        ]
        others = [{n: x for n, x in space.items() if n not in inputs} for space in answer]
        assert sorted(map(sorted, map(dict.items, own))) == sorted(
            map(sorted, map(dict.items, others))
        ), mutants.singles[m]
