"""``regnet control``: the minimal interventions that reach a target."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from regnet.cli.command import (
    Arguments,
    Command,
    Parser,
    add_limits,
    add_model,
    add_output,
    add_scenario,
    positive,
)
from regnet.cli.exchange import loaded, scenario_of, shown_progress, write_found
from regnet.errors import RegnetError
from regnet.questions import QUESTIONS

if TYPE_CHECKING:
    from regnet.evidence import Phenotype
    from regnet.logic import Expr
    from regnet.project import Project


def _add_arguments(parser: Parser) -> None:
    add_model(parser)
    group = parser.add_argument_group("target and allowed interventions")
    group.add_argument(
        "--target",
        metavar="CONDITION",
        required=True,
        help="what every attractor has to show: a phenotype's name, or a condition",
    )
    group.add_argument(
        "--max-size",
        metavar="N",
        type=positive,
        default=3,
        help="at most N interventions in a set (default: 3)",
    )
    group.add_argument(
        "--allow",
        metavar="X",
        nargs="+",
        default=[],
        help="hold only these (default: all but what the target names and the scenario holds)",
    )
    group.add_argument("--forbid", metavar="X", nargs="+", default=[], help="leave these alone")
    group.add_argument("--cuts", action="store_true", help="cut edges too")
    group.add_argument(
        "--cost",
        metavar="X=2",
        nargs="+",
        type=_cost,
        default=[],
        help="what it costs to hold X, or to cut 'X->Y' (default: 1)",
    )
    add_scenario(parser)
    group = parser.add_argument_group("method")
    group.add_argument("--limit", metavar="N", type=positive, help="list at most N sets")
    add_limits(group)
    add_output(parser)


def _cost(text: str) -> tuple[str, float]:
    name, _, number = text.rpartition("=")
    try:
        cost = float(number)
    except ValueError:
        cost = -1.0
    if not name or not 0 <= cost < float("inf"):
        raise RegnetError(f"{text!r} is not a cost such as X=2")
    return name.strip(), cost


def _target(project: Project, text: str) -> Expr | Phenotype:
    named = {phenotype.name: phenotype for phenotype in project.phenotypes}
    return named[text] if text in named else project.network.parse(text)


def _listed(names: Iterable[str]) -> list[str]:
    return [part for name in names for part in name.replace(",", " ").split()]


def _run(asked: Arguments) -> bool:
    from regnet.analysis.control import find_interventions

    project = loaded(asked)
    with shown_progress() as progress:
        answer = find_interventions(
            project.network,
            scenario_of(project, asked),
            _target(project, asked.target),
            max_size=asked.max_size,
            allow=_listed(asked.allow),
            forbid=_listed(asked.forbid),
            cuts=asked.cuts,
            costs=dict(asked.cost),
            phenotypes=project.phenotypes,
            limit=asked.limit,
            timeout=asked.timeout,
            progress=progress,
        )
    return write_found(asked, project, answer)


CONTROL = Command(
    QUESTIONS["control"].summary,
    """
    regnet control models/lif_lifr.toml --target Mass:2 --scenario "overdose before PHx"
    regnet control models/lif_lifr.toml --target 'Mass:2 & !Cachexia' --clamp LIF_dose=2 --cuts
    """,
    _add_arguments,
    _run,
)
