"""Screens of real models against the best loop over the same mutants with other programs.

regnet answers all single and double mutants; the others answer a seeded sample of the singles, with
the model loaded once and changed in place, which is their fastest way. Figures are CPU time of this
process and of those it starts; regnet's include building and compiling the model, not the
compilation of its own code, which is kept on disk. Answers are compared as sets.
"""

from __future__ import annotations

import json
import math
import random
import resource
import time
from collections.abc import Callable, Sequence
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
from tests.bench.peers import Worker

MODELS = (
    "110", "058", "022", "070", "196", "148", "210", "192",
    "010", "024", "038", "052", "056", "082", "182", "246", "002",
)  # fmt: skip
"""Models of 9 to 149 components, inputs set."""

MANY_ANSWERS = ("192", "002")
SAMPLE = 6
PATIENCE = 6.0
"""CPU seconds of a program on one model after which no further mutant of the sample is tried."""

pytestmark = pytest.mark.filterwarnings("ignore")  # those of the other programs

Spaces = set[tuple[tuple[str, int], ...]]
Loop = Callable[[str, int], Spaces]


def cpu() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def mpbn(path: str) -> Loop:
    import mpbn

    network = mpbn.load(path)

    def loop(name: str, level: int) -> Spaces:
        rule, network[name] = network[name], bool(level)
        try:
            found = list(network.attractors())
        finally:
            network[name] = rule
        return {tuple(sorted((n, int(x)) for n, x in space.items() if x != "*")) for space in found}

    return loop


def pyboolnet(path: str) -> Loop:
    import logging

    logging.disable(logging.CRITICAL)
    from pyboolnet import trap_spaces
    from pyboolnet.file_exchange import bnet2primes
    from pyboolnet.prime_implicants import create_constants

    primes = bnet2primes(path)

    def loop(name: str, level: int) -> Spaces:
        mutant = create_constants(primes, {name: level}, copy=True)
        found = trap_spaces.compute_trap_spaces(mutant, "min", max_output=100_000)
        return {tuple(sorted(space.items())) for space in found}

    return loop


def biobalm(path: str) -> Loop:
    import biodivine_aeon as aeon
    from biobalm import SuccessionDiagram

    network = aeon.BooleanNetwork.from_file(path)

    def loop(name: str, level: int) -> Spaces:
        diagram = SuccessionDiagram(with_level(network, name, level))
        diagram.expand_minimal_spaces()
        spaces = (diagram.node_data(node)["space"] for node in diagram.minimal_trap_spaces())
        return {tuple(sorted(space.items())) for space in spaces}

    return loop


def biodivine_aeon(path: str) -> Loop:
    import biodivine_aeon as aeon

    network = aeon.BooleanNetwork.from_file(path)

    def loop(name: str, level: int) -> Spaces:
        mutant = with_level(network, name, level)
        mutant = mutant.inline_constants(infer_constants=True, repair_graph=True)
        context = aeon.SymbolicSpaceContext(mutant)
        graph = aeon.AsynchronousGraph(mutant, context)
        found = aeon.TrapSpaces.minimal_symbolic(context, graph).spaces()
        return {(("", number),) for number in range(int(found.cardinality()))}  # only how many

    return loop


def with_level(network: Any, name: str, level: int) -> Any:
    """Return an AEON network with one variable held; the network itself stays as it is."""
    before = network.get_update_function(name)
    network.set_update_function(name, "true" if level else "false")
    mutant = network.infer_valid_graph()
    network.set_update_function(name, before)
    return mutant


PEERS = {f.__name__: f for f in (mpbn, pyboolnet, biobalm, biodivine_aeon)}


def given(corpus: Path, key: str) -> tuple[LogicalNetwork, Space]:
    """Return a model with the levels that the tests set its inputs to."""
    truth = json.loads((corpus / "bbm" / "truth.json").read_text())["models"]
    network = load(corpus / "bbm" / f"{key}.bnet").network
    return network, Space(truth[key]["input_valuation"])


def file_of(network: LogicalNetwork, held: Perturbation, path: Path) -> str:
    save(Project(held.apply(network)), path)
    return str(path)


def spaces_of(mutants: Mutants, found: Packed, m: int, names: Sequence[str]) -> Spaces:
    """Return the trap spaces of one mutant by name, without the inputs that are set."""
    order = mutants.network.order
    return {
        tuple(
            sorted(
                (names[order[i]], int(x))
                for i, x in Packed.fixed_in(found.rows[r], len(order)).items()
            )
        )
        for r in range(found.starts[m], found.starts[m + 1])
    }


def test_that_minimal_trap_spaces_of_all_singles_and_doubles_come_fastest(
    corpus: Path, tmp_path: Path
):
    show("\nminimal trap spaces: CPU milliseconds a mutant\n")
    show(f"{'model':6}{'n':>5}{'mutants':>9}{'spaces':>9}" + "".join(f"{p:>16}" for p in PEERS)
         + f"{'regnet':>10}{'ratio':>8}")  # fmt: skip
    ratios = {}
    for key in MODELS:
        network, inputs = given(corpus, key)
        targets = [n for n in network.names if n not in inputs]
        held = Perturbation(inputs)
        Mutants(network, Scenario("x", held), targets).trap_spaces(np.full((1, 1), -1, np.int32))
        before = cpu()
        mutants = Mutants(network, Scenario("x", held), targets)
        singles = mutants.trap_spaces(mutants.combinations(1))
        count, spaces = len(singles.stopped), len(singles.rows)
        assert not singles.stopped.any()
        if key not in MANY_ANSWERS:
            for chunk in mutants.chunks(2):
                doubles = mutants.trap_spaces(chunk)
                assert not doubles.stopped.any()
                count, spaces = count + len(chunk), spaces + len(doubles.rows)
        own = (cpu() - before) / count * 1000
        path = file_of(network, held, tmp_path / f"{key}.bnet")
        sample = random.Random(1).sample(range(len(mutants.singles)), SAMPLE)
        times: dict[str, float] = {}
        for peer, begin in PEERS.items():
            if (peer == "biodivine_aeon" and len(targets) > 60) or (
                peer == "pyboolnet" and key == "246"
            ):
                continue  # not tried: may take minutes, and cannot be stopped from here
            loop = begin(path)
            loop(*mutants.singles[sample[0]])
            before, done = cpu(), 0
            for m in sample:
                found = loop(*mutants.singles[m])
                done += 1
                expected = spaces_of(mutants, singles, m, network.names)
                if peer == "biodivine_aeon":
                    assert len(found) == len(expected), (key, mutants.singles[m])
                else:
                    known = set(targets)
                    own_words = {tuple(x for x in space if x[0] in known) for space in found}
                    assert own_words == expected, (key, peer, mutants.singles[m])
                if cpu() - before > PATIENCE:
                    break
            times[peer] = (cpu() - before) / done * 1000
        ratios[key] = min(times.values()) / own
        shown = "".join(f"{times[p]:16.2f}" if p in times else f"{'-':>16}" for p in PEERS)
        show(f"{key:6}{len(targets):5}{count:9}{spaces:9}{shown}{own:10.4f}{ratios[key]:8.0f}")
    mean = geometric_mean(list(ratios.values()))
    show(f"\ngeometric mean of the ratios to the best other program: {mean:.0f}")
    assert mean >= 200
    assert min(ratios.values()) >= 5


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
