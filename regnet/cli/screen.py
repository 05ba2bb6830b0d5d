"""``regnet screen``: what every perturbation changes against the wild type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from regnet.cli.command import (
    Arguments,
    Command,
    Parser,
    add_effort,
    add_model,
    add_output,
    add_readouts,
    add_scenario,
    positive,
)
from regnet.cli.exchange import (
    loaded,
    perturbation_of,
    readouts_of,
    scenario_of,
    shown_progress,
    write_answer,
)
from regnet.scenario import Perturbation, Scenario

if TYPE_CHECKING:
    from regnet.analysis.screen import Screen
    from regnet.project import Project


def _add_arguments(parser: Parser) -> None:
    add_model(parser)
    group = parser.add_argument_group("what is screened")
    group.add_argument(
        "--order", type=int, choices=(1, 2), default=1, help="one at a time, or pairs as well"
    )
    group.add_argument("--targets", metavar="X", nargs="+", help="only these components")
    group.add_argument(
        "--contexts", metavar="NAME", nargs="+", default=[], help="scenarios to do it in"
    )
    add_readouts(group, "components or phenotypes to compare (default: all phenotypes)")
    group.add_argument("--jobs", metavar="N", type=positive, help="processes to use")
    add_scenario(parser)
    add_effort(parser, each="each row ")
    add_output(parser)


def _run(asked: Arguments) -> bool:
    from regnet.analysis.screen import pairs, single_perturbations
    from regnet.records import screen_to_json, screen_to_rows
    from regnet.terminal import show_screen

    project = loaded(asked.model)
    contexts = [scenario_of(project, asked)]
    if asked.contexts:
        done = perturbation_of(asked)
        contexts = [project.scenario(name).perturbed(done) for name in asked.contexts]
    perturbations = list(single_perturbations(project.network, asked.targets))
    if asked.order == 2:
        perturbations += pairs(project.network, asked.targets)
    answer = screened(project, contexts, perturbations, asked, asked.readouts, asked.jobs)
    write_answer(
        asked,
        lambda out: show_screen(out, answer),
        lambda: screen_to_json(answer),
        lambda: screen_to_rows(answer),
    )
    return answer.complete


def screened(
    project: Project,
    contexts: Sequence[Scenario],
    perturbations: Sequence[Perturbation],
    asked: Arguments,
    readouts: Sequence[str] = (),
    workers: int | None = None,
) -> Screen:
    """Return a screen with its progress shown; small ones stay in this process."""
    from regnet.analysis.screen import screen
    from regnet.jobs import parallel_map

    phenotypes, components = readouts_of(project, readouts)
    if workers is None and len(perturbations) * len(contexts) < 500:
        workers = 1  # starting processes would take longer than the work
    with shown_progress() as progress:
        return screen(
            project.network,
            contexts,
            perturbations=perturbations,
            phenotypes=phenotypes,
            readouts=components,
            engine=asked.engine,
            timeout=asked.timeout,
            map=parallel_map(workers),
            progress=progress,
        )


SCREEN = Command(
    "knock out and force each component and compare with the wild type",
    """
    regnet screen models/lif_lifr.toml --readouts Mass Cachexia
    regnet screen model.toml --order 2 --contexts healthy injured --format csv -o screen.csv
    """,
    _add_arguments,
    _run,
)
