"""Two models that never change: rules, evidence and behaviour that other tools found too.

They are earlier versions of the models that come with regnet, kept because much is known of them.
The expected attractors were computed with three independent tools; the rules are compared with
two other notations of the same models where those are at hand.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import product
from pathlib import Path

import pytest

from regnet.analysis.check import beginning, confront
from regnet.evidence import EXPECTATIONS, TIME_EXPECTATIONS
from regnet.formats import bnet, load, read
from regnet.logic import evaluate, parse
from regnet.network import LogicalNetwork, Rule
from regnet.project import Project
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space
from tests.conftest import ROOT, find_shared

FILES = {"core": "lif_lifr.toml", "extended": "lif_lifr_extended.toml"}
PROJECTS = {which: load(ROOT / "tests" / "models" / file) for which, file in FILES.items()}
both = pytest.mark.parametrize("which", FILES)


@pytest.fixture(scope="session")
def design() -> Path:
    """The folder with other notations of the models; skips when absent."""
    folder = find_shared("design/model")
    if folder is None:
        pytest.skip("the other notations of the models are not beside the repository")
    return folder


def signed_edges(network: LogicalNetwork) -> set[tuple[str, str, str]]:
    """Return the edges that follow from the rules, by trying all levels of all regulators."""
    edges = set()
    for component in network.components:
        if component.rule is None:
            continue
        sources = list(dict.fromkeys(v.name for v in component.rule.thresholds()))
        levels = [range(network.tops[s] + 1) for s in sources]
        targets = {state: _target(component.rule, sources, state) for state in product(*levels)}
        for place, source in enumerate(sources):
            signs = set()
            for state, level in targets.items():
                above = (*state[:place], state[place] + 1, *state[place + 1 :])
                if above in targets and targets[above] != level:
                    signs.add("+" if targets[above] > level else "-")
            if signs:
                edges.add((source, component.name, "±" if len(signs) > 1 else signs.pop()))
    return edges


def _target(rule: Rule, sources: list[str], state: tuple[int, ...]) -> int:
    return rule.target(dict(zip(sources, state, strict=True)))


# --- what is in the files --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("which", "components", "edges", "experiments"),
    [("core", 14, 25, 29), ("extended", 42, 90, 37)],
)
def test_that_a_model_has_its_components_edges_and_experiments(
    which: str, components: int, edges: int, experiments: int
) -> None:
    project = PROJECTS[which]
    assert len(project.network) == components
    assert project.network.inputs == ("LIF_dose", "Insult", "LSEC")
    assert len(signed_edges(project.network)) == edges
    assert len(project.experiments) == experiments


@both
def test_that_the_claims_are_the_edges_of_the_rules_with_their_signs(which: str) -> None:
    network = PROJECTS[which].network
    claims = [(c.source, c.target, c.sign) for c in network.claims]
    assert len(claims) == len(set(claims))
    assert set(claims) == signed_edges(network)
    assert all(sign != "±" for _, _, sign in claims)


@both
def test_that_every_component_and_edge_says_what_it_rests_on(which: str) -> None:
    project = PROJECTS[which]
    keys = {r.key for r in project.references}
    for item in (*project.network.components, *project.network.claims):
        assert item.kind, item
        assert item.confidence, item
        assert item.refs, item
        assert set(item.refs) <= keys, item
    for component in project.network.components:
        assert component.compartment, component.name
        assert len(component.meanings) == component.top + 1, component.name
    assert all(claim.note.endswith(".") for claim in project.network.claims)


@both
def test_that_every_reference_is_used_and_says_how_it_was_checked(which: str) -> None:
    project = PROJECTS[which]
    text = (ROOT / "tests" / "models" / FILES[which]).read_text()
    for reference in project.references:
        assert reference.text
        assert reference.fact
        assert reference.checked
        assert len(re.findall(rf"{reference.key}\b", text)) > 1, reference.key
    assert read(ROOT / "tests" / "models" / FILES[which]).remarks == ()


@both
def test_that_scenarios_experiments_and_comparisons_fit_the_network(which: str) -> None:
    project = PROJECTS[which]
    for scenario in project.scenarios:
        scenario.check(project.network)
        held = {*scenario.perturbation.clamps, *scenario.start}
        assert held == set(project.network.names), scenario.name
    for experiment in project.experiments:
        experiment.check(project.network)
        assert experiment.expect
    (comparison,) = project.comparisons
    assert comparison.scenarios == ("LIF none", "LIF low", "LIF high")
    assert comparison.readouts == ("HGF", "Angio", "Mass", "Cachexia")


# --- the rules, against other notations ------------------------------------------------------


@both
def test_that_the_rules_are_those_of_the_design(which: str, design: Path) -> None:
    tops, rules = _read_mv(design / f"lif_lifr_{which}.mv")
    network = PROJECTS[which].network
    assert network.tops == tops
    assert list(network.names) == list(tops)
    for component in network.components:
        if component.rule is None:
            assert not rules[component.name]
            continue
        cases = rules[component.name]
        sources = sorted(
            {v.name for v in component.rule.thresholds()}
            | {n for text in cases.values() for n in re.findall(r"[A-Za-z_]\w*", text)}
        )
        for state in product(*(range(tops[s] + 1) for s in sources)):
            levels = dict(zip(sources, state, strict=True))
            wanted = max((k for k, text in cases.items() if _holds(text, levels)), default=0)
            assert component.rule.target(levels) == wanted, (component.name, levels)


def _read_mv(path: Path) -> tuple[dict[str, int], dict[str, dict[int, str]]]:
    """Read a notation of its own: ``NODE X MAX 2`` and below it ``2 <- condition``."""
    tops: dict[str, int] = {}
    rules: dict[str, dict[int, str]] = {}
    for line in path.read_text().splitlines():
        words = line.partition("#")[0].split()
        if words[:1] == ["NODE"]:
            name = words[1]
            tops[name], rules[name] = int(words[3]), {}
        elif words:
            level, _, condition = line.partition("#")[0].partition("<-")
            rules[name][int(level)] = condition.strip()
    return tops, rules


def _holds(text: str, levels: dict[str, int]) -> bool:
    """Evaluate a condition without regnet: Python's own parser does it."""

    def atom(match: re.Match[str]) -> str:
        sign, level = match[2] or ">=", match[3] or "1"
        return f"(L[{match[1]!r}] {'==' if sign == '=' else sign} {level})"

    python = re.sub(r"([A-Za-z_]\w*)\s*(?:(>=|<=|=|<|>)\s*(\d+))?", atom, text)
    python = python.replace("!", " not ").replace("&", " and ").replace("|", " or ")
    return bool(eval(python, {"L": levels}))


