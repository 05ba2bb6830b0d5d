"""Interventions, against every set of them tried by brute force."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regnet.analysis.attractors import certificate
from regnet.analysis.control import Interventions, find_interventions
from regnet.analysis.control.escape_walks import EscapeWalks
from regnet.analysis.control.intervention_text import scope_words
from regnet.analysis.control.refutation import Refuter
from regnet.boolean import encode
from regnet.deadline import Deadline
from regnet.errors import EngineError, NetworkError, UnknownNameError
from regnet.evidence import ATTRACTOR_KINDS, Phenotype
from regnet.formats import load
from regnet.logic import evaluate, variables
from regnet.network import Component, LogicalNetwork, Rule
from regnet.scenario import UPDATES, Cut, Perturbation, Scenario
from regnet.space import Space
from tests.brute import Brute, boxes_of
from tests.conftest import ROOT
from tests.strategies import expressions, networks, perturbations, starts

Case = tuple[LogicalNetwork, Scenario, Phenotype, bool, int]


@st.composite
def cases(draw: st.DrawFn, updates: tuple[str, ...] = UPDATES) -> Case:
    network = draw(networks(4, 2, min_components=2))
    perturbation = draw(perturbations(network, max_clamps=1, max_cuts=1))
    update = draw(st.sampled_from(updates))
    start = draw(st.one_of(st.just(Space()), starts(network)))
    if update == "most-permissive":  # what is reached from several states at once is not decided
        start = Space()
    scenario = Scenario("", perturbation, start, update)
    kind = draw(st.sampled_from(["", "", "", *ATTRACTOR_KINDS]))
    target = Phenotype("target", draw(expressions(network.tops, max_leaves=3)), kind)
    # Minimal trap spaces by brute force take long: fewer sets of interventions are tried there.
    largest = 1 if update == "most-permissive" else 2
    return network, scenario, target, draw(st.booleans()), draw(st.integers(0, largest))


def works(network: LogicalNetwork, scenario: Scenario, target: Phenotype) -> bool:
    """Return whether every attractor shows the target."""
    brute = Brute(network, scenario.perturbation)
    start = scenario.start_of(network)
    begins = brute.within(start) if start else None
    if scenario.update == "asynchronous":
        found = [(a, brute.is_cyclic(a)) for a in brute.asynchronous(begins)]
    elif scenario.update == "synchronous":
        found = [(a, len(a) > 1) for a in brute.synchronous(begins)]
    else:
        some = boxes_of(begins) if begins else [brute.whole]
        boxes = set().union(*map(brute.minimal_trap_spaces, some))
        spaces = [Space(dict(zip(network.names, box, strict=True))) for box in boxes]
        found = [(brute.within(space), False) for space in spaces]
    for states, cyclic in found:
        kind = "fixed point" if len(states) == 1 else "cyclic" if cyclic else "complex"
        levels = [dict(zip(network.names, state, strict=True)) for state in states]
        if not target.fits(kind) or not all(evaluate(target.condition, s) for s in levels):
            return False
    return True


@given(data=st.data())
@settings(max_examples=15)
def test_that_a_set_is_smallest_or_says_of_which_part_that_is_open(data: st.DataObject) -> None:
    """From several states at once, what most-permissive updates reach is not always decided."""
    network = data.draw(networks(4, 1, min_components=3))
    scenario = Scenario("", start=data.draw(starts(network)), update="most-permissive")
    target = Phenotype("target", data.draw(expressions(network.tops, max_leaves=3)))
    found = find_interventions(network, scenario, target, max_size=2)
    for one in found.found:
        assert works(network, scenario.perturbed(one.perturbation), target)
        clamps = one.perturbation.clamps
        parts = [clamps.without(name) for name in clamps] + [Space()] * (len(clamps) > 0)
        smaller = [p for p in parts if works(network, scenario.perturbed(Perturbation(p)), target)]
        assert not smaller or one.doubt is not None
        if one.doubt is not None:
            assert one.why.endswith("was not decided")
            assert "perhaps not smallest" in found.missing
            assert not found.complete


def test_that_a_set_whose_part_is_open_is_not_called_smallest() -> None:
    network = LogicalNetwork(
        (
            Component("C", Rule.of("false")),
            Component("D", Rule.of("D")),
            Component("B", Rule.of("C & D")),
        )
    )
    scenario = Scenario(start=Space({"C": 1}), update="most-permissive")
    found = find_interventions(network, scenario, network.parse("B"), max_size=2)
    (one,) = found.found
    assert str(one.perturbation) == "C=1 D=1"
    assert str(one.doubt) == "C=1"
    assert one.why.endswith("; whether C=1 alone works as well was not decided")
    assert found.missing.endswith("; so perhaps not smallest: C=1 D=1")
    assert found.proved < 1


def by_brute_force(case: Case) -> set[Perturbation]:
    network, scenario, target, cuts, size = case
    named = {v.name for v in variables(target.condition)} | scenario.perturbation.clamps.keys()
    single = [
        Perturbation(Space({name: level}))
        for name in network.names
        if name not in named
        for level in range(network.tops[name] + 1)
    ]
    if cuts:
        cut = {(c.source, c.target) for c in scenario.perturbation.cuts}
        perturbed = scenario.perturbation.apply(network)
        for component in perturbed.components:
            rule = component.rule
            for source in {v.name for v in rule.thresholds()} if rule else set():
                if source != component.name and (source, component.name) not in cut:
                    one = Cut(source, component.name)
                    single.append(Perturbation(cuts=frozenset({one})))
    found: list[Perturbation] = []
    for count in range(size + 1):
        for several in combinations(single, count):
            clamps = [p.clamps for p in several if p.clamps]
            if len({name for c in clamps for name in c}) < len(clamps):
                continue
            done = Perturbation()
            for one in several:
                done = done.then(one)
            if any(is_part(p, done) for p in found):
                continue
            if works(network, scenario.perturbed(done), target):
                found.append(done)
    return set(found)


def is_part(one: Perturbation, other: Perturbation) -> bool:
    return one.clamps.items() <= other.clamps.items() and one.cuts <= other.cuts


def ask(case: Case) -> Interventions:
    network, scenario, target, cuts, size = case
    return find_interventions(network, scenario, target, cuts=cuts, max_size=size)


@given(cases())
@settings(max_examples=60)
def test_that_they_are_those_of_brute_force(case: Case) -> None:
    answer = ask(case)
    assert answer.complete
    assert {one.perturbation for one in answer.found} == by_brute_force(case)


@st.composite
def wide_cases(draw: st.DrawFn) -> Case:
    """Sets of up to three, after which every attractor or every reachable one has the target."""
    count, top, size = draw(st.sampled_from([(3, 2, 2), (4, 1, 3), (2, 3, 3)]))
    network = draw(networks(count, top, min_components=count, inputs=False))
    start = draw(st.one_of(st.just(Space()), starts(network)))
    target = Phenotype("target", draw(expressions(network.tops, max_leaves=2)))
    return network, Scenario(start=start), target, draw(st.booleans()), size


@given(wide_cases())
@settings(max_examples=30)
def test_that_larger_sets_are_those_of_brute_force(case: Case) -> None:
    answer = ask(case)
    assert answer.complete
    assert {one.perturbation for one in answer.found} == by_brute_force(case)


@pytest.mark.parametrize("update", ["asynchronous", "most-permissive"])
@given(data=st.data())
@settings(max_examples=25)
def test_that_what_walks_and_rules_refute_fails(update: str, data: st.DataObject) -> None:
    # small networks are mostly refuted by what the target implies, so that is switched off here
    network = data.draw(networks(3, 2, min_components=3, inputs=False))
    target = Phenotype("target", data.draw(expressions(network.tops, max_leaves=2)))
    size = 1 if update == "most-permissive" else 2
    case = (network, Scenario(update=update), target, data.draw(st.booleans()), size)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Refuter, "absurd", lambda *_: None)
        answer = ask(case)
    assert answer.complete
    assert {one.perturbation for one in answer.found} == by_brute_force(case)


@given(data=st.data())
@settings(max_examples=25)
def test_that_what_is_proved_one_trap_space_after_another_works(data: st.DataObject) -> None:
    # small networks are mostly proved in one go, so that is switched off here
    network = data.draw(networks(4, 1, min_components=3, inputs=False))
    target = Phenotype("target", data.draw(expressions(network.tops, max_leaves=2)))
    case = (network, Scenario(), target, False, 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(certificate, "FEW_TRIES", 0)
        answer = ask(case)
    assert answer.complete
    assert {one.perturbation for one in answer.found} == by_brute_force(case)


def test_that_only_states_at_which_a_network_rests_need_a_way_out() -> None:
    # of 2^16 states of a ring that oscillates, one or two remain when one component is held back
    length = 16
    rules = [Rule.of(f"!X{length - 1}"), *(Rule.of(f"X{i}") for i in range(length - 1))]
    network = LogicalNetwork(tuple(Component(f"X{i}", rule) for i, rule in enumerate(rules)))
    encoding = encode(network)
    halfway = " & ".join(f"{'!' * (2 * i >= length)}X{i}" for i in range(length))
    wanted = encoding.read(network.parse(f"!({halfway})"))
    escape_walks = EscapeWalks(encoding.network, wanted, Deadline())
    assert escape_walks.find(encoding.network.functions, {})
    assert len(escape_walks.walks) <= 3


def test_that_the_search_goes_on_when_a_refutation_does_not_rule_out_its_own_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # a refutation that the failed set itself seems to disturb would be asked about for ever
    monkeypatch.setattr(Refuter, "hits", lambda *_: True)
    answer = find_interventions(TOGGLE, None, TOGGLE.parse("D"), max_size=1, timeout=30)
    assert answer.complete
    assert named(answer) == ["A=1", "B=0", "C=1"]
    assert answer.judged <= 1 + answer.candidates


def test_that_one_loop_refutes_whatever_else_oscillates() -> None:
    # X and Y switch each other off again, so the target is lost whatever thirty oscillators do
    others = [f"Z{i}" for i in range(30)]
    rules = {"X": "!Y", "Y": "X", "T": f"X & ({' | '.join(others)})"}
    rules |= {name: f"!{name}" for name in others}
    network = LogicalNetwork(tuple(Component(n, Rule.of(r)) for n, r in rules.items()))
    answer = find_interventions(network, None, network.parse("T"), max_size=2)
    assert answer.complete
    assert set(named(answer)) == {f"{x} {z}=1" for x in ("X=1", "Y=0") for z in others}
    # of some 2,000 sets: those found, X=1 or Y=0 with an oscillator off, and a few more
    assert answer.judged < 2 * len(answer.found) + 20


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "wanted", "sets"), [("002", '"v_cAMP"', 22), ("210", "!v_VAV1", 43)]
)
def test_that_targets_that_oscillate_in_real_models_are_decided(
    corpus: Path, key: str, wanted: str, sets: int
) -> None:
    known = json.loads((corpus / "bbm" / "truth.json").read_text())["models"][key]
    inputs = {name: int(level) for name, level in dict(known["input_valuation"]).items()}
    network = load(corpus / "bbm" / f"{key}.bnet").network
    for update in ("asynchronous", "most-permissive"):
        scenario = Scenario(perturbation=Perturbation(Space(inputs)), update=update)
        answer = find_interventions(network, scenario, network.parse(wanted), max_size=2)
        assert answer.complete
        assert len(answer.found) == sets


def named(answer: Interventions) -> list[str]:
    return [str(one.perturbation) for one in answer.found]


def test_that_an_outcome_far_downstream_is_found() -> None:
    # a filter that runs each candidate for a fixed time loses the far end of a cascade
    length = 60
    rules = [Rule.of("X0"), *(Rule.of(f"X{i}") for i in range(length - 1))]
    network = LogicalNetwork(tuple(Component(f"X{i}", rule) for i, rule in enumerate(rules)))
    answer = find_interventions(network, None, network.parse(f"X{length - 1}"), max_size=2)
    assert answer.complete
    assert sorted(named(answer)) == sorted(f"X{i}=1" for i in range(length - 1))


def test_that_a_regulator_with_both_signs_is_read_exactly() -> None:
    # written out, B decides C whatever A does; clause by clause, C seems free to change
    rules = {"A": "!A", "B": "A & B", "C": "A & B | !A & B"}
    network = LogicalNetwork(tuple(Component(n, Rule.of(r)) for n, r in rules.items()))
    for update in UPDATES:
        answer = find_interventions(network, Scenario(update=update), network.parse("C"))
        assert answer.complete
        assert named(answer) == ["B=1"]


def test_that_only_lif_its_receptor_in_hepatocytes_and_p21_rescue_an_overdosed_liver() -> None:
    project = load(ROOT / "tests" / "models" / "lif_lifr_extended.toml")
    scenario = project.scenario("overdose before PHx")
    target = project.network.parse("Mass:2")
    answer = find_interventions(
        project.network, scenario, target, max_size=1, phenotypes=project.phenotypes
    )
    assert answer.complete
    rescued = ["Drive=2", "LIF=1", "LIFR_H=0", "STAT3_H=0", "STAT3_H=1", "p21=0"]
    assert named(answer) == rescued
    assert answer.before["overdose (wasting)"] == "every attractor"
    lif = answer.found[1]
    assert lif.phenotypes["overdose (wasting)"] == "no attractor"


TOGGLE = LogicalNetwork(
    (
        Component("A", Rule.of("!B")),
        Component("B", Rule.of("!A")),
        Component("C", Rule.of("A")),
        Component("D", Rule.of("C")),
    )
)


def test_that_costs_order_and_choices_bind() -> None:
    target = TOGGLE.parse("D")
    answer = find_interventions(TOGGLE, None, target, costs={"C": 5, "A": 2})
    assert [(str(one.perturbation), one.cost) for one in answer.found] == [
        ("B=0", 1.0),
        ("A=1", 2.0),
        ("C=1", 5.0),
    ]
    assert named(find_interventions(TOGGLE, None, target, forbid=["A", "B"])) == ["C=1"]
    assert named(find_interventions(TOGGLE, None, target, allow=["D"])) == ["D=1"]
    cut = find_interventions(TOGGLE, None, target, allow=["B"], cuts=True)
    assert named(cut) == ["B->A", "B=0"]
    limited = find_interventions(TOGGLE, None, target, limit=1)
    assert len(limited.found) == 1
    assert "first 1 sets" in limited.missing


def test_that_nothing_to_do_is_the_empty_set() -> None:
    answer = find_interventions(TOGGLE, None, TOGGLE.parse("A | B"))
    assert named(answer) == ["wild type"]
    assert answer.complete


def test_that_running_out_of_time_says_what_was_proved() -> None:
    network = load(ROOT / "tests" / "models" / "lif_lifr_extended.toml").network
    answer = find_interventions(network, None, network.parse("Mass:2"), timeout=1e-9)
    assert not answer.complete
    assert answer.proved == -1
    assert answer.origin.guarantee == "bounded"


def test_that_what_does_not_fit_is_told_in_a_sentence() -> None:
    with pytest.raises(UnknownNameError, match="X9"):
        find_interventions(TOGGLE, None, TOGGLE.parse("D"), forbid=["X9"])
    with pytest.raises(NetworkError, match="cost"):
        find_interventions(TOGGLE, None, TOGGLE.parse("D"), costs={"A": -1})
    with pytest.raises(EngineError, match="interventions"):
        find_interventions(TOGGLE, None, TOGGLE.parse("D"), max_size=-1)


def test_that_an_answer_says_for_how_long_sets_are_held_and_what_was_left_out() -> None:
    network = LogicalNetwork(
        (Component("A", Rule.of("B")), Component("B", Rule.of("C")), Component("C", Rule.of("B")))
    )
    asked = Scenario(perturbation=Perturbation(Space({"C": 0})))
    found = find_interventions(network, asked, network.parse("A"))
    assert found.left_out == ("A", "C")
    assert scope_words(found) == (
        "Each set is held permanently; whether it may be withdrawn was not examined. Not held: "
        "A, C, which the target names, the scenario holds or you forbade; allow them by name."
    )
    allowed = find_interventions(network, asked, network.parse("A"), allow=["A"])
    assert scope_words(allowed).endswith("Chosen from: A.")
