import json
from collections.abc import Callable
from dataclasses import replace
from inspect import signature
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import regnet
from regnet.analysis import Asked, Origin
from regnet.analysis.attractors import find_attractors
from regnet.analysis.simulate import simulate
from regnet.analysis.simulate.kinetics import Change, Rates
from regnet.cli import COMMANDS
from regnet.errors import FormatError, RegnetError, UnknownNameError
from regnet.evidence import Counterpart, Expectation, Experiment, Phenotype, When
from regnet.formats import load
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project, Variant
from regnet.questions import EXTRAS, QUESTIONS, ask, question_of, renewed, scenarios_of, summary_of
from regnet.records import SCHEMA
from regnet.records.codec import asked_from_json, asked_to_json, decode, encode, pieces
from regnet.report import build_report, repeat, to_markdown
from regnet.report.extras import find_extra, parse_extra
from regnet.scenario import Cut, Perturbation, Scenario
from regnet.space import Space
from regnet.temporal import parse_query
from regnet.terminal import rendered

NETWORK = LogicalNetwork(
    (
        Component("Dose", top=2),
        Component("A", Rule.of("!B & Dose")),
        Component("B", Rule.of("!A")),
        Component("C", Rule.of("A & !D | Dose:2")),
        Component("D", Rule.of("C")),
    ),
    name="toggle",
)
GIVEN = Scenario("given", Perturbation(Space({"Dose": 1})), Space(dict.fromkeys("ABCD", 0)))
LOW = Scenario("low", Perturbation(Space({"Dose": 0})))
PHENOTYPES = (Phenotype("on", NETWORK.parse("A")), Phenotype("off", NETWORK.parse("!A & B")))
PROJECT = Project(
    NETWORK,
    variants=(Variant("V1", "B is always there", {"B": Rule.constant(1)}),),
    scenarios=(GIVEN, LOW),
    phenotypes=PHENOTYPES,
    experiments=(
        Experiment("1", "no dose", LOW, (Expectation("attractors", count=1),)),
        Experiment("2", "A wins", GIVEN, (Expectation("reachable", NETWORK.parse("A & D")),)),
        Experiment(
            "3",
            "in time",
            GIVEN,
            (
                Expectation("sooner", NETWORK.parse("A | B"), than=Counterpart(GIVEN), by=0.1),
                Expectation("higher", component="A", than=Counterpart(GIVEN), at=When(1)),
            ),
        ),
    ),
)
SCENARIOS = st.sampled_from(
    (
        GIVEN,
        LOW,
        Scenario(),
        Scenario("cut", Perturbation(Space({"Dose": 2}), frozenset({Cut("B", "A")})), GIVEN.start),
    )
)
HELD = Scenario("held", GIVEN.perturbation, GIVEN.start.with_({"B": 1}))
STARTED = st.sampled_from((GIVEN, HELD))
SOME = st.sampled_from((None, 1, 2))
TRIED = (Perturbation(Space({"A": 0})), Perturbation(cuts=frozenset({Cut("A", "B")})))
NAMED = st.sampled_from(((), PHENOTYPES[:1], PHENOTYPES))
READOUTS = st.sampled_from(((), ("A",), ("A", "D")))
CONDITIONS = st.sampled_from(tuple(map(NETWORK.parse, ("A", "B & !C", "C | D"))))
FORMULAS = st.sampled_from(tuple(parse_query(q, NETWORK) for q in ("EF A", "AG EF (B)", "A & D")))
COURSES: dict[str, st.SearchStrategy[Any]] = {
    "basis": st.sampled_from(((), ("rates of the model (days)",))),
    "rates": st.sampled_from((None, Rates(2.0), Rates(1.0, (("A", 0.5, 3.0),)))),
    "schedule": st.sampled_from(((), (Change(1.0, release=("Dose",)), Change(2, Space({"D": 1}))))),
    "unit": st.sampled_from(("", "day")),
    "settle": st.sampled_from((0.0, 1.5)),
    "method": st.sampled_from(("auto", "exact", "gillespie")),
    "trajectories": st.sampled_from((100, 150)),
    "seed": st.integers(0, 3),
    "max_states": st.sampled_from((5, 20_000)),
    "phenotypes": NAMED,
    "readouts": READOUTS,
}

