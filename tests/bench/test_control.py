"""Interventions on real models, against AEON's phenotype control: same sets, less time."""

from __future__ import annotations

import json
import multiprocessing
import resource
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from regnet.analysis.control import find_interventions
from regnet.formats import load
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space

LIMIT = 30
"""CPU seconds that AEON has for one model."""

SIZE = 2
MODELS = {
    "008": "v_NonACD",
    "020": "v_Apoptosis",
    "012": "v_sre",
    "066": "v_IL17",
    "014": "v_Cytoskeleton_signaling",
    "132": "v_E____ss_sgmRNA_rna_double_membrane_vesicle_viral_factory",
}
"""Model -> an output that is to be on in every attractor; 28 to 148 components."""

Sets = set[tuple[tuple[str, int], ...]]


@pytest.mark.parametrize("key", MODELS)
def test_that_the_sets_are_those_of_aeon_in_less_time(key: str, corpus: Path) -> None:
    known = json.loads((corpus / "bbm" / "truth.json").read_text())["models"][key]
    inputs = {name: int(level) for name, level in dict(known["input_valuation"]).items()}
    file = corpus / "bbm" / f"{key}.bnet"
    ours(file, inputs, MODELS[key])  # imports are not timed
    found, seconds = ours(file, inputs, MODELS[key])
    theirs = aeon(file, inputs, MODELS[key])
    text = "out of time" if theirs is None else f"{theirs[1]:.2f}"
    print(f"\n{key}: {len(found)} sets, regnet {seconds:.3f} s, AEON {text} s")  # noqa: T201
    if theirs is not None:
        assert found == theirs[0]
        assert seconds < theirs[1]


def ours(file: Path, inputs: dict[str, int], target: str) -> tuple[Sets, float]:
    begin = time.process_time()
    network = load(file).network
    scenario = Scenario(perturbation=Perturbation(Space(inputs)))
    answer = find_interventions(network, network.parse(f'"{target}"'), scenario, max_size=SIZE)
    seconds = time.process_time() - begin
    assert answer.complete
    found = {tuple(sorted(one.perturbation.clamps.fixed.items())) for one in answer.found}
    return found, seconds


def aeon(file: Path, inputs: dict[str, int], target: str) -> tuple[Sets, float] | None:
    context = multiprocessing.get_context("spawn")
    pipe, end = context.Pipe()
    process = context.Process(target=_aeon, args=(end, str(file), inputs, target))
    process.start()
    end.close()
    try:
        every, seconds = pipe.recv()
    except EOFError:
        return None
    finally:
        process.join()
        pipe.close()
    return {one for one in every if not any(set(two) < set(one) for two in every)}, seconds


def _aeon(pipe: Connection, file: str, inputs: dict[str, int], target: str) -> None:
    import biodivine_aeon

    module: Any = biodivine_aeon
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT))
    begin = time.process_time()
    lines = [f"{name}, {'true' if level else 'false'}" for name, level in inputs.items()]
    for line in Path(file).read_text().splitlines():
        name, comma, _ = line.partition(",")
        if comma and name.strip() not in {"targets", *inputs}:
            lines.append(line)
    network = module.BooleanNetwork.from_bnet("\n".join(lines)).infer_valid_graph()
    names = [n for n in network.variable_names() if n != target and n not in inputs]
    graph = module.AsynchronousPerturbationGraph(network, perturb=names)
    goal = graph.mk_subspace_vertices({target: True})
    found = module.Control.phenotype_permanent(graph, goal, size_limit=SIZE)
    sets = {
        tuple(sorted((name, int(level)) for name, level in p.perturbed_named_dict().items()))
        for _, p in found.items()
    }
    pipe.send((sets, time.process_time() - begin))
