"""The edges, circuits and claims of a network follow from its rules alone."""

from itertools import product
from random import Random

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regnet.analysis import structure
from regnet.analysis.structure import (
    Circuit,
    Edge,
    edges_into,
    find_edges,
    find_structure,
    interaction_graph,
)
from regnet.logic import And, Const, Expr, Not, Or, Var, disjunction, parse
from regnet.network import Claim, Component, LogicalNetwork, Rule

TOPS = {"A": 2, "B": 1, "C": 2, "T": 2}

LIVER = {
    "LIF_dose": (2, None),
    "Insult": (1, None),
    "LSEC": (1, None),
    "Injury": (1, {1: "Insult | Mass<2"}),
    "LIF": (2, {2: "LIF_dose=2", 1: "LIF_dose=1 | Injury"}),
    "LIFR": (1, {1: "LSEC & LIF>=1"}),
    "STAT3": (1, {1: "LIFR"}),
    "VEGF": (1, {1: "Injury"}),
    "Angio": (2, {2: "LSEC & STAT3 & (VEGF | HGF=2)", 1: "LSEC & (STAT3 | VEGF)"}),
    "HGF": (2, {2: "LSEC & (STAT3 | VEGF) & Angio=2", 1: "LSEC & (STAT3 | VEGF)"}),
    "Cachexia": (1, {1: "LIF=2"}),
    "HepArrest": (1, {1: "LIF=2"}),
    "HepProlif": (
        2,
        {
            2: "HGF=2 & !Cachexia & !HepArrest & Mass<=1",
            1: "Mass=0 & ((HGF>=1 & !Cachexia & !HepArrest) | (HGF=2 & !(Cachexia & HepArrest)))",
        },
    ),
    "Mass": (
        2,
        {
            2: "HepProlif=2 | (Mass=2 & (!Insult | HepProlif>=1))",
            1: "HepProlif>=1 | (Mass=1 & !Insult) | Mass=2",
        },
    ),
}


def network_of(rules: dict[str, tuple[int, dict[int, str] | None]]) -> LogicalNetwork:
    tops = {name: top for name, (top, _) in rules.items()}
    return LogicalNetwork(
        tuple(
            Component(name, Rule.parse(cases, tops) if cases else None, top)
            for name, (top, cases) in rules.items()
        ),
        name="test",
    )


@pytest.fixture(scope="module")
def liver() -> LogicalNetwork:
    return network_of(LIVER)


def expressions() -> st.SearchStrategy[Expr]:
    atoms = st.sampled_from([Var(n, k) for n, top in TOPS.items() for k in range(1, top + 1)])
    return st.recursive(
        atoms | st.booleans().map(Const),
        lambda e: e.map(Not) | st.lists(e, min_size=1, max_size=3).map(lambda a: And(tuple(a)))
        | st.lists(e, min_size=1, max_size=3).map(lambda a: Or(tuple(a))),
        max_leaves=8,
    )  # fmt: skip


