"""Screens as records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from regnet.analysis import Origin
from regnet.analysis.screen import Screen, ScreenRow
from regnet.records.data import (
    Cell,
    Rows,
    count_to_json,
    counted,
    cuts_to_json,
    head,
    level_cell,
    levels_to_json,
    scenario_to_json,
)

if TYPE_CHECKING:
    from regnet.analysis.screen.findings import Findings
    from regnet.analysis.screen.synergy import Synergy


def screen_to_json(screen: Screen, *, timed: bool = True) -> dict[str, Any]:
    """Return a screen as JSON data; `timed` as in `attractors_to_json`."""
    return {
        **head(screen.origin, screen.complete, screen.missing, timed=timed),
        "contexts": [{"name": c.name, **scenario_to_json(c)} for c in screen.contexts],
        "phenotypes": [p.name for p in screen.phenotypes],
        "readouts": list(screen.readouts),
        "rows": [screen_row_to_json(row) for row in screen.rows],
    }


def screen_row_to_json(row: ScreenRow) -> dict[str, Any]:
    """Return one row of a screen as JSON data."""
    data: dict[str, Any] = {
        "perturbation": levels_to_json(row.perturbation.clamps),
        "context": row.context,
        "attractors": count_to_json(row.attractors),
        "phenotypes": {name: count_to_json(count) for name, count in row.phenotypes.items()},
        "readouts": levels_to_json(row.readouts),
        "changed": row.changed,
        "status": row.status,
    }
    if row.perturbation.cuts:
        data["cuts"] = cuts_to_json(row.perturbation.cuts)
    if row.perturbation.name:
        data["name"] = row.perturbation.name
    return data


def screen_to_rows(screen: Screen) -> Rows:
    """Return a heading and a row for each perturbation in each context."""
    phenotypes = [p.name for p in screen.phenotypes]
    heading: list[Cell] = ["perturbation", "context", "attractors", *phenotypes]
    rows: Rows = [[*heading, *screen.readouts, "changed", "status"]]
    for row in screen.rows:
        counts = [row.phenotypes.get(name, 0 if row.is_answered else None) for name in phenotypes]
        levels = [level_cell(row.readouts.get(name)) for name in screen.readouts]
        changed = {True: "yes", False: "no", None: "unknown"}[row.changed]
        if not row.perturbation:
            changed = "reference"
        rows.append([row.perturbation.label, row.context, row.attractors, *counts, *levels,
                     changed, row.status])  # fmt: skip
    return rows


def findings_to_json(findings: Findings, origin: Origin, missing: str) -> dict[str, Any]:
    """Return what stands out in a screen as JSON data."""
    if findings.unsure and not missing:
        missing = f"{findings.unsure:,} of {findings.rows:,} rows are not exact"
    return {
        **head(origin, not missing, missing, timed=True),
        "screened": {
            "rows": findings.rows,
            "changed": findings.changed,
            "unsure": findings.unsure,
            "failed": findings.failed,
        },
        "essential": [
            {
                "phenotype": name,
                "component": essential.component,
                "context": essential.context,
                "levels": list(essential.levels),
            }
            for name, own in findings.essential.items()
            for essential in own
        ],
        "synergies": {
            "count": findings.synergy_count,
            "listed": [_synergy_to_json(s) for s in findings.synergies],
        },
        "lethal": {
            name: {
                "count": findings.lethal_count[name],
                "listed": [_synergy_to_json(s) for s in own],
            }
            for name, own in findings.lethal.items()
        },
    }


def _synergy_to_json(synergy: Synergy) -> dict[str, Any]:
    return {
        "perturbation": levels_to_json(synergy.perturbation.clamps),
        "context": synergy.context,
        "gained": list(synergy.gained),
        "lost": list(synergy.lost),
        "readouts": levels_to_json(synergy.readouts or {}),
    }


def findings_to_rows(findings: Findings) -> Rows:
    """Return a heading and a row for each thing that stands out, its kind first."""
    rows: Rows = [["finding", "perturbation", "context", "phenotype", "gained", "lost", "readouts"]]
    for name, own in findings.essential.items():
        for essential in own:
            levels = " or ".join(f"{essential.component}={level}" for level in essential.levels)
            rows.append(["essential", levels, essential.context, name, "", name, ""])
    listed = [("lethal", name, s) for name, own in findings.lethal.items() for s in own]
    listed += [("synergy", "", s) for s in findings.synergies]
    for kind, name, s in listed:
        gained, lost = "; ".join(s.gained), "; ".join(s.lost)
        levels = " ".join(f"{n}={level_cell(r)}" for n, r in (s.readouts or {}).items())
        rows.append([kind, s.perturbation.label, s.context, name, gained, lost, levels])
    return rows


def screen_summary(screen: Screen) -> str:
    """Return how many rows of a screen differ from the wild type, in a few words."""
    rows = screen.rows
    changed = getattr(rows, "changed", None)  # rows in a folder have counted it
    if changed is None:
        changed = sum(row.changed is True for row in rows)
    text = f"{counted(len(rows), 'row')}, {changed:,} differ from the wild type"
    return f"{text}; {screen.missing}" if screen.missing else text
