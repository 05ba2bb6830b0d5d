"""Expectations about time in the model file: they survive there and back, or are refused."""

from __future__ import annotations

import pytest

from regnet.errors import ParseError, RegnetError
from regnet.evidence import TIME_EXPECTATIONS
from regnet.exchange.tomlexpect import parse_timed, timed_text
from regnet.formats.toml import from_toml, to_toml

HEAD = """regnet = 1
[components.A]
[components."x y"]
rule = "A"
[components.Mass]
top = 2
rule.2 = "A & Mass"
rule.1 = "A"
[scenarios."low dose"]
start = "A=1"
[[experiments]]
id = "E"
scenario = "low dose"
expect = [
"""
GOOD = (
    '{ sooner = "Mass=2", than = "low dose", by = "5 %" }',
    '{ later = "Mass=2", than = "low dose" }',
    '{ same = "Mass", as = { settle = { start = "A=0" }, scenario = "low dose" } }',
    '{ higher = "Mass", than = { clamps = "A=0" }, until = "50 % Mass=2" }',
    '{ higher = "Mass=2", than = "low dose", at = 5 }',
    '{ lower = \'"x y"\', than = "low dose", at = "the long run" }',
    '{ "first time" = "Mass=2", above = 7, below = 10.5 }',
    '{ probability = "Mass=2", below = 0.1, at = 20 }',
    '{ first = \'"x y"\', before = "Mass=2" }',
    '{ peak = \'"x y"\', before = "Mass" }',
)
BAD = {
    '{ sooner = "Mass=2" }': "'sooner' needs 'than'",
    '{ sooner = "Q", than = "low dose" }': "no component 'Q'",
    '{ sooner = "A", than = "low" }': "no scenario 'low'; there is low dose",
    '{ sooner = "A", than = "low dose", at = 3 }': "'sooner' has no 'at'",
    '{ sooner = "A", as = "low dose" }': "compares by 'than', not by 'as'",
    '{ sooner = "A", than = "low dose", by = "5" }': "by is not a share",
    '{ sooner = "A", than = "low dose", never = "A" }': "'never'",
    '{ sooner = 3, than = "low dose" }': "sooner has the wrong kind of value",
    '{ sooner = "A", than = 3 }': "than has the wrong kind of value",
    '{ sooner = "A", than = { scenario = "low dose", x = 1 } }': "'x'",
    '{ higher = "A", than = "low dose" }': "needs either 'at' or 'until'",
    '{ higher = "A", than = "low dose", at = "soon" }': "at is no time",
    '{ higher = "A", than = "low dose", at = "150 % A" }': "below 100 %",
    '{ higher = "A", than = "low dose", at = -1 }': "-1 is not a valid time",
    '{ "first time" = "A", above = 3, below = 2 }': "bounds that exclude each other",
    '{ probability = "A", below = true }': "below is not a number",
    '{ peak = "A", before = "Q" }': "no component 'Q'",
    '{ peak = "Q", before = "A" }': "no component 'Q'",
}


def test_that_they_survive_the_way_to_a_file_and_back() -> None:
    project = from_toml(HEAD + ",\n".join(GOOD) + "]")
    assert {x.kind for x in project.experiments[0].expect} == set(TIME_EXPECTATIONS)
    again = to_toml(project)
    assert from_toml(again) == project
    assert "above = 7, below = 10.5" in again


@pytest.mark.parametrize(("line", "message"), BAD.items())
def test_that_a_fault_is_told_with_its_place(line: str, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        from_toml(f"{HEAD}{line}]", "file.toml")
    assert message in str(caught.value)
    assert "file.toml, line 15, column " in str(caught.value)


def test_that_one_line_of_text_says_the_same() -> None:
    project = from_toml(HEAD + ",\n".join(GOOD) + "]")
    for x in project.experiments[0].expect:
        if x.than is None or (x.than.settle is None and x.than.scenario.name):
            read = parse_timed(timed_text(x), x.kind, project.network, project.scenario)
            assert read == x


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "sooner is missing"),
        ("Mass=2", "'sooner' needs 'than'"),
        ("Mass=2; than nowhere", "no scenario 'nowhere'"),
        ("Mass=2; then low dose", "'then'"),
        ("Mass=2 &; than low dose", ""),
    ],
)
def test_that_a_line_that_is_not_understood_is_refused(text: str, message: str) -> None:
    project = from_toml(HEAD + "]")
    with pytest.raises(RegnetError) as caught:
        parse_timed(text, "sooner", project.network, project.scenario)
    assert message in str(caught.value)


def test_that_renaming_and_deleting_reach_every_part() -> None:
    project = from_toml(HEAD + ",\n".join(GOOD) + "]")
    renamed = to_toml(project.renamed("Mass", "Liver"))
    assert "Mass" not in renamed
    assert from_toml(renamed).renamed("Liver", "Mass") == project
    left = project.without("x y").experiments[0].expect
    assert len(left) == len(GOOD) - 2  # a mean level and a peak were about it
    assert left[-1].condition == project.without("x y").network.parse("0")
