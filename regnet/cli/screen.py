"""``regnet screen``: what every perturbation changes against the wild type."""

from __future__ import annotations

import os
import tempfile
from argparse import SUPPRESS
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from regnet.cli.command import (
    Arguments,
    Command,
    Parser,
    add_effort,
    add_model,
    add_scenario,
    positive,
    seconds,
)
from regnet.cli.exchange import (
    loaded,
    perturbation_of,
    readouts_of,
    scenario_of,
    shown_progress,
    write_answer,
    write_found,
)
from regnet.errors import RegnetError
from regnet.questions import QUESTIONS
from regnet.scenario import Perturbation, Scenario

if TYPE_CHECKING:
    from regnet.analysis.screen import Screen
    from regnet.analysis.screen.combinations import Perturbations
    from regnet.analysis.screen.plan import Plan
    from regnet.project import Project
    from regnet.screens import ScreenFolder

SECONDS, FEW_ROWS, SECONDS_OF_MANY = 10.0, 1_000, 1.0
"""Default time limit in seconds of a row computed alone: with few rows, and with more."""

MOST_ROWS = 1_000_000
"""Rows that are written as CSV or JSON; more belong into a folder."""


def _add_arguments(parser: Parser) -> None:
    add_model(parser)
    group = parser.add_argument_group("perturbations")
    group.add_argument(
        "--order",
        type=int,
        choices=(1, 2, 3),
        default=1,
        help="one component at a time, or pairs and triples as well",
    )
    group.add_argument("--targets", metavar="X", nargs="+", help="only these components")
    group.add_argument(
        "--contexts",
        metavar="NAME",
        nargs="+",
        default=[],
        help="scenarios in which the screen is run",
    )
    group.add_argument(
        "--readouts",
        metavar="X",
        nargs="+",
        default=[],
        help="components or phenotypes to compare (default: all phenotypes)",
    )
    group.add_argument(
        "--phenotypes-only",
        action="store_true",
        help="do not count attractors, only report which phenotypes and levels they have: faster",
    )
    group = parser.add_argument_group("findings")
    group.add_argument(
        "--essential", action="store_true", help="components without which a phenotype is gone"
    )
    group.add_argument(
        "--synergy", action="store_true", help="what pairs or triples do that no part of them does"
    )
    group.add_argument(
        "--lethal",
        action="store_true",
        help="pairs or triples that abolish a phenotype although none of their parts does",
    )
    add_scenario(parser)
    add_effort(parser, each="each row that is computed alone")
    # The earlier name of --timeout for folders; still understood.
    parser.add_argument("--stop-after", dest="timeout", type=seconds, help=SUPPRESS)
    group = parser.add_argument_group("parallel computing")
    group.add_argument("--jobs", metavar="N", type=positive, help="processes to use")
    group.add_argument(
        "--cluster",
        metavar="SCHEDULER",
        default="",
        help="address of a Dask scheduler whose workers do it",
    )
    group.add_argument(
        "--resume",
        action="store_true",
        help="resume the screen in the folder, such as one ended by --timeout",
    )
    group = parser.add_argument_group("output")
    group.add_argument(
        "--format",
        choices=("table", "json", "csv", "parquet"),
        default="",
        help="parquet: a folder that can be resumed and queried (default with -o FOLDER)",
    )
    group.add_argument("-o", "--output", metavar="PATH", help="write to a file, or into a folder")


def _run(asked: Arguments) -> bool:
    goes_to_folder = _goes_to_folder(asked)
    stands_out = asked.essential or asked.synergy or asked.lethal
    is_large = goes_to_folder or stands_out or asked.order > 2 or asked.phenotypes_only
    for option in ("resume", "cluster"):
        if vars(asked)[option] and not goes_to_folder:
            written = f"--{option.replace('_', '-')}"
            raise RegnetError(f"{written} needs a folder to keep the screen in: -o FOLDER")
    if (asked.synergy or asked.lethal) and asked.order == 1:
        option = "--synergy" if asked.synergy else "--lethal"
        raise RegnetError(f"{option} asks what happens only together: add --order 2 or --order 3")
    project = loaded(asked)
    contexts = [scenario_of(project, asked)]
    if asked.contexts:
        done = perturbation_of(asked)
        contexts = [project.scenario(name).perturbed(done) for name in asked.contexts]
    if is_large:
        plan = _plan(project, contexts, asked)
        if goes_to_folder:
            return _told(project, asked, _screened_into(Path(asked.output), plan, asked))
        with tempfile.TemporaryDirectory(prefix="regnet-") as folder:
            return _told(project, asked, _screened_into(Path(folder), plan, asked))
    from regnet.analysis.screen import single_perturbations
    from regnet.analysis.screen.combinations import Perturbations

    alone = single_perturbations(project.network, asked.targets)
    singles = tuple(single for one in alone for single in one.clamps.fixed.items())
    perturbations = Perturbations(singles, order=asked.order)
    answer = screened(
        project,
        contexts,
        perturbations,
        asked,
        asked.readouts,
        asked.jobs,
        timeout=asked.timeout,
    )
    return _write(project, asked, answer)


