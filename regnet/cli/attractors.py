"""``regnet attractors``, ``fixed-points`` and ``trap-spaces``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

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
from regnet.project import Project
from regnet.questions import QUESTIONS

MAX_WRITTEN_WHEN_STOPPED = 10_000
"""Answers that take a while to write."""


def _question(limit: str, start: str) -> Callable[[Parser], None]:
    def add_arguments(parser: Parser) -> None:
        add_model(parser)
        add_scenario(parser, start=start)
        add_effort(parser, limit=limit)
        add_output(parser)

    return add_arguments


def _add_trap_spaces_arguments(parser: Parser) -> None:
    _question(
        "list at most N trap spaces",
        "list what is reached from here, instead of all; of the largest, only its inputs count",
    )(parser)
    parser.add_argument(
        "--maximal", action="store_true", help="the largest ones instead of the smallest"
    )


def _attractors(asked: Arguments) -> bool:
    from regnet.analysis.attractors import find_attractors

    project = loaded(asked)
    answer = _found(asked, project, find_attractors, phenotypes=project.phenotypes)
    return write_found(asked, project, answer, tops=project.network.tops)


def _fixed_points(asked: Arguments) -> bool:
    from regnet.analysis.trap_spaces import find_fixed_points

    return _spaces(asked, find_fixed_points)


def _trap_spaces(asked: Arguments) -> bool:
    from regnet.analysis.trap_spaces import find_trap_spaces

    return _spaces(asked, find_trap_spaces, maximal=asked.maximal)


def _spaces(asked: Arguments, find: Callable[..., Any], **options: Any) -> bool:
    project = loaded(asked)
    answer = _found(asked, project, find, **options)
    if (
        answer.interrupted
        and asked.format != "table"
        and len(answer.spaces) > MAX_WRITTEN_WHEN_STOPPED
    ):
        count = f"{len(answer.spaces):,} {answer.kind}"
        print(f"regnet: interrupted: writing the {count} found", file=sys.stderr)  # noqa: T201
    return write_found(asked, project, answer)


def _found(asked: Arguments, project: Project, find: Callable[..., Any], **options: Any) -> Any:
    with shown_progress() as progress:
        return find(
            project.network,
            scenario_of(project, asked),
            engine=asked.engine,
            limit=asked.limit,
            timeout=asked.timeout,
            progress=progress,
            **options,
        )


ATTRACTORS = Command(
    QUESTIONS["attractors"].summary,
    """
    regnet attractors models/lif_lifr.toml --clamp LIF=2
    regnet attractors model.bnet --update synchronous --format json -o attractors.json
    """,
    _question("list at most N attractors", "start here, not from every state"),
    _attractors,
)

FIXED_POINTS = Command(
    QUESTIONS["fixed-points"].summary,
    "regnet fixed-points models/lif_lifr.toml --cut 'LIF->LIFR'",
    _question("list at most N fixed points", "list what is reached from here, instead of all"),
    _fixed_points,
)

TRAP_SPACES = Command(
    QUESTIONS["trap-spaces"].summary,
    "regnet trap-spaces models/lif_lifr.toml --maximal",
    _add_trap_spaces_arguments,
    _trap_spaces,
)
