"""``regnet why``: why a component is at its level, and what would change that."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from regnet.cli.exchange import loaded, scenario_of, shown_progress, write_answer
from regnet.errors import RegnetError

if TYPE_CHECKING:
    from regnet.analysis.attractors import Attractor
    from regnet.space import Range


def _add_arguments(parser: Parser) -> None:
    add_model(parser)
    parser.add_argument("component", metavar="X", help="the component to explain")
    group = parser.add_argument_group("what is explained")
    group.add_argument(
        "--attractor",
        metavar="N",
        type=positive,
        help="the attractor, as regnet attractors numbers it "
        "(default: one for each level that the component has)",
    )
    group.add_argument(
        "--size",
        metavar="N",
        type=int,
        choices=(0, 1, 2, 3),
        default=1,
        help="look for interventions on up to so many components (0 to 3, default 1)",
    )
    add_variant(parser)
    add_scenario(parser)
    add_effort(parser)
    add_output(parser)


def _run(asked: Arguments) -> bool:
    from regnet.analysis.attractors import find_attractors
    from regnet.analysis.explain import explain
    from regnet.records import explanations_to_json, explanations_to_rows
    from regnet.terminal import show_explanations

    project = loaded(asked.model, asked.variant)
    network = project.network
    network[asked.component]
    scenario = scenario_of(project, asked)
    with shown_progress() as progress:
        found = find_attractors(
            network,
            scenario,
            phenotypes=project.phenotypes,
            engine=asked.engine,
            timeout=asked.timeout,
            progress=progress,
        )
        chosen = _chosen(found.attractors, asked)
        answers = [
            explain(
                network,
                attractor,
                asked.component,
                scenario=scenario,
                phenotypes=project.phenotypes,
                size=asked.size,
                timeout=asked.timeout,
                progress=progress,
            )
            for _, attractor in chosen
        ]
    write_answer(
        asked,
        lambda out: show_explanations(out, answers, chosen, network),
        lambda: explanations_to_json(answers, chosen, network),
        lambda: explanations_to_rows(answers, chosen, network),
    )
    return found.complete and all(answer.complete for answer in answers)


def _chosen(attractors: tuple[Attractor, ...], asked: Arguments) -> list[tuple[int, Attractor]]:
    """Return the attractors to explain: that of the number, or the first with each level."""
    numbered = list(enumerate(attractors, start=1))
    if not numbered:
        raise RegnetError("no attractor was found in time: give it longer with --timeout")
    if asked.attractor:
        if asked.attractor > len(numbered):
            raise RegnetError(
                f"there is no attractor A{asked.attractor}: there are {len(numbered)}"
            )
        return [numbered[asked.attractor - 1]]
    first: dict[Range, tuple[int, Attractor]] = {}
    for number, attractor in numbered:
        first.setdefault(attractor.space[asked.component], (number, attractor))
    return list(first.values())


WHY = Command(
    "explain why a component is at its level, and what would change that",
    """
    regnet why models/lif_lifr.toml HepProlif --scenario "LIF high"
    regnet why models/lif_lifr.toml Mass --scenario "overdose at PHx" --attractor 2
    """,
    _add_arguments,
    _run,
)
