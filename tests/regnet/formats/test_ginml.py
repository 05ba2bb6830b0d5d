"""GINML and ZGINML: edges, parameters and formulas mean what GINsim means; nothing gets lost."""

from __future__ import annotations

import io
import re
import time
import zipfile
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given

from regnet.errors import ParseError, RegnetError
from regnet.files import Source
from regnet.formats import FORMATS, find_format
from regnet.formats.ginml import archive
from regnet.formats.ginml import read as read_graph
from regnet.formats.ginml import write as write_graph
from regnet.network import Claim, Component, LogicalNetwork, Rule
from regnet.project import Project, Reading
from regnet.scenario import Cut, Perturbation, Scenario
from regnet.space import Space
from tests.strategies import networks

GRAPH, STARTS, MUTANTS = (
    f"GINsim-data/{name}" for name in ("regulatoryGraph.ginml", "initialState", "mutant")
)


def node(key: str, *inner: str, **attributes: object) -> str:
    words = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<node id="{key}"{words}>{"".join(inner)}</node>\n'


def value(level: int, *formulas: str) -> str:
    exps = "".join(f'<exp str="{f.replace("&", "&amp;")}"/>' for f in formulas)
    return f'<value val="{level}">{exps}</value>'


def parameter(level: int, active: str = "") -> str:
    return f'<parameter idActiveInteractions="{active}" val="{level}"/>'


def edge(source: str, target: str, level: int = 1, sign: str = "positive", key: str = "") -> str:
    key = key or f"{source}:{target}"
    return (
        f'<edge id="{key}" from="{source}" to="{target}" minvalue="{level}" sign="{sign}">'
        '<edgevisualsetting style="e"/></edge>\n'
    )


def effects(source: str, target: str, words: str) -> str:
    return f'<edge id="{source}:{target}" from="{source}" to="{target}" effects="{words}"/>\n'


def graph(*parts: str, key: str = "g", order: str = "A B", inside: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE gxl SYSTEM "http://ginsim.org/GINML_2_2.dtd">\n'
        f'<gxl><graph class="regulatory" id="{key}" nodeorder="{order}">\n'
        '<nodestyle background="#fff" width="40" height="20"/>\n'
        '<nodestyle name="big" width="100" height="50"/>\n'
        f"{inside}{''.join(parts)}</graph></gxl>\n"
    )


def read(text: str) -> Reading:
    return read_graph(Source("m.ginml", text.encode()))


def targets(text: str, name: str = "B") -> list[int]:
    """Return the target of a component for each level of A, with others at 0."""
    network = read(text).project.network
    low = dict.fromkeys(network.names, 0)
    return [network.target(name, {**low, "A": a}) for a in range(network["A"].top + 1)]


