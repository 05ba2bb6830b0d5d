"""Interventions on real models, against AEON's phenotype control and BoNesis: same sets, less time.

The models are chosen by a rule, not by their times: every model of the collection with 25 to 150
components besides its inputs, in the order of their numbers, with its inputs set as
``truth.json`` says. The target is to have the first output on, by name: a component that regulates
no other, that the inputs alone do not fix, and that is not on in every minimal trap space already.
Models without such an output are left out.

AEON answers for asynchronous attractors, BoNesis for minimal trap spaces; regnet is asked both
questions. Each program has `LIMIT` CPU seconds for a model and size, imports are not counted, and
who took more than `QUICK` for sets of two is not asked for sets of three. BoNesis runs where
REGNET_BONESIS names a Python that has it (see `bonesis_control.py`).
"""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from regnet.analysis.control import find_interventions
from regnet.analysis.trap_spaces import find_trap_spaces
from regnet.formats import load
from regnet.network import LogicalNetwork
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space

LIMIT = 10
"""CPU seconds that each program has for one model and size; AEON uses them up on many."""

QUICK = 2.0
"""Who took longer than this for sets of two is not asked for sets of three."""

SMALLEST, LARGEST = 25, 150
SIZES = (2, 3)

REAL = 6
"""Number of models in the claim: the first that another program finishes."""

BONESIS = os.environ.get("REGNET_BONESIS", "")

Sets = set[tuple[tuple[str, int], ...]]
Answer = tuple[Sets, float] | None
"""The minimal sets and the CPU seconds; None if it timed out."""


@dataclass(frozen=True)
class Question:
    """A model with its inputs set, and what is to be on in every attractor."""

    key: str
    file: Path
    inputs: dict[str, int]
    target: str
    components: int

    @cached_property
    def lines(self) -> list[str]:
        """The rules with the inputs set, as other programs read them."""
        lines = [f"{name}, {level}" for name, level in self.inputs.items()]
        for line in self.file.read_text().splitlines():
            name, comma, _ = line.partition(",")
            if comma and name.strip() not in {"targets", *self.inputs}:
                lines.append(line)
        return lines


def questions(corpus: Path) -> Iterator[Question]:
    """Yield the questions that the rule above gives."""
    models = json.loads((corpus / "bbm" / "truth.json").read_text())["models"]
    for key, known in sorted(models.items()):
        file = corpus / "bbm" / f"{key}.bnet"
        if not file.exists() or "input_valuation" not in known:
            continue
        inputs = {name: int(level) for name, level in dict(known["input_valuation"]).items()}
        network = load(file).network
        components = len(network.names) - len(inputs)
        if SMALLEST <= components <= LARGEST and (target := first_output(network, inputs)):
            yield Question(key, file, inputs, target, components)


def first_output(network: LogicalNetwork, inputs: dict[str, int]) -> str | None:
    scenario = Scenario(perturbation=Perturbation(Space(inputs)))
    spaces = find_trap_spaces(network, scenario).spaces
    perturbed = scenario.perturbation.apply(network)
    regulators: set[str] = set()
    for component in network.components:
        names = {v.name for v in component.rule.thresholds()} if component.rule else set()
        regulators |= names - {component.name}
    for name in sorted(set(network.names) - regulators - inputs.keys()):
        if name in constants(perturbed):
            continue
        if any(space.get(name) != (1, 1) for space in spaces):
            return name
    return None


def constants(network: LogicalNetwork) -> set[str]:
    """Return what is constant because of what is held, in any order of updates."""
    from regnet.boolean import encode

    encoding = encode(network)
    pairs = zip(encoding.names, encoding.groups, strict=True)
    return {name for name, (v,) in pairs if encoding.network.targets[v] < 2}


@pytest.fixture(scope="module")
def slow() -> dict[str, set[str]]:
    """The models on which each program was not `QUICK`."""
    return {name: set() for name in PEERS}


@pytest.fixture(scope="module")
def asked(corpus: Path) -> list[Question]:
    return list(questions(corpus))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["BoNesis", "AEON"])
