"""``regnet report``: a report to read, print or send."""

from __future__ import annotations

import sys
from typing import Any

from regnet.cli.command import Arguments, Command, Parser, add_effort, add_model, add_scenario
from regnet.cli.exchange import loaded, scenario_of, shown_progress
from regnet.cli.screen import screened
from regnet.errors import RegnetError
from regnet.questions import EXTRAS, scenarios_of


def _add_arguments(parser: Parser) -> None:
    add_model(parser)
    add_scenario(parser)
    add_effort(parser, each="each analysis and each row of the screen")
    group = parser.add_argument_group("what else goes in")
    group.add_argument(
        "--with",
        dest="extras",
        metavar="WHAT",
        nargs="+",
        type=_extra,
        default=[],
        help="; ".join(
            f"{key}{extra.about and '='}{extra.about}: {extra.words.format(extra.about)}"
            for key, (extra, _) in EXTRAS.items()
        ),
    )
    group = parser.add_argument_group("output")
    group.add_argument(
        "-o", "--output", metavar="FOLDER", help="where to write it (default: reports/NAME)"
    )
    group.add_argument(
        "--forms", metavar="FORM", nargs="+", help="only some of html pdf md bib csv json svg zip"
    )
    group.add_argument("--author", metavar="NAME", default="", help="who made the report")
    group.add_argument(
        "--date",
        type=_date,
        help="YYYY-MM-DD or today (default: that of SOURCE_DATE_EPOCH, else none, so that the same "
        "questions give the same files)",
    )


def _date(text: str) -> str:
    import datetime

    if text == "today":
        return datetime.date.today().isoformat()
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise RegnetError(f"--date is YYYY-MM-DD or today, not {text!r}") from None


def _epoch() -> str:
    """Return the date that a build asks for, as reproducible builds do."""
    import datetime
    import os

    text = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not text:
        return ""
    try:
        moment = datetime.datetime.fromtimestamp(int(text), datetime.UTC)
    except (ValueError, OverflowError, OSError):
        raise RegnetError(
            f"SOURCE_DATE_EPOCH is a number of seconds since 1970, not {text!r}"
        ) from None
    return moment.date().isoformat()


def _extra(text: str) -> tuple[str, str]:
    from regnet.report.extras import parse_extra

    return parse_extra(text)


def _run(asked: Arguments) -> bool:
    from pathlib import Path

    from regnet.analysis.attractors import find_attractors
    from regnet.analysis.check import confront
    from regnet.analysis.screen import single_perturbations
    from regnet.deadline import Deadline
    from regnet.report import (
        FORMS,
        build_report,
        compared_readouts,
        compared_scenarios,
        write_report,
    )
    from regnet.report.extras import find_extra
    from regnet.scenario import UPDATES
    from regnet.terminal import rendered
    from regnet.terminal.report import show_report

    project = loaded(asked)
    scenario = scenario_of(project, asked)
    compared = compared_scenarios(project)
    deadline = Deadline(asked.timeout)

    def left() -> float | None:
        return deadline.within(asked.timeout_each).left()

    found = []
    with shown_progress() as progress:
        for each in (scenario, *compared):
            answer = find_attractors(
                project.network,
                each,
                phenotypes=project.phenotypes,
                engine=asked.engine,
                timeout=left(),
                progress=progress,
            )
            if answer.interrupted:  # a report begins with them
                raise KeyboardInterrupt
            found.append(answer)
    attractors, *comparisons = found
    perturbations = single_perturbations(project.network)
    readouts = [*(p.name for p in project.phenotypes), *compared_readouts(project)]
    screen = screened(
        project,
        compared if project.comparisons else [scenario],
        perturbations,
        asked,
        readouts,
        timeout=deadline.left(),
    )
    stopped = screen.interrupted
    experiments = []
    if project.experiments and not stopped:
        with shown_progress() as progress:
            experiments.append(
                confront(
                    project, timeout=deadline.left(), each=asked.timeout_each, progress=progress
                )
            )
        stopped = experiments[0].interrupted
    further: list[Any] = []
    is_timed = bool(project.timed) and any(
        one.update == UPDATES[0] and not one.open_components(project.network) for one in compared
    )
    wanted = [("conditions", "", scenario)] if is_timed else []
    wanted += [
        (what, about, one)
        for what, about in asked.extras
        for one in scenarios_of(project, scenario, what)
        if (what, about, one) not in wanted
    ]
    for what, about, one in wanted:
        if stopped:
            break
        effort: dict[str, Any] = {"engine": asked.engine, "timeout": left()}
        try:
            with shown_progress() as progress:
                extra = find_extra(project, one, what, about, **effort, progress=progress)
        except KeyboardInterrupt:
            stopped = True
        else:
            further.append(extra)
            stopped = getattr(extra, "interrupted", False)
    further += experiments
    if stopped:  # writing a large report takes seconds
        print("regnet: interrupted: writing what there is", file=sys.stderr)  # noqa: T201
    report = build_report(
        project,
        attractors=[attractors],
        screen=screen,
        comparisons=comparisons,
        further=further,
        author=asked.author,
        date=_epoch() if asked.date is None else asked.date,
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


REPORT = Command(
    "write a report to read, print or send, with a script that repeats it",
    """
    regnet report models/lif_lifr.toml -o reports/lif_lifr
    regnet report models/lif_lifr.toml --scenario PHx --with time dose=LIF_dose
    """,
    _add_arguments,
    _run,
)
