"""What a screen tries, and that it can be stopped and go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from regnet.analysis.screen import ScreenRow, pairs, screen, single_perturbations
from regnet.formats import load
from regnet.project import Project
from regnet.scenario import Perturbation, Scenario
from regnet.screens.setup import SCREEN_PARTS, Measured, Setup, estimate, probe, rows, together
from regnet.space import Space


@pytest.fixture
def liver(models: Path) -> Project:
    return load(models / "lif_lifr.toml")


def setup_of(project: Project, *kinds: str) -> Setup:
    network = project.network
    return Setup(
        network,
        tuple(n for n in network.names if not network[n].is_input),
        frozenset(kinds),
        (Scenario("wild type"), *project.scenarios[:1]),
        project.phenotypes,
    )


@pytest.mark.parametrize(
    "kinds", [("knock-outs",), ("levels",), ("cuts",), ("knock-outs", "pairs"), tuple(SCREEN_PARTS)]
)
def test_that_the_runs_are_counted_before_they_are_made(
    liver: Project, kinds: tuple[str, ...]
) -> None:
    setup = setup_of(liver, *kinds)
    made = list(setup.perturbations())
    assert setup.runs == 2 * (1 + len(made))
    assert len(set(made)) == len(made)
    for perturbation in made:
        perturbation.check(liver.network)


def test_that_it_tries_what_the_command_line_tries(liver: Project) -> None:
    singles = single_perturbations(liver.network)
    assert list(setup_of(liver, "knock-outs", "levels").perturbations()) == singles
    both = list(setup_of(liver, "knock-outs", "levels", "pairs").perturbations())
    assert both == [*singles, *pairs(liver.network)]


def test_that_a_screen_that_goes_on_gives_the_rows_of_one_that_was_not_stopped(
    liver: Project,
) -> None:
    setup = setup_of(liver, "knock-outs")
    whole = list(rows(setup))
    answer = screen(
        liver.network,
        setup.contexts,
        perturbations=list(setup.perturbations()),
        phenotypes=liver.phenotypes,
    )
    assert tuple(whole) == answer.rows
    for done in (0, 1, 5, setup.width, setup.width + 3, setup.runs):
        assert whole[:done] + list(rows(setup, done)) == whole


def test_that_some_runs_are_measured(liver: Project) -> None:
    setup = setup_of(liver, "knock-outs")
    measured = list(probe(setup))
    assert {m.context for m in measured} == {0, 1}
    assert all(m.seconds > 0 and not m.is_cut for m in measured)


def test_that_each_context_counts_with_its_own_time(liver: Project) -> None:
    setup = setup_of(liver, "knock-outs")
    measured = [Measured(0, 1.0), Measured(0, 3.0), Measured(1, 10.0)]
    assert estimate(setup, measured) == setup.width * 12
    assert estimate(setup, measured[:1]) == setup.width * 2


def test_that_a_stopped_screen_says_so(liver: Project) -> None:
    setup = setup_of(liver, "knock-outs")
    answer = setup.screen(list(rows(setup))[:3], 1.0)
    assert not answer.complete
    assert answer.missing == f"it was stopped after 3 of {setup.runs} rows"


def test_that_only_what_neither_does_alone_is_done_together() -> None:
    def row(names: str, **levels: int) -> ScreenRow:
        done = Perturbation(Space(dict.fromkeys(levels, 0)))
        readouts = {name: (level, level) for name, level in levels.items()}
        return ScreenRow(done, "", 1, dict.fromkeys(names.split(), 1), readouts, None)

    wild, one, other = row("alive", R=1), row("alive grey", R=1), row("alive", R=1)
    assert together(row("dead grey", R=0), wild, [one, other]) == "+dead, −alive, R"
    assert together(row("alive grey", R=1), wild, [one, other]) == ""


def test_that_a_screen_made_row_by_row_says_how_it_was_made(liver: Project) -> None:
    setup = setup_of(liver, "knock-outs", "levels")
    network, contexts = liver.network, setup.contexts
    ours = setup.screen(list(rows(setup)), 1.0)
    theirs = screen(network, contexts, phenotypes=liver.phenotypes)
    assert ours.rows == theirs.rows
    assert ours.origin.why == theirs.origin.why
    assert ours.origin.asked == theirs.origin.asked
