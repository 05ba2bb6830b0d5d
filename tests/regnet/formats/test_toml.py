"""The model file: what is written reads back, edits keep comments, faults have places."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regnet.errors import FormatError, NetworkError, ParseError
from regnet.evidence import (
    EXPECTATIONS,
    EXPERIMENT_KINDS,
    Expectation,
    Experiment,
    Phenotype,
    Reference,
    ScenarioTable,
)
from regnet.formats.toml import from_toml, read, to_toml, write
from regnet.network import CONFIDENCES, SIGNS, SOURCE_KINDS, Claim, Component, LogicalNetwork, Rule
from regnet.project import Kept, Project, Variant
from regnet.rates import RATE_KINDS, RateClass, RateLaw, RateSet, Timing
from regnet.scenario import UPDATES, Scenario
from regnet.space import Space
from regnet.start import Distribution, Start
from tests.strategies import expressions, networks, perturbations, rules, starts

texts = st.one_of(
    st.sampled_from(
        ["", "liver", "two\nlines", 'say "so"', "C:\\path\\\n", '"""', "κ → λ", "# no"]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12),
)
names = st.one_of(
    st.sampled_from(["IL-2", "NFκB", "MEK1/2", "Ca2+", "a b", 'q"q', "x->y", "1", "A.b", "true"]),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=5).filter(
        lambda name: name == name.strip()
    ),
)
keys = st.lists(st.sampled_from(["EV01", "EV02", "Smith 2020"]), max_size=2).map(tuple)
numbers = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))


@st.composite
def projects(draw: st.DrawFn) -> Project:
    """Draw a project that uses every part of the file."""
    network = draw(networks(3, 2))
    for old in network.names:
        new = draw(st.one_of(st.just(old), names))
        if new not in network:
            network = network.renamed(old, new)
    components = []
    for c in network.components:
        meanings = tuple(draw(texts) for _ in range(c.top + 1)) if draw(st.booleans()) else ()
        components.append(
            replace(
                c,
                compartment=draw(texts),
                meanings=meanings,
                note=draw(texts),
                refs=draw(keys),
                kind=draw(st.sampled_from(("", *SOURCE_KINDS))),
                confidence=draw(st.sampled_from(("", *CONFIDENCES))),
            )
        )
    network = LogicalNetwork(tuple(components), name=draw(texts))
    some = st.sampled_from(network.names)
    claims = st.builds(Claim, some, some, st.sampled_from(SIGNS), note=texts, refs=keys)
    network = network.with_claims(draw(st.lists(claims, max_size=3)))
    titles = draw(st.lists(texts.filter(bool), unique=True, max_size=3))
    sets = tuple(
        draw(rate_sets(network, name))
        for name in draw(st.lists(texts.filter(bool), unique=True, max_size=2))
    )
    scenarios = tuple(
        replace(
            draw(_scenarios(network, title)),
            rates=draw(st.sampled_from(["", *(rates.name for rates in sets)])),
        )
        for title in titles
    )
    conditions = expressions(network.tops, max_leaves=4)
    phenotypes = st.builds(Phenotype, texts.filter(bool), conditions, note=texts)
    expectations = st.one_of(
        st.builds(
            Expectation,
            st.sampled_from([k for k in EXPECTATIONS if k in ("never", "every attractor")]),
            conditions,
        ),
        st.builds(Expectation, st.just("attractors"), count=st.integers(0, 9)),
        st.just(Expectation("only complex")),
        some.map(lambda n: Expectation("spans", component=n, range=(0, network.tops[n]))),
    )
    experiments = []
    for identifier in draw(st.lists(texts.filter(bool), max_size=2)):
        scenario = draw(
            st.one_of(_scenarios(network, ""), st.sampled_from(scenarios))
            if scenarios
            else _scenarios(network, "")
        )
        expect = tuple(draw(st.lists(expectations, max_size=3)))
        experiments.append(
            Experiment(
                identifier, draw(texts), scenario, expect, draw(texts), draw(keys),
                settle=draw(st.one_of(st.none(), _scenarios(network, ""))),
                kind=(kind := draw(st.sampled_from(["", *EXPERIMENT_KINDS]))),
                quote=draw(texts),
                holds_in=tuple(titles[:1]) if kind == "disagreement" else (),
            )
        )  # fmt: skip
    variants = tuple(
        Variant(title, draw(texts), {name: draw(rules(network.tops, network.tops[name]))})
        for title, name in zip(titles, network.names, strict=False)
    )
    comparisons = (
        (ScenarioTable("doses", (titles[0],), (network.names[0],), ("label",), draw(texts)),)
        if titles
        else ()
    )
    return Project(
        network,
        *(draw(texts) for _ in range(4)),
        references=tuple(Reference(k, draw(texts), doi=draw(texts)) for k in ("EV01", "EV02")),
        scenarios=scenarios,
        phenotypes=tuple(draw(st.lists(phenotypes, max_size=2))),
        experiments=tuple(experiments),
        comparisons=comparisons,
        layout=draw(st.dictionaries(some, st.tuples(numbers, numbers))),
        variants=variants,
        rate_sets=sets,
    )


