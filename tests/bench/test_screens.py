"""Screens of real models against the best loop over the same mutants with other programs.

regnet answers all single and double mutants; the others answer a seeded sample of the singles, as
`tests.bench.loops` tells. Figures are CPU time; regnet's include building and compiling the model,
not the compilation of its own code, which is kept on disk. Answers are compared as sets.
"""

from __future__ import annotations

import json
import math
import random
import resource
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from regnet.analysis.screen.attractors import MutantAttractors
from regnet.analysis.screen.mutants import Mutants
from regnet.engines.native import Packed
from regnet.formats import load, save
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space
from tests.bench.loops import PEERS, loop_over
from tests.bench.peers import Worker

MODELS = (
    "110", "182", "010", "058", "024", "022", "038", "052", "070",
    "196", "056", "148", "192", "082", "284", "002", "210", "246",
)  # fmt: skip
"""Models of 9 to 148 components, inputs set."""

MANY_ANSWERS = 20
"""Answers per mutant from which on other things count: see `needed`."""

MANY_WITH_INPUTS = 100
"""The same where inputs are free."""

SINGLES_ONLY = ("192", "002")

FREE = ("022", "182", "010", "024", "070", "196", "052")
"""Models with 2 to 8 inputs, which stay free."""

SAMPLE = 10
PATIENCE = 1.5
"""CPU seconds of a program on one model after which no further mutant of the sample is tried."""

SHORTEST = 0.5
"""CPU seconds for which a short screen is done again and again; the quickest time counts."""

pytestmark = pytest.mark.filterwarnings("ignore")  # those of the other programs


def cpu() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def given(corpus: Path, key: str) -> tuple[LogicalNetwork, Space]:
    """Return a model with the levels that the tests set its inputs to."""
    truth = json.loads((corpus / "bbm" / "truth.json").read_text())["models"]
    network = load(corpus / "bbm" / f"{key}.bnet").network
    return network, Space(truth[key]["input_valuation"])


def file_of(network: LogicalNetwork, held: Perturbation, path: Path) -> str:
    save(Project(held.apply(network)), path)
    return str(path)


def spaces_of(mutants: Mutants, found: Packed, m: int, names: Sequence[str]) -> list[dict]:
    """Return what each trap space of one mutant fixes, without the inputs that are set."""
    order = mutants.network.order
    return [
        {names[order[i]]: int(x) for i, x in Packed.fixed_in(found.rows[r], len(order)).items()}
        for r in range(found.starts[m], found.starts[m + 1])
    ]


def among(spaces: Iterable[dict[str, int]], known: set[str]) -> set[frozenset]:
    """Return spaces as far as they are about some components."""
    return {frozenset(x for x in space.items() if x[0] in known) for space in spaces}


def screened(network: LogicalNetwork, held: Perturbation, targets: list[str], order: int) -> tuple:
    """Build the mutants and find all their trap spaces; return both, and how many there are."""
    mutants = Mutants(network, Scenario("x", held), targets)
    singles = mutants.trap_spaces(mutants.combinations(1))
    assert not singles.stopped.any()
    count, spaces = len(singles.stopped), len(singles.rows)
    if order == 2:
        for chunk in mutants.chunks(2):
            doubles = mutants.trap_spaces(chunk)
            assert not doubles.stopped.any()
            count, spaces = count + len(chunk), spaces + len(doubles.rows)
    return mutants, singles, count, spaces


def compare(
    corpus: Path, key: str, path: Path, order: int, *, is_free: bool = False
) -> tuple[float, float]:
    """Show a row of the table; return the ratio to the best, and the answers of a mutant."""
    network, inputs = given(corpus, key)
    targets = [n for n in network.names if n not in inputs]
    held = Perturbation(Space({}) if is_free else inputs)
    screened(network, held, targets, 1)  # what is compiled is read from the disk now
    times: list[float] = []
    while sum(times) < SHORTEST:
        before = cpu()
        mutants, singles, count, spaces = screened(network, held, targets, order)
        times.append(cpu() - before)
    own = min(times) / count * 1000
    sample = random.Random(1).sample(range(len(mutants.singles)), SAMPLE)
    figures = {}
    for peer in PEERS:
        asked = [mutants.singles[m] for m in sample]
        looped = loop_over(peer, file_of(network, held, path), asked, PATIENCE)
        for m, answer in zip(sample, looped.answers, strict=False):
            known = looped.known - (set() if is_free else set(inputs))
            known &= set().union(*answer) if peer == "biodivine_aeon" else known
            expected = spaces_of(mutants, singles, m, network.names)
            assert len(answer) == len(expected) or peer == "biodivine_aeon"
            assert among(answer, known) == among(expected, known), (key, peer, mutants.singles[m])
        if looped.answers:
            figures[peer] = looped.milliseconds
    ratio = min(figures.values()) / own
    cells = [f"{figures[p]:.2f}" if p in figures else "" for p in PEERS]
    row = [key, len(targets), *([len(inputs)] if is_free else []), count, spaces, *cells]
    show("| " + " | ".join(map(str, [*row, f"{own:.4f}", f"{ratio:.0f}"])) + " |")
    return ratio, spaces / count


def head(*columns: str) -> None:
    names = ["model", "components", *columns, *PEERS, "regnet", "best other / regnet"]
    show("\n| " + " | ".join(names) + " |\n|" + "---|" * len(names))


