"""Experiments: each kind of expectation, held against every state of random networks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from regnet.analysis.check import Finding, beginning, confront, judge
from regnet.errors import NetworkError, UnknownNameError
from regnet.evidence import (
    EXPECTATIONS,
    TIME_EXPECTATIONS,
    Counterpart,
    Expectation,
    Experiment,
)
from regnet.logic import evaluate
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project, Variant
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space
from tests.brute import Brute
from tests.strategies import expressions, networks, perturbations, rules, states

TOGGLE = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("!A"))))
OFF = Scenario(start=Space({"A": 0, "B": 0}))


def asked(kind: str, condition: str = "", **values: object) -> Finding:
    """Return what becomes of one expectation on the toggle."""
    expr = TOGGLE.parse(condition) if condition else None
    expectation = Expectation(kind, expr, **values)  # type: ignore[arg-type]
    return judge(TOGGLE, Experiment("T", "", OFF, (expectation,))).findings[0]


@st.composite
def cases(draw: st.DrawFn) -> tuple[LogicalNetwork, Experiment]:
    network = draw(networks(4, 2, inputs=False))
    scenario = Scenario("", draw(perturbations(network)), Space(draw(states(network))))
    conditions = expressions(network.tops, max_leaves=4)
    expect = []
    for kind in (k for k in EXPECTATIONS if k not in TIME_EXPECTATIONS):
        name = draw(st.sampled_from(network.names))
        if kind.removesuffix(" in all") == "attractors":
            expect.append(Expectation(kind, count=draw(st.integers(1, 2))))
        elif kind == "spans":
            low = draw(st.integers(0, network.tops[name]))
            high = draw(st.integers(low, network.tops[name]))
            expect.append(Expectation(kind, component=name, range=(low, high)))
        elif kind.startswith("only"):
            expect.append(Expectation(kind))
        else:
            expect.append(Expectation(kind, draw(conditions)))
    return network, Experiment("T", "", scenario, tuple(expect))


@given(cases())
def test_that_every_kind_of_expectation_agrees_with_a_walk_over_every_state(
    case: tuple[LogicalNetwork, Experiment],
) -> None:
    network, experiment = case
    brute = Brute(network, experiment.scenario.perturbation)
    start = brute.within(experiment.scenario.start_of(network))
    reached = brute.reachable(start)
    attractors = {False: brute.asynchronous(start), True: brute.asynchronous()}

    def everywhere(states: object, expectation: Expectation) -> bool:
        assert expectation.condition is not None
        return all(
            evaluate(expectation.condition, dict(zip(brute.names, state, strict=True)))
            for state in states  # type: ignore[attr-defined]
        )

    def wanted(x: Expectation) -> bool:
        found = attractors[x.kind.endswith("in all")]
        match x.kind.removesuffix(" in all"):
            case "attractors":
                return len(found) == x.count
            case "every attractor":
                return all(everywhere(a, x) for a in found)
            case "some attractor":
                return any(everywhere(a, x) for a in found)
            case "only fixed points":
                return all(len(a) == 1 for a in found)
            case "only complex":
                return all(len(a) > 1 for a in found)
            case "spans":
                levels = [s[brute.names.index(x.component)] for a in found for s in a]
                return (min(levels), max(levels)) == x.range
            case "always":
                return everywhere(reached, x)
            case "reachable":
                return any(everywhere([s], x) for s in reached)
            case _:
                return not any(everywhere([s], x) for s in reached)

    for finding in judge(network, experiment).findings:
        assert finding.holds is wanted(finding.expectation), finding
        assert finding.argument


def test_that_a_failure_comes_with_the_path_or_the_attractor_that_shows_it() -> None:
    finding = asked("never", "A & !B")
    assert finding.holds is False
    assert finding.path == (Space({"A": 0, "B": 0}), Space({"A": 1, "B": 0}))
    assert asked("every attractor", "A").attractor == Space({"A": 0, "B": 1})
    assert asked("some attractor", "A").attractor == Space({"A": 1, "B": 0})
    assert asked("only complex").attractor is not None
    assert asked("attractors", count=2).holds


def test_that_an_experiment_fails_if_one_expectation_does_and_is_open_if_one_is() -> None:
    yes, no = Expectation("attractors", count=2), Expectation("attractors", count=1)
    assert judge(TOGGLE, Experiment("T", "", OFF, (yes, no))).holds is False
    assert judge(TOGGLE, Experiment("T", "", OFF, (yes,))).holds is True
    late = judge(TOGGLE, Experiment("T", "", OFF, (yes,)), timeout=1e-9)
    assert late.holds is None


def test_that_what_could_not_be_decided_makes_the_confrontation_incomplete() -> None:
    experiment = Experiment("T", "", OFF, (Expectation("attractors", count=2),))
    result = confront(Project(TOGGLE, experiments=(experiment,)), each=1e-9)
    assert not result.complete
    assert result.missing == "not decided: T"
    assert result.origin.guarantee == "bounded"
    assert not result.failed


def test_that_what_fails_anyway_is_not_called_undecided() -> None:
    fails = Expectation("attractors", count=1)
    plain = Scenario("", start=Space({"A": 0, "B": 0}))
    either = Expectation("sooner", TOGGLE.parse("A & !B"), than=Counterpart(plain))
    project = Project(TOGGLE, experiments=(Experiment("T", "", plain, (fails, either)),))
    (verdict,) = (result := confront(project)).verdicts
    assert (verdict.holds, [f.holds for f in verdict.findings]) == (False, [False, None])
    assert result.missing == "an expectation left open in what fails anyway: T"


def test_that_an_experiment_starts_where_the_network_settled_before() -> None:
    chain = LogicalNetwork((Component("A"), Component("B", Rule.of("A"))))
    before = Scenario(perturbation=Perturbation(Space({"A": 1})), start=Space({"B": 0}))
    after = Scenario(perturbation=Perturbation(Space({"A": 0})))
    expect = (Expectation("reachable", chain.parse("B & !A")),)
    experiment = Experiment("T", "", after, expect, settle=before)
    assert beginning(chain, experiment).start_of(chain) == Space({"A": 0, "B": 1})
    assert judge(chain, experiment).holds


def test_that_an_experiment_fails_where_the_network_does_not_settle_before() -> None:
    experiment = Experiment("T", "", OFF, (Expectation("attractors", count=1),), settle=Scenario())
    with pytest.raises(NetworkError, match="does not settle at one state"):
        beginning(TOGGLE, experiment)
    verdict = judge(TOGGLE, experiment)
    assert verdict.holds is False
    assert "does not settle at one state" in verdict.findings[0].argument


def test_that_only_the_chosen_experiments_are_run_and_unknown_ones_are_refused() -> None:
    one, two = (Experiment(i, "", OFF, (Expectation("attractors", count=2),)) for i in "12")
    project = Project(TOGGLE, experiments=(one, two))
    assert [v.experiment.id for v in confront(project, only=["2"]).verdicts] == ["2"]
    with pytest.raises(UnknownNameError, match="experiment"):
        confront(project, only=["3"])


def test_that_an_interrupt_keeps_the_verdicts_found_until_then() -> None:
    one, two = (Experiment(i, "", OFF, (Expectation("attractors", count=2),)) for i in "12")

    def interrupted(function: object, arguments: object) -> object:
        for argument in arguments:  # type: ignore[attr-defined]
            yield function(argument)  # type: ignore[operator]
            raise KeyboardInterrupt

    result = confront(Project(TOGGLE, experiments=(one, two)), map=interrupted)  # type: ignore[arg-type]
    assert len(result.verdicts) == 1
    assert result.interrupted
    assert "interrupted" in result.missing


@given(cases(), st.data())
def test_that_verdicts_that_stand_are_what_a_fresh_look_would_find(
    case: tuple[LogicalNetwork, Experiment], data: st.DataObject
) -> None:
    network, whole = case
    # One experiment for each expectation: some rest on a part of the network only.
    update = data.draw(st.sampled_from(["asynchronous", "synchronous"]))
    scenario = replace(whole.scenario, update=update)
    experiments = tuple(Experiment(str(n), "", scenario, (x,)) for n, x in enumerate(whole.expect))
    before = confront(Project(network, experiments=experiments))
    name = data.draw(st.sampled_from(network.names))
    rule = data.draw(rules(network.tops, network.tops[name]))
    edited = network.with_rule(name, rule)
    try:
        whole.check(edited)
    except NetworkError:  # it cut an edge that the new rule does not have
        reject()
    project = Project(edited, experiments=experiments)
    assert [
        [(f.holds, f.path, f.attractor) for f in v.findings]
        for v in confront(project, before=before).verdicts
    ] == [[(f.holds, f.path, f.attractor) for f in v.findings] for v in confront(project).verdicts]


def test_that_an_edit_re_runs_only_what_it_can_change() -> None:
    network = TOGGLE.with_component(Component("C", Rule.of("A")))
    experiments = tuple(
        Experiment(name, "", OFF, (Expectation("reachable", network.parse(name)),))
        for name in ("A", "C")
    )
    before = confront(Project(network, experiments=experiments))
    edited = Project(network.with_rule("C", Rule.of("!A & !C")), experiments=experiments)
    after = confront(edited, before=before)
    assert after.verdicts[0] is before.verdicts[0]
    assert after.verdicts[1] is not before.verdicts[1]
    assert "1 of 2 reused" in after.origin.why


def test_that_a_verdict_that_stands_says_what_its_argument_counts() -> None:
    """One more memory downstream makes twice as many attractors, and the verdict no other."""
    network = TOGGLE.with_component(Component("C", Rule.of("A")))
    expect = (Expectation("every attractor", network.parse("A | B")),)
    project = Project(network, experiments=(Experiment("1", "", OFF, expect),))
    before = confront(project)
    edited = Project(network.with_rule("C", Rule.of("!C & A")), experiments=project.experiments)
    after = confront(edited, before=before)
    assert confront(project, before=before).verdicts == before.verdicts
    for answer in (after, confront(edited, before=after)):
        (finding,) = answer.verdicts[0].findings
        assert finding.holds
        own = before.verdicts[0].findings[0].argument
        assert finding.argument == f"before the last edits, none of which affect it: {own}"


def test_that_a_path_is_not_shown_with_names_that_are_gone() -> None:
    network = TOGGLE.with_component(Component("C", Rule.of("A")))
    expect = (Expectation("reachable", network.parse("A")),)
    before = confront(Project(network, experiments=(Experiment("1", "", OFF, expect),)))
    renamed = Project(network.renamed("C", "D"), experiments=(Experiment("1", "", OFF, expect),))
    (finding,) = confront(renamed, before=before).verdicts[0].findings
    assert finding.path is not None
    assert all(set(state) == {"A", "B", "D"} for state in finding.path)


# --- kinds -----------------------------------------------------------------------------------


def test_that_a_known_disagreement_has_to_fail_and_is_reported_where_it_holds() -> None:
    never, ever = (Expectation(kind, TOGGLE.parse("A")) for kind in ("never", "reachable"))
    experiments = tuple(
        Experiment(identifier, "", OFF, (expectation,), kind="disagreement")
        for identifier, expectation in (("1", never), ("2", ever))
    )
    result = confront(Project(TOGGLE, experiments=experiments))
    assert [v.outcome for v in result.verdicts] == ["disagrees", "holds now"]
    assert [v.as_expected for v in result.verdicts] == [True, False]
    assert [v.experiment.id for v in result.failed] == ["2"]


def test_that_a_disagreement_has_to_hold_in_the_variants_that_it_names() -> None:
    never = Expectation("never", TOGGLE.parse("A"))
    known = Experiment("1", "", OFF, (never,), kind="disagreement", holds_in=("off",))
    off = Variant("off", "A is lost", {"A": Rule.of("0")})
    same = Variant("same", "nothing is lost", {"A": Rule.of("!B")})
    project = Project(TOGGLE, experiments=(known,), variants=(off, same))
    outcomes = {
        name: confront(project.as_variant(name) if name else project).verdicts[0].outcome
        for name in ("", "off", "same")
    }
    assert outcomes == {"": "disagrees", "off": "holds", "same": "disagrees"}
    wrong = replace(project, experiments=(replace(known, holds_in=("same",)),))
    assert confront(wrong.as_variant("same")).verdicts[0].outcome == "fails"
    assert confront(wrong.as_variant("off")).verdicts[0].outcome == "holds now"


def test_that_only_a_disagreement_names_variants_and_no_other_kind_exists() -> None:
    with pytest.raises(NetworkError, match="holds_in is for disagreements"):
        Experiment("1", "", OFF, (), kind="paper", holds_in=("V1",))
    with pytest.raises(NetworkError, match="must be one of abstract, paper"):
        Experiment("1", "", OFF, (), kind="rumour")