def test_that_the_sets_are_those_of_others_in_less_time(
    name: str, size: int, asked: list[Question], slow: dict[str, set[str]]
) -> None:
    ask, update = PEERS[name]
    if ask is bonesis and not BONESIS:
        pytest.skip("REGNET_BONESIS does not name a Python that has BoNesis")
    say = print
    ours(asked[0], 0, update)  # imports are not timed
    say(f"\n| model | components | sets of up to {size} | {name} | regnet |\n|---|---|---|---|---|")
    ratios: dict[str, float] = {}
    chosen = [q for q in asked if size == SIZES[0] or q.key not in slow[name]]
    for question in chosen:
        found, theirs = ours(question, size, update), ask(question, size)
        if theirs is None or theirs[1] > QUICK:
            slow[name].add(question.key)
        sets = len(found[0]) if found else len(theirs[0]) if theirs else ""
        say(f"| {question.key} | {question.components} | {sets} | {seconds(theirs)} | "
            f"{seconds(found)} |", flush=True)  # fmt: skip
        if theirs is not None:
            ratios[question.key] = 0.0 if found is None else theirs[1] / found[1]
            assert found is None or found[0] == theirs[0], question.key
    values = sorted(ratios.values())
    say(f"{name} finished {len(values)} of {len(chosen)}; its time is {values[0]:.2f} to "
        f"{values[-1]:.2f} times regnet's, median {median(values):.2f}; it is faster on "
        f"{[key for key, ratio in ratios.items() if ratio < 1] or 'none'}")  # fmt: skip
    if size == SIZES[0]:
        assert all(ratio > 1 for ratio in list(ratios.values())[:REAL])


def seconds(answer: Answer) -> str:
    return "" if answer is None else f"{answer[1]:.3f}"


def ours(question: Question, size: int, update: str) -> Answer:
    begin = time.process_time()
    network = load(question.file).network
    scenario = Scenario(perturbation=Perturbation(Space(question.inputs)), update=update)
    target = network.parse(f'"{question.target}"')

    def watch(share: float | None, what: str) -> None:
        if time.process_time() - begin > LIMIT:
            raise KeyboardInterrupt

    answer = find_interventions(
        network, scenario, target, max_size=size, limit=100_000, progress=watch
    )
    spent = time.process_time() - begin
    if not answer.complete or spent > LIMIT:
        return None
    found = {tuple(sorted(one.perturbation.clamps.fixed.items())) for one in answer.found}
    return found, spent


def minimal(every: list[Any]) -> Sets:
    """Return the sets no part of which is among them too; AEON lists all sets that work."""
    sets = {tuple(sorted((str(name), int(level)) for name, level in one)) for one in every}
    return {
        one
        for one in sets
        if not any(part in sets for size in range(len(one)) for part in combinations(one, size))
    }


def bonesis(question: Question, size: int) -> Answer:
    if not BONESIS:
        return None
    program = Path(__file__).with_name("bonesis_control.py")
    request = {
        "lines": question.lines,
        "inputs": list(question.inputs),
        "target": [question.target, 1],
        "size": size,
        "limit": LIMIT,
    }
    done = subprocess.run(
        [BONESIS, program], input=json.dumps(request), capture_output=True, text=True, check=False
    )
    if done.returncode:
        return None
    every, spent = json.loads(done.stdout.splitlines()[-1])
    return minimal(every), spent


def aeon(question: Question, size: int) -> Answer:
    context = multiprocessing.get_context("spawn")
    pipe, end = context.Pipe()
    lines = [line.replace(", 0", ", false").replace(", 1", ", true") if i < len(question.inputs)
             else line for i, line in enumerate(question.lines)]  # fmt: skip
    process = context.Process(
        target=_aeon, args=(end, lines, list(question.inputs), question.target, size)
    )
    process.start()
    end.close()
    try:
        every, spent = pipe.recv()
    except EOFError:
        return None
    finally:
        process.join()
        pipe.close()
    return minimal(every), spent


def _aeon(pipe: Connection, lines: list[str], inputs: list[str], target: str, size: int) -> None:
    import biodivine_aeon

    module: Any = biodivine_aeon
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + LIMIT + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # it tells its progress
    begin = time.process_time()
    network = module.BooleanNetwork.from_bnet("\n".join(lines)).infer_valid_graph()
    names = [n for n in network.variable_names() if n != target and n not in inputs]
    graph = module.AsynchronousPerturbationGraph(network, perturb=names)
    goal = graph.mk_subspace_vertices({target: True})
    found = module.Control.phenotype_permanent(graph, goal, size_limit=size)
    sets = [
        sorted((name, int(level)) for name, level in p.perturbed_named_dict().items())
        for _, p in found.items()
    ]
    pipe.send((sets, time.process_time() - begin))


PEERS: dict[str, tuple[Callable[[Question, int], Answer], str]] = {
    "BoNesis": (bonesis, "most-permissive"),
    "AEON": (aeon, "asynchronous"),
}
"""Who is asked, and for which updates that is answered."""
