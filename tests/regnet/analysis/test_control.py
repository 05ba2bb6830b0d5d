"""Interventions, against every set of them tried by brute force."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from regnet.analysis.control import Interventions, find_interventions
from regnet.evidence import ATTRACTOR_KINDS, Phenotype
from regnet.logic import evaluate, variables
from regnet.network import LogicalNetwork
from regnet.scenario import UPDATES, Cut, Perturbation, Scenario
from regnet.space import Space
from tests.brute import Brute
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
    return network, scenario, target, draw(st.booleans()), draw(st.integers(0, 2))


def works(network: LogicalNetwork, scenario: Scenario, target: Phenotype) -> bool:
    """Tell whether every attractor shows the target."""
    brute = Brute(network, scenario.perturbation)
    start = scenario.start_of(network)
    begins = brute.within(start) if start else None
    if scenario.update == "asynchronous":
        found = [(a, brute.is_cyclic(a)) for a in brute.asynchronous(begins)]
    elif scenario.update == "synchronous":
        found = [(a, len(a) > 1) for a in brute.synchronous(begins)]
    else:
        boxes = brute.minimal_trap_spaces()
        spaces = [Space(dict(zip(network.names, box, strict=True))) for box in boxes]
        found = [(brute.within(space), False) for space in spaces]
    for states, cyclic in found:
        kind = "fixed point" if len(states) == 1 else "cyclic" if cyclic else "complex"
        levels = [dict(zip(network.names, state, strict=True)) for state in states]
        if not target.fits(kind) or not all(evaluate(target.condition, s) for s in levels):
            return False
    return True


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
    return find_interventions(network, target, scenario, cuts=cuts, max_size=size)


@given(cases())
@settings(max_examples=150, deadline=None)
def test_that_they_are_those_of_brute_force(case: Case) -> None:
    answer = ask(case)
    assert answer.complete
    assert {one.perturbation for one in answer.found} == by_brute_force(case)
