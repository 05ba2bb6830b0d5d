"""Automata networks: the moves of the file and of the network that is read are the same."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given

from regnet.errors import ParseError
from regnet.formats import Source, find_format, load
from regnet.formats.pint import START, fits, read
from regnet.network import LogicalNetwork
from tests.conftest import find_shared
from tests.strategies import networks

State = dict[str, int]
_MOVE = re.compile(r'"?(\w+)"? (\d) -> (\d)(?: when (.*))?$')
_ASKED = re.compile(r'"?(\w+)"?\s*=\s*(\d)')


def moves(text: str, state: State) -> set[tuple[str, int]]:
    """Return the moves that a file allows in a state, line by line."""
    found = set()
    for line in text.splitlines():
        move = _MOVE.match(line.strip())
        if move and state[move[1]] == int(move[2]):
            asked = _ASKED.findall(move[4] or "")
            if all(state[name] == int(level) for name, level in asked):
                found.add((move[1], int(move[3])))
    return found


def steps(network: LogicalNetwork, state: State) -> set[tuple[str, int]]:
    """Return the asynchronous moves of a network in a state: one level towards the target."""
    found = set()
    for name, level in state.items():
        target = network.target(name, state)
        if target != level:
            found.add((name, level + (1 if target > level else -1)))
    return found


def states(network: LogicalNetwork) -> list[State]:
    tops = network.tops
    ranges = (range(top + 1) for top in tops.values())
    return [dict(zip(tops, levels, strict=True)) for levels in product(*ranges)]


METAZOAN = """\
(** comment (* in a comment *) **)
"a" [0,1]
"c" [0,1]
"f" [0,1]
"a" 0 -> 1 when "f"=1 and c=0
"a" 1 -> 0 when "c"=1
"c" 0 -> 1 when "f"=1
"c" 1 -> 0 when "f"=0
"c" 1 -> 0
"f" 1 -> 0
initial_state f=1, a=0
"""

LEVELS = """\
d [0, 1, 2, 3]
b [0, 1]
b 0 -> 1 when d=0
b 1 -> 0 when d=2
d 0 -> 1 when b=0
d 1 -> 0 when b=1
d 1 -> 2 when b=0
d 2 -> 1
d 2 -> 3 when d=2 and b=5
d 3 -> 2 when b=1
""".replace("d 2 -> 3 when d=2 and b=5\n", "")


@pytest.mark.parametrize("text", [METAZOAN, LEVELS], ids=["metazoan", "levels"])
def test_that_every_move_of_the_file_is_one_of_the_network_and_no_other(text: str) -> None:
    network = read(text).project.network
    for state in states(network):
        assert steps(network, state) == moves(text, state)


def written(network: LogicalNetwork) -> str:
    """Return a network as an automata network, a line for each move of each state."""
    lines = [f'"{n}" [{", ".join(map(str, range(t + 1)))}]' for n, t in network.tops.items()]
    for state in states(network):
        for name, level in sorted(steps(network, state)):
            others = " and ".join(f'"{n}"={at}' for n, at in state.items() if n != name)
            lines.append(
                f'"{name}" {state[name]} -> {level}' + (f" when {others}" if others else "")
            )
    return "\n".join(lines)


@given(network=networks(3, 3))
def test_that_what_a_network_does_is_read_back(network: LogicalNetwork) -> None:
    text = written(network)
    again = read(text).project.network
    assert again.tops == network.tops
    for state in states(network):
        assert steps(again, state) == steps(network, state)
        for name, component in zip(network.names, network.components, strict=True):
            regulators = () if component.rule is None else component.rule.thresholds()
            if component.rule is not None and all(var.name != name for var in regulators):
                assert again.target(name, state) == network.target(name, state)


def test_that_the_initial_state_is_a_start_and_the_rest_begins_at_0() -> None:
    (scenario,) = read(METAZOAN).project.scenarios
    assert scenario.name == START
    assert dict(scenario.start.levels()) == {"a": 0, "c": 0, "f": 1}
    text = 'a [0, 1]\nb [0, 1, 2]\ninitial_context "a"=1, a=0, b=2, b=0\n'
    reading = read(text)
    assert str(reading.project.scenarios[0].start) == "a=0..1 b=0..2"
    assert "b: begin at all levels between" in reading.remarks[-1].message
    assert read("a [0, 1]\n").project.scenarios == ()


def test_that_local_states_with_names_are_levels_in_their_order() -> None:
    text = (
        'a ["off", "on"]\nb [low, mid, high]\na off -> on when b=high\n"a" 1 -> 0 when b=low\n'
        'b low -> mid when a="on"\nb mid -> high when a=on\n'
    )
    network = read(text).project.network
    assert network["b"].meanings == ("low", "mid", "high")
    assert network.target("b", {"a": 1, "b": 0}) == 2
    assert network.target("a", {"a": 1, "b": 1}) == 1
    assert network.target("a", {"a": 1, "b": 0}) == 0


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a [0, 1]\nb [0, 1]\n{ a 0 -> 1; b 0 -> 1 }\n", 3, 1, "these moves are coupled"),
        ("a [0, 1, 2]\na 0 -> 2\n", 2, 1, "a jumps from 0 to 2 here"),
        ("a [0, 1, 2]\nb [0, 1]\na 1 -> 2 when b=1\na 1 -> 0\n", 4, 1,
         "may move both up and down from 1"),
        ("a [0, 1]\na 0 -> 1 when c=1\n", 2, 15, "there is no automaton c"),
        ("a [0, 1]\na 0 -> 3\n", 2, 8, "3 is no local state of a"),
        ("a [0, 1]\na 0 -> 1 when a=1\n", 2, 1, "can never be made"),
        ("a [0, 1]\na 0 -> 1 @ 5\n", 2, 10, "'@' cannot|'@' does not fit here"),
        ("a [0, 1]\na [0]\n", 2, 1, "a is declared a second time"),
        ("(* never\nclosed\na [0, 1]\n", 1, 1, "this comment is never closed"),
        ("a [0, 1\n", 1, 8, "the file ends too early"),
    ],
)  # fmt: skip
def test_that_what_no_rule_can_do_and_faults_are_told_with_their_place(
    text: str, line: int, column: int, words: str
) -> None:
    with pytest.raises(ParseError, match=words) as caught:
        read(text, "m.an")
    assert (caught.value.line, caught.value.column) == (line, column)


def test_that_automata_networks_are_known_by_their_content() -> None:
    assert find_format("m", Source("m", METAZOAN.encode())).name == "pint"
    assert fits('(* c *) "a" [0, 1]\n')
    assert not fits("A, B\n")


def test_that_an_automaton_with_one_state_is_told() -> None:
    reading = read("c [0]\nb [0, 1]\nb 1 -> 0 when c=0\n")
    assert reading.project.network.target("c", {"b": 1, "c": 1}) == 0
    assert "one local state are held at level 0: c" in reading.remarks[0].message


FILES = sorted((find_shared("corpus") or Path("/none")).glob("formats/pint-an/*.an"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
@pytest.mark.skipif(not FILES, reason="the corpus is not beside the repository")
def test_that_a_real_file_has_the_moves_of_its_lines(path: Path) -> None:
    project = load(path)
    text = path.read_text()
    network = project.network
    assert len(network) == len(re.findall(r"^\"\w+\" \[", text, re.MULTILINE))
    assert project.scenarios[0].start.levels()["EGF"] == 1
    for number in range(64):
        state = {n: (number * 2654435761 >> i) & 1 for i, n in enumerate(network.names)}
        assert steps(network, state) == moves(text, state)
