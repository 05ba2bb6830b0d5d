"""What perturbations do together, from the rows of small screens."""

from __future__ import annotations

from dataclasses import replace

import pytest

from regnet.analysis.screen import ScreenRow, combined, iter_screen
from regnet.evidence import Phenotype
from regnet.logic import parse
from regnet.network import Component, LogicalNetwork, Rule
from regnet.scenario import Cut, Perturbation, Scenario
from tests.by_rows import essential_components, left_out, synergies, synthetic_lethals

RULES = {"A": "true", "B": "true", "C": "true", "Alive": "C & (A | B)", "Scar": "!A & !B"}
NETWORK = LogicalNetwork(tuple(Component(n, Rule.of(r)) for n, r in RULES.items()))


@pytest.fixture
def rows() -> list[ScreenRow]:
    """Singles, pairs and triples of A, B and C, each once as it is and once without C."""
    tried = [p for order in (1, 2, 3) for p in combined(NETWORK, order, ["A", "B", "C"])]
    return list(
        iter_screen(
            NETWORK,
            [
                Scenario("wild type"),
                Scenario("no C", Perturbation(cuts=frozenset({Cut("C", "Alive")}))),
            ],
            perturbations=tried,
            phenotypes=[Phenotype("living", parse("Alive")), Phenotype("scarred", parse("Scar"))],
            readouts=["Scar", "A"],
        )
    )


def test_that_a_pair_does_what_neither_single_does(rows: list[ScreenRow]):
    best = synergies(rows)[0]
    assert str(best.perturbation) == "A=0 B=0"
    assert best.context == "wild type"
    assert (best.gained, best.lost, best.readouts) == (("scarred",), ("living",), {"Scar": (1, 1)})
    assert best.strength == 3


def test_that_triples_are_compared_with_their_pairs(rows: list[ScreenRow]):
    assert all(len(s.perturbation.clamps) == 2 for s in synergies(rows))


def test_that_a_component_is_essential_where_no_attractor_is_left_with_the_phenotype(
    rows: list[ScreenRow],
):
    (one,) = essential_components(rows, "living")
    assert (one.component, one.context, one.levels) == ("C", "wild type", (0,))
    assert essential_components(rows, "scarred") == []


def test_that_synthetic_lethals_leave_nobody_living(rows: list[ScreenRow]):
    assert [str(s.perturbation) for s in synthetic_lethals(rows, "living")] == ["A=0 B=0"]


def test_that_rows_that_are_not_exact_take_no_part(rows: list[ScreenRow]):
    doubtful = [
        replace(row, status="bounded") if str(row.perturbation) == "A=0" else row for row in rows
    ]
    assert left_out(doubtful) == 2
    assert synergies(doubtful) == []
