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
from regnet.cli.exchange import loaded, shown_progress, write_found
from regnet.errors import RegnetError
from regnet.questions import QUESTIONS

if TYPE_CHECKING:
    from regnet.project import Project


def _add_arguments(parser: Parser) -> None:
    add_model(parser)
    group = parser.add_argument_group("what is checked")
    group.add_argument("--only", metavar="ID", nargs="+", help="only these experiments, in detail")
    group.add_argument(
        "--rates",
        metavar="NAME",
        default="",
        help="the rate set by which expectations about time are judged, or uniform for all at 1 "
        "(default: that of the scenario, else the first of the model)",
    )
    group.add_argument(
        "--variants",
        action="store_true",
        help="ask every variant of the model, and say which experiments tell them apart",
    )
    group.add_argument(
        "--sensitivity",
        action="store_true",
        help="change every edge, threshold, AND and OR, and report which experiments detect it",
    )
    group.add_argument(
        "--rates-vary",
        metavar="10",
        type=_factor,
        help="under random rates, each smaller or larger by up to this factor: the fraction "
        "for which expectations about time hold",
    )
    group.add_argument(
        "--sets", metavar="N", type=positive, help="how many sets of rates (default: 300)"
    )
    group.add_argument("--seed", metavar="N", type=int, help="of their random numbers (default: 0)")
    group = parser.add_argument_group("method")
    group.add_argument("--jobs", metavar="N", type=positive, help="processes to use")
    add_limits(group, each="each question that an experiment asks")
    add_output(parser)
    parser.add_argument("--junit", metavar="FILE", help="write JUnit XML as well")


def _run(asked: Arguments) -> bool:
    project = loaded(asked)
    if not project.experiments:
        raise RegnetError(f"{asked.model} contains no experiments")
    varies = asked.rates_vary is not None
    others = {"--sensitivity": asked.sensitivity, "--variants": asked.variants,
              "--rates-vary": varies}  # fmt: skip
    wanted = [option for option, given in others.items() if given]
    if len(wanted) > 1:
        raise RegnetError(f"{' and '.join(wanted)} are questions of their own: ask one at a time")
    if wanted and asked.junit:
        raise RegnetError(f"--junit is for the experiments themselves, not for {wanted[0]}")
    if asked.sensitivity and asked.rates:
        raise RegnetError("--sensitivity goes without --rates")
    if asked.variants and asked.variant:
        raise RegnetError("--variants asks all of them: it goes without --variant")
    if not varies and (asked.sets or asked.seed is not None):
        raise RegnetError("--sets and --seed go with --rates-vary")
    if varies:
        return _robustness(project, asked)
    if asked.variants:
        return _variants(project, asked)
    return _sensitivity(project, asked) if asked.sensitivity else _confrontation(project, asked)


def _confrontation(project: Project, asked: Arguments) -> bool:
    from regnet.analysis.check import confront
    from regnet.jobs import parallel_map
    from regnet.records.check import confrontation_to_junit

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
    write_found(asked, project, result, details=bool(asked.only))
    if asked.junit:
        from regnet.formats import write_file

        write_file(asked.junit, confrontation_to_junit(result))
    asked.refuted = bool(result.failed)
    return result.complete


def _variants(project: Project, asked: Arguments) -> bool:
    from regnet.analysis.variants import check_variants
    from regnet.jobs import parallel_map

    with shown_progress() as progress:
        result = check_variants(
            project,
            only=asked.only,
            rates=asked.rates,
            timeout=asked.timeout,
            each=asked.timeout_each,
            map=parallel_map(asked.jobs or 1),
            progress=progress,
        )
    return write_found(asked, project, result)


def _sensitivity(project: Project, asked: Arguments) -> bool:
    from regnet.analysis.sensitivity import find_sensitivity
    from regnet.jobs import parallel_map

    with shown_progress() as progress:
        result = find_sensitivity(
            project,
            only=asked.only,
            timeout=asked.timeout,
            each=asked.timeout_each,
            map=parallel_map(asked.jobs),
            progress=progress,
        )
    return write_found(asked, project, result)


def _robustness(project: Project, asked: Arguments) -> bool:
    from regnet.analysis.robustness import SETS, find_robustness
    from regnet.jobs import parallel_map

    asked.question = "robustness"
    with shown_progress() as progress:
        result = find_robustness(
            project,
            factor=asked.rates_vary,
            sets=asked.sets or SETS,
            seed=asked.seed or 0,
            only=asked.only,
            rates=asked.rates,
            timeout=asked.timeout,
            map=parallel_map(asked.jobs or 1),
            progress=progress,
        )
    return write_found(asked, project, result)


def _factor(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 1 < number < float("inf"):
        raise RegnetError(f"{text!r} is not a factor above 1, such as 10")
    return number


CHECK = Command(
    QUESTIONS["check"].summary,
    """
    regnet check models/lif_lifr.toml
    regnet check models/lif_lifr.toml --variant V2 --junit results.xml
    regnet check models/lif_lifr.toml --variants
    regnet check models/lif_lifr.toml --sensitivity
    regnet check models/lif_lifr.toml --rates-vary 10 --sets 300
    """,
    _add_arguments,
    _run,
)
