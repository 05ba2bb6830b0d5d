"""Results outside regnet: JSON that its schema describes, and tables that spreadsheets show."""

import csv
import io
import json
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from regnet.analysis import Origin
from regnet.analysis.attractors import Attractor, Attractors
from regnet.analysis.check import Confrontation, Finding, Verdict
from regnet.analysis.control import Intervention, Interventions
from regnet.analysis.query import Answer
from regnet.analysis.screen import Screen, ScreenRow
from regnet.analysis.sensitivity import Mutation, Notice, Sensitivity
from regnet.analysis.structure import find_structure
from regnet.analysis.trap_spaces import Spaces
from regnet.evidence import Expectation, Experiment, Phenotype
from regnet.logic import parse
from regnet.network import Component, LogicalNetwork, Rule
from regnet.records import SCHEMA, perturbation_from_json, scenario_from_json, to_csv, to_json
from regnet.records.attractors import (
    attractors_to_json,
    attractors_to_rows,
    spaces_to_json,
    spaces_to_rows,
)
from regnet.records.check import (
    confrontation_to_json,
    confrontation_to_junit,
    confrontation_to_rows,
    experiments_in_words,
    sensitivity_to_json,
    sensitivity_to_rows,
)
from regnet.records.control import interventions_to_json, interventions_to_rows
from regnet.records.data import levels_to_json
from regnet.records.query import answer_to_json, answer_to_rows
from regnet.records.screen import screen_to_json, screen_to_rows
from regnet.records.structure import edges_to_rows
from regnet.scenario import Cut, Perturbation, Scenario
from regnet.space import FREE, PackedSpace, Space
from regnet.temporal import ask, of

SCENARIO = Scenario("low", Perturbation(Space({"A": 0})), Space({"B": (0, 1)}))
ORIGIN = Origin(
    "net", "0123456789abcdef", ("A", "B"), SCENARIO, "explicit", "regnet 0.1", seconds=1
)
FIXED = Attractor("fixed point", 1, Space({"A": 0, "B": 1}), Space({"A": 0, "B": 1}), ("healthy",))
HUGE = Attractor("complex", 2**60, Space({"A": 0, "B": (0, 2)}), Space({"A": 0, "B": 0}))
SYMBOLIC = Attractor(
    "fixed point", 1, Space({"A": (0, 1), "B": 0}), Space({"A": 0, "B": 0}),
    condition=Space({"A": (0, 1)}), valuations=2, follows=("A",),
)  # fmt: skip
FOUND = Attractors(origin=ORIGIN, attractors=(FIXED, HUGE))
SCREEN = Screen(
    origin=ORIGIN, contexts=(SCENARIO,), readouts=("B",),
    phenotypes=(Phenotype("healthy", parse("B")),),
    rows=(
        ScreenRow(Perturbation(), "low", 1, {"healthy": 1}, {"B": (0, 1)}, False),
        ScreenRow(Perturbation(Space({"B": 0}), frozenset({Cut("A", "B")}), "double"), "low",
                  None, {}, {}, None, "failed: out of time"),
    ),
)  # fmt: skip
PATH = (Space({"A": 0, "B": 0}), Space({"A": 0, "B": 1}))
REACHED = Answer(
    ORIGIN, ask("AG", of(parse("!B"))), False, "random walks met it", PATH, states=0, of=1
)
CONTROLLED = Interventions(
    origin=ORIGIN, target=Phenotype("B", parse("B")),
    found=(Intervention(Perturbation(Space({"A": 0}), frozenset({Cut("A", "B")})), 2.0, "follows",
                  {"healthy": "every attractor"}),),
    proved=2, max_size=2, candidates=4, judged=3, before={"healthy": "no attractor"},
)  # fmt: skip
EXPECTED = Expectation("never", parse("B"))
CONFRONTED = Confrontation(
    origin=ORIGIN,
    verdicts=(
        Verdict(Experiment("E1", "a <b> & \x00", SCENARIO, (EXPECTED,)),
                (Finding(EXPECTED, False, "random walks met it", PATH),), 0.5),
        Verdict(Experiment("E2", "", SCENARIO, (EXPECTED,)), (Finding(EXPECTED, None, "late"),)),
        Verdict(Experiment("E3", "", SCENARIO, (EXPECTED,)),
                (Finding(EXPECTED, True, "it is so", attractor=Space({"A": 0, "B": 1})),)),
    ),
    missing="not decided: E2",
)  # fmt: skip
SENSITIVITY = Sensitivity(
    origin=ORIGIN,
    experiments=("E3",),
    rows=(Notice(Mutation("edge", "B", "A -> B cut", Rule.of("0"), "A"), ("E3",)),),
)