OPTIONS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "attractors": {"scenario": SCENARIOS, "limit": SOME, "phenotypes": NAMED,
                   "engine": st.sampled_from(("auto", "explicit"))},
    "fixed-points": {"scenario": SCENARIOS, "limit": SOME},
    "trap-spaces": {"scenario": SCENARIOS, "limit": SOME, "maximal": st.booleans()},
    "screen": {"contexts": st.sampled_from(((), (GIVEN,), (LOW, GIVEN))), "phenotypes": NAMED,
               "readouts": READOUTS, "perturbations": st.sampled_from((None, TRIED))},
    "compare": {"before": SCENARIOS, "after": SCENARIOS, "phenotypes": NAMED, "limit": SOME},
    "query": {"scenario": SCENARIOS, "formula": FORMULAS},
    "control": {"target": st.one_of(CONDITIONS, st.sampled_from(PHENOTYPES)), "scenario": SCENARIOS,
                "max_size": st.integers(0, 2), "cuts": st.booleans(), "limit": SOME,
                "forbid": st.sampled_from(((), ("B",))), "phenotypes": NAMED,
                "costs": st.sampled_from((None, {"A": 2.0, "A->B": 0.5}))},
    "simulate": {"scenario": STARTED, "until": st.sampled_from((1.0, 3.0)),
                 "points": st.sampled_from((2, 5)), "window": st.sampled_from((0.0, 0.5)),
                 "first": st.sampled_from(((), (NETWORK.parse("A"),))), **COURSES},
    "dose": {"scenario": STARTED, "dose": st.just("Dose"), "readouts": READOUTS,
             "phenotypes": NAMED, "then": st.just(Space()), "at_time": st.sampled_from((None, 1.5)),
             "first": st.sampled_from(((), (NETWORK.parse("A"),))),
             **{key: COURSES[key] for key in ("rates", "trajectories", "seed", "basis", "unit")},
             "knock_outs": st.sampled_from(((), (Perturbation(Space({"B": 0}), name="no B"),)))},
    "pulses": {"scenario": STARTED, "dose": st.just("Dose"), "level": st.sampled_from((1, 2)),
               "amounts": st.sampled_from(((0, 1), (0, 0.5, 2))), "until": st.just(3.0),
               "notable": st.sampled_from((0.05, 0.2)), **COURSES},
    "explain": {"scenario": SCENARIOS, "component": st.sampled_from(("A", "D")),
                "numbers": st.sampled_from(((), (1,))), "size": st.integers(0, 1),
                "phenotypes": NAMED},
    "commitment": {"scenario": STARTED, "seed": st.integers(0, 3), "ahead": st.booleans(),
                   "path": st.sampled_from((None, ((1, 0, 0, 0, 0), (1, 1, 0, 0, 0)))),
                   "phenotypes": NAMED},
    "check": {"only": st.sampled_from((None, ("2",), ("1", "3"))),
              "rates": st.sampled_from(("", "uniform"))},
    "sensitivity": {"only": st.sampled_from((None, ("1",)))},
    "robustness": {"only": st.sampled_from((None, ("3",))),
                   "rates": st.sampled_from(("", "uniform")),
                   "factor": st.sampled_from((2.0, 10.0)),
                   "sets": st.sampled_from((1, 5)), "seed": st.sampled_from((0, 3))},
    "conditions": {"contexts": st.sampled_from(((GIVEN,), (GIVEN, HELD))),
                   "variants": st.sampled_from((("",), ("", "V1"))), "readouts": READOUTS,
                   "phenotypes": NAMED, "first": st.sampled_from(((), (NETWORK.parse("A"),))),
                   "until": st.sampled_from((None, 3.0)), "points": st.sampled_from((2, 5)),
                   "rates": st.sampled_from(("", "uniform")), "own": COURSES["rates"],
                   "trajectories": st.sampled_from((None, 150)),
                   "seed": st.sampled_from((None, 3))},
    "variants": {"only": st.sampled_from((None, ("1",), ("2", "3"))),
                 "rates": st.sampled_from(("", "uniform"))},
}  # fmt: skip
"""Question -> its options and what they may be."""

USUAL: dict[str, dict[str, Any]] = {
    "compare": {"before": LOW, "after": GIVEN},
    "query": {"scenario": GIVEN, "formula": parse_query("EF A", NETWORK)},
    "control": {"target": NETWORK.parse("A"), "phenotypes": PHENOTYPES},
    "dose": {"scenario": None, "dose": "Dose", "phenotypes": PHENOTYPES},
    "pulses": {"scenario": GIVEN, "dose": "Dose", "level": 2, "amounts": (0, 1), "until": 3.0},
    "explain": {"scenario": None, "component": "A"},
    "simulate": {"scenario": GIVEN, "phenotypes": PHENOTYPES},
    "conditions": {"contexts": (GIVEN,), "first": (NETWORK.parse("A"),)},
    "commitment": {"scenario": GIVEN},
    "screen": {"contexts": (GIVEN, LOW), "phenotypes": PHENOTYPES, "readouts": ("A", "D")},
}
"""Question -> options with which it has something to say; the others need none."""

