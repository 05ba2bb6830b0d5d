"""BMA: formulas become rules over levels, and everything else of the file is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from regnet.boolean import next_conditions
from regnet.errors import FormatError, ParseError
from regnet.formats import loads
from regnet.formats.bma import parse_formula, read, write
from regnet.logic import BNET, evaluate, parse
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project


def model(*variables: tuple[int, str, int, int, str], edges: str = "", **more: Any) -> str:
    """Return the JSON of a model; an edge is ``1>2`` or ``1-2``."""
    relationships = []
    for n, edge in enumerate(edges.split(), start=100):
        sign = ">" if ">" in edge else "-"
        source, target = map(int, edge.split(sign))
        kind = "Activator" if sign == ">" else "Inhibitor"
        relationships.append({"Id": n, "FromVariable": source, "ToVariable": target, "Type": kind})
    document = {
        "Model": {
            "Name": "m",
            "Variables": [
                {"Id": i, "Name": name, "RangeFrom": low, "RangeTo": high, "Formula": formula}
                for i, name, low, high, formula in variables
            ],
            "Relationships": relationships,
        },
        "Layout": {"Variables": [], "Containers": [{"Id": 1, "Name": "cell"}]},
        "ltl": {"states": ["kept"], "operations": []},
    }
    return json.dumps({**document, **more})


def targets(text: str, name: str) -> list[int]:
    """Return the target for each level of B, which lies first."""
    network = read(text).project.network
    other = dict.fromkeys(network.names, 0)
    return [network.target(name, {**other, "B": n}) for n in range(network["B"].top + 1)]


# Formula of A (0 to `top`) over B (0 to 4, itself an input), and the target for each level of B.
FORMULAS: dict[str, tuple[str, int, list[int]]] = {
    "the same range": ("var(1)", 4, [0, 1, 2, 3, 4]),
    "a name": ("var(B)", 4, [0, 1, 2, 3, 4]),
    "less": ("4-var(1)", 4, [4, 3, 2, 1, 0]),
    "a half is rounded up": ("var(1)/2", 4, [0, 1, 1, 2, 2]),
    "ceil": ("ceil(var(1)/3)", 4, [0, 1, 1, 1, 2]),
    "floor": ("floor(var(1)/3)", 4, [0, 0, 0, 1, 1]),
    "min": ("min(var(1),2)", 4, [0, 1, 2, 2, 2]),
    "max": ("max(var(1), 3)", 4, [3, 3, 3, 3, 4]),
    "avg": ("avg(var(1),4)", 4, [2, 3, 3, 4, 4]),
    "kept in range": ("3*var(1)-2", 4, [0, 1, 4, 4, 4]),
    "strength": ("1+2*var(1)-1", 4, [0, 2, 4, 4, 4]),
    "a sign in front": ("-var(1)+4", 4, [4, 3, 2, 1, 0]),
    "scaled down": ("var(1)", 2, [0, 1, 1, 2, 2]),
    "scaled down to one": ("var(1)", 1, [0, 0, 1, 1, 1]),
    "a constant": ("2", 4, [2, 2, 2, 2, 2]),
}


@pytest.mark.parametrize(("formula", "top", "expected"), FORMULAS.values(), ids=FORMULAS)
def test_that_a_formula_has_the_values_of_bma(formula: str, top: int, expected: list[int]) -> None:
    text = model((1, "B", 0, 4, "var(1)"), (2, "A", 0, top, formula), edges="1>1 1>2")
    assert targets(text, "A") == expected


def test_that_without_a_formula_activators_count_less_inhibitors() -> None:
    b, c, a = (1, "B", 0, 4, "var(1)"), (3, "C", 0, 4, "2"), (2, "A", 0, 4, "")
    assert targets(model(b, a, edges="1>2"), "A") == [0, 1, 2, 3, 4]
    assert targets(model(b, c, a, edges="1>2 3>2"), "A") == [0, 1, 1, 2, 2]
    assert targets(model(b, a, edges="1-2"), "A") == [0, 0, 0, 0, 0]
    assert targets(model(b, c, a, edges="3>2 1-2"), "A")[0] == 0


def test_that_places_that_are_none_are_left_alone() -> None:
    places = [
        {"Id": n, "PositionX": x, "PositionY": 2.5}
        for n, x in enumerate([1, 10**400, "a", None], start=1)
    ]
    variables = [(n, f"x{n}", 0, 1, "") for n in range(1, 5)]
    text = model(*variables, Layout={"Variables": places, "Containers": []})
    assert read(text).project.layout == {"x1": (1.0, 2.5)}


def test_that_what_bma_assumes_is_told() -> None:
    reading = read(model((1, "B", 1, 3, ""), (2, "A", 0, 1, ""), edges="1-2"))
    messages = " ".join(str(remark) for remark in reading.remarks)
    assert "held at their lowest level, as BMA does, because nothing acts on them" in messages
    assert "inhibitors only and no formula" in messages
    network = reading.project.network
    assert network.target("B", {"A": 0, "B": 3}) == 1


def test_that_names_that_repeat_or_lack_become_unique() -> None:
    project = read(model((1, "B", 0, 1, ""), (2, "B", 0, 1, ""), (3, "", 0, 1, ""))).project
    assert project.network.names == ("B_1", "B_2", "v_3")


def test_that_a_rewritten_file_is_the_same_but_for_white_space() -> None:
    text = model(
        (1, "B", 0, 4, "var(1)"), (2, "A", 1, 3, "var(1) +1"), (7, "", 0, 2, ""),
        edges="1>1 1>2 2-7", extra=[1, {"deep": None}],
    )  # fmt: skip
    written, remarks = write(read(text).project)
    before, after = json.loads(text), json.loads(written)
    assert remarks == ()
    del before["Model"]["Variables"][2]["Name"], after["Model"]["Variables"][2]["Name"]
    assert after["Model"] == before["Model"]
    assert (after["ltl"], after["extra"]) == (before["ltl"], before["extra"])
    assert after["Layout"]["Containers"] == before["Layout"]["Containers"]


def test_that_only_the_formula_of_a_changed_rule_is_written_anew() -> None:
    text = model((1, "B", 0, 2, "var(1)"), (2, "A", 0, 2, "var(1)"), edges="1>1 1>2")
    project = read(text).project
    rule = Rule.parse({2: "!B", 1: "B:2"})
    changed = replace(project, network=project.network.with_rule("A", rule))
    written, _ = write(changed)
    variables = {v["Name"]: v["Formula"] for v in json.loads(written)["Model"]["Variables"]}
    assert variables["B"] == "var(1)"
    again = read(written).project.network
    assert [again.target("A", {"A": 0, "B": n}) for n in (0, 1, 2)] == [2, 0, 1]
    (edge,) = (r for r in json.loads(written)["Model"]["Relationships"] if r["ToVariable"] == 2)
    assert edge["Type"] == "Activator"  # BMA has no word for both signs


def test_that_a_renamed_component_keeps_its_identifier_and_formula() -> None:
    text = model((4, "B", 0, 1, "var(4)"), (5, "A", 0, 1, "1-var(4)"), edges="4>4 4-5")
    written, _ = write(read(text).project.renamed("B", "C"))
    first, second = json.loads(written)["Model"]["Variables"]
    assert (first["Id"], first["Name"], first["Formula"]) == (4, "C", "var(4)")
    assert second["Formula"] == "1-var(4)"


XML = """<?xml version="1.0" encoding="utf-8"?>
<AnalysisInput ModelName="m">
  <Variables>
    <Variable Id="1"><Name>B</Name><RangeFrom>0</RangeFrom><RangeTo>2</RangeTo>
      <Function>var(1)</Function></Variable>
    <Variable Id="2"><Name>A</Name><RangeFrom>0</RangeFrom><RangeTo>2</RangeTo>
      <Function></Function></Variable>
  </Variables>
  <Relationships>
    <Relationship Id="3"><FromVariableId>1</FromVariableId><ToVariableId>2</ToVariableId>
      <Type>Activator</Type></Relationship>
  </Relationships>
