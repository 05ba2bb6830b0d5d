"""Boolean rules as text: every dialect reads as it is meant, and what we write others read."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import product
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regnet.errors import ParseError, RegnetError
from regnet.evidence import Reference
from regnet.formats import bnet, load
from regnet.formats.bnet import read, write
from regnet.logic import BNET, evaluate, parse
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project
from tests.strategies import boolean_networks, networks


def rules(text: str, **options: str) -> dict[str, str]:
    """Return the rules of a text, inputs as empty strings."""
    network = read(text, **options).project.network
    return {c.name: str(c.rule.reaches(1)) if c.rule else "" for c in network.components}


PLAIN = {"A": "B", "B": "!A"}

# The text, and what it means.
READS = {
    "plain": ("targets, factors\nA, B\nB, !A\n", PLAIN),
    "no header": ("A, B\nB, !A\n", PLAIN),
    "header without a blank": ("targets,factors\nA, B\nB, !A\n", PLAIN),
    "header in capitals": ("Targets, Factors\nA, B\nB, !A\n", PLAIN),
    "header with functions": ("targets, functions\nA, B\nB, !A\n", PLAIN),
    "header with a trailing comma": ("targets, factors,\nA, B\nB, !A\n", PLAIN),
    "header in a comment": ("# targets, factors\nA, B\nB, !A\n", PLAIN),
    "CRLF": ("targets, factors\r\nA, B\r\nB, !A\r\n", PLAIN),
    "CR only": ("targets, factors\rA, B\rB, !A\r", PLAIN),
    "byte order mark": ("\ufefftargets, factors\nA, B\nB, !A\n", PLAIN),
    "no final newline": ("targets, factors\nA, B\nB, !A", PLAIN),
    "blank lines": ("\n\ntargets, factors\n\nA, B\n\n\nB, !A\n\n", PLAIN),
    "tabs": ("targets, factors\nA\t,\tB\nB\t,\t!A\n", PLAIN),
    "semicolons": ("targets; factors\nA; B\nB; !A\n", PLAIN),
    "arrows": ("A <- B\nB <- !A\n", PLAIN),
    "comments": ("# c\ntargets, factors\n  # d\nA, B # e\nB, !A\n", PLAIN),
    "implicit input": ("A, B & C\nB, !A\n", {"A": "B & C", "B": "!A", "C": ""}),
    "explicit input": ("A, C\nC, C\n", {"A": "C", "C": ""}),
    "constants": ("A, 1\nB, 0\nC, A\n", {"A": "1", "B": "0", "C": "A"}),
    "constants in words": ("A, true\nB, False\nC, A\n", {"A": "1", "B": "0", "C": "A"}),
    "names": (
        "IL-2, 4ORF\n4ORF, NFκB\nNFκB, MEK1/2\nMEK1/2, A.b\nA.b, x[c]\nx[c], IL-2\n",
        {"IL-2": '"4ORF"', "4ORF": "NFκB", "NFκB": "MEK1/2", "MEK1/2": "A.b",
         "A.b": '"x[c]"', "x[c]": "IL-2"},
    ),
    "names like operators": ("AND1, not1\nnot1, !AND1\n", {"AND1": "not1", "not1": "!AND1"}),
    "names in both cases": ("a, A\nA, !a\n", {"a": "A", "A": "!a"}),
    "tilde": ("A, ~B\nB, A\n", {"A": "!B", "B": "A"}),
    "words": ("A, not B and C\nB, A or C\nC, C\n", {"A": "!B & C", "B": "A | C", "C": ""}),
    "capital words": ("A, NOT B AND C\nB, B\nC, C\n", {"A": "!B & C", "B": "", "C": ""}),
    "double signs": ("A, !B && C\nB, A || C\nC, C\n", {"A": "!B & C", "B": "A | C", "C": ""}),
    "logic signs": ("A, B ∧ ¬C\nB, B\nC, C\n", {"A": "B & !C", "B": "", "C": ""}),
    "AND before OR": ("A, B | C & D\n", {"A": "B | C & D", "B": "", "C": "", "D": ""}),
    "XOR": ("A, B ^ C\n", {"A": "B & !C | !B & C", "B": "", "C": ""}),
    "double negation": ("A, !!B\nB, A\n", {"A": "B", "B": "A"}),
    "majority": ("A, maj(B,B,C)\nB, any(B,C)\n", {"A": "B | C & B", "B": "B | C", "C": ""}),
    "arithmetic": ("A, B * C + D\n", {"A": "B & C | D", "B": "", "C": "", "D": ""}),
    "only a header": ("targets, factors\n", {}),
    "nothing": ("", {}),
}  # fmt: skip


@pytest.mark.parametrize(("text", "meaning"), READS.values(), ids=READS)
def test_that_every_dialect_reads_as_it_is_meant(text: str, meaning: dict[str, str]) -> None:
    found = rules(text)
    assert found.keys() == meaning.keys()
    for name, rule in found.items():
        assert (rule == "") == (meaning[name] == ""), name
        if rule:
            assert _equal(rule, meaning[name]), (name, rule)


def _equal(a: str, b: str) -> bool:
    from regnet.logic import variables

    first, second = parse(a), parse(b)
    names = sorted({v.name for e in (first, second) for v in variables(e)})
    states = [dict(zip(names, s, strict=True)) for s in product((0, 1), repeat=len(names))]
    return all(evaluate(first, s) == evaluate(second, s) for s in states)


# The text; line and column of the fault; words of the sentence.
REFUSALS = {
    "same target, other rule": ("A, B\nA, !B\nB, A\n", 2, 1, "line 1 defines it differently"),
    "same target, same rule": ("A, B\n  A, B\nB, A\n", 2, 3, "line 1 defines it in the same way"),
    "empty rule": ("targets, factors\nA, \nB, A\n", 2, 4, "the rule is empty"),
    "blank in a name": ("targets, factors\nA x, B\n", 2, 1, "'A x' holds a blank"),
    "no comma": ("targets, factors\nA B\n", 2, 4, "no comma"),
    "no target": ("targets, factors\n , B\n", 2, 2, "target is missing"),
    "open parenthesis": ("A, (B\n", 1, 4, "never closed"),
    "closed parenthesis": ("A, B)\n", 1, 5, "no partner"),
    "two operators": ("A,  B & | C\n", 1, 9, "'|' does not fit"),
    "two names": ("A, B C\n", 1, 6, "'C' does not fit"),
    "delay": ("A, B[-2]\nB, A\n", 1, 4, "time delay"),
    "delayed target": ("A[-2], B\n", 1, 1, "time delay"),
    "time": ("A, timeis(3)\n", 1, 4, "depends on time"),
    "probabilities": ("targets, factors, probabilities\nA, B, 1\n", 1, 19, "probabilistic"),
    "a probability": ("A, B, 0.5\nA, !B, 0.5\n", 1, 7, "probabilistic"),
    "a constant as target": ("true, B\n", 1, 1, "cannot be the name"),
    "a number as target": ("1, B\n", 1, 1, "cannot be the name"),
    "an operator in a name": ("A&B, C\n", 1, 2, "'&' cannot occur in a name"),
    "mixed arithmetic": ("A, B * C & D\n", 1, 6, "'*' is not used in bnet rules"),
}


@pytest.mark.parametrize(("text", "line", "column", "words"), REFUSALS.values(), ids=REFUSALS)
def test_that_a_wrong_line_is_refused_with_its_place(
    text: str, line: int, column: int, words: str
) -> None:
    with pytest.raises(ParseError) as caught:
        read(text, "some.bnet")
    assert words in caught.value.message
    assert (caught.value.file, caught.value.line, caught.value.column) == (
        "some.bnet",
        line,
        column,
    )


@pytest.mark.parametrize(("which", "rule"), [("first", "B"), ("last", "!B")])
def test_that_a_choice_between_two_rules_can_be_made(which: str, rule: str) -> None:
    text = "A, B\nA, !B\nB, A\n"
    assert rules(text, on_duplicate=which)["A"] == rule
    (remark,) = read(text, on_duplicate=which).remarks
    assert remark.severity == "warning"
    assert "lines 1 and 2" in remark.message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A, B\n", "input"),
        ("IL-2, IL-2\n", "other tools may not read these names: IL-2"),
        ("A <- A\n", "<-"),
        ("A; A\n", ";"),
        ("A, A * A\n", "* is read as AND"),
    ],
)
def test_that_what_is_doubtful_is_remarked(text: str, words: str) -> None:
    (remark,) = read(text).remarks
    assert words in remark.message


def test_that_comments_stay_with_what_they_are_about() -> None:
    text = "# the model\ntargets, factors\n# one\nA, B # two\n# three\nB, B\n"
    project = read(text).project
    assert project.note == "the model"
    assert [c.note for c in project.network.components] == ["one\ntwo", "three"]
    written, _ = write(project)
    assert written == "# the model\ntargets, factors\n# one\n# two\nA, B\n# three\nB, B\n"


def test_that_replaced_names_come_back() -> None:
    text = "IL-2, NFκB\nNFκB, Ca2\nCa2, IL_2\nIL_2, 4ORF\n4ORF, not1\nnot1, 1\n"
    network = read(text).project.network
    written, remarks = write(Project(network))
    lines = written.splitlines()
    assert "IL_2_2, NFkappaB" in lines
    assert "_4ORF, not1" in lines
    assert "# regnet: NFkappaB stands for NFκB" in lines
    assert "IL-2 as IL_2_2" in remarks[0].message
    assert read(written).project.network.components == network.components


def test_that_what_the_format_cannot_hold_is_listed() -> None:
    network = LogicalNetwork((Component("X", Rule.parse({2: "X", 1: "1"}), 2),))
    project = Project(network, licence="MIT", references=(Reference("a", "A"),))
    messages = " ".join(remark.message for remark in write(project)[1])
    assert "Van Ham encoding): X" in messages
    assert "the licence, references" in messages


@given(boolean_networks(4))
@settings(max_examples=60, deadline=None)
def test_that_a_boolean_network_reads_back_with_the_same_functions(network: LogicalNetwork) -> None:
    text, _ = write(Project(network))
    again = read(text).project.network
    assert again.names == network.names
    for state in _states(network):
        for name in network.names:
            assert again.target(name, state) == network.target(name, state)
    assert write(Project(again))[0] == text


def _states(network: LogicalNetwork) -> list[dict[str, int]]:
    ranges = [range(top + 1) for top in network.tops.values()]
    return [dict(zip(network.names, s, strict=True)) for s in product(*ranges)]


@given(networks(3, 3))
@settings(max_examples=60, deadline=None)
def test_that_the_boolean_form_moves_as_the_levels_do(network: LogicalNetwork) -> None:
    """In every admissible state, the variables that change are the next level's, up or down."""
    boolean = read(write(Project(network))[0]).project.network
    for state in _states(network):
        held = {
            (name if top == 1 else f"{name}_{k}"): int(state[name] >= k)
            for name, top in network.tops.items()
            for k in range(1, top + 1)
        }
        for name, top in network.tops.items():
            target, level = network.target(name, state), state[name]
            step = level + (target > level) - (target < level)
            variables = [name] if top == 1 else [f"{name}_{k}" for k in range(1, top + 1)]
            assert sum(boolean.target(v, held) for v in variables) == step


