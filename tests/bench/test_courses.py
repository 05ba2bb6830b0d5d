"""Random runs in time against MaBoSS, on real models: as many, as sure, and sooner.

The engine is the one that PyPI's cmaboss brings, which takes at most 64 nodes. Both programs run in
this process on one thread and are asked for the same five components; times are CPU seconds without
reading the model and without compiling. MaBoSS averages over windows of time; regnet looks eight
times in a window and is averaged too, so that a run of either is worth the same. The column
"scatter" shows it: the variance of regnet's averages over that of MaBoSS's. MaBoSS draws from its
Mersenne Twister; the runs of its default generator are not independent of each other.
"""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from regnet.analysis.simulate import Courses, simulate
from regnet.evidence import Phenotype
from regnet.formats import load
from regnet.logic import Var, unparse
from regnet.network import Component, LogicalNetwork, Rule
from tests.bench.test_peers import random_network, show

END, TICK = 20.0, 0.5
FINE = 8
"""Moments that regnet looks at in one window of MaBoSS, to compare averages."""

OUTPUTS = 5
SEEDS = 16
RUNS, MANY = 500, 204_800
MODELS = ("008", "020", "038", "046", "060", "066", "070", "094", "098", "108", "126", "142", "152",
          "176", "190", "202", "228", "250")  # fmt: skip


@pytest.fixture(scope="module")
def cmaboss() -> Any:
    return pytest.importorskip("cmaboss")


def written(network: LogicalNetwork, folder: Path, outputs: int, runs: int) -> tuple[str, str]:
    """Write a Boolean network for MaBoSS, with all rates 1 and every start equally likely."""
    number = {name: f"v{i}" for i, name in enumerate(network.names)}

    def atom(variable: Var) -> str:
        return number[variable.name]

    bnd, cfg = [], []
    for i, component in enumerate(network.components):
        own = number[component.name]
        rule = component.rule
        logic = own if rule is None else unparse(rule.reaches(1), atom=atom)
        logic = re.sub(r"\btrue\b", "1", re.sub(r"\bfalse\b", "0", logic))
        bnd.append(f"node {own} {{ logic = ({logic}); rate_up = @logic ? 1 : 0; "
                   "rate_down = @logic ? 0 : 1; }")  # fmt: skip
        cfg.append(f"[{own}].istate = 0.5 [0], 0.5 [1]; {own}.is_internal = {int(i >= outputs)};")
    cfg.append(f"discrete_time = 0; use_physrandgen = FALSE; sample_count = {runs}; "
               f"max_time = {END}; time_tick = {TICK}; thread_count = 1; "
               "statdist_traj_count = 0; use_mtrandgen = TRUE;")  # fmt: skip
    paths = folder / "model.bnd", folder / "model.cfg"
    paths[0].write_text("\n".join(bnd))
    paths[1].write_text("\n".join(cfg))
    return str(paths[0]), str(paths[1])


def theirs(
    cmaboss: Any, network: LogicalNetwork, folder: Path, runs: int, outputs: int
) -> tuple[np.ndarray[Any, Any], float]:
    """Return what MaBoSS says for each seed, ``[seed, window, node]``, and runs a CPU second."""
    bnd, cfg = written(network, folder, outputs, runs)
    found, seconds = [], 0.0
    for seed in range(SEEDS):
        with open(cfg, "a") as more:
            more.write(f"\nseed_pseudorandom = {(seed + 1) * 1_000_003};")  # run i adds i
        simulation = cmaboss.MaBoSSSim(network=bnd, config=cfg)
        began = time.process_time()
        result = simulation.run()
        seconds += time.process_time() - began
        values, _, names, _ = result.get_nodes_probtraj()
        table = np.zeros((round(END / TICK), outputs))
        for column, name in enumerate(names):
            table[: len(values), int(name[1:])] = values[:, column]
        found.append(table)
    return np.array(found), SEEDS * runs / seconds