@st.composite
def rate_sets(draw: st.DrawFn, network: LogicalNetwork, name: str) -> RateSet:
    """Draw a set of rates, some of which depend on the state."""
    numbers = st.sampled_from([0.0, 1.0, 2.5, 1e-5, 1e308, 1 / 3])
    cases = st.lists(
        st.tuples(expressions(network.tops, max_leaves=3), numbers), min_size=1, max_size=3
    )
    speeds = st.one_of(numbers, cases.map(lambda c: RateLaw(tuple(c))))
    kinds = st.sampled_from(("", *RATE_KINDS))
    classes = []
    left = list(network.names)
    while left and draw(st.booleans()):
        taken = left[: draw(st.integers(1, len(left)))]
        left = left[len(taken) :]
        named = draw(st.sampled_from(["", "unit", '"q\\"', "fast"])) if len(taken) == 1 else "fast"
        if all(named != group.label for group in classes) and named not in network:
            classes.append(
                RateClass(
                    tuple(taken), draw(speeds), draw(speeds), named, draw(kinds), draw(texts),
                    draw(keys), draw(texts),
                )
            )  # fmt: skip
    timing = Timing(
        draw(st.sampled_from([None, 0.5, 20.0])),
        draw(st.sampled_from([None, 10])),
        draw(st.sampled_from([None, 0, 7])),
        tuple(draw(st.lists(st.sampled_from(network.names), unique=True))),
        draw(st.booleans()),
    )
    unit = draw(st.sampled_from(["", "day", "h"]))
    return RateSet(name, tuple(classes), draw(numbers), unit, timing, draw(texts))


@st.composite
def drawn_starts(draw: st.DrawFn, network: LogicalNetwork) -> Space:
    """Draw a start, of which one or two components may be drawn with probabilities."""
    start = draw(starts(network))
    group = network.names[: draw(st.integers(0, 2))]
    levels = list(product(*(range(network.tops[name] + 1) for name in group)))
    weights = draw(st.lists(st.integers(0, 3), min_size=len(levels), max_size=len(levels)))
    if not group or not sum(weights):
        return start
    rows = tuple((at, w / sum(weights)) for at, w in zip(levels, weights, strict=True))
    return Start().with_(start).with_(Start({}, [Distribution(group, rows)]))


@st.composite
def _scenarios(draw: st.DrawFn, network: LogicalNetwork, name: str) -> Scenario:
    perturbation = replace(draw(perturbations(network)), name=draw(texts))
    update = draw(st.sampled_from(UPDATES))
    return Scenario(name, perturbation, draw(drawn_starts(network)), update, draw(texts))


@given(projects())
@settings(max_examples=60, deadline=None)
def test_that_a_project_reads_back_as_it_was_written(project: Project) -> None:
    text = to_toml(project)
    assert from_toml(text) == project
    assert to_toml(from_toml(text)) == text


@given(projects(), projects())
@settings(max_examples=30, deadline=None)
def test_that_saving_over_another_project_leaves_only_the_new_one(
    before: Project, after: Project
) -> None:
    text, _ = write(after, to_toml(before))
    assert from_toml(text) == after


