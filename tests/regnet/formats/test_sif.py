"""SIF: one edge a line, in all its dialects; rules only where they are asked for."""

from __future__ import annotations

import pickle
from itertools import product
from pathlib import Path

import pytest

from regnet.errors import MissingRulesError, ParseError, UnknownNameError
from regnet.exchange.dynamics import caveats
from regnet.exchange.wiring import DEFAULT_RULES
from regnet.files import read_file
from regnet.formats import FORMATS, find_format, load, loads
from regnet.formats.sif import fits, read, write
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project
from tests.conftest import find_shared


def test_that_every_edge_and_every_lonely_component_has_a_line() -> None:
    network = LogicalNetwork(
        (
            Component("A"),
            Component("B", Rule.of("A & !C | !A & C")),
            Component("C", Rule.of("!A & (B | !B)")),
            Component("D x"),
        )
    )
    lines = write(Project(network))[0].splitlines()
    assert lines == ["A\t-?\tB", "C\t-?\tB", "A\t-|\tC", "B\t-o\tC", "D x"]


def test_that_tabs_and_line_breaks_in_names_break_no_line() -> None:
    network = LogicalNetwork((Component("A\tB"), Component("A B"), Component("C\nD")))
    assert write(Project(network))[0].splitlines() == ["A B_2", "A B", "C D"]


def wiring(text: str) -> dict[tuple[str, str], str]:
    claims = read(text, unknown="keep").project.network.claims
    return {(claim.source, claim.target): claim.sign for claim in claims}


@pytest.mark.parametrize(
    "text",
    [
        "A 1 B\nC -1 B\n",
        "A -> B\nC -| B\n",
        "A\t->\tB\t\nC\t-|\tB\r\n",
        "A activates B\nC inhibits B\n",
        "A up-regulates B\nC down-regulates B\n",
        'A\t"up-regulates activity"\tB\nC\tinhibition\tB\n'.replace('"', ""),
        "A + B\nC - B\n",
        "B <- A\nB |- C\n",
        "# drawn\nA --> B\n\nC --| B\n",
        "A\tstimulates\tB\nC -1 B\n",
    ],
)
def test_that_dialects_of_an_edge_mean_the_same(text: str) -> None:
    assert wiring(text) == {("A", "B"): "+", ("C", "B"): "-"}


def test_that_a_line_may_have_several_targets_or_none() -> None:
    reading = read("A 1 B C\nD\nE -1 E\n", unknown="keep")
    assert reading.project.network.names == ("A", "B", "C", "D", "E")
    assert wiring("A 1 B C\nD\nE -1 E\n") == {("A", "B"): "+", ("A", "C"): "+", ("E", "E"): "-"}
    assert reading.project.unknown == ("B", "C", "E")
    assert any("nothing acts on them: A, D" in remark.message for remark in reading.remarks)


def test_that_names_hold_blanks_where_words_are_apart_by_tabs() -> None:
    text = "PI3 kinase\tactivates\tAkt 1\nlonely node\n"
    assert wiring(text) == {("PI3 kinase", "Akt 1"): "+"}
    assert "lonely node" in read(text, unknown="keep").project.network


def test_that_an_arrow_with_two_heads_is_two_edges() -> None:
    assert wiring("A <-> B\n") == {("A", "B"): "+", ("B", "A"): "+"}
    assert wiring("A |-> B\n") == {("A", "B"): "+", ("B", "A"): "-"}


def test_that_edges_of_both_signs_or_none_are_told_and_are_in_no_rule() -> None:
    text = "A 1 B\nA -1 B\nC pp B\nD 1 B\n"
    reading = read(text, rule="inhibitor-wins")
    assert wiring(text) == {("A", "B"): "±", ("C", "B"): "±", ("D", "B"): "+"}
    assert reading.project.network["B"].rule == Rule.of("D")
    told = [remark.message for remark in reading.remarks if remark.severity == "warning"]
    assert any("'pp' says no sign" in words for words in told)
    assert any("A to B, C to B" in words for words in told)
    open_ended = read("A pp B\nA -> C\n", rule="inhibitor-wins")
    assert open_ended.project.network.inputs == ("A", "B")
    told = [remark.message for remark in open_ended.remarks if remark.severity == "warning"]
    assert "taken as input, because no edge into them has one sign: B" in told
    assert "Taken as input, though the file lets something act on them: B." in caveats(
        open_ended.project, "attractors"
    )


def test_that_a_model_of_wiring_is_refused_until_a_rule_is_chosen() -> None:
    with pytest.raises(MissingRulesError, match="wiring only: no rule for B; choose") as caught:
        read("A 1 B\n", "x.sif")
    assert caught.value.choices == DEFAULT_RULES
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    with pytest.raises(UnknownNameError, match="did you mean 'inhibitor-wins'"):
        read("A 1 B\n", rule="inhibitors-win")


