"""What a modeller types at a Python prompt."""

from __future__ import annotations

import pickle
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from html import escape
from inspect import signature
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest

import regnet
from regnet import examples
from regnet.errors import NetworkError, ParseError, RegnetError, UnknownNameError
from regnet.evidence import Counterpart, Expectation, Experiment
from regnet.logic import parse
from regnet.network import Component, LogicalNetwork, Rule
from regnet.notebook import columns
from regnet.project import Project
from regnet.questions import QUESTIONS, ask
from regnet.rates import RateClass, RateSet
from regnet.scenario import Cut, Perturbation, Scenario
from regnet.space import Space
from regnet.start import Start

TOGGLE = LogicalNetwork([Component("A", "!B"), Component("B", "!A"), Component("Dose")])
MODEL = Path(__file__).parents[1] / "models" / "lif_lifr.toml"
LONGEST = 300
"""Characters that a value may take at a prompt."""


# --- values ------------------------------------------------------------------------------------


def test_that_a_network_is_a_collection_of_the_names_of_its_components() -> None:
    assert list(TOGGLE) == ["A", "B", "Dose"] == [name for name in TOGGLE if name in TOGGLE]
    assert len(TOGGLE) == 3
    assert [TOGGLE[name].is_input for name in TOGGLE] == [False, False, True]
    assert 0 not in TOGGLE
    assert [] not in TOGGLE


@pytest.mark.parametrize("place", [0, -1, slice(0, 2)])
def test_that_a_network_says_that_components_are_found_by_name(place: object) -> None:
    with pytest.raises(NetworkError, match=r"by its name; network\.components is a sequence"):
        TOGGLE[place]  # type: ignore[index]


def test_that_a_name_of_another_type_is_a_name_that_does_not_exist() -> None:
    with pytest.raises(UnknownNameError, match="there is no component 'None'"):
        TOGGLE[None]  # type: ignore[index]


def test_that_rules_are_written_as_text() -> None:
    assert Component("A", "!B") == Component("A", Rule.of("!B")) == Component("A", parse("!B"))
    graded = Component("M", {1: "A", 2: "A & B"}, top=2)
    assert graded == Component("M", Rule.parse({2: "A & B", 1: "A"}), top=2)
    assert TOGGLE.with_rule("B", "A & Dose")["B"].rule == Rule.of("A & Dose")
    assert TOGGLE.with_rule("B", None)["B"].is_input
    assert TOGGLE.with_rule("B", "A=1")["B"].rule == Rule.of("A")  # A is Boolean


@pytest.mark.parametrize(
    ("ask", "error", "words"),
    [
        (lambda: Component("A", "B & | C"), ParseError, "rule of A, column 5: "),
        (lambda: TOGGLE.with_rule("A", "B &"), ParseError, "rule of A, column 4: "),
        (lambda: TOGGLE.with_rule("A", "C"), UnknownNameError, "rule of A"),
        (lambda: Component("A", 3), NetworkError, "'3' is no condition"),
        (lambda: Component("A", {1: None}), NetworkError, "'None' is no condition"),
        (lambda: Component(3), NetworkError, "3 cannot be the name"),
        (lambda: Space({"A": "high"}), NetworkError, "A needs a level or a pair of levels"),
        (lambda: Space({"A": (0, 1, 2)}), NetworkError, "A needs a level or a pair of levels"),
        (lambda: Space.of(["A"]), NetworkError, r"levels are written \{'X': 1\} or 'X=1'"),
        (lambda: Perturbation("A"), ParseError, "'A' is not a level"),
        (lambda: Perturbation("A->"), ParseError, "'A->' is not an edge"),
        (lambda: Perturbation(3), NetworkError, "levels are written"),
        (lambda: Scenario(start="Mass:2"), ParseError, "'Mass:2' is a condition"),
        (lambda: Scenario(start=[1]), NetworkError, "levels are written"),
        (lambda: Scenario().perturbed("A->"), ParseError, "'A->' is not an edge"),
        (lambda: LogicalNetwork({"A": "!A"}), NetworkError, "made of Components, not of 'A'"),
        (lambda: regnet.Phenotype("on", "A &"), ParseError, "column 4"),
        (lambda: regnet.save("toggle", "toggle.toml"), NetworkError, "cannot be 'toggle': give"),
        (lambda: regnet.build_report(3), NetworkError, "the model cannot be 3: give a project"),
    ],
)
def test_that_a_mistake_is_told_in_one_sentence(ask, error: type[RegnetError], words: str) -> None:
    with pytest.raises(error, match=words):
        ask()


