"""Time courses outside: as records, in a terminal, as a picture, on the command line."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from regnet.analysis.simulate import Courses, simulate
from regnet.analysis.simulate.kinetics import Change, Rates, parse_change, parse_rate
from regnet.cli import main
from regnet.errors import ParseError
from regnet.evidence import Phenotype
from regnet.figures.courses import courses_figure
from regnet.figures.theme import DARK
from regnet.network import Component, LogicalNetwork, Rule
from regnet.records import SCHEMA
from regnet.records.simulate import courses_to_json, courses_to_rows
from regnet.scenario import Cut, Perturbation, Scenario
from regnet.space import Space
from regnet.terminal import rendered
from regnet.terminal.simulate import show_courses

NETWORK = LogicalNetwork(
    (
        Component("A", Rule.of("!B")),
        Component("B", Rule.parse({2: "A", 1: "B"}), 2),
        Component("I"),
    ),
    name="small",
)
START = Scenario("off", start=Space({"A": 0, "B": 0, "I": 0}))
CHANGES = (Change(2, Space({"I": 1}), Perturbation(Space({"A": 0}))), Change(4, release=("A",)))


@pytest.fixture(params=["exact", "gillespie", "bit-parallel"])
def found(request: pytest.FixtureRequest) -> Courses:
    method: str = request.param
    return simulate(
        NETWORK,
        START,
        rates=Rates(2) if method == "bit-parallel" else Rates().with_rate((3, 0.5), "B"),
        until=6,
        points=12,
        schedule=CHANGES,
        phenotypes=[Phenotype("up", NETWORK.parse("B:2"))],
        first=() if method == "bit-parallel" else [NETWORK.parse("B:2"), NETWORK.parse("A & !B")],
        trajectories=500,
        method=method,
    )


def test_that_the_record_is_what_the_schema_describes(found: Courses):
    import jsonschema

    record = json.loads(json.dumps(courses_to_json(found)))
    jsonschema.validate(record, json.loads(SCHEMA.read_text()))
    assert record["times"][1] == 0.5
    assert record["schedule"][0]["set"] == {"I": 1}
    assert len(record["courses"]) == 3
    assert len(record["courses"][1]["levels"]) == 3
    assert courses_to_json(found, timed=False)["seconds"] is None


def test_that_rows_have_every_number_once(found: Courses):
    rows = courses_to_rows(found)
    assert rows[0] == ["what", "name", "level", "time", "value", "low", "high"]
    curves = 2 + 3 + 2 + 3 + 1 + len(found.arrivals)
    assert len(rows) == 1 + curves * 13
    assert all(len(row) == 7 for row in rows)
    assert all(row[5] <= row[4] <= row[6] for row in rows[1:])  # type: ignore[operator]


def test_that_a_terminal_shows_courses_changes_and_bands(found: Courses):
    text = rendered(lambda out: show_courses(out, found))
    assert "small, off" in text
    assert "at 2: set I=1, hold A=0" in text
    assert "A, mean level" in text  # three readouts are drawn large
    assert ("bands: 95 %" in text) == (found.origin.guarantee == "sampled")
    assert ("in the long run" in text) == (found.origin.guarantee == "exact")
    assert ("runs share clocks" in " ".join(text.split())) == (found.design_effect > 1)
    assert all(len(line) <= 100 for line in text.splitlines())


def test_that_long_names_leave_room_for_a_line_of_each():
    names = [f"a_component_with_a_rather_long_name_{i}" for i in range(5)]
    network = LogicalNetwork(tuple(Component(n, Rule.constant(1)) for n in names))
    answer = simulate(network, Scenario(start=Space(dict.fromkeys(names, 0))))
    text = rendered(lambda out: show_courses(out, answer))
    assert text.count("1.0000") == 7  # five lines, the end and the long run


def test_that_a_picture_has_a_line_for_each_answer_and_a_shade_for_each_band(found: Courses):
    wild = simulate(NETWORK, START, until=6, method="exact")
    for theme in ({}, {"theme": DARK}):
        picture = courses_figure([found, wild], **theme)  # type: ignore[arg-type]
        root = ET.fromstring(picture)
        tags = [element.tag.rpartition("}")[2] for element in root.iter()]
        assert tags.count("polyline") == 7  # A, B, I twice and a phenotype once
        assert (tags.count("polygon") > 0) == (found.origin.guarantee == "sampled")
        assert "at 2: set I=1, hold A=0" in picture
    only = courses_figure([found], names=["B"])
    assert only.count("<polyline") == 1


def test_that_changes_and_rates_are_read_as_they_are_written():
    change = parse_change("1.5 set Mass=0, X=1 hold LIF=1..2 cut A->B=1 release Y Z")
    assert change == Change(
        1.5,
        Space({"Mass": 0, "X": 1}),
        Perturbation(Space({"LIF": (1, 2)}), frozenset({Cut("A", "B", 1)})),
        ("Y", "Z"),
    )
    assert str(change) == "at 1.5: release Y Z, set Mass=0 X=1, hold LIF=1..2, cut A->B at 1"
    assert parse_rate("A, B=0.5/2") == (("A", "B"), (0.5, 2.0))
    rates = Rates().with_rate(3, "A", "B").with_rate((1, 2), "B")
    assert rates.of("A") == (3, 3)
    assert rates.of("B") == (1, 2)
    assert rates.of("C") == (1, 1)
    assert not rates.is_uniform


@pytest.mark.parametrize("text", ["", "5", "x set A=1", "5 A=1", "-1 set A=1", "5 set", "5 hold A"])
def test_that_a_change_that_says_nothing_is_refused(text: str):
    with pytest.raises(ParseError):
        parse_change(text)


@pytest.mark.parametrize("text", ["", "A", "A=", "A=-1", "A=x", "=3", "A=1/inf"])
def test_that_a_rate_that_is_none_is_refused(text: str):
    with pytest.raises(ParseError):
        parse_rate(text)


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["simulate", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_that_the_command_answers_in_every_format(
    models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    figure = tmp_path / "courses.svg"
    model = str(models / "lif_lifr.toml")
    given = [model, "--scenario", "PHx", "--readouts", "Mass", "healthy quiescent", "--first",
             "Mass:2", "--until", "10", "--points", "5", "--rate", "Mass=0.5", "--at",
             "3 hold LIF_dose=1", "--settle", "1"]  # fmt: skip
    code, out, _ = asked(capsys, *given, "--figure", str(figure))
    assert code == 0
    assert "Mass, mean level" in out
    assert "Eventually, Mass:2 comes with probability 1.0000" in out
    ET.fromstring(figure.read_text())
    code, out, _ = asked(capsys, *given, "--format", "json")
    record: dict[str, Any] = json.loads(out)
    assert record["guarantee"] == "exact"
    assert [course["component"] for course in record["courses"]] == ["Mass"]
    assert [share["name"] for share in record["phenotypes"]] == ["healthy quiescent"]
    code, out, _ = asked(capsys, *given, "--format", "csv")
    rows = list(csv.reader(io.StringIO(out)))
    assert {row[0] for row in rows[1:]} == {"probability", "mean", "phenotype", "arrived"}


def test_that_the_command_follows_all_by_default_and_says_when_the_time_is_over(
    models: Path, capsys: pytest.CaptureFixture[str]
):
    model = str(models / "lif_lifr_extended.toml")
    code, out, _ = asked(capsys, model, "--scenario", "PHx", "--runs", "1000", "--until", "30")
    assert code == 0
    assert "healthy quiescent" in out
    assert "Not followed: chronic damage-repair" in " ".join(out.split())
    code, out, _ = asked(
        capsys, model, "--scenario", "PHx", "--runs", "100000000", "--timeout", "0.2"
    )
    assert code == 3
    assert "Incomplete: the time limit was reached after" in out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--at", "5 do it"], "is not a change"),
        (["--rate", "LIF"], "is not a rate"),
        (["--rate", "LIV=2"], "did you mean 'LIF'"),
        (["--method", "guess"], "there is no method 'guess'"),
        (["--until", "soon"], "'soon' is not a time"),
        (["--until", "0"], "an end above 0"),
        (["--first", "Mass:7"], "Mass ends at 2"),
        (["--readouts", "Mas"], "did you mean 'Mass'"),
    ],
)
def test_that_a_mistake_is_one_sentence(
    options: list[str], message: str, models: Path, capsys: pytest.CaptureFixture[str]
):
    code, _, err = asked(capsys, str(models / "lif_lifr.toml"), *options)
    assert code == 2
    assert message in err
    assert err.count("\n") == 1
