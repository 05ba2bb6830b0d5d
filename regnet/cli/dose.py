"""``regnet dose``: how readouts follow the level of a dose, or for how much time it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from regnet.cli.command import (
    Arguments,
    Command,
    Parser,
    add_dynamics,
    add_effort,
    add_model,
    add_output,
    add_readouts,
    add_scenario,
    positive,
    seconds,
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
from regnet.questions import QUESTIONS
from regnet.scenario import Perturbation, parse_levels
from regnet.space import Space

if TYPE_CHECKING:
    from regnet.evidence import Phenotype
    from regnet.project import Project


def _add_arguments(parser: Parser) -> None:
    add_model(parser)
    group = parser.add_argument_group("what is asked")
    group.add_argument(
        "--input",
        metavar="X",
        required=True,
        help="the dose: an input, which is set, or a component, which is held, at each level",
    )
    add_readouts(
        group,
        "components or phenotypes (default: those that the model compares, all phenotypes)",
    )
    group.add_argument(
        "--then",
        metavar="X=0",
        type=parse_levels,
        default=Space(),
        help="equilibrate the network under the dose, then set these levels and continue",
    )
    group.add_argument(
        "--first",
        metavar="CONDITION",
        action="append",
        default=[],
        help="the mean first time of a condition at each level as well, such as 'Mass:2'; "
        "repeatable",
    )
    group.add_argument(
        "--at-time",
        metavar="T",
        type=seconds,
        help="mean levels and probabilities of the readouts at that time as well",
    )
    group.add_argument(
        "--knock-out",
        metavar="X,Y",
        action="append",
        type=_names,
        default=[],
        help="show the response without these components as well; repeatable",
    )
    group.add_argument(
        "--each", action="store_true", help="show the response without each component in turn"
    )
    group = parser.add_argument_group("instead of all levels: one level, for some of the time")
    group.add_argument(
        "--for",
        dest="durations",
        metavar="T,T",
        default="",
        help="durations of one pulse that starts at time 0",
    )
    group.add_argument(
        "--share",
        dest="shares",
        metavar="0,25%,1",
        default="",
        help="duty cycles of a periodic dose from time 0 to the end",
    )
    group.add_argument(
        "--every",
        metavar="T",
        type=seconds,
        help="length of a cycle (default: --until / 5, or 8 waits)",
    )
    group.add_argument("--level", metavar="N", type=int, help="at this level (default: highest)")
    group.add_argument(
        "--until",
        metavar="T",
        type=seconds,
        help="read at this time; with cycles, the average over the last one (default: after "
        "the longest dose, when nothing changes any more)",
    )
    add_dynamics(group)
    group.add_argument(
        "--at",
        metavar="'5 set Mass=0'",
        action="append",
        default=[],
        help="change something else then, as in regnet simulate; repeatable",
    )
    group.add_argument(
        "--settle", metavar="T", type=seconds, default=0.0, help="equilibrate for T before time 0"
    )
    group = parser.add_argument_group("processes")
    group.add_argument("--jobs", metavar="N", type=positive, default=1, help="processes to use")
    add_scenario(parser)
    add_effort(parser, each="each dose")
    add_output(parser)
    parser.add_argument("--figure", metavar="FILE", help="draw the response as SVG as well")


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _run(asked: Arguments) -> bool:
    from regnet.analysis.dose import find_dose_response
    from regnet.jobs import parallel_map

    project = loaded(asked)
    network = project.network
    network[asked.input]
    names = asked.readouts
    phenotypes, readouts = readouts_of(project, names) if names else _compared(project)
    if asked.durations or asked.shares:
        return _pulses(project, asked, phenotypes, readouts)
    if asked.every or asked.at or asked.settle or asked.until or asked.level is not None:
        raise RegnetError("--every, --at, --settle, --until and --level go with --for or --share")
    in_time = bool(asked.first) or asked.at_time is not None
    if not in_time and (asked.rates or asked.rate or asked.runs or asked.seed is not None):
        raise RegnetError(
            "--rates, --rate, --runs and --seed go with --first, --at-time, --for or --share"
        )
    pace = dynamics_asked(project, asked, until=0.0).pace() if in_time else {}
    with shown_progress() as progress:
        answer = find_dose_response(
            network,
            scenario_of(project, asked),
            asked.input,
            readouts=readouts,
            phenotypes=phenotypes,
            knock_outs=_knock_outs(project, asked),
            then=asked.then,
            first=[network.parse(text) for text in asked.first],
            at_time=asked.at_time,
            **pace,
            engine=asked.engine,
            timeout=asked.timeout,
            each=asked.timeout_each,
            map=parallel_map(asked.jobs),
            progress=progress,
        )
    write_found(asked, project, answer, network=network)
    if asked.figure:
        from regnet.figures.dose import dose_figure
        from regnet.formats import write_file

        write_file(asked.figure, dose_figure(answer, network))
    return answer.complete


def _pulses(
    project: Project, asked: Arguments, phenotypes: tuple[Phenotype, ...], readouts: tuple[str, ...]
) -> bool:
    from regnet.analysis.dose.pulses import find_pulse_response, parse_amounts
    from regnet.analysis.simulate.kinetics import parse_change
    from regnet.jobs import parallel_map

    if asked.durations and (asked.shares or asked.every):
        raise RegnetError("--for goes without --share and --every")
    if asked.then or asked.knock_out or asked.each or asked.first or asked.at_time:
        raise RegnetError(
            "--for and --share go without --then, --knock-out, --each, --first and --at-time"
        )
    asked.question = "pulses"
    network = project.network
    by = "duration" if asked.durations else "share"
    dynamics = dynamics_asked(project, asked, until=asked.until or 0.0)
    with shown_progress() as progress:
        answer = find_pulse_response(
            network,
            **dynamics.options(),
            dose=asked.input,
            level=network[asked.input].top if asked.level is None else asked.level,
            amounts=parse_amounts(asked.durations or asked.shares, by),
            by=by,
            every=(asked.every or (asked.until or 0.0) / 5) if by == "share" else 0.0,
            until=asked.until,
            readouts=readouts,
            phenotypes=phenotypes,
            schedule=[parse_change(text) for text in asked.at],
            settle=asked.settle,
            timeout=asked.timeout,
            each=asked.timeout_each,
            map=parallel_map(asked.jobs),
            progress=progress,
        )
    write_found(asked, project, answer)
    if asked.figure:
        from regnet.figures.pulses import pulse_figure
        from regnet.formats import write_file

        write_file(asked.figure, pulse_figure(answer))
    return answer.complete


def _compared(project: Project) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """Return all phenotypes, and the components that the model itself compares."""
    compared = project.compared_readouts
    return (project.phenotypes, compared) if compared else readouts_of(project, ())


def _knock_outs(project: Project, asked: Arguments) -> list[Perturbation]:
    sets = list(asked.knock_out)
    if asked.each:
        network = project.network
        sets += [[c.name] for c in network.components if not c.is_input and c.name != asked.input]
    return [Perturbation(Space(dict.fromkeys(names, 0))) for names in sets]


DOSE = Command(
    QUESTIONS["dose"].summary,
    """
    regnet dose models/lif_lifr.toml --input LIF_dose --readouts Mass HGF Cachexia --scenario PHx
    regnet dose models/lif_lifr.toml --input LIF --scenario healthy --then Mass=0 \\
        --knock-out LIFR --knock-out Cachexia,HepArrest
    regnet dose models/lif_lifr.toml --input LIF --scenario healthy --then Mass=0 --first Mass:2
    regnet dose models/lif_lifr.toml --input LIF_dose --for 0,2,8,16 --scenario PHx
    regnet dose models/lif_lifr.toml --input LIF_dose --share 0,25%,50%,75%,100% --every 8 \\
        --until 40 --scenario PHx
    regnet dose models/lif_lifr.toml --input LIF_dose --level 1 --for 0,2,10,20 --until 20 \\
        --scenario healthy --at '10 set Mass=0' --readouts Mass HGF
    """,
    _add_arguments,
    _run,
)
