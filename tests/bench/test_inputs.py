"""Regnet against its peers on real models with their inputs left free."""

from __future__ import annotations

import json
from pathlib import Path

from tests.bench.peers import BY_INPUTS, Answer, Worker
from tests.bench.test_peers import show

LIMIT = 20.0
"""CPU seconds that a program has for one model."""

PROGRAMS = ("regnet", "biodivine_aeon", "biobalm")


def test_that_regnet_solves_more_than_its_peers_together(corpus: Path):
    models = json.loads((corpus / "bbm" / "truth.json").read_text())["models"]
    workers = {program: Worker(program) for program in PROGRAMS}
    answers: dict[str, dict[str, Answer]] = {program: {} for program in PROGRAMS}
    show(f"\n\nattractors with inputs free: CPU seconds for each model, at most {LIMIT:g}\n")
    show(f"{'model':8}{'inputs':>8}" + "".join(f"{program:>16}" for program in PROGRAMS))
    try:
        for key, model in models.items():
            if not model["input_valuation"]:
                continue
            row = f"{key:8}{len(model['input_valuation']):8}"
            for program, worker in workers.items():
                answer = worker.ask(BY_INPUTS, corpus / "bbm" / f"{key}.bnet", LIMIT)
                answers[program][key] = answer
                row += f"{'-' if answer.count is None else f'{answer.seconds:.3f}':>16}"
            show(row)
    finally:
        for worker in workers.values():
            worker.stop()
    counts = {
        program: {key: a.count for key, a in own.items() if a.count is not None}
        for program, own in answers.items()
    }
    own = counts.pop("regnet")
    together = set().union(*counts.values())
    show(f"\n{'solved':16}{len(answers['regnet'])} models with free inputs")
    show(f"{'regnet':16}{len(own):4}")
    for program, solved in counts.items():
        show(f"{program:16}{len(solved):4}")
    show(f"{'peers together':16}{len(together):4}")
    for solved in counts.values():
        for key, count in solved.items():
            assert own.get(key, count) == count, f"model {key}"
    assert set(own) > together