def test_that_a_network_of_a_list_is_the_network_of_a_tuple() -> None:
    again = LogicalNetwork(list(TOGGLE.components), claims=[])
    assert again == TOGGLE
    assert hash(again) == hash(TOGGLE)


def test_that_levels_are_written_as_dicts_text_or_truth_values() -> None:
    assert str(Space({"VEGF": True, "LIF": False})) == "VEGF=1 LIF=0"
    assert Space.of("VEGF=1, Mass=0..2") == Space.of({"VEGF": 1, "Mass": [0, 2]})
    assert Scenario(start={"Mass": 0}).start == Space({"Mass": 0})
    assert Scenario("x", "LIF=0").perturbation == Perturbation(Space({"LIF": 0}))
    drawn = Scenario(start="A=1, B=0:0.25|1:0.75").start
    assert isinstance(drawn, Start)
    assert drawn.drawn
    assert type(Scenario(start="A=1").start) is Space


def test_that_a_perturbation_is_written_as_a_dict_or_text() -> None:
    both = Perturbation(Space({"VEGF": 0}), frozenset({Cut("A", "B")}))
    assert Perturbation("VEGF=0, A -> B") == both == Perturbation({"VEGF": 0}, ["A->B"])
    assert Perturbation.of(both) is both
    assert Perturbation.of("VEGF=0", name="no VEGF").label == "no VEGF"
    assert Perturbation({"A": 0}).apply(TOGGLE)["A"] == Component("A", "0")


def test_that_a_network_alone_is_a_model_wherever_one_is_asked_for(tmp_path: Path) -> None:
    regnet.save(TOGGLE, tmp_path / "toggle.toml")
    assert regnet.load(tmp_path / "toggle.toml").network.digest == TOGGLE.digest
    assert regnet.build_report(TOGGLE).sections
    assert len(regnet.check(TOGGLE)) == 0
    assert regnet.Phenotype("on", "A & !B").condition == parse("A & !B")
    assert Scenario().perturbed("A=0").perturbation == Perturbation({"A": 0})


def test_that_experiments_are_written_with_text_and_lists() -> None:
    won = regnet.Expectation("every attractor", "!B")
    assert won == regnet.Expectation("every attractor", parse("!B"))
    written = regnet.Experiment("1", "A wins", Scenario("on", "A=1"), [won])  # type: ignore[arg-type]
    model = Project(TOGGLE, experiments=[written])  # type: ignore[arg-type]
    again = Project(TOGGLE, experiments=(replace(written, expect=(won,)),))
    assert model == again
    assert hash(written) == hash(again.experiments[0])
    assert [verdict.holds for verdict in regnet.check(model)] == [True]


def test_that_a_knock_out_of_a_scenario_has_a_name_that_says_so() -> None:
    project = examples.load("lif_lifr")
    name = project.scenarios[0].name
    assert project.knock_out("LIFR").perturbation == Perturbation({"LIFR": 0})
    there = project.knock_out("LIFR", scenario=name)
    assert there.title() == f"{name}, LIFR=0"
    assert there.start == project.scenarios[0].start
    with pytest.raises(UnknownNameError, match="did you mean 'LIFR'"):
        project.knock_out("LIFRR")


# --- at a prompt -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        TOGGLE,
        TOGGLE["A"],
        TOGGLE["Dose"],
        Component("Mass", {2: "A & B", 1: "A | B:2"}, top=2, compartment="liver"),
        Rule.of("A & !B"),
        Rule.parse({2: "A & B", 1: "A"}),
        parse('A & !"the other":2 | B'),
    ],
)
def test_that_a_short_value_is_shown_as_the_python_that_makes_it(value: object) -> None:
    names = {
        "parse": parse, "Rule": Rule, "Component": Component, "LogicalNetwork": LogicalNetwork,
    }  # fmt: skip
    assert eval(repr(value), names) == value
    assert len(repr(value)) < LONGEST


def test_that_long_values_are_shown_in_one_short_line() -> None:
    wide = Space({f"component {i}": i % 2 for i in range(350)})
    for value in (wide, Scenario("x", wide, wide), Start({}, ()), Perturbation(wide, ["A->B"])):
        assert len(repr(value)) < LONGEST
    condition = " | ".join(f"A{i} & !B{i}" for i in range(500))
    long = Rule.parse({2: condition, 1: condition})
    for value in (parse(condition), Rule.of(condition), long, Component("A" * 400, long, top=2)):
        assert len(repr(value)) < LONGEST
        assert "\n" not in repr(value)
    large = LogicalNetwork([Component(f"a component {i}") for i in range(1000)], name="large")
    assert repr(large).startswith("<LogicalNetwork large: 1000 components, 1000 of them inputs")