TOY = """\
# A toy of ours.
regnet = 1
name = "toy"  # short

# --- inputs
[components.Dose]
levels = ["none", "low", "high"]

[components.Mass]
top = 2
rule.2 = "Dose=1 & Mass>=1"   # needs a start
rule.1 = "Dose=1"

[components.Waste]
rule = "Dose=2 |   Waste"

[scenarios.overdose]
start = "Mass=0, Waste=0"
clamps = "Dose=2"
"""


def test_that_a_save_without_a_change_changes_nothing() -> None:
    assert write(from_toml(TOY), TOY) == (TOY, ())


def test_that_an_edit_keeps_comments_and_the_order_of_the_file() -> None:
    project = from_toml(TOY)
    network = project.network.with_rule("Waste", Rule.of("Mass"))
    text, remarks = write(replace(project, network=network, title="A toy"), TOY)
    assert remarks == ()
    assert 'rule = "Mass"' in text
    assert text.index("# --- inputs") < text.index("[components.Dose]")
    assert 'rule.2 = "Dose=1 & Mass>=1"   # needs a start' in text
    assert from_toml(text).title == "A toy"


def test_that_new_components_and_scenarios_join_the_file_that_exists() -> None:
    project = from_toml(TOY)
    network = project.network.with_component(Component("Extra", Rule.of("Waste")))
    scenario = Scenario("late", start=Space({"Extra": 1}))
    changed = replace(project, network=network, scenarios=(*project.scenarios, scenario))
    text, remarks = write(changed, TOY)
    assert remarks == ()
    assert from_toml(text) == changed
    assert text.startswith("# A toy of ours.")
    assert "# needs a start" in text


def test_that_a_removed_component_leaves_the_file() -> None:
    project = from_toml(TOY)
    changed = replace(project, network=project.network.without("Waste"))
    changed = replace(changed, scenarios=())
    text, _ = write(changed, TOY)
    assert "Waste" not in text
    assert "# needs a start" in text


def test_that_a_file_written_anew_says_that_comments_are_gone() -> None:
    project = from_toml(TOY)
    turned = LogicalNetwork(tuple(reversed(project.network.components)), name="toy")
    text, remarks = write(replace(project, network=turned), TOY)
    assert from_toml(text).network == turned
    assert len(remarks) == ("# needs a start" not in text)


