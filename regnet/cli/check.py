"""``regnet check``: the experiments that a model has to reproduce."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regnet.cli.command import (
    Arguments,
    Command,
    Parser,
    add_limits,
    add_model,
    add_output,
    positive,
)
from regnet.cli.exchange import loaded, shown_progress, write_answer
from regnet.errors import RegnetError
from regnet.questions import QUESTIONS

if TYPE_CHECKING:
    from regnet.project import Project


def _add_arguments(parser: Parser) -> None:
    add_model(parser)
    group = parser.add_argument_group("what is checked")
    group.add_argument(
        "--only", metavar="ID", nargs="+", help="only these experiments, told in full"
    )
    group.add_argument(
        "--rates",
        metavar="NAME",
        default="",
        help="the rate set by which expectations about time are judged, or uniform for all at 1 "
        "(default: that of the scenario, else the first of the model)",
    )
    group.add_argument(
        "--sensitivity",
        action="store_true",
        help="change every edge, threshold, AND and OR, and tell which experiments notice",
    )
    group = parser.add_argument_group("how it is done")
    group.add_argument("--jobs", metavar="N", type=positive, help="processes to use")
    add_limits(group, each="each question that an experiment asks")
    add_output(parser)
    parser.add_argument("--junit", metavar="FILE", help="write JUnit XML as well")


def _run(asked: Arguments) -> bool:
    project = loaded(asked)
    if not project.experiments:
        raise RegnetError(f"{asked.model} holds no experiments to check")
    if asked.sensitivity and asked.junit:
        raise RegnetError("--junit is for the experiments themselves, not for --sensitivity")
    return _sensitivity(project, asked) if asked.sensitivity else _confrontation(project, asked)


def _confrontation(project: Project, asked: Arguments) -> bool:
    from regnet.analysis.check import confront
    from regnet.jobs import parallel_map
    from regnet.records.check import (
        confrontation_to_json,
        confrontation_to_junit,
        confrontation_to_rows,
    )
    from regnet.terminal.check import show_confrontation

    with shown_progress() as progress:
        result = confront(
            project,
            only=asked.only,
            rates=asked.rates,
            timeout=asked.timeout,
            each=asked.timeout_each,
            map=parallel_map(asked.jobs or 1),
            progress=progress,
        )
    write_answer(
        asked,
        lambda out: show_confrontation(out, result, details=bool(asked.only)),
        lambda: confrontation_to_json(result),
        lambda: confrontation_to_rows(result),
    )
    if asked.junit:
        from regnet.formats import write_file

        write_file(asked.junit, confrontation_to_junit(result))
    asked.refuted = bool(result.failed)
    return result.complete


def _sensitivity(project: Project, asked: Arguments) -> bool:
    from regnet.analysis.sensitivity import find_sensitivity
    from regnet.jobs import parallel_map
    from regnet.records.check import sensitivity_to_json, sensitivity_to_rows
    from regnet.terminal.check import show_sensitivity

    with shown_progress() as progress:
        result = find_sensitivity(
            project,
            only=asked.only,
            timeout=asked.timeout,
            each=asked.timeout_each,
            map=parallel_map(asked.jobs),
            progress=progress,
        )
    write_answer(
        asked,
        lambda out: show_sensitivity(out, result),
        lambda: sensitivity_to_json(result),
        lambda: sensitivity_to_rows(result),
    )
    return result.complete


CHECK = Command(
    QUESTIONS["check"].summary,
    """
    regnet check models/lif_lifr.toml
    regnet check models/lif_lifr.toml --variant V2 --junit results.xml
    regnet check models/lif_lifr.toml --sensitivity
    """,
    _add_arguments,
    _run,
)
