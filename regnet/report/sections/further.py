"""Further results: what a report can show besides attractors and a screen, a line for each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from regnet.analysis.commitment import Commitment, find_commitment
from regnet.analysis.confront import Confrontation, confront
from regnet.analysis.control import Interventions, find_interventions
from regnet.analysis.courses import MAX_STATES, Courses, simulate
from regnet.analysis.dose import DoseResponse, find_dose_response
from regnet.analysis.dose.pulses import PulseResponse, find_pulse_response
from regnet.analysis.explain.several import Explanations, find_explanations
from regnet.analysis.query import Answer, query
from regnet.analysis.sensitivity import Sensitivity, find_sensitivity
from regnet.evidence import Phenotype
from regnet.project import Project
from regnet.records import (
    Rows,
    answer_to_json,
    answer_to_rows,
    commitment_to_json,
    commitment_to_rows,
    confrontation_to_json,
    confrontation_to_rows,
    courses_to_json,
    courses_to_rows,
    dose_response_to_json,
    dose_response_to_rows,
    explanations_to_json,
    explanations_to_rows,
    interventions_to_json,
    interventions_to_rows,
    perturbation_from_json,
    pulse_response_to_json,
    pulse_response_to_rows,
    scenario_from_json,
    sensitivity_to_json,
    sensitivity_to_rows,
)
from regnet.records.courses import change_from_json, rates_from_json
from regnet.records.data import space_from_json
from regnet.report.document import Section
from regnet.report.sections.commitment import commitment_section
from regnet.report.sections.control import intervention_section, query_section
from regnet.report.sections.courses import courses_section
from regnet.report.sections.dose import dose_section
from regnet.report.sections.evidence import experiment_section, sensitivity_section
from regnet.report.sections.explain import explanation_section
from regnet.report.sections.pulses import pulse_section
from regnet.temporal import parse_query


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of result is put into a report.

    Parameters
    ----------
    section
        ``(result, project) -> Section``; its key names the data files.
    to_json, to_rows
        ``(result)``, or ``(result, network)`` where `told_of_network`; see `record` and `rows`.
    mark
        The key that only its JSON record has.
    again
        ``(project, record) -> result``: asks the same question of the model once more.
    told_of_network
        Whether its records are in words that need the network.
    """

    section: Callable[[Any, Project], Section]
    to_json: Callable[..., dict[str, Any]]
    to_rows: Callable[..., Rows]
    mark: str
    again: Callable[[Project, Mapping[str, Any]], Any]
    told_of_network: bool = False

    def record(self, result: Any, project: Project) -> dict[str, Any]:
        """Return a result as JSON data that is the same whenever the question is asked."""
        network = (project.network,) if self.told_of_network else ()
        return self.to_json(result, *network, timed=False)

    def rows(self, result: Any, project: Project) -> Rows:
        """Return a result as rows."""
        network = (project.network,) if self.told_of_network else ()
        return self.to_rows(result, *network)


def _confront(project: Project, record: Mapping[str, Any]) -> Confrontation:
    return confront(project, only=[e["id"] for e in record["experiments"]])


def _find_sensitivity(project: Project, record: Mapping[str, Any]) -> Sensitivity:
    return find_sensitivity(project, only=record["holding"])


def _find_dose_response(project: Project, record: Mapping[str, Any]) -> DoseResponse:
    curves = record["response"]["curves"]
    readouts = [c["readout"] for c in curves if c["readout"] in project.network]
    named = {c["readout"] for c in curves} - set(readouts)
    return find_dose_response(
        project.network,
        scenario_from_json(record),
        record["dose"],
        readouts=readouts,
        phenotypes=[p for p in project.phenotypes if p.name in named],
        knock_outs=[
            perturbation_from_json({**panel, "perturbation": panel["clamps"]})
            for panel in record["knock_outs"]
        ],
        then=space_from_json(record["then"]),
    )


