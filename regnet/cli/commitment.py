"""``regnet commitment``: which attractors a run can still reach, and where it loses one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regnet.cli.command import (
    Arguments,
    Command,
    Parser,
    add_limits,
    add_model,
    add_output,
    add_scenario,
    positive,
)
from regnet.cli.exchange import loaded, scenario_of, shown_progress, write_found
from regnet.errors import RegnetError
from regnet.questions import QUESTIONS
from regnet.scenario import UPDATES

if TYPE_CHECKING:
    from regnet.analysis.trace import State
    from regnet.project import Project
    from regnet.scenario import Scenario


def _add_arguments(parser: Parser) -> None:
    add_model(parser)
    group = parser.add_argument_group("which run")
    group.add_argument(
        "--to",
        metavar="CONDITION",
        help="a run from the start to where this holds, such as 'Mass:2' "
        "(default: chance chooses every step)",
    )
    group.add_argument(
        "--seed",
        metavar="N",
        type=int,
        default=0,
        help="of the random run, and of what the scenario leaves open at its start (default 0)",
    )
    group.add_argument(
        "--steps",
        metavar="N",
        type=positive,
        default=200,
        help="steps of the random run at most (default 200)",
    )
    add_scenario(parser, updates=UPDATES[:2])
    group = parser.add_argument_group("method")
    add_limits(group)
    add_output(parser)


def _run(asked: Arguments) -> bool:
    from regnet.analysis.commitment import find_commitment
    from regnet.deadline import Deadline

    project = loaded(asked)
    scenario = scenario_of(project, asked)
    deadline = Deadline(asked.timeout)
    with shown_progress() as progress:
        found = find_commitment(
            project.network,
            scenario,
            _path(project, scenario, asked),
            seed=asked.seed,
            steps=asked.steps,
            phenotypes=project.phenotypes,
            timeout=deadline.left(),
            progress=progress,
        )
    return write_found(asked, project, found)


def _path(project: Project, scenario: Scenario, asked: Arguments) -> tuple[State, ...] | None:
    """Return the states of the run to a condition, or None for a random one."""
    from regnet.analysis.reachability import find_reachable

    network = project.network
    if asked.to is None:
        return None
    found = find_reachable(network, scenario, network.parse(asked.to), timeout=asked.timeout)
    if found.path is None:
        words = "cannot be reached" if found.complete else "was not reached in time"
        raise RegnetError(f"{asked.to} {words}: {found.argument}")
    return tuple(tuple(state[name][0] for name in network.names) for state in found.path)


COMMITMENT = Command(
    QUESTIONS["commitment"].summary,
    """
    regnet commitment models/lif_lifr.toml --scenario "overdose at PHx"
    regnet commitment models/lif_lifr.toml --scenario "overdose at PHx" --to Mass:2
    """,
    _add_arguments,
    _run,
)