# --- what is asked -----------------------------------------------------------------------------


BYSTANDERS = [f"a bystander with the long name {i}" for i in range(60)]
"""Components that make the model large, and do nothing."""


@pytest.fixture(scope="module")
def liver() -> Project:
    project = regnet.load(MODEL)
    more = tuple(Component(name, "1") for name in BYSTANDERS)
    network = replace(project.network, components=(*project.network.components, *more))
    on = dict.fromkeys(BYSTANDERS, 1)
    started = (
        replace(s, start=s.start.with_(on) if s.start else s.start) for s in project.scenarios
    )
    project = replace(project, network=network, scenarios=tuple(started))
    sooner = Expectation("sooner", parse("HGF"), than=Counterpart(project.scenario("VEGF blocked")))
    timed = Experiment("timed", "", project.scenario("PHx"), (sooner,))
    return replace(project, experiments=(*project.experiments, timed))


CALLS: dict[str, Callable[[Project], Any]] = {
    "attractors": lambda p: regnet.attractors(p, "LIF low"),
    "fixed-points": lambda p: regnet.fixed_points(p, {"LIF_dose": 0}),
    "trap-spaces": lambda p: regnet.trap_spaces(p),
    "screen": lambda p: regnet.screen(p, "PHx", perturbations=["LIFR", "HGF E1", "LIFR->STAT3"]),
    "compare": lambda p: regnet.compare(p, "PHx", "VEGF blocked"),
    "query": lambda p: regnet.query(p, "EF Mass:2"),
    "control": lambda p: regnet.control(p, "PHx", "Mass:2", forbid="Mass"),
    "simulate": lambda p: regnet.simulate(
        p, "PHx", rates={"LIF": 10}, schedule="5 set Mass=0", first="Mass:2", readouts="Mass"
    ),
    "dose": lambda p: regnet.dose(
        p, "PHx", "LIF", knock_outs="LIFR", first="HGF", rates={"LIF": 10}
    ),
    "pulses": lambda p: regnet.pulses(p, "PHx", "LIF", 1, [0, 2], readouts="Mass"),
    "explain": lambda p: regnet.explain(p, "PHx", "Mass"),
    "commitment": lambda p: regnet.commitment(p, "PHx", steps=3),
    "check": lambda p: regnet.check(p, only=p.experiments[0].id),
    "sensitivity": lambda p: regnet.sensitivity(p, only=p.experiments[0].id),
    "conditions": lambda p: regnet.conditions(p, "PHx", first="Mass:2", readouts="Mass"),
    "variants": lambda p: regnet.variants(p, only=p.experiments[0].id),
    "robustness": lambda p: regnet.robustness(p, sets=2, only="timed"),
}


@pytest.fixture(scope="module", params=QUESTIONS)
def answer(request: pytest.FixtureRequest, liver: Project) -> Any:
    return CALLS[request.param](liver)


def test_that_what_a_person_writes_is_recorded_as_values_and_asked_again(
    answer: Any, liver: Project
) -> None:
    question = QUESTIONS[answer.origin.asked.question]
    again = ask(answer.origin.asked, liver)
    assert question.to_json(again, liver, timed=False) == question.to_json(
        answer, liver, timed=False
    )


def test_that_an_answer_and_all_that_it_holds_is_shown_in_a_short_line(answer: Any) -> None:
    for part in parts_of(answer):
        assert len(repr(part)) < LONGEST, repr(part)
    assert len(repr(answer)) < LONGEST
    assert repr(answer).startswith(f"<{type(answer).__name__} of lif_lifr")


def test_that_a_notebook_shows_an_answer_as_a_report_does(answer: Any, liver: Project) -> None:
    html = answer._repr_html_()
    section = QUESTIONS[answer.origin.asked.question].section(answer, liver)
    assert section.title in html
    assert html.startswith('<div class="regnet">')
    rules = re.findall(r"[^{}]+(?=\{)", re.search("<style>(.*?)</style>", html, re.DOTALL)[1])
    assert all(".regnet" in rule or "@media" in rule for rule in rules), rules
    assert ElementTree.fromstring(html.replace("<br>", "<br/>").replace("&nbsp;", " ")) is not None


