"""``regnet query``: whether a temporal formula holds, and what shows it."""

from __future__ import annotations

from regnet.cli.command import (
    Arguments,
    Command,
    Parser,
    add_limits,
    add_model,
    add_output,
    add_scenario,
)
from regnet.cli.exchange import loaded, scenario_of, shown_progress, write_found
from regnet.questions import QUESTIONS
from regnet.scenario import UPDATES


def _add_arguments(parser: Parser) -> None:
    add_model(parser)
    parser.add_argument(
        "query",
        metavar="QUERY",
        help="EF c: some run meets c; AG c: no run leaves c; AF c: every run meets c; EG c: some "
        "run stays in c for ever; EX c, AX c: after one step; E[c U d], A[c U d]: c until d; they "
        "nest, with ! & | ->; a phenotype's name in quotes is its condition; !{x}: f calls the "
        "state x, 3{x}: f asks for some state and V{x}: f for every state, reached or not, "
        "@{x}: f asks there; a state that nothing leaves is its own next state",
    )
    add_scenario(parser, updates=UPDATES[:2])
    group = parser.add_argument_group("method")
    add_limits(group)
    add_output(parser)


def _run(asked: Arguments) -> bool:
    from regnet.analysis.query import query
    from regnet.temporal import parse_query

    project = loaded(asked)
    formula = parse_query(asked.query, project.network, project.phenotypes)
    scenario = scenario_of(project, asked)
    with shown_progress() as progress:
        answer = query(project.network, scenario, formula, timeout=asked.timeout, progress=progress)
    return write_found(asked, project, answer)


QUERY = Command(
    QUESTIONS["query"].summary,
    """
    regnet query models/lif_lifr.toml 'EF (Mass:2 & !Cachexia)' --scenario "overdose at PHx"
    regnet query models/lif_lifr.toml 'AG !HepProlif' --scenario "overdose before PHx"
    regnet query models/lif_lifr.toml 'AG EF Mass:2' --scenario PHx
    """,
    _add_arguments,
    _run,
)
