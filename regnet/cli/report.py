"""``regnet report``: a report to read, print or send."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from regnet.cli.command import Arguments, Command, Parser, add_effort, add_model, add_scenario
from regnet.cli.exchange import loaded, scenario_of, shown_progress
from regnet.cli.screen import screened
from regnet.errors import RegnetError

if TYPE_CHECKING:
    from regnet.analysis.commitment import Commitment
    from regnet.analysis.courses import Courses
    from regnet.analysis.dose import DoseResponse
    from regnet.analysis.dose.pulses import PulseResponse
    from regnet.analysis.explain.several import Explanations
    from regnet.analysis.query import Answer
    from regnet.project import Project
    from regnet.scenario import Scenario


def _add_arguments(parser: Parser) -> None:
    add_model(parser)
    add_scenario(parser)
    add_effort(parser, each="each analysis ")
    group = parser.add_argument_group("what else goes in")
    group.add_argument(
        "--with",
        dest="extras",
        metavar="WHAT",
        nargs="+",
        type=_extra,
        default=[],
        help="time: courses in the scenario; dose=X: how the outcome follows X; duration=X and "
        "share=X: or for how much time X is given; why=X: why X is at its level; query=FORMULA: "
        "whether it holds; commitment: where a random run gives up an attractor",
    )
    group = parser.add_argument_group("output")
    group.add_argument(
        "-o", "--output", metavar="FOLDER", help="where to write it (default: reports/NAME)"
    )
    group.add_argument(
        "--forms", metavar="FORM", nargs="+", help="only some of html pdf md csv json svg zip"
    )


def _extra(text: str) -> tuple[str, str]:
    what, _, name = text.partition("=")
    alone = what in ("time", "commitment")
    if (not alone and what not in ("dose", "duration", "share", "why", "query")) or bool(
        name
    ) is alone:
        raise RegnetError(
            f"{text!r} is nothing that a report can have: use time, dose=X, duration=X, share=X, "
            "why=X, query=FORMULA or commitment"
        )
    return what, name


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
    found = []
    with shown_progress() as progress:
        for each in (scenario, *compared):
            answer = find_attractors(
                project.network,
                each,
                phenotypes=project.phenotypes,
                engine=asked.engine,
                timeout=asked.timeout,
                progress=progress,
            )
            if answer.interrupted:  # a report begins with them
                raise KeyboardInterrupt
            found.append(answer)
    attractors, *comparisons = found
    perturbations = single_perturbations(project.network)
    readouts = [*(p.name for p in project.phenotypes), *compared_readouts(project)]
    screen = screened(project, compared or [scenario], perturbations, asked, readouts)
    stopped = screen.interrupted
    experiments = []
    if project.experiments and not stopped:
        with shown_progress() as progress:
            experiments.append(confront(project, timeout=asked.timeout, progress=progress))
        stopped = experiments[0].interrupted
    further: list[Any] = [*experiments]
    for what, name in asked.extras:
        if stopped:
            break
        try:
            further.append(_answer(project, scenario, asked, what, name))
        except KeyboardInterrupt:
            stopped = True
        else:
            stopped = getattr(further[-1], "interrupted", False)
    if stopped:  # writing takes seconds where there is much
        print("regnet: interrupted: writing what there is", file=sys.stderr)  # noqa: T201
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
            lambda out: show_report(
                out, project, attractors, screen, comparisons, experiments, files
            ),
            coloured=sys.stdout.isatty(),
        )
    )
    complete = [answer.complete for answer in (attractors, *comparisons)]
    return all([*complete, screen.complete, *(result.complete for result in further)])


def _answer(
    project: Project, scenario: Scenario, asked: Arguments, what: str, name: str
) -> Answer | Commitment | Courses | DoseResponse | Explanations | PulseResponse:
    """Return one more answer in the scenario."""
    from regnet.analysis.commitment import find_commitment, random_run
    from regnet.analysis.courses import simulate
    from regnet.analysis.dose import find_dose_response
    from regnet.analysis.dose.pulses import AMOUNTS, find_pulse_response, parse_amounts
    from regnet.analysis.explain.several import find_explanations
    from regnet.analysis.query import query
    from regnet.report import compared_readouts
    from regnet.temporal import parse_query

    of_states = [p for p in project.phenotypes if p.fits("fixed point")]
    with shown_progress() as progress:
        if what in AMOUNTS:
            return find_pulse_response(
                project.network,
                scenario,
                name,
                project.network[name].top,
                parse_amounts(AMOUNTS[what], what),
                by=what,
                every=8.0 if what == "share" else 0.0,
                until=40.0 if what == "share" else 20.0,
                readouts=compared_readouts(project),
                phenotypes=of_states,
                timeout=asked.timeout,
                progress=progress,
            )
        if what == "dose":
            return find_dose_response(
                project.network,
                scenario,
                name,
                readouts=compared_readouts(project),
                phenotypes=project.phenotypes,
                engine=asked.engine,
                timeout=asked.timeout,
                progress=progress,
            )
        if what == "why":
            return find_explanations(
                project.network,
                scenario,
                name,
                phenotypes=project.phenotypes,
                engine=asked.engine,
                timeout=asked.timeout,
                progress=progress,
            )
        if what == "query":
            return query(
                project.network,
                scenario,
                parse_query(name, project.network, project.phenotypes),
                timeout=asked.timeout,
                progress=progress,
            )
        if what == "commitment":
            return find_commitment(
                project.network,
                scenario,
                random_run(project.network, scenario),
                phenotypes=project.phenotypes,
                timeout=asked.timeout,
                progress=progress,
            )
        return simulate(
            project.network,
            scenario,
            phenotypes=of_states,
            timeout=asked.timeout,
            progress=progress,
        )


REPORT = Command(
    "write a report to read, print or send, with a script that repeats it",
    """
    regnet report models/lif_lifr.toml -o reports/lif_lifr
    regnet report models/lif_lifr.toml --scenario PHx --with time dose=LIF_dose
    """,
    _add_arguments,
    _run,
)
