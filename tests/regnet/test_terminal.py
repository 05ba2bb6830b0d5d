"""Tables fit, fold what is the same, and colour nothing outside a terminal."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from regnet.analysis import Origin
from regnet.analysis.attractors import Attractor, Attractors
from regnet.analysis.check import Confrontation, Finding, Verdict
from regnet.analysis.sensitivity import Mutation, Notice, Sensitivity
from regnet.evidence import Expectation, Experiment
from regnet.logic import parse
from regnet.network import Rule
from regnet.scenario import Scenario
from regnet.space import Space
from regnet.terminal import Meter, rendered
from regnet.terminal.attractors import show_attractors
from regnet.terminal.check import show_confrontation, show_sensitivity

NAMES = tuple(f"component_{number}" for number in range(120))


def answer(*attractors: Attractor, missing: str = "") -> Attractors:
    origin = Origin("wide", "0" * 16, NAMES, Scenario(), "explicit", why="it is small")
    return Attractors(origin=origin, attractors=attractors, missing=missing)


def fixed(level: int, **others: int) -> Attractor:
    space = Space({name: level if name == NAMES[0] else 0 for name in NAMES}).with_(others)
    return Attractor("fixed point", 1, space, space)


def printed(found: Attractors, *, coloured: bool = False) -> str:
    tops = dict.fromkeys(NAMES, 1)
    return rendered(lambda out: show_attractors(out, found, tops), coloured=coloured)


def squeezed(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def test_that_only_what_differs_becomes_a_table() -> None:
    text = printed(answer(fixed(0), fixed(1)))
    lines = squeezed(text)
    assert "component_0 0 1" in lines
    assert not any(line.startswith("component_1 0") for line in lines)
    assert "At 0 in all: component_1 component_2" in " ".join(lines)


def test_that_many_attractors_are_printed_in_blocks_that_fit() -> None:
    text = printed(answer(*(fixed(number % 2) for number in range(35))))
    assert max(map(len, text.splitlines())) <= 80
    assert "A35" in text


def test_that_what_is_left_out_is_said() -> None:
    text = printed(answer(*(fixed(number % 2) for number in range(45))))
    assert "and 5 more attractors" in text


def test_that_attractors_are_listed_under_their_inputs() -> None:
    space = fixed(1).space.with_({"component_1": (0, 1)})
    condition = Space({"component_1": (0, 1), "component_2": 0})
    free = Attractor("fixed point", 1, space, space, condition=condition, valuations=2)
    text = printed(answer(free))
    assert "when component_2=0 (each of 2 input combinations):" in text
    assert "component_1=0/1" in text
    assert "1 attractor (2 with each input combination counted)" in text


def test_that_the_last_lines_say_how_sure_the_answer_is() -> None:
    text = printed(answer(fixed(1), missing="the time limit was reached"))
    assert "Incomplete: the time limit was reached" in text
    assert squeezed(text)[-1].startswith("exact · asynchronous update · engine explicit: it is")


def test_that_colours_appear_only_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b" not in printed(answer(fixed(0), fixed(1)))
    assert "\x1b" in printed(answer(fixed(0), fixed(1)), coloured=True)


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_that_progress_is_shown_in_a_terminal_and_removed() -> None:
    screen = Screen()
    meter = Meter(screen)
    meter(0.25, "trap spaces")
    meter.clear()
    assert "25 % trap spaces" in screen.getvalue()
    assert screen.getvalue().endswith("\r\x1b[K")


def test_that_progress_is_silent_elsewhere() -> None:
    stream = io.StringIO()
    meter = Meter(stream)
    meter(0.25, "trap spaces")
    meter.clear()
    assert stream.getvalue() == ""


def test_that_experiments_fit_80_columns_and_failures_are_told_in_full() -> None:
    long = "a title that goes on and on " * 5
    never = Expectation("never", parse(" & ".join(NAMES[:12])))
    held = Verdict(Experiment("X1", "short", Scenario(), (never,)), (Finding(never, True, "so"),))
    shown = Finding(never, False, "random walks met it", (fixed(0).space, fixed(1).space))
    failed = Verdict(Experiment("X10", long, Scenario(), (never,)), (shown,))
    result = Confrontation(origin=answer().origin, verdicts=(held, failed))
    text = rendered(lambda out: show_confrontation(out, result))
    assert all(len(line) <= 80 for line in text.splitlines())
    lines = squeezed(text)
    assert lines[0] == "wide: 1 of 2 experiments hold"
    assert "holds X1 short" in lines
    assert "path: component_0=1" in lines
    assert "so" not in lines
    full = squeezed(rendered(lambda out: show_confrontation(out, result, details=True)))
    assert "so" in full


def test_that_a_sensitivity_fits_80_columns_and_names_what_is_unprotected() -> None:
    rule = Rule.of("0")
    rows = (
        Notice(Mutation("edge", NAMES[1], f"{NAMES[0]} -> {NAMES[1]} cut", rule, NAMES[0]), ()),
        Notice(Mutation("gate", NAMES[1], " | ".join(NAMES[:9]), rule), tuple("ABCDEF"), ("G",)),
    )
    result = Sensitivity(origin=answer().origin, experiments=tuple("ABCDEFGH"), rows=rows)
    text = rendered(lambda out: show_sensitivity(out, result))
    assert all(len(line) <= 80 for line in text.splitlines())
    lines = squeezed(text)
    assert f"Edges that no experiment protects: {NAMES[0]} -> {NAMES[1]}" in lines
    assert "Experiments that notice nothing: G H" in lines
    assert any("6: A B C D .. (1 open)" in line for line in lines)


def test_that_long_conditions_that_differ_look_different() -> None:
    low = dict.fromkeys(NAMES[:12], 0)
    conditions = (Space(low), Space({**low, NAMES[11]: 1}))
    found = answer(*(replace(fixed(0), condition=condition) for condition in conditions))
    lines = squeezed(printed(found))
    assert f"when {NAMES[11]}=0:" in lines
    assert f"when {NAMES[11]}=1:" in lines
    (shared,) = [line for line in lines if line.startswith("All that are listed exist with")]
    assert f"{NAMES[0]}=0" in shared