def test_that_a_rule_is_written_as_the_person_wrote_it_where_it_means_the_same() -> None:
    assert 'rule = "Dose=2 |   Waste"' in write(from_toml(TOY), TOY)[0]


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "words"),
    [
        ('"Dose=2 |   Waste"', '"Dose=2 | | Waste"', 15, 18, "'|' does not fit here"),
        ('"Dose=2 |   Waste"', '"Dose=2 | Wast"', 15, 18, "did you mean 'Waste'"),
        ('"Dose=2 |   Waste"', '"Dose=3"', 15, 14, "Dose ends at 2"),
        ('rule.1 = "Dose=1"', 'rule.3 = "Dose=1"', 12, 1, "no level 3"),
        ('rule.1 = "Dose=1"', "rule.1 = 1", 12, 10, "a rule is text"),
        ("top = 2", "tops = 2", 10, 1, "did you mean 'top'"),
        ('rule = "Dose', 'kind = "guess"\nrule = "Dose', 15, 8, "'guess'"),
        ('levels = ["none", "low", "high"]', 'levels = ["none"]', 7, 10, "there are 1 levels"),
        ("[scenarios.overdose]", "[scenario.overdose]", 17, 2, "did you mean 'scenarios'"),
        ('clamps = "Dose=2"', 'clamps = "Dose=3"', 19, 10, "Dose has levels 0 to 2"),
        ('clamps = "Dose=2"', 'clamps = "Dos=2"', 19, 11, "did you mean 'Dose'"),
        ('clamps = "Dose=2"', 'clamps = "Dose"', 19, 10, "'Dose' is not a level"),
        ('clamps = "Dose=2"', 'cuts = ["Mass->Waste"]', 19, 8, "nothing to cut"),
        ('clamps = "Dose=2"', 'update = "sync"', 19, 10, "update is 'sync'"),
        ("[components.Waste]", "[components.Waste", 14, 18, "not TOML"),
        ('start = "Mass=0, Waste=0"', "start = 3", 18, 9, "wrong kind of value"),
    ],
)
def test_that_faults_are_told_with_their_place(
    old: str, new: str, line: int, column: int, words: str
) -> None:
    assert old in TOY
    with pytest.raises(ParseError) as caught:
        from_toml(TOY.replace(old, new, 1), "toy.toml")
    assert words in str(caught.value)
    assert caught.value.file == "toy.toml"
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(
    ("more", "line", "column", "words"),
    [
        ('[[claims]]\nedge = "Dose => Mass"', 22, 8, "is not an edge"),
        ('[[claims]]\nedge = "Dose -> Mas"', 22, 17, "did you mean 'Mass'"),
        ('[[claims]]\nedge = "Dose -> Mass"\nsing = 1', 23, 1, "sing"),
        ('[[phenotypes]]\nname = "x"\ncondition = "Mass & (Dose"', 23, 21, "never closed"),
        ('[[phenotypes]]\ncondition = "Mass"', 21, 3, "name is missing"),
        ('[[experiments]]\nid = "1"\nscenario = "overdos"', 23, 12, "did you mean 'overdose'"),
        ('[[experiments]]\nid = "1"\nexpect = [\n  { nevr = "Mass" },\n]', 24, 5, "'never'"),
        ('[[experiments]]\nid = "1"\nexpect = [{ never = "Mas" }]', 23, 22, "'Mass'"),
        ('[[experiments]]\nid = "1"\nscenario.start = """\nMass=0\nMas=1"""', 25, 1, "'Mass'"),
        ('[[comparisons]]\ntitle = "t"\nscenarios = ["x"]', 23, 14, "scenario 'x'"),
        ('[variants.V1]\nrules.Mas = "1"', 22, 1, "did you mean 'Mass'"),
        ('[variants.V1]\nrules.Mass = "1"', 22, 14, "each rule needs its level"),
        ("[layout]\nMas = [1, 2]", 22, 1, "did you mean 'Mass'"),
        ("[layout]\nMass = [1]", 22, 8, "not a place"),
        ('[rates.days]\nunit = "1 / day"', 22, 8, 'expected unit = "day"'),
        ("[rates.days]\nMas = 2", 22, 1, "did you mean 'Mass'"),
        ("[rates.days]\nMass = -2", 22, 8, "a number of 0 or above"),
        ("[rates.days]\nMass = { up = 1 }", 22, 1, "rate, or both up and down"),
        ("[rates.days]\nMass = { rat = 1 }", 22, 10, "did you mean 'rate'"),
        ('[rates.days]\nMass = { rate = 1, kind = "guess" }', 22, 27, "kind is 'guess'"),
        ('[rates.days]\nx = { rate = 1, components = "Mass Mas" }', 22, 30, "'Mass'"),
        ('[rates.days]\nMass = [{ rate = 1, when = "Dose:3" }]', 22, 34, "Dose ends at 2"),
        ('[rates.days]\nMass = 1\nx = { rate = 2, components = "Mass" }', 21, 2, "Mass twice"),
        ("[rates.days]\nend = 0", 21, 2, "cannot end at 0"),
        ('[rates.days]\nreadouts = ["Mas"]', 22, 12, "'Mass'"),
        ('[scenarios.x]\nrates = "days"', 22, 9, "there is no rate set 'days'"),
        ('[scenarios.x]\nstart = "Mass=0:0.5|1:0.6"', 22, 9, "sum to 1.1"),
        ('[scenarios.x]\nstart = "Mass=3:0.5|1:0.5"', 22, 9, "Mass has levels 0 to 2"),
        (
            '[scenarios.x]\ndrawn = [{ components = ["Mas"], levels = [[0]], '
            "probabilities = [1] }]",
            22,
            25,
            "'Mass'",
        ),
        (
            '[scenarios.x]\ndrawn = [{ components = ["Mass"], levels = [[0], [1]], '
            "probabilities = [1] }]",
            22,
            72,
            "1 probabilities for 2 rows",
        ),
    ],
)
def test_that_faults_deep_in_the_file_are_told_with_their_place(
    more: str, line: int, column: int, words: str
) -> None:
    with pytest.raises(ParseError) as caught:
        from_toml(TOY + "\n" + more + "\n", "toy.toml")
    assert words in str(caught.value)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_that_a_file_of_a_newer_regnet_is_refused_politely() -> None:
    with pytest.raises(FormatError, match=r"newer regnet .*please update"):
        from_toml("regnet = 2\n[components.A]\n")


