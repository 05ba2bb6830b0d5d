"""Rates: numbers and laws, sets of them, and what edits of the model do to them."""

from __future__ import annotations

import pickle

import pytest

from regnet.errors import NetworkError, UnknownNameError
from regnet.logic import FALSE, TRUE, parse
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project
from regnet.rates import RateClass, RateLaw, Rates, RateSet, Timing, simplified
from regnet.scenario import Cut, Perturbation

LAW = RateLaw(((parse("A & !B"), 5.0), (parse("A"), 0.5)))
NETWORK = LogicalNetwork((Component("A"), Component("B"), Component("T", Rule.of("A"))))


def test_that_a_law_is_decided_by_the_first_case_that_holds() -> None:
    assert [LAW.value({"A": a, "B": b}) for a in (0, 1) for b in (0, 1)] == [0, 0, 5, 0.5]


def test_that_a_law_with_one_value_left_is_a_number() -> None:
    assert simplified([(FALSE, 3), (TRUE, 2), (parse("A"), 1)]) == 2
    assert simplified([(FALSE, 3)]) == 0
    assert simplified([(parse("A"), 1), (TRUE, 0)]) == RateLaw(((parse("A"), 1),))


def test_that_edits_of_the_model_reach_the_conditions_of_rates() -> None:
    days = RateSet(
        "days",
        (RateClass(("T",), LAW, 1.0, kind="paper", refs=("R1",)), RateClass(("A", "B"), 2, 2, "x")),
        unit="day",
        timing=Timing(end=3, readouts=("A", "T")),
    )
    project = Project(NETWORK, rate_sets=(days,))
    renamed = project.renamed("A", "Z").rate_set()
    assert str(renamed.rates.of("T")[0]) == "5 if Z & !B, 0.5 if Z, else 0"
    assert renamed.timing.readouts == ("Z", "T")
    assert renamed.rates.of("Z") == (2, 2)
    fewer = project.without("B").rate_set()
    assert str(fewer.rates.of("T")[0]) == "5 if A, 0.5 if A, else 0"
    assert fewer.classes[1].components == ("A",)
    gone = project.without("A").rate_set()
    assert gone.rates.of("T") == (0.0, 1.0)
    assert gone.classes[0].refs == ("R1",)


def test_that_a_rate_of_a_cut_edge_sees_the_cut() -> None:
    rates = Rates().with_rate((LAW, 1.0), "T")
    cut = Perturbation(cuts=frozenset({Cut("A", "T", 1)}))
    assert str(cut.seen_by(rates).of("T")[0]) == "5 if !B, else 0.5"
    assert cut.seen_by(Rates()) == Rates()


def test_that_rates_fit_their_network_or_raise() -> None:
    Rates().with_rate(LAW, "T").check(NETWORK)
    with pytest.raises(UnknownNameError):
        Rates().with_rate(LAW, "Tt").check(NETWORK)
    with pytest.raises(UnknownNameError):
        Rates().with_rate(RateLaw(((parse("Q"), 1),)), "T").check(NETWORK)
    with pytest.raises(NetworkError, match="a rate cannot be -1"):
        RateLaw(((TRUE, -1),))
    with pytest.raises(NetworkError, match="hold A twice"):
        RateSet("s", (RateClass(("A",), 1, 1), RateClass(("A",), 2, 2)))


def test_that_the_first_set_counts_unless_another_is_named() -> None:
    assert Project(NETWORK).rate_set().rates == Rates()
    sets = RateSet("slow", default=0.1), RateSet("fast", default=10)
    project = Project(NETWORK, rate_sets=sets)
    assert project.rate_set().rates.default == 0.1
    assert project.rate_set("fast").rates.default == 10
    with pytest.raises(UnknownNameError, match="there is no rate set 'fats'"):
        project.rate_set("fats")


def test_that_rates_over_others_win() -> None:
    typed = Rates().with_rate(7, "A")
    file = Rates(2).with_rate(LAW, "A", "T")
    assert typed.over(file).of("A") == (7, 7)
    assert typed.over(file).of("T") == (LAW, LAW)
    assert typed.over(file).of("B") == (2, 2)
    again = pickle.loads(pickle.dumps(file))
    assert again == file
    assert again.of("T") == (LAW, LAW)
