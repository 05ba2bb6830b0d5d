"""Queries on real models, against AEON's model checker: same verdicts, and the CPU time of both.

The models are those of the plan for this comparison that the collection has (`PLANNED`), and every
`STRIDE`-th of those with 40 to 150 components besides inputs, in the order of their numbers. Inputs
are held as in truth.json. The start is drawn by lot, and so is a component: can it be switched on
from there, and can it always be switched on again?

Both programs read the file and answer one question. AEON works in a process of its own that is
stopped after `LIMIT` CPU seconds; it is given the rules with the inputs put in.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import re
import resource
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from regnet.analysis.query import query
from regnet.formats import load
from regnet.jobs import warm_up
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space
from regnet.temporal import parse_query
from tests.bench.peers import _below, _own

LIMIT = 10
PLANNED = ("012", "005", "148", "002", "210")
STRIDE = 6
SHAPES = ("EF", "AG EF")
DRAWN = 1

Case = tuple[Path, dict[str, int], dict[str, int], str]
"""File, levels of inputs, start, and the component that is asked about."""


def models(corpus: Path) -> list[tuple[str, dict[str, int]]]:
    """Return the models with the levels of their inputs."""
    known = json.loads((corpus / "bbm" / "truth.json").read_text())["models"]
    known = {key: model for key, model in known.items() if model.get("input_valuation") is not None}
    middle = [
        key
        for key, model in sorted(known.items())
        if 40 <= model["n_vars"] - model["n_inputs"] <= 150 and key not in PLANNED
    ]
    keys = [key for key in PLANNED if key in known] + middle[::STRIDE]
    return [
        (key, {n: int(v) for n, v in dict(known[key]["input_valuation"]).items()}) for key in keys
    ]


def cases(corpus: Path, key: str, inputs: dict[str, int]) -> Iterator[Case]:
    """Yield what is asked of a model."""
    file = corpus / "bbm" / f"{key}.bnet"
    network = load(file).network
    chance = random.Random(f"queries {key}")
    start = {name: inputs.get(name, chance.randrange(2)) for name in network.names}
    for name in chance.sample([n for n in network.names if n not in inputs], DRAWN):
        yield file, inputs, start, name


def test_that_verdicts_are_those_of_aeon(corpus: Path) -> None:
    warm_up()
    total = {"regnet": 0.0, "AEON": 0.0}
    for key, inputs in models(corpus):
        for number, case in enumerate(cases(corpus, key, inputs)):
            for shape in SHAPES:
                if not number:
                    ours(case, shape)  # imports are not timed
                holds, seconds, why = ours(case, shape)
                theirs = aeon(case, shape)
                text = "out of time"
                if theirs is not None:
                    assert holds is theirs[0], (key, shape, case[3])
                    text = f"{theirs[1]:.2f}"
                    total["regnet"] += seconds
                    total["AEON"] += theirs[1]
                size = str(len(case[2]) - len(inputs))
                told = {True: "yes", False: "no", None: "open"}[holds]
                asked = f"{shape} {case[3]}"
                print("", key, size, asked, told, f"{seconds:.2f}", text, why, "", sep=" | ")  # noqa: T201
    print(f"where both answered: {total}")  # noqa: T201


def ours(case: Case, shape: str) -> tuple[bool | None, float, str]:
    """Return the verdict, the CPU seconds with those of other processes, and how it is known."""
    file, inputs, start, name = case
    begin = _own() + _below(os.getpid())
    network = load(file).network
    scenario = Scenario("", Perturbation(Space(inputs)), Space(start))
    answer = query(network, scenario, parse_query(f'{shape} "{name}"', network), timeout=60)
    return answer.holds, _own() + _below(os.getpid()) - begin, answer.origin.engine


def aeon(case: Case, shape: str) -> tuple[bool, float] | None:
    """Return the verdict and the CPU seconds of AEON; None where it was stopped."""
    context = multiprocessing.get_context("spawn")
    pipe, end = context.Pipe()
    process = context.Process(target=_aeon, args=(end, case, shape))
    process.start()
    end.close()
    try:
        holds, seconds = pipe.recv()
    except EOFError:
        return None
    finally:
        process.join()
        pipe.close()
    return holds, seconds


def _aeon(pipe: Connection, case: Case, shape: str) -> None:
    import biodivine_aeon

    module: Any = biodivine_aeon
    file, inputs, start, name = case
    used = int(resource.getrusage(resource.RUSAGE_SELF).ru_utime)
    resource.setrlimit(resource.RLIMIT_CPU, (used + LIMIT + 1, used + LIMIT + 1))
    begin = _own()
    levels = {n: "true" if level else "false" for n, level in inputs.items()}
    lines = []
    for line in file.read_text().splitlines():
        left, comma, rule = line.partition(",")
        if comma and left.strip() not in {"targets", *inputs}:
            rule = re.sub(r"\w+", lambda name: levels.get(name[0], name[0]), rule)
            lines.append(f"{left},{rule}")
    network = module.BooleanNetwork.from_bnet("\n".join(lines)).infer_valid_graph()
    graph = module.AsynchronousGraph(network)
    held = module.ModelChecking.verify(graph, f"{shape} {name}")
    values = {n: bool(start[n]) for n in network.variable_names()}
    holds = not held.intersect(graph.mk_subspace(values)).is_empty()
    pipe.send((holds, _own() - begin))