def _judged(identifier: str, kind: str, holds: bool | None) -> Verdict:
    experiment = Experiment(identifier, "title", SCENARIO, (EXPECTED,), kind=kind)
    finding = Finding(EXPECTED, holds, "so it is")
    return Verdict(experiment, (finding,), is_to_hold=experiment.is_to_hold())


KINDS = replace(
    CONFRONTED,
    verdicts=(
        _judged("A1", "abstract", True), _judged("A2", "abstract", False),
        _judged("P1", "paper", True), _judged("T1", "prediction", None),
        _judged("D1", "disagreement", False), _judged("D2", "disagreement", True),
        _judged("X1", "", True),
    ),
)  # fmt: skip


def test_that_what_was_seen_is_not_added_up_with_what_is_predicted() -> None:
    assert experiments_in_words(KINDS.verdicts) == (
        "findings of the abstract 1 of 2, findings of papers 1 of 1, predictions 0 of 1, "
        "others 1 of 1 hold; 2 known disagreements, 1 of them as declared"
    )
    assert experiments_in_words(KINDS.verdicts[:1]) == "findings of the abstract 1 of 1 hold"
    assert experiments_in_words(KINDS.verdicts[4:5]) == "1 known disagreement"
    assert experiments_in_words(KINDS.verdicts[6:]) == "1 of 1 experiment hold"
    assert experiments_in_words(()) == "no experiment was judged"


SUMS = ("tests", "failures", "errors", "skipped")


def test_that_data_and_junit_tell_the_kinds_apart() -> None:
    data = confrontation_to_json(KINDS)
    assert data["kinds"]["abstract"] == {"as_expected": 1, "total": 2}
    assert data["kinds"]["disagreement"] == {"as_expected": 1, "total": 2}
    assert [e["as_expected"] for e in data["experiments"]] == [
        True, False, True, None, True, False, True,
    ]  # fmt: skip
    suites = ElementTree.fromstring(confrontation_to_junit(KINDS).encode())
    sums = {s.get("name"): tuple(int(s.get(k, "")) for k in SUMS) for s in suites}
    assert sums == {
        "net.abstract": (2, 1, 0, 0), "net.paper": (1, 0, 0, 0), "net.prediction": (1, 0, 1, 0),
        "net.disagreement": (2, 1, 0, 1), "net": (1, 0, 0, 0),
    }  # fmt: skip
    assert tuple(int(suites.get(k, "")) for k in SUMS) == (7, 2, 1, 1)
    cases = {case.get("name", "")[:2]: case for suite in suites for case in suite}
    assert cases["A1"].get("classname", "").endswith(".abstract")
    assert [child.tag for child in cases["D1"]] == ["skipped"]
    (fault,) = cases["D2"]
    assert fault.tag == "failure"
    assert "declared a disagreement" in fault.get("message", "")


@pytest.fixture(scope="module")
def schema() -> Any:
    jsonschema = pytest.importorskip("jsonschema")
    return jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))


def test_that_the_schema_is_a_schema(schema: Any) -> None:
    schema.check_schema(schema.schema)


@pytest.mark.parametrize(
    "data",
    [
        attractors_to_json(FOUND),
        attractors_to_json(FOUND, timed=False),
        attractors_to_json(Attractors(origin=ORIGIN, attractors=(SYMBOLIC,), missing="more")),
        spaces_to_json(
            Spaces(origin=ORIGIN, kind="minimal trap spaces", spaces=(Space({"A": 1}), Space()))
        ),
        screen_to_json(SCREEN),
        answer_to_json(REACHED),
        answer_to_json(replace(REACHED, holds=None, path=None, states=2**60, loop=1, fair=True)),
        interventions_to_json(CONTROLLED),
        confrontation_to_json(CONFRONTED),
        confrontation_to_json(CONFRONTED, timed=False),
        confrontation_to_json(KINDS),
        sensitivity_to_json(SENSITIVITY),
    ],
)
def test_that_results_follow_the_schema(schema: Any, data: dict[str, Any]) -> None:
    schema.validate(json.loads(json.dumps(data)))


def test_that_the_schema_rejects_what_is_not_a_result(schema: Any) -> None:
    data = attractors_to_json(FOUND)
    assert not schema.is_valid({**data, "surprise": 1})
    assert not schema.is_valid({**data, "update": "sometimes"})
    assert not schema.is_valid({k: v for k, v in data.items() if k != "complete"})


def test_that_numbers_no_program_would_read_exactly_are_text() -> None:
    sizes = [a["size"] for a in attractors_to_json(FOUND)["attractors"]]
    assert sizes == [1, str(2**60)]


def test_that_every_component_has_a_level_or_a_range() -> None:
    spaces = [a["space"] for a in attractors_to_json(FOUND)["attractors"]]
    assert spaces == [{"A": 0, "B": 1}, {"A": 0, "B": [0, 2]}]