def effects_by_definition(rule: Rule) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Raise each regulator by one level in every state, and look at the target."""
    found = {}
    for name, top in TOPS.items():
        signs, thresholds = set(), set()
        for levels in product(*(range(t + 1) for t in TOPS.values())):
            state = dict(zip(TOPS, levels, strict=True))
            if state[name] == top:
                continue
            higher = {**state, name: state[name] + 1}
            change = rule.target(higher) - rule.target(state)
            if change:
                signs.add("+" if change > 0 else "-")
                thresholds.add(state[name] + 1)
        if signs:
            sign = "±" if len(signs) == 2 else signs.pop()
            found[name] = (sign, tuple(sorted(thresholds)))
    return found


@given(st.lists(st.tuples(expressions(), st.integers(0, 2)), min_size=1, max_size=3))
def test_that_edges_are_those_of_the_definition(cases: list[tuple[Expr, int]]) -> None:
    components = [Component(n, top=t) for n, t in TOPS.items() if n != "T"]
    rule = Rule(tuple(cases))
    network = LogicalNetwork((*components, Component("T", rule, top=2)))
    found = {e.source: (e.sign, e.thresholds) for e in edges_into(network, "T")}
    assert found == effects_by_definition(rule)


@given(st.lists(st.tuples(expressions(), st.integers(0, 2)), min_size=1, max_size=3))
def test_that_diagrams_and_tables_agree(cases: list[tuple[Expr, int]]) -> None:
    rule = Rule(tuple(cases))
    levels: dict[str, list[int]] = {}
    for var in rule.thresholds():
        levels.setdefault(var.name, []).append(var.level)
    levels = {name: sorted(named) for name, named in levels.items()}
    reached = [rule.reaches(level) for level in (1, 2)]
    table = structure._effects_by_table(reached, levels)
    assert structure._effects_by_diagram(reached, levels) == table


def test_that_the_liver_model_has_its_25_edges_and_9_circuits(liver: LogicalNetwork) -> None:
    found = find_structure(liver)
    assert len(found.edges) == 25
    assert all(e.sign in "+-" for e in found.edges)
    assert found.all_circuits
    assert sorted(c.sign for c in found.circuits) == ["+"] * 4 + ["-"] * 5
    circuits = {(frozenset(c.members), c.sign) for c in found.circuits}
    assert circuits == {
        (frozenset(members.split()), sign)
        for sign, members in [
            ("+", "Mass"),
            ("+", "HGF Angio"),
            ("-", "Mass HepProlif"),
            ("+", "Cachexia HepProlif Mass Injury LIF"),
            ("+", "HepArrest HepProlif Mass Injury LIF"),
            ("-", "Mass Injury VEGF HGF HepProlif"),
            ("-", "Mass Injury VEGF Angio HGF HepProlif"),
            ("-", "STAT3 HGF HepProlif Mass Injury LIF LIFR"),
            ("-", "STAT3 Angio HGF HepProlif Mass Injury LIF LIFR"),
        ]
    }
    assert found.inputs == ("LIF_dose", "Insult", "LSEC")
    assert len(found.feedback) == 1


def test_that_thresholds_say_where_a_level_acts(liver: LogicalNetwork) -> None:
    assert Edge("LIF", "Cachexia", "+", (2,)) in find_edges(liver)
    assert Edge("LIF_dose", "LIF", "+", (1, 2)) in find_edges(liver)


def test_that_a_regulator_without_effect_is_idle_and_no_edge() -> None:
    network = network_of({"A": (1, None), "B": (1, None), "C": (1, {1: "B & (A | !A)"})})
    found = find_structure(network)
    assert [(e.source, e.target) for e in found.edges] == [("B", "C")]
    assert found.idle == (("A", "C"),)
    assert found.outputs == ("A", "C")


def test_that_a_rule_without_effective_regulators_is_a_constant() -> None:
    found = find_structure(network_of({"A": (1, None), "C": (2, {2: "A | !A"})}))
    assert dict(found.constants) == {"C": (2, 2)}


def test_that_claims_are_compared_with_the_rules() -> None:
    network = network_of({"A": (1, None), "B": (1, None), "C": (1, {1: "A & !B"})})
    claims = [Claim("A", "C", "-"), Claim("C", "A", "+"), Claim("B", "C", "±")]
    checks = find_structure(network.with_claims(claims)).claims
    assert [(c.source, c.target, c.verdict) for c in checks] == [
        ("A", "C", "sign differs"),
        ("C", "A", "not in the rules"),
        ("B", "C", "agrees"),
    ]
    unclaimed = find_structure(network.with_claims(claims[1:2])).claims
    assert [c.verdict for c in unclaimed] == ["not in the rules", "not claimed", "not claimed"]


def test_that_a_network_without_claims_has_nothing_to_compare(liver: LogicalNetwork) -> None:
    assert find_structure(liver).claims == ()


def test_that_a_list_of_circuits_that_was_cut_holds_the_shortest() -> None:
    names = [f"X{i}" for i in range(12)]
    rules = {n: (1, {1: " | ".join(m for m in names if m != n)}) for n in names}
    found = find_structure(network_of(rules), circuits=600)
    assert not found.all_circuits
    assert found.longest_circuit == 3
    assert {len(c.members) for c in found.circuits} == {2, 3}
    assert len(found.circuits) == 66 + 440


def test_that_circuits_are_those_of_networkx_up_to_every_length() -> None:
    for seed in range(40):
        draw = Random(seed)
        names = [f"X{i}" for i in range(draw.randint(2, 8))]
        rules = {n: (1, {1: " | ".join(draw.sample(names, draw.randint(1, 2)))}) for n in names}
        network = network_of(rules)
        every = networkx.simple_cycles(interaction_graph(network))
        lengths = sorted(map(len, every))
        for limit in {1, len(lengths) // 2, len(lengths) + 1} - {0}:
            found = find_structure(network, circuits=limit)
            assert found.all_circuits is (len(lengths) <= limit)
            upto = [n for n in lengths if n <= found.longest_circuit]
            assert [len(c.members) for c in found.circuits] == upto
            assert len({c.members for c in found.circuits}) == len(upto)


def test_that_circuits_of_a_large_network_are_listed_as_far_as_steps_allow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = [f"X{i}" for i in range(300)]
    rules = {
        n: (1, {1: f"{names[i - 1]} | {names[i - 2]} | {names[i - 7]}"})
        for i, n in enumerate(names)
    }
    monkeypatch.setattr(structure, "CIRCUIT_STEPS", 20_000)
    found = find_structure(network_of(rules))
    assert not found.all_circuits
    assert 0 < found.longest_circuit < 43  # the shortest circuit goes round by sevens
    assert found.circuits == ()


def test_that_no_circuits_are_looked_for_when_none_are_wanted(liver: LogicalNetwork) -> None:
    found = find_structure(liver, circuits=0)
    assert found.circuits == ()
    assert not found.all_circuits
    assert find_structure(network_of({"A": (1, None)}), circuits=0).all_circuits


def test_that_circuits_read_as_paths() -> None:
    assert str(Circuit(("A", "B"), "+")) == "A → B → A"


def test_that_the_graph_carries_signs_and_levels(liver: LogicalNetwork) -> None:
    graph = interaction_graph(liver)
    assert graph.edges["LIF", "HepArrest"] == {"sign": "+", "thresholds": (2,)}
    assert graph.nodes["Mass"]["top"] == 2


def test_that_large_rules_are_decided_exactly() -> None:
    names = [f"X{i}" for i in range(300)]
    parts = [parse(f"{a} & !{b}") for a, b in zip(names[::2], names[1::2], strict=True)]
    once, twice = disjunction(parts), disjunction([*parts, parse("X1 & X2 & X4")])
    inputs = tuple(Component(n) for n in names)
    network = LogicalNetwork(
        (*inputs, Component("A", Rule.of(once)), Component("B", Rule.of(twice)))
    )
    assert {e.sign for e in edges_into(network, "A")} == {"+", "-"}
    by_source = {e.source: e.sign for e in edges_into(network, "B")}
    assert len(by_source) == 300
    assert by_source["X0"] == by_source["X2"] == "+"
    assert by_source["X1"] == "±"
    assert by_source["X3"] == "-"
