"""Large networks as gates: what is taken out, shared and ordered changes no answer."""

from __future__ import annotations

import random

import pytest

from regnet.analysis.trap_spaces import LARGE_NETWORK, find_trap_spaces
from regnet.boolean import encode
from regnet.deadline import Deadline, OutOfTime
from regnet.engines import asp
from regnet.formats import loads
from regnet.logic import Expr, decide
from regnet.network import LogicalNetwork
from regnet.space import FREE
from tests.bench.test_peers import random_network

FOREVER = Deadline()


def rules_of(text: str) -> tuple[LogicalNetwork, list[tuple[str, Expr | None]]]:
    network = loads(text, "test.bnet").project.network
    return network, [(c.name, c.rule.reaches(1) if c.rule else None) for c in network.components]


@pytest.mark.parametrize(
    "text",
    [
        "A, A",
        "A, !A",
        "A, 1\nB, 0\nC, A & !B\nD, !C | D",
        "A, B\nB, C\nC, A",  # copies around a circuit
        "A, !B\nB, C\nC, A\nD, C",
        "A, B & !C\nB, A\nC, A\nD, A | C",  # what A copies has both signs in one rule
        "A, B & !C | !B & C\nB, A\nC, C",  # a rule with both signs
        "A, (B & !C | !B & C) & A\nB, A | D\nC, !A\nD, B & !B",
        "A, !(B & !(C | A))\nB, !!C\nC, !(!A)",
        "A, I & J\nB, I | A\nI, I\nJ, J",
        "A, B\nB, A\nC, A & B & 1\nD, D | 0",
    ],
)
def test_that_gates_have_the_answers_of_diagrams(text: str) -> None:
    network, rules = rules_of(text)
    boolean = encode(network).network
    for kind in (asp.MINIMAL, asp.FIXED_POINTS):
        found = list(asp.rows_of_rules(rules, kind, deadline=FOREVER))
        assert sorted(found) == sorted(asp.rows(boolean, kind, deadline=FOREVER))


def test_that_many_random_networks_have_the_same_answers_as_gates() -> None:
    chance = random.Random(5)
    for seed in range(8):
        text = random_network(chance.choice((10, 30)), seed=seed, inputs=2)
        network, rules = rules_of(text)
        boolean = encode(network).network
        for kind in (asp.MINIMAL, asp.FIXED_POINTS):
            found = list(asp.rows_of_rules(rules, kind, deadline=FOREVER))
            assert sorted(found) == sorted(asp.rows(boolean, kind, deadline=FOREVER))


def test_that_spaces_of_a_large_network_are_never_left_and_none_holds_another() -> None:
    network, rules = rules_of(random_network(LARGE_NETWORK + 1_000, seed=4, inputs=3))
    rows = list(asp.rows_of_rules(rules, asp.MINIMAL, deadline=FOREVER))
    assert len(set(rows)) == len(rows) == 32
    for row in rows:
        levels = dict(zip(network.names, row, strict=True))
        space = {name: (level, level) for name, level in levels.items() if level != FREE}
        for name, rule in rules:
            if rule is not None and name in space:
                assert decide(rule, space) is bool(levels[name])  # each rule names one thing once
        assert not any(holds(row, other) for other in rows if other != row)
    assert find_trap_spaces(network).complete
    found = find_trap_spaces(network, limit=10)
    assert len(found.spaces) == 10
    assert not found.complete


def holds(outer: bytes, inner: bytes) -> bool:
    return all(a in (FREE, b) for a, b in zip(outer, inner, strict=True))


@pytest.mark.parametrize("kind", [asp.FIXED_POINTS, asp.MINIMAL])
def test_that_the_construction_of_many_gates_stops_at_the_limit(kind: str) -> None:
    """The solver is never reached: the limit has passed while the gates were counted."""
    network = loads(random_network(3_000, seed=1), "test.bnet").project.network
    rules = [(c.name, c.rule.reaches(1) if c.rule else None) for c in network.components]
    looks = iter(range(100))

    class Passed(Deadline):
        def check(self) -> None:
            if next(looks) == 1:
                raise OutOfTime

    with pytest.raises(OutOfTime):
        next(iter(asp.rows_of_rules(rules, kind, deadline=Passed(None))))
    assert next(looks) == 2