</AnalysisInput>
"""


def test_that_the_xml_of_the_analyser_is_read() -> None:
    project = read("\ufeff" + XML, "m.xml").project
    assert project.network.names == ("B", "A")
    assert project.network.inputs == ("B",)
    assert str(project.network["A"].rule.reaches(2)) == "B:2"  # type: ignore[union-attr]
    assert read(write(project)[0]).project.network == project.network


EDITOR = """<?xml version="1.0" encoding="utf-8"?>
<Model Id="1" Name="m" BioCheckVersion="3"><Description>of mice</Description>
  <Containers><Container Id="4" Name=""><PositionX>5</PositionX></Container></Containers>
  <Variables>
    <Variable Id="1" Name="B"><ContainerId>4</ContainerId><Type>Constant</Type>
      <RangeFrom>0</RangeFrom><RangeTo>2</RangeTo><Formula>var(B)</Formula>
      <PositionX>175</PositionX><PositionY>50.5</PositionY></Variable>
    <Variable Id="2" Name="A"><RangeFrom>0</RangeFrom><RangeTo>2</RangeTo><Formula></Formula>
      <PositionX>1</PositionX><PositionY>2</PositionY></Variable>
  </Variables>
  <Relationships><Relationship Id="3"><ContainerId>4</ContainerId>
    <FromVariableId>1</FromVariableId><ToVariableId>2</ToVariableId><Type>Activator</Type>
  </Relationship></Relationships>
