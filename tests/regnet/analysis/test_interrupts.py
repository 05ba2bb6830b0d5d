"""Ctrl-C in an analysis that asks another: both stop, and what was found is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from regnet.analysis.attractors import Attractors, find_attractors
from regnet.analysis.attractors.reading import Reading
from regnet.analysis.compare import compare_scenarios
from regnet.analysis.explain.several import find_explanations
from regnet.analysis.screen import screen, single_perturbations
from regnet.analysis.trap_spaces import find_fixed_points
from regnet.engines import asp
from regnet.evidence import Phenotype
from regnet.logic import parse
from regnet.network import Component, LogicalNetwork, Rule
from regnet.scenario import Scenario
from regnet.temporal import parse_query

TOGGLE = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("!A"))))


@pytest.fixture
def interrupt_search(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the n-th search for attractors be interrupted after its first answer."""
    searches = 0
    read = Reading.attractors

    def arm(number: int) -> None:
        def attractors(self: Reading, *arguments: Any) -> Iterator[Any]:
            nonlocal searches
            searches += 1
            for attractor in read(self, *arguments):
                yield attractor
                if searches >= number:
                    raise KeyboardInterrupt

        monkeypatch.setattr(Reading, "attractors", attractors)

    return arm


def test_that_an_interrupted_search_says_so_and_keeps_what_it_found(interrupt_search):
    interrupt_search(1)
    found = find_attractors(TOGGLE)
    assert found.interrupted
    assert not found.complete
    assert len(found.attractors) == 1
    assert "interrupted" in found.missing


def test_that_a_limit_is_no_interrupt():
    found = find_attractors(TOGGLE, limit=1)
    assert not found.complete
    assert not found.interrupted
    assert not find_fixed_points(TOGGLE, limit=1).interrupted


def test_that_fixed_points_found_before_an_interrupt_are_kept(monkeypatch: pytest.MonkeyPatch):
    rows = asp.rows

    def interrupted(*arguments: Any, **options: Any) -> Iterator[bytes]:
        yield next(rows(*arguments, **options))
        raise KeyboardInterrupt

    monkeypatch.setattr(asp, "rows", interrupted)
    found = find_fixed_points(TOGGLE)
    assert found.interrupted
    assert not found.complete
    assert len(found.spaces) == 1


def test_that_a_screen_stops_at_the_row_that_was_interrupted(
    monkeypatch: pytest.MonkeyPatch,
):
    asked: list[Scenario] = []

    def find(network: LogicalNetwork, scenario: Scenario, **options: Any) -> Attractors:
        asked.append(scenario)
        found = find_attractors(network, scenario, **options)
        if len(asked) < 3:
            return found
        return Attractors(origin=found.origin, attractors=(), missing="x", interrupted=True)

    monkeypatch.setattr("regnet.analysis.screen.find_attractors", find)
    answer = screen(TOGGLE)
    assert len(asked) == 3
    assert answer.interrupted
    assert not answer.complete
    assert answer.missing == "interrupted after 2 of 5 rows"
    assert all(row.status == "exact" for row in answer.rows)
    assert len(single_perturbations(TOGGLE)) == 4


def test_that_an_empty_screen_is_no_answer(interrupt_search):
    interrupt_search(1)
    with pytest.raises(KeyboardInterrupt):
        screen(TOGGLE)


def test_that_two_scenarios_are_not_compared_by_half(interrupt_search):
    interrupt_search(1)
    with pytest.raises(KeyboardInterrupt):
        compare_scenarios(TOGGLE, Scenario(), Scenario())


def test_that_attractors_explained_before_an_interrupt_are_kept(
    monkeypatch: pytest.MonkeyPatch,
):
    import regnet.analysis.explain.several as several

    explain_at, asked = several.explain_at, []

    def interrupted(*arguments: Any, **options: Any) -> Any:
        asked.append(arguments)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return explain_at(*arguments, **options)

    monkeypatch.setattr(several, "explain_at", interrupted)
    answer = find_explanations(TOGGLE, None, "A")
    assert [one.number for one in answer.found] == [1]
    assert answer.interrupted
    assert answer.missing == "1 of 2 attractors are explained"


def test_that_interventions_found_before_an_interrupt_are_kept(monkeypatch: pytest.MonkeyPatch):
    import regnet.analysis.control as control

    run = control._Search.run

    def interrupted(self: Any) -> Iterator[Any]:
        yield next(run(self))
        raise KeyboardInterrupt

    def side_effects(*_: Any) -> Any:
        pytest.fail("nobody waits for these any more")

    monkeypatch.setattr(control._Search, "run", interrupted)
    monkeypatch.setattr(control, "_shown", side_effects)
    answer = control.find_interventions(
        TOGGLE, None, parse("A"), phenotypes=[Phenotype("B is on", parse("B"))]
    )
    assert len(answer.found) == 1
    assert answer.interrupted
    assert not answer.complete


def test_that_a_query_tells_that_it_was_interrupted(monkeypatch: pytest.MonkeyPatch):
    import regnet.analysis.query as queries

    def interrupted(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(queries, "_found", interrupted)
    answer = queries.query(TOGGLE, None, parse_query("EF A", TOGGLE))
    assert answer.holds is None
    assert answer.interrupted
