"""``regnet dose``: how readouts follow the level of an input or component, or its duration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from regnet.cli.command import (
    Arguments,
    Command,
    Parser,
    add_effort,
    add_model,
    add_output,
    add_readouts,
    add_scenario,
    add_variant,
    positive,
    seconds,
)
from regnet.cli.exchange import loaded, readouts_of, scenario_of, shown_progress, write_answer
from regnet.errors import RegnetError
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
        help="let the network settle under the dose, then set these levels at once and go on",
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
    group = parser.add_argument_group("instead of all levels: one level for different times")
    group.add_argument(
        "--for",
        dest="durations",
        metavar="T,T",
        type=_times,
        help="hold the dose from time 0 for so long each, and then withdraw it",
    )
    group.add_argument("--level", metavar="N", type=int, help="at this level (default: highest)")
    group.add_argument(
        "--until", metavar="T", type=seconds, default=20.0, help="read at this time (default: 20)"
    )
    group.add_argument(
        "--rate", metavar="X,Y=10", action="append", default=[], help="as in regnet simulate"
    )
    group.add_argument("--runs", metavar="N", type=positive, default=10_000, help="random runs")
    group.add_argument("--seed", metavar="N", type=int, default=0, help="of the random numbers")
    group = parser.add_argument_group("processes")
    group.add_argument("--jobs", metavar="N", type=positive, default=1, help="processes to use")
    add_variant(parser)
    add_scenario(parser)
    add_effort(parser, each="each dose ")
    add_output(parser)
    parser.add_argument("--figure", metavar="FILE", help="draw the response as SVG as well")


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _times(text: str) -> list[float]:
    times = []
    for part in text.split(","):
        try:
            times.append(float(part))
        except ValueError:
            raise RegnetError(f"{part.strip()!r} is not a time") from None
    return times


def _run(asked: Arguments) -> bool:
    from regnet.analysis.dose import find_dose_response
    from regnet.jobs import parallel_map
    from regnet.records import dose_response_to_json, dose_response_to_rows
    from regnet.terminal import show_dose_response

    project = loaded(asked.model, asked.variant)
    network = project.network
    network[asked.input]
    names = asked.readouts
    phenotypes, readouts = readouts_of(project, names) if names else _compared(project)
    if asked.durations:
        return _durations(project, asked, phenotypes, readouts)
    with shown_progress() as progress:
        answer = find_dose_response(
            network,
            scenario_of(project, asked),
            asked.input,
            readouts=readouts,
            phenotypes=phenotypes,
            knock_outs=_knock_outs(project, asked),
            then=asked.then,
            engine=asked.engine,
            timeout=asked.timeout,
            map=parallel_map(asked.jobs),
            progress=progress,
        )
    write_answer(
        asked,
        lambda out: show_dose_response(out, answer, network),
        lambda: dose_response_to_json(answer),
        lambda: dose_response_to_rows(answer),
    )
    if asked.figure:
        from regnet.figures import dose_figure
        from regnet.formats import write_file

        write_file(asked.figure, dose_figure(answer, network))
    return answer.complete


def _durations(
    project: Project, asked: Arguments, phenotypes: tuple[Phenotype, ...], readouts: tuple[str, ...]
) -> bool:
    from regnet.analysis.courses.kinetics import Rates, parse_rate
    from regnet.analysis.dose.duration import find_duration_response
    from regnet.jobs import parallel_map
    from regnet.records import duration_response_to_json, duration_response_to_rows
    from regnet.terminal import show_duration_response

    if asked.then or asked.knock_out or asked.each or asked.figure:
        raise RegnetError("--for goes without --then, --knock-out, --each and --figure")
    rates = Rates()
    for text in asked.rate:
        components, rate = parse_rate(text)
        rates = rates.with_rate(rate, *components)
    network = project.network
    with shown_progress() as progress:
        answer = find_duration_response(
            network,
            scenario_of(project, asked),
            asked.input,
            network[asked.input].top if asked.level is None else asked.level,
            asked.durations,
            until=asked.until,
            readouts=readouts,
            phenotypes=[p for p in phenotypes if p.fits("fixed point")],
            rates=rates,
            trajectories=asked.runs,
            seed=asked.seed,
            timeout=asked.timeout,
            map=parallel_map(asked.jobs),
            progress=progress,
        )
    write_answer(
        asked,
        lambda out: show_duration_response(out, answer, network),
        lambda: duration_response_to_json(answer),
        lambda: duration_response_to_rows(answer),
    )
    return answer.complete


def _compared(project: Project) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """Return all phenotypes, and the components that the model itself compares."""
    compared = [name for comparison in project.comparisons for name in comparison.readouts]
    if not compared and not project.phenotypes:
        return readouts_of(project, ())
    return project.phenotypes, tuple(dict.fromkeys(compared))


def _knock_outs(project: Project, asked: Arguments) -> list[Perturbation]:
    sets = list(asked.knock_out)
    if asked.each:
        network = project.network
        sets += [[c.name] for c in network.components if not c.is_input and c.name != asked.input]
    return [Perturbation(Space(dict.fromkeys(names, 0))) for names in sets]


DOSE = Command(
    "show how readouts follow a dose, where they turn, and along which paths",
    """
    regnet dose models/lif_lifr.toml --input LIF_dose --readouts Mass HGF Cachexia --scenario PHx
    regnet dose models/lif_lifr.toml --input LIF --scenario healthy --then Mass=0 \\
        --knock-out LIFR --knock-out Cachexia,HepArrest
    regnet dose models/lif_lifr.toml --input LIF_dose --for 0,2,8,16 --scenario PHx
    """,
    _add_arguments,
    _run,
)