def ours(
    network: LogicalNetwork, runs: int, method: str, *, outputs: int = 0, seed: int = 0
) -> tuple[Courses, float]:
    """Return the courses, and runs a CPU second."""
    asked: dict[str, Any] = {"until": END, "points": FINE * round(END / TICK), "method": method}
    asked["readouts"] = network.names[: outputs or None]
    began = time.process_time()
    answer = simulate(network, trajectories=runs, seed=seed, **asked)
    return answer, answer.trajectories / (time.process_time() - began)


def windows(answer: Courses) -> np.ndarray[Any, Any]:
    """Return the averages over windows, ``[window, node]``."""
    points = np.array([c.levels[1].values for c in answer.readouts]).T
    middles = (points[1:] + points[:-1]) / 2
    return middles.reshape(-1, FINE, points.shape[1]).mean(axis=1)


def test_that_runs_are_faster_than_those_of_maboss_and_say_the_same(
    cmaboss: Any, corpus: Path, tmp_path: Path
):
    show(f"\n\nruns per CPU second, {END:g} units of time, all rates 1, from anywhere\n")
    show(f"{'model':7}{'n':>4}{'cmaboss':>10}{'gillespie':>12}{'scatter':>9}{'ratio':>7}"
         f"{'bits':>12}{'effect':>9}{'ratio':>7}{'rms z':>7}")  # fmt: skip
    ratios, shared, scores = [], [], []
    for method in ("gillespie", "bit-parallel"):
        ours(load(corpus / "bbm" / f"{MODELS[0]}.bnet").network, 1_024, method)  # compiled once
    for key in MODELS:
        network = load(corpus / "bbm" / f"{key}.bnet").network
        values, speed = theirs(cmaboss, network, tmp_path, RUNS, OUTPUTS)
        answer, own = ours(network, MANY, "gillespie", outputs=OUTPUTS)
        _, fast = ours(network, MANY, "bit-parallel", outputs=OUTPUTS)
        p = windows(answer)
        moving = p * (1 - p) > 0.01
        variance = values.var(axis=0, ddof=1)
        alone = scatter(network, "gillespie", moving)
        effect = scatter(network, "bit-parallel", moving) / alone
        alone /= variance[moving].sum() * RUNS
        error = np.sqrt(variance * (1 / SEEDS + RUNS / MANY))
        z = (values.mean(axis=0) - p)[moving] / error[moving]
        ratios.append(own / speed)
        shared.append(fast / speed / effect)
        scores.append(z)
        row = f"{key:7}{len(network):4}{speed:10,.0f}{own:12,.0f}{alone:9.2f}{ratios[-1]:7.1f}"
        row += f"{fast:12,.0f}{effect:9.2f}{shared[-1]:7.1f}{np.sqrt((z**2).mean()):7.2f}"
        show(row)
    all_ = np.concatenate(scores)
    show(
        f"\ngillespie: median {np.median(ratios):.1f}, lowest {min(ratios):.1f} times; "
        f"bit-parallel, by its effect: median {np.median(shared):.1f}; "
        f"rms z over {len(all_)} numbers {np.sqrt((all_**2).mean()):.2f}"
    )
    assert np.median(ratios) > 15
    assert np.sqrt((all_**2).mean()) < 1.2


def scatter(network: LogicalNetwork, method: str, moving: np.ndarray[Any, Any]) -> float:
    """Return the variance of all averages over windows, for one run, from several seeds."""
    runs = 1_024 if method == "bit-parallel" else RUNS
    found = [
        windows(ours(network, runs, method, outputs=OUTPUTS, seed=seed)[0]) for seed in range(SEEDS)
    ]
    total: float = np.array(found).var(axis=0, ddof=1)[moving].sum() * runs
    return total


