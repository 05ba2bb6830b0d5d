"""``regnet compare``: what a second scenario changes in the attractors of a first."""

from __future__ import annotations

from regnet.cli.command import (
    Arguments,
    Command,
    Parser,
    add_effort,
    add_model,
    add_output,
    add_scenario,
)
from regnet.cli.exchange import loaded, scenario_of, shown_progress, write_found
from regnet.questions import QUESTIONS
from regnet.scenario import Scenario


def _add_arguments(parser: Parser) -> None:
    add_model(parser)
    group = parser.add_argument_group("comparison")
    group.add_argument(
        "--with",
        dest="first",
        metavar="NAME",
        help="the scenario before, of the model file (default: nothing perturbed, from anywhere)",
    )
    add_scenario(parser)
    add_effort(parser, limit="list at most N attractors of each scenario", each="each search")
    add_output(parser)


def _run(asked: Arguments) -> bool:
    from regnet.analysis.compare import compare_scenarios

    project = loaded(asked)
    before = project.scenario(asked.first) if asked.first else Scenario()
    with shown_progress() as progress:
        found = compare_scenarios(
            project.network,
            before,
            scenario_of(project, asked),
            phenotypes=project.phenotypes,
            engine=asked.engine,
            limit=asked.limit,
            timeout=asked.timeout,
            each=asked.timeout_each,
            progress=progress,
        )
    return write_found(asked, project, found)


COMPARE = Command(
    QUESTIONS["compare"].summary,
    """
    regnet compare models/lif_lifr.toml --with PHx --scenario "overdose before PHx"
    regnet compare models/lif_lifr.toml --clamp LIFR=0
    """,
    _add_arguments,
    _run,
)
"""The command, with its examples."""
