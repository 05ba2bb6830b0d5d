"""``regnet dose``: how readouts follow the level of an input or a component, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from regnet.cli.command import (
    Arguments,
    Command,
    Parser,
    add_effort,
    add_model,
    add_output,
    add_scenario,
    add_variant,
    positive,
)
from regnet.cli.exchange import loaded, readouts_of, scenario_of, shown_progress, write_answer
from regnet.scenario import Perturbation, parse_levels
from regnet.space import Space

if TYPE_CHECKING:
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
    group.add_argument(
        "--readout",
        metavar="X,Y",
        action="append",
        type=_names,
        default=[],
        help="components or phenotypes (default: those that the model compares, all phenotypes)",
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
    group.add_argument("--jobs", metavar="N", type=positive, default=1, help="processes to use")
    add_variant(parser)
    add_scenario(parser)
    add_effort(parser, each="each dose ")
    add_output(parser)
    parser.add_argument("--figure", metavar="FILE", help="draw the response as SVG as well")


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _run(asked: Arguments) -> bool:
    from regnet.analysis.dose import find_dose_response
    from regnet.jobs import parallel_map
    from regnet.records import dose_response_to_json, dose_response_to_rows
    from regnet.terminal import show_dose_response

    project = loaded(asked.model, asked.variant)
    network = project.network
    network[asked.input]
    names = [name for listed in asked.readout for name in listed]
    phenotypes, readouts = readouts_of(project, names) if names else _compared(project)
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
    regnet dose models/lif_lifr.toml --input LIF_dose --readout Mass,HGF,Cachexia --scenario PHx
    regnet dose models/lif_lifr.toml --input LIF --scenario healthy --then Mass=0 \\
        --knock-out LIFR --knock-out Cachexia,HepArrest
    """,
    _add_arguments,
    _run,
)
