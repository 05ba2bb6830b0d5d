"""``regnet simulate``: what happens in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regnet.cli.command import (
    Arguments,
    Command,
    Parser,
    add_dynamics,
    add_limits,
    add_model,
    add_output,
    add_readouts,
    add_scenario,
    positive,
)
from regnet.cli.exchange import (
    dynamics_asked,
    loaded,
    readouts_of,
    scenario_of,
    shown_progress,
    write_found,
)
from regnet.errors import RegnetError
from regnet.logic import Expr, variables
from regnet.questions import QUESTIONS
from regnet.scenario import UPDATES

if TYPE_CHECKING:
    from regnet.project import Project


def _add_arguments(parser: Parser) -> None:
    add_model(parser)
    group = parser.add_argument_group("what is followed")
    add_readouts(group, "components or phenotypes (default: all of them); less is faster")
    group.add_argument(
        "--first",
        metavar="CONDITION",
        action="append",
        default=[],
        help="when a condition holds for the first time, such as 'Mass:2'; repeatable",
    )
    group.add_argument(
        "--until", metavar="TIME", type=_time, help="the end (default: the model's, else 20)"
    )
    group.add_argument(
        "--points", metavar="N", type=positive, default=100, help="time points (default: 100)"
    )
    group = parser.add_argument_group("how fast, and what is changed when")
    add_dynamics(group)
    group.add_argument(
        "--at",
        metavar="'5 set Mass=0'",
        action="append",
        default=[],
        help="change something then: set X=0 (once), hold X=1, cut A->B, release X; repeatable",
    )
    group.add_argument(
        "--settle",
        metavar="TIME",
        type=_time,
        default=0.0,
        help="equilibrate for TIME before time 0",
    )
    add_scenario(parser, updates=UPDATES[:1])
    group = parser.add_argument_group("side by side")
    group.add_argument(
        "--scenarios",
        metavar="NAME",
        nargs="+",
        default=[],
        help="several scenarios of the model file in one table and one figure; the quotes around a "
        "name with spaces are yours to give",
    )
    group.add_argument(
        "--variants",
        metavar="NAME",
        nargs="*",
        help="the model as it is and these variants of it, or all of them, in one table and figure",
    )
    group = parser.add_argument_group("method")
    group.add_argument(
        "--method", metavar="NAME", default="auto", help="auto, exact, gillespie, bit-parallel"
    )
    group.add_argument("--jobs", metavar="N", type=positive, default=1, help="processes to use")
    add_limits(group)
    add_output(parser)
    parser.add_argument("--figure", metavar="FILE", help="draw the courses as SVG as well")


def _run(asked: Arguments) -> bool:
    from regnet.analysis.simulate import simulate
    from regnet.analysis.simulate.kinetics import parse_change
    from regnet.jobs import parallel_map

    project = loaded(asked)
    if asked.scenarios or asked.variants is not None:
        return _conditions(project, asked)
    network = project.network
    phenotypes, readouts = readouts_of(project, asked.readouts)
    dynamics = dynamics_asked(project, asked)
    if not asked.readouts:
        readouts = dynamics.readouts
    elif not readouts:  # phenotypes alone: follow what they name
        named = {v for p in phenotypes for v in _names(p.condition)}
        readouts = tuple(name for name in network.names if name in named)
    with shown_progress() as progress:
        answer = simulate(
            network,
            **dynamics.options(),
            until=dynamics.until,
            points=asked.points,
            settle=asked.settle,
            schedule=[parse_change(text) for text in asked.at],
            phenotypes=phenotypes,
            first=[network.parse(text) for text in asked.first],
            readouts=readouts,
            method=asked.method,
            timeout=asked.timeout,
            map=parallel_map(asked.jobs),
            progress=progress,
        )
    write_found(asked, project, answer)
    if asked.figure:
        from regnet.figures.courses import courses_figure
        from regnet.formats import write_file

        write_file(asked.figure, courses_figure([answer]))
    return answer.complete


def _conditions(project: Project, asked: Arguments) -> bool:
    from regnet.analysis.conditions import follow_conditions
    from regnet.figures.courses import LINES
    from regnet.jobs import parallel_map
    from regnet.rates import parse_rates

    if asked.at or asked.settle or asked.method != "auto":
        raise RegnetError("--scenarios and --variants go without --at, --settle and --method")
    if asked.scenarios and (asked.scenario or asked.start):
        raise RegnetError("--scenarios go without --scenario and --start")
    if asked.variants is not None and asked.variant:
        raise RegnetError("--variants follows the model as it is too: it goes without --variant")
    known = [variant.name for variant in project.variants]
    if asked.variants == [] and not known:
        raise RegnetError("the model has no variants")
    variants = () if asked.variants is None else (asked.variants or known)
    if asked.figure and (1 + len(variants)) * max(len(asked.scenarios), 1) > len(LINES):
        raise RegnetError(f"one figure shows up to {len(LINES)} conditions")
    one = scenario_of(project, asked)
    named = [project.scenario(name).perturbed(one.perturbation) for name in asked.scenarios]
    names = asked.readouts or project.compared_readouts or project.network.names
    phenotypes, readouts = readouts_of(project, names)
    asked.question = "conditions"
    with shown_progress() as progress:
        answer = follow_conditions(
            project,
            named or [one],
            variants=("", *variants),
            first=[project.network.parse(text) for text in asked.first] or project.timed,
            readouts=readouts,
            phenotypes=phenotypes,
            until=asked.until,
            points=asked.points,
            rates=asked.rates,
            own=parse_rates(asked.rate),
            trajectories=asked.runs,
            seed=asked.seed,
            timeout=asked.timeout,
            map=parallel_map(asked.jobs),
            progress=progress,
        )
    write_found(asked, project, answer)
    if asked.figure:
        from regnet.figures.courses import courses_figure
        from regnet.formats import write_file

        titles = [one.title for one in answer.conditions]
        courses = [one.courses for one in answer.conditions]
        write_file(asked.figure, courses_figure(courses, titles=titles))
    return answer.complete


def _names(condition: Expr) -> set[str]:
    return {variable.name for variable in variables(condition)}


def _time(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise RegnetError(f"{text!r} is not a time")
    return number


SIMULATE = Command(
    QUESTIONS["simulate"].summary,
    """
    regnet simulate models/lif_lifr.toml --scenario PHx --readouts Mass HGF --first Mass:2
    regnet simulate models/lif_lifr.toml --scenario healthy --settle 30 --at '0 set Mass=0' \\
        --at '5 hold LIF_dose=2' --at '15 hold LIF_dose=0' --rate LIF,STAT3=10 --rate Mass=0.2
    regnet simulate models/lif_lifr.toml --scenarios anti-LIF PHx "low dose before PHx" \\
        --first Mass:2 --readouts Mass HGF
    regnet simulate models/lif_lifr.toml --scenario anti-LIF --variants late V2 --first Mass:2
    """,
    _add_arguments,
    _run,
)
