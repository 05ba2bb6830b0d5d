"""Answers to temporal queries."""

from __future__ import annotations

from typing import Any

from regnet.analysis.query import Answer
from regnet.analysis.query.answer_text import answer_word, answer_words, path_words
from regnet.project import Project
from regnet.records import describe_scenario, describe_witness
from regnet.report.document import Block, Section, Text
from regnet.report.sections.phrases import certainty
from regnet.scenario import Scenario
from regnet.temporal import parse_query

METHODS = {
    "query": "Temporal properties are formulas of computation tree logic (Clarke and Emerson 1982) "
    "on the graph of all states that can be reached. Each path that is shown was replayed on the "
    "rules.",
}
"""Question -> how it is answered, for the methods of a report."""


def answer_section(result: Answer, _project: Project) -> Section:
    """Return whether a temporal formula holds, how that is known, and a run that shows it."""
    origin = result.origin
    given = describe_scenario(origin.scenario)
    lead = f"{result.formula} {answer_word(result)}."
    sure = certainty(origin, result.complete, result.missing)
    blocks: list[Block] = [
        Text(lead, "lead"),
        Text(f"Asked of: {given}. {' '.join(answer_words(result))} {sure}"),
    ]
    if result.path:
        blocks.append(Text(f"{path_words(result)} It moves so: {describe_witness(result.path)}."))
    return Section("query", f"Query: {result.formula}", tuple(blocks))


def usual(project: Project, _scenario: Scenario, _key: str, about: str) -> dict[str, Any]:
    """Return the options with which a report asks this; keys as in `regnet.questions.EXTRAS`."""
    return {"formula": parse_query(about, project.network, project.phenotypes)}