each_question = pytest.mark.parametrize("name", QUESTIONS)


def answer_to(name: str) -> Any:
    return ask(Asked(name, USUAL.get(name, {})), PROJECT)


def as_read(data: Any) -> Any:
    return json.loads(json.dumps(data))


@each_question
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_that_the_record_of_an_answer_repeats_it_whatever_was_asked(
    name: str, data: st.DataObject
) -> None:
    question = QUESTIONS[name]
    options = {option: data.draw(values, option) for option, values in OPTIONS[name].items()}
    try:
        answer = question.ask(PROJECT if question.of_project else NETWORK, **options)
    except RegnetError:  # such as no attractor of that number
        return
    record = as_read(question.to_json(answer, PROJECT, timed=False))
    assert as_read(repeat(PROJECT, record)) == record
    text = "".join(pieces(answer, name))
    assert json.loads(text) == as_read(encode(answer, name))
    assert decode(json.loads(text), name) == answer


@each_question
def test_that_every_option_of_a_question_is_tried(name: str) -> None:
    parameters = dict(signature(QUESTIONS[name].ask).parameters)
    elsewhere = {"network", "project", "timeout", "map", "progress", "options", "engine", "allow",
                 "by", "every", "steps", "each"}  # fmt: skip
    if name in ("check", "commitment"):
        elsewhere.add("before")
    assert parameters.keys() - elsewhere <= OPTIONS[name].keys()


@each_question
def test_that_what_is_at_its_default_is_not_part_of_what_was_asked(name: str) -> None:
    answer = answer_to(name)
    asked = answer.origin.asked
    parameters = signature(QUESTIONS[name].ask).parameters
    assert asked.question == name
    assert question_of(answer) is QUESTIONS[name]
    for option, value in asked.options.items():
        assert option not in ("network", "project", "map", "progress")
        assert value != parameters[option].default
    assert asked_from_json(as_read(asked_to_json(asked))) == asked


@each_question
def test_that_every_surface_shows_an_answer(name: str) -> None:
    question, answer = QUESTIONS[name], answer_to(name)
    record = question.to_json(answer, PROJECT)
    jsonschema.validate(as_read(record), json.loads(SCHEMA.read_text("utf-8")))
    rows = question.to_rows(answer, PROJECT)
    assert len(rows) > 1
    assert all(isinstance(cell, str) for cell in rows[0])
    assert summary_of(answer)
    section = question.section(answer, PROJECT)
    assert section.title
    assert section.blocks
    report = build_report(PROJECT, further=[answer])
    assert f"{section.key}.json" in report.files
    show: Callable[..., None] = question.part("terminal", f"show_{question.kind}")
    others = {"network": NETWORK, "tops": NETWORK.tops}
    more = [others[name] for name in signature(show).parameters if name in others]
    assert rendered(lambda out: show(out, answer, *more)).strip()


@each_question
def test_that_a_question_has_a_command(name: str) -> None:
    question = QUESTIONS[name]
    command = question.command or name
    assert command in COMMANDS
    if command == name:
        assert COMMANDS[name].summary == question.summary


def test_that_a_limit_is_part_of_the_question() -> None:
    few = regnet.find_attractors(NETWORK, limit=1)
    record = QUESTIONS["attractors"].to_json(few, PROJECT, timed=False)
    again = repeat(PROJECT, as_read(record))
    assert few.missing
    assert (again["missing"], again["guarantee"]) == (few.missing, "bounded")


def test_that_a_time_limit_that_was_not_reached_is_not_asked_again() -> None:
    found = regnet.find_attractors(NETWORK, timeout=3600)
    assert found.origin.asked is not None
    assert found.origin.asked.options == {"timeout": 3600}
    record = QUESTIONS["attractors"].to_json(found, PROJECT, timed=False)
    assert repeat(PROJECT, {**record, "complete": True})["complete"]


def test_that_a_record_without_a_question_is_told_in_one_sentence() -> None:
    with pytest.raises(FormatError, match="does not contain its question"):
        repeat(PROJECT, {"attractors": [], "complete": True})
    record = QUESTIONS["attractors"].to_json(regnet.find_attractors(NETWORK), PROJECT)
    strange = {**record, "asked": {"question": "attractors", "options": {"colour": 1}}}
    with pytest.raises(FormatError, match="cannot be asked so"):
        repeat(PROJECT, strange)
    with pytest.raises(FormatError, match="no question 'dice'"):
        repeat(PROJECT, {**record, "asked": {"question": "dice", "options": {}}})
    with pytest.raises(UnknownNameError):
        ask(Asked("dice"), PROJECT)


