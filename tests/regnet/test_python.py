"""What a modeller types at a Python prompt."""

from __future__ import annotations

import pytest

from regnet import examples
from regnet.errors import NetworkError, ParseError, RegnetError, UnknownNameError
from regnet.logic import parse
from regnet.network import Component, LogicalNetwork, Rule
from regnet.scenario import Cut, Perturbation, Scenario
from regnet.space import Space
from regnet.start import Start

TOGGLE = LogicalNetwork([Component("A", "!B"), Component("B", "!A"), Component("Dose")])
LONGEST = 300
"""Characters that a value may take at a prompt."""


# --- values ------------------------------------------------------------------------------------


def test_that_a_network_is_a_collection_of_the_names_of_its_components() -> None:
    assert list(TOGGLE) == ["A", "B", "Dose"] == [name for name in TOGGLE if name in TOGGLE]
    assert len(TOGGLE) == 3
    assert [TOGGLE[name].is_input for name in TOGGLE] == [False, False, True]
    assert 0 not in TOGGLE
    assert [] not in TOGGLE


@pytest.mark.parametrize("place", [0, -1, slice(0, 2)])
def test_that_a_network_says_that_components_are_found_by_name(place: object) -> None:
    with pytest.raises(NetworkError, match=r"by its name; network\.components is a sequence"):
        TOGGLE[place]  # type: ignore[index]


def test_that_a_name_of_another_type_is_a_name_that_does_not_exist() -> None:
    with pytest.raises(UnknownNameError, match="there is no component 'None'"):
        TOGGLE[None]  # type: ignore[index]


def test_that_rules_are_written_as_text() -> None:
    assert Component("A", "!B") == Component("A", Rule.of("!B")) == Component("A", parse("!B"))
    graded = Component("M", {1: "A", 2: "A & B"}, top=2)
    assert graded == Component("M", Rule.parse({2: "A & B", 1: "A"}), top=2)
    assert TOGGLE.with_rule("B", "A & Dose")["B"].rule == Rule.of("A & Dose")
    assert TOGGLE.with_rule("B", None)["B"].is_input
    assert TOGGLE.with_rule("B", "A=1")["B"].rule == Rule.of("A")  # A is Boolean


@pytest.mark.parametrize(
    ("ask", "error", "words"),
    [
        (lambda: Component("A", "B & | C"), ParseError, "rule of A, column 5: "),
        (lambda: TOGGLE.with_rule("A", "B &"), ParseError, "rule of A, column 4: "),
        (lambda: TOGGLE.with_rule("A", "C"), UnknownNameError, "rule of A"),
        (lambda: Component("A", 3), NetworkError, "'3' is no condition"),
        (lambda: Component("A", {1: None}), NetworkError, "'None' is no condition"),
        (lambda: Component(3), NetworkError, "3 cannot be the name"),
        (lambda: Space({"A": "high"}), NetworkError, "A needs a level or a pair of levels"),
        (lambda: Space({"A": (0, 1, 2)}), NetworkError, "A needs a level or a pair of levels"),
        (lambda: Space.of(["A"]), NetworkError, r"levels are written \{'X': 1\} or 'X=1'"),
        (lambda: Perturbation("A"), ParseError, "'A' is not a level"),
        (lambda: Perturbation("A->"), ParseError, "'A->' is not an edge"),
        (lambda: Perturbation(3), NetworkError, "levels are written"),
        (lambda: Scenario(start="Mass:2"), ParseError, "'Mass:2' is a condition"),
        (lambda: Scenario(start=[1]), NetworkError, "levels are written"),
    ],
)
def test_that_a_mistake_is_told_in_one_sentence(ask, error: type[RegnetError], words: str) -> None:
    with pytest.raises(error, match=words):
        ask()


def test_that_a_network_of_a_list_is_the_network_of_a_tuple() -> None:
    again = LogicalNetwork(list(TOGGLE.components), claims=[])
    assert again == TOGGLE
    assert hash(again) == hash(TOGGLE)


def test_that_levels_are_written_as_dicts_text_or_truth_values() -> None:
    assert str(Space({"VEGF": True, "LIF": False})) == "VEGF=1 LIF=0"
    assert Space.of("VEGF=1, Mass=0..2") == Space.of({"VEGF": 1, "Mass": [0, 2]})
    assert Scenario(start={"Mass": 0}).start == Space({"Mass": 0})
    assert Scenario("x", "LIF=0").perturbation == Perturbation(Space({"LIF": 0}))
    drawn = Scenario(start="A=1, B=0:0.25|1:0.75").start
    assert isinstance(drawn, Start)
    assert drawn.drawn
    assert type(Scenario(start="A=1").start) is Space


def test_that_a_perturbation_is_written_as_a_dict_or_text() -> None:
    both = Perturbation(Space({"VEGF": 0}), frozenset({Cut("A", "B")}))
    assert Perturbation("VEGF=0, A -> B") == both == Perturbation({"VEGF": 0}, ["A->B"])
    assert Perturbation.of(both) is both
    assert Perturbation.of("VEGF=0", name="no VEGF").label == "no VEGF"
    assert Perturbation({"A": 0}).apply(TOGGLE)["A"] == Component("A", "0")


def test_that_a_knock_out_of_a_scenario_has_a_name_that_says_so() -> None:
    project = examples.load("lif_lifr")
    name = project.scenarios[0].name
    assert project.knock_out("LIFR").perturbation == Perturbation({"LIFR": 0})
    there = project.knock_out("LIFR", scenario=name)
    assert there.title() == f"{name}, LIFR=0"
    assert there.start == project.scenarios[0].start
    with pytest.raises(UnknownNameError, match="did you mean 'LIFR'"):
        project.knock_out("LIFRR")


# --- at a prompt -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        TOGGLE,
        TOGGLE["A"],
        TOGGLE["Dose"],
        Component("Mass", {2: "A & B", 1: "A | B:2"}, top=2, compartment="liver"),
        Rule.of("A & !B"),
        Rule.parse({2: "A & B", 1: "A"}),
        parse('A & !"the other":2 | B'),
    ],
)
def test_that_a_short_value_is_shown_as_the_python_that_makes_it(value: object) -> None:
    names = {
        "parse": parse, "Rule": Rule, "Component": Component, "LogicalNetwork": LogicalNetwork,
    }  # fmt: skip
    assert eval(repr(value), names) == value
    assert len(repr(value)) < LONGEST


def test_that_long_values_are_shown_in_one_short_line() -> None:
    condition = " | ".join(f"A{i} & !B{i}" for i in range(500))
    long = Rule.parse({2: condition, 1: condition})
    for value in (parse(condition), Rule.of(condition), long, Component("A" * 400, long, top=2)):
        assert len(repr(value)) < LONGEST
        assert "\n" not in repr(value)
    large = LogicalNetwork([Component(f"a component {i}") for i in range(1000)], name="large")
    assert repr(large).startswith("<LogicalNetwork large: 1000 components, 1000 of them inputs")
