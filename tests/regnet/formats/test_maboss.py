"""MaBoSS: formulas and rates read as logic, and all else of the two files kept as it stood."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given

from regnet.errors import FormatError, ParseError, RegnetError
from regnet.files import Source, Written
from regnet.formats import load, save
from regnet.formats.maboss import read, write
from regnet.logic import parse
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project, Reading
from regnet.scenario import Scenario
from regnet.space import Space
from regnet.start import parse_start
from tests.strategies import boolean_networks, networks

NODES = """// the model
Node A { logic = (A); }

node B {
  logic = A & !C; // why
  rate_up = @logic ? $fast : 0.0;
  rate_down = @logic ? 0.0 : 1.5;
}
NODE C { logic = B; rate_up = @logic ? 1 : 0; rate_down = !@logic; }
"""


def read_texts(nodes: str | bytes, settings: str | None = None) -> Reading:
    data = nodes.encode() if isinstance(nodes, str) else nodes
    return read(Source("m.bnd", data, lambda _: None if settings is None else settings.encode()))


def again(written: Written) -> Project:
    assert isinstance(written.content, str)
    return read_texts(written.content, str(written.beside[".cfg"])).project


def rule_of(nodes: str, name: str = "A", settings: str | None = None) -> str:
    rule = read_texts(nodes, settings).project.network[name].rule
    return str(rule.reaches(1)) if rule else "input"


def node(body: str, others: str = "B C D") -> str:
    return f"node A {{ {body} }}\n" + "".join(f"node {o} {{}}\n" for o in others.split())


LOGIC = {
    "B AND C OR NOT D": "B & C | !D",
    "B && C || !D": "B & C | !D",
    "B XOR C OR D": "B & !(C | D) | !B & (C | D)",
    "B ^ C": "B & !C | !B & C",
    "(B": None,
    "B ? C : D": "B & C | !B & D",
    "not (B or c)": None,
    "NOT B": "!B",
    "1": "1",
    "TRUE": "1",
    "B == C": "B & C | !B & !C",
    "B + C + D >= 2": "B & C & D | B & C & !D | B & !C & D | !B & C & D",
    "$x & B": "B",
    "$y | B": "1",
    "A": "input",
}


@pytest.mark.parametrize(("formula", "meaning"), LOGIC.items())
def test_that_formulas_mean_what_maboss_means(formula: str, meaning: str | None) -> None:
    text = node(f"logic = {formula};")
    if meaning is None:
        with pytest.raises(ParseError):
            rule_of(text)
        return
    got = rule_of(text, settings="$x = 1; $y = 3 - 2;")
    if meaning == "input":
        assert got == meaning
        return
    one, other = Rule.of(got), Rule.of(parse(meaning))
    for b, c, d in product((0, 1), repeat=3):
        state = {"B": b, "C": c, "D": d}
        assert one.target(state) == other.target(state)


RATES = {
    "rate_up = B ? 2.0 : 0.0; rate_down = B ? 0 : 1;": "B",
    "rate_up = B; rate_down = NOT B;": "B",
    "rate_up = NOT B ? $x : 0; rate_down = B ? $x * 12. : 0.;": "!B",
    "tmp = B OR C; rate_up = @tmp; rate_down = NOT @tmp ? 1 : 0;": "B | C",
    "rate_up = B ? 1 : C ? 2 : 0; rate_down = (B | C) ? 0 : 1;": "!(!B & !C)",
    "rate_up = 0; rate_down = 0;": "input",
    "rate_up = B ? 1 : 0;": "!A & B | A",
    "rate_down = 1;": "0",
    "rate_up = 1; rate_down = B;": "!A | A & !B",
    "rate_up = $x < 2 ? B : C; rate_down = $x < 2 ? NOT B : NOT C;": "B",
    "rate_up = B * $zero; rate_down = 1;": "0",
    "": "input",
}


@pytest.mark.parametrize(("rates", "meaning"), RATES.items())
def test_that_rates_are_read_as_where_they_drive(rates: str, meaning: str) -> None:
    assert rule_of(node(rates), settings="$x = 1; $zero = 0;") == meaning


def test_that_a_file_that_did_not_change_is_written_as_it_stood() -> None:
    settings = "$fast = 2;\n// note\nA.istate = 1;\nC.is_internal = TRUE;\n"
    reading = read_texts(NODES, settings)
    assert reading.remarks == ()
    written = write(reading.project)
    assert (written.content, written.beside) == (NODES, {".cfg": settings})
    assert written.remarks == ()


def test_that_a_changed_rule_changes_a_formula_only() -> None:
    project = read_texts(NODES, "$fast = 2;\n").project
    network = project.network.with_rule("B", Rule.of("C | !A"))
    text = write(replace(project, network=network)).content
    assert text == NODES.replace("A & !C;", "(C | !A);")


def test_that_new_nodes_get_rates_and_settings() -> None:
    project = read_texts(NODES, "$fast = 2;\n").project
    network = project.network.with_component(Component("D", Rule.of("A")))
    written = write(replace(project, network=network))
    assert isinstance(written.content, str)
    assert "Node D {\n  logic = (A);\n  rate_up = @logic ? $u_D : 0;" in written.content
    assert written.beside[".cfg"] == "$fast = 2;\n$u_D = 1;\n$d_D = 1;\n"


def test_that_another_rule_keeps_the_rates_of_a_node() -> None:
    project = read_texts(node("rate_up = 3 * B; rate_down = NOT B;")).project
    network = project.network.with_rule("A", Rule.of("C"))
    written = write(replace(project, network=network))
    assert isinstance(written.content, str)
    assert "logic = (C);" in written.content
    assert again(written).network["A"].rule == Rule.of("C")
    assert again(written).rate_set().rates.of("A") == (3, 1)
    assert not any("replaced" in r.message for r in written.remarks)
    without = write(replace(project, network=network, rate_sets=()))
    assert any("replaced: A" in r.message for r in without.remarks)


def test_that_rates_count_where_they_drive_a_node_against_its_logic() -> None:
    reading = read_texts(node("logic = B; rate_up = 0.0; rate_down = 0.0;"))
    assert (reading.remarks[0].severity, reading.remarks[0].line) == ("info", 1)
    assert "the rates count: A" in reading.remarks[0].message
    assert reading.project.network["A"].is_input


def test_that_capitals_count_in_attributes_and_that_is_told() -> None:
    text = node("rate_up = B;\n RATE_DOWN = !B;")
    assert rule_of(text) == "!A & B | A"
    warning = next(r for r in read_texts(text).remarks if r.severity == "warning")
    assert (warning.line, "RATE_DOWN of A is not its rate_down" in warning.message) == (2, True)


STARTS = {
    "A.istate = 1; B.istate = 0;": {"A": 1, "B": 0},
    "A.istate = -1; B.istate = 1.0;": {"B": 1},
    "A.istate = TRUE; B.istate = 1 - $x;": {"A": 1, "B": 0},
    "[A].istate = 0.5 [0], 0.5 [1];": {},
    "[A].istate = 1 [1], 0 [0];": {"A": 1},
    "[A, B].istate = 0.4 [1, 0], 0.6 [1, 1];": "A=1 B=0:0.4|1:0.6",
    "[A, B].istate = 2 [0, 0], 6 [1, 1];": "A&B=0&0:0.25|1&1:0.75",
    "[A, B].istate = 0.4 [0, 0], 0.6 [1, 1]; B.istate = 1;": "B=1 A=0:0.4|1:0.6",
    "[A, Z].istate = 0.4 [0, 0], 0.6 [1, 1];": "A=0:0.4|1:0.6",
    "[A].istate = ($x/4) [0], (1-$x/4) [($x > 2 ? 0 : 1)];": "A=0:0.25|1:0.75",
    "A.istate = 0.3;": {"A": 1},
    "A.istate = 1; A.istate = 0;": {"A": 0},
}


@pytest.mark.parametrize(("settings", "start"), STARTS.items())
def test_that_starts_become_a_scenario(settings: str, start: dict[str, int] | str) -> None:
    scenarios = read_texts(NODES, f"$x = 1;\n{settings}\n").project.scenarios
    expected = parse_start(start) if isinstance(start, str) else Space(start)
    assert [s.start for s in scenarios] == ([expected] if expected else [])


def test_that_a_changed_start_changes_its_lines_only() -> None:
    settings = "$fast = 2;\nA.istate = 1;\nB.istate = 0;\nmax_time = 5;\n"
    project = read_texts(NODES, settings).project
    start = Scenario("initial state", start=Space({"A": 1, "B": 1, "C": 0}))
    got = write(replace(project, scenarios=(start,))).beside[".cfg"]
    assert got == "$fast = 2;\nA.istate = 1;\nmax_time = 5;\nB.istate = 1;\nC.istate = 0;\n"


@given(networks())
def test_that_what_is_written_means_the_same(network: LogicalNetwork) -> None:
    written = write(Project(network))
    again = read(_source(written.content, written.beside[".cfg"])).project
    if network.is_boolean:
        assert again.network.names == network.names
        for state in product((0, 1), repeat=len(network)):
            levels = dict(zip(network.names, state, strict=True))
            for name in network.names:
                assert again.network.target(name, levels) == network.target(name, levels)
    second = write(again)
    assert (second.content, second.beside) == (written.content, written.beside)


@given(boolean_networks(4, min_components=2))
def test_that_maboss_reads_what_is_written(network: LogicalNetwork) -> None:
    cmaboss = pytest.importorskip("cmaboss")
    written = write(Project(network))
    simulation = cmaboss.MaBoSSSim(
        network_str=written.content, config_str=f"sample_count = 2;{written.beside['.cfg']}"
    )
    rules = dict(line.split(" : ") for line in simulation.get_logical_rules().splitlines())
    assert set(rules) == set(network.names)
    for state in product((0, 1), repeat=len(network)):
        levels = dict(zip(network.names, state, strict=True))
        for name, rule in rules.items():
            expected = network.target(name, levels)
            assert Rule.of(rule).target(levels) == expected


def _source(nodes: str | bytes, settings: str | bytes) -> Source:
    data = nodes.encode() if isinstance(nodes, str) else nodes
    beside = settings.encode() if isinstance(settings, str) else settings
    return Source("m.bnd", data, lambda name: beside if name == "m.cfg" else None)


def test_that_either_file_of_a_pair_is_read_and_both_are_written(tmp_path: Path) -> None:
    (tmp_path / "m.bnd").write_text(NODES)
    (tmp_path / "m.cfg").write_text("A.istate = 1;\n")
    (tmp_path / "other.cfg").write_text("A.istate = 0;\n")
    for name in ("m.bnd", "m.cfg"):
        assert load(tmp_path / name).scenarios[0].start == Space({"A": 1})
    project = load(tmp_path / "m.bnd", settings="other.cfg")
    assert project.scenarios[0].start == Space({"A": 0})
    save(project, tmp_path / "n.cfg", format="maboss")
    assert (tmp_path / "n.cfg").read_text().startswith("A.istate = 0;\n")
    assert load(tmp_path / "n.bnd").network.components == project.network.components
    with pytest.raises(FormatError, match=r"several there fit .*--settings other.cfg"):
        load(tmp_path / "other.cfg")
    with pytest.raises(FormatError, match=r"none\.cfg: there is no such file"):
        load(tmp_path / "m.bnd", settings="none.cfg")


def test_that_names_that_maboss_cannot_read_come_back() -> None:
    network = LogicalNetwork((Component("IL-2"), Component("NFκB", Rule.of('"IL-2"'))))
    written = write(Project(network))
    assert read(_source(written.content, "")).project.network.names == ("IL-2", "NFκB")


def test_that_divisions_are_kept_but_not_edited() -> None:
    text = NODES + "division\n{\n  rate = (1/#cell(1))/2;\n  A.daughter1 = 0;\n}\n"
    reading = read_texts(text)
    assert "divisions and deaths are kept" in reading.remarks[-1].message
    assert write(reading.project).content == text
    with pytest.raises(FormatError, match="divides or dies by A"):
        write(reading.project.renamed("A", "Z"))


def test_that_other_encodings_are_read() -> None:
    reading = read_texts("// é\n".encode("latin-1") + NODES.encode())
    assert reading.project.network.names == ("A", "B", "C")
    assert "Latin-1" in reading.remarks[0].message


def test_that_what_is_not_given_is_told() -> None:
    remark = read_texts(node("logic = B & $m;")).remarks[0]
    assert (remark.severity, remark.message[-16:]) == ("warning", "1 is assumed: $m")
    assert "1 is assumed: $fast" in read_texts(NODES).remarks[0].message
    assert "$fast" in read_texts(NODES).project.rate_set().note


FAULTS = {
    "no node": ("// nothing", "there is no node"),
    "no sign": ("node A {\n logic;\n}", "line 2, column 7: ';' does not fit here"),
    "no end": ("node A { logic = A;", "line 1.*end of the file"),
    "not a node": ("knot A {}", "line 1.*'knot' does not fit here"),
    "a number": ("node 1A {}", "line 1.*'1' cannot name a node"),
    "twice": ("node A {}\nnode A {}", "line 2.*second time; the first is in line 1"),
    "unknown": ("node A { logic = B; }", "line 1.*there is no node B"),
    "attribute": ("node A { logic = @x; }", "A has no x"),
    "itself": ("node A { x = @x; logic = @x; }", "@x is defined by itself"),
    "comment": ("node A {} /* never", "line 1, column 11.*never closed"),
    "ternary": ("node A { logic = A ? A; }", "has no :"),
    "parenthesis": ("node A { logic = (A; }", "column 18.*never closed"),
    "sign": ("node A { logic = A ` A; }", "'`' cannot be read"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_that_a_fault_is_told_with_its_place(fault: str) -> None:
    text, message = FAULTS[fault]
    with pytest.raises(RegnetError, match=message):
        read_texts(text)


ATTACKS = {
    "nul": b"node A { logic = \0; }",
    "cut off": NODES[:-20].encode(),
    "xor": node("logic = " + " XOR ".join("BCD" * 40) + ";").encode(),
    "values": (
        "".join(f"node n{i} {{}}\n" for i in range(20))
        + "node A { rate_up = " + " + ".join(f"n{i} * {2**i}" for i in range(20)) + "; }"
    ).encode(),
    "doubling": (
        "node A { a0 = A; "
        + " ".join(f"a{i} = @a{i - 1} ^ @a{i - 1};" for i in range(1, 45)) + " logic = @a44; }"
    ).encode(),
    "attributes": (
        "node A { a0 = A; "
        + " ".join(f"a{i} = @a{i - 1} + @a{i - 1};" for i in range(1, 60)) + " logic = @a59; }"
    ).encode(),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_that_an_attack_ends_in_one_sentence_soon(attack: str) -> None:
    began = time.process_time()
    with pytest.raises(RegnetError) as caught:
        read_texts(ATTACKS[attack])
    assert "\n" not in str(caught.value)
    assert time.process_time() - began < 5


def test_that_deep_formulas_are_read() -> None:
    text = node("logic = " + "(" * 5_000 + "B" + ")" * 5_000 + ";")
    assert rule_of(text) == "B"