def packed(**entries: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in entries.items():
            file.writestr(f"GINsim-data/{name.replace('__', '.')}", content)
    return out.getvalue()


def read_archive(data: bytes) -> Reading:
    return archive.read(Source("m.zginml", data))


A3 = node("A", maxvalue=3, input="true")
TWO = effects("A", "B", "1:positive 3:positive")
OLD = edge("A", "B", 1, key="A:B:1") + edge("A", "B", 3, key="A:B:2")

MEANINGS = {
    "some edge is active": (value(1, "A"), edge("A", "B", 2), [0, 0, 1, 1]),
    "no edge is active": (value(1, "!A"), edge("A", "B", 2), [1, 1, 0, 0]),
    "an edge acts until the next": (value(1, "A:1"), TWO, [0, 1, 1, 0]),
    "the last edge acts on": (value(1, "A:3"), TWO, [0, 0, 0, 1]),
    "edges are counted": (value(1, "A#1"), TWO, [0, 1, 1, 0]),
    "older files repeat edges": (value(1, "A:3"), OLD, [0, 0, 0, 1]),
    "the highest value counts": (value(1, "A") + value(2, "A:3"), TWO, [0, 1, 1, 2]),
    "several formulas are one": (value(1, "A:1", "A:3"), TWO, [0, 1, 1, 1]),
    "a parameter": (parameter(1, "A:B"), edge("A", "B", 2), [0, 0, 1, 1]),
    "a parameter for nothing": (parameter(2), edge("A", "B", 2), [2, 2, 0, 0]),
    "a parameter without ids": ('<parameter val="2"/>', edge("A", "B", 2), [2, 2, 0, 0]),
    "parameters of two edges": (parameter(1, "A:B:1") + parameter(2, "A:B:3"), TWO, [0, 1, 1, 2]),
    "parameters of old edges": (parameter(1, "A:B:1") + parameter(2, "A:B:2"), OLD, [0, 1, 1, 2]),
    "two edges of one source": (parameter(1, "A:B:1 A:B:3"), TWO, [0, 0, 0, 0]),
    "parameters beside formulas": (parameter(2, "A:B:3") + value(1, "A"), TWO, [0, 1, 1, 2]),
    "a formula without edges": (value(1, "A"), "", [0, 0, 0, 0]),
    "a constant": ('<parameter val="2"/>', "", [2, 2, 2, 2]),
}  # fmt: skip


@pytest.mark.parametrize("case", MEANINGS)
def test_that_nodes_and_edges_mean_what_ginsim_means(case: str) -> None:
    inner, arrows, expected = MEANINGS[case]
    text = graph(A3, node("B", inner, maxvalue=2), arrows)
    assert targets(text) == expected
    again = write_graph(read(text).project).content
    assert isinstance(again, str)
    assert targets(again) == expected


def test_that_a_basevalue_is_what_nothing_active_leads_to() -> None:
    text = graph(A3, node("B", parameter(2, "A:B"), maxvalue=2, basevalue=1), edge("A", "B", 2))
    assert targets(text) == [1, 1, 2, 2]


def test_that_order_levels_inputs_signs_and_notes_are_read() -> None:
    note = "<annotation><linklist/><comment>A &lt; B\nline</comment></annotation>"
    text = graph(
        node("B", value(1, "A"), note, name="bee"), A3, edge("A", "B", sign=" negative "),
        edge("B", "B"), inside=note,
    )  # fmt: skip
    project = read(text).project
    assert project.network.names == ("A", "B")
    assert project.network.tops == {"A": 3, "B": 1}
    assert project.network.inputs == ("A",)
    assert project.network.claims == (Claim("A", "B", "-"), Claim("B", "B", "+"))
    assert project.network["B"].note == project.note == "A < B\nline"


def test_that_positions_are_centres() -> None:
    text = graph(
        node("A", '<nodevisualsetting x="10" y="20" style=""/>'),
        node("B", '<nodevisualsetting x="10" y="20" style="big"/>'),
        node(
            "C", '<nodevisualsetting><rect x="1" y="2" width="6" height="4"/></nodevisualsetting>'
        ),
    )
    assert read(text).project.layout == {"A": (30, 30), "B": (60, 45), "C": (4, 4)}


def test_that_an_unchanged_model_is_written_as_it_stood() -> None:
    text = graph(A3, node("B", parameter(1, "A:B"), "<annotation/>", name="bee"), edge("A", "B"))
    out = write_graph(read(text).project).content
    assert isinstance(out, str)
    assert sorted(p.strip() for p in out.split("\n")) == sorted(p.strip() for p in text.split("\n"))


def test_that_a_change_touches_one_node_only() -> None:
    setting = '<nodevisualsetting x="0" y="0" style="big"/>'
    text = graph(
        A3, node("B", parameter(1, "A:B"), setting, name="bee"), edge("A", "B", 2),
        node("C", parameter(1, "A:C"), setting), edge("A", "C", 2),
    )  # fmt: skip
    project = read(text).project
    network = project.network.with_rule("B", Rule.parse({1: "A:2 | !C"}))
    out = write_graph(replace(project, network=network)).content
    assert isinstance(out, str)
    assert '<exp str="A | !C"/>' in out
    assert "<parameter" in out
    assert out.count(setting) == 2
    assert 'name="bee"' in out
    assert 'from="C" to="B" minvalue="1" sign="negative"' in out
    again = read(out).project
    assert again.network["B"].rule == network["B"].rule
    moved = replace(project, layout={**project.layout, "B": (150.0, 125.0)})
    shifted = write_graph(moved).content
    assert isinstance(shifted, str)
    assert '<nodevisualsetting x="100" y="100" style="big"/>' in shifted
    assert read(shifted).project.layout == moved.layout


def test_that_names_that_ginsim_cannot_read_come_back() -> None:
    names = ("IL-2", "NFκB", "a b", "x?>")
    project = Project(LogicalNetwork(tuple(Component(n, Rule.of("NFκB")) for n in names)))
    written = write_graph(project)
    assert any("NFκB as NFkappaB" in r.message for r in written.remarks)
    assert isinstance(written.content, str)
    assert 'id="IL_2" name="IL-2"' in written.content  # GINsim mends ids with - and breaks others
    assert read(written.content).project.network.names == names
    mended = re.sub(r"<\?regnet .*?\?>\n", "", written.content)  # as GINsim saves it
    assert read(mended).project.network.names == names


def test_that_ids_that_came_with_a_model_stay() -> None:
    text = graph(node("IL-2", parameter(1), "<annotation/>"))
    assert 'id="IL-2"' in str(write_graph(read(text).project).content)


def test_that_formulas_that_ginsim_drops_are_told_and_written_apart() -> None:
    formulas = value(2, "A:3") + value(1, "A")
    reading = read(graph(A3, node("B", formulas, maxvalue=2), TWO))
    (remark,) = reading.remarks
    assert remark.severity == "warning"
    assert "B: the conditions of levels 2 and 1 hold at once" in remark.message
    assert "GINsim uses neither, regnet keeps the highest" in remark.message
    assert remark.line
    written = write_graph(reading.project)
    assert [r.message for r in written.remarks if "exclude each other: B" in r.message]
    again = read(str(written.content))
    assert again.remarks == ()
    assert again.project.network == reading.project.network
    assert write_graph(again.project).content == written.content


def test_that_a_component_with_very_many_regulators_is_told() -> None:
    names = [f"x{n}" for n in range(17)]
    wide = Component("A", Rule.of(" | ".join(names)))
    written = write_graph(Project(LogicalNetwork((wide, *map(Component, names)))))
    assert any("A (17 regulators, 131,072 combinations)" in r.message for r in written.remarks)


@given(networks())
def test_that_what_is_written_means_the_same(network: LogicalNetwork) -> None:
    text = write_graph(Project(network)).content
    assert isinstance(text, str)
    again = read(text).project
    assert (again.network.tops, again.network.inputs) == (network.tops, network.inputs)
    for state in product(*(range(top + 1) for top in network.tops.values())):
        levels = dict(zip(network.names, state, strict=True))
        for name in network.names:
            assert again.network.target(name, levels) == network.target(name, levels)
    assert write_graph(again).content == text


STATES = (
    '<initialStates><initialState name="one" value="A;2 B;0;1"/>'
    '<input name="low" value="A;0"/></initialStates>'
)
KNOCKOUTS = (
    "<mutantList><mutant name='Wild-type'/><mutant name='one'><change target='B' min='1' max='1'/>"
    "<annotation><link xlink:href='x'/><comment>why</comment></annotation></mutant>"
    "<mutant name='cut'><regulatorChange regulator='A' target='B' value='2'/>"
    "<change target='A' min='-1' max='2'/></mutant></mutantList>"
)
MODEL = graph(A3, node("B", value(1, "A")), edge("A", "B"))


def test_that_starts_inputs_and_mutants_become_scenarios() -> None:
    data = packed(regulatoryGraph__ginml=MODEL, initialState=STATES, mutant=KNOCKOUTS)
    assert read_archive(data).project.scenarios == (
        Scenario("one", start=Space({"A": 2, "B": (0, 1)})),
        Scenario("low", Perturbation(Space({"A": 0}))),
        Scenario("one_2", Perturbation(Space({"B": 1})), note="why"),
        Scenario("cut", Perturbation(Space({"A": (0, 2)}), frozenset({Cut("A", "B", 2)}))),
    )


def test_that_other_entries_of_an_archive_are_carried_through_untouched() -> None:
    entries = {"biblio": b"\xff\0\1", "initialState": STATES, "mutant": KNOCKOUTS}
    data = packed(regulatoryGraph__ginml=MODEL, **entries)
    project = read_archive(data).project
    written = archive.write(project)
    assert isinstance(written.content, bytes)
    got = Source("x", written.content).entries
    assert got["GINsim-data/biblio"] == b"\xff\0\1"
    assert got[STARTS] == STATES.encode()
    assert got[MUTANTS] == KNOCKOUTS.encode()
    assert written.remarks == ()
    assert archive.write(read_archive(written.content).project).content == written.content


def test_that_changed_scenarios_are_written_as_starts_and_mutants() -> None:
    project = read_archive(packed(regulatoryGraph__ginml=MODEL, initialState=STATES)).project
    scenarios = (
        Scenario("a", start=Space({"A": 1})),
        Scenario("b", Perturbation(Space({"A": 0}))),
        Scenario("c", Perturbation(Space({"B": 1})), note="<&>"),
        Scenario("d", Perturbation(cuts=frozenset({Cut("A", "B")}))),
    )
    written = archive.write(replace(project, scenarios=scenarios))
    assert isinstance(written.content, bytes)
    assert written.remarks == ()
    assert read_archive(written.content).project.scenarios == scenarios
    both = Scenario("e", Perturbation(Space({"B": 1})), Space({"A": 1}), "synchronous")
    remarks = archive.write(replace(project, scenarios=(both,))).remarks
    assert [r.message for r in remarks] == [
        "written as a start and a mutant, which GINsim does not tie together: e",
        "a GINsim file does not hold the update of e",
    ]


def test_that_a_graph_says_what_it_leaves_out_of_an_archive() -> None:
    project = read_archive(packed(regulatoryGraph__ginml=MODEL, biblio=b"x")).project
    remarks = write_graph(project).remarks
    assert "left out: GINsim-data/biblio" in remarks[0].message


def test_that_faulty_entries_are_kept_and_told() -> None:
    data = packed(
        regulatoryGraph__ginml=MODEL, initialState="<initialStates>", mutant="<m><mutant name='x'>"
        "<change target='Z'/></mutant></m>",
    )  # fmt: skip
    messages = [r.message for r in read_archive(data).remarks]
    assert "initialState is kept but not read" in messages[0]
    assert messages[1].endswith("names what the model does not have: Z")


def test_that_an_archive_may_be_a_graph_that_is_only_called_so() -> None:
    source = Source("m.zginml", MODEL.encode())
    assert find_format("m.zginml", source).name == "zginml"
    assert archive.read(source).project.network.names == ("A", "B")
    assert find_format("m", Source("m", packed(regulatoryGraph__ginml=MODEL))).name == "zginml"
    assert find_format("m", Source("m", MODEL.encode())).name == "ginml"


B = node("B", value(1, "A"))
FAULTS = {
    "not XML": ("<gxl>", "this is not XML"),
    "no graph": ("<gxl/>", "this is no GINML"),
    "other graph": (graph().replace('"regulatory"', '"stg"'), "a stg graph"),
    "no id": (graph(node("")), "line 6.*no id"),
    "twice": (graph(A3, A3), "line 7.*second time; the first is in line 6"),
    "level": (graph(node("A", maxvalue="x")), "maxvalue is 'x'"),
    "levels": (graph(node("A", maxvalue=10**9)), "a level from 0 to 1000"),
    "source": (graph(B, edge("Z", "B")), "starts at 'Z'"),
    "target": (graph(B, edge("B", "Z")), "leads to 'Z'"),
    "threshold": (graph(A3, B, edge("A", "B", 4)), "levels 0 to 3"),
    "no threshold": (graph(A3, B, edge("A", "B", 0)), "levels 0 to 3"),
    "same threshold": (graph(A3, B, edge("A", "B"), edge("A", "B")), "from the same level"),
    "effect": (graph(A3, B, effects("A", "B", "positive")), "'positive' is no effect"),
    "formula": (graph(A3, node("B", value(1, "A &")), edge("A", "B")), "line 7.*ends too early"),
    "no edge": (graph(A3, node("B", value(1, "Z")), edge("A", "B")), "line 7.*names Z"),
    "no such edge": (graph(A3, node("B", value(1, "A:2")), edge("A", "B")), "from level 2"),
    "no such count": (graph(A3, node("B", value(1, "A#0")), edge("A", "B")), "no edge 0"),
    "value": (graph(A3, node("B", value(2, "A")), edge("A", "B")), "above the highest level 1"),
    "parameter": (graph(A3, node("B", parameter(1, "Z")), edge("A", "B")), "'Z', which is no edge"),
    "basevalue": (graph(node("A", basevalue=7)), "basevalue is 7"),
    "entity": ('<!DOCTYPE g [<!ENTITY a "b">]><gxl>&a;</gxl>', "defines an entity"),
    "unknown entity": (
        '<!DOCTYPE g SYSTEM "http://ginsim.org/GINML_2_2.dtd"><gxl>&a;</gxl>',
        "there is no entity a",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_that_a_fault_is_told_with_its_place(fault: str) -> None:
    text, message = FAULTS[fault]
    with pytest.raises(ParseError, match=message) as caught:
        read(text)
    assert caught.value.line is not None


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("GINsim-data/regulatoryGraph.ginml", b"<gxl>" + b" " * (300 * 2**20))
    return out.getvalue()


ATTACKS = {
    "cut off": packed(regulatoryGraph__ginml=MODEL)[:-30],
    "no model": packed(other="x"),
    "empty": b"",
    "broken": packed(regulatoryGraph__ginml=MODEL).replace(b"nodeorder", b"nodeorDer"),
    "deep": packed(regulatoryGraph__ginml="<gxl>" * 30_000),
    "laughs": packed(regulatoryGraph__ginml='<!DOCTYPE g [<!ENTITY a "aaa">]><gxl>&a;</gxl>'),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_that_an_attack_ends_in_one_sentence(attack: str) -> None:
    with pytest.raises(RegnetError) as caught:
        read_archive(ATTACKS[attack])
    assert "\n" not in str(caught.value)


def test_that_a_zip_bomb_is_not_unpacked() -> None:
    data = bomb()
    began = time.process_time()
    with pytest.raises(RegnetError, match="more than a model needs"):
        read_archive(data)
    assert time.process_time() - began < 1


def test_that_a_list_of_all_parameters_becomes_a_modest_rule() -> None:
    sources = "ABCDEFGHIJ"
    listed = []
    for bits in product((0, 1), repeat=len(sources)):
        if sum(bits[:2]) == 2 or sum(bits[2:4]) == 2:
            names = " ".join(f"{s}:Z" for s, bit in zip(sources, bits, strict=True) if bit)
            listed.append(parameter(1, names))
    text = graph(*(node(s, input="true") for s in sources), node("Z", *listed),
                 *(edge(s, "Z") for s in sources))  # fmt: skip
    rule = read(text).project.network["Z"].rule
    assert rule
    assert len(str(rule.reaches(1))) < 60


def test_that_formats_are_written_through_the_front_door() -> None:
    project = read(MODEL).project
    assert FORMATS["zginml"].write(project).remarks == ()
