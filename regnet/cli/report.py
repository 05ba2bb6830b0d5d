"""``regnet report``: a report to read, print or send."""

from __future__ import annotations

import sys

from regnet.cli.command import Arguments, Command, Parser, add_effort, add_model, add_scenario
from regnet.cli.exchange import loaded, scenario_of, shown_progress
from regnet.cli.screen import screened


def _add_arguments(parser: Parser) -> None:
    add_model(parser)
    add_scenario(parser)
    add_effort(parser, each="each analysis ")
    group = parser.add_argument_group("output")
    group.add_argument(
        "-o", "--output", metavar="FOLDER", help="where to write it (default: reports/NAME)"
    )
    group.add_argument(
        "--forms", metavar="FORM", nargs="+", help="only some of html pdf md csv json svg zip"
    )


def _run(asked: Arguments) -> bool:
    from pathlib import Path

    from regnet.analysis.attractors import find_attractors
    from regnet.analysis.confront import confront
    from regnet.analysis.screen import single_perturbations
    from regnet.report import (
        FORMS,
        build_report,
        compared_readouts,
        compared_scenarios,
        write_report,
    )
    from regnet.terminal import rendered, show_report

    project = loaded(asked.model)
    scenario = scenario_of(project, asked)
    compared = compared_scenarios(project)
    with shown_progress() as progress:
        attractors, *comparisons = [
            find_attractors(
                project.network,
                each,
                phenotypes=project.phenotypes,
                engine=asked.engine,
                timeout=asked.timeout,
                progress=progress,
            )
            for each in (scenario, *compared)
        ]
    perturbations = single_perturbations(project.network)
    readouts = [*(p.name for p in project.phenotypes), *compared_readouts(project)]
    screen = screened(project, compared or [scenario], perturbations, asked, readouts)
    further = []
    if project.experiments:
        with shown_progress() as progress:
            further.append(confront(project, timeout=asked.timeout, progress=progress))
    report = build_report(
        project,
        attractors=[attractors],
        screen=screen,
        comparisons=comparisons,
        further=further,
    )
    folder = asked.output or Path("reports", project.network.name or "model")
    files = write_report(report, folder, forms=asked.forms or FORMS)
    sys.stdout.write(
        rendered(
            lambda out: show_report(out, project, attractors, screen, comparisons, further, files),
            coloured=sys.stdout.isatty(),
        )
    )
    complete = [answer.complete for answer in (attractors, *comparisons)]
    return all([*complete, screen.complete, *(result.complete for result in further)])


REPORT = Command(
    "write a report to read, print or send, with a script that repeats it",
    "regnet report models/lif_lifr.toml -o reports/lif_lifr",
    _add_arguments,
    _run,
)
