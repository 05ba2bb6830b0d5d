"""Inputs left open: one answer of clingo stands for many, and none is lost, wrong or told twice."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings

from regnet.analysis.trap_spaces import find_trap_spaces
from regnet.boolean import BooleanNetwork, encode
from regnet.deadline import Deadline, OutOfTime
from regnet.engines import asp
from regnet.engines.asp import products
from regnet.formats import loads
from regnet.network import LogicalNetwork
from regnet.space import FREE
from tests.brute import Brute
from tests.strategies import boolean_networks, networks

FOREVER = Deadline()


def network_of(text: str) -> LogicalNetwork:
    return loads(text, "test.bnet").project.network


def boolean_of(text: str) -> BooleanNetwork:
    return encode(network_of(text)).network


EITHER = network_of("I, I\nX, X\nY, Y\nV, I & X | !I & Y\nW, V & !W")
"""Where X and Y are the same, V does not depend on I, but no single product says so."""

WITHIN = network_of("I, I\nJ, J\nA, (A | B) & (I | !B)\nB, !A & !B & J | A & B")
"""Whether I matters depends on how much of A and B is free."""


@settings(max_examples=50)
@given(boolean_networks(6))
@example(EITHER)
@example(WITHIN)
def test_that_each_answer_comes_once_whatever_inputs_matter(network: LogicalNetwork):
    brute, boolean = Brute(network), encode(network).network
    for kind, expected in (
        (asp.MINIMAL, brute.minimal_trap_spaces()),
        (asp.FIXED_POINTS, {tuple((x, x) for x in s) for s in brute.fixed_points()}),
    ):
        found = list(asp.rows(boolean, kind, deadline=FOREVER))
        assert {tuple((0, 1) if x == FREE else (x, x) for x in row) for row in found} == expected
        assert len(found) == len(expected)
        some = list(asp.rows(boolean, kind, limit=3, deadline=FOREVER))
        assert len(set(some)) == min(3, len(expected))
        assert set(some) <= set(found)


@pytest.mark.parametrize("kind", [asp.MINIMAL, asp.FIXED_POINTS])
def test_that_inputs_without_effect_are_listed_only_as_far_as_asked(kind: str):
    inputs = "\n".join(f"I{i}, I{i}" for i in range(70))
    boolean = boolean_of(f"{inputs}\nA, A & I1\nB, A | B & I2")
    rows = list(asp.rows(boolean, kind, limit=5_000, deadline=FOREVER))
    assert len(set(rows)) == len(rows) == 5_000
    with pytest.raises(OutOfTime):
        sum(1 for _ in asp.rows(boolean, kind, deadline=Deadline(0.1)))


def test_that_answers_that_differ_in_inputs_are_all_there():
    inputs = [f"I{i}" for i in range(10)]
    text = "\n".join(f"{name}, {name}" for name in inputs)
    found = find_trap_spaces(network_of(f"{text}\nA, A & ({' | '.join(inputs)})\nB, !B & A"))
    assert found.complete
    assert len({str(space) for space in found.spaces}) == len(found.spaces) == 2**10 + 2**10 - 1
    assert sum("B" not in space.fixed for space in found.spaces) == 2**10 - 1


def test_that_nothing_is_said_where_no_input_matters(capfd: pytest.CaptureFixture[str]):
    assert list(asp.rows(boolean_of("A, A"), asp.MINIMAL, deadline=FOREVER)) == [b"\0", b"\1"]
    assert capfd.readouterr() == ("", "")


@settings(max_examples=50)
@given(networks(4))
@example(EITHER)
@example(WITHIN)
def test_that_functions_written_down_by_their_nodes_give_the_same(network: LogicalNetwork):
    boolean = encode(network).network
    for kind in (asp.MINIMAL, asp.FIXED_POINTS, asp.MAXIMAL):
        expected = set(asp.rows(boolean, kind, deadline=FOREVER))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(products, "MAX_WAYS", 1)
            found = list(asp.rows(boolean, kind, deadline=FOREVER))
        assert set(found) == expected
        assert len(found) == len(expected)


def test_that_a_rule_of_many_products_is_no_trouble():
    pairs = [(f"A{i}", f"B{i}") for i in range(22)]
    lines = [f"{a}, {b}\n{b}, {a}" for a, b in pairs]
    rule = " & ".join(f"({a} | {pairs[i - 1][1]})" for i, (a, _) in enumerate(pairs))
    text = "\n".join([*lines, f"V, {rule}"])
    found = find_trap_spaces(network_of(text), limit=100, timeout=20)
    assert len(found.spaces) == 100
    for space in found.spaces:
        ons = [space[a] == (1, 1) for a, _ in pairs]
        every = all(on or ons[i - 1] for i, on in enumerate(ons))
        assert space["V"] == (every, every)
