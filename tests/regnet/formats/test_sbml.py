"""SBML-qual: read as the specification means it, written so that others read it."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import product

import biodivine_aeon
import libsbml
import pytest
from hypothesis import given

from regnet.errors import ParseError, RegnetError, UnknownNameError
from regnet.files import Source
from regnet.formats import find_format, loads
from regnet.formats.sbml import read, write
from regnet.logic import parse
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project, Reading
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space
from tests.strategies import networks

HEAD = (
    '<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1" '
    'xmlns:qual="http://www.sbml.org/sbml/level3/version1/qual/version1" qual:required="true">'
)


def species(key: str, **attributes: object) -> str:
    words = {"compartment": "c", "constant": "false", **attributes}
    rest = "".join(f' qual:{name}="{value}"' for name, value in words.items() if value is not None)
    return f'<qual:qualitativeSpecies qual:id="{key}"{rest}/>'


def at(relation: str, key: str, level: int) -> str:
    return f"<apply><{relation}/><ci>{key}</ci><cn type='integer'>{level}</cn></apply>"


def transition(
    target: str, terms: dict[int, str], *, sources: str = "A", default: int = 0, extra: str = ""
) -> str:
    inputs = "".join(
        f'<qual:input qual:id="in_{target}_{s}" qual:qualitativeSpecies="{s}" '
        f'qual:transitionEffect="none" qual:sign="positive"{extra}/>'
        for s in sources.split()
    )
    functions = "".join(
        f'<qual:functionTerm qual:resultLevel="{level}">'
        f'<math xmlns="http://www.w3.org/1998/Math/MathML">{math}</math></qual:functionTerm>'
        for level, math in terms.items()
    )
    return (
        f'<qual:transition qual:id="tr_{target}">'
        f"<qual:listOfInputs>{inputs}</qual:listOfInputs>"
        f'<qual:listOfOutputs><qual:output qual:qualitativeSpecies="{target}" '
        'qual:transitionEffect="assignmentLevel"/></qual:listOfOutputs>'
        f'<qual:listOfFunctionTerms><qual:defaultTerm qual:resultLevel="{default}"/>'
        f"{functions}</qual:listOfFunctionTerms></qual:transition>\n"
    )


def document(*parts: str, inside: str = "") -> str:
    """Return an SBML file of species and transitions."""
    listed = "\n".join(p for p in parts if "<qual:qualitativeSpecies " in p)
    changes = "".join(p for p in parts if "<qual:transition " in p)
    changes = changes and f"<qual:listOfTransitions>\n{changes}</qual:listOfTransitions>"
    return (
        f'{HEAD}<model id="m">{inside}'
        '<listOfCompartments><compartment id="c" constant="true"/></listOfCompartments>'
        f"<qual:listOfQualitativeSpecies>\n{listed}\n</qual:listOfQualitativeSpecies>"
        f"{changes}</model></sbml>\n"
    )


def read_text(text: str | bytes, **options: str) -> Reading:
    data = text if isinstance(text, bytes) else text.encode()
    return read(Source("m.sbml", data), **options)


def rule_of(text: str, name: str) -> str:
    rule = read_text(text).project.network[name].rule
    assert rule
    return " ; ".join(f"{level}: {condition}" for condition, level in rule.cases)


def check_consistency(text: str) -> None:
    checked = libsbml.readSBMLFromString(text)
    checked.checkConsistency()
    errors = [checked.getError(i) for i in range(checked.getNumErrors())]
    assert [e.getMessage() for e in errors if e.getSeverity() >= libsbml.LIBSBML_SEV_ERROR] == []


def written(project: Project) -> str:
    """Return the text of a project; check that it reads back, twice, and that libSBML likes it."""
    text = write(project).content
    assert isinstance(text, str)
    check_consistency(text)
    again = read_text(text).project
    assert again.network.names == project.network.names
    assert write(again).content == text
    return text


AB = (species("A", maxLevel=2), species("B", maxLevel=1))

MATH = {
    at("eq", "A", 1): "A & !A:2",
    at("eq", "A", 2): "A:2",
    at("eq", "A", 3): "0",
    at("neq", "A", 0): "A",
    at("geq", "A", 2): "A:2",
    at("gt", "A", 1): "A:2",
    at("leq", "A", 0): "!A",
    at("lt", "A", 2): "!A:2",
    "<apply><leq/><cn type='integer'>2</cn><ci>A</ci></apply>": "A:2",
    f"<apply><not/>{at('geq', 'A', 1)}</apply>": "!A",
    f"<apply><or/><ci>B</ci>{at('geq', 'A', 2)}</apply>": "B | A:2",
    "<apply><xor/><ci>B</ci><true/></apply>": "!B",
    f"<apply><implies/><ci>B</ci>{at('geq', 'A', 1)}</apply>": "!B | A",
    "<apply><and/></apply>": "1",
    "<false/>": "0",
    "<apply><geq/><ci>A</ci><ci>in_B_A</ci></apply>": "A:2",
    "<apply><geq/><ci>A</ci><ci>B</ci></apply>": "!B | A",
    "<apply><eq/><ci>B</ci><cn> 1 </cn></apply>": "B",
}


@pytest.mark.parametrize(("math", "meaning"), MATH.items())
def test_that_conditions_mean_what_mathml_says(math: str, meaning: str) -> None:
    text = document(
        *AB, transition("B", {1: math}, sources="A B", extra=' qual:thresholdLevel="2"')
    )
    expected = parse(meaning)
    got = read_text(text).project.network["B"].rule
    assert got
    for a, b in product(range(3), range(2)):
        wanted = Rule.of(expected).target({"A": a, "B": b})
        assert got.target({"A": a, "B": b}) == wanted


def test_that_the_highest_term_that_holds_counts_and_else_the_default() -> None:
    text = document(
        species("A", maxLevel=2), species("B", maxLevel=2),
        transition("B", {1: at("geq", "A", 1), 2: at("geq", "A", 2)}),
        transition("A", {0: at("eq", "B", 1)}, sources="B", default=2),
    )  # fmt: skip
    network = read_text(text).project.network
    assert [network.target("B", {"A": a, "B": 0}) for a in range(3)] == [0, 1, 2]
    assert [network.target("A", {"A": 0, "B": b}) for b in range(3)] == [2, 0, 2]


def test_that_species_without_a_transition_are_inputs_and_start_where_they_say() -> None:
    reading = read_text(document(species("A", constant="true", initialLevel=1), species("B")))
    assert reading.project.network.inputs == ("A", "B")
    assert reading.project.scenario("initial state").start == Space({"A": 1})


def test_that_a_constant_can_be_fixed_as_boolnet_means_it() -> None:
    text = document(species("A", constant="true", initialLevel=1, maxLevel=1))
    assert read_text(text, constants="fixed").project.network["A"].rule == Rule.constant(1)
    with pytest.raises(UnknownNameError, match="did you mean 'fixed'"):
        read_text(text, constants="fixd")


def test_that_a_missing_highest_level_is_the_highest_that_is_used_and_said() -> None:
    reading = read_text(
        document(species("A"), species("B"), transition("B", {1: at("geq", "A", 3)}))
    )
    assert reading.project.network.tops == {"A": 3, "B": 1}
    assert "no maxLevel is given" in reading.remarks[0].message
    assert reading.remarks[0].line == 2


def test_that_numbered_ids_give_way_to_names_and_come_back() -> None:
    parts = [
        species("S_1", name="TNF alpha"),
        species("S_2", name="NFκB"),
        species("S_3", name="NFκB"),
    ]
    text = document(*parts, transition("S_2", {1: at("eq", "S_1", 1)}, sources="S_1"))
    reading = read_text(text)
    assert reading.project.network.names == ("TNF alpha", "NFκB_S_2", "NFκB_S_3")
    assert any("ids such as S_1" in r.message for r in reading.remarks)
    assert read_text(text, names="ids").project.network.names == ("S_1", "S_2", "S_3")
    out = written(reading.project)
    assert [f'qual:id="S_{i}"' in out for i in (1, 2, 3)] == [True] * 3
    assert 'qual:name="NFκB"' in out


def test_that_ids_that_say_something_are_names_and_titles_are_kept() -> None:
    text = document(species("p53", name="Tumour protein"), species("Mdm2", name="Mdm2"))
    reading = read_text(text)
    assert reading.project.network.names == ("p53", "Mdm2")
    assert 'qual:name="Tumour protein"' in written(reading.project)
    assert read_text(text, names="names").project.network.names == ("Tumour protein", "Mdm2")


def test_that_names_that_cannot_be_ids_are_kept_beside_ids_like_them() -> None:
    names = ("IL-2", "IL_2", "and", "4?>ORF", "S_1")
    project = Project(LogicalNetwork(tuple(Component(n, Rule.of('"IL-2"')) for n in names)))
    text = written(project)
    assert '<?regnet IL_2_2 stands for "IL-2"?>' in text
    assert read_text(text).project.network.names == names
    assert any("IL-2 as IL_2_2" in r.message for r in write(project).remarks)


def test_that_a_renamed_component_keeps_its_id_and_its_new_name() -> None:
    text = document(species("A"), species("B"), transition("B", {1: at("eq", "A", 1)}))
    out = written(read_text(text).project.renamed("A", "IL-2"))
    assert 'qual:id="A" qual:name="IL-2"' in out
    assert read_text(out).project.network["B"].rule == Rule.of('"IL-2"')


NOTES = (
    '<notes><body xmlns="http://www.w3.org/1999/xhtml">'
    "<p>Of <b>mice</b> &amp; men</p></body></notes>"
)
ANNOTATION = '<annotation><x:y xmlns:x="urn:x" z="&gt;"/></annotation>'
LAYOUT = (
    '<layout:listOfLayouts xmlns:layout="http://www.sbml.org/sbml/level3/version1/layout/version1">'
    '<layout:layout layout:id="l"><layout:dimensions layout:width="9" layout:height="9"/>'
    '<layout:listOfAdditionalGraphicalObjects><layout:generalGlyph layout:id="g" '
    'layout:reference="A"><layout:boundingBox><layout:position layout:x="10" layout:y="20"/>'
    '<layout:dimensions layout:width="40" layout:height="20"/></layout:boundingBox>'
    "</layout:generalGlyph></layout:listOfAdditionalGraphicalObjects></layout:layout>"
    "</layout:listOfLayouts>"
)


def test_that_notes_annotations_and_layout_are_read_and_written_back() -> None:
    inner = '<qual:qualitativeSpecies qual:id="A" qual:compartment="c" metaid="m1" '
    inner += f'qual:constant="true">{NOTES}{ANNOTATION}</qual:qualitativeSpecies>'
    text = document(inner, inside=f"{NOTES}{ANNOTATION}{LAYOUT}")
    text = text.replace("<sbml ", '<sbml layout:required="false" xmlns:layout="http://www.sbml.org/'
                        'sbml/level3/version1/layout/version1" ', 1)  # fmt: skip
    project = read_text(text).project
    assert project.note == project.network["A"].note == "Of mice & men"
    assert project.layout == {"A": (30, 30)}
    out = written(project)
    for part in (NOTES, ANNOTATION, LAYOUT):
        assert part in out
    assert out.count(ANNOTATION) == 2
    moved = replace(project, layout={"A": (1.5, 2.25)}, note="New", title="T")
    again = read_text(written(moved)).project
    assert (again.layout, again.note, again.title) == ({"A": (1.5, 2.25)}, "New", "T")


def test_that_html_written_as_text_is_no_text_of_a_note() -> None:
    html = '<div><font size="2"><acronym title="x > y">Of</acronym> mice &amp;amp; men [1].'
    html += "&amp;nbsp;</font></div><br/>if A<b, c>d"
    escaped = html.replace("<", "&lt;")
    inner = (
        '<qual:qualitativeSpecies qual:id="A" qual:compartment="c" qual:constant="true"><notes>'
        f'<body xmlns="http://www.w3.org/1999/xhtml"><p>{escaped}</p></body></notes>'
        "</qual:qualitativeSpecies>"
    )
    project = read_text(document(inner)).project
    assert project.network["A"].note == "Of mice & men [1].\nif A<b, c>d"
    assert escaped in written(project)


def test_that_a_rule_that_did_not_change_stays_as_it_stood() -> None:
    math = f"<apply><and/>{at('eq', 'A', 0)}{at('neq', 'A', 2)}</apply>"
    project = read_text(document(*AB, transition("B", {1: math}))).project
    assert math in written(project)
    network = project.network.with_rule("B", Rule.of("!A"))
    assert math not in written(replace(project, network=network))


def test_that_compartments_are_read_where_there_are_several() -> None:
    inside = '<listOfCompartments><compartment id="n" name="nucleus" constant="true"/>'
    text = document(species("A"), species("B", compartment="n"))
    text = text.replace("<listOfCompartments>", inside)
    network = read_text(text).project.network
    assert [c.compartment for c in network.components] == ["c", "nucleus"]
    moved = network.with_component(replace(network["A"], compartment="cell membrane"))
    again = read_text(written(replace(read_text(text).project, network=moved))).project.network
    assert [c.compartment for c in again.components] == ["cell membrane", "nucleus"]


def test_that_what_a_file_cannot_hold_is_said() -> None:
    scenarios = (
        Scenario("early", start=Space({"A": 1, "B": (0, 1)})),
        Scenario("late", Perturbation(Space({"A": 0}))),
    )
    network = LogicalNetwork((Component("A", kind="assumption"), Component("B")))
    remarks = [str(r) for r in write(Project(network, scenarios=scenarios, source="x")).remarks]
    assert "the start of early is written as the initial levels" in remarks
    assert any("not late" in r for r in remarks)
    assert any("range of levels: B" in r for r in remarks)
    assert "an SBML file does not hold the source, kinds and confidences" in remarks


def test_that_terms_that_hold_at_once_are_told_and_written_apart() -> None:
    terms = {1: at("geq", "A", 1), 2: at("geq", "A", 2)}
    text = document(
        species("A", maxLevel=2), species("B", maxLevel=2), transition("B", terms, sources="A")
    )
    reading = read_text(text)
    (remark,) = [r for r in reading.remarks if "hold at once" in r.message]
    assert remark.severity == "warning"
    assert remark.message.startswith("B: the conditions of levels 2 and 1 hold at once where A>=2")
    assert remark.line == text[: text.index("<qual:transition ")].count("\n") + 1
    again = read_text(written(reading.project))
    assert again.remarks == ()
    assert again.project.network == reading.project.network


def test_that_a_model_of_inputs_only_says_who_does_not_open_it() -> None:
    remarks = write(Project(LogicalNetwork((Component("A"),)))).remarks
    assert [r.message for r in remarks if "AEON opens no such file" in r.message]


def test_that_above_level_one_only_thresholds_are_negated() -> None:
    rule = Rule.parse({2: "!(B & C)"})  # bioLQM takes this "not" for level 1
    network = LogicalNetwork((Component("A", rule, 2), Component("B"), Component("C")))
    text = written(Project(network))
    assert "<not/>" not in text
    assert read_text(text).project.network["A"].rule == rule


@given(networks())
def test_that_what_is_written_means_the_same(network: LogicalNetwork) -> None:
    text = written(Project(network))
    again = read_text(text).project.network
    assert (again.tops, again.inputs) == (network.tops, network.inputs)
    for state in product(*(range(top + 1) for top in network.tops.values())):
        levels = dict(zip(network.names, state, strict=True))
        for name in network.names:
            assert again.target(name, levels) == network.target(name, levels)
    if network.is_boolean and len(network.inputs) < len(network):
        assert len(biodivine_aeon.BooleanNetwork.from_sbml(text).variable_names()) == len(network)


FAULTS = {
    "not XML": ("<sbml", "this is not XML: unclosed token"),
    "something else": ("<html/>", "this is no SBML but html"),
    "no model": (f"{HEAD}</sbml>", "holds no model"),
    "no qual": (f"{HEAD}<model/></sbml>", "no logical model"),
    "level 2": ('<sbml level="2"><model/></sbml>', "SBML level 2"),
    "no id": (document("<qual:qualitativeSpecies />"), "line 2.*no id"),
    "twice": (document(species("A"), species("A")), "line 3.*second time; the first is in line 2"),
    "level": (document(species("A", maxLevel="two")), "line 2.*maxLevel is 'two'"),
    "levels": (document(species("A", maxLevel=5_000_000)), "5000001 levels"),
    "start": (document(species("A", maxLevel=1, initialLevel=2)), "starts at 2"),
    "input": (document(species("A"), transition("A", {}, sources="Z")), "line 4.*'Z' of tr_A"),
    "output": (document(species("A"), transition("Z", {}, sources="A")), "line 4.*'Z' is no"),
    "two transitions": (
        document(*AB, transition("B", {}), transition("B", {})),
        "line 6.*second transition; the first is in line 5",
    ),
    "constant": (document(species("A", constant="true"), transition("A", {})), "A is constant"),
    "term": (document(*AB, transition("B", {2: "<true/>"})), "line 5.*above its highest level 1"),
    "default": (document(*AB, transition("B", {}, default=2)), "line 5.*leads B to 2"),
    "unknown name": (document(*AB, transition("B", {1: "<ci>Z</ci>"})), "line 5.*'Z' is neither"),
    "levels as truth": (document(*AB, transition("B", {1: "<ci>A</ci>"})), "A has 3 levels"),
    "function": (
        document(*AB, transition("B", {1: "<apply><ci>f</ci><ci>A</ci></apply>"})),
        "line 5.*unknown function",
    ),
    "number": (document(*AB, transition("B", {1: "<cn>0.5</cn>"})), "'0.5' is not a level"),
    "operator": (document(*AB, transition("B", {1: "<apply><plus/></apply>"})), "plus"),
    "consumption": (
        document(*AB, transition("B", {}).replace('Effect="none"', 'Effect="consumption"')),
        "line 5.*uses up its input A",
    ),
    "production": (
        document(*AB, transition("B", {}).replace("assignmentLevel", "production")),
        "line 5.*adds to B",
    ),
    "no function": (
        document(*AB, transition("B", {}).replace('<qual:defaultTerm qual:resultLevel="0"/>', "")),
        "line 5.*function of B is unknown",
    ),
    "entity": (f'<!DOCTYPE sbml [<!ENTITY a "b">]>\n{HEAD}</sbml>', "document type"),
    "wide xor": (
        document(*AB, transition("B", {1: "<apply><xor/>" + "<ci>B</ci>" * 30 + "</apply>"})),
        "too many terms",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_that_a_fault_is_told_with_its_place(fault: str) -> None:
    text, message = FAULTS[fault]
    with pytest.raises(ParseError, match=message) as caught:
        read_text(text)
    assert caught.value.line is not None


def test_that_what_libsbml_finds_wrong_is_a_warning_with_its_line() -> None:
    text = document(species("A", constant=None, maxLevel=1))
    remark = next(r for r in read_text(text).remarks if r.severity == "warning")
    assert remark.line in (2, 3)
    assert "constant' is missing" in remark.message
    written(read_text(text).project)


def test_that_other_encodings_and_prefixes_are_read() -> None:
    text = document(species("A", name="é", maxLevel=1), species("B"))
    latin = b'<?xml version="1.0" encoding="ISO-8859-1"?>\n' + text.encode("latin-1")
    assert 'name="é"' in written(read_text(latin).project)
    assert read_text(text.encode("utf-16")).project.network.names == ("A", "B")
    prefixed = text.replace("<qual:", "<q:").replace("</qual:", "</q:").replace(" qual:", " q:")
    prefixed = prefixed.replace("xmlns:qual", "xmlns:q")
    assert read_text(written(read_text(prefixed).project)).project.network.names == ("A", "B")
    default = text.replace("<qual:listOfQ", "<qual:listOfQ", 1)
    core = default.replace("<model", "<s:model").replace("</model", "</s:model")
    core = core.replace("<sbml xmlns=", "<s:sbml xmlns:s=").replace("</sbml", "</s:sbml")
    core = core.replace("<listOfC", "<s:listOfC").replace("</listOfC", "</s:listOfC")
    core = core.replace("<compartment", "<s:compartment")
    assert read_text(written(read_text(core).project)).project.network.names == ("A", "B")


def test_that_the_content_says_that_it_is_sbml() -> None:
    text = document(species("A"))
    assert find_format("m.dat", Source("m.dat", text.encode())).name == "sbml"
    assert loads(text, "m").project.network.names == ("A",)


ATTACKS = {
    "laughs": b'<!DOCTYPE s [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><sbml>&b;</sbml>',
    "external": b'<!DOCTYPE s SYSTEM "file:///etc/passwd"><sbml/>',
    "deep": b"<sbml>" * 30_000,
    "nul": b"<sbml>\0</sbml>",
    "cut": document(species("A")).encode()[:-40],
    "bytes": b'<?xml version="1.0"?><sbml>\xff\xfe\xe9</sbml>',
    "large": b"<sbml>" + b" " * (80 * 2**20) + b"</sbml>",
    "many": b"<sbml>" + b"<a/>" * 600_000 + b"</sbml>",
    "empty": b"",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_that_an_attack_ends_in_one_sentence_soon(attack: str) -> None:
    began = time.process_time()
    with pytest.raises(RegnetError) as caught:
        read(Source("m.sbml", ATTACKS[attack]))
    assert "\n" not in str(caught.value)
    assert time.process_time() - began < 5


def test_that_deep_rules_are_read_and_written() -> None:
    text = "B"
    for _ in range(1_500):
        text = f"!(A & !({text}) | B)"
    network = LogicalNetwork((Component("A"), Component("B", Rule.of(text))))
    out = write(Project(network)).content
    assert isinstance(out, str)
    again = read_text(out)
    assert any("too deep" in r.message for r in again.remarks)
    assert again.project.network["B"].rule == network["B"].rule


def test_that_an_unknown_function_of_aeon_is_called_so() -> None:
    aeon = "A -> A\nC -> C\nA -> B\nC -| B\n$A: A\n$C: C\n$B: f(A) & !C\n"
    text = biodivine_aeon.BooleanNetwork.from_aeon(aeon).to_sbml()
    with pytest.raises(ParseError, match="the function f is unknown") as caught:
        loads(text, "m.sbml")
    assert caught.value.line is not None