def needed(answers: float) -> float:
    """Return how many times faster regnet has to be, by how many answers a mutant has."""
    return 100 if answers <= MANY_ANSWERS else 5


def needed_with_inputs(answers: float) -> float:
    """Return the same where inputs are free, so that there are more answers."""
    return 50 if answers <= MANY_WITH_INPUTS else 5


def test_that_minimal_trap_spaces_of_all_singles_and_doubles_come_fastest(
    corpus: Path, tmp_path: Path
):
    head("mutants", "trap spaces")
    ratios, short = [], {}
    for key in MODELS:
        order = 1 if key in SINGLES_ONLY else 2
        ratio, answers = compare(corpus, key, tmp_path / f"{key}.bnet", order)
        ratios.append(ratio)
        if ratio < needed(answers):
            short[key] = ratio
    mean = geometric_mean(ratios)
    show(f"\ngeometric mean of the last column: {mean:.0f}")
    assert mean >= 200
    assert not short


def test_that_minimal_trap_spaces_with_free_inputs_come_fastest(corpus: Path, tmp_path: Path):
    head("free inputs", "mutants", "trap spaces")
    ratios, short = [], {}
    for key in FREE:
        ratio, answers = compare(corpus, key, tmp_path / f"{key}.bnet", 2, is_free=True)
        ratios.append(ratio)
        if ratio < needed_with_inputs(answers):
            short[key] = ratio
    show(f"\ngeometric mean of the last column: {geometric_mean(ratios):.0f}")
    assert not short


EXACT = ("110", "058", "022", "070", "196", "148", "010", "024", "038", "052", "056", "182")


def test_that_exact_asynchronous_attractors_of_singles_and_doubles_come_fastest(
    corpus: Path, tmp_path: Path
):
    show("\nexact asynchronous attractors: CPU milliseconds a mutant\n")
    peers = ("biodivine_aeon", "biobalm")
    show(f"{'model':6}{'n':>5}{'mutants':>9}{'exact':>9}" + "".join(f"{p:>16}" for p in peers)
         + f"{'regnet':>10}{'ratio':>8}")  # fmt: skip
    workers = {peer: Worker(peer) for peer in peers}
    ratios = {}
    for key in EXACT:
        network, inputs = given(corpus, key)
        targets = [n for n in network.names if n not in inputs]
        context = Scenario("x", Perturbation(inputs))
        warm = MutantAttractors(Mutants(network, context, targets))
        warm.summary(np.full((1, 1), -1, np.int32))
        before = cpu()
        mutants = Mutants(network, context, targets)
        attractors = MutantAttractors(mutants, timeout=20)
        doubles = mutants.combinations(2)
        chosen = np.sort(np.random.default_rng(1).permutation(len(doubles))[:5000])
        first = attractors.summary(mutants.combinations(1))
        second = attractors.summary(np.ascontiguousarray(doubles[chosen]))
        count = len(first.exact) + len(second.exact)
        own = (cpu() - before) / count * 1000
        exact = (first.exact.sum() + second.exact.sum()) / count
        times = {}
        for peer, worker in workers.items():
            spent = []
            for m in random.Random(1).sample(range(len(mutants.singles)), 4):
                held = Perturbation(inputs).then(mutants.perturbation([m]))
                path = file_of(network, held, tmp_path / f"{key}.{m}.bnet")
                answer = worker.ask("attractors", Path(path), 8.0)
                if answer.count is None:
                    break
                assert not first.exact[m] or answer.count == first.attractors[m]
                spent.append(answer.seconds)
            else:
                times[peer] = sum(spent) / len(spent) * 1000
        shown = "".join(f"{times[p]:16.2f}" if p in times else f"{'-':>16}" for p in peers)
        ratio = min(times.values()) / own if times else math.nan
        if times:
            ratios[key] = ratio
        show(f"{key:6}{len(targets):5}{count:9}{exact:9.2%}{shown}{own:10.4f}{ratio:8.0f}")
    for worker in workers.values():
        worker.stop()
    mean = geometric_mean(list(ratios.values()))
    show(f"\ngeometric mean of the ratios to the best other program: {mean:.0f}")
    assert mean >= 30
    assert min(ratios.values()) >= 10


@pytest.mark.parametrize(("key", "order", "seconds"), [("070", 3, 10.0), ("148", 2, 2.0)])
def test_that_large_screens_take_seconds(corpus: Path, key: str, order: int, seconds: float):
    network, inputs = given(corpus, key)
    targets = [n for n in network.names if n not in inputs]
    before = cpu()
    mutants = Mutants(network, Scenario("x", Perturbation(inputs)), targets)
    count = spaces = 0
    for chunk in mutants.chunks(order):
        found = mutants.trap_spaces(chunk)
        count, spaces = count + len(chunk), spaces + len(found.rows)
    spent = cpu() - before
    show(f"\n{key}: {count:,} mutants of order {order}, {spaces:,} trap spaces: {spent:.2f} CPU s")
    assert spent < seconds


def geometric_mean(values: list[float]) -> float:
    return math.exp(sum(map(math.log, values)) / len(values))


def show(*text: Any) -> None:
    print(*text, flush=True)  # noqa: T201 (the table is what a person runs this for)
