"""Records: results as plain data, for JSON and for tables.

This is the one place that decides how a result looks outside: the command line and the report both
use it, and `templates/results.schema.json` describes it. What is written here stays stable: keys
may be added, none changes its meaning.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

from regnet.analysis import Origin
from regnet.analysis.attractors import Attractor, Attractors
from regnet.analysis.confront import Confrontation, Finding, Verdict
from regnet.analysis.reachability import Query, Reachability
from regnet.analysis.screen import Screen, ScreenRow
from regnet.analysis.sensitivity import Sensitivity
from regnet.analysis.structure import Structure
from regnet.analysis.trap_spaces import Spaces
from regnet.scenario import Cut, Perturbation, Scenario
from regnet.space import Range, Space

Cell: TypeAlias = str | int | float | None
Rows: TypeAlias = list[list[Cell]]

SCHEMA = Path(__file__).parent / "templates" / "results.schema.json"
"""The JSON Schema of everything that the ``.._to_json`` functions return."""

LARGEST_NUMBER = 2**53
"""Whole numbers above this are written as text: many programs would read them rounded."""


# --- JSON ------------------------------------------------------------------------------------


def attractors_to_json(found: Attractors, *, timed: bool = True) -> dict[str, Any]:
    """Return attractors as JSON data.

    Parameters
    ----------
    found
        The attractors.
    timed
        Whether to say how long it took; without, equal answers give equal data.
    """
    return {
        **_head(found.origin, found.complete, found.missing, timed=timed),
        "attractors": [_attractor(a) for a in found.attractors],
    }


def spaces_to_json(found: Spaces, *, timed: bool = True) -> dict[str, Any]:
    """Return fixed points or trap spaces as JSON data; `timed` as in `attractors_to_json`."""
    return {
        **_head(found.origin, found.complete, found.missing, timed=timed),
        "kind": found.kind,
        "spaces": [_levels(space) for space in found.spaces],
    }


def screen_to_json(screen: Screen, *, timed: bool = True) -> dict[str, Any]:
    """Return a screen as JSON data; `timed` as in `attractors_to_json`."""
    return {
        **_head(screen.origin, screen.complete, screen.missing, timed=timed),
        "contexts": [{"name": c.name, **_scenario(c)} for c in screen.contexts],
        "phenotypes": [p.name for p in screen.phenotypes],
        "readouts": list(screen.readouts),
        "rows": [screen_row_to_json(row) for row in screen.rows],
    }


def screen_row_to_json(row: ScreenRow) -> dict[str, Any]:
    """Return one row of a screen as JSON data."""
    data: dict[str, Any] = {
        "perturbation": _levels(row.perturbation.clamps),
        "context": row.context,
        "attractors": _count(row.attractors),
        "phenotypes": {name: _count(count) for name, count in row.phenotypes.items()},
        "readouts": _levels(row.readouts),
        "changed": row.changed,
        "status": row.status,
    }
    if row.perturbation.cuts:
        data["cuts"] = _cuts(row.perturbation.cuts)
    if row.perturbation.name:
        data["name"] = row.perturbation.name
    return data


def reachability_to_json(
    query: Query, found: Reachability, *, timed: bool = True
) -> dict[str, Any]:
    """Return the answer to a query as JSON data; `timed` as in `attractors_to_json`."""
    missing = "" if found.complete else found.argument
    return {
        **_head(found.origin, found.complete, missing, timed=timed),
        "query": str(query),
        "holds": query.holds(found),
        "argument": found.argument,
        "path": _path(found.path),
    }


def confrontation_to_json(result: Confrontation, *, timed: bool = True) -> dict[str, Any]:
    """Return the verdicts on a model as JSON data; `timed` as in `attractors_to_json`."""
    return {
        **_head(result.origin, result.complete, result.missing, timed=timed),
        "experiments": [_verdict(verdict, timed=timed) for verdict in result.verdicts],
    }


def sensitivity_to_json(result: Sensitivity, *, timed: bool = True) -> dict[str, Any]:
    """Return what experiments notice as JSON data; `timed` as in `attractors_to_json`."""
    return {
        **_head(result.origin, result.complete, result.missing, timed=timed),
        "holding": list(result.experiments),
        "mutations": [
            {
                "kind": row.mutation.kind,
                "component": row.mutation.component,
                "source": row.mutation.source,
                "change": row.mutation.change,
                "noticed": list(row.noticed),
                "undecided": list(row.undecided),
            }
            for row in result.rows
        ],
    }


def _verdict(verdict: Verdict, *, timed: bool) -> dict[str, Any]:
    return {
        "id": verdict.experiment.id,
        "title": verdict.experiment.title,
        "holds": verdict.holds,
        "seconds": round(verdict.seconds, 3) if timed else None,
        "expectations": [_finding(finding) for finding in verdict.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "expected": str(finding.expectation),
        "holds": finding.holds,
        "argument": finding.argument,
        "path": _path(finding.path),
        "attractor": None if finding.attractor is None else _levels(finding.attractor),
    }


def _path(path: Sequence[Space] | None) -> list[dict[str, Any]] | None:
    return None if path is None else [_levels(state) for state in path]


def _head(origin: Origin, complete: bool, missing: str, *, timed: bool) -> dict[str, Any]:
    scenario = origin.scenario
    return {
        "network": {
            "name": origin.network,
            "digest": origin.digest,
            "components": list(origin.components),
        },
        "scenario": scenario.name or str(scenario.perturbation),
        **_scenario(scenario),
        "engine": origin.engine,
        "version": origin.version,
        "regnet": origin.regnet,
        "seed": origin.seed,
        "guarantee": origin.guarantee,
        "complete": complete,
        "missing": missing,
        "seconds": round(origin.seconds, 3) if timed else None,
    }


def _scenario(scenario: Scenario) -> dict[str, Any]:
    return {
        "update": scenario.update,
        "clamps": _levels(scenario.perturbation.clamps),
        "cuts": _cuts(scenario.perturbation.cuts),
        "start": _levels(scenario.start),
    }


def scenario_from_json(data: Mapping[str, Any]) -> Scenario:
    """Return the scenario that a result, or one context of a screen, was computed in."""
    return Scenario(
        data.get("name", data.get("scenario", "")),
        Perturbation(_space(data["clamps"]), frozenset(map(_cut, data["cuts"]))),
        _space(data["start"]),
        data["update"],
    )


def perturbation_from_json(row: Mapping[str, Any]) -> Perturbation:
    """Return the perturbation of one row of a screen."""
    cuts = frozenset(map(_cut, row.get("cuts", ())))
    return Perturbation(_space(row["perturbation"]), cuts, row.get("name", ""))


def _space(levels: Mapping[str, Any]) -> Space:
    return Space({n: v if isinstance(v, int) else (v[0], v[1]) for n, v in levels.items()})


def _attractor(attractor: Attractor) -> dict[str, Any]:
    data: dict[str, Any] = {
        "kind": attractor.kind,
        "size": _count(attractor.size),
        "space": _levels(attractor.space),
        "seed": _levels(attractor.seed),
        "phenotypes": list(attractor.phenotypes),
    }
    if attractor.condition:
        data["condition"] = _levels(attractor.condition)
        data["valuations"] = _count(attractor.valuations)
        data["follows"] = list(attractor.follows)
    return data


def _levels(space: Mapping[str, Range]) -> dict[str, int | list[int]]:
    return {name: low if low == high else [low, high] for name, (low, high) in space.items()}


def _cuts(cuts: Iterable[Cut]) -> list[dict[str, str | int]]:
    return [{"source": c.source, "target": c.target, "level": c.level} for c in sorted(cuts)]


def _cut(data: Mapping[str, Any]) -> Cut:
    return Cut(data["source"], data["target"], data["level"])


def _count(number: int | None) -> int | str | None:
    return str(number) if number is not None and number > LARGEST_NUMBER else number


# --- tables ----------------------------------------------------------------------------------


def attractors_to_rows(found: Attractors) -> Rows:
    """Return a heading and a row for each attractor, with a column for each component.

    Ranges are written ``0..2``.
    """
    names = found.origin.components
    conditional = any(a.condition for a in found.attractors)
    extra: list[Cell] = ["input combinations", "condition"] if conditional else []
    rows: Rows = [["attractor", "kind", "states", *extra, "phenotypes", *names]]
    for number, a in enumerate(found.attractors, start=1):
        given: list[Cell] = [a.valuations, str(a.condition)] if conditional else []
        levels = [_level(a.space.get(name)) for name in names]
        rows.append([f"A{number}", a.kind, a.size, *given, "; ".join(a.phenotypes), *levels])
    return rows


def spaces_to_rows(found: Spaces) -> Rows:
    """Return a heading and a row for each space; free components are empty."""
    names = found.origin.components
    rows: Rows = [["space", *names]]
    for number, space in enumerate(found.spaces, start=1):
        rows.append([f"S{number}", *(_level(space.get(name)) for name in names)])
    return rows


def screen_to_rows(screen: Screen) -> Rows:
    """Return a heading and a row for each perturbation in each context."""
    phenotypes = [p.name for p in screen.phenotypes]
    heading: list[Cell] = ["perturbation", "context", "attractors", *phenotypes]
    rows: Rows = [[*heading, *screen.readouts, "changed", "status"]]
    for row in screen.rows:
        counts = [row.phenotypes.get(name, 0) if row.attractors is not None else None
                  for name in phenotypes]  # fmt: skip
        levels = [_level(row.readouts.get(name)) for name in screen.readouts]
        changed = {True: "yes", False: "no", None: "unknown"}[row.changed]
        if not row.perturbation:
            changed = "reference"
        rows.append([row.perturbation.label, row.context, row.attractors, *counts, *levels,
                     changed, row.status])  # fmt: skip
    return rows


def reachability_to_rows(query: Query, found: Reachability) -> Rows:
    """Return the answer to a query, and below it the states of the path, if there is one."""
    rows: Rows = [["query", "holds", "argument"], [str(query), _told(query.holds(found)),
                                                   found.argument]]  # fmt: skip
    if found.path:
        names = found.origin.components
        rows.append([])
        rows.append(["step", *names])
        for step, state in enumerate(found.path):
            rows.append([step, *(_level(state[name]) for name in names)])
    return rows


def confrontation_to_rows(result: Confrontation) -> Rows:
    """Return a heading and a row for each expectation of each experiment."""
    rows: Rows = [["experiment", "expected", "holds", "argument", "shown by"]]
    for verdict in result.verdicts:
        for finding in verdict.findings:
            shown = describe_witness(finding.path, finding.attractor)
            rows.append([verdict.experiment.id, str(finding.expectation), _told(finding.holds),
                         finding.argument, shown])  # fmt: skip
    return rows


def sensitivity_to_rows(result: Sensitivity) -> Rows:
    """Return a heading and a row for each mutation."""
    rows: Rows = [["kind", "component", "change", "noticed by", "undecided"]]
    for row in result.rows:
        mutation = row.mutation
        rows.append([mutation.kind, mutation.component, mutation.change, " ".join(row.noticed),
                     " ".join(row.undecided)])  # fmt: skip
    return rows


def _told(holds: bool | None) -> str:
    return {True: "yes", False: "no", None: "open"}[holds]


def describe_witness(path: Sequence[Space] | None, attractor: Space | None = None) -> str:
    """Return what happens on a path, step by step, or the levels above 0 of an attractor.

    >>> path = Space({"A": 0, "B": 1}), Space({"A": 1, "B": 1}), Space({"A": 1, "B": 0})
    >>> describe_witness(path)
    'A=1, B=0'
    """
    if path is not None:
        steps = [
            " ".join(f"{name}={low}" for name, (low, _) in after.items() if before[name][0] != low)
            for before, after in pairwise(path)
        ]
        return ", ".join(steps) or "the start"
    if attractor is None:
        return ""
    return str(Space({name: levels for name, levels in attractor.items() if levels != (0, 0)}))


def edges_to_rows(structure: Structure) -> Rows:
    """Return a heading and a row for each edge."""
    rows: Rows = [["source", "target", "sign", "at levels"]]
    for edge in structure.edges:
        sign = {"+": "activates", "-": "inhibits"}.get(edge.sign, "both")
        rows.append([edge.source, edge.target, sign, " ".join(map(str, edge.thresholds))])
    return rows


def describe_scenario(scenario: Scenario) -> str:
    """Return what a scenario does, in one line; many components that start at 0 are counted.

    >>> describe_scenario(Scenario("low", Perturbation(Space({"LIF": 1})), Space({"Mass": 0})))
    'LIF=1; from Mass=0; asynchronous'
    """
    parts = [str(scenario.perturbation)] if scenario.perturbation else []
    start = scenario.start
    zeros = [name for name, levels in start.items() if levels == (0, 0)]
    if not start:
        parts.append("from anywhere")
    elif len(zeros) > 3:
        others = start.without(*zeros)
        at_zero = f"{len(zeros)} components at 0"
        parts.append(f"from {others} and {at_zero}" if others else f"from {at_zero}")
    else:
        parts.append(f"from {start}")
    return "; ".join([*parts, scenario.update])


def _level(levels: Range | None) -> Cell:
    if levels is None:
        return ""
    low, high = levels
    return low if low == high else f"{low}..{high}"


def to_csv(rows: Sequence[Sequence[Cell]]) -> str:
    r"""Return rows as CSV text that spreadsheets show and do not run.

    Text that a spreadsheet would take for a formula gets an apostrophe in front.

    >>> to_csv([["name", "n"], ["=SUM(A1)", -1]])
    "name,n\n'=SUM(A1),-1\n"
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def _harmless(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\r\n", "\n").replace("\r", "\n")
    runs = text.lstrip().startswith(("=", "+", "-", "@")) or text.startswith(("\t", "\n"))
    return "'" + text if runs else text


# --- JUnit -----------------------------------------------------------------------------------


def confrontation_to_junit(result: Confrontation) -> str:
    """Return verdicts as JUnit XML, which continuous integration shows: a test per experiment.

    An experiment that could not be decided is an error, one that does not hold a failure.
    """
    from xml.etree import ElementTree

    failed = sum(verdict.holds is False for verdict in result.verdicts)
    undecided = sum(verdict.holds is None for verdict in result.verdicts)
    network = _xml_text(result.origin.network or "model")
    counts = {"tests": str(len(result.verdicts)), "failures": str(failed), "errors": str(undecided)}
    suites = ElementTree.Element("testsuites", counts)
    seconds = f"{result.origin.seconds:.3f}"
    suite = ElementTree.SubElement(
        suites, "testsuite", {"name": network, **counts, "skipped": "0", "time": seconds}
    )
    for verdict in result.verdicts:
        experiment = verdict.experiment
        name = _xml_text(f"{experiment.id} {experiment.title}".strip())
        about = {"classname": network, "name": name, "time": f"{verdict.seconds:.3f}"}
        case = ElementTree.SubElement(suite, "testcase", about)
        if verdict.holds is True:
            continue
        kind, decides = ("failure", False) if verdict.holds is False else ("error", None)
        lines = []
        for finding in verdict.findings:
            if finding.holds is decides:
                shown = describe_witness(finding.path, finding.attractor)
                lines.append(f"{finding.expectation}: {finding.argument}")
                lines += [f"  shown by: {shown}"] if shown else []
        fault = ElementTree.SubElement(case, kind, {"message": _xml_text(lines[0])})
        fault.text = _xml_text("\n".join(lines))
    ElementTree.indent(suites)
    text = ElementTree.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _xml_text(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "?", text)