def on(rule: str, activators: list[int], inhibitors: list[int]) -> bool:
    """Return what a default rule says in words, counted."""
    free = not any(inhibitors)
    if not activators or not inhibitors:
        every = rule == "all-activators"
        return (all(activators) if every else any(activators)) if activators else free
    match rule:
        case "inhibitor-wins":
            return sum(activators) > 0 and free
        case "all-activators":
            return sum(activators) == len(activators) and free
        case _:
            return sum(activators) > 0 or free


@pytest.mark.parametrize("rule", DEFAULT_RULES)
@pytest.mark.parametrize(("plus", "minus"), [(1, 0), (0, 1), (2, 2), (3, 0), (0, 2), (1, 2)])
def test_that_a_default_rule_means_what_its_words_say(rule: str, plus: int, minus: int) -> None:
    sources = [f"P{i}" for i in range(plus)] + [f"N{i}" for i in range(minus)]
    text = "\n".join(f"{name} {'1' if name[0] == 'P' else '-1'} X" for name in sources)
    project = read(text, rule=rule).project
    assert project.unknown == ()
    assert project.network["X"].kind == "assumption"
    assert rule in project.network["X"].note
    assert rule in project.note
    for levels in product((0, 1), repeat=plus + minus):
        state = dict(zip(sources, levels, strict=True)) | {"X": 0}
        expected = on(rule, list(levels[:plus]), list(levels[plus:]))
        assert project.network.target("X", state) == expected


def test_that_and_gates_of_cellnopt_are_no_components() -> None:
    text = "A 1 and1\nB -1 and1\nand1 1 C\nD 1 C\nE -1 and2\nF 1 and2\nand2 -1 C\n"
    project = read(text, rule="inhibitor-wins").project
    assert project.network.names == ("A", "B", "C", "D", "E", "F")
    assert project.network["C"].rule == Rule.of("(A & !B | D) & !(!E & F)")
    signs = {claim.source: claim.sign for claim in project.network.claims}
    assert signs == {"A": "+", "B": "-", "D": "+", "E": "+", "F": "-"}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("A -> B\nA ->\n", 2, "names an edge without its target"),
        ("A 1 and1\nB pp and1\nand1 1 C\n", 1, "an edge into the AND gate and1 has no sign"),
        ("A 1 and1\nand1 1 and2\nand2 1 C\n", 2, "the AND gate and2 has another one as its"),
    ],
)
def test_that_faults_are_told_with_their_line(text: str, line: int, words: str) -> None:
    with pytest.raises(ParseError, match=words) as caught:
        read(text, "x.sif", unknown="keep")
    assert caught.value.line == line


def test_that_arrows_are_sif_and_not_aeon_where_the_file_says_so(tmp_path: Path) -> None:
    for name, format in (("x.sif", "sif"), ("x.txt", "sif"), ("x.aeon", "aeon")):
        (tmp_path / name).write_text("A -> B\nC -| B\n")
        assert find_format(name, read_file(tmp_path / name)).name == format
    assert not fits("A, B\n")
    assert not fits("A = B\n")
    assert not fits("Dear all of you\n")


def test_that_wiring_goes_to_aeon_and_comes_back() -> None:
    project = read("A -> B\nC -| B\nA -> D\n", unknown="keep").project
    aeon = FORMATS["aeon"].write(project)
    again = loads(str(aeon.content), format="aeon", unknown="keep").project
    assert set(again.unknown) == {"B", "D"}
    assert {(c.source, c.sign, c.target) for c in again.network.claims} == {
        ("A", "+", "B"), ("C", "-", "B"), ("A", "+", "D"),
    }  # fmt: skip
    lines = write(again)[0].splitlines()
    assert sorted(lines) == ["A\t->\tB", "A\t->\tD", "C\t-|\tB"]


SIFS = sorted((find_shared("corpus") or Path("/none")).glob("formats/sif/*.sif"))


@pytest.mark.parametrize("path", SIFS, ids=lambda path: path.name)
@pytest.mark.skipif(not SIFS, reason="the corpus is not beside the repository")
def test_that_real_files_are_read_edge_by_edge(path: Path) -> None:
    signs = {"->": "+", "-|": "-", "1": "+", "-1": "-"}
    expected = {
        (source, target): signs[sign]
        for source, sign, *targets in map(str.split, path.read_text().splitlines())
        for target in targets
    }
    assert wiring(path.read_text()) == expected
    assert wiring(write(load(path, unknown="keep"))[0]) == expected
    assert load(path, rule="inhibitor-wins").unknown == ()
