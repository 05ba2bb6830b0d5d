"""``regnet query``: whether a condition can be reached, and how."""

from __future__ import annotations

from regnet.cli.command import (
    Arguments,
    Command,
    Parser,
    add_model,
    add_output,
    add_scenario,
    add_variant,
    seconds,
)
from regnet.cli.exchange import loaded, scenario_of, shown_progress, write_answer


def _add_arguments(parser: Parser) -> None:
    add_model(parser)
    parser.add_argument(
        "query",
        metavar="QUERY",
        help="EF c: a state with c can be reached; NEF c: none can; "
        "AG c: c holds in every state that can be reached",
    )
    add_variant(parser)
    add_scenario(parser)
    group = parser.add_argument_group("how it is done")
    group.add_argument("--timeout", metavar="SECONDS", type=seconds, help="give up after so long")
    add_output(parser)


def _run(asked: Arguments) -> bool:
    from regnet.analysis.reachability import find_reachable, parse_query
    from regnet.records import reachability_to_json, reachability_to_rows
    from regnet.terminal import show_reachability

    project = loaded(asked.model, asked.variant)
    query = parse_query(asked.query, project.network)
    with shown_progress() as progress:
        answer = find_reachable(
            project.network,
            scenario_of(project, asked),
            query.sought,
            timeout=asked.timeout,
            progress=progress,
        )
    write_answer(
        asked,
        lambda out: show_reachability(out, query, answer),
        lambda: reachability_to_json(query, answer),
        lambda: reachability_to_rows(query, answer),
    )
    return answer.complete


QUERY = Command(
    "tell whether a condition can be reached, and how",
    """
    regnet query models/lif_lifr.toml 'EF (Mass:2 & !Cachexia)' --scenario "overdose at PHx"
    regnet query models/lif_lifr.toml 'AG !HepProlif' --scenario "LIF high"
    """,
    _add_arguments,
    _run,
)
