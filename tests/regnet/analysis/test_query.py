"""Temporal logic, against its definition on every state; every witness is walked again."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regnet.analysis.query import Answer, query, question, runs
from regnet.analysis.reachability import listing
from regnet.engines import explicit
from regnet.errors import EngineError
from regnet.formats import load
from regnet.logic import evaluate
from regnet.network import Component, LogicalNetwork, Rule
from regnet.scenario import Scenario
from regnet.space import Space
from regnet.temporal import UNARY, UNTIL, Formula, ask, of, parse_query
from tests.brute import Brute, State
from tests.conftest import ROOT
from tests.strategies import boolean_networks, expressions, networks, perturbations, starts

Case = tuple[LogicalNetwork, Scenario, Formula]


def formulas(network: LogicalNetwork) -> st.SearchStrategy[Formula]:
    conditions = expressions(network.tops, max_leaves=2).map(of)

    def grow(parts: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
        unary = st.tuples(st.sampled_from([*UNARY, "!"]), parts)
        binary = st.tuples(st.sampled_from([*UNTIL, "&", "|"]), parts, parts)
        return st.one_of(unary, unary, binary).map(lambda two: ask(*two))

    return st.recursive(conditions, grow, max_leaves=3)


@st.composite
def cases(draw: st.DrawFn, update: str = "asynchronous") -> Case:
    network = draw(st.one_of(boolean_networks(4), networks(3, 2)))
    done = draw(perturbations(network, max_clamps=1, max_cuts=1))
    one = st.fixed_dictionaries({n: st.integers(0, top) for n, top in network.tops.items()})
    start = draw(st.one_of(st.just(Space()), starts(network), one.map(Space)))
    return network, Scenario("case", done, start, update), draw(formulas(network))


class Oracle:
    """What holds where, by the definition of each operator on a graph of all states."""

    def __init__(self, network: LogicalNetwork, scenario: Scenario) -> None:
        self.brute = Brute(network, scenario.perturbation)
        self.starts = self.brute.within(scenario.start_of(network) or scenario.perturbation.clamps)
        self.next = {
            s: (
                self.brute.successors(s) or [s]
                if scenario.update == "asynchronous"
                else [self.brute.next(s)]
            )
            for s in self.brute.states
        }

    def holds(self, formula: Formula) -> set[State]:
        every = set(self.brute.states)
        args = [self.holds(arg) for arg in formula.args]
        match formula.op:
            case "":
                return {s for s in every if evaluate(formula.condition, self.levels(s))}
            case "!":
                return every - args[0]
            case "&":
                return args[0] & args[1]
            case "|":
                return args[0] | args[1]
            case "EX":
                return {s for s in every if any(t in args[0] for t in self.next[s])}
            case "AX":
                return {s for s in every if all(t in args[0] for t in self.next[s])}
            case "EF":
                return self.least(every, args[0], any)
            case "AF":
                return self.least(every, args[0], all)
            case "EU":
                return self.least(*args, any)
            case "AU":
                return self.least(*args, all)
            case "EG":
                return every - self.least(every, every - args[0], all)
            case _:
                return every - self.least(every, every - args[0], any)

    def least(self, within: set[State], goal: set[State], some: object) -> set[State]:
        found = set(goal)
        while True:
            more = {s for s in within - found if some(t in found for t in self.next[s])}  # type: ignore[operator]
            if not more:
                return found
            found |= more

    def levels(self, state: State) -> dict[str, int]:
        return dict(zip(self.brute.names, state, strict=True))


def check(case: Case, answer: Answer) -> None:
    network, scenario, formula = case
    oracle = Oracle(network, scenario)
    good = oracle.holds(formula)
    having = [s for s in oracle.starts if s in good]
    assert answer.holds is (len(having) == len(oracle.starts)), answer.argument
    if answer.states is not None:
        assert (answer.states, answer.of) == (len(having), len(oracle.starts))
    if answer.path is None:
        assert answer.loop is None
        return
    path = [tuple(space.fixed[n] for n in network.names) for space in answer.path]
    for one, two in pairwise(path):
        assert two in oracle.next[one]
    if answer.loop is not None:
        assert path[answer.loop] in oracle.next[path[-1]]
    assert path[0] in oracle.starts
    if len(oracle.starts) > 1 and not answer.holds and scenario.update == "synchronous":
        assert path[0] not in good
    last = oracle.levels(path[-1])
    match formula.op, answer.holds:
        case ("EF", True):
            if scenario.update == "asynchronous":
                assert path[-1] in oracle.holds(formula.args[0])
        case ("AG", False):
            if scenario.update == "asynchronous" and "AG" not in formula.args[0].operators:
                assert path[-1] not in oracle.holds(formula.args[0]) or formula.args[0].op == "EF"
        case ("EG", True):
            assert answer.loop is not None
            assert all(s in oracle.holds(formula.args[0]) for s in path), last
        case ("AF", False):
            assert answer.loop is not None
            assert not any(s in oracle.holds(formula.args[0]) for s in path)
            never = oracle.holds(~ask("EF", formula.args[0]))
            avoiding = oracle.least(
                oracle.holds(~formula.args[0]), never & oracle.holds(~formula.args[0]), any
            )
            if scenario.update == "asynchronous":
                assert answer.fair is not any(s in avoiding for s in oracle.starts)


@given(cases())
@settings(max_examples=100)
def test_that_it_agrees_with_the_definition_on_every_state(case: Case) -> None:
    check(case, query(*case))


@given(cases())
@settings(max_examples=40)
def test_that_listed_states_agree_as_well(case: Case) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("regnet.analysis.query.ENUMERATED_VARIABLES", -1)
        check(case, query(*case))


@given(cases())
@settings(max_examples=40)
def test_that_what_is_said_of_many_states_agrees_as_well(case: Case) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("regnet.analysis.query.ENUMERATED_VARIABLES", -1)
        patch.setattr(listing, "MAX_STATES", 3)
        check(case, query(*case))


@st.composite
def cases_of_ends(draw: st.DrawFn, update: str = "asynchronous") -> Case:
    network, scenario, _ = draw(cases(update))
    asked = of(draw(expressions(network.tops, max_leaves=3)))
    for op in draw(st.sampled_from(["EF", "AG EF", "EF AG", "AG EF AG", "AF", "EG", "AG"])).split()[
        ::-1
    ]:
        asked = ask(op, asked)
    return network, scenario, ~asked if draw(st.booleans()) else asked


@given(cases_of_ends(), st.sampled_from([0, 4, 20_000]))
@settings(max_examples=60)
def test_that_what_attractors_say_agrees_as_well(case: Case, few: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("regnet.analysis.query.ENUMERATED_VARIABLES", -1)
        patch.setattr(listing, "MAX_STATES", few)
        check(case, query(*case))


@given(cases_of_ends("synchronous"))
@settings(max_examples=40)
def test_that_what_synchronous_attractors_say_agrees_as_well(case: Case) -> None:
    check(case, query(*case))


@given(cases_of_ends())
@settings(max_examples=60)
def test_that_a_condition_that_no_attractor_can_avoid_is_told_without_attractors(
    case: Case,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("regnet.analysis.query.ENUMERATED_VARIABLES", -1)
        patch.setattr(listing, "MAX_STATES", 0)
        patch.setattr("regnet.analysis.query.settled", lambda question: None)
        patch.setattr(question, "PATIENCE", 1.0)
        check(case, query(*case))


@given(cases(), st.sampled_from([0, 4, 20_000]), st.booleans())
@settings(max_examples=30)
def test_that_the_states_of_attractors_are_known(case: Case, few: int, turned: bool) -> None:
    network, scenario, _ = case
    text = "!{x}: AG EF {x}"
    formula = parse_query(f"!({text})" if turned else text, network)
    brute = Brute(network, scenario.perturbation)
    inside = {state for attractor in brute.asynchronous() for state in attractor}
    starts_ = brute.within(scenario.start_of(network) or scenario.perturbation.clamps)
    good = [state for state in starts_ if (state in inside) is not turned]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("regnet.analysis.query.ENUMERATED_VARIABLES", -1)
        patch.setattr(listing, "MAX_STATES", few)
        answer = query(network, scenario, formula)
    assert answer.holds is (len(good) == len(starts_))
    if answer.states is not None:
        assert (answer.states, answer.of) == (len(good), len(starts_))


@given(cases("synchronous"))
@settings(max_examples=60)
def test_that_synchronous_runs_agree_as_well(case: Case) -> None:
    check(case, query(*case))


@given(cases("synchronous"))
@settings(max_examples=60)
def test_that_synchronous_sets_of_states_agree_as_well(case: Case) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "MAX_STARTS", 0)
        check(case, query(*case))


@given(cases())
@settings(max_examples=25)
def test_that_symbolic_sets_of_states_agree_as_well(case: Case) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(explicit, "MAX_VARIABLES", -1)
        patch.setattr("regnet.analysis.attractors.cores.ENUMERATED_VARIABLES", -1)
        check(case, query(*case))


def test_that_no_state_at_all_is_read_as_such_from_symbolic_search() -> None:
    network = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("!A"))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(explicit, "MAX_VARIABLES", -1)
        answer = query(network, None, parse_query("EG (A & B) & EX (A & B)", network))
    assert (answer.holds, answer.states, answer.of) == (False, 0, 4)


def test_that_a_strict_and_a_fair_inevitable_are_told_apart() -> None:
    clock = Component("Clock", Rule.of("!Clock"))
    network = LogicalNetwork((clock, Component("A", Rule.of("1"))))
    start = Scenario(start=Space({"Clock": 0, "A": 0}))
    answer = query(network, start, parse_query("AF A", network))
    assert answer.holds is False
    assert answer.fair is True
    assert answer.path is not None
    assert [state.fixed["Clock"] for state in answer.path] == [0, 1]
    assert answer.loop == 0
    assert query(network, start, parse_query("AG EF A", network)).holds is True


def test_that_states_can_be_named() -> None:
    network = LogicalNetwork(
        (
            Component("A", Rule.of("!B"), 1),
            Component("B", Rule.of("!A"), 1),
            Component("C", Rule.parse({1: "C:1 & !A", 2: "B"}), 2),
        )
    )
    brute = Brute(network)
    inside = {state for attractor in brute.asynchronous() for state in attractor}
    answer = query(network, None, parse_query("!{x}: AG EF {x}", network))
    assert (answer.states, answer.of) == (len(inside), len(brute.states))
    two = "3{x}: @{x}: (AG EF {x} & A & 3{y}: @{y}: (AG EF {y} & !A))"
    assert query(network, None, parse_query(two, network)).holds is True
    three = "3{x}: @{x}: (AG EF {x} & A & B)"
    assert query(network, None, parse_query(three, network)).holds is False


@settings(max_examples=6)
@given(cases())
def test_that_some_state_and_every_state_are_any_state_wherever_the_start(case: Case) -> None:
    network, scenario, _ = case
    brute = Brute(network, scenario.perturbation)
    condition = network.parse(f"{network.names[0]}=0")
    everywhere = brute.within(scenario.perturbation.clamps)
    having = {evaluate(condition, dict(zip(brute.names, s, strict=True))) for s in everywhere}
    for sign, expected in (("3", any(having)), ("V", all(having))):
        formula = Formula(f"{sign}{{}}", (Formula("@{}", (of(condition),), name="x"),), name="x")
        assert query(network, scenario, formula).holds is expected


@pytest.mark.parametrize("text", ["EF AG R", "AF AG R", "AG EF R"])
def test_that_it_is_told_in_how_many_states_an_end_is_reached(text: str) -> None:
    rules = {"A": "B", "B": "A", "C": "C", "D": "C", "R": "A & B & (C | R)"}
    network = LogicalNetwork(tuple(Component(n, Rule.of(rule)) for n, rule in rules.items()))
    formula = parse_query(text, network)
    answer = query(network, None, formula)
    holding = Oracle(network, Scenario()).holds(formula)
    assert (answer.states, answer.of) == (len(holding), 32)


def test_that_what_cannot_be_asked_is_told_in_a_sentence() -> None:
    network = LogicalNetwork((Component("A", Rule.of("!A")),))
    formula = parse_query("AF A", network)
    with pytest.raises(EngineError, match="most-permissive"):
        query(network, Scenario(update="most-permissive"), formula)
    with pytest.raises(EngineError, match="synchronous"):
        query(network, Scenario(update="synchronous"), parse_query("!{x}: EX {x}", network))


def test_that_running_out_of_time_leaves_it_open() -> None:
    project = load(ROOT / "tests" / "models" / "lif_lifr_extended.toml").network
    scenario = load(ROOT / "tests" / "models" / "lif_lifr_extended.toml").scenario("PHx")
    answer = query(project, scenario, parse_query("AF Mass:2", project), timeout=1e-9)
    assert answer.holds is None
    assert not answer.complete


def test_that_one_variable_is_one_variable() -> None:
    alone = LogicalNetwork((Component("A", Rule.of("!A")),))
    answer = query(alone, None, parse_query("EX A & EX !A", alone))
    assert "1 variables" not in f"{answer.argument} {answer.origin.why}"
    assert "1 variable" in answer.origin.why
