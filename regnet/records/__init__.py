"""Records: results as plain data, for JSON and for tables.

This is the one place that decides how a result looks outside: the command line and the report both
use it, and `templates/results.schema.json` describes it. What is written here stays stable: keys
may be added, none changes its meaning. Each question has a module.
"""

from pathlib import Path

from regnet.records.commitment import commitment_to_json, commitment_to_rows
from regnet.records.control import interventions_to_json, interventions_to_rows
from regnet.records.courses import courses_to_json, courses_to_rows, rates_to_json
from regnet.records.data import (
    LARGEST_NUMBER,
    Cell,
    Rows,
    describe_scenario,
    describe_witness,
    perturbation_from_json,
    scenario_from_json,
    to_csv,
    to_json,
)
from regnet.records.dose import dose_response_to_json, dose_response_to_rows
from regnet.records.evidence import (
    confrontation_to_json,
    confrontation_to_junit,
    confrontation_to_rows,
    sensitivity_to_json,
    sensitivity_to_rows,
)
from regnet.records.explain import explanations_to_json, explanations_to_rows
from regnet.records.pulses import pulse_response_to_json, pulse_response_to_rows
from regnet.records.query import answer_to_json, answer_to_rows
from regnet.records.screen import (
    findings_to_json,
    findings_to_rows,
    screen_row_to_json,
    screen_to_json,
    screen_to_rows,
)
from regnet.records.spaces import (
    attractors_to_json,
    attractors_to_rows,
    spaces_to_json,
    spaces_to_rows,
)
from regnet.records.structure import edges_to_rows

__all__ = [
    "LARGEST_NUMBER",
    "SCHEMA",
    "Cell",
    "Rows",
    "answer_to_json",
    "answer_to_rows",
    "attractors_to_json",
    "attractors_to_rows",
    "commitment_to_json",
    "commitment_to_rows",
    "confrontation_to_json",
    "confrontation_to_junit",
    "confrontation_to_rows",
    "courses_to_json",
    "courses_to_rows",
    "describe_scenario",
    "describe_witness",
    "dose_response_to_json",
    "dose_response_to_rows",
    "edges_to_rows",
    "explanations_to_json",
    "explanations_to_rows",
    "findings_to_json",
    "findings_to_rows",
    "interventions_to_json",
    "interventions_to_rows",
    "perturbation_from_json",
    "pulse_response_to_json",
    "pulse_response_to_rows",
    "rates_to_json",
    "scenario_from_json",
    "screen_row_to_json",
    "screen_to_json",
    "screen_to_rows",
    "sensitivity_to_json",
    "sensitivity_to_rows",
    "spaces_to_json",
    "spaces_to_rows",
    "to_csv",
    "to_json",
]

SCHEMA = Path(__file__).parents[1] / "templates" / "results.schema.json"
"""The JSON Schema of everything that the ``.._to_json`` functions return."""
