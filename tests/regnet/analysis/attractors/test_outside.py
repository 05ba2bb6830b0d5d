"""Attractors outside all minimal trap spaces: found or marked, never missed.

Small random networks hardly ever have one, so they are planted: three components that settle on no
trap space drive others that are drawn at random.
"""

from __future__ import annotations

import random

import pytest

from regnet.analysis.attractors import cores, find_attractors
from regnet.analysis.attractors.certificate import certify
from regnet.boolean import BooleanNetwork, encode
from regnet.deadline import Deadline
from regnet.engines import explicit
from regnet.formats.bnet import read
from regnet.logic import parse
from regnet.network import Component, LogicalNetwork, Rule

CORE = ("!A & !B | C", "!A & !B | C", "A & B")
"""Rules of A, B and C: both 0 and all 1 are fixed, and a third attractor holds neither."""


def with_planted(chance: random.Random, size: int, *, multivalued: bool) -> LogicalNetwork:
    """Return a network of some components, three of which have the attractor planted."""
    names = [chr(ord("A") + i) for i in range(size)]
    tops = [1, 1, 1, *(1 + (multivalued and i < 3) for i in range(size - 3))]

    def literal() -> str:
        i = chance.randrange(size)
        level = chance.randint(1, tops[i])
        return chance.choice(["", "!"]) + (names[i] if level == 1 else f"{names[i]}:2")

    def condition() -> str:
        a, b, c = literal(), literal(), literal()
        return chance.choice([f"{a} & {b}", f"{a} | {b}", f"{a} & ({b} | {c})", f"{a} | {b} & {c}"])

    components = [Component(n, Rule.of(text)) for n, text in zip("ABC", CORE, strict=True)]
    for name, top in zip(names[3:], tops[3:], strict=True):
        rule = Rule(tuple((parse(condition()), level) for level in range(top, 0, -1)))
        components.append(Component(name, rule, top=top))
    return LogicalNetwork(tuple(components))


def random_network(chance: random.Random, size: int) -> LogicalNetwork:
    """Return a network in which few things hold others: attractors are large and few."""
    lines = []
    for i in range(size):
        a, b, c = (f"X{chance.randrange(size)}" for _ in range(3))
        form = chance.choice(
            [
                "{a} & !{b} | !{a} & {b}",
                "!{a} & !{b} | {c}",
                "{a} & {b}",
                "!{a}",
                "{a} | !{b} & {c}",
            ]
        )
        lines.append(f"X{i}, {form.format(a=a, b=b, c=c)}")
    return read("\n".join(lines)).project.network


def number_outside(network: BooleanNetwork, spaces: tuple[dict[int, bool], ...]) -> int:
    """Return how many attractors lie outside some spaces, by every state."""
    d = network.diagram
    found = explicit.asynchronous_attractors(network, deadline=Deadline())
    return sum(not any(d.both(each.states, d.cube(s)) for s in spaces) for each in found)


@pytest.mark.parametrize("multivalued", [False, True])
def test_that_planted_attractors_are_found(multivalued: bool, monkeypatch: pytest.MonkeyPatch):
    chance = random.Random(7)
    monkeypatch.setattr(cores, "ENUMERATED_VARIABLES", 0)
    for size in (6, 9, 12):
        network = with_planted(chance, size, multivalued=multivalued)
        found = find_attractors(network)
        expected = find_attractors(network, engine="explicit")
        assert found.complete
        assert found.total == expected.total
        assert found.attractors == expected.attractors


@pytest.mark.slow
@pytest.mark.parametrize("multivalued", [False, True])
def test_that_planted_attractors_of_large_networks_are_never_denied(multivalued: bool):
    chance = random.Random(3)
    for size in [12, 13, 14, 15, 16] * 5:
        network = encode(with_planted(chance, size, multivalued=multivalued), settled=False).network
        certificate = certify(network, deadline=Deadline())
        assert not certificate.proved
        assert number_outside(network, certificate.spaces)


def check_random(networks: int, size: int) -> None:
    """Hold certificates against every state: nothing is denied, nothing is left in doubt."""
    chance = random.Random(size)
    for _ in range(networks):
        network = encode(random_network(chance, size), settled=False).network
        certificate = certify(network, deadline=Deadline())
        outside = number_outside(network, certificate.spaces)
        assert certificate.proved is not bool(outside)


def test_that_random_networks_are_proved_exactly_where_nothing_lies_outside():
    check_random(40, 8)


@pytest.mark.slow
def test_that_larger_random_networks_are_proved_exactly_where_nothing_lies_outside():
    for size in (8, 10, 12, 14):
        check_random(150, size)