# --- other tools -----------------------------------------------------------------------------

PEERS = """\
IL-2, (NFκB | !A) & !(B & C)
NFκB, 1
A, A & 0 | B
B, B ^ IL-2
not1, not not1
"""


def _peer_functions(text: str, tool: str) -> dict[str, object]:
    """Return name -> function on states, as another tool reads the text."""
    if tool == "biodivine_aeon":
        aeon = pytest.importorskip("biodivine_aeon")
        network = aeon.BooleanNetwork.from_bnet(text)
        found = {}
        for variable in network.variables():
            name = network.get_variable_name(variable)
            function = network.get_update_function(variable)
            rule = str(function) if function is not None else name
            found[name] = parse(rule, dialect=BNET)
        return found
    if tool == "mpbn":
        mpbn = pytest.importorskip("mpbn")
        network = mpbn.MPBooleanNetwork(text)
        return {name: parse(str(rule), dialect=BNET) for name, rule in network.items()}
    exchange = pytest.importorskip("pyboolnet.file_exchange")
    primes = exchange.bnet2primes(text)
    return {name: primes[name][1] for name in primes}


@pytest.mark.parametrize("tool", ["biodivine_aeon", "mpbn", "pyboolnet"])
@pytest.mark.filterwarnings("ignore")
def test_that_other_tools_read_the_same_functions(tool: str) -> None:
    project = read(PEERS).project
    text, _ = write(replace(project, note="A comment"))
    plain = read(text.replace("# regnet:", "#")).project.network  # under the replaced names
    functions = _peer_functions(text, tool)
    assert set(functions) == set(plain.names)
    for state in _states(plain):
        for name, function in functions.items():
            if isinstance(function, list):  # prime implicants of 1
                holds = any(all(state[n] == v for n, v in p.items()) for p in function)
            else:
                holds = evaluate(function, state)  # type: ignore[arg-type]
            assert holds == bool(plain.target(name, state)), name