def test_that_an_answer_is_a_sequence(answer: Any) -> None:
    if isinstance(answer, regnet.Answer):  # one thing
        return
    assert list(answer) == [answer[i] for i in range(len(answer))]
    assert answer


def test_that_an_answer_without_its_model_is_the_same_and_still_shown(answer: Any) -> None:
    sent = pickle.loads(pickle.dumps(answer))
    assert sent == answer
    assert len(pickle.dumps(sent)) == len(pickle.dumps(answer))
    assert "<style>" in sent._repr_html_()
    assert repr(sent) == repr(answer)


def test_that_the_columns_of_a_frame_hold_one_kind_of_cell(answer: Any, liver: Project) -> None:
    rows = QUESTIONS[answer.origin.asked.question].to_rows(answer, liver)
    for cells in columns(rows).values():
        assert len(cells) == len(rows) - 1
        kinds = {isinstance(cell, str) for cell in cells if cell is not None}
        assert len(kinds) <= 1


class Recorded(dict[str, Any]):
    """What a package of data frames is given."""

    def __init__(self, named: Any, strict: bool = True) -> None:
        super().__init__(named)


@pytest.mark.parametrize("kind", ["pandas", "polars"])
def test_that_a_package_of_frames_is_given_columns_of_one_kind(
    kind: str, liver: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = SimpleNamespace(DataFrame=Recorded, array=lambda cells, dtype: (dtype, cells))
    monkeypatch.setitem(sys.modules, kind, package)  # type: ignore[arg-type]
    frame = regnet.screen(liver, "PHx", perturbations=["LIFR"], readouts="Mass").to_frame(kind)
    assert frame["perturbation"] == ["wild type", "LIFR=0"]
    assert frame["Mass"] == ["2", "1..2"] or frame["Mass"] == [2, 1]


@pytest.mark.parametrize("kind", ["pandas", "polars"])
def test_that_a_frame_holds_the_rows_that_are_written_as_csv(
    answer: Any, kind: str, liver: Project
) -> None:
    pytest.importorskip(kind)
    frame = answer.to_frame(kind)
    rows = QUESTIONS[answer.origin.asked.question].to_rows(answer, liver)
    expected = columns(rows)
    assert list(frame.columns) == list(expected)
    assert len(frame) == len(rows) - 1
    for name, cells in expected.items():
        told = [None if str(cell) in ("<NA>", "nan", "None") else cell for cell in frame[name]]
        assert told == cells


def test_that_a_frame_says_what_has_to_be_installed(
    liver: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = regnet.attractors(liver, "PHx")
    for kind in ("pandas", "polars"):
        monkeypatch.setitem(sys.modules, kind, None)
        with pytest.raises(RegnetError, match=rf"needs the package {kind}.*regnet-logic\[frames\]"):
            found.to_frame(kind)
    with pytest.raises(RegnetError, match="pandas or polars, not of 'arrow'"):
        found.to_frame("arrow")


@pytest.mark.parametrize("name", QUESTIONS)
def test_that_every_question_takes_the_model_and_then_the_scenario(name: str) -> None:
    about, *others = signature(QUESTIONS[name].ask).parameters
    assert about == ("project" if QUESTIONS[name].of_project else "network")
    if not QUESTIONS[name].of_project:
        assert others[0] in ("scenario", "contexts", "before")


def test_that_a_project_brings_what_the_command_line_takes_from_it(liver: Project) -> None:
    found = regnet.attractors(liver, "LIF low")
    asked = liver.scenario("LIF low")
    assert found == replace(
        regnet.attractors(liver.network, asked, phenotypes=liver.phenotypes), origin=found.origin
    )
    assert found.origin.asked.options["scenario"] == asked
    assert regnet.attractors(liver, "LIF low", phenotypes=[])[0].phenotypes == ()
    big = regnet.attractors(liver, "PHx", phenotypes={"none": "Mass=0", "any": "Mass=0..2"})
    assert "any" in big[0].phenotypes
    held = regnet.simulate(liver, "PHx", rates={"LIF": 10})
    assert held.rates.of("LIF") == (10, 10)
    assert held.origin.asked.options["phenotypes"] == liver.phenotypes
    assert regnet.screen(TOGGLE).origin.asked.options == {}
    plain = regnet.screen(Project(TOGGLE))
    assert plain.readouts == ("Dose",)


def test_that_rates_of_one_component_are_put_over_those_of_the_model() -> None:
    days = RateSet("days", (RateClass(("A", "B"), 2, 2, "fast"),), unit="day")
    model = Project(TOGGLE.with_rule("Dose", "A"), rate_sets=(days,))
    for rates in ("A=10", {"A": 10}, ["A=10"]):
        found = regnet.simulate(model, "B=0", rates=rates, until=1)
        assert found.basis[0] == "rates of the model (days, per day), but A at 10"
        assert found.unit == "day"
        assert found.rates.of("A") == (10, 10)
        assert found.rates.of("B") == (2, 2)
    assert regnet.simulate(model, "B=0", rates="uniform", until=1).rates.is_uniform


@pytest.mark.parametrize(
    ("ask_it", "words"),
    [
        (lambda p: regnet.attractors(p, "LIF loww"), "no scenario 'LIF loww'; did you mean"),
        (lambda p: regnet.attractors(p.network, "LIF low"), "a network never has"),
        (lambda p: regnet.attractors("lif_lifr"), r"give a project from regnet\.load"),
        (lambda p: regnet.attractors(p, 3), "a scenario cannot be 3: give"),
        (lambda p: regnet.attractors(p, "LIF high2"), "did you mean"),
        (lambda p: regnet.attractors(p, "LIF="), "column 4: "),
        (lambda p: regnet.attractors(p, phenotypes="healhty"), "no phenotype 'healhty'"),
        (lambda p: regnet.attractors(p, phenotypes=3), "a phenotype cannot be 3"),
        (lambda p: regnet.query(p, "EF Mass:9"), "column 9: Mass ends at 2"),
        (lambda p: regnet.query(p, "PHx", "EF Mas"), "did you mean 'Mass'"),
        (lambda p: regnet.query(p, "PHx", 3), "a formula cannot be 3"),
        (lambda p: regnet.control(p, "PHx", "Mass="), "column 6"),
        (lambda p: regnet.control(p, "PHx", 3), "a condition cannot be 3"),
        (lambda p: regnet.screen(p, perturbations=["LIF->Mass"]), "does not regulate"),
        (lambda p: regnet.screen(p, perturbations=[3]), "a perturbation cannot be 3"),
        (lambda p: regnet.dose(p, "LIFF"), "did you mean 'LIF'"),
        (lambda p: regnet.simulate(p, "PHx", rates="fast"), "there is no rate set 'fast'"),
        (lambda p: regnet.simulate(p, "PHx", rates="LIF=x"), "is not a rate"),
        (lambda p: regnet.simulate(p, "PHx", schedule="5 go"), "'5 go' is not a change"),
        (lambda p: regnet.commitment(p, "PHx", [{"Mass": 1}]), "a level of each component"),
    ],
)
def test_that_a_mistake_in_a_question_is_told_in_one_sentence(
    ask_it: Callable[[Project], Any], words: str, liver: Project
) -> None:
    with pytest.raises(RegnetError, match=words):
        ask_it(liver)


def test_that_python_names_the_function_that_does_not_take_an_argument(liver: Project) -> None:
    with pytest.raises(TypeError, match=r"find_attractors\(\) got an unexpected keyword argument"):
        regnet.attractors(liver, "PHx", readout="Mass")


def parts_of(value: Any) -> Iterator[Any]:
    """Yield a value of regnet and all values of regnet that it holds."""
    if type(value).__module__.startswith("regnet."):
        yield value
    held: Iterable[Any] = ()
    if is_dataclass(value):
        held = (getattr(value, field.name) for field in fields(value))
    elif isinstance(value, Mapping):
        held = value.values()
    elif isinstance(value, tuple | list | frozenset):
        held = islice(value, 40)
    for part in held:
        yield from parts_of(part)


def test_that_a_model_and_all_that_it_holds_is_shown_in_a_short_line(liver: Project) -> None:
    for part in (part for model in (liver, examples.load("lif_lifr")) for part in parts_of(model)):
        assert len(repr(part)) < LONGEST, repr(part)


def test_that_a_notebook_draws_a_network_and_tells_what_a_model_holds(liver: Project) -> None:
    assert "<svg" in liver.network._repr_html_()
    html = liver._repr_html_()
    for scenario in liver.scenarios:
        assert escape(scenario.name) in html


def test_that_courses_are_found_by_name_or_place(liver: Project) -> None:
    courses = regnet.simulate(liver, "PHx")
    assert courses["Mass"] in list(courses)
    assert courses[0] is courses.readouts[0]
    with pytest.raises(UnknownNameError, match="did you mean 'Mass'"):
        courses["Mas"]
