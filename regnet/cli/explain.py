"""``regnet explain``: why a component is at its level, and what would change that."""

from __future__ import annotations

from regnet.cli.command import (
    Arguments,
    Command,
    Parser,
    add_effort,
    add_model,
    add_output,
    add_scenario,
    positive,
)
from regnet.cli.exchange import loaded, scenario_of, shown_progress, write_found
from regnet.questions import QUESTIONS


def _add_arguments(parser: Parser) -> None:
    add_model(parser)
    parser.add_argument("component", metavar="X", help="the component to explain")
    group = parser.add_argument_group("what is explained")
    group.add_argument(
        "--attractor",
        metavar="N",
        type=positive,
        help="the attractor, as regnet attractors numbers it "
        "(default: one for each level that the component has)",
    )
    group.add_argument(
        "--size",
        metavar="N",
        type=int,
        choices=(0, 1, 2, 3),
        default=1,
        help="look for interventions on at most N components (0 to 3, default 1)",
    )
    add_scenario(parser)
    add_effort(parser)
    add_output(parser)


def _run(asked: Arguments) -> bool:
    from regnet.analysis.explain.several import find_explanations

    project = loaded(asked)
    network = project.network
    network[asked.component]
    scenario = scenario_of(project, asked)
    with shown_progress() as progress:
        found = find_explanations(
            network,
            scenario,
            asked.component,
            numbers=[asked.attractor] if asked.attractor else [],
            phenotypes=project.phenotypes,
            size=asked.size,
            engine=asked.engine,
            timeout=asked.timeout,
            progress=progress,
        )
    return write_found(asked, project, found, network=network)


EXPLAIN = Command(
    QUESTIONS["explain"].summary,
    """
    regnet explain models/lif_lifr.toml HepProlif --scenario "overdose before PHx"
    regnet explain models/lif_lifr.toml Mass --scenario "overdose at PHx" --attractor 2
    """,
    _add_arguments,
    _run,
)
