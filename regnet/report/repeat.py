"""Repeat: ask the question behind a record again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from regnet.analysis.attractors import find_attractors
from regnet.analysis.screen import screen
from regnet.errors import FormatError
from regnet.project import Project
from regnet.records import (
    attractors_to_json,
    perturbation_from_json,
    scenario_from_json,
    screen_to_json,
)
from regnet.report.sections import FURTHER


def repeat(project: Project, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record of the same question, asked of the model once more.

    Parameters
    ----------
    project
        The model.
    record
        What one of the ``.._to_json`` functions of `regnet.records` returned.

    Raises
    ------
    FormatError
        If it is no record that a report can hold.
    RegnetError
        If the question does not fit the model.
    """
    network = project.network
    if "attractors" in record:
        scenario = scenario_from_json(record)
        found = find_attractors(network, scenario, phenotypes=project.phenotypes)
        return attractors_to_json(found, timed=False)
    if "rows" in record and "contexts" in record:
        asked = dict.fromkeys(perturbation_from_json(row) for row in record["rows"])
        named = set(record["phenotypes"])
        result = screen(
            network,
            [scenario_from_json(context) for context in record["contexts"]],
            perturbations=[p for p in asked if p],
            phenotypes=[p for p in project.phenotypes if p.name in named],
            readouts=record["readouts"],
        )
        return screen_to_json(result, timed=False)
    for kind in FURTHER.values():
        if kind.mark in record:
            return kind.record(kind.again(project, record), project)
    raise FormatError("this is no record of a result that can be repeated")
