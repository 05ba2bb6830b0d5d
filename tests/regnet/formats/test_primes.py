"""Prime implicants: exactly those of pyboolnet, both ways."""

from __future__ import annotations

import json
from itertools import product

import pytest
from hypothesis import given, settings

from regnet.diagram import Diagram
from regnet.errors import FormatError, ParseError
from regnet.exchange.interchange import compare_functions
from regnet.formats import primes
from regnet.formats.primes import prime_implicants, read, write
from regnet.logic import parse, variables
from regnet.network import LogicalNetwork
from regnet.project import Project
from tests.strategies import boolean_networks

TEXT = """\
{"A": [[{"B": 0}, {"C": 1}], [{"B": 1, "C": 0}]],
"B": [[{"B": 0}], [{"B": 1}]],
"C": [[], [{}]],
"IL-2": [[{}], []]}
"""


def test_that_implicants_become_rules_and_are_written_as_they_were() -> None:
    project = read(TEXT).project
    rules = {c.name: str(c.rule.reaches(1)) if c.rule else "" for c in project.network.components}
    assert rules == {"A": "B & !C", "B": "", "C": "1", "IL-2": "0"}
    assert write(project) == (TEXT, ())


def test_that_names_without_implicants_are_inputs() -> None:
    reading = read('{"A": [[{"B": 0}], [{"B": 1}]]}')
    assert reading.project.network.inputs == ("B",)
    assert "taken as input" in reading.remarks[0].message


@given(boolean_networks(3))
@settings(max_examples=30)
def test_that_implicants_are_prime_and_all_there_are(network: LogicalNetwork) -> None:
    for c in network.components:
        if c.rule is None:
            continue
        condition = c.rule.reaches(1)
        used = [v.name for v in variables(condition)]
        number = {(name, 1): n for n, name in enumerate(used)}
        diagram = Diagram()
        found = prime_implicants(diagram, diagram.read(condition, number), 1000)
        assert found is not None
        states = [dict(enumerate(bits)) for bits in product((False, True), repeat=len(used))]
        true = [s for s in states if network.target(c.name, _levels(network, used, s))]
        implies = [
            cube
            for values in product((None, False, True), repeat=len(used))
            for cube in [tuple((n, v) for n, v in enumerate(values) if v is not None)]
            if all(s in true for s in states if all(s[n] == v for n, v in cube))
        ]
        expected = {c for c in implies if not any(set(d) < set(c) for d in implies)}
        assert set(found) == expected


def _levels(network: LogicalNetwork, used: list[str], state: dict[int, bool]) -> dict[str, int]:
    return {**dict.fromkeys(network.names, 0), **{used[n]: int(v) for n, v in state.items()}}


def test_that_pyboolnet_finds_the_same_implicants() -> None:
    exchange = pytest.importorskip("pyboolnet.file_exchange")
    text = "A, B & !C | D & (C | !B)\nB, B\nC, A | D\nD, 0\n"
    from regnet.formats.bnet import read as read_bnet

    project = read_bnet(text).project
    found = json.loads(write(project)[0])
    known = exchange.bnet2primes(text)

    def sorted_implicants(both: dict[str, list[list[dict[str, int]]]]) -> dict[str, object]:
        return {n: [sorted(sorted(i.items()) for i in p) for p in two] for n, two in both.items()}

    assert sorted_implicants(found) == sorted_implicants(known)
    assert compare_functions(project.network, read(json.dumps(found)).project.network)


REFUSALS = {
    "no JSON": ('{"A": [[', "this is no JSON"),
    "a list": ("[]", "prime implicants of each component are missing"),
    "one list": ('{"A": [[]]}', "A: there are no two lists"),
    "a number": ('{"A": [1, []]}', "A: the implicants are no list"),
    "a level": ('{"A": [[{"B": 2}], []]}', 'A: {"B": 2} is no implicant'),
    "both values": ('{"A": [[{"B": 1}], [{"B": 1}]]}', "of 0 and of 1 hold in the same state"),
    "no value": ('{"A": [[], []]}', "some states are in no implicant"),
    "a name twice": ('{"A": [[], [{}]], "A": [[{}], []]}', "the key 'A' stands twice"),
    "no name": ('{"": [[], [{}]]}', "cannot be the name"),
}


@pytest.mark.parametrize(("text", "words"), REFUSALS.values(), ids=REFUSALS)
def test_that_a_faulty_text_is_refused_in_a_sentence(text: str, words: str) -> None:
    with pytest.raises(ParseError) as caught:
        read(text, "m.primes")
    assert words in caught.value.message


def test_that_too_many_implicants_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(primes, "MAX_PRIMES", 2)
    network = read(TEXT).project.network.with_rule("A", None)
    from regnet.network import Rule

    many = network.with_rule("A", Rule.of(parse("(A | B) & (B | C) & (C | A)")))
    with pytest.raises(FormatError, match="A has more than 2 prime implicants"):
        write(Project(many))
