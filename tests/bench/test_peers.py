"""Regnet against its peers on real models, and on one very large random network."""

from __future__ import annotations

import itertools
import json
import random
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bench.peers import QUESTIONS, Answer, Worker

LIMITS = {
    "fixed points": 4.0,
    "minimal trap spaces": 4.0,
    "attractors": 4.0,
    "synchronous attractors": 10.0,
}
"""CPU seconds that a program has for one model."""

TRUTH = {
    "fixed points": "fixed_points",
    "minimal trap spaces": "minimal_trap_spaces",
    "attractors": "async_attractors",
    "synchronous attractors": "sync_attractors",
}


@pytest.fixture(scope="module")
def models(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The real models with their inputs set, as files that every program reads."""
    folder = tmp_path_factory.mktemp("models")
    models = json.loads((corpus / "bbm" / "truth.json").read_text())["models"]
    for key, model in models.items():
        valuation = dict(model["input_valuation"])
        lines = ["targets, factors"]
        for line in (corpus / "bbm" / f"{key}.bnet").read_text().splitlines():
            name, comma, _ = line.partition(",")
            if comma and name.strip() != "targets" and name.strip() not in valuation:
                lines.append(line)
        lines += [f"{name}, {value}" for name, value in valuation.items()]
        model["file"] = folder / f"{key}.bnet"
        model["file"].write_text("\n".join(lines) + "\n")
    return models


@pytest.fixture(scope="module")
def worker() -> Iterator[Callable[[str], Worker]]:
    workers: dict[str, Worker] = {}
    yield lambda program: workers.setdefault(program, Worker(program))
    for each in workers.values():
        each.stop()


@pytest.mark.parametrize("question", QUESTIONS)
def test_that_regnet_solves_most_and_is_fastest(
    question: str, models: dict[str, Any], worker: Callable[[str], Worker]
):
    if "boolnet" in QUESTIONS[question] and not shutil.which("Rscript"):
        pytest.skip("there is no R with the package BoolNet")
    limit = LIMITS[question]
    answers: dict[str, dict[str, Answer]] = {program: {} for program in QUESTIONS[question]}
    wrong = dict.fromkeys(answers, 0)
    show(f"\n\n{question}: CPU seconds for each model\n")
    show("model" + "".join(f"{program:>16}" for program in answers))
    for key, model in models.items():
        expected = model["fixed"].get(TRUTH[question], {}).get("count")
        row = f"{key:5}"
        for program, own in answers.items():
            answer = own[key] = worker(program).ask(question, model["file"], limit)
            is_wrong = None not in (answer.count, expected) and answer.count != expected
            wrong[program] += is_wrong
            text = "-" if answer.count is None else f"{answer.seconds:.4f}"
            row += f"{text + '!' * is_wrong:>16}"
        show(row)
    solved = {p: {k for k, a in own.items() if a.count is not None} for p, own in answers.items()}
    shared = set.intersection(*solved.values())
    total = {p: sum(own[k].seconds for k in shared) for p, own in answers.items()}
    show(f"\n{question}: {len(models)} models, at most {limit:g} s CPU each")
    show(f"{'':16}{'solved':>8}{'wrong':>8}{f'CPU s on the {len(shared)} that all solve':>34}")
    for program in answers:
        show(f"{program:16}{len(solved[program]):8}{wrong[program]:8}{total[program]:34.3f}")
    assert wrong["regnet"] == 0
    for program, own in answers.items():
        both = solved[program] & solved["regnet"]
        assert not {k for k in both if own[k].count != answers["regnet"][k].count}, program
    peers = [program for program in answers if program != "regnet"]
    assert len(solved["regnet"]) >= max(len(solved[p]) for p in peers)
    assert total["regnet"] < min(total[p] for p in peers)


@pytest.mark.parametrize(
    ("question", "count", "times", "rounds"),
    [
        ("first", 10_000, 4, 3),
        ("first", 100_000, 5, 2),
        ("read", 100_000, 4, 3),
        ("1,000 minimal trap spaces", 1_000, 10, 2),
    ],
)
def test_that_large_networks_are_read_and_answered_soonest(
    question: str,
    count: int,
    times: float,
    rounds: int,
    tmp_path: Path,
    worker: Callable[[str], Worker],
):
    path = tmp_path / "large.bnet"
    path.write_text(nested_canalyzing_network(count, seed=7))
    show(f"\n\n{question}: {count:,} components, file read included: CPU seconds\n")
    seconds = {}
    for program in ("regnet", "mpbn"):
        answers = [worker(program).ask(question, path, 120) for _ in range(rounds)]
        assert len({answer.count for answer in answers}) == 1, answers
        assert answers[0].count, answers
        seconds[program] = min(answer.seconds for answer in answers)
        show(f"{program:16}{seconds[program]:8.3f}")
    show(f"{'ratio':16}{seconds['mpbn'] / seconds['regnet']:8.1f}")
    assert seconds["mpbn"] >= times * seconds["regnet"]


@pytest.mark.parametrize(
    ("question", "least"), [("20,000 fixed points", 40_000), ("20,000 minimal trap spaces", 40_000)]
)
def test_that_solutions_come_out_by_the_thousand(
    question: str, least: int, tmp_path: Path, worker: Callable[[str], Worker]
):
    path = tmp_path / "many.bnet"
    path.write_text(random_network(1_000, seed=2, inputs=20))
    rounds = [worker("regnet").ask(question, path, 60) for _ in range(3)]
    assert all(answer.count == 20_000 for answer in rounds), rounds
    rate = 20_000 / min(answer.seconds for answer in rounds)
    show(f"\n\n{question} of 1,000 components, file read included: {rate:,.0f} a second")
    assert rate >= least


def random_network(count: int, *, seed: int, inputs: int = 0) -> str:
    """Return a random network with two or three regulators a component, as .bnet text."""
    chance = random.Random(seed)
    lines = ["targets, factors", *(f"n{i}, n{i}" for i in range(inputs))]
    for i in range(inputs, count):
        names = [f"n{j}" for j in chance.sample(range(count), chance.choice((2, 3)))]
        signed = [("!" if chance.random() < 0.5 else "") + name for name in names]
        if len(signed) == 3:
            inner = f"({signed[1]} {chance.choice('&|')} {signed[2]})"
            signed = [signed[0], inner]
        lines.append(f"n{i}, {signed[0]} {chance.choice('&|')} {signed[1]}")
    return "\n".join(lines) + "\n"


def nested_canalyzing_network(count: int, *, seed: int) -> str:
    """Return a random network as .bnet text, of nested canalyzing rules.

    Components have one to six regulators, 2.3 on average, and few regulate many; one in a hundred
    is an input.
    """
    chance = random.Random(seed)
    weights = [(i + 1) ** -0.5 for i in range(count)]
    chance.shuffle(weights)
    summed = list(itertools.accumulate(weights))
    lines = ["targets, factors"]
    for i in range(count):
        wanted = chance.choices((1, 2, 3, 4, 5, 6), (25, 34, 29, 4, 4, 4))[0]
        names: set[str] = set()
        while len(names) < wanted:
            names.add(f"n{chance.choices(range(count), cum_weights=summed)[0]}")
        signed = [("!" if chance.random() < 0.3 else "") + name for name in sorted(names)]
        chance.shuffle(signed)
        rule = signed[0]
        for literal in signed[1:]:
            rule = f"({literal} {chance.choice('&|')} {rule})"
        lines.append(f"n{i}, {f'n{i}' if chance.random() < 0.01 else rule}")
    return "\n".join(lines) + "\n"


def test_that_the_random_network_is_always_the_same():
    text = random_network(3, seed=1)
    assert text == random_network(3, seed=1)
    assert re.fullmatch(r"targets, factors\n(n\d, .+\n){3}", text)


def show(text: str) -> None:
    print(text, flush=True)  # noqa: T201 (the table is what a person runs this for)
