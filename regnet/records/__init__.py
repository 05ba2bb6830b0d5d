"""Records: results as plain data, for JSON and for tables.

This is the one place that decides how a result looks outside: the command line and the report both
use it, and `templates/results.schema.json` describes it. What is written here stays stable: keys
may be added, none changes its meaning. Each question has a module (`regnet.questions`); `data` has
what they share, and `codec` turns answers and questions into JSON and back.
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
