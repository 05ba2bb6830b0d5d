"""The models that come with regnet: evidence, numbers, and what the experiments protect.

Numbers are held against a calculation of its own: rules read by Python, states listed one by one,
linear equations solved for the mean times.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from regnet import examples
from regnet.analysis.attractors import find_attractors
from regnet.analysis.check import confront, judge
from regnet.formats import load, read
from regnet.logic import parse
from regnet.network import LogicalNetwork, Rule
from regnet.scenario import Cut
from tests.models.test_golden import signed_edges

ROOT = Path(__file__).parent.parent
FILES = {"core": examples.path("lif_lifr"), "extended": examples.path("lif_lifr_extended")}
PROJECTS = {which: load(path) for which, path in FILES.items()}
CORE = PROJECTS["core"]
both = pytest.mark.parametrize("which", FILES)


# --- evidence --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("which", "components", "edges", "experiments"),
    [("core", 16, 28, 52), ("extended", 45, 94, 44)],
)
def test_that_a_model_has_its_components_edges_and_experiments(
    which: str, components: int, edges: int, experiments: int
) -> None:
    project = PROJECTS[which]
    assert len(project.network) == components
    assert project.network.inputs == ("LIF_dose", "Insult", "LSEC")
    assert len(signed_edges(project.network)) == edges
    assert len(project.experiments) == experiments
    named = (ROOT / "models" / "README.md").read_text("utf-8")
    assert f"| {components} | {edges} |" in named


@both
def test_that_the_claims_are_the_edges_of_the_rules_with_their_signs(which: str) -> None:
    network = PROJECTS[which].network
    claims = [(c.source, c.target, c.sign) for c in network.claims]
    assert len(claims) == len(set(claims))
    assert set(claims) == signed_edges(network)
    assert all(sign != "±" for _, _, sign in claims)


def test_that_an_edge_of_both_models_rests_on_the_same_in_both() -> None:
    core, extended = (
        {(c.source, c.target): (c.kind, c.confidence) for c in p.network.claims}
        for p in PROJECTS.values()
    )
    shared = core.keys() & extended.keys()
    assert len(shared) > 10
    assert {e: core[e] for e in shared} == {e: extended[e] for e in shared}


@both
def test_that_what_the_text_alone_says_is_no_finding_of_the_authors(which: str) -> None:
    """The explanation of the preprint was written by an AI."""
    network = PROJECTS[which].network
    for item in (*network.components, *network.claims):
        assert item.kind != "author finding" or "EV01" in item.refs, item


@both
def test_that_all_say_what_they_rest_on_and_every_reference_how_far_it_was_read(which: str) -> None:
    project = PROJECTS[which]
    text = FILES[which].read_text("utf-8")
    keys = {r.key for r in project.references}
    for item in (*project.network.components, *project.network.claims):
        assert item.kind, item
        assert item.confidence, item
        assert set(item.refs) <= keys, item
        assert item.refs, item
    for component in project.network.components:
        assert component.compartment, component.name
        assert len(component.meanings) == component.top + 1, component.name
    for reference in project.references:
        assert reference.text, reference.key
        assert reference.fact, reference.key
        assert reference.checked, reference.key
        assert len(re.findall(rf"\b{reference.key}\b", text)) > 1, reference.key
    for experiment in project.experiments:
        assert experiment.kind, experiment.id
        assert experiment.kind in ("prediction", "requirement") or experiment.refs, experiment.id
    (rates,) = project.rate_sets
    assert rates.unit == "day"
    assert {n for c in rates.classes for n in c.components} == {
        c.name for c in project.network.components if not c.is_input
    }
    assert all((c.kind and c.source) or c.refs for c in rates.classes)
    assert read(FILES[which]).remarks == ()


def test_that_a_quote_of_the_abstract_stands_in_the_abstract() -> None:
    """The words of the abstract and the highlights, as they were read."""
    abstract = (
        "rapidly induced after liver injury; LIF directly stimulates LSECs proliferation and "
        "induces hepatocyte growth factor (HGF) release in a dose-dependent manner via LIFR "
        "signaling in LSECs, thereby indirectly promoting hepatocyte proliferation. Systemic LIF "
        "neutralization or endothelial cells (ECs)-specific Lifr loss impairs liver regeneration, "
        "whereas low-titer AAV-mediated LIF expression increases vascular density, elevates "
        "circulating HGF, and improves early liver recovery after partial hepatectomy (PHx) in "
        "mice. endothelial-specific Lifr deletion delays liver regeneration after injury. LIF "
        "overexpression increases liver-to-body weight ratio in a dose-dependent manner and "
        "accelerates liver regeneration at early stage."
    )
    quoted = [e for p in PROJECTS.values() for e in p.experiments if e.kind == "abstract"]
    assert sum(bool(e.quote) for e in quoted) > 12
    for experiment in quoted:
        assert experiment.quote in abstract, experiment.id


# --- experiments -----------------------------------------------------------------------------


@both
def test_that_every_experiment_comes_out_as_the_file_says(which: str) -> None:
    result = confront(PROJECTS[which])
    assert result.complete
    assert [v.experiment.id for v in result.failed] == []
    known = [v.experiment.id for v in result.verdicts if v.outcome == "disagrees"]
    assert (
        known
        == {
            "core": ["C04c", "C08b", "C26b", "C27", "C30", "C35"],
            "extended": ["E04c", "E08b", "E35", "E17d"],
        }[which]
    )


def test_that_each_variant_breaks_the_experiments_that_the_page_names() -> None:
    page = (ROOT / "models" / "README.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `?(late|V\d+)`? \| .* \| (.*) \|$", page, re.MULTILINE))
    assert set(rows) == {variant.name for variant in CORE.variants}
    for variant in CORE.variants:
        result = confront(CORE.as_variant(variant.name))
        broken = [v.experiment.id for v in result.failed]
        holding = [e.id for e in CORE.experiments if variant.name in e.holds_in]
        named = re.findall(r"\bC\d+\w*", rows[variant.name])
        assert [n for n in named if n not in holding] == broken, variant.name


def test_that_the_pages_count_the_experiments_of_the_core() -> None:
    count = len([e for e in CORE.experiments if e.kind])
    counted = f"{count} experiments"
    assert counted in (ROOT / "docs" / "story.md").read_text("utf-8")
    assert f"runs all {count}" in (ROOT / "README.md").read_text("utf-8")


# --- what the experiments protect ------------------------------------------------------------

ABSTRACT_EDGES = (
    ("LIF_dose", "LIF"), ("Injury", "LIF"), ("LSEC", "LIFR"), ("LIF", "LIFR"), ("LIFR", "STAT3"),
    ("STAT3", "Angio"), ("STAT3", "HGF"),
)  # fmt: skip
OTHER_EDGES = tuple(
    edge for c in CORE.network.claims if (edge := (c.source, c.target)) not in ABSTRACT_EDGES
)


def monotone_rules(network: LogicalNetwork, target: str, without: str) -> Iterator[Rule]:
    """Yield every rule of a component that has the signs of its edges, but not one of them."""
    rule = network[target].rule
    assert rule is not None
    sources = [s for s in dict.fromkeys(v.name for v in rule.thresholds()) if s != without]
    signs = {c.source: c.sign for c in network.claims if c.target == target}
    states = list(itertools.product(*(range(network.tops[s] + 1) for s in sources)))

    def rank(state: tuple[int, ...]) -> int:
        return sum(n if signs[s] == "+" else -n for s, n in zip(sources, state, strict=True))

    order = sorted(states, key=rank)
    below = {
        state: [
            lower
            for i, s in enumerate(sources)
            if (lower := (*state[:i], state[i] + (-1 if signs[s] == "+" else 1), *state[i + 1 :]))
            in set(states)
        ]
        for state in states
    }
    levels: dict[tuple[int, ...], int] = {}

    def fill(place: int) -> Iterator[Rule]:
        if place == len(order):
            yield _rule_of(levels, sources, network)
            return
        state = order[place]
        for level in range(
            max((levels[b] for b in below[state]), default=0), network.tops[target] + 1
        ):
            levels[state] = level
            yield from fill(place + 1)
        del levels[state]

    return fill(0)


def _rule_of(
    levels: dict[tuple[int, ...], int], sources: list[str], network: LogicalNetwork
) -> Rule:
    cases = []
    for level in range(max(levels.values()), 0, -1):
        terms = [
            " & ".join(f"{s}={n}" for s, n in zip(sources, state, strict=True)) or "1"
            for state, reached in levels.items()
            if reached == level
        ]
        text = " | ".join(f"({term})" for term in terms) or "0"
        cases.append((parse(text, tops=network.tops), level))
    return Rule(tuple(cases))


def reproducing(source: str, target: str) -> list[Rule]:
    """Return the rules without an edge with which every experiment still comes out."""
    asked = [e for e in CORE.experiments if e.is_to_hold()]
    asked = [
        e for e in asked if e.id in ("C02", "C03", "C04b", "C12d1", "C12d2", "C12f", "C12g", "C12h")
    ] + asked
    found = []
    for rule in monotone_rules(CORE.network, target, source):
        network = CORE.network.with_rule(target, rule)
        refuting = next((e for e in asked if judge(network, e).holds is False), None)
        if refuting is None:
            found.append(rule)
        else:
            asked.remove(refuting)
            asked.insert(0, refuting)
    return found


@pytest.mark.parametrize(
    ("source", "target"),
    [
        pytest.param(*edge, marks=[pytest.mark.slow] * (edge[0] == "STAT3"))  # 887 rules each
        for edge in ABSTRACT_EDGES
    ],
)
def test_that_no_rule_without_an_edge_of_the_abstract_reproduces_the_experiments(
    source: str, target: str
) -> None:
    assert reproducing(source, target) == []


@pytest.mark.slow
@pytest.mark.parametrize(("source", "target"), OTHER_EDGES)
def test_that_no_rule_without_an_edge_reproduces_the_experiments(source: str, target: str) -> None:
    assert reproducing(source, target) == []


def test_that_without_the_experiment_on_hgf_its_edge_from_stat3_would_not_be_needed() -> None:
    """What the experiments protect was once not this edge: HGF could follow the vessels."""
    follows = Rule.parse({2: "LSEC & Angio=2", 1: "LSEC & (Angio | VEGF)"}, CORE.network.tops)
    network = CORE.network.with_rule("HGF", follows)
    asked = [e for e in CORE.experiments if e.is_to_hold()]
    assert [e.id for e in asked if judge(network, e).holds is False] == ["C12f"]


# --- the dose --------------------------------------------------------------------------------


@both
def test_that_the_dose_has_a_window_in_where_the_liver_ends_up(which: str) -> None:
    project = PROJECTS[which]
    (comparison,) = project.comparisons
    found = [
        find_attractors(project.network, project.scenario(name)) for name in comparison.scenarios
    ]
    masses = [answer.attractors[0].space["Mass"] for answer in found]
    assert all(len(answer.attractors) == 1 and answer.complete for answer in found)
    assert masses == [(1, 1), (2, 2), (2, 2), (0, 0)]


class OwnCalculation:
    """Mean first times in the core, from the text of its file and nothing of regnet."""

    def __init__(self, rates: str) -> None:
        data = tomllib.loads(FILES["core"].read_text("utf-8"))
        self.tops = {n: len(c["levels"]) - 1 for n, c in data["components"].items()}
        self.rules = {
            n: sorted(
                ((int(k), self._python(v)) for k, v in self._cases(c["rule"]).items()), reverse=True
            )
            for n, c in data["components"].items()
            if "rule" in c
        }
        self.scenarios = data["scenarios"]
        self.rates = dict.fromkeys(self.tops, 1.0)
        for name, entry in data["rates"].get(rates, {}).items():
            if isinstance(entry, dict):
                for component in entry.get("components", name).split():
                    self.rates[component] = float(entry["rate"])

    @staticmethod
    def _cases(rule: Any) -> dict[str, str]:
        return {"1": rule} if isinstance(rule, str) else rule

    @staticmethod
    def _python(text: str) -> Any:
        def atom(match: re.Match[str]) -> str:
            sign, level = match[2] or ">=", match[3] or "1"
            return f"(L[{match[1]!r}] {'==' if sign == '=' else sign} {level})"

        text = re.sub(r"([A-Za-z_]\w*)\s*(?:(>=|<=|=|<|>)\s*(\d+))?", atom, text)
        for sign, word in (("!", " not "), ("&", " and "), ("|", " or ")):
            text = text.replace(sign, word)
        return compile(text.strip(), "rule", "eval")

    def first_time(self, scenario: str, mass: int) -> tuple[float, float]:
        """Return how likely the mass ever comes, and after which mean time if it surely does."""
        table = self.scenarios[scenario]
        held = {n: int(v) for n, v in (w.split("=") for w in table["clamps"].split())}
        start = {n: int(v) for n, v in (w.split("=") for w in table["start"].split())} | held
        names = list(self.tops)
        number = {tuple(start[n] for n in names): 0}
        steps: list[list[tuple[int, float]]] = []
        listed = list(number)
        for state in listed:
            levels = dict(zip(names, state, strict=True))
            moves = []
            if levels["Mass"] < mass:
                for place, name in enumerate(names):
                    if name in held or name not in self.rules:
                        continue
                    target = next((k for k, c in self.rules[name] if eval(c, {"L": levels})), 0)
                    way = (target > levels[name]) - (target < levels[name])
                    if way:
                        after = (*state[:place], state[place] + way, *state[place + 1 :])
                        if after not in number:
                            number[after] = len(listed)
                            listed.append(after)
                        moves.append((number[after], self.rates[name]))
            steps.append(moves)
        mass_of = [state[names.index("Mass")] for state in listed]
        ever = np.array([float(m >= mass) for m in mass_of])
        moving = [i for i, moves in enumerate(steps) if moves]
        matrix, right = np.eye(len(listed)), ever.copy()
        waits = np.zeros(len(listed))
        for i in moving:
            total = sum(rate for _, rate in steps[i])
            waits[i], right[i] = 1 / total, 0
            for j, rate in steps[i]:
                matrix[i, j] -= rate / total
        chance = float(np.linalg.solve(matrix, right)[0])
        if chance < 1 - 1e-9:
            return chance, float("inf")
        return chance, float(np.linalg.solve(matrix, waits)[0])


@cache
def own(rates: str) -> OwnCalculation:
    return OwnCalculation(rates)


TIMES = {
    "LIF neutralised": "anti-LIF",
    "untreated": "PHx",
    "low dose from the operation on": "low dose at PHx",
    "the body's own level held from before": "physiological LIF before PHx",
    "low dose from before": "low dose before PHx",
    "overdose from the operation on": "overdose at PHx",
    "overdose from before": "overdose before PHx",
}


@pytest.mark.parametrize(("row", "scenario"), TIMES.items())
def test_that_the_table_of_the_story_holds_by_a_calculation_of_its_own(
    row: str, scenario: str
) -> None:
    page = (ROOT / "docs" / "story.md").read_text("utf-8")
    (cells,) = re.findall(rf"^\| {re.escape(row)} \|(.*)\|$", page, re.MULTILINE)
    shown = [cell.strip() for cell in cells.split("|")]
    assert [_cell(own(r).first_time(scenario, m)) for r in ("days", "") for m in (1, 2)] == shown


def _cell(found: tuple[float, float]) -> str:
    chance, time = found
    if chance < 1e-9:
        return "never"
    return f"in {100 * chance:.1f} %" if time == float("inf") else f"{time:.2f}"


def test_that_the_late_variant_is_late_by_the_numbers_of_the_story() -> None:
    from regnet.analysis.simulate import simulate

    late = CORE.as_variant("late")
    found = simulate(
        late.network, late.scenario("anti-LIF"), rates=late.rate_set().rates, until=30, points=2,
        first=[late.network.parse("Mass=2")],
    )  # fmt: skip
    assert found.origin.guarantee == "exact"
    assert f"{found.arrivals[0].mean_ever:.2f} days" in (ROOT / "docs" / "story.md").read_text()


def test_that_the_low_dose_is_faster_with_other_rates_too() -> None:
    """In each of 12 sets of rates, a factor of up to 10 around those of the file."""
    calculation = OwnCalculation("days")
    usual = dict(calculation.rates)
    draw = np.random.default_rng(7)
    for _ in range(12):
        calculation.rates = {n: r * 10 ** draw.uniform(-1, 1) for n, r in usual.items()}
        untreated, low = (
            calculation.first_time(name, 2)[1] for name in ("PHx", "low dose before PHx")
        )
        assert low < untreated


def test_that_edges_are_cut_and_not_only_written_down() -> None:
    """Cutting what the abstract states changes where the liver ends up, or how."""
    network = CORE.network
    for source, target in ABSTRACT_EDGES[3:]:
        cut = Cut(source, target)
        scenario = CORE.scenario("low dose, no injury")
        changed = scenario.perturbed(type(scenario.perturbation)(cuts=frozenset({cut})))
        before, after = (find_attractors(network, s).attractors for s in (scenario, changed))
        assert [a.space for a in before] != [a.space for a in after]