def test_that_a_file_without_its_first_line_is_not_a_model_file() -> None:
    with pytest.raises(ParseError, match="regnet = 1"):
        from_toml("[components.A]\n")


def test_that_cases_in_any_order_are_kept() -> None:
    rule = Rule.parse({2: "A", 1: "B"})
    turned = Rule(tuple(reversed(rule.cases)))
    network = LogicalNetwork((Component("A"), Component("B"), Component("X", turned, 2)))
    assert from_toml(to_toml(Project(network))).network["X"].rule == turned


RATES = """
[rates.days]
unit = "day"
end = 20
Dose = 20   # an hour
fast = { rate = 50, components = "Mass Waste", kind = "paper", refs = ["EV1"] }

[rates.laws]
Mass = { up = [{ rate = 5, when = "Dose & !Waste" }, { rate = 0.5 }], down = 1 }
others = 2
"""


def test_that_rates_are_read_in_the_form_in_which_people_write_them() -> None:
    project = from_toml(TOY + RATES)
    days, laws = project.rate_sets
    assert (days.unit, days.timing.end) == ("day", 20)
    assert str(days.rates) == "Dose at 20, Mass Waste at 50, others at 1"
    assert days.classes[1].refs == ("EV1",)
    assert str(laws.rates) == "Mass at 5 if Dose & !Waste, else 0.5 up and 1 down, others at 2"
    slower = replace(days, classes=(replace(days.classes[0], up=2.0, down=2.0), days.classes[1]))
    text, remarks = write(replace(project, rate_sets=(slower, laws)), TOY + RATES)
    assert remarks == ()
    assert text == (TOY + RATES).replace("Dose = 20 ", "Dose = 2 ")


def test_that_a_reference_nobody_explains_is_remarked() -> None:
    more = '[components.New]\nrefs = ["EV2"]\n[references.EV1]\ntext = "x"\n'
    (remark,) = read(TOY + more).remarks
    assert (remark.severity, remark.line) == ("warning", 21)
    assert "EV2" in remark.message


def test_that_two_scenarios_of_one_name_cannot_be_written() -> None:
    project = Project(LogicalNetwork(()), scenarios=(Scenario("a"), Scenario("a")))
    with pytest.raises(NetworkError, match="two scenarios 'a'"):
        to_toml(project)


@given(st.integers(0, len(TOY) - 1), st.text('ab"=[]{}&|!() 0123.#\n', max_size=2))
@settings(max_examples=200, deadline=None)
def test_that_a_slip_of_the_pen_is_read_or_told_with_its_line(at: int, slip: str) -> None:
    fault = None
    try:
        from_toml(TOY[:at] + slip + TOY[at + 1 :], "toy.toml")
    except (ParseError, FormatError) as error:
        fault = error
    if isinstance(fault, ParseError):
        assert fault.line is not None
        assert "\n" not in str(fault)


def test_that_to_settle_in_the_wild_type_is_not_the_same_as_not_to_settle() -> None:
    project = from_toml('regnet = 1\n[components.A]\n[[experiments]]\nid = "E1"\nsettle = {}')
    assert project.experiments[0].settle == Scenario()
    assert from_toml(to_toml(project)) == project


def test_that_what_came_from_another_tool_survives() -> None:
    kept = (
        Kept("zginml", "GINsim-data/initialState", b"\x00\xff<state/>"),
        Kept("sbml", "annotation", 'a "text" of\r\ntwo lines \x07', component="A"),
        Kept("sbml", "notes", ""),
        Kept("zginml", "empty", b""),
    )
    project = replace(from_toml("regnet = 1\n[components.A]"), kept=kept)
    assert from_toml(to_toml(project)) == project
    assert from_toml(to_toml(project.renamed("A", "B"))).kept[1].component == "B"
    assert [k.what for k in project.without("A").kept] == [kept[0].what, "notes", "empty"]