def _find_pulse_response(project: Project, record: Mapping[str, Any]) -> PulseResponse:
    named = {curve["readout"] for curve in record["curves"] if not curve["top"]}
    return find_pulse_response(
        project.network,
        scenario_from_json(record),
        record["held"],
        record["level"],
        record["amounts"],
        until=record["until"],
        by=record["by"],
        every=record["every"],
        readouts=[curve["readout"] for curve in record["curves"] if curve["top"]],
        phenotypes=[p for p in project.phenotypes if p.name in named],
        rates=rates_from_json(record["rates"]),
        schedule=[change_from_json(change) for change in record["schedule"]],
        settle=record["settle"],
        trajectories=record["runs"],
        seed=record["seed"] or 0,
        method=record["method"],
    )


def _simulate(project: Project, record: Mapping[str, Any]) -> Courses:
    named = {share["name"] for share in record["phenotypes"]}
    options: dict[str, Any] = {"method": "exact"}
    if record["trajectories"]:
        options = {"trajectories": record["trajectories"], "seed": record["seed"]}
        if record["design_effect"] > 1:
            options["method"] = "bit-parallel"
        elif f"more than {MAX_STATES:,} states" not in record["why"]:  # else that is found again
            options["method"] = "gillespie"
    return simulate(
        project.network,
        scenario_from_json(record),
        rates=rates_from_json(record["rates"]),
        until=record["times"][-1],
        points=len(record["times"]) - 1,
        settle=record["settle"],
        schedule=[change_from_json(change) for change in record["schedule"]],
        phenotypes=[p for p in project.phenotypes if p.name in named],
        first=[project.network.parse(arrival["condition"]) for arrival in record["arrivals"]],
        readouts=[course["component"] for course in record["courses"]],
        **options,
    )


def _find_interventions(project: Project, record: Mapping[str, Any]) -> Interventions:
    target, choice = record["target"], record["choice"]
    return find_interventions(
        project.network,
        Phenotype(target["name"], project.network.parse(target["condition"]), target["kind"]),
        scenario_from_json(record),
        max_size=record["max_size"],
        allow=choice["allow"],
        forbid=choice["forbid"],
        cuts=choice["cuts"],
        costs=choice["costs"],
        phenotypes=[p for p in project.phenotypes if p.name in record["before"]],
        limit=choice["limit"],
    )


def _query(project: Project, record: Mapping[str, Any]) -> Answer:
    formula = parse_query(record["query"], project.network, project.phenotypes)
    return query(project.network, scenario_from_json(record), formula)


def _find_explanations(project: Project, record: Mapping[str, Any]) -> Explanations:
    told = record["explanations"]
    return find_explanations(
        project.network,
        scenario_from_json(record),
        record["component"],
        numbers=[one["attractor"] for one in told],
        phenotypes=project.phenotypes,
        size=max(one["size"] for one in told),
    )


def _find_commitment(project: Project, record: Mapping[str, Any]) -> Commitment:
    names = project.network.names
    path = [tuple(state[name] for name in names) for state in record["path"]]
    return find_commitment(
        project.network, scenario_from_json(record), path, phenotypes=project.phenotypes
    )


FURTHER: dict[str, Kind] = {
    "Confrontation": Kind(
        experiment_section, confrontation_to_json, confrontation_to_rows, "experiments", _confront
    ),
    "Sensitivity": Kind(
        sensitivity_section,
        sensitivity_to_json,
        sensitivity_to_rows,
        "mutations",
        _find_sensitivity,
    ),
    "DoseResponse": Kind(
        dose_section, dose_response_to_json, dose_response_to_rows, "dose", _find_dose_response
    ),
    "PulseResponse": Kind(
        pulse_section, pulse_response_to_json, pulse_response_to_rows, "held", _find_pulse_response
    ),
    "Courses": Kind(courses_section, courses_to_json, courses_to_rows, "trajectories", _simulate),
    "Interventions": Kind(
        intervention_section,
        interventions_to_json,
        interventions_to_rows,
        "proved",
        _find_interventions,
    ),
    "Answer": Kind(query_section, answer_to_json, answer_to_rows, "query", _query),
    "Explanations": Kind(
        explanation_section,
        explanations_to_json,
        explanations_to_rows,
        "explanations",
        _find_explanations,
        told_of_network=True,
    ),
    "Commitment": Kind(
        commitment_section, commitment_to_json, commitment_to_rows, "turns", _find_commitment
    ),
}
"""Name of the result's type -> how it is shown."""