@both
def test_that_the_boolean_form_is_that_of_the_design(which: str, design: Path) -> None:
    """Equal on all admissible states: a level is held only with all levels below it."""
    ours = bnet.read(bnet.write(PROJECTS[which])[0]).project.network
    theirs = bnet.read((design / f"lif_lifr_{which}.bnet").read_text()).project.network
    assert ours.names == theirs.names
    tops = PROJECTS[which].network.tops
    group = {
        name if top == 1 else f"{name}_{k}": (name, k)
        for name, top in tops.items()
        for k in range(1, top + 1)
    }
    for name in ours.names:
        rules = [n[name].rule or Rule.of(parse(name)) for n in (ours, theirs)]
        used = {group[v.name][0] for rule in rules for v in rule.thresholds()} | {group[name][0]}
        for levels in product(*(range(tops[c] + 1) for c in sorted(used))):
            at = dict(zip(sorted(used), levels, strict=True))
            state = {b: int(at[c] >= k) for b, (c, k) in group.items() if c in at}
            assert evaluate(rules[0].reaches(1), state) == evaluate(rules[1].reaches(1), state), (
                name,
                at,
            )


KINDS = {
    "GN": "attractors in all",
    "GALL": "every attractor in all",
    "N": "attractors",
    "ALL": "every attractor",
    "SOME": "some attractor",
    "EF": "reachable",
    "NEF": "never",
    "AG": "always",
    "FP": "only fixed points",
    "CX": "only complex",
    "RNG": "spans",
}


@both
def test_that_the_experiments_are_those_of_the_design(which: str, design: Path) -> None:
    import json

    project = PROJECTS[which]
    wanted = json.loads((design / "experiments.json").read_text())[which]
    assert [e.id for e in project.experiments] == [w["id"] for w in wanted]
    assert set(KINDS.values()) == EXPECTATIONS.keys() - TIME_EXPECTATIONS.keys()
    for experiment, want in zip(project.experiments, wanted, strict=True):
        scenario = experiment.scenario
        clamps = {n: want["initial_state"][n] for n in project.network.inputs} | want["clamp"]
        assert scenario.perturbation.clamps == Space(clamps), experiment.id
        start = {n: (v, v) for n, v in want["initial_state"].items()}
        scenario = beginning(project.network, experiment)
        assert {**scenario.start, **scenario.perturbation.clamps} == start, experiment.id
        for expectation, (code, *rest) in zip(experiment.expect, want["properties"], strict=True):
            assert expectation.kind == KINDS[code]
            if code == "RNG":
                assert [expectation.component, *(expectation.range or ())] == rest
            elif code in ("GN", "N"):
                assert [expectation.count] == rest
            elif rest:
                assert expectation.condition == project.network.parse(rest[0])