def test_that_a_hundred_thousand_runs_of_a_hundred_components_take_two_seconds(tmp_path: Path):
    path = tmp_path / "random.bnet"
    path.write_text(random_network(100, seed=1))
    network = load(path).network
    show("\n\n100,000 runs of 100 random components, 20 units of time, all rates 1\n")
    for method in ("gillespie", "bit-parallel"):
        ours(network, 1_024, method)  # compiled once
        answer, speed = ours(network, 100_000, method)
        seconds = answer.trajectories / speed
        show(f"{method:16}{seconds:6.2f} CPU s   design effect {answer.design_effect:.1f}")
        if method == "gillespie":
            assert seconds < 2


def test_that_the_network_of_maboss_is_the_same(cmaboss: Any, tmp_path: Path):
    network = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("A | B"))))
    values, _ = theirs(cmaboss, network, tmp_path, 2_000, 2)
    exact = simulate(network, until=END, points=FINE * round(END / TICK), method="exact")
    assert np.abs(values.mean(axis=0) - windows(exact)).max() < 0.02


def test_that_first_times_and_phenotypes_are_those_of_maboss(
    cmaboss: Any, corpus: Path, tmp_path: Path
):
    """Nodes that follow a condition almost at once watch for MaBoSS; one never goes back."""
    show("\n\nfirst times and probabilities of conditions, in standard errors\n")
    scores = []
    for key in MODELS[:12]:
        network = load(corpus / "bbm" / f"{key}.bnet").network
        a, b, c = [name for name in network.names if name not in network.inputs][:3]
        condition = network.parse(f"({a} | !{b}) & {c}")
        number = {name: f"v{i}" for i, name in enumerate(network.names)}
        watched = unparse(condition, atom=lambda variable, number=number: number[variable.name])
        bnd, cfg = written(network, tmp_path, 0, RUNS)
        with open(bnd, "a") as more:
            more.write(f"\nnode holds {{ logic = ({watched}); rate_up = @logic ? 1e4 : 0; "
                       "rate_down = @logic ? 0 : 1e4; }"
                       f"\nnode seen {{ logic = ({watched}); rate_up = @logic ? 1e4 : 0; "
                       "rate_down = 0; }")  # fmt: skip
        with open(cfg, "a") as more:
            more.write("\n[holds].istate = 1.0 [0], 0.0 [1]; [seen].istate = 1.0 [0], 0.0 [1];")
        found = []
        for seed in range(SEEDS):
            with open(cfg, "a") as more:
                more.write(f"\nseed_pseudorandom = {(seed + 1) * 1_000_003};")
            result = cmaboss.MaBoSSSim(network=bnd, config=cfg).run()
            values, _, names, _ = result.get_nodes_probtraj()
            table = np.zeros((round(END / TICK), 2))
            for column, name in enumerate(names):
                table[: len(values), ("holds", "seen").index(name)] = values[:, column]
            found.append(table)
        answer = simulate(
            network, until=END, points=FINE * round(END / TICK), method="gillespie",
            trajectories=MANY, readouts=[a], first=[condition],
            phenotypes=[Phenotype("holds", condition)],
        )  # fmt: skip
        points = np.array([answer.shares[0].band.values, answer.arrivals[0].arrived.values]).T
        middles = (points[1:] + points[:-1]) / 2
        p = middles.reshape(-1, FINE, 2).mean(axis=1)
        theirs = np.array(found)
        error = np.sqrt(theirs.var(axis=0, ddof=1) * (1 / SEEDS + RUNS / MANY))
        chosen = np.zeros_like(p, bool)
        chosen[[0, 2, 6, -1]] = True  # neighbours tell nearly the same
        moving = chosen & (p * (1 - p) > 0.01)
        scores.append((theirs.mean(axis=0) - p)[moving] / error[moving])
        show(f"{key}: {moving.sum()} numbers, rms z {np.sqrt((scores[-1] ** 2).mean()):.2f}, "
             f"held {p[-1, 0]:.3f} and seen {p[-1, 1]:.3f} in the last window")  # fmt: skip
    assert np.sqrt((np.concatenate(scores) ** 2).mean()) < 1.4
