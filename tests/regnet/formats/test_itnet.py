"""Implicant tables: rows with jokers, levels, contradictions."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given

from regnet.errors import ParseError
from regnet.formats import Source, find_format
from regnet.formats.itnet import read
from regnet.network import LogicalNetwork
from tests.strategies import networks


@given(network=networks(4, 3))
def test_that_tables_of_all_states_mean_the_network_that_they_came_from(
    network: LogicalNetwork,
) -> None:
    tops = network.tops
    lines = []
    for name, top in tops.items():
        lines.append(f"{' '.join(tops)} : {name}[{top}]")
        for levels in product(*(range(top + 1) for top in tops.values())):
            target = network.target(name, dict(zip(tops, levels, strict=True)))
            if target:
                lines.append(f"{' '.join(map(str, levels))}:{target}")
    again = read("\n".join(lines)).project.network
    assert again.tops == tops
    assert set(network.inputs) <= set(again.inputs)
    for levels in product(*(range(top + 1) for top in tops.values())):
        state = dict(zip(tops, levels, strict=True))
        assert all(again.target(n, state) == network.target(n, state) for n in tops)


SAMPLE = "# a model\n# [A, B, D]\n\nA : A\n1:1\n\nA : B[2]\n0:2\n\nA B : D\n1-:1 # any B\n02:1\n"


def test_that_the_sample_of_its_description_is_read() -> None:
    network = read(SAMPLE).project.network
    assert network.inputs == ("A",)
    assert network.tops == {"A": 1, "B": 2, "D": 1}
    targets = {
        (a, b): network.target("D", {"A": a, "B": b, "D": 0}) for a in (0, 1) for b in (0, 1, 2)
    }
    assert [key for key, target in targets.items() if target] == [(0, 2), (1, 0), (1, 1), (1, 2)]


def test_that_a_table_without_regulators_is_a_constant() -> None:
    network = read(" : A[2]\n:2\n : B\n").project.network
    assert network.target("A", {"A": 0, "B": 0}) == 2
    assert network.target("B", {"A": 0, "B": 1}) == 0


def test_that_tables_are_known_by_their_content() -> None:
    assert find_format("m", Source("m", SAMPLE.encode())).name == "itnet"
    assert find_format("m.itnet", Source("m.itnet", b"A : B\n")).name == "itnet"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("01:1\n", 1, "this row stands before any table"),
        ("A B : C\n1:1\n", 2, "this row has 1 levels .expected 2"),
        ("A B : C\n1-:1\n11:0\n", 3, "this row contradicts one above it"),
        ("A : C\n1:2\n", 2, "leads to level 2 .expected a level up to 1"),
        ("A : A\n1:1\nA : B\n2:1\n", 4, "asks for level 2 of A .expected a level up to 1"),
        ("A : C\n1:1\nB : C\n", 3, "C has a table already, in line 1"),
        ("A A : C\n", 1, "A occurs in this table twice"),
        ("A : C\nwords\n", 2, "no table and no row"),
    ],
)
def test_that_faults_are_told_with_their_line(text: str, line: int, words: str) -> None:
    with pytest.raises(ParseError, match=words) as caught:
        read(text, "m.itnet")
    assert caught.value.line == line