# --- published behaviour ---------------------------------------------------------------------

PRIMED = {"LIF": 1, "LIFR": 1, "STAT3": 1, "Angio": 2, "HGF": 2}
OVERDOSE = {"LIF": 2, "LIFR": 1, "STAT3": 1, "Angio": 2, "HGF": 2, "Cachexia": 1, "HepArrest": 1}
HURT = {"Injury": 1, "VEGF": 1}
CYCLE = {"Injury": 1, "VEGF": 1, **PRIMED, "HepProlif": (0, 2), "Mass": (0, 2)}
LOW = {"LIF": 1, "STAT3_E": 1}
HIGH = {"LIF": 2, "STAT3_E": 1, "p21": 2, "Cachexia": 2}
FULL, HALF = {"Angio": 2, "HGF": 2}, {"Angio": 1, "HGF": 1}
FIBROTIC = {"Injury": 1, "NicheFib": 1}
CYCLES = [
    (7168, {**FIBROTIC, **LOW, **HALF, "Drive": 1, "Mass": (0, 1), "CycA": (0, 1)}),
    (21504, {**FIBROTIC, **LOW, **FULL, "Drive": 2, "Mass": (0, 2), "CycA": (0, 1)}),
]

# (model, dose, insult) -> (size, levels) of each attractor; core components not named are at 0.
# For the extended model the listed components and those in EXTENDED_ZERO are compared.
ATTRACTORS = {
    ("core", 0, 0): [(1, {"Mass": 2})],
    ("core", 0, 1): [(9, CYCLE)],
    ("core", 1, 0): [
        (1, {**PRIMED, "Angio": 1, "HGF": 1, "Mass": 2}),
        (1, {**PRIMED, "Mass": 2}),
    ],
    ("core", 1, 1): [(9, CYCLE)],
    ("core", 2, 0): [
        (1, {**OVERDOSE, "Angio": 1, "HGF": 1, "Mass": 2}),
        (1, {**OVERDOSE, "Mass": 2}),
        (1, {**HURT, **OVERDOSE}),
        (1, {**HURT, **OVERDOSE, "Mass": 1}),
    ],
    ("core", 2, 1): [(1, {**HURT, **OVERDOSE})],
    ("extended", 0, 0): [(1, {"Mass": 2})],
    ("extended", 0, 1): CYCLES,
    ("extended", 1, 0): [
        (1, {**LOW, **HALF, "Mass": 2, "Drive": 1}),
        (1, {**LOW, **FULL, "Mass": 2, "Drive": 2}),
    ],
    ("extended", 1, 1): CYCLES,
    ("extended", 2, 0): [
        (1, {**HIGH, **HALF, "Mass": 2}),
        (1, {**HIGH, **FULL, "Injury": 1}),
        (1, {**HIGH, **FULL, "Injury": 1, "Mass": 1}),
        (1, {**HIGH, **FULL, "Mass": 2}),
    ],
    ("extended", 2, 1): [
        (1, {**FIBROTIC, **HIGH, **HALF}),
        (1, {**FIBROTIC, **HIGH, **FULL}),
    ],
}  # fmt: skip
EXTENDED_ZERO = (
    "Injury", "Mass", "LIF", "STAT3_E", "NicheFib", "Angio", "HGF", "p21", "Drive", "CycA",
    "Cachexia",
)  # fmt: skip


@pytest.mark.parametrize(("which", "dose", "insult"), ATTRACTORS)
def test_that_the_attractors_of_each_condition_are_the_published_ones(
    which: str, dose: int, insult: int
) -> None:
    from regnet.analysis.attractors import find_attractors

    network = PROJECTS[which].network
    inputs = {"LIF_dose": dose, "Insult": insult, "LSEC": 1}
    result = find_attractors(network, Scenario(perturbation=Perturbation(Space(inputs))))
    assert result.complete
    shown = network.names if which == "core" else EXTENDED_ZERO
    found = Counter(
        (a.size, tuple(sorted((n, a.space[n]) for n in shown if n not in inputs)))
        for a in result.attractors
    )
    wanted = Counter(
        (size, tuple(sorted((n, _range(levels.get(n, 0))) for n in shown if n not in inputs)))
        for size, levels in ATTRACTORS[which, dose, insult]
    )
    assert found == wanted


