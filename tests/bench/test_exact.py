"""Exact asynchronous attractors of every real model, and of all its single mutants.

What no other program is known to finish is checked here for being finished; figures are CPU time.
"""

from __future__ import annotations

import json
import resource
import time
from pathlib import Path

import numpy as np
import pytest

from regnet.analysis.attractors import find_attractors
from regnet.analysis.screen.attractors import MutantAttractors
from regnet.analysis.screen.mutants import Mutants
from regnet.formats import load
from regnet.network import LogicalNetwork
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space
from tests.bench.test_peers import show

LARGE = ("002", "004")
"""Models whose mutants take seconds each: a seeded sample is asked, and none of 004."""

SAMPLE = 5
TIMEOUT = 600.0


def given(corpus: Path, key: str) -> tuple[LogicalNetwork, Space]:
    """Return a model with the levels that the tests set its inputs to."""
    truth = json.loads((corpus / "bbm" / "truth.json").read_text())["models"]
    network = load(corpus / "bbm" / f"{key}.bnet").network
    return network, Space(truth[key]["input_valuation"])


def cpu() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


@pytest.mark.parametrize(
    ("key", "count"), [("192", 65), ("204", 1), ("210", 1), ("002", 93), ("004", 10_272)]
)
def test_that_the_hardest_models_are_exact(corpus: Path, key: str, count: int):
    network, inputs = given(corpus, key)
    before = cpu()
    found = find_attractors(network, Scenario("x", Perturbation(inputs)), limit=20_000)
    spent = cpu() - before
    counted = sum(a.size is not None for a in found.attractors)
    show(f"\n{key}: {found.count} attractors, states counted of {counted}: {spent:.2f} CPU s")
    assert found.complete
    assert found.total == found.count == count


def test_that_single_mutants_of_real_models_are_exact(corpus: Path):
    truth = json.loads((corpus / "bbm" / "truth.json").read_text())["models"]
    show(f"\n\n{'model':6}{'n':>5}{'mutants':>9}{'exact':>9}{'CPU s':>8}\n")
    begin, exact, asked = cpu(), 0, 0
    for key in [*sorted(truth.keys() - LARGE), LARGE[0]]:
        network, inputs = given(corpus, key)
        before = cpu()
        targets = [n for n in network.names if n not in inputs]
        mutants = Mutants(network, Scenario("x", Perturbation(inputs)), targets)
        rows = mutants.combinations(1)
        if key in LARGE:
            rows = rows[np.sort(np.random.default_rng(1).permutation(len(rows))[:SAMPLE])]
        found = MutantAttractors(mutants, timeout=TIMEOUT).summary(rows)
        spent = cpu() - before
        if spent > 1 or not found.exact.all():
            share = found.exact.mean()
            show(f"{key:6}{len(targets):5}{len(rows):9}{share:9.2%}{spent:8.2f}")
        assert found.exact.mean() >= 0.99
        exact, asked = exact + int(found.exact.sum()), asked + len(rows)
    show(f"\n{exact:,} of {asked:,} single mutants are exact: {cpu() - begin:.1f} CPU s in all")