def test_that_input_conditions_appear_only_where_inputs_are_free() -> None:
    (symbolic,) = attractors_to_json(Attractors(origin=ORIGIN, attractors=(SYMBOLIC,)))[
        "attractors"
    ]
    assert symbolic["condition"] == {"A": [0, 1]}
    assert "condition" not in attractors_to_json(FOUND)["attractors"][0]


def test_that_answers_without_times_are_equal() -> None:
    assert attractors_to_json(FOUND, timed=False)["seconds"] is None


def test_that_a_screen_row_says_what_was_done() -> None:
    row = screen_to_json(SCREEN)["rows"][1]
    assert row["perturbation"] == {"B": 0}
    assert row["cuts"] == [{"source": "A", "target": "B", "level": 0}]
    assert row["attractors"] is None
    assert row["changed"] is None


def test_that_scenarios_and_perturbations_can_be_read_back() -> None:
    assert scenario_from_json(attractors_to_json(FOUND)) == SCENARIO
    data = screen_to_json(SCREEN)
    assert scenario_from_json(data["contexts"][0]) == SCENARIO
    assert [perturbation_from_json(row) for row in data["rows"]] == [
        row.perturbation for row in SCREEN.rows
    ]


def test_that_a_query_is_told_from_what_can_be_reached() -> None:
    data = answer_to_json(REACHED)
    assert data["query"] == "AG !B"
    assert data["holds"] is False
    assert data["path"] == [{"A": 0, "B": 0}, {"A": 0, "B": 1}]
    rows = answer_to_rows(REACHED)
    assert rows[1] == ["AG !B", "no", "random walks met it"]
    assert rows[-1] == [1, 0, 1]


def test_that_interventions_have_a_row_each() -> None:
    header, none, one = interventions_to_rows(CONTROLLED)
    assert header == ["intervention", "size", "cost", "why", "healthy"]
    assert none[-1] == "no attractor"
    assert one == ["A=0 A->B", 2, 2.0, "follows", "every attractor"]


def test_that_junit_is_xml_whatever_titles_hold() -> None:
    suites = ElementTree.fromstring(confrontation_to_junit(CONFRONTED).encode())
    assert (suites.get("tests"), suites.get("failures"), suites.get("errors")) == ("3", "1", "1")
    one, two, three = suites[0]
    assert one.get("name") == "E1 a <b> & ?"
    assert [case.tag for case in (*one, *two, *three)] == ["failure", "error"]
    assert "never: B: random walks met it" in (one[0].get("message") or "")
    assert "shown by: B=1" in (one[0].text or "")


def test_that_tables_have_one_column_for_each_heading() -> None:
    network = LogicalNetwork((Component("A"), Component("B", Rule.of("!A"))))
    for rows in (
        attractors_to_rows(FOUND),
        attractors_to_rows(Attractors(origin=ORIGIN, attractors=(FIXED, SYMBOLIC))),
        spaces_to_rows(Spaces(origin=ORIGIN, kind="fixed points", spaces=(Space({"A": 1}),))),
        screen_to_rows(SCREEN),
        confrontation_to_rows(CONFRONTED),
        sensitivity_to_rows(SENSITIVITY),
        edges_to_rows(find_structure(network)),
    ):
        assert len(rows) > 1
        assert {len(row) for row in rows} == {len(rows[0])}


def test_that_ranges_cannot_be_taken_for_dates() -> None:
    assert attractors_to_rows(FOUND)[2][-1] == "0..2"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-x", "@A", "\t=1", " =1", "\r=1"])
def test_that_no_name_becomes_a_formula(name: str) -> None:
    ((cell,),) = csv.reader(io.StringIO(to_csv([[name]]), newline=""))
    assert cell == "'" + name.replace("\r", "\n")


def test_that_csv_survives_commas_quotes_and_line_breaks() -> None:
    row = ['a,"b"', "c\nd", "é"]
    assert list(csv.reader(io.StringIO(to_csv([row]), newline=""))) == [row]


def test_that_json_text_has_a_line_for_each_answer() -> None:
    data = attractors_to_json(FOUND)
    text = to_json(data)
    assert json.loads(text) == data
    assert sum(line.startswith('    {"kind"') for line in text.splitlines()) == 2


def test_that_packed_spaces_are_written_as_others_are() -> None:
    levels = {"A": 1, "C": 2}
    packed, plain = PackedSpace(("A", "B", "C"), bytes((1, FREE, 2))), Space(levels)
    assert levels_to_json(packed) == levels_to_json(plain) == levels
    found = Spaces(origin=ORIGIN, kind="minimal trap spaces", spaces=(packed, plain))
    _, first, second = spaces_to_rows(found)
    assert first[1:] == second[1:]
