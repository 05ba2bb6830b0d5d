"""Starts: distributions of levels, how they change, and as text."""

from __future__ import annotations

import pickle
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regnet.errors import NetworkError, ParseError
from regnet.network import Component, LogicalNetwork
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space
from regnet.start import Distribution, Start, parse_start

BOTH_OR_NONE = Distribution(("A", "B"), (((0, 0), 0.5), ((1, 1), 0.5)))
MOSTLY_OFF = Distribution(("Out",), (((0,), 0.75), ((1,), 0.25)))


@st.composite
def starts(draw: st.DrawFn) -> Start:
    """Return a start of up to six components with three levels, some drawn alone or together."""
    names = draw(st.permutations(["A", "B", "C", "D", "E", "F"]))
    plain = {}
    for name in names[:2]:
        low = draw(st.integers(0, 2))
        plain[name] = (low, draw(st.integers(low, 2)))
    groups = []
    for group in (names[2:4], names[4:5]):
        levels = list(product(range(3), repeat=len(group)))
        weights = draw(st.lists(st.integers(0, 4), min_size=len(levels), max_size=len(levels)))
        total = sum(weights)
        if total:
            rows = tuple((at, w / total) for at, w in zip(levels, weights, strict=True))
            groups.append(Distribution(tuple(group), rows))
    return Start(plain, groups)


def probabilities(start: Start, names: str = "ABCDEF") -> dict[tuple[int, ...], float]:
    """Return the probability of each state, by looking at every one."""
    found = {}
    for state in product(range(3), repeat=len(names)):
        at = dict(zip(names, state, strict=True))
        chance = 1.0
        drawn = set()
        for group in start.drawn:
            drawn |= set(group.components)
            wanted = tuple(at[n] for n in group.components)
            chance *= sum(p for levels, p in group.rows if levels == wanted)
        for name in set(names) - drawn:
            low, high = start.get(name, (0, 2))
            chance *= (low <= at[name] <= high) / (high - low + 1)
        if chance:
            found[state] = chance
    return found


@given(starts())
def test_that_what_a_start_prints_is_read_back(start: Start) -> None:
    again = parse_start(str(start))
    assert again == start
    assert pickle.loads(pickle.dumps(start)) == start


@given(starts())
def test_that_a_start_is_exact_only_where_every_state_of_its_space_can_be_drawn(
    start: Start,
) -> None:
    possible = probabilities(start)
    assert sum(possible.values()) == pytest.approx(1)
    ranges = [start.get(name, (0, 2)) for name in "ABCDEF"]
    box = set(product(*(range(low, high + 1) for low, high in ranges)))
    assert set(possible) <= box
    assert start.is_exact == (set(possible) == box)


@given(starts(), st.integers(0, 2), st.sampled_from("ABCDEF"))
def test_that_what_is_put_over_a_start_leaves_the_others_their_probabilities(
    start: Start, level: int, name: str
) -> None:
    after = probabilities(start.with_({name: level}))
    wanted: dict[tuple[int, ...], float] = {}
    place = "ABCDEF".index(name)
    for state, chance in probabilities(start).items():
        moved = (*state[:place], level, *state[place + 1 :])
        wanted[moved] = wanted.get(moved, 0.0) + chance
    assert after == pytest.approx(wanted)


def test_that_clamps_move_a_drawn_level_to_the_nearest_they_allow() -> None:
    drawn = Distribution(("A", "D"), (((0, 0), 0.5), ((0, 2), 0.25), ((2, 1), 0.25)))
    held = Start({"E": (0, 2)}, [drawn]).within(Space({"A": (1, 2), "E": 1, "F": (0, 1)}))
    assert str(held) == "E=1 F=0..1 A&D=1&0:0.5|1&2:0.25|2&1:0.25"


def test_that_a_start_is_a_space_of_all_that_can_be_drawn() -> None:
    start = Start({"C": 1}, [BOTH_OR_NONE, MOSTLY_OFF])
    assert dict(start) == {"C": (1, 1), "A": (0, 1), "B": (0, 1), "Out": (0, 1)}
    assert not start.is_exact
    assert start.without("B").is_exact
    assert str(start.without("B")) == "C=1 A=0..1 Out=0:0.75|1:0.25"
    assert start != Space(start.levels())
    assert Space(start.levels()) != start
    assert Start({"C": 1}) == Space({"C": 1})


def test_that_certain_and_uniform_levels_are_plain() -> None:
    certain = Distribution(("A", "B"), (((1, 0), 1.0),))
    even = Distribution(("C",), (((0,), 0.5), ((1,), 0.5)))
    assert str(Start({}, [certain, even])) == "A=1 B=0 C=0..1"


def test_that_a_scenario_carries_its_probabilities_through_edits() -> None:
    network = LogicalNetwork(tuple(Component(name) for name in ("A", "B", "Out")))
    scenario = Scenario(start=Start({}, [BOTH_OR_NONE, MOSTLY_OFF]))
    assert str(scenario.renamed("A", "Z").start) == "Out=0:0.75|1:0.25 Z&B=0&0:0.5|1&1:0.5"
    assert str(scenario.without("Out").start) == "A&B=0&0:0.5|1&1:0.5"
    clamped = scenario.perturbed(Perturbation(Space({"B": 1})))
    assert str(clamped.start_of(network)) == "A=0..1 B=1 Out=0:0.75|1:0.25"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A=0:0.5|1:0.6", "sum to 1.1"),
        ("A=0:x", "is no distribution of a start"),
        ("A&B=0:1", "are no levels of A&B"),
        ("A=0:0.4|1:0.6 A=1", "the start of A is given twice"),
        ("A&A=0&0:1", "cannot be drawn"),
        ("A=0:-1|1:2", "is no probability"),
    ],
)
def test_that_a_faulty_distribution_is_told_in_one_sentence(text: str, words: str) -> None:
    with pytest.raises(ParseError, match=words):
        parse_start(text)


def test_that_rows_are_added_up() -> None:
    one = Distribution(("A",), (((1,), 0.25), ((0,), 0.5), ((1,), 0.25), ((2,), 0.0)))
    assert one.rows == (((0,), 0.5), ((1,), 0.5))
    with pytest.raises(NetworkError):
        Distribution((), ())