</Model>
"""

LOCAL = """<?xml version="1.0"?>
<LocalData xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Model><Id>0</Id>
<Description>of mice</Description><Columns xsi:nil="true" /><Name>m</Name></Model>
<Variables>
<Variable><Formula>var(B)</Formula><Id>1</Id><Name>B</Name><PositionX>175</PositionX>
<PositionY>50.5</PositionY><RangeFrom xsi:nil="true" /><RangeTo>2</RangeTo></Variable>
<Variable><Formula /><Id>2</Id><Name>A</Name><PositionX>1</PositionX><PositionY>2</PositionY>
<RangeFrom>0</RangeFrom><RangeTo>2</RangeTo></Variable>
</Variables>
<Relationships><Relationship><FromVariableId>1</FromVariableId><Id>3</Id>
<ToVariableId>2</ToVariableId><Type>Activator</Type></Relationship></Relationships></LocalData>
"""


@pytest.mark.parametrize("text", [EDITOR, LOCAL], ids=["Model", "LocalData"])
def test_that_the_xml_of_older_editors_is_the_same_model(text: str) -> None:
    project = loads(text, "m.xml").project
    assert project.network.components == read(XML).project.network.components
    assert project.network.claims == read(XML).project.network.claims
    assert project.title == "m"
    assert project.note == "of mice"
    assert project.layout == {"B": (175.0, 50.5), "A": (1.0, 2.0)}
    again = read(write(project)[0]).project
    assert again.network == project.network
    assert again.layout == project.layout


def test_that_older_json_is_the_same_model() -> None:
    text = model((1, "B", 0, 1, "var(1)"), (2, "A", 0, 1, ""), (3, "C", 0, 1, ""), edges="1>2 1-3")
    older = text.replace('"FromVariable"', '"FromVariableId"').replace(
        '"ToVariable"', '"ToVariableId"'
    )
    older = older.replace('"Activator"', "0").replace('"Inhibitor"', "1")
    assert older != text
    project = read(older).project
    assert project.network == read(text).project.network
    again = json.loads(write(project)[0])["Model"]["Relationships"]
    assert again == json.loads(text)["Model"]["Relationships"]
    with pytest.raises(ParseError, match="the Type of a relationship is 2"):
        read(older.replace('"Type": 0', '"Type": 2'))


def test_that_a_name_is_that_of_a_variable_that_acts_on_this_one() -> None:
    cells = [(n, name, 0, 4, "") for n, name in ((1, "B"), (2, "B"), (3, "B"))]
    text = model(*cells, (4, "A", 0, 4, "min(var(B), 4 - var(B))"), edges="1>4 3-4")
    network = read(text).project.network
    assert {var.name for var in network["A"].rule.thresholds()} == {"B_1", "B_3"}  # type: ignore[union-attr]
    state = dict.fromkeys(network.names, 0)
    for first, third in product(range(5), repeat=2):
        levels = {**state, "B_1": first, "B_3": third}
        assert network.target("A", levels) == min(first, 4 - third)
    lonely = model(*cells, (4, "A", 0, 4, "var(B)"))
    with pytest.raises(ParseError, match="names 'B', which several variables have"):
        read(lonely)


def test_that_the_default_formula_may_be_written_out() -> None:
    edges = "1>2 3-2"
    variables = [(1, "B", 0, 4, "var(1)"), (3, "C", 0, 4, "var(3)")]
    plain = read(model(*variables, (2, "A", 0, 4, ""), edges=edges)).project.network
    words = read(model(*variables, (2, "A", 0, 4, "avg(pos)-avg(neg)"), edges=edges))
    assert words.project.network == plain


REFUSALS = {
    "no JSON": ('{"Model": ', "this is no JSON"),
    "another JSON": ("[1]", "the object Model is missing"),
    "no list": ('{"Model": {"Variables": 1, "Relationships": []}}', "the list Variables"),
    "a range": (model((1, "B", 3, 1, "")), "3 to 1 is no range of levels of B"),
    "a huge range": (model((1, "B", 0, 10**9, "")), "is no range"),
    "the same Id": (model((1, "B", 0, 1, ""), (1, "C", 0, 1, "")), "two variables have the Id 1"),
    "a variable that is missing": (model((1, "B", 0, 1, "var(2)")), "names '2', which no variable"),
    "an edge from nowhere": (model((1, "B", 0, 1, ""), edges="2>1"), "the variable 2, which is"),
    "an unknown function": (model((1, "B", 0, 1, "sin(1)")), "formula of B, column 1: 'sin'"),
    "an open parenthesis": (model((1, "B", 0, 1, "(1")), "column 1: this parenthesis is never"),
    "two operands": (model((1, "B", 0, 1, "1 2")), "column 3: '2' does not fit"),
    "an empty sum": (model((1, "B", 0, 1, "1+")), "column 3: the end does not fit"),
    "a stray comma": (model((1, "B", 0, 1, "(1,2)")), "column 3: this , has no partner"),
    "two arguments": (model((1, "B", 0, 1, "ceil(1,2)")), "ceil takes one argument, not 2"),
}


@pytest.mark.parametrize(("text", "words"), REFUSALS.values(), ids=REFUSALS)
def test_that_a_faulty_model_is_refused_in_a_sentence(text: str, words: str) -> None:
    with pytest.raises(ParseError) as caught:
        read(text, "m.json")
    assert words in caught.value.message
    assert caught.value.file == "m.json"


def test_that_a_formula_of_too_many_levels_is_refused() -> None:
    variables = [(n, f"x{n}", 0, 9, "") for n in range(1, 9)]
    edges = " ".join(f"{n}>1" for n in range(1, 9))
    with pytest.raises(FormatError, match="100000000 combinations"):
        read(model(*variables, edges=edges), "m.json")


def test_that_division_by_zero_is_told() -> None:
    (remark, *_) = read(model((1, "B", 0, 1, "1/var(1)"), edges="1>1")).remarks
    assert "divides by 0" in remark.message


def test_that_deep_formulas_are_no_problem() -> None:
    assert len(parse_formula("(" * 50_000 + "1" + ")" * 50_000)) == 1


def test_that_aeon_reads_the_same_functions() -> None:
    aeon = pytest.importorskip("biodivine_aeon")
    rules = {"A": Rule.of("!B | C:2"), "B": None, "C": Rule.parse({2: "A & C", 1: "B"})}
    network = LogicalNetwork(
        tuple(Component(name, rule, 2 if name == "C" else 1) for name, rule in rules.items())
    )
    found = aeon.BooleanNetwork.from_bma_json(write(Project(network))[0])
    functions = {
        name.partition("_")[2].replace("_b", ":"): parse(
            str(found.get_update_function(name)).replace("_b", "."), dialect=BNET
        )
        for name in found.variable_names()
    }
    for a, b, c in product((0, 1), (0, 1), (0, 1, 2)):
        state = {"A": a, "B": b, "C": c}
        held = {"v1_A.1": a, "v2_B.1": b, "v3_C.1": int(c >= 1), "v3_C.2": int(c >= 2)}
        for component in network.components:
            for level, condition in enumerate(next_conditions(component), start=1):
                function = functions[f"{component.name}:{level}"]
                assert evaluate(function, held) == evaluate(condition, state)
