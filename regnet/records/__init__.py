"""Records: results as plain data, for JSON and for tables.

It alone defines the exported form of results, for the command line and reports, described by
`templates/results.schema.json`. The form is stable: keys may be added, but none changes its
meaning. Each question has a module (`regnet.questions`); `data` has the shared parts, and `codec`
converts answers and questions to JSON and back.
"""

from pathlib import Path

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
    with_caveats,
)

__all__ = [
    "LARGEST_NUMBER", "SCHEMA", "Cell", "Rows", "describe_scenario", "describe_witness",
    "perturbation_from_json", "scenario_from_json", "to_csv", "to_json", "with_caveats",
]  # fmt: skip

SCHEMA = Path(__file__).parents[1] / "templates" / "results.schema.json"
"""The JSON Schema of everything that the ``.._to_json`` functions return."""