def _goes_to_folder(asked: Arguments) -> bool:
    """Return whether the screen is to be kept in a folder; choose the format if none is given."""
    if asked.format == "parquet":
        if not asked.output:
            raise RegnetError("--format parquet needs a folder: -o FOLDER")
        return True
    output = asked.output or ""
    is_folder = bool(output) and (
        os.path.isdir(output) or output.endswith(("/", os.sep)) or not Path(output).suffix
    )
    if is_folder and not asked.format:
        return True
    asked.format = asked.format or "table"
    return False


def _plan(project: Project, contexts: Sequence[Scenario], asked: Arguments) -> Plan:
    from dataclasses import replace

    from regnet.analysis.screen.plan import Plan

    if asked.engine != "auto":
        raise RegnetError("a screen of this kind chooses its engines itself: leave --engine away")
    phenotypes, components = readouts_of(project, asked.readouts)
    plan = Plan.of(
        project.network,
        [replace(c, name=c.title(c.open_inputs(project.network))) for c in contexts],
        targets=asked.targets,
        order=asked.order,
        phenotypes=phenotypes,
        readouts=components,
        only_phenotypes=asked.phenotypes_only,
    )
    if (asked.essential or asked.lethal) and not phenotypes:
        option = "--essential" if asked.essential else "--lethal"
        raise RegnetError(f"{option} reports which phenotypes are lost, but none is selected")
    return replace(plan, timeout=asked.timeout_each or _seconds(plan.count))


def _seconds(rows: int) -> float:
    return SECONDS if rows <= FEW_ROWS else SECONDS_OF_MANY


def _screened_into(folder: Path, plan: Plan, asked: Arguments) -> ScreenFolder:
    from regnet.screens import run_screen

    with shown_progress() as progress:
        return run_screen(
            plan,
            folder,
            resume=asked.resume,
            workers=asked.jobs,
            cluster=asked.cluster,
            stop_after=asked.timeout,
            progress=progress,
        )


def _told(project: Project, asked: Arguments, found: ScreenFolder) -> bool:
    """Write the requested rows of a screen in a folder; return whether all are exact."""
    from regnet.analysis.screen.findings import find_in
    from regnet.records.screen import findings_to_json, findings_to_rows
    from regnet.terminal import rendered
    from regnet.terminal.screen import show_findings

    findings = find_in(found.plan, found.pieces())
    origin = found.screen(unsure=findings.unsure).origin
    parts = tuple(name for name in ("essential", "synergy", "lethal") if vars(asked)[name])
    kept = asked.output if asked.format in ("", "parquet") else ""
    if kept:
        import sys

        sys.stdout.write(
            rendered(
                lambda out: show_findings(out, origin, findings, found.missing, parts, kept),
                coloured=sys.stdout.isatty(),
            )
        )
    elif asked.format == "table" or parts:
        write_answer(
            asked,
            lambda out: show_findings(out, origin, findings, found.missing, parts),
            lambda: findings_to_json(findings, origin, found.missing),
            lambda: findings_to_rows(findings),
        )
    else:
        if found.count > MOST_ROWS:
            raise RegnetError(
                f"{found.count:,} rows are too many for {asked.format}: use -o FOLDER instead"
            )
        _write(project, asked, found.screen())
    return found.complete and not findings.unsure


def _write(project: Project, asked: Arguments, answer: Screen) -> bool:
    if asked.format == "csv" and answer.missing:  # a table has no place for it
        import sys

        print(f"regnet: incomplete: {answer.missing}", file=sys.stderr)  # noqa: T201
    return write_found(asked, project, answer)


def screened(
    project: Project,
    contexts: Sequence[Scenario],
    perturbations: Sequence[Perturbation] | Perturbations,
    asked: Arguments,
    readouts: Sequence[str] = (),
    workers: int | None = None,
    *,
    timeout: float | None = None,
) -> Screen:
    """Return a screen with its progress shown; small ones stay in this process.

    `timeout` are the seconds for all of it.
    """
    from regnet.analysis.screen import screen
    from regnet.jobs import parallel_map

    phenotypes, components = readouts_of(project, readouts)
    rows = len(perturbations) * len(contexts)
    if workers is None and rows < 500:
        workers = 1  # starting processes would take longer than the work
    with shown_progress() as progress:
        return screen(
            project.network,
            contexts,
            perturbations=perturbations,
            phenotypes=phenotypes,
            readouts=components,
            engine=asked.engine,
            timeout=timeout,
            each=asked.timeout_each or _seconds(rows),
            map=parallel_map(workers),
            progress=progress,
        )


SCREEN = Command(
    QUESTIONS["screen"].summary,
    """
    regnet screen models/lif_lifr.toml --readouts Mass Cachexia
    regnet screen model.toml --order 2 --contexts healthy injured --format csv -o screen.csv
    regnet screen model.toml --order 3 -o triples --jobs 8
    """,
    _add_arguments,
    _run,
)