def test_that_an_iterator_is_read_once_and_kept() -> None:
    found = regnet.screen(NETWORK, [GIVEN], perturbations=iter([Perturbation(Space({"A": 0}))]))
    assert len(found.rows) == 2
    assert found.origin.asked is not None
    assert found.origin.asked.options["perturbations"] == (Perturbation(Space({"A": 0})),)


def test_that_a_question_is_renewed_by_the_names_of_the_project() -> None:
    asked = Asked("attractors", {"scenario": GIVEN, "phenotypes": PHENOTYPES[:1]})
    edited = Scenario("given", Perturbation(Space({"Dose": 2})))
    project = Project(NETWORK, scenarios=(edited,), phenotypes=PHENOTYPES[1:])
    assert renewed(asked, project).options == {"scenario": edited, "phenotypes": PHENOTYPES[1:]}
    counted = Asked("screen", {"contexts": (GIVEN, LOW), "phenotypes": PHENOTYPES[:1],
                               "readouts": ("A", "Gone")})  # fmt: skip
    assert renewed(counted, project).options == {
        "contexts": (edited, LOW), "phenotypes": (), "readouts": ("A",)
    }  # fmt: skip


@pytest.mark.parametrize("key", EXTRAS)
def test_that_a_report_can_ask_each_extra(key: str) -> None:
    extra, question = EXTRAS[key]
    about = {"": "", "X": "Dose", "FORMULA": "EF A", "CONDITION": "A"}[extra.about]
    text = f"{key}={about}" if about else key
    assert parse_extra(text) == (key, about)
    found = find_extra(PROJECT, GIVEN, key, "A" if key == "why" else about)
    assert found.origin.asked.question == question.name
    with pytest.raises(RegnetError, match="nothing that a report can have"):
        parse_extra(key if about else f"{key}=A")


LIVER = load(Path(__file__).parents[2] / "tests" / "models" / "lif_lifr.toml")


def test_that_what_follows_runs_takes_the_scenarios_of_the_model_where_none_is_named() -> None:
    names = [one.name for one in scenarios_of(LIVER, Scenario(), "time")]
    assert names == ["PHx", "LIF none", "LIF low", "LIF high"]  # a healthy liver only rests
    assert [one.name for one in scenarios_of(LIVER, Scenario(), "duration")] == ["PHx"]
    named = LIVER.scenario("LIF low")
    assert scenarios_of(LIVER, named, "time") == (named,)
    assert scenarios_of(LIVER, Scenario(), "dose") == (Scenario(),)


def test_that_what_is_done_besides_is_done_in_the_scenarios_of_the_model() -> None:
    without = Scenario(perturbation=Perturbation(Space({"VEGF": 0})))
    assert all(
        one.perturbation.clamps["VEGF"] == (0, 0) for one in scenarios_of(LIVER, without, "time")
    )


def test_that_a_course_from_nowhere_is_refused() -> None:
    with pytest.raises(RegnetError, match="name a scenario that has one"):
        scenarios_of(replace(LIVER, scenarios=()), Scenario(), "time")


def test_that_only_what_leaves_no_input_open_is_called_a_wild_type() -> None:
    network = LIVER.network
    assert Origin.of(network, Scenario(), engine="x").title == (
        "unperturbed with LIF_dose, Insult, LSEC open"
    )
    held = Scenario(start=Space({"LIF_dose": 0, "Insult": 0, "LSEC": 1}))
    assert Origin.of(network, held, engine="x").title == "wild type"
    assert Origin.of(network, LIVER.scenario("PHx"), engine="x").title == "PHx"


def test_that_a_report_without_a_scenario_calls_nothing_with_open_inputs_a_wild_type() -> None:
    found = find_attractors(LIVER.network)
    text = to_markdown(build_report(LIVER, attractors=[found]))
    assert "Wild type:" not in text
    assert "Unperturbed with LIF\\_dose, Insult, LSEC open" in text
    course = simulate(LIVER.network, until=1, points=1, trajectories=10, method="gillespie")
    text = to_markdown(build_report(LIVER, further=[course]))
    assert "Time courses: wild type" not in text
    assert "among them the inputs LIF\\_dose, Insult, LSEC: every number is an average" in text
