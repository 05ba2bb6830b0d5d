"""Scenarios and variants side by side: times on paper, where each ends, and with which rates."""

from __future__ import annotations

import pytest

from regnet.analysis.conditions import follow_conditions
from regnet.analysis.simulate.clock import first_words
from regnet.errors import NetworkError, UnknownNameError
from regnet.evidence import Phenotype
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project, Variant
from regnet.rates import RateClass, Rates, RateSet
from regnet.records.conditions import conditions_summary, conditions_to_rows
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space

NETWORK = LogicalNetwork(
    (Component("Dose"), Component("A", Rule.of("1")), Component("B", Rule.of("A | Dose")))
)
ZERO = Space({"A": 0, "B": 0})
PLAIN = Scenario("plain", Perturbation(Space({"Dose": 0})), ZERO)
GIVEN = Scenario("given early", Perturbation(Space({"Dose": 1})), ZERO)
BLOCKED = Scenario("blocked", Perturbation(Space({"Dose": 0, "A": 0})), ZERO)
DAYS = RateSet("days", (RateClass(("A",), 0.5, 0.5),), unit="day")
MODEL = Project(
    NETWORK,
    variants=(Variant("V1", "A does nothing", {"B": Rule.of("Dose")}),),
    scenarios=(PLAIN, GIVEN, BLOCKED),
    phenotypes=(Phenotype("full", NETWORK.parse("B")), Phenotype("A", NETWORK.parse("A"))),
    rate_sets=(DAYS,),
)
B = NETWORK.parse("B")


def test_that_each_condition_has_its_first_times_and_its_ends() -> None:
    found = follow_conditions(
        MODEL, [PLAIN, GIVEN, BLOCKED], variants=("", "V1"), first=[B], readouts=["B"]
    )
    assert [(one.title, first_words(one.firsts[0]), one.ends) for one in found.conditions] == [
        ("plain", "3.000", ("full", "A")),
        ("given early", "1.000", ("full", "A")),
        ("blocked", "never", ("",)),
        ("plain (V1)", "never", ("A",)),
        ("given early (V1)", "1.000", ("full", "A")),
        ("blocked (V1)", "never", ("",)),
    ]
    assert (found.unit, found.rates) == ("day", "rates of the model (days, per day)")
    assert {one.courses.times[-1] for one in found.conditions} == {20.0}
    rows = conditions_to_rows(found)
    assert rows[0] == ["scenario", "variant", "B first, days", "ends as", "rates"]
    assert rows[4] == ["plain", "V1", "never", "A", "rates of the model (days, per day)"]
    assert rows[3][3] == "no phenotype"
    assert "B comes first in given early, with rates of the model" in conditions_summary(found)


def test_that_rates_that_are_named_count_for_all() -> None:
    found = follow_conditions(MODEL, [PLAIN], first=[B], rates="uniform")
    assert first_words(found.conditions[0].firsts[0]) == "2.000"
    assert (found.unit, found.rates) == ("", "rates all at 1, not those of the model")
    over = follow_conditions(MODEL, [PLAIN], first=[B], own=Rates().with_rate(0.25, "B"))
    assert first_words(over.conditions[0].firsts[0]) == "6.000"


def test_that_a_course_ends_when_it_is_told_to() -> None:
    found = follow_conditions(MODEL, [PLAIN, GIVEN], until=2.0, points=4, readouts=["B"])
    assert [one.courses.times for one in found.conditions] == [(0.0, 0.5, 1.0, 1.5, 2.0)] * 2
    assert [len(one.courses.readouts) for one in found.conditions] == [1, 1]


def test_that_a_time_limit_keeps_what_is_there() -> None:
    found = follow_conditions(MODEL, [PLAIN, GIVEN, BLOCKED], first=[B], timeout=1e-9)
    assert len(found.conditions) == 1
    assert "1 of 3 conditions" in found.missing
    assert found.origin.guarantee == "bounded"


def test_that_conditions_that_cannot_be_followed_are_refused() -> None:
    with pytest.raises(NetworkError, match="name a scenario"):
        follow_conditions(MODEL, [])
    with pytest.raises(NetworkError, match="leaves open where Dose starts"):
        follow_conditions(MODEL, [Scenario("anywhere", start=ZERO)])
    with pytest.raises(UnknownNameError, match="V1"):
        follow_conditions(MODEL, [PLAIN], variants=["V2"])