def _range(level: int | tuple[int, int]) -> tuple[int, int]:
    return (level, level) if isinstance(level, int) else level


@both
def test_that_without_endothelium_nothing_can_grow(which: str) -> None:
    from regnet.analysis.attractors import find_attractors

    network = PROJECTS[which].network
    for insult, masses in ((0, [0, 1, 2]), (1, [0])):
        inputs = Space({"LIF_dose": 0, "Insult": insult, "LSEC": 0})
        result = find_attractors(network, Scenario(perturbation=Perturbation(inputs)))
        assert sorted(a.space["Mass"] for a in result.attractors) == [(m, m) for m in masses]
        assert all(a.kind == "fixed point" for a in result.attractors)


@both
def test_that_the_dose_of_lif_has_a_best_level(which: str) -> None:
    """HGF and vessels only rise with LIF; mass is restored at the middle level alone."""
    from regnet.analysis.attractors import find_attractors

    project = PROJECTS[which]
    (comparison,) = project.comparisons
    rows = []
    for name in comparison.scenarios:
        result = find_attractors(project.network, project.scenario(name))
        assert result.complete
        (attractor,) = result.attractors
        rows.append([attractor.space[readout][0] for readout in comparison.readouts])
    wasting = 1 if which == "core" else 2
    assert rows == [[1, 1, 1, 0], [2, 2, 2, 0], [2, 2, 0, wasting]]


PHENOTYPES = {
    (0, 0): [["healthy quiescent"]],
    (0, 1): [["chronic damage-repair"]],
    (1, 0): [["healthy, naive vessels"], ["healthy, primed vessels"]],
    (2, 1): [["overdose (wasting)"]],
}


@pytest.mark.parametrize(("dose", "insult"), PHENOTYPES)
def test_that_attractors_get_the_names_that_people_use(dose: int, insult: int) -> None:
    from regnet.analysis.attractors import find_attractors

    project: Project = PROJECTS["core"]
    inputs = Space({"LIF_dose": dose, "Insult": insult, "LSEC": 1})
    scenario = Scenario(perturbation=Perturbation(inputs))
    result = find_attractors(project.network, scenario, phenotypes=project.phenotypes)
    assert sorted(list(a.phenotypes) for a in result.attractors) == PHENOTYPES[dose, insult]


# --- what the models must reproduce ----------------------------------------------------------


@both
def test_that_every_experiment_holds(which: str) -> None:
    result = confront(PROJECTS[which])
    assert result.complete
    assert len(result.verdicts) == len(PROJECTS[which].experiments)
    assert not result.failed
    assert all(finding.argument for v in result.verdicts for finding in v.findings)


BROKEN = {
    "V1": "C06b",
    "V2": "C06 C06b",
    "V3": "C04 C05 C12a C21",
    "V4": "C17 C18",
    "V5": "C17 C18 C24",
    "V6": "C04 C05 C10 C12a C18 C21",
    "V7": "C15a C15b",
    "V8": "C06b C12c C13 C15 C15b",
}


def test_that_a_liver_that_has_settled_has_settled_under_the_variant() -> None:
    result = confront(PROJECTS["core"].as_variant("V8"), only=["C12c", "C13"])
    failing = [[str(f.expectation) for f in v.findings if f.holds is False] for v in result.failed]
    assert failing == [
        ["every attractor: HGF:2 & Angio:2 & Cachexia & HepArrest"],
        ["every attractor: !Mass & HGF:2 & Angio:2 & Cachexia & HepArrest & LIF:2"],
    ]


MIDWAY = {"C19", "C23", "C24"}
"""Experiments that begin in the middle of a course, not where a dose has settled."""


@both
def test_that_no_experiment_takes_the_settled_state_under_a_dose_for_granted(which: str) -> None:
    given = {
        e.id
        for e in PROJECTS[which].experiments
        if e.settle is None and e.scenario.start.get("LIFR", (0, 0)) != (0, 0)
    }
    assert given <= MIDWAY


@pytest.mark.parametrize("name", BROKEN)
def test_that_a_variant_breaks_exactly_the_experiments_that_decide_its_question(name: str) -> None:
    project = PROJECTS["core"]
    assert [variant.name for variant in project.variants] == list(BROKEN)
    result = confront(project.as_variant(name))
    assert result.complete
    assert [verdict.experiment.id for verdict in result.failed] == BROKEN[name].split()