# --- real files, and size --------------------------------------------------------------------


def test_that_real_files_read_and_their_rewriting_is_stable(corpus: Path) -> None:
    files = sorted((corpus / "bbm").glob("*.bnet"))
    assert files
    for file in files:
        project = load(file)
        if file.stat().st_size > 300_000:
            continue  # writing and reading these again takes seconds
        text, _ = write(project)
        again = read(text).project
        assert again.network.names == project.network.names, file.name
        assert again.network.inputs == project.network.inputs, file.name
        assert write(again)[0] == text, file.name


REFUSED_PROBES = {"11", "12", "25", "26", "31", "32", "34", "38"}


def test_that_the_probe_files_are_read_or_refused_as_they_should_be(corpus: Path) -> None:
    files = sorted((corpus / "probes" / "bnet").glob("*.bnet"))
    assert len(files) == 49
    for file in files:
        if file.name[:2] in REFUSED_PROBES:
            with pytest.raises(RegnetError, match="line"):
                load(file)
        else:
            assert isinstance(load(file), Project), file.name


def test_that_ten_thousand_nested_parentheses_are_no_problem() -> None:
    deep = 12_000
    assert rules("A, " + "(" * deep + "B" + ")" * deep) == {"A": "B", "B": ""}
    assert rules("A, " + "!(" * deep + "B" + ")" * deep) == {"A": "B", "B": ""}


def test_that_a_large_file_is_read_quickly() -> None:
    random = Random(7)
    names = [f"x{i}" for i in range(10_000)]
    lines = [
        f"{name}, " + " & ".join(random.choice(["", "!"]) + n for n in random.sample(names, 3))
        for name in names
    ]
    text = "\n".join(["targets, factors", *lines])
    seconds = []
    for _ in range(3):
        before = time.process_time()
        assert len(bnet.read(text).project.network) == 10_000
        seconds.append(time.process_time() - before)
    assert min(seconds) < 0.6  # 0.13 s on an ordinary machine


@given(st.text(alphabet="AB,;!&|()# \t\n01-<>^*+[]\"'ανé\r", max_size=40))
@settings(max_examples=300, deadline=None)
def test_that_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    fault = None
    try:
        project = read(text).project
    except ParseError as error:
        fault = error
    if fault is not None:
        assert fault.line is not None
        assert "\n" not in fault.message
        return
    written, _ = write(project)
    assert write(read(written).project)[0] == written
