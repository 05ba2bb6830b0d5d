"""Verdicts of experiments, and what they notice, as records."""

from __future__ import annotations

import re
from typing import Any

from regnet.analysis.confront import Confrontation, Finding, Verdict
from regnet.analysis.sensitivity import Sensitivity
from regnet.records.data import (
    Rows,
    counted,
    describe_witness,
    head,
    levels_to_json,
    path_to_json,
    summarised,
    told,
)


def confrontation_to_json(result: Confrontation, *, timed: bool = True) -> dict[str, Any]:
    """Return the verdicts on a model as JSON data; `timed` as in `attractors_to_json`."""
    return {
        **head(result.origin, result.complete, result.missing, timed=timed),
        "experiments": [_verdict(verdict, timed=timed) for verdict in result.verdicts],
    }


def sensitivity_to_json(result: Sensitivity, *, timed: bool = True) -> dict[str, Any]:
    """Return what experiments notice as JSON data; `timed` as in `attractors_to_json`."""
    return {
        **head(result.origin, result.complete, result.missing, timed=timed),
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
        "path": path_to_json(finding.path),
        "attractor": None if finding.attractor is None else levels_to_json(finding.attractor),
    }


def confrontation_to_rows(result: Confrontation) -> Rows:
    """Return a heading and a row for each expectation of each experiment."""
    rows: Rows = [["experiment", "expected", "holds", "argument", "shown by"]]
    for verdict in result.verdicts:
        for finding in verdict.findings:
            shown = describe_witness(finding.path, finding.attractor)
            rows.append([verdict.experiment.id, str(finding.expectation), told(finding.holds),
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


def confrontation_summary(result: Confrontation) -> str:
    """Return how many experiments hold, in a few words."""
    held = sum(verdict.holds is True for verdict in result.verdicts)
    text = f"{held} of {counted(len(result.verdicts), 'experiment')} hold"
    return summarised(result.origin, text, result.missing)


def sensitivity_summary(result: Sensitivity) -> str:
    """Return how many mutations the experiments notice, in a few words."""
    noticed = sum(bool(row.noticed) for row in result.rows)
    text = f"experiments notice {noticed} of {counted(len(result.rows), 'mutation')}"
    return summarised(result.origin, text, result.missing)
